/* SPDX-License-Identifier: MIT */
/* The request for a certificate that others sign. */
#include "job_priv.h"

#include <sys/stat.h>

#include <stdio.h>

#include "base/file.h"
#include "cert/issue.h"
#include "kept_priv.h"

static int
request_key(struct gs_run *r, struct gs_err *err)
{
	const struct gs_cert_job *job = r->job;
	const struct gs_key *pending = gs_state_key(&r->st, GS_PLACE_PENDING);
	const struct gs_key *present = gs_run_present_key(r);
	struct gs_key_info info;

	if (!gs_run_check_key_file(r, GS_PLACE_PENDING))
		return 0;
	if (pending == NULL && !job->new_key &&
	    !gs_run_check_key_file(r, GS_PLACE_KEY))
		return 0;
	if (pending != NULL && !(job->new_key && job->force))
		r->key = pending;
	else if (!job->new_key && present != NULL)
		r->key = present;
	else
		return gs_run_make_key(r, err);
	gs_key_info(r->key, &info);
	if (info.weak)
		FIND(r->d, KEY_WEAK, "the key is %s", info.name);
	return 0;
}

/* The pending key goes in place before the request goes out. */
static int
plan_request(struct gs_run *r, const char *path, const struct gs_buf *csr,
    struct gs_err *err)
{
	const struct gs_key *pending = gs_state_key(&r->st, GS_PLACE_PENDING);
	struct gs_txn *t = &r->o->txn;
	struct gs_buf b;
	int rc = 0;

	if (pending == NULL || !gs_key_same(pending, r->key)) {
		gs_buf_init(&b, GS_SET_FILE_MAX);
		if (pending != NULL)
			rc = gs_kept_file(r->l, &r->st, GS_PLACE_PENDING,
			    r->job->now, t, err);
		if (rc == 0)
			rc = gs_key_write(r->key, &b, err);
		(void)gs_txn_put(t, r->l->path[GS_PLACE_PENDING],
		    gs_buf_span(&b), 0600, (uid_t)-1, (gid_t)-1);
		gs_buf_free(&b);
	}
	if (path != NULL)
		(void)gs_txn_put(t, path, gs_buf_span(csr), 0644, (uid_t)-1,
		    (gid_t)-1);
	return rc;
}

static int
finish_request(struct gs_run *r, struct gs_err *err)
{
	struct gs_txn *t = &r->o->txn;

	r->o->changed = true;
	if (t->n == 0)
		return 0;
	if (r->job->dry)
		return gs_txn_possible(t, err);
	if (gs_txn_stage(t, err) == -1 || gs_txn_commit(t, err) == -1)
		return -1;
	return gs_txn_finish(t, err);
}

static int
make_request(struct gs_run *r, const char *path, struct gs_buf *csr,
    struct gs_err *err)
{
	struct gs_sans all;

	if (gs_run_names(r, false, &all, err) == -1)
		return -1;
	struct gs_issue what = {
		.subject = r->job->subject,
		.cn = r->l->fqdn,
		.sans = &all,
		.key = r->key,
	};
	if (gs_csr_make(&what, csr, err) == -1 ||
	    plan_request(r, path, csr, err) == -1)
		return -1;
	gs_run_say(r, "made", "would make",
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
		    "%s is there and no plain file: name "
		    "another one, or - for standard output",
		    path);
	/* A name that was mistaken must not cost a key. */
	gs_buf_init(&b, GS_SET_FILE_MAX);
	int rc = gs_file_read(path, &b, err);
	struct gs_span s = gs_buf_span(&b);
	if (rc == 0 && s.n > 0 &&
	    gs_span_find(s, GS_LIT("CERTIFICATE REQUEST-----")) == s.n)
		rc = gs_err_set(err,
		    "%s is there and holds something else "
		    "than a request: name another file",
		    path);
	gs_buf_free(&b);
	return rc;
}

int
gs_cert_request(const struct gs_cert_job *job, const char *path,
    struct gs_buf *csr, struct gs_diags *d, struct gs_cert_outcome *o,
    struct gs_err *err)
{
	struct gs_run r = { .job = job, .l = job->layout, .d = d, .o = o };
	int rc;

	*o = (struct gs_cert_outcome){ .txn = { .lock = -1 } };
	rc = check_target(path, err);
	if (rc == 0)
		rc = gs_run_begin(&r, false, path, err);
	if (rc == 0)
		rc = request_key(&r, err);
	o->refused = r.key == NULL || gs_run_has_errors(&r);
	if (rc == 0 && !o->refused)
		rc = make_request(&r, path, csr, err);
	gs_run_free(&r);
	return rc;
}
