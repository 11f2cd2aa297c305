/* SPDX-License-Identifier: MIT */
/* a=crypto: grammar, suites, keys, lifetime, MKI, parameters, masking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdp/mask.h"
#include "sdp/rules.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"
#include "sdp/suite.c" /* for its table */
#include "sdp_keys.h"

#define S80 "AES_CM_128_HMAC_SHA1_80"
#define L "1 " S80 " inline:" KEY_A

enum { E = GS_ERROR, W = GS_WARNING, N = GS_NOTE };

/* rule GS_R_COUNT: neither error nor warning may be found. */
static const struct {
	const char *value;
	enum gs_sdp_rule rule;
	int severity;
} cases[] = {
	{ L, GS_R_COUNT, 0 },
	{ "", GS_R_CRYPTO_SYNTAX, E },
	{ "1", GS_R_CRYPTO_SYNTAX, E },
	{ "1 " S80, GS_R_CRYPTO_SYNTAX, E },
	{ " " L, GS_R_CRYPTO_SYNTAX, E },
	{ "1 AES-CM inline:" KEY_A, GS_R_CRYPTO_SYNTAX, E },
	{ L ";", GS_R_CRYPTO_SYNTAX, E },
	{ L " \x01", GS_R_CRYPTO_SYNTAX, E },
	{ "1 inline:" KEY_A, GS_R_CRYPTO_SYNTAX, E },

	{ "0 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG_ZERO, N },
	{ "01 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },
	{ "000000001 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },
	{ "1000000000 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },
	{ "999999999 " S80 " inline:" KEY_A, GS_R_COUNT, 0 },
	{ "-1 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },
	{ "+1 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },
	{ "1.0 " S80 " inline:" KEY_A, GS_R_CRYPTO_TAG, E },

	{ "1 aes_cm_128_hmac_sha1_80 inline:" KEY_A, GS_R_CRYPTO_SUITE_CASE,
	    N },
	{ "1 " S80 " INLINE:" KEY_A, GS_R_CRYPTO_SUITE_CASE, N },
	{ "1 AES_SUPER inline:" KEY_A, GS_R_CRYPTO_SUITE_UNKNOWN, W },
	{ "1 AEAD_ARIA_128_GCM inline:" KEY_28, GS_R_CRYPTO_SUITE_UNKNOWN, W },
	{ "1 AES_CM_256_HMAC_SHA1_80 inline:" KEY_46, GS_R_CRYPTO_SUITE_ALIAS,
	    N },
	{ "1 AEAD_AES_256_GCM_8 inline:" KEY_44, GS_R_CRYPTO_SUITE_VENDOR, N },
	{ "1 SEED_128_CCM_80 inline:" KEY_A, GS_R_COUNT, 0 },
	{ "1 SEED_128_CCM_80 inline:" KEY_28, GS_R_COUNT, 0 },

	{ "1 " S80 " " KEY_A, GS_R_CRYPTO_KEY_METHOD, E },
	{ "1 " S80 " uri:x", GS_R_CRYPTO_KEY_METHOD, E },
	{ "1 " S80 " inline:", GS_R_CRYPTO_KEY_MISSING, E },
	{ "1 " S80 " inline:|2^20", GS_R_CRYPTO_KEY_MISSING, E },
	{ "1 " S80 " inline: " KEY_A, GS_R_CRYPTO_KEY_MISSING, E },
	{ "1 " S80 " inline:-_" KEY_A, GS_R_CRYPTO_KEY_BASE64, E },
	{ "1 " S80 " inline:A=" KEY_A, GS_R_CRYPTO_KEY_BASE64, E },
	{ L "A", GS_R_CRYPTO_KEY_BASE64, E },
	{ L "=", GS_R_CRYPTO_KEY_BASE64, E },
	{ "1 " S80 " inline:" KEY_16, GS_R_CRYPTO_KEY_LENGTH, E },
	{ "1 " S80 " inline:" KEY_46, GS_R_CRYPTO_KEY_LENGTH, E },
	{ "1 AEAD_AES_128_GCM inline:" KEY_A, GS_R_CRYPTO_KEY_LENGTH, E },
	{ "1 AES_192_CM_HMAC_SHA1_32 inline:" KEY_38, GS_R_COUNT, 0 },
	{ "1 SEED_128_CCM_80 inline:AAECAw", GS_R_KEY_UNPADDED, N },
	{ "1 SEED_128_CCM_80 inline:AAECAx==", GS_R_KEY_NONCANONICAL, N },
	{ "1 " S80 " inline:***", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:xxxxxxxx", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:<removed>", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:WnD7...yxQ|2^20", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:REDACTED", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:__key_removed__|2^31|1:1", GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:{key}", GS_R_KEY_MASKED, N },
	{ "1 AEAD_AES_128_GCM inline:"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==",
	    GS_R_KEY_MASKED, N },
	{ "1 " S80 " inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    GS_R_CRYPTO_KEY_WEAK, W },
	{ "1 " S80 " inline:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNk",
	    GS_R_CRYPTO_KEY_HEX, W },
	{ "1 " S80 " inline:enl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE5ODc2",
	    GS_R_KEY_PRINTABLE, N },

	{ L "|2^0", GS_R_LIFETIME_SHORT, N },
	{ L "|2^0", GS_R_COUNT, 0 },
	{ L "|2^20", GS_R_COUNT, 0 },
	{ L "|2^48", GS_R_LIFETIME_SRTCP, N },
	{ L "|2^48", GS_R_COUNT, 0 },
	{ L "|2^49", GS_R_CRYPTO_LIFETIME, E },
	{ L "|2^048", GS_R_CRYPTO_LIFETIME, E },
	{ L "|2^", GS_R_CRYPTO_LIFETIME, E },
	{ L "|0", GS_R_CRYPTO_LIFETIME, E },
	{ L "|1900000", GS_R_LIFETIME_DECIMAL, N },
	{ L "|281474976710656", GS_R_COUNT, 0 },
	{ L "|281474976710657", GS_R_CRYPTO_LIFETIME, E },
	{ L "|18446744073709551617", GS_R_CRYPTO_LIFETIME, E },
	{ L "|", GS_R_CRYPTO_LIFETIME, E },
	{ L "||1:4", GS_R_CRYPTO_LIFETIME, E },
	{ L "|1:4|2^20", GS_R_CRYPTO_LIFETIME, E },
	{ L "|2^20|1:4", GS_R_COUNT, 0 },
	{ L "|1:4", GS_R_MKI_NO_LIFETIME, N },
	{ L "|1:4", GS_R_MKI_IGNORED, N },
	{ L "|2^20|2:4", GS_R_MKI_PEER, N },
	{ L "|0:4", GS_R_CRYPTO_MKI, E },
	{ L "|01:4", GS_R_CRYPTO_MKI, E },
	{ L "|255:1", GS_R_COUNT, 0 },
	{ L "|256:1", GS_R_CRYPTO_MKI, E },
	{ L "|18446744073709551616:8", GS_R_CRYPTO_MKI, E },
	{ L "|18446744073709551616:9", GS_R_COUNT, 0 },
	{ L "|1:4|1:4", GS_R_CRYPTO_MKI, E },
	{ L "|2^20|2", GS_R_CRYPTO_MKI_LENGTH, E },
	{ L "|1:0", GS_R_CRYPTO_MKI_LENGTH, E },
	{ L "|1:04", GS_R_CRYPTO_MKI_LENGTH, E },
	{ L "|1:128", GS_R_COUNT, 0 },
	{ L "|1:129", GS_R_CRYPTO_MKI_LENGTH, E },
	{ L "|1:4;inline:" KEY_B "|2:4", GS_R_COUNT, 0 },
	{ L "|1:4;inline:" KEY_B "|2:4", GS_R_KEYS_SEVERAL, N },
	{ L "|1:4;inline:" KEY_B, GS_R_MKI_REQUIRED, E },
	{ L "|1:4;inline:" KEY_B "|2:3", GS_R_MKI_LENGTH_DIFFERS, E },
	{ L "|1:4;inline:" KEY_B "|1:4", GS_R_MKI_DUP, E },

	{ "1\t" S80 " inline:" KEY_A, GS_R_CRYPTO_WHITESPACE, N },
	{ L " ", GS_R_CRYPTO_WHITESPACE, N },
	{ L "  KDR=1", GS_R_CRYPTO_WHITESPACE, N },
	{ L " ROC=1", GS_R_SESSION_PARAM_UNKNOWN, E },
	{ L " inline:" KEY_B, GS_R_SESSION_PARAM_UNKNOWN, E },
	{ L " UNENCRYPTED_SRTP=1", GS_R_SESSION_PARAM_UNKNOWN, E },
	{ L " -", GS_R_SESSION_PARAM_UNKNOWN, E },
	{ L " -ROC=1", GS_R_SESSION_PARAM_OPTIONAL, N },
	{ L " WSH=64 WSH=64", GS_R_SESSION_PARAM_DUP, W },
	{ L " wsh=64", GS_R_SESSION_PARAM_PEER, N },
	{ L " KDR=0", GS_R_KDR_RANGE, W },
	{ L " KDR=1", GS_R_COUNT, 0 },
	{ L " KDR=24", GS_R_COUNT, 0 },
	{ L " KDR=25", GS_R_KDR_RANGE, E },
	{ L " KDR=024", GS_R_KDR_RANGE, E },
	{ L " KDR", GS_R_KDR_RANGE, E },
	{ L " WSH=63", GS_R_WSH_RANGE, W },
	{ L " WSH=0064", GS_R_WSH_RANGE, E },
	{ L " WSH=0", GS_R_WSH_RANGE, E },
	{ L " WSH=99999999999999999999", GS_R_COUNT, 0 },
	{ L " FEC_ORDER=SRTP_FEC", GS_R_COUNT, 0 },
	{ L " FEC_ORDER=X", GS_R_FEC_ORDER, E },
	{ L " FEC_KEY=inline:" KEY_B, GS_R_FEC_KEY, N },
	{ L " FEC_KEY=inline:" KEY_B, GS_R_COUNT, 0 },
	{ L " FEC_KEY=" KEY_B, GS_R_FEC_KEY, E },
	{ L " FEC_KEY=inline:" KEY_16, GS_R_FEC_KEY, E },
	{ L " UNENCRYPTED_SRTP", GS_R_PARAM_UNENCRYPTED, W },
	{ L " UNENCRYPTED_SRTCP", GS_R_PARAM_UNENCRYPTED_RTCP, N },
	{ L " UNAUTHENTICATED_SRTP", GS_R_PARAM_UNAUTHENTICATED, W },
	{ "1 AEAD_AES_128_GCM inline:" KEY_28 " UNAUTHENTICATED_SRTP",
	    GS_R_GCM_PARAM, E },
	{ "1 AEAD_AES_128_GCM inline:" KEY_28 " UNENCRYPTED_SRTCP", GS_R_COUNT,
	    0 },
};

/* No eight characters of a key may show. */
static void
hides(const char *text, const char *key)
{
	for (size_t i = 0; text != NULL && i + 8 <= strlen(key); i++) {
		struct gs_span piece = gs_span(key + i, 8);
		struct gs_span all = gs_span(text, strlen(text));
		if (gs_span_find(all, piece) < all.n)
			fail_msg("a key shows");
	}
}

static void
check_case(size_t i)
{
	struct gs_span value = gs_span(cases[i].value, strlen(cases[i].value));
	struct gs_sdp_line line = { value, { 1, 1 }, GS_EOL_LF };
	struct gs_diags d;
	struct gs_sdp_sdes s, quiet;
	bool found = cases[i].rule == GS_R_COUNT, error = false;

	gs_diags_init(&d, gs_sdp_rules, NULL, 100);
	gs_sdp_sdes_parse(&s, &line, value, &d);
	gs_sdp_sdes_parse(&quiet, &line, value, NULL);
	for (size_t k = 0; k < d.n; k++) {
		const struct gs_finding *f = &d.list[k];
		error |= f->severity == GS_ERROR;
		if (cases[i].rule == GS_R_COUNT && f->severity != GS_NOTE)
			fail_msg("case %zu: %s", i, f->rule->id);
		found |= cases[i].rule != GS_R_COUNT &&
		    f->rule == &gs_sdp_rules.rule[cases[i].rule] &&
		    (int)f->severity == cases[i].severity;
		hides(f->text, KEY_A);
		hides(f->text, KEY_B);
	}
	if (!found)
		fail_msg("case %zu: %s is not there", i,
		    gs_sdp_rules.rule[cases[i].rule].id);
	assert_int_equal(s.valid, !error);
	assert_int_equal(s.valid, quiet.valid);
	assert_int_equal(s.keys, quiet.keys);
	gs_sdp_sdes_wipe(&s);
	gs_diags_free(&d);
}

static void
each_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(i);
}

static void
fields(void **state)
{
	struct gs_span v =
	    GS_LIT("7 aead_aes_128_gcm inline:" KEY_28
		   "|2^31|1066:4;inline:" KEY_28 "|5:4 KDR=3 WSH=128 -X");
	struct gs_sdp_line line = { v, { 1, 1 }, GS_EOL_LF };
	struct gs_sdp_sdes s;

	(void)state;
	gs_sdp_sdes_parse(&s, &line, v, NULL);
	assert_true(s.valid && s.tag_valid);
	assert_int_equal(s.tag, 7);
	assert_string_equal(s.suite->name, "AEAD_AES_128_GCM");
	assert_int_equal(s.keys, 2);
	assert_int_equal(s.key[0].n, 28);
	assert_int_equal(s.key[0].lifetime, 1u << 31);
	assert_true(gs_span_eq(s.key[0].mki, GS_LIT("1066")));
	assert_int_equal(s.key[0].mki_length, 4);
	assert_int_equal(s.key[1].lifetime, 0);
	assert_int_equal(s.key[0].n, s.key[1].n);
	assert_memory_equal(s.key[0].keysalt, s.key[1].keysalt, s.key[0].n);
	assert_int_equal(s.params,
	    GS_SDES_KDR | GS_SDES_WSH | GS_SDES_OPTIONAL);
	assert_int_equal(s.kdr, 3);
	assert_int_equal(s.wsh, 128);
	gs_sdp_sdes_wipe(&s);
	for (size_t i = 0; i < 28; i++)
		assert_int_equal(s.key[1].keysalt[i], 0);
	v = GS_LIT("1 " S80 " inline:***");
	gs_sdp_sdes_parse(&s, &line, v, NULL);
	assert_true(s.valid && s.key[0].masked && s.key[0].n == 0);
}

/* No more keys are kept than there is room for, behind whatever they stand. */
static void
many_keys(void **state)
{
	static const char *const between[] = { ";", " ", " inline:" KEY_A ";" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct gs_sdp_sdes s;
		struct gs_buf b;
		gs_buf_init(&b, 1 << 16);
		gs_buf_puts(&b, L);
		for (int k = 0; k < 3 * GS_SDES_KEYS; k++)
			gs_buf_printf(&b, "%sinline:" KEY_A, between[i]);
		struct gs_sdp_line line = { gs_buf_span(&b), { 1, 1 },
			GS_EOL_LF };
		gs_sdp_sdes_parse(&s, &line, gs_buf_span(&b), NULL);
		assert_int_equal(s.keys, GS_SDES_KEYS);
		assert_int_equal(s.key[GS_SDES_KEYS - 1].n, s.key[0].n);
		gs_buf_free(&b);
	}
}

static void
every_suite(void **state)
{
	(void)state;
	for (const struct gs_sdp_suite *s = suites; s < suites + SUITES; s++) {
		assert_int_equal(s->n, strlen(s->name));
		assert_ptr_equal(gs_sdp_suite_find(gs_span(s->name, s->n)), s);
		assert_int_equal(s->kind == GS_SUITE_ALIAS,
		    s->registered != NULL);
		if (s->registered != NULL)
			assert_int_equal(
			    gs_sdp_suite_find(
				gs_span(s->registered, strlen(s->registered)))
				->key,
			    s->key);
	}
	assert_null(gs_sdp_suite_find(GS_LIT("AES_CM_128")));
	assert_null(gs_sdp_suite_find(gs_span(NULL, 0)));
}

/* Where two is NULL nothing may change. */
static const char *const masks[][2] = {
	{ "a=crypto:" L,
	    "a=crypto:1 " S80
	    " inline:****************************************" },
	{ "[1 " S80 " inline:QUJD|2^20|1:4]",
	    "[1 " S80 " inline:****|2^20|1:4]" },
	{ "inline:QUJD|2^20;INLINE:QUJD|1:4",
	    "inline:****|2^20;INLINE:****|1:4" },
	{ "inline:QUJD|abc|2^3", "inline:****|***|2^3" },
	{ "a=crypto:1 x y FEC_KEY=inline:QUJD z",
	    "a=crypto:1 x y FEC_KEY=inline:**** z" },
	{ "k=base64:QUJD\r\na=x", "k=base64:****\r\na=x" },
	{ "k=QUJD", "k=****" },
	{ "uuid k=clear:a b", "uuid k=clear:***" },
	{ "a=key-mgmt:mikey QUJD", "a=key-mgmt:mikey ****" },
	{ "x#015#012a=crypto:1 S inline:QUJD#015#012a=ptime:20",
	    "x#015#012a=crypto:1 S inline:****#015#012a=ptime:20" },
	{ "a=crypto:1 " S80 " UNAUTHENTICATED_SRTP inline:***", NULL },
	{ "a=ice-pwd:abcdefghijklmnopqrstuvwxyz", NULL },
	{ "a=fmtp:101 0-15", NULL },
	{ "a=crypto:1 aes_cm_128_hmac_sha1_80 inline:", NULL },
	{ "Parse Error near [ABCDEFGHIJKLMNOPQRSTUVWXYZ]",
	    "Parse Error near [**************************]" },
	{ "Change Remote key to [ABCDEFGHIJKLMNOPQRSTUVWXYZ]",
	    "Change Remote key to [**************************]" },
	{ "Bad MKI found in ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	    "Bad MKI found in **************************" },
	{ " abcdefghijklmnopqrstuvwx|2^20 x",
	    " ************************|2^20 x" },
	{ "abcdefghijklmnopqrstuvwx=", "*************************" },
	{ "a=x\rk=clear:a", "a=x\rk=clear:*" },
	/* In a line that is none of an SDP every run of 8 is a key. */
	{ "> AbCdEfGh", "> ********" },
	{ "> AbCdEfG", NULL },
	{ "x=AbCdEfGh", "x=********" },
	{ "m=audio 4 RTP/SAVP AbCdEfGh", "m=audio 4 RTP/SAVP ********" },
	{ "a=crypto:1 " S80 " inline:AbCd EfGhIjKl",
	    "a=crypto:1 " S80 " inline:**** ********" },
	{ "a=crypto:1 FOO_BAR_128 inline:AbCd",
	    "a=crypto:1 FOO_BAR_128 inline:****" },
	{ "| 0a1b2c3d4e", "| **********" },
	{ "| 0a:1b:2c:3d 0a:1b:2c", "| *********** 0a:1b:2c" },
	{ "00000010  0a1b 2c3d 4e5f 6071", "********  *******************" },
	{ "|96 97 98 99 100", NULL },
	{ "> Ab%2BCd%2fEfG", "> *************" },
	{ "> Ab%252BCd\\/EfG", "> **************" },
	{ "> Ab\\u002bCd&#47;EfG", "> ******************" },
	{ "> Ab&plus;Cd&sol;EfG", "> ******************" },
	{ "s=x%0d%0aa=crypto:1 AbCdEfGh", "s=x%0d%**********:1 ********" },
	{ "s=x\\r\\nAbCdEfGh", "s=x\\r\\n********" },
	{ "a=AbCdEfGh", "a=********" },
	{ "a=0a1b2c3d", "a=********" },
	{ "a=x-cap-type:AbCdEfGh", NULL },
	/* What helps a reader stays. */
	{ "2026-11-28T03:04:05.123456789Z pbx freeswitch[7]: [WARNING] "
	  "switch_core_media.c:12 Crypto not negotiated but required.",
	    NULL },
	{ "Jan  2 03:04:05 sbc rtpengine[1]: 03:04:05,123456+0100", NULL },
	{ "0a1b2c3d-4e5f-6789-abcd-0123456789ab Set Remote Key ["
	  "1 " S80 " inline:QUJD]",
	    "0a1b2c3d-4e5f-6789-abcd-0123456789ab Set Remote Key ["
	    "1 " S80 " inline:****]" },
	{ "SIP/2.0 488 Not Acceptable Here", NULL },
	{ "Content-Type: application/sdp", NULL },
	{ "m=audio 4 UDP/TLS/RTP/SAVPF 96 97", NULL },
	{ "o=FreeSWITCH 1368358912 1368358913 IN IP4 192.0.2.1", NULL },
	{ "----------------", NULL },
	{ "a=crypto:1 abcdefghijklmnopqrstuvwx",
	    "a=crypto:1 ************************" },
};

static void
masking(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		size_t n = strlen(masks[i][0]);
		memcpy(text, masks[i][0], n + 1);
		gs_sdp_sdes_mask(text, n);
		assert_string_equal(text,
		    masks[i][masks[i][1] == NULL ? 0 : 1]);
	}
	gs_sdp_sdes_mask(text, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(fields),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(every_suite),
		cmocka_unit_test(masking),
	};

	return cmocka_run_group_tests_name("sdes", tests, NULL, NULL);
}
