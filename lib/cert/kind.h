/* SPDX-License-Identifier: MIT */
/* What a file is that does not hold what it should, by its first octets, its
 * labels or its DER. */
#ifndef GSPROV_CERT_KIND_H
#define GSPROV_CERT_KIND_H

#include "base/buf.h"

/* The kind of bytes in which no certificate was found, or with key no private
 * key that can be read: such as "a certificate request". *convert is the
 * command that makes something readable of it, or NULL. In it, ' %' stands for
 * the file's name without the blank. Returns NULL if the kind is unknown. */
const char *gs_cert_kind(struct gs_span bytes, bool key, const char **convert);

#endif
