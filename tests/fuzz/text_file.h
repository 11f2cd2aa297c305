/* SPDX-License-Identifier: MIT */
/* A text as a file, for what reads files alone. */
#ifndef GSPROV_FUZZ_TEXT_FILE_H
#define GSPROV_FUZZ_TEXT_FILE_H

#include <unistd.h>

#include "../unit/own_path.h"

#include "base/file.h"

/* A file without a name that holds text; path is how it is opened. */
static inline FILE *
text_file(struct gs_span text, char path[64])
{
	char name[OWN_PATH];
	int fd = mkstemp(own_path(name));
	FILE *fp = fd != -1 && unlink(name) == 0 ? fdopen(fd, "w+b") : NULL;

	if (fp == NULL || gs_file_put_all(fd, text.p, text.n) == -1)
		abort();
	rewind(fp);
	(void)snprintf(path, 64, "/proc/self/fd/%d", fileno(fp));
	return fp;
}

#endif
