/* SPDX-License-Identifier: MIT */
/* Octets as programs write them. */
#include "text/literal.h"

#include <stdbool.h>

#include "base/bytes.h"

enum {
	FEWEST = 4,
	NAME = 64, /* most characters of the name of a type or a function */
};

/* Takes up to most hexadecimal digits off s. Returns false if there are none,
 * or if they are more than an octet. */
static bool
take_digits(struct gs_span *s, size_t most, unsigned *v)
{
	const size_t all = gs_span_while(*s, gs_is_hex);
	const size_t n = all < most ? all : most;

	*v = (unsigned)gs_hex_number(s->p, n);
	*s = gs_span_skip(*s, n);
	return n > 0 && *v <= 255;
}

/* Takes a number off s whose prefix shows its base. */
static bool
take_prefixed(struct gs_span *s, unsigned *v)
{
	static const struct gs_span prefixes[] = { GS_LIT("&H"), GS_LIT("$"),
		GS_LIT("16#") };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (gs_span_take(s, prefixes[i]))
			return take_digits(s, 2, v);
	return gs_span_take(s, GS_LIT("\\x{")) && take_digits(s, 2, v) &&
	    gs_span_take(s, GS_LIT("}"));
}

struct gs_span
gs_text_unsuffixed(struct gs_span s)
{
	size_t n = s.n;

	if (n > 2 && (s.p[n - 2] == 'u' || s.p[n - 2] == 'i') &&
	    (s.p[n - 1] == '8' || s.p[n - 1] == 'y'))
		n -= 2;
	while (n > 1 && strchr("uUlL", s.p[n - 1]) != NULL)
		n--;
	return n > 0 && n < s.n && gs_is_digit(s.p[0]) &&
		gs_hex_value(s.p[n - 1]) >= 0 ?
	    gs_span(s.p, n) :
	    s;
}

bool
gs_text_decimal(struct gs_span s, uint8_t *v)
{
	bool minus = s.n > 1 && gs_span_take(&s, GS_LIT("-"));
	uint64_t n;

	if (s.n > 3 || gs_span_u64(s, &n) == -1 || n > (minus ? 128 : 255))
		return false;
	*v = (uint8_t)(minus ? 256 - n : n);
	return true;
}

bool
gs_text_hex(struct gs_span s, uint8_t *v)
{
	bool marked =
	    gs_span_take(&s, GS_LIT("0x")) || gs_span_take(&s, GS_LIT("0X"));
	int n = s.n == 2 || (marked && s.n == 1) ? gs_hex_number(s.p, s.n) : -1;

	*v = (uint8_t)n;
	return n >= 0;
}

/* Takes a number off s whose suffix shows its base: 0F1h. */
static bool
take_suffixed(struct gs_span *s, unsigned *v)
{
	return take_digits(s, 3, v) &&
	    (gs_span_take(s, GS_LIT("h")) || gs_span_take(s, GS_LIT("H")));
}

/* Takes the name of a type or a function off s. */
static bool
take_name(struct gs_span *s)
{
	size_t n = 0;

	while (n < s->n && n <= NAME &&
	    (gs_is_alnum(s->p[n]) ||
		gs_span_chr(GS_LIT("_:<> "), s->p[n]) != NULL))
		n++;
	bool name =
	    n > 2 && n <= NAME && !gs_is_digit(s->p[0]) && s->p[0] != ' ';
	*s = gs_span_skip(*s, n);
	return name;
}

/* Takes a number off s that a cast marks: (byte) -15, (unsigned char)241,
 * UINT8_C(0xf1), std::byte{241}. */
static bool
take_marked(struct gs_span *s, unsigned *v)
{
	bool cast = gs_span_take(s, GS_LIT("("));
	uint8_t octet;
	size_t n = 0;

	if (!take_name(s) || s->n == 0 ||
	    gs_span_chr(cast ? GS_LIT(")") : GS_LIT("({"), *s->p) == NULL)
		return false;
	char end = *s->p == '{' ? '}' : ')';
	*s = gs_span_skip(*s, 1);
	while (gs_span_take(s, GS_LIT(" ")))
		;
	while (n < s->n && (gs_is_alnum(s->p[n]) || s->p[n] == '-'))
		n++;
	struct gs_span number = gs_text_unsuffixed(gs_span(s->p, n));
	*s = gs_span_skip(*s, n);
	if (n == 0 ||
	    !(gs_span_starts(number, GS_LIT("0x")) ?
		    gs_text_hex(number, &octet) :
		    gs_text_decimal(number, &octet)))
		return false;
	*v = octet;
	return cast || gs_span_take(s, gs_span(&end, 1));
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

/* Whether an octet may begin here: most lines have none. */
static inline bool
may_begin(struct gs_span line, size_t at)
{
	char c = line.p[at];

	return gs_is_alnum(c) ? at == 0 || !gs_is_alnum(line.p[at - 1]) :
				gs_span_chr(GS_LIT("&$\\("), c) != NULL;
}

/* The directive of an assembler before the first octet is none itself. */
static bool
is_directive(struct gs_span s)
{
	s = gs_span_trim(s);
	return gs_span_eq(s, GS_LIT("db")) || gs_span_eq(s, GS_LIT("DB"));
}

/* Whether octets may precede the end of the line: a log has many lines, few of
 * which have octets. */
static bool
may_hold(struct gs_span line)
{
	static const struct gs_span marks[] = { GS_LIT("&H"), GS_LIT("$"),
		GS_LIT("16#"), GS_LIT("\\x"), GS_LIT("("), GS_LIT("{") };
	size_t n = line.n;

	while (n > 0 && memchr(" \t\r,;:.)]}>'\"\\", line.p[n - 1], 14) != NULL)
		n--;
	if (n < 2)
		return false;
	if ((line.p[n - 1] | 32) == 'h')
		return gs_is_hex(line.p[n - 2]);
	return gs_is_hex(line.p[n - 1]) && gs_span_has_any(line, GS_ALL(marks));
}

/* Writes the octet v, which is written as s. Only casts of decimal numbers may
 * be beside numbers without a mark, and stay decimal. Returns the length. */
static size_t
put_octet(char *out, struct gs_span s, uint8_t v)
{
	size_t n = 0;

	if (s.p[0] != '(' || gs_span_has(s, GS_LIT("0x"))) {
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
	bool other = false;
	unsigned v;

	if (!may_hold(line))
		return 0;
	for (size_t at = 0; at < line.n;) {
		size_t k =
		    may_begin(line, at) ? octet(gs_span_skip(line, at), &v) : 0;

		if (k == 0) {
			other |= gs_is_alnum(line.p[at]);
			out[n++] = line.p[at++];
			continue;
		}
		if (found++ == 0 && is_directive(gs_span(out, n)))
			n = 0;
		n += put_octet(out + n, gs_span(line.p + at, k), (uint8_t)v);
		at += k;
	}
	return found < FEWEST && (found == 0 || other) ? 0 : n;
}
