/* SPDX-License-Identifier: MIT */
/* Words of logs and traces that are shown where keys are masked. */
#ifndef GSPROV_SDP_WORDS_PRIV_H
#define GSPROV_SDP_WORDS_PRIV_H

#include "base/buf.h"

/* Whether s, in any case, is a word of the list in words.c. */
bool gs_sdp_word_is_known(struct gs_span s);

#endif
