/* SPDX-License-Identifier: MIT */
/* An Ogg stream (RFC 3533) of Opus (RFC 7845) or Speex: a page for each
 * packet, so that a gap in time is one in the file. */
#ifndef GSPROV_MEDIA_OGG_PRIV_H
#define GSPROV_MEDIA_OGG_PRIV_H

#include <stdio.h>

#include "media/codec.h"

enum { GS_OGG_PACKET = 255 * 255 - 1 }; /* octets of one that fits a page */

/* Zeroed except for fp, which is the caller's, it is ready for use. */
struct gs_media_ogg {
	FILE *fp;
	uint32_t pages;
	/* The last packet, which may end the stream. */
	uint8_t *p;
	size_t n;
	uint64_t end;
	bool held;
};

/* Writes the two headers of Opus or Speex (codec says which), as its first
 * packet p has it. Write errors remain in fp. */
void gs_media_ogg_begin(struct gs_media_ogg *o,
    const struct gs_media_codec *codec, struct gs_span p);

/* Adds a packet of at most GS_OGG_PACKET octets that ends this many samples
 * after the beginning. Returns 0, or -1 if out of memory. */
int gs_media_ogg_put(struct gs_media_ogg *o, struct gs_span p,
    uint64_t end) GS_MUST;

/* Writes the last packet, and frees the contents of o. */
void gs_media_ogg_end(struct gs_media_ogg *o);

#endif
