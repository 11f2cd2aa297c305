/* SPDX-License-Identifier: MIT */
/* Changes a settings file to TLS and SRTP, and nothing else in it. */
#ifndef GSPROV_SNOM_HARDEN_H
#define GSPROV_SNOM_HARDEN_H

#include "base/buf.h"

struct gs_diags;
struct gs_err;
struct gs_snom_params;

/* How to harden. */
struct gs_snom_harden {
	const struct gs_snom_params *params; /* finished */
	/* Further names of GS5's host, as in its URLs; may be empty. */
	struct gs_span host[2];
	/* A phone asks for it: every URL of GS5 follows base_url, also in XML
	 * other than settings. */
	bool served;
};

/* Appends to out the settings of in with what how asks for: URLs that
 * contradict themselves or come in clear from the PBX's host; for each
 * active identity TLS in user_outbound, SRTP, SAVP, the tag and their perm;
 * certificates, server authentication and what other parameters set. In a
 * menu, URLs of GS5 alone.
 * Everything else stays, byte for byte. Each change is a finding of
 * severity note, under the rule that it mends, at the place in the original.
 * "--" in comments is mended first. name is the file's in errors.
 * Returns 0, or -1: it cannot be hardened. */
int gs_snom_harden_bytes(const char *name, struct gs_span in,
    const struct gs_snom_harden *how, struct gs_buf *out,
    struct gs_diags *changes, struct gs_err *err) GS_MUST;

#endif
