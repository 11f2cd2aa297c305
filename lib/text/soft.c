/* SPDX-License-Identifier: MIT */
/* Lines that end in a mark and continue on the next one: the "=" of
 * quoted-printable (RFC 2045 section 6.7), whose escapes are removed as well,
 * and a backslash. */
#include "text/soft_priv.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/fsline_priv.h"
#include "text/reader_priv.h"
#include "text/record_priv.h"
#include "text/siphead_priv.h"
#include "text/textline_priv.h"

enum { PIECES = 16, LEAST = 20, MOST = 76 };

struct text_soft {
	struct gs_buf kept; /* pieces with their marks, an LF after each */
	struct gs_sdp_line first;
	char mark; /* their mark; NUL: nothing is kept */
	unsigned pieces;
	bool printable; /* the text is quoted-printable */
	bool no_break; /* a backslash ends lines that do not continue */
	struct gs_buf line;
};

void
gs_text_soft_free(struct text_soft *s)
{
	if (s == NULL)
		return;
	gs_buf_free(&s->kept);
	gs_buf_free(&s->line);
	free(s);
}

bool
gs_text_soft_keeps(const struct text_soft *s)
{
	return s != NULL && s->mark != '\0';
}

/* The octet of an escape in capitals at s.p[0], or -1. */
static int
escape(struct gs_span s)
{
	enum { SIZE = 3 };

	if (s.n < SIZE || (s.p[1] >= 'a' && s.p[1] <= 'f') ||
	    (s.p[2] >= 'a' && s.p[2] <= 'f'))
		return -1;
	return gs_hex_number(s.p + 1, SIZE - 1);
}

/* The number of escapes in s; 0 if it cannot be quoted-printable: a "=" begins
 * none, or one for a character that needs none. */
static size_t
escapes(struct gs_span s)
{
	size_t n = 0;
	bool wide = false;

	for (const char *p; (p = gs_span_chr(s, '=')) != NULL; n++) {
		s = gs_span_skip(s, (size_t)(p - s.p));
		if (s.n == 1)
			return n;
		int c = escape(s);
		bool ascii = c < 0x80;
		if (c < 0 || gs_is_alnum(c) ||
		    (ascii && iscntrl(c) && strchr("\t\r\n", c) == NULL))
			return 0;
		/* UTF-8 has at least two octets. */
		if (!ascii && !wide && (s.n < 4 || s.p[3] != '='))
			return 0;
		wide = !ascii;
		s = gs_span_skip(s, 3);
	}
	return n;
}

/* Whether s has a soft line break, or is only its "=". */
static bool
is_soft(const struct text_soft *k, struct gs_span s)
{
	const char *p = gs_span_chr(s, '=');

	if (s.n == 0 || s.p[s.n - 1] != '=' || s.n > MOST)
		return false;
	if (p < s.p + s.n - 1)
		return escapes(s) > 0;
	return (k != NULL && k->printable) ||
	    (s.n >= MOST - 3 && gs_span_chr(s, ' ') != NULL);
}

static bool
is_broken(const struct text_soft *k, struct gs_span s)
{
	return s.n >= LEAST && s.p[s.n - 1] == '\\' && s.p[s.n - 2] != '\\' &&
	    (k == NULL || !k->no_break);
}

/* Whether s is a line of quoted-printable that does not continue. */
static bool
is_whole(const struct text_soft *k, struct gs_span s)
{
	const bool printable = k != NULL && k->printable;

	/* Most lines belong to an SDP or to a log; they must be fast. */
	if (!printable &&
	    (text_is_logged(s) ||
		(text_is_field(s) && !TEXT_STARTS(gs_span_skip(s, 2), "3D"))))
		return false;
	if (gs_span_chr(s, '=') == NULL || escapes(s) == 0)
		return false;
	return printable || escapes(s) > 1 || gs_span_has(s, GS_LIT("=3D"));
}

/* Whether s begins like a line that was not broken off. */
static bool
is_new(struct gs_span s)
{
	struct fs_head h;
	struct text_start st;
	struct text_trace tr;
	struct gs_span v;

	return s.n == 0 || gs_text_is_trace(s, &tr) ||
	    (text_is_field(s) && text_is_known(s)) || gs_text_is_uuid(s) ||
	    (*s.p != '[' && gs_text_fs_head_parse(s, &h)) ||
	    gs_text_is_start(s, &st) ||
	    gs_text_sip_field_parse(s, &v) > SIP_OTHER;
}

/* Appends s, a line of quoted-printable, without its escapes. */
static void
put_printable(struct gs_buf *b, struct gs_span s)
{
	while (s.n > 0) {
		size_t n = gs_span_find(s, GS_LIT("="));
		gs_buf_put(b, s.p, n);
		s = gs_span_skip(s, n);
		if (s.n == 0)
			break;
		int c = escape(s);
		gs_buf_putc(b, c < 0 ? '=' : c);
		s = gs_span_skip(s, c < 0 ? 1 : 3);
	}
}

/* Passes on the lines in k->line. */
static void
give(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	if (gs_text_record_lines(t, gs_buf_span(&t->soft->line), l, to) > 1)
		to->end(t);
}

/* Passes on what is kept: joined, or piece by piece. */
static void
end(struct gs_text_reader *t, bool joined, const struct text_record_to *to)
{
	struct text_soft *k = t->soft;
	struct gs_span s = gs_buf_span(&k->kept);
	struct gs_sdp_line l = k->first;

	gs_buf_clear(&k->line);
	for (struct gs_span x; gs_span_line(&s, &x); l.pos.line++) {
		const bool last = s.n == 0;
		size_t blanks = k->line.n > 0 ? text_indent(x) : 0;
		if (k->mark == '\\' &&
		    (blanks > 1 ||
			(blanks > 0 && k->line.p[k->line.n - 1] == ' ')))
			x = gs_span_skip(x, joined ? blanks : 0);
		if (joined && x.n > 0 && (!last || x.p[x.n - 1] == k->mark))
			x.n--;
		if (joined && k->mark == '=')
			put_printable(&k->line, x);
		else
			gs_buf_put(&k->line, x.p, x.n);
		if (joined)
			continue;
		give(t, &l, to);
		gs_buf_clear(&k->line);
	}
	t->no_memory |= !gs_buf_ok(&k->line);
	l = k->first;
	if (joined)
		give(t, &l, to);
	k->printable |= joined && k->mark == '=';
	k->no_break |= !joined && k->mark == '\\';
	k->mark = '\0';
	k->pieces = 0;
	gs_buf_clear(&k->kept);
}

static bool
keep(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_buf *b = &t->soft->kept;

	if (l->text.n + 1 > b->max - b->n)
		return false;
	gs_buf_put(b, l->text.p, l->text.n);
	gs_buf_putc(b, '\n');
	t->no_memory |= !gs_buf_ok(b);
	t->soft->pieces++;
	return true;
}

void
gs_text_soft_end(struct gs_text_reader *t, const struct text_record_to *to)
{
	/* A backslash in the last line is not a break. */
	if (gs_text_soft_keeps(t->soft))
		end(t, t->soft->mark == '=', to);
}

bool
gs_text_soft_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct gs_span s = l->text;
	struct text_soft *k = t->soft;

	if (t->sink.rest != NULL || t->forced == GS_TEXT_SDP)
		return false;
	if (gs_text_soft_keeps(k)) {
		bool back = k->mark == '\\';
		bool more = back ? is_broken(k, s) : is_soft(k, s);
		/* If a short line has the mark, too, all lines end in it. */
		bool each = back && !more && s.n > 0 && s.p[s.n - 1] == '\\';
		bool fresh = back && (is_new(s) || k->pieces == PIECES);
		if (each || fresh || !keep(t, l)) {
			end(t, !back, to);
		} else {
			if (!more)
				end(t, true, to);
			return true;
		}
	}
	char last = s.n > 0 ? s.p[s.n - 1] : '\0';
	bool soft = last == '=' && is_soft(k, s);
	bool whole = !soft && is_whole(k, s);
	if (!soft && !whole && !(last == '\\' && is_broken(k, s)))
		return false;
	if (!text_need(t, &t->soft, sizeof(*t->soft)))
		return false;
	k = t->soft;
	k->kept.max = k->line.max = GS_TEXT_LINE + 1;
	k->first = *l;
	k->mark = whole ? '=' : last;
	if (keep(t, l) && whole)
		end(t, true, to);
	return true;
}
