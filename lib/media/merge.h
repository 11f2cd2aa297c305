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

#include <stdbool.h>
#include <stdio.h>

#include "../base/diag.h"
#include "table.h"

enum {
	GS_MERGE_RECORDS = 1000000,
	GS_MERGE_LINE = 16 * 1024 * 1024, /* octets of a line */
};

struct gs_mute;
struct gs_report;

struct gs_media_merge {
	const char *const *paths; /* of reports; "-" is standard input */
	size_t n;
	FILE *fp; /* gets the streams, unless it is NULL */
	struct gs_media_look look; /* of their table */
	bool json; /* as JSON lines, not as a table */
	struct gs_report *findings; /* gets what is wrong with them, unless it
				     * is NULL */
	struct gs_mute *mute; /* of these, or NULL */
};

/* Reads all lines of the files, joins them, and writes the streams in the order
 * in which they began. Fills verdict with the streams by enum gs_srtp_verdict.
 * Returns 0, or -1: err names the line at fault. Write errors stay with fp. */
int gs_media_merge_files(const struct gs_media_merge *q, uint64_t verdict[4],
    struct gs_err *err) GS_MUST;

/* Puts the name and version of the library that reads the reports. */
void gs_media_merge_library(struct gs_buf *b);

#endif
