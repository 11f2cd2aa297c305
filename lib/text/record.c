/* SPDX-License-Identifier: MIT */
/* Texts whose lines are strings in records: values of JSON, or a column that is
 * separated from others by commas, semicolons or tabs. */
#include "text/record_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/carrier_priv.h"
#include "text/coded_priv.h"
#include "text/fsline_priv.h"
#include "text/glyph_priv.h"
#include "text/harvest.h"
#include "text/reader_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

/* Levels of JSON in JSON, and of arrays and objects in one text. */
enum { DEPTH = 3, LEVELS = 16 };

struct text_records {
	const struct text_record_to *to;
	unsigned depth; /* number of texts, one inside the other */
	struct gs_buf line[DEPTH]; /* their lines, */
	struct gs_buf value[DEPTH]; /* and the strings in them */
	uint64_t path[DEPTH]; /* path of the strings with text; 0: unknown */
	uint64_t last; /* the last line of JSON, */
	uint64_t row; /* and the last one that was one of several arrays */
	/* Of JSON with a member on each line: what those before the text say of
	 * its transport, and the column of the text; 0: it is to come. */
	struct text_trace member;
	uint32_t told;
	char delimiter; /* between columns; NUL: unknown */
	unsigned level; /* the depth of the lines with columns */
	size_t before; /* columns before the text, and after it */
	size_t after;
	bool digit; /* the outermost other column begins with a digit */
};

void
gs_text_records_free(struct text_records *r)
{
	for (size_t i = 0; r != NULL && i < DEPTH; i++) {
		gs_buf_free(&r->line[i]);
		gs_buf_free(&r->value[i]);
	}
	free(r);
}

/* ---- JSON, of which a line may be a part */

struct walk {
	struct gs_span rest;
	struct level {
		bool array;
		size_t index; /* index in the array */
		uint64_t key; /* the key under which it is */
		struct text_trace carrier; /* what its members say of the
					    * transport */
	} level[LEVELS];
	size_t levels;
	size_t lowest; /* the fewest levels since it was set */
	struct gs_span name; /* the last key */
	uint64_t key; /* key of the value that follows; 0: none */
	bool words; /* values that are no strings are wanted, too */
	bool bad; /* it is not JSON */
};

/* A string without its quotes, and its path: strings of one kind have the
 * same. */
struct string {
	struct gs_span text;
	struct gs_span name; /* its key, or the last one before it */
	uint64_t path;
	bool word; /* it has no quotes: a number, true, false or null */
};

static const struct level *
innermost(const struct walk *w)
{
	static const struct level none = { .array = false };

	return w->levels > 0 ? &w->level[w->levels - 1] : &none;
}

static uint64_t
path_of(const struct walk *w)
{
	const struct level *in = innermost(w);
	bool nested = w->levels > 1 && w->level[w->levels - 2].array;

	if (!in->array)
		return w->key | 1;
	return (in->key ^ ((nested ? in->index : 0) + 2) << 1) | 1;
}

/* Opens or closes an object or an array, or continues with the next value. */
static void
punctuate(struct walk *w, char c)
{
	const struct level *in = innermost(w);

	if (c == '{' || c == '[') {
		w->bad |= w->levels == LEVELS;
		if (w->bad)
			return;
		uint64_t key = in->array ? in->key : w->key;
		w->level[w->levels++] =
		    (struct level){ .array = c == '[', .key = key };
	} else if (c == ',') {
		if (w->levels > 0)
			w->level[w->levels - 1].index++;
	} else if ((c == '}' || c == ']') && w->levels > 0) {
		w->levels--;
		w->lowest = w->lowest < w->levels ? w->lowest : w->levels;
	}
	if (c != ':' && c != '\r' && c != '\n')
		w->key = 0;
}

/* The length of the string that s begins with, with its quotes; 0: it does not
 * end. */
static size_t
string_of(struct gs_span s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	return 0;
}

static struct gs_span
take_word(struct walk *w)
{
	const char *p = w->rest.p;
	size_t n = 0;

	while (n < w->rest.n &&
	    (gs_is_alnum(w->rest.p[n]) || strchr("+-.", w->rest.p[n]) != NULL))
		n++;
	w->bad |= n == 0;
	w->rest = gs_span_skip(w->rest, n);
	return gs_span(p, n);
}

/* The next string that is a value. */
static bool
next_string(struct walk *w, struct string *v)
{
	while (!w->bad && (w->rest = gs_span_trim(w->rest)).n > 0) {
		char c = *w->rest.p;
		if (c != '\0' && strchr("{}[],:\r\n", c) != NULL) {
			punctuate(w, c);
			w->rest = gs_span_skip(w->rest, 1);
			continue;
		}
		*v = (struct string){ .name = w->name, .word = c != '"' };
		if (v->word) {
			v->text = take_word(w);
			if (w->words && !w->bad)
				return true;
			continue;
		}
		size_t n = string_of(w->rest);
		w->bad |= n == 0;
		if (n == 0)
			break;
		v->text = gs_span(w->rest.p + 1, n - 2);
		w->rest = gs_span_trim(gs_span_skip(w->rest, n));
		bool key =
		    !innermost(w)->array && w->rest.n > 0 && *w->rest.p == ':';
		/* Strings that nothing contains are columns. */
		w->bad |= !key && w->levels == 0 && w->key == 0;
		if (w->bad)
			break;
		if (!key) {
			v->path = path_of(w);
			return true;
		}
		w->key = gs_span_hash(v->text);
		w->name = v->text;
	}
	return false;
}

enum { ESCAPE = 6 }; /* octets of an escape such as \u00e9 */

/* The number in the escape \uNNNN at the beginning of s; -1: it has none. */
static int
unit_of(struct gs_span s)
{
	return s.n >= ESCAPE && gs_span_starts(s, GS_LIT("\\u")) ?
	    gs_hex_number(s.p + 2, ESCAPE - 2) :
	    -1;
}

/* Takes the escapes of one character beyond ASCII off *s, and returns it; -1:
 * *s begins with none. Half a surrogate stands for no character. */
static int
take_wide(struct gs_span *s)
{
	enum { ASCII = 0x7f, HIGH = 0xd800, LOW = 0xdc00, END = 0xe000 };
	const int unit = unit_of(*s);
	int low;

	if (unit <= ASCII)
		return -1;
	*s = gs_span_skip(*s, ESCAPE);
	if (unit < HIGH || unit >= END)
		return unit;
	low = unit < LOW ? unit_of(*s) : -1;
	if (low < LOW || low >= END)
		return 0xfffd;
	*s = gs_span_skip(*s, ESCAPE);
	return 0x10000 + (unit - HIGH) * 0x400 + (low - LOW);
}

/* Takes the escape at the beginning of *s off it, and appends what it stands
 * for. Blanks of a web page become plain ones, as in a text without escapes. */
static void
put_escape(struct gs_buf *b, struct gs_span *s)
{
	const int cp = take_wide(s);
	char c;

	if (cp >= 0) {
		const char *plain = gs_text_glyph_plain((uint32_t)cp);
		if (plain != NULL)
			gs_buf_puts(b, plain);
		else
			gs_buf_put_utf8(b, (uint32_t)cp);
		return;
	}
	*s = gs_span_skip(*s, gs_text_backslash(*s, &c));
	gs_buf_putc(b, c);
}

/* Copies s, a string of JSON, to b without its escapes. Returns the copy. */
static struct gs_span
unescape(struct gs_text_reader *t, struct gs_buf *b, struct gs_span s)
{
	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	while (s.n > 0) {
		size_t n = gs_span_find(s, GS_LIT("\\"));
		gs_buf_put(b, s.p, n);
		s = gs_span_skip(s, n);
		if (s.n > 0)
			put_escape(b, &s);
	}
	t->no_memory |= !gs_buf_ok(b);
	return gs_buf_span(b);
}

/* Whether s, an array, is one of several: another follows, or it begins with a
 * time, as the rows of a recorded terminal do. */
static bool
is_row(struct gs_span s)
{
	return gs_span_ends(s, GS_LIT("],")) ||
	    (gs_is_digit(s.p[1]) && gs_span_ends(s, GS_LIT("]")));
}

/* The beginning of s, a line or a string in another one. A line that is one of
 * several arrays is inside one. */
static struct walk
walk_of(struct gs_text_reader *t, struct gs_span s, unsigned depth)
{
	struct text_records *r = t->records;
	struct walk w = { .rest = s };

	if (depth > 0 || s.n < 2 || *s.p != '[')
		return w;
	if ((r->row == 0 || r->row + 1 < t->line) && !is_row(s))
		return w;
	r->row = t->line;
	w.level[w.levels++] = (struct level){ .array = true };
	return w;
}

static bool finds(struct gs_text_reader *t, struct gs_span s, unsigned depth);

/* Whether the text in s begins with, or announces, what is read. */
static bool
is_begin(struct gs_text_reader *t, struct gs_span s, unsigned depth)
{
	struct text_anchor a;

	if (s.n > 0 && (*s.p == '{' || *s.p == '[') && depth + 1 < DEPTH &&
	    finds(t, s, depth + 1))
		return true;
	for (struct gs_span x; gs_span_line(&s, &x);) {
		x.n -= gs_span_ends(x, GS_LIT("\r"));
		if (gs_text_fslog_knows(t, x) || gs_text_anchor(x, &a))
			return true;
	}
	return false;
}

/* Whether s, a string of JSON, has several lines. */
static bool
has_lines(struct gs_span s)
{
	const struct gs_span end = GS_LIT("\\n");

	return gs_span_find(s, end) + end.n < s.n;
}

/* Whether s is JSON with a text, by itself or by the previous lines. Its path
 * is kept. Of two texts, one may be the first line of the other. */
static bool
finds(struct gs_text_reader *t, struct gs_span s, unsigned depth)
{
	struct text_records *r = t->records;
	struct walk w = walk_of(t, s, depth);
	uint64_t found = 0;
	struct string v;
	bool known = false, whole = false, better = false;

	while (next_string(&w, &v)) {
		const bool lines = has_lines(v.text);
		if (v.path == r->path[depth]) {
			known = true;
			whole = lines;
		} else if ((found == 0 || (lines && !better)) && v.text.n > 2 &&
		    is_begin(t, unescape(t, &r->value[depth], v.text), depth)) {
			found = v.path;
			better = lines;
		}
	}
	if (w.bad || (!known && found == 0))
		return false;
	if (!known || (better && !whole))
		r->path[depth] = found;
	return true;
}

/* The text that was found in s, or an empty one. */
static struct gs_span
text_of(struct gs_text_reader *t, struct gs_span s, unsigned depth)
{
	struct walk w = walk_of(t, s, depth);
	struct string v;

	while (next_string(&w, &v))
		if (v.path == t->records->path[depth])
			return v.text;
	return gs_span(s.p, 0);
}

/* ---- what is read */

size_t
gs_text_record_lines(struct gs_text_reader *t, struct gs_span s,
    const struct gs_sdp_line *l, const struct text_record_to *to)
{
	size_t lines = 0;

	do {
		struct gs_sdp_line x = *l;
		const char *end = gs_span_chr(s, '\n');
		size_t n = end != NULL ? (size_t)(end - s.p) : s.n;
		if (n < s.n)
			x.eol = GS_EOL_LF;
		size_t k = n;
		while (k > 0 && s.p[k - 1] == '\r')
			k--;
		if (k < n)
			x.eol = GS_EOL_CRLF;
		x.text = gs_span(s.p, k);
		to->line(t, &x);
		s = gs_span_skip(s, n < s.n ? n + 1 : n);
		lines++;
	} while (s.n > 0);
	return lines;
}

/* The same for a string in a record, whatever ends the record's line. */
static size_t
read_text(struct gs_text_reader *t, struct gs_span s, struct gs_sdp_line *l)
{
	l->eol = GS_EOL_LF;
	return gs_text_record_lines(t, s, l, t->records->to);
}

/* A string of JSON with text, or another one. */
static size_t
read_string(struct gs_text_reader *t, const struct string *v,
    const struct gs_sdp_line *l)
{
	struct text_records *r = t->records;
	const unsigned depth = r->depth;
	struct gs_sdp_line x = *l;
	size_t lines;

	x.text = v->text;
	x.pos.col += (uint32_t)(v->text.p - l->text.p);
	if (v->path != r->path[depth]) {
		gs_text_beside(t, &x);
		return 0;
	}
	x.text = unescape(t, &r->value[depth], v->text);
	r->depth++;
	lines = read_text(t, x.text, &x);
	r->depth--;
	return lines;
}

/* Whether a line without text may be between lines with text. */
static bool
is_between(const struct text_records *r, struct gs_span s, uint64_t line)
{
	struct walk w = { .rest = s };
	struct string v;

	if (r->path[0] == 0 || line > r->last + 1 ||
	    gs_span_has(s, GS_LIT("\"reg_user\"")))
		return false;
	while (next_string(&w, &v))
		;
	return !w.bad;
}

/* ---- what members say of the transport of the text beside them */

/* Notes a member that says that others could read the message in its object, or
 * in one around that. */
static void
note_member(struct walk *w, const struct string *v)
{
	struct text_trace tr = { .head = true, .unsure = true };

	tr.transport = gs_text_member_transport(v->name, v->text);
	tr.where = v->text;
	if (tr.transport == GS_TRANSPORT_UNKNOWN ||
	    tr.transport == GS_TRANSPORT_TLS ||
	    tr.transport == GS_TRANSPORT_WSS)
		return;
	for (size_t i = w->levels; i-- > 0 && !w->level[i].array;)
		w->level[i].carrier = tr;
}

/* Applies what the members before and behind the text say of it; w is right
 * behind it in x. */
static void
carry(struct gs_text_reader *t, const struct walk *w,
    const struct gs_sdp_line *x)
{
	enum { NEAR = 8192 };
	struct text_records *r = t->records;
	struct walk ahead = *w;
	struct text_trace tr = r->member;
	struct string v;
	const size_t in = w->levels;

	if (in == 0)
		r->told = x->pos.col;
	for (size_t i = 0; i < in; i++)
		if (w->level[i].carrier.head)
			tr = w->level[i].carrier;
	ahead.lowest = in;
	ahead.words = true;
	ahead.rest.n = ahead.rest.n < NEAR ? ahead.rest.n : NEAR;
	while (in > 0 && !w->level[in - 1].array && next_string(&ahead, &v) &&
	    ahead.lowest == in) {
		note_member(&ahead, &v);
		if (ahead.level[in - 1].carrier.head)
			tr = ahead.level[in - 1].carrier;
	}
	if (tr.head)
		gs_text_sip_carried(t, &tr, x);
}

/* Takes a line with one member, or with a bracket of the object around it. */
static void
note_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_records *r = t->records;
	struct walk w = { .rest = l->text, .words = true };
	struct string v;
	struct text_trace tr = { .head = true, .unsure = true };

	if (gs_span_eq(l->text, GS_LIT("{")) ||
	    (*l->text.p == '}' && l->pos.col < r->told)) {
		r->member.head = false;
		r->told = 0;
		return;
	}
	if (*l->text.p != '"' || !next_string(&w, &v) || w.levels > 0)
		return;
	tr.transport = gs_text_member_transport(v.name, v.text);
	if (tr.transport == GS_TRANSPORT_UNKNOWN)
		return;
	if (r->told > 0)
		gs_text_sip_late(t, &tr, l);
	else
		r->member = tr;
}

static bool
json_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_records *r = t->records;
	struct gs_sdp_line x = *l;
	struct string v;
	size_t strings = 0;

	if (r->depth == 0)
		note_line(t, l);
	bool has = finds(t, l->text, r->depth);
	if (!has && (r->depth > 0 || !is_between(r, l->text, l->pos.line)))
		return false;
	if (r->depth == 0)
		r->last = l->pos.line;
	if (!has) {
		gs_text_beside(t, l);
		return true;
	}
	/* The line may be in memory that others need. */
	struct gs_buf *b = &r->line[r->depth];
	text_keep(t, b, l->text);
	x.text = gs_buf_span(b);
	const struct gs_span text = text_of(t, x.text, r->depth);
	struct walk w = walk_of(t, x.text, r->depth);
	w.words = true;
	while (next_string(&w, &v)) {
		note_member(&w, &v);
		if (v.word)
			continue;
		if (v.path == r->path[r->depth] && has_lines(v.text))
			carry(t, &w, &x);
		/* The first line of the text may have a member of its own. */
		if (v.path != r->path[r->depth] && !has_lines(v.text) &&
		    gs_span_starts(text, v.text))
			continue;
		size_t n = read_string(t, &v, &x);
		strings += n > 0;
		if (n > 1)
			r->to->end(t);
	}
	if (strings > 1)
		r->to->end(t);
	return true;
}

/* ---- columns */

/* Takes a column off *s. Returns false if its quote does not end. */
static bool
column(struct gs_span *s, char delimiter, struct gs_span *cell)
{
	const char *p = s->p, *end = s->p + s->n;

	if (s->n > 0 && *p == '"') {
		for (p++; p < end; p++)
			if (*p == '"' && p + 1 < end && p[1] == '"')
				p++;
			else if (*p == '"')
				break;
		if (p == end || (p + 1 < end && p[1] != delimiter))
			return false;
		p++;
	} else {
		const char *at = memchr(p, delimiter, s->n);
		p = at != NULL ? at : end;
	}
	*cell = gs_span(s->p, (size_t)(p - s->p));
	*s = gs_span_skip(*s, cell->n + (p < end));
	return true;
}

static struct gs_span
unquoted(struct gs_span s)
{
	return s.n > 1 && *s.p == '"' ? gs_span(s.p + 1, s.n - 2) : s;
}

static bool
begins_with_digit(struct gs_span s)
{
	s = unquoted(s);
	return s.n > 0 && gs_is_digit(*s.p);
}

static bool
is_text(struct gs_span cell)
{
	struct text_anchor a;
	struct fs_head h;

	cell = unquoted(cell);
	if (gs_text_is_uuid(cell))
		cell = gs_span_skip(cell, gs_span_find(cell, GS_LIT(" ")));
	cell = gs_span_trim(cell);
	if (gs_text_fs_head_parse(cell, &h))
		return h.prefix.n == 0;
	if (!gs_text_anchor(cell, &a) || a.at > 0)
		return false;
	return a.kind == TEXT_ANCHOR_TRACE ?
	    !gs_span_has(cell, GS_LIT(" SIP/2.0")) :
	    a.tail == 0;
}

/* Learns the columns from a line that has the beginning of a text in one of
 * them. */
static bool
learn_columns(struct text_records *r, struct gs_span s, char delimiter)
{
	struct gs_span cell, last = gs_span(NULL, 0);
	size_t n = 0, at = 0, found = 0;
	const struct gs_span first = s;
	bool digit = begins_with_digit(s), blank = true;

	for (; s.n > 0; n++) {
		if (!column(&s, delimiter, &cell))
			return false;
		if (is_text(cell) && found++ == 0)
			at = n;
		else
			blank &= gs_text_is_blank(cell);
		last = cell;
	}
	/* A text on one line has several; an indented text has nothing else. */
	if (found != 1 || blank)
		return false;
	/* The end of a start line is no column. */
	if (*first.p != '"' && at == 0 &&
	    (!begins_with_digit(last) || TEXT_STARTS(first, "reg_user")))
		return false;
	r->delimiter = delimiter;
	r->level = r->depth;
	r->before = at;
	r->after = n - at - 1;
	r->digit = at > 0 ? digit : begins_with_digit(last);
	return true;
}

/* The text in a line with these columns; p is NULL if it has different ones. */
static struct gs_span
column_of(const struct text_records *r, struct gs_span s)
{
	const struct gs_span none = { NULL, 0 };
	struct gs_span cell, rest = s;
	size_t n = 0, all = 0;

	for (; rest.n > 0 && all < r->before; all++)
		if (!column(&rest, r->delimiter, &cell))
			return none;
	const char *begin = rest.p;
	/* Some programs do not quote a delimiter inside the text. */
	struct gs_span text = { begin, 0 };
	struct gs_span tail = rest;
	for (n = 0; tail.n > 0; n++)
		if (!column(&tail, r->delimiter, &cell))
			return none;
	/* A delimiter at the end is followed by an empty column. */
	bool empty =
	    n == 0 && r->after == 0 && s.n > 0 && s.p[s.n - 1] == r->delimiter;
	if (all < r->before || (n < r->after + 1 && !empty))
		return none;
	for (size_t i = 0; i < n - r->after; i++) {
		(void)column(&rest, r->delimiter, &cell);
		text.n = (size_t)(cell.p + cell.n - begin);
	}
	struct gs_span first = s;
	if (r->before == 0) {
		for (first = rest; rest.n > 0;)
			if (column(&rest, r->delimiter, &cell))
				first = cell;
	}
	return begins_with_digit(first) == r->digit ? text : none;
}

static bool
columns_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_records *r = t->records;
	const struct gs_span quotes = GS_LIT("\"\"");
	struct gs_sdp_line x = *l;
	struct gs_span s = column_of(r, l->text);

	if (s.p == NULL)
		return false;
	const size_t before = (size_t)(s.p - l->text.p);
	const struct gs_span around[] = { gs_span(l->text.p, before),
		gs_span_skip(l->text, before + s.n) };
	for (size_t i = 0; i < 2; i++) {
		x.text = around[i];
		gs_text_beside(t, &x);
	}
	x.pos.col += (uint32_t)before;
	bool quoted = s.n > 1 && *s.p == '"';
	s = unquoted(s);
	struct gs_buf *b = &r->value[r->depth];
	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	while (s.n > 0) {
		size_t n = quoted ? gs_span_find(s, quotes) : s.n;
		gs_buf_put(b, s.p, n + (n < s.n));
		s = gs_span_skip(s, n < s.n ? n + quotes.n : n);
	}
	t->no_memory |= !gs_buf_ok(b);
	x.text = gs_buf_span(b);
	r->depth++;
	(void)read_text(t, x.text, &x);
	r->depth--;
	return true;
}

static bool
need_records(struct gs_text_reader *t, const struct text_record_to *to)
{
	if (!text_need(t, &t->records, sizeof(*t->records)))
		return false;
	t->records->to = to;
	return true;
}

/* Whether s has only the first string of a list, whose others are on the next
 * lines. */
static bool
is_first_of_list(struct gs_span s)
{
	return gs_span_starts(s, GS_LIT("[\"")) && s.p[s.n - 1] == ',' &&
	    string_of(gs_span_skip(s, 1)) + 2 == s.n;
}

/* Whether s may be JSON, or its beginning or end. */
static bool
may_be_json(const struct gs_text_reader *t, struct gs_span s)
{
	char c = s.n > 0 ? *s.p : '\0';

	if (is_first_of_list(s))
		return false;
	if (c == '{' || (c == '[' && s.n > 1 && !gs_is_alnum(s.p[1])))
		return true;
	return c == '"' || c == '[' ||
	    (t->records != NULL && t->records->last + 1 == t->line);
}

/* The offset of the object at the end of s, after what a program put before it:
 * a time, or the name of a container. 0: there is none, or s is an entry of
 * FreeSWITCH's log, which belongs to its call. */
static size_t
prefix_of_object(struct gs_span s)
{
	enum { MOST = 256 };
	struct fs_head h;

	if (s.n == 0 || s.p[s.n - 1] != '}')
		return 0;
	size_t n =
	    gs_span_find(gs_span(s.p, s.n < MOST ? s.n : MOST), GS_LIT("{\""));
	if (n >= MOST || gs_text_is_uuid(s) ||
	    (gs_text_fs_head_parse(s, &h) && h.prefix.n < n))
		return 0;
	return n > 0 && n < s.n && strchr(" \t", s.p[n - 1]) != NULL ? n : 0;
}

/* Takes the n octets before an object off l. Those of a trace tell how the
 * message that begins in it was carried. */
static void
skip_prefix(struct gs_text_reader *t, struct gs_sdp_line *l, size_t n)
{
	static const struct gs_span starts[] = { GS_LIT(" SIP/2.0\\"),
		GS_LIT(" SIP/2.0\""), GS_LIT("SIP/2.0 ") };
	struct gs_sdp_line prefix = *l;
	struct text_trace tr;

	prefix.text.n = n;
	l->text = gs_span_skip(l->text, n);
	if (!gs_text_is_trace(prefix.text, &tr) ||
	    tr.transport == GS_TRANSPORT_UNKNOWN ||
	    !gs_span_has_any(l->text, GS_ALL(starts)))
		return;
	gs_text_sip_end(t);
	(void)gs_text_sip_line(t, &prefix);
}

/* Whether a column of s may begin a text. A text with escaped line ends is in
 * one column. */
static bool
may_have_columns(struct gs_span s)
{
	static const struct gs_span words[] = { GS_LIT("SIP/2.0"),
		GS_LIT("v=0"), GS_LIT(" bytes "), GS_LIT("Registrations:"),
		GS_LIT("reg_user,") };
	static const struct gs_span whole[] = { GS_LIT("\\n"), GS_LIT("&#"),
		GS_LIT("%0"), GS_LIT("Via:") };
	struct fs_head h;

	if (text_is_field(s) ||
	    (gs_span_chr(s, ',') == NULL && gs_span_chr(s, ';') == NULL &&
		gs_span_chr(s, '\t') == NULL) ||
	    gs_span_has_any(s, GS_ALL(whole)))
		return false;
	if (gs_text_fs_head_parse(s, &h))
		return gs_span_chr(h.prefix, ',') != NULL ||
		    gs_span_chr(h.prefix, ';') != NULL ||
		    gs_span_chr(h.prefix, '\t') != NULL;
	return gs_span_has_any(s, GS_ALL(words));
}

bool
gs_text_record_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct gs_sdp_line x = *l;

	/* Most lines belong to an SDP or to a log; they must be fast. */
	if (t->records == NULL &&
	    (text_is_field(l->text) || text_is_logged(l->text)))
		return false;
	if (t->sink.rest != NULL || t->forced == GS_TEXT_SDP ||
	    (t->records != NULL && t->records->depth == DEPTH))
		return false;
	x.text = gs_span_trim(l->text);
	size_t before = prefix_of_object(x.text);
	if (before > 0 && !gs_text_may_matter(t, gs_span(x.text.p, before)))
		skip_prefix(t, &x, before);
	x.pos.col += (uint32_t)(x.text.n > 0 ? x.text.p - l->text.p : 0);
	if (may_be_json(t, x.text) && need_records(t, to) && json_line(t, &x))
		return true;
	struct text_records *r = t->records;
	if (r != NULL && r->delimiter != '\0' && r->depth == r->level &&
	    columns_line(t, l))
		return true;
	if ((r != NULL && r->delimiter != '\0' && r->depth > r->level) ||
	    !may_have_columns(l->text) || !need_records(t, to))
		return false;
	for (const char *c = ",;\t"; *c != '\0'; c++)
		if (memchr(l->text.p, *c, l->text.n) != NULL &&
		    learn_columns(t->records, l->text, *c))
			return columns_line(t, l);
	return false;
}
