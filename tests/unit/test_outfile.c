/* SPDX-License-Identifier: MIT */
/* The files that a run writes: outfile. */
#include "own_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/outfile.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, own_folder_leave)

enum { OTHER = 12345, THIRD = 12346 };

/* Each test in an empty folder of its own. */
static int
enter(void **state)
{
	(void)umask(0);
	return own_folder_enter(state);
}

static void
put(const char *path, const char *text, mode_t mode)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	(void)fputs(text, fp);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static bool
holds(const char *path, const char *want)
{
	char text[256] = "";
	FILE *fp = fopen(path, "r");

	if (fp == NULL)
		return false;
	size_t n = fread(text, 1, sizeof(text) - 1, fp);
	(void)fclose(fp);
	return n == strlen(want) && memcmp(text, want, n) == 0;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

/* Names in the folder, hidden ones too. */
static unsigned
names(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n - 2;
}

static int
begin(struct gs_outset *s, const char *path, const char *text,
    struct gs_outfile **o, struct gs_err *err)
{
	if (gs_outset_open(s, path, o, err) == -1)
		return -1;
	(void)fputs(text, gs_outfile_stream(*o));
	return 0;
}

/* The same of two files, one of which is there. */
static void
begin_both(struct gs_outset *s, const char *text, struct gs_outfile **new,
    struct gs_outfile **old)
{
	struct gs_err err;

	assert_int_equal(begin(s, "new", text, new, &err), 0);
	assert_int_equal(begin(s, "old", text, old, &err), 0);
}

static void
end_both(struct gs_outset *s, struct gs_outfile *first,
    struct gs_outfile *second, bool replace)
{
	struct gs_err err;

	assert_int_equal(gs_outset_finish(s, first, &err), 0);
	assert_int_equal(gs_outset_finish(s, second, &err), 0);
	assert_int_equal(gs_outset_commit(s, replace, &err), 0);
}

/* One file, from its begin to its place. */
static int
write_one(const char *path, const char *text, struct gs_err *err)
{
	struct gs_outset s = { 0 };
	struct gs_outfile *o;

	if (begin(&s, path, text, &o, err) == 0 &&
	    gs_outset_finish(&s, o, err) == 0)
		return gs_outset_commit(&s, true, err);
	gs_outset_drop(&s);
	return -1;
}

static void
appears_at_the_end(void **state)
{
	struct gs_outset s = { 0 };
	struct gs_outfile *a, *b;
	struct gs_err err;

	(void)state;
	put("old", "old", 0640);
	begin_both(&s, "secret", &a, &b);
	(void)fflush(gs_outfile_stream(a));
	assert_int_equal(names("."), 3);
	assert_int_equal(gs_outset_finish(&s, a, &err), 0);
	assert_int_equal(gs_outset_finish(&s, b, &err), 0);
	assert_int_equal(access("new", F_OK), -1);
	assert_true(holds("old", "old"));
	assert_int_equal(gs_outset_commit(&s, true, &err), 0);
	assert_true(holds("new", "secret"));
	assert_true(holds("old", "secret"));
	assert_int_equal(mode_of("new"), 0600);
	assert_int_equal(mode_of("old"), 0640);
	assert_int_equal(names("."), 2);
}

static void
fails_without_a_trace(void **state)
{
	struct gs_outset s = { 0 };
	struct gs_outfile *a, *b;
	struct gs_err err;

	(void)state;
	put("old", "old", 0600);
	begin_both(&s, "secret", &a, &b);
	assert_int_equal(gs_outset_finish(&s, a, &err), 0);
	gs_outset_drop(&s);
	assert_true(holds("old", "old"));
	assert_int_equal(names("."), 1);
	/* What was there stays, what is new comes, when nothing was read. */
	begin_both(&s, "empty", &a, &b);
	end_both(&s, a, b, false);
	assert_true(holds("old", "old"));
	assert_true(holds("new", "empty"));
	assert_int_equal(names("."), 2);
}

static void
live(void **state)
{
	struct gs_outset s = { .live = true };
	struct gs_outfile *a, *b;
	struct gs_err err;

	(void)state;
	assert_int_equal(begin(&s, "grows", "head", &a, &err), 0);
	assert_int_equal(gs_outfile_show(a, &err), 0);
	assert_true(holds("grows", "head"));
	(void)fputs(" and more", gs_outfile_stream(a));
	assert_int_equal(begin(&s, "call", "audio", &b, &err), 0);
	assert_int_equal(gs_outset_finish(&s, b, &err), 0);
	assert_true(holds("call", "audio"));
	gs_outset_drop(&s);
	assert_true(holds("grows", "head and more"));
	assert_int_equal(names("."), 2);
}

static void
links(void **state)
{
	struct gs_err err;
	struct stat st;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	put("d/file", "old", 0600);
	assert_int_equal(symlink("d/file", "link"), 0);
	assert_int_equal(symlink("link", "link2"), 0);
	assert_int_equal(symlink("d/new", "none"), 0);
	assert_int_equal(symlink("circle", "circle"), 0);
	assert_int_equal(write_one("link2", "new", &err), 0);
	assert_true(holds("d/file", "new"));
	assert_int_equal(write_one("none", "made", &err), 0);
	assert_true(holds("d/new", "made"));
	assert_int_equal(names("d"), 2);
	for (int i = 0; i < 3; i++) {
		const char *const all[] = { "link", "link2", "none" };
		assert_int_equal(lstat(all[i], &st), 0);
		assert_true(S_ISLNK(st.st_mode));
	}
	assert_int_equal(write_one("circle", "x", &err), -1);
	assert_non_null(strstr(err.text, "Too many levels"));
}

static void
wrong_paths(void **state)
{
	static const char *const wrong[][2] = {
		{ "none/x",
		    "none/x: cannot create: folder none: No such "
		    "file or directory" },
		{ "none/deep/x",
		    "none/deep/x: cannot create: folder none: "
		    "No such file or directory" },
		{ "file/x", "file/x: cannot create: file/x: Not a directory" },
		{ "d", "d: cannot write: Is a directory" },
		{ "d/", "d/: cannot write: Is a directory" },
		{ "new/", "new/: cannot create: Is a directory" },
		{ "", ": cannot create: No such file or directory" },
		{ "/dev/fd/99", "/dev/fd/99: Bad file descriptor" },
	};
	struct gs_err err;
	bool stream;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	put("file", "old", 0600);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(gs_outfile_check(wrong[i][0], &stream, &err),
		    -1);
		assert_string_equal(err.text, wrong[i][1]);
		assert_int_equal(write_one(wrong[i][0], "x", &err), -1);
		assert_string_equal(err.text, wrong[i][1]);
	}
	assert_int_equal(names("."), 2);
}

static void
in_place(void **state)
{
	char fd[32];
	struct gs_err err;
	struct stat st;
	bool stream = false;
	int shell = open("out", O_WRONLY | O_CREAT | O_APPEND, 0644);

	(void)state;
	/* A descriptor goes on where it is. */
	assert_int_equal(write(shell, "first ", 6), 6);
	(void)snprintf(fd, sizeof(fd), "/dev/fd/%d", shell);
	assert_int_equal(gs_outfile_check(fd, &stream, &err), 0);
	assert_true(stream);
	assert_int_equal(write_one(fd, "second", &err), 0);
	assert_true(holds("out", "first second"));
	(void)snprintf(fd, sizeof(fd), "/proc/self/fd/%d", shell);
	assert_int_equal(symlink(fd, "link"), 0);
	assert_int_equal(write_one("link", " third", &err), 0);
	assert_true(holds("out", "first second third"));
	(void)close(shell);
	/* A device stays one. */
	assert_int_equal(symlink("/dev/null", "null"), 0);
	assert_int_equal(write_one("null", "x", &err), 0);
	assert_int_equal(stat("null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(write_one("/dev/full", "x", &err), -1);
	assert_string_equal(err.text,
	    "/dev/full: cannot write: No space left on device");
}

/* Runs f as another user. Returns what it does. */
static int
as_other(int f(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(setegid(OTHER) == 0 && seteuid(OTHER) == 0 ? f() : 99);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
in_a_locked_folder(void)
{
	struct gs_err err;

	if (write_one("locked/mine", "new", &err) == -1 ||
	    write_one("locked/new", "new", &err) == 0 ||
	    strstr(err.text, "Permission denied") == NULL)
		return 1;
	/* Who took the right to write wants the file to stay. */
	if (write_one("own/kept", "new", &err) == 0 ||
	    strstr(err.text, "Permission denied") == NULL)
		return 2;
	/* A file of another user whose group cannot be kept. */
	return write_one("own/foreign", "new", &err) == 0 ? 0 : 3;
}

static void
of_other_users(void **state)
{
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(mkdir("locked", 0755), 0);
	assert_int_equal(mkdir("own", 0755), 0);
	assert_int_equal(chown("own", OTHER, OTHER), 0);
	put("locked/mine", "old and longer", 0644);
	assert_int_equal(chown("locked/mine", OTHER, OTHER), 0);
	put("own/kept", "old", 0444);
	assert_int_equal(chown("own/kept", OTHER, OTHER), 0);
	put("own/foreign", "old", 0666);
	assert_int_equal(chown("own/foreign", THIRD, THIRD), 0);
	assert_int_equal(as_other(in_a_locked_folder), 0);
	assert_true(holds("locked/mine", "new"));
	assert_true(holds("own/kept", "old"));
	assert_true(holds("own/foreign", "new"));
	assert_int_equal(mode_of("own/foreign"), 0606);
	assert_int_equal(names("locked") + names("own"), 3);
	/* Root gives a file back to who had it. */
	struct gs_err err;
	assert_int_equal(write_one("locked/mine", "newer", &err), 0);
	assert_int_equal(stat("locked/mine", &st), 0);
	assert_int_equal(st.st_uid, OTHER);
	assert_int_equal(st.st_gid, OTHER);
	assert_int_equal(st.st_mode & 0777, 0644);
}

/* In a folder like /tmp, what others have put there. */
static void
planted(void **state)
{
	static const char *const bad[] = { "tmp/link", "tmp/none",
		"tmp/way/file", "tmp/file", "mine", "tmp/pipe" };
	struct gs_err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(mkdir("tmp", 01777), 0);
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(chmod("tmp", 01777), 0);
	put("d/file", "old", 0600);
	put("tmp/file", "old", 0666);
	assert_int_equal(symlink("../d/file", "tmp/link"), 0);
	assert_int_equal(symlink("../d/new", "tmp/none"), 0);
	assert_int_equal(symlink("../d", "tmp/way"), 0);
	assert_int_equal(symlink("tmp/link", "mine"), 0);
	assert_int_equal(mkfifo("tmp/pipe", 0666), 0);
	for (int i = 0; i < 6; i++)
		if (strncmp(bad[i], "tmp/", 4) == 0 && i != 2)
			assert_int_equal(lchown(bad[i], OTHER, OTHER), 0);
	assert_int_equal(lchown("tmp/way", OTHER, OTHER), 0);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(write_one(bad[i], "new", &err), -1);
		assert_non_null(strstr(err.text, "belongs to another user"));
	}
	assert_true(holds("d/file", "old"));
	assert_true(holds("tmp/file", "old"));
	assert_int_equal(names("d"), 1);
	/* One's own link there is one's own. */
	assert_int_equal(symlink("../d/file", "tmp/own"), 0);
	assert_int_equal(write_one("tmp/own", "new", &err), 0);
	assert_true(holds("d/file", "new"));
}

static void
hear(void *arg, const char *path, mode_t mode)
{
	(void)snprintf(arg, 64, "%s %o", path, (unsigned)mode);
}

static void
wide(void **state)
{
	char said[64] = "";
	struct gs_outset s = { .wide = hear, .arg = said };
	struct gs_outfile *o;
	struct gs_err err;

	(void)state;
	put("narrow", "", 0600);
	put("wide", "", 0640);
	assert_int_equal(begin(&s, "new", "x", &o, &err), 0);
	assert_int_equal(begin(&s, "narrow", "x", &o, &err), 0);
	assert_string_equal(said, "");
	assert_int_equal(begin(&s, "wide", "x", &o, &err), 0);
	assert_string_equal(said, "wide 640");
	gs_outset_drop(&s);
}

static void
inputs(void **state)
{
	struct gs_guard g;
	struct gs_outset s = { .guard = &g };
	struct gs_outfile *o;
	struct gs_err err;

	(void)state;
	put("in", "old", 0600);
	assert_int_equal(link("in", "hard"), 0);
	gs_guard_init(&g);
	assert_int_equal(gs_guard_read(&g, NULL, "in", &err), 0);
	assert_int_equal(gs_outset_open(&s, "hard", &o, &err), -1);
	assert_string_equal(err.text, "hard: not written: it is an input");
	gs_guard_free(&g);
	assert_int_equal(names("."), 2);
}

/* More finished files than may wait take their places at once. */
static void
many(void **state)
{
	struct gs_outset s = { .waiting = GS_OUTSET_WAITING - 1 };
	struct gs_outfile *a, *b;
	struct gs_err err;

	(void)state;
	assert_int_equal(begin(&s, "a", "x", &a, &err), 0);
	assert_int_equal(begin(&s, "b", "x", &b, &err), 0);
	assert_int_equal(gs_outset_finish(&s, a, &err), 0);
	assert_int_equal(gs_outset_finish(&s, b, &err), 0);
	assert_int_equal(access("a", F_OK), -1);
	assert_int_equal(access("b", F_OK), 0);
	gs_outset_drop(&s);
	assert_int_equal(names("."), 1);
}

/* A name as long as names can be leaves no room for a longer one. */
static void
long_name(void **state)
{
	char name[256];
	struct gs_err err;

	(void)state;
	memset(name, 'n', 255);
	name[255] = '\0';
	assert_int_equal(write_one(name, "x", &err), 0);
	assert_true(holds(name, "x"));
}

/* ---- by a keeper */

static bool
is_call(const void *arg, const char *name)
{
	return strncmp(name, arg, strlen(arg)) == 0;
}

static void
no_more(int sig)
{
	(void)sig;
}

/* Starts a process that writes "new", "old", "pipe" and "d/call…". */
static pid_t
keep(struct gs_keeper *k, bool at_once)
{
	struct sigaction stop = { .sa_handler = no_more };
	struct gs_guard g;
	struct gs_outset s = { .guard = &g, .live = at_once };
	const char *const paths[] = { "new", "old", "pipe" };
	struct gs_err err;
	int both[2];

	gs_guard_init(&g);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gs_guard_write(&g, paths[i], paths[i], &err),
		    0);
	(void)mkdir("d", 0700);
	assert_int_equal(
	    gs_guard_write_in(&g, "-a", "d/", is_call, "call", &err), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, both), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(both[0]);
		(void)sigaction(SIGIO, &stop, NULL);
		(void)fcntl(both[1], F_SETOWN, getpid());
		(void)fcntl(both[1], F_SETFL, O_ASYNC);
		gs_outset_serve(&s, both[1]);
		_exit(0);
	}
	gs_guard_free(&g);
	(void)close(both[1]);
	k->socket = both[0];
	return pid;
}

static void
end_keeper(const struct gs_keeper *k, pid_t pid)
{
	int status;

	(void)close(k->socket);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
kept(void **state)
{
	char said[64] = "";
	struct gs_keeper k;
	struct gs_outset s = { .keeper = &k, .wide = hear, .arg = said };
	struct gs_outfile *a, *b, *c;
	struct gs_err err;

	(void)state;
	put("old", "old", 0640);
	pid_t pid = keep(&k, false);
	begin_both(&s, "secret", &a, &b);
	assert_string_equal(said, "old 640");
	assert_int_equal(begin(&s, "d//call-2", "audio", &c, &err), 0);
	assert_int_equal(gs_outset_finish(&s, a, &err), 0);
	assert_int_equal(gs_outset_finish(&s, c, &err), 0);
	assert_int_equal(access("new", F_OK), -1);
	gs_outset_drop(&s);
	assert_true(holds("old", "old"));
	assert_int_equal(names("d"), 0);
	assert_int_equal(names("."), 2);
	begin_both(&s, "secret", &a, &b);
	end_both(&s, b, a, true);
	assert_true(holds("old", "secret"));
	assert_true(holds("new", "secret"));
	assert_int_equal(mode_of("new"), 0600);
	assert_int_equal(mode_of("old"), 0640);
	/* What is not finished goes when this process does. */
	assert_int_equal(begin(&s, "old", "late", &a, &err), 0);
	assert_int_equal(fflush(gs_outfile_stream(a)), 0);
	end_keeper(&k, pid);
	assert_true(holds("old", "secret"));
	assert_int_equal(names("."), 3);
	assert_int_equal(gs_outset_open(&s, "new", &b, &err), -1);
	assert_non_null(strstr(err.text, "has ended"));
	gs_outset_drop(&s);
}

static void
kept_live(void **state)
{
	struct gs_keeper k;
	struct gs_outset s = { .keeper = &k };
	struct gs_outfile *a, *b;
	struct gs_err err;

	(void)state;
	pid_t pid = keep(&k, true);
	assert_int_equal(begin(&s, "new", "head", &a, &err), 0);
	assert_int_equal(gs_outfile_show(a, &err), 0);
	assert_true(holds("new", "head"));
	(void)fputs(" and more", gs_outfile_stream(a));
	assert_int_equal(begin(&s, "d/call", "audio", &b, &err), 0);
	assert_int_equal(gs_outset_finish(&s, b, &err), 0);
	assert_true(holds("d/call", "audio"));
	gs_outset_drop(&s);
	assert_true(holds("new", "head and more"));
	end_keeper(&k, pid);
}

static void
kept_from_others(void **state)
{
	static const char *const others[] = { "other", "call", "d/other",
		"d/../call", "./new", "/etc/passwd", "d/", "" };
	struct gs_keeper k;
	struct gs_outset s = { .keeper = &k };
	struct gs_outfile *o;
	struct gs_err err;

	(void)state;
	pid_t pid = keep(&k, false);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(gs_outset_open(&s, others[i], &o, &err), -1);
		assert_non_null(strstr(err.text, "it is not an output"));
	}
	end_keeper(&k, pid);
	assert_int_equal(names("."), 1);
}

/* A signal ends the wait for who reads a pipe, and nothing else. */
static void
kept_pipe(void **state)
{
	struct sigaction stop = { .sa_handler = no_more };
	struct itimerval soon = { .it_value.tv_usec = 50000,
		.it_interval.tv_usec = 50000 };
	const struct itimerval never = { 0 };
	struct gs_keeper k;
	struct gs_outset s = { .keeper = &k };
	struct gs_outfile *o;
	struct gs_err err;
	char text[8] = "";

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	pid_t pid = keep(&k, false);
	assert_int_equal(sigaction(SIGALRM, &stop, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(gs_outset_open(&s, "pipe", &o, &err), -1);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(err.sys, EINTR);
	int fd = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_int_equal(begin(&s, "pipe", "sound", &o, &err), 0);
	assert_true(gs_outfile_is_stream(o));
	assert_int_equal(gs_outset_finish(&s, o, &err), 0);
	assert_int_equal(read(fd, text, sizeof(text)), 5);
	assert_int_equal(read(fd, text, sizeof(text)), 0);
	assert_int_equal(gs_outset_commit(&s, true, &err), 0);
	assert_int_equal(close(fd), 0);
	end_keeper(&k, pid);
}

/* Who asks need not want to know why not. */
static void
refused(void **state)
{
	const struct gs_keeper_reply no = { .r = -1 };
	const struct gs_keeper_request q = { .verb = 1 };
	struct gs_keeper_reply a;
	int both[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, both), 0);
	const struct gs_keeper k = { .socket = both[0] };
	gs_keeper_answer(both[1], &no, -1);
	assert_int_equal(gs_keeper_ask(&k, &q, &a, NULL, NULL), -1);
	(void)close(both[0]);
	(void)close(both[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(appears_at_the_end),
		TEST(fails_without_a_trace),
		TEST(live),
		TEST(links),
		TEST(wrong_paths),
		TEST(in_place),
		TEST(of_other_users),
		TEST(planted),
		TEST(wide),
		TEST(inputs),
		TEST(many),
		TEST(long_name),
		TEST(kept),
		TEST(kept_live),
		TEST(kept_from_others),
		TEST(kept_pipe),
		TEST(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
