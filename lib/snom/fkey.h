/* SPDX-License-Identifier: MIT */
/* One function key as XML, whatever it was read from. */
#ifndef GSPROV_SNOM_FKEY_H
#define GSPROV_SNOM_FKEY_H

#include "snom/nested.h"

struct gs_diags;
struct gs_snom_provkey_parts;

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
