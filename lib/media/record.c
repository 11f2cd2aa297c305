/* SPDX-License-Identifier: MIT */
/* A stream as an object of JSON. */
#include "record_priv.h"

#include <stdio.h>

#include "net/rtp.h"

const char *
gs_record_codec(const struct gs_stream_view *v, char text[32])
{
	const struct gs_rtp_static *known = gs_rtp_static(v->type);

	if (v->rtcp_only)
		return "";
	if (v->format.name[0] != '\0')
		return v->format.name;
	if (known != NULL)
		return known->name;
	(void)snprintf(text, 32, "PT %u", v->type);
	return text;
}

bool
gs_record_keyed(const struct gs_stream_view *v)
{
	return v->opened + v->rtcp_opened > 0;
}

const char *
gs_record_confirmed(const struct gs_stream_view *v)
{
	if (v->disagreed)
		return "false";
	return v->confirmed > 0 && !v->cannot_confirm ? "true" : "null";
}

uint64_t
gs_record_failures(const struct gs_stream_view *v)
{
	return v->failed[GS_FAIL_AUTH] + v->failed[GS_FAIL_CUT] +
	    v->failed[GS_FAIL_SHORT] + v->failed[GS_FAIL_REFERENCE];
}

/* ---- the object */

static void
put_key(struct gs_json *j, const struct gs_stream_view *v,
    const struct gs_notes_run *run)
{
	const struct gs_way *way = v->rtcp_only ? &v->rtcp_way : &v->way;
	char where[512];

	gs_json_key(j, "suite");
	if (!gs_record_keyed(v)) {
		gs_json_null(j);
		gs_json_key(j, "tag_bits");
		gs_json_null(j);
		gs_json_key(j, "key");
		gs_json_null(j);
		gs_json_key(j, "key_from");
		gs_json_null(j);
		return;
	}
	gs_json_str(j, gs_way_suite(way));
	gs_json_key(j, "tag_bits");
	gs_json_u64(j, 8u * way->form.tag);
	gs_json_member_str(j, "key", v->key.print);
	gs_json_member_str(j, "key_from",
	    gs_keyring_where(gs_session_keyring(run->session), &v->key, where,
		sizeof(where)));
}

static void
put_roc(struct gs_json *j, const char *key, const struct gs_stream_view *v,
    uint32_t roc)
{
	gs_json_key(j, key);
	if (v->opened > 0)
		gs_json_u64(j, roc);
	else
		gs_json_null(j);
}

static void
put_what(struct gs_json *j, const struct gs_stream_view *v)
{
	char text[GS_ADDR_TEXT], name[32];

	gs_json_member_str(j, "src", gs_addr_text(&v->src, text));
	gs_json_member_str(j, "dst", gs_addr_text(&v->dst, text));
	(void)snprintf(text, sizeof(text), "%08lx", (unsigned long)v->ssrc);
	gs_json_member_str(j, "ssrc", text);
	gs_json_key(j, "payload_type");
	if (v->rtcp_only)
		gs_json_null(j);
	else
		gs_json_u64(j, v->type);
	gs_json_key(j, "codec");
	if (v->rtcp_only)
		gs_json_null(j);
	else
		gs_json_str(j, gs_record_codec(v, name));
	gs_json_key(j, "clock_rate");
	if (v->format.clock == 0)
		gs_json_null(j);
	else
		gs_json_u64(j, v->format.clock);
}

static void
put_counts(struct gs_json *j, const struct gs_stream_view *v)
{
	gs_json_member_u64(j, "packets", v->packets);
	gs_json_member_u64(j, "decrypted", v->opened);
	gs_json_member_u64(j, "lost", v->lost);
	gs_json_member_u64(j, "duplicates", v->stats->duplicates);
	gs_json_member_u64(j, "late", v->stats->late);
	gs_json_member_u64(j, "auth_failed", gs_record_failures(v));
	gs_json_member_u64(j, "no_key",
	    gs_stream_verdict(v) == GS_VERDICT_PLAIN ? 0 :
						       v->failed[GS_FAIL_KEY]);
	gs_json_member_u64(j, "first_frame", v->first_frame);
	gs_json_member_u64(j, "last_frame", v->last_frame);
	gs_json_key(j, "start");
	gs_json_double(j, (double)v->start / 1e9);
	gs_json_key(j, "duration");
	gs_json_double(j,
	    v->end > v->start ? (double)(v->end - v->start) / 1e9 : 0);
	gs_json_key(j, "jitter_ms");
	if (v->format.clock > 0)
		gs_json_double(j, gs_rtp_stats_jitter_ms(v->stats));
	else
		gs_json_null(j);
	gs_json_key(j, "rtcp");
	gs_json_open(j, '{');
	gs_json_member_u64(j, "packets", v->rtcp_packets);
	gs_json_member_u64(j, "decrypted", v->rtcp_opened);
	gs_json_key(j, "tag_bits");
	if (v->rtcp_opened > 0)
		gs_json_u64(j, 8u * v->rtcp_way.form.tag);
	else
		gs_json_null(j);
	gs_json_member_u64(j, "plain", v->rtcp_plain);
	gs_json_close(j, '}');
}

void
gs_record_received(struct gs_json *j, const struct gs_runs *r)
{
	gs_json_key(j, "received");
	if (r->over) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '[');
	for (size_t i = 0; i < r->n; i++) {
		gs_json_u64(j, r->run[i].first);
		gs_json_u64(j, r->run[i].last);
	}
	gs_json_close(j, ']');
}

static void
put_spell(struct gs_json *j, const struct gs_stream_spell *spell,
    const struct gs_key *key, const struct gs_notes_run *run)
{
	char where[512];

	gs_json_open(j, '{');
	gs_json_member_str(j, "key", key->print);
	gs_json_member_str(j, "suite", gs_way_suite(&spell->way));
	gs_json_member_u64(j, "tag_bits", 8u * spell->way.form.tag);
	gs_json_member_str(j, "key_from",
	    gs_keyring_where(gs_session_keyring(run->session), key, where,
		sizeof(where)));
	gs_json_member_u64(j, "start_ns", spell->start);
	gs_json_member_u64(j, "end_ns", spell->end);
	gs_record_received(j, &spell->received);
	gs_json_close(j, '}');
}

/* What a merge needs to be exact. A key that opened only RTCP has opened no
 * index of RTP. */
static void
put_spells(struct gs_json *j, const struct gs_stream_view *v,
    const struct gs_notes_run *run)
{
	const struct gs_keyring *ring = gs_session_keyring(run->session);
	struct gs_stream_spell only = { .way = v->rtcp_way,
		.start = v->start,
		.end = v->end };

	gs_json_key(j, "keys");
	if (v->spells_dropped) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '[');
	for (size_t i = 0; i < v->spells; i++)
		put_spell(j, &v->spell[i], gs_keyring_at(ring, v->spell[i].key),
		    run);
	if (v->spells == 0 && gs_record_keyed(v))
		put_spell(j, &only, &v->key, run);
	gs_json_close(j, ']');
}

static void
put_pieces(struct gs_json *j, const struct gs_stream_view *v,
    const struct gs_notes *notes, const struct gs_notes_run *run)
{
	char text[GS_ADDR_TEXT];

	gs_json_member_u64(j, "start_ns", v->start);
	gs_json_member_u64(j, "end_ns", v->end);
	gs_json_member_u64(j, "format_ns", v->end);
	gs_json_key(j, "moved_from");
	gs_json_open(j, '[');
	if (v->moved_from.version != 0)
		gs_json_str(j, gs_addr_text(&v->moved_from, text));
	gs_json_close(j, ']');
	put_spells(j, v, run);
	gs_json_key(j, "lasting");
	gs_json_open(j, '[');
	for (size_t i = 0; i < notes->n; i++)
		if (notes->lasting[i])
			gs_json_str(j, notes->text[i]);
	gs_json_close(j, ']');
}

void
gs_record_put(struct gs_json *j, const char *file,
    const struct gs_stream_view *v, const struct gs_notes *notes,
    const struct gs_notes_run *run)
{
	const char *c = gs_record_confirmed(v);

	gs_json_open(j, '{');
	gs_json_member_str(j, "type", "stream");
	gs_json_member_str(j, "file", file);
	put_what(j, v);
	put_key(j, v, run);
	put_roc(j, "roc_first", v, v->roc_first);
	put_roc(j, "roc_last", v, v->roc_last);
	put_counts(j, v);
	gs_json_key(j, "confirmed");
	if (c[0] == 'n')
		gs_json_null(j);
	else
		gs_json_bool(j, c[0] == 't');
	gs_json_member_str(j, "verdict", gs_verdict_name(gs_stream_verdict(v)));
	gs_json_key(j, "notes");
	gs_json_open(j, '[');
	for (size_t i = 0; i < notes->n; i++)
		gs_json_str(j, notes->text[i]);
	gs_json_close(j, ']');
	put_pieces(j, v, notes, run);
	gs_json_close(j, '}');
	gs_json_newline(j);
}
