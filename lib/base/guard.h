/* SPDX-License-Identifier: MIT */
/* The files that a run reads and writes: none may be both, and none is written
 * twice.
 *
 * Files are compared by what they are: regular files by device and inode,
 * whatever links lead to them; block devices by their number; pipes as the
 * pipe. A path without a file is compared by its folder and its last name,
 * after dangling links. Terminals, sockets and other character devices, such
 * as /dev/null, never equal anything. Nothing is opened. */
#ifndef GSPROV_BASE_GUARD_H
#define GSPROV_BASE_GUARD_H

#include "base/diag.h"

struct gs_guarded;

/* What a run has named so far. */
struct gs_guard {
	struct gs_guarded *list;
	size_t n;
	size_t size;
};

/* Whether name is the name of a file that the run may make in a folder. */
typedef bool gs_guard_match(const void *arg, const char *name);

void gs_guard_init(struct gs_guard *g);
void gs_guard_free(struct gs_guard *g);

/* The run reads path; "-" is standard input. what is its name in messages
 * ("-K"), NULL for the path alone. Returns 0, or -1 if the run writes the same
 * file, or is out of memory. If path cannot be opened, that is no error
 * here. */
int gs_guard_read(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err) GS_MUST;

/* The run writes path; "-" is standard output. Returns 0, or -1 if it reads
 * the same file, or writes it as something other than what. */
int gs_guard_write(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err) GS_MUST;

/* The run may write files into folder whose names match accepts; match and arg
 * are kept. Call this after all that it reads. Returns 0, or -1: a file that
 * exists there, or that the run writes, is the same as another, or the folder
 * does not exist. */
int gs_guard_write_in(struct gs_guard *g, const char *what, const char *folder,
    gs_guard_match *match, const void *arg, struct gs_err *err) GS_MUST;

/* Whether the run reads the file at path. */
bool gs_guard_reads(const struct gs_guard *g, const char *path);

/* Whether the run writes path, or may write it in a folder, under this same
 * name. */
bool gs_guard_writes(const struct gs_guard *g, const char *path);

/* Whether the run writes any file other than standard output. */
bool gs_guard_writes_files(const struct gs_guard *g);

/* Whether path leads to what descriptor fd has open; "-" is standard input. */
bool gs_guard_is_fd(const char *path, int fd);

#endif
