/* SPDX-License-Identifier: MIT */
/* One run of a job, shared by the rooms that decide its parts. */
#ifndef GSPROV_CERT_JOB_PRIV_H
#define GSPROV_CERT_JOB_PRIV_H

#include "job.h"
#include "rules_priv.h"

/* One run. What it made itself it frees itself. */
struct gs_run {
	const struct gs_cert_job *job;
	const struct gs_layout *l;
	struct gs_diags *d;
	struct gs_cert_outcome *o;
	struct gs_state st;
	const struct gs_key *key; /* the one to be in service */
	struct gs_key *made_key;
	struct gs_cert *leaf;
	struct gs_cert *made_leaf;
	struct gs_cert *had; /* the set's certificate, for whatever key */
	struct gs_cert_info info; /* of that */
	struct gs_cert *trusted; /* what phones trust until now, or NULL */
	bool by_ca; /* the local CA issued it */
	bool foreign; /* somebody else did */
	bool linked; /* links and FreeSWITCH's files are this set's */
	bool adopts; /* the leaf is one that was put there by others */
	struct gs_key *ca_key;
	struct gs_key *made_ca_key;
	struct gs_cert *ca_cert;
	struct gs_cert *made_ca_cert;
	struct gs_certs chain;
	bool complete;
	uint64_t errors; /* among the findings before this run */
};

/* Locks, finishes what an interrupted run left, and reads what is there.
 * all: for the whole set, else for keys alone; path is one more file to be
 * written, or NULL. Returns 0 or -1; gs_run_free() in either case. */
int gs_run_begin(struct gs_run *r, bool all, const char *path,
    struct gs_err *err) GS_MUST;
void gs_run_free(struct gs_run *r);

/* Whether another set is in service, and the run does not say that it may
 * take its place: a finding. */
bool gs_run_is_other(struct gs_run *r);

/* Whether this run has found an error. */
bool gs_run_has_errors(const struct gs_run *r);

/* Says what came of it ("made", or with dry what is to come: "would make"),
 * and in parentheses why (may be empty). */
void gs_run_say(struct gs_run *r, const char *done, const char *planned,
    const char *what, const char *why);

/* Whether there is a readable key, or no file, at place; else a finding. */
bool gs_run_check_key_file(struct gs_run *r, enum gs_place place);

/* Whether nobody else has signed c. */
bool gs_run_is_ours(const struct gs_run *r, const struct gs_cert *c);

/* Finds out what the set has: had, and who signed it. */
int gs_run_find_had(struct gs_run *r, struct gs_err *err) GS_MUST;

/* The key in place: its own file, or one that was made from it. */
const struct gs_key *gs_run_present_key(const struct gs_run *r);

/* Makes a new key the one to be in service. */
int gs_run_make_key(struct gs_run *r, struct gs_err *err) GS_MUST;

/* The names for a new certificate of our own (ours), or a request. */
int gs_run_names(const struct gs_run *r, bool ours, struct gs_sans *all,
    struct gs_err *err) GS_MUST;

/* Decides which certificate is to be in service, and makes it. why gets the
 * reason to replace the one that is there, or "". Returns 0 also after a
 * finding (leaf is NULL, or stays). */
int gs_run_choose_leaf(struct gs_run *r, char *why, size_t size,
    struct gs_err *err) GS_MUST;

/* Refuses to replace what others signed, wherever it stands: a finding, and
 * no leaf. */
void gs_run_guard(struct gs_run *r);

/* The CA to sign with. Returns 0 also after a finding (ca_cert is NULL). */
int gs_run_choose_ca(struct gs_run *r, struct gs_err *err) GS_MUST;

#endif
