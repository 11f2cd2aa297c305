/* SPDX-License-Identifier: MIT */
/* Setup and teardown of a test, or a group: an empty folder where temporary
 * files go, removed with all that is in it. To be included first. */
#ifndef OWN_FOLDER_H
#define OWN_FOLDER_H

#define _XOPEN_SOURCE 700 /* nftw() */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own_path.h"

/* Goes into a new folder, which all may read; *state is its path. Returns 0, or
 * -1. */
static inline int
own_folder_enter(void **state)
{
	char *path = malloc(OWN_PATH);

	*state = path;
	if (path == NULL)
		return -1;
	return mkdtemp(own_path(path)) == NULL || chmod(path, 0755) == -1 ||
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
