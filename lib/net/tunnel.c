/* SPDX-License-Identifier: MIT */
/* Tunnels: GRE, ERSPAN, VXLAN, GENEVE, GTP-U. */
#include "net/walk_priv.h"

enum {
	PORT_GTPU = 2152,
	PORT_VXLAN = 4789,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472
};

/* ERSPAN (draft-foschiano-erspan): type I is a bare frame, type II has 8
 * bytes, type III 12 and perhaps 8 more. */
static unsigned
erspan(struct walk *w, unsigned type, bool sequence)
{
	size_t size = type == TYPE_ERSPAN3 ? 12 : sequence ? 8 : 0;

	if (!has(w, size))
		return AT_END;
	if (type == TYPE_ERSPAN3 && (w->p[w->at + 11] & 1) != 0)
		size += 8;
	if (!has(w, size))
		return AT_END;
	w->at += size;
	return TYPE_TEB;
}

/* RFC 2784, RFC 2890. */
unsigned
gs_walk_gre(struct walk *w)
{
	if (!has(w, 4))
		return AT_END;
	size_t at = w->at, size = 4;
	unsigned flags = be16(w->p + at), type = be16(w->p + at + 2);
	if ((flags & 7) != 0 || (flags & 0x4000) != 0)
		return stop(w, GS_FRAME_OTHER);
	size +=
	    (flags >> 15) * 4 + (flags >> 13 & 1) * 4 + (flags >> 12 & 1) * 4;
	if (!has(w, size))
		return AT_END;
	if ((flags & 0x8000) != 0 && add_layer(w, GS_LAYER_GRE, at, at) == NULL)
		return stop(w, GS_FRAME_OTHER);
	w->at += size;
	if (type == TYPE_ERSPAN2 || type == TYPE_ERSPAN3)
		return erspan(w, type, (flags & 0x1000) != 0);
	return type;
}

/* 3GPP TS 29.281 section 5: a G-PDU, its options and extension headers. */
static unsigned
gtpu(struct walk *w, const uint8_t *h, size_t n)
{
	size_t size = 8, at = w->at;

	if (n < 8 || (h[0] & 0xf0) != 0x30 || h[1] != 0xff)
		return AT_END;
	if ((h[0] & 7) != 0) {
		size = 12;
		unsigned next = n >= 12 && (h[0] & 4) ? h[11] : 0;
		while (next != 0) {
			if (size >= n || h[size] == 0 ||
			    n - size < h[size] * 4u)
				return AT_END;
			size += h[size] * 4u;
			next = h[size - 1];
		}
	}
	if (size >= n || add_layer(w, GS_LAYER_LENGTH, at + 2, at + 8) == NULL)
		return AT_END;
	w->at += size;
	return AT_IP;
}

/* VXLAN (RFC 7348) and GENEVE (RFC 8926). */
static unsigned
overlay(struct walk *w, const uint8_t *h, size_t n, bool geneve)
{
	size_t size = geneve && n > 0 ? 8 + (h[0] & 0x3fu) * 4 : 8;

	if (n < size)
		return AT_END;
	if (geneve ?
		h[0] >> 6 != 0 || h[7] != 0 :
		h[0] != 8 || h[1] != 0 || h[2] != 0 || h[3] != 0 || h[7] != 0)
		return AT_END;
	w->at += size;
	return geneve ? be16(h + 2) : TYPE_TEB;
}

/* What is inside the UDP payload at the cursor, AT_END: no tunnel. */
unsigned
gs_walk_overlay(struct walk *w, unsigned port)
{
	const uint8_t *h = w->p + w->at;
	size_t n = w->f->length;

	switch (port) {
	case PORT_GTPU: return gtpu(w, h, n);
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX: return overlay(w, h, n, false);
	case PORT_GENEVE: return overlay(w, h, n, true);
	default: return AT_END;
	}
}

bool
gs_walk_is_overlay(unsigned port)
{
	return port == PORT_GTPU || port == PORT_VXLAN || port == PORT_GENEVE ||
	    port == PORT_VXLAN_LINUX;
}
