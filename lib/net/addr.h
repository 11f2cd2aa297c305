/* SPDX-License-Identifier: MIT */
/* Addresses with their ports. */
#ifndef GSPROV_NET_ADDR_H
#define GSPROV_NET_ADDR_H

#include "base/buf.h"
#include "base/bytes.h"

/* An address and a port, comparable with memcmp(). */
struct gs_net_addr {
	uint8_t ip[16]; /* IPv4: the first four, the rest is 0 */
	uint16_t port;
	uint8_t version; /* 4 or 6 */
	uint8_t zero;
};

static inline bool
gs_net_addr_eq(const struct gs_net_addr *a, const struct gs_net_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The seed of a table that uses the hash below: whoever sends packets chooses
 * their addresses, but not which of them meet in a table. */
uint64_t gs_net_addr_seed(void);

/* A hash of both addresses, which are of one version, and of more, which begins
 * with the table's seed if it has one. Inline, because each packet of media
 * takes one. */
static inline uint64_t
gs_net_addr_hash(const struct gs_net_addr *a, const struct gs_net_addr *b,
    uint64_t more)
{
	uint64_t x[2], y[2];

	memcpy(x, a->ip, sizeof(x));
	memcpy(y, b->ip, sizeof(y));
	/* Both addresses of IPv4 are in one word. No two words that a sender
	 * may choose are in one step: they would cancel out. */
	more = gs_hash_add(more, x[0] ^ (y[0] << 32 | y[0] >> 32));
	if (a->version == 6) {
		more = gs_hash_add(more, y[0]);
		more = gs_hash_add(more, x[1]);
		more = gs_hash_add(more, y[1]);
	}
	more = gs_hash_add(more, (uint64_t)a->port << 16 | b->port);
	/* The last octets of an IPv6 address reach only the highest bits. */
	return more ^ more >> 50;
}

enum { GS_ADDR_TEXT = 56 };

/* "192.0.2.1:5060" or "[2001:db8::1]:5060" (RFC 5952). Returns text. */
const char *gs_net_addr_text(const struct gs_net_addr *a,
    char text[GS_ADDR_TEXT]);

#endif
