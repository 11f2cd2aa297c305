/* SPDX-License-Identifier: MIT */
/* The judge of XML: libxml2 decides whether a document is well-formed, and the
 * scanner must have seen the same elements. */
#ifndef GSPROV_SNOM_XML_H
#define GSPROV_SNOM_XML_H

#include "base/diag.h"
#include "snom/scan.h"

enum gs_snom_xml {
	GS_XML_OK,
	GS_XML_BAD, /* not well-formed */
	GS_XML_DOCTYPE, /* has a document type: not read */
	GS_XML_DIFFERS, /* well-formed, but the scanner disagrees */
};

struct gs_snom_xml_verdict {
	enum gs_snom_xml what;
	struct gs_pos pos; /* of the first fault, by libxml2 */
	char why[256];
};

/* Judges s->text. No entity is loaded or expanded, and nothing is fetched.
 * Returns 0, or -1 if libxml2 is out of memory. */
int gs_snom_xml_judge(const struct gs_snom_scan *s,
    struct gs_snom_xml_verdict *v, struct gs_err *err) GS_MUST;

/* Appends name and version of libxml2. */
void gs_snom_xml_library(struct gs_buf *b);

#endif
