/* SPDX-License-Identifier: MIT */
/* Which findings the user does not want to see: by an option, by a comment in
 * a file of his own, or because a baseline knows them. Each is counted. */
#ifndef GSPROV_BASE_MUTE_H
#define GSPROV_BASE_MUTE_H

#include "diag.h"
#include "tally.h"

enum gs_muted {
	GS_MUTED_OPTION, /* --disable */
	GS_MUTED_COMMENT, /* "gsprov: disable=RULE" */
	GS_MUTED_BASELINE,
	GS_MUTED_COUNT,
};

/* "option", "comment" and "baseline", as in the output. */
extern const char *const gs_muted_names[GS_MUTED_COUNT];

/* Zeroed but for rules: everything is reported. Freed by gs_mute_free(). */
struct gs_mute {
	struct gs_rules rules; /* those that may be disabled */
	bool keep_errors; /* something is required: errors are reported */
	bool baseline; /* known is in use */
	bool learn; /* what is not known yet is added to known */
	struct gs_tally known; /* the findings of the baseline */
	char *file; /* the one that is checked */
	uint8_t *off; /* for each rule why it is off */
	uint64_t count[GS_MUTED_COUNT];
	bool no_memory;
};

/* Disables a rule, which is one of rules, for the run. */
void gs_mute_rule(struct gs_mute *m, const struct gs_rule *rule);

/* Another file is checked: what comments in the last one said is over. */
void gs_mute_file(struct gs_mute *m, const char *file);

/* Reads the text of a comment: when it is "gsprov: disable=RULE" (or several
 * rules, with commas), they are disabled in this file; with run for the whole
 * run. Rules of other commands are passed over. Returns whether it was such a
 * comment. m may be NULL. */
bool gs_mute_comment(struct gs_mute *m, struct gs_span text, bool run);

/* Whether a finding is not reported; it is then counted. m may be NULL. */
bool gs_mute_takes(struct gs_mute *m, const struct gs_rule *rule,
    enum gs_severity severity, const char *text);

/* How many findings were not reported. */
uint64_t gs_mute_total(const struct gs_mute *m);

void gs_mute_free(struct gs_mute *m);

#endif
