/* SPDX-License-Identifier: MIT */
/* Findings and errors as the public interface hands them out. */
#ifndef GSPROV_API_FINDINGS_PRIV_H
#define GSPROV_API_FINDINGS_PRIV_H

#include "base/diag.h"
#include "api/gsprov.h"

enum { GSPROV_FINDINGS = 10000 }; /* kept */

struct gsprov_findings {
	struct gs_diags d;
	uint8_t *policy; /* one byte for each rule; NULL: as usual */
};

/* For the rules of a wing; with_policy: f->policy has room for each. NULL if
 * out of memory. */
struct gsprov_findings *gsprov_findings_new(struct gs_rules rules,
    bool with_policy) GS_MUST;

/* Ends a call whose result is r. If r is 0, f goes to *out, sorted by place;
 * otherwise f is freed and err gets the text of e. Returns r, or -1 if memory
 * ran out (f may be NULL then). */
int gsprov_findings_give(struct gsprov_findings *f, int r,
    const struct gs_err *e, struct gsprov_findings **out, char *err) GS_MUST;

/* Copies e into the caller's err (may be NULL). Returns -1. */
int gsprov_fail(char *err, const struct gs_err *e);

/* The same with a text of our own. */
int gsprov_fail_with(char *err, const char *text);

#endif
