/* SPDX-License-Identifier: MIT */
/* A table of text with aligned columns. */
#include "media/table.h"

#include <errno.h>
#include <stdlib.h>

struct gs_media_table {
	size_t columns;
	size_t n; /* cells, headings first */
	size_t size;
	bool failed;
	bool right[GS_TABLE_COLUMNS];
	char (*cell)[GS_TABLE_CELL];
};

int
gs_media_table_new(struct gs_media_table **t, const char *const *columns,
    size_t n, struct gs_err *err)
{
	struct gs_media_table *new = NULL;

	*t = NULL;
	if (n == 0 || n > GS_TABLE_COLUMNS)
		return gs_err_set(err, "a table of %lu columns",
		    (unsigned long)n);
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "table");
	new->columns = n;
	for (size_t i = 0; i < n; i++) {
		new->right[i] = columns[i][0] == '>';
		gs_media_table_str(new, columns[i] + (new->right[i] ? 1 : 0));
	}
	*t = new;
	return 0;
}

void
gs_media_table_free(struct gs_media_table *t)
{
	if (t == NULL)
		return;
	free(t->cell);
	free(t);
}

static bool
grow(struct gs_media_table *t)
{
	t->failed = t->failed ||
	    !gs_grow(&t->cell, &t->size, t->n + 1, sizeof(*t->cell));
	return !t->failed;
}

/* Cuts on the way in so that a cell never ends inside a \xNN. */
void
gs_media_table_str(struct gs_media_table *t, const char *text)
{
	struct gs_buf b;
	size_t n = strlen(text);

	if (!grow(t))
		return;
	gs_buf_init(&b, GS_TABLE_CELL - 1);
	gs_buf_put_visible(&b, gs_span(text, n));
	while (!gs_buf_ok(&b) && n > 0) {
		gs_buf_clear(&b);
		gs_buf_put_visible(&b, gs_span(text, --n));
	}
	if (b.n > 0)
		memcpy(t->cell[t->n], b.p, b.n);
	t->cell[t->n][b.n] = '\0';
	t->n++;
	gs_buf_free(&b);
}

void
gs_media_table_u64(struct gs_media_table *t, uint64_t v)
{
	gs_media_table_printf(t, "%llu", (unsigned long long)v);
}

void
gs_media_table_printf(struct gs_media_table *t, const char *fmt, ...)
{
	char text[GS_TABLE_CELL];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	gs_media_table_str(t, n < 0 ? "?" : text);
}

/* The width of column c, 0 when all its cells are empty. */
static size_t
width(const struct gs_media_table *t, size_t c)
{
	size_t head = strlen(t->cell[c]), max = 0;

	for (size_t i = c + t->columns; i < t->n; i += t->columns) {
		size_t n = strlen(t->cell[i]);

		max = n > max ? n : max;
	}
	if (max == 0 && t->n > t->columns)
		return 0;
	return head > max ? head : max;
}

static void
print_row(const struct gs_media_table *t, size_t row, const size_t *w, FILE *fp)
{
	size_t blanks = 0;
	bool first = true;

	for (size_t c = 0; c < t->columns && row + c < t->n; c++) {
		const char *s = t->cell[row + c];
		size_t n = strlen(s);

		if (w[c] == 0)
			continue;
		blanks += first ? 0 : 2;
		first = false;
		if (t->right[c])
			blanks += w[c] - n;
		if (n > 0) {
			fprintf(fp, "%*s%s", (int)blanks, "", s);
			blanks = 0;
		}
		if (!t->right[c])
			blanks += w[c] - n;
	}
	fputc('\n', fp);
}

int
gs_media_table_print(const struct gs_media_table *t, FILE *fp,
    struct gs_err *err)
{
	size_t w[GS_TABLE_COLUMNS];

	if (t->failed)
		return gs_err_sys(err, ENOMEM, "table");
	for (size_t c = 0; c < t->columns; c++)
		w[c] = width(t, c);
	for (size_t row = 0; row < t->n; row += t->columns)
		print_row(t, row, w, fp);
	return 0;
}
