/* SPDX-License-Identifier: MIT */
/* The place of one source's packets in time: by RTP timestamps from packet to
 * packet, by the time of capture over the call. */
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

/* Its place. */
struct gs_media_clock_place {
	enum {
		GS_PLACE_HERE,
		GS_PLACE_UNSURE, /* far too late, or the first of a new
				  * sequence: keep it */
		GS_PLACE_RESTART, /* the kept one belongs before it */
	} what;
	int64_t pos;
	int stretch; /* units to make it longer, or shorter */
	/* Packets placed from move_from belong this much later. */
	int64_t move_from;
	int64_t move_by;
	int64_t kept; /* RESTART: the place of that one */
	bool resync;
};

/* Zeroed except for rate, it is ready for use. */
struct gs_media_clock {
	uint32_t rate;
	bool anchored; /* false: the next packet is placed by capture time */
	int64_t pos; /* of the newest packet, whose ts and seq these are */
	uint32_t ts;
	uint16_t seq;
	/* How much later than its place the earliest packet of a window came:
	 * queues in the network only add delay. */
	int64_t window;
	int64_t low;
	bool in_window;
	bool has_base;
	int64_t base; /* of the first window */
	unsigned apart; /* windows that differ from it, in a row */
	bool skewed;
	int64_t owed; /* units to be made longer */
	/* Packets that all came early, or late, as if the clock had stood
	 * still: their number, since when, and from which place. */
	unsigned odd;
	int64_t odd_low;
	int64_t odd_since;
	int64_t odd_last;
	int64_t odd_from;
	/* The one that was UNSURE. */
	bool kept;
	struct gs_media_clock_packet first;
};

/* Finds the place of p. */
void gs_media_clock_place(struct gs_media_clock *c,
    const struct gs_media_clock_packet *p, struct gs_media_clock_place *where);

/* The same at the end, without a packet: what to move. */
void gs_media_clock_settle(struct gs_media_clock *c,
    struct gs_media_clock_place *where);

#endif
