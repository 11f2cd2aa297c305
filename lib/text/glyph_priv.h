/* SPDX-License-Identifier: MIT */
/* What a console and a word processor put into a line. */
#ifndef GSPROV_TEXT_GLYPH_PRIV_H
#define GSPROV_TEXT_GLYPH_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;

/* Removes colours and titles of a console and characters without width from l,
 * replaces other spaces, hyphens and "=" by those of ASCII, and, outside of
 * fields, applies backspaces. Columns count from the first octet that
 * remains. */
void gs_text_glyphs(struct gs_text_reader *t, struct gs_sdp_line *l);

/* The plain text for the character cp; NULL: cp itself. */
const char *gs_text_glyph_plain(uint32_t cp);

#endif
