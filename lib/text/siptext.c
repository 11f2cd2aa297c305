/* SPDX-License-Identifier: MIT */
/* SIP messages in text: their start, header fields, and bodies. */
#include "text/reader_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "sdp/mask.h"
#include "text/align_priv.h"
#include "text/coded_priv.h"
#include "text/siphead_priv.h"
#include "text/textblock_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

/* A boundary has at most 70 characters (RFC 2046 section 5.1.1). */
enum { FIELD = 8192, BOUNDARIES = 4, BOUNDARY = 72, JUNK = 4 };

/* Most lines between a trace's line and the message that it announces, also if
 * it is unsure whether it is one. */
enum { NEAR = 8, NEXT = 2 };

enum sip_state { SIP_IDLE, SIP_HEADERS, SIP_BODY, SIP_PART_HEADERS };

struct text_sip {
	enum sip_state state;
	struct text_trace trace; /* the trace's line before the message */
	struct gs_pos trace_pos;
	size_t indent;
	bool dot;
	bool real; /* a header field of SIP was seen */
	bool fragment; /* it may be no message, but quoted in the body of one */
	int64_t quoted; /* octets that remain of that body; negative: none */
	unsigned junk; /* lines in the header that are no fields */
	bool doubled; /* a blank line follows each line */
	unsigned blanks; /* such blank lines in a row */
	bool announced; /* the header announces an SDP */
	bool brought; /* and it came */
	char label[128];
	struct gs_text_block head; /* what the message says about its SDP */
	bool strange; /* a Via names a transport that is not known */
	struct gs_buf start; /* the start line */
	struct gs_pos start_pos;
	struct gs_text_message m; /* from where to where */
	char when[GS_TEXT_WHEN]; /* of the trace, with its addresses */
	char src[64];
	char dst[64];
	bool placed; /* that line announces this message */
	struct gs_buf field; /* one header field, unfolded */
	struct gs_pos field_pos;
	enum gs_text_sip_content content;
	char boundary[BOUNDARIES][BOUNDARY];
	unsigned boundaries;
	bool multipart;
	int64_t length; /* Content-Length, or -1 */
	int64_t wire; /* octets of the body so far, with CRLF */
	struct gs_text_pending k;
};

bool
gs_text_sip_busy(const struct gs_text_reader *t)
{
	return t->sip != NULL && t->sip->state != SIP_IDLE;
}

bool
gs_text_sip_in_body(const struct gs_text_reader *t)
{
	return t->sip != NULL && t->sip->state == SIP_BODY;
}

bool
gs_text_sip_ends(const struct gs_text_reader *t)
{
	const struct text_sip *s = t->sip;

	return !gs_text_sip_busy(t) ||
	    (s->k.open && s->k.blanks > 0 && !s->k.doubled && s->indent == 0);
}

void
gs_text_sip_free(struct text_sip *s)
{
	if (s == NULL)
		return;
	gs_buf_free(&s->field);
	gs_buf_free(&s->start);
	gs_text_pending_free(&s->k);
	free(s);
}

/* The role of the SDP (RFC 3261 section 13.2.1, RFC 3311): in these, it is an
 * offer. */
static enum gs_sdp_role
role(const struct text_sip *s)
{
	bool offers = strcmp(s->head.method, "INVITE") == 0 ||
	    strcmp(s->head.method, "UPDATE") == 0;

	return s->head.status == 0 && offers ? GS_ROLE_OFFER : GS_ROLE_UNKNOWN;
}

static void
open_block(struct text_sip *s)
{
	s->head.role = role(s);
	s->brought = true;
	gs_text_pending_open(&s->k, &s->head);
}

/* How exposed a message is on this transport: unencrypted beats TLS, and TLS
 * beats unknown. */
static unsigned
exposure(enum gs_sdp_transport t)
{
	switch (t) {
	case GS_TRANSPORT_UNKNOWN: return 0;
	case GS_TRANSPORT_TLS:
	case GS_TRANSPORT_WSS: return 1;
	default: return 2;
	}
}

/* Whether this header, with all its fields, is quoted in the body of another
 * message (message/sipfrag, RFC 3420). One that announces an SDP, or tells how
 * it was carried, is read as a message. */
static bool
is_fragment(const struct text_sip *s)
{
	return s->fragment && s->quoted >= 0 && !s->announced &&
	    !s->multipart && s->head.vias == 0;
}

/* Passes on the message: its header is complete. */
static void
tell_message(struct gs_text_reader *t, struct text_sip *s)
{
	struct gs_text_block *h = &s->head;
	struct gs_text_message *m = &s->m;

	if (t->carried != GS_TRANSPORT_UNKNOWN &&
	    exposure(t->carried) >= exposure(h->transport)) {
		h->transport = t->carried;
		h->signalling = (struct gs_pos){ s->start_pos.line, 0 };
	}
	if (exposure(s->trace.transport) > exposure(h->transport)) {
		h->transport = s->trace.transport;
		h->signalling = s->trace_pos;
	}
	/* Nothing shows that SCTP, for one, was encrypted. */
	if (s->strange && exposure(h->transport) == exposure(GS_TRANSPORT_TLS))
		h->transport = GS_TRANSPORT_UNKNOWN;
	if (!s->real || is_fragment(s) || t->sink.message == NULL)
		return;
	m->line.text = gs_buf_span(&s->start);
	m->line.pos = s->start_pos;
	m->status = h->status;
	m->transport = h->transport;
	m->signalling = h->signalling;
	m->body = s->length != 0 && (s->announced || s->multipart);
	m->cseq = h->cseq;
	m->party = s->trace.party;
	memcpy(m->id, h->id, sizeof(m->id));
	memcpy(m->method, h->method, sizeof(m->method));
	t->sink.message(t->sink.arg, m);
}

static void
add_boundary(struct text_sip *s, struct gs_span b)
{
	if (b.n == 0 || b.n >= BOUNDARY || s->boundaries == BOUNDARIES)
		return;
	gs_text_copy(s->boundary[s->boundaries++], BOUNDARY, b);
}

static void
content_type(struct text_sip *s, struct gs_span value)
{
	struct gs_span b = { NULL, 0 };

	s->content = gs_text_sip_content(value, &b);
	s->announced |= s->content == SIP_CONTENT_SDP;
	if (s->content == SIP_CONTENT_MULTIPART) {
		s->multipart = true;
		add_boundary(s, b);
	}
}

static void
cseq(struct text_sip *s, struct gs_span v)
{
	uint64_t n = 0;

	if (gs_span_u64(gs_text_word(&v), &n) == 0 && n <= UINT32_MAX)
		s->head.cseq = (uint32_t)n;
	gs_text_copy(s->head.method, sizeof(s->head.method), gs_text_word(&v));
}

/* Reads one Via field: the message went, or will go, over its hop. If others
 * can read it on one hop, that hop counts. The top Via is that of the hop where
 * the message was seen, whose transport may be known better. */
static void
one_via(struct text_sip *s, struct gs_span v, bool known)
{
	struct gs_span name = gs_text_sip_via_transport(v);
	struct gs_span branch = gs_text_sip_branch(v);
	struct gs_text_block *h = &s->head;
	enum gs_sdp_transport t = gs_text_transport(name);

	if (h->vias++ == 0) {
		h->signalling = s->field_pos;
		h->branch = branch.n > 0 ? gs_span_hash(branch) : 0;
		if (name.n == 0 || known)
			return;
	}
	s->strange |= name.n > 0 && t == GS_TRANSPORT_UNKNOWN;
	if (h->vias > 1 && exposure(t) <= exposure(h->transport))
		return;
	h->transport = t;
	h->signalling = s->field_pos;
	h->signalling.col += (uint32_t)(name.p - (const char *)s->field.p);
}

static void
via(struct text_sip *s, struct gs_span v, bool known)
{
	while (v.n > 0) {
		size_t n = gs_span_find(v, GS_LIT(","));
		one_via(s, gs_span_trim(gs_span(v.p, n)), known);
		v = gs_span_skip(v, n + (n < v.n));
	}
}

/* Whether s is a line of a trace, or may tell of the message after it. */
static bool
is_announcement(struct gs_span s, struct text_trace *tr)
{
	struct text_trace other;

	if (!gs_text_is_trace(s, tr))
		return gs_text_names_carrier(s, tr);
	if (tr->head && tr->transport == GS_TRANSPORT_UNKNOWN &&
	    gs_text_names_carrier(s, &other)) {
		tr->transport = other.transport;
		tr->where = other.where;
	}
	return true;
}

static void
forget_trace(struct text_sip *s)
{
	s->trace = (struct text_trace){ .head = false };
	s->trace_pos = (struct gs_pos){ 0, 0 };
	s->placed = false;
}

/* Keeps what a line of a trace says about the message after it. */
static void
announce(struct text_sip *s, struct text_trace *tr, const struct gs_sdp_line *l)
{
	s->trace_pos = l->pos;
	if (tr->where.n > 0)
		s->trace_pos.col += (uint32_t)(tr->where.p - l->text.p);
	gs_text_when(l->text, s->when);
	gs_text_copy(s->src, sizeof(s->src), tr->src);
	gs_text_copy(s->dst, sizeof(s->dst), tr->dst);
	s->placed = true;
	s->trace = *tr;
	s->trace.where = s->trace.src = s->trace.dst = gs_span(NULL, 0);
}

/* Notes when the message was seen, and from where to where it went, according
 * to the trace, the capture or the log around it. */
static void
place(const struct gs_text_reader *t, struct text_sip *s)
{
	const bool trace = s->placed;
	struct gs_text_message *m = &s->m;

	*m = (struct gs_text_message){ .status = 0 };
	memcpy(m->when, trace && s->when[0] != '\0' ? s->when : t->when,
	    sizeof(m->when));
	memcpy(m->src, trace ? s->src : t->src, sizeof(m->src));
	memcpy(m->dst, trace ? s->dst : t->dst, sizeof(m->dst));
	s->placed = false;
}

/* Reads a complete header field. The first of repeated ones counts. */
static void
field_done(struct gs_text_reader *t, struct text_sip *s)
{
	struct gs_span v, f = gs_buf_span(&s->field);
	enum sip_field which =
	    f.n > 0 ? gs_text_sip_field_parse(f, &v) : SIP_NOT;
	struct gs_text_block *h = &s->head;

	if (which == SIP_CONTENT_TYPE) {
		content_type(s, v);
	} else if (s->state == SIP_PART_HEADERS) {
		which = SIP_OTHER;
	} else if (which == SIP_VIA) {
		via(s, v, t->carried != GS_TRANSPORT_UNKNOWN);
	} else if (which == SIP_CALL_ID && h->id[0] == '\0') {
		gs_text_copy(h->id, sizeof(h->id), v);
	} else if (which == SIP_CSEQ && h->cseq == 0) {
		cseq(s, v);
	} else if (which == SIP_FROM && h->from_tag[0] == '\0') {
		gs_text_copy(h->from_tag, sizeof(h->from_tag),
		    gs_text_sip_tag(v));
		gs_text_copy(s->m.from, sizeof(s->m.from),
		    gs_text_sip_address(v));
		gs_text_copy(s->m.from_name, sizeof(s->m.from_name),
		    gs_text_sip_name(v));
	} else if (which == SIP_TO && h->to_tag[0] == '\0') {
		gs_text_copy(h->to_tag, sizeof(h->to_tag), gs_text_sip_tag(v));
		gs_text_copy(s->m.to, sizeof(s->m.to), gs_text_sip_address(v));
		gs_text_copy(s->m.to_name, sizeof(s->m.to_name),
		    gs_text_sip_name(v));
	} else if (which == SIP_CONTENT_LENGTH && s->length < 0) {
		s->length = gs_text_sip_length(v);
	}
	gs_buf_clear(&s->field);
	if (which <= SIP_OTHER)
		return;
	s->real = true;
	if (t->type == GS_TEXT_AUTO || t->type == GS_TEXT_SDP)
		t->type = t->forced == GS_TEXT_AUTO ? GS_TEXT_SIP : t->forced;
}

/* Whether the header may have announced an SDP where it was cut: it does not
 * say how long the body is. In a text, a blank line may stand at the cut. */
static bool
may_be_cut(const struct gs_text_reader *t, const struct text_sip *s)
{
	const char *method = s->head.method;
	const unsigned status = s->head.status;

	if (s->length >= 0 || status >= 300 ||
	    (method[0] != '\0' && strcmp(method, "INVITE") != 0))
		return false;
	return s->state == SIP_HEADERS ||
	    (t->carried == GS_TRANSPORT_UNKNOWN &&
		s->content == SIP_CONTENT_NONE &&
		(status == 0 || status >= 200));
}

/* Ends the message. A start line without a header is not a message. An
 * announced SDP should have come, and one may have followed a header whose end
 * is missing. */
static void
tell_lost(struct gs_text_reader *t, const struct text_sip *s)
{
	struct gs_sdp_line l = { .text = gs_buf_span(&s->start),
		.pos = s->start_pos };

	if (!s->real && !s->fragment)
		gs_text_gap(t, GS_GAP_LINE, &l);
	else if (!s->real || is_fragment(s))
		return;
	else if (!s->brought && (t->cut || (s->announced && s->length != 0)))
		gs_text_gap(t, GS_GAP_BODY, &l);
	else if (!s->brought && may_be_cut(t, s))
		gs_text_gap(t, GS_GAP_HEADER, &l);
}

/* Ends a message, in any of its parts. */
static void
leave(struct gs_text_reader *t, struct text_sip *s)
{
	if (s->state == SIP_HEADERS) {
		field_done(t, s);
		tell_message(t, s);
	}
	gs_text_pending_close(t, &s->k);
	if (s->state != SIP_IDLE)
		tell_lost(t, s);
}

bool
gs_text_sip_join(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	return t->sip != NULL && t->sip->k.open &&
	    gs_text_pending_join(t, &t->sip->k, l);
}

void
gs_text_sip_end(struct gs_text_reader *t)
{
	if (t->sip == NULL)
		return;
	leave(t, t->sip);
	t->sip->state = SIP_IDLE;
	forget_trace(t->sip);
}

void
gs_text_sip_eof(struct gs_text_reader *t)
{
	struct text_sip *s = t->sip;

	/* The last line end may be missing. A line that is not of the SDP shows
	 * that the SDP was complete. */
	if (s != NULL && s->k.open &&
	    (t->cut || (s->length > s->wire + 2 && s->k.held.n == 0)))
		s->k.b.truncated = true;
	gs_text_sip_end(t);
}

static bool
begin(struct gs_text_reader *t, const struct text_start *st, size_t indent,
    const struct gs_sdp_line *l)
{
	if (!text_need(t, &t->sip, sizeof(*t->sip)))
		return false;
	struct text_sip *s = t->sip;
	const bool quoted =
	    s->state == SIP_BODY && s->content == SIP_CONTENT_FRAGMENT;
	const int64_t left = quoted ? s->length - s->wire : 0;
	leave(t, s);
	/* The trace line belongs to the first message after it. */
	if (s->state != SIP_IDLE ||
	    l->pos.line > s->trace_pos.line + (s->trace.unsure ? NEXT : NEAR))
		forget_trace(s);
	s->state = SIP_HEADERS;
	s->indent = indent;
	s->dot = st->dot;
	s->real = s->multipart = s->doubled = false;
	s->announced = s->brought = s->strange = false;
	s->fragment = quoted && (st->status > 0 || left > 0);
	s->quoted = left - (int64_t)l->text.n;
	s->blanks = 0;
	s->junk = s->boundaries = 0;
	s->content = SIP_CONTENT_NONE;
	s->length = -1;
	s->wire = 0;
	place(t, s);
	s->head = (struct gs_text_block){ .type = GS_TEXT_SIP,
		.label = s->label,
		.status = st->status,
		.party = s->trace.party };
	memcpy(s->head.when, s->m.when, sizeof(s->head.when));
	s->field.max = s->start.max = FIELD;
	gs_buf_clear(&s->field);
	gs_buf_clear(&s->start);
	gs_buf_put(&s->start, l->text.p, l->text.n < FIELD ? l->text.n : FIELD);
	s->start_pos = l->pos;
	if (st->status == 0) {
		gs_text_copy(s->head.method, sizeof(s->head.method),
		    st->method);
		gs_text_copy(s->label, sizeof(s->label), st->method);
		return true;
	}
	struct gs_span r = st->reason;
	(void)snprintf(s->label, sizeof(s->label), "%u%s%.*s", st->status,
	    r.n > 0 ? " " : "", (int)(r.n < 100 ? r.n : 100),
	    r.n > 0 ? r.p : "");
	/* A refusal may quote the line that it refuses. */
	gs_sdp_sdes_mask(s->label, strlen(s->label));
	return true;
}

static void
header_end(struct gs_text_reader *t, struct text_sip *s)
{
	bool part = s->state == SIP_PART_HEADERS;

	field_done(t, s);
	s->state = SIP_BODY;
	if (part)
		return;
	tell_message(t, s);
	s->wire = 0;
	if (s->content == SIP_CONTENT_NONE && s->length == 0)
		gs_text_sip_end(t);
}

/* Whether x, which is not a header field, is the rest of the previous line,
 * which is as long as lines that a terminal breaks. */
static bool
is_broken(struct gs_text_reader *t, struct gs_span x)
{
	enum { COLUMNS = 40 };
	struct text_trace tr;

	if (t->carried != GS_TRANSPORT_UNKNOWN || t->before < COLUMNS ||
	    t->before < t->longest || gs_text_is_trace(x, &tr) ||
	    gs_text_may_matter(t, x))
		return false;
	t->fold = t->before;
	return true;
}

/* Takes a line of the header of a message or of a part. */
static void
header_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_sip *s = t->sip;
	struct text_trace tr;
	struct gs_span v, x = l->text;

	s->quoted -= (int64_t)x.n + (x.n > 0 ? 2 : 0);
	if (gs_text_is_blank(x)) {
		/* The start line cannot be the end. */
		s->doubled |= s->field.n == 0 && !s->real;
		if (!s->doubled || ++s->blanks > 1)
			header_end(t, s);
		return;
	}
	s->blanks = 0;
	size_t mark = gs_text_fold_mark(x);
	if (mark > 0) {
		if (gs_text_matters(x))
			gs_text_untaken(t, l);
		if (s->field.n > 0) {
			x = gs_span_trim(gs_span_skip(x, mark));
			gs_buf_puts(&s->field, text_is_full(t) ? "" : " ");
			gs_buf_put(&s->field, x.p, x.n);
		}
		return;
	}
	enum sip_field f = gs_text_sip_field_parse(x, &v);
	if (f == SIP_NOT && s->field.n > 0 && is_broken(t, x)) {
		gs_buf_put(&s->field, x.p, x.n);
		return;
	}
	field_done(t, s);
	if (f == SIP_NOT && !text_is_packet(t) && is_announcement(x, &tr)) {
		gs_text_sip_end(t);
		announce(s, &tr, l);
	} else if (f == SIP_NOT) {
		gs_text_untaken(t, l);
		if (++s->junk > JUNK && !s->real)
			gs_text_sip_end(t);
	} else if (f > SIP_OTHER) {
		gs_buf_put(&s->field, x.p, x.n);
		s->field_pos = l->pos;
	}
}

/* Whether x is "--boundary" or "--boundary--". If the boundary is unknown, it
 * is the first line of the body that looks like one. */
static bool
is_boundary(struct text_sip *s, struct gs_span x)
{
	x = gs_span_trim(x);
	if (!s->multipart || x.n < 3 || !TEXT_STARTS(x, "--"))
		return false;
	x = gs_span_skip(x, 2);
	if (s->boundaries == 0)
		add_boundary(s, x);
	for (unsigned i = 0; i < s->boundaries; i++) {
		size_t n = strlen(s->boundary[i]);
		if (x.n >= n && memcmp(x.p, s->boundary[i], n) == 0 &&
		    (x.n == n ||
			(x.n == n + 2 && memcmp(x.p + n, "--", 2) == 0)))
			return true;
	}
	return false;
}

/* Takes a line of a body or a part, which may be an SDP. left is what remains
 * of the body by its Content-Length; -1: unknown. The length is often wrong in
 * copied text, so the form of the SDP decides where it can. */
static bool
sdp_line(struct gs_text_reader *t, const struct gs_sdp_line *l, int64_t left)
{
	struct text_sip *s = t->sip;
	struct gs_span x = l->text;

	if (gs_text_is_blank(x)) {
		if (s->k.open && !gs_text_pending_blank(&s->k, l))
			gs_text_sip_end(t);
		return true;
	}
	bool field = text_is_field(x), sdp = s->content == SIP_CONTENT_SDP;
	if (s->k.open && !field && gs_text_pending_join(t, &s->k, l))
		return true;
	if (s->k.open) {
		bool near = s->k.blanks == 0 || s->k.doubled;
		bool stays = text_is_version(x) ? left > 0 :
		    field                       ? near || left > 0 :
						  near && left != 0;
		if (stays && !field)
			gs_text_pending_hold(t, &s->k, l);
		else if (stays)
			gs_text_pending_add(t, &s->k, l);
		else
			gs_text_sip_end(t);
		return stays || (text_is_version(x) && gs_text_sdp_line(t, l));
	}
	if (text_is_version(x) || (sdp && field)) {
		open_block(s);
		gs_text_pending_add(t, &s->k, l);
		return true;
	}
	if (left == 0)
		gs_text_sip_end(t);
	return false;
}

static bool
body_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_sip *s = t->sip;
	struct text_trace tr;
	int64_t left = -1;

	if (s->length >= 0)
		left = s->length > s->wire ? s->length - s->wire : 0;
	int64_t n = (int64_t)l->text.n;
	s->wire += n + (l->eol != GS_EOL_NONE ? 2 : 0);
	if (is_boundary(s, l->text)) {
		gs_text_pending_close(t, &s->k);
		s->state = SIP_PART_HEADERS;
		s->content = SIP_CONTENT_OTHER;
		return true;
	}
	if (!text_is_packet(t) &&
	    (left <= 0 || s->content != SIP_CONTENT_OTHER ?
		    is_announcement(l->text, &tr) :
		    gs_text_is_trace(l->text, &tr))) {
		s->k.b.truncated |= s->k.open && tr.cut;
		gs_text_sip_end(t);
		announce(s, &tr, l);
		return true;
	}
	if (s->content == SIP_CONTENT_SDP || s->content == SIP_CONTENT_NONE)
		return sdp_line(t, l, left);
	/* A type that was damaged in copying, or a boundary that does not fit,
	 * does not hide media. */
	return left > 0 &&
	    (!text_is_field(l->text) || !gs_text_matters(l->text));
}

void
gs_text_sip_carried(struct gs_text_reader *t, struct text_trace *tr,
    const struct gs_sdp_line *l)
{
	if (exposure(tr->transport) > exposure(GS_TRANSPORT_TLS) &&
	    !gs_text_sip_busy(t) && text_need(t, &t->sip, sizeof(*t->sip)))
		announce(t->sip, tr, l);
}

/* Between messages, only a line that announces one matters. */
static bool
idle_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_trace tr;

	if (is_announcement(l->text, &tr) && tr.head &&
	    text_need(t, &t->sip, sizeof(*t->sip)))
		announce(t->sip, &tr, l);
	return false;
}

/* Whether a line is inside a body that is not an SDP. In a capture the end of a
 * message is known, and such a body may quote another one (message/sipfrag, RFC
 * 3420). */
static bool
is_quoted(const struct gs_text_reader *t)
{
	return t->carried != GS_TRANSPORT_UNKNOWN && gs_text_sip_busy(t) &&
	    t->sip->state == SIP_BODY &&
	    (t->sip->content == SIP_CONTENT_OTHER ||
		t->sip->content == SIP_CONTENT_FRAGMENT);
}

bool
gs_text_sip_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_start st;
	struct gs_sdp_line x = *l;

	if (!is_quoted(t) && gs_text_is_start(l->text, &st)) {
		bool blanks = gs_text_is_blank(gs_span(l->text.p, st.at));
		gs_text_sdp_end(t);
		return begin(t, &st, blanks ? st.at : 0, l);
	}
	if (!gs_text_sip_busy(t))
		return idle_line(t, l);
	struct text_sip *s = t->sip;
	size_t in = 0;
	while (in < s->indent && in < x.text.n &&
	    (x.text.p[in] == ' ' || x.text.p[in] == '\t'))
		in++;
	x.text = gs_span_skip(x.text, in);
	x.pos.col += (uint32_t)in;
	if (s->dot && gs_span_ends(gs_span_trim(x.text), GS_LIT("."))) {
		while (x.text.p[--x.text.n] != '.')
			;
		x.eol = GS_EOL_CRLF;
	}
	if (s->state != SIP_BODY && !text_is_version(x.text)) {
		header_line(t, &x);
		return true;
	}
	/* The blank line is missing. */
	if (s->state != SIP_BODY)
		header_end(t, s);
	if (s->state == SIP_IDLE)
		return false;
	return body_line(t, &x);
}
