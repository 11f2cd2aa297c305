/* SPDX-License-Identifier: MIT */
/* DTLS between two ends of libssl in this process, with datagrams that are
 * fragmented, lost, sent again and out of order: the keys of SRTP are those
 * that both ends export. And DTLS 1.3, which libssl does not have, as RFC 9147
 * lays it out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include "base/bytes.h"
#include "srtp/dtls.h"
#include "srtp/keyring.h"
#include "tls/dtls.h"
#include "tls_ends.h"

enum { KEYS = 88, DATAGRAMS = 64, DATAGRAM = 4096 };

#define LABEL "EXTRACTOR-dtls_srtp"

/* How the two ends are set up, and what happens on the way. */
struct setup {
	int version;
	const char *suites;
	const char *profiles;
	uint64_t off; /* SSL_OP_NO_… */
	unsigned mtu; /* 0: everything in one piece */
	bool by_rsa; /* the server's key, no key log */
	bool cookie; /* HelloVerifyRequest */
	bool certificate; /* of the client, too */
	bool late; /* the key log comes at the end */
	bool last; /* of all handshakes */
	bool loses; /* every third datagram does not arrive at first */
	bool hides; /* and is not seen, either */
	bool swaps; /* two datagrams of a flight change places */
	bool twice; /* each datagram is seen twice */
	bool resumes; /* a second handshake on the port, not logged */
	bool again; /* a second one, from nothing */
	bool renews; /* a second one inside the first */
	bool cid; /* encrypted records are seen with a connection ID */
};

struct datagram {
	unsigned n;
	char bytes[DATAGRAM];
};

/* What an end has written and the other has not read. */
struct wire {
	struct datagram list[DATAGRAMS];
	unsigned n;
};

struct bench {
	struct ends ends;
	const struct setup *s;
	SSL_CTX *ctx[2];
	SSL *ssl[2];
	struct wire out[2];
	struct wire in[2];
	struct gs_tls_keylog *log;
	struct gs_tls_rsa *rsa;
	const struct gs_tls_rsa *rsa_list;
	struct gs_tls_holder holder;
	struct gs_tls_dtls *dtls;
	struct gs_srtp_dtls *pairs;
	struct gs_srtp_keyring *ring;
	bool answered; /* the client knows where the server is */
	unsigned sent; /* datagrams */
	unsigned given; /* handshakes */
	unsigned client;
	unsigned profile;
	uint8_t keys[KEYS];
};

static EVP_PKEY *rsa_key;
static X509 *certificate;
static BIO_METHOD *method;

/* ---- datagrams */

static int
on_write(BIO *bio, const char *p, int n)
{
	struct wire *w = &((struct bench *)BIO_get_app_data(bio))
			      ->out[BIO_get_init(bio) - 1];

	assert_true(w->n < DATAGRAMS && n <= DATAGRAM);
	w->list[w->n].n = (unsigned)n;
	memcpy(w->list[w->n++].bytes, p, (size_t)n);
	return n;
}

static int
on_read(BIO *bio, char *p, int n)
{
	struct wire *w =
	    &((struct bench *)BIO_get_app_data(bio))->in[BIO_get_init(bio) - 1];

	BIO_clear_retry_flags(bio);
	if (w->n == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	int k = (int)w->list[0].n < n ? (int)w->list[0].n : n;
	memcpy(p, w->list[0].bytes, (size_t)k);
	memmove(w->list, w->list + 1, --w->n * sizeof(w->list[0]));
	return k;
}

static long
on_ctrl(BIO *bio, int what, long a, void *b)
{
	(void)bio, (void)a, (void)b;
	return what == BIO_CTRL_FLUSH ||
	    what == BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT;
}

/* When a lost flight is sent again, in microseconds; libssl takes less than
 * 15 ms for nothing. */
static unsigned
on_timer(SSL *ssl, unsigned us)
{
	(void)ssl, (void)us;
	return 30000;
}

static void
wait_for_timer(void)
{
	const struct timespec t = { .tv_nsec = 20000000 };

	(void)nanosleep(&t, NULL);
}

/* The client, the server, and where the client thinks that it is. */
static const struct gs_net_addr addrs[] = {
	{ .ip = { 192, 0, 2, 1 }, .port = 1000, .version = 4 },
	{ .ip = { 192, 0, 2, 2 }, .port = 2000, .version = 4 },
	{ .ip = { 192, 0, 2, 9 }, .port = 2000, .version = 4 },
};

/* The datagram g as ends send it that agreed on connection IDs of four octets:
 * their encrypted records have another type and the ID before the length (RFC
 * 9146 section 4). */
static struct datagram
with_cid(const struct datagram *g)
{
	enum { RECORD = 13, LENGTH_AT = 11, CID_TYPE = 25 };
	struct datagram out = { .n = 0 };

	for (unsigned at = 0, n; at < g->n; at += n) {
		const uint8_t *p = (const uint8_t *)g->bytes + at;
		bool clear = gs_be16(p + 3) == 0;
		char *to = out.bytes + out.n;

		n = RECORD + gs_be16(p + LENGTH_AT);
		memcpy(to, p, LENGTH_AT);
		if (!clear) {
			to[0] = CID_TYPE;
			memcpy(to + LENGTH_AT, "\xfe\xfd\x00\x01", 4);
		}
		memcpy(to + LENGTH_AT + (clear ? 0 : 4), p + LENGTH_AT,
		    n - LENGTH_AT);
		out.n += n + (clear ? 0 : 4);
	}
	return out;
}

static void
see(struct bench *b, unsigned i, const struct datagram *sent)
{
	const struct datagram seen = b->s->cid ? with_cid(sent) : *sent;
	const struct datagram *g = &seen;
	const struct gs_tls_dtls_place place = { 0 };
	const struct gs_srtp_dtls_datagram d = { &addrs[i],
		&addrs[i ? 0 : 2 - b->answered], gs_span(g->bytes, g->n), 7, 1,
		0 };

	b->answered |= i;
	assert_int_equal(gs_srtp_dtls_take(b->pairs, &d), 0);

	assert_int_equal(
	    gs_tls_dtls_feed(b->dtls, i, gs_span(g->bytes, g->n), &place), 0);
}

static void
read_log(struct bench *b)
{
	struct gs_tls_keylines l = { 0 };

	assert_int_equal(
	    gs_tls_keylog_read(b->log, &l, gs_buf_span(&b->ends.lines), true),
	    0);
	gs_buf_clear(&b->ends.lines);
}

/* Carries what end i has written to the other, and past the reader. */
static bool
carry(struct bench *b, unsigned i)
{
	struct wire *out = &b->out[i], *in = &b->in[!i];
	const struct setup *s = b->s;
	bool more = out->n > 0;

	if (!s->late && !s->last && !s->by_rsa)
		read_log(b);
	if (s->swaps && out->n > 1) {
		struct datagram d = out->list[out->n - 1];

		out->list[out->n - 1] = out->list[out->n - 2];
		out->list[out->n - 2] = d;
	}
	for (unsigned k = 0; k < out->n; k++) {
		bool lost = s->loses && b->sent++ % 3 == 1 && b->sent < 24;

		if (!lost || !s->hides)
			see(b, i, &out->list[k]);
		if (s->twice)
			see(b, i, &out->list[k]);
		if (!lost)
			in->list[in->n++] = out->list[k];
	}
	out->n = 0;
	return more;
}

/* ---- the two ends */

static int
make_cookie(SSL *ssl, unsigned char *cookie, unsigned *n)
{
	(void)ssl;
	memcpy(cookie, "cookie", 6);
	*n = 6;
	return 1;
}

static int
is_cookie(SSL *ssl, const unsigned char *cookie, unsigned n)
{
	(void)ssl;
	return n == 6 && memcmp(cookie, "cookie", 6) == 0;
}

static void
on_agreed(void *arg, const struct gs_tls_dtls_srtp *srtp)
{
	struct bench *b = arg;

	assert_true(srtp->handshake->chosen);
	assert_int_equal(srtp->handshake->profiles, 1);
	b->given++;
	b->client = srtp->client;
	b->profile = srtp->handshake->profile[0];
	assert_int_equal(gs_tls_handshake_export(srtp->handshake, LABEL,
			     b->keys, sizeof(b->keys)),
	    0);
}

static void
set_up(struct bench *b, int i)
{
	const struct setup *s = b->s;
	SSL_CTX *ctx = SSL_CTX_new(DTLS_method());

	SSL_CTX_set_security_level(ctx, 0);
	assert_int_equal(SSL_CTX_set_min_proto_version(ctx, s->version), 1);
	assert_int_equal(SSL_CTX_set_max_proto_version(ctx, s->version), 1);
	assert_int_equal(SSL_CTX_set_cipher_list(ctx, s->suites), 1);
	/* It returns 0 when all is well. */
	assert_int_equal(SSL_CTX_set_tlsext_use_srtp(ctx, s->profiles), 0);
	SSL_CTX_set_options(ctx,
	    s->off | SSL_OP_NO_QUERY_MTU | SSL_OP_ALLOW_CLIENT_RENEGOTIATION |
		(s->cookie ? SSL_OP_COOKIE_EXCHANGE : 0));
	SSL_CTX_set_keylog_callback(ctx, ends_on_line);
	if (i == 1 || s->certificate) {
		SSL_CTX_use_certificate(ctx, certificate);
		SSL_CTX_use_PrivateKey(ctx, rsa_key);
	}
	if (i == 1) {
		SSL_CTX_set_session_id_context(ctx, (const uint8_t *)"x", 1);
		SSL_CTX_set_cookie_generate_cb(ctx, make_cookie);
		SSL_CTX_set_cookie_verify_cb(ctx, is_cookie);
		if (s->certificate)
			SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER,
			    ends_accept_any);
	} else {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
		SSL_CTX_sess_set_new_cb(ctx, ends_on_session);
	}
	b->ctx[i] = ctx;
}

static void
begin(struct bench *b)
{
	for (int i = 0; i < 2; i++) {
		BIO *bio = BIO_new(method);

		BIO_set_app_data(bio, b);
		BIO_set_init(bio, i + 1);
		b->ssl[i] = SSL_new(b->ctx[i]);
		SSL_set_app_data(b->ssl[i], b);
		SSL_set_bio(b->ssl[i], bio, bio);
		SSL_set_mtu(b->ssl[i],
		    (long)(b->s->mtu > 0 ? b->s->mtu : DATAGRAM));
		DTLS_set_timer_cb(b->ssl[i], on_timer);
		if (i)
			SSL_set_accept_state(b->ssl[i]);
		else
			SSL_set_connect_state(b->ssl[i]);
	}
}

static void
end(struct bench *b)
{
	for (int i = 0; i < 2; i++) {
		SSL_shutdown(b->ssl[i]);
		SSL_free(b->ssl[i]);
		b->in[i].n = b->out[i].n = 0;
	}
}

static bool
is_finished(const struct bench *b)
{
	return SSL_is_init_finished(b->ssl[0]) &&
	    SSL_is_init_finished(b->ssl[1]);
}

/* Lets both ends work until they have shaken hands. */
static void
shake(struct bench *b)
{
	for (int turn = 0; turn < 200; turn++) {
		bool moved = false;

		for (unsigned i = 0; i < 2; i++) {
			char byte;

			(void)SSL_read(b->ssl[i], &byte, 1);
			moved |= carry(b, i);
		}
		if (!moved && is_finished(b))
			break;
		if (!moved)
			wait_for_timer();
	}
	ERR_clear_error();
	assert_true(is_finished(b));
}

/* The ring has what an end sends with: key and salt, cut off the keys. */
static void
compare_ring(struct bench *b, unsigned i)
{
	size_t at = gs_srtp_keyring_of_port(b->ring, addrs[i].port);
	const struct gs_srtp_key *k = gs_srtp_keyring_at(b->ring, at);
	size_t salt, key;

	assert_non_null(k);
	assert_memory_equal(&k->media, &addrs[i], sizeof(addrs[i]));
	assert_int_equal(k->line, 7);
	assert_int_equal(k->suite->profile, b->profile);
	key = k->suite->key;
	salt = k->suite->salt;
	if (2 * (key + salt) > KEYS)
		return;
	assert_memory_equal(k->keysalt, b->keys + i * key, key);
	assert_memory_equal(k->keysalt + key, b->keys + 2 * key + i * salt,
	    salt);
}

/* The keys that were read are those of both ends. */
static void
compare(struct bench *b, unsigned handshakes)
{
	uint8_t keys[KEYS];

	if (b->s->last && handshakes < 3)
		return;
	if (b->s->last) {
		assert_int_equal(b->given, 0);
		read_log(b);
		assert_int_equal(gs_tls_dtls_retry(b->dtls), 0);
	}
	if (b->s->late) {
		assert_int_equal(b->given, handshakes - 1);
		read_log(b);
		assert_int_equal(gs_tls_dtls_retry(b->dtls), 0);
	}
	assert_int_equal(b->given, handshakes);
	assert_int_equal(b->client, 0);
	assert_null(gs_tls_dtls_why(b->dtls));
	assert_int_equal(gs_srtp_dtls_retry(b->pairs), 0);
	assert_null(gs_srtp_dtls_why(b->pairs, &addrs[0], &addrs[1]));
	assert_int_equal(gs_srtp_keyring_size(b->ring), 2 * handshakes);
	for (unsigned i = 0; i < 2; i++) {
		compare_ring(b, i);
		assert_int_equal(SSL_export_keying_material(b->ssl[i], keys,
				     KEYS, LABEL, strlen(LABEL), NULL, 0, 0),
		    1);
		assert_memory_equal(keys, b->keys, KEYS);
		assert_int_equal(SSL_get_selected_srtp_profile(b->ssl[i])->id,
		    b->profile);
	}
}

static void
once_more(struct bench *b, unsigned handshakes)
{
	if (b->s->renews) {
		assert_int_equal(SSL_renegotiate(b->ssl[0]), 1);
		(void)SSL_do_handshake(b->ssl[0]);
		shake(b);
	} else {
		end(b);
		b->ends.logs = !b->s->resumes;
		begin(b);
		if (b->s->resumes)
			SSL_set_session(b->ssl[0], b->ends.session);
		shake(b);
		assert_int_equal(SSL_session_reused(b->ssl[0]), b->s->resumes);
	}
	compare(b, handshakes);
}

static void
run(const struct setup *s)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct gs_err err;

	b->s = s;
	b->ends.logs = true;
	b->log = gs_tls_keylog_new();
	b->holder = (struct gs_tls_holder){ b->log, &b->rsa_list };
	b->dtls = gs_tls_dtls_new(&b->holder, on_agreed, b);
	b->ring = gs_srtp_keyring_new(NULL);
	b->pairs = gs_srtp_dtls_new(b->ring, &b->holder, NULL);
	gs_buf_init(&b->ends.lines, SIZE_MAX);
	if (s->by_rsa) {
		unsigned char *der = NULL;
		int n = i2d_PrivateKey(rsa_key, &der);

		assert_int_equal(gs_tls_rsa_read(&b->rsa,
				     gs_span(der, (size_t)n), GS_LIT(""), &err),
		    1);
		OPENSSL_free(der);
		b->rsa_list = b->rsa;
	}
	set_up(b, 0);
	set_up(b, 1);
	begin(b);
	shake(b);
	compare(b, 1);
	if (s->resumes || s->again || s->renews)
		once_more(b, 2);
	if (s->renews)
		once_more(b, 3);
	end(b);
	SSL_SESSION_free(b->ends.session);
	for (int i = 0; i < 2; i++)
		SSL_CTX_free(b->ctx[i]);
	gs_tls_dtls_free(b->dtls);
	gs_srtp_dtls_free(b->pairs);
	gs_srtp_keyring_free(b->ring);
	gs_tls_keylog_free(b->log);
	gs_tls_rsa_free(b->rsa);
	gs_buf_free(&b->ends.lines);
	free(b);
}

#define ECDHE "ECDHE-RSA-AES128-SHA"
#define ALL                                                                    \
	"SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32:"                       \
	"SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM"

/* What happens to datagrams, for both versions and ways to a secret. */
static void
every_way(void **state)
{
	static const struct setup list[] = {
		{ .mtu = 0 },
		{ .mtu = 256 },
		{ .mtu = 256, .cookie = true },
		{ .mtu = 256, .cookie = true, .certificate = true },
		{ .mtu = 256, .loses = true },
		{ .mtu = 256, .loses = true, .hides = true },
		{ .mtu = 256,
		    .loses = true,
		    .cookie = true,
		    .certificate = true },
		{ .mtu = 256, .swaps = true },
		{ .mtu = 256, .twice = true, .cookie = true },
		{ .resumes = true },
		{ .resumes = true, .off = SSL_OP_NO_TICKET },
		{ .again = true },
		{ .cid = true },
		{ .cid = true, .again = true, .mtu = 256 },
		{ .again = true, .cookie = true, .mtu = 256, .loses = true },
		{ .renews = true },
		{ .renews = true, .mtu = 256 },
		{ .off = SSL_OP_NO_ENCRYPT_THEN_MAC, .renews = true },
		{ .off = SSL_OP_NO_EXTENDED_MASTER_SECRET },
		{ .off = SSL_OP_NO_EXTENDED_MASTER_SECRET, .again = true },
		{ .renews = true, .last = true },
		{ .renews = true, .last = true, .mtu = 256 },
	};
	static const int versions[] = { DTLS1_VERSION, DTLS1_2_VERSION };

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		for (unsigned j = 0; j < 4; j++) {
			struct setup s = list[i];

			s.version = versions[j % 2];
			s.by_rsa = j / 2 && !s.last;
			s.suites = s.by_rsa ? "AES128-SHA" : ECDHE;
			s.profiles = ALL;
			print_message("way %zu %u\n", i, j);
			run(&s);
			if (s.by_rsa || s.renews || s.resumes)
				continue;
			s.late = true;
			run(&s);
		}
}

static void
every_profile(void **state)
{
	static const char *const profiles[] = { "SRTP_AES128_CM_SHA1_80",
		"SRTP_AES128_CM_SHA1_32", "SRTP_AEAD_AES_128_GCM",
		"SRTP_AEAD_AES_256_GCM" };
	static const char *const suites[] = { "ECDHE-RSA-AES256-GCM-SHA384",
		"ECDHE-RSA-CHACHA20-POLY1305", "AES256-GCM-SHA384" };

	(void)state;
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 3; j++) {
			struct setup s = { .version = DTLS1_2_VERSION,
				.suites = suites[j],
				.profiles = profiles[i],
				.by_rsa = j == 2,
				.renews = true };

			run(&s);
		}
}

/* ---- DTLS 1.3 (RFC 9147), by hand */

struct hello {
	struct gs_tls_keylog *log;
	struct gs_tls_holder holder;
	struct gs_tls_dtls *dtls;
	unsigned given;
	unsigned profiles;
	unsigned mki_n;
	uint64_t mki;
	uint64_t frame; /* of the newest datagram; where it began */
	uint64_t began;
	uint8_t keys[KEYS];
};

static void
on_agreed_13(void *arg, const struct gs_tls_dtls_srtp *srtp)
{
	struct hello *h = arg;

	assert_int_equal(srtp->client, 1);
	assert_false(srtp->handshake->chosen);
	h->given++;
	h->profiles = (unsigned)srtp->handshake->profiles;
	h->mki_n = srtp->handshake->mki_n;
	h->mki = srtp->handshake->mki;
	h->began = srtp->place.frame;
	assert_int_equal(gs_tls_handshake_export(srtp->handshake, LABEL,
			     h->keys, sizeof(h->keys)),
	    0);
}

static void
put16(struct gs_buf *b, unsigned v)
{
	gs_buf_putc(b, (int)(v >> 8));
	gs_buf_putc(b, (int)(v & 255));
}

static void
put24(struct gs_buf *b, unsigned v)
{
	gs_buf_putc(b, (int)(v >> 16));
	put16(b, v & 0xffff);
}

static void
put_many(struct gs_buf *b, int octet, unsigned n)
{
	while (n-- > 0)
		gs_buf_putc(b, octet);
}

/* What both hellos begin with. */
static void
put_head(struct gs_buf *b, int random)
{
	put16(b, 0xfefd);
	put_many(b, random, GS_TLS_RANDOM);
	gs_buf_putc(b, 0); /* session ID */
}

static void
put_client_hello(struct gs_buf *b)
{
	put_head(b, 0xc1);
	gs_buf_putc(b, 0); /* cookie */
	put16(b, 4);
	put16(b, 0x1301);
	put16(b, 0x1302);
	put16(b, 0x0100); /* compression: none */
	put16(b, 7 + 15 + 304);
	put16(b, 43); /* supported_versions */
	put16(b, 3);
	gs_buf_putc(b, 2);
	put16(b, 0xfefc);
	put16(b, 14); /* use_srtp */
	put16(b, 11);
	put16(b, 6);
	put16(b, 0x0008);
	put16(b, 0x0007);
	put16(b, 0x0001);
	gs_buf_putc(b, 2);
	put16(b, 0xabcd);
	put16(b, 51); /* what makes it too long for one datagram */
	put16(b, 300);
	put_many(b, 0, 300);
}

static void
put_server_hello(struct gs_buf *b, int random, unsigned suite)
{
	static const uint8_t retry[] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a,
		0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
		0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

	put_head(b, random);
	if (random == 0)
		memcpy(b->p + 2, retry, sizeof(retry));
	put16(b, suite);
	gs_buf_putc(b, 0);
	put16(b, 6);
	put16(b, 43);
	put16(b, 2);
	put16(b, 0xfefc);
}

/* Sends a message in pieces of so many octets. */
static void
send_message(struct hello *h, unsigned side, unsigned type, unsigned seq,
    struct gs_buf *m, size_t piece)
{
	for (size_t at = 0; at < m->n; at += piece) {
		size_t n = m->n - at < piece ? m->n - at : piece;
		const struct gs_tls_dtls_place place = { .frame = ++h->frame };
		struct gs_buf b;

		gs_buf_init(&b, SIZE_MAX);
		gs_buf_putc(&b, 22);
		put16(&b, 0xfefd);
		put_many(&b, 0, 8); /* epoch, number */
		put16(&b, (unsigned)n + 12);
		gs_buf_putc(&b, (int)type);
		put24(&b, (unsigned)m->n);
		put16(&b, seq);
		put24(&b, (unsigned)at);
		put24(&b, (unsigned)n);
		gs_buf_put(&b, m->p + at, n);
		/* What is encrypted follows in the same datagram. */
		if (side == 0)
			gs_buf_puts(&b, "\x2e\x01\x02 encrypted");
		assert_int_equal(
		    gs_tls_dtls_feed(h->dtls, side, gs_buf_span(&b), &place),
		    0);
		gs_buf_free(&b);
	}
	gs_buf_clear(m);
}

static void
derive_13(const char *hash, struct gs_span secret, const char *label,
    struct gs_span data, uint8_t *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS13-KDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
		    (char *)(uintptr_t)hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
		    (void *)(uintptr_t)secret.p, secret.n),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PREFIX,
		    (void *)(uintptr_t) "dtls13", 6),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL,
		    (void *)(uintptr_t)label, strlen(label)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_DATA,
		    (void *)(uintptr_t)data.p, data.n),
		OSSL_PARAM_construct_end(),
	};

	assert_int_equal(EVP_KDF_derive(ctx, out, n, params), 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

/* The keys that the secret gives, computed by libcrypto's own TLS 1.3. */
static void
compare_13(const struct hello *h, const char *hash, const uint8_t *secret)
{
	uint8_t empty[64], derived[64], keys[KEYS];
	size_t n;

	EVP_Q_digest(NULL, hash, NULL, "", 0, empty, &n);
	derive_13(hash, gs_span(secret, n), LABEL, gs_span(empty, n), derived,
	    n);
	derive_13(hash, gs_span(derived, n), "exporter", gs_span(empty, n),
	    keys, KEYS);
	assert_memory_equal(keys, h->keys, KEYS);
}

static void
run_13(unsigned suite, const char *hash, unsigned secret_n, bool retries)
{
	struct hello h = { .log = gs_tls_keylog_new() };
	uint8_t secret[48];
	struct gs_buf b;
	char line[256], hex[97] = "";

	h.holder = (struct gs_tls_holder){ .log = h.log };
	h.dtls = gs_tls_dtls_new(&h.holder, on_agreed_13, &h);
	gs_buf_init(&b, SIZE_MAX);
	put_server_hello(&b, 0x51, suite);
	send_message(&h, 0, 2, 0, &b, 1000);
	assert_string_equal(gs_tls_dtls_why(h.dtls),
	    "the capture must contain the whole handshake");
	put_client_hello(&b);
	send_message(&h, 1, 1, 0, &b, 200);
	if (retries) {
		put_server_hello(&b, 0, suite);
		send_message(&h, 0, 2, 0, &b, 1000);
		put_client_hello(&b);
		send_message(&h, 1, 1, 1, &b, 200);
	}
	put_server_hello(&b, 0x51, suite);
	send_message(&h, 0, 2, retries, &b, 1000);
	put_client_hello(&b); /* comes late, again */
	send_message(&h, 1, 1, 0, &b, 200);
	assert_int_equal(h.given, 0);
	assert_string_equal(gs_tls_dtls_why(h.dtls),
	    "a key log with its EXPORTER_SECRET opens it");
	for (unsigned i = 0; i < secret_n; i++)
		secret[i] = (uint8_t)(i * 7 + 1);
	gs_hex_put(hex, secret, secret_n, false);
	(void)snprintf(line, sizeof(line),
	    "EXPORTER_SECRET c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1"
	    "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1 %s",
	    hex);
	struct gs_tls_keylines l = { 0 };
	assert_int_equal(
	    gs_tls_keylog_read(h.log, &l, gs_span(line, strlen(line)), true),
	    0);
	assert_int_equal(gs_tls_dtls_retry(h.dtls), 0);
	assert_int_equal(h.given, 1);
	assert_null(gs_tls_dtls_why(h.dtls));
	assert_int_equal(h.profiles, 3);
	assert_int_equal(h.mki_n, 2);
	assert_int_equal(h.mki, 0xabcd);
	/* Behind a lost hello, and when the client's was whole. */
	assert_int_equal(h.began, 3);
	compare_13(&h, hash, secret);
	gs_buf_free(&b);
	gs_tls_dtls_free(h.dtls);
	gs_tls_keylog_free(h.log);
}

static void
version_13(void **state)
{
	(void)state;
	run_13(0x1301, "SHA256", 32, false);
	run_13(0x1301, "SHA256", 32, true);
	run_13(0x1302, "SHA384", 48, false);
}

/* ---- all */

static int
make_keys(void **state)
{
	(void)state;
	rsa_key = EVP_RSA_gen(2048);
	certificate = ends_certify(rsa_key);
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
	    "datagrams");
	BIO_meth_set_write(method, on_write);
	BIO_meth_set_read(method, on_read);
	BIO_meth_set_ctrl(method, on_ctrl);
	return certificate != NULL ? 0 : -1;
}

static int
free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa_key);
	X509_free(certificate);
	BIO_meth_free(method);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way),
		cmocka_unit_test(every_profile),
		cmocka_unit_test(version_13),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
