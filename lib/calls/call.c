/* SPDX-License-Identifier: MIT */
/* A call and how it is printed: a line for each leg, an object of JSON. */
#include "calls/call.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/report.h"
#include "calls/leg.h"
#include "calls/verdict.h"

enum { LINE = 64 * 1024, SECONDS = 19 };

enum gs_calls_proven
gs_calls_call_proven(const struct gs_calls_call *c)
{
	enum gs_calls_proven worst = GS_CALL_NO_MEDIA;

	for (size_t i = 0; i < c->legs; i++) {
		enum gs_calls_proven p = gs_calls_leg_proven(c->leg[i], NULL);
		worst = p > worst ? p : worst;
	}
	return worst;
}

struct gs_calls_call_counts
gs_calls_call_count(const struct gs_calls_call *c)
{
	struct gs_calls_call_counts n = { { 0 } };

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_diags *d = &c->leg[i]->found;
		for (size_t k = 0; k < d->n; k++)
			n.n[d->list[k].severity]++;
		for (unsigned s = GS_NOTE; s <= GS_ERROR; s++)
			n.n[s] += d->dropped[s];
	}
	return n;
}

/* ---- who and where */

/* The user of a channel, without what some phones put behind it in their
 * contact: 1001-0x5650748035e0. */
static struct gs_span
user_of(const struct gs_calls_leg *l)
{
	struct gs_span s = gs_calls_leg_user(l->channel);

	s.n = gs_span_find(s, GS_LIT("-0x"));
	return s;
}

/* The party that an outbound leg calls: the number that the caller dialed, if
 * the channel's name begins with it. */
static struct gs_span
called(const struct gs_calls_leg *call, const struct gs_calls_leg *l)
{
	size_t n = strlen(call->to);

	if (n > 0 && strncmp(l->channel, call->to, n) == 0)
		return gs_span(call->to, n);
	return user_of(l);
}

struct gs_calls_call_place
gs_calls_call_place(const struct gs_calls_call *c, size_t leg)
{
	const struct gs_calls_leg *l = c->leg[leg], *call = c->leg[0];
	struct gs_calls_call_place p = {
		.when = l->when,
		.call = call,
		.leg = l,
		.from = gs_span_of(l->from),
		.to = gs_span_of(l->to),
	};

	if (!l->log)
		return p;
	if (l->first == GS_PARTY_LOCAL && leg > 0) {
		p.from = gs_span_of(call->from);
		if (p.from.n == 0)
			p.from = user_of(call);
		p.to = called(call, l);
	} else if (l->first == GS_PARTY_LOCAL) {
		p.to = user_of(l);
	} else if (p.from.n == 0) {
		p.from = user_of(l);
	}
	return p;
}

static void
member(struct gs_json *j, const char *key, struct gs_span s)
{
	gs_json_key(j, key);
	if (s.n > 0)
		gs_json_span(j, s);
	else
		gs_json_null(j);
}

static void
member_id(struct gs_json *j, const char *key, const struct gs_calls_leg *l)
{
	char text[sizeof(l->id)];

	member(j, key,
	    l != NULL ? gs_calls_verdict_id(l->id, l->log, text, sizeof(text)) :
			gs_span(NULL, 0));
}

void
gs_calls_call_members(struct gs_json *j, const void *about)
{
	const struct gs_calls_call_place *at = about;

	gs_json_member_text(j, "time", at->when);
	member_id(j, "call", at->call);
	member_id(j, "leg", at->leg);
	member(j, "from", at->from);
	member(j, "to", at->to);
	if (!at->carried)
		gs_calls_verdict_transport(j,
		    at->leg != NULL ? at->leg->transport :
				      GS_TRANSPORT_UNKNOWN);
}

/* ---- text */

static void
put_party(struct gs_buf *b, struct gs_span s)
{
	struct gs_span user = s;

	user.n = gs_span_find(user, GS_LIT("@"));
	if (s.n == 0)
		gs_buf_putc(b, '?');
	else
		gs_buf_put_visible(b, user.n > 0 ? user : s);
}

static void
put_leg(struct gs_buf *b, const struct gs_report *r,
    const struct gs_calls_call *c, size_t leg)
{
	static const char *const directions[] = { "", " in,", " out," };
	const struct gs_calls_leg *l = c->leg[leg];
	const struct gs_calls_call_place at = gs_calls_call_place(c, leg);
	char why[GS_CALLS_WHY];

	(void)gs_calls_leg_proven(l, why);
	gs_buf_printf(b, "%.*s%s", SECONDS, l->when,
	    l->when[0] != '\0' ? "," : "");
	if (c->legs > 1)
		gs_buf_printf(b, "%sleg %zu of %zu,",
		    l->when[0] != '\0' ? " " : "", leg + 1, c->legs);
	gs_buf_puts(b, directions[l->first]);
	gs_buf_puts(b, b->n > 0 && b->p[b->n - 1] == ',' ? " " : "");
	put_party(b, at.from);
	gs_buf_puts(b, " -> ");
	put_party(b, at.to);
	gs_buf_puts(b, ": ");
	if (l->media.n > 0) {
		gs_buf_put_visible(b, gs_buf_span(&l->media));
		gs_buf_printf(b, " %s ", gs_calls_verdict_dash(r));
	}
	gs_buf_puts(b, why);
}

void
gs_calls_call_print_leg(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, size_t leg)
{
	struct gs_buf b, line;

	gs_buf_init(&b, LINE);
	gs_buf_init(&line, LINE);
	put_leg(&line, r, c, leg);
	gs_buf_put_visible(&b, gs_span_of(file));
	gs_buf_putc(&b, ':');
	gs_buf_put_u64(&b, c->leg[leg]->pos.line);
	gs_buf_puts(&b, ": ");
	gs_buf_put(&b, line.p, line.n);
	gs_buf_putc(&b, '\n');
	(void)fwrite(b.p, 1, b.n, r->fp);
	gs_buf_free(&line);
	gs_buf_free(&b);
}

/* ---- JSON */

static void
json_leg(struct gs_json *j, const struct gs_calls_call *c, size_t leg)
{
	static const char *const directions[] = { NULL, "in", "out" };
	const struct gs_calls_leg *l = c->leg[leg];
	struct gs_calls_call_place at = gs_calls_call_place(c, leg);
	char why[GS_CALLS_WHY];

	gs_json_open(j, '{');
	member_id(j, "leg", l);
	gs_json_member_text(j, "time", l->when);
	gs_json_member_text(j, "last", l->last);
	gs_json_member_text(j, "direction", directions[l->first]);
	member(j, "from", at.from);
	member(j, "to", at.to);
	gs_calls_verdict_transport(j, l->transport);
	member(j, "media", gs_buf_span(&l->media));
	gs_json_member_str(j, "verdict",
	    gs_calls_proven_name(gs_calls_leg_proven(l, why)));
	gs_json_member_str(j, "why", why);
	gs_json_close(j, '}');
}

static enum gs_severity
worst_of(const struct gs_calls_call_counts *n)
{
	return n->n[GS_ERROR] > 0 ? GS_ERROR :
	    n->n[GS_WARNING] > 0  ? GS_WARNING :
				    GS_NOTE;
}

void
gs_calls_call_print_json(struct gs_report *r, const char *file,
    const struct gs_calls_call *c, const struct gs_calls_call_counts *n)
{
	const char *verdict = gs_calls_proven_name(gs_calls_call_proven(c));
	struct gs_calls_call_place at = gs_calls_call_place(c, 0);
	struct gs_json *j = &r->json;

	at.leg = NULL;
	at.carried = true;
	gs_report_open_object(j,
	    &(struct gs_report_head){ .type = "call",
		.file = file,
		.pos = c->leg[0]->pos,
		.severity = worst_of(n),
		.message = gs_span_of(verdict) });
	gs_calls_call_members(j, &at);
	gs_calls_verdict_transport(j, c->leg[0]->transport);
	gs_json_member_str(j, "verdict", verdict);
	gs_json_key(j, "legs");
	gs_json_open(j, '[');
	for (size_t i = 0; i < c->legs; i++)
		json_leg(j, c, i);
	gs_json_close(j, ']');
	gs_json_member_u64(j, "errors", n->n[GS_ERROR]);
	gs_json_member_u64(j, "warnings", n->n[GS_WARNING]);
	gs_json_member_u64(j, "notes", n->n[GS_NOTE]);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

/* ---- reports that wait */

void
gs_calls_call_hold(struct gs_buf *held, struct gs_report *r, const char *file,
    const struct gs_calls_result *result, const struct gs_diags *d)
{
	struct gs_report copy = *r;
	char *text = NULL;
	size_t n = 0;

	copy.fp = open_memstream(&text, &n);
	if (copy.fp == NULL) {
		r->no_memory = true;
		return;
	}
	copy.members = NULL;
	gs_json_init(&copy.json, copy.fp);
	gs_calls_verdict_report(&copy, file, result, d);
	if (gs_memory_end(copy.fp, &text))
		gs_buf_put(held, text, n);
	free(text);
	r->no_memory |= !gs_buf_ok(held);
}

void
gs_calls_call_print_held(struct gs_report *r, struct gs_span held,
    const struct gs_calls_call_place *at)
{
	const struct gs_span transport = GS_LIT(",\"transport\":");
	struct gs_json *j = &r->json;
	struct gs_calls_call_place place = *at;

	if (r->format != GS_JSON || held.n < 2) {
		(void)fwrite(held.p, 1, held.n, r->fp);
		return;
	}
	place.carried = gs_span_has(held, transport);
	(void)fwrite(held.p, 1, held.n - 2, r->fp);
	/* The object is open, and has members. */
	j->depth = 1;
	j->more = 2;
	gs_calls_call_members(j, &place);
	gs_json_close(j, '}');
	gs_json_newline(j);
}
