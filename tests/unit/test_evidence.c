/* SPDX-License-Identifier: MIT */
/* Many texts, made from a seed: calls in every form, wrapped as programs wrap
 * them, cut, interleaved, with lines lost. With --require savp none passes in
 * which a call is not encrypted, and no whole good one fails. The number of
 * texts is the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "calls/dialog.h"
#include "sdp/rules.h"
#include "text/textsrc.h"

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

static const struct {
	const char *media;
	const char *keys; /* below it; %s is the key */
	bool encrypted;
} kinds[] = {
	{ "m=audio %u RTP/SAVP 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s", true },
	{ "m=audio %u RTP/SAVPF 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:%s|2^31|1:1", true },
	{ "m=audio %u UDP/TLS/RTP/SAVPF 8",
	    "a=fingerprint:sha-256 " OCTETS ":" OCTETS, true },
	{ "m=audio %u RTP/AVP 8", NULL, false },
	{ "m=audio %u RTP/AVP 8",
	    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s", false },
	{ "m=audio %u RTP/SAVP 8", "a=crypto:1 NULL_HMAC_SHA1_80 inline:%s",
	    false },
	{ "m=audio %u RTP/SAVP 8", "a=fingerprint:sha-256", false },
};

enum { GOOD = 3, KINDS = sizeof(kinds) / sizeof(kinds[0]) };

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

static void
sip(struct lines *l, const char *start, unsigned id, size_t kind, bool answer)
{
	add(l, "%s", start);
	add(l, "Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK%u", id);
	add(l, "From: <sip:a@h>;tag=f%u", id);
	add(l, "To: <sip:b@h>%s", answer ? ";tag=t" : "");
	add(l, "Call-ID: c%u@h", id);
	add(l, "CSeq: 1 INVITE");
	add(l, "Content-Type: application/sdp");
	add(l, "%s", "");
	sdp(l, "", kind, answer);
}

static void
bare_call(struct lines *l, unsigned id, size_t kind)
{
	(void)id;
	sdp(l, "", kind, false);
}

static void
sip_call(struct lines *l, unsigned id, size_t kind)
{
	sip(l, "INVITE sip:b@h SIP/2.0", id, kind, false);
	sip(l, "SIP/2.0 200 OK", id, kind, true);
}

static void
sip_offer(struct lines *l, unsigned id, size_t kind)
{
	sip(l, "INVITE sip:b@h SIP/2.0", id, kind, false);
}

static void
log_sdps(struct lines *l, const char *uuid, unsigned id, size_t kind)
{
	add(l,
	    "%s" LOG "sofia.c:1 Channel sofia/x/%u@h entering state "
	    "[received][100]",
	    uuid, id);
	add(l, "%s" LOG "sofia.c:2 Remote SDP:", uuid);
	sdp(l, uuid, kind, false);
	add(l, "%s" LOG "mod_sofia.c:3 Local SDP sofia/x/%u@h:", uuid, id);
	sdp(l, uuid, kind, true);
	add(l,
	    "%s" LOG "sofia.c:4 Channel sofia/x/%u@h entering state "
	    "[ready][200]",
	    uuid, id);
}

static void
log_call(struct lines *l, unsigned id, size_t kind)
{
	log_sdps(l, "", id, kind);
}

static void
uuid_call(struct lines *l, unsigned id, size_t kind)
{
	char uuid[48];

	(void)snprintf(uuid, sizeof(uuid), "%08x-aaaa-4bbb-8ccc-dddddddddd01 ",
	    id);
	log_sdps(l, uuid, id, kind);
}

static void
unknown_header(struct lines *l, unsigned id, size_t kind)
{
	char uuid[48];

	(void)snprintf(uuid, sizeof(uuid), "%08x-aaaa-4bbb-8ccc-dddddddddd02 ",
	    id);
	add(l, "%s" LOG "mod_new.c:7 a header of tomorrow", uuid);
	sdp(l, uuid, kind, false);
	add(l, "%s" LOG "mod_new.c:8 done", uuid);
}

static void (*const forms[])(struct lines *l, unsigned id, size_t kind) = {
	bare_call,
	sip_call,
	sip_offer,
	log_call,
	uuid_call,
	unknown_header,
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

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
	{ "web_1  | ", "" },
	{ "\033[33m", "\033[0m" },
	{ "0x7f12 %u sip.c ", "" },
};

enum { FRAMES = sizeof(frames) / sizeof(frames[0]) };

/* On one line, with the line ends spelt out. */
static const struct {
	const char *begin;
	const char *eol;
	const char *end;
} oneliners[] = {
	{ "{\"msg\":\"", "\\r\\n", "\",\"level\":30}" },
	{ "Nov 27 22:16:43 sbc x[1]: ", "#015#012", "" },
	{ "body=", "%0D%0A", "&x=1" },
};

enum { ONELINERS = sizeof(oneliners) / sizeof(oneliners[0]) };

/* And those that are not the same for each line. */
enum { WRAPPED = FRAMES + ONELINERS, QUOTED, FENCED, WRAPPINGS };

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

/* A terminal of 80 columns. */
static void
wrap(struct lines *l)
{
	struct lines all = *l;

	l->n = 0;
	for (size_t i = 0; i < all.n; i++) {
		const char *s = all.line[i];
		for (; strlen(s) > 80; s += 80)
			add(l, "%.80s", s);
		add(l, "%s", s);
	}
	drop(&all, 0, all.n);
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

/* ---- a text, and what is said of it */

static void
put_lines(struct gs_buf *b, struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		gs_buf_puts(b, l->line[i]);
		gs_buf_putc(b, '\n');
	}
	drop(l, 0, l->n);
}

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

static bool
passes(const struct gs_buf *b)
{
	struct gs_diags d;

	gs_diags_init(&d, gs_sdp_rules, NULL, 100);
	struct gs_calls_dialogs *calls =
	    gs_calls_dialogs_new(GS_REQUIRE_SAVP, &d, NULL, NULL);
	assert_non_null(calls);
	struct gs_text_sink sink = gs_calls_dialogs_sink(calls);
	struct gs_text_reader *t = gs_text_reader_new(GS_TEXT_AUTO, &sink);
	assert_non_null(t);
	assert_int_equal(gs_text_reader_feed(t, gs_buf_span(b)), 0);
	assert_int_equal(gs_text_reader_end(t), 0);
	gs_text_reader_free(t);
	assert_int_equal(gs_calls_dialogs_end(calls), 0);
	bool pass = d.total[GS_ERROR] == 0 && gs_calls_dialogs_judged(calls);
	for (size_t i = 0; getenv("SHOW") != NULL && i < d.n; i++)
		print_message("# %u: %s [%s]\n", (unsigned)d.list[i].pos.line,
		    d.list[i].text, d.list[i].rule->id);
	gs_calls_dialogs_free(calls);
	gs_diags_free(&d);
	return pass;
}

static void
expect(const struct gs_buf *b, bool pass, size_t i)
{
	if (passes(b) == pass)
		return;
	(void)fprintf(stderr, "text %zu %s:\n", i, pass ? "fails" : "passes");
	(void)fwrite(b->p, 1, b->n, stderr);
	fail();
}

/* A call in a wrapping, and its kind. */
static void
make(struct lines *l, unsigned id, size_t kind, size_t form, size_t how)
{
	forms[form](l, id, kind);
	if (how < FRAMES)
		frame(l, how);
	else if (how < WRAPPED)
		one_line(l, how - FRAMES);
	else if (how == WRAPPED)
		wrap(l);
	else if (how == QUOTED)
		quote(l);
	else
		fence(l);
}

static void
whole_good_ones_pass(void **unused)
{
	struct gs_buf b;
	struct lines l = { .n = 0 };

	(void)unused;
	state = 7;
	for (size_t i = 0; i < FORMS * WRAPPINGS; i++) {
		size_t form = i % FORMS, how = i / FORMS;
		gs_buf_init(&b, TEXT);
		make(&l, (unsigned)i, any(GOOD), form, how);
		put_lines(&b, &l);
		expect(&b, true, i);
		gs_buf_free(&b);
	}
}

/* Whatever stands before it: another call, in any wrapping or in none. */
static void
good_ones_behind_others_pass(void **unused)
{
	struct gs_buf b;
	struct lines x = { .n = 0 }, y = { .n = 0 };

	(void)unused;
	state = 13;
	for (size_t i = 0; i < FORMS * FORMS * WRAPPINGS * 2; i++) {
		size_t how = i / FORMS / FORMS / 2;
		size_t first = i % 2 == 0 ? how : 0;
		gs_buf_init(&b, TEXT);
		make(&x, (unsigned)(2 * i), any(GOOD), i / 2 % FORMS, first);
		make(&y, (unsigned)(2 * i + 1), any(GOOD),
		    i / 2 / FORMS % FORMS, how - first);
		put_lines(&b, &x);
		put_lines(&b, &y);
		expect(&b, true, i);
		gs_buf_free(&b);
	}
}

/* Loses lines, but for those of the media. */
static void
damage(struct lines *l)
{
	size_t first, n;

	switch (any(4)) {
	case 0: /* the begin is cut off */
		for (n = 0; n < l->n && strstr(l->line[n], "m=audio") == NULL;
		     n++)
			;
		if (n > 0)
			drop(l, 0, any(n));
		break;
	case 1: /* the end */
		for (first = 0;
		     first < l->n && strstr(l->line[first], "m=audio") == NULL;
		     first++)
			;
		if (first + 1 < l->n)
			drop(l, first + 1, l->n - first - 1);
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
	for (size_t i = 0; i < texts; i++) {
		gs_buf_init(&b, TEXT);
		size_t how = any(WRAPPINGS);
		make(&x, (unsigned)(2 * i), any(GOOD), any(FORMS),
		    any(3) == 0 ? how : 0);
		make(&y, (unsigned)(2 * i + 1), GOOD + any(KINDS - GOOD),
		    any(FORMS), how);
		if (how < FRAMES || how >= WRAPPED)
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
		expect(&b, false, i);
		gs_buf_free(&b);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_good_ones_pass),
		cmocka_unit_test(good_ones_behind_others_pass),
		cmocka_unit_test(none_in_clear_passes),
	};

	if (argc > 1)
		texts = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
