/* SPDX-License-Identifier: MIT */
/* The keys in use by a stream, and what each of them opened. */
#include <stdlib.h>

#include "base/diag.h"
#include "srtp/reference.h"
#include "srtp/stream_priv.h"

enum {
	RESTART = 3000, /* packets ahead that are a restart, not a loss */
	LATE = 64, /* packets behind that are late, not a restart */
	CROWD = 1024, /* if there are more streams, each keeps fewer keys */
	CROWD_KEYS = 2,
	SMALL = 32, /* a set with so few runs is never dropped for its size */
};

int
gs_srtp_slot_reference(struct gs_srtp_streams *s, struct gs_err *err)
{
	if (s->reference == NULL)
		s->reference = gs_srtp_reference_new(err);
	return s->reference != NULL ? 0 : -1;
}

/* ---- taking keys into use */

static void
slot_clear(struct gs_srtp_slot *slot)
{
	gs_srtp_free(slot->session);
	explicit_bzero(slot, sizeof(*slot));
}

int
gs_srtp_slot_set(struct gs_srtp_streams *s, struct gs_srtp_slot *slot,
    const struct gs_srtp_search_hit *hit, struct gs_err *err)
{
	struct gs_srtp *session = slot->session;

	if (session == NULL && (session = gs_srtp_new()) == NULL)
		return gs_err_set(err, "out of memory");
	gs_srtp_keyring_prove(s->keys, hit->key);
	*slot = (struct gs_srtp_slot){ .session = session,
		.scheme = hit->scheme,
		.index = hit->key,
		.key = *gs_srtp_keyring_at(s->keys, hit->key) };
	return gs_srtp_set_key(session, &slot->scheme.spec, slot->key.keysalt,
	    err);
}

/* A jump of the statistics' index is a restart (RFC 3550 appendix A.1), not a
 * loss. So is a number that already came under another key. */
void
gs_srtp_slot_begin(struct gs_srtp_stream *st, struct gs_srtp_slot *slot,
    uint64_t index)
{
	uint64_t newest = st->stats.newest;
	uint64_t next = gs_net_rtp_index(newest, (uint16_t)index);

	if (!st->stats.started)
		next = index;
	else if (next > newest + RESTART || next + LATE < newest ||
	    gs_net_rtp_stats_came(&st->stats, next)) {
		next = newest + 1;
		gs_net_rtp_stats_restart(&st->stats);
	}
	if (!slot->goes_on)
		slot->offset = next - index;
	slot->newest = index;
}

int
gs_srtp_slot_add(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_search_hit *hit, uint64_t index, struct gs_err *err)
{
	struct gs_srtp_slot slot = { 0 };

	if (gs_srtp_slot_set(s, &slot, hit, err) == -1) {
		slot_clear(&slot);
		return -1;
	}
	unsigned most = s->n > CROWD ? CROWD_KEYS : GS_STREAM_KEYS;

	while (st->slots >= most)
		slot_clear(&st->slot[--st->slots]);
	memmove(st->slot + 1, st->slot, st->slots * sizeof(st->slot[0]));
	slot.newest = index;
	st->slot[0] = slot;
	explicit_bzero(&slot, sizeof(slot));
	st->slots++;
	return 0;
}

void
gs_srtp_slot_drop(struct gs_srtp_stream *st)
{
	slot_clear(&st->slot[0]);
	memmove(st->slot, st->slot + 1,
	    (GS_STREAM_KEYS - 1) * sizeof(st->slot[0]));
	memset(&st->slot[GS_STREAM_KEYS - 1], 0, sizeof(st->slot[0]));
	st->slots--;
}

int
gs_srtp_slot_accept(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_search_hit *hit, uint16_t seq, struct gs_err *err)
{
	if (gs_srtp_slot_add(s, st, hit, (uint64_t)hit->roc << 16 | seq, err) ==
	    -1)
		return -1;
	st->prot.state = GS_STREAM_OPEN;
	st->failing = 0;
	st->prot.tries = hit->tries;
	return 0;
}

/* ---- opening with one */

static enum gs_srtp_reference_answer
ask_reference(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot, struct gs_srtp_form form, uint32_t roc,
    struct gs_span *plain)
{
	const struct gs_srtp_reference_packet p = { &slot->scheme.spec,
		slot->key.keysalt, form, a->m->rtcp, roc, a->m->p, a->m->n };

	return gs_srtp_reference_unprotect(a->s->reference, &p, plain);
}

static enum gs_srtp_result
unprotect(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot,
    struct gs_srtp_form form, uint32_t roc)
{
	struct gs_span plain;

	if (a->s->options.engine != GS_ENGINE_LIBSRTP2)
		return a->m->rtcp ?
		    gs_srtp_unprotect_rtcp(slot->session, a->m->p, a->m->n,
			form, a->out, &a->n) :
		    gs_srtp_unprotect(slot->session, roc, a->out, &a->n);
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

enum gs_srtp_result
gs_srtp_slot_unprotect(struct gs_srtp_unprotecting *a,
    struct gs_srtp_slot *slot, struct gs_srtp_form form, uint32_t roc)
{
	a->form = form;
	enum gs_srtp_result r = unprotect(a, slot, form, roc);

	if (r == GS_SRTP_TROUBLE)
		(void)gs_err_set(a->err, "%s failed on frame %llu",
		    a->s->options.engine == GS_ENGINE_LIBSRTP2 ? "libsrtp2" :
								 "libcrypto",
		    (unsigned long long)a->m->frame);
	return r;
}

int
gs_srtp_slot_confirm(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;
	struct gs_span theirs;

	if (a->s->options.engine == GS_ENGINE_LIBCRYPTO)
		return 0;
	if (a->s->options.engine == GS_ENGINE_LIBSRTP2) {
		p->confirmed++;
		return 0;
	}
	if (gs_srtp_slot_reference(a->s, a->err) == -1)
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

/* The span of slot's key, or a new one; NULL: too many, or out of memory. */
static struct gs_srtp_key_span *
find_spell(struct gs_srtp_stream_protection *p, const struct gs_srtp_slot *slot,
    uint64_t ns)
{
	struct gs_srtp_key_span *key_span;

	for (size_t i = p->key_spans; i > 0; i--)
		if (p->key_span[i - 1].key == slot->index)
			return &p->key_span[i - 1];
	if (p->key_spans == GS_STREAM_SPELLS ||
	    (key_span = reallocarray(p->key_span, p->key_spans + 1,
		 sizeof(*key_span))) == NULL)
		return NULL;
	p->key_span = key_span;
	key_span += p->key_spans++;
	*key_span = (struct gs_srtp_key_span){ .key = slot->index,
		.start = ns,
		.end = ns };
	return key_span;
}

void
gs_srtp_key_span_add(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_slot *slot, uint64_t index, uint64_t ns)
{
	struct gs_srtp_key_span *key_span = find_spell(&st->prot, slot, ns);

	if (key_span == NULL) {
		st->prot.spells_dropped = true;
		return;
	}
	struct gs_net_runs *r = &key_span->received;

	key_span->scheme = slot->scheme;
	if (ns < key_span->start)
		key_span->start = ns;
	if (ns > key_span->end)
		key_span->end = ns;
	s->runs -= r->size;
	gs_net_runs_add(r, index, index);
	if (s->runs + r->size > GS_STREAMS_RUNS && r->size > SMALL)
		gs_net_runs_forget(r);
	s->runs += r->size;
}

void
gs_srtp_slots_free(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	struct gs_srtp_stream_protection *p = &st->prot;

	for (unsigned i = 0; i < GS_STREAM_KEYS; i++)
		slot_clear(&st->slot[i]);
	slot_clear(&st->control);
	for (size_t i = 0; i < p->key_spans; i++) {
		s->runs -= p->key_span[i].received.size;
		gs_net_runs_free(&p->key_span[i].received);
	}
	free(p->key_span);
	p->key_span = NULL;
	p->key_spans = 0;
}
