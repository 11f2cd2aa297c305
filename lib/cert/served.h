/* SPDX-License-Identifier: MIT */
/* The certificates of a running server, judged as by a phone, and compared with
 * the set in place. */
#ifndef GSPROV_CERT_SERVED_H
#define GSPROV_CERT_SERVED_H

#include "cert/check.h"

struct gs_cert_phone;
struct gs_err;

enum { GS_ENDPOINTS_MAX = 16 };

/* An endpoint. */
struct gs_cert_endpoint {
	char shown[300]; /* "HOST:PORT", brackets around IPv6 */
	char host[256];
	char port[8];
	const char *alpn; /* or NULL */
	bool sip; /* what it serves there is SIP */
	int64_t
	    days; /* left, of whatever expires first; INT64_MAX: not known */
};

/* Reads "HOST[:PORT][/sip|/https|/wss]"; HOST may be an address, with brackets
 * or without. Returns 0 or -1. */
int gs_cert_endpoint_parse(struct gs_cert_endpoint *e, const char *text,
    struct gs_err *err) GS_MUST;

struct gs_cert_served {
	const struct gs_cert_check *check; /* names, trust, now, warn_days */
	const char *name; /* that the client asks for; NULL: HOST */
	const struct gs_cert *leaf; /* of the set, or NULL: any */
	const struct gs_cert_certs *chain; /* its issuers, or NULL */
	const char *model; /* of a second handshake, or NULL */
	const struct gs_cert_phone *phone; /* that model */
};

/* Connects to e and adds the findings to d; fills e->days. Returns 0, or -1 if
 * this host cannot do it. */
int gs_cert_served_check(const struct gs_cert_served *s,
    struct gs_cert_endpoint *e, struct gs_diags *d, struct gs_err *err) GS_MUST;

#endif
