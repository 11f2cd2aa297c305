/* SPDX-License-Identifier: MIT */
/* The rtpdump format of rtptools. */
#include "media/rtpdump.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/bytes.h"

/* RD_hdr_t of rtptools: seconds, microseconds, address, port, padding. */
void
gs_media_rtpdump_begin(struct gs_media_rtpdump *d, FILE *fp, uint64_t start,
    const char *address, uint16_t port)
{
	uint8_t h[16] = { 0 };
	struct in_addr v4 = { 0 };

	*d = (struct gs_media_rtpdump){ .fp = fp, .start = start };
	gs_put_be32(h, (uint32_t)(start / 1000000000));
	gs_put_be32(h + 4, (uint32_t)(start % 1000000000 / 1000));
	if (inet_pton(AF_INET, address, &v4) == 1)
		memcpy(h + 8, &v4, 4);
	gs_put_be16(h + 12, port);
	fprintf(fp, "#!rtpplay1.0 %s/%u\n", address, port);
	fwrite(h, 1, sizeof(h), fp);
}

/* RD_packet_t: length with this header, length of the packet (0 for RTCP),
 * milliseconds since the start. */
bool
gs_media_rtpdump_put(struct gs_media_rtpdump *d, uint64_t time, bool rtcp,
    const uint8_t *p, size_t n)
{
	uint64_t ms = time < d->start ? 0 : (time - d->start) / 1000000;
	uint8_t h[8];

	if (n > 65535 - sizeof(h))
		return false;
	gs_put_be16(h, (unsigned)(n + sizeof(h)));
	gs_put_be16(h + 2, rtcp ? 0 : (unsigned)n);
	gs_put_be32(h + 4, ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms);
	fwrite(h, 1, sizeof(h), d->fp);
	fwrite(p, 1, n, d->fp);
	return true;
}
