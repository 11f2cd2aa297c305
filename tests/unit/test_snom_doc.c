/* SPDX-License-Identifier: MIT */
/* The scanner, its judge, and settings by name and index. */
#include "snom/doc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "snom/identity.h"

static struct gs_span
span(const char *s)
{
	return gs_span(s, strlen(s));
}

static void
test_positions(void **state)
{
	static const char text[] = "<?xml version='1.0'?>\n"
				   "<!-- <x> -->\n"
				   "<a b='1'\n  c=\"&gt;\">\n"
				   "\t<d/><e>f<![CDATA[<g>]]></e>\n"
				   "</a>\n";
	struct gs_snom_scan s;
	struct gs_snom_xml_verdict v;
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_snom_scan(&s, span(text), &err), 0);
	assert_int_equal(gs_snom_xml_judge(&s, &v, &err), 0);
	assert_int_equal(v.what, GS_XML_OK);
	assert_int_equal(s.nodes, 3);
	assert_true(gs_snom_node_is(&s.node[0], "a"));
	assert_int_equal(s.node[0].attrs, 2);
	assert_true(gs_span_eq(gs_snom_scan_attr(&s, &s.node[0], "c")->value,
	    span("&gt;")));
	assert_true(s.node[0].children);
	assert_true(s.node[1].empty);
	assert_int_equal(s.node[2].depth, 1);
	assert_true(gs_span_eq(gs_snom_scan_inner(&s, &s.node[2]),
	    span("f<![CDATA[<g>]]>")));
	struct gs_pos p = gs_snom_scan_pos(&s, s.node[2].tag);
	assert_int_equal(p.line, 5);
	assert_int_equal(p.col, 6);
	assert_int_equal(memcmp(text + s.node[0].inner_end, "</a>", 4), 0);
	assert_int_equal(memcmp(text + s.node[0].end - 4, "</a>", 4), 0);
	gs_snom_scan_free(&s);
}

static void
test_verdicts(void **state)
{
	static const struct {
		const char *text;
		enum gs_snom_xml what;
		unsigned line, col;
	} list[] = {
		{ "<a/>", GS_XML_OK, 0, 0 },
		{ "<q:a xmlns:q='u'><q:b q:c='d' e='f'/></q:a>", GS_XML_OK, 0,
		    0 },
		{ "<a>\n<!-- x -- y -->\n</a>", GS_XML_BAD, 2, 8 },
		{ "<a>\n<b></c>\n</a>", GS_XML_BAD, 2, 8 },
		{ "<a>&nbsp;</a>", GS_XML_BAD, 1, 10 },
		{ "<a b=c/>", GS_XML_BAD, 1, 6 },
		{ "<a b='1' b='2'/>", GS_XML_BAD, 1, 15 },
		{ "<a/><b/>", GS_XML_BAD, 1, 5 },
		{ "<!DOCTYPE a><a/>", GS_XML_DOCTYPE, 0, 0 },
	};
	struct gs_snom_scan s;
	struct gs_snom_xml_verdict v;
	struct gs_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_int_equal(gs_snom_scan(&s, span(list[i].text), &err), 0);
		assert_int_equal(gs_snom_xml_judge(&s, &v, &err), 0);
		assert_int_equal(v.what, list[i].what);
		assert_int_equal(v.pos.line, list[i].line);
		assert_int_equal(v.pos.col, list[i].col);
		gs_snom_scan_free(&s);
	}
}

/* libxml2 reads no further than to a NUL behind the root. */
static void
test_nul(void **state)
{
	static const char text[] = "<a/>\n\0<b/>";
	struct gs_snom_scan s;
	struct gs_snom_xml_verdict v;
	struct gs_err err;

	(void)state;
	for (size_t n = 6; n < sizeof(text); n++) {
		assert_int_equal(gs_snom_scan(&s, gs_span(text, n), &err), 0);
		assert_int_equal(gs_snom_xml_judge(&s, &v, &err), 0);
		assert_int_equal(v.what, GS_XML_BAD);
		gs_snom_scan_free(&s);
	}
}

static void
test_settings(void **state)
{
	static const char text[] =
	    "<settings><phone-settings>"
	    "<user_host idx='1'>a&amp;b</user_host><x>1</x><x>2</x>"
	    "<user_host idx='2'> c </user_host><n><user_host idx='1'>no"
	    "</user_host></n></phone-settings><phone-settings>"
	    "<user_host idx='1'>last</user_host></phone-settings>"
	    "<other><user_host idx='2'>no</user_host></other></settings>";
	struct gs_snom_doc d;
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_snom_doc_read(&d, span(text), &err), 0);
	assert_int_equal(d.dialect, GS_DIALECT_SETTINGS);
	assert_int_equal(d.settings, 6);
	const struct gs_snom_setting *s = gs_snom_doc_get(&d, "user_host", 1);
	assert_true(gs_span_eq(s->value, span("last")));
	assert_true(gs_span_eq(d.setting[s->earlier].value, span("a&b")));
	assert_true(d.setting[s->earlier].superseded);
	assert_true(
	    gs_span_eq(gs_snom_doc_get(&d, "x", GS_NO_IDX)->value, span("2")));
	assert_null(gs_snom_doc_get(&d, "user_host", 3));
	assert_null(gs_snom_doc_get(&d, "user_host", GS_NO_IDX));
	gs_snom_doc_free(&d);
}

static void
test_dialects(void **state)
{
	static const struct {
		const char *text;
		enum gs_snom_dialect dialect;
	} list[] = {
		{ "", GS_DIALECT_EMPTY },
		{ " \n", GS_DIALECT_EMPTY },
		{ "\xff\xfe<", GS_DIALECT_UTF16 },
		{ "user_srtp1!: off\n", GS_DIALECT_TEXT },
		{ "<html><pre>\nuser_host1: x\n</pre></html>",
		    GS_DIALECT_TEXT },
		{ "<html><b>http://x</b></html>", GS_DIALECT_HTML },
		{ "user_mailbox1: <sip:1@h>\n", GS_DIALECT_TEXT },
		{ "hello", GS_DIALECT_OTHER },
		{ "<settings/>", GS_DIALECT_SETTINGS },
		{ "<settings><gui/></settings>", GS_DIALECT_VISION },
		{ "<phone-settings/>", GS_DIALECT_SETTINGS },
		{ "<setting-files/>", GS_DIALECT_SETTING_FILES },
		{ "<SnomIPPhoneText/>", GS_DIALECT_MENU },
		{ "<svg/>", GS_DIALECT_OTHER },
	};
	struct gs_snom_doc d;
	struct gs_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_int_equal(gs_snom_doc_read(&d, span(list[i].text), &err),
		    0);
		assert_int_equal(d.dialect, list[i].dialect);
		gs_snom_doc_free(&d);
	}
}

static void
test_identity(void **state)
{
	static const char text[] =
	    "<settings><phone-settings>"
	    "<user_host idx='1' perm='R'>h</user_host>"
	    "<user_outbound idx='1' perm='RW'>h:1;transport=tls</user_outbound>"
	    "<user_savp idx='1' perm=' '> optional\n</user_savp>"
	    "<user_active idx='2'>off</user_active><user_host idx='2'>x"
	    "</user_host></phone-settings></settings>";
	struct gs_snom_identity id;
	struct gs_snom_doc d;
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_snom_doc_read(&d, span(text), &err), 0);
	assert_true(gs_snom_identity_read(&id, &d, 1));
	assert_true(id.active);
	assert_true(id.tls);
	assert_int_equal(id.srtp_word, GS_WORD_UNSET);
	assert_int_equal(id.savp_word, GS_WORD_OPTIONAL);
	assert_true(gs_snom_perm_is_writable(id.outbound));
	assert_false(gs_snom_perm_is_writable(id.host));
	assert_false(gs_snom_perm_is_writable(id.savp));
	assert_false(gs_snom_perm_is_writable(NULL));
	assert_true(gs_snom_identity_read(&id, &d, 2));
	assert_false(id.active);
	assert_false(gs_snom_identity_read(&id, &d, 3));
	gs_snom_doc_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_identity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
