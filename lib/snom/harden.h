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

/* Appends the settings of in to out, changed as how asks: URLs that contradict
 * themselves or are fetched unencrypted from the PBX's host; for each active
 * identity TLS in user_outbound, SRTP, SAVP, the tag and their perm;
 * certificates, server authentication and what other parameters set. In a menu,
 * only URLs of GS5. All other bytes stay as they are. Each change is a note of
 * the rule that it satisfies, at its place in the original. "--" in comments is
 * separated first. name is the file's name in errors. Returns 0, or -1 if it
 * cannot be hardened. */
int gs_snom_harden_bytes(const char *name, struct gs_span in,
    const struct gs_snom_harden *how, struct gs_buf *out,
    struct gs_diags *changes, struct gs_err *err) GS_MUST;

#endif
