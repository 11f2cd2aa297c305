/* SPDX-License-Identifier: MIT */
/* A TLS handshake in memory, with the files that FreeSWITCH loads. */
#ifndef GSPROV_CERT_SELFTEST_H
#define GSPROV_CERT_SELFTEST_H

#include "x509.h"

/* Dates are not looked at. */
#define GS_TLS_ANY_TIME INT64_MIN

/* A TLS server as FreeSWITCH sets it up, and a client that knows trust. */
struct gs_cert_tls_test {
	const char *agent; /* path: certificate and key */
	const char *cafile; /* path, or NULL: agent is loaded with its chain */
	const struct gs_cert_certs *trust;
	const char *host; /* or NULL: only the chain is verified */
	const struct gs_cert_sans *sans;
	int64_t now;
};

/* Loads the two files as FreeSWITCH does (sofia-sip, tport_tls.c), completes
 * a handshake in memory and verifies every name.
 * Returns 0, or -1 and says what failed. */
int gs_cert_tls_selftest(const struct gs_cert_tls_test *test,
    struct gs_err *err) GS_MUST;

#endif
