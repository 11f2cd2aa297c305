/* SPDX-License-Identifier: MIT */
/* Keys, certificates and requests: made, read, written, compared. One of the
 * two doors by which OpenSSL enters this wing. */
#include "cert/x509.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/utc.h"
#include "base/wiped.h"
#include "cert/armour.h"
#include "cert/date.h"
#include "cert/ossl_priv.h"

static EVP_PKEY *
pkey(const struct gs_cert_key *key)
{
	return (EVP_PKEY *)(uintptr_t)key;
}

/* ---- libcrypto: its start, its errors, its times */

/* openssl.cnf belongs to other programs: what this one makes and accepts
 * is not to depend on it. */
void
gs_cert_ossl_start(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ERR_clear_error();
}

int
gs_cert_ossl_err(struct gs_err *err, const char *what)
{
	const char *why;

	/* A run without errors does not need their texts. */
	(void)OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
	    NULL);
	why = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	return gs_err_set(err, "%s: %s", what,
	    why != NULL ? why : "no reason given");
}

/* Appends what a writer left in bio, if it was good, and frees bio, which
 * wipes it. Returns 0 or -1. */
static int
take_text(BIO *bio, bool good, struct gs_buf *out, const char *what,
    struct gs_err *err)
{
	char *p = NULL;
	long n = good ? BIO_get_mem_data(bio, &p) : -1;

	if (n > 0)
		gs_buf_put(out, p, (size_t)n);
	BIO_free(bio);
	if (n <= 0)
		return gs_cert_ossl_err(err, what);
	if (!gs_buf_ok(out))
		return gs_err_set(err, "%s: out of memory, or too long", what);
	return 0;
}

/* Vector registers keep pieces of keys that were copied, and the loader saves
 * them on the stack whenever it binds a function at its first call. */
static void
wipe_registers(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile("vzeroall" ::
				     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
				 "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
				 "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
				 "xmm15");
	/* Nothing that the compiler keeps is in these. */
	if (__builtin_cpu_supports("avx512f"))
		__asm__ volatile(
		    ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		    "vpxorq %zmm\\n,%zmm\\n,%zmm\\n\n"
		    ".endr");
#endif
}

/* Wipes what libcrypto left on the stack below the caller; to be called after
 * each use of a private key. OpenSSL 3.0 keeps exponents of RSA there on
 * processors with AVX-512 IFMA: RSAZ_exp52x20_x2_256() has 12 KiB, and those
 * who call it less than 8. */
__attribute__((noinline)) static void
wipe_stack(void)
{
	uint8_t below[64 * 1024];

	explicit_bzero(below, sizeof(below));
	wipe_registers();
}

/* Whether t has the form that certificates must have (RFC 5280 4.1.2.5):
 * clients refuse one with another form. */
static bool
is_time(const ASN1_TIME *t)
{
	time_t any = 0;

	return X509_cmp_time(t, &any) != 0;
}

/* Seconds since 1970; an unreadable time counts as long ago, before the dates
 * that gs_utc() takes. */
static int64_t
seconds_of(const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	if (!is_time(t) || ASN1_TIME_to_tm(t, &tm) != 1)
		return -(INT64_C(1) << 36);
	return gs_utc_seconds(&tm);
}

static void
put_hex(const uint8_t *p, size_t n, char *hex)
{
	gs_hex_put(hex, p, n, false);
	hex[2 * n] = '\0';
}

/* ---- DER */

static bool
is_der_start(struct gs_span s)
{
	return s.n > 0 && (unsigned char)s.p[0] == 0x30 && s.n <= INT32_MAX;
}

/* Removes the first object from row. An object without a length extends to the
 * end. */
static struct gs_span
take_der(struct gs_span *row)
{
	const unsigned char *at = (const unsigned char *)row->p;
	int tag, class;
	long n;
	int r = ASN1_get_object(&at, &n, &tag, &class, (long)row->n);
	size_t whole = (r & 0x81) != 0 ?
	    row->n :
	    (size_t)(at - (const unsigned char *)row->p) + (size_t)n;
	struct gs_span first = gs_span(row->p, whole);

	*row = gs_span_skip(*row, whole);
	return first;
}

/* ---- keys */

static bool
is_rsa(EVP_PKEY *p)
{
	int type = EVP_PKEY_get_base_id(p);

	return type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
}

/* Bits, which OpenSSL's level of a usual TLS client requires. */
enum { STRENGTH_MIN = 112, AUTH_LEVEL = 2 };

static const struct {
	const char *name;
	unsigned bits;
	const char *curve;
} kinds[GS_KEY_KINDS] = {
	[GS_KEY_RSA_2048] = { "rsa:2048", 2048, NULL },
	[GS_KEY_RSA_3072] = { "rsa:3072", 3072, NULL },
	[GS_KEY_RSA_4096] = { "rsa:4096", 4096, NULL },
	[GS_KEY_EC_P256] = { "ec:P-256", 256, "P-256" },
	[GS_KEY_EC_P384] = { "ec:P-384", 384, "P-384" },
};

int
gs_cert_key_kind_parse(const char *name, enum gs_cert_key_kind *k)
{
	for (unsigned i = 0; i < GS_KEY_KINDS; i++)
		if (strcmp(name, kinds[i].name) == 0) {
			*k = (enum gs_cert_key_kind)i;
			return 0;
		}
	return -1;
}

int
gs_cert_key_make(enum gs_cert_key_kind kind, struct gs_cert_key **key,
    struct gs_err *err)
{
	EVP_PKEY *p;

	gs_cert_ossl_start();
	p = kinds[kind].curve != NULL ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", kinds[kind].curve) :
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)kinds[kind].bits);
	wipe_stack();
	if (p == NULL)
		return gs_cert_ossl_err(err, "cannot make a key");
	*key = (struct gs_cert_key *)p;
	return 0;
}

static int
give_pass(char *buf, int size, int writing, void *arg)
{
	const struct gs_span *pass = arg;

	(void)writing;
	if (pass->n == 0 || size < 0 || pass->n > (size_t)size)
		return -1;
	memcpy(buf, pass->p, pass->n);
	return (int)pass->n;
}

/* PKCS #8, not encrypted. OpenSSL tries every kind and form of key on what it
 * is not told the kind of, which takes longer than all the rest of a run. */
static EVP_PKEY *
read_pkcs8(struct gs_span der)
{
	const unsigned char *p = (const unsigned char *)der.p, *at = p;
	const ASN1_OBJECT *kind = NULL;
	OSSL_DECODER_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;
	size_t n = der.n;

	PKCS8_PRIV_KEY_INFO *info =
	    d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.n);
	if (info != NULL && PKCS8_pkey_get0(&kind, NULL, NULL, NULL, info) == 1)
		ctx =
		    OSSL_DECODER_CTX_new_for_pkey(&key, "DER", "PrivateKeyInfo",
			OBJ_obj2nid(kind) == NID_rsaEncryption ? "RSA" : "EC",
			EVP_PKEY_KEYPAIR, NULL, NULL);
	if (ctx != NULL && OSSL_DECODER_from_data(ctx, &p, &n) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	OSSL_DECODER_CTX_free(ctx);
	PKCS8_PRIV_KEY_INFO_free(info);
	return key;
}

/* Encrypted PKCS #8. Returns whether it is that; *key stays NULL when pass
 * does not open it. */
static bool
read_sealed(struct gs_span der, struct gs_span pass, EVP_PKEY **key)
{
	const unsigned char *p = (const unsigned char *)der.p;
	X509_SIG *sealed = d2i_X509_SIG(NULL, &p, (long)der.n);
	PKCS8_PRIV_KEY_INFO *info = NULL;
	bool is = sealed != NULL;

	if (is && pass.n > 0 && pass.n <= INT32_MAX)
		info = PKCS8_decrypt(sealed, pass.p, (int)pass.n);
	if (info != NULL)
		*key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	X509_SIG_free(sealed);
	return is;
}

/* Runs work in a library context of its own, which has the ciphers that other
 * code of this process must not meet, such as RC2. What work makes must not
 * outlive it. Returns whether there are such ciphers. */
static bool
with_old_ciphers(void (*work)(void *), void *arg)
{
	OSSL_LIB_CTX *ctx = OSSL_LIB_CTX_new();
	OSSL_PROVIDER *usual = NULL, *old = NULL;

	if (ctx != NULL) {
		usual = OSSL_PROVIDER_load(ctx, "default");
		old = OSSL_PROVIDER_load(ctx, "legacy");
	}
	bool there = usual != NULL && old != NULL;
	if (there) {
		OSSL_LIB_CTX *before = OSSL_LIB_CTX_set0_default(ctx);
		work(arg);
		(void)OSSL_LIB_CTX_set0_default(before);
	}
	if (old != NULL)
		(void)OSSL_PROVIDER_unload(old);
	if (usual != NULL)
		(void)OSSL_PROVIDER_unload(usual);
	OSSL_LIB_CTX_free(ctx);
	ERR_clear_error();
	return there;
}

/* Clears OpenSSL's errors. Returns whether one was that it lacks a cipher. */
static bool
lacked_cipher(void)
{
	unsigned long e;
	bool yes = false;

	while ((e = ERR_get_error()) != 0)
		yes = yes ||
		    (ERR_GET_LIB(e) == ERR_LIB_EVP &&
			ERR_GET_REASON(e) == ERR_R_UNSUPPORTED);
	return yes;
}

/* PKCS #8, or the older forms of RSA and EC. */
static EVP_PKEY *
read_der(struct gs_span der, struct gs_span pass, bool *sealed)
{
	const unsigned char *p = (const unsigned char *)der.p;
	EVP_PKEY *k = read_pkcs8(der);

	*sealed = k == NULL && read_sealed(der, pass, &k);
	if (k == NULL && !*sealed)
		k = d2i_AutoPrivateKey(NULL, &p, (long)der.n);
	return k;
}

/* A block in its usual form: its label on lines of its own, lines of 64
 * characters. */
static void
put_block(struct gs_buf *b, const struct gs_cert_armour *a)
{
	struct gs_span body = gs_span_strip(a->body);
	bool lines = gs_span_chr(body, '\n') != NULL;
	size_t width = lines ? body.n : 64;

	gs_buf_printf(b, "-----BEGIN %.*s-----\n", GS_CUT(a->label, 64));
	for (size_t i = 0; i < body.n; i += width) {
		struct gs_span rest = gs_span(body.p + i, body.n - i);
		gs_buf_put(b, rest.p, rest.n < width ? rest.n : width);
		gs_buf_putc(b, '\n');
	}
	if (a->whole)
		gs_buf_printf(b, "-----END %.*s-----\n", GS_CUT(a->label, 64));
}

static EVP_PKEY *
read_block(const struct gs_cert_armour *a, struct gs_span *pass)
{
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;
	unsigned char *der = NULL;
	long n = 0;
	bool sealed;
	struct gs_buf b;

	gs_buf_init(&b, 2 * a->body.n + 256);
	if (a->whole && gs_span_eq(a->label, GS_LIT("PRIVATE KEY")) &&
	    gs_cert_armour_decode(a->body, &b) == 0)
		key = read_pkcs8(gs_buf_span(&b));
	gs_buf_clear(&b);
	put_block(&b, a);
	if (key == NULL && gs_buf_ok(&b))
		bio = BIO_new_mem_buf(b.p, (int)b.n);
	/* PEM_read_bio_PrivateKey() leaks in a library context of its own. */
	if (bio != NULL &&
	    PEM_bytes_read_bio_secmem(&der, &n, NULL, PEM_STRING_EVP_PKEY, bio,
		give_pass, pass) == 1)
		key = read_der(gs_span((char *)der, (size_t)n), *pass, &sealed);
	OPENSSL_secure_clear_free(der, (size_t)n);
	BIO_free(bio);
	gs_buf_free(&b);
	return key;
}

/* A key to be read, in PEM or DER. */
struct sealed_key {
	struct gs_span bytes, pass;
	bool is_pem;
	bool sealed; /* it is encrypted */
	bool lacks; /* a cipher */
	struct gs_buf der; /* from another library context */
};

static EVP_PKEY *
open_key(struct sealed_key *k)
{
	struct gs_span text = k->bytes;
	struct gs_cert_armour a;
	EVP_PKEY *key = NULL;

	if (!k->is_pem)
		key = read_der(k->bytes, k->pass, &k->sealed);
	else if (gs_cert_armour_first(&text, GS_LIT("PRIVATE KEY"), &a))
		key = read_block(&a, &k->pass);
	wipe_stack();
	k->lacks = lacked_cipher() && key == NULL;
	return key;
}

static void
open_old_key(void *arg)
{
	struct sealed_key *k = arg;
	EVP_PKEY *key = open_key(k);
	unsigned char *der = NULL;
	int n = key == NULL ? 0 : i2d_PrivateKey(key, &der);

	if (n > 0)
		gs_buf_put(&k->der, der, (size_t)n);
	OPENSSL_clear_free(der, n > 0 ? (size_t)n : 0);
	EVP_PKEY_free(key);
	wipe_stack();
}

/* Opens what OpenSSL's usual ciphers do not. *found is why not. */
static EVP_PKEY *
open_by_old_ciphers(struct sealed_key *k, enum gs_cert_key_found *found)
{
	EVP_PKEY *key = NULL;
	bool sealed;

	gs_buf_init(&k->der, 2 * k->bytes.n + 64);
	if (!with_old_ciphers(open_old_key, k))
		*found = GS_KEY_LEGACY;
	else if (k->lacks)
		*found = GS_KEY_DAMAGED;
	else if (k->der.n > 0)
		key = read_der(gs_buf_span(&k->der), GS_LIT(""), &sealed);
	wipe_stack();
	gs_buf_free(&k->der);
	ERR_clear_error();
	return key;
}

/* Whether what an RSA key signs is what it verifies. */
static bool
signs(EVP_PKEY *p)
{
	static const uint8_t text[] = { 0 };
	uint8_t mark[OPENSSL_RSA_MAX_MODULUS_BITS / 8];
	size_t n = sizeof(mark);
	EVP_MD_CTX *sign = EVP_MD_CTX_new(), *verify = EVP_MD_CTX_new();

	bool good = sign != NULL && verify != NULL &&
	    EVP_DigestSignInit(sign, NULL, NULL, NULL, p) == 1 &&
	    EVP_DigestSign(sign, mark, &n, text, sizeof(text)) == 1 &&
	    EVP_DigestVerifyInit(verify, NULL, NULL, NULL, p) == 1 &&
	    EVP_DigestVerify(verify, mark, n, text, sizeof(text)) == 1;
	EVP_MD_CTX_free(sign);
	EVP_MD_CTX_free(verify);
	return good;
}

/* a * b = c; modulo m when that is not NULL. */
static bool
multiply(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, const BIGNUM *c,
    BN_CTX *ctx)
{
	BIGNUM *r = BN_CTX_get(ctx);

	return r != NULL &&
	    (m != NULL ? BN_mod_mul(r, a, b, m, ctx) : BN_mul(r, a, b, ctx)) ==
	    1 &&
	    BN_cmp(r, c) == 0;
}

enum { RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV, RSA_ALL };

/* Whether the numbers of a key of two primes fit together, RFC 8017 3.2. */
static bool
numbers_fit(BIGNUM *const v[RSA_ALL], BN_CTX *ctx)
{
	const BIGNUM *one = BN_value_one();

	BN_CTX_start(ctx);
	BIGNUM *p1 = BN_CTX_get(ctx), *q1 = BN_CTX_get(ctx);
	bool fit = q1 != NULL && BN_sub(p1, v[RSA_P], one) == 1 &&
	    BN_sub(q1, v[RSA_Q], one) == 1 &&
	    multiply(v[RSA_P], v[RSA_Q], NULL, v[RSA_N], ctx) &&
	    multiply(v[RSA_E], v[RSA_D], p1, one, ctx) &&
	    multiply(v[RSA_E], v[RSA_D], q1, one, ctx) &&
	    multiply(v[RSA_D], one, p1, v[RSA_DP], ctx) &&
	    multiply(v[RSA_D], one, q1, v[RSA_DQ], ctx) &&
	    multiply(v[RSA_QINV], v[RSA_Q], v[RSA_P], one, ctx);
	BN_CTX_end(ctx);
	return fit;
}

/* Whether OpenSSL uses a public key of this modulus and exponent. */
static bool
is_usable(const BIGNUM *n, const BIGNUM *e)
{
	return BN_num_bits(n) <= OPENSSL_RSA_MAX_MODULUS_BITS &&
	    BN_num_bits(e) <= OPENSSL_RSA_MAX_PUBEXP_BITS;
}

/* OpenSSL's own check looks for primes as well: 0.1 s. A signature does not
 * show a wrong number with which OpenSSL, but no other library, gets along; it
 * is made with a key of other than two primes or of unusual size. */
static bool
is_whole_rsa(EVP_PKEY *p)
{
	static const char *const names[RSA_ALL] = { OSSL_PKEY_PARAM_RSA_N,
		OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
		OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	BIGNUM *v[RSA_ALL] = { NULL }, *third = NULL;
	BN_CTX *ctx = BN_CTX_new();
	unsigned n = 0;

	while (n < RSA_ALL && EVP_PKEY_get_bn_param(p, names[n], &v[n]) == 1)
		n++;
	bool two = n == RSA_ALL && is_usable(v[RSA_N], v[RSA_E]) &&
	    EVP_PKEY_get_bn_param(p, OSSL_PKEY_PARAM_RSA_FACTOR3, &third) != 1;
	bool whole = !two ? signs(p) : ctx != NULL && numbers_fit(v, ctx);
	for (unsigned i = 0; i < RSA_ALL; i++)
		BN_clear_free(v[i]);
	BN_clear_free(third);
	BN_CTX_free(ctx);
	return whole;
}

/* Keys are compared by their public halves, so that the private one must
 * belong to it. */
static bool
is_whole(EVP_PKEY *p)
{
	EVP_PKEY_CTX *ctx = NULL;
	bool whole;

	if (is_rsa(p)) {
		whole = is_whole_rsa(p);
	} else {
		ctx = EVP_PKEY_CTX_new(p, NULL);
		whole = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;
	}
	EVP_PKEY_CTX_free(ctx);
	wipe_stack();
	ERR_clear_error();
	return whole;
}

enum gs_cert_key_found
gs_cert_key_read(struct gs_span bytes, struct gs_span pass,
    struct gs_cert_key **key, bool *was_locked)
{
	struct sealed_key k = { .bytes = bytes, .pass = pass };
	enum gs_cert_key_found found;

	k.is_pem = gs_span_has(bytes, GS_LIT("PRIVATE KEY-----"));
	k.sealed = gs_span_has(bytes, GS_LIT("BEGIN ENCRYPTED PRIVATE KEY")) ||
	    gs_span_has(bytes, GS_LIT("Proc-Type: 4,ENCRYPTED"));
	if (was_locked != NULL)
		*was_locked = k.sealed;
	if (!k.is_pem && (bytes.n == 0 || bytes.p[0] != 0x30))
		return GS_KEY_NONE;
	if (bytes.n > INT32_MAX)
		return k.is_pem ? GS_KEY_DAMAGED : GS_KEY_NONE;
	gs_cert_ossl_start();
	EVP_PKEY *p = open_key(&k);
	found = k.sealed ? GS_KEY_LOCKED :
	    k.is_pem     ? GS_KEY_DAMAGED :
			   GS_KEY_NONE;
	if (p == NULL && k.sealed && k.lacks && pass.n > 0)
		p = open_by_old_ciphers(&k, &found);
	if (p == NULL)
		return found;
	if (!is_whole(p)) {
		EVP_PKEY_free(p);
		return GS_KEY_DAMAGED;
	}
	*key = (struct gs_cert_key *)p;
	return GS_KEY_OK;
}

/* Skips the first key of text or, in DER, the first object. Returns whether
 * another one may follow. */
static bool
skip_key(struct gs_span *bytes)
{
	struct gs_cert_armour a;

	if (is_der_start(*bytes))
		(void)take_der(bytes);
	else if (!gs_cert_armour_first(bytes, GS_LIT("PRIVATE KEY"), &a))
		return false;
	return bytes->n > 0;
}

enum gs_cert_key_found
gs_cert_keys_read(struct gs_span bytes, struct gs_span pass,
    struct gs_cert_keys *out)
{
	enum gs_cert_key_found why = GS_KEY_NONE;
	int left = GS_KEYS_MAX;

	do {
		struct gs_cert_key *key = NULL;
		enum gs_cert_key_found found =
		    gs_cert_key_read(bytes, pass, &key, NULL);
		if (found != GS_KEY_OK)
			why = why == GS_KEY_NONE ? found : why;
		else if (gs_grow(&out->list, &out->size, out->n + 1,
			     sizeof(struct gs_cert_key *)))
			out->list[out->n++] = key;
		else
			gs_cert_key_free(key);
	} while (--left > 0 && skip_key(&bytes));
	return out->n > 0 ? GS_KEY_OK : why;
}

void
gs_cert_keys_free(struct gs_cert_keys *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		gs_cert_key_free(keys->list[i]);
	free(keys->list);
	*keys = (struct gs_cert_keys){ 0 };
}

/* ---- keys: writing. OpenSSL looks for an encoder among those of all kinds of
 * key in all forms, which takes as long as the rest of a certificate, and
 * i2d_ECPrivateKey() leaves the secret in memory that it frees: keys of a named
 * curve are put together here. */

/* *curve: NID_undef if p is no such key. Returns false if out of memory. */
static bool
find_curve(EVP_PKEY *p, int *curve)
{
	char form[32], name[32];

	*curve = NID_undef;
	if (EVP_PKEY_get_base_id(p) != EVP_PKEY_EC)
		return true;
	if (EVP_PKEY_get_utf8_string_param(p, OSSL_PKEY_PARAM_EC_ENCODING, form,
		sizeof(form), NULL) != 1)
		return false;
	if (strcmp(form, OSSL_PKEY_EC_ENCODING_GROUP) != 0)
		return true;
	if (EVP_PKEY_get_group_name(p, name, sizeof(name), NULL) != 1)
		return false;
	*curve = OBJ_sn2nid(name);
	return true;
}

/* Puts the public half of p into to: RFC 5480. Also returns false if p is not
 * a key of a named curve. */
static bool
put_point(X509_PUBKEY *to, EVP_PKEY *p)
{
	int curve;
	unsigned char *point = NULL;
	size_t n = find_curve(p, &curve) && curve != NID_undef ?
	    EVP_PKEY_get1_encoded_public_key(p, &point) :
	    0;

	if (n > 0 &&
	    X509_PUBKEY_set0_param(to, OBJ_nid2obj(NID_X9_62_id_ecPublicKey),
		V_ASN1_OBJECT, OBJ_nid2obj(curve), point, (int)n) == 1)
		return true;
	OPENSSL_free(point);
	return false;
}

/* ECPrivateKey of RFC 5915, without the curve, which PKCS #8 has outside.
 * *n: its octets. Returns NULL if out of memory, or if secret is longer than
 * width. */
static unsigned char *
ec_private(const BIGNUM *secret, int width, const unsigned char *point,
    int point_n, int *n)
{
	int public = ASN1_object_size(0, point_n + 1, V_ASN1_BIT_STRING);
	int body = ASN1_object_size(0, 1, V_ASN1_INTEGER) +
	    ASN1_object_size(0, width, V_ASN1_OCTET_STRING) +
	    ASN1_object_size(1, public, 1);

	*n = ASN1_object_size(1, body, V_ASN1_SEQUENCE);
	unsigned char *der = OPENSSL_malloc((size_t)*n), *at = der;
	if (der == NULL)
		return NULL;
	ASN1_put_object(&at, 1, body, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	ASN1_put_object(&at, 0, 1, V_ASN1_INTEGER, V_ASN1_UNIVERSAL);
	*at++ = 1; /* the version */
	ASN1_put_object(&at, 0, width, V_ASN1_OCTET_STRING, V_ASN1_UNIVERSAL);
	if (BN_bn2binpad(secret, at, width) != width) {
		OPENSSL_free(der);
		return NULL;
	}
	at += width;
	ASN1_put_object(&at, 1, public, 1, V_ASN1_CONTEXT_SPECIFIC);
	ASN1_put_object(&at, 0, point_n + 1, V_ASN1_BIT_STRING,
	    V_ASN1_UNIVERSAL);
	*at++ = 0; /* bits that are not used */
	memcpy(at, point, (size_t)point_n);
	return der;
}

/* PKCS #8 of p, whose curve is named. Returns NULL if out of memory. */
static PKCS8_PRIV_KEY_INFO *
ec_info(EVP_PKEY *p, int curve)
{
	int n = 0;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	BIGNUM *secret = NULL;
	unsigned char *point = NULL, *der = NULL;

	size_t k = EVP_PKEY_get1_encoded_public_key(p, &point);
	if (k > 0 &&
	    EVP_PKEY_get_bn_param(p, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1)
		der = ec_private(secret, (EVP_PKEY_get_bits(p) + 7) / 8, point,
		    (int)k, &n);
	if (der != NULL)
		info = PKCS8_PRIV_KEY_INFO_new();
	if (info == NULL ||
	    PKCS8_pkey_set0(info, OBJ_nid2obj(NID_X9_62_id_ecPublicKey), 0,
		V_ASN1_OBJECT, OBJ_nid2obj(curve), der, n) != 1) {
		OPENSSL_clear_free(der, (size_t)n);
		PKCS8_PRIV_KEY_INFO_free(info);
		info = NULL;
	}
	BN_clear_free(secret);
	OPENSSL_free(point);
	return info;
}

int
gs_cert_key_write(const struct gs_cert_key *key, struct gs_buf *out,
    struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	EVP_PKEY *p = pkey(key);
	PKCS8_PRIV_KEY_INFO *info = NULL;
	int curve;
	bool good = bio != NULL && find_curve(p, &curve);

	if (good && curve == NID_undef)
		good = PEM_write_bio_PKCS8PrivateKey(bio, p, NULL, NULL, 0,
			   NULL, NULL) == 1;
	else if (good)
		good = (info = ec_info(p, curve)) != NULL &&
		    PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info) == 1;
	PKCS8_PRIV_KEY_INFO_free(info);
	wipe_stack();
	return take_text(bio, good, out, "cannot write the key", err);
}

void
gs_cert_key_free(struct gs_cert_key *key)
{
	EVP_PKEY_free(pkey(key));
}

struct gs_cert_key *
gs_cert_key_ref(struct gs_cert_key *key)
{
	if (key != NULL && EVP_PKEY_up_ref(pkey(key)) != 1)
		return NULL;
	return key;
}

bool
gs_cert_key_same(const struct gs_cert_key *a, const struct gs_cert_key *b)
{
	return EVP_PKEY_eq(pkey(a), pkey(b)) == 1;
}

/* 8 hex digits of the SHA-256 of a SubjectPublicKeyInfo, which is freed. */
static void
fingerprint(unsigned char *der, int n, char *hex)
{
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };

	if (n > 0)
		(void)EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
	put_hex(md, 4, hex);
}

/* Whether a key for RSA-PSS may sign with one of the digests of TLS: RFC 8446
 * 4.2.3. */
static bool
has_tls_digest(EVP_PKEY *p)
{
	int nid = NID_undef;

	/* 2: with this one only. */
	return EVP_PKEY_get_default_digest_nid(p, &nid) != 2 ||
	    nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* Everything in info but the fingerprint. */
static void
public_info(EVP_PKEY *p, struct gs_cert_key_info *info)
{
	char group[32] = "";
	const char *curve;
	int type = EVP_PKEY_get_base_id(p);
	int bits = EVP_PKEY_get_bits(p);

	*info = (struct gs_cert_key_info){ 0 };
	info->bits = bits > 0 ? (unsigned)bits : 0;
	info->rsa = is_rsa(p);
	info->weak = EVP_PKEY_get_security_bits(p) < STRENGTH_MIN;
	if (info->rsa) {
		bool pss = type == EVP_PKEY_RSA_PSS;
		(void)snprintf(info->name, sizeof(info->name), "rsa%s:%u",
		    pss ? "-pss" : "", info->bits);
		info->unusable = pss && !has_tls_digest(p);
		return;
	}
	if (type == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(p, group, sizeof(group), NULL) == 1)
		curve = strcmp(group, "prime256v1") == 0 ? "P-256" :
		    strcmp(group, "secp384r1") == 0      ? "P-384" :
							   group;
	else
		curve = OBJ_nid2sn(type);
	/* RFC 8446 4.2.3: what has a signature scheme. */
	info->unusable = type == EVP_PKEY_EC ?
	    strcmp(curve, "P-256") != 0 && strcmp(curve, "P-384") != 0 &&
		strcmp(curve, "secp521r1") != 0 :
	    type != EVP_PKEY_ED25519 && type != EVP_PKEY_ED448;
	(void)snprintf(info->name, sizeof(info->name), "%s%s",
	    type == EVP_PKEY_EC ? "ec:" : "", curve);
}

void
gs_cert_key_info(const struct gs_cert_key *key, struct gs_cert_key_info *info)
{
	unsigned char *der = NULL;

	public_info(pkey(key), info);
	int n = i2d_PUBKEY(pkey(key), &der);
	fingerprint(der, n, info->fp);
}

void
gs_cert_ossl_own(void)
{
	(void)CRYPTO_set_mem_functions(gs_wiped_crypto_malloc,
	    gs_wiped_crypto_realloc, gs_wiped_crypto_free);
	gs_cert_ossl_start();
	/* The usual generator is a cipher, and to find that one takes as long
	 * as to make a key of P-256. This one is as strong (NIST SP 800-90A),
	 * and a digest, which is needed anyway. */
	(void)RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256");
	ERR_clear_error();
}

/* ---- certificates: reading */

static void
certs_take(struct gs_cert_certs *c, X509 *x)
{
	if (c->n == GS_CERTS_MAX ||
	    !gs_grow(&c->list, &c->size, c->n + 1, sizeof(struct gs_cert *))) {
		c->dropped++;
		X509_free(x);
		return;
	}
	c->list[c->n++] = (struct gs_cert *)x;
}

/* Whether x is written as it was read: what is put in place must be what
 * was checked (DER has one way to write it, X.690 section 10). */
static bool
is_der(X509 *x, const unsigned char *p, const unsigned char *end)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	bool same = n > 0 && n <= end - p && memcmp(der, p, (size_t)n) == 0;

	OPENSSL_free(der);
	return same;
}

/* The same certificate, decoded before; or NULL. */
static X509 *
known_x509(const struct gs_cert_certs *known, const unsigned char *p, long n)
{
	for (size_t i = 0; known != NULL && i < known->n; i++) {
		X509 *x = gs_cert_ossl_x509(known->list[i]);
		if (is_der(x, p, p + n) && X509_up_ref(x) == 1)
			return x;
	}
	return NULL;
}

static void
take_x509(struct gs_cert_certs *c, const unsigned char *p, long n, bool aux)
{
	const unsigned char *at = p;
	X509 *x = aux ? NULL : known_x509(c->known, p, n);

	if (x != NULL) {
		certs_take(c, x);
		return;
	}
	x = aux ? d2i_X509_AUX(NULL, &at, n) : d2i_X509(NULL, &at, n);

	/* Extensions are parsed late; a certificate with unreadable extensions
	 * is damaged. */
	bool invalid =
	    x != NULL && (X509_get_extension_flags(x) & EXFLAG_INVALID) != 0;
	if (x == NULL || invalid || X509_get0_pubkey(x) == NULL ||
	    !is_der(x, p, p + n)) {
		c->invalid += invalid;
		c->damaged++;
		X509_free(x);
		return;
	}
	certs_take(c, x);
}

static void
take_pkcs7(struct gs_cert_certs *c, const unsigned char *p, long n)
{
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, n);
	STACK_OF(X509) *sk = NULL;

	if (p7 != NULL && PKCS7_type_is_signed(p7) && p7->d.sign != NULL)
		sk = p7->d.sign->cert;
	if (p7 == NULL)
		c->damaged++;
	for (int i = 0; sk != NULL && i < sk_X509_num(sk); i++) {
		unsigned char *der = NULL;
		int k = i2d_X509(sk_X509_value(sk, i), &der);
		take_x509(c, der, k > 0 ? k : 0, false);
		OPENSSL_free(der);
	}
	PKCS7_free(p7);
}

/* What is under the label of a certificate may be PKCS #7, and the other way
 * round: damaged is what is neither. */
static void
take_either(struct gs_cert_certs *c, struct gs_span der, bool aux)
{
	size_t before = c->n, dropped = c->dropped, damaged = c->damaged;
	const unsigned char *p = (const unsigned char *)der.p;

	take_x509(c, p, (long)der.n, aux);
	if (c->n > before || c->dropped > dropped)
		return;
	c->damaged = damaged;
	take_pkcs7(c, p, (long)der.n);
}

/* DER, one after the other: a chain that was put together as if it were PEM. */
static void
take_row(struct gs_cert_certs *c, struct gs_span bytes)
{
	while (is_der_start(bytes))
		take_either(c, take_der(&bytes), false);
}

/* Labels that are not used for certificates. */
static bool
is_other_label(struct gs_span label)
{
	return gs_span_ends(label, GS_LIT("KEY")) ||
	    gs_span_ends(label, GS_LIT("PARAMETERS")) ||
	    gs_span_ends(label, GS_LIT("REQUEST")) ||
	    gs_span_ends(label, GS_LIT("CRL")) ||
	    gs_span_ends(label, GS_LIT("PKCS12"));
}

static bool
is_cert_label(struct gs_span label)
{
	return gs_span_ends(label, GS_LIT("CERTIFICATE")) ||
	    gs_span_starts(label, GS_LIT("PKCS7")) ||
	    gs_span_starts(label, GS_LIT("PKCS #7")) ||
	    gs_span_eq(label, GS_LIT("CMS"));
}

static void
take_block(struct gs_cert_certs *c, const struct gs_cert_armour *a,
    struct gs_buf *der)
{
	size_t damaged = c->damaged;

	if (gs_span_ends(a->label, GS_LIT("PRIVATE KEY")))
		c->key_inside = true;
	if (is_other_label(a->label))
		return;
	gs_buf_clear(der);
	if (!a->whole || gs_cert_armour_decode(a->body, der) == -1)
		c->damaged++;
	else
		take_either(c, gs_buf_span(der),
		    gs_span_starts(a->label, GS_LIT("TRUSTED")));
	if (!is_cert_label(a->label))
		c->damaged = damaged;
}

/* PKCS #7 in base64 without a label. */
static void
take_bare(struct gs_cert_certs *c, struct gs_span bytes, struct gs_buf *der)
{
	size_t damaged = c->damaged;

	if (gs_cert_armour_decode(bytes, der) == 0 &&
	    is_der_start(gs_buf_span(der)))
		take_pkcs7(c, der->p, (long)der->n);
	c->damaged = damaged;
}

int
gs_cert_certs_read(struct gs_span bytes, struct gs_cert_certs *out,
    struct gs_err *err)
{
	struct gs_cert_armour a;
	struct gs_buf der;

	if (bytes.n > INT32_MAX)
		return gs_err_set(err, "too long for certificates");
	gs_cert_ossl_start();
	gs_buf_init(&der, bytes.n + 4);
	if (gs_cert_armour_in(bytes))
		while (gs_cert_armour_next(&bytes, &a))
			take_block(out, &a, &der);
	else if (is_der_start(bytes))
		take_row(out, bytes);
	else
		take_bare(out, bytes, &der);
	gs_buf_free(&der);
	ERR_clear_error();
	return 0;
}

/* Whether OpenSSL finds exactly these in pem, and no block that it gives up
 * at: then X509_load_cert_crl_file() takes none of the file. */
static bool
loads_certs(struct gs_span pem, const struct gs_cert_certs *certs)
{
	struct gs_span none = GS_LIT("");
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	unsigned char *der;
	bool same = bio != NULL;
	size_t i = 0;
	long n;

	while (same &&
	    PEM_bytes_read_bio(&der, &n, NULL, PEM_STRING_X509, bio, give_pass,
		&none) == 1) {
		same = i < certs->n &&
		    is_der(gs_cert_ossl_x509(certs->list[i++]), der, der + n);
		OPENSSL_free(der);
	}
	BIO_free(bio);
	return same && i == certs->n &&
	    ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

bool
gs_cert_loads_trust(struct gs_span pem)
{
	struct gs_span none = GS_LIT("");

	if (!gs_span_has(pem, GS_LIT(" CRL-----")) &&
	    !gs_span_has(pem, GS_LIT("BEGIN TRUSTED ")))
		return true;
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	STACK_OF(X509_INFO) *sk =
	    PEM_X509_INFO_read_bio(bio, NULL, give_pass, &none);
	bool good = sk != NULL;
	sk_X509_INFO_pop_free(sk, X509_INFO_free);
	BIO_free(bio);
	ERR_clear_error();
	return good;
}

/* Whether OpenSSL finds the key in pem that is read here. */
static bool
loads_key(struct gs_span pem)
{
	struct gs_span none = GS_LIT("");
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	struct gs_cert_armour a;
	unsigned char *der = NULL;
	struct gs_buf b;
	long n = 0;

	gs_buf_init(&b, pem.n + 4);
	bool same = bio != NULL &&
	    gs_cert_armour_first(&pem, GS_LIT("PRIVATE KEY"), &a) &&
	    gs_cert_armour_decode(a.body, &b) == 0 &&
	    PEM_bytes_read_bio_secmem(&der, &n, NULL, PEM_STRING_EVP_PKEY, bio,
		give_pass, &none) == 1 &&
	    gs_span_eq(gs_span((char *)der, (size_t)n), gs_buf_span(&b));
	OPENSSL_secure_clear_free(der, (size_t)n);
	gs_buf_free(&b);
	BIO_free(bio);
	return same;
}

bool
gs_cert_loads(struct gs_span pem, const struct gs_cert_certs *certs, bool key)
{
	if (pem.n == 0)
		return true;
	/* For fgets(3), a line that begins with NUL is the end. */
	pem.n = pem.p[0] == '\0' ? 0 : gs_span_find(pem, GS_LIT("\n\0"));
	bool all = loads_certs(pem, certs) && (!key || loads_key(pem));
	ERR_clear_error();
	return all;
}

int
gs_cert_certs_file(const char *path, struct gs_cert_certs *out,
    struct gs_err *err)
{
	struct gs_buf b;

	gs_buf_init(&b, GS_SET_FILE_MAX);
	int r = gs_file_read(path, &b, err);
	if (r == 0)
		r = gs_cert_certs_read(gs_buf_span(&b), out, err);
	gs_buf_free(&b);
	return r;
}

bool
gs_cert_certs_hold(const struct gs_cert_certs *c, const struct gs_cert *cert)
{
	for (size_t i = 0; i < c->n; i++)
		if (gs_cert_same(c->list[i], cert))
			return true;
	return false;
}

void
gs_cert_certs_add(struct gs_cert_certs *c, const struct gs_cert *cert)
{
	X509 *x = gs_cert_ossl_x509(cert);

	if (!gs_cert_certs_hold(c, cert) && X509_up_ref(x) == 1)
		certs_take(c, x);
}

void
gs_cert_certs_free(struct gs_cert_certs *c)
{
	for (size_t i = 0; i < c->n; i++)
		gs_cert_free(c->list[i]);
	free(c->list);
	*c = (struct gs_cert_certs){ 0 };
}

void
gs_cert_free(struct gs_cert *cert)
{
	X509_free(gs_cert_ossl_x509(cert));
}

int
gs_cert_write_pem(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio != NULL &&
	    PEM_write_bio_X509(bio, gs_cert_ossl_x509(cert)) == 1;

	return take_text(bio, good, out, "cannot write the certificate", err);
}

int
gs_cert_write_der(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good =
	    bio != NULL && i2d_X509_bio(bio, gs_cert_ossl_x509(cert)) == 1;

	return take_text(bio, good, out, "cannot write the certificate", err);
}

/* ---- PKCS #12 */

bool
gs_cert_p12_is(struct gs_span bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;

	if (!is_der_start(bytes))
		return false;
	gs_cert_ossl_start();
	PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)bytes.n);
	ERR_clear_error();
	PKCS12_free(p12);
	return p12 != NULL;
}

/* The contents of PKCS #12, each in a row of DER: objects do not outlive the
 * library context in which they were made. */
struct p12 {
	struct gs_buf keys; /* PKCS #8 */
	struct gs_buf certs;
	bool sealed; /* the pass phrase does not open a part of it */
	bool locked; /* the pass phrase is not right */
};

struct old_p12 {
	struct gs_span bytes;
	const char *pass;
	struct p12 *to;
	bool good;
};

static bool
take_p8(struct p12 *to, const PKCS8_PRIV_KEY_INFO *p8)
{
	unsigned char *der = NULL;
	int n = p8 == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(p8, &der);

	if (n > 0)
		gs_buf_put(&to->keys, der, (size_t)n);
	OPENSSL_clear_free(der, n > 0 ? (size_t)n : 0);
	return n > 0;
}

static bool
take_bag(struct p12 *to, const PKCS12_SAFEBAG *bag, const char *pass)
{
	PKCS8_PRIV_KEY_INFO *p8;
	unsigned char *der = NULL;
	bool good = true;
	X509 *x;
	int n;

	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag: return take_p8(to, PKCS12_SAFEBAG_get0_p8inf(bag));
	case NID_pkcs8ShroudedKeyBag:
		p8 = PKCS12_decrypt_skey(bag, pass, -1);
		to->sealed = to->sealed || p8 == NULL;
		good = take_p8(to, p8);
		PKCS8_PRIV_KEY_INFO_free(p8);
		return good;
	case NID_certBag:
		if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
			return true;
		x = PKCS12_SAFEBAG_get1_cert(bag);
		n = x == NULL ? 0 : i2d_X509(x, &der);
		if (n > 0)
			gs_buf_put(&to->certs, der, (size_t)n);
		OPENSSL_free(der);
		X509_free(x);
		return n > 0;
	default: return true;
	}
}

/* All bags of a safe, and those in bags of bags. */
static bool
take_safe(struct p12 *to, const STACK_OF(PKCS12_SAFEBAG) * safe,
    const char *pass)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = sk_PKCS12_SAFEBAG_dup(safe);
	bool good = safe != NULL && bags != NULL;

	for (int i = 0; good && i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
		const STACK_OF(PKCS12_SAFEBAG) *in =
		    PKCS12_SAFEBAG_get0_safes(bag);
		good = take_bag(to, bag, pass);
		for (int k = 0; good && k < sk_PKCS12_SAFEBAG_num(in); k++)
			good = sk_PKCS12_SAFEBAG_push(bags,
				   sk_PKCS12_SAFEBAG_value(in, k)) > 0;
	}
	sk_PKCS12_SAFEBAG_free(bags);
	return good;
}

/* All safes: PKCS12_parse() has no more than one key. */
static bool
take_safes(struct p12 *to, const PKCS12 *p12, const char *pass)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
	bool good = safes != NULL;

	gs_buf_clear(&to->keys);
	gs_buf_clear(&to->certs);
	to->sealed = false;
	for (int i = 0; good && i < sk_PKCS7_num(safes); i++) {
		PKCS7 *safe = sk_PKCS7_value(safes, i);
		/* What is sealed for a recipient's key needs that key. */
		if (!PKCS7_type_is_data(safe) && !PKCS7_type_is_encrypted(safe))
			continue;
		bool open = PKCS7_type_is_data(safe);
		STACK_OF(PKCS12_SAFEBAG) *bags = open ?
		    PKCS12_unpack_p7data(safe) :
		    PKCS12_unpack_p7encdata(safe, pass, -1);
		to->sealed = to->sealed || (!open && bags == NULL);
		good = take_safe(to, bags, pass);
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return good;
}

/* Whether a pass phrase can be tried on the MAC of p12. That of RFC 9579 is
 * none that OpenSSL 3.0 knows. */
static bool
has_known_mac(const PKCS12 *p12)
{
	const X509_ALGOR *how = NULL;
	const ASN1_OBJECT *digest = NULL;

	PKCS12_get0_mac(NULL, &how, NULL, NULL, p12);
	if (how != NULL)
		X509_ALGOR_get0(&digest, NULL, NULL, how);
	return digest != NULL && EVP_get_digestbyobj(digest) != NULL;
}

/* In the library context that is the default now. Returns whether it could be
 * opened. */
static bool
parse_p12(struct gs_span bytes, const char *pass, struct p12 *to)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)bytes.n);
	bool mac = p12 != NULL && has_known_mac(p12);
	/* No pass phrase is written in two ways, and some programs use one
	 * for the MAC and the other for the rest. */
	bool none = pass[0] == '\0';

	bool right = p12 != NULL &&
	    (!mac || PKCS12_verify_mac(p12, pass, -1) == 1 ||
		(none && PKCS12_verify_mac(p12, NULL, 0) == 1));
	bool good = right &&
	    (take_safes(to, p12, pass) || (none && take_safes(to, p12, NULL)));
	bool lacks = lacked_cipher();
	/* Without a MAC, what does not open a part is a wrong pass phrase. */
	to->locked = !right || (!mac && !good && to->sealed && !lacks);
	PKCS12_free(p12);
	wipe_stack();
	return good;
}

static void
parse_old_p12(void *arg)
{
	struct old_p12 *o = arg;

	o->good = parse_p12(o->bytes, o->pass, o->to);
}

enum gs_cert_key_found
gs_cert_p12_read(struct gs_span bytes, struct gs_span pass,
    struct gs_cert_certs *out, struct gs_cert_keys *keys)
{
	struct p12 to = { 0 };
	enum gs_cert_key_found found = GS_KEY_OK;
	struct gs_buf text;

	gs_cert_ossl_start();
	gs_buf_init(&to.keys, 2 * bytes.n + 64);
	gs_buf_init(&to.certs, 2 * bytes.n + 64);
	gs_buf_init(&text, pass.n + 1);
	gs_buf_put(&text, pass.p, pass.n);
	gs_buf_putc(&text, '\0');
	const char *word = gs_buf_ok(&text) ? (const char *)text.p : "";
	bool good = parse_p12(bytes, word, &to);
	/* One pass phrase for all files, and this one has none. */
	if (!good && to.locked && word[0] != '\0')
		good = parse_p12(bytes, word = "", &to);
	struct old_p12 old = { bytes, word, &to, false };
	if (!good && to.locked)
		found = GS_KEY_LOCKED;
	else if (!good && !with_old_ciphers(parse_old_p12, &old))
		found = GS_KEY_LEGACY;
	else if (!good && !old.good)
		found = to.locked ? GS_KEY_LOCKED : GS_KEY_DAMAGED;
	if (found == GS_KEY_OK && to.keys.n > 0)
		found =
		    gs_cert_keys_read(gs_buf_span(&to.keys), GS_LIT(""), keys);
	if (found == GS_KEY_OK)
		take_row(out, gs_buf_span(&to.certs));
	gs_buf_free(&text);
	gs_buf_free(&to.keys);
	gs_buf_free(&to.certs);
	return found;
}

/* ---- DER, and what the system trusts */

enum gs_cert_der
gs_cert_der(struct gs_span bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p, *at = p;
	long n = (long)bytes.n;
	enum gs_cert_der kind = GS_DER_UNKNOWN;

	if (!is_der_start(bytes))
		return kind;
	gs_cert_ossl_start();
	X509 *x = d2i_X509(NULL, &at, n);
	at = p;
	X509_REQ *req = d2i_X509_REQ(NULL, &at, n);
	at = p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, n);
	at = p;
	EVP_PKEY *open = d2i_PUBKEY(NULL, &at, n);
	at = p;
	X509_SIG *sealed = d2i_X509_SIG(NULL, &at, n);
	at = p;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, n);
	at = p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, n);
	if (x != NULL)
		kind = GS_DER_CERT;
	else if (gs_cert_p12_is(bytes))
		kind = GS_DER_P12;
	else if (req != NULL)
		kind = GS_DER_REQUEST;
	else if (crl != NULL)
		kind = GS_DER_CRL;
	else if (key != NULL || sealed != NULL)
		kind = GS_DER_KEY;
	else if (open != NULL)
		kind = GS_DER_PUBLIC;
	else if (cms != NULL)
		kind = OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed ?
		    GS_DER_SIGNED :
		    GS_DER_SEALED;
	X509_free(x);
	X509_REQ_free(req);
	X509_CRL_free(crl);
	EVP_PKEY_free(open);
	X509_SIG_free(sealed);
	EVP_PKEY_free(key);
	CMS_ContentInfo_free(cms);
	wipe_stack();
	ERR_clear_error();
	return kind;
}

int
gs_cert_certs_system(const struct gs_cert *cert, struct gs_cert_certs *out,
    struct gs_err *err)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *found = NULL;
	int r = 0;

	if (store == NULL || ctx == NULL ||
	    X509_STORE_set_default_paths(store) != 1 ||
	    X509_STORE_CTX_init(ctx, store, NULL, NULL) != 1)
		r = gs_cert_ossl_err(err, "the system's certificates");
	else
		found = X509_STORE_CTX_get1_certs(ctx,
		    X509_get_issuer_name(gs_cert_ossl_x509(cert)));
	for (int i = 0; found != NULL && i < sk_X509_num(found); i++)
		gs_cert_certs_add(out,
		    (struct gs_cert *)sk_X509_value(found, i));
	sk_X509_pop_free(found, X509_free);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return r;
}

/* ---- certificates: looking into them */

static void
name_text(const X509_NAME *name, char *text, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;

	text[0] = '\0';
	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0,
		XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		long n = BIO_get_mem_data(bio, &p);
		if (n > 0)
			(void)snprintf(text, size, "%.*s", (int)n, p);
	}
	BIO_free(bio);
}

static void
cn_text(const X509_NAME *name, char *text, size_t size)
{
	unsigned char *utf8 = NULL;
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	text[0] = '\0';
	if (i < 0)
		return;
	const ASN1_STRING *s =
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
	if (ASN1_STRING_to_UTF8(&utf8, s) >= 0)
		(void)snprintf(text, size, "%s", (const char *)utf8);
	OPENSSL_free(utf8);
}

static void
serial_text(X509 *x, char *text, size_t size)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = bn == NULL ? NULL : BN_bn2hex(bn);

	(void)snprintf(text, size, "%s", hex != NULL ? hex : "?");
	OPENSSL_free(hex);
	BN_free(bn);
}

/* Names that are not host names, or contain a NUL, are left out. */
static void
read_sans(X509 *x, struct gs_cert_sans *sans)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);
		char dns[GS_HOST_MAX + 1];
		if (g->type == GEN_IPADD) {
			const ASN1_STRING *s = g->d.iPAddress;
			if (gs_cert_sans_add_ip(sans, ASN1_STRING_get0_data(s),
				(size_t)ASN1_STRING_length(s), NULL) == -1)
				continue;
		} else if (g->type == GEN_DNS) {
			const ASN1_STRING *s = g->d.dNSName;
			size_t n = (size_t)ASN1_STRING_length(s);
			if (n >= sizeof(dns))
				continue;
			memcpy(dns, ASN1_STRING_get0_data(s), n);
			dns[n] = '\0';
			/* In a certificate, "_." is no wildcard. */
			if (strlen(dns) != n || dns[0] == '_' ||
			    gs_cert_sans_add_dns(sans, dns, NULL) == -1)
				continue;
		}
	}
	GENERAL_NAMES_free(names);
}

static void
digest_info(X509 *x, struct gs_cert_info *info)
{
	int md = NID_undef, key = NID_undef, bits = 0;

	(void)X509_get_signature_info(x, &md, &key, &bits, NULL);
	const char *name = md != NID_undef ? OBJ_nid2sn(md) : OBJ_nid2sn(key);
	(void)snprintf(info->digest, sizeof(info->digest), "%s",
	    name != NULL ? name : "unknown");
	/* SHA-224 and up; EdDSA has no digest of its own. */
	info->weak_digest = bits < STRENGTH_MIN;
}

/* Why clients take x for a CA, or NULL. Old ones do not read its keyUsage. */
static const char *
why_ca(X509 *x)
{
	switch (X509_check_ca(x)) {
	case 0:
		return (X509_get_extension_flags(x) & EXFLAG_CA) != 0 ?
		    "CA:TRUE without keyCertSign" :
		    NULL;
	case 1: return "CA:TRUE";
	case 3: return "self-signed, of X.509 version 1";
	case 4: return "keyCertSign without basicConstraints";
	default: return "an old Netscape usage";
	}
}

void
gs_cert_info(const struct gs_cert *cert, struct gs_cert_info *info)
{
	X509 *x = gs_cert_ossl_x509(cert);
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };
	unsigned char *der = NULL;

	gs_cert_ossl_start();
	*info = (struct gs_cert_info){ 0 };
	public_info(X509_get0_pubkey(x), &info->key);
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	fingerprint(der, n, info->key.fp);
	name_text(X509_get_subject_name(x), info->subject,
	    sizeof(info->subject));
	name_text(X509_get_issuer_name(x), info->issuer, sizeof(info->issuer));
	cn_text(X509_get_subject_name(x), info->cn, sizeof(info->cn));
	serial_text(x, info->serial, sizeof(info->serial));
	digest_info(x, info);
	if (X509_digest(x, EVP_sha256(), md, NULL) == 1)
		put_hex(md, 32, info->fp);
	info->not_before = seconds_of(X509_get0_notBefore(x));
	info->not_after = seconds_of(X509_get0_notAfter(x));
	read_sans(x, &info->sans);
	info->self_signed = gs_cert_self_signed(cert);
	info->ca = why_ca(x);
	/* Without a usage all bits are set. Only RSA can do without signing. */
	info->usage_server =
	    X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0) == 1 &&
	    (X509_get_key_usage(x) &
		(KU_DIGITAL_SIGNATURE |
		    (info->key.rsa ? KU_KEY_ENCIPHERMENT : 0))) != 0;
	ERR_clear_error();
}

bool
gs_cert_is_shared(const struct gs_cert_info *info)
{
	size_t n = strlen(info->subject);

	return gs_span_find(gs_span(info->subject, n),
		   GS_LIT("Gemeinschaft 4")) < n;
}

bool
gs_cert_same(const struct gs_cert *a, const struct gs_cert *b)
{
	return X509_cmp(gs_cert_ossl_x509(a), gs_cert_ossl_x509(b)) == 0;
}

bool
gs_cert_has_key(const struct gs_cert *cert, const struct gs_cert_key *key)
{
	EVP_PKEY *p = X509_get0_pubkey(gs_cert_ossl_x509(cert));

	return p != NULL && EVP_PKEY_eq(p, pkey(key)) == 1;
}

/* Names and, if cert says which key or certificate of that name it was, that
 * one. What the issuer may sign is judged elsewhere. */
static bool
is_named_issuer(X509 *issuer, X509 *cert)
{
	int fault = X509_check_issued(issuer, cert);

	return fault == X509_V_OK || fault == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

bool
gs_cert_issued(const struct gs_cert *issuer, const struct gs_cert *cert)
{
	X509 *i = gs_cert_ossl_x509(issuer), *x = gs_cert_ossl_x509(cert);

	if (X509_get0_pubkey(i) == NULL || !is_named_issuer(i, x))
		return false;
	bool yes = X509_verify(x, X509_get0_pubkey(i)) == 1;
	ERR_clear_error();
	return yes;
}

bool
gs_cert_self_signed(const struct gs_cert *cert)
{
	static const bool answers[] = { false, true };
	X509 *x = gs_cert_ossl_x509(cert);
	const bool *known = X509_get_ex_data(x, 0);

	/* It takes a signature, and is asked many times. OpenSSL leaves
	 * index 0 to programs. */
	if (known == NULL) {
		known = &answers[X509_self_signed(x, 1) == 1];
		(void)X509_set_ex_data(x, 0, (void *)(uintptr_t)known);
		ERR_clear_error();
	}
	return *known;
}

const struct gs_cert *
gs_cert_root(const struct gs_cert *leaf, const struct gs_cert_certs *chain)
{
	return chain->n > 0 ? chain->list[chain->n - 1] : leaf;
}

static bool
set_up_store(X509_STORE *store, STACK_OF(X509) * between,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain, bool weak,
    int64_t now)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	const struct gs_cert *root = gs_cert_root(leaf, chain);

	X509_VERIFY_PARAM_set_time(param, (time_t)now);
	X509_VERIFY_PARAM_set_auth_level(param, weak ? 0 : AUTH_LEVEL);
	for (size_t i = 0; i + 1 < chain->n; i++)
		if (sk_X509_push(between, gs_cert_ossl_x509(chain->list[i])) <=
		    0)
			return false;
	return X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) ==
	    1 &&
	    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
	    1 &&
	    X509_STORE_add_cert(store, gs_cert_ossl_x509(root)) == 1;
}

const char *
gs_cert_refusal(const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    bool weak, int64_t now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *between = sk_X509_new_null();
	int fault = X509_V_ERR_OUT_OF_MEM;

	gs_cert_ossl_start();
	if (store != NULL && ctx != NULL && between != NULL &&
	    set_up_store(store, between, leaf, chain, weak, now) &&
	    X509_STORE_CTX_init(ctx, store, gs_cert_ossl_x509(leaf), between) ==
		1)
		fault = X509_verify_cert(ctx) == 1 ?
		    X509_V_OK :
		    X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(between);
	ERR_clear_error();
	return fault == X509_V_OK ? NULL : X509_verify_cert_error_string(fault);
}

void
gs_cert_sent(const struct gs_cert *leaf, const struct gs_cert_certs *loaded,
    int64_t now, struct gs_cert_certs *out)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *sk = NULL;
	bool good = store != NULL && ctx != NULL;

	for (size_t i = 0; good && i < loaded->n; i++)
		good = X509_STORE_add_cert(store,
			   gs_cert_ossl_x509(loaded->list[i])) == 1;
	if (good &&
	    X509_STORE_CTX_init(ctx, store, gs_cert_ossl_x509(leaf), NULL) ==
		1) {
		X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
		/* What it says of the chain does not matter to a server. */
		(void)X509_verify_cert(ctx);
		sk = X509_STORE_CTX_get0_chain(ctx);
	}
	for (int i = 1; sk != NULL && i < sk_X509_num(sk); i++)
		gs_cert_certs_add(out, (struct gs_cert *)sk_X509_value(sk, i));
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
}

void
gs_cert_x509_library(struct gs_buf *b)
{
	gs_buf_puts(b, OpenSSL_version(OPENSSL_VERSION));
}

/* ---- from a certificate upwards to its root */

enum { NONE = -1 };

/* The certificates of the pool in the order of their distance from the
 * leaf, and for each the one below it. */
struct walk {
	bool seen[GS_CERTS_MAX];
	int below[GS_CERTS_MAX]; /* NONE: the leaf */
	int order[GS_CERTS_MAX];
	int n;
};

static bool
is_valid_ca(const struct gs_cert *cert, int64_t now)
{
	X509 *x = gs_cert_ossl_x509(cert);

	return X509_check_ca(x) > 0 && is_time(X509_get0_notBefore(x)) &&
	    seconds_of(X509_get0_notBefore(x)) <= now &&
	    seconds_of(X509_get0_notAfter(x)) >= now;
}

/* now: those that are valid then, or NULL: all. */
static void
add_issuers(struct walk *w, const struct gs_cert_certs *pool,
    const int64_t *now, const struct gs_cert *at, int below)
{
	for (size_t i = 0; i < pool->n; i++) {
		if (w->seen[i] || gs_cert_same(pool->list[i], at) ||
		    !gs_cert_issued(pool->list[i], at) ||
		    (now != NULL && !is_valid_ca(pool->list[i], *now)))
			continue;
		w->seen[i] = true;
		w->below[i] = below;
		w->order[w->n++] = (int)i;
	}
}

void
gs_cert_above(const struct gs_cert *leaf, const struct gs_cert_certs *pool,
    struct gs_cert_certs *out)
{
	struct walk w = { 0 };

	add_issuers(&w, pool, NULL, leaf, NONE);
	for (int k = 0; k < w.n; k++) {
		gs_cert_certs_add(out, pool->list[w.order[k]]);
		add_issuers(&w, pool, NULL, pool->list[w.order[k]], w.order[k]);
	}
}

/* The nearest root, or NONE. */
static int
nearest_root(const struct gs_cert *leaf, const struct gs_cert_certs *pool,
    const int64_t *now, struct walk *w)
{
	*w = (struct walk){ 0 };
	add_issuers(w, pool, now, leaf, NONE);
	for (int k = 0; k < w->n; k++) {
		const struct gs_cert *at = pool->list[w->order[k]];
		if (gs_cert_self_signed(at))
			return w->order[k];
		add_issuers(w, pool, now, at, w->order[k]);
	}
	return NONE;
}

static void
put_chain(const struct gs_cert_certs *pool, const struct walk *w, int top,
    struct gs_cert_certs *out)
{
	int up[GS_CERTS_MAX], n = 0;

	for (int i = top; i != NONE; i = w->below[i])
		up[n++] = i;
	while (n > 0)
		gs_cert_certs_add(out, pool->list[up[--n]]);
}

bool
gs_cert_chain(const struct gs_cert *leaf, const struct gs_cert_certs *pool,
    int64_t now, struct gs_cert_certs *out)
{
	struct walk w;

	if (gs_cert_self_signed(leaf))
		return true;
	int top = nearest_root(leaf, pool, &now, &w);
	if (top == NONE)
		top = nearest_root(leaf, pool, NULL, &w);
	bool complete = top != NONE;
	/* The end of the path. */
	if (!complete && w.n > 0)
		top = w.order[w.n - 1];
	put_chain(pool, &w, top, out);
	return complete;
}

/* ---- making certificates and requests */

enum { SERIAL_BYTES = 16 };

/* All of the certificate's subject but CN, in the same order. */
static bool
copy_subject(X509_NAME *name, const struct gs_cert *like)
{
	const X509_NAME *from = X509_get_subject_name(gs_cert_ossl_x509(like));
	int before = -1;

	for (int i = 0; i < X509_NAME_entry_count(from); i++) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(from, i);
		int rdn = X509_NAME_ENTRY_set(e);
		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) ==
		    NID_commonName)
			continue;
		if (X509_NAME_add_entry(name, e, -1, rdn == before ? -1 : 0) !=
		    1)
			return false;
		before = rdn;
	}
	return true;
}

static int
put_subject(X509_NAME *name, const struct gs_cert_issue *what,
    struct gs_err *err)
{
	const struct gs_cert_dn *dn = what->subject;

	if ((dn == NULL || dn->n == 0) && what->like != NULL &&
	    !copy_subject(name, what->like))
		return gs_cert_ossl_err(err, "cannot copy the subject");
	for (size_t i = 0; dn != NULL && i < dn->n; i++) {
		const struct gs_cert_attr *a = &dn->attr[i];
		if (X509_NAME_add_entry_by_txt(name, a->type, MBSTRING_UTF8,
			(const unsigned char *)a->value, -1, -1,
			a->joined ? -1 : 0) != 1) {
			(void)gs_cert_ossl_err(err, "reason");
			return gs_err_set(err,
			    "'%s=%s' cannot be used in a subject: unknown "
			    "type, or a value of the wrong length or with "
			    "invalid characters",
			    a->type, a->value);
		}
	}
	if (what->cn == NULL || strlen(what->cn) > GS_CN_MAX)
		return 0;
	if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		(const unsigned char *)what->cn, -1, -1, 0) != 1)
		return gs_cert_ossl_err(err, "cannot make the subject");
	return 0;
}

static GENERAL_NAME *
general_name(const struct gs_cert_san *san)
{
	bool dns = san->kind == GS_SAN_DNS;
	const void *p = dns ? (const void *)gs_cert_san_name(san) : san->ip;
	size_t n = dns ? strlen(gs_cert_san_name(san)) : san->ip_len;
	GENERAL_NAME *g = GENERAL_NAME_new();
	ASN1_STRING *s =
	    ASN1_STRING_type_new(dns ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);

	if (g == NULL || s == NULL || ASN1_STRING_set(s, p, (int)n) != 1) {
		GENERAL_NAME_free(g);
		ASN1_STRING_free(s);
		return NULL;
	}
	GENERAL_NAME_set0_value(g, dns ? GEN_DNS : GEN_IPADD, s);
	return g;
}

/* critical when there is no subject: RFC 5280 section 4.2.1.6. */
static bool
add_sans(STACK_OF(X509_EXTENSION) * *to, const struct gs_cert_sans *sans,
    bool critical)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	bool good = names != NULL;

	for (size_t i = 0; good && i < sans->n; i++) {
		GENERAL_NAME *g = general_name(&sans->list[i]);
		good = g != NULL && sk_GENERAL_NAME_push(names, g) > 0;
		if (!good)
			GENERAL_NAME_free(g);
	}
	good = good &&
	    X509V3_add1_i2d(to, NID_subject_alt_name, names, critical,
		X509V3_ADD_APPEND) == 1;
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return good;
}

static bool
add_ext(STACK_OF(X509_EXTENSION) * *to, X509V3_CTX *ctx, int nid,
    const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

	if (e == NULL)
		return false;
	bool good = X509v3_add_ext(to, e, -1) != NULL;
	X509_EXTENSION_free(e);
	return good;
}

/* The extensions of a leaf, in a certificate and in a request. */
static bool
add_leaf_exts(STACK_OF(X509_EXTENSION) * *to, X509V3_CTX *ctx,
    const struct gs_cert_issue *what, bool no_subject)
{
	bool rsa = EVP_PKEY_get_base_id(pkey(what->key)) == EVP_PKEY_RSA;

	/* keyEncipherment is for RSA key transport only: RFC 5480 3. */
	return add_ext(to, ctx, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_ext(to, ctx, NID_key_usage,
		rsa ? "critical,digitalSignature,keyEncipherment" :
		      "critical,digitalSignature") &&
	    add_ext(to, ctx, NID_ext_key_usage, "serverAuth") &&
	    add_sans(to, what->sans, no_subject);
}

static bool
add_exts(X509 *x, const struct gs_cert_issue *what)
{
	STACK_OF(X509_EXTENSION) *exts = NULL;
	X509V3_CTX ctx;
	X509 *issuer =
	    what->issuer != NULL ? gs_cert_ossl_x509(what->issuer) : x;
	bool no_subject = X509_NAME_entry_count(X509_get_subject_name(x)) == 0;
	bool good;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	good = what->ca ? add_ext(&exts, &ctx, NID_basic_constraints,
			      "critical,CA:TRUE,pathlen:0") &&
		add_ext(&exts, &ctx, NID_key_usage,
		    "critical,keyCertSign,cRLSign") :
			  add_leaf_exts(&exts, &ctx, what, no_subject);
	good = good && add_ext(&exts, &ctx, NID_subject_key_identifier, "hash");
	for (int i = 0; good && i < sk_X509_EXTENSION_num(exts); i++)
		good =
		    X509_add_ext(x, sk_X509_EXTENSION_value(exts, i), -1) == 1;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	/* Needs the subject's identifier in place when both are one. */
	exts = NULL;
	good = good &&
	    add_ext(&exts, &ctx, NID_authority_key_identifier,
		"keyid:always") &&
	    X509_add_ext(x, sk_X509_EXTENSION_value(exts, 0), -1) == 1;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

static bool
set_serial(X509 *x)
{
	uint8_t raw[SERIAL_BYTES];
	BIGNUM *bn = NULL;
	bool good = RAND_bytes(raw, sizeof(raw)) == 1;

	/* Positive, of full length: RFC 5280 section 4.1.2.2. */
	raw[0] = (uint8_t)((raw[0] & 0x7f) | 0x40);
	good = good && (bn = BN_bin2bn(raw, sizeof(raw), NULL)) != NULL &&
	    BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	BN_free(bn);
	return good;
}

/* ASN1_TIME_set() takes a time_t, which may end in 2038. */
static bool
set_time(ASN1_TIME *t, int64_t seconds)
{
	return ASN1_TIME_adj(t, 0, (int)(seconds / GS_DAY),
		   (long)(seconds % GS_DAY)) != NULL;
}

static bool
set_times(X509 *x, const struct gs_cert_issue *what)
{
	int64_t from = what->now - GS_DAY;
	int64_t to = what->now + (int64_t)what->days * GS_DAY;

	if (what->issuer != NULL) {
		X509 *i = gs_cert_ossl_x509(what->issuer);
		int64_t first = seconds_of(X509_get0_notBefore(i));
		int64_t last = seconds_of(X509_get0_notAfter(i));
		from = from < first ? first : from;
		to = to > last ? last : to;
	}
	return set_time(X509_getm_notBefore(x), from) &&
	    set_time(X509_getm_notAfter(x), to);
}

/* EdDSA brings its own digest. */
static const EVP_MD *
digest_for(EVP_PKEY *p)
{
	int id = EVP_PKEY_get_base_id(p);

	return id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448 ? NULL :
								EVP_sha256();
}

static int
fill_cert(X509 *x, const struct gs_cert_issue *what, struct gs_err *err)
{
	EVP_PKEY *signer =
	    pkey(what->issuer != NULL ? what->issuer_key : what->key);

	if (put_subject(X509_get_subject_name(x), what, err) == -1)
		return -1;
	X509_NAME *issuer = X509_get_subject_name(
	    what->issuer != NULL ? gs_cert_ossl_x509(what->issuer) : x);
	if (X509_set_version(x, X509_VERSION_3) != 1 || !set_serial(x) ||
	    !set_times(x, what) || X509_set_issuer_name(x, issuer) != 1 ||
	    !(put_point(X509_get_X509_PUBKEY(x), pkey(what->key)) ||
		X509_set_pubkey(x, pkey(what->key)) == 1) ||
	    !add_exts(x, what) || X509_sign(x, signer, digest_for(signer)) <= 0)
		return gs_cert_ossl_err(err, "cannot make the certificate");
	return 0;
}

int
gs_cert_issue(const struct gs_cert_issue *what, struct gs_cert **cert,
    struct gs_err *err)
{
	gs_cert_ossl_start();
	X509 *x = X509_new();
	if (x == NULL)
		return gs_cert_ossl_err(err, "out of memory");
	int filled = fill_cert(x, what, err);
	wipe_stack();
	if (filled == -1) {
		X509_free(x);
		return -1;
	}
	/* Encoded and read again: what is checked later is what others
	 * will read, not what was put together here. */
	struct gs_buf der;
	struct gs_cert_certs read = { 0 };
	gs_buf_init(&der, 64 * 1024);
	int r = gs_cert_write_der((struct gs_cert *)x, &der, err);
	X509_free(x);
	if (r == 0)
		r = gs_cert_certs_read(gs_buf_span(&der), &read, err);
	gs_buf_free(&der);
	if (r == 0 && read.n == 1 && read.list != NULL) {
		*cert = read.list[0];
		read.n = 0;
	} else if (r == 0) {
		r = gs_err_set(err, "the new certificate cannot be read");
	}
	gs_cert_certs_free(&read);
	return r;
}

static bool
fill_csr(X509_REQ *req, const struct gs_cert_issue *what)
{
	STACK_OF(X509_EXTENSION) *exts = NULL;
	X509V3_CTX ctx;
	X509_NAME *name = X509_REQ_get_subject_name(req);
	EVP_PKEY *p = pkey(what->key);

	X509V3_set_ctx(&ctx, NULL, NULL, req, NULL, 0);
	bool good = X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
	    (put_point(X509_REQ_get_X509_PUBKEY(req), p) ||
		X509_REQ_set_pubkey(req, p) == 1) &&
	    add_leaf_exts(&exts, &ctx, what,
		X509_NAME_entry_count(name) == 0) &&
	    X509_REQ_add_extensions(req, exts) == 1 &&
	    X509_REQ_sign(req, p, digest_for(p)) > 0;
	wipe_stack();
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

int
gs_cert_csr_make(const struct gs_cert_issue *what, struct gs_buf *out,
    struct gs_err *err)
{
	gs_cert_ossl_start();
	X509_REQ *req = X509_REQ_new();
	int r = 0;

	if (req == NULL)
		return gs_cert_ossl_err(err, "out of memory");
	r = put_subject(X509_REQ_get_subject_name(req), what, err);
	if (r == 0 && !fill_csr(req, what))
		r = gs_cert_ossl_err(err, "cannot make the request");
	if (r == 0) {
		BIO *bio = BIO_new(BIO_s_mem());
		bool good =
		    bio != NULL && PEM_write_bio_X509_REQ(bio, req) == 1;
		r = take_text(bio, good, out, "cannot write the request", err);
	}
	X509_REQ_free(req);
	return r;
}
