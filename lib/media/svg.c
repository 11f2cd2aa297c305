/* SPDX-License-Identifier: MIT */
/* Draws the lanes as one SVG document. */
#include "media/svg.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/svg.h"
#include "base/utc.h"
#include "media/svg_priv.h"

/* ---- gathering, in a memory that has a limit */

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
gs_media_svg_new(struct gs_media_svg **s, const char *title, struct gs_err *err)
{
	*s = calloc(1, sizeof(**s));
	if (*s == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	set_text((*s)->title, title);
	return 0;
}

void
gs_media_svg_free(struct gs_media_svg *s)
{
	struct gs_media_svg_lane *lane;

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
gs_media_svg_subtitle(struct gs_media_svg *s, const char *text)
{
	set_text(s->subtitle, text);
}

int
gs_media_svg_lane(struct gs_media_svg *s, struct gs_media_svg_lane **lane,
    const char *name, const char *detail, struct gs_err *err)
{
	struct gs_media_svg_lane *new = NULL;

	*lane = NULL;
	if (s->lanes == GS_SVG_LANES) {
		s->more_lanes++;
		return 0;
	}
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	new->width = GS_LANE_WIDTH;
	gs_media_svg_lane_text(new, name, detail, NULL);
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
gs_media_svg_lane_text(struct gs_media_svg_lane *lane, const char *name,
    const char *detail, const char *verdict)
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

/* The jitter of both is the greater, and so is the peak. */
static void
bucket_add(struct gs_media_bucket *sum, const struct gs_media_bucket *b)
{
	for (int i = 0; i < GS_SVG_WHATS; i++)
		sum->count[i] = add32(sum->count[i], b->count[i]);
	if (b->jitter > sum->jitter)
		sum->jitter = b->jitter;
	if (b->peak > sum->peak)
		sum->peak = b->peak;
	sum->heard |= b->heard;
}

/* Doubles the width: buckets 2i and 2i+1, counted from the epoch, become
 * one. */
static void
join(struct gs_media_svg_lane *lane)
{
	size_t n = 0;

	for (size_t i = 0; i < lane->n; i++) {
		struct gs_media_bucket b = lane->bucket[i];

		n = (size_t)((lane->first + i) / 2 - lane->first / 2);
		if (i == 0 || (lane->first + i) % 2 == 0)
			lane->bucket[n] = b;
		else
			bucket_add(&lane->bucket[n], &b);
	}
	lane->first /= 2;
	lane->width *= 2;
	lane->n = lane->n > 0 ? n + 1 : 0;
}

/* Makes room for n buckets, the old ones behind front new ones. */
static bool
grow(struct gs_media_svg_lane *lane, size_t front, size_t n)
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

/* The bucket for time; NULL if out of memory. */
static struct gs_media_bucket *
bucket_at(struct gs_media_svg_lane *lane, uint64_t time)
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
gs_media_svg_count(struct gs_media_svg_lane *lane, uint64_t time,
    enum gs_media_svg_what what, uint32_t n)
{
	struct gs_media_bucket *b = NULL;

	if (lane == NULL || n == 0)
		return;
	lane->total[what] += n;
	b = bucket_at(lane, time);
	if (b != NULL)
		b->count[what] = add32(b->count[what], n);
}

void
gs_media_svg_all_plain(struct gs_media_svg_lane *lane)
{
	if (lane == NULL)
		return;
	for (size_t i = 0; i < lane->n; i++) {
		uint32_t *count = lane->bucket[i].count;

		count[GS_SVG_PLAIN] =
		    add32(count[GS_SVG_PLAIN], count[GS_SVG_NO_KEY]);
		count[GS_SVG_NO_KEY] = 0;
	}
	lane->total[GS_SVG_PLAIN] += lane->total[GS_SVG_NO_KEY];
	lane->total[GS_SVG_NO_KEY] = 0;
}

void
gs_media_svg_found(struct gs_media_svg_lane *lane, uint64_t time)
{
	uint64_t at;

	if (lane == NULL || lane->n == 0 || time / lane->width < lane->first)
		return;
	at = time / lane->width - lane->first;
	for (at = at < lane->n ? at : lane->n - 1;; at--) {
		if (lane->bucket[at].count[GS_SVG_LOST] > 0) {
			lane->bucket[at].count[GS_SVG_LOST]--;
			lane->total[GS_SVG_LOST]--;
			return;
		}
		if (at == 0)
			return;
	}
}

void
gs_media_svg_jitter(struct gs_media_svg_lane *lane, uint64_t time, double ms)
{
	struct gs_media_bucket *b = NULL;
	uint32_t us = 0;

	if (lane == NULL || !(ms >= 0))
		return;
	us = ms > 1e6 ? 1000000000 : (uint32_t)(ms * 1000);
	b = bucket_at(lane, time);
	if (b != NULL && us > b->jitter)
		b->jitter = us;
}

void
gs_media_svg_sound(struct gs_media_svg_lane *lane, uint64_t time, unsigned peak)
{
	struct gs_media_bucket *b = lane != NULL ? bucket_at(lane, time) : NULL;

	if (b == NULL)
		return;
	b->heard = true;
	if (peak > b->peak)
		b->peak = (uint16_t)(peak < UINT16_MAX ? peak : UINT16_MAX);
}

void
gs_media_svg_messages(struct gs_media_svg *s, const struct gs_calls_flow *flow)
{
	s->flow = flow;
}

int
gs_media_svg_mark(struct gs_media_svg_lane *lane, uint64_t time,
    enum gs_media_svg_event event, const char *text, struct gs_err *err)
{
	struct gs_media_mark *m = NULL;

	if (lane == NULL)
		return 0;
	if (lane->marks == GS_SVG_EVENTS)
		return 0;
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

/* ---- drawing */

/* Parts of a lane's detail begin like this. */
#define SUITE " \xc2\xb7 "
#define KEY " key "

enum {
	WIDTH = 12000,
	LEFT = 3600, /* of the plot */
	PLOT = 6500,
	RIGHT = LEFT + PLOT,
	TOP = 1000, /* of the first lane */
	COLUMNS = 480,
	AXIS = 300, /* below the lanes */
	LEGEND = 700,
	TITLE_CHARS = 90,
	NAME_CHARS = 44,
	DETAIL_CHARS = 50,
	VERDICT_CHARS = 24,
	SUMMARY_CHARS = 28,
	ROWS = 48, /* messages; further ones are counted */
	AROUND_S = 60, /* messages are shown that long before and after */
	JITTER_MAX = 1000000, /* microseconds */
	LINE = 140, /* between lines of text */
	MORE = 170, /* height of the line that counts further messages */
};

/* How the lanes share the height. */
struct plot {
	FILE *fp;
	const struct gs_media_svg *s;
	uint64_t width; /* of a column, ns */
	uint64_t first; /* column, counted from the epoch */
	uint64_t columns;
	uint32_t jitter; /* microseconds at the top of its strip */
	bool full; /* a lane has room for all its text */
	int lane; /* a lane's height */
	int marks; /* its strips: marks, packets, sound, jitter */
	int bar;
	int wave;
	int line;
	struct gs_media_bucket *column; /* one lane's, summed up */
	uint64_t from; /* columns between which the lane has packets */
	uint64_t to;
	struct gs_calls_flow flow; /* the messages that are drawn */
};

static const struct {
	const char *class;
	const char *label;
} whats[GS_SVG_WHATS] = {
	[GS_SVG_OPENED] = { "opened", "decrypted" },
	[GS_SVG_PLAIN] = { "plain", "not encrypted" },
	[GS_SVG_LATE] = { "late", "late" },
	[GS_SVG_LOST] = { "lost", "lost" },
	[GS_SVG_FAILED] = { "failed", "authentication failed" },
	[GS_SVG_NO_KEY] = { "nokey", "not opened" },
};

/* Shapes around 0,0, so that no mark is known by its colour alone. */
static const struct {
	const char *label;
	const char *path;
} events[GS_SVG_EVENT_KINDS] = {
	[GS_SVG_KEY] = { "key", "M0,-4.5 4.5,0 0,4.5 -4.5,0z" },
	[GS_SVG_ROC] = { "rollover counter", "M0,-4.5 4.5,4 -4.5,4z" },
	[GS_SVG_CODEC] = { "codec", "M-3.7,-3.7h7.4v7.4h-7.4z" },
	[GS_SVG_NOTE] = { "note", "M0,-4a4,4 0 1 1 0,8a4,4 0 1 1 0,-8z" },
};

/* Colours by Okabe and Ito, distinct for any colour vision. */
static const char style[] =
    "<style>\n"
    "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,"
    "'DejaVu Sans',sans-serif;fill:#1f2933}\n"
    ".title{font-size:18px;font-weight:600}\n"
    ".name{font-weight:600}\n"
    ".dim{fill:#5b6770}\n"
    ".end{text-anchor:end}.mid{text-anchor:middle}\n"
    ".page{fill:#fff}.band{fill:#f4f6f8}.grid{stroke:#d5dbe0}\n"
    ".opened{fill:#0072b2}.plain{fill:#e69f00}.late{fill:#56b4e9}\n"
    ".lost{fill:#1f2933}.nokey{fill:#cc79a7}.failed{fill:#b3261e}\n"
    ".mark{fill:#1f2933;stroke:#fff;stroke-width:.8}\n"
    ".jitter{fill:none;stroke:#00805f;stroke-width:1.2;"
    "stroke-linejoin:round}\n"
    ".wave{fill:#5b6770}.none{stroke:#5b6770;stroke-dasharray:1 4}\n"
    ".rule{stroke:#5b6770;stroke-dasharray:2 2}\n"
    "@media (prefers-color-scheme:dark){text{fill:#e6eaee}"
    ".dim{fill:#a3b0ba}.page{fill:#14191e}.band{fill:#1d242b}"
    ".grid{stroke:#36414b}.opened{fill:#3d9bd4}.lost{fill:#e6eaee}"
    ".late{fill:#9bd3f5}.failed{fill:#ff6f61}.jitter{stroke:#35c795}"
    ".mark{fill:#e6eaee;stroke:#14191e}.rule,.none{stroke:#a3b0ba}"
    ".wave{fill:#a3b0ba}}\n"
    "</style>\n";

/* ---- scales */

/* The columns' width and number, so that all lanes fit. */
static void
scale_time(struct plot *p)
{
	uint64_t from = UINT64_MAX, to = 0;
	const size_t n = p->flow.steps;

	if (n > 0) {
		from = p->flow.step[0].order;
		to = p->flow.step[n - 1].order;
	}
	p->width = GS_LANE_WIDTH;
	for (const struct gs_media_svg_lane *l = p->s->head; l; l = l->next) {
		if (l->n == 0)
			continue;
		if (l->first * l->width < from)
			from = l->first * l->width;
		if ((l->first + l->n) * l->width - 1 > to)
			to = (l->first + l->n) * l->width - 1;
		if (l->width > p->width)
			p->width = l->width;
	}
	if (from > to)
		from = to = 0;
	while (to / p->width - from / p->width >= COLUMNS)
		p->width *= 2;
	p->first = from / p->width;
	p->columns = to / p->width - p->first + 1;
}

/* 1, 2 or 5 times a power of ten, from 5 ms to a second: a sender whose clock
 * jumped is beyond every scale. */
static void
scale_jitter(struct plot *p)
{
	uint32_t max = 0;

	for (const struct gs_media_svg_lane *l = p->s->head; l; l = l->next)
		for (size_t i = 0; i < l->n; i++)
			if (l->bucket[i].jitter > max)
				max = l->bucket[i].jitter;
	p->jitter = 5000;
	for (int k = 0; p->jitter < max && p->jitter < JITTER_MAX; k++)
		p->jitter = k % 3 == 2 ? p->jitter / 2 * 5 : p->jitter * 2;
}

/* Many lanes get less height each. */
static void
scale_lanes(struct plot *p)
{
	p->full = p->s->lanes <= 14;
	p->lane = p->full ? 860 : 500;
	p->marks = p->full ? 140 : 120;
	p->bar = p->full ? 100 : 80;
	p->wave = p->full ? 260 : 120;
	p->line = p->full ? 240 : 120;
}

/* The messages to be drawn: those around what the lanes show, or all if there
 * are none. They may make the axis longer. */
static void
choose_messages(struct plot *p)
{
	uint64_t around = AROUND_S * UINT64_C(1000000000);
	uint64_t from = p->first * p->width;
	uint64_t to = from + p->columns * p->width;

	from = from > around ? from - around : 0;
	if (p->s->flow == NULL)
		return;
	for (size_t i = 0; i < p->s->flow->steps; i++) {
		const struct gs_calls_step *m = &p->s->flow->step[i];
		bool far = m->order < from || m->order > to + around;

		if (p->flow.steps == ROWS || (far && p->s->lanes > 0))
			p->flow.more++;
		else
			(void)gs_calls_flow_add(&p->flow, m);
	}
	p->flow.more += p->s->flow->more;
	gs_calls_flow_sort(&p->flow);
}

static int
x_of_column(const struct plot *p, uint64_t column)
{
	return LEFT + (int)(column * PLOT / p->columns);
}

static int
x_of_time(const struct plot *p, uint64_t time)
{
	uint64_t start = p->first * p->width, most = p->width * p->columns;

	return LEFT + gs_svg_along(time < start ? 0 : time - start, most, PLOT);
}

/* ---- one lane */

/* Whether nothing is known of the time of b. */
static bool
is_empty(const struct gs_media_bucket *b)
{
	for (int i = 0; i < GS_SVG_WHATS; i++)
		if (b->count[i] > 0)
			return false;
	return true;
}

static void
sum_columns(struct plot *p, const struct gs_media_svg_lane *l)
{
	memset(p->column, 0, sizeof(*p->column) * (COLUMNS + 1));
	for (size_t i = 0; i < l->n; i++) {
		uint64_t c = (l->first + i) * l->width / p->width - p->first;

		if (c < p->columns)
			bucket_add(&p->column[c], &l->bucket[i]);
	}
	p->from = 0;
	while (p->from < p->columns && is_empty(&p->column[p->from]))
		p->from++;
	p->to = p->columns;
	while (p->to > p->from && is_empty(&p->column[p->to - 1]))
		p->to--;
	/* Packets of 60 ms leave narrow columns empty: that is no gap. */
	for (uint64_t c = p->from + 1; c + 1 < p->to; c++)
		if (p->width == GS_LANE_WIDTH && is_empty(&p->column[c]) &&
		    !is_empty(&p->column[c + 1]) &&
		    !is_empty(&p->column[c - 1])) {
			p->column[c] = p->column[c - 1];
			p->column[c].count[GS_SVG_LOST] = 0;
		}
}

/* The bar's height for what in column b: its share, but never too little
 * to be seen. */
static int
share(const struct plot *p, const struct gs_media_bucket *b, int what)
{
	uint64_t sum = 0;
	int h = 0;

	if (b->count[what] == 0)
		return 0;
	for (int i = 0; i < GS_SVG_WHATS; i++)
		sum += b->count[i];
	h = (int)((uint64_t)p->bar * b->count[what] / sum);
	return h < p->bar / 3 ? p->bar / 3 : h;
}

/* Where what's part of the bar begins: worse results are above, and the best
 * one shrinks when small parts are made visible. */
static void
stack(const struct plot *p, const struct gs_media_bucket *b, int y[], int h[])
{
	static const int order[GS_SVG_WHATS] = { GS_SVG_FAILED, GS_SVG_NO_KEY,
		GS_SVG_LOST, GS_SVG_LATE, GS_SVG_PLAIN, GS_SVG_OPENED };
	int at = 0, last = -1;

	for (int i = 0; i < GS_SVG_WHATS; i++) {
		int what = order[i];

		h[what] = share(p, b, what);
		if (at + h[what] > p->bar)
			h[what] = p->bar - at;
		y[what] = at;
		at += h[what];
		last = h[what] > 0 ? what : last;
	}
	if (last >= 0)
		h[last] += p->bar - at;
}

static void
put_step(const struct plot *p, char step, int n)
{
	fputc(step, p->fp);
	gs_svg_put_num(p->fp, n);
}

/* A step of a path: M moves to the point, L draws a line to it. */
static void
put_point(const struct plot *p, char step, int x, int y)
{
	put_step(p, step, x);
	put_step(p, ',', y);
}

/* The parts of all bars that say what, as one path; columns that look the
 * same are one piece. */
static void
draw_what(const struct plot *p, int what, int top)
{
	int y[GS_SVG_WHATS], h[GS_SVG_WHATS], lasty = 0, lasth = 0;
	uint64_t from = 0;
	bool open = false;

	for (uint64_t c = 0; c <= p->columns; c++) {
		stack(p, &p->column[c], y, h);
		if (h[what] == lasth && (lasth == 0 || y[what] == lasty))
			continue;
		if (lasth > 0) {
			int x = x_of_column(p, from);
			int w = x_of_column(p, c) - x;

			if (!open)
				fprintf(p->fp, "<path class=\"%s\" d=\"",
				    whats[what].class);
			open = true;
			put_point(p, 'M', x, top + lasty);
			put_step(p, 'h', w);
			put_step(p, 'v', lasth);
			put_step(p, 'h', -w);
			fputc('z', p->fp);
		}
		from = c;
		lasty = y[what];
		lasth = h[what];
	}
	if (open)
		fputs("\"/>\n", p->fp);
}

/* A dashed line where the stream sent nothing, and nothing was lost. */
static void
draw_gaps(const struct plot *p, int y)
{
	for (uint64_t c = p->from; c < p->to; c++) {
		uint64_t end = c;

		while (end < p->to && is_empty(&p->column[end]))
			end++;
		if (end == c)
			continue;
		gs_svg_line(p->fp, "none", x_of_column(p, c), y,
		    x_of_column(p, end), y);
		c = end;
	}
}

/* The height of a peak: its square root, so that quiet speech is seen. */
static int
height_of(const struct plot *p, const struct gs_media_bucket *b)
{
	uint64_t half = (uint64_t)p->wave / 2 - 10;
	uint64_t square = b->peak * half * half / 32768, h = 0;

	while ((h + 1) * (h + 1) <= square && h < half)
		h++;
	return h < 5 ? 5 : (int)h;
}

/* One edge of the sound in the columns from c to end, d 1: above the line y
 * and forth, -1: below it and back. */
static void
put_edge(const struct plot *p, uint64_t c, uint64_t end, int y, int d)
{
	for (uint64_t i = c; i < end; i++) {
		uint64_t at = d > 0 ? i : end - 1 - (i - c);
		int h = height_of(p, &p->column[at]);

		put_point(p, d > 0 && i == c ? 'M' : 'L',
		    x_of_column(p, at + (d < 0)), y - d * h);
		if (i + 1 == end)
			put_point(p, 'L', x_of_column(p, at + (d > 0)),
			    y - d * h);
	}
}

/* The sound as an outline around the line y, a piece for each talk. */
static void
draw_wave(const struct plot *p, int y)
{
	bool open = false;

	for (uint64_t c = 0, end; c < p->columns; c = end + 1) {
		for (end = c; end < p->columns && p->column[end].heard; end++)
			continue;
		if (end == c)
			continue;
		if (!open)
			fputs("<path class=\"wave\" d=\"", p->fp);
		open = true;
		put_edge(p, c, end, y, 1);
		put_edge(p, c, end, y, -1);
		fputc('z', p->fp);
	}
	if (open)
		fputs("\"/>\n", p->fp);
	else if (p->full)
		gs_svg_text(p->fp, LEFT + 60, y + 40, "dim",
		    "the audio cannot be decoded", 0);
}

/* The axis of jitter, left of its strip. */
static void
draw_scale(const struct plot *p, int bottom)
{
	char label[24];

	(void)snprintf(label, sizeof(label), "%" PRIu32 " ms",
	    p->jitter / 1000);
	gs_svg_line(p->fp, "grid", LEFT, bottom - p->line, LEFT, bottom);
	gs_svg_line(p->fp, "grid", LEFT, bottom, RIGHT, bottom);
	gs_svg_text(p->fp, LEFT - 50, p->full ? bottom - p->line + 90 : bottom,
	    "dim end", label, 0);
	if (p->full)
		gs_svg_text(p->fp, LEFT - 50, bottom + 20, "dim end", "0", 0);
}

static void
draw_jitter(const struct plot *p, int bottom)
{
	bool open = false, pen = false;

	for (uint64_t c = 0; c < p->columns; c++) {
		const struct gs_media_bucket *b = &p->column[c];
		int x = (x_of_column(p, c) + x_of_column(p, c + 1)) / 2;
		uint64_t most = (unsigned)p->line;
		uint64_t up = b->jitter * most / p->jitter;
		int h = (int)(up < most ? up : most);

		/* A column without packets says nothing. */
		if (b->count[GS_SVG_OPENED] + b->count[GS_SVG_PLAIN] +
			b->count[GS_SVG_LATE] ==
		    0) {
			pen = false;
			continue;
		}
		if (!open)
			fputs("<path class=\"jitter\" d=\"", p->fp);
		open = true;
		put_point(p, pen ? 'L' : 'M', x, bottom - h);
		if (!pen)
			fputs("h.8", p->fp);
		pen = true;
	}
	if (open)
		fputs("\"/>\n", p->fp);
}

static void
put_mark(const struct plot *p, enum gs_media_svg_event event, int x, int y)
{
	fputs("<path class=\"mark\" transform=\"translate", p->fp);
	put_point(p, '(', x, y);
	fprintf(p->fp, ")\" d=\"%s\"/>\n", events[event].path);
}

/* Where the mark behind x begins, or the plot ends. */
static int
next_mark(const struct plot *p, const struct gs_media_svg_lane *l, int x)
{
	int least = RIGHT;

	for (size_t i = 0; i < l->marks; i++) {
		int other = x_of_time(p, l->mark[i].time);

		if (other > x && other - 45 < least)
			least = other - 45;
	}
	return least;
}

/* A mark's text is left out where it would run into another. */
static void
draw_marks(const struct plot *p, const struct gs_media_svg_lane *l, int top)
{
	int y = top + p->marks / 2, free_from = 0;

	for (size_t i = 0; i < l->marks; i++) {
		const struct gs_media_mark *m = &l->mark[i];
		int x = x_of_time(p, m->time);
		int w = (int)strlen(m->text) * 70 + 80;

		fputs("<g><title>", p->fp);
		gs_svg_put_text(p->fp, m->text, 0);
		fputs("</title>", p->fp);
		gs_svg_line(p->fp, "rule", x, y, x, top + p->marks + p->bar);
		put_mark(p, m->event, x, y);
		if (x >= free_from && x + w < next_mark(p, l, x)) {
			gs_svg_text(p->fp, x + 70, y + 35, "dim", m->text, 0);
			free_from = x + w;
		} else if (x - w >= free_from) {
			gs_svg_text(p->fp, x - 70, y + 35, "dim end", m->text,
			    0);
		}
		if (free_from < x + 60)
			free_from = x + 60;
		fputs("</g>\n", p->fp);
	}
}

/* "12 lost of 900 (1.3%)": what is wrong with the lane, or its packets. */
static void
lane_summary(const struct gs_media_svg_lane *l, char *out, size_t size)
{
	uint64_t seen = l->total[GS_SVG_OPENED] + l->total[GS_SVG_PLAIN] +
	    l->total[GS_SVG_LATE] + l->total[GS_SVG_FAILED] +
	    l->total[GS_SVG_NO_KEY];
	uint64_t all = seen + l->total[GS_SVG_LOST];

	if (l->total[GS_SVG_FAILED] > 0)
		(void)snprintf(out, size, "%" PRIu64 " failed of %" PRIu64,
		    l->total[GS_SVG_FAILED], seen);
	else if (l->total[GS_SVG_LOST] > 0)
		(void)snprintf(out, size,
		    "%" PRIu64 " lost of %" PRIu64 " (%" PRIu64 ".%" PRIu64
		    "%%)",
		    l->total[GS_SVG_LOST], all,
		    l->total[GS_SVG_LOST] * 100 / all,
		    l->total[GS_SVG_LOST] * 1000 / all % 10);
	else
		(void)snprintf(out, size, "%" PRIu64 " packets", seen);
}

/* Text up to its part that begins with from, or all of it. */
static void
cut_before(char out[GS_SVG_TEXT], const char *text, const char *from)
{
	const char *at = strstr(text, from);

	(void)snprintf(out, GS_SVG_TEXT, "%.*s",
	    at != NULL ? (int)(at - text) : GS_SVG_TEXT, text);
}

/* The name of a lane: in one line, or if it is long or has room, in two. */
static int
draw_name(const struct plot *p, const struct gs_media_svg_lane *l, int y,
    int line)
{
	const char *to = strstr(l->name, " > ");
	char part[GS_SVG_TEXT];

	if (to == NULL || (!p->full && strlen(l->name) <= NAME_CHARS)) {
		gs_svg_text(p->fp, 160, y, "name", l->name, NAME_CHARS);
		return y + line;
	}
	cut_before(part, l->name, " > ");
	gs_svg_text(p->fp, 160, y, "name", part, 0);
	gs_svg_text(p->fp, 160, y + line, "name", to + 1, 0);
	return y + 2 * line;
}

/* Its name, and what it was. */
static void
draw_names(const struct plot *p, const struct gs_media_svg_lane *l, int bar)
{
	const char *suite = strstr(l->detail, SUITE);
	bool tight = !p->full && strlen(l->name) > NAME_CHARS;
	int line = tight ? 120 : LINE;
	int y = draw_name(p, l, tight ? bar - 20 : bar + 80, line);
	char part[GS_SVG_TEXT];

	cut_before(part, l->detail, p->full ? SUITE : KEY);
	gs_svg_text(p->fp, 160, y, "dim", part, DETAIL_CHARS);
	if (p->full && suite != NULL)
		gs_svg_text(p->fp, 160, y + line, "dim",
		    suite + sizeof(SUITE) - 1, DETAIL_CHARS);
}

/* What became of it, on the right; below, if some packets differ, their number,
 * or the key that has no room on the left. */
static void
draw_result(const struct plot *p, const struct gs_media_svg_lane *l, int y)
{
	const char *key = p->full ? NULL : strstr(l->detail, KEY);
	char text[80];

	gs_svg_text(p->fp, RIGHT + 120, y, "name", l->verdict, VERDICT_CHARS);
	lane_summary(l, text, sizeof(text));
	gs_svg_text(p->fp, RIGHT + 120, y + LINE, "dim", text, SUMMARY_CHARS);
	if (l->total[GS_SVG_PLAIN] > 0 &&
	    l->total[GS_SVG_OPENED] + l->total[GS_SVG_NO_KEY] > 0)
		(void)snprintf(text, sizeof(text), "%" PRIu64 " not encrypted",
		    l->total[GS_SVG_PLAIN]);
	else if (key != NULL)
		(void)snprintf(text, sizeof(text), "%.60s", key + 1);
	else
		return;
	gs_svg_text(p->fp, RIGHT + 120, y + 2 * LINE, "dim", text,
	    SUMMARY_CHARS);
}

static void
draw_lane(const struct plot *p, const struct gs_media_svg_lane *l, int top)
{
	int bar = top + p->marks, wave = bar + p->bar;
	int bottom = wave + p->wave + p->line + 20;

	fputs("<g><title>", p->fp);
	gs_svg_put_text(p->fp, l->name, 0);
	fputs(" \xc2\xb7 ", p->fp);
	gs_svg_put_text(p->fp, l->detail, 0);
	fputs("</title>\n", p->fp);
	gs_svg_rect(p->fp, "band", LEFT, bar, PLOT, p->bar + p->wave);
	draw_names(p, l, bar);
	draw_result(p, l, bar + 80);
	for (int what = 0; what < GS_SVG_WHATS; what++)
		draw_what(p, what, bar);
	draw_gaps(p, bar + p->bar / 2);
	draw_wave(p, wave + p->wave / 2);
	draw_scale(p, bottom);
	draw_jitter(p, bottom);
	draw_marks(p, l, top);
	fputs("</g>\n", p->fp);
}

/* Whether b goes where a comes from, and back. */
static bool
answers(const struct gs_media_svg_lane *a, const struct gs_media_svg_lane *b)
{
	const char *to = strstr(a->name, " > ");
	char back[2 * GS_SVG_TEXT];

	if (to == NULL)
		return false;
	(void)snprintf(back, sizeof(back), "%s > %.*s", to + 3,
	    (int)(to - a->name), a->name);
	return strcmp(back, b->name) == 0;
}

/* Draws all lanes from top on, those of one call one below the other. */
static void
draw_lanes(struct plot *p, int top)
{
	bool drawn[GS_SVG_LANES] = { false };
	size_t i = 0;

	for (const struct gs_media_svg_lane *a = p->s->head; a; a = a->next) {
		size_t k = i++;

		for (const struct gs_media_svg_lane *b = a; b; b = b->next) {
			if (!drawn[k] && (b == a || answers(a, b))) {
				drawn[k] = true;
				sum_columns(p, b);
				draw_lane(p, b, top);
				top += p->lane;
			}
			k++;
		}
	}
}

/* ---- around the lanes */

/* Nothing has a time. */
static bool
is_blank(const struct plot *p)
{
	return p->s->lanes == 0 && p->flow.steps == 0;
}

static bool
utc(uint64_t ns, bool day, char *out, size_t size)
{
	struct tm tm;

	if (!gs_utc((int64_t)(ns / 1000000000), &tm))
		return false;
	return day ? strftime(out, size, "%Y-%m-%d", &tm) > 0 :
		     strftime(out, size, "%H:%M:%S", &tm) > 0;
}

/* The time at a tick: with tenths of a second, if the step has some. */
static bool
tick_label(uint64_t ns, uint64_t step, char *out, size_t size)
{
	const uint64_t day = UINT64_C(86400000000000);
	const uint64_t tenth = UINT64_C(100000000);

	if (!utc(ns, step >= day, out, size))
		return false;
	if (step % (10 * tenth) != 0)
		(void)snprintf(out + strlen(out), size - strlen(out), ".%u",
		    (unsigned)(ns / tenth % 10));
	return true;
}

/* The step between ticks, ns: about eight in all, on round times. */
static uint64_t
tick_step(uint64_t range)
{
	static const uint32_t tenths[] = { 1, 2, 5, 10, 20, 50, 100, 150, 300,
		600, 1200, 3000, 6000, 9000, 18000, 36000, 72000, 108000,
		216000, 432000, 864000 };
	uint64_t s = UINT64_C(100000000);

	for (size_t i = 0; i < sizeof(tenths) / sizeof(tenths[0]); i++)
		if (range / (tenths[i] * s) <= 9)
			return tenths[i] * s;
	return (range / (9 * 864000 * s) + 1) * 864000 * s;
}

static void
draw_axis(const struct plot *p, int bottom)
{
	uint64_t from = p->first * p->width, range = p->columns * p->width;
	uint64_t step = tick_step(range);
	uint64_t t = (from + step - 1) / step * step;
	char label[40];

	for (; !is_blank(p) && t - from <= range; t += step) {
		int x = x_of_time(p, t);

		gs_svg_line(p->fp, "grid", x, TOP - 100, x, bottom);
		if (!tick_label(t, step, label, sizeof(label)))
			continue;
		gs_svg_text(p->fp, x, TOP - 140, "dim mid", label, 0);
		gs_svg_text(p->fp, x, bottom + 140, "dim mid", label, 0);
	}
}

static void
draw_legend(const struct plot *p, int y)
{
	int x = 160;

	for (int i = 0; i < GS_SVG_WHATS; i++) {
		gs_svg_rect(p->fp, whats[i].class, x, y - 90, 180, 100);
		gs_svg_text(p->fp, x + 240, y, "", whats[i].label, 0);
		x += 420 + (int)strlen(whats[i].label) * 64;
	}
	x = 160;
	y += 240;
	for (int i = 0; i < GS_SVG_EVENT_KINDS; i++) {
		put_mark(p, (enum gs_media_svg_event)i, x + 90, y - 40);
		gs_svg_text(p->fp, x + 240, y, "", events[i].label, 0);
		x += 420 + (int)strlen(events[i].label) * 64;
	}
	fputs("<path class=\"jitter\" d=\"", p->fp);
	put_point(p, 'M', x, y - 20);
	fputs("l6,-5 5,3 7,-5\"/>\n", p->fp);
	gs_svg_text(p->fp, x + 240, y, "", "jitter", 0);
	x += 860;
	gs_svg_rect(p->fp, "wave", x, y - 80, 180, 80);
	gs_svg_text(p->fp, x + 240, y, "", "sound", 0);
	x += 860;
	gs_svg_line(p->fp, "none", x, y - 40, x + 180, y - 40);
	gs_svg_text(p->fp, x + 240, y, "", "nothing sent", 0);
}

/* ---- the messages of SIP above the lanes */

static struct gs_calls_flow_axis
message_axis(const struct plot *p)
{
	return (struct gs_calls_flow_axis){ .names = 160,
		.left = LEFT,
		.width = PLOT,
		.edge = WIDTH - 160,
		.top = TOP - 60,
		.first = p->first * p->width,
		.range = p->columns * p->width };
}

/* Where the rows of messages end. */
static int
messages_end(const struct plot *p)
{
	struct gs_calls_flow_axis a = message_axis(p);

	return TOP + (int)p->flow.steps * gs_calls_flow_row(&p->flow, &a);
}

static void
draw_messages(const struct plot *p)
{
	struct gs_calls_flow_axis a = message_axis(p);
	char more[80];

	gs_calls_flow_rows(&p->flow, &a, p->fp);
	if (p->flow.more == 0)
		return;
	(void)snprintf(more, sizeof(more), "and %llu more SIP messages",
	    (unsigned long long)p->flow.more);
	gs_svg_text(p->fp, 160, messages_end(p) + 65, "dim", more, 0);
}

/* ---- around all of it */

static void
draw_head(const struct plot *p, int height)
{
	char day[64];

	gs_svg_begin(p->fp, WIDTH, height, p->s->title, style);
	gs_svg_text(p->fp, 160, 340, "title", p->s->title, TITLE_CHARS);
	gs_svg_text(p->fp, 160, 540, "dim", p->s->subtitle, 0);
	if (!is_blank(p) &&
	    utc(p->first * p->width, true, day, sizeof(day) - 20)) {
		memcpy(day + strlen(day), ", times in UTC", 15);
		gs_svg_text(p->fp, WIDTH - 160, 340, "dim end", day, 0);
	}
}

static void
draw_more(const struct plot *p, int y)
{
	char more[80];

	if (p->s->more_lanes == 0)
		return;
	(void)snprintf(more, sizeof(more), "and %zu more streams",
	    p->s->more_lanes);
	gs_svg_text(p->fp, WIDTH - 160, y, "dim end", more, 0);
}

int
gs_media_svg_write(const struct gs_media_svg *s, FILE *fp, struct gs_err *err)
{
	struct plot p = { .fp = fp, .s = s };
	int top, bottom;

	for (const struct gs_media_svg_lane *l = s->head; l; l = l->next)
		if (l->failed)
			return gs_err_sys(err, ENOMEM, "picture");
	p.column = calloc(COLUMNS + 1, sizeof(*p.column));
	if (p.column == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	scale_time(&p);
	choose_messages(&p);
	scale_time(&p);
	scale_jitter(&p);
	scale_lanes(&p);
	top = messages_end(&p) + (p.flow.more > 0 ? MORE : 0);
	bottom = top + (int)s->lanes * p.lane;
	draw_head(&p, bottom + AXIS + LEGEND);
	draw_axis(&p, bottom);
	draw_messages(&p);
	draw_lanes(&p, top);
	draw_legend(&p, bottom + AXIS + 240);
	draw_more(&p, bottom + AXIS + 240);
	fputs("</svg>\n", fp);
	gs_calls_flow_free(&p.flow);
	free(p.column);
	return 0;
}
