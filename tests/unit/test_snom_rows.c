/* SPDX-License-Identifier: MIT */
/* The output of mysql --batch, and text for XML. */
#include "snom/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "snom/groups.h"
#include "snom/text.h"
#include "own_path.h"

static void
is(struct gs_snom_cell c, const char *want)
{
	assert_int_equal(c.s.n, strlen(want));
	assert_memory_equal(c.s.p, want, c.s.n);
}

static struct gs_span
span(const char *s)
{
	return gs_span(s, strlen(s));
}

static void
test_escapes(void **state)
{
	struct gs_snom_rows t;
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_snom_rows_open(&t, NULL,
			     span("a\tb\tc\n"
				  "x\\ty\t\\\\n\tz\\n\n"
				  "NULL\t\tNULLX\n"
				  "\\0\t\\q\t\\\n"
				  "\n"
				  "1\t2\t3"),
			     &err),
	    1);
	assert_int_equal(t.columns, 3);
	assert_int_equal(gs_snom_rows_column(&t, "b"), 1);
	assert_int_equal(gs_snom_rows_column(&t, "d"), -1);
	assert_int_equal(gs_snom_rows_next(&t, &err), 1);
	is(t.cell[0], "x\ty");
	is(t.cell[1], "\\n");
	is(t.cell[2], "z\n");
	assert_int_equal(t.line, 2);
	assert_int_equal(gs_snom_rows_next(&t, &err), 1);
	assert_true(t.cell[0].null);
	assert_false(t.cell[1].null);
	assert_int_equal(t.cell[1].s.n, 0);
	is(t.cell[2], "NULLX");
	assert_int_equal(gs_snom_rows_next(&t, &err), 1);
	assert_int_equal(t.cell[0].s.n, 1);
	assert_int_equal(t.cell[0].s.p[0], 0);
	is(t.cell[1], "\\q");
	is(t.cell[2], "\\");
	assert_int_equal(gs_snom_rows_next(&t, &err), 1);
	assert_int_equal(t.fault, GS_ROW_CELLS);
	assert_int_equal(t.cells, 1);
	assert_int_equal(gs_snom_rows_next(&t, &err), 1);
	assert_int_equal(t.fault, GS_ROW_OK);
	assert_int_equal(t.line, 6);
	is(t.cell[2], "3");
	assert_int_equal(gs_snom_rows_next(&t, &err), 0);
	gs_snom_rows_close(&t);
}

static void
test_header(void **state)
{
	static const char *const bad[] = { "a\ta\n", "a\t\n", "\n", "a\\n\n",
		"NULL\n" };
	struct gs_snom_rows t;
	struct gs_err err;
	char wide[200];

	(void)state;
	assert_int_equal(gs_snom_rows_open(&t, NULL, span(""), &err), 0);
	gs_snom_rows_close(&t);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    gs_snom_rows_open(&t, NULL, span(bad[i]), &err), -1);
		gs_snom_rows_close(&t);
	}
	for (size_t i = 0; i < 130; i++)
		wide[i] = i % 2 ? '\t' : 'a';
	assert_int_equal(gs_snom_rows_open(&t, NULL, gs_span(wide, 130), &err),
	    -1);
	gs_snom_rows_close(&t);
	assert_int_equal(gs_snom_rows_open(&t, NULL,
			     span("\xef\xbb\xbf"
				  "a\tb\r\n"),
			     &err),
	    1);
	assert_int_equal(gs_snom_rows_column(&t, "a"), 0);
	assert_int_equal(gs_snom_rows_column(&t, "b"), 1);
	assert_int_equal(t.cr_line, 1);
	gs_snom_rows_close(&t);
}

/* Lines that cross the reader's chunks, and one above the cap. */
static void
test_stream(void **state)
{
	char path[OWN_PATH];
	struct gs_reader r;
	struct gs_snom_rows t;
	struct gs_err err;
	int fd = mkstemp(own_path(path));
	FILE *fp = fdopen(fd, "w");

	(void)state;
	(void)unlink(path);
	assert_non_null(fp);
	(void)fprintf(fp, "n\ttext\n");
	for (int i = 0; i < 9; i++) {
		(void)fprintf(fp, "%d\t", i);
		for (int k = 0; k < (i == 5 ? GS_TABLE_LINE : 100000); k++)
			(void)fputc('a' + i, fp);
		(void)fputc('\n', fp);
	}
	(void)fflush(fp);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	r = (struct gs_reader){ .fd = fd, .size = 4096 };
	r.buf = malloc(r.size);
	assert_int_equal(gs_snom_rows_open(&t, &r, gs_span(NULL, 0), &err), 1);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(gs_snom_rows_next(&t, &err), 1);
		assert_int_equal(t.line, i + 2);
		assert_int_equal(t.fault, i == 5 ? GS_ROW_LONG : GS_ROW_OK);
		if (i == 5)
			continue;
		assert_int_equal(t.cell[1].s.n, 100000);
		assert_int_equal(t.cell[1].s.p[99999], 'a' + i);
		char text[8];
		assert_int_equal(pread(fd, text, 1, (off_t)t.offset), 1);
		assert_int_equal(text[0], '0' + i);
	}
	assert_int_equal(gs_snom_rows_next(&t, &err), 0);
	gs_snom_rows_close(&t);
	free(r.buf);
	(void)fclose(fp);
}

/* A table in whose place another one is written behind the first pass. */
static int
read_changed(const char *before, const char *after)
{
	char path[OWN_PATH];
	struct gs_snom_groups g;
	struct gs_err err;
	int fd = mkstemp(own_path(path));

	assert_int_not_equal(fd, -1);
	assert_int_equal(gs_file_put_all(fd, before, strlen(before)), 0);
	assert_int_equal(gs_snom_groups_open(&g, path, &err), 1);
	assert_int_equal(gs_snom_groups_index(&g, NULL, &err), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(gs_file_put_all(fd, after, strlen(after)), 0);
	gs_snom_groups_go(&g, 0);
	int more = gs_snom_groups_next(&g, &err);
	gs_snom_groups_close(&g);
	(void)close(fd);
	(void)unlink(path);
	return more;
}

/* One phone's file must not get the account of another. */
static void
test_changed(void **state)
{
	static const char table[] = "mac_address\tp\n"
				    "000413000001\t1\n"
				    "000413000002\t2\n";

	(void)state;
	assert_int_equal(read_changed(table, table), 1);
	assert_int_equal(read_changed(table, "mac_address\tp\n"), -1);
	assert_int_equal(read_changed(table,
			     "mac_address\tp\n"
			     "000413000002\t2\n"
			     "000413000001\t1\n"),
	    -1);
	assert_int_equal(read_changed(table,
			     "mac_address\tp\n"
			     "000413000001\t10\n"
			     "000413000002\t2\n"),
	    -1);
}

static void
test_text(void **state)
{
	static const char *const bad[] = { "\xff", "a\x07", "\xc0\x80",
		"\xed\xa0\x80", "\xef\xbf\xbf", "\x7f", "\xc2\x85", "\xe4" };
	struct gs_buf b;
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(gs_snom_text_valid(span(bad[i]), &at));
	assert_true(
	    gs_snom_text_valid(span("\xc3\xa4\xf0\x9f\x98\x80\t\r\n"), &at));
	assert_false(gs_snom_text_valid(span("\xc3\xa4\x01"), &at));
	assert_int_equal(at, 2);
	gs_buf_init(&b, 4096);
	gs_snom_text_put(&b, span("<a b=\"c\">'&\t\r\n\xc3\xa4"));
	gs_buf_putc(&b, '\0');
	assert_string_equal((char *)b.p,
	    "&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#9;&#13;&#10;\xc3\xa4");
	b.n = 0;
	gs_snom_text_decode(&b,
	    span("&lt;&#65;&#x1F600;&#xE4;&foo;&#0;&amp"
		 "<![CDATA[<&]]><!-- no -->\r\n\r&apos;"));
	gs_buf_putc(&b, '\0');
	assert_string_equal((char *)b.p,
	    "<A\xf0\x9f\x98\x80\xc3\xa4&foo;&#0;&amp<&\n\n'");
	gs_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
