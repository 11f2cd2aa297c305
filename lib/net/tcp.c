/* SPDX-License-Identifier: MIT */
/* TCP: turns segments in any order into bytes in order, in bounded memory. */
#include "net/tcp_priv.h"

#include <stdlib.h>

#include "base/bytes.h"

enum { BUCKETS = 4096, LEAST_ROOM = 256 };

/* A segment after a gap. */
struct gs_net_segment {
	struct gs_net_segment *next; /* by seq */
	uint32_t seq;
	uint32_t n;
	uint8_t bytes[];
};

/* malloc() adds a header and rounds up. */
enum { SEGMENT_COST = sizeof(struct gs_net_segment) + 32 };

/* Flows by age, with those to keep in a list of their own. */
struct ages {
	struct gs_net_flow *oldest;
	struct gs_net_flow *youngest;
};

struct gs_net_tcp {
	struct gs_net_tcp_reader r;
	uint64_t seed; /* of the table */
	struct gs_net_flow *bucket[BUCKETS];
	struct ages ages[2];
	size_t open;
	size_t bytes;
	bool closing; /* no other flow may be closed meanwhile */
};

struct gs_net_tcp *
gs_net_tcp_new(const struct gs_net_tcp_reader *r)
{
	struct gs_net_tcp *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->r = *r;
	t->seed = gs_net_addr_seed();
	return t;
}

/* ---- the table */

static struct gs_net_flow **
bucket_of(const struct gs_net_tcp *t, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	uint64_t h = gs_net_addr_hash(src, dst, t->seed);

	return (struct gs_net_flow **)&t->bucket[h % BUCKETS];
}

struct gs_net_flow *
gs_net_tcp_chain(const struct gs_net_tcp *t, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	return *bucket_of(t, src, dst);
}

struct gs_net_flow *
gs_net_tcp_find(const struct gs_net_tcp *t, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	struct gs_net_flow *f = *bucket_of(t, src, dst);

	while (f != NULL &&
	    (!f->open || !gs_net_addr_eq(&f->src, src) ||
		!gs_net_addr_eq(&f->dst, dst)))
		f = f->chain;
	return f;
}

static void
link_age(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	struct ages *a = &t->ages[f->favoured];

	f->older = a->youngest;
	f->younger = NULL;
	if (a->youngest != NULL)
		a->youngest->younger = f;
	else
		a->oldest = f;
	a->youngest = f;
}

static void
unlink_age(struct gs_net_tcp *t, const struct gs_net_flow *f)
{
	for (unsigned i = 0; i < 2; i++) {
		if (t->ages[i].oldest == f)
			t->ages[i].oldest = f->younger;
		if (t->ages[i].youngest == f)
			t->ages[i].youngest = f->older;
	}
	if (f->older != NULL)
		f->older->younger = f->younger;
	if (f->younger != NULL)
		f->younger->older = f->older;
}

void
gs_net_tcp_touch(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	if (t->ages[f->favoured].youngest == f)
		return;
	unlink_age(t, f);
	link_age(t, f);
}

bool
gs_net_tcp_before(const struct gs_net_flow *f, uint32_t seq)
{
	int32_t behind = gs_net_tcp_behind(seq, f->began);

	return behind < 0 && behind >= -GS_TCP_FAR;
}

bool
gs_net_tcp_restarts(const struct gs_net_flow *f, uint32_t seq)
{
	int32_t gone = gs_net_tcp_behind(f->next, seq + 1);

	return f->ended || gone < 0 || gone > GS_TCP_FAR ||
	    gs_net_tcp_before(f, seq + 1);
}

/* ---- what a flow keeps */

static void
free_buffer(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	if (f->buf != NULL)
		explicit_bzero(f->buf, f->room);
	free(f->buf);
	t->bytes -= f->room;
	f->buf = f->p = NULL;
	f->n = f->room = 0;
}

static void
free_segment(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	struct gs_net_segment *s = f->pending;

	f->pending = s->next;
	if (f->pending == NULL)
		f->last = NULL;
	f->pendings--;
	t->bytes -= SEGMENT_COST + s->n;
	explicit_bzero(s->bytes, s->n);
	free(s);
}

/* Moves the contents of the buffer to one of this size. */
static int
resize(struct gs_net_tcp *t, struct gs_net_flow *f, size_t room)
{
	uint8_t *buf = malloc(room);
	size_t n = f->n;

	if (buf == NULL)
		return -1;
	if (n > 0)
		memcpy(buf, f->p, n);
	free_buffer(t, f);
	f->buf = f->p = buf;
	f->room = room;
	f->n = n;
	t->bytes += room;
	return 0;
}

void
gs_net_tcp_consume(struct gs_net_tcp *t, struct gs_net_flow *f, size_t n)
{
	if (n >= f->n) {
		free_buffer(t, f);
		return;
	}
	f->p += n;
	f->n -= n;
	if (f->room >= GS_TCP_LARGE && f->n <= GS_TCP_SMALL)
		(void)resize(t, f, GS_TCP_SMALL);
}

/* ---- the end of a flow */

/* Removes f, which is no longer open, from the table. */
static void
drop(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	struct gs_net_flow **link = bucket_of(t, &f->src, &f->dst);

	while (*link != f)
		link = &(*link)->chain;
	*link = f->chain;
	free(f);
}

static void
forget(struct gs_net_tcp *t, struct gs_net_flow *f, bool forced)
{
	while (f->pending != NULL)
		free_segment(t, f);
	free_buffer(t, f);
	if (f->open) {
		unlink_age(t, f);
		t->open--;
	}
	f->open = false;
	if (t->r.close == NULL || !t->r.close(t->r.arg, f, forced))
		drop(t, f);
}

void
gs_net_tcp_forget(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	forget(t, f, false);
}

void
gs_net_tcp_free(struct gs_net_tcp *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (t->bucket[i] != NULL)
			forget(t, t->bucket[i], true);
	free(t);
}

static int
read_rest(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	return gs_net_tcp_skip_gaps(t, f) == -1 ? -1 : t->r.rest(t->r.arg, f);
}

int
gs_net_tcp_close(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	bool closing = t->closing;
	int r;

	t->closing = true;
	r = read_rest(t, f);
	t->closing = closing;
	forget(t, f, false);
	return r;
}

int
gs_net_tcp_end(struct gs_net_tcp *t)
{
	int r = 0;

	/* Both directions are read before the first one is closed. */
	t->closing = true;
	for (unsigned i = 0; i < 2; i++)
		for (struct gs_net_flow *f = t->ages[i].oldest;
		     r == 0 && f != NULL; f = f->younger)
			r = read_rest(t, f);
	for (unsigned i = 0; i < 2; i++)
		while (r == 0 && t->ages[i].oldest != NULL)
			r = gs_net_tcp_close(t, t->ages[i].oldest);
	t->closing = false;
	return r;
}

/* The flow that was quiet for the longest, other than self: one that keeps
 * bytes, or any. */
static struct gs_net_flow *
quietest(const struct gs_net_tcp *t, const struct gs_net_flow *self, bool keeps)
{
	for (unsigned i = 0; i < 2; i++)
		for (struct gs_net_flow *f = t->ages[i].oldest; f != NULL;
		     f = f->younger)
			if (f != self &&
			    (!keeps || f->room > 0 || f->pending != NULL))
				return f;
	return NULL;
}

/* Room for n more bytes. */
static int
make_room(struct gs_net_tcp *t, const struct gs_net_flow *self, size_t n)
{
	int r = 0;

	while (r == 0 && !t->closing && t->bytes + n > t->r.bytes) {
		struct gs_net_flow *f = quietest(t, self, true);

		if (f == NULL)
			break;
		r = gs_net_tcp_close(t, f);
	}
	return r;
}

struct gs_net_flow *
gs_net_tcp_open(struct gs_net_tcp *t, const struct gs_net_frame *g,
    uint32_t next)
{
	struct gs_net_flow **bucket = bucket_of(t, &g->src, &g->dst);

	if (t->open == t->r.flows &&
	    gs_net_tcp_close(t, quietest(t, NULL, false)) == -1)
		return NULL;
	struct gs_net_flow *f = calloc(1, t->r.size);
	if (f == NULL)
		return NULL;
	f->src = g->src;
	f->dst = g->dst;
	f->began = f->next = next;
	f->open = true;
	f->chain = *bucket;
	*bucket = f;
	link_age(t, f);
	t->open++;
	return f;
}

/* ---- segments */

/* Takes the next bytes of the stream. */
static int
take(struct gs_net_tcp *t, struct gs_net_flow *f, const uint8_t *b, size_t n)
{
	size_t room = f->room < LEAST_ROOM ? LEAST_ROOM : f->room;

	if (f->buf == NULL || f->n + n > f->room) {
		while (room < f->n + n)
			room *= 2;
		if (make_room(t, f, room) == -1 || resize(t, f, room) == -1)
			return -1;
	} else if (n > f->room - f->n - (size_t)(f->p - f->buf)) {
		memmove(f->buf, f->p, f->n);
		f->p = f->buf;
	}
	memcpy(f->p + f->n, b, n);
	f->n += n;
	f->next += (uint32_t)n;
	return t->r.more(t->r.arg, f);
}

/* Keeps a segment that arrived too early. False: there is no room. */
static bool
keep(struct gs_net_tcp *t, struct gs_net_flow *f, uint64_t ns, uint32_t seq,
    struct gs_span bytes)
{
	struct gs_net_segment **at = &f->pending;
	uint32_t n = (uint32_t)bytes.n;

	if (f->last != NULL && gs_net_tcp_behind(f->last->seq, seq) < 0)
		at = &f->last->next;
	while (*at != NULL && gs_net_tcp_behind((*at)->seq, seq) < 0)
		at = &(*at)->next;
	if (*at != NULL && (*at)->seq == seq && (*at)->n >= n)
		return true;
	if (f->pendings == t->r.pending)
		return false;
	struct gs_net_segment *s = malloc(sizeof(*s) + n);
	if (s == NULL)
		return false;
	s->seq = seq;
	s->n = n;
	memcpy(s->bytes, bytes.p, n);
	if (f->pending == NULL)
		f->since = ns;
	s->next = *at;
	*at = s;
	if (s->next == NULL)
		f->last = s;
	f->pendings++;
	t->bytes += SEGMENT_COST + n;
	return make_room(t, f, 0) == 0;
}

/* Takes the new part of a segment, which begins at or before f->next. */
static int
take_new(struct gs_net_tcp *t, struct gs_net_flow *f, uint32_t seq,
    const uint8_t *b, uint32_t n)
{
	uint32_t old = f->next - seq;

	return old < n ? take(t, f, b + old, n - old) : 0;
}

/* Takes the segments that now follow. */
static int
take_pending(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	int r = 0;

	while (r == 0 && f->pending != NULL &&
	    gs_net_tcp_behind(f->pending->seq, f->next) <= 0) {
		const struct gs_net_segment *s = f->pending;

		r = take_new(t, f, s->seq, s->bytes, s->n);
		free_segment(t, f);
	}
	return r;
}

/* The bytes before next never came. */
static int
skip_to(struct gs_net_tcp *t, struct gs_net_flow *f, uint32_t next, bool full)
{
	if (t->r.gap(t->r.arg, f, next, full) == -1)
		return -1;
	free_buffer(t, f);
	if (gs_net_tcp_behind(next, f->next) < 0)
		f->began = next;
	f->next = next;
	return take_pending(t, f);
}

int
gs_net_tcp_skip_gaps(struct gs_net_tcp *t, struct gs_net_flow *f)
{
	int r = 0;

	while (r == 0 && f->pending != NULL)
		r = skip_to(t, f, f->pending->seq, false);
	return r;
}

int
gs_net_tcp_expire(struct gs_net_tcp *t, struct gs_net_flow *f, uint64_t ns)
{
	const uint64_t wait = UINT64_C(1000000000) * GS_TCP_GAP_SECONDS;

	if (f->pending == NULL || ns <= f->since || ns - f->since <= wait)
		return 0;
	return gs_net_tcp_skip_gaps(t, f);
}

int
gs_net_tcp_segment(struct gs_net_tcp *t, struct gs_net_flow *f, uint64_t ns,
    uint32_t seq, struct gs_span bytes)
{
	int32_t ahead = gs_net_tcp_behind(seq, f->next);

	while (ahead > 0 && ahead <= GS_TCP_FAR) {
		if (keep(t, f, ns, seq, bytes))
			return 0;
		if (f->pending == NULL ||
		    skip_to(t, f, f->pending->seq, true) == -1)
			return -1;
		ahead = gs_net_tcp_behind(seq, f->next);
	}
	if ((ahead > 0 || ahead < -GS_TCP_FAR) &&
	    (gs_net_tcp_skip_gaps(t, f) == -1 ||
		skip_to(t, f, seq, false) == -1))
		return -1;
	if (take_new(t, f, seq, (const uint8_t *)bytes.p, (uint32_t)bytes.n) ==
	    -1)
		return -1;
	return take_pending(t, f);
}
