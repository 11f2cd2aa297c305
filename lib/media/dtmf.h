/* SPDX-License-Identifier: MIT */
/* Digits that a stream sends as events (RFC 4733): a list, and their tones. */
#ifndef GSPROV_MEDIA_DTMF_H
#define GSPROV_MEDIA_DTMF_H

#include "base/buf.h"

enum {
	GS_DTMF_EVENTS = 64, /* of a stream; further ones are counted */
	GS_DTMF_CLOCK = 8000, /* where SDP says none */
};

/* A pressed digit. */
struct gs_media_dtmf_event {
	uint64_t ns; /* when its first packet was captured */
	uint32_t ts; /* RTP time of its beginning */
	uint32_t length; /* so far, in units of the clock */
	uint8_t digit; /* its number: 10 is the star, 11 the hash key */
};

/* Zeroed except for clock, it is ready for use. */
struct gs_media_dtmf {
	uint32_t clock;
	uint64_t more;
	size_t n;
	struct gs_media_dtmf_event event[GS_DTMF_EVENTS];
};

/* Whether a payload of this type, which SDP calls name (NULL: unknown), is an
 * event. */
bool gs_media_dtmf_is(const char *name, uint8_t type, struct gs_span payload);

/* Adds such a payload. Returns by how many units of the clock it extends its
 * event; 0 if it is a repeat. */
uint32_t gs_media_dtmf_put(struct gs_media_dtmf *d, struct gs_span payload,
    uint32_t ts, uint64_t ns);

/* Appends the events from *at that fit into a sentence to text, with their
 * times since start, and moves *at past them. False: there is none. */
bool gs_media_dtmf_say(const struct gs_media_dtmf *d, size_t *at,
    uint64_t start, char *text, size_t size);

/* Generates n samples of the tones of a digit, beginning with sample number
 * from, as L16 at 8000 Hz. */
void gs_media_dtmf_tone(uint8_t digit, uint32_t from, size_t n, uint8_t *out);

#endif
