/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed, for libraries that secrets pass
 * through. */
#ifndef GSPROV_BASE_WIPED_H
#define GSPROV_BASE_WIPED_H

#include <stdbool.h>
#include <stddef.h>

/* Like malloc() and so on, whose memory can be freed by either. NULL if out of
 * memory; gs_memory_lose() was called then. */
void *gs_wiped_malloc(size_t n);
void *gs_wiped_realloc(void *p, size_t n);
void gs_wiped_free(void *p);
char *gs_wiped_strdup(const char *s);

/* The same with the arguments of libcrypto, file and line, which are ignored.
 */
void *gs_wiped_crypto_malloc(size_t n, const char *file, int line);
void *gs_wiped_crypto_realloc(void *p, size_t n, const char *file, int line);
void gs_wiped_crypto_free(void *p, const char *file, int line);

/* libcrypto has one allocator for the whole program, so a library must not set
 * it. A command calls this before anything else, to give libcrypto the
 * functions above. */
void gs_wiped_allow(void);
bool gs_wiped_allowed(void);

#endif
