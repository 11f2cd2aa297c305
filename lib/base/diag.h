/* SPDX-License-Identifier: MIT */
/* The two ways to fail: gs_err (the tool cannot do its job) and gs_diags
 * (findings about the user's document). */
#ifndef GSPROV_BASE_DIAG_H
#define GSPROV_BASE_DIAG_H

#include <stdarg.h>

#include "buf.h"

/* Why a call returned -1. Fixed size: nothing is allocated on the way out.
 * Bytes from outside are made visible when they enter. */
struct gs_err {
	int sys; /* errno, or 0 */
	char text[512];
};

/* Fills e (which may be NULL) and returns -1. gs_err_sys() appends the text
 * of the errno value sys. */
int gs_err_set(struct gs_err *e, const char *fmt, ...) GS_PRINTF(2, 3);
int gs_err_sys(struct gs_err *e, int sys, const char *fmt, ...) GS_PRINTF(3, 4);

/* Puts "name: " in front of what e (which may be NULL) says, and returns
 * -1. */
int gs_err_at(struct gs_err *e, const char *name);

enum gs_severity { GS_NOTE, GS_WARNING, GS_ERROR };

/* "note", "warning" or "error", as in the output and in the options. */
const char *gs_severity_name(enum gs_severity s);

/* A rule, declared once by the wing that raises it. */
struct gs_rule {
	const char *id;
	enum gs_severity severity; /* what it usually is */
	const char *ref; /* RFC and section, or the product's source; or "-" */
	const char *brief; /* one line: what is wrong */
	const char *why; /* why it matters, and which products trip on it */
	const char *fix; /* what to do */
};

/* A wing's rules; n entries. */
struct gs_rules {
	const struct gs_rule *rule;
	size_t n;
};

/* The rule with this id, or NULL. */
const struct gs_rule *gs_rules_find(struct gs_rules rules, const char *id);

/* Where something stands: line and column count from 1, 0 is "no line" or
 * "no column". */
struct gs_pos {
	uint64_t line;
	uint32_t col;
};

/* One finding. text and source are already safe to print; source, the line
 * as the author wrote it with secrets masked, may be NULL, and source_col
 * is the finding's column in it. */
struct gs_finding {
	const struct gs_rule *rule;
	enum gs_severity severity;
	struct gs_pos pos;
	char *text;
	char *source;
	uint32_t source_col;
};

/* What the caller wants changed about severities. */
enum gs_policy {
	GS_POLICY_USUAL,
	GS_POLICY_HIDDEN, /* notes are not reported */
	GS_POLICY_RAISED, /* notes become warnings */
};

struct gs_mute;

/* The sink for findings about one file. Findings beyond max are counted
 * and dropped; totals count all since gs_diags_init(), but for those that
 * mute takes. */
struct gs_diags {
	struct gs_finding *list;
	size_t n;
	size_t size;
	size_t max;
	size_t dropped[3]; /* by enum gs_severity */
	uint64_t total[3]; /* by enum gs_severity */
	struct gs_rules rules;
	uint8_t *policy; /* one enum gs_policy for each of rules; borrowed */
	struct gs_mute *mute; /* what is not reported, or NULL; borrowed */
	bool sources; /* the caller will show source lines: keep them */
	bool no_memory;
};

/* rules is the wing's table; policy (rules.n bytes, may be NULL for "as
 * usual") stays the caller's and must outlive d. */
void gs_diags_init(struct gs_diags *d, struct gs_rules rules, uint8_t *policy,
    size_t max);
void gs_diags_free(struct gs_diags *d);

/* How many findings were dropped. */
size_t gs_diags_dropped(const struct gs_diags *d);

/* Forgets the findings (after they were rendered), keeps the totals. */
void gs_diags_clear(struct gs_diags *d);

/* Takes from's findings to the end of to, as far as there is room; the totals
 * of both stay as they are. */
void gs_diags_move(struct gs_diags *to, struct gs_diags *from);

/* Adds a finding at the rule's usual severity, as the policy for the rule and
 * mute allow. The text is made visible on entry. Returns the finding, valid
 * until the next call, or NULL (d may be NULL, too). */
struct gs_finding *gs_diag(struct gs_diags *d, const struct gs_rule *rule,
    struct gs_pos pos, const char *fmt, ...) GS_PRINTF(4, 5);

/* The same at another severity. */
struct gs_finding *gs_diag_as(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, ...)
    GS_PRINTF(5, 6);

struct gs_finding *gs_vdiag(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, va_list ap)
    GS_PRINTF(5, 0);

/* Attaches the source line to f (may be NULL): secrets must be masked by
 * the caller. col is the finding's column in line, 0 for none. */
void gs_diag_source(struct gs_diags *d, struct gs_finding *f,
    struct gs_span line, uint32_t col);

/* Sorts by line and column; equal places keep their order. */
void gs_diags_sort(struct gs_diags *d);

#endif
