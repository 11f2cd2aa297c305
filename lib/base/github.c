/* SPDX-License-Identifier: MIT */
/* Annotations of a GitHub workflow: "::error file=F::TEXT". */
#include "base/format_priv.h"
#include "base/mute.h"

enum { NAME_MAX_BYTES = 64 * 1024 };

/* The text escapes "%" and line ends; the properties also escape what ends a
 * property. */
static void
put(struct gs_buf *b, const char *text, const char *escaped)
{
	for (const char *p = text; *p != '\0'; p++)
		if (strchr(escaped, *p) != NULL)
			gs_buf_printf(b, "%%%02X", (unsigned char)*p);
		else
			gs_buf_putc(b, *p);
}

static void
put_file(struct gs_buf *b, const char *file)
{
	struct gs_buf shown;

	gs_buf_init(&shown, NAME_MAX_BYTES);
	gs_buf_put_visible(&shown, gs_span_of(file));
	gs_buf_putc(&shown, '\0');
	gs_buf_puts(b, "file=");
	if (gs_buf_ok(&shown))
		put(b, (const char *)shown.p, "%\r\n:,");
	gs_buf_putc(b, ',');
	gs_buf_free(&shown);
}

static void
command(struct gs_report *r, const char *name, struct gs_pos pos,
    const char *title, const char *text)
{
	struct gs_buf *b = &r->line;

	gs_buf_clear(b);
	gs_buf_printf(b, "::%s ", name);
	if (r->file != NULL && strcmp(r->file, "-") != 0)
		put_file(b, r->file);
	if (pos.line > 0)
		gs_buf_printf(b, "line=%llu,", (unsigned long long)pos.line);
	if (pos.line > 0 && pos.col > 0)
		gs_buf_printf(b, "col=%lu,", (unsigned long)pos.col);
	gs_buf_printf(b, "title=%s %s::", r->tool, title);
	put(b, text, "%\r\n");
	gs_buf_putc(b, '\n');
	r->no_memory |= !gs_buf_ok(b);
	(void)fwrite(b->p, 1, b->n, r->fp);
}

static const char *
name_of(enum gs_severity s)
{
	return s == GS_NOTE ? "notice" : gs_severity_name(s);
}

static void
finding(struct gs_report *r, const struct gs_finding *f)
{
	command(r, name_of(f->severity), f->pos, f->rule->id, f->text);
}

static void
trouble(struct gs_report *r, const char *text)
{
	command(r, "error", (struct gs_pos){ 0 }, "unchecked", text);
}

static void
dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	command(r, name_of(severity), (struct gs_pos){ 0 }, "dropped", text);
}

static void
end(struct gs_report *r)
{
	char text[64];

	if (gs_mute_total(r->mute) == 0)
		return;
	(void)snprintf(text, sizeof(text), "findings suppressed: %llu",
	    (unsigned long long)gs_mute_total(r->mute));
	command(r, "notice", (struct gs_pos){ 0 }, "suppressed", text);
}

const struct gs_format_table gs_format_github = {
	.finding = finding,
	.dropped = dropped,
	.trouble = trouble,
	.end = end,
};
