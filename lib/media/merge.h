/* SPDX-License-Identifier: MIT */
/* Whole calls out of the reports about several captures: the pieces of each
 * stream are joined.
 *
 * Two pieces are of one stream when they have SSRC, source and destination
 * in common, or SSRC, source and key: a sender may go on at another
 * destination, or under another key. The result is the same in whatever
 * order pieces come, and merging results of merges is the same as merging
 * all their pieces. */
#ifndef GSPROV_MEDIA_MERGE_H
#define GSPROV_MEDIA_MERGE_H

#include "piece.h"

#pragma GCC visibility push(default)

enum {
	GS_MERGE_PIECES = 1000000,
	GS_MERGE_LINE = 16 * 1024 * 1024, /* octets of a line */
};

struct gs_merge;

struct gs_merge *gs_merge_new(struct gs_err *err) GS_MUST;
void gs_merge_free(struct gs_merge *m);

/* Reads all lines of path, "-" is standard input. Returns 0, or -1; err says
 * which line is at fault. */
int gs_merge_read(struct gs_merge *m, const char *path,
    struct gs_err *err) GS_MUST;

struct gs_merge_counts {
	size_t pieces;
	size_t streams;
	size_t shut; /* streams "no key" or "partly" */
	size_t plain;
};

/* Joins, and writes the streams by the time of their begin, as JSON lines
 * or as a table; nothing when fp is NULL. m is used up. Returns 0 or -1;
 * write errors stay with fp. */
int gs_merge_write(struct gs_merge *m, bool json, FILE *fp,
    struct gs_merge_counts *counts, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
