/* SPDX-License-Identifier: MIT */
/* Opus (RFC 6716) through libopus, with its in-band FEC for lost packets. */
#include "media/opus_priv.h"

#include <stdlib.h>

#include "media/decoder_priv.h"
#include "media/library_priv.h"

enum {
	MOST = GS_OPUS_RATE * 120 / 1000, /* samples of a packet, */
	USUAL = GS_OPUS_RATE * 20 / 1000, /* and of most packets */
	STEP = GS_OPUS_RATE / 400, /* unit of concealed samples */
};

/* Section 3.1: config, stereo, and number of frames. */
size_t
gs_media_opus_samples(const uint8_t *p, size_t n)
{
	static const uint16_t silk[4] = { 480, 960, 1920, 2880 };
	static const uint16_t hybrid[2] = { 480, 960 };
	static const uint16_t celt[4] = { 120, 240, 480, 960 };
	unsigned config, frames;
	size_t samples;

	if (n == 0)
		return 0;
	config = p[0] >> 3;
	frames = (p[0] & 3) == 0 ? 1 : 2;
	if ((p[0] & 3) == 3) {
		if (n < 2)
			return 0;
		frames = p[1] & 63;
	}
	samples = config < 12 ? silk[config & 3] :
	    config < 16       ? hybrid[config & 1] :
				celt[config & 3];
	samples *= frames;
	return samples <= MOST ? samples : 0;
}

bool
gs_media_opus_stereo(const uint8_t *p, size_t n)
{
	return n > 0 && (p[0] & 4) != 0;
}

struct opus {
	void *state;
	int (*decode)(void *state, const uint8_t *p, int32_t n, int16_t *out,
	    int samples, int fec);
	void (*destroy)(void *state);
};

/* A side of a call is mono: the library mixes stereo down. */
static void *
open_opus(void *library, const struct gs_media_codec *c)
{
	void *(*create)(int32_t rate, int channels, int *error);
	struct opus *o = calloc(1, sizeof(*o));
	int error = 0;

	(void)c;
	if (o != NULL &&
	    gs_media_library_find(library, "opus_decoder_create", &create) &&
	    gs_media_library_find(library, "opus_decode", &o->decode) &&
	    gs_media_library_find(library, "opus_decoder_destroy", &o->destroy))
		o->state = create(GS_OPUS_RATE, 1, &error);
	if (o != NULL && o->state != NULL)
		return o;
	free(o);
	return NULL;
}

static void
close_opus(void *state)
{
	struct opus *o = state;

	o->destroy(o->state);
	free(o);
}

static size_t
decode_opus(void *state, const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	struct opus *o = state;
	int got = o->decode(o->state, p, (int32_t)n, out,
	    (int)(cap < MOST ? cap : MOST), 0);

	return got < 0 ? 0 : (size_t)got;
}

/* The packet after the gap may contain the last one before it again (RFC 6716
 * section 2.1.7); the rest is concealed. */
static size_t
conceal_opus(void *state, const uint8_t *p, size_t n, int16_t *out, size_t lost)
{
	struct opus *o = state;
	size_t packet = gs_media_opus_samples(p, n), done = 0, part, guess;
	size_t each = packet > 0 ? packet : USUAL;
	int got = 1;

	lost -= lost % STEP;
	guess = packet < lost ? lost - packet : 0;
	for (; done < guess && got > 0; done += (size_t)got) {
		part = guess - done < each ? guess - done : each;
		got = o->decode(o->state, NULL, 0, out + done, (int)part, 0);
		got = got > 0 ? got : 0;
	}
	if (packet == 0)
		return done;
	got = o->decode(o->state, p, (int32_t)n, out + done,
	    (int)(lost - done < MOST ? lost - done : MOST), 1);
	return done + (got > 0 ? (size_t)got : 0);
}

static void
version_opus(void *library, struct gs_buf *b)
{
	const char *(*get)(void);

	/* "libopus 1.3.1" */
	if (gs_media_library_find(library, "opus_get_version_string", &get)) {
		const char *blank = strchr(get(), ' ');

		gs_buf_printf(b, "%s", blank != NULL ? blank : "");
	}
}

const struct gs_media_decoder_ops gs_media_opus_ops = {
	.soname = "libopus.so.0",
	.open = open_opus,
	.close = close_opus,
	.decode = decode_opus,
	.conceal = conceal_opus,
	.version = version_opus,
};
