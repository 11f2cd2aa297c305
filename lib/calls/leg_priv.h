/* SPDX-License-Identifier: MIT */
/* The legs of calls: the SDPs and keys that each has seen. */
#ifndef GSPROV_CALLS_LEG_PRIV_H
#define GSPROV_CALLS_LEG_PRIV_H

#include "../text/textsrc.h"

/* How many calls are followed at a time (the one that was quiet for the
 * longest is given up first), and how large an SDP may be to be remembered
 * for its answer. */
enum {
	GS_DIALOGS = 128,
	GS_DIALOG_LINES = 512,
	GS_DIALOG_BYTES = 16 * 1024,
	PENDING_KEYS = 64,
	PENDING_BYTES = 8 * 1024, /* of one leg's */
};

/* A copy of an SDP that outlives its block. */
struct kept {
	bool set;
	struct gs_buf bytes;
	struct gs_line *line;
	size_t lines;
	size_t line_size; /* entries that line has room for */
	uint32_t *crypto; /* hashes of its a=crypto values */
	size_t cryptos;
	size_t crypto_size;
	uint32_t cseq;
	unsigned status;
	char method[32];
	char tag[128];
};

/* "Set Local Key" comes before the SDP that sends it. */
struct pending_key {
	struct gs_buf text; /* the message line */
	struct gs_span crypto; /* inside text, without blanks around it */
	uint32_t hash; /* of crypto */
	struct gs_pos pos;
	enum gs_party party;
	char media[16]; /* "audio" …; empty: any */
	bool guessed; /* the log does not say whose it is */
};

/* One leg of a call: a channel in a log, a dialog in SIP. */
struct leg {
	char id[256];
	char first_tag[128]; /* SIP: who spoke first */
	struct kept last[3]; /* by enum gs_party */
	enum gs_party offerer;
	bool offered;
	bool answered;
	struct pending_key *key; /* PENDING_KEYS, or NULL before the first */
	size_t keys;
	size_t key_bytes; /* of their texts */
};

/* All legs of a file. Zero it before use. */
struct legs {
	struct leg *leg[GS_DIALOGS];
	uint64_t hash[GS_DIALOGS]; /* of the leg's id */
	uint64_t used[GS_DIALOGS]; /* the clock then; 0: free */
	uint64_t clock;
	size_t recent; /* the leg taken last */
};

/* Copies b's lines, unless they are too many: then, and on failure, k is
 * empty. Returns 0, or -1 without memory. */
int kept_set(struct kept *k, const struct gs_block *b);
void kept_clear(struct kept *k);
void kept_free(struct kept *k);

bool kept_equals(const struct kept *k, const struct gs_block *b);

/* Whether some a=crypto line of k has this value, but for blanks around it;
 * hash is gs_span_hash() of the value: most have not. */
bool kept_has_crypto(const struct kept *k, struct gs_span crypto,
    uint32_t hash);

bool kept_has_media(const struct kept *k, const char *media);

/* Whether b is the message that brought k, sent again. */
bool kept_repeats(const struct kept *k, const struct gs_block *b);

void leg_key_remove(struct leg *l, size_t i);

/* As new, but for its keys and its memory. */
void leg_clear(struct leg *l);
void leg_free(struct leg *l); /* l may be NULL */

enum gs_party leg_sender(struct leg *l, const struct gs_block *b);
enum gs_role leg_role(const struct leg *l, const struct gs_block *b,
    enum gs_party from);

/* The place of the leg of this id (then *known), or the one to make it in:
 * a free one, or that of the leg that was quiet for the longest. */
size_t legs_find(struct legs *t, const char *id, bool *known);

/* The leg at i, for id from now on; NULL without memory. */
struct leg *legs_take(struct legs *t, size_t i, const char *id, bool known);

#endif
