/* SPDX-License-Identifier: MIT */
/* Link layers, and what stands between them and IP. */
#include "net/walk_priv.h"

enum { LLC_MAX = 1500 };

static unsigned
ethertype(struct walk *w)
{
	if (!has(w, 2))
		return AT_END;
	w->at += 2;
	return be16(w->p + w->at - 2);
}

/* Also 802.3 with LLC and SNAP (RFC 1042). */
unsigned
gs_walk_ethernet(struct walk *w)
{
	if (!has(w, 14))
		return AT_END;
	unsigned type = be16(w->p + w->at + 12);
	w->at += 14;
	if (type > LLC_MAX)
		return type;
	if (!has(w, 8) || memcmp(w->p + w->at, "\xaa\xaa\x03\0\0\0", 6) != 0)
		return stop(w, GS_FRAME_OTHER);
	if (add_layer(w, GS_LAYER_LENGTH, w->at - 2, w->at) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += 6;
	return ethertype(w);
}

unsigned
gs_walk_vlan(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	w->at += 2;
	return ethertype(w);
}

static bool
is_known(unsigned type)
{
	return type == TYPE_IPV4 || type == TYPE_IPV6 || type == TYPE_VLAN ||
	    type == TYPE_QINQ || type == TYPE_PPPOE || type == TYPE_MPLS;
}

/* RFC 3032. Behind the bottom of the stack is IP or an Ethernet frame, with
 * (RFC 4385) or without a control word; nothing says which. */
unsigned
gs_walk_mpls(struct walk *w)
{
	bool bottom = false;

	while (!bottom) {
		if (!has(w, 4))
			return AT_END;
		bottom = w->p[w->at + 2] & 1;
		w->at += 4;
	}
	if (!has(w, 1))
		return AT_END;
	unsigned version = w->p[w->at] >> 4;
	if (version == 4 || version == 6)
		return AT_IP;
	if (!has(w, 14))
		return AT_END;
	if (version == 0 && !is_known(be16(w->p + w->at + 12)))
		w->at += 4;
	return TYPE_TEB;
}

/* RFC 1661; address and control bytes may be there. */
unsigned
gs_walk_ppp(struct walk *w)
{
	if (has(w, 2) && be16(w->p + w->at) == 0xff03)
		w->at += 2;
	if (!has(w, 2))
		return AT_END;
	unsigned protocol = be16(w->p + w->at);
	w->at += 2;
	switch (protocol) {
	case 0x0021: return TYPE_IPV4;
	case 0x0057: return TYPE_IPV6;
	case 0x0281: return TYPE_MPLS;
	default: return stop(w, GS_FRAME_OTHER);
	}
}

/* RFC 2516 section 4, session stage. */
unsigned
gs_walk_pppoe(struct walk *w)
{
	if (!has(w, 6))
		return AT_END;
	size_t at = w->at;
	size_t length = be16(w->p + at + 4);
	if (w->p[at] != 0x11 || w->p[at + 1] != 0)
		return stop(w, GS_FRAME_OTHER);
	if (add_layer(w, GS_LAYER_LENGTH, at + 4, at + 6) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += 6;
	set_end(w, w->at + length);
	return AT_PPP;
}

/* The family of NULL is in the order of the machine that captured, of LOOP
 * in network order; either may be met. */
static unsigned
loopback(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	uint32_t family = be32(w->p + w->at);
	if (family > 0xffff)
		family = le32(w->p + w->at);
	w->at += 4;
	switch (family) {
	case 2: return TYPE_IPV4;
	case 10:
	case 24:
	case 28:
	case 30: return TYPE_IPV6;
	default: return stop(w, GS_FRAME_OTHER);
	}
}

/* A header of 4 bytes, then attributes in the order of the machine that
 * captured; number 9 is the packet. */
static unsigned
nflog(struct walk *w)
{
	if (!has(w, 8))
		return AT_END;
	size_t start = w->at + 4, at = start;
	/* Types are below 256. */
	bool little = w->p[at + 3] == 0;
	while (at <= w->n && w->n - at >= 4) {
		const uint8_t *h = w->p + at;
		size_t length = little ? le16(h) : be16(h);
		unsigned type = little ? le16(h + 2) : be16(h + 2);
		if (length < 4)
			return stop(w, GS_FRAME_MALFORMED);
		if (type == 9) {
			w->at = at + 4;
			if (w->at > GS_FRAME_HEADERS ||
			    add_layer(w,
				little ? GS_LAYER_LENGTH_LE : GS_LAYER_LENGTH,
				at, at) == NULL)
				return stop(w, GS_FRAME_OTHER);
			return AT_IP;
		}
		at += (length + 3) & ~(size_t)3;
	}
	return stop(w, GS_FRAME_OTHER);
}

static unsigned
cooked(struct walk *w, size_t type, size_t size)
{
	if (!has(w, size))
		return AT_END;
	size_t at = w->at + type;
	w->at += size;
	return be16(w->p + at);
}

unsigned
gs_walk_link(struct walk *w, uint32_t link)
{
	switch (link) {
	case GS_LINK_ETHERNET: return TYPE_TEB;
	case GS_LINK_SLL: return cooked(w, 14, 16);
	case GS_LINK_SLL2: return cooked(w, 0, 20);
	case GS_LINK_RAW_BSD:
	case GS_LINK_RAW_OPENBSD:
	case GS_LINK_RAW:
	case GS_LINK_IPV4:
	case GS_LINK_IPV6: return AT_IP;
	case GS_LINK_NULL:
	case GS_LINK_LOOP: return loopback(w);
	case GS_LINK_PPP: return AT_PPP;
	case GS_LINK_NFLOG: return nflog(w);
	default: w->f->unread = true; return stop(w, GS_FRAME_OTHER);
	}
}
