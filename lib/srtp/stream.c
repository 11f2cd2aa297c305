/* SPDX-License-Identifier: MIT */
/* A stream from its first packet on, and how it comes to its first key. */
#include "srtp/stream.h"

#include <stdlib.h>

#include "stream_priv.h"

enum {
	RESTART = 3000, /* packets */
	SURE = 8, /* packets with one SSRC that make RTP, row or not */
	CROWD = GS_STREAMS_MAX / 2, /* with more streams, each has less: */
	CROWD_KEYS = 2,
};

struct gs_srtp_streams *
gs_srtp_streams_new(const struct gs_streams_options *options,
    struct gs_keyring *keys, struct gs_announced *announced,
    gs_stream_done *done, void *arg, struct gs_err *err)
{
	struct gs_srtp_streams *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->search.session = gs_srtp_new()) == NULL) {
		free(s);
		gs_err_set(err, "no memory for streams");
		return NULL;
	}
	s->options = *options;
	s->keys = keys;
	s->announced = announced;
	s->done = done;
	s->arg = arg;
	s->search.keys = keys;
	s->search.options = &s->options;
	s->search.budget = (uint64_t)GS_SEARCH_STREAMS * GS_SEARCH_KEYS *
	    ((uint64_t)options->roc_max + 1);
	s->search.guesses = s->search.budget;
	s->search.first =
	    options->first_tries > 0 ? options->first_tries : GS_SEARCH_FIRST;
	if (options->engine == GS_ENGINE_LIBSRTP2) {
		if (gs_srtp_streams_reference(s, err) == -1) {
			gs_srtp_streams_free(s);
			return NULL;
		}
		s->search.reference = s->reference;
	}
	return s;
}

int
gs_srtp_streams_reference(struct gs_srtp_streams *s, struct gs_err *err)
{
	if (s->reference == NULL)
		s->reference = gs_reference_new(err);
	return s->reference != NULL ? 0 : -1;
}

/* ---- a stream's life */

void
gs_slot_clear(struct gs_slot *slot)
{
	gs_srtp_free(slot->session);
	explicit_bzero(slot, sizeof(*slot));
}

static void
wipe(struct gs_srtp_streams *s, struct gs_stream *st)
{
	for (unsigned i = 0; i < GS_STREAM_KEYS; i++)
		gs_slot_clear(&st->slot[i]);
	gs_slot_clear(&st->control);
	gs_spells_free(s, st);
	explicit_bzero(&st->first_key, sizeof(st->first_key));
}

static void
finish(struct gs_srtp_streams *s, struct gs_stream *st)
{
	if (st->started && s->done != NULL)
		s->done(s->arg, st);
}

void
gs_stream_end(struct gs_srtp_streams *s, struct gs_stream *st)
{
	finish(s, st);
	gs_flow_remove(s, st);
	wipe(s, st);
	free(st);
}

void
gs_stream_restart(struct gs_srtp_streams *s, struct gs_stream *st)
{
	struct gs_stream keep = *st;

	finish(s, st);
	wipe(s, st);
	memset(st, 0, sizeof(*st));
	st->src = keep.src;
	st->dst = keep.dst;
	st->ssrc = keep.ssrc;
	st->next = keep.next;
	st->newer = keep.newer;
	st->older = keep.older;
	st->held = keep.held;
	st->state = GS_STREAM_TRIED;
	st->rtp = keep.rtp;
	st->type = keep.type;
	st->format = keep.format;
	st->announced_secure = keep.announced_secure;
	st->announced_plain = keep.announced_plain;
	st->announced_hidden = keep.announced_hidden;
	st->budget = keep.budget;
	st->id = ++s->ids;
}

/* ---- what SDP says */

static void
look_up(struct gs_srtp_streams *s, struct gs_stream *st, uint8_t type)
{
	const struct gs_announcement *a[2] = {
		gs_announced_find(s->announced, &st->dst),
		gs_announced_find(s->announced, &st->src),
	};
	const struct gs_rtp_static *fixed = gs_rtp_static(type);

	st->type = type;
	st->format = (struct gs_rtpmap){ .type = type,
		.clock = fixed != NULL ? fixed->clock : 0 };
	for (int i = 1; i >= 0; i--) {
		const struct gs_rtpmap *f = gs_announcement_format(a[i], type);

		if (f != NULL)
			st->format = *f;
		if (a[i] != NULL) {
			st->announced_plain |= a[i]->plain;
			st->announced_secure |= a[i]->secure;
			st->announced_dtls |= a[i]->dtls;
			st->announced_hidden |= a[i]->hidden;
		}
	}
}

static bool
is_announced(const struct gs_stream *st)
{
	return st->announced_plain || st->announced_secure ||
	    st->announced_dtls;
}

/* ---- the first key */

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
gs_stream_add_slot(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint64_t index, struct gs_err *err)
{
	struct gs_slot slot = { 0 };

	if (gs_slot_set(s, &slot, hit, err) == -1) {
		gs_slot_clear(&slot);
		return -1;
	}
	unsigned most = s->n > CROWD ? CROWD_KEYS : GS_STREAM_KEYS;

	while (st->slots >= most)
		gs_slot_clear(&st->slot[--st->slots]);
	memmove(st->slot + 1, st->slot, st->slots * sizeof(st->slot[0]));
	slot.newest = index;
	slot.offset = continuation(st, index) - index;
	st->slot[0] = slot;
	explicit_bzero(&slot, sizeof(slot));
	st->slots++;
	return 0;
}

static uint64_t
index_of(uint32_t roc, uint16_t seq)
{
	return (uint64_t)roc << 16 | seq;
}

int
gs_stream_accept(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint16_t seq, struct gs_err *err)
{
	if (gs_stream_add_slot(s, st, hit, index_of(hit->roc, seq), err) == -1)
		return -1;
	st->state = GS_STREAM_OPEN;
	st->first_key = st->slot[0].key;
	st->roc_first = hit->roc;
	st->tries = hit->tries;
	return 0;
}

/* The second packet for a 32-bit tag: at the same ROC, or across a wrap. */
static bool
hint_holds(struct gs_srtp_streams *s, struct gs_stream *st, struct gs_quest *q)
{
	uint32_t roc = st->hint.roc;
	struct gs_hit hit;

	if (!gs_search_rocs(&s->search, q, st->hint.key, &st->hint.way,
		roc > 0 ? roc - 1 : 0, roc + 1, &hit))
		return false;
	st->hint.roc = hit.roc;
	return true;
}

static bool
attempt_is_due(const struct gs_stream *st, size_t keys)
{
	uint64_t n = st->offers;

	/* The 1st, 2nd, 16th, 256th … packet. */
	return st->tried < keys || n <= 2 ||
	    ((n & (n - 1)) == 0 && (n & 0x1111111111111110) != 0);
}

static int
search_first(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_err *err)
{
	size_t keys = gs_keyring_size(s->keys);
	struct gs_quest q = { .m = m, .budget = &st->budget };
	struct gs_hit hit;
	uint16_t seq = m->rtp.seq;

	if (st->state == GS_STREAM_HINT) {
		if (hint_holds(s, st, &q))
			return gs_stream_accept(s, st, &st->hint, seq, err);
		st->state = GS_STREAM_TRIED;
	}
	if (keys == 0 || m->cut || !attempt_is_due(st, keys))
		return 0;
	/* What was tried on several packets need not be tried again. */
	q.from = st->offers > 2 && st->tried < keys ? st->tried : 0;
	st->tried = keys;
	bool found = gs_search_first(&s->search, &q, &hit);

	st->gave_up |= q.gave_up;
	if (found && hit.way.form.tag < 8) {
		st->state = GS_STREAM_HINT;
		st->hint = hit;
		return 0;
	}
	if (!found && !gs_search_guess(&s->search, &q, &hit))
		return 0;
	return gs_stream_accept(s, st, &hit, seq, err);
}

/* ---- offering */

struct gs_stream *
gs_srtp_streams_offer(struct gs_srtp_streams *s,
    const struct gs_media_packet *m, struct gs_err *err)
{
	struct gs_stream *st = gs_flow_find(s, m);

	if (st == NULL) {
		gs_err_set(err, "no memory for a stream");
		return NULL;
	}
	st->held++;
	if (m->rtcp) {
		if (st->state == GS_STREAM_UNSURE && !is_announced(st))
			look_up(s, st, st->type);
		return st;
	}
	if (!st->rtp || st->type != m->rtp.type)
		look_up(s, st, m->rtp.type);
	st->rtp = true;
	st->offered_seq = m->rtp.seq;
	st->offered_ns = m->ns;
	if (st->state == GS_STREAM_OPEN)
		return st;
	bool shape = gs_rtp_shape_add(&st->shape, &m->rtp);

	st->offers++;
	if (st->state == GS_STREAM_UNSURE &&
	    (shape || is_announced(st) || st->offers == SURE)) {
		st->state = GS_STREAM_TRIED;
		st->offers = 1;
	}
	if (st->state == GS_STREAM_UNSURE)
		return st;
	return search_first(s, st, m, err) == 0 ? st : NULL;
}

int
gs_srtp_streams_retry(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_err *err)
{
	if (m->rtcp || st->state != GS_STREAM_TRIED ||
	    st->tried == gs_keyring_size(s->keys))
		return 0;
	return search_first(s, st, m, err);
}

bool
gs_stream_waits(const struct gs_srtp_streams *s, const struct gs_stream *st)
{
	if (!st->rtp)
		return s->options.live && st->rtcp_opened == 0;
	return st->state == GS_STREAM_UNSURE || st->state == GS_STREAM_HINT ||
	    (st->state == GS_STREAM_TRIED && s->options.live);
}

int
gs_srtp_streams_open(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err)
{
	*o = (struct gs_opened){ .stream = st,
		.p = m->p,
		.n = m->n,
		.unsure = st->state == GS_STREAM_UNSURE };
	st->held--;
	if (st->state == GS_STREAM_HINT && m->rtcp == false)
		st->state = GS_STREAM_TRIED; /* nobody came to confirm it */
	if (!st->started) {
		st->started = true;
		st->file = m->file;
		st->first_frame = m->frame;
		st->start = m->ns;
	}
	st->last_frame = m->frame;
	st->end = m->ns;
	return m->rtcp ? gs_stream_open_rtcp(s, st, m, out, o, err) :
			 gs_stream_open_rtp(s, st, m, out, o, err);
}

void
gs_srtp_streams_end(struct gs_srtp_streams *s)
{
	while (s->oldest != NULL)
		gs_stream_end(s, s->oldest);
}

void
gs_srtp_streams_free(struct gs_srtp_streams *s)
{
	if (s == NULL)
		return;
	s->done = NULL;
	gs_srtp_streams_end(s);
	gs_srtp_free(s->search.session);
	gs_reference_free(s->reference);
	free(s);
}
