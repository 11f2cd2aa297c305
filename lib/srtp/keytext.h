/* SPDX-License-Identifier: MIT */
/* Finds master keys in any text: SDP, SIP, logs, call records, lists. */
#ifndef GSPROV_SRTP_KEYTEXT_H
#define GSPROV_SRTP_KEYTEXT_H

#include "announced.h"
#include "keyring.h"
#include "rules.h"

struct gs_srtp_keytext;

/* Keys go to ring; with them, what SDP says of addresses to announced and
 * findings to diags (either may be NULL). NULL without memory. */
struct gs_srtp_keytext *gs_srtp_keytext_new(struct gs_srtp_keyring *ring,
    struct gs_srtp_announced *announced, struct gs_diags *diags,
    struct gs_err *err) GS_MUST;

/* Wipes and frees; t may be NULL. */
void gs_srtp_keytext_free(struct gs_srtp_keytext *t);

/* A new text begins. source is a number of the keyring's. */
void gs_srtp_keytext_begin(struct gs_srtp_keytext *t, uint16_t source);

/* The text's next bytes. Recognised are the SDPs and key lines that
 * text/textsrc.h finds, also in escaped text (JSON, XML, URLs); elsewhere
 * "SUITE inline:KEY", and what the harvest finds (text/harvest.h). Returns
 * 0, or -1 without memory. */
int gs_srtp_keytext_feed(struct gs_srtp_keytext *t,
    struct gs_span bytes) GS_MUST;

/* The text has ended, perhaps without a newline. Returns 0 or -1. */
int gs_srtp_keytext_end(struct gs_srtp_keytext *t) GS_MUST;

/* A SIP message that ended in frame number frame of a capture, at ns: only
 * what is sure in it is taken. Not between a text's begin and end. Returns
 * 0 or -1. */
int gs_srtp_keytext_message(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns) GS_MUST;

/* Text in frame number frame, at ns, which is no SIP message, or not a whole
 * one: RTSP, syslog, the first of several fragments. Not between a text's begin
 * and end. Returns 0 or -1. */
int gs_srtp_keytext_packet(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns) GS_MUST;

/* Says that not only its owner can read file, a text that gave keys: its
 * group can, or all. */
void gs_srtp_keytext_readable(struct gs_srtp_keytext *t, const char *file,
    bool all);

/* Keys that stood there masked ("inline:***") in all texts so far. */
uint64_t gs_srtp_keytext_masked(const struct gs_srtp_keytext *t);

#endif
