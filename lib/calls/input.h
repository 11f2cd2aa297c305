/* SPDX-License-Identifier: MIT */
/* Reads a file, whatever it is, into the calls that are in it. */
#ifndef GSPROV_CALLS_INPUT_H
#define GSPROV_CALLS_INPUT_H

#include <time.h>

#include "base/diag.h"
#include "net/counts.h"

struct gs_calls_dialogs;
struct gs_calls_holder;

/* The input, and its type once it is detected. */
struct gs_calls_input {
	const char *path; /* "-": standard input; for bytes, their name */
	const struct gs_span *bytes; /* a text to read instead of path, or
				      * NULL */
	const char *reader; /* the command, for advice in errors */
	unsigned type; /* enum gs_text_type: wanted; then detected */
	bool capture; /* read it as a capture; then whether it is one */
	struct gs_calls_holder *holder; /* opens TLS in captures, or NULL */
	uint64_t shut; /* connections of TLS that look like SIP and were not
			* opened */
	bool empty;
	/* What a capture has that is not read: "link type 189 (USB) is not
	 * read". */
	char unread[GS_UNREAD_TEXT];
	/* Converts the times of a capture to local time; NULL: they stay
	 * UTC. */
	struct tm *(*local)(const time_t *t, struct tm *tm);
	/* Called after each piece of a text; may be NULL. */
	void (*piece)(void);
	/* Called before a capture or a packed text is read, to give up rights.
	 * Returns 0 or -1. May be NULL. */
	int (*confine)(void *arg, struct gs_err *err);
	void *confine_arg;
};

/* Reads in->path or in->bytes into calls, up to its end
 * (gs_calls_dialogs_end()). A text may be in gzip, xz, UTF-16 or UTF-32.
 * Returns 0, or -1: unreadable, packed otherwise, or a capture that is packed,
 * in bytes, or on standard input and not announced as one. */
int gs_calls_read(struct gs_calls_input *in, struct gs_calls_dialogs *calls,
    struct gs_err *err) GS_MUST;

/* Whether a text contains nothing at all about a call. */
bool gs_calls_holds_nothing(const struct gs_calls_input *in,
    const struct gs_calls_dialogs *calls);

/* Says why a readable file contained nothing to judge, see
 * gs_calls_dialogs_judged(). An empty file is also a finding. */
const char *gs_calls_nothing(const struct gs_calls_input *in,
    const struct gs_calls_dialogs *calls, struct gs_diags *d);

#endif
