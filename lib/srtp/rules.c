/* SPDX-License-Identifier: MIT */
/* The rules of the SRTP wing: every finding of gs-srtpdump is one. */
#include "srtp/rules.h"

static const struct gs_rule rules[GS_SRTP_R_COUNT] = {
#define GS_RULE(name, ...) [GS_SRTP_R_##name] = { __VA_ARGS__ },
#include "srtp/rule_list.h"
#undef GS_RULE
};

const struct gs_rules gs_srtp_key_rules = { rules, GS_SRTP_R_COUNT };
