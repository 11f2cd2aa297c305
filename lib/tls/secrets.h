/* SPDX-License-Identifier: MIT */
/* What TLS computes with secrets: PRF, HKDF, RSA and records. The one file of
 * this wing with libcrypto. */
#ifndef GSPROV_TLS_SECRETS_H
#define GSPROV_TLS_SECRETS_H

#include "base/diag.h"
#include "tls/suite.h"

enum {
	GS_TLS_RECORD = 16384 + 2048, /* octets of a record's body */
	GS_TLS_KEYS_MAX = 64, /* private keys */
};

/* The PRF of TLS up to 1.2 (RFC 2246 section 5, RFC 5246 section 5). */
struct gs_tls_prf {
	enum gs_tls_hash hash;
	struct gs_span secret;
	const char *label;
	struct gs_span seed;
};
/* Fills the n octets at out. Returns 0 or -1. */
int gs_tls_prf(const struct gs_tls_prf *p, uint8_t *out, size_t n) GS_MUST;

/* HKDF-Expand-Label (RFC 8446 section 7.1; RFC 9147 section 5.9 when dtls).
 * context is a hash, or empty. Returns 0 or -1. */
struct gs_tls_expand {
	enum gs_tls_hash hash;
	bool dtls;
	struct gs_span secret;
	const char *label;
	struct gs_span context;
};
int gs_tls_expand(const struct gs_tls_expand *e, uint8_t *out,
    size_t n) GS_MUST;

/* The hash of bytes; out has room for gs_tls_hash_size() octets. */
int gs_tls_digest(enum gs_tls_hash hash, struct gs_span bytes,
    uint8_t *out) GS_MUST;

/* ---- private keys of servers */

struct gs_tls_rsa;

/* In a command, what libcrypto frees is wiped from the first use of this wing
 * on (base/wiped.h), unless libcrypto had allocated something before.
 *
 * Reads the RSA keys in a file's bytes: PEM in any order and among other
 * things, or DER (PKCS #1 or #8). pass opens encrypted ones and may be empty.
 * They are added to *list. Returns how many there were, or -1: no memory, a
 * pass phrase is missing or wrong. */
int gs_tls_rsa_read(struct gs_tls_rsa **list, struct gs_span bytes,
    struct gs_span pass, struct gs_err *err) GS_MUST;

/* Wipes and frees all; list may be NULL. */
void gs_tls_rsa_free(struct gs_tls_rsa *list);

/* Decrypts a premaster secret of 48 octets that a client with this version
 * encrypted for one of the keys (RFC 5246 section 7.4.7.1). Returns 0, or -1:
 * none of them fits. */
int gs_tls_rsa_open(const struct gs_tls_rsa *list, struct gs_span encrypted,
    uint16_t version, uint8_t premaster[48]) GS_MUST;

/* ---- records */

/* One direction under one set of keys. */
struct gs_tls_cipher;

/* How it is keyed. version is that of the records: 0x0301 … 0x0304, of DTLS
 * 0xfeff, 0xfefd. */
struct gs_tls_keys {
	const struct gs_tls_suite *suite;
	uint16_t version;
	bool etm; /* encrypt-then-mac, RFC 7366 */
	bool truncated; /* truncated HMAC, RFC 6066 section 7 */
	const uint8_t *mac; /* NULL: records of GS_TLS_CLEAR are believed */
	const uint8_t *key;
	const uint8_t *iv; /* gs_tls_iv_size() octets */
};

/* Octets of IV that a key block has for each direction. */
unsigned gs_tls_iv_size(const struct gs_tls_suite *suite, uint16_t version);

/* NULL: libcrypto has no such cipher, or no memory. */
struct gs_tls_cipher *gs_tls_cipher_new(const struct gs_tls_keys *k) GS_MUST;
void gs_tls_cipher_free(struct gs_tls_cipher *c);

struct gs_tls_record {
	uint8_t type;
	uint16_t version; /* as in its header */
	uint64_t seq; /* of DTLS with the epoch above 48 bits */
	struct gs_span body;
};

/* Opens a record. out has room for its body and gets *n octets of plaintext;
 * *type gets their type, which TLS 1.3 encrypts. Returns 0, or -1 if the record
 * does not authenticate. Success moves the chaining of TLS 1.0 on; failure
 * changes nothing. */
int gs_tls_cipher_open(struct gs_tls_cipher *c, const struct gs_tls_record *r,
    uint8_t *out, size_t *n, uint8_t *type) GS_MUST;

/* A record was lost. In TLS 1.0, its last block was the IV of the next record,
 * which therefore cannot be opened, but contains the IV of the one after it. */
void gs_tls_cipher_lose(struct gs_tls_cipher *c);

/* A record with this body could not be opened. */
void gs_tls_cipher_skip(struct gs_tls_cipher *c, struct gs_span body);

#endif
