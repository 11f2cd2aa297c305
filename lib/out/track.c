/* SPDX-License-Identifier: MIT */
/* A window of one channel's samples. */
#include "out/track_priv.h"

#include <errno.h>
#include <stdlib.h>

static size_t
per_tick(const struct gs_lane *lane)
{
	return lane->rate / GS_TICKS;
}

static size_t
ring_size(const struct gs_lane *lane)
{
	return GS_TRACK_TICKS * per_tick(lane);
}

static void
lane_free(struct gs_lane *lane)
{
	free(lane->ring);
	gs_resample_free(lane->filter);
	*lane = (struct gs_lane){ 0 };
}

void
gs_track_free(struct gs_track *t)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++)
		lane_free(&t->lane[i]);
}

static int
lane_start(struct gs_lane *lane, uint32_t rate, struct gs_err *err)
{
	lane_free(lane);
	lane->rate = rate;
	lane->ring = calloc(ring_size(lane), sizeof(int16_t));
	if (lane->ring != NULL)
		return 0;
	lane->rate = 0;
	return gs_err_sys(err, ENOMEM, "audio at %lu Hz",
	    (unsigned long)rate);
}

/* A lane whose samples were all read, and are behind the filter, too. */
static bool
lane_idle(const struct gs_track *t, const struct gs_lane *lane)
{
	return lane->end <= (t->tick - 1) * (int64_t)per_tick(lane);
}

int
gs_track_lane(struct gs_track *t, uint32_t rate, struct gs_lane **lane,
    struct gs_err *err)
{
	struct gs_lane *unused = NULL;

	*lane = NULL;
	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		if (t->lane[i].rate == rate) {
			*lane = &t->lane[i];
			return 0;
		}
		if (unused == NULL &&
		    (t->lane[i].rate == 0 || lane_idle(t, &t->lane[i])))
			unused = &t->lane[i];
	}
	if (unused == NULL)
		return 0;
	if (lane_start(unused, rate, err) < 0)
		return -1;
	*lane = unused;
	return 0;
}

size_t
gs_track_place(const struct gs_track *t, struct gs_lane *lane, int64_t pos,
    const int16_t *in, size_t n)
{
	int64_t first = t->tick * (int64_t)per_tick(lane);
	int64_t behind = first +
	    (GS_TRACK_TICKS - 2) * (int64_t)per_tick(lane);
	int64_t from = pos > first ? pos : first;
	int64_t to = pos + (int64_t)n < behind ? pos + (int64_t)n : behind;
	size_t size = ring_size(lane), at, len, head;

	if (from >= to)
		return 0;
	in += from - pos;
	len = (size_t)(to - from);
	at = (size_t)from % size;
	head = len < size - at ? len : size - at;
	memcpy(lane->ring + at, in, head * sizeof(*in));
	memcpy(lane->ring, in + head, (len - head) * sizeof(*in));
	if (to > lane->end)
		lane->end = to;
	return len;
}

/* The lane's tick at another rate. */
static int
lane_convert(const struct gs_track *t, struct gs_lane *lane, uint32_t rate,
    int16_t *out, struct gs_err *err)
{
	float in[GS_RESAMPLE_REACH + GS_TICK_MAX + GS_RESAMPLE_REACH];
	size_t size = ring_size(lane), n = per_tick(lane);
	size_t at = (size_t)t->tick * n + size - GS_RESAMPLE_REACH;
	bool silent = true;

	if (lane->filter == NULL)
		lane->filter = gs_resample_new(lane->rate, rate);
	if (lane->filter == NULL)
		return gs_err_sys(err, ENOMEM, "audio at %lu Hz",
		    (unsigned long)rate);
	at %= size;
	for (size_t i = 0; i < n + (size_t)2 * GS_RESAMPLE_REACH; i++) {
		in[i] = lane->ring[at];
		silent = silent && lane->ring[at] == 0;
		at = at + 1 < size ? at + 1 : 0;
	}
	if (silent)
		memset(out, 0, rate / GS_TICKS * sizeof(*out));
	else
		gs_resample_tick(
		    lane->filter, in + GS_RESAMPLE_REACH, out);
	return 0;
}

static int
lane_read(const struct gs_track *t, struct gs_lane *lane, uint32_t rate,
    int16_t *out, struct gs_err *err)
{
	size_t n = per_tick(lane);
	size_t at = (size_t)t->tick % GS_TRACK_TICKS * n;

	if (lane->rate != rate)
		return lane_convert(t, lane, rate, out, err);
	memcpy(out, lane->ring + at, n * sizeof(*out));
	return 0;
}

/* Forgets the tick that the filter needs no more. */
static void
lane_clear(const struct gs_track *t, struct gs_lane *lane)
{
	size_t n = per_tick(lane);
	size_t at =
	    (size_t)(t->tick + GS_TRACK_TICKS - 1) % GS_TRACK_TICKS * n;

	memset(lane->ring + at, 0, n * sizeof(*lane->ring));
}

static void
add(int16_t *sum, const int16_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int v = sum[i] + in[i];

		sum[i] = (int16_t)(v > INT16_MAX ? INT16_MAX
		        : v < INT16_MIN          ? INT16_MIN
		                                 : v);
	}
}

bool
gs_track_silent(const struct gs_track *t)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++)
		if (t->lane[i].rate != 0 && !lane_idle(t, &t->lane[i]))
			return false;
	return true;
}

int
gs_track_read(struct gs_track *t, uint32_t rate, int16_t *out,
    struct gs_err *err)
{
	size_t n = rate / GS_TICKS;
	int16_t one[GS_TICK_MAX];
	bool first = true;

	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		struct gs_lane *lane = &t->lane[i];

		if (lane->rate == 0 || lane_idle(t, lane))
			continue;
		if (!first) /* the analyzer cannot follow lane_read() */
			memset(one, 0, n * sizeof(*one));
		if (lane_read(t, lane, rate, first ? out : one, err) < 0)
			return -1;
		if (!first)
			add(out, one, n);
		first = false;
		lane_clear(t, lane);
	}
	if (first)
		memset(out, 0, n * sizeof(*out));
	t->tick++;
	return 0;
}

uint32_t
gs_track_rate(const struct gs_track *t)
{
	uint32_t rate = 0;

	for (size_t i = 0; i < GS_WAV_RATES; i++)
		if (t->lane[i].rate > rate)
			rate = t->lane[i].rate;
	return rate;
}

int64_t
gs_track_end(const struct gs_track *t, uint32_t rate)
{
	int64_t end = 0;

	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		const struct gs_lane *lane = &t->lane[i];
		int64_t e;

		if (lane->rate == 0)
			continue;
		e = (lane->end * rate + lane->rate - 1) / lane->rate;
		end = e > end ? e : end;
	}
	return end;
}
