/* SPDX-License-Identifier: MIT */
/* Any bytes as frames of any link type: parsed, sealed, parsed again. The
 * input is a list of: link type, length (2 bytes), frame. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/rtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const uint32_t links[] = { 1, 0, 9, 12, 14, 101, 108, 113, 228, 229, 239,
	276, 104, 105, 127, 50, 10, 51, 100, 107, 109, 119, 138, 143, 163, 178,
	192, 197, 204, 205, 206, 258 };

#define ONE(name, number) +1
_Static_assert(sizeof(links) / sizeof(*links) == 0 GS_NET_LINKTYPES(ONE),
    "a link type is missing");

static void
look_inside(const uint8_t *p, size_t n)
{
	struct gs_net_rtp r;
	struct gs_net_rtcp c;
	struct gs_span s;
	size_t at = 0;

	if (gs_net_payload_classify(p, n) == GS_MEDIA_TURN)
		(void)gs_net_payload_unwrap(p, n);
	if (gs_net_rtp_parse(&r, p, n) && gs_net_rtp_payload(&r, p, n, &s) &&
	    s.n > n)
		abort();
	while (gs_net_rtcp_next(&c, p, n, &at) == 1)
		if (at > n)
			abort();
}

/* What was sealed must be read again as the same. */
static void
seal(struct gs_net_frames *again, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	size_t n = f->length / 2;
	uint8_t *to = malloc(f->payload + n + 1);
	struct gs_net_frame g;

	if (to == NULL)
		abort();
	memcpy(to, f->p, f->payload + n);
	if (gs_net_frame_seal(f, to, n) != f->payload + n)
		abort();
	struct gs_net_packet q = *p;
	q.p = to;
	q.n = q.wire = (uint32_t)(f->payload + n);
	gs_net_frame_parse(again, &q, &g);
	if (g.kind == f->kind && g.payload == f->payload && g.length > n)
		abort();
	free(to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_net_frames *t = gs_net_frames_new(NULL);
	struct gs_net_frames *again = gs_net_frames_new(NULL);
	struct gs_net_packet lost;
	uint64_t ns = 0;

	while (t != NULL && again != NULL && n >= 3) {
		struct gs_net_interface i = {
			.link = links[p[0] % (sizeof(links) / sizeof(*links))]
		};
		size_t k = (size_t)(p[1] << 8 | p[2]);
		p += 3;
		n -= 3;
		k = k < n ? k : n;
		uint8_t *copy = malloc(k + 1);
		if (copy == NULL)
			abort();
		for (size_t x = 0; x < k; x++)
			copy[x] = p[x];
		struct gs_net_packet packet = { .p = copy,
			.n = (uint32_t)k,
			.wire = (uint32_t)k,
			.interface = &i,
			.ns = ns };
		struct gs_net_frame f;
		bool media = gs_net_frame_is_media(t, &packet);
		gs_net_frame_parse(t, &packet, &f);
		if (media &&
		    (f.kind != GS_FRAME_UDP || f.layers != 1 || f.length == 0 ||
			f.p[f.payload] >> 6 != 2))
			abort();
		if (f.kind >= GS_FRAME_UDP) {
			if (f.payload > f.n || f.length > f.n - f.payload)
				abort();
			look_inside(f.p + f.payload, f.length);
			if (f.length == f.wire)
				seal(again, &packet, &f);
		}
		while (gs_net_frames_lost(t, &lost))
			if (lost.n > GS_FRAME_MAX)
				abort();
		free(copy);
		p += k;
		n -= k;
		ns += UINT64_C(5000000000);
	}
	gs_net_frames_free(t);
	gs_net_frames_free(again);
	return 0;
}
