/* SPDX-License-Identifier: MIT */
/* Makes text that holds SDP safe to show. */
#ifndef GSPROV_SDP_MASK_H
#define GSPROV_SDP_MASK_H

#include "../base/buf.h"

#pragma GCC visibility push(default)

/* Overwrites in text (n bytes, any text that may hold SDP: a line of it, or
 * of a log) every secret with '*', byte for byte, so that columns stay:
 * keys behind "inline:" (lifetime and MKI stay), the values of k= lines and
 * of a=key-mgmt, and in a line about keys all that could be one. */
void gs_sdes_mask(char *text, size_t n);

/* Overwrites every secret in text (n bytes), wherever it stands. */
void gs_sdes_mask_word(char *text, size_t n, struct gs_span secret);

#pragma GCC visibility pop

#endif
