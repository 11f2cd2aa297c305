/* SPDX-License-Identifier: MIT */
/* Text around binary objects (RFC 7468), as lenient as people are with it. */
#ifndef GSPROV_CERT_ARMOUR_H
#define GSPROV_CERT_ARMOUR_H

#include "../base/buf.h"

/* "-----BEGIN LABEL-----", base64, "-----END LABEL-----". */
struct gs_cert_armour {
	struct gs_span label;
	struct gs_span body;
	bool whole; /* it ends with its own label */
};

/* Takes the next block off text, wherever on a line it begins: files that are
 * joined without a line end are common. Returns false when there is none. */
bool gs_cert_armour_next(struct gs_span *text, struct gs_cert_armour *a);

/* Appends what the base64 text s stands for; white space and a byte order
 * mark count for nothing. Returns 0, or -1 when it is something else. */
int gs_cert_armour_decode(struct gs_span s, struct gs_buf *out) GS_MUST;

#endif
