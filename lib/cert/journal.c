/* SPDX-License-Identifier: MIT */
/* The journal of a transaction: what is left to do when a run dies. */
#include "journal_priv.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

enum { JOURNAL_MAX = 256 * 1024, NAME_SIZE = GS_PATH_SIZE + 64 };

#define JOURNAL GS_TXN_PREFIX "journal"
#define JOURNAL_HEAD "gs-certgen journal 1\n"
#define JOURNAL_END "end\n"

static void
journal_path(const char *home, char *name)
{
	(void)snprintf(name, NAME_SIZE, "%s/" JOURNAL, home);
}

/* gs_txn_open() made sure that it is among them. */
static const struct gs_folder *
home_of(const struct gs_txn *t)
{
	size_t i = 0;

	while (strcmp(t->folder[i].path, t->home) != 0)
		i++;
	return &t->folder[i];
}

bool
gs_journal_exists(const char *home)
{
	char name[NAME_SIZE];
	struct stat st;

	journal_path(home, name);
	return lstat(name, &st) == 0;
}

bool
gs_journal_whole(const char *home)
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

/* ---- writing */

/* It appears as a whole, and synced. */
static int
put_journal(struct gs_txn *t, const struct gs_buf *b, bool sync,
    struct gs_err *err)
{
	struct gs_step s = {
		.bytes = *b,
		.mode = S_IRUSR | S_IWUSR,
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
	};
	const struct gs_folder *home = home_of(t);
	int fd;

	(void)snprintf(s.path, sizeof(s.path), "%s", t->home);
	fd = gs_folder_write(home, JOURNAL ".new", &s, err);
	if (fd == -1)
		return -1;
	bool bad = sync && fsync(fd) == -1;
	int why = errno;
	if (close(fd) == -1 && !bad) {
		bad = true;
		why = errno;
	}
	if (!bad &&
	    renameat(home->fd, JOURNAL ".new", home->fd, JOURNAL) == -1) {
		bad = true;
		why = errno;
	}
	if (bad) {
		(void)unlinkat(home->fd, JOURNAL ".new", 0);
		return gs_err_sys(err, why, "%s/" JOURNAL, t->home);
	}
	t->journal = true;
	return sync ? gs_folder_sync(home, err) : 0;
}

int
gs_journal_write(struct gs_txn *t, bool sync, struct gs_err *err)
{
	char name[GS_HIDDEN_SIZE];
	struct gs_buf b;

	gs_buf_init(&b, JOURNAL_MAX);
	gs_buf_puts(&b, JOURNAL_HEAD);
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_step *s = &t->step[i];
		/* What is hidden is in its place already. */
		if (s->kind == GS_STEP_FOLDER || t->folder[s->folder].hidden)
			continue;
		gs_txn_hidden_name(i, "", name);
		if (s->kind != GS_STEP_REMOVE)
			gs_buf_printf(&b, "%.*s%s", gs_folder_length(s->path),
			    s->path, name);
		gs_buf_printf(&b, "\t%s\n", s->path);
	}
	gs_buf_puts(&b, JOURNAL_END);
	int r = gs_buf_ok(&b) ? put_journal(t, &b, sync, err) :
				gs_err_sys(err, ENOMEM, "journal");
	gs_buf_free(&b);
	return r;
}

int
gs_journal_remove(struct gs_txn *t, struct gs_err *err)
{
	if (unlinkat(home_of(t)->fd, JOURNAL, 0) == -1)
		return gs_err_sys(err, errno, "%s/" JOURNAL, t->home);
	t->journal = false;
	return 0;
}

/* ---- carrying it out */

/* One step, "TMP\tPATH" or "\tPATH" for a removal. A step whose staged file
 * is gone was carried out. */
static int
redo_line(struct gs_txn *t, char *line, struct gs_err *err)
{
	char *path = strchr(line, '\t');

	if (path == NULL)
		return gs_err_set(err, "the journal is damaged");
	*path++ = '\0';
	/* Its folder may be none of those that this run knows. */
	struct gs_folder *f = &t->folder[gs_txn_folder_around(t, path)];
	int n = gs_folder_length(path);
	if (t->failed ||
	    (*line != '\0' &&
		(gs_folder_length(line) != n ||
		    strncmp(line, path, (size_t)n) != 0)))
		return gs_err_set(err, "the journal is damaged");
	if (gs_folder_open(f, err) == -1)
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
	for (size_t i = 0; i < t->folders; i++)
		if (gs_folder_sync(&t->folder[i], err) == -1)
			return -1;
	return 0;
}

int
gs_journal_redo(struct gs_txn *t, bool *found, struct gs_err *err)
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
		    "%s is no journal of this program: look at it, then "
		    "remove it",
		    name);
	else if ((r = redo(t, gs_span(s.p + head, s.n - head), err)) == 0)
		r = gs_journal_remove(t, err);
	gs_buf_free(&b);
	return r;
}
