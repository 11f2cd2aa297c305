/* SPDX-License-Identifier: MIT */
/* A file of payloads for players, in the order of their sequence numbers: Opus
 * and Speex in Ogg, AMR and iLBC with their headers, others bare.
 *
 * If the format allows it, lost or unsent audio keeps its time: as a gap in
 * Ogg, frames without data in AMR, frames of zeros in G.729, which a decoder
 * takes for lost ones. Comfort noise of G.729 (2 octets) becomes such a frame:
 * a player takes 10 octets for each. */
#ifndef GSPROV_MEDIA_RAW_H
#define GSPROV_MEDIA_RAW_H

#include <stdio.h>

#include "base/diag.h"
#include "media/codec.h"

/* Packets held back to reorder late ones. */
enum { GS_RAW_HELD = 16, GS_RAW_INTERLEAVED = 64 /* frames */ };

struct gs_media_raw;

/* fp remains the caller's. Returns 0 or -1. */
int gs_media_raw_open(struct gs_media_raw **r, FILE *fp,
    const struct gs_media_codec *codec, struct gs_err *err) GS_MUST;

/* Adds the payload of a packet, with its RTP timestamp. Malformed packets,
 * duplicates, and packets that are more than GS_RAW_HELD packets late are left
 * out. Returns 0, or -1 if out of memory or on a write error. */
int gs_media_raw_put(struct gs_media_raw *r, uint16_t seq, uint32_t ts,
    struct gs_span payload, struct gs_err *err) GS_MUST;

/* Writes held packets, flushes fp, frees r (may be NULL). *malformed is the
 * number of malformed packets. Returns 0 or -1. */
int gs_media_raw_close(struct gs_media_raw *r, uint64_t *malformed,
    struct gs_err *err) GS_MUST;

#endif
