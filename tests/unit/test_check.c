/* SPDX-License-Identifier: MIT */
/* The rules over one SDP, an offer with its answer, and two offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls/pair.h"
#include "sdp/check.h"
#include "sdp/rules.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"
#include "sdp_keys.h"

enum { LINES = 32, E = GS_ERROR, W = GS_WARNING, N = GS_NOTE };

/* A text of lines parted by '\n', parsed without syntax findings. */
struct doc {
	struct gs_sdp_line line[LINES];
	struct gs_sdp sdp;
};

static void
parse(struct doc *doc, const char *text)
{
	size_t n = 0;

	while (*text != '\0' && n < LINES) {
		size_t len = strcspn(text, "\n");
		doc->line[n] = (struct gs_sdp_line){ gs_span(text, len),
			{ n + 1, 1 }, GS_EOL_LF };
		text += len + (text[len] == '\n');
		n++;
	}
	doc->sdp = (struct gs_sdp){ 0 };
	assert_int_equal(gs_sdp_parse(&doc->sdp, doc->line, n, NULL), 0);
}

/* Whether d holds rule; GS_R_COUNT: no error and no warning. */
static bool
holds(const struct gs_diags *d, enum gs_sdp_rule rule, int severity)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];
		if (rule == GS_R_COUNT && f->severity != GS_NOTE)
			return false;
		if (rule != GS_R_COUNT && f->rule == &gs_sdp_rules.rule[rule] &&
		    (int)f->severity == severity)
			return true;
	}
	return rule == GS_R_COUNT;
}

#define H "v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n"
#define SAVP "m=audio 4000 RTP/SAVP 0\n"
#define AVP "m=audio 4000 RTP/AVP 0\n"
#define VIDEO "m=video 4002 RTP/SAVP 99\n"
#define S80 "AES_CM_128_HMAC_SHA1_80"
#define S32 "AES_CM_128_HMAC_SHA1_32"
#define CA "a=crypto:1 " S80 " inline:" KEY_A "\n"
#define CB "a=crypto:1 " S80 " inline:" KEY_B "\n"
#define C2A "a=crypto:2 " S32 " inline:" KEY_A "\n"
#define C2B "a=crypto:2 " S32 " inline:" KEY_B "\n"
#define FP                                                                     \
	"a=fingerprint:sha-256 "                                               \
	"2D:71:16:42:B7:26:B0:44:01:62:7C:A9:FB:AC:32:F5:"                     \
	"C8:53:0F:B1:90:3C:C4:DB:02:25:87:17:92:1A:48:81\n"
#define DTLS "m=audio 9 UDP/TLS/RTP/SAVPF 0\n"
#define MIKEY "a=key-mgmt:mikey AQAFgM0XflABAAAA\n"
#define ANSWER .role = GS_ROLE_ANSWER
#define SRTP .require = GS_REQUIRE_SRTP
#define ONLY_SAVP .require = GS_REQUIRE_SAVP
#define TLS .require = GS_REQUIRE_TLS

static const struct {
	const char *text;
	struct gs_sdp_check check;
	enum gs_sdp_rule rule;
	int severity;
	int protection; /* of the first media; -1: any */
} ones[] = {
	{ H SAVP CA, { 0 }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP CA, { SRTP }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP, { 0 }, GS_R_SAVP_NO_KEYING, E, GS_UNKEYED },
	{ H SAVP FP, { SRTP }, GS_R_COUNT, 0, GS_DTLS },
	{ H FP SAVP, { 0 }, GS_R_COUNT, 0, GS_DTLS },
	{ H SAVP MIKEY, { 0 }, GS_R_COUNT, 0, GS_MIKEY },
	{ H DTLS FP, { ONLY_SAVP }, GS_R_COUNT, 0, GS_DTLS },
	{ H DTLS, { 0 }, GS_R_SAVP_NO_KEYING, E, GS_UNKEYED },
	{ H DTLS FP CA, { 0 }, GS_R_CRYPTO_IN_DTLS, W, GS_DTLS },
	{ H SAVP FP CA, { 0 }, GS_R_CRYPTO_AND_FINGERPRINT, N, GS_SDES },
	{ H SAVP "a=crypto:1 x\n", { 0 }, GS_R_CRYPTO_SYNTAX, E, GS_UNKEYED },
	{ H "m=audio 0 RTP/SAVP 0\na=crypto:x\n", { SRTP }, GS_R_COUNT, 0,
	    GS_INACTIVE },
	{ H AVP, { 0 }, GS_R_MEDIA_PLAIN, N, GS_PLAIN },
	{ H AVP, { 0 }, GS_R_COUNT, 0, GS_PLAIN },
	{ H AVP, { SRTP }, GS_R_MEDIA_PLAIN, E, GS_PLAIN },
	{ H AVP, { ONLY_SAVP }, GS_R_MEDIA_PLAIN, E, GS_PLAIN },
	{ H "m=text 4000 RTP/AVP 98\n", { SRTP }, GS_R_COUNT, 0, GS_PLAIN },
	{ H AVP CA, { SRTP }, GS_R_CRYPTO_IN_AVP, W, GS_OPPORTUNISTIC },
	{ H AVP CA, { ONLY_SAVP }, GS_R_CRYPTO_IN_AVP, E, GS_OPPORTUNISTIC },
	{ H AVP FP, { 0 }, GS_R_CRYPTO_IN_AVP, N, GS_OPPORTUNISTIC },
	{ H SAVP "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_A "\n", { SRTP },
	    GS_R_MEDIA_PLAIN, E, GS_SDES },
	{ H SAVP "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_A "\n", { 0 },
	    GS_R_CRYPTO_SUITE_WEAK, N, GS_SDES },
	{ H SAVP "a=crypto:1 NULL_HMAC_SHA1_80 inline:" KEY_A "\n", { ANSWER },
	    GS_R_CRYPTO_SUITE_WEAK, W, GS_SDES },
	{ H SAVP CA AVP, { 0 }, GS_R_DUAL_PROFILE, N, GS_SDES },
	{ H SAVP CA AVP, { SRTP }, GS_R_MEDIA_PLAIN, E, GS_SDES },
	{ H "m=image 4000 udptl t38\n", { SRTP }, GS_R_COUNT, 0, GS_OTHER },
	{ H "m=image 4000 udptl t38\n" CA, { 0 }, GS_R_CRYPTO_NON_SRTP, E,
	    GS_OTHER },
	{ H "m=audio 4000 UDP/AVPF 0\n", { 0 }, GS_R_MEDIA_PROTO_UNKNOWN, N,
	    GS_OTHER },
	{ H "m=audio 4000 UDP/AVPF 0\n", { SRTP }, GS_R_MEDIA_PLAIN, E,
	    GS_OTHER },
	{ H CA SAVP CB, { 0 }, GS_R_CRYPTO_SESSION_LEVEL, E, GS_SDES },
	{ H SAVP CA "a=Crypto:1\n", { 0 }, GS_R_CRYPTO_NAME_CASE, W, GS_SDES },
	{ H SAVP "a= crypto:1\n", { 0 }, GS_R_CRYPTO_NAME_CASE, W, GS_UNKEYED },
	{ H SAVP "a=cryptoscale:1\n" CA, { 0 }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP CA CB, { 0 }, GS_R_CRYPTO_TAG_DUP, E, GS_SDES },
	{ H SAVP CA C2B, { 0 }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP CA C2A, { 0 }, GS_R_CRYPTO_KEY_REUSE_LINE, W, GS_SDES },
	{ H SAVP CA VIDEO CA, { 0 }, GS_R_CRYPTO_KEY_REUSE_MEDIA, E, GS_SDES },
	{ H SAVP CA VIDEO CB, { 0 }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP CA "m=video 0 RTP/SAVP 99\n" CA, { 0 }, GS_R_COUNT, 0,
	    GS_SDES },
	{ H SAVP CA SAVP CA, { 0 }, GS_R_CRYPTO_KEY_REUSE_LINE, W, GS_SDES },
	{ H "a=group:BUNDLE a v\n" SAVP "a=mid:a\n" CA VIDEO "a=mid:v\n" CA,
	    { 0 }, GS_R_CRYPTO_KEY_REUSE_LINE, W, GS_SDES },
	{ H "a=group:BUNDLE a x\n" SAVP "a=mid:a\n" CA VIDEO "a=mid:v\n" CA,
	    { 0 }, GS_R_CRYPTO_KEY_REUSE_MEDIA, E, GS_SDES },
	{ H SAVP "a=crypto:1 " S80 " inline:***\na=crypto:2 " S80
		 " inline:***\n",
	    { 0 }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP "a=crypto:1 " S80 " inline:" KEY_A " FEC_KEY=inline:" KEY_A
		 "\n",
	    { 0 }, GS_R_FEC_KEY, E, GS_SDES },
	{ H SAVP "a=rtpmap:7 parityfec/8000\na=fmtp:7 4002\n" CA, { 0 },
	    GS_R_FEC_KEY, E, GS_SDES },
	{ H SAVP "a=rtpmap:7 parityfec/8000\n" CA, { 0 }, GS_R_COUNT, 0,
	    GS_SDES },
	{ H SAVP "c=IN IP4 233.252.0.1/127\n" CA, { 0 }, GS_R_CRYPTO_MULTICAST,
	    W, GS_SDES },
	{ H SAVP "c=IN IP6 FF15::101\n" CA, { 0 }, GS_R_CRYPTO_MULTICAST, W,
	    GS_SDES },
	{ H SAVP "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY_A "\n", { 0 },
	    GS_R_SUITE_UNCOMMON, N, GS_SDES },
	{ H SAVP "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" KEY_A "\n" C2B, { 0 },
	    GS_R_CRYPTO_FIRST_LINE, N, GS_SDES },
	{ H SAVP "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:" KEY_46 "\n",
	    { ANSWER }, GS_R_COUNT, 0, GS_SDES },
	{ H SAVP CA, { .transport = GS_TRANSPORT_UDP },
	    GS_R_CRYPTO_CLEARTEXT_SIGNALLING, W, -1 },
	{ H SAVP CA, { TLS, .transport = GS_TRANSPORT_WS },
	    GS_R_CRYPTO_CLEARTEXT_SIGNALLING, E, -1 },
	{ H SAVP CA, { TLS, .transport = GS_TRANSPORT_TLS }, GS_R_COUNT, 0,
	    -1 },
	{ H SAVP CA, { TLS, .transport = GS_TRANSPORT_WSS }, GS_R_COUNT, 0,
	    -1 },
	{ H SAVP CA, { TLS }, GS_R_SIGNALLING_UNKNOWN, W, -1 },
	{ H SAVP FP, { TLS }, GS_R_COUNT, 0, -1 },
};

static void
one_sdp(void **state)
{
	static struct gs_sdp_verdict v;
	struct gs_diags d;
	struct doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		gs_diags_init(&d, gs_sdp_rules, NULL, 100);
		parse(&doc, ones[i].text);
		gs_sdp_check_sdp(&doc.sdp, &ones[i].check, &d, &v);
		if (!holds(&d, ones[i].rule, ones[i].severity))
			fail_msg("case %zu", i);
		if (ones[i].protection >= 0 &&
		    (int)v.media[0].protection != ones[i].protection)
			fail_msg("case %zu: protection %d", i,
			    (int)v.media[0].protection);
		gs_sdp_free(&doc.sdp);
		gs_diags_free(&d);
	}
}

#define P_UNENC "a=crypto:1 " S80 " inline:" KEY_A " UNENCRYPTED_SRTCP\n"
#define FEC "a=rtpmap:7 parityfec/8000\na=fmtp:7 4002\n"
#define NEWKEY "a=crypto:1 " S80 " inline:" KEY_B

static const struct {
	const char *offer;
	const char *answer;
	enum gs_sdp_rule rule;
	int severity;
} pairs[] = {
	{ H SAVP CA, H SAVP CB, GS_R_COUNT, 0 },
	{ H SAVP CA VIDEO, H SAVP CB, GS_R_OA_MEDIA_COUNT, E },
	{ H SAVP CA, H VIDEO CB, GS_R_OA_MEDIA_TYPE, E },
	{ H SAVP CA, H AVP, GS_R_OA_PROTO, E },
	{ H SAVP CA, H AVP, GS_R_OA_NO_CRYPTO, E },
	{ H AVP, H AVP, GS_R_COUNT, 0 },
	{ H AVP CA, H AVP, GS_R_COUNT, 0 },
	{ H AVP CA, H SAVP CB, GS_R_OA_PROTO, E },
	{ H AVP "a=pcfg:1 t=1\n", H SAVP "a=acfg:1 t=1\n" FP, GS_R_COUNT, 0 },
	{ H DTLS FP, H "m=audio 9 RTP/SAVPF 0\n" FP, GS_R_COUNT, 0 },
	{ H SAVP CA, H SAVP, GS_R_OA_NO_CRYPTO, E },
	{ H SAVP CA FP, H SAVP FP, GS_R_COUNT, 0 },
	{ H SAVP CA, H "m=audio 0 RTP/SAVP 0\n", GS_R_OA_REJECTED, N },
	{ H "m=audio 0 RTP/SAVP 0\n", H SAVP CB, GS_R_OA_REJECTED, E },
	{ H "m=audio 0 RTP/SAVP 0\na=bundle-only\n" CA, H SAVP CB, GS_R_COUNT,
	    0 },
	{ H SAVP CA, H SAVP CB "a=crypto:2 " S32 " inline:" KEY_B "\n",
	    GS_R_OA_MULTIPLE_CRYPTO, E },
	{ H SAVP CA, H SAVP C2B, GS_R_OA_TAG, E },
	{ H AVP, H AVP CB, GS_R_OA_TAG, E },
	{ H SAVP CA, H SAVP "a=crypto:1 " S32 " inline:" KEY_B "\n",
	    GS_R_OA_SUITE, E },
	{ H SAVP CA,
	    H SAVP "a=crypto:1 aes_cm_128_hmac_sha1_80 inline:" KEY_B "\n",
	    GS_R_COUNT, 0 },
	{ H SAVP CA, H SAVP CA, GS_R_OA_KEY_SAME, E },
	{ H SAVP "a=crypto:1 " S80 " inline:***\n",
	    H SAVP "a=crypto:1 " S80 " inline:***\n", GS_R_COUNT, 0 },
	{ H SAVP P_UNENC, H SAVP CB, GS_R_OA_PARAM, E },
	{ H SAVP CA, H SAVP NEWKEY " UNENCRYPTED_SRTP\n", GS_R_OA_PARAM, E },
	{ H SAVP CA, H SAVP NEWKEY " KDR=3 WSH=99 -X\n", GS_R_COUNT, 0 },
	{ H SAVP CA, H SAVP NEWKEY " ROC=1\n", GS_R_OA_PARAM_NEW, W },
	{ H SAVP FEC CA, H SAVP FEC CB, GS_R_OA_FEC_KEY, E },
	{ H SAVP CA, H SAVP CB MIKEY, GS_R_OA_CRYPTO_AND_KEYMGMT, E },
	{ H SAVP CA, H SAVP "k=prompt\n" CB, GS_R_OA_CRYPTO_AND_K, E },
	{ H SAVP CA C2A, H SAVP C2B, GS_R_OA_NOT_PREFERRED, N },
};

static void
two_sdps(void **state)
{
	struct gs_diags d;
	struct doc offer, answer;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		gs_diags_init(&d, gs_sdp_rules, NULL, 100);
		parse(&offer, pairs[i].offer);
		parse(&answer, pairs[i].answer);
		gs_calls_check_pair(&offer.sdp, &answer.sdp, "offer.sdp", &d);
		if (!holds(&d, pairs[i].rule, pairs[i].severity))
			fail_msg("case %zu", i);
		gs_sdp_free(&offer.sdp);
		gs_sdp_free(&answer.sdp);
		gs_diags_free(&d);
	}
}

#define MOVED "m=audio 5000 RTP/SAVP 0\n"

static const struct {
	const char *before;
	const char *after;
	enum gs_sdp_rule rule;
} moves[] = {
	{ H SAVP CA, H SAVP CA, GS_R_COUNT },
	{ H SAVP CA, H MOVED CA, GS_R_REOFFER_SAME_KEY },
	{ H SAVP CA, H MOVED CB, GS_R_COUNT },
	{ H SAVP CA, H SAVP "c=IN IP4 192.0.2.9\n" CA, GS_R_REOFFER_SAME_KEY },
	{ H SAVP CA, H SAVP "c=IN IP4 0.0.0.0\n" CA, GS_R_COUNT },
	{ H SAVP CA, H "m=audio 0 RTP/SAVP 0\n" CA, GS_R_COUNT },
};

static void
two_offers(void **state)
{
	struct gs_diags d;
	struct doc before, after;

	(void)state;
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		gs_diags_init(&d, gs_sdp_rules, NULL, 100);
		parse(&before, moves[i].before);
		parse(&after, moves[i].after);
		gs_calls_check_reoffer(&before.sdp, &after.sdp, &d);
		if (!holds(&d, moves[i].rule, E))
			fail_msg("case %zu", i);
		gs_sdp_free(&before.sdp);
		gs_sdp_free(&after.sdp);
		gs_diags_free(&d);
	}
}

/* The verdict, the place of a finding, and its masked source. */
static void
verdict(void **state)
{
	static struct gs_sdp_verdict v;
	struct gs_sdp_check c = { .transport = GS_TRANSPORT_UDP,
		.signalling = { 77, 5 } };
	struct gs_diags d;
	struct doc doc;

	(void)state;
	gs_diags_init(&d, gs_sdp_rules, NULL, 100);
	d.sources = true;
	parse(&doc, H SAVP C2A "a=crypto:1 " S80 " inline:***\n" AVP C2A);
	gs_sdp_check_sdp(&doc.sdp, &c, &d, &v);
	assert_int_equal(v.medias, 2);
	assert_int_equal(v.media[0].suites, 2);
	assert_string_equal(v.media[0].suite->name, S32);
	assert_false(v.media[0].masked);
	assert_ptr_equal(v.media[1].media, &doc.sdp.media[1]);
	for (size_t i = 0; i < d.n; i++) {
		const struct gs_finding *f = &d.list[i];
		if (f->rule ==
		    &gs_sdp_rules.rule[GS_R_CRYPTO_CLEARTEXT_SIGNALLING])
			assert_int_equal(f->pos.line, 77);
		if (f->rule != &gs_sdp_rules.rule[GS_R_CRYPTO_KEY_REUSE_LINE])
			continue;
		assert_int_equal(f->pos.line, 10);
		assert_int_equal(f->source_col, f->pos.col);
		assert_string_equal(f->source,
		    "a=crypto:2 " S32
		    " inline:****************************************");
		assert_non_null(strstr(f->text, "line 7"));
	}
	assert_true(holds(&d, GS_R_CRYPTO_KEY_REUSE_LINE, W));
	assert_string_equal(gs_sdp_transport_name(GS_TRANSPORT_WSS), "WSS");
	gs_sdp_free(&doc.sdp);
	gs_diags_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_sdp),
		cmocka_unit_test(two_sdps),
		cmocka_unit_test(two_offers),
		cmocka_unit_test(verdict),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
