/* SPDX-License-Identifier: MIT */
/* The rules of the certificate wing: every finding of gs-certgen is one. */
#ifndef GSPROV_CERT_RULES_H
#define GSPROV_CERT_RULES_H

struct gs_rules;

/* Index into gs_cert_rules.rule; GS_CERT_R_X_Y is the rule "x-y". */
enum gs_cert_rule {
#define GS_RULE(name, ...) GS_CERT_R_##name,
#include "cert/rule_list.h"
#undef GS_RULE
	GS_CERT_R_COUNT
};

extern const struct gs_rules gs_cert_rules;

/* How a run of gs-certgen corrects a finding. */
enum gs_cert_mend {
	GS_MEND_NONE, /* no run does, or only in some places */
	GS_MEND_RUN, /* one that puts back what is missing or different */
	GS_MEND_RENEW, /* a new certificate for the key */
	GS_MEND_ADDRESS, /* the same, with an address as name */
	GS_MEND_NEW_KEY,
	GS_MEND_NEW_KEY_RSA, /* of another kind than the one in place */
	GS_MEND_NEW_CA,
	GS_MEND_SWITCH, /* take this name into service */
	GS_MENDS
};

/* What corrects a finding of rule r, if anything does. */
enum gs_cert_mend gs_cert_mend(enum gs_cert_rule r);

/* The options of such a run. */
const char *gs_cert_mend_options(enum gs_cert_mend mend);

#endif
