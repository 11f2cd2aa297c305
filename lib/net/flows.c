/* SPDX-License-Identifier: MIT */
/* TCP for the scrubber: bytes in their order, and what to blank of them. */
#include "net/flows_priv.h"

#include <stdlib.h>

#include "base/bytes.h"

enum {
	BUCKETS = 4096,
	BATCH = 16 * 1024, /* read at a time when nobody waits */
	TAIL = 2048, /* bytes that are read again with what follows */
	SEEN = 8, /* bytes that show what a flow is */
	WS_TEXT = 32, /* letters that show a WebSocket frame */
	WS_LOOK = 14 + WS_TEXT,
	FRAMED_MAX = GS_MARKS_MAX, /* of WebSocket frames read at a time */
	MESSAGE_MAX = 64 * 1024, /* of one WebSocket message */
	AHEAD_MAX = 1024 * 1024, /* farther ahead is another stream */
	LENGTH_MAX = 1 << 30, /* of one flow, then it is another one */
	FIN = 1,
	SYN = 2,
	RST = 4,
};

static const uint64_t GAP_NS = UINT64_C(1000000000) * GS_FLOWS_GAP_SECONDS;

/* A segment behind a gap. */
struct pending {
	struct pending *next; /* by seq */
	uint32_t seq;
	uint32_t n;
	uint8_t bytes[];
};

/* malloc() adds a header and rounds up. */
enum { PENDING_COST = sizeof(struct pending) + 32 };

/* n bytes from at become c. */
struct edit {
	uint32_t at; /* counted from base */
	uint32_t n;
	uint8_t c;
	bool maybe; /* only when the flow talks */
};

enum framing { FRAMING_NONE, FRAMING_WS, FRAMING_HEP };

/* One direction of a connection, or what is known of a former one. */
struct flow {
	struct flow *chain;
	struct flow *older;
	struct flow *younger;
	struct gs_addr src;
	struct gs_addr dst;
	uint64_t first_frame;
	uint64_t last_frame;
	uint32_t base; /* seq that edits count from */
	struct edit *edit; /* by at */
	size_t edits;
	size_t size;
	uint32_t longest; /* of them */
	bool talks; /* SIP or the like was seen in it */
	bool other; /* it began as something else */
	bool blind; /* too much of it came out of order */
	bool seen; /* its beginning, which says what it is */
	bool over; /* not all edits found room */
	/* While it is read. */
	bool open;
	bool ended;
	bool head; /* what the bytes at the beginning belong to is not known */
	bool fresh; /* nothing behind the gap was read yet */
	bool lost; /* of a framing: where frames begin */
	uint8_t framing; /* enum framing */
	int64_t dark; /* bytes to come that are encoded */
	uint32_t next; /* seq of the next byte */
	uint8_t *buf; /* the n bytes before next */
	size_t n;
	size_t room;
	size_t done; /* of n: read before */
	struct pending *pending;
	struct pending *last; /* of them */
	unsigned pendings;
	uint64_t since; /* when the first of them came */
};

struct gs_flows {
	struct gs_marks *marks;
	struct flow *bucket[BUCKETS];
	struct flow *oldest;
	struct flow *youngest;
	size_t open;
	size_t bytes;
	size_t edits;
	bool closing; /* no other flow is closed meanwhile */
	uint8_t *plain; /* of a framing, FRAMED_MAX */
	uint32_t *at; /* where its bytes stand */
};

struct gs_flows *
gs_flows_new(struct gs_marks *marks)
{
	struct gs_flows *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->marks = marks;
	return t;
}

static int32_t
behind(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* ---- the table */

static size_t
bucket_of(const struct gs_addr *src, const struct gs_addr *dst)
{
	return gs_addr_hash(src, dst, 0) % BUCKETS;
}

static struct flow *
find(const struct gs_flows *t, const struct gs_addr *src,
    const struct gs_addr *dst)
{
	struct flow *f = t->bucket[bucket_of(src, dst)];

	while (f != NULL &&
	    (!f->open || !gs_addr_eq(&f->src, src) ||
		!gs_addr_eq(&f->dst, dst)))
		f = f->chain;
	return f;
}

static void
link_youngest(struct gs_flows *t, struct flow *f)
{
	f->older = t->youngest;
	f->younger = NULL;
	if (t->youngest != NULL)
		t->youngest->younger = f;
	else
		t->oldest = f;
	t->youngest = f;
}

static void
unlink_age(struct gs_flows *t, const struct flow *f)
{
	if (f->older != NULL)
		f->older->younger = f->younger;
	else
		t->oldest = f->younger;
	if (f->younger != NULL)
		f->younger->older = f->older;
	else
		t->youngest = f->older;
}

static void
free_pending(struct gs_flows *t, struct flow *f)
{
	struct pending *p = f->pending;

	f->pending = p->next;
	if (f->pending == NULL)
		f->last = NULL;
	f->pendings--;
	t->bytes -= PENDING_COST + p->n;
	explicit_bzero(p->bytes, p->n);
	free(p);
}

static void
free_buffer(struct gs_flows *t, struct flow *f)
{
	if (f->buf != NULL)
		explicit_bzero(f->buf, f->room);
	free(f->buf);
	t->bytes -= f->room;
	f->buf = NULL;
	f->n = f->room = f->done = 0;
}

/* f is not open any more. */
static void
drop(struct gs_flows *t, struct flow *f)
{
	struct flow **link = &t->bucket[bucket_of(&f->src, &f->dst)];

	while (*link != f)
		link = &(*link)->chain;
	*link = f->chain;
	t->edits -= f->edits;
	free(f->edit);
	free(f);
}

void
gs_flows_free(struct gs_flows *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (t->bucket[i] != NULL) {
			struct flow *f = t->bucket[i];

			while (f->pending != NULL)
				free_pending(t, f);
			free_buffer(t, f);
			drop(t, f);
		}
	if (t->plain != NULL)
		explicit_bzero(t->plain, FRAMED_MAX);
	free(t->plain);
	free(t->at);
	free(t);
}

/* ---- edits */

static bool
grow_edits(struct gs_flows *t, struct flow *f)
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

/* One of the edits just before place i that goes on at at, or NULL: what is
 * read again is not added again. */
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

/* n bytes from seq on become c. */
static void
add_edit(struct gs_flows *t, struct flow *f, uint32_t seq, size_t n, int c,
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

/* Edits of bytes in the buffer; with a framing, of what is in its frames. */
struct target {
	struct gs_flows *t;
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
	uint32_t start = f->next - (uint32_t)f->n;

	if (!to->framed) {
		add_edit(to->t, f, start + (uint32_t)(to->base + at), n, c,
		    to->maybe);
		return;
	}
	for (size_t i = at; i < at + n; i++) {
		uint32_t k = to->t->at[i];
		uint8_t mask = f->buf[k] ^ to->t->plain[i];

		add_edit(to->t, f, start + k, 1, c ^ mask, to->maybe);
	}
}

static void
set_talks(struct gs_flows *t, struct flow *f)
{
	struct flow *back;

	if (f->talks)
		return;
	f->talks = true;
	back = find(t, &f->dst, &f->src);
	if (back != NULL)
		back->talks = true;
}

/* The first n bytes of the buffer cannot be judged. */
static void
darken(struct gs_flows *t, struct flow *f, size_t n, bool maybe)
{
	add_edit(t, f, f->next - (uint32_t)f->n, n, GS_MARKS_DARK, maybe);
}

/* ---- what is in the buffer */

/* Quiet flows keep little. */
static void
shrink(struct gs_flows *t, struct flow *f)
{
	uint8_t *buf = malloc(TAIL);

	if (buf == NULL)
		return;
	memcpy(buf, f->buf, f->n);
	explicit_bzero(f->buf, f->room);
	free(f->buf);
	t->bytes -= f->room - TAIL;
	f->buf = buf;
	f->room = TAIL;
}

static void
consume(struct gs_flows *t, struct flow *f, size_t n)
{
	if (n >= f->n) {
		free_buffer(t, f);
		return;
	}
	memmove(f->buf, f->buf + n, f->n - n);
	f->n -= n;
	f->done = f->done > n ? f->done - n : 0;
	if (f->room >= BATCH && f->n <= TAIL)
		shrink(t, f);
}

static int
scan(struct gs_flows *t, struct flow *f, const uint8_t *p, size_t n,
    bool framed)
{
	struct target to = { t, f, 0, framed, false };
	struct gs_marks_sink sink = { edit_buffer, &to };
	struct gs_marks_found found = { .talks = f->talks };

	if (gs_marks_scan(t->marks, p, n, &sink, &found) == -1)
		return -1;
	if (found.talks)
		set_talks(t, f);
	if (!framed)
		f->dark = found.dark;
	return 0;
}

/* What can be told of bytes behind a gap by themselves: the rest of a key,
 * or of "inline:" with a key. */
static void
rest_of_key(struct gs_flows *t, struct flow *f)
{
	static const char mark[] = "inline:";
	size_t from = 0, to;

	for (size_t k = 1; k < sizeof(mark) - 1; k++)
		if (gs_span_starts(gs_span(f->buf, f->n),
			gs_span(mark + k, sizeof(mark) - 1 - k)))
			from = sizeof(mark) - 1 - k;
	for (to = from; to < f->n && gs_secret_char(f->buf[to]); to++)
		continue;
	if (to - from >= GS_SECRET_RUN &&
	    (from > 0 || to == f->n ||
		(f->buf[to] != '\0' &&
		    strchr("=|;\"'\r\n", f->buf[to]) != NULL)))
		add_edit(t, f, f->next - (uint32_t)f->n + (uint32_t)from,
		    to - from, GS_MARKS_KEY, false);
}

static void
read_head(struct gs_flows *t, struct flow *f)
{
	if (f->fresh && gs_marks_begins(f->buf, f->n)) {
		f->head = false;
		return;
	}
	if (f->fresh)
		rest_of_key(t, f);
	size_t k = gs_marks_resume(f->buf, f->n);
	darken(t, f, k, true);
	f->head = k == f->n;
}

/* What was announced as encoded. Returns whether more is in the buffer. */
static bool
read_dark(struct gs_flows *t, struct flow *f)
{
	size_t k;

	if (f->dark < 0) {
		k = gs_marks_resume(f->buf, f->n);
		if (k < f->n)
			f->dark = 0;
	} else {
		k = (uint64_t)f->dark < f->n ? (size_t)f->dark : f->n;
		f->dark -= (int64_t)k;
	}
	darken(t, f, k, false);
	consume(t, f, k);
	return f->n > 0;
}

/* ---- WebSocket (RFC 6455 5.2) */

/* A frame's header: where its payload is, how long, and its mask. */
struct ws {
	size_t header;
	uint64_t length;
	const uint8_t *mask; /* NULL: none */
	bool last;
	bool goes_on; /* a message that began before */
	bool compressed;
	bool control;
};

/* False: it is none, or not all there (n < 14). */
static bool
ws_header(struct ws *w, const uint8_t *p, size_t n)
{
	unsigned opcode;

	if (n < 2)
		return false;
	opcode = p[0] & 15;
	if ((p[0] & 0x30) != 0 || (opcode > 2 && opcode < 8) || opcode > 10)
		return false;
	w->last = p[0] & 0x80;
	w->compressed = p[0] & 0x40;
	w->goes_on = opcode == 0;
	w->control = opcode >= 8;
	w->header = 2;
	w->length = p[1] & 127;
	if (w->length == 126 && n >= 4) {
		w->length = be16(p + 2);
		w->header = 4;
	} else if (w->length == 127 && n >= 10) {
		w->length = (uint64_t)be32(p + 2) << 32 | be32(p + 6);
		w->header = 10;
	} else if (w->length > 125) {
		return false;
	}
	w->mask = NULL;
	if ((p[1] & 0x80) != 0) {
		w->mask = p + w->header;
		w->header += 4;
	}
	return w->header <= n;
}

/* Whether p begins with a frame whose first least bytes are text. */
static bool
looks_like_ws(const uint8_t *p, size_t n, size_t least)
{
	struct ws w;

	if (!ws_header(&w, p, n) || w.compressed || w.control ||
	    w.length < least || n - w.header < least)
		return false;
	for (size_t k = 0; k < least; k++) {
		uint8_t c =
		    p[w.header + k] ^ (w.mask != NULL ? w.mask[k % 4] : 0);
		if (!gs_marks_is_text(&c, 1))
			return false;
	}
	return true;
}

static bool
make_plain(struct gs_flows *t)
{
	if (t->plain == NULL)
		t->plain = malloc(FRAMED_MAX);
	if (t->at == NULL)
		t->at = calloc(FRAMED_MAX, sizeof(*t->at));
	return t->plain != NULL && t->at != NULL;
}

/* Adds the payload at p, of which n bytes are there, to the n of plain. */
static size_t
unmask(struct gs_flows *t, size_t have, const struct flow *f, size_t at,
    const struct ws *w, size_t n)
{
	for (size_t i = 0; i < n && have < FRAMED_MAX; i++, have++) {
		t->plain[have] =
		    f->buf[at + i] ^ (w->mask != NULL ? w->mask[i % 4] : 0);
		t->at[have] = (uint32_t)(at + i);
	}
	return have;
}

/* What the n bytes of plain go on with is not known. */
static void
read_ws_head(struct gs_flows *t, struct flow *f, size_t n)
{
	struct target to = { t, f, 0, true, true };
	size_t k = gs_marks_resume(t->plain, n);

	if (k > 0)
		edit_buffer(&to, 0, k, GS_MARKS_DARK);
	f->head = k == n;
}

/* Reads all frames in the buffer and keeps what of a message is not
 * complete. */
static int
read_ws(struct gs_flows *t, struct flow *f)
{
	size_t at = 0, keep = 0, n = 0;
	bool compressed = false;
	struct ws w;

	if (!make_plain(t))
		return -1;
	while (ws_header(&w, f->buf + at, f->n - at)) {
		size_t from = at + w.header;
		size_t there =
		    w.length < f->n - from ? (size_t)w.length : f->n - from;

		if (!w.goes_on && !w.control) {
			compressed = w.compressed;
			f->head = f->head && n > 0;
		}
		if (compressed && !w.control)
			add_edit(t, f,
			    f->next - (uint32_t)f->n + (uint32_t)from, there,
			    GS_MARKS_DARK, true);
		else if (!w.control)
			n = unmask(t, n, f, from, &w, there);
		if (there < w.length)
			break;
		at = from + there;
		if (w.last && !w.control)
			keep = at;
	}
	/* Lost again, or more than there is room for. */
	f->lost = f->n - keep > MESSAGE_MAX ||
	    (f->n - at >= 14 && !ws_header(&w, f->buf + at, f->n - at));
	if (f->head && n > 0)
		read_ws_head(t, f, n);
	if (scan(t, f, t->plain, n, true) == -1)
		return -1;
	if (f->lost) {
		darken(t, f, f->n, true);
		keep = f->n;
	}
	consume(t, f, keep);
	return 0;
}

/* Where the first frame with text begins, n: nowhere. */
static size_t
find_ws(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] & 0x70) == 0 && looks_like_ws(p + i, n - i, WS_TEXT))
			return i;
	return n;
}

/* Behind a gap, what comes before a frame that is found cannot be judged. */
static int
read_lost(struct gs_flows *t, struct flow *f)
{
	size_t k = find_ws(f->buf, f->n);

	darken(t, f, k, true);
	if (k < f->n) {
		f->lost = false;
		f->head = true;
		consume(t, f, k);
		return read_ws(t, f);
	}
	if (f->n > WS_LOOK)
		consume(t, f, f->n - WS_LOOK);
	return 0;
}

/* ---- HEP */

static int
read_hep(struct gs_flows *t, struct flow *f)
{
	struct target to = { t, f, 0, false, false };
	struct gs_marks_sink sink = { edit_buffer, &to };
	size_t n = 0;

	/* The last packet may not be all there. */
	for (; f->n - to.base >= 6; to.base += n) {
		const uint8_t *p = f->buf + to.base;

		n = be16(p + 4);
		if (memcmp(p, "HEP3", 4) != 0 || n < 6) {
			f->framing = FRAMING_NONE;
			break;
		}
		gs_marks_hep(p, f->n - to.base, &sink);
		if (n > f->n - to.base)
			break;
	}
	if (scan(t, f, f->buf, f->n, false) == -1)
		return -1;
	f->dark = 0;
	consume(t, f, to.base);
	return 0;
}

/* ---- reading */

/* The end of the header that makes a connection a WebSocket, 0: none. */
static size_t
upgraded(const struct flow *f)
{
	struct gs_span s = gs_span(f->buf, f->n);
	size_t end;

	if (!gs_span_starts(s, GS_LIT("HTTP/1.1 101")) &&
	    !gs_span_starts(s, GS_LIT("GET ")))
		return 0;
	end = gs_span_find(s, GS_LIT("\r\n\r\n"));
	if (end == s.n)
		return 0;
	s.n = end;
	return gs_span_find(s, GS_LIT("ebsocket")) < s.n ||
		gs_span_find(s, GS_LIT("ebSocket")) < s.n ?
	    end + 4 :
	    0;
}

static int
recognise(struct gs_flows *t, struct flow *f)
{
	size_t k;

	if (f->framing != FRAMING_NONE)
		return 0;
	k = upgraded(f);
	if (k > 0) {
		f->framing = FRAMING_WS;
		f->head = false;
		set_talks(t, f);
		if (scan(t, f, f->buf, k, false) == -1)
			return -1;
		f->dark = 0;
		consume(t, f, k);
	} else if (!f->fresh) {
		return 0;
	} else if (f->n >= 6 && memcmp(f->buf, "HEP3", 4) == 0) {
		f->framing = FRAMING_HEP;
		set_talks(t, f);
	} else if (looks_like_ws(f->buf, f->n, WS_TEXT / 2) ||
	    (f->head && find_ws(f->buf, f->n) < f->n)) {
		f->framing = FRAMING_WS;
		f->lost = true;
	}
	return 0;
}

/* Reads what is in the buffer. What may go on in the next bytes stays. */
static int
read_buffer(struct gs_flows *t, struct flow *f)
{
	if (f->n == f->done)
		return 0;
	if (recognise(t, f) == -1)
		return -1;
	if (f->n == 0)
		return 0;
	if (!f->seen && f->n >= SEEN) {
		f->seen = true;
		f->other = gs_marks_is_other(f->buf, f->n);
	}
	if (f->framing == FRAMING_WS) {
		f->fresh = false;
		int r = f->lost ? read_lost(t, f) : read_ws(t, f);
		f->done = f->n;
		return r;
	}
	if (f->dark != 0 && !read_dark(t, f))
		return 0;
	if (f->head)
		read_head(t, f);
	f->fresh = false;
	if (f->framing == FRAMING_HEP)
		return read_hep(t, f);
	if (scan(t, f, f->buf, f->n, false) == -1)
		return -1;
	if (f->dark != 0) {
		free_buffer(t, f);
		return 0;
	}
	if (f->n > 2 * TAIL)
		consume(t, f, f->n - TAIL);
	f->done = f->n;
	return 0;
}

/* Ends the reading of f; it stays when there is something to blank. */
static int close_flow(struct gs_flows *t, struct flow *f);

/* Memory is bounded: the flow that was quiet for the longest time goes. */
static int
make_room(struct gs_flows *t, const struct flow *self, size_t n)
{
	int r = 0;

	while (r == 0 && !t->closing && t->bytes + n > GS_FLOWS_BYTES) {
		struct flow *f =
		    t->oldest != self ? t->oldest : t->oldest->younger;

		if (f == NULL)
			break;
		r = close_flow(t, f);
	}
	return r;
}

static int
append(struct gs_flows *t, struct flow *f, const uint8_t *b, size_t n)
{
	size_t room = f->room < 256 ? 256 : f->room;

	if (n > f->room - f->n) {
		while (room < f->n + n)
			room *= 2;
		uint8_t *buf = make_room(t, f, room) == 0 ? malloc(room) : NULL;
		if (buf == NULL)
			return -1;
		if (f->n > 0)
			memcpy(buf, f->buf, f->n);
		if (f->buf != NULL)
			explicit_bzero(f->buf, f->room);
		free(f->buf);
		t->bytes += room - f->room;
		f->buf = buf;
		f->room = room;
	}
	memcpy(f->buf + f->n, b, n);
	f->n += n;
	f->next += (uint32_t)n;
	return 0;
}

/* Takes the next bytes of the stream. */
static int
take(struct gs_flows *t, struct flow *f, const uint8_t *b, size_t n)
{
	if (append(t, f, b, n) == -1)
		return -1;
	return f->n - f->done >= BATCH || f->lost ? read_buffer(t, f) : 0;
}

/* Keeps a segment that came too early. False: there is no room. */
static bool
keep(struct gs_flows *t, struct flow *f, const struct gs_packet *packet,
    uint32_t seq, const uint8_t *b, uint32_t n)
{
	struct pending **at = &f->pending;

	if (f->last != NULL && behind(f->last->seq, seq) < 0)
		at = &f->last->next;
	while (*at != NULL && behind((*at)->seq, seq) < 0)
		at = &(*at)->next;
	if (*at != NULL && (*at)->seq == seq && (*at)->n >= n)
		return true;
	if (f->pendings == GS_FLOWS_PENDING)
		return false;
	struct pending *p = malloc(sizeof(*p) + n);
	if (p == NULL)
		return false;
	p->seq = seq;
	p->n = n;
	memcpy(p->bytes, b, n);
	if (f->pending == NULL)
		f->since = packet->ns;
	p->next = *at;
	*at = p;
	if (p->next == NULL)
		f->last = p;
	f->pendings++;
	t->bytes += PENDING_COST + n;
	return make_room(t, f, 0) == 0;
}

/* Takes the segments that now follow. */
static int
take_pending(struct gs_flows *t, struct flow *f)
{
	int r = 0;

	while (r == 0 && f->pending != NULL) {
		const struct pending *q = f->pending;
		int32_t ahead = behind(q->seq, f->next);

		if (ahead > 0)
			return 0;
		uint32_t old = (uint32_t)-ahead;
		if (old < q->n)
			r = take(t, f, q->bytes + old, q->n - old);
		free_pending(t, f);
	}
	return r;
}

/* The bytes before the first pending segment never came; when they do, they
 * cannot be judged. */
static int
skip_gap(struct gs_flows *t, struct flow *f)
{
	uint32_t next = f->pending->seq;

	if (read_buffer(t, f) == -1)
		return -1;
	free_buffer(t, f);
	add_edit(t, f, f->next, next - f->next, GS_MARKS_DARK, true);
	f->next = next;
	f->dark = 0;
	f->head = f->fresh = true;
	f->lost = f->framing == FRAMING_WS;
	if (f->framing == FRAMING_HEP)
		f->framing = FRAMING_NONE;
	return take_pending(t, f);
}

static int
skip_gaps(struct gs_flows *t, struct flow *f)
{
	int r = 0;

	while (r == 0 && f->pending != NULL)
		r = skip_gap(t, f);
	return r;
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

static int
close_flow(struct gs_flows *t, struct flow *f)
{
	bool closing = t->closing;
	int r;

	t->closing = true;
	r = skip_gaps(t, f);
	if (r == 0)
		r = read_buffer(t, f);
	t->closing = closing;
	while (f->pending != NULL)
		free_pending(t, f);
	free_buffer(t, f);
	f->open = false;
	unlink_age(t, f);
	t->open--;
	if (!has_edits(f))
		drop(t, f);
	return r;
}

int
gs_flows_end(struct gs_flows *t)
{
	int r = 0;

	/* Both directions are read before the first one goes. */
	t->closing = true;
	for (struct flow *f = t->oldest; r == 0 && f != NULL; f = f->younger) {
		r = skip_gaps(t, f);
		if (r == 0)
			r = read_buffer(t, f);
	}
	while (r == 0 && t->oldest != NULL)
		r = close_flow(t, t->oldest);
	t->closing = false;
	return r;
}

/* known: nothing of it was before next. */
static struct flow *
create(struct gs_flows *t, const struct gs_packet *p, const struct gs_frame *g,
    uint32_t next, bool known)
{
	struct flow *f, *back;
	size_t bucket = bucket_of(&g->src, &g->dst);

	if (t->open == GS_FLOWS_MAX && close_flow(t, t->oldest) == -1)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return NULL;
	f->src = g->src;
	f->dst = g->dst;
	f->first_frame = p->frame;
	f->base = next - 2 * AHEAD_MAX;
	f->next = next;
	f->open = true;
	f->fresh = true;
	f->head = !known;
	back = find(t, &g->dst, &g->src);
	f->talks = back != NULL && back->talks;
	f->chain = t->bucket[bucket];
	t->bucket[bucket] = f;
	link_youngest(t, f);
	t->open++;
	return f;
}

/* The flow of a segment, a new one when it is another connection or too far
 * away. */
static struct flow *
flow_for(struct gs_flows *t, const struct gs_packet *p,
    const struct gs_frame *g, bool now)
{
	struct flow *f = find(t, &g->src, &g->dst);
	bool syn = (g->flags & SYN) != 0;
	uint32_t seq = g->seq + syn;
	int32_t gone = f == NULL ? 0 : behind(f->next, seq);
	bool known = syn;

	if (f != NULL && syn && (f->ended || gone < 0 || gone > AHEAD_MAX))
		known = true;
	else if (f != NULL && f->next - f->base > LENGTH_MAX)
		known = gone == 0 && f->pending == NULL && !f->head;
	else if (f != NULL &&
	    (g->length == 0 || (gone <= AHEAD_MAX && gone >= -AHEAD_MAX)))
		return f;
	bool talks = f != NULL && f->talks && !syn;
	if (f != NULL && close_flow(t, f) == -1)
		return NULL;
	/* What was sent before may come next: as behind a gap. */
	f = create(t, p, g, seq - (known || now ? 0 : AHEAD_MAX / 2), known);
	if (f != NULL)
		f->talks = f->talks || talks;
	return f;
}

static int
segment(struct gs_flows *t, struct flow *f, const struct gs_packet *p,
    uint32_t seq, const uint8_t *b, uint32_t n)
{
	int32_t ahead = behind(seq, f->next);

	if (ahead > 0 && keep(t, f, p, seq, b, n))
		return 0;
	while (ahead > 0 && f->pending != NULL) {
		f->blind = f->blind || !f->fresh;
		if (skip_gap(t, f) == -1)
			return -1;
		ahead = behind(seq, f->next);
		if (ahead > 0 && keep(t, f, p, seq, b, n))
			return 0;
	}
	if (ahead > 0)
		return -1;
	/* Before the first one that was seen. */
	uint32_t at = seq - f->base;
	if (at < 2 * AHEAD_MAX)
		add_edit(t, f, seq,
		    n < 2 * AHEAD_MAX - at ? n : 2 * AHEAD_MAX - at,
		    GS_MARKS_DARK, true);
	uint32_t old = (uint32_t)-ahead;
	if (old >= n)
		return 0;
	if (take(t, f, b + old, n - old) == -1)
		return -1;
	return take_pending(t, f);
}

int
gs_flows_read(struct gs_flows *t, const struct gs_packet *p,
    const struct gs_frame *g, bool now)
{
	struct flow *f = flow_for(t, p, g, now);
	uint32_t seq = g->seq + ((g->flags & SYN) != 0);
	int r = 0;

	if (f == NULL)
		return -1;
	if (f != t->youngest) {
		unlink_age(t, f);
		link_youngest(t, f);
	}
	f->last_frame = p->frame;
	if (now && f->pending != NULL && p->ns > f->since &&
	    p->ns - f->since > GAP_NS)
		r = skip_gaps(t, f);
	if (r == 0 && g->length > 0)
		r = segment(t, f, p, seq, g->p + g->payload, g->length);
	if (r == 0 && now)
		r = read_buffer(t, f);
	f->ended = f->ended || (g->flags & (FIN | RST)) != 0;
	return r;
}

/* ---- what to blank */

static struct flow *
find_at(const struct gs_flows *t, const struct gs_frame *g, uint64_t frame)
{
	struct flow *f = t->bucket[bucket_of(&g->src, &g->dst)];

	while (f != NULL &&
	    (frame < f->first_frame || frame > f->last_frame ||
		!gs_addr_eq(&f->src, &g->src) || !gs_addr_eq(&f->dst, &g->dst)))
		f = f->chain;
	return f;
}

/* The part of e in n bytes from at on. */
static void
give(const struct edit *e, uint32_t at, size_t n,
    const struct gs_marks_sink *sink)
{
	int64_t from = (int64_t)e->at - at, to = from + e->n;

	if (from < 0)
		from = 0;
	if (to > (int64_t)n)
		to = (int64_t)n;
	if (from < to)
		sink->edit(sink->arg, (size_t)from, (size_t)(to - from), e->c);
}

/* Whether what cannot be judged is blanked: in a flow that talks, and where
 * nobody knows yet what an open one is. */
static bool
is_suspect(const struct flow *f, const struct gs_frame *g)
{
	return f->talks || (f->blind && !f->other) ||
	    (f->open && !f->other &&
		gs_marks_is_text(g->p + g->payload, g->length));
}

/* Whether a segment waits behind a gap, or came from before the first one:
 * what it goes on with is not known. */
static bool
overtook(const struct flow *f, uint32_t seq)
{
	return f->open &&
	    (behind(seq, f->next) > 0 || seq - f->base < 2 * AHEAD_MAX);
}

void
gs_flows_edits(const struct gs_flows *t, const struct gs_packet *p,
    const struct gs_frame *g, const struct gs_marks_sink *sink)
{
	const struct flow *f = find_at(t, g, p->frame);
	uint32_t seq = g->seq + ((g->flags & SYN) != 0);

	if (f == NULL || g->length == 0)
		return;
	uint32_t at = seq - f->base;
	bool suspect = is_suspect(f, g);
	if (suspect && (f->over || overtook(f, seq))) {
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
