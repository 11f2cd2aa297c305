/* SPDX-License-Identifier: MIT */
/* A window of one channel's samples: a ring for each sample rate in it,
 * written anywhere, read in ticks of 40 ms and in order. */
#ifndef GSPROV_OUT_TRACK_PRIV_H
#define GSPROV_OUT_TRACK_PRIV_H

#include "../base/diag.h"
#include "limits.h"
#include "resample_priv.h"

/* What the ring must hold: the window, what may stand in front of its own
 * capture time, the longest packet, a tick behind and one ahead for the
 * filter. */
enum {
	GS_TRACK_TICKS = (GS_WAV_WINDOW_MS + GS_WAV_RESYNC_MS +
	                     GS_WAV_PACKET_MS) * GS_TICKS / 1000 + 4,
};

struct gs_lane {
	uint32_t rate; /* 0: unused */
	int16_t *ring;
	int64_t end; /* behind the last sample placed, from tick 0 */
	struct gs_resample *filter; /* made when first needed */
};

struct gs_track {
	int64_t tick; /* the next to be read */
	struct gs_lane lane[GS_WAV_RATES];
};

void gs_track_free(struct gs_track *t);

/* The lane for rate, made when it is new; NULL when all are in use. Returns
 * 0, or -1 without memory. */
int gs_track_lane(struct gs_track *t, uint32_t rate, struct gs_lane **lane,
    struct gs_err *err) GS_MUST;

/* Writes n samples from position pos on. Returns how many were inside the
 * window. */
size_t gs_track_place(const struct gs_track *t, struct gs_lane *lane,
    int64_t pos, const int16_t *in, size_t n);

/* True when nothing was placed that the next tick could let sound. */
bool gs_track_silent(const struct gs_track *t);

/* Reads the next tick at rate into out; the lanes are added. */
int gs_track_read(struct gs_track *t, uint32_t rate, int16_t *out,
    struct gs_err *err) GS_MUST;

/* The highest rate placed so far, 0 for none. */
uint32_t gs_track_rate(const struct gs_track *t);

/* Where the last sample ends, in samples at rate. */
int64_t gs_track_end(const struct gs_track *t, uint32_t rate);

#endif
