/* SPDX-License-Identifier: MIT */
/* What a run is asked for: which set is meant, what stands in the way, and
 * which command mends a finding. */
#ifndef GSPROV_CERT_ACTION_H
#define GSPROV_CERT_ACTION_H

#include "check.h"
#include "job.h"
#include "layout.h"

#pragma GCC visibility push(default)

struct gs_cert_print;

enum gs_cert_action_kind {
	GS_ACTION_ENSURE,
	GS_ACTION_CSR,
	GS_ACTION_IMPORT,
	GS_ACTION_CHECK,
	GS_ACTION_SHOW
};

/* How a preparation has failed. */
enum gs_cert_action_trouble {
	GS_ACTION_TROUBLE,
	GS_ACTION_USAGE, /* the help says how it is done */
	GS_ACTION_EARLY, /* it is not known which set is meant */
};

struct gs_cert_action {
	/* What is asked for, borrowed. */
	enum gs_cert_action_kind kind;
	const char *operand; /* the host name, or NULL */
	bool auto_name;
	bool auto_san;
	const char *file; /* of a request ("-": none), or to be imported */
	const char *chain;
	const char *pass_file;
	const char *owner;
	const char *key_group;
	unsigned warn_days;
	struct gs_cert_site site;
	struct gs_cert_dn dn;
	struct gs_cert_sans
	    names; /* in the end with the host's, which is first */
	struct gs_cert_job job; /* options and time; the rest is found out */
	int argc; /* the whole command */
	char **argv;

	/* What was found out. */
	enum gs_cert_action_trouble trouble;
	char fqdn[256];
	char shown[260]; /* the operand of commands in findings */
	int lock; /* held until a set is read, or -1 */
	struct gs_cert_service *service;
	struct gs_cert_layout layout;
	struct gs_cert_sans addresses;
	struct gs_buf pass;
	struct gs_cert_reader_id reader;
	bool typeable; /* commands can be given again */
	struct gs_buf places; /* the options that say where, for sh */
	struct gs_buf command; /* with them */
	struct gs_buf all; /* the whole command */
	struct gs_buf switched; /* with --switch */
};

/* Returns 0, or -1 without memory; gs_cert_action_free() in either case. */
int gs_cert_action_init(struct gs_cert_action *a, struct gs_err *err) GS_MUST;
void gs_cert_action_free(struct gs_cert_action *a);

/* A command that mends a finding must say this option, too. */
void gs_cert_action_repeat(struct gs_cert_action *a, const char *option,
    const char *value);

/* Where --pass-file reads, or NULL; name is room for it. */
int gs_cert_action_pass_path(const struct gs_cert_action *a, const char **path,
    char name[64], struct gs_err *err) GS_MUST;

/* Finds out everything that is known before a job starts; finishes first
 * what an interrupted run has left. Returns 0, or -1 with a->trouble. */
int gs_cert_action_prepare(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

/* Whether nothing is in service, and nobody gave a name. */
bool gs_cert_action_is_bare(const struct gs_cert_action *a);

/* Does the job (not CHECK, not SHOW). csr gets a request as PEM. */
int gs_cert_action_job(struct gs_cert_action *a, struct gs_buf *csr,
    struct gs_diags *d, struct gs_cert_outcome *o, struct gs_err *err) GS_MUST;

/* Findings about files that FreeSWITCH cannot read. */
void gs_cert_action_check_readable(const struct gs_cert_action *a,
    struct gs_diags *d);

/* Findings about the set in place, with the commands that mend them. *days
 * is the least number of days left; INT64_MAX without a certificate. */
int gs_cert_action_check(struct gs_cert_action *a, struct gs_diags *d,
    int64_t *days, struct gs_err *err) GS_MUST;

/* Renders what is in place. *found: there is a certificate. */
int gs_cert_action_show(struct gs_cert_action *a, const struct gs_cert_print *p,
    bool *found, struct gs_diags *d, struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
