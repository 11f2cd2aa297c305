/* SPDX-License-Identifier: MIT */
/* Audio codecs by RTP payload type and rtpmap: names, clocks, what can be
 * decoded or played, and payloads as linear 16-bit samples. */
#ifndef GSPROV_MEDIA_CODEC_H
#define GSPROV_MEDIA_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buf.h"

/* How the payload is decoded to linear samples. */
enum gs_media_codec_kind {
	GS_CODEC_OTHER, /* not by us; may still be playable as a raw file */
	GS_CODEC_PCMA,
	GS_CODEC_PCMU,
	GS_CODEC_L16,
	GS_CODEC_G722,
};

enum { GS_CODEC_NAME = 32 };

/* One payload format. clock is that of the RTP timestamp; rate is that of
 * the decoded samples (G722: 16000 at a clock of 8000, RFC 3551 4.5.2), 0
 * when kind is GS_CODEC_OTHER. Plain data, to be copied. */
struct gs_media_codec {
	enum gs_media_codec_kind kind;
	char name[GS_CODEC_NAME]; /* as IANA spells it where known; safe */
	uint32_t clock;
	uint32_t rate;
	uint8_t channels; /* interleaved in the payload; L16 only */
};

/* The static payload type pt (RFC 3551 section 6). False for the dynamic
 * and unassigned ones; *c is then "PT <pt>" of kind GS_CODEC_OTHER with a
 * clock of 0. */
bool gs_media_codec_static(struct gs_media_codec *c, uint8_t pt);

/* The format of "a=rtpmap:<pt> name/clock/channels" (RFC 8866 6.6): the
 * three parts as numbers and text, channels 0 or 1 for mono. Names compare
 * without case. Unknown names give GS_CODEC_OTHER with the name made safe
 * and cut to fit; so does L16 with a clock outside RFC 3551 4.1's list or
 * with more than two channels. */
void gs_media_codec_rtpmap(struct gs_media_codec *c, struct gs_span name,
    uint32_t clock, unsigned channels);

/* True when gs_media_wav_put() can decode c. */
bool gs_media_codec_decodes(const struct gs_media_codec *c);

/* A file name's ending for a file of bare payloads: "g722", "gsm", ...;
 * "raw" when no player reads them. */
const char *gs_media_codec_suffix(const struct gs_media_codec *c);

/* Whether s is such an ending. */
bool gs_media_codec_is_suffix(const char *s);

/* Appends one line, without the newline, that says how to play a file of
 * bare payloads of c called path: a command for ffplay or sox, or which
 * other output to use. path is quoted for the shell. */
void gs_media_codec_how_to_play(struct gs_buf *out,
    const struct gs_media_codec *c, const char *path);

/* Octets of one sample of a payload, all its channels; not of G.722. */
size_t gs_media_codec_octets(enum gs_media_codec_kind kind, unsigned channels);

/* Decodes at most cap samples of such a payload of n bytes into out; the two
 * channels of a stereo L16 become their mean. G.722 has a state and a file of
 * its own. Returns how many samples there are in out. */
size_t gs_media_codec_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap);

#endif
