/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed, for libraries that secrets pass
 * through. */
#ifndef GSPROV_BASE_WIPED_H
#define GSPROV_BASE_WIPED_H

#include <stdbool.h>
#include <stddef.h>

/* Memory of malloc(), so that these and libc's own take what the others gave.
 * NULL: out of memory, which gs_memory_lose() was told. */
void *gs_wiped_malloc(size_t n);
void *gs_wiped_realloc(void *p, size_t n);
void gs_wiped_free(void *p);
char *gs_wiped_strdup(const char *s);

/* The same as libcrypto wants them: file and line, where it was asked for, are
 * not used. */
void *gs_wiped_crypto_malloc(size_t n, const char *file, int line);
void *gs_wiped_crypto_realloc(void *p, size_t n, const char *file, int line);
void gs_wiped_crypto_free(void *p, const char *file, int line);

/* libcrypto has one set of these functions for a whole program, so a library
 * leaves it to the program. A command says here, before it does anything else,
 * that libcrypto may be given the ones above. */
void gs_wiped_allow(void);
bool gs_wiped_allowed(void);

#endif
