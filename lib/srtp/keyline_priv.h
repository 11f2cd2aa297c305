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
	uint64_t masked; /* incremented for each masked key */
	bool frame; /* the text is of a packet: only certain keys are taken */
	bool broken; /* nothing readable follows "inline:" */
	size_t found; /* keys so far, including masked ones */
	bool no_memory;
};

/* Creates the harvest of k. Returns false if out of memory. */
bool gs_srtp_keyline_init(struct gs_srtp_keyline *k) GS_MUST;
void gs_srtp_keyline_free(struct gs_srtp_keyline *k);

/* Ends the text: passes on keys that are complete, drops the rest. */
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
