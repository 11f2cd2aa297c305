/* SPDX-License-Identifier: MIT */
/* Function keys of a fleet, from a table that need not fit into memory. */
#ifndef GSPROV_SNOM_PROVKEYS_H
#define GSPROV_SNOM_PROVKEYS_H

#include "../base/file.h"
#include "macset.h"
#include "rows.h"

#pragma GCC visibility push(default)

struct gs_diags;
struct gs_snom_provkey_parts;

/* Columns: mac_address, position, function, value, label and, if wanted,
 * context and perm. One pass notes where each phone's rows are, so phones
 * may come in any order; the rows of one phone must be together. What
 * cannot be read twice (a pipe) is copied to a temporary file without a
 * name. */
struct gs_snom_provkeys {
	struct gs_snom_rows t; /* for the header */
	struct gs_reader reader;
	int fd;
	struct gs_snom_macset index; /* number of a group */
	struct gs_snom_provkey_group {
		uint64_t offset, n, line;
		bool bad; /* one of its rows cannot be used */
	} * group;
	size_t groups, size;
	uint64_t rows;
	struct gs_buf bytes; /* the group that was read last */
	int column[7];
	const char *perm; /* without a column perm; borrowed */
};

/* Reads the table at path. perm: for keys without one. Wrong rows are
 * findings. Returns 0, or -1, also when there is no row: an empty table
 * would empty the keys of all phones. */
int gs_snom_provkeys_open(struct gs_snom_provkeys *k, const char *path,
    const char *perm, struct gs_diags *d, struct gs_err *err) GS_MUST;
void gs_snom_provkeys_close(struct gs_snom_provkeys *k);

/* Makes the keys of one phone. Returns 0, 1 when a row is wrong (a
 * finding), -1. */
int gs_snom_provkeys_get(struct gs_snom_provkeys *k, uint64_t mac,
    struct gs_snom_provkey_parts *out, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
