/* SPDX-License-Identifier: MIT */
/* Edits of a document, in place. */
#include "snom/edit.h"

#include <stdio.h>
#include <stdlib.h>

#include "snom/text.h"

void
gs_snom_edits_init(struct gs_snom_edits *e, struct gs_snom_doc *doc,
    struct gs_diags *changes)
{
	*e = (struct gs_snom_edits){ .doc = doc, .changes = changes };
	gs_buf_init(&e->text, GS_DOC_SIZE);
}

void
gs_snom_edits_free(struct gs_snom_edits *e)
{
	gs_buf_free(&e->text);
	free(e->list);
	e->list = NULL;
}

void
gs_snom_edit(struct gs_snom_edits *e, size_t at, size_t drop, size_t from)
{
	if (!gs_grow(&e->list, &e->size, e->count + 1, sizeof(*e->list))) {
		e->no_memory = true;
		return;
	}
	e->list[e->count] = (struct gs_snom_edit){ .at = at,
		.drop = drop,
		.text = from,
		.n = e->text.n - from,
		.order = e->count };
	e->count++;
}

void
gs_snom_edit_say(struct gs_snom_edits *e, enum gs_snom_rule rule, size_t offset,
    const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)gs_diag_as(e->changes, &gs_snom_rules.rule[rule], GS_NOTE,
	    gs_snom_scan_pos(&e->doc->scan, offset), "%s", text);
}

/* Comments inside a value stay, before the new one. */
static void
put_comments(struct gs_buf *b, struct gs_span inner)
{
	for (;;) {
		size_t at = gs_span_find(inner, GS_LIT("<!--"));
		if (at == inner.n ||
		    gs_span_find(gs_span(inner.p, at), GS_LIT("<![CDATA[")) !=
			at)
			return;
		inner = gs_span_skip(inner, at);
		size_t end = gs_span_find(inner, GS_LIT("-->"));
		end += end < inner.n ? 3 : 0;
		gs_buf_put(b, inner.p, end);
		inner = gs_span_skip(inner, end);
	}
}

void
gs_snom_edit_value(struct gs_snom_edits *e, const struct gs_snom_node *n,
    struct gs_span value)
{
	size_t from = e->text.n;

	if (n->empty)
		gs_buf_putc(&e->text, '>');
	put_comments(&e->text, gs_snom_scan_inner(&e->doc->scan, n));
	gs_snom_text_put(&e->text, value);
	if (n->empty) {
		gs_buf_printf(&e->text, "</%.*s>", (int)n->name.n, n->name.p);
		gs_snom_edit(e, n->tag_end - 2, 2, from);
	} else {
		gs_snom_edit(e, n->tag_end, n->inner_end - n->tag_end, from);
	}
}

/* The line end and blanks before an offset; nothing if the line has other
 * text. */
static struct gs_span
lead_of(struct gs_span t, size_t at)
{
	size_t from = at;

	while (from > 0 && (t.p[from - 1] == ' ' || t.p[from - 1] == '\t'))
		from--;
	if (from == 0 || t.p[from - 1] != '\n')
		return gs_span(t.p + at, 0);
	from--;
	if (from > 0 && t.p[from - 1] == '\r')
		from--;
	return gs_span(t.p + from, at - from);
}

void
gs_snom_edit_add(struct gs_snom_edits *e, const struct gs_snom_node *like,
    const char *name, uint32_t idx, struct gs_span value)
{
	struct gs_span lead = lead_of(e->doc->scan.text, like->tag);
	char q =
	    like->attrs > 0 ? e->doc->scan.attr[like->attr].value.p[-1] : '"';
	size_t from = e->text.n;

	gs_buf_put(&e->text, lead.p, lead.n);
	gs_buf_printf(&e->text, "<%s", name);
	if (idx != GS_NO_IDX)
		gs_buf_printf(&e->text, " idx=%c%u%c", q, idx, q);
	gs_buf_printf(&e->text, " perm=%cR%c>", q, q);
	gs_snom_text_put(&e->text, value);
	gs_buf_printf(&e->text, "</%s>", name);
	gs_snom_edit(e, like->end, 0, from);
}

void
gs_snom_edit_append(struct gs_snom_edits *e, const struct gs_snom_node *n,
    size_t from)
{
	struct gs_span t = e->doc->scan.text;
	bool own_line = n->inner_end > 0 && t.p[n->inner_end - 1] == '\n';
	bool crlf =
	    own_line && n->inner_end > 1 && t.p[n->inner_end - 2] == '\r';

	gs_buf_puts(&e->text, !own_line ? "" : crlf ? "\r\n" : "\n");
	gs_snom_edit(e, n->inner_end, 0, from);
}

static int
compare(const void *a, const void *b)
{
	const struct gs_snom_edit *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

int
gs_snom_edits_apply(struct gs_snom_edits *e, struct gs_buf *out,
    struct gs_err *err)
{
	struct gs_span t = e->doc->scan.text;
	size_t at = 0;

	if (e->no_memory || !gs_buf_ok(&e->text))
		return gs_err_set(err, "out of memory, or too many changes");
	if (e->count > 1)
		qsort(e->list, e->count, sizeof(*e->list), compare);
	for (size_t i = 0; i < e->count; i++) {
		const struct gs_snom_edit *x = &e->list[i];
		if (x->at < at)
			return gs_err_set(err, "two changes at one place");
		gs_buf_put(out, t.p + at, x->at - at);
		gs_buf_put(out, e->text.p + x->text, x->n);
		at = x->at + x->drop;
	}
	gs_buf_put(out, t.p + at, t.n - at);
	return gs_buf_ok(out) ? 0 : gs_err_set(err, "the result is too long");
}
