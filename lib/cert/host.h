/* SPDX-License-Identifier: MIT */
/* What this host knows about itself: its name and its addresses. */
#ifndef GSPROV_CERT_HOST_H
#define GSPROV_CERT_HOST_H

#include "name.h"

#pragma GCC visibility push(default)

/* Finds this host's own name: the full one that it knows itself or from the
 * resolver, or else its first part, which has no dot. Returns 0 or -1. */
int gs_host_name(char *name, size_t size, struct gs_err *err) GS_MUST;

/* Whether name is this host's, in full or its first part. */
bool gs_host_is_own(const char *name);

/* Adds every address of this host that others can use and that stays:
 * none that is local to the host or a link, and no temporary one. At most
 * half of GS_SANS_MAX. Returns 0 or -1. */
int gs_host_addresses(struct gs_sans *to, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
