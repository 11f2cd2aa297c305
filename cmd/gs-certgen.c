/* SPDX-License-Identifier: MIT */
/* gs-certgen: certificates for FreeSWITCH and phones, replaced safely. */
#include <sys/types.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cert/job.h"
#include "cert/x509.h"
#include "cli.h"

enum {
	DAYS_DEFAULT = 825,
	DAYS_MAX = 36500,
	RENEW_DEFAULT = 30,
	FINDINGS_MAX = 200,
	PASS_MAX = 1024,
	IFA_F_TEMPORARY_OR_DEPRECATED = 0x21, /* linux/if_addr.h */
};

enum {
	OPT_CSR = 256, OPT_IMPORT, OPT_CHAIN, OPT_CHECK, OPT_WARN, OPT_SHOW,
	OPT_CA, OPT_SUBJECT, OPT_SAN, OPT_NO_AUTO_SAN, OPT_KEY, OPT_DAYS,
	OPT_RENEW_BEFORE, OPT_NEW_KEY, OPT_FORCE, OPT_PASS_FILE, OPT_ROOT,
	OPT_SSL_DIR, OPT_LINK_NAME, OPT_FREESWITCH_DIR, OPT_NO_FREESWITCH,
	OPT_DER, OPT_TLS_PEM, OPT_WSS_PEM, OPT_DTLS_PEM, OPT_OWNER,
	OPT_KEY_GROUP, OPT_RUN
};

static const struct cli_opt options[] = {
	{ OPT_CSR, "csr", "FILE", "write a request for external signing" },
	{ OPT_IMPORT, "import", "FILE",
	    "check a signed certificate, put it in service" },
	{ OPT_CHAIN, "chain", "FILE", "more certificates for --import" },
	{ OPT_CHECK, "check", NULL, "is what is in place good?" },
	{ OPT_WARN, "warn", "DAYS", "--check: warn so many days before (30)" },
	{ OPT_SHOW, "show", NULL, "what is in place" },
	{ OPT_CA, "ca", NULL, "sign with a local CA" },
	{ OPT_SUBJECT, "subject", "NAME", "e.g. 'C=DE,O=Example'; CN is FQDN" },
	{ OPT_SAN, "san", "NAME", "dns:NAME or ip:ADDRESS (repeat)" },
	{ OPT_NO_AUTO_SAN, "no-auto-san", NULL,
	    "leave out this host's addresses" },
	{ OPT_KEY, "key", "KIND",
	    "rsa:2048 (default), 3072, 4096, ec:P-256, P-384" },
	{ OPT_DAYS, "days", "N", "how long it is valid (825)" },
	{ OPT_RENEW_BEFORE, "renew-before", "DAYS", "renew so early (30)" },
	{ OPT_NEW_KEY, "new-key", NULL, "make a new key; the old is kept" },
	{ OPT_FORCE, "force", NULL, "replace what is otherwise kept" },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "opens an encrypted key; fd:N is a descriptor" },
	{ OPT_ROOT, "root", "DIR", "put before all paths" },
	{ OPT_SSL_DIR, "ssl-dir", "DIR", "/etc/ssl" },
	{ OPT_LINK_NAME, "link-name", "NAME", "gemeinschaft" },
	{ OPT_FREESWITCH_DIR, "freeswitch-dir", "DIR",
	    "/var/opt/GS5/freeswitch/conf/ssl" },
	{ OPT_NO_FREESWITCH, "no-freeswitch", NULL, "no files for it" },
	{ OPT_DER, "der", "FILE", "what phones must trust" },
	{ OPT_TLS_PEM, "tls-pem", NULL, "also tls.pem" },
	{ OPT_WSS_PEM, "wss-pem", NULL, "also wss.pem" },
	{ OPT_DTLS_PEM, "dtls-pem", NULL, "also dtls-srtp.pem" },
	{ OPT_OWNER, "owner", "USER[:GROUP]", "of FreeSWITCH's files" },
	{ OPT_KEY_GROUP, "key-group", "GROUP", "may read keys (0640)" },
	{ OPT_RUN, "run", "COMMAND", "after a change, by sh" },
	{ 'n', "dry-run", NULL, "say what would be done" },
	{ 'j', "json", NULL, "JSON Lines" },
	{ 'q', "quiet", NULL, "only what is wrong" },
	{ 'v', "verbose", NULL, "every file and link" },
	{ 0, NULL, NULL, NULL },
};

static const struct cli_values values[] = {
	{ OPT_KEY, .words = "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384" },
	{ 0 }
};

static cli_library *const libraries[] = { gs_x509_library, NULL };

static const char synopsis[] =
    "  gs-certgen [options] [FQDN]\n"
    "  gs-certgen --csr FILE [options] [FQDN]\n"
    "  gs-certgen --import FILE [--chain FILE] [options] [FQDN]\n"
    "  gs-certgen --check [--warn DAYS] [options] [FQDN]\n"
    "  gs-certgen --show [options] [FQDN]\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --csr pbx.csr pbx.example.com\n"
    "  gs-certgen --import pbx.crt --chain ca-bundle.pem\n"
    "  gs-certgen --check --warn 30\n";

/* The command line, and what belongs to one run. */
struct certgen {
	struct cli cli;
	enum { ENSURE, CSR, IMPORT, CHECK, SHOW } action;
	const char *file; /* of --csr or --import */
	const char *chain;
	const char *subject;
	const char *pass_file;
	const char *owner;
	const char *key_group;
	const char *run;
	bool auto_san;
	bool json;
	bool quiet;
	bool verbose;
	unsigned warn_days;
	char fqdn[256];
	char user[256]; /* that reads FreeSWITCH's files */
	struct gs_site site;
	struct gs_layout layout;
	struct gs_dn dn;
	struct gs_sans names;
	struct gs_sans addresses;
	struct gs_buf pass;
	struct gs_reader_id reader;
	struct gs_cert_job job;
	struct gs_diags diags;
};

/* ---- options */

static int
set_action(struct certgen *g, int action)
{
	if (g->action != ENSURE && (int)g->action != action) {
		(void)cli_usage(&g->cli, "--csr, --import, --check and --show "
		    "are different jobs: use one");
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
	(void)cli_usage(&g->cli, "--key %s: use rsa:2048, rsa:3072, rsa:4096, "
	    "ec:P-256 or ec:P-384", g->cli.arg);
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
	case OPT_CHAIN: g->chain = g->cli.arg; return 0;
	case OPT_WARN: return days_option(g, "--warn", 0, &g->warn_days);
	case OPT_CA: g->job.ca = true; return 0;
	case OPT_SUBJECT: return subject_option(g);
	case OPT_SAN: return san_option(g);
	case OPT_NO_AUTO_SAN: g->auto_san = false; return 0;
	case OPT_KEY: return key_option(g);
	case OPT_DAYS: return days_option(g, "--days", 1, &g->job.days);
	case OPT_RENEW_BEFORE:
		return days_option(
		    g, "--renew-before", 0, &g->job.renew_before);
	case OPT_NEW_KEY: g->job.new_key = true; return 0;
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

static int
read_options(struct certgen *g)
{
	int c;

	while ((c = cli_next(&g->cli)) != 0)
		if (c == -1 || set_option(g, c) == -1)
			return -1;
	if (g->chain != NULL && g->action != IMPORT) {
		(void)cli_usage(&g->cli, "--chain belongs to --import");
		return -1;
	}
	if (g->cli.argc - optind > 1) {
		(void)cli_usage(&g->cli, "one host name, please: '%s' is too "
		    "much", g->cli.argv[optind + 1]);
		return -1;
	}
	return 0;
}

/* ---- what this host knows */

static int
own_name(char *name, size_t size, struct gs_err *err)
{
	struct addrinfo hints = { .ai_flags = AI_CANONNAME }, *info = NULL;
	char host[256];

	if (gethostname(host, sizeof(host)) == -1)
		return gs_err_sys(err, errno, "host name");
	host[sizeof(host) - 1] = '\0';
	(void)snprintf(name, size, "%s", host);
	if (getaddrinfo(host, NULL, &hints, &info) == 0 &&
	    info->ai_canonname != NULL)
		(void)snprintf(name, size, "%s", info->ai_canonname);
	if (info != NULL)
		freeaddrinfo(info);
	return 0;
}

/* The operand, or the set in service, or what this host is called. */
static int
find_name(struct certgen *g, struct gs_err *err)
{
	const char *operand = g->cli.argv[optind];
	struct gs_err why;

	if (operand != NULL) {
		(void)snprintf(g->fqdn, sizeof(g->fqdn), "%s", operand);
		return gs_host_check(operand, err);
	}
	if (g->action != ENSURE &&
	    gs_layout_in_service(&g->site, g->fqdn, sizeof(g->fqdn)))
		return 0;
	if (own_name(g->fqdn, sizeof(g->fqdn), err) == -1)
		return -1;
	if (gs_host_check(g->fqdn, &why) == 0)
		return 0;
	return gs_err_set(err, "%s. Give this host's full name as operand",
	    why.text);
}

/* Addresses that change by themselves have no place in a certificate. */
static bool
is_temporary(const struct in6_addr *a)
{
	char line[128], want[33];
	bool found = false;
	FILE *fp = fopen("/proc/net/if_inet6", "re");

	for (unsigned i = 0; i < 16; i++)
		(void)snprintf(want + 2 * i, 3, "%02x", a->s6_addr[i]);
	while (fp != NULL && !found && fgets(line, sizeof(line), fp) != NULL) {
		/* address index prefix scope flags name */
		if (strncmp(line, want, 32) != 0 || strlen(line) < 44)
			continue;
		found = (strtoul(line + 42, NULL, 16) &
			    IFA_F_TEMPORARY_OR_DEPRECATED) != 0;
	}
	if (fp != NULL)
		(void)fclose(fp);
	return found;
}

static int
add_address(
    struct gs_sans *to, const struct sockaddr *sa, struct gs_err *err)
{
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof(in));
		const uint8_t *p = (const uint8_t *)&in.sin_addr;
		if (p[0] == 127 || p[0] == 0 || (p[0] == 169 && p[1] == 254))
			return 0;
		return gs_sans_add_ip(to, p, 4, err);
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, sa, sizeof(in6));
		const struct in6_addr *a = &in6.sin6_addr;
		if (IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_LINKLOCAL(a) ||
		    IN6_IS_ADDR_MULTICAST(a) || IN6_IS_ADDR_UNSPECIFIED(a) ||
		    is_temporary(a))
			return 0;
		return gs_sans_add_ip(to, a->s6_addr, 16, err);
	}
	return 0;
}

static int
find_addresses(struct certgen *g, struct gs_err *err)
{
	struct ifaddrs *list = NULL;
	int r = 0;

	if (!g->auto_san)
		return 0;
	if (getifaddrs(&list) == -1)
		return gs_err_sys(err, errno, "this host's addresses");
	for (struct ifaddrs *i = list; r == 0 && i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && (i->ifa_flags & IFF_UP) != 0 &&
		    g->addresses.n < GS_SANS_MAX / 2)
			r = add_address(&g->addresses, i->ifa_addr, err);
	freeifaddrs(list);
	return r;
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
	return find_addresses(g, err);
}

static bool
is_number(const char *s, unsigned *v)
{
	uint64_t n;

	if (gs_span_u64(gs_span(s, strlen(s)), &n) == -1 || n >= UINT_MAX)
		return false;
	*v = (unsigned)n;
	return true;
}

static bool
may_give_to(gid_t gid)
{
	gid_t list[GS_READER_GROUPS];
	int n = getgroups(GS_READER_GROUPS, list);

	if (geteuid() == 0 || gid == getegid())
		return true;
	for (int i = 0; i < n; i++)
		if (list[i] == gid)
			return true;
	return false;
}

/* A finding, not an error: the files are made, but stay closed. */
static void
find_group(struct certgen *g, const char *name, gid_t *gid)
{
	struct group *gr = getgrnam(name);
	unsigned v;

	if (gr != NULL)
		v = gr->gr_gid;
	else if (!is_number(name, &v)) {
		gs_cert_finding(&g->diags, GS_CERT_R_OWNER_UNKNOWN,
		    "there is no group '%s'", name);
		return;
	}
	if (may_give_to(v))
		*gid = v;
	else
		gs_cert_finding(&g->diags, GS_CERT_R_OWNER_DENIED,
		    "files cannot be given to the group '%s'", name);
}

static void
find_reader(struct certgen *g, const struct passwd *pw)
{
	int n = GS_READER_GROUPS;

	(void)snprintf(g->user, sizeof(g->user), "%s", pw->pw_name);
	g->reader.name = g->user;
	g->reader.uid = pw->pw_uid;
	if (getgrouplist(pw->pw_name, pw->pw_gid, g->reader.gid, &n) == -1)
		n = GS_READER_GROUPS;
	g->reader.groups = (size_t)n;
}

static void
find_user(struct certgen *g, const char *name)
{
	struct passwd *pw = getpwnam(name);
	unsigned v;

	if (pw != NULL) {
		v = pw->pw_uid;
		find_reader(g, pw);
	} else if (!is_number(name, &v)) {
		gs_cert_finding(&g->diags, GS_CERT_R_OWNER_UNKNOWN,
		    "there is no user '%s'", name);
		return;
	}
	if (geteuid() == 0 || v == geteuid())
		g->site.fs_uid = v;
	else
		gs_cert_finding(&g->diags, GS_CERT_R_OWNER_DENIED,
		    "files cannot be given to the user '%s'", name);
}

static void
find_owners(struct certgen *g)
{
	char user[256];

	g->site.fs_uid = (uid_t)-1;
	g->site.fs_gid = (gid_t)-1;
	g->site.key_gid = (gid_t)-1;
	g->site.keep_owner = geteuid() == 0;
	if (g->key_group != NULL)
		find_group(g, g->key_group, &g->site.key_gid);
	if (g->owner == NULL) {
		struct passwd *pw = getpwnam("freeswitch");
		if (pw != NULL)
			find_reader(g, pw);
		return;
	}
	const char *colon = strchr(g->owner, ':');
	size_t n = colon != NULL ? (size_t)(colon - g->owner) :
				   strlen(g->owner);
	(void)snprintf(user, sizeof(user), "%.*s", (int)n, g->owner);
	if (n > 0)
		find_user(g, user);
	if (colon != NULL)
		find_group(g, colon + 1, &g->site.fs_gid);
}

/* One line; its end of line does not belong to the pass phrase. */
static int
read_pass(struct certgen *g, struct gs_err *err)
{
	char path[64];
	const char *from = g->pass_file;
	unsigned fd;

	if (from == NULL)
		return 0;
	if (strncmp(from, "fd:", 3) == 0 && is_number(from + 3, &fd)) {
		(void)snprintf(path, sizeof(path), "/dev/fd/%u", fd);
		from = path;
	}
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

/* ---- output */

static void
put_date(FILE *fp, int64_t t)
{
	time_t when = (time_t)t;
	char text[40];
	struct tm tm;

	if (gmtime_r(&when, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		(void)fputs(text, fp);
}

static void
json_date(struct gs_json *j, const char *key, int64_t t)
{
	time_t when = (time_t)t;
	char text[40] = "";
	struct tm tm;

	gs_json_key(j, key);
	if (gmtime_r(&when, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	gs_json_str(j, text);
}

static void
json_pair(struct gs_json *j, const char *key, const char *value)
{
	gs_json_key(j, key);
	gs_json_str(j, value);
}

static void
report_findings(struct certgen *g)
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
	gs_report_findings(&r,
	    g->action == IMPORT ? g->file : g->fqdn, &g->diags);
	gs_report_end(&r);
}

/* The last step for a path is what it comes to. */
static bool
is_last(const struct gs_txn *t, size_t i)
{
	if (strstr(t->step[i].path, GS_TXN_PREFIX) != NULL)
		return false;
	for (size_t k = i + 1; k < t->n; k++)
		if (strcmp(t->step[i].path, t->step[k].path) == 0)
			return false;
	return true;
}

static const char *const step_words[] = {
	[GS_STEP_FILE] = "write",
	[GS_STEP_LINK] = "link",
	[GS_STEP_REMOVE] = "remove",
};

static void
text_steps(const struct gs_txn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_step *s = &t->step[i];
		if (!is_last(t, i))
			continue;
		(void)printf("  %-6s %s", step_words[s->kind], s->path);
		if (s->kind == GS_STEP_FILE)
			(void)printf(" (%04o)", (unsigned)s->mode);
		else if (s->kind == GS_STEP_LINK)
			(void)printf(" -> %s", s->target);
		(void)putchar('\n');
	}
}

static void
json_steps(struct gs_json *j, const struct gs_txn *t)
{
	gs_json_key(j, "steps");
	gs_json_open(j, '[');
	for (size_t i = 0; i < t->n; i++) {
		const struct gs_step *s = &t->step[i];
		if (!is_last(t, i))
			continue;
		gs_json_open(j, '{');
		json_pair(j, "do", step_words[s->kind]);
		json_pair(j, "path", s->path);
		if (s->kind == GS_STEP_LINK)
			json_pair(j, "target", s->target);
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

static void
json_cert(struct gs_json *j, const struct gs_cert_info *i, int64_t now)
{
	gs_json_key(j, "certificate");
	gs_json_open(j, '{');
	json_pair(j, "subject", i->subject);
	json_pair(j, "issuer", i->issuer);
	json_pair(j, "serial", i->serial);
	json_pair(j, "sha256", i->fp);
	json_pair(j, "digest", i->digest);
	json_pair(j, "key", i->key.name);
	json_pair(j, "key_fingerprint", i->key.fp);
	json_date(j, "not_before", i->not_before);
	json_date(j, "not_after", i->not_after);
	gs_json_key(j, "days");
	gs_json_i64(j, gs_days_left(i->not_after, now));
	gs_json_key(j, "self_signed");
	gs_json_bool(j, i->self_signed);
	gs_json_key(j, "names");
	gs_json_open(j, '[');
	for (size_t k = 0; k < i->sans.n; k++)
		gs_json_str(j, i->sans.list[k].text);
	gs_json_close(j, ']');
	gs_json_close(j, '}');
}

static void
json_outcome(struct certgen *g, const struct gs_cert_outcome *o)
{
	struct gs_json j;

	gs_json_init(&j, stdout);
	gs_json_open(&j, '{');
	json_pair(&j, "type", "result");
	json_pair(&j, "host", g->layout.fqdn);
	json_pair(&j, "what", o->what);
	gs_json_key(&j, "changed");
	gs_json_bool(&j, o->changed);
	gs_json_key(&j, "refused");
	gs_json_bool(&j, o->refused);
	gs_json_key(&j, "dry_run");
	gs_json_bool(&j, g->job.dry);
	json_steps(&j, &o->txn);
	if (o->leaf.subject[0] != '\0' || o->leaf.sans.n > 0)
		json_cert(&j, &o->leaf, g->job.now);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

static void
text_outcome(struct certgen *g, const struct gs_cert_outcome *o)
{
	if (g->quiet)
		return;
	(void)printf("%s: %s%s%s\n", g->layout.fqdn,
	    g->job.dry && o->changed ? "would change: " : "",
	    o->refused ? "nothing was changed" : o->what,
	    o->changed && !g->job.dry && g->action != CSR && g->run == NULL ?
		"; the servers that use it must be reloaded" :
		"");
	if (g->verbose || g->job.dry)
		text_steps(&o->txn);
}

static void
report_outcome(struct certgen *g, const struct gs_cert_outcome *o)
{
	if (!g->quiet || g->diags.total[GS_ERROR] > 0)
		report_findings(g);
	if (g->json)
		json_outcome(g, o);
	else
		text_outcome(g, o);
}

/* ---- the jobs */

/* sh -c COMMAND, with what was said before already out. */
static int
run_command(struct certgen *g)
{
	(void)fflush(stdout);
	int r = system(g->run);
	if (r == 0)
		return CLI_OK;
	if (r != -1 && WIFEXITED(r))
		return cli_complain(&g->cli, "the set is in place, but "
		    "'%s' ended with status %d", g->run, WEXITSTATUS(r));
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
		r = gs_cert_request(&g->job, to_stdout ? NULL : g->file,
		    &csr, &g->diags, o, err);
	else if (read_import(g, &read, err) == 0)
		r = gs_cert_import(&g->job, &read, &g->diags, o, err);
	if (r == 0 && to_stdout && !o->refused) {
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
read_set(struct certgen *g, struct gs_state *st)
{
	struct gs_err err;
	int fd = gs_txn_wait(g->layout.private_dir);
	int r = gs_state_read(&g->layout, gs_buf_span(&g->pass), st, &err);

	if (fd != -1)
		(void)close(fd);
	if (r == -1)
		(void)cli_complain(&g->cli, "%s", err.text);
	return r;
}

/* As monitoring plugins do: state, text, and figures behind the bar. */
static void
check_line(struct certgen *g, const char *state, int64_t days)
{
	const uint64_t *t = g->diags.total;
	const struct gs_finding *worst = NULL;
	char text[64] = "no certificate";

	for (size_t i = 0; i < g->diags.n; i++)
		if (g->diags.list[i].severity != GS_NOTE &&
		    (worst == NULL ||
			g->diags.list[i].severity > worst->severity))
			worst = &g->diags.list[i];
	if (days != INT64_MAX)
		(void)snprintf(text, sizeof(text), "%lld days left",
		    (long long)days);
	(void)printf("%s - %s: %s", state, g->layout.fqdn, text);
	if (worst != NULL)
		(void)printf(", %llu errors, %llu warnings (%s)",
		    (unsigned long long)t[GS_ERROR],
		    (unsigned long long)t[GS_WARNING], worst->rule->id);
	if (days != INT64_MAX)
		(void)printf(" | days=%lld\n", (long long)days);
	else
		(void)printf(" | days=U\n");
}

static void
json_check(struct certgen *g, const char *state, int64_t days)
{
	struct gs_json j;

	gs_json_init(&j, stdout);
	gs_json_open(&j, '{');
	json_pair(&j, "type", "check");
	json_pair(&j, "host", g->layout.fqdn);
	json_pair(&j, "state", state);
	gs_json_key(&j, "days");
	if (days == INT64_MAX)
		gs_json_null(&j);
	else
		gs_json_i64(&j, days);
	gs_json_key(&j, "errors");
	gs_json_u64(&j, g->diags.total[GS_ERROR]);
	gs_json_key(&j, "warnings");
	gs_json_u64(&j, g->diags.total[GS_WARNING]);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

/* The exit status is that of monitoring plugins: 0 OK, 1 WARNING,
 * 2 CRITICAL. */
static int
check(struct certgen *g)
{
	static const char *const states[] = { "OK", "WARNING", "CRITICAL" };
	struct gs_check c = {
		.layout = &g->layout,
		.now = g->job.now,
		.warn_days = g->warn_days,
		.names = &g->names,
		.addresses = &g->addresses,
		.reader = &g->reader,
	};
	struct gs_state st;
	struct gs_err err;
	int64_t days = INT64_MAX;

	int r = read_set(g, &st);
	if (r == 0 &&
	    gs_check_set(&c, &st, &g->diags, &days, &err) == -1) {
		(void)cli_complain(&g->cli, "%s", err.text);
		r = -1;
	}
	gs_state_free(&st);
	if (r == -1)
		return CLI_TROUBLE;
	unsigned state = g->diags.total[GS_ERROR] > 0 ? 2 :
	    g->diags.total[GS_WARNING] > 0            ? 1 :
							0;
	if (!g->json)
		check_line(g, states[state], days);
	if (!g->quiet)
		report_findings(g);
	if (g->json)
		json_check(g, states[state], days);
	return (int)state;
}

static void
show_line(const char *what, const char *value)
{
	struct gs_buf b;

	gs_buf_init(&b, 64 * 1024);
	gs_buf_put_visible(&b, gs_span(value, strlen(value)));
	(void)printf("%-12s %.*s\n", what, (int)b.n, (const char *)b.p);
	gs_buf_free(&b);
}

static void
text_cert(const struct gs_cert_info *i, int64_t now)
{
	show_line("subject", i->subject);
	show_line("issuer", i->self_signed ? "itself" : i->issuer);
	for (size_t k = 0; k < i->sans.n; k++)
		show_line(k == 0 ? "names" : "", i->sans.list[k].text);
	(void)printf("%-12s ", "valid");
	put_date(stdout, i->not_before);
	(void)printf(" to ");
	put_date(stdout, i->not_after);
	(void)printf(", %lld days left\n",
	    (long long)gs_days_left(i->not_after, now));
	(void)printf("%-12s %s, fingerprint %s\n", "key", i->key.name,
	    i->key.fp);
	show_line("digest", i->digest);
	show_line("serial", i->serial);
	show_line("sha256", i->fp);
}

static const char *
item_word(const struct gs_item *it)
{
	static const char *const words[] = {
		[GS_ITEM_ABSENT] = "missing",
		[GS_ITEM_FILE] = "file",
		[GS_ITEM_LINK] = "link",
		[GS_ITEM_FOLDER] = "folder",
		[GS_ITEM_OTHER] = "special",
	};

	return it->dangling ? "broken" : words[it->type];
}

static void
text_files(const struct certgen *g, const struct gs_state *st)
{
	for (unsigned i = 0; i < GS_PLACES; i++) {
		const struct gs_item *it = gs_state_at(st, (enum gs_place)i);
		bool spare = i == GS_PLACE_PENDING || i == GS_PLACE_CA_KEY ||
		    i == GS_PLACE_CA_CRT;
		if (g->layout.path[i][0] == '\0' ||
		    (spare && it->type == GS_ITEM_ABSENT))
			continue;
		(void)printf("%-7s %04o %s%s%s\n", item_word(it),
		    (unsigned)it->mode, g->layout.path[i],
		    it->type == GS_ITEM_LINK ? " -> " : "", it->target);
	}
}

static void
json_show(const struct certgen *g, const struct gs_state *st,
    const struct gs_cert_info *info)
{
	struct gs_json j;

	gs_json_init(&j, stdout);
	gs_json_open(&j, '{');
	json_pair(&j, "type", "set");
	json_pair(&j, "host", g->layout.fqdn);
	if (info != NULL)
		json_cert(&j, info, g->job.now);
	gs_json_key(&j, "files");
	gs_json_open(&j, '[');
	for (unsigned i = 0; i < GS_PLACES; i++) {
		const struct gs_item *it = gs_state_at(st, (enum gs_place)i);
		if (g->layout.path[i][0] == '\0')
			continue;
		gs_json_open(&j, '{');
		json_pair(&j, "path", g->layout.path[i]);
		json_pair(&j, "type", item_word(it));
		gs_json_key(&j, "mode");
		gs_json_u64(&j, it->mode);
		if (it->type == GS_ITEM_LINK)
			json_pair(&j, "target", it->target);
		gs_json_close(&j, '}');
	}
	gs_json_close(&j, ']');
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

static int
show(struct certgen *g)
{
	struct gs_cert_info info;
	struct gs_state st;
	struct gs_err err;

	if (read_set(g, &st) == -1) {
		gs_state_free(&st);
		return CLI_TROUBLE;
	}
	const struct gs_cert *leaf = gs_state_cert(&st, GS_PLACE_CRT);
	if (leaf != NULL && gs_cert_info(leaf, &info, &err) == -1)
		leaf = NULL;
	if (g->json) {
		json_show(g, &st, leaf != NULL ? &info : NULL);
	} else {
		show_line("host", g->layout.fqdn);
		if (leaf != NULL)
			text_cert(&info, g->job.now);
		text_files(g, &st);
	}
	gs_state_free(&st);
	return leaf != NULL ? CLI_OK : CLI_NO;
}

/* Everything that is known before a job starts. */
static int
prepare(struct certgen *g)
{
	struct gs_err err;

	if (find_name(g, &err) == -1 || find_names(g, &err) == -1 ||
	    read_pass(g, &err) == -1) {
		(void)cli_complain(&g->cli, "%s", err.text);
		return -1;
	}
	find_owners(g);
	if (gs_layout_init(&g->layout, &g->site, g->fqdn, &err) == -1) {
		(void)cli_complain(&g->cli, "%s", err.text);
		return -1;
	}
	g->job.layout = &g->layout;
	g->job.subject = &g->dn;
	g->job.names = &g->names;
	g->job.addresses = &g->addresses;
	g->job.pass = gs_buf_span(&g->pass);
	g->job.now = (int64_t)time(NULL);
	return 0;
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
		.values = values,
		.libraries = libraries,
		.argc = argc,
		.argv = argv,
	};
	g->auto_san = true;
	g->warn_days = RENEW_DEFAULT;
	g->job.kind = GS_KEY_RSA_2048;
	g->job.days = DAYS_DEFAULT;
	g->job.renew_before = RENEW_DEFAULT;
	g->site.ssl_dir = "/etc/ssl";
	g->site.link_name = "gemeinschaft";
	g->site.fs_dir = "/var/opt/GS5/freeswitch/conf/ssl";
	gs_buf_init(&g->pass, PASS_MAX);
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
	if (read_options(g) == 0 && prepare(g) == 0) {
		if (g->action == CHECK)
			status = check(g);
		else if (g->action == SHOW)
			status = show(g);
		else
			status = job(g);
		status = cli_close_stdout(&g->cli, status);
	}
	gs_buf_free(&g->pass);
	gs_diags_free(&g->diags);
	free(g);
	return status;
}
