/* SPDX-License-Identifier: MIT */
/* Files: read up to a limit or as a stream, replaced as a whole. */
#include "base/file.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A piece of this size stays in the second-level cache. */
enum { CHUNK = 64 * 1024, CHUNK_MIN = 4096, NAME_TRIES = 16 };

int
gs_reader_open(struct gs_reader *r, const char *path, struct gs_err *err)
{
	struct stat st;

	*r = (struct gs_reader){ .fd = -1, .size = CHUNK };
	r->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) :
					 open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd == -1)
		return gs_err_sys(err, errno, "%s", path);
	bool known = fstat(r->fd, &st) == 0;
	if (known && S_ISDIR(st.st_mode)) {
		gs_reader_close(r);
		return gs_err_sys(err, EISDIR, "%s", path);
	}
	/* All of it is wiped at the end, so a small file gets a small
	 * buffer. */
	if (known && S_ISREG(st.st_mode) && st.st_size < CHUNK)
		r->size = (size_t)st.st_size + CHUNK_MIN;
	r->buf = malloc(r->size);
	if (r->buf == NULL) {
		gs_reader_close(r);
		return gs_err_sys(err, ENOMEM, "%s", path);
	}
	return 0;
}

int
gs_reader_next(struct gs_reader *r, struct gs_span *chunk, struct gs_err *err)
{
	ssize_t n = read(r->fd, r->buf, r->size);

	/* A caught signal ends a wait that may never end. */
	if (n == -1)
		return gs_err_sys(err, errno, "cannot read");
	*chunk = gs_span(r->buf, (size_t)n);
	return n > 0;
}

void
gs_reader_close(struct gs_reader *r)
{
	if (r->buf != NULL)
		explicit_bzero(r->buf, r->size);
	free(r->buf);
	if (r->size > 0 && r->fd != -1)
		(void)close(r->fd);
	*r = (struct gs_reader){ .fd = -1 };
}

bool
gs_file_is_regular(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
	    S_ISREG(st.st_mode);
}

const char *
gs_file_packer(struct gs_span begin, const char **cat)
{
	static const struct {
		const char *magic, *name, *cat;
	} packers[] = {
		{ "\x1f\x8b", "gzip", "zcat" },
		{ "\x28\xb5\x2f\xfd", "zstd", "zstdcat" },
		{ "\xfd"
		  "7zX",
		    "xz", "xzcat" },
		{ "BZh", "bzip2", "bzcat" },
	};

	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
		const char *m = packers[i].magic;
		if (!gs_span_starts(begin, gs_span_of(m)))
			continue;
		*cat = packers[i].cat;
		return packers[i].name;
	}
	return NULL;
}

int
gs_reader_rest(struct gs_reader *r, const char *path, struct gs_buf *out,
    struct gs_err *err)
{
	struct gs_span chunk = { NULL, 0 };
	int more;

	while ((more = gs_reader_next(r, &chunk, err)) == 1) {
		gs_buf_put(out, chunk.p, chunk.n);
		if (!gs_buf_ok(out)) {
			more = gs_err_set(err,
			    "%s: more than %zu bytes, or out of memory", path,
			    out->max);
			break;
		}
	}
	if (more == -1)
		gs_buf_clear(out);
	return more;
}

int
gs_file_read(const char *path, struct gs_buf *out, struct gs_err *err)
{
	struct gs_reader r;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	int rc = gs_reader_rest(&r, path, out, err);
	gs_reader_close(&r);
	return rc;
}

int
gs_file_read_pass(const char *path, const char *name, struct gs_buf *out,
    struct gs_err *err)
{
	if (gs_file_read(path, out, err) == -1)
		return -1;
	struct gs_span s = gs_buf_span(out);
	size_t n = gs_span_find(s, GS_LIT("\n"));
	if (n > 0 && n <= s.n && out->p[n - 1] == '\r')
		n--;
	if (n == 0)
		return gs_err_set(err, "%s: no pass phrase in the first line",
		    name);
	out->n = n;
	return 0;
}

int
gs_file_read_at(int folder, const char *name, size_t size, struct gs_buf *out,
    struct stat *st)
{
	int fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int got = 2;

	if (fd == -1)
		return errno == ENOENT ? 1 : errno == ELOOP ? 2 : -1;
	out->n = 0;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) &&
	    (size_t)st->st_size < out->max &&
	    (size == SIZE_MAX || (size_t)st->st_size == size)) {
		/* One octet more than needed, as an empty file has none. */
		uint8_t *to = gs_buf_space(out, (size_t)st->st_size + 1);
		ssize_t n = to == NULL ? -1 : read(fd, to, (size_t)st->st_size);
		errno = to == NULL ? ENOMEM : errno;
		got = n == -1 ? -1 : 0;
		out->n = n > 0 ? (size_t)n : 0;
	}
	(void)close(fd);
	return got;
}

int
gs_file_put_all(int fd, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n > 0) {
		ssize_t k = write(fd, p, n);
		if (k == -1 && errno == EINTR)
			continue;
		if (k == -1)
			return -1;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

/* A long NAME is cut. */
int
gs_file_hidden_name(const char *path, uint64_t random, char *tmp, size_t size)
{
	const char *slash = strrchr(path, '/');
	int folder = slash == NULL ? 0 : (int)(slash - path) + 1;
	int n = snprintf(tmp, size, "%.*s.%.*s.%016llx", folder, path,
	    NAME_MAX - 18, path + folder, (unsigned long long)random);

	if (n >= 0 && (size_t)n < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

bool
gs_file_is_hidden_name(const char *name, char *of, size_t size)
{
	size_t n = strlen(name);

	if (n < 19 || n - 18 >= size || name[0] != '.' || name[n - 17] != '.' ||
	    strspn(name + n - 16, "0123456789abcdef") != 16)
		return false;
	memcpy(of, name + 1, n - 18);
	of[n - 18] = '\0';
	return true;
}

int
gs_file_create(int folder, const char *name, mode_t mode)
{
	return openat(folder, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}

int
gs_file_create_beside(const char *path, char *tmp, size_t size)
{
	int fd = -1;

	for (unsigned i = 0; i < NAME_TRIES; i++) {
		uint64_t r;

		if (getrandom(&r, sizeof(r), 0) != sizeof(r) ||
		    gs_file_hidden_name(path, r, tmp, size) == -1)
			return -1;
		fd = gs_file_create(AT_FDCWD, tmp, S_IRUSR | S_IWUSR);
		if (fd != -1 || errno != EEXIST)
			break;
	}
	return fd;
}

int
gs_file_finish(int folder, const char *name, int fd, bool good)
{
	int why = errno;

	if (close(fd) == -1 && good) {
		good = false;
		why = errno;
	}
	if (good)
		return 0;
	(void)unlinkat(folder, name, 0);
	errno = why;
	return -1;
}

int
gs_file_place(int folder, const char *tmp, const char *name)
{
	if (renameat(folder, tmp, folder, name) == 0)
		return 0;
	int why = errno;
	(void)unlinkat(folder, tmp, 0);
	errno = why;
	return -1;
}
