/* SPDX-License-Identifier: MIT */
/* Finds master keys in any text: SDP, SIP, logs, call records, lists. */
#ifndef GSPROV_SRTP_KEYTEXT_H
#define GSPROV_SRTP_KEYTEXT_H

#include "srtp/announced.h"
#include "srtp/keyring.h"
#include "srtp/rules.h"

struct gs_srtp_keytext;

/* Keys go to ring, what SDP says about addresses to announced, and findings to
 * diags; announced and diags may be NULL. Returns NULL if out of memory. */
struct gs_srtp_keytext *gs_srtp_keytext_new(struct gs_srtp_keyring *ring,
    struct gs_srtp_announced *announced, struct gs_diags *diags,
    struct gs_err *err) GS_MUST;

/* Wipes and frees; t may be NULL. */
void gs_srtp_keytext_free(struct gs_srtp_keytext *t);

/* Begins a text. source is a number of the keyring. */
void gs_srtp_keytext_begin(struct gs_srtp_keytext *t, uint16_t source);

/* Reads the text's next bytes: the SDPs and key lines that text/textsrc.h
 * finds, also in escaped text (JSON, XML, URLs); elsewhere "SUITE inline:KEY",
 * and what text/harvest.h finds. Returns 0, or -1 if out of memory. */
int gs_srtp_keytext_feed(struct gs_srtp_keytext *t,
    struct gs_span bytes) GS_MUST;

/* Ends the text, which need not end with a newline. Returns 0 or -1. */
int gs_srtp_keytext_end(struct gs_srtp_keytext *t) GS_MUST;

/* Reads a SIP message that ended in frame number frame of a capture, at ns.
 * Only certain keys are taken. Not to be called within a text. Returns 0 or
 * -1. */
int gs_srtp_keytext_message(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns) GS_MUST;

/* The same for text in frame number frame that is not a complete SIP message,
 * such as RTSP, syslog, or the first of several fragments. */
int gs_srtp_keytext_packet(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns) GS_MUST;

/* Sets whether the following messages were opened by a key of TLS, or are in
 * pieces, so that no other program can read their SDP. At first, this is
 * false. */
void gs_srtp_keytext_opened(struct gs_srtp_keytext *t, bool opened);

/* Reports that file, a text with keys, can be read by its group or, with all,
 * by everyone. */
void gs_srtp_keytext_readable(struct gs_srtp_keytext *t, const char *file,
    bool all);

/* The number of masked keys ("inline:***") in all texts so far. */
uint64_t gs_srtp_keytext_masked(const struct gs_srtp_keytext *t);

#endif
