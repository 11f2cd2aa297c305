/* SPDX-License-Identifier: MIT */
/* What sip and stream share. */
#ifndef GSPROV_NET_SIP_PRIV_H
#define GSPROV_NET_SIP_PRIV_H

#include "sip.h"

/* ---- messages in bytes */

enum gs_sip_start { GS_SIP_NO, GS_SIP_YES, GS_SIP_MAYBE /* too few bytes */ };

enum gs_sip_start gs_sip_start(struct gs_span s);

/* Looks for the end of the header in s, from *scan on, which is moved.
 * Returns the body's offset, 0: not there. */
size_t gs_sip_header_end(struct gs_span s, size_t *scan);

/* The Content-Length of a header. False: none. */
bool gs_sip_length(struct gs_span header, uint64_t *v);

/* ---- stream: TCP */

struct gs_streams;

struct gs_streams *gs_streams_new(const struct gs_sip_sink *sink,
    struct gs_sip_counts *counts);
void gs_streams_free(struct gs_streams *t);
bool gs_streams_feed(struct gs_streams *t, const struct gs_packet *p,
    const struct gs_frame *f);
void gs_streams_end(struct gs_streams *t);

#endif
