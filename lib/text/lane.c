/* SPDX-License-Identifier: MIT */
/* Texts whose lines have a prefix. Each is read separately, because lines of
 * others may come between its lines. */
#include "text/lane_priv.h"

#include <stdlib.h>

#include "text/align_priv.h"
#include "text/reader_priv.h"
#include "text/siphead_priv.h"
#include "text/textline_priv.h"

enum { LANES = 8, PATIENCE = 4096 };

/* One text. Its parts are the reader's own while it is open. */
struct text_lane {
	struct text_shape prefix; /* its prefix; n 0: the lane is free */
	bool sure; /* a second line had the prefix */
	bool shorter; /* the first line had more before it */
	bool hangs; /* lines without the prefix are indented as far */
	uint64_t line; /* number of its last line */
	struct text_sdp *sdp;
	struct text_sip *sip;
};

struct text_lanes {
	struct text_lane lane[LANES];
	struct text_lane *open; /* the lane that is open, or NULL */
	size_t used;
};

static void
change(struct gs_text_reader *t, struct text_lane *l)
{
	struct text_sdp *sdp = t->sdp;
	struct text_sip *sip = t->sip;

	t->sdp = l->sdp;
	t->sip = l->sip;
	l->sdp = sdp;
	l->sip = sip;
}

static void
enter(struct gs_text_reader *t, struct text_lane *l)
{
	change(t, l);
	t->lanes->open = l;
	t->in_lane = true;
}

void
gs_text_lane_leave(struct gs_text_reader *t)
{
	if (t->lanes == NULL || t->lanes->open == NULL)
		return;
	change(t, t->lanes->open);
	t->lanes->open = NULL;
	t->in_lane = false;
}

/* Passes on what is open in the lane, and frees it. */
static void
finish(struct gs_text_reader *t, struct text_lane *l)
{
	if (l->prefix.n == 0)
		return;
	enter(t, l);
	gs_text_sip_eof(t);
	gs_text_sdp_end(t);
	gs_text_lane_leave(t);
	l->prefix.n = 0;
	l->sure = l->shorter = l->hangs = false;
	t->lanes->used--;
}

/* Whether what follows n octets of s may be the next line of the lane's
 * text. */
static bool
may_be_next(struct gs_text_reader *t, struct text_lane *k, struct gs_span s,
    size_t n)
{
	struct text_trace tr;
	struct text_start st;
	struct gs_span value;

	/* A message that has no prefix. */
	if (gs_text_is_start(s, &st) && st.at == 0)
		return false;
	s = gs_span_skip(s, n);
	enter(t, k);
	bool sip = gs_text_sip_busy(t), sdp = gs_text_sdp_busy(t);
	bool body = gs_text_sip_in_body(t);
	gs_text_lane_leave(t);
	s = gs_span_skip(s, text_indent(s));
	if (text_is_field(s))
		return text_is_known(s) && (sip || (sdp && *s.p != 'v'));
	if (sdp)
		return false;
	return (sip && s.n == 0) || gs_text_is_trace(s, &tr) ||
	    gs_text_is_start(s, &st) ||
	    (!body && gs_text_sip_field_parse(s, &value) != SIP_NOT);
}

/* The length of the prefix of s that is the end of the shape, which it then
 * replaces: the first line of a text may have more before it. 0: there is
 * none. */
static size_t
end_of(struct text_shape *p, struct gs_span s)
{
	struct text_shape end;

	for (size_t i = 1; i < p->n; i++) {
		struct gs_span x = gs_span(p->text + i, p->n - i);
		if (gs_text_is_blank(x))
			break;
		gs_text_shape_set(&end, x);
		size_t n = gs_text_shape_match(&end, s);
		if (n > 0) {
			*p = end;
			return n;
		}
	}
	return 0;
}

/* Whether s can only be the second line of a message or an SDP. */
static bool
is_second(struct gs_span s)
{
	static const struct gs_span names[] = { GS_LIT("Max-Forwards"),
		GS_LIT("Record-Route"), GS_LIT("Route"), GS_LIT("Contact") };
	struct gs_span v;

	if (TEXT_STARTS(s, "o=") || gs_text_sip_field_parse(s, &v) > SIP_OTHER)
		return true;
	s.n = gs_span_find(s, GS_LIT(":"));
	return gs_span_is_any(s, GS_ALL(names));
}

/* The same for the beginning of the shape: between it and the text, the first
 * line alone may have more. */
static size_t
begin_of(struct text_shape *p, struct gs_span s)
{
	struct text_shape begin;

	for (size_t i = p->n; i-- > 1;) {
		if (gs_is_alnum(p->text[i - 1]))
			continue;
		gs_text_shape_set(&begin, gs_span(p->text, i));
		size_t n = gs_text_shape_match(&begin, s);
		if (n > 0 && is_second(gs_span_skip(s, n))) {
			*p = begin;
			return n;
		}
	}
	return 0;
}

/* The lane that s continues after a prefix in which words changed, or after as
 * many blanks as the prefix has octets; *n is that length. NULL: there is
 * none. */
static struct text_lane *
find_changed(struct gs_text_reader *t, struct gs_span s, size_t *n)
{
	struct text_start st;

	for (size_t i = 0; i < LANES; i++) {
		struct text_lane *k = &t->lanes->lane[i];
		struct text_shape wide = k->prefix;
		if (wide.n == 0 || t->line != k->line + 1)
			continue;
		if (text_indent(s) >= wide.n &&
		    may_be_next(t, k, s, *n = wide.n)) {
			k->hangs = true;
			return k;
		}
		*n = k->sure ? 0 : end_of(&wide, s);
		if (*n == 0 && !k->sure)
			*n = begin_of(&wide, s);
		const bool shorter = *n > 0;
		if (!shorter)
			*n = gs_text_shape_widen(&wide, s);
		/* A new text has a lane of its own. */
		if (*n == 0 || !may_be_next(t, k, s, *n) ||
		    (gs_text_is_start(gs_span_skip(s, *n), &st) && st.at == 0))
			continue;
		k->prefix = wide;
		k->shorter |= shorter;
		return k;
	}
	return NULL;
}

bool
gs_text_lane_find(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	struct text_lanes *s = t->lanes;
	struct text_lane *k = NULL;
	size_t n = 0;

	if (s == NULL || s->used == 0)
		return false;
	for (size_t i = 0; i < LANES && n == 0; i++) {
		k = &s->lane[i];
		n = gs_text_shape_match(&k->prefix, l->text);
		if (n == 0 && k->hangs && l->pos.line == k->line + 1 &&
		    text_indent(l->text) >= k->prefix.n)
			n = k->prefix.n;
		/* If words may change, a match proves little. */
		if (n > 0 && gs_text_shape_is_wide(&k->prefix) &&
		    !may_be_next(t, k, l->text, n))
			n = 0;
	}
	if (n == 0)
		k = find_changed(t, l->text, &n);
	if (k == NULL)
		return false;
	l->text = gs_span_skip(l->text, n);
	l->pos.col += (uint32_t)n;
	k->sure = true;
	k->line = l->pos.line;
	enter(t, k);
	return true;
}

bool
gs_text_lane_join(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_lanes *s = t->lanes;
	bool joined = false;

	for (size_t i = 0; s != NULL && !joined && i < LANES; i++) {
		struct text_lane *k = &s->lane[i];
		if (k->prefix.n == 0 || l->pos.line != k->line + 1)
			continue;
		enter(t, k);
		joined = gs_text_sdp_join(t, l) || gs_text_sip_join(t, l);
		gs_text_lane_leave(t);
		if (joined)
			k->line = l->pos.line;
	}
	return joined;
}

void
gs_text_lane_settle(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_lanes *s = t->lanes;
	struct gs_span value;
	struct text_trace tr;

	if (s == NULL || s->used == 0 ||
	    (!gs_text_is_blank(l->text) && !text_is_field(l->text) &&
		gs_text_sip_field_parse(l->text, &value) == SIP_NOT &&
		(!gs_text_is_trace(l->text, &tr) || tr.head)))
		return;
	for (size_t i = 0; i < LANES; i++) {
		struct text_lane *k = &s->lane[i];
		if (k->prefix.n == 0 || k->sure || l->pos.line > k->line + 1)
			continue;
		gs_text_sip_end(t);
		gs_text_sdp_end(t);
		change(t, k);
		k->prefix.n = 0;
		s->used--;
	}
}

/* Ends the text whose prefix is the end of this one, as the lines of the new
 * text will have it. */
static void
end_shorter(struct gs_text_reader *t, struct gs_span prefix)
{
	for (size_t i = 0; i < LANES; i++) {
		struct text_lane *k = &t->lanes->lane[i];
		if (k->shorter && gs_text_shape_tail(&k->prefix, prefix) > 0)
			finish(t, k);
	}
}

bool
gs_text_lane_new(struct gs_text_reader *t, struct gs_span prefix, uint64_t line)
{
	if (!text_need(t, &t->lanes, sizeof(*t->lanes)))
		return false;
	end_shorter(t, prefix);
	struct text_lane *l = &t->lanes->lane[0];
	for (size_t i = 1; i < LANES && l->prefix.n > 0; i++)
		if (t->lanes->lane[i].prefix.n == 0 ||
		    t->lanes->lane[i].line < l->line)
			l = &t->lanes->lane[i];
	finish(t, l);
	gs_text_shape_set(&l->prefix, prefix);
	if (l->prefix.n == 0)
		return false;
	t->lanes->used++;
	l->line = line;
	enter(t, l);
	return true;
}

void
gs_text_lane_end(struct gs_text_reader *t, struct gs_span s)
{
	for (size_t i = 0; t->lanes != NULL && i < LANES; i++)
		if (s.n == 0 ||
		    gs_text_shape_match(&t->lanes->lane[i].prefix, s) > 0)
			finish(t, &t->lanes->lane[i]);
}

bool
gs_text_lane_idle(struct gs_text_reader *t)
{
	struct text_lanes *s = t->lanes;

	if (s == NULL || s->used == 0)
		return true;
	for (size_t i = 0; i < LANES; i++)
		if (t->line - s->lane[i].line > PATIENCE)
			finish(t, &s->lane[i]);
	return s->used == 0;
}

void
gs_text_lane_free(struct text_lanes *s)
{
	for (size_t i = 0; s != NULL && i < LANES; i++) {
		gs_text_sdp_free(s->lane[i].sdp);
		gs_text_sip_free(s->lane[i].sip);
	}
	if (s != NULL) /* what precedes an SDP may contain a key */
		explicit_bzero(s, sizeof(*s));
	free(s);
}
