/* SPDX-License-Identifier: MIT */
/* What the files of the check share. */
#ifndef GSPROV_SNOM_CHECK_PRIV_H
#define GSPROV_SNOM_CHECK_PRIV_H

#include "snom/chain.h"
#include "snom/check.h"
#include "snom/rules.h"

struct check {
	struct gs_doc *doc;
	struct gs_diags *d;
	struct gs_chain *chain;
	bool partial;
	bool stated; /* profile encrypt: not verifying is meant */
};

/* Adds a finding at an offset of the file. */
void gs_check_as(struct check *c, enum gs_snom_rule rule,
    enum gs_severity severity, size_t offset, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* The same at the rule's usual severity. */
#define gs_check_at(c, r, ...)                                                 \
	gs_check_as(c, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* The same at a setting's start tag; at the file when s is NULL. */
#define GS_CHECK_AS(c, rule, severity, s, ...)                                 \
	gs_check_as(c, rule, severity,                                         \
	    (s) == NULL ? SIZE_MAX : gs_doc_node((c)->doc, s)->tag,            \
	    __VA_ARGS__)
#define GS_CHECK(c, r, ...)                                                    \
	GS_CHECK_AS(c, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* A finding of rule when perm lets the user change s, by which he switches
 * off what is named: of an identity or a server (owner) idx, or of the phone
 * (owner is NULL). */
void gs_check_lock(struct check *c, enum gs_snom_rule rule,
    const struct gs_setting *s, const char *owner, uint32_t idx,
    const char *what);

/* The links, one function each. */
void gs_check_urls(struct check *c);
void gs_check_provisioning(struct check *c);
void gs_check_identities(struct check *c);
void gs_check_dect(struct check *c);
void gs_check_trust(struct check *c);
/* The certificates alone, of a file without phone settings. */
void gs_check_rollout(struct check *c);
void gs_check_hygiene(struct check *c);

/* One identity's SRTP. */
void gs_check_media(struct check *c, const struct gs_identity *id);

#endif
