/* SPDX-License-Identifier: MIT */
/* Whether a payload is whole frames of its codec: then nothing was appended
 * to it, and it was not encrypted. */
#ifndef GSPROV_SRTP_FRAMES_PRIV_H
#define GSPROV_SRTP_FRAMES_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_sdp_rtpmap;

/* Whether payload type has frames whose sizes are known for certain. */
bool gs_srtp_frames_sized(uint8_t type);

/* Whether the n octets at p are whole frames of payload type. step is the RTP
 * time of one packet, 0 when it is unknown. To G.729 an 80-bit tag is one
 * frame more, so there, and for the codecs of dynamic types (telephone-event,
 * AMR, iLBC, G.726), the time must agree. */
bool gs_srtp_frames_whole(uint8_t type, const uint8_t *p, size_t n,
    int32_t step);

/* The payload type that has the same frames as the format that SDP says of
 * type; type, when there is none. */
uint8_t gs_srtp_frames_type(const struct gs_sdp_rtpmap *said, uint8_t type);

/* The same as gs_srtp_frames_whole() of the format that SDP says, for a G.726
 * whose packets are of any length. */
bool gs_srtp_frames_said(const struct gs_sdp_rtpmap *said, size_t n,
    int32_t step);

/* Whether those octets, of one packet, look by themselves as if they were never
 * encrypted; whole says that they are whole frames. */
bool gs_srtp_frames_plain(uint8_t type, const uint8_t *p, size_t n, bool whole);

#endif
