/* SPDX-License-Identifier: MIT */
/* Text around binary objects (RFC 7468), read leniently. */
#ifndef GSPROV_CERT_ARMOUR_H
#define GSPROV_CERT_ARMOUR_H

#include "base/buf.h"

/* "-----BEGIN LABEL-----", base64, "-----END LABEL-----". */
struct gs_cert_armour {
	struct gs_span label;
	struct gs_span body;
	bool whole; /* it ends with its own label */
};

/* Removes the next block from text. It may begin anywhere on a line: files are
 * often joined without a line end. Returns false if there is none. */
bool gs_cert_armour_next(struct gs_span *text, struct gs_cert_armour *a);

/* Whether there may be one. */
bool gs_cert_armour_in(struct gs_span text);

/* Removes blocks from text up to the first whose label ends with end. Returns
 * false if there is none. */
bool gs_cert_armour_first(struct gs_span *text, struct gs_span end,
    struct gs_cert_armour *a);

/* Appends the octets of the base64 text s, ignoring white space and a byte
 * order mark. Returns 0, or -1 if it is something else. */
int gs_cert_armour_decode(struct gs_span s, struct gs_buf *out) GS_MUST;

#endif
