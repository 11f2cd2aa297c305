/* SPDX-License-Identifier: MIT */
/* A file of payloads for players. */
#include "media/raw.h"

#include <errno.h>
#include <stdlib.h>

#include "media/amr_priv.h"
#include "media/ogg_priv.h"

enum {
	RESTART = 512, /* packets; farther back, a new sequence begins */
	GAP_S = 60, /* a longer gap separates talks */
	G729_FRAME = 10,
};

struct packet {
	uint8_t *p;
	size_t n;
	size_t size;
	uint32_t ts;
	bool used;
};

struct gs_media_raw {
	FILE *fp;
	struct gs_media_codec codec;
	struct gs_media_ogg ogg;
	bool begun; /* something was written */
	uint32_t ts; /* of the last packet written, */
	int64_t pos; /* which began this many samples after the first, */
	int64_t end; /* the end of what was written */
	int64_t sound; /* samples that were sent */
	int64_t filled; /* and that were not */
	uint64_t malformed; /* packets that were left out */
	struct packet slot[GS_RAW_INTERLEAVED]; /* by seq % slots */
	unsigned slots;
	size_t held;
	uint16_t next;
	bool started;
};

int
gs_media_raw_open(struct gs_media_raw **r, FILE *fp,
    const struct gs_media_codec *codec, struct gs_err *err)
{
	*r = calloc(1, sizeof(**r));
	if (*r == NULL)
		return gs_err_sys(err, ENOMEM, "payload file");
	(*r)->fp = fp;
	(*r)->codec = *codec;
	(*r)->slots = gs_media_codec_interleaved(codec) ? GS_RAW_INTERLEAVED :
							  GS_RAW_HELD;
	(*r)->ogg.fp = fp;
	return 0;
}

/* ---- what a packet becomes */

static void
put(struct gs_media_raw *r, const void *p, size_t n)
{
	(void)fwrite(p, 1, n, r->fp); /* errors stay with it */
}

/* The head of a file (RFC 4867 section 5.1, RFC 3952 section 4.2). */
static void
put_header(struct gs_media_raw *r, size_t n)
{
	if (r->codec.kind == GS_CODEC_AMR)
		put(r, "#!AMR\n", 6);
	else if (r->codec.kind == GS_CODEC_AMR_WB)
		put(r, "#!AMR-WB\n", 9);
	else if (strcmp(r->codec.name, "iLBC") == 0)
		put(r, n % 50 == 0 ? "#!iLBC30\n" : "#!iLBC20\n", 9);
}

/* Empty frames of samples samples each for the time up to pos: at most as long
 * as what was sent, plus a minute. */
static void
fill(struct gs_media_raw *r, int64_t each, const void *frame, size_t n)
{
	int64_t most = r->sound + (int64_t)GAP_S * r->codec.rate;

	for (; r->end + each <= r->pos && r->filled < most; r->end += each) {
		put(r, frame, n);
		r->filled += each;
	}
}

static void
put_amr(struct gs_media_raw *r, const struct packet *s)
{
	static const uint8_t none = 15 << 3 | 4;
	bool wide = r->codec.kind == GS_CODEC_AMR_WB;
	uint8_t frames[GS_AMR_OCTETS];
	size_t octets;

	fill(r, r->codec.rate / 50, &none, 1);
	(void)gs_media_amr_frames(wide, r->codec.variant, s->p, s->n, frames,
	    &octets);
	put(r, frames, octets);
}

static void
put_g729(struct gs_media_raw *r, const struct packet *s)
{
	static const uint8_t none[G729_FRAME] = { 0 };
	size_t whole = s->n / G729_FRAME * G729_FRAME;

	fill(r, r->codec.rate / 100, none, sizeof(none));
	put(r, s->p, whole);
	if (s->n > whole)
		put(r, none, sizeof(none));
}

static int
put_ogg(struct gs_media_raw *r, const struct packet *s, int64_t samples)
{
	struct gs_span p = gs_span(s->p, s->n);

	if (r->ogg.pages == 0)
		gs_media_ogg_begin(&r->ogg, &r->codec, p);
	return gs_media_ogg_put(&r->ogg, p, (uint64_t)(r->pos + samples));
}

/* The place of s after what was written. */
static void
find_place(struct gs_media_raw *r, const struct packet *s)
{
	int64_t step = (int32_t)(s->ts - r->ts);

	if (!r->begun)
		step = 0;
	r->pos +=
	    r->codec.clock > 0 ? step * r->codec.rate / r->codec.clock : 0;
	if (r->pos < r->end || r->pos > r->end + (int64_t)GAP_S * r->codec.rate)
		r->pos = r->end;
	r->ts = s->ts;
}

static int
write_packet(struct gs_media_raw *r, const struct packet *s, struct gs_err *err)
{
	int64_t samples =
	    (int64_t)gs_media_codec_samples(&r->codec, s->p, s->n);
	bool decodes = gs_media_codec_decodes(&r->codec);
	int rc = 0;

	if (s->n == 0 || (decodes && samples == 0) || s->n > GS_OGG_PACKET) {
		r->malformed += s->n > 0;
		return 0;
	}
	find_place(r, s);
	if (!r->begun)
		put_header(r, s->n);
	r->begun = true;
	switch (r->codec.kind) {
	case GS_CODEC_OPUS:
	case GS_CODEC_SPEEX: rc = put_ogg(r, s, samples); break;
	case GS_CODEC_AMR:
	case GS_CODEC_AMR_WB: put_amr(r, s); break;
	case GS_CODEC_G729: put_g729(r, s); break;
	default: put(r, s->p, s->n); break;
	}
	r->end = r->pos + samples;
	r->sound += samples;
	if (rc == -1)
		return gs_err_sys(err, ENOMEM, "payload file");
	return ferror(r->fp) == 0 ? 0 : gs_err_sys(err, errno, "payload file");
}

/* ---- packets in order */

/* Writes the packet next, if it is there, and moves to the following one. */
static int
step(struct gs_media_raw *r, struct gs_err *err)
{
	struct packet *s = &r->slot[r->next % r->slots];

	r->next++;
	if (!s->used)
		return 0;
	s->used = false;
	r->held--;
	return write_packet(r, s, err);
}

static int
drain(struct gs_media_raw *r, struct gs_err *err)
{
	while (r->held > 0)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

/* Gives up the oldest until seq, which is d after next, has a slot. */
static int
make_room(struct gs_media_raw *r, uint16_t seq, int d, struct gs_err *err)
{
	if (d >= 2 * (int)r->slots) {
		if (drain(r, err) < 0)
			return -1;
		r->next = (uint16_t)(seq - (r->slots - 1));
		return 0;
	}
	for (; d >= (int)r->slots; d--)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

static int
store(struct packet *s, uint32_t ts, struct gs_span p, struct gs_err *err)
{
	if (s->size < p.n) {
		uint8_t *grown = realloc(s->p, p.n);

		if (grown == NULL)
			return gs_err_sys(err, ENOMEM, "packet of %zu bytes",
			    p.n);
		s->p = grown;
		s->size = p.n;
	}
	if (p.n > 0)
		memcpy(s->p, p.p, p.n);
	s->n = p.n;
	s->ts = ts;
	s->used = true;
	return 0;
}

static int
put_ordered(struct gs_media_raw *r, uint16_t seq, uint32_t ts,
    struct gs_span payload, struct gs_err *err)
{
	struct packet *s = &r->slot[seq % r->slots];
	int d = r->started ? (int16_t)(seq - r->next) : 0;

	if (d <= -RESTART && drain(r, err) < 0)
		return -1;
	if (!r->started || d <= -RESTART) {
		r->next = seq;
		d = 0;
	}
	r->started = true;
	if (d < 0)
		return 0;
	if (make_room(r, seq, d, err) < 0)
		return -1;
	if (s->used)
		return 0;
	if (store(s, ts, payload, err) < 0)
		return -1;
	r->held++;
	while (r->slot[r->next % r->slots].used)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

/* Frames that are not neighbours come into their order by their time. */
static int
put_parts(struct gs_media_raw *r, uint32_t ts, struct gs_span payload,
    struct gs_err *err)
{
	bool wide = r->codec.kind == GS_CODEC_AMR_WB;
	uint32_t each = r->codec.clock / 50;
	uint8_t part[GS_AMR_PART];
	unsigned later;
	size_t n;

	for (size_t i = 0; (n = gs_media_amr_part(wide, r->codec.variant,
				payload, i, part, &later)) > 0;
	     i++)
		if (put_ordered(r, (uint16_t)(ts / each + later),
			ts + later * each, gs_span(part, n), err) < 0)
			return -1;
	return 0;
}

int
gs_media_raw_put(struct gs_media_raw *r, uint16_t seq, uint32_t ts,
    struct gs_span payload, struct gs_err *err)
{
	return gs_media_codec_interleaved(&r->codec) ?
	    put_parts(r, ts, payload, err) :
	    put_ordered(r, seq, ts, payload, err);
}

int
gs_media_raw_close(struct gs_media_raw *r, uint64_t *malformed,
    struct gs_err *err)
{
	int rc;

	*malformed = 0;
	if (r == NULL)
		return 0;
	rc = drain(r, err);
	gs_media_ogg_end(&r->ogg);
	if (rc == 0 && fflush(r->fp) != 0)
		rc = gs_err_sys(err, errno, "payload file");
	for (size_t i = 0; i < r->slots; i++)
		free(r->slot[i].p);
	*malformed = r->malformed;
	free(r);
	return rc;
}
