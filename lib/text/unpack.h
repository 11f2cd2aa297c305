/* SPDX-License-Identifier: MIT */
/* A text out of gzip, xz, UTF-16 or UTF-32, as it comes. */
#ifndef GSPROV_TEXT_UNPACK_H
#define GSPROV_TEXT_UNPACK_H

#include "base/buf.h"

struct gs_err;

enum { GS_UNPACK_MAX = 64 * 1024 * 1024 }; /* octets that come out */

struct gs_text_unpack;

/* What it takes comes out at give, which returns 0 or -1: unpacked, as UTF-8,
 * and unchanged when it is none of these. A packed text in a packed one stays
 * packed. NULL if out of memory. */
struct gs_text_unpack *gs_text_unpack_new(
    int (*give)(void *arg, struct gs_span bytes, struct gs_err *err),
    void *arg) GS_MUST;

/* Wipes and frees; u may be NULL. */
void gs_text_unpack_free(struct gs_text_unpack *u);

/* The next bytes of the file, and its end. Return 0, or -1 with err filled:
 * damaged or cut, too large, no memory, no library, or what give said. */
int gs_text_unpack_feed(struct gs_text_unpack *u, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
int gs_text_unpack_end(struct gs_text_unpack *u, struct gs_err *err) GS_MUST;

/* Whether a file that begins so is packed in one of these forms, or UTF-16 or
 * UTF-32. */
bool gs_text_unpack_is(struct gs_span begin);

/* Whether what it took so far is packed, or UTF-16 or UTF-32. */
bool gs_text_unpacks(const struct gs_text_unpack *u);

#endif
