/* SPDX-License-Identifier: MIT */
/* Tables that psql(1) and mysql(1) draw: bars stand between the columns, and a
 * "+" at the end of a cell says that it continues on the next line. With \x,
 * psql draws a table of two columns, a name and a value, for each record. */
#include "text/table_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "text/coded_priv.h"
#include "text/reader_priv.h"
#include "text/textline_priv.h"

enum { COLUMNS = 64, LINES = 4096 };

enum drawing {
	DRAWN_NOT,
	DRAWN_SINGLE, /* a rule was seen; one column may follow */
	DRAWN_HEADING, /* the heading of a box follows */
	DRAWN_ROWS,
	DRAWN_RECORDS, /* psql's \x */
};

/* From where to where a column reaches, in characters. The last one is a blank
 * or the mark. */
struct column {
	size_t begin, end;
};

struct text_table {
	enum drawing as;
	bool box; /* there are bars around the table */
	bool listing; /* its rows are registrations */
	bool ends; /* their number may follow */
	struct column column[COLUMNS];
	size_t columns;
	struct gs_buf head; /* the heading, or a line that may be one */
	struct gs_sdp_line held; /* that line, if it was not passed on */
	struct gs_buf row; /* lines of the row, an LF after each */
	struct gs_sdp_line first; /* the first of them */
	size_t lines;
	struct gs_buf line; /* a line that is passed on */
};

void
gs_text_table_free(struct text_table *s)
{
	if (s == NULL)
		return;
	gs_buf_free(&s->head);
	gs_buf_free(&s->row);
	gs_buf_free(&s->line);
	free(s);
}

bool
gs_text_table_waits(const struct text_table *s)
{
	return s != NULL && (s->as != DRAWN_NOT || s->ends || s->head.n > 0);
}

/* ---- where the columns are */

/* Takes a rule, such as "----+-----" or "+----+-----+". Returns whether s is
 * one. */
static bool
take_rule(struct text_table *k, struct gs_span s)
{
	const bool box = s.n > 2 && *s.p == '+' && s.p[s.n - 1] == '+';
	const size_t last = s.n - box;
	size_t begin = box;

	k->columns = 0;
	if (s.n < 2 || (!box && *s.p != '-'))
		return false;
	for (size_t i = begin; i <= last; i++) {
		if (i < last && s.p[i] == '-')
			continue;
		if (i < begin + 2 || k->columns == COLUMNS ||
		    (i < last && s.p[i] != '+'))
			return false;
		k->column[k->columns++] = (struct column){ begin, i };
		begin = i + 1;
	}
	k->box = box;
	return true;
}

/* Takes n characters off *s, or all there are. Returns them. */
static struct gs_span
characters(struct gs_span *s, size_t n)
{
	struct gs_span taken = gs_span(s->p, 0);
	uint32_t cp;

	for (; n > 0 && taken.n < s->n; n--) {
		const struct gs_span rest = gs_span_skip(*s, taken.n);
		const bool ascii = (unsigned char)*rest.p < 0x80;
		const size_t k = ascii ? 1 : gs_utf8_length(rest, &cp);
		taken.n += k > 0 ? k : 1;
	}
	*s = gs_span_skip(*s, taken.n);
	return taken;
}

/* The cells of a line, and which of them continue. */
struct cells {
	struct gs_span text[COLUMNS];
	bool more[COLUMNS];
	bool any; /* one of them continues */
};

/* Splits s at the bars. Returns whether it has them all. */
static bool
split(const struct text_table *k, struct gs_span s, struct cells *c)
{
	c->any = false;
	if (k->box && !gs_span_take(&s, GS_LIT("|")))
		return false;
	for (size_t i = 0; i < k->columns; i++) {
		const size_t wide = k->column[i].end - k->column[i].begin;
		const bool last = i + 1 == k->columns && !k->box;
		struct gs_span x = characters(&s, wide - 1);
		struct gs_span mark = characters(&s, 1);
		if (last ? s.n > 0 : !gs_span_take(&s, GS_LIT("|")))
			return false;
		c->more[i] = gs_span_eq(mark, GS_LIT("+"));
		c->text[i] = gs_span_trim(x);
		c->any |= c->more[i];
		/* Only the blank before a cell is not its own. */
		if (gs_span_take(&x, GS_LIT(" "))) {
			while (x.n > 0 && x.p[x.n - 1] == ' ')
				x.n--;
			c->text[i] = x;
		}
	}
	return true;
}

/* Takes the bar of psql's \x from s, the first line of a record, whose rule has
 * as many characters as the lines before their mark. */
static bool
take_bar(struct text_table *k, struct gs_span s)
{
	const size_t at = gs_span_find(s, GS_LIT(" | "));
	const size_t end = k->column[1].end;

	if (at == s.n || at + 3 >= end)
		return false;
	k->column[0] = (struct column){ 0, at + 1 };
	k->column[1] = (struct column){ at + 2, end };
	k->columns = 2;
	return true;
}

/* ---- a row */

/* One value of a row, by its lines in the row. */
struct value {
	size_t column;
	size_t from, lines;
	struct gs_span name, text; /* text is its first line */
};

struct values {
	struct value v[COLUMNS];
	size_t n;
	bool texts; /* one of them has several lines */
	bool lost; /* something in the row belongs to none of them */
};

/* The values in a record of psql's \x, one below the other. */
static void
values_of_record(const struct text_table *k, struct values *w)
{
	struct gs_span s = gs_buf_span(&k->row), x;
	struct value *v = NULL;
	struct cells c = { .any = false };
	bool more = false;

	for (size_t at = 0; gs_span_line(&s, &x); at++) {
		const bool named =
		    split(k, x, &c) && !gs_text_is_blank(c.text[0]);
		w->lost |= named == more || (named && w->n == COLUMNS);
		if (w->lost)
			return;
		if (named) {
			v = &w->v[w->n++];
			*v = (struct value){ .column = 1,
				.from = at,
				.name = gs_span_trim(c.text[0]),
				.text = c.text[1] };
		}
		v->lines++;
		w->texts |= v->lines > 1;
		more = c.more[1];
	}
}

/* The values of a row, one beside the other. */
static void
values_of_row(const struct text_table *k, struct values *w)
{
	struct gs_span s = gs_buf_span(&k->row), x;
	struct cells head = { .any = false }, c = { .any = false };
	bool more[COLUMNS] = { false };

	w->n = k->columns;
	const bool named = split(k, gs_buf_span(&k->head), &head);
	for (size_t at = 0; gs_span_line(&s, &x); at++) {
		w->lost |= !split(k, x, &c);
		for (size_t i = 0; i < w->n && !w->lost; i++) {
			struct value *v = &w->v[i];
			if (at == 0)
				*v = (struct value){ .column = i,
					.name = named ?
					    gs_span_trim(head.text[i]) :
					    gs_span("", 0),
					.text = c.text[i] };
			w->lost |=
			    at > 0 && !more[i] && !gs_text_is_blank(c.text[i]);
			v->lines += at == 0 || more[i];
			w->texts |= v->lines > 1;
			more[i] = (at == 0 || more[i]) && c.more[i];
		}
	}
}

/* Notes that others could read the message in v, as another value says. */
static void
note_transport(struct gs_text_reader *t, const struct values *w,
    const struct value *v)
{
	struct gs_sdp_line l = t->table->first;

	l.pos.line += v->from;
	for (size_t i = 0; i < w->n; i++) {
		struct text_trace tr = { .head = true, .unsure = true };
		tr.where = gs_span_trim(w->v[i].text);
		tr.transport = gs_text_member_transport(w->v[i].name, tr.where);
		l.text = tr.where;
		if (w->v[i].lines == 1)
			gs_text_sip_carried(t, &tr, &l);
	}
}

/* Passes on the lines of a value. psql writes \r for the CR at their ends. */
static void
give_text(struct gs_text_reader *t, const struct value *v,
    const struct text_record_to *to)
{
	const struct text_table *k = t->table;
	struct gs_span s = gs_buf_span(&k->row), x;
	struct cells c;

	for (size_t at = 0; gs_span_line(&s, &x) && at < v->from + v->lines;
	     at++) {
		if (at < v->from || !split(k, x, &c))
			continue;
		struct gs_sdp_line l = { .text = c.text[v->column],
			.pos = { k->first.pos.line + at, k->first.pos.col },
			.eol = GS_EOL_LF };
		l.pos.col += (uint32_t)(l.text.p - x.p);
		while (gs_span_ends(l.text, GS_LIT("\\r"))) {
			l.text.n -= 2;
			l.eol = GS_EOL_CRLF;
		}
		if (at + 1 < v->from + v->lines || l.text.n > 0)
			to->line(t, &l);
	}
	to->end(t);
}

/* Passes on the names of the values, or their first lines, as a row of columns
 * with bars. */
static void
give_row(struct gs_text_reader *t, const struct values *w, bool names,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct gs_sdp_line l = k->first;

	gs_buf_clear(&k->line);
	for (size_t i = 0; i < w->n; i++) {
		const struct gs_span s =
		    gs_span_trim(names ? w->v[i].name : w->v[i].text);
		gs_buf_puts(&k->line, i > 0 ? "|" : "");
		gs_buf_put(&k->line, s.p, s.n);
	}
	t->no_memory |= !gs_buf_ok(&k->line);
	l.text = gs_buf_span(&k->line);
	to->line(t, &l);
}

static bool
names_phones(const struct values *w)
{
	unsigned found = 0;

	for (size_t i = 0; i < w->n; i++)
		found |= gs_span_eq(w->v[i].name, GS_LIT("reg_user")) ? 1 :
		    gs_span_eq(w->v[i].name, GS_LIT("network_proto")) ? 2 :
									0;
	return found == 3;
}

/* Passes on the values of a row, of which at least one has several lines. */
static void
give_values(struct gs_text_reader *t, const struct values *w,
    const struct text_record_to *to)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct gs_sdp_line x = { .text = w->v[i].text,
			.pos = t->table->first.pos };
		if (w->v[i].lines == 1) {
			gs_text_beside(t, &x);
			continue;
		}
		note_transport(t, w, &w->v[i]);
		give_text(t, &w->v[i], to);
	}
}

/* Passes on the lines of a row as they are. */
static void
give_lines(struct gs_text_reader *t, const struct text_record_to *to)
{
	const struct text_table *k = t->table;
	struct gs_span s = gs_buf_span(&k->row), x;
	struct gs_sdp_line l = k->first;

	for (; gs_span_line(&s, &x); l.pos.line++) {
		struct gs_sdp_line y = l;
		y.text = x;
		to->line(t, &y);
	}
}

/* Passes on the row that is kept. */
static void
end_row(struct gs_text_reader *t, const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct values w = { .n = 0 };

	if (k->lines == 0)
		return;
	if (k->as == DRAWN_RECORDS)
		values_of_record(k, &w);
	else
		values_of_row(k, &w);
	if (w.lost) {
		give_lines(t, to);
	} else if (w.texts) {
		give_values(t, &w, to);
	} else if (names_phones(&w)) {
		if (!k->listing)
			give_row(t, &w, true, to);
		k->listing = true;
		give_row(t, &w, false, to);
	} else {
		give_lines(t, to);
	}
	gs_buf_clear(&k->row);
	k->lines = 0;
}

/* ---- lines */

static void
keep(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_table *k = t->table;

	if (k->lines++ == 0)
		k->first = *l;
	gs_buf_put(&k->row, l->text.p, l->text.n);
	gs_buf_putc(&k->row, '\n');
	t->no_memory |= !gs_buf_ok(&k->row);
}

static void
end_table(struct gs_text_reader *t, const struct text_record_to *to)
{
	struct text_table *k = t->table;

	end_row(t, to);
	k->as = DRAWN_NOT;
	k->ends = k->listing;
	k->listing = false;
	gs_buf_clear(&k->head);
}

/* Whether s begins a record of psql's \x. */
static bool
is_record(struct gs_span s)
{
	return gs_span_starts(s, GS_LIT("-[ RECORD "));
}

/* Passes on a line that was no heading. */
static void
release(struct gs_text_reader *t, const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct gs_sdp_line l = k->held;

	if (l.pos.line == 0)
		return;
	k->held.pos.line = 0;
	l.text = gs_buf_span(&k->head);
	to->line(t, &l);
}

/* Takes a line that is in no table yet: it may begin one. The heading of a
 * listing is kept, because other readers would take it for one of theirs. */
static bool
begin(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;
	const struct gs_span s = l->text;
	struct cells c;

	if (is_record(s)) {
		k->as = DRAWN_RECORDS;
		k->columns = 0;
		k->box = false;
		k->column[1].end = s.n + 1;
	} else if (take_rule(k, s)) {
		k->as = k->box                          ? DRAWN_HEADING :
		    k->columns == 1                     ? DRAWN_SINGLE :
		    split(k, gs_buf_span(&k->head), &c) ? DRAWN_ROWS :
							  DRAWN_NOT;
	}
	if (k->as == DRAWN_ROWS) {
		k->held.pos.line = 0;
		return true;
	}
	release(t, to);
	gs_buf_clear(&k->head);
	if (k->as != DRAWN_NOT || gs_span_chr(s, '|') == NULL)
		return k->as == DRAWN_RECORDS;
	text_keep(t, &k->head, s);
	if (gs_span_has(s, GS_LIT("reg_user ")) &&
	    gs_span_has(s, GS_LIT(" network_proto")))
		k->held = *l;
	return k->held.pos.line > 0;
}

/* Takes a line of a table. Returns false if it is none, and the table ended. */
static bool
take(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct cells c;

	if (k->as == DRAWN_RECORDS && is_record(l->text)) {
		end_row(t, to);
		k->columns = 0;
		k->column[1].end = l->text.n + 1;
		return true;
	}
	const bool fits =
	    k->lines < LINES && l->text.n + 1 <= k->row.max - k->row.n;
	if (!fits || (k->columns == 0 && !take_bar(k, l->text)) ||
	    !split(k, l->text, &c)) {
		end_table(t, to);
		/* The last rule of a box. */
		return k->box && gs_span_starts(l->text, GS_LIT("+-"));
	}
	keep(t, l);
	if (k->as == DRAWN_ROWS && !c.any)
		end_row(t, to);
	return true;
}

/* The line after the first rule of a box, or after one that may be of a single
 * column: "text ", which continues. */
static bool
second(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct text_table rule = { .columns = 0 };
	struct cells c;

	if (k->as == DRAWN_SINGLE) {
		const bool row = split(k, l->text, &c) && c.any &&
		    gs_span_starts(l->text, GS_LIT(" "));
		k->as = row ? DRAWN_ROWS : DRAWN_NOT;
		return row && take(t, l, to);
	}
	if (k->head.n == 0 && split(k, l->text, &c)) {
		text_keep(t, &k->head, l->text);
		k->held = *l;
		return true;
	}
	k->as = k->head.n > 0 && take_rule(&rule, l->text) &&
		rule.columns == k->columns ?
	    DRAWN_ROWS :
	    DRAWN_NOT;
	if (k->as == DRAWN_ROWS)
		k->held.pos.line = 0;
	else
		release(t, to);
	return k->as == DRAWN_ROWS;
}

/* Whether the line behind a listing says how many rows it has: "(5 rows)". It
 * is passed on as the listing has it. */
static bool
take_count(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;
	struct gs_sdp_line x = *l;
	struct gs_span s = l->text;

	k->ends = false;
	(void)gs_span_take(&s, GS_LIT("("));
	const struct gs_span n = gs_span(s.p, gs_span_while(s, gs_is_digit));
	if (n.n == 0 || !gs_span_starts(gs_span_skip(s, n.n), GS_LIT(" row")))
		return false;
	gs_buf_clear(&k->line);
	gs_buf_put(&k->line, n.p, n.n);
	gs_buf_puts(&k->line, " total.");
	t->no_memory |= !gs_buf_ok(&k->line);
	x.text = gs_buf_span(&k->line);
	to->line(t, &x);
	return true;
}

/* Most lines are entries of a log, and must be fast. */
static bool
may_begin(struct gs_span s)
{
	return s.n > 2 &&
	    (*s.p == '-' || *s.p == '+' || gs_span_chr(s, '|') != NULL);
}

bool
gs_text_table_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_table *k = t->table;

	if (t->sink.rest != NULL || t->forced == GS_TEXT_SDP ||
	    (!gs_text_table_waits(k) && !may_begin(l->text)))
		return false;
	if (!text_need(t, &t->table, sizeof(*t->table)))
		return false;
	k = t->table;
	k->row.max = k->line.max = GS_TEXT_LINE;
	if (k->as == DRAWN_SINGLE || k->as == DRAWN_HEADING) {
		if (second(t, l, to))
			return true;
	} else if (k->as != DRAWN_NOT && take(t, l, to)) {
		return true;
	}
	if (k->ends && take_count(t, l, to))
		return true;
	return k->as == DRAWN_NOT && begin(t, l, to);
}

void
gs_text_table_end(struct gs_text_reader *t, const struct text_record_to *to)
{
	if (t->table == NULL)
		return;
	release(t, to);
	if (t->table->as != DRAWN_NOT)
		end_table(t, to);
}
