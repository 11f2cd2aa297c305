/* SPDX-License-Identifier: MIT */
/* The walk from header to header: what frame, link and tunnel share. */
#ifndef GSPROV_NET_WALK_PRIV_H
#define GSPROV_NET_WALK_PRIV_H

#include "base/bytes.h"
#include "frame_priv.h"

/* What stands at the cursor: an Ethernet type, or one of these. */
enum {
	TYPE_IPV4 = 0x0800,
	TYPE_TEB = 0x6558, /* an Ethernet frame */
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UP = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_ERSPAN2 = 0x88be, /* type I, too */
	TYPE_ERSPAN3 = 0x22eb,
	TYPE_QINQ_OLD = 0x9100,
	AT_IP = 0x10000, /* the version tells which */
	AT_PPP,
	AT_UDP,
	AT_TCP,
	AT_GRE,
	AT_FRAGMENT,
	AT_END, /* f->kind says why */
};

/* The walk through one frame. */
struct walk {
	struct gs_frame *f;
	const uint8_t *p;
	size_t at;
	size_t n; /* bytes that are there of what the headers allow */
	size_t end; /* where the headers say it ends; may be behind n */
	bool tunnel; /* t->outer is what to fall back to */
	struct gs_frames *t;
};

/* Every step reads the header at w->at, moves behind it and returns what
 * stands there; AT_END with f->kind set when it can not. */

static inline unsigned
stop(struct walk *w, enum gs_frame_kind kind)
{
	w->f->kind = kind;
	return AT_END;
}

/* Whether n bytes are at the cursor; if not, f->kind says why. */
static inline bool
has(struct walk *w, size_t n)
{
	if (w->at <= w->n && w->n - w->at >= n)
		return true;
	w->f->kind = w->at <= w->end && w->end - w->at >= n ?
	    GS_FRAME_SHORT :
	    GS_FRAME_MALFORMED;
	return false;
}

/* What is behind end does not belong to the packet. */
static inline void
set_end(struct walk *w, size_t end)
{
	w->end = end;
	if (w->n > end)
		w->n = end;
}

static inline struct gs_layer *
add_layer(struct walk *w, enum gs_layer_kind kind, size_t at, size_t base)
{
	if (w->f->layers == GS_FRAME_LAYERS)
		return NULL;
	struct gs_layer *l = &w->f->layer[w->f->layers++];
	l->kind = (uint8_t)kind;
	l->ip = 0;
	l->at = (uint16_t)at;
	l->base = (uint16_t)base;
	l->dst = 0;
	return l;
}

/* The first step, by the link type of the capture. */
unsigned gs_walk_link(struct walk *w, uint32_t link);

/* Steps that are between the link and IP. */
unsigned gs_walk_ethernet(struct walk *w);
unsigned gs_walk_vlan(struct walk *w);
unsigned gs_walk_mpls(struct walk *w);
unsigned gs_walk_ppp(struct walk *w);
unsigned gs_walk_pppoe(struct walk *w);

/* Steps into tunnels. gs_walk_overlay() is for what the UDP payload at the
 * cursor holds, f->length bytes for this port; AT_END: no tunnel. */
unsigned gs_walk_gre(struct walk *w);
bool gs_walk_is_overlay(unsigned port);
unsigned gs_walk_overlay(struct walk *w, unsigned port);

#endif
