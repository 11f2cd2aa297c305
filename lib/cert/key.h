/* SPDX-License-Identifier: MIT */
/* Private keys: made, read, written, compared. */
#ifndef GSPROV_CERT_KEY_H
#define GSPROV_CERT_KEY_H

#include "../base/diag.h"

#pragma GCC visibility push(default)

/* A private key; libcrypto's object under our name. */
struct gs_key;

enum { GS_FP_SIZE = 9 /* 8 hex digits of SHA-256 */ };

enum gs_key_kind {
	GS_KEY_RSA_2048,
	GS_KEY_RSA_3072,
	GS_KEY_RSA_4096,
	GS_KEY_EC_P256,
	GS_KEY_EC_P384,
	GS_KEY_KINDS
};

/* Reads "rsa:2048" and so on. Returns 0, or -1 for another name. */
int gs_key_kind_parse(const char *name, enum gs_key_kind *k) GS_MUST;

/* Makes a key. Returns 0 (free with gs_key_free()) or -1. */
int gs_key_make(enum gs_key_kind kind, struct gs_key **key,
    struct gs_err *err) GS_MUST;

/* What gs_key_read() found. */
enum gs_key_found {
	GS_KEY_OK,
	GS_KEY_NONE, /* no private key in these bytes */
	GS_KEY_LOCKED, /* encrypted, and the pass phrase is missing or wrong */
	GS_KEY_DAMAGED
};

/* Reads the first private key of a PEM text. pass may be empty. *key is
 * set (free with gs_key_free()) for GS_KEY_OK only; *was_locked, which may
 * be NULL, says whether it was encrypted. */
enum gs_key_found gs_key_read(struct gs_span pem, struct gs_span pass,
    struct gs_key **key, bool *was_locked);

/* Appends the key as PEM (PKCS #8, RFC 5958), not encrypted. */
int gs_key_write(const struct gs_key *key, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

void gs_key_free(struct gs_key *key);

/* One more reference to key, to be freed as well; NULL stays NULL. */
struct gs_key *gs_key_ref(struct gs_key *key);

bool gs_key_same(const struct gs_key *a, const struct gs_key *b);

/* What a public key is: "rsa:2048", its bits, its 8 hex fingerprint
 * (SHA-256 of the SubjectPublicKeyInfo). */
struct gs_key_info {
	char name[48];
	char fp[GS_FP_SIZE];
	unsigned bits;
	bool rsa;
	bool weak; /* RSA below 2048, curves below 256 bits */
};

void gs_key_info(const struct gs_key *key, struct gs_key_info *info);

/* Makes libcrypto wipe all memory that it frees: it leaves pieces of keys
 * there. For a program whose libcrypto is its own, before anything else;
 * without effect once libcrypto is in use. */
void gs_key_wipe_freed(void);

#pragma GCC visibility pop

#endif
