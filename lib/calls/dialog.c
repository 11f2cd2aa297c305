/* SPDX-License-Identifier: MIT */
/* One file's calls: offers and answers, keys and the SDP that brought them. */
#include "calls/dialog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "calls/leg_priv.h"
#include "calls/logevent_priv.h"

enum { REGISTERED = 256 };

struct gs_dialogs {
	unsigned require;
	struct gs_diags *d;
	void (*result)(void *arg, const struct gs_result *r);
	void *arg;
	struct legs legs;
	struct gs_sdp sdp;
	struct gs_sdp other;
	struct gs_verdict verdict;
	enum gs_role forced;
	const char *offer_file;
	struct gs_buf message; /* the start line of the first SIP message */
	struct gs_pos message_pos;
	uint64_t blocks;
	uint64_t registered[REGISTERED]; /* hashes of who was told of */
	size_t registrations;
	bool transport_seen; /* some SIP message told its transport */
	bool no_memory;
};

struct gs_dialogs *
gs_dialogs_new(unsigned require, struct gs_diags *d,
    void (*result)(void *arg, const struct gs_result *r), void *arg)
{
	struct gs_dialogs *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->require = require;
	t->d = d;
	t->result = result;
	t->arg = arg;
	return t;
}

void
gs_dialogs_force(struct gs_dialogs *t, enum gs_role role, const char *file)
{
	t->forced = role;
	if (role == GS_ROLE_OFFER)
		t->offer_file = file;
}

static void
give(struct gs_dialogs *t, const struct gs_result *r)
{
	gs_diags_sort(t->d);
	if (t->result != NULL)
		t->result(t->arg, r);
}

static const char *
key_label(enum gs_party party)
{
	return party == GS_PARTY_LOCAL ? "Local key" : "Remote key";
}

/* A key line of a leg whose SDP of that party is not in the file. */
static void
give_lone_key(struct gs_dialogs *t, const struct pending_key *k)
{
	struct gs_line line = { .text = gs_buf_span(&k->text), .pos = k->pos };
	struct gs_sdes sdes;

	gs_sdes_parse(&sdes, &line, k->crypto, t->d);
	give(t,
	    &(struct gs_result){
		.kind = GS_RESULT_KEY,
		.pos = k->pos,
		.key = &sdes,
		.key_label = key_label(k->party),
	    });
	gs_sdes_wipe(&sdes);
}

static void
give_unmatched_key(struct gs_dialogs *t, const struct pending_key *k)
{
	struct gs_line line = { .text = gs_buf_span(&k->text), .pos = k->pos };

	gs_sdp_diag(t->d, GS_R_LOG_KEY_UNMATCHED, &line, k->crypto,
	    "FreeSWITCH uses a %s that is in no SDP of this call: the other "
	    "side cannot know it",
	    k->party == GS_PARTY_LOCAL ? "local key" : "remote key");
	give(t, &(struct gs_result){ .kind = GS_RESULT_EVENT, .pos = k->pos });
}

/* Judges what the end of a leg decides; l is as new afterwards, but for
 * its memory. */
static void
leg_close(struct gs_dialogs *t, struct leg *l)
{
	while (l->keys > 0) {
		const struct pending_key *k = &l->key[0];
		if (kept_has_media(&l->last[k->party], k->media))
			give_unmatched_key(t, k);
		else if (!l->last[GS_PARTY_REMOTE].set &&
		    !l->last[GS_PARTY_LOCAL].set)
			give_lone_key(t, k);
		leg_key_remove(l, 0);
	}
	leg_clear(l);
}

/* The leg of this id, made when it is new; NULL without memory. */
static struct leg *
leg_get(struct gs_dialogs *t, const char *id)
{
	bool known;
	size_t i = legs_find(&t->legs, id, &known);

	if (!known && t->legs.leg[i] != NULL)
		leg_close(t, t->legs.leg[i]);
	struct leg *l = legs_take(&t->legs, i, id, known);
	if (l == NULL)
		t->no_memory = true;
	return l;
}

static int
reparse(struct gs_dialogs *t, const struct kept *k)
{
	return gs_sdp_parse(&t->other, k->line, k->lines, NULL);
}

static void
check_answer(struct gs_dialogs *t, struct leg *l, const struct gs_block *b,
    enum gs_party from)
{
	const struct kept *offer = &l->last[l->offerer];
	const struct kept *before = &l->last[from];

	if (!l->offered || l->offerer == from || !offer->set)
		return;
	bool again = l->answered && before->cseq == b->cseq;
	if (again && b->type == GS_TEXT_SIP &&
	    strcmp(before->tag, b->to_tag) != 0)
		gs_sdp_diag(t->d, GS_R_OA_FORKED, &b->line[0], b->line[0].text,
		    "another answer to the offer of line %" PRIu64
		    ": each branch of the fork knows the offer's key",
		    offer->line[0].pos.line);
	if (again && kept_equals(before, b))
		return;
	if (reparse(t, offer) == -1) {
		t->no_memory = true;
		return;
	}
	gs_check_pair(&t->other, &t->sdp, t->offer_file, t->d);
	gs_check_hide_keys(&t->other, t->d);
}

static void
check_offer(struct gs_dialogs *t, struct leg *l, const struct gs_block *b,
    enum gs_party from)
{
	const struct kept *before = &l->last[from];

	if (!before->set || kept_equals(before, b))
		return;
	/* What was refused (401, 407, 488) is no session that is changed. */
	if (b->type == GS_TEXT_SIP && !l->answered && b->to_tag[0] == '\0')
		return;
	if (reparse(t, before) == -1)
		t->no_memory = true;
	else
		gs_check_reoffer(&t->other, &t->sdp, t->d);
}

/* Settles the keys that waited for this SDP of l; those that a log without
 * UUIDs does not assign may wait elsewhere. */
static void
match_keys(struct gs_dialogs *t, const struct leg *l, enum gs_party from)
{
	for (size_t k = 0; k < GS_DIALOGS; k++) {
		struct leg *w = t->legs.leg[k];
		for (size_t i = w == NULL ? 0 : w->keys; i-- > 0;)
			if ((w == l || w->key[i].guessed) &&
			    w->key[i].party == from &&
			    kept_has_crypto(&l->last[from], w->key[i].crypto,
				w->key[i].hash))
				leg_key_remove(w, i);
	}
}

/* Whether an SDP at hand brought this key. */
static bool
key_is_known(const struct gs_dialogs *t, const struct leg *l,
    const struct pending_key *k)
{
	if (kept_has_crypto(&l->last[k->party], k->crypto, k->hash))
		return true;
	for (size_t i = 0; k->guessed && i < GS_DIALOGS; i++) {
		const struct leg *other = t->legs.leg[i];
		if (other != NULL &&
		    kept_has_crypto(&other->last[k->party], k->crypto, k->hash))
			return true;
	}
	return false;
}

/* Where in which call an SDP stands; leg is NULL when it is in none. */
struct place {
	struct leg *leg;
	enum gs_party from;
	enum gs_role role;
};

/* Whether b takes part in offer and answer. A refusal and OPTIONS tell what
 * a side could do (RFC 3261 11.2, 21.4.26); a log's SDP that is nobody's is
 * a copy that FreeSWITCH changed. */
static bool
negotiates(const struct gs_block *b)
{
	switch (b->type) {
	case GS_TEXT_SIP:
		return b->status < 300 && strcmp(b->method, "OPTIONS") != 0;
	case GS_TEXT_FSLOG: return b->party != GS_PARTY_UNKNOWN;
	default: return false;
	}
}

/* Returns false when b only repeats what was judged before. */
static bool
find_place(struct gs_dialogs *t, const struct gs_block *b, struct place *p)
{
	*p = (struct place){ .role = b->role };
	if (b->repeated)
		return false;
	if (b->lines == 0 || (t->forced == GS_ROLE_UNKNOWN && !negotiates(b)))
		return true;
	p->leg = leg_get(t, t->forced != GS_ROLE_UNKNOWN ? "" : b->id);
	if (p->leg == NULL)
		return true;
	if (t->forced != GS_ROLE_UNKNOWN) {
		p->role = t->forced;
		p->from = t->forced == GS_ROLE_OFFER ? GS_PARTY_REMOTE :
						       GS_PARTY_LOCAL;
		return true;
	}
	p->from = leg_sender(p->leg, b);
	p->role = leg_role(p->leg, b, p->from);
	return !kept_repeats(&p->leg->last[p->from], b);
}

/* The rules over more than one SDP, and what the next one will need. */
static void
check_call(struct gs_dialogs *t, const struct gs_block *b,
    const struct place *p)
{
	struct leg *l = p->leg;

	if (p->role == GS_ROLE_ANSWER) {
		check_answer(t, l, b, p->from);
		l->answered = true;
	} else {
		check_offer(t, l, b, p->from);
		l->offered = true;
		l->answered = false;
		l->offerer = p->from;
	}
	if (kept_set(&l->last[p->from], b) == -1)
		t->no_memory = true;
	match_keys(t, l, p->from);
}

static void
check_alone(struct gs_dialogs *t, const struct gs_block *b, enum gs_role role)
{
	struct gs_check c = {
		.require = t->require,
		.role = role,
		.transport = b->transport,
		.truncated = b->truncated,
		.signalling = b->signalling,
	};

	if (b->transport != GS_TRANSPORT_UNKNOWN)
		t->transport_seen = true;
	/* The log's own copy of an SDP whose SIP message was in a trace. */
	else if (b->type == GS_TEXT_FSLOG && t->transport_seen)
		c.require &= ~(unsigned)GS_REQUIRE_TLS;
	gs_check_sdp(&t->sdp, &c, t->d, &t->verdict);
	if (b->truncated && b->lines > 0)
		gs_sdp_diag(t->d, GS_R_SDP_TRUNCATED, &b->line[b->lines - 1],
		    gs_span(NULL, 0), "the text ends here, inside the SDP");
}

/* Whether the text ends inside line l, where what is missing would be taken
 * for an error. */
static bool
is_cut(const struct gs_line *l)
{
	const struct gs_span crypto = GS_LIT("a=crypto");
	size_t fields = 1;
	struct gs_span s = l->text;
	struct gs_sdes sdes;

	if (l->eol != GS_EOL_NONE)
		return false;
	if (gs_span_starts(s, crypto)) {
		size_t at = crypto.n + (s.n > crypto.n);
		gs_sdes_parse(&sdes, l, gs_span(s.p + at, s.n - at), NULL);
		gs_sdes_wipe(&sdes);
		return !sdes.valid;
	}
	for (size_t i = 0; i + 1 < s.n; i++)
		fields += s.p[i] == ' ';
	return (gs_span_starts(s, GS_LIT("m=")) && fields < 4) ||
	    (gs_span_starts(s, GS_LIT("c=")) && fields < 3);
}

static void
judge_block(struct gs_dialogs *t, const struct gs_block *b)
{
	struct place p;

	if (!find_place(t, b, &p))
		return;
	if (gs_sdp_parse(&t->sdp, b->line, b->lines, t->d) == -1) {
		t->no_memory = true;
		return;
	}
	check_alone(t, b, p.role);
	if (p.leg != NULL)
		check_call(t, b, &p);
	gs_check_hide_keys(&t->sdp, t->d);
	give(t,
	    &(struct gs_result){
		.kind = GS_RESULT_BLOCK,
		.pos = b->pos,
		.block = b,
		.role = p.role,
		.verdict = &t->verdict,
	    });
}

static void
on_block(void *arg, const struct gs_block *b)
{
	struct gs_dialogs *t = arg;

	t->blocks++;
	if (b->truncated && b->lines > 1 && is_cut(&b->line[b->lines - 1])) {
		struct gs_block rest = *b;
		rest.lines--;
		judge_block(t, &rest);
	} else {
		judge_block(t, b);
	}
}

/* Keeps p, with a copy of its line, in the place of l's oldest where there
 * is no room. Returns 0, -1 without memory. */
static int
keep_key(struct leg *l, struct pending_key *p, const struct gs_line *line)
{
	size_t at = (size_t)(p->crypto.p - line->text.p);

	if (l->key == NULL)
		l->key = calloc(PENDING_KEYS, sizeof(*l->key));
	if (l->key == NULL)
		return -1;
	while (l->keys == PENDING_KEYS ||
	    (l->keys > 0 && line->text.n > PENDING_BYTES - l->key_bytes))
		leg_key_remove(l, 0);
	gs_buf_init(&p->text, PENDING_BYTES);
	gs_buf_put(&p->text, line->text.p, line->text.n);
	if (!gs_buf_ok(&p->text)) {
		gs_buf_free(&p->text);
		return -1;
	}
	p->crypto.p = (const char *)p->text.p + at;
	l->key_bytes += p->text.n;
	l->key[l->keys++] = *p;
	return 0;
}

static void
on_key(void *arg, const struct gs_log_key *k)
{
	struct gs_dialogs *t = arg;
	struct leg *l = leg_get(t, k->id);
	struct pending_key p = { .pos = k->line.pos,
		.crypto = gs_span_trim(k->crypto),
		.party = k->party == GS_PARTY_LOCAL ? GS_PARTY_LOCAL :
						      GS_PARTY_REMOTE,
		.guessed = k->id_guessed };

	p.hash = (uint32_t)gs_span_hash(p.crypto);
	if (l == NULL || k->line.text.n > PENDING_BYTES ||
	    key_is_known(t, l, &p))
		return;
	memcpy(p.media, k->media, sizeof(p.media));
	if (keep_key(l, &p, &k->line) == -1)
		t->no_memory = true;
}

static void
on_event(void *arg, const struct gs_log_event *e)
{
	struct gs_dialogs *t = arg;
	const struct log_event_rule *r = log_event_rule(e);

	if (r == NULL)
		return;
	/* "Unsupported Crypto" alone does not say that the call failed. */
	enum gs_severity severity = e->kind == GS_LOG_UNSUPPORTED ?
	    GS_WARNING :
	    gs_sdp_rules.rule[r->rule].severity;
	gs_sdp_diag_as(t->d, r->rule, severity, &e->line, e->detail, "%s%.*s",
	    r->text, e->kind == GS_LOG_HANGUP ? (int)e->detail.n : 0,
	    e->detail.p);
	give(t,
	    &(struct gs_result){ .kind = GS_RESULT_EVENT, .pos = e->line.pos });
}

/* usual: how bad it is when nobody requires TLS. */
static void
give_registration(struct gs_dialogs *t, const struct gs_registration *r,
    enum gs_severity usual)
{
	bool strict = (t->require & GS_REQUIRE_TLS) != 0;
	struct gs_span part = r->line.text;
	bool clear = r->transport == GS_TRANSPORT_UDP ||
	    r->transport == GS_TRANSPORT_TCP || r->transport == GS_TRANSPORT_WS;

	size_t at = gs_span_find(part, gs_span(r->status, strlen(r->status)));
	if (at < part.n)
		part = gs_span(part.p + at, strlen(r->status));
	if (clear)
		gs_sdp_diag_as(t->d, GS_R_REG_NOT_TLS,
		    strict ? GS_ERROR : usual, &r->line, part,
		    "%s is registered over %s: its SRTP keys travel in "
		    "clear (Snom: user_outbound HOST:5061;transport=tls)",
		    r->user, gs_transport_name(r->transport));
	else if (r->transport == GS_TRANSPORT_UNKNOWN)
		gs_sdp_diag_as(t->d, GS_R_REG_TRANSPORT_HIDDEN,
		    strict ? GS_WARNING : GS_NOTE, &r->line, part,
		    "nothing tells over what %s is registered", r->user);
	give(t,
	    &(struct gs_result){
		.kind = GS_RESULT_REGISTRATION,
		.pos = r->status_pos,
		.registration = r,
	    });
}

static void
on_registration(void *arg, const struct gs_registration *r)
{
	give_registration(arg, r, GS_WARNING);
}

/* Whether this phone's registration was told of; remembers that it is. A
 * trace shows each of them twice, and again every few minutes. */
static bool
told_before(struct gs_dialogs *t, const struct gs_text_message *m)
{
	uint64_t h = gs_span_hash(gs_span(m->to, strlen(m->to))) + m->transport;
	size_t n =
	    t->registrations < REGISTERED ? t->registrations : REGISTERED;

	for (size_t i = 0; i < n; i++)
		if (t->registered[i] == h)
			return true;
	t->registered[t->registrations++ % REGISTERED] = h;
	return false;
}

static void
on_message(void *arg, const struct gs_text_message *m)
{
	struct gs_dialogs *t = arg;
	struct gs_registration r = {
		.status_pos = m->line.pos,
		.line = m->line,
		.transport = m->transport,
	};

	if (t->message.max == 0) {
		gs_buf_init(&t->message, GS_TEXT_LINE);
		gs_buf_put(&t->message, m->line.text.p, m->line.text.n);
		t->message_pos = m->line.pos;
	}
	if (m->status != 0 || strcmp(m->method, "REGISTER") != 0 ||
	    told_before(t, m))
		return;
	memcpy(r.user, m->to, sizeof(r.user));
	(void)snprintf(r.status, sizeof(r.status), "REGISTER over %s",
	    gs_transport_name(m->transport));
	/* The trace's own SDPs tell whether keys travelled that way. */
	give_registration(t, &r, GS_NOTE);
}

struct gs_text_sink
gs_dialogs_sink(struct gs_dialogs *t)
{
	return (struct gs_text_sink){
		.block = on_block,
		.key = on_key,
		.event = on_event,
		.registration = on_registration,
		.message = on_message,
		.arg = t,
	};
}

static void
give_no_sdp(struct gs_dialogs *t)
{
	struct gs_line line = { .text = gs_buf_span(&t->message),
		.pos = t->message_pos };

	gs_sdp_diag(t->d, GS_R_SIP_NO_SDP, &line, line.text,
	    "none of the SIP messages has an SDP: nothing about media was "
	    "checked");
	give(t,
	    &(struct gs_result){ .kind = GS_RESULT_EVENT, .pos = line.pos });
}

int
gs_dialogs_end(struct gs_dialogs *t)
{
	/* A forced offer waits for its answer in another file. */
	if (t->forced == GS_ROLE_OFFER)
		return t->no_memory ? -1 : 0;
	for (size_t i = 0; i < GS_DIALOGS; i++) {
		if (t->legs.leg[i] != NULL)
			leg_close(t, t->legs.leg[i]);
		t->legs.used[i] = 0;
	}
	if (t->blocks == 0 && t->message.n > 0)
		give_no_sdp(t);
	return t->no_memory ? -1 : 0;
}

void
gs_dialogs_free(struct gs_dialogs *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < GS_DIALOGS; i++)
		leg_free(t->legs.leg[i]);
	gs_buf_free(&t->message);
	gs_sdp_free(&t->sdp);
	gs_sdp_free(&t->other);
	free(t);
}
