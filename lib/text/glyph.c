/* SPDX-License-Identifier: MIT */
/* A line as a reader sees it: without the colours of a console and what was
 * overtyped, and with plain blanks. */
#include "text/glyph_priv.h"

#include "text/reader_priv.h"
#include "text/textline_priv.h"

enum { ESC = 0x1b, BEL = 0x07, BACK = 0x08, TITLE = 256 };

/* "ESC [ ... letter" (ECMA-48 section 5.4), or "ESC ] ... BEL", the title of a
 * window; returns its length, or 0. */
static size_t
sequence(struct gs_span s)
{
	size_t i = 2;

	if (s.n < 3 || s.p[0] != ESC || (s.p[1] != '[' && s.p[1] != ']'))
		return 0;
	if (s.p[1] == ']') {
		const char *end = memchr(s.p, BEL, s.n < TITLE ? s.n : TITLE);
		return end != NULL ? (size_t)(end - s.p) + 1 : 0;
	}
	while (i < s.n && (unsigned char)s.p[i] >= 0x20 &&
	    (unsigned char)s.p[i] < 0x40)
		i++;
	return i < s.n && (unsigned char)s.p[i] >= 0x40 ? i + 1 : 0;
}

/* What web pages, editors and phones write for a character of ASCII, or to
 * break words. */
static const struct {
	uint32_t first, last;
	const char *plain;
} glyphs[] = {
	{ 0xa0, 0xa0, " " }, /* no-break space */
	{ 0xad, 0xad, "" }, /* soft hyphen */
	{ 0x2000, 0x200a, " " }, /* spaces */
	{ 0x200b, 0x200f, "" }, /* zero width, left-to-right mark */
	{ 0x2010, 0x2011, "-" }, /* hyphens */
	{ 0x202f, 0x202f, " " }, /* narrow no-break space */
	{ 0x205f, 0x205f, " " }, /* mathematical space */
	{ 0x2060, 0x2060, "" }, /* word joiner */
	{ 0x3000, 0x3000, " " }, /* ideographic space */
	{ 0xff1d, 0xff1d, "=" }, /* fullwidth equals sign */
};

const char *
gs_text_glyph_plain(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(*glyphs); i++)
		if (cp >= glyphs[i].first && cp <= glyphs[i].last)
			return glyphs[i].plain;
	return NULL;
}

/* Whether c may begin something that is replaced. */
static bool
may_change(char c)
{
	return c == ESC || c == BACK || c == '\xc2' || c == '\xe2' ||
	    c == '\xe3' || c == '\xef';
}

static bool
is_clean(struct gs_span s)
{
	if (!gs_text_is_odd(s))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (may_change(s.p[i]))
			return false;
	return true;
}

/* Removes the last character, which was overtyped or printed again. */
static void
step_back(struct gs_buf *b)
{
	while (b->n > 0 && (b->p[b->n - 1] & 0xc0) == 0x80)
		b->n--;
	b->n -= b->n > 0;
}

/* Appends the replacement of the first octets of s, and returns their number.
 * typed: a backspace takes back what precedes it. */
static size_t
put(struct gs_buf *b, struct gs_span s, bool typed)
{
	size_t n = sequence(s);
	const char *plain;
	uint32_t cp;

	if (n > 0)
		return n;
	if (typed && *s.p == BACK) {
		step_back(b);
		return 1;
	}
	n = gs_utf8_length(s, &cp);
	plain = n > 0 ? gs_text_glyph_plain(cp) : NULL;
	if (plain != NULL) {
		gs_buf_puts(b, plain);
		return n;
	}
	gs_buf_putc(b, *s.p);
	return 1;
}

void
gs_text_glyphs(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	struct gs_span s = l->text;
	struct gs_buf *b = &t->plain;
	/* The sender of an SDP chooses what is in its fields. The other side
	 * gets them with the backspaces. */
	const bool typed = !text_is_field(s);

	if (is_clean(s))
		return;
	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	while (s.n > 0) {
		size_t n = 0;
		while (n < s.n && !may_change(s.p[n]))
			n++;
		gs_buf_put(b, s.p, n);
		s = gs_span_skip(s, n);
		if (s.n == 0)
			break;
		n = put(b, s, typed);
		if (b->n == 0)
			l->pos.col += (uint32_t)n;
		s = gs_span_skip(s, n);
	}
	t->no_memory |= !gs_buf_ok(b);
	l->text = b->n > 0 ? gs_buf_span(b) : GS_LIT("");
}
