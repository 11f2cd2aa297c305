/* SPDX-License-Identifier: MIT */
/* The calls of one file: their legs, and what is reported about them. */
#include "calls/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/report.h"
#include "calls/call.h"
#include "calls/dialog.h"
#include "calls/leg.h"
#include "calls/steps.h"
#include "calls/sums.h"
#include "calls/verdict.h"

enum { BUCKETS = 1024 };
enum { HELD_MOST = 1024 * 1024, ITEMS_MOST = 4096 };

/* A place in the table of legs. */
struct slot {
	uint64_t hash; /* 0: it was removed */
	struct gs_calls_leg *leg; /* NULL: free */
	struct gs_calls_call *call;
	uint16_t next; /* next of the same bucket, or of the free ones, from 1
			* on; 0: none */
};

struct gs_calls_ledger {
	struct gs_calls_view *v;
	struct slot *slot; /* room for GS_LEDGER_LEGS */
	size_t slots; /* slots that were used at any time: the first ones */
	size_t used; /* slots in use */
	uint16_t free; /* the first of the others, from 1 on */
	size_t recent; /* the one that was found last */
	uint16_t bucket[BUCKETS]; /* for each, the first slot, from 1 on */
	struct gs_list calls; /* calls by the time of use */
	uint64_t clock;
	bool no_memory;
};

/* ---- the table */

static struct slot *
find_hash(struct gs_calls_ledger *g, uint64_t hash)
{
	if (hash == 0)
		return NULL;
	for (size_t i = g->bucket[hash % BUCKETS]; i > 0;
	     i = g->slot[i - 1].next)
		if (g->slot[i - 1].hash == hash) {
			g->recent = i - 1;
			return &g->slot[i - 1];
		}
	return NULL;
}

/* Removes s from the table. */
static void
forget(struct gs_calls_ledger *g, struct slot *s)
{
	const size_t own = (size_t)(s - g->slot) + 1;
	uint16_t *at = &g->bucket[s->hash % BUCKETS];

	if (s->hash == 0)
		return;
	while (*at != own)
		at = &g->slot[*at - 1].next;
	*at = s->next;
	s->hash = 0;
}

static struct slot *
find(struct gs_calls_ledger *g, const char *id)
{
	struct slot *s = &g->slot[g->recent];

	/* Usually it is the leg of the previous line. */
	if (g->slots == 0 || s->hash == 0 || strcmp(s->leg->id, id) != 0)
		s = find_hash(g, gs_span_hash(gs_span_of(id)));
	return s != NULL && strcmp(s->leg->id, id) == 0 ? s : NULL;
}

/* ---- what is printed */

/* Subtracts the findings of a call that is filtered out. */
static void
leave_out(const struct gs_calls_view *v, struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		v->d->total[d->list[i].severity]--;
	for (unsigned s = GS_NOTE; s <= GS_ERROR; s++)
		v->d->total[s] -= d->dropped[s];
	gs_diags_clear(d);
}

/* Reports n findings of d from number one on that are at least of severity
 * least, and after the last one how many were dropped. about: the members for
 * JSON. */
static void
report_some(struct gs_calls_ledger *g, const struct gs_diags *d, size_t from,
    size_t n, const struct gs_calls_call_place *about)
{
	struct gs_report *r = g->v->report;
	struct gs_diags some = *d;

	for (size_t i = from; i < from + n; i++)
		g->v->sums->findings[d->list[i].rule - gs_sdp_rules.rule]++;
	if (g->v->silent)
		return;
	some.list = d->list != NULL ? d->list + from : NULL;
	some.n = n;
	if (from + n < d->n)
		memset(some.dropped, 0, sizeof(some.dropped));
	r->members = gs_calls_call_members;
	r->about = about;
	gs_report_findings(r, g->v->file, &some);
}

/* Reports all findings of severity least and worse, and clears them. */
static void
report(struct gs_calls_ledger *g, struct gs_diags *d, unsigned least,
    const struct gs_calls_call_place *about)
{
	struct gs_report *r = g->v->report;
	const enum gs_severity shown = r->shown;

	if (least > (unsigned)shown)
		r->shown = (enum gs_severity)least;
	report_some(g, d, 0, d->n, about);
	r->shown = shown;
	gs_diags_clear(d);
}

/* ---- results that belong to no call */

static bool
has_warning(const struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].severity >= GS_WARNING)
			return true;
	return false;
}

static bool
is_text_of_calls(const struct gs_calls_view *v)
{
	return v->report->format == GS_TEXT && !v->blocks;
}

/* Takes a registration, a bare SDP, or findings about the file as a whole. */
static void
take_alone(struct gs_calls_ledger *g, const struct gs_calls_result *r)
{
	struct gs_calls_call_place nowhere = { .carried =
						   r->kind != GS_RESULT_KEY };
	struct gs_calls_view *v = g->v;
	const struct gs_text_registration *reg =
	    r->kind == GS_RESULT_REGISTRATION ? r->registration : NULL;
	bool good =
	    reg != NULL && !has_warning(v->d) && is_text_of_calls(v) && !v->all;

	if ((r->gap != NULL && !gs_calls_filter_gap(&v->filter, r->gap)) ||
	    (r->message != NULL &&
		!gs_calls_filter_message(&v->filter, r->message)) ||
	    (reg != NULL && !gs_calls_filter_registration(&v->filter, reg))) {
		leave_out(v, v->d);
		return;
	}
	if (reg != NULL)
		v->sums->registered[reg->transport]++;
	v->matches += reg != NULL || (r->message != NULL && v->d->n > 0);
	v->report->members = gs_calls_call_members;
	v->report->about = &nowhere;
	if (r->kind != GS_RESULT_EVENT && !v->quiet && !v->silent && !good)
		gs_calls_verdict_report(v->report, v->file, r, v->d);
	nowhere.carried = false;
	report(g, v->d, good ? GS_ERROR + 1 : GS_NOTE, &nowhere);
}

/* ---- calls */

static void
call_free(struct gs_calls_ledger *g, struct gs_calls_call *c)
{
	for (size_t i = 0; i < c->legs; i++) {
		struct slot *s = &g->slot[c->leg[i]->slot];
		forget(g, s);
		gs_calls_leg_free(s->leg);
		*s = (struct slot){ .next = g->free };
		g->free = (uint16_t)(s - g->slot + 1);
		g->used--;
	}
	gs_list_take(&g->calls, &c->used);
	free(c);
}

static bool
is_wanted(const struct gs_calls_view *v, const struct gs_calls_call *c)
{
	bool named = false, timed = false;

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_calls_leg *l = c->leg[i];
		named |= gs_calls_filter_names(&v->filter, l);
		timed |= gs_calls_filter_times(&v->filter, l->when, l->last);
	}
	return named && timed;
}

/* Prints the items of a leg, each with its findings. */
static void
print_items(struct gs_calls_ledger *g, const struct gs_calls_call *c,
    size_t leg)
{
	struct gs_calls_leg *l = c->leg[leg];
	const struct gs_calls_call_place at = gs_calls_call_place(c, leg);
	size_t done = 0;

	for (size_t i = 0; i < l->items; i++) {
		const struct gs_calls_item *k = &l->item[i];
		size_t n = k->findings < l->found.n - done ? k->findings :
							     l->found.n - done;
		if (k->n > 0)
			gs_calls_call_print_held(g->v->report,
			    gs_span(l->held.p + k->at, k->n), &at);
		if (n > 0)
			report_some(g, &l->found, done, n, &at);
		done += n;
	}
	gs_diags_clear(&l->found);
}

/* Prints the legs, each with its findings by place. */
static void
print_legs(struct gs_calls_ledger *g, const struct gs_calls_call *c,
    bool listed)
{
	const struct gs_calls_view *v = g->v;

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_calls_call_place at = gs_calls_call_place(c, i);
		gs_diags_sort(&c->leg[i]->found);
		if (listed && !v->quiet && !v->silent)
			gs_calls_call_print_leg(v->report, v->file, c, i);
		report(g, &c->leg[i]->found,
		    !listed    ? GS_ERROR + 1u :
			v->all ? GS_NOTE :
				 v->least,
		    &at);
	}
}

/* The rules whose findings make c worth a look. */
struct worth {
	bool rule[GS_R_COUNT];
	bool any;
	bool error; /* some are errors, or not known */
};

static struct worth
worth_of(const struct gs_calls_view *v, const struct gs_calls_call *c)
{
	struct worth w = { .any = false };

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_diags *d = &c->leg[i]->found;
		w.error |= d->dropped[GS_ERROR] > 0;
		for (size_t k = 0; k < d->n; k++) {
			const struct gs_finding *f = &d->list[k];
			if (f->severity < v->least)
				continue;
			w.any = true;
			w.error |= f->severity == GS_ERROR;
			w.rule[f->rule - gs_sdp_rules.rule] = true;
		}
	}
	return w;
}

/* Whether c, a good call, has only warnings that were shown often enough. */
static bool
is_alike(const struct gs_calls_view *v, const struct worth *w)
{
	for (size_t i = 0; i < GS_R_COUNT; i++)
		if (w->rule[i] && v->shown[i] < GS_VIEW_ALIKE)
			return false;
	return v->few && !v->quiet && !v->silent && !w->error;
}

/* Whether c, which is proven to be p, is listed. Counts it among those that are
 * alike, or its warnings among those that were shown. */
static bool
take_listed(struct gs_calls_view *v, const struct gs_calls_call *c,
    enum gs_calls_proven p)
{
	if (v->all || p >= GS_CALL_UNPROVEN)
		return true;
	const struct worth w = worth_of(v, c);
	if (!w.any)
		return false;
	if (is_alike(v, &w)) {
		v->alike++;
		return false;
	}
	for (size_t i = 0; i < GS_R_COUNT; i++)
		if (w.rule[i] && v->shown[i] < GS_VIEW_ALIKE)
			v->shown[i]++;
	return true;
}

/* Draws c if it is the first one. It is printed if it remains the only one. */
static void
draw(struct gs_calls_ledger *g, const struct gs_calls_call *c)
{
	struct gs_calls_view *v = g->v;

	if (v->drawn++ > 0)
		return;
	FILE *fp = open_memstream(&v->drawing, &v->drawing_n);
	if (fp == NULL) {
		g->no_memory = true;
		return;
	}
	gs_calls_steps_draw(c, v->flow == GS_DRAW_SVG, fp);
	if (gs_memory_end(fp, &v->drawing))
		return;
	g->no_memory = true;
	v->drawing_n = 0;
}

/* Reports an error for what --require demands and l does not prove. */
static void
prove(struct gs_calls_ledger *g, struct gs_calls_leg *l)
{
	const unsigned media = GS_REQUIRE_SRTP | GS_REQUIRE_SAVP;
	struct gs_calls_view *v = g->v;
	struct gs_pos pos;
	const char *lack = NULL;

	if ((v->require & media) != 0 && !l->told)
		lack = gs_calls_leg_lack(l, &pos);
	if (lack == NULL)
		return;
	v->d->total[GS_ERROR]++;
	if (!gs_grow(&l->item, &l->item_size, l->items + 1, sizeof(*l->item))) {
		g->no_memory = true;
		return;
	}
	l->item[l->items++] =
	    (struct gs_calls_item){ .at = l->held.n, .findings = 1 };
	(void)gs_diag(&l->found, &gs_sdp_rules.rule[GS_R_UNPROVEN], pos, "%s",
	    lack);
}

/* Closes c, which is complete. */
static void
call_close(struct gs_calls_ledger *g, struct gs_calls_call *c)
{
	struct gs_calls_view *v = g->v;
	const bool wanted = is_wanted(v, c);
	const bool json =
	    v->report->format == GS_JSON && !v->quiet && !v->silent;
	struct gs_calls_call_counts n = { { 0 } };

	for (size_t i = 0; i < c->legs; i++)
		if (wanted)
			prove(g, c->leg[i]);
		else
			leave_out(v, &c->leg[i]->found);
	if (wanted) {
		const enum gs_calls_proven p = gs_calls_call_proven(c);
		v->matches++;
		v->sums->calls[p]++;
		if (json)
			n = gs_calls_call_count(c);
		if (v->flow != GS_DRAW_NOTHING)
			draw(g, c);
		if (is_text_of_calls(v))
			print_legs(g, c, take_listed(v, c, p));
		for (size_t i = 0; i < c->legs; i++)
			print_items(g, c, i);
		if (json)
			gs_calls_call_print_json(v->report, v->file, c, &n);
	}
	call_free(g, c);
}

/* Opens a new leg, in a call of its own; NULL if out of memory. */
static struct slot *
open_leg(struct gs_calls_ledger *g, const char *id)
{
	if (g->used == GS_LEDGER_LEGS)
		call_close(g, gs_list_item(g->calls.oldest));
	size_t at = g->free > 0 ? g->free - 1u : g->slots;
	struct slot *s = &g->slot[at];
	struct gs_calls_call *call = calloc(1, sizeof(*call));
	struct gs_calls_leg *leg = call != NULL ? gs_calls_leg_new(id) : NULL;
	if (leg == NULL) {
		free(call);
		g->no_memory = true;
		return NULL;
	}
	g->free = g->free > 0 ? s->next : 0;
	g->slots += at == g->slots;
	g->used++;
	*s = (struct slot){ .hash = gs_span_hash(gs_span_of(id)),
		.leg = leg,
		.call = call };
	s->next = g->bucket[s->hash % BUCKETS];
	if (s->hash != 0)
		g->bucket[s->hash % BUCKETS] = (uint16_t)(at + 1);
	leg->order = ++g->clock;
	leg->slot = at;
	call->leg[call->legs++] = leg;
	gs_list_add(&g->calls, &call->used, call);
	return s;
}

/* ---- which legs are one call */

static void
link_legs(struct gs_calls_ledger *g, const struct slot *a, struct slot *b)
{
	struct gs_calls_call *from = b->call, *to = a->call;
	size_t k = 0;

	if (from == to || to->legs == GS_CALL_LEGS)
		return;
	while (from->leg[k] != b->leg)
		k++;
	for (from->legs--; k < from->legs; k++)
		from->leg[k] = from->leg[k + 1];
	to->leg[to->legs++] = b->leg;
	b->call = to;
	if (from->legs > 0)
		return;
	gs_list_take(&g->calls, &from->used);
	free(from);
}

/* Reads "NAME] Peer UUID: UUID", where the log tells which legs are one
 * call. */
static void
link_peer(struct gs_calls_ledger *g, struct slot *a, struct gs_span s)
{
	const struct gs_span before = GS_LIT("Peer UUID: ");
	char id[256];
	size_t at = gs_span_find(s, before);
	struct slot *b = NULL;

	if (at < s.n) {
		at += before.n;
		(void)snprintf(id, sizeof(id), "%.*s",
		    GS_CUT(gs_span_skip(s, at), sizeof(id) - 1));
		b = find(g, id);
	}
	if (b == NULL) {
		s.n = gs_span_find(s, GS_LIT("]"));
		(void)snprintf(id, sizeof(id), "%.*s",
		    GS_CUT(s, sizeof(id) - 1));
		b = find(g, id);
	}
	if (b != NULL && b != a)
		link_legs(g, a, b);
}

/* Whether c has legs besides the caller's, one of which was answered. */
static bool
is_through(const struct gs_calls_call *c)
{
	for (size_t i = 1; i < c->legs; i++)
		if (c->leg[i]->taken)
			return true;
	return false;
}

/* Guesses the caller if the log does not name it: an inbound leg with this
 * number, or else the one that was routed last and that nobody answered yet. */
static void
link_guess(struct gs_calls_ledger *g, struct slot *b)
{
	struct slot *best = NULL;
	bool sure = false;

	for (size_t i = 0; i < g->slots; i++) {
		struct slot *a = &g->slot[i];
		const struct gs_calls_leg *l = a->leg;
		if (l == NULL)
			continue;
		size_t n = strlen(l->to);
		if (a == b || !l->log || l->ended || n == 0 ||
		    l->first != GS_PARTY_REMOTE || a->call->leg[0] != l)
			continue;
		bool same = strncmp(b->leg->channel, l->to, n) == 0;
		if (!same && is_through(a->call))
			continue;
		if (best == NULL || same > sure ||
		    (same == sure && l->order > best->leg->order)) {
			best = a;
			sure = same;
		}
	}
	if (best != NULL)
		link_legs(g, best, b);
}

/* ---- results */

/* Whether r begins a new leg if there is none with its name. */
static bool
begins_leg(const struct gs_calls_ledger *g, const struct gs_calls_result *r)
{
	const struct gs_span sofia = GS_LIT("sofia/"), verto = GS_LIT("verto");

	if (r->leg == NULL || r->leg[0] == '\0' || r->gap != NULL)
		return false;
	/* A finding about a message belongs to its call, even if the rest of
	 * the call follows or is missing. */
	if (r->message != NULL)
		return g->v->d->n > 0 ||
		    (r->message->status == 0 &&
			strcmp(r->message->method, "INVITE") == 0);
	if (r->event != NULL && r->event->kind == GS_LOG_CHANNEL)
		return gs_span_starts(r->event->detail, sofia) ||
		    gs_span_starts(r->event->detail, verto);
	if (r->event != NULL)
		return g->v->d->n > 0;
	return r->kind == GS_RESULT_KEY ||
	    (r->kind == GS_RESULT_BLOCK && !r->capability);
}

static struct slot *
leg_of(struct gs_calls_ledger *g, const struct gs_calls_result *r)
{
	struct slot *s = NULL;

	if (r->leg_hash != 0)
		return find_hash(g, r->leg_hash);
	if (r->leg != NULL && r->leg[0] != '\0')
		s = find(g, r->leg);
	if (s != NULL && r->event != NULL && r->event->kind == GS_LOG_CHANNEL &&
	    (s->leg->ended || s->leg->channel[0] != '\0')) {
		/* Another channel has the same name. */
		forget(g, s);
		s = NULL;
	}
	return s == NULL && begins_leg(g, r) ? open_leg(g, r->leg) : s;
}

/* Keeps the report about r until its call is complete. */
static void
hold(struct gs_calls_ledger *g, struct gs_calls_leg *l,
    const struct gs_calls_result *r)
{
	const struct gs_calls_view *v = g->v;
	bool rendered = r->kind != GS_RESULT_EVENT && !v->quiet && !v->silent &&
	    (v->blocks || v->report->format == GS_JSON);
	size_t at = l->held.n;

	if (rendered)
		gs_calls_call_hold(&l->held, v->report, v->file, r, v->d);
	if (l->held.n == at && v->d->n == 0)
		return;
	if (!gs_grow(&l->item, &l->item_size, l->items + 1, sizeof(*l->item))) {
		g->no_memory = true;
		return;
	}
	l->item[l->items++] = (struct gs_calls_item){
		.at = at,
		.n = l->held.n - at,
		.findings = v->d->n,
	};
	gs_diags_move(&l->found, v->d);
}

/* Whether another phone that c called answered, encrypted, in place of l: what
 * l offered last was refused, and l was called before that answer. */
static bool
is_answered_by_another(const struct gs_calls_call *c,
    const struct gs_calls_leg *l)
{
	bool found = false;

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_calls_leg *k = c->leg[i];
		found |= k != l && k->first == GS_PARTY_LOCAL &&
		    k->taken_at > l->order &&
		    gs_calls_leg_proven(k, NULL) == GS_CALL_ENCRYPTED;
	}
	return found && l->log && l->first == GS_PARTY_LOCAL && !l->taken &&
	    (l->refused > 0 || l->ended);
}

/* A refusal that did not keep the call from being encrypted is a note. */
static void
soften_refusals(struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct gs_finding *f = &d->list[i];
		if (f->rule != &gs_sdp_rules.rule[GS_R_REFUSED] ||
		    f->severity != GS_ERROR)
			continue;
		f->severity = GS_NOTE;
		d->total[GS_ERROR]--;
		d->total[GS_NOTE]++;
	}
}

static void
take_leg(struct gs_calls_ledger *g, struct slot *s,
    const struct gs_calls_result *r)
{
	struct gs_calls_leg *l = s->leg;
	struct gs_calls_view *v = g->v;
	enum gs_text_party first = l->first;

	g->clock++;
	gs_list_renew(&g->calls, &s->call->used);
	if (v->d->n > 0 && is_answered_by_another(s->call, l))
		soften_refusals(v->d);
	gs_calls_leg_judge(l, v->d);
	gs_calls_leg_take(l, r, v->require);
	if (l->taken && l->taken_at == 0)
		l->taken_at = g->clock;
	if (r->event != NULL && r->event->kind == GS_LOG_PEER)
		link_peer(g, s, r->event->detail);
	if (l->log && first == GS_PARTY_UNKNOWN && l->first == GS_PARTY_LOCAL &&
	    s->call->legs == 1)
		link_guess(g, s);
	if (v->flow != GS_DRAW_NOTHING)
		gs_calls_steps_take(l, r, v->d, g->clock);
	hold(g, l, r);
	if (!v->at_once) {
		/* The text that waits is limited, too. */
		if (l->held.n > HELD_MOST || l->items > ITEMS_MOST)
			call_close(g, s->call);
		return;
	}
	size_t leg = 0;
	while (s->call->leg[leg] != l)
		leg++;
	print_items(g, s->call, leg);
	l->items = 0;
	gs_buf_clear(&l->held);
}

void
gs_calls_ledger_take(void *ledger, const struct gs_calls_result *r)
{
	struct gs_calls_ledger *g = ledger;
	const struct gs_calls_view *v = g->v;

	/* The most frequent results add nothing. */
	const bool harmless = r->event != NULL && v->d->n == 0;
	if (harmless && r->event->kind == GS_LOG_ACTIVATED &&
	    v->flow == GS_DRAW_NOTHING)
		return;
	struct slot *s = leg_of(g, r);

	if (s != NULL)
		take_leg(g, s, r);
	else if (!harmless)
		take_alone(g, r);
}

struct gs_calls_ledger *
gs_calls_ledger_new(struct gs_calls_view *v)
{
	struct gs_calls_ledger *g = calloc(1, sizeof(*g));

	/* Most files have few calls: memory for others is not touched. */
	if (g != NULL)
		g->slot = malloc(GS_LEDGER_LEGS * sizeof(*g->slot));
	if (g == NULL || g->slot == NULL) {
		free(g);
		return NULL;
	}
	g->v = v;
	v->silent |= v->status || v->flow != GS_DRAW_NOTHING ||
	    v->report->format == GS_OPENMETRICS;
	v->report->sums &= !v->silent;
	v->blocks |= v->at_once;
	if (!gs_calls_filter_is_set(&v->filter))
		v->at_once |= v->report->format == GS_TEXT ?
		    !is_text_of_calls(v) :
		    v->report->format != GS_JSON;
	return g;
}

/* Why there is nothing to show. */
static const char *
fault_of(const struct gs_calls_view *v)
{
	if (gs_calls_filter_is_set(&v->filter) && v->matches == 0)
		return "no call matches the filter";
	if (v->flow != GS_DRAW_NOTHING && v->drawn > 1)
		return "--flow draws one call, and there are more: choose one "
		       "with --call";
	return v->flow != GS_DRAW_NOTHING && v->drawn == 0 ? "no call to draw" :
							     NULL;
}

static void
put_sums(const struct gs_calls_view *v, struct gs_buf *b)
{
	if (v->alike > 0)
		gs_buf_printf(b,
		    "%" PRIu64 " more call%s only warnings like these, and -v "
		    "lists them\n",
		    v->alike, v->alike == 1 ? " has" : "s have");
	gs_calls_sums_put(v->sums, b);
}

const char *
gs_calls_view_end(struct gs_calls_view *v)
{
	const char *why = fault_of(v);
	struct gs_buf b;

	if (why != NULL && v->sums->failed++ == 0)
		(void)snprintf(v->sums->trouble, sizeof(v->sums->trouble), "%s",
		    why);
	gs_buf_init(&b, 4096);
	if (v->report->format == GS_OPENMETRICS)
		gs_calls_sums_metrics(v->sums, v->report->fp);
	else if (v->status)
		gs_calls_sums_status(v->sums, v->d, &b);
	else if (v->flow != GS_DRAW_NOTHING && why == NULL)
		(void)fwrite(v->drawing, 1, v->drawing_n, v->report->fp);
	else if (is_text_of_calls(v) && !v->quiet && v->flow == GS_DRAW_NOTHING)
		put_sums(v, &b);
	if (b.n > 0) {
		gs_buf_putc(&b, '\n');
		(void)fwrite(b.p, 1, b.n, v->report->fp);
	}
	gs_buf_free(&b);
	free(v->drawing);
	v->drawing = NULL;
	return why;
}

/* A leg in use, to be sorted by when it began. */
struct turn {
	uint64_t order;
	struct slot *slot;
};

static int
compare_turns(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	return x->order < y->order ? -1 : 1;
}

int
gs_calls_ledger_end(struct gs_calls_ledger *g)
{
	struct turn t[GS_LEDGER_LEGS] = { { 0 } };
	size_t n = 0;

	for (size_t i = 0; i < g->slots; i++) {
		struct slot *s = &g->slot[i];

		if (s->leg != NULL)
			t[n++] = (struct turn){ s->leg->order, s };
	}
	qsort(t, n, sizeof(*t), compare_turns);
	/* A call's other legs are closed with it. */
	for (size_t i = 0; i < n; i++)
		if (t[i].slot->leg != NULL)
			call_close(g, t[i].slot->call);
	return g->no_memory ? -1 : 0;
}

void
gs_calls_ledger_free(struct gs_calls_ledger *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->slots; i++) {
		struct gs_calls_call *c = g->slot[i].call;
		for (size_t k = i + 1; c != NULL && k < g->slots; k++)
			if (g->slot[k].call == c)
				g->slot[k].call = NULL;
		gs_calls_leg_free(g->slot[i].leg);
		free(c);
	}
	free(g->slot);
	free(g);
}
