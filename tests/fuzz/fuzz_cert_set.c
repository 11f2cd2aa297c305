/* SPDX-License-Identifier: MIT */
/* What gs-certgen does with a set that is there: three octets say what, then
 * come files: a line with the path, and the bytes. That of the name "options"
 * has lines of an option and its value, or of these: when it is now, that no
 * host is named, that those of this host are wanted. */
#include "work.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "cert/action.h"
#include "cert/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define HOST "pbx.example.com"

static EVP_PKEY *
make_key(const char *type, const char *curve)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	must(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
	    (curve == NULL || EVP_PKEY_CTX_set_group_name(ctx, curve) == 1) &&
	    EVP_PKEY_generate(ctx, &key) == 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* What the library calls instead of libcrypto's: all keys of RSA are one, of
 * 2048 bits, since to find primes takes longer than all else. */
EVP_PKEY *
EVP_PKEY_Q_keygen(OSSL_LIB_CTX *ctx, const char *query, const char *type, ...)
{
	static EVP_PKEY *kept;
	va_list rest;

	(void)ctx;
	(void)query;
	if (strcmp(type, "EC") == 0) {
		va_start(rest, type);
		const char *curve = va_arg(rest, const char *);
		va_end(rest);
		return make_key(type, curve);
	}
	if (kept == NULL)
		kept = make_key(type, NULL);
	must(EVP_PKEY_up_ref(kept) == 1);
	return kept;
}

/* Below the root; others are made by the targets of links. */
static const char *const folders[] = { "etc", "etc/ssl", "etc/ssl/private",
	"etc/ssl/certs", "var", "var/opt", "var/opt/GS5",
	"var/opt/GS5/freeswitch", "var/opt/GS5/freeswitch/conf",
	"var/opt/GS5/freeswitch/conf/ssl" };

static bool
stays_inside(struct gs_span path)
{
	return path.n > 0 && path.n < 200 && path.p[0] != '/' &&
	    gs_span_find(path, GS_LIT("..")) == path.n &&
	    memchr(path.p, '\0', path.n) == NULL;
}

/* A journal holds whole paths: "@" stands for the root, and a line that would
 * leave it is left out. */
static void
put_journal(struct gs_span text, const char *root, struct gs_buf *b)
{
	struct gs_span line;

	while (gs_span_line(&text, &line)) {
		for (size_t i = 0; i < line.n; i++) {
			size_t tab = gs_span_find(line, GS_LIT("\t"));
			if (line.p[i] == '@')
				gs_buf_puts(b, root);
			else if (line.p[i] != '/' || (i != 0 && i != tab + 1))
				gs_buf_putc(b, line.p[i]);
		}
		gs_buf_putc(b, '\n');
	}
}

/* Options of one run; they outlive it. */
static char options[4096];

static bool
is_harmless(const char *name, const char *value)
{
	/* Without a root before them they are paths of this machine. */
	static const char *const files[] = { "trust", "pass-file", "chain",
		"with-key" };

	if (strcmp(name, "root") == 0 || strcmp(name, "connect") == 0 ||
	    strcmp(name, "auto") == 0 || strstr(value, "..") != NULL ||
	    (strcmp(name, "key") == 0 && strncmp(value, "ec:", 3) != 0) ||
	    strcmp(value, "-") == 0 || strncmp(value, "fd:", 3) == 0)
		return false;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strcmp(name, files[i]) == 0 && value[0] == '/')
			return false;
	return true;
}

static void
set_options(struct gs_cert_action *a)
{
	struct gs_err err;

	for (char *line = options, *end; *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		if (*end != '\0')
			*end++ = '\0';
		char *value = line + strcspn(line, " ");
		if (*value != '\0')
			*value++ = '\0';
		if (strcmp(line, "now") == 0)
			a->job.now = strtol(value, NULL, 10);
		else if (strcmp(line, "bare") == 0)
			a->operand = NULL;
		else if (strcmp(line, "addresses") == 0)
			a->no_auto_san = false;
		else if (strcmp(line, "name") == 0)
			(void)!gs_cert_action_name(a, value, &err);
		else if (is_harmless(line, value))
			(void)!gs_cert_action_set(a, line,
			    strcmp(line, "no-freeswitch") == 0 ? NULL : value,
			    &err);
	}
}

static void
put(struct gs_span part, const char *root)
{
	struct gs_span name, target;
	char path[256], to[256];
	struct gs_buf b;

	if (!gs_span_line(&part, &name))
		return;
	size_t n = gs_span_find(name, GS_LIT(" -> "));
	target = gs_span(name.p + n, name.n - n);
	name.n = n;
	if (gs_span_eq(name, GS_LIT("options"))) {
		(void)snprintf(options, sizeof(options), "%.*s", (int)part.n,
		    part.n > 0 ? part.p : "");
		return;
	}
	if (!stays_inside(name))
		return;
	(void)snprintf(path, sizeof(path), "%.*s", (int)name.n, name.p);
	gs_buf_init(&b, 1 << 20);
	if (target.n > 4) {
		target = gs_span(target.p + 4, target.n - 4);
		(void)snprintf(to, sizeof(to), "%.*s", (int)target.n, target.p);
		if (stays_inside(target))
			(void)!symlink(to, path);
	} else if (strstr(path, "journal") != NULL) {
		put_journal(part, root, &b);
		if (gs_span_find(gs_buf_span(&b), GS_LIT("..")) == b.n)
			work_file(path, gs_buf_span(&b), 0600);
	} else {
		work_file(path, part,
		    strstr(path, "private") != NULL ? 0600 : 0644);
	}
	gs_buf_free(&b);
}

/* The options that the octets choose. */
static void
choose(struct gs_cert_action *a, unsigned what, unsigned more)
{
	static const char *const flags[] = { "ca", "new-key", "force",
		"self-signed", "new-ca", "switch", "tls-pem", "wss-pem" };
	struct gs_err err;

	a->kind = (enum gs_cert_action_kind)(what % GS_ACTION_CONNECT);
	a->file = a->kind == GS_ACTION_IMPORT ? "import" :
	    (what & 8) != 0                   ? "csr" :
						"-";
	a->chain =
	    a->kind == GS_ACTION_IMPORT && (what & 8) != 0 ? "chain" : NULL;
	a->with_key = a->chain != NULL && (what & 0x10) != 0 ? "key" : NULL;
	a->auto_name = (what & 0x20) != 0;
	a->operand = a->auto_name ? NULL : HOST;
	a->job.dry = a->print.dry = (what & 0x40) != 0;
	a->print.status = (what & 0x80) != 0 && a->kind == GS_ACTION_CHECK;
	for (unsigned i = 0; i < 8; i++)
		if ((more >> i & 1) != 0)
			must(gs_cert_action_set(a, flags[i], NULL, &err) == 0);
}

static void
act(struct gs_cert_action *a)
{
	struct gs_cert_answer answer;
	struct gs_diags d;
	struct gs_err err;

	gs_diags_init(&d, gs_cert_rules, NULL, 1000);
	if (gs_cert_action_settle(a, &err) == 0 &&
	    gs_cert_action_prepare(a, &d, &err) == 0) {
		const struct gs_cert_action_file csr = { "--csr", a->file,
			true };

		must(a->file == NULL || gs_cert_action_fits(&csr, NULL) == 0);
		if (gs_cert_action_is_bare(a))
			gs_cert_action_preview(a, &d);
		else if (gs_cert_action_run(a, &d, &answer, &err) == -1)
			must(err.text[0] != '\0');
	}
	gs_diags_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest), what = work_choice(&rest),
		 more = work_choice(&rest);
	const char *root = work_folder();
	static char tool[] = "gs-certgen";
	char *argv[] = { tool, NULL };
	struct work_output o;
	struct gs_cert_action a;
	struct gs_err err;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		must(mkdir(folders[i], 0755) == 0);
	must(chmod("etc/ssl/private", 0700) == 0);
	options[0] = '\0';
	while (rest.n > 0)
		put(work_part(&rest), root);
	work_output(&o, format, gs_cert_rules);
	gs_cert_ossl_own();
	must(gs_cert_action_init(&a, &err) == 0);
	must(gs_cert_action_set(&a, "root", root, &err) == 0 &&
	    gs_cert_action_set(&a, "trust", "trust", &err) == 0 &&
	    gs_cert_action_set(&a, "key", "ec:P-256", &err) == 0);
	a.no_auto_san = true;
	a.argc = 1;
	a.argv = argv;
	a.job.now = 1800000000;
	choose(&a, what, more);
	set_options(&a);
	a.print.report = o.report;
	gs_report_begin(&a.print.report);
	act(&a);
	must(gs_report_end(&a.print.report) == 0);
	gs_cert_action_free(&a);
	work_look(&o);
	return 0;
}
