/* SPDX-License-Identifier: MIT */
/* What gs-snomcfg does with a file or a fleet, and what it shows of that. */
#include "snom/report.h"

#include <inttypes.h>

#include "base/file.h"
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

enum { MOST_FINDINGS = 4000, MOST_PARAMS = 4 * 1024 * 1024 };

void
gs_snom_report_init(struct gs_snom_report *r, const char *version, FILE *out,
    FILE *err)
{
	r->out = (struct gs_report){ .fp = out,
		.tool = "gs-snomcfg",
		.version = version,
		.rules = gs_snom_rules };
	r->err = r->out;
	r->err.fp = err;
	r->threshold = GS_ERROR;
	r->require = 1u << GS_LINK_SIGNALLING | 1u << GS_LINK_MEDIA;
}

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

/* The same about how it was asked for. */
static int
refuse_usage(const struct gs_snom_report *r, const char *text)
{
	r->complain(r->arg, true, text);
	return -1;
}

/* ---- one file */

static void
show_once(const struct gs_report *how, const char *file,
    const struct gs_diags *d)
{
	struct gs_report r = *how;

	gs_report_begin(&r);
	gs_report_findings(&r, file, d);
	gs_report_end(&r);
}

int
gs_snom_report_params(const struct gs_snom_report *r, struct gs_snom_params *p,
    const char *file)
{
	struct gs_report text = r->err;
	struct gs_diags d;
	struct gs_buf b;
	struct gs_err err;
	int status = 0;

	gs_diags_init(&d, gs_snom_rules, NULL, MOST_FINDINGS);
	gs_buf_init(&b, MOST_PARAMS);
	if (gs_file_read(file, &b, &err) == -1)
		status = complain(r, "%s", err.text);
	else if (gs_snom_params_read(p, gs_buf_span(&b), &d, &err) == -1)
		status = complain(r, "%s: %s", file, err.text);
	text.format = GS_TEXT;
	show_once(&text, file, &d);
	gs_diags_free(&d);
	gs_buf_free(&b);
	return status;
}

/* How many files of a run were shown to be what, in order of preference. */
struct tally {
	unsigned files, good, clear;
	unsigned link[GS_LINK_DATA]; /* the first one that is not as required */
};

/* Whether a link is shown to be as --require demands: for signalling and
 * media on every active identity, for others without a warning. */
static bool
is_met(const struct gs_snom_chain *c, enum gs_snom_link link)
{
	const unsigned *n = c->found[link];

	if (n[GS_ERROR] > 0 || (c->partial && c->judged))
		return false;
	if (link == GS_LINK_SIGNALLING)
		return c->tls == c->active;
	if (link == GS_LINK_MEDIA)
		return c->encrypted == c->active;
	return n[GS_WARNING] == 0 && (c->judged || link != GS_LINK_TRUST);
}

/* Whether a file is as required; counts it. */
static bool
is_as_required(const struct gs_snom_chain *c, unsigned require, struct tally *t)
{
	unsigned i = 0;

	t->files++;
	while (i < GS_LINK_DATA &&
	    ((require & 1u << i) == 0 || is_met(c, (enum gs_snom_link)i)))
		i++;
	if (i == GS_LINK_DATA)
		t->good++;
	else if (c->active > 0 && c->tls == 0 && c->encrypted == 0)
		t->clear++;
	else
		t->link[i]++;
	return i == GS_LINK_DATA;
}

/* "40 files: 38 good, 1 in clear, 1 media not as required". */
static void
put_tally(FILE *fp, const struct tally *t)
{
	(void)fprintf(fp, "%u files: %u good", t->files, t->good);
	if (t->clear > 0)
		(void)fprintf(fp, ", %u in clear", t->clear);
	for (unsigned i = 0; i < GS_LINK_DATA; i++)
		if (t->link[i] > 0)
			(void)fprintf(fp, ", %u %s not as required", t->link[i],
			    gs_snom_link_name((enum gs_snom_link)i));
	(void)fprintf(fp, "\n");
}

/* What each link of the chain is worth. */
static const char *
verdict(const struct gs_snom_chain *c, enum gs_snom_link link)
{
	const unsigned *n = c->found[link];
	bool clean = n[GS_ERROR] == 0 && n[GS_WARNING] == 0;

	if (c->judged && c->active == 0 &&
	    (link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA))
		return "no active identity";
	if (!c->judged && clean && link != GS_LINK_PROVISIONING &&
	    link != GS_LINK_HYGIENE)
		return "not judged";
	return n[GS_ERROR] > 0 ? "broken" : clean ? "good" : "weak";
}

static void
put_link(FILE *fp, const char *name, const struct gs_snom_chain *c,
    enum gs_snom_link link)
{
	const char *each = c->dect ? "servers" : "identities";

	(void)fprintf(fp, "%s: %s: %s", name, gs_snom_link_name(link),
	    verdict(c, link));
	if (c->active > 0 && link == GS_LINK_SIGNALLING)
		(void)fprintf(fp, ", TLS on %u of %u %s", c->tls, c->active,
		    each);
	if (c->active > 0 && link == GS_LINK_MEDIA)
		(void)fprintf(fp, ", SRTP on %u of %u %s", c->encrypted,
		    c->active, each);
	if (c->judged && link == GS_LINK_TRUST)
		(void)fprintf(fp, ", the server is %sverified%s",
		    c->verified ? "" : "not ",
		    c->verified && c->any_name ? ", any name" : "");
	(void)fprintf(fp, "%s\n", c->partial ? " (partial)" : "");
}

static void
put_link_json(FILE *fp, const char *file, const struct gs_snom_chain *c,
    enum gs_snom_link link)
{
	struct gs_json j;

	gs_json_init(&j, fp);
	gs_json_open(&j, '{');
	gs_json_member_str(&j, "type", "link");
	gs_json_member_str(&j, "file", file);
	gs_json_member_str(&j, "link", gs_snom_link_name(link));
	gs_json_member_str(&j, "verdict", verdict(c, link));
	gs_json_member_u64(&j, "errors", c->found[link][GS_ERROR]);
	gs_json_member_u64(&j, "warnings", c->found[link][GS_WARNING]);
	gs_json_member_u64(&j, "notes", c->found[link][GS_NOTE]);
	if (link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA) {
		gs_json_member_u64(&j, "active", c->active);
		gs_json_member_u64(&j, "secured",
		    link == GS_LINK_MEDIA ? c->encrypted : c->tls);
	}
	if (link == GS_LINK_TRUST)
		gs_json_member_bool(&j, "verified",
		    c->verified && !c->any_name);
	gs_json_member_bool(&j, "partial", c->partial);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

/* A line for each link of file's chain, as text or as a JSON object. */
static void
put_verdicts(FILE *fp, const char *file, const struct gs_snom_chain *c,
    bool json)
{
	const char *name = strcmp(file, "-") == 0 ? "stdin" : file;

	for (int i = 0; i < GS_LINK_DATA; i++)
		if (json)
			put_link_json(fp, file, c, (enum gs_snom_link)i);
		else
			put_link(fp, name, c, (enum gs_snom_link)i);
}

static int
refuse(const struct gs_snom_report *r, const char *file, enum gs_snom_dialect d)
{
	return complain(r,
	    "%s: %s: not XML settings of a phone, nothing was checked", file,
	    gs_snom_dialect_name(d));
}

static int
check_doc(struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_snom_doc *doc, struct tally *t)
{
	struct gs_snom_check_options how = { .stated = p->value[GS_P_PROFILE] !=
			NULL &&
		    gs_snom_params_profile(p) == GS_ENCRYPT };
	enum gs_format format = r->out.format;
	struct gs_diags d;
	struct gs_snom_chain chain;
	int status = 0;

	gs_diags_init(&d, gs_snom_rules, NULL, MOST_FINDINGS);
	gs_snom_check(doc, &how, &d, &chain);
	gs_report_findings(&r->out, file, &d);
	if (format != GS_SARIF && !r->quiet)
		put_verdicts(r->out.fp, file, &chain, format == GS_JSON);
	for (unsigned i = r->threshold; i <= GS_ERROR; i++)
		status |= d.total[i] > 0;
	status |= !is_as_required(&chain, r->require, t);
	if (d.no_memory)
		status = complain(r, "%s: no memory", file);
	gs_diags_free(&d);
	return status;
}

/* Reads a file into bytes, which is made ready, and doc. */
static int
read_doc(const struct gs_snom_report *r, const char *file, struct gs_buf *bytes,
    struct gs_snom_doc *doc)
{
	struct gs_err err;

	gs_buf_init(bytes, GS_DOC_SIZE);
	if (gs_file_read(file, bytes, &err) == -1)
		return complain(r, "%s", err.text);
	if (gs_snom_doc_read(doc, gs_buf_span(bytes), &err) == -1)
		return complain(r, "%s: %s", file, err.text);
	return 0;
}

static int
check_file(struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct tally *t)
{
	struct gs_buf bytes;
	struct gs_snom_doc doc;
	int status = read_doc(r, file, &bytes, &doc);

	if (status == 0) {
		status = gs_snom_dialect_is_read(doc.dialect) ?
		    check_doc(r, p, file, &doc, t) :
		    refuse(r, file, doc.dialect);
		gs_snom_doc_free(&doc);
	}
	gs_buf_free(&bytes);
	return status;
}

int
gs_snom_report_check(struct gs_snom_report *r, const struct gs_snom_params *p,
    char *const *file, int n)
{
	struct tally t = { .files = 0 };
	int status = 0;

	gs_report_begin(&r->out);
	for (int i = 0; i < n; i++) {
		int got = check_file(r, p, file[i], &t);
		status = got == -1 || status == -1 ? -1 : got | status;
	}
	gs_report_end(&r->out);
	if (n > 1 && t.files > 0 && r->out.format == GS_TEXT && !r->quiet)
		put_tally(r->out.fp, &t);
	return status;
}

/* Moves the errors to the front; returns how many there are. */
static size_t
keep_errors(struct gs_diags *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct gs_finding f = d->list[i];
		if (f.severity != GS_ERROR)
			continue;
		d->list[i] = d->list[n];
		d->list[n++] = f;
	}
	return n;
}

/* What may mend the errors that remain: parameters that are not set. */
static const char *
hint_of(const struct gs_snom_params *p)
{
	bool base = p->value[GS_P_BASE_URL] != NULL;
	bool host = p->value[GS_P_SIP_HOST] != NULL;

	return base && host ? "" :
	    base            ? ". Set sip_host." :
	    host            ? ". Set base_url." :
			      ". Set base_url and sip_host.";
}

/* Shows what is still wrong after hardening. */
static int
check_result(const struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_span bytes)
{
	struct gs_snom_check_options how = { .stated = true };
	struct gs_snom_doc doc;
	struct gs_diags d;
	struct gs_snom_chain chain;
	struct gs_err err;

	if (gs_snom_doc_read(&doc, bytes, &err) == -1)
		return complain(r, "%s: %s", file, err.text);
	gs_diags_init(&d, gs_snom_rules, NULL, MOST_FINDINGS);
	gs_snom_check(&doc, &how, &d, &chain);
	uint64_t errors = d.total[GS_ERROR];
	size_t all = d.n;
	d.n = keep_errors(&d);
	show_once(&r->err, file, &d);
	d.n = all;
	gs_diags_free(&d);
	gs_snom_doc_free(&doc);
	if (errors > 0)
		(void)complain(r,
		    "%s: hardened, but %" PRIu64 " errors remain (see above)%s",
		    file, errors, hint_of(p));
	return errors > 0;
}

static int
can_harden(const struct gs_snom_report *r, const char *file,
    const struct gs_snom_doc *d)
{
	if (!gs_snom_dialect_is_read(d->dialect))
		return refuse(r, file, d->dialect);
	if (d->dialect != GS_DIALECT_SETTINGS &&
	    d->dialect != GS_DIALECT_DECT &&
	    d->dialect != GS_DIALECT_SETTING_FILES)
		return complain(r, "%s: %s: nothing to harden", file,
		    gs_snom_dialect_name(d->dialect));
	if (d->encoding_bad)
		return complain(r,
		    "%s: the declared encoding is not one that contains ASCII",
		    file);
	if (d->xml.what == GS_XML_DOCTYPE)
		return complain(r, "%s: a document type declaration", file);
	if (d->scan.limit)
		return complain(r,
		    "%s: too many or too deep elements, or too many attributes",
		    file);
	if (d->xml.what != GS_XML_OK)
		return complain(r,
		    "%s:%" PRIu64 ":%" PRIu32 ": not well-formed: %s", file,
		    d->xml.pos.line, d->xml.pos.col, d->xml.why);
	return 0;
}

static int
harden_doc(const struct gs_snom_report *r, const struct gs_snom_params *p,
    const char *file, struct gs_snom_doc *doc, struct gs_buf *out)
{
	struct gs_diags changes;
	struct gs_err err;
	int status = can_harden(r, file, doc);

	if (status == -1)
		return -1;
	gs_diags_init(&changes, gs_snom_rules, NULL, SIZE_MAX);
	if (gs_snom_harden(doc, p, out, &changes, &err) == -1)
		status = complain(r, "%s: %s", file, err.text);
	else if (!r->quiet)
		show_once(&r->err, file, &changes);
	gs_diags_free(&changes);
	return status;
}

int
gs_snom_report_harden(const struct gs_snom_report *r,
    const struct gs_snom_params *p, const char *file)
{
	struct gs_buf in, out;
	struct gs_snom_doc doc;
	int status;

	if (gs_snom_params_profile(p) == GS_LEGACY)
		return refuse_usage(r, "--harden has no profile legacy");
	if (strcmp(gs_snom_params_get(p, GS_P_TRANSPORT), "tls") != 0)
		return refuse_usage(r, "--harden is for transport tls");
	gs_buf_init(&out, 2 * GS_DOC_SIZE);
	status = read_doc(r, file, &in, &doc);
	if (status == 0) {
		status = harden_doc(r, p, file, &doc, &out);
		gs_snom_doc_free(&doc);
	}
	if (status == 0)
		status = check_result(r, p, file, gs_buf_span(&out));
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

	if (!isc && strcmp(kind, "dnsmasq") != 0)
		return refuse_usage(r, "--dhcp wants dnsmasq or isc");
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

/* What is removed or kept against the user's wish is said in any case. */
static void
say_gone(const struct gs_snom_report *r, const char *verb, const char *name)
{
	struct gs_json j;

	if (r->out.format == GS_TEXT)
		(void)fprintf(r->out.fp, "%s %s\n", verb, name);
	else if (r->out.format == GS_SARIF)
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

	/* A link's name holds a provisioning key. */
	if (strncmp(name, "settings-", 9) != 0)
		name = "a link";
	if (strcmp(verb, "written") != 0 && !unchanged)
		say_gone(r, verb, name);
	else if (r->out.format == GS_TEXT && !r->quiet &&
	    (r->verbose || (r->dry && !unchanged)))
		(void)fprintf(r->out.fp, "%s %s\n", verb, name);
}

/* Says what the profile leaves open. */
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

	/* Other makers' phones are in the same table, in each run. */
	if (r->quiet)
		policy[GS_S_DATA_MAC_VENDOR] = GS_POLICY_HIDDEN;
	gs_diags_init(&rows, gs_snom_rules, policy, MOST_FINDINGS);
	gs_diags_init(&keys, gs_snom_rules, NULL, MOST_FINDINGS);
	f->d = &rows;
	f->dk = &keys;
	f->said = say_file;
	f->flush = flush_findings;
	f->arg = &x;
	gs_report_begin(x.findings);
	int got = gs_snom_fleet_run(f, &err);
	flush_findings(&x);
	gs_report_end(x.findings);
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
	return got;
}

int
gs_snom_report_phone(struct gs_snom_report *r, struct gs_snom_fleet *f,
    const char *mac)
{
	struct gs_buf out;
	char text[256];
	uint64_t only;

	if (gs_snom_mac_parse(gs_span(mac, strlen(mac)), &only) == -1) {
		(void)snprintf(text, sizeof(text), "'%s' is no MAC address",
		    mac);
		return refuse_usage(r, text);
	}
	say_profile(r, f->params);
	gs_buf_init(&out, GS_RENDER_SIZE);
	f->only = &only;
	f->out = &out;
	int status = run_fleet(r, f);
	if (status != -1)
		(void)fwrite(out.p, 1, out.n, r->out.fp);
	gs_buf_free(&out);
	return status;
}

/* Says why less was removed than could be; returns 1 then. */
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
		    " phones are not in %s any more: nothing was removed. "
		    "If they are gone, use --prune=all",
		    p->gone, p->listed, f->accounts);
	if (p->strange > 0)
		(void)complain(r,
		    "--prune: %" PRIu64 " settings of "
		    "phones that are not in %s were left: %s/.gs-snomcfg, the "
		    "list of what gs-snomcfg wrote, %s. Remove them by hand",
		    p->strange, f->accounts, f->store->path,
		    f->store->list.damaged ? "was damaged and begins anew" :
					     "begins with this run");
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
		(void)complain(r, "%s: waiting for another gs-snomcfg to end",
		    folder);
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
