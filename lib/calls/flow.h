/* SPDX-License-Identifier: MIT */
/* The ladder of a call, as text and as a picture: who sent what to whom, in
 * order. */
#ifndef GSPROV_CALLS_FLOW_H
#define GSPROV_CALLS_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Any further parties share the last place. Further steps of a leg are only
 * counted. */
enum { GS_FLOW_PARTIES = 5, GS_FLOW_STEPS = 400 };

/* How a step is drawn. */
enum gs_flow_look {
	GS_FLOW_USUAL,
	GS_FLOW_SECURE,
	GS_FLOW_PLAIN,
	GS_FLOW_WRONG,
};

/* Strings are safe to print. */
struct gs_calls_step {
	uint64_t order; /* across legs, for one ladder of all */
	char when[27]; /* as GS_TEXT_WHEN; empty: unknown */
	char from[48];
	char to[48]; /* empty: it is not a message, but an event at from */
	char label[96];
	char detail[160];
	enum gs_flow_look look;
};

/* Zero it before use. */
struct gs_calls_flow {
	struct gs_calls_step *step;
	size_t steps;
	size_t size;
	uint64_t more; /* steps dropped for lack of room */
};

/* Adds a step, and returns it until the next is added; NULL if there is no
 * room. */
struct gs_calls_step *gs_calls_flow_add(struct gs_calls_flow *f,
    const struct gs_calls_step *step);
void gs_calls_flow_sort(struct gs_calls_flow *f);
void gs_calls_flow_free(struct gs_calls_flow *f);

/* Draws it, 80 columns wide in ASCII, or as one self-contained SVG document.
 * Write errors remain in fp. */
void gs_calls_flow_text(const struct gs_calls_flow *f, FILE *fp);
void gs_calls_flow_svg(const struct gs_calls_flow *f, const char *title,
    FILE *fp);

/* An axis of time beside which a ladder stands, in tenths of a pixel. */
struct gs_calls_flow_axis {
	int names; /* where the names of the parties begin */
	int left; /* of the axis */
	int width;
	int edge; /* right of the axis, up to which text may reach */
	int top; /* of the first row */
	uint64_t first; /* the time at left, and how much follows; in the unit
			 * of order */
	uint64_t range;
};

/* The height of a row: two lines if the names of some parties are long. */
int gs_calls_flow_row(const struct gs_calls_flow *f,
    const struct gs_calls_flow_axis *a);

/* Draws each step as a row below the one before, at its time: who to whom, a
 * mark that points right if the sender appeared first, label and detail. Uses
 * the classes dim and end, and for marks mark, opened, plain and failed. */
void gs_calls_flow_rows(const struct gs_calls_flow *f,
    const struct gs_calls_flow_axis *a, FILE *fp);

#endif
