/* SPDX-License-Identifier: MIT */
/* Digits that a stream sends as events (RFC 4733): a list, and their tones. */
#ifndef GSPROV_MEDIA_DTMF_H
#define GSPROV_MEDIA_DTMF_H

#include "../base/buf.h"

enum {
	GS_DTMF_EVENTS = 64, /* of a stream; more are counted */
	GS_DTMF_CLOCK = 8000, /* where SDP says none */
};

/* One that was pressed. */
struct gs_media_dtmf_event {
	uint64_t ns; /* when its first packet was captured */
	uint32_t ts; /* RTP time of its beginning */
	uint32_t length; /* so far, in units of the clock */
	uint8_t digit; /* its number: 10 is the star, 11 the hash key */
};

/* Zeroed but for clock, it is ready for use. */
struct gs_media_dtmf {
	uint32_t clock;
	uint64_t more;
	size_t n;
	struct gs_media_dtmf_event event[GS_DTMF_EVENTS];
};

/* Whether a payload of this type, which SDP calls name (NULL: it does not say),
 * is an event. */
bool gs_media_dtmf_is(const char *name, uint8_t type, struct gs_span payload);

/* Takes such a payload. Returns by how many units of the clock its event has
 * become longer: 0 when it was said before. */
uint32_t gs_media_dtmf_put(struct gs_media_dtmf *d, struct gs_span payload,
    uint32_t ts, uint64_t ns);

/* Puts the events from *at on that fit into a sentence into text, with their
 * times from start on, and moves *at behind them. False: there is none. */
bool gs_media_dtmf_say(const struct gs_media_dtmf *d, size_t *at,
    uint64_t start, char *text, size_t size);

/* Makes n samples of the tones of a digit, from sample number from on, as L16
 * at 8000 Hz. */
void gs_media_dtmf_tone(uint8_t digit, uint32_t from, size_t n, uint8_t *out);

#endif
