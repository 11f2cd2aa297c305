/* SPDX-License-Identifier: MIT */
/* How the rooms of this wing raise a rule. */
#ifndef GSPROV_CERT_RULES_PRIV_H
#define GSPROV_CERT_RULES_PRIV_H

#include "rules.h"

/* FIND(d, X_Y, "…", …): a finding of the rule "x-y". */
#define FIND(d, rule, ...) gs_cert_finding((d), GS_CERT_R_##rule, __VA_ARGS__)

#endif
