/* SPDX-License-Identifier: MIT */
/* A baseline: a file with the findings that are known, which are not reported
 * again. Each line has how often, rule, file and text, with tabs between. */
#ifndef GSPROV_BASE_BASELINE_H
#define GSPROV_BASE_BASELINE_H

#include "mute.h"

struct gs_keeper;

enum { GS_BASELINE_SIZE = 256 * 1024 * 1024 }; /* bytes in such a file */

/* Reads the file into m->known. Returns 0, or -1: it cannot be read, or is no
 * baseline. */
int gs_baseline_read(struct gs_mute *m, const char *path,
    struct gs_err *err) GS_MUST;

/* Writes m->known, sorted, in the place of the file, which is there as it was
 * when this fails; by keeper (base/outfile.h) unless it is NULL. Returns 0 or
 * -1. */
int gs_baseline_write(struct gs_mute *m, const char *path,
    const struct gs_keeper *keeper, struct gs_err *err) GS_MUST;

#endif
