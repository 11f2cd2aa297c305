/* SPDX-License-Identifier: MIT */
/* The libraries that decode: loaded at run time, never linked. */
#ifndef GSPROV_MEDIA_DECODER_H
#define GSPROV_MEDIA_DECODER_H

#include "base/buf.h"

struct gs_media_codec;

/* Loads the installed libraries for good: after this, a decoder opens no
 * file. */
void gs_media_decoder_load(void);

/* Writes to text why c cannot be decoded, as the end of "it cannot be decoded:
 * ...". NULL: it can be decoded. */
const char *gs_media_decoder_lacks(const struct gs_media_codec *c, char *text,
    size_t size);

/* Appends a line for each library: its name and version, or that it is missing.
 * A library that cannot report its version is only looked for, not loaded. */
void gs_media_decoder_library(struct gs_buf *b);

#endif
