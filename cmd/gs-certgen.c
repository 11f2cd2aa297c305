/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <getopt.h>
#include <time.h>

#include "cert/action.h"
#include "certgen_opts.h"
#include "shell.h"

enum { FINDINGS_MAX = 200 };

static cli_library *const libraries[] = { gs_cert_x509_library, NULL };

/* The command line, and the state of a run. */
struct certgen {
	struct cli cli;
	struct gs_guard guard;
	int what; /* the option of the action, or 0 */
	struct gs_cert_action a;
	struct gs_diags diags;
	bool critical; /* the answer to --status */
};

/* ---- options */

static int
set_what(struct certgen *g, int c, enum gs_cert_action_kind kind)
{
	if (g->what != 0 && g->what != c)
		return cli_usage(&g->cli,
		    "--csr, --import, --check, --status and --show cannot be "
		    "combined: use one");
	g->what = c;
	g->a.kind = kind;
	g->a.file = g->cli.arg;
	return 0;
}

static int
read_option(struct certgen *g, int c)
{
	struct gs_cert_action *a = &g->a;
	const struct cli_opt *o = opts;
	struct gs_err err;

	switch (c) {
	case OPT_CSR: return set_what(g, c, GS_ACTION_CSR);
	case OPT_IMPORT: return set_what(g, c, GS_ACTION_IMPORT);
	case OPT_STATUS: a->print.status = true; /* fall through */
	case OPT_CHECK: return set_what(g, OPT_CHECK, GS_ACTION_CHECK);
	case OPT_SHOW: return set_what(g, c, GS_ACTION_SHOW);
	case OPT_KEY:
		if (cli_word(&g->cli, c) == -1)
			return -1;
		break;
	default: break;
	}
	while (o->c != c)
		o++;
	return gs_cert_action_set(a, o->name, g->cli.arg, &err) == 0 ?
	    0 :
	    cli_usage(&g->cli, "%s", err.text);
}

/* ---- which option applies to which action */

enum {
	MAKE = 1u << GS_ACTION_ENSURE,
	CSR = 1u << GS_ACTION_CSR,
	IMPORT = 1u << GS_ACTION_IMPORT,
	LOOK = 1u << GS_ACTION_CHECK | 1u << GS_ACTION_SHOW |
	    1u << GS_ACTION_CONNECT
};

/* Where others would be misleading or do harm. A script has its options in one
 * variable, and gives them to every action: most belong to the site. */
static const struct cli_use uses[] = {
	{ OPT_CA, MAKE | CSR | LOOK },
	{ OPT_SELF_SIGNED, MAKE | CSR | LOOK },
	{ OPT_NEW_CA, MAKE },
	{ OPT_NEW_KEY, MAKE | CSR },
	{ OPT_PRIVATE, CSR },
	{ OPT_FORCE, MAKE | CSR | IMPORT },
	{ OPT_SWITCH, MAKE | IMPORT },
	{ 0 },
};

static int
check_uses(const struct certgen *g)
{
	const int actions[] = { 0, OPT_CSR, OPT_IMPORT,
		g->a.print.status ? OPT_STATUS : OPT_CHECK, OPT_SHOW,
		OPT_CONNECT };

	return cli_check_uses(&g->cli, uses, g->a.kind, actions);
}

static int
read_options(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_err err;
	int c;

	while ((c = cli_next(&g->cli)) != 0)
		if (c == -1 || read_option(g, c) != 0)
			return -1;
	a->print.report = cli_report(&g->cli, false);
	a->print.quiet = g->cli.quiet;
	a->print.verbose = g->cli.verbose;
	a->job.dry = g->cli.dry;
	a->level = g->cli.level;
	a->operand = cli_given(&g->cli, CLI_OPERAND);
	if (a->endpoints > 0 && g->what == 0)
		a->kind = GS_ACTION_CONNECT;
	if (check_uses(g) != CLI_OK)
		return -1;
	if (gs_cert_action_settle(a, &err) == -1)
		return cli_usage(&g->cli, "%s", err.text);
	for (int i = optind + 1; i < g->cli.argc; i++)
		if (gs_cert_action_name(a, g->cli.argv[i], &err) == -1)
			return cli_usage(&g->cli, "%s", err.text);
	return 0;
}

/* ---- the run */

/* No output is an input. */
static int
guard_files(const struct certgen *g)
{
	struct gs_err err;

	for (size_t i = 0; i < g->a.nfiles; i++) {
		const struct gs_cert_action_file *f = &g->a.files[i];

		if (gs_cert_action_fits(f, &err) == -1)
			return cli_complain(&g->cli, "%s", err.text);
		if ((f->written ? cli_writes : cli_reads)(&g->cli, f->what,
			f->path) != CLI_OK)
			return -1;
	}
	return cli_writes(&g->cli, NULL, "-");
}

/* No name was given. */
static int
preview(struct certgen *g)
{
	gs_cert_action_preview(&g->a, &g->diags);
	(void)fflush(NULL);
	(void)cli_complain(&g->cli,
	    "nothing is in service yet, so nothing was changed. Choose the "
	    "name:");
	(void)fprintf(g->cli.err, "%.*s", (int)g->a.ways.n,
	    (char *)g->a.ways.p);
	return CLI_TROUBLE;
}

static int
run(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_cert_answer answer;
	struct gs_err err;

	if (gs_cert_action_prepare(a, &g->diags, &err) == -1)
		return (a->misused ? cli_usage : cli_complain)(&g->cli, "%s",
		    err.text);
	if (guard_files(g) != 0)
		return CLI_TROUBLE;
	if (gs_cert_action_is_bare(a))
		return preview(g);
	int r = gs_cert_action_run(a, &g->diags, &answer, &err);
	if (a->trust.unread.text[0] != '\0' && !g->cli.quiet)
		(void)cli_complain(&g->cli,
		    "%s: its certificates are not among those of --trust",
		    a->trust.unread.text);
	if (r == -1)
		return cli_complain(&g->cli, "%s", err.text);
	if (answer.changed && a->print.run != NULL &&
	    cli_shell(&g->cli, a->print.run) != CLI_OK)
		return CLI_TROUBLE;
	if (answer.owed && a->print.idle != NULL) {
		bool ran;
		r = cli_shell_idle(&g->cli, a->print.idle, a->idle_timeout,
		    &ran);
		if (r != CLI_OK)
			return r;
		if (ran && gs_cert_action_paid(a, &err) == -1)
			return cli_complain(&g->cli, "%s", err.text);
	}
	if (!a->print.status)
		return answer.good ? CLI_OK : CLI_NO;
	enum gs_plugin status = gs_plugin_of(&g->diags);
	g->critical = status == GS_PLUGIN_CRITICAL;
	return (int)status;
}

static int
act(struct certgen *g)
{
	if (cli_begin(&g->cli) == -1)
		return CLI_TROUBLE;
	if (read_options(g) != 0)
		return cli_end(&g->cli, CLI_TROUBLE);
	gs_report_begin(&g->a.print.report);
	g->diags.mute = &g->cli.mute;
	int status = cli_end_report(&g->cli, &g->a.print.report, run(g));
	return cli_close_stdout(&g->cli, status);
}

int
main(int argc, char **argv)
{
	struct certgen g = {
		.cli = { .tool = "gs-certgen",
		    .synopsis = synopsis,
		    .examples = examples,
		    .opts = opts,
		    .conflicts = conflicts,
		    .explained = EXPLAINED,
		    .changes = true,
		    .rules = &gs_cert_rules,
		    .formats = gs_format_words_figures,
		    .warn_hint =
			"; to set how early to warn, use --warn-days DAYS",
		    .level = GS_ERROR,
		    .libraries = libraries,
		    .argc = argc,
		    .argv = argv,
		    .guard = &g.guard },
	};
	struct gs_err err;

	gs_cert_ossl_own();
	gs_guard_init(&g.guard);
	gs_diags_init(&g.diags, gs_cert_rules, NULL, FINDINGS_MAX);
	if (gs_cert_action_init(&g.a, &err) == -1)
		return cli_complain(&g.cli, "%s", err.text);
	g.a.argc = argc;
	g.a.argv = argv;
	g.a.job.now = (int64_t)time(NULL);
	int status = act(&g);
	gs_guard_free(&g.guard);
	gs_cert_action_free(&g.a);
	gs_diags_free(&g.diags);
	return cli_plugin(&g.cli, OPT_STATUS, g.critical, status);
}
