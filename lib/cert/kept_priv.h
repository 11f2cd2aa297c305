/* SPDX-License-Identifier: MIT */
/* Keys and certificates that must not be lost when others take their place. */
#ifndef GSPROV_CERT_KEPT_PRIV_H
#define GSPROV_CERT_KEPT_PRIV_H

#include "store.h"

/* Adds the copy "PATH.DATE" of the file at place, if there is one: 0600 when
 * it may hold a key. */
int gs_kept_file(const struct gs_layout *l, const struct gs_state *st,
    enum gs_place place, int64_t now, struct gs_txn *t,
    struct gs_err *err) GS_MUST;

/* The same for every place whose key or certificate is nowhere else when w
 * is in place. */
int gs_kept_plan(const struct gs_layout *l, const struct gs_state *st,
    const struct gs_want *w, struct gs_txn *t, struct gs_err *err) GS_MUST;

#endif
