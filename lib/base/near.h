/* SPDX-License-Identifier: MIT */
/* What a misspelt word may have been meant to be. */
#ifndef GSPROV_BASE_NEAR_H
#define GSPROV_BASE_NEAR_H

#include <stddef.h>

/* Of names (n of them) the one most like word, or NULL when none is near. */
const char *gs_nearest(const char *word, const char *const *names, size_t n);

#endif
