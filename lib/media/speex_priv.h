/* SPDX-License-Identifier: MIT */
/* What a payload of Speex (RFC 5574) says of itself. */
#ifndef GSPROV_MEDIA_SPEEX_PRIV_H
#define GSPROV_MEDIA_SPEEX_PRIV_H

#include <stddef.h>
#include <stdint.h>

/* How many frames of 20 ms it holds; what cannot be read is none. */
size_t gs_media_speex_frames(const uint8_t *p, size_t n);

#endif
