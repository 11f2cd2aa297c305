/* SPDX-License-Identifier: MIT */
/* What all files on libcrypto share: its start, its errors, its times. */
#include "ossl_priv.h"

#include <stdio.h>
#include <time.h>

#include "base/bytes.h"

/* openssl.cnf belongs to other programs: what this one makes and accepts
 * is not to depend on it. */
void
gs_ossl_start(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ERR_clear_error();
}

int
gs_ossl_err(struct gs_err *err, const char *what)
{
	const char *why;

	/* A run without errors does not need their texts. */
	(void)OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
	    NULL);
	why = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	return gs_err_set(err, "%s: %s", what,
	    why != NULL ? why : "no reason given");
}

int
gs_ossl_take(BIO *bio, bool good, struct gs_buf *out, const char *what,
    struct gs_err *err)
{
	char *p = NULL;
	long n = good ? BIO_get_mem_data(bio, &p) : -1;

	if (n > 0)
		gs_buf_put(out, p, (size_t)n);
	BIO_free(bio);
	if (n <= 0)
		return gs_ossl_err(err, what);
	if (!gs_buf_ok(out))
		return gs_err_set(err, "%s: no room", what);
	return 0;
}

/* OpenSSL 3.0 keeps exponents of RSA there on processors with AVX-512 IFMA:
 * RSAZ_exp52x20_x2_256() has 12 KiB, and those who call it less than 8. */
__attribute__((noinline)) void
gs_ossl_wipe_stack(void)
{
	uint8_t below[64 * 1024];

	explicit_bzero(below, sizeof(below));
}

int64_t
gs_ossl_seconds(const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return INT64_MIN;
	return (int64_t)timegm(&tm);
}

void
gs_ossl_hex(const uint8_t *p, size_t n, char *hex)
{
	gs_hex_put(hex, p, n, false);
	hex[2 * n] = '\0';
}
