/* SPDX-License-Identifier: MIT */
/* Audio codecs: by RTP payload type and rtpmap, and their samples. */
#include "media/codec.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "media/amr_priv.h"
#include "net/rtp.h"
#include "media/opus_priv.h"
#include "media/speex_priv.h"

enum { CHANNELS = 8 };

/* clock: the required one, 0: any. format: of ffplay, for payloads in a row;
 * "": a file tells its own; NULL: no common player reads it. */
static const struct known {
	const char *name;
	enum gs_media_codec_kind kind;
	uint8_t variant;
	uint32_t clock;
	const char *suffix;
	const char *format;
} known[] = {
	{ "PCMA", GS_CODEC_PCMA, 0, 0, "al", "alaw" },
	{ "PCMU", GS_CODEC_PCMU, 0, 0, "ul", "mulaw" },
	{ "L16", GS_CODEC_L16, 0, 0, "s16be", "s16be" },
	{ "G722", GS_CODEC_G722, 0, 0, "g722", "g722" },
	{ "G729", GS_CODEC_G729, 0, 8000, "g729", "g729" },
	{ "G723", GS_CODEC_OTHER, 0, 8000, "g723_1", "g723_1" },
	{ "GSM", GS_CODEC_GSM, 0, 8000, "gsm", "gsm" },
	/* RFC 3551 4.5.4 packs from the least significant bit, the AAL2
	 * variants from the most significant. */
	{ "G726-16", GS_CODEC_G726, 2, 8000, "g726le", "g726le" },
	{ "G726-24", GS_CODEC_G726, 3, 8000, "g726le", "g726le" },
	{ "G726-32", GS_CODEC_G726, 4, 8000, "g726le", "g726le" },
	{ "G726-40", GS_CODEC_G726, 5, 8000, "g726le", "g726le" },
	{ "AAL2-G726-16", GS_CODEC_G726, 2 | GS_CODEC_AAL2, 8000, "g726",
	    "g726" },
	{ "AAL2-G726-24", GS_CODEC_G726, 3 | GS_CODEC_AAL2, 8000, "g726",
	    "g726" },
	{ "AAL2-G726-32", GS_CODEC_G726, 4 | GS_CODEC_AAL2, 8000, "g726",
	    "g726" },
	{ "AAL2-G726-40", GS_CODEC_G726, 5 | GS_CODEC_AAL2, 8000, "g726",
	    "g726" },
	{ "opus", GS_CODEC_OPUS, 0, GS_OPUS_RATE, "opus", "" },
	{ "AMR", GS_CODEC_AMR, 0, 8000, "amr", "" },
	{ "AMR-WB", GS_CODEC_AMR_WB, 0, 16000, "awb", "" },
	{ "iLBC", GS_CODEC_OTHER, 0, 8000, "lbc", "" },
	{ "speex", GS_CODEC_SPEEX, 0, 0, "spx", "" },
	/* Other names of the same frames. */
	{ "G729A", GS_CODEC_G729, 0, 8000, "g729", "g729" },
	{ "G729B", GS_CODEC_G729, 0, 8000, "g729", "g729" },
	{ "G729AB", GS_CODEC_G729, 0, 8000, "g729", "g729" },
	{ "G721", GS_CODEC_G726, 4, 8000, "g726le", "g726le" },
	{ "telephone-event", GS_CODEC_OTHER, 0, 0, "raw", NULL },
	{ "CN", GS_CODEC_OTHER, 0, 0, "raw", NULL },
};

static const struct known *
known_find(struct gs_span name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eqcase(name, gs_span_of(known[i].name)))
			return &known[i];
	return NULL;
}

/* A rate for a WAV: 40 ms are a whole number of samples. */
static bool
rate_fits(uint32_t rate)
{
	return rate >= 8000 && rate <= 48000 && rate % 25 == 0;
}

static void
set_name(struct gs_media_codec *c, struct gs_span name)
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < sizeof(c->name) - 1; i++) {
		unsigned char ch = (unsigned char)name.p[i];

		c->name[n++] = ch > ' ' && ch < 0x7f ? (char)ch : '?';
	}
	c->name[n] = '\0';
}

/* Whether c has a clock and channels that its kind has. */
static bool
is_sound(const struct gs_media_codec *c, const struct known *k)
{
	if (k->clock != 0 && c->clock != k->clock)
		return false;
	switch (k->kind) {
	case GS_CODEC_G722: return c->channels == 1 && c->clock <= 16000;
	case GS_CODEC_L16: return c->channels <= CHANNELS;
	case GS_CODEC_OPUS: return true; /* "2" means nothing: RFC 7587 7 */
	case GS_CODEC_SPEEX:
		return c->channels == 1 &&
		    (c->clock == 8000 || c->clock == 16000 ||
			c->clock == 32000);
	default: return c->channels == 1;
	}
}

/* Decides whether and at which sample rate c can be decoded. */
static void
set_kind(struct gs_media_codec *c, const struct known *k)
{
	uint32_t rate = k->kind == GS_CODEC_G722 ? 16000 : c->clock;

	if (k->kind == GS_CODEC_OTHER)
		return;
	if (!is_sound(c, k) || !rate_fits(rate) || rate % c->clock != 0) {
		c->refused = "its clock rate or its channels are unusual";
		return;
	}
	c->kind = k->kind;
	c->variant = k->variant;
	c->rate = rate;
}

void
gs_media_codec_rtpmap(struct gs_media_codec *c, struct gs_span name,
    uint32_t clock, unsigned channels)
{
	const struct known *k = known_find(name);

	*c = (struct gs_media_codec){ .clock = clock };
	c->channels =
	    channels == 0 ? 1 : (uint8_t)(channels > 255 ? 255 : channels);
	if (k == NULL) {
		set_name(c, name);
		return;
	}
	set_name(c, gs_span_of(k->name));
	set_kind(c, k);
}

/* One of AMR's parameters (RFC 4867 section 8.1); each is off when it is 0. */
static void
amr_parameter(struct gs_media_codec *c, struct gs_span name, bool on)
{
	static const struct {
		const char *name;
		uint8_t form;
	} forms[] = {
		{ "octet-align", GS_CODEC_ALIGNED },
		{ "crc", GS_CODEC_ALIGNED | GS_CODEC_CRC },
		{ "robust-sorting", GS_CODEC_ALIGNED | GS_CODEC_SORTED },
		{ "interleaving", GS_CODEC_ALIGNED | GS_CODEC_INTERLEAVED },
	};

	for (size_t i = 0; on && i < sizeof(forms) / sizeof(forms[0]); i++)
		if (gs_span_eqcase(name, gs_span_of(forms[i].name)))
			c->variant |= forms[i].form;
}

void
gs_media_codec_fmtp(struct gs_media_codec *c, struct gs_span params)
{
	if (c->kind != GS_CODEC_AMR && c->kind != GS_CODEC_AMR_WB)
		return;
	while (params.n > 0) {
		struct gs_span value = gs_span_until(&params, ';');
		struct gs_span name = gs_span_until(&value, '=');

		amr_parameter(c, gs_span_trim(name),
		    !gs_span_eq(gs_span_trim(value), GS_LIT("0")));
	}
}

/* A frame of comfort noise has 2 octets. */
static size_t
g729_samples(size_t n)
{
	return n / 10 * 80 + (n % 10 >= 2 ? 80 : 0);
}

size_t
gs_media_codec_unit(const struct gs_media_codec *c)
{
	size_t bits = c->variant & GS_CODEC_BITS;

	switch (c->kind) {
	case GS_CODEC_GSM: return 33;
	case GS_CODEC_G726: return bits % 2 == 0 ? 1 : bits;
	default: return 1;
	}
}

size_t
gs_media_codec_samples(const struct gs_media_codec *c, const uint8_t *p,
    size_t n)
{
	uint8_t frames[GS_AMR_OCTETS];
	bool wide = c->kind == GS_CODEC_AMR_WB;
	size_t unit = gs_media_codec_unit(c);

	switch (c->kind) {
	case GS_CODEC_PCMA:
	case GS_CODEC_PCMU: return n;
	case GS_CODEC_L16: return n / (2u * c->channels);
	case GS_CODEC_G722: return 2 * n;
	case GS_CODEC_GSM: return n / unit * 160;
	case GS_CODEC_G726:
		return (n - n % unit) * 8 / (c->variant & GS_CODEC_BITS);
	case GS_CODEC_G729: return g729_samples(n);
	case GS_CODEC_OPUS: return gs_media_opus_samples(p, n);
	case GS_CODEC_SPEEX:
		return gs_media_speex_frames(p, n) * (c->rate / 50);
	case GS_CODEC_AMR:
	case GS_CODEC_AMR_WB:
		return gs_media_amr_frames(wide, c->variant, p, n, frames, &n) *
		    (c->rate / 50);
	case GS_CODEC_OTHER:
	case GS_CODEC_KINDS: break;
	}
	return 0;
}

bool
gs_media_codec_static(struct gs_media_codec *c, uint8_t pt)
{
	const struct gs_net_rtp_static *t = gs_net_rtp_static(pt);

	if (t != NULL) {
		gs_media_codec_rtpmap(c, gs_span_of(t->name), t->clock,
		    t->channels);
		return true;
	}
	*c = (struct gs_media_codec){ .channels = 1 };
	(void)snprintf(c->name, sizeof(c->name), "PT %u", pt);
	return false;
}

bool
gs_media_codec_interleaved(const struct gs_media_codec *c)
{
	return (c->variant & GS_CODEC_INTERLEAVED) != 0 &&
	    (c->kind == GS_CODEC_AMR || c->kind == GS_CODEC_AMR_WB);
}

bool
gs_media_codec_decodes(const struct gs_media_codec *c)
{
	return c->kind != GS_CODEC_OTHER;
}

const char *
gs_media_codec_suffix(const struct gs_media_codec *c)
{
	const struct known *k = known_find(gs_span_of(c->name));

	return k == NULL || c->refused != NULL ? "raw" : k->suffix;
}

bool
gs_media_codec_is_suffix(const char *s)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].suffix, s) == 0)
			return true;
	return strcmp(s, "raw") == 0;
}

/* The format for ffplay, or NULL. */
static const char *
format_of(const struct gs_media_codec *c)
{
	const struct known *k = known_find(gs_span_of(c->name));

	return k == NULL || c->refused != NULL ? NULL : k->format;
}

bool
gs_media_codec_plays(const struct gs_media_codec *c)
{
	return format_of(c) != NULL;
}

void
gs_media_codec_how_to_play(struct gs_buf *out, const struct gs_media_codec *c,
    const char *path)
{
	const char *format = format_of(c);
	bool bare = gs_media_codec_octets(c->kind, 1) > 0;

	if (format == NULL) {
		gs_buf_printf(out, "no player is known for bare %s payloads",
		    c->name);
		return;
	}
	gs_buf_puts(out, "ffplay");
	if (*format != '\0')
		gs_buf_printf(out, " -f %s", format);
	if (bare)
		gs_buf_printf(out, " -ar %lu", (unsigned long)c->clock);
	if (c->kind == GS_CODEC_L16)
		gs_buf_printf(out, " -ac %u", c->channels);
	if (c->kind == GS_CODEC_G726)
		gs_buf_printf(out, " -code_size %u",
		    c->variant & GS_CODEC_BITS);
	gs_buf_putc(out, ' ');
	gs_buf_put_path(out, path);
}

/* ---- payloads to samples */

/* G.711 tables 1 and 2: sign, segment, step; even bits inverted (A-law) or
 * all bits inverted (mu-law). The result is shifted up to 16 bits. */
#define SEG(i) (((i) >> 4) & 7)
#define ASTEP(i) ((((i)&15) << 4) + (SEG(i) == 0 ? 8 : 0x108))
#define AMAG(i) (ASTEP(i) << (SEG(i) > 1 ? SEG(i) - 1 : 0))
#define ASIGN(i) (int16_t)((i)&0x80 ? AMAG(i) : -AMAG(i))
#define ALAW(i) ASIGN((i) ^ 0x55)
#define UMAG(i) ((((((i)&15) << 3) + 0x84) << SEG(i)) - 0x84)
#define USIGN(i) (int16_t)((i)&0x80 ? -UMAG(i) : UMAG(i))
#define ULAW(i) USIGN((i) ^ 0xff)

#define R4(f, i) f(i), f((i) + 1), f((i) + 2), f((i) + 3)
#define R16(f, i) R4(f, i), R4(f, (i) + 4), R4(f, (i) + 8), R4(f, (i) + 12)
#define R64(f, i)                                                              \
	R16(f, i), R16(f, (i) + 16), R16(f, (i) + 32), R16(f, (i) + 48)
#define R256(f) R64(f, 0), R64(f, 64), R64(f, 128), R64(f, 192)

static const int16_t alaw[256] = { R256(ALAW) };
static const int16_t ulaw[256] = { R256(ULAW) };

static size_t
decode_table(const int16_t *table, const uint8_t *p, size_t n, int16_t *out,
    size_t cap)
{
	if (n > cap)
		n = cap;
#pragma GCC unroll 8
	for (size_t i = 0; i < n; i++)
		out[i] = table[p[i]];
	return n;
}

/* RFC 3551 4.5.11: big-endian, channels interleaved. */
static size_t
decode_l16(unsigned channels, const uint8_t *p, size_t n, int16_t *out,
    size_t cap)
{
	n /= (size_t)2 * channels;
	if (n > cap)
		n = cap;
	for (size_t i = 0; i < n; i++) {
		int sum = 0;

		for (unsigned k = 0; k < channels; k++, p += 2)
			sum += (int16_t)gs_be16(p);
		out[i] = (int16_t)(sum / (int)channels);
	}
	return n;
}

size_t
gs_media_codec_octets(enum gs_media_codec_kind kind, unsigned channels)
{
	switch (kind) {
	case GS_CODEC_PCMA:
	case GS_CODEC_PCMU: return 1;
	case GS_CODEC_L16: return (size_t)2 * channels;
	default: return 0;
	}
}

size_t
gs_media_codec_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	switch (kind) {
	case GS_CODEC_PCMA: return decode_table(alaw, p, n, out, cap);
	case GS_CODEC_PCMU: return decode_table(ulaw, p, n, out, cap);
	case GS_CODEC_L16: return decode_l16(channels, p, n, out, cap);
	default: return 0;
	}
}
