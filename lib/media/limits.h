/* SPDX-License-Identifier: MIT */
/* Limits of the WAV writer; also in gs-srtpdump(1). */
#ifndef GSPROV_MEDIA_LIMITS_H
#define GSPROV_MEDIA_LIMITS_H

#include <stddef.h>

enum {
	GS_WAV_WINDOW_MS = 5000, /* a packet later than this is dropped */
	GS_WAV_RESYNC_MS = 1000, /* timestamp against capture time */
	GS_WAV_PACKET_MS = 500, /* a longer payload is cut */
	GS_WAV_GAP_S = 3600, /* longer silence everywhere is cut to 1 s */
	GS_WAV_PAUSE_S = 5, /* no packet from any source for this time: a
			     * pause */
	GS_WAV_PAUSES_S = 60, /* pauses that are written, and */
	GS_WAV_PAUSES = 4, /* times what is between them */
	GS_WAV_SOURCES = 8, /* SSRCs held per channel; the oldest goes */
	GS_WAV_RATES = 4, /* sample rates per channel at a time */
};

/* Octets that may wait in memory, in all files that share it. */
struct gs_media_wav_budget {
	size_t limit;
	size_t held;
};

#endif
