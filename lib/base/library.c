/* SPDX-License-Identifier: MIT */
/* Shared libraries that a run loads when it needs them. */
#define _GNU_SOURCE /* RTLD_NODELETE */
#include "base/library.h"

#include <dlfcn.h>

bool
gs_library_load(const char *soname, const char *const *names, size_t n,
    void *calls)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	bool all = library != NULL;

	for (size_t i = 0; i < n && all; i++) {
		void *p = dlsym(library, names[i]);

		all = p != NULL;
		memcpy((char *)calls + i * sizeof(p), &p, sizeof(p));
	}
	return all;
}
