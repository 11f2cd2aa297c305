/* SPDX-License-Identifier: MIT */
/* Finds the keys of one line of text. */
#ifndef GSPROV_SRTP_KEYLINE_PRIV_H
#define GSPROV_SRTP_KEYLINE_PRIV_H

#include "sdp/sdp.h"
#include "srtp/keyring.h"
#include "text/harvest.h"

/* Where keys go. base is what all keys of the line have in common. */
struct gs_srtp_keyline {
	struct gs_srtp_keyring *ring;
	struct gs_diags *diags; /* may be NULL */
	struct gs_srtp_key base;
	struct gs_text_harvest *harvest;
	struct gs_buf plain; /* a line without its escapes */
	uint64_t masked; /* counted up */
	bool frame; /* text of a packet: only certain keys are taken */
	bool broken; /* "inline:" is followed by nothing readable */
	size_t found; /* keys so far, masked ones as well */
	bool no_memory;
};

/* Creates the harvest. Returns false if out of memory. */
bool gs_srtp_keyline_init(struct gs_srtp_keyline *k) GS_MUST;
void gs_srtp_keyline_free(struct gs_srtp_keyline *k);

/* The text has ended: passes on what was open, drops the rest. */
void gs_srtp_keyline_end(struct gs_srtp_keyline *k);

/* Adds the keys of an a=crypto value, with or without "a=crypto:", which is
 * part of line's text. */
void gs_srtp_keyline_crypto(struct gs_srtp_keyline *k,
    const struct gs_sdp_line *line, struct gs_span value);

/* Adds the keys in line, escaped or not, to k->ring. */
void gs_srtp_keyline_scan(struct gs_srtp_keyline *k, struct gs_span line);

/* Reports that file, which contains keys, is readable by its group or by
 * everyone. */
void gs_srtp_keyline_readable(struct gs_srtp_keyline *k, const char *file,
    bool all);

#endif
