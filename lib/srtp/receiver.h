/* SPDX-License-Identifier: MIT */
/* A run over captures: packets in, keys from SIP and texts, and every packet
 * out again with its result. */
#ifndef GSPROV_SRTP_RECEIVER_H
#define GSPROV_SRTP_RECEIVER_H

#include "net/scrub.h"
#include "net/counts.h"
#include "srtp/options.h"

struct gs_calls_holder;
struct gs_diags;
struct gs_net_frame;
struct gs_err;
struct gs_srtp_announced;
struct gs_srtp_keyring;
struct gs_srtp_media_packet;
struct gs_srtp_unprotected;
struct gs_net_addr;
struct gs_net_packet;
struct gs_net_sip_message;
struct gs_tls_holder;

/* Packets wait, in order, while the key of one of them is uncertain: until a
 * second packet confirms a 32-bit tag, until a flow proves to be RTP, or, in a
 * live capture, until SIP or a key file brings the key. */
enum {
	GS_HOLD_BYTES = 4 * 1024 * 1024,
	GS_HOLD_SECONDS = 5, /* of capture time */
};

/* A packet on its way out. */
struct gs_srtp_receiver_packet {
	const struct gs_net_packet *packet;
	const struct gs_net_frame *frame; /* any kind of frame, without keys */
	const struct gs_srtp_media_packet
	    *media; /* NULL: it is neither RTP nor RTCP */
	const struct gs_srtp_unprotected *opened; /* set if media is */
};

struct gs_srtp_receiver_sink {
	/* Returns 0, or -1 to end the run. */
	int (*packet)(void *arg, const struct gs_srtp_receiver_packet *p,
	    struct gs_err *err);
	gs_stream_done *stream;
	void *arg;
	/* Is called once for each SIP message; may be NULL. */
	void (*message)(void *arg, const struct gs_net_sip_message *m);
};

struct gs_mute;

struct gs_srtp_receiver_options {
	struct gs_srtp_streams_options streams;
	bool sip; /* take keys from SIP in the capture */
	const struct gs_tls_holder *tls; /* secrets of DTLS, or NULL */
	struct gs_calls_holder
	    *holder; /* opens SIP over TLS; borrowed, or NULL */
	bool scrub; /* the sink must get frames without keys, */
	bool clear; /* and TCP frames with the SIP from TLS */
	struct gs_mute *mute; /* which findings are suppressed, or NULL */
};

/* Counts of the run. */
struct gs_srtp_receiver_counts {
	uint64_t packets;
	uint64_t start; /* time of the first packet, ns since 1970 */
	uint64_t udp;
	uint64_t rtp;
	uint64_t rtcp;
	uint64_t cut; /* frames whose payload was cut by a snaplen */
	uint64_t malformed;
	uint64_t dtls;
	uint64_t dtls_keys;
	uint64_t zrtp;
	uint64_t tls; /* TCP segments that look like TLS records */
	uint64_t sip; /* SIP messages */
	uint64_t texts; /* texts that were read for their keys */
	struct gs_net_sip_counts sip_counts;
	struct gs_net_frame_counts frames;
	struct gs_net_scrub_counts scrub;
	uint64_t unwritten; /* SIP from TLS that could not be written */
};

struct gs_srtp_receiver;

/* Returns NULL with err. */
struct gs_srtp_receiver *gs_srtp_receiver_new(
    const struct gs_srtp_receiver_options *options,
    const struct gs_srtp_receiver_sink *sink, struct gs_err *err) GS_MUST;

/* Wipes and frees; s may be NULL. */
void gs_srtp_receiver_free(struct gs_srtp_receiver *s);

/* Begins a text called name. Its bytes go to gs_srtp_receiver_text(), and
 * gs_srtp_receiver_text_end() ends it; one text at a time. They return 0 or
 * -1. */
void gs_srtp_receiver_text_begin(struct gs_srtp_receiver *s, const char *name);
int gs_srtp_receiver_text(struct gs_srtp_receiver *s, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
int gs_srtp_receiver_text_end(struct gs_srtp_receiver *s,
    struct gs_err *err) GS_MUST;

/* Adds the finding that file, a text with keys, can be read by its group or,
 * with all, by everyone. */
void gs_srtp_receiver_text_readable(struct gs_srtp_receiver *s,
    const char *file, bool all);

/* Takes only the keys of p, in a first pass over a capture, so that keys that
 * come late open early packets. capture names the file. Returns 0 or -1. */
int gs_srtp_receiver_learn(struct gs_srtp_receiver *s,
    const struct gs_net_packet *p, const char *capture,
    struct gs_err *err) GS_MUST;

/* Ends the first pass. Returns 0 or -1. */
int gs_srtp_receiver_learned(struct gs_srtp_receiver *s,
    struct gs_err *err) GS_MUST;

/* Takes p. Packets come out at the sink, in order, when their result is
 * certain. Returns 0 or -1. */
int gs_srtp_receiver_packet(struct gs_srtp_receiver *s,
    const struct gs_net_packet *p, const char *capture,
    struct gs_err *err) GS_MUST;

/* Ends the capture: all packets and streams come out. Returns 0 or -1. */
int gs_srtp_receiver_end(struct gs_srtp_receiver *s,
    struct gs_err *err) GS_MUST;

struct gs_srtp_receiver_counts gs_srtp_receiver_counts(
    const struct gs_srtp_receiver *s);
const struct gs_srtp_keyring *gs_srtp_receiver_keyring(
    const struct gs_srtp_receiver *s);

/* What SDP said so far about addresses. */
const struct gs_srtp_announced *gs_srtp_receiver_announced(
    const struct gs_srtp_receiver *s);

/* Blanks the keys in a text of n octets that is to be written, as in frames.
 * Does nothing without options->scrub. Returns 0, or -1 if out of memory. */
int gs_srtp_receiver_blank(struct gs_srtp_receiver *s, char *text, size_t n,
    struct gs_err *err) GS_MUST;

/* Tells that no packet came for another ns nanoseconds: packets that need not
 * wait any longer for a key come out. Returns 0 or -1. */
int gs_srtp_receiver_idle(struct gs_srtp_receiver *s, uint64_t ns,
    struct gs_err *err) GS_MUST;

/* Findings about keys; the caller may clear them. */
struct gs_diags *gs_srtp_receiver_diags(struct gs_srtp_receiver *s);

/* Why the packets from src to dst have no key from DTLS, and what would help;
 * NULL if they have one. */
const char *gs_srtp_receiver_dtls(const struct gs_srtp_receiver *s,
    const struct gs_net_addr *src, const struct gs_net_addr *dst);

/* The number of masked keys. */
uint64_t gs_srtp_receiver_masked(const struct gs_srtp_receiver *s);

#endif
