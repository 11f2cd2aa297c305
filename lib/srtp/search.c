/* SPDX-License-Identifier: MIT */
/* The searches for key and rollover counter. */
#include "search_priv.h"

#include <math.h>

enum {
	NOISE_LEAST = 40, /* octets below which noise cannot be told */
	GUESS = -1, /* the score of what only looks like a key */
	GUESSES = 512, /* that are tried at other ROCs than the first */
	LINKED = 64, /* keys of SDP that a stream may try for nothing */
};

static bool
can_spend(struct gs_quest *q, uint64_t n)
{
	bool can = *q->budget >= n && (q->pool == NULL || *q->pool >= n);

	q->gave_up |= !can;
	return can;
}

static bool
spend(struct gs_quest *q, uint64_t n)
{
	if (!can_spend(q, n))
		return false;
	*q->budget -= n;
	if (q->pool != NULL)
		*q->pool -= n;
	return true;
}

/* Whether b's owner may be the sender of the packet: 3 says so in SDP, 0
 * nothing is known, GUESS that it may be no key. */
static int
score(const struct gs_key *key, const struct gs_media_packet *m)
{
	const struct gs_addr *a = &key->media;

	if (key->guess)
		return GUESS;
	if (a->version == 0)
		return 0;
	bool ip = a->version == m->src.version &&
	    memcmp(a->ip, m->src.ip, sizeof(a->ip)) == 0;

	if (ip && a->port == m->src.port)
		return 3;
	if (a->port == m->src.port)
		return 2;
	return gs_addr_eq(a, &m->dst) ? 1 : 0;
}

/* Whether both make the same session keys of a key. */
static bool
same_keys(const struct gs_srtp_spec *a, const struct gs_srtp_spec *b)
{
	struct gs_way x = { .spec = *a }, y = { .spec = *b };

	return gs_way_same(&x, &y);
}

/* Puts key i into the session, unless it is there. */
static bool
use(struct gs_search *s, struct gs_quest *q, size_t i, const struct gs_way *way)
{
	const struct gs_key *key = gs_keyring_at(s->keys, i);

	if (s->set_key == i + 1 && same_keys(&s->set_spec, &way->spec))
		return true;
	if (!spend(q, GS_SEARCH_KEY))
		return false;
	s->set_key = 0;
	if (gs_srtp_set_key(s->session, &way->spec, key->keysalt, NULL) == -1)
		return false;
	s->set_key = i + 1;
	s->set_spec = way->spec;
	return true;
}

static bool
asks_reference(struct gs_search *s, size_t i, const struct gs_way *way,
    const struct gs_media_packet *m, uint32_t roc)
{
	struct gs_span out;

	return gs_reference_open(s->reference, &way->spec,
		   gs_keyring_at(s->keys, i)->keysalt, way->form, m->rtcp, roc,
		   m->p, m->n, &out) == GS_REFERENCE_OPENED;
}

bool
gs_search_rocs(struct gs_search *s, struct gs_quest *q, size_t key,
    const struct gs_way *way, uint32_t from, uint32_t to, struct gs_hit *hit)
{
	const struct gs_media_packet *m = q->m;
	enum gs_srtp_result r;

	if (way->form.tag == 0 || !use(s, q, key, way) ||
	    gs_srtp_load(s->session, m->p, m->n, m->rtp.header, way->form) !=
		GS_SRTP_OK)
		return false;
	for (uint64_t roc = from; roc <= to; roc++) {
		if (!spend(q, 1))
			return false;
		q->tries++;
		if (s->reference != NULL)
			r = asks_reference(s, key, way, m, (uint32_t)roc) ?
			    GS_SRTP_OK :
			    GS_SRTP_FAIL;
		else
			r = gs_srtp_verify(s->session, (uint32_t)roc);
		s->trouble |= r == GS_SRTP_TROUBLE;
		if (r == GS_SRTP_OK) {
			*hit = (struct gs_hit){ key, *way, (uint32_t)roc,
				q->tries };
			s->near = key;
			return true;
		}
	}
	return false;
}

/* All ways of key that are likely (or not) at these ROCs. */
static bool
try_ways(struct gs_search *s, struct gs_quest *q, size_t key, bool likely,
    uint32_t from, uint32_t to, struct gs_hit *hit)
{
	struct gs_way way[GS_WAYS];
	size_t n = gs_key_ways(gs_keyring_at(s->keys, key), way);

	for (size_t i = 0; i < n; i++)
		if (way[i].likely == likely &&
		    gs_search_rocs(s, q, key, &way[i], from, to, hit))
			return true;
	return false;
}

/* A walk over the keys whose score is lo … hi, the highest first: those of
 * the ports that SDP names, then the others, from the one found last to both
 * sides: keys of a call stand together. */
struct walk {
	int lo, score;
	size_t from; /* only keys from this one on */
	size_t at; /* with a score: the next one, once begun */
	bool begun;
	unsigned linked; /* keys with a score so far */
	size_t step; /* without one */
	size_t center;
};

static struct walk
walk_from(const struct gs_search *s, struct gs_quest *q, int lo, int hi)
{
	q->near = GS_SEARCH_NEAR;
	size_t center = s->near >= q->from ? s->near : q->from;

	return (struct walk){ .lo = lo,
		.score = hi,
		.from = q->from,
		.center = center };
}

/* The next key with w's score, which is at least 1. */
static bool
next_linked(const struct gs_search *s, const struct gs_quest *q, struct walk *w,
    size_t *key)
{
	if (!w->begun)
		w->at = gs_keyring_of_port(s->keys,
		    w->score > 1 ? q->m->src.port : q->m->dst.port);
	w->begun = true;
	while (w->at != SIZE_MAX) {
		*key = w->at;
		w->at = gs_keyring_of_port_before(s->keys, w->at);
		if (*key >= w->from &&
		    score(gs_keyring_at(s->keys, *key), q->m) == w->score) {
			w->linked++;
			return true;
		}
	}
	return false;
}

static bool
next_other(const struct gs_search *s, const struct gs_quest *q, struct walk *w,
    size_t *key)
{
	size_t n = gs_keyring_size(s->keys);

	while (w->step < 2 * n) {
		size_t d = (w->step + 1) / 2;
		bool up = w->step++ % 2 == 0;

		if (up ? w->center + d >= n : d > w->center)
			continue;
		*key = up ? w->center + d : w->center - d;
		if (*key >= w->from &&
		    score(gs_keyring_at(s->keys, *key), q->m) == w->score)
			return true;
	}
	return false;
}

static bool
walk_next(const struct gs_search *s, const struct gs_quest *q, struct walk *w,
    size_t *key)
{
	for (; w->score >= w->lo; w->score--, w->step = 0, w->begun = false)
		if ((w->score > 0 ? next_linked : next_other)(s, q, w, key))
			return true;
	return false;
}

/* What the tries of the key that w is at count on, when the ROC is not
 * searched: the first keys that SDP connects with the sender on nothing.
 * q->near is for when all else is used up. */
static uint64_t *
first_pool(struct gs_search *s, struct gs_quest *q, const struct walk *w)
{
	return w->score > 0 && w->linked <= LINKED ? NULL :
	    s->first >= GS_SEARCH_KEY + GS_WAYS    ? &s->first :
						     &q->near;
}

static bool
try_keys(struct gs_search *s, struct gs_quest *q, int lo, int hi, bool likely,
    uint32_t from, uint32_t to, struct gs_hit *hit)
{
	struct walk w = walk_from(s, q, lo, hi);
	bool first = from == to && likely;
	bool found = false;
	size_t key;

	while (!found && walk_next(s, q, &w, &key)) {
		q->pool = first                       ? first_pool(s, q, &w) :
		    w.score == 0 || w.linked > LINKED ? &s->budget :
							NULL;
		if (!can_spend(q, GS_SEARCH_KEY))
			break;
		found = try_ways(s, q, key, likely, from, to, hit);
	}
	q->pool = NULL;
	return found;
}

/* Lets q try what only looks like a key: that comes last, on a budget of its
 * own, takes nothing from keys, and nobody is told when it is used up. */
static struct gs_quest
for_guesses(struct gs_search *s, const struct gs_quest *q)
{
	struct gs_quest g = *q;

	g.budget = &s->guesses;
	return g;
}

static size_t
guesses(const struct gs_search *s)
{
	return gs_keyring_size(s->keys) - gs_keyring_known(s->keys);
}

static bool
try_known(struct gs_search *s, struct gs_quest *q, struct gs_hit *hit)
{
	uint32_t roc = s->options->roc_fixed ? s->options->roc : 0;
	uint32_t max = s->options->roc_max;

	if (try_keys(s, q, 0, 3, true, roc, roc, hit))
		return true;
	if (s->options->roc_fixed)
		return try_keys(s, q, 0, 3, false, roc, roc, hit);
	return (max > 0 &&
		   (try_keys(s, q, 1, 3, true, 1, max, hit) ||
		       try_keys(s, q, 0, 0, true, 1, max, hit))) ||
	    try_keys(s, q, 0, 3, false, 0, 0, hit) ||
	    (max > 0 && try_keys(s, q, 1, 3, false, 1, max, hit));
}

bool
gs_search_first(struct gs_search *s, struct gs_quest *q, struct gs_hit *hit)
{
	bool fixed = s->options->roc_fixed;
	uint32_t roc = fixed ? s->options->roc : 0;
	uint32_t max = fixed ? 0 : s->options->roc_max;
	struct gs_quest g = for_guesses(s, q);

	if (q->from >= gs_keyring_size(s->keys))
		return false;
	if (try_known(s, q, hit))
		return true;
	if (guesses(s) == 0)
		return false;
	return try_keys(s, &g, GUESS, GUESS, true, roc, roc, hit) ||
	    (max > 0 && guesses(s) <= GUESSES &&
		try_keys(s, &g, GUESS, GUESS, true, 1, max, hit));
}

static bool
try_next(struct gs_search *s, struct gs_quest *q, bool guess, size_t key,
    uint32_t roc, struct gs_hit *hit)
{
	struct walk w = walk_from(s, q, guess ? GUESS : 0, guess ? GUESS : 3);
	size_t i;

	while (walk_next(s, q, &w, &i)) {
		q->pool = first_pool(s, q, &w);
		if (!can_spend(q, GS_SEARCH_KEY))
			return false;
		if (i != key && try_ways(s, q, i, true, roc, roc, hit))
			return true;
		if (i != key && try_ways(s, q, i, true, roc + 1, roc + 1, hit))
			return true;
		if (roc > 0 && try_ways(s, q, i, true, 0, 0, hit))
			return true;
	}
	return false;
}

bool
gs_search_next(struct gs_search *s, struct gs_quest *q, size_t key,
    uint32_t roc, struct gs_hit *hit)
{
	struct gs_quest g = for_guesses(s, q);
	bool found = try_next(s, q, false, key, roc, hit) ||
	    (guesses(s) > 0 && try_next(s, &g, true, key, roc, hit));

	q->pool = NULL;
	return found;
}

/* ---- SRTCP: the packet says its index, only the key is sought */

size_t
gs_search_rtcp_tags(const struct gs_srtp_spec *spec, uint8_t tag[2])
{
	tag[0] = spec->cipher == GS_SRTP_GCM ? 16 : 10;
	tag[1] = spec->cipher == GS_SRTP_GCM ? 8 : 4;
	return 2;
}

static bool
try_rtcp(struct gs_search *s, struct gs_quest *q, size_t key,
    const struct gs_way *way, struct gs_hit *hit)
{
	const struct gs_media_packet *m = q->m;
	struct gs_way w = *way;
	uint8_t tag[2], out[2048];
	size_t n = gs_search_rtcp_tags(&way->spec, tag), len;

	if (!use(s, q, key, way) || m->n > sizeof(out))
		return false;
	for (size_t i = 0; i < n; i++) {
		enum gs_srtp_result r;

		if (!spend(q, 1))
			return false;
		w.form.tag = tag[i];
		if (s->reference != NULL)
			r = asks_reference(s, key, &w, m, 0) ? GS_SRTP_OK :
							       GS_SRTP_FAIL;
		else
			r = gs_srtp_open_rtcp(s->session, m->p, m->n, w.form,
			    out, &len);
		if (r == GS_SRTP_OK) {
			*hit = (struct gs_hit){ .key = key, .way = w };
			return true;
		}
	}
	return false;
}

static bool
try_rtcp_keys(struct gs_search *s, struct gs_quest *q, int lo, int hi,
    struct gs_hit *hit)
{
	struct walk w = walk_from(s, q, lo, hi);
	struct gs_way way[GS_WAYS];
	size_t key;

	while (walk_next(s, q, &w, &key)) {
		size_t n = gs_key_ways(gs_keyring_at(s->keys, key), way);

		q->pool = first_pool(s, q, &w);
		if (!can_spend(q, GS_SEARCH_KEY))
			return false;
		for (size_t i = 0; i < n && way[i].likely; i++)
			if (try_rtcp(s, q, key, &way[i], hit))
				return true;
	}
	return false;
}

bool
gs_search_rtcp(struct gs_search *s, struct gs_quest *q, struct gs_hit *hit)
{
	struct gs_quest g = for_guesses(s, q);

	return try_rtcp_keys(s, q, 0, 3, hit) ||
	    (guesses(s) > 0 && try_rtcp_keys(s, &g, GUESS, GUESS, hit));
}

/* ---- without authentication */

double
gs_search_pattern(const uint8_t *p, size_t n)
{
	uint32_t count[256] = { 0 };
	double pairs = 0;

	if (n < 2)
		return 1;
	for (size_t i = 0; i < n; i++)
		pairs += count[p[i]]++;
	return pairs / ((double)n * (double)(n - 1) / 512);
}

bool
gs_search_guess(struct gs_search *s, struct gs_quest *q, struct gs_hit *hit)
{
	const struct gs_media_packet *m = q->m;
	uint32_t roc = s->options->roc_fixed ? s->options->roc : 0;
	struct walk w = walk_from(s, q, 0, 3);
	struct gs_way way[GS_WAYS];
	uint8_t out[2048];
	size_t key, len, body = m->n - m->rtp.header;

	/* Ten standard deviations from noise are no accident. */
	double least = body < NOISE_LEAST ?
	    INFINITY :
	    1 + 10 * sqrt(512.0 / ((double)body * (double)body)) + 0.4;

	if (m->n > sizeof(out) || s->reference != NULL ||
	    gs_keyring_unsealed(s->keys) == 0 ||
	    gs_search_pattern(m->p + m->rtp.header, body) > least)
		return false;
	while (walk_next(s, q, &w, &key) && spend(q, 1)) {
		size_t n = gs_key_ways(gs_keyring_at(s->keys, key), way);

		for (size_t i = 0; i < n; i++) {
			if (way[i].form.tag != 0 || !use(s, q, key, &way[i]) ||
			    !spend(q, 1) ||
			    gs_srtp_load(s->session, m->p, m->n, m->rtp.header,
				way[i].form) != GS_SRTP_OK ||
			    gs_srtp_open(s->session, roc, out, &len) !=
				GS_SRTP_OK ||
			    gs_search_pattern(out + m->rtp.header,
				len - m->rtp.header) < least)
				continue;
			*hit = (struct gs_hit){ key, way[i], roc, q->tries };
			return true;
		}
	}
	return false;
}
