/* SPDX-License-Identifier: MIT */
/* The table of options: the command's own, and those of all commands. */
#include "cli_priv.h"

#include <stdio.h>
#include <string.h>

static const struct cli_opt common[] = {
	{ 'f', "format", "FORMAT", "print findings as FORMAT" },
	{ 'j', "json", NULL, "the same as --format json" },
	{ 'W', "warn", "LEVEL", "exit 1 for findings of LEVEL or worse",
	    "error warning note" },
	{ CLI_DISABLE, "disable", "RULE", "do not report RULE (repeatable)" },
	{ CLI_BASELINE, "baseline", "FILE",
	    "do not report findings listed in FILE" },
	{ CLI_WRITE_BASELINE, "write-baseline", NULL,
	    "write all findings to the --baseline file" },
	{ 'q', "quiet", NULL, "print only what is wrong" },
	{ 'v', "verbose", NULL, "print more" },
	{ 'n', "dry-run", NULL, "show what would be done, change nothing" },
	{ CLI_COLOR, "color", "[=WHEN]", "color the output",
	    "auto always never" },
	{ CLI_RULES, "rules", NULL, "list the rules of this command" },
	{ CLI_EXPLAIN, "explain", "RULE",
	    "explain RULE and what to do about it" },
	{ 'h', "help", NULL, "print this help" },
	{ 'V', "version", NULL, "print version numbers" },
	{ CLI_COMPLETION, "completion", "SHELL",
	    "print completion for SHELL, or the table of options",
	    "bash zsh fish table" },
};

size_t
cli_options_own(const struct cli *cli)
{
	size_t n = 0;

	while (cli->opts[n].c != 0)
		n++;
	return n;
}

const struct cli_opt *
cli_option(const struct cli *cli, size_t i)
{
	const size_t own = cli_options_own(cli);

	if (i < own)
		return &cli->opts[i];
	i -= own;
	for (size_t k = 0; k < sizeof(common) / sizeof(*common); k++) {
		if (common[k].c == 'n' && !cli->changes)
			continue;
		if (i-- == 0)
			return &common[k];
	}
	return NULL;
}

const struct cli_opt *
cli_option_find(const struct cli *cli, int c, size_t *index)
{
	const struct cli_opt *o;
	size_t i = 0;

	while ((o = cli_option(cli, i)) != NULL && o->c != c)
		i++;
	if (index != NULL)
		*index = i;
	return o;
}

const char *
cli_hint(const struct cli *cli, const struct cli_opt *o)
{
	if (o->c == 'f')
		return cli_option_find(cli, 'F', NULL) != NULL ?
		    "; a packet filter is -F, --filter" :
		    "; a packet filter is -F, --filter of gs-srtpdump";
	return o->c == 'W' && cli->warn_hint != NULL ? cli->warn_hint : "";
}

const char *
cli_name(const struct cli *cli, int c, char text[CLI_NAME])
{
	const struct cli_opt *o = cli_option_find(cli, c, NULL);

	text[0] = '\0';
	if (o != NULL && c < 256)
		(void)snprintf(text, CLI_NAME, "-%c", c);
	else if (o != NULL)
		(void)snprintf(text, CLI_NAME, "--%s", o->name);
	return text;
}

const char *
cli_help(const struct cli *cli, const struct cli_opt *o, char text[CLI_HELP])
{
	char with[CLI_NAME];

	(void)cli_name(cli, o->with, with);
	(void)snprintf(text, CLI_HELP, "%s%s%s%s",
	    with[0] != '\0' ? "with " : "", with, with[0] != '\0' ? ": " : "",
	    o->help);
	return text;
}

const char *
cli_words(const struct cli *cli, const struct cli_opt *o)
{
	if (o->c != 'f')
		return o->words;
	return cli->formats != NULL ? cli->formats : gs_format_words;
}

void
cli_put_words(struct gs_buf *b, const char *words, const char *comma,
    const char *last)
{
	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, " ");
		const char *rest = p + n + (p[n] == ' ');

		gs_buf_put(b, p, n);
		if (*rest != '\0')
			gs_buf_puts(b,
			    strchr(rest, ' ') != NULL ? comma : last);
		p = rest;
	}
}

bool
cli_arg_optional(const struct cli_opt *o)
{
	return o->arg != NULL && o->arg[0] == '[';
}
