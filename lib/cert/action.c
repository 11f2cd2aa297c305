/* SPDX-License-Identifier: MIT */
/* The request of a run: which set is meant, what prevents it, and which
 * command mends a finding. */
#include "cert/action.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "cert/host.h"
#include "cert/idn.h"
#include "cert/parcel.h"
#include "cert/phone.h"
#include "cert/state.h"
#include "cert/rules_priv.h"

enum {
	DAYS_USUAL = 825,
	IDLE_USUAL = 600,
	RENEW_USUAL = 30,
	DAYS_MOST = 36500,
	MARGIN = 366,
	PASS_MAX = 1024,
	COMMAND_MAX = 16 * 1024,
	REQUEST_MAX = 1024 * 1024,
};

int
gs_cert_action_init(struct gs_cert_action *a, struct gs_err *err)
{
	*a = (struct gs_cert_action){
		.lock = -1,
		.warn_days = RENEW_USUAL,
		.idle_timeout = IDLE_USUAL,
		.level = GS_ERROR,
		.print = { .parts = { INT64_MAX, INT64_MAX } },
		.site = { .ssl_dir = "/etc/ssl",
		    .link_name = "gemeinschaft",
		    .fs_dir = "/var/opt/GS5/freeswitch/conf/ssl" },
		.job = { .kind = GS_KEY_RSA_2048,
		    .days = DAYS_USUAL,
		    .renew_before = RENEW_USUAL },
	};
	gs_buf_init(&a->pass, PASS_MAX);
	gs_buf_init(&a->places, COMMAND_MAX);
	gs_buf_init(&a->command, COMMAND_MAX);
	gs_buf_init(&a->all, COMMAND_MAX);
	gs_buf_init(&a->switched, COMMAND_MAX);
	gs_buf_init(&a->ways, 3 * COMMAND_MAX);
	gs_guard_init(&a->inputs);
	a->service = calloc(1, sizeof(*a->service));
	a->parcel = calloc(1, sizeof(*a->parcel));
	return a->service != NULL && a->parcel != NULL ?
	    0 :
	    gs_err_set(err, "out of memory");
}

/* Lets go of the set, which was kept from changing while it was read. */
static void
unlock(struct gs_cert_action *a)
{
	if (a->lock != -1)
		(void)close(a->lock);
	a->lock = -1;
}

void
gs_cert_action_free(struct gs_cert_action *a)
{
	unlock(a);
	gs_buf_free(&a->pass);
	gs_buf_free(&a->places);
	gs_buf_free(&a->command);
	gs_buf_free(&a->all);
	gs_buf_free(&a->switched);
	gs_buf_free(&a->ways);
	gs_guard_free(&a->inputs);
	gs_cert_certs_free(&a->trust.certs);
	if (a->parcel != NULL)
		gs_cert_parcel_free(a->parcel);
	free(a->parcel);
	free(a->service);
}

/* ---- the commands that findings name */

static void
write_commands(struct gs_cert_action *a)
{
	gs_buf_puts(&a->all, "gs-certgen");
	gs_buf_puts(&a->switched, "gs-certgen --switch");
	for (int i = 1; i < a->argc; i++) {
		gs_cert_put_word(&a->all, a->argv[i]);
		gs_cert_put_word(&a->switched, a->argv[i]);
	}
	gs_buf_puts(&a->command, "gs-certgen");
	gs_buf_put(&a->command, a->places.p, a->places.n);
	gs_buf_putc(&a->command, '\0');
	gs_buf_putc(&a->all, '\0');
	gs_buf_putc(&a->switched, '\0');
	/* Standard input cannot be read again. */
	a->typeable = gs_buf_ok(&a->places) && gs_buf_ok(&a->command) &&
	    gs_buf_ok(&a->all) && gs_buf_ok(&a->switched) &&
	    (a->pass_file == NULL ||
		(strcmp(a->pass_file, "-") != 0 &&
		    strncmp(a->pass_file, "fd:", 3) != 0));
}

/* ---- options */

/* A command that mends a finding must contain this option, too. */
static void
repeat(struct gs_cert_action *a, const char *option, const char *value)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "--%s", option);
	gs_cert_put_word(&a->places, name);
	if (value != NULL)
		gs_cert_put_word(&a->places, value);
}

/* Where the value of an option is stored. */
struct slot {
	const char *option;
	bool repeated;
	bool *flag;
	const char **word;
};

static int
fill(struct gs_cert_action *a, const struct slot *slot, size_t n,
    const char *option, const char *value)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(slot[i].option, option) != 0)
			continue;
		if (slot[i].flag != NULL)
			*slot[i].flag = true;
		else
			*slot[i].word = value;
		if (slot[i].repeated)
			repeat(a, option, value);
		return 0;
	}
	return -1;
}

/* Returns 0, or -1 for another option. */
static int
set_place(struct gs_cert_action *a, const char *option, const char *value)
{
	struct gs_cert_site *s = &a->site;
	const struct slot slots[] = {
		{ "root", true, NULL, &s->root },
		{ "ssl-dir", true, NULL, &s->ssl_dir },
		{ "link-name", true, NULL, &s->link_name },
		{ "freeswitch-dir", true, NULL, &s->fs_dir },
		{ "no-freeswitch", true, NULL, &s->fs_dir },
		{ "der", true, NULL, &s->der },
		{ "tls-pem", true, &s->tls_pem, NULL },
		{ "wss-pem", true, &s->wss_pem, NULL },
		{ "dtls-pem", true, &s->dtls_pem, NULL },
		{ "owner", true, NULL, &a->owner },
		{ "key-group", true, NULL, &a->key_group },
	};

	return fill(a, slots, sizeof(slots) / sizeof(*slots), option, value);
}

static int
set_job(struct gs_cert_action *a, const char *option, const char *value)
{
	struct gs_cert_job *job = &a->job;
	const struct slot slots[] = {
		{ "auto", false, &a->auto_name, NULL },
		{ "no-auto-san", true, &a->no_auto_san, NULL },
		{ "chain", false, NULL, &a->chain },
		{ "with-key", false, NULL, &a->with_key },
		{ "trust", true, NULL, &a->trust_path },
		{ "phone", false, NULL, &a->phone },
		{ "pass-file", true, NULL, &a->pass_file },
		{ "ca", false, &job->ca, NULL },
		{ "new-ca", false, &job->new_ca, NULL },
		{ "self-signed", false, &job->self_signed, NULL },
		{ "new-key", false, &job->new_key, NULL },
		{ "switch", false, &job->switching, NULL },
		{ "force", false, &job->force, NULL },
		{ "private", false, &job->private, NULL },
		{ "status", false, &a->print.status, NULL },
		{ "run", false, NULL, &a->print.run },
		{ "run-when-idle", false, NULL, &a->print.idle },
	};

	return fill(a, slots, sizeof(slots) / sizeof(*slots), option, value);
}

/* Where the value of a numeric option is stored, or NULL. */
static unsigned *
number_of(struct gs_cert_action *a, const char *option)
{
	const struct {
		const char *option;
		unsigned *number;
	} slots[] = {
		{ "warn-days", &a->warn_days },
		{ "crit-days", &a->crit_days },
		{ "idle-timeout", &a->idle_timeout },
		{ "days", &a->job.days },
		{ "renew-before", &a->job.renew_before },
	};

	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++)
		if (strcmp(option, slots[i].option) == 0)
			return slots[i].number;
	return NULL;
}

static int
set_number(struct gs_cert_action *a, const char *option, const char *value,
    struct gs_err *err)
{
	unsigned *number = number_of(a, option);
	unsigned least = number == &a->job.days;
	uint64_t n;

	if (gs_span_u64(gs_span_of(value), &n) == -1 || n < least ||
	    n > DAYS_MOST)
		return gs_err_set(err, "--%s requires a number from %u to %d",
		    option, least, DAYS_MOST);
	*number = (unsigned)n;
	a->renew_given |= number == &a->job.renew_before;
	return 0;
}

static int
add_endpoint(struct gs_cert_action *a, const char *value, struct gs_err *err)
{
	if (a->endpoints == GS_ENDPOINTS_MAX)
		return gs_err_set(err, "--connect was given more than %d times",
		    GS_ENDPOINTS_MAX);
	return gs_cert_endpoint_parse(&a->endpoint[a->endpoints++], value, err);
}

static int
add_san(struct gs_cert_action *a, const char *value, struct gs_err *err)
{
	char text[GS_SAN_SIZE];

	if (gs_cert_idn_ascii(value, text, sizeof(text), err) == -1 ||
	    gs_cert_sans_add(&a->names, text, err) == -1)
		return -1;
	repeat(a, "san", text);
	return 0;
}

int
gs_cert_action_set(struct gs_cert_action *a, const char *option,
    const char *value, struct gs_err *err)
{
	struct gs_err why;
	int r = -1;

	if (set_place(a, option, value) == 0 || set_job(a, option, value) == 0)
		return 0;
	if (strcmp(option, "connect") == 0)
		return add_endpoint(a, value, err);
	if (number_of(a, option) != NULL)
		return set_number(a, option, value, err);
	if (strcmp(option, "key") == 0 &&
	    gs_cert_key_kind_parse(value, &a->job.kind) == -1)
		return gs_err_set(err,
		    "--key %s: use rsa:2048, rsa:3072, rsa:4096, ec:P-256 or "
		    "ec:P-384",
		    value);
	if (strcmp(option, "key") == 0)
		return 0;
	if (strcmp(option, "subject") == 0)
		r = gs_cert_dn_parse(&a->dn, value, &why);
	else if (strcmp(option, "san") == 0)
		r = add_san(a, value, &why);
	else
		(void)gs_err_set(&why, "unknown option");
	return r == 0 ? 0 : gs_err_set(err, "--%s: %s", option, why.text);
}

static bool
looks(const struct gs_cert_action *a)
{
	return a->kind == GS_ACTION_CHECK || a->kind == GS_ACTION_SHOW ||
	    a->kind == GS_ACTION_CONNECT;
}

/* A second reader would find it empty. */
static bool
reads_stdin_twice(const struct gs_cert_action *a)
{
	const char *readers[] = { a->kind == GS_ACTION_IMPORT ? a->file : NULL,
		a->chain, a->pass_file, a->with_key };
	unsigned n = 0;
	bool one = a->file != NULL && a->with_key != NULL &&
	    strcmp(a->file, a->with_key) == 0;

	for (unsigned i = 0; i < (one ? 3 : 4); i++)
		n += readers[i] != NULL && strcmp(readers[i], "-") == 0;
	return n > 1;
}

int
gs_cert_action_name(struct gs_cert_action *a, const char *name,
    struct gs_err *err)
{
	char text[GS_SAN_SIZE];

	if (strchr(name, '.') == NULL)
		return gs_err_set(err,
		    "unexpected operand '%s': further names must have a dot, "
		    "or be given with --san",
		    name);
	int n = snprintf(text, sizeof(text), "dns:%s", name);
	if (n < 0 || (size_t)n >= sizeof(text))
		return gs_err_set(err, "'%s' is too long", name);
	return add_san(a, text, err);
}

int
gs_cert_action_settle(struct gs_cert_action *a, struct gs_err *err)
{
	struct gs_cert_job *job = &a->job;

	job->owes = a->print.idle != NULL;
	if (a->operand != NULL && gs_cert_idn_is(a->operand)) {
		if (gs_cert_idn_ascii(a->operand, a->ascii, sizeof(a->ascii),
			err) == -1)
			return -1;
		a->operand = a->ascii;
	}
	if (a->operand != NULL && a->auto_name)
		return gs_err_set(err,
		    "--auto cannot be combined with '%s': give one of them",
		    a->operand);
	if (a->kind == GS_ACTION_CSR && strcmp(a->file, "-") == 0 &&
	    a->print.report.format != GS_TEXT)
		return gs_err_set(err,
		    "'--csr -' cannot be combined with -f or -j: name a file "
		    "for the request");
	if (a->print.report.format == GS_OPENMETRICS &&
	    (!looks(a) || a->kind == GS_ACTION_SHOW))
		return gs_err_set(err,
		    "-f openmetrics requires --check, --status or --connect");
	if (reads_stdin_twice(a))
		return gs_err_set(err,
		    "standard input ('-') can be read only once: use it for "
		    "one of --import, --chain, --with-key and --pass-file");
	if (a->phone != NULL && gs_cert_phone_find(a->phone) == NULL)
		return gs_err_set(err,
		    "--phone %s: unknown model; write it as in 370, D785 or "
		    "D865",
		    a->phone);
	if (a->endpoints > 0 && (!looks(a) || a->kind == GS_ACTION_SHOW))
		return gs_err_set(err,
		    "--connect cannot be combined with an action other than "
		    "--check or --status");
	if (a->kind == GS_ACTION_CONNECT && a->operand != NULL)
		return gs_err_set(err,
		    "--connect without --check takes the name from HOST: omit "
		    "'%s'",
		    a->operand);
	/* Otherwise every run would renew. */
	if (a->renew_given && job->renew_before >= job->days)
		return gs_err_set(err,
		    "--renew-before %u must be less than --days %u",
		    job->renew_before, job->days);
	if (job->renew_before >= job->days)
		job->renew_before = job->days / 3;
	if (a->kind == GS_ACTION_IMPORT)
		job->renew_before = a->warn_days;
	return 0;
}

/* ---- which set is meant */

/* Whether word is among words, ignoring case. */
static bool
is_among(const char *words, const char *word)
{
	struct gs_span want = gs_span_of(word);

	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, " ");

		if (gs_span_eqcase(gs_span(p, n), want))
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

/* The option meant by a word that looks like a command. */
static const char *
hint(const char *word)
{
	static const struct {
		const char *words, *hint;
	} list[] = {
		{ "check verify status", "did you mean --check?" },
		{ "show list info", "did you mean --show?" },
		{ "renew update", "--auto renews what is due" },
		{ "make create new auto", "did you mean --auto?" },
		{ "help", "did you mean --help?" },
		{ "version", "did you mean --version?" },
		{ "import", "did you mean --import FILE?" },
		{ "csr request", "did you mean --csr FILE?" },
		{ "switch", "did you mean --switch FQDN?" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (is_among(list[i].words, word))
			return list[i].hint;
	return "give the full name of this host, with a dot";
}

/* File names of a wildcard cannot contain its star. */
static bool
take_wildcard(struct gs_cert_action *a)
{
	char name[sizeof(a->fqdn)];

	if (strncmp(a->operand, "*.", 2) != 0)
		return false;
	(void)snprintf(name, sizeof(name), "_%.250s", a->operand + 1);
	if (gs_cert_host_check(name, NULL) == -1)
		return false;
	(void)snprintf(a->fqdn, sizeof(a->fqdn), "%s", name);
	(void)snprintf(a->shown, sizeof(a->shown), "%s", name);
	return true;
}

static int
take_operand(struct gs_cert_action *a, struct gs_err *err)
{
	if (take_wildcard(a))
		return 0;
	if (gs_cert_host_check(a->operand, err) == -1)
		return -1;
	if (strchr(a->operand, '.') == NULL &&
	    !gs_cert_host_is_own(a->operand) &&
	    strcasecmp(a->operand, a->service->fqdn) != 0) {
		a->misused = true;
		return gs_err_set(err,
		    "'%s' is not a host name with a dot, and not this host's "
		    "name: %s",
		    a->operand, hint(a->operand));
	}
	(void)snprintf(a->fqdn, sizeof(a->fqdn), "%s", a->operand);
	(void)snprintf(a->shown, sizeof(a->shown), "%s", a->operand);
	return 0;
}

/* This host's own name, for a new set. */
static int
take_own_name(struct gs_cert_action *a, struct gs_err *err)
{
	bool known = gs_cert_host_name(a->fqdn, sizeof(a->fqdn), NULL) == 0 &&
	    gs_cert_host_check(a->fqdn, NULL) == 0;
	bool full = known && strchr(a->fqdn, '.') != NULL;

	if (full)
		(void)snprintf(a->shown, sizeof(a->shown), "--auto");
	if (full || (looks(a) && known))
		return 0;
	if (looks(a) || !a->auto_name) {
		(void)snprintf(a->fqdn, sizeof(a->fqdn), "localhost");
		return 0;
	}
	return gs_err_set(err,
	    "this host has no full name (with a dot). Give its name on the "
	    "command line");
}

static int
find_name(struct gs_cert_action *a, struct gs_err *err)
{
	const struct gs_cert_service *s = a->service;

	if (a->operand != NULL)
		return take_operand(a, err);
	if (s->kind == GS_SERVICE_NONE)
		return take_own_name(a, err);
	if (s->fqdn[0] == '\0' && s->kind == GS_SERVICE_FILES)
		return gs_err_set(err,
		    "the certificate in service contains no host name. Give "
		    "the name of this host on the command line");
	(void)snprintf(a->fqdn, sizeof(a->fqdn), "%s",
	    s->fqdn[0] != '\0' ? s->fqdn : "localhost");
	return 0;
}

/* An interrupted run is finished first: until then, it is unknown which set is
 * in service. A check waits for a run that is at work. */
static int
find_service(struct gs_cert_action *a, struct gs_err *err)
{
	/* Only for the folders. */
	if (gs_cert_layout_init(&a->layout, &a->site, "localhost", err) == -1)
		return -1;
	if (looks(a))
		a->lock = gs_cert_txn_wait(a->layout.private_dir);
	else if (!a->job.dry &&
	    gs_cert_txn_recover(a->layout.private_dir, &a->job.recovered,
		err) == -1)
		return -1;
	return gs_cert_service_find(&a->site, a->service, err);
}

/* The host's name is the first name. */
static int
find_names(struct gs_cert_action *a, struct gs_err *err)
{
	struct gs_cert_sans asked = a->names;

	a->names.n = 0;
	if (gs_cert_sans_add_dns(&a->names, a->fqdn, err) == -1)
		return -1;
	if (gs_cert_sans_add_all(&a->names, &asked, err) == -1)
		return -1;
	return a->no_auto_san ? 0 : gs_cert_host_addresses(&a->addresses, err);
}

/* The input of --pass-file, or NULL. */
static int
find_pass(struct gs_cert_action *a, const char **path, struct gs_err *err)
{
	const char *from = a->pass_file;
	uint64_t fd;

	*path = from;
	if (from == NULL || strncmp(from, "fd:", 3) != 0)
		return 0;
	if (gs_span_u64(gs_span_of(from + 3), &fd) == -1)
		return gs_err_set(err, "%s: not an open descriptor", from);
	(void)snprintf(a->pass_name, sizeof(a->pass_name), "/dev/fd/%llu",
	    (unsigned long long)fd);
	*path = a->pass_name;
	return 0;
}

static int
read_pass(struct gs_cert_action *a, struct gs_err *err)
{
	const char *from;

	if (find_pass(a, &from, err) == -1)
		return -1;
	return from == NULL ?
	    0 :
	    gs_file_read_pass(from, a->pass_file, &a->pass, err);
}

/* A missing name is reported before errors in the file. */
static int
read_parcel(struct gs_cert_action *a, struct gs_err *err)
{
	a->parcel->file = a->file;
	a->parcel->chain_file = a->chain;
	a->parcel->key_file = a->with_key;
	return gs_cert_parcel_read(a->parcel, gs_buf_span(&a->pass), err) ==
		    -1 &&
		!gs_cert_action_is_bare(a) ?
	    -1 :
	    0;
}

/* Whether the file folder/name has the key of one of the certificates. */
static bool
has_key_of(const struct gs_cert_action *a, const char *folder, const char *name)
{
	char path[GS_PATH_SIZE];
	struct gs_cert_key *key = NULL;
	struct gs_buf b;
	bool yes = false;

	int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	gs_buf_init(&b, GS_SET_FILE_MAX);
	if (gs_file_is_regular(path) && gs_file_read(path, &b, NULL) == 0 &&
	    gs_cert_key_read(gs_buf_span(&b), gs_buf_span(&a->pass), &key,
		NULL) == GS_KEY_OK)
		for (size_t i = 0; i < a->parcel->certs.n && !yes; i++)
			yes = gs_cert_has_key(a->parcel->certs.list[i], key);
	gs_cert_key_free(key);
	gs_buf_free(&b);
	return yes;
}

/* The set whose request waits for the imported certificate, by its key. name
 * receives the set's name, or stays. */
static void
find_waiting(const struct gs_cert_action *a, DIR *dir, char *name, size_t size)
{
	static const char end[] = ".csr.key";
	const struct dirent *e;
	char fqdn[sizeof(a->fqdn)];

	while ((e = readdir(dir)) != NULL) {
		size_t n = strlen(e->d_name);
		if (n <= strlen(end) || n - strlen(end) >= sizeof(fqdn) ||
		    strcmp(e->d_name + n - strlen(end), end) != 0)
			continue;
		(void)snprintf(fqdn, sizeof(fqdn), "%.*s",
		    (int)(n - strlen(end)), e->d_name);
		if (gs_cert_host_check(fqdn, NULL) == 0 &&
		    has_key_of(a, a->layout.private_dir, e->d_name)) {
			(void)snprintf(name, size, "%s", fqdn);
			return;
		}
	}
}

/* Whatever name was typed: the certificate must then contain it. */
static int
find_request(struct gs_cert_action *a, struct gs_diags *d, struct gs_err *err)
{
	char own[2][sizeof(a->fqdn) + 16], found[sizeof(a->fqdn)];
	DIR *dir;

	(void)snprintf(own[0], sizeof(own[0]), "%s.csr.key", a->fqdn);
	(void)snprintf(own[1], sizeof(own[1]), "%s.key", a->fqdn);
	(void)snprintf(found, sizeof(found), "%s", a->fqdn);
	for (unsigned i = 0; i < 2; i++)
		if (has_key_of(a, a->layout.private_dir, own[i]))
			return 0;
	dir = opendir(a->layout.private_dir);
	if (dir == NULL)
		return 0;
	find_waiting(a, dir, found, sizeof(found));
	(void)closedir(dir);
	if (strcasecmp(found, a->fqdn) == 0)
		return 0;
	FIND(d, CSR_FOUND, "the certificate answers the request for %s", found);
	if (a->operand != NULL &&
	    gs_cert_sans_add_dns(&a->names, a->fqdn, err) == -1)
		return -1;
	(void)snprintf(a->fqdn, sizeof(a->fqdn), "%s", found);
	(void)snprintf(a->shown, sizeof(a->shown), "%s", found);
	/* That is the name that was missing. */
	if (a->service->kind == GS_SERVICE_NONE && a->operand == NULL)
		a->operand = a->fqdn;
	return 0;
}

static int
read_import(struct gs_cert_action *a, struct gs_diags *d, struct gs_err *err)
{
	if (read_pass(a, err) == -1 || read_parcel(a, err) == -1)
		return -1;
	return a->with_key == NULL ? find_request(a, d, err) : 0;
}

static void
add_file(struct gs_cert_action *a, const char *what, const char *path,
    bool written)
{
	if (path != NULL && *path != '\0')
		a->files[a->nfiles++] =
		    (struct gs_cert_action_file){ what, path, written };
}

/* The set's own files are inputs that only the job itself changes. */
static int
list_files(struct gs_cert_action *a, struct gs_err *err)
{
	bool import = a->kind == GS_ACTION_IMPORT;
	bool request = a->kind == GS_ACTION_CSR;
	const char *pass;

	if (find_pass(a, &pass, err) == -1)
		return -1;
	add_file(a, "--import", import ? a->file : NULL, false);
	add_file(a, "--chain", a->chain, false);
	add_file(a, "--with-key", a->with_key, false);
	add_file(a, "--trust", a->trust_path, false);
	add_file(a, "--pass-file", pass, false);
	for (size_t i = 0; i < a->nfiles; i++)
		if (gs_guard_read(&a->inputs, a->files[i].what,
			a->files[i].path, err) == -1)
			return -1;
	for (int i = 0; i < GS_PLACES; i++)
		if (i != GS_PLACE_DER)
			add_file(a, "the set's", a->layout.path[i], false);
	if (request && strcmp(a->file, "-") != 0)
		add_file(a, "--csr", a->file, true);
	if (import || a->kind == GS_ACTION_ENSURE)
		add_file(a, "--der", a->layout.path[GS_PLACE_DER], true);
	return 0;
}

static void
fill_print(struct gs_cert_action *a)
{
	struct gs_cert_print *p = &a->print;

	p->layout = &a->layout;
	p->now = a->job.now;
	p->dry = a->job.dry;
	p->request = a->kind == GS_ACTION_CSR;
	p->about = a->kind == GS_ACTION_IMPORT ? a->file : a->fqdn;
	p->warn_days = a->warn_days;
	p->crit_days = a->crit_days;
	p->endpoint = a->endpoint;
	p->endpoints = a->endpoints;
}

/* Servers without relation to a set of this host. */
static int
prepare_connect(struct gs_cert_action *a)
{
	if (a->endpoints == 1)
		(void)snprintf(a->fqdn, sizeof(a->fqdn), "%s",
		    a->endpoint[0].host);
	else
		(void)snprintf(a->fqdn, sizeof(a->fqdn), "%zu servers",
		    a->endpoints);
	(void)snprintf(a->layout.fqdn, sizeof(a->layout.fqdn), "%s", a->fqdn);
	a->print.alone = true;
	return 0;
}

static int
prepare(struct gs_cert_action *a, struct gs_diags *d, struct gs_err *err)
{
	struct gs_cert_job *job = &a->job;

	if (a->kind == GS_ACTION_CONNECT)
		return prepare_connect(a);
	/* The imported certificate may be for another name: it is read
	 * first. */
	bool import = a->kind == GS_ACTION_IMPORT;
	if (find_service(a, err) == -1 || find_name(a, err) == -1 ||
	    (import && read_import(a, d, err) == -1) ||
	    gs_cert_layout_init(&a->layout, &a->site, a->fqdn, err) == -1 ||
	    find_names(a, err) == -1 || (!import && read_pass(a, err) == -1))
		return -1;
	gs_cert_owner_find(a->owner, a->key_group, &a->site, &a->reader, d);
	job->layout = &a->layout;
	job->service = a->service;
	job->command =
	    a->typeable && a->operand != NULL ? (char *)a->switched.p : NULL;
	job->subject = &a->dn;
	job->names = &a->names;
	job->addresses = &a->addresses;
	job->pass = gs_buf_span(&a->pass);
	job->inputs = &a->inputs;
	return list_files(a, err);
}

/* Returns r. Monitoring gets its line even if r is -1. */
static int
checked(struct gs_cert_action *a, struct gs_diags *d, int r,
    const struct gs_err *err)
{
	if (r == -1 && a->kind == GS_ACTION_CHECK && a->print.report.fp != NULL)
		gs_cert_print_check(&a->print, d, INT64_MAX, err->text);
	return r;
}

int
gs_cert_action_prepare(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_err *err)
{
	write_commands(a);
	fill_print(a);
	return checked(a, d, prepare(a, d, err), err);
}

int
gs_cert_action_fits(const struct gs_cert_action_file *f, struct gs_err *err)
{
	struct stat st;

	if (!f->written || stat(f->path, &st) == -1 || S_ISREG(st.st_mode) ||
	    S_ISDIR(st.st_mode))
		return 0;
	return gs_err_set(err, "%s %s: not a regular file%s", f->what, f->path,
	    strcmp(f->what, "--csr") == 0 ?
		"; --csr - writes to standard output" :
		"");
}

bool
gs_cert_action_is_bare(const struct gs_cert_action *a)
{
	return a->service->kind == GS_SERVICE_NONE && a->operand == NULL &&
	    !a->auto_name && !looks(a);
}

/* ---- the jobs */

/* Not before it is known that no output is one of its files. */
static int
read_trust(struct gs_cert_action *a, struct gs_err *err)
{
	if (a->trust_path == NULL)
		return 0;
	a->job.trust = &a->trust;
	return gs_cert_trust_read(&a->trust, a->trust_path, err);
}

static int
do_job(struct gs_cert_action *a, struct gs_buf *csr, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err)
{
	int r = -1;

	*o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	/* What could not be read for want of memory is not damaged. */
	if (gs_memory_lost())
		return gs_err_sys(err, ENOMEM, "reading the set");
	if (a->kind == GS_ACTION_ENSURE)
		r = gs_cert_ensure(&a->job, d, o, err);
	else if (a->kind == GS_ACTION_CSR)
		r = gs_cert_request(&a->job,
		    strcmp(a->file, "-") == 0 ? NULL : a->file, csr, d, o, err);
	else
		r = gs_cert_import(&a->job, a->parcel, d, o, err);
	return r;
}

/* A restart that cannot be read cannot be done. */
static bool
sees_owed(struct gs_cert_action *a, struct gs_diags *d)
{
	const char *path = a->layout.path[GS_PLACE_OWED];

	if (stat(path, &a->owed) == 0)
		return true;
	if (errno != ENOENT)
		(void)gs_cert_finding_as(d, GS_CERT_R_RESTART_OWED, GS_ERROR,
		    "%s cannot be read: %s. No command was run, although "
		    "FreeSWITCH may still have to be restarted",
		    path, strerror(errno));
	return false;
}

/* Whether there is no finding of the level of -W or worse. */
static bool
is_good(const struct gs_cert_action *a, const struct gs_diags *d)
{
	for (unsigned i = a->level; i <= GS_ERROR; i++)
		if (d->total[i] > 0)
			return false;
	return true;
}

/* Reports the result of a job that was not refused. */
static void
tell_job(struct gs_cert_action *a, const struct gs_buf *csr, struct gs_diags *d,
    const struct gs_cert_outcome *o, struct gs_cert_answer *answer)
{
	struct gs_cert_check c = { .layout = &a->layout, .reader = &a->reader };
	bool request = a->kind == GS_ACTION_CSR;
	bool done = !o->refused && !a->job.dry;

	/* A request must not be printed unless its key is stored. */
	if (request && done && strcmp(a->file, "-") == 0) {
		(void)fwrite(csr->p, 1, csr->n, a->print.report.fp);
		a->print.quiet = true;
	}
	if (!request && done)
		gs_cert_check_readable(&c, d);
	answer->owed =
	    done && !request && a->print.idle != NULL && sees_owed(a, d);
	gs_cert_print_outcome(&a->print, o, d);
	answer->changed = o->reload && !request && !a->job.dry;
	answer->good = !o->refused && is_good(a, d);
}

int
gs_cert_action_paid(struct gs_cert_action *a, struct gs_err *err)
{
	const char *path = a->layout.path[GS_PLACE_OWED];
	int lock = gs_cert_txn_wait(a->layout.private_dir);
	struct stat now;
	int r = 0;

	/* It is replaced as a whole. */
	bool there = stat(path, &now) == 0;
	bool unseen = !there && errno != ENOENT;
	if (unseen ||
	    (there && now.st_dev == a->owed.st_dev &&
		now.st_ino == a->owed.st_ino &&
		now.st_mtime == a->owed.st_mtime && unlink(path) == -1))
		r = gs_err_sys(err, errno, "%s", path);
	if (lock != -1)
		(void)close(lock);
	return r;
}

static int
job(struct gs_cert_action *a, struct gs_diags *d, struct gs_cert_answer *answer,
    struct gs_err *err)
{
	struct gs_cert_outcome o;
	struct gs_buf csr;

	gs_buf_init(&csr, REQUEST_MAX);
	int r = do_job(a, &csr, d, &o, err);
	if (r == 0)
		tell_job(a, &csr, d, &o, answer);
	else
		gs_report_findings(&a->print.report, a->print.about, d);
	gs_cert_txn_free(&o.txn);
	gs_buf_free(&csr);
	return r;
}

void
gs_cert_action_preview(struct gs_cert_action *a, struct gs_diags *d)
{
	const char *command = (const char *)a->all.p;
	struct gs_cert_outcome o;

	if (!gs_cert_is_visible(command))
		command = "gs-certgen OPTIONS";
	a->job.dry = a->print.dry = true;
	if (a->shown[0] != '\0')
		gs_buf_printf(&a->ways, "  %s --auto    (%s, this host's)\n",
		    command, a->fqdn);
	gs_buf_printf(&a->ways, "  %s FQDN\n", command);
	if (a->kind != GS_ACTION_ENSURE || a->shown[0] == '\0' ||
	    read_trust(a, NULL) == -1)
		return;
	if (do_job(a, NULL, d, &o, NULL) == 0)
		gs_cert_print_outcome(&a->print, &o, d);
	gs_cert_txn_free(&o.txn);
}

/* ---- looking at the set */

/* Plans, each made on demand of a finding. */
struct advice {
	struct gs_cert_adviser adviser;
	const struct gs_cert_job *job;
	unsigned renew_before;
	unsigned days;
	char renew[64];
	struct {
		bool made;
		struct gs_cert_forecast forecast;
		struct gs_cert_outcome outcome;
	} plan[GS_MENDS];
};

/* The job of the command for mend, for planning only. */
static void
job_of(const struct advice *a, enum gs_cert_mend mend,
    struct gs_cert_sans *names, struct gs_cert_job *job)
{
	*job = *a->job;
	job->dry = true;
	job->command = NULL;
	job->switching = !gs_cert_service_is(job->service, job->layout->fqdn);
	/* An EC key is made quickly, and dropped. */
	job->kind = GS_KEY_EC_P256;
	job->new_key = mend == GS_MEND_NEW_KEY || mend == GS_MEND_NEW_KEY_RSA;
	job->new_ca = mend == GS_MEND_NEW_CA;
	if (mend == GS_MEND_RENEW) {
		job->renew_before = a->renew_before;
		job->days = a->days;
	}
	if (mend == GS_MEND_ADDRESS) {
		/* As "--san" would add them. */
		*names = *a->job->names;
		(void)gs_cert_sans_add_all(names, a->job->addresses, NULL);
		job->names = names;
	}
}

static const struct gs_cert_forecast *
forecast(void *arg, enum gs_cert_mend mend)
{
	struct advice *a = arg;
	struct gs_cert_outcome *o = &a->plan[mend].outcome;
	struct gs_cert_forecast *f = &a->plan[mend].forecast;
	struct gs_cert_job job;
	struct gs_cert_sans names;
	struct gs_diags d;

	if (a->plan[mend].made)
		return f;
	a->plan[mend].made = true;
	job_of(a, mend, &names, &job);
	gs_diags_init(&d, gs_cert_rules, NULL, 0);
	int r = gs_cert_ensure(&job, &d, o, NULL);
	gs_diags_free(&d);
	*f = (struct gs_cert_forecast){
		.fails = r == -1 || o->refused,
		.new_leaf = o->new_leaf,
		.not_after = o->leaf.not_after,
		.txn = &o->txn,
	};
	return f;
}

static void
renewal(struct advice *a, unsigned warn)
{
	a->renew_before = RENEW_USUAL;
	a->days = DAYS_USUAL;
	if (warn <= RENEW_USUAL || warn > DAYS_MOST - MARGIN)
		return;
	a->renew_before = warn;
	if (warn >= DAYS_USUAL)
		a->days = warn + MARGIN;
	int n =
	    snprintf(a->renew, sizeof(a->renew), " --renew-before %u", warn);
	if (warn >= DAYS_USUAL && n > 0)
		(void)snprintf(a->renew + n, sizeof(a->renew) - (size_t)n,
		    " --days %u", a->days);
}

/* NULL: findings name no command. */
static struct advice *
new_advice(struct gs_cert_action *a)
{
	struct advice *v = a->typeable ? calloc(1, sizeof(*v)) : NULL;

	/* Of the options of a job, only places count. */
	a->job.new_key = a->job.force = a->job.ca = false;
	a->job.new_ca = a->job.self_signed = false;
	if (v == NULL)
		return NULL;
	v->job = &a->job;
	renewal(v, a->warn_days);
	v->adviser = (struct gs_cert_adviser){
		.forecast = forecast,
		.arg = v,
		.command = (char *)a->command.p,
		.operand = a->shown,
		.renew = v->renew,
		.asked = a->operand != NULL,
	};
	return v;
}

static void
free_advice(struct advice *v)
{
	for (unsigned i = 0; v != NULL && i < GS_MENDS; i++)
		if (v->plan[i].made)
			gs_cert_txn_free(&v->plan[i].outcome.txn);
	free(v);
}

static int
read_set(struct gs_cert_action *a, struct gs_cert_state *st, struct gs_err *err)
{
	int r = gs_cert_state_read(&a->layout, gs_buf_span(&a->pass), st, err);

	unlock(a);
	return r == 0 && gs_memory_lost() ?
	    gs_err_sys(err, ENOMEM, "reading the set") :
	    r;
}

/* All named servers. */
static int
visit(struct gs_cert_action *a, struct gs_cert_served *s, struct gs_diags *d,
    struct gs_err *err)
{
	s->model = a->phone;
	s->phone = a->phone != NULL ? gs_cert_phone_find(a->phone) : NULL;
	for (size_t i = 0; i < a->endpoints; i++)
		if (gs_cert_served_check(s, &a->endpoint[i], d, err) == -1)
			return -1;
	return 0;
}

/* Those that should serve the set. */
static int
visit_set(struct gs_cert_action *a, const struct gs_cert_check *c,
    const struct gs_cert_state *st, struct gs_diags *d, struct gs_err *err)
{
	struct gs_cert_certs chain = { 0 };
	struct gs_cert_served s = {
		.check = c,
		.name = a->layout.fqdn[0] == '_' ? NULL : a->layout.fqdn,
		.leaf = gs_cert_state_leaf(st, gs_cert_check_adoptable(c, st)),
		.chain = &chain,
	};

	if (s.leaf != NULL)
		(void)gs_cert_check_chain(c, st, s.leaf, &chain);
	int r = visit(a, &s, d, err);
	gs_cert_certs_free(&chain);
	return r;
}

static void
answer_check(struct gs_cert_action *a, const struct gs_diags *d, int64_t days,
    const char *trouble, struct gs_cert_answer *answer)
{
	gs_cert_print_check(&a->print, d, days, trouble);
	answer->good = is_good(a, d);
}

int
gs_cert_action_judge(struct gs_cert_action *a, struct gs_diags *d,
    int64_t *days, struct gs_err *err)
{
	struct gs_cert_check c = {
		.layout = &a->layout,
		.now = a->job.now,
		.trust = a->job.trust,
		.warn_days = a->warn_days,
		.crit_days = a->crit_days,
		.names = &a->names,
		.addresses = &a->addresses,
		.reader = &a->reader,
		.service = a->service,
		.parts = a->print.parts,
		.in_place = true,
	};
	struct advice *advice = new_advice(a);
	struct gs_cert_state st;

	*days = INT64_MAX;
	if (advice != NULL)
		c.adviser = &advice->adviser;
	int r = read_set(a, &st, err);
	if (r == 0)
		gs_cert_check_set(&c, &st, d, days);
	if (r == 0 && a->endpoints > 0)
		r = visit_set(a, &c, &st, d, err);
	gs_cert_state_free(&st);
	free_advice(advice);
	return r;
}

static int
connect_only(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err)
{
	struct gs_cert_check c = {
		.now = a->job.now,
		.trust = a->job.trust,
		.warn_days = a->warn_days,
		.crit_days = a->crit_days,
		.in_place = true,
	};
	struct gs_cert_served s = { .check = &c };
	int r = visit(a, &s, d, err);
	int64_t days = INT64_MAX;

	for (size_t i = 0; i < a->endpoints; i++)
		if (a->endpoint[i].days < days)
			days = a->endpoint[i].days;
	answer_check(a, d, days, r == -1 ? err->text : NULL, answer);
	return r;
}

static int
check(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err)
{
	int64_t days;
	int r = gs_cert_action_judge(a, d, &days, err);

	answer_check(a, d, days, r == -1 ? err->text : NULL, answer);
	return r;
}

static int
show(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err)
{
	struct gs_cert_check c = { .layout = &a->layout,
		.service = a->service,
		.now = a->job.now,
		.trust = a->job.trust };
	struct gs_cert_certs chain = { 0 };
	struct gs_cert_info info, root;
	struct gs_cert_state st;
	size_t before = d->n;

	if (read_set(a, &st, err) == -1) {
		gs_cert_state_free(&st);
		return -1;
	}
	const struct gs_cert *leaf =
	    gs_cert_state_leaf(&st, gs_cert_check_adoptable(&c, &st));
	if (leaf != NULL)
		gs_cert_info(leaf, &info);
	bool complete =
	    leaf != NULL && gs_cert_check_chain(&c, &st, leaf, &chain);
	if (complete)
		gs_cert_info(gs_cert_root(leaf, &chain), &root);
	gs_cert_print_set(&a->print, &st, leaf != NULL ? &info : NULL,
	    complete ? &root : NULL);
	gs_cert_certs_free(&chain);
	gs_cert_state_free(&st);
	if (a->service->kind == GS_SERVICE_SPLIT)
		FIND(d, LINKS_DISAGREE, "%s", a->service->text);
	answer->good = leaf != NULL && d->n == before;
	if (d->n > before)
		gs_report_findings(&a->print.report, a->print.about, d);
	return 0;
}

int
gs_cert_action_run(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err)
{
	*answer = (struct gs_cert_answer){ 0 };
	if (read_trust(a, err) == -1)
		return checked(a, d, -1, err);
	switch (a->kind) {
	case GS_ACTION_CHECK: return check(a, d, answer, err);
	case GS_ACTION_SHOW: return show(a, d, answer, err);
	case GS_ACTION_CONNECT: return connect_only(a, d, answer, err);
	default: return job(a, d, answer, err);
	}
}
