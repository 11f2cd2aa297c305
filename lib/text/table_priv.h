/* SPDX-License-Identifier: MIT */
/* Tables that psql(1) and mysql(1) draw. */
#ifndef GSPROV_TEXT_TABLE_PRIV_H
#define GSPROV_TEXT_TABLE_PRIV_H

#include "text/record_priv.h"

struct text_table;

/* Keeps l, or passes what its row contains to to. Returns whether it did; if
 * not, l is to be read as it is. */
bool gs_text_table_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Whether the next line may be one of a table; s may be NULL. */
bool gs_text_table_waits(const struct text_table *s);

/* Ends the text: passes on what is kept. */
void gs_text_table_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_table_free(struct text_table *s);

#endif
