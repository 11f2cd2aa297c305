/* SPDX-License-Identifier: MIT */
/* The rules of all wings, and whose they are. */
#include "api/rules.h"

#include "cert/rules.h"
#include "api/gsprov.h"
#include "sdp/rules.h"
#include "snom/rules.h"
#include "srtp/rules.h"

const struct gsprov_rules gsprov_rules[] = {
	{ "gs-certgen", &gs_cert_rules, NULL },
	{ "gs-snomcfg", &gs_snom_rules, gs_snom_link_name_of },
	{ "gs-sdpcheck", &gs_sdp_rules, NULL },
	{ "gs-srtpdump", &gs_srtp_key_rules, NULL },
	{ 0 },
};

const char *
gsprov_rule(const char *id, enum gsprov_rule_part part)
{
	const struct gs_rule *rule = NULL;

	for (const struct gsprov_rules *w = gsprov_rules;
	     rule == NULL && w->command != NULL; w++)
		rule = gs_rules_find(*w->rules, id);
	if (rule == NULL)
		return NULL;
	switch (part) {
	case GSPROV_RULE_BRIEF: return rule->brief;
	case GSPROV_RULE_WHY: return rule->why;
	case GSPROV_RULE_FIX: return rule->fix;
	case GSPROV_RULE_REFERENCE: return rule->ref;
	}
	return NULL;
}
