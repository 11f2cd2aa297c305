/* SPDX-License-Identifier: MIT */
/* Puts a key and certificate in place, in an order that always works. */
#ifndef GSPROV_CERT_STORE_H
#define GSPROV_CERT_STORE_H

#include "cert/layout.h"

struct gs_cert;
struct gs_cert_certs;
struct gs_cert_key;
struct gs_cert_state;

/* The wanted set. Everything is borrowed. */
struct gs_cert_want {
	const struct gs_cert_key *key;
	struct gs_cert *leaf;
	const struct gs_cert_certs *chain; /* leaf's issuers, the root last */
	const struct gs_buf *dtls; /* to be written as dtls-srtp.pem, or NULL */
	const struct gs_buf *cafile; /* stays cafile.pem, or NULL */
	const struct gs_cert_key *ca_key; /* to be written, or NULL */
	struct gs_cert *ca_cert; /* to be written, or NULL */
	bool drop_pending; /* the pending key is now in service */
	int64_t now; /* for the names of copies */
};

/* What FreeSWITCH then loads as agent.pem and, if it has a folder, as
 * cafile.pem. */
struct gs_cert_loaded {
	struct gs_buf agent, ca;
};

void gs_cert_loaded_free(struct gs_cert_loaded *loaded);

/* Adds to t the copy "PATH.DATE" of the file at place, if there is one: 0600
 * when it may hold a key. */
int gs_cert_store_keep(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, enum gs_cert_place place, int64_t now,
    struct gs_cert_txn *t, struct gs_err *err) GS_MUST;

/* Adds to t the steps from st to w; none when all is right. The order is
 * such that after each step whoever loads a certificate and its key (or
 * agent.pem and cafile.pem) by these names gets two that belong together:
 *
 * Keys and certificates that would be lost are copied aside first. Two names
 * that change together lead, while they change, through one hidden link to a
 * folder; this link is switched from the old files to the new ones by one
 * rename, and then the names become what they shall be.
 *
 * Returns 0, or -1 when a place cannot be replaced (a folder);
 * gs_cert_loaded_free() in either case. */
int gs_cert_store_plan(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, const struct gs_cert_want *w,
    struct gs_cert_loaded *loaded, struct gs_cert_txn *t,
    struct gs_err *err) GS_MUST;

/* Stages and commits; loaded must then be what FreeSWITCH's names lead to. On
 * failure the old set is in place, and nothing is left. */
int gs_cert_store_apply(const struct gs_cert_layout *l,
    const struct gs_cert_loaded *loaded, struct gs_cert_txn *t,
    struct gs_err *err) GS_MUST;

#endif
