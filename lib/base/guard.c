/* SPDX-License-Identifier: MIT */
/* The files that a run reads and writes: none may be both. */
#include "base/guard.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINKS = 40 };

/* What is compared. */
enum kind { EXEMPT, REGULAR, BLOCK, PIPE, ABSENT, FAMILY };

enum side { READS, WRITES };

struct gs_guarded {
	enum side side;
	enum kind kind;
	dev_t dev; /* of the file; of the folder when ABSENT or FAMILY */
	ino_t ino;
	char *name; /* ABSENT: in the folder */
	char *what;
	char *path;
	gs_guard_match *match; /* FAMILY */
	const void *arg;
};

void
gs_guard_init(struct gs_guard *g)
{
	*g = (struct gs_guard){ 0 };
}

static void
free_entry(struct gs_guarded *e)
{
	free(e->name);
	free(e->what);
	free(e->path);
}

void
gs_guard_free(struct gs_guard *g)
{
	for (size_t i = 0; i < g->n; i++)
		free_entry(&g->list[i]);
	free(g->list);
	*g = (struct gs_guard){ 0 };
}

/* ---- what a path leads to */

static void
take_stat(struct gs_guarded *e, const struct stat *st)
{
	e->kind = S_ISREG(st->st_mode) ? REGULAR :
	    S_ISBLK(st->st_mode)       ? BLOCK :
	    S_ISFIFO(st->st_mode)      ? PIPE :
					 EXEMPT;
	e->dev = e->kind == BLOCK ? st->st_rdev : st->st_dev;
	e->ino = e->kind == BLOCK ? 0 : st->st_ino;
}

/* The path that a dangling link names. */
static int
follow(char path[PATH_MAX])
{
	char to[PATH_MAX], joined[2 * PATH_MAX];

	for (int i = 0; i < LINKS; i++) {
		ssize_t n = readlink(path, to, sizeof(to) - 1);
		const char *slash = strrchr(path, '/');
		int folder = slash == NULL ? 0 : (int)(slash - path) + 1;

		if (n == -1)
			return 0;
		to[n] = '\0';
		int k = snprintf(joined, sizeof(joined), "%.*s%s",
		    to[0] == '/' ? 0 : folder, path, to);
		if (k >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(path, joined, (size_t)k + 1);
	}
	errno = ELOOP;
	return -1;
}

/* The folder and the name of a file that does not exist yet. Without its
 * folder it cannot be made. */
static int
find_absent(struct gs_guarded *e, struct gs_err *err)
{
	char path[PATH_MAX], folder[PATH_MAX] = ".";
	struct stat st;

	int n = snprintf(path, sizeof(path), "%s", e->path);
	if (n >= PATH_MAX || follow(path) == -1)
		return 0;
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	if (*name == '\0' || stat(folder, &st) == -1)
		return 0;
	e->kind = ABSENT;
	e->dev = st.st_dev;
	e->ino = st.st_ino;
	e->name = strdup(name);
	return e->name != NULL ? 0 : gs_err_sys(err, ENOMEM, "%s", e->path);
}

static int
find(struct gs_guarded *e, struct gs_err *err)
{
	struct stat st;
	int fd = strcmp(e->path, "-") != 0 ? -1 :
	    e->side == READS               ? STDIN_FILENO :
					     STDOUT_FILENO;

	if (fd != -1 ? fstat(fd, &st) == 0 : stat(e->path, &st) == 0)
		take_stat(e, &st);
	else if (fd == -1 && errno == ENOENT)
		return find_absent(e, err);
	return 0;
}

/* ---- comparing */

static bool
in_family(const struct gs_guarded *f, const struct gs_guarded *e)
{
	return f->kind == FAMILY && e->kind == ABSENT && f->dev == e->dev &&
	    f->ino == e->ino && f->match(f->arg, e->name);
}

static bool
same(const struct gs_guarded *a, const struct gs_guarded *b)
{
	if (in_family(a, b) || in_family(b, a))
		return true;
	return a->kind == b->kind && a->kind != EXEMPT && a->kind != FAMILY &&
	    a->dev == b->dev && a->ino == b->ino &&
	    (a->kind != ABSENT || strcmp(a->name, b->name) == 0);
}

/* Whether a and b must not be the same file. */
static bool
apart(const struct gs_guarded *a, const struct gs_guarded *b)
{
	if (a->side != b->side)
		return true;
	return a->side == WRITES && strcmp(a->what, b->what) != 0;
}

/* "-w out.pcap", "standard output". */
static void
put_name(struct gs_buf *b, const struct gs_guarded *e)
{
	bool std = strcmp(e->path, "-") == 0;

	gs_buf_puts(b, e->what);
	if (*e->what != '\0' && *e->path != '\0')
		gs_buf_putc(b, ' ');
	if (!std || *e->what != '\0')
		gs_buf_puts(b, e->path);
	else
		gs_buf_puts(b,
		    e->side == READS ? "standard input" : "standard output");
}

static int
refuse(const struct gs_guarded *a, const struct gs_guarded *b, const char *file,
    struct gs_err *err)
{
	struct gs_buf t;
	bool family = a->kind == FAMILY || b->kind == FAMILY;

	gs_buf_init(&t, (size_t)4 * PATH_MAX);
	put_name(&t, a);
	if (file != NULL)
		gs_buf_printf(&t, " (its file %s)", file);
	gs_buf_puts(&t, " and ");
	put_name(&t, b);
	gs_buf_puts(&t,
	    family && file == NULL ? " would be the same " : " are the same ");
	gs_buf_puts(&t,
	    a->kind == PIPE      ? "pipe" :
		a->kind == BLOCK ? "device" :
				   "file");
	gs_buf_puts(&t, ": nothing was written");
	gs_buf_putc(&t, '\0');
	int r = gs_buf_ok(&t) ? gs_err_set(err, "%s", (const char *)t.p) :
				gs_err_sys(err, ENOMEM, "%s", a->path);
	gs_buf_free(&t);
	return r;
}

/* file is the name of the file if e stands for a family of files, or NULL. */
static int
compare(const struct gs_guard *g, const struct gs_guarded *e, const char *file,
    struct gs_err *err)
{
	for (size_t i = 0; i < g->n; i++)
		if (apart(e, &g->list[i]) && same(e, &g->list[i]))
			return refuse(e, &g->list[i], file, err);
	return 0;
}

/* ---- adding */

static int
make(struct gs_guarded *e, const char *what, const char *path,
    struct gs_err *err)
{
	e->what = strdup(what != NULL ? what : "");
	e->path = strdup(path);
	if (e->what != NULL && e->path != NULL)
		return 0;
	return gs_err_sys(err, ENOMEM, "%s", path);
}

/* Compares e and adds it. On failure, it is freed. */
static int
add(struct gs_guard *g, struct gs_guarded *e, struct gs_err *err)
{
	int r = compare(g, e, NULL, err);

	if (r == 0 && !gs_grow(&g->list, &g->size, g->n + 1, sizeof(*g->list)))
		r = gs_err_sys(err, ENOMEM, "%s", e->path);
	if (r == 0)
		g->list[g->n++] = *e;
	else
		free_entry(e);
	return r;
}

static int
add_path(struct gs_guard *g, enum side side, const char *what, const char *path,
    struct gs_err *err)
{
	struct gs_guarded e = { .side = side };

	if (make(&e, what, path, err) == 0 && find(&e, err) == 0)
		return add(g, &e, err);
	free_entry(&e);
	return -1;
}

int
gs_guard_read(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err)
{
	return add_path(g, READS, what, path, err);
}

int
gs_guard_write(struct gs_guard *g, const char *what, const char *path,
    struct gs_err *err)
{
	return add_path(g, WRITES, what, path, err);
}

/* Compares those of a family that exist already. */
static int
compare_folder(const struct gs_guard *g, const struct gs_guarded *f, DIR *dir,
    struct gs_err *err)
{
	struct dirent *d;
	struct stat st;
	int r = 0;

	while (r == 0 && (errno = 0, d = readdir(dir)) != NULL) {
		struct gs_guarded e = *f;

		if (!f->match(f->arg, d->d_name) ||
		    fstatat(dirfd(dir), d->d_name, &st, 0) == -1)
			continue;
		take_stat(&e, &st);
		r = compare(g, &e, d->d_name, err);
	}
	if (r == 0 && errno != 0 && d == NULL)
		return gs_err_sys(err, errno, "%s", f->path);
	return r;
}

int
gs_guard_write_in(struct gs_guard *g, const char *what, const char *folder,
    gs_guard_match *match, const void *arg, struct gs_err *err)
{
	struct gs_guarded e = { .side = WRITES,
		.kind = FAMILY,
		.match = match,
		.arg = arg };
	struct stat st = { 0 };
	DIR *dir = NULL;
	int r = make(&e, what, folder, err);

	if (r == 0 && stat(folder, &st) == -1)
		r = gs_err_sys(err, errno, "folder %s", folder);
	else if (r == 0 && !S_ISDIR(st.st_mode))
		r = gs_err_sys(err, ENOTDIR, "%s", folder);
	if (r == -1) {
		free_entry(&e);
		return -1;
	}
	e.dev = st.st_dev;
	e.ino = st.st_ino;
	/* If the folder cannot be listed, only the run's own names are
	 * known. */
	dir = opendir(folder);
	if (dir != NULL)
		r = compare_folder(g, &e, dir, err);
	if (dir != NULL)
		(void)closedir(dir);
	if (r == 0)
		return add(g, &e, err);
	free_entry(&e);
	return r;
}

/* ---- asking */

bool
gs_guard_reads(const struct gs_guard *g, const char *path)
{
	struct gs_guarded e = { .side = WRITES };
	struct stat st;

	if (stat(path, &st) == -1)
		return false;
	take_stat(&e, &st);
	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].side == READS && same(&e, &g->list[i]))
			return true;
	return false;
}

/* Whether path is folder, with or without slashes, and then a name. A name
 * alone is in ".". */
static bool
is_in(const char *folder, const char *path, const char *name)
{
	size_t n = strlen(folder), k = (size_t)(name - path);

	while (n > 1 && folder[n - 1] == '/')
		n--;
	if (k == 0)
		return n == 1 && *folder == '.';
	while (k > 1 && path[k - 1] == '/')
		k--;
	return k == n && memcmp(path, folder, n) == 0;
}

bool
gs_guard_writes_files(const struct gs_guard *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].side == WRITES &&
		    strcmp(g->list[i].path, "-") != 0)
			return true;
	return false;
}

bool
gs_guard_writes(const struct gs_guard *g, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < g->n; i++) {
		const struct gs_guarded *e = &g->list[i];

		if (e->side != WRITES)
			continue;
		if (e->kind == FAMILY ?
			is_in(e->path, path, name) && e->match(e->arg, name) :
			strcmp(e->path, path) == 0)
			return true;
	}
	return false;
}

bool
gs_guard_is_fd(const char *path, int fd)
{
	struct gs_guarded a = { 0 }, b = { 0 };
	struct stat st;

	if (fstat(fd, &st) == -1)
		return false;
	take_stat(&a, &st);
	if (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) == -1 :
				     stat(path, &st) == -1)
		return false;
	take_stat(&b, &st);
	return same(&a, &b);
}
