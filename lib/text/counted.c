/* SPDX-License-Identifier: MIT */
/* Octets with an index. */
#include "text/counted_priv.h"

#include "base/bytes.h"
#include "text/literal.h"

static void
add_glue(struct text_glue *g, struct gs_span s)
{
	for (size_t i = 0; i < s.n && g->n < TEXT_GLUE; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
			g->text[g->n++] = s.p[i];
}

static bool
same_glue(const struct text_glue *a, const struct text_glue *b)
{
	return a->n == b->n && a->n < TEXT_GLUE &&
	    memcmp(a->text, b->text, a->n) == 0;
}

/* Whether s is a number: 241, -15, 0xf1, f1. */
static bool
is_number(struct gs_span s)
{
	if (s.n > 1 && s.p[0] == '-')
		s = gs_span_skip(s, 1);
	return gs_is_digit(s.p[0]) ||
	    (s.n == 2 && gs_hex_value(s.p[0]) >= 0 &&
		gs_hex_value(s.p[1]) >= 0);
}

/* Whether s may be the first index. */
static bool
begins(struct gs_span s, uint64_t *v)
{
	return s.n <= 2 && gs_span_u64(s, v) == 0 && *v <= 1;
}

static bool
add_octet(struct text_counted *c, struct gs_span s)
{
	if (c->n == 0)
		c->behind = c->glue;
	if (c->n == TEXT_COUNTED || c->glue.n == 0 ||
	    !same_glue(&c->glue, &c->behind))
		return false;
	c->is_hex = (c->n == 0 || c->is_hex) && gs_text_hex(s, &c->hex[c->n]);
	c->is_decimal = (c->n == 0 || c->is_decimal) &&
	    gs_text_decimal(s, &c->decimal[c->n]);
	c->n++;
	c->next++;
	return c->is_hex || c->is_decimal;
}

static bool
counts(struct text_counted *c, struct gs_span s)
{
	uint64_t v;

	if (c->n == 1)
		c->before = c->glue;
	return same_glue(&c->glue, &c->before) && gs_span_u64(s, &v) == 0 &&
	    v == c->next;
}

bool
gs_text_counted(struct text_counted *c, struct gs_span gap, struct gs_span s,
    uint64_t line)
{
	bool active = c->n > 0 || c->value, good = true;
	uint64_t v;

	if (active)
		add_glue(&c->glue, gap);
	if (s.n == 0)
		return true;
	if (!is_number(s)) {
		if (active)
			add_glue(&c->glue, s);
		return true;
	}
	/* If two numbers may be the first index, it is the second. */
	if (c->n == 0 && begins(s, &v)) {
		c->next = v;
		c->value = true;
		c->first = line;
	} else if (active) {
		good = c->value ? add_octet(c, s) : counts(c, s);
		c->value = !c->value;
	}
	c->line = line;
	c->glue.n = 0;
	return good;
}
