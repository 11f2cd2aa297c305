/* SPDX-License-Identifier: MIT */
/* What this host knows about itself: its name and its addresses. */
#ifndef GSPROV_CERT_HOST_H
#define GSPROV_CERT_HOST_H

#include "layout.h"
#include "name.h"

#pragma GCC visibility push(default)

/* Finds the name that a set is to have when nobody gave one. With current
 * it is that of the set in service, if there is one. Otherwise it is this
 * host's full name; a host that knows only the first part of its name (no
 * resolver answers at boot) keeps the name in service that begins with it.
 * Returns 0 or -1. */
int gs_host_choose(const struct gs_site *site, bool current, char *name,
    size_t size, struct gs_err *err) GS_MUST;

/* Adds every address of this host that others can use and that stays:
 * none that is local to the host or a link, and no temporary one. At most
 * half of GS_SANS_MAX. Returns 0 or -1. */
int gs_host_addresses(struct gs_sans *to, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
