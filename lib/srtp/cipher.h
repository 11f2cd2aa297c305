/* SPDX-License-Identifier: MIT */
/* What SRTP encrypts with, and what is said of keys and of libcrypto. */
#ifndef GSPROV_SRTP_CIPHER_H
#define GSPROV_SRTP_CIPHER_H

#include "../base/buf.h"

#pragma GCC visibility push(default)

enum gs_srtp_cipher {
	GS_SRTP_CM, /* AES in counter mode, RFC 3711 section 4.1.1 */
	GS_SRTP_GCM, /* RFC 7714 */
	GS_SRTP_F8, /* RFC 3711 section 4.1.2 */
	GS_SRTP_NULL, /* authenticated only, RFC 3711 section 4.1.3 */
};

/* Stands for a key where it must not be shown: 8 hexadecimal digits of the
 * SHA-256 of key and salt. */
void gs_srtp_fingerprint(const uint8_t *keysalt, size_t n, char out[9]);

/* Puts the name and version of the OpenSSL that is in use. */
void gs_cipher_library(struct gs_buf *b);

#pragma GCC visibility pop

#endif
