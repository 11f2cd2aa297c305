/* SPDX-License-Identifier: MIT */
/* DTLS 1.0, 1.2 and 1.3 between two addresses: records and fragments of
 * handshakes, in any order and more than once. */
#include "tls/dtls.h"

#include <stdlib.h>

#include "base/bytes.h"

enum {
	RECORD = 13, /* octets of a record's header */
	HEADER = 12, /* of a fragment's */
	CHANGE_CIPHER = 20, /* types of records */
	HANDSHAKE = 22,
	TYPES_END = 26,
	RANDOM_AT = HEADER + 2, /* of a ClientHello */
};

/* A message that is incomplete, or out of order: its header, as if it had come
 * in one piece, the message, and a bit for each octet received. */
struct part {
	struct gs_buf bytes; /* empty: not in use */
	uint16_t seq;
	uint32_t n; /* octets of the message */
	uint32_t have;
};

struct side {
	struct part part[GS_TLS_DTLS_PARTS];
	uint16_t next; /* the number of the next message */
	uint16_t epoch; /* of cipher */
	struct gs_tls_cipher *cipher; /* NULL: nothing is encrypted yet */
};

/* A handshake, and what became of it. */
struct shake {
	struct gs_tls_handshake h;
	unsigned client;
	struct gs_tls_dtls_place place;
	bool changed; /* a side uses its keys */
	bool done; /* it was given */
};

struct gs_tls_dtls {
	const struct gs_tls_holder *holder;
	void (*agreed)(void *arg, const struct gs_tls_dtls_srtp *srtp);
	void *arg;
	struct side side[2];
	struct shake now;
	struct shake waiting[GS_TLS_DTLS_WAITING]; /* the oldest first */
	size_t n;
	struct gs_buf shut; /* struct shut, each followed by its record's body:
			     * encrypted handshakes within now, while now
			     * waits */
	bool no_memory;
};

/* Where a message comes from. */
struct from {
	unsigned side;
	const struct gs_tls_dtls_place *place;
};

/* A record that cannot be opened yet; its body follows. */
struct shut {
	struct gs_tls_record r;
	struct gs_tls_dtls_place place;
	unsigned side;
};

static void
side_free(struct side *s)
{
	for (int i = 0; i < GS_TLS_DTLS_PARTS; i++)
		gs_buf_free(&s->part[i].bytes);
	gs_tls_cipher_free(s->cipher);
	*s = (struct side){ 0 };
}

struct gs_tls_dtls *
gs_tls_dtls_new(const struct gs_tls_holder *holder,
    void (*agreed)(void *arg, const struct gs_tls_dtls_srtp *srtp), void *arg)
{
	struct gs_tls_dtls *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->holder = holder;
	d->agreed = agreed;
	d->arg = arg;
	gs_tls_handshake_init(&d->now.h, holder, true);
	gs_buf_init(&d->shut, GS_TLS_DTLS_SHUT);
	return d;
}

void
gs_tls_dtls_free(struct gs_tls_dtls *d)
{
	if (d == NULL)
		return;
	side_free(&d->side[0]);
	side_free(&d->side[1]);
	gs_tls_handshake_free(&d->now.h);
	gs_buf_free(&d->shut);
	for (size_t i = 0; i < d->n; i++)
		gs_tls_handshake_free(&d->waiting[i].h);
	/* Wipes the copies that moving the others left. */
	explicit_bzero(d, sizeof(*d));
	free(d);
}

/* ---- handshakes */

static bool
offers_srtp(const struct gs_tls_handshake *h)
{
	return h->server_hello && h->profiles > 0 &&
	    (h->chosen || gs_tls_handshake_is_13(h));
}

/* Whether the secret of s is known. Only when a side uses its keys is it clear
 * whether a session is resumed; until then, the key log alone counts. */
static bool
is_known(struct shake *s)
{
	struct gs_tls_handshake *h = &s->h;

	if (gs_tls_handshake_is_13(h))
		return h->suite != NULL &&
		    gs_tls_handshake_secret(h, GS_TLS_EXPORTER) != NULL;
	return (h->full || s->changed ||
		   gs_tls_handshake_secret(h, GS_TLS_MASTER_SECRET) != NULL) &&
	    gs_tls_handshake_master(h);
}

/* Passes s on if its secret is known, and then keeps only what identifies
 * it. */
static void
give(struct gs_tls_dtls *d, struct shake *s)
{
	struct gs_tls_dtls_srtp srtp = { &s->h, s->client, s->place };

	if (s->done || !s->h.server_hello || !is_known(s))
		return;
	s->done = true;
	if (offers_srtp(&s->h))
		d->agreed(d->arg, &srtp);
	gs_buf_free(&s->h.hello);
	gs_buf_free(&s->h.flight[0]);
	gs_buf_free(&s->h.flight[1]);
	gs_buf_free(&s->h.encrypted);
}

/* Ends the handshake so far, so that another one can begin. */
static void
put_aside(struct gs_tls_dtls *d)
{
	if (d->now.done || !offers_srtp(&d->now.h)) {
		gs_tls_handshake_free(&d->now.h);
		return;
	}
	if (d->n == GS_TLS_DTLS_WAITING) {
		gs_tls_handshake_free(&d->waiting[0].h);
		memmove(d->waiting, d->waiting + 1,
		    --d->n * sizeof(d->waiting[0]));
	}
	d->waiting[d->n++] = d->now;
}

/* ---- messages */

static uint16_t
seq_of(struct gs_span message)
{
	return gs_be16((const uint8_t *)message.p + 4);
}

static void
pass_on(struct gs_tls_dtls *d, unsigned side, struct gs_span m)
{
	if (gs_tls_handshake_message(&d->now.h, side != d->now.client, m) == -1)
		d->no_memory = true;
	if (seq_of(m) >= d->side[side].next)
		d->side[side].next = (uint16_t)(seq_of(m) + 1);
}

/* Whether m is a ClientHello of the handshake so far: one that was sent again,
 * or the one with the cookie, whose number is higher. */
static bool
is_random(const struct gs_tls_dtls *d, unsigned side, struct gs_span m)
{
	const struct gs_tls_handshake *h = &d->now.h;

	return h->client_hello && d->now.client == side &&
	    memcmp(h->random[0], m.p + RANDOM_AT, GS_TLS_RANDOM) == 0;
}

/* Prepares a side for the messages of a new handshake, whose first is m. all:
 * the new handshake is unencrypted. */
static void
begin_side(struct side *s, struct gs_span m, bool all)
{
	for (int i = 0; i < GS_TLS_DTLS_PARTS; i++)
		if ((const char *)s->part[i].bytes.p != m.p)
			gs_buf_free(&s->part[i].bytes);
	s->next = 0;
	if (!all)
		return;
	gs_tls_cipher_free(s->cipher);
	s->cipher = NULL;
	s->epoch = 0;
}

/* A ClientHello begins a handshake, or repeats it with a cookie or after
 * HelloRetryRequest. */
static void
take_client_hello(struct gs_tls_dtls *d, const struct from *f, struct gs_span m,
    unsigned epoch)
{
	if (m.n < RANDOM_AT + GS_TLS_RANDOM)
		return;
	bool same = is_random(d, f->side, m);

	if (epoch == 0 && !same)
		gs_buf_free(&d->shut);
	if (same &&
	    (d->now.h.server_hello || seq_of(m) < d->side[f->side].next))
		return;
	if (!same) {
		put_aside(d);
		d->now =
		    (struct shake){ .client = f->side, .place = *f->place };
		gs_tls_handshake_init(&d->now.h, d->holder, true);
		begin_side(&d->side[0], m, epoch == 0);
		begin_side(&d->side[1], m, epoch == 0);
	}
	pass_on(d, f->side, m);
}

static bool
is_whole(const struct part *p)
{
	return p->bytes.n > 0 && p->have == p->n;
}

static struct gs_span
message_of(const struct part *p)
{
	return gs_span(p->bytes.p, HEADER + (size_t)p->n);
}

/* Passes on complete messages: hellos at once, because messages before them may
 * be lost; all others in order, because a hash may cover them. */
static void
take_whole(struct gs_tls_dtls *d, const struct from *f, struct part *p,
    unsigned epoch)
{
	struct side *s = &d->side[f->side];
	uint8_t type = p->bytes.p[0];

	if (type == GS_TLS_CLIENT_HELLO)
		take_client_hello(d, f, message_of(p), epoch);
	else if (type == GS_TLS_SERVER_HELLO)
		pass_on(d, f->side, message_of(p));
	else
		return;
	gs_buf_free(&p->bytes);
	for (int i = 0; i < GS_TLS_DTLS_PARTS; i++)
		if (s->part[i].bytes.n > 0 && s->part[i].seq < s->next)
			gs_buf_free(&s->part[i].bytes);
}

static void
take_turns(struct gs_tls_dtls *d, const struct from *f)
{
	struct side *s = &d->side[f->side];

	for (int i = 0; i < GS_TLS_DTLS_PARTS; i++) {
		struct part *p = &s->part[i];

		if (!is_whole(p) || p->seq != s->next)
			continue;
		pass_on(d, f->side, message_of(p));
		gs_buf_free(&p->bytes);
		i = -1;
	}
}

/* ---- fragments */

struct fragment {
	uint8_t type;
	uint16_t seq;
	uint32_t n; /* of the message */
	uint32_t at;
	struct gs_span bytes;
};

static uint32_t
be24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

/* Takes the first fragment off s. */
static bool
take_fragment(struct gs_span *s, struct fragment *f)
{
	const uint8_t *p = (const uint8_t *)s->p;

	if (s->n < HEADER)
		return false;
	size_t n = be24(p + 9);
	*f = (struct fragment){ p[0], gs_be16(p + 4), be24(p + 1), be24(p + 6),
		gs_span(p + HEADER, n) };
	if (n > s->n - HEADER || f->at > f->n || n > f->n - f->at)
		return false;
	*s = gs_span(p + HEADER + n, s->n - HEADER - n);
	return true;
}

/* Makes p the message to which f belongs. False: no memory. */
static bool
begin_part(struct part *p, const struct fragment *f)
{
	size_t n = HEADER + (size_t)f->n + f->n / 8 + 1;
	uint8_t *to;

	gs_buf_free(&p->bytes);
	gs_buf_init(&p->bytes, n);
	to = gs_buf_space(&p->bytes, n);
	if (to == NULL)
		return false;
	memset(to, 0, n);
	p->bytes.n = n;
	p->seq = f->seq;
	p->n = f->n;
	p->have = 0;
	to[0] = f->type;
	gs_put_be32(to + 1, f->n << 8);
	gs_put_be16(to + 4, f->seq);
	gs_put_be32(to + 8, f->n);
	return true;
}

/* The message to which f belongs, which is created if it is new. */
static struct part *
find_part(struct gs_tls_dtls *d, struct side *s, const struct fragment *f)
{
	struct part *room = &s->part[f->seq % GS_TLS_DTLS_PARTS];

	for (int i = 0; i < GS_TLS_DTLS_PARTS; i++) {
		struct part *p = &s->part[i];

		if (p->bytes.n == 0)
			room = p;
		else if (p->seq == f->seq && p->n == f->n &&
		    p->bytes.p[0] == f->type)
			return p;
	}
	if (begin_part(room, f))
		return room;
	d->no_memory = true;
	return NULL;
}

static void
fill(struct part *p, const struct fragment *f)
{
	uint8_t *bytes = p->bytes.p + HEADER, *bits = bytes + p->n;
	const uint8_t *from = (const uint8_t *)f->bytes.p;

	for (uint32_t i = f->at; i < f->at + f->bytes.n; i++) {
		uint8_t bit = (uint8_t)(1u << i % 8);

		if (bits[i / 8] & bit)
			continue;
		bits[i / 8] |= bit;
		bytes[i] = from[i - f->at];
		p->have++;
	}
}

/* The content of a handshake record. */
static void
take_fragments(struct gs_tls_dtls *d, const struct from *from, struct gs_span s,
    unsigned epoch)
{
	struct side *side = &d->side[from->side];
	struct fragment f;

	while (!d->no_memory && take_fragment(&s, &f)) {
		struct part *p;

		/* A message that was sent again; a hello may begin another
		 * handshake. */
		if (f.n > GS_TLS_DTLS_MESSAGE ||
		    (f.type != GS_TLS_CLIENT_HELLO && f.seq < side->next))
			continue;
		p = find_part(d, side, &f);
		if (p == NULL)
			return;
		fill(p, &f);
		if (is_whole(p))
			take_whole(d, from, p, epoch);
		take_turns(d, from);
	}
}

/* ---- records */

/* Takes the first record off s. */
static bool
take_record(struct gs_span *s, struct gs_tls_record *r)
{
	const uint8_t *p = (const uint8_t *)s->p;

	if (!gs_tls_dtls_is(*s))
		return false;
	*r = (struct gs_tls_record){
		.type = p[0],
		.version = gs_be16(p + 1),
		.seq = (uint64_t)gs_be32(p + 3) << 32 | gs_be32(p + 7),
		.body = gs_span(p + RECORD, gs_be16(p + 11)),
	};
	if (r->body.n > s->n - RECORD)
		return false;
	*s = gs_span(p + RECORD + r->body.n, s->n - RECORD - r->body.n);
	return true;
}

/* Opens a record of the side's current epoch or of the next one: *n octets of
 * *type. */
static bool
open_record(struct gs_tls_dtls *d, unsigned side, const struct gs_tls_record *r,
    uint8_t *plain, size_t *n, uint8_t *type)
{
	struct side *s = &d->side[side];
	uint16_t epoch = (uint16_t)(r->seq >> 48);
	struct gs_tls_cipher *c = s->cipher;

	if (epoch == s->epoch + 1)
		c = gs_tls_handshake_cipher(&d->now.h, side != d->now.client);
	else if (epoch != s->epoch)
		return false;
	if (c == NULL)
		return false;
	bool ok = r->body.n <= GS_TLS_RECORD &&
	    gs_tls_cipher_open(c, r, plain, n, type) == 0;
	if (c == s->cipher)
		return ok;
	gs_tls_cipher_free(ok ? s->cipher : c);
	if (ok) {
		s->cipher = c;
		s->epoch = epoch;
	}
	return ok;
}

/* Keeps a record until the handshake around it is known. */
static void
keep_shut(struct gs_tls_dtls *d, const struct from *f,
    const struct gs_tls_record *r)
{
	struct shut s = { *r, *f->place, f->side };

	if (d->shut.max - d->shut.n < sizeof(s) + r->body.n)
		return;
	gs_buf_put(&d->shut, &s, sizeof(s));
	gs_buf_put(&d->shut, r->body.p, r->body.n);
	d->no_memory |= !gs_buf_ok(&d->shut);
}

/* A handshake message in an encrypted epoch: Finished, or the begin of another
 * handshake. */
static void
take_protected(struct gs_tls_dtls *d, const struct from *f,
    const struct gs_tls_record *r)
{
	uint8_t plain[GS_TLS_RECORD], type;
	unsigned epoch = (unsigned)(r->seq >> 48);
	size_t n;

	if (!open_record(d, f->side, r, plain, &n, &type)) {
		if (!d->now.done && d->now.h.server_hello)
			keep_shut(d, f, r);
	} else if (type == HANDSHAKE) {
		take_fragments(d, f, gs_span(plain, n), epoch);
	}
	explicit_bzero(plain, sizeof(plain));
}

static void
take_one(struct gs_tls_dtls *d, const struct from *f,
    const struct gs_tls_record *r)
{
	bool clear = r->seq >> 48 == 0;

	d->now.changed |=
	    d->now.h.server_hello && (r->type == CHANGE_CIPHER || !clear);
	if (r->type == HANDSHAKE && clear)
		take_fragments(d, f, r->body, 0);
	else if (r->type == HANDSHAKE && !gs_tls_handshake_is_13(&d->now.h))
		take_protected(d, f, r);
}

/* Passes the handshake on if its secret is known, and opens the records that
 * waited for it. */
static void
take_known(struct gs_tls_dtls *d)
{
	give(d, &d->now);
	while (d->now.done && d->shut.n > 0) {
		struct gs_buf all = d->shut;

		gs_buf_init(&d->shut, GS_TLS_DTLS_SHUT);
		for (size_t at = 0; at < all.n;) {
			struct shut s;

			memcpy(&s, all.p + at, sizeof(s));
			s.r.body.p = (const char *)all.p + at + sizeof(s);
			at += sizeof(s) + s.r.body.n;
			take_one(d, &(struct from){ s.side, &s.place }, &s.r);
			give(d, &d->now);
		}
		gs_buf_free(&all);
	}
}

bool
gs_tls_dtls_is(struct gs_span s)
{
	const uint8_t *p = (const uint8_t *)s.p;

	return s.n >= RECORD && p[0] >= CHANGE_CIPHER && p[0] < TYPES_END &&
	    p[1] == 0xfe && (p[2] == 0xff || p[2] == 0xfd || p[2] == 0xfc);
}

int
gs_tls_dtls_feed(struct gs_tls_dtls *d, unsigned direction, struct gs_span s,
    const struct gs_tls_dtls_place *place)
{
	struct from f = { direction, place };
	struct gs_tls_record r;

	take_known(d);
	while (take_record(&s, &r))
		take_one(d, &f, &r);
	take_known(d);
	return d->no_memory ? -1 : 0;
}

int
gs_tls_dtls_retry(struct gs_tls_dtls *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n; i++) {
		give(d, &d->waiting[i]);
		if (d->waiting[i].done)
			gs_tls_handshake_free(&d->waiting[i].h);
		else
			d->waiting[kept++] = d->waiting[i];
	}
	d->n = kept;
	take_known(d);
	return d->no_memory ? -1 : 0;
}

/* ---- what may be seen */

static size_t
size_of(const struct gs_tls_handshake *h)
{
	return h->hello.size + h->flight[0].size + h->flight[1].size +
	    h->encrypted.size + h->ticket.size;
}

size_t
gs_tls_dtls_size(const struct gs_tls_dtls *d)
{
	size_t n = sizeof(*d) + size_of(&d->now.h) + d->shut.size;

	for (size_t i = 0; i < d->n; i++)
		n += size_of(&d->waiting[i].h);
	for (int i = 0; i < 2 * GS_TLS_DTLS_PARTS; i++)
		n += d->side[i % 2].part[i / 2].bytes.size;
	return n;
}

/* What would open a handshake for which no secret is known. */
static const char *
what_opens(const struct gs_tls_handshake *h)
{
	bool log = gs_tls_keylog_counts(h->holder->log).secrets > 0;
	bool key = h->holder->rsa != NULL && *h->holder->rsa != NULL;

	if (h->suite == NULL)
		return GS_TLS_SUITE_UNSUPPORTED;
	if (gs_tls_handshake_is_13(h))
		return log ? "the key log has no EXPORTER_SECRET for it" :
			     "a key log with its EXPORTER_SECRET opens it";
	if (key && gs_tls_handshake_why(h) != NULL)
		return gs_tls_handshake_why(h);
	if (key)
		return "the private key belongs to another server";
	if (log)
		return "the key log has no CLIENT_RANDOM line for it";
	return h->suite->exchange == GS_TLS_RSA ?
	    "a key log with its CLIENT_RANDOM line, or the server's private "
	    "key, opens it" :
	    "a key log with its CLIENT_RANDOM line opens it";
}

const char *
gs_tls_dtls_why(const struct gs_tls_dtls *d)
{
	const struct gs_tls_handshake *h = &d->now.h;

	if (!h->server_hello)
		return "the capture must contain the whole handshake";
	if (!offers_srtp(h))
		return "the handshake negotiates no SRTP";
	return d->now.done ? NULL : what_opens(h);
}
