/* SPDX-License-Identifier: MIT */
/* A call with its legs, and how it is printed. */
#ifndef GSPROV_CALLS_CALL_H
#define GSPROV_CALLS_CALL_H

#include "base/list.h"
#include "calls/ledger.h"
#include "calls/sums.h"

struct gs_calls_leg;
struct gs_json;
struct gs_report;

struct gs_calls_call {
	struct gs_calls_leg *leg[GS_CALL_LEGS]; /* the caller's first */
	size_t legs;
	struct gs_link used; /* its place in the ledger's order of use */
};

/* The worst verdict of its legs; legs without media do not count. */
enum gs_calls_proven gs_calls_call_proven(const struct gs_calls_call *c);

/* The members that all JSON objects of a call have; NULL: unknown. Spans are
 * borrowed from the call. */
struct gs_calls_call_place {
	const char *when;
	const struct gs_calls_leg *call;
	const struct gs_calls_leg *leg;
	struct gs_span from;
	struct gs_span to;
	bool carried; /* the object prints its own transport */
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

/* Prints a leg as a line of text. */
void gs_calls_call_print_leg(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, size_t leg);

/* Prints a call as a JSON object, with the number of its findings. */
void gs_calls_call_print_json(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, const struct gs_calls_call_counts *n);

/* Appends to held what gs_calls_verdict_report() would print. The second
 * function prints it later, with the members that are known by then. */
void gs_calls_call_hold(struct gs_buf *held, struct gs_report *r,
    const char *file, const struct gs_calls_result *result,
    const struct gs_diags *d);
void gs_calls_call_print_held(struct gs_report *r, struct gs_span held,
    const struct gs_calls_call_place *at);

#endif
