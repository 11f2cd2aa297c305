/* SPDX-License-Identifier: MIT */
/* Which settings of phones that are gone are removed. */
#ifndef GSPROV_SNOM_PRUNE_H
#define GSPROV_SNOM_PRUNE_H

#include "../base/buf.h"

struct gs_err;
struct gs_snom_macset;
struct gs_snom_outdir;

/* At once no more than so many of the listed phones go, or a tenth of them
 * if that is more. */
enum { GS_PRUNE_MOST = 3, GS_PRUNE_PART = 10 };

struct gs_snom_prune {
	bool remove; /* else the list is only carried on */
	bool all; /* however many they are */
	const struct gs_snom_macset *keep; /* the phones of the input */
	/* Hears of each file and link; may be NULL. */
	void (*said)(void *arg, const char *verb, const char *name);
	void *arg;

	/* What came of it. */
	uint64_t listed; /* phones of runs before */
	uint64_t gone; /* of these, phones that may be removed */
	uint64_t changed; /* files that somebody else has written since */
	uint64_t strange; /* files of other phones, and no list */
	bool held; /* too many are gone: none was removed */
};

/* Carries the list of s on, and removes files that runs before wrote for
 * phones that are not in p->keep, as far as they still are as written, and
 * the links to them. Returns 0 or -1. */
int gs_snom_prune(struct gs_snom_prune *p, struct gs_snom_outdir *s,
    struct gs_err *err) GS_MUST;

#endif
