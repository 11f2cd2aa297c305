/* SPDX-License-Identifier: MIT */
/* Text in XML (XML 1.0, section 2), safe for any bytes. */
#ifndef GSPROV_BASE_XML_H
#define GSPROV_BASE_XML_H

#include "base/buf.h"

/* Appends text for use between tags and in attributes: what could end either
 * is escaped, and what XML does not allow is made visible, as by
 * gs_buf_put_visible(). */
void gs_xml_put(struct gs_buf *b, struct gs_span text);

/* The reference to a character that text in XML must not contain as it is, or
 * NULL. */
const char *gs_xml_reference(uint32_t c);

/* The reference at the beginning of s: "&#NUMBER;" or "&NAME;" (XML 1.0
 * section 4.1), with the names of XML, and those of HTML that products use.
 * Returns its length, with the character in *cp, or 0. */
size_t gs_xml_get(struct gs_span s, uint32_t *cp);

/* Appends ' NAME="TEXT"'. */
void gs_xml_attr(struct gs_buf *b, const char *name, const char *text);

#endif
