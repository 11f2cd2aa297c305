/* SPDX-License-Identifier: MIT */
/* Preloaded into a program: a kernel that knows neither Landlock nor filters
 * of system calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef long call(long, ...);

static call *
next(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);
	call *f;

	memcpy(&f, &p, sizeof(f));
	return f;
}

/* The next n arguments of ap. */
static void
take(long *a, int n, va_list ap)
{
	for (int i = 0; i < n; i++)
		a[i] = va_arg(ap, long);
}

long
syscall(long n, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, n);
	take(a, 6, ap);
	va_end(ap);
	if (n != SYS_landlock_create_ruleset && n != SYS_seccomp)
		return next("syscall")(n, a[0], a[1], a[2], a[3], a[4], a[5]);
	errno = ENOSYS;
	return -1;
}

int
prctl(int option, ...)
{
	long a[4];
	va_list ap;

	va_start(ap, option);
	take(a, 4, ap);
	va_end(ap);
	if (option != PR_SET_SECCOMP)
		return (int)syscall(SYS_prctl, option, a[0], a[1], a[2], a[3]);
	errno = EINVAL;
	return -1;
}
