/* SPDX-License-Identifier: MIT */
/* G.722 payloads to linear 16-bit samples, through libspandsp: the decoder
 * that FreeSWITCH and baresip use. */
#include "media/g722_priv.h"

#include <stdlib.h>

#include <spandsp.h>
#include <spandsp/version.h>

struct gs_media_g722 {
	g722_decode_state_t *state;
	unsigned holders;
};

struct gs_media_g722 *
gs_media_g722_new(void)
{
	struct gs_media_g722 *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->holders = 1;
	g->state = g722_decode_init(NULL, 64000, 0);
	if (g->state != NULL)
		return g;
	free(g);
	return NULL;
}

void
gs_media_g722_hold(struct gs_media_g722 *g)
{
	if (g != NULL)
		g->holders++;
}

void
gs_media_g722_free(struct gs_media_g722 *g)
{
	if (g == NULL || --g->holders > 0)
		return;
	g722_decode_free(g->state);
	free(g);
}

size_t
gs_media_g722_decode(struct gs_media_g722 *g, const uint8_t *p, size_t n,
    int16_t *out, size_t cap)
{
	int got;

	if (n > cap / 2)
		n = cap / 2;
	got = g722_decode(g->state, out, p, (int)n);
	return got < 0 ? 0 : (size_t)got;
}

void
gs_media_g722_library(struct gs_buf *b)
{
	gs_buf_printf(b, "libspandsp %d", SPANDSP_RELEASE_DATE);
}
