/* SPDX-License-Identifier: MIT */
/* Streams into the lanes of a picture. */
#ifndef GSPROV_MEDIA_PICTURE_H
#define GSPROV_MEDIA_PICTURE_H

#include <stdio.h>

#include "../base/buf.h"

#pragma GCC visibility push(default)

struct gs_err;
struct gs_media_packet;
struct gs_opened;
struct gs_stream_view;

struct gs_picture;
struct gs_picture_lane;

/* title stands above it. Returns 0 or -1. */
int gs_picture_new(struct gs_picture **p, const char *title,
    struct gs_err *err) GS_MUST;
void gs_picture_free(struct gs_picture *p);

/* Draws an RTP packet. *lane is NULL for a stream's first. Returns 0 or
 * -1. */
int gs_picture_put(struct gs_picture *p, struct gs_picture_lane **lane,
    const struct gs_media_packet *m, const struct gs_opened *o,
    struct gs_err *err) GS_MUST;

/* The stream has ended: its lane (which may be NULL) gets its texts. */
void gs_picture_done(struct gs_picture_lane *lane,
    const struct gs_stream_view *v);

/* Writes the SVG. Returns 0 or -1. */
int gs_picture_write(struct gs_picture *p, FILE *fp,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
