/* SPDX-License-Identifier: MIT */
/* Payloads to linear 16-bit samples: G.711 and L16. */
#ifndef GSPROV_MEDIA_PCM_PRIV_H
#define GSPROV_MEDIA_PCM_PRIV_H

#include <stddef.h>

#include "codec.h"

/* Octets of one sample of a PCMA, PCMU or L16 payload, all its channels. */
size_t gs_media_pcm_octets(enum gs_media_codec_kind kind, unsigned channels);

/* Decodes at most cap samples of such a payload of n bytes into out; the two
 * channels of a stereo L16 become their mean. Returns how many samples there
 * are in out. */
size_t gs_media_pcm_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap);

#endif
