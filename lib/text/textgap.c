/* SPDX-License-Identifier: MIT */
/* What a text holds and no part of the reader took. */
#include "text/textsrc_priv.h"

void
gs_text_gap(struct gs_text_reader *t, enum gs_text_gap_kind kind,
    const struct gs_sdp_line *l)
{
	if (t->sink.gap != NULL)
		t->sink.gap(t->sink.arg,
		    &(struct gs_text_gap){ .kind = kind, .line = *l });
}

void
gs_text_untaken(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	const struct gs_span media = GS_LIT("name and address (m): ");

	t->others = true;
	if (gs_span_find(l->text, media) < l->text.n)
		gs_text_gap(t, GS_GAP_TSHARK, l);
	else if (gs_text_matters(l->text))
		gs_text_gap(t, GS_GAP_LINE, l);
}
