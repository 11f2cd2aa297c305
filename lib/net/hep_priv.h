/* SPDX-License-Identifier: MIT */
/* HEP version 3: "HEP3", the length of all, chunks. */
#ifndef GSPROV_NET_HEP_PRIV_H
#define GSPROV_NET_HEP_PRIV_H

#include "base/bytes.h"

enum { GS_HEP_HEADER = 6, GS_HEP_COMPRESSED = 16 };

/* A chunk: its type if it is a common one (vendor 0), else 0; its n bytes, and
 * whether some of them are missing. */
struct gs_net_hep_chunk {
	unsigned type;
	size_t at;
	size_t n;
	bool cut;
};

/* Reads the chunk at *at (0: the first) of the n bytes at p, and moves *at
 * past it. False: no more, or malformed. */
static inline bool
gs_net_hep_next(const uint8_t *p, size_t n, size_t *at,
    struct gs_net_hep_chunk *c)
{
	if (n >= GS_HEP_HEADER && gs_be16(p + 4) < n)
		n = gs_be16(p + 4);
	if (*at == 0)
		*at = GS_HEP_HEADER;
	if (*at > n || n - *at < GS_HEP_HEADER)
		return false;
	size_t length = gs_be16(p + *at + 4), room = n - *at;
	if (length < GS_HEP_HEADER)
		return false;
	c->cut = length > room; /* by the snaplen */
	c->type = gs_be16(p + *at) == 0 ? gs_be16(p + *at + 2) : 0;
	c->at = *at + GS_HEP_HEADER;
	c->n = (c->cut ? room : length) - GS_HEP_HEADER;
	*at += length;
	return true;
}

#endif
