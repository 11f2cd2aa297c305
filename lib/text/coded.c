/* SPDX-License-Identifier: MIT */
/* Lines that no part of the reader took. They are searched for evidence of a
 * call, also in base64, hexadecimal and dumps, which are not read. */
#include "text/textsrc_priv.h"

#include <stdlib.h>

#include "base/bytes.h"

enum {
	RUN = 24, /* digits that are no word */
	DUMPED = 16, /* octets in a line of a dump */
	LEAST = 8, /* octets with which one begins */
	KEEP = 4096, /* octets of a line without end */
};

struct text_coded {
	struct gs_buf text; /* the last line, as far as it has come */
	uint64_t line; /* that was looked at */
	struct gs_pos first; /* of those that go together */
	bool told;
};

static bool
is_digit_of(int c, bool base64)
{
	return base64 ? gs_is_alnum(c) || c == '+' || c == '/' :
			gs_hex_value(c) >= 0;
}

static size_t
run_of(struct gs_span s, bool base64)
{
	size_t n = 0;

	while (n < s.n && is_digit_of(s.p[n], base64))
		n++;
	return n;
}

static void
put_hex(struct gs_buf *b, struct gs_span s)
{
	for (size_t i = 0; i + 1 < s.n; i += 2)
		gs_buf_putc(b, gs_hex_number(s.p + i, 2));
}

static void
put_base64(struct gs_buf *b, struct gs_span s)
{
	size_t n = 0, at;
	uint8_t *to = gs_buf_space(b, s.n);

	s.n -= s.n % 4 == 1;
	if (to == NULL ||
	    (gs_base64_decode(s, to, s.n, &n, &at) & GS_BASE64_BAD) != 0)
		return;
	b->n += n;
}

/* A word of a dump in two octets, the low one first: od(1) writes it in octal,
 * hexdump(1) in hexadecimal. */
static void
put_swapped(struct gs_buf *b, struct gs_span s)
{
	enum { OCTAL = 6, WORD = 4 };
	unsigned v = 0;

	for (size_t i = 0; i < s.n; i++)
		v = v * (s.n == OCTAL ? 8 : 16) +
		    (unsigned)gs_hex_value(s.p[i]);
	if (s.n != OCTAL && s.n != WORD)
		return;
	gs_buf_putc(b, (int)(v & 0xff));
	gs_buf_putc(b, (int)(v >> 8 & 0xff));
}

/* The offset that a line of a dump begins with, as 0x0010: or 00000010; n 0: it
 * has none. */
static struct gs_span
offset_of(struct gs_span s)
{
	enum { FEWEST = 4, MOST = 8 };

	if (TEXT_STARTS(s, "0x"))
		s = gs_span_skip(s, 2);
	size_t n = run_of(s, false);
	bool ends = n < s.n && (s.p[n] == ' ' || s.p[n] == ':');
	return gs_span(s.p, ends && n >= FEWEST && n <= MOST ? n : 0);
}

/* Words of hexadecimal digits, behind an offset or not. */
static void
put_dump(struct gs_buf *b, struct gs_span s)
{
	enum { SHORT_OFFSET = 7, WORD = 8 };
	struct gs_span offset = offset_of(s);
	const size_t before = b->n;

	if (offset.n > 0)
		s = gs_span_skip(s, (size_t)(offset.p - s.p) + offset.n);
	while (s.n > 0 && (offset.n == 0 || b->n - before < DUMPED)) {
		size_t n = run_of(s, false);
		if (n == 0 && *s.p != ' ' && *s.p != ':')
			break;
		if (n > WORD || (n % 2 != 0))
			break;
		if (offset.n == SHORT_OFFSET && n > 2)
			put_swapped(b, gs_span(s.p, n));
		else
			put_hex(b, gs_span(s.p, n));
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
	if (before == 0 && b->n < LEAST)
		b->n = 0;
}

/* Long runs of digits, wherever they are; any: short ones as well. */
static void
put_runs(struct gs_buf *b, struct gs_span s, bool any)
{
	while (s.n > 0) {
		size_t n = run_of(s, true);
		struct gs_span run = gs_span(s.p, n);
		if (n >= RUN || (any && n == s.n)) {
			if (run_of(run, false) == n && n % 2 == 0)
				put_hex(b, run);
			else
				put_base64(b, run);
		}
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
}

/* Looks at the lines that have come, and keeps the last one. */
static bool
look(struct gs_text_reader *t, struct gs_buf *b)
{
	struct gs_span s = gs_buf_span(b);
	size_t n = 0;

	while (s.n > 0) {
		n = gs_span_find(s, GS_LIT("\n"));
		if (gs_text_may_matter(t, gs_span(s.p, n)))
			return true;
		if (n == s.n)
			break;
		s = gs_span_skip(s, n + 1);
	}
	if (s.n > KEEP)
		s = gs_span_skip(s, s.n - KEEP);
	if (s.n > 0)
		memmove(b->p, s.p, s.n);
	b->n = s.n;
	return false;
}

static bool
need(struct gs_text_reader *t)
{
	if (t->coded != NULL)
		return true;
	t->coded = calloc(1, sizeof(*t->coded));
	if (t->coded == NULL) {
		t->no_memory = true;
		return false;
	}
	gs_buf_init(&t->coded->text, 2 * GS_TEXT_LINE);
	return true;
}

static void
look_at(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_span s = gs_span_trim(l->text);
	struct text_coded *c;

	if (s.n == 0 || !need(t))
		return;
	c = t->coded;
	if (c->line == l->pos.line)
		return;
	bool next = c->line + 1 == l->pos.line && c->text.n > 0;
	size_t before = next ? c->text.n : 0;
	if (!next) {
		gs_buf_clear(&c->text);
		c->first = l->pos;
	}
	c->line = l->pos.line;
	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	put_dump(&c->text, s);
	if (c->text.n == before)
		put_runs(&c->text, s, next);
	t->no_memory |= !gs_buf_ok(&c->text);
	if (c->text.n == before)
		c->told = false;
	if (c->text.n > before && look(t, &c->text) && !c->told) {
		c->told = true;
		gs_text_gap(t, GS_GAP_CODED,
		    &(struct gs_sdp_line){ .pos = c->first });
	}
	if (c->told || c->text.n == before)
		gs_buf_clear(&c->text);
}

void
gs_text_untaken(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	const struct gs_span media = GS_LIT(" name and address (m)");
	const struct gs_span layer = GS_LIT("Session Initiation Protocol (");

	t->others = true;
	if (gs_span_find(l->text, media) < l->text.n ||
	    gs_span_find(l->text, layer) < l->text.n)
		gs_text_gap(t, GS_GAP_TSHARK, l);
	else if (gs_text_may_matter(t, l->text))
		gs_text_gap(t, GS_GAP_LINE, l);
	else
		look_at(t, l);
}

void
gs_text_coded_free(struct text_coded *c)
{
	if (c != NULL)
		gs_buf_free(&c->text);
	free(c);
}
