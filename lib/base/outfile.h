/* SPDX-License-Identifier: MIT */
/* The files that a run writes.
 *
 * A file is made under a hidden name beside its place, for its owner only
 * (0600), and takes its place when the run has succeeded. Until then, and
 * whenever the run fails, the old file stays. The new file gets the mode of
 * the old one and, where possible, its owner. A link stays; the file at its
 * end is replaced.
 *
 * Devices, pipes, descriptors by their names (/dev/fd/N, /dev/stdout, "-"), and
 * files in folders where none can be made are written in place. Links, files
 * and pipes of other users in a folder that is writable by everyone are not
 * touched.
 *
 * A process without rights has a keeper make, finish and place the files; it
 * writes to descriptors from the keeper. */
#ifndef GSPROV_BASE_OUTFILE_H
#define GSPROV_BASE_OUTFILE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/guard.h"
#include "base/keeper.h"

/* The number of finished files that wait for the end of the run; further ones
 * take their places at once. */
enum { GS_OUTSET_WAITING = 16384 };

struct gs_outfile;

/* All files of one run; zeroed except for what the caller sets. */
struct gs_outset {
	const struct gs_guard *guard; /* refuses what the run reads; or NULL */
	const struct gs_keeper *keeper; /* does the work; NULL: this process */
	bool live; /* a file takes its place when it is finished; with a
		    * keeper that of its set counts */
	/* Called for an old file whose mode lets others read the new one; may
	 * be NULL. */
	void (*wide)(void *arg, const char *path, mode_t mode);
	void *arg;
	struct gs_outfile *list;
	size_t waiting;
};

/* Whether path can be written, as far as can be known without writing. *stream
 * tells that it is a pipe, a device or a descriptor. Returns 0 or -1. */
int gs_outfile_check(const char *path, bool *stream,
    struct gs_err *err) GS_MUST;

/* Opens path for writing; a pipe waits for its reader. The file belongs to the
 * set. Returns 0 or -1. */
int gs_outset_open(struct gs_outset *s, const char *path, struct gs_outfile **o,
    struct gs_err *err) GS_MUST;

/* The stream to write to. */
FILE *gs_outfile_stream(struct gs_outfile *o);

/* The path as given, for messages: "-" is standard output. */
const char *gs_outfile_path(const struct gs_outfile *o);

/* Whether the path names a pipe, a device or a descriptor: no other files can
 * be made beside it. */
bool gs_outfile_is_stream(const struct gs_outfile *o);

/* The file takes its place now and continues to grow there; it stays there
 * whatever happens. Returns 0 or -1. */
int gs_outfile_show(struct gs_outfile *o, struct gs_err *err) GS_MUST;

/* Cuts a file that has its place to n octets, if possible: the rest is a
 * record that a full disk has cut. */
void gs_outfile_cut(struct gs_outfile *o, uint64_t n);

/* Writes the buffer and closes the file. Returns 0 or -1. */
int gs_outset_finish(struct gs_outset *s, struct gs_outfile *o,
    struct gs_err *err) GS_MUST;

/* All finished files take their places; without replace, those whose place is
 * taken are removed instead. Returns 0 or -1. The set is then empty. */
int gs_outset_commit(struct gs_outset *s, bool replace,
    struct gs_err *err) GS_MUST;

/* The keeper's part: does the above for the process at the other end of
 * socket, until that has gone; then removes what has not taken its place.
 * Opens only paths that s->guard knows as outputs. */
void gs_outset_serve(struct gs_outset *s, int socket);

/* Removes all files that have not taken their places. The set is then
 * empty. */
void gs_outset_drop(struct gs_outset *s);

#endif
