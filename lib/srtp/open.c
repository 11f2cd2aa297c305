/* SPDX-License-Identifier: MIT */
/* Opening the RTP packets of a stream, and finding on when they stop. */
#include "stream_priv.h"

enum {
	EVERY_FAILURE = 64, /* so many in row are each searched */
	LOST_SYNC = 3, /* failures in row before the long search */
	REFILL = 20, /* tries that a packet adds to the budget */
	WEAK_TRIES = 1000, /* with a 32-bit tag */
	PATTERNS = 32, /* packets whose payload is judged */
};

static const uint64_t SECOND = 1000000000;

/* ---- one packet, one key */

enum gs_srtp_result
gs_slot_open(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_media_packet *m, uint32_t roc, uint8_t *out, size_t *n)
{
	struct gs_span plain;

	if (s->options.engine != GS_ENGINE_LIBSRTP2)
		return gs_srtp_open(slot->session, roc, out, n);
	switch (
	    gs_reference_open(s->reference, &slot->way.spec, slot->key.keysalt,
		slot->way.form, m->rtcp, roc, m->p, m->n, &plain)) {
	case GS_REFERENCE_OPENED:
		memcpy(out, plain.p, plain.n);
		*n = plain.n;
		return GS_SRTP_OK;
	case GS_REFERENCE_TROUBLE: return GS_SRTP_TROUBLE;
	case GS_REFERENCE_REFUSED:
	case GS_REFERENCE_CANNOT: break;
	}
	return GS_SRTP_FAIL;
}

/* The counter is estimated as RFC 3711 section 3.3.1 says; its neighbours
 * cost two more blocks of SHA-1. */
static enum gs_srtp_result
try_slot(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_media_packet *m, uint8_t *out, size_t *n, uint64_t *index)
{
	uint64_t guess = gs_rtp_index(slot->newest, m->rtp.seq);
	static const int step[] = { 0, -1, 1 };
	enum gs_srtp_result r = gs_srtp_load(slot->session, m->p, m->n,
	    m->rtp.header, slot->way.form);

	for (size_t i = 0; i < 3 && r != GS_SRTP_SHORT; i++) {
		int64_t roc = (int64_t)(guess >> 16) + step[i];

		if (roc < 0 || roc > UINT32_MAX)
			continue;
		r = gs_slot_open(s, slot, m, (uint32_t)roc, out, n);
		if (r == GS_SRTP_OK) {
			*index = (uint64_t)roc << 16 | m->rtp.seq;
			return r;
		}
		if (r == GS_SRTP_TROUBLE || slot->way.form.tag == 0)
			return r;
	}
	return r;
}

int
gs_slot_confirm(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_slot *slot, const struct gs_media_packet *m,
    struct gs_srtp_form form, uint32_t roc, struct gs_span plain,
    struct gs_err *err)
{
	struct gs_span theirs;

	if (s->options.engine == GS_ENGINE_LIBCRYPTO)
		return 1;
	if (s->options.engine == GS_ENGINE_LIBSRTP2) {
		st->confirmed++;
		return 1;
	}
	if (gs_srtp_streams_reference(s, err) == -1)
		return -1;
	switch (gs_reference_open(s->reference, &slot->way.spec,
	    slot->key.keysalt, form, m->rtcp, roc, m->p, m->n, &theirs)) {
	case GS_REFERENCE_OPENED:
		if (!gs_span_eq(theirs, plain))
			break;
		st->confirmed++;
		return 1;
	case GS_REFERENCE_CANNOT: st->cannot_confirm = true; return 1;
	case GS_REFERENCE_TROUBLE:
		return gs_err_set(err, "libsrtp2 failed on frame %llu",
		    (unsigned long long)m->frame);
	case GS_REFERENCE_REFUSED: break;
	}
	st->disagreed = true;
	return 0;
}

/* ---- statistics */

static void
count(struct gs_stream *st, const struct gs_media_packet *m, uint64_t index,
    struct gs_opened *o)
{
	uint64_t newest = st->stats.newest;
	bool started = st->stats.started;

	o->order = gs_rtp_stats_add(&st->stats, index, m->rtp.time, m->ns,
	    st->format.clock);
	if (started && index > newest + 1)
		o->lost_before = index - newest - 1;
	st->extended |= m->rtp.extension;
	st->cryptex |= gs_rtp_cryptex(m->p, m->rtp.header);
}

/* A packet whose index nobody vouches for. */
static void
count_raw(struct gs_stream *st, const struct gs_media_packet *m,
    struct gs_opened *o)
{
	uint64_t index = st->stats.started ?
	    gs_rtp_index(st->stats.newest, m->rtp.seq) :
	    m->rtp.seq;

	count(st, m, index, o);
}

static void
fail(struct gs_stream *st, const struct gs_media_packet *m,
    enum gs_stream_fail why, struct gs_opened *o)
{
	o->why = why;
	if (st->first_failed_frame == 0)
		st->first_failed_frame = m->frame;
	st->failed[why]++;
}

/* ---- without a key */

/* Whether the payload's n octets are frames of a codec that has one size of
 * them: what SRTP appends shows. To G.729 an 80-bit tag is one frame more, so
 * there the RTP time since the packet before must agree. */
static bool
whole_frames(const struct gs_stream *st, const struct gs_rtp *rtp, size_t n)
{
	int32_t step = (int32_t)(rtp->time - st->judged_time);
	int packets = (int16_t)(rtp->seq - st->judged_seq);

	if (rtp->type == 0 || rtp->type == 8 || rtp->type == 9)
		return n > 0 && n % 40 == 0;
	if (rtp->type == 18)
		return n > 0 && n % 10 == 0 &&
		    (st->judged == 0 || step == packets * (int64_t)n * 8);
	return rtp->type == 3 && n > 0 && n % 33 == 0;
}

/* Whether a stream that no key opens was never encrypted: most of its frames
 * are whole, or SDP says so, or its payload has a pattern. */
static void
judge(struct gs_stream *st, const struct gs_media_packet *m)
{
	const uint8_t *p = m->p + m->rtp.header;
	size_t n = m->n - m->rtp.header;
	bool secure = st->announced_secure || st->announced_dtls;

	if (!m->cut) {
		st->whole += whole_frames(st, &m->rtp, n);
		st->judged++;
		st->judged_time = m->rtp.time;
		st->judged_seq = m->rtp.seq;
	}
	if (st->patterns < PATTERNS && n >= 20 && m->rtp.type != 18) {
		st->pattern += gs_search_pattern(p, n);
		st->first_alike += p[0] == st->first_octet;
		st->first_octet = p[0];
		st->patterns++;
	}
	bool pattern = st->patterns >= 4 &&
	    (st->pattern > 1.4 * st->patterns ||
		st->first_alike * 2 > st->patterns);

	st->plain = 2 * st->whole > st->judged || pattern ||
	    (st->announced_plain && !secure);
}

/* ---- after a failure */

static void
note(struct gs_stream *st, const struct gs_media_packet *m,
    const struct gs_hit *hit, uint32_t guess)
{
	const struct gs_slot *old = &st->slot[st->slots > 1];
	bool key = old->index != hit->key;
	bool reset = hit->roc == 0 && guess > 0;
	struct gs_stream_event *e;

	if (st->events == GS_STREAM_EVENTS) {
		st->events_dropped++;
		return;
	}
	e = &st->event[st->events++];
	*e = (struct gs_stream_event){ .frame = m->frame,
		.ns = m->ns,
		.roc = hit->roc,
		.old_roc = guess };
	e->kind = key ? (reset ? GS_EVENT_KEY_RESET : GS_EVENT_KEY) :
	    hit->roc == guess || hit->roc == guess + 1 ? GS_EVENT_FORM :
	    reset                                      ? GS_EVENT_ROC_RESET :
							 GS_EVENT_ROC;
	memcpy(e->print, st->slot[0].key.print, sizeof(e->print));
}

/* Another call, at the same addresses with the same SSRC. */
static bool
is_other_call(struct gs_srtp_streams *s, const struct gs_stream *st,
    const struct gs_media_packet *m, const struct gs_hit *hit)
{
	uint32_t call = gs_keyring_at(s->keys, hit->key)->call;
	uint32_t old = st->slot[0].key.call;
	uint64_t gap = m->ns > st->opened_ns ? m->ns - st->opened_ns : 0;

	return call != 0 && old != 0 && call != old && gap > 2 * SECOND;
}

static bool
search_on(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_hit *hit)
{
	const struct gs_slot *now = &st->slot[0];
	struct gs_quest q = { .m = m, .budget = &st->budget };
	uint64_t full =
	    (uint64_t)GS_SEARCH_KEYS * ((uint64_t)s->options.roc_max + 1);
	uint32_t roc = (uint32_t)(gs_rtp_index(now->newest, m->rtp.seq) >> 16);
	uint64_t n = ++st->failing;
	bool power = (n & (n - 1)) == 0;
	bool gap = m->ns > st->opened_ns + 10 * SECOND;
	uint32_t max = s->options.roc_max;

	if (st->budget < full)
		st->budget += REFILL;
	if (s->options.roc_fixed || (n > EVERY_FAILURE && !power))
		return false;
	if (gs_search_next(&s->search, &q, now->index, roc, hit))
		return true;
	if (n != LOST_SYNC && !gap && !(n > LOST_SYNC && power))
		return false;
	uint32_t last = roc > UINT32_MAX - max ? UINT32_MAX : roc + max;

	return gs_search_rocs(&s->search, &q, now->index, &now->way,
		   roc > 2 ? roc - 2 : 0, last, hit) ||
	    (n == LOST_SYNC && gs_search_first(&s->search, &q, hit));
}

/* Looks for the key or counter under which st goes on. Returns 1 when the
 * packet was opened, 0, -1. */
static int
recover(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, size_t *n, uint64_t *index,
    struct gs_err *err)
{
	uint32_t guess =
	    (uint32_t)(gs_rtp_index(st->slot[0].newest, m->rtp.seq) >> 16);
	struct gs_slot *slot = &st->slot[0];
	struct gs_hit hit;

	if (slot->weak && slot->opened == 1 && st->slots > 1) {
		gs_slot_clear(slot);
		memmove(slot, slot + 1, (GS_STREAM_KEYS - 1) * sizeof(*slot));
		memset(&st->slot[GS_STREAM_KEYS - 1], 0, sizeof(*slot));
		st->slots--;
	}
	if (!search_on(s, st, m, &hit))
		return 0;
	*index = (uint64_t)hit.roc << 16 | m->rtp.seq;
	if (is_other_call(s, st, m, &hit)) {
		gs_stream_restart(s, st);
		st->packets = 1;
		st->started = true;
		st->file = m->file;
		st->first_frame = st->last_frame = m->frame;
		st->start = st->end = m->ns;
		if (gs_stream_accept(s, st, &hit, m->rtp.seq, err) == -1)
			return -1;
	} else if (hit.key == slot->index && hit.roc > guess &&
	    gs_way_same(&hit.way, &slot->way)) {
		slot->newest = *index;
		note(st, m, &hit, guess);
	} else {
		if (gs_stream_add_slot(s, st, &hit, *index, err) == -1)
			return -1;
		note(st, m, &hit, guess);
	}
	slot->weak = hit.way.form.tag == 4 && hit.tries > WEAK_TRIES;
	if (gs_srtp_load(slot->session, m->p, m->n, m->rtp.header,
		slot->way.form) != GS_SRTP_OK)
		return 0;
	return gs_slot_open(s, slot, m, hit.roc, out, n) == GS_SRTP_OK;
}

/* ---- the packet */

/* Opens m with one of the keys that st has, or finds another. Returns the
 * slot, NULL when none fits; *failed then tells an error from that. */
static struct gs_slot *
open_any(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, size_t *n, uint64_t *index,
    enum gs_srtp_result *r, struct gs_err *err)
{
	for (unsigned i = 0; i < st->slots; i++) {
		*r = try_slot(s, &st->slot[i], m, out, n, index);
		if (*r == GS_SRTP_OK)
			return &st->slot[i];
		if (*r == GS_SRTP_TROUBLE) {
			gs_err_set(err, "libcrypto failed on frame %llu",
			    (unsigned long long)m->frame);
			return NULL;
		}
	}
	int found = recover(s, st, m, out, n, index, err);

	if (found == -1)
		*r = GS_SRTP_TROUBLE;
	return found == 1 ? &st->slot[0] : NULL;
}

/* FreeSWITCH copies the MKI as its processor holds it (little-endian), RFC
 * 4568 section 6.1 wants it big-endian. */
static void
look_at_mki(struct gs_stream *st, const struct gs_slot *slot,
    const struct gs_media_packet *m)
{
	size_t n = slot->way.form.mki;
	const uint8_t *p;
	uint64_t big = 0, little = 0;

	if (n < 2 || n > 8 || n != slot->key.mki_n)
		return;
	p = m->p + gs_srtp_mki_at(slot->session, m->n, slot->way.form);
	for (size_t i = 0; i < n; i++) {
		big = big << 8 | p[i];
		little |= (uint64_t)p[i] << 8 * i;
	}
	st->mki_host_order = little == slot->key.mki && big != little;
}

static int
opened(struct gs_srtp_streams *s, struct gs_stream *st, struct gs_slot *slot,
    const struct gs_media_packet *m, uint64_t index, struct gs_opened *o,
    struct gs_err *err)
{
	if (slot->opened % GS_REFERENCE_EVERY == 0) {
		int r = gs_slot_confirm(s, st, slot, m, slot->way.form,
		    (uint32_t)(index >> 16), gs_span(o->p, o->n), err);

		if (r == -1)
			return -1;
		look_at_mki(st, slot, m);
	}
	if (st->disagreed) {
		count_raw(st, m, o);
		fail(st, m, GS_FAIL_REFERENCE, o);
		o->p = m->p;
		o->n = m->n;
		return 0;
	}
	slot->opened++;
	st->opened++;
	st->failing = 0;
	st->opened_ns = m->ns;
	if (index > slot->newest)
		slot->newest = index;
	o->ok = true;
	gs_spell_add(s, st, slot, index, m->ns);
	count(st, m, index + slot->offset, o);
	return 0;
}

int
gs_stream_open_rtp(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err)
{
	enum gs_srtp_result r = GS_SRTP_FAIL;
	struct gs_slot *slot;
	uint64_t index = 0;
	size_t n = 0;

	st->packets++;
	if (st->state != GS_STREAM_OPEN || m->cut) {
		count_raw(st, m, o);
		if (st->state != GS_STREAM_OPEN)
			judge(st, m);
		o->plain = st->plain && st->state != GS_STREAM_OPEN;
		fail(st, m, m->cut ? GS_FAIL_CUT : GS_FAIL_KEY, o);
		return 0;
	}
	slot = open_any(s, st, m, out, &n, &index, &r, err);
	if (slot != NULL) {
		o->p = out;
		o->n = n;
		return opened(s, st, slot, m, index, o, err);
	}
	if (r == GS_SRTP_TROUBLE)
		return -1;
	fail(st, m, r == GS_SRTP_SHORT ? GS_FAIL_SHORT : GS_FAIL_AUTH, o);
	return 0;
}
