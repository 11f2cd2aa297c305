/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), for fingerprints where no library is loaded. */
#ifndef GSPROV_BASE_SHA256_H
#define GSPROV_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* The first eight hexadecimal digits, used as the fingerprint of a key. Only
 * the first 119 octets count. Intermediate values are wiped. */
void gs_sha256_print(const uint8_t *p, size_t n, char out[9]);

#endif
