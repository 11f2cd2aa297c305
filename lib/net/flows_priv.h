/* SPDX-License-Identifier: MIT */
/* TCP for the scrubber: bytes in order, and which of them to blank. */
#ifndef GSPROV_NET_FLOWS_PRIV_H
#define GSPROV_NET_FLOWS_PRIV_H

#include "net/frame.h"
#include "net/marks_priv.h"

/* Limits. What exceeds them cannot be judged. */
enum {
	GS_FLOWS_MAX = 4096, /* read at a time, one per direction */
	GS_FLOWS_PENDING = 4096, /* segments of one after a gap */
	GS_FLOWS_BYTES = 8 * 1024 * 1024, /* kept of all of them */
	GS_FLOWS_EDITS = 256 * 1024, /* places to blank in all of them */
};

struct gs_net_flows;

/* NULL if out of memory. */
struct gs_net_flows *gs_net_flows_new(struct gs_net_marks *marks);

/* Wipes and frees; t may be NULL. */
void gs_net_flows_free(struct gs_net_flows *t);

/* Reads TCP segment f of packet p. now: what to blank of it must be known when
 * the call returns; otherwise more segments may come first. Returns 0, or -1
 * if out of memory. */
int gs_net_flows_read(struct gs_net_flows *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f, bool now);

/* Ends the first pass: all segments were read. */
int gs_net_flows_end(struct gs_net_flows *t);

/* Calls back for what to blank of the payload of f, which was read in p. */
void gs_net_flows_edits(const struct gs_net_flows *t,
    const struct gs_net_packet *p, const struct gs_net_frame *f,
    const struct gs_net_marks_sink *sink);

#endif
