/* SPDX-License-Identifier: MIT */
/* Makes the announcement of a stream: SAP around SDP. */
#include "media/sap.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/diag.h"
#include "net/rtp.h"
#include "srtp/announced.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

enum {
	SAP_PORT = 9875,
	SAP_VERSION = 0x20, /* RFC 2974 section 3 */
	SAP_IPV6 = 0x10,
	VIDEO_CLOCK = 90000,
	TYPES = 128,
};

/* The formats of a stream, one for each payload type. */
struct formats {
	struct gs_sdp_rtpmap map[2 * GS_ANNOUNCED_FORMATS + 1];
	size_t n;
	bool has[TYPES];
	bool secure; /* SDP said so */
};

static void
add_format(struct formats *f, const struct gs_sdp_rtpmap *map)
{
	if (map->type < TYPES && !f->has[map->type]) {
		f->has[map->type] = true;
		f->map[f->n++] = *map;
	}
}

/* What is known of the packet's type, by SDP or because it is fixed. */
static struct gs_sdp_rtpmap
format_of(const struct gs_srtp_receiver_packet *p)
{
	const uint8_t type = p->media->rtp.type;
	const struct gs_net_rtp_static *fixed = gs_net_rtp_static(type);
	const struct gs_sdp_rtpmap *said =
	    gs_srtp_stream_format(p->opened->stream, type);
	struct gs_sdp_rtpmap map = { .type = type };

	if (said != NULL && said->name[0] != '\0')
		return *said;
	if (fixed != NULL) {
		map.clock = fixed->clock;
		map.channels = (uint8_t)fixed->channels;
		(void)snprintf(map.name, sizeof(map.name), "%s", fixed->name);
	}
	return map;
}

/* The first packet's format comes first, then those announced for the
 * receiver and the sender. */
static void
find_formats(struct formats *f, const struct gs_srtp_announced *known,
    const struct gs_srtp_receiver_packet *p)
{
	const struct gs_srtp_media_packet *m = p->media;
	const struct gs_srtp_announcement *const side[2] = {
		gs_srtp_announced_find(known, &m->dst),
		gs_srtp_announced_find(known, &m->src),
	};
	struct gs_sdp_rtpmap first = format_of(p);

	*f = (struct formats){ .n = 0 };
	add_format(f, &first);
	for (int i = 0; i < 2; i++) {
		if (side[i] == NULL)
			continue;
		f->secure |= side[i]->secure || side[i]->dtls;
		for (size_t k = 0; k < side[i]->formats; k++)
			add_format(f, &side[i]->format[k]);
	}
}

static void
put_format(struct gs_buf *b, const struct gs_sdp_rtpmap *map)
{
	if (map->name[0] == '\0')
		return;
	gs_buf_printf(b, "a=rtpmap:%u %s/%lu", map->type, map->name,
	    (unsigned long)map->clock);
	if (map->channels > 1)
		gs_buf_printf(b, "/%u", map->channels);
	gs_buf_puts(b, "\r\n");
	if (map->params[0] != '\0')
		gs_buf_printf(b, "a=fmtp:%u %s\r\n", map->type, map->params);
}

static void
put_sdp(struct gs_buf *b, const struct formats *f,
    const struct gs_srtp_receiver_packet *p)
{
	const struct gs_srtp_media_packet *m = p->media;
	const bool v6 = m->src.version == 6;
	const bool closed = f->secure && !p->opened->ok && !p->opened->plain;
	char src[INET6_ADDRSTRLEN] = "", dst[INET6_ADDRSTRLEN] = "";

	(void)inet_ntop(v6 ? AF_INET6 : AF_INET, m->src.ip, src, sizeof(src));
	(void)inet_ntop(v6 ? AF_INET6 : AF_INET, m->dst.ip, dst, sizeof(dst));
	gs_buf_printf(b,
	    "v=0\r\no=- %lu 1 IN IP%c %s\r\ns=added by gsprov\r\n"
	    "c=IN IP%c %s\r\nt=0 0\r\nm=%s %u RTP/%s",
	    (unsigned long)m->ssrc, v6 ? '6' : '4', src, v6 ? '6' : '4', dst,
	    f->map[0].clock == VIDEO_CLOCK ? "video" : "audio", m->dst.port,
	    closed ? "SAVP" : "AVP");
	for (size_t i = 0; i < f->n; i++)
		gs_buf_printf(b, " %u", f->map[i].type);
	gs_buf_puts(b, "\r\n");
	for (size_t i = 0; i < f->n; i++)
		put_format(b, &f->map[i]);
}

/* The header of SAP, with the sender of the stream as its origin. */
static void
put_head(struct gs_buf *b, const struct gs_srtp_media_packet *m)
{
	static const char type[] = "application/sdp";
	const bool v6 = m->src.version == 6;
	uint8_t head[4] = { (uint8_t)(SAP_VERSION | (v6 ? SAP_IPV6 : 0)), 0 };

	gs_put_be16(head + 2, (m->ssrc ^ m->ssrc >> 16) & UINT16_MAX);
	gs_buf_put(b, head, sizeof(head));
	gs_buf_put(b, m->src.ip, v6 ? 16 : 4);
	gs_buf_put(b, type, sizeof(type));
}

/* Strangers write what stands behind a=fmtp. */
static int
blank_params(struct formats *f, struct gs_srtp_receiver *session,
    struct gs_err *err)
{
	for (size_t i = 0; i < f->n; i++)
		if (gs_srtp_receiver_blank(session, f->map[i].params,
			strlen(f->map[i].params), err) == -1)
			return -1;
	return 0;
}

int
gs_media_sap_make(struct gs_media_sap *s, struct gs_srtp_receiver *session,
    const struct gs_srtp_receiver_packet *p, struct gs_err *err)
{
	static const uint8_t group4[4] = { 224, 2, 127, 254 };
	static const uint8_t group6[16] = { 0xff, 0x0e, [13] = 2, 0x7f, 0xfe };
	const bool v6 = p->media->src.version == 6;
	struct gs_net_made made = { .udp = true,
		.src = p->media->src,
		.dst = { .version = p->media->src.version } };
	struct formats f;
	struct gs_buf b;

	find_formats(&f, gs_srtp_receiver_announced(session), p);
	if (blank_params(&f, session, err) == -1)
		return -1;
	gs_buf_init(&b, GS_SAP_OCTETS);
	put_head(&b, p->media);
	put_sdp(&b, &f, p);
	memcpy(made.dst.ip, v6 ? group6 : group4, v6 ? 16 : 4);
	made.src.port = made.dst.port = SAP_PORT;
	made.n = (uint32_t)b.n;
	/* The frame is of that version of IP, so it can be made. */
	bool good = b.p != NULL &&
	    gs_net_frame_make(p->frame, &made, b.p, s->octets, &s->frame);
	gs_buf_free(&b);
	return good ? 0 : gs_err_set(err, "out of memory");
}
