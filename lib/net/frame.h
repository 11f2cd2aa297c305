/* SPDX-License-Identifier: MIT */
/* Frames: from the link layer down to a UDP or TCP payload, and back. */
#ifndef GSPROV_NET_FRAME_H
#define GSPROV_NET_FRAME_H

#include "net/addr.h"
#include "net/counts.h"

struct gs_err;
struct gs_net_packet;

/* IP protocols (IANA). */
enum {
	GS_IP_HOPOPT = 0,
	GS_IP_ICMP = 1,
	GS_IP_IPV4 = 4,
	GS_IP_TCP = 6,
	GS_IP_UDP = 17,
	GS_IP_IPV6 = 41,
	GS_IP_ROUTING = 43,
	GS_IP_FRAGMENT = 44,
	GS_IP_GRE = 47,
	GS_IP_ESP = 50,
	GS_IP_AH = 51,
	GS_IP_ICMPV6 = 58,
	GS_IP_DSTOPTS = 60,
	GS_IP_L2TP = 115,
	GS_IP_SCTP = 132,
	GS_IP_MOBILITY = 135,
	GS_IP_UDPLITE = 136,
	GS_IP_HIP = 139,
	GS_IP_SHIM6 = 140,
};

enum gs_net_frame_kind {
	GS_FRAME_OTHER, /* neither UDP nor TCP over IP */
	GS_FRAME_MALFORMED, /* a header contradicts itself */
	GS_FRAME_SHORT, /* a header was cut by the snaplen */
	GS_FRAME_HELD, /* an IP fragment: kept until all have come */
	GS_FRAME_PIECE, /* a fragment that was given up */
	GS_FRAME_UDP,
	GS_FRAME_TCP,
};

/* Limits. A frame with deeper or longer headers is GS_FRAME_OTHER. */
enum {
	GS_FRAME_LAYERS = 16, /* headers whose length or checksum counts */
	GS_FRAME_HEADERS = 4096, /* bytes of all headers */
	GS_FRAME_MAX = 65535 + GS_FRAME_HEADERS, /* a reassembled frame */
	GS_FRAGMENT_DATAGRAMS = 1024, /* open ones; the oldest goes */
	GS_FRAGMENT_PIECES = 128, /* of one datagram */
	GS_FRAGMENT_BYTES = 4 * 1024 * 1024, /* of memory for all of them */
	GS_FRAGMENT_SECONDS = 30, /* of capture time (RFC 791 3.2) */
};

/* A header that changes with the payload's length. */
enum gs_net_layer_kind {
	GS_LAYER_IPV4, /* length at +2, header checksum */
	GS_LAYER_IPV6, /* length at +4 */
	GS_LAYER_UDP, /* around a tunnel: length at +4, checksum */
	GS_LAYER_GRE, /* with a checksum at +4 */
	GS_LAYER_LENGTH, /* 16 bits, big-endian: PPPoE, GTP-U, 802.3 */
	GS_LAYER_LENGTH_LE, /* 16 bits, little-endian: nflog */
	GS_LAYER_FCS, /* 8 bits of radiotap; one means: FCS follows */
};

struct gs_net_layer {
	uint8_t kind;
	uint8_t ip; /* UDP: index of its IP layer */
	uint16_t at; /* offset of the header; LENGTH*: of the field */
	uint16_t base; /* the length counts from here to the frame's end */
	uint16_t dst; /* IP: offset of the final destination address */
};

/* A frame, taken apart. All offsets are into p. */
struct gs_net_frame {
	enum gs_net_frame_kind kind;
	const uint8_t *p; /* the packet's bytes, or those reassembled */
	uint32_t n;
	bool reassembled; /* p is not the packet's, but many packets' */
	enum gs_net_unread unread; /* OTHER: it may contain a packet */
	/* OTHER: payload, length and wire are those of its last IP packet.
	 * MALFORMED, SHORT: it is a fragment, and they are as for a piece. */
	bool ip;
	uint8_t protocol; /* of the last IP packet, with ip, and of a piece */
	/* What follows is set for GS_FRAME_UDP and GS_FRAME_TCP only; payload
	 * and length, and the offset in the datagram as seq, for pieces. */
	uint8_t flags; /* TCP: FIN 1, SYN 2, RST 4, PSH 8, ACK 16 */
	uint8_t layers;
	uint16_t transport; /* offset of the UDP or TCP header; of a frame of
			     * GS_UNREAD_TYPE its type */
	uint32_t payload; /* offset */
	uint32_t length; /* bytes of payload that are there */
	uint32_t wire; /* bytes on the wire; length < wire: cut */
	uint32_t seq; /* TCP: of the first byte of payload */
	struct gs_net_addr src;
	struct gs_net_addr dst;
	struct gs_net_layer layer[GS_FRAME_LAYERS]; /* the last is f's own IP */
};

/* The state of parsing one capture: its open fragments. */
struct gs_net_frames;

/* NULL if out of memory. */
struct gs_net_frames *gs_net_frames_new(struct gs_err *err) GS_MUST;

/* Takes p apart: Ethernet (802.3, VLAN, QinQ), SLL, SLL2, PPPoE, PPP, MPLS,
 * C-HDLC, Frame Relay, 802.11 that is neither encrypted, in fragments nor
 * aggregated (see net/amsdu.h), with radiotap or not, raw IP, NULL, LOOP,
 * nflog and others of GS_NET_LINKTYPES; GRE, PPTP, ERSPAN I to III, IP in IP,
 * AH, L2TP, VXLAN, GENEVE, GTP-U, MPLS in UDP, TZSP and CAPWAP down to the
 * innermost UDP or TCP. The payload ends
 * where UDP or IP says, so Ethernet padding and FCS are not in it. Never
 * fails: f says what it is. Borrowed until the next call and p's own end. IPv4
 * and IPv6 fragments are GS_FRAME_HELD until the last one comes, in any order;
 * that call gives the frame as if it had never been cut. Of bytes that come
 * twice the first are taken; a fragment that only repeats another,
 * also one of a datagram that was complete, is
 * forgotten. A datagram with two ends, or with bytes behind its end, is never
 * complete. Returns gs_net_frame_is_media(): then no packet is lost. */
bool gs_net_frame_parse(struct gs_net_frames *t, const struct gs_net_packet *p,
    struct gs_net_frame *f);

/* Whether p is RTP or RTCP by its first octet (RFC 7983), whole, in Ethernet,
 * IPv4 and UDP and in nothing else. Parsing it would change nothing in t. False
 * for most other forms of such packets. */
bool gs_net_frame_is_media(const struct gs_net_frames *t,
    const struct gs_net_packet *p);

/* The fragments of datagrams that were given up, to be passed on: after a
 * parse, call until false. Their time is older than that of the packet
 * before. p is borrowed until the next call with t. */
bool gs_net_frames_lost(struct gs_net_frames *t, struct gs_net_packet *p);

/* Where the packet that gs_net_frames_lost() gave last belongs: kind is
 * GS_FRAME_PIECE. */
void gs_net_frames_lost_place(const struct gs_net_frames *t,
    struct gs_net_frame *f);

/* The capture has ended: gives up all open datagrams. */
void gs_net_frames_end(struct gs_net_frames *t);

/* What was not read, as "link type 189 (USB) is not read", or several kinds
 * with their counts, in text; NULL: nothing. */
const char *gs_net_unread_text(const struct gs_net_frame_counts *c,
    char text[GS_UNREAD_TEXT]);

struct gs_net_frame_counts gs_net_frames_counts(const struct gs_net_frames *t);

/* t may be NULL. */
void gs_net_frames_free(struct gs_net_frames *t);

/* Makes frame right, where the first f->payload bytes are a copy of f's
 * and n bytes of another payload follow: lengths of all layers, IPv4
 * header, UDP, TCP and GRE checksums, also of the tunnels around. An IPv4
 * UDP checksum of 0 stays 0, under IPv6 0 becomes 0xffff (RFC 8200 8.1).
 * A frame that was cut (f->length < f->wire) keeps its lengths and its
 * UDP and TCP checksums, and n must be f->length. Returns the frame's
 * length; what stood behind the payload (padding, FCS) is not part of it. */
size_t gs_net_frame_seal(const struct gs_net_frame *f, uint8_t *frame,
    size_t n);

/* A TCP segment or UDP datagram to generate, and its length. */
struct gs_net_made {
	bool udp;
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint32_t seq;
	uint32_t ack;
	uint32_t n;
	uint8_t flags;
};

/* Makes frame, and f over it, that segment or datagram: below it like a segment
 * of either version of IP. frame has room for like->transport + 40 + s->n
 * octets. False: like's link layer does not allow the other version. */
bool gs_net_frame_make(const struct gs_net_frame *like,
    const struct gs_net_made *s, const uint8_t *bytes, uint8_t *frame,
    struct gs_net_frame *f) GS_MUST;

#endif
