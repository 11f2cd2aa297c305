/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <getopt.h>
#include <time.h>

#include "cert/action.h"
#include "shell.h"

enum { FINDINGS_MAX = 200, EXPLAINED = 1 /* options that the help explains */ };

/* clang-format off */
/* Long options: action, details and places. */
enum {
	OPT_CSR = 256, OPT_IMPORT, OPT_CHECK, OPT_STATUS, OPT_SHOW, OPT_AUTO,
	OPT_CHAIN, OPT_WARN, OPT_CA, OPT_SUBJECT, OPT_SAN, OPT_KEY, OPT_DAYS,
	OPT_RENEW_BEFORE, OPT_NEW_KEY, OPT_FORCE, OPT_SWITCH, OPT_NO_AUTO_SAN,
	OPT_SELF_SIGNED, OPT_NEW_CA, OPT_PASS_FILE, OPT_ROOT, OPT_SSL_DIR,
	OPT_LINK_NAME, OPT_DER, OPT_FS, OPT_NO_FS, OPT_TLS_PEM, OPT_WSS_PEM,
	OPT_DTLS_PEM, OPT_OWNER, OPT_KEY_GROUP, OPT_RUN, OPT_WITH_KEY,
	OPT_TRUST, OPT_CONNECT, OPT_PHONE, OPT_CRIT, OPT_IDLE, OPT_IDLE_TIMEOUT,
	OPT_PRIVATE
};
/* clang-format on */

static const struct cli_opt options[] = {
	{ OPT_CA, "ca", NULL, "sign with a local CA, which phones keep", NULL },
	{ OPT_DER, "der", "FILE", "write what phones must trust", NULL },
	{ OPT_SUBJECT, "subject", "NAME", "'C=DE,O=Example', no CN", NULL },
	{ OPT_SAN, "san", "NAME", "a further name or address", NULL },
	{ OPT_KEY, "key", "KIND", "type of a new key",
	    "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384" },
	{ OPT_NEW_KEY, "new-key", NULL, "make a new key", NULL },
	{ OPT_OWNER, "owner", "USER[:GROUP]", "of FreeSWITCH files", NULL },
	{ OPT_KEY_GROUP, "key-group", "GROUP", "of key files (0640)", NULL },
	{ OPT_RUN, "run", "COMMAND", "run with sh after any change", NULL },
	{ OPT_IDLE, "run-when-idle", "COMMAND", "when no call runs", NULL },
	{ OPT_IDLE_TIMEOUT, "idle-timeout", "SECONDS", "(600)", NULL },
	{ OPT_CSR, "csr", "FILE", "write a certificate request", NULL },
	{ OPT_PRIVATE, "private", NULL, "with private names", NULL },
	{ OPT_IMPORT, "import", "FILE", "use a signed certificate", NULL },
	{ OPT_CHAIN, "chain", "FILE", "more certificates", NULL, OPT_IMPORT },
	{ OPT_WITH_KEY, "with-key", "FILE", "its key", NULL, OPT_IMPORT },
	{ OPT_TRUST, "trust", "FILE", "trusted roots (the system's)", NULL },
	{ OPT_CHECK, "check", NULL, "check the certificates in service", NULL },
	{ OPT_STATUS, "status", NULL, "check as a monitoring plugin", NULL },
	{ OPT_WARN, "warn-days", "DAYS", "warn DAYS before expiry (30)", NULL },
	{ OPT_CRIT, "crit-days", "DAYS", "error DAYS before expiry (0)", NULL },
	{ OPT_CONNECT, "connect", "HOST", "see what a server serves", NULL },
	{ OPT_PHONE, "phone", "MODEL", "as this phone", NULL, OPT_CONNECT },
	{ OPT_SHOW, "show", NULL, "show the certificates in service", NULL },
	{ OPT_AUTO, "auto", NULL, "set in service, or this host's name", NULL },
	{ OPT_SWITCH, "switch", NULL, "put another name in service", NULL },
	{ OPT_SELF_SIGNED, "self-signed", NULL, "leave the local CA", NULL },
	{ OPT_NEW_CA, "new-ca", NULL, "renew the local CA", NULL },
	{ OPT_FORCE, "force", NULL, "replace what is otherwise kept", NULL },
	{ OPT_NO_AUTO_SAN, "no-auto-san", NULL, "omit host addresses", NULL },
	{ OPT_DAYS, "days", "N", "validity in days (825)", NULL },
	{ OPT_RENEW_BEFORE, "renew-before", "DAYS", "renew early (30)", NULL },
	{ OPT_PASS_FILE, "pass-file", "FILE", "pass phrase; or fd:N", NULL },
	{ OPT_ROOT, "root", "DIR", "put DIR before all paths", NULL },
	{ OPT_SSL_DIR, "ssl-dir", "DIR", "/etc/ssl", NULL },
	{ OPT_LINK_NAME, "link-name", "NAME", "gemeinschaft", NULL },
	{ OPT_FS, "freeswitch-dir", "DIR", "of FreeSWITCH's files", NULL },
	{ OPT_NO_FS, "no-freeswitch", NULL, "skip FreeSWITCH files", NULL },
	{ OPT_TLS_PEM, "tls-pem", NULL, "also create tls.pem", NULL },
	{ OPT_WSS_PEM, "wss-pem", NULL, "also create wss.pem", NULL },
	{ OPT_DTLS_PEM, "dtls-pem", NULL, "also create dtls-srtp.pem", NULL },
	{ 0 },
};

static cli_library *const libraries[] = { gs_cert_x509_library, NULL };

static const char synopsis[] =
    "  gs-certgen [options] [FQDN | --auto]         make or renew a set\n"
    "  gs-certgen --csr FILE ...                    request a signature\n"
    "  gs-certgen --import FILE [--with-key FILE] ...  use a signed certificate\n"
    "  gs-certgen --check | --status | --show | --connect HOST ...   look\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --status --warn-days 30\n";

/* Options that exclude each other. */
static const char no_switch[] =
    "--switch changes what is in service, and --csr, --check, --status and "
    "--show do not";

static const struct cli_conflict conflicts[] = {
	{ OPT_SWITCH, CLI_OPERAND, true,
	    "--switch takes the name that is to be in service: give it as "
	    "operand" },
	{ OPT_SWITCH, OPT_CSR, false, no_switch },
	{ OPT_SWITCH, OPT_CHECK, false, no_switch },
	{ OPT_SWITCH, OPT_STATUS, false, no_switch },
	{ OPT_SWITCH, OPT_SHOW, false, no_switch },
	{ OPT_SELF_SIGNED, OPT_CA, false,
	    "--self-signed cannot be combined with --ca" },
	{ OPT_SELF_SIGNED, OPT_NEW_CA, false,
	    "--self-signed cannot be combined with --new-ca" },
	{ CLI_WRITE_BASELINE, OPT_SHOW, false, "--show checks nothing" },
	{ 0 },
};

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
		    "--csr, --import, --check, --status and --show are "
		    "different jobs: use one");
	g->what = c;
	g->a.kind = kind;
	g->a.file = g->cli.arg;
	return 0;
}

static int
read_option(struct certgen *g, int c)
{
	struct gs_cert_action *a = &g->a;
	const struct cli_opt *o = options;
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

static int
read_options(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_err err;
	int c;

	while ((c = cli_next(&g->cli)) != 0)
		if (c == -1 || read_option(g, c) != 0)
			return -1;
	if (cli_conflicts(&g->cli, conflicts) != CLI_OK)
		return -1;
	a->print.report = cli_report(&g->cli, false);
	a->print.quiet = g->cli.quiet;
	a->print.verbose = g->cli.verbose;
	a->job.dry = g->cli.dry;
	a->level = g->cli.level;
	a->operand = cli_given(&g->cli, CLI_OPERAND);
	if (a->endpoints > 0 && g->what == 0)
		a->kind = GS_ACTION_CONNECT;
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
	if (gs_cert_action_run(a, &g->diags, &answer, &err) == -1)
		return cli_complain(&g->cli, "%s", err.text);
	if (answer.changed && a->print.run != NULL &&
	    cli_shell(&g->cli, a->print.run, "the set is in place") != CLI_OK)
		return CLI_TROUBLE;
	if (answer.owed && a->print.idle != NULL) {
		int r = cli_shell_idle(&g->cli, a->print.idle, a->idle_timeout);
		if (r != CLI_OK)
			return r;
		if (gs_cert_action_paid(a, &err) == -1)
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
		    .opts = options,
		    .explained = EXPLAINED,
		    .changes = true,
		    .rules = &gs_cert_rules,
		    .formats = gs_format_words_figures,
		    .warn_hint = "; how early to warn is --warn-days DAYS",
		    .level = GS_ERROR,
		    .libraries = libraries,
		    .argc = argc,
		    .argv = argv,
		    .guard = &g.guard },
	};
	struct gs_err err;

	gs_cert_key_wipe_freed();
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
