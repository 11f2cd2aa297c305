/* SPDX-License-Identifier: MIT */
/* The sound of one channel in a window of time. */
#include "media/track_priv.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

enum { RING = 2, /* ticks */ PIECE = GS_TICK_MAX };

/* ---- sources */

struct gs_media_source *
gs_media_source_new(struct gs_media_decoder *decoder)
{
	struct gs_media_source *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		gs_media_decoder_free(decoder);
		return NULL;
	}
	s->holders = 1;
	s->decoder = decoder;
	return s;
}

void
gs_media_source_free(struct gs_media_source *s)
{
	if (s == NULL || --s->holders > 0)
		return;
	gs_media_decoder_free(s->decoder);
	free(s);
}

/* ---- waiting payloads, by the position of their samples */

/* The memory of h in octets. */
static size_t
size_of(const struct gs_media_held *h)
{
	return offsetof(struct gs_media_held, p) + h->n;
}

static bool
same_packet(const struct gs_media_held *a, const struct gs_media_held *b)
{
	return a->pos == b->pos && a->seq == b->seq && a->n == b->n &&
	    a->source == b->source;
}

static void
link_behind(struct gs_media_queue *q, struct gs_media_held *before,
    struct gs_media_held *h)
{
	h->prev = before;
	h->next = before != NULL ? before->next : q->head;
	*(before != NULL ? &before->next : &q->head) = h;
	*(h->next != NULL ? &h->next->prev : &q->tail) = h;
}

static void
unlink_from(struct gs_media_queue *q, struct gs_media_held *h)
{
	*(h->prev != NULL ? &h->prev->next : &q->head) = h->next;
	*(h->next != NULL ? &h->next->prev : &q->tail) = h->prev;
}

/* The last one that begins at pos or before. */
static struct gs_media_held *
last_until(const struct gs_media_queue *q, int64_t pos)
{
	struct gs_media_held *h = q->tail;

	while (h != NULL && h->pos > pos)
		h = h->prev;
	return h;
}

/* Has the processor load one more of those that are read soon: many calls are
 * read in turn, and what waits for all of them is more than its cache holds. */
static void
load_one(struct gs_media_queue *q)
{
	enum { LINE = 64, LINES = 4 };

	if (q->soon == NULL || q->soon->next == NULL)
		return;
	q->soon = q->soon->next;
	for (int i = 0; i < LINES; i++)
		__builtin_prefetch(
		    (const uint8_t *)q->soon + (ptrdiff_t)i * LINE);
}

/* Adds a copy of h with h->n octets at p. A packet of the same source that is
 * already there is ignored. */
static int
queue_put(struct gs_media_queue *q, struct gs_media_wav_budget *budget,
    const struct gs_media_held *h, const uint8_t *p, struct gs_err *err)
{
	struct gs_media_held *before = last_until(q, h->pos), *new;

	for (new = before; new != NULL &&new->pos == h->pos; new = new->prev)
		if (same_packet(new, h))
			return 0;
	new = malloc(size_of(h));
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "audio of %zu octets",
		    (size_t)h->n);
	memcpy(new, h, offsetof(struct gs_media_held, p));
	memcpy(new->p, p, h->n);
	new->source->holders++;
	budget->held += size_of(h);
	link_behind(q, before, new);
	return 0;
}

static void
let_go(struct gs_media_wav_budget *budget, struct gs_media_held *h)
{
	budget->held -= size_of(h);
	gs_media_source_free(h->source);
	free(h->pcm);
	free(h);
}

static void
queue_drop(struct gs_media_queue *q, struct gs_media_wav_budget *budget,
    struct gs_media_held *h)
{
	if (q->soon == h)
		q->soon = NULL;
	unlink_from(q, h);
	let_go(budget, h);
}

/* At most this many samples are concealed together with the packet after them.
 */
static int64_t
most_lost(uint32_t rate)
{
	return (int64_t)rate * GS_DECODER_LOST_MS / 1000;
}

/* The samples between h and what was decoded before it: packets are lost, or
 * the sender has sent none in a pause. */
static int64_t
gap_before(const struct gs_media_held *h)
{
	const struct gs_media_source *s = h->source;

	return s->decoder != NULL && s->decoded && h->pos > s->end ?
	    h->pos - s->end :
	    0;
}

/* Where the sound of h begins: samples right before it, which its decoder
 * fills, belong to it. */
static int64_t
begin_of(const struct gs_media_held *h, uint32_t rate)
{
	int64_t gap = gap_before(h);

	return gap <= most_lost(rate) ? h->pos - gap : h->pos;
}

/* Whether h is decoded as a whole. */
static bool
is_whole(const struct gs_media_held *h)
{
	return h->source->decoder != NULL || h->stretch != 0;
}

/* Stretches h->pcm to its intended length. */
static int
adjust(struct gs_media_held *h, struct gs_err *err)
{
	int64_t want = (int64_t)h->samples + h->stretch;
	size_t n = h->stretch > 0 ? (size_t)want : h->samples;
	int16_t *to;

	if (h->stretch == 0 || want <= 0)
		return 0;
	to = calloc(n, sizeof(*to));
	if (to == NULL)
		return gs_err_sys(err, ENOMEM, "audio of %zu samples", n);
	n = (size_t)want;
	gs_media_resample_stretch(h->pcm, h->samples, to, n);
	free(h->pcm);
	h->pcm = to;
	h->samples = (uint32_t)n;
	return 0;
}

/* Decodes all of h, from begin. */
static int
held_open(struct gs_media_held *h, int64_t begin, struct gs_err *err)
{
	struct gs_media_source *s = h->source;
	size_t lost = (size_t)(h->pos - begin), cap = lost + h->samples;
	struct gs_span p = gs_span(h->p, h->n);
	bool repeats = (int16_t)(h->seq - s->seq) > 1;
	size_t got;

	h->pcm = calloc(cap + 1, sizeof(*h->pcm));
	if (h->pcm == NULL)
		return gs_err_sys(err, ENOMEM, "audio of %zu samples", cap);
	if (s->decoder == NULL)
		got = gs_media_codec_decode(h->kind, h->channels, h->p, h->n,
		    h->pcm, cap);
	else {
		(void)gs_media_decoder_conceal(s->decoder,
		    repeats ? p : gs_span(NULL, 0), h->pcm, lost);
		got = lost +
		    gs_media_decoder_decode(s->decoder, p, h->pcm + lost,
			h->samples);
	}
	h->samples = (uint32_t)got;
	h->pos = begin;
	if (adjust(h, err) < 0)
		return -1;
	s->decoded = true;
	s->end = begin + h->samples;
	s->seq = h->seq;
	return 0;
}

/* Reads the next samples of h, at most cap. Returns their number; 0 at the end
 * of h. */
static size_t
held_read(struct gs_media_held *h, int16_t *out, size_t cap)
{
	size_t unit = gs_media_codec_octets(h->kind, h->channels), got, n;

	if (h->pcm != NULL) {
		n = h->samples - h->used;
		got = n < cap ? n : cap;
		memcpy(out, h->pcm + h->used, got * sizeof(*out));
		h->used += (uint32_t)got;
	} else {
		n = ((size_t)h->n - h->used) / unit;
		got = gs_media_codec_decode(h->kind, h->channels,
		    h->p + h->used, (n < cap ? n : cap) * unit, out, cap);
		h->used += (uint32_t)(got * unit);
	}
	h->pos += (int64_t)got;
	return got;
}

static void
queue_free(struct gs_media_queue *q, struct gs_media_wav_budget *budget)
{
	struct gs_media_held *next;

	for (struct gs_media_held *h = q->head; h != NULL; h = next) {
		next = h->next;
		let_go(budget, h);
	}
	*q = (struct gs_media_queue){ 0 };
}

/* ---- lanes */

static size_t
per_tick(const struct gs_media_lane *lane)
{
	return lane->rate / GS_TICKS;
}

static size_t
ring_size(const struct gs_media_lane *lane)
{
	return RING * per_tick(lane);
}

static void
lane_free(struct gs_media_track *t, struct gs_media_lane *lane)
{
	queue_free(&lane->queue, t->budget);
	free(lane->ring);
	gs_media_resample_free(lane->filter);
	*lane = (struct gs_media_lane){ 0 };
}

void
gs_media_track_free(struct gs_media_track *t)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++)
		lane_free(t, &t->lane[i]);
}

static int
lane_start(struct gs_media_track *t, struct gs_media_lane *lane, uint32_t rate,
    struct gs_err *err)
{
	lane_free(t, lane);
	lane->rate = rate;
	lane->ring = calloc(ring_size(lane), sizeof(int16_t));
	if (lane->ring != NULL)
		return 0;
	lane->rate = 0;
	return gs_err_sys(err, ENOMEM, "audio at %lu Hz", (unsigned long)rate);
}

/* A lane whose samples were all read, and have left the filter. */
static bool
lane_idle(const struct gs_media_track *t, const struct gs_media_lane *lane)
{
	return lane->end <= (t->tick - 1) * (int64_t)per_tick(lane);
}

/* The lane for rate, or a new one; NULL if all are in use. */
static int
find_lane(struct gs_media_track *t, uint32_t rate, struct gs_media_lane **lane,
    struct gs_err *err)
{
	struct gs_media_lane *unused = NULL;

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
	if (lane_start(t, unused, rate, err) < 0)
		return -1;
	*lane = unused;
	return 0;
}

int
gs_media_track_put(struct gs_media_track *t, uint32_t rate,
    const struct gs_media_held *h, const uint8_t *p, struct gs_err *err)
{
	struct gs_media_lane *lane = NULL;
	int64_t first, end = h->pos + h->samples + h->stretch;

	if (find_lane(t, rate, &lane, err) < 0)
		return -1;
	if (lane == NULL)
		return 0;
	first = t->tick * (int64_t)per_tick(lane);
	if (end <= first ||
	    h->pos >= first + GS_TRACK_AHEAD * (int64_t)per_tick(lane))
		return 0;
	if (queue_put(&lane->queue, t->budget, h, p, err) < 0)
		return -1;
	load_one(&lane->queue);
	if (end > lane->end)
		lane->end = end;
	return 1;
}

/* Where the sound of h ends that was not read yet. */
static int64_t
end_of(const struct gs_media_held *h)
{
	size_t unit = gs_media_codec_octets(h->kind, h->channels);
	int64_t read = h->pcm != NULL || unit == 0 ? (int64_t)h->used :
						     (int64_t)(h->used / unit);

	return h->pos + h->samples - read + (h->pcm == NULL ? h->stretch : 0);
}

/* Where the sound of lane ends, after some of it moved: no earlier than what
 * was read already, as far as that may reach. */
static void
find_end(const struct gs_media_track *t, struct gs_media_lane *lane)
{
	int64_t read = (t->tick + RING) * (int64_t)per_tick(lane);

	lane->end = lane->end < read ? lane->end : read;
	for (const struct gs_media_held *h = lane->queue.head; h != NULL;
	     h = h->next)
		lane->end = end_of(h) > lane->end ? end_of(h) : lane->end;
}

/* Moves a waiting payload in q. */
static void
queue_move(struct gs_media_queue *q, struct gs_media_held *h, int64_t by)
{
	unlink_from(q, h);
	h->pos += by;
	link_behind(q, last_until(q, h->pos), h);
}

void
gs_media_track_move(struct gs_media_track *t, uint32_t rate,
    const struct gs_media_source *s, int64_t from, int64_t by)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		struct gs_media_lane *lane = &t->lane[i];
		struct gs_media_held *h =
		    by > 0 ? lane->queue.tail : lane->queue.head;
		struct gs_media_held *next;

		/* From the far end, so that none is moved twice. */
		for (; lane->rate == rate && h != NULL; h = next) {
			next = by > 0 ? h->prev : h->next;
			if (h->source == s && h->pos >= from && h->used == 0 &&
			    h->pcm == NULL)
				queue_move(&lane->queue, h, by);
		}
		if (lane->rate == rate)
			find_end(t, lane);
	}
}

bool
gs_media_track_waits(const struct gs_media_track *t)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++)
		if (t->lane[i].queue.head != NULL)
			return true;
	return false;
}

/* Writes to the ring, except for what was already read. */
static void
place(const struct gs_media_track *t, struct gs_media_lane *lane, int64_t pos,
    const int16_t *in, size_t n)
{
	int64_t first = t->tick * (int64_t)per_tick(lane);
	size_t size = ring_size(lane), at, head;

	if (pos < first) {
		size_t past =
		    (uint64_t)(first - pos) < n ? (size_t)(first - pos) : n;

		pos = first;
		in += past;
		n -= past;
	}
	at = (size_t)pos % size;
	head = n < size - at ? n : size - at;
	memcpy(lane->ring + at, in, head * sizeof(*in));
	memcpy(lane->ring, in + head, (n - head) * sizeof(*in));
}

/* Reads h up to position until. Returns false at its end. */
static bool
fill(const struct gs_media_track *t, struct gs_media_lane *lane,
    struct gs_media_held *h, int64_t until)
{
	int16_t pcm[PIECE];

	while (h->pos < until) {
		int64_t pos = h->pos, left = until - pos;
		size_t got =
		    held_read(h, pcm, left < PIECE ? (size_t)left : PIECE);

		if (got == 0)
			return false;
		place(t, lane, pos, pcm, got);
	}
	return true;
}

/* Fills a long gap before h, up to position until: a pause sounds as the codec
 * makes it, with its comfort noise. */
static void
fill_gap(const struct gs_media_track *t, struct gs_media_lane *lane,
    const struct gs_media_held *h, int64_t until)
{
	struct gs_media_source *s = h->source;
	int64_t left = gap_before(h) - most_lost(lane->rate);
	int16_t pcm[PIECE];
	size_t got = 1;

	while (left > 0 && s->end < until && got > 0) {
		left = left < until - s->end ? left : until - s->end;
		got = gs_media_decoder_conceal(s->decoder, gs_span(NULL, 0),
		    pcm, left < PIECE ? (size_t)left : PIECE);
		place(t, lane, s->end, pcm, got);
		s->end += (int64_t)got;
		left -= (int64_t)got;
	}
}

/* Decodes what sounds in the next two ticks; a later packet tells what was
 * before it. */
static int
lane_fill(const struct gs_media_track *t, struct gs_media_lane *lane,
    struct gs_err *err)
{
	int64_t until = (t->tick + RING) * (int64_t)per_tick(lane);
	int64_t ahead = until + most_lost(lane->rate);
	struct gs_media_held *h = lane->queue.head, *next;

	for (; h != NULL; h = next) {
		next = h->next;
		if (is_whole(h) && h->pcm == NULL)
			fill_gap(t, lane, h, until);
		if (h->pos >= ahead) {
			lane->queue.soon = h;
			break;
		}
		if (is_whole(h) && h->pcm == NULL) {
			int64_t begin = begin_of(h, lane->rate);

			if (begin < until && held_open(h, begin, err) < 0)
				return -1;
		}
		if (h->pos < until && !fill(t, lane, h, until))
			queue_drop(&lane->queue, t->budget, h);
	}
	return 0;
}

/* The lane's tick at another rate; the filter looks into the next one. */
static int
lane_convert(const struct gs_media_track *t, struct gs_media_lane *lane,
    uint32_t rate, int16_t *out, struct gs_err *err)
{
	int16_t in[2 * GS_TICK_MAX];
	size_t n = per_tick(lane);

	if (lane->filter == NULL)
		lane->filter = gs_media_resample_new(lane->rate, rate);
	if (lane->filter == NULL)
		return gs_err_sys(err, ENOMEM, "audio at %lu Hz",
		    (unsigned long)rate);
	for (size_t i = 0; i < 2; i++)
		memcpy(in + i * n,
		    lane->ring + ((size_t)t->tick + i) % RING * n,
		    n * sizeof(*in));
	gs_media_resample_tick(lane->filter, t->tick, in, out);
	return 0;
}

static int
lane_read(const struct gs_media_track *t, struct gs_media_lane *lane,
    uint32_t rate, int16_t *out, struct gs_err *err)
{
	size_t n = per_tick(lane);
	size_t at = (size_t)t->tick % RING * n;

	if (lane->rate != rate)
		return lane_convert(t, lane, rate, out, err);
	memcpy(out, lane->ring + at, n * sizeof(*out));
	return 0;
}

/* Drops the tick that was read. */
static void
lane_clear(const struct gs_media_track *t, struct gs_media_lane *lane)
{
	size_t n = per_tick(lane);
	size_t at = (size_t)t->tick % RING * n;

	memset(lane->ring + at, 0, n * sizeof(*lane->ring));
}

static void
add(int16_t *sum, const int16_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int v = sum[i] + in[i];

		sum[i] = (int16_t)(v > INT16_MAX ? INT16_MAX :
			v < INT16_MIN            ? INT16_MIN :
						   v);
	}
}

bool
gs_media_track_silent(const struct gs_media_track *t)
{
	for (size_t i = 0; i < GS_WAV_RATES; i++)
		if (t->lane[i].rate != 0 && !lane_idle(t, &t->lane[i]))
			return false;
	return true;
}

int
gs_media_track_read(struct gs_media_track *t, uint32_t rate, int16_t *out,
    struct gs_err *err)
{
	size_t n = rate / GS_TICKS;
	int16_t one[GS_TICK_MAX];
	bool first = true;

	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		struct gs_media_lane *lane = &t->lane[i];

		if (lane->rate == 0 || lane_idle(t, lane))
			continue;
		if (lane_fill(t, lane, err) < 0)
			return -1;
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
gs_media_track_rate(const struct gs_media_track *t)
{
	uint32_t rate = 0;

	for (size_t i = 0; i < GS_WAV_RATES; i++)
		if (t->lane[i].rate > rate)
			rate = t->lane[i].rate;
	return rate;
}

int64_t
gs_media_track_end(const struct gs_media_track *t, uint32_t rate)
{
	int64_t end = 0;

	for (size_t i = 0; i < GS_WAV_RATES; i++) {
		const struct gs_media_lane *lane = &t->lane[i];
		int64_t e;

		if (lane->rate == 0)
			continue;
		e = (lane->end * rate + lane->rate - 1) / lane->rate;
		end = e > end ? e : end;
	}
	return end;
}
