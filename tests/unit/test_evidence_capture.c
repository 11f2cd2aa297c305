/* SPDX-License-Identifier: MIT */
/* Many captures, made from a seed: calls over UDP, in fragments and over TCP, in
 * order or backwards, behind blank lines, and with RTP. With --require none
 * passes in which a call is not encrypted, or its RTP is not, or of which a
 * fragment, a segment or the end of a packet is lost, or which is behind an
 * unknown header, and no whole good one fails. The number of captures is the
 * first argument. */
#include "calls/dialog.h"
#include "calls/input.h"
#include "net_build.h"
#include "sdp/rules.h"

#define KEY "Rlp9/3eri7qgHDcecUf9sKnRqXi18jsCniviUO7d"
#define ANSWER_KEY "fKT51VbSqmNbyOERjIb4+HIaPBZ1l7kxe/d8jcuq"

enum { SIP = 5060, UDP = 17, TCP = 6, MESSAGE = 4096, ALL = SIZE_MAX / 2 };

static size_t captures = 200;
static uint64_t state = 1;

/* A number below n, the same in every run. */
static size_t
any(size_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % n;
}

static const struct {
	const char *proto;
	const char *suite; /* NULL: no key */
	bool encrypted;
} kinds[] = {
	{ "RTP/SAVP", "AES_CM_128_HMAC_SHA1_80", true },
	{ "RTP/SAVPF", "AES_CM_128_HMAC_SHA1_32", true },
	{ "RTP/AVP", NULL, false },
	{ "RTP/SAVP", "NULL_HMAC_SHA1_80", false },
	{ "RTP/AVP", "AES_CM_128_HMAC_SHA1_80", false },
};

enum { GOOD = 2, KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct call {
	unsigned id;
	size_t kind;
	size_t padding; /* of its messages, as many routes and codecs are */
	bool tcp;
	size_t piece; /* of a fragment or a segment */
	bool backwards; /* the last one comes first */
	bool blank; /* an empty line is before each message */
	enum { NO_RTP, SRTP, RTP_ONE_WAY, RTP } media;
};

/* What is lost of one message. */
enum loss { NOTHING, FIRST, MIDDLE, LAST, END_OF_PACKET };

struct capture {
	FILE *fp;
	struct gs_net_writer *w;
	struct gs_net_interface interface;
	unsigned type; /* of Ethernet */
	bool headed; /* datagrams begin like RTP */
	struct build f;
};

/* Writes what is in f, of which the first n octets were captured. */
static void
put(struct capture *c, size_t n)
{
	struct gs_err err;

	build_ethernet(&c->f, c->type);
	struct gs_net_packet p = build_packet(&c->f, &c->interface);
	n = n < p.n ? n : p.n;
	assert_int_equal(gs_net_writer_put(c->w, &p, p.p, n, p.n, &err), 0);
}

/* Whether piece number i of n is the lost one. */
static bool
is_lost(enum loss loss, size_t i, size_t n)
{
	return (loss == FIRST && i == 0) ||
	    (loss == MIDDLE && i > 0 && i + 1 == n - 1) ||
	    (loss == LAST && i > 0 && i + 1 == n);
}

static size_t
snap(enum loss loss)
{
	return loss == END_OF_PACKET ? 200 : ALL;
}

/* A message over UDP, in fragments where it is longer than one. */
static void
put_udp(struct capture *c, const struct call *call, unsigned id,
    const char *text, enum loss loss)
{
	enum { MORE = 0x2000, UNIT = 8, HEADER = 12 };
	static uint8_t datagram[MESSAGE + UNIT + HEADER];

	build_start(&c->f, text, strlen(text));
	if (c->headed)
		build_bytes(&c->f, "\x80\x08\0\1\0\0\0\1\1\2\3\4", HEADER);
	build_udp(&c->f, SIP, SIP, 0);
	size_t size = build_length(&c->f), piece = call->piece;
	memcpy(datagram, c->f.b + c->f.at, size);
	size_t n = (size + piece - 1) / piece;
	for (size_t k = 0; k < n; k++) {
		size_t i = call->backwards ? n - 1 - k : k;
		size_t at = i * piece;
		size_t rest = size - at < piece ? size - at : piece;
		if (is_lost(loss, i, n))
			continue;
		build_start(&c->f, datagram + at, rest);
		build_ipv4(&c->f, UDP, 0, id,
		    (unsigned)(at / UNIT) | (i + 1 < n ? MORE : 0));
		put(c, snap(loss));
	}
}

/* A message over TCP, in a stream of its own for each direction. */
static void
put_tcp(struct capture *c, const struct call *call, bool answer,
    const char *text, enum loss loss)
{
	enum { SYN = 2, ACK = 0x10 };
	size_t size = strlen(text), piece = call->piece;
	size_t n = (size + piece - 1) / piece;
	unsigned port = 20000 + call->id;

	if (call->backwards) {
		build_start(&c->f, text, 0);
		build_tcp(&c->f, answer ? SIP : port, answer ? port : SIP, 999,
		    SYN);
		build_ipv4(&c->f, TCP, 0, 0, 0);
		put(c, ALL);
	}
	for (size_t k = 0; k < n; k++) {
		size_t i = call->backwards ? n - 1 - k : k;
		size_t at = i * piece;
		size_t rest = size - at < piece ? size - at : piece;
		if (is_lost(loss, i, n))
			continue;
		build_start(&c->f, text + at, rest);
		build_tcp(&c->f, answer ? SIP : port, answer ? port : SIP,
		    (uint32_t)(1000 + at), ACK);
		build_ipv4(&c->f, TCP, 0, 0, 0);
		put(c, snap(loss));
	}
}

static void
message(char *text, const struct call *call, bool answer)
{
	char body[512], key[128] = "", padding[MESSAGE / 2];

	memset(padding, 'x', call->padding);
	padding[call->padding] = '\0';
	if (kinds[call->kind].suite != NULL)
		(void)snprintf(key, sizeof(key), "a=crypto:1 %s inline:%s\r\n",
		    kinds[call->kind].suite, answer ? ANSWER_KEY : KEY);
	(void)snprintf(body, sizeof(body),
	    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.%d\r\n"
	    "t=0 0\r\nm=audio %u %s 8\r\n%sa=rtpmap:8 PCMA/8000\r\n",
	    answer ? 2 : 1, 5004 + 2 * call->id, kinds[call->kind].proto, key);
	(void)snprintf(text, MESSAGE,
	    "%s%s\r\nVia: SIP/2.0/%s 192.0.2.1;branch=z9hG4bK%u\r\n"
	    "From: <sip:a@h>;tag=f%u\r\nTo: <sip:b@h>%s\r\nCall-ID: c%u@h\r\n"
	    "CSeq: 1 INVITE\r\nSubject: %s\r\nContent-Type: application/sdp\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    call->blank ? "\r\n" : "",
	    answer ? "SIP/2.0 200 OK" : "INVITE sip:b@h SIP/2.0",
	    call->tcp ? "TCP" : "UDP", call->id, call->id,
	    answer ? ";tag=t" : "", call->id, padding, strlen(body), body);
}

/* Packets of G.711 to one side, encrypted or not. */
static void
put_rtp(struct capture *c, const struct call *call, bool answer, bool encrypted)
{
	enum { PACKETS = 12, HEADER = 12, FRAME = 160, TAG = 10 };
	uint8_t p[HEADER + FRAME + TAG] = { 0x80, 8 };
	unsigned port = 5004 + 2 * call->id;
	size_t n = HEADER + FRAME + (encrypted ? TAG : 0);

	p[11] = answer;
	for (uint8_t i = 0; i < PACKETS; i++) {
		p[3] = i;
		for (size_t k = HEADER; k < n; k++)
			p[k] = (uint8_t)any(256);
		build_start(&c->f, p, n);
		build_udp(&c->f, port, port, 0);
		build_ipv4(&c->f, UDP, 0, 0, 0);
		put(c, ALL);
	}
}

/* The INVITE and its answer, of one of which something is lost. */
static void
put_call(struct capture *c, const struct call *call, enum loss loss)
{
	static char text[MESSAGE];
	int lossy = loss == NOTHING ? -1 : (int)any(2);

	for (int answer = 0; answer < 2; answer++) {
		enum loss here = answer == lossy ? loss : NOTHING;
		message(text, call, answer != 0);
		if (call->tcp)
			put_tcp(c, call, answer != 0, text, here);
		else
			put_udp(c, call, 2 * call->id + (unsigned)answer, text,
			    here);
	}
	for (int answer = 0; answer < 2 && call->media != NO_RTP; answer++)
		put_rtp(c, call, answer != 0,
		    call->media == SRTP ||
			(call->media == RTP_ONE_WAY && answer == 0));
}

static const char *
begin(struct capture *c)
{
	const char *path = out_path("c.pcap");
	struct gs_err err;

	c->fp = fopen(path, "wb");
	assert_non_null(c->fp);
	c->type = 0x0800;
	c->interface = (struct gs_net_interface){ .link = 1 };
	c->w = gs_net_writer_new(c->fp,
	    (struct gs_net_capture_format){ .link = 1 }, &err);
	assert_non_null(c->w);
	return path;
}

static bool
passes(struct capture *c, const char *path)
{
	struct gs_calls_input in = { .path = path, .reader = "test" };
	struct gs_diags d;
	struct gs_err err;

	assert_int_equal(gs_net_writer_flush(c->w, &err), 0);
	gs_net_writer_free(c->w);
	assert_int_equal(fclose(c->fp), 0);
	gs_diags_init(&d, gs_sdp_rules, NULL, 100);
	struct gs_calls_dialogs *calls =
	    gs_calls_dialogs_new(GS_REQUIRE_SAVP, &d, NULL, NULL);
	assert_non_null(calls);
	assert_int_equal(gs_calls_read(&in, calls, &err), 0);
	bool pass = d.total[GS_ERROR] == 0 && gs_calls_dialogs_judged(calls);
	for (size_t i = 0; getenv("SHOW") != NULL && i < d.n; i++)
		print_message("# %u: %s [%s]\n", (unsigned)d.list[i].pos.line,
		    d.list[i].text, d.list[i].rule->id);
	gs_calls_dialogs_free(calls);
	gs_diags_free(&d);
	return pass;
}

static struct call
some_call(size_t id, bool good)
{
	return (struct call){
		.id = (unsigned)id,
		.kind = good ? any(GOOD) : GOOD + any(KINDS - GOOD),
		.padding = any(MESSAGE / 2 - 1),
		.tcp = any(2) == 0,
		.piece = 200 + 8 * any(150),
		.backwards = any(3) == 0,
		.blank = any(4) == 0,
		.media = any(2) == 0 ? NO_RTP : SRTP,
	};
}

static void
check(bool good, bool lossy)
{
	static struct capture c;
	size_t wrong = 0;

	for (size_t i = 0; i < captures; i++) {
		struct call first = some_call(2 * i % 1000, true);
		struct call second = some_call((2 * i + 1) % 1000, good);
		enum loss loss = NOTHING;
		if (lossy) { /* something of it remains */
			loss = FIRST + (enum loss)any(4);
			second.padding = 600 + any(1000);
			second.piece = 200 + 8 * any(25);
		}
		const char *path = begin(&c);
		put_call(&c, &first, NOTHING);
		put_call(&c, &second, loss);
		if (passes(&c, path) == (good && !lossy))
			continue;
		wrong++;
		print_message("capture %zu: kind %zu over %s in pieces of %zu, "
			      "padding %zu, loss %d\n",
		    i, second.kind, second.tcp ? "TCP" : "UDP", second.piece,
		    second.padding, (int)loss);
	}
	assert_int_equal(wrong, 0);
}

static void
whole_good_ones_pass(void **unused)
{
	(void)unused;
	check(true, false);
}

static void
none_in_clear_passes(void **unused)
{
	(void)unused;
	check(false, false);
	check(false, true);
}

static void
none_that_lost_something_passes(void **unused)
{
	(void)unused;
	check(true, true);
}

/* The SDPs are good, and the media is not what they say. */
static void
none_with_rtp_in_clear_passes(void **unused)
{
	static struct capture c;

	(void)unused;
	for (size_t i = 0; i < captures; i++) {
		struct call first = some_call(2 * i % 1000, true);
		struct call second = some_call((2 * i + 1) % 1000, true);
		second.media = any(2) ? RTP : RTP_ONE_WAY;
		const char *path = begin(&c);
		put_call(&c, &first, NOTHING);
		put_call(&c, &second, NOTHING);
		assert_false(passes(&c, path));
	}
}

/* MACsec, Cisco's metadata, what nobody knows, and what looks like RTP. */
static void
none_behind_an_unknown_header_passes(void **unused)
{
	static const unsigned types[] = { 0x88e5, 0x8909, 0x1234, 0x0800 };
	static struct capture c;

	(void)unused;
	for (size_t i = 0; i < captures; i++) {
		struct call first = some_call(2 * i % 1000, true);
		struct call second = some_call((2 * i + 1) % 1000, false);
		const char *path = begin(&c);
		put_call(&c, &first, NOTHING);
		c.type = types[i % 4];
		c.headed = i % 4 == 3;
		second.tcp &= !c.headed;
		put_call(&c, &second, NOTHING);
		c.headed = false;
		assert_false(passes(&c, path));
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_good_ones_pass),
		cmocka_unit_test(none_in_clear_passes),
		cmocka_unit_test(none_that_lost_something_passes),
		cmocka_unit_test(none_with_rtp_in_clear_passes),
		cmocka_unit_test(none_behind_an_unknown_header_passes),
	};

	if (argc > 1)
		captures = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
