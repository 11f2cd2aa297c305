/* SPDX-License-Identifier: MIT */
/* TLS handshakes: in memory with the files that FreeSWITCH loads, and with a
 * running server. */
#ifndef GSPROV_CERT_SERVE_H
#define GSPROV_CERT_SERVE_H

#include "cert/x509.h"

/* Dates are not looked at. */
#define GS_TLS_ANY_TIME INT64_MIN

/* A file that was read; path names it in errors. */
struct gs_cert_tls_file {
	const char *path;
	struct gs_span bytes;
};

/* A TLS server as FreeSWITCH sets it up, and a client that trusts trust. */
struct gs_cert_tls_test {
	struct gs_cert_tls_file agent; /* certificate and key */
	struct gs_cert_tls_file cafile; /* path NULL: there is none, and agent
					 * is loaded with its chain */
	const struct gs_cert_certs *trust;
	const char *host; /* or NULL: only the chain is verified */
	const struct gs_cert_sans *sans;
	int64_t now;
};

/* Loads the two files as FreeSWITCH does (sofia-sip, tport_tls.c), completes
 * a handshake in memory and verifies every name.
 * Returns 0, or -1 and says what failed; *refused is then whether the files
 * could be loaded, and the handshake failed. */
int gs_cert_tls_selftest(const struct gs_cert_tls_test *test, bool *refused,
    struct gs_err *err) GS_MUST;

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
	unsigned seconds; /* for all of it, without name service */
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
