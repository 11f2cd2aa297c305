/* SPDX-License-Identifier: MIT */
/* Draws what happened to each packet as an SVG. */
#include "media/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "srtp/stream.h"
#include "calls/ladder.h"
#include "media/audio.h"
#include "media/codec.h"
#include "media/decoder_priv.h"
#include "media/svg.h"

enum {
	LOST_MAX = 256, /* places of a loss */
	PIECE_MS = 20, /* of sound; the last one may be shorter */
	PIECES = 16, /* of a packet; the rest is not measured */
	SAMPLES = 48 * PIECE_MS * PIECES
};

#define NO_MEMORY SIZE_MAX

/* ---- how loud a stream is */

/* The decoder of one. */
struct sound {
	struct gs_media_codec codec;
	bool known; /* codec is that of type */
	uint8_t type;
	struct gs_media_decoder *decoder; /* NULL: it needs or has none */
	int16_t pcm[SAMPLES];
};

static void
sound_free(struct sound *e)
{
	if (e == NULL)
		return;
	gs_media_decoder_free(e->decoder);
	free(e);
}

static int
set_codec(struct sound *e, uint8_t type, const struct gs_sdp_rtpmap *format)
{
	struct gs_media_codec *c = &e->codec;

	gs_media_decoder_free(e->decoder);
	e->decoder = NULL;
	(void)gs_media_audio_codec(c, format, type);
	errno = 0;
	if (gs_media_codec_octets(c->kind, c->channels) == 0 &&
	    gs_media_codec_decodes(c) && !gs_media_codec_interleaved(c))
		e->decoder = gs_media_decoder_new(c);
	e->type = type;
	e->known = e->decoder != NULL || errno != ENOMEM;
	return e->known ? 0 : -1;
}

/* Decodes the payload. Returns the number of samples. */
static size_t
decode(struct sound *e, struct gs_span payload)
{
	const struct gs_media_codec *c = &e->codec;
	const uint8_t *p = (const uint8_t *)payload.p;
	size_t n = gs_media_codec_samples(c, p, payload.n);

	if (n == 0 || n > SAMPLES)
		return 0;
	if (gs_media_codec_octets(c->kind, c->channels) > 0)
		return gs_media_codec_decode(c->kind, c->channels, p, payload.n,
		    e->pcm, SAMPLES);
	return e->decoder == NULL ?
	    0 :
	    gs_media_decoder_decode(e->decoder, payload, e->pcm, SAMPLES);
}

/* Decodes the payload of the next packet, as it comes; format is what SDP says
 * of type, or NULL. Fills in the highest amplitude of each piece, up to 32768.
 * Returns the number of pieces; 0: it is not decoded; NO_MEMORY. */
static size_t
measure(struct sound *e, uint8_t type, const struct gs_sdp_rtpmap *format,
    struct gs_span payload, unsigned peak[PIECES])
{
	size_t n, each, pieces = 0;

	if ((!e->known || e->type != type) && set_codec(e, type, format) == -1)
		return NO_MEMORY;
	n = decode(e, payload);
	each = (size_t)e->codec.rate * PIECE_MS / 1000;
	memset(peak, 0, PIECES * sizeof(*peak));
	for (size_t i = 0; i < n && i < each * PIECES; i++) {
		unsigned v = (unsigned)abs(e->pcm[i]);

		pieces = i / each + 1;
		if (v > peak[pieces - 1])
			peak[pieces - 1] = v;
	}
	return pieces;
}

/* ---- the lanes */

struct gs_media_picture_lane {
	struct gs_media_picture_lane *next;
	struct gs_media_svg_lane *svg;
	size_t events; /* drawn so far */
	uint32_t roc;
	bool has_type;
	uint8_t type;
	unsigned n;
	uint64_t last; /* time of its newest packet */
	struct sound *sound;
};

struct gs_media_picture {
	struct gs_media_svg *svg;
	struct gs_calls_ladder *ladder;
	bool no_memory; /* for it */
	struct gs_media_picture_lane *lanes;
	uint64_t packets;
	uint64_t streams;
};

int
gs_media_picture_new(struct gs_media_picture **p, const char *title,
    struct gs_err *err)
{
	*p = calloc(1, sizeof(**p));
	if (*p == NULL)
		return gs_err_set(err, "out of memory");
	(*p)->ladder = gs_calls_ladder_new();
	if ((*p)->ladder == NULL)
		(void)gs_err_set(err, "out of memory");
	else if (gs_media_svg_new(&(*p)->svg, title, err) == 0)
		return 0;
	gs_calls_ladder_free((*p)->ladder);
	free(*p);
	*p = NULL;
	return -1;
}

void
gs_media_picture_free(struct gs_media_picture *p)
{
	if (p == NULL)
		return;
	while (p->lanes != NULL) {
		struct gs_media_picture_lane *l = p->lanes;

		p->lanes = l->next;
		sound_free(l->sound);
		free(l);
	}
	gs_calls_ladder_free(p->ladder);
	gs_media_svg_free(p->svg);
	free(p);
}

static struct gs_media_picture_lane *
new_lane(struct gs_media_picture *p, const struct gs_srtp_media_packet *m,
    struct gs_err *err)
{
	char src[GS_ADDR_TEXT], dst[GS_ADDR_TEXT], name[2 * GS_ADDR_TEXT + 4];
	struct gs_media_picture_lane *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		gs_err_set(err, "out of memory");
		return NULL;
	}
	l->next = p->lanes;
	p->lanes = l;
	p->streams++;
	(void)snprintf(name, sizeof(name), "%s > %s",
	    gs_net_addr_text(&m->src, src), gs_net_addr_text(&m->dst, dst));
	return gs_media_svg_lane(p->svg, &l->svg, name, "", err) == 0 ? l :
									NULL;
}

static enum gs_media_svg_what
what_became(const struct gs_srtp_unprotected *o)
{
	if (o->ok)
		return o->order == GS_RTP_LATE ? GS_SVG_LATE : GS_SVG_OPENED;
	if (o->plain)
		return GS_SVG_PLAIN;
	return o->why == GS_FAIL_KEY ? GS_SVG_NO_KEY : GS_SVG_FAILED;
}

/* Marks what happened to the stream since its last packet. */
static int
draw_events(struct gs_media_picture_lane *l, const struct gs_srtp_stream *st,
    struct gs_err *err)
{
	size_t n;
	const struct gs_srtp_stream_event *e = gs_srtp_stream_events(st, &n);
	int r = 0;

	for (; r == 0 && l->events < n; l->events++) {
		const struct gs_srtp_stream_event *now = &e[l->events];
		bool key = now->kind == GS_EVENT_KEY ||
		    now->kind == GS_EVENT_KEY_RESET;
		char text[48];

		if (key)
			(void)snprintf(text, sizeof(text), "key %s, ROC %lu",
			    now->print, (unsigned long)now->roc);
		else
			(void)snprintf(text, sizeof(text), "ROC %lu",
			    (unsigned long)now->roc);
		r = gs_media_svg_mark(l->svg, now->ns,
		    key                            ? GS_SVG_KEY :
			now->kind == GS_EVENT_FORM ? GS_SVG_NOTE :
						     GS_SVG_ROC,
		    text, err);
	}
	return r;
}

static int
draw_changes(struct gs_media_picture_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_stream *st,
    struct gs_err *err)
{
	const struct gs_net_rtp_stats *stats = gs_srtp_stream_stats(st);
	uint32_t roc = (uint32_t)(stats->newest >> 16);
	struct gs_media_codec codec;
	char text[32];
	int r = 0;

	if (l->n > 0 && roc == l->roc + 1) {
		(void)snprintf(text, sizeof(text), "ROC %lu",
		    (unsigned long)roc);
		r = gs_media_svg_mark(l->svg, m->ns, GS_SVG_ROC, text, err);
	}
	l->roc = roc;
	if (r == 0 && l->has_type && l->type != m->rtp.type) {
		(void)gs_media_audio_codec(&codec,
		    gs_srtp_stream_format(st, m->rtp.type), m->rtp.type);
		r = gs_media_svg_mark(l->svg, m->ns, GS_SVG_CODEC, codec.name,
		    err);
	}
	l->type = m->rtp.type;
	l->has_type = true;
	return r;
}

/* Lost packets stand where they should have come. */
static void
draw_lost(struct gs_media_picture_lane *l, uint64_t to, uint64_t lost)
{
	uint64_t places = lost < LOST_MAX ? lost : LOST_MAX;
	uint64_t from = l->last < to ? l->last : to, done = 0;

	for (uint64_t i = 1; i <= places; i++) {
		uint64_t n = lost / places * i + lost % places * i / places;

		n -= done;
		done += n;
		gs_media_svg_count(l->svg,
		    from + (to - from) / (places + 1) * i, GS_SVG_LOST,
		    n > UINT32_MAX ? UINT32_MAX : (uint32_t)n);
	}
}

/* Draws the sound of a packet, in pieces. */
static int
draw_sound(struct gs_media_picture_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o,
    struct gs_err *err)
{
	unsigned peak[PIECES];
	struct gs_span payload;
	size_t n;

	if (!(o->ok || (o->plain && !m->cut)) ||
	    !gs_net_rtp_payload(&m->rtp, o->p, o->n, &payload))
		return 0;
	if (l->sound == NULL)
		l->sound = calloc(1, sizeof(*l->sound));
	n = l->sound == NULL ?
	    NO_MEMORY :
	    measure(l->sound, m->rtp.type,
		gs_srtp_stream_format(o->stream, m->rtp.type), payload, peak);
	if (n == NO_MEMORY)
		return gs_err_sys(err, ENOMEM, "picture");
	for (size_t i = 0; i < n; i++)
		gs_media_svg_sound(l->svg,
		    m->ns + i * PIECE_MS * UINT64_C(1000000), peak[i]);
	return 0;
}

int
gs_media_picture_put(struct gs_media_picture *p,
    struct gs_media_picture_lane **lane, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o, struct gs_err *err)
{
	const struct gs_net_rtp_stats *stats = gs_srtp_stream_stats(o->stream);

	p->packets++;
	if (*lane == NULL && (*lane = new_lane(p, m, err)) == NULL)
		return -1;
	struct gs_media_picture_lane *l = *lane;

	gs_media_svg_count(l->svg, m->ns, what_became(o), 1);
	if (o->order == GS_RTP_LATE)
		gs_media_svg_found(l->svg, m->ns);
	if (l->n++ > 0)
		draw_lost(l, m->ns, o->lost_before);
	if (l->last < m->ns)
		l->last = m->ns;
	if (draw_events(l, o->stream, err) == -1 ||
	    draw_changes(l, m, o->stream, err) == -1)
		return -1;
	gs_media_svg_jitter(l->svg, m->ns, gs_net_rtp_stats_jitter_ms(stats));
	return o->order == GS_RTP_DUPLICATE ? 0 : draw_sound(l, m, o, err);
}

void
gs_media_picture_message(struct gs_media_picture *p,
    const struct gs_net_sip_message *m)
{
	p->no_memory |= gs_calls_ladder_take(p->ladder, m) == -1;
}

void
gs_media_picture_done(struct gs_media_picture_lane *lane,
    const struct gs_srtp_stream_view *v)
{
	enum gs_srtp_verdict verdict = gs_srtp_stream_verdict(v);
	struct gs_media_codec codec;
	char detail[GS_SVG_TEXT];
	bool keyed = v->count.opened > 0;

	if (lane == NULL)
		return;
	if (verdict == GS_VERDICT_PLAIN)
		gs_media_svg_all_plain(lane->svg);
	(void)gs_media_audio_codec(&codec, &v->id.format, v->id.type);
	(void)snprintf(detail, sizeof(detail), "%08lx %s%s%s%s%s",
	    (unsigned long)v->id.ssrc, codec.name, keyed ? " \xc2\xb7 " : "",
	    keyed ? gs_srtp_scheme_suite(&v->scheme) : "", keyed ? " key " : "",
	    keyed ? v->key.print : "");
	gs_media_svg_lane_text(lane->svg, NULL, detail,
	    gs_srtp_verdict_name(verdict));
}

int
gs_media_picture_write(struct gs_media_picture *p, FILE *fp, struct gs_err *err)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "%llu RTP packet%s, %llu stream%s",
	    (unsigned long long)p->packets, gs_plural(p->packets),
	    (unsigned long long)p->streams, gs_plural(p->streams));
	gs_media_svg_subtitle(p->svg, text);
	if (p->no_memory)
		return gs_err_set(err, "out of memory");
	gs_media_svg_messages(p->svg, gs_calls_ladder_flow(p->ladder));
	if (gs_media_svg_write(p->svg, fp, err) == -1)
		return -1;
	if (fflush(fp) != 0)
		return gs_err_sys(err, errno, "cannot write the picture");
	return 0;
}
