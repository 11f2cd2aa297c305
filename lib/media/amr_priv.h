/* SPDX-License-Identifier: MIT */
/* Payloads of AMR and AMR-WB (RFC 4867) as frames of a file. */
#ifndef GSPROV_MEDIA_AMR_PRIV_H
#define GSPROV_MEDIA_AMR_PRIV_H

#include "base/buf.h"

enum {
	GS_AMR_FRAMES = 25, /* of one payload, 20 ms each */
	GS_AMR_OCTETS = GS_AMR_FRAMES * 61, /* of one payload's frames */
	GS_AMR_PART = 64, /* octets of a payload of one frame */
};

/* Writes the frames of a payload, each as in a file (section 5.3: its type in
 * an octet, its bits), to out, which has room for GS_AMR_OCTETS. aligned is
 * what SDP tells; a payload that only the other format matches is read that
 * way. Returns the number of frames, 0 if malformed, and their octets in
 * *octets. */
size_t gs_media_amr_frames(bool wide, unsigned variant, const uint8_t *p,
    size_t n, uint8_t *out, size_t *octets);

/* Frame i of an interleaved payload as a payload of its own. later is by how
 * many frames it belongs behind the first one. Returns its octets, 0: there is
 * no such frame. */
size_t gs_media_amr_part(bool wide, unsigned variant, struct gs_span payload,
    size_t i, uint8_t out[GS_AMR_PART], unsigned *later);

#endif
