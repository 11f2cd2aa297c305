/* SPDX-License-Identifier: MIT */
/* Draws the ladder of a call in columns, one for each party. */
#include "calls/flow.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/svg.h"

enum { WIDTH = 80, FIRST = 15, LAST = 72, CLOCK = 12 };

/* The places of the parties in a ladder. */
struct layout {
	const char *party[GS_FLOW_PARTIES];
	size_t parties;
};

struct gs_calls_step *
gs_calls_flow_add(struct gs_calls_flow *f, const struct gs_calls_step *step)
{
	if (f->steps >= GS_FLOW_STEPS ||
	    !gs_grow(&f->step, &f->size, f->steps + 1, sizeof(*f->step))) {
		f->more++;
		return NULL;
	}
	f->step[f->steps] = *step;
	return &f->step[f->steps++];
}

static int
by_order(const void *a, const void *b)
{
	const struct gs_calls_step *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

void
gs_calls_flow_sort(struct gs_calls_flow *f)
{
	if (f->steps > 1)
		qsort(f->step, f->steps, sizeof(*f->step), by_order);
}

void
gs_calls_flow_free(struct gs_calls_flow *f)
{
	free(f->step);
	*f = (struct gs_calls_flow){ .steps = 0 };
}

/* ---- layout */

static size_t
place_of(struct layout *y, const char *party)
{
	for (size_t i = 0; i < y->parties; i++)
		if (strcmp(y->party[i], party) == 0)
			return i;
	if (y->parties == GS_FLOW_PARTIES)
		return GS_FLOW_PARTIES - 1;
	y->party[y->parties] = party;
	return y->parties++;
}

static void
lay_out(struct layout *y, const struct gs_calls_flow *f)
{
	*y = (struct layout){ .parties = 0 };
	for (size_t i = 0; i < f->steps; i++) {
		(void)place_of(y, f->step[i].from);
		if (f->step[i].to[0] != '\0')
			(void)place_of(y, f->step[i].to);
	}
}

/* The column of party i, between those at first and last. */
static size_t
column(const struct layout *y, size_t i, size_t first, size_t last)
{
	return y->parties < 2 ? (first + last) / 2 :
				first + i * (last - first) / (y->parties - 1);
}

/* The time of day, to a thousandth of a second. */
static struct gs_span
clock_of(const struct gs_calls_step *s)
{
	size_t n = strlen(s->when), at = n > 11 && s->when[4] == '-' ? 11 : 0;

	return gs_span(s->when + at, n - at < CLOCK ? n - at : CLOCK);
}

/* ---- text */

struct row {
	char text[WIDTH + 1];
};

static void
row_put(struct row *r, size_t at, struct gs_span s)
{
	for (size_t i = 0; i < s.n && at + i < WIDTH; i++) {
		unsigned char c = (unsigned char)s.p[i];
		r->text[at + i] = (char)(c >= ' ' && c < 0x7f ? c : '?');
	}
}

/* Begins a row with the columns of the first parties. */
static void
row_begin(struct row *r, const struct layout *y, size_t parties)
{
	memset(r->text, ' ', WIDTH);
	for (size_t i = 0; i < parties; i++)
		r->text[column(y, i, FIRST, LAST)] = '|';
}

static void
row_end(struct row *r, FILE *fp)
{
	size_t n = WIDTH;

	while (n > 0 && r->text[n - 1] == ' ')
		n--;
	r->text[n] = '\0';
	(void)fprintf(fp, "%s\n", r->text);
}

/* Where the name of party i begins: around its column, within the width. */
static size_t
text_name_at(const struct layout *y, size_t i)
{
	size_t n = strlen(y->party[i]), x = column(y, i, FIRST, LAST);
	size_t at = x > n / 2 ? x - n / 2 : 0;

	return at + n > WIDTH ? WIDTH - n : at;
}

/* Writes the names: in one line if there is room side by side, or else in one
 * line each. */
static void
text_head(const struct layout *y, FILE *fp)
{
	bool one_line = true;
	struct row r;

	for (size_t i = 1; i < y->parties; i++)
		one_line &= text_name_at(y, i) >
		    text_name_at(y, i - 1) + strlen(y->party[i - 1]);
	row_begin(&r, y, 0);
	for (size_t i = 0; i < y->parties; i++) {
		row_put(&r, text_name_at(y, i), gs_span_of(y->party[i]));
		if (one_line)
			continue;
		row_end(&r, fp);
		row_begin(&r, y, i + 1);
	}
	if (one_line)
		row_end(&r, fp);
}

/* Writes text behind column at, broken at blanks. */
static void
text_lines(const struct layout *y, size_t at, const char *text, FILE *fp)
{
	struct gs_span s = gs_span_of(text);
	struct row r;

	while (s.n > 0) {
		size_t n = s.n < WIDTH - at ? s.n : WIDTH - at;
		while (n < s.n && n > 0 && s.p[n] != ' ')
			n--;
		n = n > 0 ? n : WIDTH - at;
		n = n < s.n ? n : s.n;
		row_begin(&r, y, y->parties);
		row_put(&r, at, gs_span(s.p, n));
		row_end(&r, fp);
		while (n < s.n && s.p[n] == ' ')
			n++;
		s = gs_span_skip(s, n);
	}
}

static void
text_arrow(struct row *r, size_t a, size_t b)
{
	size_t left = a < b ? a : b, right = a < b ? b : a;

	for (size_t i = left + 1; i < right; i++)
		r->text[i] = '-';
	r->text[a < b ? right - 1 : left + 1] = a < b ? '>' : '<';
}

static void
text_step(struct layout *y, const struct gs_calls_step *s, FILE *fp)
{
	size_t a = column(y, place_of(y, s->from), FIRST, LAST), b = a;
	size_t n = strlen(s->label);
	struct row r;

	if (s->to[0] != '\0')
		b = column(y, place_of(y, s->to), FIRST, LAST);
	size_t left = a < b ? a : b, gap = a < b ? b - a : a - b;
	row_begin(&r, y, y->parties);
	row_put(&r, 0, clock_of(s));
	if (gap == 0) {
		/* A step at one party may need the width of all columns. */
		left = n + left + 4 > WIDTH ? FIRST : left;
		row_put(&r, left + 2, gs_span(s->label, n));
		row_end(&r, fp);
	} else {
		size_t at = n + 2 < gap ? left + (gap - n) / 2 : left + 2;
		row_put(&r, at, gs_span(s->label, n));
		row_end(&r, fp);
		row_begin(&r, y, y->parties);
		text_arrow(&r, a, b);
		row_end(&r, fp);
	}
	/* The text is below the arrow, unless it needs the width of all
	 * columns. */
	left = a < b ? a : b;
	text_lines(y,
	    left + 2 + strlen(s->detail) > WIDTH ? FIRST + 2 : left + 2,
	    s->detail, fp);
}

void
gs_calls_flow_text(const struct gs_calls_flow *f, FILE *fp)
{
	struct layout y;

	lay_out(&y, f);
	text_head(&y, fp);
	for (size_t i = 0; i < f->steps; i++)
		text_step(&y, &f->step[i], fp);
	if (f->more > 0)
		(void)fprintf(fp, "and %llu more steps\n",
		    (unsigned long long)f->more);
}

/* ---- SVG: tenths of a pixel */

enum { PAGE = 9000, LEFT = 1700, RIGHT = 8000, TOP = 900, STEP = 360 };
enum { DETAIL = 170, HEAD = 60, LINE = 140, MARGIN = 160 };
enum { LETTER = 62, BOLD = 70 }; /* the width of most letters */

/* The colours of Okabe and Ito, which can be distinguished with any colour
 * vision. */
static const char style[] =
    "<style>\n"
    "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,"
    "'DejaVu Sans',sans-serif;fill:#1f2933}\n"
    ".title{font-size:16px;font-weight:600}.name{font-weight:600}\n"
    ".dim{fill:#5b6770}.mid{text-anchor:middle}\n"
    ".page{fill:#fff}.life{stroke:#d5dbe0}\n"
    ".usual{stroke:#1f2933}.secure{stroke:#0072b2}.plain{stroke:#e69f00}\n"
    ".wrong{stroke:#b3261e}text.wrong{stroke:none;fill:#b3261e}\n"
    "</style>\n";

static int
height_of(const struct gs_calls_flow *f, int top)
{
	int h = top + 2 * STEP;

	for (size_t i = 0; i < f->steps; i++)
		h += STEP + (f->step[i].detail[0] != '\0' ? DETAIL : 0);
	return h;
}

static int
svg_x(const struct layout *y, size_t i)
{
	return (int)column(y, i, LEFT, RIGHT);
}

/* The middle of the name of party i: its column, within the page. */
static int
svg_name_x(const struct layout *y, size_t i)
{
	int half = (int)strlen(y->party[i]) * BOLD / 2;
	int least = MARGIN + half, most = PAGE - MARGIN - half;
	int x = svg_x(y, i);

	return x < least ? least : x > most ? most : x;
}

/* The lines that the names need: one if they have room side by side, or else
 * one each. */
static int
svg_name_lines(const struct layout *y)
{
	for (size_t i = 1; i < y->parties; i++) {
		size_t both = strlen(y->party[i - 1]) + strlen(y->party[i]);

		if (svg_name_x(y, i) - svg_name_x(y, i - 1) <
		    (int)(both + 1) * BOLD / 2)
			return (int)y->parties;
	}
	return 1;
}

/* The width of a text, if it has the usual letters. */
static int
svg_width(const char *text)
{
	return (int)strlen(text) * LETTER;
}

/* Where the text of column x begins: beside it, or at the first column if the
 * edge of the page would cut it. */
static int
svg_beside(int x, const char *text)
{
	return (x + HEAD + svg_width(text) > PAGE ? LEFT : x) + HEAD;
}

static void
svg_step(struct layout *y, const struct gs_calls_step *s, int at, FILE *fp)
{
	static const char *const looks[] = { "usual", "secure", "plain",
		"wrong" };
	const struct gs_span clock = clock_of(s);
	char text[CLOCK + 1];
	int a = svg_x(y, place_of(y, s->from)), b = a;

	(void)snprintf(text, sizeof(text), "%.*s", (int)clock.n, clock.p);
	gs_svg_text(fp, MARGIN, at, "dim", text, 0);
	if (s->to[0] != '\0')
		b = svg_x(y, place_of(y, s->to));
	if (a == b) {
		gs_svg_text(fp, svg_beside(a, s->label), at,
		    s->look == GS_FLOW_WRONG ? "wrong" : "", s->label, 90);
	} else {
		int back = a < b ? b - HEAD : b + HEAD;
		gs_svg_text(fp, (a + b) / 2, at, "mid", s->label, 60);
		gs_svg_line(fp, looks[s->look], a, at + HEAD, b, at + HEAD);
		gs_svg_line(fp, looks[s->look], back, at + HEAD / 2, b,
		    at + HEAD);
		gs_svg_line(fp, looks[s->look], back, at + HEAD + HEAD / 2, b,
		    at + HEAD);
	}
	if (s->detail[0] != '\0')
		gs_svg_text(fp, svg_beside(a < b ? a : b, s->detail),
		    at + DETAIL + HEAD / 2, "dim", s->detail, 110);
}

/* Draws the names, and a line for each party down to bottom. top is below all
 * names. */
static void
svg_parties(const struct layout *y, int top, int bottom, FILE *fp)
{
	int lines = svg_name_lines(y);

	for (size_t i = 0; i < y->parties; i++) {
		int up = lines > 1 ? (lines - 1 - (int)i) * LINE : 0;

		gs_svg_text(fp, svg_name_x(y, i), top - HEAD - up, "name mid",
		    y->party[i], 0);
		gs_svg_line(fp, "life", svg_x(y, i), top - up, svg_x(y, i),
		    bottom);
	}
}

void
gs_calls_flow_svg(const struct gs_calls_flow *f, const char *title, FILE *fp)
{
	struct layout y;

	lay_out(&y, f);

	const int top = TOP + (svg_name_lines(&y) - 1) * LINE;
	const int height = height_of(f, top);
	int at = top + STEP;

	gs_svg_begin(fp, PAGE, height, title, style);
	gs_svg_text(fp, MARGIN, 340, "title", title, 90);
	svg_parties(&y, top, height - STEP, fp);
	for (size_t i = 0; i < f->steps; i++) {
		svg_step(&y, &f->step[i], at, fp);
		at += STEP + (f->step[i].detail[0] != '\0' ? DETAIL : 0);
	}
	(void)fputs("</svg>\n", fp);
}

/* ---- rows on an axis of time */

enum { ROW = 170, BESIDE = 90 };

static int
axis_x(const struct gs_calls_flow_axis *a, uint64_t order)
{
	uint64_t past = order > a->first ? order - a->first : 0;

	return a->left + gs_svg_along(past, a->range, a->width);
}

static void
row_mark(FILE *fp, const char *class, int x, int y, bool right)
{
	(void)fprintf(fp, "<path class=\"%s\" d=\"M", class);
	gs_svg_put_num(fp, x + (right ? -45 : 45));
	(void)fputc(',', fp);
	gs_svg_put_num(fp, y - 45);
	(void)fputs(right ? "l9,4.5 -9,4.5z\"/>\n" : "l-9,4.5 9,4.5z\"/>\n",
	    fp);
}

/* The width of the names of a step's parties in one line, or in two. */
static int
names_width(const struct gs_calls_step *s, bool one_line)
{
	int from = svg_width(s->from), to = svg_width(" > ") + svg_width(s->to);

	return one_line ? from + to : from > to ? from : to;
}

/* Whether the names of each step's parties fit in front of the axis. */
static bool
names_fit(const struct gs_calls_flow *f, const struct gs_calls_flow_axis *a)
{
	for (size_t i = 0; i < f->steps; i++)
		if (a->names + names_width(&f->step[i], true) > a->left)
			return false;
	return true;
}

int
gs_calls_flow_row(const struct gs_calls_flow *f,
    const struct gs_calls_flow_axis *a)
{
	return names_fit(f, a) ? ROW : ROW + LINE;
}

static void
row_names(FILE *fp, int x, int y, const struct gs_calls_step *s, bool one_line)
{
	char text[100];

	(void)snprintf(text, sizeof(text), "%s%s%s", one_line ? s->from : "",
	    one_line ? " > " : "> ", s->to);
	if (!one_line)
		gs_svg_text(fp, x, y, "dim", s->from, 0);
	gs_svg_text(fp, x, y + (one_line ? 0 : LINE), "dim", text, 0);
}

/* Writes a text beside the mark at x, between left and right: where it fits, or
 * where there is more room for its beginning. */
static void
row_label(FILE *fp, int x, int y, const char *text, int left, int right)
{
	int after = right - x - BESIDE, before = x - BESIDE - left;
	int width = svg_width(text);

	if (width > after && (width <= before || before > after))
		gs_svg_text(fp, x - BESIDE, y, "end", text,
		    (size_t)(before / LETTER));
	else
		gs_svg_text(fp, x + BESIDE, y, "", text,
		    (size_t)(after / LETTER));
}

void
gs_calls_flow_rows(const struct gs_calls_flow *f,
    const struct gs_calls_flow_axis *a, FILE *fp)
{
	static const char *const looks[] = { "mark", "opened", "plain",
		"failed" };
	const int height = gs_calls_flow_row(f, a);
	const bool one_line = height == ROW;
	struct layout parties;
	char label[300];

	lay_out(&parties, f);
	for (size_t i = 0; i < f->steps; i++) {
		const struct gs_calls_step *s = &f->step[i];
		int y = a->top + (int)i * height + ROW / 2;
		int x = axis_x(a, s->order);

		row_names(fp, a->names, y + 40, s, one_line);
		row_mark(fp, looks[s->look], x, y,
		    place_of(&parties, s->from) <= place_of(&parties, s->to));
		(void)snprintf(label, sizeof(label), "%s%s%s", s->label,
		    s->detail[0] != '\0' ? ": " : "", s->detail);
		row_label(fp, x, y + 40, label,
		    a->names + names_width(s, one_line) + BESIDE, a->edge);
	}
}
