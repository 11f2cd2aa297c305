/* SPDX-License-Identifier: MIT */
/* Bytes from a database as text in XML. */
#include "snom/text.h"

#include "base/xml.h"

/* Kinds of bytes: plain, written as a reference, not allowed in XML, the start
 * of a longer sequence. */
enum { PLAIN, SPECIAL, WRONG, LONG };

static unsigned
kind_of(uint8_t c)
{
	enum { W = WRONG, S = SPECIAL };
	/* In the order of ASCII. */
	/* clang-format off */
	static const uint8_t kind[128] = {
		W, W, W, W, W, W, W, W, W, S, S, W, W, S, W, W,
		W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
		['"'] = S, ['&'] = S, ['\''] = S, ['<'] = S, ['>'] = S,
		[127] = W,
	};
	/* clang-format on */
	return c < 128 ? kind[c] : LONG;
}

bool
gs_snom_text_valid(struct gs_span s, size_t *at)
{
	for (size_t i = 0; i < s.n;) {
		unsigned kind = kind_of((uint8_t)s.p[i]);
		uint32_t cp = 0;
		size_t n = 1;

		*at = i;
		if (kind == WRONG)
			return false;
		if (kind == LONG) {
			n = gs_utf8_length(gs_span_skip(s, i), &cp);
			if (n == 0 || cp < 0xa0 || cp == 0xfffe || cp == 0xffff)
				return false;
		}
		i += n;
	}
	return true;
}

static const char *
reference(char c)
{
	switch (c) {
	case '\t': return "&#9;";
	case '\n': return "&#10;";
	case '\r': return "&#13;";
	default: return gs_xml_reference((uint8_t)c);
	}
}

void
gs_snom_text_put(struct gs_buf *b, struct gs_span s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (kind_of((uint8_t)s.p[i]) != SPECIAL)
			continue;
		gs_buf_put(b, s.p + from, i - from);
		gs_buf_puts(b, reference(s.p[i]));
		from = i + 1;
	}
	gs_buf_put(b, s.p + from, s.n - from);
}

bool
gs_snom_text_put_valid(struct gs_buf *b, struct gs_span s, size_t *at)
{
	size_t i = 0;

	while (i < s.n && kind_of((uint8_t)s.p[i]) == PLAIN)
		i++;
	if (i == s.n) {
		gs_buf_put(b, s.p, s.n);
		return true;
	}
	if (!gs_snom_text_valid(s, at))
		return false;
	gs_snom_text_put(b, s);
	return true;
}

/* s begins with "&". Returns the number of bytes used. */
static size_t
decode_reference(struct gs_buf *b, struct gs_span s)
{
	uint32_t cp = '&';
	size_t n = gs_xml_get(s, &cp);

	gs_buf_put_utf8(b, cp);
	return n > 0 ? n : 1;
}

/* s begins with "<": a CDATA section or a comment. */
static size_t
decode_markup(struct gs_buf *b, struct gs_span s)
{
	struct gs_span cdata = GS_LIT("<![CDATA[");
	bool is_cdata = gs_span_starts(s, cdata);
	size_t end = gs_span_find(s, is_cdata ? GS_LIT("]]>") : GS_LIT("-->"));

	if (is_cdata)
		gs_buf_put(b, s.p + cdata.n, end - cdata.n);
	return end == s.n ? s.n : end + 3;
}

void
gs_snom_text_decode(struct gs_buf *b, struct gs_span s)
{
	while (s.n > 0) {
		size_t used = 1;
		if (s.p[0] == '&') {
			used = decode_reference(b, s);
		} else if (s.p[0] == '<') {
			used = decode_markup(b, s);
		} else if (s.p[0] == '\r') {
			gs_buf_putc(b, '\n');
			used = s.n > 1 && s.p[1] == '\n' ? 2 : 1;
		} else {
			gs_buf_putc(b, s.p[0]);
		}
		s.p += used;
		s.n -= used;
	}
}
