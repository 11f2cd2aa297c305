/* SPDX-License-Identifier: MIT */
/* What net costs a packet: reading, taking apart, classifying, rewriting
 * and writing a million RTP packets, beside a bare copy of the file. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/rtp.h"
#include "net/sip.h"
#include "net/writer.h"

enum { PACKETS = 1000000, PAYLOAD = 182, TAG = 10 };

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
die(const char *what)
{
	(void)fprintf(stderr, "bench net: %s\n", what);
	exit(2);
}

static void
make_capture(const char *path)
{
	static const uint8_t head[54] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8,
		0, 0x45, 0, 0, 28 + PAYLOAD, 0, 1, 0x40, 0, 64, 17, 0, 0, 192,
		0, 2, 1, 192, 0, 2, 2, 0x13, 0x8c, 0x13, 0x8e, 0, 8 + PAYLOAD,
		0x12, 0x34, 0x80, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4 };
	uint8_t frame[42 + PAYLOAD] = { 0 };
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	struct gs_net_packet p = { .interface = &i };
	FILE *fp = fopen(path, "wb");
	struct gs_err err;

	memcpy(frame, head, sizeof(head));
	struct gs_net_writer *w = fp == NULL ?
	    NULL :
	    gs_net_writer_new(fp, (struct gs_net_capture_format){ .link = 1 },
		&err);
	for (uint32_t k = 0; w != NULL && k < PACKETS; k++) {
		frame[44] = (uint8_t)(k >> 8);
		frame[45] = (uint8_t)k;
		p.ns = UINT64_C(20000000) * k;
		if (gs_net_writer_put(w, &p, frame, sizeof(frame),
			sizeof(frame), &err) == -1)
			die(err.text);
	}
	if (w == NULL || gs_net_writer_flush(w, &err) == -1 || fclose(fp) != 0)
		die(path);
	gs_net_writer_free(w);
}

/* steps: 1 read, 2 take apart, 3 classify, 4 rewrite and write. */
static void
run(const char *path, FILE *out, int steps)
{
	static const struct gs_net_sip_sink sink = { NULL, NULL, NULL };
	struct gs_err err;
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
	struct gs_net_frames *t = gs_net_frames_new(&err);
	struct gs_net_sip *s = gs_net_sip_new(&sink, &err);
	struct gs_net_packet p;
	struct gs_net_frame f;
	struct gs_net_rtp r;
	static struct gs_net_rtp_stats stats;
	static uint8_t to[GS_FRAME_MAX + GS_CAPTURE_PACKET];

	memset(&stats, 0, sizeof(stats));
	if (c == NULL || t == NULL || s == NULL)
		die(err.text);
	struct gs_net_writer *w =
	    gs_net_writer_new(out, gs_net_capture_format(c), &err);
	if (w == NULL)
		die(err.text);
	while (gs_net_capture_next(c, &p, &err) == 1) {
		if (steps < 2)
			continue;
		gs_net_frame_parse(t, &p, &f);
		const uint8_t *b = f.p + f.payload;
		if (steps < 3 ||
		    gs_net_payload_classify(b, f.length) != GS_MEDIA_RTP ||
		    gs_net_sip_feed(s, &p, &f) ||
		    !gs_net_rtp_parse(&r, b, f.length))
			continue;
		(void)gs_net_rtp_stats_add(&stats,
		    gs_net_rtp_index(stats.newest, r.seq), r.time, p.ns, 8000);
		if (steps < 4)
			continue;
		memcpy(to, f.p, f.payload + f.length - TAG);
		size_t n = gs_net_frame_seal(&f, to, f.length - TAG);
		if (gs_net_writer_put(w, &p, to, n, n, &err) == -1)
			die(err.text);
	}
	if (gs_net_writer_flush(w, &err) == -1)
		die(err.text);
	gs_net_writer_free(w);
	gs_net_sip_free(s);
	gs_net_frames_free(t);
	gs_net_capture_close(c);
}

static void
bare_copy(const char *path, FILE *out)
{
	static uint8_t buf[512 * 1024];
	FILE *in = fopen(path, "rb");
	size_t n;

	if (in == NULL)
		die(path);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		if (fwrite(buf, 1, n, out) != n)
			die("cannot write");
	(void)fclose(in);
}

/* net [FILE]: with a file, only writes the capture there. */
int
main(int argc, char **argv)
{
	static const char *const name[] = { "bare copy", "read", "+ take apart",
		"+ classify, count", "+ rewrite, write" };
	char path[64];
	const char *folder = getenv("TMPDIR");

	if (argc > 1) {
		make_capture(argv[1]);
		return 0;
	}
	if (snprintf(path, sizeof(path), "%s/gsprov-bench-net.pcap",
		folder == NULL ? "/tmp" : folder) >= (int)sizeof(path))
		die("TMPDIR is too long");
	make_capture(path);
	for (int i = 0; i < 5; i++) {
		double best = 1e9;
		for (int k = 0; k < 3; k++) {
			FILE *out = tmpfile();
			if (out == NULL)
				die("tmpfile");
			double start = now();
			if (i == 0)
				bare_copy(path, out);
			else
				run(path, out, i);
			double took = now() - start;
			best = took < best ? took : best;
			(void)fclose(out);
		}
		printf("net: %-18s %6.1f ns a packet\n", name[i],
		    best * 1e9 / PACKETS);
	}
	return remove(path) != 0;
}
