/* SPDX-License-Identifier: MIT */
/* Payloads that wait, by the position of their samples, to be decoded. */
#ifndef GSPROV_MEDIA_QUEUE_PRIV_H
#define GSPROV_MEDIA_QUEUE_PRIV_H

#include "../base/diag.h"
#include "codec.h"
#include "g722_priv.h"
#include "limits.h"

/* One payload, of which used octets are decoded. */
struct gs_held {
	struct gs_held *next;
	struct gs_held *prev;
	struct gs_g722 *g722; /* of its source; NULL with another codec */
	int64_t pos; /* of the next sample to be decoded */
	uint16_t n;
	uint16_t used;
	uint16_t seq;
	uint8_t kind; /* enum gs_codec_kind */
	uint8_t channels;
	uint8_t p[];
};

/* In the order of pos. Zeroed it is empty. */
struct gs_queue {
	struct gs_held *head;
	struct gs_held *tail;
};

/* Takes a copy of h with h->n octets at p. The same packet of the same
 * source once more is left alone. Returns 0, or -1 without memory. */
int gs_queue_put(struct gs_queue *q, struct gs_wav_budget *budget,
    const struct gs_held *h, const uint8_t *p, struct gs_err *err) GS_MUST;

/* Takes h out of q, and frees it. */
void gs_queue_drop(struct gs_queue *q, struct gs_wav_budget *budget,
    struct gs_held *h);

/* Decodes the next octets of h, at most cap samples, which then stand in
 * out. Returns how many; 0 when h is at its end. */
size_t gs_held_decode(struct gs_held *h, int16_t *out, size_t cap);

void gs_queue_free(struct gs_queue *q, struct gs_wav_budget *budget);

#endif
