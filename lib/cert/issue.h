/* SPDX-License-Identifier: MIT */
/* Making certificates and requests. */
#ifndef GSPROV_CERT_ISSUE_H
#define GSPROV_CERT_ISSUE_H

#include "x509.h"

#pragma GCC visibility push(default)

enum { GS_CN_MAX = 64 }; /* RFC 5280 A.1 */

/* What to certify. issuer and issuer_key are NULL for a self-signed one. */
struct gs_issue {
	const struct gs_dn *subject;
	const struct gs_cert *like; /* without subject: has it; or NULL */
	const char *cn; /* left out when longer than GS_CN_MAX */
	const struct gs_sans *sans;
	const struct gs_key *key;
	const struct gs_cert *issuer;
	const struct gs_key *issuer_key;
	bool ca; /* a CA for leaves only: pathlen 0 */
	int64_t now;
	unsigned days;
};

/* Makes a certificate: v3, SHA-256, 127 random bits of serial number, valid
 * from a day before now, never longer than its issuer. Returns 0 (free
 * with gs_cert_free()) or -1. */
int gs_cert_issue(const struct gs_issue *what, struct gs_cert **cert,
    struct gs_err *err) GS_MUST;

/* Appends a request (PKCS #10, RFC 2986) as PEM. */
int gs_csr_make(const struct gs_issue *what, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
