/* SPDX-License-Identifier: MIT */
/* Opens the RTP packets of a stream, and searches when they no longer open. */
#include "base/diag.h"
#include "srtp/stream_priv.h"

enum {
	LATE = 100, /* packets that may overtake others */
	REFILL = 20, /* tries that each packet adds to the budget */
	WEAK_TRIES = 1000, /* with more, a 32-bit tag must be confirmed */
};

static const uint64_t SECOND = 1000000000;

uint32_t
gs_srtp_unprotect_roc(const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	return (uint32_t)(gs_net_rtp_index(st->offered, m->rtp.seq) >> 16);
}

/* ---- one packet, one key */

/* Estimates the counter by RFC 3711 section 3.3.1. Each neighbour costs two
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

/* Counts a packet whose index is not authenticated. */
static void
count_raw(struct gs_srtp_unprotecting *a)
{
	const struct gs_net_rtp_stats *stats = &a->st->stats;
	uint16_t seq = a->m->rtp.seq;

	count(a, stats->started ? gs_net_rtp_index(stats->newest, seq) : seq);
}

/* The packet is not opened, whatever comes later. */
static int
fail(struct gs_srtp_unprotecting *a, enum gs_srtp_stream_fail why)
{
	a->o->why = why;
	gs_srtp_stretch_doubt(a->st, why, a->m);
	gs_srtp_stretch_settle(a->st, 0);
	return 0;
}

/* The packet is not opened, unless the next ones show that it was not
 * encrypted. */
static int
doubt(struct gs_srtp_unprotecting *a, enum gs_srtp_stream_fail why)
{
	a->o->why = why;
	gs_srtp_stretch_doubt(a->st, why, a->m);
	return 0;
}

/* The packet was not encrypted, nor were those right before it that were like
 * it. */
static int
take_plain(struct gs_srtp_unprotecting *a)
{
	a->o->plain = true;
	gs_srtp_stretch_settle(a->st, gs_srtp_look_doubts(a));
	gs_srtp_stretch_plain(a->st, a->m);
	return 0;
}

/* ---- without a key */

/* Counts a packet of a stream that has no key yet. */
static int
count_without_key(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;

	count_raw(a);
	gs_srtp_replay_keep(a, false);
	gs_srtp_look_at(a);
	p->plain = gs_srtp_look_stream(a) && !p->sealed;
	p->by_size = p->plain && gs_srtp_look_by_size(a);
	a->o->sealed = a->st->look.is_sealed;
	a->o->plain = p->plain && gs_srtp_look_heard(a);
	if (a->m->cut)
		return fail(a, GS_FAIL_CUT);
	return gs_srtp_look_plain(a) ? take_plain(a) : doubt(a, GS_FAIL_KEY);
}

/* No key opens the packet: the sender may have continued without one. Judges
 * the failures in a row. */
static int
count_unopened(struct gs_srtp_unprotecting *a, enum gs_srtp_stream_fail why)
{
	gs_srtp_look_behind(a);
	if (!gs_srtp_look_plain(a))
		return doubt(a, why);
	count_raw(a);
	return take_plain(a);
}

/* Whether the packet, which no key of its stream opens, begins another call
 * that is not encrypted. */
static bool
begins_in_clear(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream *st = a->st;

	return st->count.opened > 0 && !a->m->cut && st->unopened == 0 &&
	    gs_srtp_look_alone(a) &&
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

/* Whether the packet begins another call, at the same addresses with the same
 * SSRC. */
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

/* Whether both ways differ in the key derivation rate alone. */
static bool
is_other_rate(const struct gs_srtp_scheme *a, const struct gs_srtp_scheme *b)
{
	struct gs_srtp_scheme x = *a;

	x.spec.kdr = b->spec.kdr;
	return a->spec.kdr != b->spec.kdr && gs_srtp_scheme_same(&x, b);
}

/* Tries the key in use without its key derivation rate, which some senders
 * announce and do not use. Before the first index at which keys are derived
 * again, both are the same. */
static bool
search_rate(struct gs_srtp_unprotecting *a, struct gs_srtp_search_job *q,
    uint32_t roc)
{
	const struct gs_srtp_slot *now = &a->st->slot[0];
	struct gs_srtp_scheme scheme = now->scheme;

	scheme.spec.kdr = 0;
	return now->scheme.spec.kdr > 0 &&
	    gs_srtp_search_rocs(&a->s->search, q, now->index, &scheme,
		(struct gs_srtp_rocs){ roc, roc + 1 });
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
	return search_rate(a, q, roc) ||
	    gs_srtp_search_next(search, q, now->index, roc,
		q->m->nth != st->failed_to ||
		    gs_srtp_backoff_near(a->s, st, a->m));
}

/* Tries the keys in use at other counters, up to a distance; then all keys. */
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

/* Begins a search for a's packet, which counts as a failure once. */
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

/* Begins to use hit's key. A receiver that had the key before rejects packets
 * below those that it opened. */
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

/* Uses the result of a search. Returns 0 or -1. */
static int
go_on(struct gs_srtp_unprotecting *a, const struct gs_srtp_search_hit *hit)
{
	uint32_t guess = gs_srtp_unprotect_roc(a->st, a->m);
	struct gs_srtp_scheme old = a->st->slot[0].scheme;
	bool same = a->st->slot[0].index == hit->key;

	a->index = (uint64_t)hit->roc << 16 | a->m->rtp.seq;
	if (is_other_call(a, hit)) {
		gs_srtp_flow_restart(a->s, a->st);
		return gs_srtp_slot_accept(a->s, a->st, hit, a->m->rtp.seq,
		    a->err);
	}
	if (go_on_with(a, hit) == -1)
		return -1;
	/* The very first packet changes nothing, even if it was opened after
	 * later ones; nor does a rate that was never used. */
	if ((a->st->count.opened > 0 || a->m->nth >= a->st->failed_to) &&
	    !(same && is_other_rate(&old, &hit->scheme)))
		note(a, hit, guess);
	a->st->slot[0].weak =
	    hit->scheme.form.tag == 4 && hit->tries > WEAK_TRIES;
	return 0;
}

/* Searches for the key or counter with which the stream continues. */
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

/* Whether one of the keys in use authenticates the packet, without opening
 * it. */
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
	/* A near counter is found again when the packet is opened. */
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

/* Whether a receiver that follows SDP derives other keys. */
static bool
is_derived_otherwise(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot)
{
	return slot->key.kdr > slot->scheme.spec.kdr &&
	    a->index >> slot->key.kdr > 0;
}

/* Whether a receiver that follows SDP expects tag and MKI elsewhere, or a
 * different MKI, or derives other keys. */
static bool
is_laid_out_otherwise(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot)
{
	const struct gs_srtp_form *seen = &slot->scheme.form;
	const struct gs_sdp_suite *said = slot->key.suite;

	return !has_said_mki(a->st, slot, a->m) ||
	    is_derived_otherwise(a, slot) || seen->mki != slot->key.mki_n ||
	    (said != NULL && seen->tag > 0 &&
		said->key == slot->scheme.spec.key &&
		said->tag_bits != 8u * seen->tag);
}

/* Notes what a receiver makes of a's packet, which slot opened. */
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

/* Notes the ROC of the first packet that was opened: its sender began before
 * the capture, unless the sequence wrapped that often in it. */
static void
note_first(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;

	p->roc_first = (uint32_t)(a->index >> 16);
	p->began_before = p->roc_first > gs_srtp_unprotect_roc(a->st, a->m);
}

/* Dates the event back if the key was found with a later packet, but opens this
 * one first. */
static void
date_event(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_protection *p = &a->st->prot;

	if (p->events > 0 && p->event[p->events - 1].frame > a->m->frame)
		p->event[p->events - 1].frame = a->m->frame;
}

/* Judges the packets in doubt before this one, which was opened. */
static void
settle(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;
	uint32_t header = a->m->rtp.header;

	st->led = a->n > header ? a->out[header] : -1;
	if (st->doubts > 0)
		gs_srtp_stretch_settle(st, gs_srtp_stretch_led(st));
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
	settle(a);
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
	gs_srtp_stretch_opened(st, slot->key.print, a->m);
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

	gs_srtp_replay_ahead(a);
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
