/* SPDX-License-Identifier: MIT */
/* The table and the sentences about streams, or their JSON objects. */
#include "media/summary.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/report.h"
#include "base/tally.h"
#include "media/notes.h"
#include "media/record.h"
#include "media/table.h"
#include "srtp/rules.h"
#include "srtp/stream.h"

enum { TALK = 50 }; /* packets, from which on somebody talks */

/* What is compared between two directions. */
struct row {
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint32_t ssrc;
	bool talks; /* sends RTP, */
	bool opened; /* which a key opened */
	char print[9];
	bool rekeyed;
	bool reset;
	uint32_t roc;
	uint64_t frame;
	uint64_t ns;
};

struct gs_media_summary {
	FILE *fp;
	struct gs_json json;
	bool is_json;
	struct gs_report *report; /* gets findings, or NULL */
	struct gs_mute *mute;
	gs_summary_file *file;
	void *arg;
	struct gs_media_table *table;
	struct gs_media_look look;
	size_t rows; /* of the table */
	struct row pair[GS_SUMMARY_PAIRS];
	size_t pairs;
	bool crowded; /* there were more */
	struct gs_buf notes;
	struct gs_buf said;
	uint64_t verdict[GS_VERDICTS];
	bool no_memory;
};

static int
new_table(struct gs_media_summary *s, struct gs_err *err)
{
	s->rows = 0;
	return gs_media_table_new(&s->table, gs_media_record_columns,
	    GS_RECORD_COLUMNS, err);
}

struct gs_media_summary *
gs_media_summary_new(FILE *fp, bool json, gs_summary_file *file, void *arg,
    struct gs_err *err)
{
	struct gs_media_summary *s = calloc(1, sizeof(*s));

	if (s == NULL || (!json && new_table(s, err) == -1)) {
		free(s);
		gs_err_set(err, "out of memory");
		return NULL;
	}
	s->fp = fp;
	s->is_json = json;
	s->file = file;
	s->arg = arg;
	gs_json_init(&s->json, fp);
	gs_buf_init(&s->notes, 64 * 1024 * 1024);
	gs_buf_init(&s->said, 1024 * 1024);
	return s;
}

void
gs_media_summary_free(struct gs_media_summary *s)
{
	if (s == NULL)
		return;
	gs_media_table_free(s->table);
	gs_buf_free(&s->notes);
	gs_buf_free(&s->said);
	free(s);
}

const uint64_t *
gs_media_summary_verdicts(const struct gs_media_summary *s)
{
	return s->verdict;
}

void
gs_media_summary_say(struct gs_media_summary *s, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	gs_buf_put_visible(&s->said, gs_span_of(text));
	gs_buf_putc(&s->said, '\n');
}

/* ---- findings */

void
gs_media_summary_show(struct gs_media_summary *s, struct gs_media_look look,
    struct gs_report *r, struct gs_mute *mute)
{
	s->look = look;
	s->report = r;
	s->mute = mute;
}

/* The rule that a stream of this verdict breaks, and the text if the stream
 * has no note; NULL: none. */
static const struct gs_rule *
rule_of(enum gs_srtp_verdict verdict)
{
	switch (verdict) {
	case GS_VERDICT_NO_KEY:
		return &gs_srtp_key_rules.rule[GS_SRTP_R_STREAM_NO_KEY];
	case GS_VERDICT_STOPPED:
		return &gs_srtp_key_rules.rule[GS_SRTP_R_SEARCH_STOPPED];
	case GS_VERDICT_PARTLY:
		return &gs_srtp_key_rules.rule[GS_SRTP_R_STREAM_PARTLY];
	case GS_VERDICT_PLAIN:
		return &gs_srtp_key_rules.rule[GS_SRTP_R_STREAM_PLAIN];
	default: return NULL;
	}
}

/* The first note tells why: it is shown with the verdict. */
static void
report_stream(struct gs_media_summary *s, const struct gs_media_record *r)
{
	const struct gs_rule *rule = rule_of(r->verdict);
	struct gs_diags d;
	size_t i = 0;

	gs_diags_init(&d, gs_srtp_key_rules, NULL, GS_NOTES + 1);
	d.mute = s->mute;
	if (rule != NULL) {
		const char *why =
		    r->notes.n > 0 ? r->notes.text[i++] : rule->brief;

		(void)gs_diag(&d, rule, (struct gs_pos){ 0 }, "%s > %s %s: %s",
		    r->src, r->dst, r->ssrc, why);
	}
	for (; i < r->notes.n; i++)
		(void)gs_diag(&d,
		    &gs_srtp_key_rules.rule[GS_SRTP_R_STREAM_NOTE],
		    (struct gs_pos){ 0 }, "%s > %s %s: %s", r->src, r->dst,
		    r->ssrc, r->notes.text[i]);
	gs_report_findings(s->report, r->file, &d);
	s->no_memory |= d.no_memory;
	gs_diags_free(&d);
}

/* ---- two directions compared */

static void
remember(struct gs_media_summary *s, const struct gs_srtp_stream_view *v)
{
	struct row *r;

	if (s->pairs == GS_SUMMARY_PAIRS) {
		s->crowded = true;
		return;
	}
	r = &s->pair[s->pairs++];
	*r = (struct row){ .src = v->id.src,
		.dst = v->id.dst,
		.ssrc = v->id.ssrc,
		.talks = v->id.rtp && v->count.packets >= TALK,
		.opened = v->count.opened > 0 };
	memcpy(r->print, v->key.print, sizeof(r->print));
	for (size_t i = 0; i < v->prot.events; i++) {
		const struct gs_srtp_stream_event *e = &v->prot.event[i];

		if (e->kind != GS_EVENT_KEY && e->kind != GS_EVENT_KEY_RESET)
			continue;
		r->rekeyed = true;
		r->reset = e->kind == GS_EVENT_KEY_RESET;
		r->roc = e->roc;
		r->frame = e->frame;
		r->ns = e->ns;
	}
}

static void
compare(struct gs_media_summary *s, const struct row *a, const struct row *b)
{
	char x[GS_ADDR_TEXT], y[GS_ADDR_TEXT];
	uint64_t apart = a->ns > b->ns ? a->ns - b->ns : b->ns - a->ns;

	(void)gs_net_addr_text(&a->src, x);
	(void)gs_net_addr_text(&a->dst, y);
	if (strcmp(a->print, b->print) == 0 && a->ssrc == b->ssrc)
		gs_buf_printf(&s->notes,
		    "%s > %s and back use one key and one SSRC: a two-time "
		    "pad, both can be read without the key.\n",
		    x, y);
	if (a->rekeyed && b->rekeyed && a->reset != b->reset &&
	    apart < 10000000000) {
		const struct row *k = a->reset ? b : a;
		bool forth = k == a;

		gs_buf_printf(&s->notes,
		    "%s > %s: from frame %llu the sender keeps ROC %lu under "
		    "the new key, but %s > %s restarted at 0: each side "
		    "discards what the other sends.\n",
		    forth ? x : y, forth ? y : x, (unsigned long long)k->frame,
		    (unsigned long)k->roc, forth ? y : x, forth ? x : y);
	}
}

static void
compare_pairs(struct gs_media_summary *s)
{
	for (size_t i = 0; i < s->pairs; i++)
		for (size_t k = i + 1; k < s->pairs; k++)
			if (s->pair[i].opened && s->pair[k].opened &&
			    gs_net_addr_eq(&s->pair[i].src, &s->pair[k].dst) &&
			    gs_net_addr_eq(&s->pair[i].dst, &s->pair[k].src))
				compare(s, &s->pair[i], &s->pair[k]);
}

/* Whether a and b are the two directions of a call: one end has the same
 * address, the other at least the same port, as behind a NAT. */
static bool
answers(const struct row *a, const struct row *b)
{
	return a->src.port == b->dst.port && a->dst.port == b->src.port &&
	    (gs_net_addr_eq(&a->src, &b->dst) ||
		gs_net_addr_eq(&a->dst, &b->src));
}

/* Whether a is the first between its addresses, without packets back. */
static bool
is_one_way(const struct gs_media_summary *s, const struct row *a)
{
	for (const struct row *b = s->pair; b < s->pair + s->pairs; b++)
		if (answers(a, b) ||
		    (b < a && gs_net_addr_eq(&a->src, &b->src) &&
			gs_net_addr_eq(&a->dst, &b->dst)))
			return false;
	return a->talks;
}

static void
find_one_way(struct gs_media_summary *s)
{
	char x[GS_ADDR_TEXT], y[GS_ADDR_TEXT];

	for (size_t i = 0; i < s->pairs && !s->crowded; i++) {
		const struct row *a = &s->pair[i];

		if (is_one_way(s, a))
			gs_buf_printf(&s->notes,
			    "%s > %s: no packets in the other direction. The "
			    "audio is one-way, or the capture lacks one "
			    "direction.\n",
			    gs_net_addr_text(&a->src, x),
			    gs_net_addr_text(&a->dst, y));
	}
}

/* ---- the whole */

/* What a note says, after the stream's name. */
static struct gs_span
said_by(struct gs_span note)
{
	size_t at = gs_span_find(note, GS_LIT(": "));

	return gs_span_skip(note, at < note.n ? at : 0);
}

/* What several streams have in common is said once. */
static void
put_notes(struct gs_media_summary *s)
{
	const struct gs_span all = gs_span(s->notes.p, s->notes.n);
	struct gs_tally often = { 0 };
	struct gs_span rest, note;
	uint64_t *n;

	for (rest = all; gs_span_line(&rest, &note);) {
		if ((n = gs_tally_count(&often, said_by(note), true)) != NULL)
			++*n;
		s->no_memory |= n == NULL;
	}
	for (rest = all; gs_span_line(&rest, &note);) {
		struct gs_span text = said_by(note);
		n = gs_tally_count(&often, text, false);
		if (n == NULL || *n == 0)
			continue;
		(void)fwrite(note.p, 1, note.n - text.n, s->fp);
		if (*n > 1)
			(void)fprintf(s->fp, " and %llu more",
			    (unsigned long long)*n - 1);
		(void)fwrite(text.p, 1, text.n, s->fp);
		(void)fputc('\n', s->fp);
		*n = 0;
	}
	gs_tally_free(&often);
}

static int
flush_table(struct gs_media_summary *s, struct gs_err *err)
{
	compare_pairs(s);
	find_one_way(s);
	s->pairs = 0;
	if (s->table != NULL && s->rows > 0 &&
	    gs_media_table_print(s->table, s->fp, s->look, err) == -1)
		return -1;
	if (s->notes.n > 0) {
		fputc('\n', s->fp);
		put_notes(s);
	}
	gs_buf_clear(&s->notes);
	return 0;
}

static void
add_row(struct gs_media_summary *s, const struct gs_media_record *r)
{
	struct gs_buf *b = &s->notes;

	if (s->table == NULL)
		return;
	gs_media_record_row(r, s->table);
	for (size_t i = 0; i < r->notes.n; i++) {
		const char *const parts[] = { r->src, " > ", r->dst, " ",
			r->ssrc, ": ", r->notes.text[i] };

		for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			gs_buf_put_visible(b, gs_span_of(parts[k]));
		gs_buf_puts(b, ".\n");
	}
	if (++s->rows < GS_SUMMARY_ROWS)
		return;
	s->crowded = true;
	s->no_memory |= flush_table(s, NULL) == -1;
	gs_media_table_free(s->table);
	s->table = NULL;
	s->no_memory |= new_table(s, NULL) == -1;
}

void
gs_media_summary_put(struct gs_media_summary *s,
    const struct gs_media_record *r)
{
	s->verdict[r->verdict]++;
	if (s->report != NULL)
		report_stream(s, r);
	if (s->fp == NULL)
		return;
	if (s->is_json)
		gs_media_record_write(r, &s->json);
	else
		add_row(s, r);
}

void
gs_media_summary_add(struct gs_media_summary *s,
    const struct gs_srtp_stream_view *v, const struct gs_media_notes_run *run)
{
	const char *file = s->is_json || s->report != NULL ?
	    s->file(s->arg, v->id.file) :
	    NULL;
	struct gs_media_notes notes;
	struct gs_media_record r;

	if (s->fp == NULL && s->report == NULL) {
		s->verdict[gs_srtp_stream_verdict(v)]++;
		return;
	}
	gs_media_notes_make(&notes, v, run);
	if (!s->is_json)
		remember(s, v);
	if (gs_media_record_make(&r, v, file, &notes, run))
		gs_media_summary_put(s, &r);
	else
		s->no_memory = true;
	gs_media_record_free(&r);
}

int
gs_media_summary_end(struct gs_media_summary *s, struct gs_err *err)
{
	const bool text = s->fp != NULL && !s->is_json;

	if (text && flush_table(s, err) == -1)
		return -1;
	if (text && s->said.n > 0) {
		fputc('\n', s->fp);
		fwrite(s->said.p, 1, s->said.n, s->fp);
	}
	if (s->no_memory || !gs_buf_ok(&s->notes))
		return gs_err_set(err, "out of memory");
	return 0;
}
