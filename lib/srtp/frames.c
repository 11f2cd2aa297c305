/* SPDX-License-Identifier: MIT */
/* Frames of codecs, by their sizes. */
#include "srtp/frames_priv.h"

#include <math.h>
#include <strings.h>

#include "net/rtp.h"
#include "sdp/rtpmap.h"
#include "srtp/search_priv.h"

enum {
	DYNAMIC = 96, /* payload types from here (RFC 3551 section 6) */
	LEAST_TAG = 4,
};

bool
gs_srtp_frames_sized(uint8_t kind)
{
	return kind == 0 || (kind >= 3 && kind <= 9) || kind == 13 ||
	    (kind >= 15 && kind <= 19) || kind >= GS_FRAMES_ILBC;
}

/* The first octet of a G.723.1 frame tells its length (ITU-T G.723.1 section
 * 2.18). A tag may look like more frames than fit in the time; silence takes
 * more time than its frames. */
static bool
is_g723(const uint8_t *p, size_t n, int32_t step)
{
	static const uint8_t length[] = { 24, 20, 4, 0 };
	size_t at = 0;
	int32_t time = 0;

	for (; at < n && length[p[at] & 3] > 0; time += 240)
		at += length[p[at] & 3];
	return at == n && (step == 0 || time <= step);
}

/* G.729, of which the last frame may be comfort noise. */
static bool
is_g729(size_t n, int32_t step)
{
	return (n % 10 == 0 && step == (int64_t)n * 8) ||
	    (n % 10 == 2 && step == (int64_t)(n + 8) * 8);
}

/* Whether it is one event of RFC 4733: with a tag, the payload would be longer.
 * Events below 16 are keys of a telephone. */
static bool
is_event(const uint8_t *p, size_t n)
{
	return n == 4 && p[0] <= 16 && (p[1] & 0x40) == 0;
}

/* Whether it is comfort noise (RFC 3389): a level and up to ten coefficients.
 * With an 80-bit tag it would be longer. With a 32-bit tag, its first octet
 * would be random: a level below -90 dBov is sent only by Asterisk, which keeps
 * a call alive with -127 dBov alone. */
static bool
is_noise(const uint8_t *p, size_t n)
{
	return n <= 10 && p[0] <= (n <= 4 ? 127 : 90);
}

enum { NO = 0xffff };

/* Bits of speech in each kind of frame of AMR and AMR-WB (3GPP TS 26.101 and
 * 26.201); NO: no such frame. */
static const uint16_t amr_bits[2][16] = {
	{ 95, 103, 118, 134, 148, 159, 204, 244, 39, NO, NO, NO, NO, NO, NO,
	    0 },
	{ 132, 177, 253, 285, 317, 365, 397, 461, 477, 40, NO, NO, NO, NO, 0,
	    0 },
};

/* Whether it is one frame, octet-aligned or not (RFC 4867 sections 4.3 and
 * 4.4): a mode request, the kind of the frame, speech. */
static bool
is_amr(const uint8_t *p, size_t n, int32_t step)
{
	const uint16_t *kind = amr_bits[step == 320];
	unsigned bits;

	if (n < 2 || (step != 160 && step != 320))
		return false;
	bits = kind[p[1] >> 3 & 15];
	if ((p[0] & 15) == 0 && (p[1] & 0x83) == 0 && bits != NO &&
	    n == 2 + (bits + 7) / 8)
		return true;
	bits = kind[(p[0] & 7u) << 1 | p[1] >> 7];
	return (p[0] & 8) == 0 && bits != NO && n == (10 + bits + 7) / 8;
}

/* Whether these are frames of iLBC (RFC 3952). */
static bool
is_ilbc(size_t n, int32_t step)
{
	return (n % 38 == 0 && (size_t)step == n / 38 * 160) ||
	    (n % 50 == 0 && (size_t)step == n / 50 * 240);
}

/* Whether these are frames of G.726 at 16 to 40 kbit/s (RFC 3551 section
 * 4.5.4), in packets of 20 to 60 ms. A tag never turns one of these sizes into
 * another, but it may turn it into a size of iLBC. */
static bool
is_g726(size_t n, int32_t step)
{
	if (step < 160 || step > 480 || step % 80 != 0 ||
	    (n > 10 && is_ilbc(n - 10, step)))
		return false;
	size_t bits = 8 * n / (size_t)step;

	return 8 * n == bits * (size_t)step && bits >= 2 && bits <= 5;
}

/* The time that n octets of LPC, G.728, G.729 or DVI4 take (RFC 3551 section
 * 4.5). */
static int64_t
time_of(uint8_t type, size_t n)
{
	switch (type) {
	case 7: return (int64_t)n * 160 / 14;
	case 15: return (int64_t)n * 4;
	case 18: return (int64_t)n * 8;
	default: return ((int64_t)n - 4) * 2;
	}
}

/* Whether it is DVI4, LPC or G.728: their size follows from the time, so a tag
 * would make it too long. */
static bool
is_steady(uint8_t type, size_t n, int32_t step)
{
	if (type == 7 || type == 15)
		return n > 0 && n % (type == 7 ? 14 : 5) == 0 &&
		    step == time_of(type, n);
	return n > 4 && step == time_of(type, n);
}

/* The codecs of dynamic payload types whose frames tell their size; kind is
 * one of them, or a type that nobody names, which may have any of them. */
static bool
is_dynamic(uint8_t kind, const uint8_t *p, size_t n, int32_t step)
{
	switch (kind) {
	case GS_FRAMES_OTHER: return false;
	case GS_FRAMES_EVENT: return is_event(p, n);
	case GS_FRAMES_AMR: return is_amr(p, n, step);
	default:
		return is_event(p, n) || is_amr(p, n, step) ||
		    is_ilbc(n, step) || is_g726(n, step);
	}
}

/* G.726 with so many bits a sample, in packets of any length: a tag takes no
 * time. The first packet has whole frames of 10 ms. */
static bool
is_g726_of(unsigned bits, size_t n, int32_t step)
{
	return (step == 0 ? n % (10 * bits) == 0 :
			    (int64_t)n * 8 == (int64_t)bits * step);
}

bool
gs_srtp_frames_whole(uint8_t kind, const uint8_t *p, size_t n, int32_t step)
{
	if (n < LEAST_TAG)
		return true;
	if (kind == 0 || kind == 8 || kind == 9)
		return n % 40 == 0;
	if (kind == 18)
		return is_g729(n, step);
	if (kind == 3)
		return n % 33 == 0;
	if (kind == 4)
		return is_g723(p, n, step);
	/* 19 was the type of comfort noise before RFC 3551. */
	if (kind == 13 || kind == 19)
		return is_noise(p, n);
	if (kind > GS_FRAMES_G726)
		return is_g726_of(kind - GS_FRAMES_G726, n, step);
	if (kind == GS_FRAMES_ILBC)
		return is_ilbc(n, step);
	if (gs_srtp_frames_sized(kind))
		return is_steady(kind, n, step);
	return (kind == 2 && is_g726_of(4, n, step)) ||
	    ((kind == 2 || kind >= DYNAMIC) && is_dynamic(kind, p, n, step));
}

bool
gs_srtp_frames_guessed(uint8_t kind, const uint8_t *p, size_t n, int32_t step)
{
	return kind >= DYNAMIC && kind < GS_FRAMES_OTHER && n >= LEAST_TAG &&
	    !is_event(p, n) && !is_amr(p, n, step);
}

unsigned
gs_srtp_frames_weight(uint8_t kind, const uint8_t *p, size_t n)
{
	enum { NOISE = 1, G723 = 2, AMR = 5, LONG_G723 = 24 };

	if (n < LEAST_TAG)
		return GS_FRAMES_CERTAIN;
	if (kind == 13 || kind == 19)
		return NOISE;
	/* A frame of 20 octets and the short tag are as long as this one. */
	if (kind == 4 && n == LONG_G723)
		return G723;
	if (kind == GS_FRAMES_AMR && ((p[0] & 15) != 0 || (p[1] & 0x83) != 0))
		return AMR;
	return GS_FRAMES_CERTAIN;
}

/* Whether the size of a packet of this kind tells its time: DVI4, LPC, G.728
 * and G.729. */
static bool
is_timed(uint8_t kind)
{
	return (kind >= 5 && kind <= 7) || (kind >= 15 && kind <= 18);
}

bool
gs_srtp_frames_tagged(uint8_t kind, size_t n, int32_t step)
{
	enum { LEAST = 20 };

	return n >= LEAST && kind != 13 && kind != 19 &&
	    (!is_timed(kind) || time_of(kind, n) > step);
}

/* Whether n octets are whole pieces of sound and a usual tag. */
static bool
has_tag(size_t n)
{
	enum { PIECE = 40 }; /* 5 ms of G.711 or G.722 */
	static const uint8_t tag[] = { 4, 10, 16 };

	for (size_t i = 0; i < sizeof(tag); i++)
		if (n > tag[i] && (n - tag[i]) % PIECE == 0)
			return true;
	return false;
}

bool
gs_srtp_frames_overlong(uint8_t kind, size_t n, int32_t step)
{
	if (kind == 0 || kind == 8 || kind == 9)
		return step > 0 ? n > (size_t)step : has_tag(n);
	if (kind == 3)
		return n % 33 != 0;
	return is_timed(kind) && step > 0 && time_of(kind, n) > step;
}

/* The static payload type of the format, or -1. */
static int
static_type(const struct gs_sdp_rtpmap *said)
{
	for (uint8_t t = 0; t <= 18; t++) {
		const struct gs_net_rtp_static *fixed = gs_net_rtp_static(t);

		if (gs_srtp_frames_sized(t) && fixed != NULL &&
		    fixed->clock == said->clock && said->channels <= 1 &&
		    strcasecmp(fixed->name, said->name) == 0)
			return t;
	}
	return -1;
}

uint8_t
gs_srtp_frames_kind(const struct gs_sdp_rtpmap *said, uint8_t type)
{
	static const struct {
		const char *name;
		uint8_t kind;
	} named[] = {
		{ "telephone-event", GS_FRAMES_EVENT },
		{ "AMR", GS_FRAMES_AMR },
		{ "AMR-WB", GS_FRAMES_AMR },
		{ "iLBC", GS_FRAMES_ILBC },
		{ "G726-16", GS_FRAMES_G726 + 2 },
		{ "G726-24", GS_FRAMES_G726 + 3 },
		{ "G726-32", GS_FRAMES_G726 + 4 },
		{ "G726-40", GS_FRAMES_G726 + 5 },
		{ "CN", 13 },
	};
	const char *name = said->name;
	int fixed = static_type(said);

	if (fixed >= 0 || name[0] == '\0')
		return fixed >= 0 ? (uint8_t)fixed : type;
	name += strncasecmp(name, "AAL2-", 5) == 0 ? 5 : 0;
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (strcasecmp(name, named[i].name) == 0)
			return named[i].kind;
	return type < DYNAMIC ? type : GS_FRAMES_OTHER;
}

bool
gs_srtp_frames_plain(uint8_t kind, const uint8_t *p, size_t n, bool whole)
{
	if (whole || gs_srtp_frames_sized(kind) || n < 20)
		return whole;
	/* Five standard deviations from noise are no accident. In short
	 * payloads, accidents are not normally distributed: one octet in four
	 * places is six pairs at once. */
	double pairs = (double)n * (double)(n - 1) / 512;
	double more = (5 * sqrt(pairs) + 10) / pairs;

	return gs_srtp_search_pattern(p, n) > 1 + fmax(0.4, more);
}
