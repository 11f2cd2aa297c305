/* SPDX-License-Identifier: MIT */
/* The text in a part of a mail whose header says that it is in base64 (RFC 2045
 * section 6.8): an attached log. Other bodies in base64 are only searched for
 * evidence. */
#include "text/mime_priv.h"

#include <stdlib.h>

#include "base/file.h"
#include "text/reader_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"
#include "text/unpack.h"

enum { WIDEST = 76, DECODED = 57 };

struct text_mime {
	bool announced; /* the current header announces base64 */
	bool open; /* its body is being read */
	size_t width; /* length of the first line of the body */
	struct gs_buf text; /* the text of a line that has not ended */
};

void
gs_text_mime_free(struct text_mime *m)
{
	if (m != NULL)
		gs_buf_free(&m->text);
	free(m);
}

/* Whether the field s says that the body is in base64. */
static bool
announces(struct gs_span s)
{
	const struct gs_span name = GS_LIT("Content-Transfer-Encoding:");

	return gs_span_begins(s, name) &&
	    gs_span_eqcase(gs_span_trim(gs_span_skip(s, name.n)),
		GS_LIT("base64"));
}

/* Decodes a line of base64 into out. Returns the number of octets; 0: it is
 * none. */
static size_t
decode(struct gs_span s, uint8_t out[DECODED])
{
	size_t n, at;

	if (s.n == 0 || s.n > WIDEST || s.n % 4 != 0)
		return 0;
	return gs_base64_decode(s, out, DECODED, &n, &at) == GS_BASE64_OK ? n :
									    0;
}

/* Whether octets are text: an image, or a packed file, is not. */
static bool
is_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < ' ' && strchr("\t\n\r\033", p[i]) == NULL)
			return false;
	return memchr(p, '\0', n) == NULL;
}

/* Whether octets begin a compressed file or an archive, whose text is not
 * read. */
static bool
is_packed(struct gs_span s)
{
	static const struct gs_span archives[] = { GS_LIT("PK\3\4"),
		GS_LIT("7z\xbc\xaf"), GS_LIT("Rar!\x1a") };
	const char *cat;

	if (gs_file_packer(s, &cat) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(archives) / sizeof(archives[0]); i++)
		if (gs_span_starts(s, archives[i]))
			return true;
	return false;
}

static void
give(struct gs_text_reader *t, struct gs_span s, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct gs_sdp_line x = *l;

	/* The text was not broken where the base64 was. */
	t->before = s.n;
	(void)gs_text_record_lines(t, s, &x, to);
}

/* Passes on the lines that are complete; all: the last one as well. */
static void
give_lines(struct gs_text_reader *t, const struct gs_sdp_line *l, bool all,
    const struct text_record_to *to)
{
	struct gs_buf *b = &t->mime->text;
	struct gs_span s = gs_buf_span(b);
	size_t n;

	while ((n = gs_span_find(s, GS_LIT("\n"))) < s.n) {
		give(t, gs_span(s.p, n + 1), l, to);
		s = gs_span_skip(s, n + 1);
	}
	if (all && s.n > 0)
		give(t, s, l, to);
	b->n = all ? 0 : s.n;
	if (b->n > 0)
		memmove(b->p, s.p, b->n);
}

static void
end(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	give_lines(t, l, true, to);
	to->end(t);
	t->mime->open = false;
}

/* Takes a line of the header, or the first one of the body. Returns whether it
 * is of the body, and the body is text. */
static bool
begins(struct gs_text_reader *t, struct text_mime *m,
    const struct gs_sdp_line *l)
{
	uint8_t octets[DECODED];
	const struct gs_span s = l->text;
	size_t n = decode(s, octets);

	if (n == 0) {
		m->announced = gs_text_is_blank(s) || text_indent(s) > 0 ||
		    gs_span_chr(s, ':') != NULL;
		return false;
	}
	m->announced = false;
	const bool wide = gs_text_unpack_is(gs_span(octets, n));
	m->open = is_text(octets, n) && !wide;
	m->width = s.n;
	if (wide || (!m->open && is_packed(gs_span(octets, n))))
		gs_text_gap(t, GS_GAP_CODED, l);
	explicit_bzero(octets, sizeof(octets));
	return m->open;
}

bool
gs_text_mime_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_mime *m = t->mime;
	uint8_t octets[DECODED];

	if (t->sink.rest != NULL || t->forced == GS_TEXT_SDP)
		return false;
	if ((m == NULL || !m->announced) && announces(l->text)) {
		if (text_need(t, &t->mime, sizeof(*t->mime)) && !t->mime->open)
			t->mime->announced = true;
		return false;
	}
	if (m == NULL || (!m->open && (!m->announced || !begins(t, m, l))))
		return false;
	size_t n = decode(l->text, octets);
	if (n == 0) {
		end(t, l, to);
		return false;
	}
	const bool last = l->text.n < m->width || n % 3 != 0;
	const bool ends = memchr(octets, '\n', n) != NULL;
	m->text.max = GS_TEXT_LINE;
	if (n > m->text.max - m->text.n)
		give_lines(t, l, true, to);
	gs_buf_put(&m->text, octets, n);
	explicit_bzero(octets, sizeof(octets));
	t->no_memory |= !gs_buf_ok(&m->text);
	if (ends || last)
		give_lines(t, l, last, to);
	return true;
}

void
gs_text_mime_end(struct gs_text_reader *t, const struct text_record_to *to)
{
	if (t->mime != NULL && t->mime->open)
		end(t, &(struct gs_sdp_line){ .pos = { t->line, 1 } }, to);
}
