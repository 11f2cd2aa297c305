/* SPDX-License-Identifier: MIT */
/* One function key as XML, whatever it was read from. */
#ifndef GSPROV_SNOM_FKEY_H
#define GSPROV_SNOM_FKEY_H

#include "base/buf.h"

struct gs_diags;
struct gs_snom_params;
struct gs_snom_provkey_parts;

/* Of a key that follows a state: what GS5 writes into <fkey> for conferences,
 * parking, call forwarding, hunt groups and queues. */
struct gs_snom_nested {
	struct gs_span general; /* what the phone shows as the kind of key */
	struct gs_span subscription; /* a SIP URI whose dialogs are watched */
	struct gs_span action; /* "dial TARGET [STATES]|url URL [STATES]" */
};

/* Texts as they were read; empty ones get a default, where there is one. */
struct gs_snom_fkey {
	struct gs_span position; /* 0 to 137 */
	struct gs_span function; /* one word; none */
	struct gs_span value;
	struct gs_span label;
	struct gs_span context; /* active, or 1 to 12; active */
	struct gs_span perm; /* R, RW or !; the parameter perm_user */
	struct gs_snom_nested nested; /* instead of value */
};

void gs_snom_fkeys_clear(struct gs_snom_provkey_parts *keys);

/* Adds the key to keys. Returns 0, or 1 after findings in d about the line of
 * the table that it comes from. */
int gs_snom_fkeys_add(struct gs_snom_provkey_parts *keys,
    const struct gs_snom_fkey *key, uint64_t line,
    const struct gs_snom_params *p, struct gs_diags *d) GS_MUST;

#endif
