/* SPDX-License-Identifier: MIT */
/* A leg of a call: who, when, and what was shown of its media. */
#include "calls/leg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "sdp/mask.h"
#include "sdp/media.h"
#include "sdp/rules.h"
#include "sdp/sdp.h"
#include "calls/dialog.h"
#include "calls/refusal.h"
#include "calls/verdict.h"

enum { RUN = 30, HELD = 16 * 1024 * 1024, MEDIA = 8192 };

/* ---- what an SDP shows */

/* The medium of an m= line that is not RTP: fax is unencrypted, and other media
 * may be. */
static enum gs_calls_medium
other_medium(const struct gs_sdp_media *m)
{
	const struct gs_span tls = GS_LIT("TLS");

	if (gs_span_has(m->proto, tls))
		return GS_MEDIUM_SECURE;
	return gs_span_eqcase(m->type, GS_LIT("image")) ? GS_MEDIUM_PLAIN :
							  GS_MEDIUM_UNKNOWN;
}

static enum gs_calls_medium
medium_of(const struct gs_sdp_media_verdict *m, bool answer)
{
	switch (m->protection) {
	case GS_PLAIN: return GS_MEDIUM_PLAIN;
	case GS_OPPORTUNISTIC:
		if (m->cleartext)
			return GS_MEDIUM_PLAIN;
		if (!m->known)
			return GS_MEDIUM_UNKNOWN;
		return answer ? GS_MEDIUM_SECURE : GS_MEDIUM_CHOICE;
	case GS_SDES:
		if (m->cleartext)
			return GS_MEDIUM_PLAIN;
		return m->known ? GS_MEDIUM_SECURE : GS_MEDIUM_UNKNOWN;
	case GS_DTLS: return m->weak ? GS_MEDIUM_UNKNOWN : GS_MEDIUM_SECURE;
	case GS_MIKEY: return GS_MEDIUM_SECURE;
	case GS_INACTIVE: return GS_MEDIUM_NONE;
	case GS_OTHER: return other_medium(m->media);
	case GS_UNKEYED:
	case GS_CUT: break;
	}
	return GS_MEDIUM_UNKNOWN;
}

static enum gs_calls_medium
verdict_medium(const struct gs_sdp_verdict *v, bool answer)
{
	bool seen[GS_MEDIUM_UNKNOWN + 1] = { false };

	for (size_t i = 0; i < v->medias; i++)
		seen[medium_of(&v->media[i], answer)] = true;
	if (v->medias == 0 || v->medias == GS_VERDICT_MEDIA ||
	    seen[GS_MEDIUM_UNKNOWN])
		return GS_MEDIUM_UNKNOWN;
	if (seen[GS_MEDIUM_PLAIN])
		return seen[GS_MEDIUM_SECURE] && !answer ? GS_MEDIUM_CHOICE :
							   GS_MEDIUM_PLAIN;
	if (seen[GS_MEDIUM_CHOICE])
		return GS_MEDIUM_CHOICE;
	return seen[GS_MEDIUM_SECURE] ? GS_MEDIUM_SECURE : GS_MEDIUM_NONE;
}

/* ---- a leg */

struct gs_calls_leg *
gs_calls_leg_new(const char *id)
{
	struct gs_calls_leg *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	memcpy(l->id, id, strnlen(id, sizeof(l->id) - 1));
	l->word = l->agreed_word = "";
	gs_buf_init(&l->media, MEDIA);
	gs_buf_init(&l->agreed, MEDIA);
	gs_buf_init(&l->held, HELD);
	gs_diags_init(&l->found, gs_sdp_rules, NULL, GS_LEG_FINDINGS);
	return l;
}

void
gs_calls_leg_free(struct gs_calls_leg *l)
{
	if (l == NULL)
		return;
	gs_buf_free(&l->media);
	gs_buf_free(&l->agreed);
	gs_buf_free(&l->held);
	gs_diags_free(&l->found);
	gs_calls_flow_free(&l->flow);
	free(l->item);
	free(l);
}

/* Copies text from outside, except what may be a key. */
static void
copy(char *to, size_t size, struct gs_span s)
{
	size_t run = 0, n = s.n < size - 1 ? s.n : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
	for (size_t i = 0; n >= RUN && i <= n; i++) {
		if (i < n &&
		    (gs_is_alnum(to[i]) || to[i] == '+' || to[i] == '/' ||
			to[i] == '=')) {
			run++;
			continue;
		}
		if (run >= RUN)
			memset(to + i - run, '*', run);
		run = 0;
	}
}

struct gs_span
gs_calls_leg_user(const char *address)
{
	struct gs_span s = gs_span_of(address);

	s.n = gs_span_find(s, GS_LIT("@"));
	return s;
}

/* The host in USER@HOST:PORT, HOST:PORT or [HOST]:PORT. */
static struct gs_span
host_of(struct gs_span s)
{
	size_t at = gs_span_find(s, GS_LIT("@"));

	if (at < s.n)
		s = gs_span_skip(s, at + 1);
	if (s.n > 0 && s.p[0] == '[') {
		s = gs_span_skip(s, 1);
		s.n = gs_span_find(s, GS_LIT("]"));
	} else {
		s.n = gs_span_find(s, GS_LIT(":"));
	}
	return s;
}

static void
add_host(struct gs_calls_leg *l, struct gs_span address)
{
	struct gs_span s = host_of(address);

	for (size_t i = 0; s.n > 0 && i < GS_LEG_HOSTS; i++) {
		if (gs_span_eqcase(gs_span_of(l->host[i]), s))
			return;
		if (l->host[i][0] == '\0') {
			copy(l->host[i], sizeof(l->host[i]), s);
			return;
		}
	}
}

bool
gs_calls_leg_has_host(const struct gs_calls_leg *l, const char *host)
{
	for (size_t i = 0; i < GS_LEG_HOSTS; i++)
		if (l->host[i][0] != '\0' &&
		    gs_span_eqcase(gs_span_of(l->host[i]), gs_span_of(host)))
			return true;
	return false;
}

static void
take_when(struct gs_calls_leg *l, const char *when)
{
	if (when[0] == '\0')
		return;
	if (l->when[0] == '\0')
		memcpy(l->when, when, sizeof(l->when));
	memcpy(l->last, when, sizeof(l->last));
}

/* ---- what is reported */

/* The last offer is refused: what was agreed on before stays in force. */
static void
go_back(struct gs_calls_leg *l)
{
	if (l->agreed.n == 0)
		return;
	gs_buf_clear(&l->media);
	gs_buf_put(&l->media, l->agreed.p, l->agreed.n);
	l->word = l->agreed_word;
}

/* Whether m belongs to a call that was answered: an ACK unless the call was
 * refused, a BYE, or a success, which has an SDP. */
static bool
is_taken(const struct gs_calls_leg *l, const struct gs_text_message *m)
{
	if (m->status == 0)
		return strcmp(m->method, "BYE") == 0 ||
		    (strcmp(m->method, "ACK") == 0 && l->refused == 0);
	return strcmp(m->method, "INVITE") == 0 && m->status / 100 == 2;
}

static void
take_message(struct gs_calls_leg *l, const struct gs_text_message *m)
{
	take_when(l, m->when);
	if (l->from[0] == '\0' && l->to[0] == '\0') {
		copy(l->from, sizeof(l->from), gs_span_of(m->from));
		copy(l->to, sizeof(l->to), gs_span_of(m->to));
		copy(l->from_name, sizeof(l->from_name),
		    gs_span_of(m->from_name));
		copy(l->to_name, sizeof(l->to_name), gs_span_of(m->to_name));
		add_host(l, gs_span_of(m->from));
		add_host(l, gs_span_of(m->to));
		if (m->status == 0)
			l->first = m->party;
	}
	add_host(l, gs_span_of(m->src));
	add_host(l, gs_span_of(m->dst));
	if (m->transport != GS_TRANSPORT_UNKNOWN)
		l->transport = m->transport;
	if (strcmp(m->method, "BYE") == 0)
		l->ended = true;
	l->taken |= is_taken(l, m);
	if (strcmp(m->method, "INVITE") != 0)
		return;
	/* A request with a password may be taken now. */
	if (m->status < 300) {
		l->refused = 0;
		return;
	}
	l->refused = m->status;
	if (m->cseq == l->cseq || l->cseq == 0) {
		l->waits = false;
		go_back(l);
	}
}

/* Reads "1000 <1000>->1001 in context default". */
static void
take_route(struct gs_calls_leg *l, struct gs_span s)
{
	if (l->to[0] != '\0')
		return;
	size_t open = gs_span_find(s, GS_LIT(" <"));
	size_t arrow = gs_span_find(s, GS_LIT(">->"));
	size_t end = gs_span_find(s, GS_LIT(" in context "));

	if (open >= arrow || arrow >= end)
		return;
	copy(l->from_name, sizeof(l->from_name), gs_span(s.p, open));
	copy(l->from, sizeof(l->from),
	    gs_span(s.p + open + 2, arrow - open - 2));
	copy(l->to, sizeof(l->to), gs_span(s.p + arrow + 3, end - arrow - 3));
}

/* Reads sofia/PROFILE/USER@HOST. */
static void
take_channel(struct gs_calls_leg *l, struct gs_span s)
{
	for (int i = 0; i < 2; i++) {
		size_t slash = gs_span_find(s, GS_LIT("/"));
		if (slash == s.n)
			return;
		s = gs_span_skip(s, slash + 1);
	}
	s.n = gs_span_find(s, GS_LIT(" "));
	copy(l->channel, sizeof(l->channel), s);
	add_host(l, s);
}

static void
take_event(struct gs_calls_leg *l, const struct gs_text_log_event *e)
{
	uint64_t status;

	l->log = true;
	take_when(l, e->when);
	if (e->kind == GS_LOG_CHANNEL)
		take_channel(l, e->detail);
	else if (e->kind == GS_LOG_ROUTED)
		take_route(l, e->detail);
	else if (e->kind == GS_LOG_HANGUP)
		l->ended = true;
	else if (e->kind == GS_LOG_ANSWERED || e->kind == GS_LOG_UP) {
		l->taken = true;
		l->granted |= e->kind == GS_LOG_ANSWERED && l->waits;
	} else if (e->kind == GS_LOG_REFUSED &&
	    gs_span_u64(e->detail, &status) == 0 && status >= 300 &&
	    status < 700) {
		l->refused = (unsigned)status;
		if (l->answered && !l->granted &&
		    gs_calls_refusal_is((unsigned)status)) {
			l->waits = false;
			go_back(l);
		}
	}
}

static void
take_offer(struct gs_calls_leg *l, const struct gs_text_block *b,
    enum gs_calls_medium m)
{
	l->at = b->pos;
	bool hop = b->type == GS_TEXT_SIP && l->cseq == b->cseq;

	/* An earlier offer may have been accepted without a trace. */
	if (l->waits && l->answered && !hop && l->offered != GS_MEDIUM_SECURE &&
	    l->offered != GS_MEDIUM_NONE)
		l->open = true;
	if (l->first == GS_PARTY_UNKNOWN)
		l->first = b->party;
	l->offered = hop && l->waits && l->offered > m ? l->offered : m;
	l->waits = true;
	l->granted = false;
	l->refused = 0;
	l->cseq = b->cseq;
}

static void
take_answer(struct gs_calls_leg *l, enum gs_calls_medium m)
{
	l->waits = false;
	l->answered = true;
	l->secure |= m == GS_MEDIUM_SECURE;
	l->plain |= m == GS_MEDIUM_PLAIN;
	l->unknown |= m == GS_MEDIUM_UNKNOWN || m == GS_MEDIUM_CHOICE;
}

/* Takes an SDP that may or may not have been sent. If the call has no other, it
 * is all that is known. */
static void
take_copy(struct gs_calls_leg *l, enum gs_calls_medium m)
{
	if (!l->answered && !l->waits) {
		l->offered = m;
		l->waits = true;
	}
	l->open |= m != GS_MEDIUM_SECURE && m != GS_MEDIUM_NONE;
}

static void
take_connections(struct gs_calls_leg *l, const struct gs_sdp_verdict *v)
{
	for (size_t i = 0; i < v->medias; i++)
		if (v->media[i].media->connection.line != NULL)
			add_host(l, v->media[i].media->connection.address);
}

static void
take_block(struct gs_calls_leg *l, const struct gs_calls_result *r,
    unsigned require)
{
	const struct gs_text_block *b = r->block;
	bool answer = r->role == GS_ROLE_ANSWER;
	bool copy = b->type == GS_TEXT_FSLOG && b->party == GS_PARTY_UNKNOWN;
	enum gs_calls_medium m = b->truncated ?
	    GS_MEDIUM_UNKNOWN :
	    verdict_medium(r->verdict, answer || copy);

	take_when(l, b->when);
	l->log |= b->type == GS_TEXT_FSLOG;
	if (b->transport != GS_TRANSPORT_UNKNOWN)
		l->transport = b->transport;
	if (r->capability)
		return;
	take_connections(l, r->verdict);
	if (copy)
		take_copy(l, m);
	else if (answer)
		take_answer(l, m);
	else
		take_offer(l, b, m);
	if ((require & GS_REQUIRE_TLS) != 0 &&
	    b->transport == GS_TRANSPORT_UNKNOWN && !l->log)
		l->open = true;
	gs_buf_clear(&l->media);
	gs_calls_verdict_media(&l->media, r->verdict);
	l->word = gs_calls_verdict_word(r);
	if (answer) {
		gs_buf_clear(&l->agreed);
		gs_buf_put(&l->agreed, l->media.p, l->media.n);
		l->agreed_word = l->word;
	}
}

void
gs_calls_leg_take(struct gs_calls_leg *l, const struct gs_calls_result *r,
    unsigned require)
{
	if (l->pos.line == 0)
		l->pos = r->pos;
	if (r->message != NULL)
		take_message(l, r->message);
	else if (r->event != NULL)
		take_event(l, r->event);
	else if (r->kind == GS_RESULT_BLOCK)
		take_block(l, r, require);
}

/* The status in "refused with 488: …". */
static unsigned
status_in(const char *text)
{
	const char *digits = strpbrk(text, "0123456789");

	return digits != NULL ? (unsigned)strtoul(digits, NULL, 10) : 0;
}

void
gs_calls_leg_judge(struct gs_calls_leg *l, const struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];
		l->told |= f->severity == GS_ERROR;
		switch (f->rule - gs_sdp_rules.rule) {
		case GS_R_UNREAD:
		case GS_R_UNPROVEN:
		case GS_R_SIP_INCOMPLETE:
		case GS_R_SIGNALLING_UNKNOWN:
		case GS_R_LOG_KEY_UNMATCHED:
		case GS_R_SDP_TRUNCATED: l->open = true; break;
		case GS_R_REFUSED:
			l->denied |= f->severity == GS_ERROR;
			if (l->refused == 0)
				l->refused = status_in(f->text);
			break;
		default: l->faulty |= f->severity == GS_ERROR; break;
		}
	}
	l->faulty |= d->dropped[GS_ERROR] > 0;
}

/* Whether the answer decides. A first offer that allows only one kind can only
 * be accepted as it is or refused. After a later one, the media may also stay
 * as they were. */
static bool
is_open(const struct gs_calls_leg *l)
{
	return l->waits && l->offered != GS_MEDIUM_SECURE &&
	    l->offered != GS_MEDIUM_NONE &&
	    (l->answered || l->offered != GS_MEDIUM_PLAIN);
}

/* What is missing for a proof; NULL: nothing. */
static const char *
missing(const struct gs_calls_leg *l)
{
	if (l->unknown)
		return l->word[0] == 'n' ? l->word : "unknown how";
	if (!l->answered && l->media.n == 0)
		return "no SDP seen";
	if (!l->answered && (l->taken || !l->waits || is_open(l)))
		return "no answer seen";
	if (is_open(l))
		return "no answer to the last offer seen";
	return l->open ? "see below" : NULL;
}

/* Whether m was used. An offer whose answer is unknown counts as it was
 * made. */
static bool
has(const struct gs_calls_leg *l, enum gs_calls_medium m)
{
	return (m == GS_MEDIUM_SECURE ? l->secure : l->plain) ||
	    (!l->answered && l->waits && l->offered == m);
}

/* Writes why, unless it is NULL: most reasons are never shown. */
static void GS_PRINTF(2, 3) say(char *why, const char *fmt, ...)
{
	va_list ap;

	if (why == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(why, GS_CALLS_WHY, fmt, ap);
	va_end(ap);
}

enum gs_calls_proven
gs_calls_leg_proven(const struct gs_calls_leg *l, char why[GS_CALLS_WHY])
{
	const char *lack = missing(l);
	const bool plain = has(l, GS_MEDIUM_PLAIN);

	if (l->denied || (l->faulty && !l->answered && l->refused > 0)) {
		say(why, "refused with %u", l->refused);
		return GS_CALL_NOT;
	}
	if (plain || l->faulty) {
		say(why, "%s",
		    l->faulty && !l->plain ? "with errors, see below" :
			l->secure          ? "unencrypted for some time" :
			l->word[0] == 'p'  ? l->word :
					     "not encrypted");
		return GS_CALL_NOT;
	}
	if (!l->answered && l->refused > 0 && !l->open) {
		say(why, "no media: it ended with %u", l->refused);
		return GS_CALL_NO_MEDIA;
	}
	if (lack != NULL) {
		say(why, "not proven: %s", lack);
		return GS_CALL_UNPROVEN;
	}
	if (!has(l, GS_MEDIUM_SECURE)) {
		say(why, "no media");
		return GS_CALL_NO_MEDIA;
	}
	say(why, "encrypted%s", l->secure ? "" : "; no answer seen");
	return GS_CALL_ENCRYPTED;
}

const char *
gs_calls_leg_lack(const struct gs_calls_leg *l, struct gs_pos *pos)
{
	enum gs_calls_proven p = gs_calls_leg_proven(l, NULL);

	*pos = l->at.line > 0 ? l->at : l->pos;
	if (p == GS_CALL_NOT)
		return "media of this call are not encrypted";
	if (p != GS_CALL_UNPROVEN)
		return NULL;
	if (l->answered || l->unknown || l->open)
		return "nothing shows that all media of this call are "
		       "encrypted";
	if (l->media.n == 0)
		return "a call without any SDP: nothing shows that its media "
		       "is encrypted";
	return is_open(l) ? "the offer allows calls without encryption, and "
			    "its answer is missing" :
			    "the call was answered, and the SDP of the answer "
			    "is missing";
}
