/* SPDX-License-Identifier: MIT */
/* Octets with an index: key[0] = 0xf1; key[1] = 0x7a; {"0": 241, "1": 122}, [0]
 * => 241. */
#ifndef GSPROV_TEXT_COUNTED_PRIV_H
#define GSPROV_TEXT_COUNTED_PRIV_H

#include "base/buf.h"

enum { TEXT_COUNTED = 128, TEXT_GLUE = 32 };

/* What is between two numbers, without blanks and line ends. */
struct text_glue {
	char text[TEXT_GLUE];
	size_t n; /* TEXT_GLUE: too many */
};

/* The numbers so far. Zero it before the first token. */
struct text_counted {
	uint8_t hex[TEXT_COUNTED];
	uint8_t decimal[TEXT_COUNTED];
	bool is_hex; /* all octets may be hexadecimal */
	bool is_decimal;
	size_t n; /* number of octets */
	uint64_t next; /* the next index */
	bool value; /* the next number is an octet */
	struct text_glue glue; /* since the last number */
	struct text_glue before; /* before each index but the first */
	struct text_glue behind; /* after it */
	uint64_t first; /* the lines of the octets */
	uint64_t line;
};

/* Adds the next token of the text; gap is what precedes it on its line. s is
 * empty at the end of a line. Returns false if the octets of c end before
 * it. */
bool gs_text_counted(struct text_counted *c, struct gs_span gap,
    struct gs_span s, uint64_t line);

#endif
