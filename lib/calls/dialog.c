/* SPDX-License-Identifier: MIT */
/* The calls of one file: pairs offers with answers, and keys with the SDP that
 * brought them. */
#include "calls/dialog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "sdp/mask.h"
#include "sdp/rules.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"
#include "text/sink.h"
#include "calls/carried.h"
#include "calls/event.h"
#include "calls/exchange.h"
#include "calls/heard.h"
#include "calls/kept.h"
#include "calls/pair.h"
#include "calls/proof.h"
#include "calls/refusal.h"

enum { REGISTERED = 256 };

/* Limits. If there are more legs, the one idle longest is closed first. */
enum {
	GS_DIALOGS = 128,
	LEG_BUCKETS = 256,
	PENDING_KEYS = 64,
	PENDING_BYTES = 8 * 1024, /* of all keys that wait at one leg */
};

/* A key that FreeSWITCH logged ("Set Local Key"), which precedes the SDP that
 * sends it. */
struct pending_key {
	struct gs_buf text; /* the line with the message */
	struct gs_span crypto; /* inside text, without blanks around it */
	uint32_t hash; /* of crypto */
	struct gs_pos pos;
	enum gs_text_party party;
	char media[16]; /* "audio" and so on; empty: any */
	bool guessed; /* the log does not name its call */
	bool unlogged; /* and its SDP is not in the log */
};

/* One leg of a call: a channel in a log, a dialog in SIP. The first members are
 * those by which its end is judged, so that little of it has to be fetched from
 * memory then. */
struct leg {
	struct pending_key *key;
	size_t keys; /* at most PENDING_KEYS */
	size_t key_size; /* entries that key has room for */
	size_t key_bytes; /* octets of their texts */
	bool up; /* FreeSWITCH answered its channel, */
	bool over; /* or reported its end, which it does twice */
	struct gs_calls_refusal refused; /* the last refusal */
	struct gs_calls_refusal early; /* a refusal that no offer precedes so
					* far */
	struct gs_calls_exchange x;
	struct gs_calls_kept last[3]; /* the last SDPs as seen, by enum
				       * gs_text_party */
	char id[256];
	char first_tag[128]; /* SIP: who spoke first */
};

/* All legs of a file. Zero it before use. */
struct legs {
	struct leg *leg[GS_DIALOGS];
	uint64_t hash[GS_DIALOGS]; /* of each leg's id */
	struct gs_link link[GS_DIALOGS]; /* each leg's place in used */
	struct gs_list used; /* the legs by the time of use */
	size_t n; /* legs in use: the first ones */
	size_t recent; /* the leg taken last */
	uint8_t bucket[LEG_BUCKETS]; /* the first leg of each bucket, from 1 on;
				      * 0: none */
	uint8_t next[GS_DIALOGS]; /* the next leg of the same bucket, in the
				   * same way */
};

/* How many keys of each party can be found in all legs, so that most searches
 * need not begin, even in a log that names no calls. */
struct key_counts {
	uint16_t shown[3][256]; /* keys in the last SDPs, by the end of their
				 * hash */
	uint32_t guessed[3]; /* keys that wait and may belong to another leg */
};

struct gs_calls_dialogs {
	struct gs_calls_proof proof;
	struct gs_calls_carried carried;
	struct gs_calls_heard *heard; /* gets the addresses of SDPs, or NULL */
	struct gs_diags *d;
	void (*result)(void *arg, const struct gs_calls_result *r);
	void *arg;
	struct legs legs;
	struct key_counts keys;
	struct gs_sdp sdp;
	struct gs_sdp other;
	struct gs_sdp_verdict verdict;
	enum gs_sdp_role forced;
	const char *offer_file;
	struct gs_buf message; /* the start line of the first SIP message */
	struct gs_pos message_pos;
	uint64_t registered[REGISTERED]; /* hashes of phones whose registration
					  * was reported */
	size_t registrations;
	uint64_t clear[REGISTERED]; /* hashes of calls whose unencrypted
				     * signalling was reported */
	size_t clears;
	bool no_memory;
};

/* ---- legs */

/* Adds by to the count of each key in k. */
static void
count_shown(uint16_t shown[256], const struct gs_calls_kept *k, int by)
{
	for (size_t i = 0; i < k->cryptos; i++) {
		uint16_t *n = &shown[k->crypto[i] % 256];
		*n = (uint16_t)(*n + by);
	}
}

static void
leg_key_remove(struct key_counts *c, struct leg *l, size_t i)
{
	c->guessed[l->key[i].party] -= l->key[i].guessed;
	l->key_bytes -= l->key[i].text.n;
	gs_buf_free(&l->key[i].text);
	l->keys--;
	memmove(&l->key[i], &l->key[i + 1], (l->keys - i) * sizeof(l->key[0]));
}

static void
leg_clear(struct key_counts *c, struct leg *l)
{
	for (size_t i = 0; i < 3; i++) {
		count_shown(c->shown[i], &l->last[i], -1);
		gs_calls_kept_clear(&l->last[i]);
	}
	l->first_tag[0] = '\0';
	gs_calls_exchange_clear(&l->x);
	l->refused = l->early = (struct gs_calls_refusal){ .status = 0 };
	l->up = l->over = false;
}

static void
leg_free(struct key_counts *c, struct leg *l)
{
	if (l == NULL)
		return;
	while (l->keys > 0)
		leg_key_remove(c, l, 0);
	for (size_t i = 0; i < 3; i++)
		gs_calls_kept_free(&l->last[i]);
	gs_calls_exchange_free(&l->x);
	free(l->key);
	free(l);
}

static bool
is_leg(const struct legs *t, size_t i, uint64_t hash, const char *id)
{
	return i < t->n && t->hash[i] == hash && strcmp(t->leg[i]->id, id) == 0;
}

/* The index of the leg with this id; GS_DIALOGS: there is none. */
static size_t
legs_find(const struct legs *t, const char *id)
{
	/* Usually it is the leg of the previous line. */
	if (t->recent < t->n && strcmp(t->leg[t->recent]->id, id) == 0)
		return t->recent;
	const uint64_t hash = gs_span_hash(gs_span_of(id));
	for (size_t i = t->bucket[hash % LEG_BUCKETS]; i > 0;
	     i = t->next[i - 1])
		if (is_leg(t, i - 1, hash, id))
			return i - 1;
	return GS_DIALOGS;
}

/* Takes leg i, which has a name, out of its bucket. */
static void
legs_unlink(struct legs *t, size_t i)
{
	uint8_t *at = &t->bucket[t->hash[i] % LEG_BUCKETS];

	while (*at != i + 1)
		at = &t->next[*at - 1];
	*at = t->next[i];
}

/* Puts leg i into the bucket of its name. */
static void
legs_link(struct legs *t, size_t i)
{
	uint8_t *first = &t->bucket[t->hash[i] % LEG_BUCKETS];

	t->next[i] = *first;
	*first = (uint8_t)(i + 1);
}

/* A free leg, or the one idle longest. */
static size_t
legs_free(const struct legs *t)
{
	return t->n < GS_DIALOGS ? t->n : (size_t)(t->used.oldest - t->link);
}

/* Forgets all legs, which are closed. They keep their memory. */
static void
legs_forget(struct legs *t)
{
	memset(t->bucket, 0, sizeof(t->bucket));
	t->used = (struct gs_list){ NULL };
	t->n = 0;
}

static struct leg *
legs_take(struct legs *t, size_t i, const char *id, bool known)
{
	if (t->leg[i] == NULL)
		t->leg[i] = calloc(1, sizeof(*t->leg[i]));
	struct leg *l = t->leg[i];
	if (l == NULL)
		return NULL;
	if (!known) {
		memcpy(l->id, id, strnlen(id, sizeof(l->id) - 1) + 1);
		l->id[sizeof(l->id) - 1] = '\0';
		if (i < t->n)
			legs_unlink(t, i);
		t->hash[i] = gs_span_hash(gs_span_of(id));
		legs_link(t, i);
	}
	if (i < t->n)
		gs_list_renew(&t->used, &t->link[i]);
	else
		gs_list_add(&t->used, &t->link[t->n++], l);
	t->recent = i;
	return l;
}

/* Who sent b: in SIP, whoever spoke first in the dialog counts as remote. */
static enum gs_text_party
leg_sender(struct leg *l, const struct gs_text_block *b)
{
	if (b->type != GS_TEXT_SIP)
		return b->party;
	if (l->first_tag[0] == '\0')
		memcpy(l->first_tag, b->status == 0 ? b->from_tag : b->to_tag,
		    sizeof(l->first_tag));
	bool by_from = strcmp(b->from_tag, l->first_tag) == 0;
	return by_from == (b->status == 0) ? GS_PARTY_REMOTE : GS_PARTY_LOCAL;
}

/* ---- dialogs */

struct gs_calls_dialogs *
gs_calls_dialogs_new(unsigned require, struct gs_diags *d,
    void (*result)(void *arg, const struct gs_calls_result *r), void *arg)
{
	struct gs_calls_dialogs *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->proof.require = require;
	t->proof.d = t->d = d;
	t->result = result;
	t->arg = arg;
	return t;
}

void
gs_calls_dialogs_force(struct gs_calls_dialogs *t, enum gs_sdp_role role,
    const char *file)
{
	t->forced = role;
	t->proof.blocks = t->proof.keys = 0;
	if (role == GS_ROLE_OFFER)
		t->offer_file = file;
}

static void
give(struct gs_calls_dialogs *t, const struct gs_calls_result *r)
{
	gs_diags_sort(t->d);
	if (t->result != NULL)
		t->result(t->arg, r);
}

static const char *
key_label(enum gs_text_party party)
{
	return party == GS_PARTY_LOCAL ? "Local key" : "Remote key";
}

/* Reports a key line of a leg whose SDP of that party is not in the file. */
static void
give_lone_key(struct gs_calls_dialogs *t, const struct leg *l,
    const struct pending_key *k)
{
	struct gs_sdp_line line = { .text = gs_buf_span(&k->text),
		.pos = k->pos };
	struct gs_sdp_sdes sdes;

	gs_sdp_sdes_parse(&sdes, &line, k->crypto, t->d);
	gs_sdp_check_key(&sdes, t->proof.require, t->d);
	gs_calls_proof_key(&t->proof, &line);
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_KEY,
		.pos = k->pos,
		.leg = l->id,
		.key = &sdes,
		.key_label = key_label(k->party),
	    });
	gs_sdp_sdes_wipe(&sdes);
}

/* Passes on the findings so far, about a leg with this id. */
static void
give_event(struct gs_calls_dialogs *t, const char *leg, struct gs_pos pos)
{
	give(t,
	    &(struct gs_calls_result){ .kind = GS_RESULT_EVENT,
		.pos = pos,
		.leg = leg });
}

static void
give_unmatched_key(struct gs_calls_dialogs *t, const struct leg *l,
    const struct pending_key *k)
{
	struct gs_sdp_line line = { .text = gs_buf_span(&k->text),
		.pos = k->pos };

	gs_sdp_diag(t->d, GS_R_LOG_KEY_UNMATCHED, &line, k->crypto,
	    "FreeSWITCH uses a %s that is in no SDP of this log",
	    k->party == GS_PARTY_LOCAL ? "local key" : "remote key");
	give_event(t, l->id, k->pos);
}

/* Closes the open offer of l as refused. An answer to it was provisional, or
 * was never sent. */
static void
refuse(struct gs_calls_dialogs *t, struct leg *l, unsigned status,
    struct gs_pos pos)
{
	if (gs_calls_refusal_set(&l->refused, &l->x, status, pos, &t->other) ==
	    -1)
		t->no_memory = true;
	else
		gs_calls_exchange_refuse(&l->x, l->x.open[0].cseq);
}

/* Whether FreeSWITCH and the other side agreed on media. */
static bool
is_up(const struct leg *l)
{
	return l->up && (l->x.answered || l->x.opens == 0);
}

/* Looks at a refusal without an offer: its SDP may follow, or be missing.
 * Without any SDP, the SDP of another leg may have been refused. */
static void
take_early(struct gs_calls_dialogs *t, struct leg *l)
{
	bool seen = l->last[GS_PARTY_REMOTE].set || l->last[GS_PARTY_LOCAL].set;
	struct gs_sdp_line line = { .pos = l->early.pos };

	if (l->refused.status != 0 || l->early.status == 0 || is_up(l))
		return;
	if (!seen && t->proof.blocks > 0 &&
	    gs_calls_proof_refusal(&t->proof, &line, l->early.status))
		give_event(t, l->id, line.pos);
	if (!seen)
		return;
	if (l->x.opens > 0)
		refuse(t, l, l->early.status, l->early.pos);
	else
		l->refused = l->early;
}

/* Judges what only the end of a leg can decide, and empties l, which keeps its
 * memory. */
static void
leg_close(struct gs_calls_dialogs *t, struct leg *l)
{
	while (l->keys > 0) {
		const struct pending_key *k = &l->key[0];
		if (k->unlogged)
			; /* the log has no SDP for it */
		else if (gs_calls_kept_has_media(&l->last[k->party], k->media))
			give_unmatched_key(t, l, k);
		else if (!l->last[GS_PARTY_REMOTE].set &&
		    !l->last[GS_PARTY_LOCAL].set)
			give_lone_key(t, l, k);
		leg_key_remove(&t->keys, l, 0);
	}
	take_early(t, l);
	if (gs_calls_refusal_tell(&l->refused, &l->x, t->d))
		give_event(t, l->id, l->refused.pos);
	leg_clear(&t->keys, l);
}

/* The leg of this id, created if it is new; NULL if out of memory. */
static struct leg *
leg_get(struct gs_calls_dialogs *t, const char *id)
{
	size_t i = legs_find(&t->legs, id);
	bool known = i < GS_DIALOGS;

	i = known ? i : legs_free(&t->legs);
	if (!known && t->legs.leg[i] != NULL)
		leg_close(t, t->legs.leg[i]);
	struct leg *l = legs_take(&t->legs, i, id, known);
	if (l == NULL)
		t->no_memory = true;
	return l;
}

static int
reparse(struct gs_calls_dialogs *t, const struct gs_calls_kept *k)
{
	return gs_sdp_parse(&t->other, k->line, k->lines, NULL);
}

/* A stream that moves requires a new key (RFC 4568 section 7.1.4), on every
 * hop. An address that a proxy changed is not a move. */
static void
check_moved(struct gs_calls_dialogs *t, const struct leg *l,
    const struct gs_text_block *b, enum gs_text_party from)
{
	const struct gs_calls_kept *before;

	for (size_t i = 0;
	     (before = gs_calls_exchange_accepted(&l->x, from, i)) != NULL;
	     i++) {
		/* Nothing to compare with, or nothing changed. */
		if (before->cryptos == 0 || gs_calls_kept_equals(before, b))
			return;
		if (reparse(t, before) == -1) {
			t->no_memory = true;
			return;
		}
		if (gs_calls_check_reoffer(&t->other, &t->sdp, NULL) == 0)
			return;
	}
	before = gs_calls_exchange_accepted(&l->x, from, 0);
	if (before == NULL)
		return;
	if (reparse(t, before) == -1)
		t->no_memory = true;
	else
		(void)gs_calls_check_reoffer(&t->other, &t->sdp, t->d);
}

static void
check_answer(struct gs_calls_dialogs *t, struct leg *l,
    const struct gs_text_block *b, enum gs_text_party from)
{
	struct gs_calls_answer a;

	if (gs_calls_exchange_answer(&l->x, b, from, &a) == -1) {
		t->no_memory = true;
		return;
	}
	if (a.offer == NULL)
		return;
	if (a.forked)
		gs_sdp_diag(t->d, GS_R_OA_FORKED, &b->line[0], b->line[0].text,
		    "another answer to the offer in line %" PRIu64
		    ": every branch of the fork knows the offer's key",
		    a.offer->line[0].pos.line);
	if (a.again)
		return;
	if (reparse(t, a.offer) == -1) {
		t->no_memory = true;
		return;
	}
	gs_calls_check_pair(&t->other, &t->sdp, t->offer_file, t->d);
	gs_sdp_check_hide_keys(&t->other, t->d);
	check_moved(t, l, b, from);
}

static void
check_offer(struct gs_calls_dialogs *t, struct leg *l,
    const struct gs_text_block *b, enum gs_text_party from)
{
	if (gs_calls_exchange_offer(&l->x, b, from) == -1)
		t->no_memory = true;
	else
		check_moved(t, l, b, from);
}

/* Takes the keys of w that waited for the SDP from l. */
static void
take_keys(struct gs_calls_dialogs *t, struct leg *w, const struct leg *l,
    enum gs_text_party from)
{
	for (size_t i = w->keys; i-- > 0;)
		if ((w == l || w->key[i].guessed) && w->key[i].party == from &&
		    gs_calls_kept_has_crypto(&l->last[from], w->key[i].crypto,
			w->key[i].hash))
			leg_key_remove(&t->keys, w, i);
}

/* The same for all legs: in a log without UUIDs, keys may wait at another
 * one. */
static void
match_keys(struct gs_calls_dialogs *t, struct leg *l, enum gs_text_party from)
{
	take_keys(t, l, l, from);
	for (size_t k = 0; k < GS_DIALOGS && t->keys.guessed[from] > 0; k++)
		if (t->legs.leg[k] != NULL)
			take_keys(t, t->legs.leg[k], l, from);
}

/* Whether one of the SDPs of l contains this key. */
static bool
key_is_known(const struct gs_calls_dialogs *t, const struct leg *l,
    const struct pending_key *k)
{
	if (t->keys.shown[k->party][k->hash % 256] == 0)
		return false;
	if (gs_calls_kept_has_crypto(&l->last[k->party], k->crypto, k->hash))
		return true;
	for (size_t i = 0; k->guessed && i < GS_DIALOGS; i++) {
		const struct leg *other = t->legs.leg[i];
		if (other != NULL &&
		    gs_calls_kept_has_crypto(&other->last[k->party], k->crypto,
			k->hash))
			return true;
	}
	return false;
}

/* The place of an SDP in a call; leg is NULL if it is in none. */
struct place {
	struct leg *leg;
	enum gs_text_party from;
	enum gs_sdp_role role;
};

/* Whether b takes part in offer and answer. The SDP of a refusal or of OPTIONS
 * only lists capabilities (RFC 3261 11.2, 21.4.26). An SDP of a log without a
 * party is a copy that FreeSWITCH changed. */
static bool
negotiates(const struct gs_text_block *b)
{
	switch (b->type) {
	case GS_TEXT_SIP:
		return b->status < 300 && strcmp(b->method, "OPTIONS") != 0;
	case GS_TEXT_FSLOG: return b->party != GS_PARTY_UNKNOWN;
	default: return false;
	}
}

/* Returns false if b only repeats what was judged before. */
static bool
find_place(struct gs_calls_dialogs *t, const struct gs_text_block *b,
    struct place *p)
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
	p->role = gs_calls_exchange_role(&p->leg->x, b, p->from);
	return !gs_calls_kept_repeats(&p->leg->last[p->from], b) &&
	    !gs_calls_exchange_repeats(&p->leg->x, b);
}

/* Applies the rules over more than one SDP, and keeps what the next one will
 * need. */
static void
check_call(struct gs_calls_dialogs *t, const struct gs_text_block *b,
    const struct place *p)
{
	struct leg *l = p->leg;

	if (p->role == GS_ROLE_ANSWER)
		check_answer(t, l, b, p->from);
	else
		check_offer(t, l, b, p->from);
	count_shown(t->keys.shown[p->from], &l->last[p->from], -1);
	if (gs_calls_kept_set(&l->last[p->from], b) == -1)
		t->no_memory = true;
	count_shown(t->keys.shown[p->from], &l->last[p->from], 1);
	match_keys(t, l, p->from);
}

/* Whether others can read what it carries. */
static bool
is_clear(enum gs_sdp_transport t)
{
	return t == GS_TRANSPORT_UDP || t == GS_TRANSPORT_TCP ||
	    t == GS_TRANSPORT_WS;
}

/* Whether h is among the n hashes that were noted last, and notes it. */
static bool
note_hash(uint64_t hash[REGISTERED], size_t *n, uint64_t h)
{
	size_t kept = *n < REGISTERED ? *n : REGISTERED;

	for (size_t i = 0; i < kept; i++)
		if (hash[i] == h)
			return true;
	hash[(*n)++ % REGISTERED] = h;
	return false;
}

static void
check_alone(struct gs_calls_dialogs *t, const struct gs_text_block *b,
    enum gs_sdp_role role)
{
	bool capability = b->type == GS_TEXT_SIP && !negotiates(b);
	struct gs_sdp_check c = {
		.require = t->proof.require,
		.role = role,
		.transport = b->transport,
		.truncated = b->truncated,
		.signalling = b->signalling,
	};

	if (is_clear(b->transport) && b->type == GS_TEXT_SIP)
		(void)note_hash(t->clear, &t->clears,
		    gs_span_hash(gs_span_of(b->id)));
	if (b->transport != GS_TRANSPORT_UNKNOWN) {
		gs_calls_carried_trace(&t->carried, b);
	} else if ((c.require & GS_REQUIRE_TLS) != 0) {
		/* A trace in the same file may contain its SIP message. */
		c.require &= ~(unsigned)GS_REQUIRE_TLS;
		if (gs_calls_carried_log(&t->carried, b) == -1)
			t->no_memory = true;
	}
	gs_sdp_check_sdp(&t->sdp, &c, capability ? NULL : t->d, &t->verdict);
	if (capability)
		return;
	gs_calls_proof_block(&t->proof, b, &t->verdict);
	if (b->broken.line > 0)
		(void)gs_diag(t->d, &gs_sdp_rules.rule[GS_R_LINE_BROKEN],
		    b->broken,
		    "the line was broken here; it was joined to the line "
		    "before");
	if (b->truncated && b->lines > 0)
		gs_sdp_diag(t->d, GS_R_SDP_TRUNCATED, &b->line[b->lines - 1],
		    gs_span(NULL, 0), "the text ends in the middle of the SDP");
}

/* Whether the text ends inside line l, so that the missing rest would look like
 * an error. */
static bool
is_cut(const struct gs_sdp_line *l)
{
	const struct gs_span crypto = GS_LIT("a=crypto");
	size_t fields = 1;
	struct gs_span s = l->text;
	struct gs_sdp_sdes sdes;

	if (l->eol != GS_EOL_NONE)
		return false;
	if (gs_span_starts(s, crypto)) {
		size_t at = crypto.n + (s.n > crypto.n);
		gs_sdp_sdes_parse(&sdes, l, gs_span_skip(s, at), NULL);
		gs_sdp_sdes_wipe(&sdes);
		return !sdes.valid;
	}
	for (size_t i = 0; i + 1 < s.n; i++)
		fields += s.p[i] == ' ';
	return (gs_span_starts(s, GS_LIT("m=")) && fields < 4) ||
	    (gs_span_starts(s, GS_LIT("c=")) && fields < 3);
}

static void
judge_block(struct gs_calls_dialogs *t, const struct gs_text_block *b)
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
	gs_sdp_check_hide_keys(&t->sdp, t->d);
	if (t->heard != NULL && (b->type != GS_TEXT_SIP || negotiates(b)))
		gs_calls_heard_sdp(t->heard, &t->sdp, &t->verdict,
		    gs_span_hash(gs_span_of(b->id)));
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_BLOCK,
		.pos = b->pos,
		.leg = t->forced == GS_ROLE_UNKNOWN ? b->id : NULL,
		.block = b,
		.role = p.role,
		.verdict = &t->verdict,
		.capability = b->type == GS_TEXT_SIP && !negotiates(b),
	    });
}

static void
on_block(void *arg, const struct gs_text_block *b)
{
	struct gs_calls_dialogs *t = arg;

	if (b->truncated && b->lines > 1 && is_cut(&b->line[b->lines - 1])) {
		struct gs_text_block rest = *b;
		rest.lines--;
		judge_block(t, &rest);
	} else {
		judge_block(t, b);
	}
}

/* Keeps p and a copy of its line. If l is full, its oldest key is dropped.
 * Returns 0, or -1 if out of memory. */
static int
keep_key(struct key_counts *c, struct leg *l, struct pending_key *p,
    const struct gs_sdp_line *line)
{
	size_t at = (size_t)(p->crypto.p - line->text.p);

	while (l->keys == PENDING_KEYS ||
	    (l->keys > 0 && line->text.n > PENDING_BYTES - l->key_bytes))
		leg_key_remove(c, l, 0);
	gs_buf_init(&p->text, PENDING_BYTES);
	gs_buf_put(&p->text, line->text.p, line->text.n);
	if (!gs_buf_ok(&p->text) ||
	    !gs_grow(&l->key, &l->key_size, l->keys + 1, sizeof(*l->key))) {
		gs_buf_free(&p->text);
		return -1;
	}
	p->crypto.p = (const char *)p->text.p + at;
	l->key_bytes += p->text.n;
	l->key[l->keys++] = *p;
	c->guessed[p->party] += p->guessed;
	return 0;
}

static void
on_key(void *arg, const struct gs_text_log_key *k)
{
	struct gs_calls_dialogs *t = arg;
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
	/* FreeSWITCH does not log its answer to a re-INVITE. */
	p.unlogged = p.party == GS_PARTY_LOCAL &&
	    gs_calls_exchange_is_open(&l->x, GS_PARTY_REMOTE) &&
	    l->last[GS_PARTY_LOCAL].set;
	if (keep_key(&t->keys, l, &p, &k->line) == -1)
		t->no_memory = true;
}

/* ---- events of FreeSWITCH's log */

/* The status that an event reports, or that its cause means; 0: none. */
static unsigned
status_of(const struct gs_text_log_event *e)
{
	uint64_t status = 0;

	if (e->kind == GS_LOG_HANGUP)
		return gs_span_eq(e->detail,
			   GS_LIT("INCOMPATIBLE_DESTINATION")) ?
		    488 :
		    0;
	if (e->kind != GS_LOG_REFUSED || gs_span_u64(e->detail, &status) != 0 ||
	    status >= 700)
		return 0;
	return (unsigned)status;
}

/* The leg of SDPs that have no name in the log, if an offer waits there; or
 * NULL. */
static struct leg *
unnamed_offer(const struct gs_calls_dialogs *t)
{
	size_t i = legs_find(&t->legs, "");

	return i < GS_DIALOGS && t->legs.leg[i]->x.opens > 0 ? t->legs.leg[i] :
							       NULL;
}

/* Ends an offer that was refused, or a call. The next call may have the same
 * channel. */
static void
take_end(struct gs_calls_dialogs *t, const struct gs_text_log_event *e)
{
	/* Most events are these, and change no leg. */
	if (e->kind == GS_LOG_ROUTED || e->kind == GS_LOG_ACTIVATED)
		return;
	const unsigned status = status_of(e);
	const bool refused = gs_calls_refusal_is(status);
	size_t i = legs_find(&t->legs, e->id);

	if (i == GS_DIALOGS && !refused)
		return;
	struct leg *l = i < GS_DIALOGS ? t->legs.leg[i] : leg_get(t, e->id);
	if (l == NULL)
		return;
	/* The name of a channel that was used before. */
	if (e->kind == GS_LOG_CHANNEL)
		leg_close(t, l);
	l->over |= e->kind == GS_LOG_HANGUP;
	l->up |= e->kind == GS_LOG_UP;
	l->refused.explained |= e->kind == GS_LOG_CRYPTO_IN_AVP ||
	    e->kind == GS_LOG_NOT_NEGOTIATED ||
	    e->kind == GS_LOG_SECURE_DISABLED;
	if (!refused || is_up(l) || l->refused.status != 0)
		return;
	struct leg *other = l->x.opens == 0 ? unnamed_offer(t) : NULL;
	l = other != NULL ? other : l;
	if (l->x.opens > 0)
		refuse(t, l, status, e->line.pos);
	else if (l->early.status == 0)
		l->early = gs_calls_refusal_unseen(status, e->line.pos);
}

/* Whether the log reported before that the call of e has ended. */
static bool
is_over(const struct gs_calls_dialogs *t, const struct gs_text_log_event *e)
{
	size_t i = legs_find(&t->legs, e->id);

	return i < GS_DIALOGS && t->legs.leg[i]->over;
}

static void
on_event(void *arg, const struct gs_text_log_event *e)
{
	struct gs_calls_dialogs *t = arg;
	const bool again = e->kind == GS_LOG_HANGUP && is_over(t, e);

	take_end(t, e);
	if (!again)
		gs_calls_event_tell(e, t->d);
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_EVENT,
		.pos = e->line.pos,
		.leg = e->id,
		.event = e,
	    });
}

/* Reports a registration. usual: its severity unless TLS is required. */
static void
give_registration(struct gs_calls_dialogs *t,
    const struct gs_text_registration *r, enum gs_severity usual)
{
	bool strict = (t->proof.require & GS_REQUIRE_TLS) != 0;
	struct gs_span part = r->line.text;

	t->proof.registrations++;
	size_t at = gs_span_find(part, gs_span_of(r->status));
	if (at < part.n)
		part = gs_span(part.p + at, strlen(r->status));
	if (is_clear(r->transport))
		gs_sdp_diag_as(t->d, GS_R_REG_NOT_TLS,
		    strict ? GS_ERROR : usual, &r->line, part,
		    "%s is registered over %s: its SRTP keys travel in the "
		    "clear (Snom: user_outbound HOST:5061;transport=tls)",
		    r->user, gs_sdp_transport_name(r->transport));
	else if (r->transport == GS_TRANSPORT_UNKNOWN)
		gs_sdp_diag_as(t->d, GS_R_REG_TRANSPORT_HIDDEN,
		    strict ? GS_WARNING : GS_NOTE, &r->line, part,
		    "the transport of %s's registration is unknown", r->user);
	if (r->transport == GS_TRANSPORT_UNKNOWN && strict)
		gs_sdp_diag(t->d, GS_R_UNPROVEN, &r->line, part,
		    "nothing shows whether %s is registered over TLS: check a "
		    "SIP trace of the phone",
		    r->user);
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_REGISTRATION,
		.pos = r->status_pos,
		.registration = r,
	    });
}

static void
on_registration(void *arg, const struct gs_text_registration *r)
{
	give_registration(arg, r, GS_WARNING);
}

/* Whether this phone's registration was reported before, and notes that it was.
 * A trace shows each registration twice, and again every few minutes. */
static bool
told_before(struct gs_calls_dialogs *t, const struct gs_text_message *m)
{
	uint64_t h = gs_span_hash(gs_span_of(m->to)) + m->transport;

	return note_hash(t->registered, &t->registrations, h);
}

/* Whether m shows how a phone registers: the request, or, if that is missing,
 * its acceptance over a transport that others can read. */
static bool
registers(const struct gs_text_message *m)
{
	if (strcmp(m->method, "REGISTER") != 0)
		return false;
	return m->status == 0 ||
	    (m->status / 100 == 2 && is_clear(m->transport));
}

/* Takes a final response to an INVITE, other than success. */
static void
take_refusal(struct gs_calls_dialogs *t, const struct gs_text_message *m)
{
	size_t i = legs_find(&t->legs, m->id);

	if (m->status < 300 ||
	    (m->method[0] != '\0' && strcmp(m->method, "INVITE") != 0))
		return;
	if (i == GS_DIALOGS) {
		if (gs_calls_proof_refusal(&t->proof, &m->line, m->status))
			give_event(t, m->id, m->line.pos);
		return;
	}
	struct leg *l = t->legs.leg[i];
	/* If the offer has no number, it is the one that was refused. */
	if (l->x.opens > 0 &&
	    (l->x.open[0].cseq == m->cseq || l->x.open[0].cseq == 0))
		refuse(t, l, m->status, m->line.pos);
}

/* Whether m is of a call, and has no SDP that would tell the same. */
static bool
is_of_call(const struct gs_text_message *m)
{
	static const struct gs_span methods[] = { GS_LIT("INVITE"),
		GS_LIT("ACK"), GS_LIT("BYE"), GS_LIT("CANCEL"), GS_LIT("PRACK"),
		GS_LIT("UPDATE"), GS_LIT("INFO"), GS_LIT("REFER") };

	return (!m->body || m->late) &&
	    gs_span_is_any(gs_span_of(m->method), GS_ALL(methods));
}

/* With --require tls, reports a call of which a message could be read. One of
 * its SDPs may have told that before. */
static void
check_message(struct gs_calls_dialogs *t, const struct gs_text_message *m)
{
	if ((t->proof.require & GS_REQUIRE_TLS) == 0 ||
	    !is_clear(m->transport) || !is_of_call(m) ||
	    note_hash(t->clear, &t->clears, gs_span_hash(gs_span_of(m->id))))
		return;
	gs_sdp_diag_as(t->d, GS_R_SIGNALLING_CLEAR, GS_ERROR, &m->line,
	    m->line.text,
	    "a message of the call over SIP/%s: anyone on the "
	    "network path can read and change it",
	    gs_sdp_transport_name(m->transport));
}

static void
on_message(void *arg, const struct gs_text_message *m)
{
	struct gs_calls_dialogs *t = arg;
	struct gs_text_registration r = {
		.status_pos = m->line.pos,
		.line = m->line,
		.transport = m->transport,
	};

	if (!m->late)
		take_refusal(t, m);
	check_message(t, m);
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_EVENT,
		.pos = m->line.pos,
		.leg = m->id,
		.message = m,
	    });
	if (t->message.max == 0) {
		gs_buf_init(&t->message, GS_TEXT_LINE);
		gs_buf_put(&t->message, m->line.text.p, m->line.text.n);
		t->message_pos = m->line.pos;
	}
	if (!registers(m) || told_before(t, m))
		return;
	memcpy(r.user, m->to, sizeof(r.user));
	(void)snprintf(r.status, sizeof(r.status), "REGISTER over %s",
	    gs_sdp_transport_name(m->transport));
	/* The SDPs of the trace show whether keys were sent this way. */
	give_registration(t, &r, GS_NOTE);
}

void
gs_calls_dialogs_gap(struct gs_calls_dialogs *t, const struct gs_text_gap *g)
{
	if (gs_calls_proof_gap(&t->proof, g))
		give(t,
		    &(struct gs_calls_result){
			.kind = GS_RESULT_EVENT,
			.pos = g->line.pos,
			.leg = g->id,
			.gap = g,
		    });
}

void
gs_calls_dialogs_shut(struct gs_calls_dialogs *t, uint64_t frame,
    const char *text, bool anonymous)
{
	struct gs_pos pos = { frame, 0 };

	gs_calls_proof_shut(&t->proof, pos, text, anonymous);
	give_event(t, NULL, pos);
}

void
gs_calls_dialogs_relayed(struct gs_calls_dialogs *t, uint64_t frame,
    uint64_t packets)
{
	struct gs_pos pos = { frame, 0 };

	(void)gs_diag(t->d, &gs_sdp_rules.rule[GS_R_MEDIA_RELAYED], pos,
	    "SRTP was relayed under a different header, so no receiver can "
	    "decrypt it. Packets: %" PRIu64,
	    packets);
	give_event(t, NULL, pos);
}

void
gs_calls_dialogs_listen(struct gs_calls_dialogs *t,
    struct gs_calls_heard *heard)
{
	t->heard = heard;
}

void
gs_calls_dialogs_clear(struct gs_calls_dialogs *t,
    const struct gs_calls_heard_stream *s)
{
	const unsigned media = GS_REQUIRE_SRTP | GS_REQUIRE_SAVP;
	const bool agreed = s->agreed == GS_HEARD_SRTP;
	char src[GS_ADDR_TEXT], dst[GS_ADDR_TEXT];
	struct gs_pos pos = { s->frame, 0 };

	if (s->agreed == GS_HEARD_PLAIN)
		return;
	const enum gs_severity severity =
	    agreed || (t->proof.require & media) != 0 ? GS_ERROR : GS_WARNING;
	if (s->more > 0)
		(void)gs_diag_as(t->d, &gs_sdp_rules.rule[GS_R_UNREAD],
		    severity, pos,
		    "too many streams at a time: some were not checked for "
		    "encryption. Streams: %llu",
		    (unsigned long long)s->more);
	else
		(void)gs_diag_as(t->d, &gs_sdp_rules.rule[GS_R_MEDIA_CLEAR],
		    severity, pos, "RTP from %s to %s is not encrypted%s",
		    gs_net_addr_text(&s->src, src),
		    gs_net_addr_text(&s->dst, dst),
		    agreed ? ", although the SDP says SRTP" :
			     ", and no SDP of this file has these addresses");
	give(t,
	    &(struct gs_calls_result){
		.kind = GS_RESULT_EVENT,
		.pos = pos,
		.leg_hash = s->leg,
	    });
}

static void
on_gap(void *arg, const struct gs_text_gap *g)
{
	gs_calls_dialogs_gap(arg, g);
}

struct gs_text_sink
gs_calls_dialogs_sink(struct gs_calls_dialogs *t)
{
	return (struct gs_text_sink){
		.block = on_block,
		.key = on_key,
		.event = on_event,
		.registration = on_registration,
		.message = on_message,
		.gap = on_gap,
		.arg = t,
	};
}

static void
give_no_sdp(struct gs_calls_dialogs *t)
{
	struct gs_sdp_line line = { .text = gs_buf_span(&t->message),
		.pos = t->message_pos };

	gs_sdp_diag(t->d, GS_R_SIP_NO_SDP, &line, line.text,
	    "none of the SIP messages has an SDP: nothing about media was "
	    "checked");
	give_event(t, NULL, line.pos);
}

/* Reports the SDPs whose transport no trace shows. */
static void
give_unknown_transports(struct gs_calls_dialogs *t)
{
	const struct gs_calls_carried *c = &t->carried;

	for (size_t i = 0; i < c->opens; i++) {
		(void)gs_diag(t->d, &gs_sdp_rules.rule[GS_R_SIGNALLING_UNKNOWN],
		    c->open[i].pos,
		    "the transport of SIP is unknown: check a SIP trace or "
		    "the registrations");
		if (i == 0)
			(void)gs_diag(t->d, &gs_sdp_rules.rule[GS_R_UNPROVEN],
			    c->open[i].pos,
			    "nothing shows that SIP used TLS. SDPs with an "
			    "unknown transport: %" PRIu64,
			    (uint64_t)c->opens + c->more);
		give(t,
		    &(struct gs_calls_result){
			.kind = GS_RESULT_EVENT,
			.pos = c->open[i].pos,
			.leg_hash = c->open[i].leg,
		    });
	}
}

static void
give_unproven(struct gs_calls_dialogs *t)
{
	struct gs_pos pos;

	give_unknown_transports(t);
	if (gs_calls_proof_end(&t->proof, &pos))
		give_event(t, NULL, pos);
}

bool
gs_calls_dialogs_judged(const struct gs_calls_dialogs *t)
{
	if (t->proof.require == 0 && t->message.n > 0)
		return true;
	return gs_calls_proof_has_judged(&t->proof);
}

uint64_t
gs_calls_dialogs_registrations(const struct gs_calls_dialogs *t)
{
	return t->proof.registrations;
}

uint64_t
gs_calls_dialogs_gaps(const struct gs_calls_dialogs *t)
{
	return t->proof.gaps;
}

int
gs_calls_dialogs_end(struct gs_calls_dialogs *t)
{
	/* An offer by --offer waits for its answer in another file. */
	if (t->forced == GS_ROLE_OFFER)
		return t->no_memory ? -1 : 0;
	for (size_t i = 0; i < t->legs.n; i++)
		leg_close(t, t->legs.leg[i]);
	legs_forget(&t->legs);
	if (t->proof.blocks == 0 && t->message.n > 0)
		give_no_sdp(t);
	give_unproven(t);
	return t->no_memory ? -1 : 0;
}

void
gs_calls_dialogs_free(struct gs_calls_dialogs *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < GS_DIALOGS; i++)
		leg_free(&t->keys, t->legs.leg[i]);
	gs_buf_free(&t->message);
	gs_calls_carried_free(&t->carried);
	gs_sdp_free(&t->sdp);
	gs_sdp_free(&t->other);
	free(t);
}
