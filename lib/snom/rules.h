/* SPDX-License-Identifier: MIT */
/* The rules of the Snom wing: every finding of gs-snomcfg is one of these. */
#ifndef GSPROV_SNOM_RULES_H
#define GSPROV_SNOM_RULES_H

#include "base/diag.h"

/* Index into gs_snom_rules.rule; GS_S_X_Y is the rule "x-y". The word
 * before the first "-" is the link of the chain that the rule is about; a URL
 * is a matter of provisioning. */
enum gs_snom_rule {
#define GS_RULE(name, ...) GS_S_##name,
#include "snom/rule_list.h"
#undef GS_RULE
	GS_S_COUNT
};

extern const struct gs_rules gs_snom_rules;

/* Adds a finding about a line of a table; d may be NULL. */
void gs_snom_say(struct gs_diags *d, enum gs_snom_rule rule, uint64_t line,
    const char *fmt, ...) GS_PRINTF(4, 5);

/* The links, in the order of the chain. */
enum gs_snom_link {
	GS_LINK_PROVISIONING,
	GS_LINK_SIGNALLING,
	GS_LINK_MEDIA,
	GS_LINK_TRUST,
	GS_LINK_HYGIENE,
	GS_LINK_DATA, /* rows, not settings */
	GS_LINK_COUNT
};

/* "provisioning" and so on. */
const char *gs_snom_link_name(enum gs_snom_link link);
const char *gs_snom_link_name_of(const struct gs_rule *rule);
enum gs_snom_link gs_snom_link_of(const struct gs_rule *rule);

/* Reads names of links separated by commas, or "none", as bits by enum
 * gs_snom_link. Returns 0, or -1 for an unknown name: err says which there
 * are. */
int gs_snom_links_parse(const char *names, unsigned *links,
    struct gs_err *err) GS_MUST;

/* What --check requires by default. */
#define GS_SNOM_REQUIRED (1u << GS_LINK_SIGNALLING | 1u << GS_LINK_MEDIA)

#endif
