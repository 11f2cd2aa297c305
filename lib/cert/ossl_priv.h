/* SPDX-License-Identifier: MIT */
/* What the two files with OpenSSL share. */
#ifndef GSPROV_CERT_OSSL_PRIV_H
#define GSPROV_CERT_OSSL_PRIV_H

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "cert/x509.h"

/* libcrypto's object under our name. */
static inline X509 *
gs_cert_ossl_x509(const struct gs_cert *cert)
{
	return (X509 *)(uintptr_t)cert;
}

/* To be called before anything else of libcrypto. */
void gs_cert_ossl_start(void);

/* Fills err with what and libcrypto's reason; returns -1. */
int gs_cert_ossl_err(struct gs_err *err, const char *what);

#endif
