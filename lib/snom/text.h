/* SPDX-License-Identifier: MIT */
/* Bytes from a database as text in XML. */
#ifndef GSPROV_SNOM_TEXT_H
#define GSPROV_SNOM_TEXT_H

#include "base/buf.h"

/* Whether s is allowed in an XML document (XML 1.0 section 2.2): UTF-8, no
 * control bytes but tab, newline and CR, no U+FFFE and U+FFFF. Stricter than
 * XML: DEL and the C1 controls are refused, too. *at is the offset of the
 * first wrong byte. */
bool gs_snom_text_valid(struct gs_span s, size_t *at);

/* Appends s so that it is character data and equally the inside of an
 * attribute in either kind of quotes: & < > " ' and tab, newline and CR
 * become references. s must be valid. */
void gs_snom_text_put(struct gs_buf *b, struct gs_span s);

/* Both in one: appends s as gs_snom_text_put() does, or appends nothing and
 * returns false with *at as gs_snom_text_valid() does. */
bool gs_snom_text_put_valid(struct gs_buf *b, struct gs_span s, size_t *at);

/* Appends s with the five named and the numeric references of ASCII and
 * Unicode resolved, CDATA sections opened, comments left out and line ends
 * made one newline (XML 1.0 sections 2.11, 4.4). References that are not
 * predefined stay as they are. */
void gs_snom_text_decode(struct gs_buf *b, struct gs_span s);

#endif
