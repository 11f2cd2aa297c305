/* SPDX-License-Identifier: MIT */
/* Prints an SDP or registration and how the media is protected, as a line of
 * text or as the members of a JSON object. */
#ifndef GSPROV_CALLS_VERDICT_H
#define GSPROV_CALLS_VERDICT_H

#include "sdp/check.h"

struct gs_calls_result;
struct gs_diags;
struct gs_json;
struct gs_report;
struct gs_sdp_verdict;

/* Appends all m= lines: "audio RTP/SAVP AES_CM_128_HMAC_SHA1_80; video …". */
void gs_calls_verdict_media(struct gs_buf *b, const struct gs_sdp_verdict *v);

/* The same in a few words: "encrypted". */
const char *gs_calls_verdict_word(const struct gs_calls_result *r);

/* The name of a call or leg as it may be shown: the UUID of a log's line with
 * what may be a key overwritten, in to; any other id as it is. */
struct gs_span gs_calls_verdict_id(const char *id, bool log, char *to,
    size_t size);

/* The separator between media and verdict in text. */
const char *gs_calls_verdict_dash(const struct gs_report *r);

/* Adds the member transport: null if unknown. */
void gs_calls_verdict_transport(struct gs_json *j, enum gs_sdp_transport t);

/* Prints r, a result about file, before its findings in d: as a line of text or
 * a JSON object, see gs-sdpcheck(1). Other formats print nothing. Not for
 * events. */
void gs_calls_verdict_report(struct gs_report *report, const char *file,
    const struct gs_calls_result *r, const struct gs_diags *d);

#endif
