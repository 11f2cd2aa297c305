/* SPDX-License-Identifier: MIT */
/* Files: read with a cap or as a stream, replaced as a whole. */
#ifndef GSPROV_BASE_FILE_H
#define GSPROV_BASE_FILE_H

#include <sys/types.h>

#include "buf.h"
#include "diag.h"

#pragma GCC visibility push(default)

/* A file that is read from front to back in pieces. */
struct gs_reader {
	int fd;
	uint8_t *buf; /* wiped by gs_reader_close() */
	size_t size;
};

/* Opens path for gs_reader_next(); "-" is standard input. A folder is an
 * error. Returns 0 or -1. */
int gs_reader_open(struct gs_reader *r, const char *path,
    struct gs_err *err) GS_MUST;

/* The next bytes, as soon as there are any, borrowed until the next call.
 * Returns 1, 0 at the end, -1; a signal that is caught ends a wait (EINTR). */
int gs_reader_next(struct gs_reader *r, struct gs_span *chunk,
    struct gs_err *err) GS_MUST;

/* Safe after a failed gs_reader_open() and for a zeroed r. */
void gs_reader_close(struct gs_reader *r);

/* Whether path is a regular file, which can be read more than once. */
bool gs_file_is_regular(const char *path);

/* What packed a file that begins so: "gzip", and *cat is "zcat", which
 * unpacks it onto standard output; NULL: nothing that is known. */
const char *gs_file_packer(struct gs_span begin, const char **cat);

/* Reads all of path ("-" is standard input) into out, which gives the cap.
 * Returns 0 or -1; out then holds nothing. */
int gs_file_read(const char *path, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* The same for what is left of an open reader, which is not closed; path is
 * for the error. */
int gs_reader_rest(struct gs_reader *r, const char *path, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* Writes all n bytes to fd, again after a signal. Returns 0, or -1 with
 * errno. */
int gs_file_put_all(int fd, const void *p, size_t n) GS_MUST;

/* Creates an empty file beside path, hidden, so that a web server or a
 * folder include does not pick it up; only its owner can read it. tmp (size
 * bytes) receives its name. Returns the descriptor, or -1 with errno. */
int gs_file_create_beside(const char *path, char *tmp, size_t size) GS_MUST;

/* Writes n bytes to a new file beside path, owner-readable only until all
 * of it is written, then with mode; fsync()s it. tmp (size bytes) receives
 * its name. Never follows a link. Returns 0, or -1 with nothing left. */
int gs_file_stage(const char *path, const void *p, size_t n, mode_t mode,
    char *tmp, size_t size, struct gs_err *err) GS_MUST;

/* Renames tmp to path and fsync()s the folder. Returns 0, or -1 with tmp
 * still there. */
int gs_file_commit(const char *tmp, const char *path,
    struct gs_err *err) GS_MUST;

/* Replaces path as a whole: gs_file_stage(), then gs_file_commit(). Other
 * readers see the old bytes or the new ones. Returns 0 or -1. */
int gs_file_write(const char *path, const void *p, size_t n, mode_t mode,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
