/* SPDX-License-Identifier: MIT */
/* buf, json, diag, report and file. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mute.h"
#include "base/report.h"
#include "base/tally.h"
#include "base/utc.h"
#include "base/xml.h"
#include "own_path.h"

static const struct gs_rule rule_list[] = {
	{ "first-rule", GS_WARNING, "RFC 1", "brief", "why", "fix" },
	{ "second-rule", GS_NOTE, "RFC 2", "brief", "why", "fix" },
};
static const struct gs_rules rules = { rule_list, 2 };

static void
span_numbers(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_int_equal(gs_span_u64(GS_LIT("18446744073709551615"), &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(gs_span_u64(GS_LIT("0"), &v), 0);
	v = 7;
	assert_int_equal(gs_span_u64(GS_LIT("18446744073709551616"), &v), -1);
	assert_int_equal(gs_span_u64(GS_LIT(""), &v), -1);
	assert_int_equal(gs_span_u64(GS_LIT("-1"), &v), -1);
	assert_int_equal(gs_span_u64(GS_LIT("1 "), &v), -1);
	assert_true(v == 7);
}

/* Every byte counts, whatever its place among eight, and so does the length. */
static void
span_hash(void **state)
{
	char bytes[20] = { 0 };

	(void)state;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct gs_span s = gs_span(bytes, n);
		uint64_t h = gs_span_hash(s);
		assert_true(h == gs_span_hash(s));
		for (size_t k = 0; k < n; k++) {
			assert_true(h != gs_span_hash(gs_span(bytes, k)));
			bytes[k] = 1;
			assert_true(h != gs_span_hash(s));
			bytes[k] = 0;
		}
	}
}

static void
span_find(void **state)
{
	(void)state;
	assert_int_equal(gs_span_find(GS_LIT("aab"), GS_LIT("ab")), 1);
	assert_int_equal(gs_span_find(GS_LIT("aab"), GS_LIT("b")), 2);
	assert_int_equal(gs_span_find(GS_LIT("aab"), GS_LIT("c")), 3);
	assert_int_equal(gs_span_find(GS_LIT(""), GS_LIT("c")), 0);
	assert_int_equal(gs_span_find(GS_LIT("ab"), GS_LIT("abc")), 2);
}

static void
span_wide(void **state)
{
	(void)state;
	assert_true(gs_span_is_utf16(GS_LIT("\xff\xfev\0")));
	assert_true(gs_span_is_utf16(GS_LIT("\xfe\xff\0v")));
	assert_true(gs_span_is_utf16(GS_LIT("v\0=\0")));
	assert_true(gs_span_is_utf16(GS_LIT("\0v\0=")));
	assert_false(gs_span_is_utf16(GS_LIT("\0\0")));
	assert_false(gs_span_is_utf16(GS_LIT("v=0")));
	assert_false(gs_span_is_utf16(GS_LIT("\xff")));
	assert_true(gs_span_is_utf32(GS_LIT("\xff\xfe\0\0")));
	assert_true(gs_span_is_utf32(GS_LIT("\0\0\xfe\xff")));
	assert_true(gs_span_is_utf32(GS_LIT("v\0\0\0")));
	assert_true(gs_span_is_utf32(GS_LIT("\0\0\0v")));
	assert_false(gs_span_is_utf32(GS_LIT("v\0=\0")));
	assert_false(gs_span_is_utf32(GS_LIT("\0\0\0\0")));
	assert_false(gs_span_is_utf32(GS_LIT("v\0\0")));
}

static void
array_grows(void **state)
{
	uint16_t *list = NULL;
	size_t size = 0;

	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		assert_true(gs_grow(&list, &size, n + 1, sizeof(*list)));
		assert_true(size > n);
		list[n] = (uint16_t)n;
	}
	uint16_t *same = list;
	assert_false(gs_grow(&list, &size, SIZE_MAX / 2, sizeof(*list)));
	assert_ptr_equal(list, same);
	assert_true(size < 5000);
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(list[n], n);
	free(list);
}

static void
octets(void **state)
{
	uint8_t p[8] = { 0 };
	char text[5] = "....";

	(void)state;
	gs_put_be16(p, 0x1234);
	gs_put_be32(p + 2, 0x56789abc);
	assert_memory_equal(p, "\x12\x34\x56\x78\x9a\xbc\0", 8);
	assert_int_equal(gs_be16(p + 1), 0x3456);
	assert_int_equal(gs_be32(p + 2), 0x56789abc);
	assert_int_equal(gs_le32(p + 2), 0xbc9a7856);
	gs_put_le16(p, 0x1234);
	gs_put_le32(p + 2, 0x56789abc);
	assert_memory_equal(p, "\x34\x12\xbc\x9a\x78\x56\0", 8);
	assert_int_equal(gs_le16(p), 0x1234);
	gs_hex_put(text, p + 2, 2, true);
	assert_string_equal(text, "BC9A");
	gs_hex_put(text, p + 2, 1, false);
	assert_string_equal(text, "bc9A");
	for (int c = -128; c < 256; c++) {
		char one[2] = { (char)c, '\0' };
		bool hex = c > 0 && c < 128 && isxdigit(c);

		assert_int_equal(gs_hex_value(c),
		    hex ? strtol(one, NULL, 16) : -1);
	}
}

static void
buf_cap_and_failure_are_sticky(void **state)
{
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, 100);
	gs_buf_put(&b, "0123456789", 10);
	assert_null(gs_buf_space(&b, 91));
	assert_false(gs_buf_ok(&b));
	gs_buf_putc(&b, 'x');
	assert_int_equal(b.n, 10);
	gs_buf_clear(&b);
	assert_true(gs_buf_ok(&b));
	gs_buf_printf(&b, "%s-%d", "a", 7);
	gs_buf_put_u64(&b, UINT64_MAX);
	gs_buf_put_u64(&b, 0);
	assert_int_equal(b.n, 24);
	assert_memory_equal(b.p, "a-7184467440737095516150", 24);
	gs_buf_free(&b);
	assert_null(b.p);
}

static void
visible(void **state)
{
	static const char raw[] = "a\033[1m\xc3\xa4\xff\xe2\x80\xae\\\n",
			  shown[] =
			      "a\\x1b[1m\xc3\xa4\\xff\\xe2\\x80\\xae\\\\x0a";
	char text[sizeof(shown)], few[] = "12345678";
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, 1000);
	gs_buf_put_visible(&b, gs_span(raw, strlen(raw)));
	gs_buf_putc(&b, 0);
	assert_string_equal((char *)b.p, shown);
	gs_buf_free(&b);
	gs_copy_visible(text, sizeof(text), raw);
	assert_string_equal(text, shown);
	gs_copy_visible(few, 7, raw);
	assert_string_equal(few, "a\\x1b[");
	assert_int_equal(few[7], '8');
	/* It ends between characters, and before an escape that is cut, which
	 * an earlier message may have made. */
	gs_copy_visible(few, 5, raw);
	assert_string_equal(few, "a");
	gs_copy_visible(few, 3, "a\xc3\xa4");
	assert_string_equal(few, "a");
	for (size_t room = 3; room < 6; room++) {
		gs_copy_visible(few, room, "a\\x1b[1m");
		assert_string_equal(few, "a");
	}
	gs_copy_visible(few, 5, "C:\\abc");
	assert_string_equal(few, "C:\\a");
}

static void
a_message_ends_before_a_cut_escape(void **state)
{
	char name[sizeof(((struct gs_err *)NULL)->text)];
	struct gs_err err;

	(void)state;
	/* Cut as bytes that become escapes, then as a text that has them. */
	for (size_t n = sizeof(name) - 16; n < sizeof(name) - 8; n++) {
		memset(name, 'a', n);
		(void)snprintf(name + n, sizeof(name) - n, "%s",
		    "\033\033\033\033\033");
		(void)gs_err_set(&err, "%s", name);
		for (unsigned i = 0; i < 4; i++) {
			const char *escape = strrchr(err.text, '\\');
			assert_true(escape == NULL ||
			    strlen(escape) >= strlen("\\x1b"));
			(void)gs_err_at(&err, "b");
		}
	}
}

static void
utf8_rejects_what_rfc3629_rejects(void **state)
{
	uint32_t cp;

	(void)state;
	assert_int_equal(gs_utf8_length(GS_LIT("\xc0\x80"), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT("\xe0\x80\x80"), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT("\xed\xa0\x80"), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT("\xf4\x90\x80\x80"), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT("\xe2\x82"), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT(""), &cp), 0);
	assert_int_equal(gs_utf8_length(GS_LIT("\xf0\x9f\x98\x80"), &cp), 4);
	assert_int_equal(cp, 0x1f600);
}

static void
base64(void **state)
{
	static const struct {
		const char *text;
		unsigned want;
		size_t n;
	} c[] = {
		{ "", GS_BASE64_OK, 0 },
		{ "TWFu", GS_BASE64_OK, 3 },
		{ "TWE=", GS_BASE64_OK, 2 },
		{ "TQ==", GS_BASE64_OK, 1 },
		{ "TWE", GS_BASE64_UNPADDED, 2 },
		{ "TWF=", GS_BASE64_TRAILING, 2 },
		{ "TWFuT", GS_BASE64_LENGTH, 0 },
		{ "TW=u", GS_BASE64_PAD, 0 },
		{ "TWFu=", GS_BASE64_PAD, 0 },
		{ "TW-u", GS_BASE64_CHAR, 0 },
		{ "TWFuTWFuTWFu", GS_BASE64_SPACE, 9 },
	};
	uint8_t out[8];
	size_t n, at;

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		unsigned got =
		    gs_base64_decode(gs_span(c[i].text, strlen(c[i].text)), out,
			sizeof(out), &n, &at);
		assert_int_equal(got, c[i].want);
		assert_int_equal(n, c[i].n);
	}
}

static char *
slurp(FILE *fp)
{
	static char text[65536];

	rewind(fp);
	text[fread(text, 1, sizeof(text) - 1, fp)] = '\0';
	(void)fclose(fp);
	return text;
}

static void
json_any_bytes(void **state)
{
	FILE *fp = tmpfile();
	struct gs_json j;

	(void)state;
	gs_json_init(&j, fp);
	gs_json_open(&j, '{');
	gs_json_member_span(&j, "k", GS_LIT("a\"\\\n\xff\xc3\xa4\0b"));
	gs_json_key(&j, "l");
	gs_json_open(&j, '[');
	gs_json_u64(&j, UINT64_MAX);
	gs_json_i64(&j, INT64_MIN);
	gs_json_double(&j, 1.0 / 3);
	gs_json_double(&j, 0.0 / 0.0);
	gs_json_bool(&j, true);
	gs_json_null(&j);
	gs_json_close(&j, ']');
	gs_json_close(&j, '}');
	gs_json_newline(&j);
	assert_string_equal(slurp(fp),
	    "{\"k\":\"a\\\"\\\\\\u000a\\ufffd\xc3\xa4\\u0000b\","
	    "\"l\":[18446744073709551615,-9223372036854775808,0.333,null,"
	    "true,null]}\n");
}

static void
diags_policy_cap_and_order(void **state)
{
	struct gs_diags d;
	uint8_t policy[2] = { GS_POLICY_USUAL, GS_POLICY_RAISED };
	struct gs_mute mute = { .rules = rules };

	(void)state;
	gs_diags_init(&d, rules, policy, 2);
	gs_diag_as(&d, &rule_list[0], GS_ERROR, (struct gs_pos){ 9, 1 }, "c");
	gs_diag(&d, &rule_list[1], (struct gs_pos){ 3, 2 }, "b");
	gs_diag_as(&d, &rule_list[0], GS_ERROR, (struct gs_pos){ 1, 1 }, "a");
	assert_int_equal(d.n, 2);
	assert_int_equal(gs_diags_dropped(&d), 1);
	assert_int_equal(d.list[1].severity, GS_WARNING);
	gs_diags_sort(&d);
	assert_string_equal(d.list[0].text, "b");
	policy[1] = GS_POLICY_HIDDEN;
	assert_null(gs_diag(&d, &rule_list[1], (struct gs_pos){ 0 }, "hidden"));
	policy[1] = GS_POLICY_USUAL;
	gs_mute_rule(&mute, &rule_list[1]);
	d.mute = &mute;
	assert_null(gs_diag(&d, &rule_list[1], (struct gs_pos){ 0 }, "off"));
	assert_int_equal(mute.count[GS_MUTED_OPTION], 1);
	gs_mute_free(&mute);
	gs_diags_clear(&d);
	assert_int_equal(d.total[GS_ERROR], 2);
	assert_int_equal(d.total[GS_WARNING], 1);
	gs_diags_free(&d);
}

static void
one_finding(struct gs_diags *d)
{
	gs_diags_init(d, rules, NULL, 10);
	struct gs_finding *f = gs_diag(d, &rule_list[0],
	    (struct gs_pos){ 12, 5 }, "bad %s", "\033]0;x\007");
	gs_diag_source(d, f, GS_LIT("\tabc"), 3);
}

static char *
rendered(enum gs_format format, bool color)
{
	struct gs_report r = {
		.fp = tmpfile(),
		.format = format,
		.color = color,
		.source = true,
		.tool = "t",
		.version = "1",
		.rules = rules,
	};
	struct gs_diags d;

	one_finding(&d);
	gs_report_begin(&r);
	gs_report_findings(&r, "a\nb.sdp", &d);
	assert_int_equal(gs_report_end(&r), 0);
	gs_diags_free(&d);
	return slurp(r.fp);
}

static void
report_renders_the_same_list_three_ways(void **state)
{
	(void)state;
	assert_string_equal(rendered(GS_TEXT, false),
	    "a\\x0ab.sdp:12:5: warning: bad \\x1b]0;x\\x07 [first-rule]\n"
	    "  \\x09abc\n"
	    "       ^\n");
	assert_non_null(strstr(rendered(GS_TEXT, true), "\033[1;33m"));
	assert_string_equal(rendered(GS_JSON, false),
	    "{\"type\":\"finding\",\"file\":\"a\\u000ab.sdp\",\"line\":12,"
	    "\"col\":5,\"severity\":\"warning\",\"rule\":\"first-rule\","
	    "\"ref\":\"RFC 1\",\"message\":\"bad \\\\x1b]0;x\\\\x07\"}\n");
	const char *sarif = rendered(GS_SARIF, false);
	assert_non_null(strstr(sarif, "\"ruleId\":\"first-rule\""));
	assert_non_null(strstr(sarif, "\"uri\":\"a%0Ab.sdp\""));
	assert_non_null(strstr(sarif, "\"startLine\":12"));
}

/* A note that is shown, and an error for which there is no room. */
static const char *
cut(enum gs_format format)
{
	struct gs_report r = {
		.fp = tmpfile(),
		.format = format,
		.level = GS_ERROR,
		.sums = true,
		.tool = "t",
		.version = "1",
		.rules = rules,
	};
	struct gs_diags d;

	gs_diags_init(&d, rules, NULL, 1);
	gs_report_begin(&r);
	gs_report_file(&r, "good");
	gs_report_file(&r, "bad");
	gs_diag_as(&d, &rule_list[0], GS_NOTE, (struct gs_pos){ 1, 1 }, "x");
	gs_diag_as(&d, &rule_list[0], GS_ERROR, (struct gs_pos){ 2, 1 }, "y");
	gs_report_findings(&r, "bad", &d);
	assert_int_equal(gs_report_end(&r), 0);
	gs_diags_free(&d);
	return slurp(r.fp);
}

static void
report_is_no_better_for_what_it_drops(void **state)
{
	static const char *const said[] = {
		[GS_TEXT] = "2 files: 1 error, 0 warnings, 1 note",
		[GS_JSON] = "{\"type\":\"dropped\",\"file\":\"bad\","
			    "\"findings\":1}",
		[GS_SARIF] = "{\"level\":\"error\",\"message\":{\"text\":"
			     "\"1 more findings not shown\"}",
		[GS_JUNIT] = "tests=\"2\" failures=\"1\"",
		[GS_CODEQUALITY] = "\"severity\":\"major\"",
		[GS_GITHUB] = "::error file=bad,title=t dropped::",
		[GS_CHECKSTYLE] = "severity=\"error\"",
	};

	(void)state;
	for (unsigned i = GS_TEXT; i <= GS_CHECKSTYLE; i++)
		assert_non_null(strstr(cut((enum gs_format)i), said[i]));
	assert_non_null(strstr(cut(GS_JUNIT), "<failure type=\"dropped\""));
}

static void
xml_holds_any_bytes(void **state)
{
	struct gs_buf b;

	(void)state;
	gs_buf_init(&b, 1000);
	gs_xml_put(&b,
	    GS_LIT("<a b=\"c\">&'\n]]>\x01\xff\xef\xbf\xbe.\xef\xbf\xbd"));
	gs_buf_putc(&b, '\0');
	assert_string_equal((char *)b.p,
	    "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\\x0a]]&gt;\\x01\\xff&#65533;.&#65533;");
	gs_buf_clear(&b);
	gs_xml_attr(&b, "n", "");
	assert_memory_equal(b.p, " n=\"\"", 5);
	gs_buf_free(&b);
}

static void
xml_references_are_read(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t c;
	} cases[] = {
		{ "&lt;b", 4, '<' },
		{ "&quot;", 6, '"' },
		{ "&equals;&plus;", 8, '=' },
		{ "&#43;", 5, '+' },
		{ "&#x2b;", 6, '+' },
		{ "&#X2B;", 6, '+' },
		{ "&#0000000043;", 13, '+' },
		{ "&#228;", 6, 0xe4 },
		{ "&#x10ffff;", 10, 0x10ffff },
		{ "", 0, 0 },
		{ "lt;", 0, 0 },
		{ "&", 0, 0 },
		{ "&;", 0, 0 },
		{ "&#;", 0, 0 },
		{ "&#x;", 0, 0 },
		{ "&lt", 0, 0 },
		{ "&LT;", 0, 0 },
		{ "&#4a;", 0, 0 },
		{ "&#0;", 0, 0 },
		{ "&#xd800;", 0, 0 },
		{ "&#x110000;", 0, 0 },
		{ "&#4294967339;", 0, 0 },
		{ "&#00000000000043;", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t c = 0;

		assert_int_equal(
		    gs_xml_get(gs_span(cases[i].text, strlen(cases[i].text)),
			&c),
		    cases[i].n);
		assert_int_equal(c, cases[i].c);
	}
}

static void
tally_counts_and_sorts(void **state)
{
	struct gs_tally t = { 0 };
	char text[16];

	(void)state;
	assert_null(gs_tally_count(&t, GS_LIT("1"), false));
	for (unsigned i = 0; i < 3000; i++) {
		(void)snprintf(text, sizeof(text), "%u", i % 1000);
		++*gs_tally_count(&t, gs_span(text, strlen(text)), true);
	}
	assert_int_equal(t.n, 1000);
	assert_int_equal(*gs_tally_count(&t, GS_LIT("999"), false), 3);
	assert_null(gs_tally_count(&t, GS_LIT("1000"), false));
	gs_tally_sort(&t);
	assert_true(gs_span_eq(gs_tally_text(&t, &t.entry[1]), GS_LIT("1")));
	assert_true(gs_span_eq(gs_tally_text(&t, &t.entry[2]), GS_LIT("10")));
	gs_tally_free(&t);
}

static void
err_makes_bytes_visible(void **state)
{
	struct gs_err e;

	(void)state;
	assert_int_equal(gs_err_set(&e, "%s", "\033c"), -1);
	assert_string_equal(e.text, "\\x1bc");
	assert_int_equal(gs_err_sys(&e, 2, "/x"), -1);
	assert_string_equal(e.text, "/x: No such file or directory");
	assert_int_equal(gs_err_set(NULL, "x"), -1);
}

static void
put(const char *path, const char *text, bool good, struct stat *st)
{
	char tmp[96], of[16];
	int fd = gs_file_create_beside(path, tmp, sizeof(tmp));

	assert_int_not_equal(fd, -1);
	assert_true(
	    gs_file_is_hidden_name(strrchr(tmp, '/') + 1, of, sizeof(of)));
	assert_string_equal(of, "f");
	assert_int_equal(stat(tmp, st), 0);
	assert_int_equal(gs_file_create(AT_FDCWD, tmp, 0600), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(gs_file_put_all(fd, text, strlen(text)), 0);
	errno = ENOSPC;
	assert_int_equal(gs_file_finish(AT_FDCWD, tmp, fd, good),
	    good ? 0 : -1);
	if (good)
		assert_int_equal(gs_file_place(AT_FDCWD, tmp, path), 0);
	else
		assert_int_equal(errno, ENOSPC);
	assert_int_equal(access(tmp, F_OK), -1);
}

static void
file_takes_the_place_of_another(void **state)
{
	char folder[OWN_PATH], path[OWN_PATH + 32], tmp[OWN_PATH + 64];
	struct gs_err e;
	struct gs_buf b;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(own_path(folder)));
	(void)snprintf(path, sizeof(path), "%s/f", folder);
	mode_t old = umask(0);
	put(path, "old", true, &st);
	put(path, "one", true, &st);
	put(path, "bad", false, &st);
	(void)umask(old);
	assert_int_equal(st.st_mode & 0777, 0600);
	gs_buf_init(&b, 2);
	assert_int_equal(gs_file_read(path, &b, &e), -1);
	assert_int_equal(b.n, 0);
	gs_buf_free(&b);
	gs_buf_init(&b, 3);
	assert_int_equal(gs_file_read(path, &b, &e), 0);
	assert_memory_equal(b.p, "one", 3);
	gs_buf_free(&b);
	assert_int_equal(gs_file_read(folder, &b, &e), -1);
	assert_non_null(strstr(e.text, "Is a directory"));
	/* What cannot take the place goes, and why is said. */
	(void)snprintf(tmp, sizeof(tmp), "%s/g", folder);
	assert_int_equal(symlink("nowhere", tmp), 0);
	assert_int_equal(gs_file_create(AT_FDCWD, tmp, 0600), -1);
	assert_int_equal(gs_file_place(AT_FDCWD, tmp, folder), -1);
	assert_int_equal(errno, ENOTEMPTY);
	assert_int_equal(unlink(path), 0);
	/* Nothing else is left behind. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(gs_file_create_beside(path, tmp, sizeof(tmp)), -1);
	assert_int_equal(errno, ENOENT);
}

static void
hidden_names(void **state)
{
	char tmp[300], of[8], name[256];

	(void)state;
	assert_int_equal(gs_file_hidden_name("a/b.c", 0xabc, tmp, 300), 0);
	assert_string_equal(tmp, "a/.b.c.0000000000000abc");
	assert_false(gs_file_is_hidden_name(tmp, of, sizeof(of)));
	assert_true(gs_file_is_hidden_name(tmp + 2, of, sizeof(of)));
	assert_string_equal(of, "b.c");
	assert_false(gs_file_is_hidden_name(tmp + 2, of, 3));
	assert_false(gs_file_is_hidden_name(tmp + 3, of, sizeof(of)));
	assert_false(gs_file_is_hidden_name("..0000000000000abc", of, 8));
	assert_false(gs_file_is_hidden_name(".b.0000000000000abC", of, 8));
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(gs_file_hidden_name(name, 1, tmp, 300), 0);
	assert_int_equal(strlen(tmp), 255);
	assert_int_equal(gs_file_hidden_name(name, 1, tmp, 255), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

/* Those of FIPS 180-4's examples, of one block and of two. */
static void
sha256(void **state)
{
	static const char *const texts[][2] = { { "", "e3b0c442" },
		{ "abc", "ba7816bf" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61" } };
	char print[9];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		gs_sha256_print((const uint8_t *)texts[i][0],
		    strlen(texts[i][0]), print);
		assert_string_equal(print, texts[i][1]);
	}
}

static void
utc_is_right_beyond_time_t(void **state)
{
	static const struct {
		int64_t s;
		const char *date;
	} dates[] = {
		{ -62162035200, "0000-03-01 00:00:00 061 3" },
		{ -2208988801, "1899-12-31 23:59:59 365 0" },
		{ -1, "1969-12-31 23:59:59 365 3" },
		{ 951782400, "2000-02-29 00:00:00 060 2" },
		{ 2147483648, "2038-01-19 03:14:08 019 2" },
		{ 4102444800, "2100-01-01 00:00:00 001 5" },
		{ 4107542400, "2100-03-01 00:00:00 060 1" },
		{ 13574606175, "2400-02-29 11:56:15 060 2" },
		{ 253402300799, "9999-12-31 23:59:59 365 5" },
	};
	char text[64];
	struct tm tm;

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		assert_true(gs_utc(dates[i].s, &tm));
		assert_true(gs_utc_seconds(&tm) == dates[i].s);
		(void)snprintf(text, sizeof(text),
		    "%04d-%02d-%02d %02d:%02d:%02d %03d %d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		    tm.tm_yday + 1, tm.tm_wday);
		assert_string_equal(text, dates[i].date);
	}
	assert_false(gs_utc(-62162035201, &tm));
	assert_false(gs_utc(253402300800, &tm));
	assert_false(gs_utc(INT64_MIN, &tm));
	assert_false(gs_utc(INT64_MAX, &tm));
}

static void
utc_is_what_the_system_says(void **state)
{
	(void)state;
	for (int64_t s = INT32_MIN; s < INT32_MAX; s += 86399) {
		time_t t = (time_t)s;
		struct tm ours, theirs;

		assert_true(gs_utc(s, &ours));
		assert_non_null(gmtime_r(&t, &theirs));
		assert_int_equal(ours.tm_year, theirs.tm_year);
		assert_int_equal(ours.tm_yday, theirs.tm_yday);
		assert_int_equal(ours.tm_mday, theirs.tm_mday);
		assert_int_equal(ours.tm_wday, theirs.tm_wday);
		assert_int_equal(ours.tm_sec, theirs.tm_sec);
		assert_true(gs_utc_seconds(&theirs) == s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256),
		cmocka_unit_test(span_numbers),
		cmocka_unit_test(span_find),
		cmocka_unit_test(span_hash),
		cmocka_unit_test(span_wide),
		cmocka_unit_test(array_grows),
		cmocka_unit_test(octets),
		cmocka_unit_test(buf_cap_and_failure_are_sticky),
		cmocka_unit_test(visible),
		cmocka_unit_test(a_message_ends_before_a_cut_escape),
		cmocka_unit_test(utf8_rejects_what_rfc3629_rejects),
		cmocka_unit_test(base64),
		cmocka_unit_test(json_any_bytes),
		cmocka_unit_test(diags_policy_cap_and_order),
		cmocka_unit_test(xml_holds_any_bytes),
		cmocka_unit_test(xml_references_are_read),
		cmocka_unit_test(tally_counts_and_sorts),
		cmocka_unit_test(report_renders_the_same_list_three_ways),
		cmocka_unit_test(report_is_no_better_for_what_it_drops),
		cmocka_unit_test(err_makes_bytes_visible),
		cmocka_unit_test(file_takes_the_place_of_another),
		cmocka_unit_test(hidden_names),
		cmocka_unit_test(utc_is_right_beyond_time_t),
		cmocka_unit_test(utc_is_what_the_system_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
