/* SPDX-License-Identifier: MIT */
/* Dumps whose lines begin with an offset, as od, hexdump, xxd and the x of gdb
 * print them. The offsets tell how many octets a group stands for. */
#ifndef GSPROV_TEXT_DUMP_PRIV_H
#define GSPROV_TEXT_DUMP_PRIV_H

#include "base/buf.h"

enum {
	TEXT_DUMP_GROUPS = 128, /* most groups of a dump */
	TEXT_DUMP_BASES = 4, /* hexadecimal, decimal, octal, binary */
	TEXT_DUMP_WAYS = 24, /* in which its digits can be read */
};

/* A dump. Zero it before its first line. */
struct text_dump {
	uint64_t value[TEXT_DUMP_BASES][TEXT_DUMP_GROUPS];
	size_t n; /* groups */
	size_t a_line; /* of which each line but the last has so many */
	size_t lines;
	size_t digits; /* of the first group */
	size_t last; /* of the last group */
	unsigned bases; /* the set that all groups allow */
	uint64_t from[TEXT_DUMP_BASES - 1]; /* the first offset */
	uint64_t step[TEXT_DUMP_BASES - 1]; /* from line to line */
	uint64_t to[TEXT_DUMP_BASES - 1]; /* the last offset */
	unsigned offsets; /* the set of bases that all offsets allow */
	bool ended; /* the last offset is its length */
	uint64_t first; /* the lines that it is on */
	uint64_t line;
};

/* Adds a line, or begins a dump with it. False: d has lines and ends before
 * this one. */
bool gs_text_dump_line(struct text_dump *d, struct gs_span line,
    uint64_t number);

/* The octets of d, read in one of TEXT_DUMP_WAYS. Returns how many; 0: it
 * cannot be read so. *spare gets how many at the end may be padding. */
size_t gs_text_dump_octets(const struct text_dump *d, unsigned way,
    uint8_t out[TEXT_DUMP_GROUPS], size_t *spare);

#endif
