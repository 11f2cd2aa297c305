/* SPDX-License-Identifier: MIT */
/* Takes packets through frames, SIP and streams, in order. */
#include "srtp/receiver.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "calls/holder.h"
#include "net/clear.h"
#include "net/frame.h"
#include "net/capture.h"
#include "net/scrub.h"
#include "net/sip.h"
#include "srtp/dtls.h"
#include "srtp/keytext.h"
#include "srtp/rules.h"
#include "srtp/stream.h"
#include "tls/dtls.h"

enum {
	FINDINGS = 64,
	PAYLOAD = 65536,
	FRAME = GS_CAPTURE_PACKET, /* more than GS_FRAME_MAX */
};

/* A packet that waits for its result. */
struct held {
	struct held *next;
	struct gs_net_packet packet;
	struct gs_net_frame frame;
	struct gs_srtp_media_packet media;
	struct gs_srtp_stream *stream; /* NULL: it is not media */
	size_t size;
	uint8_t bytes[];
};

struct gs_srtp_receiver {
	struct gs_srtp_receiver_options options;
	struct gs_srtp_receiver_sink sink;
	struct gs_srtp_keyring *keys;
	struct gs_srtp_announced *announced;
	struct gs_srtp_keytext *text; /* of key files */
	struct gs_srtp_keytext *sip_text;
	struct gs_diags diags;
	struct gs_srtp_streams *streams;
	struct gs_net_frames *frames;
	struct gs_net_sip *sip;
	struct gs_srtp_dtls *dtls; /* NULL: there are no secrets of DTLS */
	struct gs_srtp_receiver_counts counts;
	const char *capture; /* the capture with the SIP message */
	bool learned; /* the first pass is over: all keys of SIP are known */
	bool no_memory;

	struct held *first;
	struct held *last;
	size_t held; /* bytes of all packets that wait */
	uint64_t now; /* time of the newest packet, and the time that passed
		       * since */
	uint8_t *plain; /* PAYLOAD octets: what was decrypted */
	struct gs_net_scrub *scrub; /* NULL: frames stay as they are */
	struct gs_net_clear *clear; /* NULL: SIP from TLS is not written */
	uint8_t *scrubbed; /* FRAME octets: a frame without keys */
	size_t secrets; /* keys of the ring that scrub knows */
};

/* ---- keys */

/* Tells the scrubber about keys found since the last call. Key and salt may
 * also be written separately; the salt has 12 or 14 octets (RFC 3711, RFC
 * 7714). */
static void
tell_keys(struct gs_srtp_receiver *s)
{
	const struct gs_srtp_key *k;
	uint8_t salt;

	while ((k = gs_srtp_keyring_at(s->keys, s->secrets)) != NULL) {
		gs_net_scrub_key(s->scrub, k->keysalt, k->n);
		if (gs_sdp_suite_length(k->n, &salt))
			gs_net_scrub_key(s->scrub, k->keysalt + k->n - salt,
			    salt);
		s->secrets++;
	}
}

static void
take_message(void *arg, const struct gs_net_sip_message *m)
{
	struct gs_srtp_receiver *s = arg;
	struct gs_err ignored;

	s->counts.sip += !s->learned;
	if (s->sink.message != NULL && !s->learned)
		s->sink.message(s->sink.arg, m);
	if (s->clear != NULL && m->opened) {
		if (s->scrub != NULL)
			tell_keys(s);
		if (gs_net_clear_take(s->clear, m, s->scrub, &ignored) == -1)
			s->no_memory = true;
	}
	if (!s->options.sip || s->learned)
		return;
	gs_srtp_keytext_opened(s->sip_text, m->opened && s->clear == NULL);
	if (gs_srtp_keytext_message(s->sip_text,
		gs_srtp_keyring_source(s->keys, s->capture, true), m->bytes,
		m->first_frame, m->ns) == -1)
		s->no_memory = true;
}

static int
new_parsers(struct gs_srtp_receiver *s, struct gs_err *err)
{
	struct gs_net_sip_sink sink = { .message = take_message, .arg = s };

	/* In the second pass, SIP is opened again only to be written. */
	if (s->options.holder != NULL && s->learned && s->clear != NULL)
		gs_calls_holder_forget(s->options.holder);
	if (s->options.holder != NULL && (!s->learned || s->clear != NULL))
		sink.layer = gs_calls_holder_layer(s->options.holder);
	gs_net_frames_free(s->frames);
	gs_net_sip_free(s->sip);
	s->sip = NULL;
	s->frames = gs_net_frames_new(err);
	if (s->frames == NULL)
		return -1;
	s->sip = gs_net_sip_new(&sink, err);
	return s->sip != NULL ? 0 : -1;
}

struct gs_srtp_receiver *
gs_srtp_receiver_new(const struct gs_srtp_receiver_options *options,
    const struct gs_srtp_receiver_sink *sink, struct gs_err *err)
{
	struct gs_srtp_receiver *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		gs_err_set(err, "out of memory");
		return NULL;
	}
	s->options = *options;
	s->sink = *sink;
	s->capture = "";
	gs_diags_init(&s->diags, gs_srtp_key_rules, NULL, FINDINGS);
	s->diags.mute = options->mute;
	s->plain = malloc(PAYLOAD);
	s->scrubbed = malloc(FRAME);
	if (s->plain == NULL || s->scrubbed == NULL)
		gs_err_set(err, "out of memory");
	else if ((s->keys = gs_srtp_keyring_new(err)) != NULL &&
	    (s->announced = gs_srtp_announced_new(err)) != NULL &&
	    (s->text = gs_srtp_keytext_new(s->keys, s->announced, &s->diags,
		 err)) != NULL &&
	    (s->sip_text = gs_srtp_keytext_new(s->keys, s->announced, &s->diags,
		 err)) != NULL &&
	    (s->streams = gs_srtp_streams_new(&options->streams, s->keys,
		 s->announced, sink->stream, sink->arg, err)) != NULL &&
	    (!options->clear || (s->clear = gs_net_clear_new(err)) != NULL) &&
	    new_parsers(s, err) == 0 &&
	    (options->tls == NULL ||
		(s->dtls = gs_srtp_dtls_new(s->keys, options->tls, err)) !=
		    NULL) &&
	    (!options->scrub || (s->scrub = gs_net_scrub_new(err)) != NULL))
		return s;
	gs_srtp_receiver_free(s);
	return NULL;
}

static void
wipe(uint8_t *p, size_t n)
{
	if (p != NULL)
		explicit_bzero(p, n);
	free(p);
}

void
gs_srtp_receiver_free(struct gs_srtp_receiver *s)
{
	if (s == NULL)
		return;
	while (s->first != NULL) {
		struct held *h = s->first;

		s->first = h->next;
		free(h);
	}
	gs_srtp_streams_free(s->streams);
	gs_net_sip_free(s->sip);
	gs_net_frames_free(s->frames);
	gs_srtp_keytext_free(s->text);
	gs_srtp_keytext_free(s->sip_text);
	gs_srtp_announced_free(s->announced);
	gs_srtp_dtls_free(s->dtls);
	gs_srtp_keyring_free(s->keys);
	gs_diags_free(&s->diags);
	gs_net_clear_free(s->clear);
	gs_net_scrub_free(s->scrub);
	wipe(s->plain, PAYLOAD);
	wipe(s->scrubbed, FRAME);
	free(s);
}

void
gs_srtp_receiver_text_begin(struct gs_srtp_receiver *s, const char *name)
{
	gs_srtp_keytext_begin(s->text,
	    gs_srtp_keyring_source(s->keys, name, false));
	s->counts.texts++;
}

int
gs_srtp_receiver_text(struct gs_srtp_receiver *s, struct gs_span bytes,
    struct gs_err *err)
{
	if (gs_srtp_keytext_feed(s->text, bytes) == -1)
		return gs_err_set(err, "out of memory");
	return 0;
}

int
gs_srtp_receiver_text_end(struct gs_srtp_receiver *s, struct gs_err *err)
{
	if (gs_srtp_keytext_end(s->text) == -1)
		return gs_err_set(err, "out of memory");
	return 0;
}

void
gs_srtp_receiver_text_readable(struct gs_srtp_receiver *s, const char *file,
    bool all)
{
	gs_srtp_keytext_readable(s->text, file, all);
}

/* Takes keys from text in a packet that is not a SIP message, or from the
 * first of several fragments. */
static void
take_text(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	enum { UDP_HEADER = 8, LEAST = 30, DEL = 127 };
	struct gs_span b = gs_span(f->p + f->payload, f->length);

	if (!s->options.sip || s->learned)
		return;
	if (f->kind == GS_FRAME_PIECE && f->seq == 0 &&
	    f->protocol == GS_IP_UDP && b.n > UDP_HEADER)
		b = gs_span(b.p + UDP_HEADER, b.n - UDP_HEADER);
	if (b.n < LEAST || (uint8_t)b.p[0] < '\n' || (uint8_t)b.p[0] >= DEL ||
	    !gs_span_has(b, GS_LIT("inline:")))
		return;
	gs_srtp_keytext_opened(s->sip_text, f->kind == GS_FRAME_PIECE);
	if (gs_srtp_keytext_packet(s->sip_text,
		gs_srtp_keyring_source(s->keys, s->capture, true), b, p->frame,
		p->ns) == -1)
		s->no_memory = true;
}

static int
learn_lost(struct gs_srtp_receiver *s, struct gs_err *err)
{
	struct gs_net_packet p;
	struct gs_net_frame f;
	int r = 0;

	while (r == 0 && gs_net_frames_lost(s->frames, &p)) {
		gs_net_frames_lost_place(s->frames, &f);
		take_text(s, &p, &f);
		if (s->scrub != NULL)
			r = gs_net_scrub_learn(s->scrub, &p, &f, err);
	}
	return r;
}

/* What a datagram carries, inside TURN or not. *kind says what it is. */
static struct gs_span
payload_of(const struct gs_net_frame *f, enum gs_net_payload *kind)
{
	struct gs_span b = gs_span(f->p + f->payload, f->length);

	*kind = gs_net_payload_classify((const uint8_t *)b.p, b.n);
	if (*kind == GS_MEDIA_TURN || *kind == GS_MEDIA_STUN) {
		b = gs_net_payload_unwrap((const uint8_t *)b.p, b.n);
		*kind = gs_net_payload_classify((const uint8_t *)b.p, b.n);
	}
	return b;
}

/* Takes keys from DTLS. */
static void
take_dtls(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_span bytes)
{
	struct gs_srtp_dtls_datagram g = { .src = &f->src,
		.dst = &f->dst,
		.bytes = bytes,
		.frame = p->frame,
		.ns = p->ns };

	if (s->dtls == NULL || s->learned)
		return;
	g.source = gs_srtp_keyring_source(s->keys, s->capture, true);
	if (gs_srtp_dtls_take(s->dtls, &g) == -1)
		s->no_memory = true;
}

/* Tries waiting DTLS again, which new secrets may open. */
static int
retry_dtls(struct gs_srtp_receiver *s, struct gs_err *err)
{
	return s->dtls == NULL || gs_srtp_dtls_retry(s->dtls) == 0 ?
	    0 :
	    gs_err_set(err, "no memory for keys");
}

int
gs_srtp_receiver_learn(struct gs_srtp_receiver *s,
    const struct gs_net_packet *p, const char *capture, struct gs_err *err)
{
	struct gs_net_frame f;
	enum gs_net_payload kind;

	s->capture = capture;
	/* Most packets are media, which nothing below needs. Without this
	 * shortcut, each takes 34 ns besides the reading, not 16. */
	if (gs_net_frame_is_media(s->frames, p))
		return 0;
	gs_net_frame_parse(s->frames, p, &f);
	if ((f.kind == GS_FRAME_UDP || f.kind == GS_FRAME_TCP) &&
	    !gs_net_sip_feed(s->sip, p, &f))
		take_text(s, p, &f);
	if (f.kind == GS_FRAME_UDP) {
		struct gs_span b = payload_of(&f, &kind);

		if (gs_tls_dtls_is(b))
			take_dtls(s, p, &f, b);
	}
	if (s->clear != NULL)
		gs_net_clear_forget(s->clear);
	if (s->no_memory)
		return gs_err_set(err, "out of memory");
	if (s->scrub != NULL && gs_net_scrub_learn(s->scrub, p, &f, err) == -1)
		return -1;
	return learn_lost(s, err);
}

int
gs_srtp_receiver_learned(struct gs_srtp_receiver *s, struct gs_err *err)
{
	gs_net_sip_end(s->sip);
	s->counts.sip_counts = gs_net_sip_counts(s->sip);
	if (retry_dtls(s, err) == -1)
		return -1;
	gs_net_frames_end(s->frames);
	if (learn_lost(s, err) == -1 ||
	    (s->scrub != NULL && gs_net_scrub_learned(s->scrub, err) == -1))
		return -1;
	s->learned = true;
	if (s->clear != NULL)
		gs_net_clear_forget(s->clear);
	return new_parsers(s, err);
}

/* ---- packets out */

/* Removes keys from *f, if it is to be written without them. */
static int
scrub(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    struct gs_net_frame *f, struct gs_err *err)
{
	bool changed = false;

	if (s->scrub == NULL || f->n > FRAME)
		return 0;
	tell_keys(s);
	memcpy(s->scrubbed, f->p, f->n);
	if (gs_net_scrub_frame(s->scrub, p, f, s->scrubbed, &changed, err) ==
	    -1)
		return -1;
	if (changed)
		f->p = s->scrubbed;
	return 0;
}

/* A packet on its way out. st and media are NULL if it is not media. */
struct passing {
	const struct gs_net_packet *packet;
	const struct gs_net_frame *frame;
	const struct gs_srtp_media_packet *media;
	struct gs_srtp_stream *st;
};

/* Passes x to the sink, unless it must wait. */
static int
emit(struct gs_srtp_receiver *s, const struct passing *x, bool *waits,
    struct gs_err *err)
{
	const struct gs_srtp_media_packet *media = x->media;
	const struct gs_net_packet *packet = x->packet;
	const struct gs_net_frame *frame = x->frame;
	struct gs_srtp_stream *st = x->st;
	struct gs_srtp_unprotected opened;
	struct gs_net_frame f;
	struct gs_srtp_receiver_packet p = { .packet = packet, .frame = frame };

	*waits = false;
	if (st != NULL) {
		if (gs_srtp_streams_open(s->streams, st, media, s->plain,
			&opened, err) == -1)
			return -1;
		*waits = opened.waits;
		if (opened.waits)
			return 0;
		p.media = media;
		p.opened = &opened;
	}
	/* Most packets were opened, and need no scrubbing. */
	if (st != NULL && !opened.ok && s->scrub != NULL) {
		f = *frame;
		p.frame = &f;
		if (scrub(s, packet, &f, err) == -1)
			return -1;
	}
	return s->sink.packet(s->sink.arg, &p, err);
}

/* Whether the packet at the head has waited long enough; now is the time of
 * the newest packet. */
static bool
is_overdue(const struct gs_srtp_receiver *s, const struct held *h, uint64_t now)
{
	uint64_t since = h->packet.ns;

	return s->held > GS_HOLD_BYTES ||
	    (now > since &&
		now - since > (uint64_t)GS_HOLD_SECONDS * 1000000000);
}

/* The packet at the head depends on later packets of its stream: offers those
 * that wait. */
static int
follow(struct gs_srtp_receiver *s, struct gs_err *err)
{
	int r = 0;

	for (struct held *h = s->first->next; h != NULL && r == 0; h = h->next)
		if (h->stream == s->first->stream)
			r = gs_srtp_streams_follow(s->streams, h->stream,
			    &h->media, err);
	return r;
}

/* Searches for a key of the packet at the head. *waits: it depends on packets
 * still to come. */
static int
prepare(struct gs_srtp_receiver *s, bool overdue, bool *waits,
    struct gs_err *err)
{
	struct held *h = s->first;

	*waits = false;
	if (h->stream == NULL)
		return 0;
	h->media.overdue = overdue;
	if (gs_srtp_streams_retry(s->streams, h->stream, &h->media, err) == -1)
		return -1;
	*waits = gs_srtp_stream_waits(s->streams, h->stream, &h->media);
	if (overdue && gs_srtp_stream_hinted(h->stream) && follow(s, err) == -1)
		return -1;
	*waits = *waits && !overdue;
	return 0;
}

static int
release(struct gs_srtp_receiver *s, uint64_t now, bool all, struct gs_err *err)
{
	bool waits;

	while (s->first != NULL) {
		struct held *h = s->first;
		struct passing x = { &h->packet, &h->frame, &h->media,
			h->stream };

		if (prepare(s, all || is_overdue(s, h, now), &waits, err) == -1)
			return -1;
		if (waits)
			break;
		if (emit(s, &x, &waits, err) == -1 ||
		    (waits && follow(s, err) == -1))
			return -1;
		if (waits)
			continue;
		s->first = h->next;
		if (s->first == NULL)
			s->last = NULL;
		s->held -= h->size;
		free(h);
	}
	return 0;
}

static int
hold(struct gs_srtp_receiver *s, const struct passing *x, struct gs_err *err)
{
	const struct gs_net_frame *frame = x->frame;
	size_t size = sizeof(struct held) + frame->n;
	struct held *h = malloc(size);

	if (h == NULL)
		return gs_err_set(err, "out of memory");
	*h = (struct held){ .packet = *x->packet,
		.frame = *frame,
		.stream = x->st,
		.size = size };
	memcpy(h->bytes, frame->p, frame->n);
	h->frame.p = h->bytes;
	if (!frame->reassembled)
		h->packet.p = h->bytes;
	if (x->st != NULL) {
		h->media = *x->media;
		h->media.p = h->bytes + (x->media->p - frame->p);
	}
	*(s->last != NULL ? &s->last->next : &s->first) = h;
	s->last = h;
	s->held += size;
	return 0;
}

/* Passes a packet on, or puts it behind others that wait. */
static int
pass(struct gs_srtp_receiver *s, const struct passing *x, struct gs_err *err)
{
	bool waits;

	s->now = x->packet->ns;
	if (s->first != NULL && release(s, s->now, false, err) == -1)
		return -1;
	waits = s->first != NULL ||
	    (x->st != NULL &&
		gs_srtp_stream_waits(s->streams, x->st, x->media));
	if (!waits && emit(s, x, &waits, err) == -1)
		return -1;
	return waits ? hold(s, x, err) : 0;
}

/* Passes on a packet that is not media. */
static int
pass_other(struct gs_srtp_receiver *s, const struct gs_net_packet *packet,
    const struct gs_net_frame *frame, struct gs_err *err)
{
	struct gs_net_frame f = *frame;

	if (scrub(s, packet, &f, err) == -1)
		return -1;
	return pass(s, &(struct passing){ packet, &f, NULL, NULL }, err);
}

/* Passes on SIP that was decrypted. */
static int
pass_clear(struct gs_srtp_receiver *s, struct gs_err *err)
{
	struct gs_net_packet p;
	struct gs_net_frame f;
	int r = 0;

	while (
	    r == 0 && s->clear != NULL && gs_net_clear_next(s->clear, &p, &f))
		r = pass(s, &(struct passing){ &p, &f, NULL, NULL }, err);
	return r;
}

/* ---- packets in */

/* Whether the datagram is media; *m then describes it. */
static bool
is_media(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_srtp_media_packet *m)
{
	enum gs_net_payload kind;
	struct gs_span b = payload_of(f, &kind);

	s->counts.zrtp += kind == GS_MEDIA_ZRTP;
	if (kind == GS_MEDIA_DTLS && gs_tls_dtls_is(b)) {
		s->counts.dtls++;
		gs_srtp_announced_at(s->announced, &f->src)->handshake = true;
		gs_srtp_announced_at(s->announced, &f->dst)->handshake = true;
		take_dtls(s, p, f, b);
	}
	if (kind != GS_MEDIA_RTP && kind != GS_MEDIA_RTCP)
		return false;
	*m = (struct gs_srtp_media_packet){ .src = f->src,
		.dst = f->dst,
		.p = (const uint8_t *)b.p,
		.n = b.n,
		.cut = f->length < f->wire,
		.rtcp = kind == GS_MEDIA_RTCP,
		.ns = p->ns,
		.frame = p->frame,
		.file = p->file };
	if (m->rtcp) {
		m->ssrc = gs_be32(m->p + 4);
		s->counts.rtcp++;
		return true;
	}
	if (!gs_net_rtp_parse(&m->rtp, m->p, m->n))
		return false;
	m->ssrc = m->rtp.ssrc;
	s->counts.rtp++;
	return true;
}

/* Takes a datagram that is not SIP. */
static int
take_datagram(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_err *err)
{
	struct gs_srtp_media_packet m;
	struct gs_srtp_stream *st;

	if (!is_media(s, p, f, &m))
		return pass_other(s, p, f, err);
	st = gs_srtp_streams_offer(s->streams, &m, err);
	if (st == NULL)
		return -1;
	return pass(s, &(struct passing){ p, f, &m, st }, err);
}

static bool
looks_like_tls(const struct gs_net_frame *f)
{
	const uint8_t *p = f->p + f->payload;

	return f->length >= 6 && p[0] >= 20 && p[0] <= 23 && p[1] == 3 &&
	    p[2] <= 4;
}

static int
take_frame(struct gs_srtp_receiver *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_err *err)
{
	bool ip = f->kind == GS_FRAME_UDP || f->kind == GS_FRAME_TCP;

	s->counts.udp += f->kind == GS_FRAME_UDP;
	if (s->clear != NULL)
		gs_net_clear_place(s->clear, p, f);
	if (ip && gs_net_sip_feed(s->sip, p, f))
		return pass_other(s, p, f, err);
	if (ip)
		take_text(s, p, f);
	s->counts.cut += ip && f->length < f->wire;
	s->counts.tls += f->kind == GS_FRAME_TCP && looks_like_tls(f);
	return f->kind == GS_FRAME_UDP ? take_datagram(s, p, f, err) :
					 pass_other(s, p, f, err);
}

/* Passes on the fragments of incomplete datagrams as they are. */
static int
pass_lost(struct gs_srtp_receiver *s, struct gs_err *err)
{
	struct gs_net_packet p;
	int r = 0;

	while (r == 0 && gs_net_frames_lost(s->frames, &p)) {
		struct gs_net_frame f;

		gs_net_frames_lost_place(s->frames, &f);
		take_text(s, &p, &f);
		r = pass_other(s, &p, &f, err);
	}
	return r;
}

int
gs_srtp_receiver_packet(struct gs_srtp_receiver *s,
    const struct gs_net_packet *p, const char *capture, struct gs_err *err)
{
	struct gs_net_frame f;
	int r = 0;

	/* The first pass knew all secrets already. */
	if (!s->learned && retry_dtls(s, err) == -1)
		return -1;
	s->capture = capture;
	if (s->counts.packets++ == 0)
		s->counts.start = p->ns;
	/* Most packets are neither SIP nor text with keys. */
	if (gs_net_frame_parse(s->frames, p, &f)) {
		s->counts.udp++;
		return take_datagram(s, p, &f, err);
	}
	s->counts.malformed += f.kind == GS_FRAME_MALFORMED;
	s->counts.cut += f.kind == GS_FRAME_SHORT;
	if (f.kind != GS_FRAME_HELD)
		r = take_frame(s, p, &f, err);
	if (r == 0)
		r = pass_lost(s, err);
	if (r == 0)
		r = pass_clear(s, err);
	if (r == 0 && s->no_memory)
		r = gs_err_set(err, "out of memory");
	return r;
}

int
gs_srtp_receiver_idle(struct gs_srtp_receiver *s, uint64_t ns,
    struct gs_err *err)
{
	s->now += ns;
	if (retry_dtls(s, err) == -1)
		return -1;
	return release(s, s->now, false, err);
}

/* Reports what was not found because of a limit. */
static void
say_limits(struct gs_srtp_receiver *s)
{
	const struct gs_rule *rule = gs_srtp_key_rules.rule;
	struct gs_srtp_let_go let_go = gs_srtp_streams_let_go(s->streams);

	if (gs_srtp_streams_stopped(s->streams))
		(void)gs_diag(&s->diags, &rule[GS_SRTP_R_SEARCH_STOPPED],
		    (struct gs_pos){ 0 },
		    "the key search stopped after %llu attempts, before every "
		    "key was tried with every ROC: give only the keys of the "
		    "call, use a part of the capture (-F), or lower --roc-max",
		    (unsigned long long)gs_srtp_streams_tries(s->streams));
	if (let_go.streams > 0)
		(void)gs_diag(&s->diags, &rule[GS_SRTP_R_STREAMS_LET_GO],
		    (struct gs_pos){ 0 },
		    "more than %d streams at a time: %llu were closed early, "
		    "%llu of them before it was known whether they are RTP",
		    GS_STREAMS_MAX, (unsigned long long)let_go.streams,
		    (unsigned long long)let_go.unsure);
}

int
gs_srtp_receiver_end(struct gs_srtp_receiver *s, struct gs_err *err)
{
	gs_net_sip_end(s->sip);
	gs_net_frames_end(s->frames);
	int r = retry_dtls(s, err);

	if (r == 0)
		r = pass_lost(s, err);
	if (r == 0)
		r = pass_clear(s, err);
	if (r == 0)
		r = release(s, UINT64_MAX, true, err);
	gs_srtp_streams_end(s->streams);
	say_limits(s);
	return r;
}

struct gs_srtp_receiver_counts
gs_srtp_receiver_counts(const struct gs_srtp_receiver *s)
{
	struct gs_srtp_receiver_counts c = s->counts;

	/* frames is NULL if memory ran out. */
	if (s->frames != NULL)
		c.frames = gs_net_frames_counts(s->frames);
	if (s->scrub != NULL)
		c.scrub = gs_net_scrub_counts(s->scrub);
	if (s->clear != NULL)
		c.unwritten = gs_net_clear_lost(s->clear);
	if (s->dtls != NULL)
		c.dtls_keys = gs_srtp_dtls_keys(s->dtls);
	if (!s->learned)
		c.sip_counts = gs_net_sip_counts(s->sip);
	return c;
}

const struct gs_srtp_keyring *
gs_srtp_receiver_keyring(const struct gs_srtp_receiver *s)
{
	return s->keys;
}

const struct gs_srtp_announced *
gs_srtp_receiver_announced(const struct gs_srtp_receiver *s)
{
	return s->announced;
}

int
gs_srtp_receiver_blank(struct gs_srtp_receiver *s, char *text, size_t n,
    struct gs_err *err)
{
	if (s->scrub == NULL || n > FRAME)
		return 0;
	tell_keys(s);
	memcpy(s->scrubbed, text, n);
	return gs_net_scrub_text(s->scrub, gs_span(s->scrubbed, n),
	    (uint8_t *)text, err);
}

struct gs_diags *
gs_srtp_receiver_diags(struct gs_srtp_receiver *s)
{
	return &s->diags;
}

const char *
gs_srtp_receiver_dtls(const struct gs_srtp_receiver *s,
    const struct gs_net_addr *src, const struct gs_net_addr *dst)
{
	return s->dtls != NULL ? gs_srtp_dtls_why(s->dtls, src, dst) :
				 "the secrets of DTLS are not held";
}

uint64_t
gs_srtp_receiver_masked(const struct gs_srtp_receiver *s)
{
	return gs_srtp_keytext_masked(s->text) +
	    gs_srtp_keytext_masked(s->sip_text);
}
