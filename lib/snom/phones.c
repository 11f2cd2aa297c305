/* SPDX-License-Identifier: MIT */
/* One phone as the database knows it: the rows of its accounts. */
#include "snom/phones.h"

#include <stdio.h>

#include "snom/params.h"
#include "snom/rules.h"

/* What a column is called in the header. */
static const char *const column_names[GS_C_COUNT] = {
	[GS_C_MAC] = "mac_address",
	[GS_C_MODEL] = "model",
	[GS_C_KEY] = "provisioning_key",
	[GS_C_HTTP_USER] = "http_user",
	[GS_C_HTTP_PASS] = "http_password",
	[GS_C_ID] = "id",
	[GS_C_AUTH] = "auth_name",
	[GS_C_PASS] = "password",
	[GS_C_NAME] = "caller_name",
	[GS_C_HOST] = "host",
	[GS_C_PHONE_ID] = "phone_id",
};

static void
say(struct gs_snom_phones *p, enum gs_snom_rule rule, uint64_t line,
    const char *text)
{
	struct gs_pos pos = { .line = line };

	(void)gs_diag(p->d, &gs_snom_rules.rule[rule], pos, "%s", text);
}

static bool
is_required(const struct gs_snom_phones *p, int column)
{
	if (column == GS_C_MAC)
		return !p->has_only;
	if (column == GS_C_HOST)
		return *gs_snom_params_get(p->params, GS_P_SIP_HOST) == '\0';
	return column == GS_C_AUTH || column == GS_C_PASS ||
	    column == GS_C_NAME;
}

static void
say_missing(struct gs_snom_phones *p, int column)
{
	static const char *const effect[GS_C_COUNT] = {
		[GS_C_MODEL] = "the column model is missing: the model is "
			       "taken from the MAC address",
		[GS_C_KEY] = "the column provisioning_key is missing: "
			     "setting_server names the MAC address, which "
			     "anybody can guess",
		[GS_C_HTTP_USER] = "the column http_user is missing: the "
				   "phone keeps its own",
		[GS_C_HTTP_PASS] = "the column http_password is missing: the "
				   "phone keeps its own",
	};

	if (effect[column] != NULL)
		say(p, GS_S_DATA_COLUMN, 1, effect[column]);
}

int
gs_snom_phones_init(struct gs_snom_phones *p, struct gs_snom_rows *t,
    const struct gs_snom_params *params, const uint64_t *only,
    struct gs_diags *d, struct gs_err *err)
{
	*p = (struct gs_snom_phones){ .t = t,
		.params = params,
		.d = d,
		.has_only = only != NULL,
		.only = only != NULL ? *only : 0 };
	for (int i = 0; i < GS_C_COUNT; i++) {
		p->column[i] = gs_snom_rows_column(t, column_names[i]);
		if (p->column[i] != -1)
			continue;
		if (is_required(p, i))
			return gs_err_set(err,
			    "line 1: there is no column '%s'; the first line "
			    "must be the header of mysql --batch (without -N)",
			    column_names[i]);
		say_missing(p, i);
	}
	return 0;
}

void
gs_snom_phones_free(struct gs_snom_phones *p)
{
	gs_snom_macset_free(&p->seen);
}

void
gs_snom_phone_free(struct gs_snom_phone *ph)
{
	gs_buf_free(&ph->head.bytes);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++)
		gs_buf_free(&ph->row[i].bytes);
}

/* Copies the table's row, so that it outlives the next one. */
static int
copy_row(struct gs_snom_row *r, const struct gs_snom_rows *t)
{
	gs_buf_clear(&r->bytes);
	r->bytes.max = GS_TABLE_LINE;
	if (gs_buf_space(&r->bytes, t->raw.n) == NULL)
		return -1;
	for (size_t i = 0; i < t->columns; i++) {
		size_t at = r->bytes.n;
		gs_buf_put(&r->bytes, t->cell[i].s.p, t->cell[i].s.n);
		r->cell[i] = (struct gs_snom_cell){ gs_span(r->bytes.p + at,
							t->cell[i].s.n),
			t->cell[i].null };
	}
	r->line = t->line;
	return 0;
}

/* The MAC of the table's row. Returns false when it has none. */
static bool
row_mac(struct gs_snom_phones *p, uint64_t *mac)
{
	int c = p->column[GS_C_MAC];
	struct gs_span s;

	if (c == -1) {
		*mac = p->only;
		return true;
	}
	if ((size_t)c >= p->t->cells)
		return false;
	s = p->t->cell[c].s;
	if (s.n == 0 || !gs_span_eq(s, gs_span(p->mac_text, p->mac_n))) {
		if (gs_snom_mac_parse(s, &p->mac) == -1)
			return false;
		p->mac_n = s.n < sizeof(p->mac_text) ? s.n : 0;
		memcpy(p->mac_text, s.p, p->mac_n);
	}
	*mac = p->mac;
	return true;
}

static void
say_bad_row(struct gs_snom_phones *p)
{
	struct gs_pos pos = { .line = p->t->line };
	const struct gs_rule *r = gs_snom_rules.rule;

	if (p->t->fault == GS_ROW_LONG)
		(void)gs_diag(p->d, &r[GS_S_DATA_ROW], pos,
		    "the row is longer than %d bytes", GS_TABLE_LINE);
	else if (p->t->fault == GS_ROW_CUT)
		(void)gs_diag(p->d, &r[GS_S_DATA_ROW], pos,
		    "the last row has no newline: the input was cut off");
	else if (p->t->fault == GS_ROW_CELLS)
		(void)gs_diag(p->d, &r[GS_S_DATA_ROW], pos,
		    "the row has %zu cells, the header %zu; was mysql called "
		    "with --raw?",
		    p->t->cells, p->t->columns);
	else
		(void)gs_diag(p->d, &r[GS_S_DATA_MAC], pos,
		    "column mac_address: '%.*s' is no MAC address",
		    GS_CUT(p->t->cell[p->column[GS_C_MAC]].s, 40));
}

/* Gets a row into t: the pending one, or the next that can belong to a
 * phone. A broken row damages the phone it names, or else the one that is
 * being read. */
static int
next_row(struct gs_snom_phones *p, struct gs_snom_phone *ph, uint64_t *mac,
    struct gs_err *err)
{
	int more = 1;

	if (p->pending) {
		p->pending = false;
		(void)row_mac(p, mac);
		return 1;
	}
	while ((more = gs_snom_rows_next(p->t, err)) == 1) {
		bool has_mac = row_mac(p, mac);
		if (has_mac && p->has_only && *mac != p->only)
			continue;
		p->rows++;
		if (has_mac && p->t->fault == GS_ROW_OK)
			return 1;
		say_bad_row(p);
		p->damaged = true;
		if (has_mac)
			return 1;
		if (ph != NULL)
			ph->failed = true;
	}
	return more;
}

static void
find_model(struct gs_snom_phones *p, struct gs_snom_phone *ph)
{
	int c = p->column[GS_C_MODEL];
	struct gs_span name =
	    c == -1 ? gs_span(NULL, 0) : gs_span_trim(ph->head.cell[c].s);
	char text[160];

	ph->model = gs_snom_params_model(p->params, name, ph->mac);
	if (!gs_snom_mac_is_snom(ph->mac)) {
		(void)snprintf(text, sizeof(text),
		    "%s is not from Snom's ranges", ph->mac_text);
		say(p, GS_S_DATA_MAC_VENDOR, ph->head.line, text);
	}
	if (ph->model == NULL) {
		(void)snprintf(text, sizeof(text),
		    "%s: the model%s%.*s is not known; see --models",
		    ph->mac_text, name.n > 0 ? " " : "", GS_CUT(name, 32));
		say(p, GS_S_DATA_MODEL, ph->head.line, text);
	}
}

static int
start_phone(struct gs_snom_phones *p, struct gs_snom_phone *ph, uint64_t mac,
    struct gs_err *err)
{
	bool is_new;
	uint64_t *first = gs_snom_macset_put(&p->seen, mac, &is_new);

	ph->mac = mac;
	gs_snom_mac_format(mac, ph->mac_text);
	ph->identities = 0;
	ph->failed = p->t->fault != GS_ROW_OK;
	ph->model = NULL;
	if (first == NULL)
		return gs_err_set(err, "no memory, or more than %d phones",
		    GS_MACSET_MAX);
	if (!is_new) {
		char text[160];
		(void)snprintf(text, sizeof(text),
		    "%s began in line %llu; its rows must be together (ORDER "
		    "BY)",
		    ph->mac_text, (unsigned long long)*first);
		say(p, GS_S_DATA_ORDER, p->t->line, text);
		ph->failed = true;
	}
	*first = p->t->line;
	ph->head.line = p->t->line;
	if (ph->failed)
		return 0;
	if (copy_row(&ph->head, p->t) == -1)
		return gs_err_set(err, "no memory for a row");
	find_model(p, ph);
	return 0;
}

static int
add_identity(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	const struct gs_snom_cell *auth = &p->t->cell[p->column[GS_C_AUTH]];

	if (p->t->fault != GS_ROW_OK || ph->failed) {
		ph->failed = true;
		return 0;
	}
	/* A phone without accounts, by LEFT JOIN. */
	if (auth->null)
		return 0;
	if (auth->s.n == 0) {
		say(p, GS_S_DATA_EMPTY, p->t->line,
		    "column auth_name: an account without a user name");
		ph->failed = true;
		return 0;
	}
	if (ph->identities == GS_SNOM_IDENTITIES) {
		say(p, GS_S_DATA_IDENTITIES, p->t->line,
		    "more than 12 accounts for one phone");
		ph->failed = true;
		return 0;
	}
	if (copy_row(&ph->row[ph->identities], p->t) == -1)
		return gs_err_set(err, "no memory for a row");
	ph->identities++;
	return 0;
}

static void
check_limit(struct gs_snom_phones *p, const struct gs_snom_phone *ph)
{
	char text[160];

	if (ph->model == NULL || ph->identities <= ph->model->identities)
		return;
	(void)snprintf(text, sizeof(text),
	    "%s: %u accounts, a %s is believed to hold %u", ph->mac_text,
	    ph->identities, ph->model->name, ph->model->identities);
	say(p, GS_S_DATA_LIMIT, ph->head.line, text);
}

int
gs_snom_phones_next(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	uint64_t mac = 0;
	int more = next_row(p, NULL, &mac, err);

	if (more != 1)
		return more;
	if (start_phone(p, ph, mac, err) == -1)
		return -1;
	do {
		if (add_identity(p, ph, err) == -1)
			return -1;
		more = next_row(p, ph, &mac, err);
	} while (more == 1 && mac == ph->mac);
	if (more == -1)
		return -1;
	p->pending = more == 1;
	if (!ph->failed)
		check_limit(p, ph);
	return 1;
}
