/* SPDX-License-Identifier: MIT */
/* Ciphertext that is relayed under another header. */
#include "calls/relayed.h"

#include <stdlib.h>

#include "net/rtp.h"

/* Packets that are kept for comparison, and relayed packets that cannot be
 * chance. */
enum { SEEN = 4096, LEAST = 20 };

struct seen {
	uint64_t hash; /* of what follows the header; 0: none */
	uint32_t ssrc;
	uint16_t seq;
};

struct gs_calls_relayed {
	uint64_t count;
	uint64_t frame;
	struct seen seen[SEEN]; /* by hash */
};

struct gs_calls_relayed *
gs_calls_relayed_new(void)
{
	return calloc(1, sizeof(struct gs_calls_relayed));
}

/* Whether n octets of payload type pt can only be SRTP: frames and a tag.
 * Unencrypted RTP is relayed under another header all the time. */
static bool
is_encrypted(uint8_t pt, size_t n)
{
	const int tag = gs_net_rtp_beyond(pt, n);

	return (tag == 4 || tag == 10 || tag == 16) && n > (size_t)tag;
}

void
gs_calls_relayed_feed(struct gs_calls_relayed *r, struct gs_span payload,
    uint64_t frame)
{
	const uint8_t *p = (const uint8_t *)payload.p;
	struct gs_net_rtp h;

	if (gs_net_payload_classify(p, payload.n) != GS_MEDIA_RTP ||
	    !gs_net_rtp_parse(&h, p, payload.n) ||
	    !is_encrypted(h.type, payload.n - h.header))
		return;
	uint64_t hash =
	    gs_span_hash(gs_span(p + h.header, payload.n - h.header));
	struct seen *s = &r->seen[hash % SEEN];
	/* With the same header, it is the same packet, captured at another
	 * place. */
	if (s->hash == hash && (s->ssrc != h.ssrc || s->seq != h.seq) &&
	    r->count++ == 0)
		r->frame = frame;
	*s = (struct seen){ .hash = hash, .ssrc = h.ssrc, .seq = h.seq };
}

uint64_t
gs_calls_relayed_count(const struct gs_calls_relayed *r, uint64_t *frame)
{
	*frame = r->frame;
	return r->count < LEAST ? 0 : r->count;
}

void
gs_calls_relayed_free(struct gs_calls_relayed *r)
{
	free(r);
}
