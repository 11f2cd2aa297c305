/* SPDX-License-Identifier: MIT */
/* Pairs the offers and answers of one call. A trace from a proxy contains each
 * message once per hop: an answer belongs to the offer on its own hop. */
#ifndef GSPROV_CALLS_EXCHANGE_H
#define GSPROV_CALLS_EXCHANGE_H

#include "text/sink.h"
#include "calls/kept.h"

/* Hops that are told apart. */
enum { GS_HOPS = 4 };

/* Zero it before use. The counts are first: mostly they show that nothing else
 * has to be fetched from memory. */
struct gs_calls_exchange {
	size_t opens; /* entries of open, and of answer */
	size_t accepts[3]; /* entries of accepted */
	enum gs_text_party offerer;
	bool offered;
	bool answered;
	struct gs_calls_kept open[GS_HOPS]; /* the offer, as each hop has it */
	struct gs_calls_kept answer[GS_HOPS]; /* set if it was answered */
	/* What is in force, by enum gs_text_party. */
	struct gs_calls_kept accepted[3][GS_HOPS];
};

/* The role of b (RFC 3264): it is an answer if the other side's offer is open,
 * or was answered in this transaction (by a provisional answer before the final
 * one). */
enum gs_sdp_role gs_calls_exchange_role(const struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from);

/* Whether b repeats an SDP of the exchange, on its own hop. */
bool gs_calls_exchange_repeats(const struct gs_calls_exchange *x,
    const struct gs_text_block *b);

/* Adds b, an offer, or the same offer on another hop. The answered offer before
 * it is in force from now on. Returns 0, or -1 if out of memory. */
int gs_calls_exchange_offer(struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from) GS_MUST;

struct gs_calls_answer {
	const struct gs_calls_kept *offer; /* NULL: unknown */
	bool again; /* the same answer was seen on this hop */
	bool forked; /* the answer of another side was */
};

/* Adds b, an answer, and finds its offer. Returns 0, or -1 if out of memory. */
int gs_calls_exchange_answer(struct gs_calls_exchange *x,
    const struct gs_text_block *b, enum gs_text_party from,
    struct gs_calls_answer *a) GS_MUST;

/* Notes that the transaction was refused: its offer does not take effect. */
void gs_calls_exchange_refuse(struct gs_calls_exchange *x, uint32_t cseq);

/* SDP number i of this party that was in force before the open exchange; NULL
 * after the last one. */
const struct gs_calls_kept *gs_calls_exchange_accepted(
    const struct gs_calls_exchange *x, enum gs_text_party from, size_t i);

/* Whether some offer of the call was answered. */
bool gs_calls_exchange_has_accepted(const struct gs_calls_exchange *x);

/* Whether this party's offer waits for its answer. */
bool gs_calls_exchange_is_open(const struct gs_calls_exchange *x,
    enum gs_text_party offerer);

void gs_calls_exchange_clear(struct gs_calls_exchange *x);
void gs_calls_exchange_free(struct gs_calls_exchange *x);

#endif
