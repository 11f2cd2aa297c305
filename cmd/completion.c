/* SPDX-License-Identifier: MIT */
/* Shell completion, written from a command's own option table. */
#include "completion.h"

#include <string.h>

#include "cli_priv.h"

/* What can follow an option. */
enum kind { NO_VALUE, WORDS, FILES, FOLDERS, FREE };

/* Whether rules of all commands are offered, or the command's own. */
static bool
takes_rule(const struct cli_opt *o)
{
	return o->arg != NULL && strcmp(o->arg, "RULE") == 0;
}

/* "FILE" and names of examples ("BASE.xml") are files. */
static enum kind
kind_of(const struct cli *cli, const struct cli_opt *o)
{
	if (o->arg == NULL)
		return NO_VALUE;
	if (cli_words(cli, o) != NULL || takes_rule(o))
		return WORDS;
	if (strcmp(o->arg, "DIR") == 0)
		return FOLDERS;
	if (strcmp(o->arg, "FILE") == 0 || strchr(o->arg, '.') != NULL)
		return FILES;
	return FREE;
}

/* Writes a backslash before each character of special. A quote inside the
 * quotes of a POSIX shell requires more than that. */
static void
put(const char *s, const char *special, bool quote)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'' && quote) {
			(void)fputs("'\\''", stdout);
			continue;
		}
		if (strchr(special, *s) != NULL)
			(void)putchar('\\');
		(void)putchar(*s);
	}
}

static void
put_words(const struct cli *cli, const struct cli_opt *o, const char *special)
{
	const char *words = cli_words(cli, o), *id;
	const bool any = o->c == CLI_EXPLAIN;

	if (words != NULL)
		put(words, special, false);
	for (size_t i = 0; takes_rule(o); i++) {
		if (any)
			id = cli_rules_id(i);
		else
			id = i < cli->rules->n ? cli->rules->rule[i].id : NULL;
		if (id == NULL)
			break;
		(void)printf("%s%s", i > 0 ? " " : "", id);
	}
}

/* A function's name has no '-'. */
static void
put_function(const struct cli *cli)
{
	(void)putchar('_');
	for (const char *p = cli->tool; *p != '\0'; p++)
		(void)putchar(*p == '-' ? '_' : *p);
}

static void
put_names(const struct cli_opt *o, const char *between)
{
	if (o->c < 256)
		(void)printf("-%c", o->c);
	(void)printf("%s--%s", o->c < 256 ? between : "", o->name);
}

static void
bash_cases(const struct cli *cli)
{
	const struct cli_opt *o;

	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		enum kind kind = kind_of(cli, o);
		if (kind == NO_VALUE)
			continue;
		(void)putchar('\t');
		put_names(o, " | ");
		(void)fputs(") ", stdout);
		if (kind == WORDS) {
			(void)fputs("words='", stdout);
			put_words(cli, o, "");
			(void)puts("' ;;");
		} else {
			(void)puts(kind == FILES ? "instead=default ;;" :
				kind == FOLDERS  ? "instead=dirnames ;;" :
						   "return ;;");
		}
	}
}

/* A separate word after such an option is not its argument. */
static void
bash_optional(const struct cli *cli)
{
	const struct cli_opt *o;

	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++)
		if (cli_arg_optional(o))
			(void)printf("\telif [[ $prev == --%s ]]; then\n"
				     "\t\tprev=\n",
			    o->name);
}

/* Takes the words from the line, as COMP_WORDS is cut at '=' and ':'; only
 * what follows the last of these is replaced. */
static void
put_bash(const struct cli *cli)
{
	const struct cli_opt *o;

	(void)printf("# bash completion for %s\n", cli->tool);
	put_function(cli);
	(void)puts("()\n{\n"
		   "\tlocal line=${COMP_LINE:0:COMP_POINT} cur prev words= "
		   "instead=\n"
		   "\tcur=${line##*[[:blank:]]}\n"
		   "\tline=${line%\"$cur\"}\n"
		   "\tline=${line%\"${line##*[![:blank:]]}\"}\n"
		   "\tprev=${line##*[[:blank:]]}\n"
		   "\tif [[ $cur == --*=* ]]; then\n"
		   "\t\tprev=${cur%%=*} cur=${cur#*=}");
	bash_optional(cli);
	(void)puts("\tfi\n"
		   "\tCOMPREPLY=()\n"
		   "\tcase $prev in");
	bash_cases(cli);
	(void)fputs("\t*)\tif [[ $cur == -* ]]; then\n"
		    "\t\t\twords='",
	    stdout);
	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		put_names(o, " ");
		(void)putchar(' ');
	}
	(void)puts(
	    "'\n"
	    "\t\telse\n"
	    "\t\t\tinstead=default\n"
	    "\t\tfi ;;\n"
	    "\tesac\n"
	    "\tif [[ $instead ]]; then\n"
	    "\t\tcompopt -o $instead\n"
	    "\t\treturn\n"
	    "\tfi\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	    "\tCOMPREPLY=(\"${COMPREPLY[@]#\"${cur%\"${cur##*[:=]}\"}\"}\")\n"
	    "}");
	(void)fputs("complete -F ", stdout);
	put_function(cli);
	(void)printf(" %s\n", cli->tool);
}

static void
zsh_value(const struct cli *cli, const struct cli_opt *o, enum kind kind)
{
	static const char special[] = "\\:[]()";

	(void)fputs(cli_arg_optional(o) ? "::" : ":", stdout);
	put(o->arg, special, true);
	(void)putchar(':');
	if (kind == WORDS) {
		(void)putchar('(');
		put_words(cli, o, special);
		(void)putchar(')');
	} else {
		(void)fputs(kind == FILES ? "_files" :
			kind == FOLDERS   ? "_files -/" :
					    " ",
		    stdout);
	}
}

static void
put_zsh(const struct cli *cli)
{
	const struct cli_opt *o;
	char help[CLI_HELP];

	(void)printf("#compdef %s\n_arguments -s -S \\\n", cli->tool);
	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		enum kind kind = kind_of(cli, o);
		bool both = o->c < 256;
		(void)fputs(kind == NO_VALUE ? "\t" : "\t'*'", stdout);
		(void)fputs(both ? "{" : "", stdout);
		if (o->c < 256)
			(void)printf("-%c%s", o->c,
			    kind == NO_VALUE ? "" : "+");
		(void)fputs(both ? "," : "", stdout);
		(void)printf("--%s%s%s", o->name, kind == NO_VALUE ? "" : "=",
		    cli_arg_optional(o) ? "-" : "");
		(void)fputs(both ? "}'[" : "'[", stdout);
		put(cli_help(cli, o, help), "\\:[]", true);
		(void)putchar(']');
		if (kind != NO_VALUE)
			zsh_value(cli, o, kind);
		(void)puts("' \\");
	}
	(void)puts("\t'*:FILE:_files'");
}

static void
put_fish(const struct cli *cli)
{
	const struct cli_opt *o;
	char help[CLI_HELP];

	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		(void)printf("complete -c %s", cli->tool);
		if (o->c < 256)
			(void)printf(" -s %c", o->c);
		(void)printf(" -l %s", o->name);
		switch (cli_arg_optional(o) ? NO_VALUE : kind_of(cli, o)) {
		case NO_VALUE: break;
		case FILES: (void)fputs(" -r -F", stdout); break;
		case FREE: (void)fputs(" -x", stdout); break;
		case FOLDERS:
			(void)fputs(" -x -a '(__fish_complete_directories)'",
			    stdout);
			break;
		case WORDS:
			(void)fputs(" -x -a '", stdout);
			put_words(cli, o, "\\'");
			(void)putchar('\'');
			break;
		}
		(void)fputs(" -d '", stdout);
		put(cli_help(cli, o, help), "\\'", false);
		(void)puts("'");
	}
}

/* One line for each option: letter, name, argument, words, help, whether it is
 * common, the option that it requires; '-' if there is none. */
static void
put_table(const struct cli *cli)
{
	const struct cli_opt *o;
	char help[CLI_HELP], with[CLI_NAME];

	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		const char *words = cli_words(cli, o);

		(void)cli_name(cli, o->with, with);
		(void)printf("%c\t%s\t%s\t%s\t%s\t%s\t%s\n",
		    o->c < 256 ? o->c : '-', o->name,
		    o->arg != NULL ? o->arg : "-", words != NULL ? words : "-",
		    cli_help(cli, o, help),
		    i < cli_options_own(cli) ? "own" : "common",
		    with[0] != '\0' ? with : "-");
	}
}

void
cli_completion(const struct cli *cli, int shell)
{
	switch (shell) {
	case 0: put_bash(cli); break;
	case 1: put_zsh(cli); break;
	case 2: put_fish(cli); break;
	default: put_table(cli);
	}
}
