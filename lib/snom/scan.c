/* SPDX-License-Identifier: MIT */
/* Where the elements of an XML document stand, to the byte, also when it is
 * not well-formed. */
#include "snom/scan.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/diag.h"

enum { MOST_ATTRS = 64 };

struct state {
	struct gs_snom_scan *s;
	size_t at;
	uint32_t open[GS_SCAN_DEPTH];
	size_t depth;
	bool no_memory;
};

/* Bytes of a name (XML 1.0 section 2.3); above ASCII all are taken. */
static bool
is_name(int c)
{
	return gs_is_word(c) || c == '-' || c == '.' || c == ':' ||
	    (unsigned char)c >= 0x80;
}

/* What is not read yet. */
static struct gs_span
rest_of(const struct state *st)
{
	return gs_span_skip(st->s->text, st->at);
}

static struct gs_snom_node *
new_node(struct state *st)
{
	struct gs_snom_scan *s = st->s;

	if (s->nodes == GS_SCAN_NODES || st->depth == GS_SCAN_DEPTH) {
		s->limit = true;
		return NULL;
	}
	if (!gs_grow(&s->node, &s->node_size, s->nodes + 1, sizeof(*s->node))) {
		st->no_memory = true;
		return NULL;
	}
	return &s->node[s->nodes];
}

static bool
add_attr(struct state *st, struct gs_span name, struct gs_span value)
{
	struct gs_snom_scan *s = st->s;

	if (s->attrs == GS_SCAN_ATTRS) {
		s->limit = true;
		return false;
	}
	if (!gs_grow(&s->attr, &s->attr_size, s->attrs + 1, sizeof(*s->attr))) {
		st->no_memory = true;
		return false;
	}
	s->attr[s->attrs++] = (struct gs_snom_attr){ name, value };
	return true;
}

static void
skip_blanks(struct state *st)
{
	st->at += gs_span_while(rest_of(st), gs_is_white);
}

static struct gs_span
read_name(struct state *st)
{
	struct gs_span rest = rest_of(st);

	rest.n = gs_span_while(rest, is_name);
	st->at += rest.n;
	return rest;
}

/* Moves past the next end, or to the end of the text. */
static void
skip_past(struct state *st, struct gs_span end)
{
	struct gs_span rest = rest_of(st);
	size_t n = gs_span_find(rest, end);

	st->at += n == rest.n ? n : n + end.n;
}

/* name="value" or name='value'. Returns false if there is none. */
static bool
read_attr(struct state *st, struct gs_snom_node *node)
{
	const struct gs_span t = st->s->text;
	struct gs_span name = read_name(st);

	skip_blanks(st);
	if (name.n == 0 || st->at >= t.n || t.p[st->at] != '=')
		return false;
	st->at++;
	skip_blanks(st);
	if (st->at >= t.n || (t.p[st->at] != '"' && t.p[st->at] != '\''))
		return false;
	const char *close = st->at + 1 < t.n ?
	    memchr(t.p + st->at + 1, t.p[st->at], t.n - st->at - 1) :
	    NULL;
	if (close == NULL)
		return false;
	struct gs_span value =
	    gs_span(t.p + st->at + 1, (size_t)(close - t.p) - st->at - 1);
	st->at = (size_t)(close - t.p) + 1;
	if (node->attrs == MOST_ATTRS) {
		st->s->limit = true;
		return false;
	}
	if (!add_attr(st, name, value))
		return false;
	node->attrs++;
	return true;
}

/* The rest of a start tag, after its name up to and with ">". */
static void
read_attrs(struct state *st, struct gs_snom_node *node)
{
	const struct gs_span t = st->s->text;

	for (;;) {
		skip_blanks(st);
		if (st->at >= t.n || t.p[st->at] == '>' || t.p[st->at] == '/')
			break;
		if (!read_attr(st, node))
			break;
	}
	/* The rest of a broken tag is skipped. */
	const char *close =
	    st->at < t.n ? memchr(t.p + st->at, '>', t.n - st->at) : NULL;
	st->at = close == NULL ? t.n : (size_t)(close - t.p) + 1;
	node->empty = close != NULL && close[-1] == '/';
}

static void
start_tag(struct state *st)
{
	struct gs_snom_scan *s = st->s;
	size_t tag = st->at++;
	struct gs_span name = read_name(st);

	if (name.n == 0)
		return;
	struct gs_snom_node *n = new_node(st);
	if (n == NULL)
		return;
	*n = (struct gs_snom_node){ .name = name,
		.tag = (uint32_t)tag,
		.attr = (uint32_t)s->attrs,
		.depth = (uint16_t)st->depth,
		.parent = GS_NO_NODE };
	if (st->depth > 0) {
		n->parent = st->open[st->depth - 1];
		s->node[n->parent].children = true;
	}
	read_attrs(st, n);
	n->tag_end = n->inner_end = n->end = (uint32_t)st->at;
	if (!n->empty)
		st->open[st->depth++] = (uint32_t)s->nodes;
	s->nodes++;
}

static void
close_node(struct state *st, size_t inner_end)
{
	struct gs_snom_node *n = &st->s->node[st->open[--st->depth]];

	n->inner_end = (uint32_t)inner_end;
	n->end = (uint32_t)st->at;
}

/* Closes up to the nearest open element of this name; a name that nobody
 * opened closes the innermost one. */
static void
end_tag(struct state *st)
{
	size_t tag = st->at;

	st->at += 2;
	struct gs_span name = read_name(st);
	skip_past(st, GS_LIT(">"));
	size_t to = st->depth;
	while (to > 0 && !gs_span_eq(st->s->node[st->open[to - 1]].name, name))
		to--;
	if (to == 0)
		to = st->depth;
	while (st->depth > 0 && st->depth >= to)
		close_node(st, tag);
}

static void
doctype(struct state *st)
{
	const struct gs_span t = st->s->text;
	size_t from = st->at;

	while (st->at < t.n && t.p[st->at] != '>' && t.p[st->at] != '[')
		st->at++;
	if (st->at < t.n && t.p[st->at] == '[')
		skip_past(st, GS_LIT("]"));
	skip_past(st, GS_LIT(">"));
	st->s->doctype = gs_span(t.p + from, st->at - from);
}

static void
markup(struct state *st)
{
	struct gs_span rest = rest_of(st);

	if (gs_span_starts(rest, GS_LIT("<!--"))) {
		st->at += 4;
		skip_past(st, GS_LIT("-->"));
	} else if (gs_span_starts(rest, GS_LIT("<![CDATA["))) {
		skip_past(st, GS_LIT("]]>"));
	} else if (gs_span_starts(rest, GS_LIT("<!DOCTYPE"))) {
		doctype(st);
	} else if (gs_span_starts(rest, GS_LIT("<?"))) {
		skip_past(st, GS_LIT("?>"));
	} else if (gs_span_starts(rest, GS_LIT("</"))) {
		end_tag(st);
	} else {
		start_tag(st);
	}
}

int
gs_snom_scan(struct gs_snom_scan *s, struct gs_span text, struct gs_err *err)
{
	struct state st = { .s = s };

	*s = (struct gs_snom_scan){ .text = text };
	if (text.n >= UINT32_MAX)
		return gs_err_set(err, "too long");
	while (st.at < text.n && !s->limit && !st.no_memory) {
		const char *lt = memchr(text.p + st.at, '<', text.n - st.at);
		if (lt == NULL)
			break;
		st.at = (size_t)(lt - text.p);
		markup(&st);
	}
	s->stopped = (uint32_t)st.at;
	st.at = s->limit ? st.at : text.n;
	while (st.depth > 0)
		close_node(&st, st.at);
	if (!st.no_memory)
		return 0;
	gs_snom_scan_free(s);
	return gs_err_set(err, "out of memory");
}

void
gs_snom_scan_free(struct gs_snom_scan *s)
{
	free(s->node);
	free(s->attr);
	free(s->line);
	*s = (struct gs_snom_scan){ .nodes = 0 };
}

static bool
make_lines(struct gs_snom_scan *s)
{
	size_t size = 0;

	for (size_t at = 0;;) {
		if (!gs_grow(&s->line, &size, s->lines + 1, sizeof(*s->line)))
			return false;
		s->line[s->lines++] = (uint32_t)at;
		const char *nl = at < s->text.n ?
		    memchr(s->text.p + at, '\n', s->text.n - at) :
		    NULL;
		if (nl == NULL)
			return true;
		at = (size_t)(nl - s->text.p) + 1;
	}
}

struct gs_pos
gs_snom_scan_pos(struct gs_snom_scan *s, size_t offset)
{
	size_t lo = 0, hi;

	if (s->lines == 0 && !make_lines(s))
		return (struct gs_pos){ 0, 0 };
	hi = s->lines;
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (s->line[mid] <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return (struct gs_pos){ lo + 1, (uint32_t)(offset - s->line[lo]) + 1 };
}

const struct gs_snom_attr *
gs_snom_scan_attr(const struct gs_snom_scan *s, const struct gs_snom_node *n,
    const char *name)
{
	struct gs_span want = gs_span_of(name);

	for (uint32_t i = n->attr; i < n->attr + n->attrs; i++)
		if (gs_span_eq(s->attr[i].name, want))
			return &s->attr[i];
	return NULL;
}

bool
gs_snom_scan_piece(const struct gs_snom_scan *s, struct gs_snom_pieces *p,
    struct gs_span *piece)
{
	const struct gs_snom_node *n = &s->node[p->at];

	while (p->attrs < n->attrs) {
		p->attr = &s->attr[n->attr + p->attrs++];
		*piece = p->attr->value;
		if (!gs_span_starts(p->attr->name, GS_LIT("xmlns")) &&
		    !gs_span_starts(p->attr->name, GS_LIT("xsi:")))
			return true;
	}
	p->attr = NULL;
	if (p->done)
		return false;
	if (p->next == 0) {
		p->from = n->tag_end;
		p->next = n->children ? p->at + 1 : s->nodes;
	}
	for (; p->next < s->nodes && s->node[p->next].tag < n->inner_end;
	     p->next++) {
		const struct gs_snom_node *child = &s->node[p->next];
		if (child->parent != p->at || child->tag < p->from)
			continue;
		*piece = gs_span(s->text.p + p->from, child->tag - p->from);
		p->from = child->end;
		return true;
	}
	p->done = true;
	if (p->from > n->inner_end)
		return false;
	*piece = gs_span(s->text.p + p->from, n->inner_end - p->from);
	return true;
}
