/* SPDX-License-Identifier: MIT */
/* Pairs the offers and answers of one call, on each hop separately. */
#include "calls/exchange.h"

static void
swap(struct gs_calls_kept *a, struct gs_calls_kept *b)
{
	struct gs_calls_kept k = *a;

	*a = *b;
	*b = k;
}

static void
clear_open(struct gs_calls_exchange *x)
{
	for (size_t i = 0; i < x->opens; i++) {
		gs_calls_kept_clear(&x->open[i]);
		gs_calls_kept_clear(&x->answer[i]);
	}
	x->opens = 0;
	x->offered = x->answered = false;
}

/* Puts into force what was offered and answered. */
static void
settle(struct gs_calls_exchange *x)
{
	enum gs_text_party other =
	    x->offerer == GS_PARTY_REMOTE ? GS_PARTY_LOCAL : GS_PARTY_REMOTE;

	for (size_t i = 0; x->answered && i < x->opens; i++) {
		swap(&x->open[i], &x->accepted[x->offerer][i]);
		swap(&x->answer[i], &x->accepted[other][i]);
		x->accepts[x->offerer] = x->accepts[other] = x->opens;
	}
	clear_open(x);
}

void
gs_calls_exchange_clear(struct gs_calls_exchange *x)
{
	clear_open(x);
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < x->accepts[i]; k++)
			gs_calls_kept_clear(&x->accepted[i][k]);
		x->accepts[i] = 0;
	}
	x->offerer = GS_PARTY_UNKNOWN;
}

void
gs_calls_exchange_free(struct gs_calls_exchange *x)
{
	for (size_t i = 0; i < GS_HOPS; i++) {
		gs_calls_kept_free(&x->open[i]);
		gs_calls_kept_free(&x->answer[i]);
		for (size_t k = 0; k < 3; k++)
			gs_calls_kept_free(&x->accepted[k][i]);
	}
}

enum gs_sdp_role
gs_calls_exchange_role(const struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from)
{
	if (b->role != GS_ROLE_UNKNOWN)
		return b->role;
	if (!x->offered || x->offerer == from)
		return GS_ROLE_OFFER;
	if (b->type == GS_TEXT_SIP && x->answered)
		return x->opens > 0 && x->open[0].cseq == b->cseq ?
		    GS_ROLE_ANSWER :
		    GS_ROLE_OFFER;
	return x->answered ? GS_ROLE_OFFER : GS_ROLE_ANSWER;
}

bool
gs_calls_exchange_repeats(const struct gs_calls_exchange *x,
    const struct gs_text_block *b)
{
	for (size_t i = 0; i < x->opens; i++)
		if (gs_calls_kept_repeats(&x->open[i], b) ||
		    gs_calls_kept_repeats(&x->answer[i], b))
			return true;
	return false;
}

int
gs_calls_exchange_offer(struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from)
{
	bool hop = b->type == GS_TEXT_SIP && x->offered && x->offerer == from &&
	    x->opens > 0 && x->opens < GS_HOPS && x->open[0].cseq == b->cseq &&
	    strcmp(x->open[0].method, b->method) == 0;

	if (!hop)
		settle(x);
	x->offerer = from;
	x->offered = true;
	return gs_calls_kept_set(&x->open[x->opens++], b);
}

/* How well offer i fits b: the same answer came to it, the same transaction,
 * the same place in the chain of proxies, the same transport, no answer yet.
 * The last proxy's answer comes first. */
static unsigned
fit(const struct gs_calls_exchange *x, size_t i, const struct gs_text_block *b)
{
	const struct gs_calls_kept *o = &x->open[i];

	return (gs_calls_kept_equals(&x->answer[i], b) ? 16u : 0) +
	    (o->branch != 0 && o->branch == b->branch ? 8u : 0) +
	    (o->vias == b->vias ? 4u : 0) +
	    (o->transport == b->transport ? 2u : 0) + !x->answer[i].set;
}

int
gs_calls_exchange_answer(struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from,
    struct gs_calls_answer *a)
{
	size_t best = 0;

	*a = (struct gs_calls_answer){ .offer = NULL };
	if (!x->offered || x->offerer == from || x->opens == 0)
		return 0;
	for (size_t i = 1; i < x->opens; i++)
		if (fit(x, i, b) >= fit(x, best, b))
			best = i;
	const struct gs_calls_kept *before = &x->answer[best];
	bool again = before->set && before->cseq == b->cseq;
	a->forked = again && b->type == GS_TEXT_SIP &&
	    strcmp(before->tag, b->to_tag) != 0;
	a->again = again && gs_calls_kept_equals(before, b);
	x->answered = true;
	if (x->open[best].set)
		a->offer = &x->open[best];
	return gs_calls_kept_set(&x->answer[best], b);
}

void
gs_calls_exchange_refuse(struct gs_calls_exchange *x, uint32_t cseq)
{
	if (x->offered && x->opens > 0 && x->open[0].cseq == cseq)
		clear_open(x);
}

const struct gs_calls_kept *
gs_calls_exchange_accepted(const struct gs_calls_exchange *x,
    enum gs_text_party from, size_t i)
{
	for (size_t k = 0; k < x->accepts[from]; k++)
		if (x->accepted[from][k].set && i-- == 0)
			return &x->accepted[from][k];
	return NULL;
}

bool
gs_calls_exchange_has_accepted(const struct gs_calls_exchange *x)
{
	return x->answered || x->accepts[GS_PARTY_REMOTE] > 0 ||
	    x->accepts[GS_PARTY_LOCAL] > 0;
}

bool
gs_calls_exchange_is_open(const struct gs_calls_exchange *x,
    enum gs_text_party offerer)
{
	return x->offered && !x->answered && x->offerer == offerer;
}
