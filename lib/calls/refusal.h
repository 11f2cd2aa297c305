/* SPDX-License-Identifier: MIT */
/* An offer whose media were refused: 488, 606, 415 or 603, in SIP and in
 * FreeSWITCH's log. */
#ifndef GSPROV_CALLS_REFUSAL_H
#define GSPROV_CALLS_REFUSAL_H

#include "sdp/check.h"
#include "sdp/mask.h"

struct gs_calls_exchange;
struct gs_diags;
struct gs_sdp;

/* Zero it before use. */
struct gs_calls_refusal {
	unsigned status; /* 0: nothing was refused */
	struct gs_pos pos;
	const char *who; /* who refused it */
	bool explained; /* the log says why */
	struct gs_sdp_sdes_word proto; /* of its first m= line */
};

/* Whether a response with this status refuses media. */
bool gs_calls_refusal_is(unsigned status);

/* Notes that the open offer in x, which must exist, was refused at pos. If it
 * has media, this sets all members of r except explained. scratch is used for
 * parsing. Returns 0, or -1 if out of memory. */
int gs_calls_refusal_set(struct gs_calls_refusal *r,
    const struct gs_calls_exchange *x, unsigned status, struct gs_pos pos,
    struct gs_sdp *scratch) GS_MUST;

/* The refusal, at pos, of an offer that was not seen. */
struct gs_calls_refusal gs_calls_refusal_unseen(unsigned status,
    struct gs_pos pos);

/* Reports r, the last refusal in a call whose offers and answers are x: a note
 * if another offer was accepted. Returns whether there was anything to say. */
bool gs_calls_refusal_tell(const struct gs_calls_refusal *r,
    const struct gs_calls_exchange *x, struct gs_diags *d);

#endif
