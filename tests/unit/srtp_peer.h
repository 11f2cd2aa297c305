/* SPDX-License-Identifier: MIT */
/* For tests of the srtp wing: hexadecimal, random numbers that repeat, and
 * libsrtp2 as the sender. */
#ifndef SRTP_PEER_H
#define SRTP_PEER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

/* Decodes text (blanks between octets are skipped); returns octets. */
static inline size_t
hex(const char *text, uint8_t *out)
{
	size_t n = 0;
	unsigned half = 0, v = 0;

	for (; *text != '\0'; text++) {
		const char *digits = "0123456789abcdef", *d;

		if ((d = strchr(digits, *text | 32)) == NULL || *text == ' ')
			continue;
		v = v << 4 | (unsigned)(d - digits);
		if (++half % 2 == 0)
			out[n++] = (uint8_t)v;
	}
	return n;
}

/* xorshift64: the same numbers in every run. */
static inline uint32_t
rnd(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 24);
}

static inline void
rnd_fill(uint64_t *state, uint8_t *p, size_t n)
{
	while (n-- > 0)
		*p++ = (uint8_t)rnd(state);
}

/* A suite as libsrtp2 knows it. */
struct peer_suite {
	const char *name;
	srtp_cipher_type_id_t cipher;
	int key; /* octets of key and salt */
	int salt;
	int tag;
	int rtcp_tag;
};

static const struct peer_suite peer_suites[] = {
	{ "AES_CM_128_HMAC_SHA1_80", SRTP_AES_ICM_128, 16, 14, 10, 10 },
	{ "AES_CM_128_HMAC_SHA1_32", SRTP_AES_ICM_128, 16, 14, 4, 10 },
	{ "AES_256_CM_HMAC_SHA1_80", SRTP_AES_ICM_256, 32, 14, 10, 10 },
	{ "AES_256_CM_HMAC_SHA1_32", SRTP_AES_ICM_256, 32, 14, 4, 10 },
	{ "AEAD_AES_128_GCM", SRTP_AES_GCM_128, 16, 12, 16, 16 },
	{ "AEAD_AES_256_GCM", SRTP_AES_GCM_256, 32, 12, 16, 16 },
	{ "AEAD_AES_128_GCM_8", SRTP_AES_GCM_128, 16, 12, 8, 8 },
	{ "AEAD_AES_256_GCM_8", SRTP_AES_GCM_256, 32, 12, 8, 8 },
	{ "NULL_HMAC_SHA1_80", SRTP_NULL_CIPHER, 16, 14, 10, 10 },
	{ "NULL_HMAC_SHA1_32", SRTP_NULL_CIPHER, 16, 14, 4, 10 },
	{ "AES_192_CM_HMAC_SHA1_80", SRTP_AES_ICM_192, 24, 14, 10, 10 },
	{ "AES_192_CM_HMAC_SHA1_32", SRTP_AES_ICM_192, 24, 14, 4, 10 },
	{ "AES_CM_128_NULL_AUTH", SRTP_AES_ICM_128, 16, 14, 0, 10 },
};

enum { PEER_SUITES = sizeof(peer_suites) / sizeof(*peer_suites) };

static inline void
peer_crypto(srtp_crypto_policy_t *p, const struct peer_suite *s, int tag)
{
	int gcm = s->salt == 12;

	p->cipher_type = s->cipher;
	p->cipher_key_len = s->key + s->salt;
	p->auth_type = gcm || tag == 0 ? SRTP_NULL_AUTH : SRTP_HMAC_SHA1;
	p->auth_key_len = gcm || tag == 0 ? 0 : 20;
	p->auth_tag_len = tag;
	p->sec_serv = tag == 0 ? sec_serv_conf : sec_serv_conf_and_auth;
	if (s->cipher == SRTP_NULL_CIPHER)
		p->sec_serv = sec_serv_auth;
}

/* A sender for one SSRC that starts at roc; mki (mki_n octets, 0: none)
 * goes into every packet. */
static inline srtp_t
peer_sender(const struct peer_suite *s, uint8_t *keysalt, uint32_t ssrc,
    uint32_t roc, uint8_t *mki, unsigned mki_n)
{
	srtp_policy_t p = { 0 };
	srtp_master_key_t key = { keysalt, mki, mki_n }, *keys = &key;
	srtp_t t;

	peer_crypto(&p.rtp, s, s->tag);
	peer_crypto(&p.rtcp, s, s->rtcp_tag);
	p.ssrc.type = ssrc_specific;
	p.ssrc.value = ssrc;
	p.window_size = 1024;
	p.allow_repeat_tx = 1;
	if (mki_n > 0) {
		p.keys = &keys;
		p.num_master_keys = 1;
	} else {
		p.key = keysalt;
	}
	assert_int_equal(srtp_create(&t, &p), srtp_err_status_ok);
	if (roc > 0)
		assert_int_equal(srtp_set_stream_roc(t, ssrc, roc),
		    srtp_err_status_ok);
	return t;
}

#endif
