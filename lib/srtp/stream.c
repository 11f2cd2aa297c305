/* SPDX-License-Identifier: MIT */
/* A stream from its first packet, and how its first key is found. */
#include "srtp/stream.h"

#include <stdlib.h>

#include "base/diag.h"
#include "srtp/frames_priv.h"
#include "srtp/reference.h"
#include "srtp/stream_priv.h"

struct gs_srtp_streams *
gs_srtp_streams_new(const struct gs_srtp_streams_options *options,
    struct gs_srtp_keyring *keys, struct gs_srtp_announced *announced,
    gs_stream_done *done, void *arg, struct gs_err *err)
{
	struct gs_srtp_streams *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		gs_err_set(err, "out of memory");
		return NULL;
	}
	s->options = *options;
	s->seed = gs_net_addr_seed();
	s->keys = keys;
	s->announced = announced;
	s->done = done;
	s->arg = arg;
	s->search.keys = keys;
	s->search.options = &s->options;
	if (s->options.tries == 0)
		s->options.tries = GS_SEARCH_BASE;
	s->search.budget = s->options.tries;
	s->search.guesses = s->search.budget / 4;
	if (options->engine == GS_ENGINE_LIBSRTP2) {
		if (gs_srtp_slot_reference(s, err) == -1) {
			gs_srtp_streams_free(s);
			return NULL;
		}
		s->search.reference = s->reference;
	}
	return s;
}

/* ---- what SDP says */

/* The entry of the type looked up last; NULL if there are too many. */
static struct gs_srtp_stream_type *
note_type(struct gs_srtp_stream *st)
{
	size_t i = 0;

	while (i < st->types && st->type[i].format.type != st->id.type)
		i++;
	if (i == GS_STREAM_TYPES)
		return NULL;
	st->types += i == st->types;
	st->type[i].format = st->id.format;
	st->type[i].frames = gs_srtp_frames_kind(&st->id.format, st->id.type);
	return &st->type[i];
}

/* Counts a packet of that type. */
static void
count_type(struct gs_srtp_stream *st)
{
	if (st->now == NULL)
		st->now = note_type(st);
	if (st->now != NULL)
		st->now->packets++;
}

/* The type of most packets. */
static void
look_at_types(const struct gs_srtp_stream *st, struct gs_srtp_stream_view *v)
{
	uint64_t most = 0;

	for (size_t i = 0; i < st->types; i++)
		if (st->type[i].packets > most) {
			most = st->type[i].packets;
			v->id.format = st->type[i].format;
			v->id.type = v->id.format.type;
		}
}

enum { DYNAMIC = 96 }; /* payload types from here (RFC 3551 section 6) */

/* Looks for a format by the port alone: SDP may name a private address. */
static void
guess_format(const struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    uint64_t ns)
{
	const struct gs_sdp_rtpmap *f = gs_srtp_announced_port_format(
	    s->announced, st->id.dst.port, st->id.type, ns);

	if (f == NULL)
		f = gs_srtp_announced_port_format(s->announced, st->id.src.port,
		    st->id.type, ns);
	if (f != NULL)
		st->id.format = *f;
}

/* Looks up what SDP says about the payload type until ns. */
static void
look_up(struct gs_srtp_streams *s, struct gs_srtp_stream *st, uint8_t type,
    uint64_t ns)
{
	const struct gs_srtp_announcement *a[2] = {
		gs_srtp_announced_find(s->announced, &st->id.dst),
		gs_srtp_announced_find(s->announced, &st->id.src),
	};
	const struct gs_net_rtp_static *fixed = gs_net_rtp_static(type);

	st->now = NULL;
	st->id.type = type;
	st->id.format = (struct gs_sdp_rtpmap){ .type = type,
		.clock = fixed != NULL ? fixed->clock : 0 };
	for (int i = 1; i >= 0; i--) {
		const struct gs_sdp_rtpmap *f =
		    gs_srtp_announcement_format(a[i], type, ns);

		if (f != NULL)
			st->id.format = *f;
		st->id.call[1 - i] = a[i] != NULL ? a[i]->call : 0;
		if (a[i] != NULL) {
			st->prot.announced_plain |= a[i]->plain;
			st->prot.announced_secure |= a[i]->secure;
			st->prot.announced_dtls |=
			    a[i]->dtls || a[i]->handshake;
			st->announced |=
			    a[i]->plain || a[i]->secure || a[i]->dtls;
			st->prot.announced_hidden |= a[i]->hidden;
		}
	}
	if (type >= DYNAMIC && st->id.format.name[0] == '\0')
		guess_format(s, st, ns);
}

/* ---- the first key */

/* Whether the second packet confirms a 32-bit tag: at the same ROC, or across a
 * wrap. */
static bool
hint_holds(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    struct gs_srtp_search_job *q)
{
	uint32_t roc = st->hint.roc;

	if (!gs_srtp_search_rocs(&s->search, q, st->hint.key, &st->hint.scheme,
		(struct gs_srtp_rocs){ roc > 0 ? roc - 1 : 0, roc + 1 }))
		return false;
	st->hint.roc = q->hit.roc;
	return true;
}

/* Tries all keys at the first ROC, and at others when that is due. */
static bool
search_all(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    struct gs_srtp_search_job *q)
{
	size_t keys = gs_srtp_keyring_size(s->keys);
	bool new = st->tried < keys && st->failing > 1;
	bool fresh = st->failed_to == q->m->nth;
	uint32_t max =
	    new ? s->options.roc_max : gs_srtp_backoff_far(s, st, q->m, fresh);

	if (max == 0 && !(fresh && gs_srtp_backoff_near(s, st, q->m)))
		return false;
	/* Keys that were tried on several packets are not tried again. */
	if (new && st->failing > 2)
		q->from = st->tried;
	else if (max == s->options.roc_max)
		gs_srtp_backoff_searched(s, st, q->m);
	bool found = gs_srtp_search_first(&s->search, q, max) ||
	    (max > 0 && gs_srtp_search_guess(&s->search, q));
	st->tried_all |=
	    max == s->options.roc_max && q->from == 0 && !q->gave_up;
	return found;
}

/* Begins to use the first key of st, found with m or the packet before it. What
 * no key opened until then may have been another call. */
static int
accept(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_srtp_search_hit hit,
    struct gs_err *err)
{
	if (gs_srtp_flow_begins(s, st, m, st->stats.newest))
		gs_srtp_flow_restart(s, st);
	return gs_srtp_slot_accept(s, st, &hit, m->rtp.seq, err);
}

static int
search_first(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	size_t keys = gs_srtp_keyring_size(s->keys);
	struct gs_srtp_search_job q = { .m = m,
		.before = gs_span(st->end, st->end_n),
		.roc = gs_srtp_unprotect_roc(st, m),
		.budget = &st->budget };

	if (st->prot.state == GS_STREAM_HINT) {
		if (hint_holds(s, st, &q))
			return accept(s, st, m, st->hint, err);
		st->prot.state = GS_STREAM_TRIED;
	}
	if (keys == 0 || m->cut)
		return 0;
	bool found =
	    gs_srtp_search_linked(&s->search, &q) || search_all(s, st, &q);

	st->tried = keys;
	st->cut_short |= q.gave_up;
	if (found && q.hit.scheme.form.tag == 4) {
		st->prot.state = GS_STREAM_HINT;
		st->hint = q.hit;
		return 0;
	}
	return found ? accept(s, st, m, q.hit, err) : 0;
}

/* ---- offering */

/* Keeps the end of m, for comparison with the next packet. */
static void
keep_end(struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	size_t n = m->n < GS_SEARCH_END ? m->n : GS_SEARCH_END;

	memcpy(st->end, m->p + m->n - n, n);
	st->end_n = (uint16_t)n;
}

/* Notes how much RTP time a packet of the stream takes. Late packets do not
 * tell; those between the last one and this may have been opened. */
static void
keep_pace(struct gs_srtp_stream *st, const struct gs_net_rtp *r)
{
	enum { NEAR = 8 };
	int packets = (int16_t)(r->seq - st->paced_seq);

	if (st->offers > 1 && packets <= 0 && packets >= -NEAR)
		return;
	st->pace = st->offers > 1 && packets > 0 && packets <= NEAR ?
	    (int32_t)(r->time - st->paced_time) / packets :
	    0;
	st->paced_time = r->time;
	st->paced_seq = r->seq;
}

/* Searches for a key of m, whose stream has none that opened the last
 * packet. */
static int
search_offered(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	struct gs_srtp_unprotecting a = { s, st, m, .err = err };
	int r = 0;

	keep_pace(st, &m->rtp);
	if (st->prot.state == GS_STREAM_OPEN)
		return gs_srtp_unprotect_offer(&a);
	bool shape = gs_net_rtp_shape_add(&st->shape, &m->rtp);
	bool was_unsure = st->prot.state == GS_STREAM_UNSURE;

	if (was_unsure && (shape || st->announced))
		st->prot.state = GS_STREAM_TRIED;
	if (st->prot.state != GS_STREAM_UNSURE) {
		st->failing += !gs_srtp_backoff_plain(s, st, m);
		/* Those before it were not tried yet. */
		if (was_unsure && st->held > 1 && st->failing == 0)
			st->failing = 1;
		st->failed_to = m->nth;
		r = search_first(s, st, m, err);
	}
	keep_end(st, m);
	return r;
}

/* Returns r, the result of a search, or -1 if a library failed in it: then a
 * key that fits may have been missed. */
static int
sound(const struct gs_srtp_streams *s, int r, struct gs_err *err)
{
	if (r == 0 && s->search.broken)
		return gs_err_set(err,
		    "libcrypto or libsrtp2 failed while "
		    "keys were tried");
	return r;
}

struct gs_srtp_stream *
gs_srtp_streams_offer(struct gs_srtp_streams *s, struct gs_srtp_media_packet *m,
    struct gs_err *err)
{
	struct gs_srtp_stream *st = gs_srtp_flow_find(s, m);

	if (st == NULL) {
		gs_err_set(err, "out of memory");
		return NULL;
	}
	st->held++;
	s->search.budget += GS_SEARCH_PACKET;
	if (m->rtcp) {
		if (st->prot.state == GS_STREAM_UNSURE && !st->announced)
			look_up(s, st, st->id.type, m->ns);
		return st;
	}
	if (!st->id.rtp || st->id.type != m->rtp.type)
		look_up(s, st, m->rtp.type, m->ns);
	count_type(st);
	st->id.rtp = true;
	st->offered = st->offers == 0 ?
	    m->rtp.seq :
	    gs_net_rtp_index(st->offered, m->rtp.seq);
	st->offered_ns = m->ns;
	m->nth = ++st->offers;
	if (st->prot.state == GS_STREAM_OPEN && st->failing == 0)
		return st;
	return sound(s, search_offered(s, st, m, err), err) == 0 ? st : NULL;
}

bool
gs_srtp_stream_hinted(const struct gs_srtp_stream *st)
{
	return st->prot.state == GS_STREAM_HINT;
}

int
gs_srtp_streams_follow(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	struct gs_srtp_unprotecting a = { s, st, m, .err = err };

	if (m->rtcp || m->cut)
		return 0;
	if (st->prot.state == GS_STREAM_HINT)
		return sound(s, search_first(s, st, m, err), err);
	return st->prot.state == GS_STREAM_OPEN && st->failing > 0 ?
	    sound(s, gs_srtp_unprotect_offer(&a), err) :
	    0;
}

int
gs_srtp_streams_retry(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	struct gs_srtp_unprotecting a = { s, st, m, .err = err };
	bool new = st->tried != gs_srtp_keyring_size(s->keys);
	bool last = gs_srtp_backoff_last(st, m) && gs_srtp_backoff_can(s, st);

	if (m->rtcp || m->cut)
		return 0;
	if (st->prot.state == GS_STREAM_TRIED && (new || last))
		return sound(s, search_first(s, st, m, err), err);
	if (st->prot.state == GS_STREAM_OPEN && st->failing > 0 && new)
		return sound(s, gs_srtp_unprotect_retry(&a), err);
	return 0;
}

/* Whether m, which no key opens, begins another call. */
static bool
begins_again(struct gs_srtp_streams *s, const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	return !m->rtcp && !m->cut && st->prot.state == GS_STREAM_TRIED &&
	    gs_srtp_flow_begins(s, st, m, st->stats.newest);
}

/* A second packet of the other call must follow. */
static bool
restart(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	bool sure = st->held > 1;

	if (!sure && m->overdue)
		return false;
	gs_srtp_flow_restart(s, st);
	if (sure || st->announced)
		return false;
	st->prot.state = GS_STREAM_UNSURE;
	return !gs_net_rtp_shape_add(&st->shape, &m->rtp);
}

/* No packet confirmed the key of st, and m must be written: few tries find no
 * tag of 32 bits by chance. */
static int
settle_hint(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	enum { FEW = 64 };

	st->prot.state = GS_STREAM_TRIED;
	return st->hint.tries > FEW ? 0 : accept(s, st, m, st->hint, err);
}

int
gs_srtp_streams_open(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, uint8_t *out,
    struct gs_srtp_unprotected *o, struct gs_err *err)
{
	struct gs_srtp_unprotecting a = { s, st, m, out, .o = o, .err = err };

	*o = (struct gs_srtp_unprotected){ .stream = st,
		.p = m->p,
		.n = m->n,
		.unsure = st->prot.state == GS_STREAM_UNSURE };
	if (begins_again(s, st, m) && restart(s, st, m)) {
		o->waits = o->unsure = true;
		return 0;
	}
	if (st->prot.state == GS_STREAM_HINT && !m->rtcp &&
	    settle_hint(s, st, m, err) == -1)
		return -1;
	/* After the try: the packet may begin another call. */
	int r = sound(s,
	    m->rtcp ? gs_srtp_unprotect_rtcp_try(&a) :
		      gs_srtp_unprotect_try(&a),
	    err);

	if (o->waits)
		return r;
	/* RTCP alone may have shown what the stream is. */
	o->unsure = st->prot.state == GS_STREAM_UNSURE;
	st->held--;
	gs_srtp_flow_note(st, m);
	return r;
}

bool
gs_srtp_streams_stopped(const struct gs_srtp_streams *s)
{
	return s->stopped;
}

uint64_t
gs_srtp_streams_tries(const struct gs_srtp_streams *s)
{
	return s->search.spent;
}

struct gs_srtp_let_go
gs_srtp_streams_let_go(const struct gs_srtp_streams *s)
{
	return s->let_go;
}

void
gs_srtp_streams_end(struct gs_srtp_streams *s)
{
	while (s->all.oldest != NULL)
		gs_srtp_flow_end(s, s->all.oldest->item);
}

void
gs_srtp_streams_free(struct gs_srtp_streams *s)
{
	if (s == NULL)
		return;
	s->done = NULL;
	gs_srtp_streams_end(s);
	gs_srtp_search_end(&s->search);
	gs_srtp_reference_free(s->reference);
	free(s);
}

/* ---- views of a stream */

void
gs_srtp_stream_look(const struct gs_srtp_stream *st,
    struct gs_srtp_stream_view *v)
{
	const struct gs_srtp_slot *now =
	    st->slots > 0 ? &st->slot[0] : &st->control;
	uint64_t lost = gs_net_rtp_stats_lost(&st->stats);
	/* Packets that were not opened are not lost. */
	uint64_t came = st->count.failed[GS_FAIL_AUTH] +
	    st->count.failed[GS_FAIL_SHORT] + st->uncounted;
	uint64_t room = gs_srtp_replay_room(st);

	room = room > st->count.packets ? room - st->count.packets : 0;
	lost = lost > came ? lost - came : 0;

	*v = (struct gs_srtp_stream_view){
		.id = st->id,
		.prot = st->prot,
		.count = st->count,
		.stats = &st->stats,
		.key = now->key,
		.scheme = now->scheme,
		.roc_last = (uint32_t)(now->newest >> 16),
		.lost = lost < room ? lost : room,
		.hidden = st->prot.announced_hidden && st->prot.extended &&
		    !st->prot.cryptex,
	};
	look_at_types(st, v);
	if (st->count.opened == 0 && !st->prot.sealed) {
		v->count.failed[GS_FAIL_KEY] += v->count.plain_before;
		v->count.plain_before = 0;
	}
}

const struct gs_net_rtp_stats *
gs_srtp_stream_stats(const struct gs_srtp_stream *st)
{
	return &st->stats;
}

const struct gs_srtp_stream_event *
gs_srtp_stream_events(const struct gs_srtp_stream *st, size_t *n)
{
	*n = st->prot.events;
	return st->prot.event;
}

const struct gs_srtp_stream_identity *
gs_srtp_stream_identity(const struct gs_srtp_stream *st)
{
	return &st->id;
}

void **
gs_srtp_stream_tag(struct gs_srtp_stream *st)
{
	return &st->tag;
}

const char *
gs_srtp_verdict_name(enum gs_srtp_verdict v)
{
	static const char *const name[] = { "decrypted", "partly", "no key",
		"search stopped", "plain" };

	return name[v];
}

enum gs_srtp_verdict
gs_srtp_counts_verdict(const struct gs_srtp_stream_counts *c, bool disagreed,
    enum gs_srtp_verdict unopened)
{
	uint64_t all = c->packets + c->rtcp_packets;
	uint64_t opened = c->opened + c->rtcp_opened;
	uint64_t plain = c->rtcp_plain + c->plain_before + c->plain_behind;

	if (opened > 0 && opened + plain == all && !disagreed)
		return GS_VERDICT_DECRYPTED;
	if (opened > 0)
		return GS_VERDICT_PARTLY;
	return unopened;
}

enum gs_srtp_verdict
gs_srtp_stream_verdict(const struct gs_srtp_stream_view *v)
{
	enum gs_srtp_verdict unopened = v->prot.plain ? GS_VERDICT_PLAIN :
	    v->prot.gave_up                           ? GS_VERDICT_STOPPED :
							GS_VERDICT_NO_KEY;

	return gs_srtp_counts_verdict(&v->count, v->prot.disagreed, unopened);
}
