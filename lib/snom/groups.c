/* SPDX-License-Identifier: MIT */
/* A table's rows phone by phone, in any order. */
#include "snom/groups.h"

#include <sys/syscall.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "snom/model.h"
#include "snom/rules.h"

/* Flags of memfd_create(), which has no header without GNU extensions. */
enum { CLOSE_ON_EXEC = 1 };

/* Copies the input of the reader, and makes the copy the reader's file. */
static int
spool(struct gs_reader *r, struct gs_err *err)
{
	struct gs_span chunk;
	int more;
	int fd = (int)syscall(SYS_memfd_create, "rows", CLOSE_ON_EXEC);

	if (fd == -1)
		return gs_err_sys(err, errno, "cannot store rows");
	while ((more = gs_reader_next(r, &chunk, err)) == 1)
		if (gs_file_put_all(fd, chunk.p, chunk.n) == -1) {
			more = gs_err_sys(err, errno, "cannot store rows");
			break;
		}
	if (more == 0 && lseek(fd, 0, SEEK_SET) == -1)
		more = gs_err_sys(err, errno, "cannot store rows");
	(void)close(more == 0 ? r->fd : fd);
	r->fd = more == 0 ? fd : r->fd;
	return more;
}

int
gs_snom_groups_open(struct gs_snom_groups *g, const char *path,
    struct gs_err *err)
{
	struct stat st;

	*g = (struct gs_snom_groups){ .at = SIZE_MAX };
	if (gs_reader_open(&g->reader, path, err) == -1)
		return -1;
	bool regular = fstat(g->reader.fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(g->reader.fd, 0, SEEK_CUR) == 0;
	int got = regular ? 0 : spool(&g->reader, err);
	if (got == 0)
		got =
		    gs_snom_rows_open(&g->t, &g->reader, gs_span(NULL, 0), err);
	if (got == 1)
		g->column = gs_snom_rows_column(&g->t, "mac_address");
	return got == -1 ? gs_err_at(err, path) : got;
}

void
gs_snom_groups_close(struct gs_snom_groups *g)
{
	gs_snom_rows_close(&g->t);
	gs_reader_close(&g->reader);
	gs_snom_macset_free(&g->index);
	free(g->group);
	free(g->stretch);
	g->group = NULL;
	g->stretch = NULL;
}

/* Cell number column of a raw row. Returns false if it has none. */
static bool
raw_cell(struct gs_span row, int column, struct gs_span *cell)
{
	for (; column > 0; column--) {
		if (gs_span_chr(row, '\t') == NULL)
			return false;
		(void)gs_span_until(&row, '\t');
	}
	*cell = gs_span_until(&row, '\t');
	return true;
}

/* Adds a stretch that begins with the row in g->t to its phone's. */
static int
add_stretch(struct gs_snom_groups *g, uint64_t mac, struct gs_err *err)
{
	bool is_new;
	uint64_t *number = gs_snom_macset_put(&g->index, mac, &is_new);
	size_t at = g->stretches;

	if (number == NULL ||
	    !gs_grow(&g->group, &g->group_size, g->groups + 1,
		sizeof(*g->group)) ||
	    !gs_grow(&g->stretch, &g->stretch_size, at + 1,
		sizeof(*g->stretch)))
		return gs_err_set(err, "out of memory, or more than %d phones",
		    GS_MACSET_MAX);
	g->stretch[g->stretches++] =
	    (struct gs_snom_stretch){ .offset = g->t.offset,
		    .line = g->t.line,
		    .next = SIZE_MAX };
	if (is_new) {
		*number = g->groups;
		g->group[g->groups++] = (struct gs_snom_group){ mac, at, at };
	} else {
		g->stretch[g->group[*number].last].next = at;
		g->group[*number].last = at;
	}
	return 0;
}

/* Determines the phone of the row in g->t, mostly that of the last row:
 * g->named and g->mac. */
static void
read_mac(struct gs_snom_groups *g)
{
	struct gs_span cell;

	g->named = g->column == -1 || raw_cell(g->t.raw, g->column, &cell);
	if (g->column == -1 || !g->named ||
	    (g->text_n > 0 && gs_span_eq(gs_span(g->text, g->text_n), cell)))
		return;
	g->named = gs_snom_mac_parse(cell, &g->mac) == 0;
	g->text_n = g->named && cell.n < sizeof(g->text) ? cell.n : 0;
	memcpy(g->text, cell.p, g->text_n);
}

int
gs_snom_groups_index(struct gs_snom_groups *g, const uint64_t *only,
    struct gs_err *err)
{
	uint64_t mac = g->column == -1 ? *only : GS_GROUP_NOBODY;
	struct gs_snom_stretch *s = NULL; /* of the row before */
	int more;

	g->mac = mac;
	while ((more = gs_snom_rows_skip(&g->t, err)) == 1) {
		read_mac(g);
		if (g->named && only != NULL && g->mac != *only) {
			s = NULL;
			continue;
		}
		if (g->named && g->mac != mac)
			s = NULL;
		mac = g->named ? g->mac : mac;
		if (s == NULL && add_stretch(g, mac, err) == -1)
			return -1;
		s = &g->stretch[g->stretches - 1];
		s->n = g->t.next_offset - s->offset;
	}
	return more;
}

void
gs_snom_groups_go(struct gs_snom_groups *g, size_t number)
{
	g->of = g->group[number].mac;
	g->at = g->group[number].first;
	g->inside = false;
}

/* Whether the row in g->t is the one found in s before. */
static bool
is_same(struct gs_snom_groups *g, const struct gs_snom_stretch *s)
{
	read_mac(g);
	return g->t.next_offset <= s->offset + s->n &&
	    (!g->named || g->mac == g->of);
}

int
gs_snom_groups_next(struct gs_snom_groups *g, struct gs_err *err)
{
	while (g->at != SIZE_MAX) {
		const struct gs_snom_stretch *s = &g->stretch[g->at];
		if (!g->inside &&
		    gs_snom_rows_seek(&g->t, s->offset, s->line, err) == -1)
			return -1;
		g->inside = g->t.next_offset < s->offset + s->n;
		if (g->inside) {
			int more = gs_snom_rows_next(&g->t, err);
			return more == -1 || (more == 1 && is_same(g, s)) ?
			    more :
			    gs_err_set(err, "the rows changed during the run");
		}
		g->at = s->next;
	}
	return 0;
}

bool
gs_snom_groups_is_usable(const struct gs_snom_groups *g, struct gs_diags *d)
{
	const struct gs_snom_rows *t = &g->t;

	if (t->fault == GS_ROW_LONG)
		gs_snom_say(d, GS_S_DATA_ROW, t->line,
		    "the row is longer than %d bytes", GS_TABLE_LINE);
	else if (t->fault == GS_ROW_CUT)
		gs_snom_say(d, GS_S_DATA_ROW, t->line,
		    "the last row has no newline: the input was cut off");
	else if (t->fault == GS_ROW_CELLS)
		gs_snom_say(d, GS_S_DATA_ROW, t->line,
		    "the row has %zu cell%s, the header %zu; was mysql called "
		    "with --raw?",
		    t->cells, gs_plural(t->cells), t->columns);
	else if (!g->named)
		gs_snom_say(d, GS_S_DATA_MAC, t->line,
		    "column mac_address: '%.*s' is not a MAC address",
		    GS_CUT(t->cell[g->column].s, 40));
	else
		return true;
	return false;
}

void
gs_snom_groups_say_apart(const struct gs_snom_groups *g, size_t number,
    struct gs_diags *d)
{
	const struct gs_snom_group *group = &g->group[number];
	const struct gs_snom_stretch *first = &g->stretch[group->first];
	char mac[13];

	if (first->next == SIZE_MAX || group->mac == GS_GROUP_NOBODY)
		return;
	gs_snom_mac_format(group->mac, mac);
	gs_snom_say(d, GS_S_DATA_ORDER, g->stretch[first->next].line,
	    "%s began in line %llu; all its rows are used", mac,
	    (unsigned long long)first->line);
}
