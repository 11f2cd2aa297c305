/* SPDX-License-Identifier: MIT */
/* Octets in strings, and in words of URLs. */
#include "text/literal.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "text/harvest.h"

/* Reads an octet in up to most digits of base at the beginning of s. Returns
 * their number; 0: it is none. */
static size_t
take_octet(struct gs_span s, int base, size_t most, unsigned *v)
{
	size_t n = 0;

	*v = 0;
	while (n < most && n < s.n) {
		int digit = gs_hex_value(s.p[n]);

		if (digit < 0 || digit >= base ||
		    *v * (unsigned)base + (unsigned)digit > 255)
			break;
		*v = *v * (unsigned)base + (unsigned)digit;
		n++;
	}
	return n;
}

/* Reads the escape at the beginning of s that gives an octet as a number.
 * Returns its length; 0: it has no number. */
static size_t
numbered(struct gs_span s, enum gs_text_string kind, unsigned *v)
{
	struct gs_span digits = gs_span_skip(s, 2);
	size_t n;

	if (kind == GS_TEXT_STRING_URL) {
		n = s.p[0] == '%' ? take_octet(gs_span_skip(s, 1), 16, 2, v) :
				    0;
		return n == 2 ? 3 : 0;
	}
	if (s.n < 2 || s.p[0] != '\\')
		return 0;
	if (s.p[1] == 'x') {
		n = take_octet(digits, 16, 2, v);
		return n > 0 ? n + 2 : 0;
	}
	if (s.p[1] == 'u') {
		n = take_octet(digits, 16, 4, v);
		return n == 4 ? 6 : 0;
	}
	n = take_octet(gs_span_skip(s, 1),
	    kind == GS_TEXT_STRING_DECIMAL ? 10 : 8, 3, v);
	return n > 0 ? n + 1 : 0;
}

/* Whether c may be in a word of a URL. */
static bool
in_url(char c)
{
	return gs_is_alnum(c) ||
	    (c != '\0' && strchr("%-_.~!*()/+", c) != NULL);
}

/* Whether the string continues at c; end is its quote, or '\0'. */
static bool
is_within(char c, enum gs_text_string kind, char end)
{
	return kind == GS_TEXT_STRING_URL ? in_url(c) : end == '\0' || c != end;
}

/* Reads the octet at the beginning of s, which is not empty. Returns its
 * length. */
static size_t
take_one(struct gs_span s, enum gs_text_string kind, uint8_t *out, bool *number)
{
	unsigned v;
	size_t n = numbered(s, kind, &v);
	char c = s.p[0];

	if (n > 0) {
		*out = (uint8_t)v;
		*number = true;
		return n;
	}
	n = 1;
	if (kind != GS_TEXT_STRING_URL && c == '\\')
		n = gs_text_backslash(s, &c);
	else if (kind == GS_TEXT_STRING_URL && c == '+')
		c = ' ';
	*out = (uint8_t)c;
	return n;
}

size_t
gs_text_string(struct gs_span s, enum gs_text_string kind, char end,
    struct gs_text_octets *out)
{
	size_t at = 0;

	*out = (struct gs_text_octets){ .n = 0 };
	while (at < s.n && is_within(s.p[at], kind, end) &&
	    out->n < sizeof(out->octet))
		at += take_one(gs_span_skip(s, at), kind, &out->octet[out->n++],
		    &out->numbers);
	return at;
}
