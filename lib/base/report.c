/* SPDX-License-Identifier: MIT */
/* Renders one list of findings as text, JSON Lines or SARIF 2.1.0. */
#include "base/report.h"

#include <ctype.h>

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { LINE_MAX_BYTES = 1024 * 1024 };

const char gs_format_words[] = "text json sarif";

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

/* The columns that the first character of text takes; n gets its octets. */
static size_t
columns_of(const struct gs_report *r, const char *text, size_t *n)
{
	uint32_t cp = 0;

	*n = gs_utf8_length(gs_span(text, strnlen(text, 4)), &cp);
	if (*n == 0)
		*n = 1;
	return !r->ascii || cp < 0x80 ? 1 : cp < 0x10000 ? 6 : 12;
}

/* The length of what fits one line of room columns. When the octet at (from
 * 0) is in it, caret gets the columns before it. */
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

/* The source line, in pieces that fit the terminal, and the caret under the
 * one that it points into. */
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
text_finding(struct gs_report *r, const char *file, const struct gs_finding *f)
{
	struct gs_buf *b = &r->line;

	gs_buf_clear(b);
	gs_buf_puts(b, ansi(r, "\033[1m"));
	gs_buf_put_visible(b, gs_span(file, strlen(file)));
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
json_finding(struct gs_report *r, const char *file, const struct gs_finding *f)
{
	struct gs_json *j = &r->json;

	gs_json_open(j, '{');
	gs_json_member_str(j, "type", "finding");
	gs_json_member_str(j, "file", file);
	gs_json_member_u64(j, "line", f->pos.line);
	gs_json_member_u64(j, "col", f->pos.col);
	gs_json_member_str(j, "severity", gs_severity_name(f->severity));
	gs_json_member_str(j, "rule", f->rule->id);
	gs_json_member_str(j, "ref", f->rule->ref);
	gs_json_member_str(j, "message", f->text);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

/* An artifact location is a URI: RFC 3986 section 2.1. */
static void
sarif_uri(struct gs_json *j, const char *file)
{
	struct gs_buf b;

	gs_buf_init(&b, 64 * 1024);
	if (strcmp(file, "-") == 0)
		file = "stdin";
	for (const char *p = file; *p != '\0'; p++)
		if (isalnum((unsigned char)*p) || strchr("-._~/", *p) != NULL)
			gs_buf_putc(&b, *p);
		else
			gs_buf_printf(&b, "%%%02X", (unsigned char)*p);
	gs_json_span(j, gs_buf_span(&b));
	gs_buf_free(&b);
}

static void
sarif_text(struct gs_json *j, const char *key, const char *text)
{
	gs_json_key(j, key);
	gs_json_open(j, '{');
	gs_json_member_str(j, "text", text);
	gs_json_close(j, '}');
}

static void
sarif_location(struct gs_json *j, const char *file, const struct gs_finding *f)
{
	gs_json_key(j, "locations");
	gs_json_open(j, '[');
	gs_json_open(j, '{');
	gs_json_key(j, "physicalLocation");
	gs_json_open(j, '{');
	gs_json_key(j, "artifactLocation");
	gs_json_open(j, '{');
	gs_json_key(j, "uri");
	sarif_uri(j, file);
	gs_json_close(j, '}');
	if (f->pos.line > 0) {
		gs_json_key(j, "region");
		gs_json_open(j, '{');
		gs_json_member_u64(j, "startLine", f->pos.line);
		if (f->pos.col > 0) {
			gs_json_member_u64(j, "startColumn", f->pos.col);
		}
		gs_json_close(j, '}');
	}
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	gs_json_close(j, ']');
}

static void
sarif_finding(struct gs_report *r, const char *file, const struct gs_finding *f)
{
	struct gs_json *j = &r->json;

	gs_json_open(j, '{');
	gs_json_member_str(j, "ruleId", f->rule->id);
	gs_json_member_str(j, "level", gs_severity_name(f->severity));
	sarif_text(j, "message", f->text);
	sarif_location(j, file, f);
	gs_json_close(j, '}');
	(void)putc('\n', r->fp);
}

static void
sarif_rules(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	gs_json_key(j, "rules");
	gs_json_open(j, '[');
	for (size_t i = 0; i < r->rules.n; i++) {
		const struct gs_rule *rule = &r->rules.rule[i];
		gs_json_open(j, '{');
		gs_json_member_str(j, "id", rule->id);
		sarif_text(j, "shortDescription", rule->brief);
		sarif_text(j, "fullDescription", rule->why);
		sarif_text(j, "help", rule->fix);
		gs_json_key(j, "defaultConfiguration");
		gs_json_open(j, '{');
		gs_json_member_str(j, "level",
		    gs_severity_name(rule->severity));
		gs_json_close(j, '}');
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

void
gs_report_begin(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	gs_json_init(j, r->fp);
	gs_buf_init(&r->line, LINE_MAX_BYTES);
	if (r->format != GS_SARIF)
		return;
	gs_json_open(j, '{');
	gs_json_member_str(j, "$schema", SARIF_SCHEMA);
	gs_json_member_str(j, "version", "2.1.0");
	gs_json_key(j, "runs");
	gs_json_open(j, '[');
	gs_json_open(j, '{');
	gs_json_key(j, "tool");
	gs_json_open(j, '{');
	gs_json_key(j, "driver");
	gs_json_open(j, '{');
	gs_json_member_str(j, "name", r->tool);
	gs_json_member_str(j, "version", r->version);
	sarif_rules(r);
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	gs_json_member_str(j, "columnKind", "unicodeCodePoints");
	gs_json_key(j, "results");
	gs_json_open(j, '[');
	(void)putc('\n', r->fp);
}

static void
report_dropped(struct gs_report *r, const char *file, size_t dropped)
{
	if (r->format == GS_TEXT) {
		gs_buf_clear(&r->line);
		gs_buf_put_visible(&r->line, gs_span(file, strlen(file)));
		gs_buf_printf(&r->line, ": %zu more findings not shown\n",
		    dropped);
		(void)fwrite(r->line.p, 1, r->line.n, r->fp);
	} else if (r->format == GS_JSON) {
		gs_json_open(&r->json, '{');
		gs_json_member_str(&r->json, "type", "dropped");
		gs_json_member_str(&r->json, "file", file);
		gs_json_member_u64(&r->json, "findings", dropped);
		gs_json_close(&r->json, '}');
		gs_json_newline(&r->json);
	}
}

void
gs_report_findings(struct gs_report *r, const char *file,
    const struct gs_diags *d)
{
	static void (*const render[])(struct gs_report *, const char *,
	    const struct gs_finding *) = {
		[GS_TEXT] = text_finding,
		[GS_JSON] = json_finding,
		[GS_SARIF] = sarif_finding,
	};

	for (size_t i = 0; i < d->n; i++)
		render[r->format](r, file, &d->list[i]);
	if (d->dropped > 0)
		report_dropped(r, file, d->dropped);
}

void
gs_report_end(struct gs_report *r)
{
	gs_buf_free(&r->line);
	if (r->format != GS_SARIF)
		return;
	gs_json_close(&r->json, ']');
	gs_json_close(&r->json, '}');
	gs_json_close(&r->json, ']');
	gs_json_close(&r->json, '}');
	gs_json_newline(&r->json);
}
