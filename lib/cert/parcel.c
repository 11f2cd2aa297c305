/* SPDX-License-Identifier: MIT */
/* What is imported: a certificate, its issuers and possibly its key, in any of
 * their formats. */
#include "cert/parcel.h"

#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cert/kind.h"
#include "cert/rules_priv.h"

enum { COMMAND_MAX = 4 * PATH_MAX };

/* ---- reading */

/* The mode of path when every user can read it and enter the folders above
 * it, where they really are; else 0. */
static mode_t
open_mode(const char *path)
{
	char real[PATH_MAX];
	struct stat st;

	if (realpath(path, real) == NULL || stat(real, &st) == -1 ||
	    !S_ISREG(st.st_mode) || (st.st_mode & S_IROTH) == 0)
		return 0;
	mode_t mode = st.st_mode & 07777;
	for (char *slash = strrchr(real, '/'); slash != NULL && slash != real;
	     slash = strrchr(real, '/')) {
		*slash = '\0';
		if (stat(real, &st) == -1 || (st.st_mode & S_IXOTH) == 0)
			return 0;
	}
	return mode;
}

static int
read_certs(struct gs_cert_parcel *p, struct gs_span bytes, struct gs_span pass,
    struct gs_err *err)
{
	p->opened = GS_KEY_OK;
	if (!gs_cert_p12_is(bytes)) {
		if (gs_cert_certs_read(bytes, &p->certs, err) == -1)
			return -1;
	} else {
		struct gs_cert_keys spare = { 0 };
		p->opened = gs_cert_p12_read(bytes, pass, &p->certs, &spare);
		gs_cert_keys_free(&spare);
	}
	if (p->certs.n == 0)
		p->what = gs_cert_kind(bytes, false, &p->convert);
	/* Its kind tells more than that it could not be read. */
	if (p->what != NULL)
		p->certs.damaged = 0;
	return 0;
}

static void
read_key(struct gs_cert_parcel *p, struct gs_span bytes, struct gs_span pass)
{
	struct gs_cert_certs spare = { 0 };

	p->key_alone = !gs_cert_p12_is(bytes);
	p->key_found = p->key_alone ?
	    gs_cert_keys_read(bytes, pass, &p->keys) :
	    gs_cert_p12_read(bytes, pass, &spare, &p->keys);
	gs_cert_certs_free(&spare);
	if (p->key_found == GS_KEY_OK && p->keys.n == 0)
		p->key_found = GS_KEY_NONE;
	if (p->key_found == GS_KEY_NONE || p->key_found == GS_KEY_DAMAGED)
		p->key_what = gs_cert_kind(bytes, true, &p->key_convert);
	p->open_mode = open_mode(p->key_file);
}

/* One file for both is read once: it may be a pipe. */
static bool
is_one_file(const struct gs_cert_parcel *p)
{
	return p->key_file != NULL && strcmp(p->key_file, p->file) == 0;
}

int
gs_cert_parcel_read(struct gs_cert_parcel *p, struct gs_span pass,
    struct gs_err *err)
{
	struct gs_buf b;

	gs_buf_init(&b, GS_SET_FILE_MAX);
	p->has_pass = pass.n > 0;
	int r = gs_file_read(p->file, &b, err);
	if (r == 0)
		r = read_certs(p, gs_buf_span(&b), pass, err);
	if (r == 0 && p->key_file != NULL && !is_one_file(p)) {
		gs_buf_clear(&b);
		r = gs_file_read(p->key_file, &b, err);
	}
	if (r == 0 && p->key_file != NULL)
		read_key(p, gs_buf_span(&b), pass);
	gs_buf_free(&b);
	if (r == 0 && p->chain_file != NULL)
		r = gs_cert_certs_file(p->chain_file, &p->chain, err);
	return r;
}

void
gs_cert_parcel_free(struct gs_cert_parcel *p)
{
	gs_cert_certs_free(&p->certs);
	gs_cert_certs_free(&p->chain);
	gs_cert_keys_free(&p->keys);
}

/* ---- findings */

/* The command with each '%' replaced by path. What standard input gave has no
 * name. NULL: there is none. With closed, what it makes is for the user
 * alone. */
static void
find_command(struct gs_finding *f, const char *command, const char *path,
    bool closed)
{
	struct gs_buf b;

	if (command == NULL)
		return;
	gs_buf_init(&b, COMMAND_MAX);
	gs_buf_puts(&b, closed ? "(umask 077; " : "");
	for (const char *p = command; *p != '\0'; p++)
		if (*p != '%')
			gs_buf_putc(&b, (uint8_t)*p);
		else
			gs_cert_put_word(&b,
			    strcmp(path, "-") == 0 ? "FILE" : path);
	gs_buf_puts(&b, closed ? ")" : "");
	gs_buf_putc(&b, '\0');
	if (gs_buf_ok(&b))
		gs_cert_finding_run(f, (const char *)b.p);
	gs_buf_free(&b);
}

static void
find_locked(const struct gs_cert_parcel *p, const char *path,
    enum gs_cert_key_found found, const char *what, struct gs_diags *d)
{
	if (found == GS_KEY_LOCKED)
		FIND(d, KEY_LOCKED, "%s %s is encrypted%s", what, path,
		    p->has_pass ? ", and the pass phrase does not open it" :
				  "");
	else if (found == GS_KEY_LEGACY)
		find_command(
		    FIND(d, IMPORT_DAMAGED,
			"%s is encrypted with an old cipher, such as RC2-40, "
			"which requires OpenSSL's legacy provider. Convert the "
			"file on a host where that is installed",
			path),
		    p->key_alone && path == p->key_file ?
			"openssl pkey -provider legacy -provider default -in% "
			"-out%.pem" :
			"openssl pkcs12 -legacy -nodes -in% -out%.pem",
		    path, false);
	else if (found == GS_KEY_DAMAGED)
		FIND(d, KEY_DAMAGED, "%s %s cannot be read", what, path);
}

static void
find_nothing(const struct gs_cert_parcel *p, struct gs_diags *d)
{
	if (p->opened != GS_KEY_OK && p->opened != GS_KEY_NONE)
		find_locked(p, p->file, p->opened, "PKCS #12 in", d);
	else if (p->what != NULL)
		find_command(FIND(d, IMPORT_NO_CERTIFICATE,
				 "%s contains no certificate: it is %s%s",
				 p->file, p->what,
				 p->convert != NULL ? ". Convert it" : ""),
		    p->convert, p->file, true);
	else
		FIND(d, IMPORT_NO_CERTIFICATE, "%s contains no certificate%s",
		    p->file,
		    p->certs.invalid > 0     ? " that can be used" :
			p->certs.damaged > 0 ? " that can be read" :
					       "");
}

static void
check_certs(const struct gs_cert_certs *c, const char *path, bool key_expected,
    struct gs_diags *d)
{
	if (c->key_inside && !key_expected)
		FIND(d, IMPORT_KEY_INSIDE, "%s contains a private key", path);
	if (c->invalid > 0)
		FIND(d, CHAIN_REFUSED,
		    "%zu certificate%s in %s cannot be used: RFC 5280 forbids "
		    "such extensions",
		    c->invalid, gs_plural(c->invalid), path);
	if (c->damaged > c->invalid)
		FIND(d, IMPORT_DAMAGED, "%zu part%s of %s cannot be read",
		    c->damaged - c->invalid, gs_plural(c->damaged - c->invalid),
		    path);
	if (c->dropped > 0)
		FIND(d, IMPORT_DAMAGED, "%s contains more than %d certificates",
		    path, GS_CERTS_MAX);
}

static bool
check_key(const struct gs_cert_parcel *p, struct gs_diags *d)
{
	if (p->key_found == GS_KEY_NONE || p->key_convert != NULL)
		find_command(
		    FIND(d, IMPORT_NO_KEY, "%s contains no private key%s%s%s%s",
			p->key_file,
			p->key_convert != NULL ? " that can be read" : "",
			p->key_what != NULL ? ": it is " : "",
			p->key_what != NULL ? p->key_what : "",
			p->key_convert != NULL ? ". Convert it" : ""),
		    p->key_convert, p->key_file, true);
	else if (p->key_found != GS_KEY_OK)
		find_locked(p, p->key_file, p->key_found, "the key in", d);
	if (p->open_mode != 0 && p->key_found != GS_KEY_NONE)
		FIND(d, KEY_EXPOSED,
		    "the key in %s can be read by every user (mode %04o)",
		    p->key_file, (unsigned)p->open_mode);
	return p->key_found == GS_KEY_OK;
}

bool
gs_cert_parcel_check(const struct gs_cert_parcel *p, struct gs_diags *d)
{
	bool good = p->certs.n > 0;

	check_certs(&p->certs, p->file, is_one_file(p), d);
	if (!good)
		find_nothing(p, d);
	else if (p->chain_file != NULL)
		check_certs(&p->chain, p->chain_file, false, d);
	/* A file for both is locked once. */
	if (p->key_file != NULL && (good || !is_one_file(p)))
		good = check_key(p, d) && good;
	return good;
}
