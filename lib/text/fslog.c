/* SPDX-License-Identifier: MIT */
/* FreeSWITCH's log: the SDPs, keys and errors in it, and the calls to which
 * they belong. */
#include "text/reader_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/coded_priv.h"
#include "text/fsline_priv.h"
#include "text/lane_priv.h"
#include "text/textblock_priv.h"
#include "text/textline_priv.h"

/* The number of calls that are kept. Of the FS_WAYS calls that share a place,
 * the one that was least recently used is dropped. */
enum { FS_ID = 256, FS_CALLS = 256, FS_WAYS = 8, FS_SEEN = 4 };

struct fs_call {
	char id[FS_ID]; /* the UUID, or the channel's name if there is none */
	size_t id_n;
	uint64_t hash; /* of id */
	uint64_t used; /* 0: the place is free */
	enum gs_sdp_role next; /* the role of its next SDP, by the state line */
	bool offered; /* the phone made an offer */
	struct {
		uint64_t hash;
		enum gs_sdp_role role;
	} last[GS_PARTY_LOCAL + 1]; /* the last SDP of each party */
	uint64_t seen[FS_SEEN]; /* hashes of earlier SDPs */
	size_t seen_next;
};

struct fs_calls {
	struct fs_call *call;
	struct fs_call *recent; /* the call used last, or NULL */
	uint64_t clock;
};

/* ---- calls: the places of their offers */

static bool
is_call(const struct fs_call *k, struct gs_span id)
{
	return k->used > 0 && k->id_n == id.n && memcmp(k->id, id.p, id.n) == 0;
}

/* The call with this name, created if it is new; NULL if out of memory. A call
 * is stored in one of FS_WAYS places, so that a log of many calls is read as
 * fast as one of few. */
static struct fs_call *
fs_calls_get(struct fs_calls *c, struct gs_span id)
{
	if (c->call == NULL)
		c->call = calloc(FS_CALLS, sizeof(*c->call));
	if (c->call == NULL)
		return NULL;
	if (id.n >= FS_ID)
		id.n = FS_ID - 1;
	if (c->recent != NULL && is_call(c->recent, id)) {
		c->recent->used = ++c->clock;
		return c->recent;
	}
	uint64_t h = gs_span_hash(id);
	struct fs_call *set = &c->call[h % (FS_CALLS / FS_WAYS) * FS_WAYS];
	struct fs_call *oldest = set;
	for (size_t i = 0; i < FS_WAYS; i++) {
		struct fs_call *k = &set[i];
		if (k->hash == h && is_call(k, id)) {
			k->used = ++c->clock;
			return c->recent = k;
		}
		if (k->used < oldest->used)
			oldest = k;
	}
	*oldest =
	    (struct fs_call){ .hash = h, .id_n = id.n, .used = ++c->clock };
	gs_text_copy(oldest->id, FS_ID, id);
	return c->recent = oldest;
}

/* The call whose phone made an offer: the one mentioned, or else the one used
 * last. NULL: there is none. */
static struct fs_call *
fs_calls_answering(struct fs_calls *c, struct gs_span mentioned)
{
	struct fs_call *best = NULL;

	for (size_t i = 0; c->call != NULL && i < FS_CALLS; i++) {
		struct fs_call *k = &c->call[i];
		if (!k->offered)
			continue;
		if (k->id_n == mentioned.n &&
		    memcmp(k->id, mentioned.p, mentioned.n) == 0)
			return k;
		if (best == NULL || k->used > best->used)
			best = k;
	}
	return best;
}

static bool
has_seen(const struct fs_call *c, uint64_t hash)
{
	for (size_t i = 0; i < FS_SEEN; i++)
		if (c->seen[i] == hash)
			return true;
	return false;
}

/* The party whose last SDP has this hash. */
static enum gs_text_party
party_of(const struct fs_call *c, uint64_t hash)
{
	return hash == c->last[GS_PARTY_REMOTE].hash ? GS_PARTY_REMOTE :
	    hash == c->last[GS_PARTY_LOCAL].hash     ? GS_PARTY_LOCAL :
						       GS_PARTY_UNKNOWN;
}

/* Completes what is known about the SDP in k, and keeps its hash. If the
 * message does not say whose SDP it is, it may be a known one. An answer that
 * is printed again (183, then 200) is the same answer; an offer that is
 * repeated is a new offer. */
static void
fs_call_saw(struct fs_call *c, struct gs_text_pending *k)
{
	struct gs_text_block *b = &k->b;
	uint64_t h = gs_span_hash(gs_buf_span(&k->text));

	/* Only an SDP that was seen before is a repeat. */
	b->repeated &= has_seen(c, h);
	c->seen[c->seen_next++ % FS_SEEN] = h;
	if (b->party != GS_PARTY_UNKNOWN) {
		const bool same = h == c->last[b->party].hash;
		b->repeated |= same && b->role == GS_ROLE_ANSWER;
		if (same && b->repeated && b->party == GS_PARTY_REMOTE)
			b->role = c->last[b->party].role;
		c->last[b->party].hash = h;
		c->last[b->party].role = b->role;
	} else if ((b->party = party_of(c, h)) != GS_PARTY_UNKNOWN) {
		b->role = c->last[b->party].role;
		b->repeated = true;
	}
	/* Without a state line, the phone's first SDP is an offer. */
	if (!b->repeated && b->role != GS_ROLE_ANSWER &&
	    (b->party == GS_PARTY_REMOTE || b->role == GS_ROLE_OFFER))
		c->offered = b->party == GS_PARTY_REMOTE;
}

/* Drops a call that has ended. The next one may have the same channel name. */
static void
fs_calls_forget(struct fs_calls *c, struct gs_span id)
{
	struct fs_call *k = fs_calls_get(c, id);

	if (k == NULL)
		return;
	k->used = 0;
	k->offered = false;
}

/* ---- keys, errors and ends of calls */

/* The call that a message is about: the UUID before it, the channel in it, or
 * the channel that earlier lines named. */
struct fs_about {
	char id[FS_ID];
	bool guessed;
};

/* Passes the key of message l to the sink; rest follows the first words of
 * m. */
static void
fs_give_key(struct gs_text_reader *t, const struct fs_message *m,
    const struct fs_about *a, struct gs_span rest, const struct gs_sdp_line *l)
{
	struct gs_text_log_key k = { .line = *l,
		.party = m->party,
		.changed = m->again,
		.id = a->id,
		.id_guessed = a->guessed };
	struct gs_span media = rest, crypto = rest;

	crypto = gs_span_skip(crypto, gs_span_find(crypto, GS_LIT("[")) + 1);
	while (crypto.n > 0 && crypto.p[crypto.n - 1] != ']')
		crypto.n--;
	if (crypto.n > 0)
		crypto.n--;
	else /* The line was cut. */
		crypto =
		    gs_span_skip(rest, gs_span_find(rest, GS_LIT("[")) + 1);
	k.crypto = crypto;
	media = gs_text_word(&media);
	if (!gs_span_eqcase(media, GS_LIT("key")) &&
	    !gs_span_eqcase(media, GS_LIT("crypto")))
		gs_text_copy(k.media, sizeof(k.media), media);
	if (t->sink.key == NULL)
		return;
	t->kept++;
	t->sink.key(t->sink.arg, &k);
}

/* The part of the line with the details of the event. */
static struct gs_span
detail(enum gs_text_log_event_kind kind, struct gs_span rest)
{
	const struct gs_span cause = GS_LIT(" cause: ");
	size_t at;

	switch (kind) {
	case GS_LOG_HANGUP:
		at = gs_span_find(rest, cause);
		if (at < rest.n)
			return gs_span_trim(gs_span_skip(rest, at + cause.n));
		/* fallthrough */
	case GS_LOG_UNSUPPORTED:
		return gs_text_fs_last_bracket(
		    rest.n > 0 ? gs_span(rest.p - 1, rest.n + 1) : rest);
	case GS_LOG_UNPROTECT:
		at = gs_span_find(rest, GS_LIT("code "));
		rest = at < rest.n ? gs_span_skip(rest, at + 5) :
				     gs_span_skip(rest, rest.n);
		return gs_text_word(&rest);
	case GS_LOG_VALUE_INVALID: return gs_text_word(&rest);
	case GS_LOG_CHANNEL:
	case GS_LOG_ROUTED:
	case GS_LOG_PEER:
	case GS_LOG_REFUSED:
	case GS_LOG_PARSE_ERROR:
	case GS_LOG_MKI_ERROR:
	case GS_LOG_ACTIVATED: return gs_span_trim(rest);
	default: return gs_span(rest.p, 0);
	}
}

/* Passes an event to the sink, like fs_give_key() a key. */
static void
fs_give_event(struct gs_text_reader *t, enum gs_text_log_event_kind kind,
    const struct fs_about *a, struct gs_span told, const struct gs_sdp_line *l)
{
	const struct gs_text_log_event e = { .kind = kind,
		.line = *l,
		.id = a->id,
		.id_guessed = a->guessed,
		.detail = told,
		.when = t->when };

	if (t->sink.event != NULL)
		t->sink.event(t->sink.arg, &e);
}

/* ---- the log */

/* Lines within which the SDP of a header begins, if it has one; the length of a
 * UUID and its blank. */
enum { PATIENCE = 4096, BY_UUID = TEXT_UUID + 1 };

/* A message whose SDP is being read. With uuid=true, its lines are printed one
 * by one, with lines of other calls between them. */
struct stream {
	struct text_shape prefix; /* what precedes the date of its first line */
	char id[FS_ID];
	const struct fs_message *what;
	struct gs_text_block head; /* what is known about the SDP */
	uint64_t line; /* number of its last line */
	bool bare; /* some lines had no prefix */
	bool by_uuid; /* the prefix is a UUID and a blank */
	bool doubled; /* a blank line follows each line */
	struct gs_text_pending k;
};

/* The line that gs_text_fslog_boring() saw last, if it has to be read, and what
 * was found in it, so that heads and messages are searched only once. It is in
 * the current piece. */
struct seen {
	const char *line; /* NULL: none */
	size_t prefix; /* octets before its date, */
	size_t head; /* and before its message */
	struct gs_span text; /* its message, */
	const struct fs_message *what; /* and which message that is */
	struct gs_span rest;
	struct gs_span channel;
};

struct text_log {
	struct seen seen;
	struct stream *stream[GS_TEXT_OPEN]; /* the first "active" ones are in
					      * use */
	size_t active;
	struct stream *last; /* the stream of the previous line */
	struct fs_calls calls;
	char state[FS_ID]; /* channel of the last state line */
	char mention[FS_ID]; /* the channel that was named last */
	struct gs_span mentioned; /* the same, if it was not copied yet */
	size_t prefix_n; /* length of the prefix of the last dated line */
	struct gs_buf half; /* a line that may continue on the next one */
	struct gs_pos half_pos;
	struct text_shape half_prefix; /* what precedes each of its pieces */
	size_t half_width; /* length of its first piece */
	unsigned pieces;
};

bool
gs_text_fslog_busy(const struct gs_text_reader *t)
{
	return t->log != NULL && (t->log->active > 0 || t->log->half.n > 0);
}

void
gs_text_fslog_free(struct text_log *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < GS_TEXT_OPEN; i++)
		if (g->stream[i] != NULL) {
			gs_text_pending_free(&g->stream[i]->k);
			explicit_bzero(&g->stream[i]->prefix,
			    sizeof(g->stream[i]->prefix));
			free(g->stream[i]);
		}
	free(g->calls.call);
	gs_buf_free(&g->half);
	free(g);
}

/* Whether s contains m=, a= or branch=. */
static bool
has_field(struct gs_span s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, '=', (size_t)(end - p))) != NULL) {
		if (p > s.p && (p[-1] == 'm' || p[-1] == 'a' || p[-1] == 'h'))
			return true;
		p++;
	}
	return false;
}

/* Whether s begins or ends with SIP/2.0. */
static bool
has_version(struct gs_span s)
{
	const struct gs_span version = GS_LIT("SIP/2.0");

	return s.n >= version.n &&
	    ((s.p[0] == 'S' && gs_span_starts(s, version)) ||
		(s.p[s.n - 1] == '0' && gs_span_ends(s, version)));
}

/* Whether a message of the log may contain a line of an SDP, or the start line
 * or a Via of a SIP message. */
static bool
may_tell(struct gs_span s)
{
	return has_field(s) || has_version(s);
}

/* Whether s, in the current piece, has a "=". Most lines have none: one search
 * covers all of them. */
static bool
has_equals(struct gs_text_reader *t, struct gs_span s)
{
	if (t->equals == NULL || t->equals < s.p) {
		t->equals = memchr(s.p, '=', (size_t)(t->end - s.p));
		if (t->equals == NULL)
			t->equals = t->end;
	}
	return t->equals < s.p + s.n;
}

/* Whether m, after a prefix of n octets in the line at p, is a message that
 * matters, or half of one. odd: what precedes m has something odd. */
static bool
has_message(struct gs_text_reader *t, const char *p, size_t n, struct gs_span m,
    bool odd)
{
	struct seen *k = &t->log->seen;

	k->line = NULL;
	k->what = gs_text_fs_message_find(m, &k->rest, &k->channel);
	if (k->what == NULL)
		return gs_text_fs_message_is_half(m, NULL);
	/* In any other prefix, a head may be found earlier. */
	if (odd)
		return true;
	if (n == 0 ||
	    (n == BY_UUID && p[n - 1] == ' ' &&
		text_is_call(t, gs_span(p, n)))) {
		k->line = p;
		k->prefix = n;
		k->head = (size_t)(m.p - p);
		k->text = m;
	}
	return true;
}

/* Whether m, after a prefix of n octets in the line at p, need not be read.
 * grep's colours may stand within a message. */
static bool
is_harmless(struct gs_text_reader *t, const char *p, size_t n, struct gs_span m)
{
	const size_t head = (size_t)(m.p - p) - n;
	/* One look at both is the rule. */
	const bool odd = gs_text_is_odd(gs_span(p + n, head + m.n));

	return !(odd && gs_text_is_odd(m)) && !has_message(t, p, n, m, odd);
}

bool
gs_text_fslog_boring(struct gs_text_reader *t, const char *p, size_t n)
{
	struct text_log *g = t->log;
	bool prefixed = true;
	size_t at = gs_text_fs_head_quick(p, n, g->prefix_n);

	if (at == 0 || g->prefix_n == 0) {
		prefixed = false;
		at = at != 0 ? at : gs_text_fs_head_quick(p, n, 0);
	}
	if (at == 0 || n > GS_TEXT_LINE)
		return false;
	while (n > at && (p[n - 1] == '\r' || p[n - 1] == '\0'))
		n--;
	if (at >= n)
		return false;
	struct gs_span m = { p + at, n - at };
	char last = p[n - 1];
	if (last == '\\' || last == '=')
		return false; /* it continues */
	if (has_version(m) || (has_equals(t, m) && has_field(m)))
		return false;
	/* More than a CR may follow the header of an SDP. */
	if (gs_text_fs_message_may_be(m) &&
	    (TEXT_STARTS(m, "Remote SDP") || TEXT_STARTS(m, "Local SDP") ||
		!is_harmless(t, p, prefixed ? g->prefix_n : 0, m)))
		return false;
	if (!prefixed &&
	    (TEXT_STARTS(m, "sofia/") || TEXT_STARTS(m, "(sofia/")))
		g->mentioned = m;
	return true;
}

bool
gs_text_fslog_saw(const struct text_log *g, struct gs_span line)
{
	return g != NULL && g->seen.line == line.p &&
	    g->seen.head + g->seen.text.n == line.n;
}

/* Parses the last message that may have named a channel, which is done only on
 * demand, or before its memory is released. */
void
gs_text_fslog_settle(struct text_log *g)
{
	g->seen.line = NULL;
	if (g->mentioned.n == 0)
		return;
	struct gs_span name = gs_text_fs_mention(g->mentioned);
	if (name.n > 0)
		gs_text_copy(g->mention, sizeof(g->mention), name);
	g->mentioned.n = 0;
}

static void
mention(struct text_log *g, struct gs_span channel)
{
	gs_text_copy(g->mention, sizeof(g->mention), channel);
	g->mentioned.n = 0;
}

/* ---- streams */

/* Passes on the SDP of s, which is open. */
static void
stream_give(struct gs_text_reader *t, struct stream *s)
{
	struct fs_call *c = fs_calls_get(&t->log->calls, gs_span_of(s->k.b.id));

	if (c != NULL)
		fs_call_saw(c, &s->k);
	gs_text_pending_close(t, &s->k);
}

static void
stream_end(struct gs_text_reader *t, struct stream *s)
{
	struct text_log *g = t->log;
	size_t i = 0;

	if (s->k.open)
		stream_give(t, s);
	while (g->stream[i] != s)
		i++;
	g->active--;
	/* Keeps the order, oldest first. */
	memmove(&g->stream[i], &g->stream[i + 1],
	    (g->active - i) * sizeof(struct stream *));
	g->stream[g->active] = s;
	if (g->last == s)
		g->last = NULL;
}

static void
stream_cut(struct gs_text_reader *t, struct stream *s)
{
	s->k.b.truncated |= s->k.open;
	stream_end(t, s);
}

static struct stream *
stream_new(struct gs_text_reader *t, struct gs_span prefix, struct gs_span id)
{
	struct text_log *g = t->log;

	if (g->active == GS_TEXT_OPEN)
		stream_cut(t, g->stream[0]);
	struct stream **place = &g->stream[g->active];
	if (!text_need(t, place, sizeof(**place)))
		return NULL;
	struct stream *s = *place;
	g->active++;
	gs_text_shape_set(&s->prefix, prefix);
	gs_text_copy(s->id, FS_ID, id);
	s->line = t->line;
	s->bare = s->doubled = false;
	s->by_uuid = prefix.n == BY_UUID && text_is_call(t, prefix);
	return s;
}

/* Whether x continues s, the stream of the line before, after a prefix in which
 * words changed; *x is its text without the prefix. */
static bool
has_changed(struct stream *s, struct gs_span *x)
{
	struct text_shape wide = s->prefix;
	size_t n = gs_text_shape_widen(&wide, *x);
	struct gs_span rest = gs_span_skip(*x, n);

	if (n == 0 || !text_is_field(rest) || !text_is_known(rest) ||
	    text_is_version(rest) == s->k.open)
		return false;
	s->prefix = wide;
	s->by_uuid = false;
	*x = rest;
	return true;
}

/* The stream of an undated line; *x is its text without the prefix. A line
 * without a prefix continues the previous line: mod_logfile puts a UUID before
 * 100 pieces at most. */
static struct stream *
stream_of(struct text_log *g, struct gs_span *x)
{
	struct stream *last = g->last;

	/* The log has no prefixes. */
	if (last != NULL && last->prefix.n == 0 && g->active == 1)
		return last;
	for (size_t i = g->active + (last != NULL); i > 0; i--) {
		struct stream *s = i > g->active ? last : g->stream[i - 1];
		size_t n = s != NULL ? gs_text_shape_match(&s->prefix, *x) : 0;
		if (n == 0)
			continue;
		*x = gs_span_skip(*x, n);
		return s;
	}
	if (last == NULL || last->prefix.n == 0)
		return last;
	if (has_changed(last, x) || last->bare)
		return last;
	/* Anything else may belong to a call that is not known yet. */
	if (!text_is_field(*x) && !gs_span_eq(*x, GS_LIT("Local SDP:")) &&
	    !gs_span_eq(*x, GS_LIT("---")))
		return NULL;
	last->bare = true;
	return last;
}

static void
limit_open(struct gs_text_reader *t, const struct stream *keep)
{
	struct text_log *g = t->log;
	size_t n = 0;

	for (size_t i = 0; i < g->active; i++)
		n += gs_text_pending_cost(&g->stream[i]->k);
	if (n > GS_TEXT_OPEN_BYTES && g->stream[0] != keep)
		stream_cut(t, g->stream[0]);
}

/* A patched SDP is printed twice: after --- and after +++. */
static bool
is_patch_mark(struct stream *s, struct gs_span x)
{
	if (s->what->begin.p[0] != 'P' || s->what->kind != FS_SDP)
		return false;
	if (gs_span_eq(x, GS_LIT("+++"))) {
		s->head.label = "Patched SDP";
		return true;
	}
	return gs_span_eq(x, GS_LIT("---"));
}

/* Takes a line of a stream's message after the first. Returns false if the line
 * is not part of it. */
static bool
stream_line(struct gs_text_reader *t, struct stream *s,
    const struct gs_sdp_line *l)
{
	if (s->k.open && l->eol == GS_EOL_NONE && l->text.n == 1) {
		stream_cut(t, s); /* the first letter of a line */
		return true;
	}
	if (s->k.open && text_is_field(l->text)) {
		gs_text_pending_add(t, &s->k, l);
		if (t->log->active > 1)
			limit_open(t, s);
		return true;
	}
	if (!s->k.open && text_is_version(l->text)) {
		t->type = GS_TEXT_FSLOG;
		gs_text_pending_open(&s->k, &s->head);
		gs_text_pending_add(t, &s->k, l);
		return true;
	}
	bool mark = is_patch_mark(s, l->text);
	if (s->k.open && s->what->begin.p[0] == 'P' &&
	    (mark || l->text.n == 0)) {
		/* The second SDP follows. */
		stream_give(t, s);
		if (strcmp(s->head.label, "Patched SDP") != 0 || mark)
			return true;
	}
	if (!s->k.open &&
	    (mark ||
		(s->what->kind == FS_INVITE &&
		    gs_span_eq(l->text, GS_LIT("Local SDP:")))))
		return true;
	bool blank = gs_text_is_blank(l->text);
	/* If a blank line follows each line, none of them ends the SDP. */
	if (blank && !s->k.open && !s->doubled) {
		s->doubled = true;
		return true;
	}
	if (blank && s->k.open && (s->doubled || s->k.lines == 1) &&
	    gs_text_pending_blank(&s->k, l))
		return true;
	if (!blank && s->k.open && gs_text_pending_join(t, &s->k, l))
		return true;
	stream_end(t, s);
	return blank;
}

/* ---- messages */

static void
about(struct text_log *g, struct gs_span id, struct gs_span channel,
    struct fs_about *a)
{
	a->guessed = id.n == 0 && channel.n == 0;
	if (a->guessed) {
		gs_text_fslog_settle(g);
		channel = gs_span_of(g->mention);
	}
	gs_text_copy(a->id, sizeof(a->id), id.n > 0 ? id : channel);
}

/* Whether which is among states, which are more than one if two lines became
 * one. */
static bool
has_state(struct gs_span states, struct gs_span which)
{
	return gs_span_starts(states, which) ||
	    (states.n > 0 &&
		gs_span_chr(gs_span_skip(states, 1), ' ') != NULL &&
		gs_span_has(states, which));
}

/* Reports "Channel ... entering state [terminated][488]", or "[ready][200]",
 * also if two lines became one. "[ready][488]" refuses what FreeSWITCH offered
 * in a call. states is " [terminated][488]". */
static void
give_state(struct gs_text_reader *t, const struct fs_about *a,
    struct gs_span states, const struct gs_sdp_line *l)
{
	const bool ready = has_state(states, GS_LIT(" [ready]["));

	if (!ready && !has_state(states, GS_LIT(" [terminated][")))
		return;
	struct gs_span status = gs_text_fs_last_bracket(states);
	fs_give_event(t,
	    ready && gs_span_starts(status, GS_LIT("2")) ? GS_LOG_ANSWERED :
							   GS_LOG_REFUSED,
	    a, status, l);
}

static void
state_line(struct gs_text_reader *t, const struct fs_about *a,
    struct gs_span channel, struct gs_span states)
{
	static const struct gs_span answers[] = { GS_LIT("proceeding"),
		GS_LIT("completing"), GS_LIT("completed"), GS_LIT("early"),
		GS_LIT("ready") };
	struct fs_call *c = fs_calls_get(&t->log->calls, gs_span_of(a->id));

	gs_text_copy(t->log->state, FS_ID, channel);
	if (c == NULL) {
		t->no_memory = true;
		return;
	}
	struct gs_span state =
	    gs_span_skip(states, states.n < 2 ? states.n : 2);
	state = gs_span_until(&state, ']');
	c->next = gs_span_eq(state, GS_LIT("received")) ? GS_ROLE_OFFER :
	    gs_span_is_any(state, GS_ALL(answers))      ? GS_ROLE_ANSWER :
							  GS_ROLE_UNKNOWN;
}

/* Whether an answer to c's channel answers the offer with which an excerpt
 * began: the channel was named after the offer. */
static bool
answers_unnamed(struct text_log *g, const struct fs_call *c)
{
	const struct fs_call *first = fs_calls_get(&g->calls, gs_span_of(""));

	return c->last[GS_PARTY_LOCAL].hash == 0 && first != NULL &&
	    first->last[GS_PARTY_LOCAL].hash != 0 &&
	    first->last[GS_PARTY_LOCAL].role == GS_ROLE_OFFER &&
	    first->last[GS_PARTY_REMOTE].hash == 0;
}

/* Notes whose SDP follows, and in which role. */
static void
sdp_head(struct gs_text_reader *t, struct stream *s, const struct fs_about *a)
{
	const struct fs_message *m = s->what;
	struct text_log *g = t->log;
	struct gs_text_block *h = &s->head;
	struct fs_call *c = NULL;

	*h = (struct gs_text_block){ .type = GS_TEXT_FSLOG,
		.label = m->label,
		.party = m->party,
		.role = m->role,
		.repeated = m->again };
	memcpy(h->when, t->when, sizeof(h->when));
	gs_text_copy(h->id, sizeof(h->id), gs_span_of(a->id));
	if (a->guessed && m->party == GS_PARTY_REMOTE && g->state[0] != '\0')
		gs_text_copy(h->id, sizeof(h->id), gs_span_of(g->state));
	if (a->guessed && m->party == GS_PARTY_LOCAL &&
	    m->role != GS_ROLE_OFFER) {
		c = fs_calls_answering(&g->calls, gs_span_of(a->id));
		if (c != NULL)
			gs_text_copy(h->id, sizeof(h->id), gs_span_of(c->id));
	}
	if (h->id[0] != '\0')
		c = fs_calls_get(&g->calls, gs_span_of(h->id));
	if (c != NULL && h->role == GS_ROLE_UNKNOWN) {
		if (m->party == GS_PARTY_REMOTE)
			h->role = c->next;
		else if (m->party == GS_PARTY_LOCAL && c->offered)
			h->role = GS_ROLE_ANSWER;
	}
	if (a->guessed && c != NULL && m->party == GS_PARTY_REMOTE &&
	    h->role == GS_ROLE_ANSWER && answers_unnamed(g, c))
		h->id[0] = '\0';
}

/* Whether s is the message that was found when its line was seen; then nothing
 * else is in it. */
static bool
was_found(const struct seen *k, struct gs_span s)
{
	return k->line != NULL && k->text.p == s.p && k->text.n == s.n;
}

/* gs_text_fs_message_find(), unless it was called for s before. */
static const struct fs_message *
find_message(const struct text_log *g, struct gs_span s, struct gs_span *rest,
    struct gs_span *channel)
{
	const struct seen *k = &g->seen;

	if (!was_found(k, s))
		return gs_text_fs_message_find(s, rest, channel);
	*rest = k->rest;
	*channel = k->channel;
	return k->what;
}

/* gs_text_fs_head_parse(), in the same way. */
static bool
parse_head(const struct text_log *g, struct gs_span s, struct fs_head *h)
{
	if (g == NULL || g->seen.line == NULL || g->seen.line != s.p ||
	    g->seen.head >= s.n)
		return gs_text_fs_head_parse(s, h);
	h->prefix = gs_span(s.p, g->seen.prefix);
	h->message = gs_span_skip(s, g->seen.head);
	return true;
}

/* gs_text_fs_prefix_id(), in the same way: such a prefix is a UUID, or
 * empty. */
static struct gs_span
prefix_id(const struct text_log *g, struct gs_span line, struct gs_span prefix)
{
	if (g->seen.line == NULL || g->seen.line != line.p)
		return gs_text_fs_prefix_id(prefix);
	return gs_span(prefix.p, prefix.n > 0 ? prefix.n - 1 : 0);
}

/* Reads l, the message part of a line; id is the call that its prefix names.
 * Returns whether it matters. */
static bool
message(struct gs_text_reader *t, struct gs_span prefix, struct gs_span id,
    const struct gs_sdp_line *l)
{
	struct text_log *g = t->log;
	struct gs_span rest, channel;
	const struct fs_message *m = find_message(g, l->text, &rest, &channel);
	struct fs_about a;

	if (m == NULL) {
		channel = gs_text_fs_mention(l->text);
		if (id.n == 0 && channel.n > 0)
			mention(g, channel);
		return false;
	}
	/* A state or an error contains no SDP, unless it is on the same
	 * line. */
	if (m->label == NULL && m->kind != FS_KEY &&
	    !was_found(&g->seen, l->text) && may_tell(l->text) &&
	    gs_span_has(l->text, GS_LIT("m=")))
		gs_text_untaken(t, l);
	about(g, id, channel, &a);
	if (channel.n > 0)
		mention(g, channel);
	if (m->kind == FS_STATE) {
		const struct gs_span states = gs_text_fs_states(rest);
		state_line(t, &a, channel, states);
		give_state(t, &a, states, l);
	}
	if (m->kind == FS_KEY)
		fs_give_key(t, m, &a, rest, l);
	else if (m->kind == FS_EVENT && m->event == GS_LOG_HANGUP)
		fs_calls_forget(&g->calls, gs_span_of(a.id));
	if (m->kind == FS_EVENT)
		fs_give_event(t, m->event, &a, detail(m->event, rest), l);
	if (m->label == NULL)
		return true;
	struct stream *s = stream_new(t, prefix, id);
	if (s == NULL)
		return true;
	s->what = m;
	sdp_head(t, s, &a);
	g->last = s;
	if (m->begun) {
		struct gs_sdp_line first = *l;
		first.text = rest;
		first.pos.col += (uint32_t)(rest.p - l->text.p);
		(void)stream_line(t, s, &first);
	}
	return true;
}

/* Begins an SDP in x that has no known header. */
static bool
begin_unknown(struct gs_text_reader *t, struct gs_span prefix,
    struct gs_span id, const struct gs_sdp_line *x)
{
	struct stream *s = stream_new(t, prefix, id);

	if (s == NULL)
		return false;
	s->what = &gs_text_fs_unknown;
	s->head = (struct gs_text_block){ .type = GS_TEXT_FSLOG,
		.label = s->what->label };
	memcpy(s->head.when, t->when, sizeof(s->head.when));
	gs_text_copy(s->head.id, sizeof(s->head.id), id);
	t->log->last = s;
	return stream_line(t, s, x);
}

/* With UUIDs, an SDP belongs to its call, whatever precedes it. */
static bool
unknown_head(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct text_anchor a;

	if (t->type != GS_TEXT_FSLOG || text_is_field(l->text) ||
	    !gs_text_anchor(l->text, &a) || a.kind != TEXT_ANCHOR_SDP)
		return false;
	struct gs_span prefix = gs_span(l->text.p, a.at);
	struct gs_span id = gs_text_fs_prefix_id(prefix);
	if (!gs_text_is_uuid(id))
		return false;
	x.text = gs_span_skip(l->text, a.at);
	x.pos.col += (uint32_t)a.at;
	return begin_unknown(t, prefix, id, &x);
}

/* ---- lines */

/* Ends the open SDPs that a dated line ends: that of its call, and those
 * without a call. */
static void
end_streams(struct gs_text_reader *t, struct gs_span id)
{
	struct text_log *g = t->log;

	for (size_t i = g->active; i > 0; i--) {
		struct stream *s = g->stream[i - 1];
		if (s == NULL)
			continue;
		if (s->bare || gs_span_eq(id, gs_span_of(s->id)))
			stream_end(t, s);
		else if (!s->k.open && t->line - s->line > PATIENCE)
			stream_end(t, s);
	}
	g->last = NULL;
}

/* Takes the time of a line from its date on, if it has one. Only a few of its
 * octets were checked: a damaged one is not a time. */
static void
take_date(struct gs_text_reader *t, struct gs_span s)
{
	enum { DATE = GS_TEXT_WHEN - 1 };

	gs_text_when(gs_span(s.p, s.n > DATE && s.p[0] != '[' ? DATE : 0),
	    t->when);
}

static bool
dated_line(struct gs_text_reader *t, const struct fs_head *h,
    const struct gs_sdp_line *l)
{
	struct gs_sdp_line m = *l;
	struct text_anchor a;

	if (!text_need(t, &t->log, sizeof(*t->log)))
		return true;
	struct text_log *g = t->log;
	m.text = gs_span_trim(h->message);
	m.pos.col += (uint32_t)(m.text.p - l->text.p);
	t->type = GS_TEXT_FSLOG;
	gs_text_sip_end(t);
	gs_text_sdp_end(t);
	if (h->prefix.n > 0)
		gs_text_lane_end(t, h->prefix);
	struct gs_span id = prefix_id(g, l->text, h->prefix);
	take_date(t, gs_span_skip(l->text, h->prefix.n));
	end_streams(t, id);
	/* After a quote, the line end may be escaped. */
	if (h->prefix.n > 0)
		g->prefix_n =
		    gs_span_chr(h->prefix, '"') == NULL ? h->prefix.n : 0;
	if (message(t, h->prefix, id, &m))
		return true;
	/* mod_verto prints JSON. */
	if (gs_text_anchor(m.text, &a) && a.kind == TEXT_ANCHOR_SDP &&
	    a.tail == 0) {
		m.text = gs_span_skip(m.text, a.at);
		m.pos.col += (uint32_t)a.at;
		return begin_unknown(t, h->prefix, id, &m);
	}
	if (may_tell(m.text)) {
		if (gs_text_is_uuid(id))
			gs_text_copy(t->about, sizeof(t->about), id);
		gs_text_untaken(t, &m);
		t->about[0] = '\0';
	}
	return true;
}

/* Whether s has the words of a header without a date, as pasted from a log. */
static bool
is_pasted(struct gs_span s)
{
	struct gs_span rest, channel;
	const struct fs_message *m =
	    gs_text_fs_message_find(s, &rest, &channel);

	return m != NULL && (m->kind == FS_SDP || m->kind == FS_INVITE);
}

/* ---- lines that a terminal broke in two */

/* Reads the half line that is kept as it is: it does not continue. */
static void
half_end(struct gs_text_reader *t)
{
	struct text_log *g = t->log;
	struct gs_sdp_line l = { .text = gs_buf_span(&g->half),
		.pos = g->half_pos,
		.eol = GS_EOL_LF };
	struct fs_head h;

	if (gs_text_fs_head_parse(l.text, &h))
		(void)dated_line(t, &h, &l);
	else
		gs_text_untaken(t, &l);
	gs_buf_clear(&g->half);
}

/* Whether l may continue in the next line; h is its head, or NULL. */
static bool
may_go_on(const struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct fs_head *h)
{
	if (h == NULL)
		return gs_text_fs_head_is_half(l->text);
	if (l->text.n == t->fold || h->message.n == 0)
		return true;
	const struct gs_span s = gs_span_trim(h->message);
	return gs_text_fs_message_is_half(s,
	    t->log != NULL && was_found(&t->log->seen, s) ? t->log->seen.what :
							    NULL);
}

/* Keeps l if it may be half a line. */
static bool
half_begin(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct fs_head *h)
{
	enum { MOST = 256 };

	if (t->sink.rest != NULL || l->text.n > MOST || l->eol == GS_EOL_NONE ||
	    !may_go_on(t, l, h) || !text_need(t, &t->log, sizeof(*t->log)))
		return false;
	struct text_log *g = t->log;
	text_keep(t, &g->half, l->text);
	g->half_pos = l->pos;
	g->half_width = l->text.n;
	g->pieces = 1;
	gs_text_shape_set(&g->half_prefix,
	    h != NULL && !gs_text_is_uuid(h->prefix) ? h->prefix :
						       gs_span(NULL, 0));
	return true;
}

/* What the pieces of a line make. */
enum pieces { PIECES_NONE, PIECES_ANY, PIECES_HALF, PIECES_KNOWN };

/* Whether no blank is missing in the message s before its last bracket, and
 * between tag, suite and key in it. */
static bool
has_blanks(struct gs_span s)
{
	const struct gs_span inside = gs_text_fs_last_bracket(s);
	const size_t key = gs_span_find(inside, GS_LIT("inline:"));

	if (inside.p == NULL || inside.p < s.p + 2)
		return true;
	if (strchr(" ]", inside.p[-2]) == NULL)
		return false;
	const size_t digits = gs_span_while(inside, gs_is_digit);
	return key == inside.n ||
	    (key > 0 && inside.p[key - 1] == ' ' &&
		(digits == 0 || inside.p[digits] == ' '));
}

/* Appends s to the n octets that are kept. */
static enum pieces
half_put(struct gs_text_reader *t, size_t n, const char *blank,
    struct gs_span s)
{
	struct gs_buf *b = &t->log->half;
	struct gs_span rest, channel;
	struct fs_head h;

	b->n = n;
	gs_buf_puts(b, blank);
	gs_buf_put(b, s.p, s.n);
	t->no_memory |= !gs_buf_ok(b);
	if (!gs_buf_ok(b) || !gs_text_fs_head_parse(gs_buf_span(b), &h))
		return PIECES_NONE;
	h.message = gs_span_trim(h.message);
	if (gs_text_fs_message_is_half(h.message, NULL))
		return PIECES_HALF;
	/* A channel has a slash: "sofi a/gs5/21@h" has one blank too many. */
	return gs_text_fs_message_find(h.message, &rest, &channel) != NULL &&
		(channel.n == 0 || gs_span_chr(channel, '/') != NULL) &&
		has_blanks(h.message) ?
	    PIECES_KNOWN :
	    PIECES_ANY;
}

/* Whether s may be a later piece of a line. */
static bool
is_piece(const struct text_log *g, struct gs_span s)
{
	struct fs_head h;
	struct text_anchor a;

	/* What follows the date in a line's head has the form of a head. */
	bool head = gs_text_fs_head_parse(s, &h) &&
	    (h.prefix.n > 0 || s.p[0] != '[' ||
		!gs_text_fs_head_is_half(gs_buf_span(&g->half)));

	return !gs_text_is_blank(s) && !text_is_field(s) &&
	    !gs_text_is_uuid(s) && !head && !gs_text_anchor(s, &a) &&
	    s.n < g->half.max - g->half.n;
}

/* Appends l to the half line that is kept, if it is the next piece. A terminal
 * breaks lines at its width, mail programs at a blank. Returns whether it did;
 * *more: another piece may follow. */
static bool
half_join(struct gs_text_reader *t, const struct gs_sdp_line *l, bool *more)
{
	enum { PIECES = 8 };
	struct text_log *g = t->log;
	const size_t n = g->half.n;
	struct gs_span s = l->text;

	s = gs_span_skip(s, gs_text_shape_match(&g->half_prefix, s));
	/* One blank may be the line's own. */
	size_t mark = gs_text_fold_mark(s);
	mark = mark > 1 || t->mark == 1 || TEXT_STARTS(s, "\t") ? mark : 0;
	if (mark > 0 && (t->mark == 0 || mark < t->mark))
		t->mark = mark;
	s = gs_span_skip(s, mark > 0 ? t->mark : 0);
	*more = false;
	if (!is_piece(g, s) || g->pieces++ == PIECES)
		return false;
	bool full = l->text.n == g->half_width;
	enum pieces one = half_put(t, n, "", s);
	if (one < PIECES_HALF && TEXT_STARTS(s, " ")) {
		enum pieces other = half_put(t, n, "", gs_span_skip(s, 1));
		if (other > one)
			s = gs_span_skip(s, t->mark = 1);
		one = half_put(t, n, "", s);
	}
	if (one == PIECES_KNOWN) {
		t->fold = g->half_width;
		*more = full;
		return true;
	}
	enum pieces two = half_put(t, n, " ", s);
	if (two == PIECES_KNOWN || (two == PIECES_HALF && !full)) {
		*more = two == PIECES_HALF;
		return true;
	}
	if (full)
		t->fold = g->half_width;
	*more = full || one == PIECES_HALF;
	if (full || one != PIECES_NONE)
		(void)half_put(t, n, "", s);
	else
		g->half.n = n;
	return full || one != PIECES_NONE;
}

/* Whether s is a field after the UUID of the previous line, so that it has no
 * head, and is not half of one. */
static bool
is_next_field(const struct text_log *g, struct gs_span s)
{
	const struct stream *last = g != NULL ? g->last : NULL;
	struct fs_head h;

	if (last == NULL || !last->by_uuid || s.n <= BY_UUID ||
	    memcmp(last->prefix.text, s.p, BY_UUID) != 0)
		return false;
	struct gs_span rest = gs_span_skip(s, BY_UUID);

	return text_is_field(rest) &&
	    (gs_span_chr(rest, '[') == NULL ||
		!gs_text_fs_head_parse(rest, &h));
}

/* Whether l is part of a message whose SDP is being read. */
static bool
in_stream(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct stream *last = t->log->last;
	struct stream *s = stream_of(t->log, &x.text);

	if (s == NULL && last != NULL && last->k.open &&
	    gs_text_pending_join(t, &last->k, &x))
		return true;
	x.pos.col += (uint32_t)(x.text.p - l->text.p);
	t->log->last = s;
	if (s == NULL)
		return false;
	s->line = t->line;
	return stream_line(t, s, &x);
}

bool
gs_text_fslog_field(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_log *g = t->log;
	struct stream *s = g != NULL ? g->last : NULL;

	if (s == NULL || !s->k.open || s->prefix.n > 0 || g->active != 1 ||
	    g->half.n > 0)
		return false;
	s->line = t->line;
	gs_text_pending_add(t, &s->k, l);
	return true;
}

bool
gs_text_fslog_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct fs_head h;
	struct text_log *g = t->log;

	if (g != NULL && g->half.n > 0) {
		bool more, joined = half_join(t, l, &more);
		if (!joined || !more)
			half_end(t);
		if (joined)
			return true;
	}
	bool field = text_is_field(l->text) || is_next_field(g, l->text);
	if (!field && parse_head(g, l->text, &h))
		return half_begin(t, l, &h) || dated_line(t, &h, l);
	if (!field && half_begin(t, l, NULL))
		return true;
	if (g != NULL && g->active > 0 && in_stream(t, l))
		return true;
	if (g != NULL)
		g->last = NULL;
	if (g != NULL && unknown_head(t, l))
		return true;
	if (gs_text_sip_busy(t) || !is_pasted(l->text) ||
	    !text_need(t, &t->log, sizeof(*t->log)))
		return false;
	gs_text_sdp_end(t);
	end_streams(t, gs_span(NULL, 0));
	return message(t, gs_span(NULL, 0), gs_span(NULL, 0), l);
}

bool
gs_text_fslog_knows(const struct gs_text_reader *t, struct gs_span s)
{
	struct fs_head h;

	for (size_t i = 0; t->log != NULL && i < t->log->active; i++)
		if (gs_text_shape_match(&t->log->stream[i]->prefix, s) > 0)
			return true;
	return gs_text_fs_head_parse(s, &h);
}

void
gs_text_fslog_message_end(struct gs_text_reader *t, bool cut)
{
	if (t->log == NULL || t->log->last == NULL)
		return;
	if (cut)
		stream_cut(t, t->log->last);
	else
		stream_end(t, t->log->last);
}

void
gs_text_fslog_eof(struct gs_text_reader *t)
{
	if (t->log != NULL && t->log->half.n > 0)
		half_end(t);
	while (t->log != NULL && t->log->active > 0)
		stream_cut(t, t->log->stream[0]);
}
