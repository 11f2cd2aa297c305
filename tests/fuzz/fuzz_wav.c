/* SPDX-License-Identifier: MIT */
/* Packets of several sources into a WAV file: in order where the input does
 * not say otherwise, so that it can say late, lost, again, another codec, a
 * silence, a clock that was set back. No crash; header and statistics agree
 * with what was written, and nothing is longer than it took. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A record: source and codec, time step, sequence number, timestamp (2),
 * length. A silence is written, too: a file that grew to LARGE gets no more
 * packets. */
enum { RECORD = 6, RECORDS = 96, HEADER = 44, LARGE = 1 << 18 };

static const uint64_t MS = 1000000;

/* The file: its first octets, and how long it became. */
struct sink {
	uint8_t header[HEADER];
	uint64_t at;
	uint64_t size;
};

/* What a source sends next. */
struct sender {
	uint16_t seq;
	uint32_t timestamp;
};

struct run {
	struct gs_media_wav *w;
	struct gs_media_wav_budget budget;
	struct sender sender[2][16];
	unsigned channels;
	uint64_t time;
	uint64_t forward; /* of all steps */
	bool set_back;
	uint64_t packets;
};

static ssize_t
sink_write(void *arg, const char *p, size_t n)
{
	struct sink *s = arg;

	for (size_t i = 0; i < n && s->at + i < HEADER; i++)
		s->header[s->at + i] = (uint8_t)p[i];
	s->at += n;
	s->size = s->at > s->size ? s->at : s->size;
	return (ssize_t)n;
}

static int
sink_seek(void *arg, off64_t *at, int whence)
{
	struct sink *s = arg;

	s->at = (uint64_t)*at +
	    (whence == SEEK_SET        ? 0 :
		    whence == SEEK_CUR ? s->at :
					 s->size);
	*at = (off64_t)s->at;
	return 0;
}

static uint32_t
le(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Octets of a payload, and what the timestamp grows by. */
static size_t
pick_codec(struct gs_media_codec *c, unsigned v, size_t n, uint32_t *step)
{
	static const uint8_t type[] = { 8, 0, 9, 11, 10, 13 };
	static const uint32_t clock[] = { 48000, 11025 };

	if (v < sizeof(type))
		(void)gs_media_codec_static(c, type[v]);
	else
		gs_media_codec_rtpmap(c, gs_span("L16", 3), clock[v & 1], 1);
	*step = (uint32_t)n;
	if (c->kind == GS_CODEC_L16)
		*step /= 2 * c->channels;
	return n;
}

/* Milliseconds, up to two seconds, silences, steps back. */
static void
pass_time(struct run *r, uint8_t v)
{
	static const uint16_t silence[] = { 1, 2, 6, 7, 3601, 40000 };
	uint64_t step = (v & 63) * MS;

	if (v >= 224) {
		r->time -= (v & 31) * 700 * MS;
		/* The timestamp may say that this much went by. */
		r->forward += GS_WAV_RESYNC_MS * MS;
		r->set_back = true;
		return;
	}
	if (v >= 192)
		step = silence[v % 6] * 1000 * MS;
	else if (v >= 128)
		step *= 30;
	else if (v >= 64)
		step *= 10;
	r->time += step;
	r->forward += step;
}

static void
put(struct run *r, const uint8_t *p)
{
	static const uint8_t payload[60000] = { 1, 2, 3, 4, 5, 6, 200, 100 };
	unsigned channel = p[0] & (r->channels - 1);
	struct sender *s = &r->sender[channel][p[0] >> 1 & 15];
	struct gs_media_codec c;
	uint32_t step;
	struct gs_media_wav_packet packet = { .codec = &c,
		.payload = payload,
		.ssrc = p[0] >> 1 & 15 };

	packet.n = pick_codec(&c, p[0] >> 5,
	    p[5] == 255 ? sizeof(payload) : (size_t)p[5] * 4, &step);
	pass_time(r, p[1]);
	packet.time = r->time;
	/* 0 is the next one; great differences only with 128. */
	packet.seq = (uint16_t)(s->seq + (p[2] == 128 ? 30000 : (int8_t)p[2]));
	packet.timestamp = s->timestamp + (uint32_t)(int8_t)p[2] * step +
	    (p[3] == 128 ? (uint32_t)p[4] << 24 :
			   (uint32_t)(int8_t)p[3] * 256 + p[4]);
	if (gs_media_wav_put(r->w, channel, &packet, NULL) < 0)
		abort();
	r->packets++;
	if ((int8_t)p[2] < 0)
		return; /* a late one: what comes next is the same */
	s->seq = (uint16_t)(packet.seq + 1);
	s->timestamp = packet.timestamp + step;
}

static void
check(const struct run *r, const struct sink *s, bool pipe,
    const struct gs_media_wav_stats *t)
{
	uint64_t data = t->frames * 2 * r->channels;
	uint32_t said = pipe ? UINT32_MAX : (uint32_t)data;

	if (s->size != HEADER + data || t->sizes_unknown != pipe ||
	    le(s->header + 4, 4) != (pipe ? said : said + HEADER - 8) ||
	    le(s->header + 40, 4) != said || t->rate == 0 ||
	    le(s->header + 24, 4) != t->rate ||
	    le(s->header + 22, 2) != r->channels)
		abort();
	if (t->packets + t->skipped + t->beyond > r->packets ||
	    r->budget.held != 0)
		abort();
	/* A second at each end, that of a packet, and one for each cut. What
	 * comes with an earlier time may be put before all else. */
	if (t->frames / t->rate > r->forward / (1000 * MS) + 3 + 2 * t->cuts +
		(r->set_back ? GS_WAV_WINDOW_MS / 1000 : 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint32_t rates[] = { 0, 0, 0, 8000, 16000, 44100, 48000,
		12345 };
	struct run r = { .time = UINT64_C(1700000000000000000) };
	struct sink sink = { 0 };
	struct gs_media_wav_stats stats;
	uint8_t how = n > 0 ? p[0] : 0;
	bool pipe = (how & 2) != 0;
	FILE *fp = fopencookie(&sink, "wb",
	    (cookie_io_functions_t){ .write = sink_write,
		.seek = pipe ? NULL : sink_seek });

	r.channels = how & 1 ? 1 : 2;
	r.budget.limit = how & 32 ? 3000 : 1 << 20;
	if (fp == NULL)
		abort();
	if (gs_media_wav_open(&r.w, fp, r.channels, rates[how >> 2 & 7],
		&r.budget, NULL) < 0) {
		(void)fclose(fp);
		return 0;
	}
	for (size_t i = 0;
	     i < RECORDS && n > (i + 1) * RECORD && sink.size < LARGE; i++)
		put(&r, p + 1 + i * RECORD);
	if (gs_media_wav_close(r.w, &stats, NULL) < 0)
		abort();
	(void)fclose(fp);
	check(&r, &sink, pipe, &stats);
	return 0;
}
