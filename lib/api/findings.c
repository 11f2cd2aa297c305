/* SPDX-License-Identifier: MIT */
/* Findings and errors as the public interface hands them out. */
#include "api/findings_priv.h"

#include <stdio.h>
#include <stdlib.h>

int
gsprov_fail_with(char *err, const char *text)
{
	if (err != NULL)
		(void)snprintf(err, GSPROV_ERROR_SIZE, "%s", text);
	return -1;
}

int
gsprov_fail(char *err, const struct gs_err *e)
{
	return gsprov_fail_with(err, e->text);
}

const char *
gsprov_version(void)
{
	return GSPROV_VERSION;
}

struct gsprov_findings *
gsprov_findings_new(struct gs_rules rules, bool with_policy)
{
	struct gsprov_findings *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	if (with_policy && (f->policy = calloc(rules.n, 1)) == NULL) {
		free(f);
		return NULL;
	}
	gs_diags_init(&f->d, rules, f->policy, GSPROV_FINDINGS);
	return f;
}

int
gsprov_findings_give(struct gsprov_findings *f, int r, const struct gs_err *e,
    struct gsprov_findings **out, char *err)
{
	if (f == NULL || (r == 0 && f->d.no_memory)) {
		gsprov_findings_free(f);
		return gsprov_fail_with(err, "out of memory");
	}
	if (r != 0) {
		gsprov_findings_free(f);
		return gsprov_fail(err, e);
	}
	gs_diags_sort(&f->d);
	*out = f;
	return 0;
}

void
gsprov_findings_free(struct gsprov_findings *f)
{
	if (f == NULL)
		return;
	gs_diags_free(&f->d);
	free(f->policy);
	free(f);
}

/* ---- reading them */

static const struct gs_finding *
at(const struct gsprov_findings *f, size_t i)
{
	static const struct gs_finding none;

	return i < f->d.n ? &f->d.list[i] : &none;
}

size_t
gsprov_findings_count(const struct gsprov_findings *f)
{
	return f->d.n;
}

const char *
gsprov_finding_rule(const struct gsprov_findings *f, size_t i)
{
	const struct gs_rule *rule = at(f, i)->rule;

	return rule != NULL ? rule->id : NULL;
}

enum gsprov_severity
gsprov_finding_severity(const struct gsprov_findings *f, size_t i)
{
	return (enum gsprov_severity)at(f, i)->severity;
}

const char *
gsprov_finding_text(const struct gsprov_findings *f, size_t i)
{
	return at(f, i)->text;
}

uint64_t
gsprov_finding_line(const struct gsprov_findings *f, size_t i)
{
	return at(f, i)->pos.line;
}

uint32_t
gsprov_finding_column(const struct gsprov_findings *f, size_t i)
{
	return at(f, i)->pos.col;
}

uint64_t
gsprov_findings_total(const struct gsprov_findings *f, enum gsprov_severity s)
{
	return (unsigned)s <= GS_ERROR ? f->d.total[s] : 0;
}
