/* SPDX-License-Identifier: MIT */
/* Edits of a document, in place. */
#include "snom/harden_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "snom/chain.h"
#include "snom/doc.h"
#include "snom/text.h"

void
gs_snom_edits_init(struct edits *e, struct gs_snom_doc *doc,
    struct gs_diags *changes)
{
	*e = (struct edits){ .doc = doc, .changes = changes };
	gs_buf_init(&e->text, GS_DOC_SIZE);
}

void
gs_snom_edits_free(struct edits *e)
{
	gs_buf_free(&e->text);
	free(e->list);
	e->list = NULL;
}

void
gs_snom_edit(struct edits *e, size_t at, size_t drop, struct gs_span s)
{
	if (!gs_grow(&e->list, &e->size, e->count + 1, sizeof(*e->list))) {
		e->no_memory = true;
		return;
	}
	e->list[e->count] = (struct edit){ .at = at,
		.drop = drop,
		.text = e->text.n,
		.n = s.n,
		.order = e->count };
	gs_buf_put(&e->text, s.p, s.n);
	e->count++;
}

void
gs_snom_edit_say(struct edits *e, enum gs_snom_rule rule, size_t offset,
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

/* What somebody noted inside a value stays, in front of the new one. */
static void
put_comments(struct gs_buf *b, struct gs_span inner)
{
	for (;;) {
		size_t at = gs_span_find(inner, GS_LIT("<!--"));
		if (at == inner.n ||
		    gs_span_find(gs_span(inner.p, at), GS_LIT("<![CDATA[")) !=
			at)
			return;
		inner = gs_span(inner.p + at, inner.n - at);
		size_t end = gs_span_find(inner, GS_LIT("-->"));
		end += end < inner.n ? 3 : 0;
		gs_buf_put(b, inner.p, end);
		inner = gs_span(inner.p + end, inner.n - end);
	}
}

void
gs_snom_edit_value(struct edits *e, const struct gs_snom_node *n,
    struct gs_span value)
{
	struct gs_buf b;

	gs_buf_init(&b,
	    8 * value.n + n->name.n + 8 + (n->inner_end - n->tag_end));
	if (n->empty)
		gs_buf_putc(&b, '>');
	put_comments(&b, gs_snom_scan_inner(&e->doc->scan, n));
	gs_snom_text_put(&b, value);
	if (n->empty) {
		gs_buf_puts(&b, "</");
		gs_buf_put(&b, n->name.p, n->name.n);
		gs_buf_putc(&b, '>');
		gs_snom_edit(e, n->tag_end - 2, 2, gs_buf_span(&b));
	} else {
		gs_snom_edit(e, n->tag_end, n->inner_end - n->tag_end,
		    gs_buf_span(&b));
	}
	e->no_memory |= !gs_buf_ok(&b);
	gs_buf_free(&b);
}

/* The line end and blanks in front of an offset; nothing when something
 * else stands on its line. */
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

static char
quote_of(const struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	return n->attrs > 0 ? d->scan.attr[n->attr].value.p[-1] : '"';
}

void
gs_snom_edit_add(struct edits *e, const struct gs_snom_node *like,
    const char *name, uint32_t idx, struct gs_span value)
{
	struct gs_span lead = lead_of(e->doc->scan.text, like->tag);
	char q = quote_of(e->doc, like);
	struct gs_buf b;

	gs_buf_init(&b, 8 * value.n + 2 * strlen(name) + lead.n + 64);
	gs_buf_put(&b, lead.p, lead.n);
	gs_buf_printf(&b, "<%s", name);
	if (idx != GS_NO_IDX)
		gs_buf_printf(&b, " idx=%c%u%c", q, idx, q);
	gs_buf_printf(&b, " perm=%cR%c>", q, q);
	gs_snom_text_put(&b, value);
	gs_buf_printf(&b, "</%s>", name);
	gs_snom_edit(e, like->end, 0, gs_buf_span(&b));
	e->no_memory |= !gs_buf_ok(&b);
	gs_buf_free(&b);
}

void
gs_snom_edit_append(struct edits *e, const struct gs_snom_node *n,
    struct gs_span xml)
{
	struct gs_span t = e->doc->scan.text;
	bool own_line = n->inner_end > 0 && t.p[n->inner_end - 1] == '\n';
	bool crlf =
	    own_line && n->inner_end > 1 && t.p[n->inner_end - 2] == '\r';
	struct gs_buf b;

	gs_buf_init(&b, xml.n + 8);
	gs_buf_put(&b, xml.p, xml.n);
	gs_buf_puts(&b, !own_line ? "" : crlf ? "\r\n" : "\n");
	gs_snom_edit(e, n->inner_end, 0, gs_buf_span(&b));
	e->no_memory |= !gs_buf_ok(&b);
	gs_buf_free(&b);
}

static int
compare(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

int
gs_snom_edits_apply(struct edits *e, struct gs_buf *out, struct gs_err *err)
{
	struct gs_span t = e->doc->scan.text;
	size_t at = 0;

	if (e->no_memory || !gs_buf_ok(&e->text))
		return gs_err_set(err, "no memory, or too many changes");
	if (e->count > 1)
		qsort(e->list, e->count, sizeof(*e->list), compare);
	for (size_t i = 0; i < e->count; i++) {
		const struct edit *x = &e->list[i];
		if (x->at < at)
			return gs_err_set(err, "two changes at one place");
		gs_buf_put(out, t.p + at, x->at - at);
		gs_buf_put(out, e->text.p + x->text, x->n);
		at = x->at + x->drop;
	}
	gs_buf_put(out, t.p + at, t.n - at);
	return gs_buf_ok(out) ? 0 : gs_err_set(err, "the result is too long");
}
