/* SPDX-License-Identifier: MIT */
/* A call or a stream as a WAV file: 16-bit PCM, placed by RTP timestamp.
 *
 * The first packet of a source (an SSRC in a channel) stands where it was
 * captured; those after it stand where their RTP timestamps say, so that
 * jitter does not tear the audio and a late packet finds its place. What
 * nobody sent is silence. When timestamp and capture time disagree by more
 * than GS_WAV_RESYNC_MS, or the clock rate changes, the source is placed by
 * capture time anew. A capturing clock that is set back by more than the
 * window is followed as long as the timestamps go on.
 *
 * A pause in which nobody sends anything keeps its length, as long as pauses
 * are no more than GS_WAV_PAUSES times what stands between them, and a minute:
 * a file is no longer than what was captured gives reason for.
 *
 * Only a window of GS_WAV_WINDOW_MS is held, whatever the call's length, and
 * less when many files would hold too much together: samples leave it in
 * order, so the output may be a pipe. */
#ifndef GSPROV_MEDIA_WAV_H
#define GSPROV_MEDIA_WAV_H

#include <stdio.h>

#include "base/diag.h"
#include "media/codec.h"
#include "media/limits.h"

/* One RTP packet, decrypted. payload is without padding. */
struct gs_media_wav_packet {
	uint64_t time; /* of capture, ns since the epoch */
	uint32_t ssrc;
	uint32_t timestamp;
	uint16_t seq;
	const struct gs_media_codec *codec;
	const uint8_t *payload;
	size_t n;
};

/* The results of the packets. */
struct gs_media_wav_stats {
	uint32_t rate; /* of the file, samples per second and channel */
	uint64_t frames; /* samples per channel written */
	uint64_t packets; /* taken to be decoded */
	uint64_t skipped; /* of a codec that gs_media_codec_decodes() denies */
	uint64_t malformed; /* not frames of their codec */
	uint64_t longer; /* than GS_WAV_PACKET_MS: not, or not wholly, in it */
	uint64_t beyond; /* too late (or too early) for the window */
	uint64_t resyncs;
	uint64_t cuts; /* silences that were cut to 1 s */
	unsigned left; /* the channel that is left */
	bool sizes_unknown; /* a pipe, or fp appends: they are 0xffffffff */
	bool huge; /* over 4 GiB: the same, as a header has no room for more */
};

struct gs_media_wav;

/* Starts a file on fp, which stays the caller's. channels: 1, or 2 for left
 * and right. rate is the file's sample rate; 0 takes the highest among the
 * codecs that are seen in the first window. Other rates are converted;
 * equal ones are copied sample for sample. The file begins with the packet
 * that was captured first, which may be put later if nothing was written yet.
 * budget is the caller's and stays until w is closed; NULL is one without a
 * limit. Returns 0 or -1. */
int gs_media_wav_open(struct gs_media_wav **w, FILE *fp, unsigned channels,
    uint32_t rate, struct gs_media_wav_budget *budget,
    struct gs_err *err) GS_MUST;

/* Decodes and places p in channel. 0 is left, unless such an earlier packet is
 * in channel 1 (see stats.left). Put packets in capture order, but for those,
 * duplicates removed or not; telephone-event and CN are skipped (and counted).
 * Returns 0, or -1: write error, or memory. */
int gs_media_wav_put(struct gs_media_wav *w, unsigned channel,
    const struct gs_media_wav_packet *p, struct gs_err *err) GS_MUST;

/* Writes what is held and the sizes in the header, flushes fp, and fills
 * *stats (may be NULL) with or without success. Frees w (which may be NULL)
 * in any case. Returns 0 or -1. */
int gs_media_wav_close(struct gs_media_wav *w, struct gs_media_wav_stats *stats,
    struct gs_err *err) GS_MUST;

/* Puts a line for each library that makes the sound: name and version. */
void gs_media_wav_library(struct gs_buf *b);

#endif
