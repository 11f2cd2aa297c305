/* SPDX-License-Identifier: MIT */
/* What may be seen of a stream. */
#include "stream_priv.h"

/* What was found out of its protection. */
static void
look_at_keys(const struct gs_stream *st, struct gs_stream_view *v)
{
	const struct gs_slot *now = st->slots > 0 ? &st->slot[0] : &st->control;

	v->first_key = st->slots > 0 ? st->first_key : st->control.key;
	v->key = now->key;
	v->way = now->way;
	v->rtcp_way = st->rtcp_way;
	v->mki_host_order = st->mki_host_order;
	v->roc_first = st->roc_first;
	v->roc_last = (uint32_t)(now->newest >> 16);
	v->tries = st->tries;
	v->gave_up = st->gave_up;
	v->confirmed = st->confirmed;
	v->cannot_confirm = st->cannot_confirm;
	v->disagreed = st->disagreed;
	v->announced_plain = st->announced_plain;
	v->announced_secure = st->announced_secure;
	v->announced_dtls = st->announced_dtls;
	v->looks_encrypted = !st->plain;
	v->cryptex = st->cryptex;
	v->hidden = st->announced_hidden && st->extended && !st->cryptex;
}

/* What became of its packets. */
static void
look_at_packets(const struct gs_stream *st, struct gs_stream_view *v)
{
	uint64_t lost = gs_rtp_stats_lost(&st->stats);
	/* What came and could not be opened is not lost. */
	uint64_t came = st->failed[GS_FAIL_AUTH] + st->failed[GS_FAIL_SHORT];

	v->packets = st->packets;
	v->opened = st->opened;
	v->lost = lost > came ? lost - came : 0;
	memcpy(v->failed, st->failed, sizeof(v->failed));
	v->first_failed_frame = st->first_failed_frame;
	v->rtcp_packets = st->rtcp_packets;
	v->rtcp_opened = st->rtcp_opened;
	v->rtcp_plain = st->rtcp_plain;
	v->first_frame = st->first_frame;
	v->last_frame = st->last_frame;
	v->start = st->start;
	v->end = st->end;
	v->stats = &st->stats;
}

void
gs_stream_look(const struct gs_stream *st, struct gs_stream_view *v)
{
	*v = (struct gs_stream_view){
		.id = st->id,
		.src = st->src,
		.dst = st->dst,
		.moved_from = st->moved_from,
		.moved_frame = st->moved_frame,
		.ssrc = st->ssrc,
		.file = st->file,
		.state = st->state,
		.rtcp_only = !st->rtp,
		.type = st->type,
		.format = st->format,
		.event = st->event,
		.events = st->events,
		.events_dropped = st->events_dropped,
		.spell = st->spell,
		.spells = st->spells,
		.spells_dropped = st->spells_dropped,
	};
	look_at_keys(st, v);
	look_at_packets(st, v);
}

const struct gs_rtp_stats *
gs_stream_stats(const struct gs_stream *st)
{
	return &st->stats;
}

const struct gs_stream_event *
gs_stream_events(const struct gs_stream *st, size_t *n)
{
	*n = st->events;
	return st->event;
}

void **
gs_stream_tag(struct gs_stream *st)
{
	return &st->tag;
}

const char *
gs_verdict_name(enum gs_verdict v)
{
	static const char *const name[] = { "decrypted", "partly", "no key",
		"plain" };

	return name[v];
}

enum gs_verdict
gs_stream_verdict(const struct gs_stream_view *v)
{
	uint64_t all = v->packets + v->rtcp_packets;
	uint64_t opened = v->opened + v->rtcp_opened;

	if (opened > 0 && opened + v->rtcp_plain == all && !v->disagreed)
		return GS_VERDICT_DECRYPTED;
	if (opened > 0)
		return GS_VERDICT_PARTLY;
	return v->looks_encrypted ? GS_VERDICT_NO_KEY : GS_VERDICT_PLAIN;
}
