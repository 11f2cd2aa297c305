/* SPDX-License-Identifier: MIT */
/* AES and HMAC-SHA1 as SRTP uses them, by libcrypto. */
#include "srtp/cipher.h"

#include <endian.h>
#include <stdlib.h>

/* HMAC() and EVP_MD_CTX take five times as long as the hash of a packet. The
 * plain SHA-1 calls can also be stopped and copied at a midstate. */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/bytes.h"
#include "srtp/cipher_priv.h"

enum {
	BLOCK = GS_CIPHER_BLOCK,
	STREAM = 32 * BLOCK, /* most octets of key stream at once */
	HASHED = 2048, /* most octets of a text that is hashed for GCM */
	LAST = 2 * SHA_CBLOCK, /* octets of the end of a message with its
				* padding */
	PAD = 1 + 8, /* the fewest octets of padding */
	ROC = 4,
};

_Static_assert(HASHED / BLOCK + 2 <= 256,
    "the counters of a text, from 2 on, differ in one octet");
_Static_assert(SHA_CBLOCK - 1 + ROC + PAD <= LAST,
    "the end of a message has its room");

struct gs_srtp_cipher_ctx {
	EVP_CIPHER_CTX *ctx;
	EVP_CIPHER_CTX *f8; /* keyed with k_e XOR (k_s || 0x555..) */
	EVP_CIPHER_CTX *block; /* of GCM: the same key in ECB mode */
	uint8_t salt[BLOCK]; /* padded with zeros */
	uint8_t hash[BLOCK]; /* of what GCM hashed last */
};

/* SHA-1 between two blocks. A SHA_CTX is five times as long, by the room for a
 * block of which only a part came. */
struct midstate {
	SHA_LONG h[5];
};

struct gs_srtp_hmac {
	struct midstate inner; /* with the key block already hashed */
	struct midstate outer;
	struct midstate begun; /* inner after the whole blocks of a message */
	size_t last_n;
	uint8_t *roc; /* in last; NULL: the message has none */
	uint8_t last[LAST]; /* what is behind these, with its padding */
};

/* What libcrypto and compilers handle at once. */
typedef uint64_t words __attribute__((vector_size(BLOCK)));

static void
mix(uint8_t *p, const uint8_t *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] ^= q[i];
}

/* Whether n octets are the same, in a time that does not depend on them. It is
 * CRYPTO_memcmp() in steps of four octets, the last of which may overlap: octet
 * by octet it takes as long as a third of a block of SHA-1. */
static bool
is_same(const uint8_t *p, const uint8_t *q, size_t n)
{
	enum { STEP = sizeof(uint32_t) };
	uint32_t differs = 0;

	if (n < STEP)
		return CRYPTO_memcmp(p, q, n) == 0;
	for (size_t i = 0; i + STEP < n; i += STEP)
		differs |= gs_get32(p + i, false) ^ gs_get32(q + i, false);
	differs |=
	    gs_get32(p + n - STEP, false) ^ gs_get32(q + n - STEP, false);
	return differs == 0;
}

struct gs_srtp_cipher_ctx *
gs_srtp_cipher_new(void)
{
	struct gs_srtp_cipher_ctx *c = calloc(1, sizeof(*c));

	if (c != NULL && (c->ctx = EVP_CIPHER_CTX_new()) == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

void
gs_srtp_cipher_free(struct gs_srtp_cipher_ctx *c)
{
	if (c == NULL)
		return;
	EVP_CIPHER_CTX_free(c->ctx);
	EVP_CIPHER_CTX_free(c->f8);
	EVP_CIPHER_CTX_free(c->block);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

/* ---- keys */

static const EVP_CIPHER *
block_mode(size_t key)
{
	switch (key) {
	case 16: return EVP_aes_128_ecb();
	case 24: return EVP_aes_192_ecb();
	case 32: return EVP_aes_256_ecb();
	default: return NULL;
	}
}

static const EVP_CIPHER *
find_mode(enum gs_sdp_srtp_cipher kind, size_t key)
{
	switch (kind) {
	case GS_SRTP_CM:
	case GS_SRTP_NULL: return block_mode(key);
	case GS_SRTP_F8: return key == 16 ? block_mode(key) : NULL;
	case GS_SRTP_GCM:
		return key == 16 ? EVP_aes_128_gcm() :
		    key == 32    ? EVP_aes_256_gcm() :
				   NULL;
	case GS_SRTP_OTHER: break;
	}
	return NULL;
}

bool
gs_srtp_cipher_takes(enum gs_sdp_srtp_cipher kind, size_t n)
{
	return find_mode(kind, n) != NULL;
}

/* Gives ctx a key. Naming a cipher makes libcrypto search for it, so mode is
 * NULL unless the cipher changes. */
static bool
set_key(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *mode, const uint8_t *key)
{
	const EVP_CIPHER *now = EVP_CIPHER_CTX_get0_cipher(ctx);

	if (now != NULL && EVP_CIPHER_get_nid(now) == EVP_CIPHER_get_nid(mode))
		mode = NULL;
	return EVP_EncryptInit_ex(ctx, mode, NULL, key, NULL) == 1;
}

/* The second key of F8: k_e XOR (k_s || 0x5555...), section 4.1.2.1. */
static bool
set_f8_key(struct gs_srtp_cipher_ctx *c, const EVP_CIPHER *mode,
    const uint8_t *key)
{
	uint8_t m[BLOCK];

	if (c->f8 == NULL && (c->f8 = EVP_CIPHER_CTX_new()) == NULL)
		return false;
	memset(m, 0x55, sizeof(m));
	memcpy(m, c->salt, 14);
	mix(m, key, BLOCK);
	bool ok = set_key(c->f8, mode, m);

	explicit_bzero(m, sizeof(m));
	return ok;
}

static bool
set_block_key(struct gs_srtp_cipher_ctx *c, const uint8_t *key, size_t n)
{
	if (c->block == NULL && (c->block = EVP_CIPHER_CTX_new()) == NULL)
		return false;
	return set_key(c->block, block_mode(n), key);
}

bool
gs_srtp_cipher_set_key(struct gs_srtp_cipher_ctx *c,
    enum gs_sdp_srtp_cipher kind, const uint8_t *key, size_t n,
    const uint8_t *salt, size_t salt_n)
{
	const EVP_CIPHER *mode = find_mode(kind, n);

	memset(c->salt, 0, sizeof(c->salt));
	memcpy(c->salt, salt, salt_n);
	return mode != NULL && set_key(c->ctx, mode, key) &&
	    (kind != GS_SRTP_F8 || set_f8_key(c, mode, key)) &&
	    (kind != GS_SRTP_GCM || set_block_key(c, key, n));
}

/* ---- AES-CM */

/* Writes n octets of key stream from block j on, in whole blocks. Their
 * counters must differ in the last octet only. */
static bool
key_stream(EVP_CIPHER_CTX *ctx, const uint64_t iv[2], uint32_t j, uint8_t *s,
    size_t n)
{
	const words first = { iv[0], iv[1] }, one = { 0, htobe64(1) };
	words counter = { 0, htobe64(j) };
	int len;

	for (size_t at = 0; at < n; at += BLOCK, counter += one) {
		words block = first ^ counter;

		memcpy(s + at, &block, BLOCK);
	}
	return EVP_EncryptUpdate(ctx, s, &len, s, (int)n) == 1;
}

static void
xor_blocks(uint8_t *out, const uint8_t *p, const uint8_t *s, size_t n)
{
	size_t i = 0;
	words a, b;

	for (; n - i >= BLOCK; i += BLOCK) {
		memcpy(&a, p + i, BLOCK);
		memcpy(&b, s + i, BLOCK);
		a ^= b;
		memcpy(out + i, &a, BLOCK);
	}
	for (; i < n; i++)
		out[i] = p[i] ^ s[i];
}

/* The counters are encrypted in ECB mode: giving libcrypto's counter mode
 * another IV takes longer than the AES of a packet. */
bool
gs_srtp_cipher_counter(const struct gs_srtp_cipher_ctx *c, uint64_t high,
    uint64_t low, const struct gs_srtp_part part[2])
{
	uint8_t s[STREAM];
	uint64_t iv[2] = { htobe64(high), htobe64(low << 16) }, salt[2];
	size_t left = part[0].n + part[1].n, have = 0, used = 0;
	uint32_t j = 0;
	bool ok = true;

	memcpy(salt, c->salt, BLOCK);
	iv[0] ^= salt[0];
	iv[1] ^= salt[1];
	for (int k = 0; k < 2 && ok; k++) {
		for (size_t at = 0, n; at < part[k].n; at += n) {
			if (used == have) {
				have = (left + BLOCK - 1) / BLOCK * BLOCK;
				have = have < STREAM ? have : STREAM;
				ok = key_stream(c->ctx, iv, j, s, have);
				j += (uint32_t)(have / BLOCK);
				used = 0;
				if (!ok)
					break;
			}
			n = part[k].n - at;
			n = n < have - used ? n : have - used;
			xor_blocks(part[k].out + at, part[k].p + at, s + used,
			    n);
			used += n;
			left -= n;
		}
	}
	explicit_bzero(s, j < STREAM / BLOCK ? j * (size_t)BLOCK : STREAM);
	return ok;
}

/* ---- F8 */

/* The next block of the key stream s: E(k_e, first XOR j XOR s). */
static bool
next_block(const struct gs_srtp_cipher_ctx *c, const uint8_t first[BLOCK],
    uint32_t j, uint8_t s[BLOCK])
{
	uint8_t b[BLOCK];
	int len;

	memcpy(b, first, BLOCK);
	mix(b, s, BLOCK);
	b[BLOCK - 2] ^= (uint8_t)(j >> 8);
	b[BLOCK - 1] ^= (uint8_t)j;
	bool ok = EVP_EncryptUpdate(c->ctx, s, &len, b, BLOCK) == 1;

	explicit_bzero(b, sizeof(b));
	return ok;
}

bool
gs_srtp_cipher_f8(const struct gs_srtp_cipher_ctx *c, const uint8_t iv[BLOCK],
    const struct gs_srtp_part part[2])
{
	uint8_t first[BLOCK], s[BLOCK] = { 0 };
	size_t used = BLOCK;
	uint32_t j = 0;
	int len;
	bool ok = EVP_EncryptUpdate(c->f8, first, &len, iv, BLOCK) == 1;

	for (int k = 0; k < 2 && ok; k++) {
		for (size_t at = 0; at < part[k].n; at++, used++) {
			if (used == BLOCK) {
				ok = next_block(c, first, j++, s);
				used = 0;
				if (!ok)
					break;
			}
			part[k].out[at] = part[k].p[at] ^ s[used];
		}
	}
	explicit_bzero(first, sizeof(first));
	explicit_bzero(s, sizeof(s));
	return ok;
}

/* ---- GCM */

static bool
run_part(EVP_CIPHER_CTX *ctx, const struct gs_srtp_part *t)
{
	uint8_t scrap[1024];
	size_t most = t->out != NULL ? t->n : sizeof(scrap);
	bool ok = true;
	int len;

	for (size_t at = 0, k; at < t->n && ok; at += k) {
		k = t->n - at < most ? t->n - at : most;
		ok = EVP_CipherUpdate(ctx, t->out != NULL ? t->out + at : scrap,
			 &len, t->p + at, (int)k) == 1;
	}
	explicit_bzero(scrap, t->out == NULL ? sizeof(scrap) : 0);
	return ok;
}

/* The IV, and zeros where GCM counts blocks. */
static void
put_iv(const struct gs_srtp_cipher_ctx *c, const struct gs_srtp_sealed *d,
    uint64_t iv[2])
{
	uint8_t x[BLOCK] = { 0 };

	memcpy(x, d->x, GS_GCM_IV);
	mix(x, c->salt, GS_GCM_IV);
	memcpy(iv, x, sizeof(x));
}

static bool
add_aad(EVP_CIPHER_CTX *ctx, const struct gs_srtp_sealed *d)
{
	int len;

	for (int i = 0; i < 2; i++)
		if (d->aad[i].n > 0 &&
		    EVP_CipherUpdate(ctx, NULL, &len, d->aad[i].p,
			(int)d->aad[i].n) != 1)
			return false;
	return true;
}

/* SP 800-38D section 7.1: the tag is a hash of AAD and ciphertext, XOR block 1
 * of the key stream. libcrypto gives it when it encrypts, so the text, from
 * block 2 on, is decrypted first. */
bool
gs_srtp_cipher_hash(struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d)
{
	uint8_t text[HASHED], s[HASHED] = { 0 }, first[BLOCK];
	size_t n = 0;
	uint64_t iv[2];
	int len;

	if (d->text[0].n + d->text[1].n > sizeof(text))
		return false;
	for (int i = 0; i < 2; n += d->text[i++].n)
		if (d->text[i].n > 0)
			memcpy(text + n, d->text[i].p, d->text[i].n);
	put_iv(c, d, iv);
	bool ok = key_stream(c->block, iv, 1, first, BLOCK) &&
	    key_stream(c->block, iv, 2, s, (n + BLOCK - 1) / BLOCK * BLOCK);

	if (ok)
		xor_blocks(text, text, s, n);
	ok = ok &&
	    EVP_EncryptInit_ex(c->ctx, NULL, NULL, NULL, (const uint8_t *)iv) ==
		1 &&
	    add_aad(c->ctx, d) &&
	    EVP_EncryptUpdate(c->ctx, text, &len, text, (int)n) == 1 &&
	    EVP_EncryptFinal_ex(c->ctx, s, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_GET_TAG, GS_GCM_TAG,
		c->hash) == 1;
	if (ok)
		mix(c->hash, first, BLOCK);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(s, sizeof(s));
	explicit_bzero(first, sizeof(first));
	return ok;
}

int
gs_srtp_cipher_fits(const struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d)
{
	uint8_t tag[BLOCK] = { 0 };
	uint64_t iv[2];

	put_iv(c, d, iv);
	bool ok = key_stream(c->block, iv, 1, tag, BLOCK);

	mix(tag, c->hash, BLOCK);
	bool same = is_same(tag, d->tag, d->tag_n);

	explicit_bzero(tag, sizeof(tag));
	return ok ? same : -1;
}

int
gs_srtp_cipher_unseal(const struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d)
{
	uint8_t tag[GS_GCM_TAG];
	uint64_t iv[2];
	int len;

	memcpy(tag, d->tag, d->tag_n);
	put_iv(c, d, iv);
	if (EVP_DecryptInit_ex(c->ctx, NULL, NULL, NULL, (const uint8_t *)iv) !=
		1 ||
	    EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, (int)d->tag_n,
		tag) != 1 ||
	    !add_aad(c->ctx, d))
		return -1;
	if (!run_part(c->ctx, &d->text[0]) || !run_part(c->ctx, &d->text[1]))
		return -1;
	return EVP_DecryptFinal_ex(c->ctx, tag, &len) == 1;
}

/* ---- HMAC-SHA1 */

struct gs_srtp_hmac *
gs_srtp_hmac_new(void)
{
	return calloc(1, sizeof(struct gs_srtp_hmac));
}

void
gs_srtp_hmac_free(struct gs_srtp_hmac *h)
{
	if (h == NULL)
		return;
	explicit_bzero(h, sizeof(*h));
	free(h);
}

static void
stop(struct midstate *m, const SHA_CTX *c)
{
	*m = (struct midstate){ { c->h0, c->h1, c->h2, c->h3, c->h4 } };
}

/* Only whole blocks may follow. The length of what precedes them is not known:
 * SHA1_Final() alone would need it. */
static void
go_on(SHA_CTX *c, const struct midstate *m)
{
	c->h0 = m->h[0];
	c->h1 = m->h[1];
	c->h2 = m->h[2];
	c->h3 = m->h[3];
	c->h4 = m->h[4];
	c->Nl = c->Nh = c->num = 0;
}

/* Hashes the key block, with pad in each octet. */
static void
hash_key(struct midstate *m, const uint8_t key[GS_HMAC], int pad)
{
	uint8_t b[SHA_CBLOCK];
	SHA_CTX c;

	memset(b, pad, sizeof(b));
	mix(b, key, GS_HMAC);
	SHA1_Init(&c);
	SHA1_Transform(&c, b);
	stop(m, &c);
	explicit_bzero(b, sizeof(b));
	explicit_bzero(&c, sizeof(c));
}

void
gs_srtp_hmac_set_key(struct gs_srtp_hmac *h, const uint8_t key[GS_HMAC])
{
	hash_key(&h->inner, key, 0x36);
	hash_key(&h->outer, key, 0x5c);
}

/* The end is written before the hash of what precedes it, which takes a while:
 * a processor waits for octets that were just written in parts. Its padding
 * (FIPS 180-4 section 5.1.1) is here, as SHA1_Final() takes longer for it than
 * for the hash of a block. */
void
gs_srtp_hmac_begin(struct gs_srtp_hmac *h, const uint8_t *p, size_t n,
    const uint32_t *roc)
{
	size_t rest = n % SHA_CBLOCK, end = roc != NULL ? rest + ROC : rest;
	SHA_CTX c;

	/* Block by block, as compilers clear both with an instruction that
	 * takes longer to begin than this. */
	memset(h->last, 0, SHA_CBLOCK);
	memset(h->last + SHA_CBLOCK, 0, SHA_CBLOCK);
	memcpy(h->last, p + n - rest, rest);
	h->roc = roc != NULL ? h->last + rest : NULL;
	if (roc != NULL)
		gs_put_be32(h->roc, *roc);
	h->last[end] = 0x80;
	h->last_n = end + PAD <= SHA_CBLOCK ? SHA_CBLOCK : LAST;
	gs_put_be32(h->last + h->last_n - 4,
	    (uint32_t)(8 * (SHA_CBLOCK + n - rest + end)));
	go_on(&c, &h->inner);
	SHA1_Update(&c, p, n - rest);
	stop(&h->begun, &c);
}

/* The digest is written in two pieces, as a block is read in such: a processor
 * waits for smaller ones. */
static void
put_digest(const SHA_CTX *c, uint8_t p[2 * BLOCK], uint32_t behind)
{
	words v = { htobe64((uint64_t)c->h0 << 32 | c->h1),
		htobe64((uint64_t)c->h2 << 32 | c->h3) };
	words w = { htobe64((uint64_t)c->h4 << 32 | behind) };

	memcpy(p, &v, sizeof(v));
	memcpy(p + BLOCK, &w, sizeof(w));
}

bool
gs_srtp_hmac_fits(struct gs_srtp_hmac *h, uint32_t roc, const uint8_t *tag,
    size_t tag_n)
{
	SHA_CTX inner, outer;
	uint8_t digest[SHA_CBLOCK] = { 0 };

	go_on(&inner, &h->begun);
	go_on(&outer, &h->outer);
	if (h->roc != NULL && gs_be32(h->roc) != roc)
		gs_put_be32(h->roc, roc);
	for (size_t at = 0; at < h->last_n; at += SHA_CBLOCK)
		SHA1_Transform(&inner, h->last + at);
	put_digest(&inner, digest, UINT32_C(0x80) << 24);
	gs_put_be32(digest + SHA_CBLOCK - 4, 8 * (SHA_CBLOCK + GS_HMAC));
	SHA1_Transform(&outer, digest);
	put_digest(&outer, digest, 0);
	return is_same(digest, tag, tag_n);
}

/* ---- names */

void
gs_srtp_cipher_library(struct gs_buf *b)
{
	gs_buf_puts(b, OpenSSL_version(OPENSSL_VERSION));
}
