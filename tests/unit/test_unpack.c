/* SPDX-License-Identifier: MIT */
/* Texts out of gzip, xz, UTF-16 and UTF-32, in pieces of any size, and what is
 * damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <lzma.h>
#include <zlib.h>

#include "base/diag.h"
#include "text/unpack.h"

enum { ROOM = 1 << 20 };

struct world {
	struct gs_buf got;
	uint64_t n; /* octets; they are not kept above ROOM */
	uint8_t *packed;
	size_t packed_n;
	struct gs_err err;
};

static int
open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	gs_buf_init(&w->got, ROOM);
	w->packed = malloc(ROOM);
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	struct world *w = *state;

	gs_buf_free(&w->got);
	free(w->packed);
	free(w);
	return 0;
}

static int
take(void *arg, struct gs_span s, struct gs_err *err)
{
	struct world *w = arg;

	(void)err;
	w->n += s.n;
	if (w->n <= ROOM)
		gs_buf_put(&w->got, s.p, s.n);
	return 0;
}

/* Takes what is packed in pieces. Returns 0 or -1. */
static int
unpack(struct world *w, size_t piece)
{
	struct gs_text_unpack *u = gs_text_unpack_new(take, w);
	int r = 0;

	gs_buf_clear(&w->got);
	w->n = 0;
	for (size_t at = 0; r == 0 && at < w->packed_n; at += piece) {
		size_t n = w->packed_n - at < piece ? w->packed_n - at : piece;

		r = gs_text_unpack_feed(u, gs_span(w->packed + at, n), &w->err);
	}
	if (r == 0)
		r = gs_text_unpack_end(u, &w->err);
	gs_text_unpack_free(u);
	return r;
}

static void
gives(struct world *w, struct gs_span text)
{
	static const size_t pieces[] = { 1, 3, 7, 4096, ROOM };

	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(unpack(w, pieces[i]), 0);
		assert_int_equal(w->got.n, text.n);
		assert_memory_equal(w->got.p, text.p, text.n);
	}
}

static void
fails(struct world *w, const char *why)
{
	assert_int_equal(unpack(w, 4096), -1);
	assert_string_equal(w->err.text, why);
	assert_int_equal(unpack(w, 1), -1);
}

/* Packs n octets behind what was packed. */
static void
gzip(struct world *w, const void *p, size_t n)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p,
		.avail_in = (uInt)n,
		.next_out = w->packed + w->packed_n,
		.avail_out = (uInt)(ROOM - w->packed_n) };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8,
			     Z_DEFAULT_STRATEGY),
	    Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	w->packed_n += z.total_out;
	(void)deflateEnd(&z);
}

static void
xz(struct world *w, const void *p, size_t n)
{
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, p,
			     n, w->packed, &w->packed_n, ROOM),
	    LZMA_OK);
}

static char *
noise(size_t n)
{
	char *p = malloc(n);
	uint32_t v = 1;

	for (size_t i = 0; i < n; i++)
		p[i] = (char)((v = v * 1103515245 + 12345) >> 24);
	p[0] = 'n';
	p[1] = 'o';
	return p;
}

static void
as_it_is(void **state)
{
	struct world *w = *state;
	char *p = noise(200000);

	memcpy(w->packed, p, w->packed_n = 200000);
	gives(w, gs_span(p, 200000));
	w->packed_n = 0;
	gives(w, gs_span("", 0));
	memcpy(w->packed, "a\n", w->packed_n = 2);
	gives(w, GS_LIT("a\n"));
	free(p);
}

static void
out_of_gzip(void **state)
{
	struct world *w = *state;
	char *p = noise(200000);

	gzip(w, p, 200000);
	gives(w, gs_span(p, 200000));
	w->packed_n = 0;
	gzip(w, "one\n", 4);
	gzip(w, "two\n", 4);
	gives(w, GS_LIT("one\ntwo\n"));
	memset(w->packed + w->packed_n, 0, 512);
	w->packed_n += 512;
	gives(w, GS_LIT("one\ntwo\n"));
	free(p);
}

static void
out_of_xz(void **state)
{
	struct world *w = *state;
	char *p = noise(200000);

	xz(w, p, 200000);
	gives(w, gs_span(p, 200000));
	w->packed_n = 0;
	xz(w, "one\n", 4);
	xz(w, "two\n", 4);
	gives(w, GS_LIT("one\ntwo\n"));
	free(p);
}

static void
out_of_utf16(void **state)
{
	static const char little[] = "\xff\xfe"
				     "a\0\xe4\0\x3d\xd8\x00\xde\n";
	static const char big[] = "\0a\0\n\xd8\x3d\xde\x00\xdc\0\0z";
	struct world *w = *state;

	memcpy(w->packed, little, w->packed_n = sizeof(little));
	gives(w, GS_LIT("a\xc3\xa4\xf0\x9f\x98\x80\n"));
	memcpy(w->packed, big, w->packed_n = sizeof(big) - 1);
	gives(w, GS_LIT("a\n\xf0\x9f\x98\x80\xef\xbf\xbdz"));
	w->packed_n = 0;
	gzip(w, little, sizeof(little));
	gives(w, GS_LIT("a\xc3\xa4\xf0\x9f\x98\x80\n"));
}

static void
out_of_utf32(void **state)
{
	static const char mark[] = "\xff\xfe\0\0a\0\0\0\0\xf6\x01\0\n\0\0";
	static const char big[] = "\0\0\0a\0\x11\0\0\0\0\0z";
	struct world *w = *state;

	memcpy(w->packed, mark, w->packed_n = sizeof(mark));
	gives(w, GS_LIT("a\xf0\x9f\x98\x80\n"));
	memcpy(w->packed, big, w->packed_n = sizeof(big) - 1);
	gives(w, GS_LIT("a\xef\xbf\xbdz"));
	w->packed_n = 0;
	gzip(w, mark, sizeof(mark));
	gives(w, GS_LIT("a\xf0\x9f\x98\x80\n"));
}

/* A packed text in a packed one is given as it is. */
static void
not_twice(void **state)
{
	struct world *w = *state;
	uint8_t inner[256];
	size_t n;

	gzip(w, "text\n", 5);
	memcpy(inner, w->packed, n = w->packed_n);
	w->packed_n = 0;
	xz(w, inner, n);
	gives(w, gs_span(inner, n));
}

static void
damaged(void **state)
{
	struct world *w = *state;
	char *p = noise(5000);

	gzip(w, p, 5000);
	w->packed_n -= 9;
	fails(w, "the gzip data ends too early");
	w->packed[100] ^= 0xff;
	w->packed[101] ^= 0xff;
	w->packed_n = 0;
	gzip(w, p, 5000);
	w->packed[w->packed_n - 6] ^= 1;
	fails(w, "the gzip data is damaged");
	w->packed_n = 0;
	xz(w, p, 5000);
	w->packed_n -= 9;
	fails(w, "the xz data ends too early");
	w->packed_n = 0;
	xz(w, p, 5000);
	w->packed[2000] ^= 1;
	fails(w, "the xz data is damaged");
	w->packed_n = 0;
	gzip(w, "x", 1);
	w->packed_n = 4;
	fails(w, "the gzip data ends too early");
	free(p);
}

static void
too_large(void **state)
{
	struct world *w = *state;
	size_t n = (size_t)GS_UNPACK_MAX + 1;
	char *p = calloc(1, n);

	memset(p, 'a', n);
	gzip(w, p, n - 1);
	assert_int_equal(unpack(w, ROOM), 0);
	assert_int_equal(w->n, n - 1);
	w->packed_n = 0;
	gzip(w, p, n);
	assert_int_equal(unpack(w, ROOM), -1);
	assert_string_equal(w->err.text, "unpacked it has more than 64 MiB");
	w->packed_n = 0;
	xz(w, p, n);
	assert_int_equal(unpack(w, ROOM), -1);
	assert_string_equal(w->err.text, "unpacked it has more than 64 MiB");
	free(p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(as_it_is), TEST(out_of_gzip),
		TEST(out_of_xz), TEST(out_of_utf16), TEST(out_of_utf32),
		TEST(not_twice), TEST(damaged), TEST(too_large) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
