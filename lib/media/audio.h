/* SPDX-License-Identifier: MIT */
/* Audio files of a run: a stereo WAV for each call, files for each stream. */
#ifndef GSPROV_MEDIA_AUDIO_H
#define GSPROV_MEDIA_AUDIO_H

#include "base/buf.h"

enum {
	GS_AUDIO_CALLS = 64, /* at a time; further ones are left out and
			      * reported */
	GS_AUDIO_STREAMS = 64, /* streams in a folder, at a time */
	GS_AUDIO_HELD_MB = 6, /* of waiting payloads */
	GS_AUDIO_DOUBT = 8, /* packets held until it is known whether they
			     * are encrypted */
	GS_AUDIO_GAP_S = 60, /* silence after which a new stream is in another
			      * call */
};

struct gs_err;
struct gs_media_codec;
struct gs_sdp_rtpmap;
struct gs_srtp_media_packet;
struct gs_srtp_unprotected;
struct gs_outset;
struct gs_media_summary;

/* The codec of payload type, of which SDP says f (or NULL). Returns whether it
 * is known. */
bool gs_media_audio_codec(struct gs_media_codec *c,
    const struct gs_sdp_rtpmap *f, uint8_t type);

/* Where audio is written. */
struct gs_media_audio;

/* Whether name is that of a later call ("call-2.wav") if wav is the first
 * call's file, or that of a stream in its folder (arg is not used): each a
 * gs_guard_match. */
bool gs_media_audio_is_call(const void *wav, const char *name);
bool gs_media_audio_is_stream(const void *arg, const char *name);

/* wav is the first call's file (the others are NAME-2.wav and so on; none if
 * it is a pipe, a device or a descriptor), folder that for files of streams;
 * either may be NULL. Files are made in out, which remains the caller's;
 * finished ones are reported to summary. Returns 0 or -1. */
int gs_media_audio_new(struct gs_media_audio **a, const char *wav,
    const char *folder, struct gs_outset *out, struct gs_media_summary *summary,
    struct gs_err *err) GS_MUST;

/* Adds the tones of digits to the calls. */
void gs_media_audio_tones(struct gs_media_audio *a);

/* The files of a stream, kept with it. */
struct gs_media_audio_lane;

/* A packet; one that was not opened is audio if it was not encrypted, which is
 * certain a few packets later. *lane is NULL for a stream's first packet.
 * Returns 0, or -1 if it cannot be written. */
int gs_media_audio_put(struct gs_media_audio *a,
    struct gs_media_audio_lane **lane, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o, struct gs_err *err) GS_MUST;

/* The stream has ended; lane may be NULL. plain: it was not encrypted. Returns
 * 0 or -1. */
int gs_media_audio_done(struct gs_media_audio *a,
    struct gs_media_audio_lane *lane, bool plain, struct gs_err *err) GS_MUST;

/* Finishes all files. Returns 0 or -1. */
int gs_media_audio_end(struct gs_media_audio *a, struct gs_err *err) GS_MUST;

/* a may be NULL. */
void gs_media_audio_free(struct gs_media_audio *a);

#endif
