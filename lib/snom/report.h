/* SPDX-License-Identifier: MIT */
/* What gs-snomcfg does with a file or a fleet, and its output. */
#ifndef GSPROV_SNOM_REPORT_H
#define GSPROV_SNOM_REPORT_H

#include "base/report.h"

struct gs_snom_params;
struct gs_snom_fleet;

/* Where and how to show things; the caller fills everything but many. */
struct gs_snom_report {
	struct gs_report out; /* for standard output */
	struct gs_report err; /* for standard error */
	struct gs_mute *mute; /* suppressed findings */
	/* What --check requires, bits by enum gs_snom_link. */
	unsigned require;
	bool quiet, verbose;
	bool dry; /* nothing is written: report what would be */
	bool many; /* files are checked */
	/* Is told why something cannot be done, or is done in part; usage: the
	 * request was wrong. */
	void (*complain)(const void *arg, bool usage, const char *text);
	/* Is told why the file of out cannot be checked. */
	void (*unchecked)(const void *arg, struct gs_report *out,
	    const struct gs_err *why);
	const void *arg;
};

/* These return 0, 1 if something is wrong with the data, or -1 after an error
 * message. Findings go to r->out or r->err. */

/* Reads a file of parameters ("-": standard input). Its findings are always
 * text: the options that follow may still choose another format. */
int gs_snom_report_params(const struct gs_snom_report *r,
    struct gs_snom_params *p, const char *file);

/* Checks n settings files ("-": standard input) and shows findings and
 * verdicts on r->out. */
int gs_snom_report_check(struct gs_snom_report *r,
    const struct gs_snom_params *p, char *const *file, int n);

/* Writes the file, hardened, to r->out unless r->dry; shows the changes and
 * the errors that remain (then it returns 1) on r->err. */
int gs_snom_report_harden(const struct gs_snom_report *r,
    const struct gs_snom_params *p, const char *file);

/* Writes the lines for a DHCP server, dnsmasq or isc, to r->out. */
int gs_snom_report_dhcp(const struct gs_snom_report *r,
    const struct gs_snom_params *p, const char *kind);

/* Runs f, whose request is filled in, for the phone of this MAC address, to
 * r->out. */
int gs_snom_report_phone(struct gs_snom_report *r, struct gs_snom_fleet *f,
    const char *mac);

/* The same for all into a folder; waits while another run is at work there. */
int gs_snom_report_folder(struct gs_snom_report *r, struct gs_snom_fleet *f,
    const char *folder);

/* Lists the phone models, built-in ones and those of p. */
void gs_snom_report_models(const struct gs_snom_report *r,
    const struct gs_snom_params *p);

#endif
