/* SPDX-License-Identifier: MIT */
/* The two ways to fail: gs_err (the tool cannot do its job) and gs_diags
 * (findings about the user's document). */
#ifndef GSPROV_BASE_DIAG_H
#define GSPROV_BASE_DIAG_H

#include <stdarg.h>

#include "base/buf.h"

/* Why a call returned -1. Its size is fixed, so that nothing is allocated.
 * Bytes from outside are made visible when they are added. */
struct gs_err {
	int sys; /* errno, or 0 */
	char text[512];
};

/* Fills e (which may be NULL) and returns -1. gs_err_sys() appends the text
 * of the errno value sys. */
int gs_err_set(struct gs_err *e, const char *fmt, ...) GS_PRINTF(2, 3) GS_COLD;
int gs_err_sys(struct gs_err *e, int sys, const char *fmt, ...)
    GS_PRINTF(3, 4) GS_COLD;

/* Puts "name: " before the text of e (which may be NULL). Returns -1. */
int gs_err_at(struct gs_err *e, const char *name) GS_COLD;

enum gs_severity { GS_NOTE, GS_WARNING, GS_ERROR };

/* "note", "warning" or "error", as in output and options. */
const char *gs_severity_name(enum gs_severity s);

/* A rule. The wing that reports it declares it once. */
struct gs_rule {
	const char *id;
	enum gs_severity severity; /* its usual severity */
	const char *ref; /* RFC and section, source of a product, or "-" */
	const char *brief; /* one line: what is wrong */
	const char *why; /* why it matters, and which products fail on it */
	const char *fix; /* what to do */
};

/* A wing's rules; n entries. */
struct gs_rules {
	const struct gs_rule *rule;
	size_t n;
};

/* The rule with this id, or NULL. */
const struct gs_rule *gs_rules_find(struct gs_rules rules, const char *id);

/* A place: line and column count from 1; 0 means none. */
struct gs_pos {
	uint64_t line;
	uint32_t col;
};

/* One finding. text and source are safe to print. source is the line as
 * written, with secrets masked, or NULL; source_col is the finding's column in
 * it. */
struct gs_finding {
	const struct gs_rule *rule;
	enum gs_severity severity;
	struct gs_pos pos;
	char *text;
	char *source;
	uint32_t source_col;
};

/* How the caller changes severities. */
enum gs_policy {
	GS_POLICY_USUAL,
	GS_POLICY_HIDDEN, /* notes are not reported */
	GS_POLICY_RAISED, /* notes become warnings */
};

struct gs_mute;

/* Collects the findings about one file. Findings beyond max are counted and
 * dropped. The totals count all findings since gs_diags_init(), except those
 * that mute suppresses. */
struct gs_diags {
	struct gs_finding *list;
	size_t n;
	size_t size;
	size_t max;
	size_t dropped[3]; /* by enum gs_severity */
	uint64_t total[3]; /* by enum gs_severity */
	struct gs_rules rules;
	uint8_t *policy; /* an enum gs_policy for each rule; borrowed */
	struct gs_mute *mute; /* what is not reported, or NULL; borrowed */
	bool sources; /* keep source lines: they will be shown */
	bool no_memory;
};

/* rules is the wing's table. policy has rules.n bytes, or is NULL for the
 * usual severities; it remains the caller's and must outlive d. */
void gs_diags_init(struct gs_diags *d, struct gs_rules rules, uint8_t *policy,
    size_t max);
void gs_diags_free(struct gs_diags *d);

/* The number of findings that were dropped. */
size_t gs_diags_dropped(const struct gs_diags *d);

/* Removes the findings, after they were rendered; keeps the totals. */
void gs_diags_clear(struct gs_diags *d);

/* Appends the findings of from to to, as far as there is room. The totals of
 * both stay unchanged. */
void gs_diags_move(struct gs_diags *to, struct gs_diags *from);

/* Adds a finding with the rule's usual severity, if the policy and mute allow.
 * The text is made visible. Returns the finding, valid until the next call, or
 * NULL (d may also be NULL). */
struct gs_finding *gs_diag(struct gs_diags *d, const struct gs_rule *rule,
    struct gs_pos pos, const char *fmt, ...) GS_PRINTF(4, 5);

/* The same at another severity. */
struct gs_finding *gs_diag_as(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, ...)
    GS_PRINTF(5, 6);

struct gs_finding *gs_vdiag(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, va_list ap)
    GS_PRINTF(5, 0);

/* Attaches the source line to f (may be NULL). The caller must have masked
 * secrets. col is the finding's column in line, 0 for none. */
void gs_diag_source(struct gs_diags *d, struct gs_finding *f,
    struct gs_span line, uint32_t col);

/* Sorts by line and column. Findings of one place keep their order. */
void gs_diags_sort(struct gs_diags *d);

#endif
