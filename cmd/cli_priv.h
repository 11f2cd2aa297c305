/* SPDX-License-Identifier: MIT */
/* What the files that implement cli.h share. */
#ifndef GSPROV_CLI_PRIV_H
#define GSPROV_CLI_PRIV_H

#include "cli.h"

/* ---- the table of options (cli_table.c) */

/* Option number i, NULL after the last: the command's own, then the common
 * ones. */
const struct cli_opt *cli_option(const struct cli *cli, size_t i);

/* The option c, or NULL; index, which may be NULL, receives its number. */
const struct cli_opt *cli_option_find(const struct cli *cli, int c,
    size_t *index);

/* The number of the command's own options; the others are common. */
size_t cli_options_own(const struct cli *cli);

/* A hint to add if o's argument is wrong, because the option once had another
 * meaning; or "". */
const char *cli_hint(const struct cli *cli, const struct cli_opt *o);

/* The option c as it is typed, in text; "" if c is 0 or an operand. */
enum { CLI_NAME = 32 };
const char *cli_name(const struct cli *cli, int c, char text[CLI_NAME]);

/* What o does, and with which other option, in text. */
enum { CLI_HELP = 128 };
const char *cli_help(const struct cli *cli, const struct cli_opt *o,
    char text[CLI_HELP]);

/* The possible arguments of o, or NULL. */
const char *cli_words(const struct cli *cli, const struct cli_opt *o);

/* Appends words, which are separated by blanks, with comma between them and
 * last before the last one. */
void cli_put_words(struct gs_buf *b, const char *words, const char *comma,
    const char *last);

/* Whether o's argument is optional; it then follows "=". */
bool cli_arg_optional(const struct cli_opt *o);

/* ---- texts on standard output (cli_text.c) */

void cli_text_help(const struct cli *cli);
void cli_text_version(const struct cli *cli);

/* Prints text in lines that fit the terminal; all but the first, which begins
 * at column col, are indented by indent blanks. Lines are broken at blanks,
 * and, if a word does not fit on a line, after '|'; not at CLI_GLUE, which is
 * printed as a blank. */
#define CLI_GLUE "\037"
void cli_text_wrap(const char *text, size_t col, size_t indent);
void cli_text_wrap_at(const char *text, size_t col, size_t indent,
    size_t width);

/* ---- rules (cli_rules.c) */

/* Prints id, severity and brief of each of the command's rules. */
void cli_rules_list(const struct cli *cli);

/* Explains the rules with this id: the command's own, or else those of other
 * commands. Returns 0, or -1 if there is none. */
int cli_rules_explain(const struct cli *cli, const char *id);

/* The rule most like id, of any command, or NULL. */
const char *cli_rules_nearest(const char *id);

/* The id of rule number i of all commands; NULL after the last. */
const char *cli_rules_id(size_t i);

/* ---- ASCII (cli_ascii.c) */

/* Whether the locale has no UTF-8, such as LC_ALL=C. */
bool cli_ascii_wanted(void);

/* A stream to fp that writes each character beyond ASCII as \uNNNN, as in
 * JSON, and each octet of none as \xNN. If fp is standard error, it is
 * unbuffered as well. NULL: out of memory. */
FILE *cli_ascii_open(FILE *fp);

#endif
