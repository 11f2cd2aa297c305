/* SPDX-License-Identifier: MIT */
/* base/confine: what a confined process tries dies or fails. */
#include "own_folder.h"

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/confine.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static int
enter(void **state)
{
	if (own_folder_enter(state) == -1)
		return -1;
	for (int i = 0; i < 2; i++) {
		int fd =
		    open(i == 0 ? "named" : "other", O_WRONLY | O_CREAT, 0644);

		if (fd == -1 || write(fd, "text", 4) != 4 || close(fd) == -1)
			return -1;
	}
	return 0;
}

static void
hear(void *arg, const char *text)
{
	(void)text;
	++*(int *)arg;
}

/* ---- what is tried; each returns 0 when it fails as it should */

static int
refused(long r)
{
	return r == -1 && (errno == EPERM || errno == EACCES) ? 0 : 1;
}

static int
exec_shell(void)
{
	(void)execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static int
exec_beside(void)
{
	(void)syscall(SYS_execveat, AT_FDCWD, "/bin/true", NULL, NULL, 0);
	return 1;
}

static int
trace(void)
{
	(void)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
	return 1;
}

static int
make_socket(void)
{
	return refused(socket(AF_INET, SOCK_STREAM, 0)) ||
	    refused(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
make_process(void)
{
	return refused(fork());
}

static int
read_other(void)
{
	return refused(open("other", O_RDONLY)) ||
	    refused(open("/etc/passwd", O_RDONLY));
}

/* Newer processors have no creat. */
static long
creat_new(void)
{
#ifdef SYS_creat
	return syscall(SYS_creat, "new", 0600);
#else
	return open("new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
#endif
}

static int
write_files(void)
{
	return refused(open("named", O_WRONLY)) ||
	    refused(open("named", O_RDONLY | O_TRUNC)) ||
	    refused(open("new", O_RDWR | O_CREAT, 0600)) ||
	    refused(creat_new()) || refused(truncate("named", 0));
}

static int
change_names(void)
{
	return refused(rename("named", "new")) || refused(unlink("named")) ||
	    refused(symlink("named", "new")) || refused(link("named", "new")) ||
	    refused(mkdir("new", 0700)) || refused(chmod("named", 0777));
}

static int
go_on(void)
{
	char text[4];
	int fd = open("named", O_RDONLY);
	int library = open("/usr/lib", O_RDONLY | O_DIRECTORY);

	return read(fd, text, 4) == 4 && library != -1 &&
		open("missing", O_RDONLY) == -1 && errno == ENOENT &&
		malloc(1 << 24) != NULL && write(STDERR_FILENO, "", 0) == 0 ?
	    0 :
	    1;
}

/* How a child ends that is confined and then tries. */
static int
status_of(int (*attempt)(void))
{
	static const char *const reads[] = { "named", "missing" };
	struct gs_err err;
	int status, heard = 0;
	struct gs_confine c = { .reads = { reads, reads + 1 },
		.n = { 1, 1 },
		.say = hear,
		.arg = &heard };
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if (gs_confine(&c, &err) == -1 || heard > 0)
			_exit(77);
		_exit(attempt());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
dies(void **state)
{
	int (*const attempts[])(void) = { exec_shell, exec_beside, trace };

	(void)state;
	if (SANITIZED)
		skip();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int status = status_of(attempts[i]);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

static void
fails(void **state)
{
	int (*const attempts[])(void) = { make_socket, make_process, read_other,
		write_files, change_names };
	struct stat st;

	(void)state;
	if (SANITIZED)
		skip();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		assert_int_equal(status_of(attempts[i]), 0);
	assert_int_equal(stat("named", &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(stat("new", &st), -1);
}

static void
works(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	assert_int_equal(status_of(go_on), 0);
}

/* ---- another user */

/* Returns 0 when the process is nobody's and has no right. */
static int
has_nothing(void)
{
	FILE *fp = fopen("/proc/self/status", "r");
	char line[128];
	int caps = 0;

	if (fp == NULL || getuid() == 0 || geteuid() == 0 || getgid() == 0 ||
	    getgroups(0, NULL) != 1 || setuid(0) == 0)
		return 1;
	while (fgets(line, sizeof(line), fp) != NULL)
		caps += strncmp(line, "Cap", 3) == 0 &&
		    strstr(line, "0000000000000000") != NULL;
	return caps == 5 ? 0 : 1;
}

static void
becomes(void **state)
{
	static const char *const users[] = { NULL, "nobody", "no such user" };
	struct gs_err err;
	int heard = 0;
	struct gs_confine c = { .say = hear, .arg = &heard };

	(void)state;
	if (geteuid() != 0) {
		assert_int_equal(gs_confine_user(&c, "nobody", &err), -1);
		assert_string_equal(err.text,
		    "only root can become user nobody");
		skip();
	}
	for (int i = 0; i < 3; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			int r = gs_confine_user(&c, users[i], &err);

			_exit(r == -1 ? 50 : heard > 0 ? 60 : has_nothing());
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), i == 2 ? 50 : 0);
	}
}

/* That the users cannot be read does not mean that there is none. */
static void
cannot_look_up(void **state)
{
	const struct rlimit no_files = { 0, 0 };
	const struct gs_confine c = { .say = hear };
	struct gs_err err;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid_t pid = fork();
	if (pid == 0) {
		_exit(setrlimit(RLIMIT_NOFILE, &no_files) == 0 &&
			    gs_confine_user(&c, "nobody", &err) == -1 &&
			    strstr(err.text, "cannot look up user nobody: ") !=
				NULL ?
			0 :
			1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cannot_look_up),
		cmocka_unit_test(dies),
		cmocka_unit_test(fails),
		cmocka_unit_test(works),
		cmocka_unit_test(becomes),
	};

	return cmocka_run_group_tests(tests, enter, own_folder_leave);
}
