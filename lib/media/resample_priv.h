/* SPDX-License-Identifier: MIT */
/* Converts between two sample rates, through libspeexdsp. */
#ifndef GSPROV_MEDIA_RESAMPLE_PRIV_H
#define GSPROV_MEDIA_RESAMPLE_PRIV_H

#include <stddef.h>
#include <stdint.h>

/* Sample rates are multiples of 25, so that a tick of 40 ms is a whole
 * number of samples at each of them. */
enum {
	GS_TICKS = 25, /* per second */
	GS_TICK_MAX = 48000 / GS_TICKS,
};

struct gs_buf;
struct gs_media_resample;

/* Rates from 8000 to 48000. Returns NULL without memory. */
struct gs_media_resample *gs_media_resample_new(uint32_t from, uint32_t to);
void gs_media_resample_free(struct gs_media_resample *r);

/* One tick: in has its samples and those of the tick behind it, out gets
 * to/GS_TICKS samples. When tick is not the one after the last call's, what
 * stands before it was silence. */
void gs_media_resample_tick(struct gs_media_resample *r, int64_t tick,
    const int16_t *in, int16_t *out);

/* Makes n samples m, a few more or fewer: as if the clock had run so much
 * slower or faster in between. Both ends stay as they are, so that what stands
 * before and behind goes on without a jump. */
void gs_media_resample_stretch(const int16_t *in, size_t n, int16_t *out,
    size_t m);

/* Appends the name and version of the library. */
void gs_media_resample_library(struct gs_buf *b);

#endif
