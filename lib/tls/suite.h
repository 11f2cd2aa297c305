/* SPDX-License-Identifier: MIT */
/* The cipher suites of TLS: the one table that the wing reads. */
#ifndef GSPROV_TLS_SUITE_H
#define GSPROV_TLS_SUITE_H

#include <stdbool.h>
#include <stdint.h>

/* How records are protected. */
enum gs_tls_mode {
	GS_TLS_CLEAR, /* NULL: authenticated only, RFC 5246 6.2.3.1, RFC 9150 */
	GS_TLS_CBC, /* RFC 5246 6.2.3.2 */
	GS_TLS_GCM, /* RFC 5288 */
	GS_TLS_CCM, /* RFC 6655 */
	GS_TLS_CHACHA, /* RFC 7905 */
};

/* How the server's RSA key leads to the master secret. */
enum gs_tls_exchange {
	GS_TLS_RSA, /* the client encrypts the premaster secret with it */
	GS_TLS_DHE, /* nothing: keys are ephemeral */
	GS_TLS_FIXED, /* nothing: its ECDH key is in its certificate */
	GS_TLS_ANON, /* nothing: anonymous */
	GS_TLS_PSK, /* nothing: both ends also share a key */
	GS_TLS_13, /* TLS 1.3: ephemeral, chosen elsewhere */
};

enum gs_tls_hash {
	GS_TLS_MD5_SHA1, /* the PRF of TLS 1.0 and 1.1 */
	GS_TLS_MD5,
	GS_TLS_SHA1,
	GS_TLS_SHA256,
	GS_TLS_SHA384,
};

/* A suite. key, tag and block in octets. */
struct gs_tls_suite {
	uint16_t id; /* IANA */
	uint8_t exchange; /* enum gs_tls_exchange */
	uint8_t prf; /* enum gs_tls_hash, from TLS 1.2 on */
	uint8_t mode; /* enum gs_tls_mode */
	uint8_t key;
	uint8_t tag; /* of AEAD */
	uint8_t block; /* of CBC */
	uint8_t mac; /* enum gs_tls_hash; of records, not with AEAD */
	const char *cipher; /* as libcrypto names it; NULL: none */
};

/* The message for a connection or handshake whose suite is not in the table. */
#define GS_TLS_SUITE_UNSUPPORTED "the cipher suite is not supported"

/* NULL: not supported. */
const struct gs_tls_suite *gs_tls_suite_find(uint16_t id);

/* Octets of a hash. */
unsigned gs_tls_hash_size(enum gs_tls_hash h);

#endif
