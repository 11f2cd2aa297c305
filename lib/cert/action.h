/* SPDX-License-Identifier: MIT */
/* The request of a run: which set is meant, what prevents it, and which
 * command mends a finding. */
#ifndef GSPROV_CERT_ACTION_H
#define GSPROV_CERT_ACTION_H

#include <sys/stat.h>

#include "base/guard.h"
#include "cert/check.h"
#include "cert/job.h"
#include "cert/layout.h"
#include "cert/print.h"
#include "cert/served.h"
#include "cert/trust.h"

enum gs_cert_action_kind {
	GS_ACTION_ENSURE,
	GS_ACTION_CSR,
	GS_ACTION_IMPORT,
	GS_ACTION_CHECK,
	GS_ACTION_SHOW,
	GS_ACTION_CONNECT /* a check of servers, without a set */
};

/* A file that a run reads, or replaces when it is written. */
struct gs_cert_action_file {
	const char *what; /* its option, or its name in messages */
	const char *path;
	bool written;
};

struct gs_cert_parcel;

struct gs_cert_action {
	/* The request, borrowed. */
	enum gs_cert_action_kind kind;
	const char *operand; /* the host name, or NULL */
	bool auto_name;
	bool no_auto_san;
	const char *file; /* of a request ("-": none), or to be imported */
	const char *chain;
	const char *with_key;
	const char *pass_file;
	const char *trust_path;
	const char *owner;
	const char *key_group;
	const char *phone; /* whose TLS is also tried, or NULL */
	struct gs_cert_endpoint endpoint[GS_ENDPOINTS_MAX];
	size_t endpoints;
	unsigned warn_days;
	unsigned crit_days;
	unsigned idle_timeout; /* seconds */
	enum gs_severity level; /* findings from it on make a run fail */
	bool renew_given; /* job.renew_before was given */
	struct gs_cert_site site;
	struct gs_cert_dn dn;
	struct gs_cert_sans
	    names; /* completed with the host's, which is first */
	struct gs_cert_job job; /* options and time; the rest is determined */
	struct gs_cert_print print; /* how to print */
	int argc; /* the whole command */
	char **argv;

	/* What was determined. */
	bool misused; /* it failed for wrong use */
	char ascii[256]; /* the operand, unless it was typed like this */
	char fqdn[256];
	char shown[260]; /* the operand of commands in findings */
	int lock; /* held until a set is read, or -1 */
	struct gs_cert_service *service;
	struct gs_cert_parcel *parcel; /* to be imported */
	struct gs_cert_layout layout;
	struct gs_cert_sans addresses;
	struct gs_buf pass;
	struct gs_cert_reader_id reader;
	struct gs_cert_trust trust; /* of trust_path */
	bool typeable; /* commands can be given again */
	struct gs_buf places; /* the options that say where, for sh */
	struct gs_buf command; /* with them */
	struct gs_buf all; /* the whole command */
	struct gs_buf switched; /* with --switch */
	struct gs_buf ways; /* lines: how to say which set is meant */
	char pass_name[64]; /* of a descriptor */
	struct stat owed; /* the file that says so */
	struct gs_guard inputs; /* without the set itself */
	struct gs_cert_action_file files[GS_PLACES + 8];
	size_t nfiles;
};

/* The result. */
struct gs_cert_answer {
	bool good; /* done, without a failure */
	bool changed; /* what is in service has changed */
	bool owed; /* a restart is owed, from this run or an earlier one */
};

/* Sets the defaults. Returns 0, or -1 if out of memory; gs_cert_action_free()
 * in either case. */
int gs_cert_action_init(struct gs_cert_action *a, struct gs_err *err) GS_MUST;
void gs_cert_action_free(struct gs_cert_action *a);

/* Sets the option with this long name; value is borrowed, or NULL without an
 * argument. The caller itself sets a->kind, a->file, a->job.dry and a->print.
 * Returns 0, or -1 for an invalid value. */
int gs_cert_action_set(struct gs_cert_action *a, const char *option,
    const char *value, struct gs_err *err) GS_MUST;

/* Adds a host name to the certificate: an operand after the first. Returns 0 or
 * -1. */
int gs_cert_action_name(struct gs_cert_action *a, const char *name,
    struct gs_err *err) GS_MUST;

/* Call this after all options: checks their combination and sets defaults.
 * Returns 0 or -1. */
int gs_cert_action_settle(struct gs_cert_action *a, struct gs_err *err) GS_MUST;

/* Determines everything before a job starts, including a->files; finishes an
 * interrupted run first. Returns 0, or -1 with a->misused; a check has then
 * reported it on a->print, if there is a FILE. */
int gs_cert_action_prepare(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

/* Whether f can take its place by rename(2): only a file is there, or f is
 * only read. Returns 0 or -1. */
int gs_cert_action_fits(const struct gs_cert_action_file *f,
    struct gs_err *err) GS_MUST;

/* Whether nothing is in service, and no name was given. */
bool gs_cert_action_is_bare(const struct gs_cert_action *a);

/* Reports what a run without a name would make; nothing is written. Fills
 * a->ways. */
void gs_cert_action_preview(struct gs_cert_action *a, struct gs_diags *d);

/* Adds findings about the set in place to d, with the commands that mend them.
 * Only gs_cert_action_run(), which calls this, reads what --trust names.
 * *days is the least number of days left; INT64_MAX without a certificate.
 * Returns 0 or -1. */
int gs_cert_action_judge(struct gs_cert_action *a, struct gs_diags *d,
    int64_t *days, struct gs_err *err) GS_MUST;

/* Call this after the restart that gs_cert_action_run() noted: removes the
 * note, unless another run has noted one since. Returns 0 or -1. */
int gs_cert_action_paid(struct gs_cert_action *a, struct gs_err *err) GS_MUST;

/* Carries out the request, and reports the result on a->print. A certificate
 * request for "-" is also printed, before the findings, of which then only
 * errors are printed. Nothing is locked afterwards. Returns 0 or -1. */
int gs_cert_action_run(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err) GS_MUST;

#endif
