/* SPDX-License-Identifier: MIT */
/* Certificates: read, written, compared, and what stands in them. */
#ifndef GSPROV_CERT_X509_H
#define GSPROV_CERT_X509_H

#include "key.h"
#include "name.h"

#pragma GCC visibility push(default)

/* A certificate; libcrypto's object under our name. */
struct gs_cert;

enum {
	GS_CERTS_MAX = 32, /* certificates of one file or chain */
	GS_CERT_TEXT = 512, /* bytes of a subject as text */
};

/* Certificates, in the order of their file. */
struct gs_certs {
	struct gs_cert *list[GS_CERTS_MAX];
	size_t n;
	size_t dropped; /* beyond GS_CERTS_MAX */
	size_t damaged; /* blocks that say CERTIFICATE and are none */
	bool key_inside; /* a private key stands there, too */
};

/* Reads PEM (text around it, CRLF, several), DER, or PKCS #7 in either
 * form (RFC 7468, RFC 2315). Returns 0, also when there is none; -1 only
 * without memory. Adds to out. */
int gs_certs_read(struct gs_span bytes, struct gs_certs *out,
    struct gs_err *err) GS_MUST;

/* Adds a reference to cert, unless an equal one is there. */
int gs_certs_add(struct gs_certs *c, struct gs_cert *cert,
    struct gs_err *err) GS_MUST;

bool gs_certs_hold(const struct gs_certs *c, const struct gs_cert *cert);
void gs_certs_free(struct gs_certs *c);
void gs_cert_free(struct gs_cert *cert);

int gs_cert_write_pem(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err) GS_MUST;
int gs_cert_write_der(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* What stands in a certificate. Times are seconds since 1970. */
struct gs_cert_info {
	char subject[GS_CERT_TEXT]; /* RFC 4514, not vetted for printing */
	char issuer[GS_CERT_TEXT];
	char cn[GS_CERT_TEXT];
	char serial[64];
	char digest[32];
	char fp[65]; /* SHA-256 of the certificate, hex */
	int64_t not_before;
	int64_t not_after;
	struct gs_key_info key;
	struct gs_sans sans;
	bool self_signed;
	bool ca;
	bool usage_server; /* keyUsage and extendedKeyUsage allow a server */
	bool weak_digest; /* MD5, SHA-1, or none that is known */
};

/* Returns 0, or -1 when the certificate cannot be understood. */
int gs_cert_info(const struct gs_cert *cert, struct gs_cert_info *info,
    struct gs_err *err) GS_MUST;

/* Whether it is the one that came with Gemeinschaft 4, whose key everybody
 * has. */
bool gs_cert_is_shared(const struct gs_cert_info *info);

bool gs_cert_same(const struct gs_cert *a, const struct gs_cert *b);
bool gs_cert_has_key(const struct gs_cert *cert, const struct gs_key *key);

/* Whether issuer's name and key stand behind cert. */
bool gs_cert_issued(const struct gs_cert *issuer, const struct gs_cert *cert);

bool gs_cert_self_signed(const struct gs_cert *cert);

/* Why a client that trusts the last one of chain (or leaf, when it is empty)
 * refuses the server certificate leaf; NULL when it does not. Names are
 * not looked at. */
const char *gs_cert_refusal(const struct gs_cert *leaf,
    const struct gs_certs *chain, int64_t now);

/* Puts the name and version of the OpenSSL that is in use. */
void gs_x509_library(struct gs_buf *b);

#pragma GCC visibility pop

#endif
