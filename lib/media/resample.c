/* SPDX-License-Identifier: MIT */
/* Converts between two sample rates, through libspeexdsp. */
#include "media/resample_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <speex/speex_resampler.h>

#include "base/buf.h"

/* The least quality with more than 80 dB between a tone below 3 kHz and its
 * noise at all rates, and 60 dB up to the telephone's 3.4 kHz. */
enum { QUALITY = 5 };

struct gs_media_resample {
	SpeexResamplerState *state;
	uint32_t in; /* samples a tick */
	uint32_t out;
	int64_t next; /* tick that continues the last one */
	uint32_t ahead; /* samples of it already in the filter */
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

/* The filter looks ahead by half its length, which is less than a tick: it
 * takes this much more at a beginning. */
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

/* ---- a clock with another speed */

enum { TAPS = 8 }; /* to each side */

/* The signal at x, between samples: a sinc in Hann's window. */
static int16_t
between(const int16_t *in, double x)
{
	double whole = floor(x), sum = 0, part = x - whole;
	const int16_t *at = in + (ptrdiff_t)whole;

	if (part < 1e-9)
		return *at;
	for (int k = 1 - TAPS; k <= TAPS; k++) {
		double d = M_PI * (k - part);

		sum +=
		    at[k] * (sin(d) / d) * (0.5 + 0.5 * cos(d / (double)TAPS));
	}
	sum = sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum;
	return (int16_t)lrint(sum);
}

void
gs_media_resample_stretch(const int16_t *in, size_t n, int16_t *out, size_t m)
{
	size_t least = n < m ? n : m;

	memcpy(out, in, least * sizeof(*in));
	if (least < 4 * (size_t)TAPS || n == m)
		return;
	size_t inner = m - 2 * (size_t)TAPS;
	double step = (double)(n - 2 * (size_t)TAPS) / (double)inner;

	for (size_t i = 0; i < inner; i++)
		out[TAPS + i] = between(in, (double)TAPS + (double)i * step);
	memcpy(out + m - TAPS, in + n - TAPS, TAPS * sizeof(*in));
}

/* The library does not tell: the Makefile asks pkg-config. */
void
gs_media_resample_library(struct gs_buf *b)
{
	gs_buf_puts(b, "libspeexdsp " SPEEXDSP_VERSION);
}
