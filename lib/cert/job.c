/* SPDX-License-Identifier: MIT */
/* The jobs: ensure a good set, make a request, import a certificate. */
#include "cert/job.h"

#include <sys/stat.h>

#include <stdio.h>

#include "base/file.h"
#include "cert/check.h"
#include "cert/date.h"
#include "cert/parcel.h"
#include "cert/state.h"
#include "cert/store.h"
#include "cert/rules_priv.h"

/* One run, which frees what it made. */
struct run {
	const struct gs_cert_job *job;
	const struct gs_cert_layout *l;
	struct gs_diags *d;
	struct gs_cert_outcome *o;
	struct gs_cert_state st;
	const struct gs_cert_key *key; /* the one for service */
	struct gs_cert_key *made_key;
	struct gs_cert *leaf;
	struct gs_cert *made_leaf;
	struct gs_cert *had; /* the set's certificate, for whatever key */
	struct gs_cert_info info; /* of that */
	const struct gs_cert *trusted; /* what phones trust so far, or NULL */
	bool by_ca; /* the local CA issued it */
	bool foreign; /* others did */
	bool linked; /* links and FreeSWITCH's files are this set's */
	bool adopts; /* the leaf was put there by others */
	const struct gs_cert_key *pending; /* waits for its certificate */
	const struct gs_cert_key *present; /* in place, or NULL */
	bool due; /* because it expires soon */
	char why[300]; /* the certificate that is there is replaced, or "" */
	struct gs_cert_key *ca_key;
	struct gs_cert_key *made_ca_key;
	struct gs_cert *ca_cert;
	struct gs_cert *made_ca_cert;
	struct gs_cert_certs chain;
	bool complete;
	uint64_t errors; /* among the findings before this run */
};

/* 2025-01-01 and 2100-01-01: a clock outside this range is wrong. */
static const int64_t clock_first = 1735689600;
static const int64_t clock_last = 4102444800;

/* ---- the present certificate */

/* Whether c was not signed elsewhere. */
static bool
is_ours(const struct run *r, const struct gs_cert *c)
{
	const struct gs_cert *ca = gs_cert_state_ca(&r->st);

	return gs_cert_self_signed(c) || (ca != NULL && gs_cert_issued(ca, c));
}

/* Files of the set, and what leads to them. */
static const enum gs_cert_place files[] = { GS_PLACE_CRT, GS_PLACE_PEM,
	GS_PLACE_FS_PEM, GS_PLACE_AGENT, GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };

enum { OWN_FILES = 3, ALL_FILES = 6 };

static unsigned
files_of(const struct run *r)
{
	return r->linked ? ALL_FILES : OWN_FILES;
}

static struct gs_cert_check
check_of(const struct run *r)
{
	return (struct gs_cert_check){
		.layout = r->l,
		.now = r->job->now,
		.trust = r->job->trust,
		.warn_days = r->job->renew_before,
		.names = r->job->names,
		.addresses = r->job->addresses,
		.in_place = true,
	};
}

/* A certificate that FreeSWITCH was given after ours, by somebody who wrote
 * through the link or replaced it: it is in service, when it is good. */
static bool
is_newer(struct run *r, struct gs_cert *had)
{
	struct gs_cert *served = gs_cert_state_cert(&r->st, GS_PLACE_AGENT);
	const struct gs_cert_key *key =
	    gs_cert_state_key(&r->st, GS_PLACE_AGENT);
	struct gs_cert_check c = { .layout = r->l,
		.now = r->job->now,
		.trust = r->job->trust,
		.names = r->job->names };
	struct gs_cert_certs chain = { 0 };
	struct gs_cert_info a, b;
	struct gs_diags d;

	if (!r->linked || served == NULL || key == NULL ||
	    gs_cert_same(served, had) || is_ours(r, served) ||
	    !gs_cert_has_key(served, key))
		return false;
	gs_cert_info(had, &a);
	gs_cert_info(served, &b);
	if (!is_ours(r, had) && b.not_before <= a.not_before)
		return false;
	gs_diags_init(&d, gs_cert_rules, NULL, 0);
	bool complete = gs_cert_check_chain(&c, &r->st, served, &chain);
	gs_cert_check_served(&c, served, &chain, complete, &d);
	bool good = d.total[GS_ERROR] == 0;
	gs_cert_certs_free(&chain);
	gs_diags_free(&d);
	return good;
}

/* The key in place: its own file, or one that was made from it. */
static const struct gs_cert_key *
find_present(const struct run *r)
{
	static const enum gs_cert_place places[] = { GS_PLACE_KEY, GS_PLACE_PEM,
		GS_PLACE_FS_PEM, GS_PLACE_AGENT, GS_PLACE_LINK_KEY,
		GS_PLACE_LINK_PEM };
	const struct gs_cert_key *first =
	    r->adopts ? NULL : gs_cert_state_key(&r->st, GS_PLACE_KEY);
	unsigned n = r->linked ? 6 : 3;

	for (unsigned i = 0; first == NULL && i < n; i++) {
		const struct gs_cert_key *k =
		    gs_cert_state_key(&r->st, places[i]);
		if (k != NULL && (r->had == NULL || gs_cert_has_key(r->had, k)))
			first = k;
	}
	for (unsigned i = 0; first == NULL && i < n; i++)
		first = gs_cert_state_key(&r->st, places[i]);
	return first;
}

/* Finds out what the set has: had, and who signed it. */
static void
find_had(struct run *r)
{
	for (unsigned i = 0; r->had == NULL && i < files_of(r); i++) {
		r->had = gs_cert_state_cert(&r->st, files[i]);
		r->adopts = i >= OWN_FILES;
	}
	if (r->had == NULL)
		return;
	if (!r->job->force && !r->job->new_key && !r->adopts &&
	    is_newer(r, r->had)) {
		r->had = gs_cert_state_cert(&r->st, GS_PLACE_AGENT);
		r->adopts = true;
	}
	gs_cert_info(r->had, &r->info);
	const struct gs_cert *ca = gs_cert_state_ca(&r->st);
	r->by_ca =
	    ca != NULL && !r->info.self_signed && gs_cert_issued(ca, r->had);
	r->foreign = !r->info.self_signed && !r->by_ca;
}

/* ---- the run */

static void
run_free(struct run *r)
{
	gs_cert_state_free(&r->st);
	gs_cert_key_free(r->made_key);
	gs_cert_key_free(r->made_ca_key);
	gs_cert_free(r->made_leaf);
	gs_cert_free(r->made_ca_cert);
	gs_cert_certs_free(&r->chain);
}

/* Decisions made without the lock may be outdated. */
static int
check_service(const struct run *r, struct gs_err *err)
{
	struct gs_cert_service now;

	if (gs_cert_service_find(r->l->site, &now, err) == -1)
		return -1;
	return gs_cert_service_same(&now, r->job->service) ?
	    0 :
	    gs_err_set(err,
		"another run changed the set in service: run this command "
		"again");
}

/* Locks, finishes what an interrupted run left, and reads what is there.
 * all: for the whole set, else for keys alone; path is one more file to be
 * written, or NULL. Returns 0 or -1; run_free() in either case. */
static int
begin(struct run *r, bool all, const char *path, struct gs_err *err)
{
	*r->o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	r->errors = r->d->total[GS_ERROR];
	if (gs_cert_txn_init(&r->o->txn, r->l->private_dir, err) == -1)
		return -1;
	r->o->txn.inputs = r->job->inputs;
	gs_cert_layout_folders(r->l, all, &r->o->txn);
	if (path != NULL)
		gs_cert_txn_folder_of(&r->o->txn, path);
	if (!r->job->dry) {
		if (gs_cert_txn_open(&r->o->txn, err) == -1)
			return -1;
		r->o->recovered = r->o->txn.recovered;
		r->o->changed = r->o->recovered;
	} else if (gs_cert_txn_unfinished(r->l->private_dir)) {
		return gs_err_set(err,
		    "a change in %s was interrupted: run once without "
		    "--dry-run, which completes it",
		    r->l->private_dir);
	}
	if (r->job->recovered)
		r->o->recovered = r->o->changed = true;
	r->o->reload = r->o->recovered;
	if (check_service(r, err) == -1)
		return -1;
	r->linked = gs_cert_service_is(r->job->service, r->l->fqdn);
	if (gs_cert_state_read(r->l, r->job->pass, &r->st, err) == -1)
		return -1;
	find_had(r);
	r->pending = gs_cert_state_key(&r->st, GS_PLACE_PENDING);
	r->present = find_present(r);
	return 0;
}

/* Whether another set is in service, and the run does not say that it may
 * take its place: a finding. */
static bool
is_other(struct run *r)
{
	const struct gs_cert_service *s = r->job->service;

	if (r->linked || r->job->switching)
		return false;
	struct gs_finding *f = s->kind == GS_SERVICE_SPLIT ?
	    FIND(r->d, LINKS_DISAGREE, "%s", s->text) :
	    FIND(r->d, OTHER_NAME, "%s is in service, not %s",
		s->fqdn[0] != '\0' ? s->fqdn : "a set without a name",
		r->l->fqdn);
	if (r->job->command != NULL)
		gs_cert_finding_run(f, r->job->command);
	return true;
}

static bool
has_errors(const struct run *r)
{
	return r->d->total[GS_ERROR] > r->errors;
}

/* Reports the result ("made", or with dry "would make"), with the reason in
 * parentheses (may be empty). */
static void
say(struct run *r, const char *done, const char *planned, const char *what,
    const char *why)
{
	(void)snprintf(r->o->what, sizeof(r->o->what), "%s%s%s%s%s",
	    r->job->dry ? planned : done, what, why[0] != '\0' ? " (" : "", why,
	    why[0] != '\0' ? ")" : "");
}

/* ---- the key */

/* Whether there is a readable key, or no file, at place; else a finding. */
static bool
check_key_file(struct run *r, enum gs_cert_place place)
{
	const struct gs_cert_item *it = gs_cert_state_content(&r->st, place);

	if (r->st.item[place].type == GS_ITEM_ABSENT)
		return true;
	if (it->key_found == GS_KEY_LOCKED) {
		FIND(r->d, KEY_LOCKED, "the key in %s is encrypted",
		    r->l->path[place]);
		return false;
	}
	if (it->key_found != GS_KEY_OK && !r->st.item[place].dangling) {
		FIND(r->d, KEY_DAMAGED, "%s contains no readable key",
		    r->l->path[place]);
		return false;
	}
	return true;
}

static bool
is_pending(const struct run *r, const struct gs_cert_key *key)
{
	return r->pending != NULL && gs_cert_key_same(r->pending, key);
}

static int
make_key(struct run *r, struct gs_err *err)
{
	if (gs_cert_key_make(r->job->kind, &r->made_key, err) == -1)
		return -1;
	r->key = r->made_key;
	r->o->new_key = true;
	return 0;
}

/* Decides which key will be in service. */
static int
choose_key(struct run *r, struct gs_err *err)
{
	const struct gs_cert_job *job = r->job;
	struct gs_cert_key_info info = { 0 };

	bool locked = gs_cert_state_content(&r->st, GS_PLACE_KEY)->key_found ==
	    GS_KEY_LOCKED;
	if (r->foreign && !job->force && (r->present == NULL || job->new_key)) {
		FIND(r->d, SIGNED_BY_OTHERS, "'%s' signed the certificate%s",
		    r->info.issuer,
		    job->new_key ? ", which is good for its key alone" :
				   "; its key is missing and must be restored");
		return 0;
	}
	if ((r->present == NULL || locked) && !job->new_key && !job->force &&
	    !check_key_file(r, GS_PLACE_KEY))
		return 0;
	if (job->new_key && !job->force && r->present != NULL &&
	    is_pending(r, r->present)) {
		FIND(r->d, CSR_KEY_NEEDED,
		    "a request for the key in %s is waiting for its "
		    "certificate",
		    r->l->path[GS_PLACE_KEY]);
		return 0;
	}
	if (r->present != NULL && job->force)
		gs_cert_key_info(r->present, &info);
	if (job->new_key || info.weak)
		return make_key(r, err);
	r->key = r->present != NULL ? r->present : r->pending;
	return r->key != NULL ? 0 : make_key(r, err);
}

/* ---- the local CA: made once, and what it needs to sign */

enum { CA_DAYS = 7300, CA_MARGIN = 366 };

static int
issue_ca(struct run *r, struct gs_err *err)
{
	char cn[GS_CN_MAX + 1];
	bool fits = strlen(r->l->fqdn) <= GS_CN_MAX - 3;
	unsigned days = r->job->days + CA_MARGIN;
	const struct gs_cert *old = gs_cert_state_ca(&r->st);
	struct gs_cert_info info;

	(void)snprintf(cn, sizeof(cn), "%.61s CA",
	    fits ? r->l->fqdn : r->l->site->link_name);
	/* A new one keeps the name of the old one. */
	if (!r->job->new_ca)
		old = NULL;
	if (old != NULL)
		gs_cert_info(old, &info);
	if (old != NULL && info.cn[0] != '\0')
		(void)snprintf(cn, sizeof(cn), "%.64s", info.cn);
	struct gs_cert_issue what = {
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
new_ca_key(struct run *r, struct gs_err *err)
{
	if (gs_cert_key_make(r->job->kind, &r->made_ca_key, err) == -1)
		return -1;
	r->ca_key = r->made_ca_key;
	return issue_ca(r, err);
}

/* The CA to sign with. Returns 0 also after a finding (ca_cert is NULL). */
static int
choose_ca(struct run *r, struct gs_err *err)
{
	const struct gs_cert_item *key =
	    gs_cert_state_content(&r->st, GS_PLACE_CA_KEY);
	struct gs_cert *cert = gs_cert_state_ca(&r->st);
	bool force = r->job->force || r->job->new_ca;
	struct gs_cert_info info;

	bool none =
	    key->key == NULL && cert == NULL && key->key_found == GS_KEY_NONE;
	bool broken =
	    key->key_found != GS_KEY_LOCKED && !gs_cert_state_ca_whole(&r->st);
	if (none || (broken && force))
		return new_ca_key(r, err);
	if (key->key == NULL || broken) {
		gs_cert_check_ca_fault(r->l, &r->st, r->d);
		return 0;
	}
	r->ca_key = key->key;
	if (cert == NULL)
		return issue_ca(r, err);
	gs_cert_info(cert, &info);
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

/* ---- the certificate for service */

static void
find_leaf(struct run *r)
{
	bool replace = r->job->force || (r->o->new_key && !r->foreign);
	bool paired = r->had == NULL || gs_cert_has_key(r->had, r->key);
	const struct gs_cert_key *copy =
	    paired || replace ? NULL : gs_cert_state_copied(&r->st, r->had);

	/* With a new key, phones would need a new certificate. */
	if (copy != NULL)
		r->key = copy;
	else if (!paired && !replace) {
		FIND(r->d, PAIR_MISMATCH,
		    "the key in %s does not belong to the certificate in %s",
		    r->l->path[GS_PLACE_KEY], r->l->path[GS_PLACE_CRT]);
		return;
	}
	if (r->had != NULL && gs_cert_has_key(r->had, r->key))
		r->leaf = r->had;
	for (unsigned i = 0; r->leaf == NULL && i < OWN_FILES; i++) {
		struct gs_cert *c = gs_cert_state_cert(&r->st, files[i]);
		if (c != NULL && gs_cert_has_key(c, r->key))
			r->leaf = c;
	}
}

/* A copy that is older than what is in service stays nowhere. */
static bool
is_stale(const struct run *r, const struct gs_cert *c)
{
	struct gs_cert_info a, b;

	if (r->leaf == r->made_leaf || is_ours(r, r->leaf))
		return false;
	gs_cert_info(c, &a);
	gs_cert_info(r->leaf, &b);
	return a.not_before <= b.not_before;
}

/* Refuses to replace what was signed elsewhere, wherever it is: a finding, and
 * no leaf. */
static void
guard_foreign(struct run *r)
{
	struct gs_cert_info info;

	for (unsigned i = 0; !r->job->force && i < files_of(r); i++) {
		const struct gs_cert *c = gs_cert_state_cert(&r->st, files[i]);
		if (c == NULL || r->leaf == NULL || gs_cert_same(c, r->leaf) ||
		    is_ours(r, c) || is_stale(r, c))
			continue;
		gs_cert_info(c, &info);
		FIND(r->d, SIGNED_BY_OTHERS,
		    "%s contains a certificate signed by '%s', different from "
		    "the one to be put in place",
		    r->l->path[files[i]], info.issuer);
		r->leaf = NULL;
	}
}

/* A renewal that cannot last longer than what is there is none. */
static bool
ca_ends_first(const struct run *r)
{
	const struct gs_cert *ca = gs_cert_state_ca(&r->st);
	struct gs_cert_info info;

	if (!r->by_ca || r->job->force || ca == NULL)
		return false;
	gs_cert_info(ca, &info);
	return info.not_after <= r->info.not_after;
}

/* Why the present leaf is replaced: r->why. */
static void
find_fault(struct run *r, bool use_ca)
{
	char *why = r->why;
	size_t size = sizeof(r->why);
	const struct gs_cert_job *job = r->job;
	const struct gs_cert_info *i = &r->info;
	int64_t days = gs_cert_days_left(i->not_after, job->now);
	int64_t renew = (int64_t)job->renew_before * GS_DAY;
	bool renewable = !ca_ends_first(r);
	const char *missing;

	if ((missing = gs_cert_sans_missing(&i->sans, job->names)) != NULL)
		(void)snprintf(why, size, "it lacks the name %s", missing);
	else if (r->by_ca &&
	    (missing = gs_cert_sans_missing(&i->sans, job->addresses)) != NULL)
		(void)snprintf(why, size, "it lacks the address %s", missing);
	else if (renewable && i->not_after < job->now)
		(void)snprintf(why, size, "it has expired");
	else if (renewable && i->not_after - job->now <= renew) {
		r->due = true;
		(void)snprintf(why, size, "it expires in %lld days",
		    (long long)days);
	} else if (i->not_before > job->now)
		(void)snprintf(why, size, "it is not valid yet");
	else if (i->weak_digest)
		(void)snprintf(why, size, "it is signed with %s", i->digest);
	else if (i->ca != NULL)
		(void)snprintf(why, size, "it is the certificate of a CA");
	else if (!i->usage_server)
		(void)snprintf(why, size, "it is not for a server");
	else if (use_ca && !r->by_ca && !r->foreign)
		(void)snprintf(why, size, "the local CA should sign it");
	else if (job->self_signed && !i->self_signed)
		(void)snprintf(why, size, "it should be self-signed");
	else if (job->new_ca)
		(void)snprintf(why, size, "the local CA is renewed");
	else if (job->force)
		(void)snprintf(why, size, "--force");
}

/* ---- issuing */

/* A name that clients have used stays, as long as there is room: whoever
 * renews need not remember what was asked for the first time. What was made
 * here is renewed here, what others signed by a request to them. */
static void
keep_names(const struct run *r, bool ours, struct gs_cert_sans *all)
{
	if (r->had != NULL && !r->job->force && ours != r->foreign)
		(void)gs_cert_sans_add_all(all, &r->info.sans, NULL);
}

/* The certificate whose subject a renewal keeps: one that this program made.
 * The old init script's had the name of its vendor, and was that of a CA. */
static const struct gs_cert *
keep_subject(const struct run *r)
{
	if (r->had == NULL || r->job->force || r->foreign ||
	    gs_cert_is_shared(&r->info))
		return NULL;
	return r->info.ca == NULL && r->info.sans.n > 0 ? r->had : NULL;
}

/* This host's addresses, except those that no public CA signs, which are
 * reported. */
static void
add_public(const struct run *r, struct gs_cert_sans *public)
{
	const struct gs_cert_sans *from = r->job->addresses;
	char left[300] = "";
	size_t n = 0;

	for (size_t i = 0; from != NULL && i < from->n; i++) {
		if (!gs_cert_san_is_private(&from->list[i]))
			(void)!gs_cert_sans_add(public, from->list[i].text,
			    NULL);
		else if (n < sizeof(left))
			n += (size_t)snprintf(left + n, sizeof(left) - n,
			    "%s%s", n > 0 ? ", " : "",
			    gs_cert_san_name(&from->list[i]));
	}
	if (left[0] != '\0')
		FIND(r->d, CSR_PRIVATE,
		    "the request leaves out addresses of this host: %s", left);
}

/* The names for a new certificate of our own (ours), or a request. */
static int
names_for(const struct run *r, bool ours, struct gs_cert_sans *all,
    struct gs_err *err)
{
	struct gs_cert_sans public = { 0 };

	*all = *r->job->names;
	if (!ours && !r->job->private)
		add_public(r, &public);
	if (gs_cert_sans_add_all(all,
		ours || r->job->private ? r->job->addresses : &public,
		err) == -1)
		return -1;
	keep_names(r, ours, all);
	return 0;
}

/* The host's name, which is the first one. */
static const char *
common_name(const struct run *r)
{
	return gs_cert_san_name(&r->job->names->list[0]);
}

static bool
clock_is_right(struct run *r)
{
	if (r->job->now >= clock_first && r->job->now <= clock_last)
		return true;
	FIND(r->d, CLOCK_WRONG, "the clock shows %lld seconds since 1970",
	    (long long)r->job->now);
	return false;
}

static int
issue_leaf(struct run *r, bool use_ca, struct gs_err *err)
{
	struct gs_cert_sans all;

	if (!clock_is_right(r))
		return 0;
	if (use_ca && choose_ca(r, err) == -1)
		return -1;
	if (use_ca && r->ca_cert == NULL)
		return 0;
	if (names_for(r, true, &all, err) == -1)
		return -1;
	struct gs_cert_issue what = {
		.subject = r->job->subject,
		.like = keep_subject(r),
		.cn = common_name(r),
		.sans = &all,
		.key = r->key,
		.issuer = use_ca ? r->ca_cert : NULL,
		.issuer_key = use_ca ? r->ca_key : NULL,
		.now = r->job->now,
		.days = r->job->days,
	};
	if (gs_cert_issue(&what, &r->made_leaf, err) == -1)
		return -1;
	if (use_ca)
		gs_cert_certs_add(&r->chain, r->ca_cert);
	/* The local CA may be restricted. How strong it is says judge(). */
	const char *why =
	    gs_cert_refusal(r->made_leaf, &r->chain, true, r->job->now);
	if (why != NULL) {
		FIND(r->d, CHAIN_REFUSED,
		    "a client would refuse the new certificate: %s", why);
		return 0;
	}
	r->leaf = r->made_leaf;
	r->o->new_leaf = true;
	r->complete = true;
	return 0;
}

/* Whether the set that goes out of service, or the one that was here, has
 * what phones trust from the local CA. */
static bool
stays_with_ca(const struct run *r)
{
	static const enum gs_cert_place places[] = { GS_PLACE_AGENT,
		GS_PLACE_LINK_CRT };
	const struct gs_cert *ca = gs_cert_state_ca(&r->st);

	if (r->had != NULL || ca == NULL)
		return r->by_ca;
	if (r->linked)
		return true;
	for (unsigned i = 0; i < 2; i++) {
		const struct gs_cert *c = gs_cert_state_cert(&r->st, places[i]);
		if (c != NULL)
			return !gs_cert_self_signed(c) && gs_cert_issued(ca, c);
	}
	return false;
}

/* What was signed elsewhere is replaced only with force. Returns whether it
 * may be. */
static bool
may_replace(struct run *r)
{
	if (!r->foreign || r->job->force)
		return true;
	/* Its issuer has time until then. */
	(void)gs_cert_finding_as(r->d, GS_CERT_R_SIGNED_BY_OTHERS,
	    r->due && r->linked ? GS_WARNING : GS_ERROR,
	    "the certificate is not replaced although %s: '%s' signed it",
	    r->why, r->info.issuer);
	r->why[0] = '\0';
	return false;
}

static void
note_foreign(struct run *r)
{
	if (r->foreign && (r->adopts || r->job->ca))
		(void)gs_cert_finding_as(r->d, GS_CERT_R_SIGNED_BY_OTHERS,
		    GS_NOTE, "the certificate stays as it is: '%s' signed it",
		    r->info.issuer);
}

/* Decides which certificate will be in service, and makes it. Returns 0 also
 * after a finding (leaf is NULL, or stays). */
static int
choose_leaf(struct run *r, struct gs_err *err)
{
	bool use_ca;

	find_leaf(r);
	if (has_errors(r))
		return 0;
	use_ca = !r->job->self_signed &&
	    (r->job->ca || r->job->new_ca || stays_with_ca(r));
	if (r->leaf == NULL)
		return issue_leaf(r, use_ca, err);
	find_fault(r, use_ca);
	if (r->why[0] != '\0' && may_replace(r)) {
		r->leaf = NULL;
		return issue_leaf(r, use_ca, err);
	}
	/* A certificate that must be renewed is not taken into service. */
	if (has_errors(r) && !r->linked) {
		r->leaf = NULL;
		return 0;
	}
	if (!has_errors(r))
		note_foreign(r);
	struct gs_cert_check c = check_of(r);
	r->complete = gs_cert_check_chain(&c, &r->st, r->leaf, &r->chain);
	return 0;
}

/* ---- putting it in place */

/* The certificate of the local CA, if only copies of it remain, or if its file
 * contains a key. */
static struct gs_cert *
lost_ca_cert(const struct run *r)
{
	const struct gs_cert_item *it = &r->st.item[GS_PLACE_CA_CRT];
	bool good = it->type != GS_ITEM_ABSENT &&
	    gs_cert_state_cert(&r->st, GS_PLACE_CA_CRT) != NULL &&
	    !gs_cert_state_content(&r->st, GS_PLACE_CA_CRT)->certs.key_inside;

	return good ? NULL : gs_cert_state_ca(&r->st);
}

/* What FreeSWITCH has as cafile.pem, when it stays right: the certificate is
 * the same, and its issuers are sent. */
static const struct gs_buf *
present_cafile(const struct run *r)
{
	const struct gs_cert_item *it =
	    gs_cert_state_content(&r->st, GS_PLACE_CAFILE);
	const struct gs_cert *agent =
	    gs_cert_state_cert(&r->st, GS_PLACE_AGENT);
	bool right = r->linked && !it->certs.key_inside && !it->unloadable &&
	    !it->untrustable && agent != NULL && gs_cert_same(agent, r->leaf) &&
	    gs_cert_check_cafile(&it->certs, r->leaf, &r->chain, r->complete,
		r->job->now);

	return right ? &it->bytes : NULL;
}

/* Servers load neither what waits or signs, nor what phones fetch. */
static bool
is_loaded(const struct run *r)
{
	static const enum gs_cert_place others[] = { GS_PLACE_PENDING,
		GS_PLACE_CA_KEY, GS_PLACE_CA_CRT, GS_PLACE_DER };
	const struct gs_cert_txn *t = &r->o->txn;
	bool loaded = r->o->reload;

	for (size_t i = 0; !loaded && i < t->n; i++) {
		loaded = true;
		for (unsigned k = 0; k < sizeof(others) / sizeof(*others); k++)
			loaded = loaded &&
			    strcmp(t->step[i].path, r->l->path[others[k]]) != 0;
	}
	return loaded;
}

enum { DTLS_DAYS = 3650 };

/* A self-signed pair of its own: peers compare its fingerprint with the one in
 * SDP, and verify no chain (RFC 5763). */
static int
make_dtls(const struct run *r, struct gs_buf *out, struct gs_err *err)
{
	struct gs_cert_key *key = NULL;
	struct gs_cert *cert = NULL;
	struct gs_cert_issue what = {
		.cn = common_name(r),
		.sans = r->job->names,
		.now = r->job->now,
		.days = DTLS_DAYS,
	};

	/* It takes seconds, and a plan works without it. */
	if (r->job->dry) {
		gs_buf_puts(out, "a key\n");
		return 0;
	}
	int rc = gs_cert_key_make(GS_KEY_RSA_4096, &key, err);
	what.key = key;
	if (rc == 0)
		rc = gs_cert_issue(&what, &cert, err);
	if (rc == 0)
		rc = gs_cert_write_pem(cert, out, err);
	if (rc == 0)
		rc = gs_cert_key_write(key, out, err);
	gs_cert_key_free(key);
	gs_cert_free(cert);
	return rc;
}

static bool
lacks_dtls(const struct run *r)
{
	return r->l->path[GS_PLACE_DTLS][0] != '\0' &&
	    !r->l->spare[GS_PLACE_DTLS] &&
	    !gs_cert_check_dtls(&r->st, r->job->now);
}

/* A run that is killed after the switch must not leave servers with an old
 * certificate unnoticed. */
static void
plan_owed(struct run *r)
{
	char date[GS_DATE_SIZE], text[GS_DATE_SIZE + 64];

	(void)gs_cert_date_text(r->job->now, GS_DATE_WORDS, date);
	(void)snprintf(text, sizeof(text),
	    "Restart FreeSWITCH: its files changed on %s.\n", date);
	(void)gs_cert_txn_put(&r->o->txn, r->l->path[GS_PLACE_OWED],
	    gs_span_of(text), gs_cert_mode(0644));
	gs_cert_txn_hasten(&r->o->txn);
}

/* Carries out the steps that were planned, if there are any. */
static int
carry_out(struct run *r, const struct gs_cert_loaded *loaded,
    struct gs_err *err)
{
	struct gs_cert_txn *t = &r->o->txn;

	r->o->reload = is_loaded(r);
	if (t->n == 0)
		return 0;
	if (r->job->owes && r->o->reload)
		plan_owed(r);
	if (t->failed)
		return gs_err_set(err, "the change has too many steps");
	if (r->job->dry ? gs_cert_txn_possible(t, err) == -1 :
			  gs_cert_store_apply(r->l, loaded, t, err) == -1)
		return -1;
	r->o->changed = true;
	return 0;
}

static int
put_in_place(struct run *r, bool drop_pending, struct gs_err *err)
{
	struct gs_cert_want w = {
		.key = r->key,
		.leaf = r->leaf,
		.chain = &r->chain,
		.cafile = present_cafile(r),
		.ca_key = r->made_ca_key,
		.ca_cert =
		    r->made_ca_cert != NULL ? r->made_ca_cert : lost_ca_cert(r),
		.drop_pending = drop_pending,
		.now = r->job->now,
	};
	struct gs_cert_loaded loaded = { 0 };
	struct gs_buf dtls;
	int rc = 0;

	gs_buf_init(&dtls, GS_SET_FILE_MAX);
	if (lacks_dtls(r)) {
		rc = make_dtls(r, &dtls, err);
		w.dtls = &dtls;
	}
	if (rc == 0)
		rc = gs_cert_store_plan(r->l, &r->st, &w, &loaded, &r->o->txn,
		    err);
	if (rc == 0)
		rc = carry_out(r, &loaded, err);
	gs_cert_loaded_free(&loaded);
	gs_buf_free(&dtls);
	return rc;
}

/* What a phone had to have to trust the certificate in place: its root, or
 * itself. NULL when there is none, or it is not known. */
static void
find_trusted(struct run *r)
{
	struct gs_cert_certs chain = { 0 };
	struct gs_cert_check c = check_of(r);

	if (r->had != NULL && gs_cert_check_chain(&c, &r->st, r->had, &chain))
		r->trusted = gs_cert_root(r->had, &chain);
	gs_cert_certs_free(&chain);
}

static void
note_trust(const struct run *r)
{
	const struct gs_cert *now = gs_cert_root(r->leaf, &r->chain);

	if (r->o->changed && r->trusted != NULL &&
	    !gs_cert_same(r->trusted, now))
		FIND(r->d, TRUST_CHANGED,
		    "phones that trust the old certificate do not know the new "
		    "one");
}

/* A key that stays although everyone could read it. */
static void
note_exposed(const struct run *r)
{
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		const struct gs_cert_item *it = &r->st.item[i];
		const struct gs_cert_key *key = gs_cert_state_key(&r->st, i);
		if (it->type != GS_ITEM_FILE || (it->mode & 07) == 0 ||
		    key == NULL || !gs_cert_key_same(key, r->key))
			continue;
		FIND(r->d, KEY_EXPOSED,
		    "the key in %s %s be read by every user (mode %04o)",
		    r->l->path[i], r->l->spare[i] ? "can" : "could",
		    (unsigned)it->mode);
		return;
	}
}

/* Findings about the certificate that is now in service. */
static void
judge(struct run *r)
{
	struct gs_cert_check c = check_of(r);

	/* Phones get the root of what is made here. */
	if (is_ours(r, r->leaf))
		c.trust = NULL;
	gs_cert_info(r->leaf, &r->o->leaf);
	gs_cert_check_served(&c, r->leaf, &r->chain, r->complete, r->d);
}

static void
say_ensured(struct run *r)
{
	if (!r->o->changed)
		say(r, "unchanged", "unchanged", "", "");
	else if (r->o->new_key)
		say(r, "made", "would make", " a key and a certificate",
		    r->why);
	else if (r->made_leaf != NULL)
		say(r, "made", "would make",
		    " a certificate for the key in place", r->why);
	else if (r->adopts)
		say(r, "adopted", "would adopt",
		    " the key and the certificate in service", "");
	else if (r->o->txn.n > 0)
		say(r, "put back", "would put back",
		    " what was missing or different", "");
	else
		say(r, "finished", "would finish", " an interrupted change",
		    "");
}

int
gs_cert_ensure(const struct gs_cert_job *job, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err)
{
	struct run r = { .job = job, .l = job->layout, .d = d, .o = o };
	int rc;

	rc = begin(&r, true, NULL, err);
	if (rc == 0 && !is_other(&r))
		rc = choose_key(&r, err);
	if (rc == 0)
		find_trusted(&r);
	if (rc == 0 && r.key != NULL)
		rc = choose_leaf(&r, err);
	if (rc == 0)
		guard_foreign(&r);
	/* Findings so far are about what stands in the way. */
	o->refused = r.key == NULL || r.leaf == NULL;
	if (rc == 0 && !o->refused)
		rc = put_in_place(&r, false, err);
	if (rc == 0 && !o->refused) {
		note_exposed(&r);
		note_trust(&r);
		judge(&r);
	}
	if (rc == 0)
		say_ensured(&r);
	run_free(&r);
	return rc;
}

/* ---- the import */

static void
import_found(struct run *r, const struct gs_cert_parcel *parcel)
{
	const struct gs_cert_key *keys[2];
	struct gs_cert_certs known = { 0 };
	struct gs_cert_check c = check_of(r);
	struct gs_cert_check_import i = {
		.parcel = parcel,
		.known = &known,
		.keys = keys,
		.chain = &r->chain,
	};

	c.in_place = false;
	if (parcel->key_file != NULL) {
		i.keys = (const struct gs_cert_key *const *)parcel->keys.list;
		i.n = parcel->keys.n;
	} else {
		if (r->pending != NULL)
			keys[i.n++] = r->pending;
		if (r->present != NULL)
			keys[i.n++] = r->present;
		(void)(check_key_file(r, GS_PLACE_PENDING) &&
		    check_key_file(r, GS_PLACE_KEY));
	}
	gs_cert_check_pool(&r->st, &known);
	gs_cert_check_import(&c, &i, r->d);
	gs_cert_certs_free(&known);
	r->leaf = i.leaf;
	r->key = i.key < i.n ? i.keys[i.key] : NULL;
}

static void
say_imported(struct run *r)
{
	if (r->o->reload && r->o->new_key)
		say(r, "put", "would put",
		    " the certificate and its key in service", "");
	else if (r->o->reload)
		say(r, "put", "would put", " the certificate in service", "");
	else if (r->o->changed)
		say(r, "removed", "would remove",
		    " the key of a request that was answered before", "");
	else
		say(r, "unchanged", "unchanged", "", "");
}

int
gs_cert_import(const struct gs_cert_job *job,
    const struct gs_cert_parcel *parcel, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err)
{
	struct run r = { .job = job, .l = job->layout, .d = d, .o = o };
	int rc;

	rc = begin(&r, true, NULL, err);
	if (rc == 0 && !is_other(&r))
		import_found(&r, parcel);
	if (rc == 0)
		find_trusted(&r);
	o->refused = has_errors(&r) || r.key == NULL;
	if (rc == 0 && !o->refused) {
		o->new_key =
		    r.present == NULL || !gs_cert_key_same(r.key, r.present);
		rc = put_in_place(&r, is_pending(&r, r.key), err);
	}
	if (rc == 0 && !o->refused) {
		note_exposed(&r);
		note_trust(&r);
		gs_cert_info(r.leaf, &o->leaf);
		say_imported(&r);
	}
	run_free(&r);
	return rc;
}

/* ---- the request for a certificate signed elsewhere */

static int
request_key(struct run *r, struct gs_err *err)
{
	const struct gs_cert_job *job = r->job;
	struct gs_cert_key_info info;

	if (!check_key_file(r, GS_PLACE_PENDING))
		return 0;
	if (!job->private && strchr(r->l->fqdn, '.') == NULL) {
		(void)gs_cert_finding_as(r->d, GS_CERT_R_CSR_PRIVATE, GS_ERROR,
		    "'%s' has no dot", r->l->fqdn);
		return 0;
	}
	if (r->pending == NULL && !job->new_key &&
	    !check_key_file(r, GS_PLACE_KEY))
		return 0;
	/* The key in place is not new, although a request for it waits. */
	bool another = job->new_key &&
	    (job->force || (r->present != NULL && is_pending(r, r->present)));
	if (r->pending != NULL && !another)
		r->key = r->pending;
	else if (!job->new_key && r->present != NULL)
		r->key = r->present;
	else
		return make_key(r, err);
	gs_cert_key_info(r->key, &info);
	if (info.weak)
		FIND(r->d, KEY_WEAK, "the key is %s", info.name);
	return 0;
}

/* The pending key goes in place before the request goes out. */
static int
plan_request(struct run *r, const char *path, const struct gs_buf *csr,
    struct gs_err *err)
{
	struct gs_cert_txn *t = &r->o->txn;
	struct gs_buf b;
	int rc = 0;

	if (!is_pending(r, r->key)) {
		gs_buf_init(&b, GS_SET_FILE_MAX);
		if (r->pending != NULL)
			rc = gs_cert_store_keep(r->l, &r->st, GS_PLACE_PENDING,
			    r->job->now, t, err);
		if (rc == 0)
			rc = gs_cert_key_write(r->key, &b, err);
		(void)gs_cert_txn_put(t, r->l->path[GS_PLACE_PENDING],
		    gs_buf_span(&b), gs_cert_mode(0600));
		gs_buf_free(&b);
	}
	if (path != NULL)
		(void)gs_cert_txn_put(t, path, gs_buf_span(csr),
		    gs_cert_mode(0644));
	return rc;
}

static int
finish_request(struct run *r, struct gs_err *err)
{
	struct gs_cert_txn *t = &r->o->txn;

	r->o->changed = true;
	if (t->n == 0)
		return 0;
	if (r->job->dry)
		return gs_cert_txn_possible(t, err);
	if (gs_cert_txn_stage(t, err) == -1 || gs_cert_txn_commit(t, err) == -1)
		return -1;
	return gs_cert_txn_finish(t, err);
}

static int
make_request(struct run *r, const char *path, struct gs_buf *csr,
    struct gs_err *err)
{
	struct gs_cert_sans all;

	if (names_for(r, false, &all, err) == -1)
		return -1;
	struct gs_cert_issue what = {
		.subject = r->job->subject,
		.cn = common_name(r),
		.sans = &all,
		.key = r->key,
	};
	if (gs_cert_csr_make(&what, csr, err) == -1 ||
	    plan_request(r, path, csr, err) == -1)
		return -1;
	say(r, "made", "would make",
	    r->o->new_key ? " a request and its key" : " a request", "");
	return finish_request(r, err);
}

static int
check_target(const char *path, struct gs_err *err)
{
	struct stat st;
	struct gs_buf b;

	if (path == NULL || lstat(path, &st) == -1)
		return 0;
	if (!S_ISREG(st.st_mode))
		return gs_err_set(err,
		    "%s exists and is not a regular file: name a different "
		    "file, or - for standard output",
		    path);
	/* A wrong name must not cost a key. */
	gs_buf_init(&b, GS_SET_FILE_MAX);
	int rc = gs_file_read(path, &b, err);
	struct gs_span s = gs_buf_span(&b);
	if (rc == 0 && s.n > 0 &&
	    !gs_span_has(s, GS_LIT("CERTIFICATE REQUEST-----")))
		rc = gs_err_set(err,
		    "%s exists and does not contain a request: name a "
		    "different file",
		    path);
	gs_buf_free(&b);
	return rc;
}

int
gs_cert_request(const struct gs_cert_job *job, const char *path,
    struct gs_buf *csr, struct gs_diags *d, struct gs_cert_outcome *o,
    struct gs_err *err)
{
	struct run r = { .job = job, .l = job->layout, .d = d, .o = o };
	int rc;

	*o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	rc = check_target(path, err);
	if (rc == 0)
		rc = begin(&r, false, path, err);
	if (rc == 0)
		rc = request_key(&r, err);
	o->refused = r.key == NULL || has_errors(&r);
	if (rc == 0 && !o->refused)
		rc = make_request(&r, path, csr, err);
	run_free(&r);
	return rc;
}
