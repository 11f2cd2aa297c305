/* SPDX-License-Identifier: MIT */
/* Keys out of every kind of text that holds them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sdp/sdes.h"
#include "srtp/keytext.h"
#include "text/textsrc.h"

/* 30 octets 0x10 … 0x2d, and others of each length. */
#define K30 "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywt"
#define K30B "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9"
#define K30C "MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xN"
#define K28 "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKw=="
#define K38 "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU="
#define K44 "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs="
#define K46 "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PQ=="
#define HEX30 "101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d"
#define S80 "AES_CM_128_HMAC_SHA1_80"

struct fixture {
	struct gs_srtp_keyring *ring;
	struct gs_srtp_announced *announced;
	struct gs_diags diags;
	struct gs_srtp_keytext *text;
};

static struct fixture f;

static int
setup(void **state)
{
	(void)state;
	f.ring = gs_srtp_keyring_new(NULL);
	f.announced = gs_srtp_announced_new(NULL);
	gs_diags_init(&f.diags, gs_srtp_key_rules, NULL, 64);
	f.text = gs_srtp_keytext_new(f.ring, f.announced, &f.diags, NULL);
	return f.text != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	gs_srtp_keytext_free(f.text);
	gs_diags_free(&f.diags);
	gs_srtp_announced_free(f.announced);
	gs_srtp_keyring_free(f.ring);
	return 0;
}

static void
read_in(const char *text, size_t piece)
{
	size_t n = strlen(text);

	gs_srtp_keytext_begin(f.text,
	    gs_srtp_keyring_source(f.ring, "log", false));
	for (size_t at = 0; at < n; at += piece)
		assert_int_equal(
		    gs_srtp_keytext_feed(f.text,
			gs_span(text + at, n - at < piece ? n - at : piece)),
		    0);
	assert_int_equal(gs_srtp_keytext_end(f.text), 0);
}

/* text gives this many keys, each 0x10, 0x11 … of n octets (unless 0). */
static void
gives(const char *text, size_t keys, size_t n)
{
	for (size_t piece = 1; piece < 300; piece += 298) {
		void *none = NULL;

		assert_int_equal(setup(&none), 0);
		read_in(text, piece);
		if (gs_srtp_keyring_size(f.ring) != keys)
			print_message("%s\n", text);
		assert_int_equal(gs_srtp_keyring_size(f.ring), keys);
		for (size_t i = 0; i < keys && n > 0; i++) {
			const struct gs_srtp_key *k =
			    gs_srtp_keyring_at(f.ring, i);

			assert_int_equal(k->n, n);
			for (size_t b = 0; b < n; b++)
				assert_int_equal(k->keysalt[b],
				    k->keysalt[0] + b);
		}
		if (piece == 1)
			(void)teardown(&none);
	}
}

static const struct gs_srtp_key *
key(size_t i)
{
	return gs_srtp_keyring_at(f.ring, i);
}

static void
found(const char *rule)
{
	for (size_t i = 0; i < f.diags.n; i++)
		if (strcmp(f.diags.list[i].rule->id, rule) == 0)
			return;
	fail_msg("no finding %s", rule);
}

static void
fields_in_any_order(void **state)
{
	static const char *const more[] = { "", "|2^20", "|2^31|1:1", "|1:4",
		"|2^20|1:4", "|1048576", "|1048576|1:4" };
	char text[256];

	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
		snprintf(text, sizeof(text),
		    "a=crypto:1 " S80 " inline:" K30 "%s\r\n", more[i]);
		gives(text, 1, 30);
		assert_ptr_equal(key(0)->suite, gs_sdp_suite_find(GS_LIT(S80)));
		assert_int_equal(key(0)->mki_n,
		    strstr(more[i], "1:4") != NULL     ? 4 :
			strstr(more[i], "1:1") != NULL ? 1 :
							 0);
		assert_int_equal(key(0)->mki, key(0)->mki_n > 0);
		(void)teardown(state);
	}
	(void)setup(state);
}

static void
several_keys(void **state)
{
	gives("a=crypto:1 " S80 " inline:" K30 "|2^20|1:4;inline:" K30B
	      "|2^20|2:4\n",
	    2, 30);
	assert_int_equal(key(1)->mki, 2);
	(void)teardown(state);
	gives("a=crypto:1 " S80 " inline:" K30 " inline:" K30B "\n", 2, 30);
	(void)teardown(state);
	gives("[1 " S80 " inline:" K30 " 2 AEAD_AES_128_GCM inline:" K28 "]\n",
	    2, 0);
	assert_int_equal(key(0)->n, 30);
	assert_int_equal(key(1)->n, 28);
	(void)teardown(state);
	gives("a=crypto:1 " S80 " inline:" K30 "|1:4;inline:" K30B "|2:1\n", 2,
	    30);
	found("key-mki");
}

static void
encodings(void **state)
{
	static const char *const same[] = { "inline:" K30, "inline:" HEX30,
		"inline:101112131415161718191A1B1C1D1E1F20212223242526272829"
		"2A2B2C2D" };
	char text[256];

	for (size_t i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), S80 " %s\n", same[i]);
		gives(text, 1, 30);
		(void)teardown(state);
	}
	gives("AEAD_AES_128_GCM inline:EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKw"
	      "\n",
	    1, 28);
	(void)teardown(state);
	/* - and _ stand for + and /. */
	gives(S80 " inline:-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_\n", 1, 0);
	assert_int_equal(key(0)->keysalt[0], 0xfb);
	(void)teardown(state);
	gives("  " K30 "  \n", 1, 30);
	(void)teardown(state);
	gives(HEX30 "\n", 1, 30);
	(void)teardown(state);
	gives("AES_CM_128_HMAC_SHA1_80 " HEX30 "\n", 1, 30);
	(void)teardown(state);
	gives("suite=AES_CM_128_HMAC_SHA1_32, key=" K30 ";\n", 1, 30);
	assert_int_equal(key(0)->suite->tag_bits, 32);
}

static void
all_lengths(void **state)
{
	static const struct {
		const char *suite, *key;
		size_t n;
	} c[] = { { "AEAD_AES_128_GCM", K28, 28 },
		{ "F8_128_HMAC_SHA1_80", K30, 30 },
		{ "AES_CM_192_HMAC_SHA1_80", K38, 38 },
		{ "aes_192_cm_hmac_sha1_32", K38, 38 },
		{ "AEAD_AES_256_GCM_8", K44, 44 },
		{ "AES_CM_256_HMAC_SHA1_80", K46, 46 },
		{ "AES_256_CM_HMAC_SHA1_32", K46, 46 },
		{ "AES_CM_128_NULL_AUTH", K30, 30 } };
	char text[256];

	for (size_t i = 0; i < sizeof(c) / sizeof(*c); i++) {
		snprintf(text, sizeof(text), "a=crypto:%zu %s inline:%s\n",
		    i + 1, c[i].suite, c[i].key);
		gives(text, 1, c[i].n);
		assert_non_null(key(0)->suite);
		assert_int_equal(f.diags.n, 0);
		(void)teardown(state);
	}
	(void)setup(state);
}

static void
wrong_lengths(void **state)
{
	gives("a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:" K44 "\n", 1, 44);
	found("key-length");
	assert_non_null(strstr(f.diags.list[0].text, "AEAD_AES_256_GCM"));
	assert_non_null(strstr(f.diags.list[0].text, "46"));
	(void)teardown(state);
	/* 45 octets: one character too few. */
	gives("a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:"
	      "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8"
	      "\n",
	    0, 0);
	found("key-length");
	assert_non_null(strstr(f.diags.list[0].text, "padding"));
	(void)teardown(state);
	gives("a=crypto:1 " S80 " inline:not!base64\n", 0, 0);
	found("key-text");
	(void)teardown(state);
	gives("a=crypto:1 NO_SUCH_SUITE inline:" K30 "\n"
	      "a=crypto:2 " S80 " inline:" K30B "\n",
	    2, 30);
	found("key-suite");
}

/* Named, so it is not AES: no way to try it, also when the same octets stand
 * elsewhere without a name. */
static void
suites_without_cipher(void **state)
{
	static const char *const names[] = { "SEED_CTR_128_HMAC_SHA1_80",
		"ARIA_128_CTR_HMAC_SHA1_32", "aria_128_ctr_hmac_sha1_80" };
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	char text[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(text, sizeof(text), "a=crypto:1 %s inline:%s\n",
		    names[i], K30);
		gives(text, 1, 30);
		found("key-suite-unsupported");
		assert_non_null(strstr(f.diags.list[0].text, "log:1: "));
		assert_int_equal(gs_srtp_key_schemes(key(0), scheme), 0);
		assert_int_equal(gs_srtp_keyring_untried(f.ring), 1);
		(void)teardown(state);
		snprintf(text, sizeof(text), "%s\n%s inline:%s\n%s\n", K30B,
		    names[i], K30, K30);
		gives(text, 3, 30);
		assert_int_equal(gs_srtp_keyring_untried(f.ring), 1);
		assert_true(gs_srtp_key_schemes(key(2), scheme) > 0);
		(void)teardown(state);
	}
	gives("AEAD_ARIA_128_GCM inline:" K28 "\n", 1, 28);
	assert_int_equal(gs_srtp_key_schemes(key(0), scheme), 0);
	(void)teardown(state);
	gives("SEED_CTR_128_HMAC_SHA1_80 " K30 "\n", 1, 30);
	assert_int_equal(gs_srtp_key_schemes(key(0), scheme), 0);
}

static void
masked_and_weak(void **state)
{
	gives("Set Remote Key [1 AES_CM_128_HMAC_SHA1_32 inline:***]\n", 0, 0);
	found("key-masked");
	assert_int_equal(gs_srtp_keytext_masked(f.text), 1);
	(void)teardown(state);
	/* The base64 of 30 hexadecimal digits. */
	gives("a=crypto:1 " S80 " inline:"
	      "NzFlNTUwZDk3MWU1NTBkOTcxZTU1MGQ5NzFlNTUw\n",
	    1, 0);
	found("key-weak");
}

static void
parameters(void **state)
{
	(void)state;
	gives("a=crypto:1 " S80 " inline:" K30 "|2^20|1:32 KDR=8 "
	      "UNENCRYPTED_SRTCP UNAUTHENTICATED_SRTP -x WSH=60\n",
	    1, 30);
	assert_int_equal(key(0)->kdr, 8);
	assert_true(key(0)->params & GS_SDES_UNAUTHENTICATED_SRTP);
	assert_true(key(0)->params & GS_SDES_UNENCRYPTED_SRTCP);
	assert_int_equal(key(0)->mki_n, 32);
}

static void
freeswitch_logs(void **state)
{
	gives("\033[32m2013-05-12 13:57:21.27 [DEBUG] switch_core_media.c:1096 "
	      "Set Local audio crypto Key [1 " S80 " inline:" K30 "]\033[0m\n"
	      "2013-05-12 13:57:21.27 [DEBUG] switch_core_media.c:1756 Change "
	      "Remote key to [1 " S80 " inline:" K30B "]\n",
	    2, 30);
	assert_int_equal(key(1)->line, 2);
	(void)teardown(state);
	gives("631e9fe2-6865-45ab-af5a-d1c13ffcb765 2026-11-23 08:48:03.712345 "
	      "[DEBUG] x.c:1780 Set Remote Key [7 " S80 " inline:" K30 "]\n",
	    1, 30);
	assert_int_not_equal(key(0)->call, 0);
	(void)teardown(state);
	/* syslog: one line, \r\n as octal numbers. */
	gives("May 12 fs: Local SDP:#015#012v=0#015#012c=IN IP4 192.0.2.7"
	      "#015#012m=audio 5004 RTP/SAVP 8#015#012a=crypto:1 " S80
	      " inline:" K30 "#015#012\n",
	    1, 30);
	assert_int_equal(key(0)->media.port, 5004);
}

static void
call_records(void **state)
{
	gives("<rtp_last_audio_local_crypto_key>1%20" S80 "%20inline%3A" K30
	      "%7C2%5E31%7C1%3A1</rtp_last_audio_local_crypto_key>\n",
	    1, 30);
	assert_int_equal(key(0)->mki_n, 1);
	(void)teardown(state);
	gives("<x>11%20AEAD_AES_128_GCM%20inline%3A"
	      "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKw%3D%3D</x>",
	    1, 28);
	(void)teardown(state);
	gives("{\"srtp_remote_audio_crypto_key\":\"1 " S80 " inline:" K30
	      "\",\"sdp\":\"v=0\\r\\nc=IN IP4 192.0.2.9\\r\\nm=audio 4000 "
	      "RTP\\/SAVP 8\\r\\na=crypto:1 " S80 " inline:" K30B "\\r\\n\"}\n",
	    2, 30);
	assert_int_equal(key(1)->media.port, 4000);
}

static void
rtpengine_log(void **state)
{
	gives("DEBUG: [core] --- " S80 " key EBESExQVFhcYGRobHB0eHw== salt "
	      "ICEiIyQlJicoKSorLC0=\n",
	    1, 30);
	(void)teardown(state);
	gives("--- " S80 " key 101112131415161718191a1b1c1d1e1f salt "
	      "202122232425262728292a2b2c2d\n",
	    1, 30);
	(void)teardown(state);
	gives("--- AEAD_AES_256_GCM key EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkq"
	      "KywtLi8 salt MDEyMzQ1Njc4OTo7\n",
	    1, 44);
}

/* What SDP says of addresses. */
static void
announcements(void **state)
{
	struct gs_net_addr a = { .ip = { 192, 0, 2, 1 },
		.port = 6000,
		.version = 4 };
	struct gs_net_addr b = { .ip = { 0x20, 1, 0xd, 0xb8, [15] = 5 },
		.port = 6002,
		.version = 6 };
	struct gs_net_addr c = a;
	const struct gs_srtp_announcement *x;

	c.port = 6004;
	gives("v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\n"
	      "m=audio 6000 RTP/SAVP 96 8\r\n"
	      "a=rtpmap:96 opus/48000/2\r\n"
	      "a=crypto:1 " S80 " inline:" K30 "\r\n"
	      "m=video 6002 RTP/AVP 97\r\nc=IN IP6 2001:db8::5\r\n"
	      "m=audio 6004 UDP/TLS/RTP/SAVP 8\r\n",
	    1, 30);
	(void)state;
	assert_true(gs_net_addr_eq(&key(0)->media, &a));
	x = gs_srtp_announced_find(f.announced, &a);
	assert_non_null(x);
	assert_true(x->secure && !x->plain && !x->dtls);
	assert_string_equal(gs_srtp_announcement_format(x, 96, 0)->name,
	    "opus");
	assert_int_equal(gs_srtp_announcement_format(x, 96, 0)->clock, 48000);
	assert_int_equal(gs_srtp_announcement_format(x, 96, 0)->channels, 2);
	x = gs_srtp_announced_find(f.announced, &b);
	assert_non_null(x);
	assert_true(x->plain && !x->secure);
	x = gs_srtp_announced_find(f.announced, &c);
	assert_non_null(x);
	assert_true(x->dtls && !x->secure);
}

/* Sections of a bundle are where the first one is, and any of its candidates
 * may be used. */
static void
bundled(void **state)
{
	static const struct gs_net_addr at[] = {
		{ .ip = { 192, 0, 2, 1 }, .port = 6000, .version = 4 },
		{ .ip = { 192, 0, 2, 7 }, .port = 5000, .version = 4 },
		{ .ip = { 0x20, 1, 0xd, 0xb8, [15] = 5 },
		    .port = 5002,
		    .version = 6 },
	};
	static const struct gs_net_addr none = { .ip = { 192, 0, 2, 7 },
		.port = 9,
		.version = 4 };

	(void)state;
	gives("v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\nc=IN IP4 0.0.0.0\r\n"
	      "a=group:BUNDLE 0 1\r\n"
	      "m=audio 6000 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.1\r\n"
	      "a=mid:0\r\na=rtpmap:111 opus/48000/2\r\n"
	      "a=candidate:1 1 udp 2122260223 192.0.2.7 5000 typ host\r\n"
	      "a=candidate:2 1 udp 2122260222 2001:db8::5 5002 typ host\r\n"
	      "a=candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host\r\n"
	      "a=candidate:4 1 udp 1 a.local 5004 typ host\r\n"
	      "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"
	      "a=mid:1\r\na=bundle-only\r\na=rtpmap:96 VP8/90000\r\n"
	      "a=crypto:1 " S80 " inline:" K30 "\r\n"
	      "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:2\r\n"
	      "a=rtpmap:97 speex/8000\r\n",
	    1, 30);
	assert_true(gs_net_addr_eq(&key(0)->media, &at[0]));
	for (size_t i = 0; i < 3; i++) {
		const struct gs_srtp_announcement *x =
		    gs_srtp_announced_find(f.announced, &at[i]);

		assert_non_null(x);
		assert_true(x->dtls && !x->plain);
		assert_string_equal(
		    gs_srtp_announcement_format(x, 111, 0)->name, "opus");
		assert_string_equal(gs_srtp_announcement_format(x, 96, 0)->name,
		    "VP8");
		assert_null(gs_srtp_announcement_format(x, 97, 0));
	}
	assert_null(gs_srtp_announced_find(f.announced, &none));
}

/* a=crypto under RTP/AVP: RFC 8643. */
static void
opportunistic(void **state)
{
	struct gs_net_addr a = { .ip = { 192, 0, 2, 1 },
		.port = 6000,
		.version = 4 };

	(void)state;
	gives("v=0\nc=IN IP4 192.0.2.1\nm=audio 6000 RTP/AVP 8\n"
	      "a=crypto:1 " S80 " inline:" K30 "\n",
	    1, 30);
	const struct gs_srtp_announcement *x =
	    gs_srtp_announced_find(f.announced, &a);

	assert_non_null(x);
	assert_true(x->secure && !x->plain);
}

static void
no_keys_in_prose(void **state)
{
	(void)state;
	gives("AES_CM_128_HMAC_SHA1_80 is the usual suite, see RFC 4568.\n"
	      "inline: is the method\ninline:\nAEAD_AES_128_GCM\n"
	      "looking for crypto suite [AES_CM_128_HMAC_SHA1_80]alias=[]\n"
	      "/usr/local/share/some/path/that/is/long/\n\n\0\n",
	    0, 0);
}

/* What only looks like PEM hides no key, and what is PEM gives none. */
static void
keys_near_pem(void **state)
{
#define PEM_BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define PEM_END "-----END PRIVATE KEY-----\n"
	static const char *const texts[] = {
		PEM_BEGIN K30 "\n" PEM_END,
		PEM_BEGIN "inline:" K30 "\n",
		PEM_BEGIN "MBYQERITFBUWFxgZGhscHR4fICEiIyQl\n" K30 "\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		gives(texts[i], 1, 30);
		(void)teardown(state);
	}
	/* 30 octets, as a key has. */
	gives(PEM_BEGIN "MBwQERITFBUWFxgZGhscHR4fICEiIyQlJicoKSor\n" PEM_END, 0,
	    0);
}

/* What no block takes is read as well: a line behind the limit of an SDP, the
 * lines of what only began like one, the rest of a line that is too long. */
static void
nothing_is_passed_over(void **state)
{
	struct gs_buf b;
	size_t n;

	gs_buf_init(&b, SIZE_MAX);
	gs_buf_puts(&b, "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\n");
	for (n = 0; n < GS_TEXT_BLOCK_LINES; n++)
		gs_buf_puts(&b, "a=x\n");
	gs_buf_puts(&b, "a=crypto:1 " S80 " inline:" K30 "\n");
	gs_buf_putc(&b, '\0');
	gives((const char *)b.p, 1, 30);
	(void)teardown(state);
	gs_buf_clear(&b);
	for (n = 0; n < GS_TEXT_LINE; n++)
		gs_buf_putc(&b, ' ');
	gs_buf_puts(&b, S80 " inline:" K30 "\n");
	gs_buf_putc(&b, '\0');
	gives((const char *)b.p, 1, 30);
	gs_buf_free(&b);
	(void)teardown(state);
	gives("x\nv=1 is no SDP\nkey=" S80 " inline:" K30 "\ny\n", 1, 30);
	(void)teardown(state);
	gives("x=1\nk=" S80 " inline:" K30 "\ny\n", 1, 30);
	(void)teardown(state);
	/* What stands behind the one line of an SDP that JSON holds. */
	gives("{\"log\":\"v=0\\n\",\"k\":\"" S80 " inline:" K30 "\"}\n", 1, 30);
}

/* Where the media of a key goes is known in all the places of an SDP, and in
 * those that stand in JSON with real line ends. */
static void
addresses(void **state)
{
	gives("{ \"sdp\": \"v=0\nc=IN IP4 192.0.2.1\nm=audio 6000 RTP/AVP 8\n"
	      "a=acap:1 crypto:1 " S80 " inline:" K30 "\n"
	      "m=audio 6002 RTP/SAVP 8\n"
	      "a=crypto:1 " S80 " inline:" K30B " inline:" K30C "\n\" }\n",
	    3, 30);
	assert_int_equal(key(0)->media.port, 6000);
	assert_int_equal(key(1)->media.port, 6002);
	assert_int_equal(key(2)->media.port, 6002);
	(void)teardown(state);
	/* A rejected stream has none, a name is not looked up. */
	gives("v=0\nc=IN IP4 192.0.2.1\nm=audio 0 RTP/SAVP 8\n"
	      "a=crypto:1 " S80 " inline:" K30 "\n"
	      "m=audio 6002 RTP/SAVP 8\nc=IN IP4 pbx.example\n"
	      "a=crypto:1 " S80 " inline:" K30B "\n",
	    2, 30);
	assert_int_equal(key(0)->media.version, 0);
	assert_int_equal(key(1)->media.version, 0);
	(void)teardown(state);
	/* What is no RTP is not unencrypted RTP. */
	struct gs_net_addr a = { .ip = { 192, 0, 2, 1 },
		.port = 6004,
		.version = 4 };

	gives("v=0\nc=IN IP4 192.0.2.1/127\nm=image 6004 udptl t38\n", 0, 0);
	assert_false(gs_srtp_announced_find(f.announced, &a)->plain);
}

/* A SIP message of a packet: only what is sure. */
static void
messages(void **state)
{
	static const char text[] =
	    "INVITE sip:1@192.0.2.1 SIP/2.0\r\nCall-ID: a\r\nX: " K30B "\r\n"
	    "Content-Type: application/sdp\r\n\r\nv=0\r\n"
	    "c=IN IP6 2001:db8::5\r\nm=audio 6000 RTP/SAVP 8\r\n"
	    "a=crypto:1 " S80 " inline:" K30 "\r\n";

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    gs_srtp_keytext_message(f.text,
			gs_srtp_keyring_source(f.ring, "x.pcap", true),
			gs_span(text, sizeof(text) - 1), 7 + i, 99),
		    0);
	assert_int_equal(gs_srtp_keyring_size(f.ring), 1);
	assert_int_equal(key(0)->line, 7);
	assert_int_equal(key(0)->ns, 99);
	assert_int_equal(key(0)->media.port, 6000);
	assert_int_not_equal(key(0)->call, 0);
}

/* A key twice is one key, and a line longer than the limit is survived. */
static void
limits(void **state)
{
	size_t n = 3 * GS_TEXT_LINE;
	char *text = malloc(n + 200);

	assert_non_null(text);
	memset(text, 'x', n);
	strcpy(text + n,
	    "\na=crypto:1 " S80 " inline:" K30 "\n"
	    "b a=crypto:1 " S80 " inline:" K30 "\n");
	gives(text, 1, 30);
	free(text);
	(void)teardown(state);
	(void)setup(state);
	struct gs_srtp_key k = { .n = 30 };

	for (uint32_t i = 0; i < GS_KEYRING_MAX + 10; i++) {
		memcpy(k.keysalt + 8, &i, sizeof(i));
		assert_int_equal(gs_srtp_keyring_add(f.ring, &k), 0);
	}
	assert_int_equal(gs_srtp_keyring_size(f.ring), GS_KEYRING_MAX);
	for (uint32_t i = 0; i < GS_KEYRING_MAX; i++)
		assert_memory_equal(key(i)->keysalt + 8, &i, sizeof(i));
}

static void
where(void **state)
{
	char text[64], tiny[8];

	(void)state;
	gives("\n\n" S80 " inline:" K30 "\n", 1, 30);
	assert_string_equal(
	    gs_srtp_keyring_where(f.ring, key(0), text, sizeof(text)), "log:3");
	assert_string_equal(gs_srtp_keyring_where(f.ring, key(0), tiny, 4),
	    "log");
	assert_int_equal(strlen(key(0)->print), 8);
}

/* Two calls one after the other at an address, whose dynamic type means
 * another codec in each. */
static void
a_type_used_again(void **state)
{
	enum { FIRST = 1000, AGAIN = 2000, SECOND = 3000 };
	struct gs_srtp_announcement x = { .formats = 0 };

	(void)state;
	gs_srtp_announcement_rtpmap(&x, GS_LIT("97 opus/48000/2"), FIRST);
	gs_srtp_announcement_fmtp(&x, GS_LIT("97 useinbandfec=1"));
	gs_srtp_announcement_rtpmap(&x, GS_LIT("97 opus/48000/2"), AGAIN);
	gs_srtp_announcement_rtpmap(&x, GS_LIT("97 speex/16000"), SECOND);
	gs_srtp_announcement_fmtp(&x, GS_LIT("97 vbr=on"));
	/* The same SDP, read again. */
	gs_srtp_announcement_rtpmap(&x, GS_LIT("97 opus/48000/2"), FIRST);
	gs_srtp_announcement_rtpmap(&x, GS_LIT("97 speex/16000"), SECOND);
	assert_int_equal(x.formats, 2);
	for (uint64_t ns = 0; ns < SECOND; ns += FIRST)
		assert_string_equal(
		    gs_srtp_announcement_format(&x, 97, ns)->params,
		    "useinbandfec=1");
	assert_string_equal(gs_srtp_announcement_format(&x, 97, SECOND)->name,
	    "speex");
	assert_string_equal(
	    gs_srtp_announcement_format(&x, 97, SECOND + FIRST)->params,
	    "vbr=on");
	assert_null(gs_srtp_announcement_format(&x, 98, SECOND));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, NULL, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_in_any_order),
		TEST(several_keys),
		TEST(encodings),
		TEST(all_lengths),
		TEST(wrong_lengths),
		TEST(suites_without_cipher),
		TEST(masked_and_weak),
		TEST(parameters),
		TEST(freeswitch_logs),
		TEST(call_records),
		TEST(rtpengine_log),
		TEST(announcements),
		TEST(bundled),
		TEST(opportunistic),
		TEST(no_keys_in_prose),
		TEST(keys_near_pem),
		TEST(nothing_is_passed_over),
		TEST(addresses),
		cmocka_unit_test(a_type_used_again),
		cmocka_unit_test_setup_teardown(messages, setup, teardown),
		TEST(limits),
		TEST(where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
