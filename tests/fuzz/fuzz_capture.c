/* SPDX-License-Identifier: MIT */
/* Any bytes as a capture: read, taken apart, rewritten and written. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"
#include "net/writer.h"
#include "text_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const struct mutate_format packets = { mutate_packet, mutate_packet_mend,
	NULL };
MUTATE(packets)

/* One file has one kind of packet for its format: this never fails. */
static void
put(struct gs_net_writer *w, const struct gs_net_packet *p, const uint8_t *b,
    size_t n, size_t wire)
{
	if (gs_net_writer_put(w, p, b, n, wire, NULL) == -1)
		abort();
}

static void
copy(struct gs_net_capture *c, struct gs_net_frames *t, struct gs_net_sip *s)
{
	static uint8_t to[GS_FRAME_MAX + GS_CAPTURE_PACKET];
	struct gs_net_packet p;
	struct gs_net_frame f;
	struct gs_err err;
	FILE *fp = fopen("/dev/null", "wb");

	if (fp == NULL)
		abort();
	struct gs_net_writer *w =
	    gs_net_writer_new(fp, gs_net_capture_format(c), &err);
	while (w != NULL && gs_net_capture_next(c, &p, &err) == 1) {
		(void)gs_net_capture_idle(c);
		gs_net_frame_parse(t, &p, &f);
		(void)gs_net_sip_feed(s, &p, &f);
		if (f.kind >= GS_FRAME_UDP) {
			size_t k = f.length < f.wire ? f.length : f.length / 2;
			if (f.payload + k > sizeof(to))
				abort();
			memcpy(to, f.p, f.payload + k);
			k = gs_net_frame_seal(&f, to, k);
			put(w, &p, to, k, k);
		} else {
			put(w, &p, p.p, p.n, p.wire);
		}
		struct gs_net_packet lost;
		while (gs_net_frames_lost(t, &lost))
			put(w, &lost, lost.p, lost.n, lost.wire);
	}
	if (w != NULL && gs_net_writer_flush(w, &err) == -1)
		abort();
	gs_net_writer_free(w);
	(void)fclose(fp);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct gs_net_sip_sink sink = { NULL, NULL, NULL };
	char path[64];
	const char *name = path;
	struct gs_err err;
	FILE *fp = text_file(gs_span(p, n), path);

	struct gs_net_capture *c = gs_net_capture_open(&name, 1, &err);
	struct gs_net_frames *t = gs_net_frames_new(&err);
	struct gs_net_sip *s = gs_net_sip_new(&sink, &err);
	if (c != NULL && t != NULL && s != NULL)
		copy(c, t, s);
	gs_net_sip_free(s);
	gs_net_frames_free(t);
	gs_net_capture_close(c);
	(void)fclose(fp);
	return 0;
}
