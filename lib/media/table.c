/* SPDX-License-Identifier: MIT */
/* A table of text with aligned columns. */
#include "media/table.h"

#include <errno.h>
#include <stdlib.h>

enum { INDENT = 2 /* of a row's second line */ };

struct cell {
	char text[GS_TABLE_CELL];
	enum gs_media_tone tone;
};

struct gs_media_table {
	size_t columns;
	size_t n; /* cells, headings first */
	size_t size;
	bool failed;
	bool right[GS_TABLE_COLUMNS];
	bool starts[GS_TABLE_COLUMNS]; /* a line, where one is not enough */
	struct cell *cell;
};

/* Where each column is: how wide, 0: left out, and in which line of a row. */
struct layout {
	size_t width[GS_TABLE_COLUMNS];
	unsigned line[GS_TABLE_COLUMNS];
	bool color;
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
		new->starts[i] = columns[i][0] == '|';
		new->right[i] = columns[i][new->starts[i]] == '>';
		gs_media_table_str(new,
		    columns[i] + new->starts[i] + new->right[i]);
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
		memcpy(t->cell[t->n].text, b.p, b.n);
	t->cell[t->n].text[b.n] = '\0';
	t->cell[t->n].tone = GS_TONE_NONE;
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

void
gs_media_table_tone(struct gs_media_table *t, enum gs_media_tone tone)
{
	if (t->n > 0)
		t->cell[t->n - 1].tone = tone;
}

/* The width of column c, 0 when all its cells are empty. */
static size_t
width(const struct gs_media_table *t, size_t c)
{
	size_t head = strlen(t->cell[c].text), max = 0;

	for (size_t i = c + t->columns; i < t->n; i += t->columns) {
		size_t n = strlen(t->cell[i].text);

		max = n > max ? n : max;
	}
	if (max == 0 && t->n > t->columns)
		return 0;
	return head > max ? head : max;
}

static size_t
width_of_all(const struct layout *l, size_t columns)
{
	size_t all = 0;

	for (size_t c = 0; c < columns; c++)
		if (l->width[c] > 0)
			all += l->width[c] + (all > 0 ? 2 : 0);
	return all;
}

/* Breaks rows into lines of most columns. */
static void
break_lines(const struct gs_media_table *t, struct layout *l, size_t most)
{
	bool starts = false;
	size_t at = 0, indent = 0;
	unsigned line = 0;

	for (size_t c = 0; c < t->columns; c++) {
		starts = starts || t->starts[c];
		if (l->width[c] == 0)
			continue;
		if (at > indent && (starts || at + 2 + l->width[c] > most)) {
			line++;
			at = indent = INDENT;
		}
		starts = false;
		at += l->width[c] + (at > indent ? 2 : 0);
		l->line[c] = line;
	}
}

static void
put_cell(const struct cell *c, bool color, FILE *fp)
{
	static const char *const code[] = { "", "\033[32m", "\033[33m",
		"\033[1;31m" };

	color = color && c->tone != GS_TONE_NONE;
	fprintf(fp, "%s%s%s", color ? code[c->tone] : "", c->text,
	    color ? "\033[0m" : "");
}

static void
print_row(const struct gs_media_table *t, size_t row, const struct layout *l,
    FILE *fp)
{
	size_t blanks = 0, n;
	unsigned line = 0;
	bool first = true;

	for (size_t c = 0; c < t->columns && row + c < t->n; c++) {
		const struct cell *cell = &t->cell[row + c];

		if (l->width[c] == 0)
			continue;
		n = strlen(cell->text);
		blanks += first ? 0 : 2;
		if (l->line[c] != line) {
			fputc('\n', fp);
			line = l->line[c];
			blanks = INDENT;
		}
		first = false;
		if (t->right[c])
			blanks += l->width[c] - n;
		if (n > 0) {
			fprintf(fp, "%*s", (int)blanks, "");
			put_cell(cell, l->color, fp);
			blanks = 0;
		}
		if (!t->right[c])
			blanks += l->width[c] - n;
	}
	fputc('\n', fp);
}

int
gs_media_table_print(const struct gs_media_table *t, FILE *fp,
    struct gs_media_look look, struct gs_err *err)
{
	struct layout l = { .color = look.color };

	if (t->failed)
		return gs_err_sys(err, ENOMEM, "table");
	for (size_t c = 0; c < t->columns; c++)
		l.width[c] = width(t, c);
	if (look.width > 0 && width_of_all(&l, t->columns) > look.width)
		break_lines(t, &l, look.width);
	for (size_t row = 0; row < t->n; row += t->columns)
		print_row(t, row, &l, fp);
	return 0;
}
