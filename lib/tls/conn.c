/* SPDX-License-Identifier: MIT */
/* One connection of TLS 1.0 to 1.3: takes the bytes of both directions, gives
 * the plaintext. */
#include "tls/conn.h"

#include <stdlib.h>

#include "base/bytes.h"

enum { HEADER = 5, RECORD = GS_TLS_RECORD };

/* Types of records. */
enum { CHANGE_CIPHER = 20, ALERT, HANDSHAKE, DATA };

/* What a direction is protected with. From HANDSHAKE_KEYS on only TLS 1.3. */
enum stage { CLEAR, KEYED, EARLY_KEYS, HANDSHAKE_KEYS, TRAFFIC_KEYS };

/* What was read, but waits for the other direction. */
enum held { NOTHING, MESSAGE, CHANGE };

struct direction {
	struct gs_buf in; /* bytes that were not taken yet */
	size_t at; /* of them, those that were taken */
	struct gs_buf message; /* an incomplete handshake message, or those
				* that are held */
	enum held held;
	bool changed; /* to the keys of the last handshake */
	bool finished; /* a record was opened under them */
	enum stage stage;
	struct gs_tls_cipher *cipher;
	uint64_t seq;
	uint8_t secret[GS_TLS_SECRET]; /* TLS 1.3: that of the traffic */
	bool gap; /* records may be missing here */
	bool opens; /* a record was opened */
	uint64_t unread;
};

struct gs_tls_conn {
	struct gs_tls_handshake handshake;
	struct direction dir[2];
	int server; /* which direction the server's is; -1: not known */
	void (*data)(void *arg, unsigned direction, struct gs_span plain);
	void *arg;
	uint64_t opened;
	bool no_memory;
	uint8_t plain[RECORD];
};

/* What became of a record. */
enum taken {
	TAKEN,
	WAITS, /* waits for a secret, or for the other direction */
	NOT_WHOLE, /* incomplete */
	NO_RECORD, /* not a record */
};

struct gs_tls_conn *
gs_tls_conn_new(const struct gs_tls_holder *holder,
    void (*data)(void *arg, unsigned direction, struct gs_span plain),
    void *arg)
{
	struct gs_tls_conn *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	gs_tls_handshake_init(&c->handshake, holder, false);
	for (int i = 0; i < 2; i++) {
		gs_buf_init(&c->dir[i].in, 2 * GS_TLS_WAITING);
		gs_buf_init(&c->dir[i].message, GS_TLS_MESSAGE + 4);
	}
	c->server = -1;
	c->data = data;
	c->arg = arg;
	return c;
}

void
gs_tls_conn_free(struct gs_tls_conn *c)
{
	if (c == NULL)
		return;
	gs_tls_handshake_free(&c->handshake);
	for (int i = 0; i < 2; i++) {
		gs_buf_free(&c->dir[i].in);
		gs_buf_free(&c->dir[i].message);
		gs_tls_cipher_free(c->dir[i].cipher);
	}
	explicit_bzero(c, sizeof(*c));
	free(c);
}

/* ---- keys */

static bool
is_server(const struct gs_tls_conn *c, const struct direction *d)
{
	return c->server == (int)(d - c->dir);
}

static void
set_cipher(struct direction *d, struct gs_tls_cipher *cipher, enum stage stage)
{
	gs_tls_cipher_free(d->cipher);
	d->cipher = cipher;
	d->stage = stage;
	d->seq = 0;
}

/* The label of the secret of a stage. */
static enum gs_tls_label
label_of(const struct gs_tls_conn *c, const struct direction *d,
    enum stage stage)
{
	if (stage == EARLY_KEYS)
		return GS_TLS_CLIENT_EARLY;
	if (stage == HANDSHAKE_KEYS)
		return is_server(c, d) ? GS_TLS_SERVER_HANDSHAKE :
					 GS_TLS_CLIENT_HANDSHAKE;
	return is_server(c, d) ? GS_TLS_SERVER_TRAFFIC : GS_TLS_CLIENT_TRAFFIC;
}

/* The keys of a later stage of TLS 1.3, or NULL. */
static struct gs_tls_cipher *
stage_cipher(struct gs_tls_conn *c, const struct direction *d, enum stage stage,
    const struct gs_tls_secret **secret)
{
	if (c->handshake.suite == NULL ||
	    (stage == EARLY_KEYS && is_server(c, d)))
		return NULL;
	*secret = gs_tls_handshake_secret(&c->handshake, label_of(c, d, stage));
	if (*secret != NULL)
		return gs_tls_handshake_traffic(&c->handshake,
		    gs_span((*secret)->bytes, (*secret)->n));
	return c->handshake.suite->mode == GS_TLS_CLEAR ?
	    gs_tls_handshake_traffic(&c->handshake, gs_span("", 0)) :
	    NULL;
}

/* The keys after a KeyUpdate (RFC 8446 section 7.2); secret is replaced by
 * their secret. Also NULL if another ServerHello named an unknown suite. */
static struct gs_tls_cipher *
next_cipher(const struct gs_tls_conn *c, uint8_t secret[GS_TLS_SECRET])
{
	const struct gs_tls_suite *suite = c->handshake.suite;
	uint8_t next[GS_TLS_SECRET];
	struct gs_tls_expand e = { .label = "traffic upd" };

	if (suite == NULL)
		return NULL;
	e.hash = suite->prf;
	e.secret = gs_span(secret, gs_tls_hash_size(e.hash));
	bool ok = gs_tls_expand(&e, next, e.secret.n) == 0;
	if (ok)
		memcpy(secret, next, e.secret.n);
	explicit_bzero(next, sizeof(next));
	return ok ? gs_tls_handshake_traffic(&c->handshake, e.secret) : NULL;
}

static void
update_keys(struct gs_tls_conn *c, struct direction *d)
{
	struct gs_tls_cipher *cipher;

	if (d->stage == TRAFFIC_KEYS &&
	    (cipher = next_cipher(c, d->secret)) != NULL)
		set_cipher(d, cipher, TRAFFIC_KEYS);
}

/* ---- what was said */

/* Whether a message has to wait for the other direction: packets of both may
 * be in any order. The answer to a hello waits for the hello, which, when keys
 * are renegotiated, waits for the end of the handshake before it; a ticket
 * waits for the key. */
static bool
is_early(struct gs_tls_conn *c, const struct direction *d, uint8_t type)
{
	struct gs_tls_handshake *h = &c->handshake;
	const struct direction *other = &c->dir[d == &c->dir[0]];
	bool again = d->stage == KEYED && !other->gap;

	switch (type) {
	case GS_TLS_SERVER_HELLO:
		return !h->client_hello || (h->server_hello && again);
	case GS_TLS_CLIENT_HELLO: return again && !other->finished;
	case GS_TLS_NEW_TICKET:
		return h->ready && !h->keyed && !other->gap &&
		    !gs_tls_handshake_master(h);
	default: return false;
	}
}

/* The handshake before this hello is over. */
static void
begin_handshake(struct gs_tls_conn *c)
{
	for (int i = 0; i < 2; i++)
		c->dir[i].changed = c->dir[i].finished = false;
}

static void
take_message(struct gs_tls_conn *c, struct direction *d, struct gs_span m)
{
	uint8_t type = (uint8_t)m.p[0];

	if (type == GS_TLS_CLIENT_HELLO)
		begin_handshake(c);
	if (type == GS_TLS_CLIENT_HELLO || type == GS_TLS_SERVER_HELLO)
		c->server = (type == GS_TLS_SERVER_HELLO) ^ (d != &c->dir[1]);
	if (gs_tls_handshake_message(&c->handshake, is_server(c, d), m) == -1)
		c->no_memory = true;
	if (type == GS_TLS_KEY_UPDATE && gs_tls_handshake_is_13(&c->handshake))
		update_keys(c, d);
}

/* Handshake messages may span several records. */
static void
take_handshake(struct gs_tls_conn *c, struct direction *d, struct gs_span s)
{
	struct gs_buf *b = &d->message;
	size_t at = 0;

	gs_buf_put(b, s.p, s.n);
	if (!gs_buf_ok(b)) {
		gs_buf_clear(b);
		return;
	}
	d->held = NOTHING;
	while (b->n - at >= 4) {
		size_t n = 4 + (gs_be32(b->p + at) & 0xffffff);

		if (n > b->n - at)
			break;
		if (is_early(c, d, b->p[at])) {
			d->held = MESSAGE;
			break;
		}
		take_message(c, d, gs_span(b->p + at, n));
		at += n;
	}
	memmove(b->p, b->p + at, b->n - at);
	b->n -= at;
}

/* From here on, the keys of the last handshake are used. */
static void
change_cipher(struct gs_tls_conn *c, struct direction *d)
{
	const struct gs_tls_handshake *h = &c->handshake;

	d->held = h->server_hello || h->retry ? NOTHING : CHANGE;
	if (!h->server_hello || gs_tls_handshake_is_13(h))
		return;
	set_cipher(d, NULL, KEYED);
	d->changed = true;
}

/* Takes the content of a record, which is plaintext by now. */
static void
take_content(struct gs_tls_conn *c, struct direction *d, uint8_t type,
    struct gs_span s)
{
	switch (type) {
	case CHANGE_CIPHER: change_cipher(c, d); break;
	case HANDSHAKE: take_handshake(c, d, s); break;
	case DATA:
		c->opened++;
		if (s.n > 0)
			c->data(c->arg, (unsigned)(d - c->dir), s);
		break;
	default: break;
	}
}

static enum taken
take_held(struct gs_tls_conn *c, struct direction *d)
{
	if (d->held == CHANGE)
		change_cipher(c, d);
	else
		take_handshake(c, d, gs_span("", 0));
	return d->held != NOTHING ? WAITS : TAKEN;
}

static void
let_go_held(struct direction *d)
{
	if (d->held == MESSAGE)
		gs_buf_clear(&d->message);
	d->held = NOTHING;
}

/* ---- records */

/* A record was opened. A gap before the first record under the first keys (up
 * to TLS 1.2: before the one after Finished) only contained the handshake, and
 * no data, unless the client sent early data. */
static void
take_opened(struct gs_tls_conn *c, struct direction *d, uint64_t seq)
{
	bool first = seq == 0 || d->stage == HANDSHAKE_KEYS ||
	    (seq == 1 && d->stage == KEYED);

	if (!d->opens && first && !(c->handshake.early && !is_server(c, d)))
		d->unread = 0;
	d->opens = true;
	d->finished = d->changed;
	d->seq = seq + 1;
	d->gap = false;
}

/* Opens r with the direction's keys. After a gap, several sequence numbers are
 * tried. */
static bool
open_keyed(struct gs_tls_conn *c, struct direction *d, struct gs_tls_record *r,
    size_t *n, uint8_t *type)
{
	unsigned tries = d->gap ? GS_TLS_LOST_RECORDS : 1;

	for (unsigned i = 0; d->cipher != NULL && i < tries; i++) {
		r->seq = d->seq + i;
		if (gs_tls_cipher_open(d->cipher, r, c->plain, n, type) == -1)
			continue;
		take_opened(c, d, r->seq);
		return true;
	}
	return false;
}

/* Opens r with cipher, which d keeps if it fits; otherwise it is freed. */
static bool
open_anew(struct gs_tls_conn *c, struct direction *d,
    struct gs_tls_cipher *cipher, struct gs_tls_record *r, size_t *n,
    uint8_t *type)
{
	unsigned tries = d->gap ? GS_TLS_LOST_RECORDS : 1;

	for (r->seq = 0; cipher != NULL && r->seq < tries; r->seq++) {
		if (gs_tls_cipher_open(cipher, r, c->plain, n, type) == -1)
			continue;
		set_cipher(d, cipher, d->stage);
		take_opened(c, d, r->seq);
		return true;
	}
	gs_tls_cipher_free(cipher);
	return false;
}

/* The same with the keys of a later stage of TLS 1.3, if they are known,
 * including those of a KeyUpdate that was lost in a gap. */
static bool
open_later(struct gs_tls_conn *c, struct direction *d, struct gs_tls_record *r,
    size_t *n, uint8_t *type)
{
	enum stage was = d->stage;
	enum stage first = was < EARLY_KEYS ? EARLY_KEYS : was + 1;
	const struct gs_tls_secret *s = NULL;
	uint8_t next[GS_TLS_SECRET];
	bool ok = false;

	for (enum stage i = first; !ok && i <= TRAFFIC_KEYS; i++) {
		d->stage = i;
		ok = open_anew(c, d, stage_cipher(c, d, i, &s), r, n, type);
		if (ok && s != NULL)
			memcpy(d->secret, s->bytes, s->n);
	}
	if (!ok)
		d->stage = was;
	if (!ok && d->gap && d->stage == TRAFFIC_KEYS) {
		memcpy(next, d->secret, sizeof(next));
		ok = open_anew(c, d, next_cipher(c, next), r, n, type);
		if (ok)
			memcpy(d->secret, next, sizeof(next));
		explicit_bzero(next, sizeof(next));
	}
	return ok;
}

/* Whether a secret that may still come could open a record of TLS 1.3. */
static bool
may_open_later(struct gs_tls_conn *c, const struct direction *d)
{
	return c->handshake.suite != NULL && d->stage < TRAFFIC_KEYS &&
	    gs_tls_handshake_secret(&c->handshake,
		label_of(c, d, TRAFFIC_KEYS)) == NULL;
}

/* A record that could not be opened. */
static enum taken
pass_over(struct gs_tls_conn *c, struct direction *d,
    const struct gs_tls_record *r)
{
	bool chains = c->handshake.version == 0x0301;

	if (d->cipher != NULL)
		gs_tls_cipher_skip(d->cipher, r->body);
	/* After a gap, it may not be a record at all. */
	if (d->gap && !chains)
		return NO_RECORD;
	d->unread++;
	d->seq++;
	return TAKEN;
}

static enum taken
take_protected(struct gs_tls_conn *c, struct direction *d,
    struct gs_tls_record *r)
{
	size_t n = 0;
	uint8_t type = 0;
	bool is_13 = gs_tls_handshake_is_13(&c->handshake);

	if (open_keyed(c, d, r, &n, &type) ||
	    (is_13 && open_later(c, d, r, &n, &type))) {
		take_content(c, d, type, gs_span(c->plain, n));
		explicit_bzero(c->plain, n);
		return TAKEN;
	}
	if (is_13 && may_open_later(c, d))
		return WAITS;
	return pass_over(c, d, r);
}

/* The cipher of a direction up to TLS 1.2. After a gap, the block that CBC
 * chains to is missing. */
static void
find_cipher(struct gs_tls_conn *c, struct direction *d)
{
	d->cipher = gs_tls_handshake_cipher(&c->handshake, is_server(c, d));
	if (d->cipher != NULL && d->gap)
		gs_tls_cipher_lose(d->cipher);
}

static enum taken
take_record(struct gs_tls_conn *c, struct direction *d, struct gs_tls_record *r)
{
	bool is_13 = gs_tls_handshake_is_13(&c->handshake);

	/* The change to new keys was lost in the gap. */
	if (d->gap && d->stage == CLEAR && r->type == DATA && !is_13 &&
	    c->handshake.server_hello) {
		d->stage = KEYED;
		d->changed = true;
	}
	if (d->stage == KEYED && d->cipher == NULL) {
		find_cipher(c, d);
		if (d->cipher == NULL)
			return gs_tls_handshake_master(&c->handshake) ?
			    pass_over(c, d, r) :
			    WAITS;
	}
	if (d->cipher != NULL && (!is_13 || r->type == DATA))
		return take_protected(c, d, r);
	if (r->type != DATA) {
		take_content(c, d, r->type, r->body);
		return TAKEN;
	}
	if (!c->handshake.server_hello)
		return WAITS;
	return is_13 ? take_protected(c, d, r) : pass_over(c, d, r);
}

static bool
is_header(const uint8_t *p)
{
	return p[0] >= CHANGE_CIPHER && p[0] <= DATA && p[1] == 3 &&
	    p[2] <= 4 && gs_be16(p + 3) > 0 && gs_be16(p + 3) <= RECORD;
}

/* Takes the record that d's bytes begin with. */
static enum taken
take_next(struct gs_tls_conn *c, struct direction *d)
{
	size_t n = d->in.n - d->at;

	if (d->held != NOTHING)
		return take_held(c, d);
	if (n < HEADER)
		return NOT_WHOLE;
	const uint8_t *p = d->in.p + d->at;
	while (n >= HEADER && !is_header(p)) {
		/* Not the beginning of a record: we are after a gap. */
		d->gap = true;
		p++;
		n--;
		d->at++;
	}
	if (n < HEADER || n - HEADER < gs_be16(p + 3))
		return NOT_WHOLE;
	struct gs_tls_record r = {
		.type = p[0],
		.version = gs_be16(p + 1),
		.body = gs_span(p + HEADER, gs_be16(p + 3)),
	};
	enum taken t = take_record(c, d, &r);
	if (t == TAKEN)
		d->at += HEADER + r.body.n;
	else if (t == NO_RECORD)
		d->at++;
	return t == NO_RECORD ? TAKEN : t;
}

/* Frees the bytes that were taken. If too many wait, the oldest records are
 * dropped. */
static void
tidy(struct direction *d)
{
	while (d->in.n - d->at > GS_TLS_WAITING) {
		size_t n = HEADER + (size_t)gs_be16(d->in.p + d->at + 3);

		d->at += n < d->in.n - d->at ? n : d->in.n - d->at;
		d->unread++;
		d->gap = true;
		let_go_held(d);
	}
	if (d->at == 0)
		return;
	memmove(d->in.p, d->in.p + d->at, d->in.n - d->at);
	d->in.n -= d->at;
	d->at = 0;
}

int
gs_tls_conn_retry(struct gs_tls_conn *c)
{
	bool more = true;

	/* One direction may wait for what the other says. */
	while (more) {
		more = false;
		for (int i = 0; i < 2; i++)
			while (take_next(c, &c->dir[i]) == TAKEN)
				more = true;
	}
	tidy(&c->dir[0]);
	tidy(&c->dir[1]);
	return c->no_memory ? -1 : 0;
}

int
gs_tls_conn_feed(struct gs_tls_conn *c, unsigned direction,
    struct gs_span bytes)
{
	struct direction *d = &c->dir[direction];

	while (bytes.n > 0) {
		size_t n = bytes.n < RECORD ? bytes.n : RECORD;

		gs_buf_put(&d->in, bytes.p, n);
		if (!gs_buf_ok(&d->in) || gs_tls_conn_retry(c) == -1)
			return -1;
		bytes = gs_span(bytes.p + n, bytes.n - n);
	}
	return 0;
}

void
gs_tls_conn_gap(struct gs_tls_conn *c, unsigned direction)
{
	struct direction *d = &c->dir[direction];
	size_t at = 0;

	/* An incomplete record is lost; the records that wait are complete. */
	while (d->in.n - at >= HEADER && is_header(d->in.p + at) &&
	    HEADER + (size_t)gs_be16(d->in.p + at + 3) <= d->in.n - at)
		at += HEADER + (size_t)gs_be16(d->in.p + at + 3);
	d->in.n = at;
	d->unread++;
	if (d->held != MESSAGE)
		gs_buf_clear(&d->message);
	if (d->cipher != NULL)
		gs_tls_cipher_lose(d->cipher);
	d->gap = true;
}

/* Whether complete records or messages wait. */
static bool
waits(const struct direction *d)
{
	if (d->held != NOTHING)
		return true;
	return d->in.n >= HEADER && d->in.n - HEADER >= gs_be16(d->in.p + 3);
}

size_t
gs_tls_conn_waiting(const struct gs_tls_conn *c)
{
	return c->dir[0].in.n + c->dir[1].in.n;
}

void
gs_tls_conn_let_go(struct gs_tls_conn *c)
{
	for (unsigned i = 0; i < 2; i++) {
		struct direction *d = &c->dir[i];

		if (!waits(d))
			continue;
		gs_tls_conn_gap(c, i);
		gs_buf_free(&d->in);
		let_go_held(d);
	}
}

bool
gs_tls_conn_goes_on(struct gs_span s)
{
	const uint8_t *p = (const uint8_t *)s.p;

	return s.n >= HEADER && p[0] == DATA && is_header(p);
}

bool
gs_tls_conn_is(struct gs_span s)
{
	const uint8_t *p = (const uint8_t *)s.p;

	return s.n > HEADER && p[0] == HANDSHAKE && is_header(p) &&
	    (p[HEADER] == GS_TLS_CLIENT_HELLO ||
		p[HEADER] == GS_TLS_SERVER_HELLO);
}

struct gs_tls_info
gs_tls_conn_info(const struct gs_tls_conn *c)
{
	const struct gs_tls_handshake *h = &c->handshake;
	struct gs_tls_info info = {
		.hello = h->server_hello,
		.version = h->version,
		.suite_id = h->suite_id,
		.suite = h->suite,
		.opened = c->opened,
		.unread = c->dir[0].unread + c->dir[1].unread +
		    waits(&c->dir[0]) + waits(&c->dir[1]),
		.sip = h->sip,
	};

	if (!h->server_hello)
		info.why = "the capture must contain the handshake of this "
			   "connection";
	else if (c->opened == 0)
		info.why = gs_tls_handshake_why(h);
	return info;
}
