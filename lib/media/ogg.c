/* SPDX-License-Identifier: MIT */
/* An Ogg stream of Opus or Speex. */
#include "media/ogg_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "media/opus_priv.h"
#include "media/speex_priv.h"

enum {
	HEAD = 27, /* octets of a page before its table of segments */
	SERIAL = 0x67737076, /* of the only stream */
	BEGINS = 2, /* flags of a page */
	ENDS = 4,
};

/* RFC 3533 section 6: polynomial 0x04c11db7, all else zero. */
static uint32_t
crc(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sum ^= (uint32_t)p[i] << 24;
		for (int k = 0; k < 8; k++)
			sum = sum << 1 ^ (sum >> 31 ? 0x04c11db7 : 0);
	}
	return sum;
}

static void
put_page(struct gs_media_ogg *o, unsigned flags, struct gs_span p, uint64_t end)
{
	uint8_t h[HEAD + 255] = "OggS";
	size_t segments = p.n / 255 + 1;
	uint32_t sum;

	h[5] = (uint8_t)flags;
	gs_put_le32(h + 6, (uint32_t)end);
	gs_put_le32(h + 10, (uint32_t)(end >> 32));
	gs_put_le32(h + 14, SERIAL);
	gs_put_le32(h + 18, o->pages++);
	h[26] = (uint8_t)segments;
	memset(h + HEAD, 255, segments - 1);
	h[HEAD + segments - 1] = (uint8_t)(p.n % 255);
	sum = crc(crc(0, h, HEAD + segments), (const uint8_t *)p.p, p.n);
	gs_put_le32(h + 22, sum);
	/* Errors remain in the stream. */
	(void)fwrite(h, 1, HEAD + segments, o->fp);
	(void)fwrite(p.p, 1, p.n, o->fp);
}

/* "vendor, no comments": the same in both formats. */
static void
put_comments(struct gs_media_ogg *o, const char *magic)
{
	static const char vendor[] = "gsprov";
	uint8_t h[64] = { 0 };
	size_t n = strlen(magic);

	memcpy(h, magic, n);
	gs_put_le32(h + n, sizeof(vendor) - 1);
	memcpy(h + n + 4, vendor, sizeof(vendor) - 1);
	put_page(o, 0, gs_span(h, n + 4 + sizeof(vendor) - 1 + 4), 0);
}

/* RFC 7845 section 5.1. Nothing is skipped: the capture may begin anywhere. */
static void
begin_opus(struct gs_media_ogg *o, struct gs_span p)
{
	uint8_t h[19] = "OpusHead\1";

	h[9] = gs_media_opus_stereo((const uint8_t *)p.p, p.n) ? 2 : 1;
	gs_put_le32(h + 12, GS_OPUS_RATE);
	put_page(o, BEGINS, gs_span(h, sizeof(h)), 0);
	put_comments(o, "OpusTags");
}

/* The Speex Codec Manual, table 7.1. */
static void
begin_speex(struct gs_media_ogg *o, uint32_t rate, struct gs_span p)
{
	uint8_t h[80] = "Speex   1.2";
	size_t frames = gs_media_speex_frames((const uint8_t *)p.p, p.n);

	gs_put_le32(h + 28, 1);
	gs_put_le32(h + 32, sizeof(h));
	gs_put_le32(h + 36, rate);
	gs_put_le32(h + 40, rate == 8000 ? 0 : rate == 16000 ? 1 : 2);
	gs_put_le32(h + 44, 4); /* version of the bit stream */
	gs_put_le32(h + 48, 1); /* channels */
	gs_put_le32(h + 52, UINT32_MAX); /* bit rate: unknown */
	gs_put_le32(h + 56, rate / 50);
	gs_put_le32(h + 64, frames > 0 ? (uint32_t)frames : 1);
	put_page(o, BEGINS, gs_span(h, sizeof(h)), 0);
	put_comments(o, "");
}

void
gs_media_ogg_begin(struct gs_media_ogg *o, const struct gs_media_codec *codec,
    struct gs_span p)
{
	if (codec->kind == GS_CODEC_OPUS)
		begin_opus(o, p);
	else
		begin_speex(o, codec->rate, p);
}

static void
flush(struct gs_media_ogg *o, unsigned flags)
{
	if (o->held)
		put_page(o, flags, gs_span(o->p, o->n), o->end);
	o->held = false;
}

int
gs_media_ogg_put(struct gs_media_ogg *o, struct gs_span p, uint64_t end)
{
	if (o->p == NULL && (o->p = malloc(GS_OGG_PACKET)) == NULL)
		return -1;
	flush(o, 0);
	memcpy(o->p, p.p, p.n);
	o->n = p.n;
	o->end = end;
	o->held = true;
	return 0;
}

void
gs_media_ogg_end(struct gs_media_ogg *o)
{
	flush(o, ENDS);
	free(o->p);
	o->p = NULL;
}
