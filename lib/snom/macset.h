/* SPDX-License-Identifier: MIT */
/* A set of MAC addresses with a number for each. */
#ifndef GSPROV_SNOM_MACSET_H
#define GSPROV_SNOM_MACSET_H

#include "base/buf.h"

enum { GS_MACSET_MAX = 1000000 };

struct gs_snom_macset {
	struct gs_snom_macset_entry {
		uint64_t mac; /* plus 1; 0 is a free slot */
		uint64_t value;
	} * slot;
	size_t n, size;
};

void gs_snom_macset_free(struct gs_snom_macset *s);

/* The value of mac, which is 0 if it is new (*is_new). NULL: out of memory, or
 * more than GS_MACSET_MAX. Valid until the next call. */
uint64_t *gs_snom_macset_put(struct gs_snom_macset *s, uint64_t mac,
    bool *is_new) GS_MUST;

/* The value of mac, or NULL. */
const uint64_t *gs_snom_macset_get(const struct gs_snom_macset *s,
    uint64_t mac);

#endif
