/* SPDX-License-Identifier: MIT */
/* A file of bare payloads in the order of their sequence numbers. */
#ifndef GSPROV_MEDIA_RAW_H
#define GSPROV_MEDIA_RAW_H

#include <stdio.h>

#include "../base/diag.h"

/* Packets held back to put reordered ones in their place. */
enum { GS_RAW_HELD = 16 };

struct gs_media_raw;

/* fp stays the caller's. Returns 0 or -1. */
int gs_media_raw_open(struct gs_media_raw **r, FILE *fp,
    struct gs_err *err) GS_MUST;

/* Takes the payload of one packet of one stream. One that comes more than
 * GS_RAW_HELD packets late, or twice, is left out. Returns 0, or -1 (memory,
 * write error). */
int gs_media_raw_put(struct gs_media_raw *r, uint16_t seq, const uint8_t *p,
    size_t n, struct gs_err *err) GS_MUST;

/* Writes what is held, flushes fp, frees r (may be NULL). Returns 0 or -1. */
int gs_media_raw_close(struct gs_media_raw *r, struct gs_err *err) GS_MUST;

#endif
