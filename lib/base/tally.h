/* SPDX-License-Identifier: MIT */
/* How often each of many texts was seen. */
#ifndef GSPROV_BASE_TALLY_H
#define GSPROV_BASE_TALLY_H

#include "base/buf.h"

/* A text, which is in gs_tally.text, and its count. */
struct gs_tally_entry {
	size_t at;
	size_t n;
	uint64_t count;
};

/* A zeroed tally is empty. Freed by gs_tally_free(). */
struct gs_tally {
	struct gs_buf text;
	struct gs_tally_entry *entry; /* in the order in which they came */
	size_t n;
	size_t size;
	size_t *slot; /* by hash: 1 + the index of an entry, or 0 */
	size_t slots;
};

/* The count of text, which the caller may change. With add, a new text begins
 * at 0. NULL: the text is unknown, or there is no room for it (1 GiB of texts,
 * or out of memory). The pointer is valid until the next text is added. */
uint64_t *gs_tally_count(struct gs_tally *t, struct gs_span text, bool add);

/* The text of an entry, borrowed until the next one is added. */
struct gs_span gs_tally_text(const struct gs_tally *t,
    const struct gs_tally_entry *e);

/* Sorts the entries by their texts for a listing; nothing may be counted after
 * that. */
void gs_tally_sort(struct gs_tally *t);

void gs_tally_free(struct gs_tally *t);

#endif
