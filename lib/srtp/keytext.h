/* SPDX-License-Identifier: MIT */
/* Finds master keys in any text: SDP, SIP, logs, call records, lists. */
#ifndef GSPROV_SRTP_KEYTEXT_H
#define GSPROV_SRTP_KEYTEXT_H

#include "announced.h"
#include "keyring.h"
#include "rules.h"

#pragma GCC visibility push(default)

enum { GS_KEYTEXT_LINE = 128 * 1024 }; /* a longer line is read in pieces */

struct gs_srtp_keytext;

/* Keys go to ring; with them, what SDP says of addresses to announced and
 * findings to diags (either may be NULL). NULL without memory. */
struct gs_srtp_keytext *gs_srtp_keytext_new(struct gs_srtp_keyring *ring,
    struct gs_srtp_announced *announced, struct gs_diags *diags,
    struct gs_err *err) GS_MUST;

/* Wipes and frees; t may be NULL. */
void gs_srtp_keytext_free(struct gs_srtp_keytext *t);

/* A new text begins. source is a number of the keyring's. line is that of
 * its first line, or with frame the number that all its lines have; ns is
 * when it was sent, 0: unknown. */
void gs_srtp_keytext_begin(struct gs_srtp_keytext *t, uint16_t source,
    uint64_t line, bool frame, uint64_t ns);

/* The text's next bytes. Recognised are crypto attributes and "SUITE
 * inline:KEY", with or without "a=crypto:TAG", escaped or not, and what the
 * harvest finds (text/harvest.h); of a packet's text only what is sure.
 * Returns 0, or -1 without memory. */
int gs_srtp_keytext_feed(struct gs_srtp_keytext *t,
    struct gs_span bytes) GS_MUST;

/* The text has ended, perhaps without a newline. Returns 0 or -1. */
int gs_srtp_keytext_end(struct gs_srtp_keytext *t) GS_MUST;

/* Says that not only its owner can read file, a text that gave keys: its
 * group can, or all. */
void gs_srtp_keytext_readable(struct gs_srtp_keytext *t, const char *file,
    bool all);

/* Keys that stood there masked ("inline:***") in all texts so far. */
uint64_t gs_srtp_keytext_masked(const struct gs_srtp_keytext *t);

#pragma GCC visibility pop

#endif
