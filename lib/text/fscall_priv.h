/* SPDX-License-Identifier: MIT */
/* The calls that a FreeSWITCH log tells of: where their offers stand. */
#ifndef GSPROV_TEXT_FSCALL_PRIV_H
#define GSPROV_TEXT_FSCALL_PRIV_H

#include "textsrc_priv.h"

/* So many calls are known; of FS_WAYS that share a place the one unused
 * longest is forgotten. */
enum { FS_ID = 256, FS_CALLS = 256, FS_WAYS = 8 };

struct fs_call {
	char id[FS_ID]; /* UUID, or channel name in a log without */
	size_t id_n;
	uint64_t hash; /* of id */
	uint64_t used; /* 0: a free place */
	enum gs_role next; /* of a Remote SDP, from the state line */
	bool offered; /* the phone made an offer */
	uint64_t remote; /* hashes of the last SDPs */
	uint64_t local;
	enum gs_role remote_role;
	enum gs_role local_role;
};

struct fs_calls {
	struct fs_call *call;
	uint64_t clock;
};

/* The call of this name, a new one if need be; NULL without memory. */
struct fs_call *fs_calls_get(struct fs_calls *c, struct gs_span id);

/* The call whose phone made an offer: the one mentioned, else the one last
 * used; NULL when there is none. */
struct fs_call *fs_calls_answering(struct fs_calls *c,
    struct gs_span mentioned);

/* Completes what is known of the SDP in k, and remembers it. */
void fs_call_saw(struct fs_call *c, struct text_block *k);

/* The call has ended; the next one may have the same channel name. */
void fs_calls_forget(struct fs_calls *c, struct gs_span id);

void fs_calls_free(struct fs_calls *c);

#endif
