/* SPDX-License-Identifier: MIT */
/* Shared libraries that may be installed or not. */
#ifndef GSPROV_MEDIA_LIBRARY_PRIV_H
#define GSPROV_MEDIA_LIBRARY_PRIV_H

#include <stdbool.h>

/* Loads the library of this name for good, if it is installed. */
void gs_media_library_load(const char *soname);

/* A loaded library, without searching its file; or, if look is true, an
 * installed one. NULL: none. */
void *gs_media_library_open(const char *soname, bool look);
void gs_media_library_close(void *library);

/* Whether a library of this name is installed. Its file is not read: some
 * require a dozen others, which takes longer than the whole start of a
 * command. */
bool gs_media_library_is_there(const char *soname);

/* Finds function name; to is the address of a pointer to it. */
bool gs_media_library_find(void *library, const char *name, void *to);

#endif
