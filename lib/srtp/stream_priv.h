/* SPDX-License-Identifier: MIT */
/* What the files of the stream table share. flow has the table and its streams,
 * slot the keys that a stream uses, backoff decides when to search for others,
 * look tells what was never encrypted, unprotect (RTP) and srtcp (RTCP) open
 * one packet. stream uses them all. */
#ifndef GSPROV_SRTP_STREAM_PRIV_H
#define GSPROV_SRTP_STREAM_PRIV_H

#include "base/list.h"
#include "srtp/search_priv.h"
#include "srtp/stream.h"

/* A key in use by a stream. */
struct gs_srtp_slot {
	struct gs_srtp *session;
	size_t index; /* its index in the ring */
	struct gs_srtp_scheme scheme;
	uint64_t newest; /* greatest index that was authenticated */
	uint64_t offset; /* added to its indexes for the statistics */
	uint64_t opened;
	uint64_t highest; /* that of newest before the sender went back */
	uint64_t back; /* index + 1 of a packet that was far behind, */
	uint64_t back_frame; /* its frame, and the first index that was counted
			      * then */
	uint64_t back_first;
	bool rejected; /* receivers reject its packets below highest */
	bool lost_track; /* and all packets that follow */
	bool goes_on; /* offset is known before the first packet */
	bool weak; /* a 32-bit tag after many tries: the next packet must match,
		    * too */
	struct gs_srtp_key key;
};

enum { GS_STREAM_OCTETS = 4, GS_STREAM_DOUBTS = 4 };

/* What the packets that no key opens look like. */
struct gs_srtp_stream_look {
	uint64_t packets;
	uint64_t whole; /* packets that consist of whole frames */
	bool is_whole; /* the last packet does; */
	bool is_sealed; /* it was encrypted for certain */
	uint32_t time;
	uint16_t seq;
	int32_t step; /* RTP time of the last packet */
	double pattern; /* the sum of so many patterns, */
	unsigned patterns;
	double variance; /* and its variance if they are noise */
	size_t octets; /* octets in which patterns were searched */
	/* The octets with which the last payloads began, the newest first. */
	uint8_t octet[GS_STREAM_OCTETS];
	unsigned seen; /* how many of them began packets of the row */
	unsigned begun; /* payloads whose first octet was compared, */
	unsigned alike; /* and those whose first octet was in the list */
	bool is_alike; /* the last payload is one of these, */
	bool is_old; /* and so were those before the packets in doubt */
	uint8_t old; /* the octet of the first packet in doubt of which that is
		      * so, */
	unsigned olds; /* and how many of them begin with it */
	int16_t begins; /* the octet of the last payload; -1: it says nothing */
	int weight; /* the evidence of the last packet, in bits, */
	int bits; /* that of all whole ones, */
	int row_bits; /* and that of the row */
	uint64_t guessed; /* packets whole only by a size, of a type without a
			   * name */
	unsigned row; /* packets in a row that are whole or alike; */
	bool led; /* the one before them began as the first of them */
	bool sure; /* a row was long enough, and few others came since */
	unsigned noise; /* packets in a row that are noise and not frames, */
	unsigned unseen; /* those of them that were not looked at, */
	double noise_pattern; /* and the pattern of the others */
};

/* A packet that is not opened, as far as is known. */
struct gs_srtp_doubt {
	uint64_t frame;
	uint64_t ns;
	enum gs_srtp_stream_fail why;
	int16_t begins; /* of struct gs_srtp_stream_look */
};

/* What each packet needs comes first and stands close together: the packets of
 * many streams alternate, and each finds its stream outside the fastest
 * cache. */
struct gs_srtp_stream {
	struct gs_srtp_stream *next; /* next in its hash chain */
	struct gs_link use; /* its place among all streams */
	struct gs_srtp_stream_type *now; /* type of the last packet; NULL:
					  * unknown */
	void *tag;
	unsigned slots;
	unsigned held; /* packets offered, but not opened yet */
	unsigned doubts;
	int16_t led; /* the first octet of the last payload that was opened; -1:
		      * there is none */
	bool keyless;
	bool started; /* a packet was counted */
	bool announced; /* SDP named one of its addresses */
	uint16_t failed_seq; /* of packet failed_to */
	uint32_t step; /* least RTP time from one packet to the next, */
	uint64_t still; /* and how often the time stood still */
	uint64_t offers; /* RTP packets offered */
	uint64_t offered; /* index of the last RTP packet offered. ROC 0 is that
			   * of the first packet, unless opened packets tell
			   * otherwise */
	uint64_t offered_ns;
	uint64_t opened_ns; /* when a packet was last opened */
	uint64_t failing; /* packets in a row that no key opened */
	uint64_t unopened; /* the same, without those that wait */
	uint64_t failed_to; /* the number of the last of them, */
	uint64_t searched; /* and of the last one that was tried at all ROCs */
	struct gs_net_rtp_shape shape;
	struct gs_srtp_stream_identity id;
	struct gs_srtp_stream_counts count;
	struct gs_net_rtp_stats stats;
	struct gs_srtp_stream_protection prot;
	struct gs_srtp_slot slot[GS_STREAM_KEYS]; /* the newest first */

	struct gs_srtp_stream_type type[GS_STREAM_TYPES];
	size_t types;
	struct gs_srtp_stream_look look;
	struct gs_srtp_doubt doubt[GS_STREAM_DOUBTS]; /* the last packets */
	uint64_t uncounted; /* plain packets that the statistics lack */
	struct gs_link bare; /* its place among those without a key, if
			      * keyless */
	int32_t pace; /* RTP time from one packet to the next, of the last
		       * packets that were searched for a key; 0: unknown */
	uint32_t paced_time; /* of the last of these packets */
	uint16_t paced_seq;

	struct gs_srtp_stretch next_stretch; /* of another kind, if more packets
					      * follow */
	struct gs_srtp_slot control; /* SRTCP opened before or without RTP */
	struct gs_srtp_search_hit hint; /* in state GS_STREAM_HINT */
	uint64_t budget;
	size_t tried; /* keys that were tried, */
	bool tried_all; /* all of them, at all counters */
	bool cut_short; /* a search for one of its packets ended for lack of
			 * tries */
	uint8_t end[GS_SEARCH_END]; /* end of the packet before */
	uint16_t end_n;
	uint64_t rtcp_failing;
};

/* The end of a packet. A packet of another stream with the same end, ciphertext
 * and tag, is a copy. */
struct gs_srtp_tail {
	uint64_t end;
	uint64_t frame;
	uint32_t stream; /* its id; 0: none */
	uint16_t seq;
	bool opened;
};

enum { GS_STREAM_SLOTS = 16384, GS_STREAM_TAILS = 1024 };

struct gs_srtp_streams {
	struct gs_srtp_streams_options options;
	struct gs_srtp_keyring *keys;
	struct gs_srtp_announced *announced;
	gs_stream_done *done;
	void *arg;
	struct gs_srtp_search search;
	struct gs_srtp_reference *reference;
	struct gs_srtp_stream *last; /* the stream found last */
	struct gs_list all;
	struct gs_list keyless;
	struct gs_srtp_let_go let_go;
	size_t n;
	size_t runs; /* runs for which all key spans have room */
	uint32_t ids;
	uint64_t seed; /* of the hashes in slot */
	bool stopped; /* a search ended for lack of tries, and its packets were
		       * not opened */
	struct gs_srtp_tail tail[GS_STREAM_TAILS];
	struct gs_srtp_stream *slot[GS_STREAM_SLOTS];
};

/* A packet being opened. */
struct gs_srtp_unprotecting {
	struct gs_srtp_streams *s;
	struct gs_srtp_stream *st;
	const struct gs_srtp_media_packet *m;
	uint8_t *out; /* room for m->n octets */
	size_t n; /* octets of it, once it is decrypted */
	uint64_t index; /* RTP: ROC and sequence number that opened it */
	struct gs_srtp_form form; /* the form in which it was opened */
	struct gs_srtp_unprotected *o;
	struct gs_err *err;
};

/* ---- flow: the stream of a packet */

/* Finds the stream of m, or adds it, and puts it first among those used last.
 * Returns NULL if out of memory. */
struct gs_srtp_stream *gs_srtp_flow_find(struct gs_srtp_streams *s,
    const struct gs_srtp_media_packet *m) GS_MUST;

/* The stream with this number, if it is among those used last, or NULL. */
struct gs_srtp_stream *gs_srtp_flow_recent(struct gs_srtp_streams *s,
    uint32_t id);

/* Passes st to done(), removes it from the table and frees it. */
void gs_srtp_flow_end(struct gs_srtp_streams *s, struct gs_srtp_stream *st);

/* Passes st to done() and restarts it for another call with the same addresses
 * and SSRC. */
void gs_srtp_flow_restart(struct gs_srtp_streams *s, struct gs_srtp_stream *st);

/* Whether the sequence of m continues after newest, the index of another packet
 * of its stream: few packets are missing, or it is late. */
bool gs_srtp_flow_goes_on(const struct gs_srtp_media_packet *m,
    uint64_t newest);

/* Whether m begins another call: no packet came for seconds before it, in
 * either direction, and its sequence does not continue after newest, the index
 * of the last one. */
bool gs_srtp_flow_breaks(struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m,
    uint64_t newest);

/* The same, and the time of m does not continue either. */
bool gs_srtp_flow_begins(struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m,
    uint64_t newest);

/* The kind of frames that packets of a payload type have. */
uint8_t gs_srtp_flow_kind(const struct gs_srtp_stream *st, uint8_t type);

/* Notes that m is the newest packet of st. */
void gs_srtp_flow_note(struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m);

/* ---- slot: keys in use */

/* Starts libsrtp2 if needed. Returns 0 or -1. */
int gs_srtp_slot_reference(struct gs_srtp_streams *s,
    struct gs_err *err) GS_MUST;

/* Sets up a session for hit's key. Returns 0 or -1. */
int gs_srtp_slot_set(struct gs_srtp_streams *s, struct gs_srtp_slot *slot,
    const struct gs_srtp_search_hit *hit, struct gs_err *err) GS_MUST;

/* Adds a key from the ring before st's others. */
int gs_srtp_slot_add(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_search_hit *hit, uint64_t index,
    struct gs_err *err) GS_MUST;

/* slot opened its first packet: connects its index with the statistics, which
 * continue across keys. */
void gs_srtp_slot_begin(struct gs_srtp_stream *st, struct gs_srtp_slot *slot,
    uint64_t index);

/* Removes the newest key of st. */
void gs_srtp_slot_drop(struct gs_srtp_stream *st);

/* Opens st from now on with hit's key; seq is that of its packet. */
int gs_srtp_slot_accept(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_search_hit *hit, uint16_t seq,
    struct gs_err *err) GS_MUST;

/* Opens a's packet with slot, in this form. Returns what the engine in use
 * says. */
enum gs_srtp_result gs_srtp_slot_unprotect(struct gs_srtp_unprotecting *a,
    struct gs_srtp_slot *slot, struct gs_srtp_form form, uint32_t roc) GS_MUST;

/* Checks with libsrtp2 what slot opened. Returns 0 if it agrees, cannot tell,
 * or disagrees (which is noted in the stream); -1 on failure. */
int gs_srtp_slot_confirm(const struct gs_srtp_unprotecting *a,
    const struct gs_srtp_slot *slot) GS_MUST;

/* Notes that slot opened a packet of st. */
void gs_srtp_key_span_add(struct gs_srtp_streams *s, struct gs_srtp_stream *st,
    const struct gs_srtp_slot *slot, uint64_t index, uint64_t ns);

/* Drops all keys of st, and the record of what they opened. */
void gs_srtp_slots_free(struct gs_srtp_streams *s, struct gs_srtp_stream *st);

/* Adds e to the events of st; the key is the one in use. */
void gs_srtp_event_add(struct gs_srtp_stream *st,
    const struct gs_srtp_stream_event *e);

/* ---- stretch: counts the packets of st, in their order */

void gs_srtp_stretch_opened(struct gs_srtp_stream *st, const char print[9],
    const struct gs_srtp_media_packet *m);
void gs_srtp_stretch_plain(struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m);

/* m is not opened, unless it turns out to be plain. */
void gs_srtp_stretch_doubt(struct gs_srtp_stream *st,
    enum gs_srtp_stream_fail why, const struct gs_srtp_media_packet *m);

/* How many of the last packets in doubt were not encrypted, as they begin like
 * the opened packet beside them. */
unsigned gs_srtp_stretch_led(const struct gs_srtp_stream *st);

/* Counts the packets in doubt: the last "plain" of them as never encrypted, the
 * others as not opened. */
void gs_srtp_stretch_settle(struct gs_srtp_stream *st, unsigned plain);

/* ---- look: whether packets that no key opens were encrypted at all */

/* Notes what a's packet looks like. */
void gs_srtp_look_at(const struct gs_srtp_unprotecting *a);

/* The same for a packet after opened ones, of which only the last ones in a row
 * count. */
void gs_srtp_look_behind(const struct gs_srtp_unprotecting *a);

/* Whether the last packet that was looked at was not encrypted, and how many of
 * the packets in doubt before it were not either. */
bool gs_srtp_look_plain(const struct gs_srtp_unprotecting *a);
unsigned gs_srtp_look_doubts(const struct gs_srtp_unprotecting *a);

/* Whether a stream that was never opened was not encrypted. SDP decides if the
 * packets do not tell, but never against them. */
bool gs_srtp_look_stream(const struct gs_srtp_unprotecting *a);

/* Whether nothing but the sizes of packets says so. */
bool gs_srtp_look_by_size(const struct gs_srtp_unprotecting *a);

/* Whether the last packet of a stream that was not encrypted may be heard: not
 * if it was encrypted, or is noise that follows others. */
bool gs_srtp_look_heard(const struct gs_srtp_unprotecting *a);

/* Whether a's packet alone, the first of its kind, was not encrypted. */
bool gs_srtp_look_alone(const struct gs_srtp_unprotecting *a);

/* ---- replay: what a receiver does with opened packets */

/* Judges a's packet, which slot opened and has counted, before the stream
 * counts it: whether the sender went back or ahead, so that receivers reject
 * it. */
void gs_srtp_replay_judge(struct gs_srtp_unprotecting *a,
    struct gs_srtp_slot *slot);

/* Keeps the end of a's packet, which was opened, or which no key opens. If it
 * ends like a packet of the other kind under another header, the one that was
 * not opened is a copy, whichever came first. This is noted in its stream. */
void gs_srtp_replay_keep(struct gs_srtp_unprotecting *a, bool opened);

/* Fetches what that will look at, which is anywhere in a table, while the
 * packet is decrypted. */
void gs_srtp_replay_ahead(const struct gs_srtp_unprotecting *a);

/* The number of packets that fit between the first and the last one of st. */
uint64_t gs_srtp_replay_room(const struct gs_srtp_stream *st);

/* ---- backoff: when to search */

/* Whether to try all keys at all counters on m, which was passed over when a
 * later packet of st was opened: the first ones, then ever fewer. */
bool gs_srtp_backoff_behind(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m);

/* Notes that all keys were tried on m at all counters. While many tries
 * remain, the same is done for the packets after it, each in turn; then those
 * up to the last do not wait any longer. */
void gs_srtp_backoff_searched(const struct gs_srtp_streams *s,
    struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m);

/* Whether m alone looks as if no key was ever used on it. */
bool gs_srtp_backoff_plain(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m);

/* Whether to try all keys on m, which st's keys do not open, at the likely
 * counters. */
bool gs_srtp_backoff_near(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m);

/* How far to try all keys on m, which is the newest packet, or not fresh; 0:
 * not now. The more packets there were, the further: a stream that began long
 * ago is long. */
uint32_t gs_srtp_backoff_far(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m,
    bool fresh);

/* Whether m must be written now and no later packet was searched: it is then
 * tried at all counters, unless very many packets failed before. */
bool gs_srtp_backoff_last(const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m);

/* Whether a search for st could find a key. */
bool gs_srtp_backoff_can(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st);

/* ---- unprotect and srtcp: one packet */

/* The ROC of m if st began at 0, or continues after what was opened last. */
uint32_t gs_srtp_unprotect_roc(const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m);

int gs_srtp_unprotect_try(struct gs_srtp_unprotecting *a) GS_MUST;
int gs_srtp_unprotect_rtcp_try(struct gs_srtp_unprotecting *a) GS_MUST;

/* Called when a's packet is offered and st's keys did not open the last one:
 * tries them on this one, or searches for another. Returns 0 or -1. */
int gs_srtp_unprotect_offer(struct gs_srtp_unprotecting *a) GS_MUST;

/* The same when there are new keys. Returns 0 or -1. */
int gs_srtp_unprotect_retry(struct gs_srtp_unprotecting *a) GS_MUST;

#endif
