/* SPDX-License-Identifier: MIT */
/* Where the files and links of a set of certificates are. */
#ifndef GSPROV_CERT_LAYOUT_H
#define GSPROV_CERT_LAYOUT_H

#include "cert/txn.h"

struct gs_err;

/* The caller's choices of places. NULL folders are left out. */
struct gs_cert_site {
	const char *root; /* put before every absolute path, or NULL */
	const char *ssl_dir;
	const char *link_name;
	const char *fs_dir; /* FreeSWITCH's folder, or NULL */
	const char *der; /* or NULL */
	bool tls_pem; /* names that newer FreeSWITCH reads */
	bool wss_pem;
	bool dtls_pem;
	uid_t fs_uid; /* owner in FreeSWITCH's folder; -1: as it is */
	gid_t fs_gid;
	gid_t key_gid; /* group that may read keys; -1: none */
	bool keep_owner; /* a file that is replaced keeps its owner */
};

/* Every place of a set; the names are relative to the folders. */
enum gs_cert_place {
	GS_PLACE_CA_KEY, /* SSL/private/NAME-ca.key */
	GS_PLACE_CA_CRT, /* SSL/certs/NAME-ca.crt */
	GS_PLACE_KEY, /* SSL/private/FQDN.key */
	GS_PLACE_CRT, /* SSL/certs/FQDN.crt */
	GS_PLACE_PEM, /* SSL/private/FQDN.pem */
	GS_PLACE_LINK_KEY, /* SSL/NAME.key */
	GS_PLACE_LINK_CRT,
	GS_PLACE_LINK_PEM,
	GS_PLACE_FS_PEM, /* FS/FQDN.pem */
	GS_PLACE_FS_CA, /* FS/FQDN-ca.pem */
	GS_PLACE_AGENT, /* FS/agent.pem */
	GS_PLACE_CAFILE, /* FS/cafile.pem */
	GS_PLACE_TLS, /* FS/tls.pem, wss.pem, dtls-srtp.pem */
	GS_PLACE_WSS,
	GS_PLACE_DTLS,
	GS_PLACE_DER,
	GS_PLACE_PENDING, /* SSL/private/FQDN.csr.key */
	GS_PLACE_OWED, /* SSL/private/NAME.owed: servers must be restarted */
	GS_PLACES
};

struct gs_cert_layout {
	char fqdn[256];
	char ssl[GS_PATH_SIZE];
	char private_dir[GS_PATH_SIZE];
	char certs_dir[GS_PATH_SIZE];
	char fs[GS_PATH_SIZE]; /* empty: none */
	char path[GS_PLACES][GS_PATH_SIZE]; /* empty: not wanted */
	bool spare[GS_PLACES]; /* only looked at: FreeSWITCH reads it */
	const struct gs_cert_site *site;
};

/* Computes all paths; fqdn was checked. site remains the caller's. Returns 0,
 * or -1 if a path is too long or a name is invalid. */
int gs_cert_layout_init(struct gs_cert_layout *l,
    const struct gs_cert_site *site, const char *fqdn,
    struct gs_err *err) GS_MUST;

/* Adds root before an absolute path, unless it is below root already. */
int gs_cert_layout_path(const struct gs_cert_site *site, const char *path,
    char *out, struct gs_err *err) GS_MUST;

/* The target of the link at place, relative to its folder; NULL for a place
 * with a file. */
const char *gs_cert_layout_target(const struct gs_cert_layout *l,
    enum gs_cert_place place, char *target);

/* Who may use the file at place; whether it holds a private key. */
struct gs_cert_access gs_cert_layout_access(const struct gs_cert_layout *l,
    enum gs_cert_place place);
bool gs_cert_layout_secret(enum gs_cert_place place);

/* The widest mode that a file with a key may have there. */
mode_t gs_cert_layout_mode_max(enum gs_cert_place place);

/* Tells t which folders there are, and to make those that are missing: all,
 * or only the one for keys. */
void gs_cert_layout_folders(const struct gs_cert_layout *l, bool all,
    struct gs_cert_txn *t);

#endif
