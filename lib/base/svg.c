/* SPDX-License-Identifier: MIT */
/* The elements of an SVG drawing. */
#include "base/svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xml.h"

int
gs_svg_along(uint64_t part, uint64_t all, int width)
{
	uint64_t w = (unsigned)width;

	if (part >= all)
		return all == 0 ? 0 : width;
	/* So that the product fits. */
	uint64_t unit = all / (UINT64_MAX / w) + 1;

	return (int)(part / unit * w / (all / unit));
}

void
gs_svg_put_num(FILE *fp, int v)
{
	fprintf(fp, "%s%d", v < 0 ? "-" : "", abs(v) / 10);
	if (v % 10 != 0)
		fprintf(fp, ".%d", abs(v) % 10);
}

static void
put_attr(FILE *fp, const char *a, int v)
{
	fprintf(fp, " %s=\"", a);
	gs_svg_put_num(fp, v);
	fputc('"', fp);
}

/* U+FFFE and U+FFFF, which XML 1.0 2.2 does not allow, become "?". */
void
gs_svg_put_text(FILE *fp, const char *s, size_t max)
{
	struct gs_span left = gs_span_of(s);
	uint32_t cp = 0;

	for (size_t i = 0; left.n > 0; i++) {
		size_t n = gs_utf8_length(left, &cp);

		if (n == 0)
			return;
		if (max > 0 && i + 1 == max && n < left.n) {
			fputs("\xe2\x80\xa6", fp);
			return;
		}
		if (gs_xml_reference(cp) != NULL)
			fputs(gs_xml_reference(cp), fp);
		else if (cp == 0xfffe || cp == 0xffff)
			fputc('?', fp);
		else
			fwrite(left.p, 1, n, fp);
		left = gs_span_skip(left, n);
	}
}

void
gs_svg_text(FILE *fp, int x, int y, const char *class, const char *s,
    size_t max)
{
	fputs("<text", fp);
	put_attr(fp, "x", x);
	put_attr(fp, "y", y);
	if (class[0] != '\0')
		fprintf(fp, " class=\"%s\"", class);
	fputc('>', fp);
	gs_svg_put_text(fp, s, max);
	fputs("</text>\n", fp);
}

void
gs_svg_rect(FILE *fp, const char *class, int x, int y, int w, int h)
{
	fprintf(fp, "<rect class=\"%s\"", class);
	put_attr(fp, "x", x);
	put_attr(fp, "y", y);
	put_attr(fp, "width", w);
	put_attr(fp, "height", h);
	fputs("/>\n", fp);
}

void
gs_svg_line(FILE *fp, const char *class, int x1, int y1, int x2, int y2)
{
	fprintf(fp, "<line class=\"%s\"", class);
	put_attr(fp, "x1", x1);
	put_attr(fp, "y1", y1);
	put_attr(fp, "x2", x2);
	put_attr(fp, "y2", y2);
	fputs("/>\n", fp);
}

void
gs_svg_begin(FILE *fp, int width, int height, const char *title,
    const char *style)
{
	fprintf(fp,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "role=\"img\">\n<title>",
	    width / 10, height / 10, width / 10, height / 10);
	gs_svg_put_text(fp, title, 0);
	fprintf(fp, "</title>\n%s", style);
	gs_svg_rect(fp, "page", 0, 0, width, height);
}
