/* SPDX-License-Identifier: MIT */
/* This host: its name, its addresses, its users. */
#ifndef GSPROV_CERT_HOST_H
#define GSPROV_CERT_HOST_H

#include "cert/name.h"

struct gs_diags;
struct gs_cert_reader_id;
struct gs_cert_site;

/* Determines this host's own name: the full one, from itself or the resolver,
 * or else its first part, which has no dot. Returns 0 or -1. */
int gs_cert_host_name(char *name, size_t size, struct gs_err *err) GS_MUST;

/* Whether name is this host's, in full or its first part. */
bool gs_cert_host_is_own(const char *name);

/* Adds every permanent address of this host that others can use: none that is
 * local to the host or a link, and no temporary one. At most half of
 * GS_SANS_MAX. Returns 0 or -1. */
int gs_cert_host_addresses(struct gs_cert_sans *to, struct gs_err *err) GS_MUST;

/* Looks up "USER", "USER:GROUP" or ":GROUP" for FreeSWITCH's files and the
 * group that may read keys; both may be NULL. Without owner, the reader is
 * the user freeswitch, if there is one and no root of the site, below which
 * users are others. Names that are unknown, and those to whom this process
 * cannot give files, are findings: the files are made, but stay closed. */
void gs_cert_owner_find(const char *owner, const char *key_group,
    struct gs_cert_site *site, struct gs_cert_reader_id *reader,
    struct gs_diags *d);

#endif
