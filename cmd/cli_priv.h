/* SPDX-License-Identifier: MIT */
/* What the files behind cli.h have from each other. */
#ifndef GSPROV_CLI_PRIV_H
#define GSPROV_CLI_PRIV_H

#include "cli.h"

/* ---- the table of options (cli_table.c) */

/* Option number i, NULL after the last: the command's own, then those that
 * all commands have. */
const struct cli_opt *cli_option(const struct cli *cli, size_t i);

/* The option c, or NULL; index, which may be NULL, gets its number. */
const struct cli_opt *cli_option_find(const struct cli *cli, int c,
    size_t *index);

/* How many options are the command's own; the others are common to all. */
size_t cli_options_own(const struct cli *cli);

/* What is added when o's argument is wrong, because it once meant something
 * else; or "". */
const char *cli_hint(const struct cli *cli, const struct cli_opt *o);

/* The option that o goes with, as it is typed, in text; "" when there is
 * none. */
enum { CLI_NAME = 32 };
const char *cli_with(const struct cli *cli, const struct cli_opt *o,
    char text[CLI_NAME]);

/* What o does, and with which other option, in text. */
enum { CLI_HELP = 128 };
const char *cli_help(const struct cli *cli, const struct cli_opt *o,
    char text[CLI_HELP]);

/* The words that o's argument may be, or NULL. */
const char *cli_words(const struct cli *cli, const struct cli_opt *o);

/* Puts words, separated by blanks, with comma between them and last before
 * the last one. */
void cli_put_words(struct gs_buf *b, const char *words, const char *comma,
    const char *last);

/* Whether o's argument may be left out; it follows "=" then. */
bool cli_arg_optional(const struct cli_opt *o);

/* ---- texts on standard output (cli_text.c) */

void cli_text_help(const struct cli *cli);
void cli_text_version(const struct cli *cli);

/* Prints text in lines that fit the terminal; all but the first, which
 * begins at column col, are indented by so many blanks. A line is broken at
 * blanks, and where a word has no room in one, behind '|'; CLI_GLUE is a blank
 * at which it is not. */
#define CLI_GLUE "\037"
void cli_text_wrap(const char *text, size_t col, size_t indent);
void cli_text_wrap_at(const char *text, size_t col, size_t indent,
    size_t width);

/* ---- rules (cli_rules.c) */

/* Prints id, severity and brief of each of the command's rules. */
void cli_rules_list(const struct cli *cli);

/* Prints all about the rules of this id: the command's own, or else those of
 * other commands. Returns 0, or -1 when there is none. */
int cli_rules_explain(const struct cli *cli, const char *id);

/* The rule most like id, of any command, or NULL. */
const char *cli_rules_nearest(const char *id);

/* The id of rule number i of all commands, NULL after the last. */
const char *cli_rules_id(size_t i);

/* ---- ASCII (cli_ascii.c) */

/* Whether the locale has no UTF-8, as LC_ALL=C. */
bool cli_ascii_wanted(void);

/* A stream to fp in which each character that is not ASCII becomes \uNNNN,
 * as in JSON, and each octet that belongs to none \xNN. Like standard error,
 * it keeps nothing back when fp is that. NULL: no memory. */
FILE *cli_ascii_open(FILE *fp);

#endif
