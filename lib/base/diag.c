/* SPDX-License-Identifier: MIT */
/* The two ways to fail: errors of the tool, findings about a document. */
#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mute.h"

/* Writes fmt and ap to e, and then why, unless that is NULL. A long name is
 * cut, the reason is not; an empty one is shown as quotes. */
static int GS_PRINTF(4, 0) fill(struct gs_err *e, int sys, const char *why,
    const char *fmt, va_list ap)
{
	char raw[sizeof(e->text)];
	size_t room = why != NULL ? strlen("'': ") + strlen(why) : 0;

	if (e == NULL)
		return -1;
	int whole = vsnprintf(raw, sizeof(raw) - room, fmt, ap);
	if (whole >= (int)(sizeof(raw) - room))
		gs_cut_visible(raw);
	size_t n = strlen(raw);
	if (why != NULL)
		(void)snprintf(raw + n, sizeof(raw) - n, "%s: %s",
		    n > 0 ? "" : "''", why);
	e->sys = sys;
	gs_copy_visible(e->text, sizeof(e->text), raw);
	return -1;
}

int
gs_err_set(struct gs_err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = fill(e, 0, NULL, fmt, ap);
	va_end(ap);
	return r;
}

int
gs_err_sys(struct gs_err *e, int sys, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = fill(e, sys, strerror(sys), fmt, ap);
	va_end(ap);
	return r;
}

int
gs_err_at(struct gs_err *e, const char *name)
{
	struct gs_err was;

	if (e == NULL)
		return -1;
	was = *e;
	(void)gs_err_set(e, "%s: %s", name, was.text);
	e->sys = was.sys;
	return -1;
}

static const char *const severity_names[] = {
	[GS_NOTE] = "note",
	[GS_WARNING] = "warning",
	[GS_ERROR] = "error",
};

const char *
gs_severity_name(enum gs_severity s)
{
	return severity_names[s];
}

const struct gs_rule *
gs_rules_find(struct gs_rules rules, const char *id)
{
	for (size_t i = 0; i < rules.n; i++)
		if (strcmp(rules.rule[i].id, id) == 0)
			return &rules.rule[i];
	return NULL;
}

void
gs_diags_init(struct gs_diags *d, struct gs_rules rules, uint8_t *policy,
    size_t max)
{
	*d = (struct gs_diags){ .rules = rules, .policy = policy, .max = max };
}

size_t
gs_diags_dropped(const struct gs_diags *d)
{
	return d->dropped[GS_NOTE] + d->dropped[GS_WARNING] +
	    d->dropped[GS_ERROR];
}

void
gs_diags_clear(struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].text);
		free(d->list[i].source);
	}
	d->n = 0;
	memset(d->dropped, 0, sizeof(d->dropped));
}

void
gs_diags_free(struct gs_diags *d)
{
	gs_diags_clear(d);
	free(d->list);
	d->list = NULL;
	d->size = 0;
}

static enum gs_policy
policy_of(const struct gs_diags *d, const struct gs_rule *rule)
{
	if (d->policy == NULL || rule < d->rules.rule ||
	    rule >= d->rules.rule + d->rules.n)
		return GS_POLICY_USUAL;
	return (enum gs_policy)d->policy[rule - d->rules.rule];
}

static struct gs_finding *
new_finding(struct gs_diags *d, enum gs_severity severity)
{
	if (d->n >= d->max) {
		d->dropped[severity]++;
		return NULL;
	}
	if (!gs_grow(&d->list, &d->size, d->n + 1, sizeof(*d->list))) {
		d->no_memory = true;
		return NULL;
	}
	return &d->list[d->n];
}

void
gs_diags_move(struct gs_diags *to, struct gs_diags *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct gs_finding *f = new_finding(to, from->list[i].severity);
		if (f != NULL) {
			*f = from->list[i];
			from->list[i] = (struct gs_finding){ .rule = NULL };
			to->n++;
		}
	}
	for (unsigned s = GS_NOTE; s <= GS_ERROR; s++)
		to->dropped[s] += from->dropped[s];
	gs_diags_clear(from);
}

/* s, made visible, as a string; NULL if out of memory. It contains no secret:
 * free() is enough. */
static char *
visible_copy(struct gs_span s)
{
	struct gs_buf b;

	gs_buf_init(&b, 4 * s.n + 1);
	gs_buf_put_visible(&b, s);
	gs_buf_putc(&b, '\0');
	if (gs_buf_ok(&b))
		return (char *)b.p;
	gs_buf_free(&b);
	return NULL;
}

/* Applies the policy. Returns false if the finding is not reported. */
static bool
judge(const struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity *severity)
{
	enum gs_policy policy = policy_of(d, rule);

	if (policy == GS_POLICY_HIDDEN && *severity == GS_NOTE)
		return false;
	if (policy == GS_POLICY_RAISED && *severity == GS_NOTE)
		*severity = GS_WARNING;
	return true;
}

struct gs_finding *
gs_vdiag(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, va_list ap)
{
	char raw[4096];
	char *text = NULL;

	if (d == NULL || !judge(d, rule, &severity))
		return NULL;
	if (d->mute != NULL || d->n < d->max) {
		(void)vsnprintf(raw, sizeof(raw), fmt, ap);
		text = visible_copy(gs_span_of(raw));
		d->no_memory |= text == NULL;
	}
	if (text != NULL && gs_mute_takes(d->mute, rule, severity, text)) {
		free(text);
		return NULL;
	}
	d->total[severity]++;
	struct gs_finding *f = new_finding(d, severity);
	if (f == NULL || text == NULL) {
		free(text);
		return NULL;
	}
	*f = (struct gs_finding){ .rule = rule,
		.severity = severity,
		.pos = pos,
		.text = text };
	d->n++;
	return f;
}

struct gs_finding *
gs_diag(struct gs_diags *d, const struct gs_rule *rule, struct gs_pos pos,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = gs_vdiag(d, rule, rule->severity, pos, fmt, ap);
	va_end(ap);
	return f;
}

struct gs_finding *
gs_diag_as(struct gs_diags *d, const struct gs_rule *rule,
    enum gs_severity severity, struct gs_pos pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = gs_vdiag(d, rule, severity, pos, fmt, ap);
	va_end(ap);
	return f;
}

void
gs_diag_source(struct gs_diags *d, struct gs_finding *f, struct gs_span line,
    uint32_t col)
{
	if (f == NULL)
		return;
	free(f->source);
	f->source = visible_copy(line);
	f->source_col = 0;
	if (f->source == NULL) {
		d->no_memory = true;
		return;
	}
	if (col == 0 || col > line.n + 1)
		return;
	/* Escapes before it move the column to the right. */
	char *before = visible_copy(gs_span(line.p, col - 1));
	if (before != NULL)
		f->source_col = (uint32_t)strlen(before) + 1;
	free(before);
}

static bool
stands_after(const struct gs_finding *a, const struct gs_finding *b)
{
	if (a->pos.line != b->pos.line)
		return a->pos.line > b->pos.line;
	return a->pos.col > b->pos.col;
}

/* Insertion sort is stable, and findings arrive nearly in order. */
void
gs_diags_sort(struct gs_diags *d)
{
	for (size_t i = 1; i < d->n; i++) {
		struct gs_finding f = d->list[i];
		size_t k = i;
		for (; k > 0 && stands_after(&d->list[k - 1], &f); k--)
			d->list[k] = d->list[k - 1];
		d->list[k] = f;
	}
}
