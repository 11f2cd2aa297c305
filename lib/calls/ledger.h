/* SPDX-License-Identifier: MIT */
/* The calls of one file: which legs are one call, what was found of each, and
 * which of them are reported. */
#ifndef GSPROV_CALLS_LEDGER_H
#define GSPROV_CALLS_LEDGER_H

#include "../base/diag.h"
#include "filter.h"

struct gs_calls_result;
struct gs_calls_sums;
struct gs_report;

enum gs_calls_draw { GS_DRAW_NOTHING, GS_DRAW_TEXT, GS_DRAW_SVG };

/* What is wanted of the calls. */
struct gs_calls_view {
	struct gs_report *report;
	struct gs_diags *d; /* findings come there; those of what the filter
			     * puts outside are taken off its totals */
	const char *file;
	bool found; /* the file was found in a folder */
	unsigned require; /* set of enum gs_sdp_require */
	bool blocks; /* text: a line for each SDP, not for each leg */
	bool at_once; /* nothing waits for the end of its call; set, too, where
		       * nothing needs that */
	bool quiet; /* findings only */
	bool all; /* text: good calls, too, and notes */
	bool silent; /* nothing is printed: the sums are what is wanted */
	enum gs_calls_draw flow; /* the ladder of one call is printed instead */
	char *drawing; /* it, until the end; freed by gs_calls_view_end() */
	size_t drawing_n;
	uint64_t drawn; /* calls that could have been drawn */
	bool status; /* as the one line of a monitoring plugin */
	enum gs_severity least; /* text: what makes a call worth a look */
	struct gs_calls_filter filter;
	struct gs_calls_sums *sums;
	uint64_t matches; /* calls and registrations that the filter took */
};

/* So many legs wait for the end of the file: the call that was quiet for the
 * longest is reported first. */
enum { GS_LEDGER_LEGS = 512, GS_CALL_LEGS = 12 };

struct gs_calls_ledger;

/* NULL without memory; v stays the caller's. */
struct gs_calls_ledger *gs_calls_ledger_new(struct gs_calls_view *v) GS_MUST;

/* Takes a result, and the findings at hand in v->d; ledger is a
 * struct gs_calls_ledger, as gs_calls_dialogs_new() calls it. */
void gs_calls_ledger_take(void *ledger, const struct gs_calls_result *r);

/* The file has ended: reports what is left, in order. Returns 0, or -1 when
 * memory ran out on the way. */
int gs_calls_ledger_end(struct gs_calls_ledger *g) GS_MUST;

/* All files were read: prints the sums. Returns NULL, or why that is no answer:
 * the filter took nothing, or more than the one call that is drawn. */
const char *gs_calls_view_end(struct gs_calls_view *v);

void gs_calls_ledger_free(struct gs_calls_ledger *g);

#endif
