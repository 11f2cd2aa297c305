/* SPDX-License-Identifier: MIT */
/* An SDP, collected line by line and passed to the sink. */
#include "text/textblock_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "sdp/media.h"
#include "text/coded_priv.h"
#include "text/reader_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

enum {
	FIRST_BYTES = 2048,
	KEEP_BYTES = 16 * 1024, /* kept for the next SDP */
	KEEP_LINES = 512,
	BLANKS = 8,
	PIECE = 24, /* a line of a terminal is at least so long */
	WRAPPED = 60, /* a shorter line was not broken */
	FOLDED = 40, /* no terminal has fewer columns */
};

struct text_meta {
	struct gs_pos pos;
	uint32_t at;
	uint32_t n;
	enum gs_sdp_eol eol;
};

static void
forget(struct gs_text_pending *k)
{
	if (k->text.size > KEEP_BYTES)
		gs_buf_free(&k->text);
	else
		gs_buf_clear(&k->text);
	if (k->size > KEEP_LINES) {
		free(k->meta);
		k->meta = NULL;
		k->size = 0;
	}
	gs_buf_clear(&k->held);
	k->lines = 0;
	k->blanks = 0;
	k->open = k->trim = k->dot = k->doubled = false;
}

void
gs_text_pending_open(struct gs_text_pending *k,
    const struct gs_text_block *head)
{
	forget(k);
	k->text.max = GS_TEXT_BLOCK;
	k->b = *head;
	k->open = true;
}

static bool
room_for_line(struct gs_text_reader *t, struct gs_text_pending *k)
{
	if (k->lines < k->size)
		return true;
	if (k->size >= GS_TEXT_BLOCK_LINES) {
		k->b.truncated = true;
		return false;
	}
	if (!gs_grow(&k->meta, &k->size, k->lines + 1, sizeof(*k->meta))) {
		t->no_memory = true;
		return false;
	}
	return true;
}

/* A line without what follows all lines of the block. */
static struct gs_span
own_text(const struct gs_text_pending *k, struct gs_span s)
{
	while (k->trim && s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	if (k->dot && s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* Learns from the first line what follows all lines. */
static void
learn(struct gs_text_pending *k, struct gs_span first)
{
	if (!gs_span_take(&first, GS_LIT("v=0")) || first.n == 0)
		return;
	k->dot = gs_span_take(&first, GS_LIT("."));
	k->trim = gs_text_is_blank(first);
	k->dot &= k->trim;
}

static void
put(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	struct gs_buf *b = &k->text;
	struct gs_span text = own_text(k, l->text);

	if (k->b.truncated || !room_for_line(t, k))
		return;
	if (text.n > b->max - b->n) {
		k->b.truncated = true;
		return;
	}
	/* One allocation serves most SDPs. */
	if (b->size == 0)
		(void)!gs_buf_space(b, FIRST_BYTES);
	k->meta[k->lines] = (struct text_meta){ l->pos, (uint32_t)b->n,
		(uint32_t)text.n, l->eol };
	gs_buf_put(b, text.p, text.n);
	if (!gs_buf_ok(b)) {
		t->no_memory = true;
		return;
	}
	k->lines++;
	t->kept++;
}

/* Adds the lines that had to wait for what follows them. */
static void
put_waiting(struct gs_text_reader *t, struct gs_text_pending *k)
{
	struct gs_sdp_line blank = { .pos = k->blank, .eol = k->blank_eol };
	const struct gs_sdp_line held = { .text = gs_buf_span(&k->held),
		.pos = k->held_pos,
		.eol = k->held_eol };

	if (held.text.n > 0 && !text_is_packet(t) &&
	    gs_text_is_entry(held.text))
		gs_text_untaken(t, &held);
	else if (held.text.n > 0)
		put(t, k, &held);
	gs_buf_clear(&k->held);
	if (k->doubled)
		k->blanks = 0;
	for (; k->blanks > 0; k->blanks--, blank.pos.line++)
		put(t, k, &blank);
}

void
gs_text_pending_add(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	/* Parsers ignore lines that are not SDP, so the fault would go
	 * unnoticed. */
	if (text_is_field(l->text) && !text_is_known(l->text) &&
	    gs_text_may_matter(t, l->text))
		gs_text_untaken(t, l);
	if (k->lines == 0)
		learn(k, l->text);
	if (k->held.n > 0 || k->blanks > 0)
		put_waiting(t, k);
	put(t, k, l);
}

/* Line i. */
static struct gs_sdp_line
line_at(const struct gs_text_pending *k, size_t i)
{
	const struct text_meta *m = &k->meta[i];

	return (struct gs_sdp_line){ .text = gs_span(k->text.p + m->at, m->n),
		.pos = m->pos,
		.eol = m->eol };
}

bool
gs_text_pending_blank(struct gs_text_pending *k, const struct gs_sdp_line *l)
{
	if (k->blanks == 0) {
		k->blank = l->pos;
		k->blank_eol = l->eol;
	}
	/* v=0 cannot be the end. */
	k->doubled |= k->lines == 1 && text_is_version(line_at(k, 0).text);
	return ++k->blanks <= (k->doubled ? 1 : BLANKS);
}

void
gs_text_pending_hold(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	struct gs_sdp_line before = { .text = gs_buf_span(&k->held),
		.pos = k->held_pos };

	if (before.text.n > 0)
		gs_text_untaken(t, &before);
	text_keep(t, &k->held, l->text);
	k->held_pos = l->pos;
	k->held_eol = l->eol;
}

/* Whether s is a=crypto or a=fingerprint, which show whether they are
 * complete. */
static bool
has_keys(struct gs_span s)
{
	return TEXT_STARTS(s, "a=crypto:") || TEXT_STARTS(s, "a=fingerprint:");
}

/* Whether m= is complete: media, port, protocol and a format. */
static bool
is_media(struct gs_span s)
{
	enum { WORDS = 4 };
	size_t n = 0;

	for (; s.n > 0; n++)
		(void)gs_text_word(&s);
	return n >= WORDS;
}

/* Whether such a line, or an m= line, is valid. */
static bool
is_valid(struct gs_span s)
{
	struct gs_sdp_line line = { .text = s };
	struct gs_sdp_sdes sdes;
	size_t n = gs_span_find(s, GS_LIT(":")) + 1;

	if (TEXT_STARTS(s, "m="))
		return is_media(s);
	if (!TEXT_STARTS(s, "a=crypto:"))
		return gs_sdp_fingerprint_of(gs_span_skip(s, n)) !=
		    GS_FINGERPRINT_BAD;
	gs_sdp_sdes_parse(&sdes, &line, gs_span_skip(s, n), NULL);
	gs_sdp_sdes_wipe(&sdes);
	return sdes.valid;
}

static bool
is_rest(struct gs_span s)
{
	bool any = false; /* the border of a table has no letter */

	for (size_t i = 0; i < s.n; i++) {
		const bool alnum = gs_is_alnum(s.p[i]);
		if (!alnum &&
		    (s.p[i] == '\0' || strchr("+/=|^:;.,_- ", s.p[i]) == NULL))
			return false;
		any |= alnum;
	}
	return any && s.p[0] != '-' && s.p[0] != ' ';
}

/* Appends text to k's last line, if this makes it valid, or if it is a key
 * that may continue. */
static bool
join(struct gs_text_reader *t, struct gs_text_pending *k, const char *blank,
    struct gs_span text, bool sure)
{
	struct gs_buf *b = &k->text;
	struct text_meta *m = &k->meta[k->lines - 1];
	const size_t n = b->n;

	gs_buf_puts(b, blank);
	gs_buf_put(b, text.p, text.n);
	if (!gs_buf_ok(b)) {
		t->no_memory = true;
		return false;
	}
	struct gs_span whole =
	    gs_span((const char *)b->p + m->at, m->n + b->n - n);
	if (!sure && !is_valid(whole)) {
		b->n = n;
		return false;
	}
	m->n = (uint32_t)whole.n;
	return true;
}

/* Whether text, after a mark or not, is a middle piece, as long as the line
 * before it, of a key, of what precedes the key, or of a fingerprint. */
static bool
is_middle(const struct gs_text_reader *t, struct gs_span last,
    struct gs_span text, bool marked)
{
	if (TEXT_STARTS(last, "a=fingerprint:"))
		return marked || text.n >= PIECE;
	return (text.n >= FOLDED && text.n == t->before) ||
	    (marked && !gs_span_has(last, GS_LIT("inline:")));
}

/* What was between last, the beginning of a key, and a middle piece of it. */
static const char *
inside(struct gs_span last, struct gs_span text)
{
	return gs_span_chr(last, ' ') == NULL || TEXT_STARTS(text, "inline:") ?
	    " " :
	    "";
}

/* Whether text, after a mark or not, may be the rest of last. */
static bool
may_go_on(const struct gs_text_reader *t, struct gs_span last,
    struct gs_span text, bool marked)
{
	if (has_keys(last))
		return is_rest(text) && !is_valid(last);
	if (TEXT_STARTS(last, "m=") && !is_valid(last) && is_rest(text))
		return true;
	if (marked)
		return t->before >= FOLDED && text.n > 0 &&
		    !text_is_field(text);
	return is_rest(text) &&
	    (last.n >= WRAPPED || text_goes_on(t) ||
		(t->before >= WRAPPED && t->before == t->longest));
}

bool
gs_text_pending_join(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l)
{
	size_t mark = gs_text_fold_mark(l->text);
	struct gs_span text = gs_span_skip(l->text, mark);

	if (t->sink.rest != NULL || k->lines == 0 || k->blanks > 0 ||
	    k->held.n > 0 || k->b.truncated ||
	    l->text.n >= k->text.max - k->text.n)
		return false;
	struct gs_span last = line_at(k, k->lines - 1).text;
	bool key = has_keys(last);
	if (!may_go_on(t, last, text, mark > 0))
		return false;
	/* Mail programs break lines at a blank, which is then missing. */
	bool blank = mark > 0 && !text_is_full(t);
	bool sure = !key && (!TEXT_STARTS(last, "m=") || is_valid(last));
	if (((sure && blank) || !join(t, k, "", text, sure)) &&
	    !join(t, k, " ", text, sure)) {
		/* It may have moved. */
		last = line_at(k, k->lines - 1).text;
		if (!is_middle(t, last, text, mark > 0) ||
		    !join(t, k, inside(last, text), text, true))
			return false;
	}
	if (key && t->fold == 0 && t->before >= FOLDED)
		t->fold = t->before;
	t->kept++;
	if (k->b.broken.line == 0)
		k->b.broken = l->pos;
	return true;
}

void
gs_text_pending_tell(struct gs_text_reader *t, const struct gs_text_pending *k)
{
	enum { FIELDS = 4 }; /* so many are not there by chance */

	for (size_t i = 0; i < k->lines; i++) {
		struct gs_sdp_line l = line_at(k, i);
		if (i + 1 < FIELDS && !gs_text_may_matter(t, l.text)) {
			gs_text_beside(t, &l);
			continue;
		}
		gs_text_gap(t, GS_GAP_LINE, &l);
		return;
	}
}

static bool
room_for_out(struct gs_text_reader *t, size_t n)
{
	if (gs_grow(&t->out, &t->out_size, n, sizeof(*t->out)))
		return true;
	t->no_memory = true;
	return false;
}

void
gs_text_pending_refuse(struct gs_text_reader *t,
    const struct gs_text_pending *k)
{
	for (size_t i = 0; i < k->lines && t->sink.rest != NULL; i++) {
		struct gs_sdp_line l = line_at(k, i);
		t->sink.rest(t->sink.arg, &l);
	}
}

void
gs_text_pending_close(struct gs_text_reader *t, struct gs_text_pending *k)
{
	struct gs_sdp_line held = { .text = gs_buf_span(&k->held),
		.pos = k->held_pos,
		.eol = k->held_eol };

	if (!k->open)
		return;
	k->open = false;
	if (held.text.n > 0)
		gs_text_untaken(t, &held);
	if (t->sink.block != NULL && room_for_out(t, k->lines)) {
		for (size_t i = 0; i < k->lines; i++)
			t->out[i] = line_at(k, i);
		k->b.line = t->out;
		k->b.lines = k->lines;
		k->b.pos =
		    k->lines > 0 ? k->meta[0].pos : (struct gs_pos){ 1, 1 };
		t->sink.block(t->sink.arg, &k->b);
	}
	forget(k);
}

size_t
gs_text_pending_cost(const struct gs_text_pending *k)
{
	return k->text.n + k->lines * sizeof(*k->meta);
}

void
gs_text_pending_drop(struct gs_text_pending *k)
{
	forget(k);
}

void
gs_text_pending_free(struct gs_text_pending *k)
{
	gs_buf_free(&k->text);
	gs_buf_free(&k->held);
	free(k->meta);
}
