/* SPDX-License-Identifier: MIT */
/* The jobs: ensure a good set, make a request, import its answer. */
#include "cert/job.h"

#include <stdio.h>

#include "cert/import.h"
#include "job_priv.h"

void
gs_run_free(struct gs_run *r)
{
	gs_state_free(&r->st);
	gs_key_free(r->made_key);
	gs_key_free(r->made_ca_key);
	gs_cert_free(r->made_leaf);
	gs_cert_free(r->made_ca_cert);
	gs_certs_free(&r->chain);
}

void
gs_cert_outcome_free(struct gs_cert_outcome *o)
{
	gs_txn_free(&o->txn);
}

/* What was decided without the lock may be over. */
static int
check_service(const struct gs_run *r, struct gs_err *err)
{
	struct gs_service now;

	if (gs_service_find(r->l->site, &now, err) == -1)
		return -1;
	return gs_service_same(&now, r->job->service) ?
	    0 :
	    gs_err_set(err,
		"another run has changed what is in service: "
		"start this one again");
}

int
gs_run_begin(struct gs_run *r, bool all, const char *path, struct gs_err *err)
{
	r->errors = r->d->total[GS_ERROR];
	if (gs_txn_init(&r->o->txn, r->l->private_dir, err) == -1)
		return -1;
	r->o->txn.inputs = r->job->inputs;
	gs_layout_folders(r->l, all, &r->o->txn);
	if (path != NULL)
		gs_txn_folder_of(&r->o->txn, path);
	if (!r->job->dry) {
		if (gs_txn_open(&r->o->txn, err) == -1)
			return -1;
		r->o->recovered = r->o->txn.recovered;
		r->o->changed = r->o->recovered;
	} else if (gs_txn_unfinished(r->l->private_dir)) {
		return gs_err_set(err,
		    "a change in %s was interrupted; what "
		    "a run would do is known when one has finished it",
		    r->l->private_dir);
	}
	if (r->job->recovered)
		r->o->recovered = r->o->changed = true;
	if (check_service(r, err) == -1)
		return -1;
	r->linked = gs_service_is(r->job->service, r->l->fqdn);
	return gs_state_read(r->l, r->job->pass, &r->st, err) == -1 ?
	    -1 :
	    gs_run_find_had(r, err);
}

bool
gs_run_is_other(struct gs_run *r)
{
	const struct gs_service *s = r->job->service;

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

bool
gs_run_has_errors(const struct gs_run *r)
{
	return r->d->total[GS_ERROR] > r->errors;
}

void
gs_run_say(struct gs_run *r, const char *done, const char *planned,
    const char *what, const char *why)
{
	(void)snprintf(r->o->what, sizeof(r->o->what), "%s%s%s%s%s",
	    r->job->dry ? planned : done, what, why[0] != '\0' ? " (" : "", why,
	    why[0] != '\0' ? ")" : "");
}

/* ---- the key */

bool
gs_run_check_key_file(struct gs_run *r, enum gs_place place)
{
	const struct gs_item *it = gs_state_content(&r->st, place);

	if (gs_state_at(&r->st, place)->type == GS_ITEM_ABSENT)
		return true;
	if (it->key_found == GS_KEY_LOCKED) {
		FIND(r->d, KEY_LOCKED, "the key in %s is encrypted",
		    r->l->path[place]);
		return false;
	}
	if (it->key_found != GS_KEY_OK &&
	    !gs_state_at(&r->st, place)->dangling) {
		FIND(r->d, KEY_DAMAGED, "there is no readable key in %s",
		    r->l->path[place]);
		return false;
	}
	return true;
}

const struct gs_key *
gs_run_present_key(const struct gs_run *r)
{
	static const enum gs_place places[] = { GS_PLACE_KEY, GS_PLACE_PEM,
		GS_PLACE_FS_PEM, GS_PLACE_AGENT, GS_PLACE_LINK_KEY,
		GS_PLACE_LINK_PEM };
	const struct gs_key *first =
	    r->adopts ? NULL : gs_state_key(&r->st, GS_PLACE_KEY);
	unsigned n = r->linked ? 6 : 3;

	for (unsigned i = 0; first == NULL && i < n; i++) {
		const struct gs_key *k = gs_state_key(&r->st, places[i]);
		if (k != NULL && (r->had == NULL || gs_cert_has_key(r->had, k)))
			first = k;
	}
	for (unsigned i = 0; first == NULL && i < n; i++)
		first = gs_state_key(&r->st, places[i]);
	return first;
}

int
gs_run_make_key(struct gs_run *r, struct gs_err *err)
{
	if (gs_key_make(r->job->kind, &r->made_key, err) == -1)
		return -1;
	r->key = r->made_key;
	r->o->new_key = true;
	return 0;
}

/* Decides which key is to be in service. */
static int
choose_key(struct gs_run *r, struct gs_err *err)
{
	const struct gs_cert_job *job = r->job;
	const struct gs_key *pending = gs_state_key(&r->st, GS_PLACE_PENDING);
	const struct gs_key *present = gs_run_present_key(r);
	struct gs_key_info info = { 0 };

	bool locked =
	    gs_state_content(&r->st, GS_PLACE_KEY)->key_found == GS_KEY_LOCKED;
	if (r->foreign && !job->force && (present == NULL || job->new_key)) {
		FIND(r->d, SIGNED_BY_OTHERS, "'%s' signed the certificate%s",
		    r->info.issuer,
		    job->new_key ?
			", which is good for its key alone" :
			"; its key is missing and has to be put back");
		return 0;
	}
	if ((present == NULL || locked) && !job->new_key && !job->force &&
	    !gs_run_check_key_file(r, GS_PLACE_KEY))
		return 0;
	if (job->new_key && !job->force && present != NULL && pending != NULL &&
	    gs_key_same(pending, present)) {
		FIND(r->d, CSR_KEY_NEEDED,
		    "the key in %s has a request that "
		    "waits for its certificate",
		    r->l->path[GS_PLACE_KEY]);
		return 0;
	}
	if (present != NULL && job->force)
		gs_key_info(present, &info);
	if (job->new_key || info.weak)
		return gs_run_make_key(r, err);
	r->key = present != NULL ? present : pending;
	return r->key != NULL ? 0 : gs_run_make_key(r, err);
}

/* ---- putting it in place */

/* The certificate of the local CA, when only copies of it are left, or a key
 * stands in its file. */
static struct gs_cert *
lost_ca_cert(const struct gs_run *r)
{
	const struct gs_item *it = gs_state_at(&r->st, GS_PLACE_CA_CRT);
	bool good = it->type != GS_ITEM_ABSENT &&
	    gs_state_cert(&r->st, GS_PLACE_CA_CRT) != NULL &&
	    !gs_state_content(&r->st, GS_PLACE_CA_CRT)->certs.key_inside;

	return good ? NULL : gs_state_ca(&r->st);
}

/* What FreeSWITCH has as cafile.pem, when it stays right: the certificate is
 * the same, and all of its issuers that are known stand in it. */
static const struct gs_buf *
present_cafile(const struct gs_run *r)
{
	const struct gs_item *it = gs_state_content(&r->st, GS_PLACE_CAFILE);
	const struct gs_cert *agent = gs_state_cert(&r->st, GS_PLACE_AGENT);
	bool right = r->linked && it->certs.n > 0 && !it->certs.key_inside &&
	    it->certs.damaged == 0 && agent != NULL && r->made_leaf == NULL &&
	    gs_cert_same(agent, r->leaf) &&
	    (!r->complete || r->chain.n > 0 ||
		gs_certs_hold(&it->certs, r->leaf));

	for (size_t i = 0; right && i < r->chain.n; i++)
		right = gs_certs_hold(&it->certs, r->chain.list[i]);
	return right ? &it->bytes : NULL;
}

static int
put_in_place(struct gs_run *r, bool drop_pending, struct gs_err *err)
{
	struct gs_want w = {
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
	struct gs_txn *t = &r->o->txn;

	if (gs_store_plan(r->l, &r->st, &w, t, err) == -1)
		return -1;
	if (t->n == 0)
		return 0;
	if (t->failed)
		return gs_err_set(err, "the change has too many steps");
	if (r->job->dry ? gs_txn_possible(t, err) == -1 :
			  gs_store_apply(r->l, &w, t, err) == -1)
		return -1;
	r->o->changed = true;
	return 0;
}

/* What a phone had to have to trust the certificate in place: its root, or
 * itself. NULL when there is none, or it is not known. */
static int
find_trusted(struct gs_run *r, struct gs_err *err)
{
	struct gs_cert *crt = r->had;
	struct gs_certs pool = { 0 }, chain = { 0 };
	bool complete = false;
	int rc;

	if (crt == NULL)
		return 0;
	rc = gs_check_pool(&r->st, &pool, err);
	if (rc == 0)
		rc = gs_chain(crt, &pool, r->job->now, &chain, &complete, err);
	if (rc == 0 && complete)
		r->trusted = chain.n > 0 ? chain.list[chain.n - 1] : crt;
	gs_certs_free(&pool);
	gs_certs_free(&chain);
	return rc;
}

static void
note_trust(const struct gs_run *r)
{
	const struct gs_cert *now =
	    r->chain.n > 0 ? r->chain.list[r->chain.n - 1] : r->leaf;

	if (r->o->changed && r->trusted != NULL &&
	    !gs_cert_same(r->trusted, now))
		FIND(r->d, TRUST_CHANGED,
		    "phones that trust the old "
		    "certificate do not know the new one");
}

/* A key that stays although everybody could read it. */
static void
note_exposed(const struct gs_run *r)
{
	for (unsigned i = 0; i < GS_PLACES; i++) {
		enum gs_place place = (enum gs_place)i;
		const struct gs_item *it = gs_state_at(&r->st, place);
		const struct gs_key *key = gs_state_key(&r->st, place);
		if (it->type != GS_ITEM_FILE || (it->mode & 07) == 0 ||
		    key == NULL || !gs_key_same(key, r->key))
			continue;
		FIND(r->d, KEY_EXPOSED,
		    "the key in %s could be read by "
		    "every user (mode %04o)",
		    r->l->path[i], (unsigned)it->mode);
		return;
	}
}

static struct gs_check
check_of(const struct gs_run *r)
{
	return (struct gs_check){
		.layout = r->l,
		.now = r->job->now,
		.warn_days = r->job->renew_before,
		.names = r->job->names,
		.addresses = r->job->addresses,
		.in_place = true,
	};
}

/* What is still wrong with the certificate that is in service now. */
static int
judge(struct gs_run *r, struct gs_err *err)
{
	struct gs_check c = check_of(r);

	if (gs_cert_info(r->leaf, &r->o->leaf, err) == -1)
		return -1;
	return gs_check_served(&c, r->leaf, &r->chain, r->complete, r->d, err);
}

static void
say_ensured(struct gs_run *r, const char *why)
{
	if (!r->o->changed)
		gs_run_say(r, "unchanged", "unchanged", "", "");
	else if (r->o->new_key)
		gs_run_say(r, "made", "would make", " a key and a certificate",
		    why);
	else if (r->made_leaf != NULL)
		gs_run_say(r, "made", "would make",
		    " a certificate for the key in place", why);
	else if (r->adopts)
		gs_run_say(r, "adopted", "would adopt",
		    " the key and the certificate in service", "");
	else if (r->o->txn.n > 0)
		gs_run_say(r, "put back", "would put back",
		    " what was missing or different", "");
	else
		gs_run_say(r, "finished", "would finish",
		    " an interrupted change", "");
}

int
gs_cert_ensure(const struct gs_cert_job *job, struct gs_diags *d,
    struct gs_cert_outcome *o, struct gs_err *err)
{
	struct gs_run r = { .job = job, .l = job->layout, .d = d, .o = o };
	char why[300] = "";
	int rc;

	*o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	rc = gs_run_begin(&r, true, NULL, err);
	if (rc == 0 && !gs_run_is_other(&r))
		rc = choose_key(&r, err);
	if (rc == 0)
		rc = find_trusted(&r, err);
	if (rc == 0 && r.key != NULL)
		rc = gs_run_choose_leaf(&r, why, sizeof(why), err);
	if (rc == 0)
		gs_run_guard(&r);
	/* Findings so far are about what stands in the way. */
	o->refused = r.key == NULL || r.leaf == NULL;
	if (rc == 0 && !o->refused)
		rc = put_in_place(&r, false, err);
	if (rc == 0 && !o->refused) {
		note_exposed(&r);
		note_trust(&r);
		rc = judge(&r, err);
	}
	if (rc == 0)
		say_ensured(&r, why);
	gs_run_free(&r);
	return rc;
}

/* ---- the import */

static int
import_found(struct gs_run *r, const struct gs_certs *read, struct gs_err *err)
{
	const struct gs_key *keys[2];
	const struct gs_key *pending = gs_state_key(&r->st, GS_PLACE_PENDING);
	const struct gs_key *present = gs_run_present_key(r);
	struct gs_certs known = { 0 };
	struct gs_check c = check_of(r);
	size_t n = 0, which = 0;
	int rc;

	c.in_place = false;
	if (pending != NULL)
		keys[n++] = pending;
	if (present != NULL)
		keys[n++] = present;
	rc = gs_check_pool(&r->st, &known, err);
	if (rc == 0)
		rc = gs_check_import(&c, read, &known, keys, n, &r->leaf,
		    &which, &r->chain, r->d, err);
	gs_certs_free(&known);
	r->key = which < n ? keys[which] : NULL;
	return rc;
}

int
gs_cert_import(const struct gs_cert_job *job, const struct gs_certs *read,
    struct gs_diags *d, struct gs_cert_outcome *o, struct gs_err *err)
{
	struct gs_run r = { .job = job, .l = job->layout, .d = d, .o = o };
	int rc;

	*o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	rc = gs_run_begin(&r, true, NULL, err);
	bool other = rc == 0 && gs_run_is_other(&r);
	if (rc == 0 && !other)
		(void)(gs_run_check_key_file(&r, GS_PLACE_PENDING) &&
		    gs_run_check_key_file(&r, GS_PLACE_KEY));
	if (rc == 0 && !other)
		rc = import_found(&r, read, err);
	if (rc == 0)
		rc = find_trusted(&r, err);
	o->refused = gs_run_has_errors(&r) || r.key == NULL;
	if (rc == 0 && !o->refused) {
		const struct gs_key *pending =
		    gs_state_key(&r.st, GS_PLACE_PENDING);
		rc = put_in_place(&r,
		    pending != NULL && gs_key_same(pending, r.key), err);
		note_trust(&r);
	}
	if (rc == 0 && !o->refused)
		rc = gs_cert_info(r.leaf, &o->leaf, err);
	if (rc == 0 && !o->refused && o->changed)
		gs_run_say(&r, "put", "would put",
		    " the certificate in service", "");
	else if (rc == 0 && !o->refused)
		gs_run_say(&r, "unchanged", "unchanged", "", "");
	gs_run_free(&r);
	return rc;
}
