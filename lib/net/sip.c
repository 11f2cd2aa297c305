/* SPDX-License-Identifier: MIT */
/* SIP messages in a capture: in UDP, in TCP streams, in HEP. */
#include "net/sip.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "net/sip_priv.h"

enum { LINE_MAX = 4096, METHOD_MAX = 32 };

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
	HEP_COMPRESSED = 16,
};

enum { HEP_HEADER = 6, PROTO_TCP = 6, PROTO_TLS = 22, PROTO_SCTP = 132 };

struct gs_sip {
	struct gs_sip_sink sink;
	struct gs_sip_counts counts;
	struct gs_streams *streams;
};

struct gs_sip *
gs_sip_new(const struct gs_sip_sink *sink, struct gs_err *err)
{
	struct gs_sip *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->sink = *sink;
		t->streams = gs_streams_new(&t->sink, &t->counts);
		if (t->streams != NULL)
			return t;
	}
	free(t);
	(void)gs_err_sys(err, ENOMEM, "reading SIP");
	return NULL;
}

void
gs_sip_free(struct gs_sip *t)
{
	if (t == NULL)
		return;
	gs_streams_free(t->streams);
	free(t);
}

struct gs_sip_counts
gs_sip_counts(const struct gs_sip *t)
{
	return t->counts;
}

/* ---- messages in bytes */

/* RFC 3261 section 25.1, token; ASCII letters first, they are usual. */
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

enum gs_sip_start
gs_sip_start(struct gs_span s)
{
	static const char status[] = "SIP/2.0 ";
	size_t k = s.n < sizeof(status) - 1 ? s.n : sizeof(status) - 1;

	if (k > 0 && memcmp(s.p, status, k) == 0)
		return k == sizeof(status) - 1 ? GS_SIP_YES : GS_SIP_MAYBE;
	k = token_length(s, METHOD_MAX + 1);
	if (k == s.n && k <= METHOD_MAX)
		return GS_SIP_MAYBE;
	if (k == 0 || k > METHOD_MAX || s.p[k] != ' ')
		return GS_SIP_NO;
	/* A scheme tells it from HTTP, the version from RTSP. */
	struct gs_span uri = gs_span(s.p + k + 1, s.n - k - 1);
	size_t scheme = token_length(uri, METHOD_MAX);
	if (scheme == uri.n)
		return GS_SIP_MAYBE;
	if (scheme == 0 || uri.p[scheme] != ':')
		return GS_SIP_NO;
	size_t look = s.n < LINE_MAX ? s.n : LINE_MAX;
	const char *end = memchr(s.p, '\n', look);
	if (end == NULL)
		return look == LINE_MAX ? GS_SIP_NO : GS_SIP_MAYBE;
	return ends_in_version(gs_span(s.p, (size_t)(end - s.p))) ? GS_SIP_YES :
								    GS_SIP_NO;
}

bool
gs_sip_starts(struct gs_span s)
{
	return gs_sip_start(s) == GS_SIP_YES;
}

size_t
gs_sip_header_end(struct gs_span s, size_t *scan)
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

/* The digits behind the colon; the value may be folded (RFC 3261 7.3.1). */
static bool
read_length(struct gs_span s, uint64_t *v)
{
	size_t k = 0;

	while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4) != NULL) {
		bool fold = s.p[0] == '\n';
		s = gs_span(s.p + 1, s.n - 1);
		if (fold && (s.n == 0 || (s.p[0] != ' ' && s.p[0] != '\t')))
			return false;
	}
	while (k < s.n && s.p[k] >= '0' && s.p[k] <= '9')
		k++;
	return gs_span_u64(gs_span(s.p, k), v) == 0;
}

bool
gs_sip_length(struct gs_span header, uint64_t *v)
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

/* ---- datagrams */

/* Fills in where the body is and whether all of it is there. */
static void
give(struct gs_sip *t, struct gs_sip_message *m)
{
	size_t scan = 0;
	uint64_t length;

	m->body = gs_sip_header_end(m->bytes, &scan);
	if (m->body == 0) {
		m->body = m->bytes.n;
		m->truncated = true;
	} else if (gs_sip_length(gs_span(m->bytes.p, m->body), &length)) {
		/* RFC 3261 18.3: what is behind it is not part of it. */
		if (length > m->bytes.n - m->body)
			m->truncated = true;
		else
			m->bytes.n = m->body + (size_t)length;
	}
	t->counts.messages++;
	t->counts.truncated += m->truncated;
	if (t->sink.message != NULL)
		t->sink.message(t->sink.arg, m);
}

static enum gs_sip_transport
transport_of(unsigned protocol)
{
	return protocol == PROTO_TCP ? GS_SIP_TCP :
	    protocol == PROTO_TLS    ? GS_SIP_TLS :
	    protocol == PROTO_SCTP   ? GS_SIP_SCTP :
				       GS_SIP_UDP;
}

static void
set_ip(struct gs_addr *a, const uint8_t *p, unsigned version)
{
	memset(a->ip, 0, sizeof(a->ip));
	memcpy(a->ip, p, version == 4 ? 4 : 16);
	a->version = (uint8_t)version;
}

/* What HEP says of its message. */
struct hep {
	struct gs_sip_message *m;
	uint64_t seconds;
	uint64_t micro;
	bool compressed;
};

static void
hep3_chunk(struct hep *h, unsigned type, const uint8_t *p, size_t n)
{
	struct gs_sip_message *m = h->m;

	if (type == HEP_PAYLOAD)
		m->bytes = gs_span(p, n);
	else if (type == HEP_COMPRESSED)
		h->compressed = true;
	else if (type == HEP_PROTOCOL && n >= 1)
		m->transport = transport_of(p[0]);
	else if ((type == HEP_SRC4 || type == HEP_DST4) && n >= 4)
		set_ip(type == HEP_SRC4 ? &m->src : &m->dst, p, 4);
	else if ((type == HEP_SRC6 || type == HEP_DST6) && n >= 16)
		set_ip(type == HEP_SRC6 ? &m->src : &m->dst, p, 6);
	else if (type == HEP_SRC_PORT && n >= 2)
		m->src.port = be16(p);
	else if (type == HEP_DST_PORT && n >= 2)
		m->dst.port = be16(p);
	else if (type == HEP_SECONDS && n >= 4)
		h->seconds = be32(p);
	else if (type == HEP_MICROSECONDS && n >= 4)
		h->micro = be32(p);
}

/* HEP version 3: "HEP3", the length of all, chunks. */
static void
hep3(struct hep *h, const uint8_t *p, size_t n)
{
	size_t at = HEP_HEADER;

	if (be16(p + 4) < n)
		n = be16(p + 4);
	while (at <= n && n - at >= HEP_HEADER) {
		size_t length = be16(p + at + 4), room = n - at;
		if (length < HEP_HEADER)
			return;
		if (length > room) { /* the snaplen cut it */
			h->m->truncated = true;
			length = room;
		}
		if (be16(p + at) == 0)
			hep3_chunk(h, be16(p + at + 2), p + at + HEP_HEADER,
			    length - HEP_HEADER);
		at += length;
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
	if (p[0] == 2 && at == header) /* some do not count the time */
		at += 12;
	if (at > n)
		return false;
	h->m->transport = transport_of(p[3]);
	h->m->src.port = be16(p + 4);
	h->m->dst.port = be16(p + 6);
	set_ip(&h->m->src, p + 8, version);
	set_ip(&h->m->dst, p + 8 + address, version);
	h->m->bytes = gs_span(p + at, n - at);
	return true;
}

static bool
feed_hep(struct gs_sip *t, struct gs_sip_message *m, const uint8_t *p, size_t n)
{
	struct hep h = { .m = m };
	bool three = n >= HEP_HEADER && memcmp(p, "HEP3", 4) == 0;

	m->hep = true;
	m->bytes.n = 0;
	if (three)
		hep3(&h, p, n);
	else if (!hep1(&h, p, n))
		return false;
	t->counts.compressed += h.compressed;
	if (h.seconds > 0)
		m->ns = h.seconds * 1000000000 + h.micro * 1000;
	if (!gs_sip_starts(m->bytes))
		return three;
	give(t, m);
	return true;
}

static bool
feed_datagram(struct gs_sip *t, const struct gs_packet *p,
    const struct gs_frame *f)
{
	const uint8_t *b = f->p + f->payload;
	bool hep = f->length > 8 &&
	    (b[0] == 1 || b[0] == 2 || memcmp(b, "HEP3", 4) == 0);

	if (f->length == 0 || (!hep && !gs_sip_starts(gs_span(b, f->length))))
		return false;
	struct gs_sip_message m = {
		.bytes = gs_span(b, f->length),
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
	give(t, &m);
	return true;
}

bool
gs_sip_feed(struct gs_sip *t, const struct gs_packet *p,
    const struct gs_frame *f)
{
	if (f->kind == GS_FRAME_TCP)
		return gs_streams_feed(t->streams, p, f);
	return f->kind == GS_FRAME_UDP && feed_datagram(t, p, f);
}

void
gs_sip_end(struct gs_sip *t)
{
	gs_streams_end(t->streams);
}
