/* SPDX-License-Identifier: MIT */
/* RTP in the clear: media that anyone can listen to. */
#ifndef GSPROV_CALLS_HEARD_H
#define GSPROV_CALLS_HEARD_H

#include "net/addr.h"

struct gs_sdp;
struct gs_sdp_verdict;

/* What the SDPs of a capture say about the addresses of a stream. */
enum gs_calls_heard_agreed {
	GS_HEARD_UNKNOWN, /* no SDP has that address */
	GS_HEARD_PLAIN, /* it is not encrypted: the SDP's own finding */
	GS_HEARD_SRTP,
};

/* A stream that is proven not to be encrypted. */
struct gs_calls_heard_stream {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint64_t frame; /* the frame that proved it */
	enum gs_calls_heard_agreed agreed;
	uint64_t leg; /* hash of the id of the leg whose SDP has its address; 0:
		       * none */
	uint64_t more; /* if not 0, it stands for so many streams that were
			* not kept, and of which nothing else is known */
};

struct gs_calls_heard;

/* NULL if out of memory. */
struct gs_calls_heard *gs_calls_heard_new(void) GS_MUST;

/* Tells h about an SDP of the leg with this hash, which was judged: its media
 * and their addresses. */
void gs_calls_heard_sdp(struct gs_calls_heard *h, const struct gs_sdp *sdp,
    const struct gs_sdp_verdict *v, uint64_t leg);

/* A UDP payload, of which wire octets were sent, in TURN or not. It proves that
 * its stream is not encrypted if packets have exactly the size of frames of
 * their codec, with no room for a tag (two packets of G.711 or G.722, else at
 * least five in a row), or if octets that a cipher makes random stay the same.
 * Where an SDP of the capture says SRTP without a tag, the size proves
 * nothing. */
void gs_calls_heard_feed(struct gs_calls_heard *h,
    const struct gs_net_addr *src, const struct gs_net_addr *dst,
    struct gs_span payload, size_t wire, uint64_t frame);

/* Fills in unencrypted stream number *i, and advances *i. Returns false if
 * there are no more. */
bool gs_calls_heard_next(const struct gs_calls_heard *h, size_t *i,
    struct gs_calls_heard_stream *s);

/* h may be NULL. */
void gs_calls_heard_free(struct gs_calls_heard *h);

#endif
