/* SPDX-License-Identifier: MIT */
/* SARIF 2.1.0, which GitHub and many editors read. */
#include <ctype.h>

#include "base/format_priv.h"
#include "base/mute.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { TROUBLES_MAX = 16 * 1024 * 1024 };

/* An artifact location is a URI: RFC 3986 section 2.1. */
static void
put_uri(struct gs_json *j, const char *file)
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
put_text(struct gs_json *j, const char *key, const char *text)
{
	gs_json_key(j, key);
	gs_json_open(j, '{');
	gs_json_member_str(j, "text", text);
	gs_json_close(j, '}');
}

/* Opens a place in a file; put_place_end() closes it. */
static void
put_place(struct gs_json *j, const char *file)
{
	gs_json_key(j, "locations");
	gs_json_open(j, '[');
	gs_json_open(j, '{');
	gs_json_key(j, "physicalLocation");
	gs_json_open(j, '{');
	gs_json_key(j, "artifactLocation");
	gs_json_open(j, '{');
	gs_json_key(j, "uri");
	put_uri(j, file);
	gs_json_close(j, '}');
}

static void
put_place_end(struct gs_json *j)
{
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	gs_json_close(j, ']');
}

static void
put_location(struct gs_json *j, const char *file, struct gs_pos pos)
{
	put_place(j, file);
	if (pos.line > 0) {
		gs_json_key(j, "region");
		gs_json_open(j, '{');
		gs_json_member_u64(j, "startLine", pos.line);
		if (pos.col > 0)
			gs_json_member_u64(j, "startColumn", pos.col);
		gs_json_close(j, '}');
	}
	put_place_end(j);
}

/* rule may be NULL. */
static void
put_result(struct gs_report *r, const char *rule, enum gs_severity severity,
    const char *text, struct gs_pos pos)
{
	struct gs_json *j = &r->json;

	gs_json_open(j, '{');
	if (rule != NULL)
		gs_json_member_str(j, "ruleId", rule);
	gs_json_member_str(j, "level", gs_severity_name(severity));
	put_text(j, "message", text);
	put_location(j, r->file, pos);
	gs_json_close(j, '}');
	(void)putc('\n', r->fp);
}

static void
finding(struct gs_report *r, const struct gs_finding *f)
{
	put_result(r, f->rule->id, f->severity, f->text, f->pos);
}

static void
dropped(struct gs_report *r, enum gs_severity severity, const char *text)
{
	put_result(r, NULL, severity, text, (struct gs_pos){ 0 });
}

static void
put_rules(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	gs_json_key(j, "rules");
	gs_json_open(j, '[');
	for (size_t i = 0; i < r->rules.n; i++) {
		const struct gs_rule *rule = &r->rules.rule[i];
		gs_json_open(j, '{');
		gs_json_member_str(j, "id", rule->id);
		put_text(j, "shortDescription", rule->brief);
		put_text(j, "fullDescription", rule->why);
		put_text(j, "help", rule->fix);
		gs_json_key(j, "defaultConfiguration");
		gs_json_open(j, '{');
		gs_json_member_str(j, "level",
		    gs_severity_name(rule->severity));
		gs_json_close(j, '}');
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

static void
begin(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	gs_buf_init(&r->body, TROUBLES_MAX);
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
	put_rules(r);
	gs_json_close(j, '}');
	gs_json_close(j, '}');
	gs_json_member_str(j, "columnKind", "unicodeCodePoints");
	gs_json_key(j, "results");
	gs_json_open(j, '[');
	(void)putc('\n', r->fp);
}

/* Notifications follow the results: file and text, each with a NUL. */
static void
trouble(struct gs_report *r, const char *text)
{
	gs_buf_put(&r->body, r->file, strlen(r->file) + 1);
	gs_buf_put(&r->body, text, strlen(text) + 1);
}

/* Section 3.20. */
static void
put_invocation(struct gs_report *r)
{
	struct gs_json *j = &r->json;
	const char *p = (const char *)r->body.p;
	const char *end = p + r->body.n;

	gs_json_key(j, "invocations");
	gs_json_open(j, '[');
	gs_json_open(j, '{');
	gs_json_member_bool(j, "executionSuccessful", false);
	gs_json_key(j, "toolExecutionNotifications");
	gs_json_open(j, '[');
	while (p < end) {
		const char *text = p + strlen(p) + 1;

		gs_json_open(j, '{');
		gs_json_member_str(j, "level", "error");
		put_text(j, "message", text);
		put_place(j, p);
		put_place_end(j);
		gs_json_close(j, '}');
		p = text + strlen(text) + 1;
	}
	gs_json_close(j, ']');
	gs_json_close(j, '}');
	gs_json_close(j, ']');
}

static void
put_muted(struct gs_json *j, const struct gs_mute *m)
{
	gs_json_key(j, "properties");
	gs_json_open(j, '{');
	gs_json_key(j, "suppressed");
	gs_json_open(j, '{');
	for (unsigned i = 0; i < GS_MUTED_COUNT; i++)
		gs_json_member_u64(j, gs_muted_names[i], m->count[i]);
	gs_json_close(j, '}');
	gs_json_close(j, '}');
}

static void
end(struct gs_report *r)
{
	struct gs_json *j = &r->json;

	r->no_memory |= !gs_buf_ok(&r->body);
	gs_json_close(j, ']');
	if (r->body.n > 0)
		put_invocation(r);
	if (gs_mute_total(r->mute) > 0)
		put_muted(j, r->mute);
	gs_json_close(j, '}');
	gs_json_close(j, ']');
	gs_json_close(j, '}');
	gs_json_newline(j);
}

const struct gs_format_table gs_format_sarif = {
	.begin = begin,
	.finding = finding,
	.dropped = dropped,
	.trouble = trouble,
	.end = end,
};
