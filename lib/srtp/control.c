/* SPDX-License-Identifier: MIT */
/* Opening the RTCP packets of a stream. */
#include "stream_priv.h"

enum { EVERY_FAILURE = 16 };

/* Whether the datagram is RTCP to its last octet: what SRTCP appends and
 * encrypts does not look like that. */
static bool
is_plain(const struct gs_media_packet *m)
{
	struct gs_rtcp r;
	size_t at = 0;
	int more;

	while ((more = gs_rtcp_next(&r, m->p, m->n, &at)) == 1)
		if (r.type < 192 || r.type > 223)
			return false;
	return more == 0;
}

static enum gs_srtp_result
open_once(struct gs_srtp_streams *s, struct gs_slot *slot,
    const struct gs_media_packet *m, struct gs_srtp_form form, uint8_t *out,
    size_t *n)
{
	struct gs_slot with = *slot;
	enum gs_srtp_result r;

	if (s->options.engine != GS_ENGINE_LIBSRTP2)
		return gs_srtp_open_rtcp(slot->session, m->p, m->n, form, out,
		    n);
	with.way.form = form;
	r = gs_slot_open(s, &with, m, 0, out, n);
	explicit_bzero(&with, sizeof(with));
	return r;
}

/* Tries the forms that slot's key allows: what opened the last one, then
 * both tag lengths (FreeSWITCH sends 32 bits where RFC 3711 section 5.2
 * has 80), with the MKI of the key and without. */
static enum gs_srtp_result
try_slot(struct gs_srtp_streams *s, struct gs_stream *st, struct gs_slot *slot,
    const struct gs_media_packet *m, struct gs_srtp_form *form, uint8_t *out,
    size_t *n)
{
	const uint8_t mki[2] = { slot->way.form.mki, slot->key.mki_n };
	const uint8_t lengths[3] = { mki[0], mki[1], 0 };
	enum gs_srtp_result r = GS_SRTP_FAIL;
	uint8_t tag[2];

	if (slot->session == NULL)
		return GS_SRTP_FAIL;
	*form = st->rtcp_way.form;
	if (st->rtcp_way.spec.key == slot->way.spec.key &&
	    (r = open_once(s, slot, m, *form, out, n)) == GS_SRTP_OK)
		return r;
	size_t tags = gs_search_rtcp_tags(&slot->way.spec, tag);

	for (size_t i = 0; i < 3 && r != GS_SRTP_TROUBLE; i++) {
		for (size_t k = 0; k < tags && r != GS_SRTP_TROUBLE; k++) {
			*form = (struct gs_srtp_form){ .tag = tag[k],
				.mki = lengths[i] };
			r = open_once(s, slot, m, *form, out, n);
			if (r == GS_SRTP_OK)
				return r;
		}
	}
	return r;
}

static struct gs_slot *
open_any(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, struct gs_srtp_form *form, uint8_t *out,
    size_t *n, enum gs_srtp_result *r, struct gs_err *err)
{
	struct gs_quest q = { .m = m, .budget = &st->budget };
	struct gs_hit hit;

	for (unsigned i = 0; i <= st->slots; i++) {
		struct gs_slot *slot =
		    i < st->slots ? &st->slot[i] : &st->control;

		*r = try_slot(s, st, slot, m, form, out, n);
		if (*r == GS_SRTP_OK)
			return slot;
		if (*r == GS_SRTP_TROUBLE)
			return NULL;
	}
	uint64_t f = ++st->rtcp_failing;

	if ((f > EVERY_FAILURE && (f & (f - 1)) != 0) ||
	    !gs_search_rtcp(&s->search, &q, &hit))
		return NULL;
	if (gs_slot_set(s, &st->control, &hit, err) == -1) {
		*r = GS_SRTP_TROUBLE;
		return NULL;
	}
	*form = hit.way.form;
	*r = open_once(s, &st->control, m, *form, out, n);
	return *r == GS_SRTP_OK ? &st->control : NULL;
}

static int
opened(struct gs_srtp_streams *s, struct gs_stream *st, struct gs_slot *slot,
    const struct gs_media_packet *m, struct gs_srtp_form form,
    struct gs_opened *o, struct gs_err *err)
{
	if (st->rtcp_opened % GS_REFERENCE_EVERY == 0) {
		int r = gs_slot_confirm(s, st, slot, m, form, 0,
		    gs_span(o->p, o->n), err);

		if (r == -1)
			return -1;
	}
	if (st->disagreed) {
		o->why = GS_FAIL_REFERENCE;
		o->p = m->p;
		o->n = m->n;
		return 0;
	}
	if (st->state == GS_STREAM_UNSURE)
		st->state = GS_STREAM_TRIED;
	st->rtcp_failing = 0;
	st->rtcp_opened++;
	st->rtcp_way.spec = slot->way.spec;
	st->rtcp_way.form = form;
	o->ok = true;
	return 0;
}

int
gs_stream_open_rtcp(struct gs_srtp_streams *s, struct gs_stream *st,
    const struct gs_media_packet *m, uint8_t *out, struct gs_opened *o,
    struct gs_err *err)
{
	enum gs_srtp_result r = GS_SRTP_FAIL;
	struct gs_srtp_form form;
	struct gs_slot *slot;
	size_t n = 0;

	st->rtcp_packets++;
	if (is_plain(m)) {
		st->rtcp_plain++;
		st->plain |= !st->rtp;
		o->plain = true;
		if (st->state == GS_STREAM_UNSURE)
			st->state = GS_STREAM_TRIED;
		return 0;
	}
	slot = m->cut ? NULL : open_any(s, st, m, &form, out, &n, &r, err);
	if (slot != NULL) {
		o->p = out;
		o->n = n;
		return opened(s, st, slot, m, form, o, err);
	}
	if (r == GS_SRTP_TROUBLE)
		return -1;
	o->why = m->cut                          ? GS_FAIL_CUT :
	    st->slots > 0 || st->rtcp_opened > 0 ? GS_FAIL_AUTH :
						   GS_FAIL_KEY;
	return 0;
}
