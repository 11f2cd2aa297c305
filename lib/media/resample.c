/* SPDX-License-Identifier: MIT */
/* Converts between two sample rates, through libspeexdsp. */
#include "media/resample_priv.h"

#include <stdlib.h>

#include <speex/speex_resampler.h>

#include "base/buf.h"

/* The least one that leaves more than 80 dB between a tone below 3 kHz and its
 * noise at all rates, and 60 dB up to the telephone's 3.4 kHz. */
enum { QUALITY = 5 };

struct gs_media_resample {
	SpeexResamplerState *state;
	uint32_t in; /* samples a tick */
	uint32_t out;
	int64_t next; /* tick that goes on from the last one */
	uint32_t ahead; /* samples of it that the filter has already */
};

struct gs_media_resample *
gs_media_resample_new(uint32_t from, uint32_t to)
{
	struct gs_media_resample *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->in = from / GS_TICKS;
	r->out = to / GS_TICKS;
	r->next = -1;
	r->state = speex_resampler_init(1, from, to, QUALITY, NULL);
	if (r->state != NULL)
		return r;
	free(r);
	return NULL;
}

void
gs_media_resample_free(struct gs_media_resample *r)
{
	if (r == NULL)
		return;
	speex_resampler_destroy(r->state);
	free(r);
}

/* The filter looks ahead by half its length, which is less than a tick: so
 * much more it takes at a beginning, and has it from there on. */
void
gs_media_resample_tick(struct gs_media_resample *r, int64_t tick,
    const int16_t *in, int16_t *out)
{
	uint32_t n_in = 2 * r->in, n_out = r->out;

	if (tick != r->next) {
		(void)speex_resampler_reset_mem(r->state);
		(void)speex_resampler_skip_zeros(r->state);
		r->ahead = 0;
	}
	n_in -= r->ahead;
	(void)speex_resampler_process_int(r->state, 0, in + r->ahead, &n_in,
	    out, &n_out);
	r->ahead += n_in - r->in;
	r->next = tick + 1;
}

/* The library cannot be asked: the Makefile asks pkg-config. */
void
gs_media_resample_library(struct gs_buf *b)
{
	gs_buf_puts(b, "libspeexdsp " SPEEXDSP_VERSION);
}
