/* SPDX-License-Identifier: MIT */
/* What the commands share: options, usage, exit status, standard output. */
#ifndef GSPROV_CLI_H
#define GSPROV_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/guard.h"

#define CLI_VERSION "0.1.0"

/* The same for all commands. */
enum cli_exit { CLI_OK = 0, CLI_NO = 1, CLI_TROUBLE = 2 };

/* One option. c is what cli_next() returns: the short letter, or a value
 * above 255 for an option that has only a long name. */
struct cli_opt {
	int c;
	const char *name; /* the long name, or NULL */
	const char *arg; /* what its argument is called, or NULL; "[=WORD]":
			  * it may be left out */
	const char *help;
};

/* The rows of the two options about rules, which cli_tell_rules() answers. */
enum { CLI_RULES = 0x7ffd, CLI_EXPLAIN = 0x7ffe };
#define CLI_OPT_RULES                                                          \
	{                                                                      \
		CLI_RULES, "rules", NULL, "list all rules"                     \
	}
#define CLI_OPT_EXPLAIN                                                        \
	{                                                                      \
		CLI_EXPLAIN, "explain", "RULE",                                \
		    "what a rule means and what to do"                         \
	}

/* What the shells offer for an option's argument: words, separated by
 * blanks, and the names of rules; either may be NULL. An argument that is
 * called DIR or FILE, or like an example ("BASE.xml"), needs no entry. */
struct cli_values {
	int c;
	const char *words;
	const struct gs_rules *rules;
};

/* Puts name and version of a library that the command is linked with. */
typedef void cli_library(struct gs_buf *b);

/* Two options that do not go together; requires: the first does not go
 * without the other. CLI_OPERAND stands for an operand. */
struct cli_conflict {
	int c;
	int other;
	bool requires;
	const char *why;
};

enum { CLI_OPERAND = 0x7ffc, CLI_OPTS_MAX = 64 };

struct cli {
	const char *tool;
	const char *synopsis; /* lines, each ended by a newline */
	const char *examples;
	const struct cli_opt *opts; /* ends with c == 0 */
	size_t explained; /* that many the help explains; of the rest it names
			   * what the synopsis does not; 0: all */
	int argc;
	char **argv;
	const char *arg; /* the current option's argument */
	const char *given[CLI_OPTS_MAX]; /* see cli_given() */
	const struct cli_values *values; /* ends with c == 0, or is NULL */
	cli_library *const *libraries; /* ends with NULL, or is NULL */
	struct gs_guard *guard; /* of cli_reads() and cli_writes() */
};

/* The next option's c, 0 when only operands are left (from optind on), or
 * -1 after a wrong option, which was reported. -h, --help, -V, --version and
 * --completion need no entry: they are answered here and the process
 * exits. */
int cli_next(struct cli *cli);

/* The last argument of option c so far, "" when it takes none, or NULL when
 * it was not given; for CLI_OPERAND the first operand, after all options. */
const char *cli_given(const struct cli *cli, int c);

/* Looks for conflicts (ends with c == 0) among the options and operands that
 * were given. Returns CLI_OK, or CLI_TROUBLE after a complaint. */
int cli_conflicts(const struct cli *cli, const struct cli_conflict *list);

/* Complains as "TOOL: reason" and points to the help; returns CLI_TROUBLE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* Complains as "TOOL: reason"; returns CLI_TROUBLE. */
int cli_complain(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* The current option's argument as a number from lo to hi. Returns 0, or
 * -1 after a complaint. */
int cli_num(const struct cli *cli, const char *option, long long lo,
    long long hi, long long *v) GS_MUST;

/* Which of the words that values lists for option c its argument is, counted
 * from 0, which it also is when none are listed; -1 after a complaint that
 * names them. */
int cli_word(const struct cli *cli, int c) GS_MUST;

/* Of names (n of them) the one most like word, or NULL when none is near. */
const char *cli_nearest(const char *word, const char *const *names, size_t n);

/* The rule of this name, or NULL after a complaint that names the one most
 * like it. */
const struct gs_rule *cli_rule(const struct cli *cli, struct gs_rules rules,
    const char *id);

/* Names the link of the chain that a rule is about. */
typedef const char *cli_rule_link(const struct gs_rule *rule);

/* Prints name, severity and brief of each rule on standard output when id is
 * NULL (--rules), else all about this rule (--explain); link, if it is not
 * NULL, names the link of the chain that the rule is about. Returns CLI_OK,
 * or CLI_TROUBLE after a complaint: there is no such rule. */
int cli_tell_rules(const struct cli *cli, struct gs_rules rules, const char *id,
    cli_rule_link *link);

/* The run reads path ("-": standard input), or writes it ("-": standard
 * output). what names it in messages ("-K"); NULL: the path alone. To be
 * said of all files before the first is opened to be written. Returns
 * CLI_OK, or CLI_TROUBLE after a complaint: an output is an input or another
 * output, or standard error leads to an input. */
int cli_reads(const struct cli *cli, const char *what, const char *path);
int cli_writes(const struct cli *cli, const char *what, const char *path);

/* The same for files in folder of which only match knows the names, after
 * all that are read. */
int cli_writes_in(const struct cli *cli, const char *what, const char *folder,
    gs_guard_match *match, const void *arg);

/* Whether fp is a terminal that wants colour (NO_COLOR, TERM=dumb). */
bool cli_color(FILE *fp);

/* When file is "-" and standard input a terminal, says on standard error
 * that it is read: to somebody who forgot the file, the silence of a command
 * that waits looks like work. */
void cli_say_stdin(const struct cli *cli, const char *file);

/* When standard output is a file that others can read, says on standard
 * error that they can read what is decrypted into it. */
void cli_say_wide(const struct cli *cli);

/* Switches core files off for this process: they would hold keys. Not by a
 * limit, which programs that it starts (--run) would have, too, and which a
 * handler of core files may ignore. To be called first. Returns 0, or -1
 * after a complaint. */
int cli_forbid_core(const struct cli *cli) GS_MUST;

/* Flushes and closes standard output. Returns status, or CLI_TROUBLE after
 * a complaint when not everything could be written. A reader that went
 * away (EPIPE) is no complaint. */
int cli_close_stdout(const struct cli *cli, int status);

#endif
