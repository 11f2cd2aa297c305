/* SPDX-License-Identifier: MIT */
/* Issuing, reading and judging certificates, with a clock of our own. */
#define _GNU_SOURCE /* for memmem() */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#include "base/file.h"
#include "base/diag.h"
#include "cert/check.h"
#include "cert/date.h"
#include "cert/ossl_priv.h"

enum { DAY = 86400 };

static const int64_t now = 1800000000;

/* A root, an intermediate below it, a leaf, and one more for the same key
 * by the root itself. */
struct family {
	struct gs_cert_key *key[3];
	struct gs_cert *cert[4];
	struct gs_cert_sans names;
};

static struct gs_cert *
issue(const struct gs_cert_issue *what)
{
	struct gs_cert *cert = NULL;
	struct gs_err err;

	assert_int_equal(gs_cert_issue(what, &cert, &err), 0);
	return cert;
}

static int
setup(void **state)
{
	static const char *const cn[] = { "root", "intermediate",
		"pbx.example.com" };
	struct family *f = calloc(1, sizeof(*f));
	struct gs_err err;

	if (f == NULL ||
	    gs_cert_sans_add(&f->names, "dns:pbx.example.com", &err) ||
	    gs_cert_sans_add(&f->names, "ip:192.0.2.1", &err))
		return -1;
	for (unsigned i = 0; i < 3; i++) {
		if (gs_cert_key_make(GS_KEY_EC_P256, &f->key[i], &err) == -1)
			return -1;
		struct gs_cert_issue what = {
			.cn = cn[i],
			.sans = &f->names,
			.key = f->key[i],
			.issuer = i > 0 ? f->cert[i - 1] : NULL,
			.issuer_key = i > 0 ? f->key[i - 1] : NULL,
			.ca = i < 2,
			.now = now,
			.days = 400 - 100 * i,
		};
		f->cert[i] = issue(&what);
	}
	struct gs_cert_issue direct = {
		.cn = cn[2],
		.sans = &f->names,
		.key = f->key[2],
		.issuer = f->cert[0],
		.issuer_key = f->key[0],
		.now = now,
		.days = 200,
	};
	f->cert[3] = issue(&direct);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct family *f = *state;

	for (unsigned i = 0; i < 3; i++)
		gs_cert_key_free(f->key[i]);
	for (unsigned i = 0; i < 4; i++)
		gs_cert_free(f->cert[i]);
	free(f);
	return 0;
}

static void
what_was_issued(void **state)
{
	struct family *f = *state;
	struct gs_cert_info i;

	gs_cert_info(f->cert[2], &i);
	assert_string_equal(i.subject, "CN=pbx.example.com");
	assert_string_equal(i.issuer, "CN=intermediate");
	assert_string_equal(i.key.name, "ec:P-256");
	assert_string_equal(i.digest, "SHA256");
	assert_true(i.not_before == now - DAY);
	assert_true(i.not_after == now + 200 * DAY);
	assert_false(i.ca || i.self_signed || i.weak_digest || i.key.weak);
	assert_true(i.usage_server);
	assert_int_equal((int)i.sans.n, 2);
	assert_true(gs_cert_has_key(f->cert[2], f->key[2]));
	assert_false(gs_cert_has_key(f->cert[2], f->key[1]));
	gs_cert_info(f->cert[0], &i);
	assert_true(i.ca && i.self_signed);
}

static void
a_leaf_never_outlives_its_issuer(void **state)
{
	struct family *f = *state;
	struct gs_cert_info i;
	struct gs_cert_issue what = {
		.cn = "x.example",
		.sans = &f->names,
		.key = f->key[2],
		.issuer = f->cert[1],
		.issuer_key = f->key[1],
		.now = now + 10 * DAY,
		.days = 36500,
	};
	struct gs_cert *cert = issue(&what);

	gs_cert_info(cert, &i);
	assert_true(i.not_after == now + 300 * DAY);
	assert_true(i.not_before == now + 9 * DAY);
	gs_cert_free(cert);
}

static void
chains_in_any_order(void **state)
{
	struct family *f = *state;
	struct gs_cert_certs pool = { 0 }, out = { 0 };

	gs_cert_certs_add(&pool, f->cert[1]);
	assert_false(gs_cert_chain(f->cert[2], &pool, now, &out));
	assert_int_equal((int)out.n, 1);
	gs_cert_certs_free(&pool);
	gs_cert_certs_free(&out);
	for (unsigned i = 0; i < 3; i++)
		gs_cert_certs_add(&pool, f->cert[i]);
	assert_true(gs_cert_chain(f->cert[2], &pool, now, &out));
	assert_int_equal((int)out.n, 2);
	assert_true(gs_cert_same(out.list[0], f->cert[1]));
	assert_true(gs_cert_same(out.list[1], f->cert[0]));
	gs_cert_certs_free(&pool);
	gs_cert_certs_free(&out);
}

/* The root signed by an older one, too: the chain ends at a root that is
 * there, whatever the order. */
static void
cross_signed(void **state)
{
	struct family *f = *state;
	struct gs_cert_key *old_key = NULL;
	struct gs_err err;

	assert_int_equal(gs_cert_key_make(GS_KEY_EC_P256, &old_key, &err), 0);
	struct gs_cert_issue old = { .cn = "old root",
		.key = old_key,
		.ca = true,
		.now = now - 100 * DAY,
		.days = 50 };
	struct gs_cert *old_root = issue(&old);
	struct gs_cert_issue cross = { .cn = "root",
		.key = f->key[0],
		.issuer = old_root,
		.issuer_key = old_key,
		.ca = true,
		.now = now - 100 * DAY,
		.days = 50 };
	struct gs_cert *bridge = issue(&cross);
	struct gs_cert *order[][4] = {
		{ bridge, f->cert[1], old_root, f->cert[0] },
		{ bridge, f->cert[0], f->cert[1], NULL },
		{ f->cert[1], bridge, old_root, NULL },
	};
	for (unsigned i = 0; i < 3; i++) {
		struct gs_cert_certs pool = { 0 }, out = { 0 };
		for (unsigned k = 0; k < 4 && order[i][k] != NULL; k++)
			gs_cert_certs_add(&pool, order[i][k]);
		assert_true(gs_cert_chain(f->cert[2], &pool, now, &out));
		/* Without the own root only the old way is left. */
		assert_int_equal((int)out.n, i == 2 ? 3 : 2);
		assert_true(gs_cert_same(out.list[out.n - 1],
		    i == 2 ? old_root : f->cert[0]));
		gs_cert_certs_free(&pool);
		gs_cert_certs_free(&out);
	}
	gs_cert_free(bridge);
	gs_cert_free(old_root);
	gs_cert_key_free(old_key);
}

/* The rules that a leaf and its root break at a time, as "id id ". */
static void
rules_at(const struct family *f, int64_t when, char *ids, size_t size)
{
	struct gs_cert_check c = { .now = when,
		.warn_days = 30,
		.names = &f->names };
	struct gs_cert_certs chain = { 0 };
	struct gs_diags d;

	ids[0] = '\0';
	gs_diags_init(&d, gs_cert_rules, NULL, 20);
	gs_cert_certs_add(&chain, f->cert[0]);
	gs_cert_check_served(&c, f->cert[3], &chain, true, &d);
	gs_cert_certs_free(&chain);
	for (size_t k = 0; k < d.n; k++) {
		size_t n = strlen(ids);
		(void)snprintf(ids + n, size - n, "%s ", d.list[k].rule->id);
	}
	gs_diags_free(&d);
}

static void
days_left_31_30_0_minus_1(void **state)
{
	struct family *f = *state;
	int64_t end = now + 200 * DAY;
	char ids[300];

	rules_at(f, end - 31 * DAY, ids, sizeof(ids));
	assert_string_equal(ids, "key-ec ");
	rules_at(f, end - 30 * DAY, ids, sizeof(ids));
	assert_string_equal(ids, "cert-expires-soon key-ec ");
	/* Its last second; libcrypto takes it for over. */
	rules_at(f, end, ids, sizeof(ids));
	assert_string_equal(ids, "cert-expires-soon key-ec chain-refused ");
	rules_at(f, end + 1, ids, sizeof(ids));
	assert_string_equal(ids, "cert-expired key-ec ");
	rules_at(f, now - DAY - 1, ids, sizeof(ids));
	assert_string_equal(ids, "cert-not-yet-valid key-ec chain-expired ");
	assert_true(gs_cert_days_left(end, end - 31 * DAY) == 31);
	assert_true(gs_cert_days_left(end, end - 31 * DAY + 1) == 31);
	assert_true(gs_cert_days_left(end, end - 1) == 1);
	assert_true(gs_cert_days_left(end, end) == 0);
	assert_true(gs_cert_days_left(end, end + 1) == -1);
	assert_true(gs_cert_days_left(end, end + DAY + 1) == -2);
}

/* The certificates with these numbers, and key 2. */
static void
put_file(struct gs_buf *b, const struct family *f, const char *order, bool key)
{
	struct gs_err err;

	gs_buf_init(b, 1 << 20);
	for (; *order != '\0'; order++)
		assert_int_equal(
		    gs_cert_write_pem(f->cert[*order - '0'], b, &err), 0);
	if (key)
		assert_int_equal(gs_cert_key_write(f->key[2], b, &err), 0);
}

/* Whether a server finds all of a file with these certificates and a key. */
static bool
loads(const struct family *f, const char *order, const char *before)
{
	struct gs_cert_certs certs = { 0 };
	struct gs_buf b, file;
	struct gs_err err;

	gs_buf_init(&b, 1 << 20);
	put_file(&file, f, order, true);
	gs_buf_puts(&b, before);
	gs_buf_put(&b, file.p, file.n);
	assert_int_equal(gs_cert_certs_read(gs_buf_span(&b), &certs, &err), 0);
	assert_int_equal(certs.n, strlen(order));
	bool all = gs_cert_loads(gs_buf_span(&b), &certs, true);
	gs_cert_certs_free(&certs);
	gs_buf_free(&b);
	gs_buf_free(&file);
	return all;
}

/* How many issuers of a certificate a server sends that has loaded these. */
static size_t
sent(const struct family *f, unsigned leaf, const char *loaded)
{
	struct gs_cert_certs cafile = { 0 }, out = { 0 };

	for (; *loaded != '\0'; loaded++)
		gs_cert_certs_add(&cafile, f->cert[*loaded - '0']);
	gs_cert_sent(f->cert[leaf], &cafile, now, &out);
	size_t n = out.n;
	gs_cert_certs_free(&cafile);
	gs_cert_certs_free(&out);
	return n;
}

static void
what_a_server_loads_and_sends(void **state)
{
	struct family *f = *state;

	assert_true(loads(f, "3", ""));
	assert_true(loads(f, "210", "text\n"));
	assert_false(loads(f, "3", "text"));
	assert_int_equal(sent(f, 3, "0"), 1);
	assert_int_equal(sent(f, 2, "01"), 2);
	assert_int_equal(sent(f, 2, "1"), 1);
	assert_int_equal(sent(f, 2, "03"), 0);
	assert_int_equal(sent(f, 2, ""), 0);
}

static void
keys_are_read_and_told_apart(void **state)
{
	static const char damaged[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n"
				      "-----END PRIVATE KEY-----\n";
	struct family *f = *state;
	struct gs_cert_key *key = NULL;
	struct gs_cert_key_info a, b;
	struct gs_buf pem;
	struct gs_err err;

	gs_buf_init(&pem, 1 << 16);
	assert_int_equal(gs_cert_key_write(f->key[0], &pem, &err), 0);
	assert_int_equal(
	    gs_cert_key_read(gs_buf_span(&pem), GS_LIT(""), &key, NULL),
	    GS_KEY_OK);
	assert_true(gs_cert_key_same(key, f->key[0]));
	assert_false(gs_cert_key_same(key, f->key[1]));
	gs_cert_key_info(key, &a);
	gs_cert_key_info(f->key[1], &b);
	assert_int_equal((int)strlen(a.fp), 8);
	assert_string_not_equal(a.fp, b.fp);
	gs_cert_key_free(key);
	gs_buf_free(&pem);
	assert_int_equal(
	    gs_cert_key_read(GS_LIT(damaged), GS_LIT(""), &key, NULL),
	    GS_KEY_DAMAGED);
	assert_int_equal(
	    gs_cert_key_read(GS_LIT("text"), GS_LIT(""), &key, NULL),
	    GS_KEY_NONE);
}

/* ---- libcrypto's memory */

static long fail_at; /* allocations until one fails; 0: none does */
static bool looks, left; /* for the secret below in memory that is freed */

static void *
take(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return fail_at > 0 && --fail_at == 0 ? NULL : malloc(n);
}

/* The secret of the key below, and its base64. */
static void
give_back(void *p, const char *file, int line)
{
	size_t n = p == NULL ? 0 : malloc_usable_size(p);

	(void)file, (void)line;
	if (looks && p != NULL)
		left = left || memmem(p, n, "BBBBBBBBBBBB", 12) != NULL ||
		    memmem(p, n, "QkJCQkJCQkJC", 12) != NULL;
	free(p);
}

static void *
take_more(void *p, size_t n, const char *file, int line)
{
	size_t old = p == NULL ? 0 : malloc_usable_size(p);
	void *more = take(n, file, line);

	if (more != NULL && old > 0)
		memcpy(more, p, old < n ? old : n);
	if (more != NULL)
		give_back(p, file, line);
	return more;
}

/* A key of P-256, without its public half. */
static struct gs_cert_key *
key_of(const char secret[32])
{
	uint8_t der[51] = { 0x30, 49, 2, 1, 1, 4, 32, [39] = 0xa0, 10, 6, 8,
		0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 };
	const unsigned char *at = der;

	memcpy(der + 7, secret, 32);
	EVP_PKEY *p = d2i_PrivateKey(EVP_PKEY_EC, NULL, &at, sizeof(der));
	assert_non_null(p);
	return (struct gs_cert_key *)p;
}

/* Whether p, which is freed, is written by us in the octets of OpenSSL's
 * encoders, alone and in a certificate. */
static void
written_alike(EVP_PKEY *p)
{
	struct gs_cert_sans names = { 0 };
	struct gs_cert_key *key = (struct gs_cert_key *)p;
	struct gs_cert_issue what = { .cn = "a.example",
		.sans = &names,
		.key = key,
		.now = now,
		.days = 9 };
	BIO *theirs = BIO_new(BIO_s_mem());
	unsigned char *a = NULL, *b = NULL;
	struct gs_buf ours;
	struct gs_err err;
	char *pem;

	assert_non_null(p);
	gs_buf_init(&ours, 1 << 16);
	assert_int_equal(gs_cert_key_write(key, &ours, &err), 0);
	assert_int_equal(
	    PEM_write_bio_PKCS8PrivateKey(theirs, p, NULL, NULL, 0, NULL, NULL),
	    1);
	long n = BIO_get_mem_data(theirs, &pem);
	assert_int_equal(ours.n, n);
	assert_memory_equal(ours.p, pem, ours.n);
	struct gs_cert *cert = issue(&what);
	int k = i2d_PUBKEY(p, &a);
	assert_true(k > 0);
	assert_int_equal(
	    i2d_X509_PUBKEY(X509_get_X509_PUBKEY(gs_cert_ossl_x509(cert)), &b),
	    k);
	assert_memory_equal(a, b, (size_t)k);
	OPENSSL_free(a);
	OPENSSL_free(b);
	gs_cert_free(cert);
	gs_cert_key_free(key);
	gs_buf_free(&ours);
	BIO_free(theirs);
}

static void
keys_are_written_as_openssl_does(void **state)
{
	static const char *const curves[] = { "P-256", "P-384", "P-521",
		"brainpoolP512r1", "sect283k1" };
	/* A secret of 1, of which all octets are written. */
	static const char one[32] = { [31] = 1 };
	struct gs_cert_key *key = key_of(one);
	struct gs_buf pem;
	struct gs_err err;
	EVP_PKEY *p;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		written_alike(EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[i]));
	written_alike(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	written_alike(EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048));
	/* Its public half comes with the writing. */
	gs_buf_init(&pem, 1 << 16);
	assert_int_equal(gs_cert_key_write(key, &pem, &err), 0);
	gs_cert_key_free(key);
	assert_int_equal(
	    gs_cert_key_read(gs_buf_span(&pem), GS_LIT(""), &key, NULL),
	    GS_KEY_OK);
	gs_buf_free(&pem);
	written_alike((EVP_PKEY *)key);
	p = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_int_equal(EVP_PKEY_set_utf8_string_param(p,
			     OSSL_PKEY_PARAM_EC_ENCODING,
			     OSSL_PKEY_EC_ENCODING_EXPLICIT),
	    1);
	written_alike(p);
}

/* A program that uses the library may have its own wishes: gs_cert_ossl_own()
 * is not for it. */
static void
keys_and_certificates_leave_the_random_generator_alone(void **state)
{
	(void)state;
	assert_string_equal(
	    EVP_RAND_get0_name(EVP_RAND_CTX_get0_rand(RAND_get0_private(NULL))),
	    "CTR-DRBG");
}

/* Whichever allocation of libcrypto fails, a key is written whole or not, and
 * its secret is in nothing that was freed. */
static void
no_failure_leaves_a_secret(void **state)
{
	struct gs_cert_key *key = key_of("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB");
	struct gs_buf whole, b;
	struct gs_err err;
	long n = 0, failed = 0;
	bool hit = true;

	(void)state;
	gs_buf_init(&whole, 1 << 16);
	assert_int_equal(gs_cert_key_write(key, &whole, &err), 0);
	gs_cert_key_free(key);
	/* With the public half, as all that we make. */
	assert_int_equal(
	    gs_cert_key_read(gs_buf_span(&whole), GS_LIT(""), &key, NULL),
	    GS_KEY_OK);
	gs_buf_init(&b, 1 << 16);
	looks = true;
	while (hit) {
		fail_at = ++n;
		int r = gs_cert_key_write(key, &b, &err);
		hit = fail_at == 0;
		fail_at = 0;
		failed += r == -1;
		if (r == -1)
			assert_int_equal(b.n, 0);
		else
			assert_true(
			    gs_span_eq(gs_buf_span(&b), gs_buf_span(&whole)));
		if (left)
			fail_msg("allocation %ld", n);
		gs_buf_clear(&b);
	}
	looks = false;
	print_message("%ld of %ld failures are told\n", failed, n - 1);
	assert_true(failed > 5);
	gs_buf_free(&b);
	gs_buf_free(&whole);
	gs_cert_key_free(key);
}

/* Puts safes into out as PKCS #12, with a MAC by word unless that is NULL, and
 * frees them. */
static void
put_p12(struct gs_buf *out, STACK_OF(PKCS7) * safes, const char *word)
{
	PKCS12 *p12 = PKCS12_add_safes(safes, 0);
	unsigned char *der = NULL;
	int n;

	assert_non_null(p12);
	assert_true(word == NULL ||
	    PKCS12_set_mac(p12, word, -1, NULL, 0, 0, NULL) == 1);
	n = i2d_PKCS12(p12, &der);
	assert_true(n > 0);
	gs_buf_init(out, 1 << 16);
	gs_buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
}

/* Beside a certificate and a key, there is one that is not X.509, and what is
 * sealed for the key of another. */
static void
what_is_of_no_use_in_pkcs12(void **state)
{
	const struct family *f = *state;
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	ASN1_IA5STRING *sdsi = ASN1_IA5STRING_new();
	STACK_OF(X509) *nobody = sk_X509_new_null();
	BIO *text = BIO_new_mem_buf("text", 4);
	PKCS7 *sealed = PKCS7_encrypt(nobody, text, EVP_aes_128_cbc(), 0);
	struct gs_cert_certs certs = { 0 };
	struct gs_cert_keys keys = { 0 };
	struct gs_buf b;

	assert_non_null(PKCS12_add_cert(&bags, gs_cert_ossl_x509(f->cert[3])));
	assert_non_null(PKCS12_add_key(&bags, (EVP_PKEY *)(uintptr_t)f->key[2],
	    0, 1, -1, NULL));
	assert_int_equal(ASN1_STRING_set(sdsi, "text", -1), 1);
	assert_true(
	    sk_PKCS12_SAFEBAG_push(bags,
		PKCS12_item_pack_safebag(sdsi, ASN1_ITEM_rptr(ASN1_IA5STRING),
		    NID_sdsiCertificate, NID_certBag)) > 0);
	assert_int_equal(PKCS12_add_safe(&safes, bags, -1, 0, NULL), 1);
	assert_non_null(sealed);
	assert_true(sk_PKCS7_push(safes, sealed) > 0);
	put_p12(&b, safes, "word");
	assert_int_equal(
	    gs_cert_p12_read(gs_buf_span(&b), GS_LIT("word"), &certs, &keys),
	    GS_KEY_OK);
	assert_int_equal(certs.n, 1);
	assert_int_equal(keys.n, 1);
	gs_cert_certs_free(&certs);
	gs_cert_keys_free(&keys);
	gs_buf_free(&b);
	ASN1_IA5STRING_free(sdsi);
	sk_X509_free(nobody);
	BIO_free(text);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

/* Twins: the same name and key. */
static void
a_root_whose_time_clients_cannot_read_is_not_chosen(void **state)
{
	const struct family *f = *state;
	X509 *odd = X509_dup(gs_cert_ossl_x509(f->cert[0]));

	/* Without seconds. */
	assert_int_equal(
	    ASN1_STRING_set(X509_getm_notBefore(odd), "2601010000Z", -1), 1);
	assert_true(
	    X509_sign(odd, (EVP_PKEY *)(uintptr_t)f->key[0], EVP_sha256()) > 0);
	for (unsigned i = 0; i < 2; i++) {
		struct gs_cert_certs pool = { 0 }, chain = { 0 };
		gs_cert_certs_add(&pool,
		    i == 0 ? (struct gs_cert *)odd : f->cert[0]);
		gs_cert_certs_add(&pool,
		    i == 1 ? (struct gs_cert *)odd : f->cert[0]);
		assert_true(gs_cert_chain(f->cert[3], &pool, now, &chain));
		assert_int_equal(chain.n, 1);
		assert_true(gs_cert_same(chain.list[0], f->cert[0]));
		gs_cert_certs_free(&pool);
		gs_cert_certs_free(&chain);
	}
	X509_free(odd);
}

/* How PKCS #12 with bags, which are freed, and no MAC is opened with word. */
static enum gs_cert_key_found
opened(STACK_OF(PKCS12_SAFEBAG) * bags, struct gs_span word)
{
	struct gs_cert_certs certs = { 0 };
	struct gs_cert_keys keys = { 0 };
	STACK_OF(PKCS7) *safes = NULL;
	struct gs_buf b;

	assert_int_equal(PKCS12_add_safe(&safes, bags, -1, 0, NULL), 1);
	put_p12(&b, safes, NULL);
	enum gs_cert_key_found found =
	    gs_cert_p12_read(gs_buf_span(&b), word, &certs, &keys);
	gs_cert_certs_free(&certs);
	gs_cert_keys_free(&keys);
	gs_buf_free(&b);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return found;
}

static void
damaged_pkcs12_is_not_called_encrypted(void **state)
{
	const struct family *f = *state;
	EVP_PKEY *key = (EVP_PKEY *)(uintptr_t)f->key[2];
	ASN1_OCTET_STRING *junk = ASN1_OCTET_STRING_new();
	STACK_OF(PKCS12_SAFEBAG) *sealed = NULL, *open = NULL;

	assert_non_null(
	    PKCS12_add_key(&sealed, key, 0, 1, NID_aes_128_cbc, "word"));
	assert_int_equal(opened(sealed, GS_LIT("other")), GS_KEY_LOCKED);
	assert_non_null(PKCS12_add_key(&open, key, 0, 1, -1, NULL));
	assert_true(sk_PKCS12_SAFEBAG_push(open,
			PKCS12_item_pack_safebag(junk,
			    ASN1_ITEM_rptr(ASN1_OCTET_STRING),
			    NID_x509Certificate, NID_certBag)) > 0);
	assert_int_equal(opened(open, GS_LIT("")), GS_KEY_DAMAGED);
	ASN1_OCTET_STRING_free(junk);
}

static void
dates(void **state)
{
	static const char *const want[] = { "2027-01-15 08:00 UTC",
		"2027-01-15T08:00:00Z", "20270115T080000Z" };
	char text[GS_DATE_SIZE];

	(void)state;
	for (int form = 0; form < 3; form++) {
		assert_true(
		    gs_cert_date_text(now, (enum gs_cert_date_form)form, text));
		assert_string_equal(text, want[form]);
		assert_false(gs_cert_date_text(INT64_MAX,
		    (enum gs_cert_date_form)form, text));
		assert_string_equal(text, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_issued),
		cmocka_unit_test(a_leaf_never_outlives_its_issuer),
		cmocka_unit_test(chains_in_any_order),
		cmocka_unit_test(cross_signed),
		cmocka_unit_test(days_left_31_30_0_minus_1),
		cmocka_unit_test(what_a_server_loads_and_sends),
		cmocka_unit_test(keys_are_read_and_told_apart),
		cmocka_unit_test(keys_are_written_as_openssl_does),
		cmocka_unit_test(
		    keys_and_certificates_leave_the_random_generator_alone),
		cmocka_unit_test(no_failure_leaves_a_secret),
		cmocka_unit_test(what_is_of_no_use_in_pkcs12),
		cmocka_unit_test(
		    a_root_whose_time_clients_cannot_read_is_not_chosen),
		cmocka_unit_test(damaged_pkcs12_is_not_called_encrypted),
		cmocka_unit_test(dates),
	};

	/* Before libcrypto takes any. */
	if (CRYPTO_set_mem_functions(take, take_more, give_back) != 1)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
