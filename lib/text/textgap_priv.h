/* SPDX-License-Identifier: MIT */
/* Lines that could not be read, and that may matter. */
#ifndef GSPROV_TEXT_TEXTGAP_PRIV_H
#define GSPROV_TEXT_TEXTGAP_PRIV_H

#include "text/sink.h"

struct gs_text_reader;

/* Reports l as a gap. */
void gs_text_gap(struct gs_text_reader *t, enum gs_text_gap_kind kind,
    const struct gs_sdp_line *l);

/* Whether s matters as it is, or under the escapes of other formats. */
bool gs_text_may_matter(struct gs_text_reader *t, struct gs_span s);

#endif
