/* SPDX-License-Identifier: MIT */
/* Shell completion, written from a command's own option table. */
#ifndef GSPROV_COMPLETION_H
#define GSPROV_COMPLETION_H

#include <stdbool.h>

struct cli;
struct cli_opt;

/* Whether the option's argument may be left out; it follows "=" then. */
bool cli_arg_optional(const struct cli_opt *o);

/* Prints on standard output what lets shell ("bash", "zsh" or "fish")
 * complete cli's options and their values. Returns 0, or -1 for another
 * shell. */
int cli_completion(const struct cli *cli, const char *shell);

#endif
