/* SPDX-License-Identifier: MIT */
/* Octets as programs write them. */
#ifndef GSPROV_TEXT_LITERAL_H
#define GSPROV_TEXT_LITERAL_H

#include <stdbool.h>

#include "base/buf.h"

/* s without the suffix of a number in C, Rust or F#: 241U, 0xf1u8. */
struct gs_span gs_text_unsuffixed(struct gs_span s);

/* Whether s is an octet in decimal, signed as in Java or not. */
bool gs_text_decimal(struct gs_span s, uint8_t *v);

/* Whether s is an octet in hexadecimal: f1, 0xf1, 0x7. */
bool gs_text_hex(struct gs_span s, uint8_t *v);

/* Copies line to out, which has room for line.n characters. Octets written as
 * 0F1h, &HF1, $F1, 16#F1, (byte) 0xF1, UINT8_C(0xF1), std::byte{241} or \x{F1}
 * become two hexadecimal digits, casts of decimal numbers such as (byte) -15
 * decimal ones. Returns the length; 0: there are fewer than four of them among
 * other words, or other text ends the line, which then stays as it was. */
size_t gs_text_literals(struct gs_span line, char *out);

/* The same for octets of two digits with the same text between all of them, as
 * in 8'hf1, 8'h7a or "f1", "7a". Blanks then separate them. */
size_t gs_text_strides(struct gs_span line, char *out);

/* How a string writes octets: \xf1, \361 and \u00f1 as in C and JSON; \241 in
 * decimal as in Lua and Haskell; %f1 as in a URL. */
enum gs_text_string {
	GS_TEXT_STRING_C,
	GS_TEXT_STRING_DECIMAL,
	GS_TEXT_STRING_URL,
};

struct gs_text_octets {
	uint8_t octet[128];
	size_t n;
	bool numbers; /* some are written as numbers */
};

/* Reads the octets of the string at the beginning of s, after its quote. It
 * ends before the character end; if that is '\0', with s, or where a URL cannot
 * continue. Returns its length in characters. Octets that do not fit are not
 * read. */
size_t gs_text_string(struct gs_span s, enum gs_text_string kind, char end,
    struct gs_text_octets *out);

#endif
