/* SPDX-License-Identifier: MIT */
/* Any packets at any time in any order into a WAV file: no crash, sizes that
 * agree with what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A record: codec, channel and ssrc, time step, seq, timestamp, length. */
enum { RECORD = 9, RECORDS = 32 };

static void
pick_codec(struct gs_codec *c, uint8_t v)
{
	static const uint32_t clock[] = { 8000, 48000, 44100, 11025 };
	static const uint8_t type[] = { 0, 8, 9, 10, 11, 13 };

	if (v < 0x80)
		(void)gs_codec_static(c, type[v % sizeof(type)]);
	else
		gs_codec_rtpmap(c, gs_span("L16", 3), clock[v & 3], 1);
}

static void
put(struct gs_wav *w, const uint8_t *r, uint64_t *time)
{
	static const uint8_t payload[700] = { 1, 2, 3, 4, 5, 6 };
	struct gs_codec c;
	struct gs_wav_packet packet = { .codec = &c, .payload = payload };
	int64_t step = (int8_t)r[2];

	pick_codec(&c, r[0]);
	/* Mostly milliseconds, at times seconds. */
	*time += (uint64_t)(step * (r[1] & 0x40 ? 250000000 : 1000000));
	packet.time = *time;
	packet.ssrc = r[1] >> 1 & 15;
	packet.seq = (uint16_t)(r[3] << 8 | r[4]);
	packet.timestamp = (uint32_t)r[5] << 24 | (uint32_t)r[6] << 16 |
	    (uint32_t)r[7] << 8;
	packet.n = (size_t)r[8] * 2;
	if (gs_wav_put(w, r[1] & 1, &packet, NULL) < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_wav *w = NULL;
	struct gs_wav_stats stats;
	uint64_t time = UINT64_C(1700000000000000000);
	FILE *fp = fopen("/dev/null", "wb");

	if (fp == NULL || gs_wav_open(&w, fp, 2, 0, 0, NULL, NULL) < 0)
		abort();
	for (size_t i = 0; i < RECORDS && n >= RECORD; i++) {
		put(w, p, &time);
		p += RECORD;
		n -= RECORD;
	}
	if (gs_wav_close(w, &stats, NULL) < 0 || stats.rate == 0)
		abort();
	(void)fclose(fp);
	return 0;
}
