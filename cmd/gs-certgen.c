/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cert/action.h"
#include "cert/print.h"
#include "cli.h"

enum {
	DAYS_DEFAULT = 825,
	DAYS_MAX = 36500,
	RENEW_DEFAULT = 30,
	FINDINGS_MAX = 200,
	REQUEST_MAX = 1024 * 1024,
};

enum {
	OPT_CSR = 256,
	OPT_IMPORT,
	OPT_CHAIN,
	OPT_CHECK,
	OPT_WARN,
	OPT_SHOW,
	OPT_CA,
	OPT_SUBJECT,
	OPT_SAN,
	OPT_NO_AUTO_SAN,
	OPT_KEY,
	OPT_DAYS,
	OPT_RENEW_BEFORE,
	OPT_NEW_KEY,
	OPT_FORCE,
	OPT_PASS_FILE,
	OPT_ROOT,
	OPT_SSL_DIR,
	OPT_LINK_NAME,
	OPT_FREESWITCH_DIR,
	OPT_NO_FREESWITCH,
	OPT_DER,
	OPT_TLS_PEM,
	OPT_WSS_PEM,
	OPT_DTLS_PEM,
	OPT_OWNER,
	OPT_KEY_GROUP,
	OPT_RUN,
	OPT_AUTO,
	OPT_SWITCH,
	OPT_SELF_SIGNED,
	OPT_NEW_CA
};

/* The first ones are explained by the help. */
static const struct cli_opt options[] = {
	{ OPT_CA, "ca", NULL,
	    "sign with a local CA, which phones keep trusting", NULL },
	{ OPT_DER, "der", "FILE", "what phones must trust, as DER", NULL },
	{ OPT_SUBJECT, "subject", "NAME", "e.g. 'C=DE,O=Example'; CN is FQDN",
	    NULL },
	{ OPT_SAN, "san", "NAME", "dns:NAME or ip:ADDRESS (repeat)", NULL },
	{ OPT_KEY, "key", "KIND", "kind of a new key",
	    "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384" },
	{ OPT_NEW_KEY, "new-key", NULL, "make a new key; the old is kept",
	    NULL },
	{ OPT_OWNER, "owner", "USER[:GROUP]", "of FreeSWITCH's files", NULL },
	{ OPT_KEY_GROUP, "key-group", "GROUP", "may read keys (0640)", NULL },
	{ OPT_RUN, "run", "COMMAND", "after a change, by sh", NULL },
	{ OPT_CSR, "csr", "FILE", "write a request for external signing",
	    NULL },
	{ OPT_IMPORT, "import", "FILE",
	    "check a signed certificate, put it in service", NULL },
	{ OPT_CHAIN, "chain", "FILE", "more certificates for --import", NULL },
	{ OPT_CHECK, "check", NULL, "is what is in place good?", NULL },
	{ OPT_WARN, "warn-days", "DAYS",
	    "--check: warn so many days before (30)", NULL },
	{ OPT_SHOW, "show", NULL, "what is in place", NULL },
	{ OPT_AUTO, "auto", NULL, "the set in service, or this host's name",
	    NULL },
	{ OPT_SWITCH, "switch", NULL, "take another name into service", NULL },
	{ OPT_SELF_SIGNED, "self-signed", NULL, "leave the local CA", NULL },
	{ OPT_NEW_CA, "new-ca", NULL, "make the local CA again", NULL },
	{ OPT_FORCE, "force", NULL, "replace what is otherwise kept", NULL },
	{ OPT_NO_AUTO_SAN, "no-auto-san", NULL,
	    "leave out this host's addresses", NULL },
	{ OPT_DAYS, "days", "N", "how long it is valid (825)", NULL },
	{ OPT_RENEW_BEFORE, "renew-before", "DAYS", "renew so early (30)",
	    NULL },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "opens an encrypted key; fd:N is a descriptor", NULL },
	{ OPT_ROOT, "root", "DIR", "put before all paths", NULL },
	{ OPT_SSL_DIR, "ssl-dir", "DIR", "/etc/ssl", NULL },
	{ OPT_LINK_NAME, "link-name", "NAME", "gemeinschaft", NULL },
	{ OPT_FREESWITCH_DIR, "freeswitch-dir", "DIR",
	    "/var/opt/GS5/freeswitch/conf/ssl", NULL },
	{ OPT_NO_FREESWITCH, "no-freeswitch", NULL, "no files for it", NULL },
	{ OPT_TLS_PEM, "tls-pem", NULL, "also tls.pem", NULL },
	{ OPT_WSS_PEM, "wss-pem", NULL, "also wss.pem", NULL },
	{ OPT_DTLS_PEM, "dtls-pem", NULL, "also dtls-srtp.pem", NULL },
	{ 0 },
};

enum { EXPLAINED = 5 };

static const struct cli_hint hints[] = {
	{ 'W', "how early to warn is --warn-days DAYS" },
	{ 0 },
};

static cli_library *const libraries[] = { gs_cert_x509_library, NULL };

static const char synopsis[] =
    "  gs-certgen [options] [FQDN | --auto]   a good certificate in place\n"
    "  gs-certgen --csr FILE ...        a request for external signing\n"
    "  gs-certgen --import FILE [--chain FILE] ...   its answer in service\n"
    "  gs-certgen --check [--warn-days DAYS] ...     is it good?\n"
    "  gs-certgen --show ...            what is in place\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --check --warn-days 30\n";

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
	{ OPT_SELF_SIGNED, OPT_CA, false,
	    "--self-signed leaves the local CA: do not give --ca" },
	{ OPT_SELF_SIGNED, OPT_NEW_CA, false,
	    "--self-signed leaves the local CA: do not give --new-ca" },
	{ OPT_CHAIN, OPT_IMPORT, true, "--chain belongs to --import" },
	{ 0 },
};

/* What a command that mends a finding must say, too. */
static const int repeated[] = { OPT_ROOT, OPT_SSL_DIR, OPT_LINK_NAME,
	OPT_FREESWITCH_DIR, OPT_NO_FREESWITCH, OPT_DER, OPT_TLS_PEM,
	OPT_WSS_PEM, OPT_DTLS_PEM, OPT_OWNER, OPT_KEY_GROUP, OPT_SAN,
	OPT_NO_AUTO_SAN, OPT_PASS_FILE };

/* The command line, and what belongs to one run. */
struct certgen {
	struct cli cli;
	struct gs_guard guard;
	struct gs_guard inputs; /* without the set itself */
	int what; /* the option that says what is to be done, or 0 */
	struct gs_cert_action a;
	struct gs_diags diags;
	struct gs_cert_print print;
};

static bool
given(const struct certgen *g, int c)
{
	return cli_given(&g->cli, c) != NULL;
}

static const char *
text(const struct certgen *g, int c, const char *otherwise)
{
	return given(g, c) ? cli_given(&g->cli, c) : otherwise;
}

/* ---- options */

static int
set_what(struct certgen *g, int c)
{
	if (g->what != 0 && g->what != c)
		return cli_usage(&g->cli,
		    "--csr, --import, --check and --show are different "
		    "jobs: use one");
	g->what = c;
	return 0;
}

static int
days_option(struct certgen *g, const char *name, long long least,
    unsigned *days)
{
	long long v;

	if (cli_num(&g->cli, name, least, DAYS_MAX, &v) == -1)
		return -1;
	*days = (unsigned)v;
	return 0;
}

/* What is read when it comes; the others wait in g->cli. */
static int
read_option(struct certgen *g, int c)
{
	const char *arg = g->cli.arg;
	struct gs_cert_action *a = &g->a;
	struct gs_err err;

	switch (c) {
	case OPT_CSR:
	case OPT_IMPORT: a->file = arg; return set_what(g, c);
	case OPT_CHECK:
	case OPT_SHOW: return set_what(g, c);
	case OPT_FREESWITCH_DIR: a->site.fs_dir = arg; return 0;
	case OPT_NO_FREESWITCH: a->site.fs_dir = NULL; return 0;
	case OPT_WARN: return days_option(g, "--warn-days", 0, &a->warn_days);
	case OPT_DAYS: return days_option(g, "--days", 1, &a->job.days);
	case OPT_RENEW_BEFORE:
		return days_option(g, "--renew-before", 0,
		    &a->job.renew_before);
	case OPT_SUBJECT:
		if (gs_cert_dn_parse(&a->dn, arg, &err) == 0)
			return 0;
		return cli_usage(&g->cli, "--subject: %s", err.text);
	case OPT_SAN:
		if (gs_cert_sans_add(&a->names, arg, &err) == 0)
			return 0;
		return cli_usage(&g->cli, "--san: %s", err.text);
	case OPT_KEY:
		return cli_word(&g->cli, c) == -1 ||
		    gs_cert_key_kind_parse(arg, &a->job.kind) == -1;
	default: return 0;
	}
}

static void
repeat_option(struct certgen *g, int c)
{
	const struct cli_opt *o = options;

	for (size_t i = 0; i < sizeof(repeated) / sizeof(*repeated); i++) {
		if (repeated[i] != c)
			continue;
		while (o->c != c)
			o++;
		gs_cert_action_repeat(&g->a, o->name, g->cli.arg);
	}
}

/* Who reads it second would find it empty. */
static int
check_stdin(const struct certgen *g)
{
	const struct gs_cert_action *a = &g->a;
	const char *readers[] = { a->kind == GS_ACTION_IMPORT ? a->file : NULL,
		a->chain, a->pass_file };
	unsigned n = 0;

	for (unsigned i = 0; i < 3; i++)
		n += readers[i] != NULL && strcmp(readers[i], "-") == 0;
	if (n < 2)
		return 0;
	return cli_usage(&g->cli,
	    "standard input can be read once only: name "
	    "a file for the others of --import, --chain and --pass-file");
}

/* Conflicts that are no pairs of options. */
static int
check_options(const struct certgen *g)
{
	const struct gs_cert_action *a = &g->a;

	if (a->operand != NULL && a->auto_name)
		return cli_usage(&g->cli, "--auto and '%s': give one of them",
		    a->operand);
	if (cli_conflicts(&g->cli, conflicts) != CLI_OK)
		return -1;
	/* Or every run would renew. */
	if (a->job.renew_before >= a->job.days && given(g, OPT_RENEW_BEFORE))
		return cli_usage(&g->cli,
		    "--renew-before %u leaves nothing of --days %u",
		    a->job.renew_before, a->job.days);
	if (a->kind == GS_ACTION_CSR && g->cli.format == GS_JSON &&
	    strcmp(a->file, "-") == 0)
		return cli_usage(&g->cli,
		    "--csr - leaves no room for -j: name a file for the "
		    "request");
	if (g->cli.argc - optind > 1)
		return cli_usage(&g->cli,
		    "one host name, please: '%s' is too much",
		    g->cli.argv[optind + 1]);
	return check_stdin(g);
}

static enum gs_cert_action_kind
kind_of(int what)
{
	switch (what) {
	case OPT_CSR: return GS_ACTION_CSR;
	case OPT_IMPORT: return GS_ACTION_IMPORT;
	case OPT_CHECK: return GS_ACTION_CHECK;
	case OPT_SHOW: return GS_ACTION_SHOW;
	default: return GS_ACTION_ENSURE;
	}
}

static void
fill_action(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_cert_job *job = &a->job;

	a->kind = kind_of(g->what);
	a->operand = cli_given(&g->cli, CLI_OPERAND);
	a->auto_name = given(g, OPT_AUTO);
	a->auto_san = !given(g, OPT_NO_AUTO_SAN);
	a->chain = cli_given(&g->cli, OPT_CHAIN);
	a->pass_file = cli_given(&g->cli, OPT_PASS_FILE);
	a->owner = cli_given(&g->cli, OPT_OWNER);
	a->key_group = cli_given(&g->cli, OPT_KEY_GROUP);
	a->argc = g->cli.argc;
	a->argv = g->cli.argv;
	a->site.root = cli_given(&g->cli, OPT_ROOT);
	a->site.ssl_dir = text(g, OPT_SSL_DIR, "/etc/ssl");
	a->site.link_name = text(g, OPT_LINK_NAME, "gemeinschaft");
	a->site.der = cli_given(&g->cli, OPT_DER);
	a->site.tls_pem = given(g, OPT_TLS_PEM);
	a->site.wss_pem = given(g, OPT_WSS_PEM);
	a->site.dtls_pem = given(g, OPT_DTLS_PEM);
	job->ca = given(g, OPT_CA);
	job->new_key = given(g, OPT_NEW_KEY);
	job->new_ca = given(g, OPT_NEW_CA);
	job->self_signed = given(g, OPT_SELF_SIGNED);
	job->switching = given(g, OPT_SWITCH);
	job->force = given(g, OPT_FORCE);
	job->dry = g->cli.dry;
	job->inputs = &g->inputs;
	job->now = (int64_t)time(NULL);
}

static int
read_options(struct certgen *g)
{
	struct gs_cert_job *job = &g->a.job;
	int c;

	while ((c = cli_next(&g->cli)) != 0) {
		if (c == -1 || read_option(g, c) != 0)
			return -1;
		repeat_option(g, c);
	}
	fill_action(g);
	if (check_options(g) != 0)
		return -1;
	if (job->renew_before >= job->days)
		job->renew_before = job->days / 3;
	return 0;
}

/* ---- no output is an input */

static int
guard_input(struct certgen *g, const char *what, const char *path)
{
	struct gs_err err;

	if (path == NULL)
		return CLI_OK;
	if (gs_guard_read(&g->inputs, what, path, &err) == -1)
		return cli_complain(&g->cli, "%s", err.text);
	return cli_reads(&g->cli, what, path);
}

/* These take their places by rename(2): nothing else than a file may be
 * there. */
static int
guard_output(struct certgen *g, const char *what, const char *path)
{
	struct stat st;

	if (path == NULL || *path == '\0')
		return CLI_OK;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode))
		return cli_complain(&g->cli, "%s %s: not a regular file%s",
		    what, path,
		    g->what == OPT_CSR ? "; --csr - writes to standard output" :
					 "");
	return cli_writes(&g->cli, what, path);
}

/* The set's own files are read, and only the job itself changes them. */
static int
guard_files(struct certgen *g)
{
	const struct gs_cert_action *a = &g->a;
	const struct gs_cert_layout *l = &a->layout;
	char name[64];
	const char *pass;
	int bad = gs_cert_action_pass_path(a, &pass, name, NULL);

	if (a->kind == GS_ACTION_IMPORT)
		bad = bad || guard_input(g, "--import", a->file);
	bad = bad || guard_input(g, "--chain", a->chain) ||
	    guard_input(g, "--pass-file", pass);
	for (int i = 0; !bad && i < GS_PLACES; i++)
		if (i != GS_PLACE_DER && l->path[i][0] != '\0')
			bad = cli_reads(&g->cli, "the set's", l->path[i]);
	if (!bad && a->kind == GS_ACTION_CSR && strcmp(a->file, "-") != 0)
		bad = guard_output(g, "--csr", a->file);
	if (!bad &&
	    (a->kind == GS_ACTION_ENSURE || a->kind == GS_ACTION_IMPORT))
		bad = guard_output(g, "--der", l->path[GS_PLACE_DER]);
	return bad || cli_writes(&g->cli, NULL, "-") ? -1 : 0;
}

/* ---- the jobs */

/* Before it is known which set is meant, monitoring gets its line, too. */
static int
prepare(struct certgen *g)
{
	struct gs_cert_action *a = &g->a;
	struct gs_err err;

	g->print = (struct gs_cert_print){ g->cli.out, g->cli.format == GS_JSON,
		&a->layout, a->job.now };
	if (gs_cert_action_prepare(a, &g->diags, &err) == 0)
		return guard_files(g);
	if (a->trouble == GS_ACTION_USAGE)
		return cli_usage(&g->cli, "%s", err.text);
	if (a->trouble == GS_ACTION_EARLY && a->kind == GS_ACTION_CHECK)
		gs_cert_print_check(&g->print, &g->diags, INT64_MAX, err.text);
	return cli_complain(&g->cli, "%s", err.text);
}

static void
report_findings(const struct certgen *g)
{
	struct gs_report r = cli_report(&g->cli, false);

	gs_report_begin(&r);
	gs_report_findings(&r, g->what == OPT_IMPORT ? g->a.file : g->a.fqdn,
	    &g->diags);
	gs_report_end(&r);
}

static void
report_outcome(const struct certgen *g, const struct gs_cert_outcome *o,
    bool quiet)
{
	bool dry = g->a.job.dry, csr = g->what == OPT_CSR;
	const char *run = csr ? NULL : cli_given(&g->cli, OPT_RUN);
	struct gs_cert_printed how = {
		.dry = dry,
		.steps = g->cli.verbose || dry,
		.reload = !dry && !csr && run == NULL,
		.run = run,
	};

	if (!quiet || g->diags.total[GS_ERROR] > 0)
		report_findings(g);
	if (g->cli.format == GS_JSON || !quiet)
		gs_cert_print_outcome(&g->print, o, &how);
}

/* sh -c COMMAND, with its output on stderr: stdout has the findings and the
 * result, perhaps as JSON, and nothing else. */
static int
run_on_stderr(const char *command)
{
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int r;

	/* Where stderr is closed, so is this: servers are reloaded still. */
	if (dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		(void)close(STDOUT_FILENO);
	r = system(command);
	if (out != -1) {
		if (dup2(out, STDOUT_FILENO) == -1)
			r = -1;
		(void)close(out);
	}
	return r;
}

static int
run_command(const struct certgen *g, const char *command)
{
	/* What was said before comes first. */
	(void)fflush(NULL);
	int r = run_on_stderr(command);
	if (r == 0)
		return CLI_OK;
	if (r != -1 && WIFEXITED(r))
		return cli_complain(&g->cli,
		    "the set is in place, but '%s' ended with status %d",
		    command, WEXITSTATUS(r));
	return cli_complain(&g->cli,
	    "the set is in place, but '%s' could not be run", command);
}

/* A job that could be done: what it says, and its exit status. */
static int
end_job(struct certgen *g, const struct gs_buf *csr, struct gs_cert_outcome *o)
{
	const char *run = cli_given(&g->cli, OPT_RUN);
	bool quiet = g->cli.quiet, real = !g->a.job.dry;

	/* A request whose key is not kept must not get out. */
	if (g->what == OPT_CSR && strcmp(g->a.file, "-") == 0 && !o->refused &&
	    real) {
		(void)fwrite(csr->p, 1, csr->n, stdout);
		quiet = true;
	}
	real = real && g->what != OPT_CSR;
	if (!o->refused && real)
		gs_cert_action_check_readable(&g->a, &g->diags);
	report_outcome(g, o, quiet);
	int status =
	    o->refused || g->diags.total[GS_ERROR] > 0 ? CLI_NO : CLI_OK;
	bool changed = o->changed && real;
	/* Unlocked before anything else is run. */
	gs_cert_outcome_free(o);
	if (changed && run != NULL && run_command(g, run) != CLI_OK)
		status = CLI_TROUBLE;
	return status;
}

static int
job(struct certgen *g)
{
	struct gs_cert_outcome o;
	struct gs_buf csr;
	struct gs_err err;
	int status;

	gs_buf_init(&csr, REQUEST_MAX);
	if (gs_cert_action_job(&g->a, &csr, &g->diags, &o, &err) == 0) {
		status = end_job(g, &csr, &o);
	} else {
		if (g->diags.n > 0)
			report_findings(g);
		gs_cert_outcome_free(&o);
		status = cli_complain(&g->cli, "%s", err.text);
	}
	gs_buf_free(&csr);
	return status;
}

/* The exit status is that of monitoring plugins: 0 OK, 1 WARNING,
 * 2 CRITICAL. */
static int
check(struct certgen *g)
{
	struct gs_err err;
	int64_t days;
	int r = gs_cert_action_check(&g->a, &g->diags, &days, &err);
	const char *trouble = r == -1 ? err.text : NULL;

	if (!g->print.json)
		gs_cert_print_check(&g->print, &g->diags, days, trouble);
	if (!g->cli.quiet)
		report_findings(g);
	if (g->print.json)
		gs_cert_print_check(&g->print, &g->diags, days, trouble);
	if (r == -1)
		return cli_complain(&g->cli, "%s", err.text);
	return (int)gs_cert_status(&g->diags);
}

/* What a run would make when nobody has said for which name, and how to say
 * it. Nothing is written. */
static int
preview(struct certgen *g)
{
	const char *command = (const char *)g->a.all.p;
	bool named = g->a.shown[0] != '\0';
	struct gs_cert_outcome o = { .txn = { .lock = -1 } };

	g->a.job.dry = true;
	if (named && g->a.kind == GS_ACTION_ENSURE &&
	    gs_cert_action_job(&g->a, NULL, &g->diags, &o, NULL) == 0)
		report_outcome(g, &o, g->cli.quiet);
	gs_cert_outcome_free(&o);
	(void)fflush(NULL);
	(void)cli_complain(&g->cli,
	    "nothing is in service yet, and nothing "
	    "was changed: say which name is meant");
	if (named)
		(void)fprintf(g->cli.err, "  %s --auto%*s(%s, this host's)\n",
		    command, 4, "", g->a.fqdn);
	(void)fprintf(g->cli.err, "  %s FQDN\n", command);
	return CLI_TROUBLE;
}

static int
show(struct certgen *g)
{
	size_t before = g->diags.n;
	struct gs_err err;
	bool found;

	if (gs_cert_action_show(&g->a, &g->print, &found, &g->diags, &err) ==
	    -1)
		return cli_complain(&g->cli, "%s", err.text);
	if (g->diags.n == before)
		return found ? CLI_OK : CLI_NO;
	report_findings(g);
	return CLI_NO;
}

static int
act(struct certgen *g)
{
	if (gs_cert_action_is_bare(&g->a))
		return preview(g);
	switch (g->a.kind) {
	case GS_ACTION_CHECK: return check(g);
	case GS_ACTION_SHOW: return show(g);
	default: return job(g);
	}
}

static struct certgen *
new_certgen(int argc, char **argv)
{
	struct certgen *g = calloc(1, sizeof(*g));

	if (g == NULL || gs_cert_action_init(&g->a, NULL) == -1) {
		free(g);
		return NULL;
	}
	g->cli = (struct cli){
		.tool = "gs-certgen",
		.synopsis = synopsis,
		.examples = examples,
		.opts = options,
		.explained = EXPLAINED,
		.formats = "text json",
		.changes = true,
		.rules = &gs_cert_rules,
		.hints = hints,
		.level = GS_ERROR,
		.libraries = libraries,
		.argc = argc,
		.argv = argv,
		.guard = &g->guard,
	};
	gs_guard_init(&g->guard);
	gs_guard_init(&g->inputs);
	g->a.site.fs_dir = "/var/opt/GS5/freeswitch/conf/ssl";
	g->a.warn_days = RENEW_DEFAULT;
	g->a.job.kind = GS_KEY_RSA_2048;
	g->a.job.days = DAYS_DEFAULT;
	g->a.job.renew_before = RENEW_DEFAULT;
	gs_diags_init(&g->diags, gs_cert_rules, NULL, FINDINGS_MAX);
	return g;
}

int
main(int argc, char **argv)
{
	struct certgen *g = new_certgen(argc, argv);
	int status = CLI_TROUBLE;

	if (g == NULL) {
		(void)fputs("gs-certgen: no memory\n", stderr);
		return CLI_TROUBLE;
	}
	gs_cert_key_wipe_freed();
	if (cli_begin(&g->cli) == 0 && read_options(g) == 0 && prepare(g) == 0)
		status = cli_close_stdout(&g->cli, act(g));
	gs_guard_free(&g->guard);
	gs_guard_free(&g->inputs);
	gs_cert_action_free(&g->a);
	gs_diags_free(&g->diags);
	free(g);
	return status;
}
