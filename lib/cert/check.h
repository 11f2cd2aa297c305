/* SPDX-License-Identifier: MIT */
/* Findings about the set in place, and about a certificate to import. */
#ifndef GSPROV_CERT_CHECK_H
#define GSPROV_CERT_CHECK_H

#include <sys/types.h>

#include "base/buf.h"
#include "cert/rules.h"

struct gs_cert;
struct gs_cert_certs;
struct gs_cert_parcel;
struct gs_diags;
struct gs_cert_key;
struct gs_cert_layout;
struct gs_cert_sans;
struct gs_cert_service;
struct gs_cert_state;
struct gs_cert_trust;
struct gs_cert_txn;

enum { GS_READER_GROUPS = 64 };

/* The user under whom FreeSWITCH runs. */
struct gs_cert_reader_id {
	char name[256]; /* empty: not known, not checked */
	uid_t uid;
	gid_t gid[GS_READER_GROUPS];
	size_t groups;
};

/* The result of a planned run. */
struct gs_cert_forecast {
	bool fails; /* or is refused */
	bool new_leaf;
	int64_t not_after; /* of the certificate in place afterwards */
	const struct gs_cert_txn *txn; /* its steps */
};

/* How findings get the command that mends them. */
struct gs_cert_adviser {
	const struct gs_cert_forecast *(
	    *forecast)(void *arg, enum gs_cert_mend mend);
	void *arg;
	const char *command; /* "gs-certgen", with the caller's options */
	const char *operand; /* "--auto", a host name, or empty */
	const char *renew; /* options of a renewal for warn_days, or empty */
	bool asked; /* the caller said which set is meant */
};

struct gs_cert_check {
	const struct gs_cert_layout *layout;
	const struct gs_cert_service *service; /* for gs_cert_check_set() */
	int64_t *parts; /* NULL, or receives the days left of the leaf, and of
			 * the issuer that expires first */
	const struct gs_cert_adviser *adviser; /* NULL: no commands */
	const struct gs_cert_trust *trust; /* what else clients trust */
	bool in_place; /* the chain of a server, which may lack its root */
	int64_t now;
	unsigned warn_days;
	unsigned crit_days; /* days left, below which that is an error */
	const struct gs_cert_sans *names; /* that the certificate must have */
	const struct gs_cert_sans *addresses; /* that it should have */
	const struct gs_cert_reader_id *reader;
};

/* Findings about one server certificate (dates, names, strength, usage) and
 * its issuers in chain (complete: up to a root). */
void gs_cert_check_served(const struct gs_cert_check *c,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    bool complete, struct gs_diags *d);

/* Whether files that this program did not make are in service under the
 * name of c's layout, and it has none of its own. */
bool gs_cert_check_adoptable(const struct gs_cert_check *c,
    const struct gs_cert_state *st);

/* Findings about files that c->reader cannot read. */
void gs_cert_check_readable(const struct gs_cert_check *c, struct gs_diags *d);

/* All findings about the set in place. *days is the least number of days left,
 * of leaf and issuers; INT64_MAX if there are none. */
void gs_cert_check_set(const struct gs_cert_check *c,
    const struct gs_cert_state *st, struct gs_diags *d, int64_t *days);

/* Whether FreeSWITCH sends chain (of leaf; complete: up to a root) when it has
 * loaded cafile. The root need not be sent. */
bool gs_cert_check_cafile(const struct gs_cert_certs *cafile,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    bool complete, int64_t now);

/* leaf's issuers as gs_cert_chain() finds them in pool. If they lead to no
 * root, or to one that has expired, those in c->trust are added to pool. A
 * valid chain to own (NULL: none) or to a root in c->trust is preferred to one
 * that ends at another self-signed certificate. */
bool gs_cert_check_best(const struct gs_cert_check *c,
    const struct gs_cert *leaf, const struct gs_cert *own,
    struct gs_cert_certs *pool, struct gs_cert_certs *chain);

/* A finding: why the local CA cannot sign. Its key is encrypted, or
 * gs_cert_state_ca_whole() is false. */
void gs_cert_check_ca_fault(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, struct gs_diags *d);

/* Whether dtls-srtp.pem is a file of its own with a key and a certificate that
 * FreeSWITCH keeps. */
bool gs_cert_check_dtls(const struct gs_cert_state *st, int64_t now);

/* The days left until leaf or one of its issuers expires. */
int64_t gs_cert_check_days(const struct gs_cert_check *c,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain);

/* The issuers of leaf that are in place or that c->trust has, as
 * gs_cert_chain() puts them. */
bool gs_cert_check_chain(const struct gs_cert_check *c,
    const struct gs_cert_state *st, const struct gs_cert *leaf,
    struct gs_cert_certs *chain);

/* Where the issuers of the leaf in service can be: cafile.pem, the files
 * themselves, the local CA. */
void gs_cert_check_pool(const struct gs_cert_state *st,
    struct gs_cert_certs *pool);

/* A certificate from outside. */
struct gs_cert_check_import {
	const struct gs_cert_parcel *parcel;
	const struct gs_cert_certs *known; /* issuers, if parcel lacks some */
	const struct gs_cert_key *const *keys; /* that it may belong to */
	size_t n;
	struct gs_cert *leaf; /* borrowed from parcel, or NULL */
	size_t key; /* which of the keys is leaf's; n: none */
	struct gs_cert_certs *chain; /* receives its issuers */
};

/* Findings about i->parcel and about its certificate for the first matching
 * key: i->leaf. Without an error among the findings, it can be put in
 * service. */
void gs_cert_check_import(const struct gs_cert_check *c,
    struct gs_cert_check_import *i, struct gs_diags *d);

#endif
