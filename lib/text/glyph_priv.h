/* SPDX-License-Identifier: MIT */
/* What a console and a word processor put into a line. */
#ifndef GSPROV_TEXT_GLYPH_PRIV_H
#define GSPROV_TEXT_GLYPH_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;

/* Removes from l the colours and titles of a console and characters without
 * width, puts those of ASCII for other spaces, hyphens and "=", and outside of
 * fields takes back what backspaces did. Columns count from the first octet
 * that remains. */
void gs_text_glyphs(struct gs_text_reader *t, struct gs_sdp_line *l);

/* The plain text that stands for the character cp; NULL: itself. */
const char *gs_text_glyph_plain(uint32_t cp);

#endif
