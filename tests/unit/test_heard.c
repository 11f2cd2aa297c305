/* SPDX-License-Identifier: MIT */
/* RTP in the clear: every stream is told, or counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "calls/heard.h"

enum { AUDIO = 12 + 160 };

/* Packet seq of stream number i, which is G.711. */
static void
feed(struct gs_calls_heard *h, unsigned i, uint8_t seq)
{
	uint8_t p[AUDIO] = { 0x80, 8, 0, seq };
	struct gs_net_addr src = { .version = 4, .port = 4000 }, dst = src;

	memcpy(src.ip, &i, sizeof(i));
	gs_put_be32(p + 8, i * 2654435761u);
	gs_calls_heard_feed(h, &src, &dst, gs_span(p, sizeof(p)), sizeof(p),
	    i + 1);
}

/* How many streams are told; *more are counted. */
static unsigned
told(const struct gs_calls_heard *h, uint64_t *more)
{
	struct gs_calls_heard_stream s;
	unsigned n = 0;
	size_t i = 0;

	*more = 0;
	while (gs_calls_heard_next(h, &i, &s)) {
		*more += s.more;
		n += s.more == 0;
	}
	assert_false(gs_calls_heard_next(h, &i, &s));
	return n;
}

static struct gs_calls_heard *
new_heard(void)
{
	struct gs_calls_heard *h = gs_calls_heard_new();

	assert_non_null(h);
	return h;
}

static void
test_one_after_the_other(void **state)
{
	struct gs_calls_heard *h = new_heard();
	uint64_t more;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		for (uint8_t seq = 1; seq <= 8; seq++)
			feed(h, i, seq);
	unsigned n = told(h, &more);
	assert_int_equal(n, 16384);
	assert_int_equal(n + more, 20000);
	gs_calls_heard_free(h);
}

static void
test_all_at_a_time(void **state)
{
	struct gs_calls_heard *h = new_heard();
	uint64_t more;

	(void)state;
	for (uint8_t seq = 1; seq <= 8; seq++)
		for (unsigned i = 0; i < 4000; i++)
			feed(h, i, seq);
	assert_int_equal(told(h, &more), 4000);
	assert_int_equal(more, 0);
	gs_calls_heard_free(h);
	/* Each is pushed out before it can be judged. */
	h = new_heard();
	for (unsigned i = 0; i < 60000; i++)
		for (uint8_t seq = 1; seq <= 2; seq++)
			feed(h, i, seq);
	assert_int_equal(told(h, &more), 0);
	assert_true(more > 60000 - 16384 - 1);
	gs_calls_heard_free(h);
}

/* A stream in the clear is known by the octets that the clock leaves room for;
 * ten octets more may be a tag. */
static void
test_sizes(void **state)
{
	static const struct {
		uint8_t type;
		uint8_t ticks;
		uint8_t octets;
	} cases[] = { { 18, 160, 20 }, { 18, 240, 30 }, { 3, 160, 33 },
		{ 4, 240, 20 }, { 0, 44, 44 }, { 15, 20, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (uint8_t tag = 0; tag <= 16; tag += 2) {
			struct gs_calls_heard *h = new_heard();
			struct gs_net_addr src = { .version = 4, .port = 9 };
			size_t n = 12u + cases[i].octets + tag;
			uint64_t more;

			for (uint8_t seq = 1; seq <= 8; seq++) {
				uint8_t p[64] = { 0x80, cases[i].type, 0, seq };
				gs_put_be32(p + 4, seq * cases[i].ticks);
				p[12] = (uint8_t)(seq * 37);
				p[13] = (uint8_t)(seq * 71);
				p[12 + (n - 12) / 2] = (uint8_t)(seq * 99);
				gs_calls_heard_feed(h, &src, &src,
				    gs_span(p, n), n, seq);
			}
			assert_int_equal(told(h, &more), tag == 0);
			gs_calls_heard_free(h);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_all_at_a_time),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
