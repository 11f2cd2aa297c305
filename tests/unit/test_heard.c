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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_all_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
