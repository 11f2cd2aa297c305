/* SPDX-License-Identifier: MIT */
/* gs-snomcfg: settings that put a Snom phone on TLS and SRTP, and a check
 * for any settings file. */
#include <getopt.h>

#include "snom/fleet.h"
#include "snom/params.h"
#include "snom/report.h"
#include "snom/rules.h"
#include "snom/outdir.h"
#include "snom/xml.h"
#include "snomcfg_opts.h"

struct options {
	enum mode mode;
	const char *mode_name; /* as given; NULL: chosen by -o */
	const char *word; /* the argument of --phone or --dhcp */
	const char *out;
	struct gs_snom_params params;
	struct gs_snom_fleet fleet;
	struct gs_snom_report report;
};

static cli_library *const libraries[] = { gs_snom_xml_library, NULL };

static void
complain(const void *cli, bool usage, const char *text)
{
	(void)(usage ? cli_usage : cli_complain)(cli, "%s", text);
}

static void
unchecked(const void *cli, struct gs_report *out, const struct gs_err *why)
{
	(void)cli_unchecked(cli, out, why);
}

static int
set_mode(const struct cli *cli, struct options *o, enum mode mode,
    const char *name)
{
	if (o->mode_name != NULL)
		return cli_usage(cli,
		    "%s cannot be combined with %s: use one of --phone, "
		    "--harden, --check, --dhcp, --models",
		    o->mode_name, name);
	o->mode = mode;
	o->mode_name = name;
	o->word = cli->arg;
	return 0;
}

/* text is NAME=VALUE, or the value of the parameter name. */
static int
set_parameter(const struct cli *cli, struct options *o, const char *name,
    const char *text)
{
	struct gs_err err;
	const char *equals = name != NULL ? text - 1 : strchr(text, '=');

	if (equals == NULL)
		return cli_usage(cli, "--set requires NAME=VALUE");
	struct gs_span n = name != NULL ?
	    gs_span_of(name) :
	    gs_span(text, (size_t)(equals - text));
	if (gs_snom_params_misspelt(gs_span_trim(n), &err))
		(void)cli_complain(cli, "%s", err.text);
	return gs_snom_params_set(&o->params, gs_span_trim(n),
		   gs_span_of(equals + 1), true, &err) == 0 ?
	    0 :
	    cli_usage(cli, "%s", err.text);
}

/* Returns 0, or another value after an error message. */
static int
set_option(const struct cli *cli, struct options *o, int c)
{
	struct gs_snom_fleet *f = &o->fleet;
	struct gs_err err;

	switch (c) {
	case 'o': o->out = cli->arg; return 0;
	case OPT_PHONE: return set_mode(cli, o, PHONE, "--phone");
	case OPT_HARDEN: return set_mode(cli, o, HARDEN, "--harden");
	case OPT_CHECK: return set_mode(cli, o, CHECK, "--check");
	case OPT_DHCP:
		return cli_word(cli, c) == -1 ?
		    CLI_TROUBLE :
		    set_mode(cli, o, DHCP, "--dhcp");
	case OPT_MODELS: return set_mode(cli, o, MODELS, "--models");
	case 'p':
		o->report.err = cli_report(cli, true);
		return cli_reads(cli, "-p", cli->arg) != CLI_OK ?
		    CLI_TROUBLE :
		    gs_snom_report_params(&o->report, &o->params, cli->arg);
	case 's': return set_parameter(cli, o, NULL, cli->arg);
	case 'b': f->base = cli->arg; return cli_reads(cli, "-b", f->base);
	case 'k': f->keys = cli->arg; return cli_reads(cli, "-k", f->keys);
	case OPT_PROFILE:
		return cli_word(cli, c) == -1 ?
		    CLI_TROUBLE :
		    set_parameter(cli, o, "profile", cli->arg);
	case OPT_PRUNE:
		f->prune = true;
		f->prune_all |= cli->arg != NULL;
		return cli_word(cli, c) == -1 ? CLI_TROUBLE : 0;
	case OPT_LINKS: f->links = true; return 0;
	case OPT_FORCE: f->force = true; return 0;
	case OPT_REQUIRE:
		return gs_snom_links_parse(cli->arg, &o->report.require,
			   &err) == 0 ?
		    0 :
		    cli_usage(cli, "--require takes %s", err.text);
	default: return CLI_TROUBLE;
	}
}

/* A file of a phone, or with --links a link to one. */
static bool
is_written(const void *arg, const char *name)
{
	const struct gs_snom_fleet *f = arg;

	return gs_snom_outdir_may_take(name, f->links || f->prune);
}

/* Names the inputs among the operands, or standard input, and the outputs;
 * files of options were named when they were read. */
static int
guard_files(const struct cli *cli, const struct options *o, char *const *file,
    int n)
{
	int bad = cli_writes(cli, NULL, "-");

	for (int i = 0; bad == 0 && o->mode <= CHECK && i < n; i++)
		bad = cli_reads(cli, NULL, file[i]);
	if (bad == 0 && o->mode == RENDER)
		bad = cli_writes_in(cli, "-o", o->out, is_written, &o->fleet);
	return bad;
}

/* With "--harden -o DIR", nobody expects the passwords on standard output. */
static int
check_options(const struct cli *cli, const struct options *o, int operands)
{
	if (o->mode == RENDER && o->out == NULL)
		return cli_usage(cli,
		    "nothing to do: give -o DIR, --phone, --harden, --check, "
		    "--dhcp or --models");
	if (cli_check_uses(cli, uses, o->mode, modes) != CLI_OK)
		return CLI_TROUBLE;
	if (operands > (o->mode < CHECK) && o->mode != CHECK)
		return cli_usage(cli, "too many operands");
	return 0;
}

/* Settings and lines for a server are for programs, and stay as they are. */
static void
set_report(const struct cli *cli, struct options *o)
{
	struct gs_snom_report *r = &o->report;

	r->out = cli_report(cli, false);
	r->err = cli_report(cli, true);
	if (o->mode == PHONE || o->mode == HARDEN || o->mode == DHCP)
		r->out.fp = stdout;
	r->quiet = cli->quiet;
	r->verbose = cli->verbose;
	r->dry = cli->dry;
}

static int
run(struct cli *cli, struct options *o)
{
	static char standard_input[] = "-";
	char *const none[] = { standard_input };
	struct gs_snom_report *r = &o->report;
	struct gs_err err;

	if (check_options(cli, o, cli->argc - optind) != 0 ||
	    (o->mode == CHECK && cli_files(cli, ".xml .htm .html") != CLI_OK))
		return CLI_TROUBLE;
	int n = cli->argc - optind;
	char *const *file = n > 0 ? cli->argv + optind : none;
	set_report(cli, o);
	n = n > 0 ? n : 1;
	cli->input = o->mode < HARDEN ? "rows of accounts" : "settings";
	if (guard_files(cli, o, file, n) != 0)
		return CLI_TROUBLE;
	if (o->mode <= DHCP && o->mode != CHECK &&
	    gs_snom_params_finish(&o->params, o->mode != HARDEN, &err) == -1)
		return cli_complain(cli, "%s", err.text);
	o->fleet.params = &o->params;
	o->fleet.accounts = file[0];
	switch (o->mode) {
	case RENDER: return gs_snom_report_folder(r, &o->fleet, o->out);
	case PHONE: return gs_snom_report_phone(r, &o->fleet, o->word);
	case HARDEN: return gs_snom_report_harden(r, &o->params, file[0]);
	case CHECK: return gs_snom_report_check(r, &o->params, file, n);
	case DHCP: return gs_snom_report_dhcp(r, &o->params, o->word);
	case MODELS: gs_snom_report_models(r, &o->params); break;
	}
	return CLI_OK;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .tool = "gs-snomcfg",
		.synopsis = synopsis,
		.examples = examples,
		.opts = opts,
		.explained = EXPLAINED,
		.changes = true,
		.rules = &gs_snom_rules,
		.level = GS_ERROR,
		.libraries = libraries,
		.argc = argc,
		.argv = argv };
	struct options o = { .report = { .complain = complain,
				 .unchecked = unchecked,
				 .arg = &cli } };
	struct gs_guard guard;
	int c, status = 0;

	if (cli_begin(&cli) == -1)
		return CLI_TROUBLE;
	gs_guard_init(&guard);
	cli.guard = &guard;
	o.report.mute = &cli.mute;
	o.report.require = GS_SNOM_REQUIRED;
	gs_snom_params_init(&o.params);
	while (status == 0 && (c = cli_next(&cli)) > 0)
		status = set_option(&cli, &o, c);
	if (status == 0)
		status = c == -1 ? CLI_TROUBLE : run(&cli, &o);
	gs_guard_free(&guard);
	gs_snom_params_free(&o.params);
	return cli_close_stdout(&cli, status == -1 ? CLI_TROUBLE : status);
}
