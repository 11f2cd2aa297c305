/* SPDX-License-Identifier: MIT */
/* Opens the RTCP packets of a stream. */
#include "srtp/stream_priv.h"

enum { EVERY_FAILURE = 16 };

/* Whether the datagram is RTCP to its last octet. SRTCP, with its trailer and
 * encryption, does not look like that. */
static bool
is_plain(const struct gs_srtp_media_packet *m)
{
	struct gs_net_rtcp r;
	size_t at = 0;
	int more;

	while ((more = gs_net_rtcp_next(&r, m->p, m->n, &at)) == 1)
		if (r.type < 192 || r.type > 223)
			return false;
	return more == 0;
}

/* Tries the forms of slot's key: the one that opened the last packet, then
 * both tag lengths (FreeSWITCH sends 32 bits where RFC 3711 section 5.2
 * requires 80), with the MKI of the key and without. */
static enum gs_srtp_result
try_slot(struct gs_srtp_unprotecting *a, struct gs_srtp_slot *slot)
{
	const struct gs_srtp_scheme *last = &a->st->prot.rtcp_scheme;
	const uint8_t mki[3] = { slot->scheme.form.mki, slot->key.mki_n, 0 };
	enum gs_srtp_result r = GS_SRTP_FAIL;
	uint8_t tag[2];

	if (slot->session == NULL)
		return GS_SRTP_FAIL;
	if (last->spec.key == slot->scheme.spec.key &&
	    (r = gs_srtp_slot_unprotect(a, slot, last->form, 0)) == GS_SRTP_OK)
		return r;
	size_t tags = gs_srtp_search_rtcp_tags(&slot->scheme.spec, tag);

	for (size_t i = 0; i < 3 * tags && r != GS_SRTP_TROUBLE; i++) {
		struct gs_srtp_form form = { .tag = tag[i % tags],
			.mki = mki[i / tags] };

		r = gs_srtp_slot_unprotect(a, slot, form, 0);
		if (r == GS_SRTP_OK)
			return r;
	}
	return r;
}

/* Opens the packet with one of the stream's keys, or finds another: *used.
 * Returns GS_SRTP_FAIL if none fits. */
static enum gs_srtp_result
open_any(struct gs_srtp_unprotecting *a, struct gs_srtp_slot **used)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_search_job q = { .m = a->m, .budget = &st->budget };

	for (unsigned i = 0; i <= st->slots; i++) {
		*used = i < st->slots ? &st->slot[i] : &st->control;
		enum gs_srtp_result r = try_slot(a, *used);

		if (r == GS_SRTP_OK || r == GS_SRTP_TROUBLE)
			return r;
	}
	uint64_t f = ++st->rtcp_failing;

	if ((f > EVERY_FAILURE && (f & (f - 1)) != 0) ||
	    !gs_srtp_search_rtcp(&a->s->search, &q))
		return GS_SRTP_FAIL;
	if (gs_srtp_slot_set(a->s, &st->control, &q.hit, a->err) == -1)
		return GS_SRTP_TROUBLE;
	*used = &st->control;
	return gs_srtp_slot_unprotect(a, *used, q.hit.scheme.form, 0);
}

static int
opened(struct gs_srtp_unprotecting *a, const struct gs_srtp_slot *slot)
{
	struct gs_srtp_stream *st = a->st;

	if (st->count.rtcp_opened % GS_REFERENCE_EVERY == 0 &&
	    gs_srtp_slot_confirm(a, slot) == -1)
		return -1;
	if (st->prot.disagreed) {
		a->o->why = GS_FAIL_REFERENCE;
		return 0;
	}
	if (st->prot.state == GS_STREAM_UNSURE)
		st->prot.state = GS_STREAM_TRIED;
	st->rtcp_failing = 0;
	st->count.rtcp_opened++;
	st->prot.rtcp_scheme.spec = slot->scheme.spec;
	st->prot.rtcp_scheme.form = a->form;
	a->o->p = a->out;
	a->o->n = a->n;
	a->o->ok = true;
	return 0;
}

int
gs_srtp_unprotect_rtcp_try(struct gs_srtp_unprotecting *a)
{
	struct gs_srtp_stream *st = a->st;
	struct gs_srtp_slot *slot;

	st->count.rtcp_packets++;
	if (is_plain(a->m)) {
		st->count.rtcp_plain++;
		st->prot.plain |= !st->id.rtp;
		a->o->plain = true;
		if (st->prot.state == GS_STREAM_UNSURE)
			st->prot.state = GS_STREAM_TRIED;
		return 0;
	}
	if (a->m->cut) {
		a->o->why = GS_FAIL_CUT;
		return 0;
	}
	switch (open_any(a, &slot)) {
	case GS_SRTP_OK: return opened(a, slot);
	case GS_SRTP_TROUBLE: return -1;
	case GS_SRTP_FAIL:
	case GS_SRTP_SHORT: break;
	}
	a->o->why = st->slots > 0 || st->count.rtcp_opened > 0 ? GS_FAIL_AUTH :
								 GS_FAIL_KEY;
	return 0;
}
