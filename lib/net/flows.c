/* SPDX-License-Identifier: MIT */
/* TCP for the scrubber: bytes in order, and which of them to blank. */
#include "net/flows_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "net/ws_priv.h"
#include "net/capture.h"
#include "net/tcp_priv.h"

enum {
	BATCH = GS_TCP_LARGE, /* read at once if nothing waits for it */
	TAIL = GS_TCP_SMALL, /* bytes read again with what follows */
	SEEN = 8, /* bytes that show what a flow is */
	WS_TEXT = 32, /* letters that show a WebSocket frame */
	WS_LOOK = 14 + WS_TEXT,
	FRAMED_MAX = GS_MARKS_MAX, /* of WebSocket frames read at a time */
	MESSAGE_MAX = 64 * 1024, /* of one WebSocket message */
	LENGTH_MAX = 1 << 30, /* distance at which a flow is another one */
};

/* Blanks n bytes from at with c. */
struct edit {
	uint32_t at; /* counted from base */
	uint32_t n;
	uint8_t c;
	bool maybe; /* only when the flow talks */
};

enum framing { FRAMING_NONE, FRAMING_WS, FRAMING_HEP };

/* One direction of a connection, open or closed. */
struct flow {
	struct gs_net_flow tcp;
	uint64_t first_frame;
	uint64_t last_frame;
	uint32_t base; /* seq from which edits count */
	struct edit *edit; /* by at */
	size_t edits;
	size_t size;
	uint32_t longest; /* of them */
	bool talks; /* it contains SIP or similar text */
	bool other; /* it began as something else */
	bool blind; /* too much of it came out of order */
	bool seen; /* its beginning, which identifies it */
	bool over; /* there was no room for some edits */
	/* While it is read. */
	bool head; /* it is unknown what the first bytes belong to */
	bool fresh; /* nothing after the gap was read yet */
	bool lost; /* of a framing: where frames begin */
	uint8_t framing; /* enum framing */
	int64_t dark; /* bytes to come that are encoded */
	size_t done; /* bytes kept that were read before */
};

struct gs_net_flows {
	struct gs_net_marks *marks;
	struct gs_net_tcp *tcp;
	size_t edits;
	uint8_t *plain; /* of a framing, FRAMED_MAX */
	uint32_t *at; /* where its bytes stand */
};

void
gs_net_flows_free(struct gs_net_flows *t)
{
	if (t == NULL)
		return;
	gs_net_tcp_free(t->tcp);
	if (t->plain != NULL)
		explicit_bzero(t->plain, FRAMED_MAX);
	free(t->plain);
	free(t->at);
	free(t);
}

static struct flow *
flow_between(const struct gs_net_flows *t, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	return (struct flow *)gs_net_tcp_find(t->tcp, src, dst);
}

/* ---- edits */

static bool
grow_edits(struct gs_net_flows *t, struct flow *f)
{
	size_t size = f->size == 0 ? 8 : 2 * f->size;

	if (f->edits < f->size)
		return true;
	struct edit *e = t->edits < GS_FLOWS_EDITS ?
	    reallocarray(f->edit, size, sizeof(*e)) :
	    NULL;
	if (e == NULL)
		return false;
	f->edit = e;
	f->size = size;
	return true;
}

/* The edit just before place i that ends at at, or NULL: what is read again is
 * not added again. */
static struct edit *
extends(const struct flow *f, size_t i, uint32_t at, int c, bool maybe)
{
	for (size_t k = i; k > 0 && i - k < 4; k--) {
		struct edit *e = &f->edit[k - 1];

		if (e->c == c && e->maybe == maybe && e->at + e->n >= at)
			return e;
	}
	return NULL;
}

/* Blanks n bytes from seq with c. */
static void
add_edit(struct gs_net_flows *t, struct flow *f, uint32_t seq, size_t n, int c,
    bool maybe)
{
	uint32_t at = seq - f->base;
	size_t i = f->edits;

	if (n == 0 || f->over)
		return;
	while (i > 0 && f->edit[i - 1].at > at)
		i--;
	struct edit *e = extends(f, i, at, c, maybe);
	if (e != NULL) {
		if (at + n > e->at + e->n)
			e->n = (uint32_t)(at + n - e->at);
	} else {
		if (!grow_edits(t, f)) {
			f->over = true;
			return;
		}
		e = f->edit + i;
		memmove(e + 1, e, (f->edits - i) * sizeof(*e));
		*e = (struct edit){ at, (uint32_t)n, (uint8_t)c, maybe };
		f->edits++;
		t->edits++;
	}
	if (e->n > f->longest)
		f->longest = e->n;
}

/* Edits of bytes in the buffer, or of the contents of its frames. */
struct target {
	struct gs_net_flows *t;
	struct flow *f;
	size_t base; /* where in the buffer */
	bool framed;
	bool maybe;
};

static void
edit_buffer(void *arg, size_t at, size_t n, int c)
{
	const struct target *to = arg;
	struct flow *f = to->f;
	uint32_t start = f->tcp.next - (uint32_t)f->tcp.n;

	if (!to->framed) {
		add_edit(to->t, f, start + (uint32_t)(to->base + at), n, c,
		    to->maybe);
		return;
	}
	for (size_t i = at; i < at + n; i++) {
		uint32_t k = to->t->at[i];
		uint8_t mask = f->tcp.p[k] ^ to->t->plain[i];

		add_edit(to->t, f, start + k, 1, c ^ mask, to->maybe);
	}
}

static void
set_talks(struct gs_net_flows *t, struct flow *f)
{
	struct flow *back;

	if (f->talks)
		return;
	f->talks = true;
	back = flow_between(t, &f->tcp.dst, &f->tcp.src);
	if (back != NULL)
		back->talks = true;
}

/* The first n bytes of the buffer cannot be judged. */
static void
darken(struct gs_net_flows *t, struct flow *f, size_t n, bool maybe)
{
	add_edit(t, f, f->tcp.next - (uint32_t)f->tcp.n, n, GS_MARKS_DARK,
	    maybe);
}

/* ---- what is in the buffer */

static void
consume(struct gs_net_flows *t, struct flow *f, size_t n)
{
	gs_net_tcp_consume(t->tcp, &f->tcp, n);
	f->done = f->done > n ? f->done - n : 0;
}

static int
scan(struct gs_net_flows *t, struct flow *f, const uint8_t *p, size_t n,
    bool framed)
{
	struct target to = { t, f, 0, framed, false };
	struct gs_net_marks_sink sink = { edit_buffer, &to };
	struct gs_net_marks_found found = { .talks = f->talks };

	if (gs_net_marks_scan(t->marks, p, n, &sink, &found) == -1)
		return -1;
	if (found.talks)
		set_talks(t, f);
	if (!framed)
		f->dark = found.dark;
	return 0;
}

/* Blanks what bytes after a gap show by themselves: the rest of a key, or
 * "inline:" with a key. */
static void
rest_of_key(struct gs_net_flows *t, struct flow *f)
{
	static const char mark[] = "inline:";
	size_t from = 0, to;

	for (size_t k = 1; k < sizeof(mark) - 1; k++)
		if (gs_span_starts(gs_span(f->tcp.p, f->tcp.n),
			gs_span(mark + k, sizeof(mark) - 1 - k)))
			from = sizeof(mark) - 1 - k;
	for (to = from; to < f->tcp.n && gs_net_secret_char(f->tcp.p[to]); to++)
		continue;
	if (to - from >= GS_SECRET_RUN &&
	    (from > 0 || to == f->tcp.n ||
		(f->tcp.p[to] != '\0' &&
		    strchr("=|;\"'\r\n", f->tcp.p[to]) != NULL)))
		add_edit(t, f,
		    f->tcp.next - (uint32_t)f->tcp.n + (uint32_t)from,
		    to - from, GS_MARKS_KEY, false);
}

static void
read_head(struct gs_net_flows *t, struct flow *f)
{
	if (f->fresh && gs_net_marks_begins(f->tcp.p, f->tcp.n)) {
		f->head = false;
		return;
	}
	if (f->fresh)
		rest_of_key(t, f);
	size_t k = gs_net_marks_resume(f->tcp.p, f->tcp.n);
	darken(t, f, k, true);
	f->head = k == f->tcp.n;
}

/* Skips what was announced as encoded. Returns whether more is in the
 * buffer. */
static bool
read_dark(struct gs_net_flows *t, struct flow *f)
{
	size_t k;

	if (f->dark < 0) {
		k = gs_net_marks_resume(f->tcp.p, f->tcp.n);
		if (k < f->tcp.n)
			f->dark = 0;
	} else {
		k = (uint64_t)f->dark < f->tcp.n ? (size_t)f->dark : f->tcp.n;
		f->dark -= (int64_t)k;
	}
	darken(t, f, k, false);
	consume(t, f, k);
	return f->tcp.n > 0;
}

/* ---- WebSocket (RFC 6455 5.2) */

/* Whether p begins with a frame whose first least bytes are text. */
static bool
looks_like_ws(const uint8_t *p, size_t n, size_t least)
{
	struct gs_net_ws w;

	if (!gs_net_ws_header(&w, p, n) || w.compressed || w.control ||
	    w.length < least || n - w.header < least)
		return false;
	for (size_t k = 0; k < least; k++) {
		uint8_t c = gs_net_ws_octet(&w, p + w.header, k);
		if (!gs_net_marks_is_text(&c, 1))
			return false;
	}
	return true;
}

static bool
make_plain(struct gs_net_flows *t)
{
	if (t->plain == NULL)
		t->plain = malloc(FRAMED_MAX);
	if (t->at == NULL)
		t->at = calloc(FRAMED_MAX, sizeof(*t->at));
	return t->plain != NULL && t->at != NULL;
}

/* Adds the payload at p, of which n bytes are there, to the n of plain. */
static size_t
unmask(struct gs_net_flows *t, size_t have, const struct flow *f, size_t at,
    const struct gs_net_ws *w, size_t n)
{
	for (size_t i = 0; i < n && have < FRAMED_MAX; i++, have++) {
		t->plain[have] = gs_net_ws_octet(w, f->tcp.p + at, i);
		t->at[have] = (uint32_t)(at + i);
	}
	return have;
}

/* It is unknown how the n bytes of plain continue. */
static void
read_ws_head(struct gs_net_flows *t, struct flow *f, size_t n)
{
	struct target to = { t, f, 0, true, true };
	size_t k = gs_net_marks_resume(t->plain, n);

	if (k > 0)
		edit_buffer(&to, 0, k, GS_MARKS_DARK);
	f->head = k == n;
}

/* Reads all frames in the buffer and keeps an incomplete message. */
static int
read_ws(struct gs_net_flows *t, struct flow *f)
{
	size_t at = 0, keep = 0, n = 0;
	bool compressed = false;
	struct gs_net_ws w;

	if (!make_plain(t))
		return -1;
	while (gs_net_ws_header(&w, f->tcp.p + at, f->tcp.n - at)) {
		size_t from = at + w.header;
		size_t there = w.length < f->tcp.n - from ? (size_t)w.length :
							    f->tcp.n - from;

		if (!w.goes_on && !w.control) {
			compressed = w.compressed;
			f->head = f->head && n > 0;
		}
		if (compressed && !w.control)
			add_edit(t, f,
			    f->tcp.next - (uint32_t)f->tcp.n + (uint32_t)from,
			    there, GS_MARKS_DARK, true);
		else if (!w.control)
			n = unmask(t, n, f, from, &w, there);
		if (there < w.length)
			break;
		at = from + there;
		if (w.last && !w.control)
			keep = at;
	}
	/* Lost again, or too large. */
	f->lost = f->tcp.n - keep > MESSAGE_MAX ||
	    (f->tcp.n - at >= 14 &&
		!gs_net_ws_header(&w, f->tcp.p + at, f->tcp.n - at));
	if (f->head && n > 0)
		read_ws_head(t, f, n);
	if (scan(t, f, t->plain, n, true) == -1)
		return -1;
	if (f->lost) {
		darken(t, f, f->tcp.n, true);
		keep = f->tcp.n;
	}
	consume(t, f, keep);
	return 0;
}

/* The offset of the first frame with text, or n. */
static size_t
find_ws(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] & 0x70) == 0 && looks_like_ws(p + i, n - i, WS_TEXT))
			return i;
	return n;
}

/* After a gap, bytes before the first frame cannot be judged. */
static int
read_lost(struct gs_net_flows *t, struct flow *f)
{
	size_t k = find_ws(f->tcp.p, f->tcp.n);

	darken(t, f, k, true);
	if (k < f->tcp.n) {
		f->lost = false;
		f->head = true;
		consume(t, f, k);
		return read_ws(t, f);
	}
	if (f->tcp.n > WS_LOOK)
		consume(t, f, f->tcp.n - WS_LOOK);
	return 0;
}

/* ---- HEP */

static int
read_hep(struct gs_net_flows *t, struct flow *f)
{
	struct target to = { t, f, 0, false, false };
	struct gs_net_marks_sink sink = { edit_buffer, &to };
	size_t n = 0;

	/* The last packet may be incomplete. */
	for (; f->tcp.n - to.base >= 6; to.base += n) {
		const uint8_t *p = f->tcp.p + to.base;

		n = gs_be16(p + 4);
		if (memcmp(p, "HEP3", 4) != 0 || n < 6) {
			f->framing = FRAMING_NONE;
			break;
		}
		gs_net_marks_hep(p, f->tcp.n - to.base, &sink);
		if (n > f->tcp.n - to.base)
			break;
	}
	if (scan(t, f, f->tcp.p, f->tcp.n, false) == -1)
		return -1;
	f->dark = 0;
	consume(t, f, to.base);
	return 0;
}

/* ---- reading */

static int
recognise(struct gs_net_flows *t, struct flow *f)
{
	size_t k;

	if (f->framing != FRAMING_NONE)
		return 0;
	k = gs_net_ws_upgrade(gs_span(f->tcp.p, f->tcp.n));
	if (k > 0) {
		f->framing = FRAMING_WS;
		f->head = false;
		set_talks(t, f);
		if (scan(t, f, f->tcp.p, k, false) == -1)
			return -1;
		f->dark = 0;
		consume(t, f, k);
	} else if (!f->fresh) {
		return 0;
	} else if (f->tcp.n >= 6 && memcmp(f->tcp.p, "HEP3", 4) == 0) {
		f->framing = FRAMING_HEP;
		set_talks(t, f);
	} else if (looks_like_ws(f->tcp.p, f->tcp.n, WS_TEXT / 2) ||
	    (f->head && find_ws(f->tcp.p, f->tcp.n) < f->tcp.n)) {
		f->framing = FRAMING_WS;
		f->lost = true;
	}
	return 0;
}

/* Reads the buffer. What may continue in the next bytes stays in it. */
static int
read_buffer(struct gs_net_flows *t, struct flow *f)
{
	if (f->tcp.n == f->done)
		return 0;
	if (recognise(t, f) == -1)
		return -1;
	if (f->tcp.n == 0)
		return 0;
	if (!f->seen && f->tcp.n >= SEEN) {
		f->seen = true;
		f->other = gs_net_marks_is_other(f->tcp.p, f->tcp.n);
	}
	if (f->framing == FRAMING_WS) {
		f->fresh = false;
		int r = f->lost ? read_lost(t, f) : read_ws(t, f);
		f->done = f->tcp.n;
		return r;
	}
	if (f->dark != 0 && !read_dark(t, f))
		return 0;
	if (f->head)
		read_head(t, f);
	/* A few bytes do not identify the flow. */
	f->fresh = f->fresh && f->framing == FRAMING_NONE && f->tcp.n < WS_LOOK;
	if (f->framing == FRAMING_HEP)
		return read_hep(t, f);
	if (scan(t, f, f->tcp.p, f->tcp.n, false) == -1)
		return -1;
	if (f->dark != 0) {
		consume(t, f, f->tcp.n);
		return 0;
	}
	if (f->tcp.n > 2 * TAIL)
		consume(t, f, f->tcp.n - TAIL);
	f->done = f->tcp.n;
	return 0;
}

static int
on_rest(void *arg, struct gs_net_flow *f)
{
	return read_buffer(arg, (struct flow *)f);
}

static int
on_more(void *arg, struct gs_net_flow *tcp)
{
	struct flow *f = (struct flow *)tcp;

	return tcp->n - f->done >= BATCH || f->lost ? read_buffer(arg, f) : 0;
}

/* If missing bytes come late, they cannot be judged. */
static int
on_gap(void *arg, struct gs_net_flow *tcp, uint32_t next, bool full)
{
	struct gs_net_flows *t = arg;
	struct flow *f = (struct flow *)tcp;

	f->blind = f->blind || (full && !f->fresh);
	if (read_buffer(t, f) == -1)
		return -1;
	add_edit(t, f, tcp->next, next - tcp->next, GS_MARKS_DARK, true);
	f->done = 0;
	f->dark = 0;
	f->head = f->fresh = true;
	f->lost = f->framing == FRAMING_WS;
	if (f->framing == FRAMING_HEP)
		f->framing = FRAMING_NONE;
	return 0;
}

static bool
has_edits(const struct flow *f)
{
	if (f->talks || (f->blind && !f->other))
		return f->edits > 0 || f->over;
	for (size_t i = 0; i < f->edits; i++)
		if (!f->edit[i].maybe)
			return true;
	return false;
}

/* The flow stays in the table if there is something to blank. */
static bool
on_close(void *arg, struct gs_net_flow *tcp, bool forced)
{
	struct gs_net_flows *t = arg;
	struct flow *f = (struct flow *)tcp;

	f->done = 0;
	if (!forced && has_edits(f))
		return true;
	t->edits -= f->edits;
	free(f->edit);
	return false;
}

int
gs_net_flows_end(struct gs_net_flows *t)
{
	return gs_net_tcp_end(t->tcp);
}

/* known: nothing of it was before next. */
static struct flow *
create(struct gs_net_flows *t, const struct gs_net_packet *p,
    const struct gs_net_frame *g, uint32_t next, bool known)
{
	struct flow *f = (struct flow *)gs_net_tcp_open(t->tcp, g, next);

	if (f == NULL)
		return NULL;
	f->first_frame = p->frame;
	f->base = next - 2 * GS_TCP_FAR;
	f->fresh = true;
	f->head = !known;
	const struct flow *back = flow_between(t, &g->dst, &g->src);
	f->talks = back != NULL && back->talks;
	return f;
}

/* The flow of a segment: a new one for another connection, or if it is too far
 * away. */
static struct flow *
flow_for(struct gs_net_flows *t, const struct gs_net_packet *p,
    const struct gs_net_frame *g, bool now)
{
	struct flow *f = flow_between(t, &g->src, &g->dst);
	bool syn = (g->flags & GS_TCP_SYN) != 0;
	uint32_t seq = g->seq + syn;
	int32_t gone = f == NULL ? 0 : gs_net_tcp_behind(f->tcp.next, seq);
	bool known = syn;

	if (f != NULL && syn && gs_net_tcp_restarts(&f->tcp, g->seq))
		known = true;
	else if (f != NULL && f->tcp.next - f->base > LENGTH_MAX)
		known = gone == 0 && f->tcp.pending == NULL && !f->head;
	else if (f != NULL &&
	    (g->length == 0 || (gone <= GS_TCP_FAR && gone >= -GS_TCP_FAR)))
		return f;
	bool talks = f != NULL && f->talks && !syn;
	if (f != NULL && gs_net_tcp_close(t->tcp, &f->tcp) == -1)
		return NULL;
	/* Bytes sent before may come next, as after a gap. */
	f = create(t, p, g, seq - (known || now ? 0 : GS_TCP_FAR / 2), known);
	if (f != NULL)
		f->talks = f->talks || talks;
	return f;
}

/* The part of a segment that precedes the first one that was seen. */
static void
darken_before(struct gs_net_flows *t, struct flow *f, uint32_t seq, uint32_t n)
{
	uint32_t at = seq - f->base, room = 2 * GS_TCP_FAR - at;

	if (at < 2 * GS_TCP_FAR)
		add_edit(t, f, seq, n < room ? n : room, GS_MARKS_DARK, true);
}

int
gs_net_flows_read(struct gs_net_flows *t, const struct gs_net_packet *p,
    const struct gs_net_frame *g, bool now)
{
	struct flow *f = flow_for(t, p, g, now);
	uint32_t seq = g->seq + ((g->flags & GS_TCP_SYN) != 0);
	int r = 0;

	if (f == NULL)
		return -1;
	gs_net_tcp_touch(t->tcp, &f->tcp);
	f->last_frame = p->frame;
	if (now)
		r = gs_net_tcp_expire(t->tcp, &f->tcp, p->ns);
	if (r == 0 && g->length > 0) {
		darken_before(t, f, seq, g->length);
		r = gs_net_tcp_segment(t->tcp, &f->tcp, p->ns, seq,
		    gs_span(g->p + g->payload, g->length));
	}
	if (r == 0 && now)
		r = read_buffer(t, f);
	if ((g->flags & (GS_TCP_FIN | GS_TCP_RST)) != 0)
		f->tcp.ended = true;
	return r;
}

/* ---- what to blank */

static const struct flow *
find_at(const struct gs_net_flows *t, const struct gs_net_frame *g,
    uint64_t frame)
{
	const struct gs_net_flow *f =
	    gs_net_tcp_chain(t->tcp, &g->src, &g->dst);

	for (; f != NULL; f = f->chain) {
		const struct flow *own = (const struct flow *)f;

		if (frame >= own->first_frame && frame <= own->last_frame &&
		    gs_net_addr_eq(&f->src, &g->src) &&
		    gs_net_addr_eq(&f->dst, &g->dst))
			return own;
	}
	return NULL;
}

/* The part of e within n bytes from at. */
static void
give(const struct edit *e, uint32_t at, size_t n,
    const struct gs_net_marks_sink *sink)
{
	int64_t from = (int64_t)e->at - at, to = from + e->n;

	if (from < 0)
		from = 0;
	if (to > (int64_t)n)
		to = (int64_t)n;
	if (from < to)
		sink->edit(sink->arg, (size_t)from, (size_t)(to - from), e->c);
}

/* Whether what cannot be judged is blanked: in a flow with SIP, and in an open
 * one that is not identified yet. */
static bool
is_suspect(const struct flow *f, const struct gs_net_frame *g)
{
	return f->talks || (f->blind && !f->other) ||
	    (f->tcp.open && !f->other &&
		gs_net_marks_is_text(g->p + g->payload, g->length));
}

/* Whether a segment waits after a gap, or precedes the first one: its context
 * is unknown. */
static bool
overtook(const struct flow *f, uint32_t seq)
{
	return f->tcp.open &&
	    (gs_net_tcp_behind(seq, f->tcp.next) > 0 ||
		seq - f->base < 2 * GS_TCP_FAR);
}

/* Whether a segment contains SIP or HEP. */
static bool
shows_sip(const struct gs_net_frame *g)
{
	struct gs_span s = gs_span(g->p + g->payload, g->length);

	return gs_span_has(s, GS_LIT("SIP/2.0")) ||
	    gs_span_has(s, GS_LIT("HEP3"));
}

void
gs_net_flows_edits(const struct gs_net_flows *t, const struct gs_net_packet *p,
    const struct gs_net_frame *g, const struct gs_net_marks_sink *sink)
{
	const struct flow *f = find_at(t, g, p->frame);
	uint32_t seq = g->seq + ((g->flags & GS_TCP_SYN) != 0);

	if (f == NULL || g->length == 0)
		return;
	uint32_t at = seq - f->base;
	bool ahead = overtook(f, seq);
	bool suspect = is_suspect(f, g) || (ahead && shows_sip(g));
	if (suspect && (f->over || ahead)) {
		sink->edit(sink->arg, 0, g->length, GS_MARKS_DARK);
		return;
	}
	size_t lo = 0, hi = f->edits;
	uint32_t first = at > f->longest ? at - f->longest : 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->edit[mid].at < first)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < f->edits && f->edit[lo].at < at + g->length; lo++)
		if (!f->edit[lo].maybe || suspect)
			give(&f->edit[lo], at, g->length, sink);
}

struct gs_net_flows *
gs_net_flows_new(struct gs_net_marks *marks)
{
	struct gs_net_flows *t = calloc(1, sizeof(*t));
	const struct gs_net_tcp_reader reader = {
		.size = sizeof(struct flow),
		.flows = GS_FLOWS_MAX,
		.bytes = GS_FLOWS_BYTES,
		.pending = GS_FLOWS_PENDING,
		.more = on_more,
		.gap = on_gap,
		.rest = on_rest,
		.close = on_close,
		.arg = t,
	};

	if (t == NULL)
		return NULL;
	t->marks = marks;
	t->tcp = gs_net_tcp_new(&reader);
	if (t->tcp != NULL)
		return t;
	free(t);
	return NULL;
}
