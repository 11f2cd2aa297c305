/* SPDX-License-Identifier: MIT */
/* A command of the user's, run by sh(1) after a change. */
#include "shell.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
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
cli_shell(const struct cli *cli, const char *command, const char *done)
{
	(void)fflush(NULL);
	int r = run_on_stderr(command);
	if (r == 0)
		return CLI_OK;
	if (r != -1 && WIFEXITED(r))
		return cli_complain(cli, "%s, but '%s' ended with status %d",
		    done, command, WEXITSTATUS(r));
	return cli_complain(cli, "%s, but '%s' could not be run", done,
	    command);
}
