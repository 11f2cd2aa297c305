/* SPDX-License-Identifier: MIT */
/* Makes text with SDP safe to show. */
#ifndef GSPROV_SDP_MASK_H
#define GSPROV_SDP_MASK_H

#include "base/buf.h"

/* Overwrites in text (n bytes, any text that may hold SDP: a line of it, or
 * of a log) every secret with '*', byte for byte, so that columns stay. In a
 * line of an SDP these are the keys behind "inline:" (lifetime and MKI
 * stay), the values of k= lines and of a=key-mgmt, and in an a=crypto line
 * all that could be a key. In any other line each run of 8 or more
 * characters of base64 or hexadecimal digits is a secret, plain or escaped:
 * what was torn off a line may be its key. Known words, dates, times, UUIDs
 * and suites stay. */
void gs_sdp_sdes_mask(char *text, size_t n);

/* Copies word, which comes from outside, to to for a message (cut at size
 * bytes), with such runs overwritten. Returns the copy. */
struct gs_span gs_sdp_sdes_shown(struct gs_span word, char *to, size_t size);

/* The same for a name in an m= or c= line, of which only as much is shown as
 * the longest registered one has. */
struct gs_sdp_sdes_word {
	char text[22];
};
struct gs_sdp_sdes_word gs_sdp_sdes_word(struct gs_span word);

/* Overwrites every secret in text (n bytes), wherever it is. */
void gs_sdp_sdes_mask_word(char *text, size_t n, struct gs_span secret);

#endif
