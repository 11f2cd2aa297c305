/* SPDX-License-Identifier: MIT */
/* Fragments of IPv4 and IPv6 datagrams, reassembled in bounded memory. */
#include "net/frame_priv.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "net/capture.h"

enum { BUCKETS = 2048, DATAGRAM_MAX = 65535, NONE = -1 };

/* Datagrams that were complete, and the pieces of one that are remembered. */
enum { PAST = 64, PAST_PIECES = 8 };

/* A kept fragment: its packet, followed by the bytes of its frame. */
struct piece {
	struct piece *next;
	struct gs_net_packet packet; /* p is bytes */
	struct gs_net_fragment info;
	size_t layers; /* around and with its IP header */
	struct gs_net_layer layer[GS_FRAME_LAYERS];
	uint8_t bytes[];
};

/* The memory of a piece: malloc() adds a header and rounds up. Room for the
 * largest piece is kept free, so that no packet that was returned is lost. */
enum { SPARE = 32, ROOM = sizeof(struct piece) + GS_CAPTURE_PACKET + SPARE };

/* The pieces of one datagram, newest first. */
struct datagram {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint32_t id;
	uint32_t bucket;
	int chain; /* next in the bucket, or in the free list */
	int older; /* by arrival of the first piece */
	int younger;
	uint64_t since;
	uint32_t total; /* bytes of the datagram, 0: not yet known */
	uint32_t came; /* bytes of all pieces, also repeated ones */
	uint32_t count;
	struct piece *pieces;
	struct piece *first; /* at offset 0 */
	bool broken; /* two ends, or a piece after the end */
	bool fresh; /* a piece is none of a datagram that was complete */
	uint8_t protocol;
};

struct gs_net_fragments {
	struct gs_net_frame_counts counts;
	uint64_t past[PAST][PAST_PIECES]; /* hashes of pieces, a ring */
	size_t pasts;
	int oldest;
	int youngest;
	int free;
	size_t bytes; /* of all pieces, lost ones too */
	size_t waiting; /* of those in datagrams */
	struct piece *lost; /* given up, not yet fetched */
	struct piece **lost_end;
	struct piece *fetched;
	int bucket[BUCKETS];
	struct datagram datagram[GS_FRAGMENT_DATAGRAMS];
};

struct gs_net_fragments *
gs_net_fragments_new(void)
{
	struct gs_net_fragments *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->oldest = t->youngest = NONE;
	t->lost_end = &t->lost;
	for (size_t i = 0; i < BUCKETS; i++)
		t->bucket[i] = NONE;
	for (int i = 0; i < GS_FRAGMENT_DATAGRAMS; i++)
		t->datagram[i].chain = i + 1;
	t->datagram[GS_FRAGMENT_DATAGRAMS - 1].chain = NONE;
	return t;
}

static size_t
cost(const struct piece *p)
{
	return sizeof(*p) + p->packet.n + SPARE;
}

/* It may hold a key. */
static void
free_piece(struct gs_net_fragments *t, struct piece *p)
{
	if (p == NULL)
		return;
	t->bytes -= cost(p);
	explicit_bzero(p->bytes, p->packet.n);
	free(p);
}

static void
free_pieces(struct gs_net_fragments *t, struct piece *p)
{
	while (p != NULL) {
		struct piece *next = p->next;
		free_piece(t, p);
		p = next;
	}
}

/* ---- the table */

static uint32_t
bucket_of(const struct gs_net_fragment *i)
{
	return gs_net_addr_hash(&i->src, &i->dst,
		   i->id | (uint64_t)i->protocol << 32) %
	    BUCKETS;
}

static struct datagram *
find(struct gs_net_fragments *t, const struct gs_net_fragment *i,
    uint32_t bucket)
{
	for (int k = t->bucket[bucket]; k != NONE; k = t->datagram[k].chain) {
		struct datagram *d = &t->datagram[k];
		if (d->id == i->id && d->protocol == i->protocol &&
		    gs_net_addr_eq(&d->src, &i->src) &&
		    gs_net_addr_eq(&d->dst, &i->dst))
			return d;
	}
	return NULL;
}

static void
unlink_age(struct gs_net_fragments *t, const struct datagram *d)
{
	if (d->older != NONE)
		t->datagram[d->older].younger = d->younger;
	else
		t->oldest = d->younger;
	if (d->younger != NONE)
		t->datagram[d->younger].older = d->older;
	else
		t->youngest = d->older;
}

/* Removes d, whose pieces went elsewhere, from the table. */
static void
drop(struct gs_net_fragments *t, struct datagram *d)
{
	int self = (int)(d - t->datagram);
	int *link = &t->bucket[d->bucket];

	while (*link != self)
		link = &t->datagram[*link].chain;
	*link = d->chain;
	unlink_age(t, d);
	d->chain = t->free;
	t->free = self;
}

static void
forget(struct gs_net_fragments *t, struct datagram *d)
{
	for (const struct piece *p = d->pieces; p != NULL; p = p->next)
		t->waiting -= cost(p);
	free_pieces(t, d->pieces);
	drop(t, d);
}

/* Moves d's pieces to the lost ones, oldest first. They are forgotten if they
 * were all seen before in datagrams that were complete: on several interfaces,
 * the last piece comes once more. */
static void
give_up(struct gs_net_fragments *t, struct datagram *d)
{
	struct piece *turned = NULL;

	if (!d->fresh) {
		forget(t, d);
		return;
	}
	while (d->pieces != NULL) {
		struct piece *p = d->pieces;
		d->pieces = p->next;
		p->next = turned;
		turned = p;
		t->waiting -= cost(p);
	}
	*t->lost_end = turned;
	while (*t->lost_end != NULL)
		t->lost_end = &(*t->lost_end)->next;
	t->counts.incomplete++;
	drop(t, d);
}

static bool
drop_lost(struct gs_net_fragments *t)
{
	struct piece *p = t->lost;

	if (p == NULL)
		return false;
	t->lost = p->next;
	if (t->lost == NULL)
		t->lost_end = &t->lost;
	free_piece(t, p);
	return true;
}

static struct datagram *
create(struct gs_net_fragments *t, const struct gs_net_fragment *i,
    uint32_t bucket, uint64_t ns)
{
	if (t->free == NONE)
		give_up(t, &t->datagram[t->oldest]);
	int self = t->free;
	struct datagram *d = &t->datagram[self];
	t->free = d->chain;
	*d = (struct datagram){
		.src = i->src,
		.dst = i->dst,
		.id = i->id,
		.protocol = i->protocol,
		.bucket = bucket,
		.chain = t->bucket[bucket],
		.older = t->youngest,
		.younger = NONE,
		.since = ns,
	};
	t->bucket[bucket] = self;
	if (t->youngest != NONE)
		t->datagram[t->youngest].younger = self;
	else
		t->oldest = self;
	t->youngest = self;
	return d;
}

bool
gs_net_fragments_wait(const struct gs_net_fragments *t)
{
	return t->oldest != NONE;
}

void
gs_net_fragments_expire(struct gs_net_fragments *t, uint64_t ns)
{
	const uint64_t age = UINT64_C(1000000000) * GS_FRAGMENT_SECONDS;

	while (t->oldest != NONE) {
		struct datagram *d = &t->datagram[t->oldest];
		/* Time may go backwards between files. */
		if (ns < d->since || ns - d->since <= age)
			return;
		give_up(t, d);
	}
}

static void
give_up_all(struct gs_net_fragments *t)
{
	while (t->oldest != NONE)
		give_up(t, &t->datagram[t->oldest]);
}

void
gs_net_fragments_free(struct gs_net_fragments *t)
{
	if (t == NULL)
		return;
	give_up_all(t);
	free_pieces(t, t->lost);
	free_piece(t, t->fetched);
	free(t);
}

void
gs_net_frames_end(struct gs_net_frames *frames)
{
	give_up_all(frames->fragments);
}

bool
gs_net_frames_lost(struct gs_net_frames *frames, struct gs_net_packet *p)
{
	struct gs_net_fragments *t = frames->fragments;

	free_piece(t, t->fetched);
	t->fetched = t->lost;
	if (t->lost == NULL)
		return false;
	t->lost = t->lost->next;
	if (t->lost == NULL)
		t->lost_end = &t->lost;
	*p = t->fetched->packet;
	return true;
}

void
gs_net_frames_lost_place(const struct gs_net_frames *frames,
    struct gs_net_frame *f)
{
	const struct piece *p = frames->fragments->fetched;

	*f = (struct gs_net_frame){ .kind = GS_FRAME_PIECE,
		.protocol = p->info.protocol,
		.p = p->packet.p,
		.n = p->packet.n,
		.payload = p->info.payload,
		.length = p->info.length,
		.wire = p->info.length,
		.seq = p->info.offset };
}

struct gs_net_frame_counts
gs_net_frames_counts(const struct gs_net_frames *frames)
{
	struct gs_net_frame_counts c = frames->fragments->counts;

	c.unread = frames->unread.unread;
	memcpy(c.kind, frames->unread.kind, sizeof(c.kind));
	return c;
}

/* ---- pieces */

/* A hash of a piece and of the datagram to which it belongs. */
static uint64_t
piece_hash(const struct piece *p)
{
	const struct gs_net_fragment *i = &p->info;
	uint64_t h = gs_net_addr_hash(&i->src, &i->dst,
	    i->id | (uint64_t)i->protocol << 32);

	h = gs_hash_add(h, i->offset | (uint64_t)i->more << 32);
	return gs_hash_add(h,
	    gs_span_hash(gs_span(p->bytes + i->payload, i->length)));
}

static bool
is_past(const struct gs_net_fragments *t, const struct piece *p)
{
	uint64_t h = piece_hash(p);

	for (size_t i = 0; i < PAST; i++)
		for (size_t k = 0; k < PAST_PIECES; k++)
			if (t->past[i][k] == h)
				return true;
	return false;
}

static void
remember(struct gs_net_fragments *t, const struct datagram *d)
{
	uint64_t *past = t->past[t->pasts++ % PAST];
	const struct piece *p = d->pieces;

	for (size_t k = 0; k < PAST_PIECES; k++) {
		past[k] = p != NULL ? piece_hash(p) : 0;
		p = p != NULL ? p->next : NULL;
	}
}

static bool
overlaps(const struct datagram *d, const struct gs_net_fragment *i)
{
	for (const struct piece *p = d->pieces; p != NULL; p = p->next)
		if (p->info.offset < i->offset + i->length &&
		    i->offset < p->info.offset + p->info.length)
			return true;
	return false;
}

static bool
repeats(const struct datagram *d, const struct gs_net_fragment *i)
{
	for (const struct piece *p = d->pieces; p != NULL; p = p->next)
		if (p->info.offset == i->offset &&
		    p->info.length == i->length && p->info.more == i->more)
			return true;
	return false;
}

static struct piece *
copy_piece(struct gs_net_fragments *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f, const struct gs_net_fragment *info)
{
	struct piece *c = malloc(sizeof(*c) + f->n);

	if (c == NULL)
		return NULL;
	c->packet = *p;
	c->packet.p = c->bytes;
	c->packet.n = f->n;
	c->packet.wire = f->reassembled ? f->n : p->wire;
	c->info = *info;
	c->layers = f->layers;
	memcpy(c->layer, f->layer, f->layers * sizeof(*f->layer));
	memcpy(c->bytes, f->p, f->n);
	t->bytes += cost(c);
	t->waiting += cost(c);
	return c;
}

/* Changes the headers to those of an unfragmented datagram. Returns the
 * frame's length. */
static size_t
build(const struct datagram *d, uint8_t *out)
{
	const struct gs_net_fragment *i = &d->first->info;
	size_t n = i->head + (size_t)d->total;

	for (const struct piece *p = d->pieces; p != NULL; p = p->next)
		memcpy(out + i->head + p->info.offset,
		    p->bytes + p->info.payload, p->info.length);
	memcpy(out, d->first->bytes, i->head);
	if (i->src.version == 4)
		gs_put_be16(out + i->ip + 6, gs_be16(out + i->ip + 6) & 0x4000);
	else
		out[i->next] = i->protocol;
	gs_net_layers_fix(d->first->layer, d->first->layers, out, n);
	return n;
}

static bool
plausible(const struct gs_net_fragment *i)
{
	return i->length > 0 && i->offset + i->length <= DATAGRAM_MAX &&
	    (!i->more || i->length % 8 == 0) && i->head <= GS_FRAME_HEADERS;
}

/* Whether the end is known and every byte before it came. */
static bool
complete(const struct datagram *d)
{
	uint32_t at = 0, end = 0;

	if (d->broken || d->total == 0 || d->came < d->total)
		return false;
	do {
		at = end;
		for (const struct piece *p = d->pieces; p != NULL; p = p->next)
			if (p->info.offset <= at &&
			    p->info.offset + p->info.length > end)
				end = p->info.offset + p->info.length;
	} while (end > at && end < d->total);
	return end == d->total;
}

/* Bounds the memory: drops the first lost piece that was not fetched, then
 * gives up the oldest datagram. */
static void
make_room(struct gs_net_fragments *t, size_t need)
{
	free_piece(t, t->fetched);
	t->fetched = NULL;
	while (t->bytes + need > GS_FRAGMENT_BYTES && drop_lost(t))
		continue;
}

static void
bound_waiting(struct gs_net_fragments *t)
{
	while (t->waiting > GS_FRAGMENT_BYTES - ROOM)
		give_up(t, &t->datagram[t->oldest]);
}

/* Puts a piece where it belongs. */
static void
join(struct gs_net_fragments *t, struct datagram *d, struct piece *piece)
{
	const struct gs_net_fragment *i = &piece->info;
	uint32_t end = i->offset + i->length;

	t->counts.overlaps += overlaps(d, i);
	piece->next = d->pieces;
	d->pieces = piece;
	d->count++;
	d->fresh = d->fresh || !is_past(t, piece);
	d->came += i->length;
	if (!i->more && d->total == 0)
		d->total = end;
	else if (!i->more && d->total != end)
		d->broken = true;
	if (i->offset == 0 && d->first == NULL)
		d->first = piece;
	for (const struct piece *p = d->pieces; p != NULL; p = p->next)
		if (d->total > 0 && p->info.offset + p->info.length > d->total)
			d->broken = true;
}

enum gs_net_fragment_result
gs_net_fragments_add(struct gs_net_fragments *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f, const struct gs_net_fragment *info,
    uint8_t *out, size_t *n)
{
	uint32_t bucket = bucket_of(info);

	if (!plausible(info))
		return GS_FRAGMENT_BAD;
	t->counts.fragments++;
	make_room(t, sizeof(struct piece) + f->n + SPARE);
	struct datagram *d = find(t, info, bucket);
	if (d != NULL && repeats(d, info))
		return GS_FRAGMENT_KEPT;
	if (d != NULL && d->count == GS_FRAGMENT_PIECES) {
		give_up(t, d);
		d = NULL;
	}
	struct piece *piece = copy_piece(t, p, f, info);
	if (piece == NULL)
		return GS_FRAGMENT_BAD;
	if (d == NULL)
		d = create(t, info, bucket, p->ns);
	join(t, d, piece);
	if (!complete(d)) {
		bound_waiting(t);
		return GS_FRAGMENT_KEPT;
	}
	*n = build(d, out);
	remember(t, d);
	forget(t, d);
	t->counts.reassembled++;
	return GS_FRAGMENT_LAST;
}
