/* SPDX-License-Identifier: MIT */
/* Puts the packets of one stream back into the order of their sequence
 * numbers, holding a few of them. */
#ifndef GSPROV_MEDIA_ORDER_PRIV_H
#define GSPROV_MEDIA_ORDER_PRIV_H

#include "../base/diag.h"

enum {
	GS_ORDER_HELD = 16, /* packets */
	GS_ORDER_RESTART = 512, /* this far back is a new beginning */
};

/* One packet. place is the caller's. */
struct gs_ordered {
	uint8_t *p;
	size_t n;
	size_t size;
	int64_t place;
	bool used;
};

typedef int gs_order_emit(void *arg, const struct gs_ordered *packet,
    struct gs_err *err);

/* A queue; zeroed but for emit and arg it is empty. */
struct gs_order {
	gs_order_emit *emit; /* gets every packet once, in order */
	void *arg;
	struct gs_ordered slot[GS_ORDER_HELD]; /* by seq % GS_ORDER_HELD */
	size_t held;
	uint16_t next;
	bool started;
};

/* Takes a copy of a payload, and emits what is in order. Returns 1, 0 for a
 * packet that was dropped (too late, or there already), -1 (memory, or
 * emit failed). */
int gs_order_put(struct gs_order *o, uint16_t seq, int64_t place,
    const uint8_t *p, size_t n, struct gs_err *err) GS_MUST;

/* Emits everything that is held; missing packets are given up. */
int gs_order_drain(struct gs_order *o, struct gs_err *err) GS_MUST;

/* Frees what is held without emitting it. */
void gs_order_free(struct gs_order *o);

#endif
