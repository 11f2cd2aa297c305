/* SPDX-License-Identifier: MIT */
/* RTP in the clear: every stream is told, or counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "calls/heard.h"
#include "sdp/check.h"
#include "sdp/sdp.h"

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

enum turn { BARE, CHANNEL, INDICATION };

struct sized {
	uint8_t type;
	uint16_t ticks; /* of a packet */
	uint8_t octets;
	uint8_t packets; /* that prove it */
	const char *name; /* in a=rtpmap, or NULL */
	enum turn turn;
	int8_t step; /* from number to number; 0: 1 */
};

/* Tells h an SDP that maps type to name at src's address. */
static void
announce(struct gs_calls_heard *h, const struct sized *c)
{
	char map[64];
	struct gs_sdp_line line[] = {
		{ .text = GS_LIT("v=0") },
		{ .text = GS_LIT("c=IN IP4 0.0.0.0") },
		{ .text = GS_LIT("m=audio 9 RTP/SAVP 101 102") },
		{ .text = GS_LIT("a=rtpmap:101 telephone-event/8000") },
		{ .text = gs_span(map,
		      (size_t)snprintf(map, sizeof(map), "a=rtpmap:%u %s/8000",
			  c->type, c->name)) },
	};
	struct gs_sdp sdp = { 0 };
	struct gs_sdp_verdict v = { .medias = 1 };

	assert_int_equal(gs_sdp_parse(&sdp, line, 5, NULL), 0);
	v.media[0].media = &sdp.media[0];
	v.media[0].protection = GS_SDES;
	gs_calls_heard_sdp(h, &sdp, &v, 1);
	gs_sdp_free(&sdp);
}

/* Packet number i of a stream, with tag octets more than c has. */
static void
feed_sized(struct gs_calls_heard *h, const struct sized *c, unsigned i,
    unsigned tag)
{
	struct gs_net_addr src = { .version = 4, .port = 9 };
	size_t at = c->turn == CHANNEL ? 4 : c->turn == INDICATION ? 24 : 0;
	size_t n = 12u + c->octets + tag;
	unsigned k = (unsigned)((int)i * (c->step == 0 ? 1 : c->step));
	uint8_t all[256] = { 0 }, *p = all + at;

	p[0] = 0x80;
	p[1] = c->type;
	gs_put_be16(p + 2, (uint16_t)(1000 + k));
	gs_put_be32(p + 4, 0xfffffff0 + k * c->ticks);
	memcpy(p + 8, "SSRC", 4);
	/* An event, or what a cipher makes random. */
	p[12] = (uint8_t)(c->octets == 4 && tag == 0 ? 9 : i * 37);
	p[13] = (uint8_t)(c->octets == 4 && tag == 0 ? 10 : i * 71);
	p[12 + (n - 12) / 2] = (uint8_t)(i * 99);
	if (c->turn == CHANNEL) {
		gs_put_be16(all, 0x4001);
		gs_put_be16(all + 2, (unsigned)n);
	} else if (c->turn == INDICATION) {
		memcpy(all, "\0\x17\0\0\x21\x12\xa4\x42transaction!", 20);
		gs_put_be16(all + 2, (unsigned)((n + 7) & ~3u));
		gs_put_be16(all + 20, 0x13);
		gs_put_be16(all + 22, (unsigned)n);
	}
	n = c->turn == INDICATION ? at + ((n + 3) & ~3u) : at + n;
	gs_calls_heard_feed(h, &src, &src, gs_span(all, n), n, i);
}

/* A stream in the clear is known by the octets that its codec and the clock
 * leave room for; a tag more may be SRTP. */
static void
test_sizes(void **state)
{
	static const struct sized cases[] = {
		{ 18, 160, 20, 6, NULL, BARE, 0 },
		{ 18, 240, 30, 6, NULL, BARE, 0 },
		{ 18, 160, 20, 6, NULL, BARE, -1 },
		{ 3, 160, 33, 6, NULL, BARE, 2 },
		{ 4, 240, 20, 6, NULL, BARE, 0 },
		{ 0, 44, 44, 6, NULL, BARE, 0 },
		{ 15, 20, 5, 6, NULL, BARE, 0 },
		{ 2, 160, 80, 6, NULL, BARE, 0 },
		{ 0, 160, 160, 2, NULL, BARE, 0 },
		{ 9, 80, 80, 2, NULL, BARE, -1 },
		{ 8, 160, 160, 2, NULL, CHANNEL, 0 },
		{ 8, 160, 160, 2, NULL, INDICATION, 0 },
		{ 13, 320, 1, 5, NULL, BARE, 0 },
		{ 101, 0, 4, 5, NULL, BARE, 0 },
		{ 102, 160, 38, 6, "iLBC", BARE, 0 },
		{ 102, 240, 50, 6, "ilbc", BARE, 3 },
		{ 97, 160, 100, 6, "G726-40", BARE, 0 },
		{ 97, 160, 31, 6, "GSM-EFR", INDICATION, 0 },
	};
	static const uint8_t tags[] = { 0, 4, 8, 10, 14, 16 };

	(void)state;
	for (size_t k = 0; k < sizeof(cases) / sizeof(*cases); k++)
		for (size_t t = 0; t < sizeof(tags); t++) {
			const struct sized *c = &cases[k];
			struct gs_calls_heard *h = new_heard();
			uint64_t more;
			unsigned n = tags[t] == 0 ? c->packets : 12;

			if (c->name != NULL)
				announce(h, c);
			for (unsigned i = 1; i < n; i++)
				feed_sized(h, c, i, tags[t]);
			assert_int_equal(told(h, &more), 0);
			feed_sized(h, c, n, tags[t]);
			assert_int_equal(told(h, &more), tags[t] == 0);
			gs_calls_heard_free(h);
		}
}

/* A size that only a codec explains which no SDP has there proves nothing, but
 * octets that stay the same still do. */
static void
test_other_codec(void **state)
{
	static const struct sized ilbc = { 102, 160, 38, 6, "G729", BARE, 0 };
	struct gs_calls_heard *h = new_heard();
	uint64_t more;

	(void)state;
	announce(h, &ilbc);
	for (unsigned i = 1; i < 10; i++)
		feed_sized(h, &ilbc, i, 0);
	assert_int_equal(told(h, &more), 0);
	for (unsigned i = 10; i < 20; i++) {
		uint8_t p[50] = { 0x80, 102 };
		struct gs_net_addr src = { .version = 4, .port = 9 };

		gs_put_be16(p + 2, (uint16_t)(1000 + i));
		memcpy(p + 8, "SSRC", 4);
		gs_calls_heard_feed(h, &src, &src, gs_span(p, sizeof(p)),
		    sizeof(p), i);
	}
	assert_int_equal(told(h, &more), 1);
	gs_calls_heard_free(h);
}

/* Events between packets that are encrypted. */
static void
test_events_between(void **state)
{
	static const struct sized audio = { 8, 160, 160, 0, NULL, BARE, 0 };
	static const struct sized event = { 101, 0, 4, 0, NULL, BARE, 0 };
	struct gs_calls_heard *h = new_heard();
	uint64_t more;

	(void)state;
	for (unsigned i = 1; i < 40; i++)
		feed_sized(h, i < 20 || i > 24 ? &audio : &event, i,
		    i < 20 || i > 24 ? 10 : 0);
	assert_int_equal(told(h, &more), 1);
	gs_calls_heard_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_all_at_a_time),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_other_codec),
		cmocka_unit_test(test_events_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
