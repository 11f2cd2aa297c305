/* SPDX-License-Identifier: MIT */
/* Finds the stream of a packet, by addresses, SSRC and time; makes room in the
 * table. */
#include <stdlib.h>

#include "srtp/stream_priv.h"

enum {
	MOVED_AHEAD = 50, /* most packets that may be missing when a sender
			   * moves */
	MOVED_LOOK = 64, /* streams that are searched for the one that moved, */
	ROOM_LOOK = 64, /* and for one that can be removed */
	NEXT = 3000, /* packets that may be missing within a call */
	LATE = 100, /* packets that may overtake others */
};

static const uint64_t SECOND = 1000000000;

/* Where the table has streams with these addresses and SSRC. */
static inline struct gs_srtp_stream **
chain(struct gs_srtp_streams *s, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, uint32_t ssrc)
{
	uint64_t h = gs_net_addr_hash(src, dst, gs_hash_add(s->seed, ssrc));

	return &s->slot[h % GS_STREAM_SLOTS];
}

static bool
is_of(const struct gs_srtp_stream *st, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, uint32_t ssrc)
{
	return st->id.ssrc == ssrc && gs_net_addr_eq(&st->id.src, src) &&
	    gs_net_addr_eq(&st->id.dst, dst);
}

/* ---- the table's orders */

static void
unlink_keyless(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	if (st->keyless)
		gs_list_take(&s->keyless, &st->bare);
	st->keyless = false;
}

static void
link_keyless(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	gs_list_add(&s->keyless, &st->bare, st);
	st->keyless = true;
}

static bool
has_key(const struct gs_srtp_stream *st)
{
	return st->prot.state == GS_STREAM_OPEN || st->count.rtcp_opened > 0;
}

/* Makes st the one that was used last. */
static void
renew(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	gs_list_renew(&s->all, &st->use);
	if (st->keyless && has_key(st))
		unlink_keyless(s, st);
	else if (st->keyless)
		gs_list_renew(&s->keyless, &st->bare);
	s->last = st;
}

static void
link_hash(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	struct gs_srtp_stream **at =
	    chain(s, &st->id.src, &st->id.dst, st->id.ssrc);

	st->next = *at;
	*at = st;
}

static void
unlink_hash(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	struct gs_srtp_stream **at =
	    chain(s, &st->id.src, &st->id.dst, st->id.ssrc);

	while (*at != st)
		at = &(*at)->next;
	*at = st->next;
	if (s->last == st)
		s->last = NULL;
}

/* ---- a stream's life */

/* Notes whether the tries ran out for a packet of the stream that is not
 * opened, and whether a stream without a key was given up: no packet was tried
 * with all keys at all counters. */
static void
note_stopped(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	const struct gs_srtp_stream_counts *c = &st->count;

	if (c->failed[GS_FAIL_AUTH] > 0 ||
	    (c->failed[GS_FAIL_KEY] > 0 &&
		(c->opened > 0 || !st->prot.plain))) {
		s->stopped |= st->cut_short;
		st->prot.gave_up |= st->cut_short && c->opened > 0;
	}
	if (st->prot.state != GS_STREAM_TRIED || st->prot.plain ||
	    st->tried == 0 || c->failed[GS_FAIL_KEY] == 0)
		return;
	if (!s->options.roc_fixed && st->failing > 0 && !st->tried_all)
		st->prot.gave_up = s->stopped = true;
}

static void
finish(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	gs_srtp_stretch_settle(st, gs_srtp_stretch_led(st));
	note_stopped(s, st);
	if (st->started && s->done != NULL)
		s->done(s->arg, st);
	gs_srtp_slots_free(s, st);
}

void
gs_srtp_flow_end(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	finish(s, st);
	unlink_hash(s, st);
	gs_list_take(&s->all, &st->use);
	unlink_keyless(s, st);
	s->n--;
	free(st);
}

void
gs_srtp_flow_restart(struct gs_srtp_streams *s, struct gs_srtp_stream *st)
{
	finish(s, st);
	*st = (struct gs_srtp_stream){
		.id = { .id = ++s->ids,
		    .src = st->id.src,
		    .dst = st->id.dst,
		    .ssrc = st->id.ssrc,
		    .rtp = st->id.rtp,
		    .type = st->id.type,
		    .format = st->id.format },
		.prot = { .state = GS_STREAM_TRIED,
		    .announced_secure = st->prot.announced_secure,
		    .announced_plain = st->prot.announced_plain,
		    .announced_dtls = st->prot.announced_dtls,
		    .announced_hidden = st->prot.announced_hidden },
		.next = st->next,
		.use = st->use,
		.keyless = st->keyless,
		.led = -1,
		.bare = st->bare,
		.announced = st->announced,
		.held = st->held,
		.offered = st->offered,
		.offered_ns = st->offered_ns,
		.budget = st->budget,
		.offers = st->offers,
		.failed_to = st->failed_to,
		.searched = st->searched,
		.paced_time = st->paced_time,
		.paced_seq = st->paced_seq,
	};
	if (!st->keyless)
		link_keyless(s, st);
}

/* Whether the other direction of st continued after the last packet of st. */
static bool
is_answered(struct gs_srtp_streams *s, const struct gs_srtp_stream *st)
{
	const struct gs_srtp_stream *x = gs_list_item(s->all.newest);
	uint64_t end = st->count.end;

	for (int i = 0; x != NULL && i < MOVED_LOOK;
	     x = gs_list_item(x->use.older), i++)
		if (x->started && x->count.start <= end &&
		    x->count.end > end + SECOND &&
		    gs_net_addr_eq(&x->id.src, &st->id.dst) &&
		    gs_net_addr_eq(&x->id.dst, &st->id.src))
			return true;
	return false;
}

bool
gs_srtp_flow_goes_on(const struct gs_srtp_media_packet *m, uint64_t newest)
{
	uint16_t on = (uint16_t)(m->rtp.seq - (uint16_t)newest);

	return on <= NEXT || (uint16_t)-on <= LATE;
}

bool
gs_srtp_flow_breaks(struct gs_srtp_streams *s, const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, uint64_t newest)
{
	return st->started && m->ns > st->count.end + 2 * SECOND &&
	    !gs_srtp_flow_goes_on(m, newest) && !is_answered(s, st);
}

bool
gs_srtp_flow_begins(struct gs_srtp_streams *s, const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, uint64_t newest)
{
	const struct gs_net_rtp_stats *last = &st->stats;
	uint32_t clock = st->id.format.clock;

	if (!last->started || !gs_srtp_flow_breaks(s, st, m, newest))
		return false;
	int64_t passed = (int64_t)((m->ns - last->ns) / 1000000 * clock / 1000);
	int64_t off = (int32_t)(m->rtp.time - last->time - (uint32_t)passed);

	return clock == 0 || off > clock || -off > clock;
}

void
gs_srtp_flow_note(struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	if (!st->started) {
		st->started = true;
		st->id.file = m->file;
		st->count.first_frame = m->frame;
		st->count.start = m->ns;
	}
	st->count.last_frame = m->frame;
	st->count.end = m->ns;
}

/* The idlest stream without a key, preferably one that is still unsure. */
static struct gs_srtp_stream *
find_keyless(struct gs_srtp_streams *s)
{
	struct gs_srtp_stream *found = NULL;
	struct gs_link *l = s->keyless.oldest;

	for (int i = 0; l != NULL && i < ROOM_LOOK;) {
		struct gs_srtp_stream *st = l->item;

		l = l->newer;
		if (has_key(st)) {
			unlink_keyless(s, st);
			continue;
		}
		i++;
		if (st->held > 0)
			continue;
		if (found == NULL || st->prot.state == GS_STREAM_UNSURE)
			found = st;
		if (st->prot.state == GS_STREAM_UNSURE)
			break;
	}
	return found;
}

/* Makes room for one more; streams with a key are removed last. If all have
 * waiting packets, the table may grow: their memory is bounded. */
static void
make_room(struct gs_srtp_streams *s)
{
	struct gs_srtp_stream *st = find_keyless(s);

	if (st == NULL) {
		st = gs_list_item(s->all.oldest);
		for (int i = 0; st != NULL && st->held > 0;
		     st = gs_list_item(st->use.newer))
			if (++i == ROOM_LOOK)
				return;
	}
	if (st == NULL)
		return;
	s->let_go.streams++;
	s->let_go.unsure += st->prot.state == GS_STREAM_UNSURE;
	gs_srtp_flow_end(s, st);
}

static struct gs_srtp_stream *
create(struct gs_srtp_streams *s, const struct gs_srtp_media_packet *m)
{
	if (s->n >= GS_STREAMS_MAX)
		make_room(s);
	struct gs_srtp_stream *st = calloc(1, sizeof(*st));

	if (st == NULL)
		return NULL;
	st->id.src = m->src;
	st->id.dst = m->dst;
	st->id.ssrc = m->ssrc;
	st->id.id = ++s->ids;
	st->budget = gs_srtp_search_share(&s->search);
	st->led = -1;
	link_hash(s, st);
	gs_list_add(&s->all, &st->use, st);
	link_keyless(s, st);
	s->n++;
	return st;
}

/* What is known of the packets of a payload type; NULL: there are none. */
static const struct gs_srtp_stream_type *
find_type(const struct gs_srtp_stream *st, uint8_t type)
{
	for (size_t i = 0; i < st->types; i++)
		if (st->type[i].format.type == type)
			return &st->type[i];
	return NULL;
}

const struct gs_sdp_rtpmap *
gs_srtp_stream_format(const struct gs_srtp_stream *st, uint8_t type)
{
	const struct gs_srtp_stream_type *t = find_type(st, type);

	return t != NULL ? &t->format : NULL;
}

uint8_t
gs_srtp_flow_kind(const struct gs_srtp_stream *st, uint8_t type)
{
	const struct gs_srtp_stream_type *t = find_type(st, type);

	return t != NULL ? t->frames : type;
}

/* ---- finding */

static struct gs_srtp_stream *
find(struct gs_srtp_streams *s, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, uint32_t ssrc)
{
	if (s->last != NULL && is_of(s->last, src, dst, ssrc))
		return s->last;
	for (struct gs_srtp_stream *st = *chain(s, src, dst, ssrc); st != NULL;
	     st = st->next)
		if (is_of(st, src, dst, ssrc))
			return st;
	return NULL;
}

struct gs_srtp_stream *
gs_srtp_flow_recent(struct gs_srtp_streams *s, uint32_t id)
{
	struct gs_srtp_stream *st = gs_list_item(s->all.newest);

	for (int i = 0; st != NULL && i < MOVED_LOOK && st->id.id != id; i++)
		st = gs_list_item(st->use.older);
	return st != NULL && st->id.id == id ? st : NULL;
}

/* The stream of m's SSRC between the ports that are step away from m's. */
static struct gs_srtp_stream *
find_beside(struct gs_srtp_streams *s, const struct gs_srtp_media_packet *m,
    int step)
{
	struct gs_net_addr src = m->src, dst = m->dst;

	src.port = (uint16_t)(src.port + step);
	dst.port = (uint16_t)(dst.port + step);
	return find(s, &src, &dst, m->ssrc);
}

/* The stream of an RTCP packet: multiplexed, or on the port below (RFC 3550
 * section 11). */
static struct gs_srtp_stream *
find_for_rtcp(struct gs_srtp_streams *s, const struct gs_srtp_media_packet *m)
{
	struct gs_srtp_stream *st = find(s, &m->src, &m->dst, m->ssrc);

	return st != NULL ? st : find_beside(s, m, -1);
}

static void
set_addresses(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	unlink_hash(s, st);
	st->id.src = m->src;
	st->id.dst = m->dst;
	link_hash(s, st);
}

static bool
goes_on(const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	uint16_t ahead = (uint16_t)(m->rtp.seq - (uint16_t)st->offered);

	return st->id.rtp && st->id.ssrc == m->ssrc &&
	    gs_net_addr_eq(&st->id.src, &m->src) &&
	    st->id.dst.port == m->dst.port && ahead > 0 &&
	    ahead <= MOVED_AHEAD && m->ns >= st->offered_ns &&
	    m->ns - st->offered_ns < 5000000000;
}

/* The stream that continues at another address with the same port. */
static struct gs_srtp_stream *
find_moved(struct gs_srtp_streams *s, const struct gs_srtp_media_packet *m)
{
	struct gs_srtp_stream *st = gs_list_item(s->all.newest);

	for (int i = 0; st != NULL && !goes_on(st, m);
	     st = gs_list_item(st->use.older))
		if (++i == MOVED_LOOK)
			return NULL;
	if (st == NULL)
		return NULL;
	st->id.moved_from = st->id.dst;
	st->id.moved_frame = m->frame;
	set_addresses(s, st, m);
	return st;
}

/* Finds the stream of RTP. If only its RTCP was seen before, takes over that
 * record. */
static struct gs_srtp_stream *
find_for_rtp(struct gs_srtp_streams *s, const struct gs_srtp_media_packet *m)
{
	struct gs_srtp_stream *st = find(s, &m->src, &m->dst, m->ssrc);

	if (st != NULL)
		return st;
	st = find_beside(s, m, 1);
	if (st == NULL || st->id.rtp)
		return find_moved(s, m);
	set_addresses(s, st, m);
	return st;
}

struct gs_srtp_stream *
gs_srtp_flow_find(struct gs_srtp_streams *s,
    const struct gs_srtp_media_packet *m)
{
	struct gs_srtp_stream *st =
	    m->rtcp ? find_for_rtcp(s, m) : find_for_rtp(s, m);

	if (st == NULL)
		st = create(s, m);
	if (st != NULL && s->last != st)
		renew(s, st);
	return st;
}
