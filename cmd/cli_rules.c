/* SPDX-License-Identifier: MIT */
/* The rules of all commands, listed and explained. */
#include <string.h>

#include "cli_priv.h"

#include "api/rules.h"
#include "base/near.h"

enum { MAX_RULES = 512, ID_WIDTH = 28, BRIEF_AT = 37 };

const char *
cli_rules_id(size_t i)
{
	for (const struct gsprov_rules *o = gsprov_rules; o->command != NULL;
	     i -= o->rules->n, o++)
		if (i < o->rules->n)
			return o->rules->rule[i].id;
	return NULL;
}

const char *
cli_rules_nearest(const char *id)
{
	const char *names[MAX_RULES];
	size_t n = 0;

	while (n < MAX_RULES && (names[n] = cli_rules_id(n)) != NULL)
		n++;
	return gs_nearest(id, names, n);
}

/* In a pipe, lines are not broken: programs read them there. */
static void
put_brief(const struct gs_rule *r, size_t col, size_t indent)
{
	cli_text_wrap_at(r->brief, col, indent, cli_width(stdout, SIZE_MAX));
}

void
cli_rules_list(const struct cli *cli)
{
	bool narrow = cli_width(stdout, SIZE_MAX) < 2 * BRIEF_AT;

	for (size_t i = 0; i < cli->rules->n; i++) {
		const struct gs_rule *r = &cli->rules->rule[i];

		(void)printf("%-*s%-8s", ID_WIDTH, r->id,
		    gs_severity_name(r->severity));
		(void)printf(narrow ? "\n    " : " ");
		put_brief(r, narrow ? 4 : BRIEF_AT, narrow ? 4 : BRIEF_AT);
	}
}

static void
explain(const struct gsprov_rules *o, const struct gs_rule *r)
{
	int n = printf("%s (%s): ", r->id, gs_severity_name(r->severity));

	put_brief(r, n > 0 ? (size_t)n : 0, 4);
	(void)printf("Rule of: %s\n", o->command);
	if (strcmp(r->ref, "-") != 0) {
		(void)printf("Reference: ");
		cli_text_wrap(r->ref, strlen("Reference: "), 4);
	}
	if (o->link != NULL)
		(void)printf("Link: %s\n", o->link(r));
	(void)printf("\nWhy it matters\n  ");
	cli_text_wrap(r->why, 2, 2);
	(void)printf("\nWhat to do\n  ");
	cli_text_wrap(r->fix, 2, 2);
}

int
cli_rules_explain(const struct cli *cli, const char *id)
{
	bool own = gs_rules_find(*cli->rules, id) != NULL, found = false;

	for (const struct gsprov_rules *o = gsprov_rules; o->command != NULL;
	     o++) {
		const struct gs_rule *r = gs_rules_find(*o->rules, id);

		if (r == NULL || (own && o->rules != cli->rules))
			continue;
		if (found)
			(void)putchar('\n');
		explain(o, r);
		found = true;
	}
	return found ? 0 : -1;
}
