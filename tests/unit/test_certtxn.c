/* SPDX-License-Identifier: MIT */
/* The transaction: all or nothing, and what an interrupted run leaves. */
#include "own_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "cert/layout.h"
#include "cert/store.h"

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, own_folder_enter, own_folder_leave)

static void
put(const char *path, const char *text)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	assert_true(fputs(text, fp) >= 0);
	assert_int_equal(fclose(fp), 0);
}

static void
assert_text(const char *path, const char *text)
{
	struct gs_buf b;
	struct gs_err err;

	gs_buf_init(&b, 1000);
	assert_int_equal(gs_file_read(path, &b, &err), 0);
	gs_buf_putc(&b, '\0');
	assert_string_equal((char *)b.p, text);
	gs_buf_free(&b);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
begin(struct gs_cert_txn *t)
{
	struct gs_err err;

	assert_int_equal(gs_cert_txn_init(t, "home", &err), 0);
	gs_cert_txn_folder(t, "home", true, gs_cert_mode(0700));
	assert_int_equal(gs_cert_txn_open(t, &err), 0);
}

static void
add_put(struct gs_cert_txn *t, const char *path, const char *text)
{
	assert_non_null(gs_cert_txn_put(t, path, gs_span(text, strlen(text)),
	    gs_cert_mode(0640)));
}

static void
a_transaction(void **state)
{
	struct gs_cert_txn t;
	struct gs_err err;
	struct stat st;

	(void)state;
	begin(&t);
	put("home/b", "old b");
	put("home/d", "old d");
	add_put(&t, "home/a", "new a");
	add_put(&t, "home/b", "new b");
	gs_cert_txn_link(&t, "home/c", "b");
	gs_cert_txn_remove(&t, "home/d");
	gs_cert_txn_remove(&t, "home/never-there");
	assert_int_equal(gs_cert_txn_stage(&t, &err), 0);
	assert_text("home/b", "old b");
	assert_int_equal(gs_cert_txn_commit(&t, &err), 0);
	assert_true(gs_cert_txn_unfinished("home"));
	assert_int_equal(gs_cert_txn_finish(&t, &err), 0);
	gs_cert_txn_free(&t);
	assert_text("home/a", "new a");
	assert_text("home/c", "new b");
	assert_false(exists("home/d"));
	assert_false(gs_cert_txn_unfinished("home"));
	assert_int_equal(stat("home/a", &st), 0);
	assert_int_equal((int)(st.st_mode & 07777), 0640);
}

/* What a link of a set leads to is not what was to be put there. */
static void
another_file_is_loaded(void **state)
{
	struct gs_cert_layout l = { .fqdn = "pbx.example.com" };
	struct gs_cert_loaded loaded = { 0 };
	struct gs_cert_txn t;
	struct gs_err err;

	(void)state;
	begin(&t);
	put("home/pem", "old");
	(void)snprintf(l.path[GS_PLACE_PEM], GS_PATH_SIZE, "home/pem");
	gs_buf_init(&loaded.agent, 100);
	gs_buf_puts(&loaded.agent, "verified");
	add_put(&t, "home/pem", "another");
	assert_int_equal(gs_cert_store_apply(&l, &loaded, &t, &err), -1);
	assert_string_equal(err.text,
	    "home/pem changed while it was put in place");
	gs_cert_txn_free(&t);
	assert_text("home/pem", "old");
	begin(&t);
	add_put(&t, "home/pem", "verified");
	assert_int_equal(gs_cert_store_apply(&l, &loaded, &t, &err), 0);
	gs_cert_txn_free(&t);
	assert_text("home/pem", "verified");
	gs_cert_loaded_free(&loaded);
}

static void
undone_after_the_commit(void **state)
{
	struct gs_cert_txn t;
	struct gs_err err;
	struct stat before, after;

	(void)state;
	begin(&t);
	put("home/a", "old");
	assert_int_equal(stat("home/a", &before), 0);
	add_put(&t, "home/a", "first");
	add_put(&t, "home/b", "new");
	add_put(&t, "home/a", "second");
	assert_int_equal(gs_cert_txn_stage(&t, &err), 0);
	assert_int_equal(gs_cert_txn_commit(&t, &err), 0);
	assert_text("home/a", "second");
	gs_cert_txn_undo(&t);
	gs_cert_txn_free(&t);
	assert_text("home/a", "old");
	assert_int_equal(stat("home/a", &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_false(exists("home/b"));
	assert_int_equal(rmdir("home"), -1);
	assert_int_equal(unlink("home/a"), 0);
	assert_int_equal(rmdir("home"), 0);
}

static void
a_step_that_fails_undoes_the_others(void **state)
{
	struct gs_cert_txn t;
	struct gs_err err;

	(void)state;
	begin(&t);
	put("home/a", "old");
	assert_int_equal(mkdir("home/folder", 0700), 0);
	add_put(&t, "home/a", "new");
	add_put(&t, "home/folder", "cannot replace it");
	assert_int_equal(gs_cert_txn_stage(&t, &err), 0);
	assert_int_equal(gs_cert_txn_commit(&t, &err), -1);
	gs_cert_txn_free(&t);
	assert_text("home/a", "old");
	assert_int_equal(unlink("home/a"), 0);
	assert_int_equal(rmdir("home/folder"), 0);
	assert_int_equal(rmdir("home"), 0);
}

static void
an_interrupted_run_is_carried_forward(void **state)
{
	struct gs_cert_txn t;

	(void)state;
	begin(&t);
	gs_cert_txn_free(&t);
	assert_int_equal(mkdir("home", 0700), 0);
	assert_int_equal(mkdir("else", 0700), 0);
	/* Of three steps the first was done, in the folder of an option
	 * that the next run may not have. */
	put("home/a", "new a");
	put("else/.gs-certgen-01", "new b");
	put("else/.gs-certgen-01-old", "old b");
	put("else/b", "old b");
	put("home/c", "to go");
	put("home/.gs-certgen-journal",
	    "gs-certgen journal 1\n"
	    "home/.gs-certgen-00\thome/a\n"
	    "else/.gs-certgen-01\telse/b\n"
	    "\thome/c\n"
	    "end\n");
	begin(&t);
	assert_true(t.recovered);
	gs_cert_txn_free(&t);
	assert_text("home/a", "new a");
	assert_text("else/b", "new b");
	assert_false(exists("home/c"));
	assert_false(exists("else/.gs-certgen-01-old"));
	assert_false(gs_cert_txn_unfinished("home"));
}

static void
a_damaged_journal_is_not_touched(void **state)
{
	static const char *const bad[] = { "", "gs-certgen journal 1\n",
		"gs-certgen journal 1\nhome/x\nend\n",
		"gs-certgen journal 2\nend\n",
		"gs-certgen journal 1\nelse/.gs-certgen-00\thome/a\nend\n",
		"gs-certgen journal 1\na\tb" };
	struct gs_cert_txn t;
	struct gs_err err;

	(void)state;
	assert_int_equal(mkdir("home", 0700), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		put("home/.gs-certgen-journal", bad[i]);
		assert_int_equal(gs_cert_txn_init(&t, "home", &err), 0);
		gs_cert_txn_folder(&t, "home", true, gs_cert_mode(0700));
		assert_int_equal(gs_cert_txn_open(&t, &err), -1);
		gs_cert_txn_free(&t);
		assert_text("home/.gs-certgen-journal", bad[i]);
	}
	assert_int_equal(unlink("home/.gs-certgen-journal"), 0);
}

static void
one_at_a_time(void **state)
{
	struct gs_cert_txn a, b;
	struct gs_err err;

	(void)state;
	begin(&a);
	assert_int_equal(gs_cert_txn_init(&b, "home", &err), 0);
	assert_int_equal(gs_cert_txn_open(&b, &err), -1);
	gs_cert_txn_free(&b);
	gs_cert_txn_free(&a);
	begin(&b);
	gs_cert_txn_free(&b);
}

static void
what_does_not_fit_is_refused(void **state)
{
	char path[GS_PATH_SIZE + 1];
	struct gs_cert_txn t;
	struct gs_err err;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[GS_PATH_SIZE] = '\0';
	begin(&t);
	gs_cert_txn_link(&t, path, "a");
	assert_int_equal(gs_cert_txn_stage(&t, &err), -1);
	gs_cert_txn_free(&t);
	begin(&t);
	gs_cert_txn_link(&t, "home/a\tb", "a");
	assert_int_equal(gs_cert_txn_stage(&t, &err), -1);
	gs_cert_txn_free(&t);
	begin(&t);
	for (unsigned i = 0; i < GS_TXN_STEPS + 1; i++)
		gs_cert_txn_link(&t, "home/l", "a");
	assert_int_equal(gs_cert_txn_stage(&t, &err), -1);
	gs_cert_txn_free(&t);
	assert_false(exists("home/l"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_transaction),
		TEST(another_file_is_loaded),
		TEST(undone_after_the_commit),
		TEST(a_step_that_fails_undoes_the_others),
		TEST(an_interrupted_run_is_carried_forward),
		TEST(a_damaged_journal_is_not_touched),
		TEST(one_at_a_time),
		TEST(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
