/* SPDX-License-Identifier: MIT */
/* Payloads of AMR and AMR-WB (RFC 4867) as frames of a file. */
#ifndef GSPROV_MEDIA_AMR_PRIV_H
#define GSPROV_MEDIA_AMR_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GS_AMR_FRAMES = 25, /* of one payload, 20 ms each */
	GS_AMR_OCTETS = GS_AMR_FRAMES * 61, /* of one payload's frames */
};

/* Puts the frames of a payload, each as in a file (section 5.3: its type in
 * an octet, its bits), into out, which has room for GS_AMR_OCTETS. aligned
 * says what SDP does; a payload that only the other format fits is read so.
 * Returns how many frames there are, 0: malformed, and their octets in
 * *octets. */
size_t gs_media_amr_frames(bool wide, bool aligned, const uint8_t *p, size_t n,
    uint8_t *out, size_t *octets);

#endif
