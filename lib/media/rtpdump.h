/* SPDX-License-Identifier: MIT */
/* The rtpdump format of rtptools, which Wireshark reads from 4.2 on. */
#ifndef GSPROV_MEDIA_RTPDUMP_H
#define GSPROV_MEDIA_RTPDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A file being written. Write errors remain in fp. */
struct gs_media_rtpdump {
	FILE *fp;
	uint64_t start; /* ns since the epoch */
};

/* Writes the text line and the binary header. start is the time of the
 * first packet, address (text, IPv4 or IPv6) and port are where the packets
 * were sent. The binary header holds an IPv4 address only: with IPv6 it is
 * 0, as rtptools has it. */
void gs_media_rtpdump_begin(struct gs_media_rtpdump *d, FILE *fp,
    uint64_t start, const char *address, uint16_t port);

/* One RTP or RTCP packet, with its header, captured at time (ns). The
 * format counts 32-bit milliseconds: times before start become 0, those
 * more than 49 days behind it 2^32-1. A packet beyond 65527 bytes, more
 * than UDP can carry, is left out and returns false. */
bool gs_media_rtpdump_put(struct gs_media_rtpdump *d, uint64_t time, bool rtcp,
    const uint8_t *p, size_t n);

#endif
