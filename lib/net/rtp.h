/* SPDX-License-Identifier: MIT */
/* RTP and RTCP: header views, what a datagram is, loss and jitter. */
#ifndef GSPROV_NET_RTP_H
#define GSPROV_NET_RTP_H

#include "../base/buf.h"

/* What a UDP payload on a media port is (RFC 7983 section 7; RFC 5761
 * section 4 for RTP and RTCP): all but RTP by its whole header. */
enum gs_net_payload {
	GS_MEDIA_OTHER, /* T.38 UDPTL, keep-alive, text, … */
	GS_MEDIA_STUN,
	GS_MEDIA_ZRTP,
	GS_MEDIA_DTLS,
	GS_MEDIA_TURN, /* channel data: see gs_net_payload_unwrap() */
	GS_MEDIA_RTP, /* or SRTP: version 2, header complete */
	GS_MEDIA_RTCP, /* or SRTCP: version 2, 8 bytes, type 192–223 */
};

enum gs_net_payload gs_net_payload_classify(const uint8_t *p, size_t n);

/* Channel data (RFC 8656 section 12.4): the payload, empty when the length
 * is wrong. */
struct gs_span gs_net_payload_unwrap(const uint8_t *p, size_t n);

/* A static payload type (RFC 3551 section 6). */
struct gs_net_rtp_static {
	const char *name;
	uint32_t clock;
	uint8_t channels;
};

/* Payload type pt, or NULL: it has no fixed meaning. */
const struct gs_net_rtp_static *gs_net_rtp_static(uint8_t pt);

/* An RTP header (RFC 3550 section 5.1). */
struct gs_net_rtp {
	uint8_t type; /* payload type, 0–127 */
	uint8_t csrcs;
	bool marker;
	bool padding; /* the P bit; in SRTP the count is encrypted */
	bool extension;
	uint16_t seq;
	uint32_t time;
	uint32_t ssrc;
	uint16_t profile; /* extension: what it is */
	uint16_t extension_at; /* offset of the 4 bytes before its words */
	uint32_t header; /* bytes up to the payload: fixed, CSRC, X */
};

/* Reads the header of p. False: too short for what it says, or not
 * version 2; *r is then untouched. */
bool gs_net_rtp_parse(struct gs_net_rtp *r, const uint8_t *p, size_t n);

/* Whether RFC 9335 hides CSRCs and extension of an SRTP packet, too; its
 * header, which gs_net_rtp_parse() has read, is header octets of p. */
bool gs_net_rtp_cryptex(const uint8_t *p, size_t header);

/* The payload of a plain packet without padding (RFC 3550 section 5.1).
 * False when the padding count is 0 or more than there is; the payload is
 * then all that follows the header. */
bool gs_net_rtp_payload(const struct gs_net_rtp *r, const uint8_t *p, size_t n,
    struct gs_span *payload);

/* One packet of a compound RTCP datagram (RFC 3550 section 6.1). */
struct gs_net_rtcp {
	uint8_t type; /* 200 SR, 201 RR, 202 SDES, 203 BYE, 204 APP, … */
	uint8_t count;
	bool padding;
	uint32_t ssrc; /* of the sender; 0 when the packet has none */
	struct gs_span bytes; /* header and all */
};

/* Reads the packet at offset *at of the datagram and moves *at behind it.
 * Returns 1, 0 at the end, -1: malformed there. Of SRTCP only the first
 * packet's header is in clear. */
int gs_net_rtcp_next(struct gs_net_rtcp *r, const uint8_t *p, size_t n,
    size_t *at) GS_MUST;

/* Sequence numbers as 64-bit indexes that do not wrap: of all indexes with
 * these 16 low bits the nearest to newest (RFC 3711 section 3.3.1), which
 * never is less than 0. */
uint64_t gs_net_rtp_index(uint64_t newest, uint16_t seq);

/* Recognises RTP by its shape: two packets with one SSRC and payload type,
 * sequence numbers in row (RFC 3550 A.1, probation), or some more whose
 * sequence numbers move on with gaps. A number that stands still is none: what
 * DNS, IKE, ESP or AFS have there. A zeroed struct is ready for use, one for
 * each pair of addresses. */
struct gs_net_rtp_shape {
	uint32_t ssrc;
	uint16_t next;
	uint8_t type;
	uint8_t near; /* steps with small gaps */
	bool seen;
	bool sure;
};

/* Adds a packet that gs_net_payload_classify() calls RTP. True when this flow
 * is RTP: from the second fitting packet on. */
bool gs_net_rtp_shape_add(struct gs_net_rtp_shape *s,
    const struct gs_net_rtp *r);

enum { GS_RTP_WINDOW = 4096 }; /* packets; a multiple of 64 */

enum gs_net_rtp_order {
	GS_RTP_NEXT, /* newer than all before */
	GS_RTP_LATE, /* older than the newest one */
	GS_RTP_DUPLICATE, /* was there already */
};

/* Counts one stream. Zeroed, it is ready for use. */
struct gs_net_rtp_stats {
	bool started;
	uint64_t first; /* least and greatest index so far */
	uint64_t newest;
	uint64_t received; /* all packets, duplicates too */
	uint64_t duplicates;
	uint64_t late;
	uint32_t rate; /* clock of the last packet, 0: unknown */
	uint32_t time; /* RTP time and arrival of the last packet */
	uint64_t ns;
	double jitter; /* in units of RTP time (RFC 3550 A.8) */
	double jitter_sum; /* ms, of so many packets */
	uint64_t jitters;
	double jitter_max; /* ms */
	double delta_max; /* ms between RTP time and arrival of two packets */
	uint64_t gap_max; /* ns in which no packet came */
	uint64_t window[GS_RTP_WINDOW / 64]; /* which of the last came */
};

/* Adds the packet with this index (seq + 65536 * ROC), RTP time, arrival
 * and clock rate (0: unknown, no jitter). A duplicate is recognised when it
 * is at most GS_RTP_WINDOW packets old. Duplicates do not move jitter. */
enum gs_net_rtp_order gs_net_rtp_stats_add(struct gs_net_rtp_stats *s,
    uint64_t index, uint32_t time, uint64_t ns, uint32_t rate);

/* Packets that were expected but never came (RFC 3550 A.3); never less
 * than 0. */
uint64_t gs_net_rtp_stats_lost(const struct gs_net_rtp_stats *s);

/* Jitter in milliseconds, as estimated at the end. */
double gs_net_rtp_stats_jitter_ms(const struct gs_net_rtp_stats *s);

#endif
