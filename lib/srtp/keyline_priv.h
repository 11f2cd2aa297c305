/* SPDX-License-Identifier: MIT */
/* Finds the keys of one line of text. */
#ifndef GSPROV_SRTP_KEYLINE_PRIV_H
#define GSPROV_SRTP_KEYLINE_PRIV_H

#include "sdp/sdp.h"
#include "srtp/keyring.h"
#include "text/harvest.h"

/* Where found keys go. base is what all keys of the line have in common. */
struct gs_srtp_keyline {
	struct gs_srtp_keyring *ring;
	struct gs_diags *diags; /* may be NULL */
	struct gs_srtp_key base;
	struct gs_text_harvest *harvest;
	struct gs_buf plain; /* a line without its escapes */
	uint64_t masked; /* counted up */
	bool frame; /* the text is of a packet: only what is sure is taken */
	bool broken; /* the line has "inline:" with nothing readable behind */
	size_t found; /* keys so far, masked ones as well */
	bool no_memory;
};

/* Makes the harvest. Returns false without memory. */
bool gs_srtp_keyline_init(struct gs_srtp_keyline *k) GS_MUST;
void gs_srtp_keyline_free(struct gs_srtp_keyline *k);

/* The text has ended: gives what was still open, forgets the rest. */
void gs_srtp_keyline_end(struct gs_srtp_keyline *k);

/* Adds the keys of an a=crypto value, or of one without "a=crypto:", which is
 * a piece of line's text. */
void gs_srtp_keyline_crypto(struct gs_srtp_keyline *k,
    const struct gs_sdp_line *line, struct gs_span value);

/* Adds the keys that line holds, escaped or not, to k->ring. */
void gs_srtp_keyline_scan(struct gs_srtp_keyline *k, struct gs_span line);

/* Says that not only its owner can read file, which gave keys: its group
 * can, or all. */
void gs_srtp_keyline_readable(struct gs_srtp_keyline *k, const char *file,
    bool all);

#endif
