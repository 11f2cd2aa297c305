/* SPDX-License-Identifier: MIT */
/* A stream as a sequence of stretches: unencrypted, under a key, or not
 * opened. */
#include "srtp/stream_priv.h"

enum { SURE = 3 }; /* packets in a row that begin another stretch */

static bool
is_of(const struct gs_srtp_stretch *x, enum gs_srtp_stretch_kind kind,
    const char *print)
{
	return x->packets > 0 && x->kind == kind &&
	    memcmp(x->print, print, sizeof(x->print)) == 0;
}

static void
begin(struct gs_srtp_stretch *x, enum gs_srtp_stretch_kind kind,
    const char *print, const struct gs_srtp_media_packet *m)
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
extend(struct gs_srtp_stretch *x, const struct gs_srtp_media_packet *m)
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

void
gs_srtp_stretch_add(struct gs_srtp_stream *st, enum gs_srtp_stretch_kind kind,
    const char print[9], const struct gs_srtp_media_packet *m)
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
