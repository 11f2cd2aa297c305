/* SPDX-License-Identifier: MIT */
/* Text in XML (XML 1.0, section 2), safe for any bytes. */
#ifndef GSPROV_BASE_XML_H
#define GSPROV_BASE_XML_H

#include "buf.h"

/* Appends text for use between tags and in attributes: what could end either
 * is escaped, and what XML does not allow is made visible, as by
 * gs_buf_put_visible(). */
void gs_xml_put(struct gs_buf *b, struct gs_span text);

/* Appends ' NAME="TEXT"'. */
void gs_xml_attr(struct gs_buf *b, const char *name, const char *text);

#endif
