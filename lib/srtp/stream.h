/* SPDX-License-Identifier: MIT */
/* The table of streams: which key, which rollover counter, what was lost.
 *
 * A stream is what one SSRC sends from one address to another; when the
 * sender finds the receiver's real address behind a NAT and goes on there,
 * at the same port, it is still one stream. Which key
 * opens it is decided by authentication alone; SDP's addresses and times
 * only order the tries. */
#ifndef GSPROV_SRTP_STREAM_H
#define GSPROV_SRTP_STREAM_H

#include "net/rtp.h"
#include "net/runs.h"
#include "srtp/announced.h"
#include "srtp/keyring.h"
#include "srtp/options.h"

/* Limits. */
enum {
	GS_STREAMS_MAX = 12288, /* streams; after that, the idlest is removed,
				 * those without a key first */
	GS_STREAM_KEYS = 8, /* keys that a stream keeps; the newest ones stay */
	GS_STREAM_STRETCHES = 16, /* stretches of a stream; more are counted */
	GS_STREAM_EVENTS = 8, /* events of a stream; more are counted */
	GS_STREAM_TYPES = 8, /* payload types that are distinguished */
	GS_STREAM_SPELLS = 16, /* keys with a record of their packets */
	GS_STREAMS_RUNS = 256 * 1024, /* runs of packets in all records */
	GS_REFERENCE_EVERY = 4096, /* packets between checks by libsrtp2 */
};

/* How a stream is protected, as far as known. */
enum gs_srtp_stream_state {
	GS_STREAM_UNSURE, /* perhaps no RTP at all */
	GS_STREAM_TRIED, /* RTP that no key has opened so far */
	GS_STREAM_HINT, /* a 32-bit tag matched once; a second one must confirm
			 * it */
	GS_STREAM_OPEN,
};

enum gs_srtp_verdict {
	GS_VERDICT_DECRYPTED, /* every encrypted packet was opened */
	GS_VERDICT_PARTLY,
	GS_VERDICT_NO_KEY,
	GS_VERDICT_STOPPED, /* none was opened, but not everything was tried */
	GS_VERDICT_PLAIN, /* none was encrypted */
	GS_VERDICTS,
};

const char *gs_srtp_verdict_name(enum gs_srtp_verdict v);

/* Something odd in a stream's life. */
enum gs_srtp_event_kind {
	GS_EVENT_KEY, /* another key from here on; roc: where it begins */
	GS_EVENT_KEY_RESET, /* the same, with a new sequence */
	GS_EVENT_ROC, /* the counter increased over a gap */
	GS_EVENT_ROC_JUMP, /* it increased without a gap */
	GS_EVENT_ROC_RESET, /* the sender went back with the same key */
	GS_EVENT_RESTART, /* a new sequence under the same key */
	GS_EVENT_FORM, /* another tag length or MKI from here on */
};

struct gs_srtp_stream_event {
	enum gs_srtp_event_kind kind;
	uint64_t frame;
	uint64_t ns;
	uint32_t roc;
	uint32_t old_roc;
	char print[9]; /* of the key */
};

/* Consecutive packets of one kind. Three of another kind in a row begin
 * another stretch; fewer are counted within it. */
enum gs_srtp_stretch_kind {
	GS_STRETCH_PLAIN,
	GS_STRETCH_OPENED, /* under one key */
	GS_STRETCH_CLOSED, /* not opened */
};

struct gs_srtp_stretch {
	enum gs_srtp_stretch_kind kind;
	char print[9]; /* of the key, "" without one */
	uint64_t packets;
	uint64_t others;
	uint64_t first_frame;
	uint64_t last_frame;
	uint64_t start; /* ns */
	uint64_t end;
};

/* What one key opened: indexes as the sender counts them (RFC 3711 section
 * 3.3.1), so that the pieces of a stream have the same. */
struct gs_srtp_key_span {
	size_t key; /* its index in the ring */
	struct gs_srtp_scheme scheme; /* the newest way to use it */
	uint64_t start; /* ns */
	uint64_t end;
	struct gs_net_runs received;
};

/* RTP packets that were not opened, by reason. */
enum gs_srtp_stream_fail {
	GS_FAIL_AUTH, /* no key of the stream authenticates it */
	GS_FAIL_KEY, /* no key for the stream */
	GS_FAIL_CUT, /* cut by the snaplen */
	GS_FAIL_SHORT, /* shorter than header and tag */
	GS_FAIL_REFERENCE, /* libsrtp2 disagrees */
	GS_FAILS,
};

struct gs_err;

/* A payload type of a stream, and the number of its packets. */
struct gs_srtp_stream_type {
	struct gs_sdp_rtpmap format; /* clock 0: unknown */
	uint8_t frames; /* their kind, see frames_priv.h */
	uint64_t packets;
};

/* Source, destination and format. */
struct gs_srtp_stream_identity {
	uint32_t id; /* 1, 2 and so on, in the order of appearance */
	struct gs_net_addr src;
	struct gs_net_addr dst;
	struct gs_net_addr moved_from; /* an earlier dst; version 0: there is
					* none */
	uint64_t moved_frame; /* the first frame to dst */
	uint32_t ssrc;
	uint32_t file;
	bool rtp; /* RTP of this SSRC was seen, not RTCP alone */
	uint8_t type; /* that of the last packet; in a view, of most packets */
	struct gs_sdp_rtpmap format; /* clock 0: unknown */
	uint32_t call[2]; /* numbers of the calls in which SDP named src and
			   * dst; 0: unknown */
};

/* How it is protected, by SDP and by evidence. */
struct gs_srtp_stream_protection {
	enum gs_srtp_stream_state state;
	struct gs_srtp_scheme rtcp_scheme; /* spec.key 0: no SRTCP was opened */
	bool mki_host_order; /* the MKI is little-endian on the wire */
	bool mki_wrong; /* it is not the MKI of the key, at least once */
	uint64_t odd_frame; /* the first frame with a tag, MKI or derivation
			     * other than in SDP */
	uint32_t roc_first;
	bool began_before; /* it began before the capture, by that ROC */
	uint64_t tries; /* used by the first search */
	uint64_t confirmed; /* packets that libsrtp2 opened identically */
	bool cannot_confirm; /* libsrtp2 lacks the suite */
	bool disagreed;
	bool announced_plain; /* according to SDP */
	bool announced_secure;
	bool announced_dtls;
	bool announced_hidden;
	bool plain; /* looks as if it was never encrypted, */
	bool by_size; /* by the sizes of its packets alone */
	bool sealed; /* a part that no key opens was encrypted, whatever the
		      * rest is */
	bool extended; /* has header extensions */
	uint32_t relay_ssrc; /* the same ciphertext was seen with this SSRC, */
	struct gs_net_addr relay_src; /* from this sender (version 0: it was
				       * not) */
	uint64_t relay_frame;
	bool cryptex; /* CSRCs and extensions were encrypted (RFC 9335) */
	bool gave_up; /* the tries ran out before everything was tried on
		       * what is not opened */
	bool spells_dropped; /* there were more keys than key spans */
	struct gs_srtp_key_span *key_span; /* up to GS_STREAM_SPELLS */
	size_t key_spans;
	size_t stretches;
	uint64_t stretches_dropped;
	size_t events;
	uint64_t events_dropped;
	struct gs_srtp_stretch stretch[GS_STREAM_STRETCHES]; /* the last one is
							      * included */
	struct gs_srtp_stream_event event[GS_STREAM_EVENTS];
};

/* The results of its packets. */
struct gs_srtp_stream_counts {
	uint64_t packets; /* RTP */
	uint64_t opened;
	uint64_t failed[GS_FAILS];
	uint64_t first_failed_frame;
	/* Unencrypted packets of a stream that was also encrypted: the number
	 * before the first opened packet, and their last frame; and after it,
	 * and their first frame. */
	uint64_t plain_before;
	uint64_t plain_until;
	uint64_t plain_behind;
	uint64_t plain_from;
	uint64_t rejected; /* opened, but rejected by any receiver */
	uint64_t rtcp_packets;
	uint64_t rtcp_opened;
	uint64_t rtcp_plain; /* not encrypted */
	uint64_t first_frame;
	uint64_t last_frame;
	uint64_t start; /* ns since 1970 */
	uint64_t end;
};

/* A read-only view of a stream. */
struct gs_srtp_stream_view {
	struct gs_srtp_stream_identity id;
	struct gs_srtp_stream_protection prot;
	struct gs_srtp_stream_counts count;
	const struct gs_net_rtp_stats *stats;
	struct gs_srtp_key key; /* the newest one; n 0: none */
	struct gs_srtp_scheme scheme;
	uint32_t roc_last;
	uint64_t lost;
	bool hidden; /* some header extensions are encrypted (RFC 6904) */
};

/* The verdict by these counts, or unopened if no packet was opened. Unencrypted
 * packets are not failures. */
enum gs_srtp_verdict gs_srtp_counts_verdict(
    const struct gs_srtp_stream_counts *c, bool disagreed,
    enum gs_srtp_verdict unopened);
enum gs_srtp_verdict gs_srtp_stream_verdict(
    const struct gs_srtp_stream_view *v);

/* One media packet: n octets, of wire on the wire. */
struct gs_srtp_media_packet {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	const uint8_t *p;
	size_t n;
	bool cut;
	bool rtcp;
	struct gs_net_rtp rtp; /* of RTP */
	uint32_t ssrc;
	uint64_t ns;
	uint64_t frame;
	uint32_t file;
	uint64_t nth; /* set by gs_srtp_streams_offer(): its number among the
		       * RTP of its stream */
	bool overdue; /* it must not wait any longer */
};

/* The result of a packet. */
struct gs_srtp_unprotected {
	struct gs_srtp_stream *stream;
	bool waits; /* it is not counted yet: open it again after others */
	bool ok; /* p and n are the plain packet */
	bool plain; /* it was not encrypted; p is not set */
	bool sealed; /* it was encrypted, whatever the stream is */
	bool unsure; /* perhaps no RTP at all */
	enum gs_net_rtp_order order; /* RTP */
	uint64_t lost_before; /* RTP: packets missing right before it */
	enum gs_srtp_stream_fail why; /* if neither ok nor plain */
	const uint8_t *p;
	size_t n;
};

struct gs_srtp_streams;

/* keys and announced belong to the caller and outlive the table; keys may be
 * added at any time. libsrtp2 is started when needed. NULL if out of
 * memory. */
struct gs_srtp_streams *gs_srtp_streams_new(
    const struct gs_srtp_streams_options *options, struct gs_srtp_keyring *keys,
    struct gs_srtp_announced *announced, gs_stream_done *done, void *arg,
    struct gs_err *err) GS_MUST;

/* Whether a search ended because the tries of the run were used up, and how
 * many there were. */
bool gs_srtp_streams_stopped(const struct gs_srtp_streams *s);
uint64_t gs_srtp_streams_tries(const struct gs_srtp_streams *s);

/* Streams that were removed to make room, and how many of these before it was
 * certain that they are RTP; the latter are not reported. */
struct gs_srtp_let_go {
	uint64_t streams;
	uint64_t unsure;
};
struct gs_srtp_let_go gs_srtp_streams_let_go(const struct gs_srtp_streams *s);

/* Passes the remaining streams to done() and frees everything. s may be
 * NULL. */
void gs_srtp_streams_end(struct gs_srtp_streams *s);
void gs_srtp_streams_free(struct gs_srtp_streams *s);

/* Reads m before it is opened: finds its stream and its index there. If no key
 * is known yet, or the known ones no longer fit, searches for one. Each packet
 * that was offered must be opened, in the same order. Returns NULL, with err,
 * if out of memory. */
struct gs_srtp_stream *gs_srtp_streams_offer(struct gs_srtp_streams *s,
    struct gs_srtp_media_packet *m, struct gs_err *err) GS_MUST;

/* Whether the result of m, which was offered and belongs to st, may depend on
 * a packet still to come. */
bool gs_srtp_stream_waits(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m);

/* Whether a key was found for st that the next packet must confirm. */
bool gs_srtp_stream_hinted(const struct gs_srtp_stream *st);

/* Called when a packet of st waits, and m was offered after it: reads m as if
 * it were offered now. Returns 0 or -1. */
int gs_srtp_streams_follow(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err) GS_MUST;

/* Searches again for m, which was offered, if there are new keys. Returns 0 or
 * -1. */
int gs_srtp_streams_retry(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, struct gs_err *err) GS_MUST;

/* Opens m, which was offered and belongs to st, and counts it, unless it must
 * wait and is not overdue. out has room for m->n octets. Returns 0, or -1: out
 * of memory, libcrypto or libsrtp2 failed. */
int gs_srtp_streams_open(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m, uint8_t *out,
    struct gs_srtp_unprotected *o, struct gs_err *err) GS_MUST;

/* Fills the whole view. done() gets the last one. */
void gs_srtp_stream_look(const struct gs_srtp_stream *st,
    struct gs_srtp_stream_view *v);

/* Parts of it that are looked at often. */
const struct gs_net_rtp_stats *gs_srtp_stream_stats(
    const struct gs_srtp_stream *st);
const struct gs_srtp_stream_event *gs_srtp_stream_events(
    const struct gs_srtp_stream *st, size_t *n);

/* The format of payload type in st; NULL: not seen in it. */
const struct gs_sdp_rtpmap *gs_srtp_stream_format(
    const struct gs_srtp_stream *st, uint8_t type);

/* Who st is. */
const struct gs_srtp_stream_identity *gs_srtp_stream_identity(
    const struct gs_srtp_stream *st);

/* The caller's data for a stream. */
void **gs_srtp_stream_tag(struct gs_srtp_stream *st);

#endif
