/* SPDX-License-Identifier: MIT */
/* Packets that were received: their indexes, as runs without a gap. */
#ifndef GSPROV_NET_RUNS_H
#define GSPROV_NET_RUNS_H

#include "base/buf.h"

enum { GS_RUNS_MAX = 16384 }; /* most runs; with more, only over remains */

struct gs_net_run {
	uint64_t first;
	uint64_t last;
};

/* A set of indexes below 2^63, sorted; runs neither overlap nor touch. A
 * zeroed set is empty. Once over is true, the set is empty and stays empty:
 * its contents are unknown (too many gaps, or out of memory). */
struct gs_net_runs {
	struct gs_net_run *run;
	size_t n;
	size_t size;
	bool over;
};

void gs_net_runs_free(struct gs_net_runs *r);

/* Drops the contents and sets over. */
void gs_net_runs_forget(struct gs_net_runs *r);

/* Adds first … last; first is not greater than last. */
void gs_net_runs_add(struct gs_net_runs *r, uint64_t first, uint64_t last);

/* Adds all of b; if b is over, r is over as well. */
void gs_net_runs_join(struct gs_net_runs *r, const struct gs_net_runs *b);

/* The number of indexes in it. */
uint64_t gs_net_runs_count(const struct gs_net_runs *r);

/* The number of indexes missing between the least and the greatest. */
uint64_t gs_net_runs_missing(const struct gs_net_runs *r);

#endif
