/* SPDX-License-Identifier: MIT */
/* What is unusual about a stream, as sentences. */
#ifndef GSPROV_MEDIA_NOTES_H
#define GSPROV_MEDIA_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GS_NOTES = 64, GS_NOTE_TEXT = 256 };

/* Sentences without a full stop and without the stream's name; safe to
 * print, no key in them. */
struct gs_media_notes {
	size_t n;
	char text[GS_NOTES][GS_NOTE_TEXT];
	/* Tells something that is true wherever the stream is cut: no frame,
	 * no count. */
	bool lasting[GS_NOTES];
};

struct gs_media_dtmf;
struct gs_srtp_receiver;
struct gs_srtp_stream_view;

/* What the run knows beyond a stream. */
struct gs_media_notes_run {
	const struct gs_srtp_receiver *session;
	uint32_t roc_max;
	bool roc_fixed;
	const struct gs_media_dtmf *dtmf; /* of the stream, or NULL */
};

/* Fills notes with what is unusual about v. */
void gs_media_notes_make(struct gs_media_notes *notes,
    const struct gs_srtp_stream_view *v, const struct gs_media_notes_run *run);

#endif
