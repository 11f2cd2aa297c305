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

/* The jitter of both is the greater. */
static void
bucket_add(struct gs_media_bucket *sum, const struct gs_media_bucket *b)
{
	for (int i = 0; i < GS_SVG_WHATS; i++)
		sum->count[i] = add32(sum->count[i], b->count[i]);
	if (b->jitter > sum->jitter)
		sum->jitter = b->jitter;
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

/* The bucket for time; NULL without memory. */
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

int
gs_media_svg_mark(struct gs_media_svg_lane *lane, uint64_t time,
    enum gs_media_svg_event event, const char *text, struct gs_err *err)
{
	struct gs_media_mark *m = NULL;

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

/* ---- drawing */

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
	DETAIL_CHARS = 54,
	VERDICT_CHARS = 24,
	BAR_MIN = 20, /* a single lost packet must be seen */
};

/* How the lanes share the height. */
struct plot {
	FILE *fp;
	const struct gs_media_svg *s;
	uint64_t width; /* of a column, ns */
	uint64_t first; /* column, counted from the epoch */
	uint64_t columns;
	uint32_t jitter; /* microseconds at the top of its strip */
	int lane; /* a lane's height */
	int marks; /* its strips: marks, packets, jitter */
	int bar;
	int line;
	struct gs_media_bucket *column; /* one lane's, summed up */
};

static const struct {
	const char *class;
	const char *label;
} whats[GS_SVG_WHATS] = {
	[GS_SVG_OPENED] = { "opened", "decrypted" },
	[GS_SVG_PLAIN] = { "plain", "plain RTP" },
	[GS_SVG_LATE] = { "late", "late" },
	[GS_SVG_LOST] = { "lost", "lost" },
	[GS_SVG_FAILED] = { "failed", "authentication failed" },
	[GS_SVG_NO_KEY] = { "nokey", "no key" },
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

/* Colours after Okabe and Ito, told apart with any colour vision. */
static const char style[] =
    "<style>\n"
    "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,"
    "'DejaVu Sans',sans-serif;fill:#1f2933}\n"
    ".title{font-size:18px;font-weight:600}\n"
    ".name{font-size:11.5px;font-weight:600}\n"
    ".dim{fill:#5b6770;font-size:10px}\n"
    ".end{text-anchor:end}.mid{text-anchor:middle}\n"
    ".page{fill:#fff}.band{fill:#f4f6f8}.grid{stroke:#d5dbe0}\n"
    ".opened{fill:#0072b2}.plain{fill:#9aa5ae}.late{fill:#56b4e9}\n"
    ".lost{fill:#e69f00}.nokey{fill:#cc79a7}.failed{fill:#b3261e}\n"
    ".mark{fill:#1f2933;stroke:#fff;stroke-width:.8}\n"
    ".jitter{fill:none;stroke:#00805f;stroke-width:1.2;"
    "stroke-linejoin:round}\n"
    ".rule{stroke:#5b6770;stroke-dasharray:2 2}\n"
    "@media (prefers-color-scheme:dark){text{fill:#e6eaee}"
    ".dim{fill:#a3b0ba}.page{fill:#14191e}.band{fill:#1d242b}"
    ".grid{stroke:#36414b}.opened{fill:#3d9bd4}.plain{fill:#7d8993}"
    ".late{fill:#9bd3f5}.failed{fill:#ff6f61}.jitter{stroke:#35c795}"
    ".mark{fill:#e6eaee;stroke:#14191e}.rule{stroke:#a3b0ba}}\n"
    "</style>\n";

/* ---- scales */

/* The columns' width and number, so that all lanes fit. */
static void
scale_time(struct plot *p)
{
	uint64_t from = UINT64_MAX, to = 0;

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

/* 1, 2 or 5 times a power of ten, from 5 ms on. */
static void
scale_jitter(struct plot *p)
{
	uint32_t max = 0;

	for (const struct gs_media_svg_lane *l = p->s->head; l; l = l->next)
		for (size_t i = 0; i < l->n; i++)
			if (l->bucket[i].jitter > max)
				max = l->bucket[i].jitter;
	p->jitter = 5000;
	for (int k = 0; p->jitter < max; k++)
		p->jitter = k % 3 == 2 ? p->jitter / 2 * 5 : p->jitter * 2;
}

/* Many lanes get less height each. */
static void
scale_lanes(struct plot *p)
{
	bool many = p->s->lanes > 14;

	p->lane = many ? 420 : 600;
	p->marks = many ? 120 : 140;
	p->bar = many ? 120 : 180;
	p->line = many ? 120 : 180;
}

static int
x_of_column(const struct plot *p, uint64_t column)
{
	return LEFT + (int)(column * PLOT / p->columns);
}

static int
x_of_time(const struct plot *p, uint64_t time)
{
	uint64_t start = p->first * p->width;
	double t = time < start ?
	    0 :
	    (double)(time - start) / ((double)p->width * (double)p->columns);

	return LEFT + (int)(PLOT * (t > 1 ? 1 : t));
}

/* ---- one lane */

static void
sum_columns(const struct plot *p, const struct gs_media_svg_lane *l)
{
	memset(p->column, 0, sizeof(*p->column) * (COLUMNS + 1));
	for (size_t i = 0; i < l->n; i++) {
		uint64_t c = (l->first + i) * l->width / p->width - p->first;

		if (c < p->columns)
			bucket_add(&p->column[c], &l->bucket[i]);
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
	return h < BAR_MIN ? BAR_MIN : h;
}

/* Where what's part of the bar begins: the worse stands above, and the
 * best gives way when small parts were made visible. */
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
			fputc('M', p->fp);
			gs_svg_put_num(p->fp, x);
			fputc(',', p->fp);
			gs_svg_put_num(p->fp, top + lasty);
			fputc('h', p->fp);
			gs_svg_put_num(p->fp, w);
			fputc('v', p->fp);
			gs_svg_put_num(p->fp, lasth);
			fputc('h', p->fp);
			gs_svg_put_num(p->fp, -w);
			fputc('z', p->fp);
		}
		from = c;
		lasty = y[what];
		lasth = h[what];
	}
	if (open)
		fputs("\"/>\n", p->fp);
}

static void
draw_jitter(const struct plot *p, int bottom)
{
	bool open = false, pen = false;

	for (uint64_t c = 0; c < p->columns; c++) {
		const struct gs_media_bucket *b = &p->column[c];
		int x = (x_of_column(p, c) + x_of_column(p, c + 1)) / 2;
		int h =
		    (int)((uint64_t)b->jitter * (unsigned)p->line / p->jitter);

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
		fputc(pen ? 'L' : 'M', p->fp);
		gs_svg_put_num(p->fp, x);
		fputc(',', p->fp);
		gs_svg_put_num(p->fp, bottom - h);
		if (!pen)
			fputs("h.8", p->fp);
		pen = true;
	}
	if (open)
		fputs("\"/>\n", p->fp);
}

/* A mark's text is left out where it would run into the one before. */
static void
draw_marks(const struct plot *p, const struct gs_media_svg_lane *l, int top)
{
	int y = top + p->marks / 2, free_from = 0;

	for (size_t i = 0; i < l->marks; i++) {
		const struct gs_media_mark *m = &l->mark[i];
		int x = x_of_time(p, m->time);
		int w = (int)strlen(m->text) * 55 + 80;

		fputs("<g><title>", p->fp);
		gs_svg_put_text(p->fp, m->text, 0);
		fputs("</title>", p->fp);
		gs_svg_line(p->fp, "rule", x, y, x, top + p->marks + p->bar);
		fputs("<path class=\"mark\" transform=\"translate(", p->fp);
		gs_svg_put_num(p->fp, x);
		fputc(',', p->fp);
		gs_svg_put_num(p->fp, y);
		fprintf(p->fp, ")\" d=\"%s\"/>\n", events[m->event].path);
		if (x >= free_from && x + w < RIGHT) {
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

static void
draw_lane(const struct plot *p, const struct gs_media_svg_lane *l, int top)
{
	int bar = top + p->marks, bottom = bar + p->bar + p->line + 40;
	char summary[80];

	fputs("<g><title>", p->fp);
	gs_svg_put_text(p->fp, l->name, 0);
	fputs(" \xc2\xb7 ", p->fp);
	gs_svg_put_text(p->fp, l->detail, 0);
	fputs("</title>\n", p->fp);
	gs_svg_rect(p->fp, "band", LEFT, bar, PLOT, p->bar);
	gs_svg_text(p->fp, 160, bar + 80, "name", l->name, NAME_CHARS);
	gs_svg_text(p->fp, 160, bar + 220, "dim", l->detail, DETAIL_CHARS);
	lane_summary(l, summary, sizeof(summary));
	gs_svg_text(p->fp, RIGHT + 120, bar + 80, "name", l->verdict,
	    VERDICT_CHARS);
	gs_svg_text(p->fp, RIGHT + 120, bar + 220, "dim", summary, 0);
	sum_columns(p, l);
	for (int what = 0; what < GS_SVG_WHATS; what++)
		draw_what(p, what, bar);
	draw_jitter(p, bottom);
	draw_marks(p, l, top);
	fputs("</g>\n", p->fp);
}

/* ---- around the lanes */

static bool
utc(uint64_t ns, bool day, char *out, size_t size)
{
	struct tm tm;

	if (!gs_utc((int64_t)(ns / 1000000000), &tm))
		return false;
	return day ? strftime(out, size, "%Y-%m-%d", &tm) > 0 :
		     strftime(out, size, "%H:%M:%S", &tm) > 0;
}

/* The step between ticks, ns: about eight in all, on round times. */
static uint64_t
tick_step(uint64_t range)
{
	static const uint32_t steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300,
		600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400 };
	uint64_t s = UINT64_C(1000000000);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (range / (steps[i] * s) <= 9)
			return steps[i] * s;
	return (range / (9 * 86400 * s) + 1) * 86400 * s;
}

static void
draw_axis(const struct plot *p, int bottom)
{
	uint64_t from = p->first * p->width, range = p->columns * p->width;
	uint64_t step = tick_step(range);
	uint64_t t = (from + step - 1) / step * step;
	bool days = step >= UINT64_C(86400000000000);
	char label[40];

	for (; p->s->lanes > 0 && t - from <= range; t += step) {
		int x = x_of_time(p, t);

		gs_svg_line(p->fp, "grid", x, TOP - 100, x, bottom);
		if (!utc(t, days, label, sizeof(label)))
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
		fputs("<path class=\"mark\" transform=\"translate(", p->fp);
		gs_svg_put_num(p->fp, x + 90);
		fputc(',', p->fp);
		gs_svg_put_num(p->fp, y - 40);
		fprintf(p->fp, ")\" d=\"%s\"/>\n", events[i].path);
		gs_svg_text(p->fp, x + 240, y, "", events[i].label, 0);
		x += 420 + (int)strlen(events[i].label) * 64;
	}
	fputs("<path class=\"jitter\" d=\"M", p->fp);
	gs_svg_put_num(p->fp, x);
	fputc(',', p->fp);
	gs_svg_put_num(p->fp, y - 20);
	fputs("l6,-5 5,3 7,-5\"/>\n", p->fp);
	fputs("<text", p->fp);
	gs_svg_put_attr(p->fp, "x", x + 240);
	gs_svg_put_attr(p->fp, "y", y);
	fprintf(p->fp, ">jitter, 0 to %" PRIu32 " ms</text>\n",
	    p->jitter / 1000);
}

static void
draw_head(const struct plot *p, int height)
{
	char day[64];

	fprintf(p->fp,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "role=\"img\">\n<title>",
	    WIDTH / 10, height / 10, WIDTH / 10, height / 10);
	gs_svg_put_text(p->fp, p->s->title, 0);
	fputs("</title>\n", p->fp);
	fputs(style, p->fp);
	gs_svg_rect(p->fp, "page", 0, 0, WIDTH, height);
	gs_svg_text(p->fp, 160, 340, "title", p->s->title, TITLE_CHARS);
	gs_svg_text(p->fp, 160, 540, "dim", p->s->subtitle, 0);
	if (p->s->lanes > 0 &&
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
	int top = TOP, bottom;

	for (const struct gs_media_svg_lane *l = s->head; l; l = l->next)
		if (l->failed)
			return gs_err_sys(err, ENOMEM, "picture");
	p.column = calloc(COLUMNS + 1, sizeof(*p.column));
	if (p.column == NULL)
		return gs_err_sys(err, ENOMEM, "picture");
	scale_time(&p);
	scale_jitter(&p);
	scale_lanes(&p);
	bottom = TOP + (int)s->lanes * p.lane;
	draw_head(&p, bottom + AXIS + LEGEND);
	draw_axis(&p, bottom);
	for (const struct gs_media_svg_lane *l = s->head; l; l = l->next) {
		draw_lane(&p, l, top);
		top += p.lane;
	}
	draw_legend(&p, bottom + AXIS + 240);
	draw_more(&p, bottom + AXIS + 240);
	fputs("</svg>\n", fp);
	free(p.column);
	return 0;
}
