/* SPDX-License-Identifier: MIT */
/* Decoders with a state, by libraries that are loaded at run time: never
 * linked, all optional. */
#ifndef GSPROV_MEDIA_DECODER_PRIV_H
#define GSPROV_MEDIA_DECODER_PRIV_H

#include "media/codec.h"

/* A decoder of one library. Its functions are declared in the file that uses
 * them, and found by name. */
struct gs_media_decoder_ops {
	const char *soname;
	/* Returns a decoder for c, or NULL. */
	void *(*open)(void *library, const struct gs_media_codec *c);
	void (*close)(void *state);
	/* Decodes a payload into out, which has room for cap samples, at least
	 * as many as gs_media_codec_samples() tells. Returns their number. */
	size_t (*decode)(void *state, const uint8_t *p, size_t n, int16_t *out,
	    size_t cap);
	/* Fills lost samples, as whole frames, before the payload p, which is
	 * decoded next and may repeat some of them; n 0: it does not. Returns
	 * their number. NULL: they are silence. */
	size_t (*conceal)(void *state, const uint8_t *p, size_t n, int16_t *out,
	    size_t lost);
	/* Appends the version, if the library reports it; or NULL. */
	void (*version)(void *library, struct gs_buf *b);
};

extern const struct gs_media_decoder_ops gs_media_spandsp_g722,
    gs_media_spandsp_gsm, gs_media_spandsp_g726, gs_media_opus_ops,
    gs_media_speex_ops, gs_media_amr_nb, gs_media_amr_wb, gs_media_g729_ops;

enum { GS_DECODER_LOST_MS = 200 }; /* a gap that is filled at once */

/* The decoder of one source; it takes payloads in order. */
struct gs_media_decoder;

/* NULL: the library of c is not loaded, or out of memory; errno is ENOMEM
 * then. */
struct gs_media_decoder *gs_media_decoder_new(const struct gs_media_codec *c);

/* d may be NULL. */
void gs_media_decoder_free(struct gs_media_decoder *d);

/* Decodes a payload into out, which has room for cap samples. Returns their
 * number. */
size_t gs_media_decoder_decode(struct gs_media_decoder *d, struct gs_span p,
    int16_t *out, size_t cap);

/* Fills a gap of n samples, as far as whole frames fit into it: what the codec
 * makes of a lost packet, or its comfort noise. next is the payload after the
 * gap if that may repeat the end of it, or empty. Returns the number of
 * samples; 0: the codec leaves silence. */
size_t gs_media_decoder_conceal(struct gs_media_decoder *d, struct gs_span next,
    int16_t *out, size_t n);

#endif
