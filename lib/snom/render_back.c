/* SPDX-License-Identifier: MIT */
/* Function keys, and the sections behind them. */
#include "snom/render_priv.h"

#include <stdio.h>

#include "snom/text.h"

static void
pad_key(struct gs_render *r, unsigned i, struct gs_span xml)
{
	r->pad.part[i].at = (uint32_t)r->pad.text.n;
	r->pad.part[i].n = (uint32_t)xml.n + 1;
	gs_buf_put(&r->pad.text, xml.p, xml.n);
	gs_buf_putc(&r->pad.text, '\n');
}

/* The base's key of each position, GS_NO_NODE for none. */
static void
base_keys(const struct gs_scan *s, uint32_t key[GS_SNOM_KEYS])
{
	uint64_t idx;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		const struct gs_attr *a =
		    gs_node_is(n, "fkey") ? gs_scan_attr(s, n, "idx") : NULL;
		if (a != NULL && n->depth == 2 &&
		    gs_span_u64(a->value, &idx) == 0 && idx < GS_SNOM_KEYS)
			key[idx] = (uint32_t)i;
	}
}

void
gs_build_keys(struct build *b, bool has_keys)
{
	uint32_t key[GS_SNOM_KEYS];
	const struct gs_scan *s = b->base != NULL ? &b->base->scan : NULL;
	bool pad = gs_params_on(b->p, GS_P_PAD_KEYS);
	char text[128];

	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		key[i] = GS_NO_NODE;
	if (s != NULL)
		base_keys(s, key);
	b->r->keys = has_keys;
	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		b->r->keys = b->r->keys || key[i] != GS_NO_NODE;
	for (unsigned i = 0; b->r->keys && i < GS_SNOM_KEYS; i++) {
		int n = snprintf(text, sizeof(text),
		    "<fkey idx=\"%u\" context=\"active\" label=\"\" "
		    "perm=\"%s\">none </fkey>",
		    i, gs_build_perm(b, false));
		if (key[i] != GS_NO_NODE)
			pad_key(b->r, i,
			    gs_span(s->text.p + s->node[key[i]].tag,
				s->node[key[i]].end - s->node[key[i]].tag));
		else if (pad)
			pad_key(b->r, i, gs_span(text, (size_t)n));
	}
}

static void
uploads(struct build *b)
{
	struct gs_program *p = &b->r->back;
	char url[GS_BUILD_VALUE];
	int column = b->holes.phones->column[GS_C_PHONE_ID];
	struct gs_op op = { .kind = GS_OP_IF, .head = true };

	if (column == -1 || !gs_params_on(b->p, GS_P_MENUS))
		return;
	op.column = (uint16_t)column;
	size_t at = gs_program_add(p, op);
	gs_program_puts(p, "<uploads>\n<file url=\"");
	b->holes.head = b->holes.url = true;
	gs_build_url(b, "config_snom/{phone_id}/state_settings.xml", url,
	    sizeof(url));
	if (gs_program_value(p, &b->holes, url, b->err) == -1)
		b->bad = -1;
	gs_program_puts(p,
	    "\" type=\"gui_xml_state_settings\"/>\n</uploads>\n");
	gs_program_end(p, at);
}

static void
certificates(struct build *b)
{
	struct gs_program *p = &b->r->back;
	char url[GS_BUILD_VALUE];

	if (b->p->certificates == 0)
		return;
	gs_program_puts(p, "<certificates>\n");
	for (size_t i = 0; i < b->p->certificates; i++) {
		struct gs_buf x;
		gs_buf_init(&x, 8 * GS_BUILD_VALUE);
		gs_build_url(b, b->p->certificate[i], url, sizeof(url));
		gs_text_put(&x, gs_span(url, strlen(url)));
		gs_program_puts(p, "<certificate url=\"");
		gs_program_text(p, gs_buf_span(&x));
		gs_program_puts(p, "\"/>\n");
		gs_buf_free(&x);
	}
	gs_program_puts(p, "</certificates>\n");
}

/* tbook, dialplan and so on of the base. */
static void
base_sections(struct build *b)
{
	const struct gs_scan *s = b->base != NULL ? &b->base->scan : NULL;

	/* What stands in <phone-settings> alone are settings. */
	if (s == NULL || !gs_node_is(&s->node[0], "settings"))
		return;
	for (size_t i = 1; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (n->depth != 1 || gs_node_is(n, "phone-settings") ||
		    gs_node_is(n, "functionKeys") || gs_node_is(n, "uploads") ||
		    (gs_node_is(n, "certificates") && b->p->certificates > 0))
			continue;
		gs_program_text(&b->r->back,
		    gs_span(s->text.p + n->tag, n->end - n->tag));
		gs_program_puts(&b->r->back, "\n");
	}
}

void
gs_build_back(struct build *b)
{
	uploads(b);
	certificates(b);
	base_sections(b);
	gs_program_puts(&b->r->back, "</settings>\n");
}
