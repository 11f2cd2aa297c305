/* SPDX-License-Identifier: MIT */
/* The output of "mysql --batch": a header, then rows, read as a stream.
 * Measured with MariaDB 10.11: tabs between cells, one record a line, \n \t
 * \\ and \0 escaped, CR not, NULL as that word, nothing at all (no header
 * either) when there is no row. Files of SELECT ... INTO OUTFILE have \N for
 * NULL. */
#ifndef GSPROV_SNOM_ROWS_H
#define GSPROV_SNOM_ROWS_H

#include "base/buf.h"

struct gs_err;
struct gs_reader;

enum {
	GS_TABLE_COLUMNS = 64,
	GS_TABLE_LINE = 1024 * 1024, /* bytes in a record */
	GS_TABLE_NAME = 64, /* bytes in a column's name */
};

struct gs_snom_cell {
	struct gs_span s; /* unescaped; empty for NULL */
	bool null;
};

/* What is wrong with a row. mysql ends every row with a newline: without one,
 * the input was cut off, possibly inside a cell. */
enum gs_snom_row_fault { GS_ROW_OK, GS_ROW_CELLS, GS_ROW_LONG, GS_ROW_CUT };

struct gs_snom_rows {
	struct gs_reader *reader; /* NULL: only rest */
	struct gs_span rest; /* not yet read */
	struct gs_buf carry; /* a line that crosses two chunks */
	struct gs_buf header;
	struct gs_buf plain; /* cells that had escapes */
	struct gs_span name[GS_TABLE_COLUMNS];
	size_t columns;
	struct gs_snom_cell cell[GS_TABLE_COLUMNS];
	struct gs_span raw; /* the row as it stands in the file */
	size_t cells; /* of this row, also without columns */
	enum gs_snom_row_fault fault;
	uint64_t line; /* of the row; the header is line 1 */
	uint64_t offset; /* of raw in the stream */
	uint64_t next_offset;
	uint64_t cr_line; /* first line that ended with CR, or 0 */
	struct gs_mute *mute; /* is told of comments; NULL: there are none. To
			       * be set after opening */
	bool mute_run; /* for the run, not for this file */
};

/* Reads the header of the input: the bytes of start, then those of r
 * (borrowed, may be NULL). Returns 1, 0 if it is empty, or -1. */
int gs_snom_rows_open(struct gs_snom_rows *t, struct gs_reader *r,
    struct gs_span start, struct gs_err *err) GS_MUST;
void gs_snom_rows_close(struct gs_snom_rows *t);

/* Reads the next row, behind lines with nothing but "# gsprov: disable=RULE",
 * which no row of mysql looks like: it has a tab. Empty lines are rows with
 * one empty cell. Cells are
 * borrowed until the next call. When fault is set, the cells that there are
 * can be looked at. Returns 1, 0 at the end, -1. */
int gs_snom_rows_next(struct gs_snom_rows *t, struct gs_err *err) GS_MUST;

/* The same without splitting the row into cells: only raw is set. */
int gs_snom_rows_skip(struct gs_snom_rows *t, struct gs_err *err) GS_MUST;

/* Returns to a row of the reader's file that was read before: it began at this
 * offset and line. Returns 0 or -1. */
int gs_snom_rows_seek(struct gs_snom_rows *t, uint64_t offset, uint64_t line,
    struct gs_err *err) GS_MUST;

/* The column with this name, or -1. */
int gs_snom_rows_column(const struct gs_snom_rows *t, const char *name);

#endif
