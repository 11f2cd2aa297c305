/* SPDX-License-Identifier: MIT */
/* G.729 with annexes A and B through libbcg729. That library is under the GPL,
 * version 3: it is used if it is installed, and no part of it, nor a header,
 * is part of this program. */
#include "media/decoder_priv.h"

#include <stdlib.h>

#include "media/library_priv.h"

enum { FRAME = 10, SID = 2, SAMPLES = 80 };

struct g729 {
	void *state;
	void (*decode)(void *state, const uint8_t *frame, uint8_t n,
	    uint8_t erased, uint8_t sid, uint8_t rfc3389, int16_t *out);
	void (*end)(void *state);
};

static void *
open_g729(void *library, const struct gs_media_codec *c)
{
	void *(*init)(void);
	struct g729 *g = calloc(1, sizeof(*g));

	(void)c;
	if (g != NULL &&
	    gs_media_library_find(library, "initBcg729DecoderChannel", &init) &&
	    gs_media_library_find(library, "bcg729Decoder", &g->decode) &&
	    gs_media_library_find(library, "closeBcg729DecoderChannel",
		&g->end))
		g->state = init();
	if (g != NULL && g->state != NULL)
		return g;
	free(g);
	return NULL;
}

static void
close_g729(void *state)
{
	struct g729 *g = state;

	g->end(g->state);
	free(g);
}

/* Frames of 10 octets; after them, there may be one of comfort noise, of 2
 * (RFC 3551 section 4.5.6). */
static size_t
decode_g729(void *state, const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	struct g729 *g = state;
	size_t done = 0;

	while (n >= SID && cap - done >= SAMPLES) {
		size_t one = n >= FRAME ? FRAME : SID;

		g->decode(g->state, p, (uint8_t)one, 0, one == SID, 0,
		    out + done);
		done += SAMPLES;
		p += one;
		n = one == SID ? 0 : n - one;
	}
	return done;
}

static size_t
conceal_g729(void *state, const uint8_t *p, size_t n, int16_t *out, size_t lost)
{
	struct g729 *g = state;
	size_t done = 0;

	(void)p;
	(void)n;
	for (; lost - done >= SAMPLES; done += SAMPLES)
		g->decode(g->state, NULL, 0, 1, 0, 0, out + done);
	return done;
}

const struct gs_media_decoder_ops gs_media_g729_ops = {
	.soname = "libbcg729.so.0",
	.open = open_g729,
	.close = close_g729,
	.decode = decode_g729,
	.conceal = conceal_g729,
};
