/* SPDX-License-Identifier: MIT */
/* One phone in the database: the rows of its accounts. */
#include "snom/phones.h"

#include "snom/params.h"
#include "snom/rules.h"

/* The name of a column in the header. */
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
	[GS_C_MAILBOX] = "mailbox",
	[GS_C_LANGUAGE] = "language",
	[GS_C_TIMEZONE] = "timezone",
	[GS_C_TONE_SCHEME] = "tone_scheme",
	[GS_C_SOFTKEYS] = "softkeys",
};

static bool
is_required(const struct gs_snom_phones *p, int column, bool one)
{
	if (column == GS_C_MAC)
		return !one;
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
		[GS_C_HTTP_USER] = "the column http_user is missing: the phone "
				   "keeps its present value",
		[GS_C_HTTP_PASS] = "the column http_password is missing: the "
				   "phone keeps its present value",
	};

	if (effect[column] != NULL)
		gs_snom_say(p->d, GS_S_DATA_COLUMN, 1, "%s", effect[column]);
}

static int
find_columns(struct gs_snom_phones *p, bool one, struct gs_err *err)
{
	for (int i = 0; i < GS_C_COUNT; i++) {
		p->column[i] = gs_snom_rows_column(&p->g.t, column_names[i]);
		if (p->column[i] != -1)
			continue;
		if (is_required(p, i, one))
			return gs_err_set(err,
			    "line 1: there is no column '%s'; the first line "
			    "must be the header of mysql --batch (without -N)",
			    column_names[i]);
		say_missing(p, i);
	}
	return 0;
}

int
gs_snom_phones_open(struct gs_snom_phones *p, const char *path,
    const struct gs_snom_params *params, const uint64_t *only,
    struct gs_diags *d, struct gs_err *err)
{
	*p = (struct gs_snom_phones){ .params = params,
		.d = d,
		.one = only != NULL };
	int got = gs_snom_groups_open(&p->g, path, err);
	if (got != 1)
		return got;
	p->g.t.mute = d != NULL ? d->mute : NULL;
	if (find_columns(p, only != NULL, err) == -1 ||
	    gs_snom_groups_index(&p->g, only, err) == -1)
		return gs_err_at(err, path);
	return 1;
}

void
gs_snom_phones_close(struct gs_snom_phones *p)
{
	gs_snom_groups_close(&p->g);
	gs_snom_macset_free(&p->keys);
}

void
gs_snom_phone_free(struct gs_snom_phone *ph)
{
	gs_buf_free(&ph->head.bytes);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++)
		gs_buf_free(&ph->row[i].bytes);
}

/* Copies the table's row, so that it outlives the next row. */
static int
copy_row(struct gs_snom_row *r, const struct gs_snom_rows *t,
    struct gs_err *err)
{
	gs_buf_clear(&r->bytes);
	r->bytes.max = GS_TABLE_LINE;
	if (gs_buf_space(&r->bytes, t->raw.n) == NULL)
		return gs_err_set(err, "out of memory");
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

static void
find_model(struct gs_snom_phones *p, struct gs_snom_phone *ph)
{
	int c = p->column[GS_C_MODEL];
	struct gs_span name =
	    c == -1 ? gs_span(NULL, 0) : gs_span_trim(ph->head.cell[c].s);

	ph->model = gs_snom_params_model(p->params, name, ph->mac);
	if (!gs_snom_mac_is_snom(ph->mac)) {
		ph->foreign = ph->model == NULL && !p->one;
		gs_snom_say(p->d, GS_S_DATA_MAC_VENDOR, ph->head.line,
		    "%s is not from Snom's ranges%s", ph->mac_text,
		    ph->foreign ? ": left out" : "");
	}
	if (ph->model != NULL && ph->model->identities == 0) {
		ph->failed = p->one;
		ph->foreign = !p->one;
		gs_snom_say(p->d, GS_S_DATA_VISION, ph->head.line,
		    "%s: a %s has no accounts, and reads settings in another "
		    "format: left out",
		    ph->mac_text, ph->model->name);
	}
	if (ph->model == NULL && !ph->foreign)
		gs_snom_say(p->d, GS_S_DATA_MODEL, ph->head.line,
		    "%s: unknown model%s%.*s; see --models", ph->mac_text,
		    name.n > 0 ? " " : "", GS_CUT(name, 32));
}

/* Whoever knows the key of one phone gets the settings of the other; and a
 * name is the link to one file. */
static int
check_key(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	int c = p->column[GS_C_KEY];
	bool is_new;

	if (c == -1 || ph->head.cell[c].s.n == 0)
		return 0;
	uint64_t hash = gs_span_hash(ph->head.cell[c].s);
	uint64_t *line = gs_snom_macset_put(&p->keys, hash >> 16, &is_new);
	if (line == NULL)
		return gs_err_set(err, "out of memory, or more than %d phones",
		    GS_MACSET_MAX);
	if (is_new) {
		*line = ph->head.line;
		return 0;
	}
	gs_snom_say(p->d, GS_S_DATA_PROVISIONING_KEY, ph->head.line,
	    "%s has the provisioning key of the phone in line %llu",
	    ph->mac_text, (unsigned long long)*line);
	ph->failed = true;
	return 0;
}

static int
add_identity(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	const struct gs_snom_rows *t = &p->g.t;
	const struct gs_snom_cell *auth = &t->cell[p->column[GS_C_AUTH]];

	/* A phone without accounts, by LEFT JOIN. */
	if (auth->null)
		return 0;
	if (auth->s.n == 0) {
		gs_snom_say(p->d, GS_S_DATA_EMPTY, t->line,
		    "column auth_name: an account without a user name");
		ph->failed = true;
		return 0;
	}
	if (gs_span_trim(t->cell[p->column[GS_C_PASS]].s).n == 0) {
		gs_snom_say(p->d, GS_S_DATA_EMPTY, t->line,
		    "column password: an account without a SIP password");
		ph->failed = true;
		return 0;
	}
	if (ph->identities == GS_SNOM_IDENTITIES) {
		gs_snom_say(p->d, GS_S_DATA_IDENTITIES, t->line,
		    "more than 12 accounts for one phone");
		ph->failed = true;
		return 0;
	}
	return copy_row(&ph->row[ph->identities++], t, err);
}

/* The row in the table: of the phone, or one that damages it. */
static int
add_row(struct gs_snom_phones *p, struct gs_snom_phone *ph, struct gs_err *err)
{
	bool first = ph->head.line == 0;

	p->rows++;
	ph->head.line = first ? p->g.t.line : ph->head.line;
	if (!gs_snom_groups_is_usable(&p->g, p->d))
		p->damaged = ph->failed = true;
	if (ph->failed)
		return 0;
	if (first && copy_row(&ph->head, &p->g.t, err) == -1)
		return -1;
	if (first)
		find_model(p, ph);
	if (first && check_key(p, ph, err) == -1)
		return -1;
	return ph->failed || ph->foreign ? 0 : add_identity(p, ph, err);
}

/* Reads the rows of group p->next. */
static int
read_phone(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	int more;

	ph->mac = p->g.group[p->next].mac;
	gs_snom_mac_format(ph->mac, ph->mac_text);
	ph->identities = 0;
	ph->failed = ph->foreign = false;
	ph->model = NULL;
	ph->head.line = 0;
	gs_snom_groups_go(&p->g, p->next);
	while ((more = gs_snom_groups_next(&p->g, err)) == 1)
		if (add_row(p, ph, err) == -1)
			return -1;
	gs_snom_groups_say_apart(&p->g, p->next, p->d);
	if (!ph->failed && ph->model != NULL &&
	    ph->identities > ph->model->identities)
		gs_snom_say(p->d, GS_S_DATA_LIMIT, ph->head.line,
		    "%s: %u accounts; a %s is believed to support %u",
		    ph->mac_text, ph->identities, ph->model->name,
		    ph->model->identities);
	p->next++;
	return more;
}

int
gs_snom_phones_next(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err)
{
	while (p->next < p->g.groups) {
		if (read_phone(p, ph, err) == -1)
			return -1;
		if (ph->mac != GS_GROUP_NOBODY && !ph->foreign)
			return 1;
	}
	return 0;
}
