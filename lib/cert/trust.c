/* SPDX-License-Identifier: MIT */
/* Certificates that clients already trust: roots that servers do not send. */
#include "cert/trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/file.h"

static void
add_issuers(const struct gs_cert_certs *from, const struct gs_cert *cert,
    struct gs_cert_certs *pool)
{
	for (size_t i = 0; i < from->n; i++)
		if (gs_cert_issued(from->list[i], cert))
			gs_cert_certs_add(pool, from->list[i]);
}

static int
find_in_file(const char *path, const struct gs_cert *cert,
    struct gs_cert_certs *pool, struct gs_err *err)
{
	struct gs_cert_certs all = { 0 };
	int r = gs_cert_certs_file(path, &all, err);

	add_issuers(&all, cert, pool);
	gs_cert_certs_free(&all);
	return r;
}

/* Other files may be there, too. */
static void
find_in_folder(DIR *dir, const char *path, const struct gs_cert *cert,
    struct gs_cert_certs *pool)
{
	const struct dirent *e;
	char file[4096];

	while ((e = readdir(dir)) != NULL) {
		int n = snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (n > 0 && (size_t)n < sizeof(file) &&
		    gs_file_is_regular(file))
			(void)find_in_file(file, cert, pool, NULL);
	}
}

int
gs_cert_trust_check(const char *path, struct gs_err *err)
{
	struct gs_cert_certs all = { 0 };
	DIR *dir = path == NULL ? NULL : opendir(path);
	int r = 0;

	if (dir != NULL)
		(void)closedir(dir);
	else if (path != NULL)
		r = gs_cert_certs_file(path, &all, err);
	if (r == 0 && path != NULL && dir == NULL && all.n == 0)
		r = gs_err_set(err, "%s contains no certificate%s", path,
		    all.invalid > 0     ? " that can be used: RFC 5280 forbids "
					  "such extensions" :
			all.damaged > 0 ? " that can be read" :
					  "");
	gs_cert_certs_free(&all);
	return r;
}

int
gs_cert_trust_find(const char *path, const struct gs_cert *cert,
    struct gs_cert_certs *pool, struct gs_err *err)
{
	if (path == NULL)
		return gs_cert_certs_system(cert, pool, err);
	DIR *dir = opendir(path);
	if (dir == NULL && errno != ENOTDIR)
		return gs_err_sys(err, errno, "%s", path);
	if (dir == NULL)
		return find_in_file(path, cert, pool, err);
	find_in_folder(dir, path, cert, pool);
	(void)closedir(dir);
	return 0;
}

bool
gs_cert_trust_has(const char *path, const struct gs_cert *root)
{
	struct gs_cert_certs found = { 0 };
	bool yes = gs_cert_trust_find(path, root, &found, NULL) == 0 &&
	    gs_cert_certs_hold(&found, root);

	gs_cert_certs_free(&found);
	return yes;
}
