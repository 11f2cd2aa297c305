/* SPDX-License-Identifier: MIT */
/* A folder that is held open while files are replaced in it. */
#include "cert/folder_priv.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"

int
gs_cert_folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (int)(slash - path) + 1;
}

int
gs_cert_folder_open(struct gs_cert_folder *f, struct gs_err *err)
{
	if (f->fd != -1)
		return 0;
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd == -1 && errno != ENOENT)
		return gs_err_sys(err, errno, "%s", f->path);
	return 0;
}

/* Opens what was just made as name (in the folder at), and nothing else. */
static int
open_made(struct gs_cert_folder *f, int at, const char *name,
    struct gs_err *err)
{
	struct stat st;

	f->fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd == -1 || fstat(f->fd, &st) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	if (st.st_uid != geteuid())
		return gs_err_sys(err, EPERM, "%s", f->path);
	return 0;
}

/* Whether an earlier run without an owner made the folder, and it is
 * unchanged. */
static int
open_for_owner(struct gs_cert_folder *f, struct gs_err *err)
{
	struct stat st;

	if (gs_cert_folder_open(f, err) == -1)
		return -1;
	if (f->fd == -1 || f->access.uid == (uid_t)-1 ||
	    fstat(f->fd, &st) == -1 || (st.st_mode & 07777) != f->access.mode ||
	    st.st_uid != geteuid() || st.st_gid != getegid())
		return 0;
	return fchown(f->fd, f->access.uid, f->access.gid) == -1 ?
	    gs_err_sys(err, errno, "%s", f->path) :
	    0;
}

int
gs_cert_folder_make(struct gs_cert_folder *f, struct gs_err *err)
{
	struct stat st;

	if (f->access.mode == 0)
		return gs_cert_folder_open(f, err);
	if (f->fd != -1)
		return open_for_owner(f, err);
	if (mkdir(f->path, S_IRWXU) == -1) {
		if (errno == EEXIST && stat(f->path, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			return open_for_owner(f, err);
		if (errno == EEXIST)
			return gs_err_sys(err, ENOTDIR, "%s", f->path);
		return gs_err_sys(err, errno, "cannot create %s", f->path);
	}
	f->made = true;
	if (open_made(f, AT_FDCWD, f->path, err) == -1)
		return -1;
	if (((f->access.uid != (uid_t)-1 || f->access.gid != (gid_t)-1) &&
		fchown(f->fd, f->access.uid, f->access.gid) == -1) ||
	    fchmod(f->fd, f->access.mode) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	return 0;
}

int
gs_cert_folder_make_hidden(struct gs_cert_folder *f,
    const struct gs_cert_folder *outer, struct gs_err *err)
{
	const char *name = f->path + gs_cert_folder_length(f->path);

	if (mkdirat(outer->fd, name, S_IRWXU) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	/* Its files and its parent tell who may read. */
	if (open_made(f, outer->fd, name, err) == 0) {
		if (fchmod(f->fd, 0755) == 0)
			return 0;
		(void)gs_err_sys(err, errno, "%s", f->path);
		(void)close(f->fd);
		f->fd = -1;
	}
	(void)unlinkat(outer->fd, name, AT_REMOVEDIR);
	return -1;
}

int
gs_cert_folder_sync(const struct gs_cert_folder *f, struct gs_err *err)
{
	if (f->fd != -1 && fsync(f->fd) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	return 0;
}

/* ---- sweeping */

enum { SWEEP_DEPTH = 2 };

static int sweep_at(int fd, const char *path, unsigned depth,
    struct gs_err *err);

/* A hidden folder, emptied first. fd is its parent. */
static int
sweep_inner(int fd, const char *name, const char *path, unsigned depth,
    struct gs_err *err)
{
	int inner = depth + 1 == SWEEP_DEPTH ?
	    -1 :
	    openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (inner == -1)
		return gs_err_sys(err,
		    depth + 1 == SWEEP_DEPTH ? EISDIR : errno, "%s/%s", path,
		    name);
	int r = sweep_at(inner, path, depth + 1, err);
	(void)close(inner);
	if (r == 0 && unlinkat(fd, name, AT_REMOVEDIR) == -1)
		r = gs_err_sys(err, errno, "%s/%s", path, name);
	return r;
}

static bool
is_swept(const char *name, unsigned depth)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	return depth > 0 ||
	    strncmp(name, GS_TXN_PREFIX, sizeof(GS_TXN_PREFIX) - 1) == 0;
}

/* Removes the hidden files of a folder, and all files in its hidden
 * folders. */
static int
sweep_at(int fd, const char *path, unsigned depth, struct gs_err *err)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again == -1 ? NULL : fdopendir(again);
	struct dirent *e;
	int r = 0;

	if (dir == NULL) {
		(void)gs_err_sys(err, errno, "%s", path);
		if (again != -1)
			(void)close(again);
		return -1;
	}
	while (errno = 0, (e = readdir(dir)) != NULL) {
		if (!is_swept(e->d_name, depth) ||
		    unlinkat(fd, e->d_name, 0) == 0)
			continue;
		if (errno != EISDIR)
			r = gs_err_sys(err, errno, "%s/%s", path, e->d_name);
		else if (sweep_inner(fd, e->d_name, path, depth, err) == -1)
			r = -1;
	}
	if (errno != 0)
		r = gs_err_sys(err, errno, "%s", path);
	(void)closedir(dir);
	return r;
}

int
gs_cert_folder_sweep(const struct gs_cert_folder *f, struct gs_err *err)
{
	return f->fd == -1 ? 0 : sweep_at(f->fd, f->path, 0, err);
}

/* ---- files */

int
gs_cert_folder_write(const struct gs_cert_folder *f, const char *name,
    const struct gs_cert_step *s, struct gs_err *err)
{
	struct timespec when[2] = { { (time_t)s->mtime, 0 },
		{ (time_t)s->mtime, 0 } };

	if (f->fd == -1)
		return gs_err_sys(err, ENOENT, "%s", f->path);
	int fd = gs_file_create(f->fd, name, S_IRUSR | S_IWUSR);

	if (fd == -1)
		return gs_err_sys(err, errno, "%s", s->path);
	if (((s->access.uid == (uid_t)-1 && s->access.gid == (gid_t)-1) ||
		fchown(fd, s->access.uid, s->access.gid) == 0) &&
	    gs_file_put_all(fd, s->bytes.p, s->bytes.n) == 0 &&
	    fchmod(fd, s->access.mode) == 0 &&
	    (s->mtime == 0 || futimens(fd, when) == 0))
		return fd;
	if (gs_file_finish(f->fd, name, fd, false) == -1)
		(void)gs_err_sys(err, errno, "%s", s->path);
	return -1;
}
