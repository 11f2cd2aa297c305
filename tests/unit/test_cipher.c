/* SPDX-License-Identifier: MIT */
/* No key stream stays in memory when libcrypto fails, for which this file has
 * its own EVP_EncryptUpdate(). Each octet of a tag counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "srtp/cipher_priv.h"

enum { MARK = 0xa5, OCTETS = 48 };

static const volatile uint8_t *secret;
static int secret_n;
static int left; /* calls until one fails */

int
EVP_EncryptUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *n,
    const unsigned char *in, int in_n)
{
	(void)ctx;
	(void)in;
	memset(out, MARK, (size_t)in_n);
	*n = in_n;
	secret = out;
	secret_n = in_n;
	return left-- > 0;
}

/* How much is left of what was written last. Called at once, so that nothing
 * else has used that memory. */
static inline __attribute__((always_inline)) int
seen(void)
{
	int n = 0;

	for (int i = 0; i < secret_n; i++)
		n += secret[i] == MARK;
	return n;
}

static struct gs_srtp_cipher_ctx *
keyed(enum gs_sdp_srtp_cipher kind)
{
	static const uint8_t key[16] = { 1 }, salt[14] = { 2 };
	struct gs_srtp_cipher_ctx *c = gs_srtp_cipher_new();

	assert_non_null(c);
	assert_true(gs_srtp_cipher_set_key(c, kind, key, sizeof(key), salt,
	    sizeof(salt)));
	return c;
}

static void
counter(void **state)
{
	static const uint8_t p[OCTETS];
	uint8_t out[OCTETS];
	const struct gs_srtp_part part[2] = { { p, OCTETS, out }, { 0 } };
	struct gs_srtp_cipher_ctx *c = keyed(GS_SRTP_CM);

	(void)state;
	for (int good = 0; good < 2; good++) {
		left = good;
		bool ok = gs_srtp_cipher_counter(c, 1, 2, part);
		int n = seen();

		assert_int_equal(ok, good);
		assert_int_equal(secret_n, OCTETS);
		assert_int_equal(n, 0);
	}
	gs_srtp_cipher_free(c);
}

static void
f8(void **state)
{
	static const uint8_t p[OCTETS], iv[GS_CIPHER_BLOCK] = { 3 };
	uint8_t out[OCTETS];
	const struct gs_srtp_part part[2] = { { p, OCTETS, out }, { 0 } };
	struct gs_srtp_cipher_ctx *c = keyed(GS_SRTP_F8);

	(void)state;
	/* The first call is for the IV, and there are three blocks. */
	for (int good = 0; good <= 4; good++) {
		left = good;
		bool ok = gs_srtp_cipher_f8(c, iv, part);
		int n = seen();

		assert_int_equal(ok, good == 4);
		assert_int_equal(n, 0);
	}
	gs_srtp_cipher_free(c);
}

/* A search under GCM: the first block of the key stream, those of the text, and
 * the text. */
static void
gcm(void **state)
{
	static const uint8_t p[OCTETS], tag[GS_GCM_TAG];
	const struct gs_srtp_sealed d = { .text = { { p, OCTETS, NULL } },
		.tag = tag,
		.tag_n = sizeof(tag) };
	struct gs_srtp_cipher_ctx *c = keyed(GS_SRTP_GCM);

	(void)state;
	for (int good = 0; good <= 3; good++) {
		left = good;
		bool ok = gs_srtp_cipher_hash(c, &d);
		int n = seen();

		assert_int_equal(ok, good == 3);
		assert_int_equal(secret_n,
		    good == 0 ? GS_CIPHER_BLOCK : OCTETS);
		assert_int_equal(n, 0);
	}
	gs_srtp_cipher_free(c);
	/* A hash of zeros hides nothing of the block. */
	c = keyed(GS_SRTP_GCM);
	for (int good = 0; good < 2; good++) {
		left = good;
		int same = gs_srtp_cipher_fits(c, &d);
		int n = seen();

		assert_int_equal(same, good == 0 ? -1 : 0);
		assert_int_equal(n, 0);
	}
	gs_srtp_cipher_free(c);
}

static void
tags(void **state)
{
	/* RFC 2202, test case 1: the key, and "Hi There". */
	static const uint8_t key[GS_HMAC] = { 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
		0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
		0x0b, 0x0b, 0x0b, 0x0b, 0x0b };
	static const uint8_t text[] = { 'H', 'i', ' ', 'T', 'h', 'e', 'r',
		'e' };
	static const uint8_t digest[GS_HMAC] = { 0xb6, 0x17, 0x31, 0x86, 0x55,
		0x05, 0x72, 0x64, 0xe2, 0x8b, 0xc0, 0xb6, 0xfb, 0x37, 0x8c,
		0x8e, 0xf1, 0x46, 0xbe, 0x00 };
	struct gs_srtp_hmac *h = gs_srtp_hmac_new();

	(void)state;
	assert_non_null(h);
	gs_srtp_hmac_set_key(h, key);
	gs_srtp_hmac_begin(h, text, sizeof(text), NULL);
	for (size_t n = 1; n <= GS_HMAC; n++) {
		assert_true(gs_srtp_hmac_fits(h, 0, digest, n));
		for (size_t i = 0; i < GS_HMAC; i++) {
			uint8_t other[GS_HMAC];

			memcpy(other, digest, sizeof(other));
			other[i] ^= 0x80;
			assert_int_equal(gs_srtp_hmac_fits(h, 0, other, n),
			    i >= n);
		}
	}
	gs_srtp_hmac_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counter),
		cmocka_unit_test(f8),
		cmocka_unit_test(gcm),
		cmocka_unit_test(tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
