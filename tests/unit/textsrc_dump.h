/* SPDX-License-Identifier: MIT */
/* What a text reader finds, as one short line for each thing. */
#ifndef TEXTSRC_DUMP_H
#define TEXTSRC_DUMP_H

#include <inttypes.h>

#include "text/textsrc.h"

static const char *const dump_party[] = { "", " remote", " local" };
static const char *const dump_role[] = { "", " offer", " answer" };
static const char *const dump_transport[] = { "", " UDP", " TCP", " TLS", " WS",
	" WSS" };

static void
dump_place(struct gs_buf *b, struct gs_pos p)
{
	gs_buf_printf(b, "%" PRIu64 ":%u", p.line, p.col);
}

/* sdp 1:1 "SDP" 5 lines to 5:1 … */
static void
dump_block(void *arg, const struct gs_text_block *k)
{
	struct gs_buf *b = arg;

	gs_buf_printf(b, "%s ", gs_text_type_name(k->type));
	dump_place(b, k->pos);
	gs_buf_printf(b, " \"%s\" %zu lines", k->label, k->lines);
	if (k->lines > 0) {
		const struct gs_sdp_line *l = &k->line[k->lines - 1];
		gs_buf_puts(b, " to ");
		dump_place(b, l->pos);
		gs_buf_printf(b, " %c ", "LCN"[l->eol]);
		gs_buf_put_visible(b, l->text);
	}
	if (k->id[0] != '\0')
		gs_buf_printf(b, " id=%s", k->id);
	if (k->from_tag[0] != '\0' || k->to_tag[0] != '\0')
		gs_buf_printf(b, " tags=%s,%s", k->from_tag, k->to_tag);
	if (k->method[0] != '\0')
		gs_buf_printf(b, " %u %s %u", k->cseq, k->method, k->status);
	gs_buf_printf(b, "%s%s%s%s%s", dump_party[k->party], dump_role[k->role],
	    k->repeated ? " repeated" : "", k->truncated ? " truncated" : "",
	    dump_transport[k->transport]);
	if (k->signalling.line > 0) {
		gs_buf_puts(b, " at ");
		dump_place(b, k->signalling);
	}
	gs_buf_puts(b, "\n");
}

static void
dump_key(void *arg, const struct gs_text_log_key *k)
{
	struct gs_buf *b = arg;

	gs_buf_puts(b, "key ");
	dump_place(b, k->line.pos);
	gs_buf_printf(b, "%s%s %s id=%s%s [", dump_party[k->party],
	    k->changed ? " changed" : "", k->media, k->id,
	    k->id_guessed ? "?" : "");
	gs_buf_put_visible(b, k->crypto);
	gs_buf_puts(b, "]\n");
}

static void
dump_event(void *arg, const struct gs_text_log_event *e)
{
	struct gs_buf *b = arg;

	gs_buf_printf(b, "event %d ", (int)e->kind);
	dump_place(b, e->line.pos);
	gs_buf_printf(b, " id=%s%s [", e->id, e->id_guessed ? "?" : "");
	gs_buf_put_visible(b, e->detail);
	gs_buf_puts(b, "]\n");
}

static void
dump_registration(void *arg, const struct gs_text_registration *r)
{
	struct gs_buf *b = arg;

	gs_buf_puts(b, "reg ");
	dump_place(b, r->status_pos);
	gs_buf_printf(b, " %s %s %s %s%s%s\n", r->user, r->contact, r->agent,
	    r->status, dump_transport[r->transport],
	    r->hidden ? " hidden" : "");
}

/* Reads bytes in pieces of so many and appends what was found, then the
 * type. Every piece is a copy that is gone after the call. */
static int
dump_text(struct gs_buf *b, enum gs_text_type forced, struct gs_span bytes,
    size_t piece)
{
	struct gs_text_sink sink = {
		.block = dump_block,
		.key = dump_key,
		.event = dump_event,
		.registration = dump_registration,
		.arg = b,
	};
	struct gs_text_reader *t = gs_text_reader_new(forced, &sink);
	int rc = t != NULL ? 0 : -1;

	for (size_t at = 0; rc == 0 && at < bytes.n; at += piece) {
		size_t n = bytes.n - at < piece ? bytes.n - at : piece;
		struct gs_buf copy;
		gs_buf_init(&copy, n);
		gs_buf_put(&copy, bytes.p + at, n);
		rc = gs_text_reader_feed(t, gs_buf_span(&copy));
		gs_buf_free(&copy);
	}
	if (rc == 0)
		rc = gs_text_reader_end(t);
	if (rc == 0)
		gs_buf_printf(b, "%s\n",
		    gs_text_type_name(gs_text_reader_type(t)));
	gs_text_reader_free(t);
	return rc;
}

#endif
