/* SPDX-License-Identifier: MIT */
/* SIP out of UDP, TCP and HEP. */
#include "net_build.h"

#include "net/capture.h"
#include "net/sip.h"

enum { MAX_MESSAGES = 64 };

/* 40 letters of base64 that open nothing. */
static const char key[] = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk";

struct seen {
	unsigned n;
	char *text[MAX_MESSAGES];
	struct gs_net_sip_message m[MAX_MESSAGES];
};

static struct seen seen;

static void
see(void *arg, const struct gs_net_sip_message *m)
{
	struct seen *s = arg;

	assert_in_range(s->n, 0, MAX_MESSAGES - 1);
	assert_true(m->body <= m->bytes.n);
	s->m[s->n] = *m;
	s->text[s->n] = calloc(1, m->bytes.n + 1);
	assert_non_null(s->text[s->n]);
	memcpy(s->text[s->n], m->bytes.p, m->bytes.n);
	s->n++;
}

static int
forget_seen(void **state)
{
	(void)state;
	for (unsigned i = 0; i < seen.n; i++)
		free(seen.text[i]);
	seen = (struct seen){ 0 };
	return 0;
}

static struct gs_net_sip *
new_sip(void)
{
	static const struct gs_net_sip_sink sink = { see, &seen, NULL };
	struct gs_net_sip *t = gs_net_sip_new(&sink, NULL);

	assert_non_null(t);
	return t;
}

/* An INVITE of about 600 bytes with two crypto lines; i makes it differ. */
static size_t
invite(char *to, size_t size, unsigned i, const char *length)
{
	char body[512];
	int k = snprintf(body, sizeof(body),
	    "v=0\r\no=- %u 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
	    "t=0 0\r\nm=audio 5004 RTP/SAVP 8 101\r\n"
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s|2^31|1:1\r\n"
	    "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:%s\r\n"
	    "m=video 5006 RTP/SAVPF 96\r\n",
	    i, key, key);
	assert_in_range(k, 1, sizeof(body) - 1);
	int n = snprintf(to, size,
	    "INVITE sip:1001@example.org SIP/2.0\r\n"
	    "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK%u\r\n"
	    "Call-ID: %u@example.org\r\nCSeq: 1 INVITE\r\n"
	    "Content-Type: application/sdp\r\n%s%d\r\n\r\n%s",
	    i, i, length, k, body);
	assert_in_range(n, 1, size - 1);
	return (size_t)n;
}

/* ---- one step of a capture */

static struct gs_net_frames *frames;

struct wire {
	struct build f;
	struct gs_net_packet p;
	struct gs_net_frame g;
};

static const struct gs_net_interface ethernet = { .link = 1, .tsresol = 6 };

static void
udp_frame(struct wire *w, const void *p, size_t n, uint64_t frame)
{
	build_start(&w->f, p, n);
	build_udp(&w->f, 5060, 5080, 0x1234);
	build_ipv4(&w->f, 17, 0, 1, 0);
	build_ethernet(&w->f, 0x0800);
	w->p = build_packet(&w->f, &ethernet);
	w->p.frame = frame;
	gs_net_frame_parse(frames, &w->p, &w->g);
	assert_int_equal(w->g.kind, GS_FRAME_UDP);
}

static void
tcp_frame(struct wire *w, uint32_t seq, unsigned flags, const void *p, size_t n,
    uint64_t frame)
{
	build_start(&w->f, p, n);
	build_tcp(&w->f, 40000, 5060, seq, flags);
	build_ipv4(&w->f, 6, 0, 1, 0);
	build_ethernet(&w->f, 0x0800);
	w->p = build_packet(&w->f, &ethernet);
	w->p.frame = frame;
	gs_net_frame_parse(frames, &w->p, &w->g);
	assert_int_equal(w->g.kind, GS_FRAME_TCP);
}

static bool
segment(struct gs_net_sip *t, const char *stream, size_t from, size_t to,
    uint64_t frame)
{
	static struct wire w;
	const uint32_t isn = 0xfffffe00; /* wraps */

	tcp_frame(&w, isn + 1 + (uint32_t)from, 0x18, stream + from, to - from,
	    frame);
	return gs_net_sip_feed(t, &w.p, &w.g);
}

static void
syn(struct gs_net_sip *t)
{
	static struct wire w;

	tcp_frame(&w, 0xfffffe00, 2, "", 0, 1);
	(void)gs_net_sip_feed(t, &w.p, &w.g);
}

/* ---- starts */

/* Whether a datagram that is text is taken for SIP. */
static bool
starts(const char *text)
{
	static struct wire w;
	struct gs_net_sip *t = new_sip();

	(void)forget_seen(NULL);
	udp_frame(&w, text, strlen(text), 1);
	bool sip = gs_net_sip_feed(t, &w.p, &w.g);
	assert_int_equal(seen.n, sip ? 1 : 0);
	gs_net_sip_free(t);
	return sip;
}

static void
test_starts(void **state)
{
	static const char *const yes[] = {
		"INVITE sip:a@b SIP/2.0\r\n",
		"OPTIONS sips:b SIP/2.0\n",
		"SIP/2.0 200 OK\r\n",
		"REGISTER tel:+1 SIP/2.0\r\n",
	};
	static const char *const no[] = { "", "\r\n\r\n", "INVITE",
		"GET / HTTP/1.1\r\n", "OPTIONS rtsp://a RTSP/1.0\r\n",
		"GET http://a/ HTTP/1.1\r\n", "SIP/1.0 200 OK\r\n", "SIP",
		"\x80\x08", "INVITE sip:a@b", " INVITE sip:a SIP/2.0\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		assert_true(starts(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (starts(no[i]))
			fail_msg("%s", no[i]);
}

/* ---- UDP */

static void
test_udp(void **state)
{
	static struct wire w;
	struct gs_net_sip *t = new_sip();
	char text[2048];
	size_t n = invite(text, sizeof(text), 1, "Content-Length: ");

	(void)state;
	udp_frame(&w, text, n, 7);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.m[0].bytes.n, n);
	assert_int_equal(seen.m[0].first_frame, 7);
	assert_int_equal(seen.m[0].transport, GS_SIP_UDP);
	assert_int_equal(seen.m[0].src.port, 5060);
	assert_int_equal(strncmp(seen.text[0] + seen.m[0].body, "v=0", 3), 0);
	assert_false(seen.m[0].truncated);
	/* Junk behind the body is not part of it; what is missing is said. */
	strcpy(text + n, "junk");
	udp_frame(&w, text, n + 4, 8);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(seen.m[1].bytes.n, n);
	udp_frame(&w, text, n - 4, 9);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_true(seen.m[2].truncated);
	udp_frame(&w, "\x80\x08\0\0\0\0\0\0\0\0\0\0", 12, 10);
	assert_false(gs_net_sip_feed(t, &w.p, &w.g));
	udp_frame(&w, "\r\n\r\n", 4, 11);
	assert_false(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(gs_net_sip_counts(t).messages, 3);
	gs_net_sip_free(t);
}

/* ---- TCP */

/* Two messages, blank lines between, in segments of every size. */
static void
test_tcp_every_segment_size(void **state)
{
	char s[4096];
	size_t a = invite(s, sizeof(s), 1, "Content-Length: ");
	memcpy(s + a, "\r\n\r\n", 4);
	size_t b = invite(s + a + 4, sizeof(s) - a - 4, 2, "l:\r\n\t ");
	size_t n = a + 4 + b;

	(void)state;
	for (size_t k = 1; k <= n; k = k < 300 ? k + 1 : k + 97) {
		struct gs_net_sip *t = new_sip();
		syn(t);
		for (size_t at = 0; at < n; at += k)
			(void)segment(t, s, at, at + k < n ? at + k : n,
			    at / k + 2);
		if (seen.n != 2)
			fail_msg("segments of %zu: %u", k, seen.n);
		assert_int_equal(seen.m[0].bytes.n, a);
		assert_memory_equal(seen.text[0], s, a);
		assert_int_equal(seen.m[1].bytes.n, b);
		assert_memory_equal(seen.text[1], s + a + 4, b);
		assert_int_equal(seen.m[0].first_frame, 2);
		assert_int_equal(seen.m[0].last_frame, (a - 1) / k + 2);
		assert_int_equal(seen.m[1].last_frame, (n - 1) / k + 2);
		assert_false(seen.m[0].truncated || seen.m[1].truncated);
		assert_int_equal(gs_net_sip_counts(t).gaps, 0);
		gs_net_sip_free(t);
		(void)forget_seen(NULL);
	}
}

static void
test_tcp_out_of_order(void **state)
{
	char s[4096];
	size_t n = invite(s, sizeof(s), 1, "Content-Length: ");
	struct gs_net_sip *t = new_sip();

	(void)state;
	syn(t);
	(void)segment(t, s, 200, 300, 2); /* before the first */
	(void)segment(t, s, 400, n, 3);
	(void)segment(t, s, 0, 100, 4);
	(void)segment(t, s, 0, 100, 5); /* again */
	(void)segment(t, s, 50, 250, 6); /* overlaps both */
	assert_int_equal(seen.n, 0);
	assert_true(segment(t, s, 290, 400, 7));
	assert_int_equal(seen.n, 1);
	assert_memory_equal(seen.text[0], s, n);
	assert_int_equal(seen.m[0].first_frame, 4);
	assert_int_equal(seen.m[0].last_frame, 7);
	gs_net_sip_free(t);
}

/* The first half of a connection comes last: from its SYN on it is read, and
 * without one it is told that something was not. */
static void
test_tcp_halves_swapped(void **state)
{
	char s[4096];
	size_t a = invite(s, sizeof(s), 1, "Content-Length: ");
	size_t b = invite(s + a, sizeof(s) - a, 2, "Content-Length: ");

	(void)state;
	for (unsigned begun = 0; begun < 2; begun++) {
		struct gs_net_sip *t = new_sip();

		(void)segment(t, s, a, a + b, 1);
		(void)segment(t, s, a, a + b, 2); /* again */
		assert_int_equal(gs_net_sip_counts(t).gaps, 0);
		if (begun)
			syn(t);
		(void)segment(t, s, 0, a, 3);
		assert_int_equal(seen.n, 1 + begun);
		assert_memory_equal(seen.text[0], s + a, b);
		if (begun)
			assert_memory_equal(seen.text[1], s, a);
		assert_int_equal(gs_net_sip_counts(t).gaps, !begun);
		gs_net_sip_free(t);
		(void)forget_seen(NULL);
	}
}

/* A segment never came: the next message is found, what is there of the
 * first is given when its header is complete. */
static void
test_tcp_gap(void **state)
{
	char s[8192];
	size_t a = invite(s, sizeof(s), 1, "Content-Length: ");
	size_t b = invite(s + a, sizeof(s) - a, 2, "Content-Length: ");
	size_t c = invite(s + a + b, sizeof(s) - a - b, 3, "l: ");
	static struct wire w;
	struct gs_net_sip *t = new_sip();

	(void)state;
	(void)segment(t, s, 0, a - 100, 1);
	(void)segment(t, s, a - 50, a + b, 2);
	(void)segment(t, s, a + b, a + b + c, 3);
	assert_int_equal(seen.n, 0);
	tcp_frame(&w, (uint32_t)(0xfffffe01 + a + b + c), 0x11, "", 0, 4);
	(void)gs_net_sip_feed(t, &w.p, &w.g);
	assert_int_equal(seen.n, 0);
	w.p.ns += UINT64_C(3000000000); /* the FIN again, later */
	(void)gs_net_sip_feed(t, &w.p, &w.g);
	assert_int_equal(seen.n, 3);
	gs_net_sip_end(t);
	assert_int_equal(seen.n, 3);
	assert_true(seen.m[0].truncated);
	assert_int_equal(seen.m[0].bytes.n, a - 100);
	assert_memory_equal(seen.text[1], s + a, b);
	assert_memory_equal(seen.text[2], s + a + b, c);
	assert_int_equal(gs_net_sip_counts(t).gaps, 1);
	assert_int_equal(gs_net_sip_counts(t).truncated, 0);
	gs_net_sip_free(t);
}

/* HTTP, TLS and a message without end keep no memory and give nothing. */
static void
test_tcp_other(void **state)
{
	static char s[200000];
	struct gs_net_sip *t = new_sip();
	size_t n;

	(void)state;
	syn(t);
	assert_false(segment(t, "\x16\3\1\2\0", 0, 5, 2));
	assert_false(segment(t, "GET / HTTP/1.1\r\n", 0, 16, 2));
	memset(s, 'a', sizeof(s));
	n = (size_t)snprintf(s, 100, "INVITE sip:a SIP/2.0\r\nX: ");
	s[n] = 'a';
	for (size_t at = 0; at + 4000 <= sizeof(s); at += 4000)
		(void)segment(t, s, at, at + 4000, 3);
	gs_net_sip_end(t);
	assert_int_equal(seen.n, 1);
	assert_true(seen.m[0].truncated);
	assert_int_equal(seen.m[0].bytes.n, GS_SIP_MESSAGE);
	gs_net_sip_free(t);
}

/* A WebSocket is known by its frames where its beginning was not captured, with
 * a mask or without one, and where a blank line comes first. */
static void
test_websocket(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct gs_net_sip *t = new_sip();
		bool mask = k % 2 == 1;
		char s[1000], p[1000];
		size_t n = invite(s, sizeof(s), 1, "l: ");
		size_t blank = k < 2 ? 0 : 2, at = mask ? 8 : 4;

		p[0] = (char)0x81;
		p[1] = (char)(mask ? 0xfe : 0x7e);
		w16((uint8_t *)p + 2, n + blank);
		memcpy(p + 4, "\x11\x22\x33\x44", 4);
		memmove(s + blank, s, n);
		memcpy(s, "\r\n", blank);
		n += blank;
		for (size_t i = 0; i < n; i++)
			p[at + i] = (char)(s[i] ^ (mask ? p[4 + i % 4] : 0));
		/* Octets of a frame before it. */
		assert_false(segment(t, "\x17\x2f", 0, 2, 1));
		assert_true(segment(t, p, 0, n + at, 2));
		assert_int_equal(seen.n, 1);
		assert_int_equal(seen.m[0].transport, GS_SIP_WS);
		assert_false(seen.m[0].truncated);
		gs_net_sip_free(t);
		(void)forget_seen(NULL);
	}
}

/* Many streams that each hold half a message: memory stays bounded and new
 * messages are still found. */
static void
test_tcp_many(void **state)
{
	static struct wire w;
	static char s[65000];
	struct gs_net_sip *t = new_sip();

	(void)state;
	memset(s, 'a', sizeof(s));
	memcpy(s, "INVITE sip:a SIP/2.0\r\nX: ", 25);
	for (unsigned i = 0; i < 3000; i++) {
		build_start(&w.f, s, 60000);
		build_tcp(&w.f, 1000 + i, 5060, 1, 0x18);
		build_ipv4(&w.f, 6, 0, 1, 0);
		w.p = build_packet(&w.f,
		    &(struct gs_net_interface){ .link = 101 });
		gs_net_frame_parse(frames, &w.p, &w.g);
		assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	}
	size_t n = invite(s, sizeof(s), 1, "l: ");
	assert_true(segment(t, s, 0, n, 1));
	assert_int_equal(seen.n, 1);
	gs_net_sip_free(t);
}

/* Streams that only begin do not push out one with half a message. */
static void
test_tcp_favours_sip(void **state)
{
	static struct wire w;
	char s[4096];
	size_t n = invite(s, sizeof(s), 1, "l: ");
	struct gs_net_sip *t = new_sip();

	(void)state;
	assert_true(segment(t, s, 0, 400, 1));
	for (unsigned i = 0; i < GS_SIP_FLOWS + 100; i++) {
		build_start(&w.f, "", 0);
		build_tcp(&w.f, 1000 + i, 5061, 1, 2);
		build_ipv4(&w.f, 6, 0, 1, 0);
		w.p = build_packet(&w.f,
		    &(struct gs_net_interface){ .link = 101 });
		gs_net_frame_parse(frames, &w.p, &w.g);
		assert_false(gs_net_sip_feed(t, &w.p, &w.g));
	}
	assert_true(segment(t, s, 400, n, 2));
	assert_int_equal(seen.n, 1);
	assert_memory_equal(seen.text[0], s, n);
	assert_false(seen.m[0].truncated);
	gs_net_sip_free(t);
}

/* More segments wait behind a gap than there is room for: the gap is given
 * up, and nothing behind it is lost. */
static void
test_tcp_too_many_wait(void **state)
{
	char s[8192];
	size_t a = invite(s, sizeof(s), 1, "l: ");
	size_t b = invite(s + a, sizeof(s) - a, 2, "l: ");
	struct gs_net_sip *t = new_sip();

	(void)state;
	assert_true(segment(t, s, 0, a - 100, 1));
	for (size_t k = 0; k < GS_SIP_PENDING + 1; k++)
		(void)segment(t, s, a + 2 * k, a + 2 * k + 2, k + 2);
	assert_int_equal(gs_net_sip_counts(t).gaps, 1);
	(void)segment(t, s, a + 2 * (GS_SIP_PENDING + 1), a + b, 100);
	assert_int_equal(seen.n, 2);
	assert_true(seen.m[0].truncated);
	assert_int_equal(seen.m[1].bytes.n, b);
	assert_memory_equal(seen.text[1], s + a, b);
	gs_net_sip_free(t);
}

/* ---- HEP */

static size_t
chunk(uint8_t *to, unsigned type, const void *p, size_t n)
{
	w16(to, 0);
	w16(to + 2, type);
	w16(to + 4, n + 6);
	memcpy(to + 6, p, n);
	return n + 6;
}

static size_t
hep3(uint8_t *to, unsigned protocol, const char *text, size_t n)
{
	size_t k = 6;

	memcpy(to, "HEP3", 4);
	k += chunk(to + k, 1, "\2", 1);
	k += chunk(to + k, 2, &(uint8_t){ (uint8_t)protocol }, 1);
	k += chunk(to + k, 3, "\xc6\x33\x64\1", 4);
	k += chunk(to + k, 4, "\xc6\x33\x64\2", 4);
	k += chunk(to + k, 7, "\x13\xc5", 2);
	k += chunk(to + k, 8, "\x9c\x40", 2);
	k += chunk(to + k, 9, "\x65\x53\xf1\0", 4);
	k += chunk(to + k, 10, "\0\0\0\7", 4);
	k += chunk(to + k, 11, "\1", 1);
	k += chunk(to + k, 12, "\0\0\0\x64", 4);
	k += chunk(to + k, 15, text, n);
	w16(to + 4, k);
	return k;
}

static void
test_hep(void **state)
{
	static struct wire w;
	static uint8_t b[4096];
	struct gs_net_sip *t = new_sip();
	char s[2048];
	size_t n = invite(s, sizeof(s), 1, "l: ");
	size_t k = hep3(b, 22, s, n);

	(void)state;
	udp_frame(&w, b, k, 1);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(seen.n, 1);
	const struct gs_net_sip_message *m = &seen.m[0];
	char text[GS_ADDR_TEXT];
	assert_true(m->hep && !m->truncated);
	assert_int_equal(m->transport, GS_SIP_TLS);
	assert_string_equal(gs_net_addr_text(&m->src, text),
	    "198.51.100.1:5061");
	assert_string_equal(gs_net_addr_text(&m->dst, text),
	    "198.51.100.2:40000");
	assert_int_equal(m->ns, UINT64_C(1700000000000007000));
	assert_int_equal(m->bytes.n, n);
	assert_memory_equal(seen.text[0], s, n);
	/* Version 1 over IPv4, version 2 over IPv6 with a time. */
	memcpy(b, "\1\x10\2\6\x13\xc4\x13\xc5\xc6\x33\x64\1\xc6\x33\x64\2", 16);
	memcpy(b + 16, s, n);
	udp_frame(&w, b, 16 + n, 2);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(seen.m[1].transport, GS_SIP_TCP);
	assert_int_equal(seen.m[1].dst.port, 5061);
	memset(b, 0, 52);
	memcpy(b, "\2\x34\xa\x11\x13\xc4\x13\xc5", 8);
	memcpy(b + 52, s, n);
	udp_frame(&w, b, 52 + n, 3);
	assert_true(gs_net_sip_feed(t, &w.p, &w.g));
	assert_int_equal(seen.m[2].src.version, 6);
	assert_memory_equal(seen.text[2], s, n);
	/* Compressed: counted, not guessed at. */
	memcpy(b, "HEP3\0\x0f\0\0\0\x10\0\x09xyz", 15);
	udp_frame(&w, b, 15, 4);
	(void)gs_net_sip_feed(t, &w.p, &w.g);
	assert_int_equal(gs_net_sip_counts(t).compressed, 1);
	assert_int_equal(seen.n, 3);
	gs_net_sip_free(t);
}

/* ---- recorded */

static void
feed_file(struct gs_net_sip *t, const char *path)
{
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, NULL);
	struct gs_net_packet p;
	struct gs_net_frame f;

	assert_non_null(c);
	while (gs_net_capture_next(c, &p, NULL) == 1) {
		gs_net_frame_parse(frames, &p, &f);
		(void)gs_net_sip_feed(t, &p, &f);
	}
	gs_net_capture_close(c);
	gs_net_sip_end(t);
}

static void
test_recorded(void **state)
{
	static const char *const files[] = {
		"tests/fixtures/calls/call-pcma-udp.pcap",
		"tests/fixtures/freeswitch/tls-tls.pcap",
		"tests/fixtures/freeswitch/optional.pcap",
		"tests/fixtures/freeswitch/avpcrypto.pcap",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char command[512], text[64];
		struct gs_net_sip *t = new_sip();
		feed_file(t, files[i]);
		assert_true(
		    snprintf(command, sizeof(command),
			"tshark -r %s -Y 'sip && !icmp' 2>/dev/null | wc -l",
			files[i]) > 0);
		(void)run_command(command, text, sizeof(text));
		assert_int_equal(seen.n, strtoul(text, NULL, 10));
		for (unsigned k = 0; k < seen.n; k++)
			assert_false(seen.m[k].truncated);
		gs_net_sip_free(t);
		(void)forget_seen(NULL);
	}
}

static int
start(void **state)
{
	(void)state;
	frames = gs_net_frames_new(NULL);
	return frames == NULL ? -1 : 0;
}

static int
stop(void **state)
{
	(void)state;
	gs_net_frames_free(frames);
	return 0;
}

#define TEST(f) cmocka_unit_test_teardown(f, forget_seen)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_starts),
		TEST(test_udp),
		TEST(test_tcp_every_segment_size),
		TEST(test_tcp_out_of_order),
		TEST(test_tcp_halves_swapped),
		TEST(test_tcp_gap),
		TEST(test_tcp_other),
		TEST(test_websocket),
		TEST(test_tcp_many),
		TEST(test_tcp_favours_sip),
		TEST(test_tcp_too_many_wait),
		TEST(test_hep),
		TEST(test_recorded),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
