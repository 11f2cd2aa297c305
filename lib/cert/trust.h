/* SPDX-License-Identifier: MIT */
/* Certificates that clients already trust: roots that servers do not send. */
#ifndef GSPROV_CERT_TRUST_H
#define GSPROV_CERT_TRUST_H

#include "cert/x509.h"

/* Whether path can be what gs_cert_trust_find() takes: a folder, or a file with
 * certificates. Returns 0 or -1. */
int gs_cert_trust_check(const char *path, struct gs_err *err) GS_MUST;

/* Adds the certificates in path that may have issued cert to pool. path is a
 * file with certificates, a folder of such files, or NULL for the system's
 * store. Returns 0, or -1 if it cannot be read. */
int gs_cert_trust_find(const char *path, const struct gs_cert *cert,
    struct gs_cert_certs *pool, struct gs_err *err) GS_MUST;

/* Whether root is in path, as above. False also if that cannot be read. */
bool gs_cert_trust_has(const char *path, const struct gs_cert *root);

#endif
