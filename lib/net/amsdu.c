/* SPDX-License-Identifier: MIT */
/* Frames of 802.11 that hold several packets (A-MSDU), as one frame each. */
#include "net/amsdu.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "net/frame_priv.h"

/* IEEE 802.11-2020 section 9.3.2.2.2: two addresses, a length, the packet from
 * LLC on; all but the last are padded to a multiple of four octets. */
enum { ADDRESSES = 12, HEADER = 14 };

/* The length of the packet at a->at, whose end may be missing; 0: none. */
static size_t
length_at(const struct gs_net_amsdu *a)
{
	size_t n = a->whole.n, at = a->at;

	return a->whole.p != NULL && at <= n && n - at > HEADER ?
	    gs_be16(a->whole.p + at + ADDRESSES) :
	    0;
}

void
gs_net_amsdu_split(struct gs_net_amsdu *a, struct gs_net_packet *p)
{
	struct gs_net_several s;

	if (!gs_net_frame_several(p, &s))
		return;
	size_t room = s.at + p->n;
	if (room > a->room) {
		gs_net_amsdu_free(a);
		a->head = malloc(room);
		a->room = a->head != NULL ? room : 0;
	}
	if (a->head == NULL)
		return;
	a->whole = *p;
	a->at = a->size = s.at;
	memcpy(a->head, p->p, a->size);
	a->head[s.qos] &= 0x7f;
	if (s.fcs != 0)
		a->head[s.fcs] &= 0xef;
	(void)gs_net_amsdu_next(a, p);
}

bool
gs_net_amsdu_next(struct gs_net_amsdu *a, struct gs_net_packet *p)
{
	size_t length = length_at(a);

	if (length == 0) {
		a->whole.p = NULL;
		return false;
	}
	size_t there = a->whole.n - a->at - HEADER;
	if (there > length)
		there = length;
	memcpy(a->head + a->size, a->whole.p + a->at + HEADER, there);
	a->at += (HEADER + length + 3) & ~(size_t)3;
	*p = a->whole;
	p->p = a->head;
	p->n = (uint32_t)(a->size + there);
	p->wire = (uint32_t)(a->size + length);
	return true;
}

bool
gs_net_amsdu_more(const struct gs_net_amsdu *a)
{
	return length_at(a) > 0;
}

void
gs_net_amsdu_free(struct gs_net_amsdu *a)
{
	if (a->head != NULL)
		explicit_bzero(a->head, a->room);
	free(a->head);
	*a = (struct gs_net_amsdu){ .head = NULL };
}
