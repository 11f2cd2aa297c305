/* SPDX-License-Identifier: MIT */
/* The list of files that gs-snomcfg wrote into a folder. */
#include "snom/manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

#include "snom/model.h"

#define LIST ".gs-snomcfg"
#define NEW ".gs-snomcfg.new"
#define WHOLE ".gs-snomcfg.tmp"

static const struct gs_span head = { "gs-snomcfg 1\n", 13 };
static const struct gs_span end = { "end\n", 4 };

enum { MAC = 12, LINE = 160 };

/* The line at *at without its newline; false if there are no more complete
 * ones. */
static bool
next_line(struct gs_span s, size_t *at, struct gs_span *line)
{
	const char *p = s.p + *at;
	const char *nl = s.n > *at ? memchr(p, '\n', s.n - *at) : NULL;

	if (nl == NULL)
		return false;
	*line = gs_span(p, (size_t)(nl - p));
	*at += line->n + 1;
	return true;
}

bool
gs_snom_manifest_is_file(const char *name)
{
	return strcmp(name, LIST) == 0 || strcmp(name, NEW) == 0 ||
	    strcmp(name, WHOLE) == 0;
}

bool
gs_snom_manifest_is_link(struct gs_span s)
{
	return gs_span_starts(s, GS_LIT("snom-")) && s.n > 9 && s.n < 96 &&
	    memcmp(s.p + s.n - 4, ".xml", 4) == 0 &&
	    memchr(s.p, '/', s.n) == NULL && memchr(s.p, '\0', s.n) == NULL;
}

static bool
parse(struct gs_span line, struct gs_snom_manifest_entry *e)
{
	struct gs_span rest = line;
	struct gs_span what = gs_span_until(&rest, ' ');
	struct gs_span mac = gs_span_until(&rest, ' ');

	*e = (struct gs_snom_manifest_entry){ .line = line };
	if (mac.n != MAC || gs_snom_mac_parse(mac, &e->mac) == -1)
		return false;
	if (gs_span_eq(what, GS_LIT("link"))) {
		e->name = rest;
		return gs_snom_manifest_is_link(rest);
	}
	return gs_span_eq(what, GS_LIT("file")) &&
	    gs_span_u64(gs_span_until(&rest, ' '), &e->size) == 0 &&
	    gs_span_u64(rest, &e->hash) == 0;
}

static int
fail(const struct gs_snom_manifest *m, const char *name, struct gs_err *err)
{
	return gs_err_sys(err, errno, "%s/%s", m->path, name);
}

/* Reads the file name into b, which is empty. Returns 0, 1 if there is none, 2
 * if it is not one of ours, or -1. */
static int
read_list(const struct gs_snom_manifest *m, const char *name, struct gs_buf *b,
    struct gs_err *err)
{
	struct stat st;
	int got = gs_file_read_at(m->dir, name, SIZE_MAX, b, &st);

	if (got == -1)
		return fail(m, name, err);
	return got == 0 && st.st_uid != geteuid() ? 2 : got;
}

/* The lines of a list, which ends with "end" unless a run was killed; *whole
 * tells whether it is complete. */
static struct gs_span
lines_of(struct gs_span s, bool *whole)
{
	struct gs_snom_manifest_entry e;
	struct gs_span line;
	size_t at = 0, good;

	*whole = false;
	if (!gs_span_starts(s, head))
		return gs_span(s.p, 0);
	s = gs_span_skip(s, head.n);
	for (good = 0; next_line(s, &at, &line) && parse(line, &e); good = at)
		;
	*whole =
	    s.n - good == end.n && gs_span_eq(gs_span(s.p + good, end.n), end);
	return gs_span(s.p, good);
}

static int
create(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == -1 && errno != ENOENT)
		return -1;
	return gs_file_create(dir, name, S_IRUSR | S_IWUSR);
}

static int
put(int fd, struct gs_span s)
{
	return gs_file_put_all(fd, s.p, s.n);
}

/* Writes a list of these lines. Returns 0, or -1 with errno. */
static int
write_list(int dir, struct gs_span a, struct gs_span b)
{
	int fd = create(dir, WHOLE);

	if (fd == -1)
		return -1;
	bool good = put(fd, head) == 0 && put(fd, a) == 0 && put(fd, b) == 0 &&
	    put(fd, end) == 0 && fsync(fd) == 0;
	if (gs_file_finish(dir, WHOLE, fd, good) == -1)
		return -1;
	return gs_file_place(dir, WHOLE, LIST);
}

/* Adds the notes of a run that was killed to the old list, on the disk and in
 * m. */
static int
take_over(struct gs_snom_manifest *m, struct gs_err *err)
{
	struct gs_buf b;
	bool whole;

	gs_buf_init(&b, GS_MANIFEST_SIZE);
	int got = read_list(m, NEW, &b, err);
	struct gs_span lines = lines_of(gs_buf_span(&b), &whole);
	if (got == 0 && lines.n > 0 &&
	    write_list(m->dir, gs_buf_span(&m->old), lines) == -1)
		got = fail(m, LIST, err);
	if (got == 0 && lines.n > 0) {
		gs_buf_put(&m->old, lines.p, lines.n);
		m->there = true;
	}
	if (got == 0)
		(void)unlinkat(m->dir, NEW, 0);
	if (got != -1 && !gs_buf_ok(&m->old))
		got = gs_err_set(err, "%s/%s: too long, or out of memory",
		    m->path, LIST);
	gs_buf_free(&b);
	return got == -1 ? -1 : 0;
}

int
gs_snom_manifest_open(struct gs_snom_manifest *m, int dir, const char *path,
    bool dry, struct gs_err *err)
{
	struct gs_buf b;
	bool whole;

	*m = (struct gs_snom_manifest){ .dir = dir,
		.path = path,
		.fd = -1,
		.dry = dry };
	gs_buf_init(&m->old, GS_MANIFEST_SIZE);
	gs_buf_init(&b, GS_MANIFEST_SIZE);
	int got = read_list(m, LIST, &b, err);
	struct gs_span lines = lines_of(gs_buf_span(&b), &whole);
	m->there = got != 1;
	m->damaged = got == 2 || (got == 0 && !whole);
	if (got == 0 && whole)
		gs_buf_put(&m->old, lines.p, lines.n);
	gs_buf_free(&b);
	if (got == -1)
		return -1;
	if (dry)
		return 0;
	(void)unlinkat(dir, WHOLE, 0);
	return m->damaged ? 0 : take_over(m, err);
}

void
gs_snom_manifest_close(struct gs_snom_manifest *m, bool written)
{
	struct gs_err err;

	if (m->fd != -1) {
		(void)close(m->fd);
		/* A damaged list stays for the next run. */
		if (!written)
			(void)unlinkat(m->dir, NEW, 0);
		else if (!m->damaged)
			(void)take_over(m, &err);
	}
	m->fd = -1;
	gs_buf_free(&m->old);
	gs_snom_macset_free(&m->phones);
}

/* Appends a line, which is on disk before the file itself is written: a run
 * that is killed leaves nothing that the list does not name. */
static int
note(struct gs_snom_manifest *m, struct gs_span line, struct gs_err *err)
{
	if (m->dry)
		return 0;
	struct gs_span old = gs_buf_span(&m->old);
	bool same = m->same <= old.n &&
	    gs_span_starts(gs_span(old.p + m->same, old.n - m->same), line);
	m->same = same ? m->same + line.n : SIZE_MAX;
	if (m->fd == -1) {
		m->fd = create(m->dir, NEW);
		if (m->fd == -1 || put(m->fd, head) == -1)
			return fail(m, NEW, err);
	}
	return put(m->fd, line) == -1 ? fail(m, NEW, err) : 0;
}

static int
set_link(struct gs_snom_manifest *m, uint64_t mac, uint64_t hash,
    struct gs_err *err)
{
	bool is_new;
	uint64_t *value = gs_snom_macset_put(&m->phones, mac, &is_new);

	if (value == NULL)
		return gs_err_set(err, "%s: out of memory", m->path);
	*value = hash;
	return 0;
}

int
gs_snom_manifest_file(struct gs_snom_manifest *m, uint64_t mac,
    struct gs_span bytes, struct gs_err *err)
{
	char text[13], line[LINE];

	gs_snom_mac_format(mac, text);
	int n = snprintf(line, sizeof(line), "file %s %zu %" PRIu64 "\n", text,
	    bytes.n, gs_span_hash(bytes));
	if (set_link(m, mac, 1, err) == -1)
		return -1;
	return note(m, gs_span(line, (size_t)n), err);
}

int
gs_snom_manifest_link(struct gs_snom_manifest *m, uint64_t mac,
    const char *name, struct gs_err *err)
{
	char text[13], line[LINE];
	struct gs_span s = gs_span_of(name);

	if (!gs_snom_manifest_is_link(s) || memchr(name, '\n', s.n) != NULL)
		return gs_err_set(err, "%s: not the name of a link", m->path);
	gs_snom_mac_format(mac, text);
	int n = snprintf(line, sizeof(line), "link %s %s\n", text, name);
	int bad = set_link(m, mac, gs_span_hash(s), err) == -1 ||
	    note(m, gs_span(line, (size_t)n), err) == -1;
	explicit_bzero(line, sizeof(line));
	return bad ? -1 : 0;
}

bool
gs_snom_manifest_has(const struct gs_snom_manifest *m, uint64_t mac,
    struct gs_span link)
{
	const uint64_t *value = gs_snom_macset_get(&m->phones, mac);

	return value != NULL && (link.n == 0 || *value == gs_span_hash(link));
}

bool
gs_snom_manifest_next(const struct gs_snom_manifest *m, size_t *at,
    struct gs_snom_manifest_entry *e)
{
	struct gs_span line;

	return next_line(gs_buf_span(&m->old), at, &line) && parse(line, e);
}

int
gs_snom_manifest_keep(struct gs_snom_manifest *m,
    const struct gs_snom_manifest_entry *e, struct gs_err *err)
{
	/* With its newline. */
	return note(m, gs_span(e->line.p, e->line.n + 1), err);
}

int
gs_snom_manifest_commit(struct gs_snom_manifest *m, struct gs_err *err)
{
	if (m->dry || (m->fd == -1 && !m->there))
		return 0;
	if (m->there && !m->damaged && m->same == m->old.n) {
		if (m->fd != -1)
			(void)close(m->fd);
		m->fd = -1;
		(void)unlinkat(m->dir, NEW, 0);
		return 0;
	}
	if (note(m, end, err) == -1)
		return -1;
	int bad =
	    fsync(m->fd) == -1 || renameat(m->dir, NEW, m->dir, LIST) == -1;
	bad = bad ? fail(m, LIST, err) : 0;
	(void)close(m->fd);
	m->fd = -1;
	return bad;
}
