/* SPDX-License-Identifier: MIT */
/* Which packets came: packet indexes as runs without a gap. */
#ifndef GSPROV_NET_RUNS_H
#define GSPROV_NET_RUNS_H

#include "../base/buf.h"

enum { GS_RUNS_MAX = 16384 }; /* runs; with more, only over is left */

struct gs_net_run {
	uint64_t first;
	uint64_t last;
};

/* A set of indexes below 2^63, sorted, runs neither overlap nor touch.
 * Zeroed, it is empty. Once over is set the set is empty and stays so: what
 * it held is not known (too many gaps, or no memory). */
struct gs_net_runs {
	struct gs_net_run *run;
	size_t n;
	size_t size;
	bool over;
};

void gs_net_runs_free(struct gs_net_runs *r);

/* Drops what it holds: it is over. */
void gs_net_runs_forget(struct gs_net_runs *r);

/* Adds first … last; first is not greater than last. */
void gs_net_runs_add(struct gs_net_runs *r, uint64_t first, uint64_t last);

/* Adds all of b, which may be over: then r is, too. */
void gs_net_runs_join(struct gs_net_runs *r, const struct gs_net_runs *b);

/* How many indexes it holds. */
uint64_t gs_net_runs_count(const struct gs_net_runs *r);

/* How many are missing between the least and the greatest. */
uint64_t gs_net_runs_missing(const struct gs_net_runs *r);

#endif
