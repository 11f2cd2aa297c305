/* SPDX-License-Identifier: MIT */
/* Checks a file, whatever it is: reads the calls in it and reports them. */
#ifndef GSPROV_CALLS_CHECK_H
#define GSPROV_CALLS_CHECK_H

#include "sdp/check.h"
#include "calls/input.h"
#include "calls/ledger.h"

struct gs_calls_check;

/* Creates a check of one file, or of an offer and its answer in two. v stays
 * the caller's. Returns NULL if out of memory. */
struct gs_calls_check *gs_calls_check_new(struct gs_calls_view *v) GS_MUST;

/* Reads the file that in names and reports what is found. If role is known,
 * every SDP has this role, and all belong to one call. Returns 0; -1 if the
 * file cannot be read, memory ran out, or nothing could be judged; 1 if the
 * file was found in a folder and contains nothing about a call. */
int gs_calls_check_read(struct gs_calls_check *c, struct gs_calls_input *in,
    enum gs_sdp_role role, struct gs_err *err) GS_MUST;

void gs_calls_check_free(struct gs_calls_check *c);

#endif
