/* SPDX-License-Identifier: MIT */
/* What a run is asked for: which set is meant, what stands in the way, and
 * which command mends a finding. */
#ifndef GSPROV_CERT_ACTION_H
#define GSPROV_CERT_ACTION_H

#include <sys/stat.h>

#include "../base/guard.h"
#include "check.h"
#include "job.h"
#include "layout.h"
#include "print.h"
#include "served.h"

enum gs_cert_action_kind {
	GS_ACTION_ENSURE,
	GS_ACTION_CSR,
	GS_ACTION_IMPORT,
	GS_ACTION_CHECK,
	GS_ACTION_SHOW,
	GS_ACTION_CONNECT /* a look at servers, without a set */
};

/* A file that a run reads, or replaces when it is written. */
struct gs_cert_action_file {
	const char *what; /* its option, or how messages call it */
	const char *path;
	bool written;
};

struct gs_cert_parcel;

struct gs_cert_action {
	/* What is asked for, borrowed. */
	enum gs_cert_action_kind kind;
	const char *operand; /* the host name, or NULL */
	bool auto_name;
	bool no_auto_san;
	const char *file; /* of a request ("-": none), or to be imported */
	const char *chain;
	const char *with_key;
	const char *pass_file;
	const char *owner;
	const char *key_group;
	const char *phone; /* whose TLS is tried besides, or NULL */
	struct gs_cert_endpoint endpoint[GS_ENDPOINTS_MAX];
	size_t endpoints;
	unsigned warn_days;
	unsigned crit_days;
	unsigned idle_timeout; /* seconds */
	enum gs_severity level; /* findings from which a check is not good */
	bool renew_given; /* job.renew_before was asked for */
	struct gs_cert_site site;
	struct gs_cert_dn dn;
	struct gs_cert_sans
	    names; /* in the end with the host's, which is first */
	struct gs_cert_job job; /* options and time; the rest is found out */
	struct gs_cert_print print; /* how it is said */
	int argc; /* the whole command */
	char **argv;

	/* What was found out. */
	bool misused; /* it failed, and the help says how it is done */
	char ascii[256]; /* the operand, if it was not typed so */
	char fqdn[256];
	char shown[260]; /* the operand of commands in findings */
	int lock; /* held until a set is read, or -1 */
	struct gs_cert_service *service;
	struct gs_cert_parcel *parcel; /* to be imported */
	struct gs_cert_layout layout;
	struct gs_cert_sans addresses;
	struct gs_buf pass;
	struct gs_cert_reader_id reader;
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

/* What came of it. */
struct gs_cert_answer {
	bool good; /* done, and nothing is wrong */
	bool changed; /* what is in service is not what it was */
	bool owed; /* a restart is, after this run or one before */
};

/* Asks for what is usual. Returns 0, or -1 without memory;
 * gs_cert_action_free() in either case. */
int gs_cert_action_init(struct gs_cert_action *a, struct gs_err *err) GS_MUST;
void gs_cert_action_free(struct gs_cert_action *a);

/* Takes the option of this long name; value is NULL when it has no argument,
 * and else borrowed. Not those that say what is to be done (a->kind,
 * a->file) and how (a->job.dry, a->print). Returns 0, or -1 for a wrong
 * value. */
int gs_cert_action_set(struct gs_cert_action *a, const char *option,
    const char *value, struct gs_err *err) GS_MUST;

/* Takes one more host name, which the certificate is to have: an operand
 * behind the first. Returns 0 or -1. */
int gs_cert_action_name(struct gs_cert_action *a, const char *name,
    struct gs_err *err) GS_MUST;

/* After all options: whether they go together, and what they leave open.
 * Returns 0 or -1. */
int gs_cert_action_settle(struct gs_cert_action *a, struct gs_err *err) GS_MUST;

/* Finds out everything that is known before a job starts, among it a->files;
 * finishes first what an interrupted run has left. Returns 0, or -1 with
 * a->misused; a check has then said it on a->print, if there is a FILE. */
int gs_cert_action_prepare(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_err *err) GS_MUST;

/* Whether f can take its place by rename(2): nothing else than a file is
 * there, or it is only read. Returns 0 or -1. */
int gs_cert_action_fits(const struct gs_cert_action_file *f,
    struct gs_err *err) GS_MUST;

/* Whether nothing is in service, and nobody gave a name. */
bool gs_cert_action_is_bare(const struct gs_cert_action *a);

/* What a run would make when nobody has said for which name: it is said, and
 * nothing is written. Fills a->ways. */
void gs_cert_action_preview(struct gs_cert_action *a, struct gs_diags *d);

/* Adds what is wrong with the set in place to d, with the commands that mend
 * it. *days is the least number of days left; INT64_MAX without a
 * certificate. Returns 0 or -1. */
int gs_cert_action_judge(struct gs_cert_action *a, struct gs_diags *d,
    int64_t *days, struct gs_err *err) GS_MUST;

/* The restart that was owed when gs_cert_action_run() ended is paid: forgets
 * it, unless another run owes one by now. Returns 0 or -1. */
int gs_cert_action_paid(struct gs_cert_action *a, struct gs_err *err) GS_MUST;

/* Does what is asked for, and says what came of it on a->print. A request
 * for "-" is printed, too, before the findings, which then are silent but
 * for errors. Nothing is locked afterwards. Returns 0 or -1. */
int gs_cert_action_run(struct gs_cert_action *a, struct gs_diags *d,
    struct gs_cert_answer *answer, struct gs_err *err) GS_MUST;

#endif
