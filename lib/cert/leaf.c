/* SPDX-License-Identifier: MIT */
/* The certificate to be in service: the one that is there, or a new one. */
#include "job_priv.h"

#include <stdio.h>

#include "cert/issue.h"

/* 2025-01-01 and 2100-01-01: a clock outside has not been set. */
static const int64_t clock_first = 1735689600;
static const int64_t clock_last = 4102444800;

/* ---- the certificate that is there */

bool
gs_run_is_ours(const struct gs_run *r, const struct gs_cert *c)
{
	const struct gs_cert *ca = gs_state_ca(&r->st);

	return gs_cert_self_signed(c) || (ca != NULL && gs_cert_issued(ca, c));
}

/* Files of the set, and what leads to them. */
static const enum gs_place files[] = { GS_PLACE_CRT, GS_PLACE_PEM,
	GS_PLACE_FS_PEM, GS_PLACE_AGENT, GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };

enum { OWN_FILES = 3, ALL_FILES = 6 };

static unsigned
files_of(const struct gs_run *r)
{
	return r->linked ? ALL_FILES : OWN_FILES;
}

/* A certificate that FreeSWITCH was given after ours, by somebody who wrote
 * through the link or replaced it: it is in service, when it is good. */
static bool
is_newer(struct gs_run *r, struct gs_cert *had, struct gs_err *err)
{
	struct gs_cert *served = gs_state_cert(&r->st, GS_PLACE_AGENT);
	const struct gs_key *key = gs_state_key(&r->st, GS_PLACE_AGENT);
	struct gs_check c = { .layout = r->l,
		.now = r->job->now,
		.names = r->job->names };
	struct gs_certs pool = { 0 }, chain = { 0 };
	struct gs_cert_info a, b;
	struct gs_diags d;
	bool complete = false, good = false;

	if (!r->linked || served == NULL || key == NULL ||
	    gs_cert_same(served, had) || gs_run_is_ours(r, served) ||
	    !gs_cert_has_key(served, key) ||
	    gs_cert_info(had, &a, NULL) == -1 ||
	    gs_cert_info(served, &b, NULL) == -1 ||
	    (!gs_run_is_ours(r, had) && b.not_before <= a.not_before))
		return false;
	gs_diags_init(&d, gs_cert_rules, NULL, 0);
	if (gs_check_pool(&r->st, &pool, err) == 0 &&
	    gs_chain(served, &pool, c.now, &chain, &complete, err) == 0 &&
	    gs_check_served(&c, served, &chain, complete, &d, err) == 0)
		good = d.total[GS_ERROR] == 0;
	gs_certs_free(&pool);
	gs_certs_free(&chain);
	gs_diags_free(&d);
	return good;
}

int
gs_run_find_had(struct gs_run *r, struct gs_err *err)
{
	for (unsigned i = 0; r->had == NULL && i < files_of(r); i++) {
		r->had = gs_state_cert(&r->st, files[i]);
		r->adopts = i >= OWN_FILES;
	}
	if (r->had == NULL)
		return 0;
	if (!r->job->force && !r->job->new_key && !r->adopts &&
	    is_newer(r, r->had, err)) {
		r->had = gs_state_cert(&r->st, GS_PLACE_AGENT);
		r->adopts = true;
	}
	if (gs_cert_info(r->had, &r->info, err) == -1)
		return -1;
	const struct gs_cert *ca = gs_state_ca(&r->st);
	r->by_ca =
	    ca != NULL && !r->info.self_signed && gs_cert_issued(ca, r->had);
	r->foreign = !r->info.self_signed && !r->by_ca;
	return 0;
}

static void
find_leaf(struct gs_run *r)
{
	bool replace = r->job->force || (r->o->new_key && !r->foreign);

	if (r->had != NULL && !gs_cert_has_key(r->had, r->key) && !replace) {
		FIND(r->d, PAIR_MISMATCH,
		    "the key in %s does not belong to "
		    "the certificate in %s",
		    r->l->path[GS_PLACE_KEY], r->l->path[GS_PLACE_CRT]);
		return;
	}
	if (r->had != NULL && gs_cert_has_key(r->had, r->key))
		r->leaf = r->had;
	for (unsigned i = 0; r->leaf == NULL && i < OWN_FILES; i++) {
		struct gs_cert *c = gs_state_cert(&r->st, files[i]);
		if (c != NULL && gs_cert_has_key(c, r->key))
			r->leaf = c;
	}
}

/* A copy that is older than what is in service stays nowhere. */
static bool
is_stale(const struct gs_run *r, const struct gs_cert *c)
{
	struct gs_cert_info a, b;

	return r->leaf != r->made_leaf && !gs_run_is_ours(r, r->leaf) &&
	    gs_cert_info(c, &a, NULL) == 0 &&
	    gs_cert_info(r->leaf, &b, NULL) == 0 &&
	    a.not_before <= b.not_before;
}

void
gs_run_guard(struct gs_run *r)
{
	struct gs_cert_info info;

	for (unsigned i = 0; !r->job->force && i < files_of(r); i++) {
		const struct gs_cert *c = gs_state_cert(&r->st, files[i]);
		if (c == NULL || r->leaf == NULL || gs_cert_same(c, r->leaf) ||
		    gs_run_is_ours(r, c) || is_stale(r, c) ||
		    gs_cert_info(c, &info, NULL) == -1)
			continue;
		FIND(r->d, SIGNED_BY_OTHERS,
		    "%s holds a certificate that "
		    "'%s' signed, and that is another one than the one to be "
		    "put in place",
		    r->l->path[files[i]], info.issuer);
		r->leaf = NULL;
	}
}

static bool
covers_all(const struct gs_sans *have, const struct gs_sans *want,
    const char **missing)
{
	for (size_t i = 0; want != NULL && i < want->n; i++)
		if (!gs_sans_cover(have, &want->list[i])) {
			*missing = want->list[i].text;
			return false;
		}
	return true;
}

/* A renewal that cannot last longer than what is there is none. */
static bool
ca_ends_first(const struct gs_run *r)
{
	const struct gs_cert *ca = gs_state_ca(&r->st);
	struct gs_cert_info info;

	return r->by_ca && !r->job->force && ca != NULL &&
	    gs_cert_info(ca, &info, NULL) == 0 &&
	    info.not_after <= r->info.not_after;
}

/* Why the leaf that was found is to be replaced; empty when it is good. */
static void
fault_of_leaf(const struct gs_run *r, bool use_ca, char *why, size_t size)
{
	const struct gs_cert_job *job = r->job;
	const struct gs_cert_info *i = &r->info;
	int64_t days = gs_days_left(i->not_after, job->now);
	int64_t renew = (int64_t)job->renew_before * GS_DAY;
	bool renewable = !ca_ends_first(r);
	const char *missing = "";

	why[0] = '\0';
	if (!covers_all(&i->sans, job->names, &missing))
		(void)snprintf(why, size, "it lacks the name %s", missing);
	else if (r->by_ca && !covers_all(&i->sans, job->addresses, &missing))
		(void)snprintf(why, size, "it lacks the address %s", missing);
	else if (renewable && i->not_after < job->now)
		(void)snprintf(why, size, "it has expired");
	else if (renewable && i->not_after - job->now <= renew)
		(void)snprintf(why, size, "it expires in %lld days",
		    (long long)days);
	else if (i->not_before > job->now)
		(void)snprintf(why, size, "it is not valid yet");
	else if (i->weak_digest)
		(void)snprintf(why, size, "it is signed with %s", i->digest);
	else if (i->ca)
		(void)snprintf(why, size, "it is the certificate of a CA");
	else if (!i->usage_server)
		(void)snprintf(why, size, "it is not for a server");
	else if (use_ca && !r->by_ca && !r->foreign)
		(void)snprintf(why, size, "the local CA shall sign it");
	else if (job->self_signed && !i->self_signed)
		(void)snprintf(why, size, "it shall be self-signed");
	else if (job->new_ca)
		(void)snprintf(why, size, "the local CA is made again");
	else if (job->force)
		(void)snprintf(why, size, "--force");
}

/* ---- issuing */

/* A name that clients have used stays, as long as there is room: whoever
 * renews need not remember what was asked for the first time. What was made
 * here is renewed here, what others signed by a request to them. */
static void
keep_names(const struct gs_run *r, bool ours, struct gs_sans *all)
{
	const struct gs_sans *had = &r->info.sans;

	if (r->had == NULL || r->job->force || ours == r->foreign)
		return;
	for (size_t i = 0; i < had->n; i++)
		if (gs_sans_add(all, had->list[i].text, NULL) == -1)
			return;
}

/* The certificate whose subject a renewal keeps: one that this program made.
 * The old init script's had the name of its vendor, and was that of a CA. */
static const struct gs_cert *
keep_subject(const struct gs_run *r)
{
	if (r->had == NULL || r->job->force || r->foreign ||
	    gs_cert_is_shared(&r->info))
		return NULL;
	return !r->info.ca && r->info.sans.n > 0 ? r->had : NULL;
}

int
gs_run_names(const struct gs_run *r, bool ours, struct gs_sans *all,
    struct gs_err *err)
{
	const struct gs_sans *here = r->job->addresses;

	*all = *r->job->names;
	for (size_t i = 0; here != NULL && i < here->n; i++)
		if (gs_sans_add(all, here->list[i].text, err) == -1)
			return -1;
	keep_names(r, ours, all);
	return 0;
}

static bool
clock_is_right(struct gs_run *r)
{
	if (r->job->now >= clock_first && r->job->now <= clock_last)
		return true;
	FIND(r->d, CLOCK_WRONG, "the clock says %lld seconds since 1970",
	    (long long)r->job->now);
	return false;
}

static int
issue_leaf(struct gs_run *r, bool use_ca, struct gs_err *err)
{
	struct gs_sans all;

	if (!clock_is_right(r))
		return 0;
	if (use_ca && gs_run_choose_ca(r, err) == -1)
		return -1;
	if (use_ca && r->ca_cert == NULL)
		return 0;
	if (gs_run_names(r, true, &all, err) == -1)
		return -1;
	struct gs_issue what = {
		.subject = r->job->subject,
		.like = keep_subject(r),
		.cn = r->l->fqdn,
		.sans = &all,
		.key = r->key,
		.issuer = use_ca ? r->ca_cert : NULL,
		.issuer_key = use_ca ? r->ca_key : NULL,
		.now = r->job->now,
		.days = r->job->days,
	};
	if (gs_cert_issue(&what, &r->made_leaf, err) == -1)
		return -1;
	r->leaf = r->made_leaf;
	r->o->new_leaf = true;
	r->complete = true;
	return use_ca ? gs_certs_add(&r->chain, r->ca_cert, err) : 0;
}

static int
known_chain(struct gs_run *r, struct gs_err *err)
{
	struct gs_certs pool = { 0 };
	int rc = gs_check_pool(&r->st, &pool, err);

	if (rc == 0)
		rc = gs_chain(r->leaf, &pool, r->job->now, &r->chain,
		    &r->complete, err);
	gs_certs_free(&pool);
	return rc;
}

/* Whether the set that goes out of service, or the one that was here, has
 * what phones trust from the local CA. */
static bool
stays_with_ca(const struct gs_run *r)
{
	static const enum gs_place places[] = { GS_PLACE_AGENT,
		GS_PLACE_LINK_CRT };
	const struct gs_cert *ca = gs_state_ca(&r->st);

	if (r->had != NULL || ca == NULL)
		return r->by_ca;
	if (r->linked)
		return true;
	for (unsigned i = 0; i < 2; i++) {
		const struct gs_cert *c = gs_state_cert(&r->st, places[i]);
		if (c != NULL)
			return !gs_cert_self_signed(c) && gs_cert_issued(ca, c);
	}
	return false;
}

/* What others signed is replaced by force only. Returns whether it may. */
static bool
may_replace(struct gs_run *r, char *why)
{
	if (!r->foreign || r->job->force)
		return true;
	FIND(r->d, SIGNED_BY_OTHERS,
	    "the certificate is not replaced "
	    "although %s: '%s' signed it",
	    why, r->info.issuer);
	why[0] = '\0';
	return false;
}

static void
note_foreign(struct gs_run *r)
{
	if (r->foreign && (r->adopts || r->job->ca))
		(void)gs_cert_finding_as(r->d, GS_CERT_R_SIGNED_BY_OTHERS,
		    GS_NOTE, "the certificate stays as it is: '%s' signed it",
		    r->info.issuer);
}

int
gs_run_choose_leaf(struct gs_run *r, char *why, size_t size, struct gs_err *err)
{
	bool use_ca;

	why[0] = '\0';
	find_leaf(r);
	if (gs_run_has_errors(r))
		return 0;
	use_ca = !r->job->self_signed &&
	    (r->job->ca || r->job->new_ca || stays_with_ca(r));
	if (r->leaf == NULL)
		return issue_leaf(r, use_ca, err);
	fault_of_leaf(r, use_ca, why, size);
	if (why[0] != '\0' && may_replace(r, why)) {
		r->leaf = NULL;
		return issue_leaf(r, use_ca, err);
	}
	/* What has to be renewed is not taken into service. */
	if (gs_run_has_errors(r) && !r->linked) {
		r->leaf = NULL;
		return 0;
	}
	if (!gs_run_has_errors(r))
		note_foreign(r);
	return known_chain(r, err);
}
