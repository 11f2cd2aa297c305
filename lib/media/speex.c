/* SPDX-License-Identifier: MIT */
/* Speex (RFC 5574) through libspeex. */
#include "media/speex_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "media/decoder_priv.h"
#include "media/library_priv.h"

/* ---- a payload: frames of bits in a row */

struct bits {
	const uint8_t *p;
	size_t n; /* in bits */
	size_t at;
};

static unsigned
take(struct bits *b, unsigned n)
{
	unsigned v = 0;

	for (; n > 0; n--, b->at++)
		v = v << 1 | (b->at < b->n ? gs_bits(b->p, b->at, 1) : 0);
	return v;
}

/* Bits of a message in the stream after its four bits of type (The Speex Codec
 * Manual, section 5.5). */
static size_t
message(struct bits *b, unsigned mode)
{
	if (mode == 13)
		return take(b, 5) * (size_t)8;
	unsigned type = take(b, 4);

	return type < 2 ? 1 : type < 8 ? 4 : (size_t)8 << ((type - 8) / 2);
}

/* Modes of narrow band with five bits, of the band above with four (manual,
 * tables 9.1 and 10.1). */
size_t
gs_media_speex_frames(const uint8_t *p, size_t n)
{
	static const uint16_t narrow[9] = { 5, 43, 119, 160, 220, 300, 364, 492,
		79 };
	static const uint16_t high[5] = { 4, 36, 112, 192, 352 };
	struct bits b = { .p = p, .n = 8 * n };
	size_t frames = 0;

	while (b.at + 5 <= b.n) {
		if (take(&b, 1) == 1) {
			unsigned mode = take(&b, 3);

			if (mode > 4)
				break;
			b.at += high[mode] - 4u;
			continue;
		}
		unsigned mode = take(&b, 4);

		if (mode == 13 || mode == 14) {
			b.at += message(&b, mode);
			continue;
		}
		if (mode > 8)
			break; /* 15 ends it */
		b.at += narrow[mode] - 5u;
		frames += b.at <= b.n;
	}
	return frames;
}

/* ---- the library */

/* As speex_bits.h has it since 1.2beta: part of the library's interface. */
struct speex_bits {
	char *chars;
	int bits;
	int at[2];
	int owner;
	int overflow;
	int size;
	int reserved;
	void *more;
};

struct speex {
	void *state;
	size_t frame; /* samples */
	struct speex_bits bits;
	int (*decode)(void *state, struct speex_bits *bits, int16_t *out);
	void (*read)(struct speex_bits *bits, const char *p, int n);
	void (*destroy)(void *state);
	void (*end)(struct speex_bits *bits);
};

static void *
open_speex(void *library, const struct gs_media_codec *c)
{
	const void *(*mode)(int which); /* 0 narrow, 1 wide, 2 ultra-wide */
	void *(*init)(const void *mode);
	void (*begin)(struct speex_bits * bits);
	struct speex *s = calloc(1, sizeof(*s));

	if (s == NULL ||
	    !gs_media_library_find(library, "speex_lib_get_mode", &mode) ||
	    !gs_media_library_find(library, "speex_decoder_init", &init) ||
	    !gs_media_library_find(library, "speex_bits_init", &begin) ||
	    !gs_media_library_find(library, "speex_decode_int", &s->decode) ||
	    !gs_media_library_find(library, "speex_bits_read_from", &s->read) ||
	    !gs_media_library_find(library, "speex_decoder_destroy",
		&s->destroy) ||
	    !gs_media_library_find(library, "speex_bits_destroy", &s->end)) {
		free(s);
		return NULL;
	}
	s->state = init(mode(c->rate == 8000 ? 0 : c->rate == 16000 ? 1 : 2));
	s->frame = c->rate / 50;
	if (s->state == NULL) {
		free(s);
		return NULL;
	}
	begin(&s->bits);
	return s;
}

static void
close_speex(void *state)
{
	struct speex *s = state;

	s->end(&s->bits);
	s->destroy(s->state);
	free(s);
}

static size_t
decode_speex(void *state, const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	struct speex *s = state;
	size_t frames = gs_media_speex_frames(p, n), done = 0;

	s->read(&s->bits, (const char *)p, (int)n);
	for (; frames > 0 && cap - done >= s->frame; frames--) {
		if (s->decode(s->state, &s->bits, out + done) != 0)
			break;
		done += s->frame;
	}
	return done;
}

static size_t
conceal_speex(void *state, const uint8_t *p, size_t n, int16_t *out,
    size_t lost)
{
	struct speex *s = state;
	size_t done = 0;

	(void)p;
	(void)n;
	for (; lost - done >= s->frame; done += s->frame)
		(void)s->decode(s->state, NULL, out + done);
	return done;
}

static void
version_speex(void *library, struct gs_buf *b)
{
	int (*ask)(int what, void *to); /* 9: SPEEX_LIB_GET_VERSION_STRING */
	const char *version = NULL;

	if (gs_media_library_find(library, "speex_lib_ctl", &ask) &&
	    ask(9, &version) == 0 && version != NULL)
		gs_buf_printf(b, " %s", version);
}

const struct gs_media_decoder_ops gs_media_speex_ops = {
	.soname = "libspeex.so.1",
	.open = open_speex,
	.close = close_speex,
	.decode = decode_speex,
	.conceal = conceal_speex,
	.version = version_speex,
};
