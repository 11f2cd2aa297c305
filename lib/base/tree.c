/* SPDX-License-Identifier: MIT */
/* The files in a folder and in those below it. */
#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 64 * 1024 };

int
gs_tree_add(struct gs_tree *t, const char *name, struct gs_err *err)
{
	char *copy = strdup(name);

	if (t->n >= GS_TREE_NAMES) {
		free(copy);
		return gs_err_set(err, "more than %d files and folders",
		    GS_TREE_NAMES);
	}
	if (copy == NULL ||
	    !gs_grow(&t->name, &t->size, t->n + 1, sizeof(*t->name))) {
		free(copy);
		return gs_err_sys(err, ENOMEM, "%s", name);
	}
	t->name[t->n++] = copy;
	return 0;
}

void
gs_tree_free(struct gs_tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->name[i]);
	free(t->name);
	free(t->other);
	*t = (struct gs_tree){ 0 };
}

static bool
ends_like(const char *name, const char *suffixes)
{
	size_t length = strlen(name);

	if (suffixes == NULL)
		return true;
	for (const char *p = suffixes; *p != '\0';) {
		size_t n = strcspn(p, " ");

		if (length > n &&
		    gs_span_eqcase(gs_span(name + length - n, n),
			gs_span(p, n)))
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

/* FOLDER/NAME into path, a string. */
static int
join(struct gs_buf *path, const char *folder, const char *name,
    struct gs_err *err)
{
	size_t n = strlen(folder);

	gs_buf_clear(path);
	gs_buf_puts(path, folder);
	if (n > 0 && folder[n - 1] != '/')
		gs_buf_putc(path, '/');
	gs_buf_puts(path, name);
	gs_buf_putc(path, '\0');
	return gs_buf_ok(path) ? 0 : gs_err_sys(err, ENAMETOOLONG, "%s", name);
}

/* Counts a file that is not added. */
static int
pass_over(struct gs_tree *files, const char *path, struct gs_err *err)
{
	files->others++;
	if (files->other != NULL && strcmp(files->other, path) <= 0)
		return 0;
	free(files->other);
	files->other = strdup(path);
	return files->other != NULL ? 0 : gs_err_sys(err, ENOMEM, "%s", path);
}

/* Whether path is a link to a file beside it that is added itself. */
static bool
leads_beside(const char *path, const char *suffixes)
{
	char target[PATH_MAX], beside[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (n <= 0 || slash == NULL || target[0] == '.')
		return false;
	target[n] = '\0';
	int length = snprintf(beside, sizeof(beside), "%.*s%s",
	    (int)(slash + 1 - path), path, target);
	return strchr(target, '/') == NULL && ends_like(target, suffixes) &&
	    (size_t)length < sizeof(beside) && lstat(beside, &st) == 0 &&
	    S_ISREG(st.st_mode);
}

/* Adds what is at path: a folder to be read, or a file. Files that have gone
 * meanwhile, and dangling links, are left out. */
static int
add_entry(struct gs_tree *folders, struct gs_tree *files, const char *path,
    const char *suffixes, struct gs_err *err)
{
	struct stat st;
	int bad = lstat(path, &st);

	if (bad == 0 && S_ISDIR(st.st_mode))
		return gs_tree_add(folders, path, err);
	if (bad == 0 && S_ISLNK(st.st_mode) && leads_beside(path, suffixes))
		return 0;
	bad = bad == -1 ? bad : stat(path, &st);
	if (bad == 0 && !S_ISREG(st.st_mode))
		return 0;
	if (bad == 0)
		return (ends_like(path, suffixes) ? gs_tree_add : pass_over)(
		    files, path, err);
	return errno == ENOENT || errno == ELOOP ?
	    0 :
	    gs_err_sys(err, errno, "%s", path);
}

static int
read_folder(struct gs_tree *folders, struct gs_tree *files, const char *folder,
    const char *suffixes, struct gs_err *err)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	struct gs_buf path;
	int r = 0;

	if (d == NULL)
		return gs_err_sys(err, errno, "%s", folder);
	gs_buf_init(&path, PATH_BYTES);
	while (r == 0 && (errno = 0, e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		r = join(&path, folder, e->d_name, err);
		if (r == 0)
			r = add_entry(folders, files, (char *)path.p, suffixes,
			    err);
	}
	if (r == 0 && errno != 0)
		r = gs_err_sys(err, errno, "%s", folder);
	gs_buf_free(&path);
	(void)closedir(d);
	return r;
}

static int
compare(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

int
gs_tree_files(struct gs_tree *t, const char *folder, const char *suffixes,
    struct gs_err *err)
{
	struct gs_tree folders = { 0 };
	size_t before = t->n;
	int r = gs_tree_add(&folders, folder, err);

	for (size_t i = 0; r == 0 && i < folders.n; i++)
		r = read_folder(&folders, t, folders.name[i], suffixes, err);
	if (r == 0 && t->n > before)
		qsort(t->name + before, t->n - before, sizeof(*t->name),
		    compare);
	gs_tree_free(&folders);
	return r;
}
