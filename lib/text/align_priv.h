/* SPDX-License-Identifier: MIT */
/* What other programs put before and behind the lines of an SDP or a SIP
 * message: found by what is behind it, followed from line to line. */
#ifndef GSPROV_TEXT_ALIGN_PRIV_H
#define GSPROV_TEXT_ALIGN_PRIV_H

#include "../base/buf.h"

/* A prefix or a tail: its digits and the names of months and days may change
 * from line to line, its letters, UUIDs and process numbers may not. */
enum { TEXT_SHAPE = 256 };
struct text_shape {
	char text[TEXT_SHAPE];
	size_t n;
};

/* Takes s; what is too long has no shape (n is 0). */
void gs_text_shape_set(struct text_shape *p, struct gs_span s);

/* The length of what has this shape at the begin of s; 0: nothing has. */
size_t gs_text_shape_match(const struct text_shape *p, struct gs_span s);

/* The same at the end of s. */
size_t gs_text_shape_tail(const struct text_shape *p, struct gs_span s);

/* Whether s begins with a UUID. */
bool gs_text_is_uuid(struct gs_span s);

/* The first line of an SDP or a message, or the line that announces one, or a
 * listing. */
struct text_anchor {
	enum text_anchor_kind {
		TEXT_ANCHOR_SIP,
		TEXT_ANCHOR_SDP,
		TEXT_ANCHOR_TRACE,
	} kind;
	size_t at; /* where it begins */
	size_t tail; /* so many octets behind it are not its own */
};

/* Whether s holds one, from a->at to its end. */
bool gs_text_anchor(struct gs_span s, struct text_anchor *a);

/* Whether s, that nobody read, may tell how a call is protected: behind its
 * prefix stand m=, a=crypto, a=fingerprint, the start line of a message, or it
 * holds a key, a phone of a listing, or what FreeSWITCH says when it does not
 * encrypt. */
bool gs_text_matters(struct gs_span s);

#endif
