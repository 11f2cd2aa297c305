/* SPDX-License-Identifier: MIT */
/* What the files of the stream table share. */
#ifndef GSPROV_SRTP_STREAM_PRIV_H
#define GSPROV_SRTP_STREAM_PRIV_H

#include "search_priv.h"

/* A key in use by a stream. */
struct gs_slot {
	struct gs_srtp *session;
	struct gs_key key;
	size_t index; /* of key, in the ring */
	struct gs_way way;
	uint64_t newest; /* greatest index that was authenticated */
	uint64_t offset; /* from its indexes to those of the statistics */
	uint64_t opened;
	bool weak; /* 32-bit tag and many tries: the next must fit, too */
};

struct gs_stream {
	uint32_t id;
	struct gs_addr src;
	struct gs_addr dst;
	uint32_t ssrc;
	uint32_t file;
	struct gs_stream *next; /* of its hash chain */
	struct gs_stream *newer; /* by time of last use */
	struct gs_stream *older;
	void *tag;
	enum gs_stream_state state;
	bool started; /* a packet was counted */
	bool rtp; /* of RTP */
	unsigned held; /* packets that were offered and not opened yet */

	uint16_t offered_seq; /* of the RTP packet offered last */
	uint64_t offered_ns;
	struct gs_addr moved_from; /* version 0: dst was always the same */
	uint64_t moved_frame;
	struct gs_rtp_shape shape;
	struct gs_slot slot[GS_STREAM_KEYS]; /* the newest first */
	unsigned slots;
	struct gs_hit hint; /* GS_STREAM_HINT */
	struct gs_slot control; /* SRTCP opened before or without RTP */
	struct gs_way rtcp_way;

	uint64_t budget;
	uint64_t offers; /* packets while no key was known */
	size_t tried; /* keys that were tried already */
	uint64_t failing; /* packets in row */
	uint64_t rtcp_failing;
	uint64_t opened_ns; /* when a packet was last opened */

	uint8_t type;
	struct gs_rtpmap format;
	struct gs_rtp_stats stats;
	uint64_t packets;
	struct gs_key first_key;
	uint32_t roc_first;
	uint64_t tries;
	uint64_t opened;
	uint64_t failed[GS_FAILS];
	uint64_t first_failed_frame;
	uint64_t rtcp_packets;
	uint64_t rtcp_opened;
	uint64_t rtcp_plain;
	uint64_t first_frame;
	uint64_t last_frame;
	uint64_t start;
	uint64_t end;
	uint64_t confirmed;
	bool cannot_confirm;
	bool disagreed;
	bool plain;
	bool announced_plain;
	bool announced_secure;
	bool announced_dtls;
	bool announced_hidden;
	bool extended; /* has header extensions */
	bool cryptex;
	bool gave_up;
	bool mki_host_order;

	/* While no key is known: packets, those of whole frames, the one
	 * before, and whether the payload looks like noise. */
	uint64_t judged;
	uint64_t whole;
	uint32_t judged_time;
	uint16_t judged_seq;
	double pattern;
	unsigned patterns;
	unsigned first_alike;
	uint8_t first_octet;

	struct gs_stream_event event[GS_STREAM_EVENTS];
	size_t events;
	uint64_t events_dropped;

	struct gs_stream_spell *spell; /* up to GS_STREAM_SPELLS */
	size_t spells;
	bool spells_dropped;
};

enum { GS_STREAM_SLOTS = 4096 };

struct gs_srtp_streams {
	struct gs_streams_options options;
	struct gs_keyring *keys;
	struct gs_announced *announced;
	gs_stream_done *done;
	void *arg;
	struct gs_search search;
	struct gs_reference *reference;
	struct gs_stream *last; /* that was found */
	struct gs_stream *oldest;
	struct gs_stream *newest;
	size_t n;
	size_t runs; /* that all spells have room for */
	uint32_t ids;
	struct gs_stream *slot[GS_STREAM_SLOTS];
};

/* Finds the stream that m is of, or adds it; it was then used last. NULL
 * without memory. */
struct gs_stream *gs_flow_find(struct gs_srtp_streams *s,
    const struct gs_media_packet *m) GS_MUST;

/* Takes st out of the table. */
void gs_flow_remove(struct gs_srtp_streams *s, struct gs_stream *st);

/* Gives st to done(), takes it out and frees it. */
void gs_stream_end(struct gs_srtp_streams *s, struct gs_stream *st);

/* st is open from now on, with hit's key; seq is that of its packet. */
int gs_stream_accept(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint16_t seq, struct gs_err *err) GS_MUST;

/* A new key in front of st's others; its copy is taken from the ring. */
int gs_stream_add_slot(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_hit *hit, uint64_t index, struct gs_err *err) GS_MUST;

/* Sets up a session for hit's key. Returns 0 or -1. */
int gs_slot_set(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_hit *hit, struct gs_err *err) GS_MUST;
void gs_slot_clear(struct gs_slot *slot);

/* Gives st to done() and begins it anew, for another call at the same
 * addresses with the same SSRC. */
void gs_stream_restart(struct gs_srtp_streams *s, struct gs_stream *st);

/* Opens one packet by slot: what the engine in use says. */
enum gs_srtp_result gs_slot_open(struct gs_srtp_streams *s,
    struct gs_slot *slot, const struct gs_media_packet *m, uint32_t roc,
    uint8_t *out, size_t *n);

/* Lets libsrtp2 open what slot opened to plain, too. Returns 1 when it
 * agrees or cannot tell, 0 when it disagrees (st says so then), -1. */
int gs_slot_confirm(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_slot *slot, const struct gs_media_packet *m,
    struct gs_srtp_form form, uint32_t roc, struct gs_span plain,
    struct gs_err *err) GS_MUST;

/* Remembers that slot opened a packet of st. */
void gs_spell_add(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_slot *slot, uint64_t index, uint64_t ns);
void gs_spells_free(struct gs_srtp_streams *s, struct gs_stream *st);

int gs_stream_open_rtp(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err) GS_MUST;
int gs_stream_open_rtcp(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err) GS_MUST;

/* Starts libsrtp2 when it is needed. Returns 0 or -1. */
int gs_srtp_streams_reference(struct gs_srtp_streams *s,
    struct gs_err *err) GS_MUST;

#endif
