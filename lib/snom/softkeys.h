/* SPDX-License-Identifier: MIT */
/* Function keys of the accounts of a phone, in one cell of each row, as
 * GROUP_CONCAT of SQL makes it. */
#ifndef GSPROV_SNOM_SOFTKEYS_H
#define GSPROV_SNOM_SOFTKEYS_H

#include "base/buf.h"

struct gs_diags;
struct gs_snom_params;
struct gs_snom_phone;
struct gs_snom_provkey_parts;

/* Reads the keys of ph's accounts from this column into keys: lines of
 * POSITION:FUNCTION:VALUE, optionally followed by label, context, perm,
 * general, subscription and action, each after a tab. The context of a key is
 * its account unless it names another one. A comma, GROUP_CONCAT's own
 * separator, ends a key if another key follows it. Returns 0, or 1 after
 * findings in d. */
int gs_snom_softkeys_get(const struct gs_snom_phone *ph, int column,
    const struct gs_snom_params *p, struct gs_snom_provkey_parts *keys,
    struct gs_diags *d) GS_MUST;

#endif
