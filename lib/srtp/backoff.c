/* SPDX-License-Identifier: MIT */
/* How often and how far keys are searched for a stream that is not opened, and
 * how long its packets wait for the result. */
#include "srtp/frames_priv.h"
#include "srtp/stream_priv.h"

enum {
	LOST_SYNC = 3, /* failures in a row before the first long search */
	OFTEN = 8, /* failures between the long searches after it */
	SELDOM = 64, /* the same after FULL failures, or with few tries */
	SPARSE = 16, /* searches between such failures before they grow */
	FULL = 256, /* failures in a row before all ROCs are tried, */
	ROCS = 16, /* and this many more each time */
	HELD = 1024, /* failures in a row after which packets that must be
		      * written are no longer tried */
	HALF = 2, /* quarters of all tries: with more, searches are OFTEN, */
	EACH = 3, /* and with more, on each packet whose turn comes */
};

bool
gs_srtp_backoff_plain(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	struct gs_span payload;
	uint8_t kind = gs_srtp_flow_kind(st, m->rtp.type);
	int32_t step = gs_srtp_frames_sized(kind) ? st->pace : 0;

	if (gs_srtp_keyring_unsealed(s->keys) > 0)
		return false;
	(void)gs_net_rtp_payload(&m->rtp, m->p, m->n, &payload);

	const uint8_t *p = (const uint8_t *)payload.p;
	size_t n = payload.n;
	enum { WORTH = 5 }; /* bits of evidence: less is tried */
	bool whole = gs_srtp_frames_whole(kind, p, n, step) &&
	    gs_srtp_frames_weight(kind, p, n) >= WORTH;

	/* Packets that are authenticated only have a pattern before their tag
	 * as well. */
	return gs_srtp_keyring_bare(s->keys) > 0 ?
	    whole :
	    gs_srtp_frames_plain(kind, p, n, whole);
}

/* Whether more than quarters quarters of all tries remain. */
static bool
is_rich(const struct gs_srtp_streams *s, uint64_t quarters)
{
	return s->search.budget > quarters * s->options.tries / 4;
}

bool
gs_srtp_backoff_near(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	uint64_t n = st->failing;

	return is_rich(s, HALF) ||
	    ((n <= SELDOM || n % SELDOM == 0) &&
		!gs_srtp_backoff_plain(s, st, m));
}

uint32_t
gs_srtp_backoff_far(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m,
    bool fresh)
{
	uint64_t n = st->failing, max = s->options.roc_max;
	uint64_t step = n < FULL && is_rich(s, HALF) ? OFTEN : SELDOM;
	uint64_t far = FULL + ROCS * n;
	bool last = gs_srtp_backoff_last(st, m);

	while (step * SPARSE < n)
		step *= 2;
	if (!last && (!fresh || (n != LOST_SYNC && n % step != 0)))
		return 0;
	if (gs_srtp_backoff_plain(s, st, m))
		return 0;
	return (uint32_t)(last || n >= FULL || max < far ? max : far);
}

bool
gs_srtp_backoff_behind(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	uint64_t n =
	    st->count.opened > 0 ? st->unopened : st->count.failed[GS_FAIL_KEY];

	/* If a packet that waited before the newest one was opened, the newest
	 * one is behind, too. */
	return (m->nth < st->failed_to ||
		   (m->nth == st->failed_to && st->failing == 0)) &&
	    (is_rich(s, EACH) || (n & (n - 1)) == 0) &&
	    gs_srtp_backoff_can(s, st) && !gs_srtp_backoff_plain(s, st, m);
}

void
gs_srtp_backoff_searched(const struct gs_srtp_streams *s,
    struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	if (is_rich(s, EACH)) {
		if (m->overdue)
			st->searched = m->nth;
		return;
	}
	/* If m was not the newest packet, the newest one is still to be
	 * searched. */
	st->searched = m->nth == st->failed_to ? m->nth : st->failed_to - 1;
}

bool
gs_srtp_backoff_last(const struct gs_srtp_stream *st,
    const struct gs_srtp_media_packet *m)
{
	return m->overdue && m->nth > st->searched && st->failing <= HELD;
}

bool
gs_srtp_backoff_can(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st)
{
	return gs_srtp_keyring_size(s->keys) > 0 && !s->options.roc_fixed &&
	    s->search.budget > GS_SEARCH_KEY && st->budget > GS_SEARCH_KEY;
}

bool
gs_srtp_stream_waits(const struct gs_srtp_streams *s,
    const struct gs_srtp_stream *st, const struct gs_srtp_media_packet *m)
{
	if (!st->id.rtp)
		return s->options.live && st->count.rtcp_opened == 0;
	if (st->prot.state == GS_STREAM_UNSURE ||
	    st->prot.state == GS_STREAM_HINT)
		return true;
	if (s->options.live)
		return st->prot.state == GS_STREAM_TRIED ||
		    (!m->rtcp && !m->cut && st->failing > 0);
	return !m->rtcp && !m->cut && m->nth > st->searched &&
	    st->failing > 0 && gs_srtp_backoff_can(s, st) &&
	    !gs_srtp_backoff_plain(s, st, m);
}
