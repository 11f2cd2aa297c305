/* SPDX-License-Identifier: MIT */
/* Counts of the packet readers. */
#ifndef GSPROV_NET_COUNTS_H
#define GSPROV_NET_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

/* Why a frame was not read. */
enum gs_net_unread {
	GS_UNREAD_NOT, /* it was read, or nothing is missing */
	GS_UNREAD_LINK, /* its link type */
	GS_UNREAD_TYPE, /* its Ethernet type, which carries packets */
	GS_UNREAD_CIPHERED, /* 802.11 that is encrypted, */
	GS_UNREAD_FRAGMENT, /* that is part of a packet, */
	GS_UNREAD_AGGREGATE, /* or that has several (A-MSDU) */
};

enum {
	GS_UNREAD_KINDS = 4, /* that are distinguished; others only count */
	GS_UNREAD_TEXT = 384, /* characters that name them, with counts */
};

struct gs_net_unread_kind {
	uint64_t n; /* frames */
	uint32_t link; /* or type, of GS_UNREAD_LINK and _TYPE; else 0 */
	enum gs_net_unread why;
};

struct gs_net_frame_counts {
	uint64_t unread; /* frames, of these kinds and others */
	struct gs_net_unread_kind kind[GS_UNREAD_KINDS];
	uint64_t fragments;
	uint64_t reassembled; /* datagrams made of them */
	uint64_t incomplete; /* datagrams given up */
	uint64_t overlaps; /* fragments that contradict others */
};

/* SIP messages. */
struct gs_net_sip_counts {
	uint64_t messages;
	uint64_t truncated; /* by a snaplen or the end, not by gaps: */
	uint64_t gaps; /* in TCP streams with SIP */
	uint64_t compressed; /* HEP payloads that cannot be read */
};

/* Octets that were blanked, and frames with such octets. */
struct gs_net_scrub_counts {
	uint64_t keys; /* of keys, MIKEY, digests, passwords */
	uint64_t key_frames;
	uint64_t unread; /* that cannot be judged */
	uint64_t unread_frames;
	bool over; /* not all keys were searched for everywhere */
};

#endif
