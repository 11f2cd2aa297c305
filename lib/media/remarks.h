/* SPDX-License-Identifier: MIT */
/* Messages about a run, beside its report, in lines that begin with the tool's
 * name. */
#ifndef GSPROV_MEDIA_REMARKS_H
#define GSPROV_MEDIA_REMARKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "srtp/stream.h"

struct gs_diags;
struct gs_media_dump;
struct gs_media_dump_result;

struct gs_media_remarks {
	FILE *fp;
	const char *tool;
	bool quiet; /* only problems */
	bool verbose;
	bool capture; /* the run wrote a decrypted one */
	const char *signal; /* that ended the run, or NULL */
};

/* Reports findings about keys. */
void gs_media_remarks_keys(const struct gs_media_remarks *m,
    const struct gs_diags *d);

/* Reports the contents of files with keys, and the TLS connections that were
 * not opened. */
void gs_media_remarks_tls(const struct gs_media_remarks *m,
    const struct gs_media_dump *dump);

/* Reports the run over captures, or the merge of reports, whose streams have
 * these verdicts (by enum gs_srtp_verdict). Returns 0: all SRTP was opened, 1:
 * not all, 2: nothing was encrypted. */
int gs_media_remarks_run(const struct gs_media_remarks *m,
    const struct gs_media_dump_result *r);
int gs_media_remarks_merge(const struct gs_media_remarks *m,
    const uint64_t verdict[GS_VERDICTS]);

#endif
