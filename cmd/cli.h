/* SPDX-License-Identifier: MIT */
/* What the commands share: options, usage, exit status, standard output. */
#ifndef GSPROV_CLI_H
#define GSPROV_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/guard.h"
#include "base/mute.h"
#include "base/plugin.h"
#include "base/report.h"
#include "base/tree.h"

#define CLI_VERSION "0.1.0"

/* The same for all commands. */
enum cli_exit { CLI_OK = 0, CLI_NO = 1, CLI_TROUBLE = 2 };

/* One option. c is what cli_next() returns: the short letter, or a value
 * above 255 for an option that has only a long name. */
struct cli_opt {
	int c;
	const char *name; /* the long name */
	const char *arg; /* what its argument is called, or NULL; "[=WORD]":
			  * it may be left out. The shells complete DIR, FILE,
			  * RULE and names of examples ("BASE.xml") */
	const char *help;
	const char *words; /* what the argument may be, separated by blanks,
			    * or NULL: anything */
	int with; /* the option that it goes with and not without, or 0 */
};

/* The long options that all commands have. Those with a letter are 'f', 'j',
 * 'W', 'q', 'v', 'n', 'h' and 'V'. */
enum { CLI_COLOR = 0x7f00, CLI_RULES, CLI_EXPLAIN, CLI_COMPLETION };
enum { CLI_DISABLE = 0x7f10, CLI_BASELINE, CLI_WRITE_BASELINE };

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

enum cli_when { CLI_AUTO, CLI_ALWAYS, CLI_NEVER };

/* A folder among the operands, and the files found in it. */
struct cli_folder {
	const char *name;
	size_t first; /* of the operands */
	size_t n;
	size_t left; /* those that hold nothing to judge */
	const char *left_first;
};

struct cli {
	const char *tool;
	const char *synopsis; /* lines, each ended by a newline */
	const char *examples;
	const struct cli_opt *opts; /* the command's own; ends with c == 0 */
	size_t explained; /* that many the help explains; of the rest it names
			   * what the synopsis does not; 0: all */
	const char *formats; /* those of -f that it has, or NULL: all */
	bool changes; /* it changes files: -n is an option */
	const struct gs_rules *rules;
	const char *warn_hint; /* what -W once meant, or NULL */
	int argc;
	char **argv;
	const char *arg; /* the current option's argument */
	const char *given[CLI_OPTS_MAX]; /* see cli_given() */
	cli_library *const *libraries; /* ends with NULL, or is NULL */
	struct gs_guard *guard; /* of cli_reads() and cli_writes() */
	const struct gs_keeper *keeper; /* writes files (rights.h); or NULL */
	FILE *out, *err; /* standard output and error for text and JSON, which
			  * have ASCII alone where the locale wants that */
	/* What the options say that all commands have. */
	enum gs_format format;
	enum gs_severity level; /* of -W; set it to the usual one */
	bool quiet, verbose, dry;
	enum cli_when color;
	const char *baseline;
	/* Freed by cli_close_stdout(), as the next ones are. */
	struct gs_mute mute; /* what is not reported */
	struct gs_tree files; /* see cli_files() */
	char **operands;
	struct cli_folder *folder;
	size_t folders, folders_size;
	bool scanned; /* the options about mute were read */
	bool says_muted; /* no report does: how many is a complaint */
};

/* The next of the command's own options, 0 when only operands are left (from
 * optind on), or -1 after a wrong option, which was reported. Options that
 * all commands have are taken on the way; those that ask for a text (-h, -V,
 * --rules, --explain, --completion) are answered, and the process exits. */
int cli_next(struct cli *cli);

/* The last argument of option c, "" when it has none, or NULL when it was not
 * given; after the first cli_next(). For CLI_OPERAND the first operand, after
 * all options. */
const char *cli_given(const struct cli *cli, int c);

/* Looks for conflicts (ends with c == 0) among the options and operands that
 * were given. Returns CLI_OK, or CLI_TROUBLE after a complaint. */
int cli_conflicts(const struct cli *cli, const struct cli_conflict *list);

/* Complains as "TOOL: reason" and points to the help; returns CLI_TROUBLE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* Complains as "TOOL: reason"; returns CLI_TROUBLE. */
int cli_complain(const struct cli *cli, const char *fmt, ...) GS_PRINTF(2, 3);

/* Says text in the same way, unless -q; cli is a struct cli. */
void cli_remark(void *cli, const char *text);

/* The current option's argument as a number from lo to hi. Returns 0, or
 * -1 after a complaint. */
int cli_num(const struct cli *cli, const char *option, long long lo,
    long long hi, long long *v) GS_MUST;

/* Which of the words of option c its argument is, counted from 0, which it
 * also is when there are none or the argument was left out; -1 after a
 * complaint that names them. */
int cli_word(const struct cli *cli, int c) GS_MUST;

/* Puts the files in the place of each operand that is a folder: those in it
 * and below it whose names end like one of suffixes (".xml .htm"; NULL: all).
 * argv and argc are changed. What was not taken is said, unless -q. A folder
 * with none of these files stays. Returns CLI_OK, or CLI_TROUBLE after a
 * complaint: a folder cannot be read. */
int cli_files(struct cli *cli, const char *suffixes);

/* Whether operand i was found in a folder, and not given itself. */
bool cli_was_found(const struct cli *cli, int i);

/* Operand i, which was found in a folder, holds nothing to judge. */
void cli_leave_out(struct cli *cli, int i);

/* Says how many were left out so, unless -q. Returns status, or CLI_TROUBLE,
 * and says it in any case: all files of a folder were. */
int cli_end_files(const struct cli *cli, int status);

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

enum { CLI_KEYS_MAX = 64 };

/* What -K and --pass-file name. */
struct cli_keys {
	const char *path[CLI_KEYS_MAX];
	size_t n;
	const char *pass_file; /* or NULL */
};

/* Takes the current argument of -K. Returns CLI_OK, or CLI_TROUBLE after a
 * complaint. */
int cli_keys_add(const struct cli *cli, struct cli_keys *k);

/* cli_reads() of all of them. */
int cli_keys_reads(const struct cli *cli, const struct cli_keys *k);

/* How findings are to be reported on standard output, or on standard
 * error. */
struct gs_report cli_report(const struct cli *cli, bool on_stderr);

/* The file of r could not be checked: says why, in r and as a complaint.
 * Returns CLI_TROUBLE. */
int cli_unchecked(const struct cli *cli, struct gs_report *r,
    const struct gs_err *why);

/* CLI_NO when d has counted a finding of the level of -W or worse, else
 * CLI_OK. */
int cli_judge(const struct cli *cli, const struct gs_diags *d);

/* What a run ends with that was, by option c, to be a monitoring plugin: such
 * have a status of their own for what they cannot do. critical: status is that
 * state. */
int cli_plugin(const struct cli *cli, int c, bool critical, int status);

/* Ends a report. Returns status, or CLI_TROUBLE after a complaint: it is not
 * complete. */
int cli_end_report(const struct cli *cli, struct gs_report *r, int status);

enum { CLI_WIDTH = 80 };

/* How many columns lines may have on the terminal behind fp: as COLUMNS or
 * the terminal says, otherwise when neither does. */
size_t cli_width(FILE *fp, size_t otherwise);

/* When file is "-" and standard input a terminal, says on standard error
 * that it is read: to somebody who forgot the file, the silence of a command
 * that waits looks like work. */
void cli_say_stdin(const struct cli *cli, const char *file);

/* When standard output is a file that others can read, says on standard
 * error that they can read what is decrypted into it. */
void cli_say_wide(const struct cli *cli);

/* Begins the run; to be called first. Sets out and err. Switches core files
 * off for this process, since they would hold keys: not by a limit, which
 * programs that it starts (--run) would have, too, and which a handler of
 * core files may ignore. Returns 0, or -1 after a complaint. */
int cli_begin(struct cli *cli) GS_MUST;

/* What every run ends with when standard output is closed, or has failed and
 * all is said about it: frees what cli_begin() and the options took. Returns
 * status. */
int cli_end(struct cli *cli, int status);

/* Writes the baseline, if that is asked for and the run had no trouble, says
 * which findings were left out where the report has no place for it, flushes
 * and closes standard output. Returns status, or CLI_TROUBLE after a complaint
 * when not everything could be written. A reader that went away (EPIPE) is no
 * complaint. */
int cli_close_stdout(struct cli *cli, int status);

#endif
