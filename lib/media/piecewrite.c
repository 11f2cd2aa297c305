/* SPDX-License-Identifier: MIT */
/* Pieces to lines of JSON. */
#include "piece_priv.h"
#include "record_priv.h"

static void
put_or_null(struct gs_json *j, const char *key, uint64_t v, bool known)
{
	gs_json_key(j, key);
	if (known)
		gs_json_u64(j, v);
	else
		gs_json_null(j);
}

static void
put_text_or_null(struct gs_json *j, const char *key, const char *text)
{
	gs_json_key(j, key);
	if (text != NULL)
		gs_json_str(j, text);
	else
		gs_json_null(j);
}

static void
put_texts(struct gs_json *j, const char *key, const struct gs_texts *t,
    const char *but)
{
	gs_json_key(j, key);
	gs_json_open(j, '[');
	for (size_t i = 0; i < t->n; i++)
		if (but == NULL || strcmp(t->text[i], but) != 0)
			gs_json_str(j, t->text[i]);
	gs_json_close(j, ']');
}

static void
put_key(struct gs_json *j, const struct gs_piece_key *k)
{
	gs_json_open(j, '{');
	gs_json_member_str(j, "key", k->print);
	gs_json_member_str(j, "suite", k->suite);
	gs_json_member_u64(j, "tag_bits", k->tag_bits);
	gs_json_member_str(j, "key_from", k->from);
	gs_json_member_u64(j, "start_ns", k->start);
	gs_json_member_u64(j, "end_ns", k->end);
	gs_record_received(j, &k->received);
	gs_json_close(j, '}');
}

static void
put_what(struct gs_json *j, const struct gs_piece *p)
{
	const struct gs_piece_key *k = gs_piece_newest_key(p);
	uint64_t first = 0, last = 0;
	bool rocs = gs_piece_rocs(p, &first, &last);

	gs_json_member_str(j, "type", "stream");
	gs_json_member_str(j, "file", p->file);
	gs_json_member_str(j, "src", p->src);
	gs_json_member_str(j, "dst", p->dst);
	gs_json_member_str(j, "ssrc", p->ssrc);
	put_or_null(j, "payload_type", p->type, p->type != UINT64_MAX);
	put_text_or_null(j, "codec", p->codec);
	put_or_null(j, "clock_rate", p->clock, p->clock != 0);
	put_text_or_null(j, "suite", k != NULL ? k->suite : NULL);
	put_or_null(j, "tag_bits", k != NULL ? k->tag_bits : 0, k != NULL);
	put_text_or_null(j, "key", k != NULL ? k->print : NULL);
	put_text_or_null(j, "key_from", k != NULL ? k->from : NULL);
	put_or_null(j, "roc_first", first, rocs);
	put_or_null(j, "roc_last", last, rocs);
}

static void
put_counts(struct gs_json *j, const struct gs_piece *p)
{
	bool known = gs_piece_is_known(p);

	gs_json_member_u64(j, "packets", p->packets);
	gs_json_member_u64(j, "decrypted", p->decrypted);
	put_or_null(j, "lost", gs_piece_lost(p), known);
	put_or_null(j, "duplicates", gs_piece_duplicates(p), known);
	put_or_null(j, "late", 0, false);
	gs_json_member_u64(j, "auth_failed", p->failed);
	gs_json_member_u64(j, "no_key", p->no_key);
	put_or_null(j, "first_frame", 0, false);
	put_or_null(j, "last_frame", 0, false);
	gs_json_key(j, "start");
	gs_json_double(j, (double)p->start / 1e9);
	gs_json_key(j, "duration");
	gs_json_double(j,
	    p->end > p->start ? (double)(p->end - p->start) / 1e9 : 0);
	put_or_null(j, "jitter_ms", 0, false);
	gs_json_key(j, "rtcp");
	gs_json_open(j, '{');
	gs_json_member_u64(j, "packets", p->rtcp_packets);
	gs_json_member_u64(j, "decrypted", p->rtcp_decrypted);
	put_or_null(j, "tag_bits", p->rtcp_tag_bits, p->rtcp_tag_bits > 0);
	gs_json_member_u64(j, "plain", p->rtcp_plain);
	gs_json_close(j, '}');
}

void
gs_piece_write(const struct gs_piece *p, const struct gs_texts *notes,
    struct gs_json *j)
{
	gs_json_open(j, '{');
	put_what(j, p);
	put_counts(j, p);
	gs_json_key(j, "confirmed");
	if (p->confirmed || p->disagreed)
		gs_json_bool(j, !p->disagreed);
	else
		gs_json_null(j);
	gs_json_member_str(j, "verdict", gs_piece_verdict(p));
	put_texts(j, "notes", notes, NULL);
	gs_json_member_u64(j, "start_ns", p->start);
	gs_json_member_u64(j, "end_ns", p->end);
	gs_json_member_u64(j, "format_ns", p->format_end);
	put_texts(j, "moved_from", &p->moved, p->dst);
	gs_json_key(j, "keys");
	if (p->keys_over) {
		gs_json_null(j);
	} else {
		gs_json_open(j, '[');
		for (size_t i = 0; i < p->keys; i++)
			put_key(j, &p->key[i]);
		gs_json_close(j, ']');
	}
	put_texts(j, "lasting", &p->lasting, NULL);
	gs_json_close(j, '}');
	gs_json_newline(j);
}
