/* SPDX-License-Identifier: MIT */
/* codec, wav and raw, against sox, ffmpeg's G.722 and plain arithmetic. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/codec.h"
#include "media/decoder.h"
#include "media/decoder_priv.h"
#include "media/raw.h"
#include "media/track_priv.h"
#include "media/wav.h"
#include "own_path.h"

#define MS UINT64_C(1000000)
#define T0 (UINT64_C(1700000000) * 1000 * MS)

enum { CAP = 8 * 1024 * 1024 };

/* A file being written, and what was in it in the end. */
struct wav {
	FILE *fp;
	struct gs_media_wav *w;
	struct gs_media_wav_stats stats;
	uint8_t *p;
	size_t n;
};

static void
start(struct wav *f, unsigned channels, uint32_t rate)
{
	memset(f, 0, sizeof(*f));
	f->fp = tmpfile();
	assert_non_null(f->fp);
	assert_int_equal(
	    gs_media_wav_open(&f->w, f->fp, channels, rate, NULL, NULL), 0);
}

static uint32_t
le(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

static void
finish(struct wav *f)
{
	assert_int_equal(gs_media_wav_close(f->w, &f->stats, NULL), 0);
	f->p = malloc(CAP);
	assert_non_null(f->p);
	rewind(f->fp);
	f->n = fread(f->p, 1, CAP, f->fp);
	assert_true(f->n >= 44);
	assert_memory_equal(f->p, "RIFF", 4);
	assert_int_equal(le(f->p + 4, 4), f->n - 8);
	assert_int_equal(le(f->p + 24, 4), f->stats.rate);
	assert_int_equal(le(f->p + 40, 4), f->n - 44);
	assert_int_equal(f->n - 44, f->stats.frames * 2 * le(f->p + 22, 2));
	(void)fclose(f->fp);
}

/* Sample i of a mono file, or of one channel of a stereo one. */
static int
sample(const struct wav *f, unsigned c, size_t i)
{
	size_t at = 44 + 2 * (i * le(f->p + 22, 2) + c);

	assert_true(at + 2 <= f->n);
	return (int16_t)le(f->p + at, 2);
}

static struct gs_media_codec
codec(const char *name, uint32_t clock, unsigned channels)
{
	struct gs_media_codec c;

	gs_media_codec_rtpmap(&c, gs_span(name, strlen(name)), clock, channels);
	return c;
}

static void
put(struct wav *f, unsigned channel, uint64_t ms, uint16_t seq, uint32_t ts,
    const struct gs_media_codec *c, const void *p, size_t n)
{
	struct gs_media_wav_packet packet = { .time = T0 + ms * MS,
		.ssrc = 1,
		.timestamp = ts,
		.seq = seq,
		.codec = c,
		.payload = p,
		.n = n };

	assert_int_equal(gs_media_wav_put(f->w, channel, &packet, NULL), 0);
}

/* n samples of L16 that count from v. */
static void
ramp(uint8_t *p, int v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		p[2 * i] = (uint8_t)((v + (int)i) >> 8);
		p[2 * i + 1] = (uint8_t)(v + (int)i);
	}
}

/* Packet number k of a counting L16 stream at 8000 Hz, 20 ms each. */
static void
put_ramp(struct wav *f, uint64_t ms, unsigned k, uint32_t ts0)
{
	struct gs_media_codec c = codec("L16", 8000, 1);
	uint8_t p[320];

	ramp(p, (int)k * 160 + 1, 160);
	put(f, 0, ms, (uint16_t)(65530 + k), ts0 + k * 160, &c, p, sizeof(p));
}

/* Samples from..to of channel 0 count as put_ramp() made them. */
static void
check_ramp(const struct wav *f, size_t at, int from, int to)
{
	for (int i = from; i < to; i++)
		assert_int_equal(sample(f, 0, at + (size_t)(i - from)), i + 1);
}

static void
g711_as_sox(const char *name, const char *type)
{
	uint8_t all[256], want[512];
	char path[OWN_PATH], cmd[OWN_PATH + 100];
	int fd = mkstemp(own_path(path));
	struct gs_media_codec c = codec(name, 8000, 1);
	struct wav f;
	FILE *fp;

	for (int i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	assert_int_equal(write(fd, all, 256), 256);
	(void)close(fd);
	(void)snprintf(cmd, sizeof(cmd),
	    "sox -t %s -c 1 -r 8000 %s -t s16 -L -b 16 -D -", type, path);
	fp = popen(cmd, "r");
	assert_non_null(fp);
	assert_int_equal(fread(want, 1, sizeof(want), fp), sizeof(want));
	assert_int_equal(pclose(fp), 0);
	(void)unlink(path);
	start(&f, 1, 0);
	put(&f, 0, 0, 1, 99, &c, all, sizeof(all));
	finish(&f);
	assert_int_equal(f.stats.rate, 8000);
	assert_int_equal(f.stats.frames, 256);
	assert_memory_equal(f.p + 44, want, sizeof(want));
	free(f.p);
}

static void
g711(void **state)
{
	(void)state;
	g711_as_sox("PCMA", "al");
	g711_as_sox("pcmu", "ul");
}

/* Timestamps place, whatever the jitter and across both wraps. */
static void
jitter(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	for (unsigned k = 0; k < 1000; k++)
		put_ramp(&f, 20 * k + (k * 7919 % 173) * (k > 0), k % 200,
		    (uint32_t)-5 + k / 200 * 32000);
	finish(&f);
	assert_int_equal(f.stats.frames, 160000);
	assert_int_equal(f.stats.packets, 1000);
	assert_int_equal(f.stats.resyncs, 0);
	for (size_t s = 0; s < 5; s++)
		check_ramp(&f, s * 32000, 0, 32000);
	free(f.p);
}

/* 2 is lost, 3 comes after 5, 4 comes twice, 1 is beyond the window. */
static void
loss_and_late(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	put_ramp(&f, 0, 0, 0);
	put_ramp(&f, 80, 4, 0);
	put_ramp(&f, 81, 4, 0);
	put_ramp(&f, 100, 5, 0);
	put_ramp(&f, 110, 3, 0);
	for (unsigned k = 6; k < 400; k++)
		put_ramp(&f, 20 * k, k % 200, k / 200 * 32000);
	finish(&f);
	assert_int_equal(f.stats.frames, 64000);
	check_ramp(&f, 0, 0, 160);
	for (size_t i = 160; i < 480; i++)
		assert_int_equal(sample(&f, 0, i), 0);
	check_ramp(&f, 480, 480, 32000);
	assert_int_equal(f.stats.beyond, 0);
	free(f.p);

	start(&f, 1, 0);
	put_ramp(&f, 0, 0, 0);
	for (unsigned k = 2; k < 300; k++)
		put_ramp(&f, 20 * k, k, 0);
	put_ramp(&f, 6000, 1, 0);
	put_ramp(&f, 6001, 200, 0);
	finish(&f);
	assert_int_equal(f.stats.beyond, 1);
	assert_int_equal(sample(&f, 0, 200), 0);
	free(f.p);
}

/* The sender's timestamps leap: capture time decides, once. */
static void
resync(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	for (unsigned k = 0; k < 50; k++)
		put_ramp(&f, 20 * k, k, 0);
	for (unsigned k = 50; k < 100; k++)
		put_ramp(&f, 20 * k + 500, k, 0x7a000000);
	/* A pause in which the timestamp stood still. */
	for (unsigned k = 100; k < 150; k++)
		put_ramp(&f, 20 * k + 3000, k, 0x7a000000);
	finish(&f);
	assert_int_equal(f.stats.resyncs, 2);
	check_ramp(&f, 0, 0, 8000);
	assert_int_equal(sample(&f, 0, 8000), 0);
	assert_int_equal(sample(&f, 0, 11999), 0);
	check_ramp(&f, 12000, 8000, 16000);
	assert_int_equal(sample(&f, 0, 20000), 0);
	check_ramp(&f, 40000, 16000, 24000);
	assert_int_equal(f.stats.frames, 48000);
	free(f.p);
}

/* A packet that is known later than its time, as its stream had to be judged
 * first, begins the file, and its party is left. */
static void
known_later(void **state)
{
	struct gs_media_codec c = codec("L16", 8000, 1);
	uint8_t p[320];
	struct wav f;

	(void)state;
	start(&f, 2, 0);
	put_ramp(&f, 213, 0, 0);
	put_ramp(&f, 233, 1, 0);
	ramp(p, 1001, 160);
	put(&f, 1, 47, 2, 160, &c, p, sizeof(p));
	ramp(p, 901, 100);
	put(&f, 1, 27, 1, 0, &c, p, 200);
	finish(&f);
	assert_int_equal(f.stats.left, 1);
	assert_int_equal(f.stats.beyond, 0);
	assert_int_equal(f.stats.frames, (253 - 27) * 8);
	for (size_t i = 0; i < 160; i++) {
		assert_int_equal(sample(&f, 0, i), i < 100 ? 901 + i : 0);
		assert_int_equal(sample(&f, 0, 160 + i), 1001 + i);
		assert_int_equal(sample(&f, 1, 186 * 8 + i), 1 + i);
		assert_int_equal(sample(&f, 1, i), 0);
	}
	free(f.p);
}

/* Two directions at one rate: aligned by capture time. */
static void
stereo(void **state)
{
	struct gs_media_codec a = codec("PCMA", 8000, 1);
	struct gs_media_codec u = codec("PCMU", 8000, 1);
	uint8_t one[160], two[160];
	struct wav f;

	(void)state;
	memset(one, 0xd5 ^ 0x20, sizeof(one));
	memset(two, 0x8f, sizeof(two));
	start(&f, 2, 0);
	put(&f, 0, 0, 1, 5000, &a, one, 160);
	put(&f, 1, 1500, 7, 77, &u, two, 160);
	/* The payload type changes, the clock does not. */
	put(&f, 0, 1520, 2, 5000 + 12000, &u, two, 160);
	finish(&f);
	assert_int_equal(f.stats.frames, 12160);
	assert_int_equal(sample(&f, 0, 0), sample(&f, 0, 159));
	assert_int_not_equal(sample(&f, 0, 0), 0);
	assert_int_equal(sample(&f, 0, 160), 0);
	assert_int_equal(sample(&f, 1, 11999), 0);
	assert_int_equal(sample(&f, 1, 12000), sample(&f, 0, 12000));
	assert_int_equal(sample(&f, 1, 12159), sample(&f, 0, 12159));
	assert_int_not_equal(sample(&f, 0, 12000), 0);
	free(f.p);
}

static double
tone(double hz, uint32_t rate, size_t i)
{
	return 10000 * sin(2 * 3.14159265358979 * hz * (double)i / rate);
}

/* A second of L16 in packets of 20 ms (or the like). */
static void
put_tone(struct wav *f, unsigned channel, uint32_t rate, double hz)
{
	struct gs_media_codec c = codec("L16", rate, 1);
	uint8_t p[2 * 48000 / 25];
	size_t n = rate / 25;

	for (size_t k = 0; k < 25; k++) {
		for (size_t i = 0; i < n; i++) {
			long v = lrint(tone(hz, rate, k * n + i));

			p[2 * i] = (uint8_t)(v >> 8);
			p[2 * i + 1] = (uint8_t)v;
		}
		put(f, channel, 40 * k, (uint16_t)k, (uint32_t)(k * n), &c, p,
		    2 * n);
	}
}

/* Signal to noise in dB of the middle of a converted tone. */
static double
snr(const struct wav *f, unsigned c, double hz)
{
	double signal = 0, noise = 0;

	for (size_t i = f->stats.rate / 10; i < f->stats.rate * 9 / 10; i++) {
		double want = tone(hz, f->stats.rate, i);
		double d = want - sample(f, c, i);

		signal += want * want;
		noise += d * d;
	}
	return 10 * log10(signal / noise);
}

static void
rates(void **state)
{
	static const uint32_t list[] = { 8000, 11025, 16000, 22050, 24000,
		32000, 44100, 48000 };
	static const struct {
		double hz, db;
	} tones[] = { { 300, 80 }, { 1000, 80 }, { 3000, 80 }, { 3400, 60 } };
	struct wav f;

	(void)state;
	for (size_t i = 0; i < 8 * 8 * 4; i++) {
		uint32_t to = list[i / 8 % 8];
		double hz = tones[i / 64].hz;

		start(&f, 2, to);
		put_tone(&f, 1, list[i % 8], hz);
		finish(&f);
		assert_int_equal(f.stats.rate, to);
		assert_int_equal(f.stats.frames, to);
		assert_true(snr(&f, 1, hz) > tones[i / 64].db);
		free(f.p);
	}
	/* What the lower rate cannot carry is gone, not folded. */
	start(&f, 1, 8000);
	put_tone(&f, 0, 48000, 5000);
	finish(&f);
	for (size_t i = 1000; i < 7000; i++)
		assert_in_range(sample(&f, 0, i) + 10, 0, 20);
	free(f.p);
}

/* Left at 8000, right at 16000 Hz: the file takes the higher. */
static void
mixed_rates(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 2, 0);
	put_tone(&f, 0, 8000, 1000);
	put_tone(&f, 1, 16000, 1000);
	finish(&f);
	assert_int_equal(f.stats.rate, 16000);
	assert_true(snr(&f, 0, 1000) > 65);
	for (size_t i = 0; i < 16000; i++)
		assert_int_equal(sample(&f, 1, i), lrint(tone(1000, 16000, i)));
	free(f.p);
}

static size_t
slurp(const char *path, uint8_t *p, size_t cap)
{
	FILE *fp = fopen(path, "rb");
	size_t n;

	assert_non_null(fp);
	n = fread(p, 1, cap, fp);
	(void)fclose(fp);
	return n;
}

/* tone.g722 and what ffmpeg decodes it to, reordered here and there. */
static void
g722(void **state)
{
	static const unsigned order[25] = { 0, 3, 2, 4, 5, 9, 6, 7, 8, 10, 11,
		12, 13, 14, 15, 16, 17, 18, 20, 19, 21, 22, 1, 24, 23 };
	uint8_t coded[4000], want[16000];
	struct gs_media_codec c;
	struct wav f;

	(void)state;
	assert_true(gs_media_codec_static(&c, 9));
	assert_int_equal(c.clock, 8000);
	assert_int_equal(c.rate, 16000);
	assert_int_equal(slurp("tests/fixtures/out/tone.g722", coded, 4000),
	    4000);
	assert_int_equal(slurp("tests/fixtures/out/tone.s16", want, 16000),
	    16000);
	start(&f, 1, 0);
	for (unsigned i = 0; i < 25; i++) {
		unsigned k = order[i];

		put(&f, 0, 20 * i, (uint16_t)(65520 + k), k * 160, &c,
		    coded + (size_t)k * 160, 160);
	}
	/* Twice: it would change the decoder's state. */
	put(&f, 0, 500, 8, 24 * 160, &c, coded, 160);
	put(&f, 0, 500, 65525, 5 * 160, &c, coded + 800, 160);
	finish(&f);
	assert_int_equal(f.stats.rate, 16000);
	assert_int_equal(f.stats.frames, 8000);
	assert_int_equal(f.stats.beyond, 0);
	assert_memory_equal(f.p + 44, want, sizeof(want));
	free(f.p);
}

/* More sources than are kept, and another codec, while payloads of the first
 * still wait for their decoder. */
static void
g722_sources(void **state)
{
	struct gs_media_codec g = codec("G722", 8000, 1);
	struct gs_media_codec l = codec("L16", 8000, 1);
	uint8_t coded[4000];
	struct wav f;

	(void)state;
	assert_int_equal(slurp("tests/fixtures/out/tone.g722", coded, 4000),
	    4000);
	start(&f, 1, 0);
	for (unsigned k = 0; k < 20; k++) {
		struct gs_media_wav_packet packet = { .time = T0 + 100 * k * MS,
			.ssrc = k,
			.codec = &g,
			.payload = coded,
			.n = 160 };

		assert_int_equal(gs_media_wav_put(f.w, 0, &packet, NULL), 0);
		packet.codec = &l;
		packet.seq = 1;
		packet.timestamp = 160;
		packet.n = 16;
		assert_int_equal(gs_media_wav_put(f.w, 0, &packet, NULL), 0);
	}
	finish(&f);
	assert_int_equal(f.stats.packets, 40);
	for (size_t k = 0; k < 20; k++)
		for (size_t i = 0; i < 320; i++)
			assert_int_equal(sample(&f, 0, k * 1600 + i),
			    sample(&f, 0, i));
	for (size_t i = 0; i < 320; i++)
		if (sample(&f, 0, i) != 0)
			break;
		else
			assert_int_not_equal(i, 319);
	free(f.p);
}

/* Files that share what they may hold write earlier: the same sound, but
 * what is late finds the door closed. */
static void
budget(void **state)
{
	struct gs_media_wav_budget b = { .limit = 20000 };
	struct gs_media_codec c = codec("L16", 8000, 1);
	uint8_t p[320];
	struct wav f[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(&f[i], 0, sizeof(f[i]));
		f[i].fp = tmpfile();
		assert_int_equal(
		    gs_media_wav_open(&f[i].w, f[i].fp, 1, 0, &b, NULL), 0);
	}
	for (unsigned k = 0; k < 200; k++) {
		put_ramp(&f[k % 2], k / 2 * 20, k / 2, 0);
		assert_true(b.held <= b.limit);
		assert_true(k < 60 || b.held > b.limit - 2000);
	}
	/* A second late, which the window would have room for. */
	ramp(p, 1, 160);
	put(&f[0], 0, 20 * 99, (uint16_t)(65530 + 49), 49 * 160, &c, p, 320);
	for (int i = 0; i < 2; i++) {
		finish(&f[i]);
		assert_int_equal(f[i].stats.packets, 100);
		assert_int_equal(f[i].stats.beyond, i == 0);
		check_ramp(&f[i], 0, 0, 16000);
		free(f[i].p);
	}
	assert_int_equal(b.held, 0);
}

/* A gap keeps its length up to GS_WAV_GAP_S, and is a second beyond. */
static void
gaps(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	put_ramp(&f, 0, 0, 0);
	put_ramp(&f, 60000, 1, 480000 - 160);
	put_ramp(&f, 60000 + 7200 * 1000, 2, 0);
	put_ramp(&f, 60020 + 7200 * 1000, 3, 0);
	finish(&f);
	assert_int_equal(f.stats.cuts, 1);
	check_ramp(&f, 480000, 160, 320);
	assert_int_equal(sample(&f, 0, 480320), 0);
	assert_int_equal(f.stats.frames, 480320 + 8000 + 320);
	check_ramp(&f, 488320, 320, 640);
	free(f.p);
}

/* 500 packets over 48 minutes: pauses are written up to what there is between
 * them, and then cut, on both sides at once. */
static void
amplified(void **state)
{
	struct wav f;
	uint8_t one[160] = { 0 };
	struct gs_media_codec c = codec("PCMU", 8000, 1);

	(void)state;
	start(&f, 2, 0);
	for (unsigned k = 0; k < 500; k++)
		put(&f, k % 2, k / 5 * 29000 + k % 5 * 20, (uint16_t)(k / 2),
		    k / 5 * 232000 + k % 5 * 160, &c, one, 160);
	finish(&f);
	assert_int_equal(f.stats.packets, 500);
	assert_true(f.stats.cuts > 90 && f.stats.cuts < 99);
	assert_true(f.stats.frames < (uint64_t)8000 * 250);
	free(f.p);
}

/* The clock of the capture is set back by a minute, and on by ten. */
static void
clock_steps(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	for (unsigned k = 0; k < 100; k++)
		put_ramp(&f, 90000 + 20 * k, k, 0);
	for (unsigned k = 100; k < 200; k++)
		put_ramp(&f, 30000 + 20 * k, k, 0);
	finish(&f);
	assert_int_equal(f.stats.frames, 32000);
	assert_int_equal(f.stats.resyncs, 0);
	check_ramp(&f, 0, 0, 32000);
	free(f.p);
}

/* Sources that take turns in a channel; others than audio leave silence. */
static void
sources(void **state)
{
	struct gs_media_codec a = codec("PCMA", 8000, 1);
	struct gs_media_codec dtmf = codec("telephone-event", 8000, 1);
	uint8_t one[160];
	struct wav f;
	struct gs_media_wav_packet p = { .codec = &a,
		.payload = one,
		.n = 160 };

	(void)state;
	memset(one, 0x55, sizeof(one));
	start(&f, 1, 0);
	for (unsigned k = 0; k < 40; k++) {
		p.time = T0 + 100 * k * MS;
		p.ssrc = k;
		p.timestamp = k * 0x12345678;
		p.codec = k == 5 ? &dtmf : &a;
		assert_int_equal(gs_media_wav_put(f.w, 0, &p, NULL), 0);
	}
	assert_int_equal(gs_media_wav_put(f.w, 1, &p, NULL), -1);
	finish(&f);
	assert_int_equal(f.stats.skipped, 1);
	for (size_t k = 0; k < 40; k++) {
		assert_int_equal(sample(&f, 0, k * 800), k == 5 ? 0 : -8);
		if (k < 39)
			assert_int_equal(sample(&f, 0, k * 800 + 160), 0);
	}
	free(f.p);
}

static void
what_is_missing_is_counted(void **state)
{
	static const uint8_t p[10000] = { 0xd0 };
	struct gs_media_codec a = codec("PCMA", 8000, 1);
	struct gs_media_codec gsm = codec("GSM", 8000, 1);
	struct wav f;

	(void)state;
	start(&f, 2, 0);
	put(&f, 0, 0, 1, 0, &a, p, 4000);
	put(&f, 0, 500, 2, 4000, &a, p, 4001);
	put(&f, 0, 1000, 3, 8000, &a, p, 0);
	put(&f, 1, 1000, 4, 0, &gsm, p, 32);
	finish(&f);
	assert_int_equal(f.stats.packets, 2);
	assert_int_equal(f.stats.longer, 1);
	assert_int_equal(f.stats.malformed, 1);
	assert_int_equal(f.stats.frames, 8000);
	free(f.p);
}

/* A payload of 200 ms of which a part was read ends where it ended before,
 * when those of its source move. */
static void
a_move_makes_nothing_longer(void **state)
{
	static const uint8_t p[3200];
	struct gs_media_wav_budget budget = { .limit = SIZE_MAX };
	struct gs_media_track t = { .budget = &budget };
	struct gs_media_held h = { .source = gs_media_source_new(NULL),
		.samples = 1600,
		.n = sizeof(p),
		.kind = GS_CODEC_L16,
		.channels = 1 };
	int16_t out[GS_TICK_MAX];

	(void)state;
	assert_int_equal(gs_media_track_put(&t, 8000, &h, p, NULL), 1);
	assert_int_equal(gs_media_track_read(&t, 8000, out, NULL), 0);
	gs_media_track_move(&t, 8000, h.source, 0, 100);
	assert_int_equal(gs_media_track_end(&t, 8000), 1600);
	h.pos = 1600;
	assert_int_equal(gs_media_track_put(&t, 8000, &h, p, NULL), 1);
	gs_media_track_move(&t, 8000, h.source, 1600, 100);
	assert_int_equal(gs_media_track_end(&t, 8000), 3300);
	gs_media_track_move(&t, 8000, h.source, 1600, -100);
	assert_int_equal(gs_media_track_end(&t, 8000), 3200);
	gs_media_track_free(&t);
	gs_media_source_free(h.source);
}

static void
l16_stereo(void **state)
{
	static const uint8_t p[] = { 0x10, 0, 0x20, 0, 0xff, 0xfe, 0xff, 0xfc,
		0x7f };
	struct gs_media_codec c;
	struct wav f;

	(void)state;
	assert_true(gs_media_codec_static(&c, 10));
	start(&f, 1, 0);
	put(&f, 0, 0, 1, 1, &c, p, sizeof(p));
	finish(&f);
	assert_int_equal(f.stats.rate, 44100);
	assert_int_equal(f.stats.frames, 2);
	assert_int_equal(sample(&f, 0, 0), 0x1800);
	assert_int_equal(sample(&f, 0, 1), -3);
	free(f.p);
}

static void
pipe_and_errors(void **state)
{
	uint8_t head[44 + 320];
	struct gs_media_wav_stats stats;
	struct gs_err err;
	struct wav f = { 0 };
	int fd[2];
	FILE *in;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	f.fp = fdopen(fd[1], "w");
	in = fdopen(fd[0], "r");
	assert_int_equal(gs_media_wav_open(&f.w, f.fp, 1, 0, NULL, NULL), 0);
	put_ramp(&f, 0, 0, 0);
	assert_int_equal(gs_media_wav_close(f.w, &stats, NULL), 0);
	(void)fclose(f.fp);
	assert_true(stats.sizes_unknown);
	assert_int_equal(fread(head, 1, sizeof(head), in), sizeof(head));
	assert_int_equal(fgetc(in), EOF);
	(void)fclose(in);
	assert_int_equal(le(head + 4, 4), UINT32_MAX);
	assert_int_equal(le(head + 40, 4), UINT32_MAX);

	f.fp = fopen("/dev/full", "w");
	assert_int_equal(gs_media_wav_open(&f.w, f.fp, 1, 0, NULL, NULL), 0);
	put_ramp(&f, 0, 0, 0);
	assert_int_equal(gs_media_wav_close(f.w, NULL, &err), -1);
	assert_non_null(strstr(err.text, "No space left"));
	(void)fclose(f.fp);
	assert_int_equal(gs_media_wav_open(&f.w, NULL, 3, 0, NULL, &err), -1);
	assert_int_equal(gs_media_wav_open(&f.w, NULL, 1, 8001, NULL, &err),
	    -1);
}

/* Puts packet k of those that come every five seconds. */
static int
put_late(struct gs_media_wav *w, unsigned k, struct gs_err *err)
{
	struct gs_media_codec c = codec("L16", 48000, 1);
	uint8_t p[2] = { 1, 1 };
	struct gs_media_wav_packet packet = { .time = T0 + k * 5 * 1000 * MS,
		.codec = &c,
		.payload = p,
		.n = 2,
		.seq = (uint16_t)k };

	return gs_media_wav_put(w, 0, &packet, err);
}

/* Whoever goes on after an error hears of it again. */
static void
disk_full(void **state)
{
	struct gs_media_wav *w = NULL;
	FILE *fp = fopen("/dev/full", "w");
	struct gs_err err = { 0 };
	unsigned failed = 0;

	(void)state;
	assert_int_equal(gs_media_wav_open(&w, fp, 2, 0, NULL, NULL), 0);
	for (unsigned k = 0; k < 20; k++)
		failed += put_late(w, k, &err) == -1;
	assert_true(failed > 1);
	err = (struct gs_err){ 0 };
	assert_int_equal(gs_media_wav_close(w, NULL, &err), -1);
	assert_int_equal(err.sys, ENOSPC);
	(void)fclose(fp);
}

/* 48000 Hz and two channels fill 4 GiB in 6.2 hours: the header of a longer
 * call does not say its length. */
static void
four_gib(void **state)
{
	struct gs_media_wav_stats stats;
	struct gs_media_wav *w = NULL;
	FILE *fp = fopen("/dev/null", "w");

	(void)state;
	assert_int_equal(gs_media_wav_open(&w, fp, 2, 0, NULL, NULL), 0);
	for (unsigned k = 0; k < 4500; k++)
		assert_int_equal(put_late(w, k, NULL), 0);
	assert_int_equal(gs_media_wav_close(w, &stats, NULL), 0);
	assert_true(stats.frames * 4 > UINT32_MAX);
	assert_true(stats.huge);
	(void)fclose(fp);
}

/* A call of 65 minutes whose sender's clock is slow (or fast) by so many ppm:
 * each minute begins with a click, which is heard when it was captured. */
static void
skewed(int ppm)
{
	enum { PACKETS = 65 * 60 * 50, MINUTE = 60 * 50 };
	struct gs_media_codec c = codec("L16", 8000, 1);
	uint8_t quiet[320] = { 0 }, click[320] = { 0 }, *file;
	uint64_t step = 20 * (uint64_t)(1000000 + ppm);
	struct gs_media_wav_stats stats;
	struct gs_media_wav *w;
	FILE *fp = tmpfile();
	size_t n, found = 0;

	memset(click, 0x40, 64);
	assert_int_equal(gs_media_wav_open(&w, fp, 1, 0, NULL, NULL), 0);
	for (uint64_t k = 0; k < PACKETS; k++) {
		struct gs_media_wav_packet packet = { .time = T0 + k * step +
			    (k * 7919 % 13) * MS * (k > 0),
			.timestamp = (uint32_t)(k * 160),
			.seq = (uint16_t)k,
			.codec = &c,
			.payload = k % MINUTE == 0 ? click : quiet,
			.n = 320 };

		assert_int_equal(gs_media_wav_put(w, 0, &packet, NULL), 0);
	}
	assert_int_equal(gs_media_wav_close(w, &stats, NULL), 0);
	assert_int_equal(stats.packets, PACKETS);
	assert_int_equal(stats.resyncs, 0);
	n = (size_t)(44 + 2 * stats.frames);
	file = malloc(n);
	assert_non_null(file);
	rewind(fp);
	assert_int_equal(fread(file, 1, n, fp), n);
	(void)fclose(fp);
	for (size_t i = 0; i < stats.frames; i++) {
		if ((int16_t)le(file + 44 + 2 * i, 2) < 8000)
			continue;
		double late = (double)i / 8 -
		    (double)(found++ * MINUTE * step) / (double)MS;

		assert_true(late < 20 && late > -20);
		i += 100;
	}
	assert_int_equal(found, 65);
	free(file);
}

static void
skew(void **state)
{
	(void)state;
	skewed(250);
	skewed(-300);
}

/* The clock stands still in a pause of 800 ms: what follows is heard when it
 * came, from its first packet on; after a stall, as it was sent. */
static void
stood_still(void **state)
{
	struct wav f;

	(void)state;
	start(&f, 1, 0);
	for (unsigned k = 0; k < 60; k++)
		put_ramp(&f, 20 * k + (k < 30 ? 0 : 800), k, 0);
	finish(&f);
	assert_int_equal(f.stats.frames, 160 * 60 + 6400);
	check_ramp(&f, 0, 0, 4800);
	check_ramp(&f, 4800 + 6400, 4800, 9600);
	free(f.p);
	start(&f, 1, 0);
	for (unsigned k = 0; k < 90; k++)
		put_ramp(&f, k < 30 || k > 70 ? 20 * k : 1400 + k / 10, k, 0);
	finish(&f);
	assert_int_equal(f.stats.frames, 160 * 90);
	check_ramp(&f, 0, 0, 14400);
	free(f.p);
}

/* The same source begins with its first sequence number and timestamp again,
 * after 3 seconds and after 10: all is heard when it came. */
static void
began_anew(void **state)
{
	struct wav f;

	(void)state;
	for (unsigned s = 3; s <= 10; s += 7) {
		start(&f, 1, 0);
		for (unsigned k = 0; k < 50 * s; k++)
			put_ramp(&f, 20 * k, k % 200, k / 200 * 32000);
		for (unsigned k = 0; k < 100; k++)
			put_ramp(&f, 1000 * s + 20 * k, k, 0);
		finish(&f);
		assert_int_equal(f.stats.frames, 8000 * (s + 2));
		assert_int_equal(f.stats.beyond, 0);
		check_ramp(&f, (size_t)8000 * s, 0, 16000);
		free(f.p);
	}
}

/* Payloads of every length, one after the other: what a decoder writes is what
 * was counted, whatever stands behind the last frame. */
static void
lengths(void **state)
{
	enum { OCTETS = 200, SAMPLES = 2000, MARK = 12345 };
	static const char *const name[] = { "G722", "GSM", "G726-16", "G726-24",
		"G726-32", "G726-40", "AAL2-G726-24", "AAL2-G726-40", "G729",
		"AMR", "speex" };
	int16_t out[SAMPLES];
	uint8_t p[OCTETS];

	(void)state;
	memset(p, 0x3c, sizeof(p));
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		struct gs_media_codec c = codec(name[i], 8000, 1);
		struct gs_media_decoder *d = gs_media_decoder_new(&c);

		assert_non_null(d);
		for (size_t n = 1; n <= OCTETS; n++) {
			size_t most = gs_media_codec_samples(&c, p, n), got;

			for (size_t k = 0; k < SAMPLES; k++)
				out[k] = MARK;
			got = gs_media_decoder_decode(d, gs_span(p, n), out,
			    most);
			assert_true(got <= most && most < SAMPLES);
			assert_true(gs_media_decoder_conceal(d,
					gs_span(NULL, 0), out, most) <= most);
			for (size_t k = most; k < SAMPLES; k++)
				assert_int_equal(out[k], MARK);
		}
		gs_media_decoder_free(d);
	}
}

static void
check_play(struct gs_media_codec c, const char *path, const char *want)
{
	struct gs_buf b;

	gs_buf_init(&b, 1000);
	gs_media_codec_how_to_play(&b, &c, path);
	gs_buf_putc(&b, '\0');
	assert_string_equal((char *)b.p, want);
	gs_buf_free(&b);
}

static void
codecs(void **state)
{
	struct gs_media_codec c;

	(void)state;
	assert_false(gs_media_codec_static(&c, 96));
	assert_string_equal(c.name, "PT 96");
	assert_false(gs_media_codec_decodes(&c));
	assert_true(gs_media_codec_static(&c, 18));
	assert_string_equal(c.name, "G729");
	assert_true(gs_media_codec_decodes(&c));
	assert_string_equal(gs_media_codec_suffix(&c), "g729");
	assert_true(gs_media_codec_static(&c, 8));
	assert_true(gs_media_codec_decodes(&c));
	c = codec("l16", 7000, 1);
	assert_string_equal(c.name, "L16");
	assert_false(gs_media_codec_decodes(&c));
	c = codec("L16", 48000, 9);
	assert_false(gs_media_codec_decodes(&c));
	assert_non_null(c.refused);
	c = codec("x\ny<z>0123456789012345678901234567890", 1, 999);
	assert_string_equal(c.name, "x?y<z>0123456789012345678901234");
	assert_string_equal(gs_media_codec_suffix(&c), "raw");
	check_play(codec("G722", 8000, 1), "a b.g722",
	    "ffplay -f g722 'a b.g722'");
	check_play(codec("PCMU", 16000, 1), "-it's.ul",
	    "ffplay -f mulaw -ar 16000 './-it'\\''s.ul'");
	check_play(codec("L16", 44100, 2), "x",
	    "ffplay -f s16be -ar 44100 -ac 2 'x'");
	check_play(codec("opus", 48000, 2), "x", "ffplay 'x'");
	check_play(codec("G7221", 16000, 1), "x",
	    "no player is known for bare G7221 payloads");
}

static void
raw_put(struct gs_media_raw *r, unsigned seq, const char *s)
{
	assert_int_equal(
	    gs_media_raw_put(r, (uint16_t)seq, 0, gs_span(s, strlen(s)), NULL),
	    0);
}

static void
raw(void **state)
{
	FILE *fp = tmpfile();
	struct gs_media_raw *r = NULL;
	struct gs_media_codec c = codec("G723", 8000, 1);
	uint64_t malformed;
	char text[100] = "";

	(void)state;
	assert_int_equal(gs_media_raw_open(&r, fp, &c, NULL), 0);
	raw_put(r, 65534, "a");
	raw_put(r, 1, "d");
	raw_put(r, 65535, "b");
	raw_put(r, 1, "d");
	raw_put(r, 0, "c");
	raw_put(r, 65535, "b");
	raw_put(r, 3, "f"); /* 2 is lost */
	raw_put(r, 4, "");
	raw_put(r, 18, "h"); /* pushes 3 out */
	raw_put(r, 2, "!");
	raw_put(r, 17, "g");
	raw_put(r, 1000, "i"); /* a leap */
	raw_put(r, 999, "?"); /* within reach, and in order */
	raw_put(r, 100, "k"); /* begins anew */
	assert_int_equal(gs_media_raw_close(r, &malformed, NULL), 0);
	rewind(fp);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, fp), 10);
	assert_string_equal(text, "abcdfgh?ik");
	(void)fclose(fp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(g711),
		cmocka_unit_test(jitter),
		cmocka_unit_test(loss_and_late),
		cmocka_unit_test(resync),
		cmocka_unit_test(stereo),
		cmocka_unit_test(known_later),
		cmocka_unit_test(rates),
		cmocka_unit_test(mixed_rates),
		cmocka_unit_test(g722),
		cmocka_unit_test(g722_sources),
		cmocka_unit_test(budget),
		cmocka_unit_test(gaps),
		cmocka_unit_test(amplified),
		cmocka_unit_test(clock_steps),
		cmocka_unit_test(skew),
		cmocka_unit_test(stood_still),
		cmocka_unit_test(began_anew),
		cmocka_unit_test(sources),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(a_move_makes_nothing_longer),
		cmocka_unit_test(l16_stereo),
		cmocka_unit_test(pipe_and_errors),
		cmocka_unit_test(disk_full),
		cmocka_unit_test(four_gib),
		cmocka_unit_test(codecs),
		cmocka_unit_test(raw),
		cmocka_unit_test(lengths),
	};

	gs_media_decoder_load();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
