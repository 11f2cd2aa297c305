/* SPDX-License-Identifier: MIT */
/* Any bytes in datagrams, pieces and segments, scrubbed in two passes and in
 * one: lengths stay, and no key that is known is left. The input is a list
 * of: kind (0 to 3: a stream, 4: UDP, 5: a piece, 6: other), flags, distance
 * of the sequence number to the end of the last segment (signed), length,
 * payload. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { STREAMS = 4, KINDS = 7 };

static const char key[] = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldZWVphYmNk";

static void
look(const uint8_t *p, size_t n)
{
	for (size_t k = 0; k + 8 < sizeof(key); k++)
		if (gs_span_find(gs_span(p, n), gs_span(key + k, 8)) < n)
			abort();
}

static void
feed(struct gs_net_scrub *s, bool learn, const struct gs_net_packet *p,
    const struct gs_net_frame *f)
{
	uint8_t *copy = malloc(f->n + 1u);
	bool changed;

	if (copy == NULL)
		abort();
	memcpy(copy, f->p, f->n);
	if (learn) {
		if (gs_net_scrub_learn(s, p, f, NULL) == -1)
			abort();
	} else {
		if (gs_net_scrub_frame(s, p, f, copy, &changed, NULL) == -1 ||
		    (!changed && memcmp(copy, f->p, f->n) != 0))
			abort();
		look(copy, f->n);
	}
	free(copy);
}

static void
pass(struct gs_net_scrub *s, bool learn, const uint8_t *p, size_t n)
{
	static const enum gs_net_frame_kind kinds[KINDS] = { GS_FRAME_TCP,
		GS_FRAME_TCP, GS_FRAME_TCP, GS_FRAME_TCP, GS_FRAME_UDP,
		GS_FRAME_PIECE, GS_FRAME_OTHER };
	uint32_t next[STREAMS] = { 0 };
	struct gs_net_packet packet = { .frame = 0 };

	while (n >= 4) {
		unsigned kind = p[0] % KINDS;
		size_t k = p[3];
		struct gs_net_frame f = { .kind = kinds[kind],
			.flags = p[1] & 31,
			.protocol = p[1] & 1 ? 17 : 132,
			.ip = p[1] & 2,
			.unread = kind == 6 && (p[1] & 4) };

		f.src.version = f.dst.version = 4;
		f.src.port = (uint16_t)(kind / 2 + 1);
		f.dst.port = (uint16_t)(kind % 2 + 1);
		f.seq = p[2] - (p[2] < 128 ? 0u : 256u);
		if (kind < STREAMS)
			f.seq += next[kind];
		p += 4;
		n -= 4;
		k = k < n ? k : n;
		f.p = p;
		f.n = f.length = (uint32_t)k;
		f.wire = (uint32_t)k + 1; /* cut: nothing is to be sealed */
		f.layers = 1;
		if (kind < STREAMS)
			next[kind] = f.seq + f.length;
		packet.frame++;
		packet.ns += 100000000;
		feed(s, learn, &packet, &f);
		p += k;
		n -= k;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t bytes[30];
	size_t k, at;

	(void)gs_base64_decode(gs_span(key, sizeof(key) - 1), bytes,
	    sizeof(bytes), &k, &at);
	for (unsigned twice = 0; twice < 2; twice++) {
		struct gs_net_scrub *s = gs_net_scrub_new(NULL);

		if (s == NULL)
			abort();
		gs_net_scrub_key(s, bytes, sizeof(bytes));
		if (twice) {
			pass(s, true, p, n);
			if (gs_net_scrub_learned(s, NULL) == -1)
				abort();
		}
		pass(s, false, p, n);
		gs_net_scrub_free(s);
	}
	return 0;
}
