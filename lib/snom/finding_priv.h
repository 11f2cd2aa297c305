/* SPDX-License-Identifier: MIT */
/* The state of the check of one settings file, and its findings. */
#ifndef GSPROV_SNOM_FINDING_PRIV_H
#define GSPROV_SNOM_FINDING_PRIV_H

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

#endif
