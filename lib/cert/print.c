/* SPDX-License-Identifier: MIT */
/* Prints findings, the result of a job or a check, and the set in place, as
 * text and JSON. */
#include "cert/print.h"

#include "base/diag.h"
#include "base/json.h"
#include "base/metrics.h"
#include "base/plugin.h"
#include "cert/date.h"
#include "cert/idn.h"
#include "cert/job.h"
#include "cert/served.h"
#include "cert/state.h"

/* ---- pieces */

static bool
is_json(const struct gs_cert_print *p)
{
	return p->report.format == GS_JSON;
}

/* The other formats hold findings only. */
static bool
is_text(const struct gs_cert_print *p)
{
	return p->report.format == GS_TEXT;
}

/* An object on a line of its own. */
static void
open_object(const struct gs_cert_print *p, struct gs_json *j, const char *type)
{
	gs_json_init(j, p->report.fp);
	gs_json_open(j, '{');
	gs_json_member_str(j, "type", type);
	gs_json_member_text(j, "host", p->layout->fqdn);
}

static void
close_object(struct gs_json *j)
{
	gs_json_close(j, '}');
	gs_json_newline(j);
}

static void
json_date(struct gs_json *j, const char *key, int64_t t)
{
	char text[GS_DATE_SIZE];

	(void)gs_cert_date_text(t, GS_DATE_ISO, text);
	gs_json_member_text(j, key, text);
}

static void
json_days(struct gs_json *j, int64_t days)
{
	gs_json_key(j, "days");
	if (days == INT64_MAX)
		gs_json_null(j);
	else
		gs_json_i64(j, days);
}

static void
json_end(struct gs_json *j, int64_t t, int64_t now)
{
	char text[GS_DATE_SIZE];

	json_date(j, "not_after", t);
	json_days(j,
	    gs_cert_date_text(t, GS_DATE_ISO, text) ?
		gs_cert_days_left(t, now) :
		INT64_MAX);
}

/* i is NULL without a certificate. */
static void
json_cert(struct gs_json *j, const struct gs_cert_info *i, int64_t now)
{
	gs_json_key(j, "certificate");
	if (i == NULL) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '{');
	gs_json_member_text(j, "subject", i->subject);
	gs_json_member_text(j, "issuer", i->issuer);
	gs_json_member_str(j, "serial", i->serial);
	gs_json_member_str(j, "sha256", i->fp);
	gs_json_member_text(j, "digest", i->digest);
	gs_json_member_str(j, "key", i->key.name);
	gs_json_member_str(j, "key_fingerprint", i->key.fp);
	json_date(j, "not_before", i->not_before);
	json_end(j, i->not_after, now);
	gs_json_member_bool(j, "self_signed", i->self_signed);
	gs_json_key(j, "names");
	gs_json_open(j, '[');
	for (size_t k = 0; k < i->sans.n; k++)
		gs_json_str(j, i->sans.list[k].text);
	gs_json_close(j, ']');
	gs_json_close(j, '}');
}

/* ---- a job */

/* The last step for a path counts. */
static bool
is_last(const struct gs_cert_txn *t, size_t i)
{
	if (strstr(t->step[i].path, GS_TXN_PREFIX) != NULL)
		return false;
	for (size_t k = i + 1; k < t->n; k++)
		if (strcmp(t->step[i].path, t->step[k].path) == 0)
			return false;
	return true;
}

static const char *const step_words[] = {
	[GS_STEP_FILE] = "write",
	[GS_STEP_LINK] = "link",
	[GS_STEP_REMOVE] = "remove",
};

static void
text_steps(FILE *fp, const struct gs_cert_txn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_cert_step *s = &t->step[i];
		if (!is_last(t, i))
			continue;
		(void)fprintf(fp, "  %-6s %s", step_words[s->kind], s->path);
		if (s->kind == GS_STEP_FILE)
			(void)fprintf(fp, " (%04o)", (unsigned)s->access.mode);
		else if (s->kind == GS_STEP_LINK)
			(void)fprintf(fp, " -> %s", s->target);
		(void)fputc('\n', fp);
	}
}

static void
json_steps(struct gs_json *j, const struct gs_cert_txn *t)
{
	gs_json_key(j, "steps");
	gs_json_open(j, '[');
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_cert_step *s = &t->step[i];
		if (!is_last(t, i))
			continue;
		gs_json_open(j, '{');
		gs_json_member_str(j, "do", step_words[s->kind]);
		gs_json_member_str(j, "path", s->path);
		gs_json_member_text(j, "target",
		    s->kind == GS_STEP_LINK ? s->target : NULL);
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

static void
json_outcome(const struct gs_cert_print *p, const struct gs_cert_outcome *o)
{
	struct gs_json j;

	open_object(p, &j, "result");
	gs_json_member_str(&j, "what",
	    o->what[0] != '\0' ? o->what : "nothing was changed");
	gs_json_member_bool(&j, "changed", o->changed);
	gs_json_member_bool(&j, "refused", o->refused);
	gs_json_member_bool(&j, "dry_run", p->dry);
	json_steps(&j, &o->txn);
	json_cert(&j,
	    o->leaf.subject[0] != '\0' || o->leaf.sans.n > 0 ? &o->leaf : NULL,
	    p->now);
	close_object(&j);
}

static void
text_outcome(const struct gs_cert_print *p, const struct gs_cert_outcome *o)
{
	char host[GS_IDN_SHOWN];
	const char *run = p->request ? NULL : p->run;
	const char *idle = p->request ? NULL : p->idle;
	bool reload =
	    o->reload && !p->dry && !p->request && run == NULL && idle == NULL;

	gs_cert_idn_shown(p->layout->fqdn, host, sizeof(host));
	(void)fprintf(p->report.fp, "%s: %s%s\n", host,
	    o->refused ? "nothing was changed" : o->what,
	    reload ? "; reload the servers that use it" : "");
	if (p->verbose || p->dry)
		text_steps(p->report.fp, &o->txn);
	if (p->dry && o->reload && run != NULL)
		(void)fprintf(p->report.fp, "  %-6s %s\n", "run", run);
	if (p->dry && o->reload && idle != NULL)
		(void)fprintf(p->report.fp, "  %-6s %s\n", "idle", idle);
}

void
gs_cert_print_outcome(struct gs_cert_print *p, const struct gs_cert_outcome *o,
    const struct gs_diags *d)
{
	if (!p->quiet || d->total[GS_ERROR] > 0)
		gs_report_findings(&p->report, p->about, d);
	if (is_json(p))
		json_outcome(p, o);
	else if (!p->quiet && is_text(p))
		text_outcome(p, o);
}

/* ---- a check */

/* The first of the most severe findings, or NULL. */
static const struct gs_finding *
worst_of(const struct gs_diags *d)
{
	const struct gs_finding *worst = NULL;

	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].severity != GS_NOTE &&
		    (worst == NULL || d->list[i].severity > worst->severity))
			worst = &d->list[i];
	return worst;
}

static void
put_count(FILE *fp, uint64_t n, const char *what)
{
	(void)fprintf(fp, ", %llu %s%s", (unsigned long long)n, what,
	    gs_plural(n));
}

static void
text_check(const struct gs_cert_print *p, const struct gs_diags *d,
    int64_t days, const char *trouble)
{
	const struct gs_finding *worst = worst_of(d);
	enum gs_plugin state =
	    trouble != NULL ? GS_PLUGIN_UNKNOWN : gs_plugin_of(d);

	(void)fprintf(p->report.fp, "%s - %s: ", gs_plugin_name(state),
	    p->layout->fqdn);
	if (trouble != NULL)
		(void)fprintf(p->report.fp, "%s", trouble);
	else if (days == INT64_MAX)
		(void)fprintf(p->report.fp, "no certificate");
	else
		(void)fprintf(p->report.fp, "%lld day%s left", (long long)days,
		    gs_plural((uint64_t)days));
	if (worst != NULL) {
		put_count(p->report.fp, d->total[GS_ERROR], "error");
		put_count(p->report.fp, d->total[GS_WARNING], "warning");
		(void)fprintf(p->report.fp, " (%s)", worst->rule->id);
	}
	(void)fprintf(p->report.fp, " | days=");
	if (days != INT64_MAX)
		(void)fprintf(p->report.fp, "%lld", (long long)days);
	else
		(void)fprintf(p->report.fp, "U");
	/* Ranges: below which it is a warning, and critical. */
	if (p->status)
		(void)fprintf(p->report.fp, ";%u:;%u:", p->warn_days,
		    p->crit_days);
	(void)fputc('\n', p->report.fp);
}

static void
json_check(const struct gs_cert_print *p, const struct gs_diags *d,
    int64_t days, const char *trouble)
{
	struct gs_json j;
	enum gs_plugin state =
	    trouble != NULL ? GS_PLUGIN_UNKNOWN : gs_plugin_of(d);

	open_object(p, &j, "check");
	gs_json_member_str(&j, "state", gs_plugin_name(state));
	json_days(&j, days);
	gs_json_member_u64(&j, "errors", d->total[GS_ERROR]);
	gs_json_member_u64(&j, "warnings", d->total[GS_WARNING]);
	gs_json_member_text(&j, "trouble", trouble);
	close_object(&j);
}

/* What has expired has no days left. */
static void
put_days(FILE *fp, const char *name, const char *label, const char *value,
    int64_t days)
{
	if (days != INT64_MAX)
		gs_metrics_put(fp, name, label, value,
		    days > 0 ? (uint64_t)days : 0);
}

static void
metrics_set(const struct gs_cert_print *p, int64_t days)
{
	const struct {
		const char *name, *help;
		int64_t days;
	} figures[] = {
		{ "gsprov_certificate_days",
		    "days until the certificate or an issuer expires", days },
		{ "gsprov_leaf_days", "days until the certificate expires",
		    p->parts[0] },
		{ "gsprov_issuer_days", "days until the first issuer expires",
		    p->parts[1] },
	};

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		gs_metrics_begin(p->report.fp, figures[i].name,
		    figures[i].help);
		put_days(p->report.fp, figures[i].name, "host", p->layout->fqdn,
		    figures[i].days);
	}
}

static void
metrics_check(const struct gs_cert_print *p, const struct gs_diags *d,
    int64_t days, const char *trouble)
{
	static const char at[] = "gsprov_served_days";
	static const char found[] = "gsprov_certificate_findings";
	FILE *fp = p->report.fp;

	if (!p->alone)
		metrics_set(p, days);
	gs_metrics_begin(fp, at,
	    "days until what a server serves, or an issuer, expires");
	for (size_t i = 0; i < p->endpoints; i++)
		put_days(fp, at, "server", p->endpoint[i].shown,
		    p->endpoint[i].days);
	gs_metrics_begin(fp, found, "findings of a check");
	gs_metrics_put(fp, found, "severity", "error", d->total[GS_ERROR]);
	gs_metrics_put(fp, found, "severity", "warning", d->total[GS_WARNING]);
	gs_metrics_begin(fp, "gsprov_certificate_failed",
	    "1 when the check could not be done");
	gs_metrics_put(fp, "gsprov_certificate_failed", NULL, NULL,
	    trouble != NULL);
	gs_metrics_end(fp);
}

void
gs_cert_print_check(struct gs_cert_print *p, const struct gs_diags *d,
    int64_t days, const char *trouble)
{
	if (is_text(p))
		text_check(p, d, days, trouble);
	else if (p->report.format == GS_OPENMETRICS)
		metrics_check(p, d, days, trouble);
	gs_report_file(&p->report, p->about != NULL ? p->about : "-");
	if (trouble != NULL)
		gs_report_trouble(&p->report, trouble);
	if ((!p->quiet && !p->status) || (!is_text(p) && !is_json(p)))
		gs_report_findings(&p->report, p->about, d);
	if (is_json(p))
		json_check(p, d, days, trouble);
}

/* ---- what is in place */

static void
show_line(FILE *fp, const char *what, const char *value)
{
	(void)fprintf(fp, "%-12s ", what);
	gs_print_visible(fp, value);
	(void)fputc('\n', fp);
}

static const char *
date_shown(int64_t t, char text[GS_DATE_SIZE])
{
	return gs_cert_date_text(t, GS_DATE_ISO, text) ? text :
							 "an unreadable date";
}

/* The end of a validity: its date, and the days left. */
static const char *
end_shown(int64_t t, int64_t now, char text[2 * GS_DATE_SIZE])
{
	long long days = (long long)gs_cert_days_left(t, now);
	char date[GS_DATE_SIZE];

	if (!gs_cert_date_text(t, GS_DATE_ISO, date))
		return "an unreadable date";
	(void)snprintf(text, 2 * GS_DATE_SIZE, "%s, %lld day%s left", date,
	    days, gs_plural((uint64_t)days));
	return text;
}

static void
text_cert(FILE *fp, const struct gs_cert_info *i, int64_t now)
{
	char from[GS_DATE_SIZE], to[2 * GS_DATE_SIZE];

	show_line(fp, "subject", i->subject);
	show_line(fp, "issuer", i->self_signed ? "itself" : i->issuer);
	for (size_t k = 0; k < i->sans.n; k++)
		show_line(fp, k == 0 ? "names" : "", i->sans.list[k].text);
	(void)fprintf(fp, "%-12s %s to %s\n", "valid",
	    date_shown(i->not_before, from), end_shown(i->not_after, now, to));
	(void)fprintf(fp, "%-12s %s, fingerprint %s\n", "key", i->key.name,
	    i->key.fp);
	show_line(fp, "digest", i->digest);
	show_line(fp, "serial", i->serial);
	show_line(fp, "sha256", i->fp);
}

/* Prints what phones must trust. */
static void
text_root(FILE *fp, const struct gs_cert_info *root, int64_t now)
{
	char to[2 * GS_DATE_SIZE], text[GS_CERT_TEXT + 100];

	(void)snprintf(text, sizeof(text), "%s, until %s", root->subject,
	    end_shown(root->not_after, now, to));
	show_line(fp, "root", text);
}

static void
json_root(struct gs_json *j, const struct gs_cert_info *root, int64_t now)
{
	gs_json_key(j, "root");
	if (root == NULL) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '{');
	gs_json_member_text(j, "subject", root->subject);
	gs_json_member_str(j, "sha256", root->fp);
	json_end(j, root->not_after, now);
	gs_json_close(j, '}');
}

static const char *
item_word(const struct gs_cert_item *it)
{
	static const char *const words[] = {
		[GS_ITEM_ABSENT] = "missing",
		[GS_ITEM_FILE] = "file",
		[GS_ITEM_LINK] = "link",
		[GS_ITEM_FOLDER] = "folder",
		[GS_ITEM_OTHER] = "special",
	};

	return it->dangling ? "broken" : words[it->type];
}

static void
text_files(const struct gs_cert_print *p, const struct gs_cert_state *st)
{
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		const struct gs_cert_item *it = &st->item[i];
		const char *path = p->layout->path[i];
		bool spare = i == GS_PLACE_PENDING || i == GS_PLACE_CA_KEY ||
		    i == GS_PLACE_CA_CRT || p->layout->spare[i];
		if (path[0] == '\0' || (spare && it->type == GS_ITEM_ABSENT))
			continue;
		if (it->type == GS_ITEM_ABSENT)
			(void)fprintf(p->report.fp, "%-7s ---- ",
			    item_word(it));
		else
			(void)fprintf(p->report.fp, "%-7s %04o ", item_word(it),
			    (unsigned)it->mode);
		gs_print_visible(p->report.fp, path);
		if (it->type == GS_ITEM_LINK) {
			(void)fprintf(p->report.fp, " -> ");
			gs_print_visible(p->report.fp, it->target);
		}
		(void)fputc('\n', p->report.fp);
	}
}

static void
json_files(struct gs_json *j, const struct gs_cert_layout *l,
    const struct gs_cert_state *st)
{
	gs_json_key(j, "files");
	gs_json_open(j, '[');
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		const struct gs_cert_item *it = &st->item[i];
		char mode[8];
		if (l->path[i][0] == '\0' ||
		    (l->spare[i] && it->type == GS_ITEM_ABSENT))
			continue;
		gs_json_open(j, '{');
		gs_json_member_str(j, "path", l->path[i]);
		gs_json_member_str(j, "type", item_word(it));
		(void)snprintf(mode, sizeof(mode), "%04o", (unsigned)it->mode);
		gs_json_member_text(j, "mode",
		    it->type != GS_ITEM_ABSENT ? mode : NULL);
		gs_json_member_text(j, "target",
		    it->type == GS_ITEM_LINK ? it->target : NULL);
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

void
gs_cert_print_set(struct gs_cert_print *p, const struct gs_cert_state *st,
    const struct gs_cert_info *info, const struct gs_cert_info *root)
{
	char host[GS_IDN_SHOWN];
	struct gs_json j;

	if (is_text(p)) {
		gs_cert_idn_shown(p->layout->fqdn, host, sizeof(host));
		show_line(p->report.fp, "host", host);
		if (info != NULL)
			text_cert(p->report.fp, info, p->now);
		if (root != NULL)
			text_root(p->report.fp, root, p->now);
		text_files(p, st);
	}
	if (!is_json(p))
		return;
	open_object(p, &j, "set");
	json_cert(&j, info, p->now);
	json_root(&j, root, p->now);
	json_files(&j, p->layout, st);
	close_object(&j);
}
