/* SPDX-License-Identifier: MIT */
/* Parts of a capture that belong to no SIP message, but may be part of a call.
 */
#ifndef GSPROV_CALLS_STRAY_H
#define GSPROV_CALLS_STRAY_H

#include "base/buf.h"

struct gs_calls_dialogs;
struct gs_net_frame;
struct gs_net_packet;
struct gs_text_reader;

/* Where it is reported. */
struct gs_calls_stray {
	struct gs_text_reader *src;
	struct gs_calls_dialogs *calls;
};

/* Takes a frame from which no message was read. */
void gs_calls_stray_frame(const struct gs_calls_stray *s,
    const struct gs_net_packet *p, const struct gs_net_frame *g);

/* Takes a fragment whose datagram could not be put together. */
void gs_calls_stray_fragment(const struct gs_calls_stray *s,
    const struct gs_net_packet *p, const struct gs_net_frame *g);

/* Takes bytes of a TCP stream in which no message begins. */
void gs_calls_stray_bytes(const struct gs_calls_stray *s, struct gs_span bytes,
    uint64_t frame);

#endif
