/* SPDX-License-Identifier: MIT */
/* Puts the packets of one stream back into order. */
#include "media/order_priv.h"

#include <errno.h>
#include <stdlib.h>

/* Emits the packet next, when it is there, and goes on to the one behind. */
static int
step(struct gs_order *o, struct gs_err *err)
{
	struct gs_ordered *s = &o->slot[o->next % GS_ORDER_HELD];

	o->next++;
	if (!s->used)
		return 0;
	s->used = false;
	o->held--;
	return o->emit(o->arg, s, err);
}

int
gs_order_drain(struct gs_order *o, struct gs_err *err)
{
	while (o->held > 0)
		if (step(o, err) < 0)
			return -1;
	return 0;
}

/* Gives up the oldest until seq, d behind next, has a slot. */
static int
make_room(struct gs_order *o, uint16_t seq, int d, struct gs_err *err)
{
	if (d >= 2 * GS_ORDER_HELD) {
		if (gs_order_drain(o, err) < 0)
			return -1;
		o->next = (uint16_t)(seq - (GS_ORDER_HELD - 1));
		return 0;
	}
	for (; d >= GS_ORDER_HELD; d--)
		if (step(o, err) < 0)
			return -1;
	return 0;
}

static int
store(struct gs_ordered *s, int64_t place, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	if (s->size < n) {
		uint8_t *grown = realloc(s->p, n);

		if (grown == NULL)
			return gs_err_sys(err, ENOMEM, "packet of %lu bytes",
			    (unsigned long)n);
		s->p = grown;
		s->size = n;
	}
	if (n > 0)
		memcpy(s->p, p, n);
	s->n = n;
	s->place = place;
	s->used = true;
	return 0;
}

int
gs_order_put(struct gs_order *o, uint16_t seq, int64_t place, const uint8_t *p,
    size_t n, struct gs_err *err)
{
	struct gs_ordered *s = &o->slot[seq % GS_ORDER_HELD];
	int d = o->started ? (int16_t)(seq - o->next) : 0;

	if (d <= -GS_ORDER_RESTART && gs_order_drain(o, err) < 0)
		return -1;
	if (!o->started || d <= -GS_ORDER_RESTART) {
		o->next = seq;
		d = 0;
	}
	o->started = true;
	if (d < 0)
		return 0;
	if (make_room(o, seq, d, err) < 0)
		return -1;
	if (s->used)
		return 0;
	if (store(s, place, p, n, err) < 0)
		return -1;
	o->held++;
	while (o->slot[o->next % GS_ORDER_HELD].used)
		if (step(o, err) < 0)
			return -1;
	return 1;
}

void
gs_order_free(struct gs_order *o)
{
	for (size_t i = 0; i < GS_ORDER_HELD; i++) {
		free(o->slot[i].p);
		o->slot[i] = (struct gs_ordered){ 0 };
	}
	o->held = 0;
	o->started = false;
}
