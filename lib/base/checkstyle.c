/* SPDX-License-Identifier: MIT */
/* Checkstyle's XML, which Jenkins and many review bots read. */
#include "base/format_priv.h"
#include "base/mute.h"
#include "base/xml.h"

static void
begin(struct gs_report *r)
{
	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<checkstyle version=\"4.3\">\n",
	    r->fp);
}

static void
flush(struct gs_report *r)
{
	r->no_memory |= !gs_buf_ok(&r->line);
	(void)fwrite(r->line.p, 1, r->line.n, r->fp);
	gs_buf_clear(&r->line);
}

static void
file(struct gs_report *r)
{
	gs_buf_clear(&r->line);
	gs_buf_puts(&r->line, "<file");
	gs_xml_attr(&r->line, "name", r->file);
	gs_buf_puts(&r->line, ">\n");
	flush(r);
}

/* An error element requires a line: 1 stands for the whole file. */
static void
put_error(struct gs_report *r, struct gs_pos pos, const char *severity,
    const char *message, const char *rule)
{
	struct gs_buf *b = &r->line;

	gs_buf_printf(b, "<error line=\"%llu\"",
	    (unsigned long long)(pos.line > 0 ? pos.line : 1));
	if (pos.line > 0 && pos.col > 0)
		gs_buf_printf(b, " column=\"%lu\"", (unsigned long)pos.col);
	gs_xml_attr(b, "severity", severity);
	gs_xml_attr(b, "message", message);
	gs_buf_printf(b, " source=\"%s.%s\"/>\n", r->tool, rule);
	flush(r);
}

static const char *
name_of(enum gs_severity s)
{
	return s == GS_NOTE ? "info" : gs_severity_name(s);
}

static void
finding(struct gs_report *r, const struct gs_finding *f)
{
	put_error(r, f->pos, name_of(f->severity), f->text, f->rule->id);
}

static void
trouble(struct gs_report *r, const char *text)
{
	put_error(r, (struct gs_pos){ 0 }, "error", text, "unchecked");
}

static void
dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	put_error(r, (struct gs_pos){ 0 }, name_of(severity), text, "dropped");
}

static void
file_end(struct gs_report *r)
{
	(void)fputs("</file>\n", r->fp);
}

static void
end(struct gs_report *r)
{
	if (gs_mute_total(r->mute) > 0)
		(void)fprintf(r->fp, "<!-- suppressed findings: %llu -->\n",
		    (unsigned long long)gs_mute_total(r->mute));
	(void)fputs("</checkstyle>\n", r->fp);
}

const struct gs_format_table gs_format_checkstyle = {
	.begin = begin,
	.end = end,
	.file = file,
	.file_end = file_end,
	.finding = finding,
	.dropped = dropped,
	.trouble = trouble,
};
