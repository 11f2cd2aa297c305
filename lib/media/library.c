/* SPDX-License-Identifier: MIT */
/* Shared libraries that may be installed or not. */
#define _GNU_SOURCE /* dlinfo: where libraries are searched */
#include "media/library_priv.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The folders in which libraries are searched, or NULL. */
static Dl_serinfo *
folders(void)
{
	void *self = dlopen(NULL, RTLD_LAZY);
	Dl_serinfo size, *all = NULL;

	if (self != NULL && dlinfo(self, RTLD_DI_SERINFOSIZE, &size) == 0)
		all = calloc(1, size.dls_size);
	if (all != NULL &&
	    (dlinfo(self, RTLD_DI_SERINFOSIZE, all) != 0 ||
		dlinfo(self, RTLD_DI_SERINFO, all) != 0))
		all->dls_cnt = 0;
	gs_media_library_close(self);
	return all;
}

bool
gs_media_library_is_there(const char *soname)
{
	Dl_serinfo *all = folders();
	bool found = false;
	char path[512];

	for (size_t i = 0; all != NULL && i < all->dls_cnt && !found; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s",
		    all->dls_serpath[i].dls_name, soname);

		found = n > 0 && (size_t)n < sizeof(path) &&
		    access(path, R_OK) == 0;
	}
	free(all);
	if (found)
		return true;
	/* The loader's cache may know of other folders. */
	void *library = gs_media_library_open(soname, true);
	gs_media_library_close(library);
	return library != NULL;
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
