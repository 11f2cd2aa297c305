/* SPDX-License-Identifier: MIT */
/* Templates, prepared once and filled for each phone. */
#include "snom/template.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "snom/phones.h"
#include "snom/rules.h"
#include "snom/text.h"
#include "snom/url.h"

enum { MOST_TEXT = 4 * 1024 * 1024 };

void
gs_snom_template_init(struct gs_snom_template *p)
{
	*p = (struct gs_snom_template){ .ops = 0 };
	gs_buf_init(&p->text, MOST_TEXT);
}

void
gs_snom_template_free(struct gs_snom_template *p)
{
	gs_buf_free(&p->text);
	free(p->op);
	p->op = NULL;
	p->ops = p->size = 0;
}

size_t
gs_snom_template_add(struct gs_snom_template *p, struct gs_snom_op op)
{
	if (!gs_grow(&p->op, &p->size, p->ops + 1, sizeof(op))) {
		p->no_memory = true;
		return 0;
	}
	p->op[p->ops] = op;
	return p->ops++;
}

void
gs_snom_template_text(struct gs_snom_template *p, struct gs_span s)
{
	struct gs_snom_op *last = p->ops > 0 ? &p->op[p->ops - 1] : NULL;
	size_t at = p->text.n;

	if (s.n == 0)
		return;
	gs_buf_put(&p->text, s.p, s.n);
	if (!gs_buf_ok(&p->text))
		p->no_memory = true;
	else if (last != NULL && last->kind == GS_OP_TEXT && last->skip == 0 &&
	    last->at + last->n == at)
		last->n += (uint32_t)s.n;
	else
		(void)gs_snom_template_add(p,
		    (struct gs_snom_op){ .kind = GS_OP_TEXT,
			.at = (uint32_t)at,
			.n = (uint32_t)s.n });
}

void
gs_snom_template_puts(struct gs_snom_template *p, const char *s)
{
	gs_snom_template_text(p, gs_span_of(s));
}

void
gs_snom_template_end(struct gs_snom_template *p, size_t at)
{
	if (p->no_memory)
		return;
	p->op[at].skip = (uint32_t)(p->ops - at - 1);
	/* Text that follows must not be joined with what is left out. */
	if (p->ops > 0)
		p->op[p->ops - 1].skip |= p->op[p->ops - 1].kind == GS_OP_TEXT;
}

static void
put_text(struct gs_snom_template *p, struct gs_span s)
{
	struct gs_buf b;

	gs_buf_init(&b, 8 * s.n + 1);
	gs_snom_text_put(&b, s);
	gs_snom_template_text(p, gs_buf_span(&b));
	gs_buf_free(&b);
}

static bool
is_of_name(int c)
{
	return gs_is_word(c) || c == '.';
}

/* The length of "{name}" at the start of s, or 0. */
static size_t
hole_length(struct gs_span s)
{
	size_t n = 1 + gs_span_while(gs_span_skip(s, 1), is_of_name);

	return n > 1 && n < s.n && s.p[n] == '}' ? n + 1 : 0;
}

static int
column_of(const struct gs_snom_rows *t, struct gs_span name)
{
	char text[2 * GS_TABLE_NAME];
	struct gs_span domain = GS_LIT("sip_domain.");

	if (gs_span_starts(name, domain))
		name = gs_span_skip(name, domain.n);
	else
		domain.n = 0;
	if (name.n > GS_TABLE_NAME)
		return -1;
	int n = snprintf(text, sizeof(text), "sip_domain_%.*s", (int)name.n,
	    name.p);
	int column = gs_snom_rows_column(t, text + n - name.n);
	return column == -1 && domain.n > 0 ? gs_snom_rows_column(t, text) :
					      column;
}

static int
add_hole(struct gs_snom_template *p, const struct gs_snom_template_marks *h,
    struct gs_span name, struct gs_err *err)
{
	struct gs_snom_op op = { .kind = GS_OP_CELL, .head = h->head };
	bool is_host = h->host &&
	    (gs_span_eq(name, GS_LIT("host")) ||
		gs_span_eq(name, GS_LIT("sip_domain.host")));

	if (gs_span_eq(name, GS_LIT("mac"))) {
		op.kind = GS_OP_MAC;
		(void)gs_snom_template_add(p, op);
		return 0;
	}
	int column = column_of(&h->phones->g.t, name);
	if (column == -1 && !(is_host && h->no_host != NULL))
		return gs_err_set(err,
		    "there is no column for the placeholder {%.*s}",
		    GS_CUT(name, 64));
	if ((h->url || h->in_url) && column != -1 &&
	    (column == h->phones->column[GS_C_PASS] ||
		column == h->phones->column[GS_C_HTTP_PASS]))
		return gs_err_set(err,
		    "{%.*s} is a password, and URLs are shown and logged",
		    GS_CUT(name, 64));
	if (column == -1) {
		gs_snom_template_puts(p, h->no_host);
		return 0;
	}
	op.column = (uint16_t)column;
	op.kind = is_host ? GS_OP_HOST : h->url ? GS_OP_WORD : GS_OP_CELL;
	if (is_host && h->no_host != NULL) {
		op.at = (uint32_t)p->text.n;
		op.n = (uint32_t)strlen(h->no_host);
		gs_buf_puts(&p->text, h->no_host);
	}
	(void)gs_snom_template_add(p, op);
	return 0;
}

int
gs_snom_template_value(struct gs_snom_template *p,
    const struct gs_snom_template_marks *h, const char *value,
    struct gs_err *err)
{
	struct gs_span s = gs_span_of(value);
	size_t plain = 0;

	while (plain < s.n) {
		size_t n =
		    s.p[plain] == '{' ? hole_length(gs_span_skip(s, plain)) : 0;
		if (n == 0) {
			plain++;
			continue;
		}
		put_text(p, gs_span(s.p, plain));
		if (add_hole(p, h, gs_span(s.p + plain + 1, n - 2), err) == -1)
			return -1;
		s = gs_span(s.p + plain + n, s.n - plain - n);
		plain = 0;
	}
	put_text(p, s);
	return 0;
}

int
gs_snom_cell_put(struct gs_buf *out, struct gs_span s, uint64_t line,
    struct gs_span column, struct gs_diags *d)
{
	size_t at;

	if (gs_snom_text_put_valid(out, s, &at))
		return 0;
	gs_snom_say(d, GS_S_DATA_BYTES, line,
	    "column %.*s: byte %zu (0x%02x) is invalid UTF-8 or a control byte",
	    GS_CUT(column, GS_TABLE_NAME), at + 1, (unsigned char)s.p[at]);
	return -1;
}

/* The place of a cell, and where to report errors. */
struct place {
	uint64_t line;
	struct gs_span column;
	struct gs_diags *d; /* NULL: already reported */
};

static int
put_host(const struct gs_snom_template *p, const struct gs_snom_op *op,
    const struct gs_snom_cell *c, struct gs_buf *out, const struct place *at)
{
	if (c->s.n == 0 && op->n > 0) {
		gs_buf_put(out, p->text.p + op->at, op->n);
		return 0;
	}
	bool srv = gs_snom_url_is_srv(c->s);
	if (!srv && gs_snom_url_host_kind(c->s) != GS_HOST_BAD) {
		gs_snom_url_host_put(out, c->s);
		return 0;
	}
	if (srv)
		gs_snom_say(at->d, GS_S_DATA_HOST, at->line,
		    "column %.*s: '%.*s' is the name of an SRV record; write "
		    "the domain",
		    GS_CUT(at->column, GS_TABLE_NAME), GS_CUT(c->s, 64));
	else if (c->s.n == 0)
		gs_snom_say(at->d, GS_S_DATA_EMPTY, at->line,
		    "column %.*s: the account has no host, and sip_host is "
		    "not set",
		    GS_CUT(at->column, GS_TABLE_NAME));
	else
		gs_snom_say(at->d, GS_S_DATA_HOST, at->line,
		    "column %.*s: '%.*s' is neither a host name nor an address",
		    GS_CUT(at->column, GS_TABLE_NAME), GS_CUT(c->s, 64));
	return -1;
}

/* RFC 3986 section 2.3. */
static bool
is_unreserved(int c)
{
	return is_of_name(c) || c == '~' || c == '-';
}

static int
put_word(struct gs_buf *out, struct gs_span s, const struct place *at)
{
	if (s.n == 0) {
		gs_snom_say(at->d, GS_S_DATA_EMPTY, at->line,
		    "column %.*s is empty, and a URL needs it",
		    GS_CUT(at->column, GS_TABLE_NAME));
		return -1;
	}
	size_t good = gs_span_while(s, is_unreserved);
	if (good < s.n) {
		gs_snom_say(at->d, GS_S_DATA_BYTES, at->line,
		    "column %.*s: byte %zu is not allowed in a URL",
		    GS_CUT(at->column, GS_TABLE_NAME), good + 1);
		return -1;
	}
	gs_buf_put(out, s.p, s.n);
	return 0;
}

int
gs_snom_template_run(const struct gs_snom_template *p,
    const struct gs_snom_phone *ph, const struct gs_snom_row *row,
    const struct gs_snom_phones *phones, struct gs_buf *out, struct gs_diags *d)
{
	int bad = 0, column = -1;

	for (size_t i = 0; i < p->ops; i++) {
		const struct gs_snom_op *op = &p->op[i];
		const struct gs_snom_row *r = op->head ? &ph->head : row;
		const struct gs_snom_cell *c = &r->cell[op->column];
		struct place at = { .line = r->line,
			.column = phones->g.t.name[op->column],
			.d = d };
		switch ((enum gs_snom_op_kind)op->kind) {
		case GS_OP_TEXT:
			gs_buf_put(out, p->text.p + op->at, op->n);
			break;
		case GS_OP_CELL:
			bad |=
			    gs_snom_cell_put(out, c->s, r->line, at.column, d);
			break;
		case GS_OP_HOST:
			/* A host is used in two settings: report it once. */
			at.d = column == op->column ? NULL : d;
			if (put_host(p, op, c, out, &at) == 0)
				break;
			column = op->column;
			bad = -1;
			break;
		case GS_OP_WORD: bad |= put_word(out, c->s, &at); break;
		case GS_OP_MAC: gs_buf_put(out, ph->mac_text, 12); break;
		case GS_OP_IF: i += c->s.n == 0 ? op->skip : 0; break;
		case GS_OP_UNLESS: i += c->s.n > 0 ? op->skip : 0; break;
		}
	}
	return bad;
}
