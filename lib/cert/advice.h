/* SPDX-License-Identifier: MIT */
/* The command that removes a finding, tried out as a plan. */
#ifndef GSPROV_CERT_ADVICE_H
#define GSPROV_CERT_ADVICE_H

#include "check.h"
#include "job.h"

#pragma GCC visibility push(default)

/* Plans, each made when a finding asks for it. */
struct gs_advice {
	struct gs_adviser adviser; /* for struct gs_check */
	const struct gs_cert_job *job;
	unsigned renew_before;
	unsigned days;
	char renew[64];
	struct {
		bool made;
		struct gs_forecast forecast;
		struct gs_cert_outcome outcome;
	} plan[GS_MENDS];
};

/* job is what the caller's options ask for, without an action. command and
 * operand are what is to be typed (see struct gs_adviser); asked: the caller
 * named the set. warn_days: what expires within them is to be renewed.
 * Everything is borrowed. */
void gs_advice_init(struct gs_advice *a, const struct gs_cert_job *job,
    const char *command, const char *operand, bool asked, unsigned warn_days);

void gs_advice_free(struct gs_advice *a);

/* Appends a blank and word as sh(1) reads it back. */
void gs_advice_word(struct gs_buf *b, const char *word);

#pragma GCC visibility pop

#endif
