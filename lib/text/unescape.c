/* SPDX-License-Identifier: MIT */
/* Removes the escapes of other formats from a text. */
#include "base/bytes.h"
#include "base/xml.h"
#include "text/harvest.h"

/* An octet as three octal digits at the beginning of s, or -1. */
static int
octal(struct gs_span s)
{
	int v = 0;

	if (s.n < 3 || s.p[0] > '3')
		return -1;
	for (size_t i = 0; i < 3; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return -1;
		v = v << 3 | (s.p[i] - '0');
	}
	return v;
}

size_t
gs_text_backslash(struct gs_span s, char *c)
{
	static const char name[] = "nrtabfv0", octet[] = "\n\r\t\a\b\f\v";
	size_t digits = s.n < 2 ? 0 : s.p[1] == 'x' ? 2 : s.p[1] == 'u' ? 4 : 0;
	int v = digits > 0 && s.n - 2 >= digits ?
	    gs_hex_number(s.p + 2, digits) :
	    -1;

	*c = s.p[0];
	if (s.n < 2)
		return 1;
	int o = octal(gs_span_skip(s, 1));
	if (o >= 0) {
		*c = (char)o;
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
	enum { NO_BREAK = 0xa0 };
	const struct gs_span blank = GS_LIT("&nbsp;");
	int v = s.n >= 3 ? gs_hex_number(s.p + 1, 2) : -1;
	uint32_t cp = 0;
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
	case '&':
		if (gs_span_starts(s, blank)) {
			*c = ' ';
			return blank.n;
		}
		n = gs_xml_get(s, &cp);
		cp = cp == NO_BREAK ? ' ' : cp;
		if (n == 0 || cp > 127)
			return 1;
		*c = (char)cp;
		return n;
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
			if (gs_text_escape_at(gs_span_skip(s, i), &c) > 1)
				return i;
			break;
		default: break;
		}
	return s.n;
}

/* Whether c is an octet that no text has. */
static bool
is_binary(char c)
{
	return (uint8_t)c >= 0x7f ||
	    ((uint8_t)c < ' ' && c != '\t' && c != '\n' && c != '\r');
}

/* Whether s begins with \u00NN for a control character of Latin-1. */
static bool
is_control(struct gs_span s)
{
	int v = s.n >= 6 && s.p[1] == 'u' ? gs_hex_number(s.p + 2, 4) : -1;

	return (v >= 0 && v < ' ' && v != '\t' && v != '\n' && v != '\r') ||
	    (v >= 0x7f && v < 0xa0);
}

bool
gs_text_is_octets(struct gs_span s)
{
	bool control = false;

	for (const char *p; (p = gs_span_chr(s, '\\')) != NULL;) {
		char c;

		s.n -= (size_t)(p - s.p);
		s.p = p;
		size_t k = gs_text_backslash(s, &c);
		if ((k == 4 && is_binary(c)) || (control && is_control(s)))
			return true;
		control |= is_control(s);
		s = gs_span_skip(s, k);
	}
	return false;
}

size_t
gs_text_unescape(struct gs_span s, char *out)
{
	size_t n = 0;

	while (s.n > 0) {
		size_t k = gs_text_escape(s);

		memmove(out + n, s.p, k);
		n += k;
		s = gs_span_skip(s, k);
		k = s.n > 0 ? gs_text_escape_at(s, &out[n++]) : 0;
		s = gs_span_skip(s, k);
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
		bool form = !gs_span_has(word, GS_LIT("%20")) &&
		    (gs_span_has(word, GS_LIT("%3")) ||
			gs_span_has(word, GS_LIT("%2F")));
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
	if (s.n == 0)
		return true;
	gs_buf_put(b, s.p, s.n);
	if (!gs_buf_ok(b))
		return false;
	if (memchr(b->p, '+', b->n) != NULL && memchr(b->p, '%', b->n) != NULL)
		plus((char *)b->p, b->n);
	b->n = gs_text_unescape(gs_buf_span(b), (char *)b->p);
	return true;
}
