/* SPDX-License-Identifier: MIT */
/* Lines that no part took: they may be encoded. */
#ifndef GSPROV_TEXT_CODED_PRIV_H
#define GSPROV_TEXT_CODED_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;
struct text_coded;

/* Reports l if it matters, as it is or decoded together with the lines right
 * before it. */
void gs_text_untaken(struct gs_text_reader *t, const struct gs_sdp_line *l);

/* The same for what stands beside the lines of a text: another string or column
 * of a record. */
void gs_text_beside(struct gs_text_reader *t, const struct gs_sdp_line *l);

void gs_text_coded_free(struct text_coded *c);

#endif
