/* SPDX-License-Identifier: MIT */
/* Any bytes as datagrams and as segments of TCP streams: messages are
 * found. The input is a list of: kind (0: UDP, else the number of a
 * stream), flags, distance of the sequence number to the end of the last
 * segment (signed), length, payload. */
#include <stdint.h>
#include <stdlib.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { STREAMS = 4 };

static void
see(void *arg, const struct gs_net_sip_message *m)
{
	unsigned *sum = arg;

	if (m->body > m->bytes.n)
		abort();
	for (size_t i = 0; i < m->bytes.n; i++)
		*sum += (uint8_t)m->bytes.p[i];
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	unsigned sum = 0;
	const struct gs_net_sip_sink sink = { see, &sum, NULL };
	struct gs_net_sip *t = gs_net_sip_new(&sink, NULL);
	uint32_t next[STREAMS] = { 0 };
	struct gs_net_packet packet = { .frame = 0 };

	while (t != NULL && n >= 4) {
		unsigned kind = p[0] % (STREAMS + 1);
		size_t k = p[3];
		struct gs_net_frame f = { .kind = kind == 0 ? GS_FRAME_UDP :
							      GS_FRAME_TCP,
			.flags = p[1] & 31 };
		f.src.version = f.dst.version = 4;
		f.src.port = (uint16_t)kind;
		/* p[2] is signed. */
		if (kind > 0)
			f.seq =
			    next[kind - 1] + p[2] - (p[2] < 128 ? 0u : 256u);
		p += 4;
		n -= 4;
		k = k < n ? k : n;
		f.p = p;
		f.n = f.length = f.wire = (uint32_t)k;
		if (kind > 0)
			next[kind - 1] = f.seq + f.length;
		packet.frame++;
		packet.ns += 100000000;
		(void)gs_net_sip_feed(t, &packet, &f);
		p += k;
		n -= k;
	}
	if (t != NULL)
		gs_net_sip_end(t);
	gs_net_sip_free(t);
	return 0;
}
