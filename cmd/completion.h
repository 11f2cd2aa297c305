/* SPDX-License-Identifier: MIT */
/* Shell completion, written from a command's own option table. */
#ifndef GSPROV_COMPLETION_H
#define GSPROV_COMPLETION_H

struct cli;

/* Prints a script that lets a shell complete cli's options and their values:
 * bash (0), zsh or fish, in the order of the option's words; the last word is
 * the table of options itself. */
void cli_completion(const struct cli *cli, int shell);

#endif
