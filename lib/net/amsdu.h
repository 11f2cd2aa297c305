/* SPDX-License-Identifier: MIT */
/* Frames of 802.11 that hold several packets (A-MSDU), as one frame each. */
#ifndef GSPROV_NET_AMSDU_H
#define GSPROV_NET_AMSDU_H

#include "net/capture.h"

/* A frame that is being taken apart. Zeroed, it holds none. */
struct gs_net_amsdu {
	struct gs_net_packet whole;
	uint8_t *head; /* of each part: a copy of the headers of whole */
	size_t size; /* of the headers */
	size_t room; /* behind head */
	size_t at; /* of the next part in whole */
};

/* Whether a frame of this link type may hold several packets. */
static inline bool
gs_net_amsdu_may(uint32_t link)
{
	switch (link) {
	case GS_LINK_802_11:
	case GS_LINK_RADIOTAP:
	case GS_LINK_PRISM:
	case GS_LINK_AVS:
	case GS_LINK_PKTAP:
	case GS_LINK_PPI: return true;
	default: return false;
	}
}

/* If p contains several packets, it becomes the first part; its octets must
 * outlive the parts. If memory runs out, p stays as it is. */
void gs_net_amsdu_split(struct gs_net_amsdu *a, struct gs_net_packet *p);

/* The same for any link type. Inline, because every packet passes here. */
static inline void
gs_net_amsdu_begin(struct gs_net_amsdu *a, struct gs_net_packet *p)
{
	if (gs_net_amsdu_may(p->interface->link))
		gs_net_amsdu_split(a, p);
}

/* Sets *p to the next part: a frame of 802.11 with one packet, and otherwise
 * like the whole frame, with the same number. Borrowed until the next call.
 * False: there are no more. */
bool gs_net_amsdu_next(struct gs_net_amsdu *a, struct gs_net_packet *p);

/* Whether a holds a frame; false for most links at all times. */
static inline bool
gs_net_amsdu_any(const struct gs_net_amsdu *a)
{
	return a->whole.p != NULL;
}

/* Whether gs_net_amsdu_next() would return one. */
bool gs_net_amsdu_more(const struct gs_net_amsdu *a);

void gs_net_amsdu_free(struct gs_net_amsdu *a);

#endif
