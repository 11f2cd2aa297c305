/* SPDX-License-Identifier: MIT */
/* The jobs: ensure a good set, make a request, import a certificate. */
#ifndef GSPROV_CERT_JOB_H
#define GSPROV_CERT_JOB_H

#include "cert/txn.h"
#include "cert/x509.h"

struct gs_diags;
struct gs_cert_layout;
struct gs_cert_parcel;
struct gs_cert_trust;
struct gs_cert_service;

/* The request. Everything is borrowed. */
struct gs_cert_job {
	const struct gs_cert_layout *layout;
	const struct gs_cert_service *service; /* what is in service now */
	const struct gs_cert_dn *subject;
	const struct gs_cert_sans
	    *names; /* the host name, and requested ones */
	const struct gs_cert_sans *addresses; /* found on this host */
	struct gs_span pass; /* opens encrypted keys; may be empty */
	enum gs_cert_key_kind kind;
	unsigned days;
	unsigned renew_before; /* days; an import warns that early */
	bool ca; /* sign with the local CA */
	bool self_signed; /* do not, although the one in place was */
	bool new_ca; /* make the local CA again, with its key */
	bool new_key;
	bool force;
	bool switching; /* take this name into service */
	const char *command; /* the option for that, for a finding, or NULL */
	const struct gs_cert_trust *trust; /* what clients trust besides */
	bool dry; /* plan only */
	bool private; /* a request has names that no public CA signs */
	bool owes; /* write that a restart is owed before servers change */
	const struct gs_guard *inputs; /* files that stay as they are; or
					* NULL */
	bool recovered; /* an interrupted run was finished just before */
	int64_t now;
};

/* The result. */
struct gs_cert_outcome {
	bool refused; /* nothing was changed; the findings tell why */
	bool changed; /* or would be, with dry */
	bool reload; /* among it is something that servers load */
	bool recovered; /* an interrupted run was finished first */
	bool new_key;
	bool new_leaf;
	char what[512]; /* one line for people */
	struct gs_cert_txn txn; /* the steps */
	struct gs_cert_info leaf; /* in service; empty for a request */
};

/* Makes sure that a good key and certificate are in place. A key is only
 * replaced with new_key or force; a certificate that others signed only
 * with force, and then it is kept. What the local CA signed stays with it
 * unless self_signed. Files of somebody else that are in service under this
 * name are adopted. Returns 0 (see o->refused and the findings) or -1; frees
 * with gs_cert_txn_free(&o->txn) in either case. */
int gs_cert_ensure(const struct gs_cert_job *job, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err) GS_MUST;

/* Makes a request for the key in place, the pending one, or (with new_key, or
 * if there is none) a new one; what is in service stays. The request is
 * written to path, or with path NULL only to csr. */
int gs_cert_request(const struct gs_cert_job *job, const char *path,
    struct gs_buf *csr, struct gs_diags *d, struct gs_cert_outcome *o,
    struct gs_err *err) GS_MUST;

/* Checks the parcel and puts its certificate into service: the one for the key
 * in the parcel, or else for this host's key. */
int gs_cert_import(const struct gs_cert_job *job,
    const struct gs_cert_parcel *parcel, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err) GS_MUST;

#endif
