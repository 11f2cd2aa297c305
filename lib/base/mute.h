/* SPDX-License-Identifier: MIT */
/* The findings that are not reported: disabled by an option or by a comment in
 * the user's own file, or known from a baseline. All are counted. */
#ifndef GSPROV_BASE_MUTE_H
#define GSPROV_BASE_MUTE_H

#include "base/diag.h"
#include "base/tally.h"

enum gs_muted {
	GS_MUTED_OPTION, /* --disable */
	GS_MUTED_COMMENT, /* "gsprov: disable=RULE" */
	GS_MUTED_BASELINE,
	GS_MUTED_COUNT,
};

/* "option", "comment" and "baseline", as in the output. */
extern const char *const gs_muted_names[GS_MUTED_COUNT];

/* Zeroed except for rules, it suppresses nothing. Freed by gs_mute_free(). */
struct gs_mute {
	struct gs_rules rules; /* the rules that may be disabled */
	bool keep_errors; /* errors are always reported */
	bool baseline; /* known is in use */
	bool learn; /* unknown findings are added to known */
	struct gs_tally known; /* the findings of the baseline */
	char *file; /* the file that is checked */
	uint8_t *off; /* why each rule is disabled */
	uint64_t count[GS_MUTED_COUNT];
	bool no_memory;
};

/* Disables a rule, one of m->rules, for the run. */
void gs_mute_rule(struct gs_mute *m, const struct gs_rule *rule);

/* Begins another file: comments in the last one are no longer valid. */
void gs_mute_file(struct gs_mute *m, const char *file);

/* Reads the text of a comment. If it is "gsprov: disable=RULE" (or several
 * rules, separated by commas), they are disabled in this file, or, with run,
 * for the whole run. Rules of other commands are skipped. Returns whether it
 * was such a comment. m may be NULL. */
bool gs_mute_comment(struct gs_mute *m, struct gs_span text, bool run);

/* Whether a finding is suppressed; it is then counted. m may be NULL. */
bool gs_mute_takes(struct gs_mute *m, const struct gs_rule *rule,
    enum gs_severity severity, const char *text);

/* The number of suppressed findings. */
uint64_t gs_mute_total(const struct gs_mute *m);

void gs_mute_free(struct gs_mute *m);

#endif
