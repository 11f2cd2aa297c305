/* SPDX-License-Identifier: MIT */
/* Certificates that clients already trust: roots that servers do not send. */
#ifndef GSPROV_CERT_TRUST_H
#define GSPROV_CERT_TRUST_H

#include "base/diag.h"
#include "cert/x509.h"

/* The certificates of a file, or of the files of a folder. Functions take NULL
 * for the system's store. */
struct gs_cert_trust {
	const char *path;
	struct gs_cert_certs certs;
	struct gs_err unread; /* why a file of the folder was not read, such as
			       * its size; or empty */
};

/* Reads path, which must outlive t: a folder, or a file with certificates.
 * Returns 0 or -1; gs_cert_certs_free(&t->certs) in either case. */
int gs_cert_trust_read(struct gs_cert_trust *t, const char *path,
    struct gs_err *err) GS_MUST;

/* Adds the certificates of t that may have issued cert to pool. */
void gs_cert_trust_find(const struct gs_cert_trust *t,
    const struct gs_cert *cert, struct gs_cert_certs *pool);

/* Whether root is in t. */
bool gs_cert_trust_has(const struct gs_cert_trust *t,
    const struct gs_cert *root);

#endif
