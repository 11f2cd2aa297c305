/* SPDX-License-Identifier: MIT */
/* Removes the escapes of other formats from a text. */
#include "base/bytes.h"
#include "text/harvest.h"

/* The value of n hexadecimal digits at the beginning of s, or -1. */
static int
hex(struct gs_span s, size_t n)
{
	int v = 0;

	if (s.n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int d = gs_hex_value(s.p[i]);

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/* "&NAME;" or "&#NUMBER;" for ASCII. Returns its length, or 0. */
static size_t
entity(struct gs_span s, char *c)
{
	static const struct {
		struct gs_span name;
		char c;
	} names[] = { { { "&quot;", 6 }, '"' }, { { "&apos;", 6 }, '\'' },
		{ { "&amp;", 5 }, '&' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' }, { { "&nbsp;", 6 }, ' ' },
		{ { "&equals;", 8 }, '=' }, { { "&colon;", 7 }, ':' },
		{ { "&sol;", 5 }, '/' }, { { "&plus;", 6 }, '+' } };
	unsigned v = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (gs_span_starts(s, names[i].name)) {
			*c = names[i].c;
			return names[i].name.n;
		}
	if (s.n < 4 || s.p[1] != '#')
		return 0;
	bool is_hex = (s.p[2] | 32) == 'x';
	size_t at = is_hex ? 3 : 2;

	for (; at < s.n && v < 128 && gs_hex_value(s.p[at]) >= 0; at++)
		v = v * (is_hex ? 16 : 10) + (unsigned)gs_hex_value(s.p[at]);
	if (at == s.n || s.p[at] != ';' || v == 0 || v > 127)
		return 0;
	*c = (char)v;
	return at + 1;
}

size_t
gs_text_backslash(struct gs_span s, char *c)
{
	static const char name[] = "nrt0", octet[] = "\n\r\t";
	size_t digits = s.n < 2 ? 0 : s.p[1] == 'x' ? 2 : s.p[1] == 'u' ? 4 : 0;
	int v = digits > 0 ? hex(gs_span(s.p + 2, s.n - 2), digits) : -1;

	*c = s.p[0];
	if (s.n < 2)
		return 1;
	if (gs_span_starts(s, GS_LIT("\\012")) ||
	    gs_span_starts(s, GS_LIT("\\015"))) {
		*c = s.p[3] == '2' ? '\n' : '\r';
		return 4;
	}
	if (v >= 0 && (digits == 2 || (v > 0 && v < 128))) {
		*c = (char)v;
		return 2 + digits;
	}
	const char *at = memchr(name, s.p[1], sizeof(name) - 1);

	*c = at != NULL ? octet[at - name] : s.p[1];
	return 2;
}

size_t
gs_text_escape_at(struct gs_span s, char *c)
{
	int v = s.n >= 3 ? hex(gs_span(s.p + 1, 2), 2) : -1;
	size_t n = 0;

	*c = s.p[0];
	switch (s.p[0]) {
	case '%':
		if (v >= 0) {
			*c = (char)v;
			return 3;
		}
		break;
	case '=':
		if (v == '=' || v == '+' || v == '/') {
			*c = (char)v;
			return 3;
		}
		break;
	case '&': n = entity(s, c); break;
	case '\\': return gs_text_backslash(s, c);
	case '#':
		if (gs_span_starts(s, GS_LIT("#012")) ||
		    gs_span_starts(s, GS_LIT("#015"))) {
			*c = s.p[3] == '2' ? '\n' : '\r';
			return 4;
		}
		break;
	default: break;
	}
	return n > 0 ? n : 1;
}

size_t
gs_text_escape(struct gs_span s)
{
	char c;

	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '%':
		case '=':
		case '&':
		case '\\':
		case '#':
			if (gs_text_escape_at(gs_span(s.p + i, s.n - i), &c) >
			    1)
				return i;
			break;
		default: break;
		}
	return s.n;
}

size_t
gs_text_unescape(struct gs_span s, char *out)
{
	size_t n = 0;

	while (s.n > 0) {
		size_t k = gs_text_escape(s);

		memmove(out + n, s.p, k);
		n += k;
		s = gs_span(s.p + k, s.n - k);
		k = s.n > 0 ? gs_text_escape_at(s, &out[n++]) : 0;
		s = gs_span(s.p + k, s.n - k);
	}
	return n;
}

/* Forms write "+" for a blank and "%2B" for "+". A word of a form has no %20,
 * and ":" or "/" escaped. */
static void
plus(char *p, size_t n)
{
	size_t at = 0;

	while (at < n) {
		const char *blank = memchr(p + at, ' ', n - at);
		size_t end = blank != NULL ? (size_t)(blank - p) : n;
		struct gs_span word = gs_span(p + at, end - at);
		bool form = gs_span_find(word, GS_LIT("%20")) == word.n &&
		    (gs_span_find(word, GS_LIT("%3")) < word.n ||
			gs_span_find(word, GS_LIT("%2F")) < word.n);
		for (; at < end; at++)
			if (form && p[at] == '+')
				p[at] = ' ';
		at = end + 1;
	}
}

bool
gs_text_decode(struct gs_span s, struct gs_buf *b)
{
	gs_buf_clear(b);
	gs_buf_put(b, s.p, s.n);
	if (!gs_buf_ok(b))
		return false;
	if (memchr(b->p, '+', b->n) != NULL && memchr(b->p, '%', b->n) != NULL)
		plus((char *)b->p, b->n);
	b->n = gs_text_unescape(gs_buf_span(b), (char *)b->p);
	return true;
}
