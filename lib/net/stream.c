/* SPDX-License-Identifier: MIT */
/* SIP over TCP: bytes in their order, cut into messages. */
#include <stdlib.h>

#include "net/sip_priv.h"

enum {
	WAYS = 8, /* flows that share a place in the table */
	SETS = GS_SIP_FLOWS / WAYS,
	AHEAD_MAX = 1024 * 1024, /* farther ahead is another stream */
	FIN = 1,
	SYN = 2,
	RST = 4,
};

static const uint64_t GAP_NS = UINT64_C(1000000000) * GS_SIP_GAP_SECONDS;

/* A segment behind a gap. */
struct pending {
	struct pending *next; /* by seq */
	uint32_t seq;
	uint32_t n;
	uint8_t bytes[];
};

/* One direction of a connection. */
struct flow {
	struct gs_addr src;
	struct gs_addr dst;
	uint64_t used; /* 0: this place is free */
	bool sip; /* a message was seen */
	bool lost; /* between messages after a gap: wait for a start */
	bool ended; /* FIN or RST: a SYN begins another one */
	uint32_t next; /* seq of the next byte */
	/* The message that is being collected. */
	uint8_t *buf;
	size_t size;
	size_t start; /* in buf, n bytes are not yet given */
	size_t n;
	size_t scan; /* how far the header's end was looked for */
	size_t total; /* its length, 0: not yet known */
	size_t body;
	uint64_t first_frame;
	uint64_t last_frame; /* of the packet taken last */
	uint64_t ns;
	uint32_t file;
	struct pending *pending;
	unsigned pendings;
	uint64_t since; /* when the first of them came */
};

struct gs_streams {
	const struct gs_sip_sink *sink;
	struct gs_sip_counts *counts;
	uint64_t clock;
	size_t bytes; /* in all flows */
	size_t hand; /* the flow to look at when memory is full */
	struct flow flow[GS_SIP_FLOWS];
};

struct gs_streams *
gs_streams_new(const struct gs_sip_sink *sink, struct gs_sip_counts *counts)
{
	struct gs_streams *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->sink = sink;
	t->counts = counts;
	return t;
}

/* ---- memory */

static int32_t
behind(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static void
free_pending(struct gs_streams *t, struct flow *f)
{
	struct pending *p = f->pending;

	f->pending = p->next;
	f->pendings--;
	t->bytes -= sizeof(*p) + p->n;
	explicit_bzero(p->bytes, p->n);
	free(p);
}

static void
free_buffer(struct gs_streams *t, struct flow *f)
{
	if (f->buf != NULL)
		explicit_bzero(f->buf, f->size);
	free(f->buf);
	t->bytes -= f->size;
	f->buf = NULL;
	f->start = f->n = f->size = f->scan = f->total = 0;
}

static void
forget(struct gs_streams *t, struct flow *f)
{
	while (f->pending != NULL)
		free_pending(t, f);
	free_buffer(t, f);
	*f = (struct flow){ 0 };
}

void
gs_streams_free(struct gs_streams *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < GS_SIP_FLOWS; i++)
		forget(t, &t->flow[i]);
	free(t);
}

/* calloc() within GS_SIP_BYTES: other flows than self are forgotten. */
static void *
allocate(struct gs_streams *t, const struct flow *self, size_t n)
{
	for (size_t i = 0; t->bytes + n > GS_SIP_BYTES; i++) {
		if (i == GS_SIP_FLOWS)
			return NULL;
		struct flow *f = &t->flow[t->hand];
		t->hand = (t->hand + 1) % GS_SIP_FLOWS;
		if (f != self && (f->size > 0 || f->pending != NULL))
			forget(t, f);
	}
	void *p = calloc(1, n);
	if (p != NULL)
		t->bytes += n;
	return p;
}

/* Room for n more bytes behind those in the buffer. */
static bool
reserve(struct gs_streams *t, struct flow *f, size_t n)
{
	size_t size = f->size < 4096 ? 4096 : f->size;

	if (n <= f->size - f->n) {
		if (n > f->size - f->n - f->start) {
			memmove(f->buf, f->buf + f->start, f->n);
			f->start = 0;
		}
		return true;
	}
	while (size < f->n + n)
		size *= 2;
	uint8_t *buf = allocate(t, f, size);
	if (buf == NULL)
		return false;
	if (f->n > 0)
		memcpy(buf, f->buf + f->start, f->n);
	if (f->buf != NULL)
		explicit_bzero(f->buf, f->size);
	free(f->buf);
	t->bytes -= f->size;
	f->buf = buf;
	f->size = size;
	f->start = 0;
	return true;
}

/* ---- the table */

static struct flow *
set_of(struct gs_streams *t, const struct gs_frame *g)
{
	return &t->flow[gs_addr_hash(&g->src, &g->dst, 0) % SETS * WAYS];
}

static struct flow *
find(struct gs_streams *t, const struct gs_frame *g)
{
	struct flow *f = set_of(t, g);

	for (size_t i = 0; i < WAYS; i++)
		if (f[i].used > 0 && gs_addr_eq(&f[i].src, &g->src) &&
		    gs_addr_eq(&f[i].dst, &g->dst)) {
			f[i].used = ++t->clock;
			return &f[i];
		}
	return NULL;
}

static bool
goes_before(const struct flow *a, const struct flow *b)
{
	return a->sip != b->sip ? !a->sip : a->used < b->used;
}

/* ---- messages */

/* The bytes that were not yet given. */
static struct gs_span
rest(const struct flow *f)
{
	return f->n == 0 ? gs_span(NULL, 0) : gs_span(f->buf + f->start, f->n);
}

static void
give(struct gs_streams *t, const struct flow *f, size_t n, bool truncated)
{
	struct gs_sip_message m = {
		.bytes = gs_span(rest(f).p, n),
		.body = f->total > 0 ? f->body : n,
		.transport = GS_SIP_TCP,
		.truncated = truncated,
		.src = f->src,
		.dst = f->dst,
		.first_frame = f->first_frame,
		.last_frame = f->last_frame,
		.ns = f->ns,
		.file = f->file,
	};

	t->counts->messages++;
	t->counts->truncated += truncated;
	if (t->sink->message != NULL)
		t->sink->message(t->sink->arg, &m);
}

/* Forgets n bytes. What is left came with the last packet. */
static void
consume(struct gs_streams *t, struct flow *f, size_t n)
{
	if (n >= f->n) {
		free_buffer(t, f);
		return;
	}
	f->start += n;
	f->n -= n;
	f->scan = f->total = 0;
	f->first_frame = f->last_frame;
}

/* What is there of a message goes out when the header is complete. */
static void
give_rest(struct gs_streams *t, struct flow *f)
{
	if (f->sip && !f->lost && f->total > 0)
		give(t, f, f->n < f->total ? f->n : f->total, true);
	free_buffer(t, f);
}

/* Offset of the first line in which a message may begin, s.n when there is
 * none; the line at 0 is known to be none. */
static size_t
next_start(struct gs_span s)
{
	size_t at = 0;

	while (at < s.n) {
		const char *end = memchr(s.p + at, '\n', s.n - at);
		if (end == NULL)
			return s.n;
		at = (size_t)(end - s.p) + 1;
		if (gs_sip_start(gs_span(s.p + at, s.n - at)) != GS_SIP_NO)
			return at;
	}
	return s.n;
}

static size_t
blank_lines(struct gs_span s)
{
	size_t k = 0;

	while (k < s.n && (s.p[k] == '\r' || s.p[k] == '\n'))
		k++;
	return k;
}

/* Moves to where a message begins (RFC 3261 7.5: empty lines before it are
 * passed over). Returns false when there is none yet. */
static bool
find_start(struct gs_streams *t, struct flow *f)
{
	for (;;) {
		size_t k = blank_lines(rest(f));
		if (k > 0)
			consume(t, f, k);
		if (f->n == 0)
			return false;
		enum gs_sip_start s = gs_sip_start(rest(f));
		if (s == GS_SIP_YES)
			break;
		if (s == GS_SIP_MAYBE)
			return false;
		f->lost = true;
		consume(t, f, next_start(rest(f)));
	}
	f->sip = true;
	f->lost = false;
	return true;
}

/* Finds where the message ends. False: not yet known. */
static bool
measure(struct flow *f)
{
	uint64_t length = 0;

	if (f->total > 0)
		return true;
	f->body = gs_sip_header_end(rest(f), &f->scan);
	if (f->body == 0)
		return false;
	/* Without Content-Length there is no body (RFC 3261 18.3). */
	if (!gs_sip_length(gs_span(rest(f).p, f->body), &length))
		length = 0;
	f->total = length > GS_SIP_MESSAGE ? GS_SIP_MESSAGE + 1 :
					     f->body + (size_t)length;
	return true;
}

static void
cut(struct gs_streams *t, struct flow *f)
{
	while (f->n > 0) {
		if (f->total == 0 && f->scan == 0 && !find_start(t, f))
			return;
		if (measure(f) && f->n >= f->total &&
		    f->total <= GS_SIP_MESSAGE) {
			give(t, f, f->total, false);
			consume(t, f, f->total);
		} else if (f->n >= GS_SIP_MESSAGE) {
			give(t, f, GS_SIP_MESSAGE, true);
			consume(t, f, GS_SIP_MESSAGE);
			f->lost = true;
		} else {
			return;
		}
	}
}

/* ---- segments */

/* Takes the next bytes of the stream. */
static void
take(struct gs_streams *t, struct flow *f, const uint8_t *b, size_t n)
{
	f->next += (uint32_t)n;
	if (f->n == 0)
		f->first_frame = f->last_frame;
	if (!reserve(t, f, n)) {
		t->counts->gaps++;
		free_buffer(t, f);
		f->lost = true;
		return;
	}
	memcpy(f->buf + f->start + f->n, b, n);
	f->n += n;
	cut(t, f);
}

/* Keeps a segment that came too early. False: there is no room. */
static bool
keep(struct gs_streams *t, struct flow *f, uint32_t seq, const uint8_t *b,
    uint32_t n)
{
	struct pending **at = &f->pending;

	while (*at != NULL && behind((*at)->seq, seq) < 0)
		at = &(*at)->next;
	if (*at != NULL && (*at)->seq == seq && (*at)->n >= n)
		return true;
	if (f->pendings == GS_SIP_PENDING)
		return false;
	struct pending *p = allocate(t, f, sizeof(*p) + n);
	if (p == NULL)
		return false;
	p->seq = seq;
	p->n = n;
	memcpy(p->bytes, b, n);
	if (f->pending == NULL)
		f->since = f->ns;
	p->next = *at;
	*at = p;
	f->pendings++;
	return true;
}

/* Takes the segments that now follow. */
static void
take_pending(struct gs_streams *t, struct flow *f)
{
	while (f->pending != NULL) {
		const struct pending *q = f->pending;
		int32_t ahead = behind(q->seq, f->next);
		if (ahead > 0)
			return;
		uint32_t old = (uint32_t)-ahead;
		if (old < q->n)
			take(t, f, q->bytes + old, q->n - old);
		free_pending(t, f);
	}
}

/* The bytes before next never came. */
static void
skip_to(struct gs_streams *t, struct flow *f, uint32_t next)
{
	give_rest(t, f);
	t->counts->gaps++;
	f->lost = true;
	f->next = next;
}

/* Goes on behind every gap. */
static void
skip_gaps(struct gs_streams *t, struct flow *f)
{
	while (f->pending != NULL) {
		skip_to(t, f, f->pending->seq);
		take_pending(t, f);
	}
}

/* A free place, else that of a flow without SIP, else the oldest. */
static struct flow *
create(struct gs_streams *t, const struct gs_frame *g, uint32_t next)
{
	struct flow *f = set_of(t, g), *place = f;

	for (size_t i = 0; i < WAYS && place->used > 0; i++)
		if (f[i].used == 0 || goes_before(&f[i], place))
			place = &f[i];
	skip_gaps(t, place);
	give_rest(t, place);
	forget(t, place);
	place->src = g->src;
	place->dst = g->dst;
	place->used = ++t->clock;
	place->next = next;
	return place;
}

static struct flow *
flow_for(struct gs_streams *t, const struct gs_frame *g)
{
	struct flow *f = find(t, g);
	struct gs_span b = gs_span(g->p + g->payload, g->length);

	if ((g->flags & SYN) != 0) {
		int32_t gone = f == NULL ? -1 : behind(f->next, g->seq + 1);
		if (gone < 0 || gone > AHEAD_MAX || f->ended)
			f = create(t, g, g->seq + 1);
	} else if (f == NULL && gs_sip_starts(b)) {
		f = create(t, g, g->seq);
	}
	return f;
}

static void
segment(struct gs_streams *t, struct flow *f, uint32_t seq, const uint8_t *b,
    uint32_t n)
{
	int32_t ahead = behind(seq, f->next);

	if (ahead > 0 && ahead <= AHEAD_MAX && keep(t, f, seq, b, n))
		return;
	if (ahead > 0)
		skip_gaps(t, f);
	ahead = behind(seq, f->next);
	/* Far away either way is another stream between these ports. */
	if (ahead > 0 || ahead < -AHEAD_MAX) {
		skip_to(t, f, seq);
		ahead = 0;
	}
	uint32_t old = (uint32_t)-ahead;
	if (old < n) {
		take(t, f, b + old, n - old);
		take_pending(t, f);
	}
}

bool
gs_streams_feed(struct gs_streams *t, const struct gs_packet *p,
    const struct gs_frame *g)
{
	uint32_t seq = g->seq + ((g->flags & SYN) != 0);
	struct flow *f = flow_for(t, g);

	if (f == NULL)
		return false;
	f->last_frame = p->frame;
	f->ns = p->ns;
	f->file = p->file;
	if (f->pending != NULL && p->ns - f->since > GAP_NS)
		skip_gaps(t, f);
	if (g->length > 0)
		segment(t, f, seq, g->p + g->payload, g->length);
	/* Something else than SIP: not looked at any longer. */
	if (!f->sip && f->lost) {
		forget(t, f);
		return false;
	}
	bool fin =
	    (g->flags & FIN) != 0 && behind(seq + g->length, f->next) <= 0;
	if ((fin || (g->flags & RST) != 0) && !f->ended) {
		f->ended = true;
		skip_gaps(t, f);
		give_rest(t, f);
	}
	return f->sip;
}

void
gs_streams_end(struct gs_streams *t)
{
	for (size_t i = 0; i < GS_SIP_FLOWS; i++) {
		skip_gaps(t, &t->flow[i]);
		give_rest(t, &t->flow[i]);
	}
}
