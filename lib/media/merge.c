/* SPDX-License-Identifier: MIT */
/* Whole calls out of the reports about several captures. */
#include "media/merge.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "media/summary.h"

struct gs_merge {
	struct gs_piece *piece;
	size_t n;
	size_t size;
};

struct gs_merge *
gs_merge_new(struct gs_err *err)
{
	struct gs_merge *m = calloc(1, sizeof(*m));

	if (m == NULL)
		gs_err_sys(err, ENOMEM, "merge");
	return m;
}

void
gs_merge_free(struct gs_merge *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		gs_piece_free(&m->piece[i]);
	free(m->piece);
	free(m);
}

/* ---- reading */

static int
add_piece(struct gs_merge *m, struct gs_span line, struct gs_err *err)
{
	if (m->n == GS_MERGE_PIECES)
		return gs_err_set(err, "more than %d streams", GS_MERGE_PIECES);
	if (m->n == m->size) {
		size_t size = m->size == 0 ? 64 : 2 * m->size;
		void *p = reallocarray(m->piece, size, sizeof(*m->piece));

		if (p == NULL)
			return gs_err_sys(err, ENOMEM, "merge");
		m->piece = p;
		m->size = size;
	}
	if (gs_piece_read(&m->piece[m->n], line, err) == -1)
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
end_line(struct gs_merge *m, struct lines *l, struct gs_err *err)
{
	struct gs_err why;

	l->number++;
	if (add_piece(m, gs_buf_span(&l->line), &why) == -1)
		return gs_err_set(err, "%s:%llu: %s", l->path,
		    (unsigned long long)l->number, why.text);
	gs_buf_clear(&l->line);
	return 0;
}

static int
add_bytes(struct gs_merge *m, struct lines *l, struct gs_span chunk,
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

int
gs_merge_read(struct gs_merge *m, const char *path, struct gs_err *err)
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
	const struct gs_piece *piece;
	const char *what; /* a destination or a key */
};

static int
compare_links(const void *x, const void *y)
{
	const struct link *a = x, *b = y;
	int c = strcmp(a->piece->ssrc, b->piece->ssrc);

	if (c == 0)
		c = strcmp(a->piece->src, b->piece->src);
	return c != 0 ? c : strcmp(a->what, b->what);
}

/* Every piece once for each of its destinations and keys; a destination has
 * a colon, a key has none. */
static struct link *
make_links(const struct gs_merge *m, size_t *n)
{
	size_t size = 0, at = 0;
	struct link *link;

	for (size_t i = 0; i < m->n; i++)
		size += m->piece[i].moved.n + m->piece[i].keys;
	link = reallocarray(NULL, size + 1, sizeof(*link));
	if (link == NULL)
		return NULL;
	for (size_t i = 0; i < m->n; i++) {
		const struct gs_piece *p = &m->piece[i];

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
find_streams(const struct gs_merge *m, struct gs_err *err)
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
		size_t a = (size_t)(link[i - 1].piece - m->piece);
		size_t b = (size_t)(link[i].piece - m->piece);

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
	const struct gs_piece *a = x, *b = y;
	int c = (a->start > b->start) - (a->start < b->start);

	if (c == 0)
		c = strcmp(a->src, b->src);
	if (c == 0)
		c = strcmp(a->dst, b->dst);
	return c != 0 ? c : strcmp(a->ssrc, b->ssrc);
}

static int
join(struct gs_merge *m, struct gs_err *err)
{
	size_t *root = find_streams(m, err);
	size_t n = 0;
	int status = -1;

	if (root == NULL)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		if (root[i] != i &&
		    gs_piece_join(&m->piece[root[i]], &m->piece[i], err) == -1)
			goto out;
	for (size_t i = 0; i < m->n; i++) {
		if (root[i] == i)
			m->piece[n++] = m->piece[i];
		else
			gs_piece_free(&m->piece[i]);
	}
	m->n = n;
	if (n > 0)
		qsort(m->piece, n, sizeof(*m->piece), by_begin);
	status = 0;
out:
	free(root);
	return status;
}

/* ---- the table */

static const char *
confirmed(const struct gs_piece *p)
{
	return p->disagreed ? "DISAGREES" :
	    p->confirmed    ? "confirmed" :
			      "unconfirmed";
}

static void
add_row(struct gs_table *t, const struct gs_piece *p)
{
	const struct gs_piece_key *k = gs_piece_newest_key(p);
	uint64_t first, last;

	gs_table_str(t, p->src);
	gs_table_str(t, p->dst);
	gs_table_str(t, p->ssrc);
	gs_table_str(t, p->codec != NULL ? p->codec : "");
	gs_table_str(t, k != NULL ? k->suite : "");
	if (!gs_piece_rocs(p, &first, &last))
		gs_table_str(t, "");
	else if (first == last)
		gs_table_u64(t, first);
	else
		gs_table_printf(t, "%llu-%llu", (unsigned long long)first,
		    (unsigned long long)last);
	gs_table_u64(t, p->packets);
	if (gs_piece_is_known(p)) {
		gs_table_u64(t, gs_piece_lost(p));
		gs_table_str(t, "");
		gs_table_u64(t, gs_piece_duplicates(p));
	} else {
		for (int i = 0; i < 3; i++)
			gs_table_str(t, "");
	}
	gs_table_u64(t, p->failed);
	gs_table_str(t, "");
	gs_table_str(t, gs_piece_verdict(p));
	gs_table_str(t,
	    p->decrypted + p->rtcp_decrypted > 0 ? confirmed(p) : "");
}

static void
print_notes(const struct gs_piece *p, const struct gs_texts *notes,
    struct gs_buf *text)
{
	for (size_t i = 0; i < notes->n; i++) {
		struct gs_span parts[] = {
			gs_span(p->src, strlen(p->src)),
			GS_LIT(" > "),
			gs_span(p->dst, strlen(p->dst)),
			GS_LIT(" "),
			gs_span(p->ssrc, strlen(p->ssrc)),
			GS_LIT(": "),
			gs_span(notes->text[i], strlen(notes->text[i])),
		};

		for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			gs_buf_put_visible(text, parts[k]);
		gs_buf_puts(text, ".\n");
	}
}

static int
print_table(const struct gs_merge *m, size_t from, size_t to, FILE *fp,
    struct gs_err *err)
{
	struct gs_table *t = NULL;
	struct gs_buf text;
	int status = -1;

	gs_buf_init(&text, 64 * 1024 * 1024);
	if (gs_table_new(&t, gs_summary_columns, GS_SUMMARY_COLUMNS, err) == -1)
		goto out;
	for (size_t i = from; i < to; i++) {
		struct gs_texts notes;

		add_row(t, &m->piece[i]);
		if (gs_piece_notes(&m->piece[i], &notes, err) == -1)
			goto out;
		print_notes(&m->piece[i], &notes, &text);
		gs_texts_free(&notes);
	}
	if (!gs_buf_ok(&text)) {
		gs_err_set(err, "no memory for the report");
		goto out;
	}
	status = gs_table_print(t, fp, err);
	if (text.n > 0) {
		(void)fputc('\n', fp);
		(void)fwrite(text.p, 1, text.n, fp);
	}
out:
	gs_table_free(t);
	gs_buf_free(&text);
	return status;
}

static int
print_tables(const struct gs_merge *m, FILE *fp, struct gs_err *err)
{
	for (size_t i = 0; i < m->n; i += GS_SUMMARY_ROWS) {
		size_t left = m->n - i;

		if (print_table(m, i,
			i + (left < GS_SUMMARY_ROWS ? left : GS_SUMMARY_ROWS),
			fp, err) == -1)
			return -1;
	}
	return 0;
}

/* ---- the whole */

static int
print_json(const struct gs_merge *m, FILE *fp, struct gs_err *err)
{
	struct gs_json json;
	struct gs_texts notes;

	gs_json_init(&json, fp);
	for (size_t i = 0; i < m->n; i++) {
		if (gs_piece_notes(&m->piece[i], &notes, err) == -1)
			return -1;
		gs_piece_write(&m->piece[i], &notes, &json);
		gs_texts_free(&notes);
	}
	return 0;
}

int
gs_merge_write(struct gs_merge *m, bool json, FILE *fp,
    struct gs_merge_counts *counts, struct gs_err *err)
{
	*counts = (struct gs_merge_counts){ .pieces = m->n };
	if (join(m, err) == -1)
		return -1;
	counts->streams = m->n;
	for (size_t i = 0; i < m->n; i++) {
		const char *v = gs_piece_verdict(&m->piece[i]);
		bool plain = strcmp(v, "plain") == 0;

		counts->plain += plain;
		counts->shut += !plain && strcmp(v, "decrypted") != 0;
	}
	if (fp == NULL)
		return 0;
	return json ? print_json(m, fp, err) : print_tables(m, fp, err);
}
