/* SPDX-License-Identifier: MIT */
/* The certificate to be in service: the one that is there, or a new one. */
#include "job_priv.h"

#include <stdio.h>

#include "cert/issue.h"

/* 2025-01-01 and 2100-01-01: a clock outside has not been set. */
static const int64_t clock_first = 1735689600;
static const int64_t clock_last = 4102444800;

/* ---- the certificate that is there */

static int
find_leaf(struct gs_run *r, struct gs_err *err)
{
	static const enum gs_place places[] = { GS_PLACE_CRT, GS_PLACE_PEM,
		GS_PLACE_FS_PEM };
	struct gs_cert *crt = gs_state_cert(&r->st, GS_PLACE_CRT);
	bool replace = r->job->force || r->o->new_key;

	if (crt != NULL && !gs_cert_has_key(crt, r->key) && !replace) {
		FIND(r->d, PAIR_MISMATCH, "the key in %s does not belong to "
		    "the certificate in %s", r->l->path[GS_PLACE_KEY],
		    r->l->path[GS_PLACE_CRT]);
		return 0;
	}
	for (unsigned i = 0; r->leaf == NULL && i < 3; i++) {
		struct gs_cert *c = gs_state_cert(&r->st, places[i]);
		if (c != NULL && gs_cert_has_key(c, r->key))
			r->leaf = c;
	}
	if (r->leaf == NULL)
		return 0;
	if (gs_cert_info(r->leaf, &r->info, err) == -1)
		return -1;
	const struct gs_cert *ca = gs_state_ca(&r->st);
	r->by_ca = ca != NULL && !r->info.self_signed &&
	    gs_cert_issued(ca, r->leaf);
	return 0;
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
	else if (r->by_ca &&
	    !covers_all(&i->sans, job->addresses, &missing))
		(void)snprintf(why, size, "it lacks the address %s", missing);
	else if (renewable && i->not_after < job->now)
		(void)snprintf(why, size, "it has expired");
	else if (renewable && i->not_after - job->now <= renew)
		(void)snprintf(
		    why, size, "it expires in %lld days", (long long)days);
	else if (i->not_before > job->now)
		(void)snprintf(why, size, "it is not valid yet");
	else if (i->weak_digest)
		(void)snprintf(why, size, "it is signed with %s", i->digest);
	else if (i->ca)
		(void)snprintf(why, size, "it is the certificate of a CA");
	else if (!i->usage_server)
		(void)snprintf(why, size, "it is not for a server");
	else if (use_ca && !r->by_ca)
		(void)snprintf(why, size, "the local CA shall sign it");
	else if (job->force)
		(void)snprintf(why, size, "--force");
}

/* ---- issuing */

/* Whether nobody else has signed crt. */
static bool
is_ours(const struct gs_run *r, const struct gs_cert *crt,
    const struct gs_cert_info *info)
{
	const struct gs_cert *ca = gs_state_ca(&r->st);

	return info->self_signed || (ca != NULL && gs_cert_issued(ca, crt));
}

/* A name that clients have used stays, as long as there is room: whoever
 * renews need not remember what was asked for the first time. What was made
 * here is renewed here, what others signed by a request to them. */
static void
keep_names(const struct gs_run *r, bool ours, struct gs_sans *all)
{
	const struct gs_cert *crt = gs_state_cert(&r->st, GS_PLACE_CRT);
	struct gs_cert_info info;

	if (crt == NULL || r->job->force ||
	    gs_cert_info(crt, &info, NULL) == -1 ||
	    ours != is_ours(r, crt, &info))
		return;
	for (size_t i = 0; i < info.sans.n; i++)
		if (gs_sans_add(all, info.sans.list[i].text, NULL) == -1)
			return;
}

/* The certificate whose subject a renewal keeps: one that this program made.
 * The old init script's had the name of its vendor, and was that of a CA. */
static const struct gs_cert *
keep_subject(const struct gs_run *r)
{
	const struct gs_cert *crt = gs_state_cert(&r->st, GS_PLACE_CRT);
	struct gs_cert_info info;

	if (crt == NULL || r->job->force ||
	    gs_cert_info(crt, &info, NULL) == -1)
		return NULL;
	return is_ours(r, crt, &info) && !info.ca && info.sans.n > 0 ? crt :
								       NULL;
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

int
gs_run_choose_leaf(struct gs_run *r, char *why, size_t size, struct gs_err *err)
{
	bool use_ca;

	why[0] = '\0';
	if (find_leaf(r, err) == -1)
		return -1;
	if (gs_run_has_errors(r))
		return 0;
	use_ca = r->job->ca || r->by_ca;
	if (r->leaf == NULL)
		return issue_leaf(r, use_ca, err);
	fault_of_leaf(r, use_ca, why, size);
	bool ours = r->info.self_signed || r->by_ca;
	if (why[0] != '\0' && !ours && !r->job->force) {
		FIND(r->d, SIGNED_BY_OTHERS, "the certificate is not "
		    "replaced although %s: '%s' signed it", why,
		    r->info.issuer);
		why[0] = '\0';
	}
	if (why[0] != '\0') {
		r->leaf = NULL;
		return issue_leaf(r, use_ca, err);
	}
	return known_chain(r, err);
}
