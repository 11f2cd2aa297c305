/* SPDX-License-Identifier: MIT */
/* Renders a list of findings as text, JSON Lines, SARIF 2.1.0, or a format of
 * CI systems. */
#ifndef GSPROV_BASE_REPORT_H
#define GSPROV_BASE_REPORT_H

#include <stdio.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/tally.h"

struct gs_mute;

/* The formats: their names here, and for -f. Text and JSON Lines are in
 * report.c; each other one is the table gs_format_NAME (see format_priv.h) in
 * a file of its own. */
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

/* Figures, without findings; a command that has them prints them itself. */
#define GS_FORMAT_ID(id, name) GS_##id,
enum gs_format { GS_FORMATS(GS_FORMAT_ID) GS_OPENMETRICS };

/* Their names in this order, separated by blanks. */
extern const char *const gs_format_words;
extern const char *const gs_format_words_figures; /* with "openmetrics" */

/* Where and how findings are rendered. Write errors remain in the FILE. */
struct gs_report {
	FILE *fp;
	enum gs_format format;
	enum gs_severity level; /* the least severity of a failure */
	enum gs_severity shown; /* the least severity that is shown */
	bool color; /* text: ANSI colours */
	bool source; /* text: the source line and a caret */
	size_t width; /* text: columns of the terminal; 0: none */
	bool ascii; /* fp writes \uNNNN for what is not ASCII */
	bool sums; /* text: end with the sums of several files */
	bool quiet; /* text: nothing but findings */
	const char *tool; /* the command's name */
	const char *version;
	struct gs_rules rules; /* the rules that it may report */
	const struct gs_mute *mute; /* what is not reported, or NULL */
	/* JSON: more members for the next object; may be NULL. */
	void (*members)(struct gs_json *j, const void *about);
	const void *about;

	/* ---- its own, freed by gs_report_end() */
	struct gs_json json;
	struct gs_buf line;
	char *file; /* what is reported on */
	uint64_t files;
	uint64_t failed; /* files with a failure */
	uint64_t broken; /* files that could not be checked */
	bool file_failed, file_broken; /* what is reported on */
	uint64_t total[3]; /* by enum gs_severity */
	struct gs_buf body; /* output that waits for the end */
	struct gs_buf failures; /* of this file */
	struct gs_buf others;
	struct gs_tally seen;
	bool no_memory;
};

/* Begins the output; set the members above its own first. Nothing is rendered
 * without this call. */
void gs_report_begin(struct gs_report *r);

/* Begins another file. A file without findings is part of the report, too. */
void gs_report_file(struct gs_report *r, const char *file);

/* Renders d's findings about file, in order, and the number that d dropped. d
 * is unchanged. */
void gs_report_findings(struct gs_report *r, const char *file,
    const struct gs_diags *d);

/* The first members of a JSON object about a place. */
struct gs_report_head {
	const char *type;
	const char *file;
	struct gs_pos pos; /* .line 0: none */
	enum gs_severity severity;
	const struct gs_rule *rule; /* NULL: no finding */
	struct gs_span message;
};

/* Opens an object of JSON Lines with these members; the caller closes it. */
void gs_report_open_object(struct gs_json *j, const struct gs_report_head *h);

/* The file could not be checked. In text and JSON Lines, the message on
 * standard error tells this. */
void gs_report_trouble(struct gs_report *r, const char *text);

/* Ends the output: text about several files with their sums, and all formats
 * but GitLab's code quality, which has no place for it, with the number of
 * findings that r->mute suppressed. Returns 0, or -1: out of memory, the
 * output is incomplete. */
int gs_report_end(struct gs_report *r) GS_MUST;

#endif
