/* SPDX-License-Identifier: MIT */
/* A piece of a stream, as a JSON line of the report tells it; pieces of one
 * stream join to one.
 *
 * All that a piece holds joins in any order and any grouping to the same:
 * sums, least and greatest, sets. What does not (jitter, late packets, frame
 * numbers: they depend on what stood before in the same capture) is left
 * out. */
#ifndef GSPROV_MEDIA_PIECE_H
#define GSPROV_MEDIA_PIECE_H

#include "../base/json.h"
#include "../base/jsonread.h"
#include "../net/runs.h"

#pragma GCC visibility push(default)

enum {
	GS_PIECE_KEYS = 1024,
	GS_PIECE_TEXTS = 256, /* notes, addresses */
};

/* A sorted set. */
struct gs_texts {
	char **text;
	size_t n;
};

/* What one key opened. */
struct gs_piece_key {
	char print[9];
	char *suite;
	uint64_t tag_bits;
	char *from;
	uint64_t start; /* ns */
	uint64_t end;
	struct gs_runs received;
};

/* One that some piece shows to be plain is plain: others may be too short to
 * tell. */
enum gs_piece_verdict { GS_PIECE_NONE, GS_PIECE_NO_KEY, GS_PIECE_PLAIN };

struct gs_piece {
	char *file;
	char *src;
	char *dst; /* the last one */
	struct gs_texts moved; /* all that it was sent to, dst too */
	char ssrc[9];
	uint64_t type; /* UINT64_MAX: not known */
	char *codec; /* or NULL */
	uint64_t clock; /* 0: not known */
	uint64_t format_end; /* ns: where the piece that said so ended */
	uint64_t packets;
	uint64_t decrypted;
	uint64_t failed;
	uint64_t no_key;
	uint64_t start; /* ns */
	uint64_t end;
	uint64_t rtcp_packets;
	uint64_t rtcp_decrypted;
	uint64_t rtcp_plain;
	uint64_t rtcp_tag_bits; /* 0: not known */
	bool confirmed; /* by all pieces that have a key */
	bool disagreed;
	enum gs_piece_verdict shut; /* what it is when nothing was opened */
	struct gs_texts lasting;
	struct gs_piece_key *key; /* sorted by print */
	size_t keys;
	bool keys_over; /* there were more: key is empty */
};

/* Reads one line. Returns 0, or -1: malformed, or no memory; p is then
 * empty. */
int gs_piece_read(struct gs_piece *p, struct gs_span line,
    struct gs_err *err) GS_MUST;
void gs_piece_free(struct gs_piece *p);

/* Adds b, of the same stream, to p. Returns 0 or -1. */
int gs_piece_join(struct gs_piece *p, const struct gs_piece *b,
    struct gs_err *err) GS_MUST;

/* The key that was in use last, NULL when there is none. */
const struct gs_piece_key *gs_piece_newest_key(const struct gs_piece *p);

/* Whether all keys and what they opened are known. */
bool gs_piece_is_known(const struct gs_piece *p);

/* Missing between the first and the last packet under each key, over all
 * borders; what came and could not be opened is not lost. */
uint64_t gs_piece_lost(const struct gs_piece *p);
uint64_t gs_piece_duplicates(const struct gs_piece *p);

/* Least and greatest rollover counter, in the order of the keys' use. False
 * when not known. */
bool gs_piece_rocs(const struct gs_piece *p, uint64_t *first, uint64_t *last);

/* "decrypted", "partly", "no key", "plain". */
const char *gs_piece_verdict(const struct gs_piece *p);

/* The sentences about all of it, sorted. Returns 0 or -1. */
int gs_piece_notes(const struct gs_piece *p, struct gs_texts *notes,
    struct gs_err *err) GS_MUST;
void gs_texts_free(struct gs_texts *t);

/* Writes p as a line that gs_piece_read() reads. */
void gs_piece_write(const struct gs_piece *p, const struct gs_texts *notes,
    struct gs_json *j);

#pragma GCC visibility pop

#endif
