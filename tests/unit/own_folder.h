/* SPDX-License-Identifier: MIT */
/* Setup and teardown of a test, or a group: an empty folder where temporary
 * files go, removed with all that is in it. To be included first. */
#ifndef OWN_FOLDER_H
#define OWN_FOLDER_H

#define _XOPEN_SOURCE 700 /* nftw() */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Goes into a new folder, which all may read; *state is its path. Returns 0, or
 * -1. */
static inline int
own_folder_enter(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *path = malloc(256);

	*state = path;
	if (path == NULL)
		return -1;
	(void)snprintf(path, 256, "%s/gsprov-test-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return mkdtemp(path) == NULL || chmod(path, 0755) == -1 ||
		chdir(path) == -1 ?
	    -1 :
	    0;
}

static inline int
own_folder_remove(const char *path, const struct stat *st, int type,
    struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline int
own_folder_leave(void **state)
{
	int r = chdir("/");

	if (r == 0)
		r = nftw(*state, own_folder_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return r;
}

#endif
