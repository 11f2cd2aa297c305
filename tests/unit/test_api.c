/* SPDX-License-Identifier: MIT */
/* The public interface where the manual's programs do not go: what is refused,
 * and numbers that do not exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api/gsprov.h"

#define TLS_PCAP "tests/fixtures/example/sips.pcap"
#define TLS_KEYS "tests/fixtures/example/tls.keys"
#define PCAP "tests/fixtures/example/call.pcap"
#define CRYPTO                                                                 \
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 "                                  \
	"inline:5vGJ80g80MmMbaREla0Udrk4aONDbJZpc5rRWmHa\r\n"

static char err[GSPROV_ERROR_SIZE];

/* The call is refused, with this reason, and gives nothing. */
static void
refuses(const void *text, size_t n, const char *why)
{
	struct gsprov_findings *f = NULL;

	assert_int_equal(gsprov_check_text(text, n, GSPROV_TEXT_AUTO,
			     GSPROV_REQUIRE_SRTP, &f, err),
	    -1);
	assert_null(f);
	if (strstr(err, why) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", why, err);
}

static void
texts_that_cannot_be_judged(void **state)
{
	(void)state;
	refuses("", 0, "empty");
	refuses("nothing\n", 8, "no SDP");
	refuses("\x1f\x8b\x08\0", 4, "gzip");
	refuses("BZh91AY", 7, "bzip2");
	refuses("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\1\0\1\0\0\0", 24,
	    "a capture");
	assert_int_equal(gsprov_check_text("", 0, GSPROV_TEXT_AUTO, 0,
			     &(struct gsprov_findings *){ NULL }, NULL),
	    -1);
}

static void
findings_and_rules(void **state)
{
	static const char sdp[] = "v=0\r\nm=audio 9 RTP/AVP 0\r\n";
	struct gsprov_findings *f;
	size_t n;

	(void)state;
	assert_int_equal(gsprov_check_text(sdp, sizeof(sdp) - 1,
			     GSPROV_TEXT_AUTO, GSPROV_REQUIRE_SRTP, &f, err),
	    0);
	n = gsprov_findings_count(f);
	assert_true(gsprov_findings_total(f, GSPROV_ERROR) > 0);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(gsprov_finding_text(f, i));
		assert_non_null(
		    gsprov_rule(gsprov_finding_rule(f, i), GSPROV_RULE_WHY));
	}
	assert_null(gsprov_finding_text(f, n));
	assert_null(gsprov_finding_rule(f, n));
	assert_int_equal(gsprov_finding_line(f, SIZE_MAX), 0);
	gsprov_findings_free(f);
	gsprov_findings_free(NULL);
	assert_null(gsprov_rule("no-such-rule", GSPROV_RULE_BRIEF));
	assert_non_null(gsprov_rule("media-savp-off", GSPROV_RULE_FIX));
}

static void
keys_and_packets(void **state)
{
	static const uint8_t key[30];
	uint8_t packet[64] = { 0x80 }, plain[64];
	struct gsprov_keys *k = gsprov_keys_new(err);
	struct gsprov_srtp *s;
	char where[64];
	size_t n = 7;

	(void)state;
	assert_int_equal(
	    gsprov_keys_read(k, "a.sdp", CRYPTO, sizeof(CRYPTO) - 1, err), 0);
	assert_int_equal(gsprov_keys_count(k), 1);
	assert_int_equal(strlen(gsprov_keys_fingerprint(k, 0)), 8);
	assert_string_equal(gsprov_keys_suite(k, 0), "AES_CM_128_HMAC_SHA1_80");
	assert_string_equal(gsprov_keys_where(k, 0, where, sizeof(where)),
	    "a.sdp:1");
	assert_null(gsprov_keys_fingerprint(k, 1));
	assert_null(gsprov_srtp_of(k, 1, err));
	s = gsprov_srtp_of(k, 0, err);
	assert_int_equal(gsprov_srtp_unprotect(s, 0, packet, 64, plain, &n),
	    GSPROV_NOT_AUTHENTIC);
	assert_int_equal(gsprov_srtp_unprotect(s, 0, packet, 11, plain, &n),
	    GSPROV_NO_PACKET);
	assert_int_equal(gsprov_srtp_unprotect(s, 0, packet, 12, plain, &n),
	    GSPROV_NO_PACKET);
	assert_int_equal(gsprov_srtp_unprotect_rtcp(s, packet, 64, plain, &n),
	    GSPROV_NO_PACKET);
	assert_int_equal(n, 7);
	gsprov_srtp_free(s);
	gsprov_keys_free(k);
	assert_null(gsprov_srtp_new("NO_SUCH_SUITE", key, 30, err));
	assert_null(gsprov_srtp_new("SEED_CTR_128_HMAC_SHA1_80", key, 30, err));
	assert_null(gsprov_srtp_new("AEAD_AES_128_GCM", key, 30, err));
	assert_non_null(strstr(err, "length"));
	gsprov_srtp_free(NULL);
	gsprov_keys_free(NULL);
}

static int
stop_at_third(void *arg, uint32_t stream, uint64_t ns, const uint8_t *rtp,
    size_t n)
{
	assert_true(stream > 0 && ns > 0 && n > 12 && rtp[0] >> 6 == 2);
	return ++*(int *)arg == 3;
}

static void
captures(void **state)
{
	struct gsprov_capture *c;
	int packets = 0;

	(void)state;
	assert_null(
	    gsprov_capture_read(PCAP, NULL, stop_at_third, &packets, err));
	assert_int_equal(packets, 3);
	c = gsprov_capture_read(PCAP, NULL, NULL, NULL, err);
	assert_non_null(c);
	assert_int_equal(gsprov_capture_streams(c), 2);
	for (uint32_t i = 1; i <= 2; i++) {
		assert_int_equal(gsprov_stream_verdict(c, i), GSPROV_DECRYPTED);
		assert_int_equal(gsprov_stream_packets(c, i), 601);
		assert_int_equal(gsprov_stream_opened(c, i), 601);
		assert_int_equal(gsprov_stream_lost(c, i), 0);
		assert_non_null(gsprov_stream_fingerprint(c, i));
	}
	assert_int_equal(gsprov_stream_ssrc(c, 1), 0x47429625);
	assert_int_equal(gsprov_stream_verdict(c, 0), GSPROV_NO_KEY);
	assert_null(gsprov_stream_source(c, 3));
	gsprov_capture_free(c);
	gsprov_capture_free(NULL);
	assert_null(gsprov_capture_read("/nowhere", NULL, NULL, NULL, err));
	assert_non_null(strstr(err, "/nowhere"));
}

/* Keys of TLS open the SIP of a capture, and its media. */
static void
keys_of_tls(void **state)
{
	static const char locked[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
				     "AAAA\n"
				     "-----END ENCRYPTED PRIVATE KEY-----\n";
	static char text[16384];
	FILE *fp = fopen(TLS_KEYS, "r");
	struct gsprov_keys *k = gsprov_keys_new(err);
	struct gsprov_findings *f;
	struct gsprov_capture *c;
	size_t n;

	(void)state;
	assert_non_null(fp);
	n = fread(text, 1, sizeof(text), fp);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(
	    gsprov_check_capture(TLS_PCAP, k, GSPROV_REQUIRE_SAVP, &f, err),
	    -1);
	assert_non_null(strstr(err, "SIP uses TLS"));
	assert_int_equal(gsprov_keys_read(k, "tls.keys", text, n, err), 0);
	assert_true(gsprov_keys_secrets(k) > 0);
	assert_int_equal(gsprov_keys_count(k), 0);
	assert_int_equal(gsprov_keys_private(k), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(gsprov_check_capture(TLS_PCAP, k,
				     GSPROV_REQUIRE_SAVP | GSPROV_REQUIRE_TLS,
				     &f, err),
		    0);
		assert_int_equal(gsprov_findings_total(f, GSPROV_ERROR), 0);
		gsprov_findings_free(f);
		c = gsprov_capture_read(TLS_PCAP, k, NULL, NULL, err);
		assert_non_null(c);
		assert_int_equal(gsprov_stream_verdict(c, 1), GSPROV_DECRYPTED);
		gsprov_capture_free(c);
	}
	assert_int_equal(gsprov_keys_unlock(k, "secret", 6, err), 0);
	(void)gsprov_keys_read(k, "locked", locked, sizeof(locked) - 1, err);
	assert_int_equal(gsprov_keys_private(k), 0);
	gsprov_keys_free(k);
	assert_int_equal(gsprov_check_capture(PCAP, NULL, 0, &f, err), 0);
	gsprov_findings_free(f);
}

static void
settings_and_certificates(void **state)
{
	static const char broken[] = "<settings><phone-settings>";
	struct gsprov_certs set = { "/nowhere", NULL, 1000000000, 30 };
	struct gsprov_findings *f = NULL;
	struct gsprov_bytes out = { NULL, 0 };
	int64_t days = 0;

	(void)state;
	assert_int_equal(gsprov_settings_harden("", broken, sizeof(broken) - 1,
			     &out, &f, err),
	    -1);
	assert_non_null(strstr(err, "not well-formed"));
	assert_int_equal(gsprov_settings_check("hello", 5, &f, err), -1);
	assert_non_null(strstr(err, "not XML settings of a phone"));
	assert_int_equal(gsprov_settings_render("base_url = https://h/\n",
			     "/nowhere", "no MAC", &out, &f, err),
	    -1);
	assert_null(f);
	assert_null(out.p);
	gsprov_bytes_free(&out);
	assert_int_equal(gsprov_certs_check(&set, &days, &f, err), 0);
	assert_true(gsprov_findings_total(f, GSPROV_ERROR) > 0);
	assert_true(days == INT64_MAX);
	gsprov_findings_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_that_cannot_be_judged),
		cmocka_unit_test(findings_and_rules),
		cmocka_unit_test(keys_and_packets),
		cmocka_unit_test(captures),
		cmocka_unit_test(keys_of_tls),
		cmocka_unit_test(settings_and_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
