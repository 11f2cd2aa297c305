/* SPDX-License-Identifier: MIT */
/* The report about streams: a table with sentences below, JSON Lines, or
 * findings. */
#ifndef GSPROV_MEDIA_SUMMARY_H
#define GSPROV_MEDIA_SUMMARY_H

#include <stdio.h>

#include "base/diag.h"
#include "media/table.h"

enum {
	GS_SUMMARY_ROWS = 1000, /* rows of a table; then another begins */
	GS_SUMMARY_PAIRS = 1024, /* streams compared with each other */
};

struct gs_mute;
struct gs_report;
struct gs_media_notes_run;
struct gs_media_record;
struct gs_srtp_stream_view;
struct gs_media_summary;

/* file names the capture that stream came from: gs_net_capture_path(). */
typedef const char *gs_summary_file(void *arg, uint32_t file);

/* A report to fp, which remains the caller's; NULL: count only. Write errors
 * remain in it. NULL: err. */
struct gs_media_summary *gs_media_summary_new(FILE *fp, bool json,
    gs_summary_file *file, void *arg, struct gs_err *err) GS_MUST;

/* How the table looks. From now on, streams become findings of r (or NULL),
 * except those that mute (or NULL) suppresses: what was not opened, what is
 * unencrypted, and the notes. */
void gs_media_summary_show(struct gs_media_summary *s,
    struct gs_media_look look, struct gs_report *r, struct gs_mute *mute);

/* Adds a stream that has ended. JSON is written at once. */
void gs_media_summary_add(struct gs_media_summary *s,
    const struct gs_srtp_stream_view *v, const struct gs_media_notes_run *run);

/* The same for a record. */
void gs_media_summary_put(struct gs_media_summary *s,
    const struct gs_media_record *r);

/* Adds a line below the table ("wrote call.wav ..."); not in JSON. */
void gs_media_summary_say(struct gs_media_summary *s, const char *fmt, ...)
    GS_PRINTF(2, 3);

/* The streams so far by enum gs_srtp_verdict; SRTP streams are the first
 * three. */
const uint64_t *gs_media_summary_verdicts(const struct gs_media_summary *s);

/* Writes the rest. Returns 0, or -1 if out of memory. */
int gs_media_summary_end(struct gs_media_summary *s,
    struct gs_err *err) GS_MUST;

/* s may be NULL. */
void gs_media_summary_free(struct gs_media_summary *s);

#endif
