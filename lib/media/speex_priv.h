/* SPDX-License-Identifier: MIT */
/* The length of a payload of Speex (RFC 5574). */
#ifndef GSPROV_MEDIA_SPEEX_PRIV_H
#define GSPROV_MEDIA_SPEEX_PRIV_H

#include <stddef.h>
#include <stdint.h>

/* Its number of 20 ms frames; invalid ones do not count. */
size_t gs_media_speex_frames(const uint8_t *p, size_t n);

#endif
