/* SPDX-License-Identifier: MIT */
/* The command that removes a finding, tried out as a plan. */
#include "cert/advice.h"

#include <stdio.h>

#include "base/diag.h"
#include "cert/state.h"

enum { DAYS_USUAL = 825, RENEW_USUAL = 30, DAYS_MOST = 36500, MARGIN = 366 };

/* Every address beside the names, as "--san" would add them. */
static void
add_addresses(const struct gs_cert_job *job, struct gs_sans *names)
{
	const struct gs_sans *more = job->addresses;

	*names = *job->names;
	for (size_t i = 0; more != NULL && i < more->n; i++)
		if (gs_sans_add(names, more->list[i].text, NULL) == -1)
			return;
}

/* The job that the command for mend is, to be planned only. */
static void
job_of(const struct gs_advice *a, enum gs_mend mend, struct gs_sans *names,
    struct gs_cert_job *job)
{
	*job = *a->job;
	job->dry = true;
	job->command = NULL;
	job->switching = !gs_service_is(job->service, job->layout->fqdn);
	/* It is made in no time, and thrown away. */
	job->kind = GS_KEY_EC_P256;
	job->new_key = mend == GS_MEND_NEW_KEY || mend == GS_MEND_NEW_KEY_RSA ||
	    mend == GS_MEND_NEW_KEY_LONG;
	job->new_ca = mend == GS_MEND_NEW_CA;
	if (mend == GS_MEND_RENEW) {
		job->renew_before = a->renew_before;
		job->days = a->days;
	}
	if (mend == GS_MEND_ADDRESS) {
		add_addresses(a->job, names);
		job->names = names;
	}
}

static const struct gs_forecast *
forecast(void *arg, enum gs_mend mend)
{
	struct gs_advice *a = arg;
	struct gs_cert_outcome *o = &a->plan[mend].outcome;
	struct gs_forecast *f = &a->plan[mend].forecast;
	struct gs_cert_job job;
	struct gs_sans names;
	struct gs_diags d;

	if (a->plan[mend].made)
		return f;
	a->plan[mend].made = true;
	job_of(a, mend, &names, &job);
	gs_diags_init(&d, gs_cert_rules, NULL, 0);
	int r = gs_cert_ensure(&job, &d, o, NULL);
	gs_diags_free(&d);
	*f = (struct gs_forecast){
		.fails = r == -1 || o->refused,
		.new_leaf = o->new_leaf,
		.not_after = o->leaf.not_after,
		.txn = &o->txn,
	};
	return f;
}

static void
renewal(struct gs_advice *a, unsigned warn)
{
	a->renew_before = RENEW_USUAL;
	a->days = DAYS_USUAL;
	if (warn <= RENEW_USUAL || warn > DAYS_MOST - MARGIN)
		return;
	a->renew_before = warn;
	if (warn >= DAYS_USUAL)
		a->days = warn + MARGIN;
	int n =
	    snprintf(a->renew, sizeof(a->renew), " --renew-before %u", warn);
	if (warn >= DAYS_USUAL && n > 0)
		(void)snprintf(a->renew + n, sizeof(a->renew) - (size_t)n,
		    " --days %u", a->days);
}

void
gs_advice_init(struct gs_advice *a, const struct gs_cert_job *job,
    const char *command, const char *operand, bool asked, unsigned warn_days)
{
	*a = (struct gs_advice){ .job = job };
	renewal(a, warn_days);
	a->adviser = (struct gs_adviser){
		.forecast = forecast,
		.arg = a,
		.command = command,
		.operand = operand,
		.renew = a->renew,
		.asked = asked,
	};
}

void
gs_advice_free(struct gs_advice *a)
{
	for (unsigned i = 0; i < GS_MENDS; i++)
		if (a->plan[i].made)
			gs_cert_outcome_free(&a->plan[i].outcome);
}

void
gs_advice_word(struct gs_buf *b, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

	gs_buf_putc(b, ' ');
	if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
		gs_buf_puts(b, word);
		return;
	}
	gs_buf_putc(b, '\'');
	for (const char *p = word; *p != '\0'; p++)
		if (*p == '\'')
			gs_buf_puts(b, "'\\''");
		else
			gs_buf_putc(b, (uint8_t)*p);
	gs_buf_putc(b, '\'');
}
