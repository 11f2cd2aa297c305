/* SPDX-License-Identifier: MIT */
/* Two ends of libssl in one process: a certificate for the server, and what
 * the client logs. */
#ifndef GSPROV_TEST_TLS_ENDS_H
#define GSPROV_TEST_TLS_ENDS_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/buf.h"

/* What the bench of both ends, their app data, begins with. */
struct ends {
	SSL_SESSION *session; /* the client's last */
	struct gs_buf lines; /* of a key log */
	bool logs;
};

/* A certificate for key, signed by it; NULL: that failed. */
static inline X509 *
ends_certify(EVP_PKEY *key)
{
	X509 *x = X509_new();

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"pbx.example.com", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, key);
	if (X509_sign(x, key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

/* For SSL_CTX_set_keylog_callback(). */
static inline void
ends_on_line(const SSL *ssl, const char *line)
{
	struct ends *e = SSL_get_app_data(ssl);

	if (e->logs) {
		gs_buf_puts(&e->lines, line);
		gs_buf_puts(&e->lines, "\r\n");
	}
}

/* For SSL_CTX_sess_set_new_cb(). */
static inline int
ends_on_session(SSL *ssl, SSL_SESSION *session)
{
	struct ends *e = SSL_get_app_data(ssl);

	SSL_SESSION_free(e->session);
	e->session = session;
	return 1;
}

/* For SSL_CTX_set_verify(). */
static inline int
ends_accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok, (void)store;
	return 1;
}

#endif
