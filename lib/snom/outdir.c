/* SPDX-License-Identifier: MIT */
/* A folder of settings files: written as a whole, and only if they change. */
#include "snom/outdir.h"

#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/model.h"

enum { MOST_OLD = 16 * 1024 * 1024, NAME = 160, MODE = 0640 };

int
gs_snom_outdir_open(struct gs_snom_outdir *s, const char *path, bool dry,
    struct gs_err *err)
{
	*s = (struct gs_snom_outdir){ .path = path,
		.dry = dry,
		.list = { .fd = -1 } };
	gs_buf_init(&s->old, MOST_OLD);
	s->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->fd == -1 ? gs_err_sys(err, errno, "%s", path) : 0;
}

/* Whether name is a temporary file of ours for a NAME written here. */
static bool
is_temporary(struct gs_snom_outdir *s, const char *name)
{
	char of[NAME], target[NAME];
	struct stat st;
	uint64_t mac;

	if (!gs_file_is_hidden_name(name, of, sizeof(of)) ||
	    fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    st.st_uid != geteuid())
		return false;
	if (S_ISREG(st.st_mode))
		return gs_snom_outdir_is_name(of, &mac);
	ssize_t k = readlinkat(s->fd, name, target, sizeof(target) - 1);
	if (k <= 0 || strncmp(of, "snom-", 5) != 0)
		return false;
	target[k] = '\0';
	return gs_snom_outdir_is_name(target, &mac);
}

bool
gs_snom_outdir_may_take(const char *name, bool links)
{
	char of[NAME];
	uint64_t mac;

	if (gs_snom_manifest_is_file(name))
		return true;
	if (gs_file_is_hidden_name(name, of, sizeof(of)))
		name = of;
	return gs_snom_outdir_is_name(name, &mac) ||
	    (links && gs_snom_manifest_is_link(gs_span_of(name)));
}

int
gs_snom_outdir_each(struct gs_snom_outdir *s,
    int (*visit)(void *arg, const char *name, struct gs_err *err), void *arg,
    struct gs_err *err)
{
	int fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *e;
	int bad = 0;

	if (dir == NULL) {
		if (fd != -1)
			(void)close(fd);
		return gs_err_sys(err, errno, "%s", s->path);
	}
	while (bad == 0 && (e = readdir(dir)) != NULL)
		bad = visit(arg, e->d_name, err);
	(void)closedir(dir);
	return bad;
}

/* Removes the temporary files of a killed run. */
static int
clean(void *arg, const char *name, struct gs_err *err)
{
	struct gs_snom_outdir *s = arg;

	if (is_temporary(s, name) && unlinkat(s->fd, name, 0) == -1)
		return gs_err_sys(err, errno, "%s/%s", s->path, name);
	return 0;
}

int
gs_snom_outdir_begin(struct gs_snom_outdir *s, bool wait, struct gs_err *err)
{
	int locked = 0;

	while (!s->dry &&
	    (locked = flock(s->fd, LOCK_EX | (wait ? 0 : LOCK_NB))) == -1 &&
	    errno == EINTR)
		;
	if (locked == -1 && errno == EWOULDBLOCK)
		return 1;
	if (locked == -1)
		return gs_err_sys(err, errno, "%s: cannot lock", s->path);
	if (!s->dry && gs_snom_outdir_each(s, clean, s, err) == -1)
		return -1;
	return gs_snom_manifest_open(&s->list, s->fd, s->path, s->dry, err);
}

void
gs_snom_outdir_close(struct gs_snom_outdir *s)
{
	if (s->fd != -1)
		gs_snom_manifest_close(&s->list, s->written + s->unchanged > 0);
	if (s->fd != -1)
		(void)close(s->fd);
	gs_buf_free(&s->old);
	s->fd = -1;
}

/* Whether name is a regular file with these bytes and the right mode. */
static bool
is_same(struct gs_snom_outdir *s, const char *name, struct gs_span bytes)
{
	struct stat st;

	/* Wiped only at the end: its contents are in the folder anyway. */
	return gs_file_read_at(s->fd, name, bytes.n, &s->old, &st) == 0 &&
	    (st.st_mode & 07777) == MODE &&
	    gs_span_eq(gs_buf_span(&s->old), bytes);
}

/* A hidden name beside NAME; creating the file detects whether it is taken. */
static int
temporary(struct gs_snom_outdir *s, const char *name, char *tmp)
{
	if (s->random == 0 &&
	    getrandom(&s->random, sizeof(s->random), 0) != sizeof(s->random))
		return -1;
	return gs_file_hidden_name(name, s->random++, tmp, NAME);
}

/* The umask may clear bits of MODE; whether it does is determined once. */
static int
set_mode(struct gs_snom_outdir *s, int fd)
{
	struct stat st;

	if (s->mode_is_exact)
		return 0;
	if (fstat(fd, &st) == -1)
		return -1;
	s->mode_is_exact = (st.st_mode & 07777) == MODE;
	return s->mode_is_exact ? 0 : fchmod(fd, MODE);
}

static int
replace(struct gs_snom_outdir *s, const char *name, struct gs_span bytes)
{
	char tmp[NAME];

	if (temporary(s, name, tmp) == -1)
		return -1;
	int fd = gs_file_create(s->fd, tmp, MODE);
	if (fd == -1)
		return -1;
	bool good =
	    gs_file_put_all(fd, bytes.p, bytes.n) == 0 && set_mode(s, fd) == 0;
	if (gs_file_finish(s->fd, tmp, fd, good) == -1)
		return -1;
	return gs_file_place(s->fd, tmp, name);
}

int
gs_snom_outdir_put(struct gs_snom_outdir *s, uint64_t mac, struct gs_span bytes,
    char *name, enum gs_snom_written *what, struct gs_err *err)
{
	gs_snom_outdir_name(mac, name);
	bool same = is_same(s, name, bytes);
	if (gs_snom_manifest_file(&s->list, mac, bytes, err) == -1)
		return -1;
	if (!same && !s->dry && replace(s, name, bytes) == -1)
		return gs_err_sys(err, errno, "%s/%s", s->path, name);
	*(same ? &s->unchanged : &s->written) += 1;
	*what = same ? GS_STORED_UNCHANGED : GS_STORED_WRITTEN;
	return 0;
}

int
gs_snom_outdir_link(struct gs_snom_outdir *s, const char *name, uint64_t mac,
    struct gs_err *err)
{
	char target[GS_STORE_NAME], now[NAME], tmp[NAME];
	ssize_t n = readlinkat(s->fd, name, now, sizeof(now));

	gs_snom_outdir_name(mac, target);
	if (gs_snom_manifest_link(&s->list, mac, name, err) == -1)
		return -1;
	if (s->dry ||
	    (n > 0 && gs_span_eq(gs_span(now, (size_t)n), gs_span_of(target))))
		return 0;
	if (temporary(s, name, tmp) == 0 &&
	    symlinkat(target, s->fd, tmp) == 0 &&
	    gs_file_place(s->fd, tmp, name) == 0)
		return 0;
	/* The name holds a secret key. */
	return gs_err_sys(err, errno, "%s: link to %s", s->path, target);
}

void
gs_snom_outdir_name(uint64_t mac, char name[GS_STORE_NAME])
{
	char text[13];

	gs_snom_mac_format(mac, text);
	(void)snprintf(name, GS_STORE_NAME, "settings-%s.xml", text);
}

bool
gs_snom_outdir_is_name(const char *name, uint64_t *mac)
{
	char text[GS_STORE_NAME];

	if (strlen(name) != 9 + 12 + 4 ||
	    gs_snom_mac_parse(gs_span(name + 9, 12), mac) == -1)
		return false;
	gs_snom_outdir_name(*mac, text);
	return strcmp(text, name) == 0;
}

int
gs_snom_outdir_sync(struct gs_snom_outdir *s, struct gs_err *err)
{
	if (gs_snom_manifest_commit(&s->list, err) == -1)
		return -1;
	if (s->dry || s->written + s->removed == 0)
		return 0;
	return fsync(s->fd) == -1 ? gs_err_sys(err, errno, "%s", s->path) : 0;
}
