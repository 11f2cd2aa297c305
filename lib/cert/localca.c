/* SPDX-License-Identifier: MIT */
/* The local CA: made once, and what it needs to sign. */
#include "job_priv.h"

#include <stdio.h>

#include "cert/issue.h"

enum { CA_DAYS = 7300, CA_MARGIN = 366 };

static int
issue_ca(struct gs_run *r, struct gs_err *err)
{
	char cn[GS_CN_MAX + 1];
	bool fits = strlen(r->l->fqdn) <= GS_CN_MAX - 3;
	unsigned days = r->job->days + CA_MARGIN;
	const struct gs_cert *old = gs_state_ca(&r->st);
	struct gs_cert_info info;

	(void)snprintf(cn, sizeof(cn), "%.61s CA",
	    fits ? r->l->fqdn : r->l->site->link_name);
	/* Made again it is called as before. */
	if (!r->job->new_ca || old == NULL ||
	    gs_cert_info(old, &info, NULL) == -1)
		old = NULL;
	else if (info.cn[0] != '\0')
		(void)snprintf(cn, sizeof(cn), "%.64s", info.cn);
	struct gs_issue what = {
		.subject = r->job->subject,
		.like = old,
		.cn = cn,
		.key = r->ca_key,
		.ca = true,
		.now = r->job->now,
		.days = days > CA_DAYS ? days : CA_DAYS,
	};
	if (gs_cert_issue(&what, &r->made_ca_cert, err) == -1)
		return -1;
	r->ca_cert = r->made_ca_cert;
	return 0;
}

static int
new_ca_key(struct gs_run *r, struct gs_err *err)
{
	if (gs_key_make(r->job->kind, &r->made_ca_key, err) == -1)
		return -1;
	r->ca_key = r->made_ca_key;
	return issue_ca(r, err);
}

static bool
is_ca_pair(const struct gs_key *key, const struct gs_cert *cert)
{
	return key != NULL && (cert == NULL || gs_cert_has_key(cert, key));
}

static void
find_ca_fault(struct gs_run *r, const struct gs_item *key)
{
	const char *path = r->l->path[GS_PLACE_CA_KEY];

	if (key->key_found == GS_KEY_LOCKED)
		FIND(r->d, KEY_LOCKED, "the key in %s is encrypted", path);
	else if (key->key == NULL)
		FIND(r->d, CA_KEY_MISSING, "%s has no readable key", path);
	else
		FIND(r->d, CA_MISMATCH, "%s is not the key of %s", path,
		    r->l->path[GS_PLACE_CA_CRT]);
}

int
gs_run_choose_ca(struct gs_run *r, struct gs_err *err)
{
	const struct gs_item *key = gs_state_content(&r->st, GS_PLACE_CA_KEY);
	struct gs_cert *cert = gs_state_ca(&r->st);
	bool force = r->job->force || r->job->new_ca;
	struct gs_cert_info info;

	bool none =
	    key->key == NULL && cert == NULL && key->key_found == GS_KEY_NONE;
	bool broken =
	    key->key_found != GS_KEY_LOCKED && !is_ca_pair(key->key, cert);
	if (none || (broken && force))
		return new_ca_key(r, err);
	if (key->key == NULL || broken) {
		find_ca_fault(r, key);
		return 0;
	}
	r->ca_key = key->key;
	if (cert == NULL)
		return issue_ca(r, err);
	if (gs_cert_info(cert, &info, err) == -1)
		return -1;
	if (r->job->new_ca && info.key.weak)
		return new_ca_key(r, err);
	if (r->job->new_ca)
		return issue_ca(r, err);
	if (force &&
	    info.not_after - r->job->now <=
		(int64_t)(r->job->renew_before + r->job->days) * GS_DAY)
		return issue_ca(r, err);
	r->ca_cert = cert;
	if (info.not_after < r->job->now) {
		FIND(r->d, CHAIN_EXPIRED, "the local CA in %s has expired",
		    r->l->path[GS_PLACE_CA_CRT]);
		r->ca_cert = NULL;
	}
	return 0;
}
