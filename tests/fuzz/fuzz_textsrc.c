/* SPDX-License-Identifier: MIT */
/* Fuzz target: text, read whole and in pieces, must be found the same in. */
#include <stdlib.h>

#include "mutate.h"
#include "text/textsrc.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_log)

/* A number that depends on all that was found. */
static void
mix(uint64_t *h, const void *p, size_t n)
{
	const uint8_t *u = p;

	for (size_t i = 0; i < n; i++)
		*h = (*h ^ u[i]) * 1099511628211u;
}

static void
mix_line(uint64_t *h, const struct gs_sdp_line *l)
{
	mix(h, l->text.p, l->text.n);
	mix(h, &l->pos.line, sizeof(l->pos.line));
	mix(h, &l->pos.col, sizeof(l->pos.col));
}

static void
block(void *arg, const struct gs_text_block *b)
{
	for (size_t i = 0; i < b->lines; i++)
		mix_line(arg, &b->line[i]);
	mix(arg, b->label, strlen(b->label));
	mix(arg, b->id, strlen(b->id));
	mix(arg, b->from_tag, strlen(b->from_tag));
	mix(arg, &b->role, sizeof(b->role));
	mix(arg, &b->party, sizeof(b->party));
	mix(arg, &b->truncated, sizeof(b->truncated));
}

static void
key(void *arg, const struct gs_text_log_key *k)
{
	mix_line(arg, &k->line);
	mix(arg, k->crypto.p, k->crypto.n);
	mix(arg, k->id, strlen(k->id));
}

static void
event(void *arg, const struct gs_text_log_event *e)
{
	mix_line(arg, &e->line);
	mix(arg, e->detail.p, e->detail.n);
	mix(arg, e->id, strlen(e->id));
}

static void
registration(void *arg, const struct gs_text_registration *r)
{
	mix_line(arg, &r->line);
	mix(arg, r->user, strlen(r->user));
	mix(arg, r->contact, strlen(r->contact));
	mix(arg, r->status, strlen(r->status));
}

static void
message(void *arg, const struct gs_text_message *m)
{
	mix(arg, m->line.text.p, m->line.text.n);
	mix(arg, m->method, strlen(m->method));
	mix(arg, m->to, strlen(m->to));
}

static uint64_t
read_in(enum gs_text_type forced, const uint8_t *p, size_t n, size_t piece)
{
	uint64_t h = 14695981039346656037u;
	struct gs_text_sink sink = {
		.block = block,
		.key = key,
		.event = event,
		.registration = registration,
		.message = message,
		.arg = &h,
	};
	struct gs_text_reader *t = gs_text_reader_new(forced, &sink);

	if (t == NULL)
		return 0;
	for (size_t at = 0; at < n; at += piece) {
		size_t k = n - at < piece ? n - at : piece;
		if (gs_text_reader_feed(t, gs_span(p + at, k)) != 0)
			abort();
	}
	if (gs_text_reader_end(t) != 0)
		abort();
	gs_text_reader_free(t);
	return h;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (int i = GS_TEXT_AUTO; i <= GS_TEXT_REG; i++) {
		enum gs_text_type f = (enum gs_text_type)i;
		if (read_in(f, p, n, n + 1) != read_in(f, p, n, 3))
			abort();
	}
	return 0;
}
