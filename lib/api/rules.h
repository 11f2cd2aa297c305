/* SPDX-License-Identifier: MIT */
/* The rules of all wings, and whose they are. */
#ifndef GSPROV_API_RULES_H
#define GSPROV_API_RULES_H

#include "base/diag.h"

struct gsprov_rules {
	const char *command; /* that applies them */
	const struct gs_rules *rules;
	/* The link of the chain that one of them is about; NULL: of none. */
	const char *(*link)(const struct gs_rule *rule);
};

/* One for each command; the end has no command. */
extern const struct gsprov_rules gsprov_rules[];

#endif
