/* SPDX-License-Identifier: MIT */
/* What --require demands: what was proven, and what could not be. */
#include "calls/proof.h"

#include <inttypes.h>
#include <stdio.h>

#include "sdp/rules.h"
#include "sdp/sdp.h"
#include "sdp/suite.h"
#include "text/sink.h"

/* Gaps of a file that are reported one by one. */
enum { GAPS = 20 };

enum { MEDIA = GS_REQUIRE_SRTP | GS_REQUIRE_SAVP };

static bool
is_media(const struct gs_sdp_media_verdict *m)
{
	return gs_span_eqcase(m->media->type, GS_LIT("audio")) ||
	    gs_span_eqcase(m->media->type, GS_LIT("video"));
}

static bool
is_encrypted(const struct gs_calls_proof *p,
    const struct gs_sdp_media_verdict *m)
{
	switch (m->protection) {
	case GS_SDES: return m->known && !m->cleartext;
	case GS_DTLS: return !m->weak;
	case GS_MIKEY: return true;
	case GS_OPPORTUNISTIC: return (p->require & GS_REQUIRE_SAVP) == 0;
	default: return false;
	}
}

/* Whether v has fax that nothing encrypts. A leg knows that of its own SDPs. */
static bool
has_fax(const struct gs_sdp_verdict *v)
{
	const struct gs_span tls = GS_LIT("TLS");

	for (size_t i = 0; i < v->medias; i++)
		if (v->media[i].protection == GS_OTHER &&
		    gs_span_eqcase(v->media[i].media->type, GS_LIT("image")) &&
		    !gs_span_has(v->media[i].media->proto, tls))
			return true;
	return false;
}

void
gs_calls_proof_block(struct gs_calls_proof *p, const struct gs_text_block *b,
    const struct gs_sdp_verdict *v)
{
	static const struct gs_sdp_line none = { .eol = GS_EOL_NONE };
	const struct gs_sdp_line *line =
	    b->lines == 0 ? &none : &b->line[b->truncated ? b->lines - 1 : 0];

	if (p->blocks++ == 0)
		p->first = b->pos;
	for (size_t i = 0; i < v->medias; i++)
		p->shown |=
		    is_media(&v->media[i]) && is_encrypted(p, &v->media[i]);
	if ((p->require & MEDIA) == 0 || b->lines == 0)
		return;
	if (b->truncated)
		gs_sdp_diag(p->d, GS_R_UNPROVEN, line, gs_span(NULL, 0),
		    "the SDP is incomplete: unencrypted media may be missing "
		    "from it");
	else if (v->medias == 0)
		gs_sdp_diag(p->d, GS_R_UNPROVEN, line, line->text,
		    "the SDP has no m= line: nothing shows that media is "
		    "encrypted");
	else if (b->type == GS_TEXT_SDP && has_fax(v))
		gs_sdp_diag(p->d, GS_R_UNPROVEN, line, line->text,
		    "the SDP has fax, which nothing encrypts");
}

void
gs_calls_proof_key(struct gs_calls_proof *p, const struct gs_sdp_line *line)
{
	p->keys++;
	if ((p->require & MEDIA) != 0)
		gs_sdp_diag(p->d, GS_R_UNPROVEN, line, line->text,
		    "a key without the SDP of its call: nothing shows that "
		    "media is encrypted. Log at level debug from the start "
		    "of the call");
}

bool
gs_calls_proof_refusal(struct gs_calls_proof *p, const struct gs_sdp_line *line,
    unsigned status)
{
	if ((p->require & MEDIA) == 0 ||
	    (status != 415 && status != 488 && status != 606))
		return false;
	gs_sdp_diag(p->d, GS_R_UNPROVEN, line, line->text,
	    "the call was refused with %u, and the SDP that was refused is "
	    "missing",
	    status);
	return true;
}

static const struct {
	enum gs_sdp_rule rule;
	const char *text; /* a number may follow it */
	bool counted;
} gaps[] = {
	[GS_GAP_LINE] = { GS_R_UNREAD,
	    "this line may belong to a call, but it is in no SDP or message "
	    "that could be read",
	    false },
	[GS_GAP_TSHARK] = { GS_R_UNREAD,
	    "output of tshark -V is not read and proves nothing: "
	    "check the capture itself",
	    false },
	[GS_GAP_BODY] = { GS_R_SIP_INCOMPLETE,
	    "the message announces an SDP that is missing", false },
	[GS_GAP_HEADER] = { GS_R_SIP_INCOMPLETE,
	    "the header of this message is cut: an SDP may be missing", false },
	[GS_GAP_LONG] = { GS_R_SIP_INCOMPLETE,
	    "the line is longer than 4 MiB: the rest was not read", false },
	[GS_GAP_LISTING] = { GS_R_REG_INCOMPLETE,
	    "the listing is incomplete. Missing registrations: ", true },
	[GS_GAP_PACKET] = { GS_R_UNREAD,
	    "this packet may belong to a call, but it is in no message that "
	    "could be read",
	    false },
	[GS_GAP_FRAGMENT] = { GS_R_SIP_INCOMPLETE,
	    "a fragment of a SIP message is missing: capture with \"udp\", "
	    "not with \"port 5060\"",
	    false },
	[GS_GAP_SEGMENT] = { GS_R_SIP_INCOMPLETE,
	    "the contents of gaps in TCP were not checked. Gaps in streams "
	    "with SIP: ",
	    true },
	[GS_GAP_SNAPLEN] = { GS_R_SIP_INCOMPLETE,
	    "capture whole packets with tcpdump -s 0. SIP messages without "
	    "their end: ",
	    true },
	[GS_GAP_FRAME] = { GS_R_UNREAD,
	    "frames of another link type, or of 802.11 that is encrypted, in "
	    "fragments or aggregated, were not read: ",
	    true },
	[GS_GAP_CODED] = { GS_R_UNREAD,
	    "encoded text (base64 or a dump of octets) that may belong to a "
	    "call: decode it, and check what comes out",
	    false },
	[GS_GAP_PACKED] = { GS_R_SIP_INCOMPLETE,
	    "compressed SIP messages (HEP, WebSocket) that were not read: ",
	    true },
};

static void
tell_gap(const struct gs_calls_proof *p, const struct gs_text_gap *g)
{
	const enum gs_severity s = p->require != 0 ? GS_ERROR : GS_WARNING;
	char count[24] = "";

	if (gaps[g->kind].counted)
		(void)snprintf(count, sizeof(count), "%" PRIu64, g->told);
	gs_sdp_diag_as(p->d, gaps[g->kind].rule, s, &g->line, g->line.text,
	    "%s%s", gaps[g->kind].text, count);
}

bool
gs_calls_proof_gap(struct gs_calls_proof *p, const struct gs_text_gap *g)
{
	if (p->gaps == GAPS) {
		p->more_gaps++;
		p->gap = g->line.pos;
		return false;
	}
	p->gaps++;
	tell_gap(p, g);
	return true;
}

void
gs_calls_proof_shut(struct gs_calls_proof *p, struct gs_pos pos,
    const char *text, bool anonymous)
{
	unsigned hides = MEDIA | (anonymous ? GS_REQUIRE_TLS : 0);
	bool bad = (p->require & hides) != 0;

	(void)gs_diag_as(p->d,
	    &gs_sdp_rules.rule[bad ? GS_R_UNPROVEN : GS_R_UNREAD],
	    bad ? GS_ERROR : GS_WARNING, pos, "%s", text);
}

bool
gs_calls_proof_end(struct gs_calls_proof *p, struct gs_pos *pos)
{
	bool told = false;

	if (p->more_gaps > 0) {
		*pos = p->gap;
		(void)gs_diag_as(p->d, &gs_sdp_rules.rule[GS_R_UNREAD],
		    p->require != 0 ? GS_ERROR : GS_WARNING, *pos,
		    "%" PRIu64 " more lines like these were not read; this "
		    "is the last one",
		    p->more_gaps);
		told = true;
	}
	if ((p->require & MEDIA) != 0 && p->blocks > 0 && !p->shown &&
	    p->d->total[GS_ERROR] == 0) {
		*pos = p->first;
		(void)gs_diag(p->d, &gs_sdp_rules.rule[GS_R_UNPROVEN], *pos,
		    "no SDP of this file shows audio or video that is "
		    "encrypted");
		told = true;
	}
	return told;
}

bool
gs_calls_proof_has_judged(const struct gs_calls_proof *p)
{
	uint64_t n = p->blocks;

	/* A key says nothing about TLS, and a registration nothing about
	 * media. */
	if (p->require != GS_REQUIRE_TLS)
		n += p->keys;
	if ((p->require & MEDIA) == 0)
		n += p->registrations;
	return n > 0;
}
