/* SPDX-License-Identifier: MIT */
/* What SDP announced for the media at an address: whether it is encrypted, and
 * how. */
#ifndef GSPROV_SRTP_ANNOUNCED_H
#define GSPROV_SRTP_ANNOUNCED_H

#include "net/addr.h"
#include "sdp/rtpmap.h"

struct gs_err;

enum {
	GS_ANNOUNCED_MAX = 2048, /* addresses; after that, the oldest is
				  * replaced */
	GS_ANNOUNCED_FORMATS = 16, /* rtpmaps of one address; the first ones
				    * stay */
};

struct gs_srtp_announcement {
	struct gs_net_addr addr;
	bool plain; /* RTP/AVP without a=crypto was seen */
	bool secure; /* RTP/SAVP or a=crypto was seen */
	bool dtls; /* UDP/TLS/RTP/SAVP was seen: the keys are not in SDP */
	bool handshake; /* DTLS was seen there, whether or not SDP said so */
	bool shown; /* the SDP is in the capture, for all to read */
	bool hidden; /* some header extensions are encrypted (RFC 6904) */
	uint32_t call; /* number of the last call that named it; 0: unknown */
	uint8_t formats;
	struct gs_sdp_rtpmap format[GS_ANNOUNCED_FORMATS];
	uint64_t since[GS_ANNOUNCED_FORMATS]; /* when each was sent, in ns; 0:
					       * in a text */
};

enum { GS_ANNOUNCED_SLOTS = 4096 }; /* a power of two, above the maximum */

/* Read it with the functions below; only gs_srtp_announced_at() adds to it. */
struct gs_srtp_announced {
	struct gs_srtp_announcement entry[GS_ANNOUNCED_MAX];
	size_t n;
	size_t oldest; /* the entry to be replaced next, when all are in use */
	uint64_t seed; /* of the hashes in slot */
	uint16_t slot[GS_ANNOUNCED_SLOTS]; /* of the hash table: index + 1 */
};

/* Returns NULL if out of memory. */
struct gs_srtp_announced *gs_srtp_announced_new(struct gs_err *err) GS_MUST;
void gs_srtp_announced_free(struct gs_srtp_announced *a);

/* The entry of addr, added if there is none, to be filled in. It is valid until
 * the next call. */
struct gs_srtp_announcement *gs_srtp_announced_at(struct gs_srtp_announced *a,
    const struct gs_net_addr *addr);

/* The entry of addr, or NULL. */
const struct gs_srtp_announcement *gs_srtp_announced_find(
    const struct gs_srtp_announced *a, const struct gs_net_addr *addr);

/* Adds the value of a=rtpmap, which was sent at ns (0: in a text), if it is
 * valid and new. Another call may use the same type for another codec. */
void gs_srtp_announcement_rtpmap(struct gs_srtp_announcement *a,
    struct gs_span value, uint64_t ns);

/* Adds the value of a=fmtp to the last format of its type, if there is one. */
void gs_srtp_announcement_fmtp(struct gs_srtp_announcement *a,
    struct gs_span value);

/* The format of payload type in a (may be NULL) at ns, or NULL. If all were
 * announced later, it is the first. */
const struct gs_sdp_rtpmap *gs_srtp_announcement_format(
    const struct gs_srtp_announcement *a, uint8_t type, uint64_t ns);

/* The format of payload type at any address with this port: behind a NAT, SDP
 * names a private one. NULL: there is none, or they differ. */
const struct gs_sdp_rtpmap *gs_srtp_announced_port_format(
    const struct gs_srtp_announced *a, uint16_t port, uint8_t type,
    uint64_t ns);

#endif
