/* SPDX-License-Identifier: MIT */
/* JUnit's XML, which GitLab and Jenkins read: each file is a test case. */
#include "base/format_priv.h"
#include "base/mute.h"
#include "base/xml.h"

enum { BODY_MAX = 256 * 1024 * 1024, CASE_MAX = 64 * 1024 * 1024 };

/* The sums stand in front, so all waits for them. */
static void
begin(struct gs_report *r)
{
	gs_buf_init(&r->body, BODY_MAX);
	gs_buf_init(&r->failures, CASE_MAX);
	gs_buf_init(&r->others, CASE_MAX);
}

/* A failure element is open from the first one on. */
static void
begin_failure(struct gs_buf *b, const char *type, const char *message)
{
	if (b->n > 0)
		return;
	gs_buf_puts(b, "<failure");
	gs_xml_attr(b, "type", type);
	gs_xml_attr(b, "message", message);
	gs_buf_puts(b, ">");
}

static void
finding(struct gs_report *r, const struct gs_finding *f)
{
	bool bad = f->severity >= r->level;
	struct gs_buf *b = bad ? &r->failures : &r->others;

	if (bad)
		begin_failure(b, f->rule->id, f->text);
	if (f->pos.line > 0)
		gs_buf_printf(b,
		    "line %llu: ", (unsigned long long)f->pos.line);
	gs_buf_puts(b, gs_severity_name(f->severity));
	gs_buf_puts(b, ": ");
	gs_xml_put(b, gs_span_of(f->text));
	gs_buf_printf(b, " [%s]\n", f->rule->id);
}

static void
dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	bool bad = severity >= r->level;
	struct gs_buf *b = bad ? &r->failures : &r->others;

	if (bad)
		begin_failure(b, "dropped", text);
	gs_buf_printf(b, "%s\n", text);
}

static void
trouble(struct gs_report *r, const char *text)
{
	struct gs_buf *b = &r->line;

	gs_buf_clear(b);
	gs_buf_puts(b, "<error");
	gs_xml_attr(b, "type", "unchecked");
	gs_xml_attr(b, "message", text);
	gs_buf_puts(b, "/>\n");
}

static void
file(struct gs_report *r)
{
	gs_buf_clear(&r->line);
	gs_buf_clear(&r->failures);
	gs_buf_clear(&r->others);
}

static void
file_end(struct gs_report *r)
{
	struct gs_buf *b = &r->body;

	gs_buf_puts(b, "<testcase");
	gs_xml_attr(b, "classname", r->tool);
	gs_xml_attr(b, "name", r->file);
	gs_buf_puts(b, ">\n");
	gs_buf_put(b, r->line.p, r->line.n);
	gs_buf_put(b, r->failures.p, r->failures.n);
	if (r->failures.n > 0)
		gs_buf_puts(b, "</failure>\n");
	if (r->others.n > 0) {
		gs_buf_puts(b, "<system-out>");
		gs_buf_put(b, r->others.p, r->others.n);
		gs_buf_puts(b, "</system-out>\n");
	}
	gs_buf_puts(b, "</testcase>\n");
	b->failed |= r->failures.failed | r->others.failed | r->line.failed;
}

static void
put_muted(struct gs_report *r)
{
	(void)fprintf(r->fp, "<properties>\n");
	for (unsigned i = 0; i < GS_MUTED_COUNT; i++)
		(void)fprintf(r->fp,
		    "<property name=\"suppressed.%s\" value=\"%llu\"/>\n",
		    gs_muted_names[i], (unsigned long long)r->mute->count[i]);
	(void)fprintf(r->fp, "</properties>\n");
}

static void
end(struct gs_report *r)
{
	struct gs_buf *b = &r->line;

	gs_buf_clear(b);
	gs_buf_puts(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites>\n<testsuite");
	gs_xml_attr(b, "name", r->tool);
	gs_buf_printf(b, " tests=\"%llu\" failures=\"%llu\" errors=\"%llu\">\n",
	    (unsigned long long)r->files, (unsigned long long)r->failed,
	    (unsigned long long)r->broken);
	(void)fwrite(b->p, 1, b->n, r->fp);
	if (gs_mute_total(r->mute) > 0)
		put_muted(r);
	if (r->body.n > 0)
		(void)fwrite(r->body.p, 1, r->body.n, r->fp);
	(void)fputs("</testsuite>\n</testsuites>\n", r->fp);
	r->no_memory |= !gs_buf_ok(&r->body);
}

const struct gs_format_table gs_format_junit = {
	.begin = begin,
	.file = file,
	.finding = finding,
	.dropped = dropped,
	.trouble = trouble,
	.file_end = file_end,
	.end = end,
};
