/* SPDX-License-Identifier: MIT */
/* The length of a payload of Opus (RFC 6716, RFC 7587). */
#ifndef GSPROV_MEDIA_OPUS_PRIV_H
#define GSPROV_MEDIA_OPUS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GS_OPUS_RATE = 48000 };

/* Its length in samples at 48 kHz; 0: malformed. */
size_t gs_media_opus_samples(const uint8_t *p, size_t n);

bool gs_media_opus_stereo(const uint8_t *p, size_t n);

#endif
