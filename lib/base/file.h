/* SPDX-License-Identifier: MIT */
/* Files: read with a cap or as a stream, replaced as a whole. */
#ifndef GSPROV_BASE_FILE_H
#define GSPROV_BASE_FILE_H

#include <sys/stat.h>

#include "buf.h"
#include "diag.h"

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

/* Reads the first line of path, a pass phrase, without its end. name is the
 * file's in errors. Returns 0, or -1: there is none. */
int gs_file_read_pass(const char *path, const char *name, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* The same as gs_file_read() for what is left of an open reader, which is not
 * closed; path is for the error. */
int gs_reader_rest(struct gs_reader *r, const char *path, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* Reads a regular file of a folder into out, whose contents it replaces
 * without wiping them; size is what it must have, SIZE_MAX for any that fits.
 * Returns 0 with *st, 1 when nothing is there, 2 when it is something else (a
 * link, another size), -1 with errno. */
int gs_file_read_at(int folder, const char *name, size_t size,
    struct gs_buf *out, struct stat *st) GS_MUST;

/* Writes all n bytes to fd, again after a signal. Returns 0, or -1 with
 * errno. */
int gs_file_put_all(int fd, const void *p, size_t n) GS_MUST;

/* A file is replaced in three steps: one that is hidden beside it is created,
 * written and finished, and takes its place. Whoever looks sees the old bytes
 * or the new ones. The caller decides what is synced, and when. folder is a
 * descriptor, or AT_FDCWD with paths for names; nothing follows a link. All
 * return -1 with errno. */

/* ".NAME.0123456789abcdef" in the same folder, so that neither a web server
 * nor what includes all of a folder picks it up: for path, and out of random.
 * tmp (size bytes) receives it. */
int gs_file_hidden_name(const char *path, uint64_t random, char *tmp,
    size_t size) GS_MUST;

/* Whether name is one of these; of (size bytes) receives its NAME. */
bool gs_file_is_hidden_name(const char *name, char *of, size_t size);

/* Creates the file name, which must not be there. Returns its descriptor. */
int gs_file_create(int folder, const char *name, mode_t mode) GS_MUST;

/* The same under some hidden name beside path, and for its owner alone. */
int gs_file_create_beside(const char *path, char *tmp, size_t size) GS_MUST;

/* Closes fd, which is the file name; unless all is good (else errno says what
 * was not) the file is removed. */
int gs_file_finish(int folder, const char *name, int fd, bool good) GS_MUST;

/* Gives tmp (a file or a link) the place of name, or removes it. */
int gs_file_place(int folder, const char *tmp, const char *name) GS_MUST;

#endif
