/* SPDX-License-Identifier: MIT */
/* The value of a=rtpmap: the codec of a payload type (RFC 8866). */
#ifndef GSPROV_SDP_RTPMAP_H
#define GSPROV_SDP_RTPMAP_H

#include "base/buf.h"

/* "TYPE NAME/CLOCK/CHANNELS". name is cut to fit, and safe to print. */
struct gs_sdp_rtpmap {
	uint8_t type;
	uint8_t channels; /* 0: not given */
	uint32_t clock;
	char name[24];
	char params[64]; /* of a=fmtp, cut at a ";", or "" */
};

/* Reads the value of a=rtpmap (RFC 8866 section 6.6). Returns false if it is
 * invalid, or if no codec has such a clock. */
bool gs_sdp_rtpmap_parse(struct gs_sdp_rtpmap *map,
    struct gs_span value) GS_MUST;

/* Reads the value of a=fmtp, "TYPE PARAMS" (RFC 8866 section 6.15), into *map
 * if that has this type. Returns whether it has. */
bool gs_sdp_rtpmap_fmtp(struct gs_sdp_rtpmap *map, struct gs_span value);

#endif
