/* SPDX-License-Identifier: MIT */
/* Random streams that libsrtp2 sends, in clear, under keys that are given and
 * under keys that nobody knows, with loss, reordering, and counters that jump:
 * what authenticates under a given key is opened, and nothing else. Wild ones
 * also have suites that do not encrypt, RTCP, copies of packets, neighbours far
 * apart, and keys that come right before they are used. Own ones are wild, and
 * have F8 and another NULL by an encoder of their own. */
#include "srtp_peer.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "net/capture.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"
#include "srtp_own.h"

enum {
	MAX = 4000, /* packets of a run */
	ROOM = 256,
	KEYS = 5, /* of them GIVEN are given */
	GIVEN = 3,
	CLEAR = KEYS, /* no key */
	PAYLOAD = 160,
	ROC_MAX = 256,
};

struct packet {
	uint8_t wire[ROOM];
	size_t n;
	uint8_t plain[ROOM];
	size_t plain_n;
	unsigned kind; /* a key, or CLEAR */
	bool rtcp;
	unsigned side;
	uint64_t ns;
};

enum form { TAME, WILD, OWN };

/* Suites of OWN in place of those with these numbers. */
static const struct {
	unsigned instead;
	struct peer_suite suite;
} own_suites[] = { { 0, { "F8_128_HMAC_SHA1_80", 0, 16, 14, 10, 10 } },
	{ 8, { "NULL_HMAC_SHA1_80", 0, 16, 14, 10, 10 } } };

enum { KEY = 16, SALT = 14, TAG = 10 };
enum { OWN_F8, OWN_NULL, OWN_SUITES };

struct run {
	uint64_t rnd;
	unsigned seed;
	enum form form;
	bool wild;
	bool given[GIVEN];
	uint8_t keysalt[KEYS][64];
	const struct peer_suite *suite[KEYS];
	bool by_address[KEYS]; /* SDP says whose it is */
	struct packet *packet;
	size_t n;
	struct gs_srtp_receiver *s;
	uint64_t out;
	size_t bad;
};

static const struct gs_net_interface raw_ip = { .link = GS_LINK_IPV4,
	.tsresol = 9 };

static unsigned
below(struct run *r, unsigned n)
{
	return rnd(&r->rnd) % n;
}

/* ---- what is sent */

/* Of a stretch. */
struct sender {
	srtp_t peer; /* NULL: in clear, or by own */
	struct own_master own; /* n 0: none */
	uint32_t reports;
};

static void
begin_sender(struct sender *s, struct run *r, unsigned kind, uint32_t ssrc,
    uint32_t roc)
{
	*s = (struct sender){ .peer = NULL };
	if (kind == CLEAR)
		return;
	s->own.f8 = r->suite[kind] == &own_suites[OWN_F8].suite;
	s->own.null = r->suite[kind] == &own_suites[OWN_NULL].suite;
	if (!s->own.f8 && !s->own.null) {
		s->peer = peer_sender(r->suite[kind], r->keysalt[kind], ssrc,
		    roc, NULL, 0);
		return;
	}
	s->own.n = KEY;
	memcpy(s->own.keysalt, r->keysalt[kind], KEY + SALT);
}

static void
protect(struct sender *s, uint64_t index, uint8_t *b, int *n)
{
	if (s->own.n > 0)
		*n = (int)own_protect(&s->own, index, b, (size_t)*n, TAG);
	else if (s->peer != NULL)
		assert_int_equal(srtp_protect(s->peer, b, n),
		    srtp_err_status_ok);
}

static void
protect_report(struct sender *s, uint8_t *b, int *n)
{
	const uint32_t encrypted = UINT32_C(1) << 31;

	if (s->own.n > 0)
		*n = (int)own_protect_rtcp(&s->own, encrypted | ++s->reports, b,
		    (size_t)*n, TAG);
	else if (s->peer != NULL)
		assert_int_equal(srtp_protect_rtcp(s->peer, b, n),
		    srtp_err_status_ok);
}

/* One SSRC of one side. */
struct source {
	unsigned side;
	uint32_t ssrc;
	uint64_t index;
	uint64_t ns;
	unsigned loss; /* in percent */
};

static void
put_packet(struct run *r, struct source *c, unsigned kind, struct sender *s)
{
	struct packet *p = &r->packet[r->n++];
	uint32_t aligned[ROOM / 4] = { 0 };
	uint8_t *b = (uint8_t *)aligned;
	int n = 12 + PAYLOAD;

	*p = (struct packet){ .kind = kind, .side = c->side, .ns = c->ns };
	b[0] = 0x80;
	b[1] = 8;
	gs_put_be16(b + 2, c->index & 0xffff);
	gs_put_be16(b + 4, c->index * 160 >> 16 & 0xffff);
	gs_put_be16(b + 6, c->index * 160 & 0xffff);
	gs_put_be16(b + 8, c->ssrc >> 16);
	gs_put_be16(b + 10, c->ssrc & 0xffff);
	for (unsigned i = 12; i < 12 + PAYLOAD; i++)
		b[i] = (uint8_t)(0xd5 ^ (c->index * i & 3));
	memcpy(p->plain, b, (size_t)n);
	p->plain_n = (size_t)n;
	protect(s, c->index, b, &n);
	memcpy(p->wire, b, (size_t)n);
	p->n = (size_t)n;
}

/* A report of the sender, with words of text. */
static void
put_report(struct run *r, const struct source *c, unsigned kind,
    struct sender *s)
{
	enum { HEADER = 28, TEXT = 16, SENDER_REPORT = 200 };
	struct packet *p = &r->packet[r->n++];
	uint32_t aligned[ROOM / 4] = { 0 };
	uint8_t *b = (uint8_t *)aligned;
	int n = HEADER + TEXT;

	*p = (struct packet){ .kind = kind,
		.rtcp = true,
		.side = c->side,
		.ns = c->ns + 1000 };
	b[0] = 0x80;
	b[1] = SENDER_REPORT;
	gs_put_be16(b + 2, HEADER / 4 - 1);
	gs_put_be16(b + 4, c->ssrc >> 16);
	gs_put_be16(b + 6, c->ssrc & 0xffff);
	rnd_fill(&r->rnd, b + 8, HEADER - 8);
	memcpy(b + HEADER, "\x81\xca\0\3....\1\5alice", TEXT - 1);
	memcpy(b + HEADER + 4, b + 4, 4);
	memcpy(p->plain, b, (size_t)n);
	p->plain_n = (size_t)n;
	protect_report(s, b, &n);
	memcpy(p->wire, b, (size_t)n);
	p->n = (size_t)n;
}

/* Packets in a row of one kind. */
static void
put_stretch(struct run *r, struct source *c, unsigned kind, unsigned packets)
{
	struct sender s;

	begin_sender(&s, r, kind, c->ssrc, (uint32_t)(c->index >> 16));
	for (unsigned i = 0; i < packets && r->n < MAX; i++) {
		if (below(r, 100) >= c->loss)
			put_packet(r, c, kind, &s);
		if (r->wild && r->n < MAX && below(r, 25) == 0)
			put_report(r, c, kind, &s);
		if (r->wild && r->n < MAX && r->n > 0 && below(r, 40) == 0) {
			r->packet[r->n] = r->packet[r->n - 1];
			r->packet[r->n++].ns += below(r, 3) * 20000001;
		}
		c->index++;
		c->ns += 20000000;
	}
	if (s.peer != NULL)
		(void)srtp_dealloc(s.peer);
}

/* The counters as the next stretch finds them: as a rule they go on. */
static void
move_counters(struct run *r, struct source *c)
{
	switch (below(r, 8)) {
	case 0: c->index &= 0xffff; break; /* FreeSWITCH */
	case 1: c->index += (uint64_t)(1 + below(r, 60)) << 16; break;
	case 2: c->index += below(r, 3000); break;
	case 3: c->index = (c->index & ~UINT64_C(0xffff)) + 0xfff0; break;
	case 4: c->ns += below(r, 15) * UINT64_C(1000000000); break;
	default: break;
	}
	if (c->index >> 16 > ROC_MAX - 2)
		c->index &= 0x3fffff;
}

static void
put_source(struct run *r, unsigned side, uint64_t ns)
{
	struct source c = { .side = side,
		.ssrc = rnd(&r->rnd),
		.ns = ns,
		.loss = below(r, 3) == 0 ? below(r, 30) : 0 };
	unsigned stretches = 1 + below(r, 6);

	c.index = below(r, 2) == 0 ? 65536 - below(r, 200) : below(r, 65536);
	if (below(r, 3) == 0)
		c.index += (uint64_t)below(r, ROC_MAX / 2) << 16;
	for (unsigned i = 0; i < stretches; i++) {
		unsigned kind = below(r, KEYS + 1);

		put_stretch(r, &c, kind,
		    4 + below(r, below(r, 3) == 0 ? 200 : 60));
		move_counters(r, &c);
	}
}

/* Neighbours change places. */
static void
reorder(struct run *r)
{
	struct packet t;

	for (size_t i = 1; i < r->n; i++) {
		size_t back = 1 + below(r, r->wild ? 40 : 3);

		if (below(r, 20) != 0 || back > i ||
		    r->packet[i].side != r->packet[i - back].side)
			continue;
		t = r->packet[i];
		r->packet[i] = r->packet[i - back];
		r->packet[i - back] = t;
	}
}

/* ---- what is received */

static int
take(void *arg, const struct gs_srtp_receiver_packet *p, struct gs_err *err)
{
	struct run *r = arg;
	const struct packet *sent = &r->packet[p->packet->frame - 1];
	bool ok = p->opened != NULL && p->opened->ok;

	(void)err;
	assert_int_equal(p->packet->frame, ++r->out);
	if (ok) {
		assert_int_equal(p->opened->n, sent->plain_n);
		assert_memory_equal(p->opened->p, sent->plain, sent->plain_n);
	}
	if (ok == (sent->kind < GIVEN))
		return 0;
	if (r->bad++ < 5)
		print_message("%sseed %u, frame %llu of %zu, kind %u%s: %s\n",
		    (const char *[]){ "", "wild ", "own " }[r->form], r->seed,
		    (unsigned long long)r->out, r->n, sent->kind,
		    sent->rtcp ? ", RTCP" : "", ok ? "opened" : "not opened");
	return 0;
}

static void
give(struct run *r, unsigned key)
{
	char text[512];
	int at = 0, n = r->suite[key]->key + r->suite[key]->salt;
	size_t size = sizeof(text);

	if (r->by_address[key])
		at = snprintf(text, size,
		    "v=0\nc=IN IP4 192.0.2.%u\nm=audio %u RTP/SAVP 8\n",
		    1 + key % 2, 20000 + key % 2);
	at += snprintf(text + at, size - (size_t)at,
	    "a=crypto:1 %s inline:", r->suite[key]->name);
	for (int i = 0; i < n; i++)
		at += snprintf(text + at, size - (size_t)at, "%02x",
		    r->keysalt[key][i]);
	text[at++] = '\n';
	gs_srtp_receiver_text_begin(r->s, "keys.txt");
	assert_int_equal(
	    gs_srtp_receiver_text(r->s, gs_span(text, (size_t)at), NULL), 0);
	assert_int_equal(gs_srtp_receiver_text_end(r->s, NULL), 0);
}

static void
receive(struct run *r, size_t i)
{
	const struct packet *sent = &r->packet[i];
	uint8_t f[ROOM + 28] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192,
		0, 2, (uint8_t)(1 + sent->side), 192, 0, 2,
		(uint8_t)(2 - sent->side) };
	struct gs_net_packet p = { .p = f,
		.interface = &raw_ip,
		.ns = sent->ns,
		.frame = i + 1 };

	p.n = p.wire = (uint32_t)(28 + sent->n);
	gs_put_be16(f + 2, p.n);
	gs_put_be16(f + 20, 20000 + sent->side);
	gs_put_be16(f + 22, 20001 - sent->side);
	gs_put_be16(f + 24, 8 + (unsigned)sent->n);
	memcpy(f + 28, sent->wire, sent->n);
	assert_int_equal(gs_srtp_receiver_packet(r->s, &p, "test", NULL), 0);
}

/* ---- runs */

static int
by_time(const void *a, const void *b)
{
	const struct packet *x = a, *y = b;

	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

static void
make(struct run *r)
{
	static const unsigned suites[] = { 0, 0, 1, 2, 4, 5, 8, 9, 10, 3 };
	uint64_t ns = 1700000000000000000;

	for (unsigned i = 0; i < KEYS; i++) {
		rnd_fill(&r->rnd, r->keysalt[i], sizeof(r->keysalt[i]));
		r->suite[i] = &peer_suites[suites[below(r, r->wild ? 10 : 6)]];
		for (unsigned k = 0; r->form == OWN && k < OWN_SUITES; k++)
			if (r->suite[i] == &peer_suites[own_suites[k].instead])
				r->suite[i] = &own_suites[k].suite;
		r->by_address[i] = below(r, 2) == 0;
	}
	for (unsigned i = 1 + below(r, 4); i > 0; i--)
		put_source(r, i % 2, ns + i * 7000001);
	qsort(r->packet, r->n, sizeof(*r->packet), by_time);
	reorder(r);
}

/* Keys are given before the run, or in wild ones before their first packet. */
static void
give_due(struct run *r, size_t i)
{
	for (unsigned k = 0; k < GIVEN; k++)
		if (!r->given[k] && (!r->wild || r->packet[i].kind == k)) {
			r->given[k] = true;
			give(r, k);
		}
}

static size_t
one(unsigned seed, enum form form)
{
	struct run r = { .rnd = 0x9e3779b97f4a7c15 * (seed + 1),
		.seed = seed,
		.form = form,
		.wild = form != TAME };
	/* So many tries that they stay many: then each packet is searched. */
	struct gs_srtp_receiver_options o = { .streams.roc_max = ROC_MAX,
		.streams.tries = UINT64_C(1) << 26,
		.streams.live = r.wild };
	struct gs_srtp_receiver_sink sink = { take, NULL, &r };

	r.packet = calloc(MAX, sizeof(*r.packet));
	assert_non_null(r.packet);
	make(&r);
	r.s = gs_srtp_receiver_new(&o, &sink, NULL);
	assert_non_null(r.s);
	for (size_t i = 0; i < r.n; i++) {
		give_due(&r, i);
		receive(&r, i);
	}
	assert_int_equal(gs_srtp_receiver_end(r.s, NULL), 0);
	assert_int_equal(r.out, r.n);
	gs_srtp_receiver_free(r.s);
	free(r.packet);
	return r.bad;
}

/* test_stretches [RUNS [FIRST]]: the seeds are numbers from FIRST on; half as
 * many runs are wild, and a quarter own ones. */
static unsigned runs = 200, first;

/* Seeds whose streams were once not opened: a few packets with 32-bit tags at
 * an unknown counter, before others under another key. */
static void
hard_ones(void **state)
{
	static const unsigned seeds[] = { 10202, 10291, 10443 };
	/* The newest of many that waited, when an older one was opened. */
	static const unsigned wild[] = { 162, 50274 };

	(void)state;
	for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		assert_int_equal(one(seeds[i], TAME), 0);
	for (size_t i = 0; i < sizeof(wild) / sizeof(*wild); i++)
		assert_int_equal(one(wild[i], WILD), 0);
}

static void
streams(void **state)
{
	size_t bad = 0;

	(void)state;
	for (unsigned i = 0; i < runs; i++)
		bad += one(first + i, TAME);
	assert_int_equal(bad, 0);
}

static void
wild_streams(void **state)
{
	size_t bad = 0;

	(void)state;
	for (unsigned i = 0; i < runs / 2; i++)
		bad += one(first + i, WILD);
	assert_int_equal(bad, 0);
}

static void
own_streams(void **state)
{
	size_t bad = 0;

	(void)state;
	for (unsigned i = 0; i < runs / 4; i++)
		bad += one(first + i, OWN);
	assert_int_equal(bad, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hard_ones),
		cmocka_unit_test(streams), cmocka_unit_test(wild_streams),
		cmocka_unit_test(own_streams) };

	if (argc > 1)
		runs = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first = (unsigned)strtoul(argv[2], NULL, 10);
	if (srtp_init() != srtp_err_status_ok)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
