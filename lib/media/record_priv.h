/* SPDX-License-Identifier: MIT */
/* A stream as an object of JSON, and what it and the table say alike. */
#ifndef GSPROV_MEDIA_RECORD_PRIV_H
#define GSPROV_MEDIA_RECORD_PRIV_H

#include "../base/json.h"
#include "notes.h"

/* The codec's name, or "PT 96" in text; "" when no RTP was seen. */
const char *gs_record_codec(const struct gs_stream_view *v, char text[32]);

/* Whether a key opened anything. */
bool gs_record_keyed(const struct gs_stream_view *v);

/* "true", "false", or "null" when it is not known. */
const char *gs_record_confirmed(const struct gs_stream_view *v);

/* RTP packets that a key did not open. */
uint64_t gs_record_failures(const struct gs_stream_view *v);

/* Adds the member "received" to an open object. */
void gs_record_received(struct gs_json *j, const struct gs_runs *r);

/* Writes v, which came from file, on a line of its own. */
void gs_record_put(struct gs_json *j, const char *file,
    const struct gs_stream_view *v, const struct gs_notes *notes,
    const struct gs_notes_run *run);

#endif
