/* SPDX-License-Identifier: MIT */
/* The kind of a file that does not contain a certificate or key, by its first
 * octets, its labels or its DER. */
#ifndef GSPROV_CERT_KIND_H
#define GSPROV_CERT_KIND_H

#include "base/buf.h"

/* The kind of bytes without a certificate (with key: without a readable private
 * key), such as "a certificate request". *convert is the command that converts
 * them into something readable, or NULL; ' %' in it stands for the file's name.
 * Returns NULL if the kind is unknown. */
const char *gs_cert_kind(struct gs_span bytes, bool key, const char **convert);

#endif
