/* SPDX-License-Identifier: MIT */
/* The rules of the SDP wing: every finding of gs-sdpcheck is one of these. */
#ifndef GSPROV_SDP_RULES_H
#define GSPROV_SDP_RULES_H

#include "base/diag.h"

struct gs_sdp_line;

/* Index into gs_sdp_rules.rule; GS_R_X_Y is the rule "x-y". */
enum gs_sdp_rule {
#define GS_RULE(name, ...) GS_R_##name,
#include "sdp/rule_list.h"
#undef GS_RULE
	GS_R_COUNT
};

extern const struct gs_rules gs_sdp_rules;

/* The products whose quirks --peer can ask for. */
enum gs_sdp_peer {
	GS_PEER_FREESWITCH,
	GS_PEER_FREESWITCH12,
	GS_PEER_ASTERISK,
	GS_PEER_PJSIP,
	GS_PEER_BARESIP,
};

/* Fills policy (GS_R_COUNT bytes) with the default: everything is reported
 * except the notes that matter with one peer only. */
void gs_sdp_policy_usual(uint8_t *policy);

/* Sets the rules that concern this peer to GS_POLICY_RAISED in policy
 * (GS_R_COUNT bytes); disabled rules stay disabled. */
void gs_sdp_peer_raise(enum gs_sdp_peer p, uint8_t *policy);

/* Adds a finding of rule, with its usual severity, at part of line, with the
 * first 1024 octets of the line's text (keys masked) as its source. What the
 * text quotes from the input must be too short to be a key: below 22
 * octets. */
void gs_sdp_diag(struct gs_diags *d, enum gs_sdp_rule rule,
    const struct gs_sdp_line *line, struct gs_span part, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* The same with another severity. */
void gs_sdp_diag_as(struct gs_diags *d, enum gs_sdp_rule rule,
    enum gs_severity severity, const struct gs_sdp_line *line,
    struct gs_span part, const char *fmt, ...) GS_PRINTF(6, 7);

#endif
