/* SPDX-License-Identifier: MIT */
/* An encoder that shares nothing with the library: RFC 3711 read once more,
 * one block of AES at a time. It makes what libsrtp2 cannot: F8, key
 * derivation rates, RFC 6188's AES-192, SRTCP that is encrypted by NULL. */
#ifndef SRTP_OWN_H
#define SRTP_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Session keys, made anew for every packet. */
struct own_keys {
	uint8_t cipher[32];
	uint8_t auth[20];
	uint8_t salt[14];
};

/* A master key, the salt of 14 octets behind it, and its use. */
struct own_master {
	uint8_t keysalt[46];
	size_t n; /* octets of the key */
	bool f8;
	bool null; /* no cipher, although SRTCP says that it is encrypted */
	unsigned kdr; /* log2 of the rate; 0: derived once */
};

static inline void
own_put32(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static inline void
own_block(const uint8_t *key, size_t n, const uint8_t in[16], uint8_t out[16])
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int len;

	EVP_EncryptInit_ex(c,
	    n == 16     ? EVP_aes_128_ecb() :
		n == 24 ? EVP_aes_192_ecb() :
			  EVP_aes_256_ecb(),
	    NULL, key, NULL);
	EVP_EncryptUpdate(c, out, &len, in, 16);
	EVP_CIPHER_CTX_free(c);
}

static inline void
own_hmac(const uint8_t key[20], const uint8_t *p, size_t n, uint8_t md[20])
{
	HMAC(EVP_sha1(), key, 20, p, n, md, NULL);
}

/* Section 4.3.3: want octets for a label; r has 48 bits. */
static inline void
own_prf(const struct own_master *m, int label, uint64_t r, uint8_t *out,
    size_t want)
{
	uint8_t x[16] = { 0 }, o[16];

	memcpy(x, m->keysalt + m->n, 14);
	x[7] ^= (uint8_t)label;
	for (int i = 0; i < 6; i++)
		x[8 + i] ^= (uint8_t)(r >> (40 - 8 * i));
	for (size_t at = 0; at < want; at += 16) {
		x[15] = (uint8_t)(at / 16);
		own_block(m->keysalt, m->n, x, o);
		memcpy(out + at, o, want - at < 16 ? want - at : 16);
	}
}

/* Section 4.3.1; label is 0 for RTP, 3 for RTCP. */
static inline void
own_derive(const struct own_master *m, int label, uint64_t index,
    struct own_keys *k)
{
	uint64_t r = m->kdr > 0 ? index >> m->kdr : 0;

	own_prf(m, label, r, k->cipher, m->n);
	own_prf(m, label + 1, r, k->auth, sizeof(k->auth));
	own_prf(m, label + 2, r, k->salt, sizeof(k->salt));
}

/* Section 4.1.1. */
static inline void
own_counter(const struct own_keys *k, size_t key, uint32_t ssrc, uint64_t index,
    uint8_t *p, size_t n)
{
	uint8_t iv[16] = { 0 }, o[16] = { 0 };

	memcpy(iv, k->salt, 14);
	for (int i = 0; i < 4; i++)
		iv[4 + i] ^= (uint8_t)(ssrc >> (24 - 8 * i));
	for (int i = 0; i < 6; i++)
		iv[8 + i] ^= (uint8_t)(index >> (40 - 8 * i));
	for (size_t at = 0; at < n; at++) {
		if (at % 16 == 0) {
			iv[14] = (uint8_t)(at / 16 >> 8);
			iv[15] = (uint8_t)(at / 16);
			own_block(k->cipher, key, iv, o);
		}
		p[at] ^= o[at % 16];
	}
}

/* Section 4.1.2.1; the mask is salt_n octets of salt and then 0x55. */
static inline void
own_f8(const uint8_t key[16], const uint8_t *salt, size_t salt_n,
    const uint8_t iv[16], uint8_t *p, size_t n)
{
	uint8_t m[16], first[16], s[16] = { 0 };

	memset(m, 0x55, 16);
	memcpy(m, salt, salt_n);
	for (int i = 0; i < 16; i++)
		m[i] ^= key[i];
	own_block(m, 16, iv, first);
	for (size_t at = 0; at < n; at++) {
		if (at % 16 == 0) {
			for (int i = 0; i < 16; i++)
				s[i] ^= first[i];
			s[14] ^= (uint8_t)(at / 16 >> 8);
			s[15] ^= (uint8_t)(at / 16);
			own_block(key, 16, s, s);
		}
		p[at] ^= s[at % 16];
	}
}

/* RFC 7714 section 8.1: protects the n octets at p, an RTP packet with a header
 * of 12, at index; a tag of 16 octets follows. clear: only authenticated. */
static inline void
own_seal(const struct own_keys *k, size_t key, uint64_t index, uint8_t *p,
    size_t n, bool clear)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t iv[12];
	int head = clear ? (int)n : 12, len;

	memcpy(iv, k->salt, 12);
	for (int b = 0; b < 4; b++)
		iv[2 + b] ^= p[8 + b];
	for (int b = 0; b < 6; b++)
		iv[6 + b] ^= (uint8_t)(index >> (40 - 8 * b));
	EVP_EncryptInit_ex(c, key == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(),
	    NULL, k->cipher, iv);
	EVP_EncryptUpdate(c, NULL, &len, p, head);
	EVP_EncryptUpdate(c, p + head, &len, p + head, (int)n - head);
	EVP_EncryptFinal_ex(c, p + n, &len);
	EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, p + n);
	EVP_CIPHER_CTX_free(c);
}

/* Protects the n octets at p, an RTP packet with a header of 12, at index;
 * tag octets follow. Returns the new length. */
static inline size_t
own_protect(const struct own_master *m, uint64_t index, uint8_t *p, size_t n,
    size_t tag)
{
	struct own_keys k;
	uint8_t iv[16], md[20];

	own_derive(m, 0, index, &k);
	if (m->null) {
		/* As it is. */
	} else if (m->f8) {
		memcpy(iv, p, 12);
		iv[0] = 0;
		own_put32(iv + 12, index >> 16);
		own_f8(k.cipher, k.salt, 14, iv, p + 12, n - 12);
	} else {
		uint32_t ssrc = (uint32_t)p[8] << 24 | (uint32_t)p[9] << 16 |
		    (uint32_t)p[10] << 8 | p[11];

		own_counter(&k, m->n, ssrc, index, p + 12, n - 12);
	}
	own_put32(p + n, index >> 16);
	own_hmac(k.auth, p, n + 4, md);
	memcpy(p + n, md, tag);
	return n + tag;
}

/* The same for compound RTCP, section 3.4; word is E and the index. */
static inline size_t
own_protect_rtcp(const struct own_master *m, uint32_t word, uint8_t *p,
    size_t n, size_t tag)
{
	struct own_keys k;
	uint8_t iv[16] = { 0 }, md[20];
	uint32_t index = word & 0x7fffffff;
	uint32_t ssrc = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 |
	    (uint32_t)p[6] << 8 | p[7];

	own_derive(m, 3, index, &k);
	if (word == index || m->null) {
		/* As it is. */
	} else if (m->f8) {
		own_put32(iv + 4, word);
		memcpy(iv + 8, p, 8);
		own_f8(k.cipher, k.salt, 14, iv, p + 8, n - 8);
	} else {
		own_counter(&k, m->n, ssrc, index, p + 8, n - 8);
	}
	own_put32(p + n, word);
	own_hmac(k.auth, p, n + 4, md);
	memcpy(p + n + 4, md, tag);
	return n + 4 + tag;
}

/* ---- what the RFC says comes out */

/* Text in hexadecimal, without blanks, against octets. */
static inline bool
own_is(const uint8_t *p, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (; *text != '\0'; text += 2, p++)
		if (text[0] != digits[*p >> 4] || text[1] != digits[*p & 15])
			return false;
	return true;
}

/* RFC 3711 B.1 (F8, whose salt has four octets there), B.2 (counter mode)
 * and B.3 (derivation). NULL, or the section that did not come out. */
static inline const char *
own_check(void)
{
	static const uint8_t f8_key[] = "\x23\x48\x29\x00\x84\x67\xbe\x18\x6c"
					"\x3d\xe1\x4a\xae\x72\xd6\x2c";
	static const uint8_t iv[] = "\x00\x6e\x5c\xba\x50\x68\x1d\xe5\x5c\x62"
				    "\x15\x99\xd4\x62\x56\x4a";
	struct own_keys k = { "\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15"
			      "\x88\x09\xcf\x4f\x3c",
		"",
		"\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7"
		"\xf8\xf9\xfa\xfb\xfc\xfd" };
	struct own_master m = { .n = 16,
		.keysalt =
		    "\xe1\xf9\x7a\x0d\x3e\x01\x8b\xe0\xd6\x4f\xa3\x2c"
		    "\x06\xde\x41\x39\x0e\xc6\x75\xad\x49\x8a\xfe\xeb\xb6\x96\x0b"
		    "\x3a\xab\xe6" };
	uint8_t text[] = "pseudorandomness is the next best thing";
	uint8_t stream[0xff02 * 16] = { 0 };

	own_f8(f8_key, (const uint8_t *)"\x32\xf2\x87\x0d", 4, iv, text, 39);
	if (!own_is(text,
		"019ce7a26e7854014a6366aa95d4eefd"
		"1ad4172a14f9faf455b7f1d4b62bd08f562c0eef7c4802"))
		return "B.1";
	own_counter(&k, 16, 0, 0, stream, sizeof(stream));
	if (!own_is(stream,
		"e03ead0935c95e80e166b16dd92b4eb4"
		"d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0") ||
	    !own_is(stream + 0xfeff * 16,
		"ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae"
		"6a2cc3787889374fbeb4c81b17ba6c44"))
		return "B.2";
	own_derive(&m, 0, 0, &k);
	if (!own_is(k.cipher, "c61e7a93744f39ee10734afe3ff7a087") ||
	    !own_is(k.salt, "30cbbc08863d8c85d49db34a9ae1") ||
	    !own_is(k.auth, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"))
		return "B.3";
	return NULL;
}

#endif
