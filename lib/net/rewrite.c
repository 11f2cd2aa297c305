/* SPDX-License-Identifier: MIT */
/* Frames with another payload: corrects lengths and checksums. */
#include "net/frame_priv.h"

#include <endian.h>

#include "base/bytes.h"

enum {
	MAX16 = 65535,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
};

/* Sum of the 16-bit words of p, in this machine's byte order (RFC 1071 section
 * 2 B); p begins at an even offset of the summed bytes. */
static uint64_t
sum(uint64_t s, const uint8_t *p, size_t n)
{
	uint64_t w;
	uint32_t half;
	uint16_t word;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		s += (w & UINT32_MAX) + (w >> 32);
	}
	if (n >= 4) {
		memcpy(&half, p, 4);
		s += half;
		p += 4;
		n -= 4;
	}
	if (n >= 2) {
		memcpy(&word, p, 2);
		s += word;
		p += 2;
		n -= 2;
	}
	if (n == 1) {
		uint8_t last[2] = { p[0], 0 };
		memcpy(&word, last, 2);
		s += word;
	}
	return s;
}

static uint16_t
fold(uint64_t s)
{
	s = (s & UINT32_MAX) + (s >> 32);
	s = (s & UINT32_MAX) + (s >> 32);
	s = (s & MAX16) + (s >> 16);
	s = (s & MAX16) + (s >> 16);
	return (uint16_t)~s;
}

/* The checksum of a UDP or TCP packet from at to total, over the pseudo
 * header of IP layer l (RFC 768, RFC 9293 3.1, RFC 8200 8.1). */
static uint16_t
transport_sum(const struct gs_net_layer *l, const uint8_t *frame, size_t at,
    size_t total, unsigned protocol)
{
	size_t n = total - at, address = l->kind == GS_LAYER_IPV4 ? 4 : 16;
	size_t src = l->at + (l->kind == GS_LAYER_IPV4 ? 12u : 8u);
	uint8_t tail[8] = { [7] = (uint8_t)protocol };
	uint64_t s;

	gs_put_be32(tail, (uint32_t)n);
	s = sum(0, tail, sizeof(tail));
	s = sum(s, frame + src, address);
	s = sum(s, frame + l->dst, address);
	return fold(sum(s, frame + at, n));
}

/* 0: too long for 16 bits. */
static unsigned
length16(size_t n)
{
	return n > MAX16 ? 0 : (unsigned)n;
}

static void
fix_udp(const struct gs_net_layer *l, uint8_t *frame, size_t at, size_t total)
{
	uint8_t *h = frame + at;
	bool none = gs_be16(h + 6) == 0 && l->kind == GS_LAYER_IPV4;

	gs_put_be16(h + 4, length16(total - at));
	if (none)
		return;
	gs_put16(h + 6, 0);
	uint16_t v = transport_sum(l, frame, at, total, GS_IP_UDP);
	gs_put16(h + 6, v == 0 ? MAX16 : v);
}

/* The header is summed before it changes, as a processor does not like to read
 * at once in words what was just written in halves: what changes is taken out
 * as its complement (RFC 1624). */
static void
fix_ipv4(uint8_t *h, size_t n)
{
	uint64_t s = sum(0, h, (h[0] & 15u) * 4);

	s += (uint16_t)~gs_get16(h + 10, false);
	if (gs_be16(h + 2) != 0) {
		uint16_t length = htobe16((uint16_t)length16(n));

		s += (uint16_t)~gs_get16(h + 2, false);
		gs_put16(h + 2, length);
		s += length;
	}
	gs_put16(h + 10, fold(s));
}

static void
fix_gre(uint8_t *h, size_t n)
{
	gs_put16(h + 4, 0);
	gs_put16(h + 4, fold(sum(0, h, n)));
}

static void
fix_layer(const struct gs_net_layer *layer, size_t i, uint8_t *frame,
    size_t total)
{
	const struct gs_net_layer *l = &layer[i];
	size_t n = total - l->base;

	switch ((enum gs_net_layer_kind)l->kind) {
	case GS_LAYER_IPV4: fix_ipv4(frame + l->at, n); break;
	case GS_LAYER_IPV6: gs_put_be16(frame + l->at + 4, length16(n)); break;
	case GS_LAYER_UDP: fix_udp(&layer[l->ip], frame, l->at, total); break;
	case GS_LAYER_GRE: fix_gre(frame + l->at, n); break;
	case GS_LAYER_LENGTH: gs_put_be16(frame + l->at, length16(n)); break;
	case GS_LAYER_FCS: frame[l->at] &= 0xef; break;
	case GS_LAYER_LENGTH_LE: gs_put_le16(frame + l->at, (unsigned)n); break;
	}
}

void
gs_net_layers_fix(const struct gs_net_layer *layer, size_t layers,
    uint8_t *frame, size_t total)
{
	while (layers-- > 0)
		fix_layer(layer, layers, frame, total);
}

size_t
gs_net_frame_seal(const struct gs_net_frame *f, uint8_t *frame, size_t n)
{
	size_t total = f->payload + n;
	const struct gs_net_layer *l = &f->layer[f->layers - 1];
	uint8_t *h = frame + f->transport;

	/* The checksum also covers the missing bytes. */
	if (f->length < f->wire)
		return total;
	if (f->kind == GS_FRAME_UDP) {
		fix_udp(l, frame, f->transport, total);
	} else {
		gs_put16(h + 16, 0);
		gs_put16(h + 16,
		    transport_sum(l, frame, f->transport, total, GS_IP_TCP));
	}
	gs_net_layers_fix(f->layer, f->layers, frame, total);
	return total;
}

/* The header of a segment, without options and checksum. */
static void
put_tcp(uint8_t *h, const struct gs_net_made *s)
{
	memset(h, 0, TCP_HEADER);
	gs_put_be16(h, s->src.port);
	gs_put_be16(h + 2, s->dst.port);
	gs_put_be32(h + 4, s->seq);
	gs_put_be32(h + 8, s->ack);
	h[12] = TCP_HEADER / 4 << 4;
	h[13] = s->flags;
	gs_put_be16(h + 14, MAX16);
}

/* The header of a datagram; its checksum is optional over IPv4. */
static void
put_udp(uint8_t *h, const struct gs_net_made *s)
{
	memset(h, 0, UDP_HEADER);
	gs_put_be16(h, s->src.port);
	gs_put_be16(h + 2, s->dst.port);
	gs_put_be16(h + 6, 1);
}

/* Changes the IP header at h to that of s, without extensions. Returns its
 * length. */
static size_t
put_ip(uint8_t *h, bool v4, const struct gs_net_made *s)
{
	size_t n = v4 ? 4 : 16, address = v4 ? 12 : 8;

	h[v4 ? 9 : 6] = s->udp ? GS_IP_UDP : GS_IP_TCP;
	memcpy(h + address, s->src.ip, n);
	memcpy(h + address + n, s->dst.ip, n);
	return v4 ? (h[0] & 15u) * 4 : 40;
}

/* Makes room at ip for a header of the other version, if the link layer names
 * the version right before it. */
static bool
change_version(uint8_t *frame, struct gs_net_layer *ip, bool v4)
{
	enum { ETHERNET = 14, TTL = 64 };
	uint8_t *h = frame + ip->at;

	if (ip->at < ETHERNET || gs_be16(h - 2) != (v4 ? TYPE_IPV6 : TYPE_IPV4))
		return false;
	gs_put_be16(h - 2, v4 ? TYPE_IPV4 : TYPE_IPV6);
	memset(h, 0, v4 ? 20 : 40);
	h[0] = v4 ? 0x45 : 0x60;
	h[v4 ? 8 : 7] = TTL;
	ip->kind = v4 ? GS_LAYER_IPV4 : GS_LAYER_IPV6;
	ip->base = (uint16_t)(ip->at + (v4 ? 0 : 40));
	return true;
}

bool
gs_net_frame_make(const struct gs_net_frame *like, const struct gs_net_made *s,
    const uint8_t *bytes, uint8_t *frame, struct gs_net_frame *f)
{
	struct gs_net_layer *ip = &f->layer[like->layers - 1];
	bool v4 = s->src.version != 6;

	*f = *like;
	memcpy(frame, like->p, like->transport);
	if ((ip->kind == GS_LAYER_IPV4) != v4 && !change_version(frame, ip, v4))
		return false;
	ip->dst = (uint16_t)(ip->at + (v4 ? 16 : 24));
	f->p = frame;
	f->reassembled = false;
	f->kind = s->udp ? GS_FRAME_UDP : GS_FRAME_TCP;
	f->transport = (uint16_t)(ip->at + put_ip(frame + ip->at, v4, s));
	f->payload =
	    f->transport + (uint32_t)(s->udp ? UDP_HEADER : TCP_HEADER);
	f->n = f->payload + s->n;
	f->length = f->wire = s->n;
	f->flags = s->flags;
	f->seq = s->seq;
	f->src = s->src;
	f->dst = s->dst;
	(s->udp ? put_udp : put_tcp)(frame + f->transport, s);
	if (s->n > 0)
		memcpy(frame + f->payload, bytes, s->n);
	(void)gs_net_frame_seal(f, frame, s->n);
	return true;
}

/* Corrects the checksum at field, which covers n bytes from at, some of which
 * changed (RFC 1624). */
static void
fix_changed(const struct gs_net_frame *f, uint8_t *frame, size_t at,
    size_t field, size_t n)
{
	uint64_t s = fold(sum(0, f->p + at, n));
	uint16_t new = fold(sum(0, frame + at, n)), old;

	memcpy(&old, frame + at + field, sizeof(old));
	gs_put16(frame + at + field,
	    fold(s + (uint16_t) ~new + (uint16_t)~old));
}

/* CRC32c (RFC 9260 appendix A). */
static void
fix_sctp(uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	memset(p + 8, 0, 4);
	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (unsigned k = 0; k < 8; k++)
			crc = crc >> 1 ^ (0x82f63b78u & (0u - (crc & 1)));
	}
	for (unsigned k = 0; k < 4; k++)
		p[8 + k] = (uint8_t)(~crc >> 8 * k);
}

void
gs_net_frame_reseal(const struct gs_net_frame *f, uint8_t *frame)
{
	size_t at = f->payload, n = f->length;

	if ((f->protocol == GS_IP_ICMP || f->protocol == GS_IP_ICMPV6) &&
	    n >= 4)
		fix_changed(f, frame, at, 2, n);
	if (f->protocol == GS_IP_UDPLITE && n >= 8) {
		size_t covered = gs_be16(frame + at + 4);
		fix_changed(f, frame, at, 6,
		    covered == 0 || covered > n ? n : covered);
	}
	if (f->protocol == GS_IP_SCTP && n >= 12)
		fix_sctp(frame + at, n);
	gs_net_layers_fix(f->layer, f->layers, frame, at + n);
}
