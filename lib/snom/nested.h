/* SPDX-License-Identifier: MIT */
/* Function keys that follow a state: what GS5 writes into <fkey> for
 * conferences, parking, call forwarding, hunt groups and queues. */
#ifndef GSPROV_SNOM_NESTED_H
#define GSPROV_SNOM_NESTED_H

#include "base/buf.h"

struct gs_snom_params;

struct gs_snom_nested {
	struct gs_span general; /* what the phone shows as the kind of key */
	struct gs_span subscription; /* a SIP URI whose dialogs are watched */
	struct gs_span action; /* "dial TARGET [STATES]|url URL [STATES]" */
};

/* Appends the inside of <fkey>; URLs without a scheme are below base_url.
 * Returns NULL, or what is wrong; then b holds a part of it. */
const char *gs_snom_nested_put(struct gs_buf *b, const struct gs_snom_nested *n,
    const struct gs_snom_params *p);

#endif
