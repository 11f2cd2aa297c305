/* SPDX-License-Identifier: MIT */
/* Where the files and links of a set of certificates are. */
#include "cert/layout.h"

#include <errno.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "cert/name.h"

enum base { B_PRIVATE, B_CERTS, B_SSL, B_FS, B_DER };
enum stem { S_FQDN, S_NAME, S_NONE };

/* One row for each place. A place with a target is a link to FQDN with that
 * pattern, relative to its own folder. */
static const struct place {
	enum base base;
	enum stem stem;
	const char *suffix;
	const char *to_dir; /* NULL: a file */
	const char *to_suffix;
	bool secret;
} places[GS_PLACES] = {
	[GS_PLACE_CA_KEY] = { B_PRIVATE, S_NAME, "-ca.key", 0, 0, true },
	[GS_PLACE_CA_CRT] = { B_CERTS, S_NAME, "-ca.crt", 0, 0, false },
	[GS_PLACE_KEY] = { B_PRIVATE, S_FQDN, ".key", 0, 0, true },
	[GS_PLACE_CRT] = { B_CERTS, S_FQDN, ".crt", 0, 0, false },
	[GS_PLACE_PEM] = { B_PRIVATE, S_FQDN, ".pem", 0, 0, true },
	[GS_PLACE_LINK_KEY] = { B_SSL, S_NAME, ".key", "private/", ".key",
	    true },
	[GS_PLACE_LINK_CRT] = { B_SSL, S_NAME, ".crt", "certs/", ".crt",
	    false },
	[GS_PLACE_LINK_PEM] = { B_SSL, S_NAME, ".pem", "private/", ".pem",
	    true },
	[GS_PLACE_FS_PEM] = { B_FS, S_FQDN, ".pem", 0, 0, true },
	[GS_PLACE_FS_CA] = { B_FS, S_FQDN, "-ca.pem", 0, 0, false },
	[GS_PLACE_AGENT] = { B_FS, S_NONE, "agent.pem", "", ".pem", true },
	[GS_PLACE_CAFILE] = { B_FS, S_NONE, "cafile.pem", "", "-ca.pem",
	    false },
	[GS_PLACE_TLS] = { B_FS, S_NONE, "tls.pem", "", ".pem", true },
	[GS_PLACE_WSS] = { B_FS, S_NONE, "wss.pem", "", ".pem", true },
	[GS_PLACE_DTLS] = { B_FS, S_NONE, "dtls-srtp.pem", 0, 0, true },
	[GS_PLACE_DER] = { B_DER, S_NONE, "", 0, 0, false },
	[GS_PLACE_PENDING] = { B_PRIVATE, S_FQDN, ".csr.key", 0, 0, true },
	[GS_PLACE_OWED] = { B_PRIVATE, S_NAME, ".owed", 0, 0, false },
};

int
gs_cert_layout_path(const struct gs_cert_site *site, const char *path,
    char *out, struct gs_err *err)
{
	const char *root = site->root != NULL ? site->root : "";
	size_t n = strlen(root);

	while (n > 0 && root[n - 1] == '/')
		n--;
	bool below =
	    path[0] != '/' || (strncmp(path, root, n) == 0 && (path[n] == '/'));
	int k = snprintf(out, GS_PATH_SIZE, "%.*s%s", below ? 0 : (int)n, root,
	    path);
	if (k < 0 || k >= GS_PATH_SIZE - 300)
		return gs_err_sys(err, ENAMETOOLONG, "%s", path);
	while (k > 1 && out[k - 1] == '/')
		out[--k] = '\0';
	return 0;
}

static bool
wanted(const struct gs_cert_site *s, enum gs_cert_place place)
{
	switch (place) {
	case GS_PLACE_DER: return s->der != NULL;
	default: return places[place].base != B_FS || s->fs_dir != NULL;
	}
}

/* DIR/STEM SUFFIX. */
static int
join(char *to, const char *dir, const char *stem, const char *suffix,
    struct gs_err *err)
{
	int n = snprintf(to, GS_PATH_SIZE, "%s/%s%s", dir, stem, suffix);

	if (n < 0 || n >= GS_PATH_SIZE)
		return gs_err_sys(err, ENAMETOOLONG, "%s", dir);
	return 0;
}

static int
place_path(struct gs_cert_layout *l, enum gs_cert_place i, struct gs_err *err)
{
	const struct place *p = &places[i];
	const char *dir = p->base == B_PRIVATE ? l->private_dir :
	    p->base == B_CERTS                 ? l->certs_dir :
	    p->base == B_SSL                   ? l->ssl :
						 l->fs;
	const char *stem = p->stem == S_FQDN ? l->fqdn :
	    p->stem == S_NAME                ? l->site->link_name :
					       "";

	if (!wanted(l->site, i))
		return 0;
	if (p->base == B_DER)
		return gs_cert_layout_path(l->site, l->site->der, l->path[i],
		    err);
	return join(l->path[i], dir, stem, p->suffix, err);
}

int
gs_cert_layout_init(struct gs_cert_layout *l, const struct gs_cert_site *site,
    const char *fqdn, struct gs_err *err)
{
	*l = (struct gs_cert_layout){ .site = site };
	if (gs_cert_host_check(fqdn, err) == -1)
		return -1;
	if (site->link_name[0] == '\0' || site->link_name[0] == '.' ||
	    strchr(site->link_name, '/') != NULL)
		return gs_err_set(err,
		    "'%s' cannot be used as the name of links",
		    site->link_name);
	(void)snprintf(l->fqdn, sizeof(l->fqdn), "%s", fqdn);
	for (char *p = l->fqdn; *p != '\0'; p++)
		*p = gs_lower(*p);
	if (gs_cert_layout_path(site, site->ssl_dir, l->ssl, err) == -1 ||
	    join(l->private_dir, l->ssl, "private", "", err) == -1 ||
	    join(l->certs_dir, l->ssl, "certs", "", err) == -1)
		return -1;
	if (site->fs_dir != NULL &&
	    gs_cert_layout_path(site, site->fs_dir, l->fs, err) == -1)
		return -1;
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++)
		if (place_path(l, i, err) == -1)
			return -1;
	l->spare[GS_PLACE_TLS] = !site->tls_pem;
	l->spare[GS_PLACE_WSS] = !site->wss_pem;
	l->spare[GS_PLACE_DTLS] = !site->dtls_pem;
	l->spare[GS_PLACE_OWED] = true;
	for (unsigned i = 0; i < GS_PLACES; i++)
		if (i != GS_PLACE_DER &&
		    strcmp(l->path[i], l->path[GS_PLACE_DER]) == 0 &&
		    l->path[i][0] != '\0')
			return gs_err_set(err,
			    "%s is a file of the set: choose a different file "
			    "for --der",
			    l->path[i]);
	return 0;
}

const char *
gs_cert_layout_target(const struct gs_cert_layout *l, enum gs_cert_place place,
    char *target)
{
	const struct place *p = &places[place];

	if (p->to_dir == NULL)
		return NULL;
	(void)snprintf(target, GS_PATH_SIZE, "%s%s%s", p->to_dir, l->fqdn,
	    p->to_suffix);
	return target;
}

bool
gs_cert_layout_secret(enum gs_cert_place place)
{
	return places[place].secret;
}

/* Only root needs the CA's key and a pending key. */
mode_t
gs_cert_layout_mode_max(enum gs_cert_place place)
{
	return place == GS_PLACE_CA_KEY || place == GS_PLACE_PENDING ? 0600 :
								       0640;
}

struct gs_cert_access
gs_cert_layout_access(const struct gs_cert_layout *l, enum gs_cert_place place)
{
	const struct gs_cert_site *site = l->site;
	bool fs = places[place].base == B_FS;
	bool fs_group = fs && site->fs_gid != (gid_t)-1;
	struct gs_cert_access a = gs_cert_mode(0644);

	if (fs)
		a.uid = site->fs_uid;
	if (places[place].secret)
		a.mode = gs_cert_layout_mode_max(place);
	if (a.mode == 0640 && site->key_gid == (gid_t)-1 && !fs_group)
		a.mode = 0600;
	if (fs_group)
		a.gid = site->fs_gid;
	else if (a.mode == 0640)
		a.gid = site->key_gid;
	return a;
}

void
gs_cert_layout_folders(const struct gs_cert_layout *l, bool all,
    struct gs_cert_txn *t)
{
	gid_t group = l->site->key_gid, fs_group = l->site->fs_gid;

	gs_cert_txn_folder(t, l->ssl, true, gs_cert_mode(0755));
	gs_cert_txn_folder(t, l->private_dir, true,
	    (struct gs_cert_access){ group == (gid_t)-1 ? 0700 : 0710,
		(uid_t)-1, group });
	if (!all)
		return;
	gs_cert_txn_folder(t, l->certs_dir, true, gs_cert_mode(0755));
	if (l->fs[0] != '\0')
		gs_cert_txn_folder(t, l->fs, true,
		    (struct gs_cert_access){ 0750, l->site->fs_uid,
			fs_group != (gid_t)-1 ? fs_group : group });
	/* The folder of a web server is not made here. */
	if (l->path[GS_PLACE_DER][0] != '\0')
		gs_cert_txn_folder_of(t, l->path[GS_PLACE_DER]);
}
