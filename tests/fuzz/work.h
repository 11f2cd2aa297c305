/* SPDX-License-Identifier: MIT */
/* What targets share that run whole commands' work: an input of several
 * parts, a folder for files, and output that is looked at. */
#ifndef GSPROV_FUZZ_WORK_H
#define GSPROV_FUZZ_WORK_H

#include "../unit/own_folder.h"

#include "base/report.h"
#include "text_file.h"

static inline void
must(bool what)
{
	if (!what)
		abort();
}

/* The part of the input before an empty line with "--", or all of it. */
static inline struct gs_span
work_part(struct gs_span *rest)
{
	struct gs_span end = GS_LIT("\n--\n"), part = *rest;

	part.n = gs_span_find(*rest, end);
	size_t n = part.n < rest->n ? part.n + end.n : rest->n;
	*rest = gs_span(rest->p + n, rest->n - n);
	return part;
}

/* Octets at the beginning that choose what is done. */
static inline unsigned
work_choice(struct gs_span *rest)
{
	if (rest->n == 0)
		return 0;
	unsigned v = (uint8_t)rest->p[0];
	*rest = gs_span(rest->p + 1, rest->n - 1);
	return v;
}

/* The report of a command, in memory. */
struct work_output {
	struct gs_report report;
	char *text;
	size_t n;
};

static inline void
work_output(struct work_output *o, unsigned format, struct gs_rules rules)
{
	*o = (struct work_output){ .report = { .format = (enum gs_format)(
						   format % GS_OPENMETRICS),
				       .level = GS_ERROR,
				       .tool = "gs-test",
				       .version = "1",
				       .source = (format & 0x80) != 0,
				       .ascii = (format & 0x40) != 0,
				       .sums = (format & 0x20) != 0,
				       .rules = rules } };
	o->report.fp = open_memstream(&o->text, &o->n);
	must(o->report.fp != NULL);
}

/* Without colour no control byte reaches a terminal, whatever was read. */
static inline void
work_look(struct work_output *o)
{
	must(fclose(o->report.fp) == 0);
	for (size_t i = 0; i < o->n; i++) {
		unsigned char c = (unsigned char)o->text[i];
		must((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t');
	}
	free(o->text);
}

static const char *work_home;

static inline void
work_leave(void)
{
	if (chdir("/") == 0)
		(void)rmdir(work_home);
}

static inline int
work_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return at->level == 0 ? 0 : own_folder_remove(path, st, type, at);
}

/* The folder of this process, empty; the current one. */
static inline const char *
work_folder(void)
{
	static void *path;

	if (path == NULL) {
		must(own_folder_enter(&path) == 0);
		must(atexit(work_leave) == 0);
	}
	work_home = path;
	(void)nftw(".", work_remove, 8, FTW_DEPTH | FTW_PHYS);
	return path;
}

/* Files that wait for nothing. */
static inline void
work_file(const char *path, struct gs_span text, mode_t mode)
{
	FILE *fp = fopen(path, "wb");

	if (fp == NULL)
		return;
	must(gs_file_put_all(fileno(fp), text.p, text.n) == 0);
	(void)fchmod(fileno(fp), mode);
	(void)fclose(fp);
}

#endif
