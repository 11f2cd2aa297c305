/* SPDX-License-Identifier: MIT */
/* The options about findings, which are the same for all commands. */
#include "findings.h"
#include "base/mute.h"

static int
disable(const struct cli *cli, struct gs_mute *m)
{
	const struct gs_rule *r = cli_rule(cli, m->rules, cli->arg);

	if (r == NULL)
		return CLI_TROUBLE;
	gs_mute_rule(m, r);
	return CLI_OK;
}

int
cli_take_findings(const struct cli *cli, struct cli_findings *f, int c)
{
	int word = c == 'f' || c == 'W' ? cli_word(cli, c) : 0;

	if (word == -1)
		return CLI_TROUBLE;
	switch (c) {
	case 'f': f->report->format = (enum gs_format)word; break;
	case 'j': f->report->format = GS_JSON; break;
	case 'W': f->report->level = GS_ERROR - (unsigned)word; break;
	case CLI_DISABLE: return disable(cli, f->mute);
	default: return -1;
	}
	return CLI_OK;
}

int
cli_unchecked(const struct cli *cli, struct gs_report *r,
    const struct gs_err *why)
{
	gs_report_trouble(r, why->text);
	return cli_complain(cli, "%s", why->text);
}

int
cli_end_report(const struct cli *cli, struct gs_report *r, int status)
{
	if (r->format == GS_CODEQUALITY && gs_mute_total(r->mute) > 0)
		(void)cli_complain(cli, "suppressed findings: %llu",
		    (unsigned long long)gs_mute_total(r->mute));
	if (gs_report_end(r) == 0 && (r->mute == NULL || !r->mute->no_memory))
		return status;
	return cli_complain(cli, "out of memory: the report is incomplete");
}
