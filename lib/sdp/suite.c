/* SPDX-License-Identifier: MIT */
/* The crypto suites of SRTP that are registered, or sent all the same. */
#include "sdp/sdes.h"

#define NAME(s) .name = (s), .n = sizeof(s) - 1
#define CM(k, bits) .key = (k), .salt = 14, .tag_bits = (bits), .encrypts = true
#define GCM(k, bits)                                                           \
	.key = (k), .salt = 12, .tag_bits = (bits), .encrypts = true,          \
	.aead = true
#define ALIAS(s) .kind = GS_SUITE_ALIAS, .registered = (s), .ref = "RFC 6188"
#define VENDOR .kind = GS_SUITE_VENDOR, .ref = "not registered"

/* The usual ones first: the table is searched from its begin. */
static const struct gs_suite suites[] = {
	{ NAME("AES_CM_128_HMAC_SHA1_80"), CM(16, 80),
	    .ref = "RFC 4568 6.2.1" },
	{ NAME("AES_CM_128_HMAC_SHA1_32"), CM(16, 32),
	    .ref = "RFC 4568 6.2.2" },
	{ NAME("AES_256_CM_HMAC_SHA1_80"), CM(32, 80), .ref = "RFC 6188" },
	{ NAME("AES_256_CM_HMAC_SHA1_32"), CM(32, 32), .ref = "RFC 6188" },
	{ NAME("AES_192_CM_HMAC_SHA1_80"), CM(24, 80), .ref = "RFC 6188" },
	{ NAME("AES_192_CM_HMAC_SHA1_32"), CM(24, 32), .ref = "RFC 6188" },
	{ NAME("AEAD_AES_128_GCM"), GCM(16, 128), .ref = "RFC 7714" },
	{ NAME("AEAD_AES_256_GCM"), GCM(32, 128), .ref = "RFC 7714" },
	{ NAME("F8_128_HMAC_SHA1_80"), CM(16, 80), .ref = "RFC 4568 6.2.3" },
	{ NAME("SEED_CTR_128_HMAC_SHA1_80"), CM(16, 80), .ref = "RFC 5669" },
	/* Sources disagree on the salt of these two. */
	{ NAME("SEED_128_CCM_80"), .tag_bits = 80, .encrypts = true,
	    .aead = true, .ref = "RFC 5669" },
	{ NAME("SEED_128_GCM_96"), .tag_bits = 96, .encrypts = true,
	    .aead = true, .ref = "RFC 5669" },

	{ NAME("AES_CM_256_HMAC_SHA1_80"), CM(32, 80),
	    ALIAS("AES_256_CM_HMAC_SHA1_80") },
	{ NAME("AES_CM_256_HMAC_SHA1_32"), CM(32, 32),
	    ALIAS("AES_256_CM_HMAC_SHA1_32") },
	{ NAME("AES_CM_192_HMAC_SHA1_80"), CM(24, 80),
	    ALIAS("AES_192_CM_HMAC_SHA1_80") },
	{ NAME("AES_CM_192_HMAC_SHA1_32"), CM(24, 32),
	    ALIAS("AES_192_CM_HMAC_SHA1_32") },

	{ NAME("AEAD_AES_256_GCM_8"), GCM(32, 64), VENDOR },
	{ NAME("AEAD_AES_128_GCM_8"), GCM(16, 64), VENDOR },
	/* In the grammar of RFC 4568 section 9.2, and nowhere else. */
	{ NAME("F8_128_HMAC_SHA1_32"), CM(16, 32), VENDOR },
	{ NAME("AES_CM_128_NULL_AUTH"), CM(16, 0), VENDOR },
	{ NAME("NULL_HMAC_SHA1_80"), .key = 16, .salt = 14, .tag_bits = 80,
	    VENDOR },
	{ NAME("NULL_HMAC_SHA1_32"), .key = 16, .salt = 14, .tag_bits = 32,
	    VENDOR },
};

enum { SUITES = sizeof(suites) / sizeof(suites[0]) };

const struct gs_suite *
gs_suite_at(size_t i)
{
	return i < SUITES ? &suites[i] : NULL;
}

const struct gs_suite *
gs_suite_find(struct gs_span name)
{
	/* As written in RFCs it needs no look at each letter's case. */
	for (size_t i = 0; i < SUITES; i++)
		if (suites[i].n == name.n &&
		    memcmp(suites[i].name, name.p, name.n) == 0)
			return &suites[i];
	for (size_t i = 0; i < SUITES; i++)
		if (gs_span_eqcase(gs_span(suites[i].name, suites[i].n), name))
			return &suites[i];
	return NULL;
}
