/* SPDX-License-Identifier: MIT */
/* The verdict on each link of the secure chain. */
#ifndef GSPROV_SNOM_VERDICT_H
#define GSPROV_SNOM_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "snom/rules.h"

struct gs_snom_chain;

/* Writes a line for each link of file's chain to fp, as text or as a JSON
 * object: "good", "weak", "broken", or why it was not judged. */
void gs_snom_verdicts_print(FILE *fp, const char *file,
    const struct gs_snom_chain *c, bool json);

/* The findings of a rule in the files of a run. */
struct gs_snom_by_rule {
	unsigned files;
	enum gs_severity severity; /* the highest */
	const char *file; /* the first one, borrowed */
	struct gs_pos pos; /* and where */
};

/* The number of files of a run by verdict. */
struct gs_snom_tally {
	unsigned files, good, clear;
	unsigned others; /* of these files, not settings of a phone */
	unsigned link[GS_LINK_DATA]; /* the first one that does not meet the
				      * requirements */
	struct gs_snom_by_rule group[GS_S_COUNT];
	uint64_t total[GS_ERROR + 1]; /* findings by severity */
};

/* Whether each link of require (bits by enum gs_snom_link) is proven:
 * signalling and media with TLS and SRTP on every active identity, or all
 * identities off; others without a warning. */
bool gs_snom_verdict_is_met(const struct gs_snom_chain *c, unsigned require);

/* Counts a file. Returns whether it meets require; of a file that is not the
 * settings of a phone, the links that only those can prove are not asked. */
bool gs_snom_tally_add(struct gs_snom_tally *t, const struct gs_snom_chain *c,
    unsigned require);

/* Counts the findings of file, which must stay, by rule. */
void gs_snom_tally_group(struct gs_snom_tally *t, const struct gs_diags *d,
    const char *file);

/* Writes a line for each rule that has findings, errors first. */
void gs_snom_groups_print(FILE *fp, const struct gs_snom_tally *t);

/* Whether require demands links that no file is about. */
bool gs_snom_tally_lacks_phone(const struct gs_snom_tally *t, unsigned require);

/* Writes "40 phones: 38 good, 1 in the clear, 1 media not as required". */
void gs_snom_tally_print(FILE *fp, const struct gs_snom_tally *t);

#endif
