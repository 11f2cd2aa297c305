/* SPDX-License-Identifier: MIT */
/* The calls that a FreeSWITCH log tells of: where their offers stand. */
#include "text/fscall_priv.h"

#include <stdlib.h>

/* A call has its place in one of FS_WAYS: a log of many calls costs no
 * more than one of few. */
struct fs_call *
fs_calls_get(struct fs_calls *c, struct gs_span id)
{
	if (c->call == NULL)
		c->call = calloc(FS_CALLS, sizeof(*c->call));
	if (c->call == NULL)
		return NULL;
	if (id.n >= FS_ID)
		id.n = FS_ID - 1;
	uint64_t h = gs_span_hash(id);
	struct fs_call *set = &c->call[h % (FS_CALLS / FS_WAYS) * FS_WAYS];
	struct fs_call *oldest = set;
	for (size_t i = 0; i < FS_WAYS; i++) {
		struct fs_call *k = &set[i];
		if (k->used > 0 && k->hash == h && k->id_n == id.n &&
		    memcmp(k->id, id.p, id.n) == 0) {
			k->used = ++c->clock;
			return k;
		}
		if (k->used < oldest->used)
			oldest = k;
	}
	*oldest =
	    (struct fs_call){ .hash = h, .id_n = id.n, .used = ++c->clock };
	text_copy(oldest->id, FS_ID, id);
	return oldest;
}

struct fs_call *
fs_calls_answering(struct fs_calls *c, struct gs_span mentioned)
{
	struct fs_call *best = NULL;

	for (size_t i = 0; c->call != NULL && i < FS_CALLS; i++) {
		struct fs_call *k = &c->call[i];
		if (!k->offered)
			continue;
		if (k->id_n == mentioned.n &&
		    memcmp(k->id, mentioned.p, mentioned.n) == 0)
			return k;
		if (best == NULL || k->used > best->used)
			best = k;
	}
	return best;
}

/* An SDP whose message does not say whose it is may be one that is known.
 * An answer that is printed again (183, then 200) is the same answer; an
 * offer that comes again is a new one. */
void
fs_call_saw(struct fs_call *c, struct text_block *k)
{
	struct gs_block *b = &k->b;
	uint64_t h = gs_span_hash(gs_buf_span(&k->text));

	if (b->party == GS_PARTY_UNKNOWN && h == c->remote) {
		b->party = GS_PARTY_REMOTE;
		b->role = c->remote_role;
		b->repeated = true;
	} else if (b->party == GS_PARTY_UNKNOWN && h == c->local) {
		b->party = GS_PARTY_LOCAL;
		b->role = c->local_role;
		b->repeated = true;
	} else if (b->party == GS_PARTY_REMOTE) {
		if (b->role == GS_ROLE_ANSWER && h == c->remote)
			b->repeated = true;
		if (b->repeated && h == c->remote)
			b->role = c->remote_role;
		c->remote = h;
		c->remote_role = b->role;
	} else if (b->party == GS_PARTY_LOCAL) {
		if (b->role == GS_ROLE_ANSWER && h == c->local)
			b->repeated = true;
		c->local = h;
		c->local_role = b->role;
	}
	/* Without a state line the phone's first SDP is taken for an offer. */
	if (!b->repeated && b->role != GS_ROLE_ANSWER &&
	    (b->party == GS_PARTY_REMOTE || b->role == GS_ROLE_OFFER))
		c->offered = b->party == GS_PARTY_REMOTE;
}

void
fs_calls_forget(struct fs_calls *c, struct gs_span id)
{
	struct fs_call *k = fs_calls_get(c, id);

	if (k == NULL)
		return;
	k->used = 0;
	k->offered = false;
}

void
fs_calls_free(struct fs_calls *c)
{
	free(c->call);
}
