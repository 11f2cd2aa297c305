/* SPDX-License-Identifier: MIT */
/* Whether a payload consists of whole frames of its codec: then nothing was
 * appended to it, and it was not encrypted. */
#ifndef GSPROV_SRTP_FRAMES_PRIV_H
#define GSPROV_SRTP_FRAMES_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_sdp_rtpmap;

/* A kind of frames: the number of a payload type whose codec is known by it, or
 * one of these, or a dynamic type that SDP does not name. */
enum {
	GS_FRAMES_OTHER = 128, /* of any size */
	GS_FRAMES_EVENT, /* RFC 4733 */
	GS_FRAMES_AMR,
	GS_FRAMES_ILBC,
	GS_FRAMES_G726, /* and its bits a sample, 2 to 5 */
};

/* The kind of a payload type, of which SDP says so much. */
uint8_t gs_srtp_frames_kind(const struct gs_sdp_rtpmap *said, uint8_t type);

/* Whether the frame sizes of a kind are known for certain. */
bool gs_srtp_frames_sized(uint8_t kind);

/* Whether the n octets at p are whole frames of a kind. step is the RTP time of
 * one packet, 0 if unknown. For G.729, an 80-bit tag is one frame more, so for
 * it and for the codecs of dynamic types (telephone-event, AMR, iLBC, G.726),
 * the time must agree. A dynamic type without a name may be any of them.
 * What is shorter than a tag is always whole. */
bool gs_srtp_frames_whole(uint8_t kind, const uint8_t *p, size_t n,
    int32_t step);

enum { GS_FRAMES_CERTAIN = 20 };

/* The bits of evidence that whole frames of a kind are no ciphertext: of so
 * many octets of noise, one packet in two to the power of them looks whole. */
unsigned gs_srtp_frames_weight(uint8_t kind, const uint8_t *p, size_t n);

/* Whether whole frames at p are those of a type without a name, and only their
 * size says so (iLBC, G.726). */
bool gs_srtp_frames_guessed(uint8_t kind, const uint8_t *p, size_t n,
    int32_t step);

/* Whether n octets of a sized kind that are no whole frames may be frames and a
 * tag: they are more than fit in step. Comfort noise is not, as it has any
 * length, nor is less than noise is known by. */
bool gs_srtp_frames_tagged(uint8_t kind, size_t n, int32_t step);

/* Whether n octets of a kind that are no whole frames take more time than step,
 * as frames and a tag do. False for kinds whose frames do not tell. */
bool gs_srtp_frames_overlong(uint8_t kind, size_t n, int32_t step);

/* Whether this one packet looks as if it was never encrypted. whole: it
 * consists of whole frames. */
bool gs_srtp_frames_plain(uint8_t kind, const uint8_t *p, size_t n, bool whole);

#endif
