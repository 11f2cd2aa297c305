/* SPDX-License-Identifier: MIT */
/* From a certificate upwards to its root. */
#ifndef GSPROV_CERT_CHAIN_H
#define GSPROV_CERT_CHAIN_H

#include "x509.h"

#pragma GCC visibility push(default)

/* Puts leaf's issuers, found in pool in any order, into out: intermediates
 * upwards, the root last; nothing for a self-signed leaf. Where there are
 * several ways (cross-signed CAs), the shortest to a root whose
 * certificates are all valid at now wins, then the shortest to a root.
 * *complete: the last one (or leaf) is self-signed. */
int gs_chain(const struct gs_cert *leaf, const struct gs_certs *pool,
    int64_t now, struct gs_certs *out, bool *complete,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
