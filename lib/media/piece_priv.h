/* SPDX-License-Identifier: MIT */
/* What the files of pieces share. */
#ifndef GSPROV_MEDIA_PIECE_PRIV_H
#define GSPROV_MEDIA_PIECE_PRIV_H

#include "piece.h"

/* Adds a copy of text, unless it is there. Returns 0 or -1. */
int gs_texts_add(struct gs_texts *t, const char *text,
    struct gs_err *err) GS_MUST;

/* Adds what b's key opened. Returns 0 or -1. */
int gs_piece_add_key(struct gs_piece *p, const struct gs_piece_key *b,
    struct gs_err *err) GS_MUST;
void gs_piece_key_free(struct gs_piece_key *k);

#endif
