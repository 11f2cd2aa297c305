/* SPDX-License-Identifier: MIT */
/* What belongs to no SIP message of a capture, but may be part of a call. */
#include "calls/stray.h"

#include "calls/dialog.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/rtp.h"
#include "text/textsrc.h"

/* Whether s may be text: the first octet of RTP, STUN, DTLS or DNS cannot
 * be. */
static bool
may_be_text(struct gs_span s)
{
	if (s.n == 0)
		return false;
	unsigned char c = (unsigned char)s.p[0];
	return (c >= ' ' && c <= '~') || c == '\r' || c == '\n' || c == '\t';
}

/* Whether a packet on a SIP port may be a message in an unknown form, and not a
 * keep-alive (RFC 5626 section 3.5: blank, or STUN), TLS or DTLS. */
static bool
may_be_message(struct gs_span s)
{
	enum { LEAST = 32 };
	const unsigned char *b = (const unsigned char *)s.p;
	size_t blank = 0;

	while (blank < s.n &&
	    (b[blank] == 0 || b[blank] == '\r' || b[blank] == '\n' ||
		b[blank] == ' '))
		blank++;
	if (s.n < LEAST || blank == s.n)
		return false;
	bool stun = b[0] < 4 && b[4] == 0x21 && b[5] == 0x12;
	bool tls = b[0] >= 20 && b[0] <= 63 && (b[1] == 0xfe || b[1] == 3);
	return !stun && !tls;
}

/* Whether octets of any kind contain a start line of SIP or a line of an SDP:
 * they may be a tunnel or an unknown link header. */
static bool
holds_message(struct gs_span s)
{
	static const struct gs_span marks[] = {
		GS_LIT(" SIP/2.0\r\n"),
		GS_LIT("SIP/2.0 "),
		GS_LIT("\nm=audio "),
		GS_LIT("\na=crypto:"),
	};

	return gs_span_has_any(s, GS_ALL(marks));
}

static void
tell_packet(const struct gs_calls_stray *s, uint64_t frame)
{
	gs_calls_dialogs_gap(s->calls,
	    &(struct gs_text_gap){ .kind = GS_GAP_PACKET,
		.line.pos = { frame, 0 } });
}

static bool
is_sip_port(const struct gs_net_frame *g)
{
	enum { SIP = 5060 };

	return g->kind == GS_FRAME_UDP &&
	    (g->src.port == SIP || g->dst.port == SIP);
}

static void
pass_fragment(const struct gs_calls_stray *s, const struct gs_net_packet *p,
    const struct gs_net_frame *g, enum gs_text_gap_kind why)
{
	enum { UDP_HEADER = 8 };
	struct gs_span b = gs_span(g->p + g->payload, g->length);

	if (g->seq == 0 && g->protocol == GS_IP_UDP && b.n > UDP_HEADER)
		b = gs_span_skip(b, UDP_HEADER);
	if (may_be_text(b))
		gs_text_reader_packet(s->src, b, p->frame, why);
}

void
gs_calls_stray_fragment(const struct gs_calls_stray *s,
    const struct gs_net_packet *p, const struct gs_net_frame *g)
{
	pass_fragment(s, p, g, GS_GAP_FRAGMENT);
}

/* The part of a frame that was not read, or not to its end, and may be a
 * message. */
static struct gs_span
unread(const struct gs_net_frame *g)
{
	bool payload = g->kind == GS_FRAME_UDP || g->kind == GS_FRAME_TCP ||
	    (g->kind == GS_FRAME_OTHER && g->ip);

	/* Its link type is reported, and ICMP quotes a packet that was sent. */
	if ((g->unread != GS_UNREAD_NOT && g->unread != GS_UNREAD_TYPE) ||
	    g->kind == GS_FRAME_HELD ||
	    (g->ip &&
		(g->protocol == GS_IP_ICMP || g->protocol == GS_IP_ICMPV6)))
		return gs_span(NULL, 0);
	return payload ? gs_span(g->p + g->payload, g->length) :
			 gs_span(g->p, g->n);
}

/* Whether b is RTP or RTCP. Frames of WebSocket and unknown headers may begin
 * like them, but no audio is as long as a message. */
static bool
is_media(const struct gs_net_frame *g, struct gs_span b)
{
	enum { MESSAGE = 300 };
	enum gs_net_payload what =
	    gs_net_payload_classify((const uint8_t *)b.p, b.n);

	return (what == GS_MEDIA_RTP || what == GS_MEDIA_RTCP) &&
	    g->kind != GS_FRAME_TCP && (b.n < MESSAGE || !holds_message(b));
}

void
gs_calls_stray_frame(const struct gs_calls_stray *s,
    const struct gs_net_packet *p, const struct gs_net_frame *g)
{
	/* The snaplen cut it. */
	if (g->kind == GS_FRAME_SHORT && g->ip) {
		pass_fragment(s, p, g, GS_GAP_PACKET);
		return;
	}
	struct gs_span b = unread(g);
	if (b.n == 0)
		return;
	if (is_media(g, b))
		return;
	if ((is_sip_port(g) && may_be_message(b)) ||
	    (!may_be_text(b) && holds_message(b)))
		tell_packet(s, p->frame);
	else if (may_be_text(b))
		gs_text_reader_packet(s->src, b, p->frame, GS_GAP_PACKET);
}

void
gs_calls_stray_bytes(const struct gs_calls_stray *s, struct gs_span bytes,
    uint64_t frame)
{
	gs_text_reader_packet(s->src, bytes, frame, GS_GAP_PACKET);
}
