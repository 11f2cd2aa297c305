/* SPDX-License-Identifier: MIT */
/* Which files a run reads and which it writes: none may be both, and none is
 * written twice.
 *
 * Files are compared by what they are: regular files by device and inode,
 * whatever links lead to them; block devices by their number; pipes as the
 * pipe they are. A path at which there is nothing yet is compared by its
 * folder and its last name, behind links that lead nowhere. Terminals,
 * sockets and other character devices, such as /dev/null, are never the same
 * as anything. Nothing is opened. */
#ifndef GSPROV_BASE_GUARD_H
#define GSPROV_BASE_GUARD_H

#include "diag.h"

struct gs_guarded;

/* What a run has said so far. */
struct gs_guard {
	struct gs_guarded *list;
	size_t n;
	size_t size;
};

/* Whether name is that of a file that the run may make in a folder. */
typedef bool gs_guard_match(const void *arg, const char *name);

void gs_guard_init(struct gs_guard *g);
void gs_guard_free(struct gs_guard *g);

/* The run reads path; "-" is standard input. what is how messages call it
 * ("-K"), NULL for the path alone. Returns 0, or -1 when it writes the same
 * file, or without memory. That path cannot be opened is no error here. */
int gs_guard_read(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err) GS_MUST;

/* The run writes path; "-" is standard output. Returns 0, or -1 when it reads
 * the same file, or writes it as something else than what. */
int gs_guard_write(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err) GS_MUST;

/* The run may write files into folder whose names match says; match and arg
 * are kept. To be said after all that it reads. Returns 0, or -1: one that is
 * there, or that the run writes, is the same file as another; there is no
 * such folder. */
int gs_guard_write_in(struct gs_guard *g, const char *what, const char *folder,
    gs_guard_match *match, const void *arg, struct gs_err *err) GS_MUST;

/* Whether the run reads the file that is at path. */
bool gs_guard_reads(const struct gs_guard *g, const char *path);

/* Whether the run has said that it writes path, or may write it in a folder: by
 * the same words. */
bool gs_guard_writes(const struct gs_guard *g, const char *path);

/* Whether the run writes any file; standard output is none. */
bool gs_guard_writes_files(const struct gs_guard *g);

/* Whether path, "-" being standard input, leads to what descriptor fd has
 * open. */
bool gs_guard_is_fd(const char *path, int fd);

#endif
