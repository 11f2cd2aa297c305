/* SPDX-License-Identifier: MIT */
/* How loud a stream is, packet by packet: for a picture. */
#ifndef GSPROV_MEDIA_ENVELOPE_H
#define GSPROV_MEDIA_ENVELOPE_H

#include "base/buf.h"

struct gs_err;
struct gs_sdp_rtpmap;

enum {
	GS_ENVELOPE_MS = 20, /* a piece; the last one may be shorter */
	GS_ENVELOPE_PIECES = 16, /* of a packet; the rest is not measured */
};

/* The decoder of one stream. */
struct gs_media_envelope;

/* Returns 0 or -1. */
int gs_media_envelope_new(struct gs_media_envelope **e,
    struct gs_err *err) GS_MUST;

/* e may be NULL. */
void gs_media_envelope_free(struct gs_media_envelope *e);

#define GS_ENVELOPE_TROUBLE SIZE_MAX

/* Decodes the payload of the next packet, as it comes; format is what SDP says
 * of type, or NULL. Fills in the highest amplitude of each piece, up to 32768.
 * Returns the number of pieces; 0: it is not decoded; GS_ENVELOPE_TROUBLE: no
 * memory. */
size_t gs_media_envelope_put(struct gs_media_envelope *e, uint8_t type,
    const struct gs_sdp_rtpmap *format, struct gs_span payload,
    unsigned peak[GS_ENVELOPE_PIECES]);

#endif
