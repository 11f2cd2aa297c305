/* SPDX-License-Identifier: MIT */
/* The number of encrypted calls, and of registrations by transport. */
#ifndef GSPROV_CALLS_SUMS_H
#define GSPROV_CALLS_SUMS_H

#include <stdio.h>

#include "base/plugin.h"
#include "sdp/check.h"
#include "sdp/rules.h"

/* Sorted from good to bad. */
enum gs_calls_proven {
	GS_CALL_NO_MEDIA, /* shown to have had none */
	GS_CALL_ENCRYPTED,
	GS_CALL_UNPROVEN,
	GS_CALL_NOT,
};

/* "no media", "encrypted", "not proven", "not encrypted". */
const char *gs_calls_proven_name(enum gs_calls_proven p);

/* Zero it before use. */
struct gs_calls_sums {
	uint64_t calls[GS_CALL_NOT + 1]; /* by enum gs_calls_proven */
	uint64_t registered[GS_TRANSPORT_WSS + 1];
	uint64_t findings[GS_R_COUNT];
	uint64_t files;
	uint64_t failed; /* files that could not be checked */
	char trouble[512]; /* why the first of these could not be */
};

/* Appends "212 calls, 209 encrypted on every leg, 2 not, 1 not proven; 3 phones
 * registered over UDP"; nothing if there are neither calls nor phones. */
void gs_calls_sums_put(const struct gs_calls_sums *s, struct gs_buf *b);

/* The state for a monitoring plugin: a call that is not encrypted, or an error,
 * is critical; a call that is not proven is a warning. */
enum gs_plugin gs_calls_sums_state(const struct gs_calls_sums *s,
    const struct gs_diags *d);

/* Appends the plugin's line: the state, the sums, a bar, and the figures. */
void gs_calls_sums_status(const struct gs_calls_sums *s,
    const struct gs_diags *d, struct gs_buf *b);

/* Prints all of it as OpenMetrics. */
void gs_calls_sums_metrics(const struct gs_calls_sums *s, FILE *fp);

#endif
