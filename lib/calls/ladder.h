/* SPDX-License-Identifier: MIT */
/* The messages of calls in a capture, as the steps of one ladder. */
#ifndef GSPROV_CALLS_LADDER_H
#define GSPROV_CALLS_LADDER_H

#include "base/buf.h"

struct gs_calls_flow;
struct gs_net_sip_message;
struct gs_text_reader;

/* Passes a message to src, with its addresses and transport. when is its time
 * as text, or empty. Returns 0, or -1 if out of memory. */
int gs_calls_ladder_read(struct gs_text_reader *src,
    const struct gs_net_sip_message *m, const char *when) GS_MUST;

struct gs_calls_ladder;

/* NULL if out of memory. */
struct gs_calls_ladder *gs_calls_ladder_new(void) GS_MUST;

/* Adds a message. If its method belongs to calls, it becomes a step, with its
 * media as judged by its SDP. Returns 0, or -1 if out of memory. */
int gs_calls_ladder_take(struct gs_calls_ladder *l,
    const struct gs_net_sip_message *m) GS_MUST;

/* The steps so far; order is the time, in nanoseconds. Borrowed until the next
 * message. */
const struct gs_calls_flow *gs_calls_ladder_flow(
    const struct gs_calls_ladder *l);

/* l may be NULL. */
void gs_calls_ladder_free(struct gs_calls_ladder *l);

#endif
