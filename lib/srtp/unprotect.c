/* SPDX-License-Identifier: MIT */
/* Opening the RTP packets of a stream, and searching when they stop to
 * open. */
#include "base/diag.h"
#include "srtp/frames_priv.h"
#include "srtp/stream_priv.h"

enum {
	LATE = 100, /* packets that may overtake others */
	REFILL = 20, /* tries that each packet adds to the budget */
	WEAK_TRIES = 1000, /* with a 32-bit tag */
	RECENT = 8, /* packets that are judged in a row */
	PATTERNS = 32, /* packets whose payload is judged, */
	NOISE = 8, /* and the least of them that are noise */
	LONG = 8 * NOISE, /* a row, not all of which is looked at */
	SURE = 400, /* octets, of which a pattern is seven deviations */
};

static const char NO_KEY[9] = "";
static const uint64_t SECOND = 1000000000;

uint32_t
gs_srtp_unprotect_roc(const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	return (uint32_t)(gs_net_rtp_index(st->offered, m->rtp.seq) >> 16);
}

/* ---- one packet, one key */

/* The counter is estimated by RFC 3711 section 3.3.1; each neighbour costs two
 * more blocks of SHA-1. */
static enum gs_srtp_result
try_slot(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	const struct gs_srtp_media_packet *m = a->m;
	uint64_t guess = gs_net_rtp_index(slot->newest, m->rtp.seq);
	static const int step[] = { 0, -1, 1 };
	enum gs_srtp_result r = gs_srtp_load(slot->session, m->p, m->n,
	    m->rtp.header, slot->scheme.form);

	for (size_t i = 0; i < 3 && r != GS_SRTP_SHORT; i++) {
		int64_t roc = (int64_t)(guess >> 16) + step[i];

		if (roc < 0 || roc > UINT32_MAX)
			continue;
		a->index = (uint64_t)roc << 16 | m->rtp.seq;
		r = gs_srtp_slot_unprotect(a, slot, slot->scheme.form,
		    (uint32_t)roc);
		if (r == GS_SRTP_OK || r == GS_SRTP_TROUBLE ||
		    slot->scheme.form.tag == 0)
			return r;
	}
	return r;
}

/* ---- statistics */

static void
count(struct gs_srtp_unprotecting *a, uint64_t index)
{
	struct gs_srtp_stream *st = a->st;
	const struct gs_srtp_media_packet *m = a->m;
	uint64_t newest = st->stats.newest;
	bool started = st->stats.started;

	if (started && index == newest + 1) {
		uint32_t step = m->rtp.time - st->stats.time;

		st->still += step == 0;
		if (step > 0 && (step < st->step || st->step == 0))
			st->step = step;
	}
	a->o->order = gs_net_rtp_stats_add(&st->stats, index, m->rtp.time,
	    m->ns, st->id.format.clock);
	if (started && index > newest + 1)
		a->o->lost_before = index - newest - 1;
	st->prot.extended |= m->rtp.extension;
	st->prot.cryptex |= gs_net_rtp_cryptex(m->p, m->rtp.header);
}

/* A packet whose index is not authenticated. */
static void
count_raw(struct gs_srtp_unprotecting *a)
{
	const struct gs_net_rtp_stats *stats = &a->st->stats;
	uint16_t seq = a->m->rtp.seq;

	count(a, stats->started ? gs_net_rtp_index(stats->newest, seq) : seq);
}

static int
fail(struct gs_srtp_unprotecting *a, enum gs_srtp_stream_fail why)
{
	struct gs_srtp_stream_counts *c = &a->st->count;

	gs_srtp_stretch_add(a->st, GS_STRETCH_CLOSED, NO_KEY, a->m);
	a->o->why = why;
	if (c->first_failed_frame == 0)
		c->first_failed_frame = a->m->frame;
	c->failed[why]++;
	return 0;
}

/* ---- without a key */

static uint8_t
kind_of(const struct gs_srtp_unprotecting *a)
{
	return gs_srtp_flow_kind(a->st, a->m->rtp.type);
}

/* The payload, if it was never encrypted: without padding, where its last octet
 * may be the length of one. Returns its octets. */
static size_t
in_clear(const struct gs_srtp_unprotecting *a, const uint8_t **p)
{
	struct gs_span payload;

	(void)gs_net_rtp_payload(&a->m->rtp, a->m->p, a->m->n, &payload);
	*p = (const uint8_t *)payload.p;
	return payload.n;
}

/* Whether the packet has no padding, or zeros and their number, as senders
 * write it: cipher text ends in any number. */
static bool
is_padded_well(const struct gs_srtp_unprotecting *a)
{
	const uint8_t *p, *last = a->m->p + a->m->n - 1;
	size_t n = in_clear(a, &p);

	for (p += n; p < last; p++)
		if (*p != 0)
			return false;
	return true;
}

/* The time of a packet of the stream, as far as frames of known sizes are
 * measured by it; 0: unknown. */
static int32_t
usual_step(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream *st = a->st;

	return !gs_srtp_frames_sized(kind_of(a)) ? 0 :
	    st->step > 0                         ? (int32_t)st->step :
						   st->pace;
}

/* Counts what the payload of the packet looks like. */
static void
judge(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;
	const struct gs_srtp_media_packet *m = a->m;
	const uint8_t *p;
	size_t n = in_clear(a, &p);
	int packets = (int16_t)(m->rtp.seq - l->seq);
	int32_t time = (int32_t)(m->rtp.time - l->time);

	if (!m->cut) {
		l->step = l->packets > 0 && packets != 0 ? time / packets :
							   usual_step(a);
		l->is_whole = gs_srtp_frames_whole(kind_of(a), p, n, l->step);
		l->whole += l->is_whole;
		l->packets++;
		l->time = m->rtp.time;
		l->seq = m->rtp.seq;
	}
	if (l->patterns < PATTERNS && n >= 20 && kind_of(a) != 18) {
		l->pattern += gs_srtp_search_pattern(p, n);
		l->octets += n;
		l->first_alike += p[0] == l->first_octet;
		l->first_octet = p[0];
		l->patterns++;
	}
}

/* Whether the payloads have a pattern, or begin alike; cipher text does
 * not. */
static bool
has_pattern(const struct gs_srtp_stream_look *l)
{
	bool many = l->patterns >= 4;

	return ((many || l->octets >= SURE) &&
		   l->pattern > 1.4 * l->patterns) ||
	    (many && l->first_alike * 2 > l->patterns);
}

/* Whether all payloads so far look like cipher text. */
static bool
is_noise(const struct gs_srtp_stream_look *l)
{
	return l->patterns >= NOISE && l->pattern < 1.2 * l->patterns &&
	    l->first_alike * 8 <= l->patterns;
}

/* Whether packets that no key opens were unencrypted: most are whole frames,
 * or the payload has a pattern. If a key may be used without tags, whole
 * frames prove nothing. */
static bool
shows_plain(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;
	bool whole = 2 * l->whole > l->packets;

	if (whole && gs_srtp_keyring_unsealed(a->s->keys) > 0 && is_noise(l))
		return false;
	return whole || has_pattern(l);
}

/* The same for the last one alone: the sender may have begun to encrypt with
 * it. A first packet has padding only if it looks like that. */
static bool
is_plain(const struct gs_srtp_unprotecting *a)
{
	const uint8_t *p;
	size_t n = in_clear(a, &p);

	return (a->st->look.packets > 1 || is_padded_well(a)) &&
	    gs_srtp_frames_plain(kind_of(a), p, n, a->st->look.is_whole);
}

/* Whether a stream that was never opened was unencrypted. SDP decides if the
 * packets do not tell, but never against them. */
static bool
looks_plain(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_protection *said = &a->st->prot;
	const struct gs_srtp_stream_look *l = &a->st->look;

	if (shows_plain(a))
		return true;
	return said->announced_plain && !said->announced_secure &&
	    !said->announced_dtls && !is_noise(l) &&
	    (l->packets == 0 || !gs_srtp_frames_sized(kind_of(a)));
}

/* Notes whether the last packets, of a codec whose frames have known sizes, are
 * noise of other sizes: they were encrypted, although others were not. */
static void
look_for_noise(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;
	const struct gs_srtp_media_packet *m = a->m;
	size_t n = m->n - m->rtp.header;

	if (m->cut || a->st->prot.sealed || !gs_srtp_frames_sized(kind_of(a)))
		return;
	if (l->is_whole) {
		l->noise = l->unseen = 0;
		l->noise_pattern = 0;
		return;
	}
	if (!gs_srtp_frames_tagged(kind_of(a), n, l->step))
		return;
	/* In a long row far from noise, one packet stands for several. */
	bool far = l->noise >= LONG && l->noise_pattern > 2 * 1.4 * l->noise;

	l->noise++;
	l->unseen++;
	if (far && l->unseen < NOISE)
		return;
	l->noise_pattern +=
	    l->unseen * gs_srtp_search_pattern(m->p + m->rtp.header, n);
	l->unseen = 0;
	a->st->prot.sealed =
	    l->noise >= NOISE && l->noise_pattern < 1.4 * l->noise;
}

/* A packet of a stream that has no key yet. */
static int
count_without_key(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;

	count_raw(a);
	gs_srtp_replay_keep(a, false);
	judge(a);
	look_for_noise(a);
	bool plain = looks_plain(a), alone = plain && is_plain(a);

	st->prot.plain = plain && !st->prot.sealed;
	a->o->plain = st->prot.plain || alone;
	if (a->m->cut || !alone)
		return fail(a, a->m->cut ? GS_FAIL_CUT : GS_FAIL_KEY);
	gs_srtp_stretch_add(st, GS_STRETCH_PLAIN, NO_KEY, a->m);
	st->count.plain_before++;
	st->count.plain_until = a->m->frame;
	return 0;
}

/* No key opens the packet: the sender may have continued without one. Reads
 * the failures in a row. */
static int
count_unopened(struct gs_srtp_unprotecting *a, enum gs_srtp_stream_fail why)
{
	struct gs_srtp_stream *st = a->st;

	if (st->unopened++ == 0)
		st->look = (struct gs_srtp_stream_look){ 0 };
	judge(a);
	if (st->look.packets == RECENT) {
		st->look.packets /= 2;
		st->look.whole /= 2;
	}
	if (!shows_plain(a) || !is_plain(a))
		return fail(a, why);
	count_raw(a);
	a->o->plain = true;
	gs_srtp_stretch_add(st, GS_STRETCH_PLAIN, NO_KEY, a->m);
	if (st->count.plain_behind++ == 0)
		st->count.plain_from = a->m->frame;
	return 0;
}

/* Whether the packet, which no key of its stream opens, begins another call,
 * which is not encrypted. */
static bool
begins_in_clear(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream *st = a->st;
	const uint8_t *p;
	size_t n = in_clear(a, &p);

	return st->count.opened > 0 && !a->m->cut && st->unopened == 0 &&
	    is_padded_well(a) &&
	    gs_srtp_frames_plain(kind_of(a), p, n,
		gs_srtp_frames_whole(kind_of(a), p, n, usual_step(a))) &&
	    gs_srtp_flow_begins(a->s, st, a->m, st->slot[0].newest);
}

/* ---- after a failure */

static void
note(struct gs_srtp_unprotecting *a, const struct gs_srtp_search_hit *hit,
    uint32_t guess)
{
	const struct gs_srtp_slot *slot = a->st->slot;
	bool key = slot[a->st->slots > 1].index != hit->key;
	bool reset = hit->roc == 0 && guess > 0;
	struct gs_srtp_stream_event e = { .frame = a->m->frame,
		.ns = a->m->ns,
		.roc = hit->roc,
		.old_roc = guess };

	e.kind = key ? (reset ? GS_EVENT_KEY_RESET : GS_EVENT_KEY) :
	    hit->roc == guess || hit->roc == guess + 1 ? GS_EVENT_FORM :
	    reset                                      ? GS_EVENT_ROC_RESET :
							 GS_EVENT_ROC;
	gs_srtp_event_add(a->st, &e);
}

static bool
is_held(const struct gs_srtp_stream *st, size_t key)
{
	for (unsigned i = 0; i < st->slots; i++)
		if (st->slot[i].index == key)
			return true;
	return false;
}

/* Another call, at the same addresses with the same SSRC. */
static bool
is_other_call(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_search_hit *hit)
{
	uint32_t call = gs_srtp_keyring_at(a->s->keys, hit->key)->call;
	uint32_t old = a->st->slot[0].key.call;
	uint64_t newest = a->st->slot[0].newest;

	if (call == 0 || old == 0)
		return !is_held(a->st, hit->key) &&
		    gs_srtp_flow_breaks(a->s, a->st, a->m, newest);
	return call != old &&
	    (a->m->ns > a->st->opened_ns + 2 * SECOND ||
		!gs_srtp_flow_goes_on(a->m, newest));
}

static bool
search_near(struct gs_srtp_unprotecting *a, struct gs_srtp_search_job *q)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_search *search = &a->s->search;
	const struct gs_srtp_slot *now = &st->slot[0];
	uint32_t roc = gs_srtp_unprotect_roc(a->st, a->m);

	for (size_t i = 0; i < st->prot.key_spans; i++) {
		const struct gs_srtp_key_span *k = &st->prot.key_span[i];
		const struct gs_net_runs *r = &k->received;

		if (is_held(st, k->key) || r->n == 0)
			continue;
		uint32_t near =
		    (uint32_t)(gs_net_rtp_index(r->run[r->n - 1].last,
				   a->m->rtp.seq) >>
			16);
		struct gs_srtp_rocs rocs = { near > 0 ? near - 1 : 0,
			near + 1 };

		if (gs_srtp_search_rocs(search, q, k->key, &k->scheme, rocs))
			return true;
	}
	return gs_srtp_search_next(search, q, now->index, roc,
	    q->m->nth != st->failed_to || gs_srtp_backoff_near(a->s, st, a->m));
}

/* Tries the keys in use at other counters, up to a distance, then all keys. */
static bool
search_far(struct gs_srtp_unprotecting *a, struct gs_srtp_search_job *q,
    uint32_t max)
{
	struct gs_srtp_stream *st = a->st;
	uint32_t roc = gs_srtp_unprotect_roc(a->st, a->m);
	struct gs_srtp_rocs rocs = { roc > 2 ? roc - 2 : 0,
		roc > UINT32_MAX - max ? UINT32_MAX : roc + max };

	if (max == 0)
		return false;
	if (max == a->s->options.roc_max)
		gs_srtp_backoff_searched(a->s, st, a->m);
	for (unsigned i = 0; i < st->slots; i++)
		if (gs_srtp_search_rocs(&a->s->search, q, st->slot[i].index,
			&st->slot[i].scheme, rocs))
			return true;
	return gs_srtp_search_first(&a->s->search, q, max);
}

/* A job for a's packet; it counts as a failure, once. */
static struct gs_srtp_search_job
begin_search(struct gs_srtp_unprotecting *a, bool *fresh)
{
	struct gs_srtp_stream *st = a->st;

	*fresh = a->m->nth > st->failed_to;
	if (*fresh) {
		st->failing += !gs_srtp_backoff_plain(a->s, a->st, a->m);
		st->failed_to = a->m->nth;
		st->failed_seq = a->m->rtp.seq;
		if (st->budget < gs_srtp_search_share(&a->s->search))
			st->budget += REFILL;
	}
	return (struct gs_srtp_search_job){ .m = a->m, .budget = &st->budget };
}

static bool
search_on(struct gs_srtp_unprotecting *a, struct gs_srtp_search_job *q)
{
	struct gs_srtp_stream *st = a->st;
	bool fresh;

	*q = begin_search(a, &fresh);
	st->tried = gs_srtp_keyring_size(a->s->keys);
	if (a->s->options.roc_fixed)
		return false;
	if (search_near(a, q))
		return true;
	return search_far(a, q,
	    gs_srtp_backoff_behind(a->s, st, a->m) ?
		a->s->options.roc_max :
		gs_srtp_backoff_far(a->s, st, a->m, fresh));
}

/* Begins to use hit's key. Receivers that had it before reject packets below
 * those that it opened. */
static int
go_on_with(struct gs_srtp_unprotecting *a, const struct gs_srtp_search_hit *hit)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_slot old = st->slot[0];
	uint64_t highest = 0;

	st->failing = 0;
	for (unsigned i = 0; i < st->slots; i++)
		if (st->slot[i].index == hit->key &&
		    st->slot[i].highest > highest)
			highest = st->slot[i].highest;
	if (gs_srtp_slot_add(a->s, st, hit, a->index, a->err) == -1)
		return -1;
	st->slot[0].rejected = highest > a->index;
	st->slot[0].highest = highest;
	/* The packets between both counters are lost. */
	if (old.index == hit->key && a->index > old.newest) {
		st->slot[0].goes_on = true;
		st->slot[0].offset = old.offset;
	}
	return 0;
}

/* Uses what was found. Returns 0 or -1. */
static int
go_on(struct gs_srtp_unprotecting *a, const struct gs_srtp_search_hit *hit)
{
	uint32_t guess = gs_srtp_unprotect_roc(a->st, a->m);

	a->index = (uint64_t)hit->roc << 16 | a->m->rtp.seq;
	if (is_other_call(a, hit)) {
		gs_srtp_flow_restart(a->s, a->st);
		return gs_srtp_slot_accept(a->s, a->st, hit, a->m->rtp.seq,
		    a->err);
	}
	if (go_on_with(a, hit) == -1)
		return -1;
	/* The first packet of all changes nothing, although it was found after
	 * later ones. */
	if (a->st->count.opened > 0 || a->m->nth >= a->st->failed_to)
		note(a, hit, guess);
	a->st->slot[0].weak =
	    hit->scheme.form.tag == 4 && hit->tries > WEAK_TRIES;
	return 0;
}

/* Searches the key or counter with which the stream continues. */
static enum gs_srtp_result
recover(struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_media_packet *m = a->m;
	struct gs_srtp_slot *slot = &a->st->slot[0];
	struct gs_srtp_search_job q;

	if (slot->weak && slot->opened == 1 && a->st->slots > 1)
		gs_srtp_slot_drop(a->st);
	bool found = search_on(a, &q);

	a->st->cut_short |= q.gave_up;
	if (!found)
		return GS_SRTP_FAIL;
	if (go_on(a, &q.hit) == -1)
		return GS_SRTP_TROUBLE;
	if (gs_srtp_load(slot->session, m->p, m->n, m->rtp.header,
		slot->scheme.form) != GS_SRTP_OK)
		return GS_SRTP_FAIL;
	return gs_srtp_slot_unprotect(a, slot, slot->scheme.form, q.hit.roc);
}

/* Keys in use opened m: the sender did not change, unless m is a late packet
 * from before. */
static void
found_way(struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	uint16_t late = (uint16_t)(st->failed_seq - m->rtp.seq);

	if (late > LATE)
		st->failing = 0;
}

/* Whether one of the keys in use authenticates the packet; it is not opened
 * yet. */
static bool
is_opened(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_media_packet *m = a->m;
	struct gs_srtp_search_job q = { .m = m, .budget = &a->st->budget };

	for (unsigned i = 0; i < a->st->slots; i++) {
		const struct gs_srtp_slot *slot = &a->st->slot[i];
		uint32_t roc =
		    (uint32_t)(gs_net_rtp_index(slot->newest, m->rtp.seq) >>
			16);

		if (gs_srtp_search_rocs(&a->s->search, &q, slot->index,
			&slot->scheme,
			(struct gs_srtp_rocs){ roc > 0 ? roc - 1 : 0,
			    roc + 1 }))
			return true;
	}
	return false;
}

int
gs_srtp_unprotect_offer(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_search_job q;
	bool fresh;

	if (a->m->cut)
		return 0;
	if (is_opened(a)) {
		found_way(st, a->m);
		return 0;
	}
	q = begin_search(a, &fresh);
	if (a->s->options.roc_fixed || gs_srtp_backoff_plain(a->s, a->st, a->m))
		return 0;
	/* A near counter is found again when it is the packet's turn. */
	if (search_near(a, &q)) {
		st->failing = 0;
		return 0;
	}
	bool found =
	    search_far(a, &q, gs_srtp_backoff_far(a->s, st, a->m, fresh));

	a->st->cut_short |= q.gave_up;
	return found ? go_on(a, &q.hit) : 0;
}

int
gs_srtp_unprotect_retry(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_search_job q = { .m = a->m,
		.budget = &st->budget,
		.from = st->tried };
	bool found =
	    search_near(a, &q) || search_far(a, &q, a->s->options.roc_max);

	st->tried = gs_srtp_keyring_size(a->s->keys);
	st->cut_short |= q.gave_up;
	return found ? go_on(a, &q.hit) : 0;
}

/* ---- the packet */

/* Opens the packet with one of the stream's keys, or finds another: *used.
 * Returns the last result if none fits. */
static enum gs_srtp_result
open_any(struct gs_srtp_unprotecting *a, struct gs_srtp_slot **used)
{
	struct gs_srtp_stream *st = a->st;
	enum gs_srtp_result r = GS_SRTP_FAIL, found;

	for (unsigned i = 0; i < st->slots; i++) {
		*used = &st->slot[i];
		r = try_slot(a, *used);
		if (r == GS_SRTP_OK || r == GS_SRTP_TROUBLE)
			return r;
	}
	*used = &st->slot[0];
	found = recover(a);
	return found == GS_SRTP_FAIL ? r : found;
}

/* FreeSWITCH copies the MKI in its processor's byte order (little-endian); RFC
 * 4568 section 6.1 requires big-endian. If the announced MKI is wrong, neither
 * matches. */
static bool
has_said_mki(struct gs_srtp_stream *st, const struct gs_srtp_slot *slot,
    const struct gs_srtp_media_packet *m)
{
	size_t n = slot->scheme.form.mki;
	const uint8_t *p;
	uint64_t big = 0, little = 0;

	if (n < 1 || n > 8 || n != slot->key.mki_n)
		return true;
	p = m->p + gs_srtp_mki_at(slot->session, m->n, slot->scheme.form);
	for (size_t i = 0; i < n; i++) {
		big = big << 8 | p[i];
		little |= (uint64_t)p[i] << 8 * i;
	}
	st->prot.mki_host_order = little == slot->key.mki && big != little;
	if (big == slot->key.mki || little == slot->key.mki)
		return true;
	st->prot.mki_wrong = true;
	return false;
}

/* Whether a receiver that follows SDP expects tag and MKI elsewhere, or
 * another MKI. */
static bool
is_laid_out_otherwise(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot)
{
	const struct gs_srtp_form *seen = &slot->scheme.form;
	const struct gs_sdp_suite *said = slot->key.suite;

	return !has_said_mki(a->st, slot, a->m) ||
	    seen->mki != slot->key.mki_n ||
	    (said != NULL && seen->tag > 0 &&
		said->key == slot->scheme.spec.key &&
		said->tag_bits != 8u * seen->tag);
}

/* What a receiver makes of a's packet, which slot opened. */
static void
judge_receiver(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream *st = a->st;
	uint64_t before = st->count.rejected;

	gs_srtp_replay_judge(a, slot);
	if (!is_laid_out_otherwise(a, slot))
		return;
	st->count.rejected = before + 1;
	if (st->prot.odd_frame == 0)
		st->prot.odd_frame = a->m->frame;
}

/* The ROC of the first packet that was opened: whoever sent it began before
 * the capture, unless the sequence wrapped so often in it. */
static void
note_first(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;

	p->roc_first = (uint32_t)(a->index >> 16);
	p->began_before = p->roc_first > gs_srtp_unprotect_roc(a->st, a->m);
}

/* The key was found with a packet behind this one, which it opens first. */
static void
date_event(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;

	if (p->events > 0 && p->event[p->events - 1].frame > a->m->frame)
		p->event[p->events - 1].frame = a->m->frame;
}

static int
opened(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream *st = a->st;

	if (slot->opened % GS_REFERENCE_EVERY == 0 &&
	    gs_srtp_slot_confirm(a, slot) == -1)
		return -1;
	if (st->prot.disagreed) {
		count_raw(a);
		return fail(a, GS_FAIL_REFERENCE);
	}
	if (slot->opened++ == 0) {
		gs_srtp_slot_begin(st, slot, a->index);
		date_event(a);
	}
	st->count.opened++;
	if (st->count.opened == 1)
		note_first(a);
	st->offered = gs_net_rtp_index(a->index, (uint16_t)st->offered);
	st->unopened = 0;
	found_way(st, a->m);
	judge_receiver(a, slot);
	gs_srtp_replay_keep(a, true);
	st->opened_ns = a->m->ns;
	if (a->index > slot->newest)
		slot->newest = a->index;
	a->o->p = a->out;
	a->o->n = a->n;
	a->o->ok = true;
	gs_srtp_stretch_add(st, GS_STRETCH_OPENED, slot->key.print, a->m);
	gs_srtp_key_span_add(a->s, st, slot, a->index, a->m->ns);
	count(a, a->index + slot->offset);
	return 0;
}

int
gs_srtp_unprotect_try(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_slot *slot = NULL;
	enum gs_srtp_result r = GS_SRTP_FAIL;

	if (st->prot.state == GS_STREAM_OPEN && !a->m->cut) {
		r = open_any(a, &slot);
		a->o->waits = r == GS_SRTP_FAIL && !a->m->overdue &&
		    gs_srtp_stream_waits(a->s, st, a->m);
	}
	if (a->o->waits)
		return 0;
	if (r == GS_SRTP_FAIL && begins_in_clear(a))
		gs_srtp_flow_restart(a->s, st);
	st->count.packets++;
	if (r == GS_SRTP_FAIL && st->count.opened == 0)
		return count_without_key(a);
	if (a->m->cut) {
		count_raw(a);
		return fail(a, GS_FAIL_CUT);
	}
	switch (r) {
	case GS_SRTP_OK: return opened(a, slot);
	case GS_SRTP_TROUBLE: return -1;
	case GS_SRTP_SHORT: return count_unopened(a, GS_FAIL_SHORT);
	case GS_SRTP_FAIL: break;
	}
	return count_unopened(a, GS_FAIL_AUTH);
}
