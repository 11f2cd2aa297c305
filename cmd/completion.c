/* SPDX-License-Identifier: MIT */
/* Shell completion, written from a command's own option table. */
#include "completion.h"

#include <string.h>

#include "cli.h"

bool
cli_arg_optional(const struct cli_opt *o)
{
	return o->arg != NULL && o->arg[0] == '[';
}

/* What may follow an option. */
enum kind { NO_VALUE, WORDS, FILES, FOLDERS, FREE };

static const struct cli_opt help_opt = { 'h', "help", NULL,
	"show a short help" };
static const struct cli_opt version_opt = { 'V', "version", NULL,
	"show versions" };

/* The option number i, or NULL after the last: those of the table, then
 * those that all commands have. */
static const struct cli_opt *
option(const struct cli *cli, size_t i)
{
	for (const struct cli_opt *o = cli->opts; o->c != 0; o++)
		if (i-- == 0)
			return o;
	return i == 0 ? &help_opt : i == 1 ? &version_opt : NULL;
}

static const struct cli_values *
values(const struct cli *cli, const struct cli_opt *o)
{
	const struct cli_values *v = cli->values;

	while (v != NULL && v->c != 0 && v->c != o->c)
		v++;
	return v != NULL && v->c != 0 ? v : NULL;
}

/* "FILE" and names of examples ("BASE.xml") are files. */
static enum kind
kind_of(const struct cli *cli, const struct cli_opt *o)
{
	if (o->arg == NULL)
		return NO_VALUE;
	if (values(cli, o) != NULL)
		return WORDS;
	if (strcmp(o->arg, "DIR") == 0)
		return FOLDERS;
	if (strcmp(o->arg, "FILE") == 0 || strchr(o->arg, '.') != NULL)
		return FILES;
	return FREE;
}

/* Puts a backslash before each character of special. A quote inside the
 * quotes of a POSIX shell needs more than that. */
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
	const struct cli_values *v = values(cli, o);

	if (v->words != NULL)
		put(v->words, special, false);
	if (v->rules == NULL)
		return;
	for (size_t i = 0; i < v->rules->n; i++)
		(void)printf("%s%s", i > 0 || v->words != NULL ? " " : "",
		    v->rules->rule[i].id);
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
	if (o->c < 256 && o->name != NULL)
		(void)fputs(between, stdout);
	if (o->name != NULL)
		(void)printf("--%s", o->name);
}

static void
bash_cases(const struct cli *cli)
{
	const struct cli_opt *o;

	for (size_t i = 0; (o = option(cli, i)) != NULL; i++) {
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

/* What follows such an option as a word of its own is none of it. */
static void
bash_optional(const struct cli *cli)
{
	const struct cli_opt *o;

	for (size_t i = 0; (o = option(cli, i)) != NULL; i++)
		if (cli_arg_optional(o))
			(void)printf("\telif [[ $prev == --%s ]]; then\n"
				     "\t\tprev=\n",
			    o->name);
}

/* Takes the words from the line, as COMP_WORDS is cut at '=' and ':'; only
 * what stands behind the last of these is to be replaced. */
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
	for (size_t i = 0; (o = option(cli, i)) != NULL; i++) {
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

	(void)printf("#compdef %s\n_arguments -s -S \\\n", cli->tool);
	for (size_t i = 0; (o = option(cli, i)) != NULL; i++) {
		enum kind kind = kind_of(cli, o);
		bool both = o->c < 256 && o->name != NULL;
		(void)fputs(kind == NO_VALUE ? "\t" : "\t'*'", stdout);
		(void)fputs(both ? "{" : "", stdout);
		if (o->c < 256)
			(void)printf("-%c%s", o->c,
			    kind == NO_VALUE ? "" : "+");
		(void)fputs(both ? "," : "", stdout);
		if (o->name != NULL)
			(void)printf("--%s%s%s", o->name,
			    kind == NO_VALUE ? "" : "=",
			    cli_arg_optional(o) ? "-" : "");
		(void)fputs(both ? "}'[" : "'[", stdout);
		put(o->help, "\\:[]", true);
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

	for (size_t i = 0; (o = option(cli, i)) != NULL; i++) {
		(void)printf("complete -c %s", cli->tool);
		if (o->c < 256)
			(void)printf(" -s %c", o->c);
		if (o->name != NULL)
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
		put(o->help, "\\'", false);
		(void)puts("'");
	}
}

int
cli_completion(const struct cli *cli, const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		put_bash(cli);
	else if (strcmp(shell, "zsh") == 0)
		put_zsh(cli);
	else if (strcmp(shell, "fish") == 0)
		put_fish(cli);
	else
		return -1;
	return 0;
}
