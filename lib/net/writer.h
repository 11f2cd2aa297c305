/* SPDX-License-Identifier: MIT */
/* Writes captures: pcap or pcapng, onto a FILE. */
#ifndef GSPROV_NET_WRITER_H
#define GSPROV_NET_WRITER_H

#include <stdio.h>

#include "net/capture.h"

struct gs_net_writer;

/* A writer of one capture onto fp, which stays the caller's and which nobody
 * else may use meanwhile. The header is written first thing. Bytes collect in a
 * buffer of its own (64 KiB). Of a pcapng, packets and their interfaces (link
 * type, time resolution, name) are kept; comments, names of hosts, TLS secrets
 * and statistics are not. NULL if out of memory. */
struct gs_net_writer *gs_net_writer_new(FILE *fp,
    struct gs_net_capture_format format, struct gs_err *err) GS_MUST;

/* Where the writer will have the bytes of the packet it is given next, from's:
 * max of them, at most GS_CAPTURE_PACKET. A packet that is made there need
 * neither be copied nor checked again. NULL with err filled: as
 * gs_net_writer_put(). */
uint8_t *gs_net_writer_room(struct gs_net_writer *w,
    const struct gs_net_packet *from, size_t max, struct gs_err *err) GS_MUST;

/* Writes n bytes p (at most GS_CAPTURE_PACKET) as a packet with the time and
 * the interface of from. wire is its length on the wire; pass n for a whole
 * packet. Returns 0, or -1: it cannot be written (err->sys tells EPIPE from
 * ENOSPC), or a pcap cannot contain this link type. */
int gs_net_writer_put(struct gs_net_writer *w, const struct gs_net_packet *from,
    const uint8_t *p, size_t n, size_t wire, struct gs_err *err) GS_MUST;

/* Adds this comment (UTF-8, at most 255 octets) to the next packet, if the
 * capture is a pcapng. */
void gs_net_writer_comment(struct gs_net_writer *w, const char *text);

/* Writes all bytes to fp and flushes it: at the end, and in live use when
 * there is nothing to read. Returns 0 or -1. */
int gs_net_writer_flush(struct gs_net_writer *w, struct gs_err *err) GS_MUST;

/* Bytes written so far. */
uint64_t gs_net_writer_bytes(const struct gs_net_writer *w);

/* Drops what was not flushed. w may be NULL. */
void gs_net_writer_free(struct gs_net_writer *w);

#endif
