/* SPDX-License-Identifier: MIT */
/* The files in a folder and in those below it. */
#ifndef GSPROV_BASE_TREE_H
#define GSPROV_BASE_TREE_H

#include "base/diag.h"

enum { GS_TREE_NAMES = 1000000 }; /* most names */

/* A list of names, which it owns. A zeroed list is empty. */
struct gs_tree {
	char **name;
	size_t n;
	size_t size;
	uint64_t others; /* files without one of the suffixes */
	char *other; /* the first of them in order, or NULL */
};

/* Adds a name. Returns 0 or -1. */
int gs_tree_add(struct gs_tree *t, const char *name,
    struct gs_err *err) GS_MUST;

/* Adds the regular files in and below the folder whose names end in one of
 * suffixes (".xml .htm"; NULL: all files), sorted. Hidden names are left out,
 * links to folders are not followed, and of a file and links to it in the same
 * folder only the file is added. Returns 0, or -1: a folder or its
 * contents cannot be read, too many names, out of memory. */
int gs_tree_files(struct gs_tree *t, const char *folder, const char *suffixes,
    struct gs_err *err) GS_MUST;

void gs_tree_free(struct gs_tree *t);

#endif
