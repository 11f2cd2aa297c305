/* SPDX-License-Identifier: MIT */
/* Dumps whose lines begin with an offset, as od, hexdump, xxd and the x of gdb
 * print them. The offsets tell how many octets each group has. */
#ifndef GSPROV_TEXT_DUMP_PRIV_H
#define GSPROV_TEXT_DUMP_PRIV_H

#include "base/buf.h"

enum {
	TEXT_DUMP_GROUPS = 128, /* most groups of a dump */
	TEXT_DUMP_BASES = 4, /* hexadecimal, decimal, octal, binary */
	TEXT_DUMP_WAYS = 24, /* ways to read its digits */
};

/* A dump. Zero it before its first line. */
struct text_dump {
	uint64_t value[TEXT_DUMP_BASES][TEXT_DUMP_GROUPS];
	size_t n; /* number of groups */
	size_t a_line; /* groups on each line but the last */
	size_t lines;
	size_t digits; /* digits of the first group */
	size_t last; /* digits of the last group */
	unsigned bases; /* set of bases that all groups allow */
	uint64_t from[TEXT_DUMP_BASES - 1]; /* the first offset, by base */
	uint64_t step[TEXT_DUMP_BASES - 1]; /* from line to line */
	uint64_t to[TEXT_DUMP_BASES - 1]; /* the last offset */
	unsigned offsets; /* set of bases that all offsets allow */
	bool ended; /* the last offset is the length */
	uint64_t first; /* the lines of the dump */
	uint64_t line;
};

/* Adds a line, or begins a dump with it. Returns false if d has lines and ends
 * before this one. */
bool gs_text_dump_line(struct text_dump *d, struct gs_span line,
    uint64_t number);

/* Reads the octets of d in one of TEXT_DUMP_WAYS ways. Returns their number; 0:
 * they cannot be read like this. *spare receives how many at the end may be
 * padding. */
size_t gs_text_dump_octets(const struct text_dump *d, unsigned way,
    uint8_t out[TEXT_DUMP_GROUPS], size_t *spare);

#endif
