/* SPDX-License-Identifier: MIT */
/* RTP in the clear: media that anyone can listen to. */
#include "calls/heard.h"

#include <stdio.h>
#include <stdlib.h>

#include "net/rtp.h"
#include "sdp/check.h"
#include "sdp/rtpmap.h"
#include "sdp/sdp.h"

/* Streams that are followed, and of those with the same hash the WAYS used
 * last; streams in the clear that are kept; addresses of SDPs, of which the
 * later one replaces the earlier at the same place. */
enum { FOLLOWED = 16384, WAYS = 8, KEPT = 16384, PLACES = 4096 };

/* How far apart the numbers of consecutive packets may be. */
enum { NEAR = 16 };

/* What cannot be chance: ROW packets in a row of the size of unencrypted audio,
 * or SAME pairs of packets with the same octet, if these are at least one in
 * SHARE pairs. */
enum { ROW = 5, SAME = 8, SHARE = 8 };

/* Payload types of an SDP that are kept. */
enum { TYPES = 6 };

/* Added to a set of codecs: the size proves it whatever the codec is, even with
 * two packets. */
#define ANY_CODEC (UINT32_C(1) << 31)
#define SURE (UINT32_C(1) << 30)

/* The octets that are compared: the first two and the one in the middle. */
enum { OCTETS = 3 };

struct stream {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint32_t ssrc;
	uint64_t used; /* the clock at that time; 0: free */
	uint16_t seq; /* of the last packet */
	uint32_t time;
	uint8_t type;
	bool told;
	unsigned near; /* steps in a row to a close number: it is RTP */
	unsigned row; /* packets in a row of the size of unencrypted audio, */
	uint32_t codecs; /* in each of these codecs */
	size_t clear; /* where it was kept, from 1 on; 0: it was not */
	uint32_t pairs; /* consecutive packets */
	uint32_t same[OCTETS];
	uint8_t octet[OCTETS]; /* of the last packet */
	size_t octets; /* 0: it was too short or cut */
};

struct place {
	uint64_t hash; /* of its address and port; 0: free */
	enum gs_calls_heard_agreed agreed;
	uint64_t leg;
	struct {
		uint8_t type;
		uint32_t codecs;
	} types[TYPES];
};

struct clear {
	struct gs_calls_heard_stream stream;
	bool sized; /* proven only by the size, */
	uint8_t type; /* if its type is one of codecs */
	uint32_t codecs;
};

struct gs_calls_heard {
	struct stream stream[FOLLOWED / WAYS][WAYS];
	uint64_t clock;
	struct place place[PLACES];
	struct clear *clear;
	size_t clears;
	size_t room; /* room in clear */
	uint64_t more; /* streams that were removed or not kept; */
	uint64_t frame; /* the frame of the last of them */
	bool untagged; /* an SDP has SRTP without a tag */
};

struct gs_calls_heard *
gs_calls_heard_new(void)
{
	return calloc(1, sizeof(struct gs_calls_heard));
}

void
gs_calls_heard_free(struct gs_calls_heard *h)
{
	if (h != NULL)
		free(h->clear);
	free(h);
}

/* ---- what SDPs say */

/* The address of m as gs_net_addr_text() writes it. */
static uint64_t
hash_of_media(const struct gs_sdp_media *m)
{
	struct gs_span a = m->connection.address;
	bool six = gs_span_eq(m->connection.addrtype, GS_LIT("IP6"));
	char text[GS_ADDR_TEXT];

	a.n = gs_span_find(a, GS_LIT("/")); /* a TTL follows */
	int n = snprintf(text, sizeof(text), six ? "[%.*s]:%u" : "%.*s:%u",
	    (int)(a.n < sizeof(text) ? a.n : sizeof(text)), a.p, m->port);
	return n > 0 && (size_t)n < sizeof(text) ?
	    gs_span_hash(gs_span_of(text)) :
	    0;
}

static enum gs_calls_heard_agreed
agreed(const struct gs_sdp_media_verdict *m)
{
	switch (m->protection) {
	case GS_SDES:
	case GS_DTLS:
	case GS_MIKEY: return GS_HEARD_SRTP;
	case GS_PLAIN: return GS_HEARD_PLAIN;
	default: return GS_HEARD_UNKNOWN;
	}
}

/* Whether a key of m is for SRTP without a tag. */
static bool
is_untagged(const struct gs_sdp *sdp, const struct gs_sdp_media *m)
{
	const struct gs_sdp_attr *a;
	size_t i = 0;

	while ((a = gs_sdp_attr_next(sdp, m, GS_LIT("crypto"), &i)) != NULL)
		if (gs_span_has(a->value, GS_LIT("NULL_AUTH")) ||
		    gs_span_has(a->value, GS_LIT("UNAUTHENTICATED_SRTP")))
			return true;
	return false;
}

static void
put_types(struct place *p, const struct gs_sdp *sdp,
    const struct gs_sdp_media *m)
{
	const struct gs_sdp_attr *a;
	struct gs_sdp_rtpmap map;
	size_t i = 0, n = 0;

	while (n < TYPES &&
	    (a = gs_sdp_attr_next(sdp, m, GS_LIT("rtpmap"), &i)) != NULL) {
		uint32_t codecs = gs_sdp_rtpmap_parse(&map, a->value) ?
		    gs_net_rtp_codecs(map.name) :
		    0;

		if (codecs == 0)
			continue;
		p->types[n].type = map.type;
		p->types[n++].codecs = codecs;
	}
}

void
gs_calls_heard_sdp(struct gs_calls_heard *h, const struct gs_sdp *sdp,
    const struct gs_sdp_verdict *v, uint64_t leg)
{
	for (size_t i = 0; i < v->medias; i++) {
		const struct gs_sdp_media_verdict *m = &v->media[i];
		uint64_t hash = hash_of_media(m->media);
		struct place *p = &h->place[hash % PLACES];

		h->untagged |= is_untagged(sdp, m->media);
		if (hash == 0 || !m->media->port_valid || m->media->port == 0)
			continue;
		/* It may have been agreed on before, but no longer be. */
		if (p->hash == hash && p->agreed == GS_HEARD_PLAIN)
			continue;
		*p = (struct place){ hash, agreed(m), leg };
		put_types(p, sdp, m->media);
	}
}

static const struct place *
find_place(const struct gs_calls_heard *h, const struct gs_net_addr *a)
{
	char text[GS_ADDR_TEXT];
	uint64_t hash = gs_span_hash(gs_span_of(gs_net_addr_text(a, text)));
	const struct place *p = &h->place[hash % PLACES];

	return p->hash == hash ? p : NULL;
}

/* Whether an SDP has one of c's codecs at either address. */
static bool
is_codec(const struct gs_calls_heard *h, const struct clear *c)
{
	const struct place *ends[] = { find_place(h, &c->stream.dst),
		find_place(h, &c->stream.src) };

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; ends[i] != NULL && k < TYPES; k++)
			if (ends[i]->types[k].type == c->type &&
			    (ends[i]->types[k].codecs & c->codecs) != 0)
				return true;
	return false;
}

static bool
proves(const struct gs_calls_heard *h, const struct clear *c)
{
	return !c->sized ||
	    (!h->untagged && ((c->codecs & ANY_CODEC) != 0 || is_codec(h, c)));
}

bool
gs_calls_heard_next(const struct gs_calls_heard *h, size_t *i,
    struct gs_calls_heard_stream *s)
{
	while (*i < h->clears && !proves(h, &h->clear[*i]))
		++*i;
	if (*i >= h->clears) {
		*s = (struct gs_calls_heard_stream){ .frame = h->frame,
			.more = h->more };
		return (*i)++ == h->clears && h->more > 0;
	}
	*s = h->clear[(*i)++].stream;
	const struct place *to = find_place(h, &s->dst);
	const struct place *from = find_place(h, &s->src);
	if (to == NULL || (from != NULL && from->agreed == GS_HEARD_PLAIN))
		to = from;
	if (to != NULL) {
		s->agreed = to->agreed;
		s->leg = to->leg;
	}
	return true;
}

/* ---- streams */

static void
lose(struct gs_calls_heard *h, uint64_t frame)
{
	h->more++;
	h->frame = frame;
}

static struct stream *
stream_of(struct gs_calls_heard *h, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, const struct gs_net_rtp *r, uint64_t frame)
{
	uint64_t hash = gs_net_addr_hash(src, dst, r->ssrc);
	struct stream *set = h->stream[hash % (FOLLOWED / WAYS)];
	struct stream *s = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].used > 0 && set[i].ssrc == r->ssrc &&
		    gs_net_addr_eq(&set[i].src, src) &&
		    gs_net_addr_eq(&set[i].dst, dst)) {
			set[i].used = ++h->clock;
			return &set[i];
		}
		if (set[i].used < s->used)
			s = &set[i];
	}
	/* A stream that looks like RTP, but could not be judged yet. */
	if (s->near > 0 && s->near < ROW)
		lose(h, frame);
	*s = (struct stream){ .src = *src,
		.dst = *dst,
		.ssrc = r->ssrc,
		.type = r->type,
		.seq = (uint16_t)(r->seq - 1),
		.used = ++h->clock };
	return s;
}

/* Compares the payload with that of the previous packet. */
static void
compare(struct stream *s, struct gs_span payload, bool next)
{
	const uint8_t *p = (const uint8_t *)payload.p;
	size_t n = payload.n > OCTETS ? OCTETS : 0;

	if (next && n > 0 && s->octets > 0) {
		s->pairs++;
		s->same[0] += p[0] == s->octet[0];
		s->same[1] += p[1] == s->octet[1];
		s->same[2] += p[payload.n / 2] == s->octet[2];
	}
	s->octets = n;
	if (n > 0) {
		s->octet[0] = p[0];
		s->octet[1] = p[1];
		s->octet[2] = p[payload.n / 2];
	}
}

/* Whether octets of s stay the same. */
static bool
stays(const struct stream *s)
{
	bool same = false;

	for (size_t i = 0; i < OCTETS; i++)
		same |= s->same[i] >= SAME && s->same[i] >= s->pairs / SHARE;
	return same;
}

/* The codecs in which a packet of s is whole frames, so that there is no room
 * for a tag: those that the clock names, or any. */
static uint32_t
codecs_of(const struct stream *s, const struct gs_net_rtp *r,
    struct gs_span payload, size_t n, int step)
{
	const struct gs_net_rtp_static *fixed = gs_net_rtp_static(r->type);
	int64_t ticks = (int32_t)(r->time - s->time);
	uint32_t codecs = ticks % step == 0 ?
	    gs_net_rtp_fits(n, (uint32_t)(ticks / step)) :
	    0;
	bool timed = codecs != 0 && fixed != NULL &&
	    (gs_net_rtp_codecs(fixed->name) & codecs) != 0;
	bool whole = n > 0 && gs_net_rtp_beyond(r->type, n) == 0;

	if (timed || whole ||
	    (payload.n == n && gs_net_rtp_tiny((const uint8_t *)payload.p, n)))
		codecs |= ANY_CODEC;
	/* G.711 or G.722, and the clock says the same. */
	return timed && whole ? codecs | SURE : codecs;
}

/* Counts a packet of s that is whole frames of these codecs; none: there is
 * room for a tag. */
static void
count(struct stream *s, uint32_t codecs)
{
	bool on = (s->codecs & codecs) != 0;

	s->codecs = on ? s->codecs & codecs : codecs;
	s->row = (on ? s->row : 0) + (codecs != 0);
	if ((codecs & SURE) != 0)
		s->row = ROW;
}

/* Keeps s as a stream in the clear, or updates what is proven about it. */
static void
keep(struct gs_calls_heard *h, struct stream *s, uint64_t frame)
{
	bool sized = !stays(s);

	s->told = !sized || (s->codecs & ANY_CODEC) != 0;
	if (s->clear == 0) {
		if (h->clears == KEPT ||
		    !gs_grow(&h->clear, &h->room, h->clears + 1,
			sizeof(*h->clear))) {
			lose(h, frame);
			s->told = true;
			return;
		}
		s->clear = ++h->clears;
	}
	h->clear[s->clear - 1] = (struct clear){
		.stream = { .src = s->src, .dst = s->dst, .frame = frame },
		.sized = sized,
		.type = s->type,
		.codecs = s->codecs,
	};
}

void
gs_calls_heard_feed(struct gs_calls_heard *h, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, struct gs_span payload, size_t wire,
    uint64_t frame)
{
	const uint8_t *p = (const uint8_t *)payload.p;
	enum gs_net_payload kind = gs_net_payload_classify(p, payload.n);
	struct gs_net_rtp r;

	if (kind == GS_MEDIA_TURN || kind == GS_MEDIA_STUN) {
		payload = gs_net_payload_unwrap(p, payload.n);
		p = (const uint8_t *)payload.p;
		wire = payload.n;
		kind = gs_net_payload_classify(p, payload.n);
	}
	if (kind != GS_MEDIA_RTP || !gs_net_rtp_parse(&r, p, payload.n) ||
	    r.padding)
		return;
	struct stream *s = stream_of(h, src, dst, &r, frame);
	int16_t step = (int16_t)(uint16_t)(r.seq - s->seq);
	/* A packet that was captured twice proves nothing. */
	if (s->told || step == 0)
		return;
	bool same = s->type == r.type;
	bool near = step >= -NEAR && step <= NEAR && (same || step == 1);
	struct gs_span rest = gs_span(p + r.header, payload.n - r.header);
	size_t n = wire > r.header ? wire - r.header : 0;
	uint32_t codecs = near ? codecs_of(s, &r, rest, n, step) : 0;

	s->near = near ? s->near + 1 : 0;
	count(s, codecs);
	compare(s, rest, near && same);
	s->seq = r.seq;
	s->type = r.type;
	s->time = r.time;
	if (s->row >= ROW || (s->near >= ROW && stays(s)))
		keep(h, s, frame);
}
