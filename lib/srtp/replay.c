/* SPDX-License-Identifier: MIT */
/* What a receiver does with packets that a key opens: it keeps one counter,
 * which only increases, and accepts each index once (RFC 3711 section 3.3). */
#include "base/bytes.h"
#include "srtp/stream_priv.h"

enum {
	BACK = 100, /* a packet further back than this is not reordered */
	ON = 4, /* greatest distance of the next packet in a sequence */
	FAR = 0x8000, /* receivers do not follow further ahead than this */
	TAIL = 8, /* octets of a packet that are compared */
};

static const uint64_t SECOND = 1000000000;
static const uint64_t FAST = 500000; /* ns between packets, at least */

/* ---- counters */

void
gs_srtp_event_add(struct gs_srtp_stream *st,
    const struct gs_srtp_stream_event *e)
{
	struct gs_srtp_stream_protection *p = &st->prot;
	struct gs_srtp_stream_event *to = &p->event[p->events];

	if (p->events == GS_STREAM_EVENTS) {
		p->events_dropped++;
		return;
	}
	*to = *e;
	memcpy(to->print, st->slot[0].key.print, sizeof(to->print));
	p->events++;
}

/* The number of packets that fit into ns of the stream. */
static uint64_t
room(const struct gs_srtp_stream *st, uint64_t ns)
{
	uint64_t clock = st->id.format.clock, each = FAST;

	if (clock > 0 && st->step > 0 && st->still * 4 < st->count.packets)
		each = st->step * SECOND / clock;
	return ns / (each > FAST ? each : FAST) + 1;
}

uint64_t
gs_srtp_replay_room(const struct gs_srtp_stream *st)
{
	const struct gs_srtp_stream_counts *c = &st->count;

	return room(st, c->end > c->start ? c->end - c->start : 0);
}

/* Notes that the sequence continues further back: the second packet there
 * proves it. */
static void
go_back(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream *st = a->st;
	uint16_t on = (uint16_t)(a->m->rtp.seq - (uint16_t)slot->newest);
	struct gs_srtp_stream_event e = { .kind = GS_EVENT_RESTART,
		.frame = slot->back_frame,
		.ns = a->m->ns,
		.roc = (uint32_t)(a->index >> 16),
		.old_roc = (uint32_t)(slot->newest >> 16) };

	if (on < BACK && e.roc != e.old_roc)
		e.kind = GS_EVENT_ROC_RESET;
	gs_srtp_event_add(st, &e);
	st->count.rejected++; /* the packet before this one */
	slot->rejected = true;
	slot->newest = a->index;
	slot->back = 0;
	st->stats.first = slot->back_first;
	slot->offset = st->stats.newest + 1 - a->index;
	gs_net_rtp_stats_restart(&st->stats);
}

/* Judges a packet that is not newer than those before. */
static void
look_back(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	uint64_t first = slot->back - 1;

	if (a->index + BACK > slot->newest)
		return;
	if (slot->back > 0 && a->index > first && a->index - first < ON) {
		go_back(a, slot);
		return;
	}
	slot->back = a->index + 1;
	slot->back_frame = a->m->frame;
	slot->back_first = a->st->stats.first;
}

/* Judges a newer packet. Receivers do not follow if the counter moved further
 * than packets could have been lost. */
static void
look_ahead(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream *st = a->st;
	uint64_t ahead = a->index - slot->highest;
	struct gs_srtp_stream_protection *p = &st->prot;
	struct gs_srtp_stream_event e = { .kind = GS_EVENT_ROC_JUMP,
		.frame = a->m->frame,
		.ns = a->m->ns,
		.roc = (uint32_t)(a->index >> 16),
		.old_roc = (uint32_t)(slot->highest >> 16) };
	uint64_t gone = a->m->ns > st->opened_ns ? a->m->ns - st->opened_ns : 0;

	slot->back = 0;
	if (ahead <= FAR || ahead <= 2 * room(st, gone))
		return;
	/* The search has already added the event. */
	if (p->events > 0 && p->event[p->events - 1].frame == e.frame)
		p->events--;
	gs_srtp_event_add(st, &e);
	slot->lost_track = true;
	slot->offset = st->stats.newest + 1 - a->index;
	gs_net_rtp_stats_restart(&st->stats);
}

void
gs_srtp_replay_judge(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	if (slot->opened == 1 && slot->highest == 0)
		slot->highest = a->index;
	else if (a->index > slot->highest)
		look_ahead(a, slot);
	else if (!slot->rejected)
		look_back(a, slot);
	if (a->index > slot->highest)
		slot->highest = a->index;
	else if (slot->rejected)
		a->st->count.rejected++;
	if (slot->lost_track)
		a->st->count.rejected++;
}

/* ---- copies under another header */

static uint64_t
tail_of(const struct gs_srtp_media_packet *m)
{
	const uint8_t *p = m->p + m->n - TAIL;

	return (uint64_t)gs_be32(p) << 32 | gs_be32(p + 4);
}

/* Notes that a packet of st, in frame, is a copy of one of another stream. */
static void
note_copy(struct gs_srtp_stream *st, uint64_t frame,
    const struct gs_srtp_stream *original)
{
	st->prot.relay_src = original->id.src;
	st->prot.relay_ssrc = original->id.ssrc;
	st->prot.relay_frame = frame;
}

/* a's packet ends like the one of t, and only one of them was opened. */
static void
compare(const struct gs_srtp_unprotecting *a, const struct gs_srtp_tail *t)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_stream *other = NULL;

	if (t->opened && st->prot.relay_src.version != 0)
		return;
	other = gs_srtp_flow_recent(a->s, t->stream);
	if (other == NULL ||
	    (other->id.ssrc == a->m->ssrc && t->seq == a->m->rtp.seq))
		return;
	if (t->opened)
		note_copy(st, a->m->frame, other);
	else if (other->prot.relay_src.version == 0)
		note_copy(other, t->frame, st);
}

/* Where the end of a packet is kept. */
static struct gs_srtp_tail *
place_of(const struct gs_srtp_unprotecting *a, uint64_t end)
{
	return &a->s->tail[end % GS_STREAM_TAILS];
}

void
gs_srtp_replay_ahead(const struct gs_srtp_unprotecting *a)
{
	if (a->m->n >= TAIL)
		__builtin_prefetch(place_of(a, tail_of(a->m)));
}

void
gs_srtp_replay_keep(struct gs_srtp_unprotecting *a, bool opened)
{
	const struct gs_srtp_media_packet *m = a->m;

	if (m->n < m->rtp.header + TAIL)
		return;
	uint64_t end = tail_of(m);
	struct gs_srtp_tail *t = place_of(a, end);
	bool alike = t->end == end && t->stream != 0 && t->opened != opened;

	if (alike)
		compare(a, t);
	if (opened || !alike)
		*t = (struct gs_srtp_tail){ .end = end,
			.frame = m->frame,
			.stream = a->st->id.id,
			.seq = m->rtp.seq,
			.opened = opened };
}
