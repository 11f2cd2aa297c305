/* SPDX-License-Identifier: MIT */
/* RTP and RTCP: header views, what a datagram is, loss and jitter. */
#ifndef GSPROV_NET_RTP_H
#define GSPROV_NET_RTP_H

#include "base/buf.h"

/* What a UDP payload on a media port is (RFC 7983 section 7; RFC 5761 section
 * 4 for RTP and RTCP). All but RTP is recognised by its whole header. */
enum gs_net_payload {
	GS_MEDIA_OTHER, /* T.38 UDPTL, keep-alive, text, … */
	GS_MEDIA_STUN, /* an indication: see gs_net_payload_unwrap() */
	GS_MEDIA_ZRTP,
	GS_MEDIA_DTLS,
	GS_MEDIA_TURN, /* channel data: see gs_net_payload_unwrap() */
	GS_MEDIA_RTP, /* or SRTP: version 2, header complete */
	GS_MEDIA_RTCP, /* or SRTCP: version 2, 8 bytes, type 192–223 */
};

enum gs_net_payload gs_net_payload_classify(const uint8_t *p, size_t n);

/* What TURN carries as channel data, or in the DATA attribute of a Send or Data
 * indication (RFC 8656 sections 11 and 12.4); p was classified as TURN or
 * STUN. Empty if there is none, or if a length is wrong. */
struct gs_span gs_net_payload_unwrap(const uint8_t *p, size_t n);

/* A static payload type (RFC 3551 section 6). */
struct gs_net_rtp_static {
	const char *name;
	uint32_t clock;
	uint8_t channels;
};

/* Payload type pt, or NULL if it has no fixed meaning. */
const struct gs_net_rtp_static *gs_net_rtp_static(uint8_t pt);

/* How many octets a payload of n octets of G.711 or G.722 has beyond whole
 * frames of 10 milliseconds (RFC 3551 section 4.5: 8 octets a millisecond).
 * Unencrypted there are none, and a tag of SRTP (4, 10 or 16 octets) is what is
 * beyond. -1: another payload type. */
int gs_net_rtp_beyond(uint8_t pt, size_t n);

/* Codecs with frames of one length, as a set of bits, which leaves the upper 8
 * free: those with this name of RFC 3551 or of a=rtpmap, in any case. */
uint32_t gs_net_rtp_codecs(const char *name);

/* The codecs of which n octets, unencrypted, take just so many ticks of the
 * clock. A tag of SRTP would be beyond. */
uint32_t gs_net_rtp_fits(size_t n, uint32_t ticks);

/* Whether a payload of n octets, of which p has all, has no room for a tag of
 * SRTP, of which the shortest has 4: comfort noise (RFC 3389) or a telephone
 * event (RFC 4733 section 2.3). */
bool gs_net_rtp_tiny(const uint8_t *p, size_t n);

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

/* Reads the header of p. False: too short for its fields, or not version 2; *r
 * is then unchanged. */
bool gs_net_rtp_parse(struct gs_net_rtp *r, const uint8_t *p, size_t n);

/* Whether RFC 9335 also encrypts CSRCs and extension of an SRTP packet. Its
 * header, which gs_net_rtp_parse() has read, is the first header octets of
 * p. */
bool gs_net_rtp_cryptex(const uint8_t *p, size_t header);

/* The payload of an unencrypted packet without padding (RFC 3550 section 5.1).
 * False if the padding count is 0 or too great; the payload is then all that
 * follows the header. */
bool gs_net_rtp_payload(const struct gs_net_rtp *r, const uint8_t *p, size_t n,
    struct gs_span *payload);

/* One packet of a compound RTCP datagram (RFC 3550 section 6.1). */
struct gs_net_rtcp {
	uint8_t type; /* 200 SR, 201 RR, 202 SDES, 203 BYE, 204 APP, … */
	uint8_t count;
	bool padding;
	uint32_t ssrc; /* of the sender; 0 if the packet has none */
	struct gs_span bytes; /* with the header */
};

/* Reads the packet at offset *at of the datagram and moves *at past it.
 * Returns 1, 0 at the end, -1 if malformed there. Of SRTCP, only the first
 * packet's header is unencrypted. */
int gs_net_rtcp_next(struct gs_net_rtcp *r, const uint8_t *p, size_t n,
    size_t *at) GS_MUST;

/* Sequence numbers as 64-bit indexes that do not wrap: the index with these
 * low 16 bits that is nearest to newest (RFC 3711 section 3.3.1), never less
 * than 0. */
static inline uint64_t
gs_net_rtp_index(uint64_t newest, uint16_t seq)
{
	uint16_t up = (uint16_t)(seq - (uint16_t)newest);
	uint64_t down = UINT64_C(0x10000) - up;

	return up <= 0x8000 || down > newest ? newest + up : newest - down;
}

/* Recognises RTP by its shape: two packets with one SSRC and payload type and
 * sequence numbers in a row (RFC 3550 A.1, probation), or several whose
 * sequence numbers advance with gaps. Protocols whose number stands still are
 * not RTP: DNS, IKE, ESP, AFS. A zeroed struct is ready for use; each pair of
 * addresses has its own. */
struct gs_net_rtp_shape {
	uint32_t ssrc;
	uint16_t next;
	uint8_t type;
	uint8_t near; /* steps with small gaps */
	bool seen;
	bool sure;
};

/* Adds a packet that gs_net_payload_classify() takes for RTP. True if this flow
 * is RTP, from the second matching packet on. */
bool gs_net_rtp_shape_add(struct gs_net_rtp_shape *s,
    const struct gs_net_rtp *r);

enum { GS_RTP_WINDOW = 4096 }; /* packets; a multiple of 64 */

enum gs_net_rtp_order {
	GS_RTP_NEXT, /* newer than all before */
	GS_RTP_LATE, /* older than the newest one */
	GS_RTP_DUPLICATE, /* a duplicate */
};

/* Counts one stream. A zeroed struct is ready for use. */
struct gs_net_rtp_stats {
	bool started;
	uint64_t first; /* least and greatest index so far */
	uint64_t newest;
	uint64_t received; /* all packets with duplicates */
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

/* Whether a packet with this index came, as far as that is remembered: it is at
 * most GS_RTP_WINDOW packets old. */
bool gs_net_rtp_stats_came(const struct gs_net_rtp_stats *s, uint64_t index);

/* The next packet begins a new sequence, and perhaps a new time, so its jitter
 * is unknown. */
void gs_net_rtp_stats_restart(struct gs_net_rtp_stats *s);

/* Adds the packet with this index (seq + 65536 * ROC), RTP time, arrival and
 * clock rate (0: unknown, no jitter). If one with this index came, it is a
 * duplicate, which does not change the jitter; nor does a jump of the sender's
 * clock by more than five seconds. */
enum gs_net_rtp_order gs_net_rtp_stats_add(struct gs_net_rtp_stats *s,
    uint64_t index, uint32_t time, uint64_t ns, uint32_t rate);

/* Packets that were expected but did not come (RFC 3550 A.3); at least 0. */
uint64_t gs_net_rtp_stats_lost(const struct gs_net_rtp_stats *s);

/* Jitter in milliseconds, by the last estimate. */
double gs_net_rtp_stats_jitter_ms(const struct gs_net_rtp_stats *s);

#endif
