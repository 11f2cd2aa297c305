/* SPDX-License-Identifier: MIT */
/* Converts between two sample rates: a sinc under a Kaiser window. */
#ifndef GSPROV_MEDIA_RESAMPLE_PRIV_H
#define GSPROV_MEDIA_RESAMPLE_PRIV_H

#include "../base/diag.h"

/* Sample rates are multiples of 25, so that a tick of 40 ms is a whole
 * number of samples at each of them. */
enum {
	GS_TICKS = 25, /* per second */
	GS_TICK_MAX = 48000 / GS_TICKS,
	GS_RESAMPLE_ZEROS = 16, /* zero crossings at each side */
	GS_RESAMPLE_REACH = GS_RESAMPLE_ZEROS * 6, /* 48000 to 8000 */
};

struct gs_resample;

/* Rates from 8000 to 48000. Returns NULL without memory. */
struct gs_resample *gs_resample_new(uint32_t from, uint32_t to);
void gs_resample_free(struct gs_resample *r);

/* One tick: in[0] is its first sample; there must be GS_RESAMPLE_REACH
 * samples in front of it and behind the tick's last. out gets to/GS_TICKS
 * samples. */
void gs_resample_tick(const struct gs_resample *r, const float *in,
    int16_t *out);

#endif
