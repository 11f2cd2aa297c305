/* SPDX-License-Identifier: MIT */
/* A shared library that may be installed, or not. */
#include "media/library_priv.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

void
gs_media_library_load(const char *soname)
{
	gs_media_library_close(
	    dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE));
}

void *
gs_media_library_open(const char *soname, bool look)
{
	return dlopen(soname,
	    look ? RTLD_LAZY | RTLD_LOCAL : RTLD_NOW | RTLD_NOLOAD);
}

void
gs_media_library_close(void *library)
{
	if (library != NULL)
		(void)dlclose(library);
}

bool
gs_media_library_find(void *library, const char *name, void *to)
{
	void *p = dlsym(library, name);

	memcpy(to, &p, sizeof(p));
	return p != NULL;
}
