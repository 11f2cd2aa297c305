/* SPDX-License-Identifier: MIT */
/* A command of the user's, run by sh(1) after a change. */
#include "shell.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
run_on_stderr(const char *command)
{
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int r;

	/* Where stderr is closed, so is this: servers are reloaded still. */
	if (dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		(void)close(STDOUT_FILENO);
	r = system(command);
	if (out != -1) {
		if (dup2(out, STDOUT_FILENO) == -1)
			r = -1;
		(void)close(out);
	}
	return r;
}

int
cli_shell(const struct cli *cli, const char *command)
{
	(void)fflush(NULL);
	int r = run_on_stderr(command);
	if (r == 0)
		return CLI_OK;
	if (r != -1 && WIFEXITED(r))
		return cli_complain(cli,
		    "the set is in place, but '%s' ended with status %d",
		    command, WEXITSTATUS(r));
	return cli_complain(cli,
	    "the set is in place, but '%s' could not be run", command);
}

/* ---- when there is no call */

enum { ASK_AGAIN = 2 /* seconds */ };

/* Whether FreeSWITCH itself reports that there is no call. */
static bool
is_idle(void)
{
	char line[128];
	bool idle = false;
	FILE *fp = popen("exec timeout 10 fs_cli -x 'show channels count' "
			 "</dev/null 2>/dev/null",
	    "re");

	if (fp == NULL)
		return false;
	while (fgets(line, sizeof(line), fp) != NULL) {
		size_t n = strspn(line, " \t\r\n");
		if (strncmp(line + n, "0 total", 7) == 0)
			idle = true;
		else if (line[n] != '\0')
			idle = false;
	}
	return pclose(fp) == 0 && idle;
}

static int64_t
seconds_now(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec;
}

int
cli_shell_idle(const struct cli *cli, const char *command, unsigned seconds,
    bool *ran)
{
	const struct timespec pause = { .tv_sec = ASK_AGAIN };
	int64_t end = seconds_now() + seconds;

	*ran = false;
	(void)fflush(NULL);
	while (!is_idle() || !is_idle()) {
		if (seconds == 0 && !cli->quiet)
			(void)cli_complain(cli,
			    "FreeSWITCH has calls, or fs_cli failed: '%s' is "
			    "left to the next run",
			    command);
		if (seconds == 0)
			return CLI_OK;
		if (seconds_now() >= end) {
			(void)cli_complain(cli,
			    "the set is in place, but FreeSWITCH had calls for "
			    "%u second%s, or fs_cli failed: '%s' was not run. "
			    "Run gs-certgen with --run-when-idle again later",
			    seconds, gs_plural(seconds), command);
			return CLI_NO;
		}
		(void)nanosleep(&pause, NULL);
	}
	*ran = true;
	return cli_shell(cli, command);
}
