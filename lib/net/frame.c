/* SPDX-License-Identifier: MIT */
/* Frames: from the link layer down to a UDP or TCP payload. */
#include "net/frame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "net/capture.h"
#include "net/frame_priv.h"

enum { STEPS = 48, NESTED = 4 };

/* What is at the cursor: an Ethernet type, or one of these. */
enum {
	TYPE_TEB = 0x6558, /* an Ethernet frame */
	TYPE_VLAN = 0x8100,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UP = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_PPTP = 0x880b,
	TYPE_QINQ = 0x88a8,
	TYPE_ERSPAN2 = 0x88be, /* type I, too */
	TYPE_ERSPAN3 = 0x22eb,
	TYPE_QINQ_OLD = 0x9100,
	TYPE_QINQ_OLDER = 0x9200,
	AT_IP = 0x10000, /* IPv4 or IPv6, by version */
	AT_PPP,
	AT_UDP,
	AT_TCP,
	AT_GRE,
	AT_AH,
	AT_TYPE, /* an Ethernet type */
	AT_SNAP,
	AT_FRAME_RELAY,
	AT_L2TP,
	AT_WIRELESS, /* 802.11 */
	AT_LINK, /* the header of another link type */
	AT_FRAGMENT,
	AT_END, /* f->kind says why */
};

/* The walk through one frame. */
struct walk {
	struct gs_net_frame *f;
	const uint8_t *p;
	size_t at;
	size_t n; /* bytes that are present and that the headers allow */
	size_t end; /* its end by the headers; may be beyond n */
	bool tunnel; /* t->outer is what to fall back to */
	struct gs_net_frames *t;
};

/* Each step reads the header at w->at, moves past it and returns what follows;
 * AT_END with f->kind set if it cannot. */

static unsigned
stop(struct walk *w, enum gs_net_frame_kind kind)
{
	w->f->kind = kind;
	return AT_END;
}

/* Whether n bytes are at the cursor; if not, f->kind tells why. */
static bool
has(struct walk *w, size_t n)
{
	if (w->at <= w->n && w->n - w->at >= n)
		return true;
	w->f->kind = w->at <= w->end && w->end - w->at >= n ?
	    GS_FRAME_SHORT :
	    GS_FRAME_MALFORMED;
	return false;
}

/* What follows end does not belong to the packet. */
static void
set_end(struct walk *w, size_t end)
{
	w->end = end;
	if (w->n > end)
		w->n = end;
}

static struct gs_net_layer *
add_layer(struct walk *w, enum gs_net_layer_kind kind, size_t at, size_t base)
{
	if (w->f->layers == GS_FRAME_LAYERS)
		return NULL;
	struct gs_net_layer *l = &w->f->layer[w->f->layers++];
	l->kind = (uint8_t)kind;
	l->ip = 0;
	l->at = (uint16_t)at;
	l->base = (uint16_t)base;
	l->dst = 0;
	return l;
}

/* ---- between link and IP */

enum { LLC_MAX = 1500 };

static unsigned
ethertype(struct walk *w)
{
	if (!has(w, 2))
		return AT_END;
	w->at += 2;
	return gs_be16(w->p + w->at - 2);
}

/* Whether p is the organization and the protocol in SNAP of an Ethernet frame
 * that is bridged, with its checksum or without it (RFC 2684 section 5.2, RFC
 * 2427 section 4.2). */
static bool
is_bridged(const uint8_t *p)
{
	enum { FCS = 1, NO_FCS = 7 };

	return memcmp(p, "\0\x80\xc2\0", 4) == 0 &&
	    (p[4] == FCS || p[4] == NO_FCS);
}

/* LLC and SNAP (RFC 1042). A bridged frame follows two octets. */
static unsigned
snap(struct walk *w)
{
	enum { LLC = 3, BRIDGED = 8 + 2 };

	if (has(w, BRIDGED) && memcmp(w->p + w->at, "\xaa\xaa\x03", LLC) == 0 &&
	    is_bridged(w->p + w->at + LLC)) {
		w->at += BRIDGED;
		return TYPE_TEB;
	}
	if (!has(w, 8) || memcmp(w->p + w->at, "\xaa\xaa\x03\0\0\0", 6) != 0)
		return stop(w, GS_FRAME_OTHER);
	w->at += 6;
	return ethertype(w);
}

/* Also 802.3. */
static unsigned
ethernet(struct walk *w)
{
	if (!has(w, 14))
		return AT_END;
	unsigned type = gs_be16(w->p + w->at + 12);
	w->at += 14;
	if (type > LLC_MAX)
		return type;
	if (add_layer(w, GS_LAYER_LENGTH, w->at - 2, w->at) == NULL)
		return stop(w, GS_FRAME_OTHER);
	return snap(w);
}

static unsigned
vlan(struct walk *w)
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

/* RFC 3032. After the bottom of the stack comes IP or an Ethernet frame, with
 * (RFC 4385) or without a control word; nothing tells which. */
static unsigned
mpls(struct walk *w)
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
	if (version == 0 && !is_known(gs_be16(w->p + w->at + 12)))
		w->at += 4;
	return TYPE_TEB;
}

/* RFC 1661; address and control bytes may be there, and a protocol whose first
 * byte is 0 may be compressed to the second, which is odd. */
static unsigned
ppp(struct walk *w)
{
	if (has(w, 2) && gs_be16(w->p + w->at) == 0xff03)
		w->at += 2;
	if (!has(w, 2))
		return AT_END;
	unsigned protocol = gs_be16(w->p + w->at);
	bool compressed = (protocol & 0x100) != 0;
	if (compressed)
		protocol >>= 8;
	w->at += compressed ? 1 : 2;
	switch (protocol) {
	case 0x0021: return TYPE_IPV4;
	case 0x0057: return TYPE_IPV6;
	case 0x0281: return TYPE_MPLS;
	default: return stop(w, GS_FRAME_OTHER);
	}
}

/* RFC 2516 section 4, session stage. */
static unsigned
pppoe(struct walk *w)
{
	if (!has(w, 6))
		return AT_END;
	size_t at = w->at;
	size_t length = gs_be16(w->p + at + 4);
	if (w->p[at] != 0x11 || w->p[at + 1] != 0)
		return stop(w, GS_FRAME_OTHER);
	if (add_layer(w, GS_LAYER_LENGTH, at + 4, at + 6) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += 6;
	set_end(w, w->at + length);
	return AT_PPP;
}

/* The family is in the byte order of the capturing machine for NULL, in
 * network order for LOOP; either may occur. */
static unsigned
loopback(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	uint32_t family = gs_be32(w->p + w->at);
	if (family > 0xffff)
		family = gs_le32(w->p + w->at);
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

/* A header of 4 bytes, then attributes in the byte order of the capturing
 * machine; number 9 is the packet. */
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
		size_t length = little ? gs_le16(h) : gs_be16(h);
		unsigned type = little ? gs_le16(h + 2) : gs_be16(h + 2);
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
	return gs_be16(w->p + at);
}

/* What is not read may contain a packet. */
static unsigned
pass_over(struct walk *w, enum gs_net_unread why)
{
	w->f->unread = why;
	return stop(w, GS_FRAME_OTHER);
}

/* IEEE 802.11-2020 section 9.2.4: data frames with one packet. Of those with
 * several, transport is the octet that says so, and payload the first. */
static unsigned
wireless(struct walk *w, bool padded)
{
	enum { DATA = 2, NO_DATA = 4, QOS = 8, AGGREGATE = 0x80 };
	enum { BOTH_DS = 3, MORE = 4, PROTECTED = 0x40, HT_CONTROL = 0x80 };
	size_t size = 24;

	if (!has(w, size))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	unsigned subtype = h[0] >> 4;
	bool several = false;

	if ((h[0] >> 2 & 3) != DATA || (subtype & NO_DATA) != 0)
		return stop(w, GS_FRAME_OTHER);
	if ((h[1] & PROTECTED) != 0)
		return pass_over(w, GS_UNREAD_CIPHERED);
	if ((h[1] & MORE) != 0 || (h[22] & 15) != 0)
		return pass_over(w, GS_UNREAD_FRAGMENT);
	size += (h[1] & BOTH_DS) == BOTH_DS ? 6 : 0;
	if ((subtype & QOS) != 0) {
		if (!has(w, size + 2))
			return AT_END;
		several = (h[size] & AGGREGATE) != 0;
		w->f->transport = (uint16_t)(w->at + size);
		size += (h[1] & HT_CONTROL) != 0 ? 6 : 2;
	}
	if (padded)
		size = (size + 3) & ~(size_t)3;
	if (!has(w, size))
		return AT_END;
	w->at += size;
	w->f->payload = (uint32_t)w->at;
	return several ? pass_over(w, GS_UNREAD_AGGREGATE) : snap(w);
}

/* https://www.radiotap.org: a header with a bitmap of its fields; the second
 * field is flags. */
static unsigned
radiotap(struct walk *w)
{
	enum { TIME = 1, FLAGS = 2, MORE = 0x80, PADDED = 0x20 };

	if (!has(w, 8))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	size_t length = gs_le16(h + 2), at = 8;
	unsigned present = h[4];
	bool padded = false;

	if (h[0] != 0 || length < 8)
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, length))
		return AT_END;
	for (size_t word = 4; word + 4 <= length && (h[word + 3] & MORE) != 0;
	     word += 4)
		at += 4;
	if ((present & TIME) != 0)
		at = ((at + 7) & ~(size_t)7) + 8;
	if ((present & FLAGS) != 0 && at < length) {
		padded = (h[at] & PADDED) != 0;
		if (add_layer(w, GS_LAYER_FCS, w->at + at, w->at + at) == NULL)
			return stop(w, GS_FRAME_OTHER);
	}
	w->at += length;
	return wireless(w, padded);
}

/* Apple's PKTAP and CACE's PPI: a header that names its length and the link
 * type of what follows, in little-endian order. */
static unsigned
tapped(struct walk *w, bool ppi, uint32_t *link)
{
	if (!has(w, 12))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	size_t length = ppi ? gs_le16(h + 2) : gs_le32(h);
	*link = gs_le32(h + (ppi ? 4 : 8));
	if (length < (ppi ? 8 : 12) || length > GS_FRAME_HEADERS ||
	    *link == GS_LINK_PKTAP || *link == GS_LINK_PPI)
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, length))
		return AT_END;
	w->at += length;
	return AT_LINK;
}

/* 802.11 after the header of AVS, or that of Prism, which has 144 bytes. */
static unsigned
prism(struct walk *w)
{
	enum { AVS = 0x80211000, PRISM = 144 };

	if (!has(w, 8))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	bool avs = (gs_be32(h) & 0xfffff000) == AVS;
	size_t length = avs ? gs_be32(h + 4) : PRISM;
	if (length < 8 || length > GS_FRAME_HEADERS)
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, length))
		return AT_END;
	w->at += length;
	return wireless(w, false);
}

/* Skips size bytes before what type is. */
static unsigned
behind(struct walk *w, size_t size, unsigned type)
{
	if (!has(w, size))
		return AT_END;
	w->at += size;
	return type;
}

/* RFC 2427: an address of two to four octets, then the network protocol, or an
 * Ethernet type as Cisco has it. */
static unsigned
frame_relay(struct walk *w)
{
	enum { LAST = 1, UNNUMBERED = 3, NLPID_IPV6 = 0x8e, NLPID_IPV4 = 0xcc };
	enum { NLPID_SNAP = 0x80 };
	size_t size = 2;

	if (!has(w, 8))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	while (size < 4 && (h[size - 1] & LAST) == 0)
		size++;
	w->at += size;
	if (h[size] != UNNUMBERED)
		return ethertype(w);
	w->at += h[size + 1] == 0 ? 3 : 2; /* a pad before SNAP */
	switch (w->p[w->at - 1]) {
	case NLPID_IPV4: return TYPE_IPV4;
	case NLPID_IPV6: return TYPE_IPV6;
	case NLPID_SNAP:
		return has(w, 5) && is_bridged(w->p + w->at) ?
		    behind(w, 5, TYPE_TEB) :
		    behind(w, 3, AT_TYPE);
	default: return stop(w, GS_FRAME_OTHER);
	}
}

/* Juniper's header: a mark, flags, and perhaps extensions with their length. */
static unsigned
juniper(struct walk *w)
{
	enum { NO_LINK = 2, EXTENDED = 0x80 };

	if (!has(w, 6))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	if (memcmp(h, "MGC", 3) != 0)
		return stop(w, GS_FRAME_MALFORMED);
	size_t size = (h[3] & EXTENDED) != 0 ? 6u + gs_be16(h + 4) : 4;
	/* The family of the packet takes four octets then. */
	return (h[3] & NO_LINK) != 0 ? behind(w, size + 4, AT_IP) :
				       behind(w, size, TYPE_TEB);
}

/* Endace's records of Ethernet: 16 octets, extensions of 8, an offset. */
static unsigned
endace(struct walk *w)
{
	enum { MORE = 0x80, ETHERNET = 2, SIZE = 16 };
	size_t size = SIZE;

	if (!has(w, SIZE + 2))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	if ((h[8] & ~MORE) != ETHERNET)
		return pass_over(w, GS_UNREAD_LINK);
	for (bool more = (h[8] & MORE) != 0; more; size += 8) {
		if (!has(w, size + 8))
			return AT_END;
		more = (h[size] & MORE) != 0;
	}
	return behind(w, size + 2, TYPE_TEB);
}

/* DOCSIS (CM-SP-MULPI section 6.2): Ethernet behind 6 octets and extensions. */
static unsigned
docsis(struct walk *w)
{
	enum { KIND = 0xc0, EXTENDED = 1 };

	if (!has(w, 6))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	if ((h[0] & KIND) != 0)
		return stop(w, GS_FRAME_OTHER);
	if (add_layer(w, GS_LAYER_LENGTH, w->at + 2, w->at + 6) == NULL)
		return stop(w, GS_FRAME_OTHER);
	return behind(w, (h[0] & EXTENDED) != 0 ? 6u + h[1] : 6, TYPE_TEB);
}

static unsigned
link_header(struct walk *w, uint32_t link)
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
	case GS_LINK_PPP:
	case GS_LINK_PPP_HDLC: return AT_PPP;
	case GS_LINK_PPP_ETHERNET: return TYPE_PPPOE;
	case GS_LINK_C_HDLC: return cooked(w, 2, 4);
	case GS_LINK_802_11: return wireless(w, false);
	case GS_LINK_RADIOTAP: return radiotap(w);
	case GS_LINK_NFLOG: return nflog(w);
	case GS_LINK_PRISM:
	case GS_LINK_AVS: return prism(w);
	case GS_LINK_PPP_DIRECTION: return behind(w, 1, AT_PPP);
	case GS_LINK_C_HDLC_DIRECTION: return cooked(w, 3, 5);
	case GS_LINK_ENC: return behind(w, 12, AT_IP);
	case GS_LINK_FDDI: return behind(w, 13, AT_SNAP);
	case GS_LINK_RFC1483: return AT_SNAP;
	case GS_LINK_FRAME_RELAY: return frame_relay(w);
	case GS_LINK_FRAME_RELAY_DIRECTION: return behind(w, 1, AT_FRAME_RELAY);
	case GS_LINK_FIREWIRE: return cooked(w, 16, 18);
	case GS_LINK_DOCSIS: return docsis(w);
	case GS_LINK_JUNIPER_ETHERNET: return juniper(w);
	case GS_LINK_ERF: return endace(w);
	default: return pass_over(w, GS_UNREAD_LINK);
	}
}

static unsigned
link_layer(struct walk *w, uint32_t link)
{
	if (link == GS_LINK_PKTAP || link == GS_LINK_PPI) {
		unsigned type = tapped(w, link == GS_LINK_PPI, &link);
		if (type != AT_LINK)
			return type;
	}
	return link_header(w, link);
}

bool
gs_net_frame_several(const struct gs_net_packet *p, struct gs_net_several *s)
{
	struct gs_net_frame f = { .unread = GS_UNREAD_NOT };
	struct walk w = { .f = &f, .p = p->p, .n = p->n, .end = p->wire };

	(void)link_layer(&w, p->interface->link);
	if (f.unread != GS_UNREAD_AGGREGATE)
		return false;
	*s = (struct gs_net_several){ .at = f.payload,
		.qos = f.transport,
		.fcs = f.layers > 0 ? f.layer[0].at : 0 };
	return true;
}

/* ---- tunnels */

enum {
	PORT_L2TP = 1701,
	PORT_GTPU = 2152,
	PORT_VXLAN = 4789,
	PORT_CAPWAP = 5247,
	PORT_GENEVE = 6081,
	PORT_MPLS = 6635,
	PORT_TZSP = 37008,
};

/* ERSPAN (draft-foschiano-erspan): type I is a bare frame, type II has 8
 * bytes, type III 12 and perhaps 8 more. */
static unsigned
erspan(struct walk *w, unsigned type, bool sequence)
{
	size_t size = type == TYPE_ERSPAN3 ? 12 : sequence ? 8 : 0;

	if (!has(w, size))
		return AT_END;
	if (type == TYPE_ERSPAN3 && (w->p[w->at + 11] & 1) != 0)
		size += 8;
	if (!has(w, size))
		return AT_END;
	w->at += size;
	return TYPE_TEB;
}

/* PPTP's (RFC 2637 section 4.1): the length, then PPP. */
static unsigned
pptp(struct walk *w, unsigned flags)
{
	enum { SEQUENCE = 0x1000 };
	size_t at = w->at, size = 8;

	size += (flags >> 12 & 1) * 4 + (flags >> 7 & 1) * 4;
	if (!has(w, size))
		return AT_END;
	/* An acknowledgment has a number, and no packet. */
	if ((flags & SEQUENCE) == 0)
		return stop(w, GS_FRAME_OTHER);
	if (add_layer(w, GS_LAYER_LENGTH, at + 4, at + size) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += size;
	return AT_PPP;
}

/* RFC 2784, RFC 2890. */
static unsigned
gre(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	size_t at = w->at, size = 4;
	unsigned flags = gs_be16(w->p + at), type = gs_be16(w->p + at + 2);
	if ((flags & 7) == 1 && type == TYPE_PPTP)
		return pptp(w, flags);
	if ((flags & 7) != 0 || (flags & 0x4000) != 0)
		return stop(w, GS_FRAME_OTHER);
	size +=
	    (flags >> 15) * 4 + (flags >> 13 & 1) * 4 + (flags >> 12 & 1) * 4;
	if (!has(w, size))
		return AT_END;
	if ((flags & 0x8000) != 0 && add_layer(w, GS_LAYER_GRE, at, at) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += size;
	if (type == TYPE_ERSPAN2 || type == TYPE_ERSPAN3)
		return erspan(w, type, (flags & 0x1000) != 0);
	return type;
}

/* 3GPP TS 29.281 section 5: a G-PDU, its options and extension headers. */
static unsigned
gtpu(struct walk *w, const uint8_t *h, size_t n)
{
	size_t size = 8, at = w->at;

	if (n < 8 || (h[0] & 0xf0) != 0x30 || h[1] != 0xff)
		return AT_END;
	if ((h[0] & 7) != 0) {
		size = 12;
		unsigned next = n >= 12 && (h[0] & 4) ? h[11] : 0;
		while (next != 0) {
			if (size >= n || h[size] == 0 ||
			    n - size < h[size] * 4u)
				return AT_END;
			size += h[size] * 4u;
			next = h[size - 1];
		}
	}
	if (size >= n || add_layer(w, GS_LAYER_LENGTH, at + 2, at + 8) == NULL)
		return AT_END;
	w->at += size;
	return AT_IP;
}

/* VXLAN (RFC 7348) and GENEVE (RFC 8926). */
static unsigned
overlay(struct walk *w, const uint8_t *h, size_t n, bool geneve)
{
	size_t size = geneve && n > 0 ? 8 + (h[0] & 0x3fu) * 4 : 8;

	if (n < size)
		return AT_END;
	if (geneve ?
		h[0] >> 6 != 0 || h[7] != 0 :
		h[0] != 8 || h[1] != 0 || h[2] != 0 || h[3] != 0 || h[7] != 0)
		return AT_END;
	w->at += size;
	return geneve ? gs_be16(h + 2) : TYPE_TEB;
}

/* Mikrotik's sniffer: the kind of the frame, tags, the frame. */
static unsigned
tzsp(struct walk *w, const uint8_t *h, size_t n)
{
	enum { VERSION = 1, TRANSMIT = 1, PAD = 0, LAST = 1 };
	enum { ETHERNET = 1, WIRELESS = 18 };
	size_t size = 4;

	if (n < size || h[0] != VERSION || h[1] > TRANSMIT)
		return AT_END;
	while (size < n && h[size] != LAST)
		size += h[size] == PAD ? 1 :
		    size + 1 < n       ? 2u + h[size + 1] :
					 2;
	if (size >= n)
		return AT_END;
	w->at += size + 1;
	switch (gs_be16(h + 2)) {
	case ETHERNET: return TYPE_TEB;
	case WIRELESS: return AT_WIRELESS;
	default: return AT_END;
	}
}

/* Data of version 3 (RFC 3931 section 4.1): a cookie of 0, 4 or 8 octets and a
 * header of 0 or 4 are agreed on elsewhere; Ethernet is known by its type. */
static unsigned
l2tp_session(struct walk *w, const uint8_t *h, size_t n)
{
	enum { MOST = 12, TYPE = 12 };

	for (size_t skip = 0; skip <= MOST && skip + TYPE + 2 <= n; skip += 4)
		if (is_known(gs_be16(h + skip + TYPE))) {
			w->at += skip;
			return TYPE_TEB;
		}
	return AT_END;
}

/* Session 0 is control. */
static unsigned
l2tp_over_ip(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	w->at += 4;
	unsigned type = gs_be32(h) == 0 ? (unsigned)AT_END :
					  l2tp_session(w, h + 4, w->n - w->at);
	return type == AT_END ? stop(w, GS_FRAME_OTHER) : type;
}

/* Data of version 2 (RFC 2661 section 3.1): PPP. */
static unsigned
l2tp(struct walk *w, const uint8_t *h, size_t n)
{
	enum { CONTROL = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x800 };
	enum { OFFSET = 0x200, VERSION = 15 };
	unsigned flags = n < 8 ? CONTROL : gs_be16(h);
	size_t size = 6;

	if ((flags & CONTROL) != 0)
		return AT_END;
	if ((flags & VERSION) == 3) {
		w->at += 8;
		return l2tp_session(w, h + 8, n - 8);
	}
	if ((flags & VERSION) != 2)
		return AT_END;
	size += (flags & LENGTH) != 0 ? 2 : 0;
	size += (flags & SEQUENCE) != 0 ? 4 : 0;
	if ((flags & OFFSET) != 0 && n >= size + 2)
		size += 2u + gs_be16(h + size);
	if (size >= n ||
	    ((flags & LENGTH) != 0 &&
		add_layer(w, GS_LAYER_LENGTH, w->at + 2, w->at) == NULL))
		return AT_END;
	w->at += size;
	return AT_PPP;
}

/* Data between an access point and its controller (RFC 5415 section 4.3), if
 * it is neither in DTLS nor a fragment. */
static unsigned
capwap(struct walk *w, const uint8_t *h, size_t n)
{
	enum { WIRELESS = 0x100, FRAGMENT = 0x80 };

	if (n < 8 || h[0] != 0)
		return AT_END;
	unsigned word = (unsigned)gs_be16(h + 1) << 8 | h[3];
	size_t size = (size_t)(word >> 19) * 4;
	if ((word & FRAGMENT) != 0 || size < 8 || size >= n)
		return AT_END;
	w->at += size;
	return (word & WIRELESS) != 0 ? AT_WIRELESS : TYPE_TEB;
}

/* What is inside the UDP payload at the cursor; AT_END: no tunnel. */
static unsigned
enter_overlay(struct walk *w, unsigned port)
{
	const uint8_t *h = w->p + w->at;
	size_t n = w->f->length;

	switch (port) {
	case PORT_GTPU: return gtpu(w, h, n);
	case PORT_L2TP: return l2tp(w, h, n);
	case PORT_VXLAN: return overlay(w, h, n, false);
	case PORT_CAPWAP: return capwap(w, h, n);
	case PORT_GENEVE: return overlay(w, h, n, true);
	case PORT_MPLS: return TYPE_MPLS;
	case PORT_TZSP: return tzsp(w, h, n);
	default: return AT_END;
	}
}

/* The port of what is carried in UDP between these two, or 0. What answers is
 * sent from the port. */
static inline unsigned
assigned_overlay(uint16_t src, uint16_t dst)
{
	switch (dst) {
	case PORT_GTPU:
	case PORT_L2TP:
	case PORT_VXLAN:
	case PORT_CAPWAP:
	case PORT_GENEVE:
	case PORT_MPLS:
	case PORT_TZSP: return dst;
	default: return src == PORT_L2TP || src == PORT_CAPWAP ? src : 0;
	}
}

/* The same of the datagram at hand. VXLAN has many ports, and is known by what
 * it begins with. */
static unsigned
overlay_port(const struct walk *w)
{
	enum { VXLAN = 0x08000000, TYPE = 8 + 12 };
	const uint8_t *h = w->p + w->at;
	unsigned port = assigned_overlay(w->f->src.port, w->f->dst.port);

	if (port != 0)
		return port;
	return w->f->length >= TYPE + 2 && gs_be32(h) == VXLAN &&
		is_known(gs_be16(h + TYPE)) ?
	    PORT_VXLAN :
	    0;
}

/* ---- IP */

/* An address is written at once, as it is soon read at once: of one written in
 * parts, a processor waits until all are in its cache. */
typedef uint32_t words __attribute__((vector_size(16)));

/* All but the port. */
static inline void
set_ip(struct gs_net_addr *a, const uint8_t *ip, unsigned version)
{
	uint32_t v4;
	words w;

	if (version == 4) {
		memcpy(&v4, ip, sizeof(v4));
		w = (words){ v4 };
	} else {
		memcpy(&w, ip, sizeof(w));
	}
	memcpy(a->ip, &w, sizeof(w));
	a->version = (uint8_t)version;
	a->zero = 0;
}

static void
set_addr(struct gs_net_addr *a, const uint8_t *ip, unsigned version)
{
	set_ip(a, ip, version);
	a->port = 0;
}

static unsigned
protocol(struct walk *w, unsigned number)
{
	switch (number) {
	case GS_IP_UDP: return AT_UDP;
	case GS_IP_TCP: return AT_TCP;
	case GS_IP_GRE: return AT_GRE;
	case GS_IP_IPV4: return TYPE_IPV4;
	case GS_IP_IPV6: return TYPE_IPV6;
	case GS_IP_AH: return AT_AH;
	case GS_IP_L2TP: return AT_L2TP;
	default: break;
	}
	w->f->ip = true;
	w->f->protocol = (uint8_t)number;
	w->f->payload = (uint32_t)w->at;
	w->f->length = w->at < w->n ? (uint32_t)(w->n - w->at) : 0;
	w->f->wire = w->at < w->end ? (uint32_t)(w->end - w->at) : 0;
	return stop(w, GS_FRAME_OTHER);
}

/* RFC 4302 section 2; what it signs is not encrypted. */
static unsigned
authenticated(struct walk *w)
{
	if (!has(w, 12))
		return AT_END;
	const uint8_t *h = w->p + w->at;
	size_t size = (h[1] + (size_t)2) * 4;
	if (!has(w, size))
		return AT_END;
	w->at += size;
	return protocol(w, h[0]);
}

/* A fragment that cannot be joined to others; its payload is at at. */
static void
alone(struct gs_net_frame *f, size_t at, size_t n, unsigned number,
    size_t offset)
{
	f->ip = true;
	f->protocol = (uint8_t)number;
	f->payload = (uint32_t)at;
	f->length = f->wire = (uint32_t)(n - at);
	f->seq = (uint32_t)offset;
}

static unsigned
ipv4_fragment(struct walk *w, size_t at, unsigned field)
{
	size_t length = w->end - w->at;

	if (w->n < w->end) {
		alone(w->f, w->at, w->n, w->p[at + 9], (field & 0x1fff) * 8);
		return stop(w, GS_FRAME_SHORT);
	}
	w->t->fragment = (struct gs_net_fragment){
		.src = w->f->src,
		.dst = w->f->dst,
		.id = gs_be16(w->p + at + 4),
		.protocol = w->p[at + 9],
		.more = field & 0x2000,
		.ip = (uint16_t)at,
		.head = (uint16_t)w->at,
		.payload = (uint32_t)w->at,
		.offset = (field & 0x1fff) * 8,
		.length = (uint32_t)length,
	};
	return AT_FRAGMENT;
}

static unsigned
ipv4(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	size_t at = w->at;

	if (!has(w, 20))
		return AT_END;
	size_t header = (h[0] & 15u) * 4, total = gs_be16(h + 2);
	/* 0: the network card was to segment it (TSO). */
	if (h[0] >> 4 != 4 || header < 20 || (total != 0 && total < header))
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, header))
		return AT_END;
	struct gs_net_layer *l = add_layer(w, GS_LAYER_IPV4, at, at);
	if (l == NULL)
		return stop(w, GS_FRAME_OTHER);
	l->dst = (uint16_t)(at + 16);
	if (total != 0)
		set_end(w, at + total);
	set_addr(&w->f->src, h + 12, 4);
	set_addr(&w->f->dst, h + 16, 4);
	w->at += header;
	unsigned field = gs_be16(h + 6);
	if ((field & 0x3fff) != 0)
		return ipv4_fragment(w, at, field);
	return protocol(w, h[9]);
}

static unsigned
ipv6_fragment(struct walk *w, struct gs_net_layer *l, size_t next)
{
	const uint8_t *h = w->p + w->at;
	unsigned field = gs_be16(h + 2);

	if (w->n < w->end) {
		alone(w->f, w->at + 8, w->n, h[0], field & 0xfff8);
		return stop(w, GS_FRAME_SHORT);
	}
	w->t->fragment = (struct gs_net_fragment){
		.src = w->f->src,
		.dst = w->f->dst,
		.id = gs_be32(h + 4),
		.protocol = h[0],
		.more = field & 1,
		.ip = l->at,
		.head = (uint16_t)w->at,
		.next = (uint16_t)next,
		.payload = (uint32_t)w->at + 8,
		.offset = field & 0xfff8,
		.length = (uint32_t)(w->end - w->at - 8),
	};
	return AT_FRAGMENT;
}

/* The checksum covers the final destination (RFC 8200 8.1), which types 0 and
 * 4 (RFC 8754) carry here while the packet is under way. size is the length of
 * the header at the cursor. */
static void
routing(struct walk *w, struct gs_net_layer *l, size_t size)
{
	const uint8_t *h = w->p + w->at;

	if (h[3] == 0 || size < 24)
		return;
	if (h[2] == 4 || h[2] == 2)
		l->dst = (uint16_t)(w->at + 8);
	else if (h[2] == 0)
		l->dst = (uint16_t)(w->at + size - 16);
	else
		return;
	set_addr(&w->f->dst, w->p + l->dst, 6);
}

/* Walks the extension headers (RFC 8200 section 4). next is the offset of the
 * byte that names the header at the cursor. */
static unsigned
extensions(struct walk *w, struct gs_net_layer *l, size_t next)
{
	for (;;) {
		unsigned type = w->p[next];
		bool atomic = false;
		switch (type) {
		case GS_IP_HOPOPT:
		case GS_IP_ROUTING:
		case GS_IP_FRAGMENT:
		case GS_IP_AH:
		case GS_IP_DSTOPTS:
		case GS_IP_MOBILITY:
		case GS_IP_HIP:
		case GS_IP_SHIM6: break;
		default: return protocol(w, type);
		}
		if (!has(w, 8))
			return AT_END;
		size_t size = (w->p[w->at + 1] + 1u) * 8;
		if (type == GS_IP_AH)
			size = (w->p[w->at + 1] + 2u) * 4;
		if (type == GS_IP_FRAGMENT) {
			atomic = (gs_be16(w->p + w->at + 2) & 0xfff9) == 0;
			size = 8;
		}
		if (w->at + size > GS_FRAME_HEADERS)
			return stop(w, GS_FRAME_OTHER);
		if (!has(w, size))
			return AT_END;
		if (type == GS_IP_FRAGMENT && !atomic)
			return ipv6_fragment(w, l, next);
		if (type == GS_IP_ROUTING)
			routing(w, l, size);
		next = w->at;
		w->at += size;
	}
}

static unsigned
ipv6(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	size_t at = w->at;

	if (!has(w, 40))
		return AT_END;
	if (h[0] >> 4 != 6)
		return stop(w, GS_FRAME_MALFORMED);
	struct gs_net_layer *l = add_layer(w, GS_LAYER_IPV6, at, at + 40);
	if (l == NULL)
		return stop(w, GS_FRAME_OTHER);
	l->dst = (uint16_t)(at + 24);
	size_t length = gs_be16(h + 4);
	if (length != 0) /* 0: a jumbogram, or the card was to segment it */
		set_end(w, at + 40 + length);
	set_addr(&w->f->src, h + 8, 6);
	set_addr(&w->f->dst, h + 24, 6);
	w->at += 40;
	return extensions(w, l, at + 6);
}

static unsigned
ip(struct walk *w)
{
	if (!has(w, 1))
		return AT_END;
	unsigned version = w->p[w->at] >> 4;
	return version == 4 ? ipv4(w) :
	    version == 6    ? ipv6(w) :
			      stop(w, GS_FRAME_OTHER);
}

/* ---- transport */

static unsigned
enter_tunnel(struct walk *w, unsigned port, size_t at)
{
	if (!w->tunnel)
		w->t->outer = *w->f;
	uint8_t layers = w->f->layers;
	struct gs_net_layer *l = add_layer(w, GS_LAYER_UDP, at, at);
	if (l == NULL)
		return AT_END;
	l->ip = (uint8_t)(layers - 1);
	unsigned type = enter_overlay(w, port);
	if (type == AT_END) /* layers are added before it is known */
		w->f->layers = layers;
	else
		w->tunnel = true;
	return type;
}

static unsigned
udp(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	struct gs_net_frame *f = w->f;
	size_t at = w->at;

	if (!has(w, 8))
		return AT_END;
	size_t length = gs_be16(h + 4);
	if (length != 0 && length < 8)
		return stop(w, GS_FRAME_MALFORMED);
	/* 0: too long for 16 bits (RFC 2675 section 4). */
	size_t end = length == 0 ? w->end : at + length;
	set_end(w, end);
	f->kind = GS_FRAME_UDP;
	f->flags = 0;
	f->seq = 0;
	f->transport = (uint16_t)at;
	f->payload = (uint32_t)at + 8;
	f->length = (uint32_t)(w->n - f->payload);
	f->wire = (uint32_t)(w->end - f->payload);
	f->src.port = gs_be16(h);
	f->dst.port = gs_be16(h + 2);
	w->at += 8;
	unsigned port = overlay_port(w);
	return port != 0 ? enter_tunnel(w, port, at) : AT_END;
}

static unsigned
tcp(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	struct gs_net_frame *f = w->f;

	if (!has(w, 20))
		return AT_END;
	size_t header = (h[12] >> 4) * 4u;
	if (header < 20)
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, header))
		return AT_END;
	f->kind = GS_FRAME_TCP;
	f->flags = h[13];
	f->seq = gs_be32(h + 4);
	f->transport = (uint16_t)w->at;
	f->payload = (uint32_t)(w->at + header);
	f->length = (uint32_t)(w->n - f->payload);
	f->wire = (uint32_t)(w->end - f->payload);
	f->src.port = gs_be16(h);
	f->dst.port = gs_be16(h + 2);
	return AT_END;
}

/* Ethernet types that carry packets, and are not read. */
static const struct {
	uint16_t type;
	const char *name;
} type_names[] = {
	{ 0x8909, "Cisco metadata" },
	{ 0x88e5, "MACsec" },
	{ 0x88e7, "PBB" },
	{ 0x894f, "NSH" },
};

/* A frame of another Ethernet type. If it carries packets, transport is the
 * type. */
static unsigned
other_type(struct walk *w, unsigned type)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(*type_names); i++)
		if (type_names[i].type == type) {
			w->f->transport = (uint16_t)type;
			return pass_over(w, GS_UNREAD_TYPE);
		}
	return stop(w, GS_FRAME_OTHER);
}

static unsigned
step(struct walk *w, unsigned type)
{
	switch (type) {
	case TYPE_TEB: return ethernet(w);
	case TYPE_IPV4: return ipv4(w);
	case TYPE_IPV6: return ipv6(w);
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD:
	case TYPE_QINQ_OLDER: return vlan(w);
	case TYPE_MPLS:
	case TYPE_MPLS_UP: return mpls(w);
	case TYPE_PPPOE: return pppoe(w);
	case AT_PPP: return ppp(w);
	case AT_IP: return ip(w);
	case AT_GRE: return gre(w);
	case AT_AH: return authenticated(w);
	case AT_TYPE: return ethertype(w);
	case AT_SNAP: return snap(w);
	case AT_FRAME_RELAY: return frame_relay(w);
	case AT_L2TP: return l2tp_over_ip(w);
	case AT_WIRELESS: return wireless(w, false);
	case AT_UDP: return udp(w);
	case AT_TCP: return tcp(w);
	default: return other_type(w, type);
	}
}

/* Returns AT_END or AT_FRAGMENT. */
static unsigned
walk(struct walk *w, uint32_t link)
{
	unsigned type = link_layer(w, link);

	for (unsigned i = 0; type != AT_END && type != AT_FRAGMENT; i++) {
		if (i == STEPS || w->at > GS_FRAME_HEADERS)
			type = stop(w, GS_FRAME_OTHER);
		else
			type = step(w, type);
	}
	/* No IP packet inside: not a tunnel that is read. */
	if (type == AT_END && w->tunnel && w->f->kind != GS_FRAME_UDP &&
	    w->f->kind != GS_FRAME_TCP) {
		enum gs_net_unread unread = w->f->unread;
		*w->f = w->t->outer;
		w->f->unread = unread;
	}
	return type;
}

/* ---- what is not read */

static void
count_unread(struct gs_net_frame_counts *c, const struct gs_net_frame *f,
    uint32_t link)
{
	struct gs_net_unread_kind *k = c->kind;

	if (f->unread == GS_UNREAD_NOT)
		return;
	if (f->unread != GS_UNREAD_LINK)
		link = f->unread == GS_UNREAD_TYPE ? f->transport : 0;
	c->unread++;
	while (k < c->kind + GS_UNREAD_KINDS && k->n > 0 &&
	    (k->why != f->unread || k->link != link))
		k++;
	if (k == c->kind + GS_UNREAD_KINDS)
		return;
	k->n++;
	k->link = link;
	k->why = f->unread;
}

/* Link types that are not read. */
static const struct {
	uint32_t link;
	const char *name;
} link_names[] = {
	{ 6, "Token Ring" },
	{ 7, "ARCNET" },
	{ 8, "SLIP" },
	{ 11, "ATM" },
	{ 19, "IP over ATM" },
	{ 122, "Fibre Channel" },
	{ 123, "ATM" },
	{ 129, "ARCNET" },
	{ 177, "LAPD" },
	{ 187, "Bluetooth" },
	{ 189, "USB" },
	{ 195, "802.15.4" },
	{ 197, "ERF" },
	{ 201, "Bluetooth" },
	{ 202, "AX.25" },
	{ 203, "LAPD" },
	{ 215, "802.15.4" },
	{ 220, "USB" },
	{ 224, "Fibre Channel" },
	{ 227, "CAN" },
	{ 230, "802.15.4" },
	{ 240, "netANALYZER" },
	{ 241, "netANALYZER" },
	{ 247, "InfiniBand" },
	{ 249, "USB" },
	{ 251, "Bluetooth LE" },
	{ 252, "Wireshark's PDU export" },
	{ 253, "netlink" },
	{ 254, "Bluetooth" },
	{ 256, "Bluetooth LE" },
	{ 266, "USB" },
	{ 272, "Bluetooth LE" },
	{ 283, "802.15.4" },
};

/* What snprintf() wrote into size characters, if it has room. */
static size_t
some_text(int n, size_t size)
{
	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

/* Writes what k is to text, which has room for size characters. Returns how
 * many it takes. */
static size_t
kind_text(const struct gs_net_unread_kind *k, char *text, size_t size)
{
	static const char *const wireless[] = {
		[GS_UNREAD_CIPHERED] = "that is encrypted",
		[GS_UNREAD_FRAGMENT] = "in fragments",
		[GS_UNREAD_AGGREGATE] = "with several packets in a frame",
	};
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(type_names) / sizeof(*type_names); i++)
		if (k->why == GS_UNREAD_TYPE && type_names[i].type == k->link)
			return some_text(
			    snprintf(text, size, "Ethernet type 0x%04x (%s)",
				(unsigned)k->link, type_names[i].name),
			    size);
	for (size_t i = 0; i < sizeof(link_names) / sizeof(*link_names); i++)
		if (link_names[i].link == k->link)
			name = link_names[i].name;
	int n = k->why != GS_UNREAD_LINK ?
	    snprintf(text, size, "802.11 %s", wireless[k->why]) :
	    snprintf(text, size, "link type %lu%s%s%s", (unsigned long)k->link,
		name != NULL ? " (" : "", name != NULL ? name : "",
		name != NULL ? ")" : "");
	return some_text(n, size);
}

const char *
gs_net_unread_text(const struct gs_net_frame_counts *c,
    char text[GS_UNREAD_TEXT])
{
	uint64_t others = c->unread;
	size_t at = 0;
	bool one = c->kind[0].n == c->unread;

	if (c->unread == 0)
		return NULL;
	for (size_t i = 0; i < GS_UNREAD_KINDS && c->kind[i].n > 0; i++) {
		others -= c->kind[i].n;
		at += kind_text(&c->kind[i], text + at, GS_UNREAD_TEXT - at);
		if (!one)
			at += (size_t)snprintf(text + at, GS_UNREAD_TEXT - at,
			    ": %" PRIu64 ", ", c->kind[i].n);
	}
	if (others > 0)
		at += (size_t)snprintf(text + at, GS_UNREAD_TEXT - at,
		    "others: %" PRIu64 ", ", others);
	(void)snprintf(text + at - (one ? 0 : 2), GS_UNREAD_TEXT - at,
	    one ? " is not read" : " are not read");
	return text;
}

/* ---- the public face */

/* Most packets are RTP or RTCP in Ethernet, IPv4 and UDP. */
enum {
	PLAIN_IP = 14,
	PLAIN_UDP = PLAIN_IP + 20,
	PLAIN_PAYLOAD = PLAIN_UDP + 8,
};

bool
gs_net_frame_is_media(const struct gs_net_frames *t,
    const struct gs_net_packet *p)
{
	enum { LEAST = 12, VERSION = 0x45, FRAGMENT = 0x3fff };
	const uint8_t *b = p->p, *ip = b + PLAIN_IP, *udp = b + PLAIN_UDP;

	if (p->n < PLAIN_PAYLOAD + LEAST || b[PLAIN_PAYLOAD] >> 6 != 2 ||
	    p->interface->link != GS_LINK_ETHERNET ||
	    gs_be16(ip - 2) != TYPE_IPV4 || ip[0] != VERSION ||
	    ip[9] != GS_IP_UDP || (gs_be16(ip + 6) & FRAGMENT) != 0 ||
	    assigned_overlay(gs_be16(udp), gs_be16(udp + 2)) != 0)
		return false;
	size_t total = gs_be16(ip + 2), length = gs_be16(udp + 4);

	return length >= 8 + LEAST && length + 20 == total &&
	    total + PLAIN_IP <= p->n && !gs_net_fragments_wait(t->fragments);
}

/* Takes p, which is such a packet, apart without a walk: *f is as the walk
 * makes it. */
static void
parse_plain(const struct gs_net_packet *p, struct gs_net_frame *f)
{
	const uint8_t *ip = p->p + PLAIN_IP, *udp = p->p + PLAIN_UDP;

	f->kind = GS_FRAME_UDP;
	f->flags = 0;
	f->seq = 0;
	f->transport = PLAIN_UDP;
	f->payload = PLAIN_PAYLOAD;
	f->length = f->wire = (uint32_t)gs_be16(udp + 4) - 8;
	set_ip(&f->src, ip + 12, 4);
	set_ip(&f->dst, ip + 16, 4);
	f->src.port = gs_be16(udp);
	f->dst.port = gs_be16(udp + 2);
	f->layers = 1;
	f->layer[0] = (struct gs_net_layer){ .kind = GS_LAYER_IPV4,
		.at = PLAIN_IP,
		.base = PLAIN_IP,
		.dst = PLAIN_IP + 16 };
}

/* The same for any frame, whose fields are set as before the walk. */
static void
parse_any(struct gs_net_frames *t, const struct gs_net_packet *p,
    struct gs_net_frame *f)
{
	struct walk w = { .f = f, .t = t };
	size_t wire = p->wire > p->n ? p->wire : p->n;

	gs_net_fragments_expire(t->fragments, p->ns);
	for (unsigned i = 0; i < NESTED; i++) {
		size_t n = 0;
		f->layers = 0;
		w.p = f->p;
		w.n = f->n;
		w.end = wire;
		w.at = 0;
		w.tunnel = false;
		if (walk(&w, p->interface->link) != AT_FRAGMENT) {
			count_unread(&t->unread, f, p->interface->link);
			return;
		}
		f->kind = GS_FRAME_HELD;
		switch (gs_net_fragments_add(t->fragments, p, f, &t->fragment,
		    t->out, &n)) {
		case GS_FRAGMENT_BAD:
			f->kind = GS_FRAME_MALFORMED;
			alone(f, t->fragment.payload,
			    t->fragment.payload + t->fragment.length,
			    t->fragment.protocol, t->fragment.offset);
			return;
		case GS_FRAGMENT_KEPT: return;
		case GS_FRAGMENT_LAST: break;
		}
		f->p = t->out;
		f->n = (uint32_t)n;
		f->reassembled = true;
		wire = n;
	}
	f->kind = GS_FRAME_OTHER;
}

bool
gs_net_frame_parse(struct gs_net_frames *t, const struct gs_net_packet *p,
    struct gs_net_frame *f)
{
	bool plain = gs_net_frame_is_media(t, p);

	f->kind = GS_FRAME_OTHER;
	f->p = p->p;
	f->n = p->n;
	f->reassembled = false;
	f->ip = false;
	f->unread = GS_UNREAD_NOT;
	if (plain)
		parse_plain(p, f);
	else
		parse_any(t, p, f);
	return plain;
}

struct gs_net_frames *
gs_net_frames_new(struct gs_err *err)
{
	struct gs_net_frames *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->fragments = gs_net_fragments_new();
		t->out = malloc(GS_FRAME_MAX);
		if (t->fragments != NULL && t->out != NULL)
			return t;
	}
	gs_net_frames_free(t);
	(void)gs_err_sys(err, ENOMEM, "reading frames");
	return NULL;
}

void
gs_net_frames_free(struct gs_net_frames *t)
{
	if (t == NULL)
		return;
	gs_net_fragments_free(t->fragments);
	if (t->out != NULL)
		explicit_bzero(t->out, GS_FRAME_MAX);
	free(t->out);
	free(t);
}
