/* SPDX-License-Identifier: MIT */
/* A baseline: a file of known findings. */
#include "base/baseline.h"

#include <errno.h>
#include <inttypes.h>

#include "base/file.h"
#include "base/outfile.h"

#define HEAD "# gsprov baseline 1"

/* One line after the first. */
static int
read_line(struct gs_mute *m, struct gs_span line)
{
	size_t tab = gs_span_find(line, GS_LIT("\t"));
	uint64_t n, *count;

	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (tab == line.n || gs_span_u64(gs_span(line.p, tab), &n) == -1)
		return -1;
	line = gs_span(line.p + tab + 1, line.n - tab - 1);
	count = gs_tally_count(&m->known, line, true);
	if (count == NULL)
		m->no_memory = true;
	else
		*count += n;
	return 0;
}

static int
read_lines(struct gs_mute *m, struct gs_span text, const char *path,
    struct gs_err *err)
{
	for (uint64_t number = 1; text.n > 0; number++) {
		size_t n = gs_span_find(text, GS_LIT("\n"));
		struct gs_span line = gs_span(text.p, n);

		if (number == 1 && !gs_span_eq(line, GS_LIT(HEAD)))
			return gs_err_set(err,
			    "%s: not a baseline; create one with "
			    "--write-baseline",
			    path);
		if (read_line(m, line) == -1)
			return gs_err_set(err,
			    "%s:%" PRIu64 ": not a line of a baseline", path,
			    number);
		n += n < text.n;
		text = gs_span_skip(text, n);
	}
	return m->no_memory ? gs_err_sys(err, ENOMEM, "%s", path) : 0;
}

int
gs_baseline_read(struct gs_mute *m, const char *path, struct gs_err *err)
{
	struct gs_buf b;

	gs_buf_init(&b, GS_BASELINE_SIZE);
	int r = gs_file_read(path, &b, err);
	if (r == 0 && b.n == 0)
		r = gs_err_set(err, "%s: the file is empty", path);
	if (r == 0)
		r = read_lines(m, gs_buf_span(&b), path, err);
	gs_buf_free(&b);
	return r;
}

static void
put(FILE *fp, struct gs_mute *m)
{
	gs_tally_sort(&m->known);
	(void)fprintf(fp,
	    HEAD "\n# known findings: how often, rule, file, "
		 "text\n");
	for (size_t i = 0; i < m->known.n; i++) {
		const struct gs_tally_entry *e = &m->known.entry[i];
		struct gs_span text = gs_tally_text(&m->known, e);

		(void)fprintf(fp, "%" PRIu64 "\t%.*s\n", e->count, (int)text.n,
		    text.p);
	}
}

int
gs_baseline_write(struct gs_mute *m, const char *path,
    const struct gs_keeper *keeper, struct gs_err *err)
{
	struct gs_outset set = { .keeper = keeper };
	struct gs_outfile *o;

	if (gs_outset_open(&set, path, &o, err) == -1)
		return -1;
	put(gs_outfile_stream(o), m);
	if (gs_outset_finish(&set, o, err) == 0)
		return gs_outset_commit(&set, true, err);
	gs_outset_drop(&set);
	return -1;
}
