/* SPDX-License-Identifier: MIT */
/* Digits that a stream sends as events (RFC 4733). */
#include "media/dtmf.h"

#include <math.h>
#include <stdio.h>

#include "base/bytes.h"
#include "srtp/stream.h"

enum {
	EVENT = 4, /* octets of a payload */
	FLASH = 16, /* the last event that is a key (section 3.2) */
	USUAL = 101, /* the type that most senders take */
	SAID = 6, /* in a sentence */
};

static const double rate = 8000;
static const double loud = 6000; /* each of the two tones */

static const char keys[] = "0123456789*#ABCD";

bool
gs_media_dtmf_is(const char *name, uint8_t type, struct gs_span payload)
{
	const uint8_t *p = (const uint8_t *)payload.p;

	if (payload.n < EVENT || p[0] > FLASH)
		return false;
	if (name != NULL && name[0] != '\0')
		return gs_span_eqcase(gs_span_of(name),
		    GS_LIT("telephone-event"));
	return type == USUAL && payload.n == EVENT && (p[1] & 0x40) == 0;
}

uint32_t
gs_media_dtmf_put(struct gs_media_dtmf *d, struct gs_span payload, uint32_t ts,
    uint64_t ns)
{
	const uint8_t *p = (const uint8_t *)payload.p;
	struct gs_media_dtmf_event *e = d->n > 0 ? &d->event[d->n - 1] : NULL;
	uint32_t length = gs_be16(p + 2), before;

	if (e == NULL || e->digit != p[0] || e->ts != ts) {
		if (e != NULL && (int32_t)(ts - e->ts) < 0)
			return 0; /* a late copy of one before */
		if (d->n == GS_DTMF_EVENTS) {
			d->more += length > 0 && (p[1] & 0x80) == 0;
			return 0;
		}
		e = &d->event[d->n++];
		*e = (struct gs_media_dtmf_event){ .ns = ns,
			.ts = ts,
			.digit = p[0] };
	}
	before = e->length;
	e->length = length > before ? length : before;
	return e->length - before;
}

bool
gs_media_dtmf_say(const struct gs_media_dtmf *d, size_t *at, uint64_t start,
    char *text, size_t size)
{
	size_t n = 0;

	if (*at >= d->n)
		return false;
	for (size_t i = 0; i < SAID && *at < d->n; i++, (*at)++) {
		const struct gs_media_dtmf_event *e = &d->event[*at];
		char key[2] = { e->digit < FLASH ? keys[e->digit] : '\0', 0 };
		int k = snprintf(text + n, size - n, "%s%s at %.2f s (%u ms)",
		    i == 0 ? "DTMF " : ", ", key[0] != '\0' ? key : "flash",
		    (double)(e->ns > start ? e->ns - start : 0) / 1e9,
		    (unsigned)((uint64_t)e->length * 1000 / d->clock));

		if (k < 0 || (size_t)k >= size - n)
			return true;
		n += (size_t)k;
	}
	return true;
}

/* ITU-T Q.23. */
void
gs_media_dtmf_tone(uint8_t digit, uint32_t from, size_t n, uint8_t *out)
{
	static const char pad[] = "123A456B789C*0#D";
	static const uint16_t low[4] = { 697, 770, 852, 941 };
	static const uint16_t high[4] = { 1209, 1336, 1477, 1633 };
	const char *at = digit < FLASH ? strchr(pad, keys[digit]) : NULL;
	size_t place = at != NULL ? (size_t)(at - pad) : 0;
	size_t row = place / 4, column = place % 4;

	for (size_t i = 0; i < n; i++) {
		double t = 2 * M_PI * ((double)from + (double)i) / rate;
		double v = sin(t * low[row]) + sin(t * high[column]);

		gs_put_be16(out + 2 * i,
		    at == NULL ? 0 : (unsigned)(int)(loud * v) & 0xffff);
	}
}
