/* SPDX-License-Identifier: MIT */
/* Whether packets that no key opens were encrypted at all: by the sizes of
 * frames, by patterns, and by how payloads begin. */
#include <math.h>

#include "srtp/frames_priv.h"
#include "srtp/stream_priv.h"

enum {
	RECENT = 8, /* packets in a row that are judged together */
	PATTERNS = 32, /* packets whose payload is searched for patterns, */
	NOISE = 8, /* the fewest that count as noise, */
	FEW_NOISE = 3, /* if each is frames and a tag, */
	MUCH_NOISE = 32, /* and the fewest where frames may have any size */
	LONG = 8 * NOISE, /* packets in a row; not all are looked at */
	SHORTEST = 20, /* octets in which noise is told from sound */
	DEVIATIONS = 7, /* so far from noise is no accident */
	SURE = 400, /* octets in which a pattern is seven deviations */
	ROW = 4, /* packets in a row that are alike by no accident, */
	ROW_BITS = 20, /* with so much evidence */
	ALIKE = 6, /* that of a payload that begins as another one, */
	AGAINST = 3, /* and that against, of one that is not whole */
	PROOF = 10, /* evidence that a stream is in clear, */
	WORTH = 5, /* and that a packet behind such a stream is */
};

static uint8_t
kind_of(const struct gs_srtp_unprotecting *a)
{
	return gs_srtp_flow_kind(a->st, a->m->rtp.type);
}

/* The payload, as if it was never encrypted: without padding, whose length the
 * last octet would be. Returns its octets. */
static size_t
in_clear(const struct gs_srtp_unprotecting *a, const uint8_t **p)
{
	struct gs_span payload;

	(void)gs_net_rtp_payload(&a->m->rtp, a->m->p, a->m->n, &payload);
	*p = (const uint8_t *)payload.p;
	return payload.n;
}

/* Whether the packet has no padding, or zeros and their number, as senders
 * write it. Ciphertext ends in any number. */
static bool
is_padded_well(const struct gs_srtp_unprotecting *a)
{
	const uint8_t *p, *last = a->m->p + a->m->n - 1;
	size_t n = in_clear(a, &p);

	for (p += n; p < last; p++)
		if (*p != 0)
			return false;
	return true;
}

/* The usual RTP time of a packet of the stream; 0: unknown. */
static int32_t
usual_step(const struct gs_srtp_stream *st)
{
	return st->step > 0 ? (int32_t)st->step : st->pace;
}

/* ---- looking */

/* Whether a payload begins as those before the packets in doubt. One in 256 of
 * encrypted ones begins as the last of them; behind packets in doubt it must be
 * two that begin alike. at: where the octet is in the list. */
static bool
is_old(struct gs_srtp_stream_look *l, uint8_t octet, unsigned at,
    unsigned doubts)
{
	if (doubts == 0) {
		l->olds = 0;
		return l->is_alike && at == 0;
	}
	if (l->olds > 0)
		l->olds += octet == l->old;
	else if (l->is_alike && at >= doubts) {
		l->old = octet;
		l->olds = 1;
	}
	return l->olds > 1 && octet == l->old;
}

/* Notes with which octet a payload begins. With codecs without fixed sizes it
 * is a header, which has few values in a call. Ciphertext begins with any. */
static void
note_begin(struct gs_srtp_stream_look *l, uint8_t octet, unsigned doubts)
{
	unsigned known =
	    l->begun < GS_STREAM_OCTETS ? l->begun : GS_STREAM_OCTETS;
	unsigned at = 0;

	while (at < known && l->octet[at] != octet)
		at++;
	/* A long row goes on with what is in it, not with what was noise before
	 * it. */
	l->is_alike = at < known && (l->row < ROW || at < l->seen);
	l->seen = l->row == 0 ? 1 : l->seen + (at >= l->seen);
	l->is_old = is_old(l, octet, at, doubts);
	l->led = l->row > 0 ? l->led : l->is_alike && at == 0;
	l->alike += l->is_alike;
	l->begun++;
	memmove(l->octet + 1, l->octet,
	    at < GS_STREAM_OCTETS ? at : GS_STREAM_OCTETS - 1);
	l->octet[0] = octet;
}

/* Notes how much a payload, which is whole frames or not, says. What only looks
 * like frames of some codec says nothing where the stream is to be
 * encrypted. */
static void
weigh(const struct gs_srtp_unprotecting *a, uint8_t kind, const uint8_t *p,
    size_t n)
{
	const struct gs_srtp_stream_protection *said = &a->st->prot;
	struct gs_srtp_stream_look *l = &a->st->look;
	bool sized = gs_srtp_frames_sized(kind);
	bool guessed =
	    l->is_whole && gs_srtp_frames_guessed(kind, p, n, l->step);
	bool sealed = said->announced_secure || said->announced_dtls;

	l->is_whole = l->is_whole && !(guessed && sealed);
	l->guessed += guessed;
	l->weight = (l->is_alike ? ALIKE : 0) +
	    (l->is_whole ? (int)gs_srtp_frames_weight(kind, p, n) : 0);
	if (l->is_whole)
		l->bits += l->weight;
	else if (n > 0 && gs_srtp_frames_weight(kind, p, n) < WORTH)
		l->bits -= AGAINST;
	l->row = l->is_whole || (l->is_alike && !sized) ? l->row + 1 : 0;
	l->row_bits = l->row > 0 ? l->row_bits + l->weight : 0;
	l->begins = n > 0 && !sized ? p[0] : -1;
}

/* Whether the n octets at p, the payload, were encrypted, whatever the other
 * packets are: they are noise, and longer than their frames, as a tag makes
 * them. Once others showed that, only the first packets matter. */
static bool
is_sealed(const struct gs_srtp_unprotecting *a, const uint8_t *p, size_t n)
{
	const struct gs_srtp_stream_look *l = &a->st->look;
	int32_t usual = usual_step(a->st);

	if (l->is_whole || n < SHORTEST ||
	    (a->st->prot.sealed && l->packets >= PATTERNS) ||
	    !gs_srtp_frames_overlong(kind_of(a), n,
		usual > 0 ? usual : l->step))
		return false;
	/* Four standard deviations of noise. */
	return gs_srtp_search_pattern(p, n) <
	    1 + fmax(0.4, 4 * sqrt(512) / (double)n);
}

/* Notes what the payload of the packet looks like. */
static void
judge(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;
	const struct gs_srtp_media_packet *m = a->m;
	uint8_t kind = kind_of(a);
	const uint8_t *p;
	size_t n = in_clear(a, &p);
	int packets = (int16_t)(m->rtp.seq - l->seq);
	int32_t time = (int32_t)(m->rtp.time - l->time);

	l->is_alike = l->is_old = l->is_sealed = false;
	if (n > 0 && kind != 18)
		note_begin(l, p[0], a->st->doubts);
	if (!m->cut) {
		l->step = l->packets > 0 && packets != 0 ? time / packets :
							   usual_step(a->st);
		l->is_whole = gs_srtp_frames_whole(kind, p, n, l->step);
		l->is_sealed = is_sealed(a, p, n);
		weigh(a, kind, p, n);
		l->whole += l->is_whole;
		l->packets++;
		l->time = m->rtp.time;
		l->seq = m->rtp.seq;
	}
	if (l->patterns < PATTERNS && n >= 20 && kind != 18) {
		l->pattern += gs_srtp_search_pattern(p, n);
		l->variance += 512 / ((double)n * (double)(n - 1));
		l->octets += n;
		l->patterns++;
	}
	if (a->st->doubts == GS_STREAM_DOUBTS)
		l->sure = false;
}

/* Notes whether the last packets are noise: they were encrypted, even if others
 * were not. If frames have known sizes, only packets of other sizes count. */
static void
look_for_noise(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;
	const struct gs_srtp_media_packet *m = a->m;
	bool sized = gs_srtp_frames_sized(kind_of(a));
	size_t n = m->n - m->rtp.header;

	if (m->cut || a->st->prot.sealed)
		return;
	if (l->is_whole || (!sized && l->is_alike)) {
		l->noise = l->unseen = 0;
		l->noise_pattern = 0;
		return;
	}
	if (sized && !gs_srtp_frames_tagged(kind_of(a), n, l->step))
		return;
	/* In a long row far from noise, one packet stands for several. */
	bool far = l->noise >= LONG && l->noise_pattern > 2 * 1.4 * l->noise;

	unsigned least = !sized ? MUCH_NOISE : l->is_sealed ? FEW_NOISE : NOISE;

	l->noise++;
	l->unseen++;
	if (far && l->unseen < NOISE)
		return;
	l->noise_pattern += l->unseen *
	    (l->is_sealed ? 1 :
			    gs_srtp_search_pattern(m->p + m->rtp.header, n));
	l->unseen = 0;
	a->st->prot.sealed =
	    l->noise >= least && l->noise_pattern < 1.4 * l->noise;
}

void
gs_srtp_look_at(const struct gs_srtp_unprotecting *a)
{
	judge(a);
	look_for_noise(a);
}

void
gs_srtp_look_behind(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;

	if (a->st->unopened++ == 0)
		*l = (struct gs_srtp_stream_look){ 0 };
	judge(a);
	if (l->packets == RECENT) {
		l->packets /= 2;
		l->whole /= 2;
		l->bits /= 2;
	}
}

/* ---- what it shows */

/* Whether the payloads have a pattern, or begin alike. Ciphertext does not; in
 * a few short payloads, it may seem to. */
static bool
has_pattern(const struct gs_srtp_stream_look *l)
{
	double more = l->pattern - l->patterns;

	return ((l->patterns >= 4 || l->octets >= SURE) &&
		   more > 0.4 * l->patterns &&
		   more > DEVIATIONS * sqrt(l->variance)) ||
	    (l->begun >= 4 && l->alike * 2 > l->begun);
}

/* Whether all payloads so far look like ciphertext: they have no pattern, and
 * begin with any octet, but for a few by accident. Of codecs whose payloads
 * tell what they are, few packets are enough. */
static bool
is_noise(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;
	uint8_t kind = kind_of(a);
	bool tells = kind == GS_FRAMES_EVENT || kind == GS_FRAMES_AMR;
	double more = l->pattern - l->patterns;

	return (l->patterns >= NOISE || l->begun >= (tells ? ROW : NOISE)) &&
	    l->alike * 8 <= l->begun + NOISE &&
	    more <= fmax(0.2 * l->patterns, 3 * sqrt(l->variance));
}

/* Whether packets that no key opens were unencrypted: most are whole frames,
 * or the payload has a pattern. If a key may be used without tags, whole
 * frames prove nothing. */
static bool
shows_plain(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;
	bool whole = 2 * l->whole > l->packets && l->bits >= PROOF;

	if (whole && gs_srtp_keyring_unsealed(a->s->keys) > 0 && is_noise(a))
		return false;
	return whole || has_pattern(l);
}

/* Whether the last packets were unencrypted, whatever was before. */
static bool
is_in_row(const struct gs_srtp_stream_look *l)
{
	return (l->row >= ROW && l->row_bits >= ROW_BITS) ||
	    (l->sure && ((l->is_whole && l->weight >= WORTH) || l->is_old));
}

/* The sender may have begun to encrypt with the last packet. A first packet
 * counts as padded only if its padding is well-formed. */
bool
gs_srtp_look_plain(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;
	const uint8_t *p;
	size_t n = in_clear(a, &p);
	uint8_t kind = kind_of(a);

	if (a->m->cut || (l->packets <= 1 && !is_padded_well(a)) ||
	    !(is_in_row(l) || gs_srtp_look_stream(a)))
		return false;
	return gs_srtp_frames_plain(kind, p, n, l->is_whole) ||
	    (l->is_alike && is_in_row(l) && !gs_srtp_frames_sized(kind));
}

unsigned
gs_srtp_look_doubts(const struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream_look *l = &a->st->look;
	bool sized = gs_srtp_frames_sized(kind_of(a));
	unsigned n = l->row > 0 ? l->row - 1 : 0;

	if (!sized)
		n = l->sure ? GS_STREAM_DOUBTS : n + (l->row > 0 && l->led);

	l->sure |= is_in_row(l);
	return n < a->st->doubts ? n : a->st->doubts;
}

/* Whether SDP may decide: the codec's frames have any size, or they are whole
 * and say little. */
static bool
says_little(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;

	return !gs_srtp_frames_sized(kind_of(a)) || 2 * l->whole > l->packets;
}

bool
gs_srtp_look_by_size(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;

	return 2 * l->guessed > l->packets && !has_pattern(l);
}

bool
gs_srtp_look_stream(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_protection *said = &a->st->prot;
	const struct gs_srtp_stream_look *l = &a->st->look;

	if (shows_plain(a))
		return true;
	return a->st->count.opened == 0 && said->announced_plain &&
	    !said->announced_secure && !said->announced_dtls && !is_noise(a) &&
	    (l->packets == 0 || says_little(a));
}

bool
gs_srtp_look_heard(const struct gs_srtp_unprotecting *a)
{
	const struct gs_srtp_stream_look *l = &a->st->look;

	return !l->is_sealed &&
	    (l->noise < NOISE || l->noise_pattern >= 1.4 * l->noise ||
		l->alike * 2 <= l->begun);
}

bool
gs_srtp_look_alone(const struct gs_srtp_unprotecting *a)
{
	const uint8_t *p;
	size_t n = in_clear(a, &p);
	uint8_t kind = kind_of(a);

	return is_padded_well(a) &&
	    gs_srtp_frames_weight(kind, p, n) >= PROOF &&
	    gs_srtp_frames_plain(kind, p, n,
		gs_srtp_frames_whole(kind, p, n, usual_step(a->st)));
}
