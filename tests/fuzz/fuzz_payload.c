/* SPDX-License-Identifier: MIT */
/* Payloads of one codec, with losses, to its decoder and to a file for
 * players. No crash; no decoder writes more than was counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/codec.h"
#include "media/decoder.h"
#include "media/decoder_priv.h"
#include "media/raw.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A record: what was lost before it in 10 ms, its length, the payload. */
enum { HEAD = 2, GUARD = 4096, MARK = 12345 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	gs_media_decoder_load();
	return 0;
}

static void
pick_codec(struct gs_media_codec *c, uint8_t v)
{
	static const struct {
		const char *name;
		uint32_t clock;
		const char *params;
	} all[] = { { "opus", 48000, "" }, { "speex", 8000, "" },
		{ "speex", 16000, "" }, { "speex", 32000, "" },
		{ "AMR", 8000, "" }, { "AMR", 8000, "octet-align=1" },
		{ "AMR-WB", 16000, "" }, { "AMR-WB", 16000, "octet-align=1" },
		{ "G729", 8000, "" }, { "GSM", 8000, "" }, { "G722", 8000, "" },
		{ "G726-16", 8000, "" }, { "G726-24", 8000, "" },
		{ "G726-32", 8000, "" }, { "AAL2-G726-40", 8000, "" },
		{ "iLBC", 8000, "" }, { "AMR", 8000, "crc=1" },
		{ "AMR-WB", 16000, "robust-sorting=1" },
		{ "AMR", 8000, "interleaving=30;crc=1" } };
	size_t i = v % (sizeof(all) / sizeof(all[0]));

	gs_media_codec_rtpmap(c, gs_span(all[i].name, strlen(all[i].name)),
	    all[i].clock, 1);
	gs_media_codec_fmtp(c, gs_span(all[i].params, strlen(all[i].params)));
}

static void
decode(struct gs_media_decoder *d, const struct gs_media_codec *c,
    struct gs_span p, size_t lost)
{
	size_t n = gs_media_codec_samples(c, (const void *)p.p, p.n);
	size_t cap = lost + n;
	int16_t *out = malloc((cap + GUARD) * sizeof(*out));

	if (out == NULL)
		abort();
	for (size_t i = 0; i < GUARD; i++)
		out[cap + i] = MARK;
	if (gs_media_decoder_conceal(d, n > 0 ? p : gs_span(NULL, 0), out,
		lost) > lost ||
	    gs_media_decoder_decode(d, p, out + lost, n) > n)
		abort();
	for (size_t i = 0; i < GUARD; i++)
		if (out[cap + i] != MARK)
			abort();
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_media_codec c;
	struct gs_media_decoder *d = NULL;
	struct gs_media_raw *r;
	uint64_t malformed;
	FILE *fp = fopen("/dev/null", "wb");
	uint32_t ts = 0;
	uint16_t seq = 0;

	pick_codec(&c, n > 0 ? p[0] : 0);
	if (gs_media_codec_decodes(&c))
		d = gs_media_decoder_new(&c);
	if (fp == NULL || gs_media_raw_open(&r, fp, &c, NULL) < 0)
		abort();
	for (size_t at = 1; n >= at + HEAD;) {
		size_t left = n - at - HEAD;
		size_t size = p[at + 1] < left ? p[at + 1] : left;
		size_t lost = (size_t)c.clock / 100 * (p[at] % 21);
		/* A copy, so that nothing is read behind it. */
		uint8_t *one = malloc(size + (size == 0));

		if (one == NULL)
			abort();
		memcpy(one, p + at + HEAD, size);
		if (d != NULL && size > 0)
			decode(d, &c, gs_span(one, size), lost);
		ts += (uint32_t)lost;
		seq = (uint16_t)(seq + p[at] % 21);
		if (gs_media_raw_put(r, seq++, ts, gs_span(one, size), NULL) <
		    0)
			abort();
		ts += c.clock / 50;
		free(one);
		at += HEAD + size;
	}
	gs_media_decoder_free(d);
	if (gs_media_raw_close(r, &malformed, NULL) < 0)
		abort();
	(void)fclose(fp);
	return 0;
}
