/* SPDX-License-Identifier: MIT */
/* Texts that a mail carries in base64. */
#ifndef GSPROV_TEXT_MIME_PRIV_H
#define GSPROV_TEXT_MIME_PRIV_H

#include "text/record_priv.h"

struct text_mime;

/* Passes the lines of a body in base64 to to, as they become complete. Returns
 * whether l belongs to one; if not, l is to be read as it is. */
bool gs_text_mime_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Ends the text. */
void gs_text_mime_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_mime_free(struct text_mime *m);

#endif
