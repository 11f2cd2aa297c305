/* SPDX-License-Identifier: MIT */
/* The door by which libcrypto and libssl enter this wing. */
#ifndef GSPROV_CERT_OSSL_PRIV_H
#define GSPROV_CERT_OSSL_PRIV_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "x509.h"

/* libcrypto's objects behind our names. */
static inline EVP_PKEY *
gs_ossl_pkey(const struct gs_key *key)
{
	return (EVP_PKEY *)(uintptr_t)key;
}

static inline X509 *
gs_ossl_x509(const struct gs_cert *cert)
{
	return (X509 *)(uintptr_t)cert;
}

/* To be called before anything else of libcrypto. */
void gs_ossl_start(void);

/* Fills err with what and libcrypto's reason; returns -1. */
int gs_ossl_err(struct gs_err *err, const char *what);

/* Appends what a writer left in bio, if it was good, and frees bio, which
 * wipes it. Returns 0 or -1. */
int gs_ossl_take(BIO *bio, bool good, struct gs_buf *out, const char *what,
    struct gs_err *err) GS_MUST;

/* Wipes what calls of libcrypto left on the stack below the caller, private
 * exponents among it. To be called after each that has used a private key. */
void gs_ossl_wipe_stack(void);

/* Seconds since 1970; an unreadable time counts as long ago. */
int64_t gs_ossl_seconds(const ASN1_TIME *t);

void gs_ossl_hex(const uint8_t *p, size_t n, char *hex);

/* 8 hex digits of the SHA-256 of a SubjectPublicKeyInfo, which is freed. */
void gs_ossl_fingerprint(unsigned char *der, int n, char *hex);

/* All of info but the fingerprint. */
void gs_ossl_key_info(EVP_PKEY *p, struct gs_key_info *info);

#endif
