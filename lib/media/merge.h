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

#include "../base/diag.h"

#pragma GCC visibility push(default)

enum {
	GS_MERGE_RECORDS = 1000000,
	GS_MERGE_LINE = 16 * 1024 * 1024, /* octets of a line */
};

struct gs_merge;
struct gs_record;
struct gs_summary;

struct gs_merge *gs_merge_new(struct gs_err *err) GS_MUST;
void gs_merge_free(struct gs_merge *m);

/* Reads all lines of path, "-" is standard input. Returns 0, or -1; err says
 * which line is at fault. */
int gs_merge_read(struct gs_merge *m, const char *path,
    struct gs_err *err) GS_MUST;

/* Joins, and gives the streams by the time of their begin to s, which is
 * then ended. m is used up. Returns 0 or -1. */
int gs_merge_write(struct gs_merge *m, struct gs_summary *s,
    struct gs_err *err) GS_MUST;

/* Adds b, of the same stream, to r. Returns 0 or -1. */
int gs_merge_join(struct gs_record *r, const struct gs_record *b,
    struct gs_err *err) GS_MUST;

/* Fills in what a joined record says: counts, counters, notes. Returns 0 or
 * -1. */
int gs_merge_finish(struct gs_record *r, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
