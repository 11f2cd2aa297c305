/* SPDX-License-Identifier: MIT */
/* Joins the reports about several captures to whole calls. */
#include "media/merge.h"

#include <errno.h>
#include <stdlib.h>

#include "media/record.h"
#include "media/summary.h"

/* The records, first as read, then as joined. */
struct merge {
	struct gs_media_record *record;
	size_t n;
	size_t size;
};

/* ---- reading */

/* last: the file ends with it. */
static int
add_line(struct merge *m, const char *line, bool last, struct gs_err *err)
{
	size_t n = strlen(line);

	/* A report that was cut off is an error. */
	if (n == 0 || line[n - 1] != '\n')
		return gs_err_set(err, "%s",
		    last ? "the line is incomplete: the report was cut off" :
			n > GS_MERGE_LINE ? "longer than 16 MiB" :
					    "it contains a NUL character");
	if (m->n == GS_MERGE_RECORDS)
		return gs_err_set(err, "more than %d streams",
		    GS_MERGE_RECORDS);
	if (!gs_grow(&m->record, &m->size, m->n + 1, sizeof(*m->record)))
		return gs_err_sys(err, ENOMEM, "merge");
	if (gs_media_record_read(&m->record[m->n], gs_span(line, n - 1), err) ==
	    -1)
		return -1;
	m->n++;
	return 0;
}

/* line has room for the longest line. */
static int
read_file(struct merge *m, const char *path, char *line, struct gs_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *fp = is_stdin ? stdin : fopen(path, "r");
	unsigned long long number = 0;
	struct gs_err why;
	int r = 0;

	if (fp == NULL)
		return gs_err_sys(err, errno, "%s", path);
	while (r == 0 && fgets(line, GS_MERGE_LINE + 2, fp) != NULL) {
		number++;
		r = add_line(m, line, feof(fp) != 0, &why);
	}
	if (r == -1)
		(void)gs_err_set(err, "%s:%llu: %s",
		    is_stdin ? "standard input" : path, number, why.text);
	else if (ferror(fp) != 0)
		r = gs_err_sys(err, errno, "%s", path);
	if (!is_stdin)
		(void)fclose(fp);
	return r;
}

/* ---- which pieces belong together */

/* What two pieces of one stream have in common. */
struct link {
	struct gs_media_record *record;
	const char *what; /* a destination or a key */
};

static int
compare_links(const void *x, const void *y)
{
	const struct link *a = x, *b = y;
	int c = strcmp(a->record->ssrc, b->record->ssrc);

	c = c != 0 ? c : strcmp(a->record->src, b->record->src);
	return c != 0 ? c : strcmp(a->what, b->what);
}

/* Each piece, once for each of its destinations and keys; a destination has a
 * colon, a key has none. */
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
		struct gs_media_record *p = &m->record[i];

		for (size_t k = 0; k < p->moved.n; k++)
			link[at++] = (struct link){ p, p->moved.text[k] };
		for (size_t k = 0; k < p->keys; k++)
			link[at++] = (struct link){ p, p->key[k].print };
	}
	qsort(link, at, sizeof(*link), compare_links);
	*n = at;
	return link;
}

/* The record into which r was finally joined. */
static struct gs_media_record *
whole_of(struct gs_media_record *r)
{
	while (r->into != NULL) {
		if (r->into->into != NULL)
			r->into = r->into->into;
		r = r->into;
	}
	return r;
}

/* Joins what has something in common: it belongs to one stream. */
static int
join_pieces(const struct merge *m, struct gs_err *err)
{
	size_t n = 0;
	struct link *link = make_links(m, &n);
	int r = 0;

	if (link == NULL)
		return gs_err_sys(err, ENOMEM, "merge");
	for (size_t i = 1; r == 0 && i < n; i++) {
		struct gs_media_record *a = whole_of(link[i - 1].record);
		struct gs_media_record *b = whole_of(link[i].record);

		if (a == b || compare_links(&link[i - 1], &link[i]) != 0)
			continue;
		r = gs_media_record_join(a, b, err);
		b->into = a;
	}
	free(link);
	return r;
}

static int
by_begin(const void *x, const void *y)
{
	const struct gs_media_record *a = x, *b = y;
	uint64_t s = a->count.start, t = b->count.start;
	int c = (s > t) - (s < t);

	c = c != 0 ? c : strcmp(a->src, b->src);
	c = c != 0 ? c : strcmp(a->dst, b->dst);
	return c != 0 ? c : strcmp(a->ssrc, b->ssrc);
}

static int
join_all(struct merge *m, struct gs_err *err)
{
	size_t n = 0;

	if (join_pieces(m, err) == -1)
		return -1;
	for (size_t i = 0; i < m->n; i++) {
		if (m->record[i].into == NULL)
			m->record[n++] = m->record[i];
		else
			gs_media_record_free(&m->record[i]);
	}
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
gs_media_merge_files(const struct gs_media_merge *q,
    uint64_t verdict[GS_VERDICTS], struct gs_err *err)
{
	struct gs_media_summary *s =
	    gs_media_summary_new(q->fp, q->json, NULL, NULL, err);
	struct merge m = { 0 };
	char *line = malloc(GS_MERGE_LINE + 2);
	int status = s != NULL && line != NULL ? 0 : -1;

	if (s != NULL && line == NULL)
		(void)gs_err_sys(err, ENOMEM, "merge");
	if (s != NULL)
		gs_media_summary_show(s, q->look, q->findings, q->mute);
	for (size_t i = 0; status == 0 && i < q->n; i++)
		status = read_file(&m, q->paths[i], line, err);
	if (status == 0)
		status = write_all(&m, s, err);
	if (status == 0)
		memcpy(verdict, gs_media_summary_verdicts(s),
		    GS_VERDICTS * sizeof(*verdict));
	gs_media_summary_free(s);
	for (size_t i = 0; i < m.n; i++)
		gs_media_record_free(&m.record[i]);
	free(m.record);
	free(line);
	return status;
}

void
gs_media_merge_library(struct gs_buf *b)
{
	gs_media_record_library(b);
}
