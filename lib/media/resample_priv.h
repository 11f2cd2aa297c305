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

/* Rates from 8000 to 48000. NULL if out of memory. */
struct gs_media_resample *gs_media_resample_new(uint32_t from, uint32_t to);
void gs_media_resample_free(struct gs_media_resample *r);

/* One tick: in has its samples and those of the next tick, out receives
 * to/GS_TICKS samples. If tick is not the one after the last call's, silence
 * precedes it. */
void gs_media_resample_tick(struct gs_media_resample *r, int64_t tick,
    const int16_t *in, int16_t *out);

/* Stretches n samples to m, a few more or fewer, as if the clock had run
 * slower or faster. Both ends stay as they are, so that the signal continues
 * without a jump. */
void gs_media_resample_stretch(const int16_t *in, size_t n, int16_t *out,
    size_t m);

/* Appends the name and version of the library. */
void gs_media_resample_library(struct gs_buf *b);

#endif
