/* SPDX-License-Identifier: MIT */
/* The reader of text: what it finds, in pieces of any size, and its limits. */
#include "text/textsrc.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "textsrc_cases.h"
#include "text/reader_priv.h"
#include "textsrc_dump.h"

enum { OUT = 2 * GS_TEXT_LINE, FIXTURE = 1 << 20 };

static const size_t pieces[] = { 1, 7, 4096, SIZE_MAX / 2 };

/* The dump of bytes, the same for every size of pieces; freed by the
 * caller. */
static struct gs_buf
found(enum gs_text_type forced, struct gs_span bytes)
{
	struct gs_buf first, again;

	gs_buf_init(&first, OUT);
	assert_int_equal(dump_text(&first, forced, bytes, SIZE_MAX / 2), 0);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		gs_buf_init(&again, OUT);
		assert_int_equal(dump_text(&again, forced, bytes, pieces[i]),
		    0);
		assert_true(
		    gs_span_eq(gs_buf_span(&first), gs_buf_span(&again)));
		gs_buf_free(&again);
	}
	gs_buf_putc(&first, '\0');
	assert_true(gs_buf_ok(&first));
	return first;
}

static void
every_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gs_buf b = found(cases[i].forced,
		    gs_span(cases[i].text, strlen(cases[i].text)));
		if (strcmp((const char *)b.p, cases[i].found) != 0)
			print_message("case: %s\n", cases[i].name);
		assert_string_equal((const char *)b.p, cases[i].found);
		gs_buf_free(&b);
	}
}

static size_t
count(const struct gs_buf *b, const char *what)
{
	size_t n = 0;

	for (const char *p = (const char *)b->p; (p = strstr(p, what)) != NULL;
	     p++)
		n++;
	return n;
}

static struct gs_buf
found_in(const char *name)
{
	char path[256];
	struct gs_buf file;
	struct gs_err err;

	(void)snprintf(path, sizeof(path), "tests/fixtures/freeswitch/%s",
	    name);
	gs_buf_init(&file, FIXTURE);
	assert_int_equal(gs_file_read(path, &file, &err), 0);
	struct gs_buf b = found(GS_TEXT_AUTO, gs_buf_span(&file));
	gs_buf_free(&file);
	return b;
}

/* Each fixture, and how much there is in it. */
static const struct {
	const char *name;
	const char *type;
	size_t sdps;
	size_t offers;
	size_t answers;
	size_t keys;
	size_t events;
	size_t registrations;
} fixtures[] = {
	{ "avpcrypto.uuid.log", "fslog", 1, 1, 0, 0, 5, 0 },
	{ "avpcrypto.nouuid.log", "fslog", 1, 1, 0, 0, 5, 0 },
	{ "optional.uuid.log", "fslog", 4, 2, 2, 36, 17, 0 },
	{ "optional.nouuid.log", "fslog", 4, 2, 2, 36, 17, 0 },
	{ "tls-tls.uuid.log", "fslog", 5, 2, 3, 6, 17, 0 },
	{ "tls-tls.nouuid.log", "fslog", 5, 2, 3, 6, 17, 0 },
	{ "tls-tls.a-trace.txt", "sip", 4, 2, 0, 0, 0, 0 },
	{ "tls-tls.b-trace.txt", "sip", 2, 1, 0, 0, 0, 0 },
	{ "avpcrypto.reg.txt", "reg", 0, 0, 0, 0, 0, 2 },
	{ "avpcrypto.reg.xml", "reg", 0, 0, 0, 0, 0, 2 },
	{ "optional.reg.txt", "reg", 0, 0, 0, 0, 0, 2 },
	{ "optional.reg.xml", "reg", 0, 0, 0, 0, 0, 2 },
	{ "tls-tls.reg.txt", "reg", 0, 0, 0, 0, 0, 2 },
	{ "tls-tls.reg.xml", "reg", 0, 0, 0, 0, 0, 2 },
};

static void
every_fixture(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
		struct gs_buf b = found_in(fixtures[i].name);
		size_t n = strlen(fixtures[i].type);
		assert_memory_equal(b.p + b.n - 2 - n, fixtures[i].type, n);
		assert_int_equal(count(&b, " lines"), fixtures[i].sdps);
		assert_int_equal(count(&b, " offer"), fixtures[i].offers);
		assert_int_equal(count(&b, " answer"), fixtures[i].answers);
		assert_int_equal(count(&b, "key "), fixtures[i].keys);
		assert_int_equal(count(&b, "event "), fixtures[i].events);
		assert_int_equal(count(&b, "reg "), fixtures[i].registrations);
		assert_int_equal(count(&b, "truncated"), 0);
		gs_buf_free(&b);
	}
}

static void
transports(void **state)
{
	static const char *const tls[] = { "tls-tls.a-trace.txt",
		"tls-tls.reg.txt", "tls-tls.reg.xml" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct gs_buf b = found_in(tls[i]);
		assert_true(count(&b, " TLS") >= 2);
		assert_int_equal(count(&b, " UDP"), 0);
		gs_buf_free(&b);
	}
	struct gs_buf b = found_in("avpcrypto.reg.xml");
	assert_int_equal(count(&b, " UDP"), 2);
	gs_buf_free(&b);
}

/* Lists which block or key belongs to which call, calls numbered as they
 * come, without positions: that is where the two forms of a log differ. */
struct calls {
	char id[8][256];
	size_t n;
	char out[4096];
};

static size_t
number(struct calls *c, const char *id)
{
	size_t i = 0;

	while (i < c->n && strcmp(c->id[i], id) != 0)
		i++;
	assert_true(i < 8);
	if (i == c->n)
		(void)snprintf(c->id[c->n++], sizeof(c->id[0]), "%s", id);
	return i;
}

static void
note(struct calls *c, const char *what, int party, int role, const char *id)
{
	size_t n = strlen(c->out);
	int k = snprintf(c->out + n, sizeof(c->out) - n, "%s %d %d %zu\n", what,
	    party, role, number(c, id));

	assert_true(k > 0 && (size_t)k < sizeof(c->out) - n);
}

static void
note_block(void *arg, const struct gs_text_block *b)
{
	note(arg, b->label, (int)b->party, (int)b->role, b->id);
}

static void
note_key(void *arg, const struct gs_text_log_key *k)
{
	note(arg, "key", (int)k->party, k->changed, k->id);
}

static void
note_event(void *arg, const struct gs_text_log_event *e)
{
	note(arg, "event", (int)e->kind, 0, e->id);
}

static void
calls_of(struct calls *c, const char *path)
{
	struct gs_text_sink sink = {
		.block = note_block,
		.key = note_key,
		.event = note_event,
		.arg = c,
	};
	struct gs_text_reader *t = gs_text_reader_new(GS_TEXT_AUTO, &sink);
	struct gs_buf file;
	struct gs_err err;

	*c = (struct calls){ .n = 0 };
	gs_buf_init(&file, FIXTURE);
	assert_int_equal(gs_file_read(path, &file, &err), 0);
	assert_non_null(t);
	assert_int_equal(gs_text_reader_feed(t, gs_buf_span(&file)), 0);
	assert_int_equal(gs_text_reader_end(t), 0);
	gs_text_reader_free(t);
	gs_buf_free(&file);
}

static void
both_forms_tell_the_same_calls(void **state)
{
	static const char *const names[] = { "avpcrypto", "optional",
		"tls-tls" };
	static struct calls a, b;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char path[256];
		(void)snprintf(path, sizeof(path),
		    "tests/fixtures/freeswitch/%s.uuid.log", names[i]);
		calls_of(&a, path);
		(void)snprintf(path, sizeof(path),
		    "tests/fixtures/freeswitch/%s.nouuid.log", names[i]);
		calls_of(&b, path);
		assert_string_equal(a.out, b.out);
	}
}

#define UUID "6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
#define DATED "2013-05-12 13:57:21.271236 [DEBUG] "

static void
fill(struct gs_buf *b, int c, size_t n)
{
	uint8_t *p = gs_buf_space(b, n);

	assert_non_null(p);
	memset(p, c, n);
	b->n += n;
}

static void
a_line_that_mod_logfile_cut(void **state)
{
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, OUT);
	gs_buf_puts(&b, UUID DATED "sofia.c:1 Remote SDP:\n" UUID "v=0\n");
	gs_buf_puts(&b, UUID "a=x:");
	fill(&b, 'y', 2047 - strlen(UUID "a=x:"));
	gs_buf_puts(&b, UUID "a=z\n" UUID "\n");
	struct gs_buf out = found(GS_TEXT_AUTO, gs_buf_span(&b));
	assert_string_equal((const char *)out.p,
	    "fslog 2:38 \"Remote SDP\" 3 lines to 3:2085 L a=z "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote\nfslog\n");
	gs_buf_free(&out);
	gs_buf_free(&b);
}

/* What was read of a long line, and of the SDP behind it. */
struct long_line {
	size_t told;
	size_t lines;
};

static void
see_gap(void *arg, const struct gs_text_gap *g)
{
	struct long_line *n = arg;

	assert_int_equal(g->kind, GS_GAP_LONG);
	n->told = g->line.text.n;
}

static void
see_lines(void *arg, const struct gs_text_block *k)
{
	struct long_line *n = arg;

	n->lines = k->lines;
}

static void
the_rest_of_a_long_line_is_passed_over(void **state)
{
	static const size_t more[] = { 0, 1, 2, 100000 };
	static const size_t step[] = { 1000, 65536, GS_TEXT_LINE + 1, OUT };
	struct gs_buf b;

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		struct long_line n = { 0, 0 };
		size_t k = step[i / 4];
		struct gs_text_sink sink = { .block = see_lines,
			.gap = see_gap,
			.arg = &n };
		struct gs_text_reader *t =
		    gs_text_reader_new(GS_TEXT_AUTO, &sink);
		assert_non_null(t);
		gs_buf_init(&b, OUT);
		fill(&b, 'y', GS_TEXT_LINE + more[i % 4]);
		gs_buf_puts(&b, "\nv=0\no=- 1 1 IN IP4 h\na=z\n");
		for (size_t at = 0; at < b.n; at += k)
			assert_int_equal(
			    gs_text_reader_feed(t,
				gs_span(b.p + at, b.n - at < k ? b.n - at : k)),
			    0);
		assert_int_equal(gs_text_reader_end(t), 0);
		assert_int_equal(n.told, i % 4 > 0 ? GS_TEXT_LINE : 0);
		assert_int_equal(n.lines, 3);
		gs_text_reader_free(t);
		gs_buf_free(&b);
	}
}

static void
too_long_an_sdp_is_truncated(void **state)
{
	struct gs_buf b, out;

	(void)state;
	gs_buf_init(&b, OUT);
	gs_buf_puts(&b, "v=0\n");
	for (int i = 0; i < GS_TEXT_BLOCK_LINES + 10; i++)
		gs_buf_puts(&b, "a=x\n");
	gs_buf_init(&out, OUT);
	assert_int_equal(
	    dump_text(&out, GS_TEXT_AUTO, gs_buf_span(&b), SIZE_MAX / 2), 0);
	gs_buf_putc(&out, '\0');
	assert_string_equal((const char *)out.p,
	    "sdp 1:1 \"SDP\" 16384 lines to 16384:1 L a=x truncated\nsdp\n");
	gs_buf_free(&out);
	gs_buf_free(&b);
}

/* One more than may be open: the first is given as it is. */
static void
the_oldest_of_too_many_is_given(void **state)
{
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, OUT);
	for (int i = 0; i <= GS_TEXT_OPEN; i++)
		gs_buf_printf(&b,
		    "call-%03d " DATED "sofia.c:1 Remote SDP:\n"
		    "call-%03d v=0\n",
		    i, i);
	for (int i = 0; i <= GS_TEXT_OPEN; i++)
		gs_buf_printf(&b, "call-%03d a=x\ncall-%03d \n", i, i);
	struct gs_buf out = found(GS_TEXT_AUTO, gs_buf_span(&b));
	assert_int_equal(count(&out, "2 lines"), GS_TEXT_OPEN);
	assert_int_equal(count(&out, "1 lines"), 1);
	assert_non_null(strstr((const char *)out.p,
	    "\"Remote SDP\" 1 lines to 2:10 L v=0 id=call-000 remote "
	    "truncated\n"));
	gs_buf_free(&out);
	gs_buf_free(&b);
}

/* What is told of messages and events: when, who, where. */
static void
say_message(void *arg, const struct gs_text_message *m)
{
	gs_buf_printf(arg, "%s|%s|%s|%s|%s|%s|%s\n", m->when, m->from_name,
	    m->from, m->to_name, m->to, m->src, m->dst);
}

static void
say_event(void *arg, const struct gs_text_log_event *e)
{
	gs_buf_printf(arg, "%s|%s|%.*s\n", e->when, e->id, (int)e->detail.n,
	    e->detail.p);
}

static void
say_block(void *arg, const struct gs_text_block *b)
{
	gs_buf_printf(arg, "%s|%s\n", b->label, b->when);
}

static void
say_gap(void *arg, const struct gs_text_gap *g)
{
	gs_buf_printf(arg, "gap %s|%s\n", g->when, g->id);
}

static void
says(const char *text, const char *want)
{
	struct gs_buf b;
	struct gs_text_sink sink = {
		.block = say_block,
		.message = say_message,
		.event = say_event,
		.gap = say_gap,
		.arg = &b,
	};
	struct gs_text_reader *t = gs_text_reader_new(GS_TEXT_AUTO, &sink);

	gs_buf_init(&b, OUT);
	assert_non_null(t);
	assert_int_equal(gs_text_reader_feed(t, gs_span(text, strlen(text))),
	    0);
	assert_int_equal(gs_text_reader_end(t), 0);
	gs_text_reader_free(t);
	gs_buf_putc(&b, '\0');
	assert_string_equal((const char *)b.p, want);
	gs_buf_free(&b);
}

#define REQUEST                                                                \
	"INVITE sip:1001@h SIP/2.0\nVia: SIP/2.0/TLS h\n"                      \
	"From: \"Ann Lee\" <sip:1000@h>;tag=f\nTo: Bo <sip:1001@h>\n"          \
	"Call-ID: c\nCSeq: 1 INVITE\nContent-Length: 0\n\n"
#define CALL "053b33a4-0553-4589-986c-82f839f4d796 "
#define HEAD "2026-11-27 22:42:20.742378 3.33% [NOTICE] switch.c:1 "

static void
when_who_and_where(void **state)
{
	(void)state;
	says("recv 512 bytes from tls/[192.0.2.1]:5061 at 12:00:00.123456:\n"
	     "   ----\n" REQUEST,
	    "12:00:00.123456|Ann Lee|1000@h|Bo|1001@h|[192.0.2.1]:5061|\n");
	says("2013/05/12 13:57:21.5 192.0.2.1:5060 -> 192.0.2.2:5061\n" REQUEST
		 REQUEST,
	    "2013-05-12 13:57:21.5|Ann Lee|1000@h|Bo|1001@h|192.0.2.1:5060|"
	    "192.0.2.2:5061\n"
	    "|Ann Lee|1000@h|Bo|1001@h||\n");
	says(CALL HEAD
	    "New Channel sofia/p/1000@h [x]\n" CALL HEAD
	    "Processing Ann <1000>->1001 in context default\n" CALL HEAD
	    "Processing updated SDP\n" CALL HEAD
	    "Originate Resulted in Success: [sofia/p/1001@h] Peer "
	    "UUID: y\n" CALL HEAD "Remote SDP:\n" CALL "v=0\n" CALL
	    "m=audio 1 RTP/AVP 8\n" CALL HEAD "m=audio 1 RTP/AVP 8\n",
	    "2026-11-27 22:42:20.742378|053b33a4-0553-4589-986c-82f839f4d796|"
	    "sofia/p/1000@h [x]\n"
	    "2026-11-27 22:42:20.742378|053b33a4-0553-4589-986c-82f839f4d796|"
	    "Ann <1000>->1001 in context default\n"
	    "2026-11-27 22:42:20.742378|053b33a4-0553-4589-986c-82f839f4d796|"
	    "sofia/p/1001@h] Peer UUID: y\n"
	    "Remote SDP|2026-11-27 22:42:20.742378\n"
	    "gap 2026-11-27 22:42:20.742378|"
	    "053b33a4-0553-4589-986c-82f839f4d796\n");
	/* What is damaged is no time: it would be printed as it is. */
	says("2026-11-27 22:\0332:20.742378 3.33% [NOTICE] switch.c:1 "
	     "New Channel sofia/p/1000@h [x]\n"
	     "20-6-11-27 22:42:20.742\03378 3.33% [NOTICE] switch.c:1 "
	     "New Channel sofia/p/1000@h [y]\n",
	    "|sofia/p/1000@h|sofia/p/1000@h [x]\n"
	    "22:42:20.742|sofia/p/1000@h|sofia/p/1000@h [y]\n");
}

static void
names_of_types(void **state)
{
	static const char *const names[] = { "auto", "sdp", "sip", "fslog",
		"reg" };

	(void)state;
	for (int i = GS_TEXT_AUTO; i <= GS_TEXT_REG; i++)
		assert_string_equal(gs_text_type_name((enum gs_text_type)i),
		    names[i]);
}

static void
dump_gap(void *arg, const struct gs_text_gap *g)
{
	struct gs_buf *b = arg;

	gs_buf_printf(b, "gap %d ", (int)g->kind);
	dump_place(b, g->line.pos);
	gs_buf_put_visible(b, g->line.text);
	gs_buf_putc(b, '\n');
}

/* What is found in two texts, one behind the other. all: no line of the second
 * is passed over without a look at its message. */
static struct gs_buf
found_behind(const char *first, struct gs_span then, bool all)
{
	struct gs_buf b;
	struct gs_text_sink sink = {
		.block = dump_block,
		.key = dump_key,
		.event = dump_event,
		.registration = dump_registration,
		.gap = dump_gap,
		.arg = &b,
	};
	struct gs_text_reader *t = gs_text_reader_new(GS_TEXT_AUTO, &sink);

	gs_buf_init(&b, OUT);
	assert_non_null(t);
	assert_int_equal(gs_text_reader_feed(t, gs_span(first, strlen(first))),
	    0);
	while (then.n > 0) {
		size_t n = all ? gs_span_find(then, GS_LIT("\n")) + 1 : then.n;
		t->quick &= !all;
		assert_int_equal(gs_text_reader_feed(t, gs_span(then.p, n)), 0);
		then = gs_span_skip(then, n);
	}
	assert_int_equal(gs_text_reader_end(t), 0);
	gs_text_reader_free(t);
	gs_buf_putc(&b, '\0');
	assert_true(gs_buf_ok(&b));
	return b;
}

/* A log, and what is put into each of its lines. */
static const char *const log_lines[] = {
	D "sofia.c:5610 Channel sofia/int/10@h entering state [received][100]",
	D "sofia.c:1 Remote SDP:",
	"v=0",
	"o=- 1 1 IN IP4 192.0.2.1",
	"s=-",
	"t=0 0",
	"m=audio 4000 RTP/SAVP 8 101",
	"a=rtpmap:8 PCMA/8000",
	"a=fmtp:101 0-15",
	"a=crypto:" KEY,
	"",
	D "x.c:2 Set Remote Key [" KEY "]",
	D "x.c:3 (sofia/int/10@h) State EXECUTE",
	D "mod_sofia.c:2 Hangup sofia/int/10@h [CS_EXECUTE] [NORMAL_CLEARING]",
	D "x.c:4 Processing A <10>->11 in context default",
};
static const char *const inserts[] = { "\x1b[31m", "\x1b[0m", "\xc2\xa0", "\b",
	"#012", "#015#012", "\\n", "\\", "=", "=3D", "=0D", ".", " ...", "%0A",
	"%20", "95.87% ", "&amp;", "&#13;", ",", ";", "\t", "v=0",
	"v=0|o=-|s=-", "v=0\\r\\no=-\\r\\n", "SDP:", "SDP:|", "P/2.0",
	" SIP/2.0|Via:", "INVITE sip:1@h SIP/2.0", "m=audio 1 RTP/AVP 0", ":",
	"12:", "a.log:12:", "\"", "{\"a\":\"v=0\"}", U, "\r" };

/* Line i of the log with s at place, in quarters of the line. */
static void
put_changed(struct gs_buf *b, const char *before, size_t i, const char *s,
    size_t place)
{
	for (size_t k = 0; k < sizeof(log_lines) / sizeof(log_lines[0]); k++) {
		size_t n = strlen(log_lines[k]);
		size_t at = k == i ? n * place / 4 : n;

		gs_buf_puts(b, place == 0 && k == i ? s : "");
		gs_buf_puts(b, before);
		gs_buf_put(b, log_lines[k], at);
		gs_buf_puts(b, place > 0 && k == i ? s : "");
		gs_buf_puts(b, log_lines[k] + at);
		gs_buf_puts(b, "\n");
	}
}

/* Most lines skip the steps that clean lines, and many are passed over. After a
 * line of JSON none skips them: the same must be found. */
static void
lines_that_skip_steps(void **state)
{
	static const char *const before[] = { "", U };
	struct gs_buf b;

	(void)state;
	for (size_t u = 0; u < 2; u++)
		for (size_t i = 0; i < sizeof(log_lines) / sizeof(log_lines[0]);
		     i++)
			for (size_t k = 0;
			     k < 5 * sizeof(inserts) / sizeof(inserts[0]);
			     k++) {
				gs_buf_init(&b, OUT);
				put_changed(&b, before[u], i, inserts[k / 5],
				    k % 5);
				put_changed(&b, before[u], SIZE_MAX, "", 0);
				struct gs_buf x = found_behind("xx\n",
				    gs_buf_span(&b), false);
				struct gs_buf y = found_behind("{}\n",
				    gs_buf_span(&b), false);
				struct gs_buf z =
				    found_behind("xx\n", gs_buf_span(&b), true);
				if (strcmp((char *)x.p, (char *)y.p) != 0)
					print_message("line %zu, %s\n", i,
					    inserts[k / 5]);
				assert_string_equal((char *)x.p, (char *)y.p);
				/* Words that are split, and an object behind
				 * a message, are not seen in passing. */
				if (k % 5 != 2 && inserts[k / 5][0] != '{')
					assert_string_equal((char *)x.p,
					    (char *)z.p);
				gs_buf_free(&x);
				gs_buf_free(&y);
				gs_buf_free(&z);
				gs_buf_free(&b);
			}
}

static void
doubled_lines_are_read_once(void **state)
{
	static const char text[] = "v=0\nv=0\no=- 1 1 IN IP4 h\n"
				   "o=- 1 1 IN IP4 h\nm=audio 1 RTP/AVP 8\n"
				   "m=audio 1 RTP/AVP 8\na=z\na=y\na=y\n";
	struct gs_buf b = found(GS_TEXT_AUTO, gs_span(text, strlen(text)));

	(void)state;
	assert_int_equal(count(&b, " 6 lines"), 1);
	gs_buf_free(&b);
}

/* Lines that are too long to be compared are read like others. */
static void
a_long_line_behind_doubled_ones(void **state)
{
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, OUT);
	gs_buf_puts(&b, "1\n1\n");
	fill(&b, 'y', GS_TEXT_LINE + 16);
	gs_buf_puts(&b, "\n");
	assert_true(gs_buf_ok(&b));
	struct gs_buf out = found(GS_TEXT_AUTO, gs_buf_span(&b));
	gs_buf_free(&out);
	gs_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
		cmocka_unit_test(every_fixture),
		cmocka_unit_test(transports),
		cmocka_unit_test(when_who_and_where),
		cmocka_unit_test(both_forms_tell_the_same_calls),
		cmocka_unit_test(a_line_that_mod_logfile_cut),
		cmocka_unit_test(the_rest_of_a_long_line_is_passed_over),
		cmocka_unit_test(too_long_an_sdp_is_truncated),
		cmocka_unit_test(the_oldest_of_too_many_is_given),
		cmocka_unit_test(names_of_types),
		cmocka_unit_test(lines_that_skip_steps),
		cmocka_unit_test(doubled_lines_are_read_once),
		cmocka_unit_test(a_long_line_behind_doubled_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
