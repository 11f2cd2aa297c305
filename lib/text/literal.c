/* SPDX-License-Identifier: MIT */
/* Octets as programs write them. */
#include "text/literal.h"

#include <stdbool.h>

#include "base/bytes.h"

enum { FEWEST = 4 };

/* Takes up to most digits of base off s. False: there are none, or they are no
 * octet. */
static bool
take_digits(struct gs_span *s, int base, size_t most, unsigned *v)
{
	size_t n = 0;
	int digit;

	*v = 0;
	while (n < most && n < s->n && (digit = gs_hex_value(s->p[n])) >= 0 &&
	    digit < base) {
		*v = *v * (unsigned)base + (unsigned)digit;
		n++;
	}
	*s = gs_span_skip(*s, n);
	return n > 0 && *v <= 255;
}

/* Takes a number off s whose base its prefix tells. */
static bool
take_prefixed(struct gs_span *s, unsigned *v)
{
	static const struct gs_span prefixes[] = { { "&H", 2 }, { "$", 1 },
		{ "16#", 3 } };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (gs_span_take(s, prefixes[i]))
			return take_digits(s, 16, 2, v);
	return gs_span_take(s, GS_LIT("\\x{")) && take_digits(s, 16, 2, v) &&
	    gs_span_take(s, GS_LIT("}"));
}

/* Takes a number off s that its suffix marks: 0F1h, 0xF1u, 241u8. */
static bool
take_suffixed(struct gs_span *s, unsigned *v)
{
	struct gs_span was = *s;

	if (gs_span_take(s, GS_LIT("0x")))
		return take_digits(s, 16, 2, v) &&
		    (gs_span_take(s, GS_LIT("u8")) ||
			gs_span_take(s, GS_LIT("u")) ||
			gs_span_take(s, GS_LIT("U")));
	if (take_digits(s, 10, 3, v) &&
	    (gs_span_take(s, GS_LIT("u8")) || gs_span_take(s, GS_LIT("u"))))
		return true;
	*s = was;
	return take_digits(s, 16, 3, v) &&
	    (gs_span_take(s, GS_LIT("h")) || gs_span_take(s, GS_LIT("H")));
}

/* Takes a number off s, which a cast marks. */
static bool
take_marked(struct gs_span *s, unsigned *v)
{
	bool cast = gs_span_take(s, GS_LIT("(byte)"));
	bool braces = gs_span_take(s, GS_LIT("std::byte{"));

	if (!cast && !braces)
		return false;
	while (gs_span_take(s, GS_LIT(" ")))
		;
	if (gs_span_take(s, GS_LIT("0x")))
		return take_digits(s, 16, 2, v) &&
		    (!braces || gs_span_take(s, GS_LIT("}")));
	bool minus = gs_span_take(s, GS_LIT("-"));
	if (!take_digits(s, 10, 3, v) ||
	    (braces && !gs_span_take(s, GS_LIT("}"))))
		return false;
	*v = (minus ? 256 - *v : *v) & 0xff;
	return true;
}

/* The length of the octet that s begins with; 0: it begins with none. */
static size_t
octet(struct gs_span s, unsigned *v)
{
	bool (*const forms[])(struct gs_span * s,
	    unsigned *v) = { take_prefixed, take_suffixed, take_marked };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct gs_span rest = s;

		if (forms[i](&rest, v) &&
		    (rest.n == 0 || !gs_is_alnum(rest.p[0])))
			return s.n - rest.n;
	}
	return 0;
}

/* Whether an octet may stand here: most lines have none at all. */
static inline bool
may_begin(struct gs_span line, size_t at)
{
	char c = line.p[at];
	bool number =
	    gs_hex_value(c) >= 0 && (at == 0 || !gs_is_alnum(line.p[at - 1]));

	return number || c == '&' || c == '$' || c == '\\' || c == '(' ||
	    c == 's';
}

/* The directive of an assembler before the first octet is none itself. */
static bool
is_directive(struct gs_span s)
{
	s = gs_span_trim(s);
	return gs_span_eq(s, GS_LIT("db")) || gs_span_eq(s, GS_LIT("DB"));
}

/* Whether the end of the line allows octets before it: a log has many lines,
 * and few of them are looked at. */
static bool
may_hold(struct gs_span line)
{
	static const struct gs_span marks[] = { { "&H", 2 }, { "$", 1 },
		{ "16#", 3 }, { "\\x", 2 }, { "byte)", 5 }, { "byte{", 5 } };
	size_t n = line.n;

	while (n > 0 && memchr(" \t\r,;:.)]}>'\"\\", line.p[n - 1], 14) != NULL)
		n--;
	if (n < 2)
		return false;
	if (strchr("hHuU", line.p[n - 1]) != NULL ||
	    (line.p[n - 2] == 'u' && line.p[n - 1] == '8'))
		return gs_hex_value(line.p[n - 2]) >= 0 || line.p[n - 2] == 'u';
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) &&
	     gs_hex_value(line.p[n - 1]) >= 0;
	     i++)
		if (gs_span_find(line, marks[i]) < line.n)
			return true;
	return false;
}

/* Writes the octet v that stands there as s. Only casts of decimal numbers
 * stand among others without a mark, and stay decimal. Returns the length. */
static size_t
put_octet(char *out, struct gs_span s, uint8_t v)
{
	size_t n = 0;

	if (s.p[0] != '(' || gs_span_find(s, GS_LIT("0x")) < s.n) {
		gs_hex_put(out, &v, 1, false);
		return 2;
	}
	for (unsigned unit = v >= 100 ? 100 :
		 v >= 10              ? 10 :
					1;
	     unit > 0; unit /= 10)
		out[n++] = (char)('0' + v / unit % 10);
	return n;
}

size_t
gs_text_literals(struct gs_span line, char *out)
{
	size_t n = 0, found = 0;
	unsigned v;

	if (!may_hold(line))
		return 0;
	for (size_t at = 0; at < line.n;) {
		size_t k =
		    may_begin(line, at) ? octet(gs_span_skip(line, at), &v) : 0;

		if (k == 0) {
			out[n++] = line.p[at++];
			continue;
		}
		if (found++ == 0 && is_directive(gs_span(out, n)))
			n = 0;
		n += put_octet(out + n, gs_span(line.p + at, k), (uint8_t)v);
		at += k;
	}
	return found < FEWEST ? 0 : n;
}
