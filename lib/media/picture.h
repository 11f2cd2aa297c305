/* SPDX-License-Identifier: MIT */
/* Streams into the lanes of a picture. */
#ifndef GSPROV_MEDIA_PICTURE_H
#define GSPROV_MEDIA_PICTURE_H

#include <stdio.h>

#include "base/buf.h"

struct gs_err;
struct gs_net_sip_message;
struct gs_srtp_media_packet;
struct gs_srtp_unprotected;
struct gs_srtp_stream_view;

struct gs_media_picture;
struct gs_media_picture_lane;

/* title is shown above it. Returns 0 or -1. */
int gs_media_picture_new(struct gs_media_picture **p, const char *title,
    struct gs_err *err) GS_MUST;
void gs_media_picture_free(struct gs_media_picture *p);

/* Draws an RTP packet. *lane is NULL for a stream's first. Returns 0 or
 * -1. */
int gs_media_picture_put(struct gs_media_picture *p,
    struct gs_media_picture_lane **lane, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o, struct gs_err *err) GS_MUST;

/* Draws a message of SIP above the streams. */
void gs_media_picture_message(struct gs_media_picture *p,
    const struct gs_net_sip_message *m);

/* The stream has ended: its lane (which may be NULL) gets its texts. */
void gs_media_picture_done(struct gs_media_picture_lane *lane,
    const struct gs_srtp_stream_view *v);

/* Writes the SVG. Returns 0 or -1. */
int gs_media_picture_write(struct gs_media_picture *p, FILE *fp,
    struct gs_err *err) GS_MUST;

#endif
