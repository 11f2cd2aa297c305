/* SPDX-License-Identifier: MIT */
/* Searches for the key and the rollover counter of a packet. */
#include "srtp/search_priv.h"

#include <math.h>

#include "base/diag.h"
#include "srtp/reference.h"
#include "srtp/stream.h"

enum {
	NOISE_LEAST = 40, /* fewest octets in which noise is recognised */
	GUESS = -1, /* the score of a key that is a guess */
	GUESSES = 512, /* guesses that are tried at ROCs other than the first */
	GUESS_ROCS = 64, /* ROCs that are tried without authentication, */
	GUESS_MAX = 2048, /* on packets of at most this size */
	RTCP_MAX = 2048, /* most octets of an SRTCP packet that is tried */
	RESERVE = 4, /* one in so many tries is for keys of SDP */
	LINKED = 64, /* keys of SDP that are tried without counting */
};

static bool
can_spend(struct gs_srtp_search_job *q, uint64_t n)
{
	bool can = *q->budget >= n && (q->pool == NULL || *q->pool >= n);

	q->gave_up |= !can;
	return can;
}

static bool
spend(struct gs_srtp_search *s, struct gs_srtp_search_job *q, uint64_t n)
{
	if (!can_spend(q, n))
		return false;
	s->spent += n;
	*q->budget -= n;
	if (q->pool != NULL)
		*q->pool -= n;
	return true;
}

/* How likely it is that the packet's sender owns the key: 3 to 1 by SDP, 0
 * unknown, GUESS if it may not be a key. */
static int
score(const struct gs_srtp_key *key, const struct gs_srtp_media_packet *m)
{
	const struct gs_net_addr *a = &key->media;

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
	return gs_net_addr_eq(a, &m->dst) ? 1 : 0;
}

/* Whether both derive the same session keys. */
static bool
same_keys(const struct gs_srtp_spec *a, const struct gs_srtp_spec *b)
{
	struct gs_srtp_scheme x = { .spec = *a }, y = { .spec = *b };

	return gs_srtp_scheme_same(&x, &y);
}

/* Loads key i, unless it is loaded. */
static bool
use(struct gs_srtp_search *s, struct gs_srtp_search_job *q, size_t i,
    const struct gs_srtp_scheme *scheme)
{
	const struct gs_srtp_key *key = gs_srtp_keyring_at(s->keys, i);
	struct gs_srtp_search_session *to = &s->taken[i % GS_SEARCH_SESSIONS];

	s->session = to->session;
	if (to->key == i + 1 && same_keys(&to->spec, &scheme->spec))
		return true;
	if (!spend(s, q, GS_SEARCH_KEY))
		return false;
	if (to->session == NULL)
		to->session = gs_srtp_new();
	s->session = to->session;
	to->key = 0;
	s->broken |= to->session == NULL ||
	    gs_srtp_set_key(to->session, &scheme->spec, key->keysalt, NULL) ==
		-1;
	if (s->broken)
		return false;
	to->key = i + 1;
	to->spec = scheme->spec;
	return true;
}

uint64_t
gs_srtp_search_share(const struct gs_srtp_search *s)
{
	uint64_t keys = GS_SEARCH_KEYS * ((uint64_t)s->options->roc_max + 1);

	return s->options->tries > keys ? s->options->tries : keys;
}

void
gs_srtp_search_end(struct gs_srtp_search *s)
{
	for (size_t i = 0; i < GS_SEARCH_SESSIONS; i++)
		gs_srtp_free(s->taken[i].session);
}

/* What the engine says about q's packet. RTP was loaded before. */
static bool
fits(struct gs_srtp_search *s, const struct gs_srtp_search_job *q, size_t key,
    const struct gs_srtp_scheme *scheme, uint32_t roc)
{
	const struct gs_srtp_media_packet *m = q->m;
	uint8_t out[RTCP_MAX];
	struct gs_span plain;
	size_t n;

	if (s->reference != NULL) {
		enum gs_srtp_reference_answer a =
		    gs_srtp_reference_unprotect(s->reference,
			&(struct gs_srtp_reference_packet){ &scheme->spec,
			    gs_srtp_keyring_at(s->keys, key)->keysalt,
			    scheme->form, m->rtcp, roc, m->p, m->n },
			&plain);
		s->broken |= a == GS_REFERENCE_TROUBLE;
		return a == GS_REFERENCE_OPENED;
	}
	enum gs_srtp_result r = m->rtcp ?
	    gs_srtp_unprotect_rtcp(s->session, m->p, m->n, scheme->form, out,
		&n) :
	    gs_srtp_verify(s->session, roc);
	s->broken |= r == GS_SRTP_TROUBLE;
	return r == GS_SRTP_OK;
}

static bool
load(struct gs_srtp_search *s, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_scheme *scheme)
{
	return gs_srtp_load(s->session, m->p, m->n, m->rtp.header,
		   scheme->form) == GS_SRTP_OK;
}

bool
gs_srtp_search_rocs(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, const struct gs_srtp_scheme *scheme, struct gs_srtp_rocs rocs)
{
	if (scheme->form.tag == 0 || !use(s, q, key, scheme) ||
	    !load(s, q->m, scheme))
		return false;
	for (uint64_t roc = rocs.from; roc <= rocs.to; roc++) {
		if (!spend(s, q, 1))
			return false;
		q->tries++;
		if (!fits(s, q, key, scheme, (uint32_t)roc))
			continue;
		q->hit = (struct gs_srtp_search_hit){ key, *scheme,
			(uint32_t)roc, q->tries };
		s->near = key;
		return true;
	}
	return false;
}

/* Whether the MKI of scheme, which was not announced, is in this packet and in
 * the one before: an MKI is the same in all packets of a stream. */
static bool
has_mki(const struct gs_srtp_search_job *q, const struct gs_srtp_scheme *scheme)
{
	size_t mki = scheme->form.mki;
	size_t end =
	    mki + (scheme->spec.cipher == GS_SRTP_GCM ? 0 : scheme->form.tag);

	return mki == 0 ||
	    (q->before.n >= end && q->m->n >= end &&
		memcmp(q->before.p + q->before.n - end, q->m->p + q->m->n - end,
		    mki) == 0);
}

/* Tries all likely (or unlikely) ways to use key at these ROCs. */
static bool
try_ways(struct gs_srtp_search *s, struct gs_srtp_search_job *q, size_t key,
    bool likely, struct gs_srtp_rocs rocs)
{
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	size_t n =
	    gs_srtp_key_schemes(gs_srtp_keyring_at(s->keys, key), scheme);

	for (size_t i = 0; i < n; i++)
		if (scheme[i].likely == likely &&
		    (likely || has_mki(q, &scheme[i])) &&
		    gs_srtp_search_rocs(s, q, key, &scheme[i], rocs))
			return true;
	return false;
}

/* A walk over the keys with scores from hi down to lo: first those of the ports
 * in SDP, then others, in both directions from the one found last, because keys
 * of one call are close to each other. */
struct walk {
	int lo, score;
	size_t from; /* only keys from this one on */
	size_t at; /* for scores above 0: the next one, once begun */
	bool begun;
	unsigned linked; /* keys so far with a score above 0 */
	size_t step; /* for other scores */
	size_t center;
};

static struct walk
walk_from(const struct gs_srtp_search *s, struct gs_srtp_search_job *q, int lo,
    int hi)
{
	q->near = GS_SEARCH_NEAR;
	size_t center = s->near >= q->from ? s->near : q->from;

	return (struct walk){ .lo = lo,
		.score = hi,
		.from = q->from,
		.center = center };
}

/* Finds the next key with w's score, which is at least 1. */
static bool
next_linked(const struct gs_srtp_search *s, const struct gs_srtp_search_job *q,
    struct walk *w, size_t *key)
{
	if (!w->begun)
		w->at = gs_srtp_keyring_of_port(s->keys,
		    w->score > 1 ? q->m->src.port : q->m->dst.port);
	w->begun = true;
	while (w->at != SIZE_MAX) {
		*key = w->at;
		w->at = gs_srtp_keyring_of_port_before(s->keys, w->at);
		if (*key >= w->from &&
		    score(gs_srtp_keyring_at(s->keys, *key), q->m) ==
			w->score) {
			w->linked++;
			return true;
		}
	}
	return false;
}

static bool
next_other(const struct gs_srtp_search *s, const struct gs_srtp_search_job *q,
    struct walk *w, size_t *key)
{
	size_t n = gs_srtp_keyring_size(s->keys);

	while (w->step < 2 * n) {
		size_t d = (w->step + 1) / 2;
		bool up = w->step++ % 2 == 0;

		if (up ? w->center + d >= n : d > w->center)
			continue;
		*key = up ? w->center + d : w->center - d;
		if (*key >= w->from &&
		    score(gs_srtp_keyring_at(s->keys, *key), q->m) == w->score)
			return true;
	}
	return false;
}

static bool
walk_next(const struct gs_srtp_search *s, const struct gs_srtp_search_job *q,
    struct walk *w, size_t *key)
{
	for (; w->score >= w->lo; w->score--, w->step = 0, w->begun = false)
		if ((w->score > 0 ? next_linked : next_other)(s, q, w, key))
			return true;
	return false;
}

/* Whether what remains of the budget is only for keys that SDP connects with
 * the sender: they are few, and streams under unknown keys, on which all keys
 * are tried, must not use it up. */
static bool
is_reserved(const struct gs_srtp_search *s, const struct walk *w)
{
	return w->score == 0 && gs_srtp_keyring_placed(s->keys) > 0 &&
	    s->budget <= s->options->tries / RESERVE;
}

/* The budget for the key at w when only the first ROC is tried: none for the
 * first keys that SDP connects with the sender. q->near is used when the budget
 * of the run is used up. */
static uint64_t *
first_pool(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    const struct walk *w)
{
	if (w->score > 0 && w->linked <= LINKED)
		return NULL;
	return s->budget >= GS_SEARCH_KEY + GS_SRTP_SCHEMES &&
		!is_reserved(s, w) ?
	    &s->budget :
	    &q->near;
}

/* Tries keys with scores from hi down to lo, in likely or unlikely ways. */
struct pass {
	int lo;
	int hi;
	bool likely;
	struct gs_srtp_rocs rocs;
};

static bool
try_keys(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    const struct pass *p)
{
	struct walk w = walk_from(s, q, p->lo, p->hi);
	bool first = p->rocs.from == p->rocs.to && p->likely;
	bool found = false;
	size_t key;

	while (!found && walk_next(s, q, &w, &key)) {
		q->pool = first ? first_pool(s, q, &w) : &s->budget;
		q->gave_up |= !first && is_reserved(s, &w);
		if (!can_spend(q, GS_SEARCH_KEY) ||
		    (!first && is_reserved(s, &w)))
			break;
		found = try_ways(s, q, key, p->likely, p->rocs);
	}
	q->pool = NULL;
	return found;
}

/* Makes *g from q, to search among guesses. They are tried last, with a budget
 * of their own, so that they take nothing from keys; that it is used up is not
 * reported. Returns false if there are no guesses. */
static bool
for_guesses(struct gs_srtp_search *s, const struct gs_srtp_search_job *q,
    struct gs_srtp_search_job *g)
{
	*g = *q;
	g->budget = &s->guesses;
	return gs_srtp_keyring_known(s->keys) < gs_srtp_keyring_size(s->keys);
}

/* Copies the result of g to q. */
static bool
guessed(struct gs_srtp_search_job *q, const struct gs_srtp_search_job *g)
{
	q->hit = g->hit;
	q->tries = g->tries;
	return true;
}

static bool
guess_first(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    uint32_t max)
{
	uint32_t roc = s->options->roc_fixed ? s->options->roc : 0;
	const struct pass first = { GUESS, GUESS, true, { roc, roc } };
	const struct pass others = { GUESS, GUESS, true, { 1, max } };
	struct gs_srtp_search_job g;

	if (!for_guesses(s, q, &g))
		return false;
	size_t n =
	    gs_srtp_keyring_size(s->keys) - gs_srtp_keyring_known(s->keys);

	return (try_keys(s, &g, &first) ||
		   (max > 0 && !s->options->roc_fixed && n <= GUESSES &&
		       try_keys(s, &g, &others))) &&
	    guessed(q, &g);
}

bool
gs_srtp_search_first(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    uint32_t max)
{
	uint32_t roc = s->options->roc;
	const struct pass fixed[] = {
		{ 0, 3, true, { roc, roc } },
		{ 0, 3, false, { roc, roc } },
	};
	const struct pass open[] = {
		{ 0, 3, true, { 0, 0 } },
		{ 0, 3, true, { q->roc > 0 ? q->roc : 1, q->roc } },
		{ 1, 3, true, { 1, max } },
		{ 0, 0, true, { 1, max } },
		{ 0, 3, false, { 0, 0 } },
		{ 1, 3, false, { 1, max } },
	};
	const struct pass *pass = s->options->roc_fixed ? fixed : open;
	size_t n = s->options->roc_fixed ? 1 : 2;

	if (max > 0)
		n = s->options->roc_fixed ? 2 : 6;

	if (q->from >= gs_srtp_keyring_size(s->keys))
		return false;
	for (size_t i = 0; i < n; i++)
		if (pass[i].rocs.from <= pass[i].rocs.to &&
		    try_keys(s, q, &pass[i]))
			return true;
	return guess_first(s, q, max);
}

bool
gs_srtp_search_linked(struct gs_srtp_search *s, struct gs_srtp_search_job *q)
{
	uint32_t roc = s->options->roc_fixed ? s->options->roc : 0;
	uint64_t own = UINT64_MAX;
	struct gs_srtp_search_job l = { .m = q->m, .budget = &own };
	struct walk w = walk_from(s, &l, 1, 3);
	bool found = false;
	size_t key;

	while (!found && w.linked < LINKED && walk_next(s, &l, &w, &key))
		found = try_ways(s, &l, key, true,
			    (struct gs_srtp_rocs){ roc, roc }) ||
		    (q->roc > 0 && !s->options->roc_fixed &&
			try_ways(s, &l, key, true,
			    (struct gs_srtp_rocs){ q->roc, q->roc }));
	q->hit = l.hit;
	return found;
}

/* Tries keys with a score from lo to 3, or all guesses. */
static bool
try_next(struct gs_srtp_search *s, struct gs_srtp_search_job *q, int lo,
    size_t key, uint32_t roc)
{
	struct walk w = walk_from(s, q, lo, lo == GUESS ? GUESS : 3);
	bool found = false;
	size_t i;

	while (!found && walk_next(s, q, &w, &i)) {
		q->pool = first_pool(s, q, &w);
		if (!can_spend(q, GS_SEARCH_KEY))
			break;
		found = (i != key &&
			    try_ways(s, q, i, true,
				(struct gs_srtp_rocs){ roc, roc })) ||
		    (i != key &&
			try_ways(s, q, i, true,
			    (struct gs_srtp_rocs){ roc + 1, roc + 1 })) ||
		    (roc > 0 &&
			try_ways(s, q, i, true, (struct gs_srtp_rocs){ 0, 0 }));
	}
	q->pool = NULL;
	return found;
}

bool
gs_srtp_search_next(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, uint32_t roc, bool all)
{
	struct gs_srtp_search_job g;

	return try_next(s, q, all ? 0 : 1, key, roc) ||
	    (all && for_guesses(s, q, &g) && try_next(s, &g, GUESS, key, roc) &&
		guessed(q, &g));
}

/* ---- SRTCP: the packet states its index, so only the key is unknown */

size_t
gs_srtp_search_rtcp_tags(const struct gs_srtp_spec *spec, uint8_t tag[2])
{
	tag[0] = spec->cipher == GS_SRTP_GCM ? 16 : 10;
	tag[1] = spec->cipher == GS_SRTP_GCM ? 8 : 4;
	return 2;
}

static bool
try_rtcp(struct gs_srtp_search *s, struct gs_srtp_search_job *q, size_t key,
    const struct gs_srtp_scheme *scheme)
{
	struct gs_srtp_scheme w = *scheme;
	uint8_t tag[2];
	size_t n = gs_srtp_search_rtcp_tags(&scheme->spec, tag);

	if (!use(s, q, key, scheme) || q->m->n > RTCP_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!spend(s, q, 1))
			return false;
		w.form.tag = tag[i];
		if (!fits(s, q, key, &w, 0))
			continue;
		q->hit = (struct gs_srtp_search_hit){ .key = key, .scheme = w };
		return true;
	}
	return false;
}

static bool
try_rtcp_keys(struct gs_srtp_search *s, struct gs_srtp_search_job *q, int lo)
{
	struct walk w = walk_from(s, q, lo, lo == GUESS ? GUESS : 3);
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	size_t key;

	while (walk_next(s, q, &w, &key)) {
		size_t n = gs_srtp_key_schemes(gs_srtp_keyring_at(s->keys, key),
		    scheme);

		q->pool = first_pool(s, q, &w);
		if (!can_spend(q, GS_SEARCH_KEY))
			return false;
		for (size_t i = 0; i < n && scheme[i].likely; i++)
			if (try_rtcp(s, q, key, &scheme[i]))
				return true;
	}
	return false;
}

bool
gs_srtp_search_rtcp(struct gs_srtp_search *s, struct gs_srtp_search_job *q)
{
	struct gs_srtp_search_job g;

	return try_rtcp_keys(s, q, 0) ||
	    (for_guesses(s, q, &g) && try_rtcp_keys(s, &g, GUESS) &&
		guessed(q, &g));
}

/* ---- without authentication */

double
gs_srtp_search_pattern(const uint8_t *p, size_t n)
{
	uint32_t count[256] = { 0 };
	uint64_t pairs = 0;

	if (n < 2)
		return 1;
	for (size_t i = 0; i < n; i++)
		pairs += count[p[i]]++;
	return (double)pairs / ((double)n * (double)(n - 1) / 512);
}

/* Whether key, used without a tag, turns m from noise into something else at
 * one of these ROCs. */
static bool
try_guess(struct gs_srtp_search *s, struct gs_srtp_search_job *q, size_t key,
    const struct gs_srtp_scheme *scheme, struct gs_srtp_rocs rocs, double least)
{
	const struct gs_srtp_media_packet *m = q->m;
	uint8_t out[GUESS_MAX];
	size_t n;

	if (!use(s, q, key, scheme) || !load(s, m, scheme))
		return false;
	for (uint64_t roc = rocs.from; roc <= rocs.to && spend(s, q, 2);
	     roc++) {
		if (gs_srtp_unprotect(s->session, (uint32_t)roc, out, &n) !=
			GS_SRTP_OK ||
		    gs_srtp_search_pattern(out + m->rtp.header,
			n - m->rtp.header) < least)
			continue;
		q->hit = (struct gs_srtp_search_hit){ key, *scheme,
			(uint32_t)roc, q->tries };
		return true;
	}
	return false;
}

bool
gs_srtp_search_guess(struct gs_srtp_search *s, struct gs_srtp_search_job *q)
{
	const struct gs_srtp_media_packet *m = q->m;
	uint32_t roc = s->options->roc, max = s->options->roc_max;
	struct gs_srtp_rocs rocs = { roc, roc };
	struct walk w = walk_from(s, q, 0, 3);
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	size_t key, body = m->n - m->rtp.header;

	/* Ten standard deviations from noise are no accident. */
	double least = body < NOISE_LEAST ?
	    INFINITY :
	    1 + 10 * sqrt(512.0 / ((double)body * (double)body)) + 0.4;

	if (!s->options->roc_fixed)
		rocs = (struct gs_srtp_rocs){ 0,
			max < GUESS_ROCS ? max : GUESS_ROCS };
	if (m->n > GUESS_MAX || s->reference != NULL ||
	    gs_srtp_keyring_unsealed(s->keys) == 0 ||
	    gs_srtp_search_pattern(m->p + m->rtp.header, body) > least)
		return false;
	while (walk_next(s, q, &w, &key) && can_spend(q, 1)) {
		size_t n = gs_srtp_key_schemes(gs_srtp_keyring_at(s->keys, key),
		    scheme);

		for (size_t i = 0; i < n; i++)
			if (scheme[i].form.tag == 0 &&
			    try_guess(s, q, key, &scheme[i], rocs, least))
				return true;
	}
	return false;
}
