/* SPDX-License-Identifier: MIT */
/* The set in place: its files and links, and which set servers load. */
#ifndef GSPROV_CERT_STATE_H
#define GSPROV_CERT_STATE_H

#include "cert/layout.h"
#include "cert/x509.h"

enum gs_cert_item_type {
	GS_ITEM_ABSENT,
	GS_ITEM_FILE,
	GS_ITEM_LINK,
	GS_ITEM_FOLDER,
	GS_ITEM_OTHER
};

/* One place. For a link, everything below target is about the file that it
 * leads to. */
struct gs_cert_item {
	enum gs_cert_item_type type;
	char target[GS_PATH_SIZE]; /* of a link */
	bool dangling; /* a link that leads to no file */
	mode_t mode; /* permission bits */
	uid_t uid;
	gid_t gid;
	dev_t dev;
	ino_t ino;
	int64_t mtime;
	struct gs_buf bytes;
	struct gs_cert_certs certs;
	struct gs_cert_key *key; /* when key_found is GS_KEY_OK */
	enum gs_cert_key_found key_found;
	bool was_locked; /* the key is encrypted */
	bool unloadable; /* for servers: see gs_cert_loads() */
	bool untrustable; /* see gs_cert_loads_trust() */
	size_t same; /* an earlier place with the same content, or its own */
};

struct gs_cert_state {
	struct gs_cert_item item[GS_PLACES]; /* as found */
};

/* Reads every place of the layout; one that does not exist is
 * GS_ITEM_ABSENT. pass opens encrypted keys and may be empty. Returns 0, or
 * -1 when something exists and cannot be read. */
int gs_cert_state_read(const struct gs_cert_layout *l, struct gs_span pass,
    struct gs_cert_state *st, struct gs_err *err) GS_MUST;

void gs_cert_state_free(struct gs_cert_state *st);

/* The item that has the content of place. */
const struct gs_cert_item *gs_cert_state_content(const struct gs_cert_state *st,
    enum gs_cert_place place);

/* The private key, and the first certificate, that one reads at place, or
 * NULL. */
struct gs_cert_key *gs_cert_state_key(const struct gs_cert_state *st,
    enum gs_cert_place place);
struct gs_cert *gs_cert_state_cert(const struct gs_cert_state *st,
    enum gs_cert_place place);

/* The key of leaf in a copy of the set (FQDN.pem of either folder), or NULL. */
struct gs_cert_key *gs_cert_state_copied(const struct gs_cert_state *st,
    const struct gs_cert *leaf);

/* The certificate in service: that of FQDN.crt or, when adopt and it is not
 * there, of what FreeSWITCH or the web server has. */
struct gs_cert *gs_cert_state_leaf(const struct gs_cert_state *st, bool adopt);

/* The certificate of the local CA: the one at its place or, when that is
 * lost, one for the CA's key in another file of the set; else NULL. */
struct gs_cert *gs_cert_state_ca(const struct gs_cert_state *st);

/* Whether the key of the local CA can be read, and belongs to its certificate
 * if there is one. */
bool gs_cert_state_ca_whole(const struct gs_cert_state *st);

/* ---- the set in service: the one that servers load, and its name */

enum gs_cert_service_kind {
	GS_SERVICE_NONE, /* nothing is in service */
	GS_SERVICE_LINKS, /* links lead to the files of one name */
	GS_SERVICE_FILES, /* foreign files, or links to such */
	GS_SERVICE_SPLIT, /* links lead to the files of several names */
};

struct gs_cert_service {
	enum gs_cert_service_kind kind;
	char fqdn[256]; /* its name; empty if unknown (FILES) */
	char text[1024]; /* what leads where, for display (SPLIT, FILES) */
	struct gs_cert_sans names; /* that the certificate of FILES has */
};

/* Finds out what NAME.key, NAME.crt, NAME.pem, agent.pem and cafile.pem lead
 * to. The name of a set is that of its files. Files that this program did
 * not make have the name that their certificate has: its common name, or
 * else the first host name with a dot. While an interrupted change waits to
 * be finished, links may lead to two sets, and the last one counts. Returns
 * 0, or -1 when something is there and cannot be read. */
int gs_cert_service_find(const struct gs_cert_site *site,
    struct gs_cert_service *s, struct gs_err *err) GS_MUST;

/* Whether name is that of the set in service, or can be: files without a
 * name may get any that their certificate is good for. */
bool gs_cert_service_is(const struct gs_cert_service *s, const char *name);

/* Whether a and b are the same set. */
bool gs_cert_service_same(const struct gs_cert_service *a,
    const struct gs_cert_service *b);

#endif
