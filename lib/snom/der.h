/* SPDX-License-Identifier: MIT */
/* The outline of a certificate in DER. */
#ifndef GSPROV_SNOM_DER_H
#define GSPROV_SNOM_DER_H

#include "base/buf.h"

/* Whether these octets are one X.509 certificate and nothing else, as far as
 * its outline says (RFC 5280 section 4.1): a request, a key, a list of
 * certificates or a cut one is none. Its signature is not verified. */
bool gs_snom_der_is_certificate(const uint8_t *p, size_t n);

#endif
