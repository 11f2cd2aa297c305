/* SPDX-License-Identifier: MIT */
/* The files that a run writes: hidden until it has succeeded. */
#define _GNU_SOURCE /* statx: whether a file is a mount point */
#include "base/outfile.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

enum { LINKS = 40 };

/* What a keeper may be asked to do. */
enum verb { OPEN = 1, SHOW, FINISH, FORGET, COMMIT, DROP };

/* Where a path leads. */
struct place {
	char path[PATH_MAX]; /* without links */
	int fd; /* a descriptor named by the path, or -1 */
	bool there;
	struct stat st; /* if it exists */
	struct stat folder;
};

struct gs_outfile {
	struct gs_outfile *next;
	FILE *fp; /* NULL: finished, or a keeper's */
	int fd; /* of fp, or a keeper's own; -1: none */
	bool done; /* finished */
	const struct gs_keeper *keeper; /* does the rest; or NULL */
	uint32_t id; /* between the keeper and its process */
	char *path;
	char *target; /* after links; NULL: written in place */
	char *tmp; /* NULL: it has taken its place */
	bool stream;
	bool alone; /* a stream, without a folder beside it */
	bool truncate; /* in place: empty it when the run fails */
	bool purge; /* its buffer must not be written */
	bool wide; /* the old file is readable by others */
	bool there; /* there was an old file */
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/* ---- where a path leads */

/* N of /dev/fd/N, /proc/self/fd/N and of the three standard names, 1 of "-", or
 * -1. */
static int
descriptor(const char *path)
{
	static const char *const names[] = { "/dev/stdin", "/dev/stdout",
		"/dev/stderr" };
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/",
		"/proc/thread-self/fd/" };
	uint64_t n;

	if (strcmp(path, "-") == 0)
		return STDOUT_FILENO;
	for (int i = 0; i < 3; i++) {
		size_t k = strlen(folders[i]);

		if (strcmp(path, names[i]) == 0)
			return i;
		if (strncmp(path, folders[i], k) == 0 &&
		    gs_span_u64(gs_span_of(path + k), &n) == 0 && n <= INT_MAX)
			return (int)n;
	}
	return -1;
}

/* Whether st, in a folder that everybody writes to, belongs to neither its
 * owner nor this process. */
static bool
is_planted(const struct stat *st, const struct stat *folder)
{
	return (folder->st_mode & S_IWOTH) != 0 && st->st_uid != geteuid() &&
	    st->st_uid != folder->st_uid;
}

/* "FOLDER/NAME REST" with NAME replaced by text. */
static int
put_path(char out[PATH_MAX], const char *folder, const char *name,
    const char *rest)
{
	char joined[PATH_MAX];
	bool slash = *folder != '\0' && folder[strlen(folder) - 1] != '/';
	int n = snprintf(joined, sizeof(joined), "%s%s%s%s%s",
	    *name == '/' ? "" : folder, slash && *name != '/' ? "/" : "", name,
	    *rest != '\0' ? "/" : "", rest);

	if (n < 0 || n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(out, joined, (size_t)n + 1);
	return 0;
}

/* Replaces the link at p->path, which rest follows, with its target in
 * todo. */
static int
follow(struct place *p, size_t folder_n, const char *rest, char todo[PATH_MAX],
    struct gs_err *err)
{
	char to[PATH_MAX];
	ssize_t n = readlink(p->path, to, sizeof(to) - 1);

	if (n == -1)
		return gs_err_sys(err, errno, "%s", p->path);
	if (is_planted(&p->st, &p->folder))
		return gs_err_set(err,
		    "%s: not followed: this link belongs to another user, in "
		    "a folder that everyone can write to",
		    p->path);
	to[n] = '\0';
	p->path[folder_n] = '\0';
	if (put_path(todo, "", to, rest) == -1)
		return gs_err_sys(err, errno, "%s", to);
	return 0;
}

/* Follows name, the first part of todo. Returns 1 while more remains. */
static int
step(struct place *p, char todo[PATH_MAX], struct gs_err *err)
{
	char name[NAME_MAX + 2], rest[PATH_MAX];
	const char *at = todo + strspn(todo, "/");
	size_t n = strcspn(at, "/"), folder_n = strlen(p->path);

	if (*at == '\0')
		return 0;
	if (stat(folder_n == 0 ? "." : p->path, &p->folder) == -1)
		return gs_err_sys(err, errno, "%s", p->path);
	(void)snprintf(rest, sizeof(rest), "%s", at + n + strspn(at + n, "/"));
	int k = snprintf(name, sizeof(name), "%.*s", (int)n, at);
	if (k > NAME_MAX || put_path(p->path, p->path, name, "") == -1)
		return gs_err_sys(err, ENAMETOOLONG, "%s", todo);
	p->there = lstat(p->path, &p->st) == 0;
	if (!p->there && (errno != ENOENT || *rest != '\0'))
		return gs_err_sys(err, errno, "%s%s",
		    errno == ENOENT ? "folder " : "", p->path);
	if (p->there && S_ISLNK(p->st.st_mode))
		return follow(p, folder_n, rest, todo, err) == -1 ? -1 : 2;
	(void)snprintf(todo, PATH_MAX, "%s", rest);
	return 1;
}

static int
find(struct place *p, const char *path, struct gs_err *err)
{
	char todo[PATH_MAX];
	int links = 0, more = 1;

	*p = (struct place){ .fd = -1 };
	if (strlen(path) >= sizeof(todo))
		return gs_err_sys(err, ENAMETOOLONG, "%s", path);
	(void)snprintf(todo, sizeof(todo), "%s", path);
	while (more > 0) {
		char whole[PATH_MAX];

		if (todo[0] == '/')
			(void)snprintf(p->path, sizeof(p->path), "/");
		if (put_path(whole, p->path, todo, "") == 0 &&
		    (p->fd = descriptor(whole)) != -1)
			break;
		more = step(p, todo, err);
		if (more == 2 && ++links > LINKS)
			return gs_err_sys(err, ELOOP, "%s", path);
	}
	return more == -1 ? -1 : 0;
}

/* Whether the file at p may be written. */
static int
judge(struct place *p, const char *path, struct gs_err *err)
{
	bool file;

	if (p->fd != -1) {
		if (fstat(p->fd, &p->st) == -1)
			return gs_err_sys(err, errno, "%s", path);
		p->there = true;
		return 0;
	}
	if (p->path[0] == '\0')
		return gs_err_sys(err, ENOENT, "%s: cannot create", path);
	if (!p->there)
		return path[strlen(path) - 1] == '/' ?
		    gs_err_sys(err, EISDIR, "%s: cannot create", path) :
		    0;
	file = S_ISREG(p->st.st_mode) || S_ISFIFO(p->st.st_mode);
	if (S_ISDIR(p->st.st_mode))
		return gs_err_sys(err, EISDIR, "%s: cannot write", path);
	if (file && is_planted(&p->st, &p->folder))
		return gs_err_set(err,
		    "%s: not written: it belongs to another user, in a folder "
		    "that everyone can write to",
		    path);
	/* A file without the right to write is meant to stay. */
	if (faccessat(AT_FDCWD, p->path, W_OK, AT_EACCESS) == -1)
		return gs_err_sys(err, errno, "%s: cannot write", path);
	return 0;
}

static int
look(struct place *p, const char *path, struct gs_err *err)
{
	struct gs_err why;

	if (find(p, path, &why) == -1)
		return why.sys == 0 ?
		    gs_err_set(err, "%s", why.text) :
		    gs_err_set(err, "%s: cannot create: %s", path, why.text);
	return judge(p, path, err);
}

static bool
is_stream(const struct place *p)
{
	return p->fd != -1 || (p->there && !S_ISREG(p->st.st_mode));
}

int
gs_outfile_check(const char *path, bool *stream, struct gs_err *err)
{
	struct place p;

	if (look(&p, path, err) == -1)
		return -1;
	*stream = is_stream(&p);
	return 0;
}

/* ---- opening */

static bool
is_mount_point(const char *path)
{
	struct statx x;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &x) == 0 &&
	    (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* Whether the file at p can be replaced. */
static bool
can_replace(const struct place *p)
{
	uid_t me = geteuid();
	bool kept = (p->folder.st_mode & S_ISVTX) != 0 && me != 0 &&
	    p->st.st_uid != me && p->folder.st_uid != me;

	return !p->there || (!kept && !is_mount_point(p->path));
}

static int
open_in_place(struct gs_outfile *o, const struct place *p)
{
	int fd = p->fd != -1 ?
	    fcntl(p->fd, F_DUPFD_CLOEXEC, 3) :
	    open(p->path, O_WRONLY | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1 || o->stream)
		return fd;
	o->truncate = true;
	if (ftruncate(fd, 0) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Returns the descriptor, or -1 with errno. */
static int
open_beside(struct gs_outfile *o, const struct place *p)
{
	char tmp[PATH_MAX];
	int fd = gs_file_create_beside(p->path, tmp, sizeof(tmp));

	if (fd == -1)
		return -1;
	o->tmp = strdup(tmp);
	o->target = strdup(p->path);
	if (o->tmp != NULL && o->target != NULL)
		return fd;
	(void)unlink(tmp);
	free(o->tmp);
	o->tmp = NULL;
	(void)close(fd);
	errno = ENOMEM;
	return -1;
}

static int
open_place(struct gs_outfile *o, const struct place *p)
{
	int fd;

	if (o->stream || !can_replace(p))
		return open_in_place(o, p);
	fd = open_beside(o, p);
	if (fd == -1 && p->there &&
	    (errno == EACCES || errno == EPERM || errno == EROFS))
		return open_in_place(o, p);
	return fd;
}

static void
free_file(struct gs_outfile *o)
{
	free(o->path);
	free(o->target);
	free(o->tmp);
	free(o);
}

static struct gs_outfile *
new_file(const char *path, const struct place *p)
{
	struct gs_outfile *o = calloc(1, sizeof(*o));
	struct stat st;

	if (o == NULL || (o->path = strdup(path)) == NULL) {
		free(o);
		return NULL;
	}
	o->stream = is_stream(p);
	o->alone = o->stream &&
	    (descriptor(path) != -1 || lstat(path, &st) == -1 ||
		!S_ISLNK(st.st_mode));
	o->there = p->there;
	o->mode = p->st.st_mode & 0777;
	o->uid = p->st.st_uid;
	o->gid = p->st.st_gid;
	o->wide = o->there && S_ISREG(p->st.st_mode) &&
	    (o->mode & (S_IRGRP | S_IROTH)) != 0;
	return o;
}

/* Makes the file, for a stream or another process. NULL: see err. */
static struct gs_outfile *
make(struct gs_outset *s, const char *path, struct gs_err *err)
{
	struct gs_outfile *o;
	struct place p;

	if (look(&p, path, err) == -1)
		return NULL;
	if (s->guard != NULL && gs_guard_reads(s->guard, path)) {
		(void)gs_err_set(err, "%s: not written: it is an input", path);
		return NULL;
	}
	o = new_file(path, &p);
	if (o == NULL) {
		(void)gs_err_sys(err, ENOMEM, "%s", path);
		return NULL;
	}
	o->fd = open_place(o, &p);
	if (o->fd == -1) {
		(void)gs_err_sys(err, errno, "%s: cannot create", path);
		free_file(o);
		return NULL;
	}
	o->purge = o->tmp != NULL || o->truncate;
	return o;
}

/* Asks the keeper about o, or about all files if o is NULL. */
static int
ask(const struct gs_keeper *k, enum verb verb, const struct gs_outfile *o,
    bool flag, struct gs_err *err)
{
	struct gs_keeper_request q = { .verb = verb, .flag = flag };
	struct gs_keeper_reply reply;

	if (o != NULL) {
		q.id = o->id;
		(void)snprintf(q.path, sizeof(q.path), "%s", o->path);
	}
	return gs_keeper_ask(k, &q, &reply, NULL, err);
}

/* Closes the file. Returns 0, or the errno of what failed. */
static int
shut(struct gs_outfile *o)
{
	int fd = o->fd;
	FILE *fp = o->fp;

	o->fd = -1;
	o->fp = NULL;
	o->done = true;
	if (fd == -1 || (fp != NULL ? fclose(fp) : close(fd)) == 0)
		return 0;
	return errno;
}

/* Removes what o wrote, unless it has taken its place. */
static void
forget(struct gs_outfile *o)
{
	if (o->fp != NULL && o->purge)
		__fpurge(o->fp);
	if (o->fd != -1 && o->truncate)
		(void)!ftruncate(o->fd, 0);
	(void)shut(o);
	if (o->tmp != NULL)
		(void)unlink(o->tmp);
	free(o->tmp);
	o->tmp = NULL;
}

/* The same, also by its keeper, which may have gone. */
static void
give_up(struct gs_outfile *o)
{
	forget(o);
	if (o->keeper != NULL)
		(void)!ask(o->keeper, FORGET, o, false, NULL);
}

/* Lets the keeper make the file. */
static struct gs_outfile *
let_make(const struct gs_outset *s, const char *path, struct gs_err *err)
{
	struct gs_keeper_request q = { .verb = OPEN };
	struct gs_keeper_reply a;
	int fd;

	if (strlen(path) >= sizeof(q.path)) {
		(void)gs_err_sys(err, ENAMETOOLONG, "%s: cannot create", path);
		return NULL;
	}
	memcpy(q.path, path, strlen(path) + 1);
	if (gs_keeper_ask(s->keeper, &q, &a, &fd, err) == -1)
		return NULL;
	struct gs_outfile *o = calloc(1, sizeof(*o));
	if (o == NULL || (o->path = strdup(path)) == NULL) {
		free(o);
		(void)close(fd);
		(void)gs_err_sys(err, ENOMEM, "%s", path);
		return NULL;
	}
	o->fd = fd;
	o->keeper = s->keeper;
	o->id = a.id;
	o->stream = a.stream;
	o->alone = a.alone;
	o->purge = a.purge;
	o->wide = a.wide;
	o->mode = a.mode;
	return o;
}

int
gs_outset_open(struct gs_outset *s, const char *path, struct gs_outfile **out,
    struct gs_err *err)
{
	struct gs_outfile *o =
	    s->keeper != NULL ? let_make(s, path, err) : make(s, path, err);

	*out = NULL;
	if (o == NULL)
		return -1;
	o->fp = fdopen(o->fd, "wb");
	o->next = s->list;
	s->list = o;
	if (o->fp == NULL) {
		int why = errno;

		give_up(o);
		return gs_err_sys(err, why, "%s: cannot create", path);
	}
	if (s->wide != NULL && o->wide)
		s->wide(s->arg, path, o->mode);
	*out = o;
	return 0;
}

FILE *
gs_outfile_stream(struct gs_outfile *o)
{
	return o->fp;
}

const char *
gs_outfile_path(const struct gs_outfile *o)
{
	return strcmp(o->path, "-") == 0 ? "standard output" : o->path;
}

bool
gs_outfile_is_stream(const struct gs_outfile *o)
{
	return o->alone;
}

/* ---- taking a place */

/* The mode and, where allowed, the owner of the file that was there. */
static int
inherit(const struct gs_outfile *o, int fd)
{
	mode_t mode = o->mode;
	struct stat st;

	if (!o->there || fstat(fd, &st) == -1)
		return 0;
	if ((st.st_uid != o->uid || st.st_gid != o->gid) &&
	    fchown(fd, o->uid, o->gid) == -1 && st.st_gid != o->gid &&
	    fchown(fd, (uid_t)-1, o->gid) == -1)
		/* The rights of its group are not for another group. */
		mode &= ~(mode_t)(S_IRGRP | S_IWGRP | S_IXGRP);
	return fchmod(fd, mode);
}

static int
take_place(struct gs_outfile *o, struct gs_err *err)
{
	if (o->tmp == NULL)
		return 0;
	if (rename(o->tmp, o->target) == -1)
		return gs_err_sys(err, errno, "%s: cannot put in place",
		    o->path);
	free(o->tmp);
	o->tmp = NULL;
	return 0;
}

static int
show(struct gs_outfile *o, struct gs_err *err)
{
	if (o->tmp == NULL)
		return 0;
	if (inherit(o, o->fd) == -1)
		return gs_err_sys(err, errno, "%s: cannot write",
		    gs_outfile_path(o));
	return take_place(o, err);
}

int
gs_outfile_show(struct gs_outfile *o, struct gs_err *err)
{
	if (fflush(o->fp) != 0)
		return gs_err_sys(err, errno, "%s: cannot write",
		    gs_outfile_path(o));
	int r = o->keeper != NULL ? ask(o->keeper, SHOW, o, false, err) :
				    show(o, err);
	o->purge = o->truncate || r == -1;
	return r;
}

void
gs_outfile_cut(struct gs_outfile *o, uint64_t n)
{
	if (o->fp == NULL || o->stream || n > INT64_MAX)
		return;
	__fpurge(o->fp);
	(void)!ftruncate(fileno(o->fp), (off_t)n);
}

/* The new file is on the disk before it replaces the old one. */
static int
settle(struct gs_outset *s, struct gs_outfile *o, struct gs_err *err)
{
	int why = 0;

	if (o->tmp != NULL &&
	    (inherit(o, o->fd) == -1 || (o->there && fsync(o->fd) == -1)))
		why = errno;
	int close_why = shut(o);
	if (why == 0)
		why = close_why;
	if (why != 0)
		return gs_err_sys(err, why, "%s: cannot write",
		    gs_outfile_path(o));
	if (s->live || s->waiting >= GS_OUTSET_WAITING)
		return take_place(o, err);
	s->waiting++;
	return 0;
}

/* The same by a keeper, which has a descriptor of its own. */
static int
let_settle(struct gs_outfile *o, struct gs_err *err)
{
	int why = shut(o);

	if (why != 0)
		return gs_err_sys(err, why, "%s: cannot write",
		    gs_outfile_path(o));
	return ask(o->keeper, FINISH, o, false, err);
}

int
gs_outset_finish(struct gs_outset *s, struct gs_outfile *o, struct gs_err *err)
{
	bool lost = ferror(o->fp) != 0;
	int r;

	errno = 0;
	if (fflush(o->fp) != 0)
		r = gs_err_sys(err, errno, "%s: cannot write",
		    gs_outfile_path(o));
	else if (lost)
		r = gs_err_set(err, "%s: could not be written completely",
		    gs_outfile_path(o));
	else
		r = o->keeper != NULL ? let_settle(o, err) : settle(s, o, err);
	if (r == 0)
		return 0;
	give_up(o);
	return -1;
}

/* Ends all files of this process. */
static void
drop(struct gs_outset *s)
{
	while (s->list != NULL) {
		struct gs_outfile *o = s->list;

		s->list = o->next;
		forget(o);
		free_file(o);
	}
	s->waiting = 0;
}

void
gs_outset_drop(struct gs_outset *s)
{
	bool any = s->list != NULL;

	drop(s);
	/* If the keeper has gone, nothing can be done and nothing remains: it
	 * removed everything when it ended. */
	if (any && s->keeper != NULL)
		(void)!ask(s->keeper, DROP, NULL, false, NULL);
}

/* Finished files take their places. */
static int
place_all(struct gs_outset *s, bool replace, struct gs_err *err)
{
	int r = 0;

	for (struct gs_outfile *o = s->list; r == 0 && o != NULL; o = o->next)
		if (o->done && (replace || !o->there))
			r = take_place(o, err);
	return r;
}

int
gs_outset_commit(struct gs_outset *s, bool replace, struct gs_err *err)
{
	bool any = s->list != NULL;
	int r = 0;

	if (s->keeper == NULL)
		r = place_all(s, replace, err);
	drop(s);
	return any && s->keeper != NULL ?
	    ask(s->keeper, COMMIT, NULL, replace, err) :
	    r;
}

/* ---- for another process */

static struct gs_outfile *
of_id(const struct gs_outset *s, uint32_t id)
{
	struct gs_outfile *o = s->list;

	while (o != NULL && (o->id != id || o->done))
		o = o->next;
	return o;
}

static int
serve_open(struct gs_outset *s, const struct gs_keeper_request *q,
    struct gs_keeper_reply *a)
{
	struct gs_outfile *o = NULL;

	if (s->guard == NULL || !gs_guard_writes(s->guard, q->path))
		return gs_err_set(&a->err,
		    "%s: not written: it is not an output", q->path);
	o = make(s, q->path, &a->err);
	if (o == NULL)
		return -1;
	o->id = s->list != NULL ? s->list->id + 1 : 1;
	o->next = s->list;
	s->list = o;
	a->id = o->id;
	a->stream = o->stream;
	a->alone = o->alone;
	a->purge = o->purge;
	a->wide = o->wide;
	a->mode = o->mode;
	return 0;
}

static int
serve_file(struct gs_outset *s, const struct gs_keeper_request *q,
    struct gs_err *err)
{
	struct gs_outfile *o = of_id(s, q->id);
	int r = 0;

	if (q->verb == FORGET || o == NULL) {
		if (o != NULL)
			forget(o);
		return o != NULL || q->verb == FORGET ?
		    0 :
		    gs_err_set(err, "%s: no such output", q->path);
	}
	if (q->verb == SHOW)
		return show(o, err);
	r = settle(s, o, err);
	if (r == -1)
		forget(o);
	return r;
}

/* The reader of a pipe waits until no process has it open. */
static void
leave_stream(struct gs_outfile *o)
{
	(void)shut(o);
	o->done = false;
}

void
gs_outset_serve(struct gs_outset *s, int socket)
{
	struct gs_keeper_request q;

	while (gs_keeper_next(socket, &q)) {
		struct gs_keeper_reply a = { 0 };

		if (q.verb == OPEN)
			a.r = serve_open(s, &q, &a);
		else if (q.verb == SHOW || q.verb == FINISH || q.verb == FORGET)
			a.r = serve_file(s, &q, &a.err);
		else if (q.verb == COMMIT)
			a.r = place_all(s, q.flag, &a.err);
		if (q.verb == COMMIT || q.verb == DROP)
			drop(s);
		gs_keeper_answer(socket, &a,
		    q.verb == OPEN && a.r == 0 ? s->list->fd : -1);
		if (q.verb == OPEN && a.r == 0 && s->list->stream)
			leave_stream(s->list);
	}
	drop(s);
}
