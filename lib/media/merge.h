/* SPDX-License-Identifier: MIT */
/* Joins the reports about several captures: the pieces of each stream become
 * one record.
 *
 * Two pieces belong to one stream if they have SSRC, source and destination in
 * common, or SSRC, source and key: a sender may continue at another
 * destination, or under another key. The result does not depend on the order
 * of the pieces, and merging merged reports is the same as merging all their
 * pieces. */
#ifndef GSPROV_MEDIA_MERGE_H
#define GSPROV_MEDIA_MERGE_H

#include "base/diag.h"
#include "media/table.h"
#include "srtp/stream.h"

enum {
	GS_MERGE_RECORDS = 1000000,
	GS_MERGE_LINE = 16 * 1024 * 1024, /* octets of a line */
};

struct gs_mute;
struct gs_report;

struct gs_media_merge {
	const char *const *paths; /* of reports; "-" is standard input */
	size_t n;
	FILE *fp; /* for the streams, or NULL */
	struct gs_media_look look; /* of their table */
	bool json; /* as JSON lines, not as a table */
	struct gs_report *findings; /* for findings about them, or NULL */
	struct gs_mute *mute; /* of these, or NULL */
};

/* Reads all lines of the files, joins them, and writes the streams in the
 * order in which they began. Fills verdict with the streams by enum
 * gs_srtp_verdict. Returns 0, or -1: err names the line. Write errors remain
 * in fp. */
int gs_media_merge_files(const struct gs_media_merge *q,
    uint64_t verdict[GS_VERDICTS], struct gs_err *err) GS_MUST;

/* Appends the name and version of the library that reads reports. */
void gs_media_merge_library(struct gs_buf *b);

#endif
