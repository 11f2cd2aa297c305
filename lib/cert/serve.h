/* SPDX-License-Identifier: MIT */
/* A TLS handshake with a running server. */
#ifndef GSPROV_CERT_SERVE_H
#define GSPROV_CERT_SERVE_H

#include "cert/x509.h"

enum gs_cert_tls_version { GS_TLS_1_0, GS_TLS_1_1, GS_TLS_1_2, GS_TLS_1_3 };

/* The offer of a client. */
struct gs_cert_tls_client {
	enum gs_cert_tls_version least, most;
	const char *ciphers; /* for versions up to 1.2, as OpenSSL names them;
			      * NULL: those of OpenSSL */
	int security; /* OpenSSL's level */
};

/* A server to connect to. Everything is borrowed. */
struct gs_cert_tls_look {
	const char *host; /* a name or an address */
	const char *port;
	const char *name; /* SNI, or NULL: none */
	const char *alpn; /* the one protocol to offer, or NULL */
	const struct gs_cert_tls_client *client;
	unsigned seconds; /* for all of it */
};

/* The result of a connection. */
struct gs_cert_tls_seen {
	bool reached; /* it accepts connections */
	bool done; /* the handshake was completed, and is not refused then */
	bool refuses; /* a client without a certificate */
	char why[512]; /* why not */
	char protocol[16];
	char cipher[64];
	struct gs_cert_certs sent; /* its certificate first; also then */
};

/* Connects by IPv4 or IPv6 and completes one handshake, in which nothing is
 * verified; nothing is sent after it. OpenSSL's configuration is not read.
 * Returns 0 (what failed is in seen; free with gs_cert_certs_free(&seen->sent))
 * or -1 when this host cannot do it. */
int gs_cert_tls_look(const struct gs_cert_tls_look *look,
    struct gs_cert_tls_seen *seen, struct gs_err *err) GS_MUST;

#endif
