/* SPDX-License-Identifier: MIT */
/* What other programs put before and after the lines of an SDP or a SIP
 * message. It is found by the text that it surrounds, and followed from line to
 * line. */
#ifndef GSPROV_TEXT_ALIGN_PRIV_H
#define GSPROV_TEXT_ALIGN_PRIV_H

#include "base/buf.h"

/* A prefix or a tail. Its digits, and the names of months and days, may change
 * from line to line; its letters, UUIDs and process numbers may not, unless two
 * lines of one text showed that they do. */
enum { TEXT_SHAPE = 256 };
struct text_shape {
	char text[TEXT_SHAPE];
	size_t n;
};

/* Takes the shape of s. If s is too long, it has none (n is 0). */
void gs_text_shape_set(struct text_shape *p, struct gs_span s);

/* The length of the prefix of s that has this shape; 0: none. */
size_t gs_text_shape_match(const struct text_shape *p, struct gs_span s);

/* Call this if s continues the text whose prefix has this shape: words that
 * differ are those that change from line to line. Returns the length of the
 * prefix of s; 0: it is a different one, and the shape stays as it is. */
size_t gs_text_shape_widen(struct text_shape *p, struct gs_span s);

/* Whether words of the shape may change. */
bool gs_text_shape_is_wide(const struct text_shape *p);

/* The same as gs_text_shape_match(), for the end of s. */
size_t gs_text_shape_tail(const struct text_shape *p, struct gs_span s);

/* Whether s begins with a UUID, which has TEXT_UUID octets. */
enum { TEXT_UUID = 36 };
bool gs_text_is_uuid(struct gs_span s);

/* The first line of an SDP or of a message, the line that announces one, or the
 * first line of a listing. */
struct text_anchor {
	enum text_anchor_kind {
		TEXT_ANCHOR_SIP,
		TEXT_ANCHOR_SDP,
		TEXT_ANCHOR_TRACE,
	} kind;
	size_t at; /* its offset */
	size_t tail; /* octets after it that do not belong to it */
};

/* Whether s contains one, from a->at on. */
bool gs_text_anchor(struct gs_span s, struct text_anchor *a);

/* Whether s, which no part of the reader took, may say how a call is protected:
 * it contains m=, a=crypto, a=rtpmap, a=fingerprint or the start line of a
 * message after its prefix, or anywhere the rest of an m= line, a Via over UDP
 * or TCP, a key, a phone of a listing or FreeSWITCH's words for a call without
 * encryption. */
bool gs_text_matters(struct gs_span s);

/* Whether s contains the status of a phone in a listing: Registered(UDP). */
bool gs_text_has_phone(struct gs_span s);

#endif
