/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <getopt.h>
#include <stdlib.h>
#include <time.h>

#include "cert/action.h"
#include "findings.h"
#include "shell.h"

enum { FINDINGS_MAX = 200 };

/* Long options: what is done, how, and where. */
enum { OPT_CSR = 256, OPT_IMPORT, OPT_CHECK, OPT_SHOW, OPT_AUTO };
enum { OPT_CHAIN = 270, OPT_WARN, OPT_CA, OPT_SUBJECT, OPT_SAN, OPT_KEY };
enum { OPT_DAYS = 280, OPT_RENEW_BEFORE, OPT_NEW_KEY, OPT_FORCE, OPT_SWITCH };
enum { OPT_NO_AUTO_SAN = 290, OPT_SELF_SIGNED, OPT_NEW_CA, OPT_PASS_FILE };
enum { OPT_ROOT = 300, OPT_SSL_DIR, OPT_LINK_NAME, OPT_DER, OPT_FS, OPT_NO_FS };
enum { OPT_TLS_PEM = 310, OPT_WSS_PEM, OPT_DTLS_PEM, OPT_OWNER, OPT_KEY_GROUP };
enum { OPT_RUN = 320 };

/* The first ones are explained by the help. */
static const struct cli_opt options[] = {
	{ OPT_CA, "ca", NULL,
	    "sign with a local CA, which phones keep trusting" },
	{ OPT_DER, "der", "FILE", "what phones must trust, as DER" },
	{ OPT_SUBJECT, "subject", "NAME", "e.g. 'C=DE,O=Example'; CN is FQDN" },
	{ OPT_SAN, "san", "NAME", "dns:NAME or ip:ADDRESS (repeat)" },
	{ OPT_KEY, "key", "KIND",
	    "rsa:2048 (default), 3072, 4096, ec:P-256, P-384" },
	{ OPT_NEW_KEY, "new-key", NULL, "make a new key; the old is kept" },
	{ OPT_OWNER, "owner", "USER[:GROUP]", "of FreeSWITCH's files" },
	{ OPT_KEY_GROUP, "key-group", "GROUP", "may read keys (0640)" },
	{ OPT_RUN, "run", "COMMAND", "after a change, by sh" },
	{ 'n', "dry-run", NULL, "say what would be done" },
	{ 'j', "json", NULL, "JSON Lines" },
	{ 'q', "quiet", NULL, "only what is wrong" },
	{ OPT_CSR, "csr", "FILE", "write a request for external signing" },
	{ OPT_IMPORT, "import", "FILE",
	    "check a signed certificate, put it in service" },
	{ OPT_CHAIN, "chain", "FILE", "more certificates for --import" },
	{ OPT_CHECK, "check", NULL, "is what is in place good?" },
	{ OPT_WARN, "warn", "DAYS", "--check: warn so many days before (30)" },
	{ OPT_SHOW, "show", NULL, "what is in place" },
	{ OPT_AUTO, "auto", NULL, "the set in service, or this host's name" },
	{ OPT_SWITCH, "switch", NULL, "take another name into service" },
	{ OPT_SELF_SIGNED, "self-signed", NULL, "leave the local CA" },
	{ OPT_NEW_CA, "new-ca", NULL, "make the local CA again" },
	{ OPT_FORCE, "force", NULL, "replace what is otherwise kept" },
	{ OPT_NO_AUTO_SAN, "no-auto-san", NULL,
	    "leave out this host's addresses" },
	{ OPT_DAYS, "days", "N", "how long it is valid (825)" },
	{ OPT_RENEW_BEFORE, "renew-before", "DAYS", "renew so early (30)" },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "opens an encrypted key; fd:N is a descriptor" },
	{ OPT_ROOT, "root", "DIR", "put before all paths" },
	{ OPT_SSL_DIR, "ssl-dir", "DIR", "/etc/ssl" },
	{ OPT_LINK_NAME, "link-name", "NAME", "gemeinschaft" },
	{ OPT_FS, "freeswitch-dir", "DIR", "/var/opt/GS5/freeswitch/conf/ssl" },
	{ OPT_NO_FS, "no-freeswitch", NULL, "no files for it" },
	{ OPT_TLS_PEM, "tls-pem", NULL, "also tls.pem" },
	{ OPT_WSS_PEM, "wss-pem", NULL, "also wss.pem" },
	{ OPT_DTLS_PEM, "dtls-pem", NULL, "also dtls-srtp.pem" },
	{ 'v', "verbose", NULL, "every file and link" },
	CLI_OPT_RULES,
	CLI_OPT_EXPLAIN,
	{ 0, NULL, NULL, NULL },
};

enum { EXPLAINED = 10 };

static const struct cli_values values[] = {
	{ OPT_KEY, .words = "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384" },
	{ CLI_EXPLAIN, .rules = &gs_cert_rules }, { 0 }
};

static cli_library *const libraries[] = { gs_cert_x509_library, NULL };

static const char synopsis[] =
    "  gs-certgen [options] [FQDN | --auto]   a good certificate in place\n"
    "  gs-certgen --csr FILE ...        a request for external signing\n"
    "  gs-certgen --import FILE [--chain FILE] ...   its answer in service\n"
    "  gs-certgen --check [--warn DAYS] ...          is it good?\n"
    "  gs-certgen --show ...            what is in place\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --check --warn 30\n";

/* What does not go together. */
static const char no_switch[] =
    "--switch changes what is in service, and --csr, --check and --show do "
    "not";

static const struct cli_conflict conflicts[] = {
	{ OPT_SWITCH, CLI_OPERAND, true,
	    "--switch takes the name that is to be in service: give it as "
	    "operand" },
	{ OPT_SWITCH, OPT_CSR, false, no_switch },
	{ OPT_SWITCH, OPT_CHECK, false, no_switch },
	{ OPT_SWITCH, OPT_SHOW, false, no_switch },
	{ OPT_SWITCH, CLI_RULES, false, no_switch },
	{ OPT_SWITCH, CLI_EXPLAIN, false, no_switch },
	{ OPT_SELF_SIGNED, OPT_CA, false,
	    "--self-signed leaves the local CA: do not give --ca" },
	{ OPT_SELF_SIGNED, OPT_NEW_CA, false,
	    "--self-signed leaves the local CA: do not give --new-ca" },
	{ OPT_CHAIN, OPT_IMPORT, true, "--chain belongs to --import" },
	{ 0 },
};

/* The command line, and what belongs to one run. */
struct certgen {
	struct cli cli;
	struct gs_guard guard;
	int what; /* the option that says what is to be done, or 0 */
	struct gs_cert_action a;
	struct gs_diags diags;
};

/* ---- options */

static int
set_what(struct certgen *g, int c, enum gs_cert_action_kind kind)
{
	if (g->what != 0 && g->what != c)
		return cli_usage(&g->cli,
		    "--csr, --import, --check, --show, "
		    "--rules and --explain are different jobs: use one");
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
	case OPT_CHECK: return set_what(g, c, GS_ACTION_CHECK);
	case OPT_SHOW: return set_what(g, c, GS_ACTION_SHOW);
	case CLI_RULES:
	case CLI_EXPLAIN: return set_what(g, CLI_RULES, GS_ACTION_ENSURE);
	case 'j': a->print.report.format = GS_JSON; return 0;
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
	struct gs_err err;
	int c;

	while ((c = cli_next(&g->cli)) != 0)
		if (c == -1 || read_option(g, c) != 0)
			return -1;
	if (cli_conflicts(&g->cli, conflicts) != CLI_OK)
		return -1;
	g->a.operand = cli_given(&g->cli, CLI_OPERAND);
	if (gs_cert_action_settle(&g->a, &err) == -1)
		return cli_usage(&g->cli, "%s", err.text);
	if (g->cli.argc - optind > 1)
		return cli_usage(&g->cli,
		    "one host name, please: '%s' is too much",
		    g->cli.argv[optind + 1]);
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

/* Nobody has said which name is meant: what a run would make, and how to say
 * it. */
static int
preview(struct certgen *g)
{
	const char *command = (const char *)g->a.all.p;

	gs_cert_action_preview(&g->a, &g->diags);
	(void)fflush(stdout);
	(void)cli_complain(&g->cli,
	    "nothing is in service yet, and nothing "
	    "was changed: say which name is meant");
	if (g->a.shown[0] != '\0')
		(void)fprintf(stderr, "  %s --auto%*s(%s, this host's)\n",
		    command, 4, "", g->a.fqdn);
	(void)fprintf(stderr, "  %s FQDN\n", command);
	return CLI_TROUBLE;
}

/* The exit status of --check is that of monitoring plugins. */
static int
run(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_cert_answer answer;
	struct gs_err err;

	if (gs_cert_action_prepare(a, &g->diags, &err) == -1)
		return (a->trouble == GS_ACTION_USAGE ?
			cli_usage :
			cli_complain)(&g->cli, "%s", err.text);
	if (guard_files(g) != 0)
		return CLI_TROUBLE;
	if (gs_cert_action_is_bare(a))
		return preview(g);
	if (gs_cert_action_run(a, &g->diags, &answer, &err) == -1)
		return cli_complain(&g->cli, "%s", err.text);
	if (answer.changed && a->print.run != NULL &&
	    cli_shell(&g->cli, a->print.run, "the set is in place") != CLI_OK)
		return CLI_TROUBLE;
	if (a->kind == GS_ACTION_CHECK)
		return (int)gs_cert_status(&g->diags);
	return answer.good ? CLI_OK : CLI_NO;
}

static int
act(struct certgen *g)
{
	if (read_options(g) != 0)
		return CLI_TROUBLE;
	if (g->what == CLI_RULES)
		return cli_close_stdout(&g->cli,
		    cli_tell_rules(&g->cli, gs_cert_rules,
			cli_given(&g->cli, CLI_EXPLAIN), NULL));
	gs_report_begin(&g->a.print.report);
	int status = run(g);
	status = cli_end_report(&g->cli, &g->a.print.report, status);
	return cli_close_stdout(&g->cli, status);
}

int
main(int argc, char **argv)
{
	struct certgen *g = calloc(1, sizeof(*g));
	int status = CLI_TROUBLE;

	if (g == NULL || gs_cert_action_init(&g->a, NULL) == -1) {
		(void)fputs("gs-certgen: no memory\n", stderr);
		free(g);
		return CLI_TROUBLE;
	}
	g->cli = (struct cli){ .tool = "gs-certgen",
		.synopsis = synopsis,
		.examples = examples,
		.opts = options,
		.explained = EXPLAINED,
		.values = values,
		.libraries = libraries,
		.argc = argc,
		.argv = argv,
		.guard = &g->guard };
	g->a.argc = argc;
	g->a.argv = argv;
	g->a.job.now = (int64_t)time(NULL);
	g->a.print.report = (struct gs_report){ .fp = stdout,
		.color = cli_color(stdout),
		.tool = g->cli.tool,
		.version = CLI_VERSION,
		.rules = gs_cert_rules };
	gs_guard_init(&g->guard);
	gs_diags_init(&g->diags, gs_cert_rules, NULL, FINDINGS_MAX);
	gs_cert_key_wipe_freed();
	if (cli_forbid_core(&g->cli) == 0)
		status = act(g);
	gs_guard_free(&g->guard);
	gs_cert_action_free(&g->a);
	gs_diags_free(&g->diags);
	free(g);
	return status;
}
