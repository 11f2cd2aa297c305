/* SPDX-License-Identifier: MIT */
/* How keys and libcrypto are named. */
#ifndef GSPROV_SRTP_CIPHER_H
#define GSPROV_SRTP_CIPHER_H

#include "../base/buf.h"
#include "../sdp/suite.h"

/* The fingerprint of a key, which is shown instead of it: 8 hexadecimal digits
 * of the SHA-256 of key and salt. */
void gs_srtp_fingerprint(const uint8_t *keysalt, size_t n, char out[9]);

/* Appends name and version of OpenSSL. */
void gs_srtp_cipher_library(struct gs_buf *b);

#endif
