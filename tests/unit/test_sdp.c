/* SPDX-License-Identifier: MIT */
/* The parser of SDP: its structure, and each of its rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdp/rules.h"
#include "sdp/sdp.h"

enum { LINES = 64 };

static size_t
split(const char *text, size_t n, struct gs_sdp_line *line)
{
	size_t count = 0;

	for (size_t from = 0; from < n && count < LINES; count++) {
		const char *end = memchr(text + from, '\n', n - from);
		size_t to = end == NULL ? n : (size_t)(end - text);
		bool cr = end != NULL && to > from && text[to - 1] == '\r';
		line[count].text = gs_span(text + from, to - from - cr);
		line[count].pos = (struct gs_pos){ count + 1, 1 };
		line[count].eol = end == NULL ? GS_EOL_NONE :
		    cr                        ? GS_EOL_CRLF :
						GS_EOL_LF;
		from = to + 1;
	}
	return count;
}

#define V "v=0\n"
#define O "o=- 1 1 IN IP4 192.0.2.1\n"
#define S "s=-\n"
#define C "c=IN IP4 192.0.2.1\n"
#define T "t=0 0\n"
#define M "m=audio 4000 RTP/AVP 0\n"
#define TEXT(s)                                                                \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

/* rule GS_R_COUNT: nothing may be found. line 0 is not looked at. */
static const struct {
	struct gs_span text;
	enum gs_sdp_rule rule;
	enum gs_severity severity;
	uint64_t line;
} cases[] = {
	{ TEXT(V O S C T M), GS_R_COUNT, 0, 0 },
	{ TEXT(V O S C T M "\n \n"), GS_R_COUNT, 0, 0 },
	{ TEXT("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=0 0\r\n"
	       "m=audio 4000/2 RTP/AVP 0\r\n"),
	    GS_R_COUNT, 0, 0 },
	{ TEXT(V O S "i=x\nu=x\ne=x\ne=y\np=x\n" C "b=AS:1\nb=TIAS:1\n" T
		     "r=1 1 0\nz=0 0\n" T "k=prompt\na=x\na=x\n" M "i=x\n" C C
		     "b=AS:1\nk=prompt\na=x\n" M),
	    GS_R_COUNT, 0, 0 },
	{ TEXT(""), GS_R_SDP_VERSION, GS_ERROR, 1 },
	{ TEXT("v=1\n" O S C T M), GS_R_SDP_VERSION, GS_ERROR, 1 },
	{ TEXT("v=0 \n" O S C T M), GS_R_SDP_VERSION, GS_ERROR, 1 },
	{ TEXT("\xef\xbb\xbfv=0\n" O S C T M), GS_R_SDP_VERSION, GS_ERROR, 1 },
	{ TEXT("v=0\ro=-\rs=-\r"), GS_R_SDP_VERSION, GS_ERROR, 1 },
	{ TEXT(V O S C T M "a=crypto:1\n inline\n"), GS_R_SDP_LINE, GS_ERROR,
	    8 },
	{ TEXT(V O S C T "\n" M), GS_R_SDP_LINE, GS_ERROR, 6 },
	{ TEXT(V O S C T M "a\n"), GS_R_SDP_LINE, GS_ERROR, 7 },
	{ TEXT(V O S C T M "=x\n"), GS_R_SDP_LINE, GS_ERROR, 7 },
	{ TEXT(V O S C T M "a=x\0y\n"), GS_R_SDP_NUL, GS_ERROR, 7 },
	{ TEXT(V O S C T "X=1\n" M), GS_R_SDP_UNKNOWN_TYPE, GS_WARNING, 6 },
	{ TEXT(V O S T C M), GS_R_SDP_ORDER, GS_WARNING, 5 },
	{ TEXT(V O S S C T M), GS_R_SDP_ORDER, GS_WARNING, 4 },
	{ TEXT(V O S C T M "t=0 0\n"), GS_R_SDP_ORDER, GS_WARNING, 7 },
	{ TEXT(V O S T M "a=x\n" C), GS_R_SDP_ORDER, GS_WARNING, 7 },
	{ TEXT(V O S C M), GS_R_SDP_MISSING_LINE, GS_WARNING, 1 },
	{ TEXT(V S C T M), GS_R_SDP_MISSING_LINE, GS_WARNING, 1 },
	{ TEXT(V O C T M), GS_R_SDP_MISSING_LINE, GS_WARNING, 1 },
	{ TEXT(V O "s=\n" C T M), GS_R_SDP_SESSION_NAME, GS_WARNING, 3 },
	{ TEXT(V O "s= \n" C T M), GS_R_COUNT, 0, 0 },
	{ TEXT(V O S T M), GS_R_SDP_CONNECTION, GS_ERROR, 5 },
	{ TEXT(V O S T "m=audio 0 RTP/AVP 0\n"), GS_R_COUNT, 0, 0 },
	{ TEXT(V O S T M C), GS_R_COUNT, 0, 0 },
	{ TEXT(V O S "c=IN IP4\n" T M), GS_R_SDP_CONNECTION, GS_ERROR, 4 },
	{ TEXT(V O S "c=AF IP4 h\n" T M), GS_R_SDP_CONNECTION, GS_WARNING, 4 },
	{ TEXT(V O S "c=IN IP7 h\n" T M), GS_R_SDP_CONNECTION, GS_WARNING, 4 },
	{ TEXT(V O S C T), GS_R_SDP_NO_MEDIA, GS_NOTE, 1 },
	{ TEXT(V O S C T "m=\n"), GS_R_MEDIA_LINE, GS_ERROR, 6 },
	{ TEXT(V O S C T "m=audio x RTP/AVP 0\n"), GS_R_MEDIA_LINE, GS_ERROR,
	    6 },
	{ TEXT(V O S C T "m=audio 65536 RTP/AVP 0\n"), GS_R_MEDIA_LINE,
	    GS_ERROR, 6 },
	{ TEXT(V O S C T "m=audio 65535 RTP/AVP 0\n"), GS_R_COUNT, 0, 0 },
	{ TEXT(V O S C T "m=audio 4000/0 RTP/AVP 0\n"), GS_R_MEDIA_LINE,
	    GS_ERROR, 6 },
	{ TEXT(V O S C T "m=audio 4000 RTP/AVP\n"), GS_R_MEDIA_LINE, GS_ERROR,
	    6 },
	{ TEXT("v=0\r\n" O S C T M), GS_R_EOL_MIXED, GS_NOTE, 2 },
};

static void
each_rule(void **state)
{
	struct gs_sdp_line line[LINES];
	struct gs_sdp sdp = { 0 };
	struct gs_diags d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		gs_diags_init(&d, gs_sdp_rules, NULL, 100);
		size_t n = split(cases[i].text.p, cases[i].text.n, line);
		assert_int_equal(gs_sdp_parse(&sdp, line, n, &d), 0);
		if (cases[i].rule == GS_R_COUNT && d.n > 0)
			fail_msg("case %zu: %s", i, d.list[0].rule->id);
		bool found = cases[i].rule == GS_R_COUNT;
		for (size_t k = 0; k < d.n; k++)
			found |= d.list[k].rule ==
				&gs_sdp_rules.rule[cases[i].rule] &&
			    d.list[k].severity == cases[i].severity &&
			    d.list[k].pos.line == cases[i].line;
		if (!found)
			fail_msg("case %zu: %s is not there", i,
			    gs_sdp_rules.rule[cases[i].rule].id);
		gs_diags_free(&d);
	}
	gs_sdp_free(&sdp);
}

/* Where a finding at part of line is said to be. */
static uint32_t
column(const struct gs_sdp_line *line, struct gs_span part)
{
	struct gs_diags d;

	gs_diags_init(&d, gs_sdp_rules, NULL, 1);
	gs_sdp_diag(&d, GS_R_CRYPTO_SYNTAX, line, part, "x");
	assert_int_equal(d.n, 1);
	uint32_t col = d.list[0].pos.col;
	gs_diags_free(&d);
	return col;
}

static void
structure(void **state)
{
	static const char text[] = V O S C T
	    "a=tool:x\na=x\nm=audio 4000/2 RTP/SAVP 0 101 \nc=IN IP6 ::1\n"
	    "k=clear:x\na=crypto:1\na=sendrecv\na=crypto:\nm=video 0 udp wb\n";
	struct gs_sdp_line line[LINES];
	struct gs_sdp sdp = { 0 };
	size_t n = split(text, sizeof(text) - 1, line), i = 0;

	(void)state;
	for (int again = 0; again < 2; again++)
		assert_int_equal(gs_sdp_parse(&sdp, line, n, NULL), 0);
	assert_int_equal(sdp.session_attrs, 2);
	assert_int_equal(sdp.attrs, 5);
	assert_int_equal(sdp.medias, 2);
	assert_ptr_equal(sdp.origin, &line[1]);
	const struct gs_sdp_media *m = &sdp.media[0];
	assert_int_equal(m->port, 4000);
	assert_true(gs_span_eq(m->proto, GS_LIT("RTP/SAVP")));
	assert_true(gs_span_eq(m->formats, GS_LIT("0 101")));
	assert_true(gs_span_eq(m->connection.address, GS_LIT("::1")));
	assert_ptr_equal(m->key, &line[9]);
	const struct gs_sdp_attr *a =
	    gs_sdp_attr_next(&sdp, m, GS_LIT("crypto"), &i);
	assert_true(gs_span_eq(a->value, GS_LIT("1")));
	assert_int_equal(column(a->line, a->value), 10);
	a = gs_sdp_attr_next(&sdp, m, GS_LIT("crypto"), &i);
	assert_true(a->has_value && a->value.n == 0);
	assert_null(gs_sdp_attr_next(&sdp, m, GS_LIT("crypto"), &i));
	i = 0;
	assert_non_null(gs_sdp_attr_next(&sdp, NULL, GS_LIT("tool"), &i));
	assert_true(
	    gs_span_eq(sdp.media[1].connection.address, GS_LIT("192.0.2.1")));
	gs_sdp_free(&sdp);
}

/* Every rule is complete, has its own name, and --peer knows its peers. */
static void
rules(void **state)
{
	uint8_t policy[GS_R_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < gs_sdp_rules.n; i++) {
		const struct gs_rule *r = &gs_sdp_rules.rule[i];
		assert_non_null(r->id);
		assert_true(*r->ref && *r->brief && *r->why && *r->fix);
		assert_ptr_equal(gs_rules_find(gs_sdp_rules, r->id), r);
	}
	gs_sdp_peer_raise(GS_PEER_ASTERISK, policy);
	assert_int_equal(policy[GS_R_SESSION_PARAM_PEER], GS_POLICY_RAISED);
	assert_int_equal(policy[GS_R_LIFETIME_DECIMAL], GS_POLICY_USUAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(structure),
		cmocka_unit_test(rules),
	};

	return cmocka_run_group_tests_name("sdp", tests, NULL, NULL);
}
