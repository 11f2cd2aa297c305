/* SPDX-License-Identifier: MIT */
/* The calls of one file: which legs belong to one call, what was found about
 * each, and which are reported. */
#ifndef GSPROV_CALLS_LEDGER_H
#define GSPROV_CALLS_LEDGER_H

#include "base/diag.h"
#include "sdp/rules.h"
#include "calls/filter.h"

struct gs_calls_result;
struct gs_calls_sums;
struct gs_report;

enum gs_calls_draw { GS_DRAW_NOTHING, GS_DRAW_TEXT, GS_DRAW_SVG };

enum { GS_VIEW_ALIKE = 3 };

/* What the caller wants to know about the calls. */
struct gs_calls_view {
	struct gs_report *report;
	struct gs_diags *d; /* gets the findings; those of calls that the filter
			     * excludes are subtracted from its totals */
	const char *file;
	bool found; /* the file was found in a folder */
	unsigned require; /* set of enum gs_sdp_require */
	bool blocks; /* text: a line for each SDP, not for each leg */
	bool at_once; /* report at once, without waiting for the end of a call;
		       * also set where nothing has to wait */
	bool quiet; /* print only findings */
	bool all; /* text: also good calls and notes */
	bool few; /* text: of good calls with the same warnings, the first
		   * GS_VIEW_ALIKE */
	bool silent; /* print only the sums */
	enum gs_calls_draw flow; /* print the ladder of one call instead */
	char *drawing; /* the drawing, until the end; freed by
			* gs_calls_view_end() */
	size_t drawing_n;
	uint64_t drawn; /* calls that could have been drawn */
	bool status; /* print the one line of a monitoring plugin */
	enum gs_severity least; /* text: what makes a call worth a look */
	struct gs_calls_filter filter;
	struct gs_calls_sums *sums;
	uint64_t alike; /* calls that were left out because of few */
	unsigned char shown[GS_R_COUNT]; /* good calls with this warning */
	uint64_t matches; /* calls and registrations that the filter took */
};

/* At most this many legs wait for the end of the file; then the call that was
 * idle longest is reported. */
enum { GS_LEDGER_LEGS = 512, GS_CALL_LEGS = 12 };

struct gs_calls_ledger;

/* v stays the caller's. Returns NULL if out of memory. */
struct gs_calls_ledger *gs_calls_ledger_new(struct gs_calls_view *v) GS_MUST;

/* Takes a result, whose findings are in v->d. ledger is a struct
 * gs_calls_ledger: the function is a callback for gs_calls_dialogs_new(). */
void gs_calls_ledger_take(void *ledger, const struct gs_calls_result *r);

/* Ends the file, and reports the remaining calls in order. Returns 0, or -1 if
 * memory ran out at any time. */
int gs_calls_ledger_end(struct gs_calls_ledger *g) GS_MUST;

/* Ends the run, and prints the sums. Returns NULL, or the reason why there is
 * nothing to show: the filter selects no call, or more than one could be
 * drawn. */
const char *gs_calls_view_end(struct gs_calls_view *v);

void gs_calls_ledger_free(struct gs_calls_ledger *g);

#endif
