/* SPDX-License-Identifier: MIT */
/* The transport of a log's SDPs, if a trace in the same file shows it. */
#ifndef GSPROV_CALLS_CARRIED_H
#define GSPROV_CALLS_CARRIED_H

#include "base/diag.h"

struct gs_text_block;

enum { GS_CARRIED_SEEN = 256, GS_CARRIED_OPEN = 4096 };

/* Zero it before use. */
struct gs_calls_carried {
	struct gs_calls_carried_open {
		uint64_t hash; /* of the SDP's text */
		uint64_t leg; /* hash of its call's id */
		struct gs_pos pos;
	} * open;
	size_t opens;
	size_t open_size;
	uint64_t seen[GS_CARRIED_SEEN]; /* seen in a trace; 0: none */
	size_t next;
	uint64_t more; /* those dropped for lack of room */
};

/* Adds an SDP of a SIP message with a known transport, which also becomes that
 * of one SDP of the log with the same text, before or after it. */
void gs_calls_carried_trace(struct gs_calls_carried *c,
    const struct gs_text_block *b);

/* Adds an SDP of the log. Returns 0, or -1 if out of memory. */
int gs_calls_carried_log(struct gs_calls_carried *c,
    const struct gs_text_block *b) GS_MUST;

void gs_calls_carried_free(struct gs_calls_carried *c);

#endif
