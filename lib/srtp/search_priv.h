/* SPDX-License-Identifier: MIT */
/* Searches the key, its use, and the rollover counter that open a packet. */
#ifndef GSPROV_SRTP_SEARCH_PRIV_H
#define GSPROV_SRTP_SEARCH_PRIV_H

#include "srtp/keyring.h"

struct gs_srtp_media_packet;
struct gs_srtp_streams_options;

/* All searches of a run share one budget of tries: GS_SEARCH_BASE (half a
 * second), and GS_SEARCH_PACKET more for each packet of media, which takes
 * less than twice what opening it does. One stream may use as many
 * as the run has to begin with, or GS_SEARCH_KEYS times the ROCs that are
 * searched. Not counted are keys that SDP connects with the sender, at the
 * first ROC, and for each search those that stand next to the key found last,
 * GS_SEARCH_NEAR tries: junk cannot take these from a stream that comes later.
 * GS_SEARCH_KEY is what taking up a key costs. */
enum {
	GS_SEARCH_BASE = 1 << 21,
	GS_SEARCH_PACKET = 8,
	GS_SEARCH_KEYS = 512,
	GS_SEARCH_NEAR = 4096,
	GS_SEARCH_KEY = 16,
	GS_SEARCH_SESSIONS = 16, /* keys that stay loaded */
	GS_SEARCH_END = 144, /* octets at a packet's end: MKI and tag */
};

/* A key that is loaded for one kind of use. */
struct gs_srtp_search_session {
	struct gs_srtp *session; /* NULL: not yet */
	size_t key; /* + 1, 0: none */
	struct gs_srtp_spec spec;
};

struct gs_srtp_search {
	struct gs_srtp_keyring *keys;
	struct gs_srtp *session; /* the session being tried, one of these */
	struct gs_srtp_search_session taken[GS_SEARCH_SESSIONS];
	struct gs_srtp_reference *reference; /* or NULL: libcrypto */
	const struct gs_srtp_streams_options *options;
	uint64_t budget; /* tries that remain for all streams */
	uint64_t spent; /* of it, and free tries */
	uint64_t guesses; /* for what may be a key */
	size_t near; /* the key found last */
	bool broken; /* a library failed: a key that fits may be missed */
};

struct gs_srtp_search_hit {
	size_t key;
	struct gs_srtp_scheme scheme;
	uint32_t roc;
	uint64_t tries;
};

/* One search: a packet, and its budgets. */
struct gs_srtp_search_job {
	const struct gs_srtp_media_packet *m;
	struct gs_span before; /* the end of another packet of its stream */
	size_t from; /* only keys from this one on */
	uint32_t roc; /* where the capture has the stream from its start */
	uint64_t *budget; /* the stream's */
	uint64_t *pool; /* of all streams, or NULL: not counted */
	uint64_t near; /* tries that remain free when the pool is empty */
	uint64_t tries;
	bool gave_up; /* a budget was used up */
	struct gs_srtp_search_hit hit; /* what was found */
};

/* Rollover counters to try; none if from is greater than to. */
struct gs_srtp_rocs {
	uint32_t from;
	uint32_t to;
};

/* The tries of one stream: those that a run begins with, or more. */
uint64_t gs_srtp_search_share(const struct gs_srtp_search *s);

/* These return whether they found something, which is in q->hit. */

/* Wipes and frees the contents of s. */
void gs_srtp_search_end(struct gs_srtp_search *s);

/* Searches a first key: all keys at the first ROC and at q->roc; then, with
 * max, those that SDP connects with the sender at ROCs up to it, then all keys
 * there. MKIs that were not announced are tried last, if q->before has the same
 * octets. */
bool gs_srtp_search_first(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q, uint32_t max);

/* Searches among the keys that SDP connects with the sender, at the first ROC
 * and at q->roc. This is cheap enough for every packet, and is not counted. */
bool gs_srtp_search_linked(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Searches what may follow when a key no longer fits at roc: other keys at
 * roc, roc + 1 and 0; all of them, or those that SDP connects with the
 * sender. */
bool gs_srtp_search_next(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, uint32_t roc, bool all);

/* Tries key with this scheme at these ROCs. */
bool gs_srtp_search_rocs(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, const struct gs_srtp_scheme *scheme, struct gs_srtp_rocs rocs);

/* Finds the key of an SRTCP packet. */
bool gs_srtp_search_rtcp(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Finds a key without authentication among those announced that way: the one
 * that turns the payload from noise into something else. */
bool gs_srtp_search_guess(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Pairs of equal octets among the n at p, relative to noise: 1 for noise, more
 * for audio. */
double gs_srtp_search_pattern(const uint8_t *p, size_t n);

/* The tag lengths of SRTCP to try, the most likely one first. */
size_t gs_srtp_search_rtcp_tags(const struct gs_srtp_spec *spec,
    uint8_t tag[2]);

#endif
