/* SPDX-License-Identifier: MIT */
/* Finds the keys of one line of text. */
#ifndef GSPROV_SRTP_KEYLINE_PRIV_H
#define GSPROV_SRTP_KEYLINE_PRIV_H

#include "srtp/keyring.h"

/* Where found keys go. base is what all keys of the line have in common. */
struct gs_keyline {
	struct gs_keyring *ring;
	struct gs_diags *diags; /* may be NULL */
	struct gs_key base;
	uint64_t masked; /* counted up */
	bool no_memory;
};

/* Adds the keys that line holds to k->ring. */
void gs_keyline_scan(struct gs_keyline *k, struct gs_span line);

/* Says that not only its owner can read file, which gave keys: its group
 * can, or all. */
void gs_keyline_readable(struct gs_keyline *k, const char *file, bool all);

#endif
