/* SPDX-License-Identifier: MIT */
/* Bare SDP in text. */
#include "text/reader_priv.h"

#include <stdlib.h>

#include "text/textblock_priv.h"
#include "text/textline_priv.h"

struct text_sdp {
	struct gs_text_pending k;
	bool sure; /* it cannot be anything else */
	bool headless; /* it does not begin with v= */
	bool among; /* other lines surround it */
};

bool
gs_text_sdp_busy(const struct gs_text_reader *t)
{
	return t->sdp != NULL && t->sdp->k.open;
}

void
gs_text_sdp_free(struct text_sdp *s)
{
	if (s != NULL)
		gs_text_pending_free(&s->k);
	free(s);
}

/* Whether it is an SDP. Among other lines, v=0 alone may be anything. */
static bool
is_known(const struct text_sdp *s)
{
	return s->sure && (!s->among || s->k.lines > 1);
}

static void
finish(struct gs_text_reader *t)
{
	if (!gs_text_sdp_busy(t))
		return;
	if (is_known(t->sdp)) {
		gs_text_pending_close(t, &t->sdp->k);
		return;
	}
	gs_text_pending_tell(t, &t->sdp->k);
	gs_text_pending_refuse(t, &t->sdp->k);
	gs_text_pending_drop(&t->sdp->k);
}

bool
gs_text_sdp_join(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	return gs_text_sdp_busy(t) && gs_text_pending_join(t, &t->sdp->k, l);
}

/* The rest of an SDP whose beginning is not in the file is not judged: a log or
 * a trace was cut there. */
void
gs_text_sdp_end(struct gs_text_reader *t)
{
	if (gs_text_sdp_busy(t) && t->sdp->headless)
		t->sdp->sure = false;
	finish(t);
}

void
gs_text_sdp_cut(struct gs_text_reader *t)
{
	if (gs_text_sdp_busy(t))
		t->sdp->k.b.truncated = true;
	gs_text_sdp_end(t);
}

static bool
begin(struct gs_text_reader *t, bool headless)
{
	finish(t);
	if (!text_need(t, &t->sdp, sizeof(*t->sdp)))
		return false;
	const struct gs_text_block head = { .label = "SDP",
		.type =
		    t->type == GS_TEXT_FSLOG ? GS_TEXT_FSLOG : GS_TEXT_SDP };
	gs_text_pending_open(&t->sdp->k, &head);
	t->sdp->headless = headless;
	t->sdp->among = t->others || t->in_lane;
	t->sdp->sure = t->forced == GS_TEXT_SDP;
	return true;
}

/* Whether l, which does not begin an SDP, continues the open one. In a file
 * that is one SDP, a wrong line is a fault of the SDP. Among other lines, it is
 * one of those. */
static bool
goes_on(const struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	if (t->forced == GS_TEXT_SDP || text_is_field(l->text))
		return true;
	return t->type == GS_TEXT_SDP && t->sdp->sure && !t->sdp->among &&
	    t->sdp->k.blanks == 0;
}

static void
blank(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	if (!gs_text_sdp_busy(t))
		return;
	bool among = t->type == GS_TEXT_FSLOG || t->type == GS_TEXT_SIP;
	struct gs_text_pending *k = &t->sdp->k;
	if ((among && !k->doubled && k->lines > 1) ||
	    !gs_text_pending_blank(k, l))
		finish(t);
}

bool
gs_text_sdp_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	bool alone = t->forced == GS_TEXT_AUTO && !t->in_lane &&
	    (t->type == GS_TEXT_AUTO || t->type == GS_TEXT_SDP);

	if (gs_text_is_blank(l->text)) {
		blank(t, l);
		return true;
	}
	if (text_is_version(l->text)) {
		if (!begin(t, false))
			return false;
	} else if (!gs_text_sdp_busy(t)) {
		bool may = t->forced == GS_TEXT_SDP ||
		    (alone && text_is_field(l->text));
		if (!may || !begin(t, true))
			return false;
	} else if (t->forced != GS_TEXT_SDP && !text_is_field(l->text) &&
	    gs_text_pending_join(t, &t->sdp->k, l)) {
		return true;
	} else if (!goes_on(t, l)) {
		finish(t);
		return false;
	} else if (t->forced != GS_TEXT_SDP && gs_text_is_entry(l->text)) {
		return false;
	}
	/* o= right after v=: it is an SDP, whatever their values are. */
	bool second = t->sdp->k.lines == 1 && !t->sdp->headless &&
	    TEXT_STARTS(l->text, "o=");
	gs_text_pending_add(t, &t->sdp->k, l);
	if (second || (!t->sdp->sure && gs_text_is_evidence(l->text)))
		t->sdp->sure = true;
	if (is_known(t->sdp) && t->type == GS_TEXT_AUTO)
		t->type = t->forced == GS_TEXT_AUTO ? GS_TEXT_SDP : t->forced;
	return true;
}

void
gs_text_sdp_eof(struct gs_text_reader *t)
{
	if (gs_text_sdp_busy(t) && t->type == GS_TEXT_FSLOG)
		t->sdp->k.b.truncated = true;
	if (t->forced == GS_TEXT_SDP && t->sdp == NULL && !begin(t, true))
		return;
	finish(t);
}
