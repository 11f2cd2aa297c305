/* SPDX-License-Identifier: MIT */
/* The rules of the secure chain over one settings file. */
#ifndef GSPROV_SNOM_CHECK_H
#define GSPROV_SNOM_CHECK_H

#include "rules.h"

struct gs_snom_doc;
struct gs_snom_params;

/* What the findings sum up to. */
struct gs_snom_chain {
	unsigned found[GS_LINK_COUNT][3]; /* by link and severity */
	unsigned active; /* identities, or servers of a DECT base */
	unsigned tls; /* of them: signalling in TLS */
	unsigned encrypted; /* of them: SRTP on, savp optional or mandatory */
	bool dect;
	bool verified; /* the phone verifies the server */
	bool any_name; /* but takes a certificate of any name */
	bool judged; /* the file has settings to judge */
	bool partial; /* it is not well-formed: more may be wrong */
};

struct gs_snom_check_options {
	bool stated; /* profile encrypt: that nothing verifies is meant */
	/* The site, to tell foreign hosts by, or NULL: they are not known. */
	const struct gs_snom_params *site;
	/* A phone is about to get it: a security setting that stands twice is
	 * refused. */
	bool served;
};

/* Adds what is wrong with d to diags, in the file's order, and sums up.
 * d must be one that gs_snom_doc_judged(). No message holds a
 * password or key. */
void gs_snom_check(struct gs_snom_doc *d,
    const struct gs_snom_check_options *options, struct gs_diags *diags,
    struct gs_snom_chain *chain);

#endif
