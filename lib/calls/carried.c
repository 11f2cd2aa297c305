/* SPDX-License-Identifier: MIT */
/* The transport of a log's SDPs: a trace in the same file may show it. */
#include "calls/carried.h"

#include <stdlib.h>

#include "text/sink.h"

static uint64_t
hash_of(const struct gs_text_block *b)
{
	uint64_t h = 0;

	for (size_t i = 0; i < b->lines; i++)
		h = h * 31 + gs_span_hash(gs_span_trim(b->line[i].text));
	return h != 0 ? h : 1;
}

void
gs_calls_carried_trace(struct gs_calls_carried *c,
    const struct gs_text_block *b)
{
	uint64_t h = hash_of(b);

	for (size_t i = 0; i < c->opens; i++)
		if (c->open[i].hash == h) {
			c->open[i] = c->open[--c->opens];
			return;
		}
	c->seen[c->next++ % GS_CARRIED_SEEN] = h;
}

int
gs_calls_carried_log(struct gs_calls_carried *c, const struct gs_text_block *b)
{
	uint64_t h = hash_of(b);

	for (size_t i = 0; i < GS_CARRIED_SEEN; i++)
		if (c->seen[i] == h) {
			c->seen[i] = 0;
			return 0;
		}
	if (c->opens == GS_CARRIED_OPEN) {
		c->more++;
		return 0;
	}
	if (!gs_grow(&c->open, &c->open_size, c->opens + 1, sizeof(*c->open)))
		return -1;
	c->open[c->opens++] = (struct gs_calls_carried_open){
		.hash = h,
		.leg = gs_span_hash(gs_span_of(b->id)),
		.pos = b->pos,
	};
	return 0;
}

void
gs_calls_carried_free(struct gs_calls_carried *c)
{
	free(c->open);
	*c = (struct gs_calls_carried){ .opens = 0 };
}
