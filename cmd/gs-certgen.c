/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cert/advice.h"
#include "cert/host.h"
#include "cert/state.h"
#include "cert/print.h"
#include "cli.h"

enum {
	DAYS_DEFAULT = 825,
	DAYS_MAX = 36500,
	RENEW_DEFAULT = 30,
	FINDINGS_MAX = 200,
	PASS_MAX = 1024,
	COMMAND_MAX = 16 * 1024,
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
	{ OPT_FREESWITCH_DIR, "freeswitch-dir", "DIR",
	    "/var/opt/GS5/freeswitch/conf/ssl" },
	{ OPT_NO_FREESWITCH, "no-freeswitch", NULL, "no files for it" },
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

static cli_library *const libraries[] = { gs_x509_library, NULL };

static const char synopsis[] =
    "  gs-certgen [options] [FQDN | --auto]   a good certificate in place\n"
    "  gs-certgen --csr FILE ...        a request for external signing\n"
    "  gs-certgen --import FILE [--chain FILE] ...   its answer in service\n"
    "  gs-certgen --check [--warn DAYS] ...          is it good?\n"
    "  gs-certgen --show ...            what is in place\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --check --warn 30\n";

/* The command line, and what belongs to one run. */
struct certgen {
	struct cli cli;
	struct gs_guard guard;
	struct gs_guard inputs; /* without the set itself */
	enum { ENSURE, CSR, IMPORT, CHECK, SHOW, RULES } action;
	const char *file; /* of --csr or --import */
	const char *rule; /* of --explain */
	const char *chain;
	const char *subject;
	const char *pass_file;
	const char *owner;
	const char *key_group;
	const char *run;
	bool auto_san;
	bool auto_name;
	bool typeable; /* what standard input gave cannot be given again */
	struct gs_buf places; /* the options that say where, for sh */
	struct gs_buf command; /* with them */
	struct gs_buf all; /* the whole command */
	struct gs_buf switched; /* with --switch */
	const char *operand;
	char shown[260]; /* the operand of commands in findings */
	int lock; /* held while a set is read, or -1 */
	struct gs_service service;
	bool renew_given;
	bool json;
	bool quiet;
	bool verbose;
	unsigned warn_days;
	char fqdn[256];
	struct gs_site site;
	struct gs_layout layout;
	struct gs_dn dn;
	struct gs_sans names;
	struct gs_sans addresses;
	struct gs_buf pass;
	struct gs_reader_id reader;
	struct gs_cert_job job;
	struct gs_diags diags;
	struct gs_cert_print print;
};

/* ---- options */

static int
set_action(struct certgen *g, int action)
{
	if (g->action != ENSURE && (int)g->action != action) {
		(void)cli_usage(&g->cli,
		    "--csr, --import, --check, --show, "
		    "--rules and --explain are different jobs: use one");
		return -1;
	}
	g->action = action;
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

static int
san_option(struct certgen *g)
{
	struct gs_err err;

	/* The first name is kept for the host's. */
	if (gs_sans_add(&g->names, g->cli.arg, &err) == 0)
		return 0;
	(void)cli_usage(&g->cli, "--san: %s", err.text);
	return -1;
}

static int
key_option(struct certgen *g)
{
	if (gs_key_kind_parse(g->cli.arg, &g->job.kind) == 0)
		return 0;
	(void)cli_usage(&g->cli,
	    "--key %s: use rsa:2048, rsa:3072, rsa:4096, "
	    "ec:P-256 or ec:P-384",
	    g->cli.arg);
	return -1;
}

static int
subject_option(struct certgen *g)
{
	struct gs_err err;

	if (gs_dn_parse(&g->dn, g->cli.arg, &err) == 0)
		return 0;
	(void)cli_usage(&g->cli, "--subject: %s", err.text);
	return -1;
}

/* What a command that mends a finding must say, too. */
static bool
is_repeated(int c)
{
	static const int list[] = { OPT_ROOT, OPT_SSL_DIR, OPT_LINK_NAME,
		OPT_FREESWITCH_DIR, OPT_NO_FREESWITCH, OPT_DER, OPT_TLS_PEM,
		OPT_WSS_PEM, OPT_DTLS_PEM, OPT_OWNER, OPT_KEY_GROUP, OPT_SAN,
		OPT_NO_AUTO_SAN, OPT_PASS_FILE };

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i] == c)
			return true;
	return false;
}

static void
repeat_option(struct certgen *g, int c)
{
	const struct cli_opt *o = options;
	char name[64];

	while (o->c != c)
		o++;
	(void)snprintf(name, sizeof(name), "--%s", o->name);
	gs_advice_word(&g->places, name);
	if (o->arg != NULL)
		gs_advice_word(&g->places, g->cli.arg);
}

/* The options about places. Returns false when c is not one. */
static bool
site_option(struct certgen *g, int c)
{
	struct gs_site *s = &g->site;

	switch (c) {
	case OPT_ROOT: s->root = g->cli.arg; return true;
	case OPT_SSL_DIR: s->ssl_dir = g->cli.arg; return true;
	case OPT_LINK_NAME: s->link_name = g->cli.arg; return true;
	case OPT_FREESWITCH_DIR: s->fs_dir = g->cli.arg; return true;
	case OPT_NO_FREESWITCH: s->fs_dir = NULL; return true;
	case OPT_DER: s->der = g->cli.arg; return true;
	case OPT_TLS_PEM: s->tls_pem = true; return true;
	case OPT_WSS_PEM: s->wss_pem = true; return true;
	case OPT_DTLS_PEM: s->dtls_pem = true; return true;
	case OPT_OWNER: g->owner = g->cli.arg; return true;
	case OPT_KEY_GROUP: g->key_group = g->cli.arg; return true;
	default: return false;
	}
}

static int
set_option(struct certgen *g, int c)
{
	switch (c) {
	case OPT_CSR: g->file = g->cli.arg; return set_action(g, CSR);
	case OPT_IMPORT: g->file = g->cli.arg; return set_action(g, IMPORT);
	case OPT_CHECK: return set_action(g, CHECK);
	case OPT_SHOW: return set_action(g, SHOW);
	case CLI_RULES: return set_action(g, RULES);
	case CLI_EXPLAIN: g->rule = g->cli.arg; return set_action(g, RULES);
	case OPT_CHAIN: g->chain = g->cli.arg; return 0;
	case OPT_WARN: return days_option(g, "--warn", 0, &g->warn_days);
	case OPT_CA: g->job.ca = true; return 0;
	case OPT_SUBJECT: return subject_option(g);
	case OPT_SAN: return san_option(g);
	case OPT_NO_AUTO_SAN: g->auto_san = false; return 0;
	case OPT_KEY: return key_option(g);
	case OPT_DAYS: return days_option(g, "--days", 1, &g->job.days);
	case OPT_RENEW_BEFORE:
		g->renew_given = true;
		return days_option(g, "--renew-before", 0,
		    &g->job.renew_before);
	case OPT_NEW_KEY: g->job.new_key = true; return 0;
	case OPT_NEW_CA: g->job.new_ca = true; return 0;
	case OPT_SELF_SIGNED: g->job.self_signed = true; return 0;
	case OPT_SWITCH: g->job.switching = true; return 0;
	case OPT_AUTO: g->auto_name = true; return 0;
	case OPT_FORCE: g->job.force = true; return 0;
	case OPT_PASS_FILE: g->pass_file = g->cli.arg; return 0;
	case OPT_RUN: g->run = g->cli.arg; return 0;
	case 'n': g->job.dry = true; return 0;
	case 'j': g->json = true; return 0;
	case 'q': g->quiet = true; return 0;
	case 'v': g->verbose = true; return 0;
	default: return site_option(g, c) ? 0 : -1;
	}
}

/* Who reads it second would find it empty. */
static int
check_stdin(struct certgen *g)
{
	const char *readers[] = { g->action == IMPORT ? g->file : NULL,
		g->chain, g->pass_file };
	unsigned n = 0;

	for (unsigned i = 0; i < 3; i++)
		n += readers[i] != NULL && strcmp(readers[i], "-") == 0;
	if (n < 2)
		return 0;
	(void)cli_usage(&g->cli,
	    "standard input can be read once only: name "
	    "a file for the others of --import, --chain and --pass-file");
	return -1;
}

/* Options that contradict each other. */
static int
check_options(struct certgen *g)
{
	const struct gs_cert_job *job = &g->job;

	if (g->operand != NULL && g->auto_name)
		return cli_usage(&g->cli, "--auto and '%s': give one of them",
		    g->operand);
	if (job->switching && g->operand == NULL)
		return cli_usage(&g->cli,
		    "--switch takes the name that is "
		    "to be in service: give it as operand");
	if (job->switching && g->action != ENSURE && g->action != IMPORT)
		return cli_usage(&g->cli,
		    "--switch changes what is in "
		    "service, and --csr, --check and --show do not");
	if (job->self_signed && (job->ca || job->new_ca))
		return cli_usage(&g->cli,
		    "--self-signed leaves the local CA: "
		    "do not give --%s",
		    job->ca ? "ca" : "new-ca");
	return 0;
}

static int
read_options(struct certgen *g)
{
	int c;

	while ((c = cli_next(&g->cli)) != 0) {
		if (c == -1 || set_option(g, c) == -1)
			return -1;
		if (is_repeated(c))
			repeat_option(g, c);
	}
	g->operand = g->cli.argv[optind];
	if (check_options(g) != 0)
		return -1;
	/* Or every run would renew. */
	if (g->job.renew_before >= g->job.days && g->renew_given) {
		(void)cli_usage(&g->cli,
		    "--renew-before %u leaves nothing of "
		    "--days %u",
		    g->job.renew_before, g->job.days);
		return -1;
	}
	if (g->job.renew_before >= g->job.days)
		g->job.renew_before = g->job.days / 3;
	if (g->chain != NULL && g->action != IMPORT) {
		(void)cli_usage(&g->cli, "--chain belongs to --import");
		return -1;
	}
	if (g->action == CSR && g->json && strcmp(g->file, "-") == 0) {
		(void)cli_usage(&g->cli,
		    "--csr - leaves no room for -j: name "
		    "a file for the request");
		return -1;
	}
	if (g->cli.argc - optind > 1) {
		(void)cli_usage(&g->cli,
		    "one host name, please: '%s' is too "
		    "much",
		    g->cli.argv[optind + 1]);
		return -1;
	}
	return check_stdin(g);
}

/* ---- before a job */

/* Words that somebody takes for a command. */
static const char *
hint(const char *word)
{
	static const struct {
		const char *word, *hint;
	} list[] = {
		{ "check", "did you mean --check?" },
		{ "verify", "did you mean --check?" },
		{ "status", "did you mean --check?" },
		{ "show", "did you mean --show?" },
		{ "list", "did you mean --show?" },
		{ "info", "did you mean --show?" },
		{ "renew", "--auto renews what is due" },
		{ "update", "--auto renews what is due" },
		{ "make", "did you mean --auto?" },
		{ "create", "did you mean --auto?" },
		{ "new", "did you mean --auto?" },
		{ "auto", "did you mean --auto?" },
		{ "help", "did you mean --help?" },
		{ "version", "did you mean --version?" },
		{ "import", "did you mean --import FILE?" },
		{ "csr", "did you mean --csr FILE?" },
		{ "request", "did you mean --csr FILE?" },
		{ "switch", "did you mean --switch FQDN?" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (strcasecmp(word, list[i].word) == 0)
			return list[i].hint;
	return "give the full name of this host";
}

static int
take_operand(struct certgen *g)
{
	struct gs_err err;

	if (gs_host_check(g->operand, &err) == -1)
		return cli_complain(&g->cli, "%s", err.text);
	if (strchr(g->operand, '.') == NULL && !gs_host_is_own(g->operand) &&
	    strcasecmp(g->operand, g->service.fqdn) != 0)
		return cli_usage(&g->cli,
		    "'%s' is no host name with a dot, "
		    "and not this host's name: %s",
		    g->operand, hint(g->operand));
	(void)snprintf(g->fqdn, sizeof(g->fqdn), "%s", g->operand);
	(void)snprintf(g->shown, sizeof(g->shown), "%s", g->operand);
	return 0;
}

/* This host's own name, for a set that is not there yet. */
static int
take_own_name(struct certgen *g)
{
	struct gs_err err;
	bool looks = g->action == CHECK || g->action == SHOW;
	bool known = gs_host_name(g->fqdn, sizeof(g->fqdn), &err) == 0 &&
	    gs_host_check(g->fqdn, &err) == 0;
	bool full = known && strchr(g->fqdn, '.') != NULL;

	if (full)
		(void)snprintf(g->shown, sizeof(g->shown), "--auto");
	if (full || (looks && known))
		return 0;
	if (looks || !g->auto_name) {
		(void)snprintf(g->fqdn, sizeof(g->fqdn), "localhost");
		return 0;
	}
	return cli_complain(&g->cli,
	    "this host knows no full name of its "
	    "own (one with a dot). Give the name of the set as operand");
}

/* Before it is known which set is meant. Monitoring gets its line. */
static int
complain_early(const struct certgen *g, const char *why)
{
	struct gs_cert_print p = { stdout, g->json, &g->layout, 0 };

	if (g->action == CHECK)
		gs_cert_print_check(&p, &g->diags, INT64_MAX, why);
	return cli_complain(&g->cli, "%s", why);
}

static int
find_name(struct certgen *g)
{
	const struct gs_service *s = &g->service;

	if (g->operand != NULL)
		return take_operand(g);
	if (s->kind == GS_SERVICE_NONE)
		return take_own_name(g);
	if (s->fqdn[0] == '\0' && s->kind == GS_SERVICE_FILES)
		return complain_early(g,
		    "the certificate in service names "
		    "no host. Give the name of the set as operand");
	(void)snprintf(g->fqdn, sizeof(g->fqdn), "%s",
	    s->fqdn[0] != '\0' ? s->fqdn : "localhost");
	return 0;
}

/* The commands that findings name. */
static void
write_commands(struct certgen *g)
{
	gs_buf_puts(&g->all, "gs-certgen");
	gs_buf_puts(&g->switched, "gs-certgen --switch");
	for (int i = 1; i < g->cli.argc; i++) {
		gs_advice_word(&g->all, g->cli.argv[i]);
		gs_advice_word(&g->switched, g->cli.argv[i]);
	}
	gs_buf_puts(&g->command, "gs-certgen");
	gs_buf_put(&g->command, g->places.p, g->places.n);
	gs_buf_putc(&g->command, '\0');
	gs_buf_putc(&g->all, '\0');
	gs_buf_putc(&g->switched, '\0');
	g->typeable = gs_buf_ok(&g->places) && gs_buf_ok(&g->command) &&
	    gs_buf_ok(&g->all) && gs_buf_ok(&g->switched) &&
	    (g->pass_file == NULL ||
		(strcmp(g->pass_file, "-") != 0 &&
		    strncmp(g->pass_file, "fd:", 3) != 0));
}

/* What an interrupted run has left is finished first: until then nobody
 * knows which set is in service. A look waits for a run that is at work. */
static int
find_service(struct certgen *g, struct gs_err *err)
{
	/* For the folders alone. */
	if (gs_layout_init(&g->layout, &g->site, "localhost", err) == -1)
		return -1;
	if (g->action == CHECK || g->action == SHOW)
		g->lock = gs_txn_wait(g->layout.private_dir);
	else if (!g->job.dry &&
	    gs_txn_recover(g->layout.private_dir, &g->job.recovered, err) == -1)
		return -1;
	return gs_service_find(&g->site, &g->service, err);
}

/* The host's name comes first among the names. */
static int
find_names(struct certgen *g, struct gs_err *err)
{
	struct gs_sans asked = g->names;

	g->names.n = 0;
	if (gs_sans_add_dns(&g->names, g->fqdn, err) == -1)
		return -1;
	for (size_t i = 0; i < asked.n; i++)
		if (gs_sans_add(&g->names, asked.list[i].text, err) == -1)
			return -1;
	return g->auto_san ? gs_host_addresses(&g->addresses, err) : 0;
}

/* Where --pass-file reads, or NULL. Returns 0 or -1. */
static int
pass_path(const struct certgen *g, const char **path, char name[64],
    struct gs_err *err)
{
	const char *from = g->pass_file;
	uint64_t fd;

	*path = from;
	if (from == NULL || strncmp(from, "fd:", 3) != 0)
		return 0;
	if (gs_span_u64(gs_span(from + 3, strlen(from + 3)), &fd) == -1)
		return gs_err_set(err, "%s: no descriptor", from);
	(void)snprintf(name, 64, "/dev/fd/%llu", (unsigned long long)fd);
	*path = name;
	return 0;
}

/* One line; its end of line does not belong to the pass phrase. */
static int
read_pass(struct certgen *g, struct gs_err *err)
{
	char name[64];
	const char *from;

	if (pass_path(g, &from, name, err) == -1)
		return -1;
	if (from == NULL)
		return 0;
	if (gs_file_read(from, &g->pass, err) == -1)
		return -1;
	struct gs_span s = gs_buf_span(&g->pass);
	size_t n = gs_span_find(s, GS_LIT("\n"));
	if (n > 0 && n <= s.n && g->pass.p[n - 1] == '\r')
		n--;
	if (n == 0)
		return gs_err_set(err, "%s: no pass phrase in the first line",
		    g->pass_file);
	g->pass.n = n;
	return 0;
}

/* Everything that is known before a job starts. */
static int
prepare(struct certgen *g)
{
	struct gs_err err;

	write_commands(g);
	if (find_service(g, &err) == -1) {
		(void)complain_early(g, err.text);
		return -1;
	}
	if (find_name(g) != 0)
		return -1;
	if (find_names(g, &err) == -1 || read_pass(g, &err) == -1) {
		(void)cli_complain(&g->cli, "%s", err.text);
		return -1;
	}
	gs_owner_find(g->owner, g->key_group, &g->site, &g->reader, &g->diags);
	if (gs_layout_init(&g->layout, &g->site, g->fqdn, &err) == -1) {
		(void)cli_complain(&g->cli, "%s", err.text);
		return -1;
	}
	g->job.layout = &g->layout;
	g->job.service = &g->service;
	g->job.command =
	    g->typeable && g->operand != NULL ? (char *)g->switched.p : NULL;
	g->job.subject = &g->dn;
	g->job.names = &g->names;
	g->job.addresses = &g->addresses;
	g->job.pass = gs_buf_span(&g->pass);
	g->job.now = (int64_t)time(NULL);
	g->print =
	    (struct gs_cert_print){ stdout, g->json, &g->layout, g->job.now };
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
		    g->action == CSR ? "; --csr - writes to standard output" :
				       "");
	return cli_writes(&g->cli, what, path);
}

/* The set's own files are read, and only the job itself changes them. */
static int
guard_files(struct certgen *g)
{
	char name[64];
	const char *pass;
	struct gs_err err;
	bool writes = g->action == ENSURE || g->action == IMPORT;
	int bad = pass_path(g, &pass, name, &err);

	if (g->action == IMPORT)
		bad = bad || guard_input(g, "--import", g->file);
	bad = bad || guard_input(g, "--chain", g->chain) ||
	    guard_input(g, "--pass-file", pass);
	for (int i = 0; !bad && i < GS_PLACES; i++)
		if (i != GS_PLACE_DER && g->layout.path[i][0] != '\0')
			bad =
			    cli_reads(&g->cli, "the set's", g->layout.path[i]);
	if (!bad && g->action == CSR && strcmp(g->file, "-") != 0)
		bad = guard_output(g, "--csr", g->file);
	if (!bad && writes)
		bad = guard_output(g, "--der", g->layout.path[GS_PLACE_DER]);
	g->job.inputs = &g->inputs;
	return bad || cli_writes(&g->cli, NULL, "-") ? -1 : 0;
}

/* ---- the jobs */

static void
report_findings(const struct certgen *g)
{
	struct gs_report r = {
		.fp = stdout,
		.format = g->json ? GS_JSON : GS_TEXT,
		.color = cli_color(stdout),
		.tool = g->cli.tool,
		.version = CLI_VERSION,
		.rules = gs_cert_rules,
	};

	gs_report_begin(&r);
	gs_report_findings(&r, g->action == IMPORT ? g->file : g->fqdn,
	    &g->diags);
	gs_report_end(&r);
}

static void
report_outcome(const struct certgen *g, const struct gs_cert_outcome *o)
{
	struct gs_cert_printed how = {
		.dry = g->job.dry,
		.steps = g->verbose || g->job.dry,
		.reload = !g->job.dry && g->action != CSR && g->run == NULL,
		.run = g->action != CSR ? g->run : NULL,
	};

	if (!g->quiet || g->diags.total[GS_ERROR] > 0)
		report_findings(g);
	if (g->json || !g->quiet)
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
run_command(struct certgen *g)
{
	/* What was said before comes first. */
	(void)fflush(stdout);
	int r = run_on_stderr(g->run);
	if (r == 0)
		return CLI_OK;
	if (r != -1 && WIFEXITED(r))
		return cli_complain(&g->cli,
		    "the set is in place, but "
		    "'%s' ended with status %d",
		    g->run, WEXITSTATUS(r));
	return cli_complain(&g->cli,
	    "the set is in place, but '%s' could not be run", g->run);
}

static int
read_import(struct certgen *g, struct gs_certs *read, struct gs_err *err)
{
	const char *files[] = { g->file, g->chain };
	struct gs_buf b;
	int r = 0;

	gs_buf_init(&b, GS_SET_FILE_MAX);
	for (unsigned i = 0; r == 0 && i < 2 && files[i] != NULL; i++) {
		gs_buf_clear(&b);
		r = gs_file_read(files[i], &b, err);
		if (r == 0)
			r = gs_certs_read(gs_buf_span(&b), read, err);
	}
	gs_buf_free(&b);
	return r;
}

static int
do_job(struct certgen *g, struct gs_cert_outcome *o, struct gs_err *err)
{
	bool to_stdout = g->action == CSR && strcmp(g->file, "-") == 0;
	struct gs_certs read = { 0 };
	struct gs_buf csr;
	int r = -1;

	gs_buf_init(&csr, GS_SET_FILE_MAX);
	if (g->action == ENSURE)
		r = gs_cert_ensure(&g->job, &g->diags, o, err);
	else if (g->action == CSR)
		r = gs_cert_request(&g->job, to_stdout ? NULL : g->file, &csr,
		    &g->diags, o, err);
	else if (read_import(g, &read, err) == 0)
		r = gs_cert_import(&g->job, &read, &g->diags, o, err);
	/* A request whose key is not kept must not get out. */
	if (r == 0 && to_stdout && !o->refused && !g->job.dry) {
		(void)fwrite(csr.p, 1, csr.n, stdout);
		g->quiet = true;
	}
	gs_certs_free(&read);
	gs_buf_free(&csr);
	return r;
}

static int
job(struct certgen *g)
{
	struct gs_cert_outcome o = { .txn = { .lock = -1 } };
	struct gs_check c = { .layout = &g->layout, .reader = &g->reader };
	struct gs_err err;
	int status;

	if (do_job(g, &o, &err) == -1) {
		if (g->diags.n > 0)
			report_findings(g);
		gs_cert_outcome_free(&o);
		return cli_complain(&g->cli, "%s", err.text);
	}
	if (!o.refused && !g->job.dry && g->action != CSR)
		gs_check_readable(&c, &g->diags);
	report_outcome(g, &o);
	status = o.refused || g->diags.total[GS_ERROR] > 0 ? CLI_NO : CLI_OK;
	bool changed = o.changed && !g->job.dry && g->action != CSR;
	/* Unlocked before anything else is run. */
	gs_cert_outcome_free(&o);
	if (changed && g->run != NULL && run_command(g) != CLI_OK)
		status = CLI_TROUBLE;
	return status;
}

static int
read_set(struct certgen *g, struct gs_state *st, struct gs_err *err)
{
	int r = gs_state_read(&g->layout, gs_buf_span(&g->pass), st, err);

	if (g->lock != -1)
		(void)close(g->lock);
	g->lock = -1;
	return r;
}

/* NULL: findings name no command. */
static struct gs_advice *
new_advice(struct certgen *g)
{
	struct gs_advice *a = g->typeable ? calloc(1, sizeof(*a)) : NULL;

	/* Of the options of a job, only the places count. */
	g->job.new_key = g->job.force = g->job.ca = false;
	g->job.new_ca = g->job.self_signed = false;
	if (a != NULL)
		gs_advice_init(a, &g->job, (char *)g->command.p, g->shown,
		    g->operand != NULL, g->warn_days);
	return a;
}

static void
free_advice(struct gs_advice *a)
{
	if (a != NULL)
		gs_advice_free(a);
	free(a);
}

/* The exit status is that of monitoring plugins: 0 OK, 1 WARNING,
 * 2 CRITICAL. */
static int
check(struct certgen *g)
{
	struct gs_check c = {
		.layout = &g->layout,
		.now = g->job.now,
		.warn_days = g->warn_days,
		.names = &g->names,
		.addresses = &g->addresses,
		.reader = &g->reader,
		.service = &g->service,
		.in_place = true,
	};
	struct gs_advice *advice = new_advice(g);
	struct gs_state st;
	struct gs_err err;
	int64_t days = INT64_MAX;

	if (advice != NULL)
		c.adviser = &advice->adviser;
	int r = read_set(g, &st, &err);
	if (r == 0)
		r = gs_check_set(&c, &st, &g->diags, &days, &err);
	gs_state_free(&st);
	free_advice(advice);
	const char *trouble = r == -1 ? err.text : NULL;
	if (!g->json)
		gs_cert_print_check(&g->print, &g->diags, days, trouble);
	if (!g->quiet)
		report_findings(g);
	if (g->json)
		gs_cert_print_check(&g->print, &g->diags, days, trouble);
	if (r == -1)
		return cli_complain(&g->cli, "%s", err.text);
	return (int)gs_cert_state(&g->diags);
}

/* What a run would make when nobody has said for which name, and how to say
 * it. Nothing is written. */
static int
preview(struct certgen *g)
{
	bool named = g->shown[0] != '\0';
	struct gs_cert_outcome o = { .txn = { .lock = -1 } };
	struct gs_err err;

	g->job.dry = true;
	if (named && g->action == ENSURE &&
	    gs_cert_ensure(&g->job, &g->diags, &o, &err) == 0)
		report_outcome(g, &o);
	gs_cert_outcome_free(&o);
	(void)fflush(stdout);
	(void)cli_complain(&g->cli,
	    "nothing is in service yet, and nothing "
	    "was changed: say which name is meant");
	if (named)
		(void)fprintf(stderr, "  %s --auto%*s(%s, this host's)\n",
		    (char *)g->all.p, 4, "", g->fqdn);
	(void)fprintf(stderr, "  %s FQDN\n", (char *)g->all.p);
	return CLI_TROUBLE;
}

/* Nothing is in service, and nobody gave a name. */
static bool
is_bare(const struct certgen *g)
{
	return g->service.kind == GS_SERVICE_NONE && g->operand == NULL &&
	    !g->auto_name && g->action != CHECK && g->action != SHOW;
}

static int
show(struct certgen *g)
{
	struct gs_check c = { .layout = &g->layout, .service = &g->service };
	struct gs_cert_info info;
	struct gs_state st;
	struct gs_err err;

	if (read_set(g, &st, &err) == -1) {
		gs_state_free(&st);
		return cli_complain(&g->cli, "%s", err.text);
	}
	const struct gs_cert *leaf =
	    gs_state_leaf(&st, gs_check_adoptable(&c, &st));
	if (leaf != NULL && gs_cert_info(leaf, &info, &err) == -1)
		leaf = NULL;
	gs_cert_print_set(&g->print, &st, leaf != NULL ? &info : NULL);
	gs_state_free(&st);
	if (g->service.kind == GS_SERVICE_SPLIT) {
		gs_check_split(&g->service, &g->diags);
		report_findings(g);
		return CLI_NO;
	}
	return leaf != NULL ? CLI_OK : CLI_NO;
}

static struct certgen *
new_certgen(int argc, char **argv)
{
	struct certgen *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->cli = (struct cli){
		.tool = "gs-certgen",
		.synopsis = synopsis,
		.examples = examples,
		.opts = options,
		.explained = EXPLAINED,
		.values = values,
		.libraries = libraries,
		.argc = argc,
		.argv = argv,
	};
	gs_guard_init(&g->guard);
	gs_guard_init(&g->inputs);
	g->cli.guard = &g->guard;
	g->auto_san = true;
	g->lock = -1;
	g->warn_days = RENEW_DEFAULT;
	g->job.kind = GS_KEY_RSA_2048;
	g->job.days = DAYS_DEFAULT;
	g->job.renew_before = RENEW_DEFAULT;
	g->site.ssl_dir = "/etc/ssl";
	g->site.link_name = "gemeinschaft";
	g->site.fs_dir = "/var/opt/GS5/freeswitch/conf/ssl";
	gs_buf_init(&g->pass, PASS_MAX);
	gs_buf_init(&g->places, COMMAND_MAX);
	gs_buf_init(&g->command, COMMAND_MAX);
	gs_buf_init(&g->all, COMMAND_MAX);
	gs_buf_init(&g->switched, COMMAND_MAX);
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
	gs_key_wipe_freed();
	if (cli_forbid_core(&g->cli) == 0 && read_options(g) == 0 &&
	    (g->action == RULES || (prepare(g) == 0 && guard_files(g) == 0))) {
		if (g->action == RULES)
			status = cli_tell_rules(&g->cli, gs_cert_rules, g->rule,
			    NULL);
		else if (is_bare(g))
			status = preview(g);
		else if (g->action == CHECK)
			status = check(g);
		else if (g->action == SHOW)
			status = show(g);
		else
			status = job(g);
		status = cli_close_stdout(&g->cli, status);
	}
	gs_guard_free(&g->guard);
	gs_guard_free(&g->inputs);
	gs_buf_free(&g->pass);
	gs_buf_free(&g->places);
	gs_buf_free(&g->command);
	gs_buf_free(&g->all);
	gs_buf_free(&g->switched);
	gs_diags_free(&g->diags);
	free(g);
	return status;
}
