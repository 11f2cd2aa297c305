/* SPDX-License-Identifier: MIT */
/* A certificate from outside: is it the one that was asked for? */
#ifndef GSPROV_CERT_IMPORT_H
#define GSPROV_CERT_IMPORT_H

#include "check.h"

#pragma GCC visibility push(default)

/* Findings about read (certificates from outside) for the first of the n
 * keys that one of them fits. *leaf (borrowed from read) is that one, *key
 * which key it is; chain gets its issuers, of which known may have some,
 * too. Without an error among the findings it can be put in service. */
int gs_check_import(const struct gs_check *c, const struct gs_certs *read,
    const struct gs_certs *known, const struct gs_key *const *keys, size_t n,
    struct gs_cert **leaf, size_t *key, struct gs_certs *chain,
    struct gs_diags *d, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
