/* SPDX-License-Identifier: MIT */
/* Preloaded into gs-certgen: libcrypto's functions that sign leave the private
 * exponent on the stack below their caller, as OpenSSL 3.0 does on processors
 * with AVX-512 IFMA. */
#define _GNU_SOURCE
#include <dlfcn.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

enum { COPIES = 20, APART = 1024 };

/* Copies in several depths: one alone might be overwritten by what is called
 * later, as it happens. Both functions have the same caller, so nothing that
 * BN_bn2binpad() does comes to lie over them. */
__attribute__((noinline)) static void
leave(const BIGNUM *bn)
{
	unsigned char below[COPIES][APART];

	for (int i = 0; i < COPIES; i++)
		(void)BN_bn2binpad(bn, below[i], BN_num_bytes(bn));
	__asm__ volatile("" : : "r"(below) : "memory");
}

static void
leave_exponent(const EVP_PKEY *key)
{
	BIGNUM *bn = NULL;

	if (EVP_PKEY_get_bn_param(key, "rsa-exponent1", &bn) == 1 ||
	    EVP_PKEY_get_bn_param(key, "priv", &bn) == 1)
		leave(bn);
	BN_clear_free(bn);
}

int
X509_sign(X509 *x, EVP_PKEY *key, const EVP_MD *md)
{
	int (*real)(X509 *, EVP_PKEY *, const EVP_MD *) = (int (*)(X509 *,
	    EVP_PKEY *, const EVP_MD *))dlsym(RTLD_NEXT, "X509_sign");
	int r = real(x, key, md);

	leave_exponent(key);
	return r;
}

int
X509_REQ_sign(X509_REQ *req, EVP_PKEY *key, const EVP_MD *md)
{
	int (*real)(X509_REQ *, EVP_PKEY *, const EVP_MD *) =
	    (int (*)(X509_REQ *, EVP_PKEY *, const EVP_MD *))dlsym(RTLD_NEXT,
		"X509_REQ_sign");
	int r = real(req, key, md);

	leave_exponent(key);
	return r;
}

int
SSL_do_handshake(SSL *ssl)
{
	int (*real)(SSL *) =
	    (int (*)(SSL *))dlsym(RTLD_NEXT, "SSL_do_handshake");
	int r = real(ssl);
	const EVP_PKEY *key = SSL_get_privatekey(ssl);

	if (key != NULL)
		leave_exponent(key);
	return r;
}
