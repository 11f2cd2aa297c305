/* SPDX-License-Identifier: MIT */
/* Several files and links that change together: the transaction. */
#include "cert/txn.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/guard.h"
#include "cert/folder_priv.h"

enum {
	FILE_MAX = 1024 * 1024,
	JOURNAL_MAX = 256 * 1024,
	NAME_SIZE = GS_PATH_SIZE + 64,
	HIDDEN_SIZE = 64,
};

#define JOURNAL GS_TXN_PREFIX "journal"
#define JOURNAL_HEAD "gs-certgen journal 1\n"
#define JOURNAL_END "end\n"

/* Name of step i's staged file, or with "-old" of what it replaces. */
static void
hidden_name(size_t i, const char *suffix, char *name)
{
	(void)snprintf(name, HIDDEN_SIZE, GS_TXN_PREFIX "%02zu%s", i, suffix);
}

static const char *
last_part(const char *path)
{
	return path + gs_cert_folder_length(path);
}

/* ---- building */

static bool
copy_path(struct gs_cert_txn *t, char *to, const char *path)
{
	size_t n = strlen(path);

	/* A line of the journal holds two paths with a tab between. */
	if (n >= GS_PATH_SIZE || strpbrk(path, "\t\n") != NULL) {
		t->failed = true;
		return false;
	}
	memcpy(to, path, n + 1);
	return true;
}

/* The folder of that path, added when it is new. */
static struct gs_cert_folder *
add_folder(struct gs_cert_txn *t, const char *path)
{
	for (size_t i = 0; i < t->folders; i++)
		if (strcmp(t->folder[i].path, path) == 0)
			return &t->folder[i];
	struct gs_cert_folder *f = &t->folder[t->folders];
	if (t->folders == GS_TXN_FOLDERS || !copy_path(t, f->path, path)) {
		t->failed = true;
		return NULL;
	}
	f->fd = -1;
	f->access = gs_cert_mode(0);
	t->folders++;
	return f;
}

int
gs_cert_txn_init(struct gs_cert_txn *t, const char *home, struct gs_err *err)
{
	*t = (struct gs_cert_txn){ .lock = -1 };
	if (strlen(home) >= sizeof(t->home)) {
		(void)gs_err_sys(err, ENAMETOOLONG, "%s", home);
		return -1;
	}
	memcpy(t->home, home, strlen(home) + 1);
	t->step = calloc(GS_TXN_STEPS, sizeof(*t->step));
	t->folder = calloc(GS_TXN_FOLDERS, sizeof(*t->folder));
	if (t->step != NULL && t->folder != NULL)
		return 0;
	free(t->step);
	free(t->folder);
	*t = (struct gs_cert_txn){ .lock = -1 };
	(void)gs_err_sys(err, ENOMEM, "transaction");
	return -1;
}

static void
remove_made_folders(struct gs_cert_txn *t)
{
	for (size_t i = t->folders; i-- > 0;)
		if (t->folder[i].made)
			(void)rmdir(t->folder[i].path);
}

void
gs_cert_txn_free(struct gs_cert_txn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		gs_buf_free(&t->step[i].bytes);
		if (t->step[i].fd != -1)
			(void)close(t->step[i].fd);
	}
	if (!t->finished)
		remove_made_folders(t);
	for (size_t i = 0; i < t->folders; i++)
		if (t->folder[i].fd != -1)
			(void)close(t->folder[i].fd);
	free(t->step);
	free(t->folder);
	if (t->lock != -1)
		(void)close(t->lock);
	*t = (struct gs_cert_txn){ .lock = -1 };
}

/* The name of the folder around path; "." when there is none in it. */
static void
folder_name(const char *path, char *dir)
{
	int n = gs_cert_folder_length(path);

	(void)snprintf(dir, GS_PATH_SIZE, "%.*s", n > 1 ? n - 1 : 1,
	    n > 0 ? path : ".");
}

void
gs_cert_txn_folder(struct gs_cert_txn *t, const char *path, bool make,
    struct gs_cert_access access)
{
	char parent[GS_PATH_SIZE];
	struct gs_cert_folder *f;
	struct stat st;

	/* Parents first. */
	if (make && gs_cert_folder_length(path) > 1 && lstat(path, &st) == -1 &&
	    errno == ENOENT) {
		folder_name(path, parent);
		gs_cert_txn_folder(t, parent, make, gs_cert_mode(0755));
	}
	f = add_folder(t, path);
	if (f == NULL || f->access.mode != 0)
		return;
	f->access = access;
	f->access.mode = make ? access.mode : 0;
}

/* Index of the folder around path, which is added when t does not know it;
 * 0 and t->failed when it does not fit. */
static size_t
folder_around(struct gs_cert_txn *t, const char *path)
{
	char dir[GS_PATH_SIZE];
	struct gs_cert_folder *f;

	folder_name(path, dir);
	f = add_folder(t, dir);
	return f == NULL ? 0 : (size_t)(f - t->folder);
}

void
gs_cert_txn_folder_of(struct gs_cert_txn *t, const char *path)
{
	if (strlen(path) >= GS_PATH_SIZE)
		t->failed = true;
	else
		(void)folder_around(t, path);
}

static struct gs_cert_step *
add_step(struct gs_cert_txn *t, enum gs_cert_step_kind kind, const char *path)
{
	struct gs_cert_step *s = &t->step[t->n];

	if (t->n == GS_TXN_STEPS) {
		t->failed = true;
		return NULL;
	}
	*s = (struct gs_cert_step){ .kind = kind, .fd = -1 };
	gs_buf_init(&s->bytes, FILE_MAX);
	if (!copy_path(t, s->path, path))
		return NULL;
	s->folder = folder_around(t, path);
	t->n++;
	return s;
}

struct gs_cert_step *
gs_cert_txn_put(struct gs_cert_txn *t, const char *path, struct gs_span bytes,
    struct gs_cert_access access)
{
	struct gs_cert_step *s = add_step(t, GS_STEP_FILE, path);

	if (s == NULL)
		return NULL;
	s->access = access;
	gs_buf_put(&s->bytes, bytes.p, bytes.n);
	if (!gs_buf_ok(&s->bytes))
		t->failed = true;
	return s;
}

void
gs_cert_txn_link(struct gs_cert_txn *t, const char *path, const char *target)
{
	struct gs_cert_step *s = add_step(t, GS_STEP_LINK, path);

	if (s != NULL)
		(void)copy_path(t, s->target, target);
}

void
gs_cert_txn_remove(struct gs_cert_txn *t, const char *path)
{
	(void)add_step(t, GS_STEP_REMOVE, path);
}

void
gs_cert_txn_hasten(struct gs_cert_txn *t)
{
	if (t->n < 2)
		return;
	struct gs_cert_step last = t->step[t->n - 1];
	memmove(t->step + 1, t->step, (t->n - 1) * sizeof(*t->step));
	t->step[0] = last;
}

void
gs_cert_txn_hidden_folder(struct gs_cert_txn *t, const char *path)
{
	struct gs_cert_folder *f = add_folder(t, path);

	(void)add_step(t, GS_STEP_FOLDER, path);
	if (f != NULL)
		f->hidden = true;
}

/* ---- the journal: what remains to be done when a run dies */

static void
journal_path(const char *home, char *name)
{
	(void)snprintf(name, NAME_SIZE, "%s/" JOURNAL, home);
}

/* gs_cert_txn_open() made sure that it is among them. */
static const struct gs_cert_folder *
home_of(const struct gs_cert_txn *t)
{
	size_t i = 0;

	while (strcmp(t->folder[i].path, t->home) != 0)
		i++;
	return &t->folder[i];
}

bool
gs_cert_txn_unfinished(const char *home)
{
	char name[NAME_SIZE];
	struct stat st;

	journal_path(home, name);
	return lstat(name, &st) == 0;
}

bool
gs_cert_txn_can_finish(const char *home)
{
	char name[NAME_SIZE];
	struct gs_buf b;

	journal_path(home, name);
	gs_buf_init(&b, JOURNAL_MAX);
	int r = gs_file_read(name, &b, NULL);
	struct gs_span s = gs_buf_span(&b);
	size_t end = sizeof(JOURNAL_END) - 1;
	bool whole = r == 0 && gs_span_starts(s, GS_LIT(JOURNAL_HEAD)) &&
	    s.n > end &&
	    gs_span_eq(gs_span(s.p + s.n - end, end), GS_LIT(JOURNAL_END));
	gs_buf_free(&b);
	return whole;
}

/* It appears complete and synced. */
static int
put_journal(struct gs_cert_txn *t, const struct gs_buf *b, bool sync,
    struct gs_err *err)
{
	struct gs_cert_step s = {
		.bytes = *b,
		.access = gs_cert_mode(S_IRUSR | S_IWUSR),
	};
	const struct gs_cert_folder *home = home_of(t);
	int fd;

	(void)snprintf(s.path, sizeof(s.path), "%s", t->home);
	fd = gs_cert_folder_write(home, JOURNAL ".new", &s, err);
	if (fd == -1)
		return -1;
	if (gs_file_finish(home->fd, JOURNAL ".new", fd,
		!sync || fsync(fd) == 0) == -1 ||
	    gs_file_place(home->fd, JOURNAL ".new", JOURNAL) == -1)
		return gs_err_sys(err, errno, "%s/" JOURNAL, t->home);
	t->journal = true;
	return sync ? gs_cert_folder_sync(home, err) : 0;
}

/* Lists t's steps in t->home. With sync it is on the disk afterwards. */
static int
write_journal(struct gs_cert_txn *t, bool sync, struct gs_err *err)
{
	char name[HIDDEN_SIZE];
	struct gs_buf b;

	gs_buf_init(&b, JOURNAL_MAX);
	gs_buf_puts(&b, JOURNAL_HEAD);
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_cert_step *s = &t->step[i];
		/* The hidden file is already in its place. */
		if (s->kind == GS_STEP_FOLDER || t->folder[s->folder].hidden)
			continue;
		hidden_name(i, "", name);
		if (s->kind != GS_STEP_REMOVE)
			gs_buf_printf(&b, "%.*s%s",
			    gs_cert_folder_length(s->path), s->path, name);
		gs_buf_printf(&b, "\t%s\n", s->path);
	}
	gs_buf_puts(&b, JOURNAL_END);
	int r = gs_buf_ok(&b) ? put_journal(t, &b, sync, err) :
				gs_err_sys(err, ENOMEM, "journal");
	gs_buf_free(&b);
	return r;
}

static int
remove_journal(struct gs_cert_txn *t, struct gs_err *err)
{
	if (unlinkat(home_of(t)->fd, JOURNAL, 0) == -1)
		return gs_err_sys(err, errno, "%s/" JOURNAL, t->home);
	t->journal = false;
	return 0;
}

/* One step, "TMP\tPATH" or "\tPATH" for a removal. A step whose staged file
 * is gone was carried out. */
static int
redo_line(struct gs_cert_txn *t, char *line, struct gs_err *err)
{
	char *path = strchr(line, '\t');

	if (path == NULL)
		return gs_err_set(err, "the journal is damaged");
	*path++ = '\0';
	/* Its folder may be none of those that this run knows. */
	struct gs_cert_folder *f = &t->folder[folder_around(t, path)];
	int n = gs_cert_folder_length(path);
	if (t->failed ||
	    (*line != '\0' &&
		(gs_cert_folder_length(line) != n ||
		    strncmp(line, path, (size_t)n) != 0)))
		return gs_err_set(err, "the journal is damaged");
	if (gs_cert_folder_open(f, err) == -1)
		return -1;
	if (f->fd == -1)
		return 0;
	int r = *line == '\0' ? unlinkat(f->fd, path + n, 0) :
				renameat(f->fd, line + n, f->fd, path + n);
	if (r == -1 && errno != ENOENT)
		return gs_err_sys(err, errno, "%s", path);
	return 0;
}

static int
redo(struct gs_cert_txn *t, struct gs_span journal, struct gs_err *err)
{
	char line[2 * GS_PATH_SIZE + 128];

	while (!gs_span_eq(journal, GS_LIT(JOURNAL_END))) {
		size_t n = gs_span_find(journal, GS_LIT("\n"));
		if (n >= sizeof(line) || n == journal.n)
			return gs_err_set(err, "the journal is damaged");
		memcpy(line, journal.p, n);
		line[n] = '\0';
		if (redo_line(t, line, err) == -1)
			return -1;
		journal = gs_span(journal.p + n + 1, journal.n - n - 1);
	}
	for (size_t i = 0; i < t->folders; i++)
		if (gs_cert_folder_sync(&t->folder[i], err) == -1)
			return -1;
	return 0;
}

/* Carries out what a journal in t->home says, and removes it. Opens the
 * folders of t. *found: there was one. */
static int
redo_journal(struct gs_cert_txn *t, bool *found, struct gs_err *err)
{
	char name[NAME_SIZE];
	struct gs_buf b;
	struct gs_err why = { 0 };
	int r;

	journal_path(t->home, name);
	gs_buf_init(&b, JOURNAL_MAX);
	r = gs_file_read(name, &b, &why);
	*found = r == 0 || why.sys != ENOENT;
	struct gs_span s = gs_buf_span(&b);
	size_t head = sizeof(JOURNAL_HEAD) - 1;
	if (!*found)
		r = 0;
	else if (r == -1)
		r = gs_err_set(err, "%s", why.text);
	else if (!gs_span_starts(s, GS_LIT(JOURNAL_HEAD)))
		r = gs_err_set(err,
		    "%s is not a journal of this program: inspect it, then "
		    "remove it",
		    name);
	else if ((r = redo(t, gs_span(s.p + head, s.n - head), err)) == 0)
		r = remove_journal(t, err);
	gs_buf_free(&b);
	return r;
}

/* ---- opening: folders, lock, an interrupted run */

static int
lock_home(struct gs_cert_txn *t, struct gs_err *err)
{
	t->lock = open(t->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->lock == -1)
		return gs_err_sys(err, errno, "%s", t->home);
	if (flock(t->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return gs_err_set(err,
		    "another run is working in %s: try again later", t->home);
	return gs_err_sys(err, errno, "cannot lock %s", t->home);
}

/* Whether path is home or a folder above it. */
static bool
leads_to(const char *path, const char *home)
{
	size_t n = strlen(path);

	return strncmp(home, path, n) == 0 &&
	    (home[n] == '/' || home[n] == '\0');
}

static int
sweep(const struct gs_cert_txn *t, struct gs_err *err)
{
	int r = 0;

	for (size_t i = 0; i < t->folders; i++)
		if (gs_cert_folder_sweep(&t->folder[i], err) == -1)
			r = -1;
	return r;
}

int
gs_cert_txn_open(struct gs_cert_txn *t, struct gs_err *err)
{
	int r = 0;

	(void)add_folder(t, t->home);
	if (t->failed)
		return gs_err_set(err,
		    "a path is too long, has a tab or a newline, or there are "
		    "too many");
	for (size_t i = 0; r == 0 && i < t->folders; i++)
		if (leads_to(t->folder[i].path, t->home))
			r = gs_cert_folder_make(&t->folder[i], err);
	if (r == 0)
		r = lock_home(t, err);
	for (size_t i = 0; r == 0 && i < t->folders; i++)
		r = gs_cert_folder_open(&t->folder[i], err);
	if (r == 0)
		r = redo_journal(t, &t->recovered, err);
	return r == 0 ? sweep(t, err) : -1;
}

static int
folder_possible(const struct gs_cert_folder *f, struct gs_err *err)
{
	struct stat st;

	if (stat(f->path, &st) == -1)
		return errno == ENOENT && f->access.mode != 0 ?
		    0 :
		    gs_err_sys(err, errno, "%s", f->path);
	if (!S_ISDIR(st.st_mode))
		return gs_err_sys(err, ENOTDIR, "%s", f->path);
	return 0;
}

int
gs_cert_txn_possible(const struct gs_cert_txn *t, struct gs_err *err)
{
	char dir[GS_PATH_SIZE];

	if (t->failed)
		return gs_err_set(err,
		    "a path is too long, or the change has too many steps");
	for (size_t i = 0; i < t->folders; i++)
		if (!t->folder[i].hidden &&
		    folder_possible(&t->folder[i], err) == -1)
			return -1;
	for (size_t i = 0; i < t->n; i++) {
		folder_name(t->step[i].path, dir);
		if (access(dir, W_OK | X_OK) == -1 && errno != ENOENT)
			return gs_err_sys(err, errno, "%s", dir);
	}
	return 0;
}

int
gs_cert_txn_recover(const char *home, bool *found, struct gs_err *err)
{
	struct gs_cert_txn t;

	*found = false;
	if (!gs_cert_txn_unfinished(home))
		return 0;
	if (gs_cert_txn_init(&t, home, err) == -1)
		return -1;
	int r = gs_cert_txn_open(&t, err);
	*found = t.recovered;
	gs_cert_txn_free(&t);
	return r;
}

int
gs_cert_txn_wait(const char *home)
{
	int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1)
		(void)flock(fd, LOCK_SH);
	return fd;
}

/* ---- staging */

static int
stage_step(struct gs_cert_txn *t, size_t i, struct gs_err *err)
{
	struct gs_cert_step *s = &t->step[i];
	const struct gs_cert_folder *f = &t->folder[s->folder];
	char name[HIDDEN_SIZE];

	if (f->fd == -1)
		return gs_err_sys(err, ENOENT, "folder %s", f->path);
	hidden_name(i, "", name);
	if (s->kind == GS_STEP_FOLDER) {
		struct gs_cert_folder *made = add_folder(t, s->path);
		if (gs_cert_folder_make_hidden(made, f, err) == -1)
			return -1;
	} else if (s->kind == GS_STEP_LINK) {
		if (symlinkat(s->target, f->fd, name) == -1)
			return gs_err_sys(err, errno, "%s", s->path);
	} else if (s->kind == GS_STEP_FILE) {
		s->fd = gs_cert_folder_write(f,
		    f->hidden ? last_part(s->path) : name, s, err);
		if (s->fd == -1)
			return -1;
	} else {
		return 0;
	}
	s->staged = true;
	return 0;
}

/* All are on their way to the disk before the first is waited for: that is
 * one commit of the file system instead of one for each. */
static int
sync_files(struct gs_cert_txn *t, struct gs_err *err)
{
	int r = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->step[i].fd != -1)
			(void)posix_fadvise(t->step[i].fd, 0, 0,
			    POSIX_FADV_DONTNEED);
	for (size_t i = 0; i < t->n; i++) {
		struct gs_cert_step *s = &t->step[i];
		if (s->fd == -1)
			continue;
		if (r == 0 && fsync(s->fd) == -1)
			r = gs_err_sys(err, errno, "%s", s->path);
		if (close(s->fd) == -1 && r == 0)
			r = gs_err_sys(err, errno, "%s", s->path);
		s->fd = -1;
	}
	return r;
}

static bool
holds(const char *path, struct gs_span bytes)
{
	struct gs_buf b;

	gs_buf_init(&b, FILE_MAX);
	bool same = gs_file_read(path, &b, NULL) == 0 &&
	    gs_span_eq(gs_buf_span(&b), bytes);
	gs_buf_free(&b);
	return same;
}

/* The target of a replaced link stays. */
static int
spare_inputs(const struct gs_cert_txn *t, struct gs_err *err)
{
	struct stat st;

	for (size_t i = 0; t->inputs != NULL && i < t->n; i++) {
		const struct gs_cert_step *s = &t->step[i];

		if (s->kind == GS_STEP_FOLDER || t->folder[s->folder].hidden ||
		    lstat(s->path, &st) == -1 || S_ISLNK(st.st_mode) ||
		    !gs_guard_reads(t->inputs, s->path) ||
		    (s->kind == GS_STEP_FILE &&
			holds(s->path, gs_buf_span(&s->bytes))))
			continue;
		return gs_err_set(err,
		    "%s is an input, but this run would overwrite it: give a "
		    "copy in another place",
		    s->path);
	}
	return 0;
}

int
gs_cert_txn_stage(struct gs_cert_txn *t, struct gs_err *err)
{
	int r = 0;

	if (t->failed)
		return gs_err_set(err,
		    "out of memory, or the change has too many steps");
	if (spare_inputs(t, err) == -1)
		return -1;
	for (size_t i = 0; r == 0 && i < t->folders; i++)
		if (!t->folder[i].hidden)
			r = gs_cert_folder_make(&t->folder[i], err);
	for (size_t i = 0; r == 0 && i < t->n; i++)
		r = stage_step(t, i, err);
	if (r == 0)
		r = sync_files(t, err);
	if (r == -1)
		gs_cert_txn_undo(t);
	return r;
}

/* ---- committing and going back */

/* The folders of all steps, each once: every sync waits for the disk. */
static int
sync_folders(const struct gs_cert_txn *t, bool hidden, struct gs_err *err)
{
	for (size_t i = 0; i < t->folders; i++) {
		bool used = false;
		for (size_t k = 0; k < t->n && !used; k++)
			used = t->step[k].folder == i;
		if (used && (hidden || !t->folder[i].hidden) &&
		    gs_cert_folder_sync(&t->folder[i], err) == -1)
			return -1;
	}
	return 0;
}

/* The entries of folders that were made are in those around them. */
static int
sync_made_folders(struct gs_cert_txn *t, struct gs_err *err)
{
	for (size_t i = 0; i < t->folders; i++) {
		char dir[GS_PATH_SIZE];
		struct gs_cert_folder around = { .fd = -1 };
		if (!t->folder[i].made)
			continue;
		folder_name(t->folder[i].path, dir);
		memcpy(around.path, dir, sizeof(dir));
		if (gs_cert_folder_open(&around, err) == -1)
			return -1;
		int r = gs_cert_folder_sync(&around, err);
		if (around.fd != -1)
			(void)close(around.fd);
		if (r == -1)
			return -1;
	}
	return 0;
}

static int
do_step(struct gs_cert_txn *t, size_t i, struct gs_err *err)
{
	struct gs_cert_step *s = &t->step[i];
	const struct gs_cert_folder *f = &t->folder[s->folder];
	const char *last = last_part(s->path);
	char name[HIDDEN_SIZE];

	if (s->kind == GS_STEP_FOLDER || f->hidden)
		return 0;
	/* The old file gets a second name. */
	hidden_name(i, "-old", name);
	if (linkat(f->fd, last, f->fd, name, 0) == 0)
		s->had_old = true;
	else if (errno != ENOENT)
		return gs_err_sys(err, errno, "%s", s->path);
	hidden_name(i, "", name);
	int r = s->kind == GS_STEP_REMOVE ? unlinkat(f->fd, last, 0) :
					    renameat(f->fd, name, f->fd, last);
	if (r == -1 && !(s->kind == GS_STEP_REMOVE && errno == ENOENT))
		return gs_err_sys(err, errno, "%s", s->path);
	s->staged = false;
	s->done = true;
	return 0;
}

static bool
replaces_nothing(const struct gs_cert_txn *t)
{
	struct stat st;

	for (size_t i = 0; i < t->n; i++)
		if (t->step[i].kind != GS_STEP_FOLDER &&
		    !t->folder[t->step[i].folder].hidden &&
		    lstat(t->step[i].path, &st) == 0)
			return false;
	return true;
}

int
gs_cert_txn_commit(struct gs_cert_txn *t, struct gs_err *err)
{
	int r = 0;

	/* When nothing is replaced, a power failure can only lose what is
	 * new, and the next run makes that again. */
	bool careful = !replaces_nothing(t);
	if (careful)
		r = sync_folders(t, true, err);
	if (r == 0)
		r = write_journal(t, careful, err);
	for (size_t i = 0; r == 0 && i < t->n; i++)
		r = do_step(t, i, err);
	if (r == 0)
		r = sync_folders(t, false, err);
	if (r == 0)
		r = sync_made_folders(t, err);
	if (r == -1)
		gs_cert_txn_undo(t);
	return r;
}

static void
undo_hidden(struct gs_cert_txn *t, struct gs_cert_step *s)
{
	bool folder = s->kind == GS_STEP_FOLDER;

	if (s->staged)
		(void)unlinkat(t->folder[s->folder].fd, last_part(s->path),
		    folder ? AT_REMOVEDIR : 0);
	s->staged = false;
}

static void
undo_step(struct gs_cert_txn *t, size_t i)
{
	struct gs_cert_step *s = &t->step[i];
	const struct gs_cert_folder *f = &t->folder[s->folder];
	const char *last = last_part(s->path);
	char name[HIDDEN_SIZE];

	if (s->kind == GS_STEP_FOLDER || f->hidden) {
		undo_hidden(t, s);
		return;
	}
	hidden_name(i, "-old", name);
	if (s->done && s->had_old)
		(void)renameat(f->fd, name, f->fd, last);
	else if (s->done && s->kind != GS_STEP_REMOVE)
		(void)unlinkat(f->fd, last, 0);
	else if (s->had_old)
		(void)unlinkat(f->fd, name, 0);
	s->done = false;
	s->had_old = false;
	if (!s->staged)
		return;
	hidden_name(i, "", name);
	(void)unlinkat(f->fd, name, 0);
	s->staged = false;
}

void
gs_cert_txn_undo(struct gs_cert_txn *t)
{
	/* Without the journal first: a run that dies while it goes back
	 * must not be carried forward by halves. */
	for (unsigned i = 0; t->journal && i < 2; i++)
		if (remove_journal(t, NULL) == 0)
			break;
	t->journal = false;
	for (size_t i = t->n; i-- > 0;)
		undo_step(t, i);
	(void)sync_folders(t, false, NULL);
	remove_made_folders(t);
}

int
gs_cert_txn_finish(struct gs_cert_txn *t, struct gs_err *err)
{
	if (remove_journal(t, err) == -1) {
		gs_cert_txn_undo(t);
		return -1;
	}
	t->finished = true;
	/* The new set is in service; what cannot be swept now is swept by
	 * the next run. A journal that a power failure brings back finds all
	 * of its steps carried out. */
	if (sweep(t, err) == -1 && sweep(t, err) == -1)
		return -1;
	return 0;
}
