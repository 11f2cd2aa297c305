/* SPDX-License-Identifier: MIT */
/* A picture of a call: one lane per stream over time, as one SVG file.
 *
 * A lane gathers what happens to its stream in buckets of time. There are
 * at most GS_SVG_BUCKETS of them: when the call outgrows them, neighbours
 * are joined and the bucket's width doubles, so memory does not depend on
 * the call's length. */
#ifndef GSPROV_MEDIA_SVG_H
#define GSPROV_MEDIA_SVG_H

#include <stdio.h>

#include "base/diag.h"

enum {
	GS_SVG_BUCKETS = 1024,
	GS_SVG_LANES = 200, /* streams beyond are counted, not drawn */
	GS_SVG_EVENTS = 64, /* a lane's events beyond are counted */
	GS_SVG_TEXT = 104, /* bytes of a label, cut with "..." beyond */
};

/* The result for a packet; lost ones were never captured. */
enum gs_media_svg_what {
	GS_SVG_OPENED,
	GS_SVG_PLAIN, /* was never encrypted */
	GS_SVG_LATE, /* opened, out of order */
	GS_SVG_LOST, /* at the time when it should have come */
	GS_SVG_FAILED, /* authentication failed */
	GS_SVG_NO_KEY,
	GS_SVG_WHATS,
};

/* An event with a mark. */
enum gs_media_svg_event {
	GS_SVG_KEY, /* another key from here on */
	GS_SVG_ROC, /* the rollover counter changed */
	GS_SVG_CODEC, /* another payload type */
	GS_SVG_NOTE, /* anything else */
	GS_SVG_EVENT_KINDS,
};

struct gs_calls_flow;
struct gs_media_svg;
struct gs_media_svg_lane;

/* An empty picture. title is shown above it, as all text made safe and cut
 * to GS_SVG_TEXT. Returns 0 or -1. */
int gs_media_svg_new(struct gs_media_svg **s, const char *title,
    struct gs_err *err) GS_MUST;
void gs_media_svg_free(struct gs_media_svg *s);

/* A line below the title ("48 211 packets, 2 calls, ..."); the last counts. */
void gs_media_svg_subtitle(struct gs_media_svg *s, const char *text);

/* Adds a lane below the others, or below the one in the other direction: name
 * is "from > to", detail the SSRC and codec, and behind " \xc2\xb7 " the
 * suite and key. *lane belongs to s; it is NULL when s has GS_SVG_LANES already
 * (the calls below then do nothing). Returns 0 or -1. */
int gs_media_svg_lane(struct gs_media_svg *s, struct gs_media_svg_lane **lane,
    const char *name, const char *detail, struct gs_err *err) GS_MUST;

/* Changes what was said in gs_media_svg_lane() (NULL: as it is): the codec and
 * key may be known at the end only. verdict stands at the lane's right. */
void gs_media_svg_lane_text(struct gs_media_svg_lane *lane, const char *name,
    const char *detail, const char *verdict);

/* n packets of lane met what at time (ns since the epoch, any order). */
void gs_media_svg_count(struct gs_media_svg_lane *lane, uint64_t time,
    enum gs_media_svg_what what, uint32_t n);

/* The stream was never encrypted, and so were its packets without a key. */
void gs_media_svg_all_plain(struct gs_media_svg_lane *lane);

/* A packet that was counted as lost came at time: the last loss before it is
 * one less. */
void gs_media_svg_found(struct gs_media_svg_lane *lane, uint64_t time);

/* The interarrival jitter (RFC 3550 6.4.1) at time; a bucket keeps its
 * maximum. */
void gs_media_svg_jitter(struct gs_media_svg_lane *lane, uint64_t time,
    double ms);

/* The sound at time reaches up to peak, of 32768. */
void gs_media_svg_sound(struct gs_media_svg_lane *lane, uint64_t time,
    unsigned peak);

/* The messages of SIP, whose order is their time: those around the lanes' time
 * are drawn above them. flow is borrowed until s is written. */
void gs_media_svg_messages(struct gs_media_svg *s,
    const struct gs_calls_flow *flow);

/* A mark with a short text ("key 1a2b3c4d", "ROC 1"). Returns 0 or -1. */
int gs_media_svg_mark(struct gs_media_svg_lane *lane, uint64_t time,
    enum gs_media_svg_event event, const char *text,
    struct gs_err *err) GS_MUST;

/* Writes the picture: one self-contained SVG 1.1 document, UTF-8, no script, no
 * font, no reference to elsewhere. Times are shown in UTC. Write errors remain
 * in fp. Returns 0, or -1 if out of memory. */
int gs_media_svg_write(const struct gs_media_svg *s, FILE *fp,
    struct gs_err *err) GS_MUST;

#endif
