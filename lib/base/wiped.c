/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed. */
#include "base/wiped.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

union block {
	size_t n; /* bytes that follow */
	max_align_t align;
};

void *
gs_wiped_malloc(size_t n, const char *file, int line)
{
	union block *b =
	    n < SIZE_MAX - sizeof(*b) ? malloc(sizeof(*b) + n) : NULL;

	(void)file;
	(void)line;
	if (b == NULL) {
		(void)gs_memory_lose();
		return NULL;
	}
	b->n = n;
	return b + 1;
}

void
gs_wiped_free(void *p, const char *file, int line)
{
	union block *b = p;

	(void)file;
	(void)line;
	if (b == NULL)
		return;
	b--;
	explicit_bzero(b, sizeof(*b) + b->n);
	free(b);
}

void *
gs_wiped_realloc(void *p, size_t n, const char *file, int line)
{
	const union block *b = p;
	void *q = gs_wiped_malloc(n, file, line);

	if (p == NULL || q == NULL)
		return q;
	b--;
	memcpy(q, p, b->n < n ? b->n : n);
	gs_wiped_free(p, file, line);
	return q;
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
