/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed, as libcrypto wants its functions: file
 * and line, where it was asked for, are not used. */
#ifndef GSPROV_BASE_WIPED_H
#define GSPROV_BASE_WIPED_H

#include <stdbool.h>
#include <stddef.h>

/* NULL: out of memory, which gs_memory_lose() was told. Only these three take
 * what the others gave. */
void *gs_wiped_malloc(size_t n, const char *file, int line);
void *gs_wiped_realloc(void *p, size_t n, const char *file, int line);
void gs_wiped_free(void *p, const char *file, int line);

/* libcrypto has one set of these functions for a whole program, so a library
 * leaves it to the program. A command says here, before it does anything else,
 * that libcrypto may be given the ones above. */
void gs_wiped_allow(void);
bool gs_wiped_allowed(void);

#endif
