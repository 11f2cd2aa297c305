/* SPDX-License-Identifier: MIT */
/* Whole calls out of the reports about several captures. */
#include "media/merge.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "media/record.h"
#include "media/summary.h"

/* What was read, then what was joined of it. */
struct merge {
	struct gs_media_record *record;
	size_t n;
	size_t size;
};

/* ---- reading */

static int
add_record(struct merge *m, struct gs_span line, struct gs_err *err)
{
	if (m->n == GS_MERGE_RECORDS)
		return gs_err_set(err, "more than %d streams",
		    GS_MERGE_RECORDS);
	if (m->n == m->size) {
		size_t size = m->size == 0 ? 64 : 2 * m->size;
		void *p = reallocarray(m->record, size, sizeof(*m->record));

		if (p == NULL)
			return gs_err_sys(err, ENOMEM, "merge");
		m->record = p;
		m->size = size;
	}
	if (gs_media_record_read(&m->record[m->n], line, err) == -1)
		return -1;
	m->n++;
	return 0;
}

struct lines {
	const char *path;
	struct gs_buf line; /* what came of the line so far */
	uint64_t number;
};

static int
end_line(struct merge *m, struct lines *l, struct gs_err *err)
{
	struct gs_err why;

	l->number++;
	if (add_record(m, gs_buf_span(&l->line), &why) == -1)
		return gs_err_set(err, "%s:%llu: %s", l->path,
		    (unsigned long long)l->number, why.text);
	gs_buf_clear(&l->line);
	return 0;
}

static int
add_bytes(struct merge *m, struct lines *l, struct gs_span chunk,
    struct gs_err *err)
{
	while (chunk.n > 0) {
		size_t n = gs_span_find(chunk, GS_LIT("\n"));

		gs_buf_put(&l->line, chunk.p, n);
		if (!gs_buf_ok(&l->line))
			return gs_err_set(err, "%s:%llu: longer than %d bytes",
			    l->path, (unsigned long long)l->number + 1,
			    GS_MERGE_LINE);
		if (n == chunk.n)
			return 0;
		if (end_line(m, l, err) == -1)
			return -1;
		chunk = gs_span(chunk.p + n + 1, chunk.n - n - 1);
	}
	return 0;
}

static int
read_file(struct merge *m, const char *path, struct gs_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct lines l = { .path = is_stdin ? "standard input" : path };
	struct gs_reader r = { .fd = -1 };
	struct gs_span chunk;
	int more;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	gs_buf_init(&l.line, GS_MERGE_LINE);
	while ((more = gs_reader_next(&r, &chunk, err)) == 1)
		if (add_bytes(m, &l, chunk, err) == -1) {
			more = -1;
			break;
		}
	/* A report that was cut off is not a report. */
	if (more == 0 && l.line.n > 0)
		more = gs_err_set(err,
		    "%s:%llu: the line has no end: the "
		    "report was cut off",
		    l.path, (unsigned long long)l.number + 1);
	gs_buf_free(&l.line);
	gs_reader_close(&r);
	return more;
}

/* ---- which pieces belong together */

/* Something that two pieces of one stream have in common. */
struct link {
	const struct gs_media_record *record;
	const char *what; /* a destination or a key */
};

static int
compare_links(const void *x, const void *y)
{
	const struct link *a = x, *b = y;
	int c = strcmp(a->record->ssrc, b->record->ssrc);

	if (c == 0)
		c = strcmp(a->record->src, b->record->src);
	return c != 0 ? c : strcmp(a->what, b->what);
}

/* Every piece once for each of its destinations and keys; a destination has
 * a colon, a key has none. */
static struct link *
make_links(const struct merge *m, size_t *n)
{
	size_t size = 0, at = 0;
	struct link *link;

	for (size_t i = 0; i < m->n; i++)
		size += m->record[i].moved.n + m->record[i].keys;
	link = reallocarray(NULL, size + 1, sizeof(*link));
	if (link == NULL)
		return NULL;
	for (size_t i = 0; i < m->n; i++) {
		const struct gs_media_record *p = &m->record[i];

		for (size_t k = 0; k < p->moved.n; k++)
			link[at++] = (struct link){ p, p->moved.text[k] };
		for (size_t k = 0; k < p->keys; k++)
			link[at++] = (struct link){ p, p->key[k].print };
	}
	qsort(link, at, sizeof(*link), compare_links);
	*n = at;
	return link;
}

static size_t
find_root(size_t *root, size_t i)
{
	while (root[i] != i) {
		root[i] = root[root[i]];
		i = root[i];
	}
	return i;
}

/* root[i]: a piece of the same stream, for all of them the same one. */
static size_t *
find_streams(const struct merge *m, struct gs_err *err)
{
	size_t n = 0;
	struct link *link = make_links(m, &n);
	size_t *root = reallocarray(NULL, m->n + 1, sizeof(*root));

	if (link == NULL || root == NULL) {
		free(link);
		free(root);
		gs_err_sys(err, ENOMEM, "merge");
		return NULL;
	}
	for (size_t i = 0; i < m->n; i++)
		root[i] = i;
	for (size_t i = 1; i < n; i++) {
		if (compare_links(&link[i - 1], &link[i]) != 0)
			continue;
		size_t a = (size_t)(link[i - 1].record - m->record);
		size_t b = (size_t)(link[i].record - m->record);

		root[find_root(root, a)] = find_root(root, b);
	}
	for (size_t i = 0; i < m->n; i++)
		root[i] = find_root(root, i);
	free(link);
	return root;
}

static int
by_begin(const void *x, const void *y)
{
	const struct gs_media_record *a = x, *b = y;
	uint64_t s = a->count.start, t = b->count.start;
	int c = (s > t) - (s < t);

	if (c == 0)
		c = strcmp(a->src, b->src);
	if (c == 0)
		c = strcmp(a->dst, b->dst);
	return c != 0 ? c : strcmp(a->ssrc, b->ssrc);
}

static int
join_all(struct merge *m, struct gs_err *err)
{
	size_t *root = find_streams(m, err);
	size_t n = 0;
	int status = root != NULL ? 0 : -1;

	for (size_t i = 0; status == 0 && i < m->n; i++)
		if (root[i] != i)
			status = gs_media_record_join(&m->record[root[i]],
			    &m->record[i], err);
	for (size_t i = 0; status == 0 && i < m->n; i++) {
		if (root[i] == i)
			m->record[n++] = m->record[i];
		else
			gs_media_record_free(&m->record[i]);
	}
	free(root);
	if (status == -1)
		return -1;
	m->n = n;
	if (n > 0)
		qsort(m->record, n, sizeof(*m->record), by_begin);
	return 0;
}

static int
write_all(struct merge *m, struct gs_media_summary *s, struct gs_err *err)
{
	if (join_all(m, err) == -1)
		return -1;
	for (size_t i = 0; i < m->n; i++) {
		if (gs_media_record_finish(&m->record[i], err) == -1)
			return -1;
		gs_media_summary_put(s, &m->record[i]);
	}
	return gs_media_summary_end(s, err);
}

int
gs_media_merge_files(const char *const *paths, size_t n, bool json, FILE *fp,
    uint64_t verdict[4], struct gs_err *err)
{
	struct gs_media_summary *s =
	    gs_media_summary_new(fp, json, NULL, NULL, err);
	struct merge m = { 0 };
	int status = s != NULL ? 0 : -1;

	for (size_t i = 0; status == 0 && i < n; i++)
		status = read_file(&m, paths[i], err);
	if (status == 0)
		status = write_all(&m, s, err);
	if (status == 0)
		memcpy(verdict, gs_media_summary_verdicts(s),
		    4 * sizeof(*verdict));
	gs_media_summary_free(s);
	for (size_t i = 0; i < m.n; i++)
		gs_media_record_free(&m.record[i]);
	free(m.record);
	return status;
}

void
gs_media_merge_library(struct gs_buf *b)
{
	gs_media_record_library(b);
}
