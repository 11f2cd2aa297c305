/* SPDX-License-Identifier: MIT */
/* Files: read up to a limit or as a stream, replaced as a whole. */
#ifndef GSPROV_BASE_FILE_H
#define GSPROV_BASE_FILE_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/diag.h"

/* A file that is read in pieces. */
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
 * Returns 1, 0 at the end, or -1. A caught signal ends the wait (EINTR). */
int gs_reader_next(struct gs_reader *r, struct gs_span *chunk,
    struct gs_err *err) GS_MUST;

/* Safe after a failed gs_reader_open() and for a zeroed r. */
void gs_reader_close(struct gs_reader *r);

/* Whether path is a regular file, which can be read again. */
bool gs_file_is_regular(const char *path);

/* What packed a file that begins with s, such as "gzip"; *cat is the command
 * that unpacks it to standard output, such as "zcat". NULL: unknown. */
const char *gs_file_packer(struct gs_span begin, const char **cat);

/* Reads all of path ("-" is standard input) into out, up to its limit. Returns
 * 0, or -1 with nothing in out. */
int gs_file_read(const char *path, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* Reads the first line of path, a pass phrase, without its line end. name is
 * the file's name in errors. Returns 0, or -1 if there is none. */
int gs_file_read_pass(const char *path, const char *name, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* Like gs_file_read(), for the rest of an open reader, which stays open. path
 * is for the error. */
int gs_reader_rest(struct gs_reader *r, const char *path, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* Reads a regular file of a folder into out; the old contents are not wiped.
 * size is the size that the file must have, or SIZE_MAX. Returns 0 with *st, 1
 * if there is no such file, 2 if it is something else (a link, another size),
 * -1 with errno. */
int gs_file_read_at(int folder, const char *name, size_t size,
    struct gs_buf *out, struct stat *st) GS_MUST;

/* Writes all n bytes to fd, also when signals arrive. Returns 0, or -1 with
 * errno. */
int gs_file_put_all(int fd, const void *p, size_t n) GS_MUST;

/* A file is replaced in three steps: a hidden file is created beside it,
 * written and finished, and takes its place. Every reader sees the old bytes
 * or the new ones. The caller decides what is synced, and when. folder is a
 * descriptor, or AT_FDCWD with paths for names. Links are not followed. All
 * functions return -1 with errno. */

/* A random name in the folder of path: ".NAME.0123456789abcdef". Web servers
 * and programs that include a whole folder ignore it. tmp (size bytes)
 * receives it. */
int gs_file_hidden_name(const char *path, uint64_t random, char *tmp,
    size_t size) GS_MUST;

/* Whether name is such a name; of (size bytes) receives its NAME. */
bool gs_file_is_hidden_name(const char *name, char *of, size_t size);

/* Creates the file name, which must not exist. Returns its descriptor. */
int gs_file_create(int folder, const char *name, mode_t mode) GS_MUST;

/* The same with a hidden name beside path, for its owner only. */
int gs_file_create_beside(const char *path, char *tmp, size_t size) GS_MUST;

/* Closes fd, which is the file name. Unless good is true (otherwise errno
 * tells why not), the file is removed. */
int gs_file_finish(int folder, const char *name, int fd, bool good) GS_MUST;

/* Renames tmp (a file or a link) to name, or removes it. */
int gs_file_place(int folder, const char *tmp, const char *name) GS_MUST;

#endif
