/* SPDX-License-Identifier: MIT */
/* G.722, GSM 06.10 and G.726 through libspandsp: the decoders that FreeSWITCH
 * and baresip use. */
#include "media/decoder_priv.h"

#include <stdlib.h>

#include "media/library_priv.h"

#define SONAME "libspandsp.so.2"

/* GSM0610_PACKING_VOIP, G726_ENCODING_LINEAR, G726_PACKING_LEFT and _RIGHT */
enum { VOIP = 2, LINEAR = 0, LEFT = 1, RIGHT = 2 };

/* All three decode octets and return the number of samples. GSM makes a frame
 * of any rest after the last one, and G.726 keeps bits for the next payload:
 * they get whole units only. */
struct spandsp {
	void *state;
	size_t unit; /* octets of whole samples, or of a frame */
	int (*decode)(void *state, int16_t *out, const uint8_t *p, int n);
	int (*free)(void *state);
};

static void *
begin(void *library, const struct gs_media_codec *c, const char *decode,
    const char *destroy)
{
	struct spandsp *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->unit = gs_media_codec_unit(c);
	if (s != NULL && gs_media_library_find(library, decode, &s->decode) &&
	    gs_media_library_find(library, destroy, &s->free))
		return s;
	free(s);
	return NULL;
}

/* s with its state; NULL if it has none. */
static void *
with(struct spandsp *s, void *state)
{
	if (state == NULL) {
		free(s);
		return NULL;
	}
	s->state = state;
	return s;
}

static void *
open_g722(void *library, const struct gs_media_codec *c)
{
	void *(*init)(void *state, int rate, int options);
	struct spandsp *s =
	    begin(library, c, "g722_decode", "g722_decode_free");

	if (s == NULL ||
	    !gs_media_library_find(library, "g722_decode_init", &init))
		return with(s, NULL);
	return with(s, init(NULL, 64000, 0));
}

static void *
open_gsm(void *library, const struct gs_media_codec *c)
{
	void *(*init)(void *state, int packing);
	struct spandsp *s = begin(library, c, "gsm0610_decode", "gsm0610_free");

	if (s == NULL || !gs_media_library_find(library, "gsm0610_init", &init))
		return with(s, NULL);
	return with(s, init(NULL, VOIP));
}

/* RFC 3551 4.5.4 packs from the least significant bit, AAL2 from the most. */
static void *
open_g726(void *library, const struct gs_media_codec *c)
{
	void *(*init)(void *state, int rate, int coding, int packing);
	int bits = c->variant & GS_CODEC_BITS;
	struct spandsp *s = begin(library, c, "g726_decode", "g726_free");

	if (s == NULL || !gs_media_library_find(library, "g726_init", &init))
		return with(s, NULL);
	return with(s,
	    init(NULL, bits * 8000, LINEAR,
		(c->variant & GS_CODEC_AAL2) != 0 ? LEFT : RIGHT));
}

static void
end(void *state)
{
	struct spandsp *s = state;

	(void)s->free(s->state);
	free(s);
}

/* The caller counted the samples: out has room for all of them. */
static size_t
decode(void *state, const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	struct spandsp *s = state;
	int got = s->decode(s->state, out, p, (int)(n - n % s->unit));

	return got < 0 ? 0 : (size_t)got < cap ? (size_t)got : cap;
}

const struct gs_media_decoder_ops gs_media_spandsp_g722 = {
	.soname = SONAME,
	.open = open_g722,
	.close = end,
	.decode = decode,
};

const struct gs_media_decoder_ops gs_media_spandsp_gsm = {
	.soname = SONAME,
	.open = open_gsm,
	.close = end,
	.decode = decode,
};

const struct gs_media_decoder_ops gs_media_spandsp_g726 = {
	.soname = SONAME,
	.open = open_g726,
	.close = end,
	.decode = decode,
};
