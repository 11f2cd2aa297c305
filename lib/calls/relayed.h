/* SPDX-License-Identifier: MIT */
/* Ciphertext that is relayed under another header, as FreeSWITCH's proxy_media
 * does. It was encrypted for the old header, so no receiver can open it. */
#ifndef GSPROV_CALLS_RELAYED_H
#define GSPROV_CALLS_RELAYED_H

#include "base/buf.h"

struct gs_calls_relayed;

/* NULL if out of memory. */
struct gs_calls_relayed *gs_calls_relayed_new(void) GS_MUST;

/* Examines the payload of a UDP packet. */
void gs_calls_relayed_feed(struct gs_calls_relayed *r, struct gs_span payload,
    uint64_t frame);

/* The number of packets that were relayed like this, and the frame of the
 * first; 0 if there are too few to be sure. */
uint64_t gs_calls_relayed_count(const struct gs_calls_relayed *r,
    uint64_t *frame);

/* r may be NULL. */
void gs_calls_relayed_free(struct gs_calls_relayed *r);

#endif
