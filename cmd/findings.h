/* SPDX-License-Identifier: MIT */
/* The options about findings, which are the same for all commands. */
#ifndef GSPROV_FINDINGS_H
#define GSPROV_FINDINGS_H

#include "base/report.h"
#include "cli.h"

enum { CLI_DISABLE = 0x7ff0 };

/* Rows of a command's options, and what the shells offer for them. */
#define CLI_OPT_FORMAT                                                         \
	{ 'f', "format", "FORMAT", "text, json, sarif, junit ..." },           \
	{                                                                      \
		'j', "json", NULL, "the same as -f json"                       \
	}
#define CLI_OPT_MUTE                                                           \
	{                                                                      \
		CLI_DISABLE, "disable", "RULE", "do not report this rule"      \
	}
#define CLI_VALUES_FINDINGS(rules_)                                            \
	{ 'f', .words = GS_FORMATS }, { 'W', .words = "error warning note" },  \
	{                                                                      \
		CLI_DISABLE, .rules = (rules_)                                 \
	}

/* What the options set. */
struct cli_findings {
	struct gs_report *report;
	struct gs_mute *mute;
};

/* Takes the current option, whose letter is c: -f, -j, -W, or one of
 * CLI_OPT_MUTE. Returns CLI_OK, CLI_TROUBLE after a complaint, or -1 when it
 * is another one. */
int cli_take_findings(const struct cli *cli, struct cli_findings *f, int c);

/* The file of r could not be checked: says why, in r and as a complaint.
 * Returns CLI_TROUBLE. */
int cli_unchecked(const struct cli *cli, struct gs_report *r,
    const struct gs_err *why);

/* Ends a report, and says what has no place in it. Returns status, or
 * CLI_TROUBLE after a complaint: it is not complete. */
int cli_end_report(const struct cli *cli, struct gs_report *r, int status);

#endif
