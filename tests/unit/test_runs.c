/* SPDX-License-Identifier: MIT */
/* Lines of reports that are read, and what is refused; sets of packet indexes
 * against a table of bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "media/record.h"
#include "net/runs.h"

/* ---- lines */

#define MEMBERS                                                                \
	"\"type\":\"stream\",\"file\":\"f\",\"src\":\"1.2.3.4:1\","            \
	"\"dst\":\"1.2.3.4:2\",\"ssrc\":\"0000000a\",\"verdict\":\"no key\","  \
	"\"start_ns\":5,\"end_ns\":9,\"keys\":[]"

/* Reads a stream that has more behind its own members. Returns what is wrong
 * with it, "": nothing. */
static const char *
reading(struct gs_media_record *r, const char *more, size_t n)
{
	static struct gs_err err;
	static char line[256 * 1024];
	size_t begin = sizeof("{" MEMBERS) - 1;

	memcpy(line, "{" MEMBERS, begin);
	memcpy(line + begin, more, n);
	line[begin + n] = '}';
	err.text[0] = '\0';
	if (gs_media_record_read(r, gs_span(line, begin + n + 1), &err) == 0)
		return "";
	return err.text;
}

/* The same, when only the outcome matters. */
static const char *
outcome(const char *more, size_t n)
{
	struct gs_media_record r;
	const char *why = reading(&r, more, n);

	gs_media_record_free(&r);
	return why;
}

static void
test_unknown_members(void **state)
{
	static const char *const good[] = { "", ",\"a\":{}", ",\"a\" : [ ] ",
		",\"a\":-0.5e+3", ",\"a\":2E7",
		",\"a\":{\"a\":[1,-2.5e+10,true],\"b\":{\"c\":null}}",
		",\"a\":[false,\"x\"]", ",\"a\":\"[[{{\\\"[[\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_string_equal(outcome(good[i], strlen(good[i])), "");
}

static void
test_no_json(void **state)
{
	static const char *const bad[] = { "", "[1,]", "[,1]", "[1 2]", "[1}",
		"{\"a\"}", "{\"a\":1,}", "{a:1}", "{1:1}", "01", "-", "1.",
		".5", "1e", "+1", "tru", "NaN", "1 1", "\"a", "\"\\x\"",
		"\"\\u12\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
		"\"\\udc00\"", "\"\t\"", "\"\xff\"", "\"\xed\xa0\x80\"" };
	char more[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int n = snprintf(more, sizeof(more), ",\"a\":%s", bad[i]);

		assert_string_not_equal(outcome(more, (size_t)n), "");
	}
	assert_string_not_equal(outcome(",\"a\":\"\0\"", 8), "");
}

static void
test_texts(void **state)
{
	static const char more[] =
	    ",\"codec\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20AC"
	    "\\ud83d\\ude00\"";
	struct gs_media_record r;

	(void)state;
	assert_string_equal(reading(&r, more, sizeof(more) - 1), "");
	assert_string_equal(r.codec,
	    "\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	gs_media_record_free(&r);
}

static void
test_last_member_counts(void **state)
{
	static const char more[] =
	    ",\"packets\":1,\"packets\":7,\"file\":\"g\"";
	struct gs_media_record r;

	(void)state;
	assert_string_equal(reading(&r, more, sizeof(more) - 1), "");
	assert_int_equal(r.count.packets, 7);
	assert_string_equal(r.file, "g");
	gs_media_record_free(&r);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *number, *want;
	} t[] = {
		{ "0", "" },
		{ "9223372036854775807", "" },
		{ "-1", "\"packets\" must be a whole number" },
		{ "1.0", "\"packets\" must be a whole number" },
		{ "1e3", "\"packets\" must be a whole number" },
		{ "\"1\"", "\"packets\" must be a whole number" },
		{ "null", "\"packets\" must be a whole number" },
	};
	char more[64];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		int n = snprintf(more, sizeof(more), ",\"packets\":%s",
		    t[i].number);

		assert_string_equal(outcome(more, (size_t)n), t[i].want);
	}
}

static void
test_depth(void **state)
{
	char more[128] = ",\"a\":";
	size_t at = strlen(more);

	(void)state;
	/* The line's own bracket is one of them. */
	for (size_t n = GS_RECORD_DEPTH - 1; n <= GS_RECORD_DEPTH; n++) {
		memset(more + at, '[', n);
		memset(more + at + n, ']', n);
		assert_string_equal(outcome(more, at + 2 * n),
		    n < GS_RECORD_DEPTH ? "" :
					  "nested too deeply, or too large");
	}
}

/* What a line may cost has limits. */
static void
test_limits(void **state)
{
	static char more[200 * 1024];
	static const char name[] = ",\"codec\":";
	size_t at = sizeof(name) - 1, n = GS_RECORD_TEXT;

	(void)state;
	memcpy(more, name, at);
	for (size_t i = 0; i < 2; i++) {
		memset(more + at, 'x', n + i + 2);
		more[at] = more[at + n + i + 1] = '"';
		assert_string_equal(outcome(more, at + n + i + 2),
		    i == 0 ? "" : "\"codec\" must be a string");
	}
	memcpy(more, ",\"other\":[", at + 1);
	for (size_t i = at + 1; i + 3 < sizeof(more); i += 3)
		memcpy(more + i, "[],", 3);
	n = at + 1 + 3 * ((size_t)GS_RECORD_BRACKETS - 3);
	for (size_t i = 0; i < 2; i++, n += 3) {
		memcpy(more + n, "0]", 2);
		assert_string_equal(outcome(more, n + 2),
		    i == 0 ? "" : "nested too deeply, or too large");
		memcpy(more + n, "[],", 3);
	}
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
		cmocka_unit_test(test_unknown_members),
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_last_member_counts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_too_many_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
