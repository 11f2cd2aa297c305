/* SPDX-License-Identifier: MIT */
/* The rules of the secure chain over one settings file. */
#ifndef GSPROV_SNOM_CHECK_H
#define GSPROV_SNOM_CHECK_H

#include "snom/rules.h"

struct gs_snom_doc;
struct gs_snom_params;

/* The sums of the findings. */
struct gs_snom_chain {
	unsigned found[GS_LINK_COUNT][3]; /* by link and severity */
	unsigned active; /* identities, or servers of a DECT base */
	unsigned tls; /* of these: signalling in TLS, by every proxy */
	unsigned encrypted; /* of these: SRTP on, savp optional or mandatory */
	bool dect;
	bool stated; /* what becomes of its identities is said, of at least
		      * one */
	bool homed; /* setting_server names where settings come from */
	bool verified; /* the phone verifies the server */
	bool any_name; /* but accepts a certificate with any name */
	bool judged; /* the file has settings to judge */
	bool other; /* it is for something else: a menu, firmware, a Vision */
	bool partial; /* not all was read, or other files may change it */
};

struct gs_snom_check_options {
	bool stated; /* profile encrypt: without verification on purpose */
	/* The site, by which foreign hosts are recognised; NULL: unknown. */
	const struct gs_snom_params *site;
	/* The file is about to be sent to a phone: duplicate security settings
	 * are refused. */
	bool served;
};

/* Adds the findings about d to diags, in the file's order, and the sums.
 * gs_snom_doc_judged() must have accepted d. No message contains a password or
 * key. */
void gs_snom_check(struct gs_snom_doc *d,
    const struct gs_snom_check_options *options, struct gs_diags *diags,
    struct gs_snom_chain *chain);

#endif
