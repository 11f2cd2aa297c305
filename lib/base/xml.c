/* SPDX-License-Identifier: MIT */
/* Text in XML (XML 1.0, section 2), safe for any bytes. */
#include "base/xml.h"

static const char *
reference(uint32_t c)
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

/* Characters beyond ASCII are written as numbers, so that the encoding does
 * not matter. U+FFFE and U+FFFF are no characters of XML. */
static void
put_character(struct gs_buf *b, uint32_t cp)
{
	const char *r = reference(cp);

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
	gs_xml_put(b, gs_span(text, strlen(text)));
	gs_buf_putc(b, '"');
}
