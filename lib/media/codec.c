/* SPDX-License-Identifier: MIT */
/* Audio codecs: by RTP payload type and rtpmap, and their samples. */
#include "media/codec.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "net/rtp.h"

/* play: the command in front of the path; %u is the clock. NULL: no common
 * player reads the payloads without their framing. */
static const struct known {
	const char *name;
	enum gs_media_codec_kind kind;
	const char *suffix;
	const char *play;
} known[] = {
	{ "PCMA", GS_CODEC_PCMA, "al", "play -c 1 -r %u -t al" },
	{ "PCMU", GS_CODEC_PCMU, "ul", "play -c 1 -r %u -t ul" },
	{ "L16", GS_CODEC_L16, "s16be", "ffplay -f s16be -ar %u" },
	{ "G722", GS_CODEC_G722, "g722", "ffplay -f g722" },
	{ "G729", GS_CODEC_OTHER, "g729", "ffplay -f g729" },
	{ "G723", GS_CODEC_OTHER, "g723_1", "ffplay -f g723_1" },
	{ "GSM", GS_CODEC_OTHER, "gsm", "play -t gsm" },
	/* RFC 3551 4.5.4 packs from the least significant bit, the AAL2
	 * variants from the most significant. */
	{ "G726-16", GS_CODEC_OTHER, "g726le",
	    "ffplay -f g726le -code_size 2" },
	{ "G726-24", GS_CODEC_OTHER, "g726le",
	    "ffplay -f g726le -code_size 3" },
	{ "G726-32", GS_CODEC_OTHER, "g726le",
	    "ffplay -f g726le -code_size 4" },
	{ "G726-40", GS_CODEC_OTHER, "g726le",
	    "ffplay -f g726le -code_size 5" },
	{ "AAL2-G726-16", GS_CODEC_OTHER, "g726",
	    "ffplay -f g726 -code_size 2" },
	{ "AAL2-G726-24", GS_CODEC_OTHER, "g726",
	    "ffplay -f g726 -code_size 3" },
	{ "AAL2-G726-32", GS_CODEC_OTHER, "g726",
	    "ffplay -f g726 -code_size 4" },
	{ "AAL2-G726-40", GS_CODEC_OTHER, "g726",
	    "ffplay -f g726 -code_size 5" },
	{ "opus", GS_CODEC_OTHER, "raw", NULL },
	{ "AMR", GS_CODEC_OTHER, "raw", NULL },
	{ "AMR-WB", GS_CODEC_OTHER, "raw", NULL },
	{ "iLBC", GS_CODEC_OTHER, "raw", NULL },
	{ "speex", GS_CODEC_OTHER, "raw", NULL },
	{ "telephone-event", GS_CODEC_OTHER, "raw", NULL },
	{ "CN", GS_CODEC_OTHER, "raw", NULL },
};

static const struct known *
known_find(struct gs_span name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eqcase(name,
			gs_span(known[i].name, strlen(known[i].name))))
			return &known[i];
	return NULL;
}

/* The rates that RFC 3551 4.1 asks for, so that a converter's tables stay
 * small and 40 ms are a whole number of samples. */
static bool
rate_listed(uint32_t rate)
{
	static const uint32_t rates[] = { 8000, 11025, 16000, 22050, 24000,
		32000, 44100, 48000 };

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (rates[i] == rate)
			return true;
	return false;
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

/* Decides whether and at which sample rate c can be decoded. */
static void
set_kind(struct gs_media_codec *c, enum gs_media_codec_kind kind)
{
	uint32_t rate = kind == GS_CODEC_G722 ? 16000 : c->clock;
	bool fits = rate_listed(rate) && c->channels == 1;

	if (kind == GS_CODEC_G722)
		fits =
		    c->channels == 1 && (c->clock == 8000 || c->clock == 16000);
	else if (kind == GS_CODEC_L16)
		fits = rate_listed(rate) && c->channels <= 2;
	if (kind == GS_CODEC_OTHER || !fits)
		return;
	c->kind = kind;
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
	set_name(c, gs_span(k->name, strlen(k->name)));
	set_kind(c, k->kind);
}

bool
gs_media_codec_static(struct gs_media_codec *c, uint8_t pt)
{
	const struct gs_net_rtp_static *t = gs_net_rtp_static(pt);

	if (t != NULL) {
		gs_media_codec_rtpmap(c, gs_span(t->name, strlen(t->name)),
		    t->clock, t->channels);
		return true;
	}
	*c = (struct gs_media_codec){ .channels = 1 };
	(void)snprintf(c->name, sizeof(c->name), "PT %u", pt);
	return false;
}

bool
gs_media_codec_decodes(const struct gs_media_codec *c)
{
	return c->kind != GS_CODEC_OTHER;
}

const char *
gs_media_codec_suffix(const struct gs_media_codec *c)
{
	const struct known *k = known_find(gs_span(c->name, strlen(c->name)));

	return k == NULL ? "raw" : k->suffix;
}

bool
gs_media_codec_is_suffix(const char *s)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].suffix, s) == 0)
			return true;
	return strcmp(s, "raw") == 0;
}

static void
put_quoted(struct gs_buf *out, const char *path)
{
	size_t n;

	/* A leading "-" would be an option. */
	gs_buf_puts(out, path[0] == '-' ? " './" : " '");
	while (*path != '\0') {
		n = strcspn(path, "'");
		gs_buf_put_visible(out, gs_span(path, n));
		path += n;
		if (*path == '\'') {
			gs_buf_puts(out, "'\\''");
			path++;
		}
	}
	gs_buf_putc(out, '\'');
}

/* known[].play has at most one %u; no format comes from outside. */
static void
put_command(struct gs_buf *out, const char *play, uint32_t clock)
{
	const char *u = strstr(play, "%u");

	if (u == NULL) {
		gs_buf_puts(out, play);
		return;
	}
	gs_buf_put(out, play, (size_t)(u - play));
	gs_buf_printf(out, "%lu%s", (unsigned long)clock, u + 2);
}

void
gs_media_codec_how_to_play(struct gs_buf *out, const struct gs_media_codec *c,
    const char *path)
{
	const struct known *k = known_find(gs_span(c->name, strlen(c->name)));

	if (k == NULL || k->play == NULL) {
		gs_buf_printf(out,
		    "no player reads bare %s payloads: play the decrypted "
		    "capture in Wireshark (Telephony, RTP, RTP Streams)",
		    c->name);
		return;
	}
	put_command(out, k->play, c->clock);
	if (k->kind == GS_CODEC_L16)
		gs_buf_printf(out, " -ac %u", c->channels);
	put_quoted(out, path);
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
	for (size_t i = 0; i < n; i++, p += 2 * channels) {
		int sum = (int16_t)gs_be16(p);

		if (channels == 2)
			sum = (sum + (int16_t)gs_be16(p + 2)) / 2;
		out[i] = (int16_t)sum;
	}
	return n;
}

size_t
gs_media_codec_octets(enum gs_media_codec_kind kind, unsigned channels)
{
	return kind == GS_CODEC_L16 ? (size_t)2 * channels : 1;
}

size_t
gs_media_codec_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	switch (kind) {
	case GS_CODEC_PCMA: return decode_table(alaw, p, n, out, cap);
	case GS_CODEC_PCMU: return decode_table(ulaw, p, n, out, cap);
	case GS_CODEC_L16: return decode_l16(channels, p, n, out, cap);
	case GS_CODEC_G722:
	case GS_CODEC_OTHER: break;
	}
	return 0;
}
