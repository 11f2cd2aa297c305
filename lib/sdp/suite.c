/* SPDX-License-Identifier: MIT */
/* The crypto suites of SRTP: registered ones, and others in use. */
#include "sdp/suite.h"

#include "base/buf.h"

#define NAME(s) .name = (s), .n = sizeof(s) - 1
#define CM(k, bits)                                                            \
	.cipher = GS_SRTP_CM, .key = (k), .salt = 14, .tag_bits = (bits),      \
	.encrypts = true
#define F8(bits)                                                               \
	.cipher = GS_SRTP_F8, .key = 16, .salt = 14, .tag_bits = (bits),       \
	.encrypts = true
#define NO_CIPHER(bits)                                                        \
	.cipher = GS_SRTP_NULL, .key = 16, .salt = 14, .tag_bits = (bits)
#define GCM(k, bits)                                                           \
	.cipher = GS_SRTP_GCM, .key = (k), .salt = 12, .tag_bits = (bits),     \
	.encrypts = true, .aead = true
#define OTHER_CTR(k, bits)                                                     \
	.cipher = GS_SRTP_OTHER, .key = (k), .salt = 14, .tag_bits = (bits),   \
	.encrypts = true
#define OTHER_AEAD(k, s, bits)                                                 \
	.cipher = GS_SRTP_OTHER, .key = (k), .salt = (s), .tag_bits = (bits),  \
	.encrypts = true, .aead = true
#define ALIAS(s) .kind = GS_SUITE_ALIAS, .registered = (s), .ref = "RFC 6188"
#define VENDOR .kind = GS_SUITE_VENDOR, .ref = "not registered"
#define ARIA .kind = GS_SUITE_FOREIGN, .ref = "RFC 8269"
#define OURS .kind = GS_SUITE_FOREIGN, .ref = "not registered"

/* The usual ones first: the table is searched from its beginning. */
static const struct gs_sdp_suite suites[] = {
	{ NAME("AES_CM_128_HMAC_SHA1_80"), .profile = 1, CM(16, 80),
	    .common = true, .ref = "RFC 4568 6.2.1" },
	{ NAME("AES_CM_128_HMAC_SHA1_32"), .profile = 2, CM(16, 32),
	    .common = true, .ref = "RFC 4568 6.2.2" },
	{ NAME("AES_256_CM_HMAC_SHA1_80"), CM(32, 80), .ref = "RFC 6188" },
	{ NAME("AES_256_CM_HMAC_SHA1_32"), CM(32, 32), .ref = "RFC 6188" },
	{ NAME("AES_192_CM_HMAC_SHA1_80"), CM(24, 80), .ref = "RFC 6188" },
	{ NAME("AES_192_CM_HMAC_SHA1_32"), CM(24, 32), .ref = "RFC 6188" },
	{ NAME("AEAD_AES_128_GCM"), .profile = 7, GCM(16, 128),
	    .ref = "RFC 7714" },
	{ NAME("AEAD_AES_256_GCM"), .profile = 8, GCM(32, 128),
	    .ref = "RFC 7714" },
	{ NAME("F8_128_HMAC_SHA1_80"), F8(80), .ref = "RFC 4568 6.2.3" },
	{ NAME("SEED_CTR_128_HMAC_SHA1_80"), OTHER_CTR(16, 80),
	    .ref = "RFC 5669" },
	/* Sources disagree about the salt of these two. */
	{ NAME("SEED_128_CCM_80"), OTHER_AEAD(0, 0, 80), .ref = "RFC 5669" },
	{ NAME("SEED_128_GCM_96"), OTHER_AEAD(0, 0, 96), .ref = "RFC 5669" },

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
	/* Only in the grammar of RFC 4568 section 9.2. */
	{ NAME("F8_128_HMAC_SHA1_32"), F8(32), VENDOR },
	{ NAME("AES_CM_128_NULL_AUTH"), CM(16, 0), VENDOR },
	{ NAME("NULL_HMAC_SHA1_80"), .profile = 5, NO_CIPHER(80), VENDOR },
	{ NAME("NULL_HMAC_SHA1_32"), .profile = 6, NO_CIPHER(32), VENDOR },

	{ NAME("ARIA_128_CTR_HMAC_SHA1_80"), .profile = 11, OTHER_CTR(16, 80),
	    ARIA },
	{ NAME("ARIA_128_CTR_HMAC_SHA1_32"), .profile = 12, OTHER_CTR(16, 32),
	    ARIA },
	{ NAME("ARIA_192_CTR_HMAC_SHA1_80"), OTHER_CTR(24, 80), ARIA },
	{ NAME("ARIA_192_CTR_HMAC_SHA1_32"), OTHER_CTR(24, 32), ARIA },
	{ NAME("ARIA_256_CTR_HMAC_SHA1_80"), .profile = 13, OTHER_CTR(32, 80),
	    ARIA },
	{ NAME("ARIA_256_CTR_HMAC_SHA1_32"), .profile = 14, OTHER_CTR(32, 32),
	    ARIA },
	{ NAME("AEAD_ARIA_128_GCM"), .profile = 15, OTHER_AEAD(16, 12, 128),
	    ARIA },
	{ NAME("AEAD_ARIA_256_GCM"), .profile = 16, OTHER_AEAD(32, 12, 128),
	    ARIA },

	/* Suites with parameters, which have no names. */
	{ NAME("AES_192_CM_NULL_AUTH"), CM(24, 0), OURS },
	{ NAME("AES_256_CM_NULL_AUTH"), CM(32, 0), OURS },
	{ NAME("F8_128_NULL_AUTH"), F8(0), OURS },
	{ NAME("NULL_NULL_AUTH"), NO_CIPHER(0), OURS },
};

enum { SUITES = sizeof(suites) / sizeof(suites[0]) };

const struct gs_sdp_suite *
gs_sdp_suite_find(struct gs_span name)
{
	/* A name spelled as in the RFCs is found without comparing each
	 * letter's case. */
	for (size_t i = 0; i < SUITES; i++)
		if (suites[i].n == name.n &&
		    memcmp(suites[i].name, name.p, name.n) == 0)
			return &suites[i];
	for (size_t i = 0; i < SUITES; i++)
		if (gs_span_eqcase(gs_span(suites[i].name, suites[i].n), name))
			return &suites[i];
	return NULL;
}

const struct gs_sdp_suite *
gs_sdp_suite_of(enum gs_sdp_srtp_cipher cipher, uint8_t key, unsigned tag_bits)
{
	const struct gs_sdp_suite *near = NULL;

	for (const struct gs_sdp_suite *s = suites; s < suites + SUITES; s++) {
		if (s->cipher != cipher || s->key != key)
			continue;
		if (s->tag_bits == tag_bits)
			return s;
		if (near == NULL)
			near = s;
	}
	return near;
}

const struct gs_sdp_suite *
gs_sdp_suite_profile(uint16_t profile)
{
	for (const struct gs_sdp_suite *s = suites; s < suites + SUITES; s++)
		if (profile != 0 && s->profile == profile)
			return s;
	return NULL;
}

bool
gs_sdp_suite_length(size_t n, uint8_t *salt)
{
	for (const struct gs_sdp_suite *s = suites; s < suites + SUITES; s++)
		if (s->key > 0 && (size_t)s->key + s->salt == n) {
			*salt = s->salt;
			return true;
		}
	return false;
}
