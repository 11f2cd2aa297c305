/* SPDX-License-Identifier: MIT */
/* No output is an input: guard. */
#include "own_folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/guard.h"

/* In a folder of its own. */
static int
enter(void **state)
{
	if (own_folder_enter(state) == -1 || mkdir("in", 0700) == -1)
		return -1;
	FILE *fp = fopen("call.pcap", "w");
	return fp == NULL || fclose(fp) != 0 ? -1 : 0;
}

/* Whether one run may read a and write b, whichever is said first. */
static bool
together(const char *a, const char *b)
{
	bool may[2];

	for (int i = 0; i < 2; i++) {
		struct gs_guard g;
		struct gs_err err;
		int r = 0;

		gs_guard_init(&g);
		if (i == 0)
			r = gs_guard_read(&g, NULL, a, &err);
		if (r == 0)
			r = gs_guard_write(&g, "-w", b, &err);
		if (r == 0 && i == 1)
			r = gs_guard_read(&g, NULL, a, &err);
		may[i] = r == 0;
		gs_guard_free(&g);
	}
	assert_true(may[0] == may[1]);
	return may[0];
}

static void
links(void **state)
{
	char fd[32];
	int call = open("call.pcap", O_RDONLY);

	(void)state;
	assert_int_equal(link("call.pcap", "hard"), 0);
	assert_int_equal(symlink("call.pcap", "soft"), 0);
	assert_int_equal(symlink("../soft", "in/soft"), 0);
	assert_int_equal(symlink("in", "way"), 0);
	(void)snprintf(fd, sizeof(fd), "/dev/fd/%d", call);
	const char *const same[] = { "call.pcap", "./call.pcap", "hard", "soft",
		"in/soft", "way/soft", "in/../call.pcap", fd };
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_false(together("call.pcap", same[i]));
		assert_false(together(same[i], "call.pcap"));
		assert_false(together("soft", same[i]));
	}
	assert_true(together("call.pcap", "other.pcap"));
	assert_true(together("call.pcap", "in/call.pcap"));
	(void)close(call);
}

/* By folder and last name, through links that lead nowhere. */
static void
absent(void **state)
{
	(void)state;
	assert_int_equal(symlink("in/new", "nowhere"), 0);
	assert_int_equal(symlink("nowhere", "nowhere2"), 0);
	assert_int_equal(symlink("circle", "circle"), 0);
	assert_false(together("in/new", "in/new"));
	assert_false(together("in/new", "way/new"));
	assert_false(together("in/new", "nowhere"));
	assert_false(together("nowhere2", "way/../in/new"));
	assert_true(together("in/new", "new"));
	assert_true(together("in/new", "in/newer"));
	/* What cannot be opened is no concern of this. */
	assert_true(together("in/new", "circle"));
	assert_true(together("none/new", "none/new"));
}

static void
kinds(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_false(together("pipe", "pipe"));
	assert_true(together("/dev/null", "/dev/null"));
	assert_true(together("/dev/full", "/dev/full"));
	/* Two nodes of one device; it needs root. */
	if (mknod("disk", S_IFBLK | 0600, 0x0100) == 0 &&
	    mknod("disk2", S_IFBLK | 0600, 0x0100) == 0)
		assert_false(together("disk", "disk2"));
}

/* What err says when b is written after a. */
static void
two_outputs(const char *what, const char *a, const char *with, const char *b,
    struct gs_err *err)
{
	struct gs_guard g;

	err->text[0] = '\0';
	gs_guard_init(&g);
	assert_int_equal(gs_guard_write(&g, what, a, err), 0);
	int r = gs_guard_write(&g, with, b, err);
	assert_true((r == -1) == (err->text[0] != '\0'));
	gs_guard_free(&g);
}

static void
outputs(void **state)
{
	struct gs_err err;

	(void)state;
	two_outputs("-w", "x", "-g", "./x", &err);
	assert_string_equal(err.text,
	    "-g ./x and -w x are the same file: nothing was written");
	two_outputs("-w", "x", "-g", "y", &err);
	assert_string_equal(err.text, "");
	/* The links and files of one set may be the same. */
	two_outputs("set", "soft", "set", "hard", &err);
	assert_string_equal(err.text, "");
}

static void
streams(void **state)
{
	struct gs_guard g;
	struct gs_err err;
	int saved = dup(STDOUT_FILENO);
	int to = open("call.pcap", O_WRONLY | O_APPEND);

	(void)state;
	gs_guard_init(&g);
	assert_int_equal(dup2(to, STDOUT_FILENO), STDOUT_FILENO);
	bool is = gs_guard_is_fd("soft", STDOUT_FILENO);
	int first = gs_guard_write(&g, NULL, "-", &err);
	int r = gs_guard_read(&g, NULL, "soft", &err);
	assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
	assert_true(is);
	assert_int_equal(first, 0);
	assert_int_equal(r, -1);
	assert_string_equal(err.text,
	    "soft and standard output are the same "
	    "file: nothing was written");
	gs_guard_free(&g);
	gs_guard_init(&g);
	assert_int_equal(gs_guard_read(&g, "-K", "hard", &err), 0);
	assert_true(gs_guard_reads(&g, "soft"));
	assert_false(gs_guard_reads(&g, "in"));
	gs_guard_free(&g);
	(void)close(to);
	(void)close(saved);
}

static bool
ends_so(const void *arg, const char *name)
{
	size_t n = strlen(name), k = strlen(arg);

	return n > k && strcmp(name + n - k, arg) == 0;
}

/* What err says of files "*.wav" in a folder beside an input or output. */
static bool
family(bool reads, const char *path, struct gs_err *err)
{
	bool may[2];

	for (int i = 0; i < 2; i++) {
		struct gs_guard g;
		int r = 0;

		gs_guard_init(&g);
		if (i == 0)
			r = gs_guard_write_in(&g, "-A", "way", ends_so, ".wav",
			    err);
		if (r == 0)
			r = reads ? gs_guard_read(&g, "-K", path, err) :
				    gs_guard_write(&g, "-w", path, err);
		if (r == 0 && i == 1)
			r = gs_guard_write_in(&g, "-A", "way", ends_so, ".wav",
			    err);
		may[i] = r == 0;
		gs_guard_free(&g);
	}
	/* What is there already is found when the folder is looked at. */
	assert_true(may[0] == may[1] || access(path, F_OK) == 0);
	return may[1];
}

static void
families(void **state)
{
	struct gs_guard g;
	struct gs_err err;

	(void)state;
	assert_true(family(false, "in/1.pcap", &err));
	assert_false(family(false, "in/1.wav", &err));
	assert_true(family(false, "1.wav", &err));
	assert_true(family(true, "call.pcap", &err));
	assert_int_equal(symlink("../call.pcap", "in/2.wav"), 0);
	assert_false(family(true, "call.pcap", &err));
	assert_string_equal(err.text,
	    "-A way (its file 2.wav) and -K "
	    "call.pcap are the same file: nothing was written");
	assert_false(family(false, "call.pcap", &err));
	gs_guard_init(&g);
	assert_int_equal(gs_guard_write_in(&g, "-A", "none", ends_so, "", &err),
	    -1);
	assert_string_equal(err.text, "folder none: No such file or directory");
	gs_guard_free(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(absent),
		cmocka_unit_test(kinds),
		cmocka_unit_test(outputs),
		cmocka_unit_test(streams),
		cmocka_unit_test(families),
	};

	return cmocka_run_group_tests(tests, enter, own_folder_leave);
}
