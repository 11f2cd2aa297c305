/* SPDX-License-Identifier: MIT */
/* Payloads to linear 16-bit samples: G.711 and L16. */
#ifndef GSPROV_OUT_PCM_PRIV_H
#define GSPROV_OUT_PCM_PRIV_H

#include <stddef.h>

#include "codec.h"

/* Decodes at most cap samples of a PCMA, PCMU or L16 payload of n bytes into
 * out; the two channels of a stereo L16 become their mean. Returns how many
 * samples there are in out. */
size_t gs_pcm_decode(const struct gs_codec *c, const uint8_t *p, size_t n,
    int16_t *out, size_t cap);

#endif
