/* SPDX-License-Identifier: MIT */
/* The files that a run writes.
 *
 * A file is made under a hidden name beside its place, for its owner alone
 * (0600), and takes the place when the run has succeeded: until then, and
 * whenever the run fails, what was there stays. A file that was there hands
 * down its mode and, where that is allowed, its owner. Of a link the file
 * behind it is replaced.
 *
 * What is no regular file (devices, pipes), descriptors by their names
 * (/dev/fd/N, /dev/stdout), and files in whose folder none can be made are
 * written in place. Links, files and pipes of other users in a folder that
 * everybody can write to are not touched.
 *
 * A process without the right to do so lets a keeper make, finish and place
 * the files; it writes to descriptors that it gets from there. */
#ifndef GSPROV_BASE_OUTFILE_H
#define GSPROV_BASE_OUTFILE_H

#include <stdio.h>
#include <sys/types.h>

#include "guard.h"
#include "keeper.h"

/* Finished files that wait for the end of the run; more take their places
 * at once. */
enum { GS_OUTSET_WAITING = 16384 };

struct gs_outfile;

/* All files of one run; zeroed but for what the caller sets. */
struct gs_outset {
	const struct gs_guard *guard; /* refuse what it reads; or NULL */
	const struct gs_keeper *keeper; /* does it; or NULL: this process */
	bool live; /* a file takes its place when it is finished; with a
		    * keeper that of its set counts */
	/* Hears of a file that was there and whose mode lets others read
	 * what is written; may be NULL. */
	void (*wide)(void *arg, const char *path, mode_t mode);
	void *arg;
	struct gs_outfile *list;
	size_t waiting;
};

/* Whether path can be written, as far as that is known without writing.
 * *stream says that it is a pipe, a device or a descriptor. Returns 0 or
 * -1. */
int gs_outfile_check(const char *path, bool *stream,
    struct gs_err *err) GS_MUST;

/* Opens path for writing; opening a pipe waits for who reads it. The file
 * belongs to the set. Returns 0 or -1. */
int gs_outset_open(struct gs_outset *s, const char *path, struct gs_outfile **o,
    struct gs_err *err) GS_MUST;

/* Where to write. */
FILE *gs_outfile_stream(struct gs_outfile *o);

/* The path as it was given. */
const char *gs_outfile_path(const struct gs_outfile *o);

/* Whether the path names a pipe, a device or a descriptor, beside which
 * there is no place for other files. */
bool gs_outfile_is_stream(const struct gs_outfile *o);

/* Lets a file take its place now, where it goes on growing; it stays there
 * whatever comes. Returns 0 or -1. */
int gs_outfile_show(struct gs_outfile *o, struct gs_err *err) GS_MUST;

/* Takes from a file that was shown what stands behind the first n octets, as
 * far as that can be done: a record that a full disk has cut. */
void gs_outfile_cut(struct gs_outfile *o, uint64_t n);

/* Writes what is buffered and closes the file. Returns 0 or -1. */
int gs_outset_finish(struct gs_outset *s, struct gs_outfile *o,
    struct gs_err *err) GS_MUST;

/* Lets all finished files take their places; without replace those at
 * whose place a file is are removed instead. Returns 0 or -1. The set is
 * empty then. */
int gs_outset_commit(struct gs_outset *s, bool replace,
    struct gs_err *err) GS_MUST;

/* The keeper's part: does for the process at the other end of socket what is
 * said above, until that has gone; then drops what is not in place. Only paths
 * of which s->guard knows that they are written are opened. */
void gs_outset_serve(struct gs_outset *s, int socket);

/* Removes all files that have not taken their places. The set is empty
 * then. */
void gs_outset_drop(struct gs_outset *s);

#endif
