/* SPDX-License-Identifier: MIT */
/* Audio codecs by RTP payload type and rtpmap. */
#include "media/codec.h"

#include <stdio.h>

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
