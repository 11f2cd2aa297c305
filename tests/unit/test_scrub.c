/* SPDX-License-Identifier: MIT */
/* What the scrubber blanks, and what it leaves alone. */
#include "net_build.h"

#include "net/capture.h"
#include "net/frame.h"
#include "net/scrub.h"

enum { FRAMES = 64, SIZE = 4096 };

#define KEY "QUJDREVGR0hJSktMTU5PUFFSU1RVVldZWVphYmNk"

/* A capture: what went in, and what came out. */
struct packet {
	uint8_t b[SIZE];
	size_t n;
	uint32_t link;
	uint8_t out[SIZE];
	size_t out_n;
	enum gs_net_frame_kind kind;
};

static struct packet capture[FRAMES];
static size_t packets;
static struct gs_net_scrub_counts counts;

static int
begin(void **state)
{
	(void)state;
	packets = 0;
	return 0;
}

static struct packet *
add(const struct build *f, uint32_t link)
{
	struct packet *p = &capture[packets++];

	assert_true(packets <= FRAMES && build_length(f) <= SIZE);
	p->n = build_length(f);
	p->link = link;
	memcpy(p->b, f->b + f->at, p->n);
	return p;
}

static struct packet *
add_udp(unsigned port, const void *p, size_t n)
{
	static struct build f;

	build_start(&f, p, n);
	build_udp(&f, port, port, 0x1234);
	build_ipv4(&f, 17, 0, 1, 0);
	build_ethernet(&f, 0x0800);
	return add(&f, 1);
}

static struct packet *
add_ip(unsigned protocol, const void *p, size_t n)
{
	static struct build f;

	build_start(&f, p, n);
	build_ipv4(&f, protocol, 0, 1, 0);
	build_ethernet(&f, 0x0800);
	return add(&f, 1);
}

static struct packet *
add_tcp(unsigned port, uint32_t seq, unsigned flags, const void *p, size_t n)
{
	static struct build f;

	build_start(&f, p, n);
	build_tcp(&f, 40000, port, seq, flags);
	build_ipv4(&f, 6, 0, 1, 0);
	build_ethernet(&f, 0x0800);
	return add(&f, 1);
}

/* Lets all packets through pass number 1 or 2; those of fragments that never
 * became whole come out where they stand. */
static void
pass(struct gs_net_scrub *s, bool learn)
{
	struct gs_net_frames *frames = gs_net_frames_new(NULL);
	struct gs_net_interface link = { .tsresol = 6 };
	static uint8_t to[GS_FRAME_MAX];
	struct gs_net_packet lost;
	struct gs_net_frame f;
	bool changed;

	assert_non_null(frames);
	for (size_t i = 0; i < packets; i++) {
		struct packet *p = &capture[i];
		struct gs_net_packet g = { .p = p->b,
			.n = (uint32_t)p->n,
			.wire = (uint32_t)p->n,
			.frame = i + 1,
			.ns = 1000000 * i,
			.interface = &link };

		link.link = p->link;
		gs_net_frame_parse(frames, &g, &f);
		p->kind = f.kind;
		if (learn) {
			assert_int_equal(gs_net_scrub_learn(s, &g, &f, NULL),
			    0);
			continue;
		}
		p->out_n = 0;
		if (f.kind == GS_FRAME_HELD)
			continue;
		memcpy(to, f.p, f.n);
		assert_int_equal(
		    gs_net_scrub_frame(s, &g, &f, to, &changed, NULL), 0);
		assert_int_equal(changed, memcmp(to, f.p, f.n) != 0);
		p->out_n = f.n;
		memcpy(p->out, to, f.n);
	}
	gs_net_frames_end(frames);
	while (gs_net_frames_lost(frames, &lost)) {
		struct packet *p = &capture[lost.frame - 1];

		gs_net_frames_lost_place(frames, &f);
		if (learn) {
			assert_int_equal(gs_net_scrub_learn(s, &lost, &f, NULL),
			    0);
			continue;
		}
		memcpy(p->out, lost.p, lost.n);
		assert_int_equal(
		    gs_net_scrub_frame(s, &lost, &f, p->out, &changed, NULL),
		    0);
		p->out_n = lost.n;
	}
	gs_net_frames_free(frames);
}

static void
scrub(bool twice)
{
	struct gs_net_scrub *s = gs_net_scrub_new(NULL);

	assert_non_null(s);
	if (twice) {
		pass(s, true);
		assert_int_equal(gs_net_scrub_learned(s, NULL), 0);
	}
	pass(s, false);
	counts = gs_net_scrub_counts(s);
	gs_net_scrub_free(s);
}

static bool
same(size_t i)
{
	return capture[i].out_n == capture[i].n &&
	    memcmp(capture[i].out, capture[i].b, capture[i].n) == 0;
}

/* Whether eight characters of text in a row are in any output. */
static bool
leaks(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < packets; i++)
		for (size_t k = 0; k + 8 <= n; k++)
			if (gs_span_find(
				gs_span(capture[i].out, capture[i].out_n),
				gs_span(text + k, 8)) < capture[i].out_n)
				return true;
	return false;
}

/* ---- every text in every carrier */

/* Between < and > of the control characters \1 and \2 stands a secret. */
static const char *const texts[] = {
	"INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\nv=0\r\nm=audio 1 RTP/AVP "
	"8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\1" KEY
	"\2|2^31|1:1\r\n",
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 InLiNe: \1" KEY "\2\r\n",
	"\r\n\r\ninvite sip:a@b sip/2.0\r\n\r\na=crypto:1 X inline:\1" KEY
	"\2\r\n",
	"\n\nINVITE sip:a@b SIP/2.0\n\na=crypto:1 X\n inline:\1" KEY "\2\n",
	"a=crypto:1 X inline:\1QUJDREVGR0hJSktMTU5\2\r\n \1PUFFSU1RVVldZ\2"
	"\r\n\t\1WVphYmNk\2\r\n",
	"in\r\n line:\1" KEY "\2\r\n",
	"a=crypto:1 X inline:\1QUJDREVGR0\2\r\n1e\r\n\1hJSktMTU5P\2\r\n7;x=y"
	"\r\n\1UFFSU1RVVldZWVphYmNk\2\r\n0\r\n\r\n",
	"a%3Dcrypto%3A1%20X%20inline%3A\1QUJDREVGR0hJ%2BktMTU5P%2FFSU1RV\2"
	"%7C2%5E31%0D%0A",
	"x=inline&colon;\1QUJDREVGR0hJ&plus;ktMTU5PUFFSU1RV\2|2",
	"x=inline%253A\1QUJDREVGR0hJ%252BktMTU5PUFFSU1RV\2%257C2",
	"%69%6e%6C%69ne:\1" KEY "\2 ",
	"<sdp>inline&#58;\1QUJDREVGR0hJ&#x2B;ktMTU5PUFFSU1RV\2&lt;/sdp>",
	"{\"sdp\":\"a=crypto:1 X inline:\1QUJDREVGR0hJ\\/ktMTU5PUFFS\2"
	"|2^31\\r\\na=x\"}",
	"{\"sdp\":\"inline\\u003a\1" KEY "\2\\u007c2\"}",
	"<13>fs: #012a=crypto:1 X inline:\1" KEY "\2#015#012a=b",
	"inline:\"\1" KEY "\2\"\r\n",
	"a=crypto:1 X inline:\1" KEY "\2|2^20|1:4;inline:\1" KEY "\2|2:4\r\n",
	"variable_rtp_last_audio_local_crypto_key: AES_CM_128_HMAC_SHA1_80 "
	"inline:\1" KEY "\2\n",
	"m=audio 1 RTP/AVP 8\r\nk=base64:\1" KEY "\2\r\na=x\r\n",
	"k=clear:\1pass-word!(7),$x\2\r\na=x\r\n",
	"k=uri:\1https://keys.example.org/my?key=1\2\r\n",
	"a=key-mgmt:mikey \1AQAFgM0XflABAAAAAAAAAAAAAAsAyONZm9vYmFyYmF6\2\r\n",
	"KeyMgmt: prot=mikey; uri=\"rtsp://x/1\"; data=\""
	"\1AQAFgM0XflABAAAAAAAAAAAAAAsAyONZm9vYmFyYmF6\2\"\r\n",
	"Authorization: Digest username=\"a\", nonce=\"n\", "
	"response=\"\1"
	"0123456789abcdef0123456789abcdef\2\", uri=\"x\"\r\n",
	"Authentication-Info: rspauth=\1"
	"0123456789ABCDEF0123456789ABCDEF"
	"\2, qop=auth\r\n",
	"variable_sip_auth_response: \1"
	"0123456789abcdef0123456789abcdef\2\n",
	"<user_pass idx=\"1\" perm=\"\">\1s3cret\2</user_pass><x>y</x>",
	"<user_pass idx=\"1\"><![CDATA[\1a<b>&c!d\2]]></user_pass>",
	"&lt;user_pass idx=&quot;1&quot;&gt;\1s3cr3t!9\2&lt;/user_pass&gt;",
	"user_name1!: a\nuser_pass1!: \1s3cr3t!9\2\nuser_host1!: b\n",
	"GET /settings?user_pass1=\1geheim99\2&x=1 HTTP/1.1\r\n\r\n",
};

enum { TEXTS = sizeof(texts) / sizeof(*texts) };

/* A text, and which of its bytes are secret. */
struct plain {
	char text[1024];
	bool secret[1024];
	size_t n;
};

static void
expand(struct plain *t, const char *from)
{
	bool secret = false;

	t->n = 0;
	for (; *from != '\0'; from++) {
		if (*from == '\1' || *from == '\2') {
			secret = *from == '\1';
			continue;
		}
		t->secret[t->n] = secret;
		t->text[t->n++] = *from;
	}
}

/* Every secret letter went, except "=" and what is no letter of a key, and
 * nothing else did. at is where the text stands in packet i. */
static void
expect_blank(const struct plain *t, size_t i, size_t at, bool joined,
    const char *what)
{
	const struct packet *p = &capture[i];

	assert_int_equal(p->out_n, p->n);
	for (size_t k = 0; k < t->n; k++) {
		char was = t->text[k], is = (char)p->out[at + k];

		/* A line that may have begun before the capture goes. */
		if (joined && is == '.')
			continue;
		if (t->secret[k] ? is != 'X' && was != 'X' : is != was)
			fail_msg("%s, at %zu (%.20s): %c became %c", what, k,
			    t->text + k, was, is);
	}
}

enum carrier {
	SIP_PORT,
	ODD_PORT,
	IPV6,
	UDP_LITE,
	SCTP,
	ICMP,
	UNKNOWN_IP,
	UNKNOWN_ETHERNET,
	VLAN_GRE,
	VXLAN,
	TCP_SYN,
	TCP_JOINED,
	TCP_BYTES,
	HEP,
	CARRIERS,
};

/* Puts n bytes of text into packets. Returns where they stand in the last
 * one. */
static size_t
carry(enum carrier c, const char *text, size_t n)
{
	static struct build f;

	build_start(&f, text, n);
	switch (c) {
	case IPV6:
	case ODD_PORT:
	case SIP_PORT:
		build_udp(&f, c == SIP_PORT ? 5060 : 33333,
		    c == SIP_PORT ? 5060 : 514, 0x1234);
		break;
	case UDP_LITE: build_udp(&f, 5060, 5060, 0x1234); break;
	case SCTP:
		build_bytes(&f, "\0\0\0\1\0\0\0\0\0\0\0\0", 12);
		uint8_t *h = build_front(&f, 4);
		h[1] = 3;
		w16(h + 2, n + 16);
		build_bytes(&f, "\x13\xc4\x13\xc4\0\0\0\1\0\0\0\0", 12);
		break;
	case ICMP:
		build_udp(&f, 5060, 5060, 0x1234);
		build_ipv4(&f, 17, 0, 1, 0);
		build_bytes(&f, "\3\3\0\0\0\0\0\0", 8);
		break;
	case VXLAN:
	case VLAN_GRE:
		build_udp(&f, 5060, 5060, 0x1234);
		build_ipv4(&f, 17, 0, 1, 0);
		build_ethernet(&f, 0x0800);
		if (c == VXLAN) {
			build_bytes(&f, "\x8\0\0\0\0\0\1\0", 8);
			build_udp(&f, 4789, 4789, 0x1234);
		} else {
			build_bytes(&f, "\0\0\x65\x58", 4);
		}
		break;
	case HEP:
		h = build_front(&f, 12);
		memcpy(h, "HEP3", 4);
		w16(h + 4, n + 12);
		h[9] = 15;
		w16(h + 10, n + 6);
		build_udp(&f, 9060, 9060, 0x1234);
		break;
	case TCP_SYN:
	case TCP_JOINED:
		if (c == TCP_SYN)
			(void)add_tcp(8021, 99, 2, "", 0);
		(void)add_tcp(8021, 100, 0x18, text, n);
		return 14 + 20 + 24;
	case TCP_BYTES:
		(void)add_tcp(8021, 99, 2, "", 0);
		(void)add_tcp(8021, 100, 0x18, text, n);
		return 14 + 20 + 24;
	default: break;
	}
	if (c == IPV6)
		build_ipv6(&f, 17);
	else if (c != UNKNOWN_ETHERNET)
		build_ipv4(&f,
		    c == UDP_LITE       ? 136 :
			c == SCTP       ? 132 :
			c == ICMP       ? 1 :
			c == UNKNOWN_IP ? 253 :
			c == VLAN_GRE   ? 47 :
					  17,
		    0, 1, 0);
	build_ethernet(&f,
	    c == UNKNOWN_ETHERNET ? 0x88b5 :
		c == IPV6         ? 0x86dd :
				    0x0800);
	return add(&f, 1)->n - n;
}

static void
test_texts_in_carriers(void **state)
{
	static struct plain t;

	for (unsigned twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < TEXTS; i++)
			for (unsigned c = 0; c < CARRIERS; c++) {
				char what[128];

				(void)begin(state);
				expand(&t, texts[i]);
				size_t at = carry((enum carrier)c, t.text, t.n);
				scrub(twice);
				(void)snprintf(what, sizeof(what),
				    "text %zu, carrier %u, %u", i, c, twice);
				expect_blank(&t, packets - 1, at,
				    c == TCP_JOINED, what);
				assert_true(counts.keys > 0);
				assert_true(
				    c == TCP_JOINED || counts.unread == 0);
			}
}

/* A byte in each segment, in two passes and in one. */
static void
test_texts_in_bytes(void **state)
{
	static struct plain t;
	static char got[1024];

	for (unsigned twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < TEXTS; i++) {
			struct gs_net_scrub *s = gs_net_scrub_new(NULL);

			assert_non_null(s);
			expand(&t, texts[i]);
			for (unsigned p = twice ? 0 : 1; p < 2; p++)
				for (size_t k = 0; k <= t.n; k++) {
					struct gs_net_packet g = { .frame =
								       k + 1 };
					struct gs_net_frame f = {
						.kind = GS_FRAME_TCP,
						.p = (uint8_t *)t.text +
						    (k > 0 ? k - 1 : 0),
						.n = k > 0,
						.length = k > 0,
						.wire = 2,
						.seq = (uint32_t)k + 7 -
						    (k > 0 ? 0 : 0),
						.flags = k > 0 ? 0x18 : 2,
						.layers = 1,
					};
					uint8_t b = 0;
					bool changed;

					if (k > 0)
						b = (uint8_t)t.text[k - 1];
					if (p == 0)
						assert_int_equal(
						    gs_net_scrub_learn(s, &g,
							&f, NULL),
						    0);
					else
						assert_int_equal(
						    gs_net_scrub_frame(s, &g,
							&f, &b, &changed, NULL),
						    0);
					if (k > 0)
						got[k - 1] = (char)b;
					if (p == 0 && k == t.n)
						assert_int_equal(
						    gs_net_scrub_learned(s,
							NULL),
						    0);
				}
			gs_net_scrub_free(s);
			size_t run = 0;
			for (size_t k = 0; k < t.n; k++) {
				run = t.secret[k] && got[k] == t.text[k] &&
					got[k] != 'X' ?
				    run + 1 :
				    0;
				/* In one pass an escape is known too late. */
				if (run > (twice ? 0 : 7))
					fail_msg("text %zu, pass %u: %.*s", i,
					    twice, 20, got + k);
				if (twice && !t.secret[k] &&
				    got[k] != t.text[k])
					fail_msg("text %zu: %.*s", i, 20,
					    got + k);
			}
		}
	(void)state;
}

/* ---- what is known from elsewhere */

static void
test_known_elsewhere(void **state)
{
	static const char sip[] = "SIP/2.0 200 OK\r\n\r\na=crypto:1 "
				  "AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n";
	/* The same octets in hexadecimal. */
	char hex[80], upper[80];
	uint8_t key[30];
	size_t n, at;

	assert_int_equal(
	    gs_base64_decode(GS_LIT(KEY), key, sizeof(key), &n, &at), 0);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(hex + 2 * i, 3, "%02x", key[i]);
		(void)snprintf(upper + 2 * i, 3, "%02X", key[i]);
	}
	/* All before the message that shows it. */
	(void)add_udp(33333, KEY, 40);
	(void)add_udp(33333, hex + 3, 30);
	(void)add_udp(33333, upper, 60);
	(void)add_ip(253, "\0\1\2QUJDREVG\3\4", 13);
	(void)add_udp(33333, "QUJDREV", 7); /* seven */
	(void)add_tcp(7777, 10, 0x18, "key of the call: " KEY, 57);
	(void)add_udp(5060, sip, sizeof(sip) - 1);
	/* Behind the IP packet, too. */
	struct packet *p = add_udp(5060, "hello hello hello", 17);
	memcpy(p->b + p->n, "QUJDREVGR0hJ", 12);
	p->n += 12;
	scrub(true);
	assert_false(leaks(KEY));
	assert_false(leaks(hex));
	assert_false(leaks(upper));
	assert_true(same(4));
	assert_int_equal(counts.key_frames, 7);
	(void)state;
}

/* A key that was given, from a pipe as well. */
static void
test_given_key(void **state)
{
	uint8_t key[30];
	size_t n, at;

	(void)state;
	(void)add_udp(33333, "x=" KEY "=y", 44);
	assert_int_equal(
	    gs_base64_decode(GS_LIT(KEY), key, sizeof(key), &n, &at), 0);
	struct gs_net_scrub *s = gs_net_scrub_new(NULL);
	assert_non_null(s);
	gs_net_scrub_key(s, key, sizeof(key));
	pass(s, false);
	assert_false(leaks(KEY));
	assert_int_equal(gs_net_scrub_counts(s).keys, 40);
	gs_net_scrub_free(s);
}

/* ---- what passes */

static void
test_others_pass(void **state)
{
	static const char tls[] =
	    "\x16\3\1\0\x80\x91\xa2\xb3\xc4\xd5\xe6\xf7\1\2\3\4\5\6\7"
	    "abcdefghABCDEFGHIJKLMNOPQRSTUVWXYZ\x91\xa2\xb3";
	static const char http[] =
	    "HTTP/1.1 200 OK\r\nContent-Disposition: inline; x\r\n"
	    "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08zzzzzzzzzzzzzz";
	static const char chat[] = "k= is fine, inline too: response = none\r\n"
				   "user_pass\r\nkey-mgmt is a word\r\n";
	static const uint8_t rtp[] = "\x80\x08\0\1\0\0\0\1\0\0\0\1"
				     "0123456789abcdefghijklmnopqrstuv";

	(void)state;
	for (unsigned twice = 0; twice < 2; twice++) {
		packets = 0;
		(void)add_tcp(443, 9, 2, "", 0);
		(void)add_tcp(443, 1060, 0x18, tls, sizeof(tls)); /* a gap */
		(void)add_tcp(443, 10, 0x18, tls, sizeof(tls));
		(void)add_tcp(80, 9, 2, "", 0);
		(void)add_tcp(80, 10, 0x18, http, sizeof(http) - 1);
		(void)add_tcp(80, 900, 0x18, http, sizeof(http) - 1);
		(void)add_tcp(81, 899, 2, "", 0);
		(void)add_tcp(81, 900, 0x18, chat, sizeof(chat) - 1);
		(void)add_udp(5004, rtp, sizeof(rtp));
		(void)add_udp(5006, "\x16\xfe\xfd\0\0abcdefghijklmnop", 21);
		(void)add_udp(4500, "\x78\x9c\0\0abcdefghijklmnop", 20);
		(void)add_ip(50, "\0\0\0\1abcdefghijklmnop", 20);
		(void)add_ip(132,
		    "\x13\xc4\x13\xc4\0\0\0\1\0\0\0\0\1\0\0\x14zzzzzzzzzzzz",
		    28);
		scrub(twice);
		for (size_t i = 0; i < packets; i++)
			if (!same(i))
				fail_msg("packet %zu, %u", i, twice);
		assert_int_equal(counts.keys + counts.unread, 0);
	}
}

/* ---- what cannot be judged */

static size_t
dots(size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < capture[i].out_n; k++)
		n += capture[i].out[k] == '.' && capture[i].b[k] != '.';
	return n;
}

static void
test_encoded_bodies(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		size_t from;
		size_t to;
	} bodies[] = {
#define BODY(head, body, tail)                                                 \
	{ head body tail, sizeof(head body tail) - 1, sizeof(head) - 1,        \
		sizeof(head body) - 1 }
		BODY("MESSAGE sip:a SIP/2.0\r\nContent-Encoding: gzip\r\n"
		     "Content-Length: 12\r\n\r\n",
		    "\x1f\x8b\x08\0QUJDREVG", "XY"),
		BODY("MESSAGE sip:a SIP/2.0\r\ne: deflate\r\n\r\n",
		    "x\x9cQUJDREVGabcdef", ""),
		BODY("MESSAGE sip:a SIP/2.0\r\n"
		     "Content-Transfer-Encoding: base64\r\n\r\n",
		    "YT1jcnlwdG86MSBBRVM=\r\n", ""),
		BODY("MESSAGE sip:a SIP/2.0\r\nContent-Type: multipart/mixed"
		     "\r\n\r\n--b\r\n"
		     "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		    "inline=3AQUJDREVGR0hJ\r\n", "--b--\r\n"),
		BODY("HTTP/1.1 200 OK\r\nContent-Type: application/sdp\r\n"
		     "Content-Encoding: gzip\r\n\r\n",
		    "\x1f\x8b\x08\0QUJDREVG", ""),
		BODY("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
		     "Content-Encoding: gzip\r\n\r\n",
		    "\x1f\x8b\x08\0QUJDREVG", ""),
	};

	(void)state;
	for (unsigned k = 0; k < sizeof(bodies) / sizeof(*bodies); k++)
		for (unsigned tcp = 0; tcp < 2; tcp++) {
			size_t n = bodies[k].n, from = bodies[k].from;

			packets = 0;
			if (tcp) {
				(void)add_tcp(5060, 9, 2, "", 0);
				(void)add_tcp(5060, 10, 0x18, bodies[k].text,
				    from + 3);
				(void)add_tcp(5060, 13 + (uint32_t)from, 0x18,
				    bodies[k].text + from + 3, n - from - 3);
			} else {
				(void)add_udp(5060, bodies[k].text, n);
			}
			scrub(true);
			/* Ends of lines stay. */
			if (counts.unread + 3 < bodies[k].to - from ||
			    counts.unread > bodies[k].to - from)
				fail_msg("body %u, TCP %u: %u, not %zu", k, tcp,
				    (unsigned)counts.unread,
				    bodies[k].to - from);
			assert_int_equal(counts.keys, 0);
			assert_false(leaks("QUJDREVG"));
			assert_false(leaks("YT1jcnlwdG86MSBBRVM"));
		}
}

static void
test_pieces(void **state)
{
	static struct build f;
	static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	(void)state;
	/* A piece of UDP, one without a run of eight, one of ESP. */
	for (unsigned k = 0; k < 3; k++) {
		build_start(&f, k == 1 ? "ab cd ef gh ij kl mn op " : text, 24);
		build_ipv4(&f, k == 2 ? 50 : 17, 0, 7 + k, 0x2000 | 10);
		build_ethernet(&f, 0x0800);
		(void)add(&f, 1);
	}
	/* The first piece is read like a datagram. */
	build_start(&f, "INVITE sip:a SIP/2.0\r\n\r\ninline:" KEY "!!!!!!!!",
	    80);
	build_udp(&f, 5060, 5060, 0);
	build_ipv4(&f, 17, 0, 20, 0x2000);
	build_ethernet(&f, 0x0800);
	(void)add(&f, 1);
	/* One that ends between two units, one that the snaplen cut. */
	build_start(&f, "zyxwvutsrqponmlk", 13);
	build_ipv4(&f, 17, 0, 30, 0x2000 | 10);
	build_ethernet(&f, 0x0800);
	(void)add(&f, 1);
	build_start(&f, "zyxwvutsrqponmlk", 16);
	build_ipv4(&f, 17, 0, 31, 0x2000 | 10);
	build_ethernet(&f, 0x0800);
	add(&f, 1)->n -= 4;
	/* Part of a message of SCTP. */
	(void)add_ip(132,
	    "\x13\xc4\x13\xc4\0\0\0\1\0\0\0\0\0\2\0\x1c\0\0\0\1\0\0\0\0"
	    "\0\0\0\0zyxwvutsrqpo",
	    40);
	/* A link type that is not read. */
	build_start(&f, "\0\0\0\1 f8 INVITE " KEY, 56);
	(void)add(&f, 147);
	scrub(true);
	assert_int_equal(dots(0), 24);
	assert_true(same(1));
	assert_true(same(2));
	assert_int_equal(dots(3), 0);
	assert_false(leaks(KEY));
	assert_int_equal(dots(4), 13);
	assert_int_equal(dots(5), 12);
	assert_int_equal(dots(6), 12);
	assert_true(dots(7) >= 40);
	assert_int_equal(counts.unread_frames, 5);
}

static void
test_compressed_datagrams(void **state)
{
	(void)state;
	(void)add_udp(514, "\x1f\x8b\x08\0abcdefghijklmnop", 20);
	(void)add_udp(12201,
	    "\x78\x9c"
	    "abcdefghijklmnop",
	    18);
	(void)add_udp(5060, "\xf8\1abcdefghijklmnop", 18);
	(void)add_udp(9060,
	    "HEP3\0\x24\0\0\0\2\0\7\x11\0\0\0\x10\0\x17xyzxyzxyzxyzxyzxyz", 36);
	scrub(true);
	assert_int_equal(dots(0), 20);
	assert_int_equal(dots(1), 18);
	assert_int_equal(dots(2), 18);
	assert_int_equal(dots(3), 17);
	/* As much over TCP, cut in the chunk. */
	packets = 0;
	(void)add_tcp(9060, 10, 0x18,
	    "HEP3\0\x24\0\0\0\2\0\7\x11\0\0\0\x10\0\x17xyz", 22);
	(void)add_tcp(9060, 32, 0x18, "xyzxyzxyzxyzxy", 14);
	(void)add_tcp(9060, 46, 0x18, "HEP3\0\x14\0\0\0\1\0\x0ezzzzzzzz", 20);
	scrub(true);
	assert_int_equal(dots(0), 3);
	assert_int_equal(dots(1), 14);
	assert_true(same(2));
}

/* The end of a key is all that there is of a connection. */
static void
test_rest_of_key(void **state)
{
	static const char *const rests[] = { "R0hJSktMTU5PUFFS\r\n",
		"R0hJSktMTU5PUFFS|2^31|1:1\r\n", "R0hJSktMTU5PUFFS",
		"ne:R0hJSktMTU5PUFFS WSH=64\r\n" };

	(void)state;
	for (unsigned twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < 4; i++) {
			packets = 0;
			(void)add_tcp(5060, 77, 0x18, rests[i],
			    strlen(rests[i]));
			scrub(twice);
			assert_false(leaks("R0hJSktMTU5PUFFS"));
		}
}

/* Behind what may belong to a message before the capture, the next one still
 * begins on a line. */
static void
test_joined_between_messages(void **state)
{
	static const char *const before[] = { "\r\n\r\n",
		"9vYmFyYmF6cXV4\r\na=ptime:20\r\n", "x y z\r\n" };
	static const char message[] = "\r\nINVITE sip:a@b SIP/2.0\r\n"
				      "Call-ID: 1\r\nl: 0\r\n\r\n";

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char text[256];
		int n =
		    snprintf(text, sizeof(text), "%s%s", before[i], message);

		packets = 0;
		(void)add_tcp(5060, 77, 0x18, text, (size_t)n);
		scrub(true);
		assert_true(
		    gs_span_find(gs_span(capture[0].out, capture[0].out_n),
			gs_span(message, sizeof(message) - 1)) <
		    capture[0].out_n);
		assert_false(leaks("9vYmFyYmF6cXV4"));
	}
}

/* A password over TFTP, cut by the end of a block. */
static void
test_rest_of_password(void **state)
{
	static const char one[] = "\0\3\0\1<x>y</x><user_pass idx=\"1\">geh";
	static const char two[] = "\0\3\0\2eimniss123</user_pass><x>y</x>";

	(void)state;
	(void)add_udp(69, one, sizeof(one) - 1);
	(void)add_udp(69, two, sizeof(two) - 1);
	scrub(true);
	assert_false(leaks("eimniss123"));
	assert_int_equal(counts.keys, 13);
}

/* ---- WebSocket */

static size_t
ws(uint8_t *to, unsigned first, const char *mask, const char *text, size_t n)
{
	size_t k = 0;

	assert_true(n < 126);
	to[k++] = (uint8_t)first;
	to[k++] = (uint8_t)(n | (mask != NULL ? 0x80 : 0));
	if (mask != NULL) {
		memcpy(to + k, mask, 4);
		k += 4;
	}
	for (size_t i = 0; i < n; i++)
		to[k++] = (uint8_t)(text[i] ^ (mask != NULL ? mask[i % 4] : 0));
	return k;
}

static void
test_websocket(void **state)
{
	static const char one[] = "INVITE sip:a@b SIP/2.0\r\n\r\na=crypto:1 X "
				  "inline:QUJDREVGR0hJ";
	static const char two[] = "SktMTU5PUFFSU1RVVldZWVphYmNk|2^31\r\n";
	static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\n"
				      "Upgrade: websocket\r\n\r\n";
	const char *mask = "\x11\xa2\x33\xd4";
	uint8_t b[512];

	(void)state;
	for (unsigned masked = 0; masked < 2; masked++) {
		const char *m = masked ? mask : NULL;
		size_t head = masked ? 6 : 2, n;

		packets = 0;
		(void)add_tcp(8080, 9, 2, "", 0);
		n = ws(b, 1, m, one, sizeof(one) - 1);
		n += ws(b + n, 0x89, m, "ping", 4);
		n += ws(b + n, 0x80, m, two, sizeof(two) - 1);
		(void)add_tcp(8080, 10, 0x18, b, n);
		scrub(true);
		uint8_t *p = capture[1].out + 14 + 20 + 24 + head;
		size_t k = 0;
		for (; k < sizeof(one) - 1; k++) {
			char c = (char)(p[k] ^ (m != NULL ? m[k % 4] : 0));
			assert_int_equal(c,
			    k < sizeof(one) - 13 ? one[k] : 'X');
		}
		p += sizeof(one) - 1 + head + 4 + head;
		for (k = 0; k < 28; k++)
			assert_int_equal(
			    p[k] ^ (m != NULL ? (uint8_t)m[k % 4] : 0), 'X');
		for (; k < sizeof(two) - 1; k++)
			assert_int_equal(
			    (char)(p[k] ^ (m != NULL ? (uint8_t)m[k % 4] : 0)),
			    two[k]);
		assert_int_equal(capture[1].out_n, capture[1].n);
	}
	/* Compressed. */
	packets = 0;
	(void)add_tcp(8080, 9, 2, "", 0);
	(void)add_tcp(8080, 10, 0x18, upgrade, sizeof(upgrade) - 1);
	size_t n = ws(b, 0x41, NULL, "zzzzzzzzzz", 10);
	n += ws(b + n, 0x80, NULL, "yyyyyyyyyy", 10);
	(void)add_tcp(8080, 10 + sizeof(upgrade) - 1, 0x18, b, n);
	scrub(true);
	assert_true(same(1));
	assert_int_equal(dots(2), 20);
}

/* The first segments are too short to show what the flow is. */
static void
test_begins_short(void **state)
{
	static const char text[] = "INVITE sip:a@b SIP/2.0\r\n\r\na=crypto:1 X "
				   "inline:QUJDREVGR0hJ";
	const char *mask = "\x11\xa2\x33\xd4";
	uint8_t b[512];
	size_t n = ws(b, 1, mask, text, sizeof(text) - 1), key = n - 12;

	(void)state;
	for (size_t cut = 1; cut < 30; cut++) {
		packets = 0;
		(void)add_tcp(8080, 10, 0x18, b, cut);
		(void)add_tcp(8080, 10 + (uint32_t)cut, 0x18, b + cut, n - cut);
		scrub(false);
		const uint8_t *p = capture[1].out + 14 + 20 + 24 - cut;
		for (size_t i = key; i < n; i++)
			assert_true(p[i] != b[i]);
	}
}

/* ---- one pass */

/* Bytes of a segment that came out as they were, and are no dots. */
static size_t
same_bytes(size_t i)
{
	size_t n = 0;

	for (size_t k = 14 + 20 + 24; k < capture[i].n; k++)
		n += capture[i].out[k] == capture[i].b[k] &&
		    strchr(".\r\n", capture[i].b[k]) == NULL;
	return n;
}

/* A segment that overtakes others is blanked in a flow of which nothing is
 * known yet, and what it would have shown is found by two passes. */
static void
test_overtaking(void **state)
{
	static const char text[] =
	    "INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\na=crypto:1 X "
	    "inline:" KEY "\r\na=ptime:20\r\n";
	size_t n = sizeof(text) - 1;

	(void)state;
	for (unsigned twice = 0; twice < 2; twice++)
		for (size_t k = 8; k < n - 8; k++) {
			packets = 0;
			(void)add_tcp(5060, 9, 2, "", 0);
			(void)add_tcp(5060, 10 + (uint32_t)k, 0x18, text + k,
			    n - k);
			(void)add_tcp(5060, 10, 0x18, text, k);
			scrub(twice);
			assert_false(leaks(KEY));
			if (twice)
				assert_int_equal(counts.unread, 0);
			else
				assert_int_equal(same_bytes(1), 0);
		}
}

/* A segment that is no text can hold the rest of a key, too. */
static void
test_overtaking_with_hep(void **state)
{
	static const char text[] = "inline:" KEY "\r\nHEP3"
				   "\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02"
				   "\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02";
	size_t n = sizeof(text) - 1;

	(void)state;
	for (size_t k = 8; k < 7 + sizeof(KEY) - 8; k++) {
		packets = 0;
		(void)add_tcp(9060, 9, 2, "", 0);
		(void)add_tcp(9060, 100 + (uint32_t)k, 0x18, text + k, n - k);
		(void)add_tcp(9060, 100, 0x18, text, k);
		scrub(false);
		assert_int_equal(same_bytes(1), 0);
	}
}

/* ---- checksums */

static unsigned
ones_sum(const uint8_t *p, size_t n, unsigned s)
{
	for (size_t i = 0; i < n; i++)
		s += i % 2 == 0 ? (unsigned)p[i] << 8 : p[i];
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static void
test_checksums(void **state)
{
	static const char text[] = "a=crypto:1 X inline:" KEY "\r\n";
	static struct plain t;

	expand(&t, text);
	for (unsigned c = SIP_PORT; c <= ICMP; c++) {
		(void)begin(state);
		size_t at = carry((enum carrier)c, t.text, t.n);
		struct packet *p = &capture[0];
		/* Make it right before. */
		if (c == ICMP)
			w16(p->b + 36,
			    ~ones_sum(p->b + 34, p->n - 34, 0) & 0xffff);
		if (c == UDP_LITE) {
			unsigned s = 136 + (unsigned)p->n - 34;
			w16(p->b + 40, 0);
			s += ones_sum(p->b + 26, 8, 0);
			w16(p->b + 40,
			    ~ones_sum(p->b + 34, p->n - 34, s) & 0xffff);
		}
		scrub(true);
		assert_memory_not_equal(p->out + at, p->b + at, t.n);
		assert_int_equal(ones_sum(p->out + 14, 20, 0),
		    c == IPV6 ? ones_sum(p->out + 14, 20, 0) : 0xffff);
		if (c == ICMP)
			assert_int_equal(ones_sum(p->out + 34, p->n - 34, 0),
			    0xffff);
		if (c == UDP_LITE)
			assert_int_equal(ones_sum(p->out + 34, p->n - 34,
					     136 + (unsigned)p->n - 34 +
						 ones_sum(p->out + 26, 8, 0)),
			    0xffff);
		if (c == SIP_PORT || c == ODD_PORT)
			assert_int_equal(ones_sum(p->out + 34, p->n - 34,
					     17 + (unsigned)p->n - 34 +
						 ones_sum(p->out + 26, 8, 0)),
			    0xffff);
	}
}

/* ---- limits */

/* More places than there is room for: the connection becomes dots. */
static void
test_over(void **state)
{
	struct gs_net_scrub *s = gs_net_scrub_new(NULL);
	char text[64];
	unsigned pass_no, k;
	bool changed;

	(void)state;
	assert_non_null(s);
	for (pass_no = 0; pass_no < 2; pass_no++) {
		for (k = 0; k < 300000; k++) {
			int n = snprintf(text, sizeof(text),
			    "inline:%08u|m=audio|......", k);
			struct gs_net_packet g = { .frame = k + 1 };
			struct gs_net_frame f = { .kind = GS_FRAME_TCP,
				.p = (uint8_t *)text,
				.n = (uint32_t)n,
				.length = (uint32_t)n,
				.wire = (uint32_t)n + 1,
				.seq = k * (uint32_t)n,
				.flags = k == 0 ? 2 : 0x18,
				.layers = 1 };

			if (pass_no == 0)
				assert_int_equal(
				    gs_net_scrub_learn(s, &g, &f, NULL), 0);
			else if (k % 1000 == 999)
				assert_int_equal(gs_net_scrub_frame(s, &g, &f,
						     (uint8_t *)text, &changed,
						     NULL),
				    0);
			if (pass_no == 1 && k % 1000 == 999)
				assert_memory_equal(text + 7, "........", 8);
		}
		if (pass_no == 0)
			assert_int_equal(gs_net_scrub_learned(s, NULL), 0);
	}
	gs_net_scrub_free(s);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, begin)
	const struct CMUnitTest tests[] = {
		TEST(test_texts_in_carriers),
		TEST(test_texts_in_bytes),
		TEST(test_known_elsewhere),
		TEST(test_given_key),
		TEST(test_others_pass),
		TEST(test_encoded_bodies),
		TEST(test_pieces),
		TEST(test_compressed_datagrams),
		TEST(test_rest_of_key),
		TEST(test_joined_between_messages),
		TEST(test_rest_of_password),
		TEST(test_websocket),
		TEST(test_begins_short),
		TEST(test_overtaking),
		TEST(test_overtaking_with_hep),
		TEST(test_checksums),
		TEST(test_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
