/* SPDX-License-Identifier: MIT */
/* Renders a list of findings: as text and JSON Lines here, otherwise in the
 * format's own file. */
#include "base/report.h"
#include "base/mute.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/format_priv.h"

enum { LINE_MAX_BYTES = 1024 * 1024 };

#define WORD(id, name) " " #name
const char *const gs_format_words = &(GS_FORMATS(WORD))[1];
const char *const gs_format_words_figures =
    &(GS_FORMATS(WORD) " openmetrics")[1];

/* ---- text */

static const char *
ansi(const struct gs_report *r, const char *code)
{
	return r->color ? code : "";
}

static const char *
severity_ansi(enum gs_severity s)
{
	return s == GS_ERROR ? "\033[1;31m" :
	    s == GS_WARNING  ? "\033[1;33m" :
			       "\033[1;36m";
}

/* The width of the first character of text in columns; *n is its length. */
static size_t
columns_of(const struct gs_report *r, const char *text, size_t *n)
{
	uint32_t cp = 0;

	*n = gs_utf8_length(gs_span(text, strnlen(text, 4)), &cp);
	if (*n == 0)
		*n = 1;
	return !r->ascii || cp < 0x80 ? 1 : cp < 0x10000 ? 6 : 12;
}

/* The length of the part that fits into room columns. If the octet at offset
 * at is in it, *caret is the number of columns before it. */
static size_t
fitting(const struct gs_report *r, const char *text, size_t room, size_t at,
    size_t *caret)
{
	size_t used = 0, n = 0, octets;

	while (text[n] != '\0') {
		size_t columns = columns_of(r, text + n, &octets);

		if (used + columns > room && n > 0)
			return n;
		if (n >= at && *caret == SIZE_MAX)
			*caret = used;
		used += columns;
		n += octets;
	}
	if (at != SIZE_MAX && *caret == SIZE_MAX)
		*caret = used;
	return n;
}

/* The source line, broken to fit the terminal, with the caret under the piece
 * at which it points. */
static void
text_source(struct gs_report *r, const struct gs_finding *f)
{
	const size_t room = r->width > 2 ? r->width - 2 : SIZE_MAX;
	size_t at = f->source_col > 0 ? f->source_col - 1 : SIZE_MAX;
	struct gs_buf *b = &r->line;
	const char *text = f->source;

	do {
		size_t caret = SIZE_MAX;
		size_t n = fitting(r, text, room, at, &caret);

		gs_buf_printf(b, "  %.*s\n", (int)n, text);
		text += n;
		if (caret != SIZE_MAX) {
			gs_buf_printf(b, "  %*s%s^%s\n", (int)caret, "",
			    ansi(r, "\033[1;32m"), ansi(r, "\033[m"));
			at = SIZE_MAX;
		}
		at = at != SIZE_MAX ? at - n : at;
	} while (*text != '\0');
}

static void
text_finding(struct gs_report *r, const struct gs_finding *f)
{
	struct gs_buf *b = &r->line;

	gs_buf_clear(b);
	gs_buf_puts(b, ansi(r, "\033[1m"));
	gs_buf_put_visible(b, gs_span_of(r->file));
	if (f->pos.line > 0) {
		gs_buf_putc(b, ':');
		gs_buf_put_u64(b, f->pos.line);
	}
	if (f->pos.line > 0 && f->pos.col > 0) {
		gs_buf_putc(b, ':');
		gs_buf_put_u64(b, f->pos.col);
	}
	gs_buf_puts(b, ":");
	gs_buf_puts(b, ansi(r, "\033[m"));
	gs_buf_puts(b, " ");
	gs_buf_puts(b, ansi(r, severity_ansi(f->severity)));
	gs_buf_puts(b, gs_severity_name(f->severity));
	gs_buf_puts(b, ":");
	gs_buf_puts(b, ansi(r, "\033[m"));
	gs_buf_puts(b, " ");
	gs_buf_puts(b, f->text);
	gs_buf_puts(b, " [");
	gs_buf_puts(b, f->rule->id);
	gs_buf_puts(b, "]\n");
	if (r->source && f->source != NULL)
		text_source(r, f);
	(void)fwrite(b->p, 1, b->n, r->fp);
}

static void
text_dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	(void)severity;
	gs_buf_clear(&r->line);
	gs_buf_put_visible(&r->line, gs_span_of(r->file));
	gs_buf_printf(&r->line, ": %s\n", text);
	(void)fwrite(r->line.p, 1, r->line.n, r->fp);
}

static void
put_sum(struct gs_report *r, uint64_t n, const char *what, const char *behind)
{
	(void)fprintf(r->fp, "%" PRIu64 " %s%s%s", n, what, gs_plural(n),
	    behind);
}

static void
text_muted(const struct gs_report *r)
{
	const uint64_t *n = r->mute->count;

	(void)fprintf(r->fp,
	    "suppressed: %" PRIu64 " by --disable, %" PRIu64
	    " by comments, %" PRIu64 " by the baseline\n",
	    n[GS_MUTED_OPTION], n[GS_MUTED_COMMENT], n[GS_MUTED_BASELINE]);
}

static void
text_end(struct gs_report *r)
{
	if (r->quiet)
		return;
	if (r->sums && r->files > 1) {
		put_sum(r, r->files, "file", ": ");
		put_sum(r, r->total[GS_ERROR], "error", ", ");
		put_sum(r, r->total[GS_WARNING], "warning", ", ");
		put_sum(r, r->total[GS_NOTE], "note", "\n");
	}
	if (gs_mute_total(r->mute) > 0)
		text_muted(r);
}

/* ---- JSON Lines */

void
gs_report_open_object(struct gs_json *j, const struct gs_report_head *h)
{
	const char *ref = h->rule != NULL ? h->rule->ref : "-";

	gs_json_open(j, '{');
	gs_json_member_str(j, "type", h->type);
	gs_json_member_str(j, "file", h->file);
	gs_json_member_place(j, "line", h->pos.line);
	gs_json_member_place(j, "col", h->pos.line > 0 ? h->pos.col : 0);
	gs_json_member_str(j, "severity", gs_severity_name(h->severity));
	gs_json_member_text(j, "rule", h->rule != NULL ? h->rule->id : NULL);
	gs_json_member_text(j, "ref", strcmp(ref, "-") != 0 ? ref : NULL);
	gs_json_member_span(j, "message", h->message);
}

static void
json_finding(struct gs_report *r, const struct gs_finding *f)
{
	struct gs_json *j = &r->json;

	gs_report_open_object(j,
	    &(struct gs_report_head){ .type = "finding",
		.file = r->file,
		.pos = f->pos,
		.severity = f->severity,
		.rule = f->rule,
		.message = gs_span_of(f->text) });
	if (r->members != NULL)
		r->members(j, r->about);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

static void
json_dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	struct gs_json *j = &r->json;

	(void)severity;
	gs_json_open(j, '{');
	gs_json_member_str(j, "type", "dropped");
	gs_json_member_str(j, "file", r->file);
	gs_json_member_u64(j, "findings", strtoull(text, NULL, 10));
	if (r->members != NULL)
		r->members(j, r->about);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

static void
json_end(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	if (gs_mute_total(r->mute) == 0)
		return;
	gs_json_open(j, '{');
	gs_json_member_str(j, "type", "suppressed");
	for (unsigned i = 0; i < GS_MUTED_COUNT; i++)
		gs_json_member_u64(j, gs_muted_names[i], r->mute->count[i]);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

/* ---- all formats */

static const struct gs_format_table gs_format_text = {
	.finding = text_finding,
	.dropped = text_dropped,
	.end = text_end,
};

static const struct gs_format_table gs_format_json = {
	.finding = json_finding,
	.dropped = json_dropped,
	.end = json_end,
};

/* ---- figures */

static void
no_finding(struct gs_report *r, const struct gs_finding *f)
{
	(void)r;
	(void)f;
}

static void
no_dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	(void)r;
	(void)severity;
	(void)text;
}

static const struct gs_format_table figures = {
	.finding = no_finding,
	.dropped = no_dropped,
};

/* ---- all of them */

static const struct gs_format_table *
table_of(const struct gs_report *r)
{
#define TABLE(id, name) [GS_##id] = &gs_format_##name,
	static const struct gs_format_table *const tables[] = { GS_FORMATS(
	    TABLE) };

	return r->format == GS_OPENMETRICS ? &figures : tables[r->format];
}

void
gs_report_begin(struct gs_report *r)
{
	gs_json_init(&r->json, r->fp);
	gs_buf_init(&r->line, LINE_MAX_BYTES);
	if (table_of(r)->begin != NULL)
		table_of(r)->begin(r);
}

static void
end_file(struct gs_report *r)
{
	if (r->file == NULL)
		return;
	r->failed += r->file_failed;
	r->broken += r->file_broken;
	if (table_of(r)->file_end != NULL)
		table_of(r)->file_end(r);
	free(r->file);
	r->file = NULL;
}

void
gs_report_file(struct gs_report *r, const char *file)
{
	end_file(r);
	r->file = strdup(file);
	if (r->file == NULL) {
		r->no_memory = true;
		return;
	}
	r->files++;
	r->file_failed = r->file_broken = false;
	if (table_of(r)->file != NULL)
		table_of(r)->file(r);
}

static void
report_finding(struct gs_report *r, const struct gs_finding *f)
{
	r->total[f->severity]++;
	r->file_failed |= f->severity >= r->level;
	if (f->severity < r->shown)
		return;
	table_of(r)->finding(r, f);
}

/* Findings for which d had no room are in the sums, and make a file fail. */
static void
report_dropped(struct gs_report *r, const struct gs_diags *d)
{
	enum gs_severity worst = GS_NOTE;
	char said[64];

	for (unsigned s = GS_NOTE; s <= GS_ERROR; s++) {
		r->total[s] += d->dropped[s];
		if (d->dropped[s] > 0)
			worst = (enum gs_severity)s;
	}
	r->file_failed |= worst >= r->level;
	if (worst < r->shown)
		return;
	(void)snprintf(said, sizeof(said), "%zu more findings not shown",
	    gs_diags_dropped(d));
	table_of(r)->dropped(r, worst, said);
}

void
gs_report_findings(struct gs_report *r, const char *file,
    const struct gs_diags *d)
{
	if (d->n == 0 && gs_diags_dropped(d) == 0)
		return;
	if (r->file == NULL || strcmp(r->file, file) != 0)
		gs_report_file(r, file);
	if (r->file == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		report_finding(r, &d->list[i]);
	if (gs_diags_dropped(d) > 0)
		report_dropped(r, d);
}

void
gs_report_trouble(struct gs_report *r, const char *why)
{
	if (r->file == NULL || table_of(r)->trouble == NULL)
		return;
	r->file_broken = true;
	table_of(r)->trouble(r, why);
}

int
gs_report_end(struct gs_report *r)
{
	end_file(r);
	if (table_of(r)->end != NULL)
		table_of(r)->end(r);
	gs_buf_free(&r->line);
	gs_buf_free(&r->body);
	gs_buf_free(&r->failures);
	gs_buf_free(&r->others);
	gs_tally_free(&r->seen);
	return r->no_memory ? -1 : 0;
}
