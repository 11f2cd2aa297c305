/* SPDX-License-Identifier: MIT */
/* Text in XML (XML 1.0, section 2), safe for any bytes. */
#include "base/xml.h"

static const char *
reference(uint8_t c)
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

/* U+FFFE and U+FFFF are no characters of XML. */
void
gs_xml_put(struct gs_buf *b, struct gs_span text)
{
	struct gs_buf shown;

	gs_buf_init(&shown, 4 * text.n + 1);
	gs_buf_put_visible(&shown, text);
	for (size_t i = 0; i < shown.n; i++) {
		const uint8_t *p = shown.p + i;
		const char *r = reference(*p);

		if (r != NULL) {
			gs_buf_puts(b, r);
		} else if (*p == 0xef && p[1] == 0xbf && p[2] >= 0xbe) {
			gs_buf_putc(b, '?');
			i += 2;
		} else {
			gs_buf_putc(b, *p);
		}
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
