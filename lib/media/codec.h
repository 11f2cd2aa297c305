/* SPDX-License-Identifier: MIT */
/* Audio codecs by RTP payload type and rtpmap: names, clocks, what can be
 * decoded or played, and payloads as linear 16-bit samples. */
#ifndef GSPROV_MEDIA_CODEC_H
#define GSPROV_MEDIA_CODEC_H

#include "base/buf.h"

/* How the payload is decoded to linear samples. */
enum gs_media_codec_kind {
	GS_CODEC_OTHER, /* not decoded; may be playable as a file */
	GS_CODEC_PCMA,
	GS_CODEC_PCMU,
	GS_CODEC_L16,
	GS_CODEC_G722, /* from here by libraries, see decoder.h */
	GS_CODEC_GSM,
	GS_CODEC_G726,
	GS_CODEC_G729,
	GS_CODEC_OPUS,
	GS_CODEC_SPEEX,
	GS_CODEC_AMR,
	GS_CODEC_AMR_WB,
	GS_CODEC_KINDS,
};

/* Forms of one kind. */
enum {
	GS_CODEC_BITS = 7, /* G.726: bits of a sample, */
	GS_CODEC_AAL2 = 8, /* the first in the most significant bits */
	GS_CODEC_ALIGNED = 1, /* AMR: octet-aligned, and then perhaps */
	GS_CODEC_CRC = 2, /* with a checksum of each frame, */
	GS_CODEC_SORTED = 4, /* with the frames' octets in turn, */
	GS_CODEC_INTERLEAVED = 8, /* with frames that are not neighbours */
};

enum { GS_CODEC_NAME = 32 };

/* One payload format. clock is that of the RTP timestamp; rate is that of the
 * decoded samples (G722: 16000 at a clock of 8000, RFC 3551 4.5.2), 0 if kind
 * is GS_CODEC_OTHER. May be copied. */
struct gs_media_codec {
	enum gs_media_codec_kind kind;
	char name[GS_CODEC_NAME]; /* as IANA spells it, if known; safe */
	uint32_t clock;
	uint32_t rate;
	uint8_t channels; /* interleaved in the payload; L16 only */
	uint8_t variant;
	const char *refused; /* the parameter that prevents decoding, or
			      * NULL */
};

/* The static payload type pt (RFC 3551 section 6). False for the dynamic
 * and unassigned ones; *c is then "PT <pt>" of kind GS_CODEC_OTHER with a
 * clock of 0. */
bool gs_media_codec_static(struct gs_media_codec *c, uint8_t pt);

/* The format of "a=rtpmap:<pt> name/clock/channels" (RFC 8866 6.6): the
 * three parts as numbers and text, channels 0 or 1 for mono. Names compare
 * without case. Unknown names give GS_CODEC_OTHER with the name made safe
 * and cut to fit; so does a known one with a clock or channels that it does
 * not have. */
void gs_media_codec_rtpmap(struct gs_media_codec *c, struct gs_span name,
    uint32_t clock, unsigned channels);

/* Applies the parameters of "a=fmtp:<pt> name=value;..." that change how a
 * payload is read: those of AMR (RFC 4867 8.1). */
void gs_media_codec_fmtp(struct gs_media_codec *c, struct gs_span params);

/* The unit of a payload in octets: a frame of GSM, or whole samples of G.726. A
 * remainder is not audio. 1: any other kind. */
size_t gs_media_codec_unit(const struct gs_media_codec *c);

/* The number of samples at c->rate in a payload, read from the payload itself;
 * 0: malformed, or c is not decoded. */
size_t gs_media_codec_samples(const struct gs_media_codec *c, const uint8_t *p,
    size_t n);

/* Whether the frames of a payload are not adjacent: see gs_media_amr_part(). */
bool gs_media_codec_interleaved(const struct gs_media_codec *c);

/* Whether c can be decoded, with a library or without: see also
 * gs_media_decoder_lacks(). */
bool gs_media_codec_decodes(const struct gs_media_codec *c);

/* The suffix of a file of bare payloads: "g722", "gsm", ...; "raw" if no player
 * is known for them. */
const char *gs_media_codec_suffix(const struct gs_media_codec *c);

/* Whether s is such a suffix. */
bool gs_media_codec_is_suffix(const char *s);

/* Whether a player reads such a file. */
bool gs_media_codec_plays(const struct gs_media_codec *c);

/* Appends one line, without the newline, that says how to play a file of
 * bare payloads of c called path: a command for ffplay, or that no player is
 * known. path is quoted for the shell. */
void gs_media_codec_how_to_play(struct gs_buf *out,
    const struct gs_media_codec *c, const char *path);

/* Octets of one sample of G.711 or L16 with all channels; 0: another kind,
 * whose decoder has a state. */
size_t gs_media_codec_octets(enum gs_media_codec_kind kind, unsigned channels);

/* Decodes at most cap samples of such a payload of n bytes into out; the
 * channels of L16 become their mean. Returns the number of samples in out. */
size_t gs_media_codec_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap);

#endif
