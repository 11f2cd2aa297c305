/* SPDX-License-Identifier: MIT */
/* gs-snomcfg: settings that put a Snom phone on TLS and SRTP, and a check
 * for any settings file. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/check.h"
#include "snom/dhcp.h"
#include "snom/fleet.h"
#include "snom/harden.h"
#include "snom/model.h"
#include "snom/params.h"
#include "snom/rules.h"
#include "snom/verdict.h"
#include "snom/xml.h"

enum { MAX_FINDINGS = 4000, MAX_PARAM_FILE = 4 * 1024 * 1024 };

enum mode { RENDER, PHONE, HARDEN, CHECK, DHCP, RULES, MODELS };

/* Long options without a letter. */
enum {
	OPT_PHONE = 256,
	OPT_HARDEN,
	OPT_CHECK,
	OPT_DHCP,
	OPT_MODELS,
	OPT_PROFILE,
	OPT_PRUNE,
	OPT_LINKS,
};

/* Which modes an option is for. */
enum {
	FOR_RENDER = 1u << RENDER,
	FOR_PHONE = 1u << PHONE,
};

/* Options that one of the other modes would ignore. An ignored one is more
 * than clutter: who says "--harden -o DIR" does not want the passwords on
 * standard output. */
static const struct {
	int c;
	const char *name;
	unsigned modes;
} limits[] = {
	{ 'o', "-o", FOR_RENDER },
	{ OPT_PRUNE, "--prune", FOR_RENDER },
	{ OPT_LINKS, "--links", FOR_RENDER },
	{ 'b', "-b", FOR_RENDER | FOR_PHONE },
	{ 'k', "-k", FOR_RENDER | FOR_PHONE },
};
enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

struct options {
	enum mode mode;
	const char *mode_name; /* as it was given, NULL: by -o alone */
	bool limited[LIMITS]; /* that option was given */
	const char *word; /* what --phone, --dhcp or --explain named */
	const char *out, *base, *keys;
	struct gs_params params;
	enum gs_format format;
	enum gs_severity threshold;
	bool dry, quiet, verbose, prune, prune_all, links;
	struct gs_diags diags; /* about rows of accounts */
	struct gs_diags keys_diags; /* about rows of function keys */
};

/* The first ones are explained by the help. */
enum { EXPLAINED = 12 };
static const struct cli_opt opts[] = {
	{ 'p', NULL, "FILE", "parameters, or rows of gs_parameters" },
	{ 's', NULL, "NAME=VALUE", "one parameter; no secrets" },
	{ 'b', NULL, "BASE.xml", "site settings under the rendered ones" },
	{ 'k', NULL, "KEYS.tsv", "function keys" },
	{ OPT_PROFILE, "profile", "NAME", "encrypt, verify or legacy" },
	{ OPT_PRUNE, "prune", "[=all]",
	    "-o: remove settings of phones that are gone" },
	{ OPT_LINKS, "links", NULL, "-o: links for setting_path" },
	{ 'n', NULL, NULL, "say what would be done" },
	{ 'f', NULL, "FORMAT", "findings as text, json (also -j) or sarif" },
	{ 'W', NULL, "LEVEL", "exit 1 from error (default), warning, note" },
	{ 'q', NULL, NULL, "findings only" },
	{ 'v', NULL, NULL, "say more" },
	{ 'j', NULL, NULL, "the same as -f json" },
	{ 'o', NULL, "DIR", "one settings-MAC.xml for each phone" },
	{ OPT_PHONE, "phone", "MAC", "one phone, to standard output" },
	{ OPT_HARDEN, "harden", NULL, "put settings XML on TLS and SRTP" },
	{ OPT_CHECK, "check", NULL, "say what is wrong with settings files" },
	{ OPT_DHCP, "dhcp", "KIND", "lines for dnsmasq or isc" },
	CLI_OPT_RULES,
	CLI_OPT_EXPLAIN,
	{ OPT_MODELS, "models", NULL, "list the phone models" },
	{ 0, NULL, NULL, NULL },
};

static const struct cli_values values[] = { { OPT_DHCP,
						.words = "dnsmasq isc" },
	{ OPT_PROFILE, .words = "encrypt verify legacy" },
	{ OPT_PRUNE, .words = "all" }, { 'f', .words = "text json sarif" },
	{ 'W', .words = "error warning note" },
	{ CLI_EXPLAIN, .rules = &gs_snom_rules }, { 0 } };

static cli_library *const libraries[] = { gs_xml_library, NULL };

static const char synopsis[] =
    "  gs-snomcfg [options] -o DIR [ACCOUNTS.tsv]       a file for each phone\n"
    "  gs-snomcfg [options] --phone MAC [ACCOUNTS.tsv]  one phone to stdout\n"
    "  gs-snomcfg [options] --harden [FILE]             put it on TLS and SRTP\n"
    "  gs-snomcfg [options] --check [FILE ...]          say what is wrong\n"
    "  gs-snomcfg [options] --dhcp dnsmasq|isc          lines for the server\n"
    "  gs-snomcfg --rules | --explain RULE | --models\n";

static const char examples[] =
    "  mysql --batch gemeinschaft < phones.sql |\n"
    "      gs-snomcfg -p site.conf -o /srv/provisioning\n"
    "  gs-snomcfg -p site.conf --harden < old.xml > new.xml\n";

static const char *
link_of(const struct gs_rule *r)
{
	return gs_link_name(gs_link_of(r));
}

static void
show_model(const struct gs_model *m)
{
	(void)printf("%-14s %8u %5u  ", m->name, m->identities, m->keys);
	for (unsigned i = 0; i < m->octets; i++)
		(void)printf("%s%02X", i > 0 ? "," : "", m->octet[i]);
	(void)printf("%s\n", m->octets == 0 ? "-" : "");
}

static int
show_models(const struct options *o)
{
	(void)printf("%-14s %8s %5s  %s\n", "MODEL", "ACCOUNTS", "KEYS",
	    "MAC 00:04:13:XX");
	for (size_t i = 0; i < gs_models_count; i++)
		show_model(&gs_models[i]);
	for (size_t i = 0; i < o->params.models; i++)
		show_model(&o->params.model[i]);
	return CLI_OK;
}

static void
say_stdin(const struct cli *cli, const struct options *o, const char *file)
{
	if (!o->quiet)
		cli_say_stdin(cli, file);
}

static struct gs_report
new_report(const struct options *o, FILE *fp)
{
	return (struct gs_report){ .fp = fp,
		.format = o->format,
		.color = cli_color(fp),
		.tool = "gs-snomcfg",
		.version = CLI_VERSION,
		.rules = gs_snom_rules };
}

static int
refuse(const struct cli *cli, const char *file, enum gs_dialect d)
{
	return cli_complain(cli,
	    "%s: %s: not XML settings of a phone, nothing was checked", file,
	    gs_dialect_name(d));
}

/* Returns the exit status that this file asks for. */
static int
check_bytes(const struct cli *cli, struct options *o, struct gs_report *r,
    const char *file, struct gs_span bytes)
{
	struct gs_check_options how = {
		.stated = o->params.value[GS_P_PROFILE] != NULL &&
		    gs_params_profile(&o->params) == GS_ENCRYPT
	};
	struct gs_doc doc;
	struct gs_diags d;
	struct gs_chain chain;
	struct gs_err err;

	if (gs_doc_read(&doc, bytes, &err) == -1)
		return cli_complain(cli, "%s: %s", file, err.text);
	if (!gs_dialect_is_read(doc.dialect)) {
		enum gs_dialect dialect = doc.dialect;
		gs_doc_free(&doc);
		return refuse(cli, file, dialect);
	}
	gs_diags_init(&d, gs_snom_rules, NULL, MAX_FINDINGS);
	gs_check(&doc, &how, &d, &chain);
	gs_report_findings(r, file, &d);
	if (o->format != GS_SARIF && !o->quiet)
		gs_verdicts_print(stdout, file, &chain, o->format == GS_JSON);
	int status = CLI_OK;
	for (unsigned i = o->threshold; i <= GS_ERROR; i++)
		if (d.total[i] > 0)
			status = CLI_NO;
	if (d.no_memory)
		status = cli_complain(cli, "%s: no memory", file);
	gs_diags_free(&d);
	gs_doc_free(&doc);
	return status;
}

static int
check_file(const struct cli *cli, struct options *o, struct gs_report *r,
    const char *file)
{
	struct gs_buf bytes;
	struct gs_err err;
	int status;

	gs_buf_init(&bytes, GS_DOC_SIZE);
	say_stdin(cli, o, file);
	if (gs_file_read(file, &bytes, &err) == -1)
		status = cli_complain(cli, "%s", err.text);
	else
		status = check_bytes(cli, o, r, file, gs_buf_span(&bytes));
	gs_buf_free(&bytes);
	return status;
}

static int
check_files(const struct cli *cli, struct options *o)
{
	struct gs_report r = new_report(o, stdout);
	int worst = CLI_OK;

	gs_report_begin(&r);
	if (optind == cli->argc)
		worst = check_file(cli, o, &r, "-");
	for (int i = optind; i < cli->argc; i++) {
		int status = check_file(cli, o, &r, cli->argv[i]);
		worst = status > worst ? status : worst;
	}
	gs_report_end(&r);
	return worst;
}

/* ---- harden */

/* What is still wrong after hardening goes to standard error. */
static int
check_result(const struct cli *cli, struct options *o, const char *file,
    struct gs_span bytes)
{
	struct gs_check_options how = { .stated = true };
	struct gs_report r = new_report(o, stderr);
	struct gs_doc doc;
	struct gs_diags d;
	struct gs_chain chain;
	struct gs_err err;

	if (gs_doc_read(&doc, bytes, &err) == -1)
		return cli_complain(cli, "%s: %s", file, err.text);
	gs_diags_init(&d, gs_snom_rules, NULL, MAX_FINDINGS);
	gs_check(&doc, &how, &d, &chain);
	int status = d.total[GS_ERROR] > 0 ? CLI_NO : CLI_OK;
	size_t n = 0;
	for (size_t i = 0; i < d.n; i++) {
		struct gs_finding f = d.list[i];
		if (f.severity != GS_ERROR)
			continue;
		d.list[i] = d.list[n];
		d.list[n++] = f;
	}
	size_t all = d.n;
	d.n = n;
	gs_report_begin(&r);
	gs_report_findings(&r, file, &d);
	gs_report_end(&r);
	d.n = all;
	gs_diags_free(&d);
	gs_doc_free(&doc);
	if (status == CLI_NO)
		(void)cli_complain(cli,
		    "%s: hardened, but the errors above are left; base_url or "
		    "sip_host may be missing",
		    file);
	return status;
}

static int
can_harden(const struct cli *cli, const char *file, const struct gs_doc *d)
{
	if (!gs_dialect_is_read(d->dialect))
		return refuse(cli, file, d->dialect);
	if (d->dialect != GS_DIALECT_SETTINGS &&
	    d->dialect != GS_DIALECT_DECT &&
	    d->dialect != GS_DIALECT_SETTING_FILES)
		return cli_complain(cli, "%s: %s: nothing to harden", file,
		    gs_dialect_name(d->dialect));
	if (d->encoding_bad)
		return cli_complain(cli,
		    "%s: the declared encoding is not "
		    "one that contains ASCII",
		    file);
	if (d->xml.what == GS_XML_DOCTYPE)
		return cli_complain(cli, "%s: a document type declaration",
		    file);
	if (d->scan.limit)
		return cli_complain(cli,
		    "%s: too many or too deep elements, "
		    "or too many attributes",
		    file);
	if (d->xml.what != GS_XML_OK)
		return cli_complain(cli,
		    "%s:%" PRIu64 ":%" PRIu32 ": not well-formed: %s", file,
		    d->xml.pos.line, d->xml.pos.col, d->xml.why);
	return CLI_OK;
}

static int
harden_bytes(const struct cli *cli, struct options *o, const char *file,
    struct gs_span bytes, struct gs_buf *out)
{
	struct gs_report r = new_report(o, stderr);
	struct gs_doc doc;
	struct gs_diags changes;
	struct gs_err err;

	if (gs_doc_read(&doc, bytes, &err) == -1)
		return cli_complain(cli, "%s: %s", file, err.text);
	gs_diags_init(&changes, gs_snom_rules, NULL, SIZE_MAX);
	int status = can_harden(cli, file, &doc);
	if (status == CLI_OK &&
	    gs_harden(&doc, &o->params, out, &changes, &err) == -1)
		status = cli_complain(cli, "%s: %s", file, err.text);
	if (status == CLI_OK && !o->quiet) {
		gs_report_begin(&r);
		gs_report_findings(&r, file, &changes);
		gs_report_end(&r);
	}
	gs_diags_free(&changes);
	gs_doc_free(&doc);
	if (status == CLI_OK)
		status = check_result(cli, o, file, gs_buf_span(out));
	return status;
}

static int
harden(const struct cli *cli, struct options *o)
{
	const char *file = optind < cli->argc ? cli->argv[optind] : "-";
	struct gs_buf in, out;
	struct gs_err err;
	int status;

	if (gs_params_profile(&o->params) == GS_LEGACY)
		return cli_usage(cli, "--harden has no profile legacy");
	if (strcmp(gs_params_get(&o->params, GS_P_TRANSPORT), "tls") != 0)
		return cli_usage(cli, "--harden is for transport tls");
	gs_buf_init(&in, GS_DOC_SIZE);
	gs_buf_init(&out, 2 * GS_DOC_SIZE);
	say_stdin(cli, o, file);
	if (gs_file_read(file, &in, &err) == -1)
		status = cli_complain(cli, "%s", err.text);
	else
		status = harden_bytes(cli, o, file, gs_buf_span(&in), &out);
	if (status != CLI_TROUBLE && !o->dry)
		(void)fwrite(out.p, 1, out.n, stdout);
	gs_buf_free(&in);
	gs_buf_free(&out);
	return status;
}

/* ---- render */

struct rendering {
	const struct options *o;
	const char *accounts;
	struct gs_report report;
	struct gs_diags *d, *dk;
};

static void
flush_findings(void *arg)
{
	struct rendering *r = arg;

	gs_report_findings(&r->report, r->accounts, r->d);
	gs_diags_clear(r->d);
	if (r->o->keys != NULL)
		gs_report_findings(&r->report, r->o->keys, r->dk);
	gs_diags_clear(r->dk);
}

/* What is removed or kept against the user's wish is said in any case. */
static void
say_gone(const struct rendering *r, const char *verb, const char *name)
{
	struct gs_json j;

	if (r->o->format == GS_TEXT)
		(void)printf("%s %s\n", verb, name);
	else if (r->o->format == GS_SARIF)
		(void)fprintf(stderr, "gs-snomcfg: %s %s\n", verb, name);
	if (r->o->format != GS_JSON)
		return;
	gs_json_init(&j, stdout);
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
	const struct rendering *r = arg;
	/* A link's name holds a provisioning key. */
	bool shown = strncmp(name, "settings-", 9) == 0;

	name = shown ? name : "a link";
	if (strcmp(verb, "written") != 0 && strcmp(verb, "unchanged") != 0) {
		say_gone(r, verb, name);
		return;
	}
	if (r->o->format != GS_TEXT || r->o->quiet)
		return;
	if (r->o->verbose || (r->o->dry && strcmp(verb, "unchanged") != 0))
		(void)printf("%s %s\n", verb, name);
}

static void
show_summary(const struct options *o, const struct gs_fleet *f)
{
	struct gs_json j;

	if (o->format == GS_TEXT && !o->quiet)
		(void)printf("%s%" PRIu64 " written, %" PRIu64
			     " unchanged, %" PRIu64 " removed, %" PRIu64
			     " failed\n",
		    o->dry ? "would be: " : "", f->store->written,
		    f->store->unchanged, f->store->removed, f->failed);
	if (o->format != GS_JSON)
		return;
	gs_json_init(&j, stdout);
	gs_json_open(&j, '{');
	gs_json_key(&j, "type");
	gs_json_str(&j, "summary");
	gs_json_key(&j, "written");
	gs_json_u64(&j, f->store->written);
	gs_json_key(&j, "unchanged");
	gs_json_u64(&j, f->store->unchanged);
	gs_json_key(&j, "removed");
	gs_json_u64(&j, f->store->removed);
	gs_json_key(&j, "failed");
	gs_json_u64(&j, f->failed);
	gs_json_key(&j, "dry");
	gs_json_bool(&j, o->dry);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

/* What a profile leaves open is said on every run. */
static void
say_profile(const struct cli *cli, const struct options *o)
{
	bool on = gs_params_on(&o->params, GS_P_SERVER_AUTHENTICATION);

	if (o->quiet)
		return;
	const char *base = gs_params_get(&o->params, GS_P_BASE_URL);
	if (gs_params_profile(&o->params) != GS_LEGACY &&
	    gs_span_eqcase(gs_span(base, strnlen(base, 5)), GS_LIT("http:")))
		(void)cli_complain(cli,
		    "base_url is http: settings with all passwords can be "
		    "read on the way");
	if (on)
		return;
	switch (gs_params_profile(&o->params)) {
	case GS_ENCRYPT:
		(void)cli_complain(cli,
		    "profile encrypt: phones do not verify the server");
		break;
	case GS_VERIFY:
		(void)cli_complain(cli,
		    "profile verify, first stage: the certificate is rolled "
		    "out; when every phone has it, set server_authentication "
		    "= on");
		break;
	case GS_LEGACY:
		(void)cli_complain(cli, "profile legacy: nothing is encrypted");
		break;
	}
}

static int
run_fleet(const struct cli *cli, struct options *o, struct gs_fleet *f)
{
	struct rendering r = { .o = o,
		.accounts = f->accounts,
		.d = &o->diags,
		.dk = &o->keys_diags };
	struct gs_err err;

	bool to_stdout = o->format != GS_TEXT && o->mode == RENDER;
	r.report = new_report(o, to_stdout ? stdout : stderr);
	f->params = &o->params;
	f->base = o->base;
	f->keys = o->keys;
	f->links = o->links;
	f->prune = o->prune;
	f->prune_all = o->prune_all;
	f->d = &o->diags;
	f->dk = &o->keys_diags;
	f->said = say_file;
	f->flush = flush_findings;
	f->arg = &r;
	say_stdin(cli, o, f->accounts);
	gs_report_begin(&r.report);
	int got = gs_fleet_run(f, &err);
	flush_findings(&r);
	gs_report_end(&r.report);
	if (got == -1)
		return cli_complain(cli, "%s", err.text);
	if (got == 1)
		return cli_complain(cli, "%s: no rows%s; nothing was changed",
		    f->accounts, o->mode == PHONE ? " of this phone" : "");
	bool wrong = f->failed > 0 || o->diags.total[GS_ERROR] > 0 ||
	    o->keys_diags.total[GS_ERROR] > 0;
	return wrong ? CLI_NO : CLI_OK;
}

static const char *
accounts_of(const struct cli *cli)
{
	return optind < cli->argc ? cli->argv[optind] : "-";
}

/* Says why --prune removed less than it could; the status is CLI_NO then. */
static int
say_pruned(const struct cli *cli, const struct gs_fleet *f, int status)
{
	const struct gs_prune *p = &f->pruned;

	if (f->kept)
		(void)cli_complain(cli,
		    "--prune: nothing was removed, because "
		    "rows of any phone may be missing");
	if (p->held)
		(void)cli_complain(cli,
		    "--prune: %" PRIu64 " of %" PRIu64
		    " phones are not in %s any more: nothing was removed. "
		    "If they are gone, use --prune=all",
		    p->gone, p->listed, f->accounts);
	if (p->strange > 0)
		(void)cli_complain(cli,
		    "--prune: %" PRIu64 " settings of "
		    "phones that are not in %s were left: %s/.gs-snomcfg, the "
		    "list of what gs-snomcfg wrote, %s. Remove them by hand",
		    p->strange, f->accounts, f->store->path,
		    f->store->list.damaged ? "was damaged and begins anew" :
					     "begins with this run");
	bool less = p->held || p->strange > 0 || p->changed > 0;
	return less && status == CLI_OK ? CLI_NO : status;
}

static int
open_folder(const struct cli *cli, const struct options *o,
    struct gs_store *store)
{
	struct gs_err err;

	if (gs_store_open(store, o->out, o->dry, &err) == -1)
		return cli_complain(cli, "%s", err.text);
	int busy = gs_store_begin(store, false, &err);
	if (busy == 1) {
		(void)cli_complain(cli,
		    "%s: waiting for another gs-snomcfg to end", o->out);
		busy = gs_store_begin(store, true, &err);
	}
	if (busy == 0)
		return CLI_OK;
	gs_store_close(store);
	return cli_complain(cli, "%s", err.text);
}

static int
render_folder(const struct cli *cli, struct options *o)
{
	struct gs_store store;

	say_profile(cli, o);
	int status = open_folder(cli, o, &store);
	if (status != CLI_OK)
		return status;
	struct gs_fleet f = { .accounts = accounts_of(cli), .store = &store };
	status = run_fleet(cli, o, &f);
	if (status != CLI_TROUBLE) {
		status = say_pruned(cli, &f, status);
		show_summary(o, &f);
	}
	gs_store_close(&store);
	return status;
}

static int
render_phone(const struct cli *cli, struct options *o)
{
	struct gs_buf out;
	uint64_t mac;

	if (gs_mac_parse(gs_span(o->word, strlen(o->word)), &mac) == -1)
		return cli_usage(cli, "'%s' is no MAC address", o->word);
	say_profile(cli, o);
	gs_buf_init(&out, GS_RENDER_SIZE);
	struct gs_fleet f = { .accounts = accounts_of(cli),
		.only = &mac,
		.out = &out };
	int status = run_fleet(cli, o, &f);
	if (status != CLI_TROUBLE)
		(void)fwrite(out.p, 1, out.n, stdout);
	gs_buf_free(&out);
	return status;
}

static int
show_dhcp(const struct cli *cli, const struct options *o)
{
	struct gs_buf out;
	struct gs_err err;
	bool isc = strcmp(o->word, "isc") == 0;

	if (!isc && strcmp(o->word, "dnsmasq") != 0)
		return cli_usage(cli, "--dhcp wants dnsmasq or isc");
	gs_buf_init(&out, 64 * 1024);
	int bad = gs_dhcp_put(&o->params, isc ? GS_DHCP_ISC : GS_DHCP_DNSMASQ,
	    &out, &err);
	if (bad == 0)
		(void)fwrite(out.p, 1, out.n, stdout);
	gs_buf_free(&out);
	return bad == 0 ? CLI_OK : cli_complain(cli, "%s", err.text);
}

/* ---- options */

static int
set_mode(const struct cli *cli, struct options *o, enum mode mode,
    const char *name)
{
	if (o->mode_name != NULL)
		return cli_usage(cli,
		    "%s and %s do not go together: one run "
		    "does one of --phone, --harden, --check, --dhcp, --rules, "
		    "--explain, --models",
		    o->mode_name, name);
	o->mode = mode;
	o->mode_name = name;
	o->word = cli->arg;
	return 0;
}

static void
note_limited(struct options *o, int c)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (limits[i].c == c)
			o->limited[i] = true;
}

/* Returns 0, or the exit status of an option that the mode is not for. */
static int
check_limits(const struct cli *cli, const struct options *o)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (o->limited[i] && (limits[i].modes & 1u << o->mode) == 0)
			return cli_usage(cli, "%s and %s do not go together",
			    o->mode_name != NULL ? o->mode_name : "-o",
			    limits[i].name);
	return 0;
}

static int
set_parameter(const struct cli *cli, struct options *o, const char *name,
    const char *text)
{
	const char *equals = name != NULL ? text - 1 : strchr(text, '=');
	struct gs_err err;

	if (equals == NULL)
		return cli_usage(cli, "-s wants NAME=VALUE");
	struct gs_span n = name != NULL ?
	    gs_span(name, strlen(name)) :
	    gs_span(text, (size_t)(equals - text));
	if (gs_params_set(&o->params, gs_span_trim(n),
		gs_span(equals + 1, strlen(equals + 1)), true, &err) == 0)
		return 0;
	const char *names[GS_P_COUNT];
	char word[64] = "";
	for (size_t i = 0; i < GS_P_COUNT; i++)
		names[i] = gs_param_defs[i].name;
	if (n.n < sizeof(word))
		memcpy(word, n.p, n.n);
	const char *near = cli_nearest(word, names, GS_P_COUNT);
	bool other = near != NULL && strcmp(near, word) != 0;
	return cli_usage(cli, "%s%s%s%s", err.text,
	    other ? "; did you mean '" : "", other ? near : "",
	    other ? "'?" : "");
}

/* A file of a phone, or with --links a link to one. */
static bool
is_written(const void *arg, const char *name)
{
	const struct options *o = arg;

	return gs_store_may_take(name, o->links || o->prune);
}

/* What is read as operands, or standard input, and what is written; files
 * of options were said when they were read. */
static int
guard_files(const struct cli *cli, const struct options *o)
{
	int bad = cli_writes(cli, NULL, "-");

	if (optind == cli->argc && (o->mode <= CHECK))
		bad = bad || cli_reads(cli, NULL, "-");
	for (int i = optind; !bad && i < cli->argc; i++)
		bad = cli_reads(cli, NULL, cli->argv[i]);
	if (o->mode == RENDER)
		bad = bad || cli_writes_in(cli, "-o", o->out, is_written, o);
	return bad;
}

static int
read_parameters(const struct cli *cli, struct options *o)
{
	struct gs_report r = new_report(o, stderr);
	struct gs_diags d;
	struct gs_buf b;
	struct gs_err err;
	int status = 0;

	if (cli_reads(cli, "-p", cli->arg) != CLI_OK)
		return CLI_TROUBLE;
	gs_diags_init(&d, gs_snom_rules, NULL, MAX_FINDINGS);
	gs_buf_init(&b, MAX_PARAM_FILE);
	if (gs_file_read(cli->arg, &b, &err) == -1)
		status = cli_complain(cli, "%s", err.text);
	else if (gs_params_read(&o->params, gs_buf_span(&b), &d, &err) == -1)
		status = cli_complain(cli, "%s: %s", cli->arg, err.text);
	/* Options may still follow: these findings are always text. */
	r.format = GS_TEXT;
	gs_report_begin(&r);
	gs_report_findings(&r, cli->arg, &d);
	gs_report_end(&r);
	gs_diags_free(&d);
	gs_buf_free(&b);
	return status;
}

static int
set_format(const struct cli *cli, struct options *o)
{
	if (gs_format_parse(cli->arg, &o->format) == 0)
		return 0;
	return cli_usage(cli, "-f wants text, json or sarif");
}

static int
set_threshold(const struct cli *cli, struct options *o)
{
	if (gs_severity_parse(cli->arg, &o->threshold) == 0)
		return 0;
	return cli_usage(cli, "-W wants error, warning or note");
}

static int
set_prune(const struct cli *cli, struct options *o)
{
	if (cli->arg != NULL && strcmp(cli->arg, "all") != 0)
		return cli_usage(cli,
		    "--prune takes =all, or nothing behind it");
	o->prune = true;
	o->prune_all |= cli->arg != NULL;
	return 0;
}

/* Returns 0, or the exit status of a wrong one. */
static int
set_option(const struct cli *cli, struct options *o, int c)
{
	note_limited(o, c);
	switch (c) {
	case 'o': o->out = cli->arg; return 0;
	case OPT_PHONE: return set_mode(cli, o, PHONE, "--phone");
	case OPT_HARDEN: return set_mode(cli, o, HARDEN, "--harden");
	case OPT_CHECK: return set_mode(cli, o, CHECK, "--check");
	case OPT_DHCP: return set_mode(cli, o, DHCP, "--dhcp");
	case CLI_RULES: return set_mode(cli, o, RULES, "--rules");
	case CLI_EXPLAIN: return set_mode(cli, o, RULES, "--explain");
	case OPT_MODELS: return set_mode(cli, o, MODELS, "--models");
	case 'p': return read_parameters(cli, o);
	case 's': return set_parameter(cli, o, NULL, cli->arg);
	case 'b': o->base = cli->arg; return cli_reads(cli, "-b", o->base);
	case 'k': o->keys = cli->arg; return cli_reads(cli, "-k", o->keys);
	case OPT_PROFILE: return set_parameter(cli, o, "profile", cli->arg);
	case OPT_PRUNE: return set_prune(cli, o);
	case OPT_LINKS: o->links = true; return 0;
	case 'n': o->dry = true; return 0;
	case 'f': return set_format(cli, o);
	case 'j': o->format = GS_JSON; return 0;
	case 'W': return set_threshold(cli, o);
	case 'q': o->quiet = true; return 0;
	case 'v': o->verbose = true; return 0;
	default: return CLI_TROUBLE;
	}
}

static int
run(const struct cli *cli, struct options *o)
{
	struct gs_err err;
	bool renders = o->mode == RENDER || o->mode == PHONE;
	int most = o->mode == CHECK      ? cli->argc :
	    renders || o->mode == HARDEN ? 1 :
					   0;

	if (o->mode == RENDER && o->out == NULL)
		return cli_usage(cli,
		    "-o DIR is missing (or --phone, "
		    "--harden, --check, --dhcp)");
	if (check_limits(cli, o) != 0)
		return CLI_TROUBLE;
	if (cli->argc - optind > most)
		return cli_usage(cli, "too many operands");
	if (guard_files(cli, o) != CLI_OK)
		return CLI_TROUBLE;
	if ((renders || o->mode == DHCP || o->mode == HARDEN) &&
	    gs_params_finish(&o->params, o->mode != HARDEN, &err) == -1)
		return cli_complain(cli, "%s", err.text);
	switch (o->mode) {
	case RENDER: return render_folder(cli, o);
	case PHONE: return render_phone(cli, o);
	case HARDEN: return harden(cli, o);
	case CHECK: return check_files(cli, o);
	case DHCP: return show_dhcp(cli, o);
	case RULES: return cli_tell_rules(cli, gs_snom_rules, o->word, link_of);
	case MODELS: return show_models(o);
	}
	return CLI_TROUBLE;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .tool = "gs-snomcfg",
		.synopsis = synopsis,
		.examples = examples,
		.opts = opts,
		.explained = EXPLAINED,
		.values = values,
		.libraries = libraries,
		.argc = argc,
		.argv = argv };
	struct options o = { .threshold = GS_ERROR };
	struct gs_guard guard;
	int c, status = 0;

	if (cli_forbid_core(&cli) == -1)
		return CLI_TROUBLE;
	gs_guard_init(&guard);
	cli.guard = &guard;
	gs_params_init(&o.params);
	gs_diags_init(&o.diags, gs_snom_rules, NULL, MAX_FINDINGS);
	gs_diags_init(&o.keys_diags, gs_snom_rules, NULL, MAX_FINDINGS);
	while (status == 0 && (c = cli_next(&cli)) > 0)
		status = set_option(&cli, &o, c);
	if (status == 0)
		status = c == -1 ? CLI_TROUBLE : run(&cli, &o);
	gs_guard_free(&guard);
	gs_params_free(&o.params);
	gs_diags_free(&o.diags);
	gs_diags_free(&o.keys_diags);
	return cli_close_stdout(&cli, status);
}
