/* SPDX-License-Identifier: MIT */
/* The set in service: the one that servers load, and its name. */
#ifndef GSPROV_CERT_SERVICE_H
#define GSPROV_CERT_SERVICE_H

#include "layout.h"
#include "x509.h"

#pragma GCC visibility push(default)

enum gs_service_kind {
	GS_SERVICE_NONE, /* nothing is in service */
	GS_SERVICE_LINKS, /* links lead to the files of one name */
	GS_SERVICE_FILES, /* somebody else's files, or links to such */
	GS_SERVICE_SPLIT, /* links lead to the files of several names */
};

struct gs_service {
	enum gs_service_kind kind;
	char fqdn[256]; /* its name; empty when not known (FILES) */
	char text[1024]; /* what leads where, for people (SPLIT, FILES) */
	struct gs_sans names; /* that the certificate of FILES has */
};

/* Finds out what NAME.key, NAME.crt, NAME.pem, agent.pem and cafile.pem lead
 * to. The name of a set is that of its files. Files that this program did
 * not make have the name that their certificate has: its common name, or
 * else the first host name with a dot. While an interrupted change waits to
 * be finished, links may lead to two sets, and the last one counts. Returns
 * 0, or -1 when something is there and cannot be read. */
int gs_service_find(const struct gs_site *site, struct gs_service *s,
    struct gs_err *err) GS_MUST;

/* Whether name is that of the set in service, or can be: files without a
 * name may get any that their certificate is good for. */
bool gs_service_is(const struct gs_service *s, const char *name);

/* Whether a and b are the same set. */
bool gs_service_same(const struct gs_service *a, const struct gs_service *b);

#pragma GCC visibility pop

#endif
