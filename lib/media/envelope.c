/* SPDX-License-Identifier: MIT */
/* Decodes packets to see how loud they are. */
#include "media/envelope.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "media/audio.h"
#include "media/codec.h"
#include "media/decoder_priv.h"

enum { SAMPLES = 48 * GS_ENVELOPE_MS * GS_ENVELOPE_PIECES };

struct gs_media_envelope {
	struct gs_media_codec codec;
	bool known; /* codec is that of type */
	uint8_t type;
	struct gs_media_decoder
	    *decoder; /* NULL: it needs none, or lacks one */
	int16_t pcm[SAMPLES];
};

int
gs_media_envelope_new(struct gs_media_envelope **e, struct gs_err *err)
{
	*e = calloc(1, sizeof(**e));
	return *e != NULL ? 0 : gs_err_set(err, "out of memory");
}

void
gs_media_envelope_free(struct gs_media_envelope *e)
{
	if (e == NULL)
		return;
	gs_media_decoder_free(e->decoder);
	free(e);
}

static int
set_codec(struct gs_media_envelope *e, uint8_t type,
    const struct gs_sdp_rtpmap *format)
{
	struct gs_media_codec *c = &e->codec;

	gs_media_decoder_free(e->decoder);
	e->decoder = NULL;
	(void)gs_media_audio_codec(c, format, type);
	errno = 0;
	if (gs_media_codec_octets(c->kind, c->channels) == 0 &&
	    gs_media_codec_decodes(c) && !gs_media_codec_interleaved(c))
		e->decoder = gs_media_decoder_new(c);
	e->type = type;
	e->known = e->decoder != NULL || errno != ENOMEM;
	return e->known ? 0 : -1;
}

/* Decodes the payload. Returns the number of samples. */
static size_t
decode(struct gs_media_envelope *e, struct gs_span payload)
{
	const struct gs_media_codec *c = &e->codec;
	const uint8_t *p = (const uint8_t *)payload.p;
	size_t n = gs_media_codec_samples(c, p, payload.n);

	if (n == 0 || n > SAMPLES)
		return 0;
	if (gs_media_codec_octets(c->kind, c->channels) > 0)
		return gs_media_codec_decode(c->kind, c->channels, p, payload.n,
		    e->pcm, SAMPLES);
	return e->decoder == NULL ?
	    0 :
	    gs_media_decoder_decode(e->decoder, payload, e->pcm, SAMPLES);
}

size_t
gs_media_envelope_put(struct gs_media_envelope *e, uint8_t type,
    const struct gs_sdp_rtpmap *format, struct gs_span payload,
    unsigned peak[GS_ENVELOPE_PIECES])
{
	size_t n, each, pieces = 0;

	if ((!e->known || e->type != type) && set_codec(e, type, format) == -1)
		return GS_ENVELOPE_TROUBLE;
	n = decode(e, payload);
	each = (size_t)e->codec.rate * GS_ENVELOPE_MS / 1000;
	for (size_t i = 0; i < n && i < each * GS_ENVELOPE_PIECES; i++) {
		unsigned v = (unsigned)abs(e->pcm[i]);

		if (i % each == 0)
			peak[pieces++] = 0;
		if (v > peak[pieces - 1])
			peak[pieces - 1] = v;
	}
	return pieces;
}
