/* SPDX-License-Identifier: MIT */
/* Says what was found, and how the media is protected: as a line of text and
 * as the members of a JSON object. */
#ifndef GSPROV_CALLS_VERDICT_H
#define GSPROV_CALLS_VERDICT_H

#include "../base/api.h"

#pragma GCC visibility push(default)

struct gs_buf;
struct gs_json;
struct gs_result;

/* Appends r in a few words, safe to print: "Remote SDP of 1c73: audio
 * RTP/SAVP AES_CM_128_HMAC_SHA1_80 â encrypted". Not for an event. */
void gs_verdict_describe(struct gs_buf *b, const struct gs_result *r);

/* Adds what gs-sdpcheck(1) says of r, from source on, to an open object. Not
 * for an event. */
void gs_verdict_json(struct gs_json *j, const struct gs_result *r);

#pragma GCC visibility pop

#endif
