/* SPDX-License-Identifier: MIT */
/* Text around binary objects (RFC 7468), read leniently. */
#include "cert/armour.h"

#include "base/bytes.h"

enum { LABEL_MAX = 64 };

#define DASHES GS_LIT("-----")
#define BEGIN GS_LIT("-----BEGIN ")
#define END GS_LIT("-----END ")

static void
skip(struct gs_span *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

/* Removes the label up to its dashes from text. */
static bool
take_label(struct gs_span *text, struct gs_span *label)
{
	size_t n = gs_span_find(*text, DASHES);

	if (n == text->n || n > LABEL_MAX)
		return false;
	*label = gs_span(text->p, n);
	skip(text, n + DASHES.n);
	return gs_span_chr(*label, '\n') == NULL;
}

bool
gs_cert_armour_in(struct gs_span text)
{
	return gs_span_has(text, BEGIN);
}

bool
gs_cert_armour_next(struct gs_span *text, struct gs_cert_armour *a)
{
	struct gs_span label;

	do {
		size_t at = gs_span_find(*text, BEGIN);
		if (at == text->n)
			return false;
		skip(text, at + BEGIN.n);
	} while (!take_label(text, &a->label));
	/* The end is searched only up to the next block: a file of many blocks
	 * without ends would take forever. */
	a->body = gs_span(text->p, gs_span_find(*text, BEGIN));
	size_t end = gs_span_find(a->body, END);
	a->whole = end < a->body.n;
	a->body.n = end;
	skip(text, a->body.n);
	if (!a->whole)
		return true;
	skip(text, END.n);
	a->whole = take_label(text, &label) &&
	    gs_span_eq(gs_span_trim(label), a->label);
	return true;
}

bool
gs_cert_armour_first(struct gs_span *text, struct gs_span end,
    struct gs_cert_armour *a)
{
	while (gs_cert_armour_next(text, a))
		if (gs_span_ends(a->label, end))
			return true;
	return false;
}

int
gs_cert_armour_decode(struct gs_span s, struct gs_buf *out)
{
	size_t n = 0, at;
	struct gs_buf text;
	int r = -1;

	if (gs_span_starts(s, GS_LIT("\xef\xbb\xbf")))
		skip(&s, 3);
	gs_buf_init(&text, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		if (!gs_is_white(s.p[i]))
			gs_buf_putc(&text, (uint8_t)s.p[i]);
	uint8_t *to = gs_buf_space(out, text.n);
	if (to != NULL && gs_buf_ok(&text) && text.n > 0 &&
	    (gs_base64_decode(gs_buf_span(&text), to, text.n, &n, &at) &
		(GS_BASE64_BAD | GS_BASE64_SPACE)) == 0) {
		out->n += n;
		r = 0;
	}
	gs_buf_free(&text);
	return r;
}
