/* SPDX-License-Identifier: MIT */
/* A hex dump that text2pcap reads. */
#ifndef GSPROV_MEDIA_HEX_H
#define GSPROV_MEDIA_HEX_H

#include "base/buf.h"

/* Writes one packet: a comment line ("# ", the text made visible; none if
 * comment.n is 0), the time in UTC, and 16 bytes a line after their offset.
 * For text2pcap -t '%Y-%m-%dT%H:%M:%S.%f': with -u SPORT,DPORT if the bytes
 * are a UDP payload, without if they are whole Ethernet frames. Write errors
 * remain in fp. */
void gs_media_hex_packet(FILE *fp, uint64_t time, struct gs_span comment,
    const uint8_t *p, size_t n);

#endif
