/* SPDX-License-Identifier: MIT */
/* Many texts, made from a seed: calls in every form, wrapped as programs wrap
 * them, cut, interleaved, with lines lost. With --require none passes in which
 * a call does not show what is required, and no whole good one fails. The
 * number of texts is the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/report.h"
#include "calls/check.h"
#include "calls/sums.h"
#include "sdp/rules.h"

#define KEY "Rlp9/3eri7qgHDcecUf9sKnRqXi18jsCniviUO7d"
#define ANSWER_KEY "fKT51VbSqmNbyOERjIb4+HIaPBZ1l7kxe/d8jcuq"
#define OCTETS "2D:71:16:42:B7:26:B0:44:01:62:7C:A9:FB:AC:32:F5"
#define LOG "2026-11-27 22:16:01.271237 95.87% [DEBUG] "

enum { LINES = 512, TEXT = 1 << 20 };

static size_t texts = 500;
static uint64_t state = 1;

/* A number below n, the same in every run. */
static size_t
any(size_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % n;
}

/* The tables hold the formats. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* ---- lines */

struct lines {
	char *line[LINES];
	size_t n;
};

static void
add(struct lines *l, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	size_t n = (size_t)vsnprintf(NULL, 0, fmt, ap) + 1;
	char *s = malloc(n);
	assert_true(l->n < LINES && s != NULL);
	(void)vsnprintf(s, n, fmt, again);
	va_end(again);
	va_end(ap);
	l->line[l->n++] = s;
}

static void
drop(struct lines *l, size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++)
		free(l->line[i]);
	memmove(&l->line[first], &l->line[first + n],
	    (l->n - first - n) * sizeof(l->line[0]));
	l->n -= n;
}

/* ---- SDPs, encrypted or not */

enum { SRTP = 1, SAVP = 2 };

static const struct {
	const char *media;
	const char *keys; /* below it; %s is the key */
	unsigned shows; /* what an offer and its answer show */
} kinds[] = {
	{ "m=audio %u RTP/SAVP 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s", SRTP | SAVP },
	{ "m=audio %u RTP/SAVPF 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:%s|2^31|1:1",
	    SRTP | SAVP },
	{ "m=audio %u UDP/TLS/RTP/SAVPF 8",
	    "a=fingerprint:sha-256 " OCTETS ":" OCTETS, SRTP | SAVP },
	{ "m=audio %u RTP/AVP 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s", SRTP },
	{ "m=audio %u RTP/AVP 8", NULL, 0 },
	{ "m=audio %u RTP/SAVP 8", "a=crypto:1 NULL_HMAC_SHA1_80 inline:%s",
	    0 },
	{ "m=audio %u RTP/SAVP 8", "a=fingerprint:sha-256", 0 },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), BROKEN = KINDS - 1 };

static void
sdp(struct lines *l, const char *before, size_t kind, bool answer)
{
	unsigned port = 5004 + 2 * (unsigned)any(1000);

	add(l, "%sv=0", before);
	add(l, "%so=- %u 1 IN IP4 192.0.2.1", before, port);
	add(l, "%ss=-", before);
	add(l, "%sc=IN IP4 192.0.2.%u", before, answer ? 2 : 1);
	add(l, "%st=0 0", before);
	char media[64], keys[160] = "";
	(void)snprintf(media, sizeof(media), kinds[kind].media, port);
	add(l, "%s%s", before, media);
	if (kinds[kind].keys != NULL)
		(void)snprintf(keys, sizeof(keys), kinds[kind].keys,
		    answer ? ANSWER_KEY : KEY);
	if (keys[0] != '\0')
		add(l, "%s%s", before, keys);
	add(l, "%sa=rtpmap:8 PCMA/8000", before);
	add(l, "%s", before);
}

/* ---- calls */

struct call {
	unsigned id;
	size_t form;
	size_t kind;
	bool tls; /* SIP is carried over TLS */
};

static const char *
carrier(const struct call *c)
{
	return c->tls ? "TLS" : "UDP";
}

static void
sip_head(struct lines *l, const struct call *c, const char *start, bool answer)
{
	add(l, "%s", start);
	add(l, "Via: SIP/2.0/%s 192.0.2.1:5061;branch=z9hG4bK%u", carrier(c),
	    c->id);
	add(l, "From: <sip:a@h>;tag=f%u", c->id);
	add(l, "To: <sip:b@h>%s", answer ? ";tag=t" : "");
	add(l, "Call-ID: c%u@h", c->id);
	add(l, "CSeq: 1 INVITE");
}

static void
sip(struct lines *l, const struct call *c, const char *start, bool answer)
{
	sip_head(l, c, start, answer);
	add(l, "Content-Type: application/sdp");
	add(l, "%s", "");
	sdp(l, "", c->kind, answer);
}

static void
invite(struct lines *l, const struct call *c)
{
	sip(l, c, "INVITE sip:b@h SIP/2.0", false);
}

static void
bare_call(struct lines *l, const struct call *c)
{
	sdp(l, "", c->kind, false);
}

static void
sip_call(struct lines *l, const struct call *c)
{
	invite(l, c);
	sip(l, c, "SIP/2.0 200 OK", true);
}

/* The carrier is what the trace says, and the Via may say something else. */
static void
trace_line(struct lines *l, const struct call *c, const char *what)
{
	add(l, "%s 900 bytes %s %s/[192.0.2.9]:5061 at 12:00:00.123456:", what,
	    *what == 'r' ? "from" : "to", c->tls ? "tls" : "tcp");
	add(l, "   --------------------------------------------------------");
}

static void
traced_call(struct lines *l, const struct call *c)
{
	struct call via = *c;

	via.tls = true;
	trace_line(l, c, "recv");
	invite(l, &via);
	trace_line(l, c, "send");
	sip(l, &via, "SIP/2.0 200 OK", true);
}

/* One INVITE that a proxy sends on, by the call's carrier. */
static void
relayed_call(struct lines *l, const struct call *c)
{
	struct call first = *c;

	first.tls = true;
	size_t from = l->n;
	invite(l, &first);
	size_t n = l->n - from;
	for (size_t i = from; i < from + n; i++) {
		if (i == from + 1)
			add(l, "Via: SIP/2.0/%s 192.0.2.5;branch=z9hG4bKp%u",
			    carrier(c), c->id);
		add(l, "%s", l->line[i]);
	}
	sip(l, &first, "SIP/2.0 200 OK", true);
}

static void
refused_call(struct lines *l, const struct call *c)
{
	invite(l, c);
	sip_head(l, c, "SIP/2.0 488 Not Acceptable Here", true);
	add(l, "Content-Length: 0");
	add(l, "%s", "");
}

static void
log_sdps(struct lines *l, const char *uuid, const struct call *c)
{
	add(l,
	    "%s" LOG "sofia.c:1 Channel sofia/x/%u@h entering state "
	    "[received][100]",
	    uuid, c->id);
	add(l, "%s" LOG "sofia.c:2 Remote SDP:", uuid);
	sdp(l, uuid, c->kind, false);
	add(l, "%s" LOG "mod_sofia.c:3 Local SDP sofia/x/%u@h:", uuid, c->id);
	sdp(l, uuid, c->kind, true);
	add(l,
	    "%s" LOG "sofia.c:4 Channel sofia/x/%u@h entering state "
	    "[ready][200]",
	    uuid, c->id);
}

static void
log_call(struct lines *l, const struct call *c)
{
	log_sdps(l, "", c);
}

struct uuid {
	char text[48];
};

static struct uuid
uuid_of(const struct call *c)
{
	struct uuid u;

	(void)snprintf(u.text, sizeof(u.text),
	    "%08x-aaaa-4bbb-8ccc-dddddddddd01 ", c->id);
	return u;
}

static void
uuid_call(struct lines *l, const struct call *c)
{
	log_sdps(l, uuid_of(c).text, c);
}

static void
unknown_header(struct lines *l, const struct call *c)
{
	struct uuid u = uuid_of(c);

	add(l, "%s" LOG "mod_new.c:7 a header of tomorrow", u.text);
	sdp(l, u.text, c->kind, false);
	add(l, "%s" LOG "mod_new.c:8 done", u.text);
}

/* A call that is encrypted at first, and a re-INVITE answered by the other
 * side: FreeSWITCH shows its answer as a duplicate alone. */
static void
bypass_call(struct lines *l, const struct call *c)
{
	struct uuid u = uuid_of(c);
	struct call first = *c;

	first.kind = 0;
	log_sdps(l, u.text, &first);
	add(l, "%s" LOG "sofia.c:5 Passing 200 OK to other leg", u.text);
	if (c->id % 2 == 0)
		add(l, "%s" LOG "sofia.c:6 Duplicate SDP", u.text);
	sdp(l, u.text, c->kind, true);
	add(l, "%s" LOG "sofia.c:7 done", u.text);
}

/* FreeSWITCH says that from here on it does not encrypt. */
static void
switched_off(struct lines *l, const struct call *c)
{
	static const char *const says[] = {
		"Error! RE-Activating audio Secure RTP SEND",
		"Error! RE-Activating Secure RTP SEND",
		"Error: SRTP protection failed with code 5",
		"Error: audio SRTP protection failed with code 5",
		"SRTP RTCP protection failed with code 7",
		"SRTP NOT SUPPORTED IN THIS BUILD!",
	};
	const char *what = says[any(sizeof(says) / sizeof(says[0]))];
	const struct uuid u = uuid_of(c);
	const char *uuid = c->id % 2 == 0 ? u.text : "";

	log_sdps(l, uuid, c);
	add(l, "%s2026-11-27 22:16:02.271237 95.87%% [%s] switch_rtp.c:9642 %s",
	    uuid, any(2) == 0 ? "ERR" : "CRIT", what);
}

/* FreeSWITCH printed its answer, and the call was refused all the same. */
static void
log_refused(struct lines *l, const struct call *c)
{
	static const char *const says[] = {
		"Hangup sofia/x/%u@h [CS_EXECUTE] [INCOMPATIBLE_DESTINATION]",
		"Channel sofia/x/%u@h entering state [terminated][488]",
		"Channel sofia/x/%u@h entering state [terminated][606]",
	};
	char what[96];
	const struct uuid u = uuid_of(c);
	const char *uuid = c->id % 2 == 0 ? u.text : "";

	(void)snprintf(what, sizeof(what),
	    says[any(sizeof(says) / sizeof(says[0]))], c->id);
	if (any(3) == 0)
		add(l, "%s" LOG "sofia.c:5 %s", uuid, what);
	log_sdps(l, uuid, c);
	add(l, "%s" LOG "sofia.c:5 %s", uuid, what);
}

static const struct {
	void (*make)(struct lines *l, const struct call *c);
	bool sip; /* shows what carried it */
	bool answered;
	bool nobodys; /* nothing says who offers and who answers */
	bool torn; /* without some line it is good */
	bool never; /* shows that media are not encrypted */
} forms[] = {
	{ bare_call, .nobodys = true },
	{ sip_call, .sip = true, .answered = true },
	{ invite, .sip = true },
	{ traced_call, .sip = true, .answered = true, .torn = true },
	{ relayed_call, .sip = true, .answered = true, .torn = true },
	{ log_call, .answered = true },
	{ uuid_call, .answered = true },
	{ unknown_header, .nobodys = true },
	{ bypass_call, .answered = true },
	{ switched_off, .answered = true, .torn = true, .never = true },
	{ refused_call, .torn = true, .never = true },
	{ log_refused, .answered = true, .torn = true, .never = true },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static const unsigned required[] = { GS_REQUIRE_SRTP, GS_REQUIRE_SAVP,
	GS_REQUIRE_TLS };

/* Whether the call shows what is required. */
static bool
shows(const struct call *c, unsigned require)
{
	unsigned kind = kinds[c->kind].shows;

	if (forms[c->form].never)
		return false;
	if (require == GS_REQUIRE_TLS)
		return forms[c->form].sip && c->tls && c->kind != BROKEN;
	return (kind & SAVP) != 0 ||
	    (require == GS_REQUIRE_SRTP && kind != 0 &&
		forms[c->form].answered);
}

/* Keys in RTP/AVP, which count when they are an answer's. */
static bool
is_open(const struct call *c, unsigned require)
{
	return require == GS_REQUIRE_SRTP && kinds[c->kind].shows == SRTP &&
	    forms[c->form].nobodys;
}

/* Some call that shows what is required, or does not. */
static struct call
some_call(unsigned id, unsigned require, bool good)
{
	struct call c = { .id = id };

	do {
		c.form = any(FORMS);
		c.kind = any(KINDS);
		c.tls = any(2) == 0;
	} while (shows(&c, require) != good || is_open(&c, require));
	return c;
}

/* ---- wrappings */

/* Before and behind each line; %u is its number. */
static const struct {
	const char *before;
	const char *behind;
} frames[] = {
	{ "", "" },
	{ "Nov 27 22:16:01 pbx sip[7]: ", "" },
	{ "Nov 27 22:16:%02u pbx kamailio[812]: ", "" },
	{ "2026-11-27T22:16:43.%09uZ ", "" },
	{ "2026-11-27T22:16:43.%09uZ stdout F ", "" },
	{ "[%u.000123] DEBUG: [a1b2c3]: ", "" },
	{ "> ", "" },
	{ "| ", "" },
	{ "\t", "" },
	{ "    ", "" },
	{ "%6u\t", "" },
	{ "%u: ", "" },
	{ "{\"log\":\"", "\\n\",\"stream\":\"stdout\"}" },
	{ "{\"n\":%u,\"log\":\"", "\\r\\n\"}" },
	{ "", "  " },
	{ "", " [Time:27-11@22:16:%02u.271]" },
	{ "", "\r" },
	{ "", "\n" },
	{ "Nov 27 22:16:43 sua [812:812]: DLG <6+info  > [SIP] ", "" },
	{ "\033[33m", "\033[0m" },
	{ "0x7f12 %u sip.c ", "" },
	{ "> > ", "" },
	{ "    \"", "\"," },
	{ "\"", "\\r\\n\"" },
	{ "[Nov 27 22:16:%02u] VERBOSE[812][C-0000001a]: chan_sip.c: ", "" },
	{ "2026-11-27 22:16:43.%03u  INFO 812 --- [sip-1] c.e.Sip : ", "" },
	{ "<134>1 2026-11-27T22:16:%02uZ sbc app 812 - - ", "" },
	{ "pbx | %06u | ", "" },
	{ "2026-11-27T22:16:43.123456+01:00 pbx sip[812]: ", "" },
	{ "I1127 22:16:43.%06u 1 sip.go:812] ", "" },
	{ "%u) ", "" },
	{ "", "^M" },
	{ "", "$" },
	{ "", "^M$" },
	{ "", "\\" },
	{ "", "<br/>" },
	{ "| ", " |" },
	{ "", "&#13;" },
	{ "{\"@timestamp\":\"2026-11-27T22:16:%02u.123Z\",\"message\":\"",
	    "\",\"host\":\"pbx\"}" },
	{ "ts=%u level=debug msg=\"", "\"" },
	{ "\"%u\",\"", "\"" },
	{ "<tr><td>%u</td><td>", "</td></tr>" },
	{ "`", "`" },
	{ "", "\t" },
	{ "", "<CR><LF>" },
	{ "%u,", ",x" },
	{ "", " ## %u" },
	{ "<line n=\"%u\">", "</line>" },
	{ "%08x ", "" },
	{ "Nov 27 22:16:43 pbx sip[%u]: ", "" },
	{ "%2u(812) DEBUG: ", "" },
	{ "{\"n\": 7, \"m\": \"", "\", \"t\": \"22:16:%02u\", \"x\": [1]}" },
	{ "{\"m\": \"", "\", \"pid\": %u}" },
	{ "{\"log\":\"{\\\"n\\\":%u,\\\"m\\\":\\\"", "\\\"}\\n\"}" },
	{ "[\"22:16:%02u\", \"", "\"]," },
	{ "{\n  \"n\": %u,\n  \"m\": \"", "\",\n  \"x\": true\n}," },
	{ "\"%u\",\"sip[7]\",\"", "\",\"x\",\"y\"" },
	{ "%u;22:16:43;", "" },
	{ "", ",%u,x" },
	{ "pbx\t%u\t", "\tx" },
	{ "2026-11-27 22:16:%02u +0100 sip: {\"log\":\"", "\"}" },
	{ "    [\n      \"17900000000000%05u\",\n      \"", "\"\n    ]," },
	{ "  \"\\u001b[0m", "\\r\"," },
};

enum { FRAMES = sizeof(frames) / sizeof(frames[0]) };

/* On one line, with the line ends spelt out. */
static const struct {
	const char *begin;
	const char *eol;
	const char *end;
	bool unread; /* nobody can take it apart, and that is said */
} oneliners[] = {
	{ "{\"msg\":\"", "\\r\\n", "\",\"level\":30}", false },
	{ "", "\r", "", false },
	{ "", "\n\r", "", false },
	{ "Nov 27 22:16:43 sbc x[1]: ", "#015#012", "", false },
	{ "body=", "%0D%0A", "&x=1", false },
	{ "<sdp>", "&#13;&#10;", "</sdp>", false },
	{ "sdp: b'", "\\r\\n", "'", false },
	{ "sdp=", "%0d%0a", "", false },
	{ "{\"a\":\"{\\\"msg\\\":\\\"", "\\\\r\\\\n", "\\\"}\"}", false },
	{ "x=", "%0d%0a", "", true },
	{ "x ", "<CR><LF>", "", false },
	{ "<p>", "<br>", "</p>", false },
	{ "", "^M^J", "", false },
	{ "", " | ", "", false },
	{ "x ", "\\015\\012", "", false },
	{ "[\"", "\", \"", "\"]", false },
	{ "['", "','", "']", false },
	{ "", "\xe2\x90\x8d\xe2\x90\x8a", "", false },
	{ "", "; ", "", false },
	{ "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"msg\\\\\\\":\\\\\\\"",
	    "\\\\\\\\r\\\\\\\\n", "\\\\\\\"}\\\"}\"}", false },
	{ "", "   ", "", true },
	{ "[{\"n\": 7, \"m\": \"", "\"}, {\"n\": 8, \"m\": \"", "\"}]", false },
	{ "{\"x\":[[\"7\",\"", "\"],[\"8\",\"", "\"]]}", false },
	{ "{\"hits\":[{\"_source\":{\"m\":\"", "\"}},{\"_source\":{\"m\":\"",
	    "\"}}]}", false },
};

enum { ONELINERS = sizeof(oneliners) / sizeof(oneliners[0]) };

/* And those that are not the same for each line. */
enum {
	WRAPPED = FRAMES + ONELINERS,
	MARKED,
	AT_BLANKS,
	PRINTABLE,
	OVERSTRUCK,
	UNDERLINED,
	SPACED,
	QUOTED,
	FENCED,
	HANGING,
	TABLE,
	MAILED,
	WRAPPINGS
};

static void
frame(struct lines *l, size_t how)
{
	for (size_t i = 0; i < l->n; i++) {
		char before[128], behind[128];
		(void)snprintf(before, sizeof(before), frames[how].before,
		    (unsigned)(i % 60));
		(void)snprintf(behind, sizeof(behind), frames[how].behind,
		    (unsigned)(i % 60));
		add(l, "%s%s%s", before, l->line[i], behind);
		free(l->line[i]);
		l->line[i] = l->line[--l->n];
	}
}

static void
one_line(struct lines *l, size_t how)
{
	struct gs_buf b;

	gs_buf_init(&b, TEXT);
	gs_buf_puts(&b, oneliners[how].begin);
	for (size_t i = 0; i < l->n; i++) {
		gs_buf_puts(&b, l->line[i]);
		gs_buf_puts(&b, oneliners[how].eol);
	}
	gs_buf_puts(&b, oneliners[how].end);
	gs_buf_putc(&b, '\0');
	drop(l, 0, l->n);
	add(l, "%s", (const char *)b.p);
	gs_buf_free(&b);
}

/* What programs put where they broke a line. */
static const struct {
	const char *behind;
	const char *before;
} breaks[] = {
	{ "", "" },
	{ "", " " },
	{ "", "  " },
	{ "", "    " },
	{ "", "\t" },
	{ "", "\xe2\x86\xb3 " },
	{ "\\", "" },
	{ "\\", "    " },
};

enum { BREAKS = sizeof(breaks) / sizeof(breaks[0]) };

/* Where s is to be broken, which is longer than width. */
static size_t
break_of(const char *s, size_t width, bool words)
{
	size_t n = width;

	while (words && n > 0 && s[n] != ' ')
		n--;
	while (words && n == 0 && s[width] != ' ' && s[width] != '\0')
		width++;
	return n > 0 ? n : width;
}

/* As a terminal breaks lines at its width, and a mail program at blanks. */
static void
wrap(struct lines *l, size_t how, bool words)
{
	static const size_t widths[] = { 60, 64, 72, 76, 80, 100, 132 };
	const size_t first = words ? 2 : 0;
	const size_t some = sizeof(widths) / sizeof(widths[0]) - first;
	const size_t width = widths[first + any(some)];
	struct lines all = *l;

	l->n = 0;
	for (size_t i = 0; i < all.n; i++) {
		const char *s = all.line[i], *before = "";
		while (strlen(before) + strlen(s) > width) {
			size_t n = break_of(s, width - strlen(before), words);
			if (s[n] == '\0')
				break;
			bool kept = words && breaks[how].behind[0] != '\0';
			add(l, "%s%.*s%s%s", before, (int)n, s, kept ? " " : "",
			    breaks[how].behind);
			s += n + (words && s[n] == ' ');
			before = breaks[how].before;
		}
		add(l, "%s%s", before, s);
	}
	drop(&all, 0, all.n);
}

/* Quoted-printable. */
static void
printable(struct lines *l)
{
	enum { MOST = 75 };
	struct lines all = *l;

	l->n = 0;
	for (size_t i = 0; i < all.n; i++) {
		char line[MOST + 4];
		size_t n = 0;
		for (const char *s = all.line[i]; *s != '\0'; s++) {
			if (n + (*s == '=' ? 3 : 1) > MOST) {
				add(l, "%.*s=", (int)n, line);
				n = 0;
			}
			if (*s == '=')
				n += (size_t)sprintf(line + n, "=3D");
			else
				line[n++] = *s;
		}
		add(l, "%.*s", (int)n, line);
	}
	drop(&all, 0, all.n);
}

/* Puts of(c) for each character c of the lines, where "%" stands for c. */
static void
change(struct lines *l, const char *(*of)(char c))
{
	for (size_t i = 0; i < l->n; i++) {
		struct gs_buf b;
		gs_buf_init(&b, TEXT);
		for (const char *s = l->line[i]; *s != '\0'; s++)
			for (const char *p = of(*s); *p != '\0'; p++)
				gs_buf_putc(&b, *p == '%' ? *s : *p);
		gs_buf_putc(&b, '\0');
		free(l->line[i]);
		l->line[i] = strdup((const char *)b.p);
		assert_non_null(l->line[i]);
		gs_buf_free(&b);
	}
}

/* As a printer writes bold letters, and underlines them. */
static const char *
overstrike(char c)
{
	(void)c;
	return "%\b%";
}

static const char *
underline(char c)
{
	(void)c;
	return "_\b%";
}

/* Spaces of other kinds, and some without a width. */
static const char *
space(char c)
{
	static const char *const blanks[] = { "\xc2\xa0", "\xe2\x80\xaf", " ",
		"\xe2\x80\x8b " };

	return c == ' ' ? blanks[any(4)] : c == '=' ? "%\xe2\x80\x8b" : "%";
}

/* Puts s before line i. */
static void
insert(struct lines *l, size_t i, const char *s)
{
	add(l, "%s", s);
	char *last = l->line[l->n - 1];
	memmove(&l->line[i + 1], &l->line[i],
	    (l->n - 1 - i) * sizeof(l->line[0]));
	l->line[i] = last;
}

/* {"sdp": "v=0 and the other lines as they are. */
static void
quote(struct lines *l)
{
	add(l, "{\"sdp\": \"%s", l->line[0]);
	free(l->line[0]);
	l->line[0] = l->line[--l->n];
	add(l, "\", \"ICE\": \"remove\" }");
}

static void
fence(struct lines *l)
{
	insert(l, 0, "Here is what was sent:");
	insert(l, 1, "```");
	add(l, "```");
}

/* As journalctl prints an entry of several lines. */
static void
hang(struct lines *l)
{
	static const char head[] = "Nov 27 22:16:43 pbx sip[7]: ";

	for (size_t i = 0; i < l->n; i++) {
		add(l, "%*s%s", (int)sizeof(head) - 1, i == 0 ? head : "",
		    l->line[i]);
		free(l->line[i]);
		l->line[i] = l->line[--l->n];
	}
}

/* The longest line has one blank before the border. */
static void
tabulate(struct lines *l)
{
	size_t width = 0;

	for (size_t i = 0; i < l->n; i++)
		width = strlen(l->line[i]) > width ? strlen(l->line[i]) : width;
	for (size_t i = 0; i < l->n; i++) {
		add(l, "| %3zu | %-*s |", i, (int)width, l->line[i]);
		free(l->line[i]);
		l->line[i] = l->line[--l->n];
	}
}

static void
put_lines(struct gs_buf *b, struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		gs_buf_puts(b, l->line[i]);
		gs_buf_putc(b, '\n');
	}
	drop(l, 0, l->n);
}

/* n octets, 57 at most, as a line of base64. */
static void
add_base64(struct lines *l, const uint8_t *p, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char line[77], *to = line;

	for (size_t i = 0; i < n; i += 3) {
		const unsigned v = (unsigned)p[i] << 16 |
		    (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) |
		    (i + 2 < n ? (unsigned)p[i + 2] : 0);
		*to++ = digit[v >> 18];
		*to++ = digit[v >> 12 & 63];
		*to++ = i + 1 < n ? digit[v >> 6 & 63] : '=';
		*to++ = i + 2 < n ? digit[v & 63] : '=';
	}
	*to = '\0';
	add(l, "%s", line);
}

/* An attached file. */
static void
mail(struct lines *l)
{
	enum { WIDTH = 57 };
	struct gs_buf b;

	gs_buf_init(&b, TEXT);
	put_lines(&b, l);
	add(l, "Content-Type: text/plain");
	add(l, "Content-Transfer-Encoding: base64");
	add(l, "%s", "");
	for (size_t i = 0; i < b.n; i += WIDTH)
		add_base64(l, b.p + i, b.n - i < WIDTH ? b.n - i : WIDTH);
	add(l, "--x--");
	gs_buf_free(&b);
}

/* ---- a text, and what is said of it */

/* Line by line in turn. */
static void
interleave(struct gs_buf *b, struct lines *x, struct lines *y)
{
	for (size_t i = 0; i < x->n || i < y->n; i++) {
		if (i < x->n) {
			gs_buf_puts(b, x->line[i]);
			gs_buf_putc(b, '\n');
		}
		if (i < y->n) {
			gs_buf_puts(b, y->line[i]);
			gs_buf_putc(b, '\n');
		}
	}
	drop(x, 0, x->n);
	drop(y, 0, y->n);
}

/* As gs-sdpcheck judges it; its sums say the same. */
static bool
passes(const struct gs_buf *b, unsigned require)
{
	const struct gs_span bytes = gs_buf_span(b);
	struct gs_diags d;
	struct gs_err err;
	struct gs_calls_sums sums = { .files = 0 };
	struct gs_report report = { .fp = stdout, .rules = gs_sdp_rules };
	struct gs_calls_view v = { .report = &report,
		.d = &d,
		.require = require,
		.sums = &sums,
		.silent = getenv("SHOW") == NULL };
	struct gs_calls_input in = { .path = "text", .bytes = &bytes };

	gs_diags_init(&d, gs_sdp_rules, NULL, 100);
	gs_report_begin(&report);
	struct gs_calls_check *check = gs_calls_check_new(&v);
	assert_non_null(check);
	bool pass =
	    gs_calls_check_read(check, &in, GS_ROLE_UNKNOWN, &err) == 0 &&
	    d.total[GS_ERROR] == 0;
	gs_calls_check_free(check);
	assert_int_equal(gs_report_end(&report), 0);
	gs_diags_free(&d);
	if (pass && require != GS_REQUIRE_TLS)
		assert_int_equal(
		    sums.calls[GS_CALL_UNPROVEN] + sums.calls[GS_CALL_NOT], 0);
	return pass;
}

static size_t wrong;

static void
expect(const struct gs_buf *b, unsigned require, bool pass, size_t i)
{
	if (passes(b, require) == pass)
		return;
	(void)fprintf(stderr, "text %zu, --require %s, %s:\n", i,
	    require == GS_REQUIRE_SRTP     ? "srtp" :
		require == GS_REQUIRE_SAVP ? "savp" :
					     "tls",
	    pass ? "fails" : "passes");
	(void)fwrite(b->p, 1, b->n, stderr);
	wrong++;
}

/* A call in a wrapping. */
static void
make(struct lines *l, const struct call *c, size_t how)
{
	forms[c->form].make(l, c);
	if (how < FRAMES)
		frame(l, how);
	else if (how < WRAPPED)
		one_line(l, how - FRAMES);
	else if (how == WRAPPED)
		wrap(l, 0, false);
	else if (how == MARKED)
		wrap(l, any(BREAKS), false);
	else if (how == AT_BLANKS)
		wrap(l, any(BREAKS), true);
	else if (how == PRINTABLE)
		printable(l);
	else if (how == OVERSTRUCK || how == UNDERLINED || how == SPACED)
		change(l,
		    how == OVERSTRUCK     ? overstrike :
			how == UNDERLINED ? underline :
					    space);
	else if (how == QUOTED)
		quote(l);
	else if (how == FENCED)
		fence(l);
	else if (how == HANGING)
		hang(l);
	else if (how == TABLE)
		tabulate(l);
	else
		mail(l);
}

/* Whether a wrapping is for this call: JSON quotes an SDP, and no log. */
static bool
fits(size_t how, const struct call *c)
{
	if (how >= FRAMES && how < WRAPPED)
		return !oneliners[how - FRAMES].unread;
	return how != QUOTED || c->form == 0;
}

static void
whole_good_ones_pass(void **unused)
{
	struct gs_buf b;
	struct lines l = { .n = 0 };

	(void)unused;
	state = 7;
	wrong = 0;
	for (size_t i = 0; i < 6 * WRAPPINGS * texts / 100; i++) {
		unsigned require = required[any(3)];
		struct call c = some_call((unsigned)i, require, true);
		size_t how = any(WRAPPINGS);
		if (!fits(how, &c))
			continue;
		gs_buf_init(&b, TEXT);
		make(&l, &c, how);
		put_lines(&b, &l);
		expect(&b, require, true, i);
		gs_buf_free(&b);
	}
	assert_int_equal(wrong, 0);
}

/* Whatever stands before it: another call, in any wrapping or in none. */
static void
good_ones_behind_others_pass(void **unused)
{
	struct gs_buf b;
	struct lines x = { .n = 0 }, y = { .n = 0 };

	(void)unused;
	state = 13;
	wrong = 0;
	for (size_t i = 0; i < 6 * WRAPPINGS * texts / 100; i++) {
		unsigned require = required[any(3)];
		size_t how = any(WRAPPINGS), first = any(2) == 0 ? how : 0;
		struct call c = some_call(2 * (unsigned)i, require, true);
		struct call d = some_call(2 * (unsigned)i + 1, require, true);
		if (!fits(first, &c) || !fits(how - first, &d))
			continue;
		gs_buf_init(&b, TEXT);
		make(&x, &c, first);
		make(&y, &d, how - first);
		put_lines(&b, &x);
		put_lines(&b, &y);
		expect(&b, require, true, i);
		gs_buf_free(&b);
	}
	assert_int_equal(wrong, 0);
}

/* The calls of a log with UUIDs, line by line in turn. */
static void
good_ones_between_others_pass(void **unused)
{
	struct gs_buf b;
	struct lines x = { .n = 0 }, y = { .n = 0 };

	(void)unused;
	state = 17;
	wrong = 0;
	for (size_t i = 0; i < texts; i++) {
		unsigned require = required[any(2)];
		struct call c, d;
		do
			c = some_call(2 * (unsigned)i, require, true);
		while (forms[c.form].make != uuid_call);
		do
			d = some_call(2 * (unsigned)i + 1, require, true);
		while (forms[d.form].make != uuid_call &&
		    forms[d.form].make != bypass_call);
		gs_buf_init(&b, TEXT);
		make(&x, &c, 0);
		make(&y, &d, 0);
		interleave(&b, &x, &y);
		expect(&b, require, true, i);
		gs_buf_free(&b);
	}
	assert_int_equal(wrong, 0);
}

/* Loses lines, but for those of the media. */
static void
damage(struct lines *l)
{
	size_t first, n;

	for (n = 0; n < l->n && strstr(l->line[n], "m=audio") == NULL; n++)
		;
	/* It stands there in another form. */
	if (n == l->n)
		return;
	switch (any(4)) {
	case 0: /* the begin is cut off */
		if (n > 0)
			drop(l, 0, any(n));
		break;
	case 1: /* the end */
		for (first = l->n;
		     first > 0 && strstr(l->line[first - 1], "m=audio") == NULL;
		     first--)
			;
		if (first < l->n)
			drop(l, first, l->n - first);
		break;
	case 2: /* some line */
		first = any(l->n);
		if (strstr(l->line[first], "m=audio") == NULL)
			drop(l, first, 1);
		break;
	default: break;
	}
}

static void
none_in_clear_passes(void **unused)
{
	struct gs_buf b;
	struct lines x = { .n = 0 }, y = { .n = 0 };

	(void)unused;
	state = 11;
	wrong = 0;
	for (size_t i = 0; i < texts; i++) {
		unsigned require = required[any(3)];
		size_t how = any(WRAPPINGS);
		struct call c = some_call(2 * (unsigned)i, require, true);
		struct call d = some_call(2 * (unsigned)i + 1, require, false);
		gs_buf_init(&b, TEXT);
		make(&x, &c, any(3) == 0 ? how : 0);
		make(&y, &d, how);
		bool torn = forms[d.form].torn ||
		    (require == GS_REQUIRE_SRTP && kinds[d.kind].shows == SRTP);
		if (!torn && (how < FRAMES || how >= WRAPPED))
			damage(&y);
		if (any(4) == 0) {
			interleave(&b, &x, &y);
		} else if (any(2) == 0) {
			put_lines(&b, &y);
			put_lines(&b, &x);
		} else {
			put_lines(&b, &x);
			put_lines(&b, &y);
		}
		expect(&b, require, false, i);
		gs_buf_free(&b);
	}
	assert_int_equal(wrong, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_good_ones_pass),
		cmocka_unit_test(good_ones_behind_others_pass),
		cmocka_unit_test(good_ones_between_others_pass),
		cmocka_unit_test(none_in_clear_passes),
	};

	if (argc > 1)
		texts = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
