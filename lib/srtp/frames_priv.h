/* SPDX-License-Identifier: MIT */
/* Whether a payload consists of whole frames of its codec: then nothing was
 * appended to it, and it was not encrypted. */
#ifndef GSPROV_SRTP_FRAMES_PRIV_H
#define GSPROV_SRTP_FRAMES_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_sdp_rtpmap;

/* Whether the frame sizes of payload type are known for certain. */
bool gs_srtp_frames_sized(uint8_t type);

/* Whether the n octets at p are whole frames of payload type. step is the RTP
 * time of one packet, 0 if unknown. For G.729, an 80-bit tag is one frame
 * more, so for it and for the codecs of dynamic types (telephone-event, AMR,
 * iLBC, G.726), the time must agree. */
bool gs_srtp_frames_whole(uint8_t type, const uint8_t *p, size_t n,
    int32_t step);

/* Whether n octets of such a type that are not whole frames may be frames and a
 * tag, because they are more than fit in step. This is false for comfort noise,
 * which has any length, and for payloads too short to be told from noise. */
bool gs_srtp_frames_tagged(uint8_t type, size_t n, int32_t step);

/* The payload type with the same frames as the format that SDP names for type,
 * or type itself. */
uint8_t gs_srtp_frames_type(const struct gs_sdp_rtpmap *said, uint8_t type);

/* The same as gs_srtp_frames_whole() for the G.726 that SDP names, whose
 * packets may have any length. */
bool gs_srtp_frames_said(const struct gs_sdp_rtpmap *said, size_t n,
    int32_t step);

/* Whether this one packet looks as if it was never encrypted. whole: it
 * consists of whole frames. */
bool gs_srtp_frames_plain(uint8_t type, const uint8_t *p, size_t n, bool whole);

#endif
