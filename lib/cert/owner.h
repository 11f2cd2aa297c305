/* SPDX-License-Identifier: MIT */
/* Who owns the files of a set, and who is to read them. */
#ifndef GSPROV_CERT_OWNER_H
#define GSPROV_CERT_OWNER_H

#include "check.h"

#pragma GCC visibility push(default)

/* Looks up "USER", "USER:GROUP" or ":GROUP" for FreeSWITCH's files and the
 * group that may read keys; both may be NULL. Without owner, the reader is
 * the user freeswitch, if there is one. Names that are unknown, and those to
 * whom this process cannot give files, are findings: the files are made,
 * but stay closed. */
void gs_owner_find(const char *owner, const char *key_group,
    struct gs_site *site, struct gs_reader_id *reader, struct gs_diags *d);

#pragma GCC visibility pop

#endif
