/* SPDX-License-Identifier: MIT */
/* How the SDPs of a log were carried: a trace in the same file may show it. */
#include "calls/carried.h"

#include <stdlib.h>

#include "../text/textsrc.h"

static uint64_t
hash_of(const struct gs_text_block *b)
{
	uint64_t h = 0;

	for (size_t i = 0; i < b->lines; i++)
		h = h * 31 + gs_span_hash(gs_span_trim(b->line[i].text));
	return h != 0 ? h : 1;
}

static uint64_t
hash_of_id(const char *id)
{
	return gs_span_hash(gs_span(id, strlen(id)));
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
		.leg = hash_of_id(b->id),
		.pos = b->pos,
	};
	return 0;
}

static struct gs_calls_carried_open *
find_call(struct gs_calls_carried *c, const char *id)
{
	uint64_t h = hash_of_id(id);

	for (size_t i = c->calls; i > 0; i--)
		if (c->call[i - 1].hash == h)
			return &c->call[i - 1];
	return NULL;
}

/* A place for another call: where there is no room, that of one that is
 * settled. c->calls: all wait for their SDP, and each is told of. */
static size_t
place_for_call(struct gs_calls_carried *c)
{
	if (c->calls < GS_CARRIED_OPEN)
		return c->calls;
	for (size_t i = 0; i < c->calls; i++) {
		size_t at = c->settled++ % GS_CARRIED_OPEN;
		if (c->call[at].sdp || c->call[at].refused)
			return at;
	}
	return c->calls;
}

int
gs_calls_carried_message(struct gs_calls_carried *c,
    const struct gs_text_message *m)
{
	if (strcmp(m->method, "INVITE") != 0)
		return 0;
	bool refused = m->status >= 300;
	struct gs_calls_carried_open *call = find_call(c, m->id);
	if (call != NULL) {
		/* A new request may be taken: it has a password now. */
		if (m->status == 0 || refused)
			call->refused = refused;
		return 0;
	}
	size_t at = place_for_call(c);
	if (at == GS_CARRIED_OPEN)
		return 0;
	if (!gs_grow(&c->call, &c->call_size, at + 1, sizeof(*c->call)))
		return -1;
	c->calls += at == c->calls;
	c->call[at] = (struct gs_calls_carried_open){
		.hash = hash_of_id(m->id),
		.pos = m->line.pos,
		.refused = refused,
	};
	return 0;
}

void
gs_calls_carried_sdp(struct gs_calls_carried *c, const struct gs_text_block *b)
{
	struct gs_calls_carried_open *call = find_call(c, b->id);

	if (call != NULL)
		call->sdp = true;
}

void
gs_calls_carried_free(struct gs_calls_carried *c)
{
	free(c->open);
	free(c->call);
	*c = (struct gs_calls_carried){ .opens = 0 };
}
