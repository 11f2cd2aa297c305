/* SPDX-License-Identifier: MIT */
/* The SRTP keys from DTLS: a table of pairs of addresses. */
#include "srtp/dtls.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/list.h"
#include "srtp/keyring.h"
#include "tls/dtls.h"

enum { SLOTS = 4096 };

/* Two addresses that speak DTLS: side i sends from addr[i]. Side 0 spoke first,
 * to peer. The answer shows where side 1 is, which may be another address. */
struct pair {
	struct gs_srtp_dtls *owner;
	struct gs_tls_dtls *tls;
	struct gs_net_addr addr[2];
	struct gs_net_addr peer;
	bool answered; /* side 1 sent something */
	size_t size;
	struct pair *next; /* of its chain */
	struct gs_link use;
};

struct gs_srtp_dtls {
	struct gs_srtp_keyring *ring;
	const struct gs_tls_holder *holder;
	uint64_t secrets; /* secrets that were known at the last try */
	const struct gs_tls_rsa *rsa;
	struct pair *slot[SLOTS];
	struct gs_list all;
	size_t n;
	size_t size;
	uint64_t keys;
	bool no_memory;
};

struct gs_srtp_dtls *
gs_srtp_dtls_new(struct gs_srtp_keyring *ring,
    const struct gs_tls_holder *holder, struct gs_err *err)
{
	struct gs_srtp_dtls *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		gs_err_set(err, "no memory for DTLS");
		return NULL;
	}
	d->ring = ring;
	d->holder = holder;
	return d;
}

/* ---- the table */

/* Both directions are in one chain, which the ports select. */
static size_t
hash(const struct gs_net_addr *a, const struct gs_net_addr *b)
{
	return (a->port * 31u ^ b->port * 31u) % SLOTS;
}

static void
drop(struct gs_srtp_dtls *d, struct pair *p)
{
	struct pair **at = &d->slot[hash(&p->addr[0], &p->addr[1])];

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	gs_list_take(&d->all, &p->use);
	d->n--;
	d->size -= p->size;
	gs_tls_dtls_free(p->tls);
	free(p);
}

void
gs_srtp_dtls_free(struct gs_srtp_dtls *d)
{
	if (d == NULL)
		return;
	while (d->all.oldest != NULL)
		drop(d, d->all.oldest->item);
	free(d);
}

/* The side of p that sends from src to dst; -1: none. loose: the first answer
 * may come from an address other than the one spoken to. */
static int
side_of(const struct pair *p, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, bool loose)
{
	if (gs_net_addr_eq(src, &p->addr[0]) &&
	    (gs_net_addr_eq(dst, &p->peer) || gs_net_addr_eq(dst, &p->addr[1])))
		return 0;
	if (!gs_net_addr_eq(dst, &p->addr[0]))
		return -1;
	return gs_net_addr_eq(src, &p->addr[1]) ||
		(loose && !p->answered && src->port == p->addr[1].port) ?
	    1 :
	    -1;
}

static struct pair *
find(const struct gs_srtp_dtls *d, const struct gs_net_addr *src,
    const struct gs_net_addr *dst, int *side)
{
	for (int loose = 0; loose < 2; loose++)
		for (struct pair *p = d->slot[hash(src, dst)]; p != NULL;
		     p = p->next) {
			*side = side_of(p, src, dst, loose);
			if (*side != -1)
				return p;
		}
	return NULL;
}

/* ---- keys */

/* Adds the key with which side sends. */
static void
add_key(struct pair *p, const struct gs_tls_dtls_srtp *srtp,
    const struct gs_sdp_suite *suite, const uint8_t *block, unsigned side)
{
	bool server = side != srtp->client;
	const struct gs_tls_handshake *h = srtp->handshake;
	struct gs_srtp_key key = { .n = (uint8_t)(suite->key + suite->salt),
		.mki_n = h->mki_n <= 128 ? h->mki_n : 0,
		.mki = h->mki,
		.suite = suite,
		.source = (uint16_t)srtp->place.file,
		.line = srtp->place.frame,
		.ns = srtp->place.ns,
		.media = p->addr[side] };

	memcpy(key.keysalt, block + server * suite->key, suite->key);
	memcpy(key.keysalt + suite->key,
	    block + 2 * suite->key + server * suite->salt, suite->salt);
	size_t known = gs_srtp_keyring_known(p->owner->ring);
	if (gs_srtp_keyring_add(p->owner->ring, &key) == -1)
		p->owner->no_memory = true;
	p->owner->keys += gs_srtp_keyring_known(p->owner->ring) - known;
	explicit_bzero(&key, sizeof(key));
}

/* Keys and salts of client and server, as RFC 5764 section 4.2 cuts them. */
static void
add_keys(struct pair *p, const struct gs_tls_dtls_srtp *srtp,
    const struct gs_sdp_suite *suite)
{
	uint8_t block[2 * GS_SRTP_KEYSALT] = { 0 };
	size_t n = 2 * ((size_t)suite->key + suite->salt);

	if (gs_tls_handshake_export(srtp->handshake, "EXTRACTOR-dtls_srtp",
		block, n) == 0) {
		add_key(p, srtp, suite, block, 0);
		add_key(p, srtp, suite, block, 1);
	}
	explicit_bzero(block, sizeof(block));
}

/* Which of the offers was chosen is hidden. Suites with keys of one length have
 * the same keys, and all their tags are tried. */
static void
on_agreed(void *arg, const struct gs_tls_dtls_srtp *srtp)
{
	const struct gs_tls_handshake *h = srtp->handshake;
	unsigned done = 0;

	for (size_t i = 0; i < h->profiles; i++) {
		const struct gs_sdp_suite *s =
		    gs_sdp_suite_profile(h->profile[i]);

		if (s == NULL || done & 1u << (s->key + s->salt) % 32 ||
		    (!h->chosen && s->cipher == GS_SRTP_OTHER))
			continue;
		done |= 1u << (s->key + s->salt) % 32;
		add_keys(arg, srtp, s);
	}
}

/* ---- datagrams */

static struct pair *
create(struct gs_srtp_dtls *d, const struct gs_srtp_dtls_datagram *g)
{
	struct pair *p = calloc(1, sizeof(*p));

	if (p == NULL ||
	    (p->tls = gs_tls_dtls_new(d->holder, on_agreed, p)) == NULL) {
		free(p);
		return NULL;
	}
	if (d->n == GS_SRTP_DTLS_PAIRS)
		drop(d, d->all.oldest->item);
	p->owner = d;
	p->addr[0] = *g->src;
	p->addr[1] = p->peer = *g->dst;
	p->next = d->slot[hash(g->src, g->dst)];
	d->slot[hash(g->src, g->dst)] = p;
	gs_list_add(&d->all, &p->use, p);
	d->n++;
	return p;
}

/* Updates how much p keeps, and frees the idlest pairs if all keep too much. */
static void
weigh(struct gs_srtp_dtls *d, struct pair *p)
{
	size_t size = gs_tls_dtls_size(p->tls);

	d->size += size - p->size;
	p->size = size;
	while (d->size > GS_SRTP_DTLS_BYTES && d->all.oldest != &p->use)
		drop(d, d->all.oldest->item);
}

int
gs_srtp_dtls_take(struct gs_srtp_dtls *d, const struct gs_srtp_dtls_datagram *g)
{
	int side;
	struct pair *p = find(d, g->src, g->dst, &side);

	if (p == NULL) {
		p = create(d, g);
		side = 0;
	}
	if (p == NULL)
		return -1;
	gs_list_renew(&d->all, &p->use);
	if (side == 1 && !p->answered) {
		p->answered = true;
		p->addr[1] = *g->src;
	}
	const struct gs_tls_dtls_place place = { g->frame, g->ns, g->source };
	int r = gs_tls_dtls_feed(p->tls, (unsigned)side, g->bytes, &place);
	weigh(d, p);
	return r == -1 || d->no_memory ? -1 : 0;
}

int
gs_srtp_dtls_retry(struct gs_srtp_dtls *d)
{
	uint64_t secrets = gs_tls_keylog_counts(d->holder->log).secrets;
	const struct gs_tls_rsa *rsa =
	    d->holder->rsa != NULL ? *d->holder->rsa : NULL;

	if (secrets == d->secrets && rsa == d->rsa)
		return 0;
	d->secrets = secrets;
	d->rsa = rsa;
	for (const struct gs_link *l = d->all.oldest; l != NULL; l = l->newer)
		if (gs_tls_dtls_retry(((struct pair *)l->item)->tls) == -1)
			return -1;
	return d->no_memory ? -1 : 0;
}

uint64_t
gs_srtp_dtls_keys(const struct gs_srtp_dtls *d)
{
	return d->keys;
}

const char *
gs_srtp_dtls_why(const struct gs_srtp_dtls *d, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	int side;
	const struct pair *p = find(d, src, dst, &side);

	return p != NULL ? gs_tls_dtls_why(p->tls) :
			   "the capture must contain the handshake";
}
