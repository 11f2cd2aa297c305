/* SPDX-License-Identifier: MIT */
/* The rules over an offer and its answer, and over two offers. */
#ifndef GSPROV_CALLS_PAIR_H
#define GSPROV_CALLS_PAIR_H

#include <stddef.h>

struct gs_diags;
struct gs_sdp;

/* Checks answer against offer (RFC 3264, RFC 4568 section 5.1 and 7.1).
 * Findings are about lines of the answer. Messages that point to a line of the
 * offer name offer_file, which is NULL if both are in one file. */
void gs_calls_check_pair(const struct gs_sdp *offer,
    const struct gs_sdp *answer, const char *offer_file, struct gs_diags *d);

/* Checks a new offer of the same party against its previous one (RFC 4568
 * section 7.1.4: a changed address or port needs a new key). Returns how many
 * keys should have changed; d may be NULL. */
size_t gs_calls_check_reoffer(const struct gs_sdp *before,
    const struct gs_sdp *after, struct gs_diags *d);

#endif
