/* SPDX-License-Identifier: MIT */
/* Function keys of a fleet, from a table that need not fit into memory. */
#ifndef GSPROV_SNOM_PROVKEYS_H
#define GSPROV_SNOM_PROVKEYS_H

#include "snom/groups.h"

struct gs_snom_params;
struct gs_snom_provkey_parts;

/* Columns: mac_address, position, function, value, label and, optionally,
 * context and perm. Phones and their rows may come in any order. */
struct gs_snom_provkeys {
	struct gs_snom_groups g;
	int column[10];
	const struct gs_snom_params *params; /* borrowed */
};

/* Reads the table at path. params: perm_user and base_url. Wrong rows are
 * findings. Returns 0, or -1, also when there is no row: an empty table
 * would empty the keys of all phones. gs_snom_groups_close(&k->g) ends it. */
int gs_snom_provkeys_open(struct gs_snom_provkeys *k, const char *path,
    const struct gs_snom_params *params, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

/* Whether the table has rows of this phone. */
bool gs_snom_provkeys_has(const struct gs_snom_provkeys *k, uint64_t mac);

/* Makes the keys of one phone. Returns 0, 1 if a row is wrong (a finding), or
 * -1. */
int gs_snom_provkeys_get(struct gs_snom_provkeys *k, uint64_t mac,
    struct gs_snom_provkey_parts *out, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

#endif
