/* SPDX-License-Identifier: MIT */
/* What the commands share: options, usage, exit status, standard output. */
#ifndef GSPROV_CLI_H
#define GSPROV_CLI_H

#include "base/diag.h"
#include "base/guard.h"
#include "base/mute.h"
#include "base/plugin.h"
#include "base/report.h"
#include "base/tree.h"

#define CLI_VERSION "0.1.0"

/* Exit statuses, the same for all commands. */
enum cli_exit { CLI_OK = 0, CLI_NO = 1, CLI_TROUBLE = 2 };

/* One option. c is what cli_next() returns: the letter, or a value above 255
 * for an option with only a long name. */
struct cli_opt {
	int c;
	const char *name; /* the long name */
	const char *arg; /* the name of its argument, or NULL; "[=WORD]":
			  * optional. The shells complete DIR, FILE, RULE and
			  * names of examples ("BASE.xml") */
	const char *help;
	const char *words; /* the possible arguments, separated by blanks;
			    * NULL: anything */
	int with; /* the option that it requires, or 0 */
};

/* The long options that all commands have. Those with a letter are 'f', 'j',
 * 'W', 'q', 'v', 'n', 'h' and 'V'. */
enum { CLI_COLOR = 0x7f00, CLI_RULES, CLI_EXPLAIN, CLI_COMPLETION };
enum { CLI_DISABLE = 0x7f10, CLI_BASELINE, CLI_WRITE_BASELINE };

/* Appends name and version of a library that the command uses. */
typedef void cli_library(struct gs_buf *b);

/* Two options that cannot be combined; why ends the message, or is NULL.
 * requires: the first requires the second, and why is the whole message.
 * CLI_OPERAND stands for an operand. cli_next() checks them when only operands
 * remain. */
struct cli_conflict {
	int c;
	int other;
	bool requires;
	const char *why;
};

enum { CLI_OPERAND = 0x7ffc, CLI_OPTS_MAX = 64 };

/* An option, and the modes of the command in which it has an effect, a bit
 * each. */
struct cli_use {
	int c;
	unsigned modes;
};

enum cli_when { CLI_AUTO, CLI_ALWAYS, CLI_NEVER };

/* A folder among the operands, and the files found in it. */
struct cli_folder {
	const char *name;
	size_t first; /* of the operands */
	size_t n;
	size_t left; /* those with nothing to judge */
	const char *left_first;
};

struct cli {
	const char *tool;
	const char *synopsis; /* lines, each ended by a newline */
	const char *examples;
	const struct cli_opt *opts; /* the command's own; ends with c == 0 */
	size_t explained; /* as many are explained by the help; of the rest it
			   * names those that the synopsis does not; 0: all */
	const struct cli_conflict *conflicts; /* ends with c == 0; or NULL */
	const char *formats; /* the formats that it has, or NULL: all */
	bool changes; /* it changes files: -n is an option */
	const char *input; /* what its operands and standard input are */
	const struct gs_rules *rules;
	const char *warn_hint; /* former meaning of -W, or NULL */
	int argc;
	char **argv;
	const char *arg; /* the current option's argument */
	const char *given[CLI_OPTS_MAX]; /* see cli_given() */
	cli_library *const *libraries; /* ends with NULL, or is NULL */
	struct gs_guard *guard; /* of cli_reads() and cli_writes() */
	const struct gs_keeper *keeper; /* writes files (rights.h); or NULL */
	FILE *out, *err; /* standard output and error for text and JSON, in
			  * ASCII if the locale requires it */
	/* The values of the common options. */
	enum gs_format format;
	enum gs_severity level; /* of -W; set it to the default */
	bool quiet, verbose, dry;
	enum cli_when color;
	const char *baseline;
	/* Freed by cli_close_stdout(), as the next ones are. */
	struct gs_mute mute; /* suppressed findings */
	struct gs_tree files; /* see cli_files() */
	char **operands;
	struct cli_folder *folder;
	size_t folders, folders_size;
	bool scanned; /* the options about mute have been read */
	bool says_muted; /* no report tells their number: a message does */
};

/* The next of the command's own options; 0 if only operands remain (from
 * optind on), or -1 after a wrong option, which was reported. Common options
 * are taken on the way; those that print a text (-h, -V, --rules, --explain,
 * --completion) are answered, and the process exits. */
int cli_next(struct cli *cli);

/* The last argument of option c, "" if it has none, or NULL if it was not
 * given; after the first cli_next(). For CLI_OPERAND the first operand, after
 * all options. */
const char *cli_given(const struct cli *cli, int c);

/* Whether every given option has an effect in mode: an ignored one would
 * mislead. by[i] is the option that selects mode i; 0: no option does. uses
 * ends with c == 0. Returns CLI_OK, or CLI_TROUBLE after an error message. */
int cli_check_uses(const struct cli *cli, const struct cli_use *uses,
    unsigned mode, const int *by);

/* Prints "TOOL: reason" and points to the help; returns CLI_TROUBLE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* Prints "TOOL: reason"; returns CLI_TROUBLE. */
int cli_complain(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* Prints text in the same way, unless -q; cli is a struct cli. */
void cli_remark(void *cli, const char *text);

/* The current option's argument as a number from lo to hi. Returns 0, or -1
 * after an error message. */
int cli_num(const struct cli *cli, const char *option, long long lo,
    long long hi, long long *v) GS_MUST;

/* The index of the current argument among the words of option c; also 0 if
 * there are none or the argument was left out; -1 after an error message that
 * names them. */
int cli_word(const struct cli *cli, int c) GS_MUST;

/* Replaces each operand that is a folder by the files in and below it whose
 * names end in one of suffixes (".xml .htm"; NULL: all files). Changes argv
 * and argc. Reports what was left out, unless -q. A folder without such
 * files stays an operand, which cannot be read. Returns CLI_OK, or
 * CLI_TROUBLE after an error message: a folder cannot be read. */
int cli_files(struct cli *cli, const char *suffixes);

/* Whether operand i was found in a folder. */
bool cli_was_found(const struct cli *cli, int i);

/* Operand i, which was found in a folder, contains nothing to judge. */
void cli_leave_out(struct cli *cli, int i);

/* Reports how many were left out this way, unless -q. Returns status, or
 * CLI_TROUBLE with a message in any case: all files of a folder were. */
int cli_end_files(const struct cli *cli, int status);

/* The run reads path ("-": standard input), or writes it ("-": standard
 * output). what names it in messages ("-K"); NULL: the path alone. Must be
 * called for all files before the first is opened for writing. If the input is
 * a terminal, cli_reads() says on standard error what it waits for, unless -q
 * is given. Returns CLI_OK, or CLI_TROUBLE after an error message: an output is
 * an input or another output, or standard error leads to an input. */
int cli_reads(const struct cli *cli, const char *what, const char *path);
int cli_writes(const struct cli *cli, const char *what, const char *path);

/* The same for files in folder whose names match accepts, after all that are
 * read. */
int cli_writes_in(const struct cli *cli, const char *what, const char *folder,
    gs_guard_match *match, const void *arg);

enum { CLI_KEYS_MAX = 64 };

/* The files of -K and --pass-file. */
struct cli_keys {
	const char *path[CLI_KEYS_MAX];
	size_t n;
	const char *pass_file; /* or NULL */
};

/* Takes the current argument of -K. Returns CLI_OK, or CLI_TROUBLE after an
 * error message. */
int cli_keys_add(const struct cli *cli, struct cli_keys *k);

/* cli_reads() of all of them. */
int cli_keys_reads(const struct cli *cli, const struct cli_keys *k);

/* How to report findings on standard output, or on standard error. */
struct gs_report cli_report(const struct cli *cli, bool on_stderr);

/* The file of r could not be checked: tells why, in r and as an error message.
 * Returns CLI_TROUBLE. */
int cli_unchecked(const struct cli *cli, struct gs_report *r,
    const struct gs_err *why);

/* CLI_NO if d has counted a finding of the level of -W or worse, else
 * CLI_OK. */
int cli_judge(const struct cli *cli, const struct gs_diags *d);

/* The exit status of a run that was, by option c, a monitoring plugin: plugins
 * have their own status for what they cannot do. critical: status is that
 * state. */
int cli_plugin(const struct cli *cli, int c, bool critical, int status);

/* Ends a report. Returns status, or CLI_TROUBLE after an error message: it is
 * incomplete. */
int cli_end_report(const struct cli *cli, struct gs_report *r, int status);

enum { CLI_WIDTH = 80 };

/* The width of the terminal at fp in columns: by COLUMNS or the terminal,
 * otherwise if neither tells. */
size_t cli_width(FILE *fp, size_t otherwise);

/* If standard output is a file that others can read, warns on standard error
 * that they can read what is decrypted into it. */
void cli_say_wide(const struct cli *cli);

/* Begins the run; must be called first. Sets out and err. Disables core files
 * of this process, since they would contain keys: not by a limit, which
 * programs that it starts (--run) would inherit, and which a handler of core
 * files may ignore. Returns 0, or -1 after an error message. */
int cli_begin(struct cli *cli) GS_MUST;

/* Ends every run whose standard output is closed, or has failed and was
 * reported: frees what cli_begin() and the options took. Returns status. */
int cli_end(struct cli *cli, int status);

/* Writes the baseline, if requested and the run had no trouble, reports
 * suppressed findings if the report has no place for them, flushes and closes
 * standard output. Returns status, or CLI_TROUBLE after an error message if
 * not everything could be written. A reader that went away (EPIPE) is not
 * reported. */
int cli_close_stdout(struct cli *cli, int status);

#endif
