/* SPDX-License-Identifier: MIT */
/* SRTP and SRTCP of one packet, by libcrypto. */
#include "srtp/transform.h"

#include <stdlib.h>

/* HMAC() and EVP_MD_CTX cost five times as much as the hash of a packet;
 * the plain SHA-1 calls can also be stopped and copied at a midstate. */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "net/rtp.h"
#include "srtp/transform_priv.h"

enum {
	BLOCK = 16,
	STREAM = 32 * BLOCK, /* of the key stream at a time */
	MOST = 65536 * BLOCK, /* octets under one IV, RFC 3711 4.1.1 */
	RTP_HEADER = 12,
	RTCP_HEADER = 8,
	RTCP_INDEX = 4,
};

/* Labels of the key derivation, RFC 3711 sections 4.3.1 and 4.3.2. */
enum { LABEL_RTP = 0, LABEL_RTCP = 3 };
enum { LABEL_CIPHER = 0, LABEL_AUTH = 1, LABEL_SALT = 2 };

/* The session keys of one direction of use, RTP or RTCP. */
struct half {
	int label;
	bool ready;
	bool auth_ready; /* of the keys, at least inner and outer */
	uint64_t r; /* packet index DIV key derivation rate */
	EVP_CIPHER_CTX *cipher;
	EVP_CIPHER_CTX *f8; /* keyed with k_e XOR (k_s || 0x555..) */
	uint8_t salt[BLOCK]; /* padded with zeros */
	SHA_CTX inner; /* HMAC with the key block hashed already */
	SHA_CTX outer;
};

struct gs_srtp {
	struct gs_srtp_spec spec;
	uint8_t keysalt[GS_SRTP_KEYSALT];
	bool keyed;
	EVP_CIPHER_CTX *kdf;
	const EVP_CIPHER *kdf_mode;
	const EVP_CIPHER *mode;
	struct half rtp;
	struct half rtcp;

	const uint8_t *p; /* the loaded packet */
	size_t n;
	size_t header;
	size_t csrcs; /* octets behind the fixed header, encrypted */
	size_t from; /* where all that is encrypted begins, but for those */
	bool cryptex;
	struct gs_srtp_form form;
	SHA_CTX hashed; /* the packet without the ROC */
	uint64_t hashed_r;
	bool is_hashed;
};

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void
xor(uint8_t *p, const uint8_t *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] ^= q[i];
}

struct gs_srtp *
gs_srtp_new(void)
{
	struct gs_srtp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->rtp.label = LABEL_RTP;
	s->rtcp.label = LABEL_RTCP;
	s->kdf = EVP_CIPHER_CTX_new();
	s->rtp.cipher = EVP_CIPHER_CTX_new();
	s->rtcp.cipher = EVP_CIPHER_CTX_new();
	if (s->kdf == NULL || s->rtp.cipher == NULL ||
	    s->rtcp.cipher == NULL) {
		gs_srtp_free(s);
		return NULL;
	}
	return s;
}

void
gs_srtp_free(struct gs_srtp *s)
{
	if (s == NULL)
		return;
	EVP_CIPHER_CTX_free(s->kdf);
	EVP_CIPHER_CTX_free(s->rtp.cipher);
	EVP_CIPHER_CTX_free(s->rtp.f8);
	EVP_CIPHER_CTX_free(s->rtcp.cipher);
	EVP_CIPHER_CTX_free(s->rtcp.f8);
	explicit_bzero(s, sizeof(*s));
	free(s);
}

/* ---- key derivation, RFC 3711 section 4.3 and RFC 6188 section 3 */

static const EVP_CIPHER *
counter_mode(size_t key)
{
	switch (key) {
	case 16:
		return EVP_aes_128_ctr();
	case 24:
		return EVP_aes_192_ctr();
	case 32:
		return EVP_aes_256_ctr();
	default:
		return NULL;
	}
}

static const EVP_CIPHER *
block_mode(size_t key)
{
	switch (key) {
	case 16:
		return EVP_aes_128_ecb();
	case 24:
		return EVP_aes_192_ecb();
	case 32:
		return EVP_aes_256_ecb();
	default:
		return NULL;
	}
}

static const EVP_CIPHER *
payload_mode(const struct gs_srtp_spec *spec)
{
	switch (spec->cipher) {
	case GS_SRTP_CM:
	case GS_SRTP_NULL:
		return block_mode(spec->key);
	case GS_SRTP_F8:
		return spec->key == 16 ? block_mode(spec->key) : NULL;
	case GS_SRTP_GCM:
		return spec->key == 16 ? EVP_aes_128_gcm() :
		    spec->key == 32    ? EVP_aes_256_gcm() :
					 NULL;
	}
	return NULL;
}

/* Gives ctx a key. Naming the cipher costs a search in libcrypto, so it is
 * done only when another is wanted. */
static bool
set_cipher(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *mode, const uint8_t *key)
{
	const EVP_CIPHER *now = EVP_CIPHER_CTX_get0_cipher(ctx);

	if (now != NULL && EVP_CIPHER_get_nid(now) == EVP_CIPHER_get_nid(mode))
		mode = NULL;
	return EVP_EncryptInit_ex(ctx, mode, NULL, key, NULL) == 1;
}

/* The master key as the derivation takes it. */
static void
derivation_key(const struct gs_srtp *s, uint8_t key[32], uint8_t salt[14])
{
	const uint8_t *k = s->keysalt;

	memset(salt, 0, 14);
	if (s->spec.legacy192) {
		/* 24 + 14 octets are cut as if the key had 32 of them. */
		memcpy(key, k, 32);
		memcpy(salt, k + 32, 6);
		return;
	}
	memcpy(key, k, s->spec.key);
	memcpy(s->spec.salt_left ? salt + 14 - s->spec.salt : salt,
	    k + s->spec.key, s->spec.salt);
}

/* n octets (at most 48) of PRF(label, r). */
static bool
derive(struct gs_srtp *s, int label, uint64_t r, uint8_t *out, size_t n)
{
	static const uint8_t zeros[48];
	uint8_t key[32], iv[BLOCK] = { 0 };
	int len;

	derivation_key(s, key, iv);
	explicit_bzero(key, sizeof(key));
	iv[7] ^= (uint8_t)label;
	for (int i = 0; i < 6; i++)
		iv[13 - i] ^= (uint8_t)(r >> 8 * i);
	bool ok = EVP_EncryptInit_ex(s->kdf, NULL, NULL, NULL, iv) == 1 &&
	    EVP_EncryptUpdate(s->kdf, out, &len, zeros, (int)n) == 1;

	explicit_bzero(iv, sizeof(iv));
	return ok;
}

static void
hmac_key(struct half *h, const uint8_t *key, size_t n)
{
	uint8_t pad[SHA_CBLOCK];

	memset(pad, 0x36, sizeof(pad));
	xor(pad, key, n);
	SHA1_Init(&h->inner);
	SHA1_Update(&h->inner, pad, sizeof(pad));
	memset(pad, 0x5c, sizeof(pad));
	xor(pad, key, n);
	SHA1_Init(&h->outer);
	SHA1_Update(&h->outer, pad, sizeof(pad));
	explicit_bzero(pad, sizeof(pad));
}

/* The second key of F8: k_e XOR (k_s || 0x5555...), section 4.1.2.1. */
static bool
f8_key(struct half *h, const EVP_CIPHER *mode, const uint8_t *key)
{
	uint8_t m[BLOCK];

	if (h->f8 == NULL && (h->f8 = EVP_CIPHER_CTX_new()) == NULL)
		return false;
	memset(m, 0x55, sizeof(m));
	memcpy(m, h->salt, 14);
	xor(m, key, BLOCK);
	bool ok = set_cipher(h->f8, mode, m);

	explicit_bzero(m, sizeof(m));
	return ok;
}

static bool
use_keys(const struct gs_srtp *s, struct half *h, const uint8_t *cipher,
    const uint8_t *salt)
{
	memset(h->salt, 0, sizeof(h->salt));
	memcpy(h->salt, salt, s->spec.salt);
	return set_cipher(h->cipher, s->mode, cipher) &&
	    (s->spec.cipher != GS_SRTP_F8 || f8_key(h, s->mode, cipher));
}

/* Sets the authentication key for the packet index: all that a search
 * needs. */
static bool
set_auth(struct gs_srtp *s, struct half *h, uint64_t index)
{
	uint64_t r = s->spec.kdr > 0 ? index >> s->spec.kdr : 0;
	uint8_t auth[SHA_DIGEST_LENGTH];

	if (h->auth_ready && h->r == r)
		return true;
	h->ready = h->auth_ready = false;
	h->r = r;
	if (!s->keyed ||
	    !derive(s, h->label + LABEL_AUTH, r, auth, sizeof(auth)))
		return false;
	hmac_key(h, auth, sizeof(auth));
	explicit_bzero(auth, sizeof(auth));
	h->auth_ready = true;
	return true;
}

/* Sets all session keys for the packet index. */
static bool
set_half(struct gs_srtp *s, struct half *h, uint64_t index)
{
	const struct gs_srtp_spec *spec = &s->spec;
	uint8_t key[32], salt[14];

	if (!set_auth(s, h, index))
		return false;
	if (h->ready)
		return true;
	bool ok = derive(s, h->label + LABEL_CIPHER, h->r, key, spec->key) &&
	    derive(s, h->label + LABEL_SALT, h->r, salt, spec->salt) &&
	    use_keys(s, h, key, salt);

	h->ready = ok;
	explicit_bzero(salt, sizeof(salt));
	explicit_bzero(key, sizeof(key));
	return ok;
}

/* Forgets the key and takes spec. */
static int
take_spec(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    struct gs_err *err)
{
	bool gcm = spec->cipher == GS_SRTP_GCM;

	s->keyed = false;
	s->rtp.ready = s->rtp.auth_ready = false;
	s->rtcp.ready = s->rtcp.auth_ready = false;
	s->is_hashed = false;
	s->p = NULL;
	explicit_bzero(s->keysalt, sizeof(s->keysalt));
	s->spec = *spec;
	s->mode = payload_mode(spec);
	s->kdf_mode = counter_mode(spec->legacy192 ? 32 : spec->key);
	if (s->mode == NULL || s->kdf_mode == NULL || spec->kdr > 24 ||
	    spec->salt != (gcm ? 12 : 14) ||
	    (spec->legacy192 && spec->key != 24))
		return gs_err_set(err, "no such use of a %d-bit SRTP key",
		    8 * spec->key);
	return 0;
}

int
gs_srtp_set_key(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *keysalt, struct gs_err *err)
{
	uint8_t key[32], salt[14];

	if (take_spec(s, spec, err) == -1)
		return -1;
	memcpy(s->keysalt, keysalt, (size_t)spec->key + spec->salt);
	derivation_key(s, key, salt);
	s->keyed = set_cipher(s->kdf, s->kdf_mode, key);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(salt, sizeof(salt));
	if (!s->keyed)
		return gs_err_set(err, "libcrypto refuses AES");
	return 0;
}

int
gs_srtp_set_session(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *cipher, const uint8_t *auth, const uint8_t *salt,
    struct gs_err *err)
{
	struct half *h[] = { &s->rtp, &s->rtcp };

	if (take_spec(s, spec, err) == -1)
		return -1;
	for (int i = 0; i < 2; i++) {
		h[i]->r = 0;
		hmac_key(h[i], auth, SHA_DIGEST_LENGTH);
		h[i]->auth_ready = true;
		h[i]->ready = use_keys(s, h[i], cipher, salt);
		if (!h[i]->ready)
			return gs_err_set(err, "libcrypto refuses AES");
	}
	return 0;
}

/* ---- authentication */

static bool
tag_is(const struct half *h, SHA_CTX *inner, const uint8_t *tag, size_t n)
{
	uint8_t digest[SHA_DIGEST_LENGTH];
	SHA_CTX outer = h->outer;

	SHA1_Final(digest, inner);
	SHA1_Update(&outer, digest, sizeof(digest));
	SHA1_Final(digest, &outer);
	return CRYPTO_memcmp(digest, tag, n) == 0;
}

/* Octets behind the payload. */
static size_t
trailer(struct gs_srtp_form form)
{
	return (size_t)form.tag + form.mki;
}

size_t
gs_srtp_mki_at(const struct gs_srtp *s, size_t n, struct gs_srtp_form form)
{
	/* RFC 7714 section 8: the tag is part of the ciphertext. */
	return n - form.mki - (s->spec.cipher == GS_SRTP_GCM ? 0 : form.tag);
}

enum gs_srtp_result
gs_srtp_load(struct gs_srtp *s, const uint8_t *p, size_t n, size_t header,
    struct gs_srtp_form form)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;

	s->p = NULL;
	if (n > MOST || header < RTP_HEADER || n < header ||
	    n - header < trailer(form) ||
	    form.tag > (gcm ? GS_SRTP_TAG : SHA_DIGEST_LENGTH) ||
	    (gcm && form.tag < 4))
		return GS_SRTP_SHORT;
	s->p = p;
	s->n = n;
	s->header = header;
	s->form = form;
	s->is_hashed = false;
	s->cryptex = !form.clear && gs_rtp_cryptex(p, header);
	s->csrcs = s->cryptex ? 4 * (size_t)(p[0] & 15) : 0;
	s->from = s->cryptex ? RTP_HEADER + s->csrcs + 4 : header;
	return GS_SRTP_OK;
}

static uint64_t
packet_index(const struct gs_srtp *s, uint32_t roc)
{
	return (uint64_t)roc << 16 | (uint64_t)s->p[2] << 8 | s->p[3];
}

/* HMAC-SHA1 over packet || ROC, RFC 3711 section 4.2. */
static bool
verify_hmac(struct gs_srtp *s, uint32_t roc)
{
	size_t n = s->n - trailer(s->form);
	SHA_CTX inner;
	uint8_t b[4];

	if (!s->is_hashed || s->hashed_r != s->rtp.r) {
		s->hashed = s->rtp.inner;
		SHA1_Update(&s->hashed, s->p, n);
		s->hashed_r = s->rtp.r;
		s->is_hashed = true;
	}
	inner = s->hashed;
	put32(b, roc);
	SHA1_Update(&inner, b, sizeof(b));
	return tag_is(&s->rtp, &inner, s->p + s->n - s->form.tag, s->form.tag);
}

/* ---- ciphers */

/* The counter of AES-CM, RFC 3711 section 4.1.1. */
static void
counter_iv(const struct half *h, uint32_t ssrc, uint64_t index,
    uint8_t iv[BLOCK])
{
	uint8_t b[BLOCK] = { 0 };

	put32(b + 4, ssrc);
	put32(b + 8, (uint32_t)(index >> 16));
	b[12] = (uint8_t)(index >> 8);
	b[13] = (uint8_t)index;
	memcpy(iv, h->salt, BLOCK);
	xor(iv, b, BLOCK);
}

/* A part of a packet, and where it goes: NULL when it is only verified. */
struct part {
	const uint8_t *p;
	size_t n;
	uint8_t *out;
};

static bool
run_part(EVP_CIPHER_CTX *c, const struct part *t)
{
	uint8_t scrap[1024];
	size_t most = t->out != NULL ? t->n : sizeof(scrap);
	int len;

	for (size_t at = 0, k; at < t->n; at += k) {
		k = t->n - at < most ? t->n - at : most;
		if (EVP_CipherUpdate(c, t->out != NULL ? t->out + at : scrap,
		    &len, t->p + at, (int)k) != 1)
			return false;
	}
	explicit_bzero(scrap, t->out == NULL ? sizeof(scrap) : 0);
	return true;
}

/* n octets, a whole number of blocks, of the key stream from block j on. */
static bool
key_stream(const struct half *h, const uint8_t iv[BLOCK], uint32_t j,
    uint8_t *s, size_t n)
{
	int len;

	for (size_t at = 0; at < n; at += BLOCK, j++) {
		/* The IV ends with 16 zero bits. */
		memcpy(s + at, iv, BLOCK - 2);
		s[at + BLOCK - 2] = (uint8_t)(j >> 8);
		s[at + BLOCK - 1] = (uint8_t)j;
	}
	return EVP_EncryptUpdate(h->cipher, s, &len, s, (int)n) == 1;
}

static void
xor_words(uint8_t *out, const uint8_t *p, const uint8_t *s, size_t n)
{
	uint64_t a, b;

	for (; n >= sizeof(a); n -= sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		memcpy(&b, s, sizeof(b));
		a ^= b;
		memcpy(out, &a, sizeof(a));
		out += sizeof(a);
		p += sizeof(a);
		s += sizeof(a);
	}
	for (size_t i = 0; i < n; i++)
		out[i] = p[i] ^ s[i];
}

/* Both parts, one behind the other. The counters are encrypted as they
 * stand: to give libcrypto's counter mode another IV takes longer than a
 * packet's AES. */
static bool
run_counter(const struct half *h, uint32_t ssrc, uint64_t index,
    const struct part part[2])
{
	uint8_t iv[BLOCK], s[STREAM];
	size_t left = part[0].n + part[1].n, have = 0, used = 0;
	uint32_t j = 0;

	counter_iv(h, ssrc, index, iv);
	for (int k = 0; k < 2; k++) {
		for (size_t at = 0, n; at < part[k].n; at += n) {
			if (used == have) {
				have = (left + BLOCK - 1) / BLOCK * BLOCK;
				have = have < STREAM ? have : STREAM;
				if (!key_stream(h, iv, j, s, have))
					return false;
				j += (uint32_t)(have / BLOCK);
				used = 0;
			}
			n = part[k].n - at;
			n = n < have - used ? n : have - used;
			xor_words(part[k].out + at, part[k].p + at, s + used,
			    n);
			used += n;
			left -= n;
		}
	}
	explicit_bzero(s, have);
	return true;
}

/* RFC 3711 section 4.1.2; iv is that of 4.1.2.2 or 4.1.2.3. */
static bool
run_f8(const struct half *h, const uint8_t iv[BLOCK],
    const struct part part[2])
{
	uint8_t first[BLOCK], s[BLOCK] = { 0 }, b[BLOCK];
	size_t used = BLOCK;
	uint32_t j = 0;
	int len;

	if (EVP_EncryptUpdate(h->f8, first, &len, iv, BLOCK) != 1)
		return false;
	for (int k = 0; k < 2; k++) {
		for (size_t at = 0; at < part[k].n; at++, used++) {
			if (used == BLOCK) {
				memcpy(b, first, BLOCK);
				xor(b, s, BLOCK);
				put32(s, j++);
				xor(b + 12, s, 4);
				if (EVP_EncryptUpdate(h->cipher, s, &len, b,
				    BLOCK) != 1)
					return false;
				used = 0;
			}
			part[k].out[at] = part[k].p[at] ^ s[used];
		}
	}
	explicit_bzero(s, sizeof(s));
	return true;
}

/* An AEAD input. */
struct sealed {
	uint8_t iv[12];
	struct part aad[2];
	struct part text[2];
	const uint8_t *tag;
	uint8_t tag_n;
};

/* RFC 7714 sections 8.1 and 9.1: salt XOR (0, SSRC, ROC or 0, SEQ). */
static void
gcm_iv(const struct half *h, uint32_t ssrc, uint64_t index, uint8_t iv[12])
{
	uint8_t b[12] = { 0 };

	put32(b + 2, ssrc);
	put32(b + 6, (uint32_t)(index >> 16));
	b[10] = (uint8_t)(index >> 8);
	b[11] = (uint8_t)index;
	memcpy(iv, h->salt, 12);
	xor(iv, b, 12);
}

static enum gs_srtp_result
run_gcm(const struct half *h, const struct sealed *d)
{
	EVP_CIPHER_CTX *c = h->cipher;
	uint8_t tag[GS_SRTP_TAG];
	int len;

	memcpy(tag, d->tag, d->tag_n);
	if (EVP_DecryptInit_ex(c, NULL, NULL, NULL, d->iv) != 1 ||
	    EVP_CIPHER_CTX_ctrl(
		c, EVP_CTRL_AEAD_SET_TAG, d->tag_n, tag) != 1)
		return GS_SRTP_TROUBLE;
	for (int i = 0; i < 2; i++)
		if (d->aad[i].n > 0 && EVP_DecryptUpdate(c, NULL, &len,
		    d->aad[i].p, (int)d->aad[i].n) != 1)
			return GS_SRTP_TROUBLE;
	if (!run_part(c, &d->text[0]) || !run_part(c, &d->text[1]))
		return GS_SRTP_TROUBLE;
	return EVP_DecryptFinal_ex(c, tag, &len) == 1 ? GS_SRTP_OK :
							GS_SRTP_FAIL;
}

/* ---- RTP */

/* What is encrypted of the loaded packet: CSRCs that RFC 9335 hides, and all
 * behind the header. out may be NULL. */
static void
encrypted_parts(const struct gs_srtp *s, uint8_t *out, struct part part[2])
{
	size_t end = s->n - trailer(s->form);

	part[0] = (struct part){ s->p + RTP_HEADER, s->csrcs,
		out != NULL ? out + RTP_HEADER : NULL };
	part[1] = (struct part){ s->p + s->from, end - s->from,
		out != NULL ? out + s->from : NULL };
}

/* The rest of the header, as if RFC 9335 had not changed it. */
static void
copy_header(const struct gs_srtp *s, uint8_t *out)
{
	size_t at = RTP_HEADER + s->csrcs;

	memcpy(out, s->p, RTP_HEADER);
	memcpy(out + at, s->p + at, s->from - at);
	if (!s->cryptex)
		return;
	/* c0de was bede, c2de was 1000: RFC 8285 section 4. */
	out[at + 1] = out[at] == 0xc0 ? 0xde : 0;
	out[at] = out[at] == 0xc0 ? 0xbe : 0x10;
}

static enum gs_srtp_result
open_gcm(struct gs_srtp *s, uint32_t roc, uint8_t *out)
{
	size_t end = s->n - trailer(s->form), at = RTP_HEADER + s->csrcs;
	struct sealed d = {
		.aad = { { s->p, RTP_HEADER, NULL },
			{ s->p + at, s->from - at, NULL } },
		.tag = s->p + end,
		.tag_n = s->form.tag,
	};

	if (s->form.clear)
		d.aad[1].n = end - at;
	else
		encrypted_parts(s, out, d.text);
	gcm_iv(&s->rtp, be32(s->p + 8), packet_index(s, roc), d.iv);
	return run_gcm(&s->rtp, &d);
}

enum gs_srtp_result
gs_srtp_verify(struct gs_srtp *s, uint32_t roc)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;
	uint64_t index;

	if (s->p == NULL)
		return GS_SRTP_SHORT;
	index = packet_index(s, roc);
	if (!(gcm ? set_half : set_auth)(s, &s->rtp, index))
		return GS_SRTP_TROUBLE;
	if (gcm)
		return open_gcm(s, roc, NULL);
	if (s->form.tag > 0 && !verify_hmac(s, roc))
		return GS_SRTP_FAIL;
	return GS_SRTP_OK;
}

static bool
decrypt(struct gs_srtp *s, uint32_t roc, uint8_t *out)
{
	struct part part[2];
	uint8_t iv[BLOCK];

	encrypted_parts(s, out, part);
	if (s->form.clear || s->spec.cipher == GS_SRTP_NULL) {
		for (int i = 0; i < 2; i++)
			memcpy(out + (part[i].p - s->p), part[i].p, part[i].n);
		return true;
	}
	if (s->spec.cipher == GS_SRTP_CM)
		return run_counter(&s->rtp, be32(s->p + 8),
		    packet_index(s, roc), part);
	/* 0 || M || PT || SEQ || TS || SSRC || ROC */
	memcpy(iv, s->p, 12);
	iv[0] = 0;
	put32(iv + 12, roc);
	return run_f8(&s->rtp, iv, part);
}

enum gs_srtp_result
gs_srtp_open(struct gs_srtp *s, uint32_t roc, uint8_t *out, size_t *n)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM && !s->form.clear;
	enum gs_srtp_result r;

	if (!gcm)
		r = gs_srtp_verify(s, roc);
	else if (s->p == NULL)
		r = GS_SRTP_SHORT;
	else if (!set_half(s, &s->rtp, packet_index(s, roc)))
		r = GS_SRTP_TROUBLE;
	else
		r = open_gcm(s, roc, out);
	if (r != GS_SRTP_OK)
		return r;
	if (!gcm && (!set_half(s, &s->rtp, packet_index(s, roc)) ||
	    !decrypt(s, roc, out)))
		return GS_SRTP_TROUBLE;
	copy_header(s, out);
	*n = s->n - trailer(s->form);
	return GS_SRTP_OK;
}

/* ---- RTCP, RFC 3711 section 3.4 and RFC 7714 section 9 */

static enum gs_srtp_result
open_rtcp_gcm(struct gs_srtp *s, const uint8_t *p, size_t n,
    struct gs_srtp_form form, uint8_t *out, size_t *out_n)
{
	const uint8_t *word = p + n - form.mki - RTCP_INDEX;
	size_t plain = n - trailer(form) - RTCP_INDEX;
	bool encrypted = (word[0] & 0x80) != 0;
	size_t body = encrypted ? plain - RTCP_HEADER : 0;
	struct sealed d = {
		.aad = { { p, plain - body, NULL },
			{ word, RTCP_INDEX, NULL } },
		.text = { { p + plain - body, body, out + plain - body } },
		.tag = p + plain,
		.tag_n = form.tag,
	};

	gcm_iv(&s->rtcp, be32(p + 4), be32(word) & 0x7fffffff, d.iv);
	enum gs_srtp_result r = run_gcm(&s->rtcp, &d);

	if (r != GS_SRTP_OK)
		return r;
	memcpy(out, p, plain - body);
	*out_n = plain;
	return GS_SRTP_OK;
}

static bool
decrypt_rtcp(struct gs_srtp *s, const uint8_t *p, size_t plain,
    uint32_t word, uint8_t *out)
{
	struct part part[2] = { { p + RTCP_HEADER, plain - RTCP_HEADER, out },
		{ 0 } };
	uint8_t iv[BLOCK] = { 0 };

	if (s->spec.cipher == GS_SRTP_CM)
		return run_counter(
		    &s->rtcp, be32(p + 4), word & 0x7fffffff, part);
	/* 0 || E || index || V || P || RC || PT || length || SSRC */
	put32(iv + 4, word);
	memcpy(iv + 8, p, RTCP_HEADER);
	return run_f8(&s->rtcp, iv, part);
}

enum gs_srtp_result
gs_srtp_open_rtcp(struct gs_srtp *s, const uint8_t *p, size_t n,
    struct gs_srtp_form form, uint8_t *out, size_t *out_n)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;
	size_t need = RTCP_HEADER + RTCP_INDEX + trailer(form);

	if (n < need || n > MOST || (gcm && form.tag < 4) ||
	    form.tag > (gcm ? GS_SRTP_TAG : SHA_DIGEST_LENGTH))
		return GS_SRTP_SHORT;
	size_t plain = n - trailer(form) - RTCP_INDEX;
	uint32_t word = be32(gcm ? p + n - form.mki - RTCP_INDEX : p + plain);

	if (!(gcm ? set_half : set_auth)(s, &s->rtcp, word & 0x7fffffff))
		return GS_SRTP_TROUBLE;
	if (gcm)
		return open_rtcp_gcm(s, p, n, form, out, out_n);
	if (form.tag > 0) {
		SHA_CTX inner = s->rtcp.inner;

		SHA1_Update(&inner, p, plain + RTCP_INDEX);
		if (!tag_is(&s->rtcp, &inner, p + n - form.tag, form.tag))
			return GS_SRTP_FAIL;
	}
	if ((word & 0x80000000) == 0 || s->spec.cipher == GS_SRTP_NULL)
		memcpy(out + RTCP_HEADER, p + RTCP_HEADER,
		    plain - RTCP_HEADER);
	else if (!set_half(s, &s->rtcp, word & 0x7fffffff) ||
	    !decrypt_rtcp(s, p, plain, word, out + RTCP_HEADER))
		return GS_SRTP_TROUBLE;
	memcpy(out, p, RTCP_HEADER);
	*out_n = plain;
	return GS_SRTP_OK;
}

void
gs_srtp_fingerprint(const uint8_t *keysalt, size_t n, char out[9])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256(keysalt, n, digest);
	for (int i = 0; i < 8; i++)
		out[i] = hex[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
	out[8] = '\0';
}

void
gs_transform_library(struct gs_buf *b)
{
	gs_buf_puts(b, OpenSSL_version(OPENSSL_VERSION));
}
