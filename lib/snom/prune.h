/* SPDX-License-Identifier: MIT */
/* Removes settings of phones that are gone. */
#ifndef GSPROV_SNOM_PRUNE_H
#define GSPROV_SNOM_PRUNE_H

#include "base/buf.h"

struct gs_err;
struct gs_snom_macset;
struct gs_snom_outdir;

/* At most this many of the listed phones are removed at once, or a tenth of
 * them if that is more. */
enum { GS_PRUNE_MOST = 3, GS_PRUNE_PART = 10 };

struct gs_snom_prune {
	bool remove; /* otherwise only the list is continued */
	bool all; /* however many they are */
	const struct gs_snom_macset *keep; /* the phones of the input */
	/* Is told of each file and link; may be NULL. */
	void (*said)(void *arg, const char *verb, const char *name);
	void *arg;

	/* The result. */
	uint64_t listed; /* phones of runs before */
	uint64_t gone; /* of these, phones that may be removed */
	uint64_t changed; /* files changed by others since */
	uint64_t strange; /* files of other phones, without a list */
	bool held; /* too many are gone: none was removed */
};

/* Continues the list of s, and removes files that earlier runs wrote for
 * phones not in p->keep, if they are unchanged, and the links to them. Returns
 * 0 or -1. */
int gs_snom_prune(struct gs_snom_prune *p, struct gs_snom_outdir *s,
    struct gs_err *err) GS_MUST;

#endif
