/* SPDX-License-Identifier: MIT */
/* RTP and RTCP headers, what a datagram is, loss and jitter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/rtp.h"

static enum gs_net_payload
classify(const char *p, size_t n)
{
	uint8_t *copy = malloc(n + 1);

	assert_non_null(copy);
	memcpy(copy, p, n);
	enum gs_net_payload m = gs_net_payload_classify(copy, n);
	free(copy);
	return m;
}

static void
test_static(void **state)
{
	(void)state;
	assert_string_equal(gs_net_rtp_static(0)->name, "PCMU");
	assert_string_equal(gs_net_rtp_static(2)->name, "G726-32");
	assert_int_equal(gs_net_rtp_static(16)->clock, 11025);
	assert_int_equal(gs_net_rtp_static(34)->clock, 90000);
	assert_null(gs_net_rtp_static(1));
	assert_null(gs_net_rtp_static(35));
	assert_null(gs_net_rtp_static(127));
}

static void
test_classify(void **state)
{
	static const char zeros[80];
	char p[80];

	(void)state;
	assert_int_equal(classify("", 0), GS_MEDIA_OTHER);
	assert_int_equal(classify("\r\n\r\n", 4), GS_MEDIA_OTHER);
	assert_int_equal(classify("\0\1\0\0\x21\x12\xa4\x42"
				  "123456789012",
			     20),
	    GS_MEDIA_STUN);
	assert_int_equal(classify("\0\1\0\4\x21\x12\xa4\x42"
				  "123456789012",
			     20),
	    GS_MEDIA_OTHER);
	/* RFC 3489 had no cookie; DNS with its ID and flags has none. */
	assert_int_equal(classify("\0\1\0\0ABCD"
				  "123456789012",
			     20),
	    GS_MEDIA_STUN);
	assert_int_equal(classify("\2\1\0\0ABCD"
				  "123456789012",
			     20),
	    GS_MEDIA_OTHER);
	memcpy(p, "\x10\0\0\1ZRTP\0\0\0\0PZ\0\3HelloACK\0\0\0\0", 28);
	assert_int_equal(classify(p, 28), GS_MEDIA_ZRTP);
	assert_int_equal(classify(p, 27), GS_MEDIA_OTHER);
	p[13] = 'Y';
	assert_int_equal(classify(p, 28), GS_MEDIA_OTHER);
	memcpy(p, "\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\1", 13);
	assert_int_equal(classify(p, 14), GS_MEDIA_DTLS);
	p[0] = 25; /* with a connection ID (RFC 9146) */
	assert_int_equal(classify(p, 14), GS_MEDIA_DTLS);
	p[0] = 26;
	assert_int_equal(classify(p, 14), GS_MEDIA_OTHER);
	p[0] = 22;
	assert_int_equal(classify(p, 12), GS_MEDIA_OTHER);
	p[2] = 0;
	assert_int_equal(classify(p, 14), GS_MEDIA_OTHER);
	assert_int_equal(classify("\x38\xfe\xfd\0\0\0\0\0\0\0\0\0\1\0", 14),
	    GS_MEDIA_OTHER);
	assert_int_equal(classify("\x16\3\3\0\0\0\0\0\0\0\0\0\0", 13),
	    GS_MEDIA_OTHER);
	assert_int_equal(classify("\x40\1\0\4abcd", 8), GS_MEDIA_TURN);
	assert_int_equal(classify("\x40\1\0\5abcd", 8), GS_MEDIA_OTHER);
	assert_int_equal(classify("\x40\1\0\0abcd", 8), GS_MEDIA_OTHER);
	/* RFC 7983: 64 to 79. */
	assert_int_equal(classify("\x4f\1\0\4abcd", 8), GS_MEDIA_TURN);
	assert_int_equal(classify("\x50\1\0\4abcd", 8), GS_MEDIA_OTHER);
	assert_int_equal(classify("INVITE sip:", 11), GS_MEDIA_OTHER);
	/* Version 2, and what PT 64 to 95 with a marker would be. */
	for (unsigned first = 128; first < 256; first++)
		for (unsigned second = 0; second < 256; second++) {
			memcpy(p, zeros, sizeof(p));
			p[0] = (char)first;
			p[1] = (char)second;
			enum gs_net_payload m = classify(p, 8);
			bool rtcp =
			    first < 192 && second >= 192 && second < 224;
			assert_int_equal(m,
			    rtcp ? GS_MEDIA_RTCP : GS_MEDIA_OTHER);
			m = classify(p, 12 + (first & 15) * 4);
			assert_int_equal(m,
			    rtcp            ? GS_MEDIA_RTCP :
				first < 192 ? GS_MEDIA_RTP :
					      GS_MEDIA_OTHER);
		}
	struct gs_span s =
	    gs_net_payload_unwrap((const uint8_t *)"\x40\1\0\3abcd", 8);
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "abc", 3);
	assert_int_equal(
	    gs_net_payload_unwrap((const uint8_t *)"\x40\1\0\3ab", 6).n, 0);
	/* A Send indication: XOR-PEER-ADDRESS, DATA; and a request. */
	memcpy(p, "\0\x16\0\x14\x21\x12\xa4\x42transaction!", 20);
	memcpy(p + 20, "\0\x12\0\x08\0\1peer:o\0\x13\0\3abc", 20);
	s = gs_net_payload_unwrap((const uint8_t *)p, 40);
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "abc", 3);
	p[1] = 3;
	assert_int_equal(gs_net_payload_unwrap((const uint8_t *)p, 40).n, 0);
	p[1] = 0x17;
	p[35] = 5;
	assert_int_equal(gs_net_payload_unwrap((const uint8_t *)p, 40).n, 0);
}

static void
test_parse(void **state)
{
	uint8_t p[100] = { 0x80, 0x88, 0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct gs_net_rtp r;

	(void)state;
	assert_false(gs_net_rtp_parse(&r, p, 11));
	assert_true(gs_net_rtp_parse(&r, p, 12));
	assert_int_equal(r.header, 12);
	assert_int_equal(r.type, 8);
	assert_true(r.marker);
	assert_int_equal(r.seq, 0xfffe);
	assert_int_equal(r.time, 0x01020304);
	assert_int_equal(r.ssrc, 0x05060708);
	p[0] = 0x8f; /* 15 CSRCs */
	assert_false(gs_net_rtp_parse(&r, p, 71));
	assert_true(gs_net_rtp_parse(&r, p, 72));
	assert_int_equal(r.header, 72);
	p[0] = 0x90; /* an extension without words, then with two */
	p[12] = 0xbe;
	p[13] = 0xde;
	assert_false(gs_net_rtp_parse(&r, p, 15));
	assert_true(gs_net_rtp_parse(&r, p, 16));
	assert_int_equal(r.header, 16);
	assert_int_equal(r.profile, 0xbede);
	assert_int_equal(r.extension_at, 12);
	p[15] = 2;
	assert_false(gs_net_rtp_parse(&r, p, 23));
	assert_true(gs_net_rtp_parse(&r, p, 24));
	assert_int_equal(r.header, 24);
	p[14] = 0xff; /* far behind the packet's end */
	assert_false(gs_net_rtp_parse(&r, p, sizeof(p)));
	p[0] = 0x40;
	assert_false(gs_net_rtp_parse(&r, p, sizeof(p)));
}

static void
test_padding(void **state)
{
	uint8_t p[20] = { 0xa0 };
	struct gs_net_rtp r;
	struct gs_span s;

	(void)state;
	p[19] = 8;
	assert_true(gs_net_rtp_parse(&r, p, 20));
	assert_true(gs_net_rtp_payload(&r, p, 20, &s));
	assert_int_equal(s.n, 0);
	p[19] = 3;
	assert_true(gs_net_rtp_payload(&r, p, 20, &s));
	assert_int_equal(s.n, 5);
	p[19] = 9;
	assert_false(gs_net_rtp_payload(&r, p, 20, &s));
	assert_int_equal(s.n, 8);
	p[19] = 0;
	assert_false(gs_net_rtp_payload(&r, p, 20, &s));
	assert_true(gs_net_rtp_parse(&r, p, 12));
	assert_false(gs_net_rtp_payload(&r, p, 12, &s));
}

static void
test_rtcp(void **state)
{
	static const uint8_t p[] = { 0x81, 201, 0, 1, 1, 2, 3, 4, /* RR */
		0xa1, 202, 0, 2, 9, 9, 9, 9, 0, 0, 0, 4, /* SDES */
		0x80, 203, 0, 0 }; /* BYE of nobody */
	struct gs_net_rtcp r;
	size_t at = 0;

	(void)state;
	assert_int_equal(gs_net_rtcp_next(&r, p, sizeof(p), &at), 1);
	assert_int_equal(r.type, 201);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.ssrc, 0x01020304);
	assert_int_equal(gs_net_rtcp_next(&r, p, sizeof(p), &at), 1);
	assert_true(r.padding);
	assert_int_equal(r.bytes.n, 12);
	assert_int_equal(gs_net_rtcp_next(&r, p, sizeof(p), &at), 1);
	assert_int_equal(r.ssrc, 0);
	assert_int_equal(gs_net_rtcp_next(&r, p, sizeof(p), &at), 0);
	at = 8;
	assert_int_equal(gs_net_rtcp_next(&r, p, 19, &at), -1);
	at = 8;
	assert_int_equal(gs_net_rtcp_next(&r, p, 10, &at), -1);
}

static void
test_index(void **state)
{
	(void)state;
	assert_int_equal(gs_net_rtp_index(65535, 0), 65536);
	assert_int_equal(gs_net_rtp_index(65536, 65535), 65535);
	assert_int_equal(gs_net_rtp_index(65538, 65534), 65534);
	assert_int_equal(gs_net_rtp_index(10, 65534), 65534);
	assert_int_equal(gs_net_rtp_index(0x30000, 0x7fff), 0x37fff);
	assert_int_equal(gs_net_rtp_index(0x30000, 0x8001), 0x28001);
}

static void
test_shape(void **state)
{
	struct gs_net_rtp_shape s = { 0 };
	struct gs_net_rtp r = { .ssrc = 1, .seq = 65535, .type = 8 };

	(void)state;
	assert_false(gs_net_rtp_shape_add(&s, &r));
	r.seq = 5;
	assert_false(gs_net_rtp_shape_add(&s, &r));
	r.seq = 6;
	assert_true(gs_net_rtp_shape_add(&s, &r));
	r.seq = 60; /* sure now: loss and order do not matter */
	assert_true(gs_net_rtp_shape_add(&s, &r));
	r.ssrc = 2;
	assert_false(gs_net_rtp_shape_add(&s, &r));
	r.seq = 61;
	r.type = 9;
	assert_false(gs_net_rtp_shape_add(&s, &r));
	/* With gaps it takes five packets; what stands still is none. */
	for (unsigned i = 0; i < 4; i++) {
		r.seq = (uint16_t)(r.seq + 3);
		assert_int_equal(gs_net_rtp_shape_add(&s, &r), i == 3);
	}
	r.ssrc = 3;
	for (unsigned i = 0; i < 20; i++)
		assert_false(gs_net_rtp_shape_add(&s, &r));
}

static void
test_loss_and_order(void **state)
{
	static struct gs_net_rtp_stats s;
	const uint64_t start = 65530;

	(void)state;
	/* 65530 … 65540 without two; one late, one twice. */
	for (uint64_t i = start; i <= 65540; i++)
		if (i != 65533 && i != 65535 && i != 65537)
			assert_int_equal(gs_net_rtp_stats_add(&s, i, 0, 0, 0),
			    GS_RTP_NEXT);
	assert_int_equal(gs_net_rtp_stats_lost(&s), 3);
	assert_int_equal(gs_net_rtp_stats_add(&s, 65535, 0, 0, 0), GS_RTP_LATE);
	assert_int_equal(gs_net_rtp_stats_add(&s, 65535, 0, 0, 0),
	    GS_RTP_DUPLICATE);
	assert_int_equal(gs_net_rtp_stats_add(&s, 65540, 0, 0, 0),
	    GS_RTP_DUPLICATE);
	assert_int_equal(gs_net_rtp_stats_lost(&s), 2);
	/* Older than the first. */
	assert_int_equal(gs_net_rtp_stats_add(&s, 65528, 0, 0, 0), GS_RTP_LATE);
	assert_int_equal(gs_net_rtp_stats_lost(&s), 3);
	assert_int_equal(s.received, 12);
	assert_int_equal(s.late, 2);
	assert_int_equal(s.duplicates, 2);
	/* 2000 late is still known, twice as well. */
	for (uint64_t i = 65541; i < 70000; i++)
		if (i != 68000)
			(void)gs_net_rtp_stats_add(&s, i, 0, 0, 0);
	assert_int_equal(gs_net_rtp_stats_add(&s, 68000, 0, 0, 0), GS_RTP_LATE);
	assert_int_equal(gs_net_rtp_stats_add(&s, 68000, 0, 0, 0),
	    GS_RTP_DUPLICATE);
	/* A gap of 40,000: nothing of before is taken for a duplicate. */
	assert_int_equal(gs_net_rtp_stats_add(&s, 110000, 0, 0, 0),
	    GS_RTP_NEXT);
	assert_int_equal(gs_net_rtp_stats_add(&s, 110000 - 4000, 0, 0, 0),
	    GS_RTP_LATE);
	assert_int_equal(gs_net_rtp_stats_lost(&s), 3 + 40000 - 1);
}

/* RFC 3550 A.8 by hand: 20 ms packets, every other 4 ms late. */
static void
test_jitter(void **state)
{
	static struct gs_net_rtp_stats s, steady;
	double want = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		uint64_t ns =
		    UINT64_C(1700000000000000000) + UINT64_C(20000000) * i;
		(void)gs_net_rtp_stats_add(&steady, i,
		    UINT32_MAX - 800 + i * 160, ns, 8000);
		(void)gs_net_rtp_stats_add(&s, i, i * 160,
		    ns + (i % 2 ? 4000000 : 0), 8000);
		if (i > 0)
			want += (32 - want) / 16;
	}
	assert_true(gs_net_rtp_stats_jitter_ms(&steady) < 0.001);
	double got = gs_net_rtp_stats_jitter_ms(&s);
	double mean = s.jitter_sum / (double)s.jitters;

	assert_true(s.jitter_max >= got && mean > 0 && mean < s.jitter_max);
	assert_true(s.delta_max > 3.999 && s.delta_max < 4.001);
	assert_int_equal(s.gap_max, 24000000);
	assert_true(got > want / 8 - 0.001 && got < want / 8 + 0.001);
	/* The sender's clock begins anew: no jitter. */
	(void)gs_net_rtp_stats_add(&steady, 100, 0x40000000,
	    UINT64_C(1700000003000000000), 8000);
	assert_true(gs_net_rtp_stats_jitter_ms(&steady) < 0.001);
	assert_true(steady.jitter_max < 0.001 && steady.delta_max < 0.001);
	assert_int_equal(steady.gap_max, 1020000000);
}

/* Both directions of a recorded call, counted. */
static void
test_recorded_call(void **state)
{
	const char *path = "tests/fixtures/calls/call-pcma-udp.pcap";
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, NULL);
	struct gs_net_frames *t = gs_net_frames_new(NULL);
	static struct gs_net_rtp_stats stats[2];
	uint32_t ssrc[2] = { 0 };
	unsigned rtcp = 0, streams = 0;
	struct gs_net_packet p;
	struct gs_net_frame f;

	(void)state;
	assert_non_null(c);
	assert_non_null(t);
	while (gs_net_capture_next(c, &p, NULL) == 1) {
		struct gs_net_rtp r;
		gs_net_frame_parse(t, &p, &f);
		const uint8_t *b = f.p + f.payload;
		enum gs_net_payload m = gs_net_payload_classify(b, f.length);
		rtcp += m == GS_MEDIA_RTCP;
		if (m != GS_MEDIA_RTP || !gs_net_rtp_parse(&r, b, f.length))
			continue;
		assert_int_equal(r.type, 8);
		unsigned i = 0;
		while (i < streams && ssrc[i] != r.ssrc)
			i++;
		assert_true(i < 2);
		streams = i == streams ? streams + 1 : streams;
		ssrc[i] = r.ssrc;
		(void)gs_net_rtp_stats_add(&stats[i],
		    gs_net_rtp_index(stats[i].started ? stats[i].newest : r.seq,
			r.seq),
		    r.time, p.ns, 8000);
	}
	assert_int_equal(streams, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(stats[i].received, 601);
		assert_int_equal(gs_net_rtp_stats_lost(&stats[i]), 0);
		assert_true(gs_net_rtp_stats_jitter_ms(&stats[i]) < 5);
	}
	assert_int_equal(rtcp, 10);
	gs_net_frames_free(t);
	gs_net_capture_close(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_static),
		cmocka_unit_test(test_classify),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_rtcp),
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_loss_and_order),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_recorded_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
