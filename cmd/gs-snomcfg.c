/* SPDX-License-Identifier: MIT */
/* gs-snomcfg: settings that put a Snom phone on TLS and SRTP, and a check
 * for any settings file. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/check.h"
#include "snom/model.h"
#include "snom/params.h"
#include "snom/rules.h"

enum { MAX_FINDINGS = 4000, MAX_PARAM_FILE = 4 * 1024 * 1024 };

enum mode { RENDER, PHONE, HARDEN, CHECK, DHCP, RULES, EXPLAIN, MODELS };

/* Long options without a letter. */
enum {
	OPT_PHONE = 256,
	OPT_HARDEN,
	OPT_CHECK,
	OPT_DHCP,
	OPT_RULES,
	OPT_EXPLAIN,
	OPT_MODELS,
	OPT_PROFILE,
	OPT_PRUNE,
	OPT_LINKS,
};

struct options {
	enum mode mode;
	const char *word; /* what --phone, --dhcp or --explain named */
	const char *out, *base, *keys;
	struct gs_params params;
	enum gs_format format;
	enum gs_severity threshold;
	bool dry, quiet, verbose, prune, links;
	struct gs_diags diags; /* about parameters and rows */
};

static const struct cli_opt opts[] = {
	{ 'o', NULL, "DIR", "one settings-MAC.xml for each phone" },
	{ OPT_PHONE, "phone", "MAC", "one phone, to standard output" },
	{ OPT_HARDEN, "harden", NULL, "put settings XML on TLS and SRTP" },
	{ OPT_CHECK, "check", NULL, "say what is wrong with settings files" },
	{ OPT_DHCP, "dhcp", "KIND", "lines for dnsmasq or isc" },
	{ OPT_RULES, "rules", NULL, "list the rules" },
	{ OPT_EXPLAIN, "explain", "RULE", "explain one rule" },
	{ OPT_MODELS, "models", NULL, "list the phone models" },
	{ 'p', NULL, "FILE", "parameters, or rows of gs_parameters" },
	{ 's', NULL, "NAME=VALUE", "one parameter; no secrets" },
	{ 'b', NULL, "BASE.xml", "site settings under the rendered ones" },
	{ 'k', NULL, "KEYS.tsv", "function keys" },
	{ OPT_PROFILE, "profile", "NAME", "encrypt, verify or legacy" },
	{ OPT_PRUNE, "prune", NULL, "-o: remove settings of other phones" },
	{ OPT_LINKS, "links", NULL, "-o: links for setting_path" },
	{ 'n', NULL, NULL, "say what would be done" },
	{ 'f', NULL, "FORMAT", "findings as text, json or sarif" },
	{ 'j', NULL, NULL, "the same as -f json" },
	{ 'W', NULL, "LEVEL", "exit 1 from error (default), warning, note" },
	{ 'q', NULL, NULL, "findings only" },
	{ 'v', NULL, NULL, "say more" },
	{ 0, NULL, NULL, NULL },
};

static const char synopsis[] =
    "  gs-snomcfg [options] -o DIR [ACCOUNTS.tsv]\n"
    "  gs-snomcfg [options] --phone MAC [ACCOUNTS.tsv]\n"
    "  gs-snomcfg [options] --harden [FILE]\n"
    "  gs-snomcfg [options] --check [FILE ...]\n"
    "  gs-snomcfg [options] --dhcp dnsmasq|isc\n"
    "  gs-snomcfg --rules | --explain RULE | --models\n";

static const char examples[] =
    "  mysql --batch gemeinschaft < phones.sql |\n"
    "      gs-snomcfg -p site.conf -o /srv/provisioning\n"
    "  gs-snomcfg --check settings-000413262AFE.xml\n"
    "  gs-snomcfg -p site.conf --harden < old.xml > new.xml\n";

static int
show_rules(const struct options *o)
{
	(void)o;
	for (size_t i = 0; i < gs_snom_rules.n; i++)
		(void)printf("%-24s %-8s %s\n", gs_snom_rules.rule[i].id,
		    gs_severity_name(gs_snom_rules.rule[i].severity),
		    gs_snom_rules.rule[i].brief);
	return CLI_OK;
}

static int
show_rule(const struct cli *cli, const struct options *o)
{
	const struct gs_rule *r = gs_rules_find(gs_snom_rules, o->word);
	const char *names[GS_S_COUNT];

	if (r != NULL) {
		(void)printf("%s: %s\n\n%s\n\nWhat to do: %s\n\n"
			     "Usually: %s. Link: %s. Source: %s.\n",
		    r->id, r->brief, r->why, r->fix,
		    gs_severity_name(r->severity),
		    gs_link_name(gs_link_of(r)), r->ref);
		return CLI_OK;
	}
	for (size_t i = 0; i < GS_S_COUNT; i++)
		names[i] = gs_snom_rules.rule[i].id;
	const char *near = cli_nearest(o->word, names, GS_S_COUNT);
	return cli_usage(cli, "there is no rule '%s'%s%s%s", o->word,
	    near != NULL ? "; did you mean '" : "; see --rules",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
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

static struct gs_report
new_report(const struct options *o, FILE *fp)
{
	return (struct gs_report){ .fp = fp, .format = o->format,
		.color = cli_color(fp), .tool = "gs-snomcfg",
		.version = CLI_VERSION, .rules = gs_snom_rules };
}

/* One line for each link of the chain, in the text form. */
static void
show_chain(
    const struct options *o, const char *file, const struct gs_chain *c)
{
	const char *name = strcmp(file, "-") == 0 ? "stdin" : file;

	if (o->format != GS_TEXT || o->quiet)
		return;
	for (unsigned i = 0; i < GS_LINK_DATA; i++) {
		const unsigned *n = c->found[i];
		const char *verdict = n[GS_ERROR] > 0 ? "broken" :
		    n[GS_WARNING] > 0		      ? "weak" :
						        "good";
		if (!c->judged && i != GS_LINK_PROVISIONING &&
		    i != GS_LINK_HYGIENE)
			verdict = "not judged";
		(void)printf("%s: %s: %s", name,
		    gs_link_name((enum gs_link)i), verdict);
		if (c->judged && i == GS_LINK_SIGNALLING)
			(void)printf(", TLS on %u of %u identities", c->tls,
			    c->active);
		if (c->judged && i == GS_LINK_MEDIA)
			(void)printf(", SRTP on %u of %u identities",
			    c->encrypted, c->active);
		if (c->judged && i == GS_LINK_TRUST)
			(void)printf(", the server is %sverified",
			    c->verified ? "" : "not ");
		(void)printf("%s\n", c->partial ? " (partial)" : "");
	}
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
	struct gs_check_options how = { .stated =
		o->params.value[GS_P_PROFILE] != NULL &&
		    gs_params_profile(&o->params) == GS_ENCRYPT };
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
	show_chain(o, file, &chain);
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

static int
set_mode(const struct cli *cli, struct options *o, enum mode mode)
{
	if (o->mode != RENDER)
		return cli_usage(cli, "only one of --phone, --harden, --check, "
		    "--dhcp, --rules, --explain, --models");
	o->mode = mode;
	o->word = cli->arg;
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

static int
read_parameters(const struct cli *cli, struct options *o)
{
	struct gs_buf b;
	struct gs_err err;
	int status = 0;

	gs_buf_init(&b, MAX_PARAM_FILE);
	if (gs_file_read(cli->arg, &b, &err) == -1)
		status = cli_complain(cli, "%s", err.text);
	else if (gs_params_read(
		     &o->params, gs_buf_span(&b), &o->diags, &err) == -1)
		status = cli_complain(cli, "%s: %s", cli->arg, err.text);
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

/* Returns 0, or the exit status of a wrong one. */
static int
set_option(const struct cli *cli, struct options *o, int c)
{
	switch (c) {
	case 'o': o->out = cli->arg; return 0;
	case OPT_PHONE: return set_mode(cli, o, PHONE);
	case OPT_HARDEN: return set_mode(cli, o, HARDEN);
	case OPT_CHECK: return set_mode(cli, o, CHECK);
	case OPT_DHCP: return set_mode(cli, o, DHCP);
	case OPT_RULES: return set_mode(cli, o, RULES);
	case OPT_EXPLAIN: return set_mode(cli, o, EXPLAIN);
	case OPT_MODELS: return set_mode(cli, o, MODELS);
	case 'p': return read_parameters(cli, o);
	case 's': return set_parameter(cli, o, NULL, cli->arg);
	case 'b': o->base = cli->arg; return 0;
	case 'k': o->keys = cli->arg; return 0;
	case OPT_PROFILE: return set_parameter(cli, o, "profile", cli->arg);
	case OPT_PRUNE: o->prune = true; return 0;
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
	switch (o->mode) {
	case CHECK: return check_files(cli, o);
	case RULES: return show_rules(o);
	case EXPLAIN: return show_rule(cli, o);
	case MODELS: return show_models(o);
	default: return CLI_TROUBLE;
	}
}

int
main(int argc, char **argv)
{
	struct cli cli = { .tool = "gs-snomcfg", .synopsis = synopsis,
		.examples = examples, .opts = opts, .argc = argc,
		.argv = argv };
	struct options o = { .threshold = GS_ERROR };
	int c, status = 0;

	gs_params_init(&o.params);
	gs_diags_init(&o.diags, gs_snom_rules, NULL, MAX_FINDINGS);
	while (status == 0 && (c = cli_next(&cli)) > 0)
		status = set_option(&cli, &o, c);
	if (status == 0)
		status = c == -1 ? CLI_TROUBLE : run(&cli, &o);
	gs_params_free(&o.params);
	gs_diags_free(&o.diags);
	return cli_close_stdout(&cli, status);
}
