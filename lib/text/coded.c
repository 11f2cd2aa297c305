/* SPDX-License-Identifier: MIT */
/* Lines that no part of the reader took. They are searched for evidence of a
 * call, also in base64, hexadecimal and dumps, which are not read. */
#include "text/coded_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/file.h"
#include "text/align_priv.h"
#include "text/harvest.h"
#include "text/reader_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

enum {
	RUN = 24, /* digits in a row that are not a word */
	FULL = 12, /* the same if nothing else is on the line */
	DUMPED = 16, /* most octets in a line of a dump */
	LEAST = 8, /* fewest octets in its first line */
	KEEP = 4096, /* octets that are kept of a line without end */
	WIDE = 60, /* characters of a line in a code that is not read */
	ALIKE = 4, /* such lines in a row, of one length */
	NOISE = 128, /* characters of such a line that is enough alone */
	SPACED = 24, /* the same for a line without words */
	FIELDS = 4, /* lines in a row that look like those of an SDP, */
	LETTERS = 3, /* with so many different first letters */
};

struct text_coded {
	struct gs_buf text; /* what was decoded so far */
	struct gs_buf low; /* the same for a dump whose low octets come first */
	uint64_t line; /* the line that was decoded last, */
	const char *at; /* and its text: a line may have several */
	struct gs_pos first; /* place of the first line of those that go
			      * together */
	bool told;
	char left[3]; /* the last characters of base64, fewer than four */
	size_t lefts;
	bool padded; /* the line ended in "=": nothing is missing */
	size_t width; /* length of the previous line, if it is in an unknown
		       * code */
	char begin[4]; /* its beginning */
	unsigned alike; /* number of such lines in a row */
	size_t column; /* column of the "=" of the previous line, if it is a
			* field */
	char letter; /* the letter before it */
	unsigned fields; /* number of such lines in a row, */
	unsigned letters; /* and of changes of the letter in them */
	struct text_coded *inner; /* the same lines without their escapes */
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

/* Decodes the run at the end of a line, after the characters that remain from
 * the previous line. */
static void
put_last_run(struct text_coded *c, struct gs_span s)
{
	enum { GROUP = 4 };
	char first[GROUP];
	size_t n = c->lefts;

	memcpy(first, c->left, n);
	while (n > 0 && n < GROUP && s.n > 0) {
		first[n++] = *s.p;
		s = gs_span_skip(s, 1);
	}
	if (n > 0 && n < GROUP && !c->padded) {
		memcpy(c->left, first, n);
		c->lefts = n;
		explicit_bzero(first, sizeof(first));
		return;
	}
	if (n == GROUP)
		put_base64(&c->text, gs_span(first, n));
	explicit_bzero(first, sizeof(first));
	c->lefts = c->padded ? 0 : s.n % GROUP;
	s.n -= c->lefts;
	memcpy(c->left, s.p + s.n, c->lefts);
	put_base64(&c->text, s);
}

/* Appends a word of two octets of a dump, the low one first: od(1) writes it in
 * octal, hexdump(1) in hexadecimal. */
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

/* The offset at the beginning of a line of a dump, such as 0x0010: or 00000010;
 * n 0: it has none. */
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

/* Appends words of hexadecimal digits, with or without an offset before them.
 * After six digits, as od -Ax prints them, either octet of a word may come
 * first. */
static void
put_dump(struct gs_buf *b, struct gs_span s, bool low_first)
{
	enum { OD = 6, SHORT_OFFSET = 7, WORD = 8 };
	struct gs_span offset = offset_of(s);
	const size_t before = b->n;
	bool swapped = false;

	if (offset.n > 0) {
		s = gs_span_skip(s, (size_t)(offset.p - s.p) + offset.n);
		swapped = *s.p == ' ' &&
		    (offset.n == SHORT_OFFSET || (offset.n == OD && low_first));
	}
	while (s.n > 0 && (offset.n == 0 || b->n - before < DUMPED)) {
		if (offset.n == 0 && TEXT_STARTS(s, "0x"))
			s = gs_span_skip(s, 2);
		size_t n = run_of(s, false);
		if (n == 0 && (s.n == 0 || strchr(" :,=-", *s.p) == NULL))
			break;
		if (n > WORD || (n % 2 != 0))
			break;
		if (swapped && n > 2)
			put_swapped(b, gs_span(s.p, n));
		else
			put_hex(b, gs_span(s.p, n));
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
	bool whole = before > 0 && (offset.n > 0 || s.n == 0);
	if (!whole && b->n - before < LEAST)
		b->n = before;
}

/* The place of a dump's offset in s, after what a program put before each line;
 * s.n: there is none. Small offsets, which are usual, begin with 0. */
static size_t
begin_of_dump(struct gs_span s)
{
	const struct gs_span begins = GS_LIT(" \t\"'");
	const char *p = s.p, *end = s.p + s.n;

	while (++p < end && (p = memchr(p, '0', (size_t)(end - p))) != NULL)
		if (gs_span_chr(begins, p[-1]) != NULL &&
		    offset_of(gs_span(p, (size_t)(end - p))).n > 0)
			return (size_t)(p - s.p);
	return s.n;
}

/* The character that od -c prints in four columns; -1: it is none. */
static int
cell(struct gs_span s)
{
	enum { OCTAL = 3 };

	if (*s.p != ' ')
		return -1;
	s = gs_span_trim(s);
	if (s.n <= 1)
		return s.n == 0 ? ' ' : (unsigned char)*s.p;
	if (s.n == 2 && *s.p == '\\')
		return s.p[1] == 'n' ? '\n' :
		    s.p[1] == 'r'    ? '\r' :
		    s.p[1] == 't'    ? '\t' :
				       -1;
	int v = s.n == OCTAL ? 0 : -1;
	for (size_t i = 0; v >= 0 && i < OCTAL; i++)
		v = s.p[i] >= '0' && s.p[i] < '8' ? v * 8 + s.p[i] - '0' : -1;
	return v;
}

/* Appends a line of od -c. */
static void
put_cells(struct gs_buf *b, struct gs_span s)
{
	enum { OFFSET = 7, WIDTH = 4 };
	const size_t before = b->n;

	if (s.n < OFFSET + WIDTH || offset_of(s).n != OFFSET)
		return;
	for (s = gs_span_skip(s, OFFSET); s.n > 0;) {
		int c = cell(gs_span(s.p, s.n < WIDTH ? s.n : WIDTH));
		if (c < 0) {
			b->n = before;
			return;
		}
		gs_buf_putc(b, c);
		s = gs_span_skip(s, s.n < WIDTH ? s.n : WIDTH);
	}
}

/* Appends numbers of octets with commas between them, wherever they are. */
static void
put_numbers(struct gs_buf *b, struct gs_span s)
{
	const size_t before = b->n;

	if (gs_span_chr(s, ',') == NULL)
		return;
	while (s.n > 0) {
		size_t n = 0, from = b->n;
		unsigned v = 0;
		while (n < s.n && n < 3 && gs_is_digit(s.p[n]))
			v = v * 10 + (unsigned)(s.p[n++] - '0');
		if (n > 0 && v < 256)
			gs_buf_putc(b, (int)v);
		s = gs_span_skip(s, n);
		size_t gap = 0;
		while (gap < s.n && (s.p[gap] == ',' || s.p[gap] == ' '))
			gap++;
		bool goes_on = n > 0 && gap > 0 && *s.p == ',';
		if (!goes_on && from - before < LEAST)
			b->n = before;
		s = gs_span_skip(s, gap > 0 ? gap : s.n > 0);
	}
	if (b->n - before < LEAST)
		b->n = before;
}

/* The octet whose number is all of s except for a comma: JSON that is printed
 * for people has one on each line. -1: it is none. */
static int
octet_of(struct gs_span s)
{
	enum { DIGITS = 3, OCTETS = 256 };
	uint64_t v;

	if (s.n > 0 && s.p[s.n - 1] == ',')
		s.n--;
	return s.n <= DIGITS && gs_span_u64(s, &v) == 0 && v < OCTETS ? (int)v :
									-1;
}

/* Appends a line of uuencode(1), whose first character says how many octets
 * follow. */
static void
put_uu(struct gs_buf *b, struct gs_span s)
{
	enum { GROUP = 4, MOST = 45 };
	const unsigned all = s.n > 1 ? (unsigned)(*s.p - ' ') : 0;
	unsigned left = all;

	if (all < LEAST || all > MOST || s.n - 1 != (all + 2) / 3 * GROUP)
		return;
	for (s = gs_span_skip(s, 1); s.n >= GROUP; s = gs_span_skip(s, GROUP)) {
		uint32_t v = 0;
		for (size_t i = 0; i < GROUP; i++)
			v = v << 6 | ((uint32_t)(s.p[i] - ' ') & 63);
		for (int shift = 16; shift >= 0 && left > 0; shift -= 8, left--)
			gs_buf_putc(b, (int)(v >> shift & 0xff));
	}
}

/* Appends the octets in hexadecimal at the beginning of s, if colons are
 * between them. Returns their length. */
static size_t
put_pairs(struct gs_buf *b, struct gs_span s)
{
	enum { PAIR = 2 };
	const size_t before = b->n;
	size_t n = 0;

	while (run_of(gs_span_skip(s, n), false) == PAIR) {
		put_hex(b, gs_span(s.p + n, PAIR));
		n += PAIR;
		if (n == s.n || s.p[n] != ':')
			break;
		n++;
	}
	if (b->n - before < LEAST)
		b->n = before;
	return n;
}

/* Appends long runs of digits, wherever they are; any: short ones as well. */
static void
put_runs(struct text_coded *c, struct gs_span s, bool any)
{
	struct gs_buf *b = &c->text;

	if (!any)
		c->lefts = 0;
	any |= s.n >= FULL && run_of(s, true) == s.n;
	while (s.n > 0) {
		size_t n = run_of(s, true);
		struct gs_span run = gs_span(s.p, n);
		if (n == 2 && n < s.n && s.p[n] == ':') {
			n = put_pairs(b, s);
		} else if (n >= RUN || (any && n == s.n)) {
			if (run_of(run, false) == n && n % 2 == 0)
				put_hex(b, run);
			else if (n == s.n)
				put_last_run(c, run);
			else
				put_base64(b, run);
		}
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
}

/* Whether the octets begin like a packed file, and are too many for a number,
 * key or checksum. zlib's header is the shortest (RFC 1950 section 2.2). */
static bool
is_packed(struct gs_span s)
{
	enum { NUMBER = 40, CHECKSUM = 64 };
	static const struct gs_span zlib[] = { { "\x78\x01", 2 },
		{ "\x78\x5e", 2 }, { "\x78\x9c", 2 }, { "\x78\xda", 2 } };
	const char *cat;

	for (size_t i = 0; s.n > CHECKSUM && i < sizeof(zlib) / sizeof(*zlib);
	     i++)
		if (gs_span_starts(s, zlib[i]))
			return true;
	return s.n >= NUMBER && gs_file_packer(s, &cat) != NULL;
}

/* Whether s, a line that was decoded, is in base64 or hexadecimal itself, and
 * may belong to a call. */
static bool
is_coded_twice(struct gs_text_reader *t, struct gs_span s)
{
	struct gs_buf b;
	bool found;

	while (s.n > 0 && (s.p[s.n - 1] == '=' || s.p[s.n - 1] == '\r'))
		s.n--;
	if (s.n < 2 * RUN || run_of(s, true) < s.n)
		return false;
	gs_buf_init(&b, GS_TEXT_LINE);
	if (run_of(s, false) == s.n)
		put_hex(&b, s);
	else
		put_base64(&b, s);
	t->no_memory |= !gs_buf_ok(&b);
	struct gs_span text = gs_buf_span(&b);
	found = is_packed(text);
	for (struct gs_span line; !found && gs_span_line(&text, &line);)
		found = gs_text_may_matter(t, line);
	gs_buf_free(&b);
	return found;
}

/* Removes the NULs that UTF-16 has beside each letter of ASCII. */
static void
drop_nuls(struct gs_buf *b)
{
	size_t n = 0;

	if (gs_span_chr(gs_buf_span(b), '\0') == NULL)
		return;
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] != '\0')
			b->p[n++] = b->p[i];
	b->n = n;
}

/* Searches what was decoded, and keeps its last line. */
static bool
look(struct gs_text_reader *t, struct gs_buf *b)
{
	drop_nuls(b);
	struct gs_span s = gs_buf_span(b);
	size_t n = 0;

	while (s.n > 0) {
		n = gs_span_find(s, GS_LIT("\n"));
		if (gs_text_may_matter(t, gs_span(s.p, n)) ||
		    is_coded_twice(t, gs_span(s.p, n)))
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
need(struct gs_text_reader *t, struct text_coded **c)
{
	if (!text_need(t, c, sizeof(**c)))
		return false;
	(*c)->text.max = (*c)->low.max = 2 * GS_TEXT_LINE;
	return true;
}

/* Whether s is a line in a code that is not read, such as base32 or base85:
 * long, without blanks, with many different characters, some of which base64
 * does not have, or none of those that only base64 has. */
static bool
is_strange(struct gs_span s)
{
	enum { MANY = 20 };
	bool seen[256] = { false };
	size_t kinds = 0, digits = run_of(s, true), plain = 0;

	if (s.n < WIDE || gs_span_chr(s, ' ') != NULL)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (gs_text_is_uuid(gs_span_skip(s, i)))
			return false;
		kinds += !seen[(unsigned char)s.p[i]];
		seen[(unsigned char)s.p[i]] = true;
		plain += (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		    (s.p[i] >= '2' && s.p[i] <= '7');
	}
	return kinds >= MANY && (digits < s.n || plain == s.n);
}

/* Whether s has words in no character set that is read: many of its octets are
 * not UTF-8. */
static bool
is_foreign(struct gs_span s)
{
	const size_t all = s.n;
	size_t bad = 0;
	uint32_t cp;

	if (all < NOISE || !gs_text_is_odd(s))
		return false;
	while (s.n > 0) {
		size_t n = gs_utf8_length(s, &cp);
		bad += n == 0;
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
	return bad > all / 4;
}

/* Whether s is a line in a code that is not read, such as base85: upper and
 * lower case follow each other by chance, and there are more kinds of signs
 * than in an object of JSON or a URL. */
static bool
is_random(struct gs_span s)
{
	enum { CHANGES = 16, SIGNS = 12 };
	bool seen[256] = { false };
	size_t changes = 0, signs = 0;

	if (s.n < NOISE || gs_span_chr(s, ' ') != NULL)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];
		signs += !gs_is_alnum(c) && !seen[(unsigned char)c];
		seen[(unsigned char)c] = true;
		changes += i > 0 && gs_is_alpha(c) && gs_is_alpha(s.p[i - 1]) &&
		    ((c ^ s.p[i - 1]) & 0x20) != 0;
	}
	return changes > s.n / CHANGES && signs >= SIGNS;
}

/* Whether there are blanks between all characters of s, as on a console that
 * takes UTF-16 for another character set. */
static bool
is_spaced(struct gs_span s)
{
	size_t letters = 0;

	if (s.n < SPACED)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (i > 0 && s.p[i] != ' ' && s.p[i - 1] != ' ')
			return false;
		letters += gs_is_alpha(s.p[i]);
	}
	return letters >= LETTERS;
}

/* Whether consecutive lines have a letter and "=" at the same column, with
 * several letters, like those of an SDP. An XML attribute has quotes. */
static bool
are_fields(struct text_coded *c, struct gs_span s, bool next)
{
	const size_t at = gs_span_find(s, GS_LIT("="));
	const bool field = at > 0 && at + 1 < s.n && gs_is_alpha(s.p[at - 1]) &&
	    (at == 1 || s.p[at - 2] == ' ') && s.p[at + 1] != '"' &&
	    s.p[at + 1] != '\'';
	const char letter = field ? s.p[at - 1] : '\0';

	if (!field || !next || at != c->column)
		c->fields = c->letters = 0;
	c->letters += c->fields == 0 || letter != c->letter;
	c->fields += field;
	c->column = at;
	c->letter = letter;
	if (c->fields < FIELDS || c->letters < LETTERS)
		return false;
	c->fields = c->letters = 0;
	return true;
}

/* Counts lines in an unknown code that follow each other and are equally
 * long. */
static void
look_at_strange(struct gs_text_reader *t, const struct gs_sdp_line *l,
    struct gs_span s, bool next)
{
	struct text_coded *c = t->coded;
	/* The lines of a list begin alike. */
	bool same = next && s.n == c->width &&
	    memcmp(c->begin, s.p, sizeof(c->begin)) != 0;

	c->width = is_strange(s) ? s.n : 0;
	if (c->width > 0)
		memcpy(c->begin, s.p, sizeof(c->begin));
	c->alike = c->width == 0 ? 0 : same ? c->alike + 1 : 1;
	if (c->alike == ALIKE || are_fields(c, s, next) || is_foreign(s) ||
	    is_random(s) || is_spaced(s))
		gs_text_gap(t, GS_GAP_CODED, l);
}

static void
clear(struct text_coded *c)
{
	gs_buf_clear(&c->text);
	gs_buf_clear(&c->low);
}

/* Decodes s, a line without blanks around it, in any of the codes. */
static void
put_line(struct text_coded *c, struct gs_span s, bool next)
{
	const size_t before = c->text.n;
	const struct gs_span whole = s;

	c->padded = s.p[s.n - 1] == '=';
	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	put_numbers(&c->text, s);
	for (struct gs_span x = s; x.n > 0 && c->text.n == before;
	     x = gs_span_skip(x, begin_of_dump(x))) {
		put_dump(&c->text, x, false);
		put_dump(&c->low, x, true);
		if (c->text.n == before)
			put_cells(&c->text, x);
	}
	if (c->text.n == before)
		put_uu(&c->text, whole);
	if (c->text.n == before)
		put_runs(c, s, next);
}

/* Looks at s, the line at pos without blanks around it. */
static void
look_at(struct gs_text_reader *t, struct text_coded *c, struct gs_span s,
    struct gs_pos pos)
{
	const bool next = pos.line - c->line <= 1 && c->text.n > 0;
	const size_t before = next ? c->text.n : 0;

	if (!next) {
		clear(c);
		c->first = pos;
	}
	c->line = pos.line;
	c->at = s.p;
	const int octet = octet_of(s);
	if (octet >= 0) {
		gs_buf_putc(&c->text, octet);
		/* The rest of its line follows. */
		if (octet != '\n' && c->text.n % KEEP != 0)
			return;
	} else {
		put_line(c, s, next);
	}
	t->no_memory |= !gs_buf_ok(&c->text) || !gs_buf_ok(&c->low);
	if (c->text.n == before)
		c->told = false;
	bool packed = before == 0 && is_packed(gs_buf_span(&c->text));
	if (c->text.n > before &&
	    (packed || look(t, &c->text) || look(t, &c->low)) && !c->told) {
		c->told = true;
		gs_text_gap(t, GS_GAP_CODED,
		    &(struct gs_sdp_line){ .pos = c->first });
	}
	if (c->told || c->text.n == before)
		clear(c);
}

/* Looks at s, the line at pos, as it is without its escapes. */
static void
look_inside(struct gs_text_reader *t, struct text_coded **c, struct gs_span s,
    struct gs_pos pos)
{
	enum { DEPTH = 3 };
	struct gs_buf b;

	if (!need(t, c))
		return;
	gs_buf_init(&b, GS_TEXT_LINE);
	t->no_memory |= !gs_text_decode(s, &b);
	for (int i = 1; i < DEPTH && gs_buf_ok(&b) &&
	     gs_text_escape(gs_buf_span(&b)) < b.n;
	     i++)
		b.n = gs_text_unescape(gs_buf_span(&b), (char *)b.p);
	s = gs_buf_ok(&b) ? gs_buf_span(&b) : gs_span(NULL, 0);
	for (struct gs_span line; gs_span_line(&s, &line);) {
		line = gs_span_trim(line);
		line.n -= gs_span_ends(line, GS_LIT("\r"));
		if (line.n > 0)
			look_at(t, *c, line, pos);
	}
	gs_buf_free(&b);
}

/* Whether s has an escape beside what may be in base64 or hexadecimal. */
static bool
has_inside(struct gs_span s)
{
	return s.n >= RUN && gs_text_escape(s) < s.n;
}

static void
look_around(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_span s = gs_span_trim(l->text);
	struct text_coded *c;

	if (s.n == 0 || !need(t, &t->coded))
		return;
	c = t->coded;
	if (c->line == l->pos.line && c->at == s.p)
		return;
	look_at_strange(t, l, s, l->pos.line - c->line <= 1);
	look_at(t, c, s, l->pos);
	if (!c->told && has_inside(s))
		look_inside(t, &c->inner, s, l->pos);
}

void
gs_text_beside(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	const struct gs_span media = GS_LIT(" name and address (m)");
	const struct gs_span layer = GS_LIT("Session Initiation Protocol (");

	if (gs_span_has(l->text, media) || gs_span_has(l->text, layer))
		gs_text_gap(t, GS_GAP_TSHARK, l);
	else if (gs_text_may_matter(t, l->text))
		gs_text_gap(t, GS_GAP_LINE, l);
	else
		look_around(t, l);
}

void
gs_text_untaken(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	t->others = true;
	gs_text_beside(t, l);
}

void
gs_text_coded_free(struct text_coded *c)
{
	for (struct text_coded *inner; c != NULL; c = inner) {
		inner = c->inner;
		gs_buf_free(&c->text);
		gs_buf_free(&c->low);
		explicit_bzero(c, sizeof(*c));
		free(c);
	}
}
