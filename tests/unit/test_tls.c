/* SPDX-License-Identifier: MIT */
/* TLS of 1.0 to 1.3 between two ends of libssl in this process: what they said
 * comes out of the bytes that travelled, by key log or by the server's key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "tls/conn.h"
#include "tls_ends.h"

/* How the two ends are set up. */
struct setup {
	int version;
	const char *suites; /* up to 1.2 */
	const char *suites13;
	const char *key; /* "RSA" or "EC" */
	uint64_t off; /* SSL_OP_NO_… */
	bool by_rsa; /* the server's key, no key log */
	bool resumes; /* a second connection, whose lines are not logged */
	bool updates; /* KeyUpdate, or renegotiation up to 1.2 */
	bool retries; /* HelloRetryRequest */
	bool early; /* 0-RTT */
	bool client_certificate;
	bool late; /* the key log comes at the end */
	size_t piece; /* octets at a time; 0: as they come */
	bool gap; /* a record of data is lost */
	enum behind {
		NONE,
		A_STEP, /* packets of an end are seen one too late */
		ALL, /* … behind all of the other's */
	} behind[2];
};

struct bench {
	struct ends ends;
	const struct setup *s;
	SSL_CTX *ctx[2];
	SSL *ssl[2];
	struct gs_tls_keylog *log;
	struct gs_tls_rsa *rsa;
	const struct gs_tls_rsa *rsa_list;
	struct gs_tls_holder holder;
	struct gs_tls_conn *conn;
	struct gs_buf said[2]; /* by client and server */
	struct gs_buf seen[2];
	struct gs_buf late[2]; /* what is not seen yet */
	bool drops; /* bytes of the client are lost */
};

static EVP_PKEY *keys[2];
static X509 *certificates[2];

static int
make_keys(void **state)
{
	(void)state;
	keys[0] = EVP_RSA_gen(2048);
	keys[1] = EVP_EC_gen("P-256");
	for (int i = 0; i < 2; i++)
		certificates[i] = ends_certify(keys[i]);
	return certificates[0] != NULL && certificates[1] != NULL ? 0 : -1;
}

static int
free_keys(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		EVP_PKEY_free(keys[i]);
		X509_free(certificates[i]);
	}
	return 0;
}

static void
on_data(void *arg, unsigned direction, struct gs_span plain)
{
	struct bench *b = arg;

	gs_buf_put(&b->seen[direction], plain.p, plain.n);
}

static void
set_up(struct bench *b, int i)
{
	const struct setup *s = b->s;
	SSL_CTX *ctx =
	    SSL_CTX_new(i ? TLS_server_method() : TLS_client_method());
	int k = s->key != NULL && strcmp(s->key, "EC") == 0;

	SSL_CTX_set_security_level(ctx, 0);
	assert_int_equal(SSL_CTX_set_min_proto_version(ctx, s->version), 1);
	assert_int_equal(SSL_CTX_set_max_proto_version(ctx, s->version), 1);
	if (s->suites != NULL)
		assert_int_equal(SSL_CTX_set_cipher_list(ctx, s->suites), 1);
	if (s->suites13 != NULL)
		assert_int_equal(SSL_CTX_set_ciphersuites(ctx, s->suites13), 1);
	SSL_CTX_set_options(ctx,
	    s->off | SSL_OP_LEGACY_SERVER_CONNECT |
		SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION |
		SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
	SSL_CTX_set_dh_auto(ctx, 1);
	SSL_CTX_set_keylog_callback(ctx, ends_on_line);
	if (i == 1 || s->client_certificate) {
		SSL_CTX_use_certificate(ctx, certificates[k]);
		SSL_CTX_use_PrivateKey(ctx, keys[k]);
	}
	if (i == 1) {
		SSL_CTX_set_session_id_context(ctx, (const uint8_t *)"x", 1);
		if (s->client_certificate)
			SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER,
			    ends_accept_any);
		if (s->retries)
			SSL_CTX_set1_groups_list(ctx, "P-384");
		SSL_CTX_set_max_early_data(ctx, 16384);
	} else {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
		SSL_CTX_sess_set_new_cb(ctx, ends_on_session);
		if (s->retries)
			SSL_CTX_set1_groups_list(ctx, "P-256:P-384");
	}
	b->ctx[i] = ctx;
}

static void
begin(struct bench *b)
{
	b->conn = gs_tls_conn_new(&b->holder, on_data, b);
	assert_non_null(b->conn);
	for (int i = 0; i < 2; i++) {
		gs_buf_init(&b->said[i], SIZE_MAX);
		gs_buf_init(&b->seen[i], SIZE_MAX);
		gs_buf_init(&b->late[i], SIZE_MAX);
		b->ssl[i] = SSL_new(b->ctx[i]);
		SSL_set_app_data(b->ssl[i], b);
		SSL_set_bio(b->ssl[i], BIO_new(BIO_s_mem()),
		    BIO_new(BIO_s_mem()));
		if (i)
			SSL_set_accept_state(b->ssl[i]);
		else
			SSL_set_connect_state(b->ssl[i]);
	}
}

static void
read_log(struct bench *b)
{
	struct gs_tls_keylines lines = { .other = NULL };

	assert_int_equal(gs_tls_keylog_read(b->log, &lines,
			     gs_buf_span(&b->ends.lines), true),
	    0);
	gs_buf_clear(&b->ends.lines);
}

static void
feed(struct bench *b, int i, struct gs_span bytes)
{
	size_t piece = b->s->piece > 0 ? b->s->piece : bytes.n;

	for (size_t at = 0; at < bytes.n; at += piece) {
		size_t n = bytes.n - at < piece ? bytes.n - at : piece;

		assert_int_equal(gs_tls_conn_feed(b->conn, (unsigned)i,
				     gs_span(bytes.p + at, n)),
		    0);
	}
}

static void
feed_late(struct bench *b, int i)
{
	feed(b, i, gs_buf_span(&b->late[i]));
	gs_buf_clear(&b->late[i]);
}

/* Carries what end i has written to the other, and past the connection. */
static bool
carry(struct bench *b, int i)
{
	char bytes[65536];
	int n = BIO_read(SSL_get_wbio(b->ssl[i]), bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	assert_int_equal(BIO_write(SSL_get_rbio(b->ssl[!i]), bytes, n), n);
	if (!b->s->late && !b->s->by_rsa)
		read_log(b);
	if (b->drops && i == 0) {
		gs_tls_conn_gap(b->conn, 0);
		return true;
	}
	if (b->s->behind[i] == A_STEP)
		feed_late(b, i);
	if (b->s->behind[i] == NONE)
		feed(b, i, gs_span(bytes, (size_t)n));
	else
		gs_buf_put(&b->late[i], bytes, (size_t)n);
	return true;
}

/* Lets both ends work until nothing moves. */
static void
settle(struct bench *b)
{
	char bytes[32768];
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < 2; i++) {
			int n = SSL_read(b->ssl[i], bytes, sizeof(bytes));

			if (n > 0)
				more = true;
			more |= carry(b, i);
		}
	}
	ERR_clear_error();
}

static void
say(struct bench *b, int i, const char *text, size_t n)
{
	if (!b->drops)
		gs_buf_put(&b->said[i], text, n);
	assert_int_equal(SSL_write(b->ssl[i], text, (int)n), (int)n);
	settle(b);
}

static void
talk(struct bench *b)
{
	static char large[40000];

	memset(large, 'x', sizeof(large));
	say(b, 0, "REGISTER sip:pbx SIP/2.0\r\n", 26);
	say(b, 1, "SIP/2.0 401 Unauthorized\r\n", 26);
	say(b, 0, large, sizeof(large));
	say(b, 1, "", 0 + 1);
}

static void
renew(struct bench *b)
{
	if (b->s->version == TLS1_3_VERSION) {
		assert_int_equal(
		    SSL_key_update(b->ssl[0], SSL_KEY_UPDATE_REQUESTED), 1);
	} else {
		assert_int_equal(SSL_renegotiate(b->ssl[0]), 1);
		(void)SSL_do_handshake(b->ssl[0]);
	}
	settle(b);
}

static void
end(struct bench *b)
{
	gs_tls_conn_free(b->conn);
	for (int i = 0; i < 2; i++) {
		SSL_shutdown(b->ssl[i]);
		SSL_free(b->ssl[i]);
		gs_buf_free(&b->said[i]);
		gs_buf_free(&b->seen[i]);
		gs_buf_free(&b->late[i]);
	}
}

/* All that was said was seen. */
static void
compare(struct bench *b)
{
	feed_late(b, 0);
	feed_late(b, 1);
	if (b->s->late) {
		assert_int_equal(b->seen[0].n, 0);
		read_log(b);
		assert_int_equal(gs_tls_conn_retry(b->conn), 0);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(b->seen[i].n, b->said[i].n);
		assert_memory_equal(b->seen[i].p, b->said[i].p, b->said[i].n);
	}
}

static void
shake(struct bench *b)
{
	settle(b);
	assert_true(SSL_is_init_finished(b->ssl[0]));
	assert_true(SSL_is_init_finished(b->ssl[1]));
}

static void
lose(struct bench *b)
{
	b->drops = true;
	say(b, 0, "NOTIFY lost", 11);
	say(b, 0, "NOTIFY lost, too", 16);
	b->drops = false;
	/* Of TLS 1.0 a record shows how the next one begins; usually that
	 * is an empty one. */
	if (b->s->off & SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) {
		assert_int_equal(SSL_write(b->ssl[0], "NOTIFY chain", 12), 12);
		settle(b);
	}
	say(b, 0, "BYE sip:pbx SIP/2.0\r\n", 21);
}

static void
resume(struct bench *b)
{
	size_t n;
	char early[64];

	b->ends.logs = b->s->version == TLS1_3_VERSION;
	end(b);
	begin(b);
	SSL_set_session(b->ssl[0], b->ends.session);
	if (b->s->early) {
		assert_int_equal(
		    SSL_write_early_data(b->ssl[0], "OPTIONS x", 9, &n), 1);
		gs_buf_put(&b->said[0], "OPTIONS x", 9);
		carry(b, 0);
		assert_int_equal(
		    SSL_read_early_data(b->ssl[1], early, sizeof(early), &n),
		    SSL_READ_EARLY_DATA_SUCCESS);
		assert_int_equal(n, 9);
		assert_int_equal(
		    SSL_read_early_data(b->ssl[1], early, sizeof(early), &n),
		    SSL_READ_EARLY_DATA_ERROR);
		(void)carry(b, 1);
		(void)SSL_do_handshake(b->ssl[0]);
		(void)carry(b, 0);
		assert_int_equal(
		    SSL_read_early_data(b->ssl[1], early, sizeof(early), &n),
		    SSL_READ_EARLY_DATA_FINISH);
	}
	shake(b);
	assert_true(SSL_session_reused(b->ssl[0]));
	talk(b);
	compare(b);
}

static void
run(const struct setup *s)
{
	struct bench b = { .s = s, .ends.logs = true };
	struct gs_err err;

	b.log = gs_tls_keylog_new();
	b.holder = (struct gs_tls_holder){ b.log, &b.rsa_list };
	gs_buf_init(&b.ends.lines, SIZE_MAX);
	if (s->by_rsa) {
		unsigned char *der = NULL;
		int n = i2d_PrivateKey(keys[0], &der);

		assert_int_equal(gs_tls_rsa_read(&b.rsa,
				     gs_span(der, (size_t)n), GS_LIT(""), &err),
		    1);
		OPENSSL_free(der);
		b.rsa_list = b.rsa;
	}
	set_up(&b, 0);
	set_up(&b, 1);
	begin(&b);
	shake(&b);
	talk(&b);
	if (s->updates) {
		renew(&b);
		talk(&b);
	}
	if (s->gap)
		lose(&b);
	compare(&b);
	struct gs_tls_info info = gs_tls_conn_info(b.conn);
	assert_true(info.hello);
	assert_int_equal(info.version, s->version);
	assert_int_equal(info.suite->id,
	    SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(b.ssl[0])));
	if (s->resumes)
		resume(&b);
	end(&b);
	SSL_SESSION_free(b.ends.session);
	for (int i = 0; i < 2; i++)
		SSL_CTX_free(b.ctx[i]);
	gs_tls_keylog_free(b.log);
	gs_tls_rsa_free(b.rsa);
	gs_buf_free(&b.ends.lines);
}

/* Every suite that libssl has, in every version. */
static void
every_suite(void **state)
{
	static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION,
		TLS1_2_VERSION };
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	STACK_OF(SSL_CIPHER) * list;
	unsigned n = 0;

	(void)state;
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:eNULL");
	list = SSL_CTX_get_ciphers(ctx);
	for (int v = 0; v < 3; v++)
		for (int i = 0; i < sk_SSL_CIPHER_num(list); i++) {
			const SSL_CIPHER *c = sk_SSL_CIPHER_value(list, i);
			const char *name = SSL_CIPHER_get_name(c);
			struct setup s = { .version = versions[v],
				.suites = name };
			const struct gs_tls_suite *t =
			    gs_tls_suite_find(SSL_CIPHER_get_protocol_id(c));
			bool new =
			    strcmp(SSL_CIPHER_get_version(c), "TLSv1.2") == 0;

			/* Only the legacy provider has RC4. */
			if (strstr(name, "RC4") != NULL)
				continue;
			assert_non_null(t);
			if (t->exchange == GS_TLS_13 ||
			    t->exchange == GS_TLS_PSK ||
			    strstr(name, "DSS") != NULL ||
			    strstr(name, "SRP") != NULL ||
			    (new &&s.version != TLS1_2_VERSION))
				continue;
			s.key = strstr(name, "ECDSA") != NULL ? "EC" : "RSA";
			run(&s);
			s.off = SSL_OP_NO_ENCRYPT_THEN_MAC;
			s.by_rsa = t->exchange == GS_TLS_RSA;
			run(&s);
			n++;
		}
	SSL_CTX_free(ctx);
	/* As many as OpenSSL 3.0 has. */
	assert_true(n > 100);
}

static void
every_suite_of_13(void **state)
{
	static const char *const names[] = { "TLS_AES_128_GCM_SHA256",
		"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
		"TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256" };

	(void)state;
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 8; j++) {
			struct setup s = { .version = TLS1_3_VERSION,
				.suites13 = names[i],
				.updates = j & 1,
				.retries = j & 2,
				.client_certificate = j & 4 };
			print_message("%s %d\n", names[i], j);
			run(&s);
		}
}

/* What changes how the master secret is made, or when it is known. */
static void
every_way(void **state)
{
	static const struct setup list[] = {
		{ TLS1_2_VERSION, "AES128-SHA", .by_rsa = true,
		    .off = SSL_OP_NO_EXTENDED_MASTER_SECRET },
		{ TLS1_VERSION, "AES128-SHA", .by_rsa = true,
		    .off = SSL_OP_NO_EXTENDED_MASTER_SECRET },
		{ TLS1_2_VERSION, "AES256-GCM-SHA384", .by_rsa = true,
		    .client_certificate = true },
		{ TLS1_2_VERSION, "AES128-SHA", .by_rsa = true,
		    .resumes = true },
		{ TLS1_2_VERSION, "AES128-SHA", .by_rsa = true, .resumes = true,
		    .off = SSL_OP_NO_TICKET },
		{ TLS1_1_VERSION, "AES256-SHA", .resumes = true },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384",
		    .resumes = true, .off = SSL_OP_NO_TICKET },
		{ TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305",
		    .resumes = true },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA", .updates = true },
		{ TLS1_VERSION, "AES128-SHA", .updates = true },
		{ TLS1_2_VERSION, "AES128-SHA", .updates = true,
		    .by_rsa = true },
		{ TLS1_3_VERSION, .resumes = true },
		{ TLS1_3_VERSION, .resumes = true, .early = true },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256", .late = true },
		{ TLS1_3_VERSION, .late = true },
		{ TLS1_3_VERSION, .piece = 1 },
		{ TLS1_2_VERSION, "AES128-SHA", .piece = 7 },
		{ TLS1_3_VERSION, .gap = true },
		{ TLS1_3_VERSION, .gap = true, .updates = true },
		{ TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305", .gap = true },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256", .gap = true },
		{ TLS1_2_VERSION, "AES128-SHA", .gap = true },
		{ TLS1_1_VERSION, "AES128-SHA", .gap = true },
		{ TLS1_VERSION, "AES128-SHA", .gap = true },
		{ TLS1_VERSION, "AES128-SHA", .gap = true,
		    .off = SSL_OP_NO_ENCRYPT_THEN_MAC },
		{ TLS1_VERSION, "AES128-SHA", .gap = true,
		    .off = SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS },
		{ TLS1_VERSION, "AES128-SHA", .gap = true,
		    .off = SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS |
			SSL_OP_NO_ENCRYPT_THEN_MAC },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		print_message("way %zu\n", i);
		run(&list[i]);
	}
}

/* Packets of both ends may be seen in any order, also while keys are
 * renegotiated. */
static void
every_order(void **state)
{
	static const struct setup list[] = {
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA" },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256",
		    .resumes = true, .off = SSL_OP_NO_TICKET },
		{ TLS1_2_VERSION, "AES128-SHA", .by_rsa = true,
		    .resumes = true },
		{ TLS1_2_VERSION, "AES128-SHA256", .by_rsa = true,
		    .resumes = true, .client_certificate = true,
		    .off = SSL_OP_NO_EXTENDED_MASTER_SECRET },
		{ TLS1_VERSION, "AES128-SHA", .by_rsa = true },
		{ TLS1_2_VERSION, "NULL-SHA" },
		{ TLS1_3_VERSION },
		{ TLS1_3_VERSION, .retries = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		for (int j = 0; j < 16; j++) {
			struct setup s = list[i];

			s.updates = j & 1;
			s.piece = j & 2 ? 100 : 0;
			s.behind[j >> 2 & 1] = j & 8 ? ALL : A_STEP;
			print_message("order %zu %d\n", i, j);
			run(&s);
		}
}

static int
keep_other(void *arg, struct gs_span text)
{
	gs_buf_put(arg, text.p, text.n);
	return 0;
}

/* Entries with anything around them, in pieces of every size. */
static void
keys_in_pieces(void **state)
{
#define R32 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEE"
#define S64 R32 "FF"
#define S96 S64 "00112233445566778899aabbccddeeff"
	static const char text[] =
	    "{\"keys\":\"CLIENT_RANDOM " R32 "01 " S96 "\\nEXPORTER_SECRET " R32
	    "02 " S64 "\\n\"}\r"
	    "> CLIENT_TRAFFIC_SECRET_1\t" R32 "03\t" S64 "\n"
	    "x MY_CLIENT_RANDOM " R32 "04 " S96 "\n" /* another's label */
	    "CLIENT_RANDOM " R32 "05 " R32 "\n" /* too short */
	    "RSA 0011223344556677 " S96 "\n"
	    "EXPORTER_SECRET: " R32 "06, " S64 ",\n"
	    "EXPORTER_SECRET " R32 "07 " S64;
	static const char other[] = "{\"keys\":\"\\n\\n\"}\r> \n"
				    "x MY_CLIENT_RANDOM " R32 "04 " S96 "\n"
				    "\n"
				    "\n,\n";

	(void)state;
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct gs_tls_keylog *log = gs_tls_keylog_new();
		struct gs_buf b;
		struct gs_tls_keylines l = { .other = keep_other, .arg = &b };

		gs_buf_init(&b, SIZE_MAX);
		for (size_t at = 0, n; at < sizeof(text) - 1; at += n) {
			n = sizeof(text) - 1 - at;
			n = n < piece ? n : piece;
			assert_int_equal(gs_tls_keylog_read(log, &l,
					     gs_span(text + at, n),
					     at + n == sizeof(text) - 1),
			    0);
		}
		assert_int_equal(gs_tls_keylog_counts(log).secrets, 6);
		assert_int_equal(gs_tls_keylog_counts(log).damaged, 1);
		assert_true(gs_span_eq(gs_buf_span(&b),
		    gs_span(other, sizeof(other) - 1)));
		gs_buf_free(&b);
		gs_tls_keylog_free(log);
	}
#undef S96
#undef S64
#undef R32
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_suite),
		cmocka_unit_test(every_suite_of_13),
		cmocka_unit_test(every_way),
		cmocka_unit_test(every_order),
		cmocka_unit_test(keys_in_pieces),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
