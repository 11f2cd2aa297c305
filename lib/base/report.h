/* SPDX-License-Identifier: MIT */
/* Renders one list of findings as text, JSON Lines or SARIF 2.1.0. */
#ifndef GSPROV_BASE_REPORT_H
#define GSPROV_BASE_REPORT_H

#include <stdio.h>

#include "diag.h"
#include "json.h"

#pragma GCC visibility push(default)

enum gs_format { GS_TEXT, GS_JSON, GS_SARIF };

/* Their names, in this order, separated by blanks. */
extern const char gs_format_words[];

/* Where and how findings are rendered. Write errors stay with the FILE. */
struct gs_report {
	FILE *fp;
	enum gs_format format;
	bool color; /* text: ANSI colours */
	bool source; /* text: the source line and a caret */
	size_t width; /* text: columns of the terminal, where a longer source
		       * line is broken; 0: none */
	bool ascii; /* what fp leads to makes \uNNNN of what is not ASCII */
	const char *tool; /* SARIF: the driver's name */
	const char *version;
	struct gs_rules rules; /* SARIF: what the driver may report */
	struct gs_json json;
	struct gs_buf line; /* freed by gs_report_end() */
};

/* Starts the output (SARIF's frame); fill the fields above json first.
 * Nothing is rendered without it. */
void gs_report_begin(struct gs_report *r);

/* Renders d's findings about file, in order, and says how many d had to
 * drop. d is not changed. */
void gs_report_findings(struct gs_report *r, const char *file,
    const struct gs_diags *d);

/* Ends the output. */
void gs_report_end(struct gs_report *r);

#pragma GCC visibility pop

#endif
