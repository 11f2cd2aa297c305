/* SPDX-License-Identifier: MIT */
/* An SDP that is collected line by line and given to the sink. */
#include "text/textsrc_priv.h"

#include <stdlib.h>

enum {
	FIRST_BYTES = 2048,
	KEEP_BYTES = 16 * 1024, /* memory that is kept for the next SDP */
	KEEP_LINES = 512,
	BLANKS = 8,
};

struct text_meta {
	struct gs_pos pos;
	uint32_t at;
	uint32_t n;
	enum gs_sdp_eol eol;
};

static void
forget(struct gs_text_pending *k)
{
	if (k->text.size > KEEP_BYTES)
		gs_buf_free(&k->text);
	else
		gs_buf_clear(&k->text);
	if (k->size > KEEP_LINES) {
		free(k->meta);
		k->meta = NULL;
		k->size = 0;
	}
	k->lines = 0;
	k->blanks = 0;
	k->open = false;
}

void
gs_text_pending_open(struct gs_text_pending *k, enum gs_text_type type,
    const char *label)
{
	forget(k);
	k->text.max = GS_TEXT_BLOCK;
	k->b.line = NULL;
	k->b.lines = 0;
	k->b.pos = (struct gs_pos){ 0, 0 };
	k->b.type = type;
	k->b.label = label;
	k->b.id[0] = k->b.from_tag[0] = k->b.to_tag[0] = '\0';
	k->b.method[0] = '\0';
	k->b.cseq = 0;
	k->b.status = 0;
	k->b.party = GS_PARTY_UNKNOWN;
	k->b.role = GS_ROLE_UNKNOWN;
	k->b.repeated = k->b.truncated = false;
	k->b.transport = GS_TRANSPORT_UNKNOWN;
	k->b.signalling = (struct gs_pos){ 0, 0 };
	k->open = true;
}

static bool
room_for_line(struct gs_text_reader *t, struct gs_text_pending *k)
{
	if (k->lines < k->size)
		return true;
	if (k->size >= GS_TEXT_BLOCK_LINES) {
		k->b.truncated = true;
		return false;
	}
	if (!gs_grow(&k->meta, &k->size, k->lines + 1, sizeof(*k->meta))) {
		t->no_memory = true;
		return false;
	}
	return true;
}

static void
put(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	struct gs_buf *b = &k->text;

	if (k->b.truncated || !room_for_line(t, k))
		return;
	if (l->text.n > b->max - b->n) {
		k->b.truncated = true;
		return;
	}
	/* One allocation serves most SDPs. */
	if (b->size == 0)
		(void)!gs_buf_space(b, FIRST_BYTES);
	k->meta[k->lines] = (struct text_meta){ l->pos, (uint32_t)b->n,
		(uint32_t)l->text.n, l->eol };
	gs_buf_put(b, l->text.p, l->text.n);
	if (!gs_buf_ok(b)) {
		t->no_memory = true;
		return;
	}
	k->lines++;
	t->kept++;
}

void
gs_text_pending_add(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	struct gs_sdp_line blank = { .pos = k->blank, .eol = k->blank_eol };

	for (; k->blanks > 0; k->blanks--, blank.pos.line++)
		put(t, k, &blank);
	put(t, k, l);
}

bool
gs_text_pending_blank(struct gs_text_pending *k, const struct gs_sdp_line *l)
{
	if (k->blanks == 0) {
		k->blank = l->pos;
		k->blank_eol = l->eol;
	}
	return ++k->blanks <= BLANKS;
}

static bool
room_for_out(struct gs_text_reader *t, size_t n)
{
	if (gs_grow(&t->out, &t->out_size, n, sizeof(*t->out)))
		return true;
	t->no_memory = true;
	return false;
}

static struct gs_sdp_line
line_at(const struct gs_text_pending *k, size_t i)
{
	const struct text_meta *m = &k->meta[i];

	return (struct gs_sdp_line){ .text = gs_span(k->text.p + m->at, m->n),
		.pos = m->pos,
		.eol = m->eol };
}

void
gs_text_pending_refuse(struct gs_text_reader *t,
    const struct gs_text_pending *k)
{
	for (size_t i = 0; i < k->lines && t->sink.rest != NULL; i++) {
		struct gs_sdp_line l = line_at(k, i);
		t->sink.rest(t->sink.arg, &l);
	}
}

void
gs_text_pending_close(struct gs_text_reader *t, struct gs_text_pending *k)
{
	if (!k->open)
		return;
	k->open = false;
	if (t->sink.block != NULL && room_for_out(t, k->lines)) {
		for (size_t i = 0; i < k->lines; i++)
			t->out[i] = line_at(k, i);
		k->b.line = t->out;
		k->b.lines = k->lines;
		k->b.pos =
		    k->lines > 0 ? k->meta[0].pos : (struct gs_pos){ 1, 1 };
		t->sink.block(t->sink.arg, &k->b);
	}
	forget(k);
}

size_t
gs_text_pending_cost(const struct gs_text_pending *k)
{
	return k->text.n + k->lines * sizeof(*k->meta);
}

void
gs_text_pending_drop(struct gs_text_pending *k)
{
	forget(k);
}

void
gs_text_pending_free(struct gs_text_pending *k)
{
	gs_buf_free(&k->text);
	free(k->meta);
}
