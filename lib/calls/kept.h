/* SPDX-License-Identifier: MIT */
/* A copy of an SDP that outlives its block. */
#ifndef GSPROV_CALLS_KEPT_H
#define GSPROV_CALLS_KEPT_H

#include "sdp/check.h"

struct gs_sdp_line;
struct gs_text_block;

/* Zero it before use. */
struct gs_calls_kept {
	bool set;
	struct gs_sdp_line *line;
	size_t lines;
	uint32_t *crypto; /* hashes of its a=crypto values */
	size_t cryptos;
	struct gs_buf bytes;
	size_t line_size; /* entries that line has room for */
	size_t crypto_size;
	uint32_t cseq;
	unsigned status;
	char method[32];
	char tag[128];
	enum gs_sdp_transport transport;
	uint64_t branch; /* hash of the branch of the top Via */
	unsigned vias;
};

/* Copies b's lines, unless there are too many: then, and on failure, k is not
 * set, and only knows the message that b is a part of. Returns 0, or -1 if out
 * of memory. */
int gs_calls_kept_set(struct gs_calls_kept *k,
    const struct gs_text_block *b) GS_MUST;

/* Forgets the SDP and keeps the memory for the next one. */
void gs_calls_kept_clear(struct gs_calls_kept *k);
void gs_calls_kept_free(struct gs_calls_kept *k);

bool gs_calls_kept_equals(const struct gs_calls_kept *k,
    const struct gs_text_block *b);

/* Whether b is the same SIP message on the same hop. */
bool gs_calls_kept_repeats(const struct gs_calls_kept *k,
    const struct gs_text_block *b);

/* Whether k has this a=crypto value, whose hash is given. */
bool gs_calls_kept_has_crypto(const struct gs_calls_kept *k,
    struct gs_span crypto, uint32_t hash);

/* Whether k has an m= line of this type; FreeSWITCH makes keys for audio,
 * video and text whether they are in the call or not. */
bool gs_calls_kept_has_media(const struct gs_calls_kept *k, const char *media);

#endif
