/* SPDX-License-Identifier: MIT */
/* One file's calls: offers and answers, keys and the SDP that brought them. */
#include "sdp/dialog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PENDING_KEYS = 64, REGISTERED = 256 };

/* A copy of an SDP that outlives its block. */
struct kept {
	bool set;
	struct gs_buf bytes;
	struct gs_line *line;
	size_t lines;
	size_t line_size; /* entries that line has room for */
	uint32_t cseq;
	unsigned status;
	char method[32];
	char tag[128];
};

/* "Set Local Key" comes before the SDP that sends it. */
struct pending_key {
	struct gs_buf text; /* the message line */
	struct gs_span crypto; /* inside text */
	struct gs_pos pos;
	enum gs_party party;
	char media[16]; /* "audio" …; empty: any */
	bool guessed; /* the log does not say whose it is */
};

/* One leg of a call: a channel in a log, a dialog in SIP. */
struct leg {
	char id[256];
	char first_tag[128]; /* SIP: who spoke first */
	struct kept last[3]; /* by enum gs_party */
	enum gs_party offerer;
	bool offered;
	bool answered;
	struct pending_key *key; /* PENDING_KEYS, or NULL before the first */
	size_t keys;
};

struct gs_dialogs {
	unsigned require;
	struct gs_diags *d;
	void (*result)(void *arg, const struct gs_result *r);
	void *arg;
	uint64_t clock;
	struct leg *leg[GS_DIALOGS];
	uint64_t hash[GS_DIALOGS]; /* of the leg's id */
	uint64_t used[GS_DIALOGS]; /* the clock then; 0: free */
	size_t recent; /* the leg of the last call of leg_get() */
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

/* Forgets the SDP and keeps the memory for the next one. */
static void
kept_clear(struct kept *k)
{
	gs_buf_clear(&k->bytes);
	k->lines = 0;
	k->set = false;
}

static void
kept_free(struct kept *k)
{
	gs_buf_free(&k->bytes);
	free(k->line);
	*k = (struct kept){ 0 };
}

static int
kept_reserve(struct kept *k, size_t lines, size_t bytes)
{
	k->bytes.max = GS_DIALOG_BYTES;
	if (lines > k->line_size) {
		struct gs_line *line =
		    reallocarray(k->line, lines, sizeof(*line));
		if (line == NULL)
			return -1;
		k->line = line;
		k->line_size = lines;
	}
	return gs_buf_space(&k->bytes, bytes) == NULL ? -1 : 0;
}

/* Copies b's lines, unless they are too many: then, and on failure, k is
 * empty. */
static int
kept_set(struct kept *k, const struct gs_block *b)
{
	size_t total = 0;

	kept_clear(k);
	for (size_t i = 0; i < b->lines; i++)
		total += b->line[i].text.n;
	if (b->lines > GS_DIALOG_LINES || total > GS_DIALOG_BYTES)
		return 0;
	if (kept_reserve(k, b->lines, total) == -1)
		return -1;
	for (size_t i = 0; i < b->lines; i++) {
		struct gs_span text = b->line[i].text;
		k->line[i] = b->line[i];
		k->line[i].text = gs_span(k->bytes.p + k->bytes.n, text.n);
		gs_buf_put(&k->bytes, text.p, text.n);
	}
	k->set = true;
	k->lines = b->lines;
	k->cseq = b->cseq;
	k->status = b->status;
	memcpy(k->method, b->method, sizeof(k->method));
	memcpy(k->tag, b->to_tag, sizeof(k->tag));
	return 0;
}

static bool
kept_equals(const struct kept *k, const struct gs_block *b)
{
	if (!k->set || k->lines != b->lines)
		return false;
	for (size_t i = 0; i < b->lines; i++)
		if (!gs_span_eq(k->line[i].text, b->line[i].text))
			return false;
	return true;
}

/* Whether some a=crypto line of k has this value, but for blanks. */
static bool
kept_has_crypto(const struct kept *k, struct gs_span crypto)
{
	for (size_t i = 0; i < k->lines; i++) {
		struct gs_span text = k->line[i].text;
		if (!gs_span_starts(text, GS_LIT("a=crypto:")))
			continue;
		text.p += sizeof("a=crypto:") - 1;
		text.n -= sizeof("a=crypto:") - 1;
		if (gs_span_eq(gs_span_trim(text), gs_span_trim(crypto)))
			return true;
	}
	return false;
}

/* Whether k has an m= line of this type; FreeSWITCH makes keys for audio,
 * video and text whether they are in the call or not. */
static bool
kept_has_media(const struct kept *k, const char *media)
{
	size_t n = strlen(media);

	for (size_t i = 0; i < k->lines; i++) {
		struct gs_span text = k->line[i].text;
		if (gs_span_starts(text, GS_LIT("m=")) &&
		    (n == 0 || (text.n > 2 + n &&
			memcmp(text.p + 2, media, n) == 0 &&
			text.p[2 + n] == ' ')))
			return true;
	}
	return false;
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
	struct gs_line line = {
		.text = gs_buf_span(&k->text), .pos = k->pos
	};
	struct gs_sdes sdes;

	gs_sdes_parse(&sdes, &line, k->crypto, t->d);
	give(t, &(struct gs_result){
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
	struct gs_line line = {
		.text = gs_buf_span(&k->text), .pos = k->pos
	};

	gs_sdp_diag(t->d, GS_R_LOG_KEY_UNMATCHED, GS_WARNING, &line,
	    k->crypto,
	    "FreeSWITCH uses a %s that is in no SDP of this call: the other "
	    "side cannot know it", k->party == GS_PARTY_LOCAL ?
		"local key" : "remote key");
	give(t, &(struct gs_result){
		    .kind = GS_RESULT_EVENT, .pos = k->pos });
}

static void
key_remove(struct leg *l, size_t i)
{
	gs_buf_free(&l->key[i].text);
	l->keys--;
	memmove(&l->key[i], &l->key[i + 1],
	    (l->keys - i) * sizeof(l->key[0]));
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
		key_remove(l, 0);
	}
	for (size_t i = 0; i < 3; i++)
		kept_clear(&l->last[i]);
	l->first_tag[0] = '\0';
	l->offerer = GS_PARTY_UNKNOWN;
	l->offered = l->answered = false;
}

static void
leg_free(struct leg *l)
{
	if (l == NULL)
		return;
	while (l->keys > 0)
		key_remove(l, 0);
	for (size_t i = 0; i < 3; i++)
		kept_free(&l->last[i]);
	free(l->key);
	free(l);
}

/* FNV-1a: most ids are told apart without a look at their legs. */
static uint64_t
hash_of(const char *id)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 0x100000001b3u;
	return h;
}

/* The place of the leg of this id, or the one to make it in: a free one, or
 * that of the leg that was quiet for the longest. */
static size_t
leg_find(const struct gs_dialogs *t, const char *id, uint64_t hash)
{
	size_t oldest = 0;

	if (t->hash[t->recent] == hash && t->used[t->recent] > 0 &&
	    strcmp(t->leg[t->recent]->id, id) == 0)
		return t->recent;
	for (size_t i = 0; i < GS_DIALOGS; i++) {
		if (t->hash[i] == hash && t->used[i] > 0 &&
		    strcmp(t->leg[i]->id, id) == 0)
			return i;
		if (t->used[i] < t->used[oldest])
			oldest = i;
	}
	return oldest;
}

/* The leg of this id, made when it is new; NULL without memory. */
static struct leg *
leg_get(struct gs_dialogs *t, const char *id)
{
	uint64_t hash = hash_of(id);
	size_t i = leg_find(t, id, hash);

	t->recent = i;
	if (t->used[i] > 0 && t->hash[i] == hash &&
	    strcmp(t->leg[i]->id, id) == 0) {
		t->used[i] = ++t->clock;
		return t->leg[i];
	}
	if (t->leg[i] != NULL)
		leg_close(t, t->leg[i]);
	else
		t->leg[i] = calloc(1, sizeof(*t->leg[i]));
	struct leg *l = t->leg[i];
	if (l == NULL) {
		t->no_memory = true;
		return NULL;
	}
	memcpy(l->id, id, strnlen(id, sizeof(l->id) - 1) + 1);
	l->id[sizeof(l->id) - 1] = '\0';
	t->used[i] = ++t->clock;
	t->hash[i] = hash;
	return l;
}

/* Who sent b: in SIP, whoever spoke first in the dialog counts as remote. */
static enum gs_party
sender(struct leg *l, const struct gs_block *b)
{
	if (b->type != GS_TEXT_SIP)
		return b->party;
	if (l->first_tag[0] == '\0')
		memcpy(l->first_tag,
		    b->status == 0 ? b->from_tag : b->to_tag,
		    sizeof(l->first_tag));
	bool by_from = strcmp(b->from_tag, l->first_tag) == 0;
	return by_from == (b->status == 0) ? GS_PARTY_REMOTE :
					     GS_PARTY_LOCAL;
}

/* RFC 3264: an SDP is an answer when the other side's offer is open, or
 * (a provisional answer, then the final one) was answered in this
 * transaction. */
static enum gs_role
role_of(const struct leg *l, const struct gs_block *b, enum gs_party from)
{
	if (b->role != GS_ROLE_UNKNOWN)
		return b->role;
	if (!l->offered || l->offerer == from)
		return GS_ROLE_OFFER;
	if (b->type == GS_TEXT_SIP && l->answered)
		return l->last[l->offerer].cseq == b->cseq ?
		    GS_ROLE_ANSWER : GS_ROLE_OFFER;
	return l->answered ? GS_ROLE_OFFER : GS_ROLE_ANSWER;
}

static bool
is_retransmission(const struct kept *k, const struct gs_block *b)
{
	return b->type == GS_TEXT_SIP && kept_equals(k, b) &&
	    k->cseq == b->cseq && k->status == b->status &&
	    strcmp(k->method, b->method) == 0 &&
	    strcmp(k->tag, b->to_tag) == 0;
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
		gs_sdp_diag(t->d, GS_R_OA_FORKED, GS_NOTE, &b->line[0],
		    b->line[0].text,
		    "another answer to the offer of line %" PRIu64
		    ": each branch of the fork knows the offer's key",
		    offer->line[0].pos.line);
	if (again && kept_equals(before, b))
		return;
	if (reparse(t, offer) == -1)
		t->no_memory = true;
	else
		gs_check_pair(&t->other, &t->sdp, t->offer_file, t->d);
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
		struct leg *w = t->leg[k];
		for (size_t i = w == NULL ? 0 : w->keys; i-- > 0;)
			if ((w == l || w->key[i].guessed) &&
			    w->key[i].party == from &&
			    kept_has_crypto(
				&l->last[from], w->key[i].crypto))
				key_remove(w, i);
	}
}

/* Whether an SDP at hand brought this key. */
static bool
key_is_known(const struct gs_dialogs *t, const struct leg *l,
    const struct gs_log_key *k, enum gs_party party)
{
	if (kept_has_crypto(&l->last[party], k->crypto))
		return true;
	if (!k->id_guessed)
		return false;
	for (size_t i = 0; i < GS_DIALOGS; i++)
		if (t->leg[i] != NULL &&
		    kept_has_crypto(&t->leg[i]->last[party], k->crypto))
			return true;
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
	if (b->lines == 0 ||
	    (t->forced == GS_ROLE_UNKNOWN && !negotiates(b)))
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
	p->from = sender(p->leg, b);
	p->role = role_of(p->leg, b, p->from);
	return !is_retransmission(&p->leg->last[p->from], b);
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
check_alone(struct gs_dialogs *t, const struct gs_block *b,
    enum gs_role role)
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
		gs_sdp_diag(t->d, GS_R_SDP_TRUNCATED, GS_NOTE,
		    &b->line[b->lines - 1], gs_span(NULL, 0),
		    "the text ends here, inside the SDP");
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
	give(t, &(struct gs_result){
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

static void
on_key(void *arg, const struct gs_log_key *k)
{
	struct gs_dialogs *t = arg;
	struct leg *l = leg_get(t, k->id);

	if (l == NULL)
		return;
	enum gs_party party =
	    k->party == GS_PARTY_LOCAL ? GS_PARTY_LOCAL : GS_PARTY_REMOTE;
	if (key_is_known(t, l, k, party))
		return;
	if (l->key == NULL)
		l->key = calloc(PENDING_KEYS, sizeof(*l->key));
	if (l->key == NULL) {
		t->no_memory = true;
		return;
	}
	if (l->keys == PENDING_KEYS)
		key_remove(l, 0);
	struct pending_key *p = &l->key[l->keys];
	*p = (struct pending_key){ .pos = k->line.pos,
		.party = party,
		.guessed = k->id_guessed };
	memcpy(p->media, k->media, sizeof(p->media));
	gs_buf_init(&p->text, GS_TEXT_LINE);
	gs_buf_put(&p->text, k->line.text.p, k->line.text.n);
	if (!gs_buf_ok(&p->text)) {
		gs_buf_free(&p->text);
		t->no_memory = true;
		return;
	}
	p->crypto = gs_span(
	    p->text.p + (k->crypto.p - k->line.text.p), k->crypto.n);
	l->keys++;
}

/* Which rule an event of the log raises. */
struct event_rule {
	enum gs_sdp_rule rule;
	enum gs_severity severity;
	const char *text;
};

static const struct event_rule event_rules[] = {
	[GS_LOG_CRYPTO_IN_AVP] = { GS_R_LOG_CRYPTO_IN_AVP, GS_ERROR,
	    "FreeSWITCH refused the call: a=crypto in RTP/AVP. Make the "
	    "phone offer RTP/SAVP (Snom: user_savp optional or mandatory), "
	    "or let FreeSWITCH take it (rtp_allow_crypto_in_avp=true, in "
	    "1.2 sip_allow_crypto_in_avp)" },
	[GS_LOG_SETUP_FAILED] = { GS_R_LOG_CRYPTO_FAILED, GS_ERROR,
	    "FreeSWITCH could not set up SRTP with this key" },
	[GS_LOG_PARSE_ERROR] = { GS_R_LOG_CRYPTO_PARSE, GS_ERROR,
	    "FreeSWITCH could not read an a=crypto line" },
	[GS_LOG_MKI_ERROR] = { GS_R_LOG_CRYPTO_PARSE, GS_ERROR,
	    "FreeSWITCH refused the MKI of an a=crypto line" },
	[GS_LOG_NOT_NEGOTIATED] = { GS_R_LOG_CRYPTO_REQUIRED, GS_ERROR,
	    "FreeSWITCH demands SRTP and the other side offered none: "
	    "switch SRTP on there, or rtp_secure_media off" },
	[GS_LOG_SECURE_DISABLED] = { GS_R_LOG_SRTP_DISABLED, GS_ERROR,
	    "FreeSWITCH has SRTP switched off for this call "
	    "(rtp_secure_media=forbidden) but was offered RTP/SAVP" },
	[GS_LOG_UNSUPPORTED] = { GS_R_LOG_CRYPTO_FAILED, GS_WARNING,
	    "FreeSWITCH knows none of the offered suites" },
	[GS_LOG_SUITE_INVALID] = { GS_R_LOG_SUITE_INVALID, GS_WARNING,
	    "rtp_secure_media_suites names a suite that FreeSWITCH does "
	    "not know (older names such as AES_CM_256_HMAC_SHA1_80 are "
	    "written AES_256_CM_HMAC_SHA1_80 today)" },
	[GS_LOG_VALUE_INVALID] = { GS_R_LOG_SUITE_INVALID, GS_WARNING,
	    "a value of rtp_secure_media is not understood: FreeSWITCH "
	    "takes 'forbidden', so the call is not encrypted" },
	[GS_LOG_UNPROTECT] = { GS_R_LOG_UNPROTECT, GS_WARNING,
	    "FreeSWITCH could not decrypt received SRTP: the other side "
	    "sends with another key, suite or ROC" },
	[GS_LOG_HANGUP] = { GS_R_LOG_HANGUP, GS_NOTE,
	    "the call ended here with " },
};

static bool
is_media_cause(struct gs_span cause)
{
	return gs_span_eq(cause, GS_LIT("INCOMPATIBLE_DESTINATION")) ||
	    gs_span_eq(cause, GS_LIT("SRTP_READ_ERROR"));
}

/* The rule that e breaks, or NULL. */
static const struct event_rule *
event_rule(const struct gs_log_event *e)
{
	switch (e->kind) {
	case GS_LOG_ACTIVATED:
	case GS_LOG_CODEC_ERROR: return NULL; /* its SDP is judged */
	case GS_LOG_HANGUP:
		return is_media_cause(e->detail) ? &event_rules[e->kind] :
						   NULL;
	default: return &event_rules[e->kind];
	}
}

static void
on_event(void *arg, const struct gs_log_event *e)
{
	struct gs_dialogs *t = arg;
	const struct event_rule *r = event_rule(e);

	if (r == NULL)
		return;
	gs_sdp_diag(t->d, r->rule, r->severity, &e->line, e->detail, "%s%.*s",
	    r->text, e->kind == GS_LOG_HANGUP ? (int)e->detail.n : 0,
	    e->detail.p);
	give(t, &(struct gs_result){
		    .kind = GS_RESULT_EVENT, .pos = e->line.pos });
}

/* usual: how bad it is when nobody requires TLS. */
static void
give_registration(struct gs_dialogs *t, const struct gs_registration *r,
    enum gs_severity usual)
{
	bool strict = (t->require & GS_REQUIRE_TLS) != 0;
	struct gs_span part = r->line.text;
	bool clear = r->transport == GS_TRANSPORT_UDP ||
	    r->transport == GS_TRANSPORT_TCP ||
	    r->transport == GS_TRANSPORT_WS;

	size_t at = gs_span_find(part, gs_span(r->status, strlen(r->status)));
	if (at < part.n)
		part = gs_span(part.p + at, strlen(r->status));
	if (clear)
		gs_sdp_diag(t->d, GS_R_REG_NOT_TLS,
		    strict ? GS_ERROR : usual, &r->line, part,
		    "%s is registered over %s: its SRTP keys travel in "
		    "clear (Snom: user_outbound HOST:5061;transport=tls)",
		    r->user, gs_transport_name(r->transport));
	else if (r->transport == GS_TRANSPORT_UNKNOWN)
		gs_sdp_diag(t->d, GS_R_REG_TRANSPORT_HIDDEN,
		    strict ? GS_WARNING : GS_NOTE, &r->line, part,
		    "nothing tells over what %s is registered", r->user);
	give(t, &(struct gs_result){
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
	uint64_t h = hash_of(m->to) + m->transport;
	size_t n = t->registrations < REGISTERED ? t->registrations :
						   REGISTERED;

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
	struct gs_line line = {
		.text = gs_buf_span(&t->message), .pos = t->message_pos
	};

	gs_sdp_diag(t->d, GS_R_SIP_NO_SDP, GS_NOTE, &line, line.text,
	    "none of the SIP messages has an SDP: nothing about media was "
	    "checked");
	give(t, &(struct gs_result){
		    .kind = GS_RESULT_EVENT, .pos = line.pos });
}

int
gs_dialogs_end(struct gs_dialogs *t)
{
	/* A forced offer waits for its answer in another file. */
	if (t->forced == GS_ROLE_OFFER)
		return t->no_memory ? -1 : 0;
	for (size_t i = 0; i < GS_DIALOGS; i++) {
		if (t->leg[i] != NULL)
			leg_close(t, t->leg[i]);
		t->used[i] = 0;
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
		leg_free(t->leg[i]);
	gs_buf_free(&t->message);
	gs_sdp_free(&t->sdp);
	gs_sdp_free(&t->other);
	free(t);
}
