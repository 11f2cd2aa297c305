/* SPDX-License-Identifier: MIT */
/* Octets that are counted: key[0] = 0xf1; key[1] = 0x7a; {"0": 241, "1": 122},
 * [0] => 241. */
#ifndef GSPROV_TEXT_COUNTED_PRIV_H
#define GSPROV_TEXT_COUNTED_PRIV_H

#include "base/buf.h"

enum { TEXT_COUNTED = 128, TEXT_GLUE = 32 };

/* What stands between two numbers, without blanks and line ends. */
struct text_glue {
	char text[TEXT_GLUE];
	size_t n; /* TEXT_GLUE: more than may be */
};

/* Numbers so far. Zero it before the first token. */
struct text_counted {
	uint8_t hex[TEXT_COUNTED];
	uint8_t decimal[TEXT_COUNTED];
	bool is_hex; /* all octets may be hexadecimal */
	bool is_decimal;
	size_t n; /* octets */
	uint64_t next; /* the next number that counts */
	bool value; /* an octet is next */
	struct text_glue glue; /* since the last number */
	struct text_glue before; /* before each that counts but the first */
	struct text_glue behind; /* behind it */
	uint64_t first; /* the lines that they are on */
	uint64_t line;
};

/* The next token of the text and what stands before it on its line; s is empty
 * at the end of a line. False: the octets of c end before it. */
bool gs_text_counted(struct text_counted *c, struct gs_span gap,
    struct gs_span s, uint64_t line);

#endif
