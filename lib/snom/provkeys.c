/* SPDX-License-Identifier: MIT */
/* Function keys of a fleet, from a table that need not fit into memory. */
#include "snom/provkeys.h"

#include <sys/stat.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/phones.h"
#include "snom/template.h"
#include "snom/rules.h"
#include "snom/text.h"

enum { MOST_GROUP = 4 * 1024 * 1024 };

enum { MAC, POSITION, FUNCTION, VALUE, LABEL, CONTEXT, PERM, COLUMNS };

static const char *const names[COLUMNS] = { "mac_address", "position",
	"function", "value", "label", "context", "perm" };

static void
say(struct gs_diags *d, enum gs_snom_rule rule, uint64_t line, const char *text)
{
	struct gs_pos pos = { .line = line };

	(void)gs_diag(d, &gs_snom_rules.rule[rule], pos, "%s", text);
}

/* Copies what the reader yields into a file without a name, and makes that
 * the reader's file. */
static int
spool(struct gs_snom_provkeys *k, struct gs_err *err)
{
	struct gs_span chunk;
	int more;
	FILE *fp = tmpfile();

	if (fp == NULL)
		return gs_err_sys(err, errno, "temporary file");
	while ((more = gs_reader_next(&k->reader, &chunk, err)) == 1)
		if (gs_file_put_all(fileno(fp), chunk.p, chunk.n) == -1) {
			more = gs_err_sys(err, errno, "temporary file");
			break;
		}
	int fd = more == 0 ? dup(fileno(fp)) : -1;
	if (more == 0 && (fd == -1 || lseek(fd, 0, SEEK_SET) == -1))
		more = gs_err_sys(err, errno, "temporary file");
	(void)fclose(fp);
	if (more == -1) {
		if (fd != -1)
			(void)close(fd);
		return -1;
	}
	(void)close(k->reader.fd);
	k->reader.fd = fd;
	return 0;
}

static int
open_file(struct gs_snom_provkeys *k, const char *path, struct gs_err *err)
{
	struct stat st;

	if (gs_reader_open(&k->reader, path, err) == -1)
		return -1;
	bool regular = fstat(k->reader.fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(k->reader.fd, 0, SEEK_CUR) == 0;
	if (!regular && spool(k, err) == -1)
		return -1;
	k->fd = k->reader.fd;
	return 0;
}

static struct gs_snom_provkey_group *
add_group(struct gs_snom_provkeys *k)
{
	if (!gs_grow(&k->group, &k->size, k->groups + 1, sizeof(*k->group)))
		return NULL;
	return &k->group[k->groups++];
}

/* The phone of the row before, which is mostly that of this one. */
struct last {
	char text[24];
	size_t n;
	uint64_t mac;
	size_t group;
};

static bool
is_last(const struct last *l, struct gs_span mac)
{
	return l->n > 0 && gs_span_eq(gs_span(l->text, l->n), mac);
}

/* The MAC of a row, also of one with a cell too many or too few. */
static int
row_mac(const struct gs_snom_rows *t, int column, uint64_t *mac)
{
	if ((size_t)column >= t->cells || t->fault == GS_ROW_LONG)
		return -1;
	return gs_snom_mac_parse(t->cell[column].s, mac);
}

static int
start_group(struct gs_snom_provkeys *k, uint64_t *number)
{
	size_t n = k->groups;
	struct gs_snom_provkey_group *g = add_group(k);

	if (g == NULL)
		return -1;
	*g = (struct gs_snom_provkey_group){ .offset = k->t.offset,
		.line = k->t.line };
	*number = n;
	return 0;
}

/* Notes the row that t holds. */
static int
index_row(struct gs_snom_provkeys *k, struct last *last, struct gs_diags *d,
    struct gs_err *err)
{
	const struct gs_snom_rows *t = &k->t;
	struct gs_span text = { NULL, 0 };
	uint64_t mac;
	bool is_new;

	k->rows++;
	if (t->fault == GS_ROW_OK)
		text = t->cell[k->column[MAC]].s;
	else
		say(d, GS_S_DATA_ROW, t->line,
		    "the row does not fit the header");
	if (is_last(last, text)) {
		struct gs_snom_provkey_group *g = &k->group[last->group];
		g->n = t->next_offset - g->offset;
		return 0;
	}
	if (row_mac(t, k->column[MAC], &mac) == -1) {
		if (t->fault == GS_ROW_OK)
			say(d, GS_S_DATA_MAC, t->line,
			    "column mac_address is no MAC address");
		return 0;
	}
	uint64_t *number = gs_snom_macset_put(&k->index, mac, &is_new);
	if (number == NULL)
		return gs_err_set(err, "no memory, or more than %d phones",
		    GS_MACSET_MAX);
	if (is_new && start_group(k, number) == -1)
		return gs_err_set(err, "no memory for keys");
	struct gs_snom_provkey_group *g = &k->group[*number];
	if (!is_new && mac != last->mac)
		say(d, GS_S_DATA_ORDER, t->line,
		    "the rows of one phone must be together");
	g->bad =
	    g->bad || t->fault != GS_ROW_OK || (!is_new && mac != last->mac);
	if (g->bad)
		return 0;
	last->mac = mac;
	last->group = (size_t)*number;
	last->n = text.n < sizeof(last->text) ? text.n : 0;
	if (last->n > 0)
		memcpy(last->text, text.p, last->n);
	g->n = t->next_offset - g->offset;
	return 0;
}

static int
find_columns(struct gs_snom_provkeys *k, struct gs_err *err)
{
	for (int i = 0; i < COLUMNS; i++) {
		k->column[i] = gs_snom_rows_column(&k->t, names[i]);
		if (k->column[i] == -1 && i <= LABEL)
			return gs_err_set(err,
			    "line 1: there is no column '%s'", names[i]);
	}
	return 1;
}

int
gs_snom_provkeys_open(struct gs_snom_provkeys *k, const char *path,
    const char *perm, struct gs_diags *d, struct gs_err *err)
{
	struct last last = { .mac = UINT64_MAX };

	*k = (struct gs_snom_provkeys){ .fd = -1, .perm = perm };
	gs_buf_init(&k->bytes, MOST_GROUP);
	k->reader.fd = -1;
	int more = open_file(k, path, err);
	if (more == 0)
		more =
		    gs_snom_rows_open(&k->t, &k->reader, gs_span(NULL, 0), err);
	if (more == 1)
		more = find_columns(k, err);
	while (more == 1) {
		more = gs_snom_rows_next(&k->t, err);
		if (more == 1 && index_row(k, &last, d, err) == -1)
			more = -1;
	}
	if (more == 0 && k->rows == 0)
		more = gs_err_set(err, "no rows; nothing was changed");
	if (more == -1)
		gs_snom_provkeys_close(k);
	return more;
}

void
gs_snom_provkeys_close(struct gs_snom_provkeys *k)
{
	gs_snom_rows_close(&k->t);
	gs_reader_close(&k->reader);
	gs_snom_macset_free(&k->index);
	gs_buf_free(&k->bytes);
	free(k->group);
	k->group = NULL;
	k->fd = -1;
}

static int
read_group(struct gs_snom_provkeys *k, const struct gs_snom_provkey_group *g,
    struct gs_err *err)
{
	k->bytes.n = 0;
	uint8_t *to = gs_buf_space(&k->bytes, (size_t)g->n);

	if (to == NULL)
		return gs_err_set(err,
		    "line %llu: the keys of one phone are more than %d bytes",
		    (unsigned long long)g->line, MOST_GROUP);
	while (k->bytes.n < g->n) {
		ssize_t n = pread(k->fd, to + k->bytes.n, g->n - k->bytes.n,
		    (off_t)(g->offset + k->bytes.n));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return gs_err_sys(err, errno, "function keys");
		if (n == 0)
			break;
		k->bytes.n += (size_t)n;
	}
	return 0;
}

static struct gs_span
cell(const struct gs_snom_provkeys *k, int which, const char *otherwise)
{
	int c = k->column[which];

	if (c != -1 && k->t.cell[c].s.n > 0)
		return k->t.cell[c].s;
	return gs_span(otherwise, strlen(otherwise));
}

static bool
is_context(struct gs_span s)
{
	uint64_t v;

	return gs_span_eq(s, GS_LIT("active")) ||
	    (gs_span_u64(s, &v) == 0 && v >= 1 && v <= GS_SNOM_IDENTITIES);
}

static bool
is_word(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') &&
		    (s.p[i] < 'A' || s.p[i] > 'Z') &&
		    (s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '_')
			return false;
	return s.n > 0;
}

static bool
is_perm(struct gs_span s)
{
	return gs_span_eq(s, GS_LIT("R")) || gs_span_eq(s, GS_LIT("RW")) ||
	    gs_span_eq(s, GS_LIT("!"));
}

/* Appends "<fkey ...>function value</fkey>" for the row that t holds. */
static int
put_key(struct gs_snom_provkeys *k, struct gs_buf *b, uint64_t line,
    struct gs_span position, struct gs_diags *d)
{
	struct gs_span context = cell(k, CONTEXT, "active");
	struct gs_span perm = cell(k, PERM, k->perm);
	struct gs_span function = cell(k, FUNCTION, "none");
	struct gs_span column[2] = { GS_LIT("label"), GS_LIT("value") };

	if (!is_context(context) || !is_perm(perm) || !is_word(function)) {
		say(d, GS_S_DATA_KEY, line,
		    "context must be active or 1 to 12, perm "
		    "R, RW or !, function one word");
		return -1;
	}
	gs_buf_puts(b, "<fkey idx=\"");
	gs_buf_put(b, position.p, position.n);
	gs_buf_puts(b, "\" context=\"");
	gs_buf_put(b, context.p, context.n);
	gs_buf_puts(b, "\" label=\"");
	int bad = gs_snom_cell_put(b, cell(k, LABEL, ""), line, column[0], d);
	gs_buf_puts(b, "\" perm=\"");
	gs_buf_put(b, perm.p, perm.n);
	gs_buf_puts(b, "\">");
	gs_buf_put(b, function.p, function.n);
	gs_buf_putc(b, ' ');
	bad |= gs_snom_cell_put(b, cell(k, VALUE, ""), line, column[1], d);
	gs_buf_puts(b, "</fkey>\n");
	return bad;
}

static int
one_row(struct gs_snom_provkeys *k, struct gs_span line, uint64_t number,
    struct gs_snom_provkey_parts *out, struct gs_diags *d)
{
	uint64_t position;

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (gs_snom_rows_split(&k->t, line) == -1 || k->t.cells != k->t.columns)
		return -1;
	struct gs_span text = k->t.cell[k->column[POSITION]].s;
	if (gs_span_u64(text, &position) == -1 || position >= GS_SNOM_KEYS ||
	    text.n > 3) {
		say(d, GS_S_DATA_KEY, number, "position is not 0 to 137");
		return -1;
	}
	if (out->part[position].n > 0) {
		say(d, GS_S_DATA_KEY_DUPLICATE, number,
		    "two rows for one position");
		return -1;
	}
	size_t at = out->text.n;
	int bad = put_key(k, &out->text, number, text, d);
	out->part[position].at = (uint32_t)at;
	out->part[position].n = (uint32_t)(out->text.n - at);
	out->count++;
	return bad;
}

int
gs_snom_provkeys_get(struct gs_snom_provkeys *k, uint64_t mac,
    struct gs_snom_provkey_parts *out, struct gs_diags *d, struct gs_err *err)
{
	const uint64_t *number = gs_snom_macset_get(&k->index, mac);
	int bad = 0;

	out->text.n = 0;
	memset(out->part, 0, sizeof(out->part));
	out->count = 0;
	if (number == NULL)
		return 0;
	const struct gs_snom_provkey_group *g = &k->group[*number];
	if (g->bad)
		return 1;
	if (read_group(k, g, err) == -1)
		return -1;
	struct gs_span rest = gs_buf_span(&k->bytes);
	for (uint64_t line = g->line; rest.n > 0; line++) {
		const char *nl = memchr(rest.p, '\n', rest.n);
		size_t n = nl == NULL ? rest.n : (size_t)(nl - rest.p);
		bad |= one_row(k, gs_span(rest.p, n), line, out, d);
		n += nl != NULL;
		rest = gs_span(rest.p + n, rest.n - n);
	}
	if (!gs_buf_ok(&out->text))
		return gs_err_set(err, "no memory for keys");
	return bad == 0 ? 0 : 1;
}
