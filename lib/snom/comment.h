/* SPDX-License-Identifier: MIT */
/* Comments in settings: GS5's view writes the names of callers into them. */
#ifndef GSPROV_SNOM_COMMENT_H
#define GSPROV_SNOM_COMMENT_H

#include "snom/doc.h"

/* Appends text with every "--" inside a comment, and a "-" before its end,
 * separated by a blank (XML 1.0 section 2.5). Returns whether anything
 * changed; if not, nothing was appended. */
bool gs_snom_comment_mend(struct gs_span text, struct gs_buf *out);

/* Finds text in <phone-settings> that GS5's view did not write, because a
 * caller's name ended a comment: the offset, and what is wrong. Returns false
 * if there is none, or the settings are not GS5's. */
bool gs_snom_comment_is_broken(const struct gs_snom_doc *d, size_t *at,
    const char **why);

#endif
