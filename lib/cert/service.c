/* SPDX-License-Identifier: MIT */
/* The set in service: the one that servers load, and its name. */
#include "cert/service.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

enum { SERVICE_FILE_MAX = 1024 * 1024 };

/* ---- links */

/* The folder in which the file behind a place lies, and how it ends. */
static const struct service_link {
	enum gs_place place;
	enum { IN_PRIVATE, IN_CERTS, IN_FS } in;
	const char *suffix;
} links[] = {
	{ GS_PLACE_LINK_KEY, IN_PRIVATE, ".key" },
	{ GS_PLACE_LINK_CRT, IN_CERTS, ".crt" },
	{ GS_PLACE_LINK_PEM, IN_PRIVATE, ".pem" },
	{ GS_PLACE_AGENT, IN_FS, ".pem" },
};

enum { LINKS = sizeof(links) / sizeof(*links) };

/* What cannot be looked at is there. */
static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno == EACCES;
}

static const char *
folder_of(const struct gs_layout *l, const struct service_link *k)
{
	return k->in == IN_PRIVATE ? l->private_dir :
	    k->in == IN_CERTS      ? l->certs_dir :
				     l->fs;
}

/* The path that the link at path leads to, below the root if there is one.
 * Returns false when it is no link. */
static bool
target_of(const struct gs_layout *l, const char *path, char *to)
{
	char target[GS_PATH_SIZE];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash = strrchr(path, '/');

	if (n <= 0)
		return false;
	target[n] = '\0';
	if (target[0] == '/')
		return gs_layout_path(l->site, target, to, NULL) == 0;
	int k = snprintf(to, GS_PATH_SIZE, "%.*s%s",
	    slash == NULL ? 0 : (int)(slash - path) + 1, path, target);
	return k > 0 && k < GS_PATH_SIZE;
}

/* The name of the set whose file at lies in its folder; a name without a
 * dot is that of a set only when its key is there, too. */
static bool
name_of(const struct gs_layout *l, const struct service_link *k, const char *at,
    char *fqdn, size_t size)
{
	const char *folder = folder_of(l, k);
	size_t n = strlen(folder), end = strlen(k->suffix), all = strlen(at);
	char key[2 * GS_PATH_SIZE];

	if (all <= n + 1 + end || strncmp(at, folder, n) != 0 || at[n] != '/' ||
	    strchr(at + n + 1, '/') != NULL ||
	    strcmp(at + all - end, k->suffix) != 0 || all - n - end > size)
		return false;
	(void)snprintf(fqdn, size, "%.*s", (int)(all - n - 1 - end),
	    at + n + 1);
	if (gs_host_check(fqdn, NULL) == -1)
		return false;
	(void)snprintf(key, sizeof(key), "%s/%s.key", l->private_dir, fqdn);
	return strchr(fqdn, '.') != NULL || exists(key);
}

static void
say(struct gs_service *s, const char *path, const char *what)
{
	size_t n = strlen(s->text);

	(void)snprintf(s->text + n, sizeof(s->text) - n, "%s%s %s",
	    n > 0 ? ", " : "", path, what);
}

static void
read_links(const struct gs_layout *l, struct gs_service *s)
{
	char at[GS_PATH_SIZE], fqdn[256], what[300];

	for (unsigned i = 0; i < LINKS; i++) {
		const char *path = l->path[links[i].place];
		if (path[0] == '\0' || !target_of(l, path, at) || !exists(at) ||
		    !name_of(l, &links[i], at, fqdn, sizeof(fqdn)))
			continue;
		(void)snprintf(what, sizeof(what), "leads to %s", fqdn);
		say(s, path, what);
		if (s->kind != GS_SERVICE_NONE && strcmp(s->fqdn, fqdn) != 0)
			s->kind = GS_SERVICE_SPLIT;
		else if (s->kind == GS_SERVICE_NONE)
			s->kind = GS_SERVICE_LINKS;
		(void)snprintf(s->fqdn, sizeof(s->fqdn), "%s", fqdn);
	}
}

/* ---- files of somebody else */

static int
read_certs(const char *path, struct gs_certs *c, struct gs_err *err)
{
	struct gs_err why;
	struct gs_buf b;

	gs_buf_init(&b, SERVICE_FILE_MAX);
	int r = gs_file_read(path, &b, &why);
	if (r == 0)
		r = gs_certs_read(gs_buf_span(&b), c, err);
	else if (why.sys == ENOENT || why.sys == ENOTDIR || why.sys == ELOOP)
		r = 0;
	else
		(void)gs_err_set(err, "%s", why.text);
	gs_buf_free(&b);
	return r;
}

static bool
is_full_name(const char *name)
{
	return strchr(name, '.') != NULL && gs_host_check(name, NULL) == 0;
}

static int
name_by_certificate(struct gs_service *s, const struct gs_cert *cert,
    struct gs_err *err)
{
	struct gs_cert_info info;

	if (gs_cert_info(cert, &info, err) == -1)
		return -1;
	s->names = info.sans;
	if (is_full_name(info.cn) && strlen(info.cn) < sizeof(s->fqdn)) {
		(void)snprintf(s->fqdn, sizeof(s->fqdn), "%.255s", info.cn);
	} else {
		for (size_t i = 0; s->fqdn[0] == '\0' && i < info.sans.n; i++) {
			const struct gs_san *san = &info.sans.list[i];
			if (san->kind == GS_SAN_DNS &&
			    is_full_name(gs_san_name(san)))
				(void)snprintf(s->fqdn, sizeof(s->fqdn),
				    "%.255s", gs_san_name(san));
		}
	}
	for (char *p = s->fqdn; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return 0;
}

static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? errno == EACCES : S_ISREG(st.st_mode);
}

/* What FreeSWITCH has, or else what the web server has. */
static int
read_files(const struct gs_layout *l, struct gs_service *s, struct gs_err *err)
{
	static const enum gs_place places[] = { GS_PLACE_AGENT,
		GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };
	struct gs_certs first = { 0 };
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 3; i++) {
		struct gs_certs c = { 0 };
		const char *path = l->path[places[i]];
		if (path[0] == '\0' || !is_regular(path))
			continue;
		r = read_certs(path, &c, err);
		if (r == 0 && c.n > 0 && first.n == 0) {
			s->kind = GS_SERVICE_FILES;
			r = gs_certs_add(&first, c.list[0], err);
			say(s, path, "has a certificate of its own");
		} else if (r == 0 && c.n > 0 &&
		    !gs_cert_same(first.list[0], c.list[0])) {
			s->kind = GS_SERVICE_SPLIT;
			say(s, path, "has another one");
		}
		gs_certs_free(&c);
	}
	if (r == 0 && first.n > 0)
		r = name_by_certificate(s, first.list[0], err);
	gs_certs_free(&first);
	return r;
}

int
gs_service_find(const struct gs_site *site, struct gs_service *s,
    struct gs_err *err)
{
	struct gs_layout l;

	*s = (struct gs_service){ 0 };
	/* The name does not matter for the places of links. */
	if (gs_layout_init(&l, site, "localhost", err) == -1)
		return -1;
	read_links(&l, s);
	if (s->kind == GS_SERVICE_NONE)
		return read_files(&l, s, err);
	if (s->kind == GS_SERVICE_SPLIT && gs_txn_unfinished(l.private_dir))
		s->kind = GS_SERVICE_LINKS;
	return 0;
}

bool
gs_service_is(const struct gs_service *s, const char *name)
{
	struct gs_sans one = { 0 };

	if (s->kind == GS_SERVICE_NONE)
		return true;
	if (s->kind == GS_SERVICE_SPLIT)
		return false;
	if (gs_span_eqcase(gs_span(s->fqdn, strlen(s->fqdn)),
		gs_span(name, strlen(name))))
		return true;
	return s->kind == GS_SERVICE_FILES &&
	    gs_sans_add_dns(&one, name, NULL) == 0 &&
	    gs_sans_cover(&s->names, &one.list[0]);
}

bool
gs_service_same(const struct gs_service *a, const struct gs_service *b)
{
	return a->kind == b->kind && strcmp(a->fqdn, b->fqdn) == 0;
}
