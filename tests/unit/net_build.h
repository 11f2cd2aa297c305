/* SPDX-License-Identifier: MIT */
/* Frames for tests, built from the payload outwards. */
#ifndef NET_BUILD_H
#define NET_BUILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/capture.h"
#include "net/frame.h"
#include "net/writer.h"
#include "own_path.h"

enum { BUILD_SIZE = 70000 };

struct build {
	uint8_t b[BUILD_SIZE];
	size_t at; /* the frame is from here to the end */
};

static inline void
build_start(struct build *f, const void *payload, size_t n)
{
	f->at = BUILD_SIZE - n;
	memcpy(f->b + f->at, payload, n);
}

static inline size_t
build_length(const struct build *f)
{
	return BUILD_SIZE - f->at;
}

static inline uint8_t *
build_front(struct build *f, size_t n)
{
	f->at -= n;
	memset(f->b + f->at, 0, n);
	return f->b + f->at;
}

static inline void
w16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
w32(uint8_t *p, size_t v)
{
	w16(p, v >> 16);
	w16(p + 2, v);
}

static inline void
build_bytes(struct build *f, const void *p, size_t n)
{
	memcpy(build_front(f, n), p, n);
}

static inline void
build_udp(struct build *f, unsigned src, unsigned dst, unsigned sum)
{
	size_t n = build_length(f) + 8;
	uint8_t *p = build_front(f, 8);

	w16(p, src);
	w16(p + 2, dst);
	w16(p + 4, n);
	w16(p + 6, sum);
}

static inline void
build_tcp(struct build *f, unsigned src, unsigned dst, uint32_t seq,
    unsigned flags)
{
	uint8_t *p = build_front(f, 24);

	w16(p, src);
	w16(p + 2, dst);
	w32(p + 4, seq);
	p[12] = 0x60;
	p[13] = (uint8_t)flags;
	w16(p + 14, 1000);
	memcpy(p + 20, "\1\1\1\0", 4);
}

/* options: bytes, a multiple of 4; field: flags and offset. */
static inline void
build_ipv4(struct build *f, unsigned protocol, size_t options, unsigned id,
    unsigned field)
{
	size_t n = build_length(f) + 20 + options;
	uint8_t *p = build_front(f, 20 + options);

	p[0] = (uint8_t)(0x40 | (5 + options / 4));
	w16(p + 2, n);
	w16(p + 4, id);
	w16(p + 6, field);
	p[8] = 64;
	p[9] = (uint8_t)protocol;
	w16(p + 10, 0xbeef);
	memcpy(p + 12, "\xc0\0\2\1\xc0\0\2\2", 8);
	memset(p + 20, 1, options);
}

static inline void
build_ipv6(struct build *f, unsigned next)
{
	size_t n = build_length(f);
	uint8_t *p = build_front(f, 40);

	p[0] = 0x60;
	w16(p + 4, n);
	p[6] = (uint8_t)next;
	p[7] = 64;
	memcpy(p + 8, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	memcpy(p + 24, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);
}

static inline void
build_ethernet(struct build *f, unsigned type)
{
	uint8_t *p = build_front(f, 14);

	memcpy(p, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	w16(p + 12, type);
}

static inline struct gs_net_packet
build_packet(const struct build *f, const struct gs_net_interface *i)
{
	return (struct gs_net_packet){
		.p = f->b + f->at,
		.n = (uint32_t)build_length(f),
		.wire = (uint32_t)build_length(f),
		.ns = 1700000000000000000,
		.ticks = 1700000000000000,
		.frame = 1,
		.interface = i,
	};
}

static bool out_made;
static char out_folder[OWN_PATH];

static inline void
remove_out_folder(void)
{
	char command[OWN_PATH + 16];

	(void)snprintf(command, sizeof(command), "rm -rf -- %s", out_folder);
	if (system(command) != 0)
		perror(out_folder);
}

/* A file in a folder of this test; its name is good for the next seven
 * calls. The folder goes at the end: captures hold keys. */
static inline const char *
out_path(const char *name)
{
	static char path[8][OWN_PATH + 64];
	static unsigned i;

	if (!out_made) {
		out_made = true;
		assert_non_null(mkdtemp(own_path(out_folder)));
		assert_int_equal(atexit(remove_out_folder), 0);
	}
	i = (i + 1) % 8;
	assert_in_range(
	    snprintf(path[i], sizeof(path[i]), "%s/%s", out_folder, name), 1,
	    sizeof(path[i]) - 1);
	return path[i];
}

/* Runs a command of other programs; what it prints goes to text. */
static inline size_t
run_command(const char *command, char *text, size_t size)
{
	FILE *fp = popen(command, "r");

	assert_non_null(fp);
	size_t n = fread(text, 1, size - 1, fp);
	text[n] = '\0';
	assert_int_equal(pclose(fp), 0);
	return n;
}

#endif
