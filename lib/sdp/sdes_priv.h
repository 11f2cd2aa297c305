/* SPDX-License-Identifier: MIT */
/* What the two halves of the a=crypto parser share. */
#ifndef GSPROV_SDP_SDES_PRIV_H
#define GSPROV_SDP_SDES_PRIV_H

#include "sdp.h"

struct gs_sdes;

/* One attribute in work. */
struct gs_sdes_work {
	struct gs_sdes *out;
	struct gs_diags *d;
};

/* Adds a finding at part; an error makes the attribute invalid. The text
 * must not hold a character of what may be a key. */
void gs_sdes_finding_as(struct gs_sdes_work *w, enum gs_sdp_rule rule,
    enum gs_severity severity, struct gs_span part, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* The same at the rule's usual severity. */
#define gs_sdes_finding(w, r, ...)                                             \
	gs_sdes_finding_as(w, r, gs_sdp_rules.rule[r].severity, __VA_ARGS__)

/* Parses key-params, the value of a FEC_KEY when fec is set, else the keys
 * of the attribute (RFC 4568 section 6.1). Needs out's suite. */
void gs_sdes_key_params(struct gs_sdes_work *w, struct gs_span params,
    bool fec);

/* A decimal number without leading zero. Returns 0, -1 when it is none, 1
 * when it is beyond 64 bits. */
int gs_sdes_number(struct gs_span digits, uint64_t *v) GS_MUST;

#endif
