/* SPDX-License-Identifier: MIT */
/* Preloaded into a program: counts its file-system calls, and lets the n-th
 * fail, kills the process there or stops it at each; or watches who may read
 * keys. */
#define _GNU_SOURCE
#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* GS_FAULT_AT=N with GS_FAULT_MODE=fail (GS_FAULT_ERRNO) or =kill: this one
 * counts only calls that change something, since a process that dies
 * leaves the same whether it dies before a read or after it;
 * GS_FAULT_MODE=stop: it stops (SIGSTOP) before each of these;
 * GS_FAULT_READS=N+K: of the calls that only read, =fail counts each N-th,
 * from number K on;
 * GS_FAULT_COUNT=FILE receives the number of calls;
 * GS_FAULT_LOG=FILE receives the name of the call that was hit;
 * GS_WATCH_ROOT=DIR with GS_WATCH_MASK=OCTAL: no file below DIR that holds
 * a private key may have one of these mode bits, after any call. */

static long calls;
static bool inside;

static long
number(const char *name, int base, long otherwise)
{
	const char *v = getenv(name);

	return v == NULL ? otherwise : strtol(v, NULL, base);
}

static void
note(const char *env, const char *text)
{
	const char *path = getenv(env);
	FILE *fp = path == NULL ? NULL : fopen(path, "w");

	if (fp == NULL)
		return;
	(void)fprintf(fp, "%s\n", text);
	(void)fclose(fp);
}

/* Of many calls that only read, some are enough. */
static bool
is_left_out(void)
{
	static long reads;
	const char *v = getenv("GS_FAULT_READS");
	const char *plus = v == NULL ? NULL : strchr(v, '+');

	if (plus == NULL)
		return false;
	return reads++ % strtol(v, NULL, 10) != strtol(plus, NULL, 10);
}

/* Whether this call is the one that fails. */
static bool
hit(const char *name, bool changes)
{
	const char *mode = getenv("GS_FAULT_MODE");
	bool stops = mode != NULL && strcmp(mode, "stop") == 0;
	bool deadly = stops || (mode != NULL && strcmp(mode, "kill") == 0);

	if (inside || (!changes && (deadly || is_left_out())))
		return false;
	inside = true;
	bool yes = ++calls == number("GS_FAULT_AT", 10, 0);
	if (yes || stops)
		note("GS_FAULT_LOG", name);
	if (yes)
		errno = (int)number("GS_FAULT_ERRNO", 10, EIO);
	if (stops || (yes && deadly))
		(void)kill(getpid(), stops ? SIGSTOP : SIGKILL);
	inside = false;
	return yes;
}

static int
look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	mode_t mask = (mode_t)number("GS_WATCH_MASK", 8, 077);
	char text[65536];

	(void)ftw;
	if (type != FTW_F || (st->st_mode & mask) == 0)
		return 0;
	FILE *fp = fopen(path, "r");
	size_t n = fp == NULL ? 0 : fread(text, 1, sizeof(text), fp);
	if (fp != NULL)
		(void)fclose(fp);
	if (memmem(text, n, "PRIVATE KEY", 11) == NULL)
		return 0;
	(void)fprintf(stderr, "key readable: %s %o\n", path,
	    (unsigned)st->st_mode);
	abort();
}

/* After the call: what does the world see now? */
static void
watch(void)
{
	const char *root = getenv("GS_WATCH_ROOT");
	int saved = errno;

	if (root == NULL || inside)
		return;
	inside = true;
	(void)nftw(root, look, 16, FTW_PHYS);
	inside = false;
	errno = saved;
}

__attribute__((destructor)) static void
finish(void)
{
	char text[32];

	inside = true;
	(void)snprintf(text, sizeof(text), "%ld", calls);
	note("GS_FAULT_COUNT", text);
}

#define REAL(name)                                                             \
	static __typeof__(&name) real;                                         \
	if (real == NULL)                                                      \
	real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* An int call of fixed arguments. */
#define CALL(changes, type, bad, name, params, args)                           \
	type name params                                                       \
	{                                                                      \
		REAL(name);                                                    \
		if (hit(#name, changes))                                       \
			return bad;                                            \
		type r = real args;                                            \
		watch();                                                       \
		return r;                                                      \
	}

CALL(false, int, -1, close, (int fd), (fd))
CALL(false, ssize_t, -1, read, (int fd, void *p, size_t n), (fd, p, n))
CALL(true, ssize_t, -1, write, (int fd, const void *p, size_t n), (fd, p, n))
CALL(true, int, -1, rename, (const char *a, const char *b), (a, b))
CALL(true, int, -1, renameat, (int d, const char *a, int e, const char *b),
    (d, a, e, b))
CALL(true, int, -1, link, (const char *a, const char *b), (a, b))
CALL(true, int, -1, linkat, (int d, const char *a, int e, const char *b, int f),
    (d, a, e, b, f))
CALL(true, int, -1, symlink, (const char *a, const char *b), (a, b))
CALL(true, int, -1, symlinkat, (const char *a, int d, const char *b), (a, d, b))
CALL(true, int, -1, unlink, (const char *a), (a))
CALL(true, int, -1, unlinkat, (int d, const char *a, int f), (d, a, f))
CALL(true, int, -1, mkdir, (const char *a, mode_t m), (a, m))
CALL(true, int, -1, mkdirat, (int d, const char *a, mode_t m), (d, a, m))
CALL(true, int, -1, rmdir, (const char *a), (a))
CALL(true, int, -1, chmod, (const char *a, mode_t m), (a, m))
CALL(true, int, -1, fchmod, (int fd, mode_t m), (fd, m))
CALL(true, int, -1, chown, (const char *a, uid_t u, gid_t g), (a, u, g))
CALL(true, int, -1, fchown, (int fd, uid_t u, gid_t g), (fd, u, g))
CALL(true, int, -1, futimens, (int fd, const struct timespec t[2]), (fd, t))
CALL(true, int, -1, fsync, (int fd), (fd))
CALL(false, int, -1, flock, (int fd, int op), (fd, op))
CALL(true, int, -1, ftruncate, (int fd, off_t n), (fd, n))
CALL(false, int, -1, stat, (const char *a, struct stat *st), (a, st))
CALL(false, int, -1, lstat, (const char *a, struct stat *st), (a, st))
CALL(false, int, -1, fstat, (int fd, struct stat *st), (fd, st))
CALL(false, ssize_t, -1, readlink, (const char *a, char *p, size_t n),
    (a, p, n))
CALL(false, DIR *, NULL, opendir, (const char *a), (a))
CALL(false, DIR *, NULL, fdopendir, (int fd), (fd))
CALL(false, struct dirent *, NULL, readdir, (DIR * d), (d))
CALL(false, FILE *, NULL, fopen, (const char *a, const char *m), (a, m))
CALL(false, FILE *, NULL, fopen64, (const char *a, const char *m), (a, m))

int
open(const char *path, int flags, ...)
{
	va_list ap;

	REAL(open);
	va_start(ap, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (hit("open", (flags & O_CREAT) != 0))
		return -1;
	int r = real(path, flags, mode);
	watch();
	return r;
}

int
open64(const char *path, int flags, ...)
{
	va_list ap;

	REAL(open64);
	va_start(ap, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (hit("open64", (flags & O_CREAT) != 0))
		return -1;
	int r = real(path, flags, mode);
	watch();
	return r;
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;

	REAL(openat);
	va_start(ap, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (hit("openat", (flags & O_CREAT) != 0))
		return -1;
	int r = real(dir, path, flags, mode);
	watch();
	return r;
}
