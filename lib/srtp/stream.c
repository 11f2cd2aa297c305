/* SPDX-License-Identifier: MIT */
/* The table of streams, and how a stream comes to its first key. */
#include "srtp/stream.h"

#include <stdlib.h>

#include "stream_priv.h"

enum {
	RESTART = 3000, /* packets */
	MOVED_AHEAD = 50, /* packets that may be missing at a move */
	MOVED_LOOK = 64, /* streams to look at for one */
	SURE = 8, /* packets with one SSRC that make RTP, row or not */
	CROWD = GS_STREAMS_MAX / 2, /* with more streams, each has less: */
	CROWD_KEYS = 2,
};

static size_t
hash(const struct gs_media_packet *m)
{
	uint64_t a[6] = { 0 };
	uint64_t h = m->ssrc;

	memcpy(a, &m->src, sizeof(m->src));
	memcpy(a + 3, &m->dst, sizeof(m->dst));
	for (int i = 0; i < 6; i++)
		h = (h ^ a[i]) * 0x9e3779b97f4a7c15;
	return (h >> 40) % GS_STREAM_SLOTS;
}

static bool
is_of(const struct gs_stream *st, const struct gs_media_packet *m)
{
	return st->ssrc == m->ssrc && gs_addr_eq(&st->src, &m->src) &&
	    gs_addr_eq(&st->dst, &m->dst);
}

struct gs_srtp_streams *
gs_srtp_streams_new(const struct gs_streams_options *options,
    struct gs_keyring *keys, struct gs_announced *announced,
    gs_stream_done *done, void *arg, struct gs_err *err)
{
	struct gs_srtp_streams *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->search.session = gs_srtp_new()) == NULL) {
		free(s);
		gs_err_set(err, "no memory for streams");
		return NULL;
	}
	s->options = *options;
	s->keys = keys;
	s->announced = announced;
	s->done = done;
	s->arg = arg;
	s->search.keys = keys;
	s->search.options = &s->options;
	s->search.budget = (uint64_t)GS_SEARCH_STREAMS * GS_SEARCH_KEYS *
	    ((uint64_t)options->roc_max + 1);
	s->search.first = options->first_tries > 0 ? options->first_tries :
						     GS_SEARCH_FIRST;
	if (options->engine == GS_ENGINE_LIBSRTP2) {
		if (gs_srtp_streams_reference(s, err) == -1) {
			gs_srtp_streams_free(s);
			return NULL;
		}
		s->search.reference = s->reference;
	}
	return s;
}

int
gs_srtp_streams_reference(struct gs_srtp_streams *s, struct gs_err *err)
{
	if (s->reference == NULL)
		s->reference = gs_reference_new(err);
	return s->reference != NULL ? 0 : -1;
}

/* ---- a stream's life */

void
gs_slot_clear(struct gs_slot *slot)
{
	gs_srtp_free(slot->session);
	explicit_bzero(slot, sizeof(*slot));
}

static void
wipe(struct gs_srtp_streams *s, struct gs_stream *st)
{
	for (unsigned i = 0; i < GS_STREAM_KEYS; i++)
		gs_slot_clear(&st->slot[i]);
	gs_slot_clear(&st->control);
	gs_spells_free(s, st);
	explicit_bzero(&st->first_key, sizeof(st->first_key));
}

static void
unlink_use(struct gs_srtp_streams *s, struct gs_stream *st)
{
	*(st->older != NULL ? &st->older->newer : &s->oldest) = st->newer;
	*(st->newer != NULL ? &st->newer->older : &s->newest) = st->older;
}

static void
link_newest(struct gs_srtp_streams *s, struct gs_stream *st)
{
	st->newer = NULL;
	st->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = st;
	s->newest = st;
}

static void
link_hash(struct gs_srtp_streams *s, struct gs_stream *st)
{
	struct gs_media_packet m = { .src = st->src, .dst = st->dst,
		.ssrc = st->ssrc };
	size_t i = hash(&m);

	st->next = s->slot[i];
	s->slot[i] = st;
}

static void
unlink_hash(struct gs_srtp_streams *s, struct gs_stream *st)
{
	struct gs_media_packet m = { .src = st->src, .dst = st->dst,
		.ssrc = st->ssrc };
	struct gs_stream **at = &s->slot[hash(&m)];

	while (*at != st)
		at = &(*at)->next;
	*at = st->next;
	if (s->last == st)
		s->last = NULL;
}

static void
finish(struct gs_srtp_streams *s, struct gs_stream *st)
{
	if (st->started && s->done != NULL)
		s->done(s->arg, st);
}

static void
drop(struct gs_srtp_streams *s, struct gs_stream *st)
{
	unlink_hash(s, st);
	unlink_use(s, st);
	wipe(s, st);
	free(st);
	s->n--;
}

void
gs_stream_restart(struct gs_srtp_streams *s, struct gs_stream *st)
{
	struct gs_stream keep = *st;

	finish(s, st);
	wipe(s, st);
	memset(st, 0, sizeof(*st));
	st->src = keep.src;
	st->dst = keep.dst;
	st->ssrc = keep.ssrc;
	st->next = keep.next;
	st->newer = keep.newer;
	st->older = keep.older;
	st->held = keep.held;
	st->state = GS_STREAM_TRIED;
	st->rtp = keep.rtp;
	st->type = keep.type;
	st->format = keep.format;
	st->announced_secure = keep.announced_secure;
	st->announced_plain = keep.announced_plain;
	st->announced_hidden = keep.announced_hidden;
	st->budget = keep.budget;
	st->id = ++s->ids;
}

/* Room for one more: what was never sure goes first, then the idlest. */
static void
make_room(struct gs_srtp_streams *s)
{
	struct gs_stream *idlest = NULL;

	for (struct gs_stream *st = s->oldest; st != NULL; st = st->newer) {
		if (st->held > 0)
			continue;
		if (idlest == NULL)
			idlest = st;
		if (st->state == GS_STREAM_UNSURE) {
			idlest = st;
			break;
		}
	}
	if (idlest != NULL) {
		finish(s, idlest);
		drop(s, idlest);
	}
}

static struct gs_stream *
find(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	if (s->last != NULL && is_of(s->last, m))
		return s->last;
	for (struct gs_stream *st = s->slot[hash(m)]; st; st = st->next)
		if (is_of(st, m))
			return st;
	return NULL;
}

static struct gs_stream *
create(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	if (s->n >= GS_STREAMS_MAX)
		make_room(s);
	struct gs_stream *st = calloc(1, sizeof(*st));

	if (st == NULL)
		return NULL;
	st->src = m->src;
	st->dst = m->dst;
	st->ssrc = m->ssrc;
	st->id = ++s->ids;
	st->budget = GS_SEARCH_KEYS * ((uint64_t)s->options.roc_max + 1);
	link_hash(s, st);
	link_newest(s, st);
	s->n++;
	return st;
}

/* An RTCP packet's stream: muxed, or on the port above (RFC 3550 11). */
static struct gs_stream *
find_for_rtcp(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	struct gs_media_packet below = *m;
	struct gs_stream *st = find(s, m);

	if (st != NULL)
		return st;
	below.src.port--;
	below.dst.port--;
	return find(s, &below);
}

static void
set_addresses(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m)
{
	unlink_hash(s, st);
	st->src = m->src;
	st->dst = m->dst;
	link_hash(s, st);
}

static bool
goes_on(const struct gs_stream *st, const struct gs_media_packet *m)
{
	uint16_t ahead = (uint16_t)(m->rtp.seq - st->offered_seq);

	return st->rtp && st->ssrc == m->ssrc &&
	    gs_addr_eq(&st->src, &m->src) && st->dst.port == m->dst.port &&
	    ahead > 0 && ahead <= MOVED_AHEAD && m->ns >= st->offered_ns &&
	    m->ns - st->offered_ns < 5000000000;
}

/* A stream that goes on at another address with the same port. */
static struct gs_stream *
find_moved(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	struct gs_stream *st = s->newest;

	for (int i = 0; st != NULL && !goes_on(st, m); st = st->older)
		if (++i == MOVED_LOOK)
			return NULL;
	if (st == NULL)
		return NULL;
	st->moved_from = st->dst;
	st->moved_frame = m->frame;
	set_addresses(s, st, m);
	return st;
}

/* The RTP that comes after its RTCP takes that record over. */
static struct gs_stream *
find_for_rtp(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	struct gs_media_packet above = *m;
	struct gs_stream *st = find(s, m);

	if (st != NULL)
		return st;
	above.src.port++;
	above.dst.port++;
	st = find(s, &above);
	if (st == NULL || st->rtp)
		return find_moved(s, m);
	set_addresses(s, st, m);
	return st;
}

/* ---- what SDP says */

/* Clock rates of the static payload types, RFC 3551 section 6. */
static uint32_t
static_clock(uint8_t type)
{
	if (type == 10 || type == 11)
		return 44100;
	if (type == 6)
		return 16000;
	if (type == 14 || (type >= 25 && type <= 34))
		return 90000;
	return type <= 18 && type != 1 && type != 2 ? 8000 : 0;
}

static void
look_up(struct gs_srtp_streams *s, struct gs_stream *st, uint8_t type)
{
	const struct gs_announcement *a[2] = {
		gs_announced_find(s->announced, &st->dst),
		gs_announced_find(s->announced, &st->src),
	};

	st->type = type;
	st->format = (struct gs_rtpmap){ .type = type,
		.clock = static_clock(type) };
	for (int i = 1; i >= 0; i--) {
		const struct gs_rtpmap *f = gs_announcement_format(a[i], type);

		if (f != NULL)
			st->format = *f;
		if (a[i] != NULL) {
			st->announced_plain |= a[i]->plain;
			st->announced_secure |= a[i]->secure;
			st->announced_dtls |= a[i]->dtls;
			st->announced_hidden |= a[i]->hidden;
		}
	}
}

static bool
is_announced(const struct gs_stream *st)
{
	return st->announced_plain || st->announced_secure ||
	    st->announced_dtls;
}

/* ---- the first key */

int
gs_slot_set(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_hit *hit, struct gs_err *err)
{
	struct gs_srtp *session = slot->session;

	if (session == NULL && (session = gs_srtp_new()) == NULL)
		return gs_err_set(err, "no memory for a key");
	*slot = (struct gs_slot){ .session = session, .way = hit->way,
		.index = hit->key, .key = *gs_keyring_at(s->keys, hit->key) };
	return gs_srtp_set_key(
	    session, &slot->way.spec, slot->key.keysalt, err);
}

/* Where the packet index stands in the statistics, which count on when the
 * key changes. A jump then is a restart (RFC 3550 A.1), not a loss. */
static uint64_t
continuation(const struct gs_stream *st, uint64_t index)
{
	uint64_t newest = st->stats.newest;

	if (!st->stats.started)
		return index;
	uint64_t next = gs_rtp_index(newest, (uint16_t)index);

	return next > newest + RESTART || next + RESTART < newest ?
	    newest + 1 : next;
}

int
gs_stream_add_slot(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint64_t index, struct gs_err *err)
{
	struct gs_slot slot = { 0 };

	if (gs_slot_set(s, &slot, hit, err) == -1) {
		gs_slot_clear(&slot);
		return -1;
	}
	unsigned most = s->n > CROWD ? CROWD_KEYS : GS_STREAM_KEYS;

	while (st->slots >= most)
		gs_slot_clear(&st->slot[--st->slots]);
	memmove(st->slot + 1, st->slot, st->slots * sizeof(st->slot[0]));
	slot.newest = index;
	slot.offset = continuation(st, index) - index;
	st->slot[0] = slot;
	explicit_bzero(&slot, sizeof(slot));
	st->slots++;
	return 0;
}

static uint64_t
index_of(uint32_t roc, uint16_t seq)
{
	return (uint64_t)roc << 16 | seq;
}

int
gs_stream_accept(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint16_t seq, struct gs_err *err)
{
	if (gs_stream_add_slot(s, st, hit, index_of(hit->roc, seq), err) == -1)
		return -1;
	st->state = GS_STREAM_OPEN;
	st->first_key = st->slot[0].key;
	st->roc_first = hit->roc;
	st->tries = hit->tries;
	return 0;
}

/* The second packet for a 32-bit tag: at the same ROC, or across a wrap. */
static bool
hint_holds(struct gs_srtp_streams *s, struct gs_stream *st, struct gs_quest *q)
{
	uint32_t roc = st->hint.roc;
	struct gs_hit hit;

	if (!gs_search_rocs(&s->search, q, st->hint.key, &st->hint.way,
		roc > 0 ? roc - 1 : 0, roc + 1, &hit))
		return false;
	st->hint.roc = hit.roc;
	return true;
}

static bool
attempt_is_due(const struct gs_stream *st, size_t keys)
{
	uint64_t n = st->offers;

	/* The 1st, 2nd, 16th, 256th … packet. */
	return st->tried < keys || n <= 2 ||
	    ((n & (n - 1)) == 0 && (n & 0x1111111111111110) != 0);
}

static int
search_first(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_err *err)
{
	size_t keys = gs_keyring_size(s->keys);
	struct gs_quest q = { .m = m, .budget = &st->budget };
	struct gs_hit hit;
	uint16_t seq = m->rtp.seq;

	if (st->state == GS_STREAM_HINT) {
		if (hint_holds(s, st, &q))
			return gs_stream_accept(s, st, &st->hint, seq, err);
		st->state = GS_STREAM_TRIED;
	}
	if (keys == 0 || m->cut || !attempt_is_due(st, keys))
		return 0;
	/* What was tried on several packets need not be tried again. */
	q.from = st->offers > 2 && st->tried < keys ? st->tried : 0;
	st->tried = keys;
	bool found = gs_search_first(&s->search, &q, &hit);

	st->gave_up |= q.gave_up;
	if (found && hit.way.form.tag < 8) {
		st->state = GS_STREAM_HINT;
		st->hint = hit;
		return 0;
	}
	if (!found && !gs_search_guess(&s->search, &q, &hit))
		return 0;
	return gs_stream_accept(s, st, &hit, seq, err);
}

/* ---- offering */

static struct gs_stream *
find_or_create(struct gs_srtp_streams *s, const struct gs_media_packet *m)
{
	struct gs_stream *st =
	    m->rtcp ? find_for_rtcp(s, m) : find_for_rtp(s, m);

	if (st == NULL)
		st = create(s, m);
	if (st != NULL && s->last != st) {
		unlink_use(s, st);
		link_newest(s, st);
		s->last = st;
	}
	return st;
}

struct gs_stream *
gs_srtp_streams_offer(struct gs_srtp_streams *s,
    const struct gs_media_packet *m, struct gs_err *err)
{
	struct gs_stream *st = find_or_create(s, m);

	if (st == NULL) {
		gs_err_set(err, "no memory for a stream");
		return NULL;
	}
	st->held++;
	if (m->rtcp) {
		if (st->state == GS_STREAM_UNSURE && !is_announced(st))
			look_up(s, st, st->type);
		return st;
	}
	if (!st->rtp || st->type != m->rtp.type)
		look_up(s, st, m->rtp.type);
	st->rtp = true;
	st->offered_seq = m->rtp.seq;
	st->offered_ns = m->ns;
	if (st->state == GS_STREAM_OPEN)
		return st;
	bool shape = gs_rtp_shape_add(&st->shape, &m->rtp);

	st->offers++;
	if (st->state == GS_STREAM_UNSURE &&
	    (shape || is_announced(st) || st->offers == SURE)) {
		st->state = GS_STREAM_TRIED;
		st->offers = 1;
	}
	if (st->state == GS_STREAM_UNSURE)
		return st;
	return search_first(s, st, m, err) == 0 ? st : NULL;
}

int
gs_srtp_streams_retry(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_err *err)
{
	if (m->rtcp || st->state != GS_STREAM_TRIED ||
	    st->tried == gs_keyring_size(s->keys))
		return 0;
	return search_first(s, st, m, err);
}

bool
gs_stream_waits(const struct gs_srtp_streams *s, const struct gs_stream *st)
{
	if (!st->rtp)
		return s->options.live && st->rtcp_opened == 0;
	return st->state == GS_STREAM_UNSURE || st->state == GS_STREAM_HINT ||
	    (st->state == GS_STREAM_TRIED && s->options.live);
}

int
gs_srtp_streams_open(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err)
{
	*o = (struct gs_opened){ .stream = st, .p = m->p, .n = m->n,
		.unsure = st->state == GS_STREAM_UNSURE };
	st->held--;
	if (st->state == GS_STREAM_HINT && m->rtcp == false)
		st->state = GS_STREAM_TRIED; /* nobody came to confirm it */
	if (!st->started) {
		st->started = true;
		st->file = m->file;
		st->first_frame = m->frame;
		st->start = m->ns;
	}
	st->last_frame = m->frame;
	st->end = m->ns;
	return m->rtcp ? gs_stream_open_rtcp(s, st, m, out, o, err) :
			 gs_stream_open_rtp(s, st, m, out, o, err);
}

/* ---- views */

void
gs_stream_look(const struct gs_stream *st, struct gs_stream_view *v)
{
	const struct gs_slot *now = st->slots > 0 ? &st->slot[0] :
						    &st->control;

	*v = (struct gs_stream_view){
		.id = st->id,
		.src = st->src,
		.dst = st->dst,
		.moved_from = st->moved_from,
		.moved_frame = st->moved_frame,
		.ssrc = st->ssrc,
		.file = st->file,
		.state = st->state,
		.rtcp_only = !st->rtp,
		.type = st->type,
		.format = st->format,
		.first_key = st->slots > 0 ? st->first_key : st->control.key,
		.key = now->key,
		.way = now->way,
		.rtcp_way = st->rtcp_way,
		.mki_host_order = st->mki_host_order,
		.roc_first = st->roc_first,
		.roc_last = (uint32_t)(now->newest >> 16),
		.tries = st->tries,
		.packets = st->packets,
		.opened = st->opened,
		.first_failed_frame = st->first_failed_frame,
		.rtcp_packets = st->rtcp_packets,
		.rtcp_opened = st->rtcp_opened,
		.rtcp_plain = st->rtcp_plain,
		.first_frame = st->first_frame,
		.last_frame = st->last_frame,
		.start = st->start,
		.end = st->end,
		.stats = &st->stats,
		.confirmed = st->confirmed,
		.cannot_confirm = st->cannot_confirm,
		.disagreed = st->disagreed,
		.announced_plain = st->announced_plain,
		.announced_secure = st->announced_secure,
		.announced_dtls = st->announced_dtls,
		.looks_encrypted = !st->plain,
		.cryptex = st->cryptex,
		.hidden = st->announced_hidden && st->extended &&
		    !st->cryptex,
		.gave_up = st->gave_up,
		.event = st->event,
		.events = st->events,
		.events_dropped = st->events_dropped,
		.spell = st->spell,
		.spells = st->spells,
		.spells_dropped = st->spells_dropped,
	};
	memcpy(v->failed, st->failed, sizeof(v->failed));
	/* What came and could not be opened is not lost. */
	uint64_t lost = gs_rtp_stats_lost(&st->stats);
	uint64_t came = v->failed[GS_FAIL_AUTH] + v->failed[GS_FAIL_SHORT];

	v->lost = lost > came ? lost - came : 0;
}

const struct gs_rtp_stats *
gs_stream_stats(const struct gs_stream *st)
{
	return &st->stats;
}

const struct gs_stream_event *
gs_stream_events(const struct gs_stream *st, size_t *n)
{
	*n = st->events;
	return st->event;
}

void **
gs_stream_tag(struct gs_stream *st)
{
	return &st->tag;
}

const char *
gs_verdict_name(enum gs_verdict v)
{
	static const char *const name[] = { "decrypted", "partly", "no key",
		"plain" };

	return name[v];
}

enum gs_verdict
gs_stream_verdict(const struct gs_stream_view *v)
{
	uint64_t all = v->packets + v->rtcp_packets;
	uint64_t opened = v->opened + v->rtcp_opened;

	if (opened > 0 && opened + v->rtcp_plain == all && !v->disagreed)
		return GS_VERDICT_DECRYPTED;
	if (opened > 0)
		return GS_VERDICT_PARTLY;
	return v->looks_encrypted ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN;
}

void
gs_srtp_streams_end(struct gs_srtp_streams *s)
{
	while (s->oldest != NULL) {
		finish(s, s->oldest);
		drop(s, s->oldest);
	}
}

void
gs_srtp_streams_free(struct gs_srtp_streams *s)
{
	if (s == NULL)
		return;
	s->done = NULL;
	gs_srtp_streams_end(s);
	gs_srtp_free(s->search.session);
	gs_reference_free(s->reference);
	free(s);
}
