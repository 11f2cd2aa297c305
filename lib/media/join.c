/* SPDX-License-Identifier: MIT */
/* Joins the records about pieces of a stream. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "media/record.h"

/* ---- two pieces of one stream */

static int
compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static void
join_texts(struct gs_media_record *r, struct gs_media_texts *t,
    const struct gs_media_texts *b)
{
	for (size_t i = 0; i < b->n; i++)
		gs_media_record_insert(r, t, b->text[i]);
}

static void
join_keys(struct gs_media_record *r, const struct gs_media_record *b)
{
	if (r->keys_over || b->keys_over) {
		gs_media_record_forget_keys(r);
		r->keys_over = true;
	}
	for (size_t i = 0; i < b->keys && !r->keys_over; i++)
		gs_media_record_add_key(r, &b->key[i]);
}

/* 2 for a codec with a name, 1 for one that a capture without SDP knows by
 * number, 0 for none. */
static int
codec_rank(const struct gs_media_record *r)
{
	return r->codec == NULL || r->codec[0] == '\0' ? 0 :
	    strncmp(r->codec, "PT ", 3) == 0           ? 1 :
							 2;
}

/* The newest format among those whose codec is known best. */
static void
join_format(struct gs_media_record *r, const struct gs_media_record *b)
{
	int c = codec_rank(r) - codec_rank(b);

	c = c != 0 ? c : compare(r->format_end, b->format_end);
	c = c != 0 ? c : compare(r->type, b->type);
	c = c != 0 ? c : compare(r->clock, b->clock);
	if (c == 0)
		c = strcmp(r->codec != NULL ? r->codec : "",
		    b->codec != NULL ? b->codec : "");
	if (c >= 0)
		return;
	r->type = b->type;
	r->clock = b->clock;
	r->format_end = b->format_end;
	r->codec = b->codec != NULL ? gs_media_record_keep(r, b->codec) : NULL;
}

static bool
has_key(const struct gs_media_record *r)
{
	return r->count.opened + r->count.rtcp_opened > 0;
}

/* Confirmed: all pieces with a key agree. */
static void
join_opinion(struct gs_media_record *r, const struct gs_media_record *b)
{
	if (r->opinion == GS_DISAGREED || b->opinion == GS_DISAGREED)
		r->opinion = GS_DISAGREED;
	else if (has_key(b) && (!has_key(r) || b->opinion == GS_OPINION_NONE))
		r->opinion = b->opinion;
}

/* A stream that some piece shows to be unencrypted is unencrypted: others may
 * be too short to tell. If the search for one piece stopped, no key is not
 * proven. Opened packets decide later. */
static void
join_counts(struct gs_media_record *r, const struct gs_media_record *b)
{
	struct gs_srtp_stream_counts *c = &r->count;
	const struct gs_srtp_stream_counts *d = &b->count;

	join_opinion(r, b);
	r->verdict = b->verdict > r->verdict ? b->verdict : r->verdict;
	c->packets += d->packets;
	c->opened += d->opened;
	c->failed[GS_FAIL_AUTH] += d->failed[GS_FAIL_AUTH];
	c->failed[GS_FAIL_KEY] += d->failed[GS_FAIL_KEY];
	c->rtcp_packets += d->rtcp_packets;
	c->rtcp_opened += d->rtcp_opened;
	c->rtcp_plain += d->rtcp_plain;
	c->start = d->start < c->start ? d->start : c->start;
	c->end = d->end > c->end ? d->end : c->end;
	if (b->rtcp_tag_bits > r->rtcp_tag_bits)
		r->rtcp_tag_bits = b->rtcp_tag_bits;
}

/* Everything joined here gives the same in any order and grouping: sums, least
 * and greatest, sets. What does not (jitter, late packets, frame numbers: they
 * depend on earlier packets of the same capture) is not part of a merge. */
int
gs_media_record_join(struct gs_media_record *r, const struct gs_media_record *b,
    struct gs_err *err)
{
	int first = compare(b->count.start, r->count.start);
	int last = compare(r->count.end, b->count.end);

	first = first != 0 ? first : strcmp(b->file, r->file);
	last = last != 0 ? last : strcmp(r->dst, b->dst);
	join_format(r, b);
	join_keys(r, b);
	join_texts(r, &r->lasting, &b->lasting);
	join_texts(r, &r->moved, &b->moved);
	if (first < 0)
		r->file = gs_media_record_keep(r, b->file);
	if (last < 0)
		r->dst = gs_media_record_keep(r, b->dst);
	join_counts(r, b);
	return gs_media_record_check(r, err);
}

/* ---- a whole stream */

static void note(struct gs_media_record *r, const char *fmt, ...)
    GS_PRINTF(2, 3);

static void
note(struct gs_media_record *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	gs_media_record_insert(r, &r->notes, text);
}

static void
note_count(struct gs_media_record *r, uint64_t n, const char *what,
    const char *how)
{
	if (n > 0)
		note(r, "%llu %s%s %s", (unsigned long long)n, what,
		    n == 1 ? " was" : "s were", how);
}

/* The key that opened the first packet, or NULL. */
static const struct gs_media_record_key *
first_key(const struct gs_media_record *r)
{
	const struct gs_media_record_key *first = NULL;

	for (size_t i = 0; i < r->keys; i++)
		if (r->key[i].received.n > 0 &&
		    (first == NULL || r->key[i].start < first->start))
			first = &r->key[i];
	return first;
}

/* Whether the very first packet has a ROC above 0. Packets before an opened one
 * may have counted up to its ROC. */
static bool
was_running(const struct gs_media_record *r)
{
	const struct gs_media_record_key *first = first_key(r);

	return r->roc_first != GS_RECORD_NONE && r->roc_first > 0 &&
	    first != NULL && first->start <= r->count.start;
}

static void
make_notes(struct gs_media_record *r)
{
	const struct gs_srtp_stream_counts *c = &r->count;

	join_texts(r, &r->notes, &r->lasting);
	for (size_t i = 0; i < r->moved.n; i++)
		if (strcmp(r->moved.text[i], r->dst) != 0)
			note(r, "sent to %s, too", r->moved.text[i]);
	if (!has_key(r))
		return;
	note_count(r, c->failed[GS_FAIL_AUTH], "packet",
	    "not opened (damaged, cut, or from another key)");
	note_count(r, c->failed[GS_FAIL_KEY], "packet",
	    "captured where no key was known");
	note_count(r, c->plain_before, "packet", "not encrypted");
	note_count(r, c->rtcp_packets - c->rtcp_opened - c->rtcp_plain,
	    "RTCP packet", "not opened");
	note_count(r, c->rtcp_plain, "RTCP packet", "not encrypted");
	if (r->keys > 1)
		note(r, "%zu keys were in use", r->keys);
	if (was_running(r))
		note(r,
		    "the stream was running already: the first capture begins "
		    "at ROC %llu",
		    (unsigned long long)r->roc_first);
	if (c->opened > 0 && r->lost == GS_RECORD_NONE)
		note(r, "too many gaps or keys to count lost packets");
}

/* The packets missing between the first and the last one under each key, over
 * all borders; packets that could not be opened are not lost. The rollover
 * counters are those of the keys in order of use. If it is unknown what a key
 * opened, nothing is told. */
static void
make_indexes(struct gs_media_record *r)
{
	const struct gs_media_record_key *first = first_key(r);
	const struct gs_media_record_key *last = gs_media_record_newest_key(r);
	uint64_t failed = r->count.failed[GS_FAIL_AUTH], lost = 0, n = 0;

	for (size_t i = 0; i < r->keys; i++) {
		const struct gs_media_record_key *k = &r->key[i];

		if (k->received.over)
			return;
		lost += gs_net_runs_missing(&k->received);
		n += gs_net_runs_count(&k->received);
	}
	if (first == NULL)
		return;
	r->lost = lost > failed ? lost - failed : 0;
	r->duplicates = r->count.opened > n ? r->count.opened - n : 0;
	r->roc_first = first->received.run[0].first >> 16;
	r->roc_last = last->received.run[last->received.n - 1].last >> 16;
}

/* Removes text from t, if it is there. */
static void
remove_text(struct gs_media_texts *t, const char *text)
{
	size_t at = 0;

	while (at < t->n && strcmp(t->text[at], text) != 0)
		at++;
	if (at == t->n)
		return;
	t->n--;
	memmove(t->text + at, t->text + at + 1, (t->n - at) * sizeof(*t->text));
}

int
gs_media_record_finish(struct gs_media_record *r, struct gs_err *err)
{
	const struct gs_media_record_key *k = gs_media_record_newest_key(r);
	struct gs_srtp_stream_counts *c = &r->count;
	uint64_t known =
	    c->opened + c->failed[GS_FAIL_AUTH] + c->failed[GS_FAIL_KEY];

	r->lost = r->duplicates = r->late = c->rejected = GS_RECORD_NONE;
	r->roc_first = r->roc_last = GS_RECORD_NONE;
	r->count.first_frame = r->count.last_frame = GS_RECORD_NONE;
	r->now.tag_bits = k != NULL ? k->tag_bits : GS_RECORD_NONE;
	r->jitter_ms = r->jitter_mean_ms = r->jitter_max_ms = (double)NAN;
	r->delta_max_ms = r->gap_max_ms = (double)NAN;
	r->stretches = 0;
	if (k != NULL) {
		r->now.suite = gs_media_record_keep(r, k->suite);
		r->now.print = gs_media_record_keep(r, k->print);
		r->now.from = gs_media_record_keep(r, k->from);
	}
	make_indexes(r);
	c->plain_before = c->packets > known ? c->packets - known : 0;
	r->verdict = gs_srtp_counts_verdict(&r->count,
	    r->opinion == GS_DISAGREED,
	    r->verdict > GS_VERDICT_NO_KEY ? r->verdict : GS_VERDICT_NO_KEY);
	make_notes(r);
	remove_text(&r->moved, r->dst);
	return gs_media_record_check(r, err);
}
