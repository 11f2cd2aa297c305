/* SPDX-License-Identifier: MIT */
/* The library of ciphers, for --version. */
#ifndef GSPROV_SRTP_CIPHER_H
#define GSPROV_SRTP_CIPHER_H

#include "base/buf.h"
#include "sdp/suite.h"

/* Appends name and version of OpenSSL. */
void gs_srtp_cipher_library(struct gs_buf *b);

#endif
