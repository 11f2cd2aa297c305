/* SPDX-License-Identifier: MIT */
/* Function keys of a fleet, from a table that need not fit into memory. */
#include "snom/provkeys.h"

#include "snom/fkey.h"
#include "snom/phones.h"
#include "snom/template.h"

enum {
	MAC,
	POSITION,
	FUNCTION,
	VALUE,
	LABEL,
	CONTEXT,
	PERM,
	GENERAL,
	SUBSCRIPTION,
	ACTION,
	COLUMNS
};

static const char *const names[COLUMNS] = { "mac_address", "position",
	"function", "value", "label", "context", "perm", "general",
	"subscription", "action" };

static int
find_columns(struct gs_snom_provkeys *k, struct gs_err *err)
{
	for (int i = 0; i < COLUMNS; i++) {
		k->column[i] = gs_snom_rows_column(&k->g.t, names[i]);
		if (k->column[i] == -1 && i <= LABEL)
			return gs_err_set(err,
			    "line 1: there is no column '%s'", names[i]);
	}
	return 0;
}

int
gs_snom_provkeys_open(struct gs_snom_provkeys *k, const char *path,
    const struct gs_snom_params *params, struct gs_diags *d, struct gs_err *err)
{
	const uint64_t *nobody;
	int more;

	*k = (struct gs_snom_provkeys){ .params = params };
	more = gs_snom_groups_open(&k->g, path, err);
	if (more == 1 &&
	    (find_columns(k, err) == -1 ||
		gs_snom_groups_index(&k->g, NULL, err) == -1))
		more = gs_err_at(err, path);
	if (more != -1 && k->g.groups == 0)
		more =
		    gs_err_set(err, "%s: no rows; nothing was changed", path);
	nobody = gs_snom_macset_get(&k->g.index, GS_GROUP_NOBODY);
	if (more == 1 && nobody != NULL)
		gs_snom_groups_go(&k->g, (size_t)*nobody);
	while (more == 1 && (more = gs_snom_groups_next(&k->g, err)) == 1)
		(void)gs_snom_groups_is_usable(&k->g, d);
	if (more == -1)
		gs_snom_groups_close(&k->g);
	return more;
}

/* A cell of the row that was read; empty if there is no such column. */
static struct gs_span
cell(const struct gs_snom_provkeys *k, int which)
{
	int c = k->column[which];

	return c == -1 ? gs_span(NULL, 0) : k->g.t.cell[c].s;
}

static int
one_row(struct gs_snom_provkeys *k, struct gs_snom_provkey_parts *out,
    struct gs_diags *d)
{
	if (!gs_snom_groups_is_usable(&k->g, d))
		return 1;
	const struct gs_snom_fkey key = { .position = cell(k, POSITION),
		.function = cell(k, FUNCTION),
		.value = cell(k, VALUE),
		.label = cell(k, LABEL),
		.context = cell(k, CONTEXT),
		.perm = cell(k, PERM),
		.nested = { .general = cell(k, GENERAL),
		    .subscription = cell(k, SUBSCRIPTION),
		    .action = cell(k, ACTION) } };
	return gs_snom_fkeys_add(out, &key, k->g.t.line, k->params, d);
}

bool
gs_snom_provkeys_has(const struct gs_snom_provkeys *k, uint64_t mac)
{
	return gs_snom_macset_get(&k->g.index, mac) != NULL;
}

int
gs_snom_provkeys_get(struct gs_snom_provkeys *k, uint64_t mac,
    struct gs_snom_provkey_parts *out, struct gs_diags *d, struct gs_err *err)
{
	const uint64_t *number = gs_snom_macset_get(&k->g.index, mac);
	int bad = 0, more;

	gs_snom_fkeys_clear(out);
	if (number == NULL)
		return 0;
	gs_snom_groups_go(&k->g, (size_t)*number);
	while ((more = gs_snom_groups_next(&k->g, err)) == 1)
		bad |= one_row(k, out, d);
	if (more == -1)
		return -1;
	gs_snom_groups_say_apart(&k->g, (size_t)*number, d);
	if (!gs_buf_ok(&out->text))
		return gs_err_set(err, "out of memory");
	return bad == 0 ? 0 : 1;
}
