/* SPDX-License-Identifier: MIT */
/* Suggestions for a misspelt word. */
#ifndef GSPROV_BASE_NEAR_H
#define GSPROV_BASE_NEAR_H

#include <stddef.h>

/* The one of n names most like word, or NULL if none is near. */
const char *gs_nearest(const char *word, const char *const *names, size_t n);

/* The same, if at most this many letters are wrong, missing or superfluous. */
const char *gs_nearest_within(const char *word, const char *const *names,
    size_t n, unsigned most);

#endif
