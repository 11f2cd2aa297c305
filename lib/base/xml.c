/* SPDX-License-Identifier: MIT */
/* Text in XML (XML 1.0, section 2), safe for any bytes. */
#include "base/xml.h"

#include "base/bytes.h"

/* Octets of a reference, with zeros before its number. */
enum { LONGEST = 16 };

const char *
gs_xml_reference(uint32_t c)
{
	switch (c) {
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '&': return "&amp;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* Characters beyond ASCII are written as numbers, so that the encoding does not
 * matter. U+FFFE and U+FFFF are not characters of XML. */
static void
put_character(struct gs_buf *b, uint32_t cp)
{
	const char *r = gs_xml_reference(cp);

	if (r != NULL)
		gs_buf_puts(b, r);
	else if (cp >= 0x80)
		gs_buf_printf(b, "&#%lu;",
		    (unsigned long)((cp & 0xfffe) == 0xfffe ? 0xfffd : cp));
	else
		gs_buf_putc(b, (int)cp);
}

void
gs_xml_put(struct gs_buf *b, struct gs_span text)
{
	struct gs_buf shown;
	uint32_t cp = 0;

	gs_buf_init(&shown, 4 * text.n + 1);
	gs_buf_put_visible(&shown, text);
	struct gs_span rest = gs_buf_span(&shown);
	while (rest.n > 0) {
		size_t n = gs_utf8_length(rest, &cp);

		put_character(b, cp);
		rest.p += n;
		rest.n -= n;
	}
	b->failed |= !gs_buf_ok(&shown);
	gs_buf_free(&shown);
}

void
gs_xml_attr(struct gs_buf *b, const char *name, const char *text)
{
	gs_buf_printf(b, " %s=\"", name);
	gs_xml_put(b, gs_span_of(text));
	gs_buf_putc(b, '"');
}

/* The character of "#65" or "#x41"; 0: none. */
static uint32_t
numbered(struct gs_span name)
{
	bool hex = name.n > 1 && (name.p[1] | 32) == 'x';
	uint32_t base = hex ? 16 : 10, cp = 0;

	for (size_t i = hex ? 2 : 1; i < name.n; i++) {
		int digit = gs_hex_value(name.p[i]);

		if (digit < 0 || (uint32_t)digit >= base || cp > 0x10ffff)
			return 0;
		cp = cp * base + (uint32_t)digit;
	}
	return cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) ? 0 : cp;
}

static uint32_t
named(struct gs_span name)
{
	static const struct {
		struct gs_span name;
		char c;
	} known[] = { { { "amp", 3 }, '&' }, { { "lt", 2 }, '<' },
		{ { "gt", 2 }, '>' }, { { "quot", 4 }, '"' },
		{ { "apos", 4 }, '\'' }, { { "nbsp", 4 }, ' ' },
		{ { "equals", 6 }, '=' }, { { "colon", 5 }, ':' },
		{ { "sol", 3 }, '/' }, { { "plus", 4 }, '+' } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (gs_span_eq(name, known[i].name))
			return (uint8_t)known[i].c;
	return 0;
}

size_t
gs_xml_get(struct gs_span s, uint32_t *cp)
{
	size_t most = s.n < LONGEST ? s.n : LONGEST;
	const char *end =
	    s.n > 0 && *s.p == '&' ? memchr(s.p, ';', most) : NULL;

	if (end == NULL)
		return 0;
	struct gs_span name = gs_span(s.p + 1, (size_t)(end - s.p) - 1);
	uint32_t c =
	    name.n > 0 && *name.p == '#' ? numbered(name) : named(name);

	if (c == 0)
		return 0;
	*cp = c;
	return name.n + 2;
}
