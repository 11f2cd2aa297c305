/* SPDX-License-Identifier: MIT */
/* Files of parameters: lines, or rows of gs_parameters. */
#include "snom/params.h"

#include <stdio.h>

#include "base/mute.h"

#include "snom/rules.h"
#include "snom/rows.h"
#include "snom/settings.h"

/* GS5's names of settings that it renders for each account, without
 * "user_". */
static const char gs5_names[] =
    "active pname pass host outbound name realname mailbox expiry";

static struct gs_span
unquote(struct gs_span s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.n - 1] == s.p[0])
		return gs_span(s.p + 1, s.n - 2);
	return s;
}

/* Takes a comment, which begins with " #" behind a value or its quotes, off. */
static bool
cut_comment(struct gs_span *value)
{
	bool quoted = value->n > 0 && (*value->p == '"' || *value->p == '\'');
	const char *close =
	    quoted ? memchr(value->p + 1, *value->p, value->n - 1) : NULL;
	size_t skip = close == NULL ? 0 : (size_t)(close - value->p);
	struct gs_span rest = gs_span(value->p + skip, value->n - skip);
	size_t at = gs_span_find(rest, GS_LIT(" #"));
	size_t tab = gs_span_find(rest, GS_LIT("\t#"));

	at = tab < at ? tab : at;
	if ((quoted && close == NULL) || at == rest.n)
		return false;
	*value = gs_span_trim(gs_span(value->p, skip + at));
	return true;
}

static int
read_line(struct gs_snom_params *p, struct gs_span line, uint64_t number,
    struct gs_diags *d, struct gs_err *err)
{
	struct gs_err why;

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	line = gs_span_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (gs_span_chr(line, '=') == NULL)
		return gs_err_set(err, "line %llu: expected name = value",
		    (unsigned long long)number);
	struct gs_span name = gs_span_trim(gs_span_until(&line, '='));
	struct gs_span value = gs_span_trim(line);
	if (cut_comment(&value))
		gs_snom_say(d, GS_S_DATA_COMMENT, number,
		    "'%.*s' ends before \" #\"; put a value that contains it "
		    "in quotes",
		    GS_CUT(name, 64));
	if (gs_snom_params_misspelt(name, &why))
		gs_snom_say(d, GS_S_DATA_PARAMETER, number, "%s", why.text);
	if (gs_snom_params_set(p, name, unquote(value), false, &why) == 0)
		return 0;
	return gs_err_set(err, "line %llu: %s", (unsigned long long)number,
	    why.text);
}

static int
read_lines(struct gs_snom_params *p, struct gs_span text, struct gs_diags *d,
    struct gs_err *err)
{
	struct gs_span line;
	uint64_t number = 0;

	while (gs_span_line(&text, &line)) {
		struct gs_span s = gs_span_trim(line);

		if (d != NULL && s.n > 0 && *s.p == '#')
			(void)gs_mute_comment(d->mute, gs_span_skip(s, 1),
			    true);
		if (read_line(p, line, ++number, d, err) == -1)
			return -1;
	}
	return 0;
}

/* Sets the parameter that GS5's row with this name means. Returns false if
 * there is none. */
static int
set_row(struct gs_snom_params *p, struct gs_span name, struct gs_span value,
    bool *known, struct gs_err *err)
{
	char full[GS_TABLE_NAME + 16];

	bool short_name = gs_snom_is_word(gs5_names, name);
	bool of_identity = short_name || gs_span_starts(name, GS_LIT("user_"));
	*known = name.n <= GS_TABLE_NAME &&
	    (of_identity || gs_snom_param_find(name) != -1 ||
		gs_span_starts(name, GS_LIT("phone.")) ||
		gs_span_starts(name, GS_LIT("user.")));
	if (!*known)
		return 0;
	int n = snprintf(full, sizeof(full), "%s%.*s",
	    short_name      ? "user.user_" :
		of_identity ? "user." :
			      "",
	    (int)name.n, name.p);
	return gs_snom_params_set(p, gs_span(full, (size_t)n), value, false,
	    err);
}

static int
read_row(struct gs_snom_params *p, struct gs_snom_rows *t, const int column[4],
    struct gs_diags *d, struct gs_err *err)
{
	struct gs_err why;
	bool known;

	if (t->fault != GS_ROW_OK)
		return gs_err_set(err,
		    "line %llu: %zu cell%s, the header has %zu",
		    (unsigned long long)t->line, t->cells, gs_plural(t->cells),
		    t->columns);
	struct gs_span name = t->cell[column[0]].s;
	if (column[2] != -1 &&
	    !gs_span_eq(t->cell[column[2]].s, GS_LIT("phones")))
		return 0;
	if (column[3] != -1 &&
	    !gs_span_eq(t->cell[column[3]].s, GS_LIT("snom")))
		return 0;
	if (t->cell[column[1]].null)
		return 0;
	if (set_row(p, name, t->cell[column[1]].s, &known, &why) == -1)
		return gs_err_set(err, "line %llu: %s",
		    (unsigned long long)t->line, why.text);
	if (!known)
		(void)gs_snom_params_unknown(name, &why);
	if (!known || gs_snom_params_misspelt(name, &why))
		gs_snom_say(d, GS_S_DATA_PARAMETER, t->line, "%s", why.text);
	return 0;
}

static int
read_rows(struct gs_snom_params *p, struct gs_span text, struct gs_diags *d,
    struct gs_err *err)
{
	static const char *const names[] = { "name", "value", "entity",
		"section" };
	struct gs_snom_rows t;
	int column[4];

	int more = gs_snom_rows_open(&t, NULL, text, err);
	t.mute = d != NULL ? d->mute : NULL;
	t.mute_run = true;
	for (size_t i = 0; more == 1 && i < 4; i++) {
		column[i] = gs_snom_rows_column(&t, names[i]);
		if (i < 2 && column[i] == -1)
			more = gs_err_set(err,
			    "line 1: no column '%s'; expected: rows of "
			    "gs_parameters with their header",
			    names[i]);
	}
	while (more == 1) {
		more = gs_snom_rows_next(&t, err);
		if (more == 1 && read_row(p, &t, column, d, err) == -1)
			more = -1;
	}
	gs_snom_rows_close(&t);
	return more;
}

int
gs_snom_params_read(struct gs_snom_params *p, struct gs_span text,
    struct gs_diags *d, struct gs_err *err)
{
	struct gs_span rest = text, first = { NULL, 0 };

	(void)gs_span_line(&rest, &first);
	if (gs_span_has(first, GS_LIT("\t")) &&
	    !gs_span_has(first, GS_LIT("=")))
		return read_rows(p, text, d, err);
	(void)gs_span_take(&text, GS_LIT("\xef\xbb\xbf"));
	return read_lines(p, text, d, err);
}
