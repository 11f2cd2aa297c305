/* SPDX-License-Identifier: MIT */
/* AMR and AMR-WB (RFC 4867): payloads, and libopencore-amrnb and -amrwb. */
#include "media/amr_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "media/decoder_priv.h"
#include "media/library_priv.h"

/* ---- payloads */

/* Bits of a frame by its type (section 4.3.1 and 3GPP TS 26.101, 26.201);
 * NONE: no such type. */
enum { NONE = 0xffff };

static const uint16_t narrow[16] = { 95, 103, 118, 134, 148, 159, 204, 244, 39,
	NONE, NONE, NONE, NONE, NONE, NONE, 0 };
static const uint16_t broad[16] = { 132, 177, 253, 285, 317, 365, 397, 461, 477,
	40, NONE, NONE, NONE, NONE, 0, 0 };

static unsigned
bits_of(bool wide, unsigned type)
{
	return (wide ? broad : narrow)[type & 15];
}

/* Octets of a frame that begins with head. */
static size_t
frame_octets(bool wide, uint8_t head)
{
	unsigned bits = bits_of(wide, head >> 3 & 15);

	return bits == NONE ? 1 : 1 + (bits + 7) / 8;
}

/* Copies bits from bit at to whole octets at to. */
static void
copy_bits(uint8_t *to, const uint8_t *p, size_t at, size_t bits)
{
	for (size_t i = 0; i < (bits + 7) / 8; i++) {
		unsigned two = (unsigned)p[(at + 8 * i) / 8] << 8;

		/* The next octet, if these bits reach into it. */
		if ((at + 8 * i) % 8 != 0 &&
		    (at + bits - 1) / 8 > (at + 8 * i) / 8)
			two |= p[(at + 8 * i) / 8 + 1];
		to[i] = (uint8_t)(two >> (8 - (at + 8 * i) % 8));
	}
	if (bits % 8 != 0)
		to[bits / 8] &= (uint8_t)(0xff << (8 - bits % 8));
}

/* The table of contents: six bits an entry, or an octet; and what the codec's
 * variant tells about the rest. */
struct toc {
	bool wide;
	unsigned variant;
	uint8_t type[GS_AMR_FRAMES];
	bool good[GS_AMR_FRAMES];
	size_t n;
	size_t end; /* bits before the first frame */
};

static unsigned
bits_in(const struct toc *t, size_t i)
{
	return bits_of(t->wide, t->type[i]);
}

/* Checksums stand in front of all frames, one for each that has bits (section
 * 4.4.2.1). */
static void
skip_checksums(struct toc *t)
{
	for (size_t i = 0; (t->variant & GS_CODEC_CRC) != 0 && i < t->n; i++)
		t->end += bits_in(t, i) > 0 ? 8 : 0;
}

static bool
read_toc(struct toc *t, const uint8_t *p, size_t n)
{
	bool aligned = (t->variant & GS_CODEC_ALIGNED) != 0;
	size_t at = aligned ? 8 : 4, step = aligned ? 8 : 6;
	bool more = true;

	t->n = 0;
	/* Bits that are zero (section 4.4.1). */
	if (n == 0 || (aligned && (p[0] & 15) != 0))
		return false;
	at += (t->variant & GS_CODEC_INTERLEAVED) != 0 ? 8 : 0;
	for (; more; at += step) {
		if (t->n == GS_AMR_FRAMES || at + step > 8 * n)
			return false;
		more = gs_bits(p, at, 1) == 1;
		t->type[t->n] = (uint8_t)gs_bits(p, at + 1, 4);
		t->good[t->n++] = gs_bits(p, at + 5, 1) == 1;
		if (aligned && gs_bits(p, at + 6, 2) != 0)
			return false;
	}
	t->end = at;
	skip_checksums(t);
	return true;
}

/* Bits that frame i takes in its payload. */
static size_t
room_of(const struct toc *t, size_t i)
{
	unsigned bits = bits_in(t, i);

	return (t->variant & GS_CODEC_ALIGNED) != 0 ? (bits + 7) / 8 * 8 : bits;
}

/* Whether the frames of t fill n octets. */
static bool
fits(const struct toc *t, size_t n)
{
	size_t bits = t->end;

	for (size_t i = 0; i < t->n; i++) {
		if (bits_in(t, i) == NONE)
			return false;
		bits += room_of(t, i);
	}
	return (bits + 7) / 8 == n;
}

/* Reads the payload as SDP says, or else in the other plain format. */
static bool
read_payload(struct toc *t, bool wide, unsigned variant, struct gs_span p)
{
	const uint8_t *octets = (const uint8_t *)p.p;

	*t = (struct toc){ .wide = wide, .variant = variant };
	if (read_toc(t, octets, p.n) && fits(t, p.n))
		return true;
	t->variant = (variant & GS_CODEC_ALIGNED) ^ GS_CODEC_ALIGNED;
	return variant <= GS_CODEC_ALIGNED && read_toc(t, octets, p.n) &&
	    fits(t, p.n);
}

/* Octet k of frame i, where they are sorted: the first of all frames, the
 * second of those that have one (section 4.4.3). */
static uint8_t
sorted_octet(const struct toc *t, const uint8_t *p, size_t i, size_t k)
{
	size_t at = t->end / 8;

	for (size_t f = 0; f < t->n; f++) {
		size_t octets = (bits_in(t, f) + 7) / 8;

		at += octets < k ? octets : k;
		at += f < i && octets > k;
	}
	return p[at];
}

/* Puts the bits of frame i, which begin at bit at unless they are sorted.
 * Returns how many octets they are. */
static size_t
put_frame(const struct toc *t, const uint8_t *p, size_t i, size_t at,
    uint8_t *out)
{
	unsigned bits = bits_in(t, i);
	size_t octets = (bits + 7) / 8;

	if ((t->variant & GS_CODEC_SORTED) == 0)
		copy_bits(out, p, at, bits);
	for (size_t k = 0; (t->variant & GS_CODEC_SORTED) != 0 && k < octets;
	     k++)
		out[k] = sorted_octet(t, p, i, k);
	return octets;
}

/* The octet in front of frame i in a file. */
static uint8_t
head_of(const struct toc *t, size_t i)
{
	return (uint8_t)(t->type[i] << 3 | (t->good[i] ? 4 : 0));
}

size_t
gs_media_amr_frames(bool wide, unsigned variant, const uint8_t *p, size_t n,
    uint8_t *out, size_t *octets)
{
	struct toc t;
	size_t at;

	*octets = 0;
	if (!read_payload(&t, wide, variant, gs_span(p, n)))
		return 0;
	at = t.end;
	for (size_t i = 0; i < t.n; i++) {
		out[(*octets)++] = head_of(&t, i);
		*octets += put_frame(&t, p, i, at, out + *octets);
		at += room_of(&t, i);
	}
	return t.n;
}

/* In the same format: no mode request, no interleaving, the frame, and a
 * checksum that is not read. */
size_t
gs_media_amr_part(bool wide, unsigned variant, struct gs_span payload, size_t i,
    uint8_t out[GS_AMR_PART], unsigned *later)
{
	const uint8_t *p = (const uint8_t *)payload.p;
	struct toc t;
	size_t at, n = 0;

	if (!read_payload(&t, wide, variant, payload) || i >= t.n)
		return 0;
	at = t.end;
	for (size_t k = 0; k < i; k++)
		at += room_of(&t, k);
	out[n++] = 0xf0;
	out[n++] = 0;
	out[n++] = head_of(&t, i);
	if ((variant & GS_CODEC_CRC) != 0 && bits_in(&t, i) > 0)
		out[n++] = 0;
	*later = (unsigned)i * ((p[1] >> 4) + 1u);
	return n + put_frame(&t, p, i, at, out + n);
}

/* ---- the libraries, which take frames as a file has them */

enum { LOST = 14 << 3 | 4 /* AMR-WB: speech lost */, NO_DATA = 15 << 3 | 4 };

struct amr {
	void *state;
	bool wide;
	unsigned variant;
	void (
	    *decode)(void *state, const uint8_t *frame, int16_t *out, int bad);
	void (*end)(void *state);
};

static void *
begin(void *library, const struct gs_media_codec *c, const char *const name[3])
{
	void *(*init)(void);
	struct amr *a = calloc(1, sizeof(*a));

	if (a != NULL && gs_media_library_find(library, name[0], &init) &&
	    gs_media_library_find(library, name[1], &a->decode) &&
	    gs_media_library_find(library, name[2], &a->end))
		a->state = init();
	if (a == NULL || a->state == NULL) {
		free(a);
		return NULL;
	}
	a->wide = c->kind == GS_CODEC_AMR_WB;
	a->variant = c->variant;
	return a;
}

static void *
open_nb(void *library, const struct gs_media_codec *c)
{
	static const char *const name[3] = { "Decoder_Interface_init",
		"Decoder_Interface_Decode", "Decoder_Interface_exit" };

	return begin(library, c, name);
}

static void *
open_wb(void *library, const struct gs_media_codec *c)
{
	static const char *const name[3] = { "D_IF_init", "D_IF_decode",
		"D_IF_exit" };

	return begin(library, c, name);
}

static void
close_amr(void *state)
{
	struct amr *a = state;

	a->end(a->state);
	free(a);
}

static size_t
decode_amr(void *state, const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	struct amr *a = state;
	uint8_t frames[GS_AMR_OCTETS];
	size_t octets, each = a->wide ? 320 : 160, done = 0, at = 0;

	(void)gs_media_amr_frames(a->wide, a->variant, p, n, frames, &octets);
	while (at < octets && cap - done >= each) {
		a->decode(a->state, frames + at, out + done, 0);
		at += frame_octets(a->wide, frames[at]);
		done += each;
	}
	return done;
}

/* A frame without data: the decoder continues from the last one. */
static size_t
conceal_amr(void *state, const uint8_t *p, size_t n, int16_t *out, size_t lost)
{
	struct amr *a = state;
	uint8_t none[64] = { a->wide ? LOST : NO_DATA };
	size_t each = a->wide ? 320 : 160, done = 0;

	(void)p;
	(void)n;
	for (; lost - done >= each; done += each)
		a->decode(a->state, none, out + done, 1);
	return done;
}

const struct gs_media_decoder_ops gs_media_amr_nb = {
	.soname = "libopencore-amrnb.so.0",
	.open = open_nb,
	.close = close_amr,
	.decode = decode_amr,
	.conceal = conceal_amr,
};

const struct gs_media_decoder_ops gs_media_amr_wb = {
	.soname = "libopencore-amrwb.so.0",
	.open = open_wb,
	.close = close_amr,
	.decode = decode_amr,
	.conceal = conceal_amr,
};
