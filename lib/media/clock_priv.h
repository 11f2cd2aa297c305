/* SPDX-License-Identifier: MIT */
/* Where the packets of one source belong in time: its RTP timestamps say it
 * from packet to packet, the time of capture over the call. */
#ifndef GSPROV_MEDIA_CLOCK_PRIV_H
#define GSPROV_MEDIA_CLOCK_PRIV_H

#include <stdbool.h>
#include <stdint.h>

/* A packet: its place by capture time, in units of the source's clock. */
struct gs_media_clock_packet {
	int64_t captured;
	uint32_t ts;
	uint32_t length; /* of its sound, in units of the clock */
	uint16_t seq;
};

/* Where it belongs. */
struct gs_media_clock_place {
	enum {
		GS_PLACE_HERE,
		GS_PLACE_UNSURE, /* far too late, or the first of a sequence
				  * that began anew: keep it */
		GS_PLACE_RESTART, /* the one that was kept belongs in front */
	} what;
	int64_t pos;
	int stretch; /* by so many units it is to be longer, or shorter */
	/* What was placed from move_from on belongs so much later. */
	int64_t move_from;
	int64_t move_by;
	int64_t kept; /* RESTART: where that one belongs */
	bool resync;
};

/* Zeroed but for rate, it is ready for use. */
struct gs_media_clock {
	uint32_t rate;
	bool anchored; /* false: the next packet stands where it was captured */
	int64_t pos; /* of the newest packet, whose ts and seq these are */
	uint32_t ts;
	uint16_t seq;
	/* How much later than its place the earliest packet of a window came:
	 * queues in the network only add to it. */
	int64_t window;
	int64_t low;
	bool in_window;
	bool has_base;
	int64_t base; /* of the first window */
	unsigned apart; /* windows that differ from it, one after the other */
	bool skewed;
	int64_t owed; /* units to be made longer */
	/* Packets that all came early, or late, as if the clock had stood
	 * still: so many, since when, from which place on. */
	unsigned odd;
	int64_t odd_low;
	int64_t odd_since;
	int64_t odd_last;
	int64_t odd_from;
	/* The one that was UNSURE. */
	bool kept;
	struct gs_media_clock_packet first;
};

/* Places p. */
void gs_media_clock_place(struct gs_media_clock *c,
    const struct gs_media_clock_packet *p, struct gs_media_clock_place *where);

/* The same of nothing, at the end: what is to be moved. */
void gs_media_clock_settle(struct gs_media_clock *c,
    struct gs_media_clock_place *where);

#endif
