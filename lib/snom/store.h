/* SPDX-License-Identifier: MIT */
/* A folder of settings files: written as wholes, only when they change. */
#ifndef GSPROV_SNOM_STORE_H
#define GSPROV_SNOM_STORE_H

#include "macset.h"

#pragma GCC visibility push(default)

struct gs_store {
	int fd; /* the folder */
	const char *path; /* borrowed, for messages */
	bool dry; /* say, do not do */
	struct gs_buf old; /* what is there */
	uint64_t random; /* of the next temporary name */
	bool mode_is_exact; /* the umask takes nothing from 0640 */
	uint64_t written, unchanged, removed;
};

/* What became of a file. */
enum gs_stored { GS_STORED_WRITTEN, GS_STORED_UNCHANGED };

/* Opens the folder, which must be there. Returns 0 or -1. */
int gs_store_open(struct gs_store *s, const char *path, bool dry,
    struct gs_err *err) GS_MUST;
void gs_store_close(struct gs_store *s);

/* Makes NAME in the folder hold these bytes, mode 0640. A file that holds
 * them already is not touched; otherwise a new one takes its name, so that
 * readers see the old bytes or the new ones. A link is replaced, not
 * followed. Nothing is fsync()ed before gs_store_sync(). Returns 0 or -1,
 * then with the old file in place. */
int gs_store_put(struct gs_store *s, const char *name, struct gs_span bytes,
    enum gs_stored *what, struct gs_err *err) GS_MUST;

/* Makes NAME a link to the file TARGET in the same folder. */
int gs_store_link(struct gs_store *s, const char *name, const char *target,
    struct gs_err *err) GS_MUST;

/* Removes every settings-MAC.xml whose MAC is not in keep, and links that
 * lead to one. said (may be NULL) hears each name. Returns 0 or -1. */
int gs_store_prune(struct gs_store *s, const struct gs_macset *keep,
    void (*said)(void *arg, const char *name), void *arg,
    struct gs_err *err) GS_MUST;

/* Has what was written reach the disk. */
int gs_store_sync(struct gs_store *s, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
