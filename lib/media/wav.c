/* SPDX-License-Identifier: MIT */
/* A call or a stream as a WAV file. */
#include "media/wav.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>

#include "media/amr_priv.h"
#include "base/bytes.h"
#include "media/clock_priv.h"
#include "media/decoder.h"
#include "media/track_priv.h"

enum {
	HEADER = 44,
	WRITE = 64 * 1024, /* octets written at once to stereo, */
	WRITE_MONO = 16 * 1024, /* and to mono */
	WEAVE = 8, /* frames woven at a time; divides GS_TICK_MAX */
	SECOND = 1000000000,
	TICK = SECOND / GS_TICKS,
	TICK_OCTETS = 4 * GS_TICK_MAX,
	HEAD = GS_WAV_WINDOW_MS * GS_TICKS / 1000, /* ticks before the first
						    * packet */
};

/* One SSRC in one channel. Positions count the codec's clock from origin, which
 * is HEAD ticks before the first packet. */
struct source {
	struct gs_media_wav *w;
	unsigned channel;
	bool used;
	uint32_t ssrc;
	struct gs_media_codec codec;
	uint64_t seen; /* capture time of its newest packet */
	unsigned epoch; /* of w when it was last placed by capture time */
	struct gs_media_clock clock;
	struct gs_media_source
	    *sound; /* NULL: its codec's library is missing */
	struct gs_media_held *kept; /* its place is not certain yet */
};

struct gs_media_wav {
	FILE *fp;
	off_t base; /* where the header is; -1 on a pipe */
	unsigned channels;
	bool started;
	unsigned epoch; /* grows when origin moves */
	uint64_t origin; /* capture time of position 0 */
	uint64_t skip; /* ns of the first tick that are not written */
	uint64_t newest; /* capture time */
	uint64_t talk; /* ns between packets, */
	uint64_t pauses; /* and in written pauses */
	struct gs_media_track track[2];
	struct source source[2][GS_WAV_SOURCES];
	struct gs_media_wav_budget own; /* budget, when the caller has none */
	struct gs_media_wav_budget *budget;
	struct gs_media_wav_stats stats;
	int broken; /* errno of a write that failed, which was the last one */
	size_t n; /* octets in out */
	size_t size; /* of out, but for a tick */
	uint8_t out[];
};

/* A file opened this way cannot be rewound. */
static bool
appends(FILE *fp)
{
	int flags = fileno(fp) == -1 ? 0 : fcntl(fileno(fp), F_GETFL);

	return flags != -1 && (flags & O_APPEND) != 0;
}

int
gs_media_wav_open(struct gs_media_wav **w, FILE *fp, unsigned channels,
    uint32_t rate, struct gs_media_wav_budget *budget, struct gs_err *err)
{
	struct gs_media_wav *new = NULL;
	size_t size;

	*w = NULL;
	if (channels < 1 || channels > 2)
		return gs_err_set(err, "a WAV file of %u channels", channels);
	if (rate != 0 && (rate < 8000 || rate > 48000 || rate % GS_TICKS))
		return gs_err_set(err, "a WAV file at %lu Hz",
		    (unsigned long)rate);
	size = channels > 1 ? WRITE : WRITE_MONO;
	new = calloc(1, sizeof(*new) + size + TICK_OCTETS);
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "WAV file");
	new->fp = fp;
	new->size = size;
	/* out is the buffer: another one would cut each write in two. */
	(void)setvbuf(fp, NULL, _IONBF, 0);
	new->base = appends(fp) ? -1 : ftello(fp);
	new->channels = channels;
	new->stats.rate = rate;
	new->stats.sizes_unknown = new->base < 0;
	new->own.limit = SIZE_MAX;
	new->budget = budget != NULL ? budget : &new->own;
	for (unsigned c = 0; c < channels; c++)
		new->track[c].budget = new->budget;
	*w = new;
	return 0;
}

/* ---- the file */

/* RIFF, "fmt " for PCM, "data" (Microsoft and IBM, 1991). */
static void
put_header(const struct gs_media_wav *w, uint32_t data, uint8_t h[HEADER])
{
	uint32_t frame = 2 * w->channels;
	bool unknown = data == UINT32_MAX;

	memset(h, 0, HEADER);
	memcpy(h, "RIFF....WAVEfmt ", 16);
	gs_put_le32(h + 4, unknown ? data : data + HEADER - 8);
	gs_put_le32(h + 16, 16);
	gs_put_le16(h + 20, 1);
	gs_put_le16(h + 22, w->channels);
	gs_put_le32(h + 24, w->stats.rate);
	gs_put_le32(h + 28, w->stats.rate * frame);
	gs_put_le16(h + 32, frame);
	gs_put_le16(h + 34, 16);
	memcpy(h + 36, "data", 4);
	gs_put_le32(h + 40, data);
}

/* Whether something was written, be it to out. */
static bool
has_begun(const struct gs_media_wav *w)
{
	return w->n > 0 || w->stats.frames > 0;
}

/* Fixes the rate by what was seen so far. */
static void
begin(struct gs_media_wav *w)
{
	uint32_t left = gs_media_track_rate(&w->track[0]);
	uint32_t right = gs_media_track_rate(&w->track[1]);

	if (has_begun(w))
		return;
	if (w->stats.rate == 0)
		w->stats.rate = left > right ? left : right;
	if (w->stats.rate == 0)
		w->stats.rate = 8000;
	put_header(w, UINT32_MAX, w->out);
	w->n = HEADER;
}

/* Writes the first n octets of out. */
static int
write_out(struct gs_media_wav *w, size_t n, struct gs_err *err)
{
	if (w->broken == 0 && fwrite(w->out, 1, n, w->fp) != n)
		w->broken = errno;
	if (w->broken != 0)
		return gs_err_sys(err, w->broken, "cannot write");
	w->n -= n;
	memmove(w->out, w->out + n, w->n);
	return 0;
}

/* Eight frames of two channels, for which the compiler has vectors. */
static void
weave(uint8_t *out, const int16_t *left, const int16_t *right)
{
	uint16_t v[2 * WEAVE];

	for (int i = 0; i < WEAVE; i++) {
		v[2 * i] = htole16((uint16_t)left[i]);
		v[2 * i + 1] = htole16((uint16_t)right[i]);
	}
	memcpy(out, v, sizeof(v));
}

/* right: NULL if there is one channel. May write up to WEAVE - 1 frames more
 * than n: GS_TICK_MAX has room. */
static void
interleave(uint8_t *p, const int16_t *left, const int16_t *right, size_t n)
{
	if (right == NULL) {
		for (size_t i = 0; i < n; i++, p += 2)
			gs_put_le16(p, (uint16_t)left[i]);
		return;
	}
	for (size_t i = 0; i < n; i += WEAVE)
		weave(p + 4 * i, left + i, right + i);
}

/* Reads the next tick of all channels into out. */
static int
read_tick(struct gs_media_wav *w, uint8_t *out, struct gs_err *err)
{
	size_t n = w->stats.rate / GS_TICKS;
	int16_t pcm[2][GS_TICK_MAX];
	bool silent = true;

	for (unsigned c = 0; c < w->channels; c++) {
		struct gs_media_track *t = &w->track[c];

		silent = silent && gs_media_track_silent(t);
		if (gs_media_track_read(t, w->stats.rate, pcm[c], err) < 0)
			return -1;
	}
	if (silent)
		memset(out, 0, 2 * w->channels * n);
	else if (w->channels == 1)
		interleave(out, pcm[0], NULL, n);
	else
		interleave(out, pcm[w->stats.left], pcm[1 - w->stats.left], n);
	return 0;
}

/* Writes the next tick, at most max frames of it. Behind a write that failed,
 * out has no room for one. */
static int
write_tick(struct gs_media_wav *w, int64_t max, struct gs_err *err)
{
	size_t n = 0, skip, frame = w->channels > 1 ? 4 : 2;
	uint8_t *out = w->out;

	if (w->broken != 0)
		return gs_err_sys(err, w->broken, "cannot write");
	begin(w);
	n = w->stats.rate / GS_TICKS;
	skip = (size_t)((w->skip * n + TICK / 2) / TICK);
	w->skip = 0;
	n = max < (int64_t)n ? (size_t)max : n;
	skip = skip < n ? skip : n;
	out += w->n;
	if (read_tick(w, out, err) < 0)
		return -1;
	n -= skip;
	if (skip > 0)
		memmove(out, out + frame * skip, frame * n);
	w->n += frame * n;
	w->stats.frames += n;
	return w->n < w->size ? 0 : write_out(w, w->size, err);
}

/* ---- sources */

static void
source_end(struct source *s)
{
	free(s->kept);
	gs_media_source_free(s->sound);
	*s = (struct source){ 0 };
}

/* Begins the source with codec c. */
static int
source_codec(struct source *s, const struct gs_media_codec *c,
    struct gs_err *err)
{
	bool stateless = gs_media_codec_octets(c->kind, c->channels) > 0;
	struct gs_media_decoder *decoder = NULL;

	if (s->codec.clock != c->clock)
		s->clock = (struct gs_media_clock){ .rate = c->clock };
	free(s->kept);
	s->kept = NULL;
	gs_media_source_free(s->sound);
	s->sound = NULL;
	s->codec = *c;
	errno = 0;
	if (!stateless && (decoder = gs_media_decoder_new(c)) == NULL)
		/* Silence stands for a codec without a decoder alone. */
		return errno == ENOMEM ? gs_err_sys(err, ENOMEM, "decoder") : 0;
	s->sound = gs_media_source_new(decoder);
	return s->sound != NULL ? 0 : gs_err_sys(err, ENOMEM, "decoder");
}

/* A free place, or that of the source that was silent the longest. */
static struct source *
source_new(struct gs_media_wav *w, unsigned channel, uint32_t ssrc)
{
	struct source *s = &w->source[channel][0];

	for (size_t i = 1; i < GS_WAV_SOURCES && s->used; i++) {
		struct source *other = &w->source[channel][i];

		if (!other->used || other->seen < s->seen)
			s = other;
	}
	source_end(s);
	*s = (struct source){ .w = w,
		.channel = channel,
		.used = true,
		.ssrc = ssrc,
		.epoch = w->epoch - 1 };
	return s;
}

static int
source_find(struct gs_media_wav *w, unsigned channel,
    const struct gs_media_wav_packet *p, struct source **s, struct gs_err *err)
{
	*s = NULL;
	for (size_t i = 0; i < GS_WAV_SOURCES; i++)
		if (w->source[channel][i].used &&
		    w->source[channel][i].ssrc == p->ssrc)
			*s = &w->source[channel][i];
	if (*s == NULL)
		*s = source_new(w, channel, p->ssrc);
	if ((*s)->codec.kind != p->codec->kind ||
	    (*s)->codec.clock != p->codec->clock ||
	    (*s)->codec.channels != p->codec->channels ||
	    (*s)->codec.variant != p->codec->variant)
		return source_codec(*s, p->codec, err);
	return 0;
}

/* ---- time */

/* A capture time in units of clock, from the file's start. */
static int64_t
by_capture(const struct gs_media_wav *w, uint64_t time, uint32_t clock)
{
	int64_t ns = (int64_t)(time - w->origin);
	int64_t half = ns < 0 ? -SECOND / 2 : SECOND / 2;

	return ns / SECOND * clock + (ns % SECOND * clock + half) / SECOND;
}

/* Writes samples older than the window. */
static int
advance(struct gs_media_wav *w, struct gs_err *err)
{
	int64_t until = ((int64_t)(w->newest - w->origin) -
			    GS_WAV_WINDOW_MS * (int64_t)1000000) /
	    TICK;

	while (w->track[0].tick < until)
		if (write_tick(w, GS_TICK_MAX, err) < 0)
			return -1;
	return 0;
}

/* Writes from the window until all files together are within their budget. */
static int
make_room(struct gs_media_wav *w, struct gs_err *err)
{
	while (w->budget->held > w->budget->limit &&
	    (gs_media_track_waits(&w->track[0]) ||
		gs_media_track_waits(&w->track[1])))
		if (write_tick(w, GS_TICK_MAX, err) < 0)
			return -1;
	return 0;
}

/* Writes everything; the last sample is the last frame when exact. */
static int
finish(struct gs_media_wav *w, bool exact, struct gs_err *err)
{
	int64_t end = 0, n, at;

	begin(w);
	n = w->stats.rate / GS_TICKS;
	for (unsigned c = 0; c < w->channels; c++) {
		int64_t e = gs_media_track_end(&w->track[c], w->stats.rate);

		end = e > end ? e : end;
	}
	for (at = w->track[0].tick * n; at < end; at += n)
		if (write_tick(w, exact ? end - at : n, err) < 0)
			return -1;
	return 0;
}

/* Moves position 0 so that time is the end of the file. */
static int
cut(struct gs_media_wav *w, uint64_t time, struct gs_err *err)
{
	if (finish(w, false, err) < 0)
		return -1;
	for (int i = 0; i < GS_TICKS; i++)
		if (write_tick(w, GS_TICK_MAX, err) < 0)
			return -1;
	w->origin = time - (uint64_t)w->track[0].tick * TICK;
	w->newest = time;
	w->epoch++;
	w->stats.cuts++;
	return 0;
}

/* Whether the capturing clock was set back, which is noted: the packet is old
 * by its time, but continues the last one by number and timestamp. */
static bool
step_back(struct gs_media_wav *w, const struct source *s,
    const struct gs_media_wav_packet *p)
{
	int64_t now = by_capture(w, w->newest, s->codec.clock);
	int64_t clock = s->codec.clock, most = clock * GS_WAV_RESYNC_MS / 1000;
	int64_t pos = s->clock.pos + (int32_t)(p->timestamp - s->clock.ts);

	if (s->epoch != w->epoch || (int16_t)(p->seq - s->clock.seq) <= 0 ||
	    w->newest - p->time <= GS_WAV_WINDOW_MS * UINT64_C(1000000) ||
	    pos - now > most || now - pos > most)
		return false;
	w->origin = p->time -
	    (uint64_t)(pos / clock * SECOND + pos % clock * SECOND / clock);
	w->newest = p->time;
	return true;
}

/* Begins the file at time. */
static void
begin_at(struct gs_media_wav *w, unsigned channel, uint64_t time)
{
	uint64_t at = time - w->origin;

	for (unsigned c = 0; c < w->channels; c++)
		w->track[c].tick = (int64_t)(at / TICK);
	w->skip = at % TICK;
	w->stats.left = channel;
}

/* A packet that was captured before all others, but known later, begins the
 * file as long as nothing of it was written. */
static void
begin_earlier(struct gs_media_wav *w, unsigned channel, uint64_t time)
{
	int64_t first = w->track[0].tick * TICK + (int64_t)w->skip;
	int64_t at = (int64_t)(time - w->origin);

	if (!has_begun(w) && at >= 0 && at < first)
		begin_at(w, channel, time);
}

/* Whether a silence is too long to be written. */
static bool
is_cut(struct gs_media_wav *w, uint64_t gap)
{
	if (gap <= GS_WAV_PAUSE_S * (uint64_t)SECOND) {
		w->talk += gap;
		return false;
	}
	if (gap > GS_WAV_GAP_S * (uint64_t)SECOND ||
	    w->pauses + gap >
		GS_WAV_PAUSES_S * (uint64_t)SECOND + GS_WAV_PAUSES * w->talk)
		return true;
	w->pauses += gap;
	return false;
}

static int
keep_time(struct gs_media_wav *w, const struct source *s,
    const struct gs_media_wav_packet *p, struct gs_err *err)
{
	if (!w->started) {
		w->started = true;
		w->origin = p->time - HEAD * (uint64_t)TICK;
		w->newest = p->time;
		begin_at(w, 0, p->time);
	}
	if (p->time < w->newest) {
		if (!step_back(w, s, p))
			begin_earlier(w, s->channel, p->time);
		return 0;
	}
	if (is_cut(w, p->time - w->newest))
		return cut(w, p->time, err);
	w->newest = p->time;
	return advance(w, err);
}

/* Adds the payload of h to its channel. */
static int
take(struct source *s, const struct gs_media_held *h, const uint8_t *p,
    struct gs_err *err)
{
	int rc = gs_media_track_put(&s->w->track[s->channel], s->codec.rate, h,
	    p, err);

	s->w->stats.packets += rc == 1;
	s->w->stats.beyond += rc == 0;
	return rc < 0 ? -1 : 0;
}

/* Adds the packet whose place was uncertain at pos. */
static int
take_kept(struct source *s, int64_t pos, struct gs_err *err)
{
	struct gs_media_held *h = s->kept;
	int rc;

	if (h == NULL)
		return 0;
	s->kept = NULL;
	h->pos = pos;
	rc = take(s, h, h->p, err);
	free(h);
	return rc;
}

static int
keep(struct source *s, const struct gs_media_held *h, const uint8_t *p,
    struct gs_err *err)
{
	s->kept = malloc(offsetof(struct gs_media_held, p) + h->n);
	if (s->kept == NULL)
		return gs_err_sys(err, ENOMEM, "audio of %zu octets",
		    (size_t)h->n);
	memcpy(s->kept, h, offsetof(struct gs_media_held, p));
	memcpy(s->kept->p, p, h->n);
	return 0;
}

/* The samples of p, at most GS_WAV_PACKET_MS. A codec with frames is not cut.
 * False: none. */
static bool
measure(struct source *s, const struct gs_media_wav_packet *p,
    struct gs_media_held *h)
{
	const struct gs_media_codec *c = &s->codec;
	size_t octets = gs_media_codec_octets(c->kind, c->channels);
	size_t max = (size_t)c->rate * GS_WAV_PACKET_MS / 1000;
	size_t n = p->n < UINT16_MAX ? p->n : UINT16_MAX, samples;

	*h = (struct gs_media_held){ .source = s->sound,
		.seq = p->seq,
		.kind = (uint8_t)c->kind,
		.channels = c->channels };
	if (c->kind == GS_CODEC_G722)
		n = n < max / 2 ? n : max / 2;
	else if (octets > 0)
		n = n / octets < max ? n / octets * octets : max * octets;
	samples = gs_media_codec_samples(c, p->payload, n);
	h->n = (uint16_t)n;
	h->samples = (uint32_t)samples;
	s->w->stats.malformed += p->n > 0 && samples == 0;
	s->w->stats.longer += samples > max ||
	    (samples > 0 && p->n >= n + (octets > 0 ? octets : 1));
	return samples > 0 && samples <= max;
}

static void
move(struct source *s, const struct gs_media_clock_place *where)
{
	unsigned per_clock = s->codec.rate / s->codec.clock;

	s->w->stats.resyncs += where->resync;
	if (where->move_by != 0 && s->sound != NULL)
		gs_media_track_move(&s->w->track[s->channel], s->codec.rate,
		    s->sound, where->move_from * per_clock,
		    where->move_by * per_clock);
}

/* Lets the frames of an interleaved payload wait, each at its place. */
static int
take_parts(struct source *s, const struct gs_media_held *h,
    struct gs_span payload, struct gs_err *err)
{
	bool wide = s->codec.kind == GS_CODEC_AMR_WB;
	uint8_t p[GS_AMR_PART];
	struct gs_media_held one = *h;
	unsigned later;
	size_t n;

	one.samples = s->codec.rate / 50;
	one.stretch = 0;
	for (size_t i = 0; (n = gs_media_amr_part(wide, s->codec.variant,
				payload, i, p, &later)) > 0;
	     i++) {
		one.n = (uint16_t)n;
		one.pos = h->pos + (int64_t)later * one.samples;
		if (take(s, &one, p, err) < 0)
			return -1;
	}
	return 0;
}

/* Finds the place of p, whose sound is h, and adds it there. */
static int
locate(struct source *s, const struct gs_media_wav_packet *p,
    struct gs_media_held *h, struct gs_err *err)
{
	unsigned per_clock = s->codec.rate / s->codec.clock;
	struct gs_media_clock_place where;
	struct gs_media_clock_packet packet = {
		.captured = by_capture(s->w, p->time, s->codec.clock),
		.ts = p->timestamp,
		.length = h->samples / per_clock,
		.seq = p->seq,
	};

	if (s->epoch != s->w->epoch)
		s->clock.anchored = false;
	s->epoch = s->w->epoch;
	gs_media_clock_place(&s->clock, &packet, &where);
	move(s, &where);
	if (s->kept != NULL &&
	    take_kept(s,
		where.what == GS_PLACE_RESTART ? where.kept * per_clock :
						 s->kept->pos,
		err) < 0)
		return -1;
	h->pos = where.pos * per_clock;
	h->stretch = (int16_t)(where.stretch * (int)per_clock);
	if (where.what == GS_PLACE_UNSURE)
		return keep(s, h, p->payload, err);
	return gs_media_codec_interleaved(&s->codec) ?
	    take_parts(s, h, gs_span(p->payload, p->n), err) :
	    take(s, h, p->payload, err);
}

int
gs_media_wav_put(struct gs_media_wav *w, unsigned channel,
    const struct gs_media_wav_packet *p, struct gs_err *err)
{
	struct gs_media_held h;
	struct source *s = NULL;

	if (channel >= w->channels)
		return gs_err_set(err, "a WAV file without channel %u",
		    channel);
	if (!gs_media_codec_decodes(p->codec)) {
		w->stats.skipped++;
		return 0;
	}
	if (source_find(w, channel, p, &s, err) < 0 ||
	    keep_time(w, s, p, err) < 0)
		return -1;
	if (p->time > s->seen)
		s->seen = p->time;
	if (s->sound == NULL) {
		w->stats.skipped++;
		return 0;
	}
	if (measure(s, p, &h) && locate(s, p, &h, err) < 0)
		return -1;
	return make_room(w, err);
}

/* Goes back to fill in the sizes, if the header can say them. */
static int
end_file(struct gs_media_wav *w, struct gs_err *err)
{
	uint64_t data = w->stats.frames * 2 * w->channels;
	uint8_t h[HEADER];

	if (write_out(w, w->n, err) < 0)
		return -1;
	w->stats.huge = data > UINT32_MAX - HEADER;
	if (w->base >= 0 && !w->stats.huge) {
		put_header(w, (uint32_t)data, h);
		if (fseeko(w->fp, w->base, SEEK_SET) < 0 ||
		    fwrite(h, 1, HEADER, w->fp) != HEADER ||
		    fseeko(w->fp, 0, SEEK_END) < 0)
			return gs_err_sys(err, errno, "cannot write");
	}
	if (fflush(w->fp) != 0)
		return gs_err_sys(err, errno, "cannot write");
	return 0;
}

/* A packet that waited for the next one is placed without it. */
static int
settle(struct gs_media_wav *w, struct gs_err *err)
{
	struct gs_media_clock_place where;

	for (size_t i = 0; i < 2 * (size_t)GS_WAV_SOURCES; i++) {
		struct source *s =
		    &w->source[i / GS_WAV_SOURCES][i % GS_WAV_SOURCES];

		if (!s->used || s->codec.clock == 0)
			continue;
		gs_media_clock_settle(&s->clock, &where);
		move(s, &where);
		if (s->kept != NULL && take_kept(s, s->kept->pos, err) < 0)
			return -1;
	}
	return 0;
}

int
gs_media_wav_close(struct gs_media_wav *w, struct gs_media_wav_stats *stats,
    struct gs_err *err)
{
	int rc;

	if (stats != NULL)
		*stats = (struct gs_media_wav_stats){ 0 };
	if (w == NULL)
		return 0;
	rc = settle(w, err);
	if (rc == 0)
		rc = finish(w, true, err);
	if (rc == 0)
		rc = end_file(w, err);
	if (stats != NULL)
		*stats = w->stats;
	for (unsigned c = 0; c < 2; c++) {
		gs_media_track_free(&w->track[c]);
		for (size_t i = 0; i < GS_WAV_SOURCES; i++)
			source_end(&w->source[c][i]);
	}
	free(w);
	return rc;
}

void
gs_media_wav_library(struct gs_buf *b)
{
	gs_media_resample_library(b);
	gs_buf_putc(b, '\n');
	gs_media_decoder_library(b);
}
