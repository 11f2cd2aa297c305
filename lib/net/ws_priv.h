/* SPDX-License-Identifier: MIT */
/* WebSocket: the header that begins it, and those of its frames (RFC 6455
 * section 5.2). */
#ifndef GSPROV_NET_WS_PRIV_H
#define GSPROV_NET_WS_PRIV_H

#include "base/buf.h"
#include "base/bytes.h"

/* A frame's header: place and length of its payload, and its mask. */
struct gs_net_ws {
	size_t header;
	uint64_t length;
	const uint8_t *mask; /* NULL: none */
	bool last;
	bool goes_on; /* it continues a message */
	bool compressed;
	bool control;
};

/* False: it is none, or incomplete (n < 14). */
static inline bool
gs_net_ws_header(struct gs_net_ws *w, const uint8_t *p, size_t n)
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
		w->length = gs_be16(p + 2);
		w->header = 4;
	} else if (w->length == 127 && n >= 10) {
		w->length = (uint64_t)gs_be32(p + 2) << 32 | gs_be32(p + 6);
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

/* Octet i of the payload of w, which is at p, without its mask. */
static inline uint8_t
gs_net_ws_octet(const struct gs_net_ws *w, const uint8_t *p, size_t i)
{
	return p[i] ^ (w->mask != NULL ? w->mask[i % 4] : 0);
}

/* The end of the header that makes a connection a WebSocket; 0: none, or
 * incomplete. */
static inline size_t
gs_net_ws_upgrade(struct gs_span s)
{
	size_t end;

	if (!gs_span_starts(s, GS_LIT("HTTP/1.1 101")) &&
	    !gs_span_starts(s, GS_LIT("GET ")))
		return 0;
	end = gs_span_find(s, GS_LIT("\r\n\r\n"));
	if (end == s.n)
		return 0;
	s.n = end;
	return gs_span_has(s, GS_LIT("ebsocket")) ||
		gs_span_has(s, GS_LIT("ebSocket")) ?
	    end + 4 :
	    0;
}

#endif
