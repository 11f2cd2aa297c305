/* SPDX-License-Identifier: MIT */
/* Frames: from the link layer down to a UDP or TCP payload. */
#include "net/frame.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/walk_priv.h"

/* IP protocols (IANA). */
enum {
	IP_HOPOPT = 0,
	IP_IPV4 = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IPV6 = 41,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_GRE = 47,
	IP_AH = 51,
	IP_DSTOPTS = 60,
	IP_MOBILITY = 135,
	IP_HIP = 139,
	IP_SHIM6 = 140,
};

enum { STEPS = 48, NESTED = 4 };

struct gs_frames {
	struct gs_fragments *fragments;
	uint8_t *out; /* a reassembled frame */
	struct gs_fragment fragment; /* with AT_FRAGMENT */
	struct gs_frame outer; /* of a tunnel, as a UDP datagram */
};

/* ---- IP */

static void
set_addr(struct gs_addr *a, const uint8_t *ip, unsigned version)
{
	size_t n = version == 4 ? 4 : 16;

	memset(a, 0, sizeof(*a));
	memcpy(a->ip, ip, n);
	a->version = (uint8_t)version;
}

static unsigned
protocol(struct walk *w, unsigned number)
{
	switch (number) {
	case IP_UDP: return AT_UDP;
	case IP_TCP: return AT_TCP;
	case IP_GRE: return AT_GRE;
	case IP_IPV4: return TYPE_IPV4;
	case IP_IPV6: return TYPE_IPV6;
	default: break;
	}
	w->f->ip = true;
	w->f->protocol = (uint8_t)number;
	w->f->payload = (uint32_t)w->at;
	w->f->length = w->at < w->n ? (uint32_t)(w->n - w->at) : 0;
	w->f->wire = w->at < w->end ? (uint32_t)(w->end - w->at) : 0;
	return stop(w, GS_FRAME_OTHER);
}

/* A fragment that cannot be joined to others, payload at at. */
static void
alone(struct gs_frame *f, size_t at, size_t n, unsigned number, size_t offset)
{
	f->ip = true;
	f->protocol = (uint8_t)number;
	f->payload = (uint32_t)at;
	f->length = f->wire = (uint32_t)(n - at);
	f->seq = (uint32_t)offset;
}

static unsigned
ipv4_fragment(struct walk *w, size_t at, unsigned field)
{
	size_t length = w->end - w->at;

	if (w->n < w->end) {
		alone(w->f, w->at, w->n, w->p[at + 9], (field & 0x1fff) * 8);
		return stop(w, GS_FRAME_SHORT);
	}
	w->t->fragment = (struct gs_fragment){
		.src = w->f->src,
		.dst = w->f->dst,
		.id = be16(w->p + at + 4),
		.protocol = w->p[at + 9],
		.more = field & 0x2000,
		.ip = (uint16_t)at,
		.head = (uint16_t)w->at,
		.payload = (uint32_t)w->at,
		.offset = (field & 0x1fff) * 8,
		.length = (uint32_t)length,
	};
	return AT_FRAGMENT;
}

static unsigned
ipv4(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	size_t at = w->at;

	if (!has(w, 20))
		return AT_END;
	size_t header = (h[0] & 15u) * 4, total = be16(h + 2);
	/* 0: the network card was to cut it (TSO). */
	if (h[0] >> 4 != 4 || header < 20 || (total != 0 && total < header))
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, header))
		return AT_END;
	struct gs_layer *l = add_layer(w, GS_LAYER_IPV4, at, at);
	if (l == NULL)
		return stop(w, GS_FRAME_OTHER);
	l->dst = (uint16_t)(at + 16);
	if (total != 0)
		set_end(w, at + total);
	set_addr(&w->f->src, h + 12, 4);
	set_addr(&w->f->dst, h + 16, 4);
	w->at += header;
	unsigned field = be16(h + 6);
	if ((field & 0x3fff) != 0)
		return ipv4_fragment(w, at, field);
	return protocol(w, h[9]);
}

static unsigned
ipv6_fragment(struct walk *w, struct gs_layer *l, size_t next)
{
	const uint8_t *h = w->p + w->at;
	unsigned field = be16(h + 2);

	if (w->n < w->end) {
		alone(w->f, w->at + 8, w->n, h[0], field & 0xfff8);
		return stop(w, GS_FRAME_SHORT);
	}
	w->t->fragment = (struct gs_fragment){
		.src = w->f->src,
		.dst = w->f->dst,
		.id = be32(h + 4),
		.protocol = h[0],
		.more = field & 1,
		.ip = l->at,
		.head = (uint16_t)w->at,
		.next = (uint16_t)next,
		.payload = (uint32_t)w->at + 8,
		.offset = field & 0xfff8,
		.length = (uint32_t)(w->end - w->at - 8),
	};
	return AT_FRAGMENT;
}

/* The checksum's destination is the last one (RFC 8200 8.1): of types 0
 * and 4 (RFC 8754) not the one in the IPv6 header while the packet is
 * under way. size is the length of the header at the cursor. */
static void
routing(struct walk *w, struct gs_layer *l, size_t size)
{
	const uint8_t *h = w->p + w->at;

	if (h[3] == 0 || size < 24)
		return;
	if (h[2] == 4 || h[2] == 2)
		l->dst = (uint16_t)(w->at + 8);
	else if (h[2] == 0)
		l->dst = (uint16_t)(w->at + size - 16);
	else
		return;
	set_addr(&w->f->dst, w->p + l->dst, 6);
}

/* Walks the extension headers (RFC 8200 section 4). next is the offset of
 * the byte that names the header at the cursor. */
static unsigned
extensions(struct walk *w, struct gs_layer *l, size_t next)
{
	for (;;) {
		unsigned type = w->p[next];
		bool atomic = false;
		switch (type) {
		case IP_HOPOPT:
		case IP_ROUTING:
		case IP_FRAGMENT:
		case IP_AH:
		case IP_DSTOPTS:
		case IP_MOBILITY:
		case IP_HIP:
		case IP_SHIM6: break;
		default: return protocol(w, type);
		}
		if (!has(w, 8))
			return AT_END;
		size_t size = (w->p[w->at + 1] + 1u) * 8;
		if (type == IP_AH)
			size = (w->p[w->at + 1] + 2u) * 4;
		if (type == IP_FRAGMENT) {
			atomic = (be16(w->p + w->at + 2) & 0xfff9) == 0;
			size = 8;
		}
		if (w->at + size > GS_FRAME_HEADERS)
			return stop(w, GS_FRAME_OTHER);
		if (!has(w, size))
			return AT_END;
		if (type == IP_FRAGMENT && !atomic)
			return ipv6_fragment(w, l, next);
		if (type == IP_ROUTING)
			routing(w, l, size);
		next = w->at;
		w->at += size;
	}
}

static unsigned
ipv6(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	size_t at = w->at;

	if (!has(w, 40))
		return AT_END;
	if (h[0] >> 4 != 6)
		return stop(w, GS_FRAME_MALFORMED);
	struct gs_layer *l = add_layer(w, GS_LAYER_IPV6, at, at + 40);
	if (l == NULL)
		return stop(w, GS_FRAME_OTHER);
	l->dst = (uint16_t)(at + 24);
	size_t length = be16(h + 4);
	if (length != 0) /* 0: a jumbogram, or the card was to cut it */
		set_end(w, at + 40 + length);
	set_addr(&w->f->src, h + 8, 6);
	set_addr(&w->f->dst, h + 24, 6);
	w->at += 40;
	return extensions(w, l, at + 6);
}

static unsigned
ip(struct walk *w)
{
	if (!has(w, 1))
		return AT_END;
	unsigned version = w->p[w->at] >> 4;
	return version == 4 ? ipv4(w) :
	    version == 6    ? ipv6(w) :
			      stop(w, GS_FRAME_OTHER);
}

/* ---- transport */

static unsigned
enter_tunnel(struct walk *w, unsigned port, size_t at)
{
	if (!w->tunnel)
		w->t->outer = *w->f;
	uint8_t layers = w->f->layers;
	struct gs_layer *l = add_layer(w, GS_LAYER_UDP, at, at);
	if (l == NULL)
		return AT_END;
	l->ip = (uint8_t)(layers - 1);
	unsigned type = gs_walk_overlay(w, port);
	if (type == AT_END)
		w->f->layers = layers;
	else
		w->tunnel = true;
	return type;
}

static unsigned
udp(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	struct gs_frame *f = w->f;
	size_t at = w->at;

	if (!has(w, 8))
		return AT_END;
	size_t length = be16(h + 4);
	if (length != 0 && length < 8)
		return stop(w, GS_FRAME_MALFORMED);
	/* 0: longer than 16 bits can say (RFC 2675 section 4). */
	size_t end = length == 0 ? w->end : at + length;
	set_end(w, end);
	f->kind = GS_FRAME_UDP;
	f->flags = 0;
	f->seq = 0;
	f->transport = (uint16_t)at;
	f->payload = (uint32_t)at + 8;
	f->length = (uint32_t)(w->n - f->payload);
	f->wire = (uint32_t)(w->end - f->payload);
	f->src.port = be16(h);
	f->dst.port = be16(h + 2);
	w->at += 8;
	return gs_walk_is_overlay(f->dst.port) ?
	    enter_tunnel(w, f->dst.port, at) :
	    AT_END;
}

static unsigned
tcp(struct walk *w)
{
	const uint8_t *h = w->p + w->at;
	struct gs_frame *f = w->f;

	if (!has(w, 20))
		return AT_END;
	size_t header = (h[12] >> 4) * 4u;
	if (header < 20)
		return stop(w, GS_FRAME_MALFORMED);
	if (!has(w, header))
		return AT_END;
	f->kind = GS_FRAME_TCP;
	f->flags = h[13];
	f->seq = be32(h + 4);
	f->transport = (uint16_t)w->at;
	f->payload = (uint32_t)(w->at + header);
	f->length = (uint32_t)(w->n - f->payload);
	f->wire = (uint32_t)(w->end - f->payload);
	f->src.port = be16(h);
	f->dst.port = be16(h + 2);
	return AT_END;
}

static unsigned
step(struct walk *w, unsigned type)
{
	switch (type) {
	case TYPE_TEB: return gs_walk_ethernet(w);
	case TYPE_IPV4: return ipv4(w);
	case TYPE_IPV6: return ipv6(w);
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD: return gs_walk_vlan(w);
	case TYPE_MPLS:
	case TYPE_MPLS_UP: return gs_walk_mpls(w);
	case TYPE_PPPOE: return gs_walk_pppoe(w);
	case AT_PPP: return gs_walk_ppp(w);
	case AT_IP: return ip(w);
	case AT_GRE: return gs_walk_gre(w);
	case AT_UDP: return udp(w);
	case AT_TCP: return tcp(w);
	default: return stop(w, GS_FRAME_OTHER);
	}
}

/* Returns AT_END or AT_FRAGMENT. */
static unsigned
walk(struct walk *w, uint32_t link)
{
	unsigned type = gs_walk_link(w, link);

	for (unsigned i = 0; type != AT_END && type != AT_FRAGMENT; i++) {
		if (i == STEPS || w->at > GS_FRAME_HEADERS)
			type = stop(w, GS_FRAME_OTHER);
		else
			type = step(w, type);
	}
	/* No IP packet in there: it was no tunnel to us. */
	if (type == AT_END && w->tunnel && w->f->kind != GS_FRAME_UDP &&
	    w->f->kind != GS_FRAME_TCP)
		*w->f = w->t->outer;
	return type;
}

/* ---- the public face */

void
gs_frame_parse(struct gs_frames *t, const struct gs_packet *p,
    struct gs_frame *f)
{
	struct walk w = { .f = f, .t = t };
	size_t wire = p->wire > p->n ? p->wire : p->n;

	f->kind = GS_FRAME_OTHER;
	f->p = p->p;
	f->n = p->n;
	f->reassembled = false;
	f->ip = false;
	f->unread = false;
	gs_fragments_expire(t->fragments, p->ns);
	for (unsigned i = 0; i < NESTED; i++) {
		size_t n = 0;
		f->layers = 0;
		w.p = f->p;
		w.n = f->n;
		w.end = wire;
		w.at = 0;
		w.tunnel = false;
		if (walk(&w, p->interface->link) != AT_FRAGMENT)
			return;
		f->kind = GS_FRAME_HELD;
		switch (gs_fragments_add(t->fragments, p, f, &t->fragment,
		    t->out, &n)) {
		case GS_FRAGMENT_BAD:
			f->kind = GS_FRAME_MALFORMED;
			alone(f, t->fragment.payload,
			    t->fragment.payload + t->fragment.length,
			    t->fragment.protocol, t->fragment.offset);
			return;
		case GS_FRAGMENT_KEPT: return;
		case GS_FRAGMENT_LAST: break;
		}
		f->p = t->out;
		f->n = (uint32_t)n;
		f->reassembled = true;
		wire = n;
	}
	f->kind = GS_FRAME_OTHER;
}

struct gs_frames *
gs_frames_new(struct gs_err *err)
{
	struct gs_frames *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->fragments = gs_fragments_new();
		t->out = malloc(GS_FRAME_MAX);
		if (t->fragments != NULL && t->out != NULL)
			return t;
	}
	gs_frames_free(t);
	(void)gs_err_sys(err, ENOMEM, "reading frames");
	return NULL;
}

void
gs_frames_free(struct gs_frames *t)
{
	if (t == NULL)
		return;
	gs_fragments_free(t->fragments);
	if (t->out != NULL)
		explicit_bzero(t->out, GS_FRAME_MAX);
	free(t->out);
	free(t);
}

bool
gs_frames_lost(struct gs_frames *t, struct gs_packet *p)
{
	return gs_fragments_lost(t->fragments, p);
}

void
gs_frames_lost_place(const struct gs_frames *t, struct gs_frame *f)
{
	gs_fragments_place(t->fragments, f);
}

void
gs_frames_end(struct gs_frames *t)
{
	gs_fragments_end(t->fragments);
}

struct gs_frame_counts
gs_frames_counts(const struct gs_frames *t)
{
	return gs_fragments_counts(t->fragments);
}

uint64_t
gs_addr_hash(const struct gs_addr *a, const struct gs_addr *b, uint64_t more)
{
	uint64_t x[3] = { 0 }, y[3] = { 0 };

	memcpy(x, a, sizeof(*a));
	memcpy(y, b, sizeof(*b));
	for (int i = 0; i < 3; i++)
		more = gs_hash_add(more, x[i] ^ (y[i] << 32 | y[i] >> 32));
	return more;
}

const char *
gs_addr_text(const struct gs_addr *a, char text[GS_ADDR_TEXT])
{
	char ip[INET6_ADDRSTRLEN];
	int family = a->version == 6 ? AF_INET6 : AF_INET;

	if (inet_ntop(family, a->ip, ip, sizeof(ip)) == NULL)
		ip[0] = '\0';
	(void)snprintf(text, GS_ADDR_TEXT,
	    family == AF_INET6 ? "[%s]:%u" : "%s:%u", ip, a->port);
	return text;
}
