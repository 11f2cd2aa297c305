/* SPDX-License-Identifier: MIT */
/* The JSON reader: tokens, and what it refuses; sets of packet indexes
 * against a table of bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/jsonread.h"
#include "net/runs.h"

/* The tokens of text as letters; '!' at its end: refused. */
static void
tokens(const char *text, size_t size, char *out)
{
	static const char letter[] = "{[.ksn10-";
	struct gs_jsonread r;
	struct gs_json_token t;
	struct gs_err err;
	int more;

	gs_jsonread_init(&r, gs_span(text, size));
	while ((more = gs_jsonread_next(&r, &t, &err)) == 1)
		*out++ = letter[t.kind];
	if (more == -1)
		*out++ = '!';
	*out = '\0';
	gs_jsonread_free(&r);
}

static void
test_tokens(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "{}", "{." },
		{ " [ ] ", "[." },
		{ "0", "n" },
		{ "{\"a\":[1,-2.5e+10,true],\"b\":{\"c\":null}}",
		    "{k[nn1.k{k-.." },
		{ "[false,\"x\"]", "[0s." },
		{ "", "!" },
		{ "[1,]", "[n!" },
		{ "[,1]", "[!" },
		{ "[1 2]", "[n!" },
		{ "[1}", "[n!" },
		{ "{\"a\"}", "{!" },
		{ "{\"a\":1,}", "{kn!" },
		{ "{a:1}", "{!" },
		{ "{1:1}", "{!" },
		{ "01", "n!" },
		{ "-", "!" },
		{ "1.", "!" },
		{ ".5", "!" },
		{ "1e", "!" },
		{ "+1", "!" },
		{ "tru", "!" },
		{ "NaN", "!" },
		{ "1 1", "n!" },
		{ "\"a", "!" },
		{ "\"\\x\"", "!" },
		{ "\"\\u12\"", "!" },
		{ "\"\\u0000\"", "!" },
		{ "\"\\ud800\"", "!" },
		{ "\"\\ud800\\u0041\"", "!" },
		{ "\"\\udc00\"", "!" },
		{ "\"\t\"", "!" },
		{ "\"\xff\"", "!" },
		{ "\"\xed\xa0\x80\"", "!" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[!" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[!" },
	};
	char got[64];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		tokens(t[i].text, strlen(t[i].text), got);
		assert_string_equal(got, t[i].want);
	}
	tokens("\"\0\"", 3, got);
	assert_string_equal(got, "!");
}

static void
test_strings(void **state)
{
	static const char text[] =
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20AC\\ud83d\\ude00\"";
	static const char want[] = "\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac"
				   "\xf0\x9f\x98\x80";
	struct gs_jsonread r;
	struct gs_json_token t;

	(void)state;
	gs_jsonread_init(&r, gs_span(text, sizeof(text) - 1));
	assert_int_equal(gs_jsonread_next(&r, &t, NULL), 1);
	assert_int_equal(t.text.n, sizeof(want) - 1);
	assert_memory_equal(t.text.p, want, sizeof(want) - 1);
	gs_jsonread_free(&r);
}

static void
test_skip(void **state)
{
	static const char text[] = "[{\"a\":[1,{}]},[[]],7]";
	struct gs_jsonread r;
	struct gs_json_token t;

	(void)state;
	gs_jsonread_init(&r, gs_span(text, sizeof(text) - 1));
	assert_int_equal(gs_jsonread_next(&r, &t, NULL), 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(gs_jsonread_next(&r, &t, NULL), 1);
		assert_int_equal(gs_jsonread_skip(&r, &t, NULL), 0);
	}
	assert_int_equal(gs_jsonread_next(&r, &t, NULL), 1);
	assert_int_equal(t.kind, GS_JSON_NUMBER);
	assert_int_equal(gs_jsonread_next(&r, &t, NULL), 1);
	assert_int_equal(gs_jsonread_next(&r, &t, NULL), 0);
	gs_jsonread_free(&r);
}

/* ---- sets of indexes */

enum { BITS = 300, BASE = 65400 };

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void
fill(struct gs_net_runs *r, bool *bit, uint32_t *seed)
{
	for (int i = 0; i < 25; i++) {
		uint32_t first = next_random(seed) % BITS;
		uint32_t last = first + next_random(seed) % 9;

		last = last < BITS ? last : BITS - 1;
		gs_net_runs_add(r, BASE + first, BASE + last);
		for (uint32_t k = first; k <= last; k++)
			bit[k] = true;
	}
}

static void
check_runs(const struct gs_net_runs *r, const bool *bit)
{
	uint64_t n = 0, lo = BITS, hi = 0;
	size_t at = 0;

	for (uint64_t i = 0; i < BITS; i++) {
		if (!bit[i])
			continue;
		n++;
		lo = i < lo ? i : lo;
		hi = i;
		if (i == 0 || !bit[i - 1])
			assert_int_equal(r->run[at].first, BASE + i);
		if (i + 1 == BITS || !bit[i + 1])
			assert_int_equal(r->run[at++].last, BASE + i);
	}
	assert_int_equal(at, r->n);
	assert_int_equal(gs_net_runs_count(r), n);
	assert_int_equal(gs_net_runs_missing(r), hi - lo + 1 - n);
}

static void
test_runs(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct gs_net_runs a = { 0 }, b = { 0 };
		bool bit[BITS] = { false };

		fill(&a, bit, &seed);
		check_runs(&a, bit);
		fill(&b, bit, &seed);
		gs_net_runs_join(&a, &b);
		check_runs(&a, bit);
		gs_net_runs_free(&a);
		gs_net_runs_free(&b);
	}
}

static void
test_too_many_runs(void **state)
{
	struct gs_net_runs a = { 0 }, b = { 0 };

	(void)state;
	for (uint64_t i = 0; i < GS_RUNS_MAX; i++)
		gs_net_runs_add(&a, 2 * i, 2 * i);
	assert_false(a.over);
	assert_int_equal(a.n, GS_RUNS_MAX);
	gs_net_runs_add(&a, 1, 1);
	assert_int_equal(a.n, GS_RUNS_MAX - 1);
	gs_net_runs_add(&a, 100000, 100000);
	assert_false(a.over);
	gs_net_runs_add(&a, 200000, 200000);
	assert_true(a.over);
	assert_int_equal(a.n, 0);
	gs_net_runs_add(&b, 1, 1);
	gs_net_runs_join(&b, &a);
	assert_true(b.over);
	gs_net_runs_free(&a);
	gs_net_runs_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_too_many_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
