/* SPDX-License-Identifier: MIT */
/* GitLab's code quality report: an array of findings, and nothing else. */
#include <inttypes.h>

#include "base/format_priv.h"
#include "base/mute.h"

static void
begin(struct gs_report *r)
{
	gs_json_open(&r->json, '[');
	(void)putc('\n', r->fp);
}

/* The path relative to the repository, without "./". */
static const char *
path_of(const char *file)
{
	if (strcmp(file, "-") == 0)
		return "stdin";
	while (strncmp(file, "./", 2) == 0)
		file += 2 + strspn(file + 2, "/");
	return file;
}

/* Without the line, so that it stays when the finding moves. Equal ones are
 * counted, because GitLab takes each fingerprint once. */
static void
put_fingerprint(struct gs_report *r, const char *rule, const char *text)
{
	struct gs_buf *b = &r->line;
	char print[48];

	gs_buf_clear(b);
	gs_buf_puts(b, r->file);
	gs_buf_putc(b, '\0');
	gs_buf_puts(b, rule);
	gs_buf_putc(b, '\0');
	gs_buf_puts(b, text);
	uint64_t hash = gs_span_hash(gs_buf_span(b));
	uint64_t *n =
	    gs_tally_count(&r->seen, gs_span(&hash, sizeof(hash)), true);
	r->no_memory |= n == NULL || !gs_buf_ok(b);
	(void)snprintf(print, sizeof(print), "%016" PRIx64 "-%" PRIu64, hash,
	    n != NULL ? ++*n : 0);
	gs_json_member_str(&r->json, "fingerprint", print);
}

static void
put(struct gs_report *r, const char *rule, const char *severity,
    const char *text, uint64_t line)
{
	struct gs_json *j = &r->json;
	const char *path = path_of(r->file);

	gs_json_open(j, '{');
	gs_json_member_str(j, "description", text);
	gs_json_member_str(j, "check_name", rule);
	put_fingerprint(r, rule, text);
	gs_json_member_str(j, "severity", severity);
	gs_json_key(j, "location");
	gs_json_open(j, '{');
	gs_buf_clear(&r->line);
	gs_buf_put_visible(&r->line, gs_span_of(path));
	gs_json_member_span(j, "path", gs_buf_span(&r->line));
	gs_json_key(j, "lines");
	gs_json_open(j, '{');
	gs_json_member_u64(j, "begin", line > 0 ? line : 1);
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	(void)putc('\n', r->fp);
}

static const char *const severities[] = {
	[GS_NOTE] = "info",
	[GS_WARNING] = "minor",
	[GS_ERROR] = "major",
};

static void
finding(struct gs_report *r, const struct gs_finding *f)
{
	put(r, f->rule->id, severities[f->severity], f->text, f->pos.line);
}

static void
dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	put(r, "dropped", severities[severity], text, 0);
}

static void
trouble(struct gs_report *r, const char *text)
{
	put(r, "unchecked", "major", text, 0);
}

static void
end(struct gs_report *r)
{
	gs_json_close(&r->json, ']');
	gs_json_newline(&r->json);
}

const struct gs_format_table gs_format_codequality = {
	.begin = begin,
	.finding = finding,
	.dropped = dropped,
	.trouble = trouble,
	.end = end,
};
