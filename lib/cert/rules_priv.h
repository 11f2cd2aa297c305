/* SPDX-License-Identifier: MIT */
/* How this wing reports a finding. */
#ifndef GSPROV_CERT_RULES_PRIV_H
#define GSPROV_CERT_RULES_PRIV_H

#include "base/diag.h"
#include "cert/rules.h"

/* Adds a finding of rule r, with the rule's "what to do" behind the text.
 * Returns it as gs_diag() does. */
struct gs_finding *gs_cert_finding_as(struct gs_diags *d, enum gs_cert_rule r,
    enum gs_severity severity, const char *fmt, ...) GS_PRINTF(4, 5);

/* Whether command can be printed as it is: it has no control characters. */
bool gs_cert_is_visible(const char *command);

/* Appends "Run: COMMAND" to f (may be NULL). A command that cannot be shown
 * unchanged is left out. */
void gs_cert_finding_run(struct gs_finding *f, const char *command);

/* Appends a blank and word, quoted for sh(1). */
void gs_cert_put_word(struct gs_buf *b, const char *word);

/* The same at the rule's usual severity. */
#define gs_cert_finding(d, r, ...)                                             \
	gs_cert_finding_as((d), (r), gs_cert_rules.rule[r].severity,           \
	    __VA_ARGS__)

/* FIND(d, X_Y, "…", …): a finding of the rule "x-y". */
#define FIND(d, rule, ...) gs_cert_finding((d), GS_CERT_R_##rule, __VA_ARGS__)

#endif
