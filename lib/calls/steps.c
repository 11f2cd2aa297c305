/* SPDX-License-Identifier: MIT */
/* The steps in the ladder of a call: messages, SDPs with the fingerprints of
 * their keys, refusals, ends and errors. */
#include "calls/steps.h"

#include "base/sha256.h"
#include "sdp/sdes.h"
#include "calls/call.h"
#include "calls/dialog.h"
#include "calls/leg.h"
#include "calls/verdict.h"

/* Stands for the phone in a step of a log, until its name is known. */
static const char phone[] = "\001";
static const char server[] = "FreeSWITCH";

static void
put(char *to, size_t size, struct gs_span s)
{
	size_t n = s.n < size - 1 ? s.n : size - 1;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		to[i] = (char)(c >= ' ' && c < 0x7f ? c : '?');
	}
	to[n] = '\0';
}

/* The user of an address, or all of it. */
static struct gs_span
party(const char *address)
{
	struct gs_span user = gs_calls_leg_user(address);

	return user.n > 0 ? user : gs_span_of(address);
}

/* ---- messages */

static void
take_message(struct gs_calls_leg *l, const struct gs_text_message *m,
    uint64_t order)
{
	const char *t = m->transport != GS_TRANSPORT_UNKNOWN ?
	    gs_sdp_transport_name(m->transport) :
	    "unknown transport";
	bool request = m->status == 0;
	struct gs_calls_step s = { .order = order };

	memcpy(s.when, m->when, sizeof(m->when));
	put(s.from, sizeof(s.from),
	    m->src[0] != '\0' ? gs_span_of(m->src) :
				party(request ? m->from : m->to));
	put(s.to, sizeof(s.to),
	    m->dst[0] != '\0' ? gs_span_of(m->dst) :
				party(request ? m->to : m->from));
	if (request)
		(void)snprintf(s.label, sizeof(s.label), "%s (%s)", m->method,
		    t);
	else
		(void)snprintf(s.label, sizeof(s.label), "%u %s (%s)",
		    m->status, m->method, t);
	if (m->status >= 300 && m->status != 401 && m->status != 407)
		s.look = GS_FLOW_WRONG;
	(void)gs_calls_flow_add(&l->flow, &s);
}

/* ---- SDPs */

/* Writes the fingerprint of the first key that can be read, never the key. */
static void
put_key(char *to, size_t size, const struct gs_text_block *b)
{
	const struct gs_span crypto = GS_LIT("a=crypto:");
	const struct gs_span dtls = GS_LIT("a=fingerprint:");
	struct gs_sdp_sdes sdes;
	char print[9];

	to[0] = '\0';
	for (size_t i = 0; i < b->lines && to[0] == '\0'; i++) {
		struct gs_span s = b->line[i].text;
		if (gs_span_starts(s, dtls) && s.n > 20) {
			(void)snprintf(to, size, ", fingerprint ending %.*s",
			    11, s.p + s.n - 11);
		} else if (gs_span_starts(s, crypto)) {
			s = gs_span_skip(s, crypto.n);
			gs_sdp_sdes_parse(&sdes, &b->line[i], s, NULL);
			if (sdes.keys > 0 && sdes.key[0].n > 0) {
				gs_sha256_print(sdes.key[0].keysalt,
				    sdes.key[0].n, print);
				(void)snprintf(to, size, ", key %s", print);
			}
			gs_sdp_sdes_wipe(&sdes);
		}
	}
}

static enum gs_flow_look
look_of(const char *word)
{
	return strcmp(word, "encrypted") == 0 ? GS_FLOW_SECURE :
	    strncmp(word, "not encr", 8) == 0 || word[0] == 'p' ?
						GS_FLOW_PLAIN :
	    strncmp(word, "no us", 5) == 0 ? GS_FLOW_WRONG :
					     GS_FLOW_USUAL;
}

static void
take_block(struct gs_calls_leg *l, const struct gs_calls_result *r,
    uint64_t order)
{
	const struct gs_text_block *b = r->block;
	const char *word = gs_calls_verdict_word(r);
	struct gs_calls_step s = { .order = order };
	struct gs_calls_step *at = &s;
	struct gs_buf media;
	char key[64];

	if (b->type == GS_TEXT_SIP && l->flow.steps > 0) {
		at = &l->flow.step[l->flow.steps - 1];
	} else {
		memcpy(s.when, b->when, sizeof(b->when));
		(void)snprintf(s.from, sizeof(s.from), "%s",
		    b->party == GS_PARTY_REMOTE ? phone : server);
		if (b->party != GS_PARTY_UNKNOWN)
			(void)snprintf(s.to, sizeof(s.to), "%s",
			    b->party == GS_PARTY_REMOTE ? server : phone);
		(void)snprintf(s.label, sizeof(s.label), "%s",
		    r->role == GS_ROLE_OFFER      ? "SDP offer" :
			r->role == GS_ROLE_ANSWER ? "SDP answer" :
						    b->label);
	}
	gs_buf_init(&media, 4096);
	gs_calls_verdict_media(&media, r->verdict);
	put_key(key, sizeof(key), b);
	(void)snprintf(at->detail, sizeof(at->detail), "%.*s: %s%s",
	    GS_CUT(gs_buf_span(&media), 90), word, key);
	gs_buf_free(&media);
	if (at->look != GS_FLOW_WRONG)
		at->look = look_of(word);
	if (at == &s)
		(void)gs_calls_flow_add(&l->flow, &s);
}

/* ---- what a log tells */

static void
take_event(struct gs_calls_leg *l, const struct gs_text_log_event *e,
    uint64_t order)
{
	bool refused = e->kind == GS_LOG_REFUSED;
	bool out = l->first == GS_PARTY_LOCAL;
	struct gs_calls_step s = { .order = order };

	if (!refused && e->kind != GS_LOG_HANGUP && e->kind != GS_LOG_ACTIVATED)
		return;
	memcpy(s.when, e->when, sizeof(s.when));
	(void)snprintf(s.from, sizeof(s.from), "%s",
	    refused && out ? phone : server);
	if (refused)
		(void)snprintf(s.to, sizeof(s.to), "%s", out ? server : phone);
	(void)snprintf(s.label, sizeof(s.label), "%s%.*s",
	    refused                      ? "refused with " :
		e->kind == GS_LOG_HANGUP ? "hangup " :
					   "SRTP: ",
	    GS_CUT(e->detail, 40));
	put(s.label, sizeof(s.label), gs_span_of(s.label));
	s.look = refused                ? GS_FLOW_WRONG :
	    e->kind == GS_LOG_ACTIVATED ? GS_FLOW_SECURE :
					  GS_FLOW_USUAL;
	(void)gs_calls_flow_add(&l->flow, &s);
}

/* Adds the errors, at whoever sent the last message. */
static void
take_errors(struct gs_calls_leg *l, const struct gs_diags *d, uint64_t order)
{
	const char *at = l->log ? server :
	    l->flow.steps > 0   ? l->flow.step[l->flow.steps - 1].from :
				  phone;
	struct gs_calls_step s = { .order = order, .look = GS_FLOW_WRONG };

	/* copied, because the steps may move */
	(void)snprintf(s.from, sizeof(s.from), "%s", at);
	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i].severity != GS_ERROR)
			continue;
		memcpy(s.when, l->last, sizeof(l->last));
		(void)snprintf(s.label, sizeof(s.label), "error [%s]",
		    d->list[i].rule->id);
		put(s.detail, sizeof(s.detail), gs_span_of(d->list[i].text));
		(void)gs_calls_flow_add(&l->flow, &s);
	}
}

void
gs_calls_steps_take(struct gs_calls_leg *l, const struct gs_calls_result *r,
    const struct gs_diags *d, uint64_t order)
{
	if (r->message != NULL && !r->message->late)
		take_message(l, r->message, order);
	else if (r->event != NULL)
		take_event(l, r->event, order);
	else if (r->kind == GS_RESULT_BLOCK)
		take_block(l, r, order);
	take_errors(l, d, order);
}

/* ---- the ladder */

/* Finds out who phone is on this leg. */
static void
name_phone(char to[48], const struct gs_calls_leg *l,
    const struct gs_calls_call_place *at)
{
	struct gs_span who = l->first == GS_PARTY_LOCAL ? at->to : at->from;

	who.n = gs_span_find(who, GS_LIT("@"));
	put(to, 48, who.n > 0 ? who : GS_LIT("phone"));
}

void
gs_calls_steps_draw(const struct gs_calls_call *c, bool svg, FILE *fp)
{
	struct gs_calls_flow all = { .steps = 0 };
	char title[160];

	for (size_t i = 0; i < c->legs; i++) {
		const struct gs_calls_leg *l = c->leg[i];
		const struct gs_calls_call_place at = gs_calls_call_place(c, i);
		for (size_t k = 0; k < l->flow.steps; k++) {
			struct gs_calls_step *s =
			    gs_calls_flow_add(&all, &l->flow.step[k]);
			if (s != NULL && s->from[0] == phone[0])
				name_phone(s->from, l, &at);
			if (s != NULL && s->to[0] == phone[0])
				name_phone(s->to, l, &at);
		}
		all.more += l->flow.more;
	}
	gs_calls_flow_sort(&all);
	(void)snprintf(title, sizeof(title), "%.40s %.19s: %s on %zu leg%s",
	    c->leg[0]->id, c->leg[0]->when,
	    gs_calls_proven_name(gs_calls_call_proven(c)), c->legs,
	    gs_plural(c->legs));
	put(title, sizeof(title), gs_span_of(title));
	if (svg)
		gs_calls_flow_svg(&all, title, fp);
	else
		gs_calls_flow_text(&all, fp);
	gs_calls_flow_free(&all);
}
