/* SPDX-License-Identifier: MIT */
/* Strings in JSON, and columns. */
#ifndef GSPROV_TEXT_RECORD_PRIV_H
#define GSPROV_TEXT_RECORD_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;
struct text_records;

/* The receiver of the lines in records: each line, which it may change, and the
 * end of lines that belong together. */
struct text_record_to {
	void (*line)(struct gs_text_reader *t, struct gs_sdp_line *l);
	void (*end)(struct gs_text_reader *t);
};

/* Passes the strings in l that are lines of a text to to, which must live as
 * long as t. Returns whether l is such a record. */
bool gs_text_record_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Passes the lines of s, a part of l, to to. If the last one has no end of its
 * own, it has that of l. Returns their number, at least one. */
size_t gs_text_record_lines(struct gs_text_reader *t, struct gs_span s,
    const struct gs_sdp_line *l, const struct text_record_to *to);

void gs_text_records_free(struct text_records *r);

#endif
