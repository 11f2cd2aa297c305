/* SPDX-License-Identifier: MIT */
/* What came of a job, a check, and what is in place: as text and JSON. */
#ifndef GSPROV_CERT_PRINT_H
#define GSPROV_CERT_PRINT_H

#include <stdio.h>

#include "job.h"

#pragma GCC visibility push(default)

struct gs_diags;
struct gs_cert_state;

/* Where to, and how. */
struct gs_cert_print {
	FILE *fp;
	bool json; /* one object on one line */
	const struct gs_cert_layout *layout;
	int64_t now;
};

/* What a job did, or with dry would do. */
struct gs_cert_printed {
	bool dry;
	bool steps; /* name every file and link */
	bool reload; /* say that servers must be reloaded */
	const char *run; /* the command to be run, or NULL */
};

void gs_cert_print_outcome(const struct gs_cert_print *p,
    const struct gs_cert_outcome *o, const struct gs_cert_printed *how);

/* The states of monitoring plugins. */
enum gs_cert_status { GS_CERT_OK, GS_CERT_WARNING, GS_CERT_CRITICAL };

enum gs_cert_status gs_cert_status(const struct gs_diags *d);

/* One line as such plugins print it: state, text, and figures behind the
 * bar. days is INT64_MAX when there is no certificate; trouble, which may be
 * NULL, says why nothing is known. */
void gs_cert_print_check(const struct gs_cert_print *p,
    const struct gs_diags *d, int64_t days, const char *trouble);

/* What is in place; info is NULL without a certificate. */
void gs_cert_print_set(const struct gs_cert_print *p,
    const struct gs_cert_state *st, const struct gs_cert_info *info);

#pragma GCC visibility pop

#endif
