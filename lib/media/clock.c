/* SPDX-License-Identifier: MIT */
/* The place of one source's packets in time. */
#include "media/clock_priv.h"

#include "media/limits.h"

enum {
	LATE_S = 60, /* older packets begin anew */
	WINDOW_S = 5,
	APART_MS = 8, /* away from the first window: the clocks differ */
	NEAR_MS = 1, /* near enough */
	STEP_MS = 5, /* most correction of a window: 1000 ppm */
	ODD_MS = 100, /* away from its place, */
	ODD_PACKETS = 20, /* packets in a row, */
	ODD_SPAN_MS = 300, /* over this time: not a burst after a stall */
	ODD_LEAST_MS = 40, /* if a pause or the end comes before that */
	EVERY = 4, /* packets, one of which is made longer */
};

static int64_t
ms(const struct gs_media_clock *c, int64_t n)
{
	return n * c->rate / 1000;
}

static bool
within(int64_t a, int64_t b, int64_t bound)
{
	return a - b <= bound && b - a <= bound;
}

static void
anchor(struct gs_media_clock *c, int64_t pos)
{
	c->anchored = true;
	c->pos = pos;
	c->in_window = c->has_base = c->skewed = false;
	c->odd = c->apart = 0;
	c->owed = 0;
}

/* ---- a clock with another speed */

static int64_t
clamp(int64_t v, int64_t most)
{
	return v > most ? most : v < -most ? -most : v;
}

static void
end_window(struct gs_media_clock *c)
{
	int64_t drift;

	if (!c->has_base) {
		c->has_base = true;
		c->base = c->low;
	}
	drift = c->low - c->base;
	c->apart = within(drift, 0, ms(c, APART_MS)) ? 0 : c->apart + 1;
	c->skewed |= c->apart > 1;
	if (c->skewed && !within(drift, 0, ms(c, NEAR_MS)))
		c->owed = clamp(drift, ms(c, STEP_MS));
}

static void
watch(struct gs_media_clock *c, int64_t captured, int64_t delay)
{
	if (c->in_window &&
	    captured - c->window >= (int64_t)WINDOW_S * c->rate) {
		end_window(c);
		c->in_window = false;
	}
	if (!c->in_window) {
		c->in_window = true;
		c->window = captured;
		c->low = delay;
	}
	c->low = delay < c->low ? delay : c->low;
}

/* The part of the correction that this packet takes. */
static int
stretch(struct gs_media_clock *c, const struct gs_media_clock_packet *p)
{
	int64_t part = c->owed / (4 * EVERY), most = p->length / 32;

	if (c->owed == 0 || p->seq % EVERY != 0)
		return 0;
	part = part != 0 ? part : c->owed > 0 ? 1 : -1;
	part = clamp(part, most);
	c->owed -= part;
	return (int)part;
}

/* ---- a clock that stood still, or jumped */

/* They move by the least delay among them. */
static void
settle(struct gs_media_clock *c, struct gs_media_clock_place *w)
{
	w->move_from = c->odd_from;
	w->move_by = c->odd_low;
	w->resync = true;
	c->odd = 0;
	c->pos += c->odd_low;
	c->in_window = false;
}

/* Whether the odd packets came late, and not in a burst. */
static bool
stood_still(const struct gs_media_clock *c)
{
	return c->odd > 0 && c->odd_low > 0 &&
	    c->odd_last - c->odd_since >= ms(c, ODD_LEAST_MS);
}

void
gs_media_clock_settle(struct gs_media_clock *c, struct gs_media_clock_place *w)
{
	*w = (struct gs_media_clock_place){ 0 };
	if (stood_still(c))
		settle(c, w);
}

/* Whether p, which came late for its place, is one of several. Returns its
 * place. */
static int64_t
suspect(struct gs_media_clock *c, const struct gs_media_clock_packet *p,
    int64_t pos, struct gs_media_clock_place *w)
{
	int64_t delay = p->captured - pos, before = c->pos;

	/* The clock stopped again. */
	if (stood_still(c) && delay > c->odd_low + ms(c, ODD_MS)) {
		settle(c, w);
		pos += c->pos - before;
		delay = p->captured - pos;
	}
	if (within(delay, 0, ms(c, ODD_MS))) {
		c->odd = 0;
		return pos;
	}
	if (c->odd == 0) {
		c->odd_low = delay;
		c->odd_since = p->captured;
		c->odd_from = pos;
	}
	c->odd++;
	c->odd_last = p->captured;
	c->odd_low = delay < c->odd_low ? delay : c->odd_low;
	if (c->odd < ODD_PACKETS || w->resync ||
	    p->captured - c->odd_since < ms(c, ODD_SPAN_MS))
		return pos;
	before = c->pos;
	settle(c, w);
	return pos + (c->pos - before);
}

/* ---- a new sequence */

/* One late packet proves nothing; two that follow each other at the pace of
 * their timestamps do. */
static void
begin_anew(struct gs_media_clock *c, const struct gs_media_clock_packet *p,
    struct gs_media_clock_place *w)
{
	int64_t step = (int32_t)(p->ts - c->first.ts);
	bool goes_on = c->kept && p->seq == (uint16_t)(c->first.seq + 1) &&
	    step > 0 && step <= ms(c, GS_WAV_PACKET_MS) &&
	    p->captured - c->first.captured >= step / 2;

	c->kept = !goes_on;
	w->what = goes_on ? GS_PLACE_RESTART : GS_PLACE_UNSURE;
	if (!goes_on) {
		c->first = *p;
		w->pos = c->pos + (int32_t)(p->ts - c->ts);
		return;
	}
	w->kept = c->first.captured;
	w->pos = c->first.captured + step;
	w->resync = true;
	anchor(c, w->pos);
}

/* ---- all */

void
gs_media_clock_place(struct gs_media_clock *c,
    const struct gs_media_clock_packet *p, struct gs_media_clock_place *w)
{
	int64_t pos = c->pos + (int32_t)(p->ts - c->ts);
	bool late = c->anchored && (int16_t)(p->seq - c->seq) < 0 &&
	    pos <= c->pos && within(pos, c->pos, (int64_t)LATE_S * c->rate);
	int64_t far = ms(c, GS_WAV_RESYNC_MS);

	*w = (struct gs_media_clock_place){ .pos = pos };
	if (late && within(pos, p->captured, far))
		return;
	if (late) {
		begin_anew(c, p, w);
		if (w->what == GS_PLACE_UNSURE)
			return;
	} else if (!c->anchored) {
		anchor(c, p->captured);
	} else if (!within(pos, p->captured, far)) {
		gs_media_clock_settle(c, w);
		w->resync = true;
		anchor(c, p->captured);
	} else {
		int64_t place = suspect(c, p, pos, w);

		if (c->odd == 0)
			watch(c, p->captured, p->captured - place);
		w->stretch = stretch(c, p);
		c->pos = place;
	}
	c->kept = false;
	w->pos = c->pos;
	c->pos += w->stretch;
	c->ts = p->ts;
	c->seq = p->seq;
}
