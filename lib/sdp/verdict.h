/* SPDX-License-Identifier: MIT */
/* Says in words how the media of an SDP is protected. */
#ifndef GSPROV_SDP_VERDICT_H
#define GSPROV_SDP_VERDICT_H

#include "check.h"

#pragma GCC visibility push(default)

/* "plain", "sdes", … as in the JSON output. */
const char *gs_protection_name(enum gs_protection p);

/* Appends one m= line: "audio RTP/SAVP AES_CM_128_HMAC_SHA1_80". */
void gs_verdict_put_media(
    struct gs_buf *b, const struct gs_media_verdict *m);

/* All m= lines in a few words: "encrypted", "not encrypted" and so on. */
const char *gs_verdict_word(const struct gs_verdict *v);

#pragma GCC visibility pop

#endif
