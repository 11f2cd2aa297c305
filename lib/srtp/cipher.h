/* SPDX-License-Identifier: MIT */
/* What is said of keys and of libcrypto. */
#ifndef GSPROV_SRTP_CIPHER_H
#define GSPROV_SRTP_CIPHER_H

#include "../base/buf.h"
#include "../sdp/suite.h"

/* Stands for a key where it must not be shown: 8 hexadecimal digits of the
 * SHA-256 of key and salt. */
void gs_srtp_fingerprint(const uint8_t *keysalt, size_t n, char out[9]);

/* Puts the name and version of the OpenSSL that is in use. */
void gs_srtp_cipher_library(struct gs_buf *b);

#endif
