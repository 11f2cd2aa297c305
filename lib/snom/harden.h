/* SPDX-License-Identifier: MIT */
/* Puts a settings file on TLS and SRTP and leaves every other byte. */
#ifndef GSPROV_SNOM_HARDEN_H
#define GSPROV_SNOM_HARDEN_H

#include "../base/buf.h"

struct gs_diags;
struct gs_snom_doc;
struct gs_err;
struct gs_snom_params;

/* Whether the file called name, which d was read from, can be hardened.
 * Returns 0, or -1 with the reason. */
int gs_snom_harden_can(const char *name, const struct gs_snom_doc *d,
    struct gs_err *err) GS_MUST;

/* Appends to out the document with what p (finished) asks for: URLs that
 * contradict themselves or come in clear from the PBX's host; for each
 * active identity TLS in user_outbound, SRTP, SAVP, the tag and their perm;
 * certificates, server authentication and ntp_server when p sets them.
 * Everything else stays, byte for byte. Each change is a finding of
 * severity note, under the rule that it mends, at the place in the original.
 * d must be one that gs_snom_harden_can().
 * Returns 0 or -1. */
int gs_snom_harden(struct gs_snom_doc *d, const struct gs_snom_params *p,
    struct gs_buf *out, struct gs_diags *changes, struct gs_err *err) GS_MUST;

#endif
