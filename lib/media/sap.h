/* SPDX-License-Identifier: MIT */
/* SDP for streams without one: an announcement (SAP, RFC 2974) that tells
 * other programs what the packets of a stream are. */
#ifndef GSPROV_MEDIA_SAP_H
#define GSPROV_MEDIA_SAP_H

#include "net/frame.h"

struct gs_srtp_receiver;
struct gs_srtp_receiver_packet;

enum { GS_SAP_OCTETS = 8192 }; /* of SAP and SDP; formats beyond are left out */

/* A datagram that announces a stream. */
struct gs_media_sap {
	struct gs_net_frame frame; /* over octets */
	uint8_t octets[GS_FRAME_HEADERS + 64 + GS_SAP_OCTETS];
};

/* Makes s the announcement of p, the first packet of RTP of a stream: its
 * address, its payload type, and all formats that SDP announced for the stream,
 * without keys. It goes to 224.2.127.254 port 9875, over IPv6 to ff0e::2:7ffe,
 * with the headers below UDP of p's frame. Returns 0, or -1 if out of
 * memory. */
int gs_media_sap_make(struct gs_media_sap *s, struct gs_srtp_receiver *session,
    const struct gs_srtp_receiver_packet *p, struct gs_err *err) GS_MUST;

#endif
