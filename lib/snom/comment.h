/* SPDX-License-Identifier: MIT */
/* Comments in settings: GS5's view writes the names of callers into them. */
#ifndef GSPROV_SNOM_COMMENT_H
#define GSPROV_SNOM_COMMENT_H

#include "doc.h"

/* Appends text with every "--" inside a comment, and a "-" before its end,
 * set apart by a blank (XML 1.0 section 2.5). Returns whether it changed
 * anything; if not, nothing was appended. */
bool gs_snom_comment_mend(struct gs_span text, struct gs_buf *out);

/* Where GS5's view did not write what stands in <phone-settings>, because the
 * name of a caller ended a comment: the offset, and what is wrong. Returns
 * false when there is no such place, or the settings are not GS5's. */
bool gs_snom_comment_is_broken(const struct gs_snom_doc *d, size_t *at,
    const char **why);

#endif
