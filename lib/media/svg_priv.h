/* SPDX-License-Identifier: MIT */
/* What is gathered and drawn. */
#ifndef GSPROV_MEDIA_SVG_PRIV_H
#define GSPROV_MEDIA_SVG_PRIV_H

#include "calls/flow.h"
#include "media/svg.h"

/* The narrowest bucket, ns; others are this times a power of two. */
#define GS_LANE_WIDTH UINT64_C(50000000)

struct gs_media_bucket {
	uint32_t count[GS_SVG_WHATS];
	uint32_t jitter; /* microseconds */
	uint16_t peak; /* of the sound, */
	bool heard; /* if some was decoded */
};

struct gs_media_mark {
	uint64_t time;
	enum gs_media_svg_event event;
	char text[GS_SVG_TEXT];
};

/* bucket[i] holds the times from (first + i) * width on. */
struct gs_media_svg_lane {
	struct gs_media_svg_lane *next;
	char name[GS_SVG_TEXT];
	char detail[GS_SVG_TEXT];
	char verdict[GS_SVG_TEXT];
	uint64_t total[GS_SVG_WHATS];
	uint64_t width;
	uint64_t first;
	size_t n;
	size_t size;
	bool failed; /* no memory for a bucket */
	size_t marks;
	struct gs_media_mark *mark;
	struct gs_media_bucket *bucket;
};

struct gs_media_svg {
	char title[GS_SVG_TEXT];
	char subtitle[GS_SVG_TEXT];
	const struct gs_calls_flow *flow; /* messages, or NULL; borrowed */
	size_t lanes;
	size_t more_lanes;
	struct gs_media_svg_lane *head;
	struct gs_media_svg_lane *tail;
};

#endif
