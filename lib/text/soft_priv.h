/* SPDX-License-Identifier: MIT */
/* Lines that end in a mark and continue. */
#ifndef GSPROV_TEXT_SOFT_PRIV_H
#define GSPROV_TEXT_SOFT_PRIV_H

#include "text/record_priv.h"

struct text_soft;

/* Keeps l, or passes it to to with the lines kept before it. Returns whether it
 * did; if not, l is to be read as it is. */
bool gs_text_soft_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Whether lines are kept; s may be NULL. */
bool gs_text_soft_keeps(const struct text_soft *s);

/* Ends the text: passes on what is kept. */
void gs_text_soft_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_soft_free(struct text_soft *s);

#endif
