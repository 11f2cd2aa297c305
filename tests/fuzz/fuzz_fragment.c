/* SPDX-License-Identifier: MIT */
/* Fragments in any order: a datagram is whole when every byte of it came, and
 * holds what came. The input is a list of: which datagram and whether more
 * follow, offset, length (both in units of 4 bytes), padding. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/capture.h"
#include "net/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { DATAGRAMS = 4, HEAD = 20, MOST = 255 * 8 + 255 * 4, PAD = 255 };

/* What byte at of a datagram is: the header of UDP, then what at says. */
static uint8_t
byte_at(unsigned id, size_t at)
{
	return (uint8_t)(at < 8 ? 0 : 31 * at + 101 * id + 7);
}

static void
check(const struct gs_net_frame *f, unsigned id, const uint8_t *sent)
{
	size_t n = f->n - HEAD;

	for (size_t i = 0; i < n; i++) {
		if (!sent[i])
			abort(); /* never came */
		/* The checksum of UDP and its length are made right. */
		if (i >= 8 && f->p[HEAD + i] != byte_at(id, i))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct gs_net_interface link = { .link = 101 };
	static uint8_t sent[DATAGRAMS][MOST];
	uint8_t b[HEAD + MOST + PAD];
	struct gs_net_frames *t = gs_net_frames_new(NULL);
	struct gs_net_packet lost;
	uint64_t ns = 0;

	memset(sent, 0, sizeof(sent));
	for (; t != NULL && n >= 4; p += 4, n -= 4) {
		unsigned id = p[0] % DATAGRAMS;
		bool more = p[0] & 0x80;
		size_t from = (size_t)p[1] * 8, length = (size_t)p[2] * 4;
		size_t all = HEAD + length;
		struct gs_net_packet q = { .p = b, .interface = &link };
		struct gs_net_frame f;

		memset(b, 0, sizeof(b));
		b[0] = 0x45;
		b[2] = (uint8_t)(all >> 8);
		b[3] = (uint8_t)all;
		b[5] = (uint8_t)id;
		b[6] = (uint8_t)((more ? 0x20 : 0) | p[1] >> 8);
		b[7] = p[1];
		b[9] = 17;
		for (size_t i = 0; i < length; i++)
			b[HEAD + i] = byte_at(id, from + i);
		q.n = q.wire = (uint32_t)(all + p[3]);
		q.ns = ns += 1000000;
		gs_net_frame_parse(t, &q, &f);
		bool kept = f.kind != GS_FRAME_MALFORMED;
		if (from + length <= MOST && kept)
			memset(sent[id] + from, 1, length);
		if (f.reassembled) {
			check(&f, id, sent[id]);
			memset(sent[id], 0, MOST);
		}
		while (gs_net_frames_lost(t, &lost)) {
			gs_net_frames_lost_place(t, &f);
			if (f.payload + f.length > lost.n)
				abort();
		}
	}
	gs_net_frames_free(t);
	return 0;
}
