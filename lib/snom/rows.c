/* SPDX-License-Identifier: MIT */
/* The output of "mysql --batch": a header, then rows, read as a stream. */
#include "snom/rows.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mute.h"

/* The next line without its newline, borrowed from the chunk or from carry.
 * Returns 1, 0 at the end, or -1. A line above the limit is cut and marked. */
static int
next_line(struct gs_snom_rows *t, struct gs_err *err)
{
	uint64_t dropped = 0;
	int more = 1;

	gs_buf_clear(&t->carry);
	t->fault = GS_ROW_OK;
	t->offset = t->next_offset;
	for (;;) {
		const char *nl = gs_span_chr(t->rest, '\n');
		size_t n = nl == NULL ? t->rest.n : (size_t)(nl - t->rest.p);
		struct gs_span piece = gs_span(t->rest.p, n);
		t->next_offset += n + (nl != NULL);
		t->rest.p += n + (nl != NULL);
		t->rest.n -= n + (nl != NULL);
		if (nl != NULL && t->carry.n == 0 && dropped == 0 &&
		    n <= GS_TABLE_LINE) {
			t->raw = piece;
			return 1;
		}
		if (n > GS_TABLE_LINE - t->carry.n) {
			dropped += n;
			t->fault = GS_ROW_LONG;
		} else {
			gs_buf_put(&t->carry, piece.p, n);
		}
		if (nl != NULL)
			break;
		more = t->reader == NULL ?
		    0 :
		    gs_reader_next(t->reader, &t->rest, err);
		if (more != 1)
			break;
	}
	if (!gs_buf_ok(&t->carry))
		return gs_err_set(err, "out of memory");
	t->raw = gs_buf_span(&t->carry);
	if (more == 0 && t->reader != NULL && t->fault == GS_ROW_OK)
		t->fault = GS_ROW_CUT;
	return more == 0 && t->carry.n == 0 && dropped == 0 ? 0 :
	    more == -1                                      ? -1 :
							      1;
}

static void
strip_cr(struct gs_snom_rows *t)
{
	if (t->raw.n == 0 || t->raw.p[t->raw.n - 1] != '\r')
		return;
	t->raw.n--;
	if (t->cr_line == 0)
		t->cr_line = t->line;
}

/* Appends s without mysql's escapes; room was reserved. */
static struct gs_span
unescape(struct gs_buf *b, struct gs_span s)
{
	static const char letters[] = "nt0\\";
	static const char bytes[] = { '\n', '\t', '\0', '\\' };
	size_t start = b->n;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		const char *letter = c == '\\' && i + 1 < s.n ?
		    memchr(letters, s.p[i + 1], sizeof(bytes)) :
		    NULL;
		if (letter != NULL) {
			c = bytes[letter - letters];
			i++;
		}
		b->p[b->n++] = (uint8_t)c;
	}
	return gs_span(b->p + start, b->n - start);
}

static int
split(struct gs_snom_rows *t, struct gs_span record)
{
	bool escaped = gs_span_chr(record, '\\') != NULL;

	gs_buf_clear(&t->plain);
	if (escaped && gs_buf_space(&t->plain, record.n) == NULL)
		return -1;
	t->cells = 0;
	for (;;) {
		const char *tab = gs_span_chr(record, '\t');
		size_t n = tab == NULL ? record.n : (size_t)(tab - record.p);
		struct gs_span s = gs_span(record.p, n);
		if (t->cells < GS_TABLE_COLUMNS) {
			struct gs_snom_cell *c = &t->cell[t->cells];
			c->null = gs_span_eq(s, GS_LIT("NULL")) ||
			    gs_span_eq(s, GS_LIT("\\N"));
			c->s = c->null ? gs_span(s.p, 0) :
			    escaped    ? unescape(&t->plain, s) :
					 s;
		}
		t->cells++;
		if (tab == NULL)
			break;
		record.p += n + 1;
		record.n -= n + 1;
	}
	return 0;
}

static int
read_header(struct gs_snom_rows *t, struct gs_err *err)
{
	gs_buf_put(&t->header, t->raw.p, t->raw.n);
	if (!gs_buf_ok(&t->header))
		return gs_err_set(err, "the header is too long");
	if (gs_span_chr(t->raw, '\\') != NULL)
		return gs_err_set(err, "line 1: a name with a backslash");
	if (split(t, gs_buf_span(&t->header)) == -1)
		return gs_err_set(err, "out of memory");
	if (t->cells > GS_TABLE_COLUMNS)
		return gs_err_set(err, "%zu columns; at most %d are read",
		    t->cells, GS_TABLE_COLUMNS);
	for (size_t i = 0; i < t->cells; i++) {
		t->name[i] = t->cell[i].s;
		if (t->name[i].n == 0 || t->name[i].n > GS_TABLE_NAME ||
		    t->cell[i].null)
			return gs_err_set(err,
			    "line 1: column %zu has no usable name; the "
			    "first line must be the header that mysql "
			    "--batch prints (without -N)",
			    i + 1);
		for (size_t k = 0; k < i; k++)
			if (gs_span_eq(t->name[i], t->name[k]))
				return gs_err_set(err,
				    "line 1: two columns are called '%.*s'",
				    (int)t->name[i].n, t->name[i].p);
	}
	t->columns = t->cells;
	return 1;
}

int
gs_snom_rows_open(struct gs_snom_rows *t, struct gs_reader *r,
    struct gs_span start, struct gs_err *err)
{
	*t = (struct gs_snom_rows){ .reader = r,
		.line = 1,
		.rest = start.p != NULL ? start : gs_span("", 0) };
	gs_buf_init(&t->carry, GS_TABLE_LINE);
	gs_buf_init(&t->plain, GS_TABLE_LINE);
	gs_buf_init(&t->header, GS_TABLE_COLUMNS * (GS_TABLE_NAME + 1));
	int got = next_line(t, err);
	if (got != 1)
		return got;
	(void)gs_span_take(&t->raw, GS_LIT("\xef\xbb\xbf"));
	strip_cr(t);
	return read_header(t, err);
}

void
gs_snom_rows_close(struct gs_snom_rows *t)
{
	gs_buf_free(&t->carry);
	gs_buf_free(&t->plain);
	gs_buf_free(&t->header);
	t->columns = 0;
}

static bool
is_comment(const struct gs_snom_rows *t)
{
	struct gs_span s = t->raw;

	return t->mute != NULL && t->fault == GS_ROW_OK && s.n > 0 &&
	    *s.p == '#' && memchr(s.p, '\t', s.n) == NULL &&
	    gs_mute_comment(t->mute, gs_span_skip(s, 1), t->mute_run);
}

int
gs_snom_rows_skip(struct gs_snom_rows *t, struct gs_err *err)
{
	int got;

	do {
		got = next_line(t, err);
		if (got != 1)
			return got;
		t->line++;
		strip_cr(t);
	} while (is_comment(t));
	return 1;
}

int
gs_snom_rows_next(struct gs_snom_rows *t, struct gs_err *err)
{
	int got = gs_snom_rows_skip(t, err);

	if (got != 1)
		return got;
	if (split(t, t->raw) == -1)
		return gs_err_set(err, "out of memory");
	if (t->fault == GS_ROW_OK && t->cells != t->columns)
		t->fault = GS_ROW_CELLS;
	return 1;
}

int
gs_snom_rows_seek(struct gs_snom_rows *t, uint64_t offset, uint64_t line,
    struct gs_err *err)
{
	bool behind = offset < t->next_offset;
	uint64_t ahead = offset - t->next_offset;

	t->line = line - 1;
	t->next_offset = offset;
	if (!behind && ahead <= t->rest.n) {
		t->rest = gs_span(t->rest.p + ahead, t->rest.n - (size_t)ahead);
		return 0;
	}
	t->rest = gs_span("", 0);
	if (lseek(t->reader->fd, (off_t)offset, SEEK_SET) == -1)
		return gs_err_sys(err, errno, "rows");
	return 0;
}

int
gs_snom_rows_column(const struct gs_snom_rows *t, const char *name)
{
	struct gs_span want = gs_span_of(name);

	for (size_t i = 0; i < t->columns; i++)
		if (gs_span_eq(t->name[i], want))
			return (int)i;
	return -1;
}
