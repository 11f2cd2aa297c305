/* SPDX-License-Identifier: MIT */
/* Texts whose lines have a prefix. If one of them is open, the reader's parts
 * sdp and sip are those of this text. */
#ifndef GSPROV_TEXT_LANE_PRIV_H
#define GSPROV_TEXT_LANE_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;
struct text_lanes;

/* Opens the lane to which l belongs, and removes the prefix. Returns false if
 * there is none. */
bool gs_text_lane_find(struct gs_text_reader *t, struct gs_sdp_line *l);

/* Opens a new lane. Returns false if the prefix is too long, or memory ran
 * out. */
bool gs_text_lane_new(struct gs_text_reader *t, struct gs_span prefix,
    uint64_t line);

void gs_text_lane_leave(struct gs_text_reader *t);

/* Whether l, which has no prefix, is the rest of a line that was broken. */
bool gs_text_lane_join(struct gs_text_reader *t, const struct gs_sdp_line *l);

/* Called for l, which has no prefix. If it continues a text that had one in the
 * previous line, only that line had it. */
void gs_text_lane_settle(struct gs_text_reader *t, const struct gs_sdp_line *l);

/* Ends the lanes whose prefix s begins with; all if s.n is 0. */
void gs_text_lane_end(struct gs_text_reader *t, struct gs_span s);

/* Ends the lanes that were idle for long. Returns whether none is left. */
bool gs_text_lane_idle(struct gs_text_reader *t);
void gs_text_lane_free(struct text_lanes *s);

#endif
