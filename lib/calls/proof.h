/* SPDX-License-Identifier: MIT */
/* What --require demands: what was proven, and what was not. */
#ifndef GSPROV_CALLS_PROOF_H
#define GSPROV_CALLS_PROOF_H

#include "sdp/check.h"

struct gs_sdp;
struct gs_sdp_line;
struct gs_text_block;
struct gs_text_gap;

/* Zero it before use, except require and d. */
struct gs_calls_proof {
	unsigned require; /* set of enum gs_sdp_require */
	struct gs_diags *d;
	uint64_t blocks; /* SDPs that were judged */
	uint64_t keys; /* key lines without an SDP */
	uint64_t registrations;
	uint64_t gaps; /* gaps that were reported one by one, */
	uint64_t more_gaps; /* and those that were only counted; */
	struct gs_pos gap; /* the last of the latter */
	bool shown; /* some audio or video is encrypted */
	bool failed; /* and some is known to be unencrypted */
	struct gs_pos first; /* place of the first SDP */
};

/* Reports to d what block b, with the verdict v, does not prove. */
void gs_calls_proof_block(struct gs_calls_proof *p,
    const struct gs_text_block *b, const struct gs_sdp_verdict *v);

/* Reports a key line: it shows a key, but no media encrypted with it. */
void gs_calls_proof_key(struct gs_calls_proof *p,
    const struct gs_sdp_line *line);

/* Reports that the final response at line refuses media, when no SDP of its
 * call is in the file. Returns whether there is a finding. */
bool gs_calls_proof_refusal(struct gs_calls_proof *p,
    const struct gs_sdp_line *line, unsigned status);

/* Reports a gap: text that was not read. Returns whether there is a finding. */
bool gs_calls_proof_gap(struct gs_calls_proof *p, const struct gs_text_gap *g);

/* Reports a connection that may carry calls: nothing proves that their media
 * are encrypted, nor, when it is anonymous, that TLS is of use. */
void gs_calls_proof_shut(struct gs_calls_proof *p, struct gs_pos pos,
    const char *text, bool anonymous);

/* Ends the file. Returns whether there are findings; *pos is the place of the
 * first. */
bool gs_calls_proof_end(struct gs_calls_proof *p, struct gs_pos *pos);

/* Whether anything was judged that matters for what is required. */
bool gs_calls_proof_has_judged(const struct gs_calls_proof *p);

#endif
