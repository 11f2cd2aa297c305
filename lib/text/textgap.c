/* SPDX-License-Identifier: MIT */
/* Reports the text that no part of the reader took. */
#include "text/textgap_priv.h"

#include "text/align_priv.h"
#include "text/harvest.h"
#include "text/reader_priv.h"
#include "text/textline_priv.h"

/* Output of tshark -V is reported once, not for each line. All lines are
 * indented except the first of a layer. */
static bool
is_told(struct gs_text_reader *t, enum gs_text_gap_kind kind,
    const struct gs_sdp_line *l)
{
	bool told = t->tshark;

	t->tshark |= kind == GS_GAP_TSHARK;
	if (kind == GS_GAP_LINE)
		return told &&
		    (l->pos.col > 1 || (l->text.n > 0 && *l->text.p == ' '));
	return kind == GS_GAP_TSHARK && told;
}

void
gs_text_gap(struct gs_text_reader *t, enum gs_text_gap_kind kind,
    const struct gs_sdp_line *l)
{
	struct gs_text_gap g = { .kind = kind, .line = *l };
	struct gs_span first = l->text;

	if (t->sink.gap == NULL || is_told(t, kind, l))
		return;
	first.n = first.n < TEXT_UUID ? first.n : TEXT_UUID;
	memcpy(g.when, t->when, sizeof(g.when));
	memcpy(g.id, t->about, sizeof(g.id));
	if (gs_text_is_uuid(first))
		gs_text_copy(g.id, sizeof(g.id), first);
	t->sink.gap(t->sink.arg, &g);
}

bool
gs_text_may_matter(struct gs_text_reader *t, struct gs_span s)
{
	enum { DEPTH = 3 };
	struct gs_buf b;
	bool found = gs_text_matters(s);

	if (found || gs_text_escape(s) == s.n)
		return found;
	gs_buf_init(&b, GS_TEXT_LINE);
	t->no_memory |= !gs_text_decode(s, &b);
	for (int i = 0; i < DEPTH && !found && gs_buf_ok(&b); i++) {
		found = gs_text_matters(gs_buf_span(&b));
		b.n = gs_text_unescape(gs_buf_span(&b), (char *)b.p);
	}
	gs_buf_free(&b);
	return found;
}
