/* SPDX-License-Identifier: MIT */
/* What gs-snomcfg does with a file or a fleet, and what it shows of that. */
#ifndef GSPROV_SNOM_REPORT_H
#define GSPROV_SNOM_REPORT_H

#include "../base/report.h"

#pragma GCC visibility push(default)

struct gs_params;
struct gs_fleet;

/* Where and how things are shown. */
struct gs_snom_report {
	struct gs_report out; /* for standard output */
	struct gs_report err; /* for standard error */
	enum gs_severity threshold; /* from which a finding is a failure */
	bool quiet, verbose;
	bool dry; /* nothing is written: say what would be */
	/* Hears why something cannot be done, or is done in part. */
	void (*complain)(const void *arg, const char *text);
	const void *arg;
};

/* These return 0, 1 when something is wrong with the data, or -1 after a
 * complaint. Findings go to r->out or r->err. */

/* Reads a file of parameters ("-": standard input). Its findings are always
 * text: the options that follow may still choose another format. */
int gs_snom_report_params(const struct gs_snom_report *r, struct gs_params *p,
    const char *file);

/* Checks a settings file ("-": standard input) and shows findings and
 * verdicts on r->out, which the caller begins and ends: it may show several
 * files. */
int gs_snom_report_check(struct gs_snom_report *r, const struct gs_params *p,
    const char *file);

/* Appends the file, hardened, to out; shows the changes and the errors that
 * remain (then it returns 1). */
int gs_snom_report_harden(struct gs_snom_report *r, const struct gs_params *p,
    const char *file, struct gs_buf *out);

/* Runs f, whose request is filled in, into its store or f->out. */
int gs_snom_report_fleet(struct gs_snom_report *r, struct gs_fleet *f);

/* The same into a folder; waits while another run is at work there. */
int gs_snom_report_folder(struct gs_snom_report *r, struct gs_fleet *f,
    const char *folder);

/* Says what the profile leaves open; nothing with r->quiet. */
void gs_snom_report_profile(const struct gs_snom_report *r,
    const struct gs_params *p);

/* Lists the phone models, built in and of p. */
void gs_snom_report_models(const struct gs_snom_report *r,
    const struct gs_params *p);

#pragma GCC visibility pop

#endif
