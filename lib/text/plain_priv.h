/* SPDX-License-Identifier: MIT */
/* Lines that need none of the steps that clean a line. */
#ifndef GSPROV_TEXT_PLAIN_PRIV_H
#define GSPROV_TEXT_PLAIN_PRIV_H

#include "base/buf.h"

struct gs_text_reader;

/* Whether s, a line without its end, may be read as it is: no cleaning step
 * would change it, or keep anything of it. */
bool gs_text_is_plain(struct gs_text_reader *t, struct gs_span s);

#endif
