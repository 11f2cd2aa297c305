/* SPDX-License-Identifier: MIT */
/* Prints findings, the result of a job or a check, and the set in place, as
 * text and JSON. */
#ifndef GSPROV_CERT_PRINT_H
#define GSPROV_CERT_PRINT_H

#include "base/report.h"

struct gs_cert_endpoint;
struct gs_cert_info;
struct gs_cert_layout;
struct gs_cert_outcome;
struct gs_cert_state;

/* Where and how to print. Everything is borrowed. */
struct gs_cert_print {
	struct gs_report report; /* begun; JSON is one object on one line */
	bool quiet; /* only problems */
	bool verbose; /* name every file and link */
	bool status; /* only the one line of a check */
	bool dry; /* a job is only planned */
	bool request; /* it changes nothing that is in service */
	const char *run; /* the command after a change, or NULL */
	const char *idle; /* that when there is no call, or NULL */
	const char *about; /* the name before a finding */
	unsigned warn_days; /* thresholds of a check */
	unsigned crit_days;
	int64_t parts[2]; /* days left of the leaf, and of its issuers */
	const struct gs_cert_endpoint *endpoint; /* that were looked at */
	size_t endpoints;
	bool alone; /* they, and no set */
	const struct gs_cert_layout *layout;
	int64_t now;
};

/* The result of a job, after its findings. */
void gs_cert_print_outcome(struct gs_cert_print *p,
    const struct gs_cert_outcome *o, const struct gs_diags *d);

/* Prints the line of a monitoring plugin (state, text, and performance data
 * after the bar), then the findings. In JSON, its object is the last one.
 * OpenMetrics has the days left in place (all, leaf, issuers), unless only
 * endpoints are checked, and at every endpoint. days is INT64_MAX without a
 * certificate; trouble (or NULL) says why the state is unknown. */
void gs_cert_print_check(struct gs_cert_print *p, const struct gs_diags *d,
    int64_t days, const char *trouble);

/* What is in place; info is NULL without a certificate, root when it is not
 * known. */
void gs_cert_print_set(struct gs_cert_print *p, const struct gs_cert_state *st,
    const struct gs_cert_info *info, const struct gs_cert_info *root);

#endif
