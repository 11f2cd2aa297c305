/* SPDX-License-Identifier: MIT */
/* The rules of the SRTP wing, which cover all findings of gs-srtpdump. */
#ifndef GSPROV_SRTP_RULES_H
#define GSPROV_SRTP_RULES_H

#include "base/diag.h"

/* Index into gs_srtp_key_rules.rule; GS_SRTP_R_X_Y is the rule "x-y". */
enum gs_srtp_rule {
#define GS_RULE(name, ...) GS_SRTP_R_##name,
#include "srtp/rule_list.h"
#undef GS_RULE
	GS_SRTP_R_COUNT
};

extern const struct gs_rules gs_srtp_key_rules;

#endif
