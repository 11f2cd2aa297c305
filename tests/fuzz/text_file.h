/* SPDX-License-Identifier: MIT */
/* A text as a file, for what reads files alone. */
#ifndef GSPROV_FUZZ_TEXT_FILE_H
#define GSPROV_FUZZ_TEXT_FILE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

/* A file without a name that holds text; path is how it is opened. */
static inline FILE *
text_file(struct gs_span text, char path[64])
{
	FILE *fp = tmpfile();

	if (fp == NULL || gs_file_put_all(fileno(fp), text.p, text.n) == -1)
		abort();
	rewind(fp);
	(void)snprintf(path, 64, "/proc/self/fd/%d", fileno(fp));
	return fp;
}

#endif
