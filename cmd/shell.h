/* SPDX-License-Identifier: MIT */
/* A command of the user's, run by sh(1) after a change. */
#ifndef GSPROV_SHELL_H
#define GSPROV_SHELL_H

#include "cli.h"

/* Runs command with its output on standard error: standard output has the
 * result, perhaps as JSON, and nothing else. What was said before comes
 * first. Returns CLI_OK, or CLI_TROUBLE after a complaint, which says that the
 * set is in place nevertheless. */
int cli_shell(const struct cli *cli, const char *command);

/* Waits until FreeSWITCH has no call, for so many seconds at most, and runs
 * command as cli_shell() does. Only "0 total" from fs_cli(1), which must
 * succeed, is no call; it is asked again just before command. Returns CLI_OK,
 * with *ran; CLI_NO after a complaint: there were calls all the time; or
 * CLI_TROUBLE. With 0 seconds a call is no failure: a remark says that command
 * is left to the next run, unless -q. */
int cli_shell_idle(const struct cli *cli, const char *command, unsigned seconds,
    bool *ran);

#endif
