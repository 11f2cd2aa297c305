/* SPDX-License-Identifier: MIT */
/* Lines that a container's runtime or ngrep cut. */
#ifndef GSPROV_TEXT_PIECES_PRIV_H
#define GSPROV_TEXT_PIECES_PRIV_H

#include "text/record_priv.h"

struct text_pieces;

/* Keeps l, or passes it to to with the pieces kept before it. Returns whether
 * it did; if not, l is to be read as it is. */
bool gs_text_pieces_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Whether the next line may continue a line that is kept, or be kept because it
 * has a tag. */
bool gs_text_pieces_waits(const struct text_pieces *p);

/* Ends the text: passes on what is kept. */
void gs_text_pieces_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_pieces_free(struct text_pieces *p);

#endif
