/* SPDX-License-Identifier: MIT */
/* The formats of reports, each a table of functions. */
#ifndef GSPROV_BASE_FORMAT_PRIV_H
#define GSPROV_BASE_FORMAT_PRIV_H

#include "base/report.h"

/* What a format writes to r->fp, in this order. file, finding and trouble are
 * called as often as there are some; a file without findings is written, too.
 * Each may be NULL. */
struct gs_format_table {
	void (*begin)(struct gs_report *r);
	/* r->file begins. */
	void (*file)(struct gs_report *r);
	void (*finding)(struct gs_report *r, const struct gs_finding *f);
	/* Findings of r->file, none worse than severity, are not shown; text
	 * tells their number. r->file_failed counts them. */
	void (*dropped)(struct gs_report *r, enum gs_severity severity,
	    const char *text);
	/* r->file could not be checked; text tells why. */
	void (*trouble)(struct gs_report *r, const char *text);
	/* r->file ends. */
	void (*file_end)(struct gs_report *r);
	void (*end)(struct gs_report *r);
};

#define GS_FORMAT_TABLE(id, name)                                              \
	extern const struct gs_format_table gs_format_##name;
GS_FORMATS_ELSEWHERE(GS_FORMAT_TABLE)

#endif
