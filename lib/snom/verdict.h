/* SPDX-License-Identifier: MIT */
/* What each link of the secure chain is worth, in a line of its own. */
#ifndef GSPROV_SNOM_VERDICT_H
#define GSPROV_SNOM_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#pragma GCC visibility push(default)

struct gs_snom_chain;

/* Writes a line for each link of file's chain to fp, as text or as a JSON
 * object: "good", "weak", "broken", or why it was not judged. */
void gs_snom_verdicts_print(FILE *fp, const char *file,
    const struct gs_snom_chain *c, bool json);

#pragma GCC visibility pop

#endif
