/* SPDX-License-Identifier: MIT */
/* Which packets came: packet indexes as runs without a gap. */
#include "net/runs.h"

#include <stdlib.h>

void
gs_net_runs_free(struct gs_net_runs *r)
{
	free(r->run);
	*r = (struct gs_net_runs){ 0 };
}

void
gs_net_runs_forget(struct gs_net_runs *r)
{
	gs_net_runs_free(r);
	r->over = true;
}

/* The first run that ends at index - 1 or later: it, or what follows, is
 * where index belongs. */
static size_t
place(const struct gs_net_runs *r, uint64_t index)
{
	size_t lo = 0, hi = r->n;

	if (r->n > 0 && r->run[r->n - 1].last + 1 < index)
		return r->n;
	if (r->n > 0 && r->run[r->n - 1].first <= index)
		return r->n - 1;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->run[mid].last + 1 < index)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
make_room(struct gs_net_runs *r)
{
	return r->n < GS_RUNS_MAX &&
	    gs_grow(&r->run, &r->size, r->n + 1, sizeof(*r->run));
}

static void
insert(struct gs_net_runs *r, size_t at, struct gs_net_run new)
{
	if (!make_room(r)) {
		gs_net_runs_forget(r);
		return;
	}
	memmove(r->run + at + 1, r->run + at, (r->n - at) * sizeof(new));
	r->run[at] = new;
	r->n++;
}

void
gs_net_runs_add(struct gs_net_runs *r, uint64_t first, uint64_t last)
{
	size_t at, end;
	struct gs_net_run *run;

	if (r->over)
		return;
	if (r->n > 0 && first == last && first == r->run[r->n - 1].last + 1) {
		r->run[r->n - 1].last = last; /* the next one, as a rule */
		return;
	}
	at = place(r, first);
	if (at == r->n || last + 1 < r->run[at].first) {
		insert(r, at, (struct gs_net_run){ first, last });
		return;
	}
	run = &r->run[at];
	if (first < run->first)
		run->first = first;
	if (last <= run->last)
		return;
	run->last = last;
	for (end = at + 1; end < r->n && r->run[end].first <= last + 1; end++)
		if (r->run[end].last > run->last)
			run->last = r->run[end].last;
	memmove(run + 1, r->run + end, (r->n - end) * sizeof(*run));
	r->n -= end - at - 1;
}

void
gs_net_runs_join(struct gs_net_runs *r, const struct gs_net_runs *b)
{
	if (b->over)
		gs_net_runs_forget(r);
	for (size_t i = 0; i < b->n; i++)
		gs_net_runs_add(r, b->run[i].first, b->run[i].last);
}

uint64_t
gs_net_runs_count(const struct gs_net_runs *r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->run[i].last - r->run[i].first + 1;
	return n;
}

uint64_t
gs_net_runs_missing(const struct gs_net_runs *r)
{
	if (r->n == 0)
		return 0;
	return r->run[r->n - 1].last - r->run[0].first + 1 -
	    gs_net_runs_count(r);
}
