/* SPDX-License-Identifier: MIT */
/* A table of text with aligned columns. */
#ifndef GSPROV_MEDIA_TABLE_H
#define GSPROV_MEDIA_TABLE_H

#include <stdio.h>

#include "base/diag.h"

enum { GS_TABLE_COLUMNS = 24, GS_TABLE_CELL = 64 };

struct gs_media_table;

/* How it looks. */
struct gs_media_look {
	size_t width; /* columns of a line; 0: any */
	bool color; /* ANSI colours */
};

enum gs_media_tone { GS_TONE_NONE, GS_TONE_GOOD, GS_TONE_DOUBT, GS_TONE_BAD };

/* columns: the headings, n of them (at most GS_TABLE_COLUMNS); one that
 * starts with '>' is aligned right, without the '>', and where lines are too
 * narrow for all, a new one begins with the one that starts with '|', or
 * wherever it must. Returns 0 or -1. */
int gs_media_table_new(struct gs_media_table **t, const char *const *columns,
    size_t n, struct gs_err *err) GS_MUST;
void gs_media_table_free(struct gs_media_table *t);

/* The next cell, row by row; text is made visible and cut to GS_TABLE_CELL
 * bytes. If memory runs out, nothing more is added and gs_media_table_print()
 * fails. */
void gs_media_table_str(struct gs_media_table *t, const char *text);
void gs_media_table_u64(struct gs_media_table *t, uint64_t v);
void gs_media_table_printf(struct gs_media_table *t, const char *fmt, ...)
    GS_PRINTF(2, 3);

/* Sets the colour of the last cell. */
void gs_media_table_tone(struct gs_media_table *t, enum gs_media_tone tone);

/* Writes the headings and the rows, two blanks between columns, none at the end
 * of a line. A column whose cells are all empty is left out. Write errors
 * remain in fp. Returns 0, or -1 if out of memory. */
int gs_media_table_print(const struct gs_media_table *t, FILE *fp,
    struct gs_media_look look, struct gs_err *err) GS_MUST;

#endif
