/* SPDX-License-Identifier: MIT */
/* SIP messages in a capture: in UDP, in TCP streams, in HEP. */
#include "net/sip.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "net/capture.h"
#include "net/hep_priv.h"
#include "net/tcp_priv.h"
#include "net/ws_priv.h"

enum {
	LINE_MAX = 4096,
	METHOD_MAX = 32,
	HTTP_MAX = 16 * 1024, /* of the header of a WebSocket */
	WS_HEADER = 14, /* the longest of a frame */
};

/* Chunks of HEP version 3 (vendor 0). */
enum {
	HEP_PROTOCOL = 2,
	HEP_SRC4 = 3,
	HEP_DST4 = 4,
	HEP_SRC6 = 5,
	HEP_DST6 = 6,
	HEP_SRC_PORT = 7,
	HEP_DST_PORT = 8,
	HEP_SECONDS = 9,
	HEP_MICROSECONDS = 10,
	HEP_PAYLOAD = 15,
};

enum { PROTO_TCP = 6, PROTO_TLS = 22, PROTO_SCTP = 132 };

struct gs_net_sip {
	struct gs_net_sip_sink sink;
	struct gs_net_sip_counts counts;
	struct gs_net_tcp *tcp;
};

struct stream;

/* A connection that a layer opens, and its sides. */
struct secure {
	struct gs_net_sip *sip;
	void *connection; /* the layer's */
	struct stream *side[2]; /* NULL: not yet there, or gone */
	unsigned sides; /* received */
	uint32_t said[2]; /* octets of messages passed on */
};

/* One direction of a TCP connection. */
struct stream {
	struct gs_net_flow tcp;
	struct secure *secure; /* NULL: not a layer's */
	unsigned side; /* of it */
	bool hidden; /* the bytes opened last were encrypted */
	struct gs_buf plain; /* opened, and not yet passed on */
	enum framing {
		FRAMING_NONE, /* messages follow each other */
		FRAMING_WS, /* one in each message of WebSocket (RFC 7118) */
		FRAMING_HEP,
	} framing;
	struct gs_buf framed; /* the part of one from WebSocket frames */
	bool known; /* whether it is a layer's was decided */
	bool missed; /* bytes were missing before the first message */
	bool lost; /* between messages after a gap: wait for a start */
	size_t scan; /* how far the header's end was searched */
	size_t total; /* the message's length, 0: not yet known */
	size_t body;
	uint64_t first_frame; /* of the message; 0: nothing of it yet */
	uint64_t last_frame; /* of the last packet */
	uint64_t ns;
	uint32_t file;
};

void
gs_net_sip_free(struct gs_net_sip *t)
{
	if (t == NULL)
		return;
	gs_net_tcp_free(t->tcp);
	free(t);
}

struct gs_net_sip_counts
gs_net_sip_counts(const struct gs_net_sip *t)
{
	return t->counts;
}

/* ---- messages in bytes */

/* RFC 3261 section 25.1, token; the usual ASCII letters first. */
static bool
is_token(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-.!%*_+`'~", c) != NULL);
}

static size_t
token_length(struct gs_span s, size_t max)
{
	size_t k = 0;

	while (k < s.n && k < max && is_token(s.p[k]))
		k++;
	return k;
}

static bool
ends_in_version(struct gs_span line)
{
	static const struct gs_span version = { " SIP/2.0", 8 };

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line.n > version.n &&
	    memcmp(line.p + line.n - version.n, version.p, version.n) == 0;
}

enum start { START_NO, START_YES, START_MAYBE /* too few bytes */ };

static enum start
looks_like_start(struct gs_span s)
{
	static const char status[] = "SIP/2.0 ";
	size_t k = s.n < sizeof(status) - 1 ? s.n : sizeof(status) - 1;

	if (k > 0 && memcmp(s.p, status, k) == 0)
		return k == sizeof(status) - 1 ? START_YES : START_MAYBE;
	k = token_length(s, METHOD_MAX + 1);
	if (k == s.n && k <= METHOD_MAX)
		return START_MAYBE;
	if (k == 0 || k > METHOD_MAX || s.p[k] != ' ')
		return START_NO;
	/* The scheme distinguishes it from HTTP, the version from RTSP. */
	struct gs_span uri = gs_span(s.p + k + 1, s.n - k - 1);
	size_t scheme = token_length(uri, METHOD_MAX);
	if (scheme == uri.n)
		return START_MAYBE;
	if (scheme == 0 || uri.p[scheme] != ':')
		return START_NO;
	size_t look = s.n < LINE_MAX ? s.n : LINE_MAX;
	const char *end = memchr(s.p, '\n', look);
	if (end == NULL)
		return look == LINE_MAX ? START_NO : START_MAYBE;
	return ends_in_version(gs_span(s.p, (size_t)(end - s.p))) ? START_YES :
								    START_NO;
}

/* Whether s begins like a SIP message (RFC 3261 7.1, 7.2): a request line
 * "METHOD sip:… SIP/2.0" or "SIP/2.0 ddd". Reads its first line only. */
static bool
starts(struct gs_span s)
{
	return looks_like_start(s) == START_YES;
}

static size_t
blank_lines(struct gs_span s)
{
	size_t k = 0;

	while (k < s.n && (s.p[k] == '\r' || s.p[k] == '\n'))
		k++;
	return k;
}

/* Whether s begins with a frame of WebSocket that begins a message of SIP. */
static bool
begins_framed(struct gs_span s)
{
	char line[LINE_MAX];
	struct gs_net_ws w;

	if (!gs_net_ws_header(&w, (const uint8_t *)s.p, s.n) || w.control ||
	    w.goes_on || w.compressed)
		return false;
	size_t n = s.n - w.header < sizeof(line) ? s.n - w.header : LINE_MAX;
	for (size_t i = 0; i < n; i++)
		line[i] = (char)gs_net_ws_octet(&w,
		    (const uint8_t *)s.p + w.header, i);
	struct gs_span text = gs_span(line, n);
	bool begins = starts(gs_span_skip(text, blank_lines(text)));
	explicit_bzero(line, n); /* it may hold a key */
	return begins;
}

/* Searches the end of the header in s from *scan, which moves. Returns the
 * body's offset, or 0. */
static size_t
header_end(struct gs_span s, size_t *scan)
{
	while (*scan < s.n) {
		const char *p = memchr(s.p + *scan, '\n', s.n - *scan);
		if (p == NULL) {
			*scan = s.n;
			return 0;
		}
		size_t at = (size_t)(p - s.p), next = at + 1;
		if (next < s.n && s.p[next] == '\r')
			next++;
		if (next >= s.n) {
			*scan = at;
			return 0;
		}
		if (s.p[next] == '\n')
			return next + 1;
		*scan = at + 1;
	}
	return 0;
}

/* The digits after the colon; the value may be folded (RFC 3261 7.3.1). */
static bool
read_length(struct gs_span s, uint64_t *v)
{
	while (s.n > 0 && gs_is_white(s.p[0])) {
		bool fold = s.p[0] == '\n';
		s = gs_span(s.p + 1, s.n - 1);
		if (fold && (s.n == 0 || !gs_is_blank(s.p[0])))
			return false;
	}
	return gs_span_u64(gs_span(s.p, gs_span_run(s, '0', '9')), v) == 0;
}

/* The Content-Length of a header. False: none. */
static bool
content_length(struct gs_span header, uint64_t *v)
{
	while (header.n > 0) {
		const char *end = memchr(header.p, '\n', header.n);
		size_t n =
		    end == NULL ? header.n : (size_t)(end - header.p) + 1;
		const char *colon = memchr(header.p, ':', n);
		if (colon != NULL) {
			size_t k = (size_t)(colon - header.p);
			struct gs_span name =
			    gs_span_trim(gs_span(header.p, k));
			if (gs_span_eqcase(name, GS_LIT("Content-Length")) ||
			    gs_span_eqcase(name, GS_LIT("l")))
				return read_length(
				    gs_span(colon + 1, header.n - k - 1), v);
		}
		header = gs_span(header.p + n, header.n - n);
	}
	return false;
}

static void
give(struct gs_net_sip *t, const struct gs_net_sip_message *m)
{
	t->counts.messages++;
	t->counts.truncated += m->truncated;
	if (t->sink.message != NULL)
		t->sink.message(t->sink.arg, m);
}

/* ---- datagrams */

/* Fills in where the body is, and whether it is complete. Returns what follows
 * the message. */
static struct gs_span
give_datagram(struct gs_net_sip *t, struct gs_net_sip_message *m)
{
	struct gs_span all = m->bytes;
	size_t scan = 0;
	uint64_t length;

	m->body = header_end(m->bytes, &scan);
	if (m->body == 0) {
		m->body = m->bytes.n;
		m->truncated = true;
	} else if (content_length(gs_span(m->bytes.p, m->body), &length)) {
		/* RFC 3261 18.3: what follows it is not part of it. */
		if (length > m->bytes.n - m->body)
			m->truncated = true;
		else
			m->bytes.n = m->body + (size_t)length;
	}
	give(t, m);
	all = gs_span(all.p + m->bytes.n, all.n - m->bytes.n);
	size_t k = blank_lines(all);
	return gs_span(all.p + k, all.n - k);
}

static enum gs_net_sip_transport
transport_of(unsigned protocol)
{
	return protocol == PROTO_TCP ? GS_SIP_TCP :
	    protocol == PROTO_TLS    ? GS_SIP_TLS :
	    protocol == PROTO_SCTP   ? GS_SIP_SCTP :
				       GS_SIP_UDP;
}

static void
set_ip(struct gs_net_addr *a, const uint8_t *p, unsigned version)
{
	memset(a->ip, 0, sizeof(a->ip));
	memcpy(a->ip, p, version == 4 ? 4 : 16);
	a->version = (uint8_t)version;
}

/* What HEP tells of its message. */
struct hep {
	struct gs_net_sip_message *m;
	uint64_t seconds;
	uint64_t micro;
	bool compressed;
};

static void
hep3_chunk(struct hep *h, unsigned type, const uint8_t *p, size_t n)
{
	struct gs_net_sip_message *m = h->m;

	if (type == HEP_PAYLOAD)
		m->bytes = gs_span(p, n);
	else if (type == GS_HEP_COMPRESSED)
		h->compressed = true;
	else if (type == HEP_PROTOCOL && n >= 1)
		m->transport = transport_of(p[0]);
	else if ((type == HEP_SRC4 || type == HEP_DST4) && n >= 4)
		set_ip(type == HEP_SRC4 ? &m->src : &m->dst, p, 4);
	else if ((type == HEP_SRC6 || type == HEP_DST6) && n >= 16)
		set_ip(type == HEP_SRC6 ? &m->src : &m->dst, p, 6);
	else if (type == HEP_SRC_PORT && n >= 2)
		m->src.port = gs_be16(p);
	else if (type == HEP_DST_PORT && n >= 2)
		m->dst.port = gs_be16(p);
	else if (type == HEP_SECONDS && n >= 4)
		h->seconds = gs_be32(p);
	else if (type == HEP_MICROSECONDS && n >= 4)
		h->micro = gs_be32(p);
}

static void
hep3(struct hep *h, const uint8_t *p, size_t n)
{
	struct gs_net_hep_chunk c;
	size_t at = 0;

	while (gs_net_hep_next(p, n, &at, &c)) {
		h->m->truncated |= c.cut;
		hep3_chunk(h, c.type, p + c.at, c.n);
	}
}

/* HEP versions 1 and 2: a fixed header, then the message. */
static bool
hep1(struct hep *h, const uint8_t *p, size_t n)
{
	unsigned version = n > 2 && p[2] == 2 ? 4 : 6;
	size_t address = version == 4 ? 4 : 16, header = 8 + 2 * address;

	if (n < header || (p[2] != 2 && p[2] != 10) || p[1] < header ||
	    p[1] > n)
		return false;
	size_t at = p[1];
	if (p[0] == 2 && at == header) /* some senders do not count the time */
		at += 12;
	if (at > n)
		return false;
	h->m->transport = transport_of(p[3]);
	h->m->src.port = gs_be16(p + 4);
	h->m->dst.port = gs_be16(p + 6);
	set_ip(&h->m->src, p + 8, version);
	set_ip(&h->m->dst, p + 8 + address, version);
	h->m->bytes = gs_span(p + at, n - at);
	return true;
}

static bool
feed_hep(struct gs_net_sip *t, struct gs_net_sip_message *m, const uint8_t *p,
    size_t n)
{
	struct hep h = { .m = m };
	bool three = n >= GS_HEP_HEADER && memcmp(p, "HEP3", 4) == 0;

	m->hep = true;
	m->bytes.n = 0;
	if (three)
		hep3(&h, p, n);
	else if (!hep1(&h, p, n))
		return false;
	t->counts.compressed += h.compressed;
	if (h.seconds > 0)
		m->ns = h.seconds * 1000000000 + h.micro * 1000;
	if (!starts(m->bytes))
		return three;
	(void)give_datagram(t, m);
	return true;
}

static bool
feed_datagram(struct gs_net_sip *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	const uint8_t *b = f->p + f->payload;
	bool hep = f->length > 8 &&
	    (b[0] == 1 || b[0] == 2 || memcmp(b, "HEP3", 4) == 0);

	/* RTP, as a rule. */
	if (f->length > 0 && b[0] >= 0x80)
		return false;
	/* Empty lines before a message are skipped (RFC 3261 7.5). */
	size_t k = blank_lines(gs_span(b, f->length));
	struct gs_span bytes = gs_span(b + k, f->length - k);
	if (f->length == 0 || (!hep && !starts(bytes)))
		return false;
	struct gs_net_sip_message m = {
		.bytes = bytes,
		.transport = GS_SIP_UDP,
		.truncated = f->length < f->wire,
		.src = f->src,
		.dst = f->dst,
		.first_frame = p->frame,
		.last_frame = p->frame,
		.ns = p->ns,
		.file = p->file,
	};
	if (hep)
		return feed_hep(t, &m, b, f->length);
	/* One more is no part of it (18.3), and may be read all the same. */
	do
		m.bytes = give_datagram(t, &m);
	while (starts(m.bytes));
	return true;
}

/* ---- TCP */

/* The bytes not yet passed on. */
static struct gs_span
rest(const struct stream *f)
{
	return f->secure != NULL ? gs_buf_span(&f->plain) :
				   gs_span(f->tcp.p, f->tcp.n);
}

/* A message that came in f. */
static struct gs_net_sip_message
message_of(const struct stream *f, struct gs_span bytes)
{
	const struct secure *c = f->secure;

	return (struct gs_net_sip_message){
		.opened = c != NULL,
		.answers = f->side == 1,
		.said = c != NULL ? c->said[f->side] : 0,
		.heard = c != NULL ? c->said[!f->side] : 0,
		.bytes = bytes,
		.transport = f->hidden ? GS_SIP_TLS : GS_SIP_TCP,
		.src = f->tcp.src,
		.dst = f->tcp.dst,
		.first_frame = f->first_frame,
		.last_frame = f->last_frame,
		.ns = f->ns,
		.file = f->file,
	};
}

/* Octets of a message were passed on. */
static void
count_said(const struct stream *f, size_t n)
{
	if (f->secure != NULL)
		f->secure->said[f->side] += (uint32_t)n;
}

static void
give_stream(struct gs_net_sip *t, const struct stream *f, size_t n,
    bool truncated)
{
	struct gs_net_sip_message m = message_of(f, gs_span(rest(f).p, n));

	m.body = f->total > 0 ? f->body : n;
	m.truncated = truncated;
	give(t, &m);
	count_said(f, m.bytes.n);
}

/* Drops n bytes. What remains came with the last packet. */
static void
consume(struct gs_net_sip *t, struct stream *f, size_t n)
{
	if (f->secure == NULL) {
		gs_net_tcp_consume(t->tcp, &f->tcp, n);
	} else if (n > 0) {
		memmove(f->plain.p, f->plain.p + n, f->plain.n - n);
		f->plain.n -= n;
	}
	f->scan = f->total = 0;
	f->first_frame = rest(f).n > 0 ? f->last_frame : 0;
}

/* Drops n bytes that belong to no message. */
static void
drop_stray(struct gs_net_sip *t, struct stream *f, size_t n)
{
	bool told = f->secure == NULL && !f->tcp.favoured && n > 0;

	if (told && t->sink.stray != NULL)
		t->sink.stray(t->sink.arg, gs_span(rest(f).p, n),
		    f->last_frame);
	consume(t, f, n);
}

/* Offset of the first line in which a message may begin, or s.n; the line at 0
 * is known not to. */
static size_t
next_start(struct gs_span s)
{
	size_t at = 0;

	while (at < s.n) {
		const char *end = memchr(s.p + at, '\n', s.n - at);
		if (end == NULL)
			return s.n;
		at = (size_t)(end - s.p) + 1;
		if (looks_like_start(gs_span(s.p + at, s.n - at)) != START_NO)
			return at;
	}
	return s.n;
}

/* Moves to where a message begins (RFC 3261 7.5: empty lines before it are
 * skipped). Returns false if there is none yet. */
static bool
find_start(struct gs_net_sip *t, struct stream *f)
{
	for (;;) {
		size_t k = blank_lines(rest(f));
		if (k > 0)
			consume(t, f, k);
		if (rest(f).n == 0)
			return false;
		enum start s = looks_like_start(rest(f));
		if (s == START_YES)
			break;
		if (s == START_MAYBE)
			return false;
		f->lost = true;
		drop_stray(t, f, next_start(rest(f)));
	}
	if (!f->tcp.favoured) {
		t->counts.gaps += f->missed;
		f->tcp.favoured = true;
		gs_net_tcp_touch(t->tcp, &f->tcp);
	}
	f->lost = false;
	return true;
}

/* Finds where the message ends. False: not yet known. */
static bool
measure(struct stream *f)
{
	uint64_t length = 0;

	if (f->total > 0)
		return true;
	f->body = header_end(rest(f), &f->scan);
	if (f->body == 0)
		return false;
	/* Without Content-Length there is no body (RFC 3261 18.3). */
	if (!content_length(gs_span(rest(f).p, f->body), &length))
		length = 0;
	f->total = length > GS_SIP_MESSAGE ? GS_SIP_MESSAGE + 1 :
					     f->body + (size_t)length;
	return true;
}

/* ---- framed messages */

/* Takes n octets of a message in frames of WebSocket. */
static void
take_framed(struct gs_net_sip *t, struct stream *f, const struct gs_net_ws *w,
    const uint8_t *p, size_t n)
{
	if (w->control)
		return;
	t->counts.compressed += w->compressed;
	if (f->framed.max == 0)
		gs_buf_init(&f->framed, GS_SIP_MESSAGE);
	if (!w->goes_on)
		gs_buf_clear(&f->framed);
	size_t before = f->framed.n;
	gs_buf_put(&f->framed, p, n);
	for (size_t i = before; w->mask != NULL && i < f->framed.n; i++)
		f->framed.p[i] ^= w->mask[(i - before) % 4];
	if (!w->last)
		return;
	struct gs_net_sip_message m = message_of(f, gs_buf_span(&f->framed));
	m.transport = f->hidden ? GS_SIP_WSS : GS_SIP_WS;
	m.truncated = !gs_buf_ok(&f->framed);
	m.bytes = gs_span_skip(m.bytes, blank_lines(m.bytes));
	if (starts(m.bytes)) {
		(void)give_datagram(t, &m);
		count_said(f, m.bytes.n);
	} else if (m.bytes.n > 0 && t->sink.stray != NULL) {
		t->sink.stray(t->sink.arg, m.bytes, f->last_frame);
	}
	gs_buf_clear(&f->framed);
}

/* Takes the frame at the beginning of f. False: incomplete, or none. */
static bool
take_frame(struct gs_net_sip *t, struct stream *f)
{
	struct gs_net_ws w;
	struct gs_span s = rest(f);
	bool header = gs_net_ws_header(&w, (const uint8_t *)s.p, s.n);

	if (!header ? s.n >= WS_HEADER : w.length > GS_SIP_MESSAGE) {
		f->lost = true;
		t->counts.gaps++;
		consume(t, f, s.n);
		return false;
	}
	if (!header || s.n - w.header < w.length)
		return false;
	take_framed(t, f, &w, (const uint8_t *)s.p + w.header,
	    (size_t)w.length);
	consume(t, f, w.header + (size_t)w.length);
	return true;
}

/* The same for HEP. */
static bool
take_hep(struct gs_net_sip *t, struct stream *f)
{
	struct gs_span s = rest(f);
	const uint8_t *p = (const uint8_t *)s.p;
	size_t n = s.n < GS_HEP_HEADER ? GS_HEP_HEADER : gs_be16(p + 4);

	if (n < GS_HEP_HEADER || !gs_span_starts(s, GS_LIT("HEP3"))) {
		f->lost = s.n >= 4;
		if (f->lost)
			consume(t, f, s.n);
		return false;
	}
	if (s.n < n)
		return false;
	struct gs_net_sip_message m = message_of(f, gs_span(NULL, 0));
	m.transport = GS_SIP_UDP;
	(void)feed_hep(t, &m, p, n);
	consume(t, f, n);
	return true;
}

/* Recognises the framing where a stream begins. False: more must come. */
static bool
find_framing(struct gs_net_sip *t, struct stream *f)
{
	struct gs_span s = rest(f);
	size_t k = gs_net_ws_upgrade(s);

	if (f->lost || f->tcp.favoured)
		return true;
	if (gs_span_starts(s, GS_LIT("HEP3")))
		f->framing = FRAMING_HEP;
	else if (k > 0 || begins_framed(s))
		f->framing = FRAMING_WS;
	if (f->framing != FRAMING_NONE) {
		f->tcp.favoured = true;
		gs_net_tcp_touch(t->tcp, &f->tcp);
		consume(t, f, k);
		return true;
	}
	return k > 0 || s.n >= HTTP_MAX ||
	    (!gs_span_starts(s, GS_LIT("GET ")) &&
		!gs_span_starts(s, GS_LIT("HTTP/1.1 101"))) ||
	    gs_span_has(s, GS_LIT("\r\n\r\n"));
}

/* Takes what is at the beginning of f. False: incomplete. */
static bool
take_next(struct gs_net_sip *t, struct stream *f)
{
	if (f->framing == FRAMING_NONE && f->total == 0 && f->scan == 0 &&
	    !find_framing(t, f))
		return false;
	if (f->framing == FRAMING_WS)
		return take_frame(t, f);
	if (f->framing == FRAMING_HEP)
		return take_hep(t, f);
	if (f->total == 0 && f->scan == 0 && !find_start(t, f))
		return false;
	if (measure(f) && rest(f).n >= f->total && f->total <= GS_SIP_MESSAGE) {
		give_stream(t, f, f->total, false);
		consume(t, f, f->total);
		return true;
	}
	if (rest(f).n < GS_SIP_MESSAGE)
		return false;
	give_stream(t, f, GS_SIP_MESSAGE, true);
	consume(t, f, GS_SIP_MESSAGE);
	f->lost = true;
	return true;
}

static void
cut(struct gs_net_sip *t, struct stream *f)
{
	while (rest(f).n > 0 && take_next(t, f))
		continue;
}

/* Passes on an incomplete message if its header is complete; otherwise counts
 * it. */
static void
give_rest(struct gs_net_sip *t, struct stream *f)
{
	size_t n = rest(f).n;

	gs_buf_clear(&f->framed);
	if (f->tcp.favoured && !f->lost && f->total > 0)
		give_stream(t, f, n < f->total ? n : f->total, true);
	else if (f->tcp.favoured && !f->lost &&
	    looks_like_start(rest(f)) == START_YES)
		t->counts.truncated++;
	drop_stray(t, f, n);
}

/* ---- connections that a layer opens */

static void
on_opened(void *to, unsigned side, struct gs_span plain, bool hidden)
{
	struct secure *c = to;
	struct stream *f = c->side[side];

	if (f == NULL)
		return;
	if (f->plain.n == 0)
		f->first_frame = f->last_frame;
	f->hidden = hidden;
	gs_buf_put(&f->plain, plain.p, plain.n);
	if (!gs_buf_ok(&f->plain)) {
		gs_buf_clear(&f->plain);
		f->lost = true;
		c->sip->counts.gaps++;
	}
	cut(c->sip, f);
}

/* Passes the bytes of f to its layer. */
static struct gs_net_sip_segment
segment_of(const struct stream *f)
{
	return (struct gs_net_sip_segment){ &f->tcp.src, &f->tcp.dst,
		gs_span(f->tcp.p, f->tcp.n), f->last_frame };
}

/* The connection of which f is the other side, or NULL. */
static struct secure *
connection_of(const struct gs_net_sip *t, const struct stream *f)
{
	const struct stream *other =
	    (struct stream *)gs_net_tcp_find(t->tcp, &f->tcp.dst, &f->tcp.src);
	struct secure *c = other != NULL ? other->secure : NULL;

	return c != NULL && c->sides == 1 ? c : NULL;
}

/* A new connection, with f as its first side. */
static struct secure *
connect_secure(struct gs_net_sip *t, const struct stream *f)
{
	const struct gs_net_sip_layer *l = t->sink.layer;
	struct secure *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	struct gs_net_sip_segment s = segment_of(f);

	c->sip = t;
	c->connection = l->connect(l->arg, &s, on_opened, c);
	if (c->connection != NULL)
		return c;
	free(c);
	return NULL;
}

static int
make_secure(struct gs_net_sip *t, struct stream *f)
{
	struct secure *c = connection_of(t, f);

	if (c == NULL)
		c = connect_secure(t, f);
	if (c == NULL)
		return -1;
	f->side = c->sides++;
	c->side[f->side] = f;
	f->secure = c;
	gs_buf_init(&f->plain, 2 * GS_SIP_MESSAGE);
	return 0;
}

static int
feed_secure(struct gs_net_sip *t, struct stream *f)
{
	struct gs_net_sip_segment s = segment_of(f);
	int r = t->sink.layer->feed(f->secure->connection, f->side, &s);

	gs_net_tcp_consume(t->tcp, &f->tcp, f->tcp.n);
	return r;
}

static bool
on_close(void *arg, struct gs_net_flow *tcp, bool forced)
{
	struct gs_net_sip *t = arg;
	struct stream *f = (struct stream *)tcp;
	struct secure *c = f->secure;

	(void)forced;
	gs_buf_free(&f->framed);
	if (c == NULL)
		return false;
	gs_buf_free(&f->plain);
	c->side[f->side] = NULL;
	if (c->side[0] == NULL && c->side[1] == NULL) {
		t->sink.layer->close(c->connection);
		free(c);
	}
	return false;
}

/* ---- segments */

/* Whether f, from which nothing was taken yet, is a layer's. */
static enum gs_net_sip_is
know(const struct gs_net_sip *t, struct stream *f)
{
	const struct gs_net_sip_layer *l = t->sink.layer;
	struct gs_net_sip_segment s = segment_of(f);
	enum gs_net_sip_is is = GS_SIP_IS_NOT;

	if (l != NULL && !f->known)
		is =
		    connection_of(t, f) != NULL ? GS_SIP_IS : l->is(l->arg, &s);
	f->known = is != GS_SIP_MAY_BE;
	return is;
}

static int
on_more(void *arg, struct gs_net_flow *tcp)
{
	struct gs_net_sip *t = arg;
	struct stream *f = (struct stream *)tcp;

	if (f->secure == NULL)
		switch (know(t, f)) {
		case GS_SIP_MAY_BE: return 0;
		case GS_SIP_IS:
			if (make_secure(t, f) == -1)
				return -1;
			break;
		case GS_SIP_IS_NOT: break;
		}
	if (f->secure != NULL)
		return feed_secure(t, f);
	if (f->first_frame == 0)
		f->first_frame = f->last_frame;
	cut(t, f);
	return 0;
}

static int
on_rest(void *arg, struct gs_net_flow *tcp)
{
	give_rest(arg, (struct stream *)tcp);
	return 0;
}

static int
on_gap(void *arg, struct gs_net_flow *tcp, uint32_t next, bool full)
{
	struct gs_net_sip *t = arg;
	struct stream *f = (struct stream *)tcp;
	uint64_t truncated = t->counts.truncated;

	(void)next;
	(void)full;
	give_rest(t, f);
	t->counts.truncated = truncated;
	if (f->secure != NULL)
		t->sink.layer->gap(f->secure->connection, f->side);
	t->counts.gaps += tcp->favoured;
	/* The layer reports what a handshake lost. */
	f->missed |= !tcp->favoured && f->secure == NULL;
	f->lost = true;
	return 0;
}

/* Whether a stream that must be read begins with g, as far as it shows. */
static bool
begins(const struct gs_net_sip *t, const struct gs_net_frame *g)
{
	const struct gs_net_sip_layer *l = t->sink.layer;
	struct gs_net_sip_segment s = { &g->src, &g->dst,
		gs_span(g->p + g->payload, g->length), 0 };

	return starts(gs_span_skip(s.bytes, blank_lines(s.bytes))) ||
	    gs_span_starts(s.bytes, GS_LIT("HEP3")) ||
	    gs_net_ws_upgrade(s.bytes) > 0 || begins_framed(s.bytes) ||
	    (l != NULL && l->is(l->arg, &s) == GS_SIP_IS);
}

/* The stream of a segment, a new one if it begins here; NULL: it is not
 * read. */
static struct stream *
stream_for(struct gs_net_sip *t, const struct gs_net_frame *g)
{
	struct gs_net_flow *f = gs_net_tcp_find(t->tcp, &g->src, &g->dst);
	bool syn = (g->flags & GS_TCP_SYN) != 0;

	if (f != NULL && syn && gs_net_tcp_restarts(f, g->seq)) {
		(void)gs_net_tcp_close(t->tcp, f);
		f = NULL;
	}
	if (f == NULL && (syn || begins(t, g)))
		f = gs_net_tcp_open(t->tcp, g, g->seq + syn);
	return (struct stream *)f;
}

/* Whether f is neither SIP nor a layer's. */
static bool
is_not_sip(const struct stream *f)
{
	return f->secure == NULL && !f->tcp.favoured && f->lost;
}

static bool
feed_segment(struct gs_net_sip *t, const struct gs_net_packet *p,
    const struct gs_net_frame *g)
{
	uint32_t seq = g->seq + ((g->flags & GS_TCP_SYN) != 0);
	struct stream *f = stream_for(t, g);

	if (f == NULL)
		return false;
	gs_net_tcp_touch(t->tcp, &f->tcp);
	f->last_frame = p->frame;
	f->ns = p->ns;
	f->file = p->file;
	int r = gs_net_tcp_expire(t->tcp, &f->tcp, p->ns);
	t->counts.gaps += g->length > 0 && gs_net_tcp_before(&f->tcp, seq);
	if (r == 0 && g->length > 0)
		r = gs_net_tcp_segment(t->tcp, &f->tcp, p->ns, seq,
		    gs_span(g->p + g->payload, g->length));
	/* Out of memory, or not SIP: the stream is not read any longer. */
	t->counts.gaps += r == -1;
	if (r == 0 && is_not_sip(f) && t->sink.stray != NULL) {
		r = gs_net_tcp_skip_gaps(t->tcp, &f->tcp);
		if (r == 0 && is_not_sip(f))
			give_rest(t, f);
	}
	if (r == -1 || is_not_sip(f)) {
		gs_net_tcp_forget(t->tcp, &f->tcp);
		return r == 0 && t->sink.stray != NULL;
	}
	bool fin = (g->flags & GS_TCP_FIN) != 0 &&
	    gs_net_tcp_behind(seq + g->length, f->tcp.next) <= 0;
	if ((fin || (g->flags & GS_TCP_RST) != 0) && !f->tcp.ended) {
		f->tcp.ended = true;
		(void)gs_net_tcp_skip_gaps(t->tcp, &f->tcp);
		/* A layer may still open something. */
		if (f->secure == NULL)
			give_rest(t, f);
	}
	return f->tcp.favoured || f->secure != NULL || t->sink.stray != NULL;
}

/* ---- all */

bool
gs_net_sip_feed(struct gs_net_sip *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	if (f->kind == GS_FRAME_TCP)
		return feed_segment(t, p, f);
	return f->kind == GS_FRAME_UDP && feed_datagram(t, p, f);
}

void
gs_net_sip_end(struct gs_net_sip *t)
{
	(void)gs_net_tcp_end(t->tcp);
}

struct gs_net_sip *
gs_net_sip_new(const struct gs_net_sip_sink *sink, struct gs_err *err)
{
	struct gs_net_sip *t = calloc(1, sizeof(*t));
	const struct gs_net_tcp_reader reader = {
		.size = sizeof(struct stream),
		.flows = GS_SIP_FLOWS,
		.bytes = GS_SIP_BYTES,
		.pending = GS_SIP_PENDING,
		.more = on_more,
		.gap = on_gap,
		.rest = on_rest,
		.close = on_close,
		.arg = t,
	};

	if (t != NULL) {
		t->sink = *sink;
		t->tcp = gs_net_tcp_new(&reader);
		if (t->tcp != NULL)
			return t;
	}
	free(t);
	(void)gs_err_sys(err, ENOMEM, "reading SIP");
	return NULL;
}
