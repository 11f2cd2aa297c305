/* SPDX-License-Identifier: MIT */
/* Converts between two sample rates (J. O. Smith, "Digital Audio
 * Resampling": band-limited interpolation with a windowed sinc). */
#include "media/resample_priv.h"

#include <math.h>
#include <stdlib.h>

struct gs_resample {
	uint32_t in; /* samples a tick */
	uint32_t out;
	uint32_t phases;
	uint32_t reach; /* samples used at each side, a multiple of 4 */
	float *coef; /* phases times 2 * reach */
};

static uint32_t
gcd(uint32_t a, uint32_t b)
{
	while (b != 0) {
		uint32_t t = a % b;

		a = b;
		b = t;
	}
	return a;
}

/* The modified Bessel function of order 0, by its series. */
static double
bessel0(double x)
{
	double sum = 1, term = 1;

	for (int k = 1; k < 40 && term > 1e-9 * sum; k++) {
		term *= (x / (2 * k)) * (x / (2 * k));
		sum += term;
	}
	return sum;
}

/* x in samples of the input; cut is the band's edge, 1 for half the rate.
 * A beta of 8 leaves 80 dB below the pass band. Not yet scaled. */
static double
kernel(double x, double cut, double reach)
{
	const double pi = 3.14159265358979323846, beta = 8;
	double t = x / reach, sinc = 1;

	if (fabs(t) >= 1)
		return 0;
	if (fabs(x) > 1e-9)
		sinc = sin(pi * cut * x) / (pi * cut * x);
	return sinc * bessel0(beta * sqrt(1 - t * t));
}

/* Every phase sums to 1: a constant stays itself. */
static void
fill_phase(const struct gs_resample *r, uint32_t phase, double cut)
{
	float *c = r->coef + (size_t)phase * 2 * r->reach;
	double frac = (double)phase / r->phases, sum = 0;

	for (uint32_t i = 0; i < 2 * r->reach; i++) {
		double k =
		    kernel((double)i - r->reach + 1 - frac, cut, r->reach);

		c[i] = (float)k;
		sum += k;
	}
	for (uint32_t i = 0; i < 2 * r->reach; i++)
		c[i] = (float)(c[i] / sum);
}

struct gs_resample *
gs_resample_new(uint32_t from, uint32_t to)
{
	struct gs_resample *r = calloc(1, sizeof(*r));
	double ratio = from > to ? (double)from / to : 1;

	if (r == NULL)
		return NULL;
	r->in = from / GS_TICKS;
	r->out = to / GS_TICKS;
	if (r->in == 0 || r->out == 0) {
		free(r);
		return NULL;
	}
	r->phases = r->out / gcd(r->in, r->out);
	r->reach = (uint32_t)ceil(GS_RESAMPLE_ZEROS * ratio / 4) * 4;
	r->coef = calloc((size_t)r->phases * 2 * r->reach, sizeof(float));
	if (r->coef == NULL) {
		free(r);
		return NULL;
	}
	for (uint32_t i = 0; i < r->phases; i++)
		fill_phase(r, i, 0.94 / ratio);
	return r;
}

void
gs_resample_free(struct gs_resample *r)
{
	if (r == NULL)
		return;
	free(r->coef);
	free(r);
}

/* n is a multiple of 8: eight sums, so that the compiler need not keep the
 * order of one and can use vectors. */
static float
dot(const float *a, const float *b, size_t n)
{
	float s[8] = { 0 };

	for (size_t i = 0; i < n; i += 8)
		for (size_t k = 0; k < 8; k++)
			s[k] += a[i + k] * b[i + k];
	return (s[0] + s[4]) + (s[1] + s[5]) + (s[2] + s[6]) + (s[3] + s[7]);
}

void
gs_resample_tick(const struct gs_resample *r, const float *in, int16_t *out)
{
	uint32_t scale = r->out / r->phases;

	for (uint32_t j = 0; j < r->out; j++) {
		uint32_t at = j * r->in / r->out;
		uint32_t phase = j * r->in % r->out / scale;
		const float *c = r->coef + (size_t)phase * 2 * r->reach;
		float sum =
		    dot(c, in + at + 1 - r->reach, (size_t)2 * r->reach);

		if (sum > INT16_MAX)
			sum = INT16_MAX;
		else if (sum < INT16_MIN)
			sum = INT16_MIN;
		out[j] = (int16_t)lrintf(sum);
	}
}
