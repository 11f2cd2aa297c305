/* SPDX-License-Identifier: MIT */
/* A baseline: a file of known findings, which are not reported again. Each
 * line contains a count, rule, file and text, separated by tabs. */
#ifndef GSPROV_BASE_BASELINE_H
#define GSPROV_BASE_BASELINE_H

#include "base/mute.h"

struct gs_keeper;

enum { GS_BASELINE_SIZE = 256 * 1024 * 1024 }; /* most bytes of such a file */

/* Reads the file into m->known. Returns 0, or -1 if it cannot be read or is
 * not a baseline. */
int gs_baseline_read(struct gs_mute *m, const char *path,
    struct gs_err *err) GS_MUST;

/* Replaces the file with m->known, sorted. If this fails, the old file
 * remains. A keeper writes it (base/outfile.h) unless keeper is NULL. Returns
 * 0 or -1. */
int gs_baseline_write(struct gs_mute *m, const char *path,
    const struct gs_keeper *keeper, struct gs_err *err) GS_MUST;

#endif
