/* SPDX-License-Identifier: MIT */
/* Shared libraries that a run loads when it needs them: many runs do not. */
#ifndef GSPROV_BASE_LIBRARY_H
#define GSPROV_BASE_LIBRARY_H

#include "base/buf.h"

/* For a list of a library's functions, such as
 *	#define LIBIDN2(X) X(idn2_strerror) X(idn2_free)
 * these make the members of a struct of pointers to them, and their names in
 * the same order. */
#define GS_LIBRARY_CALL(name) __typeof__(name) *(name);
#define GS_LIBRARY_NAME(name) #name,

/* Loads a library by its soname, and never unloads it. calls, a struct made as
 * above, gets the functions of these names. Returns false if the library, or a
 * function in it, is missing; calls is incomplete then. */
bool gs_library_load(const char *soname, const char *const *names, size_t n,
    void *calls) GS_MUST;

#endif
