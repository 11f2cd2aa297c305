/* SPDX-License-Identifier: MIT */
/* What frame, fragment and rewrite share. */
#ifndef GSPROV_NET_FRAME_PRIV_H
#define GSPROV_NET_FRAME_PRIV_H

#include "net/frame.h"

/* Types of Ethernet (IEEE 802) for IP. */
enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

/* A fragment: its place in its frame and in its datagram. */
struct gs_net_fragment {
	struct gs_net_addr src; /* without port */
	struct gs_net_addr dst;
	uint32_t id;
	uint8_t protocol; /* of the payload */
	bool more;
	uint16_t ip; /* offset of the IP header */
	uint16_t head; /* headers before the payload, without IPv6's 44 */
	uint16_t next; /* IPv6: offset of the byte 44 */
	uint32_t payload; /* offset in the frame */
	uint32_t offset; /* in the datagram */
	uint32_t length;
};

enum gs_net_fragment_result {
	GS_FRAGMENT_BAD, /* cannot be part of a datagram, or out of memory */
	GS_FRAGMENT_KEPT,
	GS_FRAGMENT_LAST, /* the datagram is complete */
};

struct gs_net_fragments;

struct gs_net_frames {
	struct gs_net_fragments *fragments;
	uint8_t *out; /* a reassembled frame */
	struct gs_net_fragment fragment; /* with AT_FRAGMENT */
	struct gs_net_frame_counts unread; /* of these the first two */
	struct gs_net_frame outer; /* of a tunnel, as a UDP datagram */
};

struct gs_net_fragments *gs_net_fragments_new(void);
void gs_net_fragments_free(struct gs_net_fragments *t);

/* Adds the fragment info of frame f of packet p. GS_FRAGMENT_LAST: the whole
 * frame (*n bytes) is in out (GS_FRAME_MAX bytes; f may be in it, too). */
enum gs_net_fragment_result gs_net_fragments_add(struct gs_net_fragments *t,
    const struct gs_net_packet *p, const struct gs_net_frame *f,
    const struct gs_net_fragment *info, uint8_t *out, size_t *n);

/* Whether some are kept. */
bool gs_net_fragments_wait(const struct gs_net_fragments *t);

/* Gives up datagrams older than GS_FRAGMENT_SECONDS at ns. */
void gs_net_fragments_expire(struct gs_net_fragments *t, uint64_t ns);

/* A frame of 802.11 with several packets (A-MSDU): offsets of the first, of the
 * octet that says so, and of radiotap's flags (0: none). */
struct gs_net_several {
	size_t at;
	size_t qos;
	size_t fcs;
};

/* Whether p, of a link type that may hold one, is one that can be read. */
bool gs_net_frame_several(const struct gs_net_packet *p,
    struct gs_net_several *s);

/* Sets lengths and checksums of the layers, innermost first, in a frame
 * whose IP packets all end at total. */
void gs_net_layers_fix(const struct gs_net_layer *layer, size_t layers,
    uint8_t *frame, size_t total);

/* Corrects the checksums of frame, a copy of f with a changed payload: of
 * ICMP, ICMPv6, UDP-Lite, SCTP, and of the layers around. */
void gs_net_frame_reseal(const struct gs_net_frame *f, uint8_t *frame);

#endif
