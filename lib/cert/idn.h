/* SPDX-License-Identifier: MIT */
/* Host names with letters beyond ASCII (RFC 5890): as people write them, and
 * as certificates, DNS and file names have them. */
#ifndef GSPROV_CERT_IDN_H
#define GSPROV_CERT_IDN_H

#include "base/diag.h"

/* Bytes for what gs_cert_idn_shown() writes. */
#define GS_IDN_SHOWN 1280

/* Whether name has to be converted: it is not ASCII. */
bool gs_cert_idn_is(const char *name);

/* Converts the labels of name (UTF-8) to their "xn--" form; a "dns:" and a
 * "*." before them stay. A name in ASCII is copied. Returns 0, or -1 when that
 * is no host name, or libidn2, which is loaded for this, is not there. */
int gs_cert_idn_ascii(const char *name, char *out, size_t size,
    struct gs_err *err) GS_MUST;

/* Copies name and, if it has "xn--" labels, what they stand for behind it:
 * "xn--bcher-kva.example (bücher.example)". Without libidn2 it is name. */
void gs_cert_idn_shown(const char *name, char *out, size_t size);

#endif
