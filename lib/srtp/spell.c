/* SPDX-License-Identifier: MIT */
/* What each key of a stream opened: time and packet indexes. */
#include <stdlib.h>

#include "stream_priv.h"

/* A set of runs that is so small is never forgotten for its size. */
enum { SMALL = 32 };

static struct gs_stream_spell *
find(struct gs_stream *st, const struct gs_slot *slot)
{
	for (size_t i = st->spells; i > 0; i--)
		if (st->spell[i - 1].key == slot->index)
			return &st->spell[i - 1];
	return NULL;
}

/* A new one; NULL: no more, or no memory. */
static struct gs_stream_spell *
create(struct gs_stream *st, const struct gs_slot *slot, uint64_t ns)
{
	struct gs_stream_spell *p;

	if (st->spells == GS_STREAM_SPELLS)
		return NULL;
	p = reallocarray(st->spell, st->spells + 1, sizeof(*p));
	if (p == NULL)
		return NULL;
	st->spell = p;
	p += st->spells++;
	*p = (struct gs_stream_spell){ .key = slot->index,
		.start = ns,
		.end = ns };
	return p;
}

void
gs_spell_add(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_slot *slot, uint64_t index, uint64_t ns)
{
	struct gs_stream_spell *spell = find(st, slot);

	if (spell == NULL && (spell = create(st, slot, ns)) == NULL) {
		st->spells_dropped = true;
		return;
	}
	struct gs_runs *r = &spell->received;

	spell->way = slot->way;
	if (ns < spell->start)
		spell->start = ns;
	if (ns > spell->end)
		spell->end = ns;
	s->runs -= r->size;
	gs_runs_add(r, index, index);
	if (s->runs + r->size > GS_STREAMS_RUNS && r->size > SMALL)
		gs_runs_forget(r);
	s->runs += r->size;
}

void
gs_spells_free(struct gs_srtp_streams *s, struct gs_stream *st)
{
	for (size_t i = 0; i < st->spells; i++) {
		s->runs -= st->spell[i].received.size;
		gs_runs_free(&st->spell[i].received);
	}
	free(st->spell);
	st->spell = NULL;
	st->spells = 0;
}
