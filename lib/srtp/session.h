/* SPDX-License-Identifier: MIT */
/* A run over captures: packets in, keys from SIP and texts, every packet out
 * again with what became of it. */
#ifndef GSPROV_SRTP_SESSION_H
#define GSPROV_SRTP_SESSION_H

#include "../net/scrub.h"
#include "../net/counts.h"
#include "options.h"

#pragma GCC visibility push(default)

struct gs_diags;
struct gs_frame;
struct gs_err;
struct gs_keyring;
struct gs_media_packet;
struct gs_opened;
struct gs_packet;

/* Packets wait, in order, while the key of one of them is uncertain: until
 * a second packet confirms a 32-bit tag, until a flow proves to be RTP, and
 * in live use until SIP or a key file brings the key. */
enum {
	GS_HOLD_BYTES = 4 * 1024 * 1024,
	GS_HOLD_SECONDS = 5, /* of capture time */
};

/* A packet on its way out. */
struct gs_session_packet {
	const struct gs_packet *packet;
	const struct gs_frame *frame; /* kind may be any; without keys */
	const struct gs_media_packet *media; /* NULL: neither RTP nor RTCP */
	const struct gs_opened *opened; /* with media */
};

struct gs_session_sink {
	/* Returns 0, or -1 to end the run. */
	int (*packet)(void *arg, const struct gs_session_packet *p,
	    struct gs_err *err);
	gs_stream_done *stream;
	void *arg;
};

struct gs_session_options {
	struct gs_streams_options streams;
	bool sip; /* take keys from SIP in the capture */
	bool scrub; /* the sink wants frames without keys */
};

/* What the run saw. */
struct gs_session_counts {
	uint64_t packets;
	uint64_t udp;
	uint64_t rtp;
	uint64_t rtcp;
	uint64_t cut; /* frames that a snaplen cut before the payload's end */
	uint64_t malformed;
	uint64_t dtls;
	uint64_t zrtp;
	uint64_t tls; /* TCP segments that look like TLS records */
	uint64_t sip; /* messages */
	uint64_t sip_tls; /* of them over TLS, seen through HEP */
	uint64_t texts; /* given for their keys */
	uint64_t utf16; /* of them, those in an encoding that is not read */
	struct gs_sip_counts sip_counts;
	struct gs_frame_counts frames;
	struct gs_scrub_counts scrub;
};

struct gs_session;

/* NULL: err. */
struct gs_session *gs_session_new(const struct gs_session_options *options,
    const struct gs_session_sink *sink, struct gs_err *err) GS_MUST;

/* Wipes and frees; s may be NULL. */
void gs_session_free(struct gs_session *s);

/* Begins a text called name whose bytes gs_session_text() then takes, and
 * gs_session_text_end() ends. One text at a time. Return 0 or -1. */
void gs_session_text_begin(struct gs_session *s, const char *name);
int gs_session_text(struct gs_session *s, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
int gs_session_text_end(struct gs_session *s, struct gs_err *err) GS_MUST;

/* Not only its owner can read file, a text that gave keys: its group can, or
 * all. It becomes a finding. */
void gs_session_text_readable(struct gs_session *s, const char *file, bool all);

/* Takes only the keys of p: a first pass over a capture, so that keys that
 * come late open what came early. capture names it. Returns 0 or -1. */
int gs_session_learn(struct gs_session *s, const struct gs_packet *p,
    const char *capture, struct gs_err *err) GS_MUST;

/* The first pass has ended. */
int gs_session_learned(struct gs_session *s, struct gs_err *err) GS_MUST;

/* Takes p; it and those before it come out at the sink when they are
 * certain. Returns 0 or -1. */
int gs_session_packet(struct gs_session *s, const struct gs_packet *p,
    const char *capture, struct gs_err *err) GS_MUST;

/* The capture has ended: all packets and streams come out. */
int gs_session_end(struct gs_session *s, struct gs_err *err) GS_MUST;

struct gs_session_counts gs_session_counts(const struct gs_session *s);
const struct gs_keyring *gs_session_keyring(const struct gs_session *s);

/* No packet came for another ns nanoseconds: passes on what need not wait
 * any more, since its key has come, or never will. Returns 0 or -1. */
int gs_session_idle(struct gs_session *s, uint64_t ns,
    struct gs_err *err) GS_MUST;

/* Findings about keys; the caller may clear them. */
struct gs_diags *gs_session_diags(struct gs_session *s);

/* Keys that were found masked. */
uint64_t gs_session_masked(const struct gs_session *s);

#pragma GCC visibility pop

#endif
