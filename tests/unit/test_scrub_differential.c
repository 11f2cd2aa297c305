/* SPDX-License-Identifier: MIT */
/* SIP with a key, cut, reordered, repeated, overlapped and lost at random:
 * what -w writes holds no eight characters of the key in a row, whoever puts
 * its frames together; and what came whole differs in the key alone. The
 * argument is how many captures, 500 when not given, and the first seed. */
#include "net_build.h"

#include <sys/wait.h>
#include <unistd.h>

#include "media/dump.h"

enum {
	STREAM_MAX = 8192,
	KEY_MAX = 64,
	KEYS_MAX = 8,
	PARTS_MAX = 8192,
	RUN = 8,
	ISN = 0x10000000,
	/* Until it is seen, a WebSocket with masks may be anything. */
	BEGIN = 128,
};

static unsigned captures = 500, first_seed = 1;
static uint64_t state_of_rng;

static unsigned
rnd(unsigned below)
{
	state_of_rng = state_of_rng * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (unsigned)((state_of_rng >> 33) % below);
}

static bool
chance(unsigned percent)
{
	return rnd(100) < percent;
}

/* ---- what is sent */

/* Where each character of a key stands in the stream. */
struct key {
	size_t n;
	size_t at[KEY_MAX];
};

/* A stream, or a datagram, and which of its bytes may change. */
struct stream {
	uint8_t b[STREAM_MAX];
	bool may[STREAM_MAX];
	size_t n;
	struct key key[KEYS_MAX];
	size_t keys;
	char text[KEY_MAX + 1]; /* of the key */
	size_t text_n;
	/* Bytes that stand for others: of a WebSocket, or of chunks. */
	bool chunked;
};

static struct stream s;

/* A key without the letter that it is blanked with. */
static void
make_key(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWYZabcdefghijklm"
				      "nopqrstuvwyz0123456789+/";

	s.text_n = chance(30) ? 62 : 40;
	for (size_t i = 0; i < s.text_n; i++)
		s.text[i] = letters[rnd(sizeof(letters) - 1)];
	if (s.text_n == 62) { /* 46 octets: the last letter has 4 bits */
		s.text[61] = 'A';
	}
	s.text[s.text_n] = '\0';
}

static void
put(const char *text)
{
	size_t n = strlen(text);

	assert_true(s.n + n <= STREAM_MAX);
	memcpy(s.b + s.n, text, n);
	s.n += n;
}

static void
put_key(void)
{
	struct key *k = &s.key[s.keys++];

	assert_true(s.keys <= KEYS_MAX);
	k->n = s.text_n;
	for (size_t i = 0; i < s.text_n; i++) {
		if (i > 0 && s.chunked && chance(10)) {
			/* Chunks of any size: the border is what counts. */
			put(chance(50) ? "\r\n1a\r\n" : "\r\n7\r\n");
		}
		k->at[i] = s.n;
		s.may[s.n] = true;
		s.b[s.n++] = (uint8_t)s.text[i];
	}
	if (s.text_n == 62)
		put("==");
}

static void
put_message(unsigned id, bool with_key)
{
	char line[256];
	size_t body, filler = rnd(4);

	(void)snprintf(line, sizeof(line),
	    "INVITE sip:%u@example.org SIP/2.0\r\nVia: SIP/2.0/TCP "
	    "192.0.2.1;branch=z9hG4bK%u%u\r\nCall-ID: %u@example.org\r\n"
	    "CSeq: %u INVITE\r\n",
	    rnd(10000), id, rnd(1000000), id, id);
	put(line);
	for (size_t i = 0; i < filler; i++) {
		(void)snprintf(line, sizeof(line), "X-Filler-%zu: %.*s\r\n", i,
		    (int)rnd(60),
		    "application/filler+headerfieldvaluewithmanyletters0123456");
		put(line);
	}
	put(s.chunked ? "Transfer-Encoding: chunked\r\n\r\n" :
			"Content-Type: application/sdp\r\n\r\n");
	body = s.n;
	put("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
	    "t=0 0\r\nm=audio 5004 RTP/AVP 8 101\r\n");
	if (with_key) {
		put(s.text_n == 40 ?
			"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" :
			"a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:");
		put_key();
		put(chance(50) ? "|2^31|1:1\r\n" : "\r\n");
	}
	for (size_t i = rnd(6); i > 0; i--)
		put("a=rtpmap:101 telephone-event/8000\r\n");
	(void)body;
}

/* Puts the stream into masked WebSocket frames, as many as it takes. */
static void
mask(void)
{
	static struct stream t;
	size_t from = 0, moved[STREAM_MAX];
	bool first = true;

	t = s;
	s.n = 0;
	memset(s.may, 0, sizeof(s.may));
	put("GET / HTTP/1.1\r\nUpgrade: websocket\r\n"
	    "Sec-WebSocket-Protocol: sip\r\n\r\n");
	while (from < t.n) {
		size_t n = chance(40) ? t.n - from : 1 + rnd(300);
		uint8_t m[4] = { (uint8_t)rnd(256), (uint8_t)rnd(256),
			(uint8_t)rnd(256), (uint8_t)rnd(256) };

		n = n < t.n - from ? n : t.n - from;
		s.b[s.n++] =
		    (uint8_t)((from + n == t.n ? 0x80 : 0) | (first ? 1 : 0));
		first = false;
		if (n > 125) {
			s.b[s.n++] = 0x80 | 126;
			w16(s.b + s.n, n);
			s.n += 2;
		} else {
			s.b[s.n++] = (uint8_t)(0x80 | n);
		}
		memcpy(s.b + s.n, m, 4);
		s.n += 4;
		for (size_t i = 0; i < n; i++) {
			moved[from + i] = s.n;
			s.may[s.n] = t.may[from + i];
			s.b[s.n++] = t.b[from + i] ^ m[i % 4];
		}
		from += n;
	}
	for (size_t k = 0; k < s.keys; k++)
		for (size_t i = 0; i < s.key[k].n; i++)
			s.key[k].at[i] = moved[t.key[k].at[i]];
}

/* ---- how it is sent */

struct part {
	uint32_t from;
	uint32_t to;
};

/* What a capture is like. */
struct plan {
	bool tcp;
	bool v6;
	bool syn;
	bool known; /* another packet shows the whole key */
	bool live; /* one pass */
	bool lossy; /* something may be missing */
	bool ws;
	struct part part[PARTS_MAX];
	size_t parts;
};

static struct plan plan;

static void
add_part(uint32_t from, uint32_t to)
{
	if (plan.parts < PARTS_MAX && from < to)
		plan.part[plan.parts++] = (struct part){ from, to };
}

static void
cut(size_t n, size_t unit)
{
	unsigned kind = rnd(5);

	for (size_t at = 0; at < n;) {
		size_t k = kind == 0 ? 1 :
		    kind == 1        ? 1 + rnd(9) :
		    kind == 2        ? 1 + rnd(60) :
		    kind == 3        ? 1 + rnd(700) :
				       n;
		k = (k + unit - 1) / unit * unit;
		k = k < n - at ? k : n - at;
		add_part((uint32_t)at, (uint32_t)(at + k));
		at += k;
	}
}

static void
repeat_and_overlap(size_t n, size_t unit)
{
	size_t cuts = plan.parts;
	unsigned percent = chance(50) ? 0 : rnd(30);

	for (size_t i = 0; i < cuts; i++) {
		if (!chance(percent))
			continue;
		struct part p = plan.part[rnd((unsigned)cuts)];
		if (chance(50)) {
			uint32_t back =
			    rnd(40) / (uint32_t)unit * (uint32_t)unit;
			uint32_t on = rnd(40) / (uint32_t)unit * (uint32_t)unit;
			p.from = p.from > back ? p.from - back : 0;
			if (p.to != n)
				p.to = p.to + on < n ? p.to + on : (uint32_t)n;
		}
		add_part(p.from, p.to);
	}
}

static void
reorder(void)
{
	unsigned percent = chance(40) ? 0 : rnd(60);
	unsigned far = chance(70) ? 6 : (unsigned)plan.parts;

	for (size_t i = 0; i < plan.parts; i++) {
		size_t k = i + rnd(far + 1);
		if (!chance(percent) || k >= plan.parts)
			continue;
		if (plan.ws && plan.live &&
		    (plan.part[i].from < BEGIN || plan.part[k].from < BEGIN))
			continue;
		struct part p = plan.part[i];
		plan.part[i] = plan.part[k];
		plan.part[k] = p;
	}
}

static void
lose(void)
{
	size_t n = 0;

	for (size_t i = 0; i < plan.parts; i++)
		if (!chance(8) || (plan.ws && plan.part[i].from < BEGIN))
			plan.part[n++] = plan.part[i];
	plan.parts = n;
}

static void
make_plan(unsigned seed)
{
	size_t unit;

	state_of_rng = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (unsigned i = 0; i < 4; i++)
		(void)rnd(2);
	s.n = s.keys = 0;
	memset(s.may, 0, sizeof(s.may));
	plan = (struct plan){ .tcp = chance(70),
		.v6 = chance(40),
		.syn = chance(60),
		.known = chance(25),
		.live = chance(25),
		.lossy = chance(50) };
	plan.ws = plan.tcp && chance(20);
	s.chunked = plan.tcp && !plan.ws && chance(20);
	make_key();
	for (unsigned i = plan.tcp ? 1 + rnd(3) : 1; i > 0; i--)
		put_message(i, i == 1 || chance(60));
	if (plan.ws)
		mask();
	unit = plan.tcp ? 1 : 8;
	/* Fragments are of the datagram with its header. */
	cut(s.n + (plan.tcp ? 0 : 8), unit);
	repeat_and_overlap(s.n + (plan.tcp ? 0 : 8), unit);
	reorder();
	if (plan.lossy)
		lose();
}

/* ---- frames */

static struct gs_net_writer *out;
static const struct gs_net_interface ethernet = { .link = 1, .tsresol = 6 };
static uint64_t now;

static void
put_frame(struct build *f, unsigned protocol, const struct part *piece)
{
	struct gs_err err;

	if (plan.v6) {
		if (piece != NULL) {
			uint8_t *h = build_front(f, 8);
			h[0] = (uint8_t)protocol;
			w16(h + 2, piece->from | (piece->to < s.n + 8));
			w32(h + 4, 7);
			protocol = 44;
		}
		build_ipv6(f, protocol);
		build_ethernet(f, 0x86dd);
	} else {
		build_ipv4(f, protocol, 0, 7,
		    piece == NULL ?
			0 :
			(unsigned)((piece->to < s.n + 8 ? 0x2000 : 0) |
			    piece->from / 8));
		build_ethernet(f, 0x0800);
	}
	struct gs_net_packet p = build_packet(f, &ethernet);
	p.ns = now += 1000000;
	p.ticks = p.ns / 1000;
	assert_int_equal(gs_net_writer_put(out, &p, p.p, p.n, p.n, &err), 0);
}

/* Another packet that shows the key, as a text that no mark introduces is
 * enough: known from elsewhere it must not pass there either. */
static void
put_known(void)
{
	static struct build f;
	char text[256];
	int n = snprintf(text, sizeof(text),
	    "MESSAGE sip:a@b SIP/2.0\r\n\r\na=crypto:1 %s inline:%s\r\n",
	    s.text_n == 40 ? "AES_CM_128_HMAC_SHA1_80" :
			     "AES_256_CM_HMAC_SHA1_80",
	    s.text);

	build_start(&f, text, (size_t)n);
	build_udp(&f, 5060, 5062, 0);
	put_frame(&f, 17, NULL);
}

static void
put_segment(uint32_t seq, unsigned flags, const uint8_t *p, size_t n)
{
	static struct build f;

	build_start(&f, p, n);
	build_tcp(&f, 40000, plan.ws ? 8080 : 5060, seq, flags);
	put_frame(&f, 6, NULL);
}

static void
put_pieces(void)
{
	static struct build whole, f;

	build_start(&whole, s.b, s.n);
	build_udp(&whole, 5060, 5060, 0x1234);
	for (size_t i = 0; i < plan.parts; i++) {
		const struct part *p = &plan.part[i];
		bool all = p->from == 0 && p->to == s.n + 8;

		build_start(&f, whole.b + whole.at + p->from, p->to - p->from);
		put_frame(&f, 17, all ? NULL : p);
	}
}

static void
write_input(const char *path)
{
	FILE *fp = fopen(path, "wb");
	bool known_first = chance(50);
	struct gs_err err;

	assert_non_null(fp);
	now = UINT64_C(1700000000000000000);
	out = gs_net_writer_new(fp, (struct gs_net_capture_format){ .link = 1 },
	    &err);
	assert_non_null(out);
	if (plan.known && known_first)
		put_known();
	if (plan.tcp && plan.syn)
		put_segment(ISN, 2, s.b, 0);
	if (!plan.tcp)
		put_pieces();
	for (size_t i = 0; plan.tcp && i < plan.parts; i++)
		put_segment(ISN + 1 + plan.part[i].from, 0x18,
		    s.b + plan.part[i].from,
		    plan.part[i].to - plan.part[i].from);
	if (plan.known && !known_first)
		put_known();
	assert_int_equal(gs_net_writer_flush(out, &err), 0);
	gs_net_writer_free(out);
	assert_int_equal(fclose(fp), 0);
}

/* ---- the writing path */

static void
run(const char *from, const char *to)
{
	struct gs_media_dump_options o = { .session = { .sip = true,
					       .streams.roc_max = 1 },
		.captures = &from,
		.ncaptures = 1 };
	struct gs_media_dump_hooks hooks = { 0 };
	struct gs_media_dump_result result;
	struct gs_err err;

	o.capture = fopen(to, "wb");
	assert_non_null(o.capture);
	struct gs_media_dump *d = gs_media_dump_new(&o, &hooks, &err);
	if (d == NULL || gs_media_dump_run(d, &result, &err) != 0)
		fail_msg("%s", err.text);
	gs_media_dump_free(d);
	assert_int_equal(fclose(o.capture), 0);
}

/* The same through a pipe: there is no first pass. */
static void
run_once(const char *from, const char *to)
{
	char path[32], b[4096];
	int ends[2], status;
	size_t n;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		FILE *fp = fopen(from, "rb");

		(void)close(ends[0]);
		while (fp != NULL && (n = fread(b, 1, sizeof(b), fp)) > 0)
			if (write(ends[1], b, n) != (ssize_t)n)
				break;
		_exit(0);
	}
	(void)close(ends[1]);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	run(path, to);
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* ---- what was written */

static const char *
describe(void)
{
	static char text[160];

	(void)snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s, %zu parts",
	    plan.tcp ? "TCP" : "UDP", plan.v6 ? ", IPv6" : "",
	    plan.ws ? ", WebSocket" : "", s.chunked ? ", chunked" : "",
	    plan.syn ? ", SYN" : "", plan.live ? ", one pass" : "",
	    plan.lossy ? ", lossy" : "", plan.known ? ", known" : "",
	    plan.parts);
	return text;
}

/* Which bytes of the stream went out as they are, and whether any went out
 * otherwise. */
static bool survives[STREAM_MAX];
static unsigned changed, spoiled;

static void
look_at_bytes(size_t at, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (at + i >= s.n)
			break;
		if (p[i] == s.b[at + i]) {
			survives[at + i] = true;
			continue;
		}
		changed++;
		spoiled += !s.may[at + i];
	}
}

static void
look_for_runs(const uint8_t *p, size_t n, unsigned seed)
{
	for (size_t i = 0; i + RUN <= s.text_n; i++)
		if (gs_span_find(gs_span(p, n), gs_span(s.text + i, RUN)) < n)
			fail_msg("seed %u: a frame holds %.8s (%s)", seed,
			    s.text + i, describe());
}

/* p is a frame: where its bytes belong. */
static void
look_at_frame(const uint8_t *p, size_t n, unsigned seed)
{
	size_t at = 14 + (plan.v6 ? 40 : 20), offset;
	unsigned protocol = plan.v6 ? p[20] : p[23];
	bool piece = plan.v6 ? protocol == 44 : ((p[20] & 0x3f) | p[21]) != 0;

	look_for_runs(p, n, seed);
	offset =
	    piece && !plan.v6 ? (size_t)((p[20] & 31) << 8 | p[21]) * 8 : 0;
	if (piece && plan.v6) {
		offset = (size_t)(p[at + 2] << 8 | p[at + 3]) & ~(size_t)7;
		protocol = p[at];
		at += 8;
	}
	if (protocol == 6) {
		uint32_t seq = (uint32_t)p[at + 4] << 24 |
		    (uint32_t)p[at + 5] << 16 | (uint32_t)p[at + 6] << 8 |
		    p[at + 7];
		if (p[at + 13] == 0x18)
			look_at_bytes(seq - ISN - 1, p + at + 24, n - at - 24);
	} else if (piece) {
		size_t skip = offset == 0 ? 8 : 0;
		unsigned before = spoiled;

		look_at_bytes(offset + skip - 8, p + at + skip, n - at - skip);
		/* What is incomplete cannot be judged. */
		spoiled = before;
	} else if (p[at + 2] << 8 == 5060 >> 8 << 8 &&
	    p[at + 3] == (5060 & 255)) {
		look_at_bytes(0, p + at + 8, n - at - 8);
	}
}

static void
look_at_output(const char *path, unsigned seed)
{
	struct gs_err err;
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
	struct gs_net_packet p;
	int more;

	assert_non_null(c);
	memset(survives, 0, sizeof(survives));
	changed = spoiled = 0;
	while ((more = gs_net_capture_next(c, &p, &err)) == 1)
		look_at_frame(p.p, p.n, seed);
	assert_int_equal(more, 0);
	gs_net_capture_close(c);
	for (size_t k = 0; k < s.keys; k++) {
		size_t run_of = 0;
		for (size_t i = 0; i < s.key[k].n; i++) {
			run_of = survives[s.key[k].at[i]] ? run_of + 1 : 0;
			if (run_of == RUN)
				fail_msg("seed %u: %.8s can be put together "
					 "(%s)",
				    seed, s.text + i + 1 - RUN, describe());
		}
	}
	if (!plan.lossy && !plan.live && (plan.syn || !plan.tcp) && spoiled > 0)
		fail_msg("seed %u: %u bytes changed that are of no key (%s)",
		    seed, spoiled, describe());
}

static void
test_differential(void **state)
{
	unsigned with_edits = 0;

	(void)state;
	for (unsigned i = 0; i < captures; i++) {
		const char *in = out_path("in.pcap");
		const char *to = out_path("out.pcap");

		make_plan(first_seed + i);
		write_input(in);
		if (plan.live)
			run_once(in, to);
		else
			run(in, to);
		look_at_output(to, first_seed + i);
		with_edits += changed > 0;
	}
	print_message("%u captures, %u of them with keys that were blanked: "
		      "no key was left\n",
	    captures, with_edits);
	assert_true(captures < 100 || with_edits > captures / 2);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differential),
	};

	if (argc > 1)
		captures = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = (unsigned)strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
