/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed. */
#include "base/wiped.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void *
gs_wiped_malloc(size_t n)
{
	void *p = malloc(n);

	if (p == NULL)
		(void)gs_memory_lose();
	return p;
}

/* Not inlined: a compiler that knows for how much p was asked would take what
 * is wiped, up to malloc_usable_size(), for an overflow
 * (-D_FORTIFY_SOURCE=3). */
__attribute__((noinline)) void
gs_wiped_free(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void *
gs_wiped_realloc(void *p, size_t n)
{
	void *q = gs_wiped_malloc(n);

	if (p == NULL || q == NULL)
		return q;
	size_t had = malloc_usable_size(p);
	memcpy(q, p, had < n ? had : n);
	gs_wiped_free(p);
	return q;
}

char *
gs_wiped_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = gs_wiped_malloc(n);

	return p == NULL ? NULL : memcpy(p, s, n);
}

/* ---- as libcrypto wants them */

void *
gs_wiped_crypto_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return gs_wiped_malloc(n);
}

void *
gs_wiped_crypto_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return gs_wiped_realloc(p, n);
}

void
gs_wiped_crypto_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	gs_wiped_free(p);
}

static bool allowed;

void
gs_wiped_allow(void)
{
	allowed = true;
}

bool
gs_wiped_allowed(void)
{
	return allowed;
}
