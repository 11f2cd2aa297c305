/* SPDX-License-Identifier: MIT */
/* Searches for the key, the way to use it, and the rollover counter that open a
 * packet. */
#ifndef GSPROV_SRTP_SEARCH_PRIV_H
#define GSPROV_SRTP_SEARCH_PRIV_H

#include "srtp/keyring.h"

struct gs_srtp_media_packet;
struct gs_srtp_streams_options;

/* All searches of a run share one budget of tries: GS_SEARCH_BASE (half a
 * second), and GS_SEARCH_PACKET more for each packet of media, which takes less
 * than twice as long as opening it. One stream may use as many as the run
 * begins with, or GS_SEARCH_KEYS times the ROCs that are searched. Two kinds of
 * tries are not counted, so that junk cannot take them from a later stream:
 * those of keys that SDP connects with the sender, at the first ROC; and, in
 * each search, GS_SEARCH_NEAR tries of keys next to the one found last.
 * GS_SEARCH_KEY is the cost of loading a key. */
enum {
	GS_SEARCH_BASE = 1 << 21,
	GS_SEARCH_PACKET = 8,
	GS_SEARCH_KEYS = 512,
	GS_SEARCH_NEAR = 4096,
	GS_SEARCH_KEY = 16,
	GS_SEARCH_SESSIONS = 16, /* keys that stay loaded */
	GS_SEARCH_END = 144, /* octets of MKI and tag at a packet's end */
};

/* A key that is loaded for one kind of use. */
struct gs_srtp_search_session {
	struct gs_srtp *session; /* NULL: not created yet */
	size_t key; /* index + 1; 0: none */
	struct gs_srtp_spec spec;
};

struct gs_srtp_search {
	struct gs_srtp_keyring *keys;
	struct gs_srtp *session; /* the one being tried */
	struct gs_srtp_search_session taken[GS_SEARCH_SESSIONS];
	struct gs_srtp_reference *reference; /* NULL: libcrypto decrypts */
	const struct gs_srtp_streams_options *options;
	uint64_t budget; /* tries that remain for all streams */
	uint64_t spent; /* tries that were used, including free ones */
	uint64_t guesses; /* tries that remain for guesses */
	size_t near; /* the key found last */
	bool broken; /* a library failed: a key may have been missed */
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
	uint32_t roc; /* another ROC to try: that of a stream captured from its
		       * start */
	uint64_t *budget; /* tries that remain for the stream, */
	uint64_t *pool; /* and for all streams; NULL: not counted */
	uint64_t near; /* free tries that remain when the pool is empty */
	uint64_t tries;
	bool gave_up; /* a budget was used up */
	struct gs_srtp_search_hit hit; /* the result */
};

/* Rollover counters to try; none if from is greater than to. */
struct gs_srtp_rocs {
	uint32_t from;
	uint32_t to;
};

/* The tries of one stream: those that a run begins with, or more. */
uint64_t gs_srtp_search_share(const struct gs_srtp_search *s);

/* The searches return whether they found something, which is then in q->hit. */

/* Wipes and frees what s contains. */
void gs_srtp_search_end(struct gs_srtp_search *s);

/* Searches for a first key: all keys at the first ROC and at q->roc; with max,
 * then those that SDP connects with the sender at ROCs up to it, and then all
 * keys there. MKIs that were not announced are tried last, if q->before has the
 * same octets. */
bool gs_srtp_search_first(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q, uint32_t max);

/* Searches among the keys that SDP connects with the sender, at the first ROC
 * and at q->roc. This is cheap enough for every packet, and is not counted. */
bool gs_srtp_search_linked(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Searches for what may follow when a key no longer fits at roc: other keys at
 * roc, roc + 1 and 0; all of them, or only those that SDP connects with the
 * sender. */
bool gs_srtp_search_next(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, uint32_t roc, bool all);

/* Tries key with this scheme at these ROCs. */
bool gs_srtp_search_rocs(struct gs_srtp_search *s, struct gs_srtp_search_job *q,
    size_t key, const struct gs_srtp_scheme *scheme, struct gs_srtp_rocs rocs);

/* Searches for the key of an SRTCP packet. */
bool gs_srtp_search_rtcp(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Searches among the keys announced without authentication for the one that
 * turns the payload from noise into something else. */
bool gs_srtp_search_guess(struct gs_srtp_search *s,
    struct gs_srtp_search_job *q);

/* Pairs of equal octets among the n at p, relative to noise: 1 for noise, more
 * for audio. */
double gs_srtp_search_pattern(const uint8_t *p, size_t n);

/* The tag lengths of SRTCP to try, the most likely one first. */
size_t gs_srtp_search_rtcp_tags(const struct gs_srtp_spec *spec,
    uint8_t tag[2]);

#endif
