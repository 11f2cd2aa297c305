/* SPDX-License-Identifier: MIT */
/* Gathers what a picture shows, in a memory that has a limit. */
#include "media/svg_priv.h"

#include <errno.h>
#include <stdlib.h>

/* Made visible, and cut to fit at the end of a UTF-8 sequence. */
static void
set_text(char *out, const char *text)
{
	struct gs_buf b;
	size_t n = strlen(text);

	gs_buf_init(&b, (size_t)16 * 4096);
	gs_buf_put_visible(&b, gs_span(text, n < 4096 ? n : 4096));
	n = b.n;
	if (n > GS_SVG_TEXT - 1) {
		n = GS_SVG_TEXT - 4;
		while (n > 0 && (b.p[n] & 0xc0) == 0x80)
			n--;
	}
	if (n > 0)
		memcpy(out, b.p, n);
	memcpy(out + n, n < b.n ? "..." : "", n < b.n ? 4 : 1);
	gs_buf_free(&b);
}

int
gs_svg_new(struct gs_svg **s, const char *title, struct gs_err *err)
{
	*s = calloc(1, sizeof(**s));
	if (*s == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	set_text((*s)->title, title);
	return 0;
}

void
gs_svg_free(struct gs_svg *s)
{
	struct gs_svg_lane *lane;

	if (s == NULL)
		return;
	while ((lane = s->head) != NULL) {
		s->head = lane->next;
		free(lane->bucket);
		free(lane->mark);
		free(lane);
	}
	free(s);
}

void
gs_svg_subtitle(struct gs_svg *s, const char *text)
{
	set_text(s->subtitle, text);
}

int
gs_svg_lane(struct gs_svg *s, struct gs_svg_lane **lane, const char *name,
    const char *detail, struct gs_err *err)
{
	struct gs_svg_lane *new = NULL;

	*lane = NULL;
	if (s->lanes == GS_SVG_LANES) {
		s->more_lanes++;
		return 0;
	}
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	new->width = GS_LANE_WIDTH;
	gs_svg_lane_text(new, name, detail, NULL);
	if (s->tail == NULL)
		s->head = new;
	else
		s->tail->next = new;
	s->tail = new;
	s->lanes++;
	*lane = new;
	return 0;
}

void
gs_svg_lane_text(struct gs_svg_lane *lane, const char *name, const char *detail,
    const char *verdict)
{
	if (lane == NULL)
		return;
	if (name != NULL)
		set_text(lane->name, name);
	if (detail != NULL)
		set_text(lane->detail, detail);
	if (verdict != NULL)
		set_text(lane->verdict, verdict);
}

static uint32_t
add32(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void
gs_bucket_add(struct gs_bucket *sum, const struct gs_bucket *b)
{
	for (int i = 0; i < GS_SVG_WHATS; i++)
		sum->count[i] = add32(sum->count[i], b->count[i]);
	if (b->jitter > sum->jitter)
		sum->jitter = b->jitter;
}

/* Doubles the width: buckets 2i and 2i+1, counted from the epoch, become
 * one. */
static void
join(struct gs_svg_lane *lane)
{
	size_t n = 0;

	for (size_t i = 0; i < lane->n; i++) {
		struct gs_bucket b = lane->bucket[i];

		n = (size_t)((lane->first + i) / 2 - lane->first / 2);
		if (i == 0 || (lane->first + i) % 2 == 0)
			lane->bucket[n] = b;
		else
			gs_bucket_add(&lane->bucket[n], &b);
	}
	lane->first /= 2;
	lane->width *= 2;
	lane->n = lane->n > 0 ? n + 1 : 0;
}

/* Makes room for n buckets, the old ones behind front new ones. */
static bool
grow(struct gs_svg_lane *lane, size_t front, size_t n)
{
	if (!gs_grow(&lane->bucket, &lane->size, n, sizeof(*lane->bucket))) {
		lane->failed = true;
		return false;
	}
	if (front > 0) {
		memmove(lane->bucket + front, lane->bucket,
		    lane->n * sizeof(*lane->bucket));
		memset(lane->bucket, 0, front * sizeof(*lane->bucket));
	}
	memset(lane->bucket + front + lane->n, 0,
	    (n - front - lane->n) * sizeof(*lane->bucket));
	lane->n = n;
	return true;
}

/* The bucket for time; NULL without memory. */
static struct gs_bucket *
bucket_at(struct gs_svg_lane *lane, uint64_t time)
{
	uint64_t at = time / lane->width, last;

	if (lane->n == 0)
		lane->first = at;
	for (;;) {
		at = time / lane->width;
		last = lane->first + (lane->n > 0 ? lane->n - 1 : 0);
		if ((at > last ? at : last) -
			(at < lane->first ? at : lane->first) <
		    GS_SVG_BUCKETS)
			break;
		join(lane);
	}
	if (at < lane->first) {
		size_t front = (size_t)(lane->first - at);

		if (!grow(lane, front, lane->n + front))
			return NULL;
		lane->first = at;
	} else if (at - lane->first >= lane->n &&
	    !grow(lane, 0, (size_t)(at - lane->first) + 1)) {
		return NULL;
	}
	return &lane->bucket[at - lane->first];
}

void
gs_svg_count(struct gs_svg_lane *lane, uint64_t time, enum gs_svg_what what,
    uint32_t n)
{
	struct gs_bucket *b = NULL;

	if (lane == NULL || n == 0)
		return;
	lane->total[what] += n;
	b = bucket_at(lane, time);
	if (b != NULL)
		b->count[what] = add32(b->count[what], n);
}

void
gs_svg_jitter(struct gs_svg_lane *lane, uint64_t time, double ms)
{
	struct gs_bucket *b = NULL;
	uint32_t us = 0;

	if (lane == NULL || !(ms >= 0))
		return;
	us = ms > 1e6 ? 1000000000 : (uint32_t)(ms * 1000);
	b = bucket_at(lane, time);
	if (b != NULL && us > b->jitter)
		b->jitter = us;
}

int
gs_svg_mark(struct gs_svg_lane *lane, uint64_t time, enum gs_svg_event event,
    const char *text, struct gs_err *err)
{
	struct gs_mark *m = NULL;

	if (lane == NULL)
		return 0;
	if (lane->marks == GS_SVG_EVENTS) {
		lane->more_marks++;
		return 0;
	}
	if (lane->mark == NULL)
		lane->mark = calloc(GS_SVG_EVENTS, sizeof(*lane->mark));
	if (lane->mark == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	m = &lane->mark[lane->marks++];
	m->time = time;
	m->event = event;
	set_text(m->text, text);
	return 0;
}
