/* SPDX-License-Identifier: MIT */
/* Octets with the same text between all of them. */
#include "text/literal.h"

#include <stdbool.h>

#include "base/bytes.h"

enum {
	FEWEST = 4, /* octets in a row */
	GAP = 32, /* most characters between two of them */
	PROBES = 8, /* places in a line where octets are expected */
};

static bool
is_octet(struct gs_span s, size_t at)
{
	return at + 2 <= s.n && gs_hex_value(s.p[at]) >= 0 &&
	    gs_hex_value(s.p[at + 1]) >= 0;
}

/* Whether the gap begins with the rest of a longer number, or of a word. */
static bool
is_within(struct gs_span gap)
{
	if (gs_span_eq(gap, GS_LIT("0x")) || gs_span_eq(gap, GS_LIT("\\u00")))
		return false;
	return gs_span_while(gap, gs_is_alnum) == gap.n ||
	    gs_hex_value(gap.p[0]) >= 0 || gs_hex_value(gap.p[gap.n - 1]) >= 0;
}

/* Whether groups of digits may have this gap anyway, or it is one of references
 * in XML, which stand for a text, or of a URL. */
static bool
is_simple(struct gs_span gap)
{
	if (gs_span_has(gap, GS_LIT("&#")) || gs_span_eq(gap, GS_LIT("%")))
		return true;
	if (gap.n > 1 && gap.p[gap.n - 1] == 'x')
		gap.n -= gap.p[gap.n - 2] == '0' ? 2 : 1;
	if (gap.n == 0)
		return false;
	for (size_t i = 0; i < gap.n; i++)
		if (strchr(" \t,:;.\\-_/+", gap.p[i]) == NULL)
			return false;
	return true;
}

/* The number of octets from at on, with the same gap of this length between
 * them. */
static size_t
count(struct gs_span s, size_t at, size_t gap)
{
	const char *text = s.p + at + 2;
	size_t n = 1;

	for (at += 2; at + gap <= s.n && is_octet(s, at + gap) &&
	     memcmp(s.p + at, text, gap) == 0;
	     at += gap + 2)
		n++;
	return n;
}

/* The octets from at on: their number, and the length of their gap. */
static size_t
octets_at(struct gs_span s, size_t at, size_t *gap)
{
	bool longer = at > 0 && s.p[at - 1] >= '1' && s.p[at - 1] <= '9';

	if (longer || !is_octet(s, at))
		return 0;
	for (*gap = 1; *gap <= GAP && at + *gap + 4 <= s.n; ++*gap) {
		struct gs_span text = gs_span(s.p + at + 2, *gap);

		if (!is_octet(s, at + *gap + 2) || is_within(text) ||
		    is_simple(text))
			continue;
		size_t n = count(s, at, *gap);
		if (n >= FEWEST)
			return n;
	}
	return 0;
}

/* Whether octets are likely in s: where there are some, they are most of the
 * line. */
static bool
may_hold(struct gs_span s)
{
	size_t gap, step = s.n / PROBES;

	for (size_t i = 1; i < PROBES && s.n > FEWEST * 3; i++)
		for (size_t at = i * step;
		     at < i * step + GAP / 2 && at < (i + 1) * step; at++)
			if (octets_at(s, at, &gap) > 0)
				return true;
	return false;
}

/* The number of characters before the octet at at that are the end of its gap:
 * `8'h` of `8'hf1, 8'h7a`. */
static size_t
before(struct gs_span s, size_t at, size_t gap)
{
	size_t n = 0;

	while (n < gap && n < at && s.p[at - n - 1] == s.p[at + 1 + gap - n])
		n++;
	return n;
}

/* The number of characters after the octet that ends at end that are the
 * beginning of its gap. */
static size_t
behind(struct gs_span s, size_t end, size_t gap)
{
	size_t n = 0;

	while (
	    n < gap && end + n < s.n && s.p[end + n] == s.p[end + n - gap - 2])
		n++;
	return n;
}

size_t
gs_text_strides(struct gs_span line, char *out)
{
	size_t n = 0, at = 0, gap = 0, from = 0;
	bool found = false;

	if (!may_hold(line))
		return 0;
	while (at < line.n) {
		size_t k = octets_at(line, at, &gap);

		if (k == 0) {
			out[n++] = line.p[at++];
			continue;
		}
		size_t cut = before(line, at, gap);
		n -= cut < at - from ? cut : at - from;
		for (size_t i = 0; i < k; i++, at += gap + 2) {
			if (i > 0)
				out[n++] = ' ';
			out[n++] = line.p[at];
			out[n++] = line.p[at + 1];
		}
		at -= gap;
		at += behind(line, at, gap);
		if (n < at)
			out[n++] = ' ';
		from = at;
		found = true;
	}
	return found ? n : 0;
}
