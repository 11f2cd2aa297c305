/* SPDX-License-Identifier: MIT */
/* A stream as a sequence of stretches: unencrypted, under a key, or not opened;
 * and the last packets, as long as it is not certain which of these. */
#include "srtp/stream_priv.h"

enum { SURE = 3 }; /* packets in a row that begin another stretch */

static const char NO_KEY[9] = "";

static bool
is_of(const struct gs_srtp_stretch *x, enum gs_srtp_stretch_kind kind,
    const char *print)
{
	return x->packets > 0 && x->kind == kind &&
	    memcmp(x->print, print, sizeof(x->print)) == 0;
}

static void
begin(struct gs_srtp_stretch *x, enum gs_srtp_stretch_kind kind,
    const char *print, const struct gs_srtp_doubt *m)
{
	*x = (struct gs_srtp_stretch){ .kind = kind,
		.packets = 1,
		.first_frame = m->frame,
		.last_frame = m->frame,
		.start = m->ns,
		.end = m->ns };
	memcpy(x->print, print, sizeof(x->print));
}

static void
extend(struct gs_srtp_stretch *x, const struct gs_srtp_doubt *m)
{
	x->packets++;
	x->last_frame = m->frame;
	x->end = m->ns;
}

/* Adds x. The first ones stay, and the last. */
static void
put(struct gs_srtp_stream_protection *p, const struct gs_srtp_stretch *x)
{
	if (p->stretches == GS_STREAM_STRETCHES) {
		p->stretches_dropped++;
		p->stretches--;
	}
	p->stretch[p->stretches++] = *x;
}

/* Adds m as the next packet of st, of a kind, under a key or "". */
static void
add(struct gs_srtp_stream *st, enum gs_srtp_stretch_kind kind,
    const char *print, const struct gs_srtp_doubt *m)
{
	struct gs_srtp_stream_protection *p = &st->prot;
	struct gs_srtp_stretch *now =
	    p->stretches > 0 ? &p->stretch[p->stretches - 1] : NULL;
	struct gs_srtp_stretch *next = &st->next_stretch;

	if (now == NULL) {
		begin(next, kind, print, m);
		put(p, next);
		next->packets = 0;
	} else if (is_of(now, kind, print)) {
		now->others += next->packets;
		next->packets = 0;
		extend(now, m);
	} else if (is_of(next, kind, print)) {
		extend(next, m);
		if (next->packets == SURE) {
			put(p, next);
			next->packets = 0;
		}
	} else {
		now->others += next->packets;
		begin(next, kind, print, m);
	}
}

void
gs_srtp_stretch_opened(struct gs_srtp_stream *st, const char print[9],
    const struct gs_srtp_media_packet *m)
{
	add(st, GS_STRETCH_OPENED, print,
	    &(struct gs_srtp_doubt){ .frame = m->frame, .ns = m->ns });
}

static void
add_plain(struct gs_srtp_stream *st, const struct gs_srtp_doubt *d)
{
	struct gs_srtp_stream_counts *c = &st->count;

	add(st, GS_STRETCH_PLAIN, NO_KEY, d);
	if (c->opened == 0) {
		c->plain_before++;
		c->plain_until = d->frame;
	} else if (c->plain_behind++ == 0)
		c->plain_from = d->frame;
}

void
gs_srtp_stretch_plain(struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	add_plain(st,
	    &(struct gs_srtp_doubt){ .frame = m->frame, .ns = m->ns });
}

static void
add_failed(struct gs_srtp_stream *st, const struct gs_srtp_doubt *d)
{
	struct gs_srtp_stream_counts *c = &st->count;

	add(st, GS_STRETCH_CLOSED, NO_KEY, d);
	if (c->first_failed_frame == 0)
		c->first_failed_frame = d->frame;
	c->failed[d->why]++;
}

void
gs_srtp_stretch_doubt(struct gs_srtp_stream *st, enum gs_srtp_stream_fail why,
    const struct gs_srtp_media_packet *m)
{
	if (st->doubts == GS_STREAM_DOUBTS) {
		add_failed(st, &st->doubt[0]);
		memmove(st->doubt, st->doubt + 1,
		    --st->doubts * sizeof(st->doubt[0]));
	}
	st->doubt[st->doubts++] = (struct gs_srtp_doubt){ .frame = m->frame,
		.ns = m->ns,
		.why = why,
		.begins = st->look.begins };
}

unsigned
gs_srtp_stretch_led(const struct gs_srtp_stream *st)
{
	enum { LEAST = 2 }; /* one may begin so by accident */
	const struct gs_srtp_slot *slot = &st->slot[0];
	unsigned n = 0;

	if (st->slots == 0 || slot->scheme.form.clear ||
	    slot->scheme.spec.cipher == GS_SRTP_NULL)
		return 0;
	while (n < st->doubts && st->led >= 0 &&
	    st->doubt[st->doubts - 1 - n].begins == st->led)
		n++;
	return n < LEAST ? 0 : n;
}

void
gs_srtp_stretch_settle(struct gs_srtp_stream *st, unsigned plain)
{
	for (unsigned i = 0; i < st->doubts; i++)
		if (i + plain < st->doubts)
			add_failed(st, &st->doubt[i]);
		else
			add_plain(st, &st->doubt[i]);
	/* Those before the first key have been counted as received. */
	if (st->count.opened > 0)
		st->uncounted += plain;
	st->doubts = 0;
}
