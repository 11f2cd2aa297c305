/* SPDX-License-Identifier: MIT */
/* Function keys of a fleet, from a table that need not fit into memory. */
#include "snom/provkeys.h"

#include "snom/nested.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/template.h"
#include "snom/rules.h"
#include "snom/url.h"

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
		gs_snom_provkeys_close(k);
	return more;
}

void
gs_snom_provkeys_close(struct gs_snom_provkeys *k)
{
	gs_snom_groups_close(&k->g);
}

static struct gs_span
cell(const struct gs_snom_provkeys *k, int which, const char *otherwise)
{
	int c = k->column[which];

	if (c != -1 && k->g.t.cell[c].s.n > 0)
		return k->g.t.cell[c].s;
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

/* What stands in <fkey>: "function value", or of a key that follows a state
 * more. Returns 0, or -1 after a finding. */
static int
put_inside(struct gs_snom_provkeys *k, struct gs_buf *b,
    struct gs_span function, struct gs_diags *d)
{
	struct gs_span value = cell(k, VALUE, "");
	const struct gs_snom_nested n = { .general = cell(k, GENERAL, ""),
		.subscription = cell(k, SUBSCRIPTION, ""),
		.action = cell(k, ACTION, "") };
	const char *why = NULL;

	if (n.general.n + n.subscription.n + n.action.n == 0) {
		gs_buf_put(b, function.p, function.n);
		gs_buf_putc(b, ' ');
		return gs_snom_cell_put(b, value, k->g.t.line, GS_LIT("value"),
		    d);
	}
	if (value.n > 0)
		why = "a key with general, subscription or action has no value";
	else if (n.general.n == 0)
		why = "the column general must name the kind of key";
	else
		why = gs_snom_nested_put(b, &n, k->params);
	if (why != NULL)
		gs_snom_say(d, GS_S_DATA_KEY, k->g.t.line, "%s", why);
	return why == NULL ? 0 : -1;
}

/* Appends "<fkey ...>...</fkey>" for the row that was read. */
static int
put_key(struct gs_snom_provkeys *k, struct gs_buf *b, struct gs_span position,
    struct gs_diags *d)
{
	uint64_t line = k->g.t.line;
	struct gs_span context = cell(k, CONTEXT, "active");
	struct gs_span perm =
	    cell(k, PERM, gs_snom_params_get(k->params, GS_P_PERM_USER));
	struct gs_span function = cell(k, FUNCTION, "none");

	if (!is_context(context) || !is_perm(perm) || !is_word(function)) {
		gs_snom_say(d, GS_S_DATA_KEY, line,
		    "context must be active or 1 to 12, perm "
		    "R, RW or !, function one word");
		return -1;
	}
	gs_buf_puts(b, "<fkey idx=\"");
	gs_buf_put(b, position.p, position.n);
	gs_buf_puts(b, "\" context=\"");
	gs_buf_put(b, context.p, context.n);
	gs_buf_puts(b, "\" label=\"");
	int bad =
	    gs_snom_cell_put(b, cell(k, LABEL, ""), line, GS_LIT("label"), d);
	gs_buf_puts(b, "\" perm=\"");
	gs_buf_put(b, perm.p, perm.n);
	gs_buf_puts(b, "\">");
	bad |= put_inside(k, b, function, d);
	gs_buf_puts(b, "</fkey>\n");
	return bad;
}

static int
one_row(struct gs_snom_provkeys *k, struct gs_snom_provkey_parts *out,
    struct gs_diags *d)
{
	uint64_t position, line = k->g.t.line;

	if (!gs_snom_groups_is_usable(&k->g, d))
		return -1;
	struct gs_span text = k->g.t.cell[k->column[POSITION]].s;
	if (gs_span_u64(text, &position) == -1 || position >= GS_SNOM_KEYS ||
	    text.n > 3) {
		gs_snom_say(d, GS_S_DATA_KEY, line, "position is not 0 to 137");
		return -1;
	}
	if (out->part[position].n > 0) {
		gs_snom_say(d, GS_S_DATA_KEY_DUPLICATE, line,
		    "two rows for one position");
		return -1;
	}
	size_t at = out->text.n;
	int bad = put_key(k, &out->text, text, d);
	out->urls = gs_snom_url_fronts(out->urls,
	    gs_span(out->text.p + at, out->text.n - at));
	out->part[position].at = (uint32_t)at;
	out->part[position].n = (uint32_t)(out->text.n - at);
	out->count++;
	return bad;
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

	out->text.n = 0;
	memset(out->part, 0, sizeof(out->part));
	out->count = 0;
	out->urls = 0;
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
