/* SPDX-License-Identifier: MIT */
/* The state of a capture: what capture and pcapng share. */
#ifndef GSPROV_NET_CAPTURE_PRIV_H
#define GSPROV_NET_CAPTURE_PRIV_H

#include "base/bytes.h"
#include "capture.h"

enum { GS_PCAPNG_MAGIC = 0x0a0d0d0a };

/* An interface, and how its ticks become nanoseconds. */
struct source {
	struct gs_interface pub;
	uint64_t mul;
	uint64_t div;
	unsigned shift; /* tsresol 2^-shift, 0: decimal */
};

struct section_interface {
	struct source *source;
	uint32_t snaplen;
};

struct gs_capture {
	const char *const *path;
	size_t paths;
	size_t file; /* index of the one that is open */
	int fd;
	bool regular;
	bool eof;
	bool draining;
	size_t drain; /* bytes that may still be read then */
	uint8_t *buf;
	size_t start;
	size_t end;
	uint64_t base; /* offset in the file of buf[0] */
	uint64_t skip; /* bytes of the last block not yet passed over */
	uint64_t before; /* bytes of the files before */
	uint64_t size;
	uint64_t frames;
	struct gs_capture_format format;
	/* This file. */
	bool pcapng;
	bool swap;
	bool nano;
	size_t record; /* pcap: bytes of a record's header */
	struct source *source; /* pcap */
	struct section_interface *section; /* pcapng */
	size_t interfaces;
	struct source *all[GS_CAPTURE_INTERFACES];
	uint32_t sources;
};

/* Offset in its file of the byte at c->start. */
static inline uint64_t
position(const struct gs_capture *c)
{
	return c->base + c->start;
}

/* Fills err with file, offset, what and the offending number. */
int gs_capture_damaged(const struct gs_capture *c, uint64_t at,
    const char *what, uint64_t n, struct gs_err *err);

/* Waits for n bytes at buf + start; n is at most a packet and its headers.
 * Returns 1; 0 when the file ends right there; -1 also when it ends before
 * them all. gs_capture_need_all() returns 0, or -1 for both ends; at is
 * where the record began. */
int gs_capture_need(struct gs_capture *c, size_t n, struct gs_err *err);
int gs_capture_need_all(struct gs_capture *c, size_t n, uint64_t at,
    struct gs_err *err);

/* Passes over c->skip bytes. Returns 0 or -1. */
int gs_capture_pass_over(struct gs_capture *c, struct gs_err *err);

/* The interface that equals want, made when there is none; NULL: err. */
struct source *gs_capture_intern(struct gs_capture *c,
    const struct gs_interface *want, struct gs_err *err);

/* Time of a tick, in nanoseconds. */
uint64_t gs_capture_ns(const struct source *s, uint64_t ticks);

/* The next packet of a pcapng file. Returns 1, 0 at its end, -1. */
int gs_pcapng_next(struct gs_capture *c, struct gs_packet *p,
    struct gs_err *err);

#endif
