/* SPDX-License-Identifier: MIT */
/* A stream as an object of JSON. */
#include "record_priv.h"

#include <stdio.h>

const char *
gs_record_codec(const struct gs_stream_view *v, char text[32])
{
	static const char *const names[] = { [0] = "PCMU",
		[3] = "GSM",
		[4] = "G723",
		[8] = "PCMA",
		[9] = "G722",
		[10] = "L16",
		[11] = "L16",
		[13] = "CN",
		[18] = "G729" };

	if (!v->id.rtp)
		return "";
	if (v->id.format.name[0] != '\0')
		return v->id.format.name;
	if (v->id.type < sizeof(names) / sizeof(*names) &&
	    names[v->id.type] != NULL)
		return names[v->id.type];
	(void)snprintf(text, 32, "PT %u", v->id.type);
	return text;
}

bool
gs_record_keyed(const struct gs_stream_view *v)
{
	return v->count.opened + v->count.rtcp_opened > 0;
}

const char *
gs_record_confirmed(const struct gs_stream_view *v)
{
	if (v->prot.disagreed)
		return "false";
	return v->prot.confirmed > 0 && !v->prot.cannot_confirm ? "true" :
								  "null";
}

uint64_t
gs_record_failures(const struct gs_stream_view *v)
{
	return v->count.failed[GS_FAIL_AUTH] + v->count.failed[GS_FAIL_CUT] +
	    v->count.failed[GS_FAIL_SHORT] + v->count.failed[GS_FAIL_REFERENCE];
}

/* ---- the object */

static void
put_key(struct gs_json *j, const struct gs_stream_view *v,
    const struct gs_notes_run *run)
{
	const struct gs_way *way = !v->id.rtp ? &v->prot.rtcp_way : &v->way;
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
	if (v->count.opened > 0)
		gs_json_u64(j, roc);
	else
		gs_json_null(j);
}

static void
put_what(struct gs_json *j, const struct gs_stream_view *v)
{
	char text[GS_ADDR_TEXT], name[32];

	gs_json_member_str(j, "src", gs_addr_text(&v->id.src, text));
	gs_json_member_str(j, "dst", gs_addr_text(&v->id.dst, text));
	(void)snprintf(text, sizeof(text), "%08lx", (unsigned long)v->id.ssrc);
	gs_json_member_str(j, "ssrc", text);
	gs_json_key(j, "payload_type");
	if (!v->id.rtp)
		gs_json_null(j);
	else
		gs_json_u64(j, v->id.type);
	gs_json_key(j, "codec");
	if (!v->id.rtp)
		gs_json_null(j);
	else
		gs_json_str(j, gs_record_codec(v, name));
	gs_json_key(j, "clock_rate");
	if (v->id.format.clock == 0)
		gs_json_null(j);
	else
		gs_json_u64(j, v->id.format.clock);
}

static void
put_counts(struct gs_json *j, const struct gs_stream_view *v)
{
	gs_json_member_u64(j, "packets", v->count.packets);
	gs_json_member_u64(j, "decrypted", v->count.opened);
	gs_json_member_u64(j, "lost", v->lost);
	gs_json_member_u64(j, "duplicates", v->stats->duplicates);
	gs_json_member_u64(j, "late", v->stats->late);
	gs_json_member_u64(j, "auth_failed", gs_record_failures(v));
	gs_json_member_u64(j, "no_key",
	    gs_stream_verdict(v) == GS_VERDICT_PLAIN ?
		0 :
		v->count.failed[GS_FAIL_KEY]);
	gs_json_member_u64(j, "first_frame", v->count.first_frame);
	gs_json_member_u64(j, "last_frame", v->count.last_frame);
	gs_json_key(j, "start");
	gs_json_double(j, (double)v->count.start / 1e9);
	gs_json_key(j, "duration");
	gs_json_double(j,
	    v->count.end > v->count.start ?
		(double)(v->count.end - v->count.start) / 1e9 :
		0);
	gs_json_key(j, "jitter_ms");
	if (v->id.format.clock > 0)
		gs_json_double(j, gs_rtp_stats_jitter_ms(v->stats));
	else
		gs_json_null(j);
	gs_json_key(j, "rtcp");
	gs_json_open(j, '{');
	gs_json_member_u64(j, "packets", v->count.rtcp_packets);
	gs_json_member_u64(j, "decrypted", v->count.rtcp_opened);
	gs_json_key(j, "tag_bits");
	if (v->count.rtcp_opened > 0)
		gs_json_u64(j, 8u * v->prot.rtcp_way.form.tag);
	else
		gs_json_null(j);
	gs_json_member_u64(j, "plain", v->count.rtcp_plain);
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
	struct gs_stream_spell only = { .way = v->prot.rtcp_way,
		.start = v->count.start,
		.end = v->count.end };

	gs_json_key(j, "keys");
	if (v->prot.spells_dropped) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '[');
	for (size_t i = 0; i < v->prot.spells; i++)
		put_spell(j, &v->prot.spell[i],
		    gs_keyring_at(ring, v->prot.spell[i].key), run);
	if (v->prot.spells == 0 && gs_record_keyed(v))
		put_spell(j, &only, &v->key, run);
	gs_json_close(j, ']');
}

static void
put_pieces(struct gs_json *j, const struct gs_stream_view *v,
    const struct gs_notes *notes, const struct gs_notes_run *run)
{
	char text[GS_ADDR_TEXT];

	gs_json_member_u64(j, "start_ns", v->count.start);
	gs_json_member_u64(j, "end_ns", v->count.end);
	gs_json_member_u64(j, "format_ns", v->count.end);
	gs_json_key(j, "moved_from");
	gs_json_open(j, '[');
	if (v->id.moved_from.version != 0)
		gs_json_str(j, gs_addr_text(&v->id.moved_from, text));
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
	put_roc(j, "roc_first", v, v->prot.roc_first);
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
