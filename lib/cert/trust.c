/* SPDX-License-Identifier: MIT */
/* Certificates that clients already trust: roots that servers do not send. */
#include "cert/trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "base/file.h"

static int
read_one(struct gs_cert_trust *t, const char *path, struct gs_err *err)
{
	int r = gs_cert_certs_file(path, &t->certs, err);

	if (r == 0 && t->certs.n == 0)
		r = gs_err_set(err, "%s contains no certificate%s", path,
		    t->certs.invalid > 0 ?
			" that can be used: RFC 5280 forbids such extensions" :
			t->certs.damaged > 0 ? " that can be read" :
					       "");
	return r;
}

/* Other files may be there, too; one certificate often has several names. */
static int
read_folder(struct gs_cert_trust *t, DIR *dir, struct gs_err *err)
{
	const struct dirent *e;
	char file[4096];

	while (errno = 0, (e = readdir(dir)) != NULL) {
		struct gs_cert_certs some = { 0 };
		int n =
		    snprintf(file, sizeof(file), "%s/%s", t->path, e->d_name);
		if (n > 0 && (size_t)n < sizeof(file) &&
		    gs_file_is_regular(file))
			(void)!gs_cert_certs_file(file, &some, &t->unread);
		for (size_t i = 0; i < some.n; i++)
			gs_cert_certs_add(&t->certs, some.list[i]);
		t->certs.dropped += some.dropped;
		gs_cert_certs_free(&some);
	}
	return errno == 0 ? 0 : gs_err_sys(err, errno, "%s", t->path);
}

int
gs_cert_trust_read(struct gs_cert_trust *t, const char *path,
    struct gs_err *err)
{
	DIR *dir = opendir(path);
	int r;

	*t = (struct gs_cert_trust){ .path = path };
	if (dir != NULL)
		r = read_folder(t, dir, err);
	else if (errno == ENOTDIR)
		r = read_one(t, path, err);
	else
		r = gs_err_sys(err, errno, "%s", path);
	if (dir != NULL)
		(void)closedir(dir);
	if (r == 0 && t->certs.dropped > 0)
		r = gs_err_set(err, "%s has more than %d certificates", path,
		    GS_CERTS_MAX);
	return r;
}

void
gs_cert_trust_find(const struct gs_cert_trust *t, const struct gs_cert *cert,
    struct gs_cert_certs *pool)
{
	if (t == NULL) {
		(void)!gs_cert_certs_system(cert, pool, NULL);
		return;
	}
	for (size_t i = 0; i < t->certs.n; i++)
		if (gs_cert_issued(t->certs.list[i], cert))
			gs_cert_certs_add(pool, t->certs.list[i]);
}

bool
gs_cert_trust_has(const struct gs_cert_trust *t, const struct gs_cert *root)
{
	struct gs_cert_certs found = { 0 };

	gs_cert_trust_find(t, root, &found);
	bool yes = gs_cert_certs_hold(&found, root);
	gs_cert_certs_free(&found);
	return yes;
}
