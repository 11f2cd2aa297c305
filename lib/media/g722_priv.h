/* SPDX-License-Identifier: MIT */
/* G.722 payloads to linear 16-bit samples, through libspandsp. */
#ifndef GSPROV_MEDIA_G722_PRIV_H
#define GSPROV_MEDIA_G722_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "../base/buf.h"

/* The decoder of one source: it adapts, so it wants payloads in order. */
struct gs_media_g722;

/* With one holder. Returns NULL without memory. */
struct gs_media_g722 *gs_media_g722_new(void);

/* One holder more, or one less, the last of which frees g. g may be NULL. */
void gs_media_g722_hold(struct gs_media_g722 *g);
void gs_media_g722_free(struct gs_media_g722 *g);

/* Decodes a payload at 64 kbit/s (RFC 3551 4.5.2): two samples at 16 kHz
 * for each of its n bytes, at most cap samples. Returns how many. */
size_t gs_media_g722_decode(struct gs_media_g722 *g, const uint8_t *p, size_t n,
    int16_t *out, size_t cap);

/* Puts the name of libspandsp and the date of its release; only its header
 * tells it. */
void gs_media_g722_library(struct gs_buf *b);

#endif
