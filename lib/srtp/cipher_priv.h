/* SPDX-License-Identifier: MIT */
/* AES and HMAC-SHA1 with a fixed key: no packets, no key derivation. */
#ifndef GSPROV_SRTP_CIPHER_PRIV_H
#define GSPROV_SRTP_CIPHER_PRIV_H

#include "srtp/cipher.h"

enum {
	GS_CIPHER_BLOCK = 16,
	/* Most octets with one IV (RFC 3711 section 4.1.1). */
	GS_CIPHER_MOST = 65536 * GS_CIPHER_BLOCK,
	GS_GCM_IV = 12,
	GS_GCM_TAG = 16,
	GS_HMAC = 20, /* octets of key and tag */
};

/* A part of a packet, and where its result goes. */
struct gs_srtp_part {
	const uint8_t *p;
	size_t n;
	uint8_t *out; /* NULL: only verify (GCM) */
};

/* A cipher with its key and salt. */
struct gs_srtp_cipher_ctx;

/* Creates a cipher without a key. Returns NULL if out of memory. */
struct gs_srtp_cipher_ctx *gs_srtp_cipher_new(void) GS_MUST;

/* c may be NULL. */
void gs_srtp_cipher_free(struct gs_srtp_cipher_ctx *c);

/* Whether kind takes keys of n octets. */
bool gs_srtp_cipher_takes(enum gs_sdp_srtp_cipher kind, size_t n);

/* Gives c a key of n octets, a length that kind takes, and at most 14 octets of
 * salt. This and the next two functions return whether libcrypto succeeded. */
bool gs_srtp_cipher_set_key(struct gs_srtp_cipher_ctx *c,
    enum gs_sdp_srtp_cipher kind, const uint8_t *key, size_t n,
    const uint8_t *salt, size_t salt_n) GS_MUST;

/* Encrypts or decrypts both parts, one after the other, with the key stream of
 * AES-CM that begins at high * 2^64 + low * 2^16, XOR the salt (RFC 3711
 * section 4.1.1). low has 48 bits. */
bool gs_srtp_cipher_counter(const struct gs_srtp_cipher_ctx *c, uint64_t high,
    uint64_t low, const struct gs_srtp_part part[2]) GS_MUST;

/* The same with the key stream of F8 (RFC 3711 section 4.1.2). */
bool gs_srtp_cipher_f8(const struct gs_srtp_cipher_ctx *c,
    const uint8_t iv[GS_CIPHER_BLOCK],
    const struct gs_srtp_part part[2]) GS_MUST;

/* A packet that GCM opens. */
struct gs_srtp_sealed {
	uint8_t x[GS_GCM_IV]; /* IV XOR salt */
	struct gs_srtp_part aad[2];
	struct gs_srtp_part text[2];
	const uint8_t *tag;
	size_t tag_n; /* 4 to GS_GCM_TAG */
};

/* Returns 1 if d is authentic, and decrypts its text then; 0 if it is not; -1
 * if libcrypto fails. */
int gs_srtp_cipher_unseal(const struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d) GS_MUST;

/* Hashes d, whose text is not longer than a packet of a network, so that many
 * IVs can be tried with gs_srtp_cipher_fits(). Returns false if it is longer or
 * libcrypto fails. */
bool gs_srtp_cipher_hash(struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d) GS_MUST;

/* What gs_srtp_cipher_unseal() returns of d, which was hashed last but for its
 * IV. This takes one block of AES, and decrypts nothing. */
int gs_srtp_cipher_fits(const struct gs_srtp_cipher_ctx *c,
    const struct gs_srtp_sealed *d) GS_MUST;

/* HMAC-SHA1 with a key, and the message that was begun last. */
struct gs_srtp_hmac;

/* Returns NULL if out of memory. */
struct gs_srtp_hmac *gs_srtp_hmac_new(void) GS_MUST;

/* h may be NULL. */
void gs_srtp_hmac_free(struct gs_srtp_hmac *h);

void gs_srtp_hmac_set_key(struct gs_srtp_hmac *h, const uint8_t key[GS_HMAC]);

/* Hashes a message of n octets, at most GS_CIPHER_MOST, which a ROC follows
 * unless roc is NULL. */
void gs_srtp_hmac_begin(struct gs_srtp_hmac *h, const uint8_t *p, size_t n,
    const uint32_t *roc);

/* Whether the message, with this ROC if one follows, has this tag of at most
 * GS_HMAC octets. This may be asked for many ROCs. */
bool gs_srtp_hmac_fits(struct gs_srtp_hmac *h, uint32_t roc, const uint8_t *tag,
    size_t tag_n);

#endif
