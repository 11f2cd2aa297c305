/* SPDX-License-Identifier: MIT */
/* Decoders with a state, by libraries that are loaded at run time. */
#include "media/decoder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "media/decoder_priv.h"
#include "media/library_priv.h"

struct gs_media_decoder {
	const struct gs_media_decoder_ops *ops;
	void *library;
	void *state;
};

/* By kind; other kinds are decoded here, or not at all. */
static const struct gs_media_decoder_ops *const all[GS_CODEC_KINDS] = {
	[GS_CODEC_G722] = &gs_media_spandsp_g722,
	[GS_CODEC_GSM] = &gs_media_spandsp_gsm,
	[GS_CODEC_G726] = &gs_media_spandsp_g726,
	[GS_CODEC_OPUS] = &gs_media_opus_ops,
	[GS_CODEC_SPEEX] = &gs_media_speex_ops,
	[GS_CODEC_AMR] = &gs_media_amr_nb,
	[GS_CODEC_AMR_WB] = &gs_media_amr_wb,
	[GS_CODEC_G729] = &gs_media_g729_ops,
};

/* ---- libraries */

/* Whether an earlier kind has the same library. */
static bool
is_again(size_t kind)
{
	for (size_t i = 0; i < kind; i++)
		if (all[i] != NULL &&
		    strcmp(all[i]->soname, all[kind]->soname) == 0)
			return true;
	return false;
}

void
gs_media_decoder_load(void)
{
	for (size_t i = 0; i < GS_CODEC_KINDS; i++)
		if (all[i] != NULL && !is_again(i))
			gs_media_library_load(all[i]->soname);
}

const char *
gs_media_decoder_lacks(const struct gs_media_codec *c, char *text, size_t size)
{
	void *library;

	if (c->refused != NULL)
		return c->refused;
	if (!gs_media_codec_decodes(c))
		return "gs-srtpdump does not decode this codec";
	if (all[c->kind] == NULL)
		return NULL;
	library = gs_media_library_open(all[c->kind]->soname, false);
	gs_media_library_close(library);
	if (library != NULL)
		return NULL;
	(void)snprintf(text, size, "%s is not installed, or cannot be loaded%s",
	    all[c->kind]->soname,
	    c->kind == GS_CODEC_G729 ?
		" (GPL-3; Debian's package libbcg729-0)" :
		"");
	return text;
}

static void
put_version(const struct gs_media_decoder_ops *ops, struct gs_buf *b)
{
	void *library = NULL;
	bool there;

	if (ops->version != NULL)
		library = gs_media_library_open(ops->soname, true);
	there = ops->version != NULL ? library != NULL :
				       gs_media_library_is_there(ops->soname);
	gs_buf_printf(b, "%s%s", ops->soname,
	    !there              ? " is not installed" :
		library == NULL ? " (found; loaded by -a)" :
				  "");
	if (library != NULL)
		ops->version(library, b);
	gs_media_library_close(library);
}

void
gs_media_decoder_library(struct gs_buf *b)
{
	const char *line = "";

	for (size_t i = 0; i < GS_CODEC_KINDS; i++) {
		if (all[i] == NULL || is_again(i))
			continue;
		gs_buf_puts(b, line);
		put_version(all[i], b);
		line = "\n";
	}
}

/* ---- decoders */

struct gs_media_decoder *
gs_media_decoder_new(const struct gs_media_codec *c)
{
	const struct gs_media_decoder_ops *ops = all[c->kind];
	struct gs_media_decoder *d = ops != NULL ? calloc(1, sizeof(*d)) : NULL;

	if (d == NULL)
		return NULL;
	d->ops = ops;
	d->library = gs_media_library_open(ops->soname, false);
	if (d->library != NULL)
		d->state = ops->open(d->library, c);
	if (d->state != NULL)
		return d;
	gs_media_decoder_free(d);
	return NULL;
}

void
gs_media_decoder_free(struct gs_media_decoder *d)
{
	if (d == NULL)
		return;
	if (d->state != NULL)
		d->ops->close(d->state);
	gs_media_library_close(d->library);
	free(d);
}

size_t
gs_media_decoder_decode(struct gs_media_decoder *d, struct gs_span p,
    int16_t *out, size_t cap)
{
	return d->ops->decode(d->state, (const uint8_t *)p.p, p.n, out, cap);
}

size_t
gs_media_decoder_conceal(struct gs_media_decoder *d, struct gs_span next,
    int16_t *out, size_t n)
{
	return n == 0 || d->ops->conceal == NULL ?
	    0 :
	    d->ops->conceal(d->state, (const uint8_t *)next.p, next.n, out, n);
}
