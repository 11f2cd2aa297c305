/* SPDX-License-Identifier: MIT */
/* Where a test's temporary files go. */
#ifndef OWN_PATH_H
#define OWN_PATH_H

#include <stdio.h>
#include <stdlib.h>

enum { OWN_PATH = 256 };

/* Puts the template for mkstemp(3) or mkdtemp(3), and returns path. A name that
 * is too long is cut: both refuse it. */
static inline char *
own_path(char path[OWN_PATH])
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(path, OWN_PATH, "%s/gsprov-test-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return path;
}

#endif
