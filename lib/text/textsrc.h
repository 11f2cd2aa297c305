/* SPDX-License-Identifier: MIT */
/* Finds SDP in text: bare, in SIP, in FreeSWITCH's logs; and everything else
 * there that is about encryption: key lines, errors, registrations. */
#ifndef GSPROV_TEXT_TEXTSRC_H
#define GSPROV_TEXT_TEXTSRC_H

#include "text/sink.h"

struct gs_text_reader;

/* A new reader of one file; forced is GS_TEXT_AUTO to recognise the type by
 * content. Forced to GS_TEXT_SDP, every line belongs to an SDP, and an empty
 * file is one SDP without lines. NULL if out of memory. */
struct gs_text_reader *gs_text_reader_new(enum gs_text_type forced,
    const struct gs_text_sink *sink) GS_MUST;

/* Feeds the file's next bytes, in pieces of any size. Complete items are passed
 * to the sink before the call returns. Returns 0, or -1 if out of memory. */
int gs_text_reader_feed(struct gs_text_reader *t, struct gs_span bytes) GS_MUST;

/* When the packet that is fed next was seen, and from where to where it went;
 * each is cut to the room that struct gs_text_message has. */
void gs_text_reader_place(struct gs_text_reader *t, const char *when,
    const char *src, const char *dst);

/* Feeds a complete SIP message from packet number number of a capture: the
 * number is the line in all positions. transport carried it; cut: its end is
 * missing. Do not mix with gs_text_reader_feed(). Returns 0, or -1 if out of
 * memory. */
int gs_text_reader_message(struct gs_text_reader *t, struct gs_span bytes,
    uint64_t number, enum gs_sdp_transport transport, bool cut) GS_MUST;

/* Feeds the payload of packet number, which is not a complete SIP message:
 * reports it as a gap of kind why if it may be about a call. */
void gs_text_reader_packet(struct gs_text_reader *t, struct gs_span bytes,
    uint64_t number, enum gs_text_gap_kind why);

/* The file has ended: passes on what is still open. Returns 0 or -1. */
int gs_text_reader_end(struct gs_text_reader *t) GS_MUST;

/* The type of the file as recognised so far; GS_TEXT_AUTO: none. A forced type
 * is returned only after something of this type was found. A list without
 * registrations and SIP without SDP are recognised. */
enum gs_text_type gs_text_reader_type(const struct gs_text_reader *t);

/* Wipes and frees; t may be NULL. */
void gs_text_reader_free(struct gs_text_reader *t);

#endif
