/* SPDX-License-Identifier: MIT */
/* A call, that is its legs, and how it is printed. */
#ifndef GSPROV_CALLS_CALL_H
#define GSPROV_CALLS_CALL_H

#include "ledger.h"
#include "sums.h"

struct gs_calls_leg;
struct gs_json;
struct gs_report;

struct gs_calls_call {
	struct gs_calls_leg *leg[GS_CALL_LEGS]; /* the caller's first */
	size_t legs;
	uint64_t used; /* the clock then */
};

/* The worst of its legs: one that had no media is none. */
enum gs_calls_proven gs_calls_call_proven(const struct gs_calls_call *c);

/* What JSON says of everything that belongs to a call; NULL: not known. Spans
 * are borrowed from the call. */
struct gs_calls_call_place {
	const char *when;
	const struct gs_calls_leg *call;
	const struct gs_calls_leg *leg;
	struct gs_span from;
	struct gs_span to;
	bool carried; /* what is printed says its transport itself */
};
struct gs_calls_call_place gs_calls_call_place(const struct gs_calls_call *c,
    size_t leg);

/* Adds time, call, leg, from, to and transport; at is a
 * struct gs_calls_call_place. */
void gs_calls_call_members(struct gs_json *j, const void *at);

struct gs_calls_call_counts {
	uint64_t n[GS_ERROR + 1];
};
struct gs_calls_call_counts gs_calls_call_count(const struct gs_calls_call *c);

/* One line of text for a leg. */
void gs_calls_call_print_leg(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, size_t leg);

/* The object of JSON for a call of which so much was found. */
void gs_calls_call_print_json(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, const struct gs_calls_call_counts *n);

/* Appends to held what gs_calls_verdict_report() prints, and prints it later,
 * with the members that are known then. */
void gs_calls_call_hold(struct gs_buf *held, struct gs_report *r,
    const char *file, const struct gs_calls_result *result,
    const struct gs_diags *d);
void gs_calls_call_print_held(struct gs_report *r, struct gs_span held,
    const struct gs_calls_call_place *at);

#endif
