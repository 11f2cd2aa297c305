/* SPDX-License-Identifier: MIT */
/* What gs-snomcfg does with a file or a fleet, and its output. */
#include "snom/report.h"

#include <inttypes.h>

#include "base/file.h"
#include "base/mute.h"
#include "snom/check.h"
#include "snom/dhcp.h"
#include "snom/doc.h"
#include "snom/fleet.h"
#include "snom/harden.h"
#include "snom/model.h"
#include "snom/params.h"
#include "snom/render.h"
#include "snom/rules.h"
#include "snom/outdir.h"
#include "snom/verdict.h"

enum {
	MOST_FINDINGS = 4000,
	MOST_PARAMS = 4 * 1024 * 1024,
	MANY_FILES = 20, /* with more files, findings are shown by rule */
};

static int complain(const struct gs_snom_report *r, const char *fmt, ...)
    GS_PRINTF(2, 3);

static int
complain(const struct gs_snom_report *r, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->complain(r->arg, false, text);
	return -1;
}

/* The same about a wrong request. */
static int
refuse_usage(const struct gs_snom_report *r, const char *text)
{
	r->complain(r->arg, true, text);
	return -1;
}

static void
begin_findings(const struct gs_snom_report *r, struct gs_diags *d, size_t most)
{
	gs_diags_init(d, gs_snom_rules, NULL, most);
	d->mute = r->mute;
}

static int
end_report(const struct gs_snom_report *r, struct gs_report *report, int status)
{
	if (gs_report_end(report) == 0)
		return status;
	return complain(r, "out of memory: the report is incomplete");
}

/* ---- one file */

int
gs_snom_report_params(const struct gs_snom_report *r, struct gs_snom_params *p,
    const char *file)
{
	struct gs_report text = r->err;
	struct gs_diags d;
	struct gs_buf b;
	struct gs_err err;
	int status = 0;

	text.format = GS_TEXT;
	text.mute = NULL;
	gs_report_begin(&text);
	begin_findings(r, &d, MOST_FINDINGS);
	gs_buf_init(&b, MOST_PARAMS);
	if (gs_file_read(file, &b, &err) == -1)
		status = complain(r, "%s", err.text);
	else if (gs_snom_params_read(p, gs_buf_span(&b), &d, &err) == -1)
		status = complain(r, "%s: %s", file, err.text);
	gs_report_findings(&text, file, &d);
	gs_diags_free(&d);
	gs_buf_free(&b);
	return end_report(r, &text, status);
}

/* Comments count only before the root element: inside, they may contain
 * foreign names. */
static void
read_comments(struct gs_mute *m, const struct gs_snom_doc *doc)
{
	struct gs_span s = gs_span(doc->scan.text.p,
	    doc->scan.nodes > 0 ? doc->scan.node[0].tag : 0);
	size_t at;

	while ((at = gs_span_find(s, GS_LIT("<!--"))) != s.n) {
		s = gs_span_skip(s, at + 4);
		size_t n = gs_span_find(s, GS_LIT("-->"));
		(void)gs_mute_comment(m, gs_span_strip(gs_span(s.p, n)), false);
		s = gs_span_skip(s, n);
	}
}

/* A fleet has many identical findings. */
static bool
is_grouped(const struct gs_snom_report *r)
{
	return r->many && r->out.format == GS_TEXT && !r->quiet && !r->verbose;
}

static int
check_doc(struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_snom_doc *doc, struct gs_snom_tally *t,
    struct gs_err *err)
{
	struct gs_snom_check_options how = { .stated = p->value[GS_P_PROFILE] !=
			NULL &&
		    gs_snom_params_profile(p) == GS_ENCRYPT,
		.site = p->value[GS_P_BASE_URL] != NULL ? p : NULL };
	enum gs_format format = r->out.format;
	struct gs_diags d;
	struct gs_snom_chain chain;
	int status = 0;

	begin_findings(r, &d, MOST_FINDINGS);
	read_comments(r->mute, doc);
	gs_snom_check(doc, &how, &d, &chain);
	bool grouped = is_grouped(r);
	if (grouped)
		gs_snom_tally_group(t, &d, file);
	else
		gs_report_findings(&r->out, file, &d);
	if ((format == GS_TEXT || format == GS_JSON) && !r->quiet && !grouped)
		gs_snom_verdicts_print(r->out.fp, file, &chain,
		    format == GS_JSON);
	for (unsigned i = r->out.level; i <= GS_ERROR; i++)
		status |= d.total[i] > 0;
	status |= !gs_snom_tally_add(t, &chain, r->require);
	if (d.no_memory)
		status = gs_err_set(err, "%s: out of memory", file);
	gs_diags_free(&d);
	return status;
}

static int
check_file(struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_snom_tally *t)
{
	struct gs_buf bytes;
	struct gs_snom_doc doc;
	struct gs_err err;
	int status;

	gs_report_file(&r->out, file);
	gs_mute_file(r->mute, file);
	gs_buf_init(&bytes, GS_DOC_SIZE);
	status = gs_file_read(file, &bytes, &err);
	if (status == 0 &&
	    gs_snom_doc_read(&doc, gs_buf_span(&bytes), &err) == -1) {
		status = gs_err_at(&err, file);
	} else if (status == 0) {
		status = gs_snom_doc_judged(file, &doc, &err) == 0 ?
		    check_doc(r, p, file, &doc, t, &err) :
		    -1;
		gs_snom_doc_free(&doc);
	}
	if (status == -1)
		r->unchecked(r->arg, &r->out, &err);
	gs_buf_free(&bytes);
	return status;
}

int
gs_snom_report_check(struct gs_snom_report *r, const struct gs_snom_params *p,
    char *const *file, int n)
{
	struct gs_snom_tally t = { .files = 0 };
	int status = 0;

	r->many = n > MANY_FILES;
	r->out.sums = !is_grouped(r);
	r->out.quiet = r->quiet;
	gs_report_begin(&r->out);
	for (int i = 0; i < n; i++) {
		int got = check_file(r, p, file[i], &t);
		status = got == -1 || status == -1 ? -1 : got | status;
	}
	if (is_grouped(r))
		gs_snom_groups_print(r->out.fp, &t);
	if (t.files > 1 && r->out.format == GS_TEXT && !r->quiet)
		gs_snom_tally_print(r->out.fp, &t);
	if (status == 0 && gs_snom_tally_lacks_phone(&t, r->require)) {
		(void)complain(r,
		    "no phone settings: nothing proves what --require demands");
		status = 1;
	}
	return end_report(r, &r->out, status);
}

/* Whether a finding tells why hardened settings are not good: an error or,
 * without one, what is wrong with signalling and media. */
static bool
is_reason(const struct gs_finding *f, bool errors)
{
	unsigned link = 1u << gs_snom_link_of(f->rule);

	return errors ?
	    f->severity == GS_ERROR :
	    f->severity == GS_WARNING && (link & GS_SNOM_REQUIRED) != 0;
}

/* Moves the reasons to the front; returns their number. */
static size_t
keep_reasons(struct gs_diags *d)
{
	bool errors = d->total[GS_ERROR] > 0;
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct gs_finding f = d->list[i];
		if (!is_reason(&f, errors))
			continue;
		d->list[i] = d->list[n];
		d->list[n++] = f;
	}
	return n;
}

/* The parameters that may mend the errors in d. */
static void
hint_of(const struct gs_snom_params *p, const struct gs_diags *d,
    char text[128])
{
	static const struct {
		enum gs_snom_rule rule;
		enum gs_snom_param param;
	} hints[] = { { GS_S_PROV_PLAIN, GS_P_BASE_URL },
		{ GS_S_PROV_SCHEME_PORT, GS_P_BASE_URL },
		{ GS_S_PROV_URL, GS_P_BASE_URL },
		{ GS_S_SIP_REGISTRAR, GS_P_SIP_HOST },
		{ GS_S_SIP_NO_HOST, GS_P_SIP_HOST },
		{ GS_S_SIP_HOST, GS_P_SIP_HOST },
		{ GS_S_TRUST_NO_ROLLOUT, GS_P_CERTIFICATE_URL },
		{ GS_S_URL_FOREIGN, GS_P_TRUSTED_HOST } };
	bool given[GS_P_COUNT] = { false };
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < d->n; i++)
		for (size_t k = 0; k < sizeof(hints) / sizeof(hints[0]); k++) {
			enum gs_snom_param id = hints[k].param;
			if (d->list[i].rule !=
				&gs_snom_rules.rule[hints[k].rule] ||
			    given[id] || p->value[id] != NULL ||
			    (id == GS_P_CERTIFICATE_URL && p->certificates > 0))
				continue;
			given[id] = true;
			n += (size_t)snprintf(text + n, 128 - n, "%s%s",
			    n == 0 ? ". Set " : " and ",
			    gs_snom_param_defs[id].name);
		}
	if (n > 0)
		(void)snprintf(text + n, 128 - n, ".");
}

/* Shows the errors that remain after hardening, or why what remains is not
 * proven. */
static int
check_result(const struct gs_snom_report *r, const struct gs_snom_params *p,
    struct gs_report *shown, const char *file, struct gs_span bytes)
{
	struct gs_snom_check_options how = { .stated = true,
		.site = p->value[GS_P_BASE_URL] != NULL ? p : NULL,
		.served = true };
	struct gs_snom_doc doc;
	struct gs_diags d;
	struct gs_snom_chain chain;
	struct gs_err err;
	char hint[128];

	if (gs_snom_doc_read(&doc, bytes, &err) == -1)
		return complain(r, "%s: %s", file, err.text);
	begin_findings(r, &d, MOST_FINDINGS);
	gs_snom_check(&doc, &how, &d, &chain);
	uint64_t errors = d.total[GS_ERROR];
	bool good = errors == 0 &&
	    (chain.other || gs_snom_verdict_is_met(&chain, GS_SNOM_REQUIRED));
	size_t all = d.n;
	d.n = good ? 0 : keep_reasons(&d);
	gs_report_findings(shown, file, &d);
	hint_of(p, &d, hint);
	d.n = all;
	gs_diags_free(&d);
	gs_snom_doc_free(&doc);
	if (errors > 0)
		(void)complain(r,
		    "%s: hardened, but %" PRIu64 " error%s (see above)%s", file,
		    errors, errors == 1 ? " remains" : "s remain", hint);
	else if (!good)
		(void)complain(r,
		    "%s: hardened, but nothing shows TLS and SRTP on every "
		    "identity (see above)%s",
		    file, hint);
	return !good;
}

/* Hardens in, the file's bytes, into out, and shows the changes. */
static int
harden_bytes(const struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_span in, struct gs_buf *out)
{
	struct gs_report shown = r->err;
	shown.quiet = r->quiet;
	struct gs_snom_harden how = { .params = p };
	struct gs_diags changes;
	struct gs_err err;

	gs_mute_file(r->mute, file);
	gs_report_begin(&shown);
	gs_report_file(&shown, file);
	begin_findings(r, &changes, SIZE_MAX);
	int status = gs_snom_harden_bytes(file, in, &how, out, &changes, &err);
	if (status == -1)
		(void)complain(r, "%s", err.text);
	else if (!r->quiet)
		gs_report_findings(&shown, file, &changes);
	gs_diags_free(&changes);
	if (status == 0)
		status = check_result(r, p, &shown, file, gs_buf_span(out));
	return end_report(r, &shown, status);
}

int
gs_snom_report_harden(const struct gs_snom_report *r,
    const struct gs_snom_params *p, const char *file)
{
	struct gs_buf in, out;
	struct gs_err err;
	int status;

	if (gs_snom_params_profile(p) == GS_LEGACY)
		return refuse_usage(r,
		    "--harden cannot be combined with profile legacy");
	if (strcmp(gs_snom_params_get(p, GS_P_TRANSPORT), "tls") != 0)
		return refuse_usage(r, "--harden requires transport tls");
	gs_buf_init(&in, GS_DOC_SIZE);
	gs_buf_init(&out, 2 * GS_DOC_SIZE);
	status = gs_file_read(file, &in, &err) == -1 ?
	    complain(r, "%s", err.text) :
	    harden_bytes(r, p, file, gs_buf_span(&in), &out);
	if (status != -1 && !r->dry)
		(void)fwrite(out.p, 1, out.n, r->out.fp);
	gs_buf_free(&in);
	gs_buf_free(&out);
	return status;
}

int
gs_snom_report_dhcp(const struct gs_snom_report *r,
    const struct gs_snom_params *p, const char *kind)
{
	bool isc = strcmp(kind, "isc") == 0;
	struct gs_buf out;
	struct gs_err err;
	int status = 0;

	gs_buf_init(&out, 64 * 1024);
	if (gs_snom_dhcp_put(p, isc ? GS_DHCP_ISC : GS_DHCP_DNSMASQ, &out,
		&err) == -1)
		status = complain(r, "%s", err.text);
	else
		(void)fwrite(out.p, 1, out.n, r->out.fp);
	gs_buf_free(&out);
	return status;
}

/* ---- a fleet */

struct rendering {
	struct gs_snom_report *r;
	struct gs_snom_fleet *f;
	struct gs_report *findings;
};

static void
flush_findings(void *arg)
{
	struct rendering *x = arg;

	gs_report_findings(x->findings, x->f->accounts, x->f->d);
	gs_diags_clear(x->f->d);
	if (x->f->keys != NULL)
		gs_report_findings(x->findings, x->f->keys, x->f->dk);
	gs_diags_clear(x->f->dk);
}

/* What is removed, or kept against the user's wish, is always reported. */
static void
say_gone(const struct gs_snom_report *r, const char *verb, const char *name)
{
	struct gs_json j;

	if (r->out.format == GS_TEXT)
		(void)fprintf(r->out.fp, "%s %s\n", verb, name);
	else if (r->out.format != GS_JSON)
		(void)complain(r, "%s %s", verb, name);
	if (r->out.format != GS_JSON)
		return;
	gs_json_init(&j, r->out.fp);
	gs_json_open(&j, '{');
	gs_json_member_str(&j, "type", "file");
	gs_json_member_str(&j, "what", verb);
	gs_json_member_str(&j, "name", name);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

static void
say_file(void *arg, const char *verb, const char *name)
{
	const struct gs_snom_report *r = ((struct rendering *)arg)->r;
	bool unchanged = strcmp(verb, "unchanged") == 0;

	/* The name of a link contains a provisioning key. */
	if (strncmp(name, "settings-", 9) != 0)
		name = "a link";
	if (strcmp(verb, "written") != 0 && !unchanged)
		say_gone(r, verb, name);
	else if (r->out.format == GS_TEXT && !r->quiet &&
	    (r->verbose || (r->dry && !unchanged)))
		(void)fprintf(r->out.fp, "%s %s\n", verb, name);
}

/* Reports what the profile leaves open. */
static void
say_profile(const struct gs_snom_report *r, const struct gs_snom_params *p)
{
	static const char *const open[] = {
		[GS_ENCRYPT] = "profile encrypt: phones do not verify the "
			       "server",
		[GS_VERIFY] = "profile verify, first stage: the certificate "
			      "is rolled out; when every phone has it, set "
			      "server_authentication = on",
		[GS_LEGACY] = "profile legacy: nothing is encrypted",
	};
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	enum gs_snom_profile profile = gs_snom_params_profile(p);

	if (r->quiet)
		return;
	if (profile != GS_LEGACY &&
	    gs_span_eqcase(gs_span(base, strnlen(base, 5)), GS_LIT("http:")))
		(void)complain(r,
		    "base_url is http: settings with all passwords can be "
		    "read on the way");
	if (!gs_snom_params_on(p, GS_P_SERVER_AUTHENTICATION))
		(void)complain(r, "%s", open[profile]);
}

static int
run_fleet(struct gs_snom_report *r, struct gs_snom_fleet *f)
{
	bool to_out = r->out.format != GS_TEXT && f->store != NULL;
	struct rendering x = { r, f, to_out ? &r->out : &r->err };
	uint8_t policy[GS_S_COUNT] = { GS_POLICY_USUAL };
	struct gs_diags rows, keys;
	struct gs_err err;

	begin_findings(r, &rows, MOST_FINDINGS);
	/* Phones of other makers are in the same table in every run. */
	if (r->quiet)
		policy[GS_S_DATA_MAC_VENDOR] = GS_POLICY_HIDDEN;
	rows.policy = policy;
	begin_findings(r, &keys, MOST_FINDINGS);
	f->d = &rows;
	f->dk = &keys;
	f->said = say_file;
	f->flush = flush_findings;
	f->arg = &x;
	gs_mute_file(r->mute, f->accounts);
	x.findings->quiet = r->quiet;
	gs_report_begin(x.findings);
	int got = gs_snom_fleet_run(f, &err);
	flush_findings(&x);
	if (got == -1)
		(void)complain(r, "%s", err.text);
	if (got == 1)
		got = complain(r, "%s: no rows%s; nothing was changed",
		    f->accounts, f->only != NULL ? " of this phone" : "");
	if (got == 0)
		got = f->failed > 0 || rows.total[GS_ERROR] > 0 ||
		    keys.total[GS_ERROR] > 0;
	gs_diags_free(&rows);
	gs_diags_free(&keys);
	return end_report(r, x.findings, got);
}

int
gs_snom_report_phone(struct gs_snom_report *r, struct gs_snom_fleet *f,
    const char *mac)
{
	struct gs_buf out;
	char text[256];
	uint64_t only;

	if (gs_snom_mac_parse(gs_span_of(mac), &only) == -1) {
		(void)snprintf(text, sizeof(text), "'%s' is not a MAC address",
		    mac);
		return refuse_usage(r, text);
	}
	say_profile(r, f->params);
	gs_buf_init(&out, GS_RENDER_SIZE);
	f->only = &only;
	f->out = &out;
	int status = run_fleet(r, f);
	if (status != -1 && out.n > 0)
		(void)fwrite(out.p, 1, out.n, r->out.fp);
	gs_buf_free(&out);
	return status;
}

/* Reports why less was removed than possible; returns 1 then. */
static int
say_pruned(const struct gs_snom_report *r, const struct gs_snom_fleet *f)
{
	const struct gs_snom_prune *p = &f->pruned;

	if (f->kept)
		(void)complain(r,
		    "--prune: nothing was removed, because "
		    "rows of any phone may be missing");
	if (p->held)
		(void)complain(r,
		    "--prune: %" PRIu64 " of %" PRIu64
		    " phones are no longer in %s: nothing was removed. "
		    "If they are gone, use --prune=all",
		    p->gone, p->listed, f->accounts);
	if (p->strange > 0)
		(void)complain(r,
		    "--prune: %" PRIu64 " settings of "
		    "phones that are not in %s remain: %s/.gs-snomcfg, the "
		    "list of what gs-snomcfg wrote, %s. Remove them by hand",
		    p->strange, f->accounts, f->store->path,
		    f->store->list.damaged ? "was damaged and starts afresh" :
					     "starts with this run");
	return p->held || p->strange > 0 || p->changed > 0;
}

static void
show_summary(const struct gs_snom_report *r, const struct gs_snom_fleet *f)
{
	const struct gs_snom_outdir *s = f->store;
	struct gs_json j;

	if (r->out.format == GS_TEXT && !r->quiet)
		(void)fprintf(r->out.fp,
		    "%s%" PRIu64 " written, %" PRIu64 " unchanged, %" PRIu64
		    " removed, %" PRIu64 " failed\n",
		    r->dry ? "would be: " : "", s->written, s->unchanged,
		    s->removed, f->failed);
	if (r->out.format != GS_JSON)
		return;
	gs_json_init(&j, r->out.fp);
	gs_json_open(&j, '{');
	gs_json_member_str(&j, "type", "summary");
	gs_json_member_u64(&j, "written", s->written);
	gs_json_member_u64(&j, "unchanged", s->unchanged);
	gs_json_member_u64(&j, "removed", s->removed);
	gs_json_member_u64(&j, "failed", f->failed);
	gs_json_member_bool(&j, "dry", r->dry);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

int
gs_snom_report_folder(struct gs_snom_report *r, struct gs_snom_fleet *f,
    const char *folder)
{
	struct gs_snom_outdir store;
	struct gs_err err;

	say_profile(r, f->params);
	if (gs_snom_outdir_open(&store, folder, r->dry, &err) == -1)
		return complain(r, "%s", err.text);
	int status = gs_snom_outdir_begin(&store, false, &err);
	if (status == 1) {
		(void)complain(r,
		    "%s: waiting for another gs-snomcfg to finish", folder);
		status = gs_snom_outdir_begin(&store, true, &err);
	}
	f->store = &store;
	if (status != 0)
		status = complain(r, "%s", err.text);
	else
		status = run_fleet(r, f);
	if (status != -1) {
		status |= say_pruned(r, f);
		show_summary(r, f);
	}
	gs_snom_outdir_close(&store);
	return status;
}

static void
show_model(FILE *fp, const struct gs_snom_model *m)
{
	(void)fprintf(fp, "%-14s %8u %5u  ", m->name, m->identities, m->keys);
	for (unsigned i = 0; i < m->octets; i++)
		(void)fprintf(fp, "%s%02X", i > 0 ? "," : "", m->octet[i]);
	(void)fprintf(fp, "%s\n", m->octets == 0 ? "-" : "");
}

void
gs_snom_report_models(const struct gs_snom_report *r,
    const struct gs_snom_params *p)
{
	(void)fprintf(r->out.fp, "%-14s %8s %5s  %s\n", "MODEL", "ACCOUNTS",
	    "KEYS", "MAC 00:04:13:XX");
	for (size_t i = 0; i < gs_snom_models_count; i++)
		show_model(r->out.fp, &gs_snom_models[i]);
	for (size_t i = 0; i < p->models; i++)
		show_model(r->out.fp, &p->model[i]);
}
