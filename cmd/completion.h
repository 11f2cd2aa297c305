/* SPDX-License-Identifier: MIT */
/* Shell completion, written from a command's own option table. */
#ifndef GSPROV_COMPLETION_H
#define GSPROV_COMPLETION_H

struct cli;

/* Prints on standard output what lets shell ("bash", "zsh" or "fish")
 * complete cli's options and their values. Returns CLI_OK, or CLI_TROUBLE
 * after a complaint about another shell. */
int cli_completion(const struct cli *cli, const char *shell);

#endif
