/* SPDX-License-Identifier: MIT */
/* gs-snomcfg: settings that put a Snom phone on TLS and SRTP, and a check
 * for any settings file. */
#include "cli.h"

#include <unistd.h>

#include "snom/dhcp.h"
#include "snom/fleet.h"
#include "snom/params.h"
#include "snom/report.h"
#include "snom/rules.h"
#include "snom/store.h"
#include "snom/xml.h"

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

/* Options that not every mode takes. An ignored one is more than clutter:
 * who says "--harden -o DIR" does not want the passwords on standard
 * output. */
static const struct {
	int c;
	const char *name;
	bool phone; /* for --phone, too, not for -o alone */
} limits[] = {
	{ 'o', "-o", false },
	{ OPT_PRUNE, "--prune", false },
	{ OPT_LINKS, "--links", false },
	{ 'b', "-b", true },
	{ 'k', "-k", true },
};
enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

struct options {
	enum mode mode;
	const char *mode_name; /* as it was given, NULL: by -o alone */
	bool limited[LIMITS]; /* that option was given */
	const char *word; /* what --phone, --dhcp or --explain named */
	const char *out;
	enum gs_format format;
	struct gs_params params;
	struct gs_fleet fleet;
	struct gs_snom_report report;
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
complain(const void *cli, const char *text)
{
	(void)cli_complain(cli, "%s", text);
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

/* Returns 0, or the exit status of an option that the mode is not for. */
static int
check_limits(const struct cli *cli, const struct options *o)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (o->limited[i] && o->mode != RENDER &&
		    !(limits[i].phone && o->mode == PHONE))
			return cli_usage(cli, "%s and %s do not go together",
			    o->mode_name, limits[i].name);
	return 0;
}

static int
set_parameter(const struct cli *cli, struct options *o, struct gs_span name,
    const char *value)
{
	const char *names[GS_P_COUNT];
	char word[64] = "";
	struct gs_err err;

	if (gs_params_set(&o->params, gs_span_trim(name),
		gs_span(value, strlen(value)), true, &err) == 0)
		return 0;
	for (size_t i = 0; i < GS_P_COUNT; i++)
		names[i] = gs_param_defs[i].name;
	if (name.n < sizeof(word))
		memcpy(word, name.p, name.n);
	const char *near = cli_nearest(word, names, GS_P_COUNT);
	bool other = near != NULL && strcmp(near, word) != 0;
	return cli_usage(cli, "%s%s%s%s", err.text,
	    other ? "; did you mean '" : "", other ? near : "",
	    other ? "'?" : "");
}

static int
set_pair(const struct cli *cli, struct options *o)
{
	const char *equals = strchr(cli->arg, '=');

	if (equals == NULL)
		return cli_usage(cli, "-s wants NAME=VALUE");
	return set_parameter(cli, o,
	    gs_span(cli->arg, (size_t)(equals - cli->arg)), equals + 1);
}

static int
set_prune(const struct cli *cli, struct gs_fleet *f)
{
	if (cli->arg != NULL && strcmp(cli->arg, "all") != 0)
		return cli_usage(cli,
		    "--prune takes =all, or nothing behind it");
	f->prune = true;
	f->prune_all |= cli->arg != NULL;
	return 0;
}

static int
read_parameters(const struct cli *cli, struct options *o)
{
	if (cli_reads(cli, "-p", cli->arg) != CLI_OK)
		return CLI_TROUBLE;
	return gs_snom_report_params(&o->report, &o->params, cli->arg);
}

/* Returns 0, or another value after a complaint about a wrong one. */
static int
set_option(const struct cli *cli, struct options *o, int c)
{
	struct gs_fleet *f = &o->fleet;

	for (size_t i = 0; i < LIMITS; i++)
		o->limited[i] |= limits[i].c == c;
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
	case 's': return set_pair(cli, o);
	case 'b': f->base = cli->arg; return cli_reads(cli, "-b", f->base);
	case 'k': f->keys = cli->arg; return cli_reads(cli, "-k", f->keys);
	case OPT_PROFILE:
		return set_parameter(cli, o, GS_LIT("profile"), cli->arg);
	case OPT_PRUNE: return set_prune(cli, f);
	case OPT_LINKS: f->links = true; return 0;
	case 'n': o->report.dry = true; return 0;
	case 'f':
		return gs_format_parse(cli->arg, &o->format) == 0 ?
		    0 :
		    cli_usage(cli, "-f wants text, json or sarif");
	case 'j': o->format = GS_JSON; return 0;
	case 'W':
		return gs_severity_parse(cli->arg, &o->report.threshold) == 0 ?
		    0 :
		    cli_usage(cli, "-W wants error, warning or note");
	case 'q': o->report.quiet = true; return 0;
	case 'v': o->report.verbose = true; return 0;
	default: return CLI_TROUBLE;
	}
}

/* A file of a phone, or with --links a link to one. */
static bool
is_written(const void *arg, const char *name)
{
	const struct gs_fleet *f = arg;

	return gs_store_may_take(name, f->links || f->prune);
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
		bad = bad ||
		    cli_writes_in(cli, "-o", o->out, is_written, &o->fleet);
	return bad;
}

/* ---- modes: each returns 0, 1 or -1 as those of snom/report.h do, or
 * CLI_TROUBLE */

static void
say_stdin(const struct cli *cli, const struct options *o, const char *file)
{
	if (!o->report.quiet)
		cli_say_stdin(cli, file);
}

static int
check_files(const struct cli *cli, struct options *o)
{
	int worst = 0, n = cli->argc - optind;

	gs_report_begin(&o->report.out);
	for (int i = 0; i < (n > 0 ? n : 1); i++) {
		const char *file = n > 0 ? cli->argv[optind + i] : "-";
		say_stdin(cli, o, file);
		int got = gs_snom_report_check(&o->report, &o->params, file);
		worst = got == -1 || worst == -1 ? -1 : got | worst;
	}
	gs_report_end(&o->report.out);
	return worst;
}

static int
harden(const struct cli *cli, struct options *o, const char *file)
{
	struct gs_buf out;

	if (gs_params_profile(&o->params) == GS_LEGACY)
		return cli_usage(cli, "--harden has no profile legacy");
	if (strcmp(gs_params_get(&o->params, GS_P_TRANSPORT), "tls") != 0)
		return cli_usage(cli, "--harden is for transport tls");
	gs_buf_init(&out, 2 * GS_DOC_SIZE);
	say_stdin(cli, o, file);
	int got = gs_snom_report_harden(&o->report, &o->params, file, &out);
	if (got != -1 && !o->report.dry)
		(void)fwrite(out.p, 1, out.n, stdout);
	gs_buf_free(&out);
	return got;
}

static int
render(const struct cli *cli, struct options *o, const char *accounts)
{
	struct gs_fleet *f = &o->fleet;
	struct gs_buf out;
	uint64_t mac;

	f->accounts = accounts;
	f->params = &o->params;
	if (o->mode == PHONE &&
	    gs_mac_parse(gs_span(o->word, strlen(o->word)), &mac) == -1)
		return cli_usage(cli, "'%s' is no MAC address", o->word);
	gs_snom_report_profile(&o->report, &o->params);
	say_stdin(cli, o, accounts);
	if (o->mode == RENDER)
		return gs_snom_report_folder(&o->report, f, o->out);
	gs_buf_init(&out, GS_RENDER_SIZE);
	f->only = &mac;
	f->out = &out;
	int got = gs_snom_report_fleet(&o->report, f);
	if (got != -1)
		(void)fwrite(out.p, 1, out.n, stdout);
	gs_buf_free(&out);
	return got;
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

static int
run(const struct cli *cli, struct options *o)
{
	const char *file = optind < cli->argc ? cli->argv[optind] : "-";
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
	o->report.out.format = o->report.err.format = o->format;
	switch (o->mode) {
	case RENDER:
	case PHONE: return render(cli, o, file);
	case HARDEN: return harden(cli, o, file);
	case CHECK: return check_files(cli, o);
	case DHCP: return show_dhcp(cli, o);
	case RULES: return cli_tell_rules(cli, gs_snom_rules, o->word, link_of);
	case MODELS: gs_snom_report_models(&o->report, &o->params); return 0;
	}
	return CLI_TROUBLE;
}

static struct gs_report
new_report(FILE *fp)
{
	return (struct gs_report){ .fp = fp,
		.color = cli_color(fp),
		.tool = "gs-snomcfg",
		.version = CLI_VERSION,
		.rules = gs_snom_rules };
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
	struct options o = { .report = { .threshold = GS_ERROR,
				 .out = new_report(stdout),
				 .err = new_report(stderr),
				 .complain = complain,
				 .arg = &cli } };
	struct gs_guard guard;
	int c, status = 0;

	if (cli_forbid_core(&cli) == -1)
		return CLI_TROUBLE;
	gs_guard_init(&guard);
	cli.guard = &guard;
	gs_params_init(&o.params);
	while (status == 0 && (c = cli_next(&cli)) > 0)
		status = set_option(&cli, &o, c);
	if (status == 0)
		status = c == -1 ? CLI_TROUBLE : run(&cli, &o);
	gs_guard_free(&guard);
	gs_params_free(&o.params);
	return cli_close_stdout(&cli, status == -1 ? CLI_TROUBLE : status);
}
