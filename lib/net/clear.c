/* SPDX-License-Identifier: MIT */
/* SIP from TLS as made-up TCP segments, or from HEP as datagrams. */
#include "net/clear.h"

#include <stdlib.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/scrub.h"
#include "net/sip.h"
#include "net/tcp_priv.h"

enum {
	TCP_PUSH = 8,
	TCP_ACK = 16,
	WAITING = 16 * 1024 * 1024, /* octets waiting to be written */
	ROOM = GS_FRAME_HEADERS + 64 + GS_SIP_MESSAGE,
};

/* The last TCP frame over a version of IP: its headers. */
struct place {
	struct gs_net_packet packet;
	struct gs_net_frame frame;
	uint8_t head[GS_FRAME_HEADERS];
};

struct gs_net_clear {
	struct place place[2]; /* IPv4, IPv6 */
	struct gs_buf waiting; /* struct gs_net_made, each with its octets */
	size_t at; /* the part not yet returned */
	uint64_t lost; /* that could not be made */
	uint8_t text[GS_SIP_MESSAGE]; /* a message without keys */
	uint8_t frame[ROOM];
};

struct gs_net_clear *
gs_net_clear_new(struct gs_err *err)
{
	struct gs_net_clear *c = calloc(1, sizeof(*c));

	if (c == NULL)
		(void)gs_err_set(err, "out of memory");
	else
		gs_buf_init(&c->waiting, WAITING);
	return c;
}

void
gs_net_clear_free(struct gs_net_clear *c)
{
	if (c == NULL)
		return;
	gs_buf_free(&c->waiting);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

void
gs_net_clear_place(struct gs_net_clear *c, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	struct place *to = &c->place[f->src.version == 6];

	if (f->kind != GS_FRAME_TCP || f->transport > sizeof(to->head))
		return;
	to->packet = *p;
	to->frame = *f;
	to->frame.p = memcpy(to->head, f->p, f->transport);
}

/* Both ends of m's segments: the server's port is that of unencrypted SIP. */
static struct gs_net_made
segment_of(const struct gs_net_sip_message *m)
{
	struct gs_net_made s = { .src = m->src,
		.dst = m->dst,
		.udp = m->hep,
		.flags = TCP_PUSH | TCP_ACK,
		.seq = m->said + 1,
		.ack = m->heard + 1 };

	if (!m->hep)
		*(m->answers ? &s.src.port : &s.dst.port) = GS_CLEAR_PORT;
	return s;
}

static void
put(struct gs_net_clear *c, const struct gs_net_made *s, const uint8_t *p)
{
	gs_buf_put(&c->waiting, s, sizeof(*s));
	if (s->n > 0)
		gs_buf_put(&c->waiting, p, s->n);
}

/* The handshake of TCP: the client's part, the server's part. */
static void
put_begin(struct gs_net_clear *c, const struct gs_net_made *first, bool answers)
{
	struct gs_net_made there = *first;

	there.flags = GS_TCP_SYN;
	there.seq = there.ack = 0;
	if (answers) {
		there.src = first->dst;
		there.dst = first->src;
	}
	struct gs_net_made back = there;
	back.src = there.dst;
	back.dst = there.src;
	back.flags = GS_TCP_SYN | TCP_ACK;
	back.ack = 1;
	put(c, &there, NULL);
	put(c, &back, NULL);
}

int
gs_net_clear_take(struct gs_net_clear *c, const struct gs_net_sip_message *m,
    struct gs_net_scrub *scrub, struct gs_err *err)
{
	struct gs_net_made s = segment_of(m);
	size_t n = m->bytes.n < sizeof(c->text) ? m->bytes.n : sizeof(c->text);

	memcpy(c->text, m->bytes.p, n);
	if (scrub != NULL &&
	    gs_net_scrub_text(scrub, gs_span(m->bytes.p, n), c->text, err) ==
		-1)
		return -1;
	if (!s.udp && m->said == 0 && m->heard == 0)
		put_begin(c, &s, m->answers);
	size_t most = s.udp ? n : GS_CLEAR_SEGMENT;
	for (size_t at = 0; at < n; at += s.n) {
		s.n = (uint32_t)(n - at < most ? n - at : most);
		put(c, &s, c->text + at);
		s.seq += s.n;
	}
	explicit_bzero(c->text, n);
	return gs_buf_ok(&c->waiting) ? 0 : gs_err_set(err, "out of memory");
}

bool
gs_net_clear_next(struct gs_net_clear *c, struct gs_net_packet *p,
    struct gs_net_frame *f)
{
	struct gs_net_made s;

	while (c->waiting.n - c->at >= sizeof(s)) {
		memcpy(&s, c->waiting.p + c->at, sizeof(s));
		const uint8_t *bytes = c->waiting.p + c->at + sizeof(s);
		bool v6 = s.src.version == 6;
		const struct place *from = &c->place[v6];

		/* HEP names addresses of either version. */
		if (from->frame.kind != GS_FRAME_TCP)
			from = &c->place[!v6];
		c->at += sizeof(s) + s.n;
		if (from->frame.kind != GS_FRAME_TCP ||
		    !gs_net_frame_make(&from->frame, &s, bytes, c->frame, f)) {
			c->lost++;
			continue;
		}
		*p = from->packet;
		p->p = f->p;
		p->n = p->wire = f->n;
		return true;
	}
	gs_net_clear_forget(c);
	return false;
}

uint64_t
gs_net_clear_lost(const struct gs_net_clear *c)
{
	return c->lost;
}

void
gs_net_clear_forget(struct gs_net_clear *c)
{
	gs_buf_clear(&c->waiting);
	c->at = 0;
}
