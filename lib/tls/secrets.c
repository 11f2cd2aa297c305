/* SPDX-License-Identifier: MIT */
/* What TLS computes with secrets: PRF, HKDF, RSA and records. The one file of
 * this wing with libcrypto. */
#include "tls/secrets.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/library.h"
#include "base/wiped.h"

enum {
	NONCE = 12, /* octets of nonces of AEAD */
	TRUNCATED = 10, /* octets of a truncated HMAC */
	SALT = 4, /* of them, those that are not sent */
	EXPLICIT = 8, /* those that are sent */
	HASH_MAX = 48,
	BLOCK_MAX = 16,
	PREMASTER = 48,
};

#define QUOTE(x) #x
#define SONAME(x) QUOTE(x)

/* ---- libcrypto
 *
 * It is loaded with the first secret: a run without secrets starts without
 * it. */

/* clang-format off */
#define LIBCRYPTO(X) \
	X(BIO_free) X(BIO_new_mem_buf) X(CRYPTO_set_mem_functions) \
	X(ERR_clear_error) \
	X(EVP_CIPHER_CTX_ctrl) X(EVP_CIPHER_CTX_free) \
	X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_set_padding) \
	X(EVP_CIPHER_fetch) X(EVP_CIPHER_free) X(EVP_DecryptFinal_ex) \
	X(EVP_DecryptInit_ex2) X(EVP_DecryptUpdate) \
	X(EVP_KDF_CTX_free) X(EVP_KDF_CTX_new) X(EVP_KDF_derive) \
	X(EVP_KDF_fetch) X(EVP_KDF_free) X(EVP_MAC_CTX_free) \
	X(EVP_MAC_CTX_new) X(EVP_MAC_fetch) X(EVP_MAC_final) \
	X(EVP_MAC_free) X(EVP_MAC_init) X(EVP_MAC_update) \
	X(EVP_PKEY_CTX_free) X(EVP_PKEY_CTX_new) \
	X(EVP_PKEY_CTX_set_rsa_padding) X(EVP_PKEY_decrypt) \
	X(EVP_PKEY_decrypt_init) X(EVP_PKEY_eq) X(EVP_PKEY_free) \
	X(EVP_PKEY_get_size) X(EVP_PKEY_is_a) X(EVP_Q_digest) \
	X(PEM_read_bio_PrivateKey) X(d2i_AutoPrivateKey) \
	X(d2i_PKCS8PrivateKey_bio)
/* clang-format on */

struct ossl {
	LIBCRYPTO(GS_LIBRARY_CALL)
};

/* The one variable of the library: what was loaded, for all threads. */
static struct ossl loaded;
static bool is_loaded;

static void
load(void)
{
	static const char *const names[] = { LIBCRYPTO(GS_LIBRARY_NAME) };

	is_loaded =
	    gs_library_load("libcrypto.so." SONAME(OPENSSL_SHLIB_VERSION),
		GS_ALL(names), &loaded);
	/* A key's DER is freed as it is, for one. Refused where something was
	 * allocated. */
	if (is_loaded && gs_wiped_allowed())
		(void)loaded.CRYPTO_set_mem_functions(gs_wiped_crypto_malloc,
		    gs_wiped_crypto_realloc, gs_wiped_crypto_free);
}

static bool
can_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	return pthread_once(&once, load) == 0 && is_loaded;
}

static const struct ossl *
ossl(void)
{
	return &loaded;
}

static const char *
hash_name(enum gs_tls_hash h)
{
	switch (h) {
	case GS_TLS_MD5_SHA1: return "MD5-SHA1";
	case GS_TLS_MD5: return "MD5";
	case GS_TLS_SHA1: return "SHA1";
	case GS_TLS_SHA256: return "SHA256";
	case GS_TLS_SHA384: break;
	}
	return "SHA384";
}

/* ---- derivation */

static int
derive(const char *kdf, const OSSL_PARAM *params, uint8_t *out, size_t n)
{
	if (!can_load())
		return -1;
	EVP_KDF *k = ossl()->EVP_KDF_fetch(NULL, kdf, NULL);
	EVP_KDF_CTX *ctx = k != NULL ? ossl()->EVP_KDF_CTX_new(k) : NULL;
	int r =
	    ctx != NULL && ossl()->EVP_KDF_derive(ctx, out, n, params) == 1 ?
	    0 :
	    -1;

	ossl()->EVP_KDF_CTX_free(ctx);
	ossl()->EVP_KDF_free(k);
	ossl()->ERR_clear_error();
	return r;
}

static OSSL_PARAM
octets(const char *name, struct gs_span s)
{
	return (OSSL_PARAM)OSSL_PARAM_octet_string(name, (void *)(uintptr_t)s.p,
	    s.n);
}

static OSSL_PARAM
word(const char *name, const char *text)
{
	return (OSSL_PARAM)OSSL_PARAM_utf8_string(name, (char *)(uintptr_t)text,
	    strlen(text));
}

int
gs_tls_prf(const struct gs_tls_prf *p, uint8_t *out, size_t n)
{
	struct gs_span label = gs_span_of(p->label);
	/* Several seeds are concatenated. */
	OSSL_PARAM params[] = {
		word(OSSL_KDF_PARAM_DIGEST, hash_name(p->hash)),
		octets(OSSL_KDF_PARAM_SECRET, p->secret),
		octets(OSSL_KDF_PARAM_SEED, label),
		octets(OSSL_KDF_PARAM_SEED, p->seed),
		OSSL_PARAM_END,
	};

	return derive(OSSL_KDF_NAME_TLS1_PRF, params, out, n);
}

int
gs_tls_expand(const struct gs_tls_expand *e, uint8_t *out, size_t n)
{
	uint8_t info[2 + 1 + 255 + 1 + 255];
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	size_t prefix = 6, label = strlen(e->label), at;

	if (prefix + label > 255 || e->context.n > 255)
		return -1;
	gs_put_be16(info, (unsigned)n);
	info[2] = (uint8_t)(prefix + label);
	memcpy(info + 3, e->dtls ? "dtls13" : "tls13 ", prefix);
	memcpy(info + 3 + prefix, e->label, label);
	at = 3 + prefix + label;
	info[at++] = (uint8_t)e->context.n;
	if (e->context.n > 0)
		memcpy(info + at, e->context.p, e->context.n);
	at += e->context.n;
	OSSL_PARAM params[] = {
		word(OSSL_KDF_PARAM_DIGEST, hash_name(e->hash)),
		OSSL_PARAM_int(OSSL_KDF_PARAM_MODE, &mode),
		octets(OSSL_KDF_PARAM_KEY, e->secret),
		octets(OSSL_KDF_PARAM_INFO, gs_span(info, at)),
		OSSL_PARAM_END,
	};
	return derive(OSSL_KDF_NAME_HKDF, params, out, n);
}

int
gs_tls_digest(enum gs_tls_hash hash, struct gs_span bytes, uint8_t *out)
{
	size_t n;

	return can_load() &&
		ossl()->EVP_Q_digest(NULL, hash_name(hash), NULL, bytes.p,
		    bytes.n, out, &n) == 1 ?
	    0 :
	    -1;
}

/* ---- private keys of servers */

struct gs_tls_rsa {
	EVP_PKEY *key;
	struct gs_tls_rsa *next;
};

struct pass {
	struct gs_span text;
	bool asked;
};

static int
give_pass(char *buf, int size, int rwflag, void *arg)
{
	struct pass *p = arg;

	(void)rwflag;
	p->asked = true;
	if (size < 0 || p->text.n == 0 || p->text.n > (size_t)size)
		return -1;
	memcpy(buf, p->text.p, p->text.n);
	return (int)p->text.n;
}

/* Adds key to *list if it is an RSA key and not in it yet. Owns key in any
 * case. Returns 1 (added), 0 or -1. */
static int
add_key(struct gs_tls_rsa **list, EVP_PKEY *key)
{
	struct gs_tls_rsa *r;
	int n = 0;

	for (r = *list; r != NULL; r = r->next) {
		n++;
		if (ossl()->EVP_PKEY_eq(r->key, key) == 1)
			break;
	}
	if (!ossl()->EVP_PKEY_is_a(key, "RSA") || r != NULL ||
	    n == GS_TLS_KEYS_MAX) {
		int found = ossl()->EVP_PKEY_is_a(key, "RSA");

		ossl()->EVP_PKEY_free(key);
		return found;
	}
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		ossl()->EVP_PKEY_free(key);
		return -1;
	}
	*r = (struct gs_tls_rsa){ key, *list };
	*list = r;
	return 1;
}

/* PKCS #1, or PKCS #8, which may be encrypted. */
static int
read_der(struct gs_tls_rsa **list, struct gs_span bytes, struct pass *pass)
{
	const uint8_t *p = (const uint8_t *)bytes.p;
	EVP_PKEY *key = NULL;

	if (bytes.n < 2 || p[0] != 0x30)
		return 0;
	key = ossl()->d2i_AutoPrivateKey(NULL, &p, (long)bytes.n);
	BIO *bio =
	    key == NULL ? ossl()->BIO_new_mem_buf(bytes.p, (int)bytes.n) : NULL;
	if (bio != NULL)
		key =
		    ossl()->d2i_PKCS8PrivateKey_bio(bio, NULL, give_pass, pass);
	ossl()->BIO_free(bio);
	ossl()->ERR_clear_error();
	return key != NULL ? add_key(list, key) : 0;
}

/* Each PEM block with a private key, anywhere in the file. */
static int
read_pem(struct gs_tls_rsa **list, struct gs_span bytes, struct pass *pass)
{
	int found = 0, r = 0;

	while (r != -1) {
		size_t at = gs_span_find(bytes, GS_LIT("-----BEGIN "));
		if (at == bytes.n)
			break;
		bytes = gs_span(bytes.p + at, bytes.n - at);
		BIO *bio = ossl()->BIO_new_mem_buf(bytes.p, (int)bytes.n);
		if (bio == NULL)
			return -1;
		size_t end = gs_span_find(bytes, GS_LIT("\n"));
		struct gs_span first = gs_span(bytes.p, end);

		r = 0;
		if (gs_span_has(first, GS_LIT("PRIVATE KEY-----"))) {
			EVP_PKEY *key = ossl()->PEM_read_bio_PrivateKey(bio,
			    NULL, give_pass, pass);
			r = key != NULL ? add_key(list, key) : 0;
		}
		ossl()->BIO_free(bio);
		ossl()->ERR_clear_error();
		found += r == 1;
		bytes = gs_span(bytes.p + 11, bytes.n - 11);
	}
	return r == -1 ? -1 : found;
}

int
gs_tls_rsa_read(struct gs_tls_rsa **list, struct gs_span bytes,
    struct gs_span pass, struct gs_err *err)
{
	struct pass p = { pass, false };
	int r = 0;

	if (!can_load())
		return gs_err_set(err, "OpenSSL's libcrypto is missing");
	if (bytes.n <= INT32_MAX)
		r = read_der(list, bytes, &p);
	if (r == 0 && bytes.n <= INT32_MAX)
		r = read_pem(list, bytes, &p);
	if (r == -1)
		return gs_err_set(err, "out of memory");
	if (r == 0 && p.asked)
		return gs_err_set(err,
		    pass.n > 0 ? "the pass phrase does not open the key" :
				 "the key is encrypted: give its pass phrase "
				 "with --pass-file");
	return r;
}

void
gs_tls_rsa_free(struct gs_tls_rsa *list)
{
	for (struct gs_tls_rsa *next; list != NULL; list = next) {
		next = list->next;
		ossl()->EVP_PKEY_free(list->key);
		free(list);
	}
}

static bool
open_with(EVP_PKEY *key, struct gs_span in, uint8_t *out, size_t size)
{
	EVP_PKEY_CTX *ctx = ossl()->EVP_PKEY_CTX_new(key, NULL);
	size_t n = size;
	bool ok = ctx != NULL && ossl()->EVP_PKEY_decrypt_init(ctx) == 1 &&
	    ossl()->EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    ossl()->EVP_PKEY_decrypt(ctx, out, &n, (const uint8_t *)in.p,
		in.n) == 1 &&
	    n == PREMASTER;

	ossl()->EVP_PKEY_CTX_free(ctx);
	ossl()->ERR_clear_error();
	return ok;
}

int
gs_tls_rsa_open(const struct gs_tls_rsa *list, struct gs_span encrypted,
    uint16_t version, uint8_t premaster[48])
{
	uint8_t out[1024];
	int r = -1;

	for (; r == -1 && list != NULL; list = list->next)
		if ((size_t)ossl()->EVP_PKEY_get_size(list->key) ==
			encrypted.n &&
		    encrypted.n <= sizeof(out) &&
		    open_with(list->key, encrypted, out, sizeof(out)) &&
		    gs_be16(out) == version)
			r = 0;
	if (r == 0)
		memcpy(premaster, out, PREMASTER);
	explicit_bzero(out, sizeof(out));
	return r;
}

/* ---- records */

struct gs_tls_cipher {
	const struct gs_tls_suite *suite;
	uint16_t version;
	bool etm;
	size_t tag; /* octets of the MAC of HMAC */
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *ctx;
	EVP_MAC_CTX *mac;
	uint8_t key[32];
	uint8_t iv[BLOCK_MAX];
	bool chains; /* TLS 1.0: iv is the last block of the last record */
	bool lost; /* which is missing */
	bool bare; /* nothing is computed, and libcrypto not asked */
};

static bool
is_aead(const struct gs_tls_suite *s)
{
	return s->mode >= GS_TLS_GCM;
}

static bool
is_13(uint16_t version)
{
	return version == 0x0304;
}

unsigned
gs_tls_iv_size(const struct gs_tls_suite *s, uint16_t version)
{
	if (is_13(version) || s->mode == GS_TLS_CHACHA)
		return NONCE;
	if (is_aead(s))
		return SALT;
	return s->mode == GS_TLS_CBC && version == 0x0301 ? s->block : 0;
}

static int
set_mac(struct gs_tls_cipher *c, const uint8_t *key)
{
	EVP_MAC *mac = ossl()->EVP_MAC_fetch(NULL, "HMAC", NULL);
	OSSL_PARAM params[] = {
		word(OSSL_MAC_PARAM_DIGEST, hash_name(c->suite->mac)),
		OSSL_PARAM_END,
	};

	c->mac = mac != NULL ? ossl()->EVP_MAC_CTX_new(mac) : NULL;
	ossl()->EVP_MAC_free(mac);
	return c->mac != NULL &&
		ossl()->EVP_MAC_init(c->mac, key,
		    gs_tls_hash_size(c->suite->mac), params) == 1 ?
	    0 :
	    -1;
}

static int
set_cipher(struct gs_tls_cipher *c)
{
	if (c->suite->mode == GS_TLS_CLEAR)
		return 0;
	c->cipher = ossl()->EVP_CIPHER_fetch(NULL, c->suite->cipher, NULL);
	c->ctx = ossl()->EVP_CIPHER_CTX_new();
	return c->cipher != NULL && c->ctx != NULL ? 0 : -1;
}

struct gs_tls_cipher *
gs_tls_cipher_new(const struct gs_tls_keys *k)
{
	bool bare = k->suite->mode == GS_TLS_CLEAR && k->mac == NULL;
	struct gs_tls_cipher *c =
	    bare || can_load() ? calloc(1, sizeof(*c)) : NULL;
	unsigned iv = gs_tls_iv_size(k->suite, k->version);

	if (c == NULL)
		return NULL;
	c->bare = bare;
	c->suite = k->suite;
	c->version = k->version;
	c->etm = k->etm && k->suite->mode == GS_TLS_CBC;
	c->tag = k->truncated ? TRUNCATED : gs_tls_hash_size(k->suite->mac);
	c->chains = k->suite->mode == GS_TLS_CBC && k->version == 0x0301;
	if (bare)
		return c;
	if (k->suite->key > 0)
		memcpy(c->key, k->key, k->suite->key);
	if (iv > 0)
		memcpy(c->iv, k->iv, iv);
	if (set_cipher(c) == -1 ||
	    (!is_aead(k->suite) && set_mac(c, k->mac) == -1)) {
		gs_tls_cipher_free(c);
		c = NULL;
	}
	ossl()->ERR_clear_error();
	return c;
}

void
gs_tls_cipher_free(struct gs_tls_cipher *c)
{
	if (c == NULL)
		return;
	if (!c->bare) {
		ossl()->EVP_CIPHER_CTX_free(c->ctx);
		ossl()->EVP_CIPHER_free(c->cipher);
		ossl()->EVP_MAC_CTX_free(c->mac);
	}
	explicit_bzero(c, sizeof(*c));
	free(c);
}

void
gs_tls_cipher_lose(struct gs_tls_cipher *c)
{
	c->lost = c->chains;
}

/* text is the ciphertext of a record alone. */
static void
chain(struct gs_tls_cipher *c, struct gs_span text)
{
	if (!c->chains || text.n < c->suite->block)
		return;
	memcpy(c->iv, text.p + text.n - c->suite->block, c->suite->block);
	c->lost = false;
}

void
gs_tls_cipher_skip(struct gs_tls_cipher *c, struct gs_span body)
{
	size_t mac = c->etm ? c->tag : 0;

	if (body.n > mac)
		chain(c, gs_span(body.p, body.n - mac));
}

/* What is authenticated with a record up to TLS 1.2: sequence number, type,
 * version, length. */
static void
put_header(uint8_t to[13], const struct gs_tls_record *r, size_t n)
{
	gs_put_be32(to, (uint32_t)(r->seq >> 32));
	gs_put_be32(to + 4, (uint32_t)r->seq);
	to[8] = r->type;
	gs_put_be16(to + 9, r->version);
	gs_put_be16(to + 11, (unsigned)n);
}

/* The nonce of a record. *skip gets how many octets of it precede the
 * ciphertext. */
static void
make_nonce(const struct gs_tls_cipher *c, const struct gs_tls_record *r,
    uint8_t nonce[NONCE], size_t *skip)
{
	memcpy(nonce, c->iv, NONCE);
	*skip = 0;
	if (gs_tls_iv_size(c->suite, c->version) == SALT) {
		*skip = EXPLICIT;
		memcpy(nonce + SALT, r->body.p, EXPLICIT);
		return;
	}
	for (unsigned i = 0; i < 8; i++)
		nonce[NONCE - 1 - i] ^= (uint8_t)(r->seq >> 8 * i);
}

static bool
aead(struct gs_tls_cipher *c, const uint8_t nonce[NONCE], struct gs_span aad,
    struct gs_span in, uint8_t *out)
{
	size_t tag = c->suite->tag, n = in.n - tag;
	bool ccm = c->suite->mode == GS_TLS_CCM;
	int got;

	if (ossl()->EVP_DecryptInit_ex2(c->ctx, c->cipher, NULL, NULL, NULL) !=
		1 ||
	    ossl()->EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_IVLEN, NONCE,
		NULL) != 1 ||
	    ossl()->EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag,
		(void *)(uintptr_t)(in.p + n)) != 1 ||
	    ossl()->EVP_DecryptInit_ex2(c->ctx, NULL, c->key, nonce, NULL) != 1)
		return false;
	if (ccm &&
	    ossl()->EVP_DecryptUpdate(c->ctx, NULL, &got, NULL, (int)n) != 1)
		return false;
	if (ossl()->EVP_DecryptUpdate(c->ctx, NULL, &got,
		(const uint8_t *)aad.p, (int)aad.n) != 1 ||
	    ossl()->EVP_DecryptUpdate(c->ctx, out, &got, (const uint8_t *)in.p,
		(int)n) != 1)
		return false;
	return ccm || ossl()->EVP_DecryptFinal_ex(c->ctx, out + n, &got) == 1;
}

static int
open_aead(struct gs_tls_cipher *c, const struct gs_tls_record *r, uint8_t *out,
    size_t *n)
{
	uint8_t nonce[NONCE], aad[13];
	size_t skip =
	    gs_tls_iv_size(c->suite, c->version) == SALT ? EXPLICIT : 0;
	struct gs_span header = gs_span(aad, sizeof(aad));

	if (r->body.n < skip + c->suite->tag)
		return -1;
	make_nonce(c, r, nonce, &skip);
	struct gs_span in = gs_span(r->body.p + skip, r->body.n - skip);
	*n = in.n - c->suite->tag;
	put_header(aad, r, *n);
	if (is_13(c->version)) {
		aad[0] = r->type;
		gs_put_be16(aad + 1, r->version);
		gs_put_be16(aad + 3, (unsigned)r->body.n);
		header.n = 5;
	}
	return aead(c, nonce, header, in, out) ? 0 : -1;
}

/* Whether mac is that of the record with this content. */
static bool
is_mac(struct gs_tls_cipher *c, const struct gs_tls_record *r,
    struct gs_span content, const uint8_t *mac)
{
	uint8_t header[13], got[HASH_MAX];
	size_t n = 0;

	put_header(header, r, content.n);
	return ossl()->EVP_MAC_init(c->mac, NULL, 0, NULL) == 1 &&
	    ossl()->EVP_MAC_update(c->mac, header, sizeof(header)) == 1 &&
	    ossl()->EVP_MAC_update(c->mac, (const uint8_t *)content.p,
		content.n) == 1 &&
	    ossl()->EVP_MAC_final(c->mac, got, &n, sizeof(got)) == 1 &&
	    n >= c->tag && memcmp(got, mac, c->tag) == 0;
}

/* Takes the padding off *n octets of plaintext (RFC 5246 section
 * 6.2.3.2). */
static bool
take_padding(const uint8_t *p, size_t *n)
{
	size_t padding = *n > 0 ? (size_t)p[*n - 1] + 1 : 1;

	if (padding > *n)
		return false;
	for (size_t i = *n - padding; i < *n; i++)
		if (p[i] != padding - 1)
			return false;
	*n -= padding;
	return true;
}

static bool
decrypt_cbc(struct gs_tls_cipher *c, const uint8_t *iv, struct gs_span in,
    uint8_t *out)
{
	int got;

	return c->suite->block > 0 && in.n % c->suite->block == 0 &&
	    ossl()->EVP_DecryptInit_ex2(c->ctx, c->cipher, c->key, iv, NULL) ==
	    1 &&
	    ossl()->EVP_CIPHER_CTX_set_padding(c->ctx, 0) == 1 &&
	    ossl()->EVP_DecryptUpdate(c->ctx, out, &got, (const uint8_t *)in.p,
		(int)in.n) == 1 &&
	    (size_t)got == in.n;
}

static int
open_cbc(struct gs_tls_cipher *c, const struct gs_tls_record *r, uint8_t *out,
    size_t *n)
{
	size_t mac = c->tag;
	size_t iv = c->chains ? 0 : c->suite->block;
	struct gs_span in = r->body;

	if (c->lost || in.n < iv + (c->etm ? mac : 0))
		return -1;
	if (c->etm) {
		in.n -= mac;
		if (!is_mac(c, r, in, (const uint8_t *)in.p + in.n))
			return -1;
	}
	const uint8_t *first = iv > 0 ? (const uint8_t *)in.p : c->iv;
	struct gs_span text = gs_span(in.p + iv, in.n - iv);
	*n = text.n;
	if (text.n == 0 || !decrypt_cbc(c, first, text, out) ||
	    !take_padding(out, n))
		return -1;
	if (!c->etm) {
		if (*n < mac)
			return -1;
		*n -= mac;
		if (!is_mac(c, r, gs_span(out, *n), out + *n))
			return -1;
	}
	chain(c, text);
	return 0;
}

static int
open_clear(struct gs_tls_cipher *c, const struct gs_tls_record *r, uint8_t *out,
    size_t *n)
{
	size_t mac = c->tag;

	if (r->body.n < mac)
		return -1;
	*n = r->body.n - mac;
	if (!c->bare &&
	    !is_mac(c, r, gs_span(r->body.p, *n),
		(const uint8_t *)r->body.p + *n))
		return -1;
	memcpy(out, r->body.p, *n);
	return 0;
}

/* The type of TLS 1.3's content is its last octet that is not zero. */
static int
take_type(const uint8_t *p, size_t *n, uint8_t *type)
{
	while (*n > 0 && p[*n - 1] == 0)
		(*n)--;
	if (*n == 0)
		return -1;
	*type = p[--*n];
	return 0;
}

int
gs_tls_cipher_open(struct gs_tls_cipher *c, const struct gs_tls_record *r,
    uint8_t *out, size_t *n, uint8_t *type)
{
	size_t got = 0;
	uint8_t what = r->type;
	int ok;

	if (r->body.n > GS_TLS_RECORD)
		return -1;
	if (is_aead(c->suite))
		ok = open_aead(c, r, out, &got);
	else if (c->suite->mode == GS_TLS_CBC)
		ok = open_cbc(c, r, out, &got);
	else
		ok = open_clear(c, r, out, &got);
	if (ok == 0 && is_13(c->version))
		ok = take_type(out, &got, &what);
	if (!c->bare)
		ossl()->ERR_clear_error();
	if (ok == -1)
		return -1;
	*n = got;
	*type = what;
	return 0;
}
