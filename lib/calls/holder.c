/* SPDX-License-Identifier: MIT */
/* Keys of TLS, and the connections that they open. */
#include "calls/holder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "net/sip.h"
#include "tls/conn.h"
#include "tls/secrets.h"
#include "tls/suite.h"

/* A connection that is read. */
struct connection {
	struct connection *next;
	struct connection **at; /* the pointer to it */
	struct gs_calls_holder *holder;
	struct gs_tls_conn *tls; /* NULL: its handshake is missing */
	gs_net_sip_opened *opened;
	void *to;
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint64_t frame; /* its first */
	size_t waits; /* octets that wait */
	bool sip; /* the connection itself shows SIP */
};

/* Servers that are told apart, and connections that wait for the end of the
 * capture, which shows whether their server speaks SIP. */
enum { SERVERS = 256, SHUT = 4096 };

/* A connection that was not opened completely. */
struct shut {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint64_t frame;
	struct gs_tls_info info;
	bool sip; /* it looks like SIP, whatever its server is */
};

struct gs_calls_holder {
	struct gs_tls_keylog *log;
	struct gs_tls_rsa *rsa;
	const struct gs_tls_rsa *keys; /* the same keys, for readers */
	struct gs_tls_holder secrets; /* secrets and keys together */
	struct gs_net_sip_layer layer;
	struct gs_tls_keylines lines; /* of the capture */
	struct connection *list;
	size_t waits; /* octets that wait in all connections, */
	size_t most; /* and how many may wait */
	struct gs_calls_holder_counts counts;
	struct shut *shut;
	size_t kept;
	size_t size;
	uint64_t more; /* those dropped for lack of room, */
	bool more_anonymous; /* and whether one of them was anonymous */
	struct gs_calls_unopened told; /* the one that was asked for last */
	struct gs_net_addr *server; /* servers that spoke SIP, on any port */
	size_t servers;
	size_t server_size;
	bool expected; /* SIP is expected in every connection */
};

/* ---- connections */

/* Whether SIP over TLS or WebSocket is expected there: RFC 3261 section 19.1.2,
 * the ports around it, FreeSWITCH's second profile and its wss. */
static bool
is_sip_port(unsigned port)
{
	return (port >= 5060 && port <= 5069) ||
	    (port >= 5080 && port <= 5089) || port == 7443;
}

static enum gs_net_sip_is
is_tls(void *arg, const struct gs_net_sip_segment *s)
{
	enum { HANDSHAKE = 22, ENOUGH = 6 };

	(void)arg;
	if (s->bytes.n == 0 || s->bytes.p[0] < HANDSHAKE - 2 ||
	    s->bytes.p[0] > HANDSHAKE + 1)
		return GS_SIP_IS_NOT;
	if (s->bytes.n < ENOUGH)
		return GS_SIP_MAY_BE;
	return gs_tls_conn_is(s->bytes) || gs_tls_conn_goes_on(s->bytes) ?
	    GS_SIP_IS :
	    GS_SIP_IS_NOT;
}

/* Whether this server spoke SIP. If there are too many servers, each may
 * have. */
static bool
is_server(const struct gs_calls_holder *h, const struct gs_net_addr *a,
    const struct gs_net_addr *b)
{
	for (size_t i = 0; i < h->servers; i++)
		if (gs_net_addr_eq(&h->server[i], a) ||
		    gs_net_addr_eq(&h->server[i], b))
			return true;
	return h->servers == SERVERS;
}

/* Notes that the connection carries SIP, so that other connections of this
 * server may, too. A client begins, so the first segment went to the server. */
static void
take_server(struct gs_calls_holder *h, const struct connection *c)
{
	if (!is_server(h, &c->src, &c->dst) &&
	    gs_grow(&h->server, &h->server_size, h->servers + 1,
		sizeof(*h->server)))
		h->server[h->servers++] = c->dst;
}

/* Takes the plaintext of one direction. */
static void
on_data(void *arg, unsigned side, struct gs_span plain)
{
	struct connection *c = arg;
	const struct gs_tls_suite *suite = gs_tls_conn_info(c->tls).suite;
	bool hidden = suite != NULL && suite->mode != GS_TLS_CLEAR &&
	    suite->exchange != GS_TLS_ANON;

	if (!c->sip && gs_span_has(plain, GS_LIT("SIP/2.0"))) {
		c->sip = true;
		take_server(c->holder, c);
	}
	c->opened(c->to, side, plain, hidden);
}

static void *
on_connect(void *arg, const struct gs_net_sip_segment *s,
    gs_net_sip_opened *opened, void *to)
{
	struct gs_calls_holder *h = arg;
	struct connection *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	*c = (struct connection){ .next = h->list,
		.at = &h->list,
		.holder = h,
		.opened = opened,
		.to = to,
		.src = *s->src,
		.dst = *s->dst,
		.frame = s->frame };
	if (gs_tls_conn_is(s->bytes)) {
		c->tls = gs_tls_conn_new(&h->secrets, on_data, c);
		if (c->tls == NULL) {
			free(c);
			return NULL;
		}
	}
	if (c->next != NULL)
		c->next->at = &c->next;
	h->list = c;
	return c;
}

/* Counts what waits in c now. */
static void
weigh(struct connection *c)
{
	size_t waits = gs_tls_conn_waiting(c->tls);

	c->holder->waits += waits - c->waits;
	c->waits = waits;
}

/* Drops what waits beyond the limit. */
static void
let_go(struct gs_calls_holder *h)
{
	struct connection *most = NULL;

	for (struct connection *c = h->list; c != NULL; c = c->next)
		if (c->waits > (most != NULL ? most->waits : 0))
			most = c;
	if (most == NULL)
		return;
	gs_tls_conn_let_go(most->tls);
	weigh(most);
}

static int
on_feed(void *connection, unsigned side, const struct gs_net_sip_segment *s)
{
	struct connection *c = connection;

	if (c->tls == NULL)
		return 0;
	int r = gs_tls_conn_feed(c->tls, side, s->bytes);
	weigh(c);
	if (c->holder->waits > c->holder->most)
		let_go(c->holder);
	return r;
}

static void
on_gap(void *connection, unsigned side)
{
	struct connection *c = connection;

	if (c->tls == NULL)
		return;
	gs_tls_conn_gap(c->tls, side);
	weigh(c);
}

/* ---- connections that were not opened */

static const char *
version_name(unsigned version)
{
	static const char *const names[] = { "TLS 1.0", "TLS 1.1", "TLS 1.2",
		"TLS 1.3" };

	return version >= 0x0301 && version <= 0x0304 ?
	    names[version - 0x0301] :
	    "TLS";
}

/* What is missing, or would help. */
static const char *
why_shut(const struct gs_calls_holder *h, const struct gs_tls_info *i)
{
	bool rsa = i->suite != NULL && i->suite->exchange == GS_TLS_RSA;

	if (i->opened > 0)
		return "some of its records are missing, or fit no key";
	if (!i->hello)
		return "the capture must contain the handshake of this connection";
	if (i->suite == NULL)
		return GS_TLS_SUITE_UNSUPPORTED;
	if (h->counts.rsa > 0 && i->why != NULL)
		return i->why;
	if (rsa && h->counts.rsa > 0)
		return "the private key belongs to another server: give this "
		       "server's (agent.pem), or a key log (-K FILE)";
	if (h->counts.log.secrets > 0)
		return "the key log has no secrets of this connection";
	return rsa ? "the server's private key (agent.pem) or a key log "
		     "opens it (-K FILE)" :
		     "a TLS key log of this connection opens it (-K FILE)";
}

/* Whether it counts as SIP, as far as is known by now. */
static bool
is_sip(const struct gs_calls_holder *h, const struct shut *s)
{
	return s->sip ||
	    (s->info.opened == 0 &&
		(h->expected || is_server(h, &s->src, &s->dst)));
}

static bool
is_anonymous(const struct shut *s)
{
	return s->info.suite != NULL && s->info.suite->exchange == GS_TLS_ANON;
}

/* Keeps s; it is only counted if there is no room or memory. */
static void
keep_shut(struct gs_calls_holder *h, const struct shut *s)
{
	if (h->kept < SHUT &&
	    gs_grow(&h->shut, &h->size, h->kept + 1, sizeof(*h->shut))) {
		h->shut[h->kept++] = *s;
	} else if (s->sip || h->servers > 0) {
		h->more++;
		h->more_anonymous |= is_anonymous(s);
	}
}

static void
on_close(void *connection)
{
	struct connection *c = connection;
	struct gs_calls_holder *h = c->holder;
	/* If the start of a connection is missing, there must be records. */
	struct shut s = { .src = c->src,
		.dst = c->dst,
		.frame = c->frame,
		.info.unread = 1 };

	if (c->tls != NULL)
		s.info = gs_tls_conn_info(c->tls);
	s.sip = c->sip || s.info.sip ||
	    (s.info.opened == 0 &&
		(is_sip_port(c->src.port) || is_sip_port(c->dst.port)));
	if (s.info.unread > 0 && (s.sip || s.info.opened == 0))
		keep_shut(h, &s);
	*c->at = c->next;
	if (c->next != NULL)
		c->next->at = c->at;
	h->waits -= c->waits;
	gs_tls_conn_free(c->tls);
	free(c);
}

const struct gs_calls_unopened *
gs_calls_holder_unopened(struct gs_calls_holder *h, size_t i)
{
	char src[GS_ADDR_TEXT], dst[GS_ADDR_TEXT];
	struct gs_calls_unopened *u = &h->told;
	const struct shut *s = NULL;

	for (size_t k = 0; s == NULL && k < h->kept; k++)
		if (is_sip(h, &h->shut[k]) && i-- == 0)
			s = &h->shut[k];
	if (s == NULL)
		return NULL;
	h->counts.log = gs_tls_keylog_counts(h->log);
	u->frame = s->frame;
	u->anonymous = is_anonymous(s);
	(void)snprintf(u->text, sizeof(u->text), "%s between %s and %s %s: %s",
	    version_name(s->info.version), gs_net_addr_text(&s->src, src),
	    gs_net_addr_text(&s->dst, dst),
	    s->info.opened > 0 ? "was not opened completely" : "was not opened",
	    why_shut(h, &s->info));
	return u;
}

void
gs_calls_holder_forget(struct gs_calls_holder *h)
{
	h->kept = 0;
	h->more = 0;
	h->more_anonymous = false;
	h->expected = false;
}

void
gs_calls_holder_expect(struct gs_calls_holder *h)
{
	h->expected =
	    h->counts.rsa > 0 || gs_tls_keylog_counts(h->log).secrets > 0;
}

/* ---- secrets */

/* Opens the connections that waited for secrets, which were added. */
static int
retry(struct gs_calls_holder *h)
{
	int r = 0;

	for (struct connection *c = h->list; c != NULL; c = c->next)
		if (c->tls != NULL && c->waits > 0) {
			if (gs_tls_conn_retry(c->tls) == -1)
				r = -1;
			weigh(c);
		}
	return r;
}

int
gs_calls_holder_text(struct gs_calls_holder *h, struct gs_tls_keylines *l,
    struct gs_span piece, bool end)
{
	uint64_t before = gs_tls_keylog_counts(h->log).secrets;

	if (gs_tls_keylog_read(h->log, l, piece, end) == -1)
		return -1;
	return gs_tls_keylog_counts(h->log).secrets > before ? retry(h) : 0;
}

int
gs_calls_holder_secrets(void *holder, struct gs_span piece, bool end,
    struct gs_err *err)
{
	struct gs_calls_holder *h = holder;

	return gs_calls_holder_text(h, &h->lines, piece, end) == 0 ?
	    0 :
	    gs_err_set(err, "out of memory");
}

int
gs_calls_holder_key(struct gs_calls_holder *h, struct gs_span bytes,
    struct gs_span pass, struct gs_err *err)
{
	int n = gs_tls_rsa_read(&h->rsa, bytes, pass, err);

	h->keys = h->rsa;
	if (n <= 0)
		return n;
	h->counts.rsa += (uint64_t)n;
	return retry(h) == 0 ? n : gs_err_set(err, "out of memory");
}

/* ---- all */

void
gs_calls_holder_settle(struct gs_calls_holder *h)
{
	h->most = GS_HOLDER_WAITING / 16;
}

struct gs_calls_holder_counts
gs_calls_holder_counts(const struct gs_calls_holder *h)
{
	struct gs_calls_holder_counts c = h->counts;

	c.log = gs_tls_keylog_counts(h->log);
	c.unopened = h->more;
	c.anonymous = h->more_anonymous;
	for (size_t i = 0; i < h->kept; i++)
		c.unopened += is_sip(h, &h->shut[i]);
	return c;
}

const struct gs_net_sip_layer *
gs_calls_holder_layer(const struct gs_calls_holder *h)
{
	return &h->layer;
}

const struct gs_tls_holder *
gs_calls_holder_tls(const struct gs_calls_holder *h)
{
	return &h->secrets;
}

void
gs_calls_holder_free(struct gs_calls_holder *h)
{
	if (h == NULL)
		return;
	gs_buf_free(&h->lines.part);
	gs_tls_keylog_free(h->log);
	gs_tls_rsa_free(h->rsa);
	free(h->shut);
	free(h->server);
	free(h);
}

struct gs_calls_holder *
gs_calls_holder_new(struct gs_err *err)
{
	struct gs_calls_holder *h = calloc(1, sizeof(*h));

	if (h == NULL || (h->log = gs_tls_keylog_new()) == NULL) {
		free(h);
		(void)gs_err_set(err, "out of memory");
		return NULL;
	}
	h->most = GS_HOLDER_WAITING;
	h->secrets = (struct gs_tls_holder){ h->log, &h->keys };
	h->layer = (struct gs_net_sip_layer){ .is = is_tls,
		.connect = on_connect,
		.feed = on_feed,
		.gap = on_gap,
		.close = on_close,
		.arg = h };
	return h;
}
