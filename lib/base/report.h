/* SPDX-License-Identifier: MIT */
/* Renders one list of findings as text, JSON Lines, SARIF 2.1.0, or in one of
 * the formats that CI systems read. */
#ifndef GSPROV_BASE_REPORT_H
#define GSPROV_BASE_REPORT_H

#include <stdio.h>

#include "diag.h"
#include "json.h"
#include "tally.h"

struct gs_mute;

/* The formats: as they are called here, and as -f takes them. Text and JSON
 * Lines are report.c's own; each other one is the table gs_format_NAME, see
 * format_priv.h, in a file of its own. */
#define GS_FORMATS(F)                                                          \
	F(TEXT, text)                                                          \
	F(JSON, json)                                                          \
	GS_FORMATS_ELSEWHERE(F)
#define GS_FORMATS_ELSEWHERE(F)                                                \
	F(SARIF, sarif)                                                        \
	F(JUNIT, junit)                                                        \
	F(CODEQUALITY, codequality)                                            \
	F(GITHUB, github)                                                      \
	F(CHECKSTYLE, checkstyle)

/* And figures, which hold no finding: a command that has them prints them
 * itself. */
#define GS_FORMAT_ID(id, name) GS_##id,
enum gs_format { GS_FORMATS(GS_FORMAT_ID) GS_OPENMETRICS };

/* Their names, in this order, separated by blanks. */
extern const char *const gs_format_words;
extern const char *const gs_format_words_figures; /* with "openmetrics" */

/* Where and how findings are rendered. Write errors stay with the FILE. */
struct gs_report {
	FILE *fp;
	enum gs_format format;
	enum gs_severity level; /* from which a finding is a failure */
	enum gs_severity shown; /* and from which it is shown */
	bool color; /* text: ANSI colours */
	bool source; /* text: the source line and a caret */
	size_t width; /* text: columns of the terminal, where a longer source
		       * line is broken; 0: none */
	bool ascii; /* what fp leads to makes \uNNNN of what is not ASCII */
	bool sums; /* text: end with those of several files */
	bool quiet; /* text: nothing but findings */
	const char *tool; /* the command's name */
	const char *version;
	struct gs_rules rules; /* what it may report */
	const struct gs_mute *mute; /* what it leaves out, or NULL */
	/* JSON: more members for what is reported next; may be NULL. */
	void (*members)(struct gs_json *j, const void *about);
	const void *about;

	/* ---- its own, freed by gs_report_end() */
	struct gs_json json;
	struct gs_buf line;
	char *file; /* the one that is reported on */
	uint64_t files;
	uint64_t failed; /* files with a failure */
	uint64_t broken; /* files that could not be checked */
	bool file_failed, file_broken; /* the one that is reported on */
	uint64_t total[3]; /* by enum gs_severity */
	struct gs_buf body; /* what waits for the end */
	struct gs_buf failures; /* of this file */
	struct gs_buf others;
	struct gs_tally seen;
	bool no_memory;
};

/* Starts the output; fill the fields above its own first. Nothing is rendered
 * without it. */
void gs_report_begin(struct gs_report *r);

/* Another file is checked. It is part of the report when nothing is found in
 * it, too. */
void gs_report_file(struct gs_report *r, const char *file);

/* Renders d's findings about file, in order, and says how many d had to
 * drop. d is not changed. */
void gs_report_findings(struct gs_report *r, const char *file,
    const struct gs_diags *d);

/* The file could not be checked. Text and JSON Lines leave that to the
 * complaint on standard error. */
void gs_report_trouble(struct gs_report *r, const char *text);

/* Ends the output: text on more than one file with their sums, all but
 * GitLab's code quality, which has no place for it, with how many findings
 * r->mute left out. Returns 0, or -1: no memory, the output is incomplete. */
int gs_report_end(struct gs_report *r) GS_MUST;

#endif
