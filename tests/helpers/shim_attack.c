/* SPDX-License-Identifier: MIT */
/* Preloaded into a program: somebody who owns the folders that it works in
 * always wins the race, and puts a link in place of a folder. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* GS_ATTACK=TEXT: folders with TEXT at the beginning of their name are
 * replaced by links to GS_VICTIM as soon as they are made, or found to be
 * folders by unlink(). */

#define REAL(name)                                                             \
	static __typeof__(&name) real;                                         \
	if (real == NULL)                                                      \
	real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void
attack(int dir, const char *path)
{
	const char *text = getenv("GS_ATTACK"), *victim = getenv("GS_VICTIM");
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	int saved = errno;
	char away[4096];

	if (text == NULL || victim == NULL ||
	    strncmp(name, text, strlen(text)) != 0)
		return;
	(void)snprintf(away, sizeof(away), "%s-away", path);
	if (renameat(dir, path, dir, away) == 0 &&
	    symlinkat(victim, dir, path) == 0)
		(void)dprintf(2, "attacked %s\n", name);
	errno = saved;
}

int
mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	int r = real(path, mode);
	if (r == 0)
		attack(AT_FDCWD, path);
	return r;
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	REAL(mkdirat);
	int r = real(dir, path, mode);
	if (r == 0)
		attack(dir, path);
	return r;
}

int
unlink(const char *path)
{
	REAL(unlink);
	int r = real(path);
	if (r == -1 && errno == EISDIR)
		attack(AT_FDCWD, path);
	return r;
}

int
unlinkat(int dir, const char *path, int flags)
{
	REAL(unlinkat);
	int r = real(dir, path, flags);
	if (r == -1 && errno == EISDIR)
		attack(dir, path);
	return r;
}
