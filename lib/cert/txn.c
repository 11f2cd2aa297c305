/* SPDX-License-Identifier: MIT */
/* Several files and links that change together: the transaction. */
#include "cert/txn.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

enum { JOURNAL_MAX = 256 * 1024, FILE_MAX = 1024 * 1024 };

#define JOURNAL GS_TXN_PREFIX "journal"
#define JOURNAL_HEAD "gs-certgen journal 1\n"
#define JOURNAL_END "end\n"

/* ---- paths */

/* Length of the folder's name in path, with its slash. */
static int
folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (int)(slash - path) + 1;
}

/* The longest name that is made has GS_PATH_SIZE + 64 bytes. */
enum { HIDDEN_SIZE = GS_PATH_SIZE + 64 };

static void
hidden(const char *path, size_t i, const char *suffix, char *name)
{
	(void)snprintf(name, HIDDEN_SIZE, "%.*s" GS_TXN_PREFIX "%02zu%s",
	    folder_length(path), path, i, suffix);
}

void
gs_txn_staged_name(const struct gs_txn *t, size_t i, char *name)
{
	char long_name[HIDDEN_SIZE];

	hidden(t->step[i].path, i, "", long_name);
	(void)snprintf(name, GS_PATH_SIZE, "%.*s", GS_PATH_SIZE - 1,
	    long_name);
}

static void
journal_path(const char *home, char *name)
{
	(void)snprintf(name, HIDDEN_SIZE, "%s/" JOURNAL, home);
}

/* ---- building */

int
gs_txn_init(struct gs_txn *t, const char *home, struct gs_err *err)
{
	*t = (struct gs_txn){ .lock = -1 };
	if (strlen(home) >= sizeof(t->home))
		return gs_err_sys(err, ENAMETOOLONG, "%s", home);
	memcpy(t->home, home, strlen(home) + 1);
	t->step = calloc(GS_TXN_STEPS, sizeof(*t->step));
	t->folder = calloc(GS_TXN_FOLDERS, sizeof(*t->folder));
	if (t->step != NULL && t->folder != NULL)
		return 0;
	free(t->step);
	free(t->folder);
	*t = (struct gs_txn){ .lock = -1 };
	return gs_err_sys(err, ENOMEM, "transaction");
}

static void
remove_made_folders(struct gs_txn *t)
{
	for (size_t i = t->folders; i-- > 0;)
		if (t->folder[i].made)
			(void)rmdir(t->folder[i].path);
}

void
gs_txn_free(struct gs_txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		gs_buf_free(&t->step[i].bytes);
	if (!t->finished)
		remove_made_folders(t);
	free(t->step);
	free(t->folder);
	if (t->lock != -1)
		(void)close(t->lock);
	*t = (struct gs_txn){ .lock = -1 };
}

static bool
copy_path(struct gs_txn *t, char *to, const char *path)
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

void
gs_txn_folder(struct gs_txn *t, const char *path, bool make, mode_t mode,
    uid_t uid, gid_t gid)
{
	struct gs_folder *f;
	struct stat st;

	for (size_t i = 0; i < t->folders; i++)
		if (strcmp(t->folder[i].path, path) == 0)
			return;
	if (make && path[0] != '\0' && lstat(path, &st) == -1 &&
	    errno == ENOENT) {
		/* Parents first. */
		char parent[GS_PATH_SIZE];
		int n = folder_length(path) - 1;
		if (n > 0 && n < GS_PATH_SIZE) {
			(void)snprintf(
			    parent, sizeof(parent), "%.*s", n, path);
			gs_txn_folder(t, parent, make, 0755, (uid_t)-1,
			    (gid_t)-1);
		}
	}
	f = &t->folder[t->folders];
	if (t->folders == GS_TXN_FOLDERS || !copy_path(t, f->path, path)) {
		t->failed = true;
		return;
	}
	f->mode = make ? mode : 0;
	f->uid = uid;
	f->gid = gid;
	t->folders++;
}

void
gs_txn_folder_of(struct gs_txn *t, const char *path)
{
	char dir[GS_PATH_SIZE];
	int n = folder_length(path);

	if (n >= GS_PATH_SIZE) {
		t->failed = true;
		return;
	}
	(void)snprintf(dir, sizeof(dir), "%.*s", n > 1 ? n - 1 : n, path);
	gs_txn_folder(t, n == 0 ? "." : dir, false, 0, (uid_t)-1, (gid_t)-1);
}

static struct gs_step *
add_step(struct gs_txn *t, enum gs_step_kind kind, const char *path)
{
	struct gs_step *s = &t->step[t->n];

	if (t->n == GS_TXN_STEPS) {
		t->failed = true;
		return NULL;
	}
	*s = (struct gs_step){ .kind = kind };
	gs_buf_init(&s->bytes, FILE_MAX);
	if (!copy_path(t, s->path, path))
		return NULL;
	t->n++;
	return s;
}

struct gs_step *
gs_txn_put(struct gs_txn *t, const char *path, struct gs_span bytes,
    mode_t mode, uid_t uid, gid_t gid)
{
	struct gs_step *s = add_step(t, GS_STEP_FILE, path);

	if (s == NULL)
		return NULL;
	s->mode = mode;
	s->uid = uid;
	s->gid = gid;
	gs_buf_put(&s->bytes, bytes.p, bytes.n);
	if (!gs_buf_ok(&s->bytes))
		t->failed = true;
	return s;
}

void
gs_txn_link(struct gs_txn *t, const char *path, const char *target)
{
	struct gs_step *s = add_step(t, GS_STEP_LINK, path);

	if (s != NULL)
		(void)copy_path(t, s->target, target);
}

void
gs_txn_remove(struct gs_txn *t, const char *path)
{
	(void)add_step(t, GS_STEP_REMOVE, path);
}

void
gs_txn_hidden_folder(struct gs_txn *t, const char *path)
{
	(void)add_step(t, GS_STEP_FOLDER, path);
}

/* ---- small steps on the disk */

static int
sync_folder(const char *path, struct gs_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return gs_err_sys(err, errno, "%s", path);
	int r = fsync(fd);
	int why = errno;
	(void)close(fd);
	if (r == -1)
		return gs_err_sys(err, why, "%s", path);
	return 0;
}

static int
sync_folder_of(const char *path, struct gs_err *err)
{
	char dir[GS_PATH_SIZE];
	int n = folder_length(path);

	(void)snprintf(dir, sizeof(dir), "%.*s", n > 1 ? n - 1 : n, path);
	return sync_folder(n == 0 ? "." : dir, err);
}

/* Whether step i is the first in its folder. */
static bool
first_there(const struct gs_txn *t, size_t i)
{
	int n = folder_length(t->step[i].path);

	for (size_t k = 0; k < i; k++)
		if (folder_length(t->step[k].path) == n &&
		    strncmp(t->step[k].path, t->step[i].path, (size_t)n) == 0)
			return false;
	return true;
}

/* The folders of all steps, each once: every sync waits for the disk. */
static int
sync_steps(const struct gs_txn *t, struct gs_err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (first_there(t, i) &&
		    sync_folder_of(t->step[i].path, err) == -1)
			return -1;
	return 0;
}

static int
sync_made_folders(const struct gs_txn *t, struct gs_err *err)
{
	for (size_t i = 0; i < t->folders; i++)
		if (t->folder[i].made &&
		    sync_folder_of(t->folder[i].path, err) == -1)
			return -1;
	return 0;
}

/* Those that a journal named are among them. */
static int
sync_folders(const struct gs_txn *t, struct gs_err *err)
{
	for (size_t i = 0; i < t->folders; i++)
		if (sync_folder(t->folder[i].path, err) == -1)
			return -1;
	return 0;
}

/* 0600 until the bytes are there and the owner is right: whoever may read
 * the file in the end could not before. */
static int
write_file(const char *name, const struct gs_step *s, bool sync,
    struct gs_err *err)
{
	int fd = open(name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);

	if (fd == -1)
		return gs_err_sys(err, errno, "%s", s->path);
	struct timespec when[2] = { { s->mtime, 0 }, { s->mtime, 0 } };
	bool bad = ((s->uid != (uid_t)-1 || s->gid != (gid_t)-1) &&
		       fchown(fd, s->uid, s->gid) == -1) ||
	    gs_file_put_all(fd, s->bytes.p, s->bytes.n) == -1 ||
	    fchmod(fd, s->mode) == -1 ||
	    (s->mtime != 0 && futimens(fd, when) == -1) ||
	    (sync && fsync(fd) == -1);
	int why = errno;
	if (close(fd) == -1 && !bad) {
		bad = true;
		why = errno;
	}
	if (!bad)
		return 0;
	(void)unlink(name);
	return gs_err_sys(err, why, "%s", s->path);
}

enum { SWEEP_DEPTH = 2 };

/* Removes the hidden files of one folder, and those in hidden folders. */
static int
sweep_folder(const char *path, unsigned depth, struct gs_err *err)
{
	char name[GS_PATH_SIZE + 300];
	struct dirent *e;
	int r = 0;
	DIR *dir = opendir(path);

	if (dir == NULL && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (dir == NULL)
		return gs_err_sys(err, errno, "%s", path);
	while (errno = 0, (e = readdir(dir)) != NULL) {
		bool dots = strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0;
		if (dots ||
		    (depth == 0 &&
			strncmp(e->d_name, GS_TXN_PREFIX,
			    sizeof(GS_TXN_PREFIX) - 1) != 0))
			continue;
		int n = snprintf(
		    name, sizeof(name), "%s/%s", path, e->d_name);
		if (n < 0 || (size_t)n >= sizeof(name))
			continue;
		if (unlink(name) == 0)
			continue;
		if (errno != EISDIR || depth + 1 == SWEEP_DEPTH)
			r = gs_err_sys(err, errno, "%s", name);
		else if (sweep_folder(name, depth + 1, err) == -1)
			r = -1;
		else if (rmdir(name) == -1)
			r = gs_err_sys(err, errno, "%s", name);
	}
	if (errno != 0)
		r = gs_err_sys(err, errno, "%s", path);
	(void)closedir(dir);
	return r;
}

static int
sweep(const struct gs_txn *t, struct gs_err *err)
{
	int r = 0;

	for (size_t i = 0; i < t->folders; i++)
		if (sweep_folder(t->folder[i].path, 0, err) == -1)
			r = -1;
	return r;
}

/* ---- opening: folders, lock, what an interrupted run left */

static int
make_folder(struct gs_folder *f, struct gs_err *err)
{
	struct stat st;

	if (f->mode == 0)
		return 0;
	if (mkdir(f->path, S_IRWXU) == -1) {
		if (errno == EEXIST && stat(f->path, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			return 0;
		if (errno == EEXIST)
			return gs_err_sys(err, ENOTDIR, "%s", f->path);
		return gs_err_sys(err, errno, "cannot make %s", f->path);
	}
	f->made = true;
	if ((f->uid != (uid_t)-1 || f->gid != (gid_t)-1) &&
	    chown(f->path, f->uid, f->gid) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	if (chmod(f->path, f->mode) == -1)
		return gs_err_sys(err, errno, "%s", f->path);
	return 0;
}

static int
lock_home(struct gs_txn *t, struct gs_err *err)
{
	t->lock = open(t->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->lock == -1)
		return gs_err_sys(err, errno, "%s", t->home);
	if (flock(t->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return gs_err_set(err,
		    "another run is at work in %s: try again when it is done",
		    t->home);
	return gs_err_sys(err, errno, "cannot lock %s", t->home);
}

/* One step of a journal, "TMP\tPATH" or "\tPATH" for a removal. A step
 * whose staged file is gone was carried out. */
static int
redo_line(struct gs_txn *t, char *line, struct gs_err *err)
{
	char *path = strchr(line, '\t');
	struct stat st;

	if (path == NULL)
		return gs_err_set(err, "the journal is damaged");
	*path++ = '\0';
	/* Its folder may be none of those that this run knows. */
	gs_txn_folder_of(t, path);
	if (*line == '\0') {
		if (unlink(path) == -1 && errno != ENOENT)
			return gs_err_sys(err, errno, "%s", path);
		return 0;
	}
	if (lstat(line, &st) == -1)
		return errno == ENOENT ? 0 :
					 gs_err_sys(err, errno, "%s", line);
	if (rename(line, path) == -1)
		return gs_err_sys(err, errno, "%s", path);
	return 0;
}

static int
redo(struct gs_txn *t, struct gs_span journal, struct gs_err *err)
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
	return 0;
}

static int
recover(struct gs_txn *t, struct gs_err *err)
{
	char name[HIDDEN_SIZE];
	struct gs_buf b;
	struct gs_err why = { 0 };
	int r;

	journal_path(t->home, name);
	gs_buf_init(&b, JOURNAL_MAX);
	r = gs_file_read(name, &b, &why);
	if (r == -1 && why.sys == ENOENT) {
		gs_buf_free(&b);
		return sweep(t, err);
	}
	struct gs_span s = gs_buf_span(&b);
	if (r == -1) {
		r = gs_err_set(err, "%s", why.text);
	} else if (!gs_span_starts(s, GS_LIT(JOURNAL_HEAD))) {
		r = gs_err_set(err,
		    "%s is no journal of this program: look at it, then "
		    "remove it", name);
	} else {
		s.p += sizeof(JOURNAL_HEAD) - 1;
		s.n -= sizeof(JOURNAL_HEAD) - 1;
		r = redo(t, s, err);
		t->recovered = r == 0;
	}
	gs_buf_free(&b);
	if (r == 0 && sync_folders(t, err) == 0 && unlink(name) == -1)
		r = gs_err_sys(err, errno, "%s", name);
	return r == 0 ? sweep(t, err) : r;
}

/* Whether path is home or a folder above it. */
static bool
leads_to(const char *path, const char *home)
{
	size_t n = strlen(path);

	return strncmp(home, path, n) == 0 &&
	    (home[n] == '/' || home[n] == '\0');
}

int
gs_txn_open(struct gs_txn *t, struct gs_err *err)
{
	int r = 0;

	if (t->failed)
		return gs_err_set(err, "a path is too long, has a tab or a "
				       "newline, or there are too many");
	for (size_t i = 0; r == 0 && i < t->folders; i++)
		if (leads_to(t->folder[i].path, t->home))
			r = make_folder(&t->folder[i], err);
	if (r == 0)
		r = lock_home(t, err);
	if (r == 0)
		r = recover(t, err);
	return r;
}

static int
folder_possible(const struct gs_folder *f, struct gs_err *err)
{
	struct stat st;

	if (stat(f->path, &st) == -1)
		return errno == ENOENT && f->mode != 0 ?
		    0 :
		    gs_err_sys(err, errno, "%s", f->path);
	if (!S_ISDIR(st.st_mode))
		return gs_err_sys(err, ENOTDIR, "%s", f->path);
	return 0;
}

int
gs_txn_possible(const struct gs_txn *t, struct gs_err *err)
{
	char dir[GS_PATH_SIZE];

	if (t->failed)
		return gs_err_set(err, "a path is too long, or the change "
				       "has too many steps");
	for (size_t i = 0; i < t->folders; i++)
		if (folder_possible(&t->folder[i], err) == -1)
			return -1;
	for (size_t i = 0; i < t->n; i++) {
		int n = folder_length(t->step[i].path);
		(void)snprintf(dir, sizeof(dir), "%.*s", n > 0 ? n : 1,
		    n > 0 ? t->step[i].path : ".");
		if (access(dir, W_OK | X_OK) == -1 && errno != ENOENT)
			return gs_err_sys(err, errno, "%s", dir);
	}
	return 0;
}

bool
gs_txn_unfinished(const char *home)
{
	char name[HIDDEN_SIZE];
	struct stat st;

	journal_path(home, name);
	return lstat(name, &st) == 0;
}

int
gs_txn_wait(const char *home)
{
	int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1)
		(void)flock(fd, LOCK_SH);
	return fd;
}

/* ---- staging */

static int
stage_step(struct gs_txn *t, size_t i, struct gs_err *err)
{
	struct gs_step *s = &t->step[i];
	char name[HIDDEN_SIZE];

	hidden(s->path, i, "", name);
	if (s->kind == GS_STEP_FILE) {
		if (write_file(name, s, true, err) == -1)
			return -1;
		s->staged = true;
	} else if (s->kind == GS_STEP_LINK) {
		if (symlink(s->target, name) == -1)
			return gs_err_sys(err, errno, "%s", s->path);
		s->staged = true;
	} else if (s->kind == GS_STEP_FOLDER) {
		if (mkdir(s->path, S_IRWXU) == -1)
			return gs_err_sys(err, errno, "%s", s->path);
		s->staged = true;
		/* The files in it and the folder around it say who may
		 * read. */
		if (chmod(s->path, 0755) == -1)
			return gs_err_sys(err, errno, "%s", s->path);
	}
	return 0;
}

int
gs_txn_stage(struct gs_txn *t, struct gs_err *err)
{
	int r = 0;

	if (t->failed)
		return gs_err_set(err, "the change has too many steps, or "
				       "there is no memory");
	for (size_t i = 0; r == 0 && i < t->folders; i++)
		r = make_folder(&t->folder[i], err);
	for (size_t i = 0; r == 0 && i < t->n; i++)
		r = stage_step(t, i, err);
	if (r == -1)
		gs_txn_undo(t);
	return r;
}

/* It appears as a whole, and synced. */
static int
put_journal(struct gs_txn *t, const struct gs_buf *b, struct gs_err *err)
{
	struct gs_step s = {
		.bytes = *b,
		.mode = S_IRUSR | S_IWUSR,
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
	};
	char name[HIDDEN_SIZE], fresh[HIDDEN_SIZE + 8];

	journal_path(t->home, name);
	(void)snprintf(s.path, sizeof(s.path), "%s", t->home);
	(void)snprintf(fresh, sizeof(fresh), "%s.new", name);
	if (write_file(fresh, &s, !t->nothing_old, err) == -1)
		return -1;
	if (rename(fresh, name) == -1) {
		(void)gs_err_sys(err, errno, "%s", name);
		(void)unlink(fresh);
		return -1;
	}
	t->journal = true;
	return t->nothing_old ? 0 : sync_folder(t->home, err);
}

static int
write_journal(struct gs_txn *t, struct gs_err *err)
{
	char name[HIDDEN_SIZE];
	struct gs_buf b;

	gs_buf_init(&b, JOURNAL_MAX);
	gs_buf_puts(&b, JOURNAL_HEAD);
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_step *s = &t->step[i];
		/* Hidden folders are there already. */
		if (s->kind == GS_STEP_FOLDER)
			continue;
		hidden(s->path, i, "", name);
		gs_buf_printf(&b, "%s\t%s\n",
		    s->kind == GS_STEP_REMOVE ? "" : name, s->path);
	}
	gs_buf_puts(&b, JOURNAL_END);
	int r = gs_buf_ok(&b) ? put_journal(t, &b, err) :
				gs_err_sys(err, ENOMEM, "journal");
	gs_buf_free(&b);
	return r;
}

/* ---- committing and going back */

/* Keeps what stands at the step's path under a second name. */
static int
keep_old(struct gs_txn *t, size_t i, struct gs_err *err)
{
	struct gs_step *s = &t->step[i];
	char old[HIDDEN_SIZE];

	hidden(s->path, i, "-old", old);
	if (linkat(AT_FDCWD, s->path, AT_FDCWD, old, 0) == 0)
		s->had_old = true;
	else if (errno != ENOENT)
		return gs_err_sys(err, errno, "%s", s->path);
	return 0;
}

static int
do_step(struct gs_txn *t, size_t i, struct gs_err *err)
{
	struct gs_step *s = &t->step[i];
	char name[HIDDEN_SIZE];

	if (s->kind == GS_STEP_FOLDER)
		return 0;
	if (keep_old(t, i, err) == -1)
		return -1;
	hidden(s->path, i, "", name);
	int r = s->kind == GS_STEP_REMOVE ? unlink(s->path) :
					    rename(name, s->path);
	if (r == -1 && !(s->kind == GS_STEP_REMOVE && errno == ENOENT))
		return gs_err_sys(err, errno, "%s", s->path);
	s->staged = false;
	s->done = true;
	return 0;
}

static bool
replaces_nothing(const struct gs_txn *t)
{
	struct stat st;

	for (size_t i = 0; i < t->n; i++)
		if (t->step[i].kind != GS_STEP_FOLDER &&
		    lstat(t->step[i].path, &st) == 0)
			return false;
	return true;
}

int
gs_txn_commit(struct gs_txn *t, struct gs_err *err)
{
	int r = 0;

	/* When nothing is replaced, a power failure can only lose what is
	 * new, and the next run makes that again. */
	t->nothing_old = replaces_nothing(t);
	if (!t->nothing_old)
		r = sync_steps(t, err);
	if (r == 0)
		r = write_journal(t, err);
	for (size_t i = 0; r == 0 && i < t->n; i++)
		r = do_step(t, i, err);
	if (r == 0)
		r = sync_steps(t, err);
	if (r == 0)
		r = sync_made_folders(t, err);
	if (r == -1)
		gs_txn_undo(t);
	return r;
}

static void
undo_step(struct gs_txn *t, size_t i)
{
	struct gs_step *s = &t->step[i];
	char name[HIDDEN_SIZE];

	if (s->kind == GS_STEP_FOLDER) {
		if (s->staged)
			(void)rmdir(s->path);
		s->staged = false;
		return;
	}
	hidden(s->path, i, "-old", name);
	if (s->done && s->had_old)
		(void)rename(name, s->path);
	else if (s->done && s->kind != GS_STEP_REMOVE)
		(void)unlink(s->path);
	else if (s->had_old)
		(void)unlink(name);
	s->done = false;
	s->had_old = false;
	if (!s->staged)
		return;
	hidden(s->path, i, "", name);
	(void)unlink(name);
	s->staged = false;
}

void
gs_txn_undo(struct gs_txn *t)
{
	char name[HIDDEN_SIZE];

	/* Without the journal first: a run that dies while it goes back
	 * must not be carried forward by halves. */
	journal_path(t->home, name);
	if (t->journal && unlink(name) == -1 && errno != ENOENT)
		(void)unlink(name);
	t->journal = false;
	for (size_t i = t->n; i-- > 0;)
		undo_step(t, i);
	(void)sync_steps(t, NULL);
	remove_made_folders(t);
}

int
gs_txn_finish(struct gs_txn *t, struct gs_err *err)
{
	char name[HIDDEN_SIZE];

	journal_path(t->home, name);
	if (unlink(name) == -1) {
		(void)gs_err_sys(err, errno, "%s", name);
		gs_txn_undo(t);
		return -1;
	}
	t->journal = false;
	t->finished = true;
	/* The new set is in service; what cannot be swept now is swept by
	 * the next run. A journal that a power failure brings back finds all
	 * of its steps carried out. */
	if (sweep(t, err) == -1 && sweep(t, err) == -1)
		return -1;
	return 0;
}
