/* SPDX-License-Identifier: MIT */
/* Streams through a session: libsrtp2 sends, every packet must come out in
 * order and as it was, and the view must say what happened. */
#include "srtp_own.h"
#include "srtp_peer.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "media/notes.h"
#include "media/summary.h"
#include "net/capture.h"
#include "base/diag.h"
#include "srtp/announced.h"
#include "srtp/keyring.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

enum { MAX = 4096, ROOM = 2048 };

/* What was sent; got is filled by the sink. */
struct sent {
	uint8_t plain[512];
	size_t n;
	bool hopeless; /* was damaged: must not come out as opened */
	bool seen;
	bool ok;
	enum gs_net_rtp_order order;
};

struct world {
	struct gs_srtp_receiver *s;
	struct gs_srtp_receiver_options options;
	struct sent *sent; /* by frame - 1 */
	uint64_t frames;
	uint64_t last_out;
	uint64_t ns;
	struct gs_srtp_stream_view view[16];
	struct gs_media_notes notes[16];
	size_t views;
	size_t verdicts[GS_VERDICTS];
	uint64_t oks; /* packets */
	uint64_t plains; /* passed on as plain, */
	uint64_t sealed; /* and as encrypted, whatever the others are */
	uint64_t dtls; /* datagrams */
	bool stopped; /* that the search did is a finding */
	bool learning; /* packets are of the first pass */
	uint64_t late;
	uint64_t duplicates;
	struct gs_media_summary *summary; /* or NULL */
	srtp_t sender[256]; /* to be ended with the world */
	size_t senders;
};

static const struct gs_net_interface raw_ip = { .link = GS_LINK_IPV4,
	.tsresol = 9 };

static int
take(void *arg, const struct gs_srtp_receiver_packet *p, struct gs_err *err)
{
	struct world *w = arg;
	uint64_t frame = p->packet->frame;
	struct sent *s = &w->sent[frame - 1];

	(void)err;
	assert_int_equal(frame, w->last_out + 1);
	w->last_out = frame;
	s->seen = true;
	if (p->opened == NULL)
		return 0;
	s->ok = p->opened->ok;
	s->order = p->opened->order;
	w->oks += s->ok;
	w->plains += p->opened->plain;
	w->sealed += p->opened->sealed;
	if (s->ok) {
		assert_false(s->hopeless);
		assert_int_equal(p->opened->n, s->n);
		assert_memory_equal(p->opened->p, s->plain, s->n);
	}
	return 0;
}

static void
done(void *arg, struct gs_srtp_stream *st)
{
	struct world *w = arg;
	struct gs_srtp_stream_view v;

	gs_srtp_stream_look(st, &v);
	if (v.prot.state == GS_STREAM_UNSURE)
		return;
	w->verdicts[gs_srtp_stream_verdict(&v)]++;
	if (w->views == 16)
		return;
	struct gs_media_notes_run run = { .session = w->s,
		.roc_max = w->options.streams.roc_max,
		.roc_fixed = w->options.streams.roc_fixed };

	gs_media_notes_make(&w->notes[w->views], &v, &run);
	if (w->summary != NULL)
		gs_media_summary_add(w->summary, &v, &run);
	w->late += v.stats->late;
	w->duplicates += v.stats->duplicates;
	v.stats = NULL;
	w->view[w->views++] = v;
}

static void
open_world(struct world *w)
{
	struct gs_srtp_receiver_sink sink = { take, done, w };

	if (w->options.streams.roc_max == 0)
		w->options.streams.roc_max = 4096;
	w->options.sip = true;
	w->ns = 1700000000000000000;
	w->sent = calloc(MAX, sizeof(*w->sent));
	assert_non_null(w->sent);
	w->s = gs_srtp_receiver_new(&w->options, &sink, NULL);
	assert_non_null(w->s);
}

/* Ends the session and checks that all packets came out. */
static void
close_world(struct world *w)
{
	assert_int_equal(gs_srtp_receiver_end(w->s, NULL), 0);
	assert_int_equal(w->last_out, w->frames);
	w->dtls = gs_srtp_receiver_counts(w->s).dtls;
	for (size_t i = 0; i < gs_srtp_receiver_diags(w->s)->n; i++)
		w->stopped |=
		    strcmp(gs_srtp_receiver_diags(w->s)->list[i].rule->id,
			"search-stopped") == 0;
	gs_srtp_receiver_free(w->s);
	free(w->sent);
	while (w->senders > 0)
		assert_int_equal(srtp_dealloc(w->sender[--w->senders]),
		    srtp_err_status_ok);
}

/* The same; there was one stream, of this verdict. */
static void
close_as(struct world *w, enum gs_srtp_verdict verdict)
{
	close_world(w);
	assert_int_equal(w->views, 1);
	assert_int_equal(gs_srtp_stream_verdict(&w->view[0]), verdict);
}

/* Sends n octets from 192.0.2.from:sport to 192.0.2.to:dport; of fragments it
 * is the first. */
static void
piece(struct world *w, int from, int to, unsigned sport, unsigned dport,
    const struct gs_span *s, bool more)
{
	const char *payload = s->p;
	size_t n = s->n;
	uint8_t f[ROOM] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2,
		(uint8_t)from, 192, 0, 2, (uint8_t)to };
	struct gs_net_packet p = { .p = f, .interface = &raw_ip };

	gs_put_be16(f + 2, 28 + (unsigned)n);
	gs_put_be16(f + 20, sport);
	gs_put_be16(f + 22, dport);
	gs_put_be16(f + 24, 8 + (unsigned)n + (more ? 800 : 0));
	f[6] = more ? 0x20 : 0;
	memcpy(f + 28, payload, n);
	p.n = p.wire = (uint32_t)(28 + n);
	p.ns = w->ns;
	p.frame = ++w->frames;
	assert_true(w->frames <= MAX);
	w->ns += 20000000;
	if (w->learning)
		assert_int_equal(gs_srtp_receiver_learn(w->s, &p, "test", NULL),
		    0);
	else
		assert_int_equal(
		    gs_srtp_receiver_packet(w->s, &p, "test", NULL), 0);
}

static void
udp(struct world *w, int from, int to, unsigned sport, unsigned dport,
    const uint8_t *payload, size_t n)
{
	const struct gs_span s = { (const char *)payload, n };

	piece(w, from, to, sport, dport, &s, false);
}

/* One side of a call. */
struct side {
	struct world *w;
	srtp_t t;
	int from;
	int to;
	unsigned sport;
	unsigned dport;
	uint32_t ssrc;
	uint8_t keysalt[64];
	const struct peer_suite *suite;
	uint8_t mki[128];
	unsigned mki_n;
	uint64_t rnd;
};

static void
key_text(const struct side *s, const char *suite, const char *more, char *text,
    size_t size)
{
	size_t n = (size_t)(s->suite->key + s->suite->salt), at;

	at = (size_t)snprintf(text, size, "%s ", suite);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, size - at, "%02x",
		    s->keysalt[i]);
	snprintf(text + at, size - at, "%s\n", more);
}

/* Gives the session the side's key as text. */
static void
give(struct side *s, const char *suite, const char *more)
{
	char text[512], line[600];

	key_text(s, suite, more, text, sizeof(text));
	char *blank = strchr(text, ' ');

	*blank = '\0';
	snprintf(line, sizeof(line), "a=crypto:1 %s inline:%s", text,
	    blank + 1);
	gs_srtp_receiver_text_begin(s->w->s, "keys.txt");
	assert_int_equal(
	    gs_srtp_receiver_text(s->w->s, gs_span(line, strlen(line)), NULL),
	    0);
	assert_int_equal(gs_srtp_receiver_text_end(s->w->s, NULL), 0);
}

static void
restart(struct side *s, uint32_t roc)
{
	s->t =
	    peer_sender(s->suite, s->keysalt, s->ssrc, roc, s->mki, s->mki_n);
	assert_true(s->w->senders < 256);
	s->w->sender[s->w->senders++] = s->t;
}

static void
new_key(struct side *s, unsigned seed, uint32_t roc)
{
	s->rnd = 0x9e3779b97f4a7c15 * (seed + 1);
	rnd_fill(&s->rnd, s->keysalt, sizeof(s->keysalt));
	restart(s, roc);
}

static struct side
side(struct world *w, unsigned suite, unsigned seed, uint32_t roc)
{
	struct side s = { .w = w,
		.from = 1,
		.to = 2,
		.sport = 20000,
		.dport = 30000,
		.ssrc = 0x12345678,
		.suite = &peer_suites[suite] };

	new_key(&s, seed, roc);
	return s;
}

/* A plain packet of n octets payload. */
static size_t
make(struct side *s, uint8_t *p, uint16_t seq, size_t n)
{
	memset(p, 0, 12);
	p[0] = 0x80;
	p[1] = 8;
	gs_put_be16(p + 2, seq);
	gs_put_be32(p + 4, 160u * seq);
	gs_put_be32(p + 8, s->ssrc);
	for (size_t i = 0; i < n; i++)
		p[12 + i] = (uint8_t)(seq + i * 7);
	return 12 + n;
}

static size_t
protect(struct side *s, uint8_t *p, size_t n)
{
	int len = (int)n;

	assert_int_equal(srtp_protect_mki(s->t, p, &len, s->mki_n > 0, 0),
	    srtp_err_status_ok);
	return (size_t)len;
}

static struct sent *
expect(struct world *w, const uint8_t *plain, size_t n)
{
	struct sent *s = &w->sent[w->frames];

	memcpy(s->plain, plain, n);
	s->n = n;
	return s;
}

static void
send_raw(struct side *s, const uint8_t *p, size_t n)
{
	udp(s->w, s->from, s->to, s->sport, s->dport, p, n);
}

static void
talk_n(struct side *s, uint16_t seq, size_t payload)
{
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;
	size_t n = make(s, p, seq, payload);

	expect(s->w, p, n);
	send_raw(s, p, protect(s, p, n));
}

static void
talk(struct side *s, unsigned from, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		talk_n(s, (uint16_t)(from + i), 160);
}

static uint64_t
opened(const struct world *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->views; i++)
		n += w->view[i].count.opened;
	return n;
}

/* A note of the world's first stream holds text. */
static void
says(const struct world *w, const char *text)
{
	for (size_t i = 0; i < w->notes[0].n; i++)
		if (strstr(w->notes[0].text[i], text) != NULL)
			return;
	for (size_t i = 0; i < w->notes[0].n; i++)
		print_message("note: %s\n", w->notes[0].text[i]);
	fail_msg("no note says: %s", text);
}

/* ---- suites */

static void
every_suite(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PEER_SUITES; i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, i, i, 0);

		if (a.suite->tag == 0) {
			close_world(&w);
			continue;
		}
		give(&a, a.suite->name, "");
		for (size_t n = 0; n < 20; n++)
			talk_n(&a, (uint16_t)(10 + n), n);
		close_as(&w, GS_VERDICT_DECRYPTED);
		assert_int_equal(w.view[0].count.opened, 20);
		assert_string_equal(gs_srtp_scheme_suite(&w.view[0].scheme),
		    a.suite->name);
		assert_int_equal(w.view[0].prot.confirmed, 1);
		assert_int_equal(w.view[0].scheme.spec.legacy192,
		    a.suite->key == 24);
		if (a.suite->key == 24)
			says(&w, "those of libsrtp before 2.8");
	}
}

/* GCM's salt has 12 octets, the derivation takes 14. libsrtp puts the zeros
 * behind it, as all tests above have them; a sender that puts them in front is
 * understood, too, and nobody can be asked to confirm it. */
static void
gcm_salt_behind_zeros(void **state)
{
	struct world w = { 0 };
	struct own_master m = { .n = 16 };
	struct own_keys k;
	uint8_t p[ROOM];

	(void)state;
	open_world(&w);
	struct side a = side(&w, 4, 31, 0);

	give(&a, a.suite->name, "");
	memcpy(m.keysalt, a.keysalt, 16);
	memcpy(m.keysalt + 18, a.keysalt + 16, 12);
	own_derive(&m, 0, 0, &k);
	for (uint16_t i = 1; i <= 10; i++) {
		size_t n = make(&a, p, i, 160);

		expect(&w, p, n);
		own_seal(&k, 16, i, p, n, false);
		send_raw(&a, p, n + 16);
	}
	close_world(&w);
	assert_int_equal(opened(&w), 10);
	assert_true(w.view[0].scheme.spec.salt_left);
	assert_true(w.view[0].prot.cannot_confirm);
	assert_int_equal(w.view[0].prot.confirmed, 0);
	assert_false(w.view[0].prot.disagreed);
}

/* UNENCRYPTED_SRTP with GCM: the sender obeys it, or encrypts nevertheless, as
 * libsrtp2 does. */
static void
gcm_in_clear(void **state)
{
	(void)state;
	for (unsigned clear = 0; clear < 2; clear++) {
		struct world w = { 0 };
		struct own_master m = { .n = 16 };
		struct own_keys k;
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 4, 31, 0);

		give(&a, a.suite->name, " UNENCRYPTED_SRTP");
		memcpy(m.keysalt, a.keysalt, 28);
		own_derive(&m, 0, 0, &k);
		for (uint16_t i = 1; i <= 10; i++) {
			size_t n = make(&a, p, i, 160);

			expect(&w, p, n);
			if (clear)
				own_seal(&k, 16, i, p, n, true);
			else
				(void)protect(&a, p, n);
			send_raw(&a, p, n + 16);
		}
		close_as(&w, GS_VERDICT_DECRYPTED);
		assert_int_equal(opened(&w), 10);
		assert_int_equal(w.view[0].scheme.form.clear, clear);
		assert_int_equal(w.view[0].prot.cannot_confirm, clear);
		assert_false(w.view[0].prot.disagreed);
	}
}

static void
libsrtp2_alone(void **state)
{
	struct world w = { .options.streams.engine = GS_ENGINE_LIBSRTP2 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 1, 2);

	give(&a, a.suite->name, "");
	talk(&a, 65500, 100);
	close_world(&w);
	assert_int_equal(opened(&w), 100);
	assert_int_equal(w.view[0].prot.roc_first, 2);
	assert_int_equal(w.view[0].roc_last, 3);
	assert_int_equal(w.view[0].prot.confirmed, 1);
}

static void
wrong_tag_length(void **state)
{
	static const struct {
		unsigned suite;
		const char *said;
		const char *note;
	} cases[] = {
		{ 1, "AES_CM_128_HMAC_SHA1_80",
		    "the SDP says _80, the packets carry 32-bit tags" },
		{ 0, "AES_CM_128_HMAC_SHA1_32",
		    "the SDP says _32, the packets carry 80-bit tags" },
		{ 6, "AEAD_AES_128_GCM",
		    "the SDP says AEAD_AES_128_GCM, the "
		    "packets carry 64-bit tags" },
		{ 5, "AES_256_CM_HMAC_SHA1_80",
		    "the SDP says "
		    "AES_256_CM_HMAC_SHA1_80, the key's length and the "
		    "packets say AEAD_AES_256_GCM" },
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, cases[i].suite, 3, 0);

		give(&a, cases[i].said, "");
		talk(&a, 1, 10);
		close_world(&w);
		assert_int_equal(opened(&w), 10);
		assert_string_equal(gs_srtp_scheme_suite(&w.view[0].scheme),
		    a.suite->name);
		says(&w, cases[i].note);
	}
}

/* A key is also taken without its suite. */
static void
unknown_suite(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 4, 3, 0);

	give(&a, "NO_SUCH_SUITE_80", "");
	talk(&a, 1, 10);
	assert_int_equal(gs_srtp_receiver_diags(w.s)->total[GS_WARNING], 1);
	close_world(&w);
	assert_int_equal(opened(&w), 10);
}

static void
null_auth_is_a_guess(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 12, 3, 0);
	struct side b = side(&w, 12, 4, 0);

	give(&b, b.suite->name, "");
	give(&a, a.suite->name, "");
	for (unsigned i = 0; i < 10; i++) {
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		size_t n = make(&a, p, (uint16_t)(i + 1), 160);

		memset(p + 12, 0xd5, 120); /* A-law silence, mostly */
		expect(&w, p, n);
		send_raw(&a, p, protect(&a, p, n));
	}
	close_world(&w);
	assert_int_equal(opened(&w), 10);
	assert_int_equal(w.view[0].scheme.form.tag, 0);
	says(&w, "without authentication: the key is a guess");
}

/* ---- the rollover counter */

static void
start_at(uint32_t roc, uint32_t max, bool found)
{
	for (unsigned suite = 0; suite < 5; suite += suite == 1 ? 3 : 1) {
		struct world w = { .options.streams.roc_max = max };

		open_world(&w);
		struct side a = side(&w, suite, 5, roc);

		give(&a, a.suite->name, "");
		talk(&a, 1000, 5);
		close_world(&w);
		assert_int_equal(opened(&w), found ? 5 : 0);
		if (found)
			assert_int_equal(w.view[0].prot.roc_first, roc);
		if (found && roc > 0)
			says(&w, "found with ");
		if (!found)
			says(&w, "raise --roc-max");
		if (found)
			continue;
		else
			assert_int_equal(gs_srtp_stream_verdict(&w.view[0]),
			    GS_VERDICT_NO_KEY);
	}
}

static void
start_mid_call(void **state)
{
	(void)state;
	start_at(0, 0, true);
	start_at(1, 0, true);
	start_at(3, 0, true);
	start_at(99, 0, true);
	start_at(100, 0, true);
	start_at(4095, 0, true);
	start_at(4096, 0, true);
	start_at(4097, 0, false);
	start_at(4097, 5000, true);
}

static void
start_given(void **state)
{
	struct world w = { .options.streams = { .roc_fixed = true,
			       .roc = 0xffffffff } };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 5, 0xffffffff);

	give(&a, a.suite->name, "");
	talk(&a, 65000, 20);
	/* Behind the last index of all there is none, RFC 3711 9.2. */
	restart(&a, 0);
	w.sent[w.frames].hopeless = true;
	talk(&a, 0, 1);
	close_world(&w);
	assert_int_equal(opened(&w), 20);
	assert_int_equal(w.view[0].prot.roc_first, 0xffffffff);
	assert_int_equal(w.view[0].roc_last, 0xffffffff);
	assert_int_equal(w.view[0].count.failed[GS_FAIL_AUTH], 1);
}

static void
wrap_and_late(void **state)
{
	struct world w = { 0 };
	uint8_t held[ROOM], plain[ROOM];
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 6, 0);

	give(&a, a.suite->name, "");
	talk(&a, 65530, 5); /* … 65534 */
	size_t n = make(&a, p, 65535, 160);

	memcpy(plain, p, n);
	size_t m = protect(&a, p, n);

	memcpy(held, p, m);
	talk(&a, 0, 6);
	expect(&w, plain, n);
	send_raw(&a, held, m); /* 65535 of ROC 0 */
	talk(&a, 6, 4);
	close_world(&w);
	assert_int_equal(opened(&w), 16);
	assert_int_equal(w.view[0].prot.roc_first, 0);
	assert_int_equal(w.view[0].roc_last, 1);
	assert_int_equal(w.view[0].lost, 0);
	assert_int_equal(w.late, 1);
}

/* The capture begins behind a wrap, then what came before it follows. */
static void
late_from_before_the_start(void **state)
{
	struct world w = { 0 };
	uint8_t held[ROOM], plain[ROOM];
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 6, 0);

	give(&a, a.suite->name, "");
	size_t n = make(&a, p, 65534, 160);

	memcpy(plain, p, n);
	size_t m = protect(&a, p, n);

	memcpy(held, p, m);
	talk(&a, 2, 3);
	expect(&w, plain, n);
	send_raw(&a, held, m);
	talk(&a, 5, 3);
	close_world(&w);
	assert_int_equal(opened(&w), 7);
	assert_int_equal(w.view[0].prot.roc_first, 1);
}

static void
gap(unsigned suite, uint32_t lost, uint32_t pause)
{
	struct world w = { 0 };

	open_world(&w);
	struct side a = side(&w, suite, 7, 0);
	uint32_t at = 60000;

	give(&a, a.suite->name, "");
	talk(&a, at, 20);
	at += 20 + lost;
	w.ns += (uint64_t)pause * 1000000000;
	if (pause == 0) /* at 80 packets a second */
		w.ns += lost * (uint64_t)12500000;
	restart(&a, at >> 16);
	talk(&a, at, 20);
	close_world(&w);
	assert_int_equal(opened(&w), 40);
	assert_int_equal(w.view[0].roc_last, at >> 16);
	/* No more than fit into the time. */
	assert_true(w.view[0].lost <= lost + 2);
	assert_true(w.view[0].lost >= lost / 2);
}

static void
gaps(void **state)
{
	(void)state;
	gap(0, 4000, 0); /* no wrap */
	gap(0, 20000, 0); /* one */
	gap(0, 40000, 0);
	gap(0, 40000, 800);
	gap(1, 40000, 800);
	gap(0, 70000, 1400);
	gap(4, 200000, 4000);
	gap(0, 200000, 0);
}

/* ---- what happens to packets */

static void
damaged_packets(void **state)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned, one[ROOM], plain[ROOM];
	size_t n, m;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 8, 0);

	give(&a, a.suite->name, "");
	talk(&a, 1, 10);
	n = make(&a, p, 11, 160);
	memcpy(plain, p, n);
	m = protect(&a, p, n);
	memcpy(one, p, m);
	expect(&w, plain, n);
	send_raw(&a, one, m);
	expect(&w, plain, n);
	send_raw(&a, one, m); /* a duplicate */
	talk(&a, 12, 2100);
	expect(&w, plain, n);
	send_raw(&a, one, m); /* 2100 later, again */
	n = make(&a, p, 2200, 160);
	m = protect(&a, p, n);
	p[100] ^= 1;
	w.sent[w.frames].hopeless = true;
	send_raw(&a, p, m);
	n = make(&a, p, 2201, 160);
	m = protect(&a, p, n);
	w.sent[w.frames].hopeless = true;
	send_raw(&a, p, m - 1);
	n = make(&a, p, 2202, 0);
	w.sent[w.frames].hopeless = true;
	send_raw(&a, p, n);
	talk(&a, 2203, 5);
	close_as(&w, GS_VERDICT_PARTLY);
	assert_int_equal(opened(&w), 10 + 1 + 1 + 2100 + 1 + 5);
	assert_int_equal(w.duplicates, 2);
	assert_int_equal(w.view[0].count.failed[GS_FAIL_AUTH], 2);
	assert_int_equal(w.view[0].count.failed[GS_FAIL_SHORT], 1);
	assert_int_equal(w.view[0].count.first_failed_frame, 2114);
}

static void
header_shapes(void **state)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 9, 0);

	give(&a, a.suite->name, "");
	talk(&a, 1, 2);
	for (unsigned i = 0; i < 3; i++) {
		size_t n = make(&a, p, (uint16_t)(3 + i), 200);

		if (i == 0)
			p[0] |= 15; /* 15 CSRCs */
		if (i == 1) {
			p[0] |= 0x10;
			gs_put_be32(p + 12, 0xbede0000);
		}
		if (i == 2) {
			p[0] |= 0x33; /* padding, extension, 3 CSRCs */
			gs_put_be32(p + 24, 0xbede0002);
			p[n - 1] = 4;
		}
		expect(&w, p, n);
		send_raw(&a, p, protect(&a, p, n));
	}
	/* An extension that is longer than the packet: not RTP. */
	size_t n = make(&a, p, 6, 20);

	p[0] |= 0x10;
	gs_put_be32(p + 12, 0xbede00ff);
	send_raw(&a, p, n);
	close_world(&w);
	assert_int_equal(w.views, 1);
	assert_int_equal(opened(&w), 5);
}

/* The first packets of RFC 9335 appendix A. libsrtp2 before 2.8 would take
 * them for others. */
static void
hidden_headers(void **state)
{
	static const char *const packet[][2] = {
		{ "900f1235decafbadcafebabebede000151000200",
		    "900f1235decafbadcafebabec0de0001eb92365251c3e036f8de27e9"
		    "c27ee3e0b4651d9fbc4218a70244522f34a5" },
		{ "900f1236decafbadcafebabe1000000105020002",
		    "900f1236decafbadcafebabec2de00014ed9cc4e6a712b3096c5ca77"
		    "339d4204ce0d77396cab69585fbce38194a5" },
	};
	struct world w = { 0 };
	struct side a = { .w = &w,
		.from = 1,
		.to = 2,
		.sport = 20000,
		.dport = 30000,
		.suite = &peer_suites[0] };
	uint8_t p[128], plain[128];

	(void)state;
	open_world(&w);
	hex("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6",
	    a.keysalt);
	give(&a, a.suite->name, "");
	for (size_t i = 0; i < 2; i++) {
		size_t n = hex(packet[i][0], plain);

		memset(plain + n, 0xab, 16);
		expect(&w, plain, n + 16);
		send_raw(&a, p, hex(packet[i][1], p));
	}
	close_world(&w);
	assert_int_equal(opened(&w), 2);
	says(&w, "header extensions and CSRCs were encrypted, too (RFC 9335)");
	assert_int_equal(w.view[0].prot.confirmed, 0);
	assert_true(w.view[0].prot.cannot_confirm);
}

/* RFC 6904 hides what SDP names; nothing else says so. */
static void
hidden_extensions(void **state)
{
	(void)state;
	for (int extended = 0; extended < 2; extended++) {
		static const char sdp[] =
		    "v=0\nc=IN IP4 192.0.2.1\n"
		    "m=audio 20000 RTP/SAVP 8\na=extmap:4 "
		    "urn:ietf:params:rtp-hdrext:encrypt "
		    "urn:ietf:params:rtp-hdrext:ssrc-audio-level\n";
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 9, 0);

		give(&a, a.suite->name, "");
		gs_srtp_receiver_text_begin(w.s, "sdp");
		assert_int_equal(gs_srtp_receiver_text(w.s,
				     gs_span(sdp, sizeof(sdp) - 1), NULL),
		    0);
		assert_int_equal(gs_srtp_receiver_text_end(w.s, NULL), 0);
		for (unsigned i = 0; i < 3; i++) {
			size_t n = make(&a, p, (uint16_t)i, 160);

			if (extended) {
				p[0] |= 0x10;
				gs_put_be32(p + 12, 0xbede0001);
			}
			expect(&w, p, n);
			send_raw(&a, p, protect(&a, p, n));
		}
		close_world(&w);
		assert_int_equal(opened(&w), 3);
		assert_int_equal(w.view[0].hidden, extended);
		if (extended)
			says(&w,
			    "encrypted header extensions (RFC 6904): they are "
			    "left as they are");
	}
}

/* ---- several streams and keys */

static void
both_directions_one_ssrc(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 10, 0), b = side(&w, 0, 11, 0);

	b.from = 2;
	b.to = 1;
	b.sport = a.dport;
	b.dport = a.sport;
	give(&b, b.suite->name, "");
	give(&a, a.suite->name, "");
	for (unsigned i = 0; i < 50; i++) {
		talk(&a, 100 + i, 1);
		talk(&b, 7000 + i, 1);
	}
	close_world(&w);
	assert_int_equal(w.views, 2);
	assert_int_equal(opened(&w), 100);
	assert_string_not_equal(w.view[0].key.print, w.view[1].key.print);
}

static void
ssrc_change(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 10, 0);

	give(&a, a.suite->name, "");
	talk(&a, 65500, 100);
	a.ssrc = 0xdeadbeef;
	new_key(&a, 10, 0);
	talk(&a, 1, 50);
	close_world(&w);
	assert_int_equal(w.views, 2);
	assert_int_equal(opened(&w), 150);
	assert_int_equal(w.view[1].prot.roc_first, 0);
}

/* Re-keying by re-INVITE; packets of the old key come after the switch. */
static void
rekey(unsigned suite, bool kept)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned, held[ROOM], plain[ROOM];

	open_world(&w);
	struct side a = side(&w, suite, 12, 1);

	give(&a, a.suite->name, "");
	talk(&a, 65500, 100); /* into ROC 2 */
	size_t n = make(&a, p, 64, 160);

	memcpy(plain, p, n);
	size_t m = protect(&a, p, n);

	memcpy(held, p, m);
	new_key(&a, 13, kept ? 2 : 0);
	give(&a, a.suite->name, "");
	talk(&a, 65, 3);
	expect(&w, plain, n);
	send_raw(&a, held, m);
	talk(&a, 68, 100);
	close_world(&w);
	assert_int_equal(w.views, 1);
	assert_int_equal(opened(&w), 204);
	assert_int_equal(w.view[0].prot.events, 1);
	assert_int_equal(w.view[0].prot.event[0].kind,
	    kept ? GS_EVENT_KEY : GS_EVENT_KEY_RESET);
	assert_int_equal(w.view[0].prot.event[0].frame, 101);
	assert_int_equal(w.view[0].prot.event[0].roc, kept ? 2 : 0);
	assert_int_equal(w.view[0].prot.event[0].old_roc, 2);
	assert_int_equal(w.view[0].lost, 0);
	assert_int_equal(w.view[0].prot.key_spans, 2);
	assert_int_equal(w.view[0].prot.confirmed, 2);
	says(&w,
	    kept ? "ROC 2 is kept, as RFC 3711 section 3.3.1 requires" :
		   "the ROC was 2 and restarted at 0 (FreeSWITCH)");
}

static void
rekeying(void **state)
{
	(void)state;
	rekey(0, true);
	rekey(0, false);
	rekey(1, true);
	rekey(1, false);
	rekey(5, true);
	rekey(5, false);
}

/* A new key, and a new sequence: nothing was lost. */
static void
rekey_with_new_sequence(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 12, 0);

	give(&a, a.suite->name, "");
	talk(&a, 100, 50);
	new_key(&a, 13, 0);
	give(&a, a.suite->name, "");
	talk(&a, 20000, 50);
	close_world(&w);
	assert_int_equal(opened(&w), 100);
	assert_int_equal(w.view[0].lost, 0);
}

/* The sender forgets its counter under the same key. */
static void
roc_reset(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 12, 3);

	give(&a, a.suite->name, "");
	talk(&a, 500, 50);
	new_key(&a, 12, 0);
	talk(&a, 550, 50);
	close_world(&w);
	assert_int_equal(opened(&w), 100);
	assert_int_equal(w.view[0].prot.events, 1);
	assert_int_equal(w.view[0].prot.event[0].kind, GS_EVENT_ROC_RESET);
	assert_int_equal(w.view[0].count.rejected, 50);
	says(&w, "counts from ROC 0 again, 3 before, under the same key");
}

/* What a receiver rejects: the sender goes back, or jumps ahead, under one
 * key. All is opened, and what was lost fits into the time. */
static void
what_receivers_reject(void **state)
{
	static const struct {
		uint32_t roc, seq; /* before */
		uint32_t then, next;
		unsigned rejected;
		const char *says;
	} v[] = {
		{ 0, 5000, 0, 100, 60,
		    "frame 61 the sequence numbers start afresh" },
		{ 1, 40, 0, 100, 60, "from frame 61 the sender counts from" },
		{ 0, 5000, 0, 4600, 60, "start afresh under the same key" },
		{ 0, 5000, 9, 5060, 60, "the ROC jumps from 0 to 9" },
		{ 0, 5000, 0, 5060, 0, NULL },
		{ 0, 5000, 0, 5500, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, 0, 12, v[i].roc);

		give(&a, a.suite->name, "");
		talk(&a, v[i].seq, 60);
		new_key(&a, 12, v[i].then);
		talk(&a, v[i].next, 60);
		close_world(&w);
		assert_int_equal(w.views, 1);
		assert_int_equal(opened(&w), 120);
		assert_int_equal(w.view[0].count.rejected, v[i].rejected);
		assert_true(w.view[0].lost <= 120);
		if (v[i].says != NULL)
			says(&w, v[i].says);
		else
			assert_int_equal(w.view[0].prot.events, 0);
	}
}

/* Cipher text that arrives again with another SSRC and sequence number, behind
 * the original or before it: nobody can open it, and it is said where it came
 * from. */
static void
relayed(bool before)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;
	uint8_t copy[ROOM];

	open_world(&w);
	struct side a = side(&w, 0, 12, 0), b = a;

	b.from = 2;
	b.to = 3;
	give(&a, a.suite->name, "");
	for (uint16_t i = 0; i < 40; i++) {
		size_t n = make(&a, p, i, 160);
		uint8_t plain[ROOM];

		memcpy(plain, p, n);
		size_t plain_n = n;

		n = protect(&a, p, n);
		memcpy(copy, p, n);
		gs_put_be16(copy + 2, 3000u + i);
		gs_put_be32(copy + 8, 0xabcdef);
		if (before)
			send_raw(&b, copy, n);
		expect(&w, plain, plain_n);
		send_raw(&a, p, n);
		if (!before)
			send_raw(&b, copy, n);
	}
	talk(&a, 40, 1);
	close_world(&w);
	assert_int_equal(w.views, 2);
	assert_int_equal(opened(&w), 41);
	assert_int_equal(w.verdicts[GS_VERDICT_NO_KEY], 1);
	says(&w, "relayed under another header");
	says(&w, "that of SSRC 12345678 from 192.0.2.1:20000");
}

static void
relayed_under_another_header(void **state)
{
	(void)state;
	relayed(false);
	relayed(true);
}

/* Two calls, one after the other, with all numbers alike. */
static void
two_calls_apart(uint64_t ns)
{
	struct world w = { 0 };
	static const char *const call[] = { "one", "two" };

	open_world(&w);
	for (unsigned i = 0; i < 2; i++) {
		struct side a = side(&w, 0, 20 + i, 0);
		char text[512], line[1024];

		key_text(&a, "", "", text, sizeof(text));
		snprintf(line, sizeof(line),
		    "INVITE sip:1@192.0.2.1 SIP/2.0\nCall-ID: %s\n\nv=0\n"
		    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s",
		    call[i], text + 1);
		gs_srtp_receiver_text_begin(w.s, "trace");
		assert_int_equal(gs_srtp_receiver_text(w.s,
				     gs_span(line, strlen(line)), NULL),
		    0);
		assert_int_equal(gs_srtp_receiver_text_end(w.s, NULL), 0);
		talk(&a, 1, 140);
		w.ns += ns;
	}
	close_world(&w);
	assert_int_equal(w.views, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(w.view[i].count.packets, 140);
		assert_int_equal(w.view[i].count.last_frame, 140 * (i + 1));
	}
	assert_int_equal(w.view[0].count.opened, 140);
	assert_int_equal(w.view[1].count.opened, 140);
	assert_string_not_equal(w.view[0].key.print, w.view[1].key.print);
}

static void
two_calls_alike(void **state)
{
	(void)state;
	two_calls_apart(9000000000);
	two_calls_apart(300000000);
}

/* Packets of a in clear, or under its key. */
static void
talk_as(struct side *a, bool clear, uint16_t seq, unsigned count)
{
	uint8_t p[ROOM];

	for (unsigned i = 0; i < count; i++)
		if (clear)
			send_raw(a, p, make(a, p, (uint16_t)(seq + i), 160));
		else
			talk_n(a, (uint16_t)(seq + i), 160);
}

/* Calls without a Call-ID, with all numbers alike: a silence in both
 * directions and another sequence tell them apart. */
static void
alike_without_call_id(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		bool clear = i % 2 > 0, back = i % 4 > 1, one = i > 3;
		struct world w = { 0 };

		open_world(&w);
		struct side b = side(&w, 0, 30, 0);
		b.from = 2;
		b.to = 1;
		b.sport = 30000;
		b.dport = 20000;
		if (back)
			talk_as(&b, true, 0, 10);
		for (unsigned call = 0; call < 2; call++) {
			struct side a = side(&w, 0, 20 + call, 0);

			give(&a, a.suite->name, "");
			talk_as(&a, clear, (uint16_t)(1 + 20000 * call),
			    one && call == 1 ? 1 : 140);
			if (back)
				talk_as(&b, true, (uint16_t)(10 + 200 * call),
				    200);
			else
				w.ns += 4000000000;
		}
		close_world(&w);
		/* One packet proves another call if a key opens it. */
		assert_int_equal(w.views,
		    back || (one && clear) ? 1 + back : 2);
		assert_int_equal(opened(&w), clear ? 0 : 140 + (one ? 1 : 140));
	}
}

/* Two calls with all numbers alike, of which one is not encrypted: they are two
 * streams, with a silence between them. */
static void
alike_and_in_clear(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		bool clear_first = i % 2 > 0, pause = i % 4 > 1;
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, i / 4, 20, 0);

		give(&a, a.suite->name, "");
		talk_as(&a, clear_first, 1, 200);
		w.ns += pause ? 4000000000 : 0;
		talk_as(&a, !clear_first, 1, 200);
		close_world(&w);
		assert_int_equal(opened(&w), 200);
		assert_int_equal(w.views, pause ? 2 : 1);
		for (unsigned k = 0; pause && k < 2; k++) {
			assert_int_equal(w.view[k].count.packets, 200);
			assert_int_equal(w.view[k].count.opened,
			    (k == 0) == clear_first ? 0 : 200);
		}
		if (pause)
			assert_int_equal(w.verdicts[GS_VERDICT_PLAIN], 1);
	}
}

/* The sender goes on at the address that packets came from. */
static void
moved_by_nat(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 10, 0);

	give(&a, a.suite->name, "");
	talk(&a, 1, 10);
	a.to = 77;
	talk(&a, 11, 90);
	close_world(&w);
	assert_int_equal(w.views, 1);
	assert_int_equal(opened(&w), 100);
	assert_int_equal(w.view[0].id.moved_from.ip[3], 2);
	assert_int_equal(w.view[0].id.dst.ip[3], 77);
	assert_int_equal(w.view[0].id.moved_frame, 11);
	says(&w, "sent to 192.0.2.2:30000 before frame 11");
}

/* What two directions say together. */
static void
pairs(bool two_time_pad)
{
	struct world w = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *fp = open_memstream(&text, &size);

	open_world(&w);
	w.summary = gs_media_summary_new(fp, false, NULL, NULL, NULL);
	assert_non_null(w.summary);
	struct side a = side(&w, 0, 10, 1);
	struct side b = side(&w, 0, two_time_pad ? 10 : 11, 1);

	b.from = 2;
	b.to = 1;
	b.sport = a.dport;
	b.dport = a.sport;
	give(&a, a.suite->name, "");
	give(&b, b.suite->name, "");
	for (unsigned i = 0; i < 30; i++) {
		talk(&a, 100 + i, 1);
		talk(&b, 7000 + i, 1);
	}
	if (!two_time_pad) {
		new_key(&a, 12, 1);
		new_key(&b, 13, 0);
		give(&a, a.suite->name, "");
		give(&b, b.suite->name, "");
		for (unsigned i = 30; i < 60; i++) {
			talk(&a, 100 + i, 1);
			talk(&b, 7000 + i, 1);
		}
	}
	close_world(&w);
	assert_int_equal(opened(&w), w.frames);
	assert_int_equal(gs_media_summary_end(w.summary, NULL), 0);
	gs_media_summary_free(w.summary);
	assert_int_equal(fclose(fp), 0);
	if (two_time_pad)
		assert_non_null(strstr(text, "a two-time pad"));
	else
		assert_non_null(strstr(text,
		    "192.0.2.1:20000 > "
		    "192.0.2.2:30000: from frame 61 the sender keeps ROC 1 "
		    "under the new key, but 192.0.2.2:30000 > "
		    "192.0.2.1:20000 "
		    "restarted at 0: "));
	free(text);
}

/* Gives the session the SDP of a side with keys under tags. */
static void
give_sdp(struct world *w, const struct side *s, const char *other,
    unsigned other_tag, unsigned tag)
{
	char key[512], sdp[1536];

	key_text(s, "", "", key, sizeof(key));
	snprintf(sdp, sizeof(sdp),
	    "v=0\nc=IN IP4 192.0.2.%d\n"
	    "m=audio %u RTP/SAVP 8\n",
	    s->from, s->sport);
	if (other != NULL)
		snprintf(sdp + strlen(sdp), sizeof(sdp) - strlen(sdp),
		    "a=crypto:%u %s\n", other_tag, other);
	snprintf(sdp + strlen(sdp), sizeof(sdp) - strlen(sdp),
	    "a=crypto:%u %s inline:%s", tag, s->suite->name, key + 1);
	gs_srtp_receiver_text_begin(w->s, "sdp");
	assert_int_equal(
	    gs_srtp_receiver_text(w->s, gs_span(sdp, strlen(sdp)), NULL), 0);
	assert_int_equal(gs_srtp_receiver_text_end(w->s, NULL), 0);
}

/* Text in packets that is no SIP message gives keys, too: a line of syslog, an
 * answer of RTSP, and the first fragment of an INVITE whose others were not
 * captured. */
static void
text_in_packets(void **state)
{
	static const char *const before[] = {
		"<135>Nov 27 22:00:01 pbx freeswitch[7]: "
		"[DEBUG] switch_core_media.c:1096 Set Local audio crypto Key [",
		"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"
		"c=IN IP4 192.0.2.1\r\nm=audio 20000 RTP/SAVP 8\r\na=crypto:",
		"INVITE sip:b@192.0.2.2 SIP/2.0\r\nContent-Length: 2000\r\n\r\n"
		"v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 20000 RTP/SAVP 8\r\n"
		"a=crypto:",
	};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct world w = { .learning = true };
		char key[256], text[1024];

		open_world(&w);
		struct side a = side(&w, 0, 90, 0);

		key_text(&a, "", "", key, sizeof(key));
		key[strlen(key) - 1] = '\0';
		snprintf(text, sizeof(text), "%s1 %s inline:%s%s", before[i],
		    a.suite->name, key + 1, i == 0 ? "]" : "\r\n");
		struct gs_span s = gs_span(text, strlen(text));

		while (s.n % 8 != 0) /* as in fragments */
			text[s.n++] = '\n';

		piece(&w, 1, 2, 514, 5060, &s, i > 1);
		assert_int_equal(gs_srtp_receiver_learned(w.s, NULL), 0);
		w.learning = false;
		w.frames = 0;
		talk(&a, 1, 10);
		close_world(&w);
		assert_int_equal(opened(&w), 10);
	}
}

/* Answers with a tag that was not offered, with that of another suite, and
 * in a suite that was not offered: the packets tell which key is right. */
static void
answer_of_another_tag(void **state)
{
	static const unsigned tags[] = { 7, 1, 2 };
	static const char other[] = "AEAD_AES_128_GCM inline:"
				    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==";

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, 0, 60, 0);
		struct side b = side(&w, i < 3 ? 0 : 2, 61, 0);

		b.from = 2;
		b.to = 1;
		b.sport = 30000;
		b.dport = 20000;
		give_sdp(&w, &a, other, 1, 2);
		give_sdp(&w, &b, NULL, 0, tags[i % 3]);
		for (unsigned k = 0; k < 10; k++) {
			talk(&a, 1 + k, 1);
			talk(&b, 1 + k, 1);
		}
		close_world(&w);
		assert_int_equal(w.views, 2);
		assert_int_equal(opened(&w), 20);
	}
}

/* A call that begins in clear, goes on encrypted, and ends in clear: the
 * packets say so one by one. What is encrypted with a key that nobody knows is
 * never taken for plain, whatever is around it. */
static void
clear_before_and_behind(void **state)
{
	(void)state;
	for (unsigned unknown = 0; unknown <= 30; unknown += 30) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		uint16_t seq = 100;

		open_world(&w);
		struct side a = side(&w, 0, 68, 0);
		struct side b = side(&w, 0, 69, 0);

		give_sdp(&w, &b, NULL, 0, 1);
		for (unsigned k = 0; k < 50; k++)
			send_raw(&a, p, make(&a, p, seq++, 160));
		for (unsigned k = 0; k < unknown; k++)
			send_raw(&a, p,
			    protect(&a, p, make(&a, p, seq++, 160)));
		talk(&b, seq, 60);
		seq += 60;
		for (unsigned k = 0; k < unknown; k++)
			send_raw(&a, p,
			    protect(&a, p, make(&a, p, seq++, 160)));
		for (unsigned k = 0; k < 40; k++)
			send_raw(&a, p, make(&a, p, seq++, 160));
		close_as(&w,
		    unknown > 0 ? GS_VERDICT_PARTLY : GS_VERDICT_DECRYPTED);
		assert_int_equal(opened(&w), 60);
		says(&w, "50 packets were not encrypted, until frame 50");
		assert_int_equal(w.view[0].count.failed[GS_FAIL_KEY], unknown);
		assert_int_equal(w.view[0].count.failed[GS_FAIL_AUTH], unknown);
		assert_int_equal(w.view[0].prot.stretches, unknown > 0 ? 5 : 3);
		for (size_t k = 0; k < w.view[0].prot.stretches; k++) {
			const struct gs_srtp_stretch *x =
			    &w.view[0].prot.stretch[k];

			assert_int_equal(x->others, 0);
			if (x->kind == GS_STRETCH_OPENED)
				assert_int_equal(x->packets, 60);
			else if (k == 0)
				assert_int_equal(x->packets, 50);
		}
		if (unknown > 0)
			continue;
		says(&w, "from frame 111 on 40 packets were not");
		says(&w, "frames 1 to 50, 1.0 s: 50 packets in the clear");
		says(&w, "frames 51 to 110, 1.2 s: 60 packets under key ");
		says(&w, "frames 111 to 150, 0.8 s: 40 packets in the clear");
	}
}

/* Packets under a key that nobody knows. */
static void
mumble(struct side *s, unsigned from, unsigned count)
{
	for (unsigned k = 0; k < count; k++) {
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		size_t n = make(s, p, (uint16_t)(from + k), 160);

		send_raw(s, p, protect(s, p, n));
	}
}

/* The key that SDP announces opens each of its packets, however many came
 * before under a key that nobody knows. */
static void
announced_after_unknown(void **state)
{
	static const struct {
		unsigned unknown, known;
	} v[] = { { 5, 100 }, { 20, 100 }, { 30, 30 }, { 30, 300 } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(v) / sizeof(*v); i++) {
		unsigned unknown = v[i / 2].unknown;
		struct world w = { 0 };

		open_world(&w);
		/* With 32-bit tags the second packet tells. */
		struct side a = side(&w, i % 2, 66, 0);
		struct side b = side(&w, i % 2, 67, 0);

		give_sdp(&w, &b, NULL, 0, 1);
		mumble(&a, 0, unknown);
		talk(&b, unknown, v[i / 2].known);
		close_world(&w);
		assert_int_equal(w.views, 1);
		assert_int_equal(opened(&w), v[i / 2].known);
		says(&w, "came before the first that a key opens");
	}
}

/* SIP of this leg is in the capture: its key is another one. */
static void
announced_another(void **state)
{
	static const char sip[] =
	    "INVITE sip:1@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\n"
	    "CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
	    "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 20000 RTP/SAVP 8\r\n"
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
	    "inline:Rlp9/3eri7qgHDcecUf9sKnRqXi18jsCniviUO7d\r\n";
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 66, 0);

	udp(&w, 1, 2, 5060, 5060, (const uint8_t *)sip, sizeof(sip) - 1);
	mumble(&a, 0, 40);
	close_world(&w);
	says(&w, "SDP announced another key for these addresses");
}

/* The sequence wrapped before the announced key: it is tried at the counter
 * that the capture shows, when no tries are left for anything else. */
static void
announced_behind_a_wrap(void **state)
{
	(void)state;
	for (unsigned suite = 0; suite < 2; suite++) {
		struct world w = { .options.streams.tries = 1 };

		open_world(&w);
		struct side a = side(&w, suite, 66, 0);
		struct side b = side(&w, suite, 67, 1);

		give_sdp(&w, &b, NULL, 0, 1);
		mumble(&a, 64536, 1410);
		talk(&b, 64536 + 1410, 100);
		close_world(&w);
		assert_int_equal(w.views, 1);
		assert_int_equal(opened(&w), 100);
		assert_int_equal(w.view[0].prot.roc_first, 1);
		assert_false(w.view[0].prot.began_before);
		says(&w, "(search-stopped)");
	}
}

/* However many packets came before, those behind them wait until all counters
 * are tried again. */
static void
announced_after_very_many(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 66, 0), b = side(&w, 0, 67, 5);

	give_sdp(&w, &b, NULL, 0, 1);
	mumble(&a, 0, 1500);
	talk(&b, 1500, 200);
	close_world(&w);
	assert_int_equal(opened(&w), 200);
	assert_true(w.view[0].prot.began_before);
}

/* Three packets under a given key, at a counter that nothing tells, between
 * others: each is searched when its turn comes. */
static void
a_few_in_the_middle(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 66, 54), b = side(&w, 0, 67, 54);

	give(&b, b.suite->name, "");
	mumble(&a, 1000, 25);
	talk(&b, 1025, 3);
	mumble(&a, 1028, 30);
	close_world(&w);
	assert_int_equal(opened(&w), 3);
}

/* SDP names a private address, the packets come from what a NAT makes of it:
 * from the same port, or from another one. */
static void
another_address_than_in_sdp(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, 0, 65, 3);

		give_sdp(&w, &a, NULL, 0, 1);
		a.from = 201;
		a.sport += 12345 * i;
		talk(&a, 65500, 100);
		close_world(&w);
		assert_int_equal(w.views, 1);
		assert_int_equal(opened(&w), 100);
		assert_int_equal(w.view[0].id.src.ip[3], 201);
		assert_int_equal(w.view[0].prot.roc_first, 3);
	}
}

/* Held, and taken up from another port under a new key; then transferred:
 * the same sender talks to another. Nothing is lost on the way. */
static void
hold_and_transfer(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 62, 0);

	give_sdp(&w, &a, NULL, 0, 1);
	talk(&a, 65530, 10);
	w.ns += 60000000000;
	a.sport = 20010;
	new_key(&a, 63, 0);
	give_sdp(&w, &a, NULL, 0, 1);
	talk(&a, 4, 50);
	a.to = 4;
	a.dport = 32000;
	a.ssrc = 0x87654321;
	new_key(&a, 64, 0);
	give_sdp(&w, &a, NULL, 0, 1);
	talk(&a, 54, 50);
	close_world(&w);
	assert_int_equal(opened(&w), 110);
	for (size_t i = 0; i < w.views; i++)
		assert_int_equal(gs_srtp_stream_verdict(&w.view[i]),
		    GS_VERDICT_DECRYPTED);
}

/* Two phones ring, both send early media to the port that was offered. */
static void
forked_early_media(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 65, 0), b = side(&w, 0, 66, 0);

	b.from = 3;
	b.ssrc = 0x87654321;
	new_key(&b, 66, 0);
	give_sdp(&w, &a, NULL, 0, 1);
	give_sdp(&w, &b, NULL, 0, 1);
	for (unsigned k = 0; k < 20; k++) {
		talk(&a, 1 + k, 1);
		talk(&b, 40000 + k, 1);
	}
	close_world(&w);
	assert_int_equal(w.views, 2);
	assert_int_equal(w.view[0].count.opened, 20);
	assert_int_equal(w.view[1].count.opened, 20);
}

static void
two_directions_compared(void **state)
{
	(void)state;
	pairs(true);
	pairs(false);
}

/* Puts the n octets at p into TURN's channel data, or into the DATA attribute
 * of an indication, behind another attribute. Returns the length. */
static size_t
wrap(uint8_t *to, const uint8_t *p, size_t n, bool indication)
{
	static const uint8_t head[32] = { 0, 0x17, 0, 0, 0x21, 0x12, 0xa4,
		0x42, [20] = 0, 0x12, 0, 8, 0, 1, 1, 1, 1, 2, 3, 4 };
	size_t at = indication ? sizeof(head) + 4 : 4, all = at + n;

	memcpy(to, head, indication ? sizeof(head) : 0);
	gs_put_be16(to + at - 4, indication ? 0x13 : 0x4001);
	gs_put_be16(to + at - 2, (unsigned)n);
	memcpy(to + at, p, n);
	while (all % 4 != 0)
		to[all++] = 0;
	if (indication)
		gs_put_be16(to + 2, (unsigned)all - 20);
	return all;
}

/* Media in TURN's channels and indications. */
static void
turn(void **state)
{
	(void)state;
	for (int indication = 0; indication < 2; indication++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned, wrapped[ROOM];

		open_world(&w);
		struct side a = side(&w, 0, 10, 0);

		give(&a, a.suite->name, "");
		for (unsigned i = 0; i < 10; i++) {
			size_t n = make(&a, p, (uint16_t)(i + 1), 160);

			expect(&w, p, n);
			n = protect(&a, p, n);
			n = wrap(wrapped, p, n, indication);
			send_raw(&a, wrapped, n);
		}
		close_world(&w);
		assert_int_equal(opened(&w), 10);
	}
}

/* ---- MKI */

static void
mki(unsigned suite, unsigned n, unsigned said, bool little)
{
	struct world w = { 0 };
	char more[64] = "";

	open_world(&w);
	struct side a = side(&w, suite, 30, 0);

	a.mki_n = n;
	if (n > 0)
		a.mki[little ? 0 : n - 1] = 7;
	new_key(&a, 30, 0);
	if (said > 0)
		snprintf(more, sizeof(more), "|2^31|7:%u", said);
	give(&a, a.suite->name, more);
	talk(&a, 1, 20);
	close_world(&w);
	assert_int_equal(opened(&w), 20);
	assert_int_equal(w.view[0].scheme.form.mki, n);
	assert_int_equal(w.view[0].key.mki_n, said);
	assert_int_equal(w.view[0].prot.mki_host_order, little);
	assert_int_equal(w.view[0].count.rejected > 0, n != said);
	if (little)
		says(&w, "in the byte order of the sender's processor");
	if (said > 0 && n == 0)
		says(&w, "announces an MKI of 4 octets, the packets carry");
	if (said == 0 && n > 0)
		says(&w, "that the SDP does not announce");
}

/* The sender puts another MKI into its packets than it announced. */
static void
wrong_mki(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 30, 0);

	a.mki_n = 1;
	a.mki[0] = 9;
	new_key(&a, 30, 0);
	give(&a, a.suite->name, "|2^31|7:1");
	talk(&a, 1, 20);
	close_world(&w);
	assert_int_equal(opened(&w), 20);
	assert_int_equal(w.view[0].count.rejected, 20);
	says(&w, "a different MKI from the SDP");
}

/* MKI or tag length change under one key: from there on a receiver rejects,
 * and the frame is that of the first such packet, not of the one with which
 * it was found. */
static void
layout_changes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, 0, 30, 0);

		a.mki_n = i == 0;
		a.mki[0] = 7;
		new_key(&a, 30, 0);
		give(&a, a.suite->name, i == 0 ? "|2^31|7:1" : "");
		talk(&a, 1, 20);
		a.mki[0] = 9;
		if (i == 1)
			a.suite = &peer_suites[1];
		new_key(&a, 30, 0);
		talk(&a, 21, 30);
		close_world(&w);
		assert_int_equal(opened(&w), 50);
		assert_int_equal(w.view[0].count.rejected, 30);
		assert_int_equal(w.view[0].prot.odd_frame, 21);
		assert_int_equal(w.view[0].prot.events, i);
		if (i == 1)
			assert_int_equal(w.view[0].prot.event[0].frame, 21);
		says(&w, "rejects packets from frame 21 on");
	}
}

static void
mkis(void **state)
{
	static const unsigned suites[] = { 0, 1, 5 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		mki(suites[i], 1, 1, false);
		mki(suites[i], 4, 4, false);
		mki(suites[i], 4, 4, true);
		mki(suites[i], 128, 128, false);
		mki(suites[i], 0, 4, false); /* announced, not sent */
		mki(suites[i], 4, 0, false); /* the reverse */
		mki(suites[i], 1, 0, false);
		mki(suites[i], 128, 0, false);
		mki(suites[i], 1, 4, false); /* another length */
	}
}

/* ---- RTCP */

static size_t
report(struct side *s, uint8_t *p)
{
	static const uint8_t sr[28] = { 0x80, 200, 0, 6 };
	static const uint8_t sdes[12] = { 0x81, 202, 0, 2, 0, 0, 0, 0, 1, 1,
		'x', 0 };

	memcpy(p, sr, 28);
	memcpy(p + 28, sdes, 12);
	gs_put_be32(p + 4, s->ssrc);
	gs_put_be32(p + 32, s->ssrc);
	return 40;
}

static void
control(struct side *s)
{
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;
	int len = (int)report(s, p);

	expect(s->w, p, (size_t)len);
	assert_int_equal(srtp_protect_rtcp_mki(s->t, p, &len, s->mki_n > 0, 0),
	    srtp_err_status_ok);
	send_raw(s, p, (size_t)len);
}

/* order: 0 RTP first, 1 RTCP first, 2 no RTP. */
static void
rtcp(unsigned suite, int tag, bool mux, int order, unsigned mki_n)
{
	struct world w = { 0 };
	struct peer_suite changed = peer_suites[suite];

	open_world(&w);
	struct side a = side(&w, suite, 40, 0);

	if (tag > 0)
		changed.rtcp_tag = tag;
	a.suite = &changed;
	a.mki_n = mki_n;
	a.mki[3] = 7;
	new_key(&a, 40, 0);
	give(&a, a.suite->name, mki_n > 0 ? "|2^31|7:4" : "");
	if (order == 0)
		talk(&a, 1, 10);
	for (int i = 0; i < 3; i++) {
		a.sport += !mux;
		a.dport += !mux;
		control(&a);
		a.sport -= !mux;
		a.dport -= !mux;
	}
	if (order == 1)
		talk(&a, 1, 10);
	close_as(&w, GS_VERDICT_DECRYPTED);
	assert_int_equal(w.view[0].count.opened, order == 2 ? 0 : 10);
	assert_int_equal(w.view[0].count.rtcp_opened, 3);
	assert_int_equal(w.view[0].count.rtcp_packets, 3);
	assert_int_equal(w.view[0].prot.rtcp_scheme.form.tag, changed.rtcp_tag);
	assert_int_equal(!w.view[0].id.rtp, order == 2);
	if (tag == 4)
		says(&w, "SRTCP carries 32-bit tags (FreeSWITCH)");
	if (order == 2)
		says(&w, "only its RTCP is in the capture");
}

static void
rtcps(void **state)
{
	(void)state;
	for (int mux = 0; mux < 2; mux++)
		for (int order = 0; order < 3; order++) {
			rtcp(0, 10, mux, order, 0);
			rtcp(1, 4, mux, order, 0);
			rtcp(5, 16, mux, order, 0);
			rtcp(2, 10, mux, order, 4);
			rtcp(8, 10, mux, order, 0);
		}
}

/* Session parameters of RFC 4568 section 6.3: what is not encrypted, or not
 * authenticated, as SDP says. */
static void
parameter(const char *name, srtp_sec_serv_t rtp, srtp_sec_serv_t rtcp,
    uint8_t type, uint32_t roc)
{
	struct world w = { 0 };
	srtp_policy_t p = { .window_size = 1024 };
	uint32_t aligned[ROOM / 4];
	uint8_t *q = (uint8_t *)aligned;
	char more[64];

	open_world(&w);
	struct side a = side(&w, 0, 70, 0);

	snprintf(more, sizeof(more), " %s FEC_ORDER=FEC_SRTP WSH=64 -new",
	    name);
	give(&a, a.suite->name, more);
	peer_crypto(&p.rtp, a.suite, rtp & sec_serv_auth ? 10 : 0);
	peer_crypto(&p.rtcp, a.suite, 10);
	p.rtp.sec_serv = rtp;
	p.rtcp.sec_serv = rtcp;
	p.ssrc.type = ssrc_specific;
	p.ssrc.value = a.ssrc;
	p.key = a.keysalt;
	assert_int_equal(srtp_create(&a.t, &p), srtp_err_status_ok);
	assert_int_equal(srtp_set_stream_roc(a.t, a.ssrc, roc),
	    srtp_err_status_ok);
	w.sender[w.senders++] = a.t;
	for (unsigned i = 0; i < 10; i++) {
		size_t n = make(&a, q, (uint16_t)(i + 1), 160);

		q[1] = type;
		memset(q + 12, 0xd5, 120); /* A-law silence, mostly */
		expect(&w, q, n);
		send_raw(&a, q, protect(&a, q, n));
	}
	control(&a);
	close_world(&w);
	assert_int_equal(opened(&w), 10);
	assert_int_equal(w.view[0].count.rtcp_opened, 1);
	assert_int_equal(w.view[0].scheme.form.clear, !(rtp & sec_serv_conf));
	assert_int_equal(w.view[0].scheme.form.tag,
	    rtp & sec_serv_auth ? 10 : 0);
	assert_true(w.view[0].prot.confirmed > 0);
	if (!(rtp & sec_serv_conf))
		says(&w,
		    "was not encrypted, only authenticated "
		    "(UNENCRYPTED_SRTP)");
	if (!(rtp & sec_serv_auth))
		says(&w, "without authentication: the key is a guess");
}

static void
parameters(void **state)
{
	(void)state;
	parameter("UNENCRYPTED_SRTP", sec_serv_auth, sec_serv_conf_and_auth, 8,
	    0);
	/* Its pattern does not show that it has no tag. */
	parameter("UNENCRYPTED_SRTP", sec_serv_auth, sec_serv_conf_and_auth, 97,
	    1);
	parameter("UNENCRYPTED_SRTCP", sec_serv_conf_and_auth, sec_serv_auth, 8,
	    0);
	parameter("UNAUTHENTICATED_SRTP", sec_serv_conf, sec_serv_conf_and_auth,
	    8, 0);
	parameter("UNENCRYPTED_SRTP UNENCRYPTED_SRTCP", sec_serv_auth,
	    sec_serv_auth, 8, 0);
}

/* A sender that announces a key derivation rate and does not use it, from the
 * start and at a later ROC: all is opened, and what a receiver rejects is
 * said. */
static void
rate_is_not_used(void **state)
{
	(void)state;
	for (unsigned roc = 0; roc < 3; roc += 2) {
		struct world w = { 0 };

		open_world(&w);
		struct side a = side(&w, roc > 0 ? 1 : 0, 71, roc);

		give(&a, a.suite->name, " KDR=4");
		talk(&a, 1, 60);
		for (unsigned i = 0; i < 20; i++)
			control(&a);
		close_as(&w, GS_VERDICT_DECRYPTED);
		assert_int_equal(opened(&w), 60);
		assert_int_equal(w.view[0].count.rtcp_opened, 20);
		assert_int_equal(w.view[0].count.rejected, roc > 0 ? 60 : 45);
		assert_int_equal(w.view[0].prot.odd_frame, roc > 0 ? 1 : 16);
		assert_int_equal(w.view[0].prot.events, 0);
		says(&w, "announces KDR=4, but the sender derives its keys");
	}
}

/* ---- holding back */

static void
second_packet_for_short_tags(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 1, 50, 2);

	give(&a, a.suite->name, "");
	talk(&a, 65535, 1);
	talk(&a, 0, 5); /* across a wrap */
	close_world(&w);
	assert_int_equal(opened(&w), 6);
	assert_int_equal(w.view[0].prot.roc_first, 2);
}

/* A single packet, of a stream that SDP announced, is opened by its key. After
 * many tries it proves nothing with 32 bits, and all with 80. */
static void
one_packet_is_no_proof(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		unsigned suite = i % 2, roc = i / 2 * 300;
		struct world w = { 0 };
		char text[512], sdp[1024];

		open_world(&w);
		struct side a = side(&w, suite, 50, roc);

		key_text(&a, "", "", text, sizeof(text));
		snprintf(sdp, sizeof(sdp),
		    "v=0\nc=IN IP4 192.0.2.1\n"
		    "m=audio 20000 RTP/SAVP 8\na=crypto:1 %s inline:%s",
		    a.suite->name, text + 1);
		gs_srtp_receiver_text_begin(w.s, "sdp");
		assert_int_equal(
		    gs_srtp_receiver_text(w.s, gs_span(sdp, strlen(sdp)), NULL),
		    0);
		assert_int_equal(gs_srtp_receiver_text_end(w.s, NULL), 0);
		talk(&a, 1, 1);
		close_world(&w);
		assert_int_equal(w.views, 1);
		assert_int_equal(opened(&w), suite == 0 || roc == 0);
		assert_true(w.view[0].prot.announced_secure);
	}
}

/* In live use a packet waits for its key. */
static void
key_comes_late(void **state)
{
	struct world w = { .options.streams.live = true };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 50, 0);
	struct side b = side(&w, 0, 51, 0);

	b.sport = 20002;
	give(&b, b.suite->name, "");
	for (unsigned i = 0; i < 60; i++) {
		talk(&a, 1 + i, 1);
		talk(&b, 1 + i, 1);
	}
	assert_true(w.last_out < 10);
	give(&a, a.suite->name, "");
	talk(&a, 61, 10);
	close_world(&w);
	assert_int_equal(w.views, 2);
	assert_int_equal(opened(&w), 130);
}

/* What waits goes out when its key has come, or the time is over, though
 * no packet follows. */
static void
nothing_follows(void **state)
{
	const uint64_t second = 1000000000;

	(void)state;
	for (int comes = 0; comes < 2; comes++) {
		struct world w = { .options.streams.live = true };

		open_world(&w);
		struct side a = side(&w, 0, 50, 0);

		talk(&a, 1, 10);
		assert_int_equal(gs_srtp_receiver_idle(w.s, second, NULL), 0);
		assert_true(w.last_out < 10);
		if (comes)
			give(&a, a.suite->name, "");
		assert_int_equal(gs_srtp_receiver_idle(w.s,
				     comes ? second : GS_HOLD_SECONDS * second,
				     NULL),
		    0);
		assert_int_equal(w.last_out, 10);
		assert_int_equal(w.oks, comes ? 10 : 0);
		close_world(&w);
	}
}

/* Every other packet is lost: no two in row, RTP all the same. */
static void
half_is_lost(void **state)
{
	struct world w = { 0 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 50, 0);

	give(&a, a.suite->name, "");
	for (unsigned i = 0; i < 40; i += 2)
		talk(&a, i, 1);
	close_world(&w);
	assert_int_equal(opened(&w), 20);
	assert_int_equal(w.view[0].lost, 19);
}

/* It does not wait for ever. */
static void
key_never_comes(void **state)
{
	struct world w = { .options.streams.live = true };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 50, 0);

	talk(&a, 1, 1000);
	assert_true(w.last_out > 700);
	close_world(&w);
	assert_int_equal(gs_srtp_stream_verdict(&w.view[0]), GS_VERDICT_NO_KEY);
	assert_int_equal(w.view[0].count.failed[GS_FAIL_KEY], 1000);
}

/* Nor does more than 4 MiB wait, however fast it comes. */
static void
hold_is_bounded(void **state)
{
	struct world w = { .options.streams.live = true };
	uint8_t p[ROOM];

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 50, 0);

	for (unsigned i = 0; i < MAX; i++) {
		size_t n = make(&a, p, (uint16_t)i, 1400);

		rnd_fill(&a.rnd, p + 12, n - 12);
		send_raw(&a, p, n);
		w.ns -= 19500000; /* half a millisecond apart: two seconds */
		if (i == 1000)
			assert_true(w.last_out == 0);
	}
	assert_in_range(w.last_out, MAX - GS_HOLD_BYTES / 1400, MAX - 2000);
	close_world(&w);
}

/* ---- what is no SRTP */

static void
plain_and_junk(void **state)
{
	struct world w = { 0 };
	uint8_t p[ROOM];
	uint64_t r = 99;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 60, 0);
	struct side b = side(&w, 0, 61, 0);

	give(&b, b.suite->name, "");
	for (unsigned i = 0; i < 50; i++) {
		send_raw(&a, p, make(&a, p, (uint16_t)i, 160));
		rnd_fill(&r, p, 100);
		p[0] = 0x80;
		p[1] &= 0x3f;
		udp(&w, 3, 4, 53, 5353, p, 100);
	}
	close_as(&w, GS_VERDICT_PLAIN);
}

/* Encrypted without a key: that one packet has the size of whole frames, or
 * each has, as G.729 with an 80-bit tag does, makes it no plain RTP. The same
 * packets before encryption are. */
static void
sizes_of_plain_frames(void **state)
{
	static const struct {
		uint8_t type;
		size_t n, odd; /* octets; of every tenth packet */
		uint32_t step;
		bool encrypted;
		enum gs_srtp_verdict verdict;
	} v[] = {
		{ 8, 160, 30, 160, true, GS_VERDICT_NO_KEY },
		{ 8, 160, 30, 160, false, GS_VERDICT_PLAIN },
		{ 18, 20, 20, 160, true, GS_VERDICT_NO_KEY },
		{ 18, 20, 20, 160, false, GS_VERDICT_PLAIN },
		{ 18, 20, 2, 160, false, GS_VERDICT_PLAIN },
		{ 18, 60, 60, 480, true, GS_VERDICT_NO_KEY },
		{ 3, 33, 23, 160, true, GS_VERDICT_NO_KEY },
		{ 3, 33, 33, 160, false, GS_VERDICT_PLAIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 60, 0);

		for (unsigned k = 0; k < 40; k++) {
			size_t n = make(&a, p, (uint16_t)(65520 + k),
			    k % 10 == 0 ? v[i].odd : v[i].n);

			p[1] = v[i].type;
			gs_put_be32(p + 4, v[i].step * k);
			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p, v[i].encrypted ? protect(&a, p, n) : n);
		}
		close_as(&w, v[i].verdict);
	}
}

/* Without SDP: frames that say how long they are, or whose size fits their
 * time, and events that are all that is sent. The same with a tag are none. */
static void
plain_by_content(void **state)
{
	static const struct {
		uint8_t type;
		size_t n; /* octets */
		uint32_t step;
		int first, second; /* octets of the payload; -1: random */
	} v[] = {
		{ 4, 24, 240, 0xf4, -1 },
		{ 101, 4, 160, 3, 10 }, /* telephone-event */
		{ 97, 38, 160, -1, -1 }, /* iLBC */
		{ 97, 50, 240, -1, -1 }, { 98, 80, 160, -1, -1 }, /* G.726 */
		{ 98, 40, 160, -1, -1 },
		{ 99, 33, 160, 0xf0, 0x3c }, /* AMR, octet-aligned */
		{ 99, 32, 160, 0xf3, 0xff }, /* AMR */
		{ 13, 1, 160, 60, -1 }, /* comfort noise */
		{ 13, 9, 160, 60, 20 }, { 19, 1, 160, 60, -1 },
		{ 18, 2, 1600, -1, -1 }, /* that of G.729 */
		{ 5, 84, 160, -1, -1 }, /* DVI4 */
		{ 7, 14, 160, -1, -1 }, /* LPC */
		{ 15, 40, 160, -1, -1 }, /* G.728 */
	};

	(void)state;
	for (size_t i = 0; i < 4 * sizeof(v) / sizeof(*v); i++) {
		bool encrypted = i % 2 == 1;
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		size_t k = i / 4;

		open_world(&w);
		struct side a = side(&w, i / 2 % 2, 62, 0);

		for (unsigned seq = 0; seq < 30; seq++) {
			size_t n = make(&a, p, (uint16_t)seq, v[k].n);

			p[1] = v[k].type;
			gs_put_be32(p + 4, v[k].step * seq);
			rnd_fill(&a.rnd, p + 12, n - 12);
			if (v[k].first >= 0)
				p[12] = (uint8_t)v[k].first;
			if (v[k].second >= 0)
				p[13] = (uint8_t)v[k].second;
			send_raw(&a, p, encrypted ? protect(&a, p, n) : n);
		}
		close_as(&w, encrypted ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN);
	}
}

/* Short cipher text, of which a few packets have some pattern by accident. */
static void
few_short_packets(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 1000 + i, 0);

		for (unsigned seq = 0; seq < 4 + i % 16; seq++) {
			size_t n = make(&a, p, (uint16_t)seq, 20);

			p[1] = 97;
			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p, n);
		}
		close_as(&w, GS_VERDICT_NO_KEY);
	}
}

/* Comfort noise and the shorter frames of G.723.1 with a short tag may be as
 * long as frames in clear: few of them prove nothing. */
static void
short_tags_of_short_frames(void **state)
{
	static const struct {
		uint8_t type;
		size_t n;
		uint32_t step;
	} v[] = { { 13, 1, 1600 }, { 13, 5, 1600 }, { 4, 20, 240 } };

	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		size_t k = i % 3;

		open_world(&w);
		struct side a = side(&w, 1, 2000 + i, 0);

		for (unsigned seq = 0; seq < 2 + i / 3 % 8; seq++) {
			size_t n = make(&a, p, (uint16_t)seq, v[k].n);

			p[1] = v[k].type;
			gs_put_be32(p + 4, v[k].step * seq);
			p[12] = 61;
			send_raw(&a, p, protect(&a, p, n));
		}
		close_as(&w, GS_VERDICT_NO_KEY);
	}
}

/* SDP for the receiver of a side, with one payload type. */
static void
give_media(struct world *w, const char *proto, unsigned type, const char *name)
{
	char sdp[256];

	snprintf(sdp, sizeof(sdp),
	    "v=0\nc=IN IP4 192.0.2.2\nm=audio 30000 %s %u\n"
	    "a=rtpmap:%u %s\n",
	    proto, type, type, name);
	gs_srtp_receiver_text_begin(w->s, "sdp");
	assert_int_equal(
	    gs_srtp_receiver_text(w->s, gs_span(sdp, strlen(sdp)), NULL), 0);
	assert_int_equal(gs_srtp_receiver_text_end(w->s, NULL), 0);
}

static void
give_type(struct world *w, unsigned type, const char *name)
{
	give_media(w, "RTP/SAVP", type, name);
}

/* Cipher text and tag of a codec that SDP names, together as long as the frames
 * of another one: they are no plain frames of that one. */
static void
named_sizes(void **state)
{
	static const struct {
		const char *name;
		size_t n;
		uint32_t step;
		bool encrypted;
	} v[] = {
		{ "speex/8000", 28, 160, true }, /* iLBC: 38 */
		{ "AMR/8000", 28, 160, true },
		{ "SILK/8000", 50, 160, true }, /* G.726: 60 */
		{ "iLBC/8000", 38, 160, false },
		{ "G726-24/8000", 60, 160, false },
		{ "AAL2-G726-40/8000", 100, 160, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 82, 0);

		give_type(&w, 97, v[i].name);
		for (unsigned k = 0; k < 40; k++) {
			size_t n = make(&a, p, (uint16_t)k, v[i].n);

			p[1] = 97;
			gs_put_be32(p + 4, v[i].step * k);
			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p, v[i].encrypted ? protect(&a, p, n) : n);
		}
		close_as(&w,
		    v[i].encrypted ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN);
	}
}

/* Few packets under SDP that announces RTP/AVP: encrypted ones are told. */
static void
few_in_clear_by_sdp(void **state)
{
	static const char *const names[] = { "AMR/8000", "opus/48000/2",
		"telephone-event/8000", "VP8/90000" };
	static const size_t size[] = { 32, 60, 4, 500 };

	(void)state;
	for (unsigned i = 0; i < 160; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 4000 + i, 0);

		give_media(&w, "RTP/AVP", 97, names[i % 4]);
		unsigned least = i % 2 == 0 ? 4 : 8;

		for (unsigned k = 0; k < least + i / 4 % 20; k++) {
			size_t n = make(&a, p, (uint16_t)k, size[i % 4]);

			p[1] = 97;
			p[12] = 5;
			send_raw(&a, p, protect(&a, p, n));
		}
		close_as(&w, GS_VERDICT_NO_KEY);
	}
}

/* AMR of 10.2 kbit/s with a tag is as long as a frame of iLBC. Without a name,
 * that is called plain with its reason, but not where DTLS agreed on keys. */
static void
sizes_where_dtls_was(void **state)
{
	static const uint8_t hello[] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 2, 1, 0 };

	(void)state;
	for (int dtls = 0; dtls < 2; dtls++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 87, 0);

		if (dtls)
			send_raw(&a, hello, sizeof(hello));
		for (unsigned k = 0; k < 30; k++) {
			size_t n = make(&a, p, (uint16_t)k, dtls ? 28 : 38);

			p[1] = 97;
			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p, dtls ? protect(&a, p, n) : n);
		}
		close_as(&w, dtls ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN);
		assert_int_equal(w.view[0].prot.by_size, !dtls);
		if (!dtls)
			says(&w, "by the sizes of its packets alone");
	}
}

/* A packet of Opus: a header, which is rarely another one, and noise. */
static size_t
make_opus(struct side *a, uint8_t *p, unsigned k)
{
	size_t n = make(a, p, (uint16_t)k, 30 + k * 7 % 60);

	p[1] = 97;
	gs_put_be32(p + 4, 960 * k);
	rnd_fill(&a->rnd, p + 12, n - 12);
	p[12] = k % 15 == 12 ? (uint8_t)k : 0x78;
	return n;
}

/* Packets of any size, in clear before and behind a key: each is known to be
 * so, the first ones of a row and odd ones in it, too. Under a key that nobody
 * has, none is. */
static void
any_size_around_a_key(void **state)
{
	(void)state;
	for (unsigned unknown = 0; unknown <= 40; unknown += 40) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 83, 0), other = side(&w, 0, 84, 0);

		give_type(&w, 97, "opus/48000/2");
		give(&a, a.suite->name, "");
		for (unsigned k = 0; k < 160; k++) {
			size_t n = make_opus(&a, p, k);

			if (k / 40 == 1)
				expect(&w, p, n);
			if (k / 40 == 2 && unknown > 0)
				n = protect(&other, p, n);
			else if (k / 40 == 1)
				n = protect(&a, p, n);
			send_raw(&a, p, n);
		}
		close_as(&w,
		    unknown > 0 ? GS_VERDICT_PARTLY : GS_VERDICT_DECRYPTED);
		assert_int_equal(w.view[0].count.opened, 40);
		assert_int_equal(w.view[0].count.plain_before, 40);
		assert_int_equal(w.view[0].count.plain_behind, 80 - unknown);
		assert_int_equal(w.view[0].count.plain_from, 81 + unknown);
		assert_int_equal(w.view[0].lost, 0);
		for (size_t k = 0; k < w.view[0].prot.stretches; k++)
			assert_int_equal(w.view[0].prot.stretch[k].others, 0);
	}
}

/* Two or three packets of any size in clear, before, between and behind those
 * under a key: they begin as what the key opens does. One may do so by
 * accident. */
static void
few_of_any_size(void **state)
{
	(void)state;
	for (unsigned few = 1; few < 4; few++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 86, 0);

		give_type(&w, 97, "opus/48000/2");
		give(&a, a.suite->name, "");
		for (unsigned k = 0; k < 60; k++) {
			size_t n = make_opus(&a, p, k);
			bool clear = k < few || k >= 60 - few ||
			    (k >= 30 && k < 30 + few);

			p[12] = 0x78;
			if (!clear)
				expect(&w, p, n);
			send_raw(&a, p, clear ? n : protect(&a, p, n));
		}
		close_as(&w,
		    few > 1 ? GS_VERDICT_DECRYPTED : GS_VERDICT_PARTLY);
		assert_int_equal(w.view[0].count.opened, 60 - 3 * few);
		assert_int_equal(w.view[0].count.plain_before,
		    few > 1 ? few : 0);
		assert_int_equal(w.view[0].count.plain_behind,
		    few > 1 ? 2 * few : 0);
		assert_int_equal(w.view[0].lost, 0);
	}
}

/* Parts of streams under a key that nobody has, between others in clear: almost
 * none of their packets is said to be in clear, whether frames have sizes or
 * not. */
static void
unknown_between_clear(void **state)
{
	enum { PART = 40, PARTS = 9, RUNS = 40 };

	(void)state;
	for (unsigned sized = 0; sized < 2; sized++) {
		uint64_t wrong = 0;

		for (unsigned i = 0; i < RUNS; i++) {
			struct world w = { 0 };
			uint32_t aligned[ROOM / 4];
			uint8_t *p = (uint8_t *)aligned;

			open_world(&w);
			struct side a = side(&w, 0, 300 + i, 0);

			give_type(&w, 97, "opus/48000/2");
			for (unsigned k = 0; k < PART * PARTS; k++) {
				size_t n = make_opus(&a, p, k);

				p[12] = 0x78;
				if (sized) {
					n = 172;
					p[1] = 8;
				}
				send_raw(&a, p,
				    k / PART % 2 == 0 ? n : protect(&a, p, n));
			}
			close_as(&w, GS_VERDICT_NO_KEY);
			wrong += (PARTS / 2) * PART -
			    w.view[0].count.failed[GS_FAIL_KEY];
		}
		assert_in_range(wrong, 0, sized ? 0 : 5);
	}
}

/* The same without any key: a part that is encrypted, first or last, is told,
 * and hardly heard. */
static void
any_size_half_in_clear(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 2; first++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 85, 0);

		give_type(&w, 97, "opus/48000/2");
		for (unsigned k = 0; k < 120; k++) {
			size_t n = make_opus(&a, p, k);

			send_raw(&a, p,
			    k / 60 == first ? n : protect(&a, p, n));
		}
		close_as(&w, GS_VERDICT_NO_KEY);
		assert_int_equal(w.view[0].count.failed[GS_FAIL_KEY], 60);
		assert_true(w.plains <= 70);
	}
}

/* Part of a stream is encrypted under a key that nobody has, first or last: it
 * is not called plain, however long the rest is, which is. */
static void
half_in_clear(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 70, 0);

		for (unsigned k = 0; k < 90; k++) {
			size_t n = make(&a, p, (uint16_t)k, 160);

			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p,
			    k / 30 == 2 * i ? protect(&a, p, n) : n);
		}
		close_as(&w, GS_VERDICT_NO_KEY);
		assert_int_equal(w.view[0].count.failed[GS_FAIL_KEY], 30);
		says(&w, "packets in the clear");
	}
}

/* A few packets under an unknown key, first, last or between others in clear:
 * none of them is heard, and three in a row are enough for the verdict. */
static void
few_encrypted_in_clear(void **state)
{
	enum { CLEAR = 30, PLACES = 3, MOST = 4 };
	static const struct {
		uint8_t type;
		size_t n;
	} v[] = { { 8, 160 }, { 0, 80 }, { 3, 33 } };

	(void)state;
	for (unsigned i = 0; i < PLACES * MOST * 3; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		unsigned few = i / PLACES % MOST + 1, from = i % PLACES * CLEAR;
		unsigned form = i / PLACES / MOST;

		open_world(&w);
		struct side a = side(&w, 0, 400 + i, 0);

		for (unsigned k = 0; k < 2 * CLEAR + few; k++) {
			size_t n = make(&a, p, (uint16_t)k, v[form].n);
			bool sealed = k >= from && k < from + few;

			p[1] = v[form].type;
			if (form == 1)
				gs_put_be32(p + 4, 80 * k);
			rnd_fill(&a.rnd, p + 12, n - 12);
			send_raw(&a, p, sealed ? protect(&a, p, n) : n);
		}
		close_as(&w, few < 3 ? GS_VERDICT_PLAIN : GS_VERDICT_NO_KEY);
		assert_in_range(w.plains, 2 * CLEAR - 4, 2 * CLEAR);
		/* Once the verdict is certain, no packet need show more. */
		assert_in_range(w.sealed, few < 3 ? few : 3, few);
	}
}

/* A packet under a key that no SDP connects with it is tried, even if those
 * that show that it is RTP are in clear. */
static void
one_before_clear(void **state)
{
	(void)state;
	for (unsigned roc = 0; roc < 2; roc++) {
		struct world w = { 0 };
		uint8_t p[ROOM];

		open_world(&w);
		struct side a = side(&w, 0, 88, roc);

		give(&a, a.suite->name, "");
		talk(&a, 0, 1);
		for (unsigned k = 1; k < 3; k++)
			send_raw(&a, p, make(&a, p, (uint16_t)k, 160));
		talk(&a, 3, 30);
		close_as(&w, GS_VERDICT_DECRYPTED);
		assert_int_equal(w.view[0].count.opened, 31);
	}
}

/* Small packets that begin at a later ROC wait for the search of their key: a
 * frame of G.729 and a tag are no three frames, and forty octets of cipher text
 * with a few equal ones have no pattern. */
static void
small_from_a_later_roc(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		struct world w = { 0 };
		bool g729 = i % 2 == 0;

		open_world(&w);
		struct side a = side(&w, 0, 200 + i, 3);

		give_sdp(&w, &a, NULL, 0, 1);
		for (unsigned k = 0; k < 12; k++) {
			uint32_t aligned[ROOM / 4];
			uint8_t *p = (uint8_t *)aligned;
			size_t n =
			    make(&a, p, (uint16_t)(300 + k), g729 ? 20 : 30);

			p[1] = g729 ? 18 : 97;
			expect(&w, p, n);
			send_raw(&a, p, protect(&a, p, n));
		}
		close_as(&w, GS_VERDICT_DECRYPTED);
		assert_int_equal(w.view[0].count.opened, 12);
		assert_int_equal(w.view[0].prot.roc_first, 3);
	}
}

/* All frames of G.729 before a key, and behind it, are in clear, the first
 * ones, too. */
static void
g729_around_a_key(void **state)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 74, 0);

	give(&a, a.suite->name, "");
	for (unsigned k = 0; k < 90; k++) {
		size_t n = make(&a, p, (uint16_t)k, 20);

		p[1] = 18;
		rnd_fill(&a.rnd, p + 12, n - 12);
		if (k / 30 == 1)
			expect(&w, p, n);
		send_raw(&a, p, k / 30 == 1 ? protect(&a, p, n) : n);
	}
	close_as(&w, GS_VERDICT_DECRYPTED);
	assert_int_equal(w.view[0].count.opened, 30);
	assert_int_equal(w.view[0].count.plain_before, 30);
	assert_int_equal(w.view[0].count.plain_behind, 30);
}

/* Padding is no tag: frames in clear with it are frames in clear. */
static void
padded_in_clear(void **state)
{
	static const struct {
		uint8_t type;
		size_t n;
	} v[] = { { 18, 20 }, { 0, 160 }, { 2, 80 } };

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 73, 0);

		for (unsigned k = 0; k < 60; k++) {
			size_t pad = 1 + k % 7, n;

			n = make(&a, p, (uint16_t)k, v[i].n + pad);
			p[0] |= 0x20;
			p[1] = v[i].type;
			rnd_fill(&a.rnd, p + 12, n - 12);
			p[n - 1] = (uint8_t)pad;
			send_raw(&a, p, n);
		}
		close_as(&w, GS_VERDICT_PLAIN);
	}
}

/* The last octet of cipher text is no proof of padding: a tag that ends like
 * one makes no frames in clear of a first packet, nor of one that was damaged
 * behind others that a key opened. */
static void
padded_and_sealed(void **state)
{
	(void)state;
	for (int key = 0; key < 2; key++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 76, 0);

		if (key)
			give(&a, a.suite->name, "");
		for (unsigned k = 0; k < 30; k++) {
			size_t n = make(&a, p, (uint16_t)k, 160);
			bool like = k == (key ? 20 : 0);

			p[0] |= 0x20;
			rnd_fill(&a.rnd, p + 12, n - 12);
			p[n - 1] = 4;
			expect(&w, p, n)->hopeless = like;
			n = protect(&a, p, n);
			if (like)
				p[n - 1] = 10;
			send_raw(&a, p, n);
		}
		close_as(&w, key ? GS_VERDICT_PARTLY : GS_VERDICT_NO_KEY);
		assert_int_equal(w.view[0].count.opened, key ? 29 : 0);
		assert_int_equal(w.view[0].count.plain_before, 0);
		assert_int_equal(w.view[0].count.plain_behind, 0);
	}
}

/* Between frames in clear, what is noise and no frames proves no encryption:
 * the comfort noise that Asterisk keeps a call alive with, that with ten
 * coefficients, and frames of G.729 or DVI4 between pauses. */
static void
noise_in_clear(void **state)
{
	static const struct {
		uint8_t most, between; /* types */
		size_t n, m; /* octets */
		uint32_t step;
		int first; /* octet of the payload; -1: random */
	} v[] = {
		{ 0, 13, 160, 1, 8000, 127 },
		{ 0, 13, 160, 11, 8000, 60 },
		{ 18, 18, 20, 20, 480, -1 },
		{ 5, 5, 84, 84, 480, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4], time = 0;
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 72, 0);

		for (unsigned k = 0; k < 90; k++) {
			bool between = k / 12 == 3;
			size_t n =
			    make(&a, p, (uint16_t)k, between ? v[i].m : v[i].n);

			p[1] = between ? v[i].between : v[i].most;
			time += between ? v[i].step : 160;
			gs_put_be32(p + 4, time);
			rnd_fill(&a.rnd, p + 12, n - 12);
			if (between && v[i].first >= 0)
				p[12] = (uint8_t)v[i].first;
			send_raw(&a, p, n);
		}
		close_as(&w, GS_VERDICT_PLAIN);
	}
}

/* Packets that are no whole frames, but have a pattern, are in clear; so many
 * behind them that have none are not. */
static void
noise_behind_pattern(void **state)
{
	enum { FIRST = 96, MOST = 500 };
	static const unsigned noise[] = { 0, 16, MOST, 800 };

	(void)state;
	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 73, 0);

		for (unsigned k = 0; k < FIRST + noise[i]; k++) {
			size_t n = make(&a, p, (uint16_t)k, 170);

			rnd_fill(&a.rnd, p + 12, n - 12);
			for (size_t j = 12; k < FIRST && j < n; j++)
				p[j] &= 0x3f;
			send_raw(&a, p, n);
		}
		close_as(&w,
		    noise[i] > MOST ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN);
	}
}

/* Digits in clear between audio in clear, behind SRTP: they have no room for a
 * tag, and are unencrypted all the same. */
static void
digits_in_clear_behind(void **state)
{
	struct world w = { 0 };
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 71, 0);

	give(&a, a.suite->name, "");
	talk(&a, 0, 40);
	for (unsigned k = 40; k < 80; k++) {
		bool digit = k >= 60 && k < 64;
		size_t n = make(&a, p, (uint16_t)k, digit ? 4 : 160);

		p[1] = digit ? 101 : 8;
		p[12] = digit ? 5 : p[12];
		p[13] = digit ? 10 : p[13];
		send_raw(&a, p, n);
	}
	close_as(&w, GS_VERDICT_DECRYPTED);
	assert_int_equal(w.view[0].count.plain_behind, 40);
}

/* SDP says RTP/AVP, the packets are encrypted: they are called so, and none
 * of them is passed on as plain. */
static void
announced_in_clear(void **state)
{
	static const char sdp[] = "v=0\nc=IN IP4 192.0.2.2\n"
				  "m=audio 30000 RTP/AVP 8 96\n"
				  "a=rtpmap:96 opus/48000/2\n";

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct world w = { 0 };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;

		open_world(&w);
		struct side a = side(&w, 0, 63, 0);

		gs_srtp_receiver_text_begin(w.s, "sdp");
		assert_int_equal(
		    gs_srtp_receiver_text(w.s, gs_span(sdp, strlen(sdp)), NULL),
		    0);
		assert_int_equal(gs_srtp_receiver_text_end(w.s, NULL), 0);
		for (unsigned k = 0; k < 40; k++) {
			size_t n = make(&a, p, (uint16_t)k, 160);

			p[1] = i < 2 ? 8 : 96;
			rnd_fill(&a.rnd, p + 13, n - 13);
			p[12] = 0x78; /* Opus: the same in each packet */
			send_raw(&a, p, i % 2 == 0 ? protect(&a, p, n) : n);
		}
		close_as(&w, i % 2 == 0 ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN);
		assert_int_equal(w.plains, i % 2 == 1 ? 40 : i < 2 ? 0 : 7);
		if (i % 2 == 0)
			says(&w, "encrypted, although SDP announces RTP/AVP");
	}
}

/* ZRTP in the capture is named as where the keys are. */
static void
beside_zrtp(void **state)
{
	struct world w = { 0 };
	uint8_t hello[28] = { 16, 0, 0, 1, 'Z', 'R', 'T', 'P', 0, 0, 0, 7, 'P',
		'Z', 0, 3, 'H', 'e', 'l', 'l', 'o', 'A', 'C', 'K' };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 1, 88, 0);

	send_raw(&a, hello, sizeof(hello));
	talk(&a, 1, 20);
	close_as(&w, GS_VERDICT_NO_KEY);
	says(&w, "but ZRTP, which negotiates keys");
}

/* Other protocols whose packets begin as RTP may: number i of kind. */
static size_t
make_other(unsigned kind, unsigned i, uint64_t *r, uint8_t *p)
{
	rnd_fill(r, p, 120);
	switch (kind) {
	case 0: /* DNS from one port: ID, flags, counts */
		p[0] = 0x80 | (p[0] & 0x3f);
		memcpy(p + 2, "\1\0\0\1\0\0\0\0\0\0", 10);
		return 60;
	case 1: /* IKE: two SPIs */
		memcpy(p, "\x91\x22\x33\x44\x55\x66\x77\x88", 8);
		memcpy(p + 8, "\x99\xaa\xbb\xcc\xdd\xee\xff\x11", 8);
		return 120;
	case 2: /* ESP in UDP: SPI, sequence number, IV that counts */
		memcpy(p, "\x84\x22\x33\x44\0\0\0\0\0\0\0\0\0\0\0\0", 16);
		p[7] = p[15] = (uint8_t)i;
		return 120;
	case 3: /* OpenVPN: opcode, peer */
		p[0] = i % 2 == 0 ? 0x38 : 0x48;
		memcpy(p + 1, "\0\0\1", 3);
		return 90;
	case 4: /* NTP */
		p[0] = 0xa3;
		p[1] = 2;
		memcpy(p + 2, "\6\xe9\0\0\0\1\0\0\0\2", 10);
		return 48;
	case 5: /* AFS: epoch, connection, call, sequence number */
		memcpy(p, "\x9a\x22\x33\x44\x55\x66\x77\x88\0\0\0\1", 12);
		gs_put_be32(p + 12, i);
		return 100;
	case 6: /* QUIC: long and short headers, with a greased bit */
		p[0] = i < 4 ? 0xc3 : i % 2 == 0 ? 0x43 : 0x83;
		return 120;
	default: /* DTLS 1.3 records, and STUN that is cut */
		p[0] = i % 2 == 0 ? 0x2f : 0;
		return 19;
	}
}

/* They make no streams. */
static void
other_protocols(void **state)
{
	uint8_t p[ROOM];
	uint64_t r = 77;

	(void)state;
	for (unsigned kind = 0; kind < 8; kind++) {
		struct world w = { 0 };

		open_world(&w);
		for (unsigned i = 0; i < 40; i++)
			udp(&w, 1, 2, 4500, 53, p, make_other(kind, i, &r, p));
		close_world(&w);
		assert_int_equal(w.views, 0);
		assert_int_equal(w.dtls, 0);
	}
}

/* Keys of nobody here. */
static void
give_others(struct world *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct side k = side(w, 0, 1000 + i, 0);

		give(&k, k.suite->name, "");
	}
}

/* n flows of so many packets that no key opens. */
static void
send_junk(struct world *w, unsigned n, unsigned packets)
{
	uint8_t p[ROOM];
	uint64_t r = 7;

	for (unsigned i = 0; i < packets * n; i++) {
		struct side junk = { .w = w,
			.from = 5,
			.to = 6,
			.sport = 2000 + 2 * (i / packets),
			.dport = 9000,
			.ssrc = i / packets };
		size_t size = make(&junk, p, (uint16_t)(i % packets), 170);

		rnd_fill(&r, p + 12, 170);
		send_raw(&junk, p, size);
	}
}

/* A thousand flows that no key opens end within the budget. */
static void
junk_streams(void **state)
{
	struct world w = { .options.streams.roc_max = 64 };

	(void)state;
	open_world(&w);
	give_others(&w, 200);
	send_junk(&w, 1000, 4);
	close_world(&w);
	assert_int_equal(opened(&w), 0);
	assert_true(w.view[15].count.failed[GS_FAIL_KEY] == 4);
}

/* The tries are used up before these streams come: that no key opens them is
 * not known, however few packets they have. */
static void
no_tries_left(void **state)
{
	(void)state;
	for (unsigned packets = 2; packets < 6; packets++) {
		struct world w = { .options.streams.tries = 1 };

		open_world(&w);
		give_others(&w, 200);
		send_junk(&w, 300, packets);
		close_world(&w);
		assert_int_equal(w.verdicts[GS_VERDICT_STOPPED], 300);
		assert_true(w.stopped);
	}
}

/* Nor does it take the tries of keys that SDP connects with a sender whose
 * stream began before the capture. */
static void
junk_before_a_late_call(void **state)
{
	struct world w = { .options.streams.tries = 1 << 19 };

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 1, 4000);

	give_others(&w, 100);
	give_sdp(&w, &a, NULL, 0, 1);
	send_junk(&w, 20, 40);
	talk(&a, 1, 60);
	close_world(&w);
	assert_true(w.stopped);
	assert_int_equal(w.oks, 60);
}

/* Junk that uses up the tries of all takes nothing from a stream whose key
 * came with its address, nor from keys that stand together. */
static void
junk_before_a_call(void **state)
{
	struct world w = { .options.streams = { .roc_max = 1,
			       .tries = 100000 } };
	char text[512], sdp[1024];

	(void)state;
	open_world(&w);
	struct side a = side(&w, 0, 1, 0), b = side(&w, 0, 2, 0);
	struct side c = side(&w, 0, 3, 0);

	give(&c, c.suite->name, "");
	give_others(&w, 239);
	key_text(&a, "", "", text, sizeof(text));
	snprintf(sdp, sizeof(sdp),
	    "v=0\nc=IN IP4 192.0.2.1\n"
	    "m=audio 20000 RTP/SAVP 8\na=crypto:1 %s inline:%s",
	    a.suite->name, text + 1);
	gs_srtp_receiver_text_begin(w.s, "sdp");
	assert_int_equal(
	    gs_srtp_receiver_text(w.s, gs_span(sdp, strlen(sdp)), NULL), 0);
	assert_int_equal(gs_srtp_receiver_text_end(w.s, NULL), 0);
	give(&b, b.suite->name, "");
	send_junk(&w, 100, 4);
	talk(&a, 1, 10); /* its key is the 241st */
	b.sport = 30000;
	talk(&b, 1, 10); /* next to that one */
	c.sport = 40000;
	talk(&c, 1, 10); /* the first of all: too far away by now */
	close_world(&w);
	assert_int_equal(w.oks, 20);
	assert_true(w.view[15].prot.gave_up);
	assert_true(w.stopped);
}

/* A table of streams without a receiver. */
struct table {
	struct gs_srtp_keyring *ring;
	struct gs_srtp_announced *announced;
	struct gs_srtp_streams *s;
};

static void
open_table(struct table *t, const struct gs_srtp_streams_options *o)
{
	t->ring = gs_srtp_keyring_new(NULL);
	t->announced = gs_srtp_announced_new(NULL);
	assert_non_null(t->ring);
	assert_non_null(t->announced);
	t->s = gs_srtp_streams_new(o, t->ring, t->announced, NULL, NULL, NULL);
	assert_non_null(t->s);
}

static void
close_table(struct table *t)
{
	gs_srtp_streams_free(t->s);
	gs_srtp_announced_free(t->announced);
	gs_srtp_keyring_free(t->ring);
}

/* Offers m, which cannot wait then, and returns whether it was opened. */
static bool
opens(struct table *t, struct gs_srtp_media_packet *m)
{
	uint8_t out[ROOM];
	struct gs_srtp_unprotected u;

	m->overdue = false;
	assert_true(gs_net_rtp_parse(&m->rtp, m->p, m->n));
	struct gs_srtp_stream *st = gs_srtp_streams_offer(t->s, m, NULL);

	assert_non_null(st);
	m->overdue = true;
	assert_int_equal(gs_srtp_streams_open(t->s, st, m, out, &u, NULL), 0);
	return u.ok;
}

/* Two thousand unknown streams beside an announced key, eight others: the
 * tries are those of the run's budget, and free ones for the announced key.
 * They are counted, time is not taken. */
static void
bounded_work(void **state)
{
	struct world w = { 0 };
	struct gs_srtp_streams_options o = { .roc_max = 4096,
		.tries = 1 << 20 };
	struct table t;
	struct gs_srtp_key key = { .n = 30 };
	uint8_t p[ROOM];
	uint64_t r = 7, frames = 0;

	(void)state;
	open_table(&t, &o);
	for (unsigned i = 0; i < 9; i++) {
		rnd_fill(&r, key.keysalt, 30);
		if (i == 8)
			key.media = (struct gs_net_addr){ .version = 4,
				.ip = { 192, 0, 2, 9 },
				.port = 30000 };
		assert_int_equal(gs_srtp_keyring_add(t.ring, &key), 0);
	}
	struct gs_srtp_media_packet m = { .p = p, .n = 182 };

	m.src = m.dst = key.media;
	m.src.port = 20000;
	struct side a = { .w = &w };
	for (unsigned i = 0; i < 8000; i++) {
		a.ssrc = m.ssrc = i % 2000;
		(void)make(&a, p, (uint16_t)(i / 2000), 170);
		rnd_fill(&r, p + 12, 170);
		m.frame = ++frames;
		m.ns += 1000000;
		assert_false(opens(&t, &m));
	}
	/* The budget, 40 for the announced key of each packet, and for each
	 * of two searches of a stream the keys that stand near. */
	assert_in_range(gs_srtp_streams_tries(t.s), 1 << 20,
	    (1 << 20) + 8 * 8000 + 40 * 8000 + 2 * 2000 * 200);
	gs_srtp_streams_end(t.s);
	assert_true(gs_srtp_streams_stopped(t.s));
	close_table(&t);
}

/* Of 100 packets of G.729 in clear behind so many with a key, how many wait for
 * a search. */
static unsigned
waits_behind(unsigned sealed)
{
	struct gs_srtp_streams_options o = { .roc_max = 4096 };
	struct gs_srtp_key key = { .n = 30 };
	struct gs_srtp_media_packet m = { 0 };
	struct world w = { 0 };
	struct side a = side(&w, 0, 75, 0);
	uint32_t aligned[ROOM / 4];
	uint8_t *p = (uint8_t *)aligned;
	uint8_t out[ROOM];
	struct gs_srtp_unprotected u;
	struct gs_srtp_stream *st;
	struct table t;
	unsigned waits = 0;

	open_table(&t, &o);
	memcpy(key.keysalt, a.keysalt, 30);
	key.media = (struct gs_net_addr){ .version = 4,
		.ip = { 192, 0, 2, 9 },
		.port = 30000 };
	assert_int_equal(gs_srtp_keyring_add(t.ring, &key), 0);
	gs_srtp_announced_at(t.announced, &key.media)->secure = true;
	m.src = m.dst = key.media;
	m.p = p;
	m.ssrc = a.ssrc;
	for (unsigned k = 0; k < sealed + 100; k++) {
		m.n = make(&a, p, (uint16_t)k, 20);
		p[1] = 18;
		rnd_fill(&a.rnd, p + 12, 20);
		if (k < sealed)
			m.n = protect(&a, p, m.n);
		m.frame = k + 1;
		m.ns += 20000000;
		m.overdue = false;
		assert_true(gs_net_rtp_parse(&m.rtp, p, m.n));
		st = gs_srtp_streams_offer(t.s, &m, NULL);
		assert_non_null(st);
		waits += k >= sealed && gs_srtp_stream_waits(t.s, st, &m);
		m.overdue = true;
		assert_int_equal(
		    gs_srtp_streams_open(t.s, st, &m, out, &u, NULL), 0);
		assert_int_equal(u.ok, k < sealed);
	}
	close_table(&t);
	assert_int_equal(srtp_dealloc(a.t), srtp_err_status_ok);
	return waits;
}

/* Frames of G.729 in clear behind a key are known by their time: they wait for
 * no search, however many packets the key opened before. */
static void
g729_behind_a_key(void **state)
{
	(void)state;
	assert_int_equal(waits_behind(100), 1);
	assert_int_equal(waits_behind(40000), 1);
}

/* Junk of a form for the announced port: under one SSRC, under many, under that
 * of the call, or of any size. Returns its octets. */
static size_t
junk_of(unsigned form, unsigned i, struct side *call, uint8_t *p, uint64_t *r)
{
	struct side a = { .w = call->w, .ssrc = call->ssrc };
	size_t n = form == 3 ? 20 + rnd(r) % 200 : 170;

	if (form != 2)
		a.ssrc = form == 0 ? 77 : rnd(r);
	n = make(&a, p, (uint16_t)(form == 1 ? rnd(r) : i), n);
	rnd_fill(r, p + 12, n - 12);
	return n;
}

/* A call of which each packet comes between a hundred of junk for its port,
 * five thousand in a second, live: each is opened, and junk costs few tries.
 * They are counted, time is not taken. */
static void
junk_at_the_port(void **state)
{
	enum { PACKETS = 40000, EACH = 100 };

	(void)state;
	for (unsigned form = 0; form < 4; form++) {
		struct world w = { 0 };
		struct gs_srtp_streams_options o = { .roc_max = 4096,
			.tries = 1 << 20,
			.live = true };
		struct table t;
		struct gs_srtp_key key = { .n = 30,
			.media = { .version = 4,
			    .ip = { 192, 0, 2, 9 },
			    .port = 30000 } };
		uint32_t aligned[ROOM / 4];
		uint8_t *p = (uint8_t *)aligned;
		uint64_t r = 7;
		size_t oks = 0;

		open_table(&t, &o);
		struct side a = side(&w, 0, 1, 0);
		memcpy(key.keysalt, a.keysalt, 30);
		assert_int_equal(gs_srtp_keyring_add(t.ring, &key), 0);
		gs_srtp_announced_at(t.announced, &key.media)->secure = true;
		struct gs_srtp_media_packet m = { .p = p,
			.ns = 1,
			.src = key.media,
			.dst = key.media };
		m.src.port = 20000;
		for (unsigned i = 0; i < PACKETS; i++) {
			bool call = i % EACH == 0;

			m.n = call ?
			    protect(&a, p,
				make(&a, p, (uint16_t)(i / EACH), 160)) :
			    junk_of(form, i, &a, p, &r);
			m.ssrc = gs_be32(p + 8);
			m.frame = i + 1;
			m.ns += 200000;
			oks += opens(&t, &m);
		}
		assert_int_equal(oks, PACKETS / EACH);
		assert_in_range(gs_srtp_streams_tries(t.s), 1,
		    (1 << 20) + (8 + 40) * PACKETS);
		close_table(&t);
		assert_int_equal(srtp_dealloc(a.t), srtp_err_status_ok);
	}
}

/* Ten thousand streams at a time, each with its key, and later more than there
 * is room for without one: those with a key stay, and are opened to the last
 * packet; of the others it is said how many were let go. */
static void
many_streams(void **state)
{
	enum { KEYED = 10000, JUNK = 4000, TURNS = 4 };
	struct gs_srtp_streams_options o = { .roc_max = 64,
		.engine = GS_ENGINE_LIBCRYPTO };
	struct table t;
	uint8_t p[ROOM];
	struct gs_srtp_media_packet m = { .ns = 1, .p = p };
	size_t opened = 0;

	(void)state;
	open_table(&t, &o);
	m.src = (struct gs_net_addr){ .version = 4, .ip = { 192, 0, 2, 1 } };
	m.dst = (struct gs_net_addr){ .version = 4, .ip = { 192, 0, 2, 2 } };
	for (unsigned i = 0; i < TURNS * (KEYED + JUNK); i++) {
		unsigned k = i % (KEYED + JUNK), turn = i / (KEYED + JUNK);
		struct own_master master = { .n = 16 };
		struct side a = { .ssrc = k };

		if (k >= KEYED && turn < 2)
			continue;
		m.src.port = (uint16_t)(10000 + k);
		master.keysalt[0] = (uint8_t)k;
		master.keysalt[1] = (uint8_t)(k >> 8);
		m.n = make(&a, p, (uint16_t)(1 + turn), 20);
		m.n = own_protect(&master, 1 + turn, p, m.n, 10);
		struct gs_srtp_key key = { .n = 30, .media = m.src };

		memcpy(key.keysalt, master.keysalt, 30);
		if (turn == 0 && k < KEYED)
			assert_int_equal(gs_srtp_keyring_add(t.ring, &key), 0);
		m.ssrc = k;
		m.frame = i + 1;
		bool ok = opens(&t, &m);

		assert_false(ok && k >= KEYED);
		opened += ok;
	}
	/* The first packet of each was opened before it was sure. */
	assert_int_equal(opened, (TURNS - 1) * KEYED);
	assert_true(gs_srtp_streams_let_go(t.s).streams >= JUNK);
	assert_true(gs_srtp_streams_let_go(t.s).unsure > 0);
	close_table(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_suite),
		cmocka_unit_test(gcm_salt_behind_zeros),
		cmocka_unit_test(gcm_in_clear),
		cmocka_unit_test(libsrtp2_alone),
		cmocka_unit_test(wrong_tag_length),
		cmocka_unit_test(unknown_suite),
		cmocka_unit_test(null_auth_is_a_guess),
		cmocka_unit_test(start_mid_call),
		cmocka_unit_test(start_given),
		cmocka_unit_test(wrap_and_late),
		cmocka_unit_test(late_from_before_the_start),
		cmocka_unit_test(gaps),
		cmocka_unit_test(damaged_packets),
		cmocka_unit_test(header_shapes),
		cmocka_unit_test(hidden_headers),
		cmocka_unit_test(hidden_extensions),
		cmocka_unit_test(both_directions_one_ssrc),
		cmocka_unit_test(ssrc_change),
		cmocka_unit_test(rekeying),
		cmocka_unit_test(rekey_with_new_sequence),
		cmocka_unit_test(roc_reset),
		cmocka_unit_test(what_receivers_reject),
		cmocka_unit_test(relayed_under_another_header),
		cmocka_unit_test(two_calls_alike),
		cmocka_unit_test(alike_without_call_id),
		cmocka_unit_test(alike_and_in_clear),
		cmocka_unit_test(moved_by_nat),
		cmocka_unit_test(text_in_packets),
		cmocka_unit_test(answer_of_another_tag),
		cmocka_unit_test(clear_before_and_behind),
		cmocka_unit_test(announced_after_unknown),
		cmocka_unit_test(announced_another),
		cmocka_unit_test(announced_behind_a_wrap),
		cmocka_unit_test(announced_after_very_many),
		cmocka_unit_test(a_few_in_the_middle),
		cmocka_unit_test(another_address_than_in_sdp),
		cmocka_unit_test(hold_and_transfer),
		cmocka_unit_test(forked_early_media),
		cmocka_unit_test(two_directions_compared),
		cmocka_unit_test(turn),
		cmocka_unit_test(mkis),
		cmocka_unit_test(wrong_mki),
		cmocka_unit_test(layout_changes),
		cmocka_unit_test(rtcps),
		cmocka_unit_test(parameters),
		cmocka_unit_test(rate_is_not_used),
		cmocka_unit_test(second_packet_for_short_tags),
		cmocka_unit_test(one_packet_is_no_proof),
		cmocka_unit_test(key_comes_late),
		cmocka_unit_test(nothing_follows),
		cmocka_unit_test(half_is_lost),
		cmocka_unit_test(key_never_comes),
		cmocka_unit_test(hold_is_bounded),
		cmocka_unit_test(plain_and_junk),
		cmocka_unit_test(sizes_of_plain_frames),
		cmocka_unit_test(plain_by_content),
		cmocka_unit_test(half_in_clear),
		cmocka_unit_test(few_encrypted_in_clear),
		cmocka_unit_test(one_before_clear),
		cmocka_unit_test(few_short_packets),
		cmocka_unit_test(short_tags_of_short_frames),
		cmocka_unit_test(few_in_clear_by_sdp),
		cmocka_unit_test(sizes_where_dtls_was),
		cmocka_unit_test(named_sizes),
		cmocka_unit_test(any_size_around_a_key),
		cmocka_unit_test(few_of_any_size),
		cmocka_unit_test(unknown_between_clear),
		cmocka_unit_test(any_size_half_in_clear),
		cmocka_unit_test(small_from_a_later_roc),
		cmocka_unit_test(g729_around_a_key),
		cmocka_unit_test(padded_in_clear),
		cmocka_unit_test(padded_and_sealed),
		cmocka_unit_test(noise_in_clear),
		cmocka_unit_test(noise_behind_pattern),
		cmocka_unit_test(digits_in_clear_behind),
		cmocka_unit_test(announced_in_clear),
		cmocka_unit_test(beside_zrtp),
		cmocka_unit_test(other_protocols),
		cmocka_unit_test(junk_streams),
		cmocka_unit_test(no_tries_left),
		cmocka_unit_test(junk_before_a_call),
		cmocka_unit_test(junk_before_a_late_call),
		cmocka_unit_test(bounded_work),
		cmocka_unit_test(g729_behind_a_key),
		cmocka_unit_test(junk_at_the_port),
		cmocka_unit_test(many_streams),
	};

	if (srtp_init() != srtp_err_status_ok)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
