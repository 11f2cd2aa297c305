/* SPDX-License-Identifier: MIT */
/* The keys that a stream has in use, and what each of them opened. */
#include <stdlib.h>

#include "base/diag.h"
#include "reference.h"
#include "stream_priv.h"

enum {
	RESTART = 3000, /* packets */
	CROWD = GS_STREAMS_MAX / 2, /* with more streams, each has less: */
	CROWD_KEYS = 2,
	SMALL = 32, /* a set of so few runs is not forgotten for its size */
};

int
gs_slot_reference(struct gs_srtp_streams *s, struct gs_err *err)
{
	if (s->reference == NULL)
		s->reference = gs_reference_new(err);
	return s->reference != NULL ? 0 : -1;
}

/* ---- taking keys into use */

static void
slot_clear(struct gs_slot *slot)
{
	gs_srtp_free(slot->session);
	explicit_bzero(slot, sizeof(*slot));
}

int
gs_slot_set(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_hit *hit, struct gs_err *err)
{
	struct gs_srtp *session = slot->session;

	if (session == NULL && (session = gs_srtp_new()) == NULL)
		return gs_err_set(err, "no memory for a key");
	gs_keyring_prove(s->keys, hit->key);
	*slot = (struct gs_slot){ .session = session,
		.way = hit->way,
		.index = hit->key,
		.key = *gs_keyring_at(s->keys, hit->key) };
	return gs_srtp_set_key(session, &slot->way.spec, slot->key.keysalt,
	    err);
}

/* Where the packet index stands in the statistics, which count on when the
 * key changes. A jump then is a restart (RFC 3550 A.1), not a loss. */
static uint64_t
continuation(const struct gs_stream *st, uint64_t index)
{
	uint64_t newest = st->stats.newest;

	if (!st->stats.started)
		return index;
	uint64_t next = gs_rtp_index(newest, (uint16_t)index);

	return next > newest + RESTART || next + RESTART < newest ? newest + 1 :
								    next;
}

int
gs_slot_add(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint64_t index, struct gs_err *err)
{
	struct gs_slot slot = { 0 };

	if (gs_slot_set(s, &slot, hit, err) == -1) {
		slot_clear(&slot);
		return -1;
	}
	unsigned most = s->n > CROWD ? CROWD_KEYS : GS_STREAM_KEYS;

	while (st->slots >= most)
		slot_clear(&st->slot[--st->slots]);
	memmove(st->slot + 1, st->slot, st->slots * sizeof(st->slot[0]));
	slot.newest = index;
	slot.offset = continuation(st, index) - index;
	st->slot[0] = slot;
	explicit_bzero(&slot, sizeof(slot));
	st->slots++;
	return 0;
}

void
gs_slot_drop(struct gs_stream *st)
{
	slot_clear(&st->slot[0]);
	memmove(st->slot, st->slot + 1,
	    (GS_STREAM_KEYS - 1) * sizeof(st->slot[0]));
	memset(&st->slot[GS_STREAM_KEYS - 1], 0, sizeof(st->slot[0]));
	st->slots--;
}

int
gs_slot_accept(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint16_t seq, struct gs_err *err)
{
	if (gs_slot_add(s, st, hit, (uint64_t)hit->roc << 16 | seq, err) == -1)
		return -1;
	st->prot.state = GS_STREAM_OPEN;
	st->prot.roc_first = hit->roc;
	st->prot.tries = hit->tries;
	return 0;
}

/* ---- opening with one */

static enum gs_reference_answer
ask_reference(const struct gs_opening *a, const struct gs_slot *slot,
    struct gs_srtp_form form, uint32_t roc, struct gs_span *plain)
{
	const struct gs_reference_packet p = { &slot->way.spec,
		slot->key.keysalt, form, a->m->rtcp, roc, a->m->p, a->m->n };

	return gs_reference_open(a->s->reference, &p, plain);
}

enum gs_srtp_result
gs_slot_open(struct gs_opening *a, struct gs_slot *slot,
    struct gs_srtp_form form, uint32_t roc)
{
	struct gs_span plain;

	a->form = form;
	if (a->s->options.engine != GS_ENGINE_LIBSRTP2)
		return a->m->rtcp ?
		    gs_srtp_open_rtcp(slot->session, a->m->p, a->m->n, form,
			a->out, &a->n) :
		    gs_srtp_open(slot->session, roc, a->out, &a->n);
	switch (ask_reference(a, slot, form, roc, &plain)) {
	case GS_REFERENCE_OPENED:
		memcpy(a->out, plain.p, plain.n);
		a->n = plain.n;
		return GS_SRTP_OK;
	case GS_REFERENCE_TROUBLE: return GS_SRTP_TROUBLE;
	case GS_REFERENCE_REFUSED:
	case GS_REFERENCE_CANNOT: break;
	}
	return GS_SRTP_FAIL;
}

int
gs_slot_confirm(const struct gs_opening *a, const struct gs_slot *slot)
{
	struct gs_stream_protection *p = &a->st->prot;
	struct gs_span theirs;

	if (a->s->options.engine == GS_ENGINE_LIBCRYPTO)
		return 0;
	if (a->s->options.engine == GS_ENGINE_LIBSRTP2) {
		p->confirmed++;
		return 0;
	}
	if (gs_slot_reference(a->s, a->err) == -1)
		return -1;
	switch (ask_reference(a, slot, a->form, (uint32_t)(a->index >> 16),
	    &theirs)) {
	case GS_REFERENCE_OPENED:
		if (!gs_span_eq(theirs, gs_span(a->out, a->n)))
			break;
		p->confirmed++;
		return 0;
	case GS_REFERENCE_CANNOT: p->cannot_confirm = true; return 0;
	case GS_REFERENCE_TROUBLE:
		return gs_err_set(a->err, "libsrtp2 failed on frame %llu",
		    (unsigned long long)a->m->frame);
	case GS_REFERENCE_REFUSED: break;
	}
	p->disagreed = true;
	return 0;
}

/* ---- what each key opened: time and packet indexes */

/* The one of slot's key, or a new one; NULL: no more, or no memory. */
static struct gs_stream_spell *
find_spell(struct gs_stream_protection *p, const struct gs_slot *slot,
    uint64_t ns)
{
	struct gs_stream_spell *spell;

	for (size_t i = p->spells; i > 0; i--)
		if (p->spell[i - 1].key == slot->index)
			return &p->spell[i - 1];
	if (p->spells == GS_STREAM_SPELLS ||
	    (spell = reallocarray(p->spell, p->spells + 1, sizeof(*spell))) ==
		NULL)
		return NULL;
	p->spell = spell;
	spell += p->spells++;
	*spell = (struct gs_stream_spell){ .key = slot->index,
		.start = ns,
		.end = ns };
	return spell;
}

void
gs_spell_add(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_slot *slot, uint64_t index, uint64_t ns)
{
	struct gs_stream_spell *spell = find_spell(&st->prot, slot, ns);

	if (spell == NULL) {
		st->prot.spells_dropped = true;
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
gs_slots_free(struct gs_srtp_streams *s, struct gs_stream *st)
{
	struct gs_stream_protection *p = &st->prot;

	for (unsigned i = 0; i < GS_STREAM_KEYS; i++)
		slot_clear(&st->slot[i]);
	slot_clear(&st->control);
	for (size_t i = 0; i < p->spells; i++) {
		s->runs -= p->spell[i].received.size;
		gs_runs_free(&p->spell[i].received);
	}
	free(p->spell);
	p->spell = NULL;
	p->spells = 0;
}
