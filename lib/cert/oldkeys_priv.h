/* SPDX-License-Identifier: MIT */
/* Keys that must not be lost when another takes their place. */
#ifndef GSPROV_CERT_OLDKEYS_PRIV_H
#define GSPROV_CERT_OLDKEYS_PRIV_H

#include "store.h"

/* Adds the copy "PATH.DATE" (0600) of the key file at place, if there is
 * one. */
int gs_oldkeys_keep(const struct gs_layout *l, const struct gs_state *st,
    enum gs_place place, int64_t now, struct gs_txn *t,
    struct gs_err *err) GS_MUST;

/* The same for every place whose key is nowhere else when w is in place. */
int gs_oldkeys_plan(const struct gs_layout *l, const struct gs_state *st,
    const struct gs_want *w, struct gs_txn *t, struct gs_err *err) GS_MUST;

#endif
