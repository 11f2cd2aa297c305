/* SPDX-License-Identifier: MIT */
/* The check of one settings file, which goes along the links of the chain:
 * provisioning, signalling and media, trust; and the file's hygiene. */
#ifndef GSPROV_SNOM_CHECK_PRIV_H
#define GSPROV_SNOM_CHECK_PRIV_H

#include "snom/check.h"
#include "snom/doc.h"
#include "snom/identity.h"

struct gs_snom_def;

struct snom_check {
	struct gs_snom_doc *doc;
	struct gs_diags *d;
	struct gs_snom_chain *chain;
	bool partial;
	const struct gs_snom_check_options *how;
	unsigned firmware; /* the lowest that the file names (GS_FIRMWARE),
			    * 0: none */
	/* Nothing says that the phone keeps the firmware it has. */
	bool updates;
};

/* ---- finding.c */

/* Adds a finding at an offset of the file; SIZE_MAX: about all of it. */
void gs_snom_check_as(struct snom_check *c, enum gs_snom_rule rule,
    enum gs_severity severity, size_t offset, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* The same with the rule's usual severity. */
#define CHECK_AT(c, r, ...)                                                    \
	gs_snom_check_as(c, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* The same at a setting, which may be NULL. */
#define CHECK(c, r, s, ...) CHECK_AT(c, r, gs_snom_check_tag(c, s), __VA_ARGS__)

/* The same about an identity, or a base's server, which the text begins
 * with. */
void gs_snom_check_id(struct snom_check *c, const struct gs_snom_identity *id,
    enum gs_snom_rule rule, enum gs_severity severity,
    const struct gs_snom_setting *s, const char *fmt, ...) GS_PRINTF(6, 7);

#define CHECK_ID(c, id, r, ...)                                                \
	gs_snom_check_id(c, id, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* Where a setting's start tag is; s may be NULL. */
size_t gs_snom_check_tag(const struct snom_check *c,
    const struct gs_snom_setting *s);

/* A setting of the phone, or NULL. */
const struct gs_snom_setting *gs_snom_check_get(const struct snom_check *c,
    const char *name);

/* "on", "off", or "not set" with the phone's default. */
const char *gs_snom_check_state(enum gs_snom_word w, const char *name,
    char text[32]);

/* Adds a finding if perm lets the user change s, and so switch off what is
 * named; id is NULL for a setting of the phone. */
void gs_snom_check_lock(struct snom_check *c, enum gs_snom_rule rule,
    const struct gs_snom_setting *s, const struct gs_snom_identity *id,
    const char *what);

/* Whether the phone's default is the one in the table. */
bool gs_snom_check_absent(const struct snom_check *c,
    const struct gs_snom_def *d);

/* Whether the firmware named in the file lacks a setting. */
bool gs_snom_check_new(const struct snom_check *c, const struct gs_snom_def *d);

/* Adds findings about insecure values by the table of settings, for the rules
 * of one link. */
void gs_snom_check_insecure(struct snom_check *c, enum gs_snom_link link);

/* ---- provisioning.c */

/* Every URL of the file, and who may redirect. */
void gs_snom_check_urls(struct snom_check *c);

/* Whether a host is the site's or the phone's own, or the site is not known. */
bool gs_snom_check_own_host(const struct snom_check *c, struct gs_span host);

void gs_snom_check_provisioning(struct snom_check *c);

/* ---- media.c */

/* SRTP, its profile and its tag. */
void gs_snom_check_media(struct snom_check *c,
    const struct gs_snom_identity *id);

/* ---- signalling.c */

/* Signalling and media of each identity. */
void gs_snom_check_identities(struct snom_check *c);

/* Adds a finding if nothing says what becomes of the identities; vague is a
 * media setting of one that may be active, or NULL. */
void gs_snom_check_stated(struct snom_check *c,
    const struct gs_snom_setting *vague);

/* ---- dect.c */

/* Signalling and media of a DECT base. */
void gs_snom_check_dect(struct snom_check *c);

/* ---- trust.c */

void gs_snom_check_trust(struct snom_check *c);

/* Only the certificates, of a file without phone settings. */
void gs_snom_check_rollout(struct snom_check *c);

/* ---- hygiene.c */

void gs_snom_check_hygiene(struct snom_check *c);

#endif
