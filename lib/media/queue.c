/* SPDX-License-Identifier: MIT */
/* Payloads that wait, by the position of their samples, to be decoded. */
#include "media/queue_priv.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "pcm_priv.h"

/* Octets that h takes. */
static size_t
size_of(const struct gs_held *h)
{
	return offsetof(struct gs_held, p) + h->n;
}

static bool
same_packet(const struct gs_held *a, const struct gs_held *b)
{
	return a->pos == b->pos && a->seq == b->seq && a->n == b->n &&
	    a->g722 == b->g722;
}

static void
link_behind(struct gs_queue *q, struct gs_held *before, struct gs_held *h)
{
	h->prev = before;
	h->next = before != NULL ? before->next : q->head;
	*(before != NULL ? &before->next : &q->head) = h;
	*(h->next != NULL ? &h->next->prev : &q->tail) = h;
}

int
gs_queue_put(struct gs_queue *q, struct gs_wav_budget *budget,
    const struct gs_held *h, const uint8_t *p, struct gs_err *err)
{
	struct gs_held *before = q->tail, *new;

	while (before != NULL && before->pos > h->pos)
		before = before->prev;
	for (new = before; new != NULL &&new->pos == h->pos; new = new->prev)
		if (same_packet(new, h))
			return 0;
	new = malloc(size_of(h));
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "audio of %zu octets",
		    (size_t)h->n);
	memcpy(new, h, offsetof(struct gs_held, p));
	memcpy(new->p, p, h->n);
	gs_g722_hold(h->g722);
	budget->held += size_of(h);
	link_behind(q, before, new);
	return 0;
}

static void
let_go(struct gs_wav_budget *budget, struct gs_held *h)
{
	budget->held -= size_of(h);
	gs_g722_free(h->g722);
	free(h);
}

void
gs_queue_drop(struct gs_queue *q, struct gs_wav_budget *budget,
    struct gs_held *h)
{
	*(h->prev != NULL ? &h->prev->next : &q->head) = h->next;
	*(h->next != NULL ? &h->next->prev : &q->tail) = h->prev;
	let_go(budget, h);
}

size_t
gs_held_decode(struct gs_held *h, int16_t *out, size_t cap)
{
	const uint8_t *p = h->p + h->used;
	size_t n = (size_t)h->n - h->used, octets, got;

	if (h->kind == GS_CODEC_G722) {
		octets = n < cap / 2 ? n : cap / 2;
		got = gs_g722_decode(h->g722, p, octets, out, cap);
	} else {
		size_t unit = gs_pcm_octets(h->kind, h->channels);

		octets = n / unit < cap ? n / unit * unit : cap * unit;
		got = gs_pcm_decode(h->kind, h->channels, p, octets, out, cap);
	}
	h->used = (uint16_t)(h->used + octets);
	h->pos += (int64_t)got;
	return got;
}

void
gs_queue_free(struct gs_queue *q, struct gs_wav_budget *budget)
{
	struct gs_held *next;

	for (struct gs_held *h = q->head; h != NULL; h = next) {
		next = h->next;
		let_go(budget, h);
	}
	*q = (struct gs_queue){ 0 };
}
