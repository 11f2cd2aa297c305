/* SPDX-License-Identifier: MIT */
/* Strings in JSON, and columns. */
#ifndef GSPROV_TEXT_RECORD_PRIV_H
#define GSPROV_TEXT_RECORD_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;
struct text_records;

/* Who reads the lines in records: each line, which may be changed, and the end
 * of lines that belong together. */
struct text_record_to {
	void (*line)(struct gs_text_reader *t, struct gs_sdp_line *l);
	void (*end)(struct gs_text_reader *t);
};

/* Passes the strings in l that are lines of a text to to, which lives as long
 * as t. Returns whether l is such a record. */
bool gs_text_record_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Passes the lines of s, which stands in l, to to. The last one may have no end
 * of its own, and has l's. Returns how many there are, at least one. */
size_t gs_text_record_lines(struct gs_text_reader *t, struct gs_span s,
    const struct gs_sdp_line *l, const struct text_record_to *to);

void gs_text_records_free(struct text_records *r);

#endif
